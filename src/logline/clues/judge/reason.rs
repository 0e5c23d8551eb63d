//! Where the reason of a close stands in a text that is of no known shape.

use crate::facts::{codes, names};
use crate::logline::clues::{CodeClue, Evidence};

/// The longest reason that is taken from a text, in bytes.
const LONGEST_REASON: usize = 400;

/// Where the reason of a close stands; an empty span where there is none.
pub(super) fn reason(evidence: &Evidence<'_>, code: &CodeClue) -> (usize, usize) {
    let text = evidence.letters.text;
    let none = (code.end, code.end);
    // What stands in parentheses right behind a code is its name: `1009 (message too big) text`.
    let named = code.end + name_behind(text.get(code.end..).unwrap_or_default(), code.code);
    let behind = text.get(named..).unwrap_or_default();
    // Behind the word `reason`, in this line or the next.
    let near: String = behind.chars().take(LONGEST_REASON).collect();
    let lower = near.to_ascii_lowercase();
    for key in ["reason", "message", "additional info", "msg", "description"] {
        let Some(at) = lower.find(key) else { continue };
        // Between the two stand only marks, a name of the code, or other keys.
        let from = named + at + key.len();
        let rest = text.get(from..).unwrap_or_default();
        let marks = rest.len()
            - rest
                .trim_start_matches([
                    ' ', ':', '=', '"', '\'', '`', '\\', '(', '[', '\u{201c}', '>',
                ])
                .len();
        if marks == 0 && !rest.is_empty() {
            continue;
        }
        return ended(text, from, from + marks);
    }
    // Before it, in an object whose members stand in another order.
    if let Some(span) = reason_before(text, code.at) {
        return span;
    }
    // Behind the code itself: `1006, "text"`, `4007 - text`, `1008 (policy violation) text`.
    let mut from = named;
    let rest = text.get(from..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    if let Some(inside) = line.trim_start().strip_prefix('(') {
        if let Some(closing) = inside.find(')') {
            from += line.len() - inside.len() + closing + 1;
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    let marks = rest.len()
        - rest
            .trim_start_matches([' ', ':', '-', ',', '"', '\'', '>', '`', '\u{201c}', ']'])
            .len();
    let is_far = rest.get(..marks).is_some_and(|marks| marks.contains("\n"));
    if is_far || marks == 0 && !rest.starts_with(' ') {
        return none;
    }
    ended(text, from, from + marks)
}

/// The length of the code's own name in parentheses, in whatever spelling, with the space before it.
fn name_behind(behind: &str, code: u16) -> usize {
    let inside = behind.trim_start_matches(' ');
    let Some((name, _)) = inside
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
    else {
        return 0;
    };
    let is_name = codes::lookup(code).is_some_and(|row| names::is(row.name, &names::key(name)));
    let length = behind.len() - inside.len() + name.len() + 2;
    if is_name { length } else { 0 }
}

/// The reason that stands before the code in the same object: `"reason": "text", "code": 1001`.
fn reason_before(text: &str, code: usize) -> Option<(usize, usize)> {
    let nearest = code.saturating_sub(LONGEST_REASON);
    let nearest = (nearest..=code).find(|at| text.is_char_boundary(*at))?;
    let opening = text.get(nearest..code)?.rfind(['{', '(']);
    let from = nearest + opening.unwrap_or(0);
    let inside = text.get(from..code)?;
    let lower = inside.to_ascii_lowercase();
    let key = ["reason", "message"].iter().find_map(|key| {
        // A member's name stands first in its line or behind a mark.
        let at = lower.rfind(key)?;
        let before = lower.get(..at)?.trim_end_matches(['"', '\'', ' ']);
        let begins = before.is_empty() || before.ends_with(['{', ',', '(', '\n']);
        begins.then_some(at + key.len())
    })?;
    let rest = inside.get(key..)?;
    let marks = rest.len()
        - rest
            .trim_start_matches([' ', ':', '=', '"', '\'', '`', '\\'])
            .len();
    let (start, end) = ended(text, from + key, from + key + marks);
    let is_quoted = rest
        .get(..marks)
        .is_some_and(|marks| marks.contains(['"', '\'']));
    (marks > 0 && end <= code && (is_quoted || end < code)).then_some((start, end.min(code)))
}

/// A reason from `from` on, with the marks before it from `opening` on: up to the quote that closes it,
/// or the end of the line.
fn ended(text: &str, opening: usize, from: usize) -> (usize, usize) {
    let quote = text
        .get(opening..from)
        .and_then(|marks| marks.chars().next_back());
    let rest = text.get(from..).unwrap_or_default();
    let end = match quote {
        Some(quote @ ('"' | '\'' | '`')) => rest.find(quote),
        Some('\u{201c}') => rest.find('\u{201d}'),
        _ => None,
    };
    let end = end.unwrap_or_else(|| {
        let line = rest.find('\n').unwrap_or(rest.len());
        let cut = rest.find("; then ").unwrap_or(line);
        line.min(cut)
    });
    let taken = rest.get(..end.min(LONGEST_REASON)).or_else(|| {
        let floor = (0..=LONGEST_REASON)
            .rev()
            .find(|at| rest.is_char_boundary(*at))?;
        rest.get(..floor)
    });
    let taken = taken.unwrap_or_default();
    let kept = taken.trim_end_matches([' ', ')', ']', '}', ',', ';', '"', '\'', '\r', '\\']);
    (from, from + kept.len())
}
