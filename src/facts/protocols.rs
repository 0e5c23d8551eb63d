//! Protocols inside WebSocket: how each is known, what its messages say of the end, and its timers.
//!
//! An application often says in its own words why it is about to close, and closes with a code that says nothing.
//!
//! ```
//! use wsclose::facts::protocols::protocol;
//!
//! let graphql = protocol("graphql-transport-ws").or_else(|| protocol("graphql-ws")).unwrap();
//! println!("{}", graphql.title);
//! assert!(graphql.is_subprotocol("graphql-transport-ws"));
//! // The messages that say something about the end.
//! assert!(!graphql.messages.is_empty());
//! ```

use super::registry::VENDORS;
use super::source::Source;
use crate::words::{Advice, Text, When};

pub use super::rows::PROTOCOLS;

/// A protocol of messages.
#[derive(Debug)]
#[non_exhaustive]
pub struct Protocol {
    /// Its word in JSON.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// How its messages are laid out.
    pub form: Layout,
    /// The registry that its close codes stand in.
    pub vendor: Option<&'static str>,
    /// Subprotocols that name it; one that ends in `*` is the beginning of a name.
    pub subprotocols: &'static [&'static str],
    /// What stands in the path of its URLs; a sign that is weak counts only there.
    pub paths: &'static [&'static str],
    /// What stands in the query of its URLs as well, where that is so.
    pub queries: &'static [&'static str],
    /// Whether path and query together name it for certain.
    pub is_named_by_url: bool,
    /// The hosts of the one service whose protocol it is, where it is one service's; one that begins with `*` is
    /// the end of a name. Where they stand, no URL names it elsewhere, and its close codes are not those of another host.
    pub hosts: &'static [&'static str],
    /// Messages that give it away.
    pub signs: &'static [Sign],
    /// Messages that show what stands in the query.
    pub shown: &'static [Shown],
    /// Its messages that matter for the end.
    pub messages: &'static [Telling],
    /// The timers that its messages announce.
    pub timers: &'static [Timer],
    /// How long an end may be silent.
    pub limits: &'static [Limit],
    /// What a Close of the client stands for that says nothing more.
    pub untold_client: Option<Text>,
    /// What a Close of the server stands for that says nothing more.
    pub untold_server: Option<Text>,
    /// The same where the server had sent no ping that could have been left without an answer.
    pub untold_server_unpinged: Option<Text>,
    /// The message that the server sends first, without being asked, where it has one.
    pub greets: Option<&'static str>,
    /// What stands in the query where the session began on another connection: what came first was not seen then.
    pub continued: Option<&'static str>,
    /// Which setting a Close of the server with 1009 is about.
    pub too_big: Option<Text>,
    /// So many tenths of a second the server has to have been silent for a Close of the client to stand for that.
    pub untold_client_after: Option<u32>,
    /// What it stands for that the server sends HTTP in the place of frames.
    pub late_http: Option<Text>,
    /// What to do then.
    pub late_advice: &'static [Advice],
    /// Messages that cannot be read.
    pub unread: &'static [Unread],
    /// The field of its messages that is a whole message of another protocol, where it carries one.
    pub wraps: Option<&'static str>,
    /// Words that name it in a text, such as a line of a log: in small letters, with single blanks.
    pub words: &'static [&'static str],
    /// How its codes begin, where they are words that no other protocol has.
    pub codes_begin: Option<&'static str>,
    /// Where all this is known from.
    pub sources: &'static [Source],
}

/// A protocol is its row.
impl PartialEq for Protocol {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What is agreed on, or asked for, where the messages cannot be read or are none.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unread {
    /// A part of the query.
    pub query: Option<&'static str>,
    /// The subprotocol.
    pub subprotocol: Option<&'static str>,
    /// What is to be said of that.
    pub means: Text,
}

/// How the messages of a protocol are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// A message is a JSON text; a binary one may be MessagePack.
    Json,
    /// JSON texts, or MessagePack with lengths, one behind the other: SignalR.
    Records,
    /// A digit for the packet, one for what is in it, JSON: Engine.IO with Socket.IO.
    Engine,
    /// A letter, then an array of texts: SockJS.
    Sockjs,
    /// A command, headers, a body: STOMP.
    Stomp,
    /// A stream of packets that runs through the frames: MQTT.
    Mqtt,
    /// Lines: NATS.
    Lines,
    /// The first byte is the channel: Kubernetes.
    Channels,
    /// An XML element: XMPP.
    Xml,
}

/// Who sends something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// The client.
    Client,
    /// The server.
    Server,
    /// Either.
    Either,
}

impl By {
    /// Its word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            By::Client => "client",
            By::Server => "server",
            By::Either => "either",
        }
    }

    /// Whether this end is meant.
    pub fn is(self, sender: crate::frame::Sender) -> bool {
        match self {
            By::Client => sender == crate::frame::Sender::Client,
            By::Server => sender == crate::frame::Sender::Server,
            By::Either => true,
        }
    }
}

/// Fields of a message with what has to stand in them: a text, several with `|` between them, one that
/// ends in `*`, `*` alone for anything, `!` for nothing, `4000..4299` for numbers.
pub type When_ = &'static [(&'static str, &'static str)];

/// A message that gives a protocol away.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sign {
    /// Who sends it.
    pub sender: By,
    /// What stands in it.
    pub when: When_,
    /// Whether it counts only where the URL fits too.
    pub is_weak: bool,
    /// Whether it counts only once all is heard, and all that is kept can be read as the protocol's.
    pub is_late: bool,
    /// What stands in the message of the other end that it comes behind, where all of that end's were seen.
    pub behind: Option<When_>,
}

/// A message that shows what stands in the query of the URL, where that was not seen.
#[derive(Debug)]
pub struct Shown {
    /// The part of the query.
    pub query: &'static str,
    /// Who sends it.
    pub sender: By,
    /// What stands in it.
    pub when: When_,
}

/// Whether a word is what a pattern asks for: itself, one that ends or begins in `*`, or both, `4000..4299`.
pub fn is_like(word: &str, pattern: &str) -> bool {
    if let Some((from, to)) = pattern.split_once("..") {
        if let (Ok(from), Ok(to)) = (from.parse::<f64>(), to.parse::<f64>()) {
            let number = word.parse::<f64>();
            return number.is_ok_and(|number| from <= number && number <= to);
        }
    }
    let inside = pattern
        .strip_prefix('*')
        .and_then(|rest| rest.strip_suffix('*'));
    if let Some(inside) = inside.filter(|inside| !inside.is_empty()) {
        return word.contains(inside);
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (None, Some(begins)) => word.starts_with(begins),
        (Some(ends), None) => word.ends_with(ends),
        _ => word == pattern,
    }
}

/// What a message is for the end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// It asks whether the other end is there.
    Ping,
    /// It answers that.
    Pong,
    /// It says that its sender is there.
    Beat,
    /// It opens a session.
    Opening,
    /// Its sender is done; nothing is wrong.
    Goodbye,
    /// Its sender puts the other end out, or sends it away, on purpose.
    Dismissal,
    /// Its sender does not let the other end in.
    Refusal,
    /// An error after which the connection ends.
    Error,
    /// An error of one request; the connection need not end for it.
    Complaint,
}

impl Role {
    /// Whether the connection ends for it.
    pub fn is_decisive(self) -> bool {
        matches!(self, Role::Dismissal | Role::Refusal | Role::Error)
    }

    /// Its word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Role::Ping => "ping",
            Role::Pong => "pong",
            Role::Beat => "beat",
            Role::Opening => "opening",
            Role::Goodbye => "goodbye",
            Role::Dismissal => "dismissal",
            Role::Refusal => "refusal",
            Role::Error => "error",
            Role::Complaint => "complaint",
        }
    }

    /// Whether it is no word, only a sign of life.
    pub fn is_beat(self) -> bool {
        matches!(self, Role::Ping | Role::Pong | Role::Beat)
    }
}

/// A message that matters for the end.
#[derive(Debug)]
#[non_exhaustive]
pub struct Telling {
    /// Its word in JSON.
    pub kind: &'static str,
    /// What the protocol calls it.
    pub name: &'static str,
    /// What it is for the end.
    pub role: Role,
    /// Who sends it.
    pub sender: By,
    /// What stands in it.
    pub when: When_,
    /// A part of the query without which it does not count.
    pub query: Option<&'static str>,
    /// How the path of the URL ends, without which it does not count.
    pub path: Option<&'static str>,
    /// The field that names the part of the connection that it is about, a channel or a namespace. An opening
    /// opens that part; a goodbye or a dismissal ends the connection only where no part is open behind it.
    pub part: Option<&'static str>,
    /// So many seconds ahead it announces the end, where it does: the connection goes on until then.
    pub ahead: Option<u32>,
    /// The field in which it says itself how many.
    pub ahead_in: Option<&'static str>,
    /// Fields whose texts may be shown; the first of those that stand between `|`.
    pub text: &'static [&'static str],
    /// Fields with the code of an error.
    pub code: &'static [&'static str],
    /// What codes are called.
    pub codes: &'static [(&'static str, &'static str)],
    /// Whether it ends the connection only where nothing was opened on it.
    pub is_for_unopened: bool,
    /// What has to come for it from the other end, where something has to.
    pub asks: Option<&'static str>,
    /// Whether its sender may send it only once.
    pub is_once: bool,
    /// Whether it goes on with a session that began on another connection.
    pub is_continuing: bool,
    /// So many seconds its sender waits behind it for the other end to go, and what that timer is called.
    pub grace: Option<(u32, &'static str)>,
    /// What it means: a sentence. Beats and openings have none.
    pub means: Option<Text>,
    /// What to check and what to do.
    pub advice: &'static [Advice],
    /// What has to stand in it besides, so that it is known in a text that does not name the protocol;
    /// `None` where it never is.
    pub alone: Option<When_>,
    /// All fields that it may have then; none where that does not matter.
    pub keys: &'static [&'static str],
    /// Words that name it in a text that gives its code by number or name.
    pub words: &'static [&'static str],
}

/// A message is its row.
impl PartialEq for Telling {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Telling {
    /// What the protocol calls a code.
    pub fn called(&self, code: &str) -> Option<&'static str> {
        let mut codes = self.codes.iter();
        codes
            .find(|(known, _)| *known == code)
            .map(|(_, name)| *name)
    }

    /// What to check: what is about this code or these words, or else what is general.
    pub fn advice_for(&self, code: Option<&str>, text: Option<&str>) -> Vec<&'static Advice> {
        let words = [code, text];
        let is_like = |name: &&str| words.iter().flatten().any(|word| is_like(word, name));
        let is_about = |advice: &&Advice| match advice.when {
            When::About(names) => names.iter().any(is_like),
            _ => false,
        };
        let about: Vec<_> = self.advice.iter().filter(is_about).collect();
        if !about.is_empty() {
            return about;
        }
        let general = self.advice.iter();
        general
            .filter(|advice| advice.when == When::Always)
            .collect()
    }
}

/// A timer that a message announces.
#[derive(Debug)]
#[non_exhaustive]
pub struct Timer {
    /// What the protocol calls it.
    pub name: &'static str,
    /// The kind of message that announces it.
    pub kind: &'static str,
    /// The field.
    pub path: &'static str,
    /// So many of its units are a second.
    pub per_second: u32,
}

/// From when a silence is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Since {
    /// From the last that the silent end sent.
    Message,
    /// From a ping behind which it sent nothing.
    Ping,
    /// From a ping that no pong came for: other messages do not count.
    Pong,
    /// From its last sign of life, or from its opening where there was none: other messages do not count.
    Beat,
}

/// How several timers make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Together {
    /// Their sum.
    Sum,
    /// The longest; where one is zero there is none.
    Longest,
}

/// How long an end may be silent before the other gives up.
#[derive(Debug)]
#[non_exhaustive]
pub struct Limit {
    /// Who is silent.
    pub silent: By,
    /// From when it is counted.
    pub since: Since,
    /// The timers that announce it.
    pub of: &'static [&'static str],
    /// How they make one.
    pub together: Together,
    /// What it is multiplied with, in tenths.
    pub tenths: u32,
    /// What the longest silence is multiplied with, in tenths, where it is looked at only now and then.
    pub until: Option<u32>,
    /// The seconds where nothing is announced, and what that is called.
    pub default: Option<(u32, &'static str)>,
    /// A part of the query without which it does not count.
    pub query: Option<&'static str>,
    /// Words of an error with which the other end may say that it ran out.
    pub words: &'static [&'static str],
    /// What it means: a sentence that may name `{silent}`, `{closer}`, `{after}` and `{limit}`.
    pub means: Text,
    /// What to check and what to do.
    pub advice: &'static [Advice],
}

/// The protocol of this id.
pub fn protocol(id: &str) -> Option<&'static Protocol> {
    PROTOCOLS.iter().find(|protocol| protocol.id == id)
}

impl Protocol {
    /// Whether its messages were seen from real programs, and not read in a specification alone.
    pub fn is_measured(&self) -> bool {
        self.sources.iter().any(|source| source.is_measured())
    }

    /// What to check for one of its messages: what the message's own row ties to its code, or else what the registry of
    /// the protocol's close codes says of that code, or else what the message's row says of the words or in general.
    pub fn advice_for(
        &self,
        row: &'static Telling,
        code: Option<&str>,
        text: Option<&str>,
    ) -> Vec<&'static Advice> {
        let is_tied = row.advice.iter().any(|advice| match advice.when {
            When::About(names) => names.iter().any(|name| Some(*name) == code),
            _ => false,
        });
        let number = code.and_then(|code| code.parse::<u16>().ok());
        let number = number.filter(|number| *number >= 3000 && !is_tied);
        let entry = number.and_then(|number| {
            let mut registries = VENDORS.iter();
            let own = registries.find(|registry| Some(registry.vendor) == self.vendor)?;
            own.entry(number).filter(|entry| !entry.row.is_band())
        });
        match entry {
            Some(entry) => entry.row.words.advice.iter().collect(),
            None => row.advice_for(code, text),
        }
    }

    /// Whether a subprotocol names it.
    pub fn is_subprotocol(&self, name: &str) -> bool {
        let mut known = self.subprotocols.iter();
        known.any(|known| match known.strip_suffix('*') {
            Some(begins) => name
                .get(..begins.len())
                .is_some_and(|front| front.eq_ignore_ascii_case(begins)),
            None => name.eq_ignore_ascii_case(known),
        })
    }
}
