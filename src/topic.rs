//! What a person typed, and the code, range or rule that is meant.
//!
//! Names are matched without regard to case, spaces and punctuation, so that
//! `"policy violation"`, `policy-violation` and `POLICY_VIOLATION` are one.
//! What matches nothing is never guessed: it gets suggestions.
//!
//! ```
//! use wsclose::topic::{NoTopic, Topic, find};
//!
//! let topics = find("policy violation").unwrap();
//! assert!(matches!(topics[0], Topic::Code(code) if code.number == 1008));
//! assert!(matches!(find("reserved-opcod"), Err(NoTopic::Unknown(..))));
//! ```

mod page;
mod registered;
mod search;
mod unknown;

use crate::facts::causes::{CAUSES, CauseRow};
use crate::facts::codes::{CODES, Code, RANGES, Range, SentBy, accident, lookup, range_of};
use crate::facts::field::{self, Implementation};
use crate::facts::intermediaries::{INTERMEDIARIES, Intermediary};
use crate::facts::names::{is, key, near, slug};
use crate::facts::protocols::Protocol;
use crate::facts::registry::{Entry, Registries, Registry, without_codes};
use crate::rules::{self, Rule};
use crate::words::{Message, Text, text};

pub use registered::find_in;
#[cfg(feature = "cli")]
pub(crate) use registered::no_vendor;
pub use search::{Wanted, search};
pub use unknown::NoTopic;

/// Something that can be explained.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Topic {
    /// A code with a row of its own.
    Code(&'static Code),
    /// A number without one, and the range it lies in.
    Number(u16, &'static Range),
    /// A range, and the part of it that was asked for.
    Range(&'static Range, (u16, u16)),
    /// A rule for frames.
    Rule(&'static Rule),
    /// What a vendor, or the user, says of a code or a band of codes.
    Entry(Entry),
    /// All that a vendor, or the user, says.
    Registry(&'static Registry),
    /// A library, a browser, a server or a proxy.
    Implementation(Implementation),
    /// Why a connection ends, or never is.
    Cause(&'static CauseRow),
    /// What stands between the ends, and what to set there.
    Intermediary(&'static Intermediary),
    /// A protocol inside WebSocket: what its messages say of the end.
    Protocol(&'static Protocol),
}

impl Topic {
    /// The topic of a number.
    pub fn of_number(number: u16) -> Self {
        match lookup(number) {
            Some(code) => Topic::Code(code),
            None => Topic::Number(number, range_of(number)),
        }
    }

    /// What one types to get it: `1007`, `4000-4999`, `reserved-opcode`.
    pub fn id(&self) -> String {
        match self {
            Topic::Code(code) => code.number.to_string(),
            Topic::Number(number, _) => number.to_string(),
            Topic::Range(range, _) => range.id(),
            Topic::Rule(rule) => rule.id.to_owned(),
            Topic::Entry(entry) => entry.id(),
            Topic::Registry(registry) => registry.vendor.to_owned(),
            Topic::Implementation(implementation) => implementation.id().to_owned(),
            Topic::Cause(cause) => cause.id.to_owned(),
            Topic::Intermediary(intermediary) => intermediary.id.to_owned(),
            Topic::Protocol(protocol) => protocol.id.to_owned(),
        }
    }

    /// Its name: of a code the registered one.
    pub fn title(&self) -> Text {
        match self {
            Topic::Code(code) => Text::Given(code.name),
            Topic::Number(_, range) | Topic::Range(range, _) => range.name,
            Topic::Rule(rule) => rule.title,
            Topic::Entry(entry) => Text::Given(entry.row.name),
            Topic::Registry(registry) => Text::Given(registry.title),
            Topic::Implementation(implementation) => Text::Given(implementation.name()),
            Topic::Cause(cause) => cause.title,
            Topic::Intermediary(intermediary) => Text::Given(intermediary.title),
            Topic::Protocol(protocol) => Text::Given(protocol.title),
        }
    }

    /// What it says, in a few words.
    pub fn gist(&self) -> Message {
        let text = match self {
            Topic::Code(code) => code.phrases.gist,
            Topic::Number(number, range) => match accident(*number) {
                Some(accident) => return accident.gist(),
                None => range.gist,
            },
            Topic::Range(range, _) => range.gist,
            Topic::Rule(rule) => rule.title,
            Topic::Entry(entry) => return entry.gist(),
            Topic::Registry(registry) => registry.protocol.unwrap_or(Text::Given(registry.title)),
            Topic::Implementation(implementation) => Text::Given(implementation.language()),
            Topic::Cause(cause) => cause.title,
            Topic::Intermediary(intermediary) => intermediary.passes,
            Topic::Protocol(protocol) => Text::Given(protocol.title),
        };
        Message::from(text)
    }

    /// What to look for in a capture or a log; `None` where that is not known.
    pub fn look_for(&self) -> Option<Text> {
        match self {
            Topic::Code(code) => Some(code.phrases.look_for),
            Topic::Number(_, range) | Topic::Range(range, _) => Some(range.look_for),
            Topic::Rule(_)
            | Topic::Entry(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Cause(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }

    /// When to send it; `None` for what is not sent.
    pub fn choose(&self) -> Option<Text> {
        match self {
            Topic::Code(code) => Some(code.phrases.choose),
            Topic::Number(_, range) | Topic::Range(range, _) => Some(range.choose),
            Topic::Entry(entry) => Some(match entry.row.sent_by {
                SentBy::Client => text!(choose.client),
                SentBy::Server => text!(choose.server),
                SentBy::Either => text!(choose.either),
                SentBy::Nobody => text!(choose.nobody),
            }),
            Topic::Rule(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Cause(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }
}

/// All topics in the order of `list`: codes, ranges, rules, causes, intermediaries. Implementations are a list of their own:
/// [`field::implementations`].
pub fn all() -> impl Iterator<Item = Topic> {
    let ranges = RANGES
        .iter()
        .map(|range| Topic::Range(range, (range.from, range.to)));
    CODES
        .iter()
        .map(Topic::Code)
        .chain(ranges)
        .chain(rules::all().map(Topic::Rule))
        .chain(causes().map(Topic::Cause))
        .chain(INTERMEDIARIES.iter().map(Topic::Intermediary))
}

/// The causes that can be explained: those of which something is known beyond their name.
fn causes() -> impl Iterator<Item = &'static CauseRow> {
    CAUSES.iter().filter(|row| row.meaning.is_some())
}

/// The topics that `given` names: one; or those of a span such as `1000-1003` or `1000-4999`;
/// or a code and a rule where both have the name. Implementations are found by all their names.
///
/// # Errors
///
/// Why it names none, with suggestions.
pub fn find(given: &str) -> Result<Vec<Topic>, NoTopic> {
    let text = given.trim().trim_matches(is_around);
    if let Some(number) = number(text)? {
        return Ok(vec![Topic::of_number(number)]);
    }
    if let Some((from, to)) = span(text)? {
        return Ok(topics_of(from, to));
    }
    let name = key(text);
    if !name.is_empty() {
        // A code and a rule may share a name (message-too-big): then both are meant.
        let mut named: Vec<Topic> = all()
            .filter(|topic| names(topic).any(|known| is(known, &name)))
            .collect();
        // What was measured of an intermediary stands behind what is to be set there.
        let is_between = |topic: &Topic| matches!(topic, Topic::Intermediary(_));
        let measured =
            field::find(text).filter(|_| named.is_empty() || named.iter().any(is_between));
        let measured = measured.or_else(|| match named.as_slice() {
            [Topic::Intermediary(intermediary)] => intermediary.implementation(),
            _ => None,
        });
        named.extend(measured.map(Topic::Implementation));
        if !named.is_empty() {
            return Ok(named);
        }
        // Libraries put a word before the name: CloseGoingAway, StatusPolicyViolation.
        for prefix in [
            "closecode",
            "closestatus",
            "statuscode",
            "status",
            "close",
            "code",
            "ws",
        ] {
            let Some(bare) = name.strip_prefix(prefix).filter(|bare| !bare.is_empty()) else {
                continue;
            };
            if let Ok(Some(number)) = number(bare) {
                return Ok(vec![Topic::of_number(number)]);
            }
            if let Some(code) = all().find(|topic| {
                matches!(topic, Topic::Code(_)) && names(topic).any(|known| is(known, bare))
            }) {
                return Ok(vec![code]);
            }
        }
    }
    if let Some(service) = without_codes(text) {
        return Err(NoTopic::WithoutCodes(service));
    }
    Err(NoTopic::Unknown(given.to_owned(), Registries::default()))
}

/// Punctuation that comes along when a code is pasted from a log: `1006.`, `(1006)`, `#1006`.
fn is_around(character: char) -> bool {
    matches!(
        character,
        '.' | ',' | ':' | ';' | '#' | '(' | ')' | '[' | ']' | '"' | '\'' | '`'
    )
}

/// What a span of numbers stands for: the code, where it is a single number; the codes, where
/// all its numbers have rows; else the ranges that it touches.
fn topics_of(from: u16, to: u16) -> Vec<Topic> {
    let codes = CODES
        .iter()
        .filter(|code| (from..=to).contains(&code.number));
    if codes.clone().count() == usize::from(to - from) + 1 {
        return codes.map(Topic::Code).collect();
    }
    if from == to {
        return vec![Topic::of_number(from)];
    }
    RANGES
        .iter()
        .filter(|range| range.from <= to && from <= range.to)
        .map(|range| Topic::Range(range, (from.max(range.from), to.min(range.to))))
        .collect()
}

/// A span of numbers as people write it: `4xxx`, `44xx`, `3000-3999`, `3000..3999`.
/// `None` where the text is none.
///
/// # Errors
///
/// Where it is one, and its numbers are no codes or run backwards.
pub fn span(text: &str) -> Result<Option<(u16, u16)>, NoTopic> {
    let digits = text.trim_end_matches(['x', 'X']);
    if text.len() == 4 && digits.len() < text.len() && is_number(digits) {
        let bound = |filler: &str| {
            let number = digits.to_owned() + &filler.repeat(text.len() - digits.len());
            number
                .parse()
                .map_err(|_| NoTopic::NotACode(text.to_owned()))
        };
        return Ok(Some((bound("0")?, bound("9")?)));
    }
    for separator in ["..=", "..", "-", "–", "—", " to "] {
        let Some((from, to)) = text.split_once(separator) else {
            continue;
        };
        let (from, to) = (from.trim(), to.trim());
        if !is_number(from) || !is_number(to) {
            continue;
        }
        let code = |text: &str| {
            text.parse::<u16>()
                .map_err(|_| NoTopic::NotACode(text.to_owned()))
        };
        let (from, to) = (code(from)?, code(to)?);
        return if from <= to {
            Ok(Some((from, to)))
        } else {
            Err(NoTopic::Backwards(from, to))
        };
    }
    Ok(None)
}

/// A number in decimal, or in hex behind `0x`. `None` where the text is none.
fn number(text: &str) -> Result<Option<u16>, NoTopic> {
    let not_a_code = |_| NoTopic::NotACode(text.to_owned());
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return u16::from_str_radix(digits, 16)
                .map(Some)
                .map_err(not_a_code);
        }
    }
    let digits = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    if !is_number(digits) {
        return Ok(None);
    }
    text.parse().map(Some).map_err(not_a_code)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Everything that names a topic, but for its number.
pub fn names(topic: &Topic) -> impl Iterator<Item = &'static str> + use<> {
    let (first, second, aliases): (_, _, &'static [&'static str]) = match topic {
        Topic::Code(code) => (code.name, code.registered_as, code.aliases),
        Topic::Number(_, range) | Topic::Range(range, _) => (range.name.english(), None, &[]),
        Topic::Rule(rule) => (rule.id, None, &[]),
        Topic::Entry(entry) => (entry.row.name, None, &[]),
        Topic::Registry(registry) => (registry.vendor, Some(registry.title), registry.also),
        Topic::Implementation(implementation) => {
            (implementation.id(), Some(implementation.name()), &[])
        }
        Topic::Cause(cause) => (cause.id, None, cause.aliases),
        Topic::Intermediary(intermediary) => {
            (intermediary.id, Some(intermediary.title), intermediary.also)
        }
        Topic::Protocol(protocol) => (protocol.id, Some(protocol.title), protocol.words),
    };
    std::iter::once(first)
        .chain(second)
        .chain(aliases.iter().copied())
}

/// Whether a range that was asked for lies where HTTP statuses plus 4000 do.
pub fn is_http_habit(from: u16, to: u16) -> bool {
    4400 <= from && to <= 4599
}

/// The topics whose names come nearest to `name`, best first, at most three.
pub(crate) fn suggestions(name: &str) -> Vec<String> {
    let topics = all().flat_map(|topic| {
        let shown = match topic {
            Topic::Rule(_) | Topic::Cause(_) | Topic::Intermediary(_) => topic.id(),
            _ => slug(topic.title().english()),
        };
        names(&topic).map(move |known| (known, shown.clone()))
    });
    let mut near = near(name, 4, topics.chain(field::all_names()));
    near.truncate(3);
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(given: &str) -> Vec<String> {
        find(given)
            .unwrap_or_else(|error| panic!("{given}: {error}"))
            .iter()
            .map(Topic::id)
            .collect()
    }

    #[test]
    fn a_name_is_found_in_any_spelling() {
        for (given, id) in [
            ("policy violation", "1008"),
            ("policy-violation", "1008"),
            ("POLICY_VIOLATION", "1008"),
            ("PolicyViolation", "1008"),
            ("StatusPolicyViolation", "1008"),
            ("ClosePolicyViolation", "1008"),
            ("NOT_CONSISTENT", "1007"),
            ("CLOSE_NORMAL", "1000"),
            ("No Status Rcvd", "1005"),
            ("CloseNoStatusReceived", "1005"),
            ("CloseInternalServerErr", "1011"),
            ("close 1006", "1006"),
            ("1006", "1006"),
            ("(1006).", "1006"),
            ("#1006:", "1006"),
            ("0x03ef", "1007"),
            ("RESERVED_OPCODE", "reserved-opcode"),
            ("private use", "4000-4999"),
        ] {
            assert_eq!(ids(given), [id], "{given}");
        }
    }

    #[test]
    fn a_span_names_every_range_it_touches() {
        assert_eq!(ids("4xxx"), ["4000-4999"]);
        assert_eq!(ids("44XX"), ["4000-4999"]);
        assert_eq!(ids("3000-3999"), ["3000-3999"]);
        assert_eq!(ids("1000-1003"), ["1000", "1001", "1002", "1003"]);
        assert_eq!(ids("1006-1006"), ["1006"]);
        assert_eq!(ids("1000..4999"), ["1000-2999", "3000-3999", "4000-4999"]);
        assert!(find("1006x").is_err(), "a slip of the finger is no range");
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_work() {
        for (given, said) in [
            (
                "70000",
                "70000 is not a close code; close codes are 0 to 65535",
            ),
            (
                "-1",
                "-1 is not a close code; close codes are 0 to 65535; libraries show -1 where there is no code, and cut to 16 bits it is 65535",
            ),
            ("3999-3000", "`3999-3000` runs backwards; write `3000-3999`"),
            (
                "reserved-opcod",
                "no topic `reserved-opcod`; did you mean `reserved-opcode`?",
            ),
            (
                "polcy violation",
                "no topic `polcy violation`; did you mean `policy-violation`?",
            ),
            (
                "xyzzy",
                "no topic `xyzzy`; `wsclose list` shows all there are",
            ),
            ("", "no topic ``; `wsclose list` shows all there are"),
            (
                "\u{1b}[2J",
                "no topic `\\x1b[2J`; `wsclose list` shows all there are",
            ),
        ] {
            assert_eq!(find(given).expect_err(given).to_string(), said);
        }
    }
}
