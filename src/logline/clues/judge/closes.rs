//! The closes that a text tells of: each code with its reason, and who sent it.

use super::reason::reason;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::Way;
use crate::facts::names;
use crate::facts::vocabulary::{By, Kind, Means};
use crate::logline::clues::{Clue, CodeClue, Evidence};
use crate::logline::{ReportedClose, text};

/// How many closes of one text are answered.
const MOST_CLOSES: usize = 4;
/// How far from a code, in words, its direction may stand.
const NEAR: usize = 12;
/// The row for a Close that a library refuses to send.
const NOT_SENT: &str = "close-not-sent";

/// A close, with the part of the text that is its reason.
pub(super) struct Close {
    pub(super) clue: CodeClue,
    pub(super) reported: ReportedClose,
    pub(super) by: Option<By>,
    pub(super) reason_span: (usize, usize),
}

impl Close {
    /// Whether its reason is no more than the name of its code: `1001 Going away`.
    pub(super) fn is_only_named(&self) -> bool {
        let reason = names::key(&self.reported.reason);
        codes::lookup(self.clue.code).is_some_and(|row| names::is(row.name, &reason))
    }
}

/// The closes of a text, each number once, in their order.
pub(super) fn closes(evidence: &Evidence<'_>) -> Vec<Close> {
    let best = evidence
        .codes
        .iter()
        .map(|code| code.weight)
        .max()
        .unwrap_or(0);
    let mut closes: Vec<Close> = Vec::new();
    for clue in &evidence.codes {
        // Beside a number that is certainly a close code, one that is perhaps one is none.
        let is_weak = !clue.is_explicit && best >= 9 && clue.weight + 3 < best;
        let is_known = closes.iter().any(|close| close.clue.code == clue.code);
        let is_quoted = closes.iter().any(|close| {
            let (from, to) = close.reason_span;
            from <= clue.at && clue.end <= to
        });
        let is_refused = evidence.refused.is_some() || goes_unsent(evidence, clue);
        if is_weak || is_known || is_quoted || is_refused || closes.len() == MOST_CLOSES {
            continue;
        }
        closes.push(close(evidence, *clue));
    }
    closes
}

/// Whether the text goes on to say that the Close with this code could not be sent.
fn goes_unsent(evidence: &Evidence<'_>, code: &CodeClue) -> bool {
    let mut clues = evidence.clues.iter();
    clues.any(|clue| clue.at >= code.end && is_not_sent(clue))
}

/// Whether it says that a Close could not be sent.
pub(super) fn is_not_sent(clue: &Clue) -> bool {
    clue.word.is_some_and(|word| word.id == NOT_SENT)
}

fn close(evidence: &Evidence<'_>, clue: CodeClue) -> Close {
    let (from, to) = reason(evidence, &clue);
    let by = direction(evidence, &clue, (from, to));
    let way = match by {
        _ if codes::is_made_up(clue.code) => Way::Reported,
        Some(By::Local) => Way::Sent,
        Some(By::Other | By::Server | By::Client) => Way::Received,
        None => Way::Reported,
    };
    let reason = evidence.letters.text.get(from..to).unwrap_or_default();
    Close {
        clue,
        by,
        reported: ReportedClose {
            way,
            code: clue.code,
            reason: text::reason(reason).into_owned(),
        },
        reason_span: (from, to),
    }
}

/// Who sent a close, by the nearest words that say so: before it in its line, or right behind it.
fn direction(evidence: &Evidence<'_>, code: &CodeClue, reason: (usize, usize)) -> Option<By> {
    let text = evidence.letters.text;
    // A line that was wrapped goes on behind spaces alone.
    let same_line = |from: usize, to: usize| {
        let between = text.get(from..to).unwrap_or("\n");
        !between.contains('\n') || between.trim().is_empty()
    };
    // A member of the same object says so whatever line it is in: `byRemote: true`.
    let is_member = |clue: &&Clue| {
        text.get(clue.at..clue.end())
            .is_some_and(|words| words.contains([':', '=']))
    };
    // `reset by peer` is said of TCP, and not of a Close.
    let is_reset = |clue: &&Clue| {
        let mut resets = evidence.clues.iter().filter(|clue| {
            let means = clue.word.map(|word| word.means);
            matches!(means, Some(Means::Cause(Cause::Reset)))
        });
        resets.any(|reset| clue.lies_in((reset.at, reset.end())))
    };
    let by =
        |clue: &&Clue| clue.kind == Kind::Direction && !clue.lies_in(reason) && !is_reset(clue);
    let before = evidence.clues.iter().filter(by).rev().find(|clue| {
        clue.end() <= code.at && same_line(clue.end(), code.at) && code.at - clue.end() <= 8 * NEAR
    });
    let behind = evidence.clues.iter().filter(by).find(|clue| {
        let is_near = same_line(code.end, clue.at) && clue.at - code.end.min(clue.at) <= 8 * NEAR;
        clue.at >= code.end && (is_near || is_member(clue) && clue.at - code.end <= 40 * NEAR)
    });
    // Words behind a code count only where they are about it and not the next thing that happened.
    let behind = behind.filter(|clue| {
        let between = text.get(code.end..clue.at).unwrap_or_default();
        is_member(clue) || !between.contains([';', '.'])
    });
    // Go's libraries print the Close that came so: `close 1001 (going away)`.
    let is_of_go = text
        .get(..code.at)
        .is_some_and(|before| before.ends_with("close "))
        && text
            .get(code.end..)
            .is_some_and(|behind| behind.starts_with(" ("));
    if before.is_none() && is_of_go {
        return Some(By::Other);
    }
    match before.or(behind)?.word?.means {
        Means::By(by) => Some(by),
        _ => None,
    }
}
