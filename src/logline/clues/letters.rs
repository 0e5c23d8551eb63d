//! A text as its letters and digits, and the phrases of the vocabulary in it.

use crate::facts::vocabulary::{PHRASE_LETTERS, PHRASES, WORDS, Word};

/// No phrase has more words than this, those in its gaps counted.
pub(super) const LONGEST_PHRASE: usize = 64;
/// How many words may stand in the place of `…`.
const GAP_WORDS: usize = 5;
/// The same with every part of an address counted.
const MOST_LEFT_OUT: usize = 32;
/// A phrase of so few letters is one word.
const SHORT: usize = 5;
/// How far apart, in bytes, two words of a phrase may stand: lines that were wrapped are indented.
const FARTHEST: usize = 80;

/// A letter or a digit, small, and where it stands.
#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    at: u32,
    /// Whether a word begins with it.
    begins: bool,
}

/// The letters of a text.
pub(super) struct Letters<'t> {
    pub(super) text: &'t str,
    letters: Vec<Letter>,
    /// Where words begin, as places among the letters.
    pub(super) words: Vec<usize>,
}

/// A phrase of the vocabulary that stands in a text.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// Its first word, as a place among the words.
    pub(super) from: usize,
    /// The word behind its last.
    pub(super) to: usize,
    /// Where it begins in the text, in bytes.
    pub(super) at: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// How much of it is words of the phrase, and not of a gap in it.
    pub(super) letters: usize,
    /// What it means.
    pub(super) word: &'static Word,
}

impl<'t> Letters<'t> {
    /// Takes a text apart. What colours it counts as space.
    pub(super) fn of(text: &'t str) -> Self {
        // A path of Windows has backslashes before letters that are no escapes.
        let has_escapes = !text.contains(":\\");
        let (mut letters, mut words) = (Vec::new(), Vec::new());
        let mut characters = text.char_indices().peekable();
        let mut before = ' ';
        while let Some((at, character)) = characters.next() {
            let behind = text.get(at + character.len_utf8()..).unwrap_or_default();
            if matches!(character, '\u{1b}' | '←' | '^') {
                for _ in 0..color_length(behind) {
                    characters.next();
                }
                before = ' ';
                continue;
            }
            if character == '\\' && has_escapes && behind.starts_with(['n', 'r', 't']) {
                characters.next();
                before = ' ';
                continue;
            }
            if !character.is_alphanumeric() {
                before = character;
                continue;
            }
            let begins = begins(before, character, behind)
                || character.is_ascii_digit() && is_code(text, &letters, words.last());
            if begins {
                words.push(letters.len());
            }
            letters.extend(
                character
                    .to_lowercase()
                    .enumerate()
                    .map(|(part, letter)| Letter {
                        letter,
                        at: u32::try_from(at).unwrap_or(u32::MAX),
                        begins: begins && part == 0,
                    }),
            );
            before = character;
        }
        Letters {
            text,
            letters,
            words,
        }
    }

    /// Where a word stands in the text, from and to.
    pub(super) fn span(&self, word: usize) -> Option<(usize, usize)> {
        let from = *self.words.get(word)?;
        let to = self
            .words
            .get(word + 1)
            .copied()
            .unwrap_or(self.letters.len());
        Some((self.letters.get(from)?.at as usize, self.end(to)))
    }

    /// A word as it stands in the text.
    pub(super) fn word(&self, word: usize) -> &'t str {
        let span = self.span(word);
        span.and_then(|(from, to)| self.text.get(from..to))
            .unwrap_or_default()
    }

    /// Where the letter before `place` ends in the text.
    fn end(&self, place: usize) -> usize {
        let last = place.checked_sub(1).and_then(|last| self.letters.get(last));
        last.map_or(0, |letter| {
            let at = letter.at as usize;
            let length = self.text.get(at..).and_then(|rest| rest.chars().next());
            at + length.map_or(0, char::len_utf8)
        })
    }

    /// The word that begins at a place among the letters, or the number of words at their end.
    fn word_at(&self, place: usize) -> usize {
        self.words.partition_point(|begins| *begins < place)
    }

    /// Whether it is a part of an address or a number that does not begin with it: the `0`, `2` and `80` of
    /// `10.0.0.2:80`. What is left out between words takes an address as one of them.
    fn is_rest_of_an_address(&self, word: usize) -> bool {
        let before = word.checked_sub(1).and_then(|before| self.span(before));
        let (Some((_, end)), Some((at, _))) = (before, self.span(word)) else {
            return false;
        };
        let marks = self.text.get(end..at).unwrap_or_default();
        let word = self.word(word);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let is_hex = marks.contains(':') && word.chars().all(|c| c.is_ascii_hexdigit());
        !marks.contains(char::is_whitespace) && (is_number || is_hex)
    }

    /// Whether it is the second word of `WebSocket`: what that is called begins with the first.
    fn is_inside_websocket(&self, word: usize) -> bool {
        let begins = self.word(word).get(..6);
        let is_socket = begins.is_some_and(|begins| begins.eq_ignore_ascii_case("socket"));
        let before = word.checked_sub(1).filter(|_| is_socket);
        before.is_some_and(|before| self.word(before).eq_ignore_ascii_case("web"))
    }

    /// All phrases in the text, in the order in which they begin.
    pub(super) fn phrases(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (from, place) in self.words.iter().enumerate() {
            if self.is_inside_websocket(from) {
                continue;
            }
            let walk = Walk {
                letters: self,
                from,
                at: self
                    .letters
                    .get(*place)
                    .map_or(0, |letter| letter.at as usize),
            };
            walk.go(*place, 0, (0, PHRASES.len()), &mut found);
        }
        debug_assert!(
            found
                .iter()
                .all(|found| found.to - found.from <= LONGEST_PHRASE),
            "no phrase has more words"
        );
        found
    }
}

/// Whether the word that begins at `from` is `code` alone: the number of `code1006` is a word of its own.
fn is_code(text: &str, letters: &[Letter], from: Option<&usize>) -> bool {
    let word = from
        .and_then(|from| letters.get(*from..))
        .unwrap_or_default();
    let before = word.first().and_then(|first| text.get(..first.at as usize));
    let is_apart = before.is_some_and(|before| before.is_empty() || before.ends_with(' '));
    is_apart && word.iter().map(|letter| letter.letter).eq("code".chars())
}

/// How many characters behind an escape colour a text.
fn color_length(behind: &str) -> usize {
    let Some(parameters) = behind.strip_prefix('[') else {
        return 0;
    };
    let rest = parameters.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    match rest.starts_with('m') {
        true => parameters.len() - rest.len() + 2,
        false => 0,
    }
}

/// Whether a word begins with `character`, which stands behind `before`.
fn begins(before: char, character: char, behind: &str) -> bool {
    if !before.is_alphanumeric() || is_ideograph(character) || is_ideograph(before) {
        return true;
    }
    let is_hump = before.is_lowercase();
    let ends_capitals = before.is_uppercase() && behind.starts_with(char::is_lowercase);
    character.is_uppercase() && (is_hump || ends_capitals)
}

/// Whether a character is a word by itself, in scripts without spaces.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A walk along the phrases beside the letters from one word on.
struct Walk<'l, 't> {
    letters: &'l Letters<'t>,
    from: usize,
    at: usize,
}

impl Walk<'_, '_> {
    /// Goes on at `place` among the letters with the phrases of `range`, whose first `depth` bytes fit.
    fn go(&self, place: usize, depth: usize, range: (usize, usize), found: &mut Vec<Found>) {
        let (mut place, mut depth, mut range) = (place, depth, range);
        let begun = place;
        loop {
            let letter = self.letters.letters.get(place);
            let is_boundary = letter.is_none_or(|letter| letter.begins);
            if is_boundary && place > begun {
                self.take(place, depth, range, found);
                self.leap(place, depth, range, found);
            }
            let Some(letter) = letter else { return };
            if place > begun && self.is_far(place) {
                return;
            }
            let mut bytes = [0; 4];
            let bytes = letter.letter.encode_utf8(&mut bytes).as_bytes();
            range = narrowed(range, depth, bytes);
            if range.0 >= range.1 {
                return;
            }
            depth += bytes.len();
            place += 1;
        }
    }

    /// Whether a letter stands far behind the one before it.
    fn is_far(&self, place: usize) -> bool {
        let at = |place: usize| {
            self.letters
                .letters
                .get(place)
                .map(|letter| letter.at as usize)
        };
        match (place.checked_sub(1).and_then(at), at(place)) {
            (Some(before), Some(here)) => here.saturating_sub(before) > FARTHEST,
            _ => false,
        }
    }

    /// Takes the phrases that end here.
    fn take(&self, place: usize, depth: usize, range: (usize, usize), found: &mut Vec<Found>) {
        for index in range.0..range.1 {
            if phrase(index).len() != depth {
                // Those that go on stand behind.
                return;
            }
            // A short word is one word: `or a` is not ORA.
            let (at, end) = (self.at, self.letters.end(place));
            let span = self.letters.text.get(at..end).unwrap_or_default();
            if depth <= SHORT && span.contains(char::is_whitespace) {
                continue;
            }
            let row = PHRASES
                .get(index)
                .and_then(|(_, row)| WORDS.get(usize::from(*row)));
            found.extend(row.map(|word| Found {
                from: self.from,
                to: self.letters.word_at(place),
                at,
                end,
                letters: depth,
                word,
            }));
        }
    }

    /// Leaves words out for `…`.
    fn leap(&self, place: usize, depth: usize, range: (usize, usize), found: &mut Vec<Found>) {
        const GAP: &[u8] = "…".as_bytes();
        let range = narrowed(range, depth, GAP);
        if range.0 >= range.1 {
            return;
        }
        let next = self.letters.word_at(place);
        let words = self.letters.words.iter().enumerate().skip(next);
        let mut left_out = 0;
        for (word, begins) in words.take(MOST_LEFT_OUT) {
            if word > next && !self.letters.is_rest_of_an_address(word - 1) {
                left_out += 1;
            }
            if left_out > GAP_WORDS || self.is_far(*begins) {
                return;
            }
            self.go(*begins, depth + GAP.len(), range, found);
        }
    }
}

/// The letters of a phrase.
fn phrase(index: usize) -> &'static [u8] {
    let begins = |index: usize| PHRASES.get(index).map(|(at, _)| *at as usize);
    let (Some(from), letters) = (begins(index), PHRASE_LETTERS.as_bytes()) else {
        return &[];
    };
    let to = begins(index + 1).unwrap_or(letters.len());
    letters.get(from..to).unwrap_or_default()
}

/// The phrases of a range, whose first `depth` bytes are the same, that go on with `bytes`.
fn narrowed((from, to): (usize, usize), depth: usize, bytes: &[u8]) -> (usize, usize) {
    let goes_on = |index: usize| {
        let rest = phrase(index).get(depth..).unwrap_or_default();
        rest.get(..bytes.len().min(rest.len())).unwrap_or_default()
    };
    let first = partition((from, to), |index| goes_on(index) < bytes);
    let last = partition((first, to), |index| goes_on(index) <= bytes);
    (first, last)
}

/// The first place of a range where `is_before` no longer holds.
fn partition((mut from, mut to): (usize, usize), is_before: impl Fn(usize) -> bool) -> usize {
    while from < to {
        let middle = from + (to - from) / 2;
        if is_before(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<(&'static str, String)> {
        let letters = Letters::of(text);
        let found = letters.phrases();
        found
            .iter()
            .map(|found| (found.word.id, text[found.at..found.end].to_owned()))
            .collect()
    }

    fn has(text: &str, id: &str, words: &str) {
        let found = ids(text);
        assert!(
            found
                .iter()
                .any(|(known, part)| *known == id && part == words),
            "{text}: {found:?}"
        );
    }

    #[test]
    fn a_phrase_is_found_however_it_is_written() {
        for text in [
            "ping timeout",
            "PingTimeout",
            "ping_timeout",
            "ping\n   timeout",
            "PING-TIMEOUT",
        ] {
            has(text, "ping-unanswered", text);
        }
        has("read: ECONNRESET.", "connection-reset", "ECONNRESET");
        has(
            "the pong was not received",
            "ping-unanswered",
            "pong was not received",
        );
    }

    #[test]
    fn words_may_stand_in_a_gap() {
        has(
            "did not respond in time with a pong",
            "ping-unanswered",
            "not respond in time with a pong",
        );
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert!(!ids("unreceived").iter().any(|(id, _)| *id == "by-other"));
        assert!(!ids("tlsx").iter().any(|(id, _)| *id == "tls-context"));
    }

    #[test]
    fn colours_and_scripts_without_spaces_are_read() {
        has(
            "\u{1b}[31mping timeout\u{1b}[0m",
            "ping-unanswered",
            "ping timeout",
        );
        has("错误:连接被拒绝", "connection-refused", "连接被拒绝");
    }
}
