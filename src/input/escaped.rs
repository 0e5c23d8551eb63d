//! Text with escapes, as printed by programs for strings of bytes: `\x88\x02`, `b"\x81\x05hello"`.
//!
//! The escapes are those of C, and `\u` with four digits. A character that is not escaped stands
//! for itself, spaces too; white space before the text and line breaks after it do not count.

use super::dump;
use super::hex::digit;
use super::output::Output;
use super::text::{Mistake, Place, shown_character};
use super::{Error, Sink, TextReader};

/// Whether the sample has an escape that gives a byte by its number, or was meant to.
pub(super) fn looks(sample: &str, _whole: bool) -> bool {
    let numbered = sample.split('\\').skip(1).any(|after| {
        let mut characters = after.chars();
        match characters.next() {
            Some('x') => true,
            Some('u') => characters.next().and_then(digit).is_some(),
            Some(character) => character.is_digit(8),
            None => false,
        }
    });
    // The text beside the bytes of a dump may hold anything.
    numbered && !dump::looks_any(sample)
}

/// What the reader is in the middle of.
#[derive(Clone, Copy)]
enum State {
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
    /// A character in four hex digits: `\u00e9`.
    Character,
}

impl Kind {
    const fn radix(self) -> u32 {
        match self {
            Self::Octal => 8,
            Self::Hex | Self::Character => 16,
        }
    }

    /// The greatest number of digits; in hex also the smallest.
    const fn digits(self) -> u8 {
        match self {
            Self::Hex => 2,
            Self::Octal => 3,
            Self::Character => 4,
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
}

impl EscapedReader {
    pub(super) fn new() -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            state: State::Before,
            quote: None,
            quoted: false,
        }
    }

    fn take(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        match self.state {
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
            State::After if character.is_whitespace() => {}
            State::After => return Err(after_the_end(character, self.place).into()),
        }
        self.place = self.place.after_character(character);
        Ok(())
    }

    /// Takes a character outside the text, which may begin it.
    fn take_before(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        match character {
            '"' | '\'' => self.open(character),
            'b' => self.state = State::Prefix(self.place),
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
                return Err(Mistake::new(format!(
                    "`\\{}` at {place} is not a known escape; write `\\\\` for a backslash",
                    shown_character(character)
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
        let Some(digit) = character.to_digit(number.kind.radix()) else {
            self.end(number, sink)?;
            return self.take_text(character, sink);
        };
        let number = Number {
            digits: number.digits + 1,
            value: number.value * number.kind.radix() + digit,
            ..number
        };
        if number.digits == number.kind.digits() {
            self.end(number, sink)
        } else {
            self.state = State::Number(number);
            Ok(())
        }
    }

    /// Gives out what `number` stands for.
    fn end(&mut self, number: Number, sink: &mut Sink<'_>) -> Result<(), Error> {
        let Number { place, value, .. } = number;
        self.state = State::Text;
        let mistake = match number.kind {
            Kind::Hex if number.digits < 2 => {
                format!("`\\x` at {place} needs two hex digits, as in `\\x08`")
            }
            Kind::Character if number.digits < 4 => {
                format!("`\\u` at {place} needs four hex digits, as in `\\u00e9`")
            }
            Kind::Character => match char::from_u32(value) {
                Some(character) => return self.push(character, sink),
                None => format!(
                    "`\\u{value:04x}` at {place} is half of a character; write the character itself"
                ),
            },
            Kind::Hex | Kind::Octal => match u8::try_from(value) {
                Ok(byte) => return self.output.push(byte, sink),
                Err(_) => {
                    format!("`\\{value:o}` at {place} is more than a byte; the greatest is `\\377`")
                }
            },
        };
        Err(Mistake::new(mistake).into())
    }

    /// Gives out a character in UTF-8.
    fn push(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
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
        match self.state {
            State::Backslash(place) => {
                let message = format!("nothing follows the `\\` at {place}; write `\\\\` for one");
                return Err(Mistake::new(message).into());
            }
            State::Number(number) => self.end(number, sink)?,
            State::Prefix(place) if self.quoted => return Err(after_the_end('b', place).into()),
            State::Prefix(_) => self.output.push(b'b', sink)?,
            State::Before | State::Text | State::After => {}
        }
        self.output.flush(sink)?;
        match self.quote {
            Some((quote, place)) => {
                let message = format!("the quote `{quote}` at {place} is not closed");
                Err(Mistake::new(message).into())
            }
            None => Ok(()),
        }
    }
}

/// The mistake of a control character in the text.
fn unescaped(character: char, place: Place) -> Mistake {
    let number = u32::from(character);
    let escape = if character.is_ascii() {
        format!("\\x{number:02x}")
    } else {
        format!("\\u{number:04x}")
    };
    Mistake::new(format!(
        "`{}` at {place} cannot stand for itself; write `{escape}`",
        shown_character(character)
    ))
}

/// The mistake of a character after a closing quote or the end of the line.
fn after_the_end(character: char, place: Place) -> Mistake {
    Mistake::new(format!(
        "`{}` at {place} comes after the end of the text; write a line break within it as `\\n`",
        shown_character(character)
    ))
}

#[cfg(test)]
mod tests;
