//! A number that a library showed, traced back.

use std::io;

use super::super::page::Page;
use super::{names, title};
use crate::facts::field::by_code::apart;
use crate::facts::field::traced::trace;
use crate::facts::field::{Api, Implementation, Outcome, Row, Section, Trial, wire_words};
use crate::words::{Message, Text, Value, say};

/// What makes a library show each number.
pub(in crate::render::text) fn traced_back(
    implementation: Implementation,
    values: &[i32],
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            page.rule()?;
        }
        title(
            &value.to_string(),
            &say!(traced.as_shown, name = implementation.name()),
            page,
        )?;
        let found = trace(implementation, *value);
        let all: Vec<Row> = implementation.rows().collect();
        if found.iter().all(|traced| traced.trials.is_empty()) {
            let said = say!(traced.never_shown, name = implementation.name(), value);
            page.paragraph(2, &said)?;
            page.blank()?;
        }
        for traced in &found {
            if traced.trials.is_empty() {
                if found.len() > 1 && found.iter().any(|traced| !traced.trials.is_empty()) {
                    let who = Value::List(apart(&traced.rows), ", ");
                    page.heading(&say!(traced.never, who))?;
                    page.blank()?;
                }
                continue;
            }
            if traced.rows.len() < all.len() {
                let who = Value::List(apart(&traced.rows), ", ");
                page.heading(&say!(traced.shows_when, who, value))?;
            } else {
                page.heading(&say!(traced.it_shows_when, value))?;
            }
            when(&traced.trials, *value, page)?;
            page.blank()?;
        }
        let known: Vec<_> = implementation
            .surprises()
            .iter()
            .filter(|surprise| surprise.numbers.contains(value))
            .collect();
        if !known.is_empty() {
            page.heading(&say!(heading.known_for))?;
            for surprise in known {
                page.hanging(2, "·", 1, &surprise.text)?;
            }
            page.blank()?;
        }
        page.heading(&say!(heading.see_also))?;
        page.command(&format!("wsclose explain {}", implementation.id()))?;
        if u16::try_from(*value).is_ok() {
            page.command(&format!("wsclose explain {value}"))?;
        }
    }
    Ok(())
}

/// The trials that led to a number, by what went over the wire.
fn when(trials: &[(&'static Trial, Outcome)], value: i32, page: &mut Page<'_>) -> io::Result<()> {
    type Key = (Section, bool, Option<Message>);
    let key_of = |trial: &Trial, outcome: Outcome| -> Key {
        let is_same = outcome.api == Api::Same;
        (trial.section, is_same, wire_words(trial, outcome))
    };
    let mut done: Vec<Key> = Vec::new();
    for (trial, outcome) in trials {
        let key = key_of(trial, *outcome);
        if done.contains(&key) {
            continue;
        }
        let same: Vec<&'static Trial> = trials
            .iter()
            .filter(|(trial, outcome)| key_of(trial, *outcome) == key)
            .map(|(trial, _)| *trial)
            .collect();
        let (codes, others): (Vec<&Trial>, Vec<&Trial>) =
            same.into_iter().partition(|trial| trial.what.is_none());
        let mut what: Vec<Value> = Vec::new();
        if !others.is_empty() {
            what.push(names(&others));
        }
        if key.1 {
            what.push(say!(traced.close_with, code = value).into());
        } else if !codes.is_empty() {
            what.push(say!(traced.close_with, code = names(&codes)).into());
        }
        let what = Value::List(what, ", ");
        let is_received = matches!(trial.section, Section::Close | Section::Fault);
        let line = match wire_words(trial, *outcome) {
            Some(does) if is_received => say!(traced.received_and, what, does),
            Some(does) => say!(traced.and, what, does),
            None if is_received => say!(traced.received, what),
            None => Message::new(Text::Given("{what}"), vec![("what", what)]),
        };
        page.hanging(2, "·", 1, &line)?;
        done.push(key);
    }
    Ok(())
}
