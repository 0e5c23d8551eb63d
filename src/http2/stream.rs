//! A stream of an HTTP/2 connection: a WebSocket, something else, or not known which.

use crate::frame::Sender;
use crate::session::finder::{Confidence, find};
use crate::session::{Options, Origin, Piece, Session, What};
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
    /// A tunnel, with what came of it and was not handed on yet.
    Tunnel(Vec<(usize, Seen, Origin)>),
    Socket(Box<Session>),
}

/// What was seen of a stream without its request.
#[derive(Debug, Default)]
pub(super) struct Unknown {
    seen: Vec<(usize, Seen, Origin)>,
    held_bytes: usize,
    likely: u32,
}

/// What was seen of an end of a stream.
#[derive(Debug)]
pub enum Seen {
    /// The head of an answer.
    Answer(Box<Response>),
    /// A part of what it said.
    Data(Vec<u8>),
    /// A gap in that, of so many bytes, where that is known.
    Gap(Option<u64>),
    /// It has nothing more to send.
    End,
    /// It broke the stream off, with this error code.
    Reset(u32),
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
            Kind::Other | Kind::Tunnel(_) => 0,
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
        match &mut self.kind {
            Kind::Other => client,
            Kind::Tunnel(seen) => {
                seen.push((side, Seen::Data(bytes.to_vec()), origin));
                client
            }
            Kind::Socket(_) => {
                self.say(side, bytes, origin);
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

    /// Takes what an end says on a stream that is a WebSocket.
    pub(super) fn say(&mut self, side: usize, bytes: &[u8], origin: Origin) {
        let (Some(place), Kind::Socket(session)) = (self.at.get_mut(side), &mut self.kind) else {
            return;
        };
        session.transport.note_data(side, origin);
        session.piece(side, Piece::Bytes(*place, bytes, origin), false);
        *place += bytes.len() as u64;
    }

    /// Reads a stream as a WebSocket that has proved to be one.
    fn prove(&mut self, client: usize, open: impl FnOnce(usize, Origin) -> Session) {
        let Kind::Unknown(unknown) = std::mem::replace(&mut self.kind, Kind::Other) else {
            return;
        };
        let mut seen = unknown.seen;
        let is_answer = |seen: &(usize, Seen, Origin)| matches!(seen.1, Seen::Answer(_));
        let answer = seen.iter().position(is_answer).map(|at| seen.remove(at));
        let first = answer.as_ref().or(seen.first());
        let mut session = open(
            client,
            first.map(|(_, _, origin)| *origin).unwrap_or_default(),
        );
        session.has_beginning = false;
        let answer = answer.and_then(|(side, answer, origin)| match answer {
            Seen::Answer(response) => {
                session.transport.note(side, origin);
                Some((*response, origin))
            }
            _ => None,
        });
        session.open_late(answer);
        self.kind = Kind::Socket(Box::new(session));
        self.ended = [false; 2];
        let last = seen.iter().map(|(_, _, origin)| *origin);
        let last = last.max_by_key(|origin| origin.turn);
        for (side, seen, origin) in seen {
            match seen {
                Seen::Data(bytes) => self.say(side, &bytes, origin),
                Seen::Gap(count) => self.gap(side, count, origin),
                Seen::End => self.end(side, origin),
                // What came before it may have been held up by a gap, and have proved the stream behind it.
                Seen::Reset(code) => self.reset(side, code, origin),
                Seen::Answer(_) => {}
            }
        }
        // A gap held some of it up.
        if let (Kind::Socket(session), Some(last)) = (&mut self.kind, last) {
            session.transport.last = last;
        }
    }

    /// Takes note that an end broke off a stream that is a WebSocket.
    fn reset(&mut self, side: usize, code: u32, origin: Origin) {
        if let Kind::Socket(session) = &mut self.kind {
            if session.transport.note_reset(side, code, origin) {
                session.event(side, origin, What::Rst);
            }
        }
    }

    /// Takes a gap in what an end said; `None`: of a length that nobody knows.
    pub(super) fn gap(&mut self, side: usize, count: Option<u64>, origin: Origin) {
        let Some(place) = self.at.get_mut(side) else {
            return;
        };
        match &mut self.kind {
            Kind::Other => {}
            Kind::Tunnel(seen) => seen.push((side, Seen::Gap(count), origin)),
            Kind::Unknown(unknown) => unknown.note(side, Seen::Gap(count), origin),
            Kind::Socket(session) => {
                let piece = match count {
                    Some(count) => Piece::Gap(*place, count, origin),
                    None => Piece::Lost(*place, origin),
                };
                session.piece(side, piece, false);
                *place += count.unwrap_or_default();
            }
        }
    }

    /// The session of it, where it is a WebSocket: it ends here.
    pub(super) fn into_session(self, is_offered: Option<bool>) -> Option<Box<Session>> {
        let Kind::Socket(mut session) = self.kind else {
            return None;
        };
        if let Some(stream) = &mut session.transport.stream {
            stream.is_offered = is_offered;
        }
        for (end, at) in session.transport.ends.iter_mut().zip(self.at) {
            end.bytes = at;
        }
        Some(session)
    }

    /// Takes the head of an answer.
    pub(super) fn answer(&mut self, side: usize, response: Response, origin: Origin) {
        match &mut self.kind {
            Kind::Other => {}
            Kind::Tunnel(seen) => seen.push((side, Seen::Answer(Box::new(response)), origin)),
            Kind::Socket(session) => {
                session.transport.note_data(side, origin);
                let head = Head::Response(Box::new(response));
                session.piece(side, Piece::Head(head, true, origin), false);
            }
            Kind::Unknown(unknown) => {
                if response.status >= 200 && unknown.answer().is_none() {
                    unknown.note(side, Seen::Answer(Box::new(response)), origin);
                }
            }
        }
    }

    /// Takes the end of what an end sends.
    pub(super) fn end(&mut self, side: usize, origin: Origin) {
        if let Some(place) = self.ended.get_mut(side) {
            *place = true;
        }
        match &mut self.kind {
            Kind::Unknown(unknown) => unknown.note(side, Seen::End, origin),
            Kind::Tunnel(seen) => seen.push((side, Seen::End, origin)),
            Kind::Other | Kind::Socket(_) => {}
        }
        if let Kind::Socket(session) = &mut self.kind {
            session.transport.note(side, origin);
            let end = session.transport.ends.get_mut(side);
            if let Some(end) = end.filter(|end| end.fin.is_none()) {
                end.fin = Some(origin);
                session.piece(side, Piece::Fin(origin), false);
            }
        }
    }
}

impl Unknown {
    /// What was seen, in its order.
    pub(super) fn into_seen(self) -> Vec<(usize, Seen, Origin)> {
        self.seen
    }

    fn answer(&self) -> Option<&Response> {
        self.seen.iter().find_map(|(_, seen, _)| match seen {
            Seen::Answer(response) => Some(response.as_ref()),
            _ => None,
        })
    }

    /// Takes note of what is no evidence.
    pub(super) fn note(&mut self, side: usize, seen: Seen, origin: Origin) {
        self.held_bytes += 64;
        self.seen.push((side, seen, origin));
    }

    /// Gives which end is the client as soon as what was seen are frames for certain.
    fn data(
        &mut self,
        side: usize,
        bytes: &[u8],
        origin: Origin,
        client: Option<usize>,
    ) -> Option<usize> {
        self.held_bytes += bytes.len();
        self.note(side, Seen::Data(bytes.to_vec()), origin);
        // Behind an answer that refuses stands a page.
        if self.answer().is_some_and(|answer| answer.status >= 300) {
            return None;
        }
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

/// A session of a stream.
pub(super) fn session(client: usize, origin: Origin, options: Options) -> Session {
    let mut session = Session::new(options);
    session.client = Some(client);
    session.has_beginning = true;
    session.transport.first = origin;
    session.transport.last = origin;
    session
}
