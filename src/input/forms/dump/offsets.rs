//! The offsets of a dump: which one must come next, in every base that they could be written in.

use crate::words::{Message, Value, say, text};

/// The bases that an offset may be in, in the order in which they are named.
const BASES: [u32; 3] = [16, 8, 10];

/// How many bytes a line has where lines are counted.
const COUNTED_LINE: u64 = 16;

/// How the offsets of a kind of dump may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// In hex.
    Hex,
    /// In hex, in decimal as by `xxd -d`, or as a count of lines: Chrome's viewer of messages has
    /// that where a dump has its offsets.
    Xxd,
    /// In hex, octal or decimal.
    AnyBase,
}

/// What comes next in a dump, for every base that still fits.
pub(super) struct Offsets {
    /// The offset after the latest line; none for a base that does not fit.
    ends: [Option<u64>; 3],
    /// The number of lines so far, as long as they may be what is counted.
    lines: Option<u64>,
    /// Whether there was an offset.
    begun: bool,
}

/// What an offset means.
pub(super) enum Step {
    /// It follows, after a gap of so many bytes that a `*` stands for, and with so many bytes too
    /// much in the line before.
    Follows { gap: u64, surplus: usize },
    /// It does not follow. The words are for the end of a sentence: "offset 0x30 but …".
    Wrong(Message),
}

impl Offsets {
    pub(super) fn new(written: Written) -> Self {
        let octal = (written == Written::AnyBase).then_some(0);
        let decimal = (written != Written::Hex).then_some(0);
        Self {
            ends: [Some(0), octal, decimal],
            lines: (written == Written::Xxd).then_some(0),
            begun: false,
        }
    }

    /// Moves on by a line of `count` bytes. Gives whether there are such offsets.
    pub(super) fn advance(&mut self, count: u64) -> bool {
        self.ends = self
            .ends
            .map(|end| end.and_then(|end| end.checked_add(count)));
        // Only the last line may be shorter, and then nothing follows.
        self.lines = self
            .lines
            .filter(|_| count <= COUNTED_LINE)
            .and_then(|lines| lines.checked_add(1));
        self.ends.iter().any(Option::is_some) || self.lines.is_some()
    }

    /// Takes the offset of a line. `line` is the length of the line before, of which `filling`
    /// bytes may be no data.
    pub(super) fn take(
        &mut self,
        digits: &str,
        starred: bool,
        is_end: bool,
        line: u64,
        filling: usize,
    ) -> Step {
        let offsets = BASES.map(|base| u64::from_str_radix(digits, base).ok());
        let [hex, _, _] = offsets;
        // A `*` is of a program, which counts bytes, and in hex unless it says otherwise.
        let is_counted =
            !starred && hex.is_some() && hex == self.lines && (line == COUNTED_LINE || !self.begun);
        if self.lines.is_some() && starred {
            self.ends = [self.ends.first().copied().flatten(), None, None];
        }
        self.lines = self.lines.filter(|_| is_counted);
        if !self.begun {
            self.begun = true;
            // Whatever its first offset, a dump is read from there.
            for (end, offset) in self.ends.iter_mut().zip(offsets) {
                *end = end.and(offset);
            }
            // `od` writes six digits only in hex.
            if digits.len() == 6 {
                self.ends = [hex, None, None];
            }
        }
        let mut found: Option<(u64, usize)> = None;
        let mut wrong = None;
        let mut ends = [None; 3];
        for (((base, end), offset), next) in
            BASES.into_iter().zip(self.ends).zip(offsets).zip(&mut ends)
        {
            let Some(end) = end else { continue };
            let Some(offset) = offset else {
                wrong.get_or_insert_with(|| say!(offset.no_number, digits));
                continue;
            };
            let step = match offset.checked_sub(end) {
                Some(0) => Ok((0, 0)),
                // Only the last of the repeated lines may be shorter, and the end comes after it.
                Some(gap) if starred && line > 0 && (is_end || gap % line == 0) => Ok((gap, 0)),
                Some(_) if starred => Err(text!(offset.no_repetition, offset, end)),
                Some(_) => Err(text!(offset.missing_lines, offset, end)),
                None => usize::try_from(end - offset)
                    .ok()
                    .filter(|&surplus| surplus < filling)
                    .map(|surplus| (0, surplus))
                    .ok_or(text!(offset.out_of_order, offset, end)),
            };
            match step {
                Err(text) => {
                    let [offset, end] =
                        [offset, end].map(|number| Value::from(in_base(number, base)));
                    let values = vec![("offset", offset), ("end", end)];
                    wrong.get_or_insert(Message::new(text, values));
                }
                Ok(step) if found.is_some_and(|found| found != step) => {
                    if !starred {
                        return Step::Wrong(say!(offset.ambiguous_end, digits));
                    }
                    return Step::Wrong(say!(offset.ambiguous_star, digits));
                }
                Ok(step) => {
                    found = Some(step);
                    *next = Some(offset);
                }
            }
        }
        match found {
            Some((gap, surplus)) => {
                self.ends = ends;
                Step::Follows { gap, surplus }
            }
            None if is_counted => {
                self.ends = [None; 3];
                Step::Follows { gap: 0, surplus: 0 }
            }
            None => Step::Wrong(wrong.unwrap_or_else(|| say!(offset.too_great, digits))),
        }
    }
}

/// A number in its base, as a dump would have it.
fn in_base(number: u64, base: u32) -> String {
    match base {
        8 => format!("{number:#o}"),
        16 => format!("{number:#x}"),
        _ => number.to_string(),
    }
}
