//! Timers: those that match a time, and one by one.

use std::io;
use std::time::Duration;

use colored::Colorize;

use super::super::page::Page;
use super::title;
use crate::field::timers::{From, Matches, Timer, spoken};
use crate::words::{Value, fill};

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
        title(&code.to_string(), &format!("after {}", spoken(after)), page)?;
        let values = [
            ("code", Value::Code(*code)),
            ("after", Value::Text(spoken(after))),
            ("tolerance", Value::Text(spoken(found.tolerance))),
        ];
        if found.timers.is_empty() {
            let said = fill(
                "No timer that is known to end with {code} runs for {after} by default, give or take {tolerance}. Where somebody set a timer, its length tells nothing.",
                &values,
            );
            page.paragraph(2, &said)?;
            if !found.nearest.is_empty() {
                page.blank()?;
                page.heading("The nearest")?;
                for timer in &found.nearest {
                    one_timer(timer, page)?;
                }
            }
            continue;
        }
        let said = fill(
            "These timers run for {after} by default, give or take {tolerance}, and end with {code}; the nearest first. A timer that somebody set may have any length.",
            &values,
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
    let since = match timer.from {
        From::Traffic => "{time} since the last traffic",
        From::Open => "{time} since it opened, with traffic or without",
        From::Reload => "{time} since a reload",
        From::Close => "{time} since its own Close, which was not answered",
    };
    let time = spoken(Duration::from_secs(timer.seconds.into()));
    let since = fill(since, &[("time", Value::Text(time))]);
    page.line(&format!("  {}: {since}", timer.who.bold()))?;
    if !timer.setting.is_empty() {
        page.hanging(4, "setting", 7, timer.setting)?;
    }
    page.hanging(4, "change", 7, timer.change)?;
    page.hanging(4, "source", 7, timer.source)
}
