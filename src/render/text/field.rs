//! What real implementations do, drawn: the end of an explanation and the table of a code; the rest is in the
//! files below.

mod after;
mod implementation;
mod traced;

use std::io;

use colored::Colorize;

use super::page::{Page, fold};
use crate::field::by_code::{self, Group, labels};
use crate::field::table::{About, Cause, Table};
use crate::field::{CASES, Case, Outcome, Row, Section, does, sees};
use crate::topic::Topic;
use crate::words::{Language, capitalized, say, speaking, translated};

pub(super) use after::after;
pub(super) use implementation::page;
pub(super) use traced::shown_by;

/// The end of an explanation: what surprises in the field.
pub(super) fn notes(code: u16, page: &mut Page<'_>) -> io::Result<()> {
    let notes = by_code::notes(code);
    if notes.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!("In the field"))?;
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
        title(&topic.id(), translated(topic.title()), page)?;
        if let About::Code { code, tried } = table.about {
            if code != tried {
                let said = say!(
                    "{code} itself was not tried; {tried} stands for it.",
                    code,
                    tried
                );
                page.paragraph(2, &said)?;
                page.blank()?;
            }
        }
        self::table(&topic.id(), table, page)?;
        page.blank()?;
        let marks = say!(
            "A name with a version or role in brackets: only these rows. * read in source, not measured."
        );
        page.aside(2, &marks)?;
        let more = say!("wsclose explain NAME shows all that is known of one.");
        page.aside(2, &more)?;
    }
    Ok(())
}

fn table(id: &str, table: &Table, page: &mut Page<'_>) -> io::Result<()> {
    let is_code = matches!(table.about, About::Code { .. });
    let mut is_first = true;
    let mut heading = |text: &str, page: &mut Page<'_>| {
        if !std::mem::take(&mut is_first) {
            page.blank()?;
        }
        page.heading(text)
    };
    for part in &table.received {
        let case = part.first().and_then(|group| CASES.get(group.case));
        let text = match case {
            _ if is_code => say!("A Close with {code} is received", code = id),
            Some(case) if case.what.is_empty() => {
                say!("A Close with {code} is received", code = case.id)
            }
            Some(case) => capitalized(translated(case.what)),
            None => continue,
        };
        heading(&text, page)?;
        groups(part, page)?;
    }
    if !table.sent.is_empty() {
        let text = say!("The application closes with {code}", code = id);
        heading(&text, page)?;
        groups(&table.sent, page)?;
    }
    if !table.shown.is_empty() {
        let text = say!(
            "{code} is shown, though no Close with it was received",
            code = id
        );
        heading(&text, page)?;
        by_cause(&table.shown, page)?;
    }
    if !table.by_itself.is_empty() {
        let text = say!("A Close with {code} is sent by the library", code = id);
        heading(&text, page)?;
        by_cause(&table.by_itself, page)?;
    }
    Ok(())
}

fn groups(groups: &[Group], page: &mut Page<'_>) -> io::Result<()> {
    for group in groups {
        let Some(case) = CASES.get(group.case) else {
            continue;
        };
        outcome_line(2, &phrase(case, group.outcome), page)?;
        page.paragraph(4, &labels(&group.rows).join(", "))?;
    }
    Ok(())
}

fn by_cause(causes: &[(Cause, Vec<Row>)], page: &mut Page<'_>) -> io::Result<()> {
    for (cause, rows) in causes {
        outcome_line(2, cause.what(), page)?;
        page.paragraph(4, &labels(rows).join(", "))?;
    }
    Ok(())
}

/// An outcome above those that it belongs to.
fn outcome_line(indent: usize, text: &str, page: &mut Page<'_>) -> io::Result<()> {
    for line in fold(text, page.prose_width().saturating_sub(indent)) {
        page.line(&format!("{:indent$}{}", "", line.cyan()))?;
    }
    Ok(())
}

/// What was seen and what was done, side by side.
fn phrase(case: &Case, outcome: Outcome) -> String {
    let parts: Vec<String> = [sees(case, outcome), does(case, outcome)]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" · ")
}

/// As [`phrase`], to find outcomes that are said alike: the same in every language.
fn phrase_key(case: &Case, outcome: Outcome) -> String {
    speaking(Language::English, || phrase(case, outcome))
}

/// Cases in a line: codes as numbers, neighbours together; others by what they are.
fn names(cases: &[&'static Case]) -> String {
    let place = |case: &Case| {
        CASES
            .iter()
            .position(|known| std::ptr::eq(known, case))
            .unwrap_or(0)
    };
    let mut names: Vec<String> = Vec::new();
    let mut run: Option<(&'static Case, &'static Case)> = None;
    let close = |run: &mut Option<(&'static Case, &'static Case)>, names: &mut Vec<String>| {
        if let Some((from, to)) = run.take() {
            names.push(if from.id == to.id {
                from.id.to_owned()
            } else {
                format!("{}–{}", from.id, to.id)
            });
        }
    };
    for case in cases {
        if !case.what.is_empty() {
            close(&mut run, &mut names);
            names.push(translated(case.what).to_owned());
            continue;
        }
        match &mut run {
            Some((_, to)) if case.section == Section::Close && place(case) == place(to) + 1 => {
                *to = case;
            }
            _ => {
                close(&mut run, &mut names);
                run = Some((case, case));
            }
        }
    }
    close(&mut run, &mut names);
    names.join(", ")
}

fn title(id: &str, name: &str, page: &mut Page<'_>) -> io::Result<()> {
    page.line(&format!("{}  {}", id.bold().cyan(), name.bold()))?;
    page.blank()
}
