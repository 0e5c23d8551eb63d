//! Connections of a capture for people: one in full, or a line for each and a count by cause.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use colored::{ColoredString, Colorize};
use unicode_width::UnicodeWidthStr;

use super::Page;
use super::explain::further_checks;
use super::page::FIX;
use crate::capture::layers::Sealed;
use crate::capture::tracker::Totals;
use crate::escape::{escape, escape_bytes, hide_subprotocol};
use crate::explain::Explanation;
use crate::facts::causes::{CAUSES, Cause};
use crate::facts::codes::name_of;
use crate::frame::Sender;
use crate::render::clock::timestamp;
use crate::session::direction::{Found, TimedClose};
use crate::session::{EndKind, EndRecord, Record, Source};
use crate::words::{Message, Text, Value, bytes, dotted, say, text};

/// So many pieces of advice are shown with a connection; `explain` has all.
const ADVICE: usize = 4;
/// So many findings are shown with a connection.
const FINDINGS: usize = 8;

/// The ways in which a list of connections can be drawn.
pub struct CaptureView;

impl CaptureView {
    /// One connection in one line.
    pub fn line(
        index: u64,
        record: &Record,
        explanation: &Explanation,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let code = match record.closes.first() {
            Some(close) if is_hidden(close) => "-".to_owned(),
            Some(close) => close.close.code.unwrap_or(1005).to_string(),
            None => explanation
                .client_sees
                .map_or("-".to_owned(), |code| code.to_string()),
        };
        let took = record.duration();
        let took = took.map_or("-".to_owned(), |took| page.voice().seconds(took));
        let cause = colored_cause(explanation.cause);
        let rule = explanation
            .rule
            .map_or_else(String::new, |rule| format!("  {rule}"));
        page.line(&format!(
            "{index:>5}  {code:>4}  {cause}  {took:>7}  {}{rule}",
            ends_and_url(record)
        ))
    }

    /// One connection in full.
    pub fn full(
        index: u64,
        record: &Record,
        explanation: &Explanation,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let mut head = vec![say!(view.connection, index, ends = ends(record))];
        let has_address = record.server_end.endpoint.address.is_some();
        let is_given = record.transport.url.is_some();
        if let Some(url) = record.url().filter(|_| has_address && is_given) {
            head.push(Message::new(
                Text::Given("{url}"),
                vec![("url", escape(&url).into())],
            ));
        }
        if record.transport.first.time != 0 {
            let started = timestamp(record.transport.first.time);
            head.push(Message::new(
                Text::Given("{started}"),
                vec![("started", started.into())],
            ));
        }
        if let Some(duration) = record.duration() {
            let duration = vec![("duration", Value::Seconds(duration))];
            head.push(Message::new(Text::Given("{duration}"), duration));
        }
        let head = dotted(head);
        page.aside(0, &head)?;
        sentences(explanation, page)?;
        facts(record, page)?;
        findings(record, page)?;
        if !record.events.is_empty() {
            super::timeline::draw(record, page)?;
            page.blank()?;
        }
        rest(explanation, page)
    }

    /// What the whole capture came to; `shown` of its connections were drawn.
    pub fn summary(
        totals: &Totals,
        causes: &BTreeMap<Cause, u64>,
        shown: u64,
        is_joined: bool,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        if shown > 1 {
            by_cause(causes, page)?;
        }
        if totals.reported == 0 {
            page.paragraph(0, &none_of(totals))?;
        } else if causes.is_empty() {
            page.paragraph(0, &say!(view.none_of_that_kind))?;
        }
        if totals.source == Source::Packets {
            let counts = [
                say!(count.packets, n = Value::Number(totals.packets)),
                say!(count.segments, n = Value::Number(totals.segments)),
                say!(count.tcp_connections, n = Value::Number(totals.connections)),
                say!(count.reported, n = Value::Number(totals.reported)),
            ];
            page.paragraph(0, &dotted(counts))?;
        }
        for (sealed, n) in Sealed::ALL.into_iter().zip(totals.sealed) {
            let number = Value::Number(n);
            let sentence = match sealed {
                _ if n == 0 => continue,
                Sealed::Quic => say!(view.quic, n = number),
                Sealed::Cut | Sealed::Unknown if totals.reported > 0 => continue,
                Sealed::Cut => say!(view.cut_short, n = number),
                Sealed::Fragment => say!(view.fragments, n = number),
                Sealed::Unknown => say!(view.unknown_protocol, n = number),
                _ => say!(view.not_opened, n = number, kind = sealed.name()),
            };
            page.paragraph(0, &sentence)?;
        }
        if totals.unknown_streams > 0 && totals.reported == 0 {
            let n = Value::Number(totals.unknown_streams);
            page.paragraph(0, &say!(view.unknown_streams, n))?;
        }
        let order = totals.reordered;
        if order.packets > 0 {
            let (n, by) = (Value::Number(order.packets), nanoseconds(order.latest));
            page.paragraph(0, &say!(view.reordered, n, by))?;
        }
        if order.steps > 0 {
            let (n, by) = (Value::Number(order.steps), nanoseconds(order.longest_step));
            page.paragraph(0, &say!(view.clock_back, n, by))?;
        }
        if totals.backwards > 0 {
            let n = Value::Number(totals.backwards);
            page.paragraph(0, &say!(view.backwards, n))?;
        }
        if is_joined {
            page.paragraph(0, &say!(view.joined))?;
        }
        if totals.crowded_out > 0 {
            let sentence = say!(view.crowded_out, n = Value::Number(totals.crowded_out));
            page.paragraph(0, &sentence)?;
        }
        if shown > 1 {
            let more = say!(view.one_in_full_or_timeline);
            page.aside(0, &more)?;
        }
        Ok(())
    }
}

fn nanoseconds(time: i64) -> Value {
    Value::Seconds(time as f64 / 1e9)
}

/// That there is no WebSocket in what was read.
fn none_of(totals: &Totals) -> Message {
    match totals.source {
        Source::Packets | Source::Tls | Source::Http2 if totals.is_partial() => {
            say!(view.no_websocket_seen)
        }
        Source::Packets | Source::Tls | Source::Http2 | Source::Probe => say!(view.no_websocket),
        Source::Har => say!(view.har_has_none),
        Source::NetLog => say!(view.netlog_has_none),
        Source::Flow => say!(view.flow_has_none),
    }
}

/// The two ends of a connection, or what is known of them.
fn ends(record: &Record) -> String {
    let server = escape(&record.server_name());
    match record.client_name() {
        Some(client) => format!("{client} → {server}"),
        None => server,
    }
}

/// The two ends of a connection, and the URL that was asked for where that is known too.
fn ends_and_url(record: &Record) -> String {
    let ends = ends(record);
    let has_address = record.server_end.endpoint.address.is_some();
    match record.url().filter(|_| has_address) {
        Some(url) => format!("{ends}  {}", escape(&url)),
        None => ends,
    }
}

/// Whether it is known that a Close passed, and not what it says.
fn is_hidden(close: &TimedClose) -> bool {
    close.is_truncated && close.close.code.is_none() && close.length > 0
}

/// The word for a cause in a list.
fn colored_cause(cause: Cause) -> ColoredString {
    let word = format!("{:<17}", cause.id());
    match cause {
        Cause::Application => word.green(),
        Cause::StillOpen | Cause::Unknown => word.magenta(),
        _ => word.red(),
    }
}

/// How many connections ended for which cause, with an empty line on either side.
fn by_cause(causes: &BTreeMap<Cause, u64>, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    // The worst come first: that is the order of the rows.
    for row in &CAUSES {
        if let Some(number) = causes.get(&row.cause) {
            let name = format!("{number:>5}  {:<17}", row.id);
            page.row(&name, 24, &row.title)?;
        }
    }
    page.blank()
}

/// The answer, which stands out, and what shows it.
pub(super) fn sentences(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    for (place, sentence) in explanation.said().enumerate() {
        if place == 0 {
            page.strong(sentence)?;
            first_fix(explanation, page)?;
        } else {
            page.paragraph(0, sentence)?;
        }
    }
    page.blank()
}

/// What to do first, below the answer.
pub(super) fn first_fix(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    match explanation.advice.first() {
        Some(first) => page.marked(FIX, 2, "→", 1, &first.fix),
        None => Ok(()),
    }
}

/// What the applications see, what fits too, and what to do.
pub(super) fn rest(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    if !explanation.reported.is_empty() {
        page.heading(&say!(heading.sees))?;
        for sentence in &explanation.reported {
            page.paragraph(2, sentence)?;
        }
        page.blank()?;
    }
    if !explanation.alternatives.is_empty() {
        page.heading(&say!(heading.fits_too))?;
        for (cause, decides) in &explanation.alternatives {
            page.hanging(2, cause.id(), 17, decides)?;
        }
        page.blank()?;
    }
    if !explanation.advice.is_empty() {
        let advice = &explanation.advice;
        further_checks(advice.get(..ADVICE).unwrap_or(advice), page)?;
        page.blank()?;
    }
    match &explanation.topic {
        Some(topic) => {
            page.aside(0, &say!(view.more, topic))?;
            page.blank()
        }
        None => Ok(()),
    }
}

/// What stands before the requests of an upgrade.
const UPGRADE: Text = text!(mark.upgrade);
/// What stands before the Closes.
const CLOSES: Text = text!(mark.closes);

/// The width of the widest mark before a fact, eight columns at least.
fn marks_width(page: &Page<'_>) -> usize {
    let ends = [Sender::Client, Sender::Server].map(Sender::words);
    let marks = ends.into_iter().chain([UPGRADE, CLOSES]);
    let widths = marks.map(|mark| page.words(mark).width());
    widths.max().unwrap_or_default().max(8)
}

/// What was said and done, in a few rows.
fn facts(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    let width = marks_width(page);
    let upgrade = &record.handshake.upgrade;
    if let Some(request) = &upgrade.request {
        let answer = match &upgrade.response {
            Some(response) => format!("{} {}", response.status, escape(&response.reason)),
            None => page.words(match record.has_answered() {
                Some(true) => say!(view.unreadable_answer),
                Some(false) => say!(view.no_answer),
                None => say!(view.unread_answer),
            }),
        };
        let asked = escape(&format!("{} {}", request.method, request.target));
        let text = format!("{asked} → {}", answer.trim_end());
        let mark = page.words(UPGRADE);
        page.hanging(2, &mark, width, &text)?;
    }
    if let Some(response) = &upgrade.response {
        let subprotocol = response.subprotocol.as_deref().map(hide_subprotocol);
        let extensions = response.extensions.as_deref().map(Cow::Borrowed);
        for agreed in [extensions, subprotocol].into_iter().flatten() {
            page.hanging(2, "", width, &escape(&agreed))?;
        }
    }
    let lacks = record.transport.lacks;
    for sender in [Sender::Client, Sender::Server]
        .into_iter()
        .filter(|_| !lacks.messages)
    {
        let mark = page.words(sender.words());
        let part = match lacks.transport {
            true => messages(record.side(sender).messages),
            false => part(record.side(sender)),
        };
        page.hanging(2, &mark, width, &part)?;
    }
    for (place, close) in record.closes.iter().enumerate() {
        let mark = match place {
            0 => page.words(CLOSES),
            _ => String::new(),
        };
        page.hanging(2, &mark, width, &close_text(record, close))?;
    }
    if let Some(end) = record.tcp_end {
        let of_stream = record.transport.stream.as_ref();
        let is_of_stream = of_stream.is_some_and(|stream| !stream.is_of_connection);
        let kind = match (end.kind, is_of_stream) {
            (EndKind::Notify, _) => "close_notify",
            (EndKind::Fin, false) => "FIN",
            (EndKind::Rst, false) => "RST",
            (EndKind::Fin, true) => "END_STREAM",
            (EndKind::Rst, true) => "RST_STREAM",
        };
        let at = Value::Seconds(record.seconds(end.origin));
        let (sender, packet) = (end.by, end.origin.packet);
        let text = match end.is_seen {
            _ if end.is_forged => say!(view.tcp_end_forged, kind, sender, packet, at),
            true => say!(view.tcp_end, kind, sender, packet, at),
            false => say!(view.tcp_end_unseen, kind, sender, packet, at),
        };
        let label = if is_of_stream { "HTTP/2" } else { "TCP" };
        page.hanging(2, label, width, &text)?;
    }
    page.blank()
}

fn messages(count: u64) -> Message {
    say!(count.messages, n = Value::Number(count))
}

fn part(end: &EndRecord) -> Message {
    let mut parts = vec![
        say!(count.frames, n = Value::Number(end.frames)),
        messages(end.messages),
        bytes(end.endpoint.bytes),
    ];
    if end.pings > 0 {
        parts.push(say!(count.pings, n = Value::Number(end.pings)));
    }
    if end.pongs > 0 {
        parts.push(say!(count.pongs, n = Value::Number(end.pongs)));
    }
    if end.endpoint.oddities.repeated > 0 {
        parts.push(say!(
            count.repeated,
            n = Value::Number(end.endpoint.oddities.repeated)
        ));
    }
    if end.endpoint.oddities.lost > 0 {
        parts.push(say!(
            count.not_captured,
            n = Value::Number(end.endpoint.oddities.lost)
        ));
    }
    dotted(parts)
}

fn close_text(record: &Record, close: &TimedClose) -> Message {
    let code = match close.close.code {
        Some(code) => {
            let values = vec![("code", Value::from(code)), ("name", name_of(code).into())];
            Message::new(Text::Given("{code} {name}"), values)
        }
        None if close.close.is_half => say!(view.half_code),
        None if is_hidden(close) => say!(view.hidden_code),
        None => say!(view.without_code),
    };
    let reason = match close.close.reason.as_slice() {
        [] => String::new(),
        reason => format!(" \"{}\"", escape_bytes(reason)),
    };
    let values = vec![("code", Value::from(code)), ("reason", reason.into())];
    let said = Message::new(Text::Given("{code}{reason}"), values);
    let (sender, packet) = (close.sender, close.origin.packet);
    let at = Value::Seconds(record.seconds(close.origin));
    match close.is_truncated && !record.transport.lacks.codes {
        true => say!(view.close_cut, sender, close = said, packet, at),
        false => say!(view.close, sender, close = said, packet, at),
    }
}

pub(super) fn findings(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    if record.findings.is_empty() {
        return Ok(());
    }
    page.heading(&say!(heading.broken_rules))?;
    for Found {
        sender,
        finding,
        origin,
    } in record.findings.iter().take(FINDINGS)
    {
        let text = say!(
            view.finding,
            sender = *sender,
            packet = origin.packet,
            note = finding.note()
        );
        page.hanging(2, finding.rule.id, finding.rule.id.len(), &text)?;
    }
    let shown = record.findings.len().min(FINDINGS) as u64;
    if record.finding_count > shown {
        let more = say!(view.n_more, n = Value::Number(record.finding_count - shown));
        page.aside(2, &more)?;
    }
    page.blank()
}
