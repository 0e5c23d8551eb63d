//! The last resort, where the protocol is not known: whether the last message of an end tells of an
//! error by the way it is built. What people say to each other is not looked at.

use super::ends::Body;
use super::tree::{Node, json_texts};

/// What a message of an unknown protocol says of an error: the fields that may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) code: Option<String>,
    pub(super) text: Option<String>,
    /// Whether it is a plain sentence, which a person may have written.
    pub(super) is_sentence: bool,
}

/// Fields that say what a message is.
const KINDS: [&str; 11] = [
    "type",
    "op",
    "event",
    "kind",
    "action",
    "cmd",
    "command",
    "status",
    "msg_type",
    "messageType",
    "t",
];
/// What they say of an error, by itself.
const ERRORS: [&str; 22] = [
    "error",
    "errors",
    "err",
    "exception",
    "fatal",
    "fail",
    "failed",
    "failure",
    "denied",
    "unauthorized",
    "unauthorised",
    "unauthenticated",
    "forbidden",
    "refused",
    "rejected",
    "invalid",
    "revoked",
    "expired",
    "unavailable",
    "unsupported",
    "ratelimited",
    "throttled",
];
/// What they say of an end, where words stand beside it.
const ENDS: [&str; 14] = [
    "disconnect",
    "disconnected",
    "close",
    "closed",
    "closing",
    "kick",
    "kicked",
    "ban",
    "banned",
    "timeout",
    "shutdown",
    "terminate",
    "terminated",
    "goaway",
];
/// How a plain sentence about an error begins.
const BEGINNINGS: [&str; 13] = [
    "error",
    "err ",
    "-err",
    "fatal",
    "unauthorized",
    "forbidden",
    "access denied",
    "permission denied",
    "not authorized",
    "invalid ",
    "authentication failed",
    "exception",
    "failed ",
];
/// What a plain sentence about an end says.
const SENTENCES: [&str; 12] = [
    "session expired",
    "session has expired",
    "token expired",
    "token has expired",
    "session was revoked",
    "rate limit exceeded",
    "too many connections",
    "too many requests",
    "server is shutting down",
    "server is restarting",
    "logged in from another",
    "connected from another",
];

/// The parts of a word: `SESSION_REVOKED`, `sessionRevoked`, `session.revoked`.
fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_small = false;
    for character in word.chars() {
        let is_break = !character.is_alphanumeric();
        if is_break || character.is_uppercase() && was_small {
            parts.push(String::new());
        }
        was_small = character.is_lowercase();
        if !is_break {
            if let Some(part) = parts.last_mut() {
                part.extend(character.to_lowercase());
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether a name, and no sentence, has one of these words.
fn names(word: &str, known: &[&str]) -> bool {
    let is_name = word.len() <= 48 && !word.contains(' ');
    is_name
        && parts(word)
            .iter()
            .any(|part| known.contains(&part.as_str()))
}

/// Whether the last part of a name is one of these words.
fn ends_so(word: &str, known: &[&str]) -> bool {
    parts(word)
        .last()
        .is_some_and(|part| known.contains(&part.as_str()))
}

/// What a message says of an error; `None` where it is built like any other.
pub(super) fn read(body: Body<'_>) -> Option<Words> {
    let bytes = body.bytes;
    if !body.tail.is_empty() && bytes.trim_ascii_start().starts_with(b"{") {
        return in_map(body.json_texts().last()?);
    }
    // A protocol may mark the end of each of its records.
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | 0x1e));
    let bytes = bytes.get(..=end?)?;
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace())? {
        // Of several that were sent together the last counts.
        b'{' => in_map(json_texts(bytes).last()?),
        b'[' => in_list(json_texts(bytes).last()?),
        b'"' => None,
        _ => sentence(bytes),
    }
}

/// Fields in which a program puts what a message is about.
const INSIDES: [&str; 8] = [
    "data", "payload", "body", "d", "response", "result", "params", "message",
];

/// What an object says, by its own fields or by those of what is in it.
fn in_map(node: &Node) -> Option<Words> {
    let inside = || {
        INSIDES.iter().find_map(|name| {
            let inside = node.get(name)?;
            let is_map = matches!(inside.as_ref(), Node::Map(_));
            let words = of_map(inside.as_ref()).filter(|_| is_map)?;
            (words.code.is_some() || words.text.is_some()).then_some(words)
        })
    };
    of_map(node).or_else(inside)
}

/// An event as a list: the name of an error, then what is said of it.
fn in_list(node: &Node) -> Option<Words> {
    let name = node.get("0")?;
    let name = name.word().filter(|name| names(name, &ERRORS))?.to_owned();
    let said = node.get("1")?;
    let said = match said.as_ref() {
        text @ (Node::Text(_) | Node::Piece(_)) if text.is_something() => Words {
            text: text.shown(),
            ..Words::default()
        },
        said @ Node::Map(_) => words(said),
        _ => return None,
    };
    Some(Words {
        code: said.code.or(Some(name)),
        ..said
    })
}

fn of_map(node: &Node) -> Option<Words> {
    tells(node).then(|| {
        let mut words = words(node);
        if words.code.is_none() && words.text.is_none() {
            // The word by which it is known is no more than that.
            words.code = KINDS.iter().find_map(|kind| {
                let kind = node.get(kind)?;
                kind.word()
                    .filter(|word| names(word, &ERRORS))
                    .map(str::to_owned)
            });
        }
        words
    })
}

fn tells(node: &Node) -> bool {
    let field = |name: &str| node.get(name).filter(|value| value.is_something());
    let word = |name: &str| {
        node.get(name)
            .and_then(|value| value.word().map(str::to_owned))
    };
    if ["error", "errors", "err"].into_iter().any(|name| {
        let value = field(name);
        value.is_some_and(|value| value.word() != Some("0"))
    }) {
        return true;
    }
    let has_words = [
        "message",
        "reason",
        "code",
        "msg",
        "data.message",
        "data.reason",
        "payload.message",
    ]
    .into_iter()
    .any(|name| field(name).is_some());
    let kinds = KINDS.into_iter().filter_map(word);
    for kind in kinds {
        let number: Option<u16> = kind.parse().ok();
        let is_status = number.is_some_and(|number| (400..600).contains(&number));
        // `error_rate` is a name of something else, unless words stand beside it.
        let is_error = names(&kind, &ERRORS) && (has_words || ends_so(&kind, &ERRORS));
        if is_error || has_words && (is_status || names(&kind, &ENDS)) {
            return true;
        }
    }
    let code = word("code").unwrap_or_default();
    let is_bad = match code.parse::<i64>() {
        Ok(number) => (400..600).contains(&number) || (4000..5000).contains(&number),
        Err(_) => names(&code, &ERRORS),
    };
    let says = field("message").is_some() || field("reason").is_some();
    let is_not_well = ["ok", "success"]
        .into_iter()
        .any(|name| word(name).as_deref() == Some("false"));
    says && (is_bad || is_not_well)
}

/// The fields that may be shown.
fn words(node: &Node) -> Words {
    let word = |path: &&str| {
        let value = node.get(path)?;
        let word = value.word().filter(|_| value.is_something())?;
        (!matches!(word, "true" | "false")).then(|| word.to_owned())
    };
    let text = |path: &&str| {
        let value = node.get(path)?;
        let shown = value.shown().filter(|_| value.is_something())?;
        (!matches!(shown.as_str(), "true" | "false")).then_some(shown)
    };
    let first = |paths: &[&str]| paths.iter().find_map(word);
    let code = first(&[
        "code",
        "error.code",
        "data.code",
        "payload.code",
        "error.type",
        "type",
    ]);
    let texts = [
        "error.message",
        "error.reason",
        "message",
        "reason",
        "error",
        "data.message",
        "data.reason",
        "payload.message",
        "errors.0.message",
        "errors.0",
    ];
    Words {
        code,
        text: texts.iter().find_map(text),
        is_sentence: false,
    }
}

/// Whether a plain text tells of an error, or that a session is over.
pub(crate) fn is_trouble(text: &[u8]) -> bool {
    sentence(text).is_some()
}

/// A plain sentence that begins as an error does, or says of a session that it is over.
fn sentence(bytes: &[u8]) -> Option<Words> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let is_one = text.len() <= 200 && text.lines().count() == 1;
    let small = text.to_lowercase();
    let begins = BEGINNINGS.iter().any(|known| {
        let rest = small.strip_prefix(known);
        rest.is_some_and(|rest| {
            known.ends_with(' ') || !rest.starts_with(|c: char| c.is_alphanumeric())
        })
    });
    // A person who quotes an error writes more around it than a program does.
    let is_marked = begins && (small.contains(':') || small.len() <= 60);
    let is_over = SENTENCES.iter().any(|known| small.contains(known)) && !small.contains('"');
    (is_one && (is_marked || is_over)).then(|| Words {
        code: None,
        text: Some(text.to_owned()),
        is_sentence: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_build() {
        for text in [
            r#"{"op":"error","code":"SESSION_REVOKED","message":"Your session was revoked"}"#,
            r#"{"error":{"message":"no"}}"#,
            r#"{"type":"auth_failed"}"#,
            r#"{"event":"kicked","reason":"idle"}"#,
            r#"{"status":401,"message":"Unauthorized"}"#,
            r#"{"code":4401,"reason":"token"}"#,
            r#"{"ok":false,"message":"no such room"}"#,
            r#"{"event":"reply","data":{"error":{"message":"no such room"}}}"#,
            r#"{"payload":{"status":"failed","reason":"no seat"}}"#,
            r#"{"status":"unauthorized"}"#,
            r#"["error",{"message":"no seat"}]"#,
            r#"["auth_failed","no seat"]"#,
            "{\"type\":\"hello\"}\n{\"type\":\"error\",\"message\":\"no\"}",
            "Error: bad token",
            "Your session has expired",
        ] {
            assert!(read(Body::whole(text.as_bytes())).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_found_has_words() {
        let said =
            |text: &str| read(Body::whole(text.as_bytes())).map(|words| (words.code, words.text));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            said(r#"{"data":{"error":{"message":"no","code":7}}}"#),
            Some((some("7"), some("no")))
        );
        assert_eq!(
            said(r#"{"status":"unauthorized"}"#),
            Some((some("unauthorized"), None))
        );
        assert_eq!(
            said(r#"["error","no seat"]"#),
            Some((some("error"), some("no seat")))
        );
    }

    #[test]
    fn ordinary_talk_is_none() {
        for text in [
            r#"{"op":"chat","text":"error fixed, bye"}"#,
            r#"{"type":"message","message":"there was an error in the bill"}"#,
            r#"{"type":"bye"}"#,
            r#"{"type":"disconnect","user":"bo"}"#,
            r#"{"error":null,"result":1}"#,
            r#"{"type":"order","code":"A17","message":"shipped"}"#,
            r#"{"code":200,"message":"ok"}"#,
            r#"["error"]"#,
            r#"["chat","error: no"]"#,
            r#"{"type":"error_rate","value":0.2}"#,
            r#"{"data":{"type":"chat","text":"error"}}"#,
            "{\"error\":\"no\"}\n{\"type\":\"hello\"}",
            "there was an error in the bill, the waiter made a mistake again",
            "bye",
            "",
        ] {
            assert!(read(Body::whole(text.as_bytes())).is_none(), "{text}");
        }
    }
}
