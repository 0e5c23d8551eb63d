//! The page of an implementation: its surprises, what came of every case, its limits and timers.

use std::io;

use colored::Colorize;

use super::super::page::{Page, fold};
use super::after::one_timer;
use super::{names, outcome_line, phrase, title};
use crate::field::by_code::apart;
use crate::field::timers::{Timer, timers};
use crate::field::{Case, Implementation, Outcome, Role, Row, Section, source_mark};

/// All that is known of an implementation, its surprises first.
pub(in crate::render::text) fn page(
    implementation: Implementation,
    page: &mut Page<'_>,
) -> io::Result<()> {
    title(implementation.name(), implementation.language(), page)?;
    let rows: Vec<Row> = implementation.rows().collect();
    for row in &rows {
        let role = match row.role() {
            Role::Client => "client",
            Role::Server => "server",
            Role::Both => "client and server",
            Role::Proxy => "proxy",
        };
        let facts = [row.version(), row.variant(), role, row.source()];
        let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        page.paragraph(2, &facts.join(" · "))?;
    }
    if implementation.surprises().next().is_some() {
        page.blank()?;
        page.heading("What nobody expects")?;
        for (index, surprise) in implementation.surprises().enumerate() {
            let mark = format!("{}.", index + 1);
            let text = if source_mark(surprise.source).is_empty() {
                surprise.text.to_owned()
            } else {
                format!("{} ({})", surprise.text, surprise.source)
            };
            page.hanging(2, &mark, mark.len(), &text)?;
        }
    }
    for (section, heading) in [
        (Section::Close, "A Close is received"),
        (Section::Fault, "Bytes that break a rule are received"),
        (Section::Send, "The application closes"),
        (Section::End, "TCP ends without a Close"),
        (Section::Life, "Silence, signals and errors"),
        (Section::Proxy, "Between client and backend"),
    ] {
        self::section(section, heading, &rows, page)?;
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
        let said = phrase(case, *outcome);
        if done.contains(&said) {
            continue;
        }
        let same: Vec<&'static Case> = cells
            .iter()
            .filter(|(case, outcome)| phrase(case, *outcome) == said)
            .map(|(case, _)| *case)
            .collect();
        outcome_line(indent, &said, page)?;
        page.paragraph(indent + 2, &names(&same))?;
        done.push(said);
    }
    Ok(())
}

fn limits(implementation: Implementation, page: &mut Page<'_>) -> io::Result<()> {
    let limits: Vec<_> = implementation.limits().collect();
    let own: Vec<Timer> = timers()
        .filter(|timer| timer.page() == Some(implementation))
        .collect();
    if !limits.is_empty() {
        page.blank()?;
        page.heading("Limits and timers, unless set")?;
        for limit in limits {
            let name = match limit.kind {
                "close" => "closing",
                "open" => "opening",
                kind => kind,
            };
            page.hanging(2, name, 8, &format!("{} ({})", limit.text, limit.source))?;
        }
    }
    if !own.is_empty() {
        page.blank()?;
        page.heading("What ends a connection by time")?;
        for timer in &own {
            one_timer(timer, page)?;
        }
    }
    Ok(())
}
