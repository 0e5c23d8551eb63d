//! What a text says of a close, taken apart; and what its shape and its clues come to together.

use std::time::Duration;

use super::clues::{self, Clue};
use crate::application::Quoted;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Event, Producer, Shape, Way};
use crate::facts::vocabulary::{Kind, Word};
use crate::frame::Sender;

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
    /// What the text tells of.
    pub event: Event,
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
    /// Whether the connection had been open; none where the text does not tell.
    pub opened: Option<bool>,
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

impl Reading {
    /// A text that says this, of which nothing else is known yet.
    pub(super) fn saying(read_by: ReadBy, event: Event) -> Reading {
        Reading {
            read_by,
            shape: None,
            event,
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
            opened: None,
            named: Vec::new(),
            sender: None,
            names_websocket: true,
            weight: 0,
            quoted: None,
            clues: Vec::new(),
        }
    }

    /// A text in which a message stands and nothing else is known.
    pub(super) fn of_message() -> Reading {
        let event = Event::Cause {
            cause: Cause::Application,
            shows: None,
        };
        Reading::saying(ReadBy::Clues, event)
    }

    /// Takes a message that stands in the text.
    pub(super) fn take(&mut self, quoted: Box<Quoted>) {
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
    pub(super) fn with(mut self, judged: Option<Reading>, text: &str) -> Reading {
        let Some(judged) = judged else {
            self.clues = self
                .shape
                .map_or_else(Vec::new, |shape| clues::of_shape(shape, text));
            return self;
        };
        // What a program did when something had failed is no cause, where the text tells of one.
        let is_consequence = |event: Event| match event {
            Event::Cause { cause, .. } => {
                matches!(cause, Cause::ClosedWhileConnecting | Cause::UsedAfterClose)
            }
            _ => false,
        };
        let tells_more = matches!(
            judged.event,
            Event::Cause { cause, .. } if !matches!(cause, Cause::ClosedUntold | Cause::ErrorUntold | Cause::Violation)
        );
        let is_made_up = |close: &ReportedClose| codes::is_made_up(close.code);
        let tells_more = tells_more || judged.close.is_some() && !judged.further.is_empty();
        if is_consequence(self.event)
            && tells_more
            && !is_consequence(judged.event)
            && judged.close.as_ref().is_none_or(is_made_up)
        {
            return Reading {
                producer: judged.producer.or(self.producer),
                ..judged
            };
        }
        // Words that the shape leaves open may say more of the end than it does.
        if self.leaves_open(&judged) {
            return Reading {
                producer: self.producer.or(judged.producer),
                ..judged
            };
        }
        if self.names_an_error(&judged) {
            self.word = judged.word;
        }
        // The numbers of a code that was refused are no closes.
        let is_of_code = matches!(
            self.event,
            Event::Cause {
                cause: Cause::CodeNotSendable,
                ..
            }
        );
        // What the shape knows to be sent, or shown, for what it names.
        let known_code = match self.event {
            Event::Cause { shows, .. } => shows,
            Event::Fault { .. } | Event::Close { .. } => None,
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
        let sends = match self.event {
            Event::Fault { sends, .. } => sends,
            Event::Cause { .. } | Event::Close { .. } => None,
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
        if let (Event::Cause { shows, .. }, Some(judged)) = (&mut self.event, &judged.close) {
            // What the program showed for it stands in the text.
            if codes::is_made_up(judged.code) {
                *shows = Some(judged.code);
            }
        }
        // What an HTTP status says by its name is no reason of a close.
        let is_status = self.close.is_none() && self.status.is_some();
        // The clues may have found the words of the reason, and no code that they are the reason of.
        let told = judged.word.filter(|word| {
            word.as_reason.is_some() && judged.close.is_none() && self.close.is_some()
        });
        self.about = judged.about.or(told).filter(|_| !is_status);
        self.lasted = judged.lasted;
        self.opened = judged.opened;
        self.named = judged.named;
        self.status = self
            .status
            .or(judged.status.filter(|_| self.close.is_none()));
        self.clues = clues::with_shape(judged.clues, self.shape, text);
        self
    }

    /// Whether the shape gives the name of an error, and its word says more of the same cause.
    fn names_an_error(&self, judged: &Reading) -> bool {
        let cause = match (self.event, judged.event) {
            (Event::Cause { cause, .. }, Event::Cause { cause: other, .. }) => cause == other,
            _ => false,
        };
        cause && !self.detail.is_empty() && judged.close.is_none()
    }

    /// Whether the shape tells only that the connection ended, and the words in its place for a reason how: which
    /// error of the system it was.
    fn leaves_open(&self, judged: &Reading) -> bool {
        let is_end = |event: Event| {
            let cause = match event {
                Event::Cause { cause, .. } => Some(cause),
                _ => None,
            };
            matches!(
                cause,
                Some(Cause::PeerGone | Cause::ClosedUntold | Cause::ErrorUntold)
            )
        };
        let is_system = judged
            .word
            .is_some_and(|word| matches!(word.kind, Kind::OsError | Kind::Tls));
        is_end(self.event)
            && !self.detail.is_empty()
            && judged.close.is_none()
            && is_system
            && matches!(judged.event, Event::Cause { .. })
            && !is_end(judged.event)
    }

    /// Whether a log counts it without somebody asking: what cannot be mistaken.
    pub fn is_counted(&self) -> bool {
        self.read_by == ReadBy::Shape
            || self.close.is_some() && self.names_websocket && self.weight >= clues::SURE
    }

    /// The code that stands on the wire, or will: nobody sends one that a library made up.
    pub fn wire_code(&self) -> Option<u16> {
        match (&self.close, self.event) {
            (Some(close), _) => {
                Some(close.code).filter(|code| !codes::is_made_up(*code) && self.word.is_none())
            }
            (None, Event::Fault { sends, .. }) => sends,
            (None, _) => None,
        }
    }

    /// The code that the API of the program shows.
    pub fn api_code(&self) -> Option<u16> {
        match (&self.close, self.event) {
            (Some(close), _) => Some(close.code).filter(|_| close.way != Way::Sent),
            (None, Event::Fault { shows, .. } | Event::Cause { shows, .. }) => shows,
            (None, Event::Close { .. }) => None,
        }
    }

    /// What the line is about, as one types it: a code, an event or a rule.
    pub fn subject(&self) -> Subject {
        match (&self.close, self.event) {
            (Some(close), _) => Subject::Code(close.code),
            (None, Event::Fault { rule, .. }) => Subject::Rule(rule),
            (None, Event::Cause { cause, .. }) => Subject::Cause(cause),
            // A close is always read with its code.
            (None, Event::Close { .. }) => Subject::Code(1006),
        }
    }

    /// Whether nothing is wrong by what the line says: a close that was meant.
    pub fn is_clean(&self) -> bool {
        match (&self.close, self.event) {
            (Some(close), _) => matches!(close.code, 1000 | 1001 | 1005) && self.word.is_none(),
            (None, Event::Cause { cause, .. }) => cause.row().is_clean,
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
