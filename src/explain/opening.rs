//! Connections that never became a WebSocket, and those that hide one: TCP, TLS, the upgrade.

use super::connection::{Reasoning, between, kind};
use crate::escape::escape;
use crate::facts::causes::{Cause, status};
use crate::frame::Sender;
use crate::session::Tls;
use crate::session::{Beginning, EndKind};
use crate::upgrade::Fault;
use crate::words::{Message, Value, say};

impl Reasoning<'_> {
    /// The TCP connection never came to be.
    pub(super) fn unreached(&mut self) -> bool {
        let record = self.record;
        let server = record.server_name();
        match record.transport.beginning {
            Beginning::Refused => self.answer(Cause::Refused, say!(opening.tcp_refused, server)),
            Beginning::Asked
                if record.transport.packets == record.transport.asked
                    && !record.server_end.endpoint.is_captured =>
            {
                let count = Value::Number(record.transport.asked);
                let after = between(record.transport.first, record.transport.last);
                let message = say!(opening.unreached, server, count, after);
                self.answer(Cause::Refused, message);
            }
            _ => return false,
        }
        true
    }

    /// One end spoke TLS and the other did not.
    pub(super) fn scheme(&mut self) -> bool {
        let record = self.record;
        let has_asked = record.handshake.upgrade.request.is_some();
        if record.is_http_on_tls {
            self.answer(Cause::WrongScheme, say!(opening.tls_to_plain));
            return true;
        }
        if record.handshake.wants_tls {
            self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
            self.say(say!(opening.page_says_so));
            return true;
        }
        let Some(tls) = &record.tls else {
            let address = record.server_end.endpoint.address;
            let port = address.map_or(0, |address| address.port());
            let is_dumb =
                record.server_end.endpoint.bytes == 0 && record.server_end.endpoint.is_captured;
            let by_server = record.end.is_some_and(|end| end.by == Sender::Server);
            if has_asked && is_dumb && by_server && matches!(port, 443 | 8443 | 9443 | 4433) {
                let message = say!(opening.plain_to_tls_perhaps, port);
                self.answer(Cause::WrongScheme, message);
                let server = record.server_name();
                self.also(Cause::UpgradeRefused, say!(decide.scheme, server));
                return true;
            }
            return false;
        };
        if has_asked && !tls.client.has_greeted && !tls.alerts.is_empty() {
            self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
            return true;
        }
        if tls.client.has_greeted && tls.server.is_broken && !tls.server.has_greeted {
            self.answer(Cause::WrongScheme, say!(opening.tls_to_plain));
            return true;
        }
        false
    }

    /// What can be told of an encrypted connection.
    pub(super) fn tls(&mut self) -> bool {
        let record = self.record;
        let Some(tls) = &record.tls else {
            return false;
        };
        let fatal = tls.alerts.iter().find(|(_, alert, _)| alert.is_fatal);
        if let Some((by, alert, _)) = fatal {
            let alert_name = match alert.name() {
                Some(name) => Value::from(name),
                None => say!(opening.alert_number, number = alert.description).into(),
            };
            let message = say!(opening.tls_alert, by = *by, alert = alert_name);
            self.answer(Cause::TlsFailed, message);
            self.found.topic = Some("1015".to_owned());
            let name = alert.name().unwrap_or_default();
            self.found.advice = Cause::TlsFailed.advice_about(name);
            return true;
        }
        // An end that was there before the capture has its handshake behind it.
        let ends = [&record.client_end.endpoint, &record.server_end.endpoint];
        let is_partial = ends
            .iter()
            .any(|end| !end.is_captured || end.oddities.lost > 0);
        let is_established = is_partial
            || tls.is_established()
            || record.transport.beginning == Beginning::Before && !tls.client.has_greeted;
        if let (Some(end), false) = (record.end, is_established) {
            self.answer(Cause::TlsFailed, say!(opening.tls_gone, by = end.by));
            self.found.topic = Some("1015".to_owned());
            if tls.server.has_greeted {
                if end.by == Sender::Client {
                    self.say(say!(opening.tls_after_certificate));
                }
                self.say(say!(opening.tls_version, version = version(tls)));
            } else {
                self.say(say!(opening.tls_silent));
            }
            return true;
        }
        let version = version(tls);
        let Some(end) = record.end else {
            self.answer(Cause::StillOpen, say!(ending.encrypted_open, version));
            return true;
        };
        let cause = match end.kind {
            EndKind::Rst => Cause::Reset,
            EndKind::Fin => Cause::Unknown,
        };
        let (by, kind) = (end.by, kind(end.kind));
        let duration = Value::Seconds(record.seconds(end.origin));
        self.answer(cause, say!(ending.encrypted, version, by, kind, duration));
        let part = tls.end(by);
        let is_hidden = tls.version >= Some(0x0304) || tls.version.is_none();
        // Two bytes, the type, and a tag of 16 bytes.
        self.say(
            match (part.has_alerted, is_hidden && part.last_length == 19) {
                (true, _) => say!(ending.notified, by),
                (false, true) => say!(ending.probably_notified, by),
                (false, false) => say!(ending.not_notified, by),
            },
        );
        self.silence();
        self.suspect_timer();
        self.found.advice = cause.advice_about("encrypted");
        true
    }

    /// The upgrade was refused or answered wrongly.
    pub(super) fn upgrade(&mut self) -> bool {
        let record = self.record;
        let handshake = &record.handshake;
        let upgrade = &handshake.upgrade;
        if let Some(refusal) = handshake.tunnel_refused {
            let message = say!(opening.tunnel_refused, status = refusal);
            self.refused(message, Some(refusal));
            return true;
        }
        let is_stripped = upgrade
            .request
            .as_ref()
            .is_some_and(|request| !request.is_upgrade && request.key.is_some());
        match (&upgrade.response, record.end) {
            (Some(response), _) if response.status != 101 => {
                let fault = Fault::Refused(response.status, response.reason.clone());
                self.refused(
                    fault.message(),
                    Some(if is_stripped { 426 } else { response.status }),
                );
                if is_stripped {
                    self.say(say!(opening.stripped));
                }
                if let Some(location) = &response.location {
                    self.say(say!(opening.redirect, location = escape(location)));
                }
                if let Some(server) = &response.server {
                    self.say(say!(opening.answered_by, server = escape(server)));
                }
                if response.status == 400 && !record.is_tls() {
                    let server = record.server_name();
                    self.also(Cause::WrongScheme, say!(decide.tls_port, server));
                }
            }
            (None, Some(end)) if handshake.asked.is_some() && record.server_end.frames == 0 => {
                if !record.server_end.endpoint.is_captured
                    || record.server_end.endpoint.oddities.lost > 0
                {
                    return false;
                }
                if record.server_end.endpoint.bytes > 0 {
                    self.answer(Cause::UpgradeInvalid, say!(opening.unreadable));
                    self.tcp_end();
                    return true;
                }
                let asked = handshake.asked.unwrap_or(record.transport.first);
                let after = between(asked, end.origin);
                let message = say!(opening.unanswered, by = end.by, after);
                self.refused(message, None);
            }
            _ => {
                let Some(fault) = upgrade.faults.first() else {
                    return false;
                };
                // A client that goes on has accepted it.
                if record.client_end.frames > 0 {
                    return false;
                }
                self.answer(Cause::UpgradeInvalid, fault.message());
                self.tcp_end();
            }
        }
        true
    }

    fn refused(&mut self, message: Message, answer: Option<u16>) {
        self.answer(Cause::UpgradeRefused, message);
        if let Some(answer) = answer {
            self.found.advice = status(answer).advice.iter().collect();
        }
    }
}

fn version(tls: &Tls) -> &'static str {
    match tls.version {
        Some(0x0304) => "TLS 1.3",
        Some(0x0303) => "TLS 1.2",
        Some(0x0302) => "TLS 1.1",
        Some(0x0301) => "TLS 1.0",
        Some(0x0300) => "SSL 3.0",
        _ => "TLS",
    }
}
