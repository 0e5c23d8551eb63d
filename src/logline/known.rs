//! What the rest of the program knows of a line: what a service means by its code, whose words its
//! reason is, and which implementation wrote it.

use super::explain::{Explanation, ends, explain};
use super::{Close, Reading, Says, Way, reasons};
use crate::codes::{self, accident};
use crate::diagnose::used_by;
use crate::field::fingerprints;
use crate::field::{self, Implementation};
use crate::frame::Sender;
use crate::inspect::Hint;
use crate::registry::{Entry, Registries, Use};
use crate::words::{Value, fill, sentence, word};

const SAID: &str =
    word!("The {sender} closed with {code}. In {title} that is \"{name}\": {meaning}");
const IN_ANOTHER_SENSE: &str = word!(
    "Some services use {code} in a sense of their own: {vendors}. `--vendor` says which service it is."
);
const SAID_OF_REPORTED: &str = word!("In {title} {code} is \"{name}\": {meaning}");

/// Explains a line, with what the registries say of its code and the tables of its reason and its
/// producer.
///
/// What the user says, or the vendor that was asked for, is the answer; other vendors are only
/// named, for the line does not tell which service this is.
pub fn explain_in(reading: &Reading, registries: Registries) -> Explanation {
    let mut explanation = explain(reading);
    let fingerprint = fingerprint_of(reading);
    if let Some(close) = &reading.close {
        match reading.entry_of(close, registries) {
            Some(entry) => say(entry, reading, close, &mut explanation),
            None if is_application(close.code) => {
                explanation.used_by = registries.used_by(close.code);
                let said = used_by(close.code, registries);
                explanation.statements.extend(said);
            }
            // A reason that is known tells more than who else uses the number.
            None if fingerprint.is_none() && is_perhaps_a_vendors(close, registries) => {
                explanation.used_by = registries.used_by(close.code);
                let said = used_in_another_sense(close.code, &explanation.used_by);
                explanation.statements.extend(said);
            }
            None => {}
        }
    }
    if let Some(fingerprint) = fingerprint {
        let hint = Hint::ReasonFingerprint(fingerprint);
        let said = sentence(&hint.note());
        explanation.statements.push(said);
        explanation.hints.push(hint);
    }
    explanation.see_also.extend(explanation.topic.clone());
    if let Some(implementation) = reading.implementation() {
        let id = implementation.id();
        explanation.see_also.push(id.to_owned());
        let shown = shown_by_api(reading);
        explanation
            .see_also
            .extend(shown.map(|code| format!("{code} --from-api {id}")));
    }
    explanation
}

fn is_application(code: u16) -> bool {
    (3000..=4999).contains(&code)
}

/// Whether a service may have given a protocol code a sense of its own: not where nobody sent it,
/// where nothing is wrong, or where the end sent it that wrote the line.
fn is_perhaps_a_vendors(close: &Close, registries: Registries) -> bool {
    registries.vendor().is_none()
        && close.way != Way::Sent
        && !matches!(close.code, 1000 | 1001)
        && !codes::is_made_up(close.code)
        && reasons::case_of(close.code, &close.reason).is_none()
}

/// The vendors that use a protocol code in their own way, in one sentence.
fn used_in_another_sense(code: u16, uses: &[Use]) -> Option<String> {
    let vendors: Vec<String> = uses
        .iter()
        .map(|known| format!("{} ({})", known.vendor, known.name))
        .collect();
    let values = [
        ("code", Value::Code(code)),
        ("vendors", Value::Text(vendors.join(", "))),
    ];
    (!vendors.is_empty()).then(|| fill(IN_ANOTHER_SENSE, &values))
}

/// Puts what a registry says of the code before what is generally said of it.
fn say(entry: Entry, reading: &Reading, close: &Close, explanation: &mut Explanation) {
    let (local, other) = ends(reading);
    let (says, sender) = match close.way {
        Way::Received => (SAID, other),
        Way::Sent => (SAID, local),
        Way::Reported => (SAID_OF_REPORTED, ""),
    };
    let values = [
        ("sender", Value::Word(sender)),
        ("code", Value::Code(close.code)),
        ("title", Value::Text(entry.registry.title.to_owned())),
        ("name", Value::Text(entry.row.name.to_owned())),
        ("meaning", Value::Text(entry.row.words.meaning.to_owned())),
    ];
    let said = fill(says, &values);
    // Of a private number the general sentence, which stands first, says nothing more; nor does
    // how such a number may have come about.
    if is_application(close.code) {
        let guess = accident(close.code).map(|accident| sentence(&accident.explain(close.code)));
        let mut is_first = true;
        explanation.statements.retain(|statement| {
            !std::mem::take(&mut is_first) && Some(statement) != guess.as_ref()
        });
    }
    explanation.statements.insert(0, said);
    explanation.title = entry.row.name;
    explanation.topic = Some(entry.id());
    // A reason that is known says more than any code.
    if reasons::case_of(close.code, &close.reason).is_none() {
        explanation.cases = entry.row.words.cases.iter().collect();
    }
    explanation.entry = Some(entry);
}

/// Whose words the reason is that came from the other end.
fn fingerprint_of(reading: &Reading) -> Option<fingerprints::Fingerprint> {
    let closes = reading.close.iter().chain(&reading.answer);
    closes
        .filter(|close| close.way != Way::Sent && !codes::is_made_up(close.code))
        .find_map(|close| fingerprints::of_reason(close.code, close.reason.as_bytes()))
}

/// The number that the API of the producer shows and nobody sent.
fn shown_by_api(reading: &Reading) -> Option<u16> {
    match (&reading.close, reading.says) {
        (Some(close), _) => Some(close.code).filter(|code| codes::is_made_up(*code)),
        (None, Says::Event { shows, .. } | Says::Fault { shows, .. }) => shows,
        (None, Says::Close { .. }) => None,
    }
}

impl Reading {
    /// The implementation that wrote the line, where it is one whose behaviour is known.
    pub fn implementation(&self) -> Option<Implementation> {
        self.producer?.implementation()
    }

    /// What the code of a Close means for certain: what the vendor that was asked for says, or the
    /// user, if it holds for the end that sent it.
    pub fn entry_of(&self, close: &Close, registries: Registries) -> Option<Entry> {
        let entry = registries.definite_from(close.code, self.sender_of(close))?;
        // An end that is not known to be the client or the server may be neither end of the service.
        let is_unknown = close.way == Way::Sent && self.sender_of(close).is_none();
        let is_any =
            (3000..=4999).contains(&close.code) || entry.row.sent_by == codes::SentBy::Either;
        (!is_unknown || is_any).then_some(entry)
    }

    fn sender_of(&self, close: &Close) -> Option<Sender> {
        let role = self.producer?.role?;
        match close.way {
            Way::Received => Some(role.other()),
            Way::Sent => Some(role),
            Way::Reported => None,
        }
    }
}

impl super::Producer {
    /// Its page among the implementations, if there is one.
    pub fn implementation(&self) -> Option<Implementation> {
        field::implementations().find(|known| known.id() == self.id)
    }
}
