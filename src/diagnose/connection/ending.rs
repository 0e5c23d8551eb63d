//! Connections that ended without a Close: who ended TCP, and what that fits.

use super::super::causes::{Cause, say};
use super::closing::rule_cases;
use super::{
    AT_ONCE, LARGE_FRAME, PONG_IS_LATE, Reasoning, SHORTEST_SILENCE, SUSPICIOUS_SILENCE, TOGETHER,
    duration, kind, rule, text, timers_matching, word,
};
use crate::capture::connection::{EndKind, Forgotten, seconds};
use crate::capture::tcp::Origin;
use crate::frame::Sender;
use crate::words::{Value, either};

impl<'a> Reasoning<'a> {
    /// Nobody closed.
    pub(super) fn no_close(&mut self) {
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
    pub(super) fn open_end(&mut self) {
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
    pub(super) fn keepalive(&mut self, by: Sender, at: Origin) -> bool {
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
    pub(super) fn legs(&mut self, by: Sender, at: Origin) -> bool {
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
    pub(super) fn fault_of(
        &self,
        sender: Sender,
    ) -> Option<(&'a crate::capture::direction::Found, u16)> {
        let mut findings = self.record.findings.iter().rev();
        findings.find_map(|found| {
            let code = found.finding.rule.closes_with?;
            (found.sender == sender).then_some((found, code))
        })
    }

    pub(super) fn tcp_end(&mut self) {
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

    pub(super) fn silence(&mut self) {
        if let Some(silence) = self
            .record
            .silence()
            .filter(|silence| *silence >= SHORTEST_SILENCE)
        {
            self.say(say::SILENCE, &[("silence", text(duration(silence)))]);
        }
    }

    /// Whether a timer may have done it.
    pub(super) fn suspect_timer(&mut self) {
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
    pub(super) fn suspect_limit(&mut self) {
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
}
