//! A log line: words, and then the bytes in any other form, up to the end of the text.
//!
//! The bytes begin where all of the rest can be read as another form, as early as possible. What
//! stands before must be words, so that no byte is taken for one of them.

use super::dump;
use super::forms::{new_reader, strict_reading};
use super::hex::{digit, is_separator};
use super::text::Mistake;
use super::{Error, Form, Sink, TextReader};
use crate::words::say;

/// The longest text that is read, and the longest prefix.
const LONGEST: usize = 64 * 1024;
const LONGEST_PREFIX: usize = 1024;

/// Where the bytes begin in a log line, and their form. Nothing if that cannot be told.
pub(super) fn find(text: &str) -> Option<(usize, &'static Form)> {
    // The first line of a dump is no title of those below.
    if dump::looks_any(text) || dump::certain(text) {
        return None;
    }
    let text = text.trim_end();
    let line = text.lines().next().filter(|_| text.len() <= LONGEST)?;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        let begins = !character.is_whitespace()
            && (before.is_whitespace() || matches!(before, ':' | '=' | '>' | ']' | '|'));
        before = character;
        if at > LONGEST_PREFIX {
            return None;
        }
        if !begins || at == 0 {
            continue;
        }
        let (prefix, rest) = text.split_at_checked(at)?;
        if let Some(form) = strict_reading(rest) {
            return (is_words(prefix) && is_clear(form, prefix, rest)).then_some((at, form));
        }
    }
    // The bytes may begin in the next line.
    let (title, rest) = text.split_once('\n')?;
    let is_title = is_words(title) && title.trim_end().ends_with(':');
    let form = strict_reading(rest).filter(|_| is_title)?;
    Some((title.len() + 1, form))
}

/// Whether the text before the bytes is words: it does not begin with what could be bytes, has no
/// two such in a row, and ends with a mark or a word.
fn is_words(prefix: &str) -> bool {
    let could_be_bytes = |word: &&str| {
        let word = word.trim_matches(['[', ']', '{', '}', '(', ')', ',', '<', '>']);
        let is_hex = word.chars().all(|character| digit(character).is_some());
        let is_decimal = word.chars().all(|character| character.is_ascii_digit());
        !word.is_empty() && ((is_hex && word.len() == 2) || (is_decimal && word.len() <= 3))
    };
    let words: Vec<_> = prefix.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let is_run = first.len() % 2 == 0
        && first.len() < 10
        && first.chars().all(|character| digit(character).is_some());
    let in_a_row = words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(one, next)| could_be_bytes(one) && could_be_bytes(next));
    let last = words.last().copied().unwrap_or_default();
    let is_word = last.len() >= 3
        && last.chars().all(char::is_alphabetic)
        && last.chars().any(|character| digit(character).is_none());
    let marked = last.ends_with([':', '=', '>', '<', ']', ')', '|']);
    !first.starts_with(['"', '\'', '{'])
        && !could_be_bytes(&first)
        && !is_run
        && !in_a_row
        && !prefix.contains('\\')
        && (is_word || marked)
        && prefix
            .chars()
            .any(|character| character.is_alphabetic() && digit(character).is_none())
}

/// Whether the bytes are no words themselves.
fn is_clear(form: &Form, prefix: &str, rest: &str) -> bool {
    let marked = prefix.trim_end().ends_with([':', '=', '>']);
    match form.id {
        "hex" => {
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
        "hex-h" => {
            rest.split_whitespace().count() > 1
                && rest.contains(|character: char| character.is_ascii_digit())
        }
        "base64" | "percent" => {
            marked && rest.len() >= 4 && rest.contains(|c: char| !c.is_ascii_alphabetic())
        }
        _ => true,
    }
}

/// Reads a log line.
pub(super) struct LogReader {
    held: String,
}

impl LogReader {
    pub(super) const fn new() -> Self {
        Self {
            held: String::new(),
        }
    }
}

impl TextReader for LogReader {
    fn feed(&mut self, text: &str, _sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.held.len() + text.len() > LONGEST {
            return Err(Mistake::new(say!(log_bytes.too_long, most = LONGEST)).into());
        }
        self.held.push_str(text);
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        if self.held.trim().is_empty() {
            return Ok(());
        }
        let found =
            find(&self.held).and_then(|(at, form)| Some((self.held.get(at..)?, new_reader(form)?)));
        let Some((rest, new)) = found else {
            return Err(Mistake::new(say!(log_bytes.unclear)).into());
        };
        let mut reader = new();
        reader.feed(rest, sink)?;
        reader.finish(sink)
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_bytes_come_after_words() {
        for (text, id) in [
            ("recv: 88 02 03 e8", "hex"),
            (
                "2024-05-01 12:00:01.123 DEBUG [ws-1] recv 880203e8\n",
                "hex",
            ),
            ("12:00:01 recv: 88:02:03:e8", "hex"),
            ("Jan 02 12:00:01 host app: data=88 02 03 e8", "hex"),
            ("frame <Buffer 88 02 03 e8>", "hex-list"),
            ("< received b'\\x88\\x02\\x03\\xe8'", "escaped"),
            ("read: [136, 2, 3, 232]", "decimal"),
            ("payload=iAID6A==", "base64"),
            ("received:\n00000000: 8802 03e8  ....\n", "xxd"),
        ] {
            assert_eq!(find(text).map(|(_, form)| form.id), Some(id), "{text}");
        }
    }

    #[test]
    fn no_byte_is_taken_for_a_word() {
        for text in [
            "88 02 hello 03 e8",
            "880203 hello 03 e8",
            "recv 8 02 03 e8",
            "recv: 8g 02 03",
            "recv 8802 03 e8",
            "recv dead 88 02",
            "88 o2 03 e8",
            "[136, 2] and [3, 4]",
            "error: gone",
            "hello world",
            "8102686g",
        ] {
            assert_eq!(find(text).map(|(at, form)| (at, form.id)), None, "{text}");
        }
    }
}
