//! A connection through a proxy, of which both legs were captured: which of them ended first, and by whom.

use std::net::SocketAddr;

use super::connection::{Reasoning, SHORTEST_SILENCE, between};
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::{Origin, TcpEnd, seconds};
use crate::words::{Value, say, text};

/// Two legs of a proxy that end within this belong together, in seconds.
const TOGETHER: f64 = 1.0;

/// Whether the times of two ends tell which came first. A FIN that was not captured came before it was acknowledged, and
/// nobody knows how long before.
fn is_order_known(one: TcpEnd, other: TcpEnd) -> bool {
    match one.origin.time <= other.origin.time {
        true => other.is_seen,
        false => one.is_seen,
    }
}

impl Reasoning<'_> {
    /// A proxy between, whose other leg is in the capture.
    pub(super) fn legs(&mut self, by: Sender, at: Origin) -> bool {
        let record = self.record;
        let Some((leg, end)) = record.leg.and_then(|leg| Some((leg, leg.end?))) else {
            return false;
        };
        // On the client's side the proxy is the server.
        let proxy = if leg.is_client_side {
            Sender::Client
        } else {
            Sender::Server
        };
        if by != proxy {
            return false;
        }
        let apart = seconds(at.time.min(end.origin.time), at.time.max(end.origin.time));
        if apart > TOGETHER {
            return false;
        }
        if end.by != proxy {
            let silence = record.silence().unwrap_or_default();
            if silence >= SHORTEST_SILENCE {
                let silence = Value::Seconds(silence);
                self.answer(Cause::IdleTimeout, say!(ending.idle_legs, silence));
                self.also(Cause::PeerGone, say!(decide.gone));
            } else {
                self.answer(Cause::PeerGone, say!(ending.proxy_gone));
            }
            return true;
        }
        let is_known = record.end.is_some_and(|this| is_order_known(this, end));
        // Where the times do not tell, the proxy passed on what came from the far end: it does not end one leg alone.
        if is_known && end.origin.time > at.time {
            return false;
        }
        let far = if leg.is_client_side {
            text!(end.client)
        } else {
            text!(end.backend)
        };
        let after = Value::Seconds(apart);
        let message = match is_known {
            true => say!(ending.peer_gone_leg, far, after),
            false => say!(ending.peer_gone_leg_unseen, far),
        };
        self.answer(Cause::PeerGone, message);
        true
    }

    /// The connection on the other side of a proxy.
    pub(super) fn other_leg(&mut self) {
        let record = self.record;
        let Some(leg) = record.leg else {
            return;
        };
        let name = |address: Option<SocketAddr>| address.map_or(String::new(), |it| it.to_string());
        let (client, server) = (name(leg.client), name(leg.server));
        self.say(say!(ending.leg, client, server));
        if let (Some(this_end), Some(other_end)) = (record.end, leg.end) {
            let (this, other) = (this_end.origin, other_end.origin);
            let is_known = is_order_known(this_end, other_end);
            if !is_known {
                let (first, last) = (this.time.min(other.time), this.time.max(other.time));
                let after = Value::Seconds(seconds(first, last));
                self.say(say!(ending.other_leg_near, after));
                return;
            }
            self.say(match this.time < other.time {
                true => say!(ending.other_leg_later, after = between(this, other)),
                false => say!(ending.other_leg_first, after = between(other, this)),
            });
        }
    }
}
