//! A number that an application was shown, traced back to what may have happened.

use super::{CASES, Case, Implementation, Outcome, Row, Section, Shown, case_of};

/// What makes one row show a number.
#[derive(Debug)]
pub struct Causes {
    /// The rows that agree.
    pub rows: Vec<Row>,
    /// The cases, with what went over the wire.
    pub cases: Vec<(&'static Case, Outcome)>,
}

/// What makes `implementation` show `value`, row by row; rows that agree stand together, and those that never
/// show it have no cases.
pub fn causes(implementation: Implementation, value: i32) -> Vec<Causes> {
    let mut found: Vec<Causes> = Vec::new();
    // The case in which this very code, or one that stands for it, was received.
    let received = u16::try_from(value)
        .ok()
        .and_then(|code| case_of(Section::Close, code))
        .and_then(|(case, _)| CASES.get(case));
    for row in implementation.rows() {
        let cases: Vec<(&'static Case, Outcome)> = row
            .outcomes()
            .filter(|(case, outcome)| match outcome.shown {
                Shown::Code(code) => code == value,
                Shown::Same => received.is_some_and(|received| std::ptr::eq(received, *case)),
                _ => false,
            })
            .collect();
        let same = |causes: &&mut Causes| {
            causes.cases.len() == cases.len()
                && causes
                    .cases
                    .iter()
                    .zip(&cases)
                    .all(|(one, other)| one.0.id == other.0.id && one.1 == other.1)
        };
        match found.iter_mut().find(same) {
            Some(causes) => causes.rows.push(row),
            None => found.push(Causes {
                rows: vec![row],
                cases,
            }),
        }
    }
    found
}
