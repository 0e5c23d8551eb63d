//! The line about how codes differ.

use serde::Serialize;

use super::codes::CodeOrRange;
use crate::render::json::SCHEMA;
use crate::render::json::words::Id;
use crate::report::{Comparison, Fact, RawValue};
use crate::topic::Topic;
use crate::words::{Voice, named};

#[derive(Serialize)]
pub(in crate::render::json) struct ComparisonLine<'a> {
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
    pub(in crate::render::json) fn of(comparison: &'a Comparison, voice: &'a Voice) -> Self {
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
