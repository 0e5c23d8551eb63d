//! What is known of a connection when it is handed out.

use std::net::SocketAddr;

use crate::conversation::ClosedBy;
use crate::frame::Sender;
use crate::inspect::{Hint, History};

use super::super::direction::{CloseSeen, CutFrame, Found};
use super::super::finder::Confidence;
use super::super::session::{Event, Ping, Tls, Upgrade};
use super::super::tcp::{Oddities, Origin};

/// How a TCP connection came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beginning {
    /// It was there before the capture.
    #[default]
    Before,
    /// Asked for, and nobody answered.
    Asked,
    /// Asked for and refused.
    Refused,
    /// Asked for and answered.
    Opened,
}

/// In what way an end ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// It has nothing more to send.
    Fin,
    /// It breaks the connection off.
    Rst,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpEnd {
    /// How.
    pub kind: EndKind,
    /// By whom.
    pub by: Sender,
    /// Where.
    pub origin: Origin,
}

/// Why nothing more is known of a connection that did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// There were too many others.
    TooMany,
    /// Nothing came for too long: for so many nanoseconds.
    Idle(i64),
    /// The ports were used again without an end in the capture.
    Reused,
}

/// What one end did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndRecord {
    /// Whether any packet of it was captured.
    pub is_captured: bool,
    /// The bytes of its stream.
    pub bytes: u64,
    /// Its frames, one that is cut included.
    pub frames: u64,
    /// Its complete data messages.
    pub messages: u64,
    /// Its pings.
    pub pings: u64,
    /// Its pongs.
    pub pongs: u64,
    /// What was odd about its segments.
    pub oddities: Oddities,
    /// The frame that its stream ends inside of.
    pub cut: Option<CutFrame>,
    /// The last packet with new bytes.
    pub last_data: Option<Origin>,
    /// How often its last bytes were sent again without an acknowledgement.
    pub unacknowledged: u64,
    /// Bytes of frames that could not be found again behind a gap.
    pub unread: u64,
    /// Its first Close, with what the other end had sent before.
    pub closed_by: Option<ClosedBy>,
    /// What a Close of the other end may need to know.
    pub history: History,
    /// Its first FIN.
    pub fin: Option<Origin>,
    /// Its first RST.
    pub rst: Option<Origin>,
}

/// The other leg of a connection through a proxy: its upgrade has the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its client.
    pub client: SocketAddr,
    /// Its server.
    pub server: SocketAddr,
    /// Its end, as far as it has one.
    pub end: Option<TcpEnd>,
    /// When the last frame of it came.
    pub last_data: i64,
    /// Whether it is the one on the client's side of the proxy.
    pub is_client_side: bool,
    /// The code of the first Close on it.
    pub has_close: bool,
}

/// Everything that is known of a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The end that opened it.
    pub client: SocketAddr,
    /// The end that was connected to.
    pub server: SocketAddr,
    /// How it came to be.
    pub beginning: Beginning,
    /// How often its SYN was sent.
    pub syns: u64,
    /// Its first packet.
    pub first: Origin,
    /// Its last packet.
    pub last: Origin,
    /// Its packets.
    pub packets: u64,
    /// The upgrade.
    pub upgrade: Upgrade,
    /// TLS, where it is spoken.
    pub tls: Option<Tls>,
    /// Whether one end spoke HTTP and the other TLS.
    pub is_http_on_tls: bool,
    /// How sure it is that there are frames, where they had to be found.
    pub confidence: Option<Confidence>,
    /// The client's part.
    pub client_end: EndRecord,
    /// The server's part.
    pub server_end: EndRecord,
    /// The Close frames, in the order of their packets.
    pub closes: Vec<CloseSeen>,
    /// The findings, in the order of their packets.
    pub findings: Vec<Found>,
    /// How many there were.
    pub finding_count: u64,
    /// What is odd and breaks nothing.
    pub hints: Vec<(Sender, Hint)>,
    /// Pings without a pong, oldest first.
    pub unanswered: Vec<Ping>,
    /// How it ended.
    pub end: Option<TcpEnd>,
    /// Why it was not followed to its end.
    pub forgotten: Option<Forgotten>,
    /// Whether bytes had to be given up for memory.
    pub is_capped: bool,
    /// Whether there was no memory to inflate its messages.
    pub is_not_inflated: bool,
    /// The other leg, where a proxy stands between and both were captured.
    pub leg: Option<Leg>,
    /// The last events, where these were asked for.
    pub events: Vec<Event>,
}

impl Record {
    /// What an end did.
    pub fn side(&self, sender: Sender) -> &EndRecord {
        match sender {
            Sender::Client => &self.client_end,
            Sender::Server => &self.server_end,
        }
    }

    /// Seconds from the first packet to this.
    pub fn seconds(&self, origin: Origin) -> f64 {
        seconds(self.first.time, origin.time)
    }

    /// Whether frames were seen.
    pub fn has_frames(&self) -> bool {
        self.client_end.frames + self.server_end.frames > 0
    }

    /// Whether WebSocket was agreed on, as far as the capture shows.
    pub fn is_upgraded(&self) -> bool {
        let status = self
            .upgrade
            .response
            .as_ref()
            .map(|response| response.status);
        status == Some(101) || status.is_none() && self.has_frames()
    }

    /// When the last bytes came before its end, from either side.
    pub fn last_data(&self) -> Option<Origin> {
        let both = [self.client_end.last_data, self.server_end.last_data];
        both.into_iter().flatten().max_by_key(|origin| origin.time)
    }

    /// How long nothing had been said when it ended, in seconds.
    pub fn silence(&self) -> Option<f64> {
        Some(seconds(self.last_data()?.time, self.end?.origin.time))
    }
}

/// Seconds between two times; never negative, for clocks that jump.
pub fn seconds(from: i64, to: i64) -> f64 {
    to.saturating_sub(from).max(0) as f64 / 1e9
}
