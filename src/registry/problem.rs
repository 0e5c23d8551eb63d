//! What can be wrong with a registry's file, and how that is said.

use std::fmt;

use crate::escape::{escape, escape_bytes};
use crate::words::{say, say_count, translated};

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
    /// A value of the wrong kind: the key, what it is in English words, what it should be.
    WrongKind(&'static str, &'static str, Kind),
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
        f.write_str(&self.said())
    }
}

impl Problem {
    fn said(&self) -> String {
        match self {
            Problem::TooLarge => say!("it is larger than 1 MiB; give a smaller file"),
            Problem::NotUtf8(bytes) => say!(
                "`{bytes}` is not UTF-8; save the file as UTF-8",
                bytes = escape_bytes(bytes)
            ),
            Problem::NotToml(why) => say!("not TOML: {why}", why = escape(why)),
            Problem::UnknownKey(key, place, Ok(near)) => unknown_key(key, *place, near),
            Problem::UnknownKey(key, place, Err(all)) => strange_key(key, *place, all),
            Problem::Missing(key, place) => missing(key, *place),
            Problem::WrongKind(key, is, should) => wrong_kind(key, translated(is), *should),
            Problem::Empty(key) => say!(
                "`{key}` is empty; write {example}",
                key,
                example = example(key)
            ),
            Problem::NotACode(key, number) => say!(
                "`{key}` is {number}; close codes are 0 to 65535",
                key,
                number = escape(number)
            ),
            Problem::Twice(code, first) => say!(
                "code {code} is given twice, first in line {first}; keep one of them",
                code,
                first
            ),
            Problem::NoBand(from, to) if from == to => say!(
                "the band {from}-{to} is one number; write it as a [[code]]",
                from,
                to
            ),
            Problem::NoBand(from, to) => say!(
                "the band runs backwards, from {from} to {to}; write `from = {to}` and `to = {from}`",
                from,
                to
            ),
            Problem::Overlap(this, other, line) => say!(
                "the band {from}-{to} overlaps {other_from}-{other_to} in line {line}; a number lies in one band at most",
                from = this.0,
                to = this.1,
                other_from = other.0,
                other_to = other.1,
                line
            ),
            Problem::UnknownWord(key, word, all) => say!(
                "`{word}` is not a value of `{key}`: {values}",
                word,
                key,
                values = all.join(", ")
            ),
            Problem::Unpaired(causes, fixes) => say!(
                "{causes} and {fixes}; each cause has its fix at the same place",
                causes = say_count!(*causes as u64, "{n} cause", "{n} causes"),
                fixes = say_count!(*fixes as u64, "{n} fix", "{n} fixes")
            ),
            Problem::NotAnId(given, right) if right.is_empty() => say!(
                "`{given}` is not an id; write small letters, digits and hyphens, such as {example}",
                given,
                example = example("vendor")
            ),
            Problem::NotAnId(given, right) => say!(
                "`{given}` is not an id; write small letters, digits and hyphens: `{right}`",
                given,
                right
            ),
            Problem::NoCodes => say!("no code in it; add a [[code]] or a [[band]]"),
        }
    }
}

fn unknown_key(key: &str, place: Place, near: &str) -> String {
    let key = escape(key);
    match place.table() {
        None => say!(
            "the registry has no key `{key}`; did you mean `{near}`?",
            key,
            near
        ),
        Some(table) => say!(
            "{table} has no key `{key}`; did you mean `{near}`?",
            table,
            key,
            near
        ),
    }
}

/// The same of a key that is near none of the form's.
fn strange_key(key: &str, place: Place, all: &[&str]) -> String {
    let (key, keys) = (escape(key), all.join(", "));
    match place.table() {
        None => say!(
            "the registry has no key `{key}`; its keys are {keys}",
            key,
            keys
        ),
        Some(table) => say!(
            "{table} has no key `{key}`; its keys are {keys}",
            table,
            key,
            keys
        ),
    }
}

fn missing(key: &str, place: Place) -> String {
    let example = example(key);
    match place.table() {
        None => say!(
            "the registry has no `{key}`; add `{key} = {example}`",
            key,
            example
        ),
        Some(table) => say!(
            "{table} has no `{key}`; add `{key} = {example}`",
            table,
            key,
            example
        ),
    }
}

fn wrong_kind(key: &str, is: &str, should: Kind) -> String {
    let example = example(key);
    match should {
        Kind::Text => say!(
            "`{key}` is {is}; it should be a text, such as {example}",
            key,
            is,
            example
        ),
        Kind::Texts => say!(
            "`{key}` is {is}; it should be a list of texts, such as {example}",
            key,
            is,
            example
        ),
        Kind::WholeNumber => say!(
            "`{key}` is {is}; it should be a whole number, such as {example}",
            key,
            is,
            example
        ),
        Kind::Date => say!(
            "`{key}` is {is}; it should be a date, such as {example}",
            key,
            is,
            example
        ),
        Kind::Tables if key == "band" => {
            say!("`band` is {is}; write `[[band]]`, once for each band", is)
        }
        Kind::Tables => say!("`code` is {is}; write `[[code]]`, once for each code", is),
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
