//! What `explain` shows.

use std::io;

use colored::Colorize;

use super::field;
use super::intermediary;
use super::page::{Page, columns};
use super::registered;
use crate::facts::causes::CauseRow;
use crate::facts::codes::{Code, Range, accident, name_of};
use crate::facts::source::Source;
use crate::report::{Explained, User};
use crate::rules::{self, Rule};
use crate::topic::{self, Topic};
use crate::words::{Advice, Message, Say, Text, Value, say, text};

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
        Topic::Cause(cause) => draw_cause(cause, page),
        Topic::Intermediary(intermediary) => intermediary::draw(intermediary, page),
    }
}

fn draw_code(code: &Code, used_by: &[User], page: &mut Page<'_>) -> io::Result<()> {
    registered_title(code, page)?;
    meaning(code.words.meaning, page)?;
    let [high, low] = code.bytes();
    let on_wire = if code.on_wire {
        say!(
            wire.may_stand_as,
            high = Value::Byte(high),
            low = Value::Byte(low)
        )
    } else {
        say!(wire.never)
    };
    fact(text!(fact.wire), &on_wire, page)?;
    fact(text!(fact.sent_by), &code.sent_by.words(), page)?;
    fact(text!(fact.points_to), &code.points_to.words(), page)?;
    fact(text!(fact.reconnect), &code.phrases.reconnect, page)?;
    fact(text!(fact.source), &Source::join(code.sources), page)?;
    if let Some(registered) = code.registered_as {
        let registered = say!(explain.registered_as, registered);
        fact(text!(fact.registered), &registered, page)?;
    }
    // Of an application's code the vendor says more than any general word; of a protocol code
    // it is the exception.
    let is_application = code.number >= 3000;
    if is_application {
        registered::used_by(used_by, Some(code.number), page)?;
    }
    advice(code.words.advice, page)?;
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

/// The number and the registered name of a code, with what that says in another language than its own.
fn registered_title(code: &Code, page: &mut Page<'_>) -> io::Result<()> {
    let number = code.number.to_string();
    if page.has_tables() {
        page.title(&number, &Text::Given(code.name))?;
        return page.strong(&Message::from(code.phrases.gist).begun());
    }
    if page.voice().id == "en" {
        return title(&number, &Text::Given(code.name), page);
    }
    let gist = page.words(code.phrases.gist);
    let width = columns(&number) + columns(code.name) + columns(&gist) + 5;
    let head = format!("{}  {}", number.bold().cyan(), code.name.bold());
    if width <= page.width() {
        page.line(&format!("{head} · {gist}"))?;
    } else {
        page.line(&head)?;
        page.paragraph(2, &gist)?;
    }
    page.blank()
}

/// The names of facts.
const FACTS: [Text; 14] = [
    text!(fact.wire),
    text!(fact.sent_by),
    text!(fact.points_to),
    text!(fact.reconnect),
    text!(fact.source),
    text!(fact.registered),
    text!(fact.named),
    text!(fact.answer),
    text!(fact.try_it),
    text!(fact.protocol),
    text!(fact.checked),
    text!(fact.also),
    text!(fact.codes),
    text!(fact.code),
];

/// The width of the longest of them and a space, so that all facts begin below each other and none
/// runs into its name.
pub(super) fn fact_width(page: &Page<'_>) -> usize {
    let widths = FACTS.iter().map(|label| columns(&page.words(label)));
    widths.max().unwrap_or(0) + 1
}

/// A fact behind its name, which is one of [`FACTS`].
pub(super) fn fact(label: Text, says: &(impl Say + ?Sized), page: &mut Page<'_>) -> io::Result<()> {
    debug_assert!(FACTS.contains(&label), "{label}");
    let width = fact_width(page);
    page.hanging(2, &page.words(label), width, says)
}

/// What a topic means, under its heading, and an empty line.
pub(super) fn meaning(meaning: Text, page: &mut Page<'_>) -> io::Result<()> {
    page.heading(&say!(heading.description))?;
    page.paragraph(2, &meaning)?;
    page.blank()
}

fn draw_range(
    range: &Range,
    (from, to): (u16, u16),
    number: Option<u16>,
    used_by: &[User],
    page: &mut Page<'_>,
) -> io::Result<()> {
    let accident = number.and_then(|number| Some((number, accident(number)?)));
    let is_habit = topic::is_http_habit(from, to);
    let asked = number.map_or_else(|| format!("{from}-{to}"), |number| number.to_string());
    let id = range.id();
    if asked == id {
        title(&asked, &range.name, page)?;
    } else {
        let name = page.words(range.name);
        title(&asked, &format!("{name} ({id})"), page)?;
    }
    page.heading(&say!(heading.description))?;
    if let Some((number, accident)) = accident {
        page.paragraph(2, &accident.explain(number).sentence())?;
        page.blank()?;
    } else if is_habit {
        page.paragraph(2, &say!(explain.http_habit))?;
        page.blank()?;
    }
    page.paragraph(2, &range.words.meaning)?;
    page.blank()?;
    let on_wire = match number {
        None => range.wire,
        Some(_) if range.on_wire => text!(wire.may_stand),
        Some(_) => text!(wire.may_not_stand),
    };
    fact(text!(fact.wire), &on_wire, page)?;
    fact(text!(fact.source), &Source::join(range.sources), page)?;
    let named: Vec<String> = range.codes().map(|code| code.number.to_string()).collect();
    if !named.is_empty() {
        fact(text!(fact.named), &named.join(", "), page)?;
    }
    registered::used_by(used_by, number, page)?;
    match accident {
        Some((_, accident)) => advice(accident.advice(), page)?,
        None => advice(range.advice(number), page)?,
    }
    let Some(number) = number else { return Ok(()) };
    field::notes(number, page)?;
    see_also(
        [format!("wsclose explain {number} --implementations")].into_iter(),
        page,
    )
}

fn draw_rule(rule: &Rule, page: &mut Page<'_>) -> io::Result<()> {
    title(rule.id, &rule.title, page)?;
    meaning(rule.words.meaning, page)?;
    let closes = match rule.closes_with {
        Some(code) => say!(close.strict_receiver_closes, code, name = name_of(code)),
        None => say!(explain.no_code_sent),
    };
    fact(text!(fact.answer), &closes, page)?;
    fact(text!(fact.source), &Source::join(rule.sources), page)?;
    fact(text!(fact.try_it), &rule.example.command(), page)?;
    advice(rule.words.advice, page)?;
    let explain = rule
        .closes_with
        .map(|code| format!("wsclose explain {code}"));
    see_also(explain.into_iter(), page)
}

fn draw_cause(cause: &'static CauseRow, page: &mut Page<'_>) -> io::Result<()> {
    title(cause.id, &cause.title, page)?;
    if let Some(said) = cause.meaning {
        meaning(said, page)?;
    }
    if let Some(source) = cause.source {
        fact(text!(fact.source), &source.message(), page)?;
    }
    advice(cause.advice, page)
}

pub(super) fn title(id: &str, name: &impl Say, page: &mut Page<'_>) -> io::Result<()> {
    page.title(id, name)
}

/// When it is seen, and what to do then.
pub(super) fn advice(
    advice: impl IntoIterator<Item = &'static Advice>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let advice: Vec<&Advice> = advice.into_iter().collect();
    if advice.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!(heading.causes))?;
    page.numbered(advice.iter().map(|advice| advice.cause))?;
    page.blank()?;
    page.heading(&say!(heading.fixes))?;
    page.numbered(advice.iter().map(|advice| advice.fix))
}

/// What to check, with what to do then below it; no heading without advice.
pub(super) fn checks(
    advice: impl IntoIterator<Item = &'static Advice>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, advice) in advice.into_iter().enumerate() {
        if index == 0 {
            page.heading(&say!(heading.checks))?;
        }
        page.hanging(2, &format!("{}.", index + 1), 2, &advice.cause)?;
        page.hanging(5, "→", 1, &advice.fix)?;
    }
    Ok(())
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
    page.heading(&say!(heading.see_also))?;
    for command in commands {
        page.command(&command)?;
    }
    Ok(())
}
