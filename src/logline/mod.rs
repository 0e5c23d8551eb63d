//! Log lines and error messages, taken apart: whose they are, which code, which reason, who sent it.
//!
//! [`SHAPES`] is the table: one row for each shape of line that a program prints. [`read`] finds the
//! shape of a line. What a line means is said by [`explain`](crate::explain); a log of any size is
//! read by `scan`.
//!
//! A line is first looked through for the literal texts that shapes have; only then is a shape's
//! pattern laid beside it. Nothing is built before the first line comes.

mod generic;
mod names;
mod pattern;
#[cfg(feature = "cli")]
pub mod scan;
mod text;
mod time;

pub use time::Time;

use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Answer, Producer, SHAPES, Says, Shape, Way};
use names::code_named;
use pattern::Found;

/// The longest part of a line that is looked at, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;

/// A Close as a line tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedClose {
    /// Which way it went.
    pub way: Way,
    /// Its code.
    pub code: u16,
    /// Its reason; empty where there is none.
    pub reason: String,
}

/// A line, taken apart.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The shape of the line; none where it was read by the code that stands in it.
    pub shape: Option<&'static Shape>,
    /// What the line says, where it is of a shape, or fits the beginning of one.
    pub says: Says,
    /// Whose it is, as far as that can be told.
    pub producer: Option<&'static Producer>,
    /// The Close, or the code that is reported for one.
    pub close: Option<ReportedClose>,
    /// The Close in the other direction.
    pub answer: Option<ReportedClose>,
    /// The HTTP status that came in place of 101.
    pub status: Option<u16>,
    /// A number that was refused: a code that may not be sent, or that came and may not.
    pub refused: Option<u16>,
    /// The words of the line that the event has no sentence for, such as `net::ERR_FAILED`.
    pub detail: String,
}

/// Takes a line apart; `None` where it is none that is known. Of a text of several lines the first
/// that says something counts, or else all of them as one line: some programs print an object over
/// several lines.
pub fn read(text: &str) -> Option<Reading> {
    let text = first(text, LONGEST_LINE);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.clone().count() > 1 {
        let found = lines.clone().find_map(read_line);
        if found.is_some() {
            return found;
        }
        return read_line(&lines.collect::<Vec<_>>().join(" "));
    }
    read_line(text.trim())
}

/// Reads one line that somebody asks for.
fn read_line(line: &str) -> Option<Reading> {
    let line = text::without_colors(line);
    let candidates = SHAPES
        .iter()
        .filter(|shape| shape.needles.iter().any(|needle| line.contains(needle)));
    read_among(candidates, &line).or_else(|| generic::read(&line))
}

/// Reads a line by shapes that it may be of.
fn read_among(candidates: impl Iterator<Item = &'static Shape>, line: &str) -> Option<Reading> {
    let mut other = None;
    for shape in candidates {
        // A close with its code says more than a text inside its reason.
        match (shape.says, reading_of(shape, line)) {
            (Says::Close { .. }, Some(reading)) => return Some(reading),
            (_, Some(reading)) if other.is_none() => other = Some(reading),
            _ => {}
        }
    }
    other
}

/// Whether a line is of a shape.
pub fn is_of(shape: &'static Shape, line: &str) -> bool {
    reading_of(shape, line).is_some()
}

/// Reads a line by one shape. Where the text stands in quotes, it ends with them.
fn reading_of(shape: &'static Shape, line: &str) -> Option<Reading> {
    let fitting = |text: &str| {
        let mut found = shape
            .patterns
            .iter()
            .filter_map(|pattern| pattern::find(pattern, text));
        found.find_map(|found| reading(shape, &found))
    };
    let at = shape.needles.iter().find_map(|needle| line.find(needle));
    let inside = at.and_then(|at| text::quoted_around(line, at));
    inside
        .and_then(|inside| fitting(&inside))
        .or_else(|| fitting(line))
}

fn reading(shape: &'static Shape, found: &Found<'_>) -> Option<Reading> {
    let code = match (found.code, found.name) {
        (Some(code), _) => Some(code),
        (None, Some(name)) => Some(code_named(name)?),
        (None, None) => None,
    };
    let mut reading = Reading {
        shape: Some(shape),
        says: shape.says,
        producer: Some(shape.producer),
        close: None,
        answer: None,
        status: found.status,
        refused: None,
        detail: String::new(),
    };
    let reason = text::reason(found.reason.unwrap_or_default());
    match shape.says {
        Says::Close { way, answer } => {
            let code = code?;
            // What never travels was made up by the local end, whatever the line calls it.
            let way = if codes::is_made_up(code) {
                Way::Reported
            } else {
                way
            };
            reading.close = Some(ReportedClose {
                way,
                code,
                reason: reason.into_owned(),
            });
            if answer == Answer::Given {
                reading.answer = found.answer.map(|code| ReportedClose {
                    way: match way {
                        Way::Sent => Way::Received,
                        _ => Way::Sent,
                    },
                    code,
                    reason: text::reason(found.answer_reason.unwrap_or_default()).into_owned(),
                });
            }
        }
        Says::Cause { .. } | Says::Fault { .. } => {
            reading.refused = code;
            reading.detail = reason.into_owned();
        }
    }
    Some(reading)
}

impl Reading {
    /// What the line is about, as one types it: a code, an event or a rule.
    pub fn subject(&self) -> Subject {
        match (&self.close, self.says) {
            (Some(close), _) => Subject::Code(close.code),
            (None, Says::Fault { rule, .. }) => Subject::Rule(rule),
            (None, Says::Cause { cause, .. }) => Subject::Cause(cause),
            // A close is always read with its code.
            (None, Says::Close { .. }) => Subject::Code(1006),
        }
    }

    /// Whether nothing is wrong by what the line says: a close that was meant.
    pub fn is_clean(&self) -> bool {
        match (&self.close, self.says) {
            (Some(close), _) => matches!(close.code, 1000 | 1001 | 1005),
            (None, Says::Cause { cause, .. }) => cause.row().is_clean,
            (None, _) => false,
        }
    }
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A close code.
    Code(u16),
    /// A broken rule.
    Rule(&'static str),
    /// Something without a code.
    Cause(Cause),
}

/// The literal texts, one of which stands in every line of a log that is read.
pub fn needles() -> Vec<&'static str> {
    let mut needles: Vec<&'static str> = SHAPES
        .iter()
        .filter(|shape| !shape.is_common)
        .flat_map(|shape| shape.needles.iter().copied())
        .chain(generic::NEEDLES.iter().copied())
        .collect();
    needles.sort_unstable();
    needles.dedup();
    needles
}

/// The front of a text, cut between two characters.
fn first(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}
