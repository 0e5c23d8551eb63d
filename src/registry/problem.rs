//! What can be wrong with a registry's file, and how that is said.

use std::fmt;

use crate::escape::{escape, escape_bytes};
use crate::words::{say, say_count};

/// Why a file is no registry, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            // Nobody looks at a line for that.
            Problem::TooLarge => write!(f, "{}", self.problem),
            _ => f.write_str(&say!(
                "line {line}: {problem}",
                line = self.line,
                problem = self.problem
            )),
        }
    }
}

impl std::error::Error for Malformed {}

/// What is wrong with a registry.
#[derive(Debug, PartialEq, Eq)]
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
    WrongKind(&'static str, &'static str, &'static str),
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

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Top => "the registry",
            Place::Code => "[[code]]",
            Place::Band => "[[band]]",
        })
    }
}

impl Place {
    /// The keys that it may have.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Place::Top => &[
                "vendor", "title", "also", "protocol", "url", "checked", "code", "band",
            ],
            Place::Code => &[
                "code",
                "name",
                "meaning",
                "causes",
                "fixes",
                "reconnect",
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
                "sent_by",
            ],
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::TooLarge => f.write_str("it is larger than 1 MiB; give a smaller file"),
            Problem::NotUtf8(bytes) => f.write_str(&say!("`{bytes}` is not UTF-8; save the file as UTF-8", bytes = escape_bytes(bytes))),
            Problem::NotToml(why) => f.write_str(&say!("not TOML: {why}", why = escape(why))),
            Problem::UnknownKey(key, place, Ok(near)) => {
                f.write_str(&say!("{place} has no key `{key}`; did you mean `{near}`?", place, key = escape(key), near))
            }
            Problem::UnknownKey(key, place, Err(all)) => f.write_str(&say!("{place} has no key `{key}`; its keys are {keys}", place, key = escape(key), keys = all.join(", "))),
            Problem::Missing(key, place) => {
                f.write_str(&say!("{place} has no `{key}`; add `{key} = {example}`", place, key, example = example(key)))
            }
            Problem::WrongKind(key @ ("code" | "band"), is, "tables") => {
                f.write_str(&say!("`{key}` is {is}; write `[[{key}]]`, once for each {key}", key, is))
            }
            Problem::WrongKind(key, is, should) => f.write_str(&say!("`{key}` is {is}; it should be {should}, such as {example}", key, is, should, example = example(key))),
            Problem::Empty(key) => f.write_str(&say!("`{key}` is empty; write {example}", key, example = example(key))),
            Problem::NotACode(key, number) => f.write_str(&say!("`{key}` is {number}; close codes are 0 to 65535", key, number = escape(number))),
            Problem::Twice(code, first) => f.write_str(&say!("code {code} is given twice, first in line {first}; keep one of them", code, first)),
            Problem::NoBand(from, to) if from == to => {
                f.write_str(&say!("the band {from}-{to} is one number; write it as a [[code]]", from, to))
            }
            Problem::NoBand(from, to) => f.write_str(&say!("the band runs backwards, from {from} to {to}; write `from = {to}` and `to = {from}`", from, to)),
            Problem::Overlap(this, other, line) => f.write_str(&say!("the band {from}-{to} overlaps {other_from}-{other_to} in line {line}; a number lies in one band at most", from = this.0, to = this.1, other_from = other.0, other_to = other.1, line)),
            Problem::UnknownWord(key, word, all) => {
                f.write_str(&say!("`{word}` is not a value of `{key}`: {values}", word, key, values = all.join(", ")))
            }
            Problem::Unpaired(causes, fixes) => f.write_str(&say!(
                "{causes} and {fixes}; each cause has its fix at the same place",
                causes = say_count!(*causes as u64, "{n} cause", "{n} causes"),
                fixes = say_count!(*fixes as u64, "{n} fix", "{n} fixes")
            )),
            Problem::NotAnId(given, right) if right.is_empty() => f.write_str(&say!("`{given}` is not an id; write small letters, digits and hyphens, such as {example}", given, example = example("vendor"))),
            Problem::NotAnId(given, right) => f.write_str(&say!("`{given}` is not an id; write small letters, digits and hyphens: `{right}`", given, right)),
            Problem::NoCodes => f.write_str(&say!("no code in it; add a [[code]] or a [[band]]")),
        }
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
        _ => "\"server\"",
    }
}
