//! Texts that one form reads without a mistake, though they are of another form inside it: their
//! bytes would be the characters of a print, and no frames.

use super::digits::{digit, is_separator};
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
    let is_run = first.len() > 8 && first.starts_with('1');
    let is_octets = |group: &str| {
        if is_run {
            group.len() % 8 == 0
        } else {
            group.len() == 8
        }
    };
    std::iter::once(first)
        .chain(groups)
        .all(|group| is_bits(group) && is_octets(group))
}

/// Whether the bytes of a text with escapes are a text with escapes again. Frames may hold such a
/// text, but begin otherwise.
pub(super) fn is_escaped(bytes: &[u8]) -> bool {
    let is_digit = |byte: u8| digit(char::from(byte)).is_some();
    let is_escape = |window: &[u8]| match *window {
        [b'\\', b'x', high, low] => is_digit(high) && is_digit(low),
        _ => false,
    };
    let begins = bytes.first().is_some_and(|&byte| frames::could_begin(byte));
    !begins && bytes.windows(4).any(is_escape)
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
        assert!(!is_escaped(b"\x81\x04\\x88"));
        assert!(!is_escaped(b"\x88\x02\x03\xe8"));
    }
}
