//! Everything that is known about one code or one rule, by outcome.

use super::by_code::{Group, groups};
use super::{CASES, Outcome, Role, Row, Section, Shown, Wire, case_of, rows};
use crate::words::{translated, word};

/// What all implementations do with a code, or with bytes that break a rule.
#[derive(Debug)]
pub struct Table {
    /// What it is about.
    pub about: About,
    /// What came of receiving it, by outcome. For a rule there may be several cases.
    pub received: Vec<Vec<Group>>,
    /// What came of an application's call to close with it.
    pub sent: Vec<Group>,
    /// Who shows the code though something else happened, and what.
    pub shown: Vec<(Cause, Vec<Row>)>,
    /// Who closes with the code without being told to, and after what.
    pub by_itself: Vec<(Cause, Vec<Row>)>,
}

/// What a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A code, and the one that was tried in its place.
    Code {
        /// The code that was asked for.
        code: u16,
        /// The one that stands for it.
        tried: u16,
    },
    /// A rule, by its id.
    Rule(&'static str),
}

/// What happened before a code was shown or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This case, by its place in [`CASES`].
    Case(usize),
    /// A Close with another code was received.
    OtherCode,
    /// Bytes that break a rule were received.
    Fault,
}

impl Cause {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Cause::Case(case) => CASES.get(case).map_or("", |case| case.id),
            Cause::OtherCode => "other-code",
            Cause::Fault => "fault",
        }
    }

    /// What happened, in a few words.
    pub fn what(self) -> &'static str {
        translated(match self {
            Cause::Case(case) => CASES.get(case).map_or("", |case| case.what),
            Cause::OtherCode => word!("a Close with another code"),
            Cause::Fault => word!("bytes that break a rule"),
        })
    }

    fn of(index: usize, section: Section, id: &str) -> Self {
        match section {
            Section::Fault => Cause::Fault,
            Section::Close if id.parse::<u16>().is_ok() => Cause::OtherCode,
            _ => Cause::Case(index),
        }
    }
}

/// The table of a code; `None` where nothing is known of one that could stand for it.
pub fn of_code(code: u16) -> Option<Table> {
    let (case, tried) = case_of(Section::Close, code)?;
    Some(Table {
        about: About::Code { code, tried },
        received: vec![groups(case)],
        sent: case_of(Section::Send, code).map_or_else(Vec::new, |(case, _)| groups(case)),
        shown: causes(|section, _, outcome| {
            section != Section::Send && outcome.shown == Shown::Code(code.into())
        }),
        by_itself: causes(|section, id, outcome| {
            !matches!(section, Section::Send | Section::Proxy)
                && outcome.wire == Wire::Close(code)
                && id != code.to_string()
        }),
    })
}

/// The table of a rule; `None` where no case breaks it.
pub fn of_rule(rule: &'static str) -> Option<Table> {
    let received: Vec<Vec<Group>> = CASES
        .iter()
        .enumerate()
        .filter(|(_, case)| case.rule == Some(rule) || breaks_too(case.id, rule))
        .map(|(case, _)| {
            let mut groups = groups(case);
            // Who breaks it is the other end.
            for group in &mut groups {
                group.rows.retain(|row| match rule {
                    "unmasked-client-frame" => row.role() != Role::Client,
                    "masked-server-frame" => row.role() != Role::Server,
                    _ => true,
                });
            }
            groups.retain(|group| !group.rows.is_empty());
            groups
        })
        .collect();
    (!received.is_empty()).then_some(Table {
        about: About::Rule(rule),
        received,
        sent: Vec::new(),
        shown: Vec::new(),
        by_itself: Vec::new(),
    })
}

/// Cases that break one of several rules, or that are no fault of framing.
fn breaks_too(case: &str, rule: &str) -> bool {
    matches!(
        (case, rule),
        (
            "wrong-masking",
            "unmasked-client-frame" | "masked-server-frame"
        ) | ("one-byte", "one-byte-close-body")
            | ("bad-utf8-reason", "close-reason-not-utf8")
            | ("999", "close-code-not-allowed")
    )
}

/// The rows in which a case came to what `is` says, by what happened.
fn causes(is: impl Fn(Section, &str, Outcome) -> bool) -> Vec<(Cause, Vec<Row>)> {
    let mut causes: Vec<(Cause, Vec<Row>)> = Vec::new();
    for (index, case) in CASES.iter().enumerate() {
        let cause = Cause::of(index, case.section, case.id);
        for row in rows() {
            let Some(outcome) = row.outcome(index) else {
                continue;
            };
            if !is(case.section, case.id, outcome) {
                continue;
            }
            match causes.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, rows)) if rows.contains(&row) => {}
                Some((_, rows)) => rows.push(row),
                None => causes.push((cause, vec![row])),
            }
        }
    }
    for (_, rows) in &mut causes {
        rows.sort();
    }
    causes
}
