//! Decimal numbers, as dumps and lists have them.

use super::text::{Mistake, Place};
use crate::words::say;

/// A byte in decimal: from -128 to 255, without a zero before it.
pub(super) fn decimal(token: &str) -> Option<u8> {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.is_empty() || (digits.starts_with('0') && token.len() > 1) {
        return None;
    }
    let number: i16 = token.parse().ok()?;
    match number {
        -128..=-1 => u8::try_from(number + 256).ok(),
        _ => u8::try_from(number).ok(),
    }
}

/// The signs of the numbers of a list, which has negative ones or such above 127.
#[derive(Default)]
pub(super) struct Signs {
    /// The first of each.
    negative: Option<String>,
    above: Option<String>,
}

impl Signs {
    /// Checks that `token`, which stands at `place` for `byte`, fits those before.
    pub(super) fn check(&mut self, token: &str, byte: u8, place: Place) -> Result<(), Mistake> {
        if token.starts_with('-') {
            self.negative.get_or_insert_with(|| token.to_owned());
        } else if byte > 127 {
            self.above.get_or_insert_with(|| token.to_owned());
        }
        match (&self.negative, &self.above) {
            (Some(negative), Some(above)) => Err(Mistake::new(say!(
                list.not_signed,
                token,
                place,
                negative,
                above
            ))),
            _ => Ok(()),
        }
    }
}

/// The word that `token` stands for in a column of this width, and the number of its bytes.
pub(super) fn decimal_word(token: &str, column: usize) -> Option<(i128, usize)> {
    // The columns of `od`: a space, and a number without a sign or with one; of `hexdump -d`: three
    // spaces, and five digits.
    let (least, greatest, length): (i128, i128, usize) = match column {
        6 | 8 => (0, u16::MAX.into(), 2),
        7 => (i16::MIN.into(), i16::MAX.into(), 2),
        11 => (0, u32::MAX.into(), 4),
        12 => (i32::MIN.into(), i32::MAX.into(), 4),
        21 => (i64::MIN.into(), u64::MAX.into(), 8),
        _ => return None,
    };
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_filled = token.len() > 1 && digits.starts_with('0');
    let fits = match column {
        8 => token.len() == 5,
        _ => !is_filled && token.len() < column,
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let value: i128 = token.parse().ok().filter(|_| fits && plain)?;
    (least..=greatest)
        .contains(&value)
        .then_some((value, length))
}
