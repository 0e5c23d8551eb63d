//! What `compare` shows: side by side where the page is wide enough, stacked where not.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::explain::{advice, causes_and_fixes, pairs, title};
use super::page::Page;
use super::wrap::padded;
use crate::report::{Comparison, Fact};
use crate::topic::Topic;
use crate::words::{Text, say, text};

/// Below this a column is harder to read than stacked lines.
const NARROWEST_COLUMN: usize = 24;
/// What stands between the name of a fact and its values, and between two values.
const GAP: usize = 3;

/// A fact with its name.
type Row<'a> = (String, &'a Fact);

/// Draws a comparison.
pub(super) fn draw(comparison: &Comparison, page: &mut Page<'_>) -> io::Result<()> {
    let titles: Vec<String> = comparison
        .topics
        .iter()
        .map(|topic| format!("{} {}", topic.id(), page.words(topic.title())))
        .collect();
    let gists: Vec<String> = comparison
        .topics
        .iter()
        .map(|topic| page.cell(topic.gist()))
        .collect();
    let columns = titles.len().max(1);
    let says = page.words(text!(compare.says));
    let labels = comparison.facts.iter().filter_map(|fact| fact.label);
    let widths = labels.map(|label| page.words(label).width());
    let label_width = widths.max().unwrap_or(0).max(says.width()) + GAP - 1;
    let width = page
        .width()
        .saturating_sub(label_width + GAP * (columns - 1))
        / columns;
    let (differ, same): (Vec<Row<'_>>, Vec<Row<'_>>) = comparison
        .facts
        .iter()
        .filter_map(|fact| Some((page.words(fact.label?), fact)))
        .partition(|(_, fact)| fact.reads_differently());
    if page.has_tables() {
        let cells = |label: &str, cells: Vec<String>| {
            let label = std::iter::once(label.to_owned());
            label.chain(cells).collect::<Vec<String>>()
        };
        let mut rows = vec![cells("", titles), cells(&says, gists)];
        let facts = differ.iter();
        rows.extend(facts.map(|(label, fact)| cells(label, fact_cells(fact, page))));
        page.table(&rows)?;
    } else if width >= NARROWEST_COLUMN {
        // A table wider than prose is hard to follow with the eye.
        let width = width.min(48);
        table_row(("", label_width), &titles, width, true, page)?;
        table_row((&says, label_width), &gists, width, false, page)?;
        for (label, fact) in &differ {
            table_row(
                (label, label_width),
                &fact_cells(fact, page),
                width,
                false,
                page,
            )?;
        }
    } else {
        for title in &titles {
            page.heading(title)?;
        }
        let ids: Vec<String> = comparison.topics.iter().map(Topic::id).collect();
        stacked(&ids, &says, &gists, page)?;
        for (label, fact) in &differ {
            stacked(&ids, label, &fact_cells(fact, page), page)?;
        }
    }
    if !same.is_empty() {
        page.blank()?;
        page.heading(&if comparison.topics.len() == 2 {
            say!(heading.same_for_both)
        } else {
            say!(heading.same_for_all)
        })?;
        let widest = same.iter().map(|(label, _)| label.width()).max();
        for (label, fact) in &same {
            let Some(value) = fact.values.first() else {
                continue;
            };
            let width = (widest.unwrap_or(0) + 1).max(label_width - GAP);
            page.hanging(2, label, width, &value.words)?;
        }
    }
    if comparison.is_short {
        return Ok(());
    }
    differences(comparison, page)?;
    which(comparison, page)?;
    for topic in &comparison.topics {
        details(topic, page)?;
    }
    page.blank()?;
    page.heading(&say!(heading.see_also))?;
    let topics: Vec<String> = comparison.topics.iter().map(Topic::id).collect();
    let topics = topics.join(" ");
    page.command(&format!("wsclose explain {topics}"))?;
    page.command(&format!("wsclose compare --short {topics}"))
}

/// What a code means, when it is seen, and what to do then.
fn details(topic: &Topic, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    if page.has_tables() {
        // Only one part of a document has a heading's name.
        let named = format!("{} {}", topic.id(), page.words(topic.title()));
        page.heading(&named)?;
        if let Some(said) = topic.meaning() {
            page.strong(&say!(heading.description))?;
            page.paragraph(2, &said)?;
        }
        page.strong(&causes_and_fixes())?;
        return pairs(&topic.advice(), page);
    }
    title(&topic.id(), &topic.title(), page)?;
    if let Some(said) = topic.meaning() {
        page.heading(&say!(heading.description))?;
        page.paragraph(2, &said)?;
    }
    advice(&topic.advice(), page)
}

/// How to tell the codes apart, most telling first.
fn differences(comparison: &Comparison, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.heading(&say!(heading.tell_apart))?;
    for (index, pair) in comparison.pairs.iter().enumerate() {
        if comparison.topics.len() > 2 {
            if index > 0 {
                page.blank()?;
            }
            let [first, second] = &pair.ids;
            let both = page.words(say!(join.two, first, second));
            page.topic(2, &both.bold().to_string())?;
        }
        for line in pair.lines {
            page.hanging(2, "·", 1, line)?;
        }
    }
    if !comparison.pairs.is_empty() && !comparison.signs.is_empty() {
        page.blank()?;
    }
    let widest = comparison.signs.iter().map(|(id, _)| id.width()).max();
    for (id, sign) in &comparison.signs {
        page.hanging(2, id, widest.unwrap_or(0) + 1, sign)?;
    }
    Ok(())
}

/// When to send which.
fn which(comparison: &Comparison, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.heading(&say!(heading.which))?;
    let ids: Vec<(String, Text)> = comparison
        .choices()
        .map(|(topic, when)| (topic.id(), when))
        .collect();
    let widest = ids.iter().map(|(id, _)| id.width()).max().unwrap_or(0);
    for (id, when) in &ids {
        page.hanging(2, id, widest + 1, when)?;
    }
    Ok(())
}

fn fact_cells(fact: &Fact, page: &Page<'_>) -> Vec<String> {
    let values = fact.values.iter();
    values.map(|value| page.cell(&value.words)).collect()
}

/// A label and one cell for each code, each wrapped in its own column.
fn table_row(
    (label, label_width): (&str, usize),
    cells: &[String],
    width: usize,
    is_title: bool,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let cells: Vec<Vec<String>> = cells.iter().map(|cell| page.folded(cell, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..height {
        let label = if index == 0 { label } else { "" };
        let mut line = padded(label, label_width);
        for (column, cell) in cells.iter().enumerate() {
            let text = cell.get(index).map_or("", String::as_str);
            let cell = padded(text, width);
            let gap = if column > 0 {
                " ".repeat(GAP)
            } else {
                String::new()
            };
            line.push_str(&gap);
            if is_title {
                line.push_str(&cell.bold().to_string());
            } else {
                line.push_str(&cell);
            }
        }
        page.line(&line)?;
    }
    Ok(())
}

/// A label, and below it one line for each code.
fn stacked(ids: &[String], label: &str, cells: &[String], page: &mut Page<'_>) -> io::Result<()> {
    let widest = ids.iter().map(|id| id.width()).max().unwrap_or(0);
    page.blank()?;
    page.line(&label.bold().to_string())?;
    for (id, cell) in ids.iter().zip(cells) {
        page.hanging(2, id, widest, cell)?;
    }
    Ok(())
}
