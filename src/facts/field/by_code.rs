//! One code, and what all implementations do with it: who agrees with whom, and whom it surprises.
//!
//! ```
//! use wsclose::facts::field::{by_code, trial_of, Role, Section};
//!
//! let (trial, _) = trial_of(Section::Close, 1005).unwrap();
//! for group in by_code::groups(trial) {
//!     println!("{:?}: {} rows", group.outcome, group.rows.len());
//! }
//! // Not every client takes 1014.
//! assert!(by_code::portability(1014, Role::Client).is_some());
//! assert!(by_code::portability(1000, Role::Client).is_none());
//! ```

use super::{
    Api, Implementation, Outcome, Role, Row, Section, Wire, fingerprints, implementations, rows,
    trial_of,
};
use crate::facts::codes::{lookup, may_stand_in_close};
use crate::words::{Message, Text, Value, all_of, say};

/// How many names stand in a sentence.
const NAMED: usize = 6;

/// Rows with one outcome.
#[derive(Debug)]
pub struct Group {
    /// The place of the trial in [`TRIALS`](super::TRIALS).
    pub trial: usize,
    /// What they did.
    pub outcome: Outcome,
    /// The rows, those of the best known implementations first.
    pub rows: Vec<Row>,
}

/// What came of a trial, by outcome; the outcome of most first.
pub fn groups(trial: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows() {
        let Some(outcome) = row.outcome(trial) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.outcome == outcome) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                trial,
                outcome,
                rows: vec![row],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rows.len()));
    groups
}

/// The rows in as few names as say which they are: an implementation whose rows are all there by its name,
/// else with what sets its rows apart. `*` marks what was read in source and not measured.
pub fn labels(rows: &[Row]) -> Vec<Value> {
    let mut labels = Vec::new();
    let mut done: Vec<Implementation> = Vec::new();
    for row in rows {
        let implementation = row.implementation();
        if done.contains(&implementation) {
            continue;
        }
        done.push(implementation);
        let here: Vec<Row> = rows
            .iter()
            .copied()
            .filter(|row| row.implementation() == implementation)
            .collect();
        let is_measured = here.iter().any(|row| row.source().is_measured());
        let mark = if is_measured { "" } else { "*" };
        let name = implementation.name();
        let apart = apart(&here);
        if apart.is_empty() {
            labels.push(Value::from(format!("{name}{mark}")));
            continue;
        }
        let values = vec![
            ("name", Value::from(name)),
            ("apart", Value::List(apart, ", ")),
            ("mark", Value::from(mark)),
        ];
        let label = Message::new(Text::Given("{name} ({apart}){mark}"), values);
        labels.push(Value::from(label));
    }
    labels
}

/// What tells a row, one of `these`, from the rows of its implementation that are not among them: its version,
/// variant and role, as far as they are needed.
pub fn sets_apart(row: Row, these: &[Row]) -> Vec<Value> {
    let version = |row: Row| row.version().bare();
    let all = row.implementation().rows();
    let others = || all.clone().filter(|other| !these.contains(other));
    let needs_role = others().any(|other| {
        version(other) == version(row)
            && other.variant() == row.variant()
            && other.role() != row.role()
    });
    let is_other = |other: Row| other.variant() != row.variant();
    let needs_variant = others().any(is_other) || needs_role && all.clone().any(is_other);
    let is_other = |other: Row| version(other) != version(row);
    let needs_version = others().any(is_other) || needs_role && all.clone().any(is_other);
    let mut words = Vec::new();
    if needs_version {
        words.push(Value::from(version(row).message()));
    }
    if needs_variant {
        words.extend(row.variant().map(Value::from));
    }
    if needs_role && row.role() != Role::Both {
        words.push(Value::from(row.role().words()));
    }
    words
}

/// What tells `these` rows from the others of their implementation; empty where they are all.
pub fn apart(these: &[Row]) -> Vec<Value> {
    let mut names: Vec<Value> = Vec::new();
    for row in these {
        let words = sets_apart(*row, these);
        let name = Value::List(words.clone(), " ");
        if !words.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What matters for `code` in the field, in at most three sentences; none where nothing surprises.
pub fn notes(code: u16) -> Vec<Message> {
    let mut notes = Vec::new();
    if may_stand_in_close(code) {
        notes.extend(portability(code, Role::Both).map(Message::sentence));
        let names = calls(code, Api::Refused, Wire::NoClose);
        if let Some(names) = sentence_of(&names) {
            notes.push(say!(field.call_refused, code, names));
        }
    } else {
        if let Some(says) = fingerprints::accident(code) {
            notes.push(say!(field.accident, code, says));
        }
        let passed = whole(Section::Close, code, |outcome| outcome.api == Api::Same);
        if let Some(names) = sentence_of(&passed) {
            notes.push(say!(field.reaches_application, code, names));
        }
        // Of a number that is no code at all it would tell nothing.
        let sent = calls(code, Api::Taken, Wire::Same);
        if let Some(names) = sentence_of(&sent).filter(|_| lookup(code).is_some()) {
            notes.push(say!(field.can_send, code, names));
        }
    }
    notes
}

/// Who refuses a legal code as its receiver, in a clause; `None` where nobody does. `receiver` is the
/// role to look at, [`Role::Both`] for both.
pub fn portability(code: u16, receiver: Role) -> Option<Message> {
    // Who refuses 1000 too refuses no code for what it is.
    if !may_stand_in_close(code) || code == 1000 {
        return None;
    }
    let (refusing, answers) = refusing(code, receiver);
    let names = sentence_of(&refusing)?;
    Some(match answers {
        Answers::Drop if refusing.len() == 1 => say!(field.not_portable_drops, code, names),
        _ if refusing.len() == 1 => say!(field.not_portable_refuses, code, names),
        Answers::Code => say!(field.not_portable_1002, code, names),
        Answers::Drop => say!(field.not_portable_drop, code, names),
        Answers::Both => say!(field.not_portable_both, code, names),
    })
}

/// What those who refuse a code do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Code,
    Drop,
    Both,
}

/// The implementations that refuse a legal code in every row of this role, and what they answer.
fn refusing(code: u16, receiver: Role) -> (Vec<Implementation>, Answers) {
    let (mut is_code, mut is_drop) = (false, false);
    // The trials are found once and not for each row: this is part of what `explain` costs.
    let (this, normal) = (
        trial_of(Section::Close, code),
        trial_of(Section::Close, 1000),
    );
    let (Some((this, _)), Some((normal, _))) = (this, normal) else {
        return (Vec::new(), Answers::Both);
    };
    let is_asked =
        |row: &Row| receiver == Role::Both || row.role() == receiver || row.role() == Role::Both;
    let refuses = |row: Row| {
        row.outcome(this).is_some_and(|outcome| {
            is_refusal(outcome, row.outcome(normal))
                && matches!(
                    outcome.wire,
                    Wire::Close(1002) | Wire::Drop | Wire::Reset | Wire::CloseOrDrop
                )
        })
    };
    let names: Vec<Implementation> = implementations()
        .filter(|implementation| {
            let mut rows = implementation.rows().filter(is_asked).peekable();
            rows.peek().is_some() && rows.all(refuses)
        })
        .collect();
    let rows = names
        .iter()
        .flat_map(|implementation| implementation.rows());
    for outcome in rows.filter_map(|row| row.outcome(this)) {
        match outcome.wire {
            Wire::Close(_) => is_code = true,
            Wire::CloseOrDrop => (is_code, is_drop) = (true, true),
            _ => is_drop = true,
        }
    }
    let answers = match (is_code, is_drop) {
        (true, true) => Answers::Both,
        (_, false) => Answers::Code,
        (false, true) => Answers::Drop,
    };
    (names, answers)
}

/// Whether what came of a legal code is a refusal: it is something else than came of 1000, and a failure.
fn is_refusal(this: Outcome, normal: Option<Outcome>) -> bool {
    let fails = match this.wire {
        Wire::Close(answer) => answer != 1000,
        Wire::Drop | Wire::Reset | Wire::CloseOrDrop | Wire::Garbled => true,
        Wire::Empty => this.api != Api::Same,
        _ => this.api == Api::Error,
    };
    fails && Some(this) != normal
}

/// The implementations of whose call to close with `code` this came, in every row.
fn calls(code: u16, api: Api, wire: Wire) -> Vec<Implementation> {
    whole(Section::Send, code, |outcome| {
        outcome.api == api && outcome.wire == wire
    })
}

/// The implementations of which `is` holds for what came of `code` in every row, best known first.
fn whole(section: Section, code: u16, is: impl Fn(Outcome) -> bool) -> Vec<Implementation> {
    let Some((trial, _)) = trial_of(section, code) else {
        return Vec::new();
    };
    implementations()
        .filter(|implementation| {
            implementation
                .rows()
                .all(|row| row.outcome(trial).is_some_and(&is))
        })
        .collect()
}

/// `a, b and c`, or `a, b, c and 4 others`; `None` where there is no name.
fn sentence_of(names: &[Implementation]) -> Option<Value> {
    let shown = names.iter().take(NAMED).map(|it| Value::from(it.name()));
    let others = names.len().saturating_sub(NAMED) as u64;
    match (names.len(), others) {
        (0, _) => None,
        (_, 0) => Some(all_of(shown)),
        _ => {
            let names = Value::List(shown.collect(), ", ");
            Some(say!(join.and_others, n = Value::Number(others), names).into())
        }
    }
}
