//! What was typed after `explain`, `compare` and `list`, as topics.

use anyhow::{bail, ensure};

use crate::escape::escape;
use crate::facts::field;
use crate::facts::protocols::{PROTOCOLS, Protocol};
use crate::facts::registry::{Owner, Registries, Registry, VENDORS};
use crate::topic::{self, NoTopic, Topic, Wanted};
use crate::words::{Voice, say};

/// The topics that each of `given` names.
///
/// The registries are asked only where the user or an option brought one, or where something is
/// left that no standard names, or that may be a vendor or a protocol besides: reading them costs more than
/// explaining a protocol code.
pub(super) fn find_each(
    given: &[String],
    registries: Registries,
) -> Vec<Result<Vec<Topic>, NoTopic>> {
    if registries.user().is_none() && registries.vendor().is_none() {
        let found = find_runs(given, topic::find);
        let is_software =
            |topic: &Topic| matches!(topic, Topic::Implementation(_) | Topic::Intermediary(_));
        let is_whole = |found: &Result<Vec<Topic>, NoTopic>| {
            let found = found.as_ref();
            found.is_ok_and(|topics| !topics.iter().any(is_software))
        };
        if found.iter().all(is_whole) {
            return found;
        }
    }
    find_runs(given, |text| topic::find_in(text, registries))
}

/// The topics that runs of `given` name.
///
/// Words that stand side by side may be one name that was typed without quotes:
/// of `going away` neither is taken alone. The longest run that is a name wins.
fn find_runs(
    given: &[String],
    find: impl Fn(&str) -> Result<Vec<Topic>, NoTopic>,
) -> Vec<Result<Vec<Topic>, NoTopic>> {
    const LONGEST_NAME: usize = 6;
    let mut found = Vec::new();
    let mut rest = given;
    while let Some((first, others)) = rest.split_first() {
        let longest = rest.len().min(LONGEST_NAME);
        let run = (2..=longest).rev().find_map(|length| {
            let (words, behind) = rest.split_at_checked(length)?;
            Some((find(&words.join(" ")).ok()?, behind))
        });
        if let Some((topics, behind)) = run {
            found.push(Ok(topics));
            rest = behind;
        } else {
            found.push(find(first));
            rest = others;
        }
    }
    found
}

/// The codes to compare, at least two and no two the same.
pub(super) fn to_compare(given: &[String], registries: Registries) -> anyhow::Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    for found in find_each(given, registries) {
        let mut found = found.map_err(|error| error.message())?;
        if found.len() > 1 {
            // Of a code and a rule with the same name only the code can be compared.
            found.retain(|topic| !matches!(topic, Topic::Rule(_)));
        }
        // Of a number that the user has a word for, the user's word.
        let is_users = |topic: &Topic| matches!(topic, Topic::Entry(entry) if entry.registry.owner == Owner::User);
        if let [first, ..] = found.as_slice() {
            if is_users(first) {
                found.truncate(1);
            }
        }
        for topic in found {
            let id = topic.id();
            if let Topic::Registry(registry) = topic {
                let some = registry.entries().next().map(|entry| entry.id());
                bail!(say!(
                    cli.compare_vendor,
                    id,
                    example = some.unwrap_or_default()
                ));
            }
            if let Topic::Rule(rule) = topic {
                bail!(match rule.closes_with {
                    Some(code) => say!(cli.compare_rule_with_code, id, code),
                    None => say!(cli.compare_rule, id),
                });
            }
            if matches!(topic, Topic::Implementation(_)) {
                bail!(say!(cli.compare_implementation, id));
            }
            if matches!(
                topic,
                Topic::Cause(_) | Topic::Intermediary(_) | Topic::Protocol(_)
            ) {
                bail!(say!(cli.compare_topic, id));
            }
            ensure!(
                topics.iter().all(|known| known.id() != id),
                say!(cli.compare_twice, id)
            );
            topics.push(topic);
        }
    }
    if let [only] = topics.as_slice() {
        let id = only.id();
        let partner = match only {
            Topic::Code(code) => code.related.first().copied().unwrap_or(1006).to_string(),
            Topic::Entry(entry) => entry.row.from.to_string(),
            _ => "1000".to_owned(),
        };
        bail!(say!(cli.compare_alone, id, partner));
    }
    Ok(topics)
}

/// The topics in `range`, if one is given, that mention all of `words`.
///
/// Without either each vendor has one line for all its codes; what the user has a word for is
/// shown in full. Of a vendor that was chosen, or of a file that is to be listed, only the codes
/// are.
pub(super) fn to_list(
    range: Option<&str>,
    words: &[String],
    registries: Registries,
    is_of_file: bool,
    voice: &Voice,
) -> anyhow::Result<Vec<Topic>> {
    let span = match range {
        None => None,
        Some(text) => Some(span(text)?),
    };
    let is_whole = range.is_none() && words.is_empty();
    let (kinds, wanted): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| is_kind(word));
    let wanted = Wanted::of(wanted);
    let all: Vec<Topic> = if registries.vendor().is_some() {
        entries(registries.chosen()).collect()
    } else if is_of_file {
        entries(registries.user().into_iter()).collect()
    } else {
        entries(registries.user().into_iter())
            .chain(topic::all())
            .chain(VENDORS.iter().map(Topic::Registry))
            .chain(protocols())
            .chain(entries(VENDORS.iter().filter(|_| !is_whole)))
            .collect()
    };
    let topics: Vec<Topic> = all
        .into_iter()
        .filter(|topic| span.is_none_or(|span| lies_in(topic, span)))
        .filter(|topic| {
            let is_of_kind = matches!(topic, Topic::Registry(_));
            let all = Wanted::of(&kinds);
            (is_of_kind || all.is_in(topic, voice)) && wanted.is_in(topic, voice)
        })
        .collect();
    if topics.is_empty() {
        let all = match registries.vendor() {
            Some(vendor) => say!(cli.list_vendor, vendor),
            None if is_of_file => say!(cli.list_registry),
            None => say!(cli.list_all),
        };
        let words = escape(&words.join(" "));
        match range {
            Some(range) if words.is_empty() => {
                bail!(say!(cli.none_in_range, range = escape(range), all))
            }
            Some(range) => bail!(say!(
                cli.none_in_range_mentions,
                range = escape(range),
                words,
                all
            )),
            None => bail!(say!(cli.none_mentions, words, all)),
        }
    }
    Ok(topics)
}

/// The protocols inside WebSocket, but for those that a vendor's line stands for.
fn protocols() -> impl Iterator<Item = Topic> {
    let has_line = |protocol: &&Protocol| protocol.vendor == Some(protocol.id);
    PROTOCOLS
        .iter()
        .filter(move |protocol| !has_line(protocol))
        .map(Topic::Protocol)
}

fn entries(registries: impl Iterator<Item = &'static Registry>) -> impl Iterator<Item = Topic> {
    registries.flat_map(Registry::entries).map(Topic::Entry)
}

/// The implementations that mention all of `words`, the best known first.
pub(super) fn implementations(words: &[String], voice: &Voice) -> anyhow::Result<Vec<Topic>> {
    let wanted = Wanted::of(words);
    let found: Vec<Topic> = field::implementations()
        .map(Topic::Implementation)
        .filter(|topic| wanted.is_in(topic, voice))
        .collect();
    ensure!(
        !found.is_empty(),
        say!(
            cli.no_implementation_mentions,
            words = escape(&words.join(" "))
        )
    );
    Ok(found)
}

/// Whether a word asks for a kind of topic: `vendor` and `vendors` for all vendors.
fn is_kind(word: &str) -> bool {
    ["vendor", "vendors"].contains(&word.to_lowercase().as_str())
}

/// The numbers of a range, or of a single code.
fn span(text: &str) -> anyhow::Result<(u16, u16)> {
    if let Some(span) = topic::span(text.trim()).map_err(|error| error.message())? {
        return Ok(span);
    }
    match text.trim().parse() {
        Ok(number) => Ok((number, number)),
        Err(_) => bail!(say!(cli.not_a_range, text = escape(text))),
    }
}

/// Whether a topic has numbers between `from` and `to`. Rules have none.
fn lies_in(topic: &Topic, (from, to): (u16, u16)) -> bool {
    match topic {
        Topic::Code(code) => (from..=to).contains(&code.number),
        Topic::Number(number, _) => (from..=to).contains(number),
        Topic::Range(range, _) => range.from <= to && from <= range.to,
        Topic::Entry(entry) => entry.row.from <= to && from <= entry.row.to,
        Topic::Rule(_)
        | Topic::Registry(_)
        | Topic::Implementation(_)
        | Topic::Cause(_)
        | Topic::Intermediary(_)
        | Topic::Protocol(_) => false,
    }
}
