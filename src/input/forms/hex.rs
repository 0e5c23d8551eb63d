//! Hex digits: two to a byte, in one run or in groups with separators between the bytes, as from
//! `xxd -p` or a packet viewer. Digits behind `0x` are in a form of their own.

use super::super::digits::{
    NO_DIGIT, SEPARATOR, decode_pairs, decode_separated, half_a_byte, is_blank, is_separator,
    not_a_digit, odd_digits, value,
};
use super::super::layout;
use super::super::output::Output;
use super::super::quotes;
use super::super::text::{Mistake, Place};
use super::super::{Error, Sink, TextReader};

/// Whether a text is nothing but digits and separators, and not the beginning of a dump.
pub(in super::super) fn may_be(text: &str) -> bool {
    text.chars().all(|character| {
        u8::try_from(character).is_ok_and(|byte| value(byte) != NO_DIGIT) || is_blank(character)
    }) && !layout::has_offsets(text)
}

/// Reads hex in quotes.
pub(in super::super) fn read_quoted(text: &str) -> Result<Vec<u8>, Mistake> {
    let unquoted = quotes::unquoted(text);
    let mut bytes = Vec::new();
    let mut reader = HexReader {
        place: Place::of(text, unquoted.at),
        ..HexReader::new()
    };
    let mut sink = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    match reader.feed(unquoted.inner, &mut sink) {
        Err(Error::Mistake(mistake)) => Err(mistake),
        _ => unquoted.end.map(|()| bytes),
    }
}

/// The digits behind one `\x`, with the quotes of SQL around it or without: `\x880203e8`, `'\x880203e8'::bytea`.
fn bytea(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(';');
    let text = text.strip_suffix("::bytea").unwrap_or(text);
    let quoted = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    let digits = quoted.unwrap_or(text).strip_prefix("\\x")?;
    digits
        .bytes()
        .all(|byte| value(byte) < 16)
        .then_some(digits)
}

/// Whether a text is a `bytea` as PostgreSQL prints it, of more than one byte.
pub(in super::super) fn may_be_bytea(text: &str) -> bool {
    bytea(text).is_some_and(|digits| digits.len() > 2)
}

/// Reads a `bytea`.
pub(in super::super) fn read_bytea(text: &str) -> Result<Vec<u8>, Mistake> {
    let digits = bytea(text).unwrap_or_default();
    if digits.len() % 2 == 1 || digits.is_empty() {
        return Err(odd_digits(digits.len() as u64, None));
    }
    let mut bytes = vec![0; digits.len() / 2];
    decode_pairs(digits.as_bytes(), &mut bytes);
    Ok(bytes)
}

/// Reads hex digits with separators between the bytes.
pub(in super::super) struct HexReader {
    output: Output,
    /// Where the next block stands.
    place: Place,
    /// Where the run of digits began that the latest block ends inside, and how many there were.
    open: Option<(Place, u64)>,
    /// Whether there was a group of digits before the current one.
    several: bool,
}

impl HexReader {
    pub(in super::super) fn new() -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            open: None,
            several: false,
        }
    }

    /// Reads a block. Positions are worked out at a mistake, not for every character.
    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut rest = text.as_bytes();
        while let Some(&byte) = rest.first() {
            let at = text.len() - rest.len();
            let value = value(byte);
            let blank = || {
                let character = text.get(at..).and_then(|text| text.chars().next());
                character.filter(|&character| is_blank(character))
            };
            let skipped = match value {
                SEPARATOR => Some(1),
                NO_DIGIT => blank().map(char::len_utf8),
                _ => None,
            };
            if let Some(skipped) = skipped {
                self.open = None;
                rest = rest.get(skipped..).unwrap_or_default();
                continue;
            }
            if self.open.is_none() {
                let made = decode_separated(rest, self.output.room(sink)?);
                if made > 0 {
                    self.output.advance(made);
                    self.several = true;
                    rest = rest.get(3 * made..).unwrap_or_default();
                    continue;
                }
            }
            let count = self.take_run(text, at, sink)?;
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads the digits at `at`, up to what is none. Gives how many there are.
    fn take_run(&mut self, text: &str, at: usize, sink: &mut Sink<'_>) -> Result<usize, Error> {
        let mut rest = text.as_bytes().get(at..).unwrap_or_default();
        let before = rest.len();
        loop {
            let made = decode_pairs(rest, self.output.room(sink)?);
            if made == 0 {
                break;
            }
            self.output.advance(made);
            rest = rest.get(2 * made..).unwrap_or_default();
        }
        let is_half = rest.first().is_some_and(|&byte| value(byte) < 16);
        rest = rest.get(usize::from(is_half)..).unwrap_or_default();
        let count = before - rest.len();
        let begun = || match self.open {
            Some((begun, _)) => begun,
            None => self.place_at(text, at),
        };
        let digits = self.open.map_or(0, |(_, held)| held) + count as u64;
        let end = text.get(at + count..).unwrap_or_default();
        let is_next = |character| is_separator(character) || is_blank(character);
        if let Some(wrong) = end.chars().next().filter(|&character| !is_next(character)) {
            return Err(not_a_digit(wrong, self.place_at(text, at + count)).into());
        }
        if digits == 1 {
            let digit = text.get(at..).and_then(|text| text.chars().next());
            return Err(half_a_byte(digit.unwrap_or_default(), begun()).into());
        }
        if is_half {
            let several = self.several || !end.chars().all(is_next);
            return Err(odd_digits(digits, several.then(begun)).into());
        }
        self.open = end.is_empty().then(|| (begun(), digits));
        self.several |= !end.is_empty();
        Ok(count)
    }

    fn place_at(&self, text: &str, offset: usize) -> Place {
        self.place.after(text.get(..offset).unwrap_or_default())
    }
}

impl TextReader for HexReader {
    fn feed(&mut self, block: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(block, sink);
        self.output.flush(sink)?;
        self.place = self.place.after(block);
        result
    }

    fn finish(&mut self, _sink: &mut Sink<'_>) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
