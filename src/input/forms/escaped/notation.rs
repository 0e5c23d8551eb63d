//! Which escapes a text has.
//!
//! `\210` is a byte in octal to C, Perl and the shells, and in decimal to Lua, OCaml and Haskell.
//! A number too great for a byte in decimal is octal; an 8 or a 9 is decimal, for who writes octal
//! gives all three digits when another follows. What is neither could be both.

use super::super::super::digits::digit;
use super::super::super::layout;
use super::super::super::quotes;
use super::NAMES;

/// Whether the sample has an escape that gives a byte by its number, or was meant to, and none of
/// several decimal digits.
pub(in super::super::super) fn in_c(sample: &str) -> bool {
    let numbered = sample.split('\\').skip(1).any(|after| {
        let mut characters = after.chars();
        match characters.next() {
            Some('x') => true,
            Some('u') => characters
                .next()
                .is_some_and(|c| c == '{' || digit(c).is_some()),
            Some(character) => character.is_digit(8),
            None => false,
        }
    });
    (numbered || could_be_frame_in_letters(sample))
        && begins(sample)
        && !digits(sample).any(|digits| digits.len() > 1)
        && !has_names(sample)
}

/// Whether the sample has octal escapes of several digits.
pub(in super::super::super) fn in_octal(sample: &str) -> bool {
    let is_octal = |digits: &str| digits.starts_with(|digit: char| digit.is_digit(8));
    digits(sample).any(|digits| digits.len() > 1)
        && digits(sample).all(is_octal)
        && begins(sample)
        && !has_names(sample)
        && (is_surely_octal(sample) || !digits(sample).any(|digits| digits.contains(['8', '9'])))
}

/// Whether the sample has decimal escapes, or names of control characters as Haskell has them.
pub(in super::super::super) fn in_decimal(sample: &str) -> bool {
    (has_names(sample) || digits(sample).any(|digits| digits.len() > 1 || digits > "7"))
        && begins(sample)
        && !is_surely_octal(sample)
}

/// Whether the sample has escapes, and characters that could be bytes in Latin-1 as well as two
/// bytes in UTF-8.
pub(in super::super::super) fn in_latin1(sample: &str) -> bool {
    let is_high = |character: char| ('\u{80}'..='\u{ff}').contains(&character);
    let escapes = ["\\u00", "\\u{"];
    let escaped = escapes.into_iter().any(|escape| {
        sample.split(escape).skip(1).any(|after| {
            let digits: String = after
                .chars()
                .take_while(|&c| digit(c).is_some())
                .take(2)
                .collect();
            u8::from_str_radix(&digits, 16).is_ok_and(|byte| byte >= 0x80)
        })
    });
    in_c(sample) && (escaped || sample.contains(is_high))
}

/// Whether the sample has escapes of as many hex digits as follow: each has four, or one has a single digit.
/// In Python that would be a mistake.
pub(in super::super::super) fn in_wide(sample: &str) -> bool {
    let start = sample.trim_start();
    let is_python = start.starts_with("b'") || start.starts_with("b\"");
    // A single digit at the end is of an escape that was cut.
    let is_single = |after: &str| {
        let mut characters = after.strip_prefix('x').unwrap_or_default().chars();
        let is_digit = characters.next().is_some_and(|c| digit(c).is_some());
        is_digit && characters.next().is_some_and(|c| digit(c).is_none())
    };
    let has_single = || escapes(sample).any(is_single);
    (in_four(sample) || has_single()) && in_c(sample) && !is_python
}

/// Whether every hex escape has four digits, two zeros first.
pub(in super::super::super) fn in_four(sample: &str) -> bool {
    let is_wide = |digits: &str| digits.len() == 4 && digits.starts_with("00");
    hex_digits(sample).all(is_wide) && hex_digits(sample).next().is_some()
}

/// The first four hex digits of every escape with an `x`.
fn hex_digits(sample: &str) -> impl Iterator<Item = &str> {
    escapes(sample).filter_map(|after| {
        let after = after.strip_prefix('x')?;
        let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
        let count = after.bytes().take(4).take_while(is_digit).count();
        after.get(..count)
    })
}

/// What stands behind the backslashes of a sample. A backslash that is escaped is none.
fn escapes(sample: &str) -> impl Iterator<Item = &str> {
    let mut rest = sample;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('\\')?;
        rest = after.strip_prefix('\\').unwrap_or(after);
        Some(after)
    })
}

/// The first three decimal digits of every escape that begins with one.
fn digits(sample: &str) -> impl Iterator<Item = &str> {
    escapes(sample).filter_map(|after| {
        let count = after.bytes().take(3).take_while(u8::is_ascii_digit).count();
        after.get(..count).filter(|digits| !digits.is_empty())
    })
}

/// Whether there is an escape in capital letters.
fn has_names(sample: &str) -> bool {
    let is_name = |after: &str| NAMES.iter().any(|(name, _)| after.starts_with(name));
    escapes(sample).any(is_name)
}

/// Whether the escapes are octal by what stands before them, or by a number that would not be a
/// byte in decimal.
fn is_surely_octal(sample: &str) -> bool {
    let start = sample.trim_start();
    let heads = ["b'", "b\"", "bytearray(", "$'", "$VAR"];
    heads.into_iter().any(|head| start.starts_with(head))
        || digits(sample).any(|digits| digits.parse::<u8>().is_err())
}

/// Whether the text begins as one with escapes: the text beside the bytes of a dump may hold
/// anything, and words before the first escape are those of a log line.
fn begins(sample: &str) -> bool {
    let before = sample.trim().split('\\').next().unwrap_or_default();
    (before.is_empty()
        || !before.contains(char::is_whitespace)
        || quotes::head(sample).quote.is_some())
        && !layout::is_dump(sample)
}

/// Whether the sample is a literal of bytes without escapes whose first could begin a frame, though
/// it could be a digit of hex too: of those, only `A` and `B` can.
fn could_be_frame_in_letters(sample: &str) -> bool {
    let text = sample.trim();
    let head = quotes::head(text);
    let is_literal = text.starts_with("b'") || text.starts_with("b\"");
    is_literal && head.inner(text).starts_with(['A', 'B'])
}
