//! The choice among the forms of bytes that stand behind words.

use super::super::table::{BehindWords, FORMS, Reading};
use super::super::text::Mistake;
use super::super::{behind, frames, layout};
use super::{Choice, LONGEST_LOG, strict};
use crate::frame::Sender;

/// The bytes behind the words of a text. Nothing if there are no such words, or it cannot be told
/// where they end.
pub(in super::super) fn behind_words(
    text: &str,
    only: Option<Sender>,
) -> Option<Result<Choice, Mistake>> {
    // The first line of a dump is no title of those below, and an address is no word: what stands
    // behind it may be more than bytes.
    let is_dump = layout::is_dump(text) || layout::has_offsets(text);
    if (is_dump && !behind::is_comment(text)) || layout::has_address(text) {
        return None;
    }
    let text = text.trim_end();
    if text.len() > LONGEST_LOG {
        return None;
    }
    let is_indexed = |at| text.get(at..).is_some_and(behind::are_indexed);
    if behind::below_titles(text).any(is_indexed) {
        return None;
    }
    let strictly = |at| text.get(at..).and_then(|rest| strict(rest, only));
    let found = behind::starts(text).find_map(|at| Some((at, strictly(at)?)));
    let choice = match found {
        Some((at, choice)) => {
            let (prefix, rest) = text.split_at_checked(at)?;
            let kind = choice.form.behind_words;
            if !behind::is_words(prefix) || !behind::are_clear(kind, prefix, rest) {
                return None;
            }
            match behind::is_marked(prefix) || frames::are_sound(&choice.reading.bytes) {
                true => choice,
                false => behind_numbers(text, at, choice, strictly)?,
            }
        }
        None => behind::below_titles(text).find_map(|at| {
            let choice = strictly(at)?;
            let rest = text.get(at..).unwrap_or_default();
            let is_titled = behind::is_marked_title(text, at)
                || (choice.form.behind_words == BehindWords::Marked
                    && layout::begins_at_zero(rest));
            is_titled.then_some(choice)
        })?,
    };
    let log = FORMS
        .iter()
        .find(|form| matches!(form.reading, Reading::BehindWords))?;
    Some(Ok(Choice {
        form: log,
        ..choice
    }))
}

/// Of bytes behind a word that has no mark behind it, the first may be a number of that word: `read 10 88 02`.
/// Those behind it are taken where only they are whole frames. Nothing if it cannot be told.
fn behind_numbers(
    text: &str,
    at: usize,
    choice: Choice,
    strictly: impl Fn(usize) -> Option<Choice>,
) -> Option<Choice> {
    /// So many numbers belong to words at most.
    const MOST: usize = 2;
    let later = behind::starts(text).filter(|start| *start > at).take(MOST);
    let others: Vec<Choice> = later.filter_map(strictly).collect();
    let is_sound = |other: &&Choice| frames::are_sound(&other.reading.bytes);
    let sound = others.iter().filter(is_sound).count();
    let could_begin = |choice: &Choice| {
        choice
            .reading
            .bytes
            .first()
            .is_some_and(|&byte| frames::could_begin(byte))
    };
    match sound {
        0 if could_begin(&choice) || !others.iter().any(could_begin) => Some(choice),
        1 => others
            .into_iter()
            .find(|other| is_sound(&other))
            .map(|other| Choice {
                is_by_frames: true,
                ..other
            }),
        _ => None,
    }
}
