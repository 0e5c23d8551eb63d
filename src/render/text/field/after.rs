//! Timers: those that match a time, and one by one.

use std::io;
use std::time::Duration;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::super::page::Page;
use super::title;
use crate::facts::field::timers::{From, Matches, Timer};
use crate::words::{Value, named, say, text};

/// The timers that match a time, for each code.
pub(in crate::render::text) fn after(
    after: Duration,
    found: &[(u16, Matches)],
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, (code, found)) in found.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        let (time, tolerance) = (after, found.tolerance);
        title(&code.to_string(), &say!(timer.after, time), page)?;
        if found.timers.is_empty() {
            let said = say!(timer.none, code, time, tolerance);
            page.paragraph(2, &said)?;
            if !found.nearest.is_empty() {
                page.blank()?;
                page.heading(&say!(heading.nearest))?;
                for timer in &found.nearest {
                    one_timer(timer, page)?;
                }
            }
            continue;
        }
        let said = say!(timer.these, time, tolerance, code);
        for timer in &found.timers {
            one_timer(timer, page)?;
            page.blank()?;
        }
        page.paragraph(2, &said)?;
    }
    Ok(())
}

pub(in crate::render::text) fn one_timer(timer: &Timer, page: &mut Page<'_>) -> io::Result<()> {
    let time = match timer.longest() {
        Some(longest) => say!(time.range, from = timer.duration(), to = longest).into(),
        None => Value::from(timer.duration()),
    };
    let since = page.words(match timer.from {
        From::Traffic => say!(timer.since_traffic, time),
        From::Open => say!(timer.since_open, time),
        From::Reload => say!(timer.since_reload, time),
        From::Close => say!(timer.since_close, time),
    });
    let who = page.words(timer.who);
    if 4 + who.width() + since.width() <= page.width() {
        let line = named(who.bold().to_string(), since);
        page.topic(2, &page.words(line))?;
    } else {
        page.topic(2, &who.bold().to_string())?;
        page.paragraph(4, &since)?;
    }
    let [setting, change, source] =
        [text!(fact.setting), text!(fact.change), text!(fact.source)].map(|text| page.words(text));
    let widest = setting.width().max(change.width()).max(source.width()) + 1;
    if let Some(name) = timer.setting {
        page.hanging(4, &setting, widest, &name)?;
    }
    page.hanging(4, &change, widest, &timer.change)?;
    page.hanging(4, &source, widest, &timer.source.message())
}
