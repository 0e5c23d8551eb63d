//! Lines about topics: codes, ranges, rules, vendors, and how codes differ.

mod codes;
mod comparison;

use std::io::{self, Write};

use serde::Serialize;

use super::field::TimerFields;
use super::words::{AdviceFields, Id};
use super::{SCHEMA, field, line, protocol};
use crate::facts::causes::CauseRow;
use crate::facts::intermediaries::Intermediary;
use crate::facts::registry::Registry;
use crate::facts::source::Source;
use crate::report::Explained;
use crate::rules::Rule;
use crate::topic::Topic;
use crate::words::{Advice, Text, Voice, Words};
use codes::CodeOrRange;
pub(super) use comparison::ComparisonLine;

pub(super) fn topic_line(topic: &Topic, voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    match topic {
        Topic::Rule(rule) => line(&RuleLine::of(rule, voice), voice, out),
        Topic::Registry(registry) => line(&RegistryLine::of(registry, voice), voice, out),
        Topic::Implementation(implementation) => line(
            &field::ImplementationLine::of(*implementation, voice),
            voice,
            out,
        ),
        Topic::Cause(cause) => line(&CauseLine::of(cause, voice), voice, out),
        Topic::Intermediary(it) => line(&IntermediaryLine::of(it, voice), voice, out),
        Topic::Protocol(protocol) => line(&protocol::ProtocolLine::of(protocol, voice), voice, out),
        _ => line(&CodeOrRange::of(topic, voice), voice, out),
    }
}

/// A topic; behind a number that vendors use what each says of it, behind a vendor its codes.
pub(super) fn explained_lines(
    explained: &Explained,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let topic = &explained.topic;
    match (CodeOrRange::of(topic, voice), topic) {
        (Some(mut object), _) => {
            object.used_by(explained);
            line(&object, voice, out)?;
        }
        (None, Topic::Registry(registry)) => {
            topic_line(topic, voice, out)?;
            for entry in registry.entries() {
                topic_line(&Topic::Entry(entry), voice, out)?;
            }
        }
        (None, _) => topic_line(topic, voice, out)?,
    }
    let entries = explained.used_by.iter().filter_map(|known| known.entry);
    entries
        .map(Topic::Entry)
        .try_for_each(|topic| topic_line(&topic, voice, out))
}

#[derive(Serialize)]
struct CauseLine {
    r#type: &'static str,
    schema: u8,
    cause: &'static str,
    title: &'static str,
    points_to: &'static str,
    meaning: Option<&'static str>,
    #[serde(flatten)]
    advice: AdviceFields,
}

impl CauseLine {
    fn of(row: &'static CauseRow, voice: &Voice) -> Self {
        CauseLine {
            r#type: "cause",
            schema: SCHEMA,
            cause: row.id,
            title: voice.text(row.title),
            points_to: row.points_to.id(),
            meaning: row.meaning.map(|meaning| voice.text(meaning)),
            advice: AdviceFields::of(row.advice, voice),
        }
    }
}

#[derive(Serialize)]
struct IntermediaryLine {
    r#type: &'static str,
    schema: u8,
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    passes: &'static str,
    refuses: Option<&'static str>,
    config: &'static [&'static str],
    timers: Vec<TimerFields>,
    log_lines: Vec<&'static str>,
    source: String,
}

impl IntermediaryLine {
    fn of(it: &'static Intermediary, voice: &Voice) -> Self {
        let timers = it.its_timers();
        IntermediaryLine {
            r#type: "intermediary",
            schema: SCHEMA,
            id: it.id,
            name: it.title,
            aliases: it.also,
            passes: voice.text(it.passes),
            refuses: it.refuses.map(|refuses| voice.text(refuses)),
            config: it.config,
            timers: timers.map(|timer| TimerFields::of(timer, voice)).collect(),
            log_lines: it.log_lines().map(|shape| shape.example).collect(),
            source: it.source.to_string(),
        }
    }
}

#[derive(Serialize)]
struct WordFields {
    meaning: &'static str,
    /// The first thing to do, whatever the cause; where it is missing, that is the first fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_id: Id,
    #[serde(flatten)]
    advice: AdviceFields,
}

impl WordFields {
    fn of(words: &Words, voice: &Voice) -> Self {
        WordFields::with(words.meaning, words.first, words.advice, voice)
    }

    fn with(
        meaning: Text,
        first: Option<Text>,
        advice: impl IntoIterator<Item = &'static Advice> + Clone,
        voice: &Voice,
    ) -> Self {
        WordFields {
            meaning: voice.text(meaning),
            first: first.map(|first| voice.text(first)),
            first_id: first.and_then(Text::id),
            advice: AdviceFields::of(advice, voice),
        }
    }
}

pub(super) fn sources(sources: &[Source]) -> Vec<String> {
    sources.iter().map(Source::to_string).collect()
}

/// Where sources can be read, as far as that is known.
pub(super) fn urls(sources: &[Source]) -> Vec<String> {
    let urls = sources.iter().map(|source| source.url());
    urls.filter(|url| !url.is_empty()).collect()
}

/// A vendor, without its codes.
#[derive(Serialize)]
struct RegistryLine {
    r#type: &'static str,
    schema: u8,
    registry: &'static str,
    vendor: &'static str,
    title: &'static str,
    also: &'static [&'static str],
    protocol: Option<&'static str>,
    source: Vec<String>,
    source_url: Vec<String>,
    checked: Option<&'static str>,
    codes: usize,
    bands: usize,
}

impl RegistryLine {
    fn of(registry: &Registry, voice: &Voice) -> Self {
        let (codes, bands) = registry.counts();
        RegistryLine {
            r#type: "registry",
            schema: SCHEMA,
            registry: registry.owner.id(),
            vendor: registry.vendor,
            title: registry.title,
            also: registry.also,
            protocol: registry.protocol.map(|text| voice.text(text)),
            source: sources(registry.sources),
            source_url: urls(registry.sources),
            checked: registry.checked,
            codes,
            bands,
        }
    }
}

#[derive(Serialize)]
struct RuleLine {
    r#type: &'static str,
    schema: u8,
    rule: &'static str,
    title: &'static str,
    closes_with: Option<u16>,
    source: Vec<String>,
    source_url: Vec<String>,
    #[serde(flatten)]
    words: WordFields,
    example: &'static str,
    example_command: String,
}

impl RuleLine {
    fn of(rule: &Rule, voice: &Voice) -> Self {
        RuleLine {
            r#type: "rule",
            schema: SCHEMA,
            rule: rule.id,
            title: voice.text(rule.title),
            closes_with: rule.closes_with,
            source: sources(rule.sources),
            source_url: urls(rule.sources),
            words: WordFields::of(&rule.words, voice),
            example: rule.example.bytes,
            example_command: rule.example.command(),
        }
    }
}
