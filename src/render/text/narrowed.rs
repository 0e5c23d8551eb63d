//! The causes that facts leave, drawn: likeliest first, each with its fix.

use std::io;

use super::explain::{pairs, see_also, title};
use super::field::{one_timer, traced_back};
use super::page::Page;
use crate::explain::{Facts, Narrowed};
use crate::words::{Message, Value, all_of, say};

pub(super) fn draw(all: &[Narrowed], page: &mut Page<'_>) -> io::Result<()> {
    for (index, narrowed) in all.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        one(narrowed, page)?;
    }
    Ok(())
}

fn one(narrowed: &Narrowed, page: &mut Page<'_>) -> io::Result<()> {
    let facts = &narrowed.facts;
    title(&narrowed.code.to_string(), &given_facts(facts), page)?;
    if let Some(no_timer) = &narrowed.no_timer {
        page.paragraph(2, no_timer)?;
        page.blank()?;
    }
    if !narrowed.timers.is_empty() {
        page.heading(&say!(heading.timers_that_fit))?;
        for (index, timer) in narrowed.timers.iter().enumerate() {
            if index > 0 {
                page.blank()?;
            }
            one_timer(timer, page)?;
        }
        page.blank()?;
    }
    if !narrowed.advice.is_empty() {
        page.heading(&say!(heading.left))?;
        pairs(&narrowed.advice, page)?;
    }
    if let (Some(behind), Some(false)) = (facts.behind, facts.opened) {
        page.blank()?;
        page.heading(&say!(heading.lets_through))?;
        for line in behind.config {
            page.code(line)?;
        }
    }
    if !narrowed.left_out.is_empty() {
        page.blank()?;
        page.heading(&say!(heading.left_out))?;
        for (advice, because) in &narrowed.left_out {
            let said = say!(narrowed.left_out, cause = advice.cause, because = *because);
            page.hanging(2, "·", 1, &said)?;
        }
    }
    if let Some(implementation) = facts.from_api {
        page.rule()?;
        traced_back(implementation, &[i32::from(narrowed.code)], page)?;
    }
    let behind = facts
        .behind
        .map(|behind| format!("wsclose explain {}", behind.id));
    let code = format!("wsclose explain {}", narrowed.code);
    see_also(behind.into_iter().chain([code]), page)
}

/// What is known, in a few words.
fn given_facts(facts: &Facts) -> Message {
    let mut parts: Vec<Value> = Vec::new();
    let from = facts
        .from_api
        .map(|it| say!(narrowed.shown_by, name = it.name()));
    parts.extend(from.map(Value::from));
    let behind = facts
        .behind
        .map(|it| say!(narrowed.behind, name = it.title));
    parts.extend(behind.map(Value::from));
    parts.extend(
        facts
            .after
            .map(|time| Value::from(say!(narrowed.after, time))),
    );
    parts.extend(facts.opened.map(|opened| {
        Value::from(match opened {
            true => say!(narrowed.opened),
            false => say!(narrowed.not_opened),
        })
    }));
    say!(narrowed.known, facts = all_of(parts))
}
