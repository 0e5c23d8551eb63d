//! Connections that are encrypted: how far they came, what is wrong with the certificate, what keys show.

use super::connection::{Reasoning, kind};
#[cfg(feature = "tls")]
use crate::escape::escape;
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::tls::{Alert, KeysFound, Locked, Tls};
use crate::session::{Beginning, EndKind, TcpEnd, seconds};
use crate::words::{Advice, Message, Value, say};

/// A client that looks at the certificate once the handshake is over does so within this, in seconds. Later goes who
/// had a connection to spare.
const LOOKS_WITHIN: f64 = 0.1;
/// A client of TLS 1.3 that has sent no more records than this may have sent its handshake alone.
const HANDSHAKE_RECORDS: u64 = 3;

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
            if *by == Sender::Server && is_about_client(tls, name) {
                self.say(say!(tls.wants_certificate));
                self.found.advice = advice::TLS_CLIENT_REFUSED.iter().collect();
                return true;
            }
            // A server refuses nothing for its own certificate.
            if *by == Sender::Client {
                self.certificate(tls);
            }
            self.found.advice = Cause::TlsFailed.advice_about(name);
            return true;
        }
        let is_refused = record.handshake.tunnel_refused.is_some();
        if upgrade.request.is_some() || is_refused {
            return false;
        }
        // An end that was there before the capture has its handshake behind it.
        let is_established = tls.is_established()
            || record.transport.beginning == Beginning::Before && !tls.client.has_greeted;
        // What the capture lost may be the rest of it.
        let mut ends = record.transport.ends.iter();
        let is_whole = ends.all(|end| end.is_captured_whole());
        match record.end {
            Some(end) if !is_established && is_whole => self.broken_handshake(tls, end),
            Some(end) if self.left_at_certificate(tls, end) => {}
            Some(end) if self.asked_nothing(tls, end) => {}
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
                self.found.advice = Cause::TlsFailed.advice_about("bad_certificate");
            }
            self.say(say!(opening.tls_version, version = version(tls)));
            self.certificate(tls);
        } else if self.record.server_end.endpoint.bytes == 0 {
            self.say(say!(opening.tls_silent));
            self.found.advice = advice::TLS_NO_ANSWER.iter().collect();
        }
    }

    /// Whether it is known that the client said nothing inside of TLS. Records of TLS 1.3 have to be read
    /// for it: those of the handshake look like any other.
    fn has_asked_nothing(&self, tls: &Tls) -> bool {
        let client = &tls.client;
        let endpoint = &self.record.client_end.endpoint;
        let is_whole = endpoint.is_captured_whole();
        let is_silent = match tls.version < Some(0x0304) {
            true => client.data_records == 0,
            false => tls.keys == KeysFound::Fits && client.data_records > 0 && client.unread == 0,
        };
        is_whole && client.has_greeted && client.read_from.is_none() && is_silent
    }

    /// The handshake was whole, and the client went at once, without a byte: some clients look at the certificate
    /// only then.
    fn left_at_certificate(&mut self, tls: &Tls, end: TcpEnd) -> bool {
        let ends = [tls.client.finished, tls.server.finished];
        let finished = ends.into_iter().flatten().max_by_key(|at| at.turn);
        let is_prompt =
            finished.is_some_and(|at| seconds(at.time, end.origin.time) <= LOOKS_WITHIN);
        if end.by != Sender::Client || !is_prompt || !self.has_asked_nothing(tls) {
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

    /// The handshake was whole, and nothing came after it.
    fn asked_nothing(&mut self, tls: &Tls, end: TcpEnd) -> bool {
        if !self.has_asked_nothing(tls) {
            return false;
        }
        let by = end.by;
        self.answer(Cause::Unknown, say!(tls.asked_nothing, by));
        if tls.end(by).has_alerted {
            self.say(say!(ending.notified, by));
        }
        self.silence();
        self.certificate(tls);
        self.found.advice = advice::TLS_ASKED_NOTHING.iter().collect();
        true
    }

    /// An end broke TLS off with an alert, in the middle of the connection.
    pub(super) fn broke_tls(&mut self) -> bool {
        let record = self.record;
        // The streams of HTTP/2 have ends of their own.
        let is_stream = record.transport.websocket_stream().is_some();
        let Some(tls) = record.tls.as_ref().filter(|_| !is_stream) else {
            return false;
        };
        let is_before_end = |turn: u64| record.end.is_none_or(|end| turn <= end.origin.turn);
        let mut alerts = tls.alerts.iter();
        let fatal = alerts.find(|(_, alert, at)| alert.is_fatal && is_before_end(at.turn));
        let Some((by, alert, origin)) = fatal else {
            return false;
        };
        let (alert, packet) = (alert_name(*alert), origin.packet);
        let message = say!(tls.broken_off, by = *by, alert, packet);
        self.answer(Cause::TlsFailed, message);
        self.found.topic = Some("1006".to_owned());
        self.tcp_end();
        self.found.advice = advice::TLS_BROKEN_OFF.iter().collect();
        true
    }

    /// Whether what nothing opened is what an end refused with its alert: all else was captured and read.
    pub(super) fn is_alert_proved(&self) -> bool {
        let record = self.record;
        let ends = [&record.client_end, &record.server_end];
        let is_captured = ends.into_iter().all(|end| end.endpoint.is_captured_whole());
        record.tls.as_ref().is_some_and(|tls| {
            let mut fatal = tls.alerts.iter().filter(|(_, alert, _)| alert.is_fatal);
            let is_read = fatal.next().is_some_and(|(by, _, _)| {
                let refused = tls.end(by.other());
                tls.end(*by).unread == 0 && refused.unread_before == 0
            });
            is_captured && is_read
        })
    }

    /// It is encrypted, and no more of it could be read.
    fn hidden_by_tls(&mut self, tls: &Tls, end: Option<TcpEnd>) {
        let version = version(tls);
        let Some(end) = end else {
            self.answer(Cause::StillOpen, say!(ending.encrypted_open, version));
            self.unreadable(tls);
            return;
        };
        if end.is_forged {
            self.forged(end);
            return self.unreadable(tls);
        }
        let (by, kind) = (end.by, kind(end.kind));
        let duration = Value::Seconds(self.record.seconds(end.origin));
        let message = say!(ending.encrypted, version, by, kind, duration);
        // A Close may stand before any end, also before a RST.
        self.answer(Cause::Unknown, message);
        if end.kind == EndKind::Rst {
            self.also(Cause::Reset, say!(decide.sealed));
        }
        self.unreadable(tls);
        if end.kind != EndKind::Notify {
            self.perhaps_notified(tls, by);
        }
        self.silence();
        self.suspect_timer();
        self.certificate(tls);
        self.found.advice = match tls.keys {
            KeysFound::NoHello | KeysFound::NoneFits(_) | KeysFound::Fits => {
                let advice: &[Advice] = match tls.locked {
                    Some(Locked::Suite) => advice::KEYS_SUITE,
                    _ => advice::KEYS_LATE,
                };
                advice.iter().collect()
            }
            _ => Cause::Unknown.advice_about("encrypted"),
        };
    }

    /// Whether an end of which nothing could be read seems to have ended TLS.
    fn perhaps_notified(&mut self, tls: &Tls, by: Sender) {
        let part = tls.end(by);
        let endpoint = &self.record.side(by).endpoint;
        let is_hidden = tls.version >= Some(0x0304) || tls.version.is_none();
        // Two bytes, the type, and a tag of 16 bytes.
        let is_like_alert = is_hidden && part.last_length == 19;
        if part.has_alerted {
            self.say(say!(ending.notified, by));
        } else if is_like_alert && tls.client.data_records <= HANDSHAKE_RECORDS {
            self.say(say!(ending.perhaps_notified, by));
        } else if is_like_alert {
            self.say(say!(ending.probably_notified, by));
        } else if endpoint.is_captured_whole() {
            self.say(say!(tls.not_closed, by));
        }
    }

    /// Why the keys that were given opened nothing.
    fn unreadable(&mut self, tls: &Tls) {
        let suite = || format!("0x{:04x}", tls.suite.unwrap_or_default());
        match (tls.keys, tls.locked) {
            (KeysFound::NoHello, _) => self.say(say!(tls.no_client_hello)),
            (_, Some(Locked::NoHello)) => self.say(say!(tls.no_server_hello)),
            (_, Some(Locked::Suite)) => self.say(say!(tls.not_opened, suite = suite())),
            (_, Some(Locked::NoDataKeys)) => self.say(say!(tls.no_data_keys)),
            (_, Some(Locked::WrongKey)) => self.say(say!(tls.wrong_key)),
            _ => {}
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
            // That is how it ended.
            Some(_) if end.kind == EndKind::Notify => {}
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
        let is_whole = part.endpoint.is_captured_whole();
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

/// Whether an alert of the server is about the client's certificate: it has seen no other (RFC 8446
/// section 6.2). Where it asked for one, a client that shows none is refused with handshake_failure before
/// TLS 1.3 (RFC 5246 section 7.4.6).
fn is_about_client(tls: &Tls, alert: &str) -> bool {
    let names = ["certificate_", "bad_certificate", "unsupported_certificate"];
    let is_of_certificate = names.into_iter().any(|name| alert.starts_with(name));
    is_of_certificate
        || alert == "unknown_ca"
        || alert == "handshake_failure" && tls.asks_for_certificate
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
