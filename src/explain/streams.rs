//! Connections that are streams of HTTP/2: how one ended that shares TCP with others.

use super::connection::Reasoning;
use super::connection::between;
use crate::escape::escape_bytes;
use crate::facts::advice;
use crate::facts::causes::{Cause, status};
use crate::frame::Sender;
use crate::session::{EndKind, GoAway, Origin, Stream, TcpEnd};
use crate::words::{Advice, Message, Value, say};

/// Error codes (RFC 9113 section 7).
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;
const HTTP_1_1_REQUIRED: u32 = 13;

/// What to do about an error code, or a RST_STREAM of which none is known.
///
/// Source: RFC 9113 section 7.
fn advice_for(code: Option<u32>) -> Vec<&'static Advice> {
    let rows: &'static [Advice] = match code {
        Some(NO_ERROR | 8) => advice::H2_CANCEL,
        Some(1 | 3..=6 | 9) => advice::H2_PROTOCOL,
        Some(REFUSED_STREAM) => advice::H2_RETRY,
        Some(10) => advice::H2_CONNECT,
        Some(11) => advice::H2_CALM,
        Some(HTTP_1_1_REQUIRED) => advice::H2_HTTP1,
        _ => advice::H2_FAILED,
    };
    rows.iter().collect()
}

/// Who says a GOAWAY.
fn sender_of(goaway: &GoAway) -> Sender {
    match goaway.side {
        0 => Sender::Client,
        _ => Sender::Server,
    }
}

/// The name of an error code of HTTP/2; `None` for a number without one.
///
/// Source: RFC 9113 section 7.
fn error_name(code: u32) -> Option<&'static str> {
    const NAMES: [&str; 14] = [
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];
    NAMES.get(usize::try_from(code).ok()?).copied()
}

fn error(code: u32) -> Value {
    match error_name(code) {
        Some(name) => Value::from(name),
        None => Value::from(format!("0x{code:x}")),
    }
}

impl Reasoning<'_> {
    /// Whether it is a stream that had an end of its own.
    pub(super) fn is_of_stream(&self) -> bool {
        let stream = self.record.transport.stream.as_ref();
        stream.is_some_and(|stream| !stream.is_of_connection)
    }

    /// Whether nothing more can come of an end, as far as its stream goes: the other one may have ended its
    /// half alone.
    pub(super) fn is_stream_over(&self, sender: Sender) -> bool {
        if !self.is_of_stream() {
            return true;
        }
        let ends = [&self.record.client_end, &self.record.server_end];
        let is_reset = ends.iter().any(|end| end.endpoint.rst.is_some());
        is_reset || self.record.side(sender).endpoint.fin.is_some()
    }

    /// The error code with which an end broke a stream off.
    fn reset_code(&self, by: Sender) -> Option<u32> {
        let stream = self.record.transport.stream.as_ref()?;
        *stream.resets.get(usize::from(by == Sender::Server))?
    }

    /// How an end ended the stream, in the words of HTTP/2.
    fn stream_end_kind(&self, end: TcpEnd) -> Value {
        match (end.kind, self.reset_code(end.by)) {
            (EndKind::Fin | EndKind::Notify, _) => Value::from("END_STREAM"),
            (EndKind::Rst, Some(code)) => say!(stream_end.reset, code = error(code)).into(),
            (EndKind::Rst, None) => Value::from("RST_STREAM"),
        }
    }

    /// Nobody closed, and the stream ended; `false` where it is none, or TCP ended it.
    pub(super) fn stream_end(&mut self, end: TcpEnd) -> bool {
        if !self.is_of_stream() {
            return false;
        }
        let by = end.by;
        if self.left_tunnel(end) {
            return true;
        }
        match end.kind {
            EndKind::Rst => {
                let kind = self.stream_end_kind(end);
                self.answer(Cause::Reset, say!(stream_end.broken_off, by, kind));
                let code = self.reset_code(by);
                self.say_code(code);
                self.found.advice = advice_for(code);
            }
            EndKind::Fin | EndKind::Notify => {
                self.answer(Cause::PeerGone, say!(stream_end.gone, by))
            }
        }
        self.tcp_end();
        self.suspect_timer();
        true
    }

    /// An end went before the other broke off the tunnel that led to it: it ended TLS in there, and a proxy passes the
    /// end of a connection on later, or not at all.
    fn left_tunnel(&mut self, end: TcpEnd) -> bool {
        let record = self.record;
        let by = end.by.other();
        let stream = record.transport.stream.as_ref();
        let is_tunnel = stream.is_some_and(|stream| stream.is_tunnel);
        let tls = record.tls.as_ref().filter(|_| is_tunnel);
        let left = tls.and_then(|tls| tls.end(by).closed);
        let Some(left) = left.filter(|left| left.turn < end.origin.turn) else {
            return false;
        };
        let packet = left.packet;
        self.answer(Cause::PeerGone, say!(stream_end.left_tunnel, by, packet));
        self.tcp_end();
        self.suspect_timer();
        true
    }

    /// What an error code says of itself that changes what to do.
    fn say_code(&mut self, code: Option<u32>) {
        match code {
            Some(REFUSED_STREAM) => self.say(say!(stream_end.safe_to_retry)),
            Some(HTTP_1_1_REQUIRED) => self.say(say!(stream_end.wants_http1)),
            _ => {}
        }
    }

    /// The connection of the stream ended, as one of its ends had said; `false` where none had.
    pub(super) fn goaway_end(&mut self) -> bool {
        let record = self.record;
        let stream = record.transport.stream.as_ref();
        let stream = stream.filter(|stream| stream.is_of_connection);
        let Some(goaway) = stream.and_then(|stream| stream.goaway.as_ref()) else {
            return false;
        };
        let by = sender_of(goaway);
        if goaway.code == NO_ERROR {
            self.answer(Cause::PeerGone, say!(stream_end.connection_left, by));
            self.found.advice = match by {
                Sender::Client => advice_for(Some(NO_ERROR)),
                Sender::Server => advice::H2_LEFT.iter().collect(),
            };
        } else {
            let code = error(goaway.code);
            self.answer(
                Cause::PeerGone,
                say!(stream_end.connection_failed, by, code),
            );
            self.found.advice = advice_for(Some(goaway.code));
        }
        self.tcp_end();
        true
    }

    /// The stream, or its connection, ended before the CONNECT had an answer; `false` where the client gave up, or
    /// it is no stream.
    pub(super) fn stream_unanswered(&mut self, end: TcpEnd, asked: Origin) -> bool {
        let Some(stream) = self.record.transport.websocket_stream() else {
            return false;
        };
        let by = end.by;
        let is_above = |goaway: &&GoAway| goaway.side == 1 && goaway.last < stream.id;
        let goaway = stream.goaway.as_ref().filter(is_above);
        let code = self.reset_code(by).filter(|_| end.kind == EndKind::Rst);
        if let Some(goaway) = goaway {
            let (id, last) = (u64::from(stream.id), u64::from(goaway.last));
            self.answer(Cause::NoAnswer, say!(stream_end.not_processed, id, last));
            self.found.advice = advice::H2_RETRY.iter().collect();
            self.tcp_end();
            return true;
        }
        if by == Sender::Client {
            return false;
        }
        let after = between(asked, end.origin);
        if stream.is_of_connection {
            self.answer(Cause::UpgradeRefused, say!(opening.unanswered, by, after));
            let goaway = stream.goaway.as_ref().filter(|goaway| goaway.side == 1);
            self.found.advice = match goaway.map(|goaway| goaway.code) {
                Some(NO_ERROR) => advice::H2_LEFT.iter().collect(),
                Some(code) => advice_for(Some(code)),
                None => advice::H2_NOT_OFFERED.iter().collect(),
            };
        } else {
            let kind = self.stream_end_kind(end);
            let message = say!(stream_end.unanswered, by, after, kind);
            self.answer(Cause::UpgradeRefused, message);
            self.say_code(code);
            self.found.advice = match code {
                // Who does not know extended CONNECT takes it for malformed (RFC 9113 section 8.1.1).
                Some(1) | None => advice::H2_NOT_OFFERED.iter().collect(),
                code => advice_for(code),
            };
        }
        self.say_not_offered(stream);
        self.tcp_end();
        true
    }

    fn say_not_offered(&mut self, stream: &Stream) {
        if stream.is_offered == Some(false) {
            self.say(say!(stream_end.not_offered));
            self.found.advice = advice::H2_NOT_OFFERED.iter().collect();
        }
    }

    /// The CONNECT for a stream had an answer that refuses it.
    pub(super) fn stream_refused(&mut self, stream: &Stream, answer: u16) {
        let message = say!(stream_end.refused, status = answer);
        self.answer(Cause::UpgradeRefused, message);
        // What is said of these statuses is about headers that HTTP/2 has not.
        let rows: &'static [Advice] = match answer {
            400 | 405 | 421 | 426 | 501 => advice::H2_NOT_OFFERED,
            500 | 505..=519 | 531.. => advice::H2_FAILED,
            answer => status(answer).advice,
        };
        self.found.advice = rows.iter().collect();
        self.say_not_offered(stream);
    }

    /// Who ended the stream first, and how.
    pub(super) fn stream_ended(&self, end: TcpEnd) -> Option<Message> {
        let kind = self.is_of_stream().then(|| self.stream_end_kind(end))?;
        let (by, packet) = (end.by, end.origin.packet);
        let duration = Value::Seconds(self.record.seconds(end.origin));
        Some(say!(stream_end.first, by, kind, packet, duration))
    }

    /// What is to know of a stream besides.
    pub(super) fn besides_stream(&mut self) {
        let record = self.record;
        let Some(stream) = &record.transport.stream else {
            return;
        };
        // One that came behind its end is not about it.
        let is_before = |at: u64| {
            let own = record.end.filter(|_| !stream.is_of_connection);
            own.is_none_or(|end| at <= end.origin.turn)
        };
        let goaway = stream.goaway.as_ref();
        if let Some(goaway) = goaway.filter(|goaway| is_before(goaway.origin.turn)) {
            let by = sender_of(goaway);
            let (code, packet) = (error(goaway.code), goaway.origin.packet);
            self.say(match goaway.debug.as_slice() {
                [] => say!(stream_end.goaway, by, code, packet),
                debug => {
                    let debug = escape_bytes(debug);
                    say!(stream_end.goaway_with, by, code, packet, debug)
                }
            });
        }
        if stream.is_of_connection && record.closes.is_empty() {
            self.say(say!(stream_end.of_connection));
        }
        let id = u64::from(stream.id);
        self.found.note(match stream.is_tunnel {
            true => say!(stream_end.tunnel, id),
            false => say!(stream_end.number, id),
        });
    }
}
