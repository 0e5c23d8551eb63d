//! Dumps: lines of an offset, bytes in cells, and often the same bytes as text.
//!
//! Nothing in a dump is taken on trust. Offsets must follow each other, in hex, octal or decimal,
//! whichever fits; the text beside the bytes must agree with them; the byte that fills up the last
//! 16-bit word is told from data by the offset that ends the dump. Lines left out for a `*` are
//! filled in again, from a small buffer, so that a dump may stand for any number of bytes.

mod cells;
mod offsets;
#[cfg(test)]
mod tests;

use super::super::layout::{Kind, split_offset};
use super::super::output::Output;
use super::super::text::{Mistake, printable};
use super::super::{Error, Sink, TextReader};
use crate::words::say;
use cells::take_cells;
use offsets::{Offsets, Step, Written};

/// The longest line that is read, in bytes: several times that of the widest dump, 256 bytes to
/// the line.
const LONGEST_LINE: usize = 8 * 1024;

/// Reads dumps.
pub(in super::super) struct DumpReader {
    kind: Kind,
    output: Output,
    /// The number of the latest line.
    number: u64,
    /// What offset must come next, after the latest line.
    offsets: Offsets,
    /// The bytes of the latest line.
    latest: Vec<u8>,
    /// Not 0 if the latest line waits for the next offset, because bytes at its end may only fill
    /// it up: one more than there may be of those.
    word: usize,
    /// How wide the words are, or the columns of decimal ones; known after the first.
    columns: Option<usize>,
    /// How many cells there were, as far as that matters.
    cells: u64,
    /// Whether a `*` came since the latest line.
    starred: bool,
    /// Whether the line with nothing but the end offset was read.
    ended: bool,
    /// Whether the lines have no offsets; known after the first.
    bare: Option<bool>,
}

impl DumpReader {
    pub(in super::super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            output: Output::new(),
            number: 0,
            offsets: Offsets::new(written(kind)),
            latest: Vec::new(),
            word: 0,
            columns: None,
            cells: 0,
            starred: false,
            ended: false,
            bare: None,
        }
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        for line in text.split_inclusive('\n') {
            if line.len() > LONGEST_LINE {
                let line = self.number + 1;
                return Err(Mistake::new(say!(dump.long_line, line, most = LONGEST_LINE)).into());
            }
            self.take_line(line.strip_suffix('\n').unwrap_or(line), sink)?;
        }
        Ok(())
    }

    fn take_line(&mut self, line: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.number += 1;
        let number = self.number;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let trimmed = line.trim();
        // Four spaces are the cell of a space.
        let is_spaces = self.bare == Some(true) && self.kind == Kind::Characters && line.len() >= 4;
        if trimmed.is_empty() && !is_spaces {
            return Ok(());
        }
        if self.ended {
            return Err(Mistake::new(say!(dump.after_end, number)).into());
        }
        if trimmed == "*" {
            return Ok(self.take_star()?);
        }
        let bare = self.kind.may_be_bare() && line.starts_with(' ');
        if *self.bare.get_or_insert(bare) != bare {
            return Err(Mistake::new(say!(dump.no_offset, number)).into());
        }
        if bare {
            if self.starred {
                return Err(Mistake::new(say!(dump.star_without_offsets, number)).into());
            }
            self.flush_latest(0, sink)?;
            return Ok(self.take_latest(line, 0)?);
        }
        let (offset, rest) = self.split_line(line)?;
        let is_end = self.kind.has_end() && rest.trim().is_empty();
        self.take_offset(offset, is_end, sink)?;
        if is_end {
            self.ended = true;
            return Ok(());
        }
        self.take_latest(line, line.len() - rest.len())?;
        if !self.offsets.advance(self.latest.len() as u64) {
            return Err(Mistake::new(say!(dump.beyond_greatest, number)).into());
        }
        // What may only fill up a word has to wait for the next offset.
        if self.word > 0 {
            return Ok(());
        }
        self.output.extend(&self.latest, sink)
    }

    /// Decodes the cells of `line`, which begin at `at`.
    fn take_latest(&mut self, line: &str, at: usize) -> Result<(), Mistake> {
        let cells = line.get(at..).unwrap_or_default().split_whitespace();
        self.cells += cells.take(2).count() as u64;
        self.latest.clear();
        self.word = take_cells(
            self.kind,
            line,
            at,
            self.number,
            &mut self.columns,
            &mut self.latest,
        )?;
        Ok(())
    }

    /// The digits of the offset at the front of a line, and the rest of it.
    fn split_line<'a>(&self, line: &'a str) -> Result<(&'a str, &'a str), Mistake> {
        let trimmed = line.trim_start();
        let (digits, rest) = split_offset(trimmed, self.kind);
        let (fits, example) = match self.kind {
            Kind::Xxd | Kind::XxdSwapped | Kind::XxdBits => (rest.starts_with(':'), "00000010: "),
            Kind::Tcpdump => (rest.starts_with(':'), "0x0010:  "),
            Kind::Hexdump => (is_apart(rest), "00000010  "),
            Kind::Wireshark => (is_apart(rest), "0010   "),
            _ => (is_apart(rest), "0000020 "),
        };
        if digits.is_empty() || !fits {
            return Err(Mistake::new(say!(
                dump.not_an_offset,
                number = self.number,
                line = printable(trimmed),
                example
            )));
        }
        Ok((digits, rest.strip_prefix(':').unwrap_or(rest)))
    }

    /// Checks that a line at `offset` continues the dump, and fills in the lines that a `*` before
    /// it stands for.
    fn take_offset(
        &mut self,
        offset: &str,
        is_end: bool,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        let starred = std::mem::take(&mut self.starred);
        let line = self.latest.len() as u64;
        // The bytes that fill up the last word are counted in the lines, and not in the offset.
        let filling = if is_end && !starred { self.word } else { 0 };
        match self.offsets.take(offset, starred, is_end, line, filling) {
            Step::Follows { gap, surplus } => {
                self.flush_latest(surplus, sink)?;
                self.repeat_latest(gap, sink)
            }
            Step::Wrong(wrong) => {
                let number = self.number;
                Err(Mistake::new(match is_end {
                    true => say!(dump.ends_at, number, wrong),
                    false => say!(dump.starts_at, number, wrong),
                })
                .into())
            }
        }
    }

    /// Gives out the latest line if it waits, without the last `surplus` bytes.
    fn flush_latest(&mut self, surplus: usize, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.word == 0 {
            return Ok(());
        }
        self.word = 0;
        let length = self.latest.len().saturating_sub(surplus);
        let (data, surplus) = self.latest.split_at_checked(length).unwrap_or_default();
        if surplus.iter().any(|&byte| byte != self.kind.filling()) {
            return Err(Mistake::new(say!(dump.ends_in_word, number = self.number)).into());
        }
        self.output.extend(data, sink)
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
            return Err(Mistake::new(say!(dump.star_without_line, number)));
        }
        // `xxd` leaves nothing else out.
        let is_xxd = matches!(self.kind, Kind::Xxd | Kind::XxdSwapped | Kind::XxdBits);
        if is_xxd && self.latest.iter().any(|&byte| byte != 0) {
            return Err(Mistake::new(say!(dump.star_for_zeros, number)));
        }
        self.starred = true;
        Ok(())
    }
}

/// How the offsets of a kind are written.
const fn written(kind: Kind) -> Written {
    match kind {
        Kind::Xxd => Written::Xxd,
        _ if kind.has_any_base() => Written::AnyBase,
        _ => Written::Hex,
    }
}

/// Whether nothing follows an offset, or something apart from it.
fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}

impl TextReader for DumpReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.starred {
            return Err(Mistake::new(say!(dump.ends_with_star)).into());
        }
        // The beginning of another number could stand there.
        let is_told = self.ended || self.bare == Some(true);
        if self.kind.has_any_base() && self.kind != Kind::OdHex && !is_told && self.cells == 1 {
            return Err(Mistake::of_the_end(say!(dump.one_number)).into());
        }
        if self.word > 0 && self.latest.last() == Some(&self.kind.filling()) {
            return Err(Mistake::of_the_end(say!(dump.last_byte_unclear)).into());
        }
        self.flush_latest(0, sink)?;
        self.output.flush(sink)
    }
}
