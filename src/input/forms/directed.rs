//! Bytes of both ends with a mark of direction before each line or block: `socat -x`, `nc -o`, `TX: 81 85 …`,
//! `12:00:00 recv 81 05 …`.

use super::super::digits::digit;
use super::super::ends::{By, Sent};
use super::super::text::Mistake;
use super::beside;
use super::cells::{lines, not_a_line, out_of_order, wrong_count};
use crate::words::text;

/// The marks of what one end sends and of what comes back.
const MARKS: [[&str; 2]; 13] = [
    [">", "<"],
    [">>", "<<"],
    ["->", "<-"],
    ["-->", "<--"],
    ["=>", "<="],
    ["→", "←"],
    [">>>", "<<<"],
    ["tx", "rx"],
    ["send", "recv"],
    ["sent", "received"],
    ["out", "in"],
    ["outgoing", "incoming"],
    ["write", "read"],
];

/// From here on they are words.
const WORDS: usize = 7;

/// So many words may stand before a mark: a date, a time, a level.
const MOST_BEFORE: usize = 4;

/// The mark of a line: which pair it is of, whether it is the other of it, and what follows.
fn mark(line: &str) -> Option<(usize, bool, &str)> {
    let mut rest = line.trim_start();
    for _ in 0..=MOST_BEFORE {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end)?;
        let plain = word.trim_matches([':', '[', ']', '(', ')', '|', ',']);
        let plain = plain.to_ascii_lowercase();
        let found = MARKS.iter().enumerate().find_map(|(index, marks)| {
            let other = marks.iter().position(|mark| *mark == plain)?;
            Some((index, other == 1))
        });
        if let Some((index, is_other)) = found {
            return Some((index, is_other, behind.trim()));
        }
        // Bytes stand behind the mark.
        let is_byte = plain.len() <= 2 && plain.chars().all(|c| digit(c).is_some());
        if is_byte {
            return None;
        }
        rest = behind.trim_start();
    }
    None
}

/// The bytes of one end in one line or block.
struct Block {
    is_other: bool,
    /// The line of its mark, and how many bytes that says.
    number: usize,
    claimed: Option<u64>,
    bytes: Vec<u8>,
}

/// Whether a text has marks of both ends, or one with the count of the bytes below it.
pub(in super::super) fn may_be(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let Some((pair, _, _)) = first.and_then(mark) else {
        return false;
    };
    blocks(text).is_ok_and(|blocks| {
        let are_both = [false, true].map(|is| blocks.iter().any(|block| block.is_other == is));
        // An arrow may be the mark of a quotation.
        let is_word = pair >= WORDS && blocks.len() > 1;
        are_both == [true; 2] || is_word || blocks.iter().all(|block| block.claimed.is_some())
    })
}

/// Reads what both ends sent.
pub(in super::super) fn read(text: &str) -> Result<Vec<Sent>, Mistake> {
    let sent = |block: Block| Sent {
        by: By::End(block.is_other),
        bytes: block.bytes,
    };
    Ok(blocks(text)?.into_iter().map(sent).collect())
}

fn blocks(text: &str) -> Result<Vec<Block>, Mistake> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut pair = None;
    // How many bytes each end sent.
    let mut counts = [0; 2];
    for (number, line) in lines(text) {
        let wrong = || not_a_line(number, line, text!(form.directed));
        if line.trim().chars().all(|c| c == '-') {
            continue;
        }
        let mut rest = line;
        if let Some((index, is_other, behind)) = mark(line) {
            if *pair.get_or_insert(index) != index {
                return Err(wrong());
            }
            close(blocks.last())?;
            let claimed = beside::claimed(behind);
            blocks.push(Block {
                is_other,
                number,
                claimed,
                bytes: Vec::new(),
            });
            rest = match claimed {
                Some(_) => continue,
                None => behind,
            };
        }
        if rest.trim().is_empty() {
            continue;
        }
        let block = blocks.last_mut().ok_or_else(wrong)?;
        let count: &mut u64 = counts
            .get_mut(usize::from(block.is_other))
            .ok_or_else(wrong)?;
        let bytes = bytes(rest, *count, block.bytes.len() as u64).ok_or_else(wrong)?;
        if bytes.is_empty() {
            return Err(out_of_order(number));
        }
        *count += bytes.len() as u64;
        block.bytes.extend(bytes);
    }
    close(blocks.last())?;
    Ok(blocks)
}

/// Checks that a block has as many bytes as it says.
fn close(block: Option<&Block>) -> Result<(), Mistake> {
    match block {
        Some(block)
            if block
                .claimed
                .is_some_and(|claimed| claimed != block.bytes.len() as u64) =>
        {
            let claimed = block.claimed.unwrap_or_default();
            Err(wrong_count(block.number, claimed, block.bytes.len()))
        }
        _ => Ok(()),
    }
}

/// The bytes of a line: hex in groups of one size, or with the same bytes as text beside it and an offset that
/// counts those of this end or of this block. None at all where the offset does not fit.
fn bytes(line: &str, of_end: u64, of_block: u64) -> Option<Vec<u8>> {
    let rows: Vec<beside::Row> = beside::rows(line);
    let fitting = |row: &&beside::Row| {
        let digits = line.get(..row.column).and_then(beside::offset)?;
        let offset = u64::from_str_radix(digits, 16).ok()?;
        Some(offset == of_end || offset == of_block)
    };
    if let Some(row) = rows.iter().find(|row| fitting(row) == Some(true)) {
        return Some(row.bytes.clone());
    }
    if !rows.is_empty() {
        let mut bare = rows.iter().filter(|row| fitting(row).is_none());
        return match (bare.next(), bare.next()) {
            (Some(row), None) => Some(row.bytes.clone()),
            _ => Some(Vec::new()),
        };
    }
    let groups: Vec<&str> = line.split_whitespace().collect();
    let (last, others) = groups.split_last()?;
    let width = others.first().unwrap_or(last).len();
    let is_even = others.iter().all(|group| group.len() == width) && last.len() <= width;
    hex::decode(groups.concat()).ok().filter(|_| is_even)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Vec<(bool, Vec<u8>)> {
        let is_other = |by| matches!(by, By::End(true));
        let sent = read(text).unwrap();
        sent.into_iter()
            .map(|sent| (is_other(sent.by), sent.bytes))
            .collect()
    }

    #[test]
    fn marks_tell_who_sent_what() {
        let both = [
            (false, b"\x89\x80\x01\x02\x03\x04".to_vec()),
            (true, b"\x8a\0".to_vec()),
        ];
        for text in [
            "TX: 89 80 01 02 03 04\nRX: 8a 00\n",
            "12:00:00 send 898001020304\n12:00:01 recv 8a00\n",
            "-> 89 80 01 02 03 04\n<- 8a 00\n",
            "> 2026/12/01 02:49:56.0  length=6 from=0 to=5\n 89 80 01 02 03 04\n\
             < 2026/12/01 02:49:57.0  length=2 from=0 to=1\n 8a 00\n--\n",
            "> 00000000 89 80 01 02 03 04   # ......\n< 00000000 8a 00               # ..\n",
        ] {
            assert!(may_be(text), "{text}");
            assert_eq!(sent(text), both, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_no_such_text() {
        for text in [
            "> 89 80 01 02 03 04\n",
            "> 2026/12/01 02:49:56.0  length=7 from=0 to=6\n 89 80 01 02 03 04\n",
            "> 00000006 89 80 01 02 03 04   # ......\n< 00000000 8a 00      # ..\n",
            "send 89 80 01 02 03 04\n-> 8a 00\n",
            "send hello\nrecv 8a 00\n",
        ] {
            assert!(!may_be(text), "{text}");
        }
    }
}
