//! What `explain` shows.

use std::io;

use colored::Colorize;

use super::field;
use super::intermediary;
use super::page::{FIX, Page, WHO};
use super::protocol::draw_protocol;
use super::registered;
use super::wrap::columns;
use crate::facts::causes::CauseRow;
use crate::facts::codes::{Code, Range, accident, name_of};
use crate::facts::intermediaries;
use crate::facts::source::Source;
use crate::report::{Explained, User};
use crate::rules::{self, Rule};
use crate::topic::{self, Topic};
use crate::words::{Advice, Message, Say, Setting, Text, Value, all_of, say, text};

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
        Topic::Protocol(protocol) => draw_protocol(protocol, page),
    }
}

fn draw_code(code: &'static Code, used_by: &[User], page: &mut Page<'_>) -> io::Result<()> {
    let topic = Topic::Code(code);
    let above = coded_title(code, page)?;
    first_lines(above, &topic, page)?;
    situations(&topic, page)?;
    page.blank()?;
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
    advice(&topic.advice(), page)?;
    field::exceeded(code.number, page)?;
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

/// The number and the name of a code, and what it says, on one line where there is room.
fn coded_title(code: &Code, page: &mut Page<'_>) -> io::Result<usize> {
    let number = code.number.to_string();
    if page.has_tables() {
        page.title(&number, &Text::Given(code.name))?;
        page.strong(&Message::from(code.phrases.gist).begun())?;
        return Ok(2);
    }
    let gist = page.words(code.phrases.gist);
    let width = columns(&number) + columns(code.name) + columns(&gist) + 5;
    let head = format!("{}  {}", number.bold().cyan(), code.name.bold());
    if width <= page.width() {
        page.line(&format!("{head} · {gist}"))?;
        Ok(1)
    } else {
        page.line(&head)?;
        page.paragraph(2, &gist)?;
        Ok(1 + height(&gist, 2, page))
    }
}

/// So many lines are read by a hurried person: what happened, whose fault it points to, what to do first.
const FIRST_LINES: usize = 5;

/// Where the fault is and what to do first, below so many lines of a title.
pub(super) fn first_lines(above: usize, topic: &Topic, page: &mut Page<'_>) -> io::Result<()> {
    let mut above = above;
    let width = fact_width(page);
    if let Some(points_to) = topic.points_to() {
        let label = page.words(text!(fact.points_to));
        page.marked(WHO, 2, &label, width, &points_to.words())?;
        above += height(&points_to.words(), 3 + width, page);
    }
    match topic.first() {
        Some(first) => page.marked(FIX, 2, &page.words(text!(fact.do_first)), width, &first),
        None => opening(above, &topic.advice(), page),
    }
}

/// Causes and fixes below so many lines. Where the first fix would begin too late, it stands before its cause.
fn opening(above: usize, advice: &[&'static Advice], page: &mut Page<'_>) -> io::Result<()> {
    let width = mark_width(advice.len());
    let Some((first, others)) = advice.split_first() else {
        return Ok(());
    };
    first_pair(above, width, first, page)?;
    for (index, other) in others.iter().enumerate() {
        pair(index + 2, width, other, page)?;
    }
    Ok(())
}

/// The likeliest cause and its fix below so many lines: the fix comes first where it would begin too late.
pub(super) fn first_pair(
    above: usize,
    width: usize,
    advice: &Advice,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let cause = height(&advice.cause, 3 + width, page);
    let told = usize::from(advice.points_to.is_some());
    if above + cause + told < FIRST_LINES {
        return pair(1, width, advice, page);
    }
    points_to(2, advice, page)?;
    page.marked(FIX, 2, "→", 1, &advice.fix)?;
    said_pair(width, advice, page)
}

/// The likeliest cause where its fix was said above.
pub(super) fn said_pair(width: usize, advice: &Advice, page: &mut Page<'_>) -> io::Result<()> {
    page.hanging(2, "1.", width, &advice.cause)?;
    page.marked(FIX, 3 + width, "→", 1, &text!(advice.above))?;
    settings(advice.setting, 5 + width, page)
}

/// The lines that a text takes behind so many columns.
pub(super) fn height(says: &impl Say, behind: usize, page: &Page<'_>) -> usize {
    let width = page.prose_width().saturating_sub(behind);
    page.folded(says, width).len()
}

/// A choice of everyday situations, each with where to go on from there.
fn situations(topic: &Topic, page: &mut Page<'_>) -> io::Result<()> {
    let all = topic.situations();
    if all.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!(heading.situations))?;
    for it in all {
        let (when, means) = (it.when, it.means);
        let n = Value::Plain(it.advice as i64 + 1);
        page.hanging(2, "·", 1, &say!(advice.situation, when, means, n))?;
        for command in it.commands {
            if page.has_tables() {
                page.command(command)?;
            } else {
                let arrow = "→".color(FIX).bold();
                page.line(&format!("    {arrow} {command}"))?;
            }
        }
    }
    Ok(())
}

/// The names of facts.
const FACTS: [Text; 15] = [
    text!(fact.wire),
    text!(fact.sent_by),
    text!(fact.points_to),
    text!(fact.do_first),
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
    range: &'static Range,
    (from, to): (u16, u16),
    number: Option<u16>,
    used_by: &[User],
    page: &mut Page<'_>,
) -> io::Result<()> {
    let accident = number.and_then(|number| Some((number, accident(number)?)));
    let is_habit = topic::is_http_habit(from, to);
    let asked = number.map_or_else(|| format!("{from}-{to}"), |number| number.to_string());
    let id = range.id();
    let above = if asked == id {
        title(&asked, &range.name, page)?
    } else {
        let name = page.words(range.name);
        title(&asked, &format!("{name} ({id})"), page)?
    };
    let topic = match number {
        Some(number) => Topic::Number(number, range),
        None => Topic::Range(range, (from, to)),
    };
    first_lines(above, &topic, page)?;
    page.blank()?;
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
    // How a number came about stands above.
    if accident.is_none() {
        advice(&topic.advice(), page)?;
    }
    let Some(number) = number else { return Ok(()) };
    field::notes(number, page)?;
    see_also(
        [format!("wsclose explain {number} --implementations")].into_iter(),
        page,
    )
}

fn draw_rule(rule: &'static Rule, page: &mut Page<'_>) -> io::Result<()> {
    let above = title(rule.id, &rule.title, page)?;
    first_lines(above, &Topic::Rule(rule), page)?;
    page.blank()?;
    meaning(rule.words.meaning, page)?;
    let closes = match rule.closes_with {
        Some(code) => say!(close.strict_receiver_closes, code, name = name_of(code)),
        None => say!(explain.no_code_sent),
    };
    fact(text!(fact.answer), &closes, page)?;
    fact(text!(fact.source), &Source::join(rule.sources), page)?;
    fact(text!(fact.try_it), &rule.example.command(), page)?;
    let explain = rule
        .closes_with
        .map(|code| format!("wsclose explain {code}"));
    see_also(explain.into_iter(), page)
}

fn draw_cause(cause: &'static CauseRow, page: &mut Page<'_>) -> io::Result<()> {
    let above = title(cause.id, &cause.title, page)?;
    first_lines(above, &Topic::Cause(cause), page)?;
    if let Some(said) = cause.meaning {
        page.blank()?;
        meaning(said, page)?;
    }
    match cause.source {
        Some(source) => fact(text!(fact.source), &source.message(), page),
        None => Ok(()),
    }
}

/// What one types and what that is called; so many lines it takes.
pub(super) fn title(id: &str, name: &impl Say, page: &mut Page<'_>) -> io::Result<usize> {
    /// A narrower column is harder to read than a line of its own.
    const NARROWEST: usize = 24;
    if page.has_tables() {
        page.title(id, name)?;
        return Ok(1);
    }
    let behind = columns(id) + 2;
    let room = page.prose_width().saturating_sub(behind);
    let words = page.words(name);
    if behind + columns(&words) <= page.width() {
        page.line(&format!("{}  {}", id.bold().cyan(), words.bold()))?;
        return Ok(1);
    }
    if room < NARROWEST {
        page.line(&id.bold().cyan().to_string())?;
        page.strong(name)?;
        return Ok(1 + height(name, 0, page));
    }
    let lines = page.folded(name, room);
    for (index, line) in lines.iter().enumerate() {
        let line = line.bold();
        match index {
            0 => page.line(&format!("{}  {line}", id.bold().cyan()))?,
            _ => page.line(&format!("{:behind$}{line}", ""))?,
        }
    }
    Ok(lines.len())
}

/// When it is seen, each time with what to do then, under its heading.
pub(super) fn advice(advice: &[&'static Advice], page: &mut Page<'_>) -> io::Result<()> {
    if advice.is_empty() {
        return Ok(());
    }
    page.blank()?;
    advice_heading(page)?;
    pairs(advice, page)
}

/// The heading of causes and fixes.
pub(super) fn advice_heading(page: &mut Page<'_>) -> io::Result<()> {
    page.heading(&causes_and_fixes())
}

/// What causes and fixes are headed with.
pub(super) fn causes_and_fixes() -> Message {
    let (causes, fixes) = (text!(heading.causes), text!(heading.fixes));
    say!(heading.causes_and_fixes, causes, fixes)
}

/// Causes, likeliest first, and below each what to do.
pub(super) fn pairs(advice: &[&'static Advice], page: &mut Page<'_>) -> io::Result<()> {
    let width = mark_width(advice.len());
    for (index, advice) in advice.iter().enumerate() {
        pair(index + 1, width, advice, page)?;
    }
    Ok(())
}

/// The width of the widest number before so many causes.
pub(super) fn mark_width(count: usize) -> usize {
    format!("{count}.").len()
}

/// A cause behind its number: where the fault is then, if it is not where the topic points; what to do,
/// and what to set where.
pub(super) fn pair(
    number: usize,
    width: usize,
    advice: &Advice,
    page: &mut Page<'_>,
) -> io::Result<()> {
    page.hanging(2, &format!("{number}."), width, &advice.cause)?;
    points_to(3 + width, advice, page)?;
    page.marked(FIX, 3 + width, "→", 1, &advice.fix)?;
    settings(advice.setting, 5 + width, page)
}

/// Where the fault is if a cause is the right one, if that is not where the topic points.
fn points_to(indent: usize, advice: &Advice, page: &mut Page<'_>) -> io::Result<()> {
    let Some(points_to) = advice.points_to else {
        return Ok(());
    };
    let label = format!("{}:", page.words(text!(fact.points_to)));
    page.marked(WHO, indent, &label, columns(&label), &points_to.words())
}

/// What to write at each proxy, and what a page can do that cannot ping.
fn settings(of: Option<Setting>, indent: usize, page: &mut Page<'_>) -> io::Result<()> {
    let Some(of) = of else { return Ok(()) };
    let label = page.words(text!(advice.page_label));
    let ids = intermediaries::settings(of).map(|(it, _)| columns(it.id));
    let widest = ids.max().unwrap_or(0).max(columns(&label));
    for (it, line) in intermediaries::settings(of) {
        page.hanging(indent, it.id, widest + 1, line)?;
    }
    match of {
        Setting::Idle => page.hanging(indent, &label, widest + 1, &text!(advice.page)),
        Setting::Upgrade => {
            let open = intermediaries::open().map(|it| Value::from(it.id));
            page.paragraph(indent, &say!(advice.open, names = all_of(open)))
        }
    }
}

/// What to check, with what to do then below it; no heading without advice.
pub(super) fn checks(advice: &[&'static Advice], page: &mut Page<'_>) -> io::Result<()> {
    if !advice.is_empty() {
        page.heading(&say!(heading.checks))?;
    }
    pairs(advice, page)
}

/// The same below an answer that gave the first fix already.
pub(super) fn further_checks(advice: &[&'static Advice], page: &mut Page<'_>) -> io::Result<()> {
    let Some((first, others)) = advice.split_first() else {
        return Ok(());
    };
    let width = mark_width(advice.len());
    page.heading(&say!(heading.checks))?;
    said_pair(width, first, page)?;
    for (index, advice) in others.iter().enumerate() {
        pair(index + 2, width, advice, page)?;
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
