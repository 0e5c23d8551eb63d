//! What a line means, for the end that wrote it.
//!
//! Codes, rules and the sentences about directions are those of the rest of the program; here they
//! are only chosen.

use super::events::status_says;
use super::reasons;
use super::{Answer, Close, Origin, Reading, Says, Way};
use crate::codes::{self, accident, lookup, name_of, range_of};
use crate::diagnose::{answered_with, cases_of_code, cases_of_rule, closed_with};
use crate::escape::escape;
use crate::inspect::Hint;
use crate::registry::{Entry, Use};
use crate::rules;
use crate::words::{Case, Value, fill, sentence, translated, word};

/// What a line means and what to do.
#[derive(Debug, Default)]
pub struct Explanation {
    /// What the line is about, in a few words.
    pub title: &'static str,
    /// Sentences: what happened first, then what goes with it.
    pub statements: Vec<String>,
    /// What to check and what to do then, likeliest first.
    pub cases: Vec<&'static Case>,
    /// What to ask `wsclose explain` for more.
    pub topic: Option<String>,
    /// Where the shape of the line was found, and what settles what it means.
    pub source: Option<Origin>,
    /// What a registry says of the code for certain.
    pub entry: Option<Entry>,
    /// The vendors that use the code, where none is certain.
    pub used_by: Vec<Use>,
    /// What gives away who sent the Close.
    pub hints: Vec<Hint>,
    /// What else to ask `wsclose explain`, the topic first.
    pub see_also: Vec<String>,
}

const REPORTED: &str = word!(
    "The line gives {code} and does not say which end sent it first: it is what the {local} received, or its own code that was answered in kind."
);
const UNANSWERED: &str = word!("The line says that the {local} sent no Close back.");
const NOT_ANSWERED: &str =
    word!("No Close from the {other} came back: the closing handshake is not complete.");
const REFUSED: &str = word!("{producer} refused what the {other} sent: {title} ({rule}).");
const REFUSED_CODE: &str = word!("The number is {code}.");
const SENDS: &str = word!("The {other} gets a Close with {code} for it.");
const SHOWS: &str = word!("The API of {producer} shows {code}.");
const STATUS: &str = word!("The status is {code}. {says}");
const NO_SHAPE: &str =
    word!("The line is of no known shape: the code was read by the words before it.");
const IN_ITS_WORDS: &str = word!("In the words of the line: \"{detail}\".");

/// Explains a line.
pub fn explain(reading: &Reading) -> Explanation {
    let mut explanation = match (&reading.close, reading.says) {
        (Some(close), says) => explain_close(reading, close, says),
        (None, Says::Fault { rule, sends, shows }) => explain_fault(reading, rule, sends, shows),
        (None, Says::Event { event, shows }) => {
            let mut explanation = Explanation {
                title: translated(event.title),
                statements: vec![translated(event.words.meaning).to_owned()],
                cases: fitting(reading, event.words.cases),
                topic: reading.refused.or(shows).map(|code| code.to_string()),
                source: Some(event.origin),
                ..Explanation::default()
            };
            explanation.statements.extend(reading.status.map(|status| {
                let says = Value::Word(status_says(status));
                fill(STATUS, &[("code", Value::Code(status)), ("says", says)])
            }));
            let refused = reading
                .refused
                .map(|code| fill(REFUSED_CODE, &[code_value(code)]));
            explanation.statements.extend(refused);
            if !reading.detail.is_empty() {
                let detail = Value::Text(escape(&reading.detail));
                let says = fill(IN_ITS_WORDS, &[("detail", detail)]);
                explanation.statements.push(says);
            }
            explanation.statements.extend(shown(reading, shows));
            explanation
        }
        (None, Says::Close { .. }) => Explanation::default(),
    };
    if let Some(shape) = reading.shape {
        if !shape.note.is_empty() {
            explanation
                .statements
                .push(translated(shape.note).to_owned());
        }
        explanation.source = Some(shape.origin);
    } else if reading.producer.is_none() {
        explanation.statements.push(translated(NO_SHAPE).to_owned());
    }
    explanation
}

/// The words for the two ends, seen from the one that wrote the line: this one and the other.
pub(super) fn ends(reading: &Reading) -> (&'static str, &'static str) {
    match reading.producer.and_then(|producer| producer.role) {
        Some(role) => (role.id(), role.other().id()),
        None if reading.producer.is_some_and(|producer| producer.is_proxy) => {
            (word!("proxy"), word!("other end"))
        }
        None => (word!("local end"), word!("other end")),
    }
}

/// Who sent a Close, as a word for JSON: `client`, `server`, `local`, `other`; `None` where the line
/// does not tell, or nobody did.
pub(super) fn sent_by(reading: &Reading, way: Way) -> Option<&'static str> {
    let role = reading.producer.and_then(|producer| producer.role);
    match (way, role) {
        (Way::Reported, _) => None,
        (Way::Sent, Some(role)) => Some(role.id()),
        (Way::Received, Some(role)) => Some(role.other().id()),
        (Way::Sent, None) => Some("local"),
        (Way::Received, None) => Some("other"),
    }
}

impl Reading {
    /// The words for the end that wrote the line and for the other.
    pub fn ends(&self) -> (&'static str, &'static str) {
        ends(self)
    }

    /// Who sent a Close that went this way: `client`, `server`, `local` or `other`; nobody where the
    /// line does not tell.
    pub fn sent_by(&self, way: Way) -> Option<&'static str> {
        sent_by(self, way)
    }
}

fn code_value(code: u16) -> (&'static str, Value) {
    ("code", Value::Code(code))
}

fn explain_close(reading: &Reading, close: &Close, says: Says) -> Explanation {
    let (local, other) = ends(reading);
    let mut statements = Vec::new();
    let meaning = translated(
        lookup(close.code).map_or(range_of(close.code).words.meaning, |code| {
            code.words.meaning
        }),
    );
    match close.way {
        Way::Received => statements.push(closed_with(close.code, other, local)),
        Way::Sent => statements.push(closed_with(close.code, local, other)),
        Way::Reported if codes::is_made_up(close.code) => statements.push(meaning.to_owned()),
        Way::Reported => {
            let values = [code_value(close.code), ("local", Value::Word(local))];
            statements.push(meaning.to_owned());
            statements.push(fill(REPORTED, &values));
        }
    }
    if let Some(accident) = accident(close.code) {
        statements.push(sentence(&accident.explain(close.code)));
    }
    let (sender, receiver) = match close.way {
        Way::Sent => (local, other),
        _ => (other, local),
    };
    let values = [("local", Value::Word(local)), ("other", Value::Word(other))];
    match (&reading.answer, says, close.way) {
        (Some(answer), _, _) => statements.push(answered_with(
            Some(close.code),
            Some(answer.code),
            translated(sender),
            translated(receiver),
        )),
        (
            None,
            Says::Close {
                answer: Answer::Missing,
                ..
            },
            Way::Sent,
        ) => {
            statements.push(fill(NOT_ANSWERED, &values));
        }
        (
            None,
            Says::Close {
                answer: Answer::Missing,
                ..
            },
            _,
        ) => {
            statements.push(fill(UNANSWERED, &values));
        }
        _ => {}
    }
    let cases = match reasons::case_of(close.code, &close.reason) {
        Some(case) => vec![case],
        None => cases_of_code(close.code).iter().collect(),
    };
    Explanation {
        title: translated(name_of(close.code)),
        statements,
        cases,
        topic: Some(close.code.to_string()),
        ..Explanation::default()
    }
}

fn explain_fault(
    reading: &Reading,
    rule: &'static str,
    sends: Option<u16>,
    shows: Option<u16>,
) -> Explanation {
    let (local, other) = ends(reading);
    let Some(row) = rules::lookup(rule) else {
        return Explanation::default();
    };
    let values = [
        ("producer", producer_value(reading)),
        ("local", Value::Word(local)),
        ("other", Value::Word(other)),
        ("title", Value::Word(row.title)),
        ("rule", Value::Text(rule.to_owned())),
    ];
    let meaning = translated(row.words.meaning).to_owned();
    let mut statements = vec![fill(REFUSED, &values), meaning];
    let refused = reading
        .refused
        .map(|code| fill(REFUSED_CODE, &[code_value(code)]));
    statements.extend(refused);
    statements.extend(sends.map(|code| {
        let values = [("other", Value::Word(other)), code_value(code)];
        fill(SENDS, &values)
    }));
    statements.extend(shown(reading, shows));
    let accident = reading
        .refused
        .and_then(|code| Some((code, accident(code)?)));
    if let Some((code, accident)) = accident {
        statements.push(sentence(&accident.explain(code)));
    }
    let cases = match (accident, reading.refused) {
        (Some((_, accident)), _) => accident.cases(),
        (None, Some(code)) => cases_of_rule(row, code),
        (None, None) => row.words.cases,
    };
    Explanation {
        title: translated(row.title),
        statements,
        cases: cases.iter().collect(),
        topic: Some(rule.to_owned()),
        ..Explanation::default()
    }
}

fn producer_value(reading: &Reading) -> Value {
    Value::Text(reading.producer_name().into_owned())
}

fn shown(reading: &Reading, shows: Option<u16>) -> Option<String> {
    let values = |code| {
        [
            (
                "producer",
                Value::Text(reading.producer_name().into_owned()),
            ),
            code_value(code),
        ]
    };
    shows.map(|code| fill(SHOWS, &values(code)))
}

/// The cases that name the status or the error of the line; all where none does.
fn fitting(reading: &Reading, cases: &'static [Case]) -> Vec<&'static Case> {
    let names = |case: &&Case, word: &str| {
        let head = case.cause.split(':').next().unwrap_or_default();
        let mut words = head.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.any(|known| !known.is_empty() && known == word)
    };
    let word = match reading.status {
        Some(status) => status.to_string(),
        None => reading.detail.trim_start_matches("net::").to_owned(),
    };
    let named: Vec<&Case> = cases.iter().filter(|case| names(case, &word)).collect();
    if named.is_empty() {
        cases.iter().collect()
    } else {
        named
    }
}
