//! Tunnels through streams of HTTP/2, each with what is spoken in it.

use std::collections::{BTreeMap, VecDeque};

use super::level::DEEPEST;
use super::stack::Stack;
use crate::http2::{Seen, Tunneled};
use crate::session::{Origin, Piece, Session, What};
use crate::tls::KeyLog;
use crate::upgrade::Head;

/// So many that are over wait for what may still come.
const MOST_OVER: usize = 64;

/// The tunnels of a connection, by the number of their streams.
#[derive(Debug, Default)]
pub(super) struct Tunnels {
    all: BTreeMap<u32, Tunnel>,
    /// Those that are over, since when.
    over: VecDeque<(Origin, u32)>,
}

#[derive(Debug)]
struct Tunnel {
    stack: Box<Stack>,
    /// The offsets of what its ends say next.
    at: [u64; 2],
}

impl Tunnels {
    /// What is spoken in each.
    pub(super) fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.all.values().map(|tunnel| tunnel.stack.as_ref())
    }

    /// The same, to be written.
    pub(super) fn stacks_mut(&mut self) -> impl Iterator<Item = &mut Stack> {
        self.all.values_mut().map(|tunnel| tunnel.stack.as_mut())
    }

    /// Takes what came of one; `depth`: so many are around it.
    pub(super) fn take(&mut self, id: u32, what: Tunneled, depth: usize, keys: &mut KeyLog) {
        match what {
            Tunneled::Asked(session) if depth < DEEPEST => {
                let stack = Box::new(Stack::inside(*session, depth + 1));
                self.all.insert(id, Tunnel { stack, at: [0; 2] });
            }
            Tunneled::Asked(_) => {}
            Tunneled::Seen(side, seen, origin) => {
                if let Some(tunnel) = self.all.get_mut(&id) {
                    tunnel.take(side, seen, origin, keys);
                }
            }
            Tunneled::Over => {
                if let Some(tunnel) = self.all.get(&id) {
                    let last = tunnel.stack.session.transport.last;
                    self.over.push_back((last, id));
                }
            }
        }
    }

    /// Whether one was over at `time`, or too many wait.
    pub(super) fn has_over(&self, time: i64) -> bool {
        let first = self.over.front();
        self.over.len() > MOST_OVER || first.is_some_and(|(origin, _)| origin.time <= time)
    }

    /// The next one that was over at `time`, or has to make room.
    pub(super) fn over(&mut self, time: i64) -> Option<Box<Stack>> {
        while self.has_over(time) {
            let (_, id) = self.over.pop_front()?;
            if let Some(tunnel) = self.all.remove(&id) {
                return Some(tunnel.stack);
            }
        }
        None
    }

    /// All that are left, in the order of their numbers.
    pub(super) fn finish(self) -> impl Iterator<Item = Box<Stack>> {
        self.all.into_values().map(|tunnel| tunnel.stack)
    }
}

impl Tunnel {
    fn session(&mut self) -> &mut Session {
        &mut self.stack.session
    }

    fn take(&mut self, side: usize, seen: Seen, origin: Origin, keys: &mut KeyLog) {
        let transport = &mut self.session().transport;
        match &seen {
            Seen::Answer(_) | Seen::Data(_) => transport.note_data(side, origin),
            Seen::Gap(_) | Seen::End | Seen::Reset(_) => transport.note(side, origin),
        }
        match seen {
            Seen::Answer(response) => {
                let head = Piece::Head(Head::Response(response), true, origin);
                self.stack.piece(side, head, false, keys);
            }
            Seen::Data(bytes) => {
                let at = self.pass(side, bytes.len() as u64);
                let piece = Piece::Bytes(at, &bytes, origin);
                self.stack.piece(side, piece, false, keys);
            }
            Seen::Gap(Some(count)) => {
                let at = self.pass(side, count);
                let gap = Piece::Gap(at, count, origin);
                self.stack.piece(side, gap, false, keys);
            }
            Seen::Gap(None) => {
                let at = self.pass(side, 0);
                let lost = Piece::Lost(at, origin);
                self.stack.piece(side, lost, false, keys);
            }
            Seen::End => {
                let end = self.session().transport.ends.get_mut(side);
                let end = end.filter(|end| end.fin.is_none());
                if let Some(end) = end {
                    end.fin = Some(origin);
                    self.stack.piece(side, Piece::Fin(origin), false, keys);
                }
            }
            Seen::Reset(code) => {
                let session = self.session();
                if session.transport.note_reset(side, code, origin) {
                    session.event(side, origin, What::Rst);
                }
            }
        }
    }

    /// Goes on by so many bytes of an end. Gives where it was.
    fn pass(&mut self, side: usize, count: u64) -> u64 {
        let Some(place) = self.at.get_mut(side) else {
            return 0;
        };
        let at = *place;
        *place = at.saturating_add(count);
        let bytes = *place;
        if let Some(end) = self.session().transport.ends.get_mut(side) {
            end.bytes = bytes;
        }
        at
    }
}
