//! From what the bytes show to why the connection closed, and what to do.
//!
//! The one place that reasons. It claims no more than the bytes show: where
//! the cause lies outside of them it says so.

use crate::codes::{Code, PointsTo, accident, lookup, range_of};
use crate::conversation::{ClosedBy, Summary, Verdict};
use crate::frame::Sender;
use crate::inspect::{History, SeenMessage};
use crate::rules::{Finding, RSV1};
use crate::words::{Case, Value, capitalized, count, fill};

/// Why a connection closed, as far as its bytes tell.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// Sentences: who closed and what that means first, then the evidence.
    pub statements: Vec<String>,
    /// What to check and what to do then, likeliest first.
    pub cases: &'static [Case],
    /// What to ask `wsclose explain` for more.
    pub topic: Option<String>,
}

/// The diagnosis of a whole input.
pub fn diagnose(summary: &Summary) -> Diagnosis {
    match summary.closes.first() {
        Some(first) => diagnose_close(first, summary),
        None => diagnose_without_close(summary),
    }
}

fn diagnose_close(first: &ClosedBy, summary: &Summary) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    diagnosis.statements.push(meaning(first));
    let accident = first
        .close
        .code
        .and_then(|code| Some((code, accident(code)?)));
    if let Some((code, accident)) = accident {
        let explained = capitalized(&accident.explain(code));
        diagnosis.statements.push(format!("{explained}."));
    }
    let other = first.sender.other();
    let cause = Cause::of(first);
    diagnosis.statements.extend(cause.sentence(first));
    match summary.closes.get(1) {
        Some(answer) => diagnosis.statements.push(answered(first, answer)),
        None if summary.history(other).frames > 0 => {
            let missing = format!("No Close from the {other} follows in these bytes.");
            diagnosis.statements.push(missing);
        }
        None => {}
    }
    let code = first.close.code.unwrap_or(1005);
    // What is broken comes first, in what the other end sent or in the Close itself.
    let broken = match &cause {
        Cause::Fault(finding) | Cause::OtherFault(finding) => Some(*finding),
        _ => first.fault.as_ref(),
    };
    diagnosis.topic = Some(code.to_string());
    diagnosis.cases = match (broken, accident, lookup(code)) {
        (Some(finding), None, row) => {
            diagnosis.topic = Some(finding.rule.id.to_owned());
            match (finding.rule.id, code, row) {
                // Somebody passed on what a library had reported.
                ("close-code-not-allowed", 1005 | 1006 | 1015, _) => {
                    finding.rule.words.cases.get(..1).unwrap_or_default()
                }
                ("close-code-not-allowed", _, Some(row)) => row.words.cases,
                ("close-code-not-allowed", _, None) => range_of(code).words.cases,
                _ => finding.rule.words.cases,
            }
        }
        (_, Some((_, accident)), _) => accident.cases(),
        (None, None, Some(code)) if is_nothing_wrong(code) => &[],
        (None, None, Some(code)) => code.words.cases,
        (None, None, None) => range_of(code).words.cases,
    };
    if broken.is_none() {
        diagnosis.statements.extend(unnoticed(first, summary));
    }
    diagnosis
}

fn is_nothing_wrong(code: &Code) -> bool {
    code.points_to == PointsTo::Nobody && code.number != 1001
}

/// Whether a finding is what compression looks like to somebody who was not told of it.
fn is_probably_compression(finding: &Finding) -> bool {
    let is_rsv1 = |(name, value): &(&str, Value)| *name == "bits" && *value == Value::Word(RSV1);
    finding.values.iter().any(is_rsv1)
}

/// A fault of the end that closed, which the other end let pass.
fn unnoticed(first: &ClosedBy, summary: &Summary) -> Option<String> {
    let faults = &summary.history(first.sender).faults;
    let finding = faults.iter().min_by_key(|finding| finding.at)?;
    let code = finding.rule.closes_with?;
    if is_probably_compression(finding) {
        return Some(format!(
            "RSV1 is set at {}, and the connection went on: the ends had probably agreed on permessage-deflate, and the payload is compressed.",
            finding.at
        ));
    }
    Some(format!(
        "A strict {} would have closed with {code} before that, for what the {} sent at {}: {} ({}).",
        first.sender.other(),
        first.sender,
        finding.at,
        finding.note(),
        finding.rule.id
    ))
}

/// Who closed, and what that means.
fn meaning(closed: &ClosedBy) -> String {
    let code = match closed.close.code {
        Some(code) => code,
        None if closed.is_truncated => {
            return format!(
                "The {} was closing; the input ends before its code.",
                closed.sender
            );
        }
        None if closed.fault.is_some() => {
            return format!(
                "The {} sent a Close whose body holds no code.",
                closed.sender
            );
        }
        None => 1005,
    };
    let template = match lookup(code) {
        Some(row) => row.phrases.diagnosis,
        None => range_of(code).diagnosis,
    };
    let values = [
        ("sender", Value::Word(closed.sender.id())),
        ("other", Value::Word(closed.sender.other().id())),
        ("code", Value::Code(code)),
    ];
    fill(template, &values)
}

/// What the other end had sent before that explains a Close.
enum Cause<'a> {
    /// The very fault that the code stands for.
    Fault(&'a Finding),
    /// Another fault, which some receivers answer with this code.
    OtherFault(&'a Finding),
    /// A message that the code may be about: its size, its type, its content.
    Message(SeenMessage),
    /// The code is about the other end, and nothing of that end is in the input.
    NotInInput,
    /// The code is about the other end, and nothing wrong is in what it sent.
    Nothing,
    /// The code is not about what the other end sent.
    NoneNeeded,
}

impl<'a> Cause<'a> {
    fn of(closed: &'a ClosedBy) -> Self {
        let before: &History = &closed.other;
        let Some(code) = closed.close.code else {
            return Cause::NoneNeeded;
        };
        if let Some(finding) = before.fault(code) {
            return Cause::Fault(finding);
        }
        let first_fault = before
            .faults
            .iter()
            .filter(|finding| !is_probably_compression(finding))
            .min_by_key(|finding| finding.at);
        match (code, first_fault) {
            (1000 | 1001 | 1005 | 1012, _) => Cause::NoneNeeded,
            (_, Some(finding)) => Cause::OtherFault(finding),
            (1009, None) => before
                .largest
                .map_or(Cause::missing(before), Cause::Message),
            (1003 | 1008 | 1011 | 3000..=4999, None) => {
                before.last.map_or(Cause::NoneNeeded, Cause::Message)
            }
            (1002 | 1007, None) => Cause::missing(before),
            _ => Cause::NoneNeeded,
        }
    }

    fn missing(before: &History) -> Self {
        if before.frames == 0 {
            Cause::NotInInput
        } else {
            Cause::Nothing
        }
    }

    /// The evidence in one sentence.
    fn sentence(&self, closed: &ClosedBy) -> Option<String> {
        let (sender, other) = (closed.sender, closed.sender.other());
        let code = closed.close.code.unwrap_or(1005);
        Some(match self {
            Cause::Fault(finding) => format!(
                "The cause is in these bytes, at {} in what the {other} sent: {} ({}).",
                finding.at,
                finding.note(),
                finding.rule.id
            ),
            Cause::OtherFault(finding) => format!(
                "At {} the {other} broke a rule: {} ({}). {}",
                finding.at,
                finding.note(),
                finding.rule.id,
                match (code, finding.rule.closes_with) {
                    (1002 | 1007 | 1009, Some(expected)) => format!(
                        "A strict receiver says {expected} for that; this {code} may be about it."
                    ),
                    _ => "That may be what set it off.".to_owned(),
                }
            ),
            Cause::Message(message) => {
                let what = format!(
                    "a {} message of {}, at {}",
                    message.opcode,
                    count(message.length, "byte"),
                    message.at
                );
                match code {
                    1009 => {
                        format!("The largest message the {other} had sent before it is {what}.")
                    }
                    _ => format!("The last message the {other} had sent before it is {what}."),
                }
            }
            Cause::NotInInput if code == 1002 && closed.has_sent_before => format!(
                "Nothing from the {other} is in these bytes, if the masks are right. If the frames before the Close are the {other}'s, their mask is the cause; else decode what it sent just before."
            ),
            Cause::NotInInput => format!(
                "Nothing from the {other} is in these bytes: decode what it sent just before to see the cause."
            ),
            Cause::Nothing if code == 1009 => {
                format!("No message of the {other} is in these bytes before it.")
            }
            Cause::Nothing => format!(
                "Nothing that the {other} sent in these bytes breaks a rule: the cause lies before them or was changed on the way, or the {sender} says {code} for something else."
            ),
            Cause::NoneNeeded => return None,
        })
    }
}

/// What the second Close says of the first.
fn answered(first: &ClosedBy, answer: &ClosedBy) -> String {
    let (one, other) = (first.sender, answer.sender);
    if answer.is_truncated {
        return format!("The {other} was answering; the input ends inside its Close.");
    }
    match (first.close.code, answer.close.code) {
        (sent, echoed) if sent == echoed => {
            format!("The {other} answered in kind: the closing handshake is complete.")
        }
        (_, Some(code)) => match answer.other.fault(code) {
            Some(finding) => format!(
                "The {other} answered with {code} because of what stands at {}: {} ({}).",
                finding.at,
                finding.note(),
                finding.rule.id
            ),
            None => format!(
                "The {other} closed with {code}, not with the same code: each end reports the code that it received, so the {one} reports {code} and the {other} {}.",
                first.close.code.unwrap_or(1005)
            ),
        },
        (Some(code), None) => format!(
            "The {other} answered with an empty Close: the {one} reports 1005, the {other} {code}. The closing handshake is complete."
        ),
        (None, None) => {
            format!("The {other} answered in kind: the closing handshake is complete.")
        }
    }
}

fn diagnose_without_close(summary: &Summary) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    let first_fault = [Sender::Client, Sender::Server]
        .into_iter()
        .flat_map(|sender| {
            let faults = summary.history(sender).faults.iter();
            faults.map(move |finding| (sender, finding))
        })
        .min_by_key(|(_, finding)| finding.at);
    if let Some((sender, finding)) = first_fault {
        if let Some(code) = finding.rule.closes_with {
            diagnosis.statements.push(format!(
                "A strict {} closes with {code} for what the {sender} sent at {}: {}.",
                sender.other(),
                finding.at,
                finding.note()
            ));
        }
        diagnosis.cases = finding.rule.words.cases;
        diagnosis.topic = Some(finding.rule.id.to_owned());
        return diagnosis;
    }
    match summary.verdict {
        Verdict::Truncated => {
            diagnosis.statements.push(
                "If the connection ended here, no Close frame came: most libraries report 1006."
                    .to_owned(),
            );
            diagnosis.topic = Some("1006".to_owned());
        }
        _ if summary.frames > 1 => {
            diagnosis.statements.push(
                "No Close frame is in these bytes. If the connection ended here, most libraries report 1006."
                    .to_owned(),
            );
            diagnosis.topic = Some("1006".to_owned());
        }
        _ => {}
    }
    diagnosis
}
