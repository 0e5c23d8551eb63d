//! Timers: those that match a time, and one by one.

use std::io;
use std::time::Duration;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::super::page::Page;
use super::title;
use crate::field::says;
use crate::field::timers::{From, Matches, Timer, spoken};
use crate::words::{named, say, translated, word};

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
        let time = spoken(after);
        let tolerance = spoken(found.tolerance);
        title(&code.to_string(), &say!("after {time}", time), page)?;
        if found.timers.is_empty() {
            let said = say!(
                "No timer that is known to end with {code} runs for {time} by default, give or take {tolerance}. Where somebody set a timer, its length tells nothing.",
                code,
                time,
                tolerance
            );
            page.paragraph(2, &said)?;
            if !found.nearest.is_empty() {
                page.blank()?;
                page.heading(&say!("The nearest"))?;
                for timer in &found.nearest {
                    one_timer(timer, page)?;
                }
            }
            continue;
        }
        let said = say!(
            "These timers run for {time} by default, give or take {tolerance}, and end with {code}; the nearest first. A timer that somebody set may have any length.",
            time,
            tolerance,
            code
        );
        page.paragraph(2, &said)?;
        page.blank()?;
        for (index, timer) in found.timers.iter().enumerate() {
            if index > 0 {
                page.blank()?;
            }
            one_timer(timer, page)?;
        }
    }
    Ok(())
}

pub(super) fn one_timer(timer: &Timer, page: &mut Page<'_>) -> io::Result<()> {
    let time = spoken(Duration::from_secs(timer.seconds.into()));
    let since = match timer.from {
        From::Traffic => say!("{time} since the last traffic", time),
        From::Open => say!("{time} since it opened, with traffic or without", time),
        From::Reload => say!("{time} since a reload", time),
        From::Close => say!("{time} since its own Close, which was not answered", time),
    };
    let who = translated(timer.who);
    if 4 + who.width() + since.width() <= page.width() {
        page.line(&format!("  {}", named(&who.bold().to_string(), &since)))?;
    } else {
        page.line(&format!("  {}", who.bold()))?;
        page.paragraph(4, &since)?;
    }
    let [setting, change, source] =
        [word!("setting"), word!("change"), word!("source")].map(translated);
    let widest = setting.width().max(change.width()).max(source.width()) + 1;
    if !timer.setting.is_empty() {
        page.hanging(4, setting, widest, translated(timer.setting))?;
    }
    page.hanging(4, change, widest, translated(timer.change))?;
    page.hanging(4, source, widest, &says::source(timer.source))
}
