//! From what the bytes show to why the connection closed, and what to do.
//!
//! The one place that reasons. It claims no more than the bytes show: where
//! the cause lies outside of them it says so.

mod causes;
mod connection;
#[cfg(feature = "cli")]
mod har;

pub use causes::{CAUSES, Cause as ConnectionCause, CauseRow};
pub use connection::{ConnectionDiagnosis, diagnose_connection, duration};
#[cfg(feature = "cli")]
pub use har::diagnose_har;

use crate::codes::{Accident, Code, PointsTo, SentBy, accident, lookup, range_of};
use crate::conversation::{ClosedBy, Summary, Verdict};
use crate::frame::Sender;
use crate::inspect::{History, SeenMessage};
use crate::registry::{Registries, Use};
use crate::rules::{Finding, RSV1, Rule};
use crate::words::{Case, Value, bytes, fill, say, sentence, translated, word};

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

/// The diagnosis of a whole input, with what the registries say of the code.
///
/// What the user says, or the vendor that was asked for, is the answer; what other vendors say
/// is only named, for the bytes do not tell which service this is.
pub fn diagnose_in(summary: &Summary, registries: Registries) -> Diagnosis {
    let mut diagnosis = diagnose(summary);
    let Some((first, code)) = summary
        .closes
        .first()
        .and_then(|first| Some((first, first.close.code?)))
    else {
        return diagnosis;
    };
    let is_application = (3000..=4999).contains(&code);
    let Some(entry) = registries.definite_from(code, Some(first.sender)) else {
        if is_application {
            diagnosis.statements.extend(used_by(code, registries));
        }
        return diagnosis;
    };
    let values = [
        ("sender", Value::Word(first.sender.id())),
        ("code", Value::Code(code)),
        ("name", Value::Text(entry.row.name.to_owned())),
        ("title", Value::Text(entry.registry.title.to_owned())),
        ("meaning", Value::Text(entry.row.words.meaning.to_owned())),
    ];
    let said = fill(
        word!("The {sender} closed with {code}. In {title} that is \"{name}\": {meaning}"),
        &values,
    );
    // Of a private number the general sentence says nothing more.
    if is_application {
        let guess = accident(code).map(|accident| general_guess(accident, code));
        let general = [Some(meaning(first)), guess];
        diagnosis
            .statements
            .retain(|statement| !general.iter().flatten().any(|said| said == statement));
    }
    diagnosis.statements.insert(0, said);
    // A broken rule explains more than any code.
    if diagnosis.topic == Some(code.to_string()) {
        diagnosis.cases = entry.row.words.cases;
        diagnosis.topic = Some(entry.id());
    }
    diagnosis
}

/// How a number came about that no standard names.
fn general_guess(accident: Accident, code: u16) -> String {
    sentence(&accident.explain(code))
}

/// The vendors that use a code, in one sentence.
pub(crate) fn used_by(code: u16, registries: Registries) -> Option<String> {
    if let Some(registry) = registries.chosen().next() {
        return Some(say!(
            "{title} gives {code} no meaning: `wsclose list --vendor {vendor}` shows its codes.",
            title = registry.title,
            code,
            vendor = registry.vendor
        ));
    }
    let uses = registries.used_by(code);
    let is_band = |known: &&Use| known.entry.is_some_and(|entry| entry.row.is_band());
    let codes: Vec<String> = uses
        .iter()
        .filter(|known| !is_band(known))
        .map(|known| format!("{} ({})", known.vendor, known.name))
        .collect();
    if codes.is_empty() {
        return None;
    }
    Some(say!(
        "{code} is used by {vendors}. `--vendor` says which service it is.",
        code,
        vendors = codes.join(", ")
    ))
}

fn diagnose_close(first: &ClosedBy, summary: &Summary) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    diagnosis.statements.push(meaning(first));
    let accident = first
        .close
        .code
        .and_then(|code| Some((code, accident(code)?)));
    if let Some((code, accident)) = accident {
        diagnosis.statements.push(general_guess(accident, code));
    }
    let other = first.sender.other();
    let cause = Cause::of(first);
    diagnosis.statements.extend(cause.sentence(first));
    match summary.closes.get(1) {
        Some(answer) => diagnosis.statements.push(answered(first, answer)),
        None if summary.history(other).frames > 0 => {
            let missing = say!("No Close from the {other} follows in these bytes.", other);
            diagnosis.statements.push(missing);
        }
        None => {}
    }
    // What is broken comes first, in what the other end sent or in the Close itself.
    let broken = match &cause {
        Cause::Fault(finding) | Cause::Perhaps(finding) => Some(*finding),
        _ => first.fault.as_ref(),
    };
    if broken.is_none() {
        diagnosis.statements.extend(unnoticed(summary));
    }
    let code = first.close.code.unwrap_or(1005);
    let (cases, topic): (&'static [Case], _) = match (broken, accident) {
        _ if first.is_truncated && first.close.code.is_none() && broken.is_none() => {
            (&[], Some("truncated-frame".to_owned()))
        }
        (_, Some((_, accident))) => (accident.cases(), Some(code.to_string())),
        (Some(finding), None) => (
            cases_of_rule(finding.rule, code),
            Some(finding.rule.id.to_owned()),
        ),
        (None, None) => (cases_of_code(code), Some(code.to_string())),
    };
    diagnosis.cases = cases;
    diagnosis.topic = topic;
    diagnosis
}

fn is_nothing_wrong(code: &Code) -> bool {
    code.points_to == PointsTo::Nobody && code.number != 1001
}

/// What to check where a Close with `code` came; nothing where it says that nothing is wrong.
pub(crate) fn cases_of_code(code: u16) -> &'static [Case] {
    match (accident(code), lookup(code)) {
        (Some(accident), _) => accident.cases(),
        (None, Some(row)) if is_nothing_wrong(row) => &[],
        (None, Some(row)) => row.words.cases,
        (None, None) => range_of(code).cases(Some(code)),
    }
}

/// What to check for a broken rule; of a code that may not travel, what fits that code.
pub(crate) fn cases_of_rule(rule: &'static Rule, code: u16) -> &'static [Case] {
    let cases = rule.words.cases;
    match (rule.id, code, lookup(code)) {
        // Somebody passed on what a library had reported.
        ("close-code-not-allowed", 1005 | 1006 | 1015, _) => cases.get(..1).unwrap_or_default(),
        ("close-code-not-allowed", _, Some(row)) => row.words.cases,
        ("close-code-not-allowed", _, None) => range_of(code).cases(Some(code)),
        _ => cases,
    }
}

/// Whether a finding is what compression looks like to somebody who was not told of it.
fn is_rsv1(finding: &Finding) -> bool {
    let says_so = |(name, value): &(&str, Value)| *name == "bits" && *value == Value::Word(RSV1);
    finding.values.iter().any(says_so)
}

/// A fault before the first Close that nobody closed for.
fn unnoticed(summary: &Summary) -> Option<String> {
    let (sender, finding) = first_fault(summary)?;
    let code = finding.rule.closes_with?;
    if is_rsv1(finding) {
        return Some(say!(
            "RSV1 is set at {at}, and the connection went on: the ends had probably agreed on permessage-deflate, and the payload is compressed.",
            at = finding.at
        ));
    }
    Some(say!(
        "A strict {receiver} would have closed with {code} before that, for what the {sender} sent at {at}: {note} ({rule}).",
        receiver = sender.other(),
        code,
        sender,
        at = finding.at,
        note = finding.note(),
        rule = finding.rule.id
    ))
}

/// The first finding of either end that a strict receiver would close for. What compression
/// looks like counts only where there is nothing else.
fn first_fault(summary: &Summary) -> Option<(Sender, &Finding)> {
    [Sender::Client, Sender::Server]
        .into_iter()
        .flat_map(|sender| {
            let faults = summary.history(sender).faults.iter();
            faults.map(move |fault| (sender, &fault.first))
        })
        .min_by_key(|(_, finding)| (is_rsv1(finding), finding.at))
}

/// Who closed, and what that means.
fn meaning(closed: &ClosedBy) -> String {
    let (sender, other) = (closed.sender, closed.sender.other());
    let code = match closed.close.code {
        Some(code) => code,
        None if closed.close.is_half => {
            return say!(
                "The {sender} sent a Close whose body is half a code.",
                sender
            );
        }
        None if closed.is_truncated => {
            return say!(
                "The {sender} was closing; the input ends before its code.",
                sender
            );
        }
        None => 1005,
    };
    // The words for 1005 are of a Close without a code, which this is not.
    if closed.close.code == Some(1005) {
        return say!(
            "The {sender} put 1005 into a Close frame. It must not stand there: it is what a library reports when a Close has no code.",
            sender
        );
    }
    let row = lookup(code);
    if let Some(row) = row {
        let wrong_end = match row.sent_by {
            SentBy::Client => sender == Sender::Server,
            SentBy::Server => sender == Sender::Client,
            SentBy::Either | SentBy::Nobody => false,
        };
        if wrong_end {
            return say!(
                "The {sender} closed with {code} {name}, which only a {other} has a use for: {gist}. What was meant, only its author knows.",
                sender,
                code,
                name = row.name,
                other,
                gist = translated(row.phrases.gist)
            );
        }
    }
    closed_with(code, sender.id(), other.id())
}

/// What it means that `sender` closed with `code` and `other` received it; both are words for an
/// end of the connection, such as "server".
pub(crate) fn closed_with(code: u16, sender: &'static str, other: &'static str) -> String {
    let template = lookup(code).map_or(range_of(code).diagnosis, |row| row.phrases.diagnosis);
    let values = [
        ("sender", Value::Word(sender)),
        ("other", Value::Word(other)),
        ("code", Value::Code(code)),
    ];
    fill(template, &values)
}

/// What the other end had sent before that explains a Close.
enum Cause<'a> {
    /// The very fault that the code stands for.
    Fault(&'a Finding),
    /// Another fault, which some receivers were seen to answer with this code.
    Perhaps(&'a Finding),
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
        // The connection went on after the faults before the last one, so the last one counts.
        let faults = || before.faults.iter().map(|fault| &fault.last);
        let fault = faults()
            .filter(|finding| finding.rule.closes_with == Some(code) && !is_rsv1(finding))
            .max_by_key(|finding| finding.at);
        if let Some(finding) = fault {
            return Cause::Fault(finding);
        }
        // RSV1 once is a fault; again and again it is compression that both ends agreed on.
        let lone = before
            .faults
            .iter()
            .find(|fault| fault.count == 1 && is_rsv1(&fault.last));
        if let (1002, Some(fault)) = (code, lone) {
            return Cause::Fault(&fault.last);
        }
        let perhaps = faults()
            .filter(|finding| is_answered_with(finding.rule.id, code))
            .max_by_key(|finding| finding.at);
        match (code, perhaps) {
            (_, Some(finding)) => Cause::Perhaps(finding),
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
            Cause::Fault(finding) => say!(
                "The cause is in these bytes, at {at} in what the {other} sent: {note} ({rule}).",
                at = finding.at,
                other,
                note = finding.note(),
                rule = finding.rule.id
            ),
            Cause::Perhaps(finding) => say!(
                "At {at} the {other} broke a rule: {note} ({rule}). A strict receiver says {expected} for that, and some say {code}.",
                at = finding.at,
                other,
                note = finding.note(),
                rule = finding.rule.id,
                expected = finding.rule.closes_with.unwrap_or(1002),
                code
            ),
            Cause::Message(message) if code == 1009 => say!(
                "The largest message that the {other} had sent before is a {opcode} message of {size}, at {at}.",
                other,
                opcode = message.opcode,
                size = bytes(message.length),
                at = message.at
            ),
            Cause::Message(message) => say!(
                "The last message that the {other} had sent before is a {opcode} message of {size}, at {at}.",
                other,
                opcode = message.opcode,
                size = bytes(message.length),
                at = message.at
            ),
            Cause::NotInInput
                if code == 1002 && closed.has_sent_before && !closed.is_sender_declared =>
            {
                say!(
                    "Nothing from the {other} is in these bytes, if the masks are right. If the frames before the Close are the {other}'s, their mask is the cause; else decode what it sent just before.",
                    other
                )
            }
            Cause::NotInInput => say!(
                "Nothing from the {other} is in these bytes: decode what it sent just before to see the cause.",
                other
            ),
            Cause::Nothing if code == 1009 => {
                say!(
                    "No message of the {other} is in these bytes before it.",
                    other
                )
            }
            Cause::Nothing => say!(
                "Nothing that the {other} sent in these bytes breaks a rule that explains it: the cause lies before them, in compressed data, or was changed on the way, or the {sender} says {code} for something else.",
                other,
                sender,
                code
            ),
            Cause::NoneNeeded => return None,
        })
    }
}

/// Whether receivers were seen to answer a broken rule with this code, which is not the one
/// that it stands for.
fn is_answered_with(rule: &str, code: u16) -> bool {
    matches!(
        (rule, code),
        ("text-not-utf8" | "close-reason-not-utf8", 1002)
            | ("unmasked-client-frame", 1003)
            | ("length-top-bit-set", 1009)
    )
}

/// What the second Close says of the first.
fn answered(first: &ClosedBy, answer: &ClosedBy) -> String {
    let (one, other) = (first.sender, answer.sender);
    if answer.is_truncated {
        return say!(
            "The {other} was answering; the input ends inside its Close.",
            other
        );
    }
    if answer.close.is_half {
        return say!(
            "The {other} answered with a Close whose body is half a code.",
            other
        );
    }
    let fault = answer.close.code.and_then(|code| {
        let faults = answer.other.faults.iter().map(|fault| &fault.last);
        let finding = faults
            .filter(|finding| finding.rule.closes_with == Some(code))
            .max_by_key(|finding| finding.at)?;
        (finding.at >= first.at).then_some((code, finding))
    });
    if let Some((code, finding)) = fault {
        return say!(
            "The {other} answered with {code} because of what stands at {at}: {note} ({rule}).",
            other,
            code,
            at = finding.at,
            note = finding.note(),
            rule = finding.rule.id
        );
    }
    match (first.close.code, answer.close.code) {
        (sent, echoed) if sent == echoed && first.close.is_half => answered_emptily(other.id()),
        (sent, answered) => answered_with(sent, answered, one.id(), other.id()),
    }
}

fn answered_emptily(other: &'static str) -> String {
    say!(
        "The {other} answered with an empty Close.",
        other = translated(other)
    )
}

/// What the Close of `other` says of the one that `one` had sent; both are words for an end of the
/// connection, such as "server".
pub(crate) fn answered_with(
    sent: Option<u16>,
    answered: Option<u16>,
    one: &'static str,
    other: &'static str,
) -> String {
    let values = [
        ("one", Value::Word(one)),
        ("other", Value::Word(other)),
        ("sent", Value::Code(sent.unwrap_or(1005))),
        ("answered", Value::Code(answered.unwrap_or(1005))),
    ];
    match (sent, answered) {
        (sent, echoed) if sent == echoed => {
            let complete =
                word!("The {other} answered in kind: the closing handshake is complete.");
            fill(complete, &values)
        }
        (_, Some(_)) => fill(
            word!(
                "The {other} closed with {answered}, not with the same code: each end reports the code that it received, so the {one} reports {answered} and the {other} {sent}."
            ),
            &values,
        ),
        (Some(_), None) => fill(
            word!(
                "The {other} answered with an empty Close: the {one} reports 1005, the {other} {sent}. The closing handshake is complete."
            ),
            &values,
        ),
        (None, None) => answered_emptily(other),
    }
}

fn diagnose_without_close(summary: &Summary) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    if let Some((sender, finding)) = first_fault(summary) {
        if let Some(code) = finding.rule.closes_with {
            diagnosis.statements.push(say!(
                "A strict {receiver} closes with {code} for what the {sender} sent at {at}: {note}.",
                receiver = sender.other(),
                code,
                sender,
                at = finding.at,
                note = finding.note()
            ));
        }
        diagnosis.cases = finding.rule.words.cases;
        diagnosis.topic = Some(finding.rule.id.to_owned());
        return diagnosis;
    }
    let statement = match summary.verdict {
        _ if summary.is_cut_in_close => say!("A Close began, and the input ends inside it."),
        Verdict::Truncated => {
            say!("If the connection ended here, no Close frame came: most libraries report 1006.")
        }
        _ if summary.frames > 1 => say!(
            "No Close frame is in these bytes. If the connection ended here, most libraries report 1006."
        ),
        _ => return diagnosis,
    };
    diagnosis.statements.push(statement);
    diagnosis.topic = Some("1006".to_owned());
    diagnosis
}
