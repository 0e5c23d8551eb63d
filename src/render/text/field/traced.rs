//! A number that a library showed, traced back.

use std::io;

use super::super::page::Page;
use super::{names, title};
use crate::field::by_code::apart;
use crate::field::shown::causes;
use crate::field::{Case, Implementation, Outcome, Row, Section, Shown, does};
use crate::words::{Language, say, speaking, translated};

/// What makes a library show each number.
pub(in crate::render::text) fn shown_by(
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
            &say!("as {name} shows it", name = implementation.name()),
            page,
        )?;
        let found = causes(implementation, *value);
        let all: Vec<Row> = implementation.rows().collect();
        if found.iter().all(|causes| causes.cases.is_empty()) {
            let said = say!(
                "{name} showed {value} in no case that was tried, so something else made the number up, or it came from an application.",
                name = implementation.name(),
                value
            );
            page.paragraph(2, &said)?;
            page.blank()?;
        }
        for causes in &found {
            if causes.cases.is_empty() {
                if found.len() > 1 && found.iter().any(|causes| !causes.cases.is_empty()) {
                    let who = apart(&causes.rows);
                    page.heading(&say!("{who}: never", who))?;
                    page.blank()?;
                }
                continue;
            }
            if causes.rows.len() < all.len() {
                let who = apart(&causes.rows);
                page.heading(&say!("{who}: it shows {value} when", who, value))?;
            } else {
                page.heading(&say!("It shows {value} when", value))?;
            }
            when(&causes.cases, *value, page)?;
            page.blank()?;
        }
        let known: Vec<_> = implementation
            .surprises()
            .filter(|surprise| mentions(surprise.text, *value))
            .collect();
        if !known.is_empty() {
            page.heading(&say!("Known for"))?;
            for surprise in known {
                page.hanging(2, "·", 1, translated(surprise.text))?;
            }
            page.blank()?;
        }
        page.heading(&say!("See also"))?;
        page.line(&format!("  wsclose explain {}", implementation.id()))?;
        if u16::try_from(*value).is_ok() {
            page.line(&format!("  wsclose explain {value}"))?;
        }
    }
    Ok(())
}

/// Whether a sentence names a number, as a word of its own.
fn mentions(sentence: &str, value: i32) -> bool {
    sentence
        .split(|character: char| !(character.is_ascii_digit() || character == '-'))
        .any(|word| word.parse() == Ok(value))
}

/// The cases that led to a number, by what went over the wire.
fn when(cases: &[(&'static Case, Outcome)], value: i32, page: &mut Page<'_>) -> io::Result<()> {
    type Key = (Section, bool, Option<String>);
    let key_of = |case: &Case, outcome: Outcome| -> Key {
        let is_same = outcome.shown == Shown::Same;
        // In one language, so that the same stands together in all.
        let does = speaking(Language::English, || does(case, outcome));
        (case.section, is_same, does)
    };
    let mut done: Vec<Key> = Vec::new();
    for (case, outcome) in cases {
        let key = key_of(case, *outcome);
        if done.contains(&key) {
            continue;
        }
        let same: Vec<&'static Case> = cases
            .iter()
            .filter(|(case, outcome)| key_of(case, *outcome) == key)
            .map(|(case, _)| *case)
            .collect();
        let (codes, others): (Vec<&Case>, Vec<&Case>) =
            same.into_iter().partition(|case| case.what.is_empty());
        let mut what: Vec<String> = Vec::new();
        if !others.is_empty() {
            what.push(names(&others));
        }
        if key.1 {
            what.push(say!("a Close with {code}", code = value));
        } else if !codes.is_empty() {
            what.push(say!("a Close with {code}", code = names(&codes)));
        }
        let what = what.join(", ");
        let is_received = matches!(case.section, Section::Close | Section::Fault);
        let line = match does(case, *outcome) {
            Some(does) if is_received => say!("it received {what}; it {does}", what, does),
            Some(does) => say!("{what}; it {does}", what, does),
            None if is_received => say!("it received {what}", what),
            None => what,
        };
        page.hanging(2, "·", 1, &line)?;
        done.push(key);
    }
    Ok(())
}
