//! Connections of a capture for programs: a line for each, then a summary.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::stream::UpgradeFields;
use super::words::{Id, ids, said};
use super::{CloseFields, FindingFields, HintFields, SCHEMA, line};
use crate::capture::clock::timestamp;
use crate::capture::connection::{EndKind, EndRecord, Record};
use crate::capture::direction::{CloseSeen, Found};
use crate::capture::file::Damage;
use crate::capture::har::HarConnection;
use crate::capture::tracker::Totals;
use crate::explain::Explanation;
use crate::facts::causes::Cause;
use crate::facts::codes::name_of;
use crate::frame::Sender;
use crate::words::{Message, Voice};

/// Writes one connection.
///
/// # Errors
///
/// When writing fails.
pub fn connection(
    index: u64,
    record: &Record,
    explanation: &Explanation,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(
        &ConnectionLine::of(index, record, explanation, voice),
        voice,
        out,
    )
}

/// Writes the end of a capture.
///
/// # Errors
///
/// When writing fails.
pub fn capture_summary(
    totals: &Totals,
    causes: &BTreeMap<Cause, u64>,
    damage: Option<&Damage>,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let summary = CaptureSummary {
        r#type: "summary",
        schema: SCHEMA,
        packets: totals.packets,
        tcp_segments: totals.segments,
        tcp_connections: totals.connections,
        connections: totals.reported,
        causes: counted(causes),
        crowded_out: totals.crowded_out,
        capped: totals.capped,
        damage: damage.map(|damage| DamageFields {
            at: damage.at,
            note: voice.say(&damage.message()),
        }),
    };
    line(&summary, voice, out)
}

/// Writes one connection of a HAR file, in the shape of one of a capture.
///
/// # Errors
///
/// When writing fails.
pub fn har_connection(
    index: u64,
    connection: &HarConnection,
    explanation: &Explanation,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let messages = || Both {
        client: connection.sent,
        server: connection.received,
    };
    let object = HarLine {
        r#type: "connection",
        schema: SCHEMA,
        source: "har",
        index,
        client: None,
        server: &connection.url,
        started: &connection.started,
        duration_s: connection.duration_s.map(rounded),
        upgrade: UpgradeFields {
            seen: connection.status != 0,
            target: None,
            status: (connection.status != 0).then_some(connection.status),
            extensions: connection.extensions.as_deref(),
            subprotocol: connection.subprotocol.as_deref(),
            problems: None,
            problem_ids: None,
        },
        tls: connection.url.starts_with("wss:"),
        messages: connection.has_messages.then(messages),
        errors: &connection.errors,
        client_sees: explanation.client_sees,
        server_sees: explanation.server_sees,
        cause: explanation.cause.id(),
        rule: explanation.rule,
        alternatives: alternatives(explanation, voice),
        evidence: said(evidence(explanation), voice),
        evidence_ids: ids(evidence(explanation)),
        fixes: fixes(explanation, voice),
        fix_ids: fix_ids(explanation),
    };
    line(&object, voice, out)
}

/// Writes the end of a HAR file.
///
/// # Errors
///
/// When writing fails.
pub fn har_summary(
    connections: u64,
    causes: &BTreeMap<Cause, u64>,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let summary = HarSummary {
        r#type: "summary",
        schema: SCHEMA,
        source: "har",
        connections,
        causes: counted(causes),
    };
    line(&summary, voice, out)
}

fn counted(causes: &BTreeMap<Cause, u64>) -> BTreeMap<&'static str, u64> {
    causes
        .iter()
        .map(|(cause, count)| (cause.id(), *count))
        .collect()
}

fn alternatives(explanation: &Explanation, voice: &Voice) -> Vec<AlternativeFields> {
    let alternatives = explanation.alternatives.iter();
    let fields = alternatives.map(|(cause, decides)| AlternativeFields {
        cause: cause.id(),
        decides: voice.say(decides),
        decides_id: decides.text.id(),
    });
    fields.collect()
}

fn evidence(explanation: &Explanation) -> impl Iterator<Item = &Message> {
    explanation.statements.iter().chain(&explanation.sees)
}

fn fixes(explanation: &Explanation, voice: &Voice) -> Vec<&'static str> {
    let advice = explanation.advice.iter();
    advice.map(|advice| voice.text(advice.fix)).collect()
}

fn fix_ids(explanation: &Explanation) -> Vec<Id> {
    let advice = explanation.advice.iter();
    advice.map(|advice| advice.fix.id()).collect()
}

#[derive(Serialize)]
struct HarLine<'a> {
    r#type: &'static str,
    schema: u8,
    source: &'static str,
    index: u64,
    client: Option<String>,
    server: &'a str,
    started: &'a str,
    duration_s: Option<f64>,
    upgrade: UpgradeFields<'a>,
    tls: bool,
    messages: Option<Both>,
    errors: &'a [String],
    client_sees: Option<u16>,
    server_sees: Option<u16>,
    cause: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    alternatives: Vec<AlternativeFields>,
    evidence: Vec<String>,
    /// What names each sentence of the evidence, whatever the language.
    evidence_ids: Vec<Id>,
    fixes: Vec<&'static str>,
    fix_ids: Vec<Id>,
}

#[derive(Serialize)]
struct HarSummary {
    r#type: &'static str,
    schema: u8,
    source: &'static str,
    connections: u64,
    causes: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct CaptureSummary {
    r#type: &'static str,
    schema: u8,
    packets: u64,
    tcp_segments: u64,
    tcp_connections: u64,
    connections: u64,
    causes: BTreeMap<&'static str, u64>,
    crowded_out: u64,
    capped: u64,
    damage: Option<DamageFields>,
}

#[derive(Serialize)]
struct DamageFields {
    at: u64,
    note: String,
}

#[derive(Serialize)]
struct ConnectionLine<'a> {
    r#type: &'static str,
    schema: u8,
    index: u64,
    client: String,
    server: String,
    started: String,
    duration_s: f64,
    upgrade: UpgradeFields<'a>,
    tls: bool,
    frames: Both,
    messages: Both,
    bytes: Both,
    pings: Both,
    pongs: Both,
    lost_bytes: Both,
    closes: Vec<CloseLine>,
    tcp_end: &'static str,
    tcp_end_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_end_packet: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_end_at_s: Option<f64>,
    client_sees: Option<u16>,
    server_sees: Option<u16>,
    cause: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    alternatives: Vec<AlternativeFields>,
    evidence: Vec<String>,
    /// What names each sentence of the evidence, whatever the language.
    evidence_ids: Vec<Id>,
    fixes: Vec<&'static str>,
    fix_ids: Vec<Id>,
    findings: Vec<FoundFields<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<SentHint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'static str>,
}

#[derive(Serialize)]
struct Both {
    client: u64,
    server: u64,
}

#[derive(Serialize)]
struct CloseLine {
    sender: &'static str,
    #[serde(flatten)]
    close: CloseFields,
    packet: u64,
    at_s: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

#[derive(Serialize)]
struct AlternativeFields {
    cause: &'static str,
    decides: String,
    decides_id: Id,
}

#[derive(Serialize)]
struct FoundFields<'a> {
    #[serde(flatten)]
    finding: FindingFields<'a>,
    sender: &'static str,
    packet: u64,
    at_s: f64,
}

#[derive(Serialize)]
struct SentHint {
    sender: &'static str,
    #[serde(flatten)]
    hint: HintFields,
}

/// Seconds to a microsecond, so that a sum of floating point shows nowhere.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

impl<'a> ConnectionLine<'a> {
    fn of(index: u64, record: &'a Record, explanation: &Explanation, voice: &Voice) -> Self {
        let both = |count: fn(&EndRecord) -> u64| Both {
            client: count(&record.client_end),
            server: count(&record.server_end),
        };
        let upgrade = &record.upgrade;
        let response = upgrade.response.as_ref();
        let close = |close: &CloseSeen| CloseLine {
            sender: close.sender.id(),
            close: CloseFields {
                code: close.close.code,
                name: close.close.code.map(|code| name_of(code).english()),
                vendor: None,
                reason: close.close.reason_lossy(),
            },
            packet: close.origin.packet,
            at_s: rounded(record.seconds(close.origin)),
            truncated: close.is_truncated,
        };
        let found = |found: &'a Found| FoundFields {
            finding: FindingFields::of(&found.finding, voice),
            sender: found.sender.id(),
            packet: found.origin.packet,
            at_s: rounded(record.seconds(found.origin)),
        };
        ConnectionLine {
            r#type: "connection",
            schema: SCHEMA,
            index,
            client: record.client.to_string(),
            server: record.server.to_string(),
            started: timestamp(record.first.time),
            duration_s: rounded(record.seconds(record.last)),
            upgrade: UpgradeFields {
                seen: response.is_some(),
                target: upgrade
                    .request
                    .as_ref()
                    .map(|request| request.target.as_str()),
                status: response
                    .map(|response| response.status)
                    .or(upgrade.tunnel_refused),
                extensions: response.and_then(|response| response.extensions.as_deref()),
                subprotocol: response.and_then(|response| response.subprotocol.as_deref()),
                problems: None,
                problem_ids: None,
            },
            tls: record.tls.is_some(),
            frames: both(|end| end.frames),
            messages: both(|end| end.messages),
            bytes: both(|end| end.bytes),
            pings: both(|end| end.pings),
            pongs: both(|end| end.pongs),
            lost_bytes: both(|end| end.oddities.lost),
            closes: record.closes.iter().map(close).collect(),
            tcp_end: match record.end.map(|end| end.kind) {
                Some(EndKind::Fin) => "fin",
                Some(EndKind::Rst) => "rst",
                None => "none",
            },
            tcp_end_by: record.end.map(|end| end.by.id()),
            tcp_end_packet: record.end.map(|end| end.origin.packet),
            tcp_end_at_s: record.end.map(|end| rounded(record.seconds(end.origin))),
            client_sees: explanation.client_sees,
            server_sees: explanation.server_sees,
            cause: explanation.cause.id(),
            rule: explanation.rule,
            alternatives: alternatives(explanation, voice),
            evidence: said(evidence(explanation), voice),
            evidence_ids: ids(evidence(explanation)),
            fixes: fixes(explanation, voice),
            fix_ids: fix_ids(explanation),
            findings: record.findings.iter().map(found).collect(),
            hints: record
                .hints
                .iter()
                .map(|(sender, hint): &(Sender, _)| SentHint {
                    sender: sender.id(),
                    hint: HintFields::of(hint, voice),
                })
                .collect(),
            found: record.confidence.map(|confidence| confidence.id()),
        }
    }
}
