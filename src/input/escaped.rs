//! Text with escapes, as printed by programs for strings of bytes: `\x88\x02`, `b"\x81\x05hello"`.
//!
//! The escapes are those of C, `\u` with four digits, of which two may make one character, and both
//! with braces; digits alone are octal or decimal, which `looks` tells apart. A character that is
//! not escaped stands for itself, spaces too; white space before the text and line breaks after it
//! do not count.

use super::hex::not_a_digit;
use super::output::Output;
use super::text::{Mistake, Place, shown_character};
use super::wrapped::{Head, LONGEST_HEAD};
use super::{Error, Sink, TextReader};
use crate::words::say;

mod looks;

pub(super) use looks::{looks, looks_decimal, looks_latin1, looks_octal};

/// What an escape of digits means, and what a character that is not escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `\210` is octal, and characters are in UTF-8.
    C,
    /// `\136` is decimal, as in Lua, OCaml and Haskell, and `\STX` a control character.
    Decimal,
    /// As in C, but a character is one byte.
    Latin1,
}

/// The names that Haskell has for control characters, but for those with a letter of their own.
/// Of two that fit the longer counts, so that it comes first.
const NAMES: [(&str, u8); 27] = [
    ("NUL", 0x00),
    ("SOH", 0x01),
    ("STX", 0x02),
    ("ETX", 0x03),
    ("EOT", 0x04),
    ("ENQ", 0x05),
    ("ACK", 0x06),
    ("SO", 0x0e),
    ("SI", 0x0f),
    ("DLE", 0x10),
    ("DC1", 0x11),
    ("DC2", 0x12),
    ("DC3", 0x13),
    ("DC4", 0x14),
    ("NAK", 0x15),
    ("SYN", 0x16),
    ("ETB", 0x17),
    ("CAN", 0x18),
    ("EM", 0x19),
    ("SUB", 0x1a),
    ("ESC", 0x1b),
    ("FS", 0x1c),
    ("GS", 0x1d),
    ("RS", 0x1e),
    ("US", 0x1f),
    ("SP", 0x20),
    ("DEL", 0x7f),
];

/// What the reader is in the middle of.
#[derive(Clone)]
enum State {
    /// Before all, with what was seen: a call or an assignment may stand before the quote.
    Head(String),
    /// Before the text, or between two quoted texts.
    Before,
    /// After a `b` at this place, which may be the prefix of a quote.
    Prefix(Place),
    /// In the text, outside any escape.
    Text,
    /// After the backslash at this place.
    Backslash(Place),
    /// In the digits of an escape.
    Number(Number),
    /// In the letters of the name whose backslash stands at this place.
    Name(String, Place),
    /// After the line break that ends a text without quotes.
    After,
}

/// An escape that gives a number, as far as it was read.
#[derive(Clone, Copy)]
struct Number {
    kind: Kind,
    /// Where its backslash stands.
    place: Place,
    digits: u8,
    value: u32,
}

/// What an escape gives by number, and how.
#[derive(Clone, Copy)]
enum Kind {
    /// A byte in two hex digits: `\x88`.
    Hex,
    /// A byte in one to three octal digits: `\210`.
    Octal,
    /// A byte in one to three decimal digits: `\136`.
    Decimal,
    /// A character in four hex digits: `\u00e9`.
    Character,
    /// A character in eight hex digits: `\U0001f600`.
    LongCharacter,
    /// A byte in braces: `\x{88}`.
    BracedHex,
    /// A character in braces: `\u{1f600}`.
    BracedCharacter,
}

impl Kind {
    const fn radix(self) -> u32 {
        match self {
            Self::Octal => 8,
            Self::Decimal => 10,
            _ => 16,
        }
    }

    /// The greatest number of digits; in hex without braces also the smallest.
    const fn digits(self) -> u8 {
        match self {
            Self::Hex | Self::BracedHex => 2,
            Self::Octal | Self::Decimal => 3,
            Self::Character => 4,
            Self::BracedCharacter => 6,
            Self::LongCharacter => 8,
        }
    }
}

/// Reads text with escapes.
pub(super) struct EscapedReader {
    output: Output,
    /// Where the next character stands.
    place: Place,
    state: State,
    /// The quote now open, and where it stands.
    quote: Option<(char, Place)>,
    /// Whether the text is in quotes at all.
    quoted: bool,
    /// How many brackets are open around the quotes.
    brackets: usize,
    /// The first half of a character that takes two escapes, and where it stands.
    half: Option<(u32, Place)>,
    dialect: Dialect,
}

impl EscapedReader {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            state: State::Head(String::new()),
            quote: None,
            quoted: false,
            brackets: 0,
            half: None,
            dialect,
        }
    }

    fn take(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        let goes_on = match self.state {
            State::Text => character == '\\',
            State::Backslash(_) => character == 'u',
            _ => true,
        };
        if let Some((value, place)) = self.half.filter(|_| !goes_on) {
            return Err(half_of_a_character(value, place).into());
        }
        match self.state {
            State::Head(ref mut held) => {
                held.push(character);
                if held.len() >= LONGEST_HEAD {
                    self.begin(sink)?;
                }
                return Ok(());
            }
            State::Before => self.take_before(character, sink)?,
            State::Prefix(place) => {
                if matches!(character, '"' | '\'') {
                    self.open(character);
                } else if self.quoted {
                    return Err(after_the_end('b', place).into());
                } else {
                    self.output.push(b'b', sink)?;
                    self.take_text(character, sink)?;
                }
            }
            State::Text => self.take_text(character, sink)?,
            State::Backslash(place) => self.take_escaped(character, place, sink)?,
            State::Number(number) => self.take_digit(character, number, sink)?,
            State::Name(ref mut name, place) => {
                name.push(character);
                if !NAMES.iter().any(|(known, _)| known.starts_with(&*name)) {
                    name.pop();
                    let name = std::mem::take(name);
                    self.end_name(&name, place, sink)?;
                    self.take_text(character, sink)?;
                }
            }
            State::After if character.is_whitespace() => {}
            State::After => return Err(after_the_end(character, self.place).into()),
        }
        self.place = self.place.after_character(character);
        Ok(())
    }

    /// Skips what stands before the quote, and reads the rest of what was held to find it.
    fn begin(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let State::Head(held) = &mut self.state else {
            return Ok(());
        };
        let held = std::mem::take(held);
        self.state = State::Before;
        let head = Head::of(&held);
        let skipped = held
            .get(..head.length)
            .map(|head| head.trim_end_matches(['"', '\'', '`']))
            .filter(|_| head.quote.is_some())
            .unwrap_or_default();
        let skipped = skipped.strip_suffix(['b', 'B']).unwrap_or(skipped);
        if skipped.ends_with(['r', 'R']) {
            return Err(Mistake::new(say!(escape.raw_string)).into());
        }
        let closed = skipped.matches(')').count();
        self.brackets = skipped.matches('(').count().saturating_sub(closed);
        self.place = self.place.after(skipped);
        let rest = held.get(skipped.len()..).unwrap_or_default();
        rest.chars()
            .try_for_each(|character| self.take(character, sink))
    }

    /// Takes a character outside the text, which may begin it.
    fn take_before(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        match character {
            '"' | '\'' => self.open(character),
            'b' | 'B' => self.state = State::Prefix(self.place),
            ')' if self.quoted && self.brackets > 0 => self.brackets -= 1,
            ';' | ',' if self.quoted => {}
            _ if character.is_whitespace() => {}
            _ if self.quoted => return Err(after_the_end(character, self.place).into()),
            _ => self.take_text(character, sink)?,
        }
        Ok(())
    }

    fn open(&mut self, quote: char) {
        self.quote = Some((quote, self.place));
        self.quoted = true;
        self.state = State::Text;
    }

    /// Takes a character of the text that belongs to no escape, or begins one.
    fn take_text(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.state = match character {
            '\\' => State::Backslash(self.place),
            '\n' | '\r' if !self.quoted => State::After,
            _ if self.quote.is_some_and(|(quote, _)| quote == character) => {
                self.quote = None;
                State::Before
            }
            _ if character.is_control() => return Err(unescaped(character, self.place).into()),
            _ => {
                self.push(character, sink)?;
                State::Text
            }
        };
        Ok(())
    }

    /// Takes the character that follows the backslash at `place`.
    fn take_escaped(
        &mut self,
        character: char,
        place: Place,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        let number = |kind| Number {
            kind,
            place,
            digits: 0,
            value: 0,
        };
        let byte = match character {
            'x' => {
                self.state = State::Number(number(Kind::Hex));
                return Ok(());
            }
            'u' => {
                self.state = State::Number(number(Kind::Character));
                return Ok(());
            }
            'U' => {
                self.state = State::Number(number(Kind::LongCharacter));
                return Ok(());
            }
            '0'..='9' if self.dialect == Dialect::Decimal => {
                return self.take_digit(character, number(Kind::Decimal), sink);
            }
            'A'..='Z' if self.dialect == Dialect::Decimal => {
                self.state = State::Name(character.to_string(), place);
                return Ok(());
            }
            // Haskell ends a number with it, where a digit follows.
            '&' if self.dialect == Dialect::Decimal => {
                self.state = State::Text;
                return Ok(());
            }
            '0'..='7' => return self.take_digit(character, number(Kind::Octal), sink),
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'a' => 0x07,
            'b' => 0x08,
            'v' => 0x0b,
            'f' => 0x0c,
            'e' => 0x1b,
            '\\' => b'\\',
            '"' => b'"',
            '\'' => b'\'',
            _ => {
                return Err(Mistake::new(say!(
                    escape.unknown_character,
                    character = shown_character(character),
                    place
                ))
                .into());
            }
        };
        self.state = State::Text;
        self.output.push(byte, sink)
    }

    /// Takes a character that may be the next digit of `number`.
    fn take_digit(
        &mut self,
        character: char,
        number: Number,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        let braced = match number.kind {
            Kind::Hex => Some(Kind::BracedHex),
            Kind::Character => Some(Kind::BracedCharacter),
            _ => None,
        };
        if let Some(kind) = braced.filter(|_| character == '{' && number.digits == 0) {
            self.state = State::Number(Number { kind, ..number });
            return Ok(());
        }
        let is_braced = matches!(number.kind, Kind::BracedHex | Kind::BracedCharacter);
        if is_braced && (character == '}' || number.digits == number.kind.digits()) {
            let closed = character == '}' && number.digits > 0;
            return match closed {
                true => self.end(number, sink),
                false => Err(Mistake::new(say!(
                    escape.brace_not_closed_after,
                    place = number.place,
                    digits = number.kind.digits()
                ))
                .into()),
            };
        }
        let Some(digit) = character.to_digit(number.kind.radix()) else {
            if is_braced {
                return Err(not_a_digit(character, self.place).into());
            }
            self.end(number, sink)?;
            return self.take_text(character, sink);
        };
        let number = Number {
            digits: number.digits + 1,
            value: number.value * number.kind.radix() + digit,
            ..number
        };
        if number.digits == number.kind.digits() && !is_braced {
            self.end(number, sink)
        } else {
            self.state = State::Number(number);
            Ok(())
        }
    }

    /// Gives out the control character of this name.
    fn end_name(&mut self, name: &str, place: Place, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.state = State::Text;
        match NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, byte)) => self.output.push(*byte, sink),
            None => Err(Mistake::new(say!(escape.unknown_name, name, place)).into()),
        }
    }

    /// Gives out what `number` stands for.
    fn end(&mut self, number: Number, sink: &mut Sink<'_>) -> Result<(), Error> {
        let Number { place, value, .. } = number;
        self.state = State::Text;
        let mistake = match number.kind {
            Kind::Hex if number.digits < 2 => {
                say!(escape.needs_two, place)
            }
            Kind::Character if number.digits < 4 => {
                say!(escape.needs_four, place)
            }
            Kind::LongCharacter if number.digits < 8 => {
                say!(escape.needs_eight, place)
            }
            Kind::Character | Kind::LongCharacter | Kind::BracedCharacter => {
                return self.push_number(value, place, sink);
            }
            Kind::Hex | Kind::Octal | Kind::Decimal | Kind::BracedHex => {
                match u8::try_from(value) {
                    Ok(byte) => return self.output.push(byte, sink),
                    Err(_) if matches!(number.kind, Kind::Decimal) => {
                        say!(escape.above_255, value, place)
                    }
                    Err(_) => {
                        say!(escape.above_377, value = format!("{value:o}"), place)
                    }
                }
            }
        };
        Err(Mistake::new(mistake).into())
    }

    /// Gives out the character of this number, or waits for its second half.
    fn push_number(&mut self, value: u32, place: Place, sink: &mut Sink<'_>) -> Result<(), Error> {
        match (self.half.take(), value) {
            (None, 0xd800..=0xdbff) => {
                self.half = Some((value, place));
                Ok(())
            }
            (Some((high, _)), 0xdc00..=0xdfff) => {
                let value = 0x1_0000 + ((high - 0xd800) << 10) + (value - 0xdc00);
                self.push(char::from_u32(value).unwrap_or_default(), sink)
            }
            (Some((high, place)), _) => Err(half_of_a_character(high, place).into()),
            (None, _) => match char::from_u32(value) {
                Some(character) => self.push(character, sink),
                None => Err(half_of_a_character(value, place).into()),
            },
        }
    }

    /// Gives out a character in UTF-8.
    fn push(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.dialect == Dialect::Latin1 {
            return match u8::try_from(character) {
                Ok(byte) => self.output.push(byte, sink),
                Err(_) => {
                    let (character, place) = (shown_character(character), self.place);
                    let message = say!(escape.not_latin1, character, place);
                    Err(Mistake::new(message).into())
                }
            };
        }
        let bytes = &mut [0; 4];
        self.output
            .extend(character.encode_utf8(bytes).as_bytes(), sink)
    }
}

impl TextReader for EscapedReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = text
            .chars()
            .try_for_each(|character| self.take(character, sink));
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.begin(sink);
        self.output.flush(sink)?;
        result?;
        match self.state {
            State::Backslash(place) => {
                let message = say!(escape.nothing_follows, place);
                return Err(Mistake::new(message).into());
            }
            State::Number(Number {
                kind: Kind::BracedHex | Kind::BracedCharacter,
                place,
                ..
            }) => {
                let message = say!(escape.brace_not_closed, place);
                return Err(Mistake::new(message).into());
            }
            State::Number(number) => self.end(number, sink)?,
            State::Name(ref mut name, place) => {
                let name = std::mem::take(name);
                self.end_name(&name, place, sink)?;
            }
            State::Prefix(place) if self.quoted => return Err(after_the_end('b', place).into()),
            State::Prefix(_) => self.output.push(b'b', sink)?,
            State::Head(_) | State::Before | State::Text | State::After => {}
        }
        self.output.flush(sink)?;
        if let Some((value, place)) = self.half {
            return Err(half_of_a_character(value, place).into());
        }
        match self.quote {
            Some((quote, place)) => {
                let message = say!(escape.quote_not_closed, quote, place);
                Err(Mistake::new(message).into())
            }
            None => Ok(()),
        }
    }
}

/// The mistake of an escape that is one half of a character, without the other.
fn half_of_a_character(value: u32, place: Place) -> Mistake {
    Mistake::new(say!(
        escape.surrogate,
        value = format!("{value:04x}"),
        place
    ))
}

/// The mistake of a control character in the text.
fn unescaped(character: char, place: Place) -> Mistake {
    let number = u32::from(character);
    let escape = if character.is_ascii() {
        format!("\\x{number:02x}")
    } else {
        format!("\\u{number:04x}")
    };
    Mistake::new(say!(
        escape.needs_escape,
        character = shown_character(character),
        place,
        escape
    ))
}

/// The mistake of a character after a closing quote or the end of the line.
fn after_the_end(character: char, place: Place) -> Mistake {
    Mistake::new(say!(
        escape.after_end,
        character = shown_character(character),
        place
    ))
}

#[cfg(test)]
mod tests;
