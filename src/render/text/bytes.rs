//! A frame's bytes, field by field, with what is wrong marked under them.
//!
//! ```text
//!    0  88        final · close
//!    1  05        not masked · 5 bytes of payload
//!    2  03 e8     close code 1000 Normal Closure
//!    4  66 c3 28  reason "f\xc3("
//!          ~~~^^ close-reason-not-utf8 · RFC 6455 section 5.5.1, 8.1
//! ```
//!
//! A masked payload is shown twice: as it stands on the wire, and unmasked
//! behind an arrow.

mod fields;

use std::io;
use std::ops::Range;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::page::Page;
use super::wrap::wrap;
use crate::facts::codes::name_of;
use crate::facts::registry::Registries;
use crate::inspect::Frame;
use crate::rules::Finding;
use crate::words::{Message, Value, bytes, say};
use fields::{Line, Meaning, lines};

/// The view is never set wider than this: the eye does not find the end of longer lines.
const WIDEST: usize = 120;

/// The bytes of a row on a page of so many columns.
fn row_bytes(width: usize) -> usize {
    match width {
        0..60 => 4,
        60..110 => 8,
        _ => 16,
    }
}

/// Where the byte with this index stands in its row: eight bytes, then a wider gap.
fn column(index: usize) -> usize {
    index * 3 + index / 8
}

/// Draws the bytes of a frame with the marks of its findings.
pub(super) fn draw(frame: &Frame, registries: Registries, page: &mut Page<'_>) -> io::Result<()> {
    let lines = lines(frame, row_bytes(page.width()), registries, page.voice());
    let last_at = frame.header.at + frame.length();
    let longest = lines.iter().map(|line| line.wire.len()).max();
    let columns = Columns {
        offset: last_at.to_string().len().max(4),
        bytes: longest.map_or(0, width),
    };
    // A finding that reaches over several lines is marked in each and told under the last.
    let told: Vec<Option<usize>> = frame
        .findings
        .iter()
        .map(|finding| {
            lines
                .iter()
                .rposition(|line| !Marks::of(finding, line).bad.is_empty())
        })
        .collect();
    let mut answered = None;
    for (index, line) in lines.iter().enumerate() {
        columns.draw(line, &frame.findings, page)?;
        for (finding, told) in frame.findings.iter().zip(&told) {
            let marks = Marks::of(finding, line);
            if *told == Some(index) {
                let answer = answer(finding, &mut answered);
                columns.tell(&marks, finding, answer, page)?;
            } else if !marks.is_empty() {
                page.line(&columns.underline(&marks))?;
            }
        }
    }
    // What is missing is marked behind the last byte.
    for (finding, told) in frame.findings.iter().zip(&told) {
        if told.is_none() {
            columns.draw(&Line::end(finding.at), &[], page)?;
            let answer = answer(finding, &mut answered);
            columns.tell(&Marks::default(), finding, answer, page)?;
        }
    }
    Ok(())
}

/// The columns that so many bytes take.
fn width(bytes: usize) -> usize {
    bytes.checked_sub(1).map_or(0, |last| column(last) + 2)
}

/// What of a finding is marked under a line: bytes by their index in it.
#[derive(Default)]
struct Marks {
    /// The bytes of a broken character before the one that breaks it.
    begun: Range<usize>,
    /// The offending bytes.
    bad: Range<usize>,
}

impl Marks {
    fn of(finding: &Finding, line: &Line) -> Self {
        let within = |from: u64, to: u64| {
            let index = |at: u64| (at.clamp(line.at, line.end_at()) - line.at) as usize;
            index(from)..index(to)
        };
        let begun = finding.at.saturating_sub(begun(finding));
        Marks {
            begun: within(begun, finding.at),
            bad: within(finding.at, finding.at.saturating_add(finding.length)),
        }
    }

    fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.bad.is_empty()
    }
}

struct Columns {
    offset: usize,
    bytes: usize,
}

impl Columns {
    fn draw(&self, line: &Line, findings: &[Finding], page: &mut Page<'_>) -> io::Result<()> {
        let before = self.offset + 2 + self.bytes + 2;
        let room = page.width().min(WIDEST).saturating_sub(before).max(20);
        let mut meaning = match &line.meaning {
            Meaning::Gap(size) => {
                let mark = format!("{:>width$}", "…", width = self.offset);
                return page.line(&format!("{mark}  {size}").dimmed().to_string());
            }
            Meaning::Words(words) => page.folded(words, room),
            Meaning::Text(text) => wrap(text, room),
            Meaning::Characters(characters) => vec![characters.clone()],
        };
        if line.plain.is_some() && matches!(line.meaning, Meaning::Characters(_)) {
            meaning.insert(0, String::new());
        }
        let rows = meaning.len().max(if line.plain.is_some() { 2 } else { 1 });
        for row in 0..rows {
            // Of a masked field the bytes that mean something are the unmasked ones.
            let (mark, bytes) = match (row, &line.plain) {
                (0, None) => (
                    line.at.to_string(),
                    self.painted(line, &line.wire, findings),
                ),
                (0, Some(_)) => (line.at.to_string(), spaced(&line.wire).dimmed().to_string()),
                (1, Some(plain)) => ("→".to_owned(), self.painted(line, plain, findings)),
                _ => (String::new(), String::new()),
            };
            let text = meaning.get(row).map_or("", String::as_str);
            let mark = format!("{mark:>width$}", width = self.offset).dimmed();
            let shown = if bytes.is_empty() {
                0
            } else {
                width(line.wire.len())
            };
            let gap = if text.is_empty() {
                0
            } else {
                self.bytes - shown + 2
            };
            page.line(&format!("{mark}  {bytes}{:gap$}{text}", ""))?;
        }
        Ok(())
    }

    /// Bytes in the colour of their field, those that break a rule in that of a fault.
    fn painted(&self, line: &Line, bytes: &[u8], findings: &[Finding]) -> String {
        let marks: Vec<Marks> = findings.iter().map(|f| Marks::of(f, line)).collect();
        let is_bad = |index: usize| marks.iter().any(|marks| marks.bad.contains(&index));
        let mut painted = String::new();
        let mut from = 0;
        while from < bytes.len() {
            let bad = is_bad(from);
            let alike = (from..bytes.len()).take_while(|index| is_bad(*index) == bad);
            let to = from + alike.count().max(1);
            let text = spaced(bytes)
                .get(column(from)..column(to - 1) + 2)
                .unwrap_or_default()
                .to_owned();
            let text = match (bad, line.field.color()) {
                (true, _) => text.red().bold(),
                (false, Some(color)) => text.color(color),
                (false, None) => text.normal(),
            };
            if from > 0 {
                painted.push_str(&" ".repeat(column(from) - column(from - 1) - 2));
            }
            painted.push_str(&text.to_string());
            from = to;
        }
        painted
    }

    /// The line below the bytes: `~` under a character that has begun, `^` under what is wrong.
    fn underline(&self, marks: &Marks) -> String {
        let start = self.offset + 2 + self.start(marks);
        format!("{:start$}{}", "", Self::carets(marks).red().bold())
    }

    /// The column where the marks begin.
    fn start(&self, marks: &Marks) -> usize {
        let both = [&marks.begun, &marks.bad];
        let first = both.into_iter().find(|range| !range.is_empty());
        first.map_or(0, |range| column(range.start))
    }

    fn carets(marks: &Marks) -> String {
        let (begun, bad) = (&marks.begun, &marks.bad);
        if bad.is_empty() && begun.is_empty() {
            return "^".to_owned();
        }
        if bad.is_empty() {
            return "~".repeat(column(begun.end) - column(begun.start) - 1);
        }
        let carets = column(bad.end - 1) + 2 - column(bad.start);
        let tildes = if begun.is_empty() {
            0
        } else {
            column(bad.start) - column(begun.start)
        };
        "~".repeat(tildes) + &"^".repeat(carets)
    }

    /// Says what a finding is, behind its marks.
    fn tell(
        &self,
        marks: &Marks,
        finding: &Finding,
        answer: Option<u16>,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let left = self.offset + 2;
        let behind = left + self.start(marks) + Self::carets(marks).len() + 1;
        let headline = format!(
            "{} · {}",
            finding.rule.id,
            page.words(finding.source.message())
        );
        let room = page.prose_width().saturating_sub(behind);
        let fits = room >= headline.width().min(44);
        let indent = if fits { behind } else { left };
        let mut lines = page
            .folded(&headline, page.prose_width().saturating_sub(indent))
            .into_iter();
        let underline = self.underline(marks);
        match lines.next().filter(|_| fits) {
            Some(first) => page.line(&format!("{underline} {}", first.red().bold()))?,
            None => {
                page.line(&underline)?;
                lines = page
                    .folded(&headline, page.prose_width().saturating_sub(left))
                    .into_iter();
            }
        }
        for line in lines {
            page.line(&format!("{:indent$}{}", "", line.red().bold()))?;
        }
        page.set(indent, &finding.note())?;
        if let Some(code) = answer {
            let answer = say!(close.strict_receiver_closes, code, name = name_of(code));
            page.set_aside(indent, &answer)?;
        }
        Ok(())
    }
}

/// What a strict receiver answers; `None` where the finding before said the same.
fn answer(finding: &Finding, answered: &mut Option<u16>) -> Option<u16> {
    let code = finding
        .rule
        .closes_with
        .filter(|code| *answered != Some(*code));
    *answered = finding.rule.closes_with.or(*answered);
    code
}

/// How many bytes of a character stand before the one that breaks it.
fn begun(finding: &Finding) -> u64 {
    match finding.value("begun") {
        Some(Value::Plain(begun)) if finding.length == 1 => begun.unsigned_abs(),
        _ => 0,
    }
}

fn spaced(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        while text.len() < column(index) {
            text.push(' ');
        }
        text.push_str(&hex::encode([*byte]));
    }
    text
}

/// The size and place of a frame in words: `21 bytes at 0`, or `4 of 7 bytes at 0` where the
/// input ends inside.
pub(super) fn size(frame: &Frame) -> Message {
    let (present, at) = (frame.length(), frame.header.at);
    match frame.header.length() {
        Some(length) if frame.is_truncated && frame.header.is_whole => {
            let size = bytes(length.saturating_add(frame.header.size as u64));
            say!(bytes.part_at, present = Value::Number(present), size, at)
        }
        _ if frame.is_truncated => say!(bytes.cut_at, size = bytes(present), at),
        _ => say!(bytes.at, size = bytes(present), at),
    }
}
