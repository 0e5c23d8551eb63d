//! Close codes: typed facts, one row each.
//!
//! A row in `codes.toml` holds what is a fact about a code (may it stand in a Close frame, who
//! sends it, whose fault it points to) and the words for it. Everything the
//! program says about codes is derived from these rows: `explain`, `compare`,
//! `list`, the completions and the names in the byte view.
//!
//! ```
//! use wsclose::facts::codes::{is_made_up, lookup, may_stand_in_close, range_of};
//!
//! let code = lookup(1007).unwrap();
//! assert_eq!(code.name, "Invalid Frame Payload Data");
//! println!("{}", code.words.meaning);
//!
//! // 1006 is what a library says where no Close came: it travels nowhere.
//! assert!(is_made_up(1006) && !may_stand_in_close(1006));
//! // 4004 is an application's own.
//! assert_eq!(range_of(4004).name.english(), "Private Use");
//! ```

mod accidents;
mod pairs;
mod ranges;

use crate::facts::source::Source;
use crate::words::{Text, Words, text};

pub use crate::words::PointsTo;

pub use super::rows::{CODES, PAIRS, RANGES};
pub use accidents::{Accident, accident, http_status};
pub use pairs::{Pair, tell_apart};
pub use ranges::{Range, range_of};

/// A close code that a standard or IANA's registry names.
#[derive(Debug)]
#[non_exhaustive]
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
    /// The everyday situations in which it is met; empty where there is nothing to choose among.
    pub situations: &'static [Situation],
    /// The short sentences that `compare` and the diagnosis are made of.
    pub phrases: Phrases,
}

/// Short sentences about a code, each for one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Phrases {
    /// What it says, in a few words.
    pub gist: Text,
    /// How a client should reconnect.
    pub reconnect: Text,
    /// What to look for in a capture or a log.
    pub look_for: Text,
    /// When to send it.
    pub choose: Text,
    /// What it means when `{sender}` closed with it and `{other}` received it.
    pub diagnosis: Text,
}

/// An everyday situation in which a code is met, and where to go on from there.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// What the person sees.
    pub when: Text,
    /// A few words about what that means.
    pub means: Text,
    /// Commands that say more.
    pub commands: &'static [&'static str],
    /// The place in the code's advice of the cause that fits.
    pub advice: usize,
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

impl SentBy {
    /// What it says, in a few words.
    pub fn words(self) -> Text {
        match self {
            SentBy::Client => text!(sent_by.client),
            SentBy::Server => text!(sent_by.server),
            SentBy::Either => text!(sent_by.either),
            SentBy::Nobody => text!(sent_by.nobody),
        }
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

impl Layer {
    /// What it says, in a few words.
    pub fn words(self) -> Text {
        match self {
            Layer::Tls => text!(layer.tls),
            Layer::Transport => text!(layer.transport),
            Layer::OpeningHandshake => text!(layer.opening_handshake),
            Layer::Frames => text!(layer.frames),
            Layer::Messages => text!(layer.messages),
            Layer::ClosingHandshake => text!(layer.closing_handshake),
            Layer::Application => text!(layer.application),
            Layer::Operation => text!(layer.operation),
        }
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
    /// All its names: its own, the registered one, and those in libraries and documents.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name)
            .chain(self.registered_as)
            .chain(self.aliases.iter().copied())
    }

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
pub fn name_of(number: u16) -> Text {
    lookup(number).map_or_else(|| range_of(number).name, |code| Text::Given(code.name))
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
