//! The closes in a log of any size, counted by what happened.
//!
//! A log comes in blocks of any length. Each block is looked through for a few short texts
//! ([`ANCHORS`]), all at once, with the vector instructions of the processor; only a line with one
//! of them is looked at. What is kept is a bounded number of groups, so that memory does not grow
//! with the log.
//!
//! A line that is looked at begins a record, to which the lines of its stack belong; a record is judged
//! (`class`), waits for further lines about the same close (`events`), and is counted (`groups`).
//!
//! ```
//! use wsclose::logline::scan::{MOST_GROUPS, Scanner};
//!
//! let mut scanner = Scanner::new(MOST_GROUPS)?;
//! scanner.begin_log(Some("app.log"));
//! scanner.feed(b"12:00:01 websocket: close 1006 (abnormal closure): unexpected EOF\n");
//! scanner.feed(b"12:00:09 websocket: close 1006 (abnormal closure): unexpected EOF\n");
//! scanner.end_log();
//! let findings = scanner.finish();
//! assert_eq!((findings.groups.len(), findings.groups[0].count), (1, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anchors;
mod class;
mod events;
mod groups;
mod identity;
mod lines;
mod record;
mod request;
mod rhythm;
mod view;

use std::cmp::Ordering;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use memchr::{memchr, memrchr};

pub use anchors::{ANCHORS, LONGEST_ANCHOR};
pub use class::{Certainty, Doubt};
pub use groups::{Findings, Group, Unread};
pub use rhythm::{Bar, Burst, Peak, Rhythm};

use super::{LONGEST_LINE, Reading, Time, clues, needles, read_among};
use crate::facts::lines::{SHAPES, Shape};
use anchors::Gate;
use class::Told;
use events::{PendingClose, Waiting};
use groups::{Place, Tally};
use lines::{count_lines, last, last_of, line_end, remember};
use record::{LOOK_BACK, Record};
use rhythm::{Lasted, Open};
use view::View;

/// How many groups are kept unless somebody asks for another number.
pub const MOST_GROUPS: usize = 1000;
/// How many lines at the front of a log are looked at for its first time.
const MOST_FRONT: usize = 20;
/// The longest record whose lines are read as one where none of them is of a shape.
const MOST_JOINED: usize = 12;

/// From when to when closes count.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// Nothing before it counts.
    pub since: Option<Time>,
    /// Nothing behind it counts.
    pub until: Option<Time>,
}

/// How far a log was read, of several that are read by turns.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The log that is read; none for standard input.
    file: Option<Arc<str>>,
    /// How many of its lines were read.
    line: u64,
    /// The beginning of a line whose end has not come.
    held: Vec<u8>,
    /// Of a line that is longer than what is held of it, the last bytes that came.
    tail: Vec<u8>,
    /// Whether one of the texts stands in what is not held of the line.
    is_cut: bool,
    /// The last whole lines that were read.
    recent: Vec<u8>,
    /// Whether the first time of the log was sought.
    has_begun: bool,
    record: Option<Record>,
}

impl Log {
    /// A log that was not read yet; none is standard input.
    pub fn new(file: Option<&str>) -> Self {
        Log {
            file: file.map(Arc::from),
            ..Log::default()
        }
    }
}

/// Reads a log in blocks. A clone of one that has read nothing costs little.
#[derive(Clone)]
pub struct Scanner {
    anchors: AhoCorasick,
    gate: Gate,
    needles: AhoCorasick,
    /// For each of the needles, the shapes that have it.
    shapes_with: Vec<Vec<usize>>,
    shapes: Vec<&'static Shape>,
    span: Span,
    log: Log,
    open: Open,
    waiting: Waiting,
    tally: Tally,
}

impl Scanner {
    /// A scanner that keeps at most so many groups.
    ///
    /// # Errors
    ///
    /// Never, in fact: the tables would have to be larger than any that can be built.
    pub fn new(most_groups: usize) -> Result<Self, BuildError> {
        let shapes: Vec<&'static Shape> = SHAPES.iter().filter(|shape| !shape.is_common).collect();
        let needles = needles();
        let with = |needle: &&str| {
            let has = |shape: &&'static Shape| shape.needles.contains(needle);
            let found = shapes.iter().enumerate().filter(|(_, shape)| has(shape));
            found.map(|(index, _)| index).collect()
        };
        Ok(Scanner {
            anchors: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(ANCHORS)?,
            gate: Gate::new()?,
            shapes_with: needles.iter().map(with).collect(),
            needles: AhoCorasick::new(needles)?,
            shapes,
            span: Span::default(),
            log: Log::default(),
            open: Open::default(),
            waiting: Waiting::default(),
            tally: Tally::new(most_groups),
        })
    }

    /// Counts only closes from then to then.
    pub fn only(&mut self, span: Span) {
        self.span = span;
    }

    /// Begins with another log; none is standard input.
    pub fn begin_log(&mut self, file: Option<&str>) {
        self.end_log();
        self.log = Log::new(file);
    }

    /// Goes on with another log where it was left, and gives the one that was read in its place.
    pub fn turn_to(&mut self, log: &mut Log) {
        std::mem::swap(&mut self.log, log);
    }

    /// Takes the next block.
    pub fn feed(&mut self, block: &[u8]) {
        self.tally.findings.bytes += block.len() as u64;
        let mut block = block;
        if !self.log.held.is_empty() {
            let Some(end) = memchr(b'\n', block) else {
                self.hold(block);
                return;
            };
            let (line, rest) = block.split_at(end);
            self.hold(line);
            self.take_held();
            block = rest.get(1..).unwrap_or_default();
        }
        let whole = memrchr(b'\n', block).map_or(0, |end| end + 1);
        let (lines, rest) = block.split_at(whole);
        self.take_lines(lines);
        self.hold(rest);
    }

    /// Takes the end of the log. Another may follow.
    pub fn end_log(&mut self) {
        if !self.log.held.is_empty() {
            self.take_held();
        }
        self.settle();
        self.note_last_time();
        self.log.recent.clear();
        self.log.has_begun = false;
        self.log.line = 0;
    }

    /// Counts all that was read, though more may come that tells the same.
    pub fn settle(&mut self) {
        self.end_record();
        for pending in self.waiting.end() {
            self.count(pending);
        }
    }

    /// What was found so far, but for what [`settle`](Self::settle) counts.
    pub fn so_far(&self) -> &Findings {
        &self.tally.findings
    }

    /// What all the logs say.
    pub fn finish(mut self) -> Findings {
        self.end_log();
        self.tally.finish()
    }

    /// Keeps the beginning of a line, as much of it as is read. What comes behind is only looked
    /// through.
    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.log.held.len());
        let (fitting, rest) = bytes.split_at(room.min(bytes.len()));
        self.log.held.extend_from_slice(fitting);
        if rest.is_empty() {
            return;
        }
        if self.log.tail.is_empty() {
            self.log.tail.extend_from_slice(last(&self.log.held));
        }
        if !self.log.is_cut {
            // A text may stand across two blocks.
            self.log
                .tail
                .extend_from_slice(rest.get(..LONGEST_ANCHOR).unwrap_or(rest));
            self.log.is_cut = self.anchors.is_match(&self.log.tail) || self.anchors.is_match(rest);
        }
        let joined = [last(&self.log.tail), last(rest)].concat();
        self.log.tail = last(&joined).to_vec();
    }

    fn take_held(&mut self) {
        let mut held = std::mem::take(&mut self.log.held);
        self.tally.findings.cut += u64::from(std::mem::take(&mut self.log.is_cut));
        self.log.tail.clear();
        held.push(b'\n');
        self.take_lines(&held);
        held.clear();
        self.log.held = held;
    }

    /// Takes whole lines, each with its end.
    fn take_lines(&mut self, lines: &[u8]) {
        if lines.is_empty() {
            return;
        }
        self.note_first_time(lines);
        let before = self.log.line;
        let mut from = 0;
        while from < lines.len() {
            if self.log.record.is_some() {
                let end = line_end(lines, from);
                if self.goes_on(lines.get(from..end).unwrap_or_default()) {
                    self.log.line += 1;
                    from = end + 1;
                    continue;
                }
                self.end_record();
            }
            let rest = lines.get(from..).unwrap_or_default();
            let Some(hit) = self.anchors.find(rest) else {
                break;
            };
            let at = from + hit.start();
            let skipped = lines.get(from..at).unwrap_or_default();
            let start = memrchr(b'\n', skipped).map_or(from, |end| from + end + 1);
            let end = line_end(lines, at);
            self.log.line += count_lines(lines.get(from..start).unwrap_or_default()) + 1;
            self.begin(lines, start, end);
            from = end + 1;
        }
        self.log.line += count_lines(lines.get(from.min(lines.len())..).unwrap_or_default());
        self.tally.findings.lines += self.log.line - before;
        remember(&mut self.log.recent, lines);
    }

    /// Looks at a line that has one of the texts.
    fn begin(&mut self, lines: &[u8], start: usize, end: usize) {
        let line = lines.get(start..end).unwrap_or_default();
        // Read as one that comes in blocks is read.
        let (front, rest) = line.split_at(line.len().min(LONGEST_LINE));
        if !rest.is_empty() {
            let is_cut = self.anchors.is_match(&[last(front), rest].concat());
            self.tally.findings.cut += u64::from(is_cut);
        }
        let line = String::from_utf8_lossy(front);
        let view = View::of(&line);
        if record::is_frame(&view.text) {
            return;
        }
        self.tally.names_websocket |= request::names_websocket(&view.text);
        let marks = self.gate.marks(&view.text);
        let is_ending = marks.ending || self.has_shape(&view.text);
        // `  code: 1006` says nothing by itself; what it is a part of stands before it.
        let is_part = view.indent() > 0 && view.text.contains("ode");
        if !is_ending && !is_part {
            if marks.opening || marks.traffic {
                self.note_life(&view, marks.opening);
            }
            return;
        }
        let mut record = Record::of(&view, self.log.line);
        if record.time.is_none() || view.indent() > 0 {
            let before = lines.get(..start).unwrap_or_default();
            let before = last_of(&self.log.recent, before);
            record.look_back(&before);
        }
        if is_ending || self.gate.marks(&record.joined()).ending {
            self.log.record = Some(record);
        }
    }

    /// Gives the next line to the record that is open, if it belongs to it.
    fn goes_on(&mut self, line: &[u8]) -> bool {
        let Some(record) = &mut self.log.record else {
            return false;
        };
        let front = line.get(..LONGEST_LINE).unwrap_or(line);
        let line = String::from_utf8_lossy(front);
        let view = View::of(&line);
        let goes_on = record.goes_on(&view);
        if goes_on {
            record.take(&view);
        }
        goes_on
    }

    /// Judges the record that is open.
    fn end_record(&mut self) {
        let Some(record) = self.log.record.take() else {
            return;
        };
        let Some((told, text)) = self.judge(&record) else {
            self.note_record(&record);
            return;
        };
        if !self.is_in_span(record.time.as_ref()) {
            return;
        }
        if let Some(time) = &record.time {
            self.note_time(time.clone());
        }
        let mut ids: Vec<identity::Id> = Vec::new();
        for line in record.lines.iter().take(4) {
            ids.extend(identity::ids(line));
        }
        let lasted = match &record.time {
            Some(time) if !matches!(told, Told::Nameless(_)) => {
                self.open.closed(&ids, time.moment())
            }
            _ => Lasted::default(),
        };
        let place = Place {
            file: self.log.file.clone(),
            line: record.line,
        };
        let pending = PendingClose::new(told, text, record.time, lasted, place, ids);
        for pending in self.waiting.take(pending) {
            self.count(pending);
        }
    }

    fn count(&mut self, pending: PendingClose) {
        let PendingClose {
            told,
            text,
            time,
            lasted,
            place,
            ..
        } = pending;
        self.tally.count(told, &text, time, lasted, place);
    }

    /// What a record tells, and the text that tells it.
    fn judge(&self, record: &Record) -> Option<(Told, String)> {
        let mut shaped: Option<(Reading, &String)> = None;
        for line in &record.lines {
            let reading = read_among(self.candidates(line).into_iter(), line);
            let Some(reading) = reading else { continue };
            let has_code = reading.close.is_some();
            if has_code || shaped.is_none() {
                shaped = Some((reading, line));
            }
            if has_code {
                break;
            }
        }
        if let Some((mut reading, line)) = shaped {
            // What tells the causes of a code apart that nobody sent.
            if reading
                .close
                .as_ref()
                .is_some_and(|close| close.code == 1006)
            {
                reading.opened = clues::opened(line);
            }
            return Some((Told::Certain(reading), line.clone()));
        }
        let joined = record.joined();
        let is_object = (2..=MOST_JOINED).contains(&record.lines.len());
        let read = || read_among(self.candidates(&joined).into_iter(), &joined);
        if let Some(reading) = is_object.then(read).flatten() {
            return Some((Told::Certain(reading), joined));
        }
        let told = class::judge(&record.lines.join("\n"))?;
        Some((told, joined))
    }

    /// The shapes that have one of their needles in the line, in the order of the table.
    fn candidates(&self, line: &str) -> Vec<&'static Shape> {
        let mut indexes: Vec<usize> = self
            .needles
            .find_overlapping_iter(line)
            .filter_map(|found| self.shapes_with.get(found.pattern().as_usize()))
            .flatten()
            .copied()
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        let shapes = indexes.iter().filter_map(|index| self.shapes.get(*index));
        shapes.copied().collect()
    }

    fn has_shape(&self, line: &str) -> bool {
        let mut found = self.needles.find_overlapping_iter(line);
        found.any(|found| {
            let shapes = self.shapes_with.get(found.pattern().as_usize());
            shapes.is_some_and(|shapes| !shapes.is_empty())
        })
    }

    /// Whether a close of this time counts. One without a time that can be compared does.
    fn is_in_span(&mut self, time: Option<&Time>) -> bool {
        let Span { since, until } = &self.span;
        if since.is_none() && until.is_none() {
            return true;
        }
        let against = |bound: &Option<Time>| match (bound, time) {
            (Some(bound), Some(time)) => Some(time.against(bound)),
            (Some(_), None) => Some(None),
            (None, _) => None,
        };
        let (since, until) = (against(since), against(until));
        if since == Some(Some(Ordering::Less)) || until == Some(Some(Ordering::Greater)) {
            return false;
        }
        let is_untimed = since == Some(None) || until == Some(None);
        self.tally.findings.untimed += u64::from(is_untimed);
        true
    }

    /// Takes a line about a connection that lives.
    fn note_life(&mut self, view: &View<'_>, is_opening: bool) {
        let ids = identity::ids(&view.text);
        let Some(time) = view.time().filter(|_| !ids.is_empty()) else {
            return;
        };
        match is_opening {
            true => self.open.opened(&ids, time.moment()),
            false => self.open.said(&ids, time.moment()),
        }
    }

    /// Takes a record that tells of no close: most often of a message with such words in it.
    fn note_record(&mut self, record: &Record) {
        if let (Some(line), Some(time)) = (record.lines.first(), &record.time) {
            let ids = identity::ids(line);
            self.open.said(&ids, time.moment());
        }
    }

    fn note_time(&mut self, time: Time) {
        let findings = &mut self.tally.findings;
        Time::widen(&mut findings.from, &mut findings.to, time);
    }

    fn note_first_time(&mut self, lines: &[u8]) {
        if self.log.has_begun {
            return;
        }
        let front = lines.get(..lines.len().min(LOOK_BACK)).unwrap_or_default();
        let front = String::from_utf8_lossy(front);
        let time = front
            .lines()
            .take(MOST_FRONT)
            .find_map(|line| View::of(line).time());
        self.log.has_begun = time.is_some() || self.log.line >= MOST_FRONT as u64;
        if let Some(time) = time {
            self.note_time(time);
        }
    }

    fn note_last_time(&mut self) {
        let recent = String::from_utf8_lossy(&self.log.recent);
        let time = recent
            .lines()
            .rev()
            .take(MOST_FRONT)
            .find_map(|line| View::of(line).time());
        if let Some(time) = time {
            self.note_time(time);
        }
    }
}

#[cfg(test)]
mod tests;
