//! What a line of a log means, for the end that wrote it.

use super::close::{self, CloseFacts, Told};
use super::{End, Explanation};
use crate::facts::causes::{self, Cause, CauseRow};
use crate::facts::codes::{self, accident};
use crate::facts::field::{Implementation, timers};
use crate::facts::lines::{Answer, Event, Producer, ProducerRole, Way};
use crate::facts::protocols::Role;
use crate::facts::registry::{Entry, Registries};
use crate::facts::vocabulary::Means;
use crate::logline::{Reading, ReportedClose};
use crate::rules;
use crate::words::{Advice, Message, PointsTo, Text, Value, When, say, text};

/// Explains a line, or a text of several.
pub fn explain_line(reading: &Reading, registries: Registries) -> Explanation {
    let registries = reading.choosing(registries);
    let mut explanation = Explanation {
        cause: reading.cause(),
        ..Explanation::default()
    };
    match (&reading.close, reading.event) {
        // A code that the library made up says nothing beside what it made it of.
        (Some(close), Event::Close { .. }) if reading.word.is_some() => {
            let shows = reading.producer.map(|_| close.code);
            reading.explain_cause(explanation.cause, shows, &mut explanation);
        }
        (Some(close), event) => {
            reading.explain_close(close, event, registries, &mut explanation);
        }
        (None, Event::Fault { rule, sends, shows }) => {
            reading.explain_fault(rule, sends, shows, &mut explanation);
        }
        (None, Event::Cause { cause, shows }) => {
            reading.explain_cause(cause, shows, &mut explanation);
        }
        // A close is always read with its code.
        (None, Event::Close { .. }) => {}
    }
    reading.explain_words(&mut explanation);
    reading.explain_opening(&mut explanation);
    reading.explain_quoted(&mut explanation);
    reading.explain_others(&mut explanation);
    if let Some(shape) = reading.shape {
        explanation.notes.extend(shape.note.map(Message::from));
        explanation.source = Some(shape.source);
    }
    if let Some(word) = reading.word {
        explanation.source = Some(word.source);
    }
    if let Some(fingerprint) = reading.told_by_the_other_end() {
        explanation.fingerprint = Some(fingerprint);
        explanation.note(fingerprint.note().sentence());
    }
    reading.explain_time(&mut explanation);
    explanation.points_to = reading.points_to(&explanation);
    explanation.first = reading.first(&explanation);
    if !reading.names_websocket && reading.close.is_none() {
        explanation.note(say!(line.names_no_websocket));
    }
    explanation.see_also.extend(explanation.topic.clone());
    if let Some(implementation) = reading.implementation() {
        let id = implementation.id();
        explanation.see_also.push(id.to_owned());
        let shown = reading.made_up_code();
        let traced = shown.map(|code| format!("{code} --from-api {id}"));
        explanation.see_also.extend(traced);
    }
    explanation
}

impl Reading {
    /// Where the fault is: where the likeliest advice says, else where the row points that it is of. Advice
    /// of another row, such as a known reason's, may be about what a code of that kind hides: then what
    /// blames nobody, or the sender, stands for nothing.
    fn points_to(&self, explanation: &Explanation) -> Option<PointsTo> {
        // A message of the application says what it says, and not whose fault that is.
        let quoted = self.quoted.as_deref().map(|quoted| quoted.row.role);
        let code = self.close.as_ref().map(|close| close.code);
        if code.is_none_or(|code| matches!(code, 1000 | 1001 | 1005))
            && quoted.is_some_and(Role::is_decisive)
        {
            return None;
        }
        let first = explanation.advice.first();
        let is_of = |all: &[Advice]| first.is_none_or(|first| all.contains(first));
        let code = self
            .close
            .as_ref()
            .and_then(|close| codes::lookup(close.code))
            .filter(|_| explanation.entry.is_none());
        // All causes of the code are left: the first of them is only the likeliest.
        if let Some(code) = code.filter(|code| is_of(code.words.advice)) {
            return Some(code.points_to);
        }
        if let Some(own) = first.and_then(|advice| advice.points_to) {
            return Some(own);
        }
        let cause = explanation.cause.row();
        if self.close.is_none() {
            return Some(match explanation.rule {
                Some(_) => PointsTo::Bytes,
                None => cause.points_to,
            });
        }
        let code = code?;
        if is_of(cause.advice) {
            return Some(cause.points_to);
        }
        let is_vague = matches!(code.points_to, PointsTo::Nobody | PointsTo::Sender);
        (!is_vague).then_some(code.points_to)
    }

    /// What to do first where all causes of the code are left.
    fn first(&self, explanation: &Explanation) -> Option<Text> {
        let close = self
            .close
            .as_ref()
            .filter(|_| explanation.entry.is_none())?;
        let words = codes::lookup(close.code)?.words;
        // What decides between the causes is known.
        let is_decided = close.code == 1006 && self.opened.is_some();
        let first = explanation.advice.first().filter(|_| !is_decided)?;
        words.first.filter(|_| words.advice.contains(first))
    }

    /// The end that wrote the line, and the other.
    pub fn ends(&self) -> (End, End) {
        // The text calls the end that closed the client or the server: the other one wrote it, unless it
        // is known to be that end itself.
        let role = self.producer.and_then(Producer::end);
        if let Some(sender) = self
            .sender
            .filter(|sender| role.is_none_or(|role| role != *sender))
        {
            return (End::Known(sender.other()), End::Known(sender));
        }
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
    fn made_up_code(&self) -> Option<u16> {
        match (&self.close, self.event) {
            (Some(close), _) => Some(close.code).filter(|code| codes::is_made_up(*code)),
            (None, Event::Cause { shows, .. } | Event::Fault { shows, .. }) => shows,
            (None, Event::Close { .. }) => None,
        }
    }

    fn cause(&self) -> Cause {
        match (&self.close, self.event) {
            (None, Event::Cause { cause, .. }) => cause,
            (None, Event::Fault { .. }) => Cause::Violation,
            _ => match self.word.map(|word| word.means) {
                Some(Means::Cause(cause)) => cause,
                _ => Cause::Application,
            },
        }
    }

    fn explain_close(
        &self,
        close: &ReportedClose,
        event: Event,
        registries: Registries,
        explanation: &mut Explanation,
    ) {
        self.facts(close).explain(registries, false, explanation);
        let (local, other) = self.ends();
        let (sender, receiver) = match close.way {
            Way::Sent => (local, other),
            _ => (other, local),
        };
        let answer = match event {
            Event::Close { answer, .. } => answer,
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

    /// The registries with the vendor chosen that the text names, where it has a word for the code; what
    /// the user says or asks for comes before.
    fn choosing(&self, registries: Registries) -> Registries {
        let Some(close) = &self.close else {
            return registries;
        };
        if registries.vendor().is_some() || registries.definite(close.code).is_some() {
            return registries;
        }
        // A number of the protocol has a vendor's sense only where the vendor sent it.
        if close.code < 3000 && close.way != Way::Received {
            return registries;
        }
        let chosen = self
            .named
            .iter()
            .filter_map(|vendor| registries.choosing(vendor));
        let mut fitting = chosen.filter(|chosen| chosen.definite(close.code).is_some());
        fitting.next().unwrap_or(registries)
    }

    /// What the words of the text tell beside its code or its main event, and what they are about.
    fn explain_words(&self, explanation: &mut Explanation) {
        // What made the local library give a code that nobody sent is the cause, and the code only its name.
        let close = self.close.as_ref();
        let made_up = close.is_some_and(|close| codes::is_made_up(close.code));
        // So is that for which this end said 1000 or 1001, which tell nothing of it.
        let leads =
            made_up || close.is_some_and(|close| close.way == Way::Sent && close.code < 1002);
        for (index, word) in self.further.iter().enumerate() {
            let said = match word.means {
                Means::Rule(rule) => rules::lookup(rule)
                    .map(|rule| say!(line.fault, title = rule.title, rule = rule.id)),
                Means::Cause(cause) => word
                    .sentence
                    .or(self.row_of(cause).meaning)
                    .map(Message::from),
                _ => word.sentence.map(Message::from),
            };
            let Some(said) = said else { continue };
            if leads && index == 0 {
                explanation.statements.insert(0, said);
            } else {
                explanation.say(said);
            }
            if index > 0 || !leads {
                continue;
            }
            let advice: Vec<&'static Advice> = match word.means {
                _ if !word.advice.is_empty() => word.advice.iter().collect(),
                Means::Cause(cause) => self.row_of(cause).advice.iter().collect(),
                Means::Rule(rule) => rules::lookup(rule)
                    .map(|row| close::advice_for_rule(row, None, true))
                    .unwrap_or_default(),
                _ => Vec::new(),
            };
            explanation.cause = match word.means {
                Means::Cause(cause) => self.row_of(cause).cause,
                Means::Rule(_) => Cause::Violation,
                _ => explanation.cause,
            };
            explanation.advice.splice(0..0, advice);
        }
        if let Some(code) = self.status.filter(|status| made_up && *status != 101) {
            explanation.say(say!(line.status, code, says = causes::status(code).meaning));
        }
        let is_known = explanation.entry.is_some();
        // Whose reason is known says more than what its words are about.
        let is_known_reason = self
            .told_by_the_other_end()
            .is_some_and(|known| known.advice.is_some());
        if let Some(word) = self.about.filter(|_| !is_known_reason) {
            let said = match word.means {
                Means::Rule(rule) => rules::lookup(rule)
                    .map(|rule| say!(line.reason_fault, title = rule.title, rule = rule.id)),
                _ => word.as_reason.or(word.sentence).map(Message::from),
            };
            explanation.statements.extend(said);
            // A vendor's row says more than a word of the reason, and a word more than the code.
            let place = if is_known {
                explanation.advice.len()
            } else {
                0
            };
            let advice: Vec<&'static Advice> = match word.means {
                Means::Cause(cause) if word.advice.is_empty() => {
                    cause.row().advice.iter().collect()
                }
                Means::Rule(rule) => rules::lookup(rule)
                    .map(|row| close::advice_for_rule(row, None, true))
                    .unwrap_or_default(),
                _ => word.advice.iter().collect(),
            };
            explanation.advice.splice(place..place, advice);
        }
    }

    /// Leaves out of the causes of a code that nobody sent what the text excludes: whether the connection had been
    /// open is what they differ by.
    fn explain_opening(&self, explanation: &mut Explanation) {
        let is_told = self.close.as_ref().is_some_and(|close| close.code == 1006);
        let Some(opened) = self.opened.filter(|_| is_told) else {
            return;
        };
        let fits = |advice: &&Advice| match opened {
            true => advice.when != When::NeverOpened,
            false => !matches!(advice.when, When::Opened | When::Timer),
        };
        explanation.advice.retain(fits);
        // A timer is likely where the time is known, and one of that length.
        let is_timed = self.lasted.is_some_and(|lasted| {
            lasted.as_secs() >= 5 && !timers::matching(1006, lasted).timers.is_empty()
        });
        explanation
            .advice
            .sort_by_key(|advice| advice.when == When::Timer && !is_timed);
        explanation.say(match opened {
            true => say!(line.was_open),
            false => say!(line.never_opened),
        });
        // Which status it was says more than that it was none of 101.
        let status = self.status.filter(|status| !opened && *status != 101);
        if let Some(row) = status.map(causes::status) {
            explanation.advice.splice(0..0, row.advice.iter());
        }
    }

    /// The row of a cause: an upgrade that was refused though the answer was 101 was answered wrongly.
    fn row_of(&self, cause: Cause) -> &'static CauseRow {
        match (cause, self.status) {
            (Cause::UpgradeRefused, Some(101)) => Cause::UpgradeInvalid.row(),
            _ => cause.row(),
        }
    }

    /// The further closes of a text.
    fn explain_others(&self, explanation: &mut Explanation) {
        for other in &self.others {
            let code = other.code;
            let name = codes::name_of(code);
            let meaning = lookup_meaning(code);
            let said = match self.sent_by(other.way) {
                Some(end) => say!(line.also_sent, code, name, end, meaning),
                None => say!(line.also, code, name, meaning),
            };
            explanation.say(said);
        }
    }

    /// The timers that run as long as the text says that something lasted.
    fn explain_time(&self, explanation: &mut Explanation) {
        const MOST: usize = 3;
        let Some(lasted) = self.lasted else { return };
        let code = self.close.as_ref().map_or(1006, |close| close.code);
        let is_timed = matches!(code, 1001 | 1006 | 1011);
        if !is_timed || lasted.as_secs() < 5 {
            return;
        }
        let found = timers::matching(code, lasted).timers;
        let found = found
            .iter()
            .filter(|timer| timer.from != timers::From::Close);
        let names: Vec<Value> = found
            .take(MOST)
            .map(|timer| {
                let who = Value::from(timer.who);
                match timer.setting {
                    Some(setting) => Message::new(
                        Text::Given("{who} ({setting})"),
                        vec![("who", who), ("setting", setting.into())],
                    )
                    .into(),
                    None => who,
                }
            })
            .collect();
        if !names.is_empty() {
            let timers = Value::List(names, ", ");
            explanation.say(say!(line.lasted, seconds = lasted.as_secs(), timers));
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
        explanation.say(match self.producer {
            Some(_) => say!(line.refused, producer, other, title, rule),
            None => say!(line.refused_by_nobody, other, title, rule),
        });
        explanation.say(Message::from(row.words.meaning));
        if let Some(code) = self.refused {
            explanation.say(say!(line.refused_code, code));
        }
        if let Some(code) = sends {
            explanation.say(say!(line.sends, other, code));
        }
        self.say_api_code(shows, explanation);
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
        let sentence = self.word.and_then(|word| word.sentence).or(row.meaning);
        explanation.statements.extend(sentence.map(Message::from));
        explanation.source = row.source;
        explanation.topic = self.refused.or(shows).map(|code| code.to_string());
        let error = self.detail.trim_start_matches("net::");
        explanation.advice = match self.word {
            Some(word) if !word.advice.is_empty() => word.advice.iter().collect(),
            _ => cause.advice_named(error),
        };
        if let Some(code) = self.shape.and_then(|shape| shape.mostly) {
            explanation.advice = causes::status(code).advice.iter().collect();
        }
        if let Some(code) = self.status {
            let status = causes::status(code);
            explanation.say(say!(line.status, code, says = status.meaning));
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
        self.say_api_code(shows, explanation);
    }

    fn say_api_code(&self, shows: Option<u16>, explanation: &mut Explanation) {
        if let Some(code) = shows {
            let producer = Value::from(self.producer_name());
            explanation.say(say!(line.shows, producer, code));
        }
    }
}

/// What a code means, in a sentence.
fn lookup_meaning(code: u16) -> Text {
    codes::lookup(code).map_or(codes::range_of(code).words.meaning, |row| row.words.meaning)
}
