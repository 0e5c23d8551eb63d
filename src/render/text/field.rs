//! What real implementations do, drawn: the end of an explanation and the table of a code; the rest is in the
//! files below.

mod after;
mod implementation;
mod limits;
mod traced;

use std::io;

use colored::Colorize;

use super::page::Page;
use crate::facts::field::by_code::{self, Group, labels};
use crate::facts::field::table::{About, Table, Trigger};
use crate::facts::field::{Outcome, Row, Section, TRIALS, Trial, api_words, wire_words};
use crate::topic::Topic;
use crate::words::{Message, Say, Value, dotted, say};

pub(super) use after::{after, one_timer};
pub(super) use implementation::page;
pub(super) use limits::exceeded;
pub(super) use traced::traced_back;

/// The end of an explanation: what surprises in the field.
pub(super) fn notes(code: u16, page: &mut Page<'_>) -> io::Result<()> {
    let notes = by_code::notes(code);
    if notes.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!(heading.field))?;
    for note in &notes {
        page.hanging(2, "·", 1, note)?;
    }
    Ok(())
}

/// What all implementations do with each topic.
pub(super) fn tables(tables: &[(Topic, Table)], page: &mut Page<'_>) -> io::Result<()> {
    for (index, (topic, table)) in tables.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        title(&topic.id(), &topic.title(), page)?;
        if let About::Code { code, tried } = table.about {
            if code != tried {
                let said = say!(field.stands_for, code, tried);
                page.paragraph(2, &said)?;
                page.blank()?;
            }
        }
        if matches!(table.about, About::Code { code: 1009, .. }) {
            limits::of_messages(page)?;
            page.blank()?;
        }
        self::table(&topic.id(), table, page)?;
        page.blank()?;
        let marks = say!(field.marks);
        page.aside(2, &marks)?;
        let more = say!(field.more);
        page.aside(2, &more)?;
    }
    Ok(())
}

fn table(id: &str, table: &Table, page: &mut Page<'_>) -> io::Result<()> {
    let is_code = matches!(table.about, About::Code { .. });
    let mut is_first = true;
    let mut heading = |text: &Message, page: &mut Page<'_>| {
        if !std::mem::take(&mut is_first) {
            page.blank()?;
        }
        page.heading(text)
    };
    for part in &table.received {
        let trial = part.first().and_then(|group| TRIALS.get(group.trial));
        let text = match trial.map(|trial| (trial.id, trial.what)) {
            _ if is_code => say!(field.received, code = id),
            Some((code, None)) => say!(field.received, code),
            Some((_, Some(what))) => Message::from(what).begun(),
            None => continue,
        };
        heading(&text, page)?;
        groups(part, page)?;
    }
    if !table.sent.is_empty() {
        let text = say!(field.application_closes, code = id);
        heading(&text, page)?;
        groups(&table.sent, page)?;
    }
    if !table.reported.is_empty() {
        let text = say!(field.shown, code = id);
        heading(&text, page)?;
        by_trigger(&table.reported, page)?;
    }
    if !table.by_itself.is_empty() {
        let text = say!(field.sent_by_library, code = id);
        heading(&text, page)?;
        by_trigger(&table.by_itself, page)?;
    }
    Ok(())
}

fn groups(groups: &[Group], page: &mut Page<'_>) -> io::Result<()> {
    for group in groups {
        let Some(trial) = TRIALS.get(group.trial) else {
            continue;
        };
        outcome_line(2, &phrase(trial, group.outcome), page)?;
        page.paragraph(4, &Value::List(labels(&group.rows), ", "))?;
    }
    Ok(())
}

fn by_trigger(triggers: &[(Trigger, Vec<Row>)], page: &mut Page<'_>) -> io::Result<()> {
    for (trigger, rows) in triggers {
        outcome_line(2, &trigger.what(), page)?;
        page.paragraph(4, &Value::List(labels(rows), ", "))?;
    }
    Ok(())
}

/// An outcome above those that it belongs to.
fn outcome_line(indent: usize, says: &impl Say, page: &mut Page<'_>) -> io::Result<()> {
    if page.has_tables() {
        return page.topic(indent, &page.words(says));
    }
    for line in page.folded(says, page.prose_width().saturating_sub(indent)) {
        page.topic(indent, &line.cyan().to_string())?;
    }
    Ok(())
}

/// What was seen and what was done, side by side.
fn phrase(trial: &Trial, outcome: Outcome) -> Message {
    let parts = [api_words(trial, outcome), wire_words(trial, outcome)];
    dotted(parts.into_iter().flatten())
}

/// Trials in a line: codes as numbers, neighbours together; others by what they are.
fn names(trials: &[&'static Trial]) -> Value {
    type Run = Option<(&'static Trial, &'static Trial)>;
    let place = |trial: &Trial| {
        let mut all = TRIALS.iter();
        all.position(|known| std::ptr::eq(known, trial))
            .unwrap_or(0)
    };
    let close = |run: &mut Run, names: &mut Vec<Value>| {
        if let Some((from, to)) = run.take() {
            names.push(Value::from(if from.id == to.id {
                from.id.to_owned()
            } else {
                format!("{}–{}", from.id, to.id)
            }));
        }
    };
    let mut names: Vec<Value> = Vec::new();
    let mut run: Run = None;
    for trial in trials {
        if let Some(what) = trial.what {
            close(&mut run, &mut names);
            names.push(Value::from(what));
            continue;
        }
        match &mut run {
            Some((_, to)) if trial.section == Section::Close && place(trial) == place(to) + 1 => {
                *to = trial;
            }
            _ => {
                close(&mut run, &mut names);
                run = Some((trial, trial));
            }
        }
    }
    close(&mut run, &mut names);
    Value::List(names, ", ")
}

fn title(id: &str, name: &impl Say, page: &mut Page<'_>) -> io::Result<()> {
    page.title(id, name)
}
