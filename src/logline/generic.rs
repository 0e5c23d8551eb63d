//! Lines of no known shape that carry a close code in a way that cannot be mistaken.
//!
//! A number is a close code only right behind words that say so: `close code 1006`, `CloseCode=4404`;
//! or behind `code`, or behind `closed`, in a line that names WebSocket and a close. A number that a
//! unit follows, a port, a part of a longer number is none.

use super::text::{reason, unquoted};
use super::{Reading, ReportedClose};
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Answer, Producer, Says, Way, producer};

/// Literal texts, one of which stands in each line that can be read here or looks like a close.
pub(super) const NEEDLES: &[&str] = &[
    "ebSocket",
    "ebsocket",
    "lose code",
    "lose_code",
    "loseCode",
    "losecode",
    "lose status",
    "lose_status",
    "loseStatus",
    "\"code\":1",
    "\"code\":3",
    "\"code\":4",
    "\"code\": 1",
    "\"code\": 3",
    "\"code\": 4",
];

/// What says that the number behind it is a close code, in any line.
const KEYS: [&str; 9] = [
    "close status code",
    "closestatuscode",
    "close_status_code",
    "close status",
    "close_status",
    "closestatus",
    "close code",
    "close_code",
    "closecode",
];

/// What may say so in a line that names WebSocket and a close.
const KEYS_IN_CONTEXT: [&str; 9] = [
    "status code",
    "statuscode",
    "status_code",
    "code",
    "closed with",
    "closed",
    "closure",
    "close",
    "closing",
];

/// What makes the number before it a count and no code.
const UNITS: [&str; 40] = [
    "ms",
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "millis",
    "milliseconds",
    "m",
    "min",
    "mins",
    "minutes",
    "h",
    "hours",
    "days",
    "b",
    "kb",
    "mb",
    "bytes",
    "byte",
    "chars",
    "connections",
    "connection",
    "clients",
    "messages",
    "users",
    "times",
    "sockets",
    "sessions",
    "requests",
    "events",
    "items",
    "lines",
    "rows",
    "records",
    "peers",
    "subscribers",
    "channels",
    "of",
    "per",
];

/// Reads a line of no known shape; `None` where it carries no code in such a way.
pub(super) fn read(line: &str) -> Option<Reading> {
    let lower = line.to_ascii_lowercase();
    let explicit = KEYS
        .iter()
        .find_map(|key| code_behind(&lower, key, is_assigned, false));
    let needs_mark = !lower.contains("websocket");
    let found = explicit.or_else(|| {
        let is_about_a_close = names_websocket(&lower) && names_a_close(&lower)
            || names_a_close(&lower) && lower.contains("\"reason\":");
        let in_context = |key: &&str| code_behind(&lower, key, is_likely, needs_mark);
        KEYS_IN_CONTEXT
            .iter()
            .filter(|_| is_about_a_close)
            .find_map(in_context)
    });
    match found {
        Some((code, end)) => Some(with_code(code, line, &lower, end)),
        None => with_event(line),
    }
}

/// Whether a line that could not be read looks as if it told of a close.
#[cfg(feature = "cli")]
pub(super) fn looks_like_a_close(line: &str) -> bool {
    const WORDS: [&str; 9] = [
        "closed",
        "closing",
        "closure",
        "close frame",
        "disconnect",
        "connection lost",
        "connection reset",
        "aborted",
        "terminated",
    ];
    let lower = line.to_ascii_lowercase();
    lower.contains("websocket") && WORDS.iter().any(|word| lower.contains(word))
}

/// The numbers that somebody may have used as a close code.
fn is_assigned(code: u16) -> bool {
    (1000..=4999).contains(&code)
}

/// The numbers that are close codes with some likelihood.
fn is_likely(code: u16) -> bool {
    (1000..=1015).contains(&code) || (3000..=4999).contains(&code)
}

fn names_websocket(lower: &str) -> bool {
    let words = || lower.split(|character: char| !character.is_ascii_alphanumeric());
    lower.contains("websocket") || words().any(|word| word == "ws" || word == "wss")
}

fn names_a_close(lower: &str) -> bool {
    ["clos", "disconnect", "onclose"]
        .iter()
        .any(|word| lower.contains(word))
}

/// How often a key is looked for in one line.
const MOST_TRIES: usize = 8;

/// The code right behind a key that is a word of its own, and where it ends. With more than a space
/// between the two, where that is needed.
fn code_behind(
    lower: &str,
    key: &str,
    is_code: fn(u16) -> bool,
    needs_mark: bool,
) -> Option<(u16, usize)> {
    lower
        .match_indices(key)
        .take(MOST_TRIES)
        .find_map(|(at, _)| {
            let before = lower.get(..at)?.chars().next_back();
            if before.is_some_and(char::is_alphanumeric) {
                return None;
            }
            let behind = lower.get(at + key.len()..)?;
            let number = number_from(behind)?;
            if needs_mark && behind.len() == number.len() + 1 && behind.starts_with(' ') {
                return None;
            }
            let digits = lower.get(lower.len() - number.len()..)?;
            let length = digits.len()
                - digits
                    .trim_start_matches(|c: char| c.is_ascii_digit())
                    .len();
            let code = digits
                .get(..length)?
                .parse()
                .ok()
                .filter(|code| is_code(*code))?;
            let rest = digits.get(length..)?;
            is_whole(rest).then(|| (code, lower.len() - rest.len()))
        })
}

/// The text from the number on that stands behind a key, with nothing but marks between.
fn number_from(behind: &str) -> Option<&str> {
    const MOST_MARKS: usize = 5;
    let is_mark = |c: char| " :=\"'([<\\#".contains(c);
    let skip = |text: &str| text.len() - text.trim_start_matches(is_mark).len();
    let first = skip(behind);
    let mut rest = behind.get(first..)?;
    for word in ["is ", "was ", "of "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let is_far = first > MOST_MARKS || first == 0;
    (!is_far && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// Whether a number ends where the digits do, and counts nothing.
fn is_whole(rest: &str) -> bool {
    let mut next = rest.chars();
    match (next.next(), next.next()) {
        (None, _) => true,
        (Some(letter), _) if letter.is_alphanumeric() => false,
        (Some('_' | '%' | '/' | '@' | '-' | '+'), _) => false,
        (Some('.' | ':' | ','), Some(digit)) if digit.is_ascii_digit() => false,
        (Some(' '), Some(_)) => {
            let word = rest.trim_start();
            let word = word
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default();
            !UNITS.contains(&word)
        }
        _ => true,
    }
}

fn with_code(code: u16, line: &str, lower: &str, end: usize) -> Reading {
    let way = if codes::is_made_up(code) {
        Way::Reported
    } else if lower.contains("received close") || lower.contains("close received") {
        Way::Received
    } else if lower.contains("sent close") || lower.contains("sending close") {
        Way::Sent
    } else {
        Way::Reported
    };
    Reading {
        shape: None,
        says: Says::Close {
            way,
            answer: Answer::Untold,
        },
        producer: None,
        close: Some(ReportedClose {
            way,
            code,
            reason: reason_in(line, lower, end),
        }),
        answer: None,
        status: None,
        refused: None,
        detail: String::new(),
    }
}

/// The reason behind the key of that name: first after the code, then anywhere.
fn reason_in(line: &str, lower: &str, end: usize) -> String {
    const KEY: &str = "reason";
    let behind = lower
        .get(end..)
        .and_then(|rest| Some(end + rest.find(KEY)?));
    let found = behind.or_else(|| lower.find("\"reason\":").map(|at| at + 1));
    let Some(text) = found.and_then(|at| line.get(at + KEY.len()..)) else {
        return String::new();
    };
    let text = text.strip_prefix(['"', '\'']).unwrap_or(text);
    let text = text.trim_start_matches([' ', ':', '=', '[', '(']);
    let taken = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted),
        None => match text.strip_prefix('\'') {
            Some(quoted) => quoted.split('\'').next().unwrap_or_default().to_owned(),
            None => text
                .split([',', ';', ')', ']', '}', '"'])
                .next()
                .unwrap_or_default()
                .to_owned(),
        },
    };
    reason(&taken).into_owned()
}

/// A line that begins like a known one and goes on in words that are not known.
fn with_event(line: &str) -> Option<Reading> {
    let (producer, cause, shows, detail): (&'static Producer, Cause, _, _) =
        if let Some((_, rest)) = line.split_once("WebSocket connection to '") {
            let (_, detail) = rest.split_once("' failed: ")?;
            (
                producer::BROWSER,
                Cause::HandshakeFailed,
                Some(1006),
                detail,
            )
        } else if let Some((_, detail)) = line.split_once("WebSocket protocol error: ") {
            (producer::TUNGSTENITE, Cause::Violation, None, detail)
        } else {
            let (before, _) = line.split_once(" while proxying upgraded connection")?;
            let detail = before.rsplit(": ").next().unwrap_or(before);
            let detail = detail.rsplit_once('*').map_or(detail, |(_, behind)| behind);
            (producer::NGINX, Cause::ProxyPeerReset, None, detail)
        };
    Some(Reading {
        shape: None,
        says: Says::Cause { cause, shows },
        producer: Some(producer),
        close: None,
        answer: None,
        status: None,
        refused: None,
        detail: detail.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(line: &str) -> Option<(u16, String)> {
        let close = read(line)?.close?;
        Some((close.code, close.reason))
    }

    #[test]
    fn a_code_that_cannot_be_mistaken_is_read() {
        for (line, expected, reason) in [
            ("peer gone, close code 1006", 1006, ""),
            ("close_code=1011 reason=\"db down\" peer=a", 1011, "db down"),
            ("CloseCode 4404", 4404, ""),
            (
                "closeCode: 4001, reason: bad token, ip: x",
                4001,
                "bad token",
            ),
            (
                r#"{"msg":"websocket closed","code":1006,"reason":"gone \"x\""}"#,
                1006,
                "gone \"x\"",
            ),
            (
                r#"{"event":"close","reason":"bye","code":1001}"#,
                1001,
                "bye",
            ),
            ("WebSocket closed: 1006", 1006, ""),
            ("ws closed (1001)", 1001, ""),
            ("websocket closed with status code 1008 (policy)", 1008, ""),
            ("websocket disconnect code=4014", 4014, ""),
        ] {
            assert_eq!(code(line), Some((expected, reason.to_owned())), "{line}");
        }
    }

    #[test]
    fn a_number_that_is_something_else_is_not_read() {
        for line in [
            "websocket closed after 1006 ms",
            "websocket closed 1006 connections",
            "websocket closed: 1006ms",
            "websocket closed on port 3000",
            "WebSocket close: 1001 bytes left",
            "close code 404",
            "exit code 1006",
            "door close-code 22",
            "closed code=1006",
            r#"{"code":1006,"message":"invalid parameter"}"#,
            "ws closed, took 1006/1007",
            "websocket closed 1006.5",
            "websocket closed 192.168.1006.1",
            "websocket closed: 127.0.0.1:3000",
        ] {
            assert_eq!(code(line), None, "{line}");
        }
    }

    #[test]
    fn a_close_that_cannot_be_read_is_noticed() {
        assert!(looks_like_a_close("INFO websocket connection closed"));
        assert!(!looks_like_a_close("INFO websocket connection open"));
        assert!(!looks_like_a_close("connection closed"));
    }
}
