//! Text from the wire, made safe to show.
//!
//! A reason may hold escape sequences that repaint the terminal, characters
//! that reverse the line, or characters that nobody sees. Nothing from the wire
//! reaches a terminal but through [`escape`].
//!
//! ```
//! use wsclose::escape::{escape, hide};
//!
//! // A reason that would clear the screen.
//! assert_eq!(escape("bye\u{1b}[2J"), r"bye\x1b[2J");
//! assert_eq!(hide("wss://example.org/ws?token=abc"), "wss://example.org/ws?token=***");
//! ```

mod secrets;

use std::fmt::Write;

pub use secrets::{hide, hide_subprotocol};

/// `text` without its secrets, and with everything that would not show as itself written as an escape:
/// control, bidirectional, zero-width and unassigned characters, line and
/// paragraph separators, and spaces other than the plain one. The result has
/// no line breaks. Quotes stay as they are; a backslash is doubled, so that
/// what is an escape and what was one can be told apart.
pub fn escape(text: &str) -> String {
    let text = hide(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        push(&mut escaped, character);
    }
    escaped
}

/// `bytes` as text: what is UTF-8 like [`escape`], every other byte as `\xNN`.
pub fn escape_bytes(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in hide(chunk.valid()).chars() {
            push(&mut escaped, character);
        }
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "\\x{byte:02x}");
        }
    }
    escaped
}

/// Whether a character shows as itself, on one line, where it stands.
pub fn is_plain(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    !is_invisible(character) && {
        // The standard library's own table tells control, format, private and unassigned
        // characters; `tests/hostile.rs` holds another table against it.
        // `escape_debug` of a single character also escapes combining marks, which are
        // text; so it is asked about the mark behind a letter.
        let mut pair = String::from("a");
        pair.push(character);
        pair.escape_debug().count() == 2
    }
}

fn push(escaped: &mut String, character: char) {
    match character {
        '\\' => escaped.push_str("\\\\"),
        '\n' => escaped.push_str("\\n"),
        '\r' => escaped.push_str("\\r"),
        '\t' => escaped.push_str("\\t"),
        plain if is_plain(plain) => escaped.push(plain),
        control if control.is_ascii() => {
            let _ = write!(escaped, "\\x{:02x}", u32::from(control));
        }
        other => {
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(other));
        }
    }
}

/// Characters of no width that count as letters or marks, so that no general
/// category tells them: fillers, variation selectors and the grapheme joiner.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{034f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_show_as_itself_is_escaped() {
        for (raw, shown) in [
            ("\u{1b}[31mred", "\\x1b[31mred"),
            ("two\r\nlines", "two\\r\\nlines"),
            ("\u{202e}evil", "\\u{202e}evil"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{2028}b\u{feff}", "a\\u{2028}b\\u{feff}"),
            ("no\u{a0}break", "no\\u{a0}break"),
            ("\u{e0041}\u{378}", "\\u{e0041}\\u{378}"),
            ("C:\\x1b", "C:\\\\x1b"),
            ("\u{7f}\0", "\\x7f\\x00"),
        ] {
            assert_eq!(escape(raw), shown);
        }
    }

    #[test]
    fn text_of_any_language_stays() {
        for text in [
            "naïve \"quoted\" it's",
            "日本語",
            "ภาษาไทยที่นี่",
            "Tiếng Việt",
            "🔒 ok",
        ] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown_as_bytes() {
        assert_eq!(escape_bytes(b"bye \xff\xfe ok"), "bye \\xff\\xfe ok");
    }
}
