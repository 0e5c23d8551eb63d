//! Prints of bytes that nobody can read back, because some of the bytes are not in them. They are
//! refused with the reason, and with what to print instead.

use super::frames;
use super::text::{Mistake, split_text};
use crate::words::say;

/// The names that `od -a` has for what is no graphic character.
const NAMES: [&str; 34] = [
    "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr",
    "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc",
    "fs", "gs", "rs", "us", "sp", "del",
];

/// The mistake of a text from which bytes are missing by the way it was printed.
pub(super) fn refusal(sample: &str) -> Option<Mistake> {
    match named_characters(sample) {
        Some(true) => {
            return Some(Mistake::new(say!(lossy.od_a)));
        }
        Some(false) => {
            return Some(Mistake::new(say!(lossy.perhaps_od_a)));
        }
        None => {}
    }
    if let Some(line) = starred_without_offsets(sample) {
        return Some(Mistake::new(say!(lossy.star, line)));
    }
    // The first byte of a frame is no graphic character.
    let is_caret = sample.starts_with(['^', 'M']) && sample.contains("M-");
    is_caret.then(|| Mistake::new(say!(lossy.cat_v)))
}

/// The number of the line with nothing but `*`, where the lines before it have only numbers and no
/// offsets.
fn starred_without_offsets(sample: &str) -> Option<usize> {
    let is_number = |word: &str| {
        let digits = word.strip_prefix('-').unwrap_or(word);
        digits.len() <= 3 && digits.chars().all(|digit| digit.is_ascii_hexdigit())
    };
    let at = sample.lines().position(|line| line.trim() == "*")?;
    let mut words = sample.lines().take(at).flat_map(str::split_whitespace);
    (at > 0 && words.all(is_number)).then_some(at + 1)
}

/// Whether the first line is one of `od -a`, by its names; or could be one, having none but also
/// nothing that only `od -c` has. Nothing if it is none.
fn named_characters(sample: &str) -> Option<bool> {
    let mut lines = sample.lines().filter(|line| !line.trim().is_empty());
    let cells = |line| -> Option<Vec<&str>> {
        let line: &str = line;
        let digits = line.trim_start_matches(|character: char| character.is_ascii_hexdigit());
        let offset = line.len() - digits.len();
        let rest = if offset >= 6 { digits } else { line };
        if rest.trim().is_empty() {
            return Some(Vec::new());
        }
        let mut cells = Vec::new();
        let mut rest = rest.trim_end();
        while !rest.is_empty() {
            let (cell, after) = rest.split_at_checked(4)?;
            let is_one = cell.starts_with("   ");
            let name = cell.trim_start();
            let is_name = cell.starts_with(' ') && NAMES.contains(&name);
            if !(is_one || is_name) {
                return None;
            }
            cells.push(name);
            rest = after;
        }
        Some(cells)
    };
    let mut is_named = false;
    let mut count = 0;
    // Each line tells it by itself; a few are enough.
    for line in lines.by_ref().take(64).filter(|line| line.trim() != "*") {
        let cells = cells(line)?;
        if cells.iter().any(|cell| cell.is_empty()) {
            return None;
        }
        count += cells.len();
        is_named |= cells.iter().any(|cell| cell.len() > 1);
    }
    (count > 0).then_some(is_named)
}

/// Whether the text at the front of bytes ends as a string does before a byte or an escape in it. A quote or
/// a backslash begins no frame.
pub(super) fn may_be_raw_string(bytes: &[u8]) -> bool {
    let (text, _) = split_text(bytes);
    let front = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    front.ends_with(['"', '\'', '\\'])
        && bytes
            .first()
            .is_some_and(|&first| !frames::could_begin(first))
}

/// The mistake of bytes that are no text, but begin as a string that was printed with its bytes as
/// they are. No frame begins so.
pub(super) fn raw_string(bytes: &[u8]) -> Option<Mistake> {
    let (text, _) = split_text(bytes);
    let length = text.strip_prefix("string(");
    let after = length.map(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()));
    if after.is_some_and(|after| after.starts_with(") \"")) {
        return Some(Mistake::new(say!(lossy.var_dump)));
    }
    let is_string = may_be_raw_string(bytes) && frames::length(bytes) != Some(bytes.len());
    // A control character that has two bytes in UTF-8 is no byte of its own any more.
    let is_control = bytes.get(text.len()) == Some(&0xc2);
    match text.starts_with(['"', '\'']) && is_control {
        true => Some(Mistake::new(say!(lossy.control_characters))),
        false => is_string.then(|| Mistake::new(say!(lossy.raw_string))),
    }
}

/// Whether a text that cannot be read is words, as they are copied from where bytes that cannot be
/// shown are left out.
pub(super) fn is_words(sample: &str) -> bool {
    let letters = sample.chars().filter(|character| character.is_alphabetic());
    let (mut count, mut others) = (0, 0);
    for letter in letters {
        count += 1;
        others += usize::from(!letter.is_ascii_hexdigit());
    }
    let is_name = !sample.contains(char::is_whitespace) && sample.contains(['.', '/']);
    !is_name && count >= 5 && others * 2 >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_od_a_prints_is_refused() {
        for text in [
            "0000000 soh enq   h   e   l   l   o  ht eot   \\   x   4   1  bs stx etx\n0000020   h\n0000021\n",
            "  bs stx etx   h\n",
            "0000000 nul   h\n0000002\n",
        ] {
            let mistake = refusal(text).unwrap().to_string();
            assert!(mistake.starts_with("this is of `od -a`"), "{text}");
        }
        let text = "0000000   h   e   l   l   o\n0000005\n";
        let mistake = refusal(text).unwrap().to_string();
        assert!(mistake.starts_with("this could be of `od -a`"));
        for text in [
            "0000000 201 003   a   b   c\n0000005\n",
            "0000000   a       c\n0000003\n",
            "0000000   a  \\n   c\n0000003\n",
            "0000000   a   c\n0000002 350\n0000003\n",
            "us so",
            "88 02 03 e8",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn strings_with_raw_bytes_are_refused() {
        for bytes in [
            &b"string(4) \"\x88\x02\x03\xe8\"\n"[..],
            b"\"\xc2\x88\\u0002\"",
            b"\"\x88\x02\x03\xe8\"\n",
            b"$VAR1 = '\x88\x02\x03\xe8';\n",
            b"[{\"d\":\"\x88\\u0002\\u0003\xe8\"}]\n",
            b"\"\x81\\5Hello\"\n",
            b"\\x88\x02\x03\\xe8\n",
            b"'A\x88\x02'\n",
        ] {
            assert!(raw_string(bytes).is_some());
        }
        for bytes in [
            &b"\"\x02\x88\x02"[..],
            b"string(4)\x88",
            b"GET / HTTP/1.1\r\nHost: h\r\n\r\n\x81\x05Hello",
            b"\x88\x02\x03\xe8",
            b"",
        ] {
            assert_eq!(raw_string(bytes), None);
        }
    }
}
