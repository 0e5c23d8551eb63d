//! What is spoken on a TCP connection: HTTP, TLS, then frames.
//!
//! A session takes the pieces of both streams in the order in which they came and follows
//! the upgrade: which answer belongs to which request, where frames begin, what was agreed on.
//! How TCP ended is for [`connection`](super::connection).

mod beginning;
mod facts;
mod frames;
mod held;
mod upgrade;

use std::collections::VecDeque;

use crate::frame::Sender;

use super::direction::Direction;
use super::finder::find;
use super::http::Heads;
use super::tcp::{Origin, Piece};
use super::tls::{self, Records};
use held::Held;
use upgrade::Asked;

pub use facts::{Event, Ping, Tls, TlsEnd, Upgrade, What};

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
pub(super) struct Session {
    options: Options,
    /// Whether the capture has the beginning of the connection.
    pub(super) has_beginning: bool,
    pub(super) client: Option<usize>,
    phases: [Phase; 2],
    held: [Vec<Held>; 2],
    held_bytes: usize,
    asked: VecDeque<Asked>,
    /// The offset behind the request for an upgrade.
    request_ends: Option<u64>,
    pub(super) upgrade: Upgrade,
    /// The key of the first request for an upgrade.
    pub(super) key: Option<String>,
    pub(super) tls: Option<Box<Tls>>,
    /// Of the client and of the server.
    pub(super) directions: Option<Box<[Direction; 2]>>,
    pub(super) unanswered: VecDeque<Ping>,
    /// What the server sent first, where it is not what it should be.
    pub(super) is_http_on_tls: bool,
    pub(super) has_http: bool,
    pub(super) events: VecDeque<Event>,
    /// Whether there is memory to inflate what is compressed.
    pub(super) may_inflate: bool,
    /// Whether there was not when the ends agreed on it.
    is_not_inflated: bool,
}

impl Session {
    pub(super) fn new(options: Options) -> Self {
        Session {
            options,
            has_beginning: false,
            client: None,
            phases: [Phase::Start, Phase::Start],
            held: [Vec::new(), Vec::new()],
            held_bytes: 0,
            asked: VecDeque::new(),
            request_ends: None,
            upgrade: Upgrade::default(),
            key: None,
            tls: None,
            directions: None,
            unanswered: VecDeque::new(),
            is_http_on_tls: false,
            has_http: false,
            events: VecDeque::new(),
            may_inflate: true,
            is_not_inflated: false,
        }
    }

    /// Which end a stream is of; the first one to speak counts as the client as long as nobody
    /// knows better.
    pub(super) fn sender(&self, side: usize) -> Sender {
        match self.client.unwrap_or(0) == side {
            true => Sender::Client,
            false => Sender::Server,
        }
    }

    /// Whether nothing of it needs to be followed any more.
    pub(super) fn is_opaque(&self) -> bool {
        self.phases
            .iter()
            .all(|phase| matches!(phase, Phase::Opaque))
    }

    /// Whether there is a word to say about it: it has, or wanted to have, frames, or hides them.
    pub(super) fn is_relevant(&self) -> bool {
        self.upgrade.request.is_some()
            || self.upgrade.response.is_some()
            || self.upgrade.tunnel_refused.is_some()
            || self.tls.is_some()
            || self.has_frames()
    }

    pub(super) fn event(&mut self, side: usize, origin: Origin, what: What) {
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

    /// Takes the next piece of a stream. `is_cut`: a gap follows it at once.
    pub(super) fn piece(&mut self, side: usize, piece: Piece<'_>, is_cut: bool) {
        match piece {
            Piece::Bytes(at, bytes, origin) => self.bytes(side, at, bytes, origin, is_cut),
            Piece::Gap(at, count, origin) => self.gap(side, at, count, origin),
            Piece::Fin(_) => {}
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
                self.take_held(side);
                self.has_beginning = false;
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
            self.asked.clear();
            self.open([None, None], self.reading_unknown());
            self.replay(1 - side);
        }
    }

    /// Takes the end of a stream, or of the capture.
    pub(super) fn finish(&mut self, side: usize, origin: Origin, has_ended: bool) {
        if matches!(self.phases.get(side), Some(Phase::Waiting)) {
            let held = self.held.get(side).into_iter().flatten();
            let bytes: Vec<u8> = held.flat_map(|held| held.bytes.clone()).collect();
            if self.sender(side) == Sender::Client
                && find(&bytes, Sender::Client, true).is_some()
                && self.upgrade.response.is_none()
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
