//! From the record of a connection to the cause of its end.
//!
//! The packets prove some things (who ended TCP, which Close came first, which frame breaks a
//! rule) and only suggest others (a timer, a process that was killed). What they only suggest is
//! listed with what would decide it. What a Close stands for is judged as for frames alone.

mod closing;
mod ending;
mod opening;
mod sees;

use std::time::Duration;

use crate::capture::connection::{EndKind, Record, seconds};
use crate::capture::finder::Confidence;
use crate::capture::tcp::Origin;
use crate::field::timers;
use crate::frame::Sender;
use crate::rules::Finding;
use crate::words::{Case, Value, decimal, fill, say_count, translated, word};

use super::causes::{Cause, say};
use opening::fault_text;

/// Why a connection ended, as far as its packets tell.
#[derive(Debug, Default)]
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

/// Without the cases that are about options of `decode-frame`.
pub(super) fn without_options(cases: &'static [Case]) -> Vec<&'static Case> {
    cases
        .iter()
        .filter(|case| !case.fix.contains("`--"))
        .collect()
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
