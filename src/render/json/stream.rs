//! Lines about a stream of frames: one for each, and what they come to.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::SerializeMap;

use super::application::ApplicationFields;
use super::words::{AdviceFields, Id, ids, said};
use super::{SCHEMA, line};
use crate::application::Application;
use crate::conversation::{SentClose, Summary};
use crate::escape::hide_subprotocol;
use crate::explain::Explanation;
use crate::facts::codes::name_of;
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::inspect::{Frame, Hint};
use crate::rules::Finding;
use crate::upgrade::{Fault, Upgrade};
use crate::words::{ENGLISH, Message, Value, Voice};

/// Writes one frame.
///
/// # Errors
///
/// When writing fails.
pub fn frame(
    frame: &Frame,
    registries: Registries,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&FrameLine::of(frame, registries, voice), voice, out)
}

/// Writes the end of a stream; `with_hints` where not every frame was written with its own.
///
/// # Errors
///
/// When writing fails.
pub fn summary(
    summary: &Summary,
    beside: &Beside<'_>,
    with_hints: bool,
    explanation: &Explanation,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut object = SummaryLine::of(summary, with_hints, explanation, voice);
    let heard = beside.application;
    object.application = heard.map(|heard| ApplicationFields::of(heard, |_| None));
    let upgrade = beside.upgrade;
    object.upgrade = upgrade.map(|upgrade| UpgradeFields::with_problems(upgrade, voice));
    object.close_body = beside
        .close_body
        .map(|(code, reason)| CloseBodyFields { code, reason });
    line(&object, voice, out)
}

/// What there is beside the frames of a stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The HTTP upgrade before them.
    pub upgrade: Option<&'a Upgrade>,
    /// What the application said last.
    pub application: Option<&'a Application>,
    /// The code and the reason, where the bytes are no frames but the body of a Close.
    pub close_body: Option<(u16, &'a str)>,
}

/// The body of a Close that was given in the place of frames.
#[derive(Serialize)]
struct CloseBodyFields<'a> {
    code: u16,
    reason: &'a str,
}

#[derive(Serialize)]
struct FrameLine<'a> {
    r#type: &'static str,
    schema: u8,
    index: u64,
    at: u64,
    length: u64,
    sender: Option<&'static str>,
    fin: bool,
    rsv1: bool,
    rsv2: bool,
    rsv3: bool,
    opcode: u8,
    opcode_name: &'static str,
    masked: Option<bool>,
    masking_key: Option<String>,
    payload_length: Option<u64>,
    payload_hex: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    payload_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    inflated_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inflated_hex: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    close: Option<CloseFields>,
    findings: Vec<FindingFields<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<HintFields>,
}

#[derive(Serialize)]
pub(super) struct CloseFields {
    pub(super) code: Option<u16>,
    pub(super) name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<&'static str>,
    pub(super) reason: String,
}

#[derive(Serialize)]
pub(super) struct FindingFields<'a> {
    rule: &'static str,
    closes_with: Option<u16>,
    source: String,
    at: u64,
    length: u64,
    note: String,
    values: Values<'a>,
}

#[derive(Serialize)]
pub(super) struct HintFields {
    hint: &'static str,
    note: String,
}

/// The values of a finding: numbers as numbers, everything else in English whatever the language.
struct Values<'a>(&'a [(&'static str, Value)]);

impl Serialize for Values<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            match value {
                Value::Number(number) => map.serialize_entry(name, number)?,
                Value::Plain(number) => map.serialize_entry(name, number)?,
                Value::Byte(byte) => map.serialize_entry(name, byte)?,
                other => map.serialize_entry(name, &ENGLISH.value(other))?,
            }
        }
        map.end()
    }
}

impl<'a> FindingFields<'a> {
    pub(super) fn of(finding: &'a Finding, voice: &Voice) -> Self {
        FindingFields {
            rule: finding.rule.id,
            closes_with: finding.rule.closes_with,
            source: finding.source.to_string(),
            at: finding.at,
            length: finding.length,
            note: voice.say(&finding.note()),
            values: Values(&finding.values),
        }
    }
}

impl HintFields {
    pub(super) fn of(hint: &Hint, voice: &Voice) -> Self {
        HintFields {
            hint: hint.id(),
            note: voice.say(&hint.note()),
        }
    }
}

impl<'a> FrameLine<'a> {
    fn of(frame: &'a Frame, registries: Registries, voice: &Voice) -> Self {
        let header = &frame.header;
        let head = frame.head.bytes();
        FrameLine {
            r#type: "frame",
            schema: SCHEMA,
            index: frame.index,
            at: header.at,
            length: frame.length(),
            sender: frame.sender.map(Sender::id),
            fin: header.fin,
            rsv1: header.rsv1,
            rsv2: header.rsv2,
            rsv3: header.rsv3,
            opcode: header.opcode.number(),
            opcode_name: header.opcode.id(),
            masked: header.masked,
            masking_key: header.masking_key.map(hex::encode),
            payload_length: header.length(),
            payload_hex: hex::encode(head),
            payload_truncated: frame.payload_present > head.len() as u64,
            inflated_length: frame.inflated.as_ref().map(|inflated| inflated.length),
            inflated_hex: frame
                .inflated
                .as_ref()
                .map(|inflated| hex::encode(inflated.head.bytes())),
            truncated: frame.is_truncated,
            close: frame.close.as_ref().map(|close| {
                let entry = close
                    .code
                    .and_then(|code| registries.definite_from(code, frame.sender));
                CloseFields {
                    code: close.code,
                    name: close
                        .code
                        .map(|code| entry.map_or(name_of(code).english(), |entry| entry.row.name)),
                    vendor: entry.map(|entry| entry.registry.vendor),
                    reason: close.reason_lossy(),
                }
            }),
            findings: frame
                .findings
                .iter()
                .map(|finding| FindingFields::of(finding, voice))
                .collect(),
            hints: frame
                .hints
                .iter()
                .map(|hint| HintFields::of(hint, voice))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    r#type: &'static str,
    schema: u8,
    bytes: u64,
    frames: u64,
    messages: u64,
    findings: u64,
    verdict: &'static str,
    closes_with: Option<u16>,
    close: Option<SummaryClose>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<SummaryClose>,
    /// Findings that belong to no frame: messages that the input ends inside of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unfinished: Vec<FindingFields<'a>>,
    /// The hints of frames that were not printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<HintFields>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<UpgradeFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_body: Option<CloseBodyFields<'a>>,
    diagnosis: DiagnosisFields<'a>,
}

/// The HTTP upgrade before the frames.
#[derive(Serialize)]
pub(super) struct UpgradeFields<'a> {
    pub(super) seen: bool,
    pub(super) target: Option<&'a str>,
    pub(super) status: Option<u16>,
    pub(super) extensions: Option<&'a str>,
    pub(super) subprotocol: Option<Cow<'a, str>>,
    /// Of a stream; what a connection's upgrade lacks is said in its cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problems: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem_ids: Option<Vec<Id>>,
}

impl<'a> UpgradeFields<'a> {
    pub(super) fn of(upgrade: &'a Upgrade) -> Self {
        let response = upgrade.response.as_ref();
        UpgradeFields {
            seen: response.is_some(),
            target: upgrade.request.as_ref().map(|it| it.target.as_str()),
            status: upgrade.status(),
            extensions: response.and_then(|response| response.extensions.as_deref()),
            subprotocol: response
                .and_then(|response| response.subprotocol.as_deref())
                .map(hide_subprotocol),
            problems: None,
            problem_ids: None,
        }
    }

    fn with_problems(upgrade: &'a Upgrade, voice: &Voice) -> Self {
        let problems: Vec<Message> = upgrade.faults.iter().map(Fault::message).collect();
        UpgradeFields {
            seen: true,
            problems: Some(said(&problems, voice)),
            problem_ids: Some(ids(&problems)),
            ..UpgradeFields::of(upgrade)
        }
    }
}

#[derive(Serialize)]
struct SummaryClose {
    at: u64,
    sender: &'static str,
    code: Option<u16>,
    reason: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

#[derive(Serialize)]
struct DiagnosisFields<'a> {
    statements: Vec<String>,
    statement_ids: Vec<Id>,
    #[serde(flatten)]
    advice: AdviceFields,
    topic: Option<&'a str>,
}

impl SummaryClose {
    fn of(closed: &SentClose) -> Self {
        SummaryClose {
            at: closed.at,
            sender: closed.sender.id(),
            code: closed.close.code,
            reason: closed.close.reason_lossy(),
            truncated: closed.is_truncated,
        }
    }
}

impl<'a> SummaryLine<'a> {
    fn of(
        summary: &'a Summary,
        with_hints: bool,
        explanation: &'a Explanation,
        voice: &Voice,
    ) -> Self {
        let advice = explanation.advice.iter().copied();
        SummaryLine {
            r#type: "summary",
            schema: SCHEMA,
            bytes: summary.bytes,
            frames: summary.frames,
            messages: summary.messages,
            findings: summary.findings,
            verdict: summary.verdict.id(),
            closes_with: summary.closes_with,
            close: summary.closes.first().map(SummaryClose::of),
            answer: summary.closes.get(1).map(SummaryClose::of),
            unfinished: summary
                .unfinished
                .iter()
                .map(|finding| FindingFields::of(finding, voice))
                .collect(),
            hints: if with_hints {
                summary
                    .hints
                    .iter()
                    .map(|(_, hint)| HintFields::of(hint, voice))
                    .collect()
            } else {
                Vec::new()
            },
            upgrade: None,
            application: None,
            close_body: None,
            diagnosis: DiagnosisFields {
                statements: said(explanation.said(), voice),
                statement_ids: ids(explanation.said()),
                advice: AdviceFields::of(advice, voice),
                topic: explanation.topic.as_deref(),
            },
        }
    }
}
