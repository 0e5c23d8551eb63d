//! A line before it is read: colours taken out, quotes around the message opened.

use std::borrow::Cow;

/// A line without the sequences that colour it.
pub(super) fn without_colors(line: &str) -> Cow<'_, str> {
    if !line.contains("\u{1b}[") {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let parameters = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match parameters.strip_prefix('m') {
            Some(colored) => rest = colored,
            None => {
                // Not a colour: it stays, and is shown as an escape later.
                plain.push_str("\u{1b}[");
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The text between the double quotes in which `at` stands, with its escapes undone; `None` where it
/// stands in none. So the message of a JSON or a key=value line ends where it ends there.
pub(super) fn quoted_around(line: &str, at: usize) -> Option<String> {
    let opening = opening_quote(line.get(..at)?)?;
    Some(unquoted(line.get(opening + 1..)?))
}

/// Where the quote is that is still open at the end of a text.
fn opening_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => open = if open.is_some() { None } else { Some(at) },
            _ => {}
        }
    }
    open
}

/// What stands before the closing quote, with the escapes of JSON undone. Where there is no closing
/// quote, all of it.
pub(super) fn unquoted(text: &str) -> String {
    let mut inside = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => match characters.next() {
                Some('n' | 'r' | 't') => inside.push(' '),
                Some('u') => {
                    let digits: String = characters.clone().take(4).collect();
                    let number = u32::from_str_radix(&digits, 16).ok();
                    match number
                        .filter(|_| digits.len() == 4)
                        .and_then(char::from_u32)
                    {
                        Some(character) => {
                            inside.push(character);
                            characters = drop_four(characters);
                        }
                        None => inside.push('u'),
                    }
                }
                Some(escaped) => inside.push(escaped),
                None => break,
            },
            _ => inside.push(character),
        }
    }
    inside
}

fn drop_four(mut characters: std::str::Chars<'_>) -> std::str::Chars<'_> {
    let _ = characters.nth(3);
    characters
}

/// A reason as the line gives it, without what only says that there is none, and without the quotes
/// of the language that printed it.
pub(super) fn reason(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let bare = ["\"", "'"]
        .iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text);
    match bare {
        "null" | "None" | "undefined" | "no reason given" | "(none)" | "<none>" | "nil" => {
            Cow::Borrowed("")
        }
        _ => Cow::Borrowed(bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_and_other_sequences_stay() {
        assert_eq!(without_colors("\u{1b}[1;31mERR\u{1b}[0m x"), "ERR x");
        assert_eq!(without_colors("\u{1b}[2Jx"), "\u{1b}[2Jx");
    }

    #[test]
    fn a_message_in_quotes_ends_with_them() {
        let line = r#"{"level":"error","msg":"read: close 1006 \"x\"\n","peer":"a"}"#;
        let at = line.find("close").expect("it is there");
        assert_eq!(
            quoted_around(line, at).as_deref(),
            Some("read: close 1006 \"x\" ")
        );
        assert_eq!(quoted_around("a \"b\" c", 6), None);
        assert_eq!(unquoted(r"caf\u00e9 \ud83d x"), "café ud83d x");
    }

    #[test]
    fn what_says_that_there_is_no_reason_is_none() {
        for text in ["null", "None", "\"\"", "''", "", " no reason given "] {
            assert_eq!(reason(text), "", "{text}");
        }
        assert_eq!(reason("'it is'"), "it is");
    }
}
