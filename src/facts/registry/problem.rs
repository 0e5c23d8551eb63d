//! What can be wrong with a registry's file, and how that is said.

use std::fmt;

use crate::escape::{escape, escape_bytes};
use crate::words::{Message, Text, Value, say};

/// Why a file is no registry, and where.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl Malformed {
    /// What is wrong, and where.
    pub fn message(&self) -> Message {
        let problem = self.problem.message();
        match self.problem {
            // Nobody looks at a line for that.
            Problem::TooLarge => problem,
            _ => say!(registry.line, line = Value::from(self.line), problem),
        }
    }
}

/// In English.
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for Malformed {}

/// What is wrong with a registry.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// More than [`LARGEST`](super::LARGEST) bytes.
    TooLarge,
    /// These bytes are not UTF-8.
    NotUtf8(Vec<u8>),
    /// Not TOML, in the words of the library.
    NotToml(String),
    /// A key that the form does not have; where it stands, and the one that may be meant or all there are.
    UnknownKey(String, Place, Result<&'static str, &'static [&'static str]>),
    /// A key that is required.
    Missing(&'static str, Place),
    /// A value of the wrong kind: the key, what it is, what it should be.
    WrongKind(&'static str, Text, Kind),
    /// A text with nothing in it.
    Empty(&'static str),
    /// A number that no close code can be.
    NotACode(&'static str, String),
    /// A code that is given twice, with the line of the first.
    Twice(u16, usize),
    /// A band whose end is not above its start.
    NoBand(u16, u16),
    /// Two bands that share numbers: this one, the other, and its line.
    Overlap((u16, u16), (u16, u16), usize),
    /// A word that is none of those that are allowed: key, word, all there are.
    UnknownWord(&'static str, String, &'static [&'static str]),
    /// Another number of causes than of fixes.
    Unpaired(usize, usize),
    /// A vendor's id of other characters, and the same as it would be right.
    NotAnId(String, String),
    /// Neither a code nor a band.
    NoCodes,
}

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number.
    WholeNumber,
    /// A date.
    Date,
    /// Tables, in brackets twice.
    Tables,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Above the codes.
    Top,
    /// In a `[[code]]`.
    Code,
    /// In a `[[band]]`.
    Band,
}

impl Place {
    /// How it begins in the file; nothing for the registry itself.
    fn table(self) -> Option<&'static str> {
        match self {
            Place::Top => None,
            Place::Code => Some("[[code]]"),
            Place::Band => Some("[[band]]"),
        }
    }

    /// The keys that it may have.
    #[cfg(feature = "registries")]
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Place::Top => &[
                "vendor", "title", "known", "known_by", "also", "protocol", "url", "checked",
                "code", "band",
            ],
            Place::Code => &[
                "code",
                "name",
                "meaning",
                "causes",
                "fixes",
                "reconnect",
                "reconnect_by",
                "sent_by",
            ],
            Place::Band => &[
                "from",
                "to",
                "name",
                "meaning",
                "causes",
                "fixes",
                "reconnect",
                "reconnect_by",
                "sent_by",
            ],
        }
    }
}

impl Problem {
    /// What is wrong, and what would work.
    pub fn message(&self) -> Message {
        match self {
            Problem::TooLarge => say!(registry.too_large),
            Problem::NotUtf8(bytes) => say!(registry.not_utf8, bytes = escape_bytes(bytes)),
            Problem::NotToml(why) => say!(registry.not_toml, why = escape(why)),
            Problem::UnknownKey(key, place, Ok(near)) => unknown_key(key, *place, near),
            Problem::UnknownKey(key, place, Err(all)) => strange_key(key, *place, all),
            Problem::Missing(key, place) => missing(key, *place),
            Problem::WrongKind(key, is, should) => wrong_kind(key, *is, *should),
            Problem::Empty(key) => say!(registry.empty, key, example = example(key)),
            Problem::NotACode(key, number) => {
                say!(registry.not_a_code, key, number = escape(number))
            }
            Problem::Twice(code, first) => say!(registry.twice, code, first),
            Problem::NoBand(from, to) if from == to => say!(registry.band_of_one, from, to),
            Problem::NoBand(from, to) => say!(registry.backwards, from, to),
            Problem::Overlap(this, other, line) => say!(
                registry.overlap,
                from = this.0,
                to = this.1,
                other_from = other.0,
                other_to = other.1,
                line
            ),
            Problem::UnknownWord(key, word, all) => {
                say!(registry.unknown_word, word, key, values = all.join(", "))
            }
            Problem::Unpaired(causes, fixes) => say!(
                registry.unpaired,
                causes = say!(registry.causes, n = Value::Number(*causes as u64)),
                fixes = say!(registry.fixes, n = Value::Number(*fixes as u64))
            ),
            Problem::NotAnId(given, right) if right.is_empty() => say!(
                registry.not_an_id_such_as,
                given,
                example = example("vendor")
            ),
            Problem::NotAnId(given, right) => say!(registry.not_an_id, given, right),
            Problem::NoCodes => say!(registry.no_codes),
        }
    }
}

fn unknown_key(key: &str, place: Place, near: &str) -> Message {
    let key = escape(key);
    match place.table() {
        None => say!(registry.unknown_key_but, key, near),
        Some(table) => say!(registry.table_unknown_key_but, table, key, near),
    }
}

/// The same of a key that is near none of the form's.
fn strange_key(key: &str, place: Place, all: &[&str]) -> Message {
    let (key, keys) = (escape(key), all.join(", "));
    match place.table() {
        None => say!(registry.unknown_key, key, keys),
        Some(table) => say!(registry.table_unknown_key, table, key, keys),
    }
}

fn missing(key: &str, place: Place) -> Message {
    let example = example(key);
    match place.table() {
        None => say!(registry.missing, key, example),
        Some(table) => say!(registry.table_missing, table, key, example),
    }
}

fn wrong_kind(key: &str, is: Text, should: Kind) -> Message {
    let example = example(key);
    match should {
        Kind::Text => say!(registry.not_a_text, key, is, example),
        Kind::Texts => say!(registry.not_texts, key, is, example),
        Kind::WholeNumber => say!(registry.not_a_whole_number, key, is, example),
        Kind::Date => say!(registry.not_a_date, key, is, example),
        Kind::Tables if key == "band" => {
            say!(registry.not_bands, is)
        }
        Kind::Tables => say!(registry.not_codes, is),
    }
}

/// A value as it would be right.
fn example(key: &str) -> &'static str {
    match key {
        "vendor" => "\"acme-chat\"",
        "title" => "\"Acme Chat\"",
        "also" => "[\"acme\"]",
        "protocol" => "\"Acme Chat, version 2\"",
        "url" => "\"https://example.com/close-codes\"",
        "checked" => "2026-11-21",
        "code" | "from" => "4001",
        "to" => "4099",
        "name" => "\"Session expired\"",
        "meaning" => "\"The login is older than a day.\"",
        "causes" => "[\"The app was open over night.\"]",
        "fixes" => "[\"Log in again.\"]",
        "reconnect" => "\"after-fix\"",
        "reconnect_by" => "\"vendor\"",
        _ => "\"server\"",
    }
}
