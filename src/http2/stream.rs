//! A stream of an HTTP/2 connection: a WebSocket, something else, or not known which.

use crate::frame::Sender;
use crate::session::finder::{Confidence, find};
use crate::session::{Options, Origin, Piece, Session};
use crate::upgrade::{Head, Response};

/// So much of a stream of which the request was lost is held until it proves to be frames.
const MOST_HELD: usize = 16 * 1024;
/// So many frames of a client prove it, where each alone is only likely.
const ENOUGH: u32 = 2;

/// A stream.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) kind: Kind,
    /// The offsets of what its ends say next.
    pub(super) at: [u64; 2],
    /// Whether an end has nothing more to send.
    pub(super) ended: [bool; 2],
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A request that asks for something else.
    Other,
    /// Its request was not seen.
    Unknown(Box<Unknown>),
    Socket(Box<Session>),
}

/// What was seen of a stream without its request.
#[derive(Debug, Default)]
pub(super) struct Unknown {
    held: Vec<(usize, Vec<u8>, Origin)>,
    held_bytes: usize,
    answer: Option<(Response, usize, Origin)>,
    likely: u32,
}

impl Stream {
    pub(super) fn new(kind: Kind) -> Self {
        Stream {
            kind,
            at: [0; 2],
            ended: [false; 2],
        }
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        match &self.kind {
            Kind::Other => 0,
            Kind::Unknown(unknown) => unknown.held_bytes,
            Kind::Socket(session) => session.held_bytes(),
        }
    }

    /// Takes a part of the payload of DATA. `client` is the end that is the client, where that is known;
    /// gives it where the bytes tell.
    pub(super) fn data(
        &mut self,
        side: usize,
        bytes: &[u8],
        origin: Origin,
        client: Option<usize>,
        open: impl FnOnce(usize, Origin) -> Session,
    ) -> Option<usize> {
        let Some(place) = self.at.get_mut(side) else {
            return client;
        };
        let at = *place;
        *place += bytes.len() as u64;
        match &mut self.kind {
            Kind::Other => client,
            Kind::Socket(session) => {
                note_data(session, side, origin);
                session.piece(side, Piece::Bytes(at, bytes, origin), false);
                client
            }
            Kind::Unknown(unknown) => {
                let found = unknown.data(side, bytes, origin, client);
                let is_full = unknown.held_bytes > MOST_HELD;
                match found {
                    Some(client) => self.prove(client, open),
                    None if is_full => self.kind = Kind::Other,
                    None => {}
                }
                found.or(client)
            }
        }
    }

    /// Reads a stream as a WebSocket that has proved to be one.
    fn prove(&mut self, client: usize, open: impl FnOnce(usize, Origin) -> Session) {
        let Kind::Unknown(unknown) = std::mem::replace(&mut self.kind, Kind::Other) else {
            return;
        };
        let first = unknown.answer.as_ref().map(|(_, _, origin)| *origin);
        let first = first.or(unknown.held.first().map(|(_, _, origin)| *origin));
        let mut session = open(client, first.unwrap_or_default());
        session.has_beginning = false;
        if let Some((_, side, origin)) = &unknown.answer {
            note(&mut session, *side, *origin);
        }
        let answer = unknown
            .answer
            .map(|(response, _, origin)| (response, origin));
        session.open_late(answer);
        let mut at = [0; 2];
        for (side, bytes, origin) in unknown.held {
            note_data(&mut session, side, origin);
            if let Some(place) = at.get_mut(side) {
                session.piece(side, Piece::Bytes(*place, &bytes, origin), false);
                *place += bytes.len() as u64;
            }
        }
        self.kind = Kind::Socket(Box::new(session));
    }

    /// Takes a gap in what an end said; `None`: of a length that nobody knows.
    pub(super) fn gap(&mut self, side: usize, count: Option<u64>, origin: Origin) {
        let Some(place) = self.at.get_mut(side) else {
            return;
        };
        let at = *place;
        *place += count.unwrap_or_default();
        if let Kind::Socket(session) = &mut self.kind {
            let piece = match count {
                Some(count) => Piece::Gap(at, count, origin),
                None => Piece::Lost(at, origin),
            };
            session.piece(side, piece, false);
        }
    }

    /// The session of it, where it is a WebSocket: it ends here.
    pub(super) fn into_session(self) -> Option<Box<Session>> {
        let Kind::Socket(mut session) = self.kind else {
            return None;
        };
        for (end, at) in session.transport.ends.iter_mut().zip(self.at) {
            end.bytes = at;
        }
        Some(session)
    }

    /// Takes the head of an answer.
    pub(super) fn answer(&mut self, side: usize, response: Response, origin: Origin) {
        match &mut self.kind {
            Kind::Other => {}
            Kind::Socket(session) => {
                note_data(session, side, origin);
                let head = Head::Response(Box::new(response));
                session.piece(side, Piece::Head(head, true, origin), false);
            }
            Kind::Unknown(_) if !(100..300).contains(&response.status) => self.kind = Kind::Other,
            Kind::Unknown(unknown) => {
                if response.status >= 200 && unknown.answer.is_none() {
                    unknown.answer = Some((response, side, origin));
                }
            }
        }
    }

    /// Takes the end of what an end sends.
    pub(super) fn end(&mut self, side: usize, origin: Origin) {
        if let Some(place) = self.ended.get_mut(side) {
            *place = true;
        }
        if let Kind::Socket(session) = &mut self.kind {
            note(session, side, origin);
            let end = session.transport.ends.get_mut(side);
            if let Some(end) = end.filter(|end| end.fin.is_none()) {
                end.fin = Some(origin);
                session.piece(side, Piece::Fin(origin), false);
            }
        }
    }
}

impl Unknown {
    /// Gives which end is the client as soon as what was seen are frames for certain.
    fn data(
        &mut self,
        side: usize,
        bytes: &[u8],
        origin: Origin,
        client: Option<usize>,
    ) -> Option<usize> {
        self.held_bytes += bytes.len() + 64;
        self.held.push((side, bytes.to_vec(), origin));
        let may_be_client = client.is_none_or(|client| client == side);
        if may_be_client {
            match find(bytes, Sender::Client, false) {
                Some(Confidence::High) => return Some(side),
                Some(Confidence::Fair) => {
                    self.likely += 1;
                    return (self.likely >= ENOUGH).then_some(side);
                }
                None => {}
            }
        }
        let may_be_server = client.is_none_or(|client| client != side);
        // Zeros alone would be frames too: what begins a message of its own counts.
        let begins = matches!(bytes, [0x81 | 0x82 | 0x88..=0x8a | 0xc1 | 0xc2, ..]);
        let is_found =
            begins && may_be_server && find(bytes, Sender::Server, false) == Some(Confidence::High);
        is_found.then_some(1 - side.min(1))
    }
}

/// Takes note of when something came from an end.
pub(super) fn note(session: &mut Session, side: usize, origin: Origin) {
    let transport = &mut session.transport;
    transport.last = origin;
    transport.packets += 1;
    if let Some(end) = transport.ends.get_mut(side) {
        end.is_captured = true;
    }
}

/// The same, of something that was said.
fn note_data(session: &mut Session, side: usize, origin: Origin) {
    note(session, side, origin);
    if let Some(end) = session.transport.ends.get_mut(side) {
        end.last_data = Some(origin);
    }
}

/// A session of a stream.
pub(super) fn session(client: usize, origin: Origin, options: Options) -> Session {
    let mut session = Session::new(options);
    session.client = Some(client);
    session.has_beginning = true;
    session.transport.first = origin;
    session.transport.last = origin;
    session
}
