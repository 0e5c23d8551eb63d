//! What `decode-frame` shows: frames as they come, then the diagnosis.
//!
//! A few frames are shown byte by byte. A longer stream gets one line for each
//! frame, and the byte view only for closes and for frames with findings.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::bytes;
use super::explain::checks;
use super::page::Page;
use super::payload;
use super::wrap::{chop, padded};
use crate::conversation::{Summary, Verdict};
use crate::escape::{escape, escape_bytes, hide_subprotocol};
use crate::explain::Explanation;
use crate::facts::registry::Registries;
use crate::frame::Opcode;
use crate::inspect::Frame;
use crate::upgrade::Upgrade;
use crate::words::{Message, Value, Voice, bytes, dotted, say};

/// So many frames are shown byte by byte, if there are no more.
const SHOWN_WHOLE: usize = 3;
/// So often a rule that is broken again and again is shown byte by byte.
const SHOWN_OFTEN: usize = 3;
/// Below this width columns are not aligned.
const NARROW: usize = 60;
/// So many pieces of advice are given; `explain` gives all.
const ADVICE: usize = 3;

/// The text of a stream while it is read.
#[derive(Debug, Default)]
pub struct StreamView {
    is_summary: bool,
    /// Who is asked for the meaning of a code.
    registries: Registries,
    /// The first frames, held back until it is known whether more follow.
    held: Vec<Frame>,
    is_long: bool,
    /// How often a broken rule was shown byte by byte.
    detailed: Vec<(&'static str, usize)>,
    /// Whether the last thing drawn was a line, so that a byte view after it needs a gap.
    after_line: bool,
    has_drawn: bool,
}

impl StreamView {
    /// A view of a stream; with `is_summary`, of nothing but closes, findings and the end.
    pub fn new(is_summary: bool, registries: Registries) -> Self {
        StreamView {
            is_summary,
            registries,
            is_long: is_summary,
            ..StreamView::default()
        }
    }

    /// Takes the HTTP upgrade that stands before the frames.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn upgrade(&mut self, upgrade: &Upgrade, page: &mut Page<'_>) -> io::Result<()> {
        let mut parts = Vec::new();
        if let Some(request) = &upgrade.request {
            parts.push(format!(
                "{} {}",
                escape(&request.method),
                escape(&request.target)
            ));
        }
        if let Some(response) = &upgrade.response {
            parts.push(response.status.to_string());
            parts.extend(response.extensions.as_deref().map(escape));
            let subprotocol = response.subprotocol.as_deref().map(hide_subprotocol);
            parts.extend(subprotocol.map(|name| escape(&name)));
        }
        page.paragraph(0, &say!(stream.upgrade, parts = parts.join(" · ")))?;
        for fault in &upgrade.faults {
            page.strong(&fault.message())?;
        }
        self.has_drawn = true;
        Ok(())
    }

    /// Takes the next frame.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn frame(&mut self, frame: &Frame, page: &mut Page<'_>) -> io::Result<()> {
        if self.is_long {
            return self.draw(frame, page);
        }
        self.held.push(frame.clone());
        if self.held.len() > SHOWN_WHOLE {
            self.is_long = true;
            for frame in std::mem::take(&mut self.held) {
                self.draw(&frame, page)?;
            }
        }
        Ok(())
    }

    /// Takes the end.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn finish(
        mut self,
        summary: &Summary,
        explanation: &Explanation,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        for frame in std::mem::take(&mut self.held) {
            self.draw_bytes(&frame, page)?;
        }
        if self.has_drawn {
            page.blank()?;
        }
        for finding in &summary.unfinished {
            let mark = format!("{}  {}", finding.at, finding.rule.id);
            page.remark(&mark.red().bold().to_string())?;
            page.paragraph(2, &finding.note())?;
            page.blank()?;
        }
        self::explanation(explanation, summary, page)?;
        for (at, hint) in &summary.hints {
            page.aside(0, &say!(stream.note, at, note = hint.note()))?;
        }
        for (id, count) in self.detailed {
            if self.is_summary && count > SHOWN_OFTEN {
                let sentence = say!(
                    stream.broken_more,
                    n = Value::Number((count - SHOWN_OFTEN) as u64),
                    id
                );
                page.aside(0, &sentence)?;
            }
        }
        totals(summary, page)
    }

    fn draw(&mut self, frame: &Frame, page: &mut Page<'_>) -> io::Result<()> {
        if frame.close.is_some() || self.has_news(frame) {
            return self.draw_bytes(frame, page);
        }
        if !self.is_summary {
            if self.has_drawn && !self.after_line {
                page.blank()?;
            }
            page.line(&line(frame, page.width(), page.voice()))?;
            self.after_line = true;
            self.has_drawn = true;
        }
        Ok(())
    }

    /// Whether a finding is one that was not yet shown often enough. In a stream that breaks
    /// one rule in every frame the others are counted in a line each.
    fn has_news(&mut self, frame: &Frame) -> bool {
        let mut is_new = false;
        for finding in &frame.findings {
            let id = finding.rule.id;
            match self.detailed.iter_mut().find(|(known, _)| *known == id) {
                Some((_, count)) => {
                    *count += 1;
                    is_new |= *count <= SHOWN_OFTEN;
                }
                None => {
                    self.detailed.push((id, 1));
                    is_new = true;
                }
            }
        }
        is_new
    }

    fn draw_bytes(&mut self, frame: &Frame, page: &mut Page<'_>) -> io::Result<()> {
        if self.has_drawn {
            page.blank()?;
        }
        self.has_drawn = true;
        self.after_line = false;
        let title = page.words(match (title(frame), frame.sender) {
            (title, Some(sender)) => say!(stream.from, title, sender),
            (title, None) => title,
        });
        let size = page.words(bytes::size(frame));
        if title.width() + 3 + size.width() <= page.width() {
            page.remark(&format!("{} · {size}", title.bold()))?;
        } else {
            page.strong(&title)?;
            page.paragraph(0, &size)?;
        }
        page.blank()?;
        bytes::draw(frame, self.registries, page)
    }
}

/// What a frame is, with a capital letter.
fn title(frame: &Frame) -> Message {
    let header = &frame.header;
    match (header.opcode, header.fin, frame.message) {
        (Opcode::Close, ..) => say!(stream.close),
        (Opcode::Ping, ..) => say!(stream.ping),
        (Opcode::Pong, ..) => say!(stream.pong),
        (Opcode::Reserved(number), ..) => say!(stream.reserved, number),
        (Opcode::Text, true, _) => say!(stream.text),
        (Opcode::Text, false, _) => say!(stream.text_first),
        (Opcode::Binary, true, _) => say!(stream.binary),
        (Opcode::Binary, false, _) => say!(stream.binary_first),
        (Opcode::Continuation, true, Some(Opcode::Text)) => say!(stream.text_last),
        (Opcode::Continuation, false, Some(Opcode::Text)) => say!(stream.text_next),
        (Opcode::Continuation, true, Some(_)) => say!(stream.binary_last),
        (Opcode::Continuation, false, Some(_)) => say!(stream.binary_next),
        (Opcode::Continuation, _, None) => say!(stream.continuation),
    }
}

/// One frame in one line.
fn line(frame: &Frame, width: usize, voice: &Voice) -> String {
    let header = &frame.header;
    let kind = match (frame.message, header.opcode) {
        (Some(message), _) => {
            let before = if header.opcode == Opcode::Continuation {
                "…"
            } else {
                ""
            };
            let after = if header.fin { "" } else { "…" };
            format!("{before}{}{after}", voice.text(message.words()))
        }
        (None, opcode) => voice.text(opcode.words()).to_owned(),
    };
    let sender = frame
        .sender
        .map_or("?", |sender| voice.text(sender.words()));
    let size = voice.say(&bytes(frame.payload_present));
    let offset = format!("{:>8}", header.at);
    // A narrow terminal gets what fits: a kind of up to twelve columns, then the size.
    let rest = if width < NARROW {
        format!("  {sender:<6}  {kind}  {size}  ")
    } else {
        format!("  {sender:<6}  {}  {size:>14}  ", padded(&kind, 12))
    };
    let room = width.saturating_sub(offset.len() + rest.width());
    let broken: Vec<&str> = frame
        .findings
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    if broken.is_empty() {
        let preview = preview(frame, room);
        return format!("{}{rest}{preview}", offset.dimmed());
    }
    format!("{}{rest}{}", offset.dimmed(), broken.join(", ").red())
}

/// The beginning of a payload in at most `room` columns.
fn preview(frame: &Frame, room: usize) -> String {
    let (head, length) = match &frame.inflated {
        Some(inflated) => (inflated.head.bytes(), inflated.length),
        None => (frame.head.bytes(), frame.payload_present),
    };
    let is_all = length <= head.len() as u64;
    let is_text = frame.message == Some(Opcode::Text) && !frame.is_changed
        || frame.header.opcode.is_control() && std::str::from_utf8(head).is_ok();
    if head.is_empty() || room < 8 {
        return String::new();
    }
    if is_text {
        let text = format!("\"{}\"", payload::quoted(head, is_all));
        return cut(&text, room, is_all);
    }
    let text: Vec<String> = head
        .iter()
        .take(room / 3 + 1)
        .map(|byte| hex::encode([*byte]))
        .collect();
    cut(&text.join(" "), room, is_all && text.len() == head.len())
}

/// `text` in at most `room` columns, with an ellipsis where it goes on.
fn cut(text: &str, room: usize, is_all: bool) -> String {
    if is_all && text.width() <= room {
        return text.to_owned();
    }
    let mut lines = chop(text, room.saturating_sub(1)).into_iter();
    lines.next().unwrap_or_default() + "…"
}

/// Why the connection closed, and what to do.
fn explanation(
    explanation: &Explanation,
    summary: &Summary,
    page: &mut Page<'_>,
) -> io::Result<()> {
    if explanation.statements.is_empty() && explanation.advice.is_empty() {
        return Ok(());
    }
    for (index, statement) in explanation.said().enumerate() {
        // The answer stands out; the evidence follows.
        if index == 0 {
            page.strong(statement)?;
            reason(summary, page)?;
        } else {
            page.paragraph(0, statement)?;
        }
    }
    page.blank()?;
    let advice = &explanation.advice;
    checks(advice.get(..ADVICE).unwrap_or(advice), page)?;
    if let Some(topic) = &explanation.topic {
        page.aside(2, &say!(view.more, topic))?;
    }
    page.blank()
}

/// The reason of the first Close: often it says more than the code.
fn reason(summary: &Summary, page: &mut Page<'_>) -> io::Result<()> {
    match summary.closes.first() {
        Some(first) if !first.close.reason.is_empty() => {
            let reason = escape_bytes(&first.close.reason);
            page.paragraph(0, &say!(close.reason, reason))
        }
        _ => Ok(()),
    }
}

/// The last line: what the whole input came to.
fn totals(summary: &Summary, page: &mut Page<'_>) -> io::Result<()> {
    let counts = page.words(dotted([
        say!(count.frames, n = Value::Number(summary.frames)),
        say!(count.messages, n = Value::Number(summary.messages)),
        bytes(summary.bytes),
    ]));
    let n = Value::Number(summary.findings);
    let verdict = match (summary.findings, summary.closes_with, summary.verdict) {
        (0, _, _) => page.words(say!(verdict.clean)).green(),
        (_, Some(code), _) => page.words(say!(verdict.would_close, n, code)).red().bold(),
        (_, None, Verdict::Truncated) => page.words(say!(verdict.cut_short, n)).magenta(),
        (_, None, _) => page.words(say!(verdict.findings, n)).magenta(),
    };
    let width = counts.width() + 3 + verdict.width();
    if width <= page.width() {
        page.remark(&format!("{counts} · {verdict}"))
    } else {
        page.paragraph(0, &counts)?;
        page.remark(&verdict.to_string())
    }
}
