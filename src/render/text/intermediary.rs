//! The page of an intermediary: what to set there, its timers, the lines of its log.

use std::io;

use super::explain::{fact, see_also, title};
use super::field::one_timer;
use super::page::Page;
use crate::escape::escape;
use crate::facts::intermediaries::Intermediary;
use crate::words::{Text, say, text};

/// Draws it: first whether an upgrade passes, and what to write.
pub(super) fn draw(it: &'static Intermediary, page: &mut Page<'_>) -> io::Result<()> {
    title(it.id, &Text::Given(it.title), page)?;
    page.paragraph(2, &it.passes)?;
    page.blank()?;
    page.heading(&say!(heading.lets_through))?;
    for line in it.config {
        page.code(line)?;
    }
    if let Some(refuses) = it.refuses {
        page.blank()?;
        page.heading(&say!(heading.where_not))?;
        page.paragraph(2, &refuses)?;
    }
    let mut timers = it.its_timers().peekable();
    if timers.peek().is_some() {
        page.blank()?;
        page.heading(&say!(heading.its_timers))?;
        for (index, timer) in timers.enumerate() {
            if index > 0 {
                page.blank()?;
            }
            one_timer(timer, page)?;
        }
    }
    let mut lines = it.log_lines().peekable();
    if lines.peek().is_some() {
        page.blank()?;
        page.heading(&say!(heading.its_log))?;
        for shape in lines {
            page.hanging(2, "│", 1, &escape(shape.example))?;
        }
    }
    page.blank()?;
    fact(text!(fact.source), &it.source.message(), page)?;
    see_also(
        [format!("wsclose explain 1006 --behind {}", it.id)].into_iter(),
        page,
    )
}
