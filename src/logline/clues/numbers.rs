//! Which numbers of a text are close codes, statuses, errors of a system, or times.
//!
//! A number is weighed: what stands right before it and behind it, what the text is about, and whether
//! something else in it says the same. From [`ENOUGH`] on it is a close code. So a new program's way to
//! print one needs no row, and a port, a line or a count is none.

use std::time::Duration;

use super::letters::Found;
use super::{Clue, CodeClue, Evidence};
use crate::facts::causes::Cause;
use crate::facts::vocabulary::{About, Kind, Means, NUMBER_KEYS, Space, Word, of_number};

/// The weight from which a number is a close code.
const ENOUGH: i32 = 6;
/// What a status needs.
const ENOUGH_FOR_A_STATUS: i32 = 8;
/// Words that may stand between a key and its number.
const FILLERS: [&str; 17] = [
    "set", "equals", "equal", "is", "was", "of", "with", "by", "a", "an", "the", "as", "to", "be",
    "and", "in", "n",
];
/// How much text may lie between a key and its number.
const MOST_MARKS: usize = 12;
/// How many numbers of a text are looked at.
const MOST_NUMBERS: usize = 4096;

/// Reads the numbers.
pub(super) fn read(evidence: &mut Evidence<'_>) {
    let mut seen = 0;
    for word in 0..evidence.letters.words.len() {
        if !evidence
            .letters
            .word(word)
            .starts_with(|c: char| c.is_ascii_digit())
        {
            continue;
        }
        seen += 1;
        if seen > MOST_NUMBERS {
            break;
        }
        let number = Number::at(evidence, word);
        if let Some(clue) = number.error() {
            evidence.clues.push(clue);
            continue;
        }
        if let Some(refused) = number.refused(evidence) {
            evidence.refused.get_or_insert(refused);
            continue;
        }
        if let Some(status) = number.status(evidence) {
            let is_first = evidence.status.is_none_or(|(known, _)| known == 101);
            if is_first {
                evidence.status = Some(status);
            }
        }
        if let Some(code) = number.code(evidence) {
            evidence.codes.push(code);
        }
        if evidence.lasted.is_none() {
            evidence.lasted = number.lasted(evidence);
        }
    }
    evidence.clues.sort_by_key(|clue| clue.at);
}

/// A number as it stands in a text.
struct Number<'t> {
    word: usize,
    at: usize,
    end: usize,
    digits: &'t str,
    /// What stands before and behind it.
    before: &'t str,
    behind: &'t str,
}

/// A key before a number: its phrase, and the words between the two.
struct Key<'e> {
    found: &'e Found,
    between: usize,
}

impl<'t> Number<'t> {
    fn at(evidence: &Evidence<'t>, word: usize) -> Self {
        let letters = &evidence.letters;
        let (at, end) = letters.span(word).unwrap_or_default();
        Number {
            word,
            at,
            end,
            digits: letters.word(word),
            before: letters.text.get(..at).unwrap_or_default(),
            behind: letters.text.get(end..).unwrap_or_default(),
        }
    }

    fn clue(&self, kind: Kind) -> Clue {
        Clue {
            kind,
            at: self.at,
            length: self.end - self.at,
            word: None,
        }
    }

    /// Its value, where it is a whole number that stands alone.
    fn value(&self) -> Option<u16> {
        let is_plain = self.digits.bytes().all(|byte| byte.is_ascii_digit());
        let has_zero = self.digits.len() > 1 && self.digits.starts_with('0');
        let mut before = self.before.chars().rev();
        let starts = match (before.next(), before.next()) {
            (Some('.' | '/' | '@' | '$' | '_' | '%' | '+' | '*'), _) => false,
            (Some('-'), _) => false,
            (Some(',' | ':'), Some(digit)) if digit.is_ascii_digit() => {
                // `12,000`, `10:20`; but `CloseReason[1001,1]` and `(5,1006)` are lists.
                !matches!(before.next(), Some(c) if c.is_ascii_digit() || c == '.' || c == ':')
            }
            _ => true,
        };
        let mut behind = self.behind.chars();
        let ends = match (behind.next(), behind.next()) {
            (Some('/' | '%' | '@' | '_' | '°' | '€' | '$' | '+'), _) => false,
            (Some('.' | ':' | '-'), Some(next)) => !next.is_alphanumeric(),
            (Some(','), Some(digit)) => !digit.is_ascii_digit(),
            (Some(letter), _) => !letter.is_alphanumeric(),
            (None, _) => true,
        };
        // A value in a URL's query is somebody's own.
        let word = self
            .before
            .rsplit([' ', '"', '\'', '\n', '\t'])
            .next()
            .unwrap_or_default();
        let is_in_url = word.contains('?') && word.contains('/');
        (is_plain && !has_zero && starts && ends && !is_in_url)
            .then(|| self.digits.parse().ok())
            .flatten()
    }

    /// The longest phrase of a kind that ends right before it, but for a few words that say nothing.
    fn key<'e>(&self, evidence: &'e Evidence<'_>, kind: Kind) -> Option<Key<'e>> {
        let mut end = self.word;
        for between in 0..=2 {
            let of_kind = |found: &&Found| {
                found.to == end
                    && found.word.kind == kind
                    && matches!(found.word.means, Means::Key(_) | Means::Rule(_))
            };
            let keys = evidence.found.iter().filter(of_kind);
            let longest =
                keys.max_by_key(|found| (found.end - found.at, weight_of(found.word) < 0));
            if let Some(found) = longest {
                return self.is_near(found.end).then_some(Key { found, between });
            }
            let filler = end.checked_sub(1)?;
            if !is_filler(evidence.letters.word(filler)) {
                return None;
            }
            end = filler;
        }
        None
    }

    /// Whether nothing but marks, spaces and fillers lies between `end` and it.
    fn is_near(&self, end: usize) -> bool {
        let between = self.before.get(end..).unwrap_or_default();
        between.trim().len() <= MOST_MARKS
            && between.len() <= 80
            && !between.contains(". ")
            && !between.contains("\n\n")
    }

    /// The word behind it, where only a space lies between.
    fn unit(&self, evidence: &Evidence<'_>) -> bool {
        let is_unit = |found: &Found| found.from == self.word + 1 && found.word.kind == Kind::Unit;
        let spaces = self.behind.len() - self.behind.trim_start_matches(' ').len();
        spaces > 0
            && spaces <= 2
            // `1007 Request contains …` begins a reason.
            && self.behind.get(spaces..).is_some_and(|rest| rest.starts_with(char::is_lowercase))
            && evidence.found.iter().any(is_unit)
    }

    /// Whether it counts something a word or two behind it: `1015 idle connections`.
    fn counts(&self, evidence: &Evidence<'_>) -> bool {
        let is_behind = |found: &Found| {
            found.word.kind == Kind::Unit
                && (found.from == self.word + 2 || found.from == self.word + 3)
        };
        let is_plural = |found: &Found| {
            let between = evidence
                .letters
                .text
                .get(self.end..found.end)
                .unwrap_or_default();
            let is_prose = between.chars().all(|c| c == ' ' || c.is_lowercase());
            is_prose && between.ends_with('s') && between.len() > 4
        };
        evidence
            .found
            .iter()
            .any(|found| is_behind(found) && is_plural(found))
    }

    /// The close code that it is.
    fn code(&self, evidence: &Evidence<'_>) -> Option<CodeClue> {
        let code = self.value()?;
        let key = self.key(evidence, Kind::Code);
        let key_weight = key.as_ref().map_or(0, |key| weight_of(key.found.word));
        // `open 1011, close 1008, high 1020` is a list of prices: the noun alone, and a comma.
        let is_noun = key.as_ref().is_some_and(|key| {
            let words = evidence.letters.text.get(key.found.at..key.found.end);
            words.is_some_and(|words| words.eq_ignore_ascii_case("close"))
        });
        let is_price = match self.is_value() {
            true => self.before.trim_end_matches([' ', ':']).ends_with('"'),
            false => self.behind.starts_with(','),
        };
        if is_noun && is_price {
            return None;
        }
        // A vendor's own name for the number says more than what stands beside it.
        let is_named_by_a_vendor = is_row_named(evidence.letters.text, code)
            && (self.is_marked() || key_weight > 0 || evidence.is_about(About::Close));
        // `close 4552 tickets`: a verb, and what it closes.
        let is_object = key
            .as_ref()
            .is_some_and(|key| key.found.word.id == "closed-with")
            && {
                let next = evidence.letters.word(self.word + 1);
                let is_plain = next.len() > 3 && next.chars().all(char::is_lowercase);
                self.behind.starts_with(' ') && is_plain && next.ends_with('s')
            };
        let is_count = is_object
            || key_weight < 0
            || self.unit(evidence)
            || key_weight < 7 && self.counts(evidence);
        if is_count && !is_named_by_a_vendor {
            return None;
        }
        let marked = match key_weight {
            ..=0 if is_named_by_a_vendor => 3,
            0 if !self.is_value() && self.stands_in_a_close(evidence) => 4,
            0 if self.is_named(evidence, code) && self.is_marked() => 3,
            0 if self.leads() => 3,
            0 if self.is_marked() && evidence.names_websocket() => 2,
            weight => weight,
        };
        if marked < 2 {
            return None;
        }
        let says_by = |found: &Found| matches!(found.word.means, Means::By(_));
        let has_subject = evidence.names_websocket()
            || evidence.is_about(About::Close)
            || evidence.found.iter().any(says_by);
        let is_assigned = (1000..=1015).contains(&code) || (3000..=4999).contains(&code);
        let context = [
            (evidence.names_websocket(), 3),
            (evidence.is_about(About::Close), 2),
            (evidence.is_opening(), 1),
            (
                evidence.is_about(About::Elsewhere) && !evidence.names_websocket(),
                -10,
            ),
            ((1000..=1015).contains(&code), 1),
            (
                (3000..=4999).contains(&code) && !evidence.names_websocket(),
                -1,
            ),
            // Some libraries show 0 where no code came.
            (
                code == 0 && self.has_reason() && evidence.is_about(About::Close),
                4,
            ),
            (!is_assigned, -8),
            (self.is_named(evidence, code), 4),
            (corroborates(evidence, code), 3),
            (is_row_named(evidence.letters.text, code), 4),
            (self.has_reason() && (has_subject || !self.is_value()), 2),
        ];
        let context = context.iter().filter(|(holds, _)| *holds);
        let weight = marked + context.map(|(_, weight)| weight).sum::<i32>();
        (weight >= ENOUGH).then_some(CodeClue {
            code,
            at: self.at,
            end: self.end,
            weight,
            is_explicit: key_weight >= 7,
        })
    }

    /// Whether it is the value of a name, which then says what it is: `"duration": 4053`.
    fn is_value(&self) -> bool {
        let before = self.before.trim_end_matches(['"', '\'', ' ', '\\']);
        before.ends_with([':', '='])
    }

    /// Whether it is a member of a list or call whose head is a word for a close:
    /// `[:close, 7013, 1006, ""]`, `{:remote, 1001, ""}`, `CloseFrame(1000, "")`.
    fn stands_in_a_close(&self, evidence: &Evidence<'_>) -> bool {
        let opening = self.before.rfind(['[', '{', '(', '<']);
        let Some(opening) = opening.filter(|at| self.at - at <= 64) else {
            return false;
        };
        let inside = self.before.get(opening..).unwrap_or_default();
        // A bracket that is closed before it, or a sentence, is no list that it is in.
        if inside.contains(['\n', ';', ']', '}', ')', '>']) || !inside.contains([',', ' ', ':']) {
            return false;
        }
        let says_close = |found: &&Found| {
            let is_head = found.at >= opening && found.end <= self.at;
            is_head
                && match found.word.means {
                    Means::About(About::Close) => true,
                    Means::Key(weight) => weight >= 5,
                    Means::By(_) => true,
                    Means::Code(_) => true,
                    _ => false,
                }
        };
        evidence.found.iter().any(|found| says_close(&found))
    }

    /// Whether brackets, quotes or backticks stand around it.
    fn is_marked(&self) -> bool {
        let Some(before) = self.before.chars().next_back() else {
            return false;
        };
        match before {
            '`' | '\'' | '"' => self.behind.contains(before),
            '(' | '[' | '{' | '<' => self
                .behind
                .trim_start()
                .starts_with([')', ']', '}', '>', ',', '-', ':']),
            _ => false,
        }
    }

    /// Whether it is the first word of the text, or of a line, and something that is no word follows.
    fn leads(&self) -> bool {
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        line.trim().is_empty()
    }

    /// Whether a name of the code stands near: `1006 (abnormal closure)`, `<CloseCode.GOING_AWAY: 1001>`.
    fn is_named(&self, evidence: &Evidence<'_>, code: u16) -> bool {
        let is_near = |found: &Found| {
            found.from >= self.word && found.from <= self.word + 3
                || found.to <= self.word && found.to + 2 >= self.word
        };
        let names =
            |found: &&Found| matches!(found.word.means, Means::Code(named) if named == code);
        evidence
            .found
            .iter()
            .any(|found| names(&found) && is_near(found))
    }

    /// Whether what follows looks like a reason: quotes, even with nothing in them, or a word for it.
    fn has_reason(&self) -> bool {
        let behind = self
            .behind
            .trim_start_matches([' ', ',', ':', '-', ')', ']', '}', '(']);
        let is_quote = behind.starts_with(['"', '\'', '\u{201c}', '\\']);
        let word = behind.trim_start_matches(['"', '\'', '\\']);
        let lower: String = word.chars().take(8).flat_map(char::to_lowercase).collect();
        // In an object the quote is that of the next name.
        let names_reason = lower.starts_with("reason") || lower.starts_with("no reas");
        names_reason || is_quote && !self.is_value()
    }

    /// The status of a handshake that it is.
    fn status(&self, evidence: &Evidence<'_>) -> Option<(u16, Clue)> {
        let status = self.value().filter(|status| (100..=599).contains(status))?;
        if self.digits.len() != 3 || self.unit(evidence) {
            return None;
        }
        let key = self.key(evidence, Kind::Status);
        let weight = match &key {
            Some(key) => weight_of(key.found.word) - i32::try_from(key.between).unwrap_or(0),
            None if self.is_answer_to_a_request() || self.has_phrase(evidence) => 5,
            None => return None,
        };
        let context = [
            (evidence.names_websocket() || evidence.is_opening(), 3),
            (
                evidence.is_about(About::Elsewhere) && !evidence.names_websocket(),
                -10,
            ),
        ];
        let context = context.iter().filter(|(holds, _)| *holds);
        let weight = weight + context.map(|(_, weight)| weight).sum::<i32>();
        (weight >= ENOUGH_FOR_A_STATUS).then(|| (status, self.clue(Kind::Status)))
    }

    /// Whether the name of a status follows: `403 Forbidden`.
    fn has_phrase(&self, evidence: &Evidence<'_>) -> bool {
        const NEAR: usize = 4;
        let is_phrase = |found: &Found| {
            let is_behind = found.from > self.word && found.from <= self.word + NEAR;
            found.word.id == "status-phrase" && is_behind
        };
        evidence.found.iter().any(is_phrase)
    }

    /// Whether it stands behind a request line in quotes: `"WebSocket /ws" 403`, `"GET /ws HTTP/1.1" 400`.
    fn is_answer_to_a_request(&self) -> bool {
        let before = self.before.trim_end();
        let Some(request) = before.strip_suffix(['"', '\'']) else {
            return false;
        };
        let request = request.strip_suffix('\\').unwrap_or(request);
        let opening = request.rfind(['"', '\'']);
        let inside = opening
            .and_then(|at| request.get(at + 1..))
            .unwrap_or_default();
        inside.contains('/') && inside.contains(' ')
    }

    /// The number that was refused as a close code: right behind words that say so.
    fn refused(&self, evidence: &Evidence<'_>) -> Option<(u16, Clue)> {
        let key = self.key(evidence, Kind::Fault)?;
        let is_code = matches!(key.found.word.means, Means::Rule("close-code-not-allowed"));
        // `invalid status code 522` of a handshake is a status.
        let is_status = (100..=599).contains(&self.value()?)
            && !evidence.found.iter().any(|found| {
                matches!(found.word.means, Means::Rule(_)) && found.from != key.found.from
            })
            && !evidence.letters.text.to_ascii_lowercase().contains("frame");
        let value = self.value()?;
        (is_code && !is_status).then(|| (value, self.clue(Kind::Code)))
    }

    /// The error of a system that it is, behind words that say whose numbers are meant.
    fn error(&self) -> Option<Clue> {
        let is_negative = self.before.ends_with('-');
        let number: i32 = self.digits.parse().ok()?;
        let number = if is_negative { -number } else { number };
        let spaces = self.spaces();
        let word: Option<&'static Word> = spaces.iter().find_map(|space| of_number(*space, number));
        word.map(|word| Clue {
            kind: word.kind,
            at: self.at,
            length: self.end - self.at,
            word: Some(word),
        })
    }

    /// Whose number of an error it may be, by the words before it.
    fn spaces(&self) -> Vec<Space> {
        let near = self
            .before
            .get(floor(self.before, self.before.len().saturating_sub(48))..);
        let near: String = near
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let mut spaces: Vec<(usize, Space)> = NUMBER_KEYS
            .iter()
            .filter(|(key, _)| near.ends_with(key))
            .map(|(key, space)| (key.len(), *space))
            .collect();
        spaces.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        spaces.into_iter().map(|(_, space)| space).collect()
    }

    /// The time that passed, where it is one: behind `after`, `for`, `within`, with its unit.
    fn lasted(&self, evidence: &Evidence<'_>) -> Option<(Duration, Clue)> {
        let before = evidence
            .letters
            .word(self.word.checked_sub(1)?)
            .to_ascii_lowercase();
        let is_time = [
            "after", "for", "within", "elapsed", "lasted", "duration", "uptime", "age",
        ]
        .contains(&before.as_str());
        if !is_time {
            return None;
        }
        let length = self.before.len();
        let rest = evidence.letters.text.get(length..)?;
        let number_length = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .len();
        let behind = rest.get(number_length..)?.trim_start_matches(' ');
        let unit: String = behind
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        let milliseconds: f64 = match unit.to_ascii_lowercase().as_str() {
            "ms" | "millis" | "milliseconds" | "msec" => 1.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1000.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
            "h" | "hour" | "hours" => 3_600_000.0,
            _ => return None,
        };
        let number: f64 = rest
            .get(..number_length)?
            .trim_end_matches('.')
            .parse()
            .ok()?;
        let milliseconds = number * milliseconds;
        let is_sane = milliseconds.is_finite() && (0.0..1e12).contains(&milliseconds);
        let end = evidence.letters.text.len() - behind.len() + unit.len();
        is_sane.then(|| {
            let duration = Duration::from_secs_f64(milliseconds / 1000.0);
            let clue = Clue {
                kind: Kind::Timer,
                at: self.at,
                length: end.saturating_sub(self.at),
                word: None,
            };
            (duration, clue)
        })
    }
}

/// How much a key says.
fn weight_of(word: &Word) -> i32 {
    match word.means {
        Means::Key(weight) => weight.into(),
        _ => 0,
    }
}

fn is_filler(word: &str) -> bool {
    FILLERS
        .iter()
        .any(|filler| word.eq_ignore_ascii_case(filler))
}

/// Whether something else in the text says what the code says.
fn corroborates(evidence: &Evidence<'_>, code: u16) -> bool {
    let says = |cause: Cause| match code {
        0 | 1006 => matches!(
            cause,
            Cause::PeerGone
                | Cause::Reset
                | Cause::KeepaliveTimeout
                | Cause::IdleTimeout
                | Cause::Timeout
                | Cause::HandshakeFailed
                | Cause::UpgradeRefused
        ),
        1001 => matches!(cause, Cause::IdleTimeout),
        1011 => matches!(cause, Cause::KeepaliveTimeout),
        1015 => matches!(cause, Cause::TlsFailed),
        1002 => matches!(cause, Cause::Violation),
        _ => false,
    };
    evidence
        .clues
        .iter()
        .filter_map(|clue| clue.word)
        .any(|word| match word.means {
            Means::Cause(cause) => says(cause),
            Means::Rule("message-too-big") => code == 1009,
            Means::Rule("text-not-utf8") => code == 1007,
            Means::Rule(_) => code == 1002,
            _ => false,
        })
}

/// Whether the text has the name that a vendor has for a code.
fn is_row_named(text: &str, code: u16) -> bool {
    (3000..=4999).contains(&code) && super::named_row(text, code).is_some()
}

/// The nearest place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
