//! Codes that people confuse, and how to tell them apart in practice.
//!
//! Every other pair is answered from what each row says to look for.

use super::{PAIRS, lookup, range_of};
use crate::words::Text;

/// Sentences that tell two codes apart.
#[derive(Debug)]
pub struct Pair {
    /// The two codes, as a person would name them. A number without a row of its own stands for its range.
    pub codes: [u16; 2],
    /// What to look for, most telling first.
    pub tell_apart: &'static [Text],
}

/// The curated sentences that tell two codes apart, in either order; `None` where the pair has none.
pub fn tell_apart(one: u16, other: u16) -> Option<&'static [Text]> {
    let pair = PAIRS.iter().find(|pair| pair.is_of(one, other))?;
    Some(pair.tell_apart)
}

impl Pair {
    /// Whether the pair is about these two codes, in either order.
    pub fn is_of(&self, one: u16, other: u16) -> bool {
        let [first, second] = self.codes.map(Subject::of);
        let (one, other) = (Subject::of(one), Subject::of(other));
        (first == one && second == other) || (first == other && second == one)
    }
}

/// What a pair is about: a code, or a whole range where the number has no row.
#[derive(PartialEq, Eq)]
enum Subject {
    Code(u16),
    Range(u16),
}

impl Subject {
    fn of(number: u16) -> Self {
        match lookup(number) {
            Some(code) => Subject::Code(code.number),
            None => Subject::Range(range_of(number).from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_in_either_order_and_for_any_private_code() {
        assert_eq!(tell_apart(1005, 1002), tell_apart(1002, 1005));
        assert_eq!(tell_apart(4444, 1000), tell_apart(1000, 4000));
    }

    #[test]
    fn a_pair_without_sentences_has_none() {
        assert_eq!(tell_apart(1003, 1013), None);
    }
}
