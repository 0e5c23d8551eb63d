//! The page of an implementation: its surprises, what came of every case, its limits and timers.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::super::page::{Page, fold};
use super::after::one_timer;
use super::{names, outcome_line, phrase, phrase_key, title};
use crate::field::by_code::apart;
use crate::field::timers::{Timer, timers};
use crate::field::{Case, Implementation, Outcome, Row, Section, says, source_mark};
use crate::words::{say, translated, word};

/// All that is known of an implementation, its surprises first.
pub(in crate::render::text) fn page(
    implementation: Implementation,
    page: &mut Page<'_>,
) -> io::Result<()> {
    title(implementation.name(), says::language(implementation), page)?;
    let rows: Vec<Row> = implementation.rows().collect();
    for row in &rows {
        let mut facts = vec![says::version(row.version())];
        if !row.variant().is_empty() {
            facts.push(translated(row.variant()).to_owned());
        }
        facts.push(says::role(row.role()).to_owned());
        facts.push(says::source(row.source()));
        page.paragraph(2, &facts.join(" · "))?;
    }
    if implementation.surprises().next().is_some() {
        page.blank()?;
        page.heading(&say!("What nobody expects"))?;
        for (index, surprise) in implementation.surprises().enumerate() {
            let mark = format!("{}.", index + 1);
            let mut text = translated(surprise.text).to_owned();
            if !source_mark(surprise.source).is_empty() {
                text = format!("{text} ({})", says::source(surprise.source));
            }
            page.hanging(2, &mark, mark.len(), &text)?;
        }
    }
    for (section, heading) in [
        (Section::Close, word!("A Close is received")),
        (
            Section::Fault,
            word!("Bytes that break a rule are received"),
        ),
        (Section::Send, word!("The application closes")),
        (Section::End, word!("TCP ends without a Close")),
        (Section::Life, word!("Silence, signals and errors")),
        (Section::Proxy, word!("Between client and backend")),
    ] {
        self::section(section, translated(heading), &rows, page)?;
    }
    limits(implementation, page)
}

fn section(section: Section, heading: &str, rows: &[Row], page: &mut Page<'_>) -> io::Result<()> {
    type Cells = Vec<(&'static Case, Outcome)>;
    // Rows that agree stand together.
    let mut found: Vec<(Vec<Row>, Cells)> = Vec::new();
    for row in rows {
        let cells: Cells = row
            .outcomes()
            .filter(|(case, _)| case.section == section)
            .collect();
        if cells.is_empty() {
            continue;
        }
        let same = |(_, known): &&mut (Vec<Row>, Cells)| {
            known.len() == cells.len()
                && known
                    .iter()
                    .zip(&cells)
                    .all(|(one, other)| one.0.id == other.0.id && one.1 == other.1)
        };
        match found.iter_mut().find(same) {
            Some((rows, _)) => rows.push(*row),
            None => found.push((vec![*row], cells)),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(heading)?;
    for (these, cells) in &found {
        let mut indent = 2;
        if these.len() < rows.len() {
            indent = 4;
            for line in fold(&apart(these), page.prose_width() - 2) {
                page.line(&format!("  {}", line.bold()))?;
            }
        }
        self::cells(cells, indent, page)?;
    }
    Ok(())
}

/// Outcomes, each with the cases that came to it.
fn cells(cells: &[(&'static Case, Outcome)], indent: usize, page: &mut Page<'_>) -> io::Result<()> {
    let mut done: Vec<String> = Vec::new();
    for (case, outcome) in cells {
        let key = phrase_key(case, *outcome);
        if done.contains(&key) {
            continue;
        }
        let same: Vec<&'static Case> = cells
            .iter()
            .filter(|(case, outcome)| phrase_key(case, *outcome) == key)
            .map(|(case, _)| *case)
            .collect();
        outcome_line(indent, &phrase(case, *outcome), page)?;
        page.paragraph(indent + 2, &names(&same))?;
        done.push(key);
    }
    Ok(())
}

/// The kinds of limits in the tables, and what they are called.
const LIMITS: [(&str, &str); 6] = [
    ("message", word!("message")),
    ("ping", word!("ping")),
    ("idle", word!("idle")),
    ("close", word!("closing")),
    ("open", word!("opening")),
    ("life", word!("life")),
];

fn limits(implementation: Implementation, page: &mut Page<'_>) -> io::Result<()> {
    let limits: Vec<_> = implementation.limits().collect();
    let own: Vec<Timer> = timers()
        .filter(|timer| timer.page() == Some(implementation))
        .collect();
    if !limits.is_empty() {
        page.blank()?;
        page.heading(&say!("Limits and timers, unless set"))?;
        // As wide on every page, whichever limits stand on it.
        let widest = LIMITS.iter().map(|(_, name)| translated(name).width());
        let widest = widest.max().unwrap_or(0);
        for limit in limits {
            let name = LIMITS.iter().find(|(kind, _)| *kind == limit.kind);
            let name = name.map_or(limit.kind, |(_, name)| translated(name));
            let source = says::source(limit.source);
            let text = format!("{} ({source})", translated(limit.text));
            page.hanging(2, name, widest + 1, &text)?;
        }
    }
    if !own.is_empty() {
        page.blank()?;
        page.heading(&say!("What ends a connection by time"))?;
        for timer in &own {
            one_timer(timer, page)?;
        }
    }
    Ok(())
}
