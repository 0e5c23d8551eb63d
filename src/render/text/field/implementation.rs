//! The page of an implementation: its surprises, what came of every case, its limits and timers.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::super::page::Page;
use super::after::one_timer;
use super::limits::limit_words;
use super::{names, outcome_line, phrase, title};
use crate::facts::field::by_code::apart;
use crate::facts::field::timers::{Timer, timers};
use crate::facts::field::{Implementation, Limit, Outcome, Row, Section, Trial};
use crate::words::{Message, Text, Value, dotted, say, text};

/// All that is known of an implementation, its surprises first.
pub(in crate::render::text) fn page(
    implementation: Implementation,
    page: &mut Page<'_>,
) -> io::Result<()> {
    title(implementation.name(), &implementation.kind(), page)?;
    let rows: Vec<Row> = implementation.rows().collect();
    for row in &rows {
        let mut facts = vec![row.version().message()];
        facts.extend(row.variant().map(Message::from));
        facts.push(row.role().words().into());
        facts.push(row.source().message());
        page.paragraph(2, &dotted(facts))?;
    }
    if !implementation.surprises().is_empty() {
        page.blank()?;
        page.heading(&say!(heading.surprises))?;
        for (index, surprise) in implementation.surprises().iter().enumerate() {
            let mark = format!("{}.", index + 1);
            let says = match surprise.source.is_measured() {
                true => surprise.text.into(),
                false => with_source(surprise.text, surprise.source.message()),
            };
            page.hanging(2, &mark, mark.len(), &says)?;
        }
    }
    for (section, heading) in [
        (Section::Close, text!(heading.close_received)),
        (Section::Fault, text!(heading.fault_received)),
        (Section::Send, text!(heading.application_closes)),
        (Section::End, text!(heading.tcp_ends)),
        (Section::Life, text!(heading.life)),
        (Section::Proxy, text!(heading.proxy)),
    ] {
        self::section(section, heading, &rows, page)?;
    }
    limits(implementation, page)
}

fn section(section: Section, heading: Text, rows: &[Row], page: &mut Page<'_>) -> io::Result<()> {
    type Cells = Vec<(&'static Trial, Outcome)>;
    // Rows that agree stand together.
    let mut found: Vec<(Vec<Row>, Cells)> = Vec::new();
    for row in rows {
        let cells: Cells = row
            .outcomes()
            .filter(|(trial, _)| trial.section == section)
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
    page.heading(&heading)?;
    for (these, cells) in &found {
        let mut indent = 2;
        if these.len() < rows.len() {
            indent = 4;
            let apart = Value::List(apart(these), ", ");
            match page.has_tables() {
                true => page.topic(2, &page.words(&apart))?,
                false => {
                    for line in page.folded(&apart, page.prose_width() - 2) {
                        page.topic(2, &line.bold().to_string())?;
                    }
                }
            }
        }
        self::cells(cells, indent, page)?;
    }
    Ok(())
}

/// Outcomes, each with the trials that came to it. Those that are told alike stand together.
fn cells(
    cells: &[(&'static Trial, Outcome)],
    indent: usize,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let mut done: Vec<Message> = Vec::new();
    for (trial, outcome) in cells {
        let says = phrase(trial, *outcome);
        if done.contains(&says) {
            continue;
        }
        let same: Vec<&'static Trial> = cells
            .iter()
            .filter(|(trial, outcome)| phrase(trial, *outcome) == says)
            .map(|(trial, _)| *trial)
            .collect();
        outcome_line(indent, &says, page)?;
        page.paragraph(indent + 2, &names(&same))?;
        done.push(says);
    }
    Ok(())
}

/// A statement, and in brackets how it is known.
fn with_source(says: impl Into<Value>, source: Message) -> Message {
    let values = vec![("says", says.into()), ("source", Value::from(source))];
    Message::new(Text::Given("{says} ({source})"), values)
}

/// What the kinds of limits are called.
fn limit_name(limit: Limit) -> Text {
    match limit {
        Limit::Message => text!(limit.message),
        Limit::Ping => text!(opcode.ping),
        Limit::Idle => text!(limit.idle),
        Limit::Close => text!(limit.close),
        Limit::Open => text!(limit.open),
        Limit::Life => text!(limit.life),
    }
}

fn limits(implementation: Implementation, page: &mut Page<'_>) -> io::Result<()> {
    const ALL: [Limit; 6] = [
        Limit::Message,
        Limit::Ping,
        Limit::Idle,
        Limit::Close,
        Limit::Open,
        Limit::Life,
    ];
    if !implementation.limits().is_empty() {
        page.blank()?;
        page.heading(&say!(heading.limits))?;
        // As wide on every page, whichever limits stand on it.
        let widths = ALL.map(|limit| page.words(limit_name(limit)).width());
        let widest = widths.into_iter().max().unwrap_or(0);
        for statement in implementation.limits() {
            let name = statement.limit.map_or(Text::Given(""), limit_name);
            let says = with_source(limit_words(statement), statement.source.message());
            page.hanging(2, &page.words(name), widest + 1, &says)?;
        }
    }
    let own: Vec<&Timer> = timers()
        .filter(|timer| timer.page() == Some(implementation))
        .collect();
    if !own.is_empty() {
        page.blank()?;
        page.heading(&say!(heading.timers))?;
        for timer in &own {
            one_timer(timer, page)?;
        }
    }
    Ok(())
}
