//! Log lines and what a log says, in JSON.
//!
//! ```
//! use wsclose::explain::explain_line;
//! use wsclose::facts::registry::Registries;
//! use wsclose::logline::read;
//! use wsclose::render::json::log;
//! use wsclose::words::ENGLISH;
//!
//! let text = "websocket: close 1001 (going away)";
//! let registries = Registries::default();
//! let reading = read(text).unwrap();
//! let explanation = explain_line(&reading, registries);
//! let mut out = Vec::new();
//! log::line(text, &reading, &explanation, registries, &ENGLISH, &mut out)?;
//! let line: serde_json::Value = serde_json::from_slice(&out)?;
//! assert_eq!(line["producer"], "gorilla");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use serde::Serialize;

use super::application::ApplicationFields;
use super::words::{AdviceFields, Id, ids, said};
use super::{HintFields, SCHEMA};
use crate::escape::hide;
use crate::explain::{End, ExplainedGroup, Explanation};
use crate::facts::codes::name_of;
use crate::facts::lines::Way;
use crate::facts::registry::Registries;
use crate::inspect::Hint;
use crate::logline::scan::{Bar, Burst, Findings, Group, Peak};
use crate::logline::{Clue, Reading, ReportedClose, Subject};
use crate::words::{PointsTo, Voice};

/// Writes a line, taken apart and explained.
///
/// # Errors
///
/// When writing fails.
pub fn line(
    text: &str,
    reading: &Reading,
    explanation: &Explanation,
    registries: Registries,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let closes = reading.close.iter().chain(&reading.answer);
    let closes = closes.chain(&reading.others);
    let hidden = hide(text);
    let object = LineObject {
        r#type: "log-line",
        schema: SCHEMA,
        head: Head::of(reading, explanation, voice),
        closes: closes
            .map(|close| CloseObject::of(close, reading, registries))
            .collect(),
        read_by: reading.read_by.id(),
        clues: reading
            .clues
            .iter()
            .filter_map(|clue| ClueObject::of(clue, &hidden))
            .collect(),
        wire_code: reading.wire_code(),
        api_code: reading.api_code(),
        application: reading.quoted.as_deref().map(ApplicationFields::of_quoted),
        detail: &reading.detail,
        statements: said(explanation.said(), voice),
        statement_ids: ids(explanation.said()),
        points_to: explanation.points_to.map(PointsTo::id),
        first: explanation.first.map(|first| voice.text(first)),
        advice: AdviceFields::of(explanation.advice.iter().copied(), voice),
        topic: explanation.topic.as_deref(),
        source: explanation
            .source
            .map(|source| source.to_string())
            .unwrap_or_default(),
    };
    super::line(&object, voice, out)
}

/// Writes what a log says: a line for each group, then for each kind of line that was not read if
/// `with_unread`, then the summary.
///
/// # Errors
///
/// When writing fails.
pub fn scanned(
    findings: &Findings,
    explained: &[ExplainedGroup],
    with_unread: bool,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (group, explained) in findings.groups.iter().zip(explained) {
        super::line(&GroupObject::of(group, explained, voice), voice, out)?;
    }
    if with_unread {
        let named = findings.unread_lines.iter().map(|unread| (unread, true));
        let nameless = findings.nameless_lines.iter().map(|unread| (unread, false));
        for (unread, names_websocket) in named.chain(nameless) {
            let object = UnreadObject {
                r#type: "log-unread",
                schema: SCHEMA,
                names_websocket,
                count: unread.count,
                file: unread.file.as_deref(),
                at: unread.at,
                line: &unread.line,
            };
            super::line(&object, voice, out)?;
        }
    }
    let object = SummaryObject {
        r#type: "log-summary",
        schema: SCHEMA,
        bytes: findings.bytes,
        lines: findings.lines,
        closes: findings.closes,
        probable: findings.probable,
        groups: findings.groups.len(),
        clean: findings.is_clean(),
        not_kept: findings.overflow,
        unread: findings.unread,
        nameless: findings.nameless,
        cut: findings.cut,
        untimed: findings.untimed,
        first: findings.from.as_ref().map(|time| time.text.as_str()),
        last: findings.to.as_ref().map(|time| time.text.as_str()),
    };
    super::line(&object, voice, out)
}

/// Writes a kind of close that was not seen before, while a log is followed.
///
/// # Errors
///
/// When writing fails.
pub fn appeared(
    group: &Group,
    explanation: &Explanation,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let object = NewObject {
        r#type: "log-new",
        schema: SCHEMA,
        head: Head::of(&group.reading, explanation, voice),
        certainty: group.certainty.id(),
        file: group.file.as_deref(),
        line: group.line,
        first: group.first.as_ref().map(|time| time.text.as_str()),
        example: &group.example,
    };
    super::line(&object, voice, out)
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
    fn of(reading: &Reading, explanation: &Explanation, voice: &Voice) -> Self {
        let close = reading.close.as_ref();
        let way: Option<Way> = close.map(|close| close.way);
        let (event, rule) = match reading.subject() {
            Subject::Cause(cause) => (Some(cause.id()), None),
            Subject::Rule(rule) => (None, Some(rule)),
            Subject::Code(_) => (None, None),
        };
        Head {
            shape: reading.shape.map(|shape| shape.id),
            producer: reading.producer.map(|producer| producer.id),
            producer_name: reading.producer.map(|producer| producer.name.english()),
            code: close.map(|close| close.code),
            name: match explanation.entry {
                Some(entry) => Some(entry.row.name),
                None => close.map(|close| name_of(close.code).english()),
            },
            vendor: explanation.entry.map(|entry| entry.registry.vendor),
            used_by: close.map_or_else(Vec::new, |close| {
                let uses = explanation.used_by.iter();
                uses.map(|entry| format!("{}:{}", entry.registry.vendor, close.code))
                    .collect()
            }),
            hints: explanation
                .fingerprint
                .iter()
                .map(|it| HintFields::of(&Hint::ReasonFingerprint(it), voice))
                .collect(),
            implementation: reading.implementation().map(|known| known.id()),
            way: way.map(Way::id),
            sent_by: way.and_then(|way| reading.sent_by(way)).map(End::id),
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
    /// `shape` or `clues`.
    read_by: &'static str,
    /// What it was read from, in the order of the text.
    clues: Vec<ClueObject<'a>>,
    /// The code that stands on the wire, or will; null where none does.
    wire_code: Option<u16>,
    /// The code that the API of the program shows; null where that is not known.
    api_code: Option<u16>,
    /// A message of a protocol inside WebSocket that stands in it; null where none does.
    application: Option<ApplicationFields<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    statements: Vec<String>,
    /// What names each statement, whatever the language.
    statement_ids: Vec<Id>,
    /// Where the fault is if the first cause is the right one; null where only the statements tell.
    points_to: Option<&'static str>,
    /// The first thing to do, whatever the cause; where it is missing, that is the first fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'static str>,
    #[serde(flatten)]
    advice: AdviceFields,
    topic: Option<&'a str>,
    source: String,
}

/// Words or a number of the text that say something.
#[derive(Serialize)]
struct ClueObject<'a> {
    kind: &'static str,
    text: &'a str,
    /// In bytes of the text.
    at: usize,
    length: usize,
}

impl<'a> ClueObject<'a> {
    fn of(clue: &Clue, text: &'a str) -> Option<Self> {
        Some(ClueObject {
            kind: clue.kind.id()?,
            text: text.get(clue.at..clue.end()).unwrap_or_default(),
            at: clue.at,
            length: clue.length,
        })
    }
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
    fn of(close: &'a ReportedClose, reading: &Reading, registries: Registries) -> Self {
        let entry = reading.entry_of(close, registries);
        CloseObject {
            way: close.way.id(),
            sent_by: reading.sent_by(close.way).map(End::id),
            code: close.code,
            name: entry.map_or(name_of(close.code).english(), |entry| entry.row.name),
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
    /// `certain` or `probable`.
    certainty: &'static str,
    /// What is uncertain, where it is not certain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncertain: Vec<&'static str>,
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
    cause_id: Id,
    fix: Option<&'static str>,
    fix_id: Id,
    topic: Option<&'a str>,
    /// The log in which the first stands; null for standard input.
    file: Option<&'a str>,
    /// The number of its line there.
    line: u64,
    example: &'a str,
    /// How long the connections had lasted, of which that is known.
    lasted: Vec<BarObject>,
    /// How long they had been silent.
    silent: Vec<BarObject>,
    /// When most of them ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    peak: Option<PeakObject>,
    bursts: Vec<BurstObject<'a>>,
}

impl<'a> GroupObject<'a> {
    fn of(group: &'a Group, explained: &'a ExplainedGroup, voice: &Voice) -> Self {
        let explanation = &explained.explanation;
        let advice = explanation.advice.first();
        let rhythm = &group.rhythm;
        GroupObject {
            r#type: "log-group",
            schema: SCHEMA,
            count: group.count,
            certainty: group.certainty.id(),
            uncertain: group.doubts.iter().map(|doubt| doubt.id()).collect(),
            head: Head::of(&group.reading, explanation, voice),
            reason: &group.reason,
            answer: group.reading.answer.as_ref().map(|answer| answer.code),
            clean: group.reading.is_clean(),
            first: group.first.as_ref().map(|time| time.text.as_str()),
            last: group.last.as_ref().map(|time| time.text.as_str()),
            meaning: explanation
                .entry
                .map(|entry| voice.text(entry.row.words.meaning)),
            cause: advice.map(|it| voice.text(it.cause)),
            cause_id: advice.and_then(|it| it.cause.id()),
            fix: advice.map(|it| voice.text(it.fix)),
            fix_id: advice.and_then(|it| it.fix.id()),
            topic: explanation.topic.as_deref(),
            file: group.file.as_deref(),
            line: group.line,
            example: &group.example,
            lasted: rhythm.lasted().iter().map(BarObject::of).collect(),
            silent: rhythm.paused().iter().map(BarObject::of).collect(),
            peak: explained.peak.map(|peak| PeakObject::of(peak, explained)),
            bursts: rhythm.bursts().iter().map(BurstObject::of).collect(),
        }
    }
}

/// A bar of a histogram.
#[derive(Serialize)]
struct BarObject {
    from_s: f64,
    /// Null where it has no end.
    to_s: Option<f64>,
    count: u64,
}

impl BarObject {
    fn of(bar: &Bar) -> Self {
        BarObject {
            from_s: bar.from.as_secs_f64(),
            to_s: bar.to.map(|to| to.as_secs_f64()),
            count: bar.count,
        }
    }
}

/// The time at which most connections ended.
#[derive(Serialize)]
struct PeakObject {
    /// `opening` or `message`.
    after: &'static str,
    at_s: f64,
    spread_s: f64,
    count: u64,
    of: u64,
    timers: Vec<TimerObject>,
}

#[derive(Serialize)]
struct TimerObject {
    who: &'static str,
    setting: Option<&'static str>,
    seconds: u32,
}

impl PeakObject {
    fn of(peak: Peak, explained: &ExplainedGroup) -> Self {
        let timers = explained.timers.iter().map(|timer| TimerObject {
            who: timer.who.english(),
            setting: timer.setting.map(|setting| setting.english()),
            seconds: timer.seconds,
        });
        PeakObject {
            after: match peak.is_pause {
                true => "message",
                false => "opening",
            },
            at_s: peak.at.as_secs_f64(),
            spread_s: peak.spread.as_secs_f64(),
            count: peak.count,
            of: peak.of,
            timers: timers.collect(),
        }
    }
}

/// Many closes at once.
#[derive(Serialize)]
struct BurstObject<'a> {
    at: &'a str,
    count: u64,
    seconds: f64,
}

impl<'a> BurstObject<'a> {
    fn of(burst: &'a Burst) -> Self {
        BurstObject {
            at: &burst.at.text,
            count: burst.count,
            seconds: burst.took.as_secs_f64(),
        }
    }
}

/// A kind of close that was not seen before.
#[derive(Serialize)]
struct NewObject<'a> {
    r#type: &'static str,
    schema: u8,
    certainty: &'static str,
    #[serde(flatten)]
    head: Head,
    file: Option<&'a str>,
    line: u64,
    first: Option<&'a str>,
    example: &'a str,
}

#[derive(Serialize)]
struct UnreadObject<'a> {
    r#type: &'static str,
    schema: u8,
    count: u64,
    /// The log in which the first stands; null for standard input.
    file: Option<&'a str>,
    /// The number of its line there.
    at: u64,
    line: &'a str,
    /// Whether it is about a close of a WebSocket, or about a connection that it does not call one.
    names_websocket: bool,
}

#[derive(Serialize)]
struct SummaryObject<'a> {
    r#type: &'static str,
    schema: u8,
    bytes: u64,
    lines: u64,
    /// Those that are certain.
    closes: u64,
    /// Those that are probable.
    probable: u64,
    groups: usize,
    /// Whether nothing but clean closes was found, and nothing that could not be read.
    clean: bool,
    /// Closes of further groups, which are not kept.
    not_kept: u64,
    /// Lines that look like a close and could not be read.
    unread: u64,
    /// Lines about connections that failed, which name no WebSocket.
    nameless: u64,
    /// Lines with something of interest behind the part that is read.
    cut: u64,
    /// Closes without a time that could be compared with the one that was asked for.
    untimed: u64,
    /// The first time in the logs, as it is printed there.
    first: Option<&'a str>,
    last: Option<&'a str>,
}
