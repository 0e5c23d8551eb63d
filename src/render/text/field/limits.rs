//! Limits: how they are unless set, their settings, and what exceeds them.

use std::io;

use colored::Colorize;

use super::super::page::Page;
use super::super::wrap::columns;
use crate::facts::field::{Statement, message_limits};
use crate::words::{Message, dotted, say};

/// The limit of messages of each implementation that has one, the best known first.
pub(super) fn of_messages(page: &mut Page<'_>) -> io::Result<()> {
    page.heading(&say!(heading.message_limits))?;
    for (implementation, statement) in message_limits() {
        if is_limited(statement) {
            page.topic(2, &implementation.name().cyan().to_string())?;
            page.paragraph(4, &limit_words(statement))?;
        }
    }
    page.aside(2, &say!(limit.others))
}

/// The limits of the best known implementations, where a code says that a message was above one.
pub(in crate::render::text) fn exceeded(number: u16, page: &mut Page<'_>) -> io::Result<()> {
    const MOST: usize = 12;
    if number != 1009 {
        return Ok(());
    }
    page.blank()?;
    page.heading(&say!(heading.message_limits))?;
    let known = message_limits().filter(|(_, statement)| is_limited(statement));
    let known: Vec<_> = known.take(MOST).collect();
    let widths = known.iter().map(|(it, _)| columns(it.name()));
    let widest = widths.max().unwrap_or(0);
    for (implementation, statement) in known {
        page.hanging(
            2,
            implementation.name(),
            widest + 1,
            &limit_words(statement),
        )?;
    }
    let topic = format!("{number} --implementations");
    page.aside(2, &say!(view.more, topic))
}

/// Whether there is a limit, or one can be set.
fn is_limited(statement: &Statement) -> bool {
    statement.setting.is_some() || !statement.text.english().starts_with("none")
}

/// How a limit is unless set, with its setting and what it counts.
pub(super) fn limit_words(statement: &Statement) -> Message {
    let mut parts = vec![Message::from(statement.text)];
    // Where nothing is limited nothing is to be set, and nothing is counted.
    if is_limited(statement) {
        parts.push(match statement.setting {
            Some(setting) => say!(limit.setting, setting),
            None => say!(limit.no_setting),
        });
        let counts = statement.counts;
        parts.extend(counts.map(|counts| say!(limit.counts, what = counts.what())));
    }
    dotted(parts)
}
