//! A number that an application was shown, traced back to what may have happened.
//!
//! ```
//! use wsclose::facts::field::{find, traced::trace};
//!
//! let libsoup = find("libsoup").unwrap();
//! // It shows 0 for many things. Which?
//! let found = trace(libsoup, 0);
//! let all: Vec<&str> = found.iter().flat_map(|one| &one.trials).map(|(trial, _)| trial.id).collect();
//! println!("{all:?}");
//! assert!(!all.is_empty());
//! ```

use super::{Api, Implementation, Outcome, Row, Section, TRIALS, Trial, trial_of};

/// What makes one row show a number.
#[derive(Debug)]
pub struct Traced {
    /// The rows that agree.
    pub rows: Vec<Row>,
    /// The trials, with what went over the wire.
    pub trials: Vec<(&'static Trial, Outcome)>,
}

/// What makes `implementation` show `value`, row by row; rows that agree stand together, and those that never
/// show it have no trials.
pub fn trace(implementation: Implementation, value: i32) -> Vec<Traced> {
    let mut found: Vec<Traced> = Vec::new();
    // The trial in which this very code, or one that stands for it, was received.
    let received = u16::try_from(value)
        .ok()
        .and_then(|code| trial_of(Section::Close, code))
        .and_then(|(trial, _)| TRIALS.get(trial));
    for row in implementation.rows() {
        let trials: Vec<(&'static Trial, Outcome)> = row
            .outcomes()
            .filter(|(trial, outcome)| match outcome.api {
                Api::Code(code) => code == value,
                Api::Same => received.is_some_and(|received| std::ptr::eq(received, *trial)),
                _ => false,
            })
            .collect();
        let same = |traced: &&mut Traced| {
            traced.trials.len() == trials.len()
                && traced
                    .trials
                    .iter()
                    .zip(&trials)
                    .all(|(one, other)| one.0.id == other.0.id && one.1 == other.1)
        };
        match found.iter_mut().find(same) {
            Some(traced) => traced.rows.push(row),
            None => found.push(Traced {
                rows: vec![row],
                trials,
            }),
        }
    }
    found
}
