//! Which of several causes counts: what comes first in time, and without those that another one makes wrong.

use super::cause_of;
use crate::facts::causes::Cause;
use crate::facts::vocabulary::{Kind, Means};
use crate::logline::clues::{Clue, Evidence};

/// The rank of a fault that is not named.
pub(super) const GENERAL_FAULT: u8 = 13;

/// The causes without those that say less than another, or the contrary: a proxy that could not connect has seen
/// no server end the connection before it answered; of a handshake that failed no Close was to come; and
/// what a browser says of every connection does not tell that this one was never open.
pub(super) fn without_consequences(mut causes: Vec<Clue>, evidence: &Evidence<'_>) -> Vec<Clue> {
    let is_cause =
        |clue: &Clue, all: &[Cause]| cause_of(clue).is_some_and(|cause| all.contains(&cause));
    let never_made = [
        Cause::Refused,
        Cause::Unreachable,
        Cause::Unresolved,
        Cause::CouldNotConnect,
    ];
    if causes.iter().any(|clue| is_cause(clue, &never_made)) {
        causes.retain(|clue| !is_cause(clue, &[Cause::UpstreamClosedEarly]));
    }
    let is_handshake = |clue: &Clue| {
        let words = evidence.letters.text.get(clue.at..clue.end());
        let words = words.unwrap_or_default().to_ascii_lowercase();
        clue.kind == Kind::Handshake
            && is_cause(clue, &[Cause::HandshakeFailed])
            && words.contains("handshake")
    };
    // `closed before response`: of an answer that did not come no Close was to come either.
    let is_unanswered = |clue: &Clue| {
        let words = evidence.letters.text.get(clue.at..clue.end());
        let words = words.unwrap_or_default().to_ascii_lowercase();
        clue.word.is_some_and(|word| word.id == "hang-up") && words.contains("before")
    };
    if causes
        .iter()
        .any(|clue| is_handshake(clue) || is_unanswered(clue))
    {
        causes.retain(|clue| !is_cause(clue, &[Cause::PeerGone]));
    }
    let is_of_open_ones = [
        Cause::Reset,
        Cause::PeerGone,
        Cause::ClosedUntold,
        Cause::UsedAfterClose,
        Cause::Timeout,
    ];
    let is_system = |clue: &Clue| clue.kind == Kind::OsError && is_cause(clue, &is_of_open_ones);
    if causes.iter().any(is_system) {
        let is_prefix = |clue: &Clue| clue.word.is_some_and(|word| word.id == "browser-prefix");
        causes.retain(|clue| !is_prefix(clue));
    }
    without_what_others_tell(causes)
}

/// The causes without those whose sentence another row of the same text makes wrong: that something took too long,
/// where it says what; and that no WebSocket was open, where it says that one was.
fn without_what_others_tell(mut causes: Vec<Clue>) -> Vec<Clue> {
    /// Nobody knows by these whether the connection had been made.
    const SOME_TIMEOUT: [&str; 2] = ["timed-out", "timed-out-somewhere"];
    /// What follows is said of a connection that was open.
    const OPEN: [&str; 3] = ["open-in-the-proxy", "signalr-handshake", "page-suspended"];
    let is_of = |clue: &Clue, rows: &[&str]| clue.word.is_some_and(|word| rows.contains(&word.id));
    let names_timer = |clue: &Clue| {
        let is_timer = matches!(
            cause_of(clue),
            Some(
                Cause::Timeout
                    | Cause::IdleTimeout
                    | Cause::KeepaliveTimeout
                    | Cause::HandshakeTimeout
            )
        );
        is_timer && !is_of(clue, &SOME_TIMEOUT) || is_of(clue, &["server-stops"])
    };
    let was_open = causes.iter().any(|clue| is_of(clue, &OPEN));
    if was_open || causes.iter().any(names_timer) {
        causes.retain(|clue| !is_of(clue, &SOME_TIMEOUT));
    }
    if was_open {
        causes
            .retain(|clue| is_of(clue, &OPEN) || !matches!(clue.kind, Kind::Handshake | Kind::Tls));
    }
    causes
}

/// The order of causes: what comes first in time, and what says most, first.
pub(super) fn rank(clue: &Clue) -> u8 {
    let Some(word) = clue.word else { return 99 };
    match (word.kind, word.means) {
        (Kind::OsError, Means::Cause(Cause::ClosedUntold)) => 14,
        (_, Means::Cause(Cause::ClosedUntold)) => 20,
        (_, Means::Cause(Cause::ErrorUntold)) => 21,
        (Kind::Fault, Means::Cause(Cause::Violation)) => GENERAL_FAULT,
        // What a browser writes before every fault of a connection, open or not.
        (Kind::Handshake, _) if word.id == "browser-prefix" => 16,
        (Kind::Fault, _) => 1,
        (Kind::Tls | Kind::Dns, _) => 2,
        // Which way it failed says more than that it did.
        (Kind::Handshake, Means::Cause(Cause::HandshakeFailed)) if !word.advice.is_empty() => 11,
        (Kind::Handshake, Means::Cause(Cause::HandshakeFailed)) => 12,
        // What the program did when something else had failed already.
        (Kind::Handshake, Means::Cause(Cause::ClosedWhileConnecting)) => 11,
        (Kind::Handshake, Means::Cause(Cause::UpgradeRefused)) if word.sentence.is_none() => 8,
        (Kind::Handshake, _) => 3,
        (
            _,
            Means::Cause(
                Cause::Refused | Cause::Unreachable | Cause::Unresolved | Cause::CouldNotConnect,
            ),
        ) => 4,
        (Kind::Timer, _) => 5,
        (Kind::Protocol, _) => 6,
        (Kind::OsError, Means::Cause(Cause::HandshakeFailed)) => 11,
        (Kind::OsError, Means::Cause(Cause::UsedAfterClose)) => 13,
        (Kind::OsError, Means::Cause(Cause::Timeout)) => 7,
        (Kind::OsError, _) => 10,
        (Kind::Use, Means::Cause(Cause::UsedBeforeOpen)) => 12,
        (Kind::Use, _) => 13,
        _ => 15,
    }
}
