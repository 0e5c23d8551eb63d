//! A probed endpoint: the answer, what to do, and each layer with its time.

use std::io;

use colored::Colorize;

use super::capture::{findings, rest, sentences};
use super::page::Page;
use super::wrap::{chop, columns};
use crate::escape::escape;
use crate::explain::Explanation;
use crate::probe::{Layer, Outcome};
use crate::words::{Message, Say, Text, Value, Voice, dotted, say};

/// The width of the longest name of a layer.
const NAME: usize = 8;

/// Draws a probed endpoint.
#[derive(Debug)]
pub struct ProbeView;

impl ProbeView {
    /// All of it.
    ///
    /// # Errors
    ///
    /// When writing fails, for instance into a closed pipe.
    pub fn draw(
        outcome: &Outcome,
        explanation: &Explanation,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let record = &outcome.record;
        let mut head = Vec::new();
        let given = |text: String| Message::new(Text::Given("{it}"), vec![("it", text.into())]);
        head.extend(record.transport.url.clone().map(|url| given(escape(&url))));
        let address = record.server_end.endpoint.address;
        head.extend(address.map(|address| given(address.to_string())));
        let seconds = vec![("it", Value::Seconds(outcome.seconds))];
        head.push(Message::new(Text::Given("{it}"), seconds));
        page.aside(0, &dotted(head))?;
        sentences(explanation, page)?;
        for layer in &outcome.layers {
            draw(layer, page)?;
        }
        page.blank()?;
        findings(record, page)?;
        if !record.events.is_empty() {
            super::timeline::draw(record, page)?;
            page.blank()?;
        }
        rest(explanation, page)?;
        let sent = outcome.sent.iter().map(Value::from).collect();
        let sent = Value::List(sent, ", ");
        page.aside(0, &say!(probe.sent, sent))
    }
}

/// A mark for a layer that went well, or did not.
fn mark(layer: &Layer) -> String {
    match layer.is_ok {
        true => "✓".green().to_string(),
        false => "✗".red().to_string(),
    }
}

fn said(layer: &Layer) -> Message {
    let seconds = vec![("it", Value::Seconds(layer.seconds))];
    let time = Message::new(Text::Given("{it}"), seconds);
    dotted(layer.statements.iter().cloned().chain([time]))
}

fn draw(layer: &Layer, page: &mut Page<'_>) -> io::Result<()> {
    let behind = 2 + 2 + NAME + 1;
    let text = said(layer);
    let lines = page.folded(&text, page.prose_width().saturating_sub(behind));
    for (index, line) in lines.iter().enumerate() {
        let head = match index {
            0 => format!("  {} {:NAME$} ", mark(layer), layer.id),
            _ => " ".repeat(behind),
        };
        page.line(&format!("{head}{line}"))?;
    }
    Ok(())
}

/// A layer on one line of at most `width` columns.
pub fn layer_line(layer: &Layer, voice: &Voice, width: usize) -> String {
    let room = width.saturating_sub(2 + 2 + NAME + 1).max(8);
    let message = said(layer);
    let text = message.words(voice);
    let text = match columns(&text) > room {
        true => chop(&text, room).into_iter().next().unwrap_or_default(),
        false => text.into_owned(),
    };
    format!("  {} {:NAME$} {text}", mark(layer), layer.id)
}
