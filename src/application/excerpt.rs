//! Texts of messages as they may be shown: short, on one line, without what looks like a secret.

use crate::escape::{escape, hide};

/// So many characters of a field are shown.
const SHOWN: usize = 120;

/// A text of a message as it may be shown: short, on one line, without what looks like a secret.
pub(super) fn excerpt(text: &str) -> String {
    // What is a secret is seen by what stands before and behind it: it is hidden before the text is cut.
    let text = hide(text.trim());
    let mut open = String::new();
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let word = front(rest, is_of_token);
        let (length, is_hidden) = match front(rest, is_of_base64) {
            long if is_base64(long) => (long.len(), true),
            _ if word.is_empty() => (first.len_utf8(), false),
            _ => (word.len(), is_token(word)),
        };
        let (part, behind) = rest.split_at(length);
        match is_hidden {
            true => open.push_str(&"*".repeat(length)),
            false => open.push_str(part),
        }
        rest = behind;
    }
    let mut short: String = open.chars().take(SHOWN).collect();
    if short.len() < open.len() {
        short.push('…');
    }
    escape(&short)
}

/// The characters at the front of a text that are such.
fn front(text: &str, is_such: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !is_such(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether a character may stand in a token.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '=')
}

/// Whether a character may stand in Base64 (RFC 4648, section 4).
fn is_of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// Whether a part of a text may be a token: long, of letters and digits mixed.
fn is_token(part: &str) -> bool {
    let is_padded = is_padded(part);
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    let has_letters = part.chars().any(|c| c.is_ascii_alphabetic());
    is_padded || digits(part) >= 3 && has_letters && part.len() >= 24
}

/// Whether a part of a text may be Base64 with a slash in it. A path is written in small letters, as a rule.
fn is_base64(part: &str) -> bool {
    let has = |is_such: fn(&char) -> bool| part.chars().filter(is_such).count() >= 3;
    let is_mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    part.contains('/') && (is_padded(part) || part.len() >= 24 && is_mixed && digits(part) > 0)
}

/// Whether it ends as Base64 does that is filled up.
fn is_padded(part: &str) -> bool {
    part.ends_with('=') && part.len() >= 20
}

fn digits(part: &str) -> usize {
    part.chars().filter(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_short_and_without_tokens() {
        assert_eq!(
            excerpt("token eyJhbGciOi.x.y expired"),
            "token ************** expired"
        );
        assert!(!excerpt("bad\u{1b}[31m").contains('\u{1b}'));
        assert!(excerpt(&"x ".repeat(500)).chars().count() <= SHOWN + 1);
        assert_eq!(
            excerpt("wamp.error.no_such_realm"),
            "wamp.error.no_such_realm"
        );
        for (text, hidden) in [
            (r#"bad {"auth":"eyJhbGciOi.x.y"}"#, "eyJ"),
            ("wrong (dGhpcyBpcyBhIHNlY3JldCAxMjM0NTY=)", "dGhp"),
            ("Incorrect API key provided: sk-abc123def456ghi.", "abc123"),
            ("key wJalrXUt/K7MDENG/bPxRfiCY3 is", "K7MDENG"),
            ("cut dGhp/yBpcyBhIHNlY3JldCA= is", "yBpcyB"),
            ("password: hunter22hunter22", "hunter22"),
        ] {
            assert!(!excerpt(text).contains(hidden), "{}", excerpt(text));
        }
        for open in ["/v1/realtime/sessions/2024-10-01", "TCP/IP or HTTP/1.1"] {
            assert_eq!(excerpt(open), open);
        }
        let long = format!("{} token=abcdef123456 ", "é".repeat(112));
        assert!(!excerpt(&long).contains("abc"), "{}", excerpt(&long));
    }
}
