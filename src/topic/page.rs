//! What stands on the page of a topic, whoever draws it: what happened, whose fault it points to, what to do.

use super::Topic;
use crate::facts::codes::{Situation, accident};
use crate::words::{Advice, PointsTo, Text};

impl Topic {
    /// Where the fault is that it reports; `None` where only its words tell.
    pub fn points_to(&self) -> Option<PointsTo> {
        match self {
            Topic::Code(code) => Some(code.points_to),
            Topic::Number(_, range) | Topic::Range(range, _) => Some(range.points_to()),
            Topic::Rule(_) => Some(PointsTo::Bytes),
            Topic::Cause(cause) => Some(cause.points_to),
            Topic::Entry(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }

    /// The first thing to do, whatever the cause; `None` where that is the fix of the first of its
    /// [causes](Topic::advice).
    pub fn first(&self) -> Option<Text> {
        match self {
            Topic::Code(code) => code.words.first,
            Topic::Number(number, range) if accident(*number).is_none() => range.words.first,
            Topic::Range(range, _) => range.words.first,
            Topic::Number(..)
            | Topic::Rule(_)
            | Topic::Cause(_)
            | Topic::Entry(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }

    /// What it means, in a sentence or two.
    pub fn meaning(&self) -> Option<Text> {
        match self {
            Topic::Code(code) => Some(code.words.meaning),
            Topic::Number(_, range) | Topic::Range(range, _) => Some(range.words.meaning),
            Topic::Rule(rule) => Some(rule.words.meaning),
            Topic::Cause(cause) => cause.meaning,
            Topic::Entry(entry) => Some(entry.row.words.meaning),
            Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }

    /// When it is seen and what to do then, likeliest first. How a number came about says more than its range.
    pub fn advice(&self) -> Vec<&'static Advice> {
        match self {
            Topic::Code(code) => code.words.advice.iter().collect(),
            Topic::Number(number, range) => match accident(*number) {
                Some(accident) => accident.advice().iter().collect(),
                None => range.advice(Some(*number)).collect(),
            },
            Topic::Range(range, _) => range.advice(None).collect(),
            Topic::Rule(rule) => rule.words.advice.iter().collect(),
            Topic::Cause(cause) => cause.advice.iter().collect(),
            Topic::Entry(entry) => entry.row.words.advice.iter().collect(),
            Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => Vec::new(),
        }
    }

    /// The everyday situations in which it is met; empty where there is nothing to choose among.
    pub fn situations(&self) -> &'static [Situation] {
        match self {
            Topic::Code(code) => code.situations,
            _ => &[],
        }
    }
}
