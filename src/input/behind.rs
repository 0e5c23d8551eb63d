//! Words before the bytes of a text, as in a line of a log: where the bytes may begin, and whether
//! what stands before is words, so that no byte is taken for one of them.

use super::digits::{digit, is_separator};
use super::table::BehindWords;

/// The longest prefix.
const LONGEST_PREFIX: usize = 1024;

/// Whether a text begins with a comment.
pub(super) fn is_comment(text: &str) -> bool {
    let marks = ["//", "#", "--", ";", "/*"];
    marks
        .into_iter()
        .any(|mark| text.trim_start().starts_with(mark))
}

/// Where in the first line of a text bytes may begin behind words.
pub(super) fn starts(text: &str) -> impl Iterator<Item = usize> {
    let line = text.lines().next().unwrap_or_default();
    let mut before = ' ';
    let begins = move |(at, character): (usize, char)| {
        let begins = !character.is_whitespace()
            && (before.is_whitespace() || matches!(before, ':' | '=' | '>' | ']' | '|'));
        before = character;
        (begins && at > 0).then_some(at)
    };
    line.char_indices()
        .take_while(|(at, _)| *at <= LONGEST_PREFIX)
        .filter_map(begins)
}

/// Where lines begin below lines of words, at most a few: titles and comments.
pub(super) fn below_titles(text: &str) -> impl Iterator<Item = usize> {
    const MOST: usize = 8;
    let mut at = 0;
    text.split_inclusive('\n')
        .take(MOST)
        .map_while(move |line| {
            at += line.len();
            is_title(line).then_some(at)
        })
        .filter(|at| *at < text.len())
}

/// Whether the first line alone stands above, and says that the bytes follow.
pub(super) fn is_marked_title(text: &str, at: usize) -> bool {
    let title = text.get(..at).unwrap_or_default().trim_end();
    title.lines().count() == 1 && is_words(title) && title.ends_with(':')
}

/// Whether every line begins with a number that counts the lines, so that not all that follows is bytes.
pub(super) fn are_indexed(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let index = |line: &str| -> Option<u64> {
        let digits = line.trim_start();
        let end = digits.find(|c: char| !c.is_ascii_digit())?;
        digits.get(..end)?.parse().ok()
    };
    let Some(first) = lines.next().and_then(index).filter(|first| *first <= 1) else {
        return false;
    };
    let mut count = 0;
    let is_next = |(at, line)| {
        count += 1;
        index(line) == Some(first + 1 + at)
    };
    (0..).zip(lines).all(is_next) && count > 0
}

/// Whether a line is a title or a comment: nothing in it could be bytes.
fn is_title(line: &str) -> bool {
    let line = line.trim();
    let words: Vec<_> = line.split_whitespace().collect();
    let in_a_row = words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(one, next)| could_be_bytes(one) && could_be_bytes(next));
    let is_run = |word: &&str| word.len() > 3 && word.chars().all(|c| digit(c).is_some());
    let is_offset = |word: &&str| {
        let digits = word.trim_start_matches("0x").trim_end_matches(':');
        digits.len() > 3 && digits.chars().all(|c| digit(c).is_some())
    };
    let first = words.first().copied().unwrap_or_default();
    // A line that only opens something is a part of what follows it.
    let has_words = line.is_empty() || line.contains(char::is_alphanumeric);
    has_words
        && !line.ends_with(['(', '=', ','])
        && !in_a_row
        && !could_be_bytes(first)
        && !is_run(&first)
        && !is_offset(&first)
        && !line.contains('\\')
        && !line.contains(['"', '\'', '{', '['])
}

/// Whether a word could be a byte in hex or in decimal.
fn could_be_bytes(word: &str) -> bool {
    let word = word.trim_matches(['[', ']', '{', '}', '(', ')', ',', '<', '>']);
    if word.starts_with("0x") || word.starts_with("0X") {
        return true;
    }
    let is_hex = word.chars().all(|character| digit(character).is_some());
    let is_decimal = word.chars().all(|character| character.is_ascii_digit());
    !word.is_empty() && ((is_hex && word.len() == 2) || (is_decimal && word.len() <= 3))
}

/// Whether the text before the bytes is words: it does not begin with what could be bytes, has no
/// two such in a row, and ends with a mark or a word.
pub(super) fn is_words(prefix: &str) -> bool {
    // A mark of a comment is no byte in any form.
    if matches!(prefix.trim(), "//" | "///" | "#" | "--" | ";" | "*" | "/*") {
        return true;
    }
    let words: Vec<_> = prefix.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let is_run = first.len() % 2 == 0
        && first.len() < 10
        && first.chars().all(|character| digit(character).is_some());
    let in_a_row = words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(one, next)| could_be_bytes(one) && could_be_bytes(next));
    // What stands behind an address may be words of memory, whose bytes are turned round.
    let is_address = |word: &&str| {
        let digits = word
            .trim_start_matches(['(', '[', '<', '*', '$', '='])
            .strip_prefix("0x");
        let count = digits.map(|digits| digits.chars().take_while(|c| digit(*c).is_some()).count());
        count.is_some_and(|count| count > 4)
    };
    let last = words.last().copied().unwrap_or_default();
    let is_word = last.len() >= 3
        && last.chars().all(char::is_alphabetic)
        && last.chars().any(|character| digit(character).is_none());
    let marked = last.ends_with([':', '=', '>', '<', ']', ')', '|']);
    !first.starts_with(['"', '\'', '{'])
        && !could_be_bytes(first)
        && !is_run
        && !in_a_row
        && !words.iter().any(is_address)
        && !prefix.contains('\\')
        && (is_word || marked)
        && prefix
            .chars()
            .any(|character| character.is_alphabetic() && digit(character).is_none())
}

/// Whether a mark stands behind the words: what follows is what they are about.
pub(super) fn is_marked(prefix: &str) -> bool {
    prefix.trim_end().ends_with([':', '=', '>'])
}

/// Whether bytes behind words are no words themselves.
pub(super) fn are_clear(kind: BehindWords, prefix: &str, rest: &str) -> bool {
    let marked = is_marked(prefix);
    match kind {
        BehindWords::Digits => {
            let mut groups = rest.split(is_separator).filter(|group| !group.is_empty());
            let first = groups.next().unwrap_or_default();
            let others: Vec<_> = groups.collect();
            let (last, middle) = others.split_last().unwrap_or((&first, &[]));
            let uniform =
                middle.iter().all(|group| group.len() == first.len()) && last.len() <= first.len();
            let has_digit = first.chars().any(|character| character.is_ascii_digit());
            uniform && (marked || has_digit) && (first.len() > 2 || !others.is_empty())
        }
        // Words such as `ah` and `ch` are numbers too.
        BehindWords::Numbers => {
            rest.split_whitespace().count() > 1
                && rest.contains(|character: char| character.is_ascii_digit())
        }
        BehindWords::Letters => {
            marked && rest.len() >= 4 && rest.contains(|c: char| !c.is_ascii_alphabetic())
        }
        BehindWords::Marked => true,
    }
}
