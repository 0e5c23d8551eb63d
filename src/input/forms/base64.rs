//! Base64 in the standard alphabet or that of URLs, in one line or wrapped, with padding or without.
//!
//! The alphabet covers most words and all hex digits, so that text is taken as base64 only when
//! what it gives could begin a WebSocket frame.

use ::base64::Engine;
use ::base64::alphabet;
use ::base64::engine::DecodePaddingMode;
use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};

use super::super::digits::{digit, is_blank, is_separator};
use super::super::frames::{self, Fit};
use super::super::quotes;
use super::super::text::{Mistake, Place, printable_character};
use crate::words::{say, text};

/// Decodes a cut text, whose last character may have bits of the byte that was cut off.
const CUT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Whether a text is base64 that could be a WebSocket frame and is not hex, perhaps in quotes or
/// in a data URL.
pub(in super::super) fn may_be(text: &str) -> bool {
    let head = quotes::head(text);
    let text = head.inner(text);
    let is_hex =
        |character| digit(character).is_some() || is_separator(character) || is_blank(character);
    fits_alphabet(text)
        && !text.chars().all(is_hex)
        && (head.is_data_url
            || (!is_mistyped_hex(text)
                && (first_byte(text).is_some_and(frames::could_begin) || is_upgrade(text))
                && !is_word(text)))
}

/// Whether the text is that of an upgrade before frames: `GET /` or `HTTP/` in base64.
fn is_upgrade(text: &str) -> bool {
    let text = text.trim_start();
    ["R0VUIC", "SFRUUC"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether the sample could be a word: a few letters and nothing else, which are no whole frames.
fn is_word(sample: &str) -> bool {
    const LONGEST: usize = 16;
    let text = sample.trim();
    let letters = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let bytes = || CUT.decode(text).unwrap_or_default();
    letters && frames::fit(&bytes()) != Fit::Whole
}

/// Whether a text is base64 going by its alphabet and its length.
pub(in super::super) fn fits_alphabet(sample: &str) -> bool {
    let (mut letters, mut padding) = (0_usize, 0_usize);
    for character in sample.trim().chars() {
        match character {
            '\n' | '\r' => {}
            '=' => padding += 1,
            _ if padding == 0 && is_letter(character) => letters += 1,
            _ => return false,
        }
    }
    let tail = (letters % 4, padding);
    letters > 0 && matches!(tail, (0 | 2 | 3, 0) | (2, 2) | (3, 1))
}

/// Whether all but one of the letters are hex digits: more likely hex with a slip.
fn is_mistyped_hex(sample: &str) -> bool {
    let wrong = sample.chars().filter(|&character| is_letter(character));
    let wrong =
        wrong.filter(|&character| digit(character).is_none() && !matches!(character, '-' | '_'));
    !sample.contains('=') && wrong.take(2).count() < 2
}

/// The byte that the first letters of the sample stand for.
fn first_byte(sample: &str) -> Option<u8> {
    let letters: String = sample.chars().filter(|&c| is_letter(c)).take(2).collect();
    CUT.decode(letters.replace('-', "+").replace('_', "/"))
        .ok()?
        .first()
        .copied()
}

/// Whether `character` is of the base64 alphabet, padding aside.
fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '-' | '_')
}

/// Reads base64, perhaps in quotes. White space may stand anywhere: who says that a text is base64
/// may wrap and indent it.
pub(in super::super) fn read(text: &str) -> Result<Vec<u8>, Mistake> {
    let unquoted = quotes::unquoted(text);
    let (mut letters, mut padding) = (Vec::new(), 0);
    let mut special = None;
    let is_url = |character| matches!(character, '-' | '_');
    for (at, character) in unquoted.inner.char_indices() {
        let wrong = match character {
            ' ' | '\t' | '\n' | '\x0c' | '\r' => continue,
            '=' => {
                padding += 1;
                if letters.len() % 4 >= 2 && letters.len() % 4 + padding <= 4 {
                    continue;
                }
                text!(base64.misplaced_padding, character, place)
            }
            _ if !is_letter(character) => text!(base64.not_in_alphabet, character, place),
            _ if padding > 0 => text!(base64.after_padding, character, place),
            // Of two alphabets, the standard one and that of URLs, a text has one.
            _ if !character.is_ascii_alphanumeric()
                && is_url(*special.get_or_insert(character)) != is_url(character) =>
            {
                text!(base64.mixed_alphabets, character, place)
            }
            _ => {
                letters.extend(u8::try_from(match character {
                    '-' => '+',
                    '_' => '/',
                    _ => character,
                }));
                continue;
            }
        };
        let place = Place::of(text, unquoted.at + at);
        return Err(Mistake::of(
            wrong,
            "character",
            printable_character(character),
            place,
        ));
    }
    let rest = letters.len() % 4;
    if rest == 1 {
        return Err(Mistake::new(say!(base64.six_bits)));
    }
    if padding > 0 && rest + padding != 4 {
        return Err(Mistake::new(say!(base64.second_padding)));
    }
    // All of it is of the alphabet, so that only the last letter can be wrong.
    let bytes = STANDARD_NO_PAD.decode(letters);
    unquoted.end?;
    bytes.map_err(|_| Mistake::new(say!(base64.more_bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn padding_is_optional_but_must_be_right() {
        for text in ["iAID6A==", "iAID6A", "iAID\r\n 6A=\n=\n"] {
            assert_eq!(read(text).unwrap(), [0x88, 0x02, 0x03, 0xe8], "{text}");
        }
        assert_eq!(wrong("iAID6A="), "a second `=` is missing at the end");
        let place = "is out of place; padding only fills up the last four characters";
        assert_eq!(wrong("iAID="), format!("`=` at character 5 {place}"));
        assert_eq!(wrong("iAID6A==="), format!("`=` at character 9 {place}"));
        assert_eq!(
            wrong("iAID6A==\niA"),
            "`i` at line 2, character 1 comes after the padding, which ends base64"
        );
    }

    #[test]
    fn a_cut_text_is_a_mistake() {
        assert!(wrong("iAID6").contains("gives only six bits"));
        assert!(wrong("iAID6B").contains("bits of one more byte"));
        assert_eq!(
            wrong("iA!D"),
            "`!` at character 3 is not in the base64 alphabet"
        );
    }

    #[test]
    fn mistyped_hex_is_not_base64() {
        for text in ["8102686g", "81 02 6g", "0x8802", "810268", "c10268zz"] {
            assert!(!may_be(text), "{text}");
        }
    }
}
