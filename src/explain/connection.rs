//! From the record of a connection to the cause of its end.
//!
//! The transport proves some things (who ended TCP, which Close came first, which frame breaks a
//! rule) and only suggests others (a timer, a process that was killed). What it only suggests is
//! listed with what would decide it. What a Close stands for is judged as for frames alone.

use std::time::Duration;

use super::Explanation;
use super::application::{Scene, Story, registries_of};
use super::silence::Fit;
use crate::escape::{escape, escape_bytes};
use crate::facts::causes::Cause;
use crate::facts::field::timers;
use crate::facts::intermediaries::INTERMEDIARIES;
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::inspect::Hint;
use crate::session::Origin;
use crate::session::direction::Found;
use crate::session::finder::Confidence;
use crate::session::{EndKind, Record, seconds};
use crate::words::{Message, Value, say};

/// Timers of known programs that run as long as a silence, each with its setting.
pub(super) fn timers_matching(silence: f64) -> Vec<Value> {
    timers_like(silence, |_| true)
}

/// Those of programs that stand between the ends.
pub(super) fn timers_between(silence: f64) -> Vec<Value> {
    timers_like(silence, |timer| {
        let mut between = INTERMEDIARIES.iter();
        between.any(|one| one.its_timers().any(|own| std::ptr::eq(own, timer)))
    })
}

fn timers_like(silence: f64, is_meant: impl Fn(&timers::Timer) -> bool) -> Vec<Value> {
    let silence = Duration::try_from_secs_f64(silence).unwrap_or_default();
    if silence.as_secs_f64() < SUSPICIOUS_SILENCE {
        return Vec::new();
    }
    let timers = timers::of_silence(silence).into_iter();
    let timers = timers.filter(|timer| is_meant(timer));
    timers
        .map(|timer| match timer.setting {
            None => Value::from(timer.who),
            Some(setting) => say!(ending.timer_with_setting, who = timer.who, setting).into(),
        })
        .collect()
}

/// A silence that is shorter than this is none.
pub(super) const SHORTEST_SILENCE: f64 = 1.0;
/// A silence from which on a timer is worth a thought.
pub(super) const SUSPICIOUS_SILENCE: f64 = 5.0;
/// A frame of so many bytes may be too big for somebody.
pub(super) const LARGE_FRAME: u64 = 4096;
/// A fault that is answered by the end of TCP within this is its cause, in seconds.
pub(super) const AT_ONCE: f64 = 1.0;
/// A pong that has not come after this is late, in seconds.
pub(super) const PONG_IS_LATE: f64 = 0.5;

/// Explains a connection.
pub fn explain_connection(record: &Record, registries: Registries) -> Explanation {
    let close = record.closes.first();
    let close = close.map(|close| (close.sender, close.close.code));
    let registries = registries_of(record.application.as_deref(), close, registries);
    let mut found = Reasoning {
        record,
        registries,
        complains: None,
        found: Explanation::default(),
    };
    found.reason();
    found.besides();
    found.attempt_besides();
    found.report();
    let mut explanation = found.found;
    if explanation.advice.is_empty() {
        explanation.advice = explanation.cause.row().advice.iter().collect();
    }
    explanation
}

/// What became of a fault at the other end.
enum Reception {
    /// It had not arrived when that end ended the connection.
    None,
    /// That end said more, as if nothing had been.
    WentOn,
    /// It said nothing more, or closed for something else.
    Unknown,
}

pub(super) struct Reasoning<'a> {
    pub(super) record: &'a Record,
    pub(super) registries: Registries,
    /// Who complained of a fault of the other end.
    pub(super) complains: Option<Sender>,
    pub(super) found: Explanation,
}

/// In which way an end ended a connection.
pub(super) fn kind(kind: EndKind) -> &'static str {
    match kind {
        EndKind::Fin => "FIN",
        EndKind::Rst => "RST",
        EndKind::Notify => "close_notify",
    }
}

/// Whether something followed at once, as far as the clock tells.
pub(super) fn is_at_once(from: Origin, to: Origin) -> bool {
    to.time >= from.time && seconds(from.time, to.time) <= AT_ONCE
}

/// From one packet to another.
pub(super) fn between(from: Origin, to: Origin) -> Value {
    Value::Seconds(seconds(from.time, to.time))
}

impl<'a> Reasoning<'a> {
    pub(super) fn say(&mut self, message: Message) {
        self.found.say(message);
    }

    pub(super) fn answer(&mut self, cause: Cause, message: Message) {
        self.found.cause = cause;
        self.found.say(message);
    }

    pub(super) fn also(&mut self, cause: Cause, message: Message) {
        self.found.also(cause, message);
    }

    fn reason(&mut self) {
        let record = self.record;
        let never = [
            Self::attempted,
            Self::unopened,
            Self::unreached,
            Self::scheme,
            Self::tls,
            Self::upgrade,
        ];
        if never.into_iter().any(|is_so| is_so(self)) {
            return;
        }
        let first = record.closes.first();
        let closed = first.and_then(|first| record.side(first.sender).first_close.as_ref());
        match closed {
            Some(closed) => self.closed(closed),
            None if record.transport.lacks.closes => self.closes_untold(),
            None if self.broke_tls() => {}
            None if self.complained() || self.broke() || self.without_closes(false) => {}
            None => self.no_close(),
        }
        let is_proved = match self.found.cause {
            Cause::Violation => !record.closes.is_empty(),
            Cause::TlsFailed => self.is_alert_proved(),
            _ => false,
        };
        if record.hides_close() && !is_proved {
            self.doubt_all();
        }
    }

    /// The first Close may lie in what was not seen: what was found so far is no more than what fits too.
    fn doubt_all(&mut self) {
        let record = self.record;
        let likely = self.found.cause;
        let alternatives = std::mem::take(&mut self.found.alternatives);
        self.complains = None;
        self.found = Explanation {
            advice: Cause::Unknown.advice_about("not seen"),
            ..Explanation::default()
        };
        self.answer(
            Cause::Unknown,
            match record.closes.is_empty() {
                true => say!(ending.not_shown),
                false => say!(ending.first_not_shown),
            },
        );
        for close in &record.closes {
            let (sender, packet) = (close.sender, close.origin.packet);
            self.say(match close.close.code {
                Some(code) => say!(ending.saw_close, sender, code, packet),
                None => say!(ending.saw_empty_close, sender, packet),
            });
            if !close.close.reason.is_empty() {
                let reason = escape_bytes(&close.close.reason);
                self.say(say!(close.reason, reason));
            }
        }
        // What an end said is known, whoever closed first.
        let said = self.scene().map(|scene| scene.said(self.registries));
        self.found.statements.extend(said.unwrap_or_default());
        self.tcp_end();
        if !matches!(likely, Cause::Unknown | Cause::StillOpen) {
            self.also(likely, say!(decide.not_seen));
        }
        let others = alternatives
            .into_iter()
            .filter(|(cause, _)| *cause != likely);
        self.found.alternatives.extend(others);
    }

    /// The source holds no Closes: what the messages tell, then what else the source has.
    fn closes_untold(&mut self) {
        let story = self.story();
        let is_told = self.complained() || self.broke() || self.without_closes(story.is_some());
        if !is_told {
            self.no_close();
        }
        if let Some(story) = story.filter(|_| self.found.rule.is_none()) {
            self.found.take_story(story);
        }
    }

    /// What the messages tell of the end.
    pub(super) fn story(&self) -> Option<Story> {
        self.scene()?.story(self.registries)
    }

    pub(super) fn scene(&self) -> Option<Scene<'a>> {
        let record = self.record;
        let application = record.application.as_deref()?;
        let close = record.closes.first();
        let has_clock = (record.transport.first.time, record.transport.last.time) != (0, 0);
        let ended = close
            .map(|close| close.origin)
            .or(record.end.map(|end| end.origin));
        Some(Scene {
            application,
            closer: close
                .map(|close| close.sender)
                .or(record.end.map(|end| end.by)),
            code: close.map(|close| close.close.code),
            reason: close.map_or(&[][..], |close| close.close.reason.as_slice()),
            ended: ended.filter(|_| has_clock).map(|origin| origin.time),
            began: record.transport.first.time,
            has_fault: [Sender::Client, Sender::Server]
                .into_iter()
                .any(|end| self.fault_of(end).is_some()),
            hidden: [Sender::Client, Sender::Server].map(|end| {
                let side = record.side(end);
                // A message that came and could not be read may be what is missed.
                let is_unheard = side.messages > application.end(end).messages;
                match side.endpoint.is_captured && !is_unheard {
                    true => side.hidden_since.map(|hidden| (hidden.time, hidden.packet)),
                    false => Some((i64::MAX, u64::MAX)),
                }
            }),
        })
    }

    /// What else a person should know before believing it.
    fn besides(&mut self) {
        let record = self.record;
        self.besides_recorded();
        self.besides_application();
        let is_invalid = self.found.cause == Cause::UpgradeInvalid;
        let lacks = record.transport.lacks;
        let is_draft = record.handshake.upgrade.is_draft();
        let has_none = !record.has_frames() && !lacks.closes && !is_draft;
        if record.is_upgraded() && has_none && !record.is_hidden() && !is_invalid {
            self.say(say!(ending.no_frames));
        }
        if !is_invalid && record.has_frames() {
            match record.handshake.upgrade.faults.first() {
                Some(fault) if fault.is_passed_over() => self.say(fault.message()),
                Some(fault) => self.say(say!(opening.fault, fault = fault.clause())),
                None => {}
            }
        }
        self.faults_besides();
        for (sender, hint) in &record.hints {
            // What an end closed for was told of already.
            let is_told = self.found.cause == Cause::Violation && self.found.rule.is_none();
            if let (Hint::Foreign(foreign), false) = (hint, is_told) {
                self.say(say!(
                    ending.foreign,
                    sender = *sender,
                    what = foreign.message()
                ));
            }
        }
        self.found_by();
        self.fronted();
        if let Some(port) = record.guessed {
            self.say(say!(ending.roles_guessed, port));
        }
        if record.transport.is_backwards {
            self.say(say!(ending.backwards));
        } else if record.transport.clock_back > 0 {
            let by = Value::Seconds(record.transport.clock_back as f64 / 1e9);
            self.say(say!(ending.clock_back, by));
        }
        let has_times = (record.transport.first.time, record.transport.last.time) != (0, 0);
        if !has_times && !lacks.transport {
            self.say(say!(ending.no_times));
        }
        for end in [Sender::Client, Sender::Server] {
            self.besides_of(end);
        }
        self.besides_tls();
        self.besides_stream();
        if record.transport.is_capped {
            self.say(say!(ending.capped));
        }
        if record.is_not_inflated {
            self.say(say!(ending.not_inflated));
        }
        self.other_leg();
    }

    /// Whose protocol it is, and what else the silence fits.
    fn besides_application(&mut self) {
        let Some(application) = self.record.application.as_deref() else {
            return;
        };
        if let (Some(protocol), Some(host)) = (application.protocol, &application.elsewhere) {
            let (title, host) = (protocol.title, escape(host));
            self.say(say!(said.elsewhere, title, host));
        }
        let is_of_silence = matches!(
            self.found.cause,
            Cause::KeepaliveTimeout
                | Cause::IdleTimeout
                | Cause::PeerGone
                | Cause::Reset
                | Cause::Application
        );
        let scene = self.scene().filter(|_| is_of_silence);
        let Some(silence) = scene.and_then(|scene| scene.silence_besides(self.registries)) else {
            return;
        };
        let title = silence.protocol.title;
        match silence.fit {
            Fit::Good => {
                if !timers_matching(self.record.silence().unwrap_or_default()).is_empty() {
                    self.suspect_timer();
                }
            }
            Fit::Late => {
                let Some(closer) = scene.and_then(|scene| scene.closer) else {
                    return;
                };
                let after = Value::Seconds(silence.after);
                let limit = Value::Seconds(silence.allowed);
                self.also(
                    silence.cause(),
                    say!(decide.late_limit, title, limit, after, closer),
                );
            }
        }
    }

    /// A fault that was not the cause is said all the same.
    fn faults_besides(&mut self) {
        for guilty in [Sender::Client, Sender::Server] {
            let Some((found, code)) = self.fault_of(guilty) else {
                continue;
            };
            let rule = found.finding.rule.id;
            // What an end complained of was told with its Close.
            let is_told = self.found.cause == Cause::TooBig && rule == "message-too-big";
            if self.found.cause == Cause::Violation || is_told || rule == "truncated-frame" {
                continue;
            }
            let (packet, note) = (found.origin.packet, found.finding.note());
            let receiver = guilty.other();
            let message = match self.reception(receiver, found) {
                Reception::None => say!(
                    ending.fault_not_received,
                    guilty,
                    packet,
                    note,
                    rule,
                    code,
                    receiver
                ),
                Reception::Unknown if self.may_have_closed_for(receiver, code) => {
                    say!(ending.fault_besides, guilty, packet, note, rule, code)
                }
                Reception::Unknown => say!(
                    ending.fault_ignored,
                    guilty,
                    packet,
                    note,
                    rule,
                    code,
                    receiver
                ),
                Reception::WentOn => {
                    say!(ending.fault_unused, guilty, packet, note, rule, code)
                }
            };
            self.say(message);
        }
    }

    /// What the claim rests on that these are frames, where the upgrade is not in the capture.
    fn found_by(&mut self) {
        let record = self.record;
        match (record.confidence, record.found) {
            (Some(confidence), Some(found)) => {
                let n = Value::Number;
                let (masked, unmasked) = (n(found.masked), n(found.unmasked));
                self.say(match confidence {
                    Confidence::High => say!(ending.found_surely, masked, unmasked),
                    Confidence::Fair => say!(ending.found_fairly, masked, unmasked),
                });
            }
            (Some(confidence), None) if !self.has_gap() => self.say(match confidence {
                Confidence::High => say!(ending.found_begun_surely),
                Confidence::Fair => say!(ending.found_begun_fairly),
            }),
            (Some(Confidence::High), None) => self.say(say!(ending.found_again_surely)),
            (Some(Confidence::Fair), None) => self.say(say!(ending.found_again_fairly)),
            (None, _) => {}
        }
    }

    /// What is known of a fault's receiver behind it.
    fn reception(&self, receiver: Sender, found: &Found) -> Reception {
        let record = self.record;
        let end = record.side(receiver);
        let close = record.closes.iter().find(|close| close.sender == receiver);
        let received = match close {
            Some(close) => close.had_received,
            None => end.endpoint.had_received,
        };
        let is_behind = |origin: Origin| origin.turn > found.origin.turn;
        let has_gone_on = end.endpoint.last_data.is_some_and(is_behind);
        let has_closed = close.is_some_and(|close| is_behind(close.origin));
        let last_is_close = close.is_some_and(|close| end.endpoint.last_data == Some(close.origin));
        match received {
            Some(received) if received <= found.finding.at => Reception::None,
            _ if has_gone_on && !(has_closed && last_is_close) => Reception::WentOn,
            _ if record.end.is_none() && !has_closed => Reception::WentOn,
            _ => Reception::Unknown,
        }
    }

    /// Whether an end closed with the code for a fault, or its Close may lie in what was not seen.
    fn may_have_closed_for(&self, receiver: Sender, code: u16) -> bool {
        let mut closes = self.record.closes.iter();
        closes.any(|close| close.sender == receiver && close.close.code == Some(code))
            || self.record.side(receiver).hidden.is_some()
    }

    /// Whether bytes in the middle of it were not seen.
    fn has_gap(&self) -> bool {
        let ends = [&self.record.client_end, &self.record.server_end];
        ends.into_iter().any(|end| end.endpoint.oddities.lost > 0)
    }

    /// What is to know of one end's packets.
    fn besides_of(&mut self, end: Sender) {
        let record = self.record;
        let part = record.side(end);
        let other = end.other();
        let is_said = self.found.cause == Cause::KeepaliveTimeout;
        if part.endpoint.unacknowledged >= 2 && record.side(other).endpoint.is_captured && !is_said
        {
            let times = Value::Number(part.endpoint.unacknowledged);
            self.say(say!(ending.unacknowledged, end, other, times));
        }
        if !part.endpoint.is_captured && record.has_frames() {
            self.say(match record.closes.is_empty() {
                true => say!(ending.one_direction, end),
                false => say!(ending.one_direction_close, end),
            });
        }
        if part.endpoint.unanswered_probes >= 2 && record.side(other).endpoint.is_captured {
            let n = Value::Number(part.endpoint.unanswered_probes);
            self.say(say!(ending.probes_unanswered, n, end, other));
        }
        let n = Value::Number;
        let full = part.endpoint.full_since;
        let full = full.map(|full| seconds(full.time, record.transport.last.time));
        if let Some(after) = full.filter(|after| *after >= SHORTEST_SILENCE) {
            let after = Value::Seconds(after);
            self.say(say!(ending.took_nothing, end, other, after));
        }
        if part.endpoint.oddities.lost > 0 {
            self.say(say!(ending.lost, n = n(part.endpoint.oddities.lost), end));
        }
        if part.unread > 0 && record.has_frames() {
            self.say(say!(ending.unread, n = n(part.unread), end));
        }
        if part.endpoint.oddities.behind_end > 0 {
            let n = n(part.endpoint.oddities.behind_end);
            self.say(say!(ending.behind_end, n, end));
        }
        if part.endpoint.oddities.disputed > 0 {
            self.say(say!(
                ending.disputed,
                n = n(part.endpoint.oddities.disputed),
                end
            ));
        }
    }
}
