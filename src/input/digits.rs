//! Hex digits, as all forms write them: what they are worth, and what is wrong where they are not.

use super::text::{Mistake, Place, printable_character};
use crate::words::{Text, Value, say, text};

/// What stands in the table for a byte that is not a hex digit.
pub(super) const NO_DIGIT: u8 = 0xff;

/// What stands in the table for a byte that may stand between the bytes of a text.
pub(super) const SEPARATOR: u8 = 0xf0;

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
pub(super) fn value(byte: u8) -> u8 {
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
pub(super) fn is_blank(character: char) -> bool {
    !character.is_ascii()
        && (character.is_whitespace() || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}'))
}

/// The mistake of a character that is no hex digit where one is needed.
pub(super) fn not_a_digit(character: char, place: Place) -> Mistake {
    Mistake::new(say!(
        hex.not_a_digit,
        character = printable_character(character),
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
pub(super) fn decode_separated(text: &[u8], room: &mut [u8]) -> usize {
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
