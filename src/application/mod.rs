//! What the application said last: the messages of protocols inside WebSocket.
//!
//! A [`Listener`] hears the whole messages of both ends. By the agreed subprotocol, by the URL or by
//! the first messages it comes to know the protocol (a row of
//! [`facts::protocols`](crate::facts::protocols)), and then keeps of each message what the rows say
//! that matters for the end: errors, refusals, goodbyes, announced timers, signs of life. Of a
//! protocol that is not known the last message of each end is kept. Memory does not grow with the
//! messages. Out comes an [`Application`]; what it means for the end is for
//! [`explain`](crate::explain).
//!
//! Payload is personal: only fields that a row names are handed out, shortened and escaped.
//!
//! ```
//! use wsclose::application::Listener;
//! use wsclose::conversation::{Conversation, Options};
//!
//! let mut conversation = Conversation::new(Options::default());
//! conversation.hear_messages();
//! let mut listener = Listener::default();
//! // The last message of a connection that nobody has a row for.
//! let mut bytes = b"\x81\x18{\"error\":\"quota is used\"}".to_vec();
//! bytes[1] = (bytes.len() - 2) as u8;
//! conversation.feed_hearing(&mut bytes, |_| {}, &mut |heard| {
//!     listener.hear(heard, 1, None);
//! });
//! let application = listener.finish();
//! println!("{application:?}");
//! ```

mod address;
mod ends;
mod excerpt;
mod fields;
mod kept;
mod last;
pub(crate) mod late;
mod layout;
mod listener;
mod message_pack;
mod mqtt;
mod nats;
mod parts;
mod quoted;
mod reader;
mod recognition;
mod records;
mod stomp;
mod tree;
mod waiting;
mod xml;

use crate::facts::protocols::{Protocol, Role, Telling};
use crate::frame::Sender;

use excerpt::excerpt;
pub(crate) use last::is_trouble;
pub use late::LateHttp;
pub use listener::Listener;
pub use quoted::{Quoted, quoted};
use reader::place;

/// When a message came, and where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// The offset of its first frame in the stream that it was read from.
    pub at: u64,
    /// The packet in which it ended; 0 where there are none.
    pub packet: u64,
    /// When, in nanoseconds since 1970; `None` where there is no clock.
    pub time: Option<i64>,
}

/// A message that tells something of the end.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Said {
    /// Who sent it.
    pub sender: Sender,
    /// When.
    pub moment: Moment,
    /// What it is; `None` where the protocol is not known.
    pub row: Option<&'static Telling>,
    /// What it is for the end of this connection.
    pub role: Role,
    /// The code in it, escaped.
    pub code: Option<String>,
    /// What the protocol calls that code.
    pub called: Option<&'static str>,
    /// Its words, shortened and escaped.
    pub text: Option<String>,
    /// Whether its sender sent nothing ordinary behind it.
    pub is_last: bool,
    /// So many seconds ahead it announces the end, where it does: what is ordinary may follow until then.
    pub ahead: Option<f64>,
    /// Whether it is a plain sentence of a protocol that is not known, which a person may have written.
    pub is_sentence: bool,
    order: u64,
}

/// What is known of the messages of one end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndHeard {
    /// How many there were.
    pub messages: u64,
    /// The last of all.
    pub last: Option<Moment>,
    /// The last that was no sign of life.
    pub last_word: Option<Moment>,
    /// Its last sign of life, or its opening.
    pub beat: Option<Moment>,
    /// A ping that nothing of the other end came behind.
    pub ping: Option<Moment>,
    /// The first ping since the last pong of the other end.
    pub no_pong: Option<Moment>,
    /// Whether it sent any ping.
    pub has_pinged: bool,
    /// Its last message, where that is none of the protocol's.
    pub unread: Option<Moment>,
    /// How its signs of life came that nobody asked it for.
    pub rhythm: Rhythm,
    /// Its last message, where that, or its end, could not be read, and why.
    pub unheard: Option<(Moment, Unheard)>,
}

/// How often signs of life came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rhythm {
    /// How many intervals there were.
    pub count: u32,
    /// The shortest, in nanoseconds.
    pub shortest: i64,
    /// The longest.
    pub longest: i64,
    /// When the last of them ended, or what opened the session came.
    last: Option<i64>,
}

impl Rhythm {
    /// Takes what opens a session: the first interval begins.
    fn begin(&mut self, moment: Moment) {
        self.last = self.last.or(moment.time);
    }

    /// Takes a sign of life.
    fn beat(&mut self, moment: Moment) {
        let interval = self
            .last
            .zip(moment.time)
            .map(|(last, now)| now.saturating_sub(last));
        if let Some(interval) = interval {
            self.shortest = match self.count {
                0 => interval,
                _ => self.shortest.min(interval),
            };
            self.longest = self.longest.max(interval);
            self.count = self.count.saturating_add(1);
        }
        self.last = moment.time;
    }
}

/// Why a message could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unheard {
    /// It is compressed, and nobody saw how, or against what.
    Compressed,
    /// It is long: what stands in the middle is not kept, and where something begins at its end is not known.
    Long,
    /// It is a piece of a stream of which other pieces were not seen.
    Piece,
}

/// Something that an end asked the other for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// Who asked.
    pub sender: Sender,
    /// When.
    pub moment: Moment,
    /// What its message is called.
    pub name: &'static str,
    /// What has to come for it.
    pub answer: &'static str,
}

/// What was heard on a connection.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Application {
    /// The protocol, where it is known for certain.
    pub protocol: Option<&'static Protocol>,
    /// The last messages that tell something of the end, oldest first.
    pub said: Vec<Said>,
    /// The timers that were announced, who announced them, and their seconds.
    pub timers: Vec<(&'static str, Sender, f64)>,
    /// What is known of the client's messages, and of the server's.
    pub ends: [EndHeard; 2],
    /// Whether its session began elsewhere, on another connection: what came first was not seen here.
    pub is_continued: bool,
    /// Whether something was opened.
    pub has_opened: bool,
    /// HTTP that the server sent in the place of frames.
    pub late: Option<LateHttp>,
    /// The protocol that this one carries, where it carries one that is known for certain: its timers and its
    /// ends. What it said stands among what was said here.
    pub inside: Option<Box<Application>>,
    /// What an end asked for and the other did not send.
    pub asked: Option<Asked>,
    /// A message that may come only once and came again, as the last: who sent it, and when.
    pub again: Option<(Sender, Moment, &'static Telling)>,
    /// Whether only the last messages were read, for the protocol was known by these.
    pub is_partial: bool,
    /// The host, where the protocol is that of a service at other hosts.
    pub elsewhere: Option<String>,
    /// The subprotocol that was agreed on.
    pub subprotocol: Option<String>,
    query: String,
    /// What its messages show of the query, where that was not seen.
    shown: Option<&'static str>,
}

impl Application {
    /// What is known of an end's messages.
    pub fn end(&self, sender: Sender) -> &EndHeard {
        &self.ends[place(sender)]
    }

    /// Whether this part stands in the query of its URL, or its messages show it where that was not seen.
    pub fn has_query(&self, part: &str) -> bool {
        let mut pairs = self.query.split('&');
        self.shown == Some(part) || pairs.any(|pair| pair.starts_with(part))
    }

    /// This protocol and the one that it carries, the innermost first.
    pub fn layers(&self) -> impl Iterator<Item = &Application> {
        self.inside.as_deref().into_iter().chain([self])
    }

    /// Takes in what was heard of a protocol that this one carries.
    fn contain(&mut self, mut inside: Box<Application>) {
        self.said.append(&mut inside.said);
        self.said.sort_by_key(|said| {
            let moment = said.moment;
            (moment.time, moment.packet, moment.at)
        });
        self.inside = Some(inside).filter(|inside| inside.protocol.is_some());
    }

    /// The value of a parameter in the query of its URL.
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// What a message is, for a timeline.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Label {
    /// Its kind.
    pub kind: &'static str,
    /// Its words, shortened and escaped.
    pub text: Option<String>,
}
