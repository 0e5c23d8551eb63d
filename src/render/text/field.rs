//! What real implementations do, drawn: the end of an explanation, the table of a code, the page of an
//! implementation, a number traced back, timers that match.

use std::io;
use std::time::Duration;

use colored::Colorize;

use super::page::{Page, fold};
use crate::field::by_code::{self, Group, apart, labels};
use crate::field::shown::causes;
use crate::field::table::{About, Cause, Table};
use crate::field::timers::{From, Matches, Timer, spoken, timers};
use crate::field::{
    CASES, Case, Implementation, Outcome, Role, Row, Section, Shown, does, sees, source_mark,
};
use crate::topic::Topic;
use crate::words::{Value, capitalized, fill};

/// The end of an explanation: what surprises in the field.
pub(super) fn notes(code: u16, page: &mut Page<'_>) -> io::Result<()> {
    let notes = by_code::notes(code);
    if notes.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading("In the field")?;
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
        title(&topic.id(), topic.title(), page)?;
        if let About::Code { code, tried } = table.about {
            if code != tried {
                let said = fill(
                    "{code} itself was not tried; {tried} stands for it.",
                    &[("code", Value::Code(code)), ("tried", Value::Code(tried))],
                );
                page.paragraph(2, &said)?;
                page.blank()?;
            }
        }
        self::table(&topic.id(), table, page)?;
        page.blank()?;
        page.aside(2, "A name with a version or role in brackets: only these rows. * read in source, not measured.")?;
        page.aside(2, "wsclose explain NAME shows all that is known of one.")?;
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
            _ if is_code => format!("A Close with {id} is received"),
            Some(case) if case.what.is_empty() => format!("A Close with {} is received", case.id),
            Some(case) => capitalized(case.what),
            None => continue,
        };
        heading(&text, page)?;
        groups(part, page)?;
    }
    if !table.sent.is_empty() {
        heading(&format!("The application closes with {id}"), page)?;
        groups(&table.sent, page)?;
    }
    if !table.shown.is_empty() {
        heading(
            &format!("{id} is shown, though no Close with it was received"),
            page,
        )?;
        by_cause(&table.shown, page)?;
    }
    if !table.by_itself.is_empty() {
        heading(&format!("A Close with {id} is sent by the library"), page)?;
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

/// All that is known of an implementation, its surprises first.
pub(super) fn page(implementation: Implementation, page: &mut Page<'_>) -> io::Result<()> {
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
            names.push(case.what.to_owned());
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

/// What makes a library show each number.
pub(super) fn shown_by(
    implementation: Implementation,
    values: &[i32],
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        title(
            &value.to_string(),
            &format!("as {} shows it", implementation.name()),
            page,
        )?;
        let found = causes(implementation, *value);
        let all: Vec<Row> = implementation.rows().collect();
        if found.iter().all(|causes| causes.cases.is_empty()) {
            let said = fill(
                "{name} showed {value} in no case that was tried, so something else made the number up, or it came from an application.",
                &[
                    ("name", Value::Word(implementation.name())),
                    ("value", Value::Text(value.to_string())),
                ],
            );
            page.paragraph(2, &said)?;
            page.blank()?;
        }
        for causes in &found {
            if causes.cases.is_empty() {
                if found.len() > 1 && found.iter().any(|causes| !causes.cases.is_empty()) {
                    let who = apart(&causes.rows);
                    page.heading(&format!("{}: never", who))?;
                    page.blank()?;
                }
                continue;
            }
            if causes.rows.len() < all.len() {
                let who = apart(&causes.rows);
                page.heading(&format!("{}: it shows {value} when", who))?;
            } else {
                page.heading(&format!("It shows {value} when"))?;
            }
            when(&causes.cases, *value, page)?;
            page.blank()?;
        }
        let known: Vec<_> = implementation
            .surprises()
            .filter(|surprise| mentions(surprise.text, *value))
            .collect();
        if !known.is_empty() {
            page.heading("Known for")?;
            for surprise in known {
                page.hanging(2, "·", 1, surprise.text)?;
            }
            page.blank()?;
        }
        page.heading("See also")?;
        page.line(&format!("  wsclose explain {}", implementation.id()))?;
        if u16::try_from(*value).is_ok() {
            page.line(&format!("  wsclose explain {value}"))?;
        }
    }
    Ok(())
}

/// Whether a sentence names a number, as a word of its own.
fn mentions(sentence: &str, value: i32) -> bool {
    sentence
        .split(|character: char| !(character.is_ascii_digit() || character == '-'))
        .any(|word| word.parse() == Ok(value))
}

/// The cases that led to a number, by what went over the wire.
fn when(cases: &[(&'static Case, Outcome)], value: i32, page: &mut Page<'_>) -> io::Result<()> {
    type Key = (Section, bool, Option<String>);
    let key_of = |case: &Case, outcome: Outcome| -> Key {
        let is_same = outcome.shown == Shown::Same;
        (case.section, is_same, does(case, outcome))
    };
    let mut done: Vec<Key> = Vec::new();
    for (case, outcome) in cases {
        let key = key_of(case, *outcome);
        if done.contains(&key) {
            continue;
        }
        let same: Vec<&'static Case> = cases
            .iter()
            .filter(|(case, outcome)| key_of(case, *outcome) == key)
            .map(|(case, _)| *case)
            .collect();
        let (codes, others): (Vec<&Case>, Vec<&Case>) =
            same.into_iter().partition(|case| case.what.is_empty());
        let mut what: Vec<String> = Vec::new();
        if !others.is_empty() {
            what.push(names(&others));
        }
        if key.1 {
            what.push(format!("a Close with {value}"));
        } else if !codes.is_empty() {
            what.push(format!("a Close with {}", names(&codes)));
        }
        let what = match case.section {
            Section::Close | Section::Fault => format!("it received {}", what.join(", ")),
            _ => what.join(", "),
        };
        let line = match &key.2 {
            Some(does) => format!("{what}; it {does}"),
            None => what,
        };
        page.hanging(2, "·", 1, &line)?;
        done.push(key);
    }
    Ok(())
}

/// The timers that match a time, for each code.
pub(super) fn after(
    after: Duration,
    found: &[(u16, Matches)],
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, (code, found)) in found.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        title(&code.to_string(), &format!("after {}", spoken(after)), page)?;
        let values = [
            ("code", Value::Code(*code)),
            ("after", Value::Text(spoken(after))),
            ("tolerance", Value::Text(spoken(found.tolerance))),
        ];
        if found.timers.is_empty() {
            let said = fill(
                "No timer that is known to end with {code} runs for {after} by default, give or take {tolerance}. Where somebody set a timer, its length tells nothing.",
                &values,
            );
            page.paragraph(2, &said)?;
            if !found.nearest.is_empty() {
                page.blank()?;
                page.heading("The nearest")?;
                for timer in &found.nearest {
                    one_timer(timer, page)?;
                }
            }
            continue;
        }
        let said = fill(
            "These timers run for {after} by default, give or take {tolerance}, and end with {code}; the nearest first. A timer that somebody set may have any length.",
            &values,
        );
        page.paragraph(2, &said)?;
        page.blank()?;
        for (index, timer) in found.timers.iter().enumerate() {
            if index > 0 {
                page.blank()?;
            }
            one_timer(timer, page)?;
        }
    }
    Ok(())
}

fn one_timer(timer: &Timer, page: &mut Page<'_>) -> io::Result<()> {
    let since = match timer.from {
        From::Traffic => "{time} since the last traffic",
        From::Open => "{time} since it opened, with traffic or without",
        From::Reload => "{time} since a reload",
        From::Close => "{time} since its own Close, which was not answered",
    };
    let time = spoken(Duration::from_secs(timer.seconds.into()));
    let since = fill(since, &[("time", Value::Text(time))]);
    page.line(&format!("  {}: {since}", timer.who.bold()))?;
    if !timer.setting.is_empty() {
        page.hanging(4, "setting", 7, timer.setting)?;
    }
    page.hanging(4, "change", 7, timer.change)?;
    page.hanging(4, "source", 7, timer.source)
}

fn title(id: &str, name: &str, page: &mut Page<'_>) -> io::Result<()> {
    page.line(&format!("{}  {}", id.bold().cyan(), name.bold()))?;
    page.blank()
}
