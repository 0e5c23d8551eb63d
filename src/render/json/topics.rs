//! Lines about topics: codes, ranges, rules, vendors, and how codes differ.

use std::io::{self, Write};

use serde::Serialize;

use super::field::TimerFields;
use super::words::{AdviceFields, Id, ids, said};
use super::{SCHEMA, field, line, protocol};
use crate::facts::causes::CauseRow;
use crate::facts::codes::{
    Code, Layer, PointsTo, Range, SentBy, Situation, accident, may_stand_in_close, range_of,
};
use crate::facts::field::by_code;
use crate::facts::intermediaries::Intermediary;
use crate::facts::registry::{Entry, Registered, Registry};
use crate::facts::source::Source;
use crate::report::{Comparison, Explained, Fact, RawValue, reconnect_words};
use crate::rules::Rule;
use crate::topic::Topic;
use crate::words::{Advice, Text, Voice, Words, named};

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
#[serde(untagged)]
enum CodeOrRange {
    Code(Box<CodeLine>),
    Range(Box<RangeLine>),
}

impl CodeOrRange {
    /// `None` for a rule and for a registry, which have lines of their own.
    fn of(topic: &Topic, voice: &Voice) -> Option<Self> {
        Some(match topic {
            Topic::Code(code) => CodeOrRange::Code(Box::new(CodeLine::of(code, voice))),
            Topic::Number(number, range) => {
                CodeOrRange::Range(Box::new(RangeLine::of(range, Some(*number), None, voice)))
            }
            Topic::Range(range, asked) => {
                CodeOrRange::Range(Box::new(RangeLine::of(range, None, Some(*asked), voice)))
            }
            Topic::Entry(entry) if entry.row.is_band() => {
                CodeOrRange::Range(Box::new(RangeLine::of_band(entry, voice)))
            }
            Topic::Entry(entry) => CodeOrRange::Code(Box::new(CodeLine::of_entry(entry, voice))),
            Topic::Rule(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Cause(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => return None,
        })
    }

    /// Adds what one types to get what vendors say of the number, or the vendors of a range.
    fn used_by(&mut self, explained: &Explained) {
        let number = match explained.topic {
            Topic::Code(code) => Some(code.number),
            Topic::Number(number, _) => Some(number),
            _ => None,
        };
        let ids = explained.used_by.iter().map(|known| match number {
            Some(number) => format!("{}:{number}", known.vendor),
            None => known.vendor.to_owned(),
        });
        match self {
            CodeOrRange::Code(code) => code.used_by = ids.collect(),
            CodeOrRange::Range(range) => range.used_by = ids.collect(),
        }
    }
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

#[derive(Serialize)]
struct CodeLine {
    r#type: &'static str,
    schema: u8,
    code: u16,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered_as: Option<&'static str>,
    aliases: &'static [&'static str],
    registry: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    range: String,
    on_wire: bool,
    bytes: String,
    sent_by: &'static str,
    points_to: &'static str,
    arises_in: &'static str,
    reconnect: &'static str,
    reconnect_how: &'static str,
    /// Whether the vendor says so, or this program reads it from the code's meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect_by: Option<&'static str>,
    #[serde(flatten)]
    words: WordFields,
    /// The everyday situations in which it is met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    situations: Vec<SituationFields>,
    /// What real implementations do with it that surprises.
    in_the_field: Vec<String>,
    in_the_field_ids: Vec<Id>,
    source: Vec<String>,
    source_url: Vec<String>,
    related: &'static [u16],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<String>,
}

/// An everyday situation, and where to go on from there.
#[derive(Serialize)]
struct SituationFields {
    when: &'static str,
    when_id: Id,
    means: &'static str,
    commands: &'static [&'static str],
    /// The place of the cause that fits, in `causes`.
    cause: usize,
}

impl SituationFields {
    fn of(situation: &Situation, voice: &Voice) -> Self {
        SituationFields {
            when: voice.text(situation.when),
            when_id: situation.when.id(),
            means: voice.text(situation.means),
            commands: situation.commands,
            cause: situation.advice,
        }
    }
}

impl CodeLine {
    fn of(code: &'static Code, voice: &Voice) -> Self {
        let notes = by_code::notes(code.number);
        CodeLine {
            r#type: "code",
            schema: SCHEMA,
            code: code.number,
            name: code.name,
            registered_as: code.registered_as,
            aliases: code.aliases,
            registry: "iana",
            vendor: None,
            range: code.range().id(),
            on_wire: code.on_wire,
            bytes: hex::encode(code.bytes()),
            sent_by: code.sent_by.id(),
            points_to: code.points_to.id(),
            arises_in: code.arises_in.id(),
            reconnect: code.reconnect.id(),
            reconnect_how: voice.text(code.phrases.reconnect),
            reconnect_by: None,
            words: WordFields::of(&code.words, voice),
            situations: code
                .situations
                .iter()
                .map(|situation| SituationFields::of(situation, voice))
                .collect(),
            in_the_field: said(&notes, voice),
            in_the_field_ids: ids(&notes),
            source: sources(code.sources),
            source_url: urls(code.sources),
            related: code.related,
            used_by: Vec::new(),
        }
    }

    fn of_entry(entry: &Entry, voice: &Voice) -> Self {
        let row = entry.row;
        CodeLine {
            r#type: "code",
            schema: SCHEMA,
            code: row.from,
            name: row.name,
            registered_as: None,
            aliases: &[],
            registry: entry.registry.owner.id(),
            vendor: Some(entry.registry.vendor),
            range: range_of(row.from).id(),
            on_wire: row.sent_by != SentBy::Nobody && may_stand_in_close(row.from),
            bytes: hex::encode(row.from.to_be_bytes()),
            sent_by: row.sent_by.id(),
            points_to: PointsTo::Agreement.id(),
            arises_in: Layer::Application.id(),
            reconnect: row.reconnect.id(),
            reconnect_how: voice.text(reconnect_words(row.reconnect)),
            reconnect_by: Some(match row.is_vendors_advice {
                true => "vendor",
                false => "us",
            }),
            words: WordFields::of(&row.words, voice),
            situations: Vec::new(),
            in_the_field: Vec::new(),
            in_the_field_ids: Vec::new(),
            source: sources(entry.registry.sources),
            source_url: urls(entry.registry.sources),
            related: &[],
            used_by: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct RangeLine {
    r#type: &'static str,
    schema: u8,
    from: u16,
    to: u16,
    /// The number asked for; null where the range itself was.
    code: Option<u16>,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<[u16; 2]>,
    on_wire: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    accident: Option<AccidentFields>,
    /// Of a vendor's band, as of a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect_how: Option<&'static str>,
    #[serde(flatten)]
    words: WordFields,
    source: Vec<String>,
    source_url: Vec<String>,
    /// The codes in the range that have a row of their own.
    related: Vec<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<String>,
}

#[derive(Serialize)]
struct AccidentFields {
    kind: &'static str,
    note: String,
}

impl RangeLine {
    fn of(
        range: &'static Range,
        code: Option<u16>,
        asked: Option<(u16, u16)>,
        voice: &Voice,
    ) -> Self {
        RangeLine {
            r#type: "range",
            schema: SCHEMA,
            from: range.from,
            to: range.to,
            code,
            name: range.name.english(),
            registry: None,
            vendor: None,
            asked: asked
                .filter(|asked| *asked != (range.from, range.to))
                .map(|(from, to)| [from, to]),
            on_wire: range.on_wire,
            accident: code.and_then(|code| {
                let accident = accident(code)?;
                Some(AccidentFields {
                    kind: accident.id(),
                    note: voice.say(&accident.explain(code)),
                })
            }),
            sent_by: None,
            reconnect: None,
            reconnect_how: None,
            // How a number came about says more than its range.
            words: match code.and_then(accident) {
                Some(accident) => {
                    WordFields::with(range.words.meaning, None, accident.advice(), voice)
                }
                None => {
                    let advice: Vec<&Advice> = range.advice(code).collect();
                    WordFields::with(range.words.meaning, range.words.first, advice, voice)
                }
            },
            source: sources(range.sources),
            source_url: urls(range.sources),
            related: range.codes().map(|code| code.number).collect(),
            used_by: Vec::new(),
        }
    }

    fn of_band(entry: &Entry, voice: &Voice) -> Self {
        let (row, registry) = (entry.row, entry.registry);
        let lies_in =
            |code: &&Registered| !code.is_band() && (row.from..=row.to).contains(&code.from);
        RangeLine {
            r#type: "range",
            schema: SCHEMA,
            from: row.from,
            to: row.to,
            code: entry.number,
            name: row.name,
            registry: Some(registry.owner.id()),
            vendor: Some(registry.vendor),
            asked: None,
            on_wire: row.sent_by != SentBy::Nobody && may_stand_in_close(row.from),
            accident: None,
            sent_by: Some(row.sent_by.id()),
            reconnect: Some(row.reconnect.id()),
            reconnect_how: Some(voice.text(reconnect_words(row.reconnect))),
            words: WordFields::of(&row.words, voice),
            source: sources(registry.sources),
            source_url: urls(registry.sources),
            related: registry
                .rows
                .iter()
                .filter(lies_in)
                .map(|code| code.from)
                .collect(),
            used_by: Vec::new(),
        }
    }
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

#[derive(Serialize)]
pub(super) struct ComparisonLine<'a> {
    r#type: &'static str,
    schema: u8,
    codes: Vec<CodeOrRange>,
    differences: Vec<Difference<'a>>,
    tell_apart: Vec<String>,
    tell_apart_ids: Vec<Id>,
    choose: Vec<Choice>,
}

#[derive(Serialize)]
struct Difference<'a> {
    field: &'static str,
    values: Vec<Raw<'a>>,
}

#[derive(Serialize)]
struct Choice {
    /// The code; for a range, its first and last number as text.
    code: CodeOrSpan,
    when: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CodeOrSpan {
    Code(u16),
    Span(String),
}

struct Raw<'a>(&'a RawValue, &'a Voice);

impl Serialize for Raw<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            RawValue::Bool(value) => serializer.serialize_bool(*value),
            RawValue::Word(word) => serializer.serialize_str(word),
            RawValue::Text(text) => serializer.serialize_str(text),
            RawValue::Said(text) => serializer.serialize_str(self.1.text(*text)),
            RawValue::Texts(texts) => texts.serialize(serializer),
            RawValue::None => serializer.serialize_none(),
        }
    }
}

impl<'a> ComparisonLine<'a> {
    pub(super) fn of(comparison: &'a Comparison, voice: &'a Voice) -> Self {
        let pairs = || comparison.pairs.iter().flat_map(|pair| pair.lines);
        let signs = || comparison.signs.iter();
        let differing = comparison.facts.iter().filter(|fact| fact.differs());
        ComparisonLine {
            r#type: "comparison",
            schema: SCHEMA,
            codes: comparison
                .topics
                .iter()
                .filter_map(|topic| CodeOrRange::of(topic, voice))
                .collect(),
            differences: differing.map(|fact| Difference::of(fact, voice)).collect(),
            tell_apart: pairs()
                .map(|line| voice.text(*line).to_owned())
                .chain(signs().map(|(id, sign)| voice.say(&named(id, sign))))
                .collect(),
            tell_apart_ids: pairs()
                .map(|line| line.id())
                .chain(signs().map(|(_, sign)| sign.text.id()))
                .collect(),
            choose: comparison
                .choices()
                .map(|(topic, when)| Choice {
                    code: match topic {
                        Topic::Code(code) => CodeOrSpan::Code(code.number),
                        Topic::Number(number, _) => CodeOrSpan::Code(*number),
                        _ => CodeOrSpan::Span(topic.id()),
                    },
                    when: voice.text(when),
                })
                .collect(),
        }
    }
}

impl<'a> Difference<'a> {
    fn of(fact: &'a Fact, voice: &'a Voice) -> Self {
        Difference {
            field: fact.field,
            values: fact
                .values
                .iter()
                .map(|value| Raw(&value.raw, voice))
                .collect(),
        }
    }
}
