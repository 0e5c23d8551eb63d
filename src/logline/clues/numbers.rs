//! Which numbers of a text are close codes, statuses, errors of a system, or times.
//!
//! A number is weighed: what stands right before it and behind it, what the text is about, and whether
//! something else in it says the same (`code`). From so much weight on it is a close code. So a new program's way to
//! print one needs no row, and a port, a line or a count is none.

mod code;

use std::time::Duration;

use super::letters::{Found, LONGEST_PHRASE};
use super::{Clue, Evidence};
use crate::facts::causes::Cause;
use crate::facts::vocabulary::{About, Kind, Means, NUMBER_KEYS, Space, Word, of_number};

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
    if evidence.status.is_none() {
        evidence.status = status_in_words(evidence);
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
            let near = evidence.beginning(end.saturating_sub(LONGEST_PHRASE)..end);
            let keys = near.iter().filter(of_kind);
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
        let next = evidence.beginning(self.word + 1..self.word + 2);
        let spaces = self.behind.len() - self.behind.trim_start_matches(' ').len();
        spaces > 0
            && spaces <= 2
            // `1007 Request contains …` begins a reason.
            && self.behind.get(spaces..).is_some_and(|rest| rest.starts_with(char::is_lowercase))
            && next.iter().any(|found| found.word.kind == Kind::Unit)
    }

    /// The status of a handshake that it is.
    fn status(&self, evidence: &Evidence<'_>) -> Option<(u16, Clue)> {
        let status = self.value().filter(|status| (100..=599).contains(status))?;
        if self.digits.len() != 3 || self.unit(evidence) || self.is_length_of_a_packet() {
            return None;
        }
        let key = self.key(evidence, Kind::Status);
        let weight = match &key {
            Some(key) => weight_of(key.found.word) - i32::try_from(key.between).unwrap_or(0),
            None if self.is_answer_to_a_request()
                || self.is_before_a_request()
                || self.has_phrase(evidence)
                || self.ends_a_websocket(evidence) =>
            {
                5
            }
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
        let is_phrase = |found: &Found| found.word.id == "status-phrase";
        let is_noun = |found: &Found| found.word.id == "status-noun" && found.from == self.word + 1;
        evidence
            .beginning(self.word + 1..self.word + NEAR + 1)
            .iter()
            .any(|found| is_phrase(found) || is_noun(found))
    }

    /// Whether a request follows, as Tornado logs it: `403 GET /api/kernels`.
    fn is_before_a_request(&self) -> bool {
        let behind = self.behind.trim_start_matches(' ');
        behind.starts_with("GET /") || behind.starts_with("CONNECT /")
    }

    /// Whether it stands in a list of packets, between the protocol and what the packet holds:
    /// `10.0.0.1 → 10.0.0.2 HTTP 224 GET /chat HTTP/1.1`.
    fn is_length_of_a_packet(&self) -> bool {
        let mut before = self.before.split_whitespace().rev();
        let is_name = |name: &str| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "/.-".contains(c))
        };
        let is_protocol = before.next().is_some_and(is_name);
        let is_address = |word: &str| word.contains(['.', ':']);
        is_protocol
            && before.next().is_some_and(is_address)
            && before
                .next()
                .is_some_and(|arrow| matches!(arrow, "→" | "->"))
            && before.next().is_some_and(is_address)
    }

    /// Whether it is the status of an error right behind a word for a WebSocket, with nothing that it could
    /// count: `websocket 503`.
    fn ends_a_websocket(&self, evidence: &Evidence<'_>) -> bool {
        let is_error = matches!(self.value(), Some(400..=599));
        let behind = self.behind.trim_start();
        let ends = behind.is_empty() || behind.starts_with(|c: char| c.is_uppercase());
        is_error && ends && self.follows_a_websocket(evidence)
    }

    /// Whether a word for a WebSocket stands right before it, with a space between.
    fn follows_a_websocket(&self, evidence: &Evidence<'_>) -> bool {
        let is_websocket = |found: &Found| {
            found.to == self.word && matches!(found.word.means, Means::About(About::Websocket))
        };
        self.before.ends_with(' ')
            && !self
                .before
                .trim_end()
                .ends_with(|c: char| !c.is_alphanumeric())
            && evidence
                .beginning(self.word.saturating_sub(LONGEST_PHRASE)..self.word)
                .iter()
                .any(is_websocket)
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

    /// The time that passed, where it is one: behind `after` or `for`, with its unit. `within` names a limit.
    fn lasted(&self, evidence: &Evidence<'_>) -> Option<(Duration, Clue)> {
        let word = |back: usize| {
            let word = self.word.checked_sub(back);
            word.map(|word| evidence.letters.word(word).to_ascii_lowercase())
        };
        let before = word(1)?;
        // `durationMs=60003`: the unit is a part of the name.
        let named = matches!(
            before.as_str(),
            "ms" | "millis" | "seconds" | "secs" | "sec"
        );
        let before = if named { word(2)? } else { before.clone() };
        let unit_named = word(1).filter(|_| named);
        let is_time = [
            "after", "for", "elapsed", "lasted", "duration", "uptime", "age",
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
        let is_named = unit.is_empty() && unit_named.is_some();
        let spelled = unit_named
            .filter(|_| unit.is_empty())
            .unwrap_or_else(|| unit.clone());
        let milliseconds: f64 = match spelled.to_ascii_lowercase().as_str() {
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
        let end = match is_named {
            true => length + number_length,
            false => evidence.letters.text.len() - behind.len() + unit.len(),
        };
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

/// The status whose name stands where an upgrade was refused: `unable to upgrade connection: Unauthorized`.
fn status_in_words(evidence: &Evidence<'_>) -> Option<(u16, Clue)> {
    const NEAR: usize = 48;
    const NAMES: [(&str, u16); 6] = [
        ("unauthorized", 401),
        ("forbidden", 403),
        ("too many requests", 429),
        ("bad gateway", 502),
        ("service unavailable", 503),
        ("gateway timeout", 504),
    ];
    let is_refused = |clue: &Clue, at: usize| {
        let means = clue.word.map(|word| word.means);
        let is_refusal = matches!(
            means,
            Some(Means::Cause(Cause::UpgradeRefused | Cause::HandshakeFailed))
        ) && clue.kind == Kind::Handshake;
        is_refusal && clue.end() <= at && at - clue.end() <= NEAR
    };
    let phrases = evidence
        .found
        .iter()
        .filter(|found| found.word.id == "status-phrase");
    phrases.clone().find_map(|found| {
        let words = evidence
            .letters
            .text
            .get(found.at..found.end)?
            .to_ascii_lowercase();
        let (_, status) = NAMES.iter().find(|(name, _)| *name == words)?;
        let is_told = evidence.clues.iter().any(|clue| is_refused(clue, found.at));
        let clue = Clue {
            kind: Kind::Status,
            at: found.at,
            length: found.end - found.at,
            word: None,
        };
        is_told.then_some((*status, clue))
    })
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

/// The nearest place at or before `at` where a character begins.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
