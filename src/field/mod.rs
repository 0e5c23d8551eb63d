//! What real implementations do: who refuses a code, what a library means by the number that it shows, whose
//! timer ends a silent connection, whose words a reason is.
//!
//! The facts stand in the tables in `src/field/table`, one row for each implementation, version and role,
//! with a source for each. `build.rs` turns them into static data: one string and small integers.
//! What follows from them for a person's question is in the files beside this one.

pub mod by_code;
mod cases;
pub mod fingerprints;
mod names;
mod outcome;
pub mod says;
pub mod shown;
pub mod table;
pub mod timers;

use std::fmt;

pub use cases::{CASES, Case, Section};
pub use names::{find, near};
pub use outcome::{Outcome, Shown, Wire};
pub use says::{does, sees, source_mark};

/// In which role a row was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As the client.
    Client,
    /// As the server.
    Server,
    /// In both, with the same outcomes.
    Both,
    /// Between the two.
    Proxy,
}

impl Role {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::Server => "server",
            Role::Both => "both",
            Role::Proxy => "proxy",
        }
    }
}

struct ImplementationData {
    id: u16,
    name: u16,
    language: u16,
    aliases: u16,
    surprises: (u16, u16),
    limits: (u16, u16),
    rows: (u16, u16),
}

struct RowData {
    implementation: u16,
    version: u16,
    role: Role,
    variant: u16,
    source: u16,
}

include!(concat!(env!("OUT_DIR"), "/field.rs"));

/// The text with this number.
fn text(id: u16) -> &'static str {
    let bound = |index: usize| BOUNDS.get(index).map_or(0, |bound| *bound as usize);
    let id = usize::from(id);
    POOL.get(bound(id)..bound(id + 1)).unwrap_or_default()
}

/// A library, a browser, a server or a proxy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Implementation(u16);

/// One version of an implementation in one role: what it did in every case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(u16);

/// A statement, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What a limit limits: `message`, `ping`, `idle`, `close`, `open`, `life`; empty for a surprise.
    pub kind: &'static str,
    /// The statement.
    pub text: &'static str,
    /// `measured`, or where it was read.
    pub source: &'static str,
}

/// All implementations, the best known first.
pub fn implementations() -> impl Iterator<Item = Implementation> + Clone {
    (0..IMPLEMENTATIONS.len() as u16).map(Implementation)
}

/// All rows, in the order of their implementations.
pub fn rows() -> impl Iterator<Item = Row> + Clone {
    (0..ROWS.len() as u16).map(Row)
}

impl Implementation {
    fn data(self) -> &'static ImplementationData {
        static NONE: ImplementationData = ImplementationData {
            id: u16::MAX,
            name: u16::MAX,
            language: u16::MAX,
            aliases: u16::MAX,
            surprises: (0, 0),
            limits: (0, 0),
            rows: (0, 0),
        };
        IMPLEMENTATIONS.get(usize::from(self.0)).unwrap_or(&NONE)
    }

    /// What one types to get it: `tungstenite`.
    pub fn id(self) -> &'static str {
        text(self.data().id)
    }

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        text(self.data().name)
    }

    /// What it is written in; `browser` for a browser, `proxy` for a proxy.
    pub fn language(self) -> &'static str {
        text(self.data().language)
    }

    /// Other names for it.
    pub fn aliases(self) -> impl Iterator<Item = &'static str> {
        text(self.data().aliases)
            .split(", ")
            .filter(|alias| !alias.is_empty())
    }

    /// What nobody would expect of it.
    pub fn surprises(self) -> impl Iterator<Item = Statement> {
        let (from, to) = self.data().surprises;
        let surprises = SURPRISES.get(usize::from(from)..usize::from(to));
        surprises
            .unwrap_or_default()
            .iter()
            .map(|[says, source]| Statement {
                kind: "",
                text: text(*says),
                source: text(*source),
            })
    }

    /// Its limits and timers, as they are unless set.
    pub fn limits(self) -> impl Iterator<Item = Statement> {
        let (from, to) = self.data().limits;
        let limits = LIMITS.get(usize::from(from)..usize::from(to));
        limits
            .unwrap_or_default()
            .iter()
            .map(|[kind, says, source]| Statement {
                kind: text(*kind),
                text: text(*says),
                source: text(*source),
            })
    }

    /// Its versions and roles.
    pub fn rows(self) -> impl Iterator<Item = Row> + Clone {
        let (from, to) = self.data().rows;
        (from..to).map(Row)
    }
}

impl fmt::Debug for Implementation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.implementation().id(), self.version())
    }
}

impl Row {
    fn data(self) -> &'static RowData {
        static NONE: RowData = RowData {
            implementation: u16::MAX,
            version: u16::MAX,
            role: Role::Both,
            variant: u16::MAX,
            source: u16::MAX,
        };
        ROWS.get(usize::from(self.0)).unwrap_or(&NONE)
    }

    /// Whose row it is.
    pub fn implementation(self) -> Implementation {
        Implementation(self.data().implementation)
    }

    /// The version.
    pub fn version(self) -> &'static str {
        text(self.data().version)
    }

    /// The role.
    pub fn role(self) -> Role {
        self.data().role
    }

    /// Which of several ways to use it; empty where there is one.
    pub fn variant(self) -> &'static str {
        text(self.data().variant)
    }

    /// `measured DATE`, or `read in PATH`.
    pub fn source(self) -> &'static str {
        text(self.data().source)
    }

    /// What came of a case, given by its place in [`CASES`]; `None` where it is not known.
    pub fn outcome(self, case: usize) -> Option<Outcome> {
        let cell = *MATRIX.get(usize::from(self.0))?.get(case)?;
        OUTCOMES.get(usize::from(cell.checked_sub(1)?)).copied()
    }

    /// All that is known, in the order of [`CASES`].
    pub fn outcomes(self) -> impl Iterator<Item = (&'static Case, Outcome)> {
        CASES
            .iter()
            .enumerate()
            .filter_map(move |(index, case)| Some((case, self.outcome(index)?)))
    }
}

/// The place in [`CASES`] of the case that stands for `code` in `section`, and the code that was tried.
///
/// Not every number was tried: one without a case takes the next lower one of its range.
pub fn case_of(section: Section, code: u16) -> Option<(usize, u16)> {
    let ranges: [(u16, u16); 6] = [
        (0, 999),
        (1000, 1015),
        (1016, 2999),
        (3000, 3999),
        (4000, 4999),
        (5000, u16::MAX),
    ];
    let (from, to) = *ranges
        .iter()
        .find(|(from, to)| (*from..=*to).contains(&code))?;
    CASES
        .iter()
        .enumerate()
        .filter(|(_, case)| case.section == section)
        .filter_map(|(index, case)| Some((index, case.id.parse::<u16>().ok()?)))
        .filter(|(_, tried)| (from..=to).contains(tried) && *tried <= code)
        .rfind(|(_, tried)| *tried == code || !(1000..=1015).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_case_takes_the_next_lower_of_its_range() {
        let tried = |code| case_of(Section::Close, code).map(|(_, tried)| tried);
        assert_eq!(tried(1014), Some(1014));
        assert_eq!(tried(4404), Some(4000));
        assert_eq!(tried(3008), Some(3003));
        assert_eq!(tried(22373), Some(5000));
        assert_eq!(tried(404), Some(0));
        assert_eq!(case_of(Section::Send, 1013), None);
    }
}
