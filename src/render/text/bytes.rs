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

use std::io;
use std::ops::Range;

use colored::{Color, Colorize};
use unicode_width::UnicodeWidthStr;

use super::page::{Page, wrap};
use super::payload::{self, Says};
use crate::facts::codes::name_of;
use crate::facts::registry::Registries;
use crate::frame::{Header, LengthForm, Opcode};
use crate::inspect::Frame;
use crate::rules::Finding;
use crate::words::{Message, Say, Text, Value, Voice, bytes, dotted, say, text};

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

/// What a field is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Kind,
    Length,
    Key,
    Code,
    Payload,
    /// Stands for bytes that are not shown, or for the end.
    Nothing,
}

impl Field {
    fn color(self) -> Option<Color> {
        match self {
            Field::Kind => Some(Color::Cyan),
            Field::Length => Some(Color::Yellow),
            Field::Key => Some(Color::Magenta),
            Field::Code => Some(Color::Green),
            Field::Payload | Field::Nothing => None,
        }
    }
}

/// Some bytes and what they mean.
struct Line {
    at: u64,
    wire: Vec<u8>,
    /// The same bytes unmasked, where they are masked.
    plain: Option<Vec<u8>>,
    field: Field,
    meaning: Meaning,
}

/// What stands beside the bytes.
enum Meaning {
    /// Words, broken between them.
    Words(String),
    /// Text of the payload, of which nothing is left away where it is broken.
    Text(String),
    /// The characters that the bytes are, which stand beside the bytes unmasked.
    Characters(String),
    /// So many bytes are not shown.
    Gap(String),
}

impl Line {
    fn gap(at: u64, missing: u64, voice: &Voice) -> Self {
        let size = say!(bytes.more, size = bytes(missing));
        Line {
            meaning: Meaning::Gap(voice.say(&size)),
            ..Line::end(at)
        }
    }

    fn end(at: u64) -> Self {
        Line {
            at,
            wire: Vec::new(),
            plain: None,
            field: Field::Nothing,
            meaning: Meaning::Words(String::new()),
        }
    }

    fn end_at(&self) -> u64 {
        self.at + self.wire.len() as u64
    }
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

/// The lines of a frame.
fn lines(frame: &Frame, row_bytes: usize, registries: Registries, voice: &Voice) -> Vec<Line> {
    let header = &frame.header;
    let mut lines = Vec::new();
    let mut line = |span: Range<u64>, field, meaning: &dyn Say| {
        let bytes = header.bytes();
        let index = |at: u64| ((at - header.at) as usize).min(bytes.len());
        let wire = bytes.get(index(span.start)..index(span.end));
        let mut meaning = Some(meaning.words(voice).into_owned());
        // Only the length and the key are longer than a byte, and only the length than a row.
        for (row, wire) in wire.unwrap_or_default().chunks(row_bytes).enumerate() {
            lines.push(Line {
                at: span.start + (row * row_bytes) as u64,
                wire: wire.to_vec(),
                plain: None,
                field,
                meaning: Meaning::Words(meaning.take().unwrap_or_default()),
            });
        }
    };
    line(header.first_byte_span(), Field::Kind, &kind(header));
    if let (Some(masked), Some(form)) = (header.masked, header.length_form) {
        let masked = if masked {
            text!(bytes.masked)
        } else {
            text!(bytes.not_masked)
        };
        let payload = match header.length() {
            None => say!(bytes.length_cut),
            Some(0) => say!(bytes.no_payload),
            Some(length) => say!(bytes.payload_size, size = bytes(length)),
        };
        let extended = header.length_span().start + 1..header.length_span().end;
        let second = header.second_byte_span();
        match form {
            LengthForm::Seven => {
                let both = dotted([Message::from(masked), payload]);
                line(second, Field::Length, &both);
            }
            _ => {
                let follows = bytes(form.extended_bytes() as u64);
                let follows = say!(bytes.length_follows, masked, follows);
                line(second, Field::Length, &follows);
                if !extended.is_empty() {
                    line(extended, Field::Length, &payload);
                }
            }
        }
        if header.masked == Some(true) && !header.masking_key_span().is_empty() {
            let whole = if header.masking_key.is_some() {
                say!(bytes.masking_key)
            } else {
                say!(bytes.masking_key_cut)
            };
            line(header.masking_key_span(), Field::Key, &whole);
        }
    }
    payload_lines(frame, row_bytes, registries, voice, &mut lines);
    lines
}

/// What the first byte says.
fn kind(header: &Header) -> Message {
    let mut words = vec![if header.fin {
        say!(bytes.fin)
    } else {
        say!(bytes.not_fin)
    }];
    for (set, name) in [
        (header.rsv1, "RSV1"),
        (header.rsv2, "RSV2"),
        (header.rsv3, "RSV3"),
    ] {
        if set {
            words.push(Text::Given(name).into());
        }
    }
    words.push(match header.opcode {
        Opcode::Reserved(number) => say!(bytes.reserved_opcode, number),
        opcode => opcode.words().into(),
    });
    dotted(words)
}

/// The lines of the payload: the parts of it that are shown, with the gaps between them.
fn payload_lines(
    frame: &Frame,
    row_bytes: usize,
    registries: Registries,
    voice: &Voice,
    lines: &mut Vec<Line>,
) {
    let at = frame.header.payload_at();
    let row = row_bytes as u64;
    // The reason of a Close stands behind the two bytes of its code.
    let is_close = frame.header.opcode == Opcode::Close;
    let base = if is_close { 2 } else { 0 };
    let mut reached = 0;
    for part in payload::shown(frame, base, row) {
        if part.from > reached {
            lines.push(Line::gap(at + reached, part.from - reached, voice));
        }
        let says = payload::says(frame, &part, voice);
        let mut from = part.from;
        while from < part.end() {
            let whole = if from < base {
                base
            } else {
                from + row - (from - base) % row
            };
            let to = whole.min(part.end());
            let range = (from - part.from) as usize..(to - part.from) as usize;
            let mut wire = part.bytes.get(range).unwrap_or_default().to_vec();
            let meaning = match &says {
                _ if is_close => close_meaning(frame, from, registries, voice),
                Says::Characters(name) if from == part.from => {
                    Meaning::Characters(format!("│{}│ {name}", payload::characters(&wire)))
                }
                Says::Characters(_) => {
                    Meaning::Characters(format!("│{}│", payload::characters(&wire)))
                }
                Says::Text(text) if from == part.from => Meaning::Text(text.clone()),
                Says::Text(_) => Meaning::Text(String::new()),
            };
            let plain = frame.header.masking_key.map(|key| {
                let plain = wire.clone();
                crate::frame::unmask(&mut wire, key, from);
                plain
            });
            lines.push(Line {
                at: at + from,
                wire,
                plain,
                field: if from < base {
                    Field::Code
                } else {
                    Field::Payload
                },
                meaning,
            });
            from = to;
        }
        reached = part.end();
    }
    if frame.payload_present > reached {
        lines.push(Line::gap(
            at + reached,
            frame.payload_present - reached,
            voice,
        ));
    }
}

/// What stands beside the row of a Close body that begins with this byte.
fn close_meaning(frame: &Frame, from: u64, registries: Registries, voice: &Voice) -> Meaning {
    let code = frame.close.as_ref().and_then(|close| close.code);
    let words = |message: Message| Meaning::Words(voice.say(&message));
    match (from, code) {
        (0, Some(code)) => words(match registries.definite_from(code, frame.sender) {
            Some(entry) => say!(bytes.close_code, code = entry.id(), name = entry.row.name),
            None => say!(bytes.close_code, code, name = name_of(code)),
        }),
        (0, None) => words(say!(bytes.half_code)),
        (2, _) => {
            let head = frame.head.bytes();
            let is_whole = frame.payload_present <= head.len() as u64;
            let reason = payload::quoted(head.get(2..).unwrap_or_default(), is_whole);
            let mark = if is_whole { "" } else { " …" };
            Meaning::Text(voice.say(&say!(bytes.reason, reason, mark)))
        }
        _ => Meaning::Text(String::new()),
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
