//! What real implementations do: who refuses a code, what a library means by the number that it shows, whose
//! timer ends a silent connection, whose words a reason is.
//!
//! The facts stand in the tables in `src/facts/implementations`, one row for each implementation, version and role,
//! with a source for each. What follows from them for a person's question is in the files beside this one.
//!
//! ```
//! use wsclose::facts::field::{find, trial_of, Section};
//!
//! let ws = find("ws").unwrap();
//! println!("{}, written in {}", ws.name(), ws.language());
//! // What its versions do when a Close with 1014 comes.
//! let (trial, _) = trial_of(Section::Close, 1014).unwrap();
//! for row in ws.rows() {
//!     println!("{:?}: {:?}", row.role(), row.outcome(trial));
//! }
//! assert!(ws.rows().any(|row| row.outcome(trial).is_some()));
//! ```

pub mod by_code;
pub mod fingerprints;
mod names;
mod outcome;
pub mod table;
pub mod timers;
pub mod traced;
mod trials;
mod words;

use std::fmt;

pub use super::rows::TRIALS;
pub use names::{all_names, find, near};
pub use outcome::{Api, Outcome, Wire};
pub use trials::{Section, Trial, trial_of};
pub use words::{api_words, wire_words};

use fingerprints::Fingerprint;
use timers::{From, Timer};

use crate::facts::source::Source;
use crate::words::{Advice, Message, PointsTo, Text, When, say, text};

/// In which role a row was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As the client.
    Client,
    /// As the server.
    Server,
    /// In both, with the same outcomes.
    Both,
    /// Between the two.
    Proxy,
}

impl Role {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::Server => "server",
            Role::Both => "both",
            Role::Proxy => "proxy",
        }
    }
}

struct ImplementationData {
    id: &'static str,
    name: &'static str,
    language: &'static str,
    aliases: &'static [&'static str],
    surprises: &'static [Statement],
    limits: &'static [Statement],
    rows: (u16, u16),
}

struct RowData {
    implementation: u16,
    version: Version,
    role: Role,
    variant: Option<Text>,
    source: Source,
}

include!(concat!(env!("OUT_DIR"), "/implementations.rs"));

/// A version as the tables name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// This one, which may be told in words: `8.18.0`, `current`.
    Said(Text),
    /// This one and all after it.
    AndLater(&'static str),
    /// This one, built on a version of another library.
    On(&'static str, &'static str),
}

impl Version {
    /// What it is, to be said.
    pub fn message(self) -> Message {
        match self {
            Version::Said(text) => text.into(),
            Version::AndLater(version) => say!(version.and_later, version),
            Version::On(version, library) => say!(version.on, version, library),
        }
    }

    /// Without what it was built on.
    pub fn bare(self) -> Version {
        match self {
            Version::On(version, _) => Version::Said(Text::Given(version)),
            Version::Said(Text::Given(version)) => {
                let bare = version.split(" (").next().unwrap_or_default();
                Version::Said(Text::Given(bare))
            }
            other => other,
        }
    }
}

/// In English, as the tables have it.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// A library, a browser, a server or a proxy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Implementation(u16);

/// One version of an implementation in one role: what it did in every case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(u16);

/// A statement, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What a limit limits; `None` for what nobody would expect.
    pub limit: Option<Limit>,
    /// The statement. Of a limit: how it is unless set.
    pub text: Text,
    /// The setting of a limit; `None` where there is none.
    pub setting: Option<Text>,
    /// What a limit of messages counts.
    pub counts: Option<Counts>,
    /// The numbers that it names.
    pub numbers: &'static [i32],
    /// How it is known.
    pub source: Source,
}

/// What a limit limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The size of a message.
    Message,
    /// When it pings, and how long it waits for the pong.
    Ping,
    /// How long nothing may come.
    Idle,
    /// How long it waits for the answer to its Close.
    Close,
    /// How long the opening handshake may take.
    Open,
    /// How long a connection may live.
    Life,
}

/// What of a message a limit counts, and so what exceeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// The whole message, in one frame or in many. It is not compressed there, or nobody looked.
    Message,
    /// The whole message after it was inflated.
    Inflated,
    /// The whole message as it is on the wire: what it inflates to is not counted.
    Wire,
    /// Each frame by itself: a message in fragments may be larger.
    Frame,
}

impl Counts {
    /// The word for it in the tables and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Counts::Message => "message",
            Counts::Inflated => "inflated",
            Counts::Wire => "wire",
            Counts::Frame => "frame",
        }
    }

    /// What exceeds the limit, in a few words.
    pub fn what(self) -> Text {
        match self {
            Counts::Message => text!(counts.message),
            Counts::Inflated => text!(counts.inflated),
            Counts::Wire => text!(counts.wire),
            Counts::Frame => text!(counts.frame),
        }
    }
}

/// The limits of messages, those of the best known implementations first: whose, and the limit.
pub fn message_limits() -> impl Iterator<Item = (Implementation, &'static Statement)> {
    let of_messages = |statement: &&Statement| statement.limit == Some(Limit::Message);
    implementations().flat_map(move |implementation| {
        let limits = implementation.limits().iter().filter(of_messages);
        limits.map(move |statement| (implementation, statement))
    })
}

impl Limit {
    /// The word for it in the tables and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Limit::Message => "message",
            Limit::Ping => "ping",
            Limit::Idle => "idle",
            Limit::Close => "close",
            Limit::Open => "open",
            Limit::Life => "life",
        }
    }
}

/// All implementations, the best known first.
pub fn implementations() -> impl Iterator<Item = Implementation> + Clone {
    (0..IMPLEMENTATIONS.len() as u16).map(Implementation)
}

/// All rows, in the order of their implementations.
pub fn rows() -> impl Iterator<Item = Row> + Clone {
    (0..ROWS.len() as u16).map(Row)
}

impl Implementation {
    fn data(self) -> &'static ImplementationData {
        &IMPLEMENTATIONS[usize::from(self.0)]
    }

    /// What one types to get it: `tungstenite`.
    pub fn id(self) -> &'static str {
        self.data().id
    }

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        self.data().name
    }

    /// What it is written in; `browser` for a browser, `proxy` for a proxy.
    pub fn language(self) -> &'static str {
        self.data().language
    }

    /// Other names for it.
    pub fn aliases(self) -> &'static [&'static str] {
        self.data().aliases
    }

    /// What nobody would expect of it.
    pub fn surprises(self) -> &'static [Statement] {
        self.data().surprises
    }

    /// Its limits, as they are unless set. Its [`timers`] are rows of their own.
    pub fn limits(self) -> &'static [Statement] {
        self.data().limits
    }

    /// Its versions and roles.
    pub fn rows(self) -> impl Iterator<Item = Row> + Clone {
        let (from, to) = self.data().rows;
        (from..to).map(Row)
    }
}

impl fmt::Debug for Implementation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.implementation().id(), self.version())
    }
}

impl Row {
    fn data(self) -> &'static RowData {
        &ROWS[usize::from(self.0)]
    }

    /// Whose row it is.
    pub fn implementation(self) -> Implementation {
        Implementation(self.data().implementation)
    }

    /// The version.
    pub fn version(self) -> Version {
        self.data().version
    }

    /// The role.
    pub fn role(self) -> Role {
        self.data().role
    }

    /// Which of several ways to use it, where there are several.
    pub fn variant(self) -> Option<Text> {
        self.data().variant
    }

    /// How it is known: measured on a date, or read somewhere.
    pub fn source(self) -> Source {
        self.data().source
    }

    /// What came of a trial, given by its place in [`TRIALS`]; `None` where it is not known.
    pub fn outcome(self, trial: usize) -> Option<Outcome> {
        let cell = *MATRIX.get(usize::from(self.0))?.get(trial)?;
        OUTCOMES.get(usize::from(cell.checked_sub(1)?)).copied()
    }

    /// All that is known, in the order of [`TRIALS`].
    pub fn outcomes(self) -> impl Iterator<Item = (&'static Trial, Outcome)> {
        TRIALS
            .iter()
            .enumerate()
            .filter_map(move |(index, trial)| Some((trial, self.outcome(index)?)))
    }
}
