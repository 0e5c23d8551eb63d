//! Connections that ended with a Close: who closed, and for what.

use super::close;
use super::connection::{PONG_IS_LATE, Reasoning};
use super::frames::{Complaint, answered, answered_to_fault};
use super::recorded::is_hidden;
use super::silence::speaks_of_pings;
use crate::conversation::SentClose;
use crate::escape::escape_bytes;
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::frame::Sender;
use crate::inspect::{Foreign, Hint};
use crate::rules::Finding;
use crate::session::direction::Found;
use crate::session::{EndKind, seconds};
use crate::words::{Message, Value, say};

impl<'a> Reasoning<'a> {
    /// Somebody closed.
    pub(super) fn closed(&mut self, first: &'a SentClose) {
        let record = self.record;
        let other = first.sender.other();
        let answer = record.side(other).first_close.as_ref();
        if answer.is_none() && self.had_ended(first) {
            return self.closed_behind_end(first);
        }
        let complained = complaint(first, 0).map(|found| (first, found));
        let complained = complained.or_else(|| {
            let answer = answer?;
            Some((answer, complaint(answer, first.at)?))
        });
        // What a closer had not received it did not close for, and what no finding of the record says was none.
        let complained = complained
            .filter(|(closer, (finding, _))| self.had_received(closer.sender, finding.at))
            .and_then(|(closer, (finding, is_exact))| {
                let packet = self.packet_of(closer.sender.other(), finding)?;
                Some((closer, finding, packet, is_exact))
            });
        let code = first.close.code.unwrap_or(1005);
        // A message that is larger than somebody takes breaks no rule of the protocol.
        let is_about_size = |finding: &Finding| finding.rule.id == "message-too-big";
        let complained = complained.filter(|(_, finding, ..)| !is_about_size(finding));
        let is_violation = complained
            .is_some_and(|(closer, .., is_exact)| is_exact && closer.sender == first.sender);
        let is_late = record
            .application
            .as_ref()
            .is_some_and(|heard| heard.late.is_some());
        let story = self.story().filter(|_| !is_violation || is_late);
        let is_told = story.as_ref().is_some_and(|story| story.is_answer);
        if self.refused_behind_close(first) {
            // What the server said behind its Close made the browser forget that Close.
        } else if is_told {
            self.found.title = codes::name_of(code);
            self.found.topic = Some(code.to_string());
        } else if let Some((closer, finding, packet, is_exact)) = complained {
            self.violation(closer, finding, packet, is_exact);
        } else if self.refused_by_client(first.sender)
            || self.refused_101(first)
            || self.refused_hidden(first, answer.map(|answer| &**answer))
            || self.hidden(first)
        {
            // The recording tells no more.
        } else if self.about_subprotocol(first) {
            // The reason says so.
        } else if let Some((packet, foreign)) = self.foreign_under_way(first, code) {
            self.refused_foreign(first, packet, foreign);
        } else if let Some(found) = self.fault_under_way(first, code) {
            self.violation(first, &found.finding, found.origin.packet, true);
        } else if code == 1009 {
            self.too_big(first);
        } else if !self.keepalive_close(first) {
            if answer.is_none() && self.refused_close(first) {
                if !first.close.reason.is_empty() {
                    let reason = escape_bytes(&first.close.reason);
                    self.say(say!(close.reason, reason));
                }
                return;
            }
            let is_missing = answer.is_none() && self.is_answer_missing(first);
            let not_awaited = self.not_awaited(first).filter(|_| is_missing);
            if is_missing && self.illegal_close(first) {
                // Who is told to close with what no Close may say need not answer.
            } else if is_missing && not_awaited.is_none() {
                self.unanswered(first);
            } else {
                self.meant(first);
            }
            if let Some(not_awaited) = not_awaited {
                self.say(not_awaited);
            }
            if answer.is_none() && self.is_undelivered(first.sender) {
                self.say(say!(ending.close_not_received, other));
            }
        }
        if let Some(story) = story {
            self.found.take_story(story);
        }
        // Who answers to a fault of the Close was told of already, with what it answered.
        let is_answer = self.complains == Some(other);
        if !first.close.reason.is_empty() && !is_answer {
            let reason = escape_bytes(&first.close.reason);
            self.say(say!(close.reason, reason));
        }
        let is_plain = self.found.rule.is_none() && !is_told;
        if let (Some(fingerprint), true) = (first.facts().fingerprint(), is_plain) {
            self.found.fingerprint = Some(fingerprint);
            self.say(fingerprint.note().sentence());
        }
        if let Some(answer) = answer {
            if self.has_crossed() {
                self.say(say!(ending.crossed));
            }
            match answer.close.code.filter(|_| answer.is_truncated) {
                _ if is_answer => {}
                _ if self.is_too_late(other) => {
                    self.say(say!(ending.answered_too_late, other, closer = first.sender));
                }
                _ if self.is_undelivered(other) => {
                    let closer = first.sender;
                    self.say(say!(ending.answer_not_received, other, closer));
                }
                _ if is_hidden(record, answer) => self.say(say!(recorded.answer_hidden, other)),
                Some(code) => self.say(say!(ending.cut_answer, other, code)),
                None if self.complains == Some(first.sender) => {
                    self.say(answered_to_fault(first, answer));
                }
                None => self.say(answered(first, answer)),
            }
        }
        self.tcp_end();
    }

    /// Whether the other end had ended TCP when the Close came: with a FIN that the closer knew of, or a RST.
    fn had_ended(&self, first: &SentClose) -> bool {
        let record = self.record;
        let (closer, other) = (first.sender, first.sender.other());
        let Some(end) = record.end.filter(|end| end.by == other) else {
            return false;
        };
        let Some(close) = record.closes.iter().find(|close| close.sender == closer) else {
            return false;
        };
        // A Close that crosses a FIN is received; the one byte more is the FIN. Behind a RST nothing is.
        let bytes = record.side(other).endpoint.bytes;
        let knew = close.had_received.is_some_and(|received| received > bytes);
        close.origin.turn > end.origin.turn
            && (end.kind == EndKind::Rst || knew)
            && self.is_known_whole(other)
            && record.side(other).cut.is_none()
    }

    /// The other end had ended TCP without a Close before.
    fn closed_behind_end(&mut self, first: &SentClose) {
        self.no_close();
        let Some(close) = self.record.closes.first() else {
            return;
        };
        let (sender, packet) = (close.sender, close.origin.packet);
        let other = first.sender.other();
        self.say(match first.close.code {
            Some(code) => say!(ending.closed_behind_end, sender, other, code, packet),
            None => say!(ending.closed_empty_behind_end, sender, other, packet),
        });
    }

    /// Whether the Close of an end came when the other one had reset the connection.
    pub(super) fn is_too_late(&self, sender: Sender) -> bool {
        let close = self
            .record
            .closes
            .iter()
            .find(|close| close.sender == sender);
        let reset = self.record.side(sender.other()).endpoint.rst;
        close
            .zip(reset)
            .is_some_and(|(close, reset)| close.origin.turn > reset.turn)
    }

    /// The client refused the 101 with a Close, the first and only thing it sent behind it.
    fn refused_101(&mut self, first: &SentClose) -> bool {
        let record = self.record;
        let fault = record.handshake.upgrade.faults.first();
        let Some(fault) = fault.filter(|fault| !fault.is_passed_over()) else {
            return false;
        };
        let is_refusal = matches!(first.close.code, Some(1002 | 1010));
        if first.sender != Sender::Client || !is_refusal || record.client_end.frames > 1 {
            return false;
        }
        self.answer(Cause::UpgradeInvalid, fault.message());
        if let (Some(code), Some(close)) = (first.close.code, record.closes.first()) {
            let (sender, packet) = (close.sender, close.origin.packet);
            self.say(say!(ending.saw_close, sender, code, packet));
        }
        true
    }

    /// Bytes that are no frame, as far as they had come when the Close for them was sent: the packet, and what they are.
    fn foreign_under_way(&self, first: &SentClose, code: u16) -> Option<(u64, Foreign)> {
        let record = self.record;
        let guilty = first.sender.other();
        let close = record.closes.first()?.origin;
        let foreign = record.hints.iter().find_map(|(sender, hint)| match hint {
            Hint::Foreign(foreign) if *sender == guilty => Some(*foreign),
            _ => None,
        })?;
        let mut found = record.findings.iter().rev();
        let found = found.find(|found| {
            found.sender == guilty
                && found.origin.turn <= close.turn
                && found.finding.rule.closes_with == Some(code)
                && self.had_received(first.sender, found.finding.at)
        })?;
        Some((found.origin.packet, foreign))
    }

    /// An end closed for bytes that are no frame.
    fn refused_foreign(&mut self, first: &SentClose, packet: u64, foreign: Foreign) {
        let (closer, guilty) = (first.sender, first.sender.other());
        let code = first.close.code.unwrap_or(1005);
        let what = foreign.message();
        self.complains = Some(closer);
        self.found.topic = Some(code.to_string());
        self.found.advice = Cause::Violation.row().advice.iter().collect();
        let message = say!(ending.violation_foreign, closer, code, guilty, packet, what);
        self.answer(Cause::Violation, message);
    }

    /// The fault that a Close is for by its code, of a frame that was read only behind the Close: it was not whole when
    /// that was sent, or a gap before it held it up.
    fn fault_under_way(&self, first: &SentClose, code: u16) -> Option<&'a Found> {
        let record = self.record;
        let guilty = first.sender.other();
        let close = record.closes.first()?.origin;
        record.findings.iter().rev().find(|found| {
            found.sender == guilty
                && found.origin.turn <= close.turn
                && found.finding.rule.closes_with == Some(code)
                && self.had_received(first.sender, found.finding.at)
                && !matches!(found.finding.rule.id, "message-too-big" | "truncated-frame")
        })
    }

    /// The Close itself breaks a rule, and the other end ended TCP at once, without an answer.
    fn refused_close(&mut self, first: &SentClose) -> bool {
        let record = self.record;
        let Some(end) = record.end.filter(|end| end.by != first.sender) else {
            return false;
        };
        self.fault_in_close(first.sender).is_some() && self.silent_violation(end)
    }

    /// Nothing but the Close itself says why.
    fn meant(&mut self, first: &SentClose) {
        self.found.cause = Cause::Application;
        first
            .facts()
            .explain(self.registries, false, &mut self.found);
        if let Some(oddity) = first.oddity() {
            self.found.statements = vec![oddity];
        }
    }

    /// The Close is about the subprotocol, as its reason says: what was offered and chosen is known better than what
    /// its code means.
    fn about_subprotocol(&mut self, first: &SentClose) -> bool {
        let reason = String::from_utf8_lossy(&first.close.reason).to_lowercase();
        let upgrade = &self.record.handshake.upgrade;
        let (Some(request), Some(response)) = (&upgrade.request, &upgrade.response) else {
            return false;
        };
        if !reason.contains("subprotocol") && !reason.contains("sub-protocol") {
            return false;
        }
        // Of one that was chosen it may speak in another sense.
        let is_refused = response.subprotocol.is_none() || speaks_of_refusal(&reason);
        if !is_refused || matches!(first.close.code, Some(1000 | 1001)) {
            return false;
        }
        let closer = first.sender;
        let message = match (&request.subprotocols, &response.subprotocol) {
            (_, Some(_)) => say!(opening.closed_for_subprotocol, closer),
            (Some(_), None) => say!(opening.closed_for_none_chosen, closer),
            (None, None) => say!(opening.closed_for_none_offered, closer),
        };
        self.answer(Cause::Application, message);
        self.found.topic = Some(first.close.code.unwrap_or(1005).to_string());
        self.found.title = codes::name_of(first.close.code.unwrap_or(1005));
        self.found.advice = advice::SUBPROTOCOL_REFUSED.iter().collect();
        true
    }

    fn too_big(&mut self, first: &SentClose) {
        let (closer, guilty) = (first.sender, first.sender.other());
        self.complains = Some(closer);
        self.answer(Cause::TooBig, say!(ending.too_big, closer, guilty));
        if let Some(largest) = first.other.largest {
            let length = Value::Number(largest.length);
            // What a header announces has not come yet.
            let cut = self.record.side(guilty).cut;
            let cut = cut.filter(|cut| cut.at >= largest.at && first.other.last == Some(largest));
            let missing = cut.map_or(0, |cut| cut.length.unwrap_or(0).saturating_sub(cut.present));
            self.say(match largest.length.saturating_sub(missing) {
                _ if missing == 0 => say!(ending.largest, guilty, length),
                present => {
                    let present = Value::Number(present);
                    say!(ending.largest_announced, guilty, length, present)
                }
            });
        }
        let application = self.record.application.as_deref();
        let protocol = application.and_then(|application| application.protocol);
        let setting = protocol.and_then(|protocol| protocol.too_big);
        if let Some(setting) = setting.filter(|_| closer == Sender::Server) {
            self.say(Message::from(setting));
        }
        self.found.topic = Some("1009".to_owned());
    }

    pub(super) fn violation(
        &mut self,
        closer: &'a SentClose,
        finding: &'a Finding,
        packet: u64,
        is_exact: bool,
    ) {
        let guilty = closer.sender.other();
        let rule = finding.rule.id;
        self.complains = Some(closer.sender);
        self.found.rule = Some(rule);
        self.found.topic = Some(rule.to_owned());
        let code = closer.close.code.unwrap_or(1005);
        self.found.advice = close::advice_for_rule(finding.rule, Some(code), false);
        let (closer, note) = (closer.sender, finding.note());
        let is_answer = self.record.closes.first().map(|first| first.sender) == Some(guilty);
        let message = if is_exact && is_answer {
            say!(
                ending.violation_answer,
                closer,
                code,
                guilty,
                packet,
                note,
                rule
            )
        } else if is_exact {
            say!(ending.violation, closer, code, guilty, packet, note, rule)
        } else {
            let expected = finding.rule.closes_with.unwrap_or(1002);
            say!(
                ending.violation_perhaps,
                closer,
                code,
                guilty,
                packet,
                note,
                rule,
                expected
            )
        };
        self.answer(Cause::Violation, message);
    }

    /// The packet that a finding is in; `None` of one that was taken back, or is not among those that are kept.
    fn packet_of(&self, sender: Sender, finding: &Finding) -> Option<u64> {
        let mut findings = self.record.findings.iter();
        let found = findings.find(|found| {
            found.sender == sender
                && found.finding.at == finding.at
                && found.finding.rule.id == finding.rule.id
        });
        Some(found?.origin.packet)
    }

    /// A Close for a ping that was not answered.
    fn keepalive_close(&mut self, first: &SentClose) -> bool {
        let record = self.record;
        let Some(close) = record.closes.first() else {
            return false;
        };
        if record.side(first.sender.other()).hidden_since.is_some() {
            return false;
        }
        let mut pings = record.unanswered.iter();
        let ping =
            pings.find(|ping| ping.sender == first.sender && ping.origin.turn <= close.origin.turn);
        let Some(ping) = ping else {
            return false;
        };
        let waited = seconds(ping.origin.time, close.origin.time);
        if !speaks_of_pings(&first.close.reason) {
            if waited >= PONG_IS_LATE && first.close.code != Some(1000) {
                let pinger = first.sender;
                self.also(Cause::KeepaliveTimeout, say!(decide.keepalive, pinger));
            }
            return false;
        }
        let (closer, packet) = (first.sender, ping.origin.packet);
        let code = first.close.code.unwrap_or(1005);
        let after = Value::Seconds(waited);
        // A later one may lie in what was not seen of its sender.
        let message = match record.may_hide_since(closer, ping.origin) {
            true => say!(ending.keepalive_close_unseen, closer, code),
            false => say!(ending.keepalive_close, closer, code, packet, after),
        };
        self.answer(Cause::KeepaliveTimeout, message);
        self.found.topic = Some(code.to_string());
        true
    }

    /// Whether an end had received the byte at `at` of the other when it sent its first Close, as far as that
    /// is known.
    fn had_received(&self, closer: Sender, at: u64) -> bool {
        let mut closes = self.record.closes.iter();
        let close = closes.find(|close| close.sender == closer);
        let received = close.and_then(|close| close.had_received);
        received.is_none_or(|received| received > at)
    }

    /// Whether the second Close was sent before the first had arrived.
    fn has_crossed(&self) -> bool {
        let mut closes = self.record.closes.iter();
        let Some(first) = closes.next() else {
            return false;
        };
        let second = closes.find(|close| close.sender != first.sender);
        second
            .and_then(|second| second.had_received)
            .is_some_and(|received| received < first.ends_at)
    }
}

/// The fault from an offset on that a Close complains of, and whether its code is the one for that
/// fault.
fn complaint(closed: &SentClose, from: u64) -> Option<(&Finding, bool)> {
    Complaint::of(closed)
        .fault()
        .filter(|(finding, _)| finding.at >= from)
}

/// Whether a reason, in small letters, says that something is not accepted as a whole; and not a message of it.
fn speaks_of_refusal(reason: &str) -> bool {
    let words: Vec<&str> = reason
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_any = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let is_pair = |first: &str, known: &[&str]| {
        let mut pairs = words.iter().zip(words.iter().skip(1));
        pairs.any(|(one, two)| *one == first && known.contains(two))
    };
    let is_of_message = is_any(&[
        "message", "messages", "frame", "frames", "packet", "payload",
    ]) || is_pair("unknown", &["error"]);
    let is_refusal = is_any(&[
        "unsupported",
        "unacceptable",
        "unknown",
        "unrecognized",
        "invalid",
        "missing",
        "mismatch",
        "required",
        "expected",
        "rejected",
        "refused",
        "wrong",
        "bad",
    ]) || is_pair(
        "not",
        &[
            "supported",
            "acceptable",
            "accepted",
            "allowed",
            "available",
            "known",
            "recognized",
            "valid",
        ],
    ) || is_pair(
        "no",
        &[
            "such",
            "subprotocol",
            "subprotocols",
            "sub",
            "common",
            "supported",
            "matching",
            "valid",
            "acceptable",
        ],
    );
    is_refusal && !is_of_message
}
