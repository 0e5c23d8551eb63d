//! The cells of a line of hex, two digits to a byte, with the same bytes as text behind them: what
//! Wireshark, Netty, curl, ngrep and PowerShell have in common.

use super::super::digits::{digit, value};
use super::super::text::{Mistake, printable};
use crate::words::say;

/// The most bytes in a line.
const MOST: usize = 16;

/// The bytes at the front of `line`, the line with this number. How many they are is told by the text
/// behind them, which may look like hex and has to say the same.
pub(super) fn with_text(line: &str, number: usize) -> Result<Vec<u8>, Mistake> {
    let (bytes, ends) = cells(line);
    let mut found = None;
    let mut count = 0;
    for (index, &end) in ends.iter().enumerate() {
        let some = bytes.get(..=index).unwrap_or_default();
        let text = line.get(end..).unwrap_or_default();
        if agree(some, text) {
            found = Some(some);
            count += 1;
        }
    }
    match found {
        Some(bytes) if count == 1 => Ok(bytes.to_vec()),
        _ => {
            let end = ends.last().copied().unwrap_or_default();
            let text = printable(line.get(end..).unwrap_or_default().trim());
            Err(Mistake::new(say!(cell.text_disagrees, number, text)))
        }
    }
}

/// The cells at the front of a line, at most 16, and where each ends.
pub(super) fn cells(line: &str) -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    let mut at = 0;
    while bytes.len() < MOST {
        let rest = line.get(at..).unwrap_or_default();
        let token = rest.trim_start_matches(' ');
        let cell = token.as_bytes();
        let is_apart = !matches!(cell.get(2), Some(byte) if *byte != b' ' && *byte != b'\t');
        let pair = cell.first_chunk::<2>().map(|pair| pair.map(value));
        match pair {
            Some([high @ 0..=15, low @ 0..=15]) if is_apart => {
                bytes.push(high << 4 | low);
                at += rest.len() - token.len() + 2;
                ends.push(at);
            }
            _ => break,
        }
    }
    (bytes, ends)
}

/// Whether a text says the same as bytes, as far as both say anything: a dot may be any byte, and
/// what stands for a space or a byte that is no letter differs from program to program.
fn agree(bytes: &[u8], text: &str) -> bool {
    let tells = |byte: &u8| matches!(byte, b'!'..=b'~') && *byte != b'.';
    let told = text.bytes().filter(tells);
    let plain = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '\t'));
    bytes.iter().copied().filter(tells).eq(told) && plain.count() <= bytes.len()
}

/// The digits of an offset at the front of a line, and what follows them.
pub(super) fn offset(line: &str) -> Option<(u64, &str)> {
    let end = line.find(|character| digit(character).is_none());
    let (digits, rest) = line.split_at_checked(end.unwrap_or(line.len()))?;
    Some((u64::from_str_radix(digits, 16).ok()?, rest))
}

/// The lines of a text with their numbers.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

/// The mistake of a line that is none of this form.
pub(super) fn not_a_line(number: usize, line: &str, what: crate::words::Text) -> Mistake {
    let line = printable(line.trim());
    Mistake::new(say!(ends.not_a_line, number, line, what))
}

/// The mistake of bytes that are more or fewer than was said of them in line `number`.
pub(super) fn wrong_count(number: usize, claimed: u64, count: usize) -> Mistake {
    Mistake::new(say!(ends.wrong_count, number, claimed, count))
}

/// The mistake of a line that does not follow those before it.
pub(super) fn out_of_order(number: usize) -> Mistake {
    Mistake::new(say!(ends.out_of_order, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_tells_where_the_bytes_end() {
        for (line, bytes) in [
            (
                "88 02 03 e8                    ....",
                &b"\x88\x02\x03\xe8"[..],
            ),
            ("82 02 61 62 ..ab", b"\x82\x02ab"),
            ("61 62  ab", b"ab"),
            ("20 2e 20  . ", b" . "),
            ("88 20", b"\x88 "),
        ] {
            assert_eq!(with_text(line, 1).unwrap(), bytes, "{line}");
        }
        for line in ["61 62  ac", "61 62", "88 02  ...", "61 62 ab cd", ""] {
            assert!(with_text(line, 1).is_err(), "{line}");
        }
    }
}
