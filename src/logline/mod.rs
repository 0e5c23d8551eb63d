//! Log lines and error messages, taken apart: whose they are, which code, which reason, who sent it.
//!
//! [`SHAPES`] is the table: one row for each shape of line that a program prints. [`read`] finds the
//! shape of a line. What a line means is said by [`explain`](crate::explain); a log of any size is
//! read by `scan`.
//!
//! A line is first looked through for the literal texts that shapes have; only then is a shape's
//! pattern laid beside it. Nothing is built before the first line comes.
//!
//! ```
//! use wsclose::logline::read;
//!
//! let line = "sent 1011 (internal error) keepalive ping timeout; no close frame received";
//! let reading = read(line).unwrap();
//! let close = reading.close.as_ref().unwrap();
//! assert_eq!((close.code, &*close.reason), (1011, "keepalive ping timeout"));
//! assert_eq!(reading.producer.unwrap().id, "python-websockets");
//! assert!(read("listening on port 1006").is_none());
//! ```

mod clues;
mod names;
mod pattern;
mod reading;
#[cfg(feature = "logs")]
pub mod scan;
mod text;
mod time;

pub use clues::Clue;
pub use reading::{ReadBy, Reading, ReportedClose, Subject};
pub use time::{Moment, Time};

use crate::application;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Answer, Event, SHAPES, Shape, Way};
use names::code_named;
use pattern::Found;

/// The longest part of a line that is looked at, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;
/// So much of a text of several lines is read, in bytes: whoever has more gives its ends.
pub const LONGEST_TEXT: usize = 1024 * 1024;

/// Takes a text apart; `None` where nothing in it is known.
///
/// A line of a known shape is the most precise. What stands in the other lines, or in a text of no known
/// shape, is read by its clues. Of several lines the first with a close counts, or else the first that
/// says something, or all of them as one: some programs print an object over several lines.
///
/// A message of a protocol inside WebSocket is the application's: its words are no words of the log around it.
pub fn read(text: &str) -> Option<Reading> {
    let quoted = application::quoted(text).map(Box::new);
    let Some(quoted) = quoted else {
        return read_around(text);
    };
    // What the message says of a close, where nothing around it does.
    let inside = || read_around(text).filter(|reading| reading.close.is_some());
    let around = match quoted.length {
        0 => {
            let mut around = text.to_owned();
            for (at, length) in quoted.own_words(text) {
                around = without(&around, at, length);
            }
            read_around(&around)
        }
        length => read_around(&without(text, quoted.at, length)).or_else(inside),
    };
    let mut reading = around.unwrap_or_else(Reading::of_message);
    reading.take(quoted);
    Some(reading)
}

/// A text with blanks in a part of it, so that all else stays where it is.
fn without(text: &str, at: usize, length: usize) -> String {
    let blanks = " ".repeat(length);
    let (front, behind) = (text.get(..at), text.get(at + length..));
    [
        front.unwrap_or_default(),
        &blanks,
        behind.unwrap_or_default(),
    ]
    .concat()
}

/// Reads what a program says itself.
fn read_around(text: &str) -> Option<Reading> {
    let shaped = shaped(text);
    let judged = clues::judge(text);
    let mut reading = match (shaped, judged) {
        (Some(shaped), judged) => shaped.with(judged, text),
        (None, judged) => judged?,
    };
    // Whose name for the code stands in the text is the vendor that is meant.
    let code = reading.close.as_ref().map(|close| close.code);
    if let Some(vendor) = code.and_then(|code| clues::named_row(text, code)) {
        reading.named.insert(0, vendor);
    }
    Some(reading)
}

/// Reads a text by the shapes of its lines.
fn shaped(text: &str) -> Option<Reading> {
    let text = first(text, LONGEST_TEXT);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.clone().count() <= 1 {
        return shaped_line(text.trim());
    }
    let mut readings = lines.clone().filter_map(shaped_line);
    let Some(first) = readings.next() else {
        return shaped_line(&lines.collect::<Vec<_>>().join(" "));
    };
    // A code that somebody sent says more than a sentence before it; one that a library made up is only
    // the consequence of what the sentence tells.
    let is_sent = |reading: &Reading| {
        let code = reading.close.as_ref().map(|close| close.code);
        code.is_some_and(|code| !codes::is_made_up(code))
    };
    let mut readings: Vec<Reading> = std::iter::once(first).chain(readings).collect();
    let place = readings.iter().position(is_sent).unwrap_or(0);
    let mut main = readings.remove(place);
    for other in readings {
        let Some(close) = other.close else { continue };
        let is_known = |known: &ReportedClose| known.code == close.code;
        if main
            .close
            .iter()
            .chain(&main.answer)
            .chain(&main.others)
            .any(is_known)
        {
            continue;
        }
        // A code that a library made up is what its API shows of the event before it.
        if main.close.is_some() || !codes::is_made_up(close.code) {
            main.others.push(close);
        }
    }
    Some(main)
}

/// Reads one line by its shape.
fn shaped_line(line: &str) -> Option<Reading> {
    let line = text::without_colors(line);
    let has_needle = |shape: &&Shape| shape.needles.iter().any(|needle| line.contains(needle));
    read_among(SHAPES.iter().filter(has_needle), &line)
}

/// Reads a line by shapes that it may be of.
fn read_among(candidates: impl Iterator<Item = &'static Shape>, line: &str) -> Option<Reading> {
    let mut other = None;
    for shape in candidates {
        // A close with its code says more than a text inside its reason.
        match (shape.event, reading_of(shape, line)) {
            (Event::Close { .. }, Some(reading)) => return Some(reading),
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
        producer: Some(shape.producer),
        status: found.status,
        ..Reading::saying(ReadBy::Shape, shape.event)
    };
    let reason = text::reason(found.reason.unwrap_or_default());
    match shape.event {
        Event::Close { way, answer } => {
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
        Event::Cause { cause, shows } => {
            // A 101 that was refused all the same was answered wrongly.
            if (cause, found.status) == (Cause::UpgradeRefused, Some(101)) {
                let cause = Cause::UpgradeInvalid;
                reading.event = Event::Cause { cause, shows };
            }
            reading.refused = code;
            reading.detail = reason.into_owned();
        }
        Event::Fault { .. } => {
            reading.refused = code;
            reading.detail = reason.into_owned();
        }
    }
    Some(reading)
}

/// The literal texts, one of which stands in every line of a log that is read.
pub fn needles() -> Vec<&'static str> {
    let mut needles: Vec<&'static str> = SHAPES
        .iter()
        .filter(|shape| !shape.is_common)
        .flat_map(|shape| shape.needles.iter().copied())
        .chain(clues::NEEDLES.iter().copied())
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
