//! What is spoken on a TCP connection: HTTP, TLS, then frames.
//!
//! A session takes the pieces of both streams in the order in which they came and follows
//! the upgrade: which answer belongs to which request, where frames begin, what was agreed on.
//! How TCP ended is for [`connection`](super::connection).

mod facts;

use std::collections::VecDeque;

use crate::extensions::agreement;
use crate::frame::Sender;
use crate::inspect::History;

use super::direction::{Direction, Heard, Reading};
use super::finder::{Confidence, find};
use super::http::{Head, Heads, Request, Response, Step};
use super::tcp::{Origin, Piece};
use super::tls::{self, Records};

pub use facts::{Event, Ping, Tls, TlsEnd, Upgrade, What};

/// So many bytes are held until it is known what they are.
const MOST_HELD: usize = 64 * 1024;
/// So many requests may wait for their answers.
const MOST_ASKED: usize = 64;
/// So many pings may wait for their pongs.
const MOST_PINGS: usize = 32;
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
struct Held {
    at: u64,
    bytes: Vec<u8>,
    /// A gap of so many bytes, and no bytes.
    gap: u64,
    origin: Origin,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Plain { is_head: bool },
    Upgrade,
    Connect,
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

/// How requests begin.
const METHODS: [&[u8]; 9] = [
    b"GET ",
    b"CONNECT ",
    b"POST ",
    b"HEAD ",
    b"PUT ",
    b"OPTIONS ",
    b"DELETE ",
    b"PATCH ",
    b"TRACE ",
];

/// What the first bytes of a stream are.
enum First {
    Request,
    Response,
    Tls,
    Other,
    /// Too few to tell.
    Unknown,
}

fn first(bytes: &[u8]) -> First {
    let begins = |word: &[u8]| bytes.starts_with(word);
    let may_begin = |word: &[u8]| word.starts_with(bytes);
    if METHODS.into_iter().any(begins) {
        First::Request
    } else if begins(b"HTTP/1.") {
        First::Response
    } else if tls::looks_like_record(bytes) {
        First::Tls
    } else if METHODS.into_iter().any(may_begin)
        || may_begin(b"HTTP/1.")
        || matches!(bytes, [20..=23] | [20..=23, 3])
    {
        First::Unknown
    } else {
        First::Other
    }
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

    /// The bytes of memory that wait until it is known what they are.
    pub(super) fn held_bytes(&self) -> usize {
        let heads = self.phases.iter().map(|phase| match phase {
            Phase::Http(heads) => heads.held_bytes(),
            _ => 0,
        });
        self.held_bytes + heads.sum::<usize>()
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        let both = self.directions.iter().flat_map(|both| both.iter());
        both.map(Direction::inflating_bytes).sum()
    }

    /// Whether there was no memory for that when it was needed.
    pub(super) fn is_not_inflated(&self) -> bool {
        let mut both = self.directions.iter().flat_map(|both| both.iter());
        self.is_not_inflated || both.any(|direction| direction.is_not_inflated)
    }

    /// Gives up what it holds, for memory: an upgrade that is not whole will not be read.
    pub(super) fn give_up(&mut self) {
        for side in 0..2 {
            let holds = match self.phases.get(side) {
                Some(Phase::Http(heads)) => heads.held_bytes() > 0,
                Some(Phase::Waiting | Phase::Start) => {
                    self.held.get(side).is_some_and(|held| !held.is_empty())
                }
                _ => false,
            };
            if holds {
                self.take_held(side);
                self.set(side, Phase::Opaque);
            }
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

    pub(super) fn has_frames(&self) -> bool {
        let directions = self.directions.as_ref();
        directions.is_some_and(|both| both.iter().any(|direction| direction.frames() > 0))
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

    fn hold(&mut self, side: usize, held: Held) {
        if let Some(place) = self.held.get_mut(side) {
            self.held_bytes += held.bytes.len();
            place.push(held);
        }
    }

    fn take_held(&mut self, side: usize) -> Vec<Held> {
        let held = self
            .held
            .get_mut(side)
            .map(std::mem::take)
            .unwrap_or_default();
        self.held_bytes -= held.iter().map(|held| held.bytes.len()).sum::<usize>();
        held
    }

    fn replay(&mut self, side: usize) {
        for held in self.take_held(side) {
            if held.gap > 0 {
                self.gap(side, held.at, held.gap, held.origin);
            } else {
                self.bytes(side, held.at, &held.bytes, held.origin, false);
            }
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

    fn start(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin, is_cut: bool) {
        let mut begun = Vec::new();
        for held in self.held.get(side).into_iter().flatten() {
            begun.extend_from_slice(&held.bytes);
        }
        begun.extend_from_slice(bytes.get(..bytes.len().min(16)).unwrap_or_default());
        let other = 1 - side;
        match first(&begun) {
            First::Unknown => {
                self.hold(
                    side,
                    Held {
                        at,
                        bytes: bytes.to_vec(),
                        gap: 0,
                        origin,
                    },
                );
                return;
            }
            First::Request => {
                self.client.get_or_insert(side);
                self.has_http = true;
                self.set(side, Phase::Http(Heads::default()));
            }
            First::Response => {
                self.client.get_or_insert(other);
                self.has_http = true;
                self.is_http_on_tls = self.tls.as_ref().is_some_and(|tls| tls.client.has_greeted);
                self.set(side, Phase::Http(Heads::default()));
            }
            First::Tls => {
                self.set(side, Phase::Tls(Records::default()));
                self.tls.get_or_insert_default();
            }
            First::Other => {
                // Behind a SYN a connection begins with something that is known, or is not
                // followed. In the middle of one there may be frames anywhere.
                let is_frames = !self.has_beginning && self.looks_like_frames(side, bytes, is_cut);
                if is_frames {
                    self.open([None, None], self.reading_unknown());
                } else if self.has_beginning {
                    self.set(side, Phase::Opaque);
                } else {
                    // Perhaps the next segment begins with one.
                    self.take_held(side);
                    return;
                }
            }
        }
        self.replay(side);
        self.bytes(side, at, bytes, origin, is_cut);
    }

    /// Whether a segment begins with a frame; tells the client from the server by the masks.
    fn looks_like_frames(&mut self, side: usize, bytes: &[u8], is_cut: bool) -> bool {
        for sender in [Sender::Client, Sender::Server] {
            if self.client.is_some() && self.sender(side) != sender {
                continue;
            }
            if find(bytes, sender, is_cut).is_some() {
                self.client.get_or_insert(match sender {
                    Sender::Client => side,
                    Sender::Server => 1 - side,
                });
                return true;
            }
        }
        false
    }

    /// How the frames are to be read, as far as the answer to the upgrade tells.
    fn reading(&mut self) -> Reading {
        let response = self.upgrade.response.as_ref();
        let mut deflate = response.map(|response| {
            let header = response.extensions.as_deref().unwrap_or_default();
            agreement(header).unwrap_or_default().deflate
        });
        if matches!(deflate, Some(Some(_))) && !self.may_inflate {
            self.is_not_inflated = true;
            deflate = None;
        }
        Reading {
            deflate,
            max_message_size: self.options.max_message_size,
            is_watched: self.options.keeps_events,
        }
    }

    /// How frames are to be read of which nobody knows what was agreed on.
    fn reading_unknown(&self) -> Reading {
        Reading {
            deflate: None,
            max_message_size: self.options.max_message_size,
            is_watched: self.options.keeps_events,
        }
    }

    /// Begins with frames: those of the client and those of the server at their offsets, where
    /// these are known.
    fn open(&mut self, at: [Option<u64>; 2], reading: Reading) {
        if self.directions.is_none() {
            let [client, server] = at;
            self.directions = Some(Box::new([
                Direction::new(Sender::Client, client, reading),
                Direction::new(Sender::Server, server, reading),
            ]));
        }
        for side in 0..2 {
            self.set(side, Phase::Frames);
        }
    }

    /// Takes what a client sent behind its request, whose answer is not in the capture, as frames.
    fn open_unanswered(&mut self, side: usize) {
        self.open([self.request_ends, None], self.reading_unknown());
        self.replay(side);
    }

    fn http(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin, is_cut: bool) {
        let (mut at, mut rest) = (at, bytes);
        loop {
            let Some(Phase::Http(heads)) = self.phases.get_mut(side) else {
                self.bytes(side, at, rest, origin, is_cut);
                return;
            };
            match heads.feed(rest) {
                Step::Done => return,
                Step::Broken => {
                    self.set(side, Phase::Opaque);
                    return;
                }
                Step::Head(head, length) => {
                    at += length as u64;
                    rest = rest.get(length..).unwrap_or_default();
                    match head {
                        Head::Request(request) => self.request(side, *request, at, origin),
                        Head::Response(response) => self.response(side, *response, at, origin),
                    }
                }
            }
        }
    }

    /// Takes a request; `at` is the offset behind its head.
    fn request(&mut self, side: usize, request: Request, at: u64, origin: Origin) {
        self.client = Some(side);
        let line = format!("{} {}", request.method, request.target);
        self.event(side, origin, What::Request(line));
        let asked = match request.method.as_str() {
            _ if request.is_upgrade || request.key.is_some() => Asked::Upgrade,
            "CONNECT" => Asked::Connect,
            method => Asked::Plain {
                is_head: method == "HEAD",
            },
        };
        if self.asked.len() < MOST_ASKED {
            self.asked.push_back(asked);
        }
        match asked {
            Asked::Upgrade => {
                self.key = self.key.take().or_else(|| request.key.clone());
                self.upgrade = Upgrade {
                    request: Some(request),
                    asked: Some(origin),
                    is_tunneled: self.upgrade.is_tunneled,
                    ..Upgrade::default()
                };
                self.request_ends = Some(at);
                self.set(side, Phase::Waiting);
            }
            Asked::Connect => self.set(side, Phase::Waiting),
            Asked::Plain { .. } => {
                if let Some(Phase::Http(heads)) = self.phases.get_mut(side) {
                    heads.expect_body(&Head::Request(Box::new(request)), false);
                }
            }
        }
    }

    /// Takes a response; `at` is the offset behind its head.
    fn response(&mut self, side: usize, response: Response, at: u64, origin: Origin) {
        let client = 1 - side;
        self.client = Some(client);
        let line = response.reason.clone();
        self.event(side, origin, What::Response(response.status, line));
        let is_interim = (100..200).contains(&response.status) && response.status != 101;
        let asked = match is_interim {
            true => None,
            false => self.asked.pop_front(),
        };
        let is_waiting = matches!(self.phases.get(client), Some(Phase::Waiting));
        if response.status == 101 && (response.is_upgrade || asked == Some(Asked::Upgrade)) {
            self.upgrade.faults = response.faults(self.upgrade.request.as_ref());
            self.upgrade.response = Some(response);
            self.upgrade.answered = Some(origin);
            let client_at = self.request_ends.filter(|_| is_waiting);
            let reading = self.reading();
            self.open([client_at, Some(at)], reading);
            self.replay(client);
            return;
        }
        let is_bodiless = is_interim || asked == Some(Asked::Plain { is_head: true });
        let status = response.status;
        let head = Head::Response(Box::new(response));
        if let Some(Phase::Http(heads)) = self.phases.get_mut(side) {
            heads.expect_body(&head, is_bodiless);
        }
        match asked {
            Some(Asked::Upgrade) => {
                if let Head::Response(response) = head {
                    self.upgrade.response = Some(*response);
                }
                self.upgrade.answered = Some(origin);
                self.set(client, Phase::Http(Heads::default()));
                self.replay(client);
            }
            Some(Asked::Connect) if (200..300).contains(&status) => {
                self.upgrade.is_tunneled = true;
                self.set(client, Phase::Start);
                self.set(side, Phase::Start);
                self.replay(client);
            }
            Some(Asked::Connect) => {
                self.upgrade.tunnel_refused = Some(status);
                self.upgrade.answered = Some(origin);
                self.set(client, Phase::Http(Heads::default()));
                self.replay(client);
            }
            _ => {}
        }
    }

    fn frames(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin, is_cut: bool) {
        let sender = self.sender(side);
        let Some(directions) = &mut self.directions else {
            return;
        };
        let [client, server] = directions.as_mut();
        let (direction, other) = match sender {
            Sender::Client => (client, server),
            Sender::Server => (server, client),
        };
        direction.may_inflate = self.may_inflate;
        direction.take(at, bytes, origin, is_cut, other.history());
        self.listen(side);
    }

    /// Takes note of what was heard besides.
    fn listen(&mut self, side: usize) {
        let sender = self.sender(side);
        let Some(directions) = &mut self.directions else {
            return;
        };
        let [client, server] = directions.as_mut();
        let direction = match sender {
            Sender::Client => client,
            Sender::Server => server,
        };
        if direction.heard.is_empty() {
            return;
        }
        for heard in std::mem::take(&mut direction.heard) {
            match heard {
                Heard::Ping(payload, origin) => {
                    if self.unanswered.len() == MOST_PINGS {
                        self.unanswered.pop_front();
                    }
                    self.unanswered.push_back(Ping {
                        sender,
                        origin,
                        payload,
                    });
                }
                Heard::Pong(payload) => {
                    // "MAY elect to send a Pong frame for only the most recently processed Ping" (5.5.3)
                    let mut pings = self.unanswered.iter();
                    let last =
                        pings.rposition(|ping| ping.sender != sender && ping.payload == payload);
                    if let Some(last) = last {
                        let mut place = 0;
                        self.unanswered.retain(|ping| {
                            place += 1;
                            ping.sender == sender || place > last + 1
                        });
                    }
                }
                Heard::Frame(seen, origin) => self.event(side, origin, What::Frame(seen)),
            }
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

    /// How sure it is that frames were found, where they had to be.
    pub(super) fn confidence(&self) -> Option<Confidence> {
        let both = self.directions.as_ref()?;
        both.iter()
            .filter_map(|direction| direction.confidence)
            .min()
    }

    pub(super) fn history(&self, sender: Sender) -> Option<&History> {
        let both = self.directions.as_ref()?;
        let [client, server] = both.as_ref();
        Some(match sender {
            Sender::Client => client.history(),
            Sender::Server => server.history(),
        })
    }
}
