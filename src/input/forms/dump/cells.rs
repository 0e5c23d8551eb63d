//! The cells of one line of a dump, and the text beside them.

use super::super::super::digits::{decode_pairs, digit, not_a_digit};
use super::super::super::layout::Kind;
use super::super::super::number::{decimal, decimal_word};
use super::super::super::text::{Mistake, Place, printable};
use crate::words::{Text, say, text};

/// Decodes the cells of `line`, which begin at `at`, to the end of `bytes`. All words of a dump are as
/// wide as `columns`, or stand in columns of that width, once that is known. Gives 0, or one more than
/// the number of bytes at the end that may only fill the line up.
pub(super) fn take_cells(
    kind: Kind,
    line: &str,
    at: usize,
    number: u64,
    columns: &mut Option<usize>,
    bytes: &mut Vec<u8>,
) -> Result<usize, Mistake> {
    let cells = Cells { kind, line, number };
    match kind {
        Kind::Xxd | Kind::XxdSwapped | Kind::XxdBits | Kind::Wireshark | Kind::Tcpdump => {
            cells.take_with_text(at, columns, bytes)?;
        }
        Kind::Hexdump | Kind::OdHex => cells.take_with_marked_text(at, bytes)?,
        Kind::Characters => return cells.take_characters(at, bytes),
        Kind::DecimalWords => return cells.take_decimal_words(at, columns, bytes),
        _ => {
            let mut word = 0;
            for (at, token) in cells.tokens(at) {
                let before = bytes.len();
                // A number that was cut stands in no column of the others.
                let width = cells.column(at, token);
                if *columns.get_or_insert(width) != width {
                    return Err(cells.wrong(at, token, text!(cell.width, cell, place)));
                }
                cells.take_number(at, token, bytes)?;
                word = word.max(bytes.len() - before);
            }
            return Ok(if kind.is_words() { word } else { 0 });
        }
    }
    Ok(0)
}

/// A line that is being decoded.
struct Cells<'a> {
    kind: Kind,
    line: &'a str,
    number: u64,
}

impl<'a> Cells<'a> {
    /// What stands between the spaces from `at` on, each with where it begins.
    fn tokens(&self, at: usize) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let line = self.line;
        line.get(at..)
            .unwrap_or_default()
            .split([' ', '\t'])
            .filter(|token| !token.is_empty())
            .map(move |token| (token.as_ptr().addr() - line.as_ptr().addr(), token))
    }

    /// Takes hex behind which the same bytes stand as text between marks: `|..|` or `>..<`.
    fn take_with_marked_text(&self, at: usize, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        let rest = self.line.get(at..).unwrap_or_default();
        let (opening, closing) = match self.kind {
            Kind::OdHex => ('>', '<'),
            _ => ('|', '|'),
        };
        let Some((cells, text)) = rest.split_once(opening) else {
            return self.take_with_text(at, &mut None, bytes);
        };
        for (place, token) in self.tokens(at) {
            if place >= at + cells.len() {
                break;
            }
            self.take_group(place, token, bytes)?;
        }
        let text = text.trim_end();
        let text = text.strip_suffix(closing).unwrap_or(text);
        if agrees(bytes, text) {
            Ok(())
        } else {
            Err(self.disagreement(text))
        }
    }

    /// Takes hex behind which the same bytes may stand as text, two spaces apart. Where the text
    /// begins is found out by what it says, for it may look like hex.
    fn take_with_text(
        &self,
        at: usize,
        columns: &mut Option<usize>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Mistake> {
        let line = self.line.trim_end();
        let mut gap = None;
        for (place, token) in self.tokens(at) {
            if place >= line.len() {
                break;
            }
            let column = self.column(place, token);
            if self.kind == Kind::XxdSwapped && *columns.get_or_insert(column) != column {
                let wrong = text!(cell.column, cell, place);
                return Err(match gap {
                    Some(text) => self.disagreement(text),
                    None => self.wrong(place, token, wrong),
                });
            }
            if let Err(mistake) = self.take_group(place, token, bytes) {
                // Behind a gap, it was meant as the text.
                return Err(gap.map_or(mistake, |text| self.disagreement(text)));
            }
            let rest = line.get(place + token.len()..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            if rest.starts_with("  ") || rest.starts_with('\t') {
                // `tcpdump` shows a space as a dot.
                let is_dotted = self.kind == Kind::Tcpdump && agrees_with_dots(bytes, rest);
                if is_dotted || agrees(bytes, rest) {
                    return Ok(());
                }
                if !self.may_have_gap(rest, bytes.len()) {
                    return Err(self.disagreement(rest.trim()));
                }
                gap = Some(rest.trim());
            }
        }
        Ok(())
    }

    /// Whether more bytes may come after `count` of them and the spaces at the front of `rest`.
    fn may_have_gap(&self, rest: &str, count: usize) -> bool {
        let after = rest.trim_start_matches(' ');
        let spaces = rest.len() - after.len();
        match self.kind {
            Kind::Hexdump | Kind::Wireshark => count == 8 && spaces == 2,
            // The last group stands at the right of its column.
            Kind::XxdSwapped => {
                let next = after.split(' ').next().unwrap_or_default().len();
                matches!(spaces + next, 5 | 9 | 17) && next < 16
            }
            _ => false,
        }
    }

    /// The mistake of a text that does not say what the bytes say.
    fn disagreement(&self, text: &str) -> Mistake {
        Mistake::new(say!(
            cell.text_disagrees,
            number = self.number,
            text = printable(text)
        ))
    }

    /// Takes a group of hex digits, or of binary ones.
    fn take_group(&self, at: usize, group: &str, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        if self.kind == Kind::XxdBits {
            let byte = u8::from_str_radix(group, 2).ok();
            let byte = byte.filter(|_| group.len() == 8 && !group.starts_with('+'));
            bytes.push(
                byte.ok_or_else(|| self.wrong(at, group, text!(cell.not_binary, cell, place)))?,
            );
            return Ok(());
        }
        let whole = group.len() % 2 == 0;
        let many = matches!(self.kind, Kind::Xxd | Kind::XxdSwapped | Kind::Tcpdump);
        if whole && (group.len() <= 2 || many) {
            let filled = bytes.len();
            bytes.resize(filled + group.len() / 2, 0);
            let room = bytes.get_mut(filled..).unwrap_or_default();
            if decode_pairs(group.as_bytes(), room) == room.len() {
                if self.kind == Kind::XxdSwapped {
                    room.reverse();
                }
                return Ok(());
            }
            bytes.truncate(filled);
        }
        let wrong = group.char_indices().find(|(_, c)| digit(*c).is_none());
        if let Some((before, character)) = wrong {
            return Err(not_a_digit(character, self.place(at + before)));
        }
        Err(self.wrong(
            at,
            group,
            if whole {
                text!(cell.more_than_a_byte, cell, place)
            } else {
                text!(cell.half_byte, cell, place)
            },
        ))
    }

    /// Takes a number of the width that the kind has.
    fn take_number(&self, at: usize, token: &str, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        let plain = !token.starts_with('+');
        let number = |radix, width: usize| {
            let fits = token.len() == width && plain;
            u64::from_str_radix(token, radix).ok().filter(|_| fits)
        };
        let words = match self.kind {
            Kind::OctalWords => [(8, 6, 2), (8, 11, 4), (8, 22, 8)],
            _ => [(16, 4, 2), (16, 8, 4), (16, 16, 8)],
        };
        match self.kind {
            Kind::OctalBytes => {
                let byte = number(8, 3).and_then(|number| u8::try_from(number).ok());
                let wrong = || self.wrong(at, token, text!(cell.not_octal, cell, place));
                bytes.push(byte.ok_or_else(wrong)?);
            }
            Kind::Decimal => {
                let byte = decimal(token).filter(|_| matches!(self.column(at, token), 4 | 5));
                let wrong = || self.wrong(at, token, text!(cell.not_decimal, cell, place));
                bytes.push(byte.ok_or_else(wrong)?);
            }
            _ => {
                let found = words.into_iter().find_map(|(radix, width, size)| {
                    let value = number(radix, width)?.to_le_bytes();
                    let (low, high) = value.split_at_checked(size)?;
                    high.iter().all(|&byte| byte == 0).then(|| low.to_vec())
                });
                let wrong = || self.wrong(at, token, text!(cell.not_a_word, cell, place));
                bytes.extend(found.ok_or_else(wrong)?);
            }
        }
        Ok(())
    }

    /// Takes decimal words, which stand at the right of columns as wide as their greatest number. Gives
    /// the number of bytes in a word.
    fn take_decimal_words(
        &self,
        at: usize,
        columns: &mut Option<usize>,
        bytes: &mut Vec<u8>,
    ) -> Result<usize, Mistake> {
        let mut size = 0;
        for (at, token) in self.tokens(at) {
            let column = self.column(at, token);
            let fits = *columns.get_or_insert(column) == column;
            let word = decimal_word(token, column).filter(|_| fits);
            let wrong = || self.wrong(at, token, text!(cell.not_a_decimal_word, cell, place));
            let (value, length) = word.ok_or_else(wrong)?;
            size = length;
            bytes.extend(value.to_le_bytes().into_iter().take(length));
        }
        Ok(size)
    }

    /// How wide the column is whose right end `token`, which begins at `at`, stands at.
    fn column(&self, at: usize, token: &str) -> usize {
        let before = self.line.get(..at).unwrap_or_default();
        before.len() - before.trim_end_matches(' ').len() + token.len()
    }

    /// Takes cells of four characters each: a character, a C escape or three octal digits. Gives
    /// the number of spaces at the end and one more: they may be data, or fill the line up.
    fn take_characters(&self, at: usize, bytes: &mut Vec<u8>) -> Result<usize, Mistake> {
        let mut place = at;
        while let Some(cell) = self.line.get(place..).filter(|rest| !rest.is_empty()) {
            let cell = cell.get(..4).unwrap_or(cell);
            if cell.len() < 4 && cell.trim().is_empty() {
                break;
            }
            let byte = character(cell).filter(|_| cell.len() == 4);
            bytes.push(
                byte.ok_or_else(|| self.wrong(place, cell, text!(cell.not_of_od_c, cell, place)))?,
            );
            place += 4;
        }
        let data = bytes.iter().rposition(|&byte| byte != b' ');
        Ok(bytes.len() - data.map_or(0, |last| last + 1) + 1)
    }

    /// A mistake about what stands at `at`.
    fn wrong(&self, at: usize, cell: &str, text: Text) -> Mistake {
        Mistake::of(text, "cell", printable(cell), self.place(at))
    }

    fn place(&self, at: usize) -> Place {
        Place::in_line(self.number, 1).after(self.line.get(..at).unwrap_or_default())
    }
}

/// What a cell of `od -c` stands for.
fn character(cell: &str) -> Option<u8> {
    let cell = cell.strip_prefix(' ')?;
    Some(match cell {
        " \\0" => 0,
        " \\a" => 0x07,
        " \\b" => 0x08,
        " \\t" => b'\t',
        " \\n" => b'\n',
        " \\v" => 0x0b,
        " \\f" => 0x0c,
        " \\r" => b'\r',
        _ => match cell.strip_prefix("  ") {
            Some(one) => one.bytes().next()?,
            None => {
                let octal = cell.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
                let byte = u8::from_str_radix(cell, 8).ok().filter(|_| octal)?;
                // What can be printed would stand for itself.
                (!is_printable(byte) && !matches!(byte, 0 | 7..=13)).then_some(byte)?
            }
        },
    })
}

/// Whether a dump shows this byte as it is.
const fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Whether `text` is what a dump shows beside `bytes` that has a dot for a space too.
fn agrees_with_dots(bytes: &[u8], text: &str) -> bool {
    text.trim().bytes().eq(bytes.iter().map(|&byte| match byte {
        b'!'..=b'~' => byte,
        _ => b'.',
    }))
}

/// Whether `text` is what a dump shows beside `bytes`. Spaces at the ends do not count: they may be
/// layout, or have been cut off.
fn agrees(bytes: &[u8], text: &str) -> bool {
    let mut shown = text.trim_matches([' ', '\t']).chars();
    let is_other = |byte: &u8| *byte != b' ';
    let first = bytes.iter().position(is_other).unwrap_or(bytes.len());
    let last = bytes
        .iter()
        .rposition(is_other)
        .map_or(first, |last| last + 1);
    let bytes = bytes.get(first..last).unwrap_or_default();
    bytes.iter().all(|&byte| {
        shown.next().is_some_and(|character| {
            if is_printable(byte) {
                character == char::from(byte)
            } else {
                character == '.' || !character.is_ascii()
            }
        })
    }) && shown.next().is_none()
}
