//! A connection as it is followed, wherever it was seen: HTTP, TLS, then frames.
//!
//! A [`Session`] takes the pieces of both streams in the order in which they were seen, follows the
//! opening handshake (which answer belongs to which request, where frames begin, what was agreed on),
//! and ends as a [`Record`]. What feeds it is the seam, [`transport`]. Why a connection ended is for
//! [`explain`](crate::explain).
//!
//! A source feeds pieces; most programs use one that is there, such as [`capture`](crate::capture):
//!
//! ```
//! use wsclose::capture::Reader;
//!
//! let capture = std::fs::read("tests/captures/a07_1008_policy_pyws_gorilla.pcapng").unwrap();
//! let mut records = Vec::new();
//! let mut reader = Reader::default();
//! reader.feed(&capture, &mut |record| records.push(record)).unwrap();
//! reader.finish(&mut |record| records.push(record)).unwrap();
//! let close = records[0].server_end.first_close.as_ref().unwrap();
//! assert_eq!(close.close.code, Some(1008));
//! ```

pub mod attempt;
mod beginning;
mod body;
pub mod direction;
mod directions;
mod ending;
mod facts;
pub mod finder;
mod frames;
mod handshake;
mod held;
mod record;
mod search;
pub mod tls;
pub mod transport;
mod trial;
mod watch;

use std::collections::VecDeque;

use crate::frame::Sender;
use crate::upgrade::HttpReader;

use directions::Directions;
use finder::find;
use handshake::Asked;
use tls::Tls;

pub use facts::{Event, Handshake, Ping, SocksRefusal, What};
pub use held::Held;
pub use record::{EndRecord, Leg, NotSeen, Record, seconds};
pub use search::Proof;
pub use transport::{
    Acknowledged, Beginning, EndKind, Endpoint, Forgotten, GoAway, Lacks, Lasting, Oddities,
    Origin, Piece, ProxyHeader, Recorder, Source, Stream, TcpEnd, Transport,
};
pub use watch::Watch;

/// So many bytes are held until it is known what they are.
const MOST_HELD: usize = 64 * 1024;
/// So many events of a connection are kept for a timeline.
const MOST_EVENTS: usize = 40;

/// More bytes than any payload has, for a gap of which nobody knows how long it is.
const UNKNOWN: u64 = u64::MAX / 2;

/// How a session is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The largest message taken, in bytes.
    pub max_message_size: Option<u64>,
    /// Whether the last events are kept.
    pub keeps_events: bool,
}

#[derive(Debug)]
enum Phase {
    /// Nothing is known; a few bytes may be held.
    Start,
    Http(Box<HttpReader>),
    /// A client that has asked for an upgrade.
    Waiting,
    Frames,
    /// What comes went through a tunnel, or came behind a switch to another protocol: it may begin with anything.
    Passed,
    /// Nothing that is followed.
    Opaque,
}

/// What is spoken on a connection. Its two ends are 0 and 1 until it is known which is the client.
#[derive(Debug)]
pub struct Session {
    options: Options,
    /// What the source tells beside the bytes. It writes here what it learns.
    pub transport: Transport,
    /// Whether the beginning of the connection was seen.
    pub has_beginning: bool,
    /// Which of the ends is the client, once that is known.
    pub client: Option<usize>,
    /// Which of the ends is taken for the client as long as nothing that it says shows it.
    pub guess: Option<usize>,
    /// The client as the events have it.
    events_client: usize,
    /// Whose streams came to their end.
    has_ended: [bool; 2],
    /// Whether the heads are known well enough to be judged.
    is_judged: bool,
    phases: [Phase; 2],
    held: [Vec<Held>; 2],
    held_bytes: usize,
    /// What is tried where nobody saw the upgrade.
    search: Option<Box<search::Search>>,
    /// What showed that there are frames, where nobody saw the upgrade.
    found: Option<search::Proof>,
    asked: VecDeque<Asked>,
    /// The offset behind the request for an upgrade.
    request_ends: Option<u64>,
    /// Whether its answer may have been in what was not seen.
    may_be_answered: bool,
    handshake: Handshake,
    /// The target as it was asked for, where the request as it is kept hides a part of it.
    target: Option<String>,
    /// The key of the first request for an upgrade.
    key: Option<String>,
    /// What is known of TLS, where it is spoken.
    pub tls: Option<Box<Tls>>,
    /// Of the client and of the server.
    directions: Option<Box<Directions>>,
    unanswered: VecDeque<Ping>,
    /// The last pongs, which may have been read before their pings.
    pongs: VecDeque<Ping>,
    /// What the server sent first, where it is not what it should be.
    is_http_on_tls: bool,
    has_http: bool,
    events: VecDeque<Event>,
    /// The bytes that it takes to inflate the messages of the client, those of the server, and to keep what
    /// was heard. To ask both ends for every packet would be a tenth of all time.
    inflating: [usize; 3],
    /// Whether there is memory to inflate what is compressed.
    may_inflate: bool,
    /// Whether there was not when the ends agreed on it.
    is_not_inflated: bool,
}

impl Session {
    /// Whether the answer to the upgrade was seen.
    pub fn has_answer(&self) -> bool {
        self.handshake.upgrade.response.is_some()
    }

    /// A connection of which nothing was seen.
    pub fn new(options: Options) -> Self {
        Session {
            options,
            transport: Transport::default(),
            has_beginning: false,
            client: None,
            guess: None,
            events_client: 0,
            has_ended: [false; 2],
            is_judged: true,
            phases: [Phase::Start, Phase::Start],
            held: [Vec::new(), Vec::new()],
            held_bytes: 0,
            search: None,
            found: None,
            asked: VecDeque::new(),
            request_ends: None,
            may_be_answered: false,
            handshake: Handshake::default(),
            target: None,
            key: None,
            tls: None,
            directions: None,
            unanswered: VecDeque::new(),
            pongs: VecDeque::new(),
            is_http_on_tls: false,
            has_http: false,
            events: VecDeque::new(),
            inflating: [0; 3],
            may_inflate: true,
            is_not_inflated: false,
        }
    }

    /// The client's side, or which is taken for it: without a guess the first end to speak.
    pub fn client_or_guess(&self) -> usize {
        self.client.or(self.guess).unwrap_or(0)
    }

    /// Which end a stream is of, as far as is known.
    pub fn sender(&self, side: usize) -> Sender {
        match self.client_or_guess() == side {
            true => Sender::Client,
            false => Sender::Server,
        }
    }

    /// Says whether there is memory to inflate its messages.
    pub fn allow_inflating(&mut self, is_allowed: bool) {
        self.may_inflate = is_allowed;
    }

    /// The key of its upgrade, which a proxy passes on.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether nothing of it needs to be followed any more.
    pub fn is_opaque(&self) -> bool {
        self.phases
            .iter()
            .all(|phase| matches!(phase, Phase::Opaque))
    }

    /// Whether there is a word to say about it: it has, or wanted to have, frames, or hides them.
    fn is_relevant(&self) -> bool {
        self.handshake.upgrade != Default::default()
            || self.handshake.tunnel_refused.is_some()
            || self.handshake.socks_refused.is_some()
            || self.hides()
            || self.has_frames()
    }

    /// Whether what is said is encrypted, and may be frames for all that is known.
    fn hides(&self) -> bool {
        let tls = self.tls.as_ref();
        tls.is_some_and(|tls| {
            let is_late = tls.client.unread_before + tls.server.unread_before > 0;
            !tls.is_read() || is_late && !self.has_http
        })
    }

    /// How it is read.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Whether it is not known what an end speaks.
    pub fn is_at_start(&self, side: usize) -> bool {
        matches!(self.phases.get(side), Some(Phase::Start))
    }

    /// Takes note that an end begins TLS, inside of all that is known of.
    pub fn begin_tls(&mut self, side: usize) {
        self.tls = Some(Box::default());
        // What looked like an answer opened a tunnel then, whose request was not seen.
        let other = 1 - side.min(1);
        if matches!(self.phases.get(other), Some(Phase::Http(_))) {
            self.set(other, Phase::Start);
        }
    }

    /// Takes note that TLS is spoken below, and which of client and server have said their hello.
    pub fn note_tls(&mut self, have_greeted: [bool; 2]) {
        let tls = self.tls.get_or_insert_default();
        let [client, server] = have_greeted;
        tls.client.has_greeted |= client;
        tls.server.has_greeted |= server;
    }

    /// Takes note of something that happened, for a timeline.
    pub fn event(&mut self, side: usize, origin: Origin, what: What) {
        if self.options.keeps_events {
            self.correct_events();
            if self.events.len() == MOST_EVENTS {
                self.events.pop_front();
            }
            let sender = self.sender(side);
            self.events.push_back(Event {
                sender,
                origin,
                what,
            });
        }
    }

    /// What was taken for the client turned out to be the server: so did who did what.
    fn correct_events(&mut self) {
        let client = self.client_or_guess();
        if client != self.events_client {
            self.events_client = client;
            for event in &mut self.events {
                event.sender = event.sender.other();
            }
        }
    }

    /// Takes note of something that came before all that was noted, where there is room.
    fn earlier_event(&mut self, sender: Sender, origin: Origin, what: What) {
        if self.options.keeps_events && self.events.len() < MOST_EVENTS {
            self.events.push_front(Event {
                sender,
                origin,
                what,
            });
        }
    }

    /// Takes the next piece of a stream. `is_cut`: a gap follows it at once.
    pub fn piece(&mut self, side: usize, piece: Piece<'_>, is_cut: bool) {
        let mut passed = VecDeque::from(self.pass(side, piece, is_cut));
        while let Some((side, held)) = passed.pop_front() {
            for later in self.pass(side, held.piece(), false).into_iter().rev() {
                passed.push_front(later);
            }
        }
    }

    /// The same, for a source that looks itself at what goes through a tunnel: gives what came with the piece
    /// and went through one that it opened, or came behind a switch to another protocol. From then on nothing
    /// is known of what either end speaks.
    pub fn pass(&mut self, side: usize, piece: Piece<'_>, is_cut: bool) -> Vec<(usize, Held)> {
        let had_frames = self.directions.is_some();
        self.take(side, piece, is_cut);
        self.weigh(had_frames.then_some(side));
        let is_passed = |phase: &Phase| matches!(phase, Phase::Passed);
        match self.phases.iter().any(is_passed) {
            true => self.take_passed(),
            false => Vec::new(),
        }
    }

    fn take(&mut self, side: usize, piece: Piece<'_>, is_cut: bool) {
        match piece {
            Piece::Bytes(at, bytes, origin) => self.bytes(side, at, bytes, origin, is_cut),
            Piece::Gap(at, count, origin) => self.gap(side, at, count, origin),
            Piece::Lost(at, origin) => self.lose(side, at, UNKNOWN, origin),
            Piece::Head(head, is_whole, origin) => {
                self.is_judged &= is_whole;
                self.head(side, head, 0, origin);
            }
            Piece::Fin(origin) => {
                if let Some(place) = self.has_ended.get_mut(side) {
                    *place = true;
                }
                self.search_end(side);
                self.event(side, origin, What::Fin);
            }
        }
    }

    /// Takes note that the end `side`, when it sent what was seen at `origin`, had received the other's
    /// stream up to `received`, where that is known.
    pub fn had_received(&mut self, side: usize, origin: Origin, received: Option<u64>) {
        let sender = self.sender(side);
        if let Some(directions) = &mut self.directions {
            let (direction, _, _) = directions.of_mut(sender);
            direction.had_received(origin, received);
        } else if let Some(last) = self.held.get_mut(side).and_then(|held| held.last_mut()) {
            if last.origin == origin {
                last.had_received = received;
            }
        }
    }

    fn set(&mut self, side: usize, phase: Phase) {
        if let Some(place) = self.phases.get_mut(side) {
            *place = phase;
        }
    }

    fn bytes(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin, is_cut: bool) {
        if bytes.is_empty() {
            return;
        }
        let Some(phase) = self.phases.get_mut(side) else {
            return;
        };
        match phase {
            Phase::Start => self.start(side, at, bytes, origin, is_cut),
            Phase::Http(_) => self.http(side, at, bytes, origin, is_cut),
            Phase::Waiting => {
                // The body of the request comes before what it waits for.
                let body = self.request_ends.map_or(0, |end| end.saturating_sub(at));
                let length = usize::try_from(body).unwrap_or(usize::MAX);
                let Some(bytes) = bytes.get(length..).filter(|rest| !rest.is_empty()) else {
                    return;
                };
                let at = at + body;
                let held = Held {
                    at,
                    bytes: bytes.to_vec(),
                    gap: 0,
                    origin,
                    had_received: None,
                };
                self.hold(side, held);
                let held = self.held.get(side).map_or(0, |held| {
                    held.iter().map(|held| held.bytes.len() + 64).sum()
                });
                // An answer would have come by now: it is not in the capture.
                if held > MOST_HELD && !self.has_tunnel_unanswered(side) {
                    self.open_unanswered(side);
                } else if held > MOST_HELD {
                    self.pass_on(side, 1 - side.min(1));
                }
            }
            Phase::Frames => self.frames(side, at, bytes, origin, is_cut),
            Phase::Passed => self.hold(
                side,
                Held {
                    at,
                    bytes: bytes.to_vec(),
                    gap: 0,
                    origin,
                    had_received: None,
                },
            ),
            Phase::Opaque => {}
        }
    }

    fn gap(&mut self, side: usize, at: u64, count: u64, origin: Origin) {
        // Where no payload is in the source, that one is missing is no event.
        if !self.transport.lacks.codes {
            self.event(side, origin, What::Gap(count));
        }
        self.lose(side, at, count, origin);
    }

    fn lose(&mut self, side: usize, at: u64, count: u64, origin: Origin) {
        let is_asked = self.is_upgrade_asked();
        // The proxy may have been asked again, and have given a tunnel.
        self.handshake.tunnel_refused = None;
        let is_lost = match self.phases.get_mut(side) {
            Some(Phase::Http(http)) => !http.skip(count),
            Some(Phase::Waiting) => {
                let body = self.request_ends.map_or(0, |end| end.saturating_sub(at));
                let (at, count) = (at + body.min(count), count.saturating_sub(body));
                self.hold(
                    side,
                    Held {
                        at,
                        bytes: Vec::new(),
                        gap: count,
                        origin,
                        had_received: None,
                    },
                );
                false
            }
            Some(Phase::Start) => {
                // The answer may have been in it, and a refusal that follows is none then.
                self.may_be_answered |= self.client == Some(1 - side) && is_asked;
                // What was held cannot be completed, and what follows may begin anywhere.
                if self.has_beginning {
                    self.take_held(side);
                    self.has_beginning = false;
                }
                self.search_gap(side, at, count, origin);
                false
            }
            Some(Phase::Frames) => {
                let sender = self.sender(side);
                if let Some(directions) = &mut self.directions {
                    let (direction, other, _) = directions.of_mut(sender);
                    direction.gap(at, count, origin, other);
                }
                self.listen(side);
                false
            }
            Some(Phase::Passed | Phase::Opaque) | None => false,
        };
        if is_lost {
            // An upgrade may have been in it: frames are looked for from here on.
            self.asked.clear();
            if is_asked {
                self.open_unseen(1 - side, origin);
            } else {
                self.has_beginning = false;
                self.set(0, Phase::Start);
                self.set(1, Phase::Start);
            }
        }
    }

    /// Takes frames for what comes, though the answer to the upgrade was not seen.
    fn open_unseen(&mut self, client: usize, origin: Origin) {
        self.open([self.request_ends, None], self.reading_unknown());
        if let Some(directions) = &mut self.directions {
            directions.server.begins_unseen(origin);
        }
        self.replay(client);
    }

    fn is_upgrade_asked(&self) -> bool {
        self.asked.contains(&Asked::Upgrade)
    }

    /// Takes the end of a stream, or of what was seen of it.
    fn end_of(&mut self, side: usize, origin: Origin, has_ended: bool) {
        if matches!(self.phases.get(side), Some(Phase::Waiting)) {
            let held = self.held.get(side).into_iter().flatten();
            let bytes: Vec<u8> = held.flat_map(|held| held.bytes.clone()).collect();
            if self.sender(side) == Sender::Client
                && find(&bytes, Sender::Client, true).is_some()
                && self.handshake.upgrade.response.is_none()
            {
                self.open_unanswered(side);
            }
        }
        let sender = self.sender(side);
        let mut cut = None;
        if let Some(directions) = &mut self.directions {
            let (direction, other, _) = directions.of_mut(sender);
            direction.finish(origin, has_ended, other);
            cut = direction.cut;
        }
        self.listen(side);
        if let (Some(cut), true) = (cut, has_ended) {
            self.event(side, origin, What::Cut(cut.present));
        }
    }
}
