//! Streams that are tunnels: a CONNECT without `:protocol` asks a proxy for one.
//!
//! What goes through it may be anything, and is not for HTTP/2 to read: it is handed on as it comes.
//!
//! Source: RFC 9113 section 8.5.

use super::head::Head;
use super::stream::{Kind, Seen, Stream};
use super::{Connection, MOST_ENDED};
use crate::session::{GoAway, Origin, Piece, Session};
use crate::upgrade::{self, Request};

/// Something of a tunnel.
#[derive(Debug)]
pub enum Tunneled {
    /// A client asked for it. What it asked is the first that the session has taken.
    Asked(Box<Session>),
    /// This was seen of an end.
    Seen(usize, Seen, Origin),
    /// Nothing more comes of it, but for a reset that says so.
    Over,
}

impl Connection {
    /// What came of tunnels since it was asked for last, by the number of their streams.
    pub fn take_tunneled(&mut self) -> Vec<(u32, Tunneled)> {
        let mut tunneled = std::mem::take(&mut self.tunneled);
        if self.tunnels == 0 {
            return tunneled;
        }
        for (id, stream) in &mut self.streams {
            if let Kind::Tunnel(seen) = &mut stream.kind {
                let seen = seen.drain(..);
                tunneled.extend(seen.map(|(side, seen, at)| (*id, Tunneled::Seen(side, seen, at))));
            }
        }
        tunneled
    }

    /// What an end said last of the end of the connection.
    pub fn last_goaway(&self) -> Option<&GoAway> {
        self.goaway.as_ref()
    }

    /// Takes the request for a tunnel; `before`: what came of the stream before it.
    pub(super) fn open_tunnel(
        &mut self,
        side: usize,
        id: u32,
        head: &Head,
        before: Option<Stream>,
        origin: Origin,
    ) {
        let target = head.authority.as_deref().unwrap_or_default();
        let request = Request::of("CONNECT", target, &head.headers());
        let mut session = self.session(side, id, origin);
        if let Some(stream) = &mut session.transport.stream {
            stream.is_tunnel = true;
        }
        session.transport.note(side, origin);
        let request = upgrade::Head::Request(Box::new(request));
        session.piece(side, Piece::Head(request, true, origin), false);
        self.tunneled.push((id, Tunneled::Asked(Box::new(session))));
        self.tunnels += 1;
        let seen = match before.map(|before| before.kind) {
            Some(Kind::Unknown(before)) => before.into_seen(),
            _ => Vec::new(),
        };
        self.keep(id, Stream::new(Kind::Tunnel(seen)));
    }

    /// Takes a tunnel out that is over, or has to make room.
    pub(super) fn put_away_tunnel(&mut self, id: u32, stream: Option<Stream>) {
        self.tunnels = self.tunnels.saturating_sub(1);
        if self.ended.len() == MOST_ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(id);
        if let Some(Kind::Tunnel(seen)) = stream.map(|stream| stream.kind) {
            let seen = seen.into_iter();
            self.tunneled
                .extend(seen.map(|(side, seen, at)| (id, Tunneled::Seen(side, seen, at))));
        }
        self.tunneled.push((id, Tunneled::Over));
    }
}
