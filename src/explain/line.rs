//! What a line of a log means, for the end that wrote it.

use super::close::{self, CloseFacts, Told};
use super::{End, Explanation};
use crate::facts::causes::{self, Cause};
use crate::facts::codes::{self, accident};
use crate::facts::field::Implementation;
use crate::facts::lines::{Answer, ProducerRole, Says, Way};
use crate::facts::registry::{Entry, Registries};
use crate::logline::{Reading, ReportedClose};
use crate::rules;
use crate::words::{Message, Text, Value, say, text};

/// Explains a line.
pub fn explain_line(reading: &Reading, registries: Registries) -> Explanation {
    let mut explanation = Explanation {
        cause: reading.cause(),
        ..Explanation::default()
    };
    match (&reading.close, reading.says) {
        (Some(close), says) => {
            reading.explain_close(close, says, registries, &mut explanation);
        }
        (None, Says::Fault { rule, sends, shows }) => {
            reading.explain_fault(rule, sends, shows, &mut explanation);
        }
        (None, Says::Cause { cause, shows }) => {
            reading.explain_cause(cause, shows, &mut explanation);
        }
        // A close is always read with its code.
        (None, Says::Close { .. }) => {}
    }
    if let Some(shape) = reading.shape {
        explanation.statements.extend(shape.note.map(Message::from));
        explanation.source = Some(shape.source);
    } else if reading.producer.is_none() {
        explanation.say(say!(line.no_shape));
    }
    if let Some(fingerprint) = reading.told_by_the_other_end() {
        explanation.fingerprint = Some(fingerprint);
        explanation.say(fingerprint.note().sentence());
    }
    explanation.see_also.extend(explanation.topic.clone());
    if let Some(implementation) = reading.implementation() {
        let id = implementation.id();
        explanation.see_also.push(id.to_owned());
        let shown = reading.shown_by_api();
        let traced = shown.map(|code| format!("{code} --from-api {id}"));
        explanation.see_also.extend(traced);
    }
    explanation
}

impl Reading {
    /// The end that wrote the line, and the other.
    pub fn ends(&self) -> (End, End) {
        match self
            .producer
            .map(|producer| (producer.role, producer.end()))
        {
            Some((_, Some(role))) => (End::Known(role), End::Known(role.other())),
            Some((ProducerRole::Proxy, None)) => (End::Proxy, End::Other),
            _ => (End::Local, End::Other),
        }
    }

    /// Who sent a Close that went this way; nobody where the line does not tell.
    pub fn sent_by(&self, way: Way) -> Option<End> {
        let (local, other) = self.ends();
        match way {
            Way::Reported => None,
            Way::Sent => Some(local),
            Way::Received => Some(other),
        }
    }

    /// The implementation that wrote the line, where it is one whose behaviour is known.
    pub fn implementation(&self) -> Option<Implementation> {
        self.producer?.implementation()
    }

    /// What the code of a Close means for certain.
    pub fn entry_of(&self, close: &ReportedClose, registries: Registries) -> Option<Entry> {
        self.facts(close).entry(registries)
    }

    /// The name of the producer, or what stands for it where it is not known.
    pub fn producer_name(&self) -> Text {
        self.producer
            .map_or(text!(line.unknown_producer), |producer| producer.name)
    }

    /// The Close as facts.
    fn facts<'a>(&self, close: &'a ReportedClose) -> CloseFacts<'a> {
        let (local, other) = self.ends();
        CloseFacts {
            code: close.code,
            reason: close.reason.as_bytes(),
            told: match close.way {
                Way::Received => Told::Sent {
                    by: other,
                    to: local,
                },
                Way::Sent => Told::Sent {
                    by: local,
                    to: other,
                },
                Way::Reported => Told::Reported { by: local },
            },
        }
    }

    /// Whose words the reason is that came from the other end.
    fn told_by_the_other_end(
        &self,
    ) -> Option<&'static crate::facts::field::fingerprints::Fingerprint> {
        let closes = self.close.iter().chain(&self.answer);
        closes
            .filter(|close| close.way != Way::Sent && !codes::is_made_up(close.code))
            .find_map(|close| self.facts(close).fingerprint())
    }

    /// The number that the API of the producer shows and nobody sent.
    fn shown_by_api(&self) -> Option<u16> {
        match (&self.close, self.says) {
            (Some(close), _) => Some(close.code).filter(|code| codes::is_made_up(*code)),
            (None, Says::Cause { shows, .. } | Says::Fault { shows, .. }) => shows,
            (None, Says::Close { .. }) => None,
        }
    }

    fn cause(&self) -> Cause {
        match (&self.close, self.says) {
            (None, Says::Cause { cause, .. }) => cause,
            (None, Says::Fault { .. }) => Cause::Violation,
            _ => Cause::Application,
        }
    }

    fn explain_close(
        &self,
        close: &ReportedClose,
        says: Says,
        registries: Registries,
        explanation: &mut Explanation,
    ) {
        self.facts(close).explain(registries, false, explanation);
        let (local, other) = self.ends();
        let (sender, receiver) = match close.way {
            Way::Sent => (local, other),
            _ => (other, local),
        };
        let answer = match says {
            Says::Close { answer, .. } => answer,
            _ => Answer::Untold,
        };
        match (&self.answer, answer, close.way) {
            (Some(answer), _, _) => explanation.say(close::answered_with(
                Some(close.code),
                Some(answer.code),
                sender,
                receiver,
            )),
            (None, Answer::Missing, Way::Sent) => explanation.say(say!(line.not_answered, other)),
            (None, Answer::Missing, _) => explanation.say(say!(line.unanswered, local)),
            _ => {}
        }
    }

    fn explain_fault(
        &self,
        rule: &'static str,
        sends: Option<u16>,
        shows: Option<u16>,
        explanation: &mut Explanation,
    ) {
        let Some(row) = rules::lookup(rule) else {
            return;
        };
        let (_, other) = self.ends();
        let (producer, title) = (self.producer_name(), row.title);
        explanation.title = title;
        explanation.rule = Some(rule);
        explanation.topic = Some(rule.to_owned());
        explanation.say(say!(line.refused, producer, other, title, rule));
        explanation.say(Message::from(row.words.meaning));
        if let Some(code) = self.refused {
            explanation.say(say!(line.refused_code, code));
        }
        if let Some(code) = sends {
            explanation.say(say!(line.sends, other, code));
        }
        self.say_shown(shows, explanation);
        let accident = self.refused.and_then(|code| Some((code, accident(code)?)));
        explanation.advice = match accident {
            Some((code, accident)) => {
                explanation.say(accident.explain(code).sentence());
                accident.advice().iter().collect()
            }
            None => close::advice_for_rule(row, self.refused, true),
        };
    }

    fn explain_cause(&self, cause: Cause, shows: Option<u16>, explanation: &mut Explanation) {
        let row = cause.row();
        explanation.title = row.title;
        explanation
            .statements
            .extend(row.meaning.map(Message::from));
        explanation.source = row.source;
        explanation.topic = self.refused.or(shows).map(|code| code.to_string());
        let error = self.detail.trim_start_matches("net::");
        explanation.advice = cause.advice_about(error);
        if let Some(code) = self.status {
            let status = causes::status(code);
            explanation.say(say!(line.status, code, says = status.says));
            if !status.advice.is_empty() {
                explanation.advice = status.advice.iter().collect();
            }
        }
        if let Some(code) = self.refused {
            explanation.say(say!(line.refused_code, code));
        }
        if !self.detail.is_empty() {
            let detail = crate::escape::escape(&self.detail);
            explanation.say(say!(line.detail, detail));
        }
        self.say_shown(shows, explanation);
    }

    fn say_shown(&self, shows: Option<u16>, explanation: &mut Explanation) {
        if let Some(code) = shows {
            let producer = Value::from(self.producer_name());
            explanation.say(say!(line.shows, producer, code));
        }
    }
}
