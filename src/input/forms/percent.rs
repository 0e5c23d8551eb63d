//! Percent-encoding, as in a URL: `%88%02%03%E8`.

use super::super::digits::digit;
use super::super::text::{Mistake, Place, printable_character};
use crate::words::{Text, say, text};

/// Whether a text looks percent-encoded: one word with a `%` and two digits in it.
pub(in super::super) fn may_be(text: &str) -> bool {
    let text = text.trim();
    let encoded = text.split('%').skip(1).any(|after| {
        let mut digits = after.chars().take(2);
        digits.next().and_then(digit).is_some() && digits.next().and_then(digit).is_some()
    });
    encoded && !text.contains(|character: char| character.is_whitespace() || character == '\\')
}

/// Reads percent-encoding.
pub(in super::super) fn read(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    let mut characters = text.char_indices();
    let (mut begun, mut spaced) = (false, false);
    while let Some((at, character)) = characters.next() {
        if character.is_whitespace() {
            spaced = begun;
            continue;
        }
        let wrong = |wrong: Text| {
            let place = Place::of(text, at);
            Mistake::of(wrong, "character", printable_character(character), place)
        };
        if spaced {
            return Err(wrong(text!(percent.after_space, character, place)));
        }
        begun = true;
        match character {
            '%' => {
                let mut half = || {
                    characters
                        .next()
                        .and_then(|(_, character)| digit(character))
                };
                let (Some(high), Some(low)) = (half(), half()) else {
                    let place = Place::of(text, at);
                    return Err(Mistake::new(say!(percent.needs_two, place)));
                };
                bytes.push(high << 4 | low);
            }
            '+' => return Err(wrong(text!(percent.plus, character, place))),
            '!'..='~' => bytes.extend(u8::try_from(character)),
            _ => return Err(wrong(text!(percent.not_itself, character, place))),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_encoded_stands_for_itself() {
        assert_eq!(read(" %81%05hello\n").unwrap(), b"\x81\x05hello");
        assert_eq!(read("%88%02%03%E8").unwrap(), b"\x88\x02\x03\xe8");
    }

    #[test]
    fn what_has_two_meanings_is_a_mistake() {
        let wrong = |text| read(text).unwrap_err().to_string();
        assert!(wrong("%81+").starts_with("`+` at character 4 could be itself or a space"));
        assert!(wrong("%8").starts_with("`%` at character 1 needs two hex digits"));
        assert!(wrong("%81 %82").starts_with("`%` at character 5 comes after a space"));
        assert!(!may_be("100% of 88"));
    }
}
