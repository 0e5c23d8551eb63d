//! Log lines and what a log says, in JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::{HintFields, SCHEMA};
use crate::codes::name_of;
use crate::logline::scan::{Findings, Group};
use crate::logline::{Close, Explanation, Reading, Topic, Way, explain_in};
use crate::registry::Registries;
use crate::words::{Language, speaking, translated};

/// Writes a line, taken apart and explained.
///
/// # Errors
///
/// When writing fails.
pub fn line(reading: &Reading, registries: Registries, out: &mut dyn Write) -> io::Result<()> {
    let explanation = explain_in(reading, registries);
    let closes = reading.close.iter().chain(&reading.answer);
    let cases = || explanation.cases.iter();
    let object = LineObject {
        r#type: "log-line",
        schema: SCHEMA,
        head: Head::of(reading, &explanation),
        closes: closes
            .map(|close| CloseObject::of(close, reading, registries))
            .collect(),
        detail: &reading.detail,
        statements: &explanation.statements,
        causes: cases().map(|case| translated(case.cause)).collect(),
        fixes: cases().map(|case| translated(case.fix)).collect(),
        topic: explanation.topic.as_deref(),
        source: speaking(Language::English, || {
            let source = explanation.source.map(|origin| origin.to_string());
            source.unwrap_or_default()
        }),
    };
    super::line(&object, out)
}

/// Writes what a log says: a line for each group, then for each kind of line that was not read if
/// `with_unread`, then the summary.
///
/// # Errors
///
/// When writing fails.
pub fn scanned(
    findings: &Findings,
    with_unread: bool,
    registries: Registries,
    out: &mut dyn Write,
) -> io::Result<()> {
    for group in &findings.groups {
        super::line(&GroupObject::of(group, registries), out)?;
    }
    if with_unread {
        for unread in &findings.unread_lines {
            let object = UnreadObject {
                r#type: "log-unread",
                schema: SCHEMA,
                count: unread.count,
                line: &unread.line,
            };
            super::line(&object, out)?;
        }
    }
    let object = SummaryObject {
        r#type: "log-summary",
        schema: SCHEMA,
        bytes: findings.bytes,
        lines: findings.lines,
        closes: findings.closes,
        groups: findings.groups.len(),
        clean: findings.is_clean(),
        not_kept: findings.overflow,
        unread: findings.unread,
        cut: findings.cut,
    };
    super::line(&object, out)
}

/// What a line is, the same for one line and for a group.
#[derive(Serialize)]
struct Head {
    /// Null where the line is of no known shape.
    shape: Option<&'static str>,
    producer: Option<&'static str>,
    producer_name: Option<&'static str>,
    /// The code of the Close that came first, or that is reported; null where the line has none.
    code: Option<u16>,
    name: Option<&'static str>,
    /// Whose name that is, where it is not that of the standards.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    /// The vendors' codes of this number, where none is certain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<String>,
    /// What gives away who sent the Close.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<HintFields>,
    /// The implementation that wrote the line, where `explain` has a page for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    implementation: Option<&'static str>,
    /// `received`, `sent` or `reported`, seen from the end that wrote the line.
    way: Option<&'static str>,
    /// `client`, `server`, `local`, `other`; null where the line does not tell, or nobody did.
    sent_by: Option<&'static str>,
    /// What happened, where the line has no code.
    event: Option<&'static str>,
    /// The rule that the program found broken.
    rule: Option<&'static str>,
    /// The HTTP status that came in place of 101.
    status: Option<u16>,
    /// The number that was refused as a close code.
    refused: Option<u16>,
}

impl Head {
    fn of(reading: &Reading, explanation: &Explanation) -> Self {
        let close = reading.close.as_ref();
        let way: Option<Way> = close.map(|close| close.way);
        let (event, rule) = match reading.topic() {
            Topic::Event(event) => (Some(event), None),
            Topic::Rule(rule) => (None, Some(rule)),
            Topic::Code(_) => (None, None),
        };
        Head {
            shape: reading.shape.map(|shape| shape.id),
            producer: reading.producer.map(|producer| producer.id),
            producer_name: reading.producer.map(|producer| producer.name),
            code: close.map(|close| close.code),
            name: match explanation.entry {
                Some(entry) => Some(entry.row.name),
                None => close.map(|close| name_of(close.code)),
            },
            vendor: explanation.entry.map(|entry| entry.registry.vendor),
            used_by: close.map_or_else(Vec::new, |close| {
                let uses = explanation.used_by.iter();
                uses.map(|known| format!("{}:{}", known.vendor, close.code))
                    .collect()
            }),
            hints: explanation.hints.iter().map(HintFields::of).collect(),
            implementation: reading.implementation().map(|known| known.id()),
            way: way.map(Way::id),
            sent_by: way.and_then(|way| reading.sent_by(way)),
            event,
            rule,
            status: reading.status,
            refused: reading.refused,
        }
    }
}

#[derive(Serialize)]
struct LineObject<'a> {
    r#type: &'static str,
    schema: u8,
    #[serde(flatten)]
    head: Head,
    closes: Vec<CloseObject<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    statements: &'a [String],
    causes: Vec<&'static str>,
    fixes: Vec<&'static str>,
    topic: Option<&'a str>,
    source: String,
}

#[derive(Serialize)]
struct CloseObject<'a> {
    way: &'static str,
    sent_by: Option<&'static str>,
    code: u16,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    reason: &'a str,
}

impl<'a> CloseObject<'a> {
    fn of(close: &'a Close, reading: &Reading, registries: Registries) -> Self {
        let entry = reading.entry_of(close, registries);
        CloseObject {
            way: close.way.id(),
            sent_by: reading.sent_by(close.way),
            code: close.code,
            name: entry.map_or_else(|| name_of(close.code), |entry| entry.row.name),
            vendor: entry.map(|entry| entry.registry.vendor),
            reason: &close.reason,
        }
    }
}

#[derive(Serialize)]
struct GroupObject<'a> {
    r#type: &'static str,
    schema: u8,
    count: u64,
    #[serde(flatten)]
    head: Head,
    /// With `N` in place of numbers.
    reason: &'a str,
    answer: Option<u16>,
    clean: bool,
    first: Option<&'a str>,
    last: Option<&'a str>,
    /// What the vendor or the user says of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
    cause: Option<&'static str>,
    fix: Option<&'static str>,
    topic: Option<String>,
    example: &'a str,
}

impl<'a> GroupObject<'a> {
    fn of(group: &'a Group, registries: Registries) -> Self {
        let explanation = explain_in(&group.reading, registries);
        let case = explanation.cases.first();
        GroupObject {
            r#type: "log-group",
            schema: SCHEMA,
            count: group.count,
            head: Head::of(&group.reading, &explanation),
            reason: &group.reason,
            answer: group.reading.answer.as_ref().map(|answer| answer.code),
            clean: group.reading.is_clean(),
            first: group.first.as_ref().map(|time| time.text.as_str()),
            last: group.last.as_ref().map(|time| time.text.as_str()),
            meaning: explanation
                .entry
                .map(|entry| translated(entry.row.words.meaning)),
            cause: case.map(|case| translated(case.cause)),
            fix: case.map(|case| translated(case.fix)),
            topic: explanation.topic,
            example: &group.example,
        }
    }
}

#[derive(Serialize)]
struct UnreadObject<'a> {
    r#type: &'static str,
    schema: u8,
    count: u64,
    line: &'a str,
}

#[derive(Serialize)]
struct SummaryObject {
    r#type: &'static str,
    schema: u8,
    bytes: u64,
    lines: u64,
    closes: u64,
    groups: usize,
    /// Whether nothing but clean closes was found.
    clean: bool,
    /// Closes of further groups, which are not kept.
    not_kept: u64,
    /// Lines that look like a close and could not be read.
    unread: u64,
    /// Lines with something of interest behind the part that is read.
    cut: u64,
}
