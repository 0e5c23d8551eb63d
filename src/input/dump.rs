//! Dumps with an offset before the bytes of every line: those of `xxd` and of `hexdump -C`.
//!
//! The text beside the bytes is never read. Lines left out for a `*` are filled in again, from a
//! small buffer, so that a dump may stand for any number of bytes.

use super::hex::{decode_pairs, digit, not_a_digit};
use super::output::Output;
use super::text::{Mistake, Place, shown};
use super::{Error, Sink, TextReader};

/// The longest line that is read, in bytes: several times that of the widest dump, 256 bytes to
/// the line.
const LONGEST_LINE: usize = 8 * 1024;

/// Offsets have at least this many digits; fewer could be any number before a colon.
const OFFSET_DIGITS: usize = 7;

/// Which program made the dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// `00000000: 8802 03e8  ....`
    Xxd,
    /// `00000000  88 02 03 e8  |....|`
    Hexdump,
}

/// Whether the first line of the sample that is not blank is one of an `xxd` dump.
pub(super) fn recognise_xxd(sample: &str, _whole: bool) -> bool {
    after_offset(sample, ": ").is_some_and(starts_with_byte)
}

/// Whether the first line of the sample that is not blank is one of a `hexdump -C` dump.
pub(super) fn recognise_hexdump(sample: &str, _whole: bool) -> bool {
    after_offset(sample, "  ").is_some_and(starts_with_byte)
}

/// Whether the sample looks as if meant as an `xxd` dump.
pub(super) fn resembles_xxd(sample: &str) -> bool {
    after_offset(sample, ":").is_some()
}

/// Whether the sample looks as if meant as a `hexdump -C` dump.
pub(super) fn resembles_hexdump(sample: &str) -> bool {
    after_offset(sample, "  ").is_some()
}

/// Whether the sample is a dump of either program, so that it is nothing else.
pub(super) fn recognise_any(sample: &str) -> bool {
    recognise_xxd(sample, false) || recognise_hexdump(sample, false)
}

/// What follows the offset at the front of `text` and the `separator` after it.
fn after_offset<'a>(text: &'a str, separator: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let rest = text.trim_start_matches(|character| digit(character).is_some());
    let long = text.len() - rest.len() >= OFFSET_DIGITS;
    rest.strip_prefix(separator).filter(|_| long)
}

fn starts_with_byte(text: &str) -> bool {
    let mut characters = text.chars();
    let mut next_is_digit = || characters.next().and_then(digit).is_some();
    next_is_digit() && next_is_digit()
}

/// Reads dumps.
pub(super) struct DumpReader {
    program: Program,
    output: Output,
    /// The part of the current line that was fed so far.
    held: String,
    /// The number of the latest line.
    number: u64,
    /// The offset after the latest line; none before the first.
    end: Option<u64>,
    /// The bytes of the latest line.
    latest: Vec<u8>,
    /// Whether a `*` came since the latest line.
    starred: bool,
    /// Whether the line with nothing but the end offset was read.
    ended: bool,
}

impl DumpReader {
    pub(super) fn new(program: Program) -> Self {
        Self {
            program,
            output: Output::new(),
            held: String::new(),
            number: 0,
            end: None,
            latest: Vec::new(),
            starred: false,
            ended: false,
        }
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        for piece in text.split_inclusive('\n') {
            let part = piece.strip_suffix('\n');
            if self.held.len() + part.unwrap_or(piece).len() > LONGEST_LINE {
                let line = self.number + 1;
                return Err(Mistake::new(format!(
                    "line {line} is longer than {LONGEST_LINE} bytes, too long for a dump"
                ))
                .into());
            }
            match part {
                Some(line) if self.held.is_empty() => self.take_line(line, sink)?,
                Some(part) => {
                    self.held.push_str(part);
                    self.take_held(sink)?;
                }
                None => self.held.push_str(piece),
            }
        }
        Ok(())
    }

    fn take_held(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let line = std::mem::take(&mut self.held);
        let result = self.take_line(&line, sink);
        // The memory is kept for the next line.
        self.held = line;
        self.held.clear();
        result
    }

    fn take_line(&mut self, line: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.number += 1;
        let number = self.number;
        let line = line.trim_end();
        let trimmed = line.trim_start();
        if trimmed.is_empty() {
            return Ok(());
        }
        if self.ended {
            return Err(Mistake::new(format!(
                "line {number} comes after the line that ends the dump; give one dump at a time"
            ))
            .into());
        }
        if trimmed == "*" {
            return Ok(self.take_star()?);
        }
        let (offset, rest) = self.split_line(trimmed)?;
        let is_end = self.program == Program::Hexdump && rest.is_empty();
        self.take_offset(offset, is_end, sink)?;
        if is_end {
            self.ended = true;
            return Ok(());
        }
        self.take_bytes(line, rest)?;
        let end = offset
            .checked_add(self.latest.len() as u64)
            .ok_or_else(|| {
                Mistake::new(format!("line {number} goes beyond the greatest offset"))
            })?;
        self.end = Some(end);
        self.output.extend(&self.latest, sink)
    }

    /// The offset at the front of a line, and the rest of it.
    fn split_line<'a>(&self, line: &'a str) -> Result<(u64, &'a str), Mistake> {
        let rest = line.trim_start_matches(|character| digit(character).is_some());
        let digits = line.strip_suffix(rest).unwrap_or_default();
        let (column, example) = match self.program {
            Program::Xxd => (rest.strip_prefix(':'), "00000010: "),
            Program::Hexdump => {
                let fits = rest.is_empty() || rest.starts_with(' ');
                (fits.then_some(rest), "00000010  ")
            }
        };
        let offset = u64::from_str_radix(digits, 16).ok();
        offset.zip(column).ok_or_else(|| {
            Mistake::new(format!(
                "line {} is `{}`, which does not begin with an offset such as `{example}`",
                self.number,
                shown(line)
            ))
        })
    }

    /// Checks that a line at `offset` continues the dump, and fills in the lines that a `*` before
    /// it stands for.
    fn take_offset(&mut self, offset: u64, is_end: bool, sink: &mut Sink<'_>) -> Result<(), Error> {
        // Whatever its first offset, a dump is read from there.
        let end = self.end.unwrap_or(offset);
        let starred = std::mem::take(&mut self.starred);
        let wrong = match offset.checked_sub(end) {
            Some(0) => return Ok(()),
            // Only the last of the repeated lines may be shorter, and the end comes after it.
            Some(gap) if starred && (is_end || gap % self.latest.len() as u64 == 0) => {
                return self.repeat_latest(gap, sink);
            }
            Some(_) if starred => "no number of repeated lines leads there",
            Some(_) => "lines are missing",
            None => "lines are repeated or out of order",
        };
        let verb = if is_end { "ends the dump" } else { "starts" };
        Err(Mistake::new(format!(
            "line {} {verb} at offset {offset:#x} but the lines before end at {end:#x}; {wrong}",
            self.number
        ))
        .into())
    }

    /// Gives out the bytes of the latest line again and again, `count` bytes in all.
    fn repeat_latest(&mut self, count: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut left = count;
        while left > 0 {
            let size = usize::try_from(left).unwrap_or(usize::MAX);
            let line = self.latest.get(..size).unwrap_or(&self.latest);
            self.output.extend(line, sink)?;
            left -= line.len() as u64;
        }
        Ok(())
    }

    /// Takes a `*`, which stands for lines that repeat the latest one.
    fn take_star(&mut self) -> Result<(), Mistake> {
        let number = self.number;
        if self.latest.is_empty() {
            return Err(Mistake::new(format!(
                "`*` in line {number} repeats the line before it, but there is none"
            )));
        }
        // `xxd` leaves nothing else out.
        if self.program == Program::Xxd && self.latest.iter().any(|&byte| byte != 0) {
            return Err(Mistake::new(format!(
                "`*` in line {number} stands for zeros, but the line before it has other bytes"
            )));
        }
        self.starred = true;
        Ok(())
    }

    /// Takes the bytes of a line. `rest` is the end of `line`, after the offset.
    fn take_bytes(&mut self, line: &str, rest: &str) -> Result<(), Mistake> {
        self.latest.clear();
        let rest = rest.trim_start();
        let mut offset = line.len() - rest.len();
        let text_mark = match self.program {
            Program::Xxd => "  ",
            Program::Hexdump => "|",
        };
        let column = rest
            .split_once(text_mark)
            .map_or(rest, |(column, _)| column);
        for group in column.split_inclusive(' ') {
            self.take_group(line, offset, group.trim_end_matches(' '))?;
            offset += group.len();
        }
        Ok(())
    }

    /// Takes a group of digits, which stands at `offset` of `line`.
    fn take_group(&mut self, line: &str, offset: usize, group: &str) -> Result<(), Mistake> {
        let whole = group.len() % 2 == 0;
        if whole && (group.len() <= 2 || self.program == Program::Xxd) {
            let filled = self.latest.len();
            self.latest.resize(filled + group.len() / 2, 0);
            let room = self.latest.get_mut(filled..).unwrap_or_default();
            if decode_pairs(group.as_bytes(), room) == room.len() {
                return Ok(());
            }
        }
        let place = |length| {
            let before = line.get(..offset + length).unwrap_or_default();
            Place::in_line(self.number, 1).after(before)
        };
        let wrong = group.char_indices().find(|(_, c)| digit(*c).is_none());
        if let Some((before, character)) = wrong {
            return Err(not_a_digit(character, place(before)));
        }
        let problem = if whole {
            "is more than one byte; `hexdump` without `-C` swaps the bytes"
        } else {
            "is not a whole number of bytes; is a digit missing?"
        };
        let (group, place) = (shown(group), place(0));
        Err(Mistake::new(format!("`{group}` at {place} {problem}")))
    }
}

impl TextReader for DumpReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        if !self.held.is_empty() {
            let result = self.take_held(sink);
            self.output.flush(sink)?;
            result?;
        }
        if self.starred {
            return Err(Mistake::new(
                "the dump ends with `*`; how long it goes on is told by the line after that",
            )
            .into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
