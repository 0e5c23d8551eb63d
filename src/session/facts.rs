//! What a session comes to know: the handshake, TLS, pings, and what happened when.

use crate::frame::Sender;

use super::direction::FrameSeen;
use super::tls::Alert;
use super::transport::Origin;
use crate::upgrade::Upgrade;

/// What is known of the opening handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// The beginning of the page that came in place of a 101.
    pub page: Vec<u8>,
}

/// What is known of TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The version that the server chose.
    pub version: Option<u16>,
    /// Alerts in clear: who sent them and where.
    pub alerts: Vec<(Sender, Alert, Origin)>,
    /// What the client sent.
    pub client: TlsEnd,
    /// What the server sent.
    pub server: TlsEnd,
}

/// What is known of one end's TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsEnd {
    /// Whether its hello came.
    pub has_greeted: bool,
    /// Records of data, those with handshake messages of TLS 1.3 included.
    pub data_records: u64,
    /// The length of the last of them.
    pub last_length: u16,
    /// Whether an encrypted alert came, most often close_notify.
    pub has_alerted: bool,
    /// Whether it said from when on it encrypts.
    pub has_changed_cipher: bool,
    /// Whether it sent something that is no TLS.
    pub is_broken: bool,
}

impl Tls {
    /// What an end sent.
    pub fn end(&self, sender: Sender) -> &TlsEnd {
        match sender {
            Sender::Client => &self.client,
            Sender::Server => &self.server,
        }
    }

    pub(super) fn end_mut(&mut self, sender: Sender) -> &mut TlsEnd {
        match sender {
            Sender::Client => &mut self.client,
            Sender::Server => &mut self.server,
        }
    }

    /// Whether the client has got as far as sending encrypted records: it was content with the
    /// server's certificate.
    pub fn is_established(&self) -> bool {
        self.client.data_records > 0 && self.server.data_records > 0
            || self.client.has_changed_cipher
                && self.server.has_changed_cipher
                && self.version < Some(0x0304)
    }
}

/// A ping.
#[derive(Clone, Debug, PartialEq)]
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
