//! What was typed after `explain`, `compare` and `list`, as topics.

use anyhow::{bail, ensure};

use crate::escape::escape;
use crate::field;
use crate::topic::{self, NoTopic, Topic};

/// The topics that each of `given` names.
///
/// Words that stand side by side may be one name that was typed without quotes:
/// of `going away` neither is taken alone. The longest run that is a name wins.
pub(super) fn find_each(given: &[String]) -> Vec<Result<Vec<Topic>, NoTopic>> {
    const LONGEST_NAME: usize = 6;
    let mut found = Vec::new();
    let mut rest = given;
    while let Some((first, others)) = rest.split_first() {
        let longest = rest.len().min(LONGEST_NAME);
        let run = (2..=longest).rev().find_map(|length| {
            let (words, behind) = rest.split_at_checked(length)?;
            Some((topic::find(&words.join(" ")).ok()?, behind))
        });
        if let Some((topics, behind)) = run {
            found.push(Ok(topics));
            rest = behind;
        } else {
            found.push(topic::find(first));
            rest = others;
        }
    }
    found
}

/// The codes to compare, at least two and no two the same.
pub(super) fn to_compare(given: &[String]) -> anyhow::Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    for found in find_each(given) {
        let mut found = found?;
        if found.len() > 1 {
            // Of a code and a rule with the same name only the code can be compared.
            found.retain(|topic| !matches!(topic, Topic::Rule(_)));
        }
        for topic in found {
            let id = topic.id();
            if let Topic::Rule(rule) = topic {
                bail!(
                    "compare takes codes, and `{id}` is a rule; `wsclose explain {id}` explains it{}",
                    match rule.closes_with {
                        Some(code) => format!(", and it closes with {code}"),
                        None => String::new(),
                    }
                );
            }
            if matches!(topic, Topic::Implementation(_)) {
                bail!(
                    "compare takes codes, and `{id}` is an implementation; `wsclose explain {id}` shows what it does"
                );
            }
            ensure!(
                topics.iter().all(|known| known.id() != id),
                "compare takes different codes, and {id} is given twice"
            );
            topics.push(topic);
        }
    }
    if let [only] = topics.as_slice() {
        let id = only.id();
        let partner = match only {
            Topic::Code(code) => code.related.first().copied().unwrap_or(1006),
            _ => 1000,
        };
        bail!(
            "compare takes two or more codes, and only {id} is given; try `wsclose compare {id} {partner}`"
        );
    }
    Ok(topics)
}

/// The topics in `range`, if one is given, that mention all of `words`.
pub(super) fn to_list(range: Option<&str>, words: &[String]) -> anyhow::Result<Vec<Topic>> {
    let span = match range {
        None => None,
        Some(text) => Some(span(text)?),
    };
    let topics: Vec<Topic> = topic::all()
        .filter(|topic| span.is_none_or(|span| lies_in(topic, span)))
        .filter(|topic| words.iter().all(|word| topic.mentions(word)))
        .collect();
    if topics.is_empty() {
        let words = escape(&words.join(" "));
        match range {
            Some(range) => bail!(
                "no topic in `{}` mentions `{words}`; `wsclose list` shows all there are",
                escape(range)
            ),
            None => bail!("no topic mentions `{words}`; `wsclose list` shows all there are"),
        }
    }
    Ok(topics)
}

/// The implementations that mention all of `words`, the best known first.
pub(super) fn implementations(words: &[String]) -> anyhow::Result<Vec<Topic>> {
    let found: Vec<Topic> = field::implementations()
        .map(Topic::Implementation)
        .filter(|topic| words.iter().all(|word| topic.mentions(word)))
        .collect();
    ensure!(
        !found.is_empty(),
        "no implementation mentions `{}`; `wsclose list --implementations` shows all there are",
        escape(&words.join(" "))
    );
    Ok(found)
}

/// The numbers of a range, or of a single code.
fn span(text: &str) -> anyhow::Result<(u16, u16)> {
    if let Some(span) = topic::span(text.trim())? {
        return Ok(span);
    }
    match text.trim().parse() {
        Ok(number) => Ok((number, number)),
        Err(_) => bail!(
            "`{}` is not a range; write `4xxx` or `3000-3999`",
            escape(text)
        ),
    }
}

/// Whether a topic has numbers between `from` and `to`. Rules have none.
fn lies_in(topic: &Topic, (from, to): (u16, u16)) -> bool {
    match topic {
        Topic::Code(code) => (from..=to).contains(&code.number),
        Topic::Number(number, _) => (from..=to).contains(number),
        Topic::Range(range, _) => range.from <= to && from <= range.to,
        Topic::Rule(_) | Topic::Implementation(_) => false,
    }
}
