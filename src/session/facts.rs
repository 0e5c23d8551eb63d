//! What a session comes to know: the handshake, TLS, pings, and what happened when.

use crate::frame::Sender;

use super::direction::FrameSeen;
use super::tls::Alert;
use super::transport::Origin;
use crate::upgrade::Upgrade;

/// What is known of the opening handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handshake {
    /// The upgrade, judged.
    pub upgrade: Upgrade,
    /// Whether a refusal says that the port wants TLS.
    pub wants_tls: bool,
    /// When the request came.
    pub asked: Option<Origin>,
    /// When the answer came.
    pub answered: Option<Origin>,
    /// Whether it went through a proxy that was asked with CONNECT.
    pub is_tunneled: bool,
    /// What a proxy answered that refused a CONNECT.
    pub tunnel_refused: Option<u16>,
    /// How a SOCKS5 proxy refused.
    pub socks_refused: Option<SocksRefusal>,
    /// Whether a body followed a 101, which has none.
    pub has_body: bool,
    /// The beginning of the page that came in place of a 101.
    pub page: Vec<u8>,
}

/// How a SOCKS5 proxy gives no tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocksRefusal {
    /// It wants a login, or does not take the one that was given.
    Login,
    /// The number of its reply.
    Reply(u8),
}

/// A ping.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ping {
    /// Who sent it.
    pub sender: Sender,
    /// Where.
    pub origin: Origin,
    /// What it carries.
    pub payload: Vec<u8>,
}

/// Something that happened, for a timeline.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Who did it.
    pub sender: Sender,
    /// Where.
    pub origin: Origin,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// A SYN; `true` with the acknowledgement of one.
    Syn(bool),
    /// A request.
    Request(String),
    /// A response.
    Response(u16, String),
    /// A frame.
    Frame(FrameSeen),
    /// Bytes that the capture has not.
    Gap(u64),
    /// A TLS alert.
    Alert(Alert),
    /// Nothing more will be sent.
    Fin,
    /// The connection is broken off.
    Rst,
    /// A frame that is not whole.
    Cut(u64),
}
