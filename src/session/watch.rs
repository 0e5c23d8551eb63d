//! What a client that follows its own connection asks of it while it goes on.

use super::direction::{Found, TimedClose};
use super::{Phase, Ping, Session};
use crate::conversation::Unfinished;
use crate::frame::Sender;
use crate::upgrade::{Fault, Request, Response};

/// How far a connection has got.
#[derive(Debug)]
pub struct Watch<'a> {
    /// The answer to the upgrade.
    pub response: Option<&'a Response>,
    /// What is wrong with the upgrade.
    pub faults: &'a [Fault],
    /// The Close frames of the server.
    pub closes: &'a [TimedClose],
    /// What the server broke.
    pub findings: &'a [Found],
    /// The code for a fault of the frame that the server is sending.
    pub fault_so_far: Option<u16>,
    /// Whether a body came behind the 101.
    pub has_body: bool,
    /// How many complete messages the server has sent.
    pub messages: u64,
    /// How many frames it has sent.
    pub frames: u64,
    /// Pings without a pong, of both ends.
    pub unanswered: Vec<&'a Ping>,
    /// The message of the server that is open.
    pub open_message: Option<Unfinished>,
    /// Whether what the server sends is nothing that is followed.
    pub is_opaque: bool,
}

impl Session {
    /// How far it has got. The client has to be known.
    pub fn watch(&self) -> Watch<'_> {
        let server = self.directions.as_ref().map(|both| &both.server);
        let side = 1 - self.client.unwrap_or(0);
        Watch {
            response: self.handshake.upgrade.response.as_ref(),
            faults: &self.handshake.upgrade.faults,
            closes: server.map_or(&[], |server| &server.closes),
            findings: server.map_or(&[], |server| &server.findings),
            fault_so_far: server.and_then(|server| server.fault_so_far()),
            has_body: server.is_some_and(|server| server.has_body),
            messages: server.map_or(0, |server| server.messages()),
            frames: server.map_or(0, |server| server.frames()),
            unanswered: self.unanswered.iter().collect(),
            open_message: server.and_then(|server| server.open_message(Sender::Server)),
            is_opaque: matches!(self.phases.get(side), Some(Phase::Opaque)),
        }
    }

    /// The request for the upgrade.
    pub fn request_seen(&self) -> Option<&Request> {
        self.handshake.upgrade.request.as_ref()
    }

    /// The status with which a proxy refused a tunnel, or the server the upgrade, and the page that
    /// came with it.
    pub fn page(&self) -> &[u8] {
        &self.handshake.page
    }
}
