//! Dumps of programs that are not known by heart: hex in cells, with the same bytes as text beside them, and
//! perhaps an offset or anything else before them.
//!
//! What stands beside the bytes proves them, character by character. Where the cells begin is the same in every
//! line; what looks like an offset there has to be one; and a line that could be one of the dump is never left
//! out.

use super::super::digits::digit;
use super::super::layout;
use super::super::text::Mistake;
use super::cells::{lines, not_a_line, out_of_order, wrong_count};
use crate::words::text;

/// The most bytes in a line.
const MOST: usize = 64;

/// The longest line.
const LONGEST: usize = 512;

/// With more digits, the first offset may be an address.
const ADDRESS_DIGITS: usize = 5;

/// One reading of a line: the column where its cells begin, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) column: usize,
    pub(super) bytes: Vec<u8>,
}

/// Whether a text is such a dump, and none that is known by its layout: that has its own reader.
pub(in super::super) fn may_be(text: &str) -> bool {
    let dump = text.get(above_length(text)..).unwrap_or_default();
    !dump.is_empty() && !layout::is_dump(dump) && read(text).is_ok()
}

/// How long the lines are that stand above the first one of the dump.
fn above_length(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    lines
        .take_while(|line| rows(line.trim_end_matches(['\n', '\r'])).is_empty())
        .map(str::len)
        .sum()
}

/// Reads such a dump.
pub(in super::super) fn read(text: &str) -> Result<Vec<u8>, Mistake> {
    let all: Vec<(usize, &str, Vec<Row>)> = lines(text)
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number, line, rows(line)))
        .collect();
    let is_row = |(_, _, rows): &(usize, &str, Vec<Row>)| !rows.is_empty();
    let wrong = |number: usize, line: &str| not_a_line(number, line, text!(form.beside));
    let (Some(first), Some(last)) = (all.iter().position(is_row), all.iter().rposition(is_row))
    else {
        return Err(wrong(1, text.lines().next().unwrap_or_default()));
    };
    let (dump, below) = all.split_at(last + 1);
    let (above, dump) = dump.split_at(first);
    let mut columns = columns(dump);
    let mut proven = columns
        .iter()
        .copied()
        .filter(|&column| follows(dump, column) == Some(true));
    let column = match (proven.next(), proven.next()) {
        (Some(column), None) => column,
        _ => match (columns.pop(), columns.pop()) {
            (Some(column), None) if follows(dump, column).is_none() => column,
            _ => {
                return Err(out_of_order(
                    dump.first().map_or(1, |(number, _, _)| *number),
                ));
            }
        },
    };
    let bytes: Vec<u8> = dump
        .iter()
        .flat_map(|(_, _, rows)| row_at(rows, column).into_iter().flatten().copied())
        .collect();
    for (number, line, _) in above {
        if has_cells(line, None) && !is_ruler(line) {
            return Err(wrong(*number, line));
        }
        if claimed(line).is_some_and(|claimed| claimed != bytes.len() as u64) {
            let claimed = claimed(line).unwrap_or_default();
            return Err(wrong_count(*number, claimed, bytes.len()));
        }
    }
    match below
        .iter()
        .find(|(_, line, _)| has_cells(line, Some(column)))
    {
        Some((number, line, _)) => Err(wrong(*number, line)),
        None => Ok(bytes),
    }
}

/// The bytes of a line whose cells begin at a column.
fn row_at(rows: &[Row], column: usize) -> Option<&[u8]> {
    let mut rows = rows.iter().filter(|row| row.column == column);
    match (rows.next(), rows.next()) {
        (Some(row), None) => Some(&row.bytes),
        _ => None,
    }
}

/// The columns where the cells of every line may begin.
fn columns(dump: &[(usize, &str, Vec<Row>)]) -> Vec<usize> {
    let Some((_, _, rows)) = dump.first() else {
        return Vec::new();
    };
    let is_common = |column: &usize| {
        dump.iter()
            .all(|(_, _, rows)| row_at(rows, *column).is_some())
    };
    let mut columns: Vec<usize> = rows.iter().map(|row| row.column).collect();
    columns.dedup();
    columns.retain(is_common);
    columns
}

/// Whether the offsets before a column follow each other; nothing where there are none.
fn follows(dump: &[(usize, &str, Vec<Row>)], column: usize) -> Option<bool> {
    let mut next: Option<[Option<u64>; 2]> = None;
    for (_, line, rows) in dump {
        let digits = offset(line.get(..column)?);
        let Some(digits) = digits else {
            return next.map(|_| false);
        };
        let values = [16, 10].map(|radix| u64::from_str_radix(digits, radix).ok());
        let count = row_at(rows, column)?.len() as u64;
        let fits = match &next {
            None => {
                let is_zero = digits.bytes().all(|digit| digit == b'0');
                [is_zero || digits.len() >= ADDRESS_DIGITS; 2]
            }
            Some(next) => [next[0] == values[0], next[1] == values[1]],
        };
        if fits == [false; 2] {
            return Some(false);
        }
        let after = |index: usize| {
            let value: Option<u64> = values.get(index).copied().flatten();
            value.filter(|_| fits[index])?.checked_add(count)
        };
        next = Some([after(0), after(1)]);
    }
    next.map(|_| true)
}

/// The digits of the offset at the end of what stands before the cells. The digits behind a point are those of
/// a time.
pub(super) fn offset(before: &str) -> Option<&str> {
    let before = before.trim_end_matches([' ', '\t', ':', '|', '-', ']']);
    let before = before.strip_suffix('h').unwrap_or(before);
    let begun = before.rfind(|c: char| digit(c).is_none()).map_or(0, |at| {
        at + before
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    });
    let (other, digits) = before.split_at_checked(begun)?;
    (digits.len() >= 3
        && !other.ends_with('.')
        && digits.starts_with(|c: char| c.is_ascii_digit() || digits.len() >= 8))
    .then_some(digits)
}

/// The groups of hex digits of a line: where each begins and ends.
fn groups(line: &str) -> Vec<(usize, usize)> {
    let mut groups = Vec::new();
    let mut begun = None;
    let mut before = ' ';
    for (at, character) in line.char_indices().chain([(line.len(), ' ')]) {
        let is_hex = digit(character).is_some();
        match begun {
            None if is_hex && !before.is_alphanumeric() => begun = Some(at),
            Some(start) if !is_hex => {
                let is_whole = (at - start) % 2 == 0 && !character.is_alphanumeric();
                if is_whole {
                    groups.push((start, at));
                }
                begun = None;
            }
            _ => {}
        }
        before = character;
    }
    groups
}

/// Whether nothing but layout stands between two groups.
fn is_layout(between: &str) -> bool {
    between.len() <= 4 && between.chars().all(|c| matches!(c, ' ' | '-' | '|' | '\t'))
}

/// All readings of a line in which a text stands beside the bytes that says what they say.
pub(super) fn rows(line: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    if line.len() > LONGEST {
        return rows;
    }
    let groups = groups(line);
    for (index, &(_, end)) in groups.iter().enumerate() {
        let texts = beside(line.get(end..).unwrap_or_default());
        let mut start = end;
        let mut bytes: Vec<u8> = Vec::new();
        for &(begun, ended) in groups.iter().take(index + 1).rev() {
            if ended != start && !is_layout(line.get(ended..start).unwrap_or("?")) {
                break;
            }
            start = begun;
            let Ok(group) = hex::decode(line.get(begun..ended).unwrap_or_default()) else {
                break;
            };
            bytes.splice(..0, group);
            if bytes.len() > MOST {
                break;
            }
            // What stands before the cells is none of them.
            let before = groups.iter().rev().find(|(_, ended)| *ended <= begun);
            let is_inner = before.is_some_and(|&(start, ended)| {
                ended - start == 2 && is_layout(line.get(ended..begun).unwrap_or("?"))
            });
            let row = Row {
                column: begun,
                bytes: bytes.clone(),
            };
            let is_told = texts.iter().any(|text| says(text, &bytes));
            if is_told && !is_inner && !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    rows
}

/// What may be the text in the rest of a line: all of it, or what stands between marks.
fn beside(rest: &str) -> Vec<&str> {
    if !rest.starts_with([' ', '\t', '|']) {
        return Vec::new();
    }
    let text = rest.trim();
    let mut texts = vec![text];
    let marked = text.strip_prefix(['|', ':', '#', '>', '*']);
    if let Some(inner) = marked {
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        texts.push(inner);
        texts.extend(inner.trim_end().strip_suffix(['|', '<', '*']));
    }
    texts
}

/// Whether a text says what the bytes say, each with one character: a graphic one is itself, a space may be a
/// dot, and for any other stands a dot or a character beyond ASCII. Spaces at the ends may be missing.
fn says(text: &str, bytes: &[u8]) -> bool {
    let is_space = |byte: &u8| *byte == b' ';
    let text = text.trim_matches([' ', '\t']);
    let shown = |bytes: &[u8]| {
        let mut letters = text.chars();
        bytes.iter().all(|&byte| {
            letters.next().is_some_and(|letter| match byte {
                b' ' => matches!(letter, ' ' | '.'),
                b'!'..=b'~' => letter == char::from(byte),
                _ => letter == '.' || !letter.is_ascii(),
            })
        }) && letters.next().is_none()
    };
    let first = bytes.iter().position(|byte| !is_space(byte));
    let first = first.unwrap_or(bytes.len());
    let last = bytes.iter().rposition(|byte| !is_space(byte));
    let last = last.map_or(first, |last| last + 1);
    !text.is_empty() && (shown(bytes) || shown(bytes.get(first..last).unwrap_or_default()))
}

/// Whether a line has what could be cells from a column on: three of them in a row, or a long one; behind the
/// dump any.
fn has_cells(line: &str, column: Option<usize>) -> bool {
    let groups: Vec<_> = groups(line)
        .into_iter()
        .filter(|(begun, _)| *begun >= column.unwrap_or(0))
        .collect();
    if column.is_some() {
        return !groups.is_empty();
    }
    let is_next = |pair: &[(usize, usize)]| match pair {
        [one, next] => is_layout(line.get(one.1..next.0).unwrap_or("?")),
        _ => false,
    };
    let mut run = 1;
    groups.windows(2).any(|pair| {
        run = if is_next(pair) { run + 1 } else { 1 };
        run >= 3
    })
}

/// Whether a line counts the columns below it.
fn is_ruler(line: &str) -> bool {
    let words = line.split(|c: char| c.is_whitespace() || c == '-');
    let numbers: Vec<u8> = words
        .filter(|word| word.len() == 2)
        .filter_map(|word| u8::from_str_radix(word, 16).ok())
        .collect();
    numbers.len() >= 3
        && numbers
            .iter()
            .enumerate()
            .all(|(index, number)| index == usize::from(*number))
}

/// How many bytes a line says that there are: `(17 bytes)`, `len=17`, `READ: 17B`.
pub(super) fn claimed(line: &str) -> Option<u64> {
    let number = |text: &str| text.parse().ok();
    let after = ["len=", "length=", "Length: "]
        .into_iter()
        .find_map(|mark| {
            let (_, rest) = line.split_once(mark)?;
            number(rest.split(|c: char| !c.is_ascii_digit()).next()?)
        });
    let before = || {
        let (before, _) = line.split_once(" bytes")?;
        let digits = before.rfind(|c: char| !c.is_ascii_digit());
        number(before.get(digits.map_or(0, |at| at + 1)..)?)
    };
    let last = || number(line.trim_end().rsplit(' ').next()?.strip_suffix('B')?);
    after.or_else(before).or_else(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_the_bytes_proves_them() {
        for text in [
            "0000 - 81 05 48 65 6c 6c 6f-88 02 03 e8   ..Hello....\n",
            "0C1B:0000  81 05 48 65 6C 6C 6F 88-02 03 E8   ..Hello....\n",
            "- offset -   0 1  2 3\n0x00000000  8105 4865 6c6c  ..Hell\n0x00000006  6f88 0203 e8    o....\n",
            "0000h: 81 05 48 65 6C 6C 6F 88 02 03 E8  ..Hello\u{2c6}..\u{e8}\n",
            "[  12.345678] skb: 00000000: 81 05 48 65 6c 6c 6f 88  ..Hello.\n\
             [  12.345690] skb: 00000008: 02 03 e8                 ...\n",
            "Hex dump of section '.data':\n  0x00000000 81054865 6c6c6f88 ..Hello.\n  0x00000008 0203e8            ...\n\n",
            "81 05 48 65 6c 6c 6f 88 02 03 e8  ..Hello....\n",
            "dumping 'input' (11 bytes)\nssl.c:12: 0000:  81 05 48 65 6c 6c 6f 88 02 03 e8  ..Hello....\n",
        ] {
            let hello = b"\x81\x05Hello\x88\x02\x03\xe8".to_vec();
            assert_eq!(read(text), Ok(hello), "{text}");
        }
    }

    #[test]
    fn what_it_does_not_prove_is_no_dump() {
        for text in [
            "0000 - 81 05 48 65 6c  ..Hel\n0007 - 6f   o\n",
            "0010 - 81 05 48 65 6c  ..Hel\n",
            "0000 - 81 05 48 65 6c  ..Hel\n0005 - 6c 6f\n",
            "0000 - 81 05 48 65 6c  ..Hel\nand\n0005 - 6c 6f  lo\n0007 - 61  b\n",
            "81 05 48 65\n81 05 48 65  ..He\n",
            "(12 bytes)\n0000 - 81 05 48 65 6c  ..Hel\n",
            "82 04 61 62 63 64  abce\n",
            "82 04 61 62 63 64  abcd\n",
            "88 02 03 e8\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
