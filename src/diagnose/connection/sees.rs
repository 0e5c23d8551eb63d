//! What each side's application sees of an end, and why the two differ.

use crate::frame::Sender;
use crate::words::{Value, fill};

use super::super::causes::{Cause, say};
use super::{Reasoning, Values, word};

impl Reasoning<'_> {
    /// What each side's application sees.
    pub(super) fn sees(&mut self) {
        match self.cause {
            Cause::StillOpen | Cause::Unknown => return,
            Cause::TlsFailed => {
                self.client_sees = Some(1006);
                self.say_sees(say::SEES_TLS, &[]);
                return;
            }
            Cause::Refused | Cause::WrongScheme | Cause::UpgradeRefused | Cause::UpgradeInvalid => {
                self.client_sees = Some(1006);
                self.say_sees(say::SEES_NEVER, &[]);
                return;
            }
            _ if self.record.tls.is_some() => return,
            _ => {}
        }
        for end in [Sender::Client, Sender::Server] {
            let code = self.seen_by(end);
            match end {
                Sender::Client => self.client_sees = code,
                Sender::Server => self.server_sees = code,
            }
        }
    }

    fn say_sees(&mut self, template: &'static str, values: Values<'_>) {
        self.sees.push(fill(template, values));
    }

    fn seen_by(&mut self, end: Sender) -> Option<u16> {
        let record = self.record;
        let name = ("end", word(end));
        if self.complains == Some(end) {
            self.say_sees(say::SEES_FAILED, &[name]);
            return Some(1006);
        }
        let mut closes = record.closes.iter();
        let received = closes.find(|close| close.sender != end);
        if let Some(received) = received {
            let code = match (received.close.code, received.is_truncated) {
                (None, true) => return None,
                (code, _) => code,
            };
            match code {
                Some(code) => {
                    let values = [name, ("code", Value::Code(code))];
                    self.say_sees(say::SEES_RECEIVED, &values);
                }
                None => self.say_sees(say::SEES_EMPTY, &[name]),
            }
            return Some(code.unwrap_or(1005));
        }
        let other = record.side(end.other());
        if !other.is_captured || other.oddities.lost > 0 || record.end.is_none() {
            return None;
        }
        // An end that ended TCP without a Close knows why, or is gone.
        let has_closed = record.closes.iter().any(|close| close.sender == end);
        let ended = record.end.is_some_and(|tcp_end| tcp_end.by == end);
        let gave_up = self.cause == Cause::KeepaliveTimeout
            && record.unanswered.iter().any(|ping| ping.sender == end);
        if ended && !has_closed && !gave_up {
            return None;
        }
        self.say_sees(say::SEES_NOTHING, &[name]);
        Some(1006)
    }
}
