//! Lines about a code, registered or of a vendor, and about a range or a vendor's band of codes.

use serde::Serialize;

use super::{WordFields, sources, urls};
use crate::facts::codes::{
    Code, Layer, PointsTo, Range, SentBy, Situation, accident, may_stand_in_close, range_of,
};
use crate::facts::field::by_code;
use crate::facts::registry::{Entry, Registered};
use crate::render::json::SCHEMA;
use crate::render::json::words::{Id, ids, said};
use crate::report::{Explained, reconnect_words};
use crate::topic::Topic;
use crate::words::{Advice, Voice};

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum CodeOrRange {
    Code(Box<CodeLine>),
    Range(Box<RangeLine>),
}

impl CodeOrRange {
    /// `None` for a rule and for a registry, which have lines of their own.
    pub(super) fn of(topic: &Topic, voice: &Voice) -> Option<Self> {
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
    pub(super) fn used_by(&mut self, explained: &Explained) {
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
pub(super) struct CodeLine {
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
pub(super) struct RangeLine {
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
