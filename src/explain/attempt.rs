//! What a client tells of its own attempt to open a connection: how far it got, and what stopped it.

mod failed;

pub(super) use failed::socks_reply;

use super::connection::Reasoning;
use super::encrypted::alert_name;
use crate::escape::{escape, escape_bytes};
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::attempt::{Attempt, Failure, Idled, ProxyFault, TlsFault};
use crate::session::tls::Alert;
use crate::upgrade::Fault;
use crate::words::{Value, all_of, say};

/// A value in a query that is shorter than this is a word as likely as a secret.
const SHORTEST_SECRET: usize = 6;
/// No limit ends a connection sooner than after so many seconds: it was refused.
const SHORTEST_LIFETIME: f64 = 1.0;
/// So much of a page or of bytes that are no answer is shown.
const SHOWN: usize = 200;

impl<'a> Reasoning<'a> {
    fn attempt(&self) -> Option<&'a Attempt> {
        self.record.transport.attempt.as_deref()
    }

    /// The attempt failed before HTTP, or something else that the client knows decides.
    pub(super) fn attempted(&mut self) -> bool {
        let Some(attempt) = self.attempt() else {
            return false;
        };
        match &attempt.failure {
            None => {
                self.scheme_compared(attempt)
                    || self.answered_with_alert(attempt)
                    || self.long_head(attempt)
                    || self.stopped(attempt)
                    || self.flooded(attempt)
            }
            Some(Failure::Name(fault)) => self.no_address(fault),
            Some(Failure::Connect) => self.not_connected(&attempt.missed, None),
            Some(Failure::Proxy(fault)) => self.no_tunnel(attempt, fault),
            Some(Failure::Tls(fault)) => self.no_tls(attempt, fault),
        }
    }

    /// A further attempt showed that the port speaks TLS.
    fn scheme_compared(&mut self, attempt: &Attempt) -> bool {
        let is_unanswered = self.record.handshake.upgrade.response.is_none();
        let has_tls = attempt
            .compared
            .iter()
            .any(|other| other.id == "tls" && other.has_tls);
        if attempt.is_secure || !is_unanswered || !has_tls {
            return false;
        }
        self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
        self.say(say!(attempt.tls_answered));
        true
    }

    /// The answer to a request in clear is an alert of TLS, which only a server of TLS sends.
    fn answered_with_alert(&mut self, attempt: &Attempt) -> bool {
        let Some(alert) = Alert::in_clear(&attempt.begins).filter(|_| !attempt.is_secure) else {
            return false;
        };
        self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
        self.say(say!(attempt.alert_in_clear, alert = alert_name(alert)));
        true
    }

    fn long_head(&mut self, attempt: &Attempt) -> bool {
        if attempt.is_head_too_long {
            self.answer(Cause::UpgradeInvalid, say!(attempt.long_head));
        }
        attempt.is_head_too_long
    }

    /// Somebody stopped it before it was known.
    fn stopped(&mut self, attempt: &Attempt) -> bool {
        let has_answer = self.record.handshake.upgrade.response.is_some();
        let is_open = has_answer && self.record.is_upgraded();
        if !attempt.is_stopped || has_answer && !is_open {
            return false;
        }
        let is_fine = self.record.findings.is_empty() && self.server_close().is_none();
        if is_open && !is_fine {
            return false;
        }
        self.answer(Cause::StillOpen, say!(attempt.stopped));
        true
    }

    /// The client stopped because more came than it listens to: nothing that was missing then was late.
    fn flooded(&mut self, attempt: &Attempt) -> bool {
        let Some(heard) = attempt.flooded else {
            return false;
        };
        let is_fine = self.record.findings.is_empty() && self.server_close().is_none();
        if !is_fine
            || self
                .scene()
                .is_some_and(|scene| scene.tells_cause(self.registries))
        {
            return false;
        }
        self.answer(
            Cause::StillOpen,
            say!(probe.flooded, n = Value::Number(heard)),
        );
        true
    }

    fn server_close(&self) -> Option<Option<u16>> {
        let mut closes = self.record.closes.iter();
        let close = closes.find(|close| close.sender == Sender::Server)?;
        Some(close.close.code)
    }

    /// What only a client that tells of itself adds, where the bytes have given the answer.
    pub(super) fn attempt_besides(&mut self) {
        let Some(attempt) = self.attempt() else {
            return;
        };
        if attempt.failure.is_none() {
            self.healthy(attempt);
            self.idled(attempt);
            self.refusal(attempt);
            self.closed_on_us(attempt);
            self.odd_answer(attempt);
        }
        if !matches!(attempt.failure, Some(Failure::Tls(TlsFault::Certificates)))
            && !attempt.certificates.is_empty()
        {
            if attempt.is_insecure {
                self.say(say!(attempt.insecure));
            }
            for fault in &attempt.certificates {
                self.say(fault.sentence.clone().sentence());
                self.found.advice.extend(fault.advice);
            }
        }
        let is_told = matches!(
            attempt.failure,
            Some(Failure::Connect | Failure::Proxy(ProxyFault::Connect))
        );
        if !is_told && !attempt.missed.is_empty() {
            self.missed(&attempt.missed);
            if let Some(address) = self.record.server_end.endpoint.address {
                let address = address.to_string();
                self.say(say!(attempt.then, address));
            }
        }
        for note in &attempt.notes {
            self.say(note.clone());
        }
        for other in &attempt.compared {
            let (what, says) = (other.what.clone(), other.outcome.clone());
            self.say(say!(attempt.compared, what, says).begun());
        }
        self.compared(attempt);
        if self.found.cause == Cause::StillOpen {
            return;
        }
        if let Some(heard) = attempt.flooded {
            self.say(say!(probe.flooded, n = Value::Number(heard)));
        }
        if attempt.is_stopped {
            self.say(say!(attempt.stopped));
        }
    }

    /// Whether nothing was wrong.
    fn healthy(&mut self, attempt: &Attempt) {
        let record = self.record;
        let is_ours = record
            .closes
            .first()
            .is_some_and(|close| close.sender == Sender::Client && close.close.code == Some(1000));
        let answer = self.server_close();
        let is_answered = matches!(answer, Some(Some(1000) | None));
        let mut faults = record.handshake.upgrade.faults.iter();
        let is_whole = record.finding_count == 0
            && faults.all(Fault::is_passed_over)
            && attempt.certificates.is_empty();
        // What the application refused is no health, however orderly the connection ended.
        let scene = self.scene();
        let is_whole = is_whole && !scene.is_some_and(|scene| scene.tells_cause(self.registries));
        if self.found.cause == Cause::Application && is_ours && is_answered && is_whole {
            self.found.statements.clear();
            self.found.notes.clear();
            self.found.topic = None;
            self.found.fingerprint = None;
            self.found.advice.clear();
            self.answer(Cause::Healthy, say!(attempt.healthy));
            for fault in &record.handshake.upgrade.faults {
                self.say(fault.message());
            }
        } else if self.found.cause == Cause::Application && is_ours {
            if let Some(Some(code)) = answer.filter(|code| *code != Some(1000)) {
                let message = say!(attempt.answered_otherwise, code);
                self.found.statements.insert(0, message);
            }
        }
    }

    /// What idle connections showed.
    fn idled(&mut self, attempt: &Attempt) {
        let of = |id: &str| attempt.idled.iter().find(|idled| idled.id == id);
        let Some(silent) = of("silent") else {
            return;
        };
        let ended = |idled: Option<&Idled>| idled.and_then(|idled| idled.ended);
        let pings = of("pings");
        let is_reset = pings.is_some_and(|it| it.ended.is_none() && !it.is_dead);
        match (silent.ended, silent.is_dead) {
            (Some(after), _) => {
                let silence = Value::Seconds(silent.silence);
                let together =
                    ended(pings).is_some_and(|other| (other - after).abs() < after / 10.0 + 0.5);
                if is_reset {
                    self.found.cause = match self.record.closes.first().map(|it| it.sender) {
                        Some(Sender::Server) => self.found.cause,
                        _ => Cause::IdleTimeout,
                    };
                    self.found.advice = advice::PROBE_IDLE.iter().collect();
                    let message = say!(attempt.idle_timer, silence);
                    self.found.statements.insert(0, message);
                } else if self.is_told() {
                    // What was said says more than when.
                } else if together && after >= SHORTEST_LIFETIME {
                    self.found.advice = advice::PROBE_LIFETIME.iter().collect();
                    let after = Value::Seconds(after);
                    self.found
                        .statements
                        .insert(0, say!(attempt.lifetime, after));
                } else {
                    self.say(say!(attempt.idle_ended, silence));
                }
                if let Some(keepalive) = of("tcp-keepalive") {
                    if is_reset {
                        self.say(match keepalive.ended {
                            Some(_) => say!(attempt.keepalive_did_not_help),
                            None => say!(attempt.keepalive_helped),
                        });
                    }
                }
            }
            (None, true) => {
                if is_reset {
                    self.found.cause = Cause::IdleTimeout;
                    self.found.advice = advice::PROBE_IDLE.iter().collect();
                    self.found.statements.insert(0, say!(attempt.idle_dropped));
                } else {
                    self.say(say!(attempt.idle_dead));
                }
            }
            (None, false) => self.say(say!(attempt.idle_stayed)),
        }
    }

    /// Whether the application, or a code that names a fault, tells why the connection ended.
    fn is_told(&self) -> bool {
        let has_code =
            matches!(self.server_close(), Some(Some(code)) if !matches!(code, 1000 | 1001));
        let scene = self.scene();
        has_code || scene.is_some_and(|scene| scene.tells_cause(self.registries))
    }

    /// What stands in a refusal, and what to try.
    fn refusal(&mut self, attempt: &Attempt) {
        let handshake = &self.record.handshake;
        let Some(response) = handshake.upgrade.response.as_ref() else {
            let is_dumb = self.record.server_end.endpoint.bytes == 0;
            if is_dumb && !attempt.is_secure && self.found.cause == Cause::UpgradeRefused {
                self.also(Cause::WrongScheme, say!(attempt.perhaps_tls));
            }
            return;
        };
        if response.status == 101 || self.found.cause != Cause::UpgradeRefused {
            return;
        }
        match response.status {
            401 | 403 | 407 => {
                self.say(say!(attempt.try_headers));
                if let Some(origin) = &attempt.sent_origin {
                    self.say(say!(attempt.try_origin, origin = escape(origin)));
                }
            }
            300..=399 => {
                let location = response.location.as_deref().unwrap_or_default();
                if let Some(url) = next_url(attempt, location) {
                    self.say(say!(attempt.use_location, url = escape(&url)));
                }
                self.say(say!(attempt.not_followed));
            }
            _ => {}
        }
    }

    /// The server closed before this end did.
    fn closed_on_us(&mut self, _: &Attempt) {
        let is_theirs = self
            .record
            .closes
            .first()
            .is_some_and(|close| close.sender == Sender::Server);
        let is_application = self.found.cause == Cause::Application;
        let is_normal = matches!(self.server_close(), Some(Some(1000 | 1001)));
        if is_theirs && is_application && !is_normal && self.record.client_end.messages == 0 {
            self.say(say!(attempt.said_nothing));
        }
    }

    /// What the bytes were that are no answer.
    fn odd_answer(&mut self, attempt: &Attempt) {
        if !attempt.begins.is_empty() && self.record.handshake.upgrade.response.is_none() {
            let begins = escape_bytes(&attempt.begins);
            self.say(say!(attempt.begins, begins));
            if attempt.is_head_unfinished {
                self.say(say!(attempt.unfinished_head));
            }
        }
    }

    /// What the further attempts prove.
    fn compared(&mut self, attempt: &Attempt) {
        let has_failed = self.found.cause != Cause::Healthy;
        let opened: Vec<Value> = attempt
            .compared
            .iter()
            .filter(|other| other.has_opened)
            .map(|other| other.what.clone().into())
            .collect();
        if has_failed && !opened.is_empty() && !self.record.is_upgraded() {
            let what = all_of(opened);
            self.say(say!(attempt.opens_so, what));
        }
    }

    /// A text without what stood in the query of the URL: some servers say a wrong token again.
    fn without_query_values(&self, mut text: String) -> String {
        let request = self.record.handshake.upgrade.request.as_ref();
        let query = request.and_then(|request| request.target.split_once('?'));
        let pairs = query.map_or("", |(_, query)| query).split('&');
        for value in pairs.filter_map(|pair| Some(pair.split_once('=')?.1)) {
            if value.len() >= SHORTEST_SECRET {
                text = text.replace(value, &"*".repeat(value.len()));
            }
        }
        text
    }

    /// The beginning of a page, on one line.
    pub(super) fn page(&mut self, page: &[u8]) {
        let text = String::from_utf8_lossy(page);
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = self.without_query_values(words.join(" "));
        if text.is_empty() {
            return;
        }
        let mut short: String = text.chars().take(SHOWN).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        self.say(say!(opening.page, page = escape(&short)));
    }
}

/// Where a Location leads, as a URL for WebSocket.
fn next_url(attempt: &Attempt, location: &str) -> Option<String> {
    let scheme = if attempt.is_secure { "wss" } else { "ws" };
    let (from, rest) = location.split_once("://").unwrap_or_default();
    match from.to_ascii_lowercase().as_str() {
        "https" | "wss" => return Some(format!("wss://{rest}")),
        "http" | "ws" => return Some(format!("ws://{rest}")),
        _ => {}
    }
    if let Some(rest) = location.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    location.starts_with('/').then(|| {
        let host = match attempt.host.contains(':') {
            true => format!("[{}]", attempt.host),
            false => attempt.host.clone(),
        };
        format!("{scheme}://{host}:{}{location}", attempt.port)
    })
}
