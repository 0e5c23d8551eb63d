//! What `explain` shows of a log line, and what `scan-log` shows.

use std::io;

use colored::Colorize;

use super::explain::see_also;
use super::page::Page;
use crate::codes::name_of;
use crate::escape::escape;
use crate::logline::scan::{Findings, Group};
use crate::logline::{Close, Reading, Topic, Way, explain_in};
use crate::registry::Registries;
use crate::words::{Case, capitalized, count, thousands};

/// The width of the names of facts.
const FACT: usize = 10;

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
    let title = capitalized(&explanation.title);
    page.line(&format!("{}  {}", id.bold().cyan(), title.bold()))?;
    page.blank()?;
    let producer = match reading.producer {
        Some(producer) => producer.name,
        None => "unknown",
    };
    page.hanging(2, "written by", FACT, producer)?;
    for close in reading.close.iter().chain(&reading.answer) {
        page.hanging(2, way(close.way), FACT, &shown(close, reading, registries))?;
    }
    if let Some(status) = reading.status {
        page.hanging(2, "status", FACT, &status.to_string())?;
    }
    if !explanation.source.is_empty() {
        page.hanging(2, "source", FACT, &explanation.source)?;
    }
    page.blank()?;
    for statement in &explanation.statements {
        page.paragraph(2, statement)?;
    }
    cases(&explanation.cases, page)?;
    let commands = explanation.see_also.iter();
    see_also(
        commands.map(|topic| format!("wsclose explain {topic}")),
        page,
    )
}

fn way(way: Way) -> &'static str {
    way.id()
}

/// A Close with its code, its name, who sent it and its reason.
fn shown(close: &Close, reading: &Reading, registries: Registries) -> String {
    let (local, other) = reading.ends();
    let entry = reading.entry_of(close, registries);
    let name = entry.map_or_else(|| name_of(close.code), |entry| entry.row.name);
    let code = format!("{} {name}", close.code);
    let from = match close.way {
        Way::Received => format!("{code}, sent by the {other}"),
        Way::Sent => format!("{code}, sent by the {local}"),
        Way::Reported => code,
    };
    if close.reason.is_empty() {
        from
    } else {
        format!("{from}: \"{}\"", escape(&close.reason))
    }
}

fn cases(cases: &[&Case], page: &mut Page<'_>) -> io::Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading("What to check")?;
    for (index, case) in cases.iter().enumerate() {
        let mark = format!("{}.", index + 1);
        page.hanging(2, &mark, mark.len(), case.cause)?;
        page.hanging(2, "", mark.len(), &format!("→ {}", case.fix))?;
    }
    Ok(())
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
        page.heading("Not read")?;
        for unread in &findings.unread_lines {
            let mark = format!("{} ×", thousands(unread.count));
            page.hanging(2, &mark, mark.chars().count(), &escape(&unread.line))?;
        }
        page.blank()?;
    }
    if findings.overflow > 0 {
        let further = count(findings.overflow, "close");
        page.paragraph(
            0,
            &format!("{further} of further kinds: more than are kept; --max-groups keeps more."),
        )?;
    }
    if findings.cut > 0 {
        let lines = count(findings.cut, "line");
        page.paragraph(
            0,
            &format!(
                "{lines} longer than 64 KiB with something of interest behind that: not read there."
            ),
        )?;
    }
    if findings.unread > 0 {
        let lines = count(findings.unread, "line");
        let how = if with_unread {
            ""
        } else {
            "; --unread shows them"
        };
        page.paragraph(
            0,
            &format!("{lines} about a close without a code that can be read{how}."),
        )?;
    }
    let kinds = findings.groups.len() as u64;
    page.line(&format!(
        "{} · {} · {}",
        count(findings.lines, "line"),
        count(findings.closes, "close"),
        count(kinds, "kind")
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
            name_of(code).bold()
        ),
        (None, Topic::Rule(rule)) => rule.bold().cyan().to_string(),
        (None, Topic::Event(event)) => event.bold().cyan().to_string(),
    };
    let number = format!("{} ×", thousands(group.count));
    page.line(&format!("{}  {what}", number.bold()))?;
    let by = match (&reading.close, reading.producer) {
        (Some(close), Some(producer)) => format!("{}, {}", producer.name, way(close.way)),
        (None, Some(producer)) => producer.name.to_owned(),
        (Some(close), None) => format!("unknown, {}", way(close.way)),
        (None, None) => "unknown".to_owned(),
    };
    page.hanging(2, "by", FACT, &by)?;
    if reading.close.is_none() {
        page.hanging(2, "what", FACT, &explanation.title)?;
    }
    if let Some(answer) = &reading.answer {
        let answer = format!(
            "{} {}, {}",
            answer.code,
            name_of(answer.code),
            way(answer.way)
        );
        page.hanging(2, "answer", FACT, &answer)?;
    }
    for (name, number) in [("status", reading.status), ("number", reading.refused)] {
        if let Some(number) = number {
            page.hanging(2, name, FACT, &number.to_string())?;
        }
    }
    if !group.reason.is_empty() {
        page.hanging(2, "reason", FACT, &format!("\"{}\"", escape(&group.reason)))?;
    }
    if let Some(entry) = explanation.entry {
        page.hanging(2, "means", FACT, entry.row.words.meaning)?;
    }
    for hint in &explanation.hints {
        page.hanging(2, "sender", FACT, &hint.note())?;
    }
    // Of a protocol code the general meaning is mostly meant.
    let vendors = explanation.used_by.iter().filter(|known| known.is_a_code());
    let vendors: Vec<&str> = vendors.map(|known| known.vendor).collect();
    if !vendors.is_empty() {
        page.hanging(2, "used by", FACT, &vendors.join(", "))?;
    }
    match (&group.first, &group.last) {
        (Some(first), Some(last)) if first == last => {
            page.hanging(2, "seen", FACT, &first.text)?;
        }
        (Some(first), Some(last)) => {
            page.hanging(2, "first", FACT, &first.text)?;
            page.hanging(2, "last", FACT, &last.text)?;
        }
        _ => {}
    }
    if let Some(case) = explanation.cases.first().filter(|_| !reading.is_clean()) {
        page.hanging(2, "likely", FACT, case.cause)?;
        page.hanging(2, "do", FACT, case.fix)?;
    }
    Ok(())
}
