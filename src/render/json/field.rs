//! What real implementations do, as JSON.

use std::time::Duration;

use serde::Serialize;

use super::SCHEMA;
use super::words::{AdviceFields, Id};
use crate::explain::Narrowed;
use crate::facts::field::by_code::Group;
use crate::facts::field::table::{About, Table, Trigger};
use crate::facts::field::timers::{Matches, Timer, timers};
use crate::facts::field::traced::trace;
use crate::facts::field::{
    Api, Implementation, Outcome, Row, Statement, TRIALS, Trial, Wire, message_limits,
};
use crate::topic::Topic;
use crate::words::Voice;

/// A number, or a word of the tables.
#[derive(Serialize)]
#[serde(untagged)]
enum NumberOrWord {
    Number(i32),
    Word(&'static str),
}

#[derive(Serialize)]
struct OutcomeFields {
    /// Null where it was not looked at.
    shown: Option<NumberOrWord>,
    sent: Option<NumberOrWord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_seconds: Option<u16>,
}

impl OutcomeFields {
    fn of(outcome: Outcome) -> Self {
        let word = |word| Some(NumberOrWord::Word(word));
        OutcomeFields {
            shown: match outcome.api {
                Api::Unknown => None,
                Api::Same => word("same"),
                Api::Code(code) => Some(NumberOrWord::Number(code)),
                Api::Nothing => word("none"),
                Api::Error => word("error"),
                Api::Taken => word("ok"),
                Api::Refused => word("refused"),
            },
            sent: match outcome.wire {
                Wire::Unknown => None,
                Wire::Same => word("same"),
                Wire::Close(code) | Wire::Http(code) => Some(NumberOrWord::Number(code.into())),
                Wire::Empty => word("empty"),
                Wire::Drop => word("drop"),
                Wire::Reset => word("reset"),
                Wire::Silence => word("silence"),
                Wire::Accepted => word("accepted"),
                Wire::Waits => word("waits"),
                Wire::Application => word("application"),
                Wire::Garbled => word("garbled"),
                Wire::CloseOrDrop => word("1002-or-drop"),
                Wire::NoClose => word("nothing"),
                Wire::Cut => word("cut"),
                Wire::NoReason => word("no-reason"),
                Wire::Open => word("open"),
            },
            after_seconds: outcome.after,
        }
    }
}

#[derive(Serialize)]
struct RowFields {
    implementation: &'static str,
    name: &'static str,
    version: String,
    role: &'static str,
    variant: Option<&'static str>,
    source: String,
}

impl RowFields {
    fn of(row: &Row) -> Self {
        RowFields {
            implementation: row.implementation().id(),
            name: row.implementation().name(),
            version: row.version().to_string(),
            role: row.role().id(),
            variant: row.variant().map(|variant| variant.english()),
            source: row.source().to_string(),
        }
    }
}

#[derive(Serialize)]
struct GroupFields {
    case: &'static str,
    #[serde(flatten)]
    outcome: OutcomeFields,
    rows: Vec<RowFields>,
}

impl GroupFields {
    fn of(group: &Group) -> Self {
        GroupFields {
            case: TRIALS.get(group.trial).map_or("", |trial| trial.id),
            outcome: OutcomeFields::of(group.outcome),
            rows: group.rows.iter().map(RowFields::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct CauseFields {
    cause: &'static str,
    what: &'static str,
    rows: Vec<RowFields>,
}

impl CauseFields {
    fn of((trigger, rows): &(Trigger, Vec<Row>), voice: &Voice) -> Self {
        CauseFields {
            cause: trigger.id(),
            what: voice.text(trigger.what()),
            rows: rows.iter().map(RowFields::of).collect(),
        }
    }
}

/// What all implementations do with a code or a rule.
#[derive(Serialize)]
pub(super) struct TableLine {
    r#type: &'static str,
    schema: u8,
    code: Option<u16>,
    /// The code that was tried and stands for the one that was asked for.
    tried: Option<u16>,
    rule: Option<&'static str>,
    name: &'static str,
    received: Vec<GroupFields>,
    sent_by_application: Vec<GroupFields>,
    shown_without: Vec<CauseFields>,
    sent_by_library: Vec<CauseFields>,
    /// Of 1009: the limits of messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<MessageLimitFields>,
}

/// A limit of messages, and whose it is.
#[derive(Serialize)]
struct MessageLimitFields {
    implementation: &'static str,
    name: &'static str,
    #[serde(flatten)]
    statement: StatementFields,
}

impl TableLine {
    pub(super) fn of(topic: &Topic, table: &Table, voice: &Voice) -> Self {
        let causes = |found: &[(Trigger, Vec<Row>)]| {
            let found = found.iter();
            found.map(|cause| CauseFields::of(cause, voice)).collect()
        };
        let (code, tried, rule) = match table.about {
            About::Code { code, tried } => (Some(code), Some(tried), None),
            About::Rule(rule) => (None, None, Some(rule)),
        };
        TableLine {
            r#type: "implementations",
            schema: SCHEMA,
            code,
            tried,
            rule,
            name: topic.title().english(),
            received: table
                .received
                .iter()
                .flatten()
                .map(GroupFields::of)
                .collect(),
            sent_by_application: table.sent.iter().map(GroupFields::of).collect(),
            shown_without: causes(&table.reported),
            sent_by_library: causes(&table.by_itself),
            limits: match code {
                Some(1009) => message_limits()
                    .map(|(implementation, statement)| MessageLimitFields {
                        implementation: implementation.id(),
                        name: implementation.name(),
                        statement: StatementFields::of(statement, voice),
                    })
                    .collect(),
                _ => Vec::new(),
            },
        }
    }
}

#[derive(Serialize)]
struct StatementFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    text: &'static str,
    /// Of a limit: null where it cannot be set.
    #[serde(skip_serializing_if = "Option::is_none")]
    setting: Option<Option<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<&'static str>,
    source: String,
}

impl StatementFields {
    fn of(statement: &Statement, voice: &Voice) -> Self {
        StatementFields {
            kind: statement.limit.map(|limit| limit.id()),
            text: voice.text(statement.text),
            setting: statement
                .limit
                .map(|_| statement.setting.map(|setting| setting.english())),
            counts: statement.counts.map(|counts| counts.id()),
            source: statement.source.to_string(),
        }
    }
}

#[derive(Serialize)]
struct CaseFields {
    section: &'static str,
    case: &'static str,
    #[serde(flatten)]
    outcome: OutcomeFields,
}

impl CaseFields {
    fn of((trial, outcome): (&'static Trial, Outcome)) -> Self {
        CaseFields {
            section: trial.section.id(),
            case: trial.id,
            outcome: OutcomeFields::of(outcome),
        }
    }
}

#[derive(Serialize)]
struct FullRow {
    #[serde(flatten)]
    row: RowFields,
    outcomes: Vec<CaseFields>,
}

/// All that is known of an implementation.
#[derive(Serialize)]
pub(super) struct ImplementationLine {
    r#type: &'static str,
    schema: u8,
    id: &'static str,
    name: &'static str,
    language: &'static str,
    aliases: &'static [&'static str],
    surprises: Vec<StatementFields>,
    limits: Vec<StatementFields>,
    timers: Vec<TimerFields>,
    rows: Vec<FullRow>,
}

impl ImplementationLine {
    pub(super) fn of(implementation: Implementation, voice: &Voice) -> Self {
        let statements = |found: &[Statement]| {
            let found = found.iter();
            found.map(|it| StatementFields::of(it, voice)).collect()
        };
        ImplementationLine {
            r#type: "implementation",
            schema: SCHEMA,
            id: implementation.id(),
            name: implementation.name(),
            language: implementation.language(),
            aliases: implementation.aliases(),
            surprises: statements(implementation.surprises()),
            limits: statements(implementation.limits()),
            timers: timers()
                .filter(|timer| timer.page() == Some(implementation))
                .map(|timer| TimerFields::of(timer, voice))
                .collect(),
            rows: implementation
                .rows()
                .map(|row| FullRow {
                    row: RowFields::of(&row),
                    outcomes: row.outcomes().map(CaseFields::of).collect(),
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct CausesFields {
    rows: Vec<RowFields>,
    when: Vec<CaseFields>,
}

/// What makes an implementation show a number.
#[derive(Serialize)]
pub(super) struct TracedLine {
    r#type: &'static str,
    schema: u8,
    value: i32,
    implementation: &'static str,
    name: &'static str,
    causes: Vec<CausesFields>,
}

impl TracedLine {
    pub(super) fn of(implementation: Implementation, value: i32) -> Self {
        TracedLine {
            r#type: "shown-by",
            schema: SCHEMA,
            value,
            implementation: implementation.id(),
            name: implementation.name(),
            causes: trace(implementation, value)
                .into_iter()
                .map(|traced| CausesFields {
                    rows: traced.rows.iter().map(RowFields::of).collect(),
                    when: traced.trials.into_iter().map(CaseFields::of).collect(),
                })
                .collect(),
        }
    }
}

/// The causes of a code that facts leave.
#[derive(Serialize)]
pub(super) struct NarrowedLine {
    r#type: &'static str,
    schema: u8,
    code: u16,
    from_api: Option<&'static str>,
    behind: Option<&'static str>,
    after_s: Option<f64>,
    opened: Option<bool>,
    timers: Vec<TimerFields>,
    #[serde(flatten)]
    advice: AdviceFields,
    left_out: Vec<LeftOut>,
    shown_when: Vec<CausesFields>,
}

/// A cause that the facts exclude.
#[derive(Serialize)]
struct LeftOut {
    cause: &'static str,
    cause_id: Id,
    because: &'static str,
}

impl NarrowedLine {
    pub(super) fn of(narrowed: &Narrowed, voice: &Voice) -> Self {
        let facts = &narrowed.facts;
        let left_out = narrowed.left_out.iter().map(|(advice, because)| LeftOut {
            cause: voice.text(advice.cause),
            cause_id: advice.cause.id(),
            because: voice.text(*because),
        });
        let value = i32::from(narrowed.code);
        let timers = narrowed.timers.iter();
        NarrowedLine {
            r#type: "narrowed",
            schema: SCHEMA,
            code: narrowed.code,
            from_api: facts.from_api.map(|it| it.id()),
            behind: facts.behind.map(|it| it.id),
            after_s: facts.after.map(|after| after.as_secs_f64()),
            opened: facts.opened,
            timers: timers.map(|timer| TimerFields::of(timer, voice)).collect(),
            advice: AdviceFields::of(narrowed.advice.iter().copied(), voice),
            left_out: left_out.collect(),
            shown_when: facts
                .from_api
                .map(|it| TracedLine::of(it, value).causes)
                .unwrap_or_default(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct TimerFields {
    seconds: u32,
    /// Where it may run longer: so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_at_most: Option<u32>,
    from: &'static str,
    who: &'static str,
    implementation: Option<&'static str>,
    codes: Vec<String>,
    setting: Option<&'static str>,
    change: &'static str,
    source: String,
}

impl TimerFields {
    pub(super) fn of(timer: &Timer, voice: &Voice) -> Self {
        TimerFields {
            seconds: timer.seconds,
            seconds_at_most: timer.longest().map(|_| timer.most),
            from: timer.from.id(),
            who: timer.who.english(),
            implementation: timer.page().map(Implementation::id),
            codes: timer.codes.iter().map(u16::to_string).collect(),
            setting: timer.setting.map(|setting| setting.english()),
            change: voice.text(timer.change),
            source: timer.source.to_string(),
        }
    }
}

/// The timers that match a time.
#[derive(Serialize)]
pub(super) struct TimersLine {
    r#type: &'static str,
    schema: u8,
    code: u16,
    after_seconds: f64,
    tolerance_seconds: f64,
    timers: Vec<TimerFields>,
    /// Where none matches: the nearest shorter and the nearest longer one.
    nearest: Vec<TimerFields>,
}

impl TimersLine {
    pub(super) fn of(code: u16, after: Duration, found: &Matches, voice: &Voice) -> Self {
        let timers = |found: &[&Timer]| {
            let found = found.iter();
            found.map(|timer| TimerFields::of(timer, voice)).collect()
        };
        TimersLine {
            r#type: "timers",
            schema: SCHEMA,
            code,
            after_seconds: after.as_secs_f64(),
            tolerance_seconds: found.tolerance.as_secs_f64(),
            timers: timers(&found.timers),
            nearest: timers(&found.nearest),
        }
    }
}
