//! A line as its program wrote it: out of the wrapping of docker, journald or a container's runtime.

use std::borrow::Cow;

use serde_json::Value;

use crate::logline::{Time, text};

/// The names that JSON logs have for the time of a line.
const TIMES: [&str; 10] = [
    "time",
    "ts",
    "timestamp",
    "@timestamp",
    "t",
    "date",
    "datetime",
    "eventTime",
    "__REALTIME_TIMESTAMP",
    "_SOURCE_REALTIME_TIMESTAMP",
];

/// A line to be read.
pub(super) struct View<'l> {
    /// What the program wrote, without colours.
    pub(super) text: Cow<'l, str>,
    /// When the line was written, where its wrapping says so.
    wrapped: Option<Time>,
}

impl<'l> View<'l> {
    pub(super) fn of(line: &'l str) -> Self {
        let line = line.trim_end_matches(['\n', '\r']);
        if let Some(view) = unwrapped(line) {
            return view;
        }
        let (line, wrapped) = without_runtime(line);
        View {
            text: text::without_colors(line),
            wrapped,
        }
    }

    /// When the line was written.
    pub(super) fn time(&self) -> Option<Time> {
        self.wrapped.clone().or_else(|| Time::of(&self.text))
    }

    /// Whether the line says by itself when it was written, so that a record begins with it.
    pub(super) fn is_stamped(&self) -> bool {
        Time::of(&self.text).is_some_and(|time| time.leads(&self.text))
    }

    /// How far it is indented.
    pub(super) fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }
}

/// The message of a JSON line that only wraps one: docker's `log`, journald's `MESSAGE`. Of other JSON
/// lines all is read, and only their time is looked up.
fn unwrapped(line: &str) -> Option<View<'static>> {
    let line = line.trim_start();
    if !line.starts_with('{') || !line.ends_with('}') {
        return None;
    }
    let Value::Object(object) = serde_json::from_str(line).ok()? else {
        return None;
    };
    let time = TIMES.iter().find_map(|name| match object.get(*name)? {
        Value::Number(number) => Time::of_number(&number.to_string()),
        Value::String(text) => Time::of_number(text).or_else(|| Time::of(text)),
        _ => None,
    });
    let is_docker = ["stream", "time", "kubernetes"]
        .iter()
        .any(|name| object.contains_key(*name));
    let message = object
        .get("MESSAGE")
        .or_else(|| object.get("log").filter(|_| is_docker));
    let message = match message {
        Some(Value::String(message)) => message.clone(),
        // Journald prints what is no UTF-8 as numbers.
        Some(Value::Array(bytes)) => {
            let bytes = bytes.iter().filter_map(Value::as_u64);
            let bytes: Vec<u8> = bytes.filter_map(|byte| u8::try_from(byte).ok()).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => {
            return Some(View {
                text: text::without_colors(line).into_owned().into(),
                wrapped: time,
            });
        }
    };
    let message = message.trim_end_matches(['\n', '\r']);
    Some(View {
        text: text::without_colors(message).into_owned().into(),
        wrapped: time,
    })
}

/// A line of a container's runtime, `2026-11-20T17:39:02.1Z stderr F message`, without its front.
fn without_runtime(line: &str) -> (&str, Option<Time>) {
    for stream in [" stdout ", " stderr "] {
        let Some((front, behind)) = line
            .split_once(stream)
            .filter(|(front, _)| front.len() <= 40)
        else {
            continue;
        };
        let message = behind
            .strip_prefix("F ")
            .or_else(|| behind.strip_prefix("P "));
        let time = Time::of(front).filter(|time| time.text.len() == front.len());
        if let (Some(message), Some(time)) = (message, time) {
            return (message, Some(time));
        }
    }
    (line, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_line_is_what_the_program_wrote() {
        for (line, message, time) in [
            (
                r#"{"log":"\u001b[31mws closed: 1006\u001b[0m\n","stream":"stderr","time":"2026-11-20T17:39:02.5Z"}"#,
                "ws closed: 1006",
                "2026-11-20T17:39:02.5Z",
            ),
            (
                r#"{"MESSAGE":"ws closed: 1006","__REALTIME_TIMESTAMP":"1795196342123456","_PID":"1006"}"#,
                "ws closed: 1006",
                "1795196342123456",
            ),
            (
                r#"{"MESSAGE":[119,115,255],"__REALTIME_TIMESTAMP":"1795196342123456"}"#,
                "ws\u{fffd}",
                "1795196342123456",
            ),
            (
                "2026-11-20T17:39:02.123456789Z stderr F   at frame",
                "  at frame",
                "2026-11-20T17:39:02.123456789Z",
            ),
            (
                r#"{"level":50,"time":1795196342123,"msg":"ws closed"}"#,
                r#"{"level":50,"time":1795196342123,"msg":"ws closed"}"#,
                "1795196342123",
            ),
        ] {
            let view = View::of(line);
            assert_eq!(view.text, message);
            assert_eq!(view.time().map(|time| time.text).as_deref(), Some(time));
        }
        let view = View::of("{not json}");
        assert_eq!((view.text.as_ref(), view.time()), ("{not json}", None));
    }
}
