//! From the record of a connection to the cause of its end.
//!
//! The packets prove some things (who ended TCP, which Close came first, which frame breaks a
//! rule) and only suggest others (a timer, a process that was killed). What they only suggest is
//! listed with what would decide it. What a Close stands for is judged as for frames alone.

mod opening;
mod sees;

use std::time::Duration;

use crate::capture::connection::{EndKind, Forgotten, Record, seconds};
use crate::capture::finder::Confidence;
use crate::capture::tcp::Origin;
use crate::codes::{lookup, range_of};
use crate::conversation::ClosedBy;
use crate::escape::escape_bytes;
use crate::field::timers;
use crate::frame::Sender;
use crate::rules::Finding;
use crate::words::{Case, Value, decimal, either, fill, say, say_count, translated, word};

use super::causes::{Cause, say};
use opening::fault_text;

/// Why a connection ended, as far as its packets tell.
#[derive(Debug)]
pub struct ConnectionDiagnosis {
    /// The cause that fits best.
    pub cause: Cause,
    /// The rule that was broken, where that is the cause.
    pub rule: Option<&'static str>,
    /// Sentences: the answer first, then what shows it.
    pub evidence: Vec<String>,
    /// Other causes that fit, each with a sentence that says what decides.
    pub alternatives: Vec<(Cause, String)>,
    /// What to check and what to do then, likeliest first.
    pub cases: Vec<&'static Case>,
    /// The code that the client's application sees; `None` where the packets do not tell.
    pub client_sees: Option<u16>,
    /// The code that the server's application sees.
    pub server_sees: Option<u16>,
    /// Why they see that.
    pub sees: Vec<String>,
    /// What to ask `wsclose explain` for more.
    pub topic: Option<String>,
}

/// Timers of known programs that run as long as a silence, each with its setting.
fn timers_matching(silence: f64) -> Vec<String> {
    let silence = Duration::try_from_secs_f64(silence).unwrap_or_default();
    if silence.as_secs_f64() < SUSPICIOUS_SILENCE {
        return Vec::new();
    }
    let timers = timers::of_silence(silence).into_iter();
    timers
        .map(|timer| match timer.setting {
            "" => translated(timer.who).to_owned(),
            setting => format!("{} ({})", translated(timer.who), translated(setting)),
        })
        .collect()
}

/// A silence that is shorter than this is none.
const SHORTEST_SILENCE: f64 = 1.0;
/// A silence from which on a timer is worth a thought.
const SUSPICIOUS_SILENCE: f64 = 5.0;
/// Two legs of a proxy that end within this belong together, in seconds.
const TOGETHER: f64 = 1.0;
/// A frame of so many bytes may be too big for somebody.
const LARGE_FRAME: u64 = 4096;
/// A fault that is answered by the end of TCP within this is its cause, in seconds.
const AT_ONCE: f64 = 1.0;
/// A pong that has not come after this is late, in seconds.
const PONG_IS_LATE: f64 = 0.5;

/// The diagnosis of a connection.
pub fn diagnose_connection(record: &Record) -> ConnectionDiagnosis {
    let mut found = Reasoning::new(record);
    found.reason();
    found.besides();
    found.sees();
    found.into_diagnosis()
}

type Values<'a> = &'a [(&'static str, Value)];

struct Reasoning<'a> {
    record: &'a Record,
    cause: Cause,
    rule: Option<&'static str>,
    /// Who complained of a fault of the other end.
    complains: Option<Sender>,
    evidence: Vec<String>,
    alternatives: Vec<(Cause, String)>,
    cases: Vec<&'static Case>,
    client_sees: Option<u16>,
    server_sees: Option<u16>,
    sees: Vec<String>,
    topic: Option<String>,
}

fn word(sender: Sender) -> Value {
    Value::Word(sender.id())
}

fn kind(kind: EndKind) -> Value {
    let name = match kind {
        EndKind::Fin => "FIN",
        EndKind::Rst => "RST",
    };
    text(name.to_owned())
}

fn rule(finding: &Finding) -> Value {
    text(finding.rule.id.to_owned())
}

/// A time as people say it.
pub fn duration(seconds: f64) -> String {
    match seconds {
        _ if seconds < 0.001 => format!("{:.0} µs", seconds * 1e6),
        _ if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        _ if seconds < 100.0 => format!("{} s", decimal(seconds, 1)),
        _ if seconds < 7200.0 => format!("{seconds:.0} s"),
        _ => format!("{} h", decimal(seconds / 3600.0, 1)),
    }
}

fn text(text: String) -> Value {
    Value::Text(text)
}

impl<'a> Reasoning<'a> {
    fn new(record: &'a Record) -> Self {
        Reasoning {
            record,
            cause: Cause::Unknown,
            rule: None,
            complains: None,
            evidence: Vec::new(),
            alternatives: Vec::new(),
            cases: Vec::new(),
            client_sees: None,
            server_sees: None,
            sees: Vec::new(),
            topic: None,
        }
    }

    fn into_diagnosis(mut self) -> ConnectionDiagnosis {
        if self.cases.is_empty() {
            self.cases = self.cause.row().cases.iter().collect();
        }
        ConnectionDiagnosis {
            cause: self.cause,
            rule: self.rule,
            evidence: self.evidence,
            alternatives: self.alternatives,
            cases: self.cases,
            client_sees: self.client_sees,
            server_sees: self.server_sees,
            sees: self.sees,
            topic: self.topic,
        }
    }

    fn say(&mut self, template: &'static str, values: Values<'_>) {
        self.evidence.push(fill(template, values));
    }

    fn answer(&mut self, cause: Cause, template: &'static str, values: Values<'_>) {
        self.cause = cause;
        self.say(template, values);
    }

    fn also(&mut self, cause: Cause, template: &'static str, values: Values<'_>) {
        self.alternatives.push((cause, fill(template, values)));
    }

    fn after(&self, from: Origin, to: Origin) -> Value {
        text(duration(seconds(from.time, to.time)))
    }

    fn reason(&mut self) {
        let record = self.record;
        if !self.unreached() && !self.scheme() && !self.tls() && !self.upgrade() {
            let first = record.closes.first();
            let closed = first.and_then(|first| record.side(first.sender).closed_by.as_ref());
            match closed {
                Some(closed) => self.closed(closed),
                None => self.no_close(),
            }
        }
    }

    /// Somebody closed.
    fn closed(&mut self, first: &'a ClosedBy) {
        let record = self.record;
        let other = first.sender.other();
        let answer = record.side(other).closed_by.as_ref();
        let complaint = complaint(first, 0).map(|found| (first, found));
        let complaint = complaint.or_else(|| {
            let answer = answer?;
            Some((answer, complaint_about(answer, first.at)?))
        });
        let code = first.close.code;
        if let Some((closer, (finding, is_exact))) = complaint {
            self.violation(closer, finding, is_exact);
        } else if code == Some(1009) {
            self.complains = Some(first.sender);
            let values = [("closer", word(first.sender)), ("guilty", word(other))];
            self.answer(Cause::TooBig, say::TOO_BIG, &values);
            if let Some(largest) = first.other.largest {
                let values = [
                    ("guilty", word(other)),
                    ("length", Value::Number(largest.length)),
                ];
                self.say(say::LARGEST, &values);
            }
            self.topic = Some("1009".to_owned());
        } else if !self.keepalive_close(first) {
            if answer.is_none() && self.is_answer_missing(first) {
                let template = match code {
                    Some(_) => say::CLOSE_UNANSWERED,
                    None => say::CLOSE_EMPTY_UNANSWERED,
                };
                let values = [
                    ("closer", word(first.sender)),
                    ("other", word(other)),
                    ("code", Value::Code(code.unwrap_or(1005))),
                ];
                self.answer(Cause::CloseUnanswered, template, &values);
                let close = record.closes.first().map(|close| close.origin);
                if let (Some(close), Some(end)) = (close, record.end) {
                    let is_hasty = seconds(close.time, end.origin.time) < AT_ONCE;
                    if end.by == first.sender && is_hasty {
                        let after = ("after", self.after(close, end.origin));
                        self.say(say::NOT_AWAITED, &[("closer", word(end.by)), after]);
                    }
                }
            } else {
                self.cause = Cause::Application;
                self.evidence.push(super::meaning(first));
                self.cases = cases_of_code(code);
            }
            self.topic = Some(code.unwrap_or(1005).to_string());
        }
        if !first.close.reason.is_empty() {
            let reason = escape_bytes(&first.close.reason);
            self.evidence.push(say!("Its reason: \"{reason}\"", reason));
        }
        if let Some(answer) = answer {
            if self.has_crossed() {
                self.say(say::CROSSED, &[]);
            }
            match answer.close.code.filter(|_| answer.is_truncated) {
                Some(code) => {
                    let values = [("other", word(other)), ("code", Value::Code(code))];
                    self.say(say::CUT_ANSWER, &values);
                }
                None => self.evidence.push(super::answered(first, answer)),
            }
        }
        self.tcp_end();
    }

    fn violation(&mut self, closer: &'a ClosedBy, finding: &'a Finding, is_exact: bool) {
        let guilty = closer.sender.other();
        self.complains = Some(closer.sender);
        self.rule = Some(finding.rule.id);
        self.topic = Some(finding.rule.id.to_owned());
        let code = closer.close.code.unwrap_or(1005);
        self.cases = rule_cases(finding, code);
        let values = [
            ("closer", word(closer.sender)),
            ("guilty", word(guilty)),
            ("code", Value::Code(code)),
            ("packet", text(self.packet_of(guilty, finding))),
            ("note", text(finding.note())),
            ("rule", rule(finding)),
            (
                "expected",
                Value::Code(finding.rule.closes_with.unwrap_or(1002)),
            ),
        ];
        let template = if is_exact {
            say::VIOLATION
        } else {
            say::VIOLATION_PERHAPS
        };
        self.answer(Cause::Violation, template, &values);
    }

    /// The packet that a finding is in.
    fn packet_of(&self, sender: Sender, finding: &Finding) -> String {
        let mut findings = self.record.findings.iter();
        let found = findings.find(|found| {
            found.sender == sender
                && found.finding.at == finding.at
                && found.finding.rule.id == finding.rule.id
        });
        found.map_or("?".to_owned(), |found| found.origin.packet.to_string())
    }

    /// Whether the end that should have answered a Close is known not to have.
    fn is_answer_missing(&self, first: &ClosedBy) -> bool {
        let other = self.record.side(first.sender.other());
        let is_complete = other.is_captured && other.oddities.lost == 0 && other.unread == 0;
        is_complete && self.record.end.is_some() && !first.is_truncated
    }

    /// A Close for a ping that was not answered.
    fn keepalive_close(&mut self, first: &ClosedBy) -> bool {
        let record = self.record;
        let Some(close) = record.closes.first() else {
            return false;
        };
        let mut pings = record.unanswered.iter();
        let ping = pings
            .find(|ping| ping.sender == first.sender && ping.origin.packet <= close.origin.packet);
        let Some(ping) = ping else {
            return false;
        };
        let waited = seconds(ping.origin.time, close.origin.time);
        let reason = String::from_utf8_lossy(&first.close.reason).to_lowercase();
        let says_so = ["ping", "pong", "keepalive", "keep-alive", "heartbeat"]
            .iter()
            .any(|word| reason.contains(word));
        if !says_so {
            if waited >= PONG_IS_LATE && first.close.code != Some(1000) {
                let pinger = ("pinger", word(first.sender));
                self.also(Cause::KeepaliveTimeout, say::DECIDE_KEEPALIVE, &[pinger]);
            }
            return false;
        }
        let values = [
            ("closer", word(first.sender)),
            ("code", Value::Code(first.close.code.unwrap_or(1005))),
            ("packet", text(ping.origin.packet.to_string())),
            ("after", text(duration(waited))),
        ];
        self.answer(Cause::KeepaliveTimeout, say::KEEPALIVE_CLOSE, &values);
        self.topic = Some(first.close.code.unwrap_or(1005).to_string());
        true
    }

    /// Whether the second Close was sent before the first had arrived.
    fn has_crossed(&self) -> bool {
        let mut closes = self.record.closes.iter();
        let (Some(first), Some(second)) = (
            closes.next(),
            closes.find(|close| {
                Some(close.sender) != self.record.closes.first().map(|first| first.sender)
            }),
        ) else {
            return false;
        };
        second
            .had_received
            .is_some_and(|received| received < first.ends_at)
    }

    /// Nobody closed.
    fn no_close(&mut self) {
        let record = self.record;
        self.topic = Some("1006".to_owned());
        let Some(end) = record.end else {
            self.open_end();
            return;
        };
        let by = record.side(end.by);
        let fault = self.fault_of(end.by.other());
        if let Some((found, code)) = fault {
            let waited = seconds(found.origin.time, end.origin.time);
            if waited <= AT_ONCE {
                self.complains = Some(end.by);
                self.rule = Some(found.finding.rule.id);
                self.topic = self.rule.map(str::to_owned);
                self.cases = rule_cases(&found.finding, code);
                let values = [
                    ("closer", word(end.by)),
                    ("guilty", word(end.by.other())),
                    ("after", text(duration(waited))),
                    ("packet", text(found.origin.packet.to_string())),
                    ("note", text(found.finding.note())),
                    ("rule", rule(&found.finding)),
                ];
                self.answer(Cause::Violation, say::VIOLATION_SILENT, &values);
                self.tcp_end();
                return;
            }
        }
        if let Some(cut) = by.cut {
            match (cut.opcode, cut.length) {
                (Some(opcode), Some(length)) => {
                    let values = [
                        ("by", word(end.by)),
                        ("opcode", text(opcode.to_string())),
                        ("present", Value::Number(cut.present)),
                        ("length", Value::Number(length)),
                    ];
                    self.answer(Cause::CutMidFrame, say::CUT, &values);
                }
                _ => self.answer(Cause::CutMidFrame, say::CUT_HEADER, &[("by", word(end.by))]),
            }
            if end.kind == EndKind::Rst {
                self.also(Cause::Reset, say::DECIDE_BETWEEN, &[("by", word(end.by))]);
            }
            self.tcp_end();
            return;
        }
        if self.keepalive(end.by, end.origin) {
            self.tcp_end();
            self.also(Cause::PeerGone, say::DECIDE_GONE, &[]);
            return;
        }
        if self.legs(end.by, end.origin) {
            self.tcp_end();
            return;
        }
        let by = ("by", word(end.by));
        if end.kind == EndKind::Rst {
            self.answer(Cause::Reset, say::RESET, std::slice::from_ref(&by));
            self.tcp_end();
            let silence = record.silence().unwrap_or_default();
            if !timers_matching(silence).is_empty() {
                self.suspect_timer();
            } else if silence >= SUSPICIOUS_SILENCE {
                self.also(Cause::IdleTimeout, say::DECIDE_BETWEEN, &[by]);
            }
            self.suspect_limit();
            return;
        }
        let silence = record.silence().unwrap_or_default();
        let timers = timers_matching(silence);
        if !timers.is_empty() {
            let values = [
                by,
                ("silence", text(duration(silence))),
                ("timers", text(either(&timers))),
            ];
            self.answer(Cause::IdleTimeout, say::IDLE_TIMER, &values);
            self.tcp_end();
            self.also(Cause::PeerGone, say::DECIDE_GONE, &[]);
            return;
        }
        self.answer(Cause::PeerGone, say::PEER_GONE, &[by]);
        self.tcp_end();
        self.suspect_timer();
        self.suspect_limit();
        if fault.is_some() {
            let closer = ("closer", word(end.by));
            self.also(Cause::Violation, say::DECIDE_FAULT, &[closer]);
        }
    }

    /// Nothing ended it in the capture.
    fn open_end(&mut self) {
        let record = self.record;
        self.topic = None;
        let template = match record.forgotten {
            Some(_) => say::OPEN_WHEN_LEFT,
            None => say::STILL_OPEN,
        };
        self.answer(Cause::StillOpen, template, &[]);
        match record.forgotten {
            Some(Forgotten::TooMany) => self.say(say::FORGOTTEN_MANY, &[]),
            Some(Forgotten::Idle(waited)) => {
                let values = [("after", text(duration(seconds(0, waited))))];
                self.say(say::FORGOTTEN_IDLE, &values);
            }
            Some(Forgotten::Reused) => self.say(say::FORGOTTEN_REUSED, &[]),
            None => {}
        }
        if let (Some(asked), None, false) = (
            record.upgrade.asked,
            &record.upgrade.response,
            record.has_frames() || !record.server_end.is_captured,
        ) {
            if seconds(asked.time, record.last.time) >= SHORTEST_SILENCE {
                let after = ("after", self.after(asked, record.last));
                self.say(say::UPGRADE_WAITS, &[after]);
            }
        }
        if let Some(ping) = record.unanswered.first() {
            let values = [
                ("pinger", word(ping.sender)),
                ("packet", text(ping.origin.packet.to_string())),
                ("after", self.after(ping.origin, record.last)),
            ];
            self.say(say::PING_UNANSWERED, &values);
        }
    }

    /// A ping without a pong before the end.
    fn keepalive(&mut self, by: Sender, at: Origin) -> bool {
        let record = self.record;
        let Some(ping) = record.unanswered.last() else {
            return false;
        };
        let waited = seconds(ping.origin.time, at.time);
        let packet = ("packet", text(ping.origin.packet.to_string()));
        let resent = record.side(ping.sender).unacknowledged;
        if resent >= 2 {
            let values = [
                ("pinger", word(ping.sender)),
                ("other", word(ping.sender.other())),
                packet,
                ("times", Value::Number(resent)),
            ];
            self.answer(Cause::KeepaliveTimeout, say::KEEPALIVE_DEAD, &values);
            // Not even its system answered: the path comes first.
            self.cases = self.cause.row().cases.iter().collect();
            self.cases.rotate_left(1);
            return true;
        }
        if ping.sender == by && waited >= PONG_IS_LATE {
            let values = [
                ("closer", word(by)),
                ("after", text(duration(waited))),
                packet,
            ];
            self.answer(Cause::KeepaliveTimeout, say::KEEPALIVE_GONE, &values);
            return true;
        }
        if waited >= PONG_IS_LATE {
            let values = [
                ("pinger", word(ping.sender)),
                packet,
                ("after", text(duration(waited))),
            ];
            self.also(Cause::KeepaliveTimeout, say::PING_UNANSWERED, &values);
        }
        false
    }

    /// A proxy between, whose other leg is in the capture.
    fn legs(&mut self, by: Sender, at: Origin) -> bool {
        let record = self.record;
        let Some((leg, end)) = record.leg.and_then(|leg| Some((leg, leg.end?))) else {
            return false;
        };
        // On the client's side the proxy is the server.
        let proxy = if leg.is_client_side {
            Sender::Client
        } else {
            Sender::Server
        };
        if by != proxy {
            return false;
        }
        let apart = seconds(at.time.min(end.origin.time), at.time.max(end.origin.time));
        if apart > TOGETHER {
            return false;
        }
        if end.by != proxy {
            let silence = record.silence().unwrap_or_default();
            if silence >= SHORTEST_SILENCE {
                let values = [("silence", text(duration(silence)))];
                self.answer(Cause::IdleTimeout, say::IDLE_LEGS, &values);
                self.also(Cause::PeerGone, say::DECIDE_GONE, &[]);
            } else {
                self.answer(Cause::PeerGone, say::PROXY_GONE, &[]);
            }
            return true;
        }
        if end.origin.time <= at.time {
            let far = if leg.is_client_side {
                word!("client")
            } else {
                word!("backend")
            };
            let values = [("far", Value::Word(far)), ("after", text(duration(apart)))];
            self.answer(Cause::PeerGone, say::PEER_GONE_LEG, &values);
            return true;
        }
        false
    }

    /// The last fault of an end that a strict receiver would close for.
    fn fault_of(&self, sender: Sender) -> Option<(&'a crate::capture::direction::Found, u16)> {
        let mut findings = self.record.findings.iter().rev();
        findings.find_map(|found| {
            let code = found.finding.rule.closes_with?;
            (found.sender == sender).then_some((found, code))
        })
    }

    fn tcp_end(&mut self) {
        let record = self.record;
        let Some(end) = record.end else {
            return;
        };
        let values = [
            ("by", word(end.by)),
            ("kind", kind(end.kind)),
            ("packet", text(end.origin.packet.to_string())),
            ("duration", text(duration(record.seconds(end.origin)))),
        ];
        self.say(say::ENDED, &values);
        if record.closes.is_empty() {
            self.silence();
        }
    }

    fn silence(&mut self) {
        if let Some(silence) = self
            .record
            .silence()
            .filter(|silence| *silence >= SHORTEST_SILENCE)
        {
            self.say(say::SILENCE, &[("silence", text(duration(silence)))]);
        }
    }

    /// Whether a timer may have done it.
    fn suspect_timer(&mut self) {
        let silence = self.record.silence().unwrap_or_default();
        let timers = timers_matching(silence);
        let silence_text = ("silence", text(duration(silence)));
        if !timers.is_empty() {
            let values = [silence_text, ("timers", text(either(&timers)))];
            self.also(Cause::IdleTimeout, say::DECIDE_TIMER, &values);
        } else if silence >= SUSPICIOUS_SILENCE {
            self.also(Cause::IdleTimeout, say::DECIDE_IDLE, &[silence_text]);
        }
    }

    /// Whether a message that was on its way may have been too big for the end that went.
    fn suspect_limit(&mut self) {
        let record = self.record;
        let Some(end) = record.end else {
            return;
        };
        let guilty = end.by.other();
        let cut = record.side(guilty).cut;
        let under_way = cut.and_then(|cut| Some((cut.opcode?, cut.length?, cut.present)));
        let Some((opcode, length, present)) = under_way else {
            return;
        };
        let values = [
            ("guilty", word(guilty)),
            ("opcode", text(opcode.to_string())),
            ("present", Value::Number(present)),
            ("length", Value::Number(length)),
        ];
        self.say(say::WAS_SENDING, &values);
        if length >= LARGE_FRAME {
            self.also(Cause::TooBig, say::DECIDE_LIMIT, &[("by", word(end.by))]);
        }
    }

    /// What else a person should know before believing it.
    fn besides(&mut self) {
        let record = self.record;
        let is_invalid = self.cause == Cause::UpgradeInvalid;
        if record.is_upgraded() && !record.has_frames() && record.tls.is_none() && !is_invalid {
            self.say(say::NO_FRAMES, &[]);
        }
        if !is_invalid && record.has_frames() {
            if let Some(fault) = record.upgrade.faults.first() {
                self.say(say::UPGRADE_FAULT, &[("fault", text(fault_text(fault)))]);
            }
        }
        // A fault that was not the cause is said all the same.
        for sender in [Sender::Client, Sender::Server] {
            let Some((found, code)) = self.fault_of(sender) else {
                continue;
            };
            if self.cause == Cause::Violation || found.finding.rule.id == "truncated-frame" {
                continue;
            }
            let values = [
                ("guilty", word(sender)),
                ("packet", text(found.origin.packet.to_string())),
                ("note", text(found.finding.note())),
                ("rule", rule(&found.finding)),
                ("code", Value::Code(code)),
            ];
            self.say(say::FAULT_UNUSED, &values);
        }
        if let Some(confidence) = record.confidence {
            let template = match (&record.upgrade.response, confidence) {
                (Some(_), Confidence::High) => say::FOUND_AGAIN_SURELY,
                (Some(_), Confidence::Fair) => say::FOUND_AGAIN_FAIRLY,
                (None, Confidence::High) => say::FOUND_SURELY,
                (None, Confidence::Fair) => say::FOUND_FAIRLY,
            };
            self.say(template, &[]);
        }
        if (record.first.time, record.last.time) == (0, 0) {
            self.say(say::NO_TIMES, &[]);
        }
        for sender in [Sender::Client, Sender::Server] {
            let end = record.side(sender);
            let other = record.side(sender.other());
            let is_said = self.cause == Cause::KeepaliveTimeout;
            if end.unacknowledged >= 2 && other.is_captured && !is_said {
                let values = [
                    ("end", word(sender)),
                    ("other", word(sender.other())),
                    ("times", Value::Number(end.unacknowledged)),
                ];
                self.say(say::UNACKNOWLEDGED, &values);
            }
            if !end.is_captured && record.has_frames() {
                let template = match record.closes.is_empty() {
                    true => say::ONE_DIRECTION,
                    false => say::ONE_DIRECTION_CLOSE,
                };
                self.say(template, &[("end", word(sender))]);
            }
            if end.oddities.lost > 0 {
                self.evidence.push(say_count!(
                    end.oddities.lost,
                    "{n} byte of the {end} is not in the capture.",
                    "{n} bytes of the {end} are not in the capture.",
                    end = sender
                ));
            }
            if end.unread > 0 && record.has_frames() {
                self.evidence.push(say_count!(
                    end.unread,
                    "{n} byte of the {end} lies behind a gap or before the first frame that was found, and was not read.",
                    "{n} bytes of the {end} lie behind a gap or before the first frame that was found, and were not read.",
                    end = sender
                ));
            }
            if end.oddities.disputed > 0 {
                self.evidence.push(say_count!(
                    end.oddities.disputed,
                    "{n} segment of the {end} holds other bytes than its first copy, which was taken.",
                    "{n} segments of the {end} hold other bytes than their first copies, which were taken.",
                    end = sender
                ));
            }
        }
        if record.is_capped {
            self.say(say::CAPPED, &[]);
        }
        if record.is_not_inflated {
            self.say(say::NOT_INFLATED, &[]);
        }
        if let Some(leg) = record.leg {
            let values = [
                ("client", text(leg.client.to_string())),
                ("server", text(leg.server.to_string())),
            ];
            self.say(say::LEG, &values);
            if let (Some(this), Some(other)) = (record.end, leg.end) {
                let (template, from, to) = match this.origin.time < other.origin.time {
                    true => (say::OTHER_LEG_LATER, this.origin, other.origin),
                    false => (say::OTHER_LEG_FIRST, other.origin, this.origin),
                };
                let after = self.after(from, to);
                self.say(template, &[("after", after)]);
            }
        }
    }
}

/// The fault that a Close complains of, and whether its code is the one for that fault.
fn complaint(closed: &ClosedBy, from: u64) -> Option<(&Finding, bool)> {
    match super::Cause::of(closed) {
        super::Cause::Fault(finding) if finding.at >= from => Some((finding, true)),
        super::Cause::Perhaps(finding) if finding.at >= from => Some((finding, false)),
        _ => None,
    }
}

/// The fault in the first Close that the second complains of.
fn complaint_about(answer: &ClosedBy, first_at: u64) -> Option<(&Finding, bool)> {
    complaint(answer, first_at)
}

/// What to do about a broken rule, but for how `decode-frame` was asked.
fn rule_cases(finding: &Finding, code: u16) -> Vec<&'static Case> {
    without_options(super::cases_of_rule(finding.rule, code))
}

/// Without the cases that are about options of `decode-frame`.
pub(super) fn without_options(cases: &'static [Case]) -> Vec<&'static Case> {
    cases
        .iter()
        .filter(|case| !case.fix.contains("`--"))
        .collect()
}

/// What to do about a code.
fn cases_of_code(code: Option<u16>) -> Vec<&'static Case> {
    let code = code.unwrap_or(1005);
    let cases = match lookup(code) {
        Some(row) if super::is_nothing_wrong(row) => return Vec::new(),
        Some(row) => row.words.cases,
        None => range_of(code).cases(Some(code)),
    };
    cases.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, speaking};

    #[test]
    fn timers_and_times_are_said_in_the_language_that_is_spoken() {
        let timers = speaking(Language::French, || timers_matching(55.0));
        assert!(
            timers.iter().any(|timer| timer.contains("routeur Heroku")),
            "{timers:?}"
        );
        assert_eq!(speaking(Language::French, || duration(1.5)), "1,5 s");
    }
}
