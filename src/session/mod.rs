//! A connection as it is followed, wherever it was seen: HTTP, TLS, then frames.
//!
//! A [`Session`] takes the pieces of both streams in the order in which they were seen, follows the
//! opening handshake (which answer belongs to which request, where frames begin, what was agreed on),
//! and ends as a [`Record`]. What feeds it is the seam, [`transport`]. Why a connection ended is for
//! [`explain`](crate::explain).

mod beginning;
pub mod direction;
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

use std::collections::VecDeque;

use crate::frame::Sender;
use crate::upgrade::Heads;

use direction::Direction;
use finder::find;
use handshake::Asked;
use held::Held;
use tls::Records;

pub use facts::{Event, Handshake, Ping, Tls, TlsEnd, What};
pub use record::{EndRecord, Leg, NotSeen, Record, seconds};
pub use search::Proof;
pub use transport::{
    Beginning, EndKind, Endpoint, Forgotten, Lacks, Lasting, Oddities, Origin, Piece, Source,
    TcpEnd, Transport,
};

/// So many bytes are held until it is known what they are.
const MOST_HELD: usize = 64 * 1024;
/// So many events of a connection are kept for a timeline.
const MOST_EVENTS: usize = 40;

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
    Http(Heads),
    /// A client that has asked for an upgrade.
    Waiting,
    Frames,
    Tls(Records),
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
    handshake: Handshake,
    /// The key of the first request for an upgrade.
    key: Option<String>,
    tls: Option<Box<Tls>>,
    /// Of the client and of the server.
    directions: Option<Box<[Direction; 2]>>,
    unanswered: VecDeque<Ping>,
    /// The last pongs, which may have been read before their pings.
    pongs: VecDeque<Ping>,
    /// What the server sent first, where it is not what it should be.
    is_http_on_tls: bool,
    has_http: bool,
    events: VecDeque<Event>,
    /// Whether there is memory to inflate what is compressed.
    may_inflate: bool,
    /// Whether there was not when the ends agreed on it.
    is_not_inflated: bool,
}

impl Session {
    /// A connection of which nothing was seen.
    pub fn new(options: Options) -> Self {
        Session {
            options,
            transport: Transport::default(),
            has_beginning: false,
            client: None,
            has_ended: [false; 2],
            is_judged: true,
            phases: [Phase::Start, Phase::Start],
            held: [Vec::new(), Vec::new()],
            held_bytes: 0,
            search: None,
            found: None,
            asked: VecDeque::new(),
            request_ends: None,
            handshake: Handshake::default(),
            key: None,
            tls: None,
            directions: None,
            unanswered: VecDeque::new(),
            pongs: VecDeque::new(),
            is_http_on_tls: false,
            has_http: false,
            events: VecDeque::new(),
            may_inflate: true,
            is_not_inflated: false,
        }
    }

    /// Which end a stream is of; the first one to speak counts as the client as long as nobody
    /// knows better.
    pub fn sender(&self, side: usize) -> Sender {
        match self.client.unwrap_or(0) == side {
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
            || self.tls.is_some()
            || self.has_frames()
    }

    /// Takes note of something that happened, for a timeline.
    pub fn event(&mut self, side: usize, origin: Origin, what: What) {
        if self.options.keeps_events {
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
        match piece {
            Piece::Bytes(at, bytes, origin) => self.bytes(side, at, bytes, origin, is_cut),
            Piece::Gap(at, count, origin) => self.gap(side, at, count, origin),
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

    /// Takes note that an end, when it sent what was seen at `origin`, had received the other's stream up
    /// to `received`, where that is known.
    pub fn had_received(&mut self, origin: Origin, received: Option<u64>) {
        let both = self.directions.iter_mut().flat_map(|both| both.iter_mut());
        for close in both.flat_map(|direction| &mut direction.closes) {
            if close.origin == origin && close.had_received.is_none() {
                close.had_received = received;
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
                let held = Held {
                    at,
                    bytes: bytes.to_vec(),
                    gap: 0,
                    origin,
                };
                self.hold(side, held);
                let held = self.held.get(side).map_or(0, |held| {
                    held.iter().map(|held| held.bytes.len() + 64).sum()
                });
                if held > MOST_HELD {
                    // An answer would have come by now: it is not in the capture.
                    self.open_unanswered(side);
                }
            }
            Phase::Frames => self.frames(side, at, bytes, origin, is_cut),
            Phase::Tls(records) => {
                let mut events = Vec::new();
                records.feed(bytes, |event| events.push(event));
                for event in events {
                    self.tls_event(side, event, origin);
                }
            }
            Phase::Opaque => {}
        }
    }

    fn tls_event(&mut self, side: usize, event: tls::Event, origin: Origin) {
        if event == tls::Event::ClientHello {
            self.client.get_or_insert(side);
        }
        let sender = self.sender(side);
        let Some(tls) = &mut self.tls else {
            return;
        };
        let end = tls.end_mut(sender);
        match event {
            tls::Event::ClientHello => end.has_greeted = true,
            tls::Event::ServerHello(version) => {
                end.has_greeted = true;
                tls.version = Some(version);
            }
            tls::Event::Alert(alert) => {
                if tls.alerts.len() < 8 {
                    tls.alerts.push((sender, alert, origin));
                }
                self.event(side, origin, What::Alert(alert));
            }
            tls::Event::EncryptedAlert => end.has_alerted = true,
            tls::Event::ChangeCipherSpec => end.has_changed_cipher = true,
            tls::Event::Handshake => {}
            tls::Event::Data(length) => {
                end.data_records += 1;
                end.last_length = length;
            }
            tls::Event::Broken => end.is_broken = true,
        }
    }

    fn gap(&mut self, side: usize, at: u64, count: u64, origin: Origin) {
        self.event(side, origin, What::Gap(count));
        let is_lost = match self.phases.get_mut(side) {
            Some(Phase::Http(heads)) => !heads.skip(count),
            Some(Phase::Tls(records)) => {
                records.skip(count);
                false
            }
            Some(Phase::Waiting) => {
                self.hold(
                    side,
                    Held {
                        at,
                        bytes: Vec::new(),
                        gap: count,
                        origin,
                    },
                );
                false
            }
            Some(Phase::Start) => {
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
                    let [client, server] = directions.as_mut();
                    match sender {
                        Sender::Client => client.gap(at, count, origin, server.history()),
                        Sender::Server => server.gap(at, count, origin, client.history()),
                    }
                }
                self.listen(side);
                false
            }
            Some(Phase::Opaque) | None => false,
        };
        if is_lost {
            // An upgrade may have been in it: frames are looked for from here on.
            let is_asked = self.asked.contains(&Asked::Upgrade);
            self.asked.clear();
            if is_asked {
                self.open([self.request_ends, None], self.reading_unknown());
                self.replay(1 - side);
            } else {
                self.has_beginning = false;
                self.set(0, Phase::Start);
                self.set(1, Phase::Start);
            }
        }
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
            let [client, server] = directions.as_mut();
            let (direction, other) = match sender {
                Sender::Client => (client, server),
                Sender::Server => (server, client),
            };
            direction.finish(origin, has_ended, other.history());
            cut = direction.cut;
        }
        self.listen(side);
        if let (Some(cut), true) = (cut, has_ended) {
            self.event(side, origin, What::Cut(cut.present));
        }
    }
}
