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
#[cfg(feature = "logs")]
pub mod scan;
mod text;
mod time;

use std::time::Duration;

pub use clues::Clue;
pub use time::{Moment, Time};

use crate::application::{self, Quoted};
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Answer, Producer, SHAPES, Says, Shape, Way};
use crate::facts::vocabulary::{Kind, Word};
use crate::frame::Sender;
use names::code_named;
use pattern::Found;

/// The longest part of a line that is looked at, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;
/// So much of a text of several lines is read, in bytes: whoever has more gives its ends.
pub const LONGEST_TEXT: usize = 1024 * 1024;

/// A Close as a line tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedClose {
    /// Which way it went.
    pub way: Way,
    /// Its code.
    pub code: u16,
    /// Its reason; empty where there is none.
    pub reason: String,
}

/// A text, taken apart.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// By what it was read.
    pub read_by: ReadBy,
    /// The shape of the line; none where it was read by its clues.
    pub shape: Option<&'static Shape>,
    /// What the text says.
    pub says: Says,
    /// Whose it is, as far as that can be told.
    pub producer: Option<&'static Producer>,
    /// The Close, or the code that is reported for one.
    pub close: Option<ReportedClose>,
    /// The Close in the other direction.
    pub answer: Option<ReportedClose>,
    /// Further closes, in the order of the text.
    pub others: Vec<ReportedClose>,
    /// The HTTP status that came in place of 101.
    pub status: Option<u16>,
    /// A number that was refused: a code that may not be sent, or that came and may not.
    pub refused: Option<u16>,
    /// The words of the line that the event has no sentence for, such as `net::ERR_FAILED`.
    pub detail: String,
    /// The words that say what happened, where it was read by clues.
    pub word: Option<&'static Word>,
    /// What else happened by its words, the earliest cause first.
    pub further: Vec<&'static Word>,
    /// What the words of the reason are about.
    pub about: Option<&'static Word>,
    /// How long something had lasted.
    pub lasted: Option<Duration>,
    /// The vendors that the text names.
    pub named: Vec<&'static str>,
    /// The end that closed, where the text calls it client or server.
    pub sender: Option<Sender>,
    /// Whether the text speaks of a WebSocket.
    pub names_websocket: bool,
    /// How much says that the code is one; 0 where a shape says so, or there is none.
    pub weight: i32,
    /// A message of a protocol inside WebSocket that stands in it.
    pub quoted: Option<Box<Quoted>>,
    /// What it was read from, in the order of the text.
    pub clues: Vec<Clue>,
}

/// By what a text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadBy {
    /// It is of the shape of a known program's line.
    Shape,
    /// Single words and numbers of it.
    Clues,
}

impl ReadBy {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            ReadBy::Shape => "shape",
            ReadBy::Clues => "clues",
        }
    }
}

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
        0 => read_around(text),
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
        read_by: ReadBy::Shape,
        shape: Some(shape),
        says: shape.says,
        producer: Some(shape.producer),
        close: None,
        answer: None,
        others: Vec::new(),
        status: found.status,
        refused: None,
        detail: String::new(),
        word: None,
        further: Vec::new(),
        about: None,
        lasted: None,
        named: Vec::new(),
        sender: None,
        names_websocket: true,
        weight: 0,
        quoted: None,
        clues: Vec::new(),
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
    /// A text in which a message stands and nothing else is known.
    fn of_message() -> Reading {
        Reading {
            read_by: ReadBy::Clues,
            shape: None,
            says: Says::Cause {
                cause: Cause::Application,
                shows: None,
            },
            producer: None,
            close: None,
            answer: None,
            others: Vec::new(),
            status: None,
            refused: None,
            detail: String::new(),
            word: None,
            further: Vec::new(),
            about: None,
            lasted: None,
            named: Vec::new(),
            sender: None,
            names_websocket: true,
            weight: 0,
            quoted: None,
            clues: Vec::new(),
        }
    }

    /// Takes a message that stands in the text.
    fn take(&mut self, quoted: Box<Quoted>) {
        if quoted.length > 0 {
            let clue = Clue {
                kind: Kind::Protocol,
                at: quoted.at,
                length: quoted.length,
                word: None,
            };
            let is_apart = |known: &Clue| known.end() <= clue.at || clue.end() <= known.at;
            if self.clues.iter().all(is_apart) {
                self.clues.push(clue);
                self.clues.sort_by_key(|clue| clue.at);
            }
        }
        self.named.extend(quoted.protocol.vendor);
        self.names_websocket = true;
        self.quoted = Some(quoted);
    }

    /// Takes over what clues say beside the shape: where they stand, and what the shape leaves open.
    fn with(mut self, judged: Option<Reading>, text: &str) -> Reading {
        let Some(judged) = judged else {
            self.clues = self
                .shape
                .map_or_else(Vec::new, |shape| clues::of_shape(shape, text));
            return self;
        };
        // What a program did when something had failed is no cause, where the text tells of one.
        let is_consequence = |says: Says| match says {
            Says::Cause { cause, .. } => {
                matches!(cause, Cause::ClosedWhileConnecting | Cause::UsedAfterClose)
            }
            _ => false,
        };
        let tells_more = matches!(
            judged.says,
            Says::Cause { cause, .. } if !matches!(cause, Cause::ClosedUntold | Cause::Violation)
        );
        let is_made_up = |close: &ReportedClose| codes::is_made_up(close.code);
        let tells_more = tells_more || judged.close.is_some() && !judged.further.is_empty();
        if is_consequence(self.says)
            && tells_more
            && !is_consequence(judged.says)
            && judged.close.as_ref().is_none_or(is_made_up)
        {
            return Reading {
                producer: judged.producer.or(self.producer),
                ..judged
            };
        }
        // The numbers of a code that was refused are no closes.
        let is_of_code = matches!(
            self.says,
            Says::Cause {
                cause: Cause::CodeNotSendable,
                ..
            }
        );
        // What the shape knows to be sent, or shown, for what it names.
        let known_code = match self.says {
            Says::Cause { shows, .. } => shows,
            Says::Fault { .. } | Says::Close { .. } => None,
        };
        // Words inside the reason of a Close are the other end's about this end's data.
        let quotes = |close: &&ReportedClose| {
            let mut needles = self.shape.into_iter().flat_map(|shape| shape.needles);
            self.close.is_none() && needles.any(|needle| close.reason.contains(needle))
        };
        let is_other = |close: &&ReportedClose| {
            !codes::is_made_up(close.code) && known_code != Some(close.code)
        };
        if !is_of_code
            && judged
                .close
                .as_ref()
                .is_some_and(|close| quotes(&close) && is_other(&close))
        {
            return Reading {
                producer: judged
                    .producer
                    .filter(|producer| Some(producer.id) != self.producer.map(|known| known.id)),
                ..judged
            };
        }
        // A number that is a close code beats a sentence, but where the sentence says which was refused, or
        // what a library made the number of.
        let sends = match self.says {
            Says::Fault { sends, .. } => sends,
            Says::Cause { .. } | Says::Close { .. } => None,
        };
        let is_sentence = self.close.is_none()
            && self.refused.is_none()
            && !is_of_code
            && judged
                .close
                .as_ref()
                .is_some_and(|close| sends != Some(close.code));
        if is_sentence
            && judged.close.as_ref().is_some_and(|close| is_other(&close))
            && self.status.is_none()
        {
            return Reading {
                producer: judged.producer.or(self.producer),
                ..judged
            };
        }
        let known = |close: &ReportedClose| {
            let mut all = self.close.iter().chain(&self.answer).chain(&self.others);
            all.any(|known| known.code == close.code)
        };
        if self.close.is_some() {
            let further = judged.close.iter().chain(&judged.others);
            let further: Vec<ReportedClose> = further
                .filter(|close| judged.weight >= clues::SURE && !known(close))
                .cloned()
                .collect();
            self.others.extend(further);
        }
        if let (Some(close), Some(judged)) = (&mut self.close, &judged.close) {
            // The shape gives the code alone, and the words around it which way it went.
            if close.way == Way::Reported && close.code == judged.code {
                close.way = judged.way;
            }
        }
        if let (Says::Cause { shows, .. }, Some(judged)) = (&mut self.says, &judged.close) {
            // What the program showed for it stands in the text.
            if codes::is_made_up(judged.code) {
                *shows = Some(judged.code);
            }
        }
        self.about = judged.about;
        self.lasted = judged.lasted;
        self.named = judged.named;
        self.status = self
            .status
            .or(judged.status.filter(|_| self.close.is_none()));
        self.clues = clues::with_shape(judged.clues, self.shape, text);
        self
    }

    /// Whether a log counts it without somebody asking: what cannot be mistaken.
    pub fn is_counted(&self) -> bool {
        self.read_by == ReadBy::Shape
            || self.close.is_some() && self.names_websocket && self.weight >= clues::SURE
    }

    /// The code that stands on the wire, or will: nobody sends one that a library made up.
    pub fn wire_code(&self) -> Option<u16> {
        match (&self.close, self.says) {
            (Some(close), _) => Some(close.code).filter(|code| !codes::is_made_up(*code)),
            (None, Says::Fault { sends, .. }) => sends,
            (None, _) => None,
        }
    }

    /// The code that the API of the program shows.
    pub fn api_code(&self) -> Option<u16> {
        match (&self.close, self.says) {
            (Some(close), _) => Some(close.code).filter(|_| close.way != Way::Sent),
            (None, Says::Fault { shows, .. } | Says::Cause { shows, .. }) => shows,
            (None, Says::Close { .. }) => None,
        }
    }

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
