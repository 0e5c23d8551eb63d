//! The lines that programs print about a connection, shape by shape, and whose they are.
//!
//! A line says more than its code: the program that wrote it decides who is meant by "received", and what the number
//! stands for.
//!
//! ```
//! use wsclose::facts::lines::{Event, SHAPES};
//! use wsclose::logline::is_of;
//!
//! let shape = SHAPES.iter().find(|shape| shape.id == "gorilla-close").unwrap();
//! assert!(is_of(shape, "websocket: close 1006 (abnormal closure): unexpected EOF"));
//! assert!(matches!(shape.event, Event::Close { .. }));
//! println!("{} prints it", shape.producer.id);
//! ```

use super::causes::Cause;
use super::source::Source;
use crate::frame::Sender;
use crate::words::Text;

pub use super::rows::{PRODUCERS, SHAPES};

/// One shape of line that a program prints.
#[derive(Debug)]
#[non_exhaustive]
pub struct Shape {
    /// Its name: `gorilla-close`.
    pub id: &'static str,
    /// Whose it is.
    pub producer: &'static Producer,
    /// Literal texts, one of which stands in each pattern, so that a log is looked through for
    /// them alone.
    pub needles: &'static [&'static str],
    /// What the line looks like, in each of its forms; the first that fits counts.
    pub patterns: &'static [&'static str],
    /// What the line tells of.
    pub event: Event,
    /// What else is to know of it.
    pub note: Option<Text>,
    /// The status that mostly came where the line tells none: its advice fits.
    pub mostly: Option<u16>,
    /// Whether other programs print such a text too: then it is read where somebody asks for it,
    /// and not counted in a log.
    pub is_common: bool,
    /// Where the shape was found.
    pub source: Source,
    /// A line of this shape and of no other.
    pub example: &'static str,
}

/// What a line tells of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A close, with its code in the line.
    Close {
        /// Which way the Close went.
        way: Way,
        /// Which way its answer went, where the line tells.
        answer: Answer,
    },
    /// That something happened for which no code stands in the line.
    Cause {
        /// What.
        cause: Cause,
        /// The code that the local API then shows, where it shows one.
        shows: Option<u16>,
    },
    /// That the program refused what it received.
    Fault {
        /// The rule that was broken.
        rule: &'static str,
        /// The code of the Close that it then sends; none where it cuts the connection.
        sends: Option<u16>,
        /// The code that its own API then shows, where it shows one.
        shows: Option<u16>,
    },
}

/// Which way a Close went, seen from the program that wrote the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Way {
    /// It came from the other end.
    Received,
    /// The program sent it.
    Sent,
    /// The line gives the code and not the way it went.
    Reported,
}

impl Way {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Way::Received => "received",
            Way::Sent => "sent",
            Way::Reported => "reported",
        }
    }
}

/// What a line tells of the Close in the other direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing.
    Untold,
    /// It is in the line.
    Given,
    /// That there was none.
    Missing,
}

/// A program that prints lines.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Producer {
    /// Its name in JSON: `python-websockets`.
    pub id: &'static str,
    /// Its name for people, with words of ours in some.
    pub name: Text,
    /// Which end it is.
    pub role: ProducerRole,
}

/// Which end the writer of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProducerRole {
    /// The client.
    Client,
    /// The server.
    Server,
    /// It can be either.
    Either,
    /// Neither: it stands between the ends.
    Proxy,
}

impl Producer {
    /// The end that it is, where it is always the same.
    pub fn end(&self) -> Option<Sender> {
        match self.role {
            ProducerRole::Client => Some(Sender::Client),
            ProducerRole::Server => Some(Sender::Server),
            ProducerRole::Either | ProducerRole::Proxy => None,
        }
    }

    /// Its page among the implementations, if there is one.
    pub fn implementation(&self) -> Option<super::field::Implementation> {
        super::field::implementations().find(|known| known.id() == self.id)
    }
}
