//! What the first bytes of a stream are.

use super::finder::find;
use super::held::Held;
use super::transport::Origin;
use super::{Phase, Session};
use crate::frame::Sender;
use crate::upgrade::Heads;

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
                self.is_http_on_tls = self
                    .tls
                    .as_ref()
                    .is_some_and(|tls| tls.client.has_greeted && !tls.server.has_greeted);
                self.set(side, Phase::Http(Heads::default()));
            }
            First::Other => {
                // Behind a SYN a connection begins with something that is known, or is not
                // followed. In the middle of one there may be frames anywhere.
                let is_frames = !self.has_beginning && self.looks_like_frames(side, bytes, is_cut);
                if is_frames {
                    // A client that waits for an answer, which was lost, sends frames behind its request.
                    let is_waiting = matches!(self.phases.get(other), Some(Phase::Waiting));
                    let asked = self.request_ends.filter(|_| is_waiting);
                    self.open([asked, None], self.reading_unknown());
                    self.replay(other);
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
    pub(super) fn looks_like_frames(&mut self, side: usize, bytes: &[u8], is_cut: bool) -> bool {
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
}
