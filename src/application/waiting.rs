//! Messages that came before what would name their protocol: a browser's HAR file has them before the upgrade.

use std::collections::VecDeque;

use super::kept::Raw;
use super::listener::MOST_FIRST;
use super::reader::{Reader, place};
use crate::facts::protocols::Layout;

/// So many of the last messages are kept until the upgrade is known.
const MOST_LAST: usize = 32;

/// The first messages of each end, and the last of both, each with its place among all.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    first: Vec<(u64, Raw)>,
    last: VecDeque<(u64, Raw)>,
    counts: [usize; 2],
    next: u64,
    /// The place of the first that was given up.
    gap: Option<u64>,
}

impl Waiting {
    pub(super) fn keep(&mut self, raw: Raw) {
        self.next += 1;
        let count = &mut self.counts[place(raw.sender)];
        if *count < MOST_FIRST {
            *count += 1;
            self.first.push((self.next, raw));
            return;
        }
        if self.last.len() == MOST_LAST {
            let lost = self.last.pop_front();
            self.gap = self.gap.or(lost.map(|(order, _)| order));
        }
        self.last.push_back((self.next, raw));
    }

    pub(super) fn first(&self) -> impl Iterator<Item = &Raw> {
        self.first.iter().map(|(_, raw)| raw)
    }

    pub(super) fn held_bytes(&self) -> usize {
        let all = self.first.iter().chain(&self.last);
        all.map(|(_, raw)| raw.held_bytes()).sum()
    }

    /// Lets a reader hear them, now that the protocol is known.
    pub(super) fn tell(self, reader: &mut Reader) {
        let mut all: Vec<(u64, Raw)> = self.first.into_iter().chain(self.last).collect();
        all.sort_by_key(|(order, _)| *order);
        // Behind a gap nobody knows where in a stream of packets or lines a message begins.
        let is_stream = matches!(reader.layout(), Layout::Mqtt | Layout::Lines);
        let gap = self.gap.filter(|_| is_stream);
        let mut lost = self.gap;
        for (order, raw) in all {
            if lost.is_some_and(|gap| gap < order) {
                reader.is_of_last();
                lost = None;
            }
            if gap.is_some_and(|gap| gap < order) {
                reader.pass(raw.sender, raw.moment);
            } else {
                reader.hear(raw.sender, raw.is_text, raw.body(), raw.moment);
            }
        }
    }
}
