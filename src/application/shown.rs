//! Texts of messages as they may be shown: short, on one line, without what looks like a secret.

use crate::escape::{escape, hide};

/// So many characters of a field are shown.
const SHOWN: usize = 120;

/// A text of a message as it may be shown: short, on one line, without what looks like a secret.
pub(super) fn shown(text: &str) -> String {
    // What is a secret is seen by what stands before and behind it: it is hidden before the text is cut.
    let text = hide(text.trim());
    let mut shown = String::new();
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let length = match is_of_token(first) {
            true => rest.find(|c| !is_of_token(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (part, behind) = rest.split_at(length);
        match is_token(part) {
            true => shown.push_str(&"*".repeat(length)),
            false => shown.push_str(part),
        }
        rest = behind;
    }
    let mut short: String = shown.chars().take(SHOWN).collect();
    if short.len() < shown.len() {
        short.push('…');
    }
    escape(&short)
}

/// Whether a character may stand in a token.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '=')
}

/// Whether a part of a text may be a token: long, of letters and digits mixed; or with a beginning that is known.
fn is_token(part: &str) -> bool {
    // Base64 with its padding.
    let is_padded = part.ends_with('=') && part.len() >= 20;
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let has_letters = part.chars().any(|c| c.is_ascii_alphabetic());
    let is_known = ["sk-", "ghp_", "gho_", "glpat-", "xox", "AKIA", "AIza"]
        .iter()
        .any(|begin| part.starts_with(begin));
    is_padded
        || part.starts_with("eyJ") && part.len() >= 8
        || digits >= 3 && has_letters && (part.len() >= 24 || is_known && part.len() >= 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_short_and_without_tokens() {
        assert_eq!(
            shown("token eyJhbGciOi.x.y expired"),
            "token ************** expired"
        );
        assert!(!shown("bad\u{1b}[31m").contains('\u{1b}'));
        assert!(shown(&"x ".repeat(500)).chars().count() <= SHOWN + 1);
        assert_eq!(
            shown("wamp.error.no_such_realm"),
            "wamp.error.no_such_realm"
        );
        for (text, hidden) in [
            (r#"bad {"auth":"eyJhbGciOi.x.y"}"#, "eyJ"),
            ("wrong (dGhpcyBpcyBhIHNlY3JldCAxMjM0NTY=)", "dGhp"),
            ("Incorrect API key provided: sk-abc123def456.", "abc123"),
            ("password: hunter22hunter22", "hunter22"),
        ] {
            assert!(!shown(text).contains(hidden), "{}", shown(text));
        }
        let long = format!("{} token=abcdef123456 ", "é".repeat(112));
        assert!(!shown(&long).contains("abc"), "{}", shown(&long));
    }
}
