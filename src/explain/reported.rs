//! What each side's application is told of an end, and why the two differ.

use super::connection::Reasoning;
use super::delivery::Delivery;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::words::say;

impl Reasoning<'_> {
    /// What each side's application sees.
    pub(super) fn report(&mut self) {
        if self.report_unopened() {
            return;
        }
        let late = self.record.application.as_ref();
        if late.is_some_and(|heard| heard.late.is_some()) {
            self.found.client_sees = Some(1006);
            let end = Sender::Client;
            self.found.reported.push(say!(sees.failed, end));
            return;
        }
        match self.found.cause {
            Cause::StillOpen => return,
            // Who received a Close reports it, whoever sent the first.
            Cause::Unknown if self.record.closes.is_empty() => return,
            Cause::TlsFailed if !self.record.is_upgraded() => {
                self.found.client_sees = Some(1006);
                self.found.reported.push(say!(sees.tls));
                return;
            }
            Cause::Refused
            | Cause::WrongScheme
            | Cause::UpgradeRefused
            | Cause::UpgradeInvalid
            | Cause::Unresolved
            | Cause::Unreachable
            | Cause::Timeout
            | Cause::NoAnswer
            | Cause::ProxyRefused => {
                self.found.client_sees = Some(1006);
                self.found.reported.push(say!(sees.never));
                self.report_status();
                // A client may refuse a 101 with a Close, which the server receives as any other.
                if !self.record.closes.is_empty() {
                    self.found.server_sees = self.report_to(Sender::Server);
                }
                return;
            }
            _ if self.record.is_hidden() => return,
            _ => {}
        }
        self.found.client_sees = self.report_to(Sender::Client);
        self.found.server_sees = self.report_to(Sender::Server);
    }

    /// Whether an end sent data behind its Close, before the other end had answered that.
    fn has_data_behind_close(&self, sender: Sender) -> bool {
        let mut closes = self.record.closes.iter();
        let answer = closes.find(|close| close.sender != sender);
        self.record.findings.iter().any(|found| {
            found.sender == sender
                && found.finding.rule.id == "frame-after-close"
                && answer.is_none_or(|answer| found.origin.turn < answer.origin.turn)
        })
    }

    /// A status is told to programs, each in its own words, and to no page.
    fn report_status(&mut self) {
        let response = self.record.handshake.upgrade.response.as_ref();
        let is_refusal = self.found.cause == Cause::UpgradeRefused;
        if let Some(response) = response.filter(|_| is_refusal) {
            let status = response.status;
            self.found.reported.push(say!(sees.status, status));
        }
    }

    fn report_to(&mut self, end: Sender) -> Option<u16> {
        let record = self.record;
        if self.complains == Some(end) {
            self.found.reported.push(say!(sees.failed, end));
            return Some(1006);
        }
        let mut closes = record.closes.iter();
        let received = closes.find(|close| close.sender != end);
        let delivery = self.delivery(end.other());
        if received.is_some() && delivery == Delivery::Unknown {
            return None;
        }
        if let Some(received) = received.filter(|_| delivery == Delivery::Received) {
            // Only who takes it all the same answers with it.
            let mut own = record.closes.iter().filter(|close| close.sender == end);
            let is_taken = own.any(|own| own.close.code == received.close.code);
            if self.fault_in_close(received.sender).is_some() && !is_taken {
                self.found.reported.push(say!(sees.failed, end));
                return Some(1006);
            }
            let code = match (received.close.code, received.is_truncated) {
                (None, true) => return None,
                (code, _) => code,
            };
            if end == Sender::Client && self.has_data_behind_close(Sender::Server) {
                let code = code.unwrap_or(1005);
                self.found.reported.push(say!(sees.data_behind_close, code));
                return None;
            }
            self.found.reported.push(match code {
                Some(code) => say!(sees.received, end, code),
                None => say!(sees.empty, end),
            });
            return Some(code.unwrap_or(1005));
        }
        if let Some(code) = self.answered_by_proxy(end) {
            return Some(code);
        }
        let gave_up = self.found.cause == Cause::KeepaliveTimeout
            && record.unanswered.iter().any(|ping| ping.sender == end);
        // Who gave up waits for nothing more.
        let is_over = gave_up || self.is_heard_out(end.other());
        let is_whole = self.is_known_whole(end.other()) && is_over || self.had_no_close(end);
        if record.end.is_none() || !is_whole || record.side(end.other()).hidden.is_some() {
            return None;
        }
        // An end that ended TCP without a Close knows why, or is gone.
        let has_closed = record.closes.iter().any(|close| close.sender == end);
        let first = record.end.filter(|first| first.by == end);
        // Who knows nothing of a RST in its name is told nothing by it.
        let knows = record.side(end.other()).endpoint.rst.is_some();
        if first.is_some_and(|first| first.is_forged && !knows) {
            return None;
        }
        let ended = first.is_some_and(|first| !first.is_forged);
        if ended && !has_closed && !gave_up {
            return None;
        }
        self.found.reported.push(say!(sees.nothing, end));
        Some(1006)
    }
}
