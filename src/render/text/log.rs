//! What `explain` shows of a log line, and what `scan-log` shows.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::explain::see_also;
use super::page::Page;
use super::quote::quote;
use crate::escape::escape;
use crate::explain::Explanation;
use crate::facts::codes::name_of;
use crate::facts::lines::Way;
use crate::facts::registry::{Entry, Registries};
use crate::logline::scan::{Findings, Group};
use crate::logline::{Reading, ReportedClose, Subject};
use crate::words::{Message, Text, Value, dotted, say, text};

/// The width of the names of facts, where none is wider.
const FACT: usize = 10;

/// The names of facts, and the facts.
type Facts = Vec<(Text, Message)>;

/// Draws a text, taken apart and explained: the person's own words with what was read in them, what they
/// mean with what to do, and then the particulars.
///
/// # Errors
///
/// When writing fails.
pub fn line(
    text: &str,
    reading: &Reading,
    explanation: &Explanation,
    registries: Registries,
    page: &mut Page<'_>,
) -> io::Result<()> {
    quote(text, &reading.clues, page)?;
    let read_by = match (reading.shape, reading.producer) {
        (Some(shape), _) => say!(line.read_by_shape, producer = shape.producer.name),
        (None, Some(producer)) => say!(line.read_by_clues_of, producer = producer.name),
        (None, None) => say!(line.read_by_clues),
    };
    page.aside(0, &read_by)?;
    page.blank()?;
    let id = id(explanation.entry, reading.subject());
    let title = page.words(Message::from(explanation.title).begun());
    page.line(&format!("{}  {}", id.bold().cyan(), title.bold()))?;
    for statement in &explanation.statements {
        page.paragraph(2, statement)?;
    }
    for (index, advice) in explanation.advice.iter().enumerate() {
        page.hanging(2, &format!("{}.", index + 1), 2, &advice.cause)?;
        page.hanging(5, "→", 1, &advice.fix)?;
    }
    page.blank()?;
    let mut known: Facts = vec![(text!(fact.written_by), reading.producer_name().into())];
    let closes = reading.close.iter().chain(&reading.answer);
    for close in closes.chain(&reading.others) {
        known.push((way(close.way), shown(close, reading, registries)));
    }
    if let Some(status) = reading.status.filter(|status| *status != 101) {
        known.push((text!(fact.status), given(status.to_string())));
    }
    if let Some(source) = explanation.source {
        known.push((text!(fact.source), source.message()));
    }
    facts(&known, page)?;
    if !explanation.notes.is_empty() {
        page.blank()?;
    }
    for note in &explanation.notes {
        page.paragraph(2, note)?;
    }
    let commands = explanation.see_also.iter();
    see_also(
        commands.map(|topic| format!("wsclose explain {topic}")),
        page,
    )
}

/// What a line is about, as one types it.
fn id(entry: Option<Entry>, subject: Subject) -> String {
    match (entry, subject) {
        (Some(entry), _) => entry.id(),
        (None, Subject::Code(code)) => code.to_string(),
        (None, Subject::Rule(rule)) => rule.to_owned(),
        (None, Subject::Cause(cause)) => cause.id().to_owned(),
    }
}

/// A text from outside as a message.
fn given(text: String) -> Message {
    Message::new(Text::Given("{text}"), vec![("text", text.into())])
}

/// Draws facts below each other, behind their names.
fn facts(facts: &[(Text, Message)], page: &mut Page<'_>) -> io::Result<()> {
    let widths = facts.iter().map(|(name, _)| page.words(name).width());
    let width = widths.fold(FACT, usize::max) + 1;
    for (name, says) in facts {
        page.hanging(2, &page.words(name), width, says)?;
    }
    Ok(())
}

/// Which way a Close went, in a word.
fn way(way: Way) -> Text {
    match way {
        Way::Received => text!(way.received),
        Way::Sent => text!(way.sent),
        Way::Reported => text!(way.reported),
    }
}

/// A Close with its code, its name, who sent it and its reason.
fn shown(close: &ReportedClose, reading: &Reading, registries: Registries) -> Message {
    let entry = reading.entry_of(close, registries);
    let name = entry.map_or(name_of(close.code), |entry| Text::Given(entry.row.name));
    let values = vec![("code", Value::from(close.code)), ("name", name.into())];
    let code = Message::new(Text::Given("{code} {name}"), values);
    let from = match reading.sent_by(close.way) {
        Some(end) => say!(line.sent_by_end, code, end),
        None => code,
    };
    if close.reason.is_empty() {
        return from;
    }
    let values = vec![
        ("from", Value::from(from)),
        ("reason", escape(&close.reason).into()),
    ];
    Message::new(Text::Given("{from}: \"{reason}\""), values)
}

/// Draws what a log says.
///
/// # Errors
///
/// When writing fails.
pub fn scanned(
    findings: &Findings,
    explanations: &[Explanation],
    with_unread: bool,
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (group, explanation) in findings.groups.iter().zip(explanations) {
        self::group(group, explanation, page)?;
        page.blank()?;
    }
    if with_unread && !findings.unread_lines.is_empty() {
        page.heading(&say!(heading.unread))?;
        for unread in &findings.unread_lines {
            let mark = format!("{} ×", page.voice().thousands(unread.count));
            page.hanging(2, &mark, mark.width(), &escape(&unread.line))?;
        }
        page.blank()?;
    }
    if findings.overflow > 0 {
        let further = say!(log.overflow, n = Value::Number(findings.overflow));
        page.paragraph(0, &further)?;
    }
    if findings.cut > 0 {
        let cut = say!(log.cut, n = Value::Number(findings.cut));
        page.paragraph(0, &cut)?;
    }
    if findings.unread > 0 {
        let unread = if with_unread {
            say!(log.unread_shown, n = Value::Number(findings.unread))
        } else {
            say!(log.unread, n = Value::Number(findings.unread))
        };
        page.paragraph(0, &unread)?;
    }
    let kinds = findings.groups.len() as u64;
    page.line(&page.words(dotted([
        say!(count.lines, n = Value::Number(findings.lines)),
        say!(count.closes, n = Value::Number(findings.closes)),
        say!(count.kinds, n = Value::Number(kinds)),
    ])))
}

fn group(group: &Group, explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    let reading = &group.reading;
    let id = id(explanation.entry, reading.subject()).bold().cyan();
    let name = match (explanation.entry, reading.subject()) {
        (Some(entry), _) => Some(Text::Given(entry.row.name)),
        (None, Subject::Code(code)) => Some(name_of(code)),
        (None, _) => None,
    };
    let what = match name {
        Some(name) => format!("{id}  {}", page.words(name).bold()),
        None => id.to_string(),
    };
    let number = format!("{} ×", page.voice().thousands(group.count));
    page.line(&format!("{}  {what}", number.bold()))?;
    facts(&group_facts(group, explanation), page)
}

fn group_facts(group: &Group, explanation: &Explanation) -> Facts {
    let reading = &group.reading;
    let producer = Value::from(reading.producer_name());
    let by = match &reading.close {
        Some(close) => Value::List(vec![producer, way(close.way).into()], ", "),
        None => producer,
    };
    let by = Message::new(Text::Given("{by}"), vec![("by", by)]);
    let mut known: Facts = vec![(text!(fact.by), by)];
    if reading.close.is_none() {
        known.push((text!(fact.what), explanation.title.into()));
    }
    if let Some(answer) = &reading.answer {
        let values = vec![
            ("code", Value::from(answer.code)),
            ("name", name_of(answer.code).into()),
            ("way", way(answer.way).into()),
        ];
        let answer = Message::new(Text::Given("{code} {name}, {way}"), values);
        known.push((text!(fact.answer), answer));
    }
    if let Some(status) = reading.status {
        known.push((text!(fact.status), given(status.to_string())));
    }
    if let Some(number) = reading.refused {
        known.push((text!(fact.number), given(number.to_string())));
    }
    if !group.reason.is_empty() {
        known.push((
            text!(fact.reason),
            given(format!("\"{}\"", escape(&group.reason))),
        ));
    }
    if let Some(entry) = explanation.entry {
        known.push((text!(fact.means), entry.row.words.meaning.into()));
    }
    if let Some(fingerprint) = explanation.fingerprint {
        known.push((text!(fact.sender), fingerprint.note()));
    }
    // Of a protocol code the general meaning is mostly meant.
    let vendors = explanation
        .used_by
        .iter()
        .filter(|entry| !entry.row.is_band());
    let is_application = reading
        .close
        .as_ref()
        .is_some_and(|close| (3000..=4999).contains(&close.code));
    let vendors: Vec<Value> = vendors
        .filter(|_| is_application)
        .map(|entry| Value::from(entry.registry.vendor))
        .collect();
    if !vendors.is_empty() {
        let vendors = vec![("vendors", Value::List(vendors, ", "))];
        known.push((
            text!(fact.used_by),
            Message::new(Text::Given("{vendors}"), vendors),
        ));
    }
    match (&group.first, &group.last) {
        (Some(first), Some(last)) if first == last => {
            known.push((text!(fact.seen), given(first.text.clone())));
        }
        (Some(first), Some(last)) => {
            known.push((text!(fact.first), given(first.text.clone())));
            known.push((text!(fact.last), given(last.text.clone())));
        }
        _ => {}
    }
    if let Some(advice) = explanation.advice.first().filter(|_| !reading.is_clean()) {
        known.push((text!(fact.likely), advice.cause.into()));
        known.push((text!(fact.to_do), advice.fix.into()));
    }
    known
}
