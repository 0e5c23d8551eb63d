//! One number of a list.

use super::super::super::digits::{decode_pairs, digit, not_a_digit, odd_digits};
use super::super::super::number::decimal;
use super::super::super::text::{Mistake, Place, printable};
use super::Numbers;
use crate::words::{say, text};

/// Casts before a number and types behind it, which say nothing about the byte.
const CASTS: [&str; 6] = [
    "(byte)",
    "(sbyte)",
    "(char)",
    "(uint8_t)",
    "(Byte)",
    "(unsigned char)",
];
const TYPES: [&str; 7] = [".toByte()", ".toUByte()", "u8", "i8", "uy", "u", "U"];

/// Whether a text begins with a cast.
pub(super) fn is_cast(text: &str) -> bool {
    CASTS.into_iter().any(|cast| text.starts_with(cast))
}

/// A number without the quotes, the cast and the type around it.
pub(super) fn bare(token: &str) -> &str {
    let token = token.trim_matches(['"', '\'']);
    let cast = CASTS.into_iter().find_map(|cast| token.strip_prefix(cast));
    let token = cast.unwrap_or(token).trim_start();
    let typed = TYPES.into_iter().find_map(|name| token.strip_suffix(name));
    typed.unwrap_or(token)
}

/// The bytes that `token`, which stands at `place`, is written for. `packed` hex may have more
/// digits than those of one byte.
pub(super) fn bytes(
    numbers: Numbers,
    token: &str,
    place: Place,
    packed: bool,
) -> Result<Vec<u8>, Mistake> {
    let number = bare(token);
    let is_hex = !number.is_empty() && number.chars().all(|character| digit(character).is_some());
    let one = |byte: u8| vec![byte];
    let found = match numbers {
        Numbers::Decimal => decimal(number).map(one),
        Numbers::Hex if packed && is_hex => return prefixed(number, place, place),
        Numbers::Hex if is_hex && number.len() <= 2 => u8::from_str_radix(number, 16).ok().map(one),
        Numbers::Hex => None,
        Numbers::Prefixed => {
            let digits = number.strip_prefix("0x").or(number.strip_prefix("0X"));
            match digits {
                Some("") => return Err(Mistake::new(say!(list.no_digits, place))),
                Some(digits) => {
                    let before = token.find(['x', 'X']).and_then(|at| token.get(..=at));
                    return prefixed(digits, place, place.after(before.unwrap_or_default()));
                }
                None => None,
            }
        }
        Numbers::Suffixed => suffixed(number).map(one),
        Numbers::Octal => {
            let is_octal = number.chars().all(|character| character.is_digit(8));
            let fits = is_octal && (1..=3).contains(&number.len());
            u8::from_str_radix(number, 8).ok().filter(|_| fits).map(one)
        }
    };
    found.ok_or_else(|| mistake(numbers, token, place))
}

/// The bytes of hex digits, which begin at `digits_place`, of the number at `place`. One digit is a
/// byte.
pub(super) fn prefixed(
    digits: &str,
    place: Place,
    digits_place: Place,
) -> Result<Vec<u8>, Mistake> {
    let mut characters = digits.char_indices();
    if let Some((at, wrong)) = characters.find(|(_, character)| digit(*character).is_none()) {
        let before = digits.get(..at).unwrap_or_default();
        return Err(not_a_digit(wrong, digits_place.after(before)));
    }
    if let Ok(byte) = u8::from_str_radix(digits, 16) {
        if digits.len() == 1 {
            return Ok(vec![byte]);
        }
    }
    if digits.len() % 2 == 1 {
        return Err(odd_digits(digits.len() as u64, Some(place)));
    }
    let mut bytes = vec![0; digits.len() / 2];
    decode_pairs(digits.as_bytes(), &mut bytes);
    Ok(bytes)
}

/// A byte in hex with an `h` behind it, and perhaps a zero before it: `0e8h`.
fn suffixed(token: &str) -> Option<u8> {
    let digits = token.strip_suffix('h').or(token.strip_suffix('H'))?;
    let is_hex = digits.chars().all(|character| digit(character).is_some());
    let fits = is_hex && (digits.len() <= 2 || (digits.len() == 3 && digits.starts_with('0')));
    u8::from_str_radix(digits, 16).ok().filter(|_| fits)
}

/// The mistake of what is no number of a list.
pub(super) fn mistake(numbers: Numbers, token: &str, place: Place) -> Mistake {
    let sentence = match numbers {
        Numbers::Decimal => text!(list.not_decimal, token, place),
        Numbers::Hex => text!(list.not_two_hex_digits, token, place),
        Numbers::Prefixed => {
            text!(list.not_0x, token, place)
        }
        Numbers::Suffixed => {
            text!(list.not_h, token, place)
        }
        Numbers::Octal => text!(list.not_octal, token, place),
    };
    Mistake::of(sentence, "token", printable(token), place)
}
