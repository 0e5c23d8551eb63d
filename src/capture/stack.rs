//! What is spoken on a TCP connection, layer by layer: TLS where it is spoken, HTTP/2 where that is, and a
//! session of what is said inside.
//!
//! Each layer takes the pieces of the one below and hands on its own, with the packets in which they came,
//! so that a session knows nothing of what it was wrapped in.

use std::collections::VecDeque;

use super::front::{Found, Front};
use crate::frame::Sender;
use crate::http2::frame::{PREFACE, are_frames};
use crate::http2::{self};
use crate::session::{EndKind, Forgotten, Origin, Piece, Record, Session, Source, What};
use crate::tls::{KeyLog, Out, Reader, is_record};

/// So many places are remembered, to tell what an end had received.
const MOST_MARKS: usize = 64;
/// So much of the preface tells it from all else.
const TELLING: usize = 14;

/// The keys that there are.
#[derive(Debug, Default)]
pub struct Keys {
    /// What is known.
    pub log: KeyLog,
    /// Whether somebody gave a log.
    pub is_given: bool,
}

/// The layers of one connection.
#[derive(Debug)]
pub(super) struct Stack {
    /// What is known of TCP, and what is said where that is no HTTP/2.
    pub(super) session: Session,
    /// What may stand in front of all else.
    front: Front,
    tls: Option<Box<Reader>>,
    http2: Option<Box<http2::Connection>>,
    sides: [Side; 2],
    /// Whether the ends agreed on HTTP/2.
    is_http2: bool,
}

#[derive(Debug, Default)]
struct Side {
    is_tls: bool,
    /// The first bytes, while they are too few to tell what they are.
    held: Option<(u64, Vec<u8>, Origin)>,
    /// Offsets in the stream of TCP, each with that in what was said, where that is known.
    marks: VecDeque<(u64, Option<u64>)>,
    /// Up to where its stream of TCP was taken.
    taken: u64,
}

impl Side {
    fn mark(&mut self, below: u64, said: Option<u64>) {
        if self.marks.len() == MOST_MARKS {
            self.marks.pop_front();
        }
        self.marks.push_back((below, said));
    }
}

impl Stack {
    pub(super) fn new(session: Session) -> Self {
        Stack {
            session,
            front: Front::default(),
            tls: None,
            http2: None,
            sides: <[Side; 2]>::default(),
            is_http2: false,
        }
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let tls = self.tls.as_ref().map_or(0, |tls| tls.held_bytes());
        let http2 = self.http2.as_ref().map_or(0, |http2| http2.held_bytes());
        self.session.held_bytes() + self.front.held_bytes() + tls + http2
    }

    /// The bytes that it takes to inflate messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        let http2 = self.http2.as_ref();
        self.session.inflating_bytes() + http2.map_or(0, |http2| http2.inflating_bytes())
    }

    /// Says whether there is memory to inflate messages.
    pub(super) fn allow_inflating(&mut self, is_allowed: bool) {
        self.session.allow_inflating(is_allowed);
        if let Some(http2) = &mut self.http2 {
            http2.allow_inflating(is_allowed);
        }
    }

    /// Gives up what it holds, for memory.
    pub(super) fn give_up(&mut self) {
        self.session.give_up();
        self.front = Front::past();
        if let Some(tls) = &mut self.tls {
            tls.give_up();
        }
        if let Some(http2) = &mut self.http2 {
            http2.give_up();
        }
    }

    /// Whether nothing of it is worth to be followed.
    pub(super) fn is_opaque(&self) -> bool {
        self.http2.is_none() && self.session.is_opaque()
    }

    /// Takes the next piece of a stream of TCP. `is_cut`: a gap follows it at once.
    pub(super) fn piece(&mut self, side: usize, piece: Piece<'_>, is_cut: bool, keys: &mut Keys) {
        let has_beginning = self.session.has_beginning;
        if self.front.is_behind(side, &piece, has_beginning) {
            return self.layer(side, piece, is_cut, keys);
        }
        let (behind, left) = match piece {
            Piece::Bytes(at, bytes, origin) => {
                let (found, behind) = self.front.take(side, at, bytes, origin);
                match found {
                    Some(Found::Header(client, header)) => {
                        self.session.client.get_or_insert(client);
                        self.session.transport.proxy_header = Some(header);
                    }
                    Some(Found::Tunnel(client, given)) => {
                        self.session.tunnel(client, given, origin);
                    }
                    None => {}
                }
                (behind, None)
            }
            piece => (self.front.close(), Some(piece)),
        };
        for (side, at, bytes, origin) in behind {
            let is_cut = is_cut && left.is_none();
            self.layer(side, Piece::Bytes(at, &bytes, origin), is_cut, keys);
        }
        if let Some(piece) = left {
            self.layer(side, piece, is_cut, keys);
        }
    }

    /// Takes the next piece of a stream, behind what may stand in front.
    fn layer(&mut self, side: usize, piece: Piece<'_>, is_cut: bool, keys: &mut Keys) {
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        if place.is_tls {
            return self.sealed(side, piece, keys);
        }
        if self.http2.is_some() || !self.session.is_at_start(side) {
            return self.said(side, piece, is_cut);
        }
        match (place.held.take(), piece) {
            (None, Piece::Bytes(at, bytes, origin)) => {
                self.first(side, at, bytes, origin, is_cut, keys);
            }
            (Some((at, mut held, _)), Piece::Bytes(_, bytes, origin)) => {
                held.extend_from_slice(bytes);
                self.first(side, at, &held, origin, is_cut, keys);
            }
            (held, piece) => {
                if let Some((at, held, origin)) = held {
                    self.said(side, Piece::Bytes(at, &held, origin), is_cut);
                }
                self.said(side, piece, is_cut);
            }
        }
    }

    /// Takes bytes that may begin with anything.
    fn first(
        &mut self,
        side: usize,
        at: u64,
        bytes: &[u8],
        origin: Origin,
        is_cut: bool,
        keys: &mut Keys,
    ) {
        let may_be_tls = matches!(bytes, [20..=23] | [20..=23, 3]);
        let may_be_preface = bytes.len() < TELLING && PREFACE.starts_with(bytes);
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        if may_be_tls || may_be_preface {
            place.held = Some((at, bytes.to_vec(), origin));
            return;
        }
        let piece = Piece::Bytes(at, bytes, origin);
        if is_record(bytes) {
            place.is_tls = true;
            self.tls.get_or_insert_default();
            self.session.note_tls([false; 2]);
            return self.sealed(side, piece, keys);
        }
        self.said(side, piece, is_cut);
    }

    /// Takes a piece that is spoken in TLS.
    fn sealed(&mut self, side: usize, piece: Piece<'_>, keys: &mut Keys) {
        let Stack {
            session,
            tls,
            http2,
            is_http2,
            sides,
            ..
        } = self;
        let Some(tls) = tls else {
            return;
        };
        let client = tls.client().unwrap_or(session.client_or_guess());
        let sender = match client == side {
            true => Sender::Client,
            false => Sender::Server,
        };
        let mut sink = |side: usize, out: Out<'_>| match out {
            Out::Greeted(sender) => {
                session.note_tls([sender == Sender::Client, sender == Sender::Server]);
            }
            Out::Piece(piece) => said(session, http2, *is_http2, true, side, piece, false),
            Out::Alert(alert, origin) => session.event(side, origin, What::Alert(alert)),
            Out::Protocol(name) => *is_http2 = name == "h2",
        };
        match piece {
            Piece::Bytes(at, bytes, origin) => {
                let before = tls.offset(side);
                let end = at + bytes.len() as u64;
                tls.bytes(side, sender, bytes, origin, &mut keys.log, &mut sink);
                let offset = tls.offset(side);
                if let Some(place) = sides.get_mut(side) {
                    place.taken = end;
                    if offset > before {
                        place.mark(end, Some(offset));
                    }
                }
            }
            Piece::Gap(at, count, origin) => {
                tls.gap(side, sender, count, origin, &mut keys.log, &mut sink);
                if let Some(place) = sides.get_mut(side) {
                    place.mark(at.saturating_add(count), None);
                }
            }
            Piece::Fin(origin) => {
                if tls.may_lack_the_last(sender) {
                    sink(side, Out::Piece(Piece::Lost(tls.offset(side), origin)));
                }
                sink(side, Out::Piece(Piece::Fin(origin)));
            }
            Piece::Head(..) | Piece::Lost(..) => {}
        }
        if let Some(client) = tls.client() {
            session.client.get_or_insert(client);
        }
    }

    /// Takes a piece of what is said.
    fn said(&mut self, side: usize, piece: Piece<'_>, is_cut: bool) {
        let Stack {
            session,
            http2,
            is_http2,
            ..
        } = self;
        said(session, http2, *is_http2, false, side, piece, is_cut);
    }

    /// Takes note that an end, when it sent what was seen at `origin`, had received the stream of `side`
    /// up to `received`, where that is known.
    pub(super) fn had_received(&mut self, side: usize, origin: Origin, received: Option<u64>) {
        let Some(place) = self.sides.get(side).filter(|place| place.is_tls) else {
            self.session.had_received(1 - side, origin, received);
            return;
        };
        // What was acknowledged and has not come was not captured, and nobody knows what was said in it.
        let received = received.filter(|received| *received <= place.taken);
        let received = received.and_then(|received| {
            let mut marks = place.marks.iter().rev();
            let mark = marks.find(|(below, _)| *below <= received);
            mark.and_then(|(_, said)| *said)
        });
        self.session.had_received(1 - side, origin, received);
    }

    /// Whether there are streams that were over at `time`.
    pub(super) fn has_over(&self, time: i64) -> bool {
        let http2 = self.http2.as_ref();
        http2.is_some_and(|http2| http2.has_over(time))
    }

    /// The streams that were over at `time`.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn over(&mut self, time: i64) -> Vec<Box<Record>> {
        let mut records = Vec::new();
        while let Some(session) = self.http2.as_mut().and_then(|http2| http2.over(time)) {
            records.extend(self.stream(session).finish(None));
        }
        records
    }

    /// A stream, with what is known of its connection.
    fn stream(&self, mut session: Session) -> Session {
        let below = &self.session.transport;
        let facts = &mut session.transport;
        facts.is_capped |= below.is_capped;
        facts.proxy_header = below.proxy_header;
        let is_over = facts.ends.iter().any(|end| end.rst.is_some())
            || facts.ends.iter().all(|end| end.fin.is_some());
        for (end, below) in facts.ends.iter_mut().zip(&below.ends) {
            end.is_captured = below.is_captured;
            end.oddities = below.oddities;
            end.unacknowledged = below.unacknowledged;
        }
        if !is_over {
            facts.last = below.last;
            let has_own = facts.ends.iter().any(|end| end.fin.is_some());
            for (end, below) in facts.ends.iter_mut().zip(&below.ends) {
                end.fin = end.fin.or(below.fin);
                end.rst = end.rst.or(below.rst);
            }
            let has_end = facts
                .ends
                .iter()
                .any(|end| end.fin.is_some() || end.rst.is_some());
            if let Some(stream) = &mut facts.stream {
                stream.is_of_connection = has_end && !has_own;
            }
        }
        if let Some(tls) = &self.tls {
            session.tls = Some(Box::new(tls.facts.clone()));
        }
        session
    }

    /// Whether a stream of HTTP/2 may have been a WebSocket of which nothing is told.
    pub(super) fn may_hide(&self) -> bool {
        self.http2.as_ref().is_some_and(|http2| http2.may_hide())
    }

    /// Ends it: the connections that there is something to say about.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn finish(mut self, forgotten: Option<Forgotten>, keys: &Keys) -> Vec<Box<Record>> {
        for side in 0..2 {
            // One that was broken off, or of which the end is missing, has no FIN to tell.
            let transport = &self.session.transport;
            let end = transport.ends.get(side).filter(|end| end.fin.is_none());
            let origin = end.map(|end| end.rst.unwrap_or(transport.last));
            let sender = self.session.sender(side);
            let tls = self.tls.as_ref();
            let tls = tls.filter(|tls| tls.may_lack_the_last(sender));
            if let (Some(origin), Some(at)) = (origin, tls.map(|tls| tls.offset(side))) {
                self.said(side, Piece::Lost(at, origin), false);
            }
        }
        if let Some(tls) = &mut self.tls {
            tls.look_for_keys(&keys.log, keys.is_given);
            if tls.facts.is_read() {
                self.session.transport.source = Source::Tls;
            }
        }
        if let Some(http2) = self.http2.take() {
            let sessions = http2.finish().into_iter();
            let finished = sessions.filter_map(|session| {
                let is_over = session
                    .tcp_end()
                    .is_some_and(|end| end.kind == EndKind::Rst)
                    || session.transport.ends.iter().all(|end| end.fin.is_some());
                let forgotten = forgotten.filter(|_| !is_over);
                self.stream(session).finish(forgotten)
            });
            return finished.collect();
        }
        let mut session = self.session;
        if let Some(tls) = self.tls {
            session.tls = Some(Box::new(tls.facts));
        }
        session.finish(forgotten).into_iter().collect()
    }
}

/// Takes a piece of what is said, in TLS or not: to HTTP/2 where that is spoken, or else to the session.
fn said(
    session: &mut Session,
    http2: &mut Option<Box<http2::Connection>>,
    is_http2: bool,
    is_tls: bool,
    side: usize,
    piece: Piece<'_>,
    is_cut: bool,
) {
    if let (None, Piece::Bytes(at, bytes, _)) = (&http2, &piece) {
        if session.is_at_start(side) {
            if let Some(is_late) = begins_http2(bytes, *at, is_http2, session.has_beginning) {
                *http2 = Some(Box::new(http2::Connection::new(
                    session.options(),
                    is_tls,
                    is_late,
                )));
            }
        }
    }
    let Some(http2) = http2 else {
        session.piece(side, piece, is_cut);
        return;
    };
    http2.know(
        session.client,
        &session.transport.ends,
        session.transport.beginning,
    );
    http2.piece(side, &piece);
    if session.client.is_none() {
        session.client = http2.client();
    }
    if matches!(piece, Piece::Fin(_)) {
        session.piece(side, piece, is_cut);
    }
}

/// Whether bytes begin HTTP/2; `true` inside where they are not its beginning.
fn begins_http2(bytes: &[u8], at: u64, is_agreed: bool, has_beginning: bool) -> Option<bool> {
    if bytes.get(..TELLING) == PREFACE.get(..TELLING) {
        return Some(false);
    }
    let is_frames = are_frames(bytes);
    // A server begins with SETTINGS.
    if is_frames && at == 0 && bytes.get(3) == Some(&4) {
        return Some(!has_beginning);
    }
    (is_agreed || is_frames && !has_beginning).then_some(true)
}
