//! Connections that ended without a Close: who ended TCP, and what that fits.

use super::close;
use super::connection::{
    LARGE_FRAME, PONG_IS_LATE, Reasoning, SHORTEST_SILENCE, SUSPICIOUS_SILENCE, between,
    is_at_once, kind, timers_between, timers_matching,
};
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::Origin;
use crate::session::direction::Found;
use crate::session::{EndKind, Forgotten, TcpEnd, seconds};
use crate::words::{Value, either, say};

impl<'a> Reasoning<'a> {
    /// Nobody closed.
    pub(super) fn no_close(&mut self) {
        self.found.topic = Some("1006".to_owned());
        let Some(end) = self.record.end else {
            self.open_end();
            return;
        };
        if self.silent_violation(end) {
            return;
        }
        let story = self.story();
        match story {
            Some(story) if story.is_answer => {
                self.found.take_story(story);
                self.found.topic = None;
                self.tcp_end();
            }
            story => {
                self.ended(end);
                if let Some(story) = story {
                    self.found.take_story(story);
                }
            }
        }
    }

    /// TCP ended, and the messages do not say why.
    fn ended(&mut self, end: TcpEnd) {
        if end.is_forged {
            return self.forged(end);
        }
        if self.cut(end) {
            return;
        }
        if self.keepalive(end.by, end.origin) {
            self.tcp_end();
            self.also(Cause::PeerGone, say!(decide.gone));
        } else if self.legs(end.by, end.origin) {
            self.tcp_end();
        } else if self.goaway_end() || self.stream_end(end) {
            // TCP alone does not tell.
        } else {
            match end.kind {
                EndKind::Rst => self.reset(end.by),
                EndKind::Fin | EndKind::Notify => self.gone(end.by),
            }
        }
    }

    /// TCP ended right behind a fault of the other end.
    pub(super) fn silent_violation(&mut self, end: TcpEnd) -> bool {
        let (closer, guilty) = (end.by, end.by.other());
        let Some((found, code)) = self.fault_of(guilty) else {
            return false;
        };
        if end.is_forged {
            return false;
        }
        let waited = seconds(found.origin.time, end.origin.time);
        let received = self.record.side(closer).endpoint.had_received;
        let is_prompt = is_at_once(found.origin, end.origin);
        if !is_prompt || received.is_some_and(|received| received <= found.finding.at) {
            return false;
        }
        let rule = found.finding.rule.id;
        self.complains = Some(closer);
        self.found.rule = Some(rule);
        self.found.topic = Some(rule.to_owned());
        self.found.advice = close::advice_for_rule(found.finding.rule, Some(code), false);
        let (after, packet) = (Value::Seconds(waited), found.origin.packet);
        let note = found.finding.note();
        let message = match self.is_of_stream() {
            true => say!(
                stream_end.violation,
                closer,
                after,
                guilty,
                packet,
                note,
                rule
            ),
            false => say!(
                ending.violation_silent,
                closer,
                after,
                guilty,
                packet,
                note,
                rule
            ),
        };
        self.answer(Cause::Violation, message);
        self.tcp_end();
        true
    }

    /// TCP ended inside a frame of the end that ended it.
    fn cut(&mut self, end: TcpEnd) -> bool {
        let by = end.by;
        let Some(cut) = self.record.side(by).cut else {
            return false;
        };
        if self.ended_astray(by, cut.at) {
            return true;
        }
        let message = match (cut.opcode, cut.length) {
            (Some(opcode), Some(length)) => {
                let (present, length) = (Value::Number(cut.present), Value::Number(length));
                match self.is_of_stream() {
                    true => say!(stream_end.cut, by, opcode, present, length),
                    false => say!(ending.cut, by, opcode, present, length),
                }
            }
            _ if self.is_of_stream() => say!(stream_end.cut_header, by),
            _ => say!(ending.cut_header, by),
        };
        self.answer(Cause::CutMidFrame, message);
        if end.kind == EndKind::Rst {
            self.also(Cause::Reset, say!(decide.between, by));
        }
        self.tcp_end();
        true
    }

    /// Something between the ends broke it off in the name of one of them, for the other one alone.
    pub(super) fn forged(&mut self, end: TcpEnd) {
        let (by, other, packet) = (end.by, end.by.other(), end.origin.packet);
        let duration = Value::Seconds(self.record.seconds(end.origin));
        let message = say!(ending.forged, by, other, packet, duration);
        self.answer(Cause::Reset, message);
        self.silence();
        self.found.advice = advice::RESET_BETWEEN.iter().collect();
    }

    /// What TCP ended inside of is no frame, where the bytes of its end had gone astray before: it only looks like one.
    fn ended_astray(&mut self, by: Sender, cut_at: u64) -> bool {
        let mut faults = self.record.findings.iter().filter(|found| {
            let rule = found.finding.rule;
            found.sender == by && rule.closes_with.is_some() && rule.id != "truncated-frame"
        });
        let Some(first) = faults.clone().next() else {
            return false;
        };
        let is_astray = faults.any(|found| found.finding.at >= cut_at);
        if first.finding.at >= cut_at || !is_astray {
            return false;
        }
        let rule = first.finding.rule;
        let (packet, note) = (first.origin.packet, first.finding.note());
        self.found.rule = Some(rule.id);
        self.found.topic = Some(rule.id.to_owned());
        self.found.advice = close::advice_for_rule(rule, None, false);
        let message = say!(ending.ended_astray, by, packet, note, rule = rule.id);
        self.answer(Cause::Violation, message);
        self.tcp_end();
        true
    }

    fn reset(&mut self, by: Sender) {
        self.answer(Cause::Reset, say!(ending.reset, by));
        self.tcp_end();
        let silence = self.record.silence().unwrap_or_default();
        if !timers_matching(silence).is_empty() {
            self.suspect_timer();
        } else if silence >= SUSPICIOUS_SILENCE {
            self.also(Cause::IdleTimeout, say!(decide.between, by));
        }
        self.suspect_limit();
    }

    fn gone(&mut self, by: Sender) {
        let silence = self.record.silence().unwrap_or_default();
        let application = self.record.application.as_deref();
        // Which library serves a protocol that is known is not known: any of them may be the one with this timer.
        let timers = match application.and_then(|application| application.protocol) {
            Some(_) => timers_between(silence),
            None => timers_matching(silence),
        };
        if !timers.is_empty() {
            let (silence, timers) = (Value::Seconds(silence), either(timers));
            let message = say!(ending.idle_timer, by, silence, timers);
            self.answer(Cause::IdleTimeout, message);
            self.tcp_end();
            self.also(Cause::PeerGone, say!(decide.gone));
            return;
        }
        self.answer(Cause::PeerGone, say!(ending.peer_gone, by));
        self.tcp_end();
        self.suspect_timer();
        self.suspect_limit();
        let received = self.record.side(by).endpoint.had_received;
        let fault = self.fault_of(by.other());
        if fault
            .is_some_and(|(found, _)| received.is_none_or(|received| received > found.finding.at))
        {
            self.also(Cause::Violation, say!(decide.fault, closer = by));
        }
    }

    /// Nothing ended it in the capture.
    fn open_end(&mut self) {
        let record = self.record;
        self.found.topic = None;
        let message = match record.forgotten {
            Some(_) => say!(ending.open_when_left),
            None if self.is_still_opening() => say!(ending.still_opening),
            None => say!(ending.still_open),
        };
        self.answer(Cause::StillOpen, message);
        match record.forgotten {
            Some(Forgotten::TooMany) => self.say(say!(ending.forgotten_many)),
            Some(Forgotten::Idle(waited)) => {
                let after = Value::Seconds(seconds(0, waited));
                self.say(say!(ending.forgotten_idle, after));
            }
            Some(Forgotten::Reused) => self.say(say!(ending.forgotten_reused)),
            None => {}
        }
        if let (Some(asked), None, false) = (
            record.handshake.asked,
            &record.handshake.upgrade.response,
            record.has_frames()
                || !record.server_end.endpoint.is_captured
                || record.server_end.endpoint.oddities.lost > 0
                || record.has_answered() != Some(false),
        ) {
            if seconds(asked.time, record.transport.last.time) >= SHORTEST_SILENCE {
                self.say(say!(
                    opening.waits,
                    after = between(asked, record.transport.last)
                ));
            }
        }
        let mut pings = record.unanswered.iter();
        let ping = pings.find(|ping| !record.may_hide_since(ping.sender.other(), ping.origin));
        if let Some(ping) = ping {
            let (pinger, packet) = (ping.sender, ping.origin.packet);
            let after = between(ping.origin, record.transport.last);
            self.say(say!(ending.ping_unanswered, pinger, packet, after));
        }
    }

    /// Whether its upgrade was under way when nothing more was seen.
    fn is_still_opening(&self) -> bool {
        let record = self.record;
        let upgrade = &record.handshake.upgrade;
        let ends = [&record.client_end, &record.server_end];
        let is_whole = |end: &&crate::session::EndRecord| end.endpoint.is_captured_whole();
        upgrade.request.is_some()
            && upgrade.response.is_none()
            && !record.has_frames()
            && ends.iter().all(is_whole)
    }

    /// A ping without a pong before the end.
    fn keepalive(&mut self, by: Sender, at: Origin) -> bool {
        let record = self.record;
        let Some(ping) = record.unanswered.last() else {
            return false;
        };
        // The pong may be in what was not seen.
        if record.may_hide_since(ping.sender.other(), ping.origin) {
            return false;
        }
        let (pinger, packet) = (ping.sender, ping.origin.packet);
        let resent = record.side(pinger).endpoint.unacknowledged;
        if resent >= 2 {
            let (other, times) = (pinger.other(), Value::Number(resent));
            let message = say!(ending.keepalive_dead, pinger, packet, times, other);
            self.answer(Cause::KeepaliveTimeout, message);
            // Not even its system answered: the path comes first.
            self.found.advice = Cause::KeepaliveTimeout.advice_about("path");
            return true;
        }
        let waited = seconds(ping.origin.time, at.time);
        if waited < PONG_IS_LATE {
            return false;
        }
        let after = Value::Seconds(waited);
        if pinger == by {
            let message = match self.is_of_stream() {
                true => say!(stream_end.keepalive_gone, closer = by, after, packet),
                false => say!(ending.keepalive_gone, closer = by, after, packet),
            };
            self.answer(Cause::KeepaliveTimeout, message);
            return true;
        }
        let message = say!(ending.ping_unanswered, pinger, packet, after);
        self.also(Cause::KeepaliveTimeout, message);
        false
    }

    /// The last fault of an end that a strict receiver would close for.
    pub(super) fn fault_of(&self, sender: Sender) -> Option<(&'a Found, u16)> {
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
        let (by, packet) = (end.by, end.origin.packet);
        let duration = Value::Seconds(record.seconds(end.origin));
        let kind = kind(end.kind);
        self.say(match self.stream_ended(end) {
            _ if end.is_forged => {
                say!(ending.forged, by, other = by.other(), packet, duration)
            }
            Some(of_stream) => of_stream,
            None if end.kind == EndKind::Notify => {
                say!(ending.ended_tls, by, kind, packet, duration)
            }
            None if !end.is_seen => say!(ending.ended_unseen, by, kind, packet, duration),
            None => say!(ending.ended, by, kind, packet, duration),
        });
        if record.closes.is_empty() {
            self.silence();
        }
    }

    pub(super) fn silence(&mut self) {
        let silence = self.record.silence();
        if let Some(silence) = silence.filter(|silence| *silence >= SHORTEST_SILENCE) {
            self.say(say!(ending.silence, silence = Value::Seconds(silence)));
        }
    }

    /// Whether a timer may have done it.
    pub(super) fn suspect_timer(&mut self) {
        let silence = self.record.silence().unwrap_or_default();
        let timers = timers_matching(silence);
        let is_suspicious = silence >= SUSPICIOUS_SILENCE;
        let silence = Value::Seconds(silence);
        if !timers.is_empty() {
            let timers = either(timers);
            self.also(Cause::IdleTimeout, say!(decide.timer, silence, timers));
        } else if is_suspicious {
            self.also(Cause::IdleTimeout, say!(decide.idle, silence));
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
        let Some((opcode, bytes, present)) = under_way else {
            return;
        };
        let (present, length) = (Value::Number(present), Value::Number(bytes));
        self.say(say!(ending.was_sending, guilty, opcode, present, length));
        if bytes >= LARGE_FRAME {
            self.also(Cause::TooBig, say!(decide.limit, by = end.by));
        }
    }
}
