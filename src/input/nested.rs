//! Texts that one form reads without a mistake, though they are of another form inside it: their
//! bytes would be the characters of a print, and no frames.

use super::digits::is_separator;
use super::frames;

/// Whether hex is groups of eight binary digits.
///
/// Digits in one run are binary only if no frame could begin with them as hex.
pub(super) fn is_binary(text: &str) -> bool {
    let is_between = |c: char| is_separator(c) || c.is_whitespace() || c == '\u{feff}';
    let groups = || text.split(is_between).filter(|group| !group.is_empty());
    let bits = |group: &str| {
        let bits = group.strip_prefix("0b").or(group.strip_prefix("0B"))?;
        let is_byte = (1..=8).contains(&bits.len());
        (is_byte && bits.bytes().all(|digit| matches!(digit, b'0' | b'1'))).then_some(bits.len())
    };
    if groups().all(|group| bits(group).is_some()) && groups().any(|group| bits(group) == Some(8)) {
        return true;
    }
    let mut groups = groups();
    let is_bits = |group: &str| group.bytes().all(|digit| matches!(digit, b'0' | b'1'));
    let Some(first) = groups.next() else {
        return false;
    };
    // A long run may be broken into lines of any width.
    let is_run = first.len() > 8 && first.starts_with('1');
    let (mut count, mut are_octets) = (0, true);
    for group in std::iter::once(first).chain(groups) {
        if !is_bits(group) {
            return false;
        }
        count += group.len();
        are_octets &= group.len() == 8;
    }
    are_octets || (is_run && count % 8 == 0)
}

/// Whether hex of nothing but ones and zeros, in a long run or in groups of four, is no frames: more likely bits, in whichever order.
pub(super) fn are_bits(text: &str, bytes: &[u8]) -> bool {
    const LEAST: usize = 32;
    let is_bit = |c: char| matches!(c, '0' | '1') || c.is_whitespace();
    let first = text.split_whitespace().next().unwrap_or_default();
    let mut groups = text.split_whitespace();
    let are_halves = groups.clone().count() > 1 && groups.all(|half| half.len() == 4);
    (first.len() > LEAST || are_halves)
        && text.chars().all(is_bit)
        && frames::fit(bytes) == frames::Fit::Not
}

/// Whether the bytes of a text with escapes are a text with escapes again. Frames may hold such a
/// text, but begin otherwise.
pub(super) fn is_escaped(bytes: &[u8]) -> bool {
    let digits = |rest: &[u8], radix| {
        let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
        rest.iter().take(8).take_while(is_digit).count()
    };
    let is_escape = |after: &[u8]| match after {
        [b'x', rest @ ..] => rest.starts_with(b"{") || digits(rest, 16) >= 2,
        [b'u', rest @ ..] => rest.starts_with(b"{") || digits(rest, 16) >= 4,
        [b'U', rest @ ..] => digits(rest, 16) == 8,
        rest => digits(rest, 10) > 0,
    };
    let begins = bytes.first().is_some_and(|&byte| frames::could_begin(byte));
    !begins && bytes.split(|&byte| byte == b'\\').skip(1).any(is_escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_digits_are_told_from_hex() {
        for text in [
            "10001000 00000010 00000011 11101000\n",
            "10001000",
            "1000100000000010",
            "10000001,00000010",
            "0b10001000 0b00000010",
            "0b10001000, 0b10, 0b11",
            "00000001\n00000000",
            "10001000000000100000\n001111101000",
        ] {
            assert!(is_binary(text), "{text}");
        }
        for text in [
            "",
            " ",
            "10 00 10 00",
            "0000000000000000",
            "10001000 00000010 0",
            "10001000 00000012",
            "8900",
            "0b10 0b01",
            "0b10001000 0b02",
        ] {
            assert!(!is_binary(text), "{text}");
        }
    }

    #[test]
    fn escapes_within_escapes_are_told_from_frames() {
        assert!(is_escaped(br"\x88\x02"));
        assert!(is_escaped(br"b'\x88\x02'"));
        for text in [
            &br"\136\2\3\232"[..],
            br"\210\002",
            br"\u0088\u0002",
            br"\x{88}",
            br"\u{88}",
        ] {
            assert!(is_escaped(text), "{}", text.escape_ascii());
        }
        assert!(!is_escaped(b"\x81\x04\\x88"));
        assert!(!is_escaped(b"\x88\x02\x03\xe8"));
    }
}
