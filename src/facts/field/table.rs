//! Everything that is known about one code or one rule, by outcome: what `explain --implementations` prints.
//!
//! ```
//! use wsclose::facts::field::table::of_code;
//!
//! let table = of_code(1006).unwrap();
//! // Libraries that show 1006 though something else happened, by what that was.
//! for (trigger, rows) in &table.reported {
//!     println!("{}: {} rows", trigger.id(), rows.len());
//! }
//! assert!(!table.reported.is_empty());
//! ```

use super::by_code::{Group, groups};
use super::{Api, Outcome, Role, Row, Section, TRIALS, Trial, Wire, rows, trial_of};
use crate::words::{Text, text};

/// What all implementations do with a code, or with bytes that break a rule.
#[derive(Debug)]
pub struct Table {
    /// What it is about.
    pub about: About,
    /// What came of receiving it, by outcome. For a rule there may be several trials.
    pub received: Vec<Vec<Group>>,
    /// What came of an application's call to close with it.
    pub sent: Vec<Group>,
    /// Who shows the code though something else happened, and what.
    pub reported: Vec<(Trigger, Vec<Row>)>,
    /// Who closes with the code without being told to, and after what.
    pub by_itself: Vec<(Trigger, Vec<Row>)>,
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
pub enum Trigger {
    /// This trial, by its place in [`TRIALS`].
    Trial(usize),
    /// A Close with another code was received.
    OtherCode,
    /// Bytes that break a rule were received.
    Fault,
}

impl Trigger {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Trigger::Trial(trial) => TRIALS.get(trial).map_or("", |trial| trial.id),
            Trigger::OtherCode => "other-code",
            Trigger::Fault => "fault",
        }
    }

    /// What happened, in a few words.
    pub fn what(self) -> Text {
        match self {
            Trigger::Trial(trial) => {
                let what = TRIALS.get(trial).and_then(|trial| trial.what);
                what.unwrap_or(Text::Given(""))
            }
            Trigger::OtherCode => text!(trigger.other_code),
            Trigger::Fault => text!(trigger.fault),
        }
    }

    fn of(index: usize, trial: &Trial) -> Self {
        match trial.section {
            Section::Fault => Trigger::Fault,
            Section::Close if trial.code.is_some() => Trigger::OtherCode,
            _ => Trigger::Trial(index),
        }
    }
}

/// The table of a code; `None` where nothing is known of one that could stand for it.
pub fn of_code(code: u16) -> Option<Table> {
    let (trial, tried) = trial_of(Section::Close, code)?;
    Some(Table {
        about: About::Code { code, tried },
        received: vec![groups(trial)],
        sent: trial_of(Section::Send, code).map_or_else(Vec::new, |(trial, _)| groups(trial)),
        reported: triggers(|trial, outcome| {
            trial.section != Section::Send && outcome.api == Api::Code(code.into())
        }),
        by_itself: triggers(|trial, outcome| {
            !matches!(trial.section, Section::Send | Section::Proxy)
                && outcome.wire == Wire::Close(code)
                && trial.code != Some(code)
        }),
    })
}

/// The table of a rule; `None` where no trial breaks it.
pub fn of_rule(rule: &'static str) -> Option<Table> {
    let received: Vec<Vec<Group>> = TRIALS
        .iter()
        .enumerate()
        .filter(|(_, trial)| trial.rules.contains(&rule))
        .map(|(trial, _)| {
            let mut groups = groups(trial);
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
        reported: Vec::new(),
        by_itself: Vec::new(),
    })
}

/// The rows in which a trial came to what `is` says, by what happened.
fn triggers(is: impl Fn(&Trial, Outcome) -> bool) -> Vec<(Trigger, Vec<Row>)> {
    let mut triggers: Vec<(Trigger, Vec<Row>)> = Vec::new();
    for (index, trial) in TRIALS.iter().enumerate() {
        let trigger = Trigger::of(index, trial);
        for row in rows() {
            let Some(outcome) = row.outcome(index) else {
                continue;
            };
            if !is(trial, outcome) {
                continue;
            }
            match triggers.iter_mut().find(|(known, _)| *known == trigger) {
                Some((_, rows)) if rows.contains(&row) => {}
                Some((_, rows)) => rows.push(row),
                None => triggers.push((trigger, vec![row])),
            }
        }
    }
    for (_, rows) in &mut triggers {
        rows.sort();
    }
    triggers
}
