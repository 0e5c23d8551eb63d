//! Which numbers are close codes: what stands around one, weighed.

use super::{Number, weight_of};
use crate::facts::causes::Cause;
use crate::facts::registry::VENDORS;
use crate::facts::vocabulary::{About, Kind, Means};
use crate::logline::clues::letters::{Found, LONGEST_PHRASE};
use crate::logline::clues::{CodeClue, Evidence, named_row};

/// The weight from which a number is a close code.
const ENOUGH: i32 = 6;

impl Number<'_> {
    /// Whether it counts something a word or two behind it: `1015 idle connections`.
    fn counts(&self, evidence: &Evidence<'_>) -> bool {
        let is_unit = |found: &Found| found.word.kind == Kind::Unit;
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
            .beginning(self.word + 2..self.word + 4)
            .iter()
            .any(|found| is_unit(found) && is_plural(found))
    }

    /// The close code that it is.
    pub(super) fn code(&self, evidence: &Evidence<'_>) -> Option<CodeClue> {
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
            0 if self.stands_alone(evidence) => 3,
            0 if self.is_before_its_key(evidence) => 4,
            0 if self.is_marked() && evidence.names_websocket() => 2,
            weight => weight,
        };
        if marked < 2 {
            return None;
        }
        let has_subject =
            evidence.names_websocket() || evidence.is_about(About::Close) || evidence.says_who;
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
            (key_weight > 0 && self.is_of_a_close_event(code), 3),
            (corroborates(evidence, code), 3),
            (is_row_named(evidence.letters.text, code), 4),
            (key_weight > 0 && is_of_a_named_vendor(evidence, code), 3),
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

    /// Whether it stands in an object that has the members of a `CloseEvent` and no others, as one that was
    /// written as JSON: `{"code":1006,"reason":"","isTrusted":true}`.
    fn is_of_a_close_event(&self, code: u16) -> bool {
        const MEMBERS: [&str; 5] = ["code", "reason", "wasClean", "isTrusted", "type"];
        const FARTHEST: usize = 256;
        let (Some(opening), Some(closing)) = (self.before.rfind('{'), self.behind.find('}')) else {
            return false;
        };
        if self.before.len() - opening > FARTHEST || closing > FARTHEST {
            return false;
        }
        // A member of something else is not the event itself.
        let around = self.before.get(..opening).unwrap_or_default().trim_end();
        if around.ends_with([':', ',', '[', '{', '=']) {
            return false;
        }
        let front = self.before.get(opening + 1..).unwrap_or_default();
        let rest = self.behind.get(..closing).unwrap_or_default();
        let mut is_quoted = false;
        let is_outside = |c: char| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        };
        let object = [front, rest].concat();
        let members: Vec<&str> = object
            .split(is_outside)
            .filter_map(|member| member.split_once(':'))
            .map(|(name, _)| name.trim_matches([' ', '"', '\'', '\\', '\n', '\r', '\t']))
            .collect();
        let has = |name: &str| members.contains(&name);
        // Others give a code and a reason too, but seldom one of the protocol's.
        let is_certain = has("wasClean") || has("isTrusted") || (1000..=1015).contains(&code);
        is_certain
            && has("code")
            && has("reason")
            && members.iter().all(|name| MEMBERS.contains(name))
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
        evidence
            .beginning(self.word.saturating_sub(64)..self.word)
            .iter()
            .any(|found| says_close(&found))
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

    /// Whether the word for it comes behind: `with a 1002 status code`.
    fn is_before_its_key(&self, evidence: &Evidence<'_>) -> bool {
        const NOUNS: [&str; 4] = ["status code", "close code", "closing code", "error code"];
        let is_key = |found: &Found| {
            let words = evidence.letters.text.get(found.at..found.end);
            let words = words.unwrap_or_default();
            NOUNS.iter().any(|noun| words.eq_ignore_ascii_case(noun))
        };
        let next = evidence.beginning(self.word + 1..self.word + 2);
        self.before.ends_with(' ') && next.iter().any(is_key)
    }

    /// Whether it ends a text about a WebSocket as the only number in it that could be a code: `wss 1006`,
    /// `WebSocket error --- 1006`. What a word counts or names has that word before it.
    fn stands_alone(&self, evidence: &Evidence<'_>) -> bool {
        let is_plausible =
            |digits: &str| matches!(digits.parse(), Ok(1000..=1015_u16 | 3000..=4999));
        let between = self
            .before
            .trim_end_matches([' ', '-', '>', '=', '\u{2014}', '\u{2013}', '|']);
        let marks = self.before.get(between.len()..).unwrap_or_default();
        let is_apart = ["--", "->", "=>", "\u{2014}", "\u{2013}", "|"]
            .iter()
            .any(|mark| marks.contains(mark));
        let ends = self
            .behind
            .trim_matches(['.', '!', '?', ' ', '\n', '\r', ')'])
            .is_empty();
        let words = 0..evidence.letters.words.len();
        let is_only = || {
            let numbers = words.filter(|word| is_plausible(evidence.letters.word(*word)));
            numbers.take(2).count() == 1
        };
        is_plausible(self.digits)
            && ends
            && evidence.names_websocket()
            && (is_apart || self.follows_a_websocket(evidence))
            && is_only()
    }

    /// Whether it is the first word of the text, or of a line, and something that is no word follows.
    fn leads(&self) -> bool {
        let is_blank = |c: char| c.is_whitespace() && c != '\n';
        let before = self.before.trim_end_matches(is_blank);
        before.is_empty() || before.ends_with('\n')
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
            .beginning(self.word.saturating_sub(LONGEST_PHRASE + 2)..self.word + 4)
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

/// Whether the text names a vendor that has the code.
fn is_of_a_named_vendor(evidence: &Evidence<'_>, code: u16) -> bool {
    let has_code = |vendor: &str| {
        let mut registries = VENDORS.iter();
        registries.any(|registry| registry.vendor == vendor && registry.entry(code).is_some())
    };
    (3000..=4999).contains(&code) && evidence.vendors.iter().any(|vendor| has_code(vendor))
}

/// Whether the text has the name that a vendor has for a code.
fn is_row_named(text: &str, code: u16) -> bool {
    (3000..=4999).contains(&code) && named_row(text, code).is_some()
}
