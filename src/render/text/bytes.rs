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

use super::page::{Page, chop, fold};
use crate::codes::name_of;
use crate::escape::escape_bytes;
use crate::frame::{Header, LengthForm, Opcode};
use crate::inspect::Frame;
use crate::rules::Finding;
use crate::words::{count, thousands};

/// Payloads up to this many bytes are shown whole.
const SHOWN_WHOLE: usize = 64;
/// Of longer ones so many bytes are shown from the start.
const SHOWN_FIRST: usize = 32;

/// Draws the bytes of a frame with the marks of its findings.
pub(super) fn draw(frame: &Frame, page: &mut Page<'_>) -> io::Result<()> {
    let row_bytes = if page.width() < 60 { 4 } else { 8 };
    let lines = lines(frame, row_bytes);
    let last_at = frame.header.at + frame.length();
    let columns = Columns {
        offset: last_at.to_string().len().max(4),
        bytes: lines
            .iter()
            .map(|line| line.wire.len() * 3)
            .max()
            .unwrap_or(0)
            .saturating_sub(1),
    };
    let mut told = vec![false; frame.findings.len()];
    let mut answered = None;
    for line in &lines {
        columns.draw(line, page)?;
        for (finding, told) in frame.findings.iter().zip(&mut told) {
            if !*told && line.holds(finding) {
                *told = true;
                let answer = answer(finding, &mut answered);
                columns.mark(line, finding, answer, page)?;
            }
        }
    }
    for (finding, told) in frame.findings.iter().zip(told) {
        if !told {
            let line = Line::end(finding.at);
            columns.draw(&line, page)?;
            let answer = answer(finding, &mut answered);
            columns.mark(&line, finding, answer, page)?;
        }
    }
    Ok(())
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
    meaning: String,
    /// Whether the meaning quotes payload, which is cut at the column and not at words.
    is_text: bool,
}

impl Line {
    fn header(header: &Header, span: Range<u64>, field: Field, meaning: String) -> Self {
        let bytes = header.bytes();
        let from = (span.start - header.at) as usize;
        let to = (span.end - header.at) as usize;
        Line {
            at: span.start,
            wire: bytes
                .get(from..to.min(bytes.len()))
                .unwrap_or_default()
                .to_vec(),
            plain: None,
            field,
            meaning,
            is_text: false,
        }
    }

    fn gap(at: u64, bytes: u64) -> Self {
        Line {
            meaning: format!("… {} more", count(bytes, "byte")),
            ..Line::end(at)
        }
    }

    fn end(at: u64) -> Self {
        Line {
            at,
            wire: Vec::new(),
            plain: None,
            field: Field::Nothing,
            meaning: String::new(),
            is_text: false,
        }
    }

    /// Whether a finding is to be marked under this line.
    fn holds(&self, finding: &Finding) -> bool {
        let end = self.at + self.wire.len() as u64;
        if self.wire.is_empty() {
            return false;
        }
        // What is missing is marked behind the byte before it.
        if finding.length == 0 {
            return false;
        }
        (self.at..end).contains(&finding.at)
    }
}

struct Columns {
    offset: usize,
    bytes: usize,
}

impl Columns {
    fn draw(&self, line: &Line, page: &mut Page<'_>) -> io::Result<()> {
        let before = self.offset + 2 + self.bytes + 2;
        let room = page.prose_width().saturating_sub(before).max(20);
        let meaning = if line.is_text {
            chop(&line.meaning, room)
        } else {
            fold(&line.meaning, room)
        };
        let second = line.plain.as_deref().map(spaced);
        let rows = meaning.len().max(if second.is_some() { 2 } else { 1 });
        for row in 0..rows {
            let (mark, bytes) = match (row, &second) {
                (0, _) => (line.at.to_string(), spaced(&line.wire)),
                (1, Some(plain)) => ("→".to_owned(), plain.clone()),
                _ => (String::new(), String::new()),
            };
            let padded = format!("{bytes:width$}", width = self.bytes);
            let painted = match line.field.color() {
                Some(color) => padded.color(color),
                None => padded.normal(),
            };
            // Of a masked field the bytes that mean something are the unmasked ones.
            let painted = if row == 0 && second.is_some() {
                painted.dimmed()
            } else {
                painted
            };
            let text = meaning.get(row).map_or("", String::as_str);
            let mark = format!("{mark:>width$}", width = self.offset);
            if text.is_empty() && bytes.is_empty() {
                page.line(&mark.dimmed().to_string())?;
            } else if text.is_empty() {
                page.line(&format!(
                    "{}  {}",
                    mark.dimmed(),
                    bytes_only(&painted, &bytes)
                ))?;
            } else {
                page.line(&format!("{}  {painted}  {text}", mark.dimmed()))?;
            }
        }
        Ok(())
    }

    /// Marks a finding under the line that was just drawn.
    fn mark(
        &self,
        line: &Line,
        finding: &Finding,
        answer: Option<u16>,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let left = self.offset + 2;
        let from = finding.at.saturating_sub(line.at) as usize;
        let present = line.wire.len().saturating_sub(from);
        let marked = usize::try_from(finding.length)
            .unwrap_or(present)
            .min(present);
        // The bytes of a broken character before the one that breaks it.
        let begun = begun(finding).min(from);
        let carets = if marked == 0 { 1 } else { marked * 3 - 1 };
        let start = left + (from - begun) * 3;
        let underline = "~".repeat(begun * 3) + &"^".repeat(carets);
        let behind = start + underline.len() + 1;
        let headline = format!("{} · {}", finding.rule.id, finding.source);
        let fits = page.prose_width().saturating_sub(behind) >= headline.len().min(44);
        let indent = if fits { behind } else { left };
        let underline = format!("{:start$}{}", "", underline.red().bold());
        if fits {
            page.line(&format!("{underline} {}", headline.red().bold()))?;
        } else {
            page.line(&underline)?;
            for line in fold(&headline, page.prose_width().saturating_sub(left)) {
                page.line(&format!("{:left$}{}", "", line.red().bold()))?;
            }
        }
        page.paragraph(indent, &finding.note())?;
        if let Some(code) = answer {
            let answer = format!("a strict receiver closes with {code} {}", name_of(code));
            page.aside(indent, &answer)?;
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

/// Bytes without the spaces that would pad them.
fn bytes_only(painted: &colored::ColoredString, bytes: &str) -> colored::ColoredString {
    let mut bare = painted.clone();
    bare.input = bytes.to_owned();
    bare
}

fn begun(finding: &Finding) -> usize {
    finding
        .values
        .iter()
        .find_map(|(name, value)| match (*name, value) {
            ("begun", crate::words::Value::Number(number)) if finding.length == 1 => {
                usize::try_from(*number).ok()
            }
            _ => None,
        })
        .unwrap_or(0)
}

/// The lines of a frame.
fn lines(frame: &Frame, row_bytes: usize) -> Vec<Line> {
    let header = &frame.header;
    let line = |span, field, meaning| Line::header(header, span, field, meaning);
    let mut lines = vec![line(header.first_byte_span(), Field::Kind, kind(header))];
    if let (Some(masked), Some(form)) = (header.masked, header.length_form) {
        let masked = if masked { "masked" } else { "not masked" };
        let payload = header.length().map_or_else(
            || "payload length, cut short".to_owned(),
            |length| match length {
                0 => "no payload".to_owned(),
                _ => format!("{} of payload", count(length, "byte")),
            },
        );
        let extended = header.length_span().start + 1..header.length_span().end;
        match form {
            LengthForm::Seven => lines.push(line(
                header.second_byte_span(),
                Field::Length,
                format!("{masked} · {payload}"),
            )),
            _ => {
                let follows = count(form.extended_bytes() as u64, "byte");
                lines.push(line(
                    header.second_byte_span(),
                    Field::Length,
                    format!("{masked} · the length follows in {follows}"),
                ));
                if !extended.is_empty() {
                    lines.push(line(extended, Field::Length, payload));
                }
            }
        }
        if header.masked == Some(true) && !header.masking_key_span().is_empty() {
            let whole = if header.masking_key.is_some() {
                "masking key"
            } else {
                "masking key, cut short"
            };
            lines.push(line(
                header.masking_key_span(),
                Field::Key,
                whole.to_owned(),
            ));
        }
    }
    payload_lines(frame, row_bytes, &mut lines);
    lines
}

/// What the first byte says.
fn kind(header: &Header) -> String {
    let mut words = vec![if header.fin { "final" } else { "not final" }.to_owned()];
    for (set, name) in [
        (header.rsv1, "RSV1"),
        (header.rsv2, "RSV2"),
        (header.rsv3, "RSV3"),
    ] {
        if set {
            words.push(name.to_owned());
        }
    }
    words.push(match header.opcode {
        Opcode::Reserved(number) => format!("reserved opcode {number}"),
        opcode => opcode.to_string(),
    });
    words.join(" · ")
}

fn payload_lines(frame: &Frame, row_bytes: usize, lines: &mut Vec<Line>) {
    let head = frame.head.bytes();
    let at = frame.header.payload_at();
    let mut add = |range: Range<usize>, field: Field, meaning: String| {
        let mut meaning = Some(meaning);
        let mut from = range.start;
        while from < range.end {
            let to = (from + row_bytes).min(range.end);
            let plain = head.get(from..to).unwrap_or_default().to_vec();
            let (wire, plain) = match frame.header.masking_key {
                None => (plain, None),
                Some(key) => {
                    let mut wire = plain.clone();
                    crate::frame::unmask(&mut wire, key, from as u64);
                    (wire, Some(plain))
                }
            };
            lines.push(Line {
                at: at + from as u64,
                wire,
                plain,
                field,
                meaning: meaning.take().unwrap_or_default(),
                is_text: field == Field::Payload,
            });
            from = to;
        }
    };
    if frame.header.opcode == Opcode::Close {
        match frame.close.as_ref().and_then(|close| close.code) {
            Some(code) => {
                add(
                    0..2,
                    Field::Code,
                    format!("close code {code} {}", name_of(code)),
                );
                let reason = head.get(2..).unwrap_or_default();
                add(
                    2..head.len(),
                    Field::Payload,
                    format!("reason \"{}\"", escape_bytes(reason)),
                );
            }
            None => add(0..head.len(), Field::Code, "half a close code".to_owned()),
        }
    } else {
        for (index, range) in shown(frame, row_bytes).into_iter().enumerate() {
            let meaning = if index == 0 {
                preview(frame)
            } else {
                String::new()
            };
            add(range, Field::Payload, meaning);
        }
    }
    unseen(frame, row_bytes, lines);
}

/// Which parts of the kept payload are shown.
fn shown(frame: &Frame, row_bytes: usize) -> Vec<Range<usize>> {
    let kept = frame.head.bytes().len();
    if frame.payload_present <= SHOWN_WHOLE as u64 {
        return std::iter::once(0..kept).collect();
    }
    let mut parts: Vec<Range<usize>> = std::iter::once(0..SHOWN_FIRST.min(kept)).collect();
    for finding in &frame.findings {
        let Some(offset) = finding.at.checked_sub(frame.header.payload_at()) else {
            continue;
        };
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = parts.last().map_or(0, |part| part.end);
        if offset < end || offset >= kept {
            continue;
        }
        let row = offset - offset % row_bytes;
        // The row before too: a broken character may begin there.
        let from = row.saturating_sub(row_bytes).max(end);
        parts.push(from..(row + row_bytes).min(kept));
    }
    parts
}

/// Puts lines where bytes are not shown: between the parts, and behind the last.
fn unseen(frame: &Frame, row_bytes: usize, lines: &mut Vec<Line>) {
    let payload_at = frame.header.payload_at();
    let end = payload_at + frame.payload_present;
    for finding in &frame.findings {
        let Some(excerpt) = &finding.excerpt else {
            continue;
        };
        for (index, row) in excerpt.bytes.chunks(row_bytes).enumerate() {
            let is_unmasked = frame.header.masking_key.is_some();
            lines.push(Line {
                at: excerpt.at + (index * row_bytes) as u64,
                wire: row.to_vec(),
                plain: None,
                field: Field::Payload,
                meaning: if is_unmasked {
                    "unmasked".to_owned()
                } else {
                    String::new()
                },
                is_text: false,
            });
        }
    }
    let mut index = 0;
    let mut reached = payload_at;
    while index < lines.len() {
        let (at, length) = (lines[index].at, lines[index].wire.len() as u64);
        if at >= payload_at {
            if at > reached {
                lines.insert(index, Line::gap(reached, at - reached));
                index += 1;
            }
            reached = at + length;
        }
        index += 1;
    }
    if reached < end {
        lines.push(Line::gap(reached, end - reached));
    }
}

/// What the payload of a frame that is no Close says, as far as it is kept.
fn preview(frame: &Frame) -> String {
    let head = frame.head.bytes();
    let kept = head.get(..SHOWN_WHOLE.min(head.len())).unwrap_or_default();
    let whole = frame.payload_present <= kept.len() as u64;
    let mark = if whole { "" } else { " …" };
    match frame.header.opcode {
        Opcode::Text | Opcode::Binary | Opcode::Continuation if frame.inflated.is_some() => {
            inflated(frame)
        }
        _ if frame.is_changed => "payload, perhaps compressed".to_owned(),
        Opcode::Text | Opcode::Binary | Opcode::Continuation => match frame.message {
            Some(Opcode::Text) => format!("text \"{}\"{mark}", quoted(kept, whole)),
            Some(_) => "binary".to_owned(),
            None => "payload".to_owned(),
        },
        Opcode::Ping | Opcode::Pong if std::str::from_utf8(kept).is_ok() => {
            format!("payload \"{}\"", escape_bytes(kept))
        }
        _ => "payload".to_owned(),
    }
}

/// What a compressed payload inflates to.
fn inflated(frame: &Frame) -> String {
    let Some(inflated) = &frame.inflated else {
        return String::new();
    };
    let head = inflated.head.bytes();
    let kept = head.get(..SHOWN_WHOLE.min(head.len())).unwrap_or_default();
    let is_whole = inflated.length <= kept.len() as u64;
    let mark = if is_whole { "" } else { " …" };
    let size = count(inflated.length, "byte");
    match frame.message {
        Some(Opcode::Text) => format!("inflates to {size}: \"{}\"{mark}", quoted(kept, is_whole)),
        _ => format!("inflates to {size}"),
    }
}

/// Text for a preview; where it is only a part, a character cut at its end is left away.
pub(super) fn quoted(bytes: &[u8], is_whole: bool) -> String {
    if is_whole {
        return escape_bytes(bytes);
    }
    let end = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    escape_bytes(bytes.get(..end).unwrap_or_default())
}

fn spaced(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(&hex::encode([*byte]));
    }
    text
}

/// The size and place of a frame in words: `21 bytes at 0`, or `4 of 7 bytes at 0` where the
/// input ends inside.
pub(super) fn size(frame: &Frame) -> String {
    let (present, at) = (frame.length(), frame.header.at);
    match frame.header.length() {
        Some(length) if frame.is_truncated && frame.header.is_whole => format!(
            "{} of {} at {at}",
            thousands(present),
            count(length.saturating_add(frame.header.size as u64), "byte")
        ),
        _ if frame.is_truncated => format!("{} at {at}, cut short", count(present, "byte")),
        _ => format!("{} at {at}", count(present, "byte")),
    }
}
