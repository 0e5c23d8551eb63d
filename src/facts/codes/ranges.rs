//! The ranges that every number from 0 to 65535 lies in.

use super::{CODES, Code, RANGES};
use crate::facts::source::Source;
use crate::words::{Advice, PointsTo, Text, Words};

/// A range of numbers with one owner.
#[derive(Debug)]
pub struct Range {
    /// The first number.
    pub from: u16,
    /// The last number.
    pub to: u16,
    /// What the range is, in a few words.
    pub name: Text,
    /// Whether a number of this range that has no row of its own may stand in a Close frame.
    pub on_wire: bool,
    /// Which numbers of it may stand in a Close frame.
    pub wire: Text,
    /// What settles this.
    pub sources: &'static [Source],
    /// Meaning, causes and fixes.
    pub words: Words,
    /// What such a number says, in a few words.
    pub gist: Text,
    /// What to look for in a capture or a log.
    pub look_for: Text,
    /// When to send such a number.
    pub choose: Text,
    /// What it means when `{sender}` closed with `{code}` and `{other}` received it.
    pub diagnosis: Text,
}

impl Range {
    /// The range as people write it: `4000-4999`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.from, self.to)
    }

    /// Where the fault is that such a number reports.
    pub fn points_to(&self) -> PointsTo {
        if self.on_wire {
            PointsTo::Agreement
        } else {
            PointsTo::Sender
        }
    }

    /// What to check for a number of it, or for all of it.
    pub fn advice(&self, number: Option<u16>) -> impl Iterator<Item = &'static Advice> {
        let fits = move |advice: &&Advice| number.is_none_or(|number| advice.fits_code(number));
        self.words.advice.iter().filter(fits)
    }

    /// Whether `number` lies in it.
    pub fn contains(&self, number: u16) -> bool {
        (self.from..=self.to).contains(&number)
    }

    /// The rows of codes that lie in it.
    pub fn codes(&self) -> impl Iterator<Item = &'static Code> {
        let (from, to) = (self.from, self.to);
        CODES
            .iter()
            .filter(move |code| (from..=to).contains(&code.number))
    }
}

/// The range that `number` lies in. Every number lies in one; a law checks it.
pub fn range_of(number: u16) -> &'static Range {
    match number {
        0..=999 => &RANGES[0],
        1000..=2999 => &RANGES[1],
        3000..=3999 => &RANGES[2],
        4000..=4999 => &RANGES[3],
        5000..=65535 => &RANGES[4],
    }
}
