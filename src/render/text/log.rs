//! What `explain` shows of a log line, and what `scan-log` shows.
//!
//! ```
//! use wsclose::explain::explain_line;
//! use wsclose::facts::registry::Registries;
//! use wsclose::logline::read;
//! use wsclose::render::text::{Page, log};
//! use wsclose::words::ENGLISH;
//!
//! let text = "websocket: close 1001 (going away)";
//! let registries = Registries::default();
//! let reading = read(text).unwrap();
//! let explanation = explain_line(&reading, registries);
//! let mut out = Vec::new();
//! let mut page = Page::new(&mut out, 80, &ENGLISH);
//! log::line(text, &reading, &explanation, registries, &mut page)?;
//! assert!(String::from_utf8(out)?.starts_with("1001  Going Away"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io;
use std::time::Duration;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::explain::{advice_heading, height, mark_width, pair, said_pair, see_also};
use super::page::{FIX, Page, WHO};
use super::quote::quote;
use crate::escape::escape;
use crate::explain::{ExplainedGroup, Explanation};
use crate::facts::codes::name_of;
use crate::facts::lines::Way;
use crate::facts::registry::{Entry, Registries};
use crate::logline::scan::{Bar, Certainty, Doubt, Findings, Group};
use crate::logline::{Reading, ReportedClose, Subject};
use crate::words::{Message, Text, Value, dotted, either, named, say, text};

/// The width of the names of facts, where none is wider.
const FACT: usize = 10;

/// The names of facts, and the facts.
type Facts = Vec<(Text, Message)>;

/// Draws a text, taken apart and explained: what it means with what to do first, what else fits, the person's
/// own words with what was read in them, and then the particulars.
///
/// # Errors
///
/// When writing fails.
pub fn line(
    text: &str,
    reading: &Reading,
    explanation: &Explanation,
    registries: Registries,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let id = id(explanation.entry, reading.subject());
    let title = page.words(Message::from(explanation.title).begun());
    page.entry(&id, &title)?;
    let is_said = answer(explanation, page)?;
    page.blank()?;
    let mut statements = explanation.statements.iter().skip(usize::from(is_said));
    let mut is_below = false;
    for statement in &mut statements {
        is_below = true;
        page.paragraph(2, statement)?;
    }
    let width = mark_width(explanation.advice.len());
    for (index, advice) in explanation.advice.iter().enumerate() {
        if index == 0 {
            if is_below {
                page.blank()?;
            }
            advice_heading(page)?;
            is_below = true;
        }
        // What to do about the first cause stands above.
        match (index, explanation.first) {
            (0, None) => said_pair(width, advice, page)?,
            _ => pair(index + 1, width, advice, page)?,
        }
    }
    if is_below {
        page.blank()?;
    }
    quote(text, &reading.clues, page)?;
    let read_by = match (reading.shape, reading.producer) {
        (Some(shape), _) => say!(line.read_by_shape, producer = shape.producer.name),
        (None, Some(producer)) => say!(line.read_by_clues_of, producer = producer.name),
        (None, None) => say!(line.read_by_clues),
    };
    page.aside(0, &read_by)?;
    page.blank()?;
    let mut known: Facts = vec![(text!(fact.written_by), reading.producer_name().into())];
    let closes = reading.close.iter().chain(&reading.answer);
    for close in closes.chain(&reading.others) {
        known.push((way(close.way), close_words(close, reading, registries)));
    }
    if let Some(status) = reading.status.filter(|status| *status != 101) {
        known.push((text!(fact.status), given(status.to_string())));
    }
    if let Some(source) = explanation.source {
        known.push((text!(fact.source), source.message()));
    }
    facts(&known, page)?;
    if !explanation.notes.is_empty() {
        page.blank()?;
    }
    for note in &explanation.notes {
        page.paragraph(2, note)?;
    }
    let commands = explanation.see_also.iter();
    see_also(
        commands.map(|topic| format!("wsclose explain {topic}")),
        page,
    )
}

/// Whose fault it points to and what to do first, below the title. Whether the first statement was said for it.
fn answer(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<bool> {
    let first = explanation.advice.first().map(|advice| advice.fix);
    let do_first = explanation.first.or(first);
    let labels = [text!(fact.points_to), text!(fact.do_first)].map(|label| page.words(label));
    let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0) + 1;
    let [points_to, label] = &labels;
    let do_first = |page: &mut Page<'_>| match do_first {
        Some(said) => page.marked(FIX, 2, label, widest, &said),
        None => Ok(()),
    };
    if let Some(known) = explanation.points_to {
        page.marked(WHO, 2, points_to, widest, &known.words())?;
        do_first(page)?;
        return Ok(false);
    }
    // The first statement says it. Of a long one what to do comes before it.
    let Some(statement) = explanation.statements.first() else {
        do_first(page)?;
        return Ok(false);
    };
    if height(statement, 2, page) > 3 {
        do_first(page)?;
        page.paragraph(2, statement)?;
    } else {
        page.paragraph(2, statement)?;
        do_first(page)?;
    }
    Ok(true)
}

/// What a line is about, as one types it.
fn id(entry: Option<Entry>, subject: Subject) -> String {
    match (entry, subject) {
        (Some(entry), _) => entry.id(),
        (None, Subject::Code(code)) => code.to_string(),
        (None, Subject::Rule(rule)) => rule.to_owned(),
        (None, Subject::Cause(cause)) => cause.id().to_owned(),
    }
}

/// A text from outside as a message.
fn given(text: String) -> Message {
    Message::new(Text::Given("{text}"), vec![("text", text.into())])
}

/// Draws facts below each other, behind their names.
fn facts(facts: &[(Text, Message)], page: &mut Page<'_>) -> io::Result<()> {
    let widths = facts.iter().map(|(name, _)| page.words(name).width());
    let width = widths.fold(FACT, usize::max) + 1;
    for (name, says) in facts {
        page.hanging(2, &page.words(name), width, says)?;
    }
    Ok(())
}

/// Which way a Close went, in a word.
fn way(way: Way) -> Text {
    match way {
        Way::Received => text!(way.received),
        Way::Sent => text!(way.sent),
        Way::Reported => text!(way.reported),
    }
}

/// A Close with its code, its name, who sent it and its reason.
fn close_words(close: &ReportedClose, reading: &Reading, registries: Registries) -> Message {
    let entry = reading.entry_of(close, registries);
    let name = entry.map_or(name_of(close.code), |entry| Text::Given(entry.row.name));
    let values = vec![("code", Value::from(close.code)), ("name", name.into())];
    let code = Message::new(Text::Given("{code} {name}"), values);
    let from = match reading.sent_by(close.way) {
        Some(end) => say!(line.sent_by_end, code, end),
        None => code,
    };
    if close.reason.is_empty() {
        return from;
    }
    named(from, format!("\"{}\"", escape(&close.reason)))
}

/// Draws what a log says: the counts, the certain closes, then those that are probable.
///
/// # Errors
///
/// When writing fails.
pub fn scanned(
    findings: &Findings,
    explained: &[ExplainedGroup],
    with_unread: bool,
    page: &mut Page<'_>,
) -> io::Result<()> {
    counts(findings, page)?;
    let mut is_certain = true;
    for (group, explained) in findings.groups.iter().zip(explained) {
        page.blank()?;
        if is_certain && group.certainty == Certainty::Probable {
            is_certain = false;
            page.heading(&say!(heading.probable))?;
            page.blank()?;
        }
        self::group(group, explained, page)?;
    }
    let unread = findings.unread_lines.iter().chain(&findings.nameless_lines);
    let mut unread = unread.filter(|_| with_unread).peekable();
    if unread.peek().is_some() {
        page.blank()?;
        page.heading(&say!(heading.unread))?;
    }
    for unread in unread {
        let mark = format!("{} ×", page.voice().thousands(unread.count));
        let place = place(unread.file.as_deref(), unread.at);
        let line = format!("{}  {}", page.words(place), escape(&unread.line));
        page.hanging(2, &mark, mark.width(), &line)?;
    }
    notes(findings, with_unread, page)
}

/// What was not counted, and why.
fn notes(findings: &Findings, with_unread: bool, page: &mut Page<'_>) -> io::Result<()> {
    let has_notes = [
        findings.overflow,
        findings.cut,
        findings.unread,
        findings.nameless,
        findings.untimed,
    ];
    if has_notes.iter().any(|count| *count > 0) {
        page.blank()?;
    }
    if findings.overflow > 0 {
        let further = say!(log.overflow, n = Value::Number(findings.overflow));
        page.paragraph(0, &further)?;
    }
    if findings.cut > 0 {
        let cut = say!(log.cut, n = Value::Number(findings.cut));
        page.paragraph(0, &cut)?;
    }
    if findings.untimed > 0 {
        let untimed = say!(log.untimed, n = Value::Number(findings.untimed));
        page.paragraph(0, &untimed)?;
    }
    if findings.unread > 0 {
        let unread = if with_unread {
            say!(log.unread_shown, n = Value::Number(findings.unread))
        } else {
            say!(log.unread, n = Value::Number(findings.unread))
        };
        page.paragraph(0, &unread)?;
    }
    if findings.nameless > 0 {
        let nameless = if with_unread {
            say!(log.nameless_shown, n = Value::Number(findings.nameless))
        } else {
            say!(log.nameless, n = Value::Number(findings.nameless))
        };
        page.paragraph(0, &nameless)?;
    }
    Ok(())
}

/// The counts in one line: how much was read, from when to when, and what was found.
fn counts(findings: &Findings, page: &mut Page<'_>) -> io::Result<()> {
    let mut parts = Vec::new();
    if let (Some(from), Some(to)) = (&findings.from, &findings.to) {
        if from != to {
            let (from, to) = (from.text.as_str(), to.text.as_str());
            parts.push(say!(log.span, from, to));
        }
    }
    parts.push(say!(count.lines, n = Value::Number(findings.lines)));
    parts.push(say!(count.closes, n = Value::Number(findings.closes)));
    if findings.probable > 0 {
        parts.push(say!(count.probable, n = Value::Number(findings.probable)));
    }
    let kinds = findings.groups.len() as u64;
    parts.push(say!(count.kinds, n = Value::Number(kinds)));
    page.remark(&page.words(dotted(parts)))
}

/// Draws a kind of close that was not seen before, while a log is followed.
///
/// # Errors
///
/// When writing fails.
pub fn appeared(group: &Group, explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    let place = place(group.file.as_deref(), group.line);
    let what = what(group, explanation, page);
    let line = say!(log.new, what);
    page.remark(&format!("{}  {}", page.words(line), page.words(place)))?;
    page.hanging(2, "", 0, &escape(&group.example))
}

/// Where a line stands: `app.log:17`, or `line 17` of standard input.
fn place(file: Option<&str>, line: u64) -> Message {
    match file {
        Some(file) => given(format!("{}:{line}", escape(file))),
        None => say!(log.line, line),
    }
}

/// The id of a kind of close, and its name or what happened.
fn what(group: &Group, explanation: &Explanation, page: &Page<'_>) -> String {
    let reading = &group.reading;
    let id = id(explanation.entry, reading.subject()).bold().cyan();
    let name = match (explanation.entry, reading.subject()) {
        (Some(entry), _) => Some(Text::Given(entry.row.name)),
        (None, Subject::Code(code)) => Some(name_of(code)),
        (None, _) => None,
    };
    match name {
        Some(name) => format!("{id}  {}", page.words(name).bold()),
        None => id.to_string(),
    }
}

fn group(group: &Group, explained: &ExplainedGroup, page: &mut Page<'_>) -> io::Result<()> {
    let what = what(group, &explained.explanation, page);
    let number = format!("{} ×", page.voice().thousands(group.count));
    page.topic(0, &format!("{}  {what}", number.bold()))?;
    facts(&group_facts(group, explained), page)
}

/// Where the first stands, and how it reads; what is uncertain about it.
fn group_place(group: &Group, known: &mut Facts) {
    let place = place(group.file.as_deref(), group.line);
    known.push((text!(fact.at), place));
    let example = given(format!("\"{}\"", escape(&group.example)));
    known.push((text!(fact.example), example));
    let doubts = group.doubts.iter().map(|doubt| match doubt {
        Doubt::NoWebsocket => text!(log.no_websocket),
        Doubt::NoCode => text!(log.no_code),
        Doubt::WeakCode => text!(log.weak_code),
    });
    let doubts: Vec<Value> = doubts.map(Value::from).collect();
    if !doubts.is_empty() {
        let doubts = vec![("doubts", Value::List(doubts, "; "))];
        let doubts = Message::new(Text::Given("{doubts}"), doubts);
        known.push((text!(fact.uncertain), doubts));
    }
}

/// When they ended: how old they were, how long they had been silent, which timer fits, how many at once.
fn group_rhythm(group: &Group, explained: &ExplainedGroup, known: &mut Facts) {
    let rhythm = &group.rhythm;
    for (name, bars) in [
        (text!(fact.lasted), rhythm.lasted()),
        (text!(fact.silent), rhythm.paused()),
    ] {
        if let Some(bars) = histogram(&bars) {
            known.push((name, bars));
        }
    }
    if let Some(peak) = explained.peak {
        let (count, of) = (peak.count, peak.of);
        let (at, spread) = (
            Value::Seconds(peak.at.as_secs_f64()),
            // Rounded up, so that it is not said to be more exact than it is.
            Value::Time(Duration::from_millis(
                u64::try_from(peak.spread.as_millis().div_ceil(100) * 100).unwrap_or(u64::MAX),
            )),
        );
        let told = match peak.is_pause {
            true => say!(log.ended_after_message, count, of, at, spread),
            false => say!(log.ended_after_opening, count, of, at, spread),
        };
        let timers = explained.timers.iter().map(|timer| match timer.setting {
            None => Value::from(timer.who),
            Some(setting) => say!(ending.timer_with_setting, who = timer.who, setting).into(),
        });
        let timers: Vec<Value> = timers.collect();
        let told = match timers.is_empty() {
            true => told,
            false => say!(log.timers_fit, peak = told, timers = either(timers)),
        };
        known.push((text!(fact.timer), told));
    }
    if let Some(burst) = rhythm.bursts().first() {
        let took = Value::Seconds(burst.took.as_secs_f64());
        let at = burst.at.text.as_str();
        let burst = say!(log.burst, n = Value::Number(burst.count), took, at);
        known.push((text!(fact.burst), burst));
    }
}

/// A histogram in one line; `None` where nothing is counted.
fn histogram(bars: &[Bar]) -> Option<Message> {
    const SIGNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = bars
        .iter()
        .map(|bar| bar.count)
        .max()
        .filter(|most| *most > 0)?;
    let drawn = bars.iter().map(|bar| {
        let height = (bar.count * 7).div_ceil(most);
        SIGNS
            .get(usize::try_from(height).unwrap_or(7))
            .unwrap_or(&'█')
    });
    let bars_drawn: String = drawn.collect();
    let n = Value::Number(bars.iter().map(|bar| bar.count).sum());
    let seconds = |time: Duration| Value::Seconds(time.as_secs_f64());
    let from = match bars.first()?.from {
        time if time.is_zero() => Value::from("0 s"),
        time => seconds(time),
    };
    Some(match bars.last()?.to {
        Some(to) => say!(log.bars, bars = bars_drawn, from, to = seconds(to), n),
        None => say!(log.bars_open, bars = bars_drawn, from, n),
    })
}

fn group_facts(group: &Group, explained: &ExplainedGroup) -> Facts {
    let explanation = &explained.explanation;
    let reading = &group.reading;
    let producer = Value::from(reading.producer_name());
    let by = match &reading.close {
        Some(close) => Value::List(vec![producer, way(close.way).into()], ", "),
        None => producer,
    };
    let by = Message::new(Text::Given("{by}"), vec![("by", by)]);
    let mut known: Facts = Vec::new();
    group_place(group, &mut known);
    known.push((text!(fact.by), by));
    if reading.close.is_none() {
        known.push((text!(fact.what), explanation.title.into()));
    }
    if let Some(answer) = &reading.answer {
        let values = vec![
            ("code", Value::from(answer.code)),
            ("name", name_of(answer.code).into()),
            ("way", way(answer.way).into()),
        ];
        let answer = Message::new(Text::Given("{code} {name}, {way}"), values);
        known.push((text!(fact.answer), answer));
    }
    if let Some(status) = reading.status {
        known.push((text!(fact.status), given(status.to_string())));
    }
    if let Some(number) = reading.refused {
        known.push((text!(fact.number), given(number.to_string())));
    }
    if !group.reason.is_empty() {
        known.push((
            text!(fact.reason),
            given(format!("\"{}\"", escape(&group.reason))),
        ));
    }
    if let Some(entry) = explanation.entry {
        known.push((text!(fact.means), entry.row.words.meaning.into()));
    }
    if let Some(fingerprint) = explanation.fingerprint {
        known.push((text!(fact.sender), fingerprint.note()));
    }
    // Of a protocol code the general meaning is mostly meant.
    let vendors = explanation
        .used_by
        .iter()
        .filter(|entry| !entry.row.is_band());
    let is_application = reading
        .close
        .as_ref()
        .is_some_and(|close| (3000..=4999).contains(&close.code));
    let vendors: Vec<Value> = vendors
        .filter(|_| is_application)
        .map(|entry| Value::from(entry.registry.vendor))
        .collect();
    if !vendors.is_empty() {
        let vendors = vec![("vendors", Value::List(vendors, ", "))];
        known.push((
            text!(fact.used_by),
            Message::new(Text::Given("{vendors}"), vendors),
        ));
    }
    match (&group.first, &group.last) {
        (Some(first), Some(last)) if first == last => {
            known.push((text!(fact.seen), given(first.text.clone())));
        }
        (Some(first), Some(last)) => {
            known.push((text!(fact.first), given(first.text.clone())));
            known.push((text!(fact.last), given(last.text.clone())));
        }
        _ => {}
    }
    group_rhythm(group, explained, &mut known);
    if let Some(advice) = explanation.advice.first().filter(|_| !reading.is_clean()) {
        known.push((text!(fact.likely), advice.cause.into()));
        known.push((text!(fact.to_do), advice.fix.into()));
    }
    known
}
