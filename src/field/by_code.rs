//! One code, and what all implementations do with it.

use super::{
    Implementation, Outcome, Role, Row, Section, Shown, Wire, case_of, implementations, rows,
};
use crate::codes::may_stand_in_close;
use crate::words::{Value, fill};

/// How many names stand in a sentence.
const NAMED: usize = 6;

/// Rows with one outcome.
#[derive(Debug)]
pub struct Group {
    /// The place of the case in [`CASES`](super::CASES).
    pub case: usize,
    /// What they did.
    pub outcome: Outcome,
    /// The rows, those of the best known implementations first.
    pub rows: Vec<Row>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.implementation().id(), self.version())
    }
}

/// What came of `case`, by outcome; the outcome of most first.
pub fn groups(case: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows() {
        let Some(outcome) = row.outcome(case) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.outcome == outcome) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                case,
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
pub fn labels(rows: &[Row]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
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
        let all: Vec<Row> = implementation.rows().collect();
        let mark = if here
            .iter()
            .all(|row| super::source_mark(row.source()) == "*")
        {
            "*"
        } else {
            ""
        };
        let name = implementation.name();
        if here.len() == all.len() {
            labels.push(format!("{name}{mark}"));
            continue;
        }
        let mut apart: Vec<String> = Vec::new();
        for row in &here {
            let said = sets_apart(*row, &all);
            if !said.is_empty() && !apart.contains(&said) {
                apart.push(said);
            }
        }
        labels.push(if apart.is_empty() {
            format!("{name}{mark}")
        } else {
            format!("{name} ({}){mark}", apart.join(", "))
        });
    }
    labels
}

/// What tells a row from the others of its implementation: its variant, version and role as far as they differ.
pub fn sets_apart(row: Row, all: &[Row]) -> String {
    let mut words: Vec<&str> = Vec::new();
    if all.iter().any(|other| other.version() != row.version()) {
        words.push(row.version());
    }
    if all.iter().any(|other| other.variant() != row.variant()) && !row.variant().is_empty() {
        words.push(row.variant());
    }
    if all.iter().any(|other| other.role() != row.role()) && row.role() != Role::Both {
        words.push(row.role().id());
    }
    words.join(" ")
}

/// What matters for `code` in the field, in at most three sentences; none where nothing surprises.
pub fn notes(code: u16) -> Vec<String> {
    let mut notes = Vec::new();
    if may_stand_in_close(code) {
        let (names, answers) = refusing(code);
        if let Some(names) = sentence_of(&names) {
            notes.push(say(
                match answers {
                    Answers::Code => "{code} is legal but not portable: {names} answer it with 1002.",
                    Answers::Drop => "{code} is legal but not portable: {names} drop the connection.",
                    Answers::Both => {
                        "{code} is legal but not portable: {names} answer it with 1002 or drop the connection."
                    }
                },
                code,
                names,
            ));
        }
        let names = calls(code, Shown::Refused, |wire| wire == Wire::NoClose);
        if let Some(names) = sentence_of(&names) {
            notes.push(say(
                "An application cannot send {code} with {names}: the call is refused.",
                code,
                names,
            ));
        }
    } else {
        let passed = whole(|row| {
            outcome(row, Section::Close, code).is_some_and(|outcome| outcome.shown == Shown::Same)
        });
        if let Some(names) = sentence_of(&passed) {
            notes.push(say(
                "Though it may not stand in a Close, {names} show {code} to the application when it does.",
                code,
                names,
            ));
        }
        let sent = calls(code, Shown::Taken, |wire| wire == Wire::Same);
        if let Some(names) = sentence_of(&sent) {
            notes.push(say(
                "An application can send {code} all the same with {names}.",
                code,
                names,
            ));
        }
    }
    notes
}

/// What those who refuse a code do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Code,
    Drop,
    Both,
}

/// The implementations that refuse a legal code in every row that there is of them, and what they answer.
fn refusing(code: u16) -> (Vec<Implementation>, Answers) {
    let (mut is_code, mut is_drop) = (false, false);
    let names = whole(|row| is_refused(row, code));
    for row in names
        .iter()
        .flat_map(|implementation| implementation.rows())
    {
        match outcome(row, Section::Close, code).map(|outcome| outcome.wire) {
            Some(Wire::Close(_)) => is_code = true,
            Some(_) => is_drop = true,
            None => {}
        }
    }
    let answers = match (is_code, is_drop) {
        (true, true) => Answers::Both,
        (_, false) => Answers::Code,
        (false, true) => Answers::Drop,
    };
    (names, answers)
}

/// Whether a row refuses a code that is legal: it does otherwise with it than with 1000.
pub fn is_refused(row: Row, code: u16) -> bool {
    let Some(this) = outcome(row, Section::Close, code) else {
        return false;
    };
    let normal = outcome(row, Section::Close, 1000);
    let fails = match this.wire {
        Wire::Close(answer) => answer != 1000,
        Wire::Drop | Wire::Reset | Wire::CloseOrDrop | Wire::Garbled => true,
        Wire::Empty => this.shown != Shown::Same,
        _ => this.shown == Shown::Error,
    };
    fails && Some(this) != normal
}

/// The implementations of whose call to close with `code` this came, in every row.
fn calls(code: u16, shown: Shown, wire: fn(Wire) -> bool) -> Vec<Implementation> {
    whole(|row| {
        outcome(row, Section::Send, code)
            .is_some_and(|outcome| outcome.shown == shown && wire(outcome.wire))
    })
}

/// The implementations of which `is` holds for every row, best known first.
fn whole(is: impl Fn(Row) -> bool) -> Vec<Implementation> {
    implementations()
        .filter(|implementation| implementation.rows().all(&is))
        .collect()
}

fn outcome(row: Row, section: Section, code: u16) -> Option<Outcome> {
    let (case, _) = case_of(section, code)?;
    row.outcome(case)
}

/// `a, b and c`, or `a, b, c and 4 others`; `None` where there is no name.
fn sentence_of(names: &[Implementation]) -> Option<String> {
    let shown: Vec<&str> = names.iter().take(NAMED).map(|it| it.name()).collect();
    let others = names.len() - shown.len();
    let (last, before) = shown.split_last()?;
    Some(if others > 0 {
        format!("{} and {others} others", shown.join(", "))
    } else if before.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} and {last}", before.join(", "))
    })
}

fn say(sentence: &str, code: u16, names: String) -> String {
    fill(
        sentence,
        &[("code", Value::Code(code)), ("names", Value::Text(names))],
    )
}
