//! Lists of numbers, one to a byte, as programs print arrays: `[136, 2, 3, 232]`,
//! `<Buffer 88 02>`, `new byte[] { 0x88, 0x02 }`.
//!
//! What stands around the numbers is known by heart (see `openings`), and says how to read them where
//! it can. A list that its program cut off, with dots at its end, is refused.

mod notation;
mod number;
mod openings;
#[cfg(test)]
mod tests;

pub(in super::super) use notation::may_be;

use super::super::digits::is_separator;
use super::super::number::Signs;
use super::super::text::{Mistake, Place, printable, printable_character};
use crate::words::say;
use openings::Opening;

/// How the numbers of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Numbers {
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

/// The longest number, with a cast before it and a type behind it. Only digits behind `0x` and `[hex=` go on.
const LONGEST_NUMBER: usize = 64;

/// Reads a list of such numbers.
pub(in super::super) fn read(numbers: Numbers, text: &str) -> Result<Vec<u8>, Mistake> {
    let opening = Opening::of(front(text));
    let mut list = List {
        numbers,
        text,
        is_packed: opening.is_packed,
        is_padded: opening.is_bare() && notation::is_padded(text),
        has_strings: opening.has_strings,
        is_counted: opening.claimed.is_some(),
        latest: (0, Place::START),
        bytes: Vec::new(),
        signs: Signs::default(),
    };
    // Where the number now being read begins, and how many round brackets are open within it.
    let (mut begun, mut depth) = (None, 0_usize);
    let mut end = None;
    let mut is_described = false;
    for (at, character) in text
        .get(opening.length..)
        .unwrap_or_default()
        .char_indices()
    {
        let at = opening.length + at;
        if depth == 0 && opening.tail.starts_with(character) {
            end = Some(at);
            break;
        }
        if is_described {
            continue;
        }
        if depth == 0 && list.is_between(character) {
            // A cast belongs to the number after it.
            let token = begun
                .and_then(|begun| text.get(begun..at))
                .unwrap_or_default();
            let is_cast = token.starts_with('(') && token.ends_with(')');
            if !(character == ' ' && is_cast) {
                is_described = list.take(begun.take(), at)?;
            }
            continue;
        }
        let start = *begun.get_or_insert(at);
        match character {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' | ']' | '}' | '>' => {
                let place = Place::of(text, at);
                return Err(Mistake::new(say!(list.not_opened, character, place)));
            }
            _ => {}
        }
        let token = text.get(start..at).unwrap_or_default();
        if token.len() >= LONGEST_NUMBER
            && !(numbers == Numbers::Prefixed && token.starts_with("0x"))
            && !(numbers == Numbers::Hex && opening.is_packed)
        {
            return Err(number::mistake(numbers, token, Place::of(text, start)));
        }
    }
    if !is_described {
        list.take(begun, end.unwrap_or(text.len()))?;
    }
    let count = list.bytes.len() as u64;
    match check_end(&opening, text, end)?.or(opening.claimed) {
        Some(claimed) if claimed != count => {
            Err(Mistake::new(say!(list.fewer_than_claimed, claimed, count)))
        }
        _ => Ok(list.bytes),
    }
}

/// So much of a text as has its opening.
fn front(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_HEAD);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Checks what stands behind the numbers, which end at `end`. Gives the count that it claims.
fn check_end(opening: &Opening, text: &str, end: Option<usize>) -> Result<Option<u64>, Mistake> {
    if end.is_none() && !opening.tail.is_empty() {
        let opened = opening.length.saturating_sub(opening.last.len_utf8());
        return Err(Mistake::new(say!(
            list.not_closed,
            bracket = printable_character(opening.last),
            place = Place::of(text, opened)
        )));
    }
    let end = end.unwrap_or(text.len());
    let tail = text.get(end..).unwrap_or_default();
    let place = Place::of(text, end);
    if tail.len() > LONGEST_HEAD {
        return Err(Mistake::new(say!(list.more_follows, place)));
    }
    opening.check_tail(tail).map_err(|rest| {
        Mistake::new(say!(
            list.rest_follows,
            place,
            rest = printable(rest.trim())
        ))
    })
}

/// Whether a number is dots in the place of others.
fn is_cut(token: &str) -> bool {
    token.starts_with("...") || token.starts_with('…')
}

/// A list that is read.
struct List<'a> {
    numbers: Numbers,
    text: &'a str,
    is_packed: bool,
    /// Whether decimal numbers have zeros before them, up to three digits.
    is_padded: bool,
    /// Whether what is in quotes is a string of bytes, and no number.
    has_strings: bool,
    /// Whether the opening says how many bytes there are.
    is_counted: bool,
    /// Where the latest number stands: so that no place is counted from the front.
    latest: (usize, Place),
    bytes: Vec<u8>,
    signs: Signs,
}

impl List<'_> {
    /// Whether `character` may stand between two numbers.
    fn is_between(&self, character: char) -> bool {
        character == ','
            || character.is_whitespace()
            || (self.numbers == Numbers::Prefixed && is_separator(character))
    }

    /// Takes the number from `begun` to `end`, if there is one. Gives whether the numbers are over,
    /// and words about them follow.
    fn take(&mut self, begun: Option<usize>, end: usize) -> Result<bool, Mistake> {
        let Some(begun) = begun else { return Ok(false) };
        let token = self.text.get(begun..end).unwrap_or_default();
        // Chrome's console goes on with the properties of the array. The count says what was before.
        if token == "buffer:" && self.is_counted {
            return Ok(true);
        }
        let (before, place) = self.latest;
        let place = place.after(self.text.get(before..begun).unwrap_or_default());
        self.latest = (begun, place);
        // okio puts them right behind its digits.
        let digits = token.trim_end_matches(['.', '…']);
        let (place, token) = match token.get(digits.len()..) {
            Some(dots) if self.is_packed && is_cut(dots) => (place.after(digits), dots),
            _ => (place, token),
        };
        if is_cut(token) {
            return Err(Mistake::new(say!(
                list.cut_off,
                place,
                token = printable(token)
            )));
        }
        if self.has_strings && token.starts_with('"') {
            let string = token
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            let plain = string.filter(|text| text.is_ascii() && !text.contains(['\\', '"', '#']));
            let wrong = || number::mistake(self.numbers, token, place);
            self.bytes.extend(plain.ok_or_else(wrong)?.bytes());
            return Ok(false);
        }
        let zeros = match self.is_padded && self.numbers == Numbers::Decimal {
            true => token.len() - token.trim_start_matches('0').len().max(1),
            false => 0,
        };
        let token = token.get(zeros..).unwrap_or_default();
        let bytes = number::bytes(self.numbers, token, place, self.is_packed)?;
        if self.numbers == Numbers::Decimal {
            let byte = bytes.first().copied().unwrap_or_default();
            self.signs.check(token, byte, place)?;
        }
        self.bytes.extend(bytes);
        Ok(false)
    }
}
