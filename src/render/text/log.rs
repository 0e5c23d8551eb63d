//! What `explain` shows of a log line, and what `scan-log` shows.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::explain::{checks, see_also};
use super::page::Page;
use crate::codes::name_of;
use crate::escape::escape;
use crate::logline::scan::{Findings, Group};
use crate::logline::{Close, Reading, Topic, Way, explain_in};
use crate::registry::Registries;
use crate::words::{capitalized, say, say_count, thousands, translated, word};

/// The width of the names of facts, where none is wider.
const FACT: usize = 10;

/// The names of facts, and the facts.
type Facts = Vec<(&'static str, String)>;

/// Draws a line, taken apart and explained.
///
/// # Errors
///
/// When writing fails.
pub fn line(reading: &Reading, registries: Registries, page: &mut Page<'_>) -> io::Result<()> {
    let explanation = explain_in(reading, registries);
    let id = match (explanation.entry, reading.topic()) {
        (Some(entry), _) => entry.id(),
        (None, Topic::Code(code)) => code.to_string(),
        (None, Topic::Rule(rule)) => rule.to_owned(),
        (None, Topic::Event(event)) => event.to_owned(),
    };
    let title = capitalized(explanation.title);
    page.line(&format!("{}  {}", id.bold().cyan(), title.bold()))?;
    page.blank()?;
    let mut known: Facts = vec![(word!("written by"), reading.producer_name().into_owned())];
    for close in reading.close.iter().chain(&reading.answer) {
        known.push((way(close.way), shown(close, reading, registries)));
    }
    if let Some(status) = reading.status {
        known.push((word!("status"), status.to_string()));
    }
    if let Some(origin) = explanation.source {
        known.push((word!("source"), origin.to_string()));
    }
    facts(&known, page)?;
    page.blank()?;
    for statement in &explanation.statements {
        page.paragraph(2, statement)?;
    }
    if !explanation.cases.is_empty() {
        page.blank()?;
        checks(explanation.cases.iter().copied(), page)?;
    }
    let commands = explanation.see_also.iter();
    see_also(
        commands.map(|topic| format!("wsclose explain {topic}")),
        page,
    )
}

/// Draws facts below each other, behind their names.
fn facts(facts: &[(&'static str, String)], page: &mut Page<'_>) -> io::Result<()> {
    let widths = facts.iter().map(|(name, _)| translated(name).width());
    let width = widths.fold(FACT, usize::max) + 1;
    for (name, says) in facts {
        page.hanging(2, translated(name), width, says)?;
    }
    Ok(())
}

/// Which way a Close went, in a word to be translated.
fn way(way: Way) -> &'static str {
    match way {
        Way::Received => word!("received"),
        Way::Sent => word!("sent"),
        Way::Reported => word!("reported"),
    }
}

/// A Close with its code, its name, who sent it and its reason.
fn shown(close: &Close, reading: &Reading, registries: Registries) -> String {
    let (local, other) = reading.ends();
    let entry = reading.entry_of(close, registries);
    let name = entry.map_or_else(|| translated(name_of(close.code)), |entry| entry.row.name);
    let code = format!("{} {name}", close.code);
    let from = match close.way {
        Way::Received => say!("{code}, sent by the {end}", code, end = translated(other)),
        Way::Sent => say!("{code}, sent by the {end}", code, end = translated(local)),
        Way::Reported => code,
    };
    if close.reason.is_empty() {
        from
    } else {
        format!("{from}: \"{}\"", escape(&close.reason))
    }
}

/// Draws what a log says.
///
/// # Errors
///
/// When writing fails.
pub fn scanned(
    findings: &Findings,
    with_unread: bool,
    registries: Registries,
    page: &mut Page<'_>,
) -> io::Result<()> {
    for group in &findings.groups {
        self::group(group, registries, page)?;
        page.blank()?;
    }
    if with_unread && !findings.unread_lines.is_empty() {
        page.heading(&say!("Not read"))?;
        for unread in &findings.unread_lines {
            let mark = format!("{} ×", thousands(unread.count));
            page.hanging(2, &mark, mark.width(), &escape(&unread.line))?;
        }
        page.blank()?;
    }
    if findings.overflow > 0 {
        let further = say_count!(
            findings.overflow,
            "{n} close of further kinds: more than are kept; --max-groups keeps more.",
            "{n} closes of further kinds: more than are kept; --max-groups keeps more."
        );
        page.paragraph(0, &further)?;
    }
    if findings.cut > 0 {
        let cut = say_count!(
            findings.cut,
            "{n} line longer than 64 KiB with something of interest behind that: not read there.",
            "{n} lines longer than 64 KiB with something of interest behind that: not read there."
        );
        page.paragraph(0, &cut)?;
    }
    if findings.unread > 0 {
        let unread = if with_unread {
            say_count!(
                findings.unread,
                "{n} line about a close without a code that can be read.",
                "{n} lines about a close without a code that can be read."
            )
        } else {
            say_count!(
                findings.unread,
                "{n} line about a close without a code that can be read; --unread shows them.",
                "{n} lines about a close without a code that can be read; --unread shows them."
            )
        };
        page.paragraph(0, &unread)?;
    }
    let kinds = findings.groups.len() as u64;
    page.line(&format!(
        "{} · {} · {}",
        say_count!(findings.lines, "{n} line", "{n} lines"),
        say_count!(findings.closes, "{n} close", "{n} closes"),
        say_count!(kinds, "{n} kind", "{n} kinds")
    ))
}

fn group(group: &Group, registries: Registries, page: &mut Page<'_>) -> io::Result<()> {
    let reading = &group.reading;
    let explanation = explain_in(reading, registries);
    let what = match (explanation.entry, reading.topic()) {
        (Some(entry), _) => format!("{}  {}", entry.id().bold().cyan(), entry.row.name.bold()),
        (None, Topic::Code(code)) => format!(
            "{}  {}",
            code.to_string().bold().cyan(),
            translated(name_of(code)).bold()
        ),
        (None, Topic::Rule(rule)) => rule.bold().cyan().to_string(),
        (None, Topic::Event(event)) => event.bold().cyan().to_string(),
    };
    let number = format!("{} ×", thousands(group.count));
    page.line(&format!("{}  {what}", number.bold()))?;
    let producer = reading.producer_name();
    let by = match &reading.close {
        Some(close) => format!("{producer}, {}", translated(way(close.way))),
        None => producer.into_owned(),
    };
    let mut known: Facts = vec![(word!("by"), by)];
    if reading.close.is_none() {
        known.push((word!("what"), explanation.title.to_owned()));
    }
    if let Some(answer) = &reading.answer {
        let name = translated(name_of(answer.code));
        let way = translated(way(answer.way));
        known.push((word!("answer"), format!("{} {name}, {way}", answer.code)));
    }
    if let Some(status) = reading.status {
        known.push((word!("status"), status.to_string()));
    }
    if let Some(number) = reading.refused {
        known.push((word!("number"), number.to_string()));
    }
    if !group.reason.is_empty() {
        known.push((word!("reason"), format!("\"{}\"", escape(&group.reason))));
    }
    if let Some(entry) = explanation.entry {
        let meaning = translated(entry.row.words.meaning).to_owned();
        known.push((word!("means"), meaning));
    }
    for hint in &explanation.hints {
        known.push((word!("sender"), hint.note()));
    }
    // Of a protocol code the general meaning is mostly meant.
    let vendors = explanation.used_by.iter().filter(|known| known.is_a_code());
    let vendors: Vec<&str> = vendors.map(|known| known.vendor).collect();
    if !vendors.is_empty() {
        known.push((word!("used by"), vendors.join(", ")));
    }
    match (&group.first, &group.last) {
        (Some(first), Some(last)) if first == last => {
            known.push((word!("seen"), first.text.clone()));
        }
        (Some(first), Some(last)) => {
            known.push((word!("first"), first.text.clone()));
            known.push((word!("last"), last.text.clone()));
        }
        _ => {}
    }
    if let Some(case) = explanation.cases.first().filter(|_| !reading.is_clean()) {
        known.push((word!("likely"), translated(case.cause).to_owned()));
        known.push((word!("do"), translated(case.fix).to_owned()));
    }
    facts(&known, page)
}
