//! The last exchanges of a connection as a ladder: time, direction, what went over.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::Page;
use super::wrap::chop;
use crate::escape::{escape, escape_bytes};
use crate::frame::{Opcode, Sender};
use crate::session::direction::FrameSeen;
use crate::session::{EndKind, Event, Record, What};
use crate::words::{Value, Voice, say};

/// Draws the events that were kept.
pub(super) fn draw(record: &Record, page: &mut Page<'_>) -> io::Result<()> {
    // Time, two rails, the number of the packet.
    let room = page.prose_width().saturating_sub(9 + 2 + 2 + 10).max(16);
    page.heading(&say!(heading.timeline))?;
    let [client, server] =
        [Sender::Client, Sender::Server].map(|sender| page.words(sender.words()));
    let rail = room
        .saturating_sub(client.width() + server.width() + 1)
        .max(1);
    page.line(&format!("{:>9}  {client}{:rail$}{server}", "", ""))?;
    // What is known only at the end happened where its bytes were.
    let mut events: Vec<_> = record.events.iter().collect();
    events.sort_by_key(|event| event.origin.packet);
    for event in events {
        let label = label(event, page.voice());
        let label = fitted(&label, room.saturating_sub(8));
        let is_decisive = is_decisive(event, record);
        let line = "─".repeat(room.saturating_sub(label.width() + 5));
        let arrow = match event.sender {
            Sender::Client => format!("── {label} {line}▶"),
            Sender::Server => format!("◀─ {label} {line}─"),
        };
        let arrow = match is_decisive {
            true => arrow.red().bold(),
            false => arrow.normal(),
        };
        let mark = if is_decisive { " *" } else { "" };
        let at = page.voice().seconds(record.seconds(event.origin));
        page.line(&format!("{at:>9} │{arrow}│ {}{mark}", event.origin.packet))?;
    }
    page.aside(
        0,
        &match record.transport.lacks.transport {
            true => say!(timeline.marks_of_messages),
            false => say!(timeline.marks),
        },
    )
}

/// What decides how a connection ended.
fn is_decisive(event: &Event, record: &Record) -> bool {
    match &event.what {
        What::Frame(frame) => frame.opcode == Opcode::Close || !frame.rules.is_empty(),
        What::Fin | What::Rst | What::Gap(_) | What::Cut(_) => true,
        What::Alert(alert) => {
            let end = record.end.filter(|end| end.kind == EndKind::Notify);
            alert.is_fatal || end.is_some_and(|end| end.origin == event.origin)
        }
        What::Response(status, _) => !matches!(status, 101 | 200..=299),
        What::Syn(_) | What::Request(_) => false,
    }
}

fn label(event: &Event, voice: &Voice) -> String {
    match &event.what {
        What::Syn(false) => "SYN".to_owned(),
        What::Syn(true) => "SYN ACK".to_owned(),
        What::Request(line) => escape(line),
        What::Response(status, reason) => format!("{status} {}", escape(reason)),
        What::Frame(frame) => frame_label(frame, voice),
        What::Gap(count) => voice.say(&say!(count.not_captured, n = Value::Number(*count))),
        What::Alert(alert) => match alert.name() {
            Some(name) => voice.say(&say!(timeline.alert, name)),
            None => voice.say(&say!(timeline.alert_without_name)),
        },
        What::Fin => "FIN".to_owned(),
        What::Rst => "RST".to_owned(),
        What::Cut(present) => voice.say(&say!(timeline.cut, n = Value::Number(*present))),
    }
}

fn frame_label(frame: &FrameSeen, voice: &Voice) -> String {
    let mut label = match (&frame.close, frame.opcode) {
        (Some(close), _) => {
            let label = voice.say(&match close.code {
                Some(code) => say!(timeline.close, code),
                None => say!(timeline.close_empty),
            });
            let reason = match close.reason.as_slice() {
                [] => String::new(),
                reason => format!(" \"{}\"", escape_bytes(reason)),
            };
            format!("{label}{reason}")
        }
        (None, opcode) => format!("{} {}", voice.text(opcode.words()), frame.length),
    };
    if !frame.is_final {
        label = voice.say(&say!(timeline.goes_on, frame = label));
    }
    if let Some(said) = &frame.label {
        label.push_str(&format!(" {}", said.kind));
        if let Some(text) = &said.text {
            label.push_str(&format!(" \"{text}\""));
        }
    }
    if !frame.rules.is_empty() {
        label = format!("{} ({})", frame.rules.join(", "), label);
    }
    label
}

/// `text` in at most `room` columns.
fn fitted(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let first = chop(text, room.saturating_sub(1)).into_iter().next();
    first.unwrap_or_default() + "…"
}
