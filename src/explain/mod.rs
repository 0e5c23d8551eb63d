//! Why the connection closed, and what to do: the one place that reasons.
//!
//! What was found out comes in as facts with their evidence: the frames of a stream
//! ([`explain_frames`]), the record of a connection, wherever it was seen ([`explain_connection`]), a
//! line of a log ([`explain_line`]). One [`Explanation`] comes out,
//! made of messages and rows. What a Close means, which service uses its code, whose words its reason
//! is and what to check is the same for all of them and stands in `close`.
//!
//! Nothing is claimed that the evidence does not show; what fits too is an alternative, with what
//! would decide.
//!
//! ```
//! use wsclose::explain::explain_line;
//! use wsclose::facts::causes::Cause;
//! use wsclose::facts::registry::Registries;
//! use wsclose::logline::read;
//!
//! let reading = read("upstream timed out (110: Connection timed out) while proxying upgraded connection").unwrap();
//! let explanation = explain_line(&reading, Registries::default());
//! assert_eq!(explanation.cause, Cause::IdleTimeout);
//! for advice in &explanation.advice {
//!     println!("{} -> {}", advice.cause, advice.fix);
//! }
//! ```

mod application;
mod attempt;
mod close;
mod closing;
mod connection;
mod delivery;
mod encrypted;
mod ending;
mod frames;
mod heartbeat;
mod last_words;
mod lasting;
mod legs;
mod line;
mod narrowed;
mod opening;
mod quoted;
mod recorded;
mod reported;
#[cfg(feature = "logs")]
mod rhythm;
mod silence;
mod streams;
mod unanswered;
mod untold;

use crate::facts::causes::Cause;
use crate::facts::field::fingerprints::Fingerprint;
use crate::facts::registry::Entry;
use crate::facts::source::Source;
use crate::words::{Advice, Message, PointsTo, Text, Value, text};

pub use connection::explain_connection;
pub use frames::{explain_frames, explain_stream};
pub use line::explain_line;
pub use narrowed::{Facts, Narrowed, narrow};
#[cfg(feature = "logs")]
pub use rhythm::{ExplainedGroup, explain_group};

/// Why a connection closed, as far as the evidence tells.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// What it is about, in a few words.
    pub title: Text,
    /// The cause that fits best.
    pub cause: Cause,
    /// The rule that was broken, where that is the cause.
    pub rule: Option<&'static str>,
    /// The answer first, then what shows it.
    pub statements: Vec<Message>,
    /// What else is to know, and answers nothing.
    pub notes: Vec<Message>,
    /// Other causes that fit, each with what decides.
    pub alternatives: Vec<(Cause, Message)>,
    /// Where the fault is, if the likeliest advice stands; `None` where only the statements tell.
    pub points_to: Option<PointsTo>,
    /// The first thing to do, whatever the cause; `None` where that is the fix of the first advice.
    pub first: Option<Text>,
    /// What to check and what to do then, likeliest first.
    pub advice: Vec<&'static Advice>,
    /// The code that the client's application sees; `None` where the evidence does not tell.
    pub client_sees: Option<u16>,
    /// The code that the server's application sees.
    pub server_sees: Option<u16>,
    /// What each end's application is told, and why.
    pub reported: Vec<Message>,
    /// What a registry says of the code for certain.
    pub entry: Option<Entry>,
    /// The vendors that use the code, where none is certain.
    pub used_by: Vec<Entry>,
    /// Whose words the reason is, where it came from the other end.
    pub fingerprint: Option<&'static Fingerprint>,
    /// What settles it, where it is a line of a log.
    pub source: Option<Source>,
    /// What to ask `wsclose explain` for more.
    pub topic: Option<String>,
    /// What else to ask `wsclose explain`, the topic first.
    pub see_also: Vec<String>,
}

impl Default for Explanation {
    fn default() -> Self {
        Explanation {
            title: Text::Given(""),
            cause: Cause::Unknown,
            rule: None,
            statements: Vec::new(),
            notes: Vec::new(),
            alternatives: Vec::new(),
            points_to: None,
            first: None,
            advice: Vec::new(),
            client_sees: None,
            server_sees: None,
            reported: Vec::new(),
            entry: None,
            used_by: Vec::new(),
            fingerprint: None,
            source: None,
            topic: None,
            see_also: Vec::new(),
        }
    }
}

impl Explanation {
    fn say(&mut self, message: Message) {
        self.statements.push(message);
    }

    fn note(&mut self, message: Message) {
        self.notes.push(message);
    }

    /// All that is said, the answer first.
    pub fn said(&self) -> impl Iterator<Item = &Message> {
        self.statements.iter().chain(&self.notes)
    }

    fn also(&mut self, cause: Cause, message: Message) {
        self.alternatives.push((cause, message));
    }
}

/// An end of a connection, as far as it is known which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client or the server.
    Known(crate::frame::Sender),
    /// A proxy, which wrote the line.
    Proxy,
    /// The end that wrote the line.
    Local,
    /// The other one.
    Other,
}

impl End {
    /// The word for it in a sentence.
    pub fn words(self) -> Text {
        match self {
            End::Known(sender) => sender.words(),
            End::Proxy => text!(end.proxy),
            End::Local => text!(end.local),
            End::Other => text!(end.other),
        }
    }

    /// The word for it in JSON: `client`, `server`, `local` or `other`.
    pub fn id(self) -> &'static str {
        match self {
            End::Known(sender) => sender.id(),
            End::Local | End::Proxy => "local",
            End::Other => "other",
        }
    }

    /// Whether it is the client or the server, where that is known.
    fn sender(self) -> Option<crate::frame::Sender> {
        match self {
            End::Known(sender) => Some(sender),
            End::Proxy | End::Local | End::Other => None,
        }
    }
}

impl From<End> for Value {
    fn from(end: End) -> Self {
        Value::Text(end.words())
    }
}
