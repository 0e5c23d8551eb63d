//! From the frames of a stream to why the connection closed.
//!
//! Bytes have no clock and no TCP: who closed first, for what, and what breaks a rule is all that they
//! show. Where the cause lies outside of them it is said so.

use super::application::{Scene, Story, registries_of};
use super::close::{self, CloseFacts, Told};
use super::{End, Explanation};
use crate::application::Application;
use crate::conversation::{SentClose, Summary, Verdict};
use crate::escape::escape_bytes;
use crate::facts::causes::Cause;
use crate::facts::codes::{self, accident};
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::inspect::{History, SeenMessage};
use crate::rules::{Finding, RSV1};
use crate::words::{Message, Value, bytes, say};

/// Explains a whole input.
pub fn explain_frames(summary: &Summary, registries: Registries) -> Explanation {
    explain_stream(summary, None, registries)
}

/// As [`explain_frames`], with what was heard in the messages.
pub fn explain_stream(
    summary: &Summary,
    application: Option<&Application>,
    registries: Registries,
) -> Explanation {
    let mut explanation = Explanation::default();
    let first = summary.closes.first();
    let close = first.map(|first| (first.sender, first.close.code));
    let registries = registries_of(application, close, registries);
    let story = application.and_then(|application| {
        let heard: u64 = application.ends.iter().map(|end| end.messages).sum();
        let scene = Scene {
            application,
            closer: first.map(|first| first.sender),
            code: first.map(|first| first.close.code),
            reason: first.map_or(&[][..], |first| first.close.reason.as_slice()),
            ended: None,
            began: 0,
            has_fault: first_fault(summary).is_some(),
            // Nothing is known of an end whose direction is not among the bytes, and too little where messages came
            // that could not be read.
            hidden: [Sender::Client, Sender::Server].map(|end| {
                let is_missing = summary.history(end).frames == 0 || summary.messages > heard;
                is_missing.then_some((i64::MAX, u64::MAX))
            }),
        };
        scene.story(registries)
    });
    match first {
        Some(first) => explain_close(first, summary, registries, story, &mut explanation),
        None => {
            without_close(summary, &mut explanation);
            if let Some(story) = story {
                explanation.take_story(story);
            }
        }
    }
    explanation
}

impl SentClose {
    /// The Close as facts: what its frame says.
    pub(super) fn facts(&self) -> CloseFacts<'_> {
        CloseFacts {
            code: self.close.code.unwrap_or(1005),
            reason: &self.close.reason,
            told: Told::Sent {
                by: End::Known(self.sender),
                to: End::Known(self.sender.other()),
            },
        }
    }

    /// What is to be said in place of the meaning of its code, where the code is not there or is none.
    pub(super) fn oddity(&self) -> Option<Message> {
        let sender = self.sender;
        match self.close.code {
            None if self.close.is_half => Some(say!(close.half_code, sender)),
            None if self.is_truncated => Some(say!(close.cut_before_code, sender)),
            // The words for 1005 are of a Close without a code, which this is not.
            Some(1005) => Some(say!(close.code_1005, sender)),
            _ => None,
        }
    }
}

fn explain_close(
    first: &SentClose,
    summary: &Summary,
    registries: Registries,
    story: Option<Story>,
    explanation: &mut Explanation,
) {
    let other = first.sender.other();
    let complaint = Complaint::of(first);
    let is_late = story
        .as_ref()
        .is_some_and(|story| story.cause == Cause::UpgradeInvalid);
    let is_broken = matches!(complaint, Complaint::Fault(_)) && !is_late;
    if let Some(story) = story.filter(|_| !is_broken) {
        if story.is_answer {
            explanation.title = codes::name_of(first.close.code.unwrap_or(1005));
            explanation.topic = Some(first.close.code.unwrap_or(1005).to_string());
            explanation.take_story(story);
            if !first.close.reason.is_empty() {
                let reason = escape_bytes(&first.close.reason);
                explanation.say(say!(close.reason, reason));
            }
            if let Some(answer) = summary.closes.get(1) {
                explanation.say(answered(first, answer));
            }
            return;
        }
        explain_close(first, summary, registries, None, explanation);
        explanation.take_story(story);
        return;
    }
    // What is broken comes first, in what the other end sent or in the Close itself.
    let broken = match &complaint {
        Complaint::Fault(finding) | Complaint::Perhaps(finding) => Some(*finding),
        _ => first.fault.as_ref(),
    };
    first
        .facts()
        .explain(registries, broken.is_some(), explanation);
    if let Some(oddity) = first.oddity() {
        explanation.statements = vec![oddity];
    }
    explanation.statements.extend(complaint.message(first));
    match summary.closes.get(1) {
        Some(answer) => explanation.say(answered(first, answer)),
        None if summary.history(other).frames > 0 => {
            explanation.say(say!(close.not_answered_here, other));
        }
        None => {}
    }
    explanation.cause = Cause::Application;
    let code = first.close.code;
    match broken {
        None => explanation.statements.extend(unnoticed(summary)),
        Some(_) => explanation.cause = Cause::Violation,
    }
    if first.is_truncated && code.is_none() && broken.is_none() {
        explanation.advice = Vec::new();
        explanation.topic = Some("truncated-frame".to_owned());
    } else if let Some(finding) = broken {
        explanation.rule = Some(finding.rule.id);
        // How a number that is no code came about says more than that it may not stand there.
        if code.and_then(accident).is_none() {
            explanation.topic = Some(finding.rule.id.to_owned());
            explanation.advice = close::advice_for_rule(finding.rule, code, true);
        }
    }
}

/// Whether a finding is what compression looks like to somebody who was not told of it.
fn is_rsv1(finding: &Finding) -> bool {
    finding.value("bits") == Some(&Value::Text(RSV1))
}

/// A fault before the first Close that nobody closed for.
fn unnoticed(summary: &Summary) -> Option<Message> {
    let (sender, finding) = first_fault(summary)?;
    let code = finding.rule.closes_with?;
    let at = finding.at;
    if is_rsv1(finding) {
        return Some(say!(close.compressed_perhaps, at));
    }
    let (note, rule) = (finding.note(), finding.rule.id);
    let receiver = sender.other();
    Some(say!(
        close.unnoticed_fault,
        receiver,
        code,
        sender,
        at,
        note,
        rule
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

/// What the other end had sent before that explains a Close.
pub(super) enum Complaint<'a> {
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

impl<'a> Complaint<'a> {
    pub(super) fn of(closed: &'a SentClose) -> Self {
        let before: &History = &closed.other;
        let Some(code) = closed.close.code else {
            return Complaint::NoneNeeded;
        };
        // The connection went on after the faults before the last one, so the last one counts.
        let faults = || before.faults.iter().map(|fault| &fault.last);
        let fault = faults()
            .filter(|finding| finding.rule.closes_with == Some(code) && !is_rsv1(finding))
            .max_by_key(|finding| finding.at);
        if let Some(finding) = fault {
            return Complaint::Fault(finding);
        }
        // RSV1 once is a fault; again and again, or from both, it is compression that both ends agreed on.
        let lone = before
            .faults
            .iter()
            .find(|fault| fault.count == 1 && is_rsv1(&fault.last) && !closed.has_compressed);
        if let (1002, Some(fault)) = (code, lone) {
            return Complaint::Fault(&fault.last);
        }
        let perhaps = faults()
            .filter(|finding| is_answered_with(finding.rule.id, code))
            .max_by_key(|finding| finding.at);
        match (code, perhaps) {
            (_, Some(finding)) => Complaint::Perhaps(finding),
            (1009, None) => before
                .largest
                .map_or(Complaint::missing(before), Complaint::Message),
            (1003 | 1008 | 1011 | 3000..=4999, None) => before
                .last
                .map_or(Complaint::NoneNeeded, Complaint::Message),
            (1002 | 1007, None) => Complaint::missing(before),
            _ => Complaint::NoneNeeded,
        }
    }

    fn missing(before: &History) -> Self {
        if before.frames == 0 {
            Complaint::NotInInput
        } else {
            Complaint::Nothing
        }
    }

    /// The fault that is complained of, and whether the code is the one for it.
    pub(super) fn fault(self) -> Option<(&'a Finding, bool)> {
        match self {
            Complaint::Fault(finding) => Some((finding, true)),
            Complaint::Perhaps(finding) => Some((finding, false)),
            _ => None,
        }
    }

    /// The evidence in one sentence.
    fn message(&self, closed: &SentClose) -> Option<Message> {
        let (sender, other) = (closed.sender, closed.sender.other());
        let code = closed.close.code.unwrap_or(1005);
        Some(match self {
            Complaint::Fault(finding) => {
                let (at, note, rule) = (finding.at, finding.note(), finding.rule.id);
                say!(close.fault, at, other, note, rule)
            }
            Complaint::Perhaps(finding) => {
                let (at, note, rule) = (finding.at, finding.note(), finding.rule.id);
                let expected = finding.rule.closes_with.unwrap_or(1002);
                say!(close.fault_perhaps, at, other, note, rule, expected, code)
            }
            Complaint::Message(message) => {
                let (opcode, at) = (message.opcode, message.at);
                let size = bytes(message.length);
                match code {
                    1009 => say!(close.largest_message, other, opcode, size, at),
                    _ => say!(close.last_message, other, opcode, size, at),
                }
            }
            Complaint::NotInInput
                if code == 1002 && closed.has_sent_before && !closed.is_sender_declared =>
            {
                say!(close.other_end_unseen_by_mask, other)
            }
            Complaint::NotInInput => say!(close.other_end_unseen, other),
            Complaint::Nothing if code == 1009 => say!(close.no_message_before, other),
            Complaint::Nothing => say!(close.nothing_explains, other, sender, code),
            Complaint::NoneNeeded => return None,
        })
    }
}

/// Whether receivers were seen to answer a broken rule with this code, which is not the one
/// that it stands for.
fn is_answered_with(rule: &str, code: u16) -> bool {
    matches!(
        (rule, code),
        (
            "text-not-utf8" | "close-reason-not-utf8" | "deflate-invalid",
            1002
        ) | ("unmasked-client-frame", 1003)
            | ("length-top-bit-set", 1009)
    )
}

/// The same, where the first end closed for a fault that it found: what it reports is not what it received.
pub(super) fn answered_to_fault(first: &SentClose, answer: &SentClose) -> Message {
    let (sent, other) = (first.close.code, answer.sender);
    match answer.close.code {
        Some(answered) if sent != Some(answered) && !answer.is_truncated => {
            say!(close.answer_other_to_fault, other, answered)
        }
        _ => self::answered(first, answer),
    }
}

/// What the second Close says of the first.
pub(super) fn answered(first: &SentClose, answer: &SentClose) -> Message {
    let (one, other) = (first.sender, answer.sender);
    if answer.is_truncated {
        return say!(close.answer_cut, other);
    }
    if answer.close.is_half {
        return say!(close.answer_half_code, other);
    }
    let fault = answer.close.code.and_then(|code| {
        let faults = answer.other.faults.iter().map(|fault| &fault.last);
        let finding = faults
            .filter(|finding| finding.rule.closes_with == Some(code))
            .max_by_key(|finding| finding.at)?;
        (finding.at >= first.at).then_some((code, finding))
    });
    if let Some((code, finding)) = fault {
        let (at, note, rule) = (finding.at, finding.note(), finding.rule.id);
        return say!(close.answer_for_fault, other, code, at, note, rule);
    }
    let (sent, answered) = (first.close.code, answer.close.code);
    if sent == answered && first.close.is_half {
        return say!(close.answer_empty, other);
    }
    close::answered_with(sent, answered, End::Known(one), End::Known(other))
}

fn without_close(summary: &Summary, explanation: &mut Explanation) {
    if let Some((sender, finding)) = first_fault(summary) {
        if let Some(code) = finding.rule.closes_with {
            let (receiver, at, note) = (sender.other(), finding.at, finding.note());
            explanation.say(say!(close.would_close, receiver, code, sender, at, note));
        }
        explanation.cause = Cause::Violation;
        explanation.rule = Some(finding.rule.id);
        explanation.advice = finding.rule.words.advice.iter().collect();
        explanation.topic = Some(finding.rule.id.to_owned());
        return;
    }
    explanation.say(match summary.verdict {
        _ if summary.is_cut_in_close => say!(close.began_and_cut),
        Verdict::Truncated => say!(close.if_ended_here),
        _ if summary.frames > 1 => say!(close.none_if_ended_here),
        _ => return,
    });
    explanation.topic = Some("1006".to_owned());
}
