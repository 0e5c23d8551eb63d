//! Lists of numbers, one to a byte, as programs print arrays: `[136, 2, 3, 232]`,
//! `<Buffer 88 02>`, `new byte[] { 0x88, 0x02 }`.
//!
//! What stands around the numbers is known by heart (see `heads`), and says how to read them where
//! it can. A list that its program cut off, with dots at its end, is refused.

mod heads;
mod looks;
mod number;
#[cfg(test)]
mod tests;

pub(super) use looks::looks;
pub(super) use number::{Signs, decimal};

use super::hex::is_separator;
use super::output::Output;
use super::text::{Mistake, Place, shown, shown_character};
use super::{Error, Sink, TextReader};
use crate::words::say;
use heads::Head;

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// `136`, `-120`.
    Decimal,
    /// `88`, `2`: hex with one digit or two.
    Hex,
    /// `0x88`; more digits are more bytes.
    Prefixed,
    /// `88h`, `0e8h`.
    Suffixed,
    /// `210`: octal with three digits.
    Octal,
}

/// How much text is looked at to find where the numbers begin, and taken after their end.
const LONGEST_HEAD: usize = 512;

/// The longest number, with a cast before it and a type behind it. Only digits behind `0x` go on.
const LONGEST_NUMBER: usize = 64;

/// Where in the text the reader is.
enum State {
    /// Before the numbers, whose beginning is looked for in this text.
    Head(String),
    /// Among the numbers.
    Numbers,
    /// After the numbers, with the text from there, which begins at this place.
    Tail(String, Place),
}

/// Reads lists of numbers.
pub(super) struct ListReader {
    numbers: Numbers,
    output: Output,
    state: State,
    head: Head,
    /// Where the head ends.
    opened: Place,
    /// Where the next character stands.
    place: Place,
    /// The number now being read, and where it begins.
    token: String,
    token_place: Place,
    /// How many round brackets are open within that number.
    depth: usize,
    /// Whether digits of that number were already given out.
    begun: bool,
    /// Whether the numbers are over, and words about them follow.
    is_described: bool,
    /// How many bytes were read.
    count: u64,
    signs: Signs,
}

impl ListReader {
    pub(super) fn new(numbers: Numbers) -> Self {
        Self {
            numbers,
            output: Output::new(),
            state: State::Head(String::new()),
            head: Head::default(),
            opened: Place::START,
            place: Place::START,
            token: String::new(),
            token_place: Place::START,
            depth: 0,
            begun: false,
            is_described: false,
            count: 0,
            signs: Signs::default(),
        }
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        for character in text.chars() {
            if let State::Head(held) = &mut self.state {
                held.push(character);
                if held.len() >= LONGEST_HEAD {
                    self.begin(sink)?;
                }
            } else {
                self.take_character(character, sink)?;
            }
        }
        Ok(())
    }

    /// Finds the end of the head, and reads what was held to find it.
    fn begin(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let State::Head(held) = &mut self.state else {
            return Ok(());
        };
        let held = std::mem::take(held);
        self.state = State::Numbers;
        self.head = Head::of(&held);
        let (before, rest) = held
            .split_at_checked(self.head.length)
            .unwrap_or(("", &held));
        self.opened = self.place.after(
            before
                .get(..before.len().saturating_sub(1))
                .unwrap_or_default(),
        );
        self.place = self.place.after(before);
        rest.chars()
            .try_for_each(|character| self.take_character(character, sink))
    }

    fn take_character(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        if let State::Tail(tail, place) = &mut self.state {
            if tail.len() >= LONGEST_HEAD {
                return Err(Mistake::new(say!(list.more_follows, place = *place)).into());
            }
            tail.push(character);
        } else if self.depth == 0 && self.head.tail.starts_with(character) {
            self.end_number(sink)?;
            self.state = State::Tail(character.to_string(), self.place);
        } else if self.is_described {
            // What describes the array is no number.
        } else if self.depth == 0 && self.is_between(character) {
            // A cast belongs to the number after it.
            if !(character == ' ' && self.token.ends_with(')') && self.token.starts_with('(')) {
                self.end_number(sink)?;
            }
        } else {
            self.take_of_number(character, sink)?;
        }
        self.place = self.place.after_character(character);
        Ok(())
    }

    /// Whether `character` may stand between two numbers.
    fn is_between(&self, character: char) -> bool {
        character == ','
            || character.is_whitespace()
            || (self.numbers == Numbers::Prefixed && is_separator(character))
    }

    /// Takes a character that is part of a number, or should be.
    fn take_of_number(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.token.is_empty() && !self.begun {
            self.token_place = self.place;
        }
        match character {
            '(' => self.depth += 1,
            ')' if self.depth > 0 => self.depth -= 1,
            ')' | ']' | '}' | '>' => {
                return Err(
                    Mistake::new(say!(list.not_opened, character, place = self.place)).into(),
                );
            }
            _ => {}
        }
        self.token.push(character);
        if self.token.len() < LONGEST_NUMBER {
            return Ok(());
        }
        // The digits behind a `0x` may go on and on.
        match self.token.strip_prefix("0x") {
            Some(digits) if self.numbers == Numbers::Prefixed && digits.len() % 2 == 0 => {
                let bytes = number::prefixed(digits, self.token_place, self.token_place)?;
                self.token.truncate(2);
                self.begun = true;
                self.give(&bytes, sink)
            }
            _ => Err(number::mistake(self.numbers, &self.token, self.token_place).into()),
        }
    }

    /// Ends the number, if there is one.
    fn end_number(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.token.is_empty() {
            return Ok(());
        }
        let token = std::mem::take(&mut self.token);
        let begun = std::mem::take(&mut self.begun);
        // Chrome's console goes on with the properties of the array. The count says what was before.
        if token == "buffer:" && self.head.claimed.is_some() {
            self.is_described = true;
            return Ok(());
        }
        if begun && token == "0x" {
            return Ok(());
        }
        if token.starts_with("...") || token.starts_with('…') {
            return Err(Mistake::new(say!(
                list.cut_off,
                place = self.token_place,
                token = shown(&token)
            ))
            .into());
        }
        let bytes = number::bytes(self.numbers, &token, self.token_place, self.head.is_packed)?;
        if self.numbers == Numbers::Decimal {
            let byte = bytes.first().copied().unwrap_or_default();
            self.signs.check(&token, byte, self.token_place)?;
        }
        self.give(&bytes, sink)
    }

    fn give(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Error> {
        self.count += bytes.len() as u64;
        self.output.extend(bytes, sink)
    }

    /// Checks what surrounds the numbers, at the end of the text.
    fn check_end(&self) -> Result<(), Mistake> {
        let count = self.count;
        let (tail, place) = match &self.state {
            State::Tail(tail, place) => (tail.as_str(), *place),
            _ if self.head.tail.is_empty() => ("", self.place),
            _ => {
                let bracket = shown_character(self.head.opening);
                let place = self.opened;
                return Err(Mistake::new(say!(list.not_closed, bracket, place)));
            }
        };
        let claimed = self.head.check_tail(tail).map_err(|rest| {
            Mistake::new(say!(list.rest_follows, place, rest = shown(rest.trim())))
        })?;
        match claimed.or(self.head.claimed) {
            Some(claimed) if claimed != count => {
                Err(Mistake::new(say!(list.fewer_than_claimed, claimed, count)))
            }
            _ => Ok(()),
        }
    }
}

impl TextReader for ListReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.begin(sink).and_then(|()| self.end_number(sink));
        self.output.flush(sink)?;
        result?;
        Ok(self.check_end()?)
    }
}
