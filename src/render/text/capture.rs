//! Connections of a capture for people: one in full, or a line for each and a count by cause.

use std::collections::BTreeMap;
use std::io;

use colored::Colorize;

use super::Page;
use crate::capture::clock::timestamp;
use crate::capture::connection::{EndKind, EndRecord, Record};
use crate::capture::direction::{CloseSeen, Found};
use crate::capture::har::HarConnection;
use crate::capture::tracker::Totals;
use crate::codes::name_of;
use crate::diagnose::{CAUSES, ConnectionCause, ConnectionDiagnosis, duration};
use crate::escape::{escape, escape_bytes};
use crate::frame::Sender;
use crate::words::count;

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
        let cause = format!("{:<17}", diagnosis.cause.id());
        let cause = match diagnosis.cause {
            ConnectionCause::Application => cause.green(),
            ConnectionCause::StillOpen | ConnectionCause::Unknown => cause.yellow(),
            _ => cause.red(),
        };
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
        let head = format!(
            "connection {index} · {} → {} · {} · {}",
            record.client,
            record.server,
            timestamp(record.first.time),
            duration(record.seconds(record.last))
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
        let mut head = format!("connection {index} · {}", escape(&connection.url));
        if !connection.started.is_empty() {
            head.push_str(&format!(" · {}", escape(&connection.started)));
        }
        page.aside(0, &head)?;
        page.blank()?;
        sentences(diagnosis, page)?;
        let sent = count(connection.sent, "message");
        let received = count(connection.received, "message");
        page.hanging(2, "client", 8, &sent)?;
        page.hanging(2, "server", 8, &received)?;
        page.blank()?;
        rest(diagnosis, page)
    }

    /// What the whole capture came to; `shown` of its connections were drawn.
    pub fn summary(
        totals: &Totals,
        causes: &BTreeMap<ConnectionCause, u64>,
        shown: u64,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        if shown > 1 {
            page.blank()?;
            // The worst come first: that is the order of the rows.
            for row in &CAUSES {
                if let Some(number) = causes.get(&row.cause) {
                    page.row(&format!("{number:>5}  {:<17}", row.id), 24, row.title)?;
                }
            }
            page.blank()?;
        }
        if totals.reported == 0 {
            page.paragraph(0, "No WebSocket connection, and nothing that wanted to become one, is in the capture.")?;
        } else if causes.is_empty() {
            page.paragraph(0, "None of the connections is of that kind.")?;
        }
        page.line(&format!(
            "{} · {} · {} · {} reported",
            count(totals.packets, "packet"),
            count(totals.segments, "TCP segment"),
            count(totals.connections, "TCP connection"),
            totals.reported
        ))?;
        if totals.crowded_out > 0 {
            let number = count(totals.crowded_out, "connection");
            page.paragraph(
                0,
                &format!(
                    "{number} had to be forgotten for others: --max-connections follows more."
                ),
            )?;
        }
        if shown > 1 {
            page.aside(
                0,
                "One in full: --connection N. Its last exchanges: --timeline.",
            )?;
        }
        Ok(())
    }
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
        page.heading("What the applications see")?;
        for sentence in &diagnosis.sees {
            page.paragraph(2, sentence)?;
        }
        page.blank()?;
    }
    if !diagnosis.alternatives.is_empty() {
        page.heading("What fits too")?;
        for (cause, decides) in &diagnosis.alternatives {
            page.hanging(2, cause.id(), 17, decides)?;
        }
        page.blank()?;
    }
    if !diagnosis.cases.is_empty() {
        page.heading("What to check")?;
        for (place, case) in diagnosis.cases.iter().take(CASES).enumerate() {
            page.hanging(2, &format!("{}.", place + 1), 2, case.cause)?;
            page.hanging(5, "→", 1, case.fix)?;
        }
        page.blank()?;
    }
    match &diagnosis.topic {
        Some(topic) => {
            page.aside(0, &format!("More: wsclose explain {topic}"))?;
            page.blank()
        }
        None => Ok(()),
    }
}

/// What was said and done, in a few rows.
fn facts(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    if let Some(request) = &record.upgrade.request {
        let answer = match &record.upgrade.response {
            Some(response) => format!("{} {}", response.status, escape(&response.reason)),
            None => "no answer in the capture".to_owned(),
        };
        let asked = escape(&format!("{} {}", request.method, request.target));
        page.hanging(2, "upgrade", 8, &format!("{asked} → {}", answer.trim_end()))?;
    }
    if let Some(response) = &record.upgrade.response {
        for agreed in [&response.extensions, &response.subprotocol]
            .into_iter()
            .flatten()
        {
            page.hanging(2, "", 8, &escape(agreed))?;
        }
    }
    for sender in [Sender::Client, Sender::Server] {
        page.hanging(2, sender.id(), 8, &part(record.side(sender)))?;
    }
    for (place, close) in record.closes.iter().enumerate() {
        let mark = if place == 0 { "closes" } else { "" };
        page.hanging(2, mark, 8, &close_text(record, close))?;
    }
    if let Some(end) = record.end {
        let kind = match end.kind {
            EndKind::Fin => "FIN",
            EndKind::Rst => "RST",
        };
        let at = duration(record.seconds(end.origin));
        let text = format!(
            "{kind} from the {} · packet {} · after {at}",
            end.by, end.origin.packet
        );
        page.hanging(2, "TCP", 8, &text)?;
    }
    page.blank()
}

fn part(end: &EndRecord) -> String {
    let mut parts = vec![
        count(end.frames, "frame"),
        count(end.messages, "message"),
        count(end.bytes, "byte"),
    ];
    if end.pings > 0 {
        parts.push(count(end.pings, "ping"));
    }
    if end.pongs > 0 {
        parts.push(count(end.pongs, "pong"));
    }
    if end.oddities.repeated > 0 {
        parts.push(count(end.oddities.repeated, "repeated segment"));
    }
    if end.oddities.lost > 0 {
        parts.push(format!("{} not captured", count(end.oddities.lost, "byte")));
    }
    parts.join(" · ")
}

fn close_text(record: &Record, close: &CloseSeen) -> String {
    let code = match close.close.code {
        Some(code) => format!("{code} {}", name_of(code)),
        None if close.close.is_half => "half a code".to_owned(),
        None => "without a code".to_owned(),
    };
    let reason = match close.close.reason.as_slice() {
        [] => String::new(),
        reason => format!(" \"{}\"", escape_bytes(reason)),
    };
    let cut = if close.is_truncated { " · cut" } else { "" };
    let at = duration(record.seconds(close.origin));
    format!(
        "{} · {code}{reason} · packet {} · after {at}{cut}",
        close.sender, close.origin.packet
    )
}

fn findings(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    if record.findings.is_empty() {
        return Ok(());
    }
    page.heading("Broken rules")?;
    for Found {
        sender,
        finding,
        origin,
    } in record.findings.iter().take(FINDINGS)
    {
        let text = format!("{sender} · packet {} · {}", origin.packet, finding.note());
        page.hanging(2, finding.rule.id, finding.rule.id.len(), &text)?;
    }
    let shown = record.findings.len().min(FINDINGS) as u64;
    if record.finding_count > shown {
        let more = count(record.finding_count - shown, "more");
        page.aside(2, more.trim_end_matches('s'))?;
    }
    page.blank()
}
