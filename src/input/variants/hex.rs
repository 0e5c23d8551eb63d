//! Texts of digits that may have more in them than the bytes: records, indexes, a date or an address before the
//! bytes, the bytes as text beside them; or that are no hex.

use super::super::digits::is_separator;
use super::super::frames;
use super::{Variant, filled};
use crate::words::text;

/// The data of records of Intel HEX, where the count of each is right.
pub(super) fn recorded(text: &str) -> Option<Variant> {
    let mut data = String::with_capacity(text.len());
    for line in filled(text) {
        let digits = line.trim().strip_prefix(':')?;
        let bytes = ::hex::decode(digits).ok()?;
        let (&[count, _, _, kind], rest) = bytes.split_first_chunk::<4>()?;
        let (_, rest) = rest.split_last()?;
        if usize::from(count) != rest.len() {
            return None;
        }
        if kind == 0 {
            data.push_str(&::hex::encode(rest));
        }
    }
    (!data.is_empty()).then_some(Variant {
        text: data,
        is_meant: false,
        what: text!(variant.records),
        is_doubtful: true,
        is_foreign: false,
    })
}

/// The text with what gdb prints once for many bytes written out: `0x0 <repeats 100 times>`.
pub(super) fn repeated(text: &str) -> Option<Variant> {
    const MOST: usize = 1 << 20;
    const MARK: &str = "<repeats ";
    if !text.contains(MARK) {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        let (count, after) = after.split_once(" times>")?;
        let count: usize = count.parse().ok()?;
        let before = before.trim_end();
        let begun = before.rfind([' ', '{', ',']).map_or(0, |at| at + 1);
        let (before, one) = before.split_at_checked(begun)?;
        let all = one.len().saturating_add(2).saturating_mul(count);
        if one.is_empty() || count == 0 || plain.len().saturating_add(all) > MOST {
            return None;
        }
        plain.push_str(before);
        plain.push_str(&vec![one; count].join(", "));
        rest = after;
    }
    plain.push_str(rest);
    Some(Variant {
        text: plain,
        is_meant: true,
        what: text!(variant.repeats),
        is_doubtful: false,
        is_foreign: true,
    })
}

/// The text without the index of its first byte in front of each line, as R prints vectors: `[26] 88 02`.
pub(super) fn indexed(text: &str) -> Option<Variant> {
    let mut plain = String::with_capacity(text.len());
    let mut count = 0;
    for line in filled(text) {
        let (index, rest) = line.trim_start().strip_prefix('[')?.split_once("] ")?;
        if index.parse() != Ok(count + 1) {
            return None;
        }
        count += rest.split_whitespace().count();
        plain.push_str(rest.trim_start());
        plain.push('\n');
    }
    Some(Variant {
        text: plain,
        is_meant: false,
        what: text!(variant.indexes),
        is_doubtful: false,
        is_foreign: true,
    })
}

/// The text with each three decimal digits as a byte, where it is one run of them.
pub(super) fn in_threes(text: &str) -> Option<Variant> {
    let digits: String = text.split_whitespace().collect();
    let is_run = digits.len() > 3
        && digits.len() % 3 == 0
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && filled(text).all(|line| !line.trim().contains(' '));
    if !is_run {
        return None;
    }
    let mut plain = String::with_capacity(digits.len() * 2);
    for three in digits.as_bytes().chunks(3) {
        let number: u8 = std::str::from_utf8(three).ok()?.parse().ok()?;
        plain.push_str(&format!("{number:02x}"));
    }
    Some(Variant {
        text: plain,
        is_meant: true,
        what: text!(variant.threes),
        is_doubtful: false,
        is_foreign: false,
    })
}

/// Hex without what stands behind two spaces at the end of each line, which may be the bytes as text, and look
/// like hex. What is whole frames as it is has none.
pub(super) fn aside(text: &str) -> Option<Variant> {
    let is_hex = text
        .chars()
        .all(|c| c.is_ascii_hexdigit() || is_separator(c));
    let whole: String = text.split_whitespace().collect();
    if !is_hex || ::hex::decode(whole).is_ok_and(|bytes| frames::are_sound(&bytes)) {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for line in filled(text) {
        let (cells, _) = line.trim_end().rsplit_once("  ")?;
        if cells.trim().is_empty() {
            return None;
        }
        plain.push_str(cells);
        plain.push('\n');
    }
    Some(Variant {
        text: plain,
        is_meant: false,
        what: text!(variant.aside),
        is_doubtful: false,
        is_foreign: false,
    })
}

/// The ends of hex whose first line has groups of other sizes, or with other signs between them, before the
/// bytes: a date, an address, a number. What is whole frames as it is has none.
pub(super) fn behind_others(text: &str) -> Vec<Variant> {
    /// The most beginnings that are tried.
    const MOST: usize = 8;
    const LONGEST: usize = 256;
    let is_digit = |c: char| c.is_ascii_hexdigit();
    let is_hex = text.chars().all(|c| is_digit(c) || is_separator(c));
    let bytes = |text: &str| {
        let digits: String = text.chars().filter(|&c| is_digit(c)).collect();
        ::hex::decode(digits)
    };
    // An offset is of a dump, and so are several lines.
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_offset = first.len() > 3 && first.bytes().all(|digit| digit == b'0');
    if is_offset || filled(text).count() > 1 {
        return Vec::new();
    }
    // What begins with a frame begins with the bytes.
    if !is_hex || bytes(text).is_ok_and(|bytes| frames::whole(&bytes) > 0) {
        return Vec::new();
    }
    let line = filled(text).next().unwrap_or_default();
    let at = text.find(line).unwrap_or_default();
    let line = line.get(..line.len().min(LONGEST)).unwrap_or(line);
    let groups = groups(line);
    // Where a group begins, how many digits it has, and what stands before it.
    let kind = |(begun, end): &(usize, usize)| {
        let digits = line.get(*begun..*end).unwrap_or_default().len();
        let between = line.get(..*begun).and_then(|line| line.chars().next_back());
        (digits, between)
    };
    let first = groups.get(1).map(kind);
    let inner = groups
        .get(1..groups.len().saturating_sub(1))
        .unwrap_or_default();
    let is_even = groups.first().map(|group| kind(group).0) == first.map(|(digits, _)| digits)
        && inner.iter().all(|group| Some(kind(group)) == first);
    // A single digit is a byte that was printed without its zero.
    let is_bare = groups.iter().any(|group| kind(group).0 == 1);
    if is_even || is_bare {
        return Vec::new();
    }
    let starts = groups
        .iter()
        .skip(1)
        .take(MOST)
        .map(|(begun, _)| at + begun);
    let ends = starts.filter_map(|at| text.get(at..));
    let sound = ends.filter(|end| bytes(end).is_ok_and(|bytes| frames::are_sound(&bytes)));
    let variant = |end: &str| Variant {
        text: end.to_owned(),
        is_meant: false,
        what: text!(variant.others),
        is_doubtful: false,
        is_foreign: false,
    };
    sound.take(1).map(variant).collect()
}

/// The groups of hex digits of a line: where each begins and ends.
fn groups(line: &str) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (at, character) in line.char_indices().filter(|(_, c)| c.is_ascii_hexdigit()) {
        let end = at + character.len_utf8();
        match groups.last_mut() {
            Some((_, last)) if *last == at => *last = end,
            _ => groups.push((at, end)),
        }
    }
    groups
}
