//! Connections that are encrypted: how far they came, what is wrong with the certificate, what keys show.

use super::connection::{Reasoning, kind};
#[cfg(feature = "tls")]
use crate::escape::escape;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::tls::{Alert, KeysFound, Tls};
use crate::session::{Beginning, EndKind, TcpEnd};
use crate::words::{Message, Value, say};

impl Reasoning<'_> {
    /// What can be told of an encrypted connection that did not come to an upgrade that could be read.
    pub(super) fn tls(&mut self) -> bool {
        let record = self.record;
        let Some(tls) = &record.tls else {
            return false;
        };
        let upgrade = &record.handshake.upgrade;
        if upgrade.response.is_some() || record.has_frames() {
            return false;
        }
        let fatal = tls.alerts.iter().find(|(_, alert, _)| alert.is_fatal);
        if let Some((by, alert, _)) = fatal {
            let message = say!(opening.tls_alert, by = *by, alert = alert_name(*alert));
            self.answer(Cause::TlsFailed, message);
            self.found.topic = Some("1015".to_owned());
            let name = alert.name().unwrap_or_default();
            if name == "certificate_required" || name == "handshake_failure" {
                self.wants_certificate(tls, *by);
            }
            self.certificate(tls);
            self.found.advice = Cause::TlsFailed.advice_about(name);
            return true;
        }
        if upgrade.request.is_some() || record.handshake.tunnel_refused.is_some() {
            return false;
        }
        // An end that was there before the capture has its handshake behind it.
        let is_established = tls.is_established()
            || record.transport.beginning == Beginning::Before && !tls.client.has_greeted;
        // What the capture lost may be the rest of it.
        let mut ends = record.transport.ends.iter();
        let is_whole = ends.all(|end| end.oddities.lost == 0 && end.is_captured);
        match record.end {
            Some(end) if !is_established && is_whole => self.broken_handshake(tls, end),
            Some(end) if self.left_at_certificate(tls, end) => {}
            end => self.hidden_by_tls(tls, end),
        }
        true
    }

    fn broken_handshake(&mut self, tls: &Tls, end: TcpEnd) {
        self.answer(Cause::TlsFailed, say!(opening.tls_gone, by = end.by));
        self.found.topic = Some("1015".to_owned());
        if tls.server.has_greeted {
            if end.by == Sender::Client {
                self.say(say!(opening.tls_after_certificate));
            }
            self.say(say!(opening.tls_version, version = version(tls)));
            self.certificate(tls);
        } else {
            self.say(say!(opening.tls_silent));
        }
    }

    /// The handshake was whole, and the client went without a byte: some clients look at the certificate
    /// only then.
    fn left_at_certificate(&mut self, tls: &Tls, end: TcpEnd) -> bool {
        let has_said_nothing = tls.client.data_records == 0 && tls.version < Some(0x0304);
        if end.by != Sender::Client || !has_said_nothing || !tls.client.has_greeted {
            return false;
        }
        let before = self.found.statements.len();
        self.certificate(tls);
        if self.found.statements.len() == before {
            return false;
        }
        let message = say!(tls.left, by = end.by);
        self.found.statements.insert(before, message);
        self.found.cause = Cause::TlsFailed;
        self.found.topic = Some("1015".to_owned());
        self.found.advice = Cause::TlsFailed.advice_about("bad_certificate");
        true
    }

    /// It is encrypted, and no more of it could be read.
    fn hidden_by_tls(&mut self, tls: &Tls, end: Option<TcpEnd>) {
        let version = version(tls);
        let Some(end) = end else {
            self.answer(Cause::StillOpen, say!(ending.encrypted_open, version));
            self.unreadable(tls);
            return;
        };
        let cause = match end.kind {
            EndKind::Rst => Cause::Reset,
            EndKind::Fin => Cause::Unknown,
        };
        let (by, kind) = (end.by, kind(end.kind));
        let duration = Value::Seconds(self.record.seconds(end.origin));
        self.answer(cause, say!(ending.encrypted, version, by, kind, duration));
        self.unreadable(tls);
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
        self.certificate(tls);
        self.found.advice = cause.advice_about("encrypted");
    }

    /// That there was a key, and it opened nothing.
    fn unreadable(&mut self, tls: &Tls) {
        let unread = tls.client.unread + tls.server.unread;
        if tls.keys == KeysFound::Fits && unread > 0 && !tls.is_read() {
            let suite = format!("0x{:04x}", tls.suite.unwrap_or_default());
            self.say(say!(tls.not_opened, suite));
        }
    }

    /// The server asked for a certificate of the client and did not get one that it takes.
    fn wants_certificate(&mut self, tls: &Tls, by: Sender) {
        if tls.asks_for_certificate && by == Sender::Server {
            self.say(say!(tls.wants_certificate));
        }
    }

    /// What is wrong with the server's certificate, where it could be seen.
    #[cfg(feature = "tls")]
    fn certificate(&mut self, tls: &Tls) {
        use crate::certificate::{Fault, judge};
        let Some(time) = self.record.started() else {
            return;
        };
        if tls.certificates.is_empty() {
            return;
        }
        let name = tls.server_name.as_deref();
        let found = judge(&tls.certificates, name, time.div_euclid(1_000_000_000));
        for fault in &found.faults {
            let needs_time = matches!(fault, Fault::Expired { .. } | Fault::NotYetValid { .. });
            if time != 0 || !needs_time {
                self.say(fault.message().sentence());
            }
        }
        if let Some(product) = found.inspector() {
            self.say(say!(tls.inspected, product));
        }
        if let Some(leaf) = found.leaf() {
            let subject = escape(leaf.title());
            let issuer = escape(leaf.issuer_title());
            self.found.note(say!(tls.certificate, subject, issuer));
        }
    }

    #[cfg(not(feature = "tls"))]
    fn certificate(&mut self, _: &Tls) {}

    /// What else TLS shows of a connection that could be read.
    pub(super) fn besides_tls(&mut self) {
        let Some(tls) = &self.record.tls else {
            return;
        };
        if tls.has_early_data {
            self.found.note(say!(tls.early_data));
        }
        if !tls.is_read() {
            return;
        }
        if self.found.cause != Cause::TlsFailed {
            for (by, alert, origin) in &tls.alerts {
                let (alert, packet) = (alert_name(*alert), origin.packet);
                self.say(say!(tls.alert, by = *by, alert, packet));
            }
            self.close_notify(tls);
        }
        for sender in [Sender::Client, Sender::Server] {
            let end = tls.end(sender);
            let later = end.unread - end.unread_before;
            match end.read_from {
                Some(origin) if end.unread_before > 0 => {
                    let (n, packet) = (Value::Number(end.unread_before), origin.packet);
                    self.say(say!(tls.read_from, n, end = sender, packet));
                }
                None if end.unread > 0 => {
                    let n = Value::Number(end.unread);
                    self.say(say!(tls.never_read, n, end = sender));
                }
                _ => {}
            }
            if later > 0 && end.read_from.is_some() {
                self.say(say!(tls.unread, n = Value::Number(later), end = sender));
            }
        }
    }

    /// Whether the end that went said so in TLS, where it said nothing else.
    fn close_notify(&mut self, tls: &Tls) {
        let record = self.record;
        let Some(end) = record.end.filter(|_| !self.is_of_stream()) else {
            return;
        };
        if !record.closes.is_empty() || !record.has_frames() {
            return;
        }
        let by = end.by;
        match tls.end(by).closed {
            Some(_) => self.say(say!(ending.notified, by)),
            None => self.say(say!(tls.not_closed, by)),
        }
    }

    /// Whether a Close of an end could not have been missed: the capture holds all that it said, from before
    /// its first frame on to its end.
    pub(super) fn is_known_whole(&self, sender: Sender) -> bool {
        let record = self.record;
        let part = record.side(sender);
        // Who was heard before has not closed earlier.
        let is_late = record.confidence.is_some() && record.handshake.upgrade.response.is_none();
        let was_heard = part.frames > 0 || !is_late;
        let is_whole = part.endpoint.is_captured && part.endpoint.oddities.lost == 0;
        is_whole && was_heard && self.is_read_to_the_end(sender) && self.is_stream_over(sender)
    }

    /// Whether all that an end said could be read, as far as TLS goes.
    fn is_read_to_the_end(&self, sender: Sender) -> bool {
        self.record.tls.as_ref().is_none_or(|tls| {
            let end = tls.end(sender);
            match end.read_from {
                Some(_) => end.unread == end.unread_before,
                None => end.unread == 0,
            }
        })
    }
}

pub(super) fn alert_name(alert: Alert) -> Value {
    match alert.name() {
        Some(name) => Value::from(name),
        None => {
            let message: Message = say!(opening.alert_number, number = alert.description);
            message.into()
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
