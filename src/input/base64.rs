//! Base64 in the standard alphabet or that of URLs, in one line or wrapped, with padding or without.
//!
//! The alphabet covers most words and all hex digits, so that text is taken as base64 only when
//! what it gives could begin a WebSocket frame.

use ::base64::Engine;
use ::base64::alphabet;
use ::base64::engine::DecodePaddingMode;
use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};

use super::frames::{self, Fit};
use super::hex;
use super::text::{Mistake, Place, shown_character};
use super::wrapped;
use super::{Error, Sink, TextReader};
use crate::words::{say, text};

/// How many characters are decoded at once.
const BLOCK: usize = 4096;

/// Decodes a cut text, whose last character may have bits of the byte that was cut off.
const CUT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Whether the sample is base64 that could be a WebSocket frame and is not hex, perhaps in quotes or
/// in a data URL.
pub(super) fn looks(sample: &str, whole: bool) -> bool {
    let head = wrapped::head(sample);
    let sample = head.inner(sample);
    could_be(sample, whole)
        && (head.is_data_url || !is_mistyped_hex(sample))
        && !hex::looks(sample, whole)
        && (head.is_data_url || first_byte(sample).is_some_and(frames::could_begin))
        && (head.is_data_url || !whole || !is_word(sample))
}

/// Whether the sample could be a word: a few letters and nothing else, which are no whole frames.
fn is_word(sample: &str) -> bool {
    const LONGEST: usize = 16;
    let text = sample.trim();
    let letters = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let bytes = || CUT.decode(text).unwrap_or_default();
    letters && frames::fit(&bytes()) != Fit::Whole
}

/// Whether the sample is base64 going by its alphabet and its length.
pub(super) fn could_be(sample: &str, whole: bool) -> bool {
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
    let fits = matches!(tail, (0 | 2 | 3, 0) | (2, 2) | (3, 1));
    letters > 0 && if whole { fits } else { padding <= 2 }
}

/// Whether all but one of the letters are hex digits: more likely hex with a slip.
fn is_mistyped_hex(sample: &str) -> bool {
    let wrong = sample.chars().filter(|&character| is_letter(character));
    let wrong = wrong
        .filter(|&character| hex::digit(character).is_none() && !matches!(character, '-' | '_'));
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

/// Reads base64. White space may stand anywhere: who says that a text is base64 may wrap and
/// indent it.
pub(super) struct Base64Reader {
    /// Where the next text stands.
    place: Place,
    /// Letters not decoded yet; less than four from one text to the next.
    held: Vec<u8>,
    /// How many `=` there were.
    padding: usize,
    /// The latest character that only one of the two alphabets has.
    special: Option<char>,
}

impl Base64Reader {
    pub(super) fn new() -> Self {
        Self {
            place: Place::START,
            held: Vec::with_capacity(BLOCK),
            padding: 0,
            special: None,
        }
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        for (offset, character) in text.char_indices() {
            let wrong = match character {
                ' ' | '\t' | '\n' | '\x0c' | '\r' => continue,
                '=' => {
                    self.padding += 1;
                    if self.held.len() % 4 >= 2 && self.held.len() % 4 + self.padding <= 4 {
                        continue;
                    }
                    text!(base64.misplaced_padding, character, place)
                }
                _ if !is_letter(character) => {
                    text!(base64.not_in_alphabet, character, place)
                }
                _ if self.padding > 0 => {
                    text!(base64.after_padding, character, place)
                }
                _ if !self.fits(character) => {
                    text!(base64.mixed_alphabets, character, place)
                }
                _ => {
                    if self.held.len() == BLOCK {
                        self.decode(sink)?;
                    }
                    // Only characters of one byte are letters.
                    self.held.extend(u8::try_from(match character {
                        '-' => '+',
                        '_' => '/',
                        _ => character,
                    }));
                    continue;
                }
            };
            let place = self.place.after(text.get(..offset).unwrap_or_default());
            return Err(Mistake::of(wrong, "character", shown_character(character), place).into());
        }
        self.place = self.place.after(text);
        Ok(())
    }

    /// Whether `character` is of the same alphabet as those before: the standard one or that of
    /// URLs.
    fn fits(&mut self, character: char) -> bool {
        let is_url = |character| matches!(character, '-' | '_');
        if character.is_ascii_alphanumeric() {
            return true;
        }
        is_url(*self.special.get_or_insert(character)) == is_url(character)
    }

    /// Decodes all held letters that make whole bytes.
    fn decode(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let whole = self.held.len() - self.held.len() % 4;
        self.decode_first(whole, sink)
    }

    /// Decodes the first `count` held letters.
    fn decode_first(&mut self, count: usize, sink: &mut Sink<'_>) -> Result<(), Error> {
        let Some(letters) = self.held.get(..count).filter(|held| !held.is_empty()) else {
            return Ok(());
        };
        let mut bytes = [0; BLOCK / 4 * 3];
        // All of it is of the alphabet, so that only the last letter can be wrong.
        let made = STANDARD_NO_PAD
            .decode_slice(letters, &mut bytes)
            .map_err(|_| Mistake::new(say!(base64.more_bits)))?;
        self.held.drain(..count);
        match bytes.get_mut(..made) {
            Some(bytes) if !bytes.is_empty() => sink(bytes).map_err(Error::Sink),
            _ => Ok(()),
        }
    }
}

impl TextReader for Base64Reader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.decode(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let letters = self.held.len();
        if letters == 1 {
            return Err(Mistake::new(say!(base64.six_bits)).into());
        }
        if self.padding > 0 && letters + self.padding != 4 {
            return Err(Mistake::new(say!(base64.second_padding)).into());
        }
        self.decode_first(letters, sink)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{decoded, mistake};
    use super::*;

    fn read(text: &str) -> Vec<u8> {
        decoded(Box::new(Base64Reader::new()), text)
    }

    fn wrong(text: &str) -> String {
        mistake(Box::new(Base64Reader::new()), text)
    }

    #[test]
    fn padding_is_optional_but_must_be_right() {
        for text in ["iAID6A==", "iAID6A", "iAID\r\n 6A=\n=\n"] {
            assert_eq!(read(text), [0x88, 0x02, 0x03, 0xe8], "{text}");
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
            assert!(!looks(text, true), "{text}");
        }
    }

    #[test]
    fn a_cut_sample_may_have_any_length() {
        assert!(looks("iAID6", false));
        assert!(!looks("iAID6", true));
    }
}
