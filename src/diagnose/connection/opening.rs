//! Connections that never became a WebSocket, and those that hide one: TCP, TLS, the upgrade.

use crate::capture::connection::{Beginning, EndKind};
use crate::capture::http::Invalid;
use crate::capture::session::Tls;
use crate::escape::escape;
use crate::frame::Sender;
use crate::words::{Value, fill, say, translated};

use super::super::causes::{Cause, refusal_cases, say};
use super::{Reasoning, duration, kind, text, word};

impl Reasoning<'_> {
    /// The TCP connection never came to be.
    pub(super) fn unreached(&mut self) -> bool {
        let record = self.record;
        let server = text(record.server.to_string());
        match record.beginning {
            Beginning::Refused => self.answer(Cause::Refused, say::REFUSED, &[("server", server)]),
            Beginning::Asked if record.client_end.bytes == 0 && !record.server_end.is_captured => {
                let values = [
                    ("server", server),
                    ("count", Value::Number(record.syns)),
                    ("after", self.after(record.first, record.last)),
                ];
                self.answer(Cause::Refused, say::UNREACHED, &values);
            }
            _ => return false,
        }
        true
    }

    /// One end spoke TLS and the other did not.
    pub(super) fn scheme(&mut self) -> bool {
        let record = self.record;
        let has_asked = record.upgrade.request.is_some();
        if record.is_http_on_tls {
            self.answer(Cause::WrongScheme, say::SCHEME_TLS, &[]);
            return true;
        }
        if record.upgrade.wants_tls {
            self.answer(Cause::WrongScheme, say::SCHEME_PLAIN, &[]);
            self.say(say::SCHEME_SAID, &[]);
            return true;
        }
        let Some(tls) = &record.tls else {
            let port = record.server.port();
            let is_dumb = record.server_end.bytes == 0 && record.server_end.is_captured;
            let by_server = record.end.is_some_and(|end| end.by == Sender::Server);
            if has_asked && is_dumb && by_server && matches!(port, 443 | 8443 | 9443 | 4433) {
                let port = Value::Text(port.to_string());
                self.answer(
                    Cause::WrongScheme,
                    say::SCHEME_PLAIN_PERHAPS,
                    &[("port", port)],
                );
                let server = text(record.server.to_string());
                self.also(
                    Cause::UpgradeRefused,
                    say::DECIDE_SCHEME,
                    &[("server", server)],
                );
                return true;
            }
            return false;
        };
        if has_asked && !tls.client.has_greeted && !tls.alerts.is_empty() {
            self.answer(Cause::WrongScheme, say::SCHEME_PLAIN, &[]);
            return true;
        }
        if tls.client.has_greeted && tls.server.is_broken && !tls.server.has_greeted {
            self.answer(Cause::WrongScheme, say::SCHEME_TLS, &[]);
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
            let name = match alert.name() {
                Some(name) => name.to_owned(),
                None => say!("number {number}", number = alert.description),
            };
            let values = [("by", word(*by)), ("alert", text(name))];
            self.answer(Cause::TlsFailed, say::TLS_ALERT, &values);
            self.topic = Some("1015".to_owned());
            if alert.is_about_version() {
                self.cases = self.cause.row().cases.iter().collect();
                self.cases.rotate_left(1);
            }
            return true;
        }
        let is_open = record.end.is_none();
        // An end that was there before the capture has its handshake behind it.
        let is_established = tls.is_established()
            || record.beginning == Beginning::Before && !tls.client.has_greeted;
        if let (Some(end), false) = (record.end, is_established) {
            self.answer(Cause::TlsFailed, say::TLS_GONE, &[("by", word(end.by))]);
            self.topic = Some("1015".to_owned());
            if tls.server.has_greeted {
                if end.by == Sender::Client {
                    self.say(say::TLS_AFTER_CERTIFICATE, &[]);
                }
                self.say(say::TLS_VERSION, &[("version", text(version(tls)))]);
            } else {
                self.say(say::TLS_SILENT, &[]);
            }
            return true;
        }
        let version = ("version", text(version(tls)));
        let Some(end) = record.end.filter(|_| !is_open) else {
            self.answer(Cause::StillOpen, say::ENCRYPTED_OPEN, &[version]);
            return true;
        };
        let cause = match end.kind {
            EndKind::Rst => Cause::Reset,
            EndKind::Fin => Cause::Unknown,
        };
        let values = [
            version,
            ("by", word(end.by)),
            ("kind", kind(end.kind)),
            ("duration", text(duration(record.seconds(end.origin)))),
        ];
        self.answer(cause, say::ENCRYPTED, &values);
        let by = tls.end(end.by);
        let is_hidden = tls.version >= Some(0x0304) || tls.version.is_none();
        // Two bytes, the type, and a tag of 16 bytes.
        let template = match (by.has_alerted, is_hidden && by.last_length == 19, is_hidden) {
            (true, _, _) => say::NOTIFIED,
            (false, true, _) => say::PROBABLY_NOTIFIED,
            (false, false, _) => say::NOT_NOTIFIED,
        };
        self.say(template, &[("by", word(end.by))]);
        self.silence();
        self.suspect_timer();
        self.cases = cause.row().cases.iter().take(1).collect();
        true
    }

    /// The upgrade was refused or answered wrongly.
    pub(super) fn upgrade(&mut self) -> bool {
        let record = self.record;
        let upgrade = &record.upgrade;
        if let Some(status) = upgrade.tunnel_refused {
            let values = [("status", Value::Number(u64::from(status)))];
            self.answer(Cause::UpgradeRefused, say::TUNNEL_REFUSED, &values);
            self.cases = refusal_cases(Some(status)).iter().collect();
            return true;
        }
        let is_stripped = upgrade
            .request
            .as_ref()
            .is_some_and(|request| !request.is_upgrade && request.key.is_some());
        match (&upgrade.response, record.end) {
            (Some(response), _) if response.status != 101 => {
                let reason = escape(&response.reason);
                let status = format!("{} {reason}", response.status);
                let values = [("status", text(status.trim_end().to_owned()))];
                self.answer(Cause::UpgradeRefused, say::UPGRADE_REFUSED, &values);
                if is_stripped {
                    self.say(say::UPGRADE_STRIPPED, &[]);
                }
                if let Some(location) = &response.location {
                    self.say(say::REDIRECT, &[("location", text(escape(location)))]);
                }
                if let Some(server) = &response.server {
                    self.say(say::ANSWERED_BY, &[("server", text(escape(server)))]);
                }
                if response.status == 400 && record.tls.is_none() {
                    let server = ("server", text(record.server.to_string()));
                    self.also(Cause::WrongScheme, say::DECIDE_TLS_PORT, &[server]);
                }
                let status = if is_stripped { 426 } else { response.status };
                self.cases = refusal_cases(Some(status)).iter().collect();
            }
            (None, Some(end)) if upgrade.asked.is_some() && record.server_end.frames == 0 => {
                if !record.server_end.is_captured || record.server_end.oddities.lost > 0 {
                    return false;
                }
                if record.server_end.bytes > 0 {
                    self.answer(Cause::UpgradeInvalid, say::UPGRADE_UNREADABLE, &[]);
                    self.tcp_end();
                    return true;
                }
                let after = upgrade
                    .asked
                    .map_or(text(String::new()), |asked| self.after(asked, end.origin));
                let values = [("by", word(end.by)), ("after", after)];
                self.answer(Cause::UpgradeRefused, say::UPGRADE_UNANSWERED, &values);
                self.cases = refusal_cases(None).iter().collect();
            }
            _ => {
                let Some(fault) = upgrade.faults.first() else {
                    return false;
                };
                let fault = ("fault", text(fault_text(fault)));
                // A client that goes on has accepted it.
                if record.client_end.frames > 0 {
                    return false;
                }
                self.answer(Cause::UpgradeInvalid, say::UPGRADE_INVALID, &[fault]);
                self.tcp_end();
            }
        }
        true
    }
}

fn version(tls: &Tls) -> String {
    match tls.version {
        Some(0x0304) => "TLS 1.3".to_owned(),
        Some(0x0303) => "TLS 1.2".to_owned(),
        Some(0x0302) => "TLS 1.1".to_owned(),
        Some(0x0301) => "TLS 1.0".to_owned(),
        Some(0x0300) => "SSL 3.0".to_owned(),
        _ => "TLS".to_owned(),
    }
}

pub(super) fn fault_text(fault: &Invalid) -> String {
    let named = |template, name: &str| fill(template, &[("name", text(escape(name)))]);
    match fault {
        Invalid::NoAccept => translated(say::NO_ACCEPT).to_owned(),
        Invalid::WrongAccept(expected) => {
            fill(say::WRONG_ACCEPT, &[("expected", text(expected.clone()))])
        }
        Invalid::NoUpgrade => translated(say::NO_UPGRADE).to_owned(),
        Invalid::Extension(name) => named(say::EXTENSION, name),
        Invalid::Extensions(refusal) => {
            fill(say::EXTENSIONS, &[("refusal", text(refusal.clone()))])
        }
        Invalid::Subprotocol(name) => named(say::SUBPROTOCOL, name),
    }
}
