//! The seam: what every source of traffic makes of what it reads, and all that is known behind it.
//!
//! Whatever is followed in time ends in this: the streams of the two ends, as [`Piece`]s in the order in
//! which they were seen, and a [`Transport`], what is known of the connection beside its bytes. Packets
//! give it, and a browser's HAR; a [`Session`](super::Session) takes it. Nothing behind knows which it
//! was, but for what [`Lacks`] says that it could not see.
//!
//! ```
//! use wsclose::explain::explain_connection;
//! use wsclose::facts::registry::Registries;
//! use wsclose::session::{Options, Origin, Piece, Session};
//!
//! // A source of one's own: it says which end is the client, and hands on what each sent.
//! let mut session = Session::new(Options::default());
//! session.client = Some(0);
//! session.begin_frames();
//! let at = |packet| Origin::new(packet, packet as i64 * 1_000_000_000);
//! session.piece(1, Piece::Bytes(0, b"\x88\x02\x03\xf0", at(1)), false);
//! session.piece(0, Piece::Bytes(0, b"\x88\x82\0\0\0\0\x03\xf0", at(2)), false);
//! let record = session.finish(None).unwrap();
//! assert_eq!(record.closes[0].close.code, Some(1008));
//! println!("{}", explain_connection(&record, Registries::default()).statements[0]);
//! ```

use std::net::SocketAddr;

use super::attempt::Attempt;
use crate::frame::Sender;
use crate::upgrade::Head;

/// Where something was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The number of the packet, or of what else the source is made of.
    pub packet: u64,
    /// When, in nanoseconds since 1970.
    pub time: i64,
    /// Its place among all that was seen. Packets may stand in a file in another order, and clocks go back.
    pub turn: u64,
}

impl Origin {
    /// A place in a source whose numbers are in order.
    pub fn new(packet: u64, time: i64) -> Self {
        Origin {
            packet,
            time,
            turn: packet,
        }
    }
}

/// The next part of what one end sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes, at this offset of its stream.
    Bytes(u64, &'a [u8], Origin),
    /// Bytes that were sent and not seen: offset and count.
    Gap(u64, u64, Origin),
    /// Bytes that were sent and not seen, of which nobody knows how many there are: their offset.
    Lost(u64, Origin),
    /// The head of a request or of an answer, which the source took apart itself; `false` where it may
    /// have left fields out.
    Head(Head, bool, Origin),
    /// The end.
    Fin(Origin),
}

/// What was odd about the segments of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oddities {
    /// Segments that brought nothing new: sent again, or captured twice.
    pub repeated: u64,
    /// Segments with one byte or none before the next: asking whether the other end is there.
    pub probes: u64,
    /// Segments whose bytes differ from those that came before them.
    pub disputed: u64,
    /// Bytes that were sent and not seen.
    pub lost: u64,
    /// Segments that lie nowhere near the stream.
    pub astray: u64,
    /// Segments with bytes that lie behind its end.
    pub behind_end: u64,
}

/// Which kind of source a connection was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A packet capture.
    #[default]
    Packets,
    /// A packet capture, and encrypted: read with keys.
    Tls,
    /// A stream of HTTP/2 in a packet capture.
    Http2,
    /// A HAR file.
    Har,
    /// A net log of Chromium.
    NetLog,
    /// A flow of mitmproxy.
    Flow,
    /// A connection that this program made itself.
    Probe,
}

impl Source {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Source::Packets => "pcap",
            Source::Tls => "tls",
            Source::Http2 => "http2",
            Source::Har => "har",
            Source::NetLog => "netlog",
            Source::Flow => "flow",
            Source::Probe => "probe",
        }
    }
}

/// What recorded a connection from within: a browser knows more than it writes, and says it elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recorder {
    /// A browser.
    #[default]
    Browser,
    /// Firefox, which shows in its Network panel what its files do not hold.
    Firefox,
    /// Another program: a proxy, or a client that is no browser.
    Program,
}

/// What a source does not hold, so that nothing follows from its absence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lacks {
    /// Close frames and their codes.
    pub closes: bool,
    /// What is in the frames, and so the codes of Close frames; their headers are there.
    pub codes: bool,
    /// How the transport began and ended.
    pub transport: bool,
    /// Messages.
    pub messages: bool,
}

/// What the last that a source tells of a connection means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lasting {
    /// The connection was there until then.
    #[default]
    Known,
    /// It was there until then at least: nothing more was recorded.
    AtLeast,
    /// The record ends with the last message, as it does where the connection is still open.
    UntilLast,
}

/// What a source tells of a connection beside the bytes of its ends.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Transport {
    /// Where it was read from.
    pub source: Source,
    /// What wrote that.
    pub recorder: Recorder,
    /// What is not in there.
    pub lacks: Lacks,
    /// The URL that was asked for, where the source has it.
    pub url: Option<String>,
    /// Its two ends.
    pub ends: [Endpoint; 2],
    /// The stream that it is, where it shares its connection with others.
    pub stream: Option<Box<Stream>>,
    /// How it came to be.
    pub beginning: Beginning,
    /// When it opened, in nanoseconds since 1970, where that was seen: the answer to its SYN.
    pub opened: Option<i64>,
    /// How long a packet and its answer took when it opened, in nanoseconds, where that was seen: from the SYN to what
    /// the client sent behind the answer. Wherever it was captured, this is the way there and back.
    pub trip: Option<i64>,
    /// How often it was asked for: the SYNs of TCP.
    pub asked: u64,
    /// The first that was seen of it.
    pub first: Origin,
    /// The last that was seen of it.
    pub last: Origin,
    /// The most that the clock went back by while it was there, in nanoseconds.
    pub clock_back: i64,
    /// Whether its packets stand in the file from the last to the first: its SYN came behind what was sent after it.
    pub is_backwards: bool,
    /// Until when its source went on, in nanoseconds since 1970, where that is later: nothing more of it came by then.
    pub watched: i64,
    /// What that last means.
    pub lasting: Lasting,
    /// The packets.
    pub packets: u64,
    /// Whether bytes had to be given up for memory.
    pub is_capped: bool,
    /// Whether a source that ends with one end's word knows that no more comes of the other.
    pub is_over: bool,
    /// The proxy that the client's program used.
    pub proxy: Option<String>,
    /// What that proxy answered to the request for a tunnel, where it gave none.
    pub tunnel_status: Option<u16>,
    /// What a proxy before the server wrote in front of what the client says.
    pub proxy_header: Option<ProxyHeader>,
    /// Whether that proxy ended the connection in the place of an answer.
    pub is_tunnel_cut_off: bool,
    /// Whether what answered the beginning of TLS was none.
    pub is_no_tls: bool,
    /// The certificates that the server sent, as DER, where they were not taken.
    pub certificates: Vec<Vec<u8>>,
    /// The length of the body behind an answer that refused.
    pub body: Option<u64>,
    /// Which end was gone without a Close, where the source tells no more of it.
    pub gone: Option<Sender>,
    /// What broke it, in the words of the client's program, where neither end did.
    pub lost: Option<String>,
    /// Why the client's program could not open it, in that program's words.
    pub failure: Option<String>,
    /// Whose bytes a program between the ends refused, for which broken rule, with which code.
    pub refused: Option<(Sender, &'static str, u16)>,
    /// What the client's program says went wrong once it was open.
    pub errors: Vec<String>,
    /// What the client knows of its attempt to open it, where the source was the client.
    pub attempt: Option<Box<Attempt>>,
}

impl Transport {
    /// How long nothing more came behind `origin` while the source went on, in nanoseconds.
    pub(crate) fn watched_since(&self, origin: Origin) -> i64 {
        let until = self.watched.max(self.last.time);
        until.saturating_sub(origin.time)
    }

    /// The stream that is a WebSocket, rather than a tunnel in which there is one.
    pub fn websocket_stream(&self) -> Option<&Stream> {
        let stream = self.stream.as_deref();
        stream.filter(|stream| !stream.is_tunnel)
    }

    /// Takes note of when something came from an end.
    pub(crate) fn note(&mut self, side: usize, origin: Origin) {
        self.last = origin;
        self.packets += 1;
        if let Some(end) = self.ends.get_mut(side) {
            end.is_captured = true;
        }
    }

    /// The same, of something that was said.
    pub(crate) fn note_data(&mut self, side: usize, origin: Origin) {
        self.note(side, origin);
        if let Some(end) = self.ends.get_mut(side) {
            end.last_data = Some(origin);
        }
    }

    /// Takes note that an end broke its stream off, with this error code. Gives whether it was the first time.
    pub(crate) fn note_reset(&mut self, side: usize, code: u32, origin: Origin) -> bool {
        if let Some(facts) = &mut self.stream {
            if let Some(place) = facts.resets.get_mut(side) {
                place.get_or_insert(code);
            }
        }
        self.last = origin;
        let end = self.ends.get_mut(side);
        let end = end.filter(|end| end.rst.is_none());
        end.is_some_and(|end| end.rst.replace(origin).is_none())
    }
}

/// A header of the PROXY protocol: whom a proxy speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProxyHeader {
    /// The client of the proxy, where it tells.
    pub client: Option<SocketAddr>,
}

/// A stream that is a connection of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Its number.
    pub id: u32,
    /// The error codes with which its ends broke it off.
    pub resets: [Option<u32>; 2],
    /// Who said that it ends the whole connection, while the stream was open.
    pub goaway: Option<GoAway>,
    /// Whether it is a tunnel (RFC 9113 section 8.5): what is in it is spoken as on a connection of its own.
    pub is_tunnel: bool,
    /// Whether its end is that of the whole connection: it had none of its own.
    pub is_of_connection: bool,
    /// Whether the server's SETTINGS allow that it is asked for, where they were seen.
    pub is_offered: Option<bool>,
}

/// An end that will take no new streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoAway {
    /// Which end.
    pub side: usize,
    /// The error code.
    pub code: u32,
    /// The last stream that it has looked at, or may have.
    pub last: u32,
    /// What it says besides.
    pub debug: Vec<u8>,
    /// Where.
    pub origin: Origin,
}

/// What is known of one end of a connection beside its bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// Its address, where that was seen.
    pub address: Option<SocketAddr>,
    /// Whether anything of it was seen.
    pub is_captured: bool,
    /// The bytes of its stream.
    pub bytes: u64,
    /// What was odd about its segments.
    pub oddities: Oddities,
    /// The last that it sent with new bytes, which say something: an alert of TLS does not.
    pub last_data: Option<Origin>,
    /// How often its last bytes were sent again without an acknowledgement.
    pub unacknowledged: u64,
    /// How much of its stream the other end said to have, where that one was seen.
    pub acknowledged: Option<Box<Acknowledged>>,
    /// Since when it has taken nothing, for its program did not read: its receive window was 0 up to the end.
    pub full_since: Option<Origin>,
    /// How much of the other end's stream it had when it ended the connection, where that is known.
    pub had_received: Option<u64>,
    /// Bytes at the end of its stream that the other end had and nobody captured; one may be its FIN.
    pub tail: u64,
    /// Where it said that it has nothing more to send.
    pub fin: Option<Origin>,
    /// Where the other end, which ended there, too, said that it had received one byte more than was seen: the FIN.
    pub unseen_fin: Option<Origin>,
    /// Where it broke the connection off.
    pub rst: Option<Origin>,
    /// Where a RST in its name ended the connection for the other end. It knew nothing of that and went on, so
    /// something between the ends sent it.
    pub forged_rst: Option<Origin>,
    /// How many of its last keepalive probes of TCP had no answer.
    pub unanswered_probes: u64,
    /// Where it said above TCP that it will send no more: the close_notify of TLS.
    pub notified: Option<Origin>,
}

impl Endpoint {
    /// Whether all that it sent was captured, as far as the other end and its own numbers tell.
    pub fn is_captured_whole(&self) -> bool {
        self.is_captured && self.oddities.lost == 0
    }
}

/// What an end said to have of the other end's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The offset up to which it has all.
    pub bytes: u64,
    /// When it was heard last, in nanoseconds since 1970. All that an end sends says how much it has.
    pub heard: i64,
    /// Whether bytes behind that were sent and not seen: they may never have come.
    pub is_torn: bool,
}

/// How a connection came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beginning {
    /// It was there before anything was seen.
    #[default]
    Before,
    /// Asked for, and nobody answered.
    Asked,
    /// Asked for and refused.
    Refused,
    /// Asked for and answered.
    Opened,
}

/// In what way an end ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndKind {
    /// It has nothing more to send.
    Fin,
    /// It breaks the connection off.
    Rst,
    /// It says so in TLS, whoever ends TCP then.
    Notify,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpEnd {
    /// How.
    pub kind: EndKind,
    /// By whom.
    pub by: Sender,
    /// Where; of an end that is not in the capture, where it was acknowledged.
    pub origin: Origin,
    /// Whether it is in the capture.
    pub is_seen: bool,
    /// Whether something between the ends did it in the name of that end.
    pub is_forged: bool,
}

/// Why nothing more is known of a connection that did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// There were too many others.
    TooMany,
    /// Nothing came for too long: for so many nanoseconds.
    Idle(i64),
    /// The ports were used again without an end that was seen.
    Reused,
}
