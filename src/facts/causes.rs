//! Why a connection ended, or never was, and what an HTTP status in place of 101 says.
//!
//! A close code is only one sign of a cause, and often there is none. So whatever is reasoned about a connection, a log
//! line or an attempt comes to one of these.
//!
//! ```
//! use wsclose::facts::causes::{Cause, status};
//!
//! // What an answer names as its cause, and what is said of it wherever it is met.
//! let cause = Cause::named("keepalive-timeout").unwrap();
//! println!("{}: {}", cause.row().title, cause.row().advice[0].fix);
//! assert_eq!(cause.id(), "keepalive-timeout");
//!
//! // A server answered 403 to the upgrade.
//! println!("{}", status(403).meaning);
//! assert!(!status(403).advice.is_empty());
//! ```

use super::source::Source;
use crate::words::{Advice, PointsTo, Text, When};

pub use super::rows::{CAUSES, Cause, STATUSES};

/// What is said of a cause.
#[derive(Debug)]
#[non_exhaustive]
pub struct CauseRow {
    /// Which one.
    pub cause: Cause,
    /// Its word in JSON and behind `--only`.
    pub id: &'static str,
    /// Older words for it.
    pub aliases: &'static [&'static str],
    /// What it is, in a few words.
    pub title: Text,
    /// Whether nothing is wrong by itself.
    pub is_clean: bool,
    /// Where to look first.
    pub points_to: PointsTo,
    /// What it means where a log line tells of it; `None` for what no line tells.
    pub meaning: Option<Text>,
    /// What settles that.
    pub source: Option<Source>,
    /// What to check and what to do then, likeliest first. Empty where a code, a rule or a status says it.
    pub advice: &'static [Advice],
}

impl Cause {
    /// Its row.
    pub fn row(self) -> &'static CauseRow {
        // The rows stand in the order of the enum; a law checks that.
        &CAUSES[self as usize]
    }

    /// Its word in JSON.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The cause of this id, or of an older word for it.
    pub fn named(id: &str) -> Option<Cause> {
        let is_it = |row: &&CauseRow| row.id == id || row.aliases.contains(&id);
        CAUSES.iter().find(is_it).map(|row| row.cause)
    }

    /// What to check where the evidence names something: an error, an alert of TLS. First what is about
    /// that, then what is general; where nothing is about it, all.
    pub fn advice_about(self, name: &str) -> Vec<&'static Advice> {
        let all = self.row().advice;
        let is_about = |advice: &&Advice| match advice.when {
            When::About(names) => names.iter().any(|known| name.starts_with(known)),
            _ => false,
        };
        let is_general = |advice: &&Advice| advice.when == When::Always;
        if !all.iter().any(|advice| is_about(&advice)) {
            return all.iter().collect();
        }
        let general = all.iter().filter(is_general);
        all.iter().filter(is_about).chain(general).collect()
    }

    /// What to check where a line gives the name of the error itself, such as `ERR_TIMED_OUT`: what is about that,
    /// or else what is general, and nothing that is about other errors.
    pub fn advice_named(self, name: &str) -> Vec<&'static Advice> {
        let is_known = |advice: &&Advice| match advice.when {
            When::About(names) => names.iter().any(|known| name.starts_with(known)),
            _ => false,
        };
        let named = self.row().advice.iter().filter(is_known);
        let named: Vec<&'static Advice> = named.collect();
        if !named.is_empty() {
            return named;
        }
        let mut all = self.advice_about(name);
        let is_general = |advice: &&Advice| advice.when == When::Always;
        if !name.is_empty() && all.iter().any(is_general) {
            all.retain(is_general);
        }
        all
    }
}

/// What HTTP statuses in place of 101 say.
#[derive(Debug)]
#[non_exhaustive]
pub struct Status {
    /// The statuses, from and to.
    pub of: &'static [(u16, u16)],
    /// What they say about the upgrade.
    pub meaning: Text,
    /// What to check and what to do.
    pub advice: &'static [Advice],
}

/// What a status says.
pub fn status(status: u16) -> &'static Status {
    let holds = |row: &&Status| {
        row.of
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&status))
    };
    // The last row holds all; a law checks that.
    STATUSES
        .iter()
        .find(holds)
        .unwrap_or(&STATUSES[STATUSES.len() - 1])
}
