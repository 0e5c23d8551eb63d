//! What the first bytes of a stream are.

use super::finder::find;
use super::held::Held;
use super::transport::Origin;
use super::{Phase, Session};
use crate::frame::Sender;

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
    } else if METHODS.into_iter().any(may_begin) || may_begin(b"HTTP/1.") {
        First::Unknown
    } else {
        First::Other
    }
}

impl Session {
    pub(super) fn start(
        &mut self,
        side: usize,
        at: u64,
        bytes: &[u8],
        origin: Origin,
        is_cut: bool,
    ) {
        let mut begun = Vec::new();
        // In the middle of a connection what is held is what frames are looked for in.
        let held = self.held.get(side).filter(|_| self.has_beginning);
        for held in held.into_iter().flatten() {
            begun.extend_from_slice(&held.bytes);
        }
        begun.extend_from_slice(bytes.get(..bytes.len().min(16)).unwrap_or_default());
        let other = 1 - side;
        match first(&begun) {
            First::Unknown if self.has_beginning => {
                self.hold(
                    side,
                    Held {
                        at,
                        bytes: bytes.to_vec(),
                        gap: 0,
                        origin,
                        had_received: None,
                    },
                );
                return;
            }
            First::Request => {
                self.client.get_or_insert(side);
                self.has_http = true;
                self.set(side, Phase::Http(Box::default()));
            }
            First::Response => {
                self.client.get_or_insert(other);
                self.has_http = true;
                self.is_http_on_tls = self
                    .tls
                    .as_ref()
                    .is_some_and(|tls| tls.client.has_greeted && !tls.server.has_greeted);
                self.set(side, Phase::Http(Box::default()));
            }
            // Behind a SYN a connection begins with something that is known, or is not
            // followed. In the middle of one there may be frames anywhere.
            First::Other if self.has_beginning => self.set(side, Phase::Opaque),
            First::Other | First::Unknown => {
                if self.request_ends.is_some() && self.client == Some(other) {
                    self.answer_unseen(side, at, bytes, origin, is_cut);
                } else {
                    self.search(side, at, bytes, origin);
                }
                return;
            }
        }
        if !self.has_beginning {
            self.search_no_more();
        }
        self.replay(side);
        self.bytes(side, at, bytes, origin, is_cut);
    }

    /// Takes what a server sends whose answer to an upgrade was not seen: perhaps frames.
    fn answer_unseen(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin, is_cut: bool) {
        if find(bytes, Sender::Server, is_cut).is_none() {
            return;
        }
        let is_waiting = matches!(self.phases.get(1 - side), Some(Phase::Waiting));
        let client_at = self.request_ends.filter(|_| is_waiting);
        // The server's are found there once more, and tried by what follows.
        self.open([client_at, None], self.reading_unknown());
        if let Some(directions) = &mut self.directions {
            directions.server.begins_unseen(origin);
        }
        self.replay(1 - side);
        self.bytes(side, at, bytes, origin, is_cut);
    }
}
