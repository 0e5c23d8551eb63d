//! Close codes: typed facts, one row each.
//!
//! A row holds what is a fact about a code (may it stand in a Close frame, who
//! sends it, whose fault it points to) and the words for it. Everything the
//! program says about codes is derived from these rows: `explain`, `compare`,
//! `list`, the completions and the names in the byte view.
//!
//! Nothing here is built at start-up: the tables are `static`.

mod numbers;
mod pairs;
mod ranges;
mod rows;

use std::fmt;

use crate::source::Source;
use crate::words::{Words, translated, word};

pub use numbers::{Accident, accident, http_status};
pub use pairs::{PAIRS, Pair, tell_apart};
pub use ranges::{RANGES, Range, range_of};
pub use rows::CODES;

/// A close code that a standard or IANA's registry names.
#[derive(Debug)]
pub struct Code {
    /// The number, 1000 to 4999.
    pub number: u16,
    /// The name as people write it.
    pub name: &'static str,
    /// The name as IANA's registry prints it, where that differs.
    pub registered_as: Option<&'static str>,
    /// Names for it in libraries and documents. Matched without regard to case, spaces and punctuation.
    pub aliases: &'static [&'static str],
    /// Whether it may stand in a Close frame.
    pub on_wire: bool,
    /// Who may put it into a Close frame.
    pub sent_by: SentBy,
    /// Where the fault is that it reports.
    pub points_to: PointsTo,
    /// The layer at which it arises.
    pub arises_in: Layer,
    /// Whether a client that received it should connect again.
    pub reconnect: Reconnect,
    /// Codes that it is mistaken for or goes with.
    pub related: &'static [u16],
    /// What settles these facts.
    pub sources: &'static [Source],
    /// Meaning, causes and fixes.
    pub words: Words,
    /// The short sentences that `compare` and the diagnosis are made of.
    pub phrases: Phrases,
}

/// Short sentences about a code, each for one place.
#[derive(Debug)]
pub struct Phrases {
    /// What it says, in a few words.
    pub gist: &'static str,
    /// How a client should reconnect.
    pub reconnect: &'static str,
    /// What to look for in a capture or a log.
    pub look_for: &'static str,
    /// When to send it.
    pub choose: &'static str,
    /// What it means when `{sender}` closed with it and `{other}` received it.
    pub diagnosis: &'static str,
}

/// Who may put a code into a Close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentBy {
    /// Only the client.
    Client,
    /// Only the server.
    Server,
    /// Either end.
    Either,
    /// Nobody: it has no place in a Close frame.
    Nobody,
}

impl SentBy {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            SentBy::Client => "client",
            SentBy::Server => "server",
            SentBy::Either => "either",
            SentBy::Nobody => "nobody",
        }
    }
}

impl fmt::Display for SentBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(translated(match self {
            SentBy::Client => word!("only a client"),
            SentBy::Server => word!("only a server"),
            SentBy::Either => word!("either end"),
            SentBy::Nobody => word!("nobody"),
        }))
    }
}

/// Where the fault is that a code reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsTo {
    /// Nothing went wrong.
    Nobody,
    /// The end that received the code: what it sent.
    Receiver,
    /// The end that sent the code.
    Sender,
    /// A server behind the one that sent the code.
    Upstream,
    /// What carries the connection: a process, TCP, TLS, a proxy.
    Path,
    /// Whatever the two ends agreed on.
    Agreement,
}

impl PointsTo {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            PointsTo::Nobody => "nobody",
            PointsTo::Receiver => "receiver",
            PointsTo::Sender => "sender",
            PointsTo::Upstream => "upstream",
            PointsTo::Path => "path",
            PointsTo::Agreement => "agreement",
        }
    }
}

impl fmt::Display for PointsTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(translated(match self {
            PointsTo::Nobody => word!("nobody: nothing is wrong by itself"),
            PointsTo::Receiver => word!("the end that received it: what it sent"),
            PointsTo::Sender => word!("the end that sent it"),
            PointsTo::Upstream => word!("a server behind the one that sent it"),
            PointsTo::Path => word!("what lies between the ends, or an end that vanished"),
            PointsTo::Agreement => word!("what the two ends agreed on"),
        }))
    }
}

/// The layer at which a code arises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The TLS handshake, before any byte of WebSocket.
    Tls,
    /// TCP, or the process that held it.
    Transport,
    /// The opening handshake over HTTP.
    OpeningHandshake,
    /// The frames: headers, lengths, masks, their order.
    Frames,
    /// Messages put together from frames: type, encoding, size.
    Messages,
    /// The closing handshake itself.
    ClosingHandshake,
    /// The program above WebSocket.
    Application,
    /// The running of a service: restarts, load, gateways.
    Operation,
}

impl Layer {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Layer::Tls => "tls",
            Layer::Transport => "transport",
            Layer::OpeningHandshake => "opening-handshake",
            Layer::Frames => "frames",
            Layer::Messages => "messages",
            Layer::ClosingHandshake => "closing-handshake",
            Layer::Application => "application",
            Layer::Operation => "operation",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(translated(match self {
            Layer::Tls => word!("the TLS handshake"),
            Layer::Transport => word!("TCP, or the process that held it"),
            Layer::OpeningHandshake => word!("the opening handshake"),
            Layer::Frames => word!("the frames"),
            Layer::Messages => word!("messages"),
            Layer::ClosingHandshake => word!("the closing handshake"),
            Layer::Application => word!("the application"),
            Layer::Operation => word!("the running of the service"),
        }))
    }
}

/// Whether a client that received a code should connect again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconnect {
    /// Yes, at once.
    Yes,
    /// Not by itself: the connection ended because somebody wanted it to.
    No,
    /// Yes, after a random and growing delay.
    Backoff,
    /// Only after what caused it was mended; before that it will close again.
    AfterFix,
}

impl Reconnect {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Reconnect::Yes => "yes",
            Reconnect::No => "no",
            Reconnect::Backoff => "backoff",
            Reconnect::AfterFix => "after-fix",
        }
    }
}

impl Code {
    /// The range that the code lies in.
    pub fn range(&self) -> &'static Range {
        range_of(self.number)
    }

    /// The two bytes that stand for the code at the start of a Close frame's body.
    pub fn bytes(&self) -> [u8; 2] {
        self.number.to_be_bytes()
    }
}

/// The row of `number`, or `None` where no standard and no registry names it.
pub fn lookup(number: u16) -> Option<&'static Code> {
    let index = CODES
        .binary_search_by_key(&number, |code| code.number)
        .ok()?;
    CODES.get(index)
}

/// The name of `number`, or that of its range where it has none of its own.
pub fn name_of(number: u16) -> &'static str {
    lookup(number).map_or_else(|| range_of(number).name, |code| code.name)
}

/// Whether `number` may stand in a Close frame: 1000–1003, 1007–1014 and 3000–4999.
///
/// RFC 6455 section 7.4.1 forbids 1005, 1006 and 1015 by name; section 7.4.2
/// leaves the others undefined, and a strict receiver refuses them.
pub fn may_stand_in_close(number: u16) -> bool {
    match lookup(number) {
        Some(code) => code.on_wire,
        None => range_of(number).on_wire,
    }
}

/// Whether `number` is one that no end sends and libraries make up: 1005, 1006 and 1015.
///
/// RFC 6455 section 7.4.1.
pub fn is_made_up(number: u16) -> bool {
    matches!(number, 1005 | 1006 | 1015)
}
