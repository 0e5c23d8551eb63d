//! Several lines about one close, counted once.
//!
//! A statement of a program prints one line for each close, so two lines of one statement are two closes.
//! Lines of different statements that come at once and agree are one close, told by different parts of the
//! program; so are lines that name the same connection.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::class::Told;
use super::groups::{Place, numbers_as_n};
use super::identity::{self, Id};
use super::rhythm::Lasted;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Event, Way};
use crate::logline::{ReadBy, Reading, Time};

/// How many closes wait for further lines about them.
const MOST_WAITING: usize = 8;
/// How many lines further on one about the same connection may stand.
const FARTHEST: u64 = 40;
/// How many lines further on one that names no connection may stand.
const NEAREST: u64 = 3;
/// How much later a line about the same connection may come.
const SOON: Duration = Duration::from_secs(2);
/// How much later the same statement prints the same again.
const TWICE: Duration = Duration::from_millis(100);
/// How much later one that names no connection may come.
const AT_ONCE: Duration = Duration::from_millis(1000);

/// A close that was read, and may be told again.
#[derive(Debug)]
pub(super) struct PendingClose {
    pub(super) told: Told,
    pub(super) text: String,
    pub(super) time: Option<Time>,
    pub(super) lasted: Lasted,
    pub(super) place: Place,
    ids: Vec<Id>,
    /// The lines that told it, by what they have in common with others of their statement.
    statements: Vec<u64>,
    /// The whole last line, where a clock with parts of a second tells it from others.
    whole: Option<u64>,
    /// The number of its last line.
    last_line: u64,
}

impl PendingClose {
    pub(super) fn new(
        told: Told,
        text: String,
        time: Option<Time>,
        lasted: Lasted,
        place: Place,
        ids: Vec<Id>,
    ) -> Self {
        let has_parts = time.as_ref().is_some_and(Time::has_parts);
        PendingClose {
            statements: vec![hash(&statement(&text, time.as_ref()))],
            whole: has_parts.then(|| hash(&text)),
            last_line: place.line,
            told,
            text,
            time,
            lasted,
            place,
            ids,
        }
    }

    /// Whether a later one is about the same close.
    fn is_told_by(&self, other: &PendingClose) -> bool {
        if self.place.file != other.place.file || !agree(&self.told, &other.told) {
            return false;
        }
        let lines = other.place.line.saturating_sub(self.last_line);
        let passed = match (&self.time, &other.time) {
            (Some(early), Some(late)) => late.since(early),
            _ => None,
        };
        let has_times = self.time.is_some() && other.time.is_some();
        let is_same_statement = other
            .statements
            .iter()
            .any(|statement| self.statements.contains(statement));
        // One statement about one connection again is the next close, but where it is printed twice.
        if is_same_statement && passed.is_none_or(|passed| passed > TWICE) {
            return false;
        }
        if !has_times
            && lines <= NEAREST
            && !is_same_statement
            && is_answer(&self.told, &other.told)
        {
            return true;
        }
        if identity::are_same(&self.ids, &other.ids) {
            let is_soon = passed.is_some_and(|passed| passed <= SOON);
            return lines <= FARTHEST && (is_soon || !has_times && lines <= NEAREST);
        }
        if self.whole.is_some() && self.whole == other.whole {
            return lines <= NEAREST;
        }
        let is_other_connection = !self.ids.is_empty() && !other.ids.is_empty();
        let is_at_once = passed.is_some_and(|passed| passed <= AT_ONCE);
        !is_other_connection && !is_same_statement && is_at_once && lines <= NEAREST
    }

    /// Takes another one about the same close: what says more is believed.
    fn take(&mut self, other: PendingClose) {
        self.last_line = other.place.line;
        self.whole = other.whole;
        self.statements.extend(other.statements);
        for id in other.ids {
            if !self.ids.contains(&id) {
                self.ids.push(id);
            }
        }
        self.lasted.age = self.lasted.age.or(other.lasted.age);
        self.lasted.pause = self.lasted.pause.or(other.lasted.pause);
        if other.told.rank() < self.told.rank() {
            self.told = other.told;
            self.text = other.text;
            self.place = other.place;
        }
    }
}

/// Whether two can be about one close: the same code, or one of them has none.
fn agree(one: &Told, other: &Told) -> bool {
    let (Some(one), Some(other)) = (one.reading(), other.reading()) else {
        return true;
    };
    // Two libraries that are known write of two connections.
    let producer = |reading: &Reading| reading.producer.map(|producer| producer.id);
    if let (Some(one), Some(other)) = (producer(one), producer(other)) {
        if one != other {
            return false;
        }
    }
    let code = |reading: &Reading| reading.close.as_ref().map(|close| close.code);
    match (code(one), code(other)) {
        (Some(one), Some(other)) => one == other,
        (Some(code), None) => codes::is_made_up(code) || code == 1011 || is_consequence(other),
        (None, Some(code)) => codes::is_made_up(code) || code == 1011 || is_consequence(one),
        (None, None) => {
            let is_guessed = one.read_by == ReadBy::Clues || other.read_by == ReadBy::Clues;
            let is_same = one.subject() == other.subject();
            is_same || is_guessed || is_consequence(one) || is_consequence(other)
        }
    }
}

/// Whether a line tells what a program did when a connection had ended.
fn is_consequence(reading: &Reading) -> bool {
    matches!(
        reading.event,
        Event::Cause {
            cause: Cause::UsedAfterClose
                | Cause::ClosedUntold
                | Cause::EndedNormally
                | Cause::ClosedWhileConnecting,
            ..
        }
    )
}

/// Whether two lines that follow each other tell of a Close and its answer, or of one status.
fn is_answer(one: &Told, other: &Told) -> bool {
    let (Some(one), Some(other)) = (one.reading(), other.reading()) else {
        return false;
    };
    match (&one.close, &other.close) {
        (Some(one), Some(other)) => matches!(
            (one.way, other.way),
            (Way::Received, Way::Sent) | (Way::Sent, Way::Received)
        ),
        (None, None) => one.status.is_some() && one.status == other.status,
        // What a known library did when a Close had come.
        _ => {
            let producer = one.producer.map(|producer| producer.id);
            let is_same = producer.is_some() && producer == other.producer.map(|it| it.id);
            is_same && (is_consequence(one) || is_consequence(other))
        }
    }
}

/// A line without its time and numbers: what its statement prints each time.
fn statement(line: &str, time: Option<&Time>) -> String {
    let line = match time {
        Some(time) => line.replacen(&time.text, "", 1),
        None => line.to_owned(),
    };
    numbers_as_n(&line)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The closes that may be told again.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    events: VecDeque<PendingClose>,
}

impl Clone for Waiting {
    /// Of a scanner that has read nothing, nothing waits.
    fn clone(&self) -> Self {
        Waiting::default()
    }
}

impl Waiting {
    /// Takes one, and gives those that nothing more can be told of.
    pub(super) fn take(&mut self, pending: PendingClose) -> Vec<PendingClose> {
        let place = self
            .events
            .iter()
            .rposition(|known| known.is_told_by(&pending));
        if let Some(known) = place.and_then(|place| self.events.get_mut(place)) {
            known.take(pending);
            return Vec::new();
        }
        let line = pending.place.line;
        self.events.push_back(pending);
        let mut over = Vec::new();
        while let Some(first) = self.events.front() {
            let is_over = self.events.len() > MOST_WAITING
                || line.saturating_sub(first.last_line) > FARTHEST
                || line < first.place.line;
            if !is_over {
                break;
            }
            over.extend(self.events.pop_front());
        }
        over
    }

    /// Gives all.
    pub(super) fn end(&mut self) -> impl Iterator<Item = PendingClose> + use<> {
        std::mem::take(&mut self.events).into_iter()
    }
}
