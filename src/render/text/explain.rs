//! What `explain` shows.

use std::io;

use colored::Colorize;

use super::field;
use super::page::{Page, columns};
use super::registered;
use crate::codes::{Code, Range, accident, name_of};
use crate::registry::Use;
use crate::report::Explained;
use crate::rules::{self, Rule};
use crate::source::Source;
use crate::topic::{self, Topic};
use crate::words::{Case, Language, say, sentence, spoken, translated, word};

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
    registered_title(code, page)?;
    meaning(translated(code.words.meaning), page)?;
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
    fact("wire", &on_wire, page)?;
    fact("sent by", &code.sent_by.to_string(), page)?;
    fact("points to", &code.points_to.to_string(), page)?;
    fact("reconnect", translated(code.phrases.reconnect), page)?;
    fact("source", &Source::join(code.sources), page)?;
    if let Some(registered) = code.registered_as {
        let registered = say!("as \"{registered}\"", registered);
        fact("registered", &registered, page)?;
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

/// The number and the registered name of a code, with what that says in another language than its own.
fn registered_title(code: &Code, page: &mut Page<'_>) -> io::Result<()> {
    let number = code.number.to_string();
    if spoken() == Language::English {
        return title(&number, code.name, page);
    }
    let gist = translated(code.phrases.gist);
    let width = columns(&number) + columns(code.name) + columns(gist) + 5;
    let head = format!("{}  {}", number.bold().cyan(), code.name.bold());
    if width <= page.width() {
        page.line(&format!("{head} · {gist}"))?;
    } else {
        page.line(&head)?;
        page.paragraph(2, gist)?;
    }
    page.blank()
}

/// The names of facts, in English.
const FACTS: [&str; 14] = [
    word!("wire"),
    word!("sent by"),
    word!("points to"),
    word!("reconnect"),
    word!("source"),
    word!("registered"),
    word!("named"),
    word!("answer"),
    word!("try it"),
    word!("protocol"),
    word!("checked"),
    word!("also"),
    word!("codes"),
    word!("code"),
];

/// The width of the longest of them and a space, so that all facts begin below each other and none
/// runs into its name.
pub(super) fn fact_width() -> usize {
    let widths = FACTS.iter().map(|label| columns(translated(label)));
    widths.max().unwrap_or(0) + 1
}

/// A fact behind its name, which is one of [`FACTS`].
pub(super) fn fact(label: &'static str, says: &str, page: &mut Page<'_>) -> io::Result<()> {
    debug_assert!(FACTS.contains(&label), "{label}");
    page.hanging(2, translated(label), fact_width(), says)
}

/// What a topic means, under its heading, and an empty line.
pub(super) fn meaning(meaning: &str, page: &mut Page<'_>) -> io::Result<()> {
    page.heading(&say!("Description"))?;
    page.paragraph(2, meaning)?;
    page.blank()
}

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
        title(&asked, translated(range.name), page)?;
    } else {
        title(&asked, &format!("{} ({id})", translated(range.name)), page)?;
    }
    page.heading(&say!("Description"))?;
    if let Some((number, accident)) = accident {
        page.paragraph(2, &sentence(&accident.explain(number)))?;
        page.blank()?;
    } else if is_habit {
        page.paragraph(2, &say!("By a common habit these are the HTTP statuses 400 to 599 plus 4000 (4401 is 401 Unauthorized); no standard says so."))?;
        page.blank()?;
    }
    page.paragraph(2, translated(range.words.meaning))?;
    page.blank()?;
    let on_wire = translated(match number {
        None => range.wire,
        Some(_) if range.on_wire => word!("may stand in a Close frame"),
        Some(_) => word!("may not stand in a Close frame; a strict receiver answers with 1002"),
    });
    fact("wire", on_wire, page)?;
    fact("source", &Source::join(range.sources), page)?;
    let named: Vec<String> = range.codes().map(|code| code.number.to_string()).collect();
    if !named.is_empty() {
        fact("named", &named.join(", "), page)?;
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
    title(rule.id, translated(rule.title), page)?;
    meaning(translated(rule.words.meaning), page)?;
    let closes = match rule.closes_with {
        Some(code) => say!(
            "a strict receiver closes with {code} {name}",
            code,
            name = translated(name_of(code))
        ),
        None => say!("no code is sent for it"),
    };
    fact("answer", &closes, page)?;
    fact("source", &Source::join(rule.sources), page)?;
    fact("try it", &rule.example.command(), page)?;
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
    cases_in(cases, translated, page)
}

/// When it is seen and what to do then, in the words that `said` makes of ours: a vendor's stay as
/// they are.
pub(super) fn cases_in(
    cases: &[Case],
    said: fn(&'static str) -> &'static str,
    page: &mut Page<'_>,
) -> io::Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!("When you see it"))?;
    page.numbered(cases.iter().map(|case| said(case.cause)))?;
    page.blank()?;
    page.heading(&say!("How to fix it"))?;
    page.numbered(cases.iter().map(|case| said(case.fix)))
}

/// What to check, with what to do then below it; no heading without a case.
pub(super) fn checks<'c>(
    cases: impl IntoIterator<Item = &'c Case>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, case) in cases.into_iter().enumerate() {
        if index == 0 {
            page.heading(&say!("What to check"))?;
        }
        page.hanging(2, &format!("{}.", index + 1), 2, translated(case.cause))?;
        page.hanging(5, "→", 1, translated(case.fix))?;
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
    page.heading(&say!("See also"))?;
    for command in commands {
        page.line(&format!("  {command}"))?;
    }
    Ok(())
}
