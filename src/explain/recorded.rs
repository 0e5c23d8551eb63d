//! Connections of which a client's own record tells, and not its bytes: why they could not be opened,
//! what the client's program says went wrong, and how much else the record can show.

use super::close;
use super::connection::{Reasoning, SHORTEST_SILENCE, SUSPICIOUS_SILENCE};
#[cfg(feature = "tls")]
use crate::certificate;
use crate::conversation::SentClose;
use crate::escape::escape;
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::facts::lines::Event;
use crate::frame::Sender;
use crate::logline::{self, Subject};
use crate::rules;
use crate::session::{Lasting, Record, Recorder, Source};
use crate::words::{Advice, Message, PointsTo, Value, say};

/// So many faults of a chain of certificates are said.
#[cfg(feature = "tls")]
const MOST_FAULTS: usize = 6;

/// Errors of Chromium by a part of their names, and what they stand for.
///
/// Source: read in chromium net/base/net_error_list.h
const ERRORS: [(&str, Cause); 26] = [
    ("ERR_CERT", Cause::TlsFailed),
    ("ERR_SSL", Cause::TlsFailed),
    ("ERR_BAD_SSL", Cause::TlsFailed),
    ("ERR_ECH", Cause::TlsFailed),
    ("ERR_NO_SSL", Cause::TlsFailed),
    ("ERR_PROXY_CERTIFICATE", Cause::ProxyRefused),
    ("ERR_TUNNEL", Cause::ProxyRefused),
    ("_PROXY_", Cause::ProxyRefused),
    ("ERR_PROXY", Cause::ProxyRefused),
    ("ERR_SOCKS", Cause::ProxyRefused),
    ("CONNECTION_REFUSED", Cause::Refused),
    ("ERR_NAME_", Cause::Unresolved),
    ("ERR_DNS_", Cause::Unresolved),
    ("ERR_ICANN_NAME", Cause::Unresolved),
    ("ADDRESS_UNREACHABLE", Cause::Unreachable),
    ("ERR_ADDRESS_INVALID", Cause::Unreachable),
    ("INTERNET_DISCONNECTED", Cause::Unreachable),
    ("TIMED_OUT", Cause::Timeout),
    ("ERR_BLOCKED", Cause::Blocked),
    ("ERR_UNSAFE_PORT", Cause::Blocked),
    ("ERR_DISALLOWED", Cause::Blocked),
    ("ACCESS_DENIED", Cause::Blocked),
    ("ERR_CLEARTEXT_NOT_PERMITTED", Cause::Blocked),
    ("ERR_ABORTED", Cause::ClosedWhileConnecting),
    ("HTTP2_PING_FAILED", Cause::KeepaliveTimeout),
    // mitmproxy's word for a server that took the request and ended the connection.
    ("server closed connection", Cause::UpgradeRefused),
];
/// What Chromium begins with where it refuses an answer to the upgrade, and what follows where it is the status.
///
/// Source: read in chromium net/websockets/websocket_basic_handshake_stream.cc
const REFUSED_ANSWER: &str = "Error during WebSocket handshake: ";
const REFUSED_STATUS: &str = "Unexpected response code";

/// What an error of a program stands for: by its name, or as a line that the program also prints.
fn cause_named(error: &str) -> Cause {
    let is_named = |row: &&(&str, Cause)| error.contains(row.0);
    if let Some((_, cause)) = ERRORS.iter().find(is_named) {
        return *cause;
    }
    let refused = error.split_once(REFUSED_ANSWER).map(|(_, why)| why);
    let is_of_answer = |why: &str| !why.starts_with("net::") && !why.starts_with(REFUSED_STATUS);
    if refused.is_some_and(is_of_answer) {
        return Cause::UpgradeInvalid;
    }
    let read = logline::read(error).map(|reading| reading.event);
    match read {
        Some(Event::Cause { cause, .. }) => match cause {
            Cause::HandshakeTimeout => Cause::NoAnswer,
            Cause::SubprotocolNotChosen => Cause::UpgradeInvalid,
            Cause::Refused
            | Cause::Unresolved
            | Cause::Unreachable
            | Cause::Timeout
            | Cause::NoAnswer
            | Cause::ProxyRefused
            | Cause::TlsFailed
            | Cause::UpgradeInvalid
            | Cause::UpgradeRefused
            | Cause::Blocked => cause,
            _ => Cause::Unknown,
        },
        _ => Cause::Unknown,
    }
}

/// The host in a URL.
#[cfg(feature = "tls")]
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => host.split(':').next(),
    }
}

/// Whether a recording holds that a Close passed and not what it says.
pub(super) fn is_hidden(record: &Record, close: &SentClose) -> bool {
    record.transport.lacks.codes && close.is_truncated && close.close.code.is_none()
}

impl Reasoning<'_> {
    /// The client's program could not open it.
    pub(super) fn unopened(&mut self) -> bool {
        let record = self.record;
        let Some(failure) = &record.transport.failure else {
            return false;
        };
        let transport = &record.transport;
        let cause = match (transport.is_no_tls, transport.tunnel_status) {
            (true, _) => Cause::WrongScheme,
            (_, Some(_)) => Cause::ProxyRefused,
            _ if transport.is_tunnel_cut_off => Cause::ProxyRefused,
            (false, None) => cause_named(failure),
        };
        let error = escape(failure);
        let is_program = transport.recorder == Recorder::Program;
        let message = match (cause, record.transport.tunnel_status) {
            (Cause::ProxyRefused, Some(status)) => say!(recorded.proxy_refused, status),
            _ if failure.is_empty() && is_program => say!(recorded.no_answer_program),
            _ if failure.is_empty() => say!(recorded.no_answer),
            (Cause::WrongScheme, _) => say!(recorded.no_tls),
            (Cause::ProxyRefused, None) if transport.is_tunnel_cut_off => {
                say!(recorded.proxy_ended)
            }
            (Cause::ClosedWhileConnecting, _) => say!(recorded.closed_early),
            (Cause::Blocked, _) => say!(recorded.blocked, error),
            _ if is_program => say!(recorded.failed_program, error),
            _ => say!(recorded.failed, error),
        };
        self.answer(cause, message);
        let is_by_proxy = transport.tunnel_status.is_some() || transport.is_tunnel_cut_off;
        let is_named = !failure.is_empty() && !failure.contains("ERR_ABORTED");
        if (cause == Cause::WrongScheme || is_by_proxy) && is_named {
            self.say(say!(recorded.failed, error = escape(failure)));
        }
        #[cfg(feature = "tls")]
        self.judge_certificates();
        // Where none was shown, it was not the certificate.
        let is_blaming = failure.contains("ERR_CERT") || failure.contains("ERR_BAD_SSL");
        let is_netlog = transport.source == Source::NetLog;
        if cause == Cause::TlsFailed
            && is_netlog
            && transport.certificates.is_empty()
            && !is_blaming
        {
            self.found.advice = cause.advice_about("protocol_version");
        }
        let is_unknown = self.found.cause == Cause::Unknown;
        let tls = advice::HAR_UNANSWERED_TLS
            .iter()
            .filter(|_| record.is_tls());
        let general = advice::HAR_UNANSWERED.iter().chain(tls);
        if is_unknown {
            self.found.advice = general.collect();
        }
        true
    }

    /// What is wrong with the certificates that were not taken: a browser names one fault alone.
    #[cfg(feature = "tls")]
    fn judge_certificates(&mut self) {
        let transport = &self.record.transport;
        if transport.certificates.is_empty() || self.found.cause != Cause::TlsFailed {
            return;
        }
        let host = transport.url.as_deref().and_then(host_of);
        let at = transport.first.time / 1_000_000_000;
        let judged = certificate::judge(&transport.certificates, host, at);
        for fault in judged.faults.iter().take(MOST_FAULTS) {
            self.say(fault.message().sentence());
        }
        if let Some(product) = judged.inspector() {
            self.say(say!(recorded.inspector, product));
        }
    }

    /// The connection broke on its way, or an end was gone, of which no more is known.
    pub(super) fn broke(&mut self) -> bool {
        let record = self.record;
        if record.end.is_some() {
            return false;
        }
        if let Some(lost) = &record.transport.lost {
            let error = escape(lost);
            let (cause, message) = match cause_named(lost) {
                cause @ Cause::KeepaliveTimeout => (cause, say!(recorded.ping_failed, error)),
                cause @ Cause::Timeout => (cause, say!(recorded.broke, error)),
                _ => (Cause::Unknown, say!(recorded.broke, error)),
            };
            self.answer(cause, message);
            self.found.topic = Some("1006".to_owned());
            self.found.advice = match cause {
                Cause::KeepaliveTimeout => cause.advice_about("path"),
                _ => advice::LOST.iter().collect(),
            };
            return true;
        }
        let Some(by) = record.transport.gone else {
            return false;
        };
        self.answer(Cause::PeerGone, say!(recorded.gone, by));
        self.say(say!(recorded.gone_unknown));
        self.found.topic = Some("1006".to_owned());
        let silence = record
            .quiet()
            .filter(|silence| *silence >= SUSPICIOUS_SILENCE);
        if let Some(silence) = silence.map(Value::Seconds) {
            self.say(say!(recorded.silence, silence = silence.clone()));
            self.also(Cause::IdleTimeout, say!(decide.idle, silence));
        }
        true
    }

    /// The browser says what it closed for, of which the recording holds no more.
    pub(super) fn refused_by_client(&mut self, closer: Sender) -> bool {
        if closer != Sender::Client || !self.complained() {
            return false;
        }
        self.found.cause = Cause::Violation;
        true
    }

    /// The browser refused what the server sent behind its Close. Its page is told of that, and not of the Close.
    pub(super) fn refused_behind_close(&mut self, first: &SentClose) -> bool {
        let error = self.record.transport.errors.first();
        let subject = error.and_then(|error| Some(logline::read(error)?.subject()));
        let is_meant = matches!(subject, Some(Subject::Rule("frame-after-close")));
        first.sender == Sender::Server && is_meant && self.complained()
    }

    /// The browser found a fault in a Close of which the recording holds no more than that it passed, and answered
    /// with the code for that.
    pub(super) fn refused_hidden(&mut self, first: &SentClose, answer: Option<&SentClose>) -> bool {
        let code = answer.and_then(|answer| answer.close.code);
        let is_complaint = matches!(code, Some(1002 | 1007));
        if first.sender != Sender::Server || !is_complaint || !is_hidden(self.record, first) {
            return false;
        }
        if !self.complained() {
            return false;
        }
        self.found.cause = Cause::Violation;
        true
    }

    /// A Close of which the recording holds that it passed, and not what it says.
    pub(super) fn hidden(&mut self, first: &SentClose) -> bool {
        let record = self.record;
        if !is_hidden(record, first) {
            return false;
        }
        let (closer, other) = (first.sender, first.sender.other());
        let is_answered = record.side(other).first_close.is_some();
        if is_answered || record.end.is_none() || !self.is_heard_out(other) {
            let closes = record.closes.iter();
            let length = closes
                .filter(|close| close.sender == closer)
                .map(|close| close.length);
            let n = Value::Number(length.max().unwrap_or_default());
            self.answer(Cause::Application, say!(recorded.close_hidden, closer, n));
        } else {
            let message = say!(recorded.close_hidden_unanswered, closer, other);
            self.answer(Cause::CloseUnanswered, message);
        }
        self.found.advice = advice::NETLOG_CODES.iter().collect();
        true
    }

    /// What the source tells beside it all.
    pub(super) fn besides_recorded(&mut self) {
        let transport = &self.record.transport;
        if let Some(proxy) = &transport.proxy {
            self.say(say!(recorded.proxy, proxy = escape(proxy)));
        }
        let first = self.record.closes.first().map(|close| close.sender);
        let code = self
            .record
            .closes
            .first()
            .and_then(|close| close.close.code);
        if let (Source::Flow, Some(closer), Some(code @ (1002 | 1007 | 1009))) =
            (transport.source, first, code)
        {
            self.found
                .note(say!(recorded.perhaps_by_proxy, closer, code));
        }
        let names_packet =
            |message: &Message| message.values.iter().any(|(name, _)| *name == "packet");
        if self.found.said().any(names_packet) {
            match transport.source {
                Source::NetLog => self.found.note(say!(recorded.events)),
                Source::Flow => self.found.note(say!(recorded.flows)),
                Source::Packets | Source::Tls | Source::Http2 | Source::Har | Source::Probe => {}
            }
        }
    }

    /// What an end's application sees of a Close that a proxy answered, of which the recording holds
    /// one alone.
    pub(super) fn answered_by_proxy(&mut self, end: Sender) -> Option<u16> {
        let record = self.record;
        let first = record.closes.first()?;
        if record.transport.source != Source::Flow || first.sender != end {
            return None;
        }
        let code = first.close.code.unwrap_or(1005);
        self.found
            .reported
            .push(say!(recorded.answered_by_proxy, end, code));
        Some(code)
    }

    /// A program between the ends refused what one of them sent.
    fn refused_between(&mut self) -> bool {
        let transport = &self.record.transport;
        let Some((guilty, rule, code)) = transport.refused else {
            return false;
        };
        let error = escape(transport.errors.first().map_or("", String::as_str));
        let message = say!(recorded.refused_between, guilty, code, error);
        self.answer(Cause::Violation, message);
        self.found.rule = Some(rule);
        self.found.topic = Some(rule.to_owned());
        let row = rules::lookup(rule);
        self.found.advice = row
            .map(|row| close::advice_for_rule(row, None, false))
            .unwrap_or_default();
        true
    }

    /// The client's program found a fault in what the server sent.
    pub(super) fn complained(&mut self) -> bool {
        if self.refused_between() {
            return true;
        }
        let Some(error) = self.record.transport.errors.first() else {
            return false;
        };
        self.say(say!(recorded.error, error = escape(error)));
        self.complains = Some(Sender::Client);
        // What it says is a line that the program also prints.
        match logline::read(error).map(|reading| reading.subject()) {
            Some(Subject::Rule(rule)) => {
                self.found.cause = Cause::Violation;
                self.found.rule = Some(rule);
                self.found.topic = Some(rule.to_owned());
                let row = rules::lookup(rule);
                self.found.advice = row
                    .map(|row| close::advice_for_rule(row, None, false))
                    .unwrap_or_default();
            }
            Some(Subject::Cause(cause)) => {
                let row = cause.row();
                self.found.cause = match row.points_to {
                    PointsTo::Bytes => Cause::Violation,
                    _ => cause,
                };
                self.found.statements.extend(row.meaning.map(Message::from));
                self.found.advice = row.advice.iter().collect();
            }
            Some(Subject::Code(_)) | None => {}
        }
        true
    }

    /// It opened, no fault is known, and a Close could not have been seen.
    pub(super) fn without_closes(&mut self, is_told: bool) -> bool {
        let record = self.record;
        let lacks = record.transport.lacks;
        if !lacks.closes || record.end.is_some() {
            return false;
        }
        if lacks.messages {
            self.say(say!(recorded.upgrade_alone));
            let of_firefox = advice::HAR_UPGRADE_ALONE.iter();
            let is_firefox = record.transport.recorder == Recorder::Firefox;
            let all = of_firefox
                .filter(|_| is_firefox)
                .chain(self.advice_of_har());
            self.found.advice = all.collect();
            return true;
        }
        let no_codes = match is_told {
            true => say!(recorded.no_codes_but_told),
            false => say!(recorded.no_codes),
        };
        let lasted = record.seconds(record.transport.last);
        let duration = Value::Seconds(lasted);
        match record.transport.lasting {
            // Who says that it ends does not leave it open.
            Lasting::UntilLast if is_told => self.say(say!(recorded.lasted_at_least, duration)),
            Lasting::UntilLast => {
                self.found.cause = Cause::StillOpen;
                self.say(say!(recorded.open_perhaps, duration));
                return true;
            }
            Lasting::Known => {
                self.say(no_codes);
                self.say(say!(recorded.lasted, duration));
            }
            Lasting::AtLeast => {
                self.say(no_codes);
                self.say(say!(recorded.lasted_at_least, duration));
            }
        }
        if let Some(silence) = record
            .quiet()
            .filter(|silence| *silence >= SHORTEST_SILENCE)
        {
            let value = Value::Seconds(silence);
            self.say(say!(recorded.silence, silence = value.clone()));
            if silence >= SUSPICIOUS_SILENCE {
                self.also(Cause::IdleTimeout, say!(decide.idle, silence = value));
            }
        }
        self.found.advice = self.advice_of_har().iter().collect();
        true
    }

    /// What to do where the file has no codes.
    fn advice_of_har(&self) -> &'static [Advice] {
        match self.record.transport.recorder {
            Recorder::Program => advice::HAR_PROGRAM,
            Recorder::Browser | Recorder::Firefox => advice::HAR,
        }
    }

    /// What the client's application sees of a connection that could not be opened.
    pub(super) fn report_unopened(&mut self) -> bool {
        let record = self.record;
        match &record.transport.failure {
            None if record.transport.lost.is_some() && record.closes.is_empty() => {
                let is_told = record.transport.source == Source::NetLog;
                self.found.client_sees = is_told.then_some(1006);
                if is_told {
                    self.found.reported.push(say!(recorded.sees_failed));
                }
            }
            None => return false,
            // What Chromium shows is known, whatever failed.
            Some(failure)
                if failure.is_empty()
                    && record.is_tls()
                    && record.transport.source == Source::Har =>
            {
                self.found.reported.push(say!(recorded.sees_either));
            }
            Some(_) => {
                self.found.client_sees = Some(1006);
                self.found.reported.push(say!(sees.never));
            }
        }
        true
    }
}
