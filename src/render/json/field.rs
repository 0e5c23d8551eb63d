//! What real implementations do, as JSON.

use std::time::Duration;

use serde::Serialize;

use super::SCHEMA;
use crate::field::by_code::Group;
use crate::field::shown::causes;
use crate::field::table::{About, Cause, Table};
use crate::field::timers::{Matches, Timer, timers};
use crate::field::{CASES, Case, Implementation, Outcome, Row, Shown, Statement, Wire};
use crate::topic::Topic;
use crate::words::translated;

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
            shown: match outcome.shown {
                Shown::Unknown => None,
                Shown::Same => word("same"),
                Shown::Code(code) => Some(NumberOrWord::Number(code)),
                Shown::Nothing => word("none"),
                Shown::Error => word("error"),
                Shown::Taken => word("ok"),
                Shown::Refused => word("refused"),
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
    version: &'static str,
    role: &'static str,
    variant: Option<&'static str>,
    source: &'static str,
}

impl RowFields {
    fn of(row: &Row) -> Self {
        RowFields {
            implementation: row.implementation().id(),
            name: row.implementation().name(),
            version: row.version(),
            role: row.role().id(),
            variant: Some(row.variant()).filter(|variant| !variant.is_empty()),
            source: row.source(),
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
            case: CASES.get(group.case).map_or("", |case| case.id),
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
    fn of((cause, rows): &(Cause, Vec<Row>)) -> Self {
        CauseFields {
            cause: cause.id(),
            what: cause.what(),
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
}

impl TableLine {
    pub(super) fn of(topic: &Topic, table: &Table) -> Self {
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
            name: topic.title(),
            received: table
                .received
                .iter()
                .flatten()
                .map(GroupFields::of)
                .collect(),
            sent_by_application: table.sent.iter().map(GroupFields::of).collect(),
            shown_without: table.shown.iter().map(CauseFields::of).collect(),
            sent_by_library: table.by_itself.iter().map(CauseFields::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct StatementFields {
    #[serde(skip_serializing_if = "str::is_empty")]
    kind: &'static str,
    text: &'static str,
    source: &'static str,
}

impl StatementFields {
    fn of(statement: Statement) -> Self {
        StatementFields {
            kind: statement.kind,
            text: translated(statement.text),
            source: statement.source,
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
    fn of((case, outcome): (&'static Case, Outcome)) -> Self {
        CaseFields {
            section: case.section.id(),
            case: case.id,
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
    aliases: Vec<&'static str>,
    surprises: Vec<StatementFields>,
    limits: Vec<StatementFields>,
    timers: Vec<TimerFields>,
    rows: Vec<FullRow>,
}

impl ImplementationLine {
    pub(super) fn of(implementation: Implementation) -> Self {
        ImplementationLine {
            r#type: "implementation",
            schema: SCHEMA,
            id: implementation.id(),
            name: implementation.name(),
            language: implementation.language(),
            aliases: implementation.aliases().collect(),
            surprises: implementation
                .surprises()
                .map(StatementFields::of)
                .collect(),
            limits: implementation.limits().map(StatementFields::of).collect(),
            timers: timers()
                .filter(|timer| timer.page() == Some(implementation))
                .map(|timer| TimerFields::of(&timer))
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
pub(super) struct ShownByLine {
    r#type: &'static str,
    schema: u8,
    value: i32,
    implementation: &'static str,
    name: &'static str,
    causes: Vec<CausesFields>,
}

impl ShownByLine {
    pub(super) fn of(implementation: Implementation, value: i32) -> Self {
        ShownByLine {
            r#type: "shown-by",
            schema: SCHEMA,
            value,
            implementation: implementation.id(),
            name: implementation.name(),
            causes: causes(implementation, value)
                .into_iter()
                .map(|causes| CausesFields {
                    rows: causes.rows.iter().map(RowFields::of).collect(),
                    when: causes.cases.into_iter().map(CaseFields::of).collect(),
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct TimerFields {
    seconds: u32,
    from: &'static str,
    who: &'static str,
    implementation: Option<&'static str>,
    codes: Vec<&'static str>,
    setting: Option<&'static str>,
    change: &'static str,
    source: &'static str,
}

impl TimerFields {
    fn of(timer: &Timer) -> Self {
        let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        TimerFields {
            seconds: timer.seconds,
            from: timer.from.id(),
            who: timer.who,
            implementation: some(timer.implementation),
            codes: timer
                .codes
                .split(' ')
                .filter(|code| !code.is_empty())
                .collect(),
            setting: some(timer.setting),
            change: translated(timer.change),
            source: timer.source,
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
    pub(super) fn of(code: u16, after: Duration, found: &Matches) -> Self {
        TimersLine {
            r#type: "timers",
            schema: SCHEMA,
            code,
            after_seconds: after.as_secs_f64(),
            tolerance_seconds: found.tolerance.as_secs_f64(),
            timers: found.timers.iter().map(TimerFields::of).collect(),
            nearest: found.nearest.iter().map(TimerFields::of).collect(),
        }
    }
}
