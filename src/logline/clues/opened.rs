//! Whether a text tells that the connection had been open before it ended: for a code that nobody sent, that is
//! what decides between its causes.

use std::time::Duration;

use super::Evidence;
use crate::facts::causes::Cause;
use crate::facts::vocabulary::{Kind, Means};

/// A connection that lasted less may have been the attempt alone.
const LEAST: Duration = Duration::from_secs(1);

/// What only an open connection does, in letters and digits alone.
const OPEN: [&str; 12] = [
    "openedtrue",
    "wasopentrue",
    "wasopenfor",
    "wasconnectedfor",
    "beenopenfor",
    "afterbeingopen",
    "instateconnected",
    "whilereceiving",
    "attemptingtoresume",
    "attemptingresume",
    "hadbeenopen",
    "sessionwasopen",
];
/// What is said of one that never was.
const NOT_OPEN: [&str; 5] = [
    "openedfalse",
    "wasopenfalse",
    "neveropened",
    "whileconnecting",
    "instateconnecting",
];

/// Whether the connection had been open; `None` where the text does not tell, or says both.
pub(super) fn opened(evidence: &Evidence<'_>) -> Option<bool> {
    let is_letter = |c: &char| c.is_alphanumeric();
    let front = super::super::first(evidence.letters.text, 16 * 1024);
    let letters: String = front
        .chars()
        .filter(is_letter)
        .flat_map(char::to_lowercase)
        .collect();
    let has = |all: &[&str]| all.iter().any(|words| letters.contains(words));
    let is_refused = evidence
        .status
        .is_some_and(|(status, _)| (300..=599).contains(&status));
    let is_failed = is_refused || has(&NOT_OPEN) || was_never_made(evidence);
    let has_lasted = evidence.lasted.is_some_and(|(lasted, clue)| {
        // How long somebody waited says nothing of how long it was open.
        let before = evidence.letters.text.get(..clue.at).unwrap_or_default();
        let waited = [
            " within",
            "timeout",
            "timed out",
            "retry",
            "reconnect",
            " in ",
        ];
        let near: String = before.chars().rev().take(32).collect();
        let near: String = near.chars().rev().collect::<String>().to_ascii_lowercase();
        lasted >= LEAST && !waited.iter().any(|words| near.contains(words))
    });
    match (has(&OPEN) || has_lasted, is_failed) {
        (true, false) => Some(true),
        // What stands open by a status that is none of 101 was refused.
        (false, true) if is_refused || has(&NOT_OPEN) => Some(false),
        _ => None,
    }
}

/// Whether something in it tells of a connection that was being made.
fn was_never_made(evidence: &Evidence<'_>) -> bool {
    evidence.clues.iter().any(|clue| {
        let Some(word) = clue.word else { return false };
        let is_early = matches!(
            word.means,
            Means::Cause(
                Cause::Refused
                    | Cause::Unresolved
                    | Cause::Unreachable
                    | Cause::CouldNotConnect
                    | Cause::TlsFailed
                    | Cause::Timeout
            )
        );
        let is_prefix = word.id == "browser-prefix";
        is_early || word.kind == Kind::Handshake && !is_prefix
    })
}
