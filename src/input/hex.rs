//! Hex digits: two to a byte, in one run or in groups with separators between the bytes, as from
//! `xxd -p` or a packet viewer. Digits behind `0x` are left to `prefixed`.

use super::dump;
use super::output::Output;
use super::text::{Mistake, Place, shown_character};
use super::{Error, Sink, TextReader};
use crate::words::{Text, Value, say, text};

/// What stands in the table for a byte that is not a hex digit.
const NO_DIGIT: u8 = 0xff;

/// What stands in the table for a byte that may stand between the bytes of a text.
const SEPARATOR: u8 = 0xf0;

/// The value of every hex digit, by its byte.
static VALUES: [u8; 256] = values();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses an index out of range"
)]
const fn values() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let digits = b"0123456789abcdef";
    let mut value = 0;
    while value < 16 {
        let digit = digits[value as usize];
        table[digit as usize] = value;
        table[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    let separators = b" \t\n\x0c\r:,;-_";
    let mut index = 0;
    while index < separators.len() {
        table[separators[index] as usize] = SEPARATOR;
        index += 1;
    }
    table
}

/// The value of a hex digit of either case; else [`SEPARATOR`] or [`NO_DIGIT`], which both are
/// greater than any digit.
#[expect(
    clippy::indexing_slicing,
    reason = "a table of 256 has a place for every byte"
)]
fn value(byte: u8) -> u8 {
    VALUES[usize::from(byte)]
}

/// The value of a hex digit of either case.
pub(super) fn digit(character: char) -> Option<u8> {
    let byte = u8::try_from(character).ok()?;
    Some(value(byte)).filter(|&value| value < 16)
}

/// Whether `character` may stand between two bytes.
pub(super) fn is_separator(character: char) -> bool {
    u8::try_from(character).is_ok_and(|byte| value(byte) == SEPARATOR)
}

/// Whether `character` is white space beyond ASCII, or a mark that takes no room.
fn is_blank(character: char) -> bool {
    !character.is_ascii()
        && (character.is_whitespace() || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}'))
}

/// Whether the sample is hex: nothing but digits and separators, and not the beginning of a dump.
pub(super) fn looks(sample: &str, _whole: bool) -> bool {
    sample.chars().all(|character| {
        digit(character).is_some() || is_separator(character) || is_blank(character)
    }) && !dump::certain(sample)
}

/// The mistake of a character that is no hex digit where one is needed.
pub(super) fn not_a_digit(character: char, place: Place) -> Mistake {
    Mistake::new(say!(
        hex.not_a_digit,
        character = shown_character(character),
        place
    ))
}

/// The mistake of one digit standing alone.
pub(super) fn half_a_byte(digit: char, place: Place) -> Mistake {
    Mistake::new(say!(hex.half_byte, digit, place))
}

/// The mistake of a group of three or any greater odd number of digits. Without a place, the
/// group is all there is.
pub(super) fn odd_digits(count: u64, place: Option<Place>) -> Mistake {
    const WORDS: [Text; 10] = [
        Text::Given(""),
        Text::Given(""),
        text!(number.two),
        text!(number.three),
        text!(number.four),
        text!(number.five),
        text!(number.six),
        text!(number.seven),
        text!(number.eight),
        text!(number.nine),
    ];
    let whole = count / 2;
    let word = usize::try_from(whole)
        .ok()
        .and_then(|whole| WORDS.get(whole))
        .map_or_else(|| Value::from(whole), |word| Value::from(*word));
    Mistake::new(match (place, whole) {
        (Some(place), 1) => say!(hex.one_and_a_half_from, count, place),
        (Some(place), _) => say!(hex.and_a_half_from, count, place, bytes = word),
        (None, 1) => say!(hex.one_and_a_half, count),
        (None, _) => say!(hex.and_a_half, count, bytes = word),
    })
}

/// Decodes the pairs of digits at the front of `text`, as long as there is room. Gives the number
/// of bytes made.
pub(super) fn decode_pairs(text: &[u8], room: &mut [u8]) -> usize {
    /// How many pairs are decoded before they are checked.
    const BLOCK: usize = 8;
    let mut made = 0;
    // In a long run of digits, many pairs are checked at once.
    for (pairs, bytes) in text
        .chunks_exact(2 * BLOCK)
        .zip(room.chunks_exact_mut(BLOCK))
    {
        let mut marks = 0;
        for (pair, byte) in pairs.chunks_exact(2).zip(bytes) {
            marks |= decode_pair(pair, byte);
        }
        if marks > 0xf {
            break;
        }
        made += BLOCK;
    }
    let pairs = text.chunks_exact(2).skip(made);
    for (pair, byte) in pairs.zip(room.iter_mut().skip(made)) {
        if decode_pair(pair, byte) > 0xf {
            break;
        }
        made += 1;
    }
    made
}

/// Decodes the bytes at the front of `text` that are two digits and one separator each, as long as
/// there is room. Gives the number of bytes made.
fn decode_separated(text: &[u8], room: &mut [u8]) -> usize {
    let mut made = 0;
    for (group, byte) in text.chunks_exact(3).zip(room) {
        let &[high, low, separator] = group else {
            break;
        };
        if value(separator) != SEPARATOR || decode_pair(&[high, low], byte) > 0xf {
            break;
        }
        made += 1;
    }
    made
}

/// Makes `byte` of two digits. Gives something above 0xf if they are not both digits; then the byte
/// means nothing.
fn decode_pair(pair: &[u8], byte: &mut u8) -> u8 {
    let &[high, low] = pair else { return NO_DIGIT };
    let (high, low) = (value(high), value(low));
    *byte = high << 4 | low;
    high | low
}

/// Reads hex digits with separators between the bytes.
pub(super) struct HexReader {
    output: Output,
    /// Where the next text stands.
    place: Place,
    /// Where the current or latest group of digits begins.
    group: Place,
    /// How many digits that group has so far.
    digits: u64,
    /// Whether the next digit belongs to that group, no separator having come since.
    open: bool,
    /// Whether there was a group before that one.
    several: bool,
    /// The latest digit that waits for its second half.
    half: u8,
}

impl HexReader {
    pub(super) fn new() -> Self {
        Self {
            output: Output::new(),
            place: Place::START,
            group: Place::START,
            digits: 0,
            open: false,
            several: false,
            half: b'0',
        }
    }

    /// Reads `text`. Positions are worked out at its end or at a mistake, not for every character.
    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        // Where in `text` the current group begins, if it does so here.
        let mut begun = None;
        let mut rest = text.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let offset = text.len() - rest.len();
            let mut value = value(byte);
            let mut after = after;
            if value == NO_DIGIT && !byte.is_ascii() {
                // Web pages and word processors put other spaces between bytes.
                let blank = text.get(offset..).and_then(|text| text.chars().next());
                if let Some(blank) = blank.filter(|&character| is_blank(character)) {
                    value = SEPARATOR;
                    after = rest.get(blank.len_utf8()..).unwrap_or_default();
                }
            }
            if value == SEPARATOR {
                if self.open && self.digits == 1 {
                    return Err(self.odd_group(self.group_place(text, begun), true));
                }
                self.open = false;
                rest = after;
                continue;
            }
            if !self.open && self.is_odd() {
                // Told only now, because at the end of the text it is told in another way.
                return Err(self.odd_group(self.group_place(text, begun), true));
            }
            if value == NO_DIGIT {
                let character = text.get(offset..).and_then(|text| text.chars().next());
                let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(not_a_digit(character, self.place_at(text, offset)).into());
            }
            if !self.open {
                self.several |= self.digits > 0;
                let made = decode_separated(rest, self.output.room(sink)?);
                if made > 0 {
                    self.output.advance(made);
                    self.several |= made > 1;
                    self.digits = 2;
                    begun = Some(offset + 3 * (made - 1));
                    rest = rest.get(3 * made..).unwrap_or_default();
                    continue;
                }
                self.digits = 0;
                self.open = true;
                begun = Some(offset);
            }
            if self.is_odd() {
                let high = self::value(self.half);
                self.output.push(high << 4 | value, sink)?;
            } else {
                let made = decode_pairs(rest, self.output.room(sink)?);
                if made > 0 {
                    self.output.advance(made);
                    self.digits += 2 * made as u64;
                    rest = rest.get(2 * made..).unwrap_or_default();
                    continue;
                }
                self.half = byte;
            }
            self.digits += 1;
            rest = after;
        }
        let (before, group) = begun
            .and_then(|begun| text.split_at_checked(begun))
            .unwrap_or((text, ""));
        self.place = self.place.after(before);
        if begun.is_some() {
            self.group = self.place;
        }
        self.place = self.place.after(group);
        Ok(())
    }

    /// Whether the current or latest group lacks the second half of its last byte.
    fn is_odd(&self) -> bool {
        self.digits % 2 == 1
    }

    /// Where the character at `offset` of the text now being read stands.
    fn place_at(&self, text: &str, offset: usize) -> Place {
        self.place.after(text.get(..offset).unwrap_or_default())
    }

    /// Where the current or latest group begins: at `begun` of the text now being read, or in an
    /// earlier one.
    fn group_place(&self, text: &str, begun: Option<usize>) -> Place {
        begun.map_or(self.group, |offset| self.place_at(text, offset))
    }

    /// The mistake of a group at `place` that makes no whole number of bytes.
    fn odd_group(&self, place: Place, several: bool) -> Error {
        if self.digits == 1 {
            half_a_byte(char::from(self.half), place).into()
        } else {
            odd_digits(self.digits, several.then_some(place)).into()
        }
    }
}

impl TextReader for HexReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, _sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.is_odd() {
            return Err(self.odd_group(self.group, self.several));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
