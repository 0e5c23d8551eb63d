//! Hex digits behind `0x`, as in source code: `{0x88, 0x02}`.
//!
//! Every number needs its prefix, because `10` among such numbers would be a decimal one.

use super::hex::{digit, is_separator, not_a_digit, odd_digits};
use super::output::Output;
use super::text::{Mistake, Place, shown_character};
use super::{Error, Sink, TextReader};

/// Whether the sample looks as if meant as hex numbers with prefixes.
pub(super) fn looks(sample: &str, _whole: bool) -> bool {
    sample
        .split(|character| is_separator(character) || is_bracket(character))
        .any(starts_with_prefix)
}

fn is_bracket(character: char) -> bool {
    matches!(character, '{' | '}' | '[' | ']')
}

fn starts_with_prefix(text: &str) -> bool {
    text.starts_with("0x") || text.starts_with("0X")
}

/// What the reader is in the middle of.
#[derive(Clone, Copy)]
enum State {
    /// Between numbers.
    Between,
    /// After a `0` at this place, which an `x` must follow.
    Zero(Place),
    /// In the digits of a number.
    Digits(Number),
}

/// A number as far as it was read.
#[derive(Clone, Copy)]
struct Number {
    /// Where its `0x` stands.
    place: Place,
    /// How many digits it has so far.
    digits: u64,
    /// Its latest digit.
    latest: u8,
}

/// The brackets around the numbers.
#[derive(Clone, Copy)]
enum Brackets {
    /// None so far.
    None,
    /// This one, opened here.
    Open(char, Place),
    /// Closed by this one.
    Closed(char),
}

/// Reads hex numbers with prefixes.
pub(super) struct PrefixedReader {
    output: Output,
    /// Where the next character stands.
    place: Place,
    state: State,
    brackets: Brackets,
    /// Whether there was a number.
    begun: bool,
}

impl PrefixedReader {
    pub(super) fn new() -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            state: State::Between,
            brackets: Brackets::None,
            begun: false,
        }
    }

    fn take(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        match self.state {
            State::Between => self.take_between(character)?,
            State::Zero(place) => {
                if !matches!(character, 'x' | 'X') {
                    return Err(no_prefix('0', place).into());
                }
                self.state = State::Digits(Number {
                    place,
                    digits: 0,
                    latest: 0,
                });
            }
            State::Digits(number) => match digit(character) {
                Some(value) => {
                    if number.digits % 2 == 1 {
                        self.output.push(number.latest << 4 | value, sink)?;
                    }
                    self.state = State::Digits(Number {
                        digits: number.digits + 1,
                        latest: value,
                        ..number
                    });
                }
                None if is_separator(character) || matches!(character, '}' | ']') => {
                    self.end(number, sink)?;
                    self.take_between(character)?;
                }
                None => return Err(not_a_digit(character, self.place).into()),
            },
        }
        self.place = self.place.after_character(character);
        Ok(())
    }

    /// Takes a character that belongs to no number, or begins one.
    fn take_between(&mut self, character: char) -> Result<(), Mistake> {
        let place = self.place;
        self.state = State::Between;
        if is_separator(character) {
            return Ok(());
        }
        match (character, self.brackets) {
            (_, Brackets::Closed(closing)) => {
                return Err(Mistake::new(format!(
                    "`{}` at {place} comes after the closing `{closing}`",
                    shown_character(character)
                )));
            }
            ('{' | '[', Brackets::None) if !self.begun => {
                self.brackets = Brackets::Open(character, place);
            }
            ('}', Brackets::Open('{', _)) | (']', Brackets::Open('[', _)) => {
                self.brackets = Brackets::Closed(character);
            }
            ('0', _) => {
                self.begun = true;
                self.state = State::Zero(place);
            }
            _ if digit(character).is_some() => return Err(no_prefix(character, place)),
            _ => {
                return Err(Mistake::new(format!(
                    "`{}` at {place} is no part of hex with `0x` prefixes",
                    shown_character(character)
                )));
            }
        }
        Ok(())
    }

    /// Ends a number, which may have one digit to its byte.
    fn end(&mut self, number: Number, sink: &mut Sink<'_>) -> Result<(), Error> {
        match number.digits {
            0 => Err(Mistake::new(format!("`0x` at {} has no digits", number.place)).into()),
            1 => self.output.push(number.latest, sink),
            digits if digits % 2 == 1 => Err(odd_digits(digits, Some(number.place)).into()),
            _ => Ok(()),
        }
    }
}

impl TextReader for PrefixedReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = text
            .chars()
            .try_for_each(|character| self.take(character, sink));
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        match self.state {
            State::Between => {}
            State::Zero(place) => return Err(no_prefix('0', place).into()),
            State::Digits(number) => {
                self.end(number, sink)?;
                self.output.flush(sink)?;
            }
        }
        match self.brackets {
            Brackets::Open(opening, place) => {
                Err(Mistake::new(format!("`{opening}` at {place} is not closed")).into())
            }
            _ => Ok(()),
        }
    }
}

/// The mistake of a number that begins with `digit` instead of `0x`.
fn no_prefix(digit: char, place: Place) -> Mistake {
    Mistake::new(format!(
        "`{digit}` at {place} begins a number without `0x`; write `0x` before every number"
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{decoded, mistake};
    use super::PrefixedReader;

    fn read(text: &str) -> Vec<u8> {
        decoded(Box::new(PrefixedReader::new()), text)
    }

    fn wrong(text: &str) -> String {
        mistake(Box::new(PrefixedReader::new()), text)
    }

    #[test]
    fn one_digit_is_a_byte_and_four_are_two() {
        assert_eq!(read("0x8"), [8]);
        assert_eq!(read("0X8802,0x3 0xE8;"), [0x88, 2, 3, 0xe8]);
        assert_eq!(
            wrong("0x88, 0x802"),
            "3 hex digits from character 7 make one and a half bytes; is a digit missing?"
        );
    }

    #[test]
    fn brackets_enclose_everything() {
        assert_eq!(read("{0x88, 0x02};\n"), [0x88, 2]);
        assert_eq!(read(" [\n 0x8,\n]"), [8]);
        assert_eq!(wrong("{0x88"), "`{` at character 1 is not closed");
        assert_eq!(
            wrong("{0x88]"),
            "`]` at character 6 is no part of hex with `0x` prefixes"
        );
        assert_eq!(
            wrong("{0x88}\n0"),
            "`0` at line 2, character 1 comes after the closing `}`"
        );
        assert_eq!(
            wrong("0x88 {"),
            "`{` at character 6 is no part of hex with `0x` prefixes"
        );
    }

    #[test]
    fn every_number_needs_its_prefix() {
        let advice = "begins a number without `0x`; write `0x` before every number";
        assert_eq!(wrong("0x88 10"), format!("`1` at character 6 {advice}"));
        assert_eq!(wrong("0x88 02"), format!("`0` at character 6 {advice}"));
        assert_eq!(wrong("0x88 0"), format!("`0` at character 6 {advice}"));
        assert_eq!(wrong("0x"), "`0x` at character 1 has no digits");
        assert_eq!(wrong("0x88u8"), "`u` at character 5 is not a hex digit");
    }
}
