//! Percent-encoding, as in a URL: `%88%02%03%E8`.

use super::hex::digit;
use super::output::Output;
use super::text::{Mistake, Place, shown_character};
use super::{Error, Sink, TextReader};
use crate::words::{Text, say, text};

/// Whether the sample looks percent-encoded: one word with a `%` and two digits in it.
pub(super) fn looks(sample: &str, _whole: bool) -> bool {
    let text = sample.trim();
    let encoded = text.split('%').skip(1).any(|after| {
        let mut digits = after.chars().take(2);
        digits.next().and_then(digit).is_some() && digits.next().and_then(digit).is_some()
    });
    encoded && !text.contains(|character: char| character.is_whitespace() || character == '\\')
}

/// Reads percent-encoding.
pub(super) struct PercentReader {
    output: Output,
    /// Where the next character stands.
    place: Place,
    /// Where the latest `%` stands, and the digit behind it, if its byte is not complete.
    begun: Option<(Place, Option<u8>)>,
    /// Whether there was a character, and white space after it.
    state: (bool, bool),
}

impl PercentReader {
    pub(super) fn new() -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            begun: None,
            state: (false, false),
        }
    }

    fn take(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        let place = self.place;
        let wrong = |wrong: Text| {
            Err(Mistake::of(wrong, "character", shown_character(character), place).into())
        };
        self.place = place.after_character(character);
        if let Some((percent, high)) = self.begun {
            let Some(low) = digit(character) else {
                return Err(needs_digits(percent).into());
            };
            self.begun = match high {
                None => Some((percent, Some(low))),
                Some(high) => {
                    self.output.push(high << 4 | low, sink)?;
                    None
                }
            };
            return Ok(());
        }
        if character.is_whitespace() {
            self.state.1 = self.state.0;
            return Ok(());
        }
        if self.state.1 {
            return wrong(text!(percent.after_space, character, place));
        }
        self.state.0 = true;
        match character {
            '%' => {
                self.begun = Some((place, None));
                Ok(())
            }
            '+' => wrong(text!(percent.plus, character, place)),
            '!'..='~' => self
                .output
                .extend(character.encode_utf8(&mut [0; 4]).as_bytes(), sink),
            _ => wrong(text!(percent.not_itself, character, place)),
        }
    }
}

fn needs_digits(percent: Place) -> Mistake {
    Mistake::new(say!(percent.needs_two, place = percent))
}

impl TextReader for PercentReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = text
            .chars()
            .try_for_each(|character| self.take(character, sink));
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, _sink: &mut Sink<'_>) -> Result<(), Error> {
        match self.begun {
            Some((percent, _)) => Err(needs_digits(percent).into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{decoded, mistake};
    use super::*;

    #[test]
    fn what_is_not_encoded_stands_for_itself() {
        let read = |text| decoded(Box::new(PercentReader::new()), text);
        assert_eq!(read(" %81%05hello\n"), b"\x81\x05hello");
        assert_eq!(read("%88%02%03%E8"), b"\x88\x02\x03\xe8");
    }

    #[test]
    fn what_has_two_meanings_is_a_mistake() {
        let wrong = |text| mistake(Box::new(PercentReader::new()), text);
        assert!(wrong("%81+").starts_with("`+` at character 4 could be itself or a space"));
        assert!(wrong("%8").starts_with("`%` at character 1 needs two hex digits"));
        assert!(wrong("%81 %82").starts_with("`%` at character 5 comes after a space"));
        assert!(!looks("100% of 88", true));
    }
}
