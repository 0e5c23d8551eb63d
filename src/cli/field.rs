//! What `explain` is asked about implementations: `--implementations`, `--from-api`, `--after`.

use std::time::Duration;

use anyhow::{anyhow, bail};

use super::args::{Circumstances, View};
use super::text::{self, Asked};
use super::topics::find_each;
use crate::escape::escape;
use crate::explain::{Facts, explain_line, narrow};
use crate::facts::field::{self, Implementation, table, timers};
use crate::facts::intermediaries::{self, INTERMEDIARIES, Intermediary};
use crate::facts::names::did_you_mean;
use crate::facts::registry::Registries;
use crate::logline;
use crate::report::Report;
use crate::topic::Topic;
use crate::words::{Value, say};

/// The answer to a view of the topics that are named.
pub(super) fn report(
    view: &View<'_>,
    given: &[String],
    registries: Registries,
) -> anyhow::Result<Report> {
    // Of a log line its code is meant, or the rule that it names.
    let topics = match text::asked(given, registries) {
        Asked::Topics(topics) => topics,
        Asked::Text(text) => {
            let reading = logline::read(&text);
            let topic = reading.and_then(|reading| explain_line(&reading, registries).topic);
            match topic {
                Some(topic) => vec![topic],
                None => bail!(say!(cli.line_without_code)),
            }
        }
    };
    let given = topics.as_slice();
    Ok(match view {
        View::Implementations => {
            let mut tables = Vec::new();
            for topics in find_each(given, registries) {
                for topic in topics.map_err(|error| error.message())? {
                    let table = table_of(&topic)?;
                    tables.push((topic, table));
                }
            }
            Report::Implementations(tables)
        }
        View::FromApi(name) => {
            let implementation = implementation(name)?;
            let values: anyhow::Result<Vec<i32>> =
                given.iter().map(|text| value(text, registries)).collect();
            Report::ShownBy(implementation, values?)
        }
        View::Narrowed(known) => {
            let facts = facts(known)?;
            let mut all = Vec::new();
            for topics in find_each(given, registries) {
                for topic in topics.map_err(|error| error.message())? {
                    all.push(narrow(code_of(&topic)?, facts));
                }
            }
            Report::Narrowed(all)
        }
        View::After(time) => {
            let after = duration(time)?;
            let mut found = Vec::new();
            for topics in find_each(given, registries) {
                for topic in topics.map_err(|error| error.message())? {
                    let code = code_of(&topic)?;
                    found.push((code, timers::matching(code, after)));
                }
            }
            Report::After(after, found)
        }
    })
}

/// The facts that were typed.
fn facts(known: &Circumstances<'_>) -> anyhow::Result<Facts> {
    let behind = match known.behind {
        None => None,
        Some(name) => Some(intermediary(name)?),
    };
    Ok(Facts {
        from_api: known.from_api.map(implementation).transpose()?,
        behind,
        after: known.after.map(duration).transpose()?,
        opened: known.opened,
    })
}

fn duration(time: &str) -> anyhow::Result<Duration> {
    match timers::duration(time) {
        Some(time) => Ok(time),
        None => bail!(say!(cli.not_a_time, time = escape(time))),
    }
}

fn intermediary(name: &str) -> anyhow::Result<&'static Intermediary> {
    match intermediaries::find(name) {
        Some(found) => Ok(found),
        None => {
            let all = INTERMEDIARIES.iter().map(|it| Value::from(it.id)).collect();
            let known = Value::List(all, ", ");
            bail!(say!(cli.no_intermediary, name = escape(name), known))
        }
    }
}

fn table_of(topic: &Topic) -> anyhow::Result<table::Table> {
    let id = topic.id();
    let table = match topic {
        Topic::Rule(rule) => table::of_rule(rule.id),
        Topic::Implementation(_) => {
            bail!(say!(cli.is_an_implementation, id))
        }
        _ => table::of_code(code_of(topic)?),
    };
    table.ok_or_else(|| anyhow!(say!(cli.not_tried, id)))
}

fn code_of(topic: &Topic) -> anyhow::Result<u16> {
    match topic {
        Topic::Code(code) => Ok(code.number),
        Topic::Number(number, _) => Ok(*number),
        Topic::Entry(entry) if !entry.row.is_band() => Ok(entry.row.from),
        _ => bail!(say!(cli.not_a_single_code, topic = topic.id())),
    }
}

/// A number as a library shows it, which need not be a code.
fn value(text: &str, registries: Registries) -> anyhow::Result<i32> {
    if let Ok(value) = text.trim().parse() {
        return Ok(value);
    }
    match find_each(&[text.to_owned()], registries).into_iter().next() {
        Some(topics) => topics
            .map_err(|error| error.message())?
            .first()
            .map_or_else(
                || bail!(say!(cli.not_a_number, text = escape(text))),
                |topic| code_of(topic).map(i32::from),
            ),
        None => bail!(say!(cli.no_number)),
    }
}

fn implementation(name: &str) -> anyhow::Result<Implementation> {
    if let Some(implementation) = field::find(name) {
        return Ok(implementation);
    }
    let mut near = field::near(name);
    near.truncate(2);
    let instead = did_you_mean(&near).unwrap_or_else(|| say!(cli.list_implementations));
    bail!(say!(cli.no_implementation, name = escape(name), instead))
}
