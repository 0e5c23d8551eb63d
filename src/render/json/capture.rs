//! Connections of a capture for programs: a line for each, then a summary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::application::ApplicationFields;
use super::stream::UpgradeFields;
use super::words::{Id, ids, said};
use super::{CloseFields, FindingFields, HintFields, SCHEMA, line};
use crate::capture::layers::Sealed;
use crate::capture::tracker::Totals;
use crate::explain::Explanation;
use crate::facts::causes::Cause;
use crate::facts::codes::name_of;
use crate::frame::Sender;
use crate::render::clock::timestamp;
use crate::session::direction::{Found, TimedClose};
use crate::session::tls::{KeysFound, Tls};
use crate::session::{EndKind, EndRecord, Record, Source};
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
    files: Option<&[PathBuf]>,
    damage: Option<&(u64, Message)>,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_packets = totals.source == Source::Packets;
    let of_packets = |count| is_packets.then_some(count);
    let order = totals.reordered;
    let seconds = |nanoseconds: i64| rounded(nanoseconds as f64 / 1e9);
    let summary = CaptureSummary {
        r#type: "summary",
        schema: SCHEMA,
        source: totals.source.id(),
        packets: of_packets(totals.packets),
        tcp_segments: of_packets(totals.segments),
        tcp_connections: of_packets(totals.connections),
        connections: totals.reported,
        causes: counted(causes),
        crowded_out: of_packets(totals.crowded_out),
        capped: of_packets(totals.capped),
        not_opened: not_opened(totals),
        unknown_streams: of_packets(totals.unknown_streams).filter(|n| *n > 0),
        reordered: (order.packets > 0).then(|| Moved {
            count: order.packets,
            longest_s: seconds(order.latest),
        }),
        clock_back: (order.steps > 0).then(|| Moved {
            count: order.steps,
            longest_s: seconds(order.longest_step),
        }),
        files: files.map(|files| {
            let names = files.iter().map(|file| file.to_string_lossy());
            names.map(Cow::into_owned).collect()
        }),
        damage: damage.map(|(at, note)| DamageFields {
            at: *at,
            note: voice.say(note),
        }),
    };
    line(&summary, voice, out)
}

fn not_opened(totals: &Totals) -> BTreeMap<&'static str, u64> {
    let kinds = Sealed::ALL.into_iter().zip(totals.sealed);
    let mut all: BTreeMap<_, _> = kinds
        .filter(|(_, count)| *count > 0)
        .map(|(sealed, count)| (sealed.id(), count))
        .collect();
    if totals.unread.0 > 0 {
        all.insert("link-type", totals.unread.0);
    }
    all
}

fn counted(causes: &BTreeMap<Cause, u64>) -> BTreeMap<&'static str, u64> {
    causes
        .iter()
        .map(|(cause, count)| (cause.id(), *count))
        .collect()
}

pub(super) fn alternatives(explanation: &Explanation, voice: &Voice) -> Vec<AlternativeFields> {
    let alternatives = explanation.alternatives.iter();
    let fields = alternatives.map(|(cause, decides)| AlternativeFields {
        cause: cause.id(),
        decides: voice.say(decides),
        decides_id: decides.text.id(),
    });
    fields.collect()
}

fn not_seen(record: &Record) -> Vec<NotSeenFields> {
    let all = record.not_seen().into_iter();
    let fields = all.map(|not_seen| NotSeenFields {
        what: not_seen.what,
        sender: not_seen.sender.id(),
        bytes: not_seen.bytes,
    });
    fields.collect()
}

pub(super) fn evidence(explanation: &Explanation) -> impl Iterator<Item = &Message> {
    explanation.said().chain(&explanation.reported)
}

pub(super) fn fixes(explanation: &Explanation, voice: &Voice) -> Vec<&'static str> {
    let advice = explanation.advice.iter();
    advice.map(|advice| voice.text(advice.fix)).collect()
}

pub(super) fn fix_ids(explanation: &Explanation) -> Vec<Id> {
    let advice = explanation.advice.iter();
    advice.map(|advice| advice.fix.id()).collect()
}

#[derive(Serialize)]
struct CaptureSummary {
    r#type: &'static str,
    schema: u8,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    packets: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_segments: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcp_connections: Option<u64>,
    connections: u64,
    causes: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crowded_out: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capped: Option<u64>,
    /// Packets that were not looked into, by what hides them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    not_opened: BTreeMap<&'static str, u64>,
    /// Connections of HTTP/2 with a stream whose request was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_streams: Option<u64>,
    /// Packets that stood behind later ones in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    reordered: Option<Moved>,
    /// How often the times of packets went back without an order that could be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_back: Option<Moved>,
    /// The files that were read as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<String>>,
    damage: Option<DamageFields>,
}

#[derive(Serialize)]
struct Moved {
    count: u64,
    longest_s: f64,
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
    source: &'static str,
    index: u64,
    client: Option<String>,
    server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The stream of HTTP/2 that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<u32>,
    started: Option<String>,
    duration_s: Option<f64>,
    upgrade: UpgradeFields<'a>,
    tls: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_facts: Option<TlsFields<'a>>,
    // Null is what the source does not hold.
    frames: Option<Both>,
    messages: Option<Both>,
    bytes: Option<Both>,
    pings: Option<Both>,
    pongs: Option<Both>,
    lost_bytes: Option<Both>,
    closes: Option<Vec<CloseLine>>,
    closed_by: Option<&'static str>,
    not_seen: Vec<NotSeenFields>,
    /// What the client's program says went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [String]>,
    /// How the stream ended, where it had an end of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_end: Option<&'static str>,
    /// The error codes of HTTP/2 with which its ends broke the stream off.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_errors: Option<Errors>,
    /// What the application protocol tells; null where nothing is known of one.
    application: Option<ApplicationFields<'a>>,
    tcp_end: Option<&'static str>,
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
struct Errors {
    client: Option<u32>,
    server: Option<u32>,
}

/// What is known of TLS.
#[derive(Serialize)]
struct TlsFields<'a> {
    version: Option<u16>,
    suite: Option<u16>,
    server_name: Option<&'a str>,
    protocol: Option<&'a str>,
    client_random: Option<String>,
    /// Whether there was a key: `fits`, `none-fits`, or `no-hello` where the ClientHello was not seen; null
    /// without a log.
    keys: Option<&'static str>,
    /// Whether what was said could be read.
    read: bool,
    close_notify: Said,
}

#[derive(Serialize)]
struct Said {
    client: bool,
    server: bool,
}

impl<'a> TlsFields<'a> {
    fn of(tls: &'a Tls) -> Self {
        TlsFields {
            version: tls.version,
            suite: tls.suite,
            server_name: tls.server_name.as_deref(),
            protocol: tls.protocol.as_deref(),
            client_random: tls.client_random.map(hex::encode),
            keys: match tls.keys {
                KeysFound::NoLog => None,
                KeysFound::NoneFits(_) => Some("none-fits"),
                KeysFound::NoHello => Some("no-hello"),
                KeysFound::Fits => Some("fits"),
            },
            read: tls.is_read(),
            close_notify: Said {
                client: tls.client.closed.is_some(),
                server: tls.server.closed.is_some(),
            },
        }
    }
}

fn stream_end(record: &Record) -> Option<&'static str> {
    let stream = record.transport.stream.as_ref()?;
    let end = record.end.filter(|_| !stream.is_of_connection)?;
    Some(match end.kind {
        EndKind::Fin | EndKind::Notify => "end-stream",
        EndKind::Rst => "rst-stream",
    })
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
struct NotSeenFields {
    what: &'static str,
    sender: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct AlternativeFields {
    cause: &'static str,
    decides: String,
    decides_id: Id,
}

#[derive(Serialize)]
pub(super) struct FoundFields<'a> {
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
pub(super) fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

/// The findings of a connection.
pub(super) fn found_fields<'a>(record: &'a Record, voice: &Voice) -> Vec<FoundFields<'a>> {
    let found = |found: &'a Found| FoundFields {
        finding: FindingFields::of(&found.finding, voice),
        sender: found.sender.id(),
        packet: found.origin.packet,
        at_s: rounded(record.seconds(found.origin)),
    };
    record.findings.iter().map(found).collect()
}

impl<'a> ConnectionLine<'a> {
    fn of(index: u64, record: &'a Record, explanation: &Explanation, voice: &Voice) -> Self {
        let lacks = record.transport.lacks;
        let both = |count: fn(&EndRecord) -> u64| {
            let count = || Both {
                client: count(&record.client_end),
                server: count(&record.server_end),
            };
            (!lacks.transport).then(count)
        };
        let messages = || Both {
            client: record.client_end.messages,
            server: record.server_end.messages,
        };
        let upgrade = &record.handshake.upgrade;
        let close = |close: &TimedClose| CloseLine {
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
        let seen = record.tcp_end.filter(|end| end.is_seen);
        ConnectionLine {
            r#type: "connection",
            schema: SCHEMA,
            source: record.transport.source.id(),
            index,
            client: record.client_name(),
            server: record.server_name(),
            url: record.url(),
            stream: record.transport.stream.as_ref().map(|stream| stream.id),
            started: record.started().map(timestamp),
            duration_s: record.duration().map(rounded),
            upgrade: UpgradeFields {
                status: upgrade.status().or(record.handshake.tunnel_refused),
                ..UpgradeFields::of(upgrade)
            },
            tls: record.is_tls(),
            tls_facts: record.tls.as_ref().map(TlsFields::of),
            frames: both(|end| end.frames),
            messages: (!lacks.messages).then(messages),
            bytes: both(|end| end.endpoint.bytes),
            pings: both(|end| end.pings),
            pongs: both(|end| end.pongs),
            lost_bytes: both(|end| end.endpoint.oddities.lost),
            closes: (!lacks.closes).then(|| record.closes.iter().map(close).collect()),
            closed_by: record.closed_by().map(Sender::id),
            not_seen: not_seen(record),
            errors: lacks.transport.then_some(&record.transport.errors),
            stream_end: stream_end(record),
            stream_errors: record.transport.stream.as_ref().map(|stream| {
                let [client, server] = stream.resets;
                Errors { client, server }
            }),
            application: ApplicationFields::of_record(record),
            tcp_end: match record.tcp_end.map(|end| end.kind) {
                _ if stream_end(record).is_some() => None,
                Some(EndKind::Fin) => Some("fin"),
                Some(EndKind::Rst) => Some("rst"),
                Some(EndKind::Notify) => None,
                None => (!lacks.transport).then_some("none"),
            },
            tcp_end_by: record
                .tcp_end
                .filter(|end| !end.is_forged)
                .map(|end| end.by.id()),
            tcp_end_packet: seen.map(|end| end.origin.packet),
            tcp_end_at_s: seen.map(|end| rounded(record.seconds(end.origin))),
            client_sees: explanation.client_sees,
            server_sees: explanation.server_sees,
            cause: explanation.cause.id(),
            rule: explanation.rule,
            alternatives: alternatives(explanation, voice),
            evidence: said(evidence(explanation), voice),
            evidence_ids: ids(evidence(explanation)),
            fixes: fixes(explanation, voice),
            fix_ids: fix_ids(explanation),
            findings: found_fields(record, voice),
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
