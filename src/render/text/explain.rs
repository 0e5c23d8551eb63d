//! What `explain` shows.

use std::io;

use colored::Colorize;

use super::field;
use super::page::Page;
use super::registered;
use crate::codes::{Code, Range, accident, name_of};
use crate::registry::Use;
use crate::report::Explained;
use crate::rules::{self, Rule};
use crate::source::Source;
use crate::topic::{self, Topic};
use crate::words::{Case, capitalized, say};

/// Draws one topic.
pub(super) fn draw(explained: &Explained, page: &mut Page<'_>) -> io::Result<()> {
    let used_by = &explained.used_by;
    match &explained.topic {
        Topic::Code(code) => draw_code(code, used_by, page),
        Topic::Number(number, range) => {
            draw_range(range, (*number, *number), Some(*number), used_by, page)
        }
        Topic::Range(range, (from, to)) => draw_range(range, (*from, *to), None, used_by, page),
        Topic::Rule(rule) => draw_rule(rule, page),
        Topic::Entry(entry) => registered::draw_entry(entry, page),
        Topic::Registry(registry) => registered::draw_registry(registry, page),
        Topic::Implementation(implementation) => field::page(*implementation, page),
    }
}

fn draw_code(code: &Code, used_by: &[Use], page: &mut Page<'_>) -> io::Result<()> {
    title(&code.number.to_string(), code.name, page)?;
    page.paragraph(2, code.words.meaning)?;
    page.blank()?;
    let [high, low] = code.bytes();
    let on_wire = if code.on_wire {
        say!(
            "may stand in a Close frame: {high} {low}",
            high = format_args!("{high:02x}"),
            low = format_args!("{low:02x}")
        )
    } else {
        say!("never stands in a Close frame")
    };
    page.hanging(2, "wire", FACT, &on_wire)?;
    page.hanging(2, "sent by", FACT, &code.sent_by.to_string())?;
    page.hanging(2, "points to", FACT, &code.points_to.to_string())?;
    page.hanging(2, "reconnect", FACT, code.phrases.reconnect)?;
    page.hanging(2, "source", FACT, &Source::join(code.sources))?;
    if let Some(registered) = code.registered_as {
        page.hanging(
            2,
            "registered",
            FACT,
            &say!("as \"{registered}\"", registered),
        )?;
    }
    // Of an application's code the vendor says more than any general word; of a protocol code
    // it is the exception.
    let is_application = code.number >= 3000;
    if is_application {
        registered::used_by(used_by, Some(code.number), page)?;
    }
    cases(code.words.cases, page)?;
    field::notes(code.number, page)?;
    if !is_application {
        registered::used_by(used_by, Some(code.number), page)?;
    }
    let compare = code
        .related
        .iter()
        .map(|other| format!("wsclose compare {} {other}", code.number));
    let explain = rules::all()
        .filter(|rule| rule.closes_with == Some(code.number))
        .map(|rule| format!("wsclose explain {}", rule.id));
    let implementations = format!("wsclose explain {} --implementations", code.number);
    // The codes that a timer ends a connection with.
    let timers = matches!(code.number, 1001 | 1002 | 1006 | 1011)
        .then(|| format!("wsclose explain {} --after 60s", code.number));
    let explain = explain.take(3).chain([implementations]).chain(timers);
    see_also(compare.take(2).chain(explain), page)
}

/// The width of the names of facts.
pub(super) const FACT: usize = 10;

fn draw_range(
    range: &Range,
    (from, to): (u16, u16),
    number: Option<u16>,
    used_by: &[Use],
    page: &mut Page<'_>,
) -> io::Result<()> {
    let accident = number.and_then(|number| Some((number, accident(number)?)));
    let is_habit = topic::is_http_habit(from, to);
    let asked = number.map_or_else(|| format!("{from}-{to}"), |number| number.to_string());
    let id = range.id();
    if asked == id {
        title(&asked, range.name, page)?;
    } else {
        title(&asked, &format!("{} ({id})", range.name), page)?;
    }
    if let Some((number, accident)) = accident {
        page.paragraph(2, &format!("{}.", capitalized(&accident.explain(number))))?;
        page.blank()?;
    } else if is_habit {
        page.paragraph(
            2,
            "By a common habit these are the HTTP statuses 400 to 599 plus 4000 (4401 is 401 Unauthorized); no standard says so.",
        )?;
        page.blank()?;
    }
    page.paragraph(2, range.words.meaning)?;
    page.blank()?;
    let on_wire = match number {
        None => range.wire,
        Some(_) if range.on_wire => "may stand in a Close frame",
        Some(_) => "may not stand in a Close frame; a strict receiver answers with 1002",
    };
    page.hanging(2, "wire", FACT, on_wire)?;
    page.hanging(2, "source", FACT, &Source::join(range.sources))?;
    let named: Vec<String> = range.codes().map(|code| code.number.to_string()).collect();
    if !named.is_empty() {
        page.hanging(2, "named", FACT, &named.join(", "))?;
    }
    registered::used_by(used_by, number, page)?;
    cases(
        accident.map_or(range.cases(number), |(_, accident)| accident.cases()),
        page,
    )?;
    let Some(number) = number else { return Ok(()) };
    field::notes(number, page)?;
    see_also(
        [format!("wsclose explain {number} --implementations")].into_iter(),
        page,
    )
}

fn draw_rule(rule: &Rule, page: &mut Page<'_>) -> io::Result<()> {
    title(rule.id, rule.title, page)?;
    page.paragraph(2, rule.words.meaning)?;
    page.blank()?;
    let closes = match rule.closes_with {
        Some(code) => say!(
            "a strict receiver closes with {code} {name}",
            code,
            name = name_of(code)
        ),
        None => say!("no code is sent for it"),
    };
    page.hanging(2, "answer", FACT, &closes)?;
    page.hanging(2, "source", FACT, &Source::join(rule.sources))?;
    page.hanging(2, "try it", FACT, &rule.example.command())?;
    cases(rule.words.cases, page)?;
    let explain = rule
        .closes_with
        .map(|code| format!("wsclose explain {code}"));
    see_also(explain.into_iter(), page)
}

pub(super) fn title(id: &str, name: &str, page: &mut Page<'_>) -> io::Result<()> {
    page.line(&format!("{}  {}", id.bold().cyan(), name.bold()))?;
    page.blank()
}

pub(super) fn cases(cases: &[Case], page: &mut Page<'_>) -> io::Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading("When you see it")?;
    page.numbered(cases.iter().map(|case| case.cause))?;
    page.blank()?;
    page.heading("How to fix it")?;
    page.numbered(cases.iter().map(|case| case.fix))
}

pub(super) fn see_also(
    commands: impl Iterator<Item = String>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let commands: Vec<String> = commands.collect();
    if commands.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading("See also")?;
    for command in commands {
        page.line(&format!("  {command}"))?;
    }
    Ok(())
}
