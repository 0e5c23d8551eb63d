//! From what a browser's HAR file holds of a connection to the cause of its end.

use super::Explanation;
use crate::capture::har::HarConnection;
use crate::escape::escape;
use crate::facts::advice;
use crate::facts::causes::{Cause, status};
use crate::frame::Sender;
use crate::rules;
use crate::words::{Value, say};

/// What Chromium writes for a broken rule, and which rule that is.
const ERRORS: [(&str, &str); 9] = [
    ("reserved bits are on", "reserved-bits"),
    ("Unrecognized frame opcode", "reserved-opcode"),
    ("must not mask", "masked-server-frame"),
    ("unexpected continuation", "continuation-without-start"),
    (
        "previous message is unfinished",
        "data-frame-inside-message",
    ),
    ("Could not decode a text frame", "text-not-utf8"),
    (
        "close frame containing invalid UTF-8",
        "close-reason-not-utf8",
    ),
    ("reserved status code", "close-code-not-allowed"),
    ("invalid size of 1 byte", "one-byte-close-body"),
];

/// Explains a connection of a HAR file.
pub fn explain_har(connection: &HarConnection) -> Explanation {
    let mut explanation = Explanation::default();
    if connection.status != 101 {
        unopened(connection, &mut explanation);
    } else if let Some(error) = connection.errors.first() {
        failed(error, &mut explanation);
    } else if !connection.has_messages {
        explanation.say(say!(har.upgrade_alone));
        explanation.advice = advice::HAR_UPGRADE_ALONE
            .iter()
            .chain(advice::HAR)
            .collect();
    } else {
        lasted(connection, &mut explanation);
    }
    if explanation.advice.is_empty() {
        // The cause's own advice is about packets.
        explanation.advice = match explanation.cause {
            Cause::Unknown => advice::HAR.iter().collect(),
            cause => cause.row().advice.iter().collect(),
        };
    }
    explanation
}

/// The connection never opened.
fn unopened(connection: &HarConnection, explanation: &mut Explanation) {
    let error = connection.error.as_deref().unwrap_or_default();
    let shown = escape(error);
    match connection.status {
        0 if error.is_empty() => explanation.say(say!(har.no_answer)),
        0 => {
            if error.contains("ERR_CERT") || error.contains("ERR_SSL") {
                explanation.cause = Cause::TlsFailed;
            } else if error.contains("CONNECTION_REFUSED") {
                explanation.cause = Cause::Refused;
            }
            explanation.say(say!(har.failed, error = shown));
        }
        answer => {
            explanation.cause = Cause::UpgradeRefused;
            explanation.advice = status(answer).advice.iter().collect();
            let said = format!("{answer} {}", escape(&connection.reason));
            explanation.say(say!(opening.refused, status = said.trim_end()));
        }
    }
    let is_tls = connection.url.starts_with("wss:");
    if connection.status == 0 && explanation.cause == Cause::Unknown {
        let tls = advice::HAR_UNANSWERED_TLS.iter().filter(|_| is_tls);
        explanation.advice = advice::HAR_UNANSWERED.iter().chain(tls).collect();
    }
    if is_tls && connection.status == 0 && error.is_empty() {
        explanation.sees.push(say!(har.sees_either));
    } else {
        explanation.client_sees = Some(1006);
        explanation.sees.push(say!(sees.never));
    }
}

/// The browser found a fault in what the server sent.
fn failed(error: &str, explanation: &mut Explanation) {
    let mut errors = ERRORS.iter();
    let rule = errors.find(|(text, _)| error.contains(text));
    let rule = rule.and_then(|(_, id)| rules::lookup(id));
    explanation.say(say!(har.error, error = escape(error)));
    if let Some(rule) = rule {
        explanation.cause = Cause::Violation;
        explanation.rule = Some(rule.id);
        explanation.topic = Some(rule.id.to_owned());
        explanation.advice = super::close::advice_for_rule(rule, None, false);
    }
    explanation.client_sees = Some(1006);
    explanation
        .sees
        .push(say!(sees.failed, end = Sender::Client));
}

/// It opened, and no fault is known.
fn lasted(connection: &HarConnection, explanation: &mut Explanation) {
    explanation.say(say!(har.no_codes));
    if let Some(lasted) = connection.duration_s {
        explanation.say(say!(har.lasted, duration = Value::Seconds(lasted)));
    }
    if let Some(seconds) = connection.silence_s.filter(|silence| *silence >= 1.0) {
        let silence = Value::Seconds(seconds);
        explanation.say(say!(har.silence, silence = silence.clone()));
        if seconds >= 5.0 {
            explanation.also(Cause::IdleTimeout, say!(decide.idle, silence));
        }
    }
    explanation.advice = advice::HAR.iter().collect();
}
