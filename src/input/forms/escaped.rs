//! Text with escapes, as printed by programs for strings of bytes: `\x88\x02`, `b"\x81\x05hello"`.
//!
//! The escapes are those of C, `\u` with four digits, of which two may make one character, and both
//! with braces; digits alone are octal or decimal, which `which` tells apart. A character that is
//! not escaped stands for itself, spaces too; white space before the text and line breaks after it
//! do not count. Several strings, also such as source code puts together, are one.

mod notation;

pub(in super::super) use notation::{in_c, in_decimal, in_four, in_latin1, in_octal, in_wide};

use super::super::digits::not_a_digit;
use super::super::quotes;
use super::super::text::{Mistake, Place, printable_character};
use crate::words::say;

/// What an escape of digits means, and what a character that is not escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Dialect {
    /// `\210` is octal, and characters are in UTF-8.
    C,
    /// `\136` is decimal, as in Lua, OCaml and Haskell, and `\STX` a control character.
    Decimal,
    /// As in C, but a character is one byte.
    Latin1,
    /// As in Latin-1, but `\x` takes as many digits as follow, up to four: C# and C.
    Wide,
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

/// What an escape gives by number, and how.
#[derive(Clone, Copy)]
enum Kind {
    /// A byte in two hex digits: `\x88`.
    Hex,
    /// A byte in one to four hex digits: `\x0088`.
    WideHex,
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
            Self::Character | Self::WideHex => 4,
            Self::BracedCharacter => 6,
            Self::LongCharacter => 8,
        }
    }
}

/// Reads text with escapes.
pub(in super::super) fn read(dialect: Dialect, text: &str) -> Result<Vec<u8>, Mistake> {
    let head = quotes::head(text);
    let skipped = text
        .get(..head.length)
        .map(|head| head.trim_end_matches(['"', '\'', '`']))
        .filter(|_| head.quote.is_some())
        .unwrap_or_default();
    let skipped = skipped.strip_suffix(['b', 'B']).unwrap_or(skipped);
    if skipped.ends_with(['r', 'R']) {
        return Err(Mistake::new(say!(escape.raw_string)));
    }
    let closed = skipped.matches(')').count();
    let mut escaped = Escaped {
        dialect,
        text,
        at: skipped.len(),
        bytes: Vec::new(),
        half: None,
    };
    escaped.outside(skipped.matches('(').count().saturating_sub(closed))?;
    Ok(escaped.bytes)
}

/// A text that is being read.
struct Escaped<'a> {
    dialect: Dialect,
    text: &'a str,
    /// How much was read.
    at: usize,
    bytes: Vec<u8>,
    /// The first half of a character that takes two escapes, and where it stands.
    half: Option<(u32, usize)>,
}

impl<'a> Escaped<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn place(&self, at: usize) -> Place {
        Place::of(self.text, at)
    }

    /// Reads the text, or all the strings in quotes. So many `brackets` are open around them.
    fn outside(&mut self, brackets: usize) -> Result<(), Mistake> {
        let (mut open, mut is_quoted) = (brackets, false);
        loop {
            let at = self.at;
            let before = self.rest();
            let Some(character) = self.next() else {
                return Ok(());
            };
            match character {
                '"' | '\'' => {
                    self.inside(Some((character, at)))?;
                    is_quoted = true;
                }
                'b' | 'B' if self.rest().starts_with(['"', '\'']) => {}
                ')' if is_quoted && open > 0 => open -= 1,
                ';' | ',' if is_quoted => {}
                _ if character.is_whitespace() => {}
                // Source code puts strings of several lines together so.
                '\\' | '+' if is_quoted && goes_on(self.rest()) => {}
                _ if is_quoted => return Err(after_the_end(character, self.place(at))),
                _ => {
                    self.at -= before.len() - self.rest().len();
                    self.inside(None)?;
                    let rest = self.rest();
                    let blank = rest.len() - rest.trim_start().len();
                    self.at += blank;
                    let at = self.at;
                    return match self.next() {
                        Some(character) => Err(after_the_end(character, self.place(at))),
                        None => Ok(()),
                    };
                }
            }
        }
    }

    /// Reads to the `quote`, which stands at its place, or to the end of the line.
    fn inside(&mut self, quote: Option<(char, usize)>) -> Result<(), Mistake> {
        loop {
            let at = self.at;
            let next = self.next();
            let is_unicode = next == Some('\\') && self.peek() == Some('u');
            if let Some((value, place)) = self.half.filter(|_| !is_unicode) {
                return Err(self.half_of_a_character(value, place));
            }
            match (next, quote) {
                (Some('\\'), _) => self.escape(at)?,
                (None, None) => return Ok(()),
                (None, Some((quote, at))) => {
                    let place = self.place(at);
                    return Err(Mistake::new(say!(escape.quote_not_closed, quote, place)));
                }
                (Some('\n' | '\r'), None) => return Ok(()),
                (Some(character), Some((quote, _))) if character == quote => return Ok(()),
                (Some(character), _) if character.is_control() => {
                    return Err(unescaped(character, self.place(at)));
                }
                (Some(character), _) => self.push(character, at)?,
            }
        }
    }

    /// Reads what follows the backslash at `at`.
    fn escape(&mut self, at: usize) -> Result<(), Mistake> {
        let Some(character) = self.next() else {
            let place = self.place(at);
            return Err(Mistake::new(say!(escape.nothing_follows, place)));
        };
        let is_decimal = self.dialect == Dialect::Decimal;
        let byte = match character {
            'x' if self.dialect == Dialect::Wide => return self.number(Kind::WideHex, at),
            'x' => return self.number(Kind::Hex, at),
            'u' => return self.number(Kind::Character, at),
            'U' if !is_decimal => return self.number(Kind::LongCharacter, at),
            '0'..='9' if is_decimal => {
                self.at -= 1;
                return self.number(Kind::Decimal, at);
            }
            'A'..='Z' if is_decimal => {
                self.at -= 1;
                return self.name(at);
            }
            // Haskell ends a number with it, where a digit follows.
            '&' if is_decimal => return Ok(()),
            '0'..='7' => {
                self.at -= 1;
                return self.number(Kind::Octal, at);
            }
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'a' => 0x07,
            'b' => 0x08,
            'v' => 0x0b,
            'f' => 0x0c,
            'e' => 0x1b,
            // Ruby escapes a `#` that would begin an expression.
            '\\' | '"' | '\'' | '#' => u8::try_from(character).unwrap_or_default(),
            _ => {
                return Err(Mistake::new(say!(
                    escape.unknown_character,
                    character = printable_character(character),
                    place = self.place(at)
                )));
            }
        };
        self.bytes.push(byte);
        Ok(())
    }

    /// Reads the number of the escape at `at`, perhaps in braces.
    fn number(&mut self, kind: Kind, at: usize) -> Result<(), Mistake> {
        let braced = match kind {
            Kind::Hex => Some(Kind::BracedHex),
            Kind::Character => Some(Kind::BracedCharacter),
            _ => None,
        };
        if let Some(kind) = braced.filter(|_| self.peek() == Some('{')) {
            self.at += 1;
            return self.braced(kind, at);
        }
        let (digits, value) = self.digits(kind);
        let place = || Place::of(self.text, at);
        let wrong = match kind {
            Kind::WideHex if digits == 0 => say!(escape.needs_two, place = place()),
            Kind::Hex if digits < 2 => say!(escape.needs_two, place = place()),
            Kind::Character if digits < 4 => say!(escape.needs_four, place = place()),
            Kind::LongCharacter if digits < 8 => say!(escape.needs_eight, place = place()),
            _ => return self.give(kind, value, at),
        };
        Err(Mistake::new(wrong))
    }

    /// Reads a number to its closing brace.
    fn braced(&mut self, kind: Kind, at: usize) -> Result<(), Mistake> {
        let (count, value) = self.digits(kind);
        let end = self.at;
        match self.next() {
            Some('}') if count > 0 => self.give(kind, value, at),
            None => {
                let place = self.place(at);
                Err(Mistake::new(say!(escape.brace_not_closed, place)))
            }
            Some(character) if count < kind.digits() && character != '}' => {
                Err(not_a_digit(character, self.place(end)))
            }
            Some(_) => {
                let (place, digits) = (self.place(at), kind.digits());
                Err(Mistake::new(say!(
                    escape.brace_not_closed_after,
                    place,
                    digits
                )))
            }
        }
    }

    /// The digits that follow, as many as this kind has: how many, and what they are worth.
    fn digits(&mut self, kind: Kind) -> (u8, u32) {
        let (mut count, mut value) = (0, 0);
        while count < kind.digits() {
            let Some(digit) = self.peek().and_then(|next| next.to_digit(kind.radix())) else {
                break;
            };
            self.at += 1;
            count += 1;
            value = value * kind.radix() + digit;
        }
        (count, value)
    }

    /// Reads the name of a control character: the longest that fits.
    fn name(&mut self, at: usize) -> Result<(), Mistake> {
        let rest = self.rest();
        let is_begun = |length: &usize| {
            let name = rest.get(..*length);
            name.is_some_and(|name| NAMES.iter().any(|(known, _)| known.starts_with(name)))
        };
        let length = (1..=3).take_while(is_begun).last().unwrap_or(1);
        let name = rest.get(..length).unwrap_or_default();
        self.at += length;
        match NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, byte)) => {
                self.bytes.push(*byte);
                Ok(())
            }
            None => {
                let place = self.place(at);
                Err(Mistake::new(say!(escape.unknown_name, name, place)))
            }
        }
    }

    /// Gives out what the number of the escape at `at` stands for.
    fn give(&mut self, kind: Kind, value: u32, at: usize) -> Result<(), Mistake> {
        if matches!(
            kind,
            Kind::Character | Kind::LongCharacter | Kind::BracedCharacter
        ) {
            return self.character(value, at);
        }
        if let Ok(byte) = u8::try_from(value) {
            self.bytes.push(byte);
            return Ok(());
        }
        let place = self.place(at);
        Err(Mistake::new(match kind {
            Kind::Decimal => say!(escape.above_255, value, place),
            Kind::WideHex => say!(
                escape.not_latin1,
                character = format!("\\x{value:x}"),
                place
            ),
            _ => say!(escape.above_377, value = format!("{value:o}"), place),
        }))
    }

    /// Gives out the character of this number, or waits for its second half.
    fn character(&mut self, value: u32, at: usize) -> Result<(), Mistake> {
        match (self.half.take(), value) {
            (None, 0xd800..=0xdbff) => {
                self.half = Some((value, at));
                Ok(())
            }
            (Some((high, _)), 0xdc00..=0xdfff) => {
                let value = 0x1_0000 + ((high - 0xd800) << 10) + (value - 0xdc00);
                self.push(char::from_u32(value).unwrap_or_default(), at)
            }
            (Some((high, at)), _) => Err(self.half_of_a_character(high, at)),
            (None, _) => match char::from_u32(value) {
                Some(character) => self.push(character, at),
                None => Err(self.half_of_a_character(value, at)),
            },
        }
    }

    /// Gives out the character at `at`: in UTF-8, or as one byte.
    fn push(&mut self, character: char, at: usize) -> Result<(), Mistake> {
        // No frame begins with one, and who prints an escape for it wrote it as a character before.
        let is_lost = character == char::REPLACEMENT_CHARACTER;
        if is_lost && (self.bytes.is_empty() || self.at - at == character.len_utf8()) {
            let (character, place) = (printable_character(character), self.place(at));
            return Err(Mistake::new(say!(lossy.replaced, character, place)));
        }
        if matches!(self.dialect, Dialect::Latin1 | Dialect::Wide) {
            let byte = u8::try_from(character).map_err(|_| {
                let (character, place) = (printable_character(character), self.place(at));
                Mistake::new(say!(escape.not_latin1, character, place))
            })?;
            self.bytes.push(byte);
        } else {
            let room = &mut [0; 4];
            let encoded = character.encode_utf8(room);
            self.bytes.extend_from_slice(encoded.as_bytes());
        }
        Ok(())
    }

    /// The mistake of an escape that is one half of a character, without the other.
    fn half_of_a_character(&self, value: u32, at: usize) -> Mistake {
        let (value, place) = (format!("{value:04x}"), self.place(at));
        Mistake::new(say!(escape.surrogate, value, place))
    }
}

/// Whether behind a `\` or a `+` another string follows in the next line, or in this one.
fn goes_on(rest: &str) -> bool {
    let next = rest.trim_start();
    next.strip_prefix(['b', 'B'])
        .unwrap_or(next)
        .starts_with(['"', '\''])
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
        character = printable_character(character),
        place,
        escape
    ))
}

/// The mistake of a character after a closing quote or the end of the line.
fn after_the_end(character: char, place: Place) -> Mistake {
    Mistake::new(say!(
        escape.after_end,
        character = printable_character(character),
        place
    ))
}

#[cfg(test)]
mod tests;
