//! Connections of a capture for people: one in full, or a line for each and a count by cause.

use std::collections::BTreeMap;
use std::io;

use colored::{ColoredString, Colorize};
use unicode_width::UnicodeWidthStr;

use super::Page;
use super::explain::checks;
use crate::capture::clock::timestamp;
use crate::capture::connection::{EndKind, EndRecord, Record};
use crate::capture::direction::{CloseSeen, Found};
use crate::capture::har::HarConnection;
use crate::capture::tracker::Totals;
use crate::codes::name_of;
use crate::diagnose::{CAUSES, ConnectionCause, ConnectionDiagnosis, duration};
use crate::escape::{escape, escape_bytes};
use crate::frame::Sender;
use crate::words::{bytes, say, say_count, thousands, translated, word};

/// So many causes are shown with a connection; `explain` has all.
const CASES: usize = 4;
/// So many findings are shown with a connection.
const FINDINGS: usize = 8;

/// The ways in which a list of connections can be drawn.
pub struct CaptureView;

impl CaptureView {
    /// One connection in one line.
    pub fn line(
        index: u64,
        record: &Record,
        diagnosis: &ConnectionDiagnosis,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let code = match record.closes.first() {
            Some(close) => close.close.code.unwrap_or(1005).to_string(),
            None => diagnosis
                .client_sees
                .map_or("-".to_owned(), |code| code.to_string()),
        };
        let took = duration(record.seconds(record.last));
        let cause = colored_cause(diagnosis.cause);
        let rule = diagnosis
            .rule
            .map_or_else(String::new, |rule| format!("  {rule}"));
        page.line(&format!(
            "{index:>5}  {code:>4}  {cause}  {took:>7}  {} → {}{rule}",
            record.client, record.server
        ))
    }

    /// One connection in full.
    pub fn full(
        index: u64,
        record: &Record,
        diagnosis: &ConnectionDiagnosis,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let head = say!(
            "connection {index} · {client} → {server} · {started} · {duration}",
            index,
            client = record.client,
            server = record.server,
            started = timestamp(record.first.time),
            duration = duration(record.seconds(record.last))
        );
        page.aside(0, &head)?;
        page.blank()?;
        sentences(diagnosis, page)?;
        facts(record, page)?;
        findings(record, page)?;
        if !record.events.is_empty() {
            super::timeline::draw(record, page)?;
            page.blank()?;
        }
        rest(diagnosis, page)
    }

    /// One connection of a HAR file.
    pub fn har(
        index: u64,
        connection: &HarConnection,
        diagnosis: &ConnectionDiagnosis,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let url = escape(&connection.url);
        let mut head = say!("connection {index} · {url}", index, url);
        if !connection.started.is_empty() {
            head.push_str(&format!(" · {}", escape(&connection.started)));
        }
        page.aside(0, &head)?;
        page.blank()?;
        sentences(diagnosis, page)?;
        let ends = [
            (Sender::Client, connection.sent),
            (Sender::Server, connection.received),
        ];
        let width = marks_width();
        if connection.has_messages {
            for (sender, count) in ends {
                page.hanging(2, &sender.to_string(), width, &messages(count))?;
            }
            page.blank()?;
        }
        rest(diagnosis, page)
    }

    /// The connections of a HAR file in a line each, and how many ended for which cause.
    pub fn har_list(
        connections: &[(u64, &HarConnection, ConnectionDiagnosis)],
        causes: &BTreeMap<ConnectionCause, u64>,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        for (index, connection, diagnosis) in connections {
            let code = diagnosis.client_sees;
            let code = code.map_or("-".to_owned(), |code| code.to_string());
            let took = connection.duration_s.map_or("-".to_owned(), duration);
            page.line(&format!(
                "{index:>5}  {code:>4}  {}  {took:>7}  {}",
                colored_cause(diagnosis.cause),
                escape(&connection.url)
            ))?;
        }
        by_cause(causes, page)?;
        page.aside(0, &say!("One in full: --connection N."))
    }

    /// What the whole capture came to; `shown` of its connections were drawn.
    pub fn summary(
        totals: &Totals,
        causes: &BTreeMap<ConnectionCause, u64>,
        shown: u64,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        if shown > 1 {
            by_cause(causes, page)?;
        }
        if totals.reported == 0 {
            page.paragraph(0, &say!("No WebSocket connection, and nothing that wanted to become one, is in the capture."))?;
        } else if causes.is_empty() {
            page.paragraph(0, &say!("None of the connections is of that kind."))?;
        }
        let counts = [
            say_count!(totals.packets, "{n} packet", "{n} packets"),
            say_count!(totals.segments, "{n} TCP segment", "{n} TCP segments"),
            say_count!(
                totals.connections,
                "{n} TCP connection",
                "{n} TCP connections"
            ),
            say_count!(totals.reported, "{n} reported", "{n} reported"),
        ];
        page.paragraph(0, &counts.join(" · "))?;
        if totals.crowded_out > 0 {
            let sentence = say_count!(
                totals.crowded_out,
                "{n} connection had to be forgotten for others: --max-connections follows more.",
                "{n} connections had to be forgotten for others: --max-connections follows more."
            );
            page.paragraph(0, &sentence)?;
        }
        if shown > 1 {
            let more = say!("One in full: --connection N. Its last exchanges: --timeline.");
            page.aside(0, &more)?;
        }
        Ok(())
    }
}

/// The word for a cause in a list.
fn colored_cause(cause: ConnectionCause) -> ColoredString {
    let word = format!("{:<17}", cause.id());
    match cause {
        ConnectionCause::Application => word.green(),
        ConnectionCause::StillOpen | ConnectionCause::Unknown => word.yellow(),
        _ => word.red(),
    }
}

/// How many connections ended for which cause, with an empty line on either side.
fn by_cause(causes: &BTreeMap<ConnectionCause, u64>, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    // The worst come first: that is the order of the rows.
    for row in &CAUSES {
        if let Some(number) = causes.get(&row.cause) {
            let name = format!("{number:>5}  {:<17}", row.id);
            page.row(&name, 24, translated(row.title))?;
        }
    }
    page.blank()
}

/// The answer, which stands out, and what shows it.
fn sentences(diagnosis: &ConnectionDiagnosis, page: &mut Page<'_>) -> io::Result<()> {
    for (place, sentence) in diagnosis.evidence.iter().enumerate() {
        if place == 0 {
            page.strong(sentence)?;
        } else {
            page.paragraph(0, sentence)?;
        }
    }
    page.blank()
}

/// What the applications see, what fits too, and what to do.
fn rest(diagnosis: &ConnectionDiagnosis, page: &mut Page<'_>) -> io::Result<()> {
    if !diagnosis.sees.is_empty() {
        page.heading(&say!("What the applications see"))?;
        for sentence in &diagnosis.sees {
            page.paragraph(2, sentence)?;
        }
        page.blank()?;
    }
    if !diagnosis.alternatives.is_empty() {
        page.heading(&say!("What fits too"))?;
        for (cause, decides) in &diagnosis.alternatives {
            page.hanging(2, cause.id(), 17, decides)?;
        }
        page.blank()?;
    }
    if !diagnosis.cases.is_empty() {
        checks(diagnosis.cases.iter().copied().take(CASES), page)?;
        page.blank()?;
    }
    match &diagnosis.topic {
        Some(topic) => {
            page.aside(0, &say!("More: wsclose explain {topic}", topic))?;
            page.blank()
        }
        None => Ok(()),
    }
}

/// What stands before the requests of an upgrade.
const UPGRADE: &str = word!("upgrade");
/// What stands before the Closes.
const CLOSES: &str = word!("closes");

/// The width of the widest mark before a fact, eight columns at least.
fn marks_width() -> usize {
    let ends = [Sender::Client, Sender::Server].map(|sender| sender.to_string());
    let others = [UPGRADE, CLOSES].map(|mark| translated(mark).width());
    let widths = ends.iter().map(|end| end.width()).chain(others);
    widths.max().unwrap_or_default().max(8)
}

/// What was said and done, in a few rows.
fn facts(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    let width = marks_width();
    if let Some(request) = &record.upgrade.request {
        let answer = match &record.upgrade.response {
            Some(response) => format!("{} {}", response.status, escape(&response.reason)),
            None if record.server_end.bytes > 0 => say!("an answer that cannot be read"),
            None => say!("no answer in the capture"),
        };
        let asked = escape(&format!("{} {}", request.method, request.target));
        let text = format!("{asked} → {}", answer.trim_end());
        page.hanging(2, translated(UPGRADE), width, &text)?;
    }
    if let Some(response) = &record.upgrade.response {
        for agreed in [&response.extensions, &response.subprotocol]
            .into_iter()
            .flatten()
        {
            page.hanging(2, "", width, &escape(agreed))?;
        }
    }
    for sender in [Sender::Client, Sender::Server] {
        let text = part(record.side(sender));
        page.hanging(2, &sender.to_string(), width, &text)?;
    }
    for (place, close) in record.closes.iter().enumerate() {
        let mark = if place == 0 { translated(CLOSES) } else { "" };
        page.hanging(2, mark, width, &close_text(record, close))?;
    }
    if let Some(end) = record.end {
        let kind = match end.kind {
            EndKind::Fin => "FIN",
            EndKind::Rst => "RST",
        };
        let at = duration(record.seconds(end.origin));
        let text = say!(
            "{kind} from the {sender} · packet {packet} · after {at}",
            kind,
            sender = end.by,
            packet = end.origin.packet,
            at
        );
        page.hanging(2, "TCP", width, &text)?;
    }
    page.blank()
}

fn messages(count: u64) -> String {
    say_count!(count, "{n} message", "{n} messages")
}

fn part(end: &EndRecord) -> String {
    let mut parts = vec![
        say_count!(end.frames, "{n} frame", "{n} frames"),
        messages(end.messages),
        bytes(end.bytes),
    ];
    if end.pings > 0 {
        parts.push(say_count!(end.pings, "{n} ping", "{n} pings"));
    }
    if end.pongs > 0 {
        parts.push(say_count!(end.pongs, "{n} pong", "{n} pongs"));
    }
    if end.oddities.repeated > 0 {
        parts.push(say_count!(
            end.oddities.repeated,
            "{n} repeated segment",
            "{n} repeated segments"
        ));
    }
    if end.oddities.lost > 0 {
        parts.push(say_count!(
            end.oddities.lost,
            "{n} byte not captured",
            "{n} bytes not captured"
        ));
    }
    parts.join(" · ")
}

fn close_text(record: &Record, close: &CloseSeen) -> String {
    let code = match close.close.code {
        Some(code) => format!("{code} {}", translated(name_of(code))),
        None if close.close.is_half => say!("half a code"),
        None => say!("without a code"),
    };
    let reason = match close.close.reason.as_slice() {
        [] => String::new(),
        reason => format!(" \"{}\"", escape_bytes(reason)),
    };
    let close_text = format!("{code}{reason}");
    let packet = close.origin.packet;
    let at = duration(record.seconds(close.origin));
    if close.is_truncated {
        return say!(
            "{sender} · {close} · packet {packet} · after {at} · cut",
            sender = close.sender,
            close = close_text,
            packet,
            at
        );
    }
    say!(
        "{sender} · {close} · packet {packet} · after {at}",
        sender = close.sender,
        close = close_text,
        packet,
        at
    )
}

fn findings(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    if record.findings.is_empty() {
        return Ok(());
    }
    page.heading(&say!("Broken rules"))?;
    for Found {
        sender,
        finding,
        origin,
    } in record.findings.iter().take(FINDINGS)
    {
        let text = say!(
            "{sender} · packet {packet} · {note}",
            sender,
            packet = origin.packet,
            note = finding.note()
        );
        page.hanging(2, finding.rule.id, finding.rule.id.len(), &text)?;
    }
    let shown = record.findings.len().min(FINDINGS) as u64;
    if record.finding_count > shown {
        let more = say!("{n} more", n = thousands(record.finding_count - shown));
        page.aside(2, &more)?;
    }
    page.blank()
}
