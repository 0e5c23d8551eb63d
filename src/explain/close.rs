//! What a Close means: its code, its reason, the service that it is of. The same for a frame, a
//! packet and a line of a log.

use super::silence::speaks_of_pings;
use super::{End, Explanation};
use crate::application::is_trouble;
use crate::facts::codes::{self, Accident, Code, PointsTo, SentBy, accident, lookup, range_of};
use crate::facts::field::fingerprints::{self, Fingerprint};
use crate::facts::registry::{Entry, Registries};
use crate::rules::Rule;
use crate::words::{Advice, Message, Text, Value, When, say};

/// A Close that is to be explained.
#[derive(Clone, Copy, Debug)]
pub(super) struct CloseFacts<'a> {
    /// Its code; 1005 stands for an empty one.
    pub(super) code: u16,
    /// Its reason.
    pub(super) reason: &'a [u8],
    /// How it is known of.
    pub(super) told: Told,
}

/// How a Close is known of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It went from one end to the other.
    Sent {
        /// The end that sent it.
        by: End,
        /// The end that received it.
        to: End,
    },
    /// An end gives the code, and not the way it went; or it made the code up itself.
    Reported {
        /// The end that gives it.
        by: End,
    },
}

impl CloseFacts<'_> {
    /// Whether the number means what an application or a library says.
    fn is_application(&self) -> bool {
        (3000..=4999).contains(&self.code)
    }

    /// Whose words the reason is. What an API says with a code that it made up is no other end's.
    pub(super) fn fingerprint(&self) -> Option<&'static Fingerprint> {
        fingerprints::of_reason(self.code, self.reason)
    }

    /// What the vendor that was asked for, or the user, says of the code for certain.
    pub(super) fn entry(&self, registries: Registries) -> Option<Entry> {
        let by = match self.told {
            Told::Sent { by, .. } => by.sender(),
            Told::Reported { .. } => None,
        };
        let entry = registries.definite_from(self.code, by)?;
        // An end that is not known to be the client or the server may be neither end of the service.
        let is_local = matches!(
            self.told,
            Told::Sent {
                by: End::Local | End::Proxy,
                ..
            }
        );
        let is_any = self.is_application() || entry.row.sent_by == SentBy::Either;
        (!is_local || is_any).then_some(entry)
    }

    /// Whether its reason tells of an error, whatever its code says.
    fn is_trouble(&self) -> bool {
        let is_timeout = || {
            let reason = String::from_utf8_lossy(self.reason).to_lowercase();
            ["timeout", "timed"]
                .iter()
                .any(|word| reason.contains(word))
        };
        is_trouble(self.reason) || speaks_of_pings(self.reason) && is_timeout()
    }

    /// What its code means, for the end that received it.
    fn meaning(&self) -> Vec<Message> {
        let row = lookup(self.code);
        match self.told {
            Told::Sent {
                by: End::Known(sender),
                ..
            } if self.code == 1000 && self.is_trouble() => {
                vec![say!(said.closed_neutral, sender, code = self.code)]
            }
            Told::Sent { by, to } => vec![closed_with(self.code, by, to)],
            Told::Reported { .. } => {
                let words = row.map_or(range_of(self.code).words, |row| row.words);
                vec![Message::from(words.meaning)]
            }
        }
    }

    /// Explains it: says what it means and names what to check. `is_settled`: the evidence shows its
    /// cause already, so that it does not matter who else uses its number.
    ///
    /// What the user says, or the vendor that was asked for, is the answer; other vendors are only
    /// named, for the evidence does not tell which service this is.
    pub(super) fn explain(
        &self,
        registries: Registries,
        is_settled: bool,
        explanation: &mut Explanation,
    ) {
        let entry = self.entry(registries);
        let fingerprint = self.fingerprint();
        let accident = accident(self.code);
        explanation.title = codes::name_of(self.code);
        explanation.topic = Some(self.code.to_string());
        if let Some(entry) = entry {
            explanation.say(self.said_by(entry));
            explanation.title = Text::Given(entry.row.name);
            explanation.topic = Some(entry.id());
            explanation.entry = Some(entry);
        }
        // Of a private number the general sentences say nothing more than its service does.
        // Nor of a close that was seen, to which its service gave a sense of its own: but a normal end is one everywhere,
        // and 1008 says only that a rule of the application was broken.
        let is_sent = matches!(self.told, Told::Sent { .. });
        let is_own = is_sent && entry.is_some() && !matches!(self.code, 1000 | 1008) && !is_settled;
        if entry.is_none() || !self.is_application() {
            let general = Some(self.meaning()).filter(|_| !is_own);
            explanation.statements.extend(general.into_iter().flatten());
            if let (Told::Reported { by }, false) = (self.told, codes::is_made_up(self.code)) {
                explanation.note(say!(line.reported, code = self.code, local = by));
            }
            if let Some(accident) = accident {
                explanation.say(accident.explain(self.code).sentence());
            }
        }
        if entry.is_none() {
            self.name_users(registries, is_settled || fingerprint.is_some(), explanation);
        }
        explanation.advice = advice(self.code, fingerprint, entry, accident);
    }

    /// Names the vendors that use the code.
    fn name_users(&self, registries: Registries, is_known: bool, explanation: &mut Explanation) {
        let code = self.code;
        if self.is_application() {
            if let Some(registry) = registries.chosen().next() {
                let (title, vendor) = (registry.title, registry.vendor);
                explanation.say(say!(close.unknown_at_vendor, title, code, vendor));
                return;
            }
            explanation.used_by = registries.used_by(code);
            let codes = explanation
                .used_by
                .iter()
                .filter(|entry| !entry.row.is_band());
            if let Some(vendors) = named(codes) {
                explanation.note(say!(close.used_by, code, vendors));
            }
        } else if !is_known && self.is_perhaps_a_vendors(registries) {
            // A reason that is known tells more than who else uses the number.
            explanation.used_by = registries.used_by(code);
            if let Some(vendors) = named(explanation.used_by.iter()) {
                explanation.note(say!(close.in_another_sense, code, vendors));
            }
        }
    }

    /// Whether a service may have given a protocol code a sense of its own: not where nobody sent it,
    /// where nothing is wrong, or where the end sent it that tells of it.
    fn is_perhaps_a_vendors(&self, registries: Registries) -> bool {
        let is_own = matches!(
            self.told,
            Told::Sent {
                by: End::Local | End::Proxy,
                ..
            }
        );
        registries.vendor().is_none()
            && !is_own
            && !matches!(self.code, 1000 | 1001)
            && !codes::is_made_up(self.code)
    }

    /// What a registry says of it.
    pub(super) fn said_by(&self, entry: Entry) -> Message {
        let (title, name) = (entry.registry.title, entry.row.name);
        let (code, meaning) = (self.code, entry.row.words.meaning);
        match self.told {
            Told::Sent { by, .. } => {
                say!(
                    close.means_at_vendor,
                    sender = by,
                    code,
                    title,
                    name,
                    meaning
                )
            }
            Told::Reported { .. } => say!(close.reported_at_vendor, title, code, name, meaning),
        }
    }
}

fn named<'a>(uses: impl Iterator<Item = &'a Entry>) -> Option<Value> {
    let vendors: Vec<Value> = uses
        .map(|entry| Value::from(format!("{} ({})", entry.registry.vendor, entry.row.name)))
        .collect();
    (!vendors.is_empty()).then_some(Value::List(vendors, ", "))
}

/// What to check for a code: a reason that is known says more than a registry, that more than how
/// such a number comes about, and that more than the code.
fn advice(
    code: u16,
    fingerprint: Option<&'static Fingerprint>,
    entry: Option<Entry>,
    accident: Option<Accident>,
) -> Vec<&'static Advice> {
    let first = fingerprint.and_then(|fingerprint| fingerprint.advice.as_ref());
    match (first, entry, accident) {
        (Some(advice), _, _) => vec![advice],
        (None, Some(entry), _) => entry.row.words.advice.iter().collect(),
        (None, None, Some(accident)) => accident.advice().iter().collect(),
        (None, None, None) => advice_for_code(code),
    }
}

/// What to check where a Close with `code` came; nothing where it says that nothing is wrong.
pub(super) fn advice_for_code(code: u16) -> Vec<&'static Advice> {
    match lookup(code) {
        Some(row) if is_nothing_wrong(row) => Vec::new(),
        Some(row) => row.words.advice.iter().collect(),
        None => range_of(code).advice(Some(code)).collect(),
    }
}

fn is_nothing_wrong(code: &Code) -> bool {
    code.points_to == PointsTo::Nobody && code.number != 1001
}

/// What it means that an end closed with `code` and the other received it.
pub(super) fn closed_with(code: u16, by: End, to: End) -> Message {
    let row = lookup(code);
    if let (Some(row), Some(sender)) = (row, by.sender()) {
        use crate::frame::Sender;
        let wrong_end = match row.sent_by {
            SentBy::Client => sender == Sender::Server,
            SentBy::Server => sender == Sender::Client,
            SentBy::Either | SentBy::Nobody => false,
        };
        if wrong_end {
            let (name, gist) = (row.name, row.phrases.gist);
            return say!(close.wrong_end, sender, code, name, other = to, gist);
        }
    }
    let text = row.map_or(range_of(code).diagnosis, |row| row.phrases.diagnosis);
    let values = vec![
        ("sender", Value::from(by)),
        ("other", Value::from(to)),
        ("code", Value::from(code)),
    ];
    Message::new(text, values)
}

/// What the Close of `other` says of the one that `one` had sent; the codes are those in the frames.
pub(super) fn answered_with(
    sent: Option<u16>,
    answered: Option<u16>,
    one: End,
    other: End,
) -> Message {
    let echoed = sent == answered;
    match (sent, answered) {
        _ if echoed => say!(close.answer_in_kind, other),
        (_, Some(answered)) => {
            let sent = sent.unwrap_or(1005);
            say!(close.answer_other_code, other, answered, one, sent)
        }
        (Some(sent), None) => say!(close.answer_empty_to_code, other, one, sent),
        (None, None) => say!(close.answer_empty, other),
    }
}

/// What to check for a broken rule; of a code that may not travel, what fits that code. The options of
/// `decode-frame` are a remedy only where it was asked.
pub(super) fn advice_for_rule(
    rule: &'static Rule,
    code: Option<u16>,
    is_decode_frame: bool,
) -> Vec<&'static Advice> {
    let number = code.filter(|_| rule.id == "close-code-not-allowed");
    let Some(number) = number else {
        let fits = |advice: &&Advice| is_decode_frame || advice.when != When::DecodeFrame;
        return rule.words.advice.iter().filter(fits).collect();
    };
    match lookup(number) {
        // Somebody passed on what a library had reported.
        _ if codes::is_made_up(number) => {
            let is_about = |advice: &&Advice| {
                matches!(advice.when, When::Codes(_)) && advice.fits_code(number)
            };
            rule.words.advice.iter().filter(is_about).collect()
        }
        Some(row) => row.words.advice.iter().collect(),
        None => range_of(number).advice(Some(number)).collect(),
    }
}
