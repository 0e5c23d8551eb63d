//! One level of what is spoken on a connection: what may stand in front, and TLS, inside of which is the next.
//!
//! What comes out of TLS may be anything that may stand on TCP: a client that speaks TLS with its proxy speaks
//! TLS with the server inside of it. The innermost level hands what is said to HTTP/2 or to the session.

use std::collections::VecDeque;

use super::front::{Found, Front};
use super::stack::{Keys, Said};
use crate::frame::Sender;
use crate::http2::frame::PREFACE;
use crate::session::tls::Tls;
use crate::session::{Held, Origin, Piece, What};
use crate::tls::{KeyLog, Out, Reader, UNKNOWN, is_record};

/// So many places are remembered, to tell what an end had received.
const MOST_MARKS: usize = 64;
/// So much of the preface tells it from all else.
pub(super) const TELLING: usize = 14;
/// Nobody nests more.
pub(super) const DEEPEST: usize = 4;

/// What is spoken, from a stream to what is said in it.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// What may stand in front of all else.
    front: Front,
    tls: Option<Box<Reader>>,
    sides: [Side; 2],
    /// What is spoken inside of TLS.
    inside: Option<Box<Level>>,
    /// How many levels and tunnels are around it.
    depth: usize,
    /// Whether it is inside of TLS.
    is_sealed: bool,
    /// Whether the ends agreed on HTTP/2, with the TLS around it.
    is_http2: bool,
}

#[derive(Debug, Default)]
struct Side {
    is_tls: bool,
    /// The first bytes, while they are too few to tell what they are.
    held: Option<(u64, Vec<u8>, Origin)>,
    /// Offsets in the stream, each with that in what was said, where that is known.
    marks: VecDeque<(u64, Option<u64>)>,
    /// Up to where its stream was taken.
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

impl Level {
    /// One of a connection inside of so many others.
    pub(super) fn new(depth: usize) -> Self {
        Level {
            depth,
            ..Level::default()
        }
    }

    /// Takes what comes behind all that is known, at the innermost level.
    pub(super) fn inmost(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) {
        match &mut self.inside {
            Some(inside) => inside.inmost(side, piece, said, keys),
            None => self.piece(side, piece, false, said, keys),
        }
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let tls = self.tls.as_ref().map_or(0, |tls| tls.held_bytes());
        let inside = self.inside.as_ref().map_or(0, |inside| inside.held_bytes());
        self.front.held_bytes() + tls + inside
    }

    /// Gives up what it holds, for memory.
    pub(super) fn give_up(&mut self) {
        self.front = Front::past();
        if let Some(tls) = &mut self.tls {
            tls.give_up();
        }
        if let Some(inside) = &mut self.inside {
            inside.give_up();
        }
    }

    /// Takes the next piece of a stream. `is_cut`: a gap follows it at once.
    pub(super) fn piece(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) {
        if self
            .front
            .is_behind(side, &piece, said.session.has_beginning)
        {
            return self.behind(side, piece, is_cut, said, keys);
        }
        let (behind, left) = match piece {
            Piece::Bytes(at, bytes, origin) => {
                let (found, behind) = self.front.take(side, at, bytes, origin);
                match found {
                    Some(Found::Header(client, header)) => {
                        said.session.client.get_or_insert(client);
                        said.session.transport.proxy_header = Some(header);
                    }
                    Some(Found::Tunnel(client, given)) => {
                        said.session.tunnel(client, given, origin);
                    }
                    None => {}
                }
                (behind, None)
            }
            piece => (self.front.close(), Some(piece)),
        };
        for (side, at, bytes, origin) in behind {
            let is_cut = is_cut && left.is_none();
            let piece = Piece::Bytes(at, &bytes, origin);
            self.behind(side, piece, is_cut, said, keys);
        }
        if let Some(piece) = left {
            self.behind(side, piece, is_cut, said, keys);
        }
    }

    /// Takes the next piece of a stream, behind what may stand in front, and what it turned out to be when a
    /// tunnel was opened.
    fn behind(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) {
        let mut passed = VecDeque::from(self.next(side, piece, is_cut, said, keys));
        while let Some((side, held)) = passed.pop_front() {
            let later = self.next(side, held.piece(), false, said, keys);
            for held in later.into_iter().rev() {
                passed.push_front(held);
            }
        }
    }

    /// Takes the next piece. Gives what of it came through a tunnel, of which nothing is known.
    fn next(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) -> Vec<(usize, Held)> {
        let Some(place) = self.sides.get_mut(side) else {
            return Vec::new();
        };
        if place.is_tls {
            self.sealed(side, piece, said, keys);
            return Vec::new();
        }
        if !said.is_at_start(side) {
            return self.said(side, piece, is_cut, said, keys);
        }
        match (place.held.take(), piece) {
            (None, Piece::Bytes(at, bytes, origin)) => {
                self.first(side, Piece::Bytes(at, bytes, origin), is_cut, said, keys)
            }
            (Some((at, mut held, _)), Piece::Bytes(_, bytes, origin)) => {
                held.extend_from_slice(bytes);
                self.first(side, Piece::Bytes(at, &held, origin), is_cut, said, keys)
            }
            (held, piece) => {
                let mut passed = Vec::new();
                if let Some((at, held, origin)) = held {
                    let held = Piece::Bytes(at, &held, origin);
                    passed = self.said(side, held, is_cut, said, keys);
                }
                passed.extend(self.said(side, piece, is_cut, said, keys));
                passed
            }
        }
    }

    /// Takes bytes that may begin with anything.
    fn first(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) -> Vec<(usize, Held)> {
        let (Some(place), Piece::Bytes(at, bytes, origin)) = (self.sides.get_mut(side), &piece)
        else {
            return Vec::new();
        };
        let may_be_tls = matches!(bytes, [20..=23] | [20..=23, 3]);
        let may_be_preface = bytes.len() < TELLING && PREFACE.starts_with(bytes);
        if may_be_tls || may_be_preface {
            place.held = Some((*at, bytes.to_vec(), *origin));
            return Vec::new();
        }
        if !is_record(bytes) {
            return self.said(side, piece, is_cut, said, keys);
        }
        if self.tls.is_none() {
            said.session.begin_tls(side);
        }
        if self.depth >= DEEPEST {
            return self.said(side, piece, is_cut, said, keys);
        }
        place.is_tls = true;
        self.tls.get_or_insert_default();
        self.inside.get_or_insert_with(|| {
            Box::new(Level {
                is_sealed: true,
                ..Level::new(self.depth + 1)
            })
        });
        self.sealed(side, piece, said, keys);
        Vec::new()
    }

    /// Takes a piece that is spoken in TLS.
    fn sealed(&mut self, side: usize, piece: Piece<'_>, said: &mut Said<'_>, keys: &mut KeyLog) {
        let (Some(tls), Some(inside)) = (&mut self.tls, &mut self.inside) else {
            return;
        };
        let sides = &mut self.sides;
        let client = tls.client().unwrap_or(said.session.client_or_guess());
        let sender = match client == side {
            true => Sender::Client,
            false => Sender::Server,
        };
        let mut sink = |side: usize, out: Out<'_>, keys: &mut KeyLog| match out {
            Out::Greeted(sender) => {
                let greeted = [sender == Sender::Client, sender == Sender::Server];
                said.session.note_tls(greeted);
            }
            Out::Piece(piece) => inside.piece(side, piece, false, said, keys),
            Out::Alert(alert, origin) => said.session.event(side, origin, What::Alert(alert)),
            Out::Protocol(name) => inside.is_http2 = name == "h2",
        };
        match piece {
            Piece::Bytes(at, bytes, origin) => {
                let before = tls.offset(side);
                let end = at + bytes.len() as u64;
                tls.bytes(side, sender, bytes, origin, keys, &mut sink);
                let offset = tls.offset(side);
                if let Some(place) = sides.get_mut(side) {
                    place.taken = end;
                    if offset > before {
                        place.mark(end, Some(offset));
                    }
                }
            }
            Piece::Gap(at, count, origin) => {
                tls.gap(side, sender, count, origin, keys, &mut sink);
                if let Some(place) = sides.get_mut(side) {
                    place.mark(at.saturating_add(count), None);
                }
            }
            Piece::Lost(at, origin) => {
                tls.gap(side, sender, UNKNOWN, origin, keys, &mut sink);
                if let Some(place) = sides.get_mut(side) {
                    place.mark(at, None);
                }
            }
            Piece::Fin(origin) => {
                if tls.may_lack_the_last(sender) {
                    let lost = Piece::Lost(tls.offset(side), origin);
                    sink(side, Out::Piece(lost), keys);
                }
                sink(side, Out::Piece(Piece::Fin(origin)), keys);
            }
            Piece::Head(..) => {}
        }
        if let Some(client) = tls.client() {
            said.session.client.get_or_insert(client);
        }
    }

    /// Takes a piece of what is said.
    fn said(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        said: &mut Said<'_>,
        keys: &mut KeyLog,
    ) -> Vec<(usize, Held)> {
        said.begin(side, &piece, self.is_http2, self.is_sealed);
        said.take(side, piece, is_cut, keys)
    }

    /// What an end had received of what was said, that had received so much of the stream of `side`.
    pub(super) fn received(&self, side: usize, received: Option<u64>) -> Option<u64> {
        let Some(place) = self.sides.get(side).filter(|place| place.is_tls) else {
            return received;
        };
        // What was acknowledged and has not come was not captured, and nobody knows what was said in it.
        let received = received.filter(|received| *received <= place.taken)?;
        let mut marks = place.marks.iter().rev();
        let mark = marks.find(|(below, _)| *below <= received);
        let said = mark.and_then(|(_, said)| *said);
        match &self.inside {
            Some(inside) => inside.received(side, said),
            None => said,
        }
    }

    /// Says of each end that its last words may not have been seen, where nothing came behind them that tells.
    pub(super) fn end(&mut self, said: &mut Said<'_>, keys: &mut KeyLog) {
        let (Some(tls), Some(inside)) = (&self.tls, &mut self.inside) else {
            return;
        };
        for side in 0..2 {
            // One that was broken off, or of which the end is missing, has no FIN to tell.
            let transport = &said.session.transport;
            let end = transport.ends.get(side).filter(|end| end.fin.is_none());
            let origin = end.map(|end| end.rst.unwrap_or(transport.last));
            let sender = said.session.sender(side);
            if let (Some(origin), true) = (origin, tls.may_lack_the_last(sender)) {
                let lost = Piece::Lost(tls.offset(side), origin);
                inside.piece(side, lost, false, said, keys);
            }
        }
        inside.end(said, keys);
    }

    /// Looks whether there are keys, for each TLS.
    pub(super) fn look_for_keys(&mut self, keys: &Keys) {
        if let Some(tls) = &mut self.tls {
            tls.look_for_keys(&keys.log, keys.is_given);
        }
        if let Some(inside) = &mut self.inside {
            inside.look_for_keys(keys);
        }
    }

    /// What is known of the innermost TLS.
    pub(super) fn facts(&self) -> Option<&Tls> {
        let inside = self.inside.as_ref().and_then(|inside| inside.facts());
        inside.or(self.tls.as_ref().map(|tls| &tls.facts))
    }
}
