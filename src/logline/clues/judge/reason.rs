//! Where the reason of a close stands in a text that is of no known shape.

use crate::facts::{codes, names};
use crate::logline::clues::{CodeClue, Evidence};
use crate::logline::first;

/// The longest reason that is taken from a text, in bytes.
const LONGEST_REASON: usize = 400;

/// Where the reason of a close stands; an empty span where there is none.
pub(super) fn reason(evidence: &Evidence<'_>, code: &CodeClue) -> (usize, usize) {
    let text = evidence.letters.text;
    let none = (code.end, code.end);
    // What stands in parentheses right behind a code is its name: `1009 (message too big) text`.
    let named = code.end + name_behind(text.get(code.end..).unwrap_or_default(), code.code);
    // Behind the word `reason`, in this line or the next.
    if let Some(span) = reason_behind(text, named) {
        return span;
    }
    // Before it, in an object whose members stand in another order.
    if let Some(span) = reason_before(text, code.at) {
        return span;
    }
    if let Some(span) = reason_in_front(text, code.at) {
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
    let before = text.get(..code.at).unwrap_or_default();
    let (marks, words) = rest.split_at_checked(marks).unwrap_or_default();
    if is_next_pair(before, marks, words) || goes_on(marks, words) {
        return none;
    }
    ended(text, from, from + marks.len())
}

/// What words for a reason have to stand in or behind: `details` is one only before quotes.
const KEYS: [(&str, bool); 9] = [
    ("reason", false),
    ("message", false),
    ("additional info", false),
    ("msg", false),
    ("description", false),
    ("detail", true),
    ("details", true),
    ("desc", true),
    ("error", true),
];

/// The reason behind a word for one, such as `reason`, in a text from `from` on.
fn reason_behind(text: &str, from: usize) -> Option<(usize, usize)> {
    let behind = text.get(from..)?;
    let near: String = behind.chars().take(LONGEST_REASON).collect();
    let lower = near.to_ascii_lowercase();
    let mut places = KEYS.iter().flat_map(|(key, needs_quotes)| {
        let found = lower.match_indices(key);
        found.map(move |(at, _)| (*key, *needs_quotes, at))
    });
    places.find_map(|(key, needs_quotes, at)| {
        // Between the two stand only marks, a name of the code, or other keys.
        let begins = from + at + key.len();
        let rest = text.get(begins..).unwrap_or_default();
        let marks = rest.len()
            - rest
                .trim_start_matches([
                    ' ', ':', '=', '"', '\'', '`', '\\', '(', '[', '\u{201c}', '>',
                ])
                .len();
        let between = rest.get(..marks)?;
        let is_quoted = between.contains([':', '=']) && between.ends_with(is_quote);
        let front = lower.get(..at)?;
        let is_key = match key {
            "reason" | "additional info" => marks > 0 || rest.is_empty(),
            // An error is a reason where nothing else stands between it and the code.
            "error" => is_quoted && !front.contains(char::is_alphanumeric),
            _ if needs_quotes => is_quoted && !front.contains('\n'),
            // `4008 message too big` is a sentence.
            // Where nothing follows, what did was taken out: it is the application's.
            _ => between.contains(|c| c != ' ') || marks > 0 && rest.trim().is_empty(),
        };
        let is_of_the_close = key == "reason" || is_of_the_close(lower.get(..at)?);
        (is_key && is_of_the_close).then(|| ended(text, begins, begins + marks))
    })
}

/// Whether a name that ends with `message` or the like, and begins at the end of `before`, is one of the
/// close: `message`, `close_message`, `server_error_msg`, or the first of an object behind the code, and not
/// `last_message`.
fn is_of_the_close(before: &str) -> bool {
    const ENDS: [&str; 9] = [
        "close",
        "closed",
        "closing",
        "disconnect",
        "disconnected",
        "error",
        "err",
        "failure",
        "server",
    ];
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let length = before.len() - before.trim_end_matches(is_part).len();
    let (front, name) = before
        .split_at_checked(before.len() - length)
        .unwrap_or_default();
    let is_earlier = ["last", "prev", "old"]
        .iter()
        .any(|old| name.starts_with(old));
    let name = name.trim_end_matches('_');
    let is_of_the_close = name.is_empty() || ENDS.iter().any(|end| name.ends_with(end));
    let is_first = front.trim_end_matches(['"', '\'', '\\', ' ']).trim_start() == "{";
    !is_earlier && (is_of_the_close || is_first)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{201c}')
}

/// Whether what stands behind a code is the next pair of an object or a line, whose name says what it is, and
/// that it is no reason: `"code":1000,"user_id":42`, `code=1000 user=bob`, `code: 1000, peer: 'x'`.
fn is_next_pair(before: &str, marks: &str, words: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let has_quotes = marks.ends_with(is_quote) || words.starts_with(['\\', '"']);
    // Quotes that are themselves in quotes have a backslash.
    let words = words.trim_start_matches(['\\', '"']);
    let name = words.len() - words.trim_start_matches(is_part).len();
    if !words.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return false;
    }
    let behind = words.get(name..).unwrap_or_default();
    let value = behind.trim_start_matches(['\\', '"', '\'']);
    let is_quoted = value.len() < behind.len();
    let value = value.trim_start();
    if is_quoted || value.starts_with("=>") {
        return value.starts_with([':', '=']);
    }
    // What stands in quotes as a whole is one text: `4001 "token=expired"`.
    if has_quotes {
        return false;
    }
    let is_list = marks.chars().all(|c| matches!(c, ' ' | ','));
    if value.starts_with('=') && !value.starts_with("==") {
        let line = words.split('\n').next().unwrap_or_default();
        return is_list || are_pairs(line);
    }
    // `code: 4007 - error: text` is a reason with a colon in it.
    let before = before.trim_end_matches(['"', '\'', ' ', '\\']);
    let is_value = before.ends_with([':', '=']) || before.ends_with("=>");
    behind.starts_with(':') && !behind.starts_with("://") && is_list && is_value
}

/// Whether the sentence goes on behind the code with what is no reason: `closed with 1001 then 1006`,
/// `code 1006 from 10.0.0.1`, `1001 after 30 s`, `1000 by the client`.
fn goes_on(marks: &str, words: &str) -> bool {
    const ENDS: [&str; 10] = [
        "peer",
        "server",
        "client",
        "remote",
        "browser",
        "host",
        "proxy",
        "connection",
        "session",
        "socket",
    ];
    if !marks.chars().all(|c| matches!(c, ' ' | ',')) {
        return false;
    }
    let line = words.split('\n').next().unwrap_or_default();
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.filter(|word| *word != "the").take(3).collect();
    let second = rest.first().copied().unwrap_or_default();
    let third = rest.get(1).copied().unwrap_or_default();
    let is_numbered = rest.len() == 2 && third.starts_with(|c: char| c.is_ascii_digit());
    let has_digit = second.starts_with(|c: char| c.is_ascii_digit());
    let is_address = has_digit || second.starts_with('[') || second.contains("://");
    let is_end = ENDS.contains(&second.trim_end_matches(['.', ',', ';', ')', ']', '}']));
    match first {
        // What the program does next is its own: `code 1006, attempting to resume.`
        "then" | "attempting" | "reconnecting" | "retrying" | "resuming" => true,
        "and" | "or" => second == "then" || has_digit,
        "from" | "by" | "via" if is_end && rest.len() == 1 => true,
        "from" | "by" | "via" | "to" | "at" | "for" | "on" if is_end => is_numbered,
        "from" | "by" | "via" | "to" | "at" => is_address,
        "after" | "in" | "within" => has_digit && rest.len() <= 2,
        _ => false,
    }
}

/// Whether a line begins with a pair: `user=bob`.
fn is_pair(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    let name =
        word.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    name.len() < word.len() && name.starts_with('=') && !name.starts_with("==")
}

/// Whether a line is nothing but pairs of a name and a value: `user=bob note="a b"`.
fn are_pairs(line: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut rest = line.trim_matches([' ', ',', ';', '\r']);
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(is_part);
        let has_name = behind.len() < rest.len();
        let Some(value) = behind.strip_prefix('=').filter(|_| has_name) else {
            // What closes the object or the quotes around the line.
            return rest.trim_end_matches(['}', ')', ']', '"', '\'']).is_empty();
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let end = match quote {
            Some(quote) => value
                .get(1..)
                .and_then(|inside| inside.find(quote))
                .map_or(value.len(), |end| end + 2),
            None => value.find(' ').unwrap_or(value.len()),
        };
        rest = value
            .get(end..)
            .unwrap_or_default()
            .trim_start_matches([' ', ',', ';']);
    }
    true
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

/// The reason that stands before the code in a sentence: `disconnected: text with code: 1001`.
fn reason_in_front(text: &str, code: usize) -> Option<(usize, usize)> {
    let before = text.get(..code)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lower = before.get(line..)?.to_ascii_lowercase();
    let front = lower
        .trim_end_matches([' ', ':', '='])
        .strip_suffix("with code")?;
    let marks = ["disconnected: ", "closed: ", "close: "];
    let begins = marks
        .iter()
        .filter_map(|mark| Some(front.find(mark)? + mark.len()));
    let begins = begins.min()?;
    let reason = front.get(begins..)?.trim_end();
    let is_short = !reason.is_empty() && reason.len() <= LONGEST_REASON;
    is_short.then_some((line + begins, line + begins + reason.len()))
}

/// Where the next pair of a line begins behind a reason without quotes, whose marks are `marks`. A pair within a sentence is a part of it: `reason: bad room id=7 in request`.
fn next_pair(before: &str, marks: &str, reason: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    // `code=1008 too late`, `reason=late`: a line of pairs, where a value is mostly one word.
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_of_pairs = match marks.trim_end().chars().next_back() {
        Some('=') => true,
        Some(_) => false,
        None => {
            let name = line.trim_end_matches(|c: char| c.is_ascii_digit());
            name.len() < line.len() && name.ends_with('=')
        }
    };
    // `, seat: 3` is the next member only inside of an object.
    let is_in_object = before.rfind('{') > before.rfind('}');
    let begins = reason.match_indices(' ').find(|(at, _)| {
        let word = reason.get(at + 1..).unwrap_or_default();
        let behind = word.trim_start_matches(is_part);
        let is_name = word.len() > behind.len() && word.starts_with(|c: char| c.is_alphabetic());
        let front = reason.get(..*at).unwrap_or_default();
        let is_pair = behind.starts_with('=') && !behind.starts_with("==");
        let is_last = !front.contains(' ') && marks.contains('=') || are_pairs(word);
        let is_member = is_in_object && front.ends_with(',') && behind.starts_with(": ");
        is_name && (is_pair && is_of_pairs && is_last || is_member)
    });
    begins.map(|(at, _)| at)
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
    // `reason= user=bob`, `reason: , wasClean: false`
    let marks = text.get(opening..from).unwrap_or_default();
    let is_unquoted = end.is_none();
    let line = rest.split('\n').next().unwrap_or_default();
    let is_next = marks.contains('=') && marks.ends_with(' ') && is_pair(line);
    if is_unquoted && (rest.starts_with(',') || is_next) {
        return (from, from);
    }
    let end = end.unwrap_or_else(|| {
        let line = rest.find('\n').unwrap_or(rest.len());
        let cut = rest.find("; then ").unwrap_or(line);
        let before = text.get(..opening).unwrap_or_default();
        let line = line.min(cut);
        let near = first(rest.get(..line).unwrap_or(rest), LONGEST_REASON);
        next_pair(before, marks, near).unwrap_or(line)
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
