//! Text as the readers of this room meet it: which bytes are text at all, where in the text a
//! character stands, and what was written there that cannot be read.
//!
//! What the text means is left to the readers, one for each form.

use std::fmt;

use crate::escape::escape;
use crate::words::{Message, Text, Value, clauses, say};

/// What is wrong with a text, where, and what would work: one line, written for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    message: Message,
    /// Whether all but the end was read, and only the end cannot be told.
    is_of_the_end: bool,
}

impl Mistake {
    /// A mistake told by `message`: one line with a small first letter and no full stop.
    pub(super) fn new(message: impl Into<Message>) -> Self {
        Self {
            message: message.into(),
            is_of_the_end: false,
        }
    }

    /// A mistake after which the text may be of its form all the same: only its end cannot be told.
    pub(super) fn of_the_end(message: impl Into<Message>) -> Self {
        Self {
            is_of_the_end: true,
            ..Self::new(message)
        }
    }

    /// Whether it is such a mistake.
    pub(super) fn is_of_the_end(&self) -> bool {
        self.is_of_the_end
    }

    /// The mistake of something at a place, in a sentence that calls it `name` and the place `place`.
    pub(super) fn of(text: Text, name: &'static str, what: String, place: Place) -> Self {
        let values = vec![(name, Value::from(what)), ("place", Value::from(place))];
        Self::new(Message::new(text, values))
    }

    /// The same mistake with a further piece of advice at its end.
    pub(super) fn with_advice(self, advice: impl Into<Value>) -> Self {
        Self::new(clauses(self.message, advice))
    }

    /// What is said of it.
    pub fn message(&self) -> &Message {
        &self.message
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(formatter)
    }
}

impl std::error::Error for Mistake {}

/// Where a character stands in a text. Lines and characters count from 1, and the character counts
/// within its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    line: u64,
    character: u64,
}

impl Place {
    /// The place of the first character of a text.
    pub(super) const START: Self = Self::in_line(1, 1);

    /// The place of character `character` of line `line`.
    pub(super) const fn in_line(line: u64, character: u64) -> Self {
        Self { line, character }
    }

    /// The place of the character at `offset` of a text, in bytes.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        Self::START.after(text.get(..offset).unwrap_or(text))
    }

    /// The place of the character that follows `text`, when `text` stands here.
    pub(super) fn after(self, text: &str) -> Self {
        match text.rsplit_once('\n') {
            None => Self {
                line: self.line,
                character: self.character + text.chars().count() as u64,
            },
            Some((lines, last_line)) => Self {
                line: self.line + 1 + line_breaks(lines),
                character: 1 + last_line.chars().count() as u64,
            },
        }
    }
}

/// The first line goes without its number: most texts have no other, and whether more lines
/// follow is not known yet when a mistake in the first one is found.
impl From<Place> for Value {
    fn from(Place { line, character }: Place) -> Self {
        Value::from(match line {
            1 => say!(place.character, character),
            _ => say!(place.line, line, character),
        })
    }
}

/// How many line breaks there are in `text`.
fn line_breaks(text: &str) -> u64 {
    // The count of a chunk fits in a byte, so that the compiler can count many bytes at once.
    let in_chunk = |chunk: &[u8]| {
        let breaks = chunk.iter().map(|&byte| u8::from(byte == b'\n'));
        u64::from(breaks.sum::<u8>())
    };
    text.as_bytes().chunks(0xff).map(in_chunk).sum()
}

/// The text without the byte order mark that some programs put at its front.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What follows the text at the front of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing: all of it is text.
    Nothing,
    /// The first bytes of a character whose other bytes may still come.
    CutCharacter,
    /// Something that is not text.
    NotText,
}

/// The text at the front of `bytes`, and what follows it. Text is UTF-8 without control characters
/// other than tab, line feed, form feed and carriage return.
pub(super) fn split_text(bytes: &[u8]) -> (&str, Rest) {
    let (text, rest) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, Rest::Nothing),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let rest = match error.error_len() {
                None => Rest::CutCharacter,
                Some(_) => Rest::NotText,
            };
            (std::str::from_utf8(valid).unwrap_or_default(), rest)
        }
    };
    match first_control(text).and_then(|control| text.get(..control)) {
        Some(before) => (before, Rest::NotText),
        None => (text, rest),
    }
}

/// Where the first control character stands that has no place in text, as an offset in bytes.
fn first_control(text: &str) -> Option<usize> {
    // C1 control characters begin with the byte C2. This pass looks at every byte without leaving
    // early, so that the compiler can do many at once; nearly all text needs no other.
    let suspicious = text.bytes().fold(0, |found, byte| {
        found | u8::from((byte < b' ' && !is_layout(byte)) || byte == 0x7f || byte == 0xc2)
    });
    if suspicious == 0 {
        return None;
    }
    text.char_indices()
        .find(|(_, character)| {
            character.is_control() && !u8::try_from(*character).is_ok_and(is_layout)
        })
        .map(|(offset, _)| offset)
}

/// Whether `byte` is one of the control characters that lay text out.
const fn is_layout(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// A piece of the user's text, fit for a message: at most 40 characters, and none that is
/// invisible, moves the cursor or changes the direction of writing.
pub(super) fn printable(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => escape(text.get(..end).unwrap_or_default()) + "…",
        None => escape(text),
    }
}

/// One character of the user's text, fit for a message.
pub(super) fn printable_character(character: char) -> String {
    printable(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn text_ends_where_a_control_character_stands() {
        assert_eq!(
            split_text(b"ab\tc\r\n\x0c"),
            ("ab\tc\r\n\x0c", Rest::Nothing)
        );
        for control in ["\0", "\x07", "\x0b", "\x1b", "\x7f", "\u{80}", "\u{9f}"] {
            let text = format!("é{control}b");
            assert_eq!(split_text(text.as_bytes()), ("é", Rest::NotText));
        }
        assert_eq!(split_text("\u{a0}".as_bytes()).1, Rest::Nothing);
    }

    #[test]
    fn a_cut_character_may_still_become_text() {
        assert_eq!(split_text(b"a\xe2\x82"), ("a", Rest::CutCharacter));
        assert_eq!(split_text(b"a\xe2\x82b"), ("a", Rest::NotText));
        assert_eq!(split_text(b"\x07\xe2\x82"), ("", Rest::NotText));
    }

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let place = Place::START.after("é€");
        let said = |place| ENGLISH.value(&Value::from(place));
        assert_eq!(said(place), "character 3");
        assert_eq!(said(place.after("\n\nü")), "line 3, character 2");
    }

    #[test]
    fn nothing_invisible_is_shown_raw() {
        assert_eq!(
            printable("a\u{1b}[\u{202e}\u{200b}\n\"'\\"),
            "a\\x1b[\\u{202e}\\u{200b}\\n\"'\\\\"
        );
        assert_eq!(printable(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    }
}
