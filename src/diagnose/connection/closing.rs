//! Connections that ended with a Close: who closed, and for what.

use super::super::causes::{Cause, say};
use super::{AT_ONCE, PONG_IS_LATE, Reasoning, duration, rule, text, without_options, word};
use crate::capture::connection::seconds;
use crate::codes::{lookup, range_of};
use crate::conversation::ClosedBy;
use crate::diagnose;
use crate::escape::escape_bytes;
use crate::frame::Sender;
use crate::rules::Finding;
use crate::words::{Case, Value, say};

impl<'a> Reasoning<'a> {
    /// Somebody closed.
    pub(super) fn closed(&mut self, first: &'a ClosedBy) {
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
                self.evidence.push(diagnose::meaning(first));
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
                None => self.evidence.push(diagnose::answered(first, answer)),
            }
        }
        self.tcp_end();
    }

    pub(super) fn violation(&mut self, closer: &'a ClosedBy, finding: &'a Finding, is_exact: bool) {
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
    pub(super) fn packet_of(&self, sender: Sender, finding: &Finding) -> String {
        let mut findings = self.record.findings.iter();
        let found = findings.find(|found| {
            found.sender == sender
                && found.finding.at == finding.at
                && found.finding.rule.id == finding.rule.id
        });
        found.map_or("?".to_owned(), |found| found.origin.packet.to_string())
    }

    /// Whether the end that should have answered a Close is known not to have.
    pub(super) fn is_answer_missing(&self, first: &ClosedBy) -> bool {
        let other = self.record.side(first.sender.other());
        let is_complete = other.is_captured && other.oddities.lost == 0 && other.unread == 0;
        is_complete && self.record.end.is_some() && !first.is_truncated
    }

    /// A Close for a ping that was not answered.
    pub(super) fn keepalive_close(&mut self, first: &ClosedBy) -> bool {
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
    pub(super) fn has_crossed(&self) -> bool {
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
}

/// The fault that a Close complains of, and whether its code is the one for that fault.
fn complaint(closed: &ClosedBy, from: u64) -> Option<(&Finding, bool)> {
    match diagnose::Cause::of(closed) {
        diagnose::Cause::Fault(finding) if finding.at >= from => Some((finding, true)),
        diagnose::Cause::Perhaps(finding) if finding.at >= from => Some((finding, false)),
        _ => None,
    }
}

/// The fault in the first Close that the second complains of.
fn complaint_about(answer: &ClosedBy, first_at: u64) -> Option<(&Finding, bool)> {
    complaint(answer, first_at)
}

/// What to do about a broken rule, but for how `decode-frame` was asked.
pub(super) fn rule_cases(finding: &Finding, code: u16) -> Vec<&'static Case> {
    without_options(diagnose::cases_of_rule(finding.rule, code))
}

/// What to do about a code.
pub(super) fn cases_of_code(code: Option<u16>) -> Vec<&'static Case> {
    let code = code.unwrap_or(1005);
    let cases = match lookup(code) {
        Some(row) if diagnose::is_nothing_wrong(row) => return Vec::new(),
        Some(row) => row.words.cases,
        None => range_of(code).cases(Some(code)),
    };
    cases.iter().collect()
}
