//! What is known of a connection when it is handed out.

use std::net::SocketAddr;

use crate::application::Application;
use crate::conversation::SentClose;
use crate::escape::hide;
use crate::frame::Sender;
use crate::inspect::{Hint, History};

use super::direction::{CutFrame, Found, TimedClose};
use super::finder::Confidence;
use super::tls::{Tls, TlsEnd};
use super::transport::{Endpoint, Forgotten, Origin, TcpEnd, Transport};
use super::{Event, Handshake, Ping, Proof};

/// What one end did.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EndRecord {
    /// What the transport tells of it.
    pub endpoint: Endpoint,
    /// Its frames, one that is cut included.
    pub frames: u64,
    /// Its complete data messages.
    pub messages: u64,
    /// Its pings.
    pub pings: u64,
    /// Its pongs.
    pub pongs: u64,
    /// The frame that its stream ends inside of.
    pub cut: Option<CutFrame>,
    /// Bytes of frames that could not be found again behind a gap.
    pub unread: u64,
    /// From where on in its stream a Close may be hidden in what was not seen; 0 where none of it was.
    pub hidden: Option<u64>,
    /// Whether that may be before the first byte that was seen.
    pub is_headless: bool,
    /// Where frames of it were hidden last.
    pub hidden_since: Option<Origin>,
    /// Its first Close, with what the other end had sent before.
    pub first_close: Option<Box<SentClose>>,
    /// What a Close of the other end may need to know.
    pub history: History,
}

/// The other leg of a connection through a proxy: its upgrade has the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leg {
    /// Its client.
    pub client: Option<SocketAddr>,
    /// Its server.
    pub server: Option<SocketAddr>,
    /// When its upgrade was asked for.
    pub asked: Option<Origin>,
    /// When that was answered.
    pub answered: Option<Origin>,
    /// Its end, as far as it has one.
    pub end: Option<TcpEnd>,
    /// When the last frame of it came.
    pub last_data: i64,
    /// Whether it is the one on the client's side of the proxy.
    pub is_client_side: bool,
    /// The code of the first Close on it.
    pub has_close: bool,
}

/// Something that was not seen of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotSeen {
    /// `gap`, `side`, `tail` or `handshake`.
    pub what: &'static str,
    /// Whose it is.
    pub sender: Sender,
    /// Its bytes, where that is known.
    pub bytes: Option<u64>,
}

/// Everything that is known of a connection.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// What the source tells of it beside the bytes; its ends are the client and the server.
    pub transport: Transport,
    /// The opening handshake.
    pub handshake: Handshake,
    /// TLS, where it is spoken.
    pub tls: Option<Tls>,
    /// Whether one end spoke HTTP and the other TLS.
    pub is_http_on_tls: bool,
    /// How sure it is that there are frames, where they had to be found.
    pub confidence: Option<Confidence>,
    /// What showed that it is WebSocket, where nobody saw the upgrade.
    pub found: Option<Proof>,
    /// The port of what was taken for the server, where nothing that was said shows which end it is.
    pub guessed: Option<u16>,
    /// The client's part.
    pub client_end: EndRecord,
    /// The server's part.
    pub server_end: EndRecord,
    /// The Close frames, in the order of their packets.
    pub closes: Vec<TimedClose>,
    /// The findings, in the order of their packets.
    pub findings: Vec<Found>,
    /// How many there were.
    pub finding_count: u64,
    /// What is odd and breaks nothing.
    pub hints: Vec<(Sender, Hint)>,
    /// Pings without a pong, oldest first.
    pub unanswered: Vec<Ping>,
    /// How it ended: who was the first to say that no more comes of it, in TCP or in TLS.
    pub end: Option<TcpEnd>,
    /// How TCP ended.
    pub tcp_end: Option<TcpEnd>,
    /// Why it was not followed to its end.
    pub forgotten: Option<Forgotten>,
    /// Whether there was no memory to inflate its messages.
    pub is_not_inflated: bool,
    /// What the application said, as far as that is read.
    pub application: Option<Box<Application>>,
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

    /// Who sent the first Close, as far as that was seen.
    pub fn closed_by(&self) -> Option<Sender> {
        let first = self.closes.first()?;
        let other = self.side(first.sender.other());
        let hidden = other.hidden;
        // Who had received nothing of what was not seen did not answer to it.
        let is_first = hidden.is_none_or(|hidden| {
            let received = first.had_received;
            !other.is_headless && received.is_some_and(|received| received <= hidden)
        });
        is_first.then_some(first.sender)
    }

    /// Whether the first Close may lie in what was not seen.
    pub fn hides_close(&self) -> bool {
        let lacks = self.transport.lacks;
        if lacks.closes || self.is_hidden() {
            return false;
        }
        match self.closes.first() {
            Some(_) => self.closed_by().is_none(),
            // What goes on at the end of the capture was not closed, whichever end it was seen of.
            None => [&self.client_end, &self.server_end].into_iter().any(|end| {
                end.hidden.is_some() && (self.end.is_some() || end.endpoint.is_captured)
            }),
        }
    }

    /// Whether a frame of `sender` may be hidden in what was not seen from `origin` on.
    pub fn may_hide_since(&self, sender: Sender, origin: Origin) -> bool {
        let end = self.side(sender);
        let hidden = end.hidden_since;
        !end.endpoint.is_captured || hidden.is_some_and(|hidden| hidden.turn >= origin.turn)
    }

    /// What was not seen of it.
    pub fn not_seen(&self) -> Vec<NotSeen> {
        let mut all = Vec::new();
        if self.transport.lacks.transport {
            return all;
        }
        for sender in [Sender::Client, Sender::Server] {
            let end = &self.side(sender).endpoint;
            let of = |what, bytes| NotSeen {
                what,
                sender,
                bytes,
            };
            if !end.is_captured {
                all.push(of("side", None));
            }
            let tail = if end.tail > 1 { end.tail } else { 0 };
            let gaps = end.oddities.lost.saturating_sub(tail);
            if gaps > 0 {
                all.push(of("gap", Some(gaps)));
            }
            if end.tail > 0 {
                all.push(of("tail", Some(end.tail)));
            }
        }
        if self.handshake.upgrade.response.is_none() && self.has_frames() {
            all.push(NotSeen {
                what: "handshake",
                sender: Sender::Server,
                bytes: None,
            });
        }
        all
    }

    /// What the client is called: its address, where that was seen.
    pub fn client_name(&self) -> Option<String> {
        let address = self.client_end.endpoint.address?;
        Some(address.to_string())
    }

    /// What the server is called: its address, or else the URL that was asked for.
    pub fn server_name(&self) -> String {
        match self.server_end.endpoint.address {
            Some(address) => address.to_string(),
            None => self.url().unwrap_or_default(),
        }
    }

    /// The URL that was asked for, where the source has it or the request tells; without its secrets.
    pub fn url(&self) -> Option<String> {
        if let Some(url) = &self.transport.url {
            return Some(hide(url).into_owned());
        }
        let request = self.handshake.upgrade.request.as_ref()?;
        let scheme = match self.is_tls() && !self.is_asked_in_clear() {
            true => "wss",
            false => "ws",
        };
        // Proxies are sent the whole of it.
        let absolute = request.target.split_once("://").map(|(_, rest)| rest);
        let rest = match (absolute, &request.host) {
            (Some(rest), _) => rest.to_owned(),
            (None, Some(host)) => format!("{host}{}", request.target),
            (None, None) => return None,
        };
        Some(hide(&format!("{scheme}://{rest}")).into_owned())
    }

    /// Seconds from the first packet to this.
    pub fn seconds(&self, origin: Origin) -> f64 {
        seconds(self.transport.first.time, origin.time)
    }

    /// When the first was seen of it, in nanoseconds since 1970.
    pub fn started(&self) -> Option<i64> {
        let started = self.transport.first.time;
        (started != 0 || !self.transport.lacks.transport).then_some(started)
    }

    /// How long it was there, as far as is known, in seconds.
    pub fn duration(&self) -> Option<f64> {
        let lacks = self.transport.lacks;
        let is_known = !lacks.transport || !lacks.messages;
        is_known.then(|| self.seconds(self.transport.last))
    }

    /// Whether TLS is spoken, as far as is known.
    pub fn is_tls(&self) -> bool {
        let url = self.transport.url.as_deref().unwrap_or_default();
        self.tls.is_some() || url.starts_with("wss:") || url.starts_with("https:")
    }

    /// Whether the client spoke no TLS, whatever the server answered.
    fn is_asked_in_clear(&self) -> bool {
        let tls = self.tls.as_ref();
        tls.is_some_and(|tls| tls.client == TlsEnd::default())
    }

    /// Whether the server answered to the request for an upgrade, with whatever bytes; `None` where what it
    /// said could not be read.
    pub fn has_answered(&self) -> Option<bool> {
        let server = &self.server_end.endpoint;
        // There may have been other requests before, which were answered.
        let is_later = |last: Origin| self.handshake.asked.is_none_or(|at| last.turn > at.turn);
        // Where the request came through TLS, only what came through it may be an answer.
        let tls = self.tls.as_ref();
        let tls = tls.filter(|tls| tls.client.read_from.is_some());
        match tls.filter(|_| self.transport.websocket_stream().is_none()) {
            Some(tls) if tls.server.unread > 0 || tls.server.is_broken => None,
            Some(tls) => Some(tls.server.read_last.is_some_and(is_later)),
            None => {
                let has_said = server.bytes > server.oddities.lost;
                Some(has_said && server.last_data.is_none_or(is_later))
            }
        }
    }

    /// Whether what was said is encrypted, and none of it could be read.
    pub fn is_hidden(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| !tls.is_read())
    }

    /// Whether frames were seen.
    pub fn has_frames(&self) -> bool {
        self.client_end.frames + self.server_end.frames > 0
    }

    /// Whether WebSocket was agreed on, as far as the capture shows.
    pub fn is_upgraded(&self) -> bool {
        let upgrade = &self.handshake.upgrade;
        match upgrade.response {
            Some(_) => upgrade.is_accepted(),
            None => self.has_frames(),
        }
    }

    /// When the last bytes came before its end, from either side.
    pub fn last_data(&self) -> Option<Origin> {
        let ends = [&self.client_end, &self.server_end];
        let both = ends.map(|end| end.endpoint.last_data);
        both.into_iter().flatten().max_by_key(|origin| origin.time)
    }

    /// How long nothing had been said when the last was seen of it, in seconds.
    pub fn quiet(&self) -> Option<f64> {
        Some(seconds(self.last_data()?.time, self.transport.last.time))
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
