//! Connections that are streams of HTTP/2: how one ended that shares TCP with others.

use super::connection::Reasoning;
use crate::escape::escape_bytes;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::{EndKind, TcpEnd};
use crate::words::{Message, Value, say};

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
            (EndKind::Fin, _) => Value::from("END_STREAM"),
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
        match end.kind {
            EndKind::Rst => {
                let kind = self.stream_end_kind(end);
                self.answer(Cause::Reset, say!(stream_end.broken_off, by, kind));
            }
            EndKind::Fin => self.answer(Cause::PeerGone, say!(stream_end.gone, by)),
        }
        self.tcp_end();
        self.suspect_timer();
        true
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
            let by = match goaway.side {
                0 => Sender::Client,
                _ => Sender::Server,
            };
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
        self.found.note(say!(stream_end.number, id));
    }
}
