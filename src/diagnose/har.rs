//! From what a browser's HAR file holds of a connection to the cause of its end.

use crate::capture::har::HarConnection;
use crate::escape::escape;
use crate::rules;
use crate::words::{Case, Value, fill, translated, word};

use super::causes::{Cause, refusal_cases, say};
use super::connection::{ConnectionDiagnosis, duration};

/// What to do where a HAR file does not tell.
static HAR_CASES: [Case; 2] = [
    Case {
        cause: "The code is known to the page, and not written into the file.",
        fix: "Log `event.code`, `event.reason` and `event.wasClean` in the page's close handler.",
    },
    Case {
        cause: "The page sees 1006, and the reason is in the network.",
        fix: "Capture packets at the server or the proxy (`tcpdump -i any -w FILE`) and give them to `wsclose decode-capture`.",
    },
];
/// What to do where the file holds the upgrade alone.
static HAR_ALONE_CASES: [Case; 1] = [Case {
    cause: "Firefox knows the code and does not write it into the file.",
    fix: "Select the request in its Network panel and open Response: below the messages stands `Connection Closed` with the code and the reason.",
}];
/// What to do where nothing answered; the second is about TLS.
static HAR_UNANSWERED_CASES: [Case; 2] = [
    Case {
        cause: "Nothing listens there, the name is not known, or a firewall or an extension of the browser stops it.",
        fix: "Read the browser's console at that time, and try `curl -v` with http:// in the place of ws://, https:// in that of wss://: it says how far it gets.",
    },
    Case {
        cause: "TLS failed: a certificate that the browser does not trust, or a port that speaks plain HTTP.",
        fix: "Open the URL with https:// in the place of wss:// in the browser: it names the fault.",
    },
];
const HAR_NO_CODES: &str = word!(
    "The connection opened. A HAR file holds messages and errors, but no Close frames, no codes and no TCP, so why it closed is not in it."
);
const HAR_ALONE: &str = word!(
    "The connection opened. The file holds the upgrade alone, as Firefox writes it: no messages, no errors, no Close frames, no codes and no TCP, so how long it was there and why it closed is not in it."
);
const HAR_SEES_EITHER: &str =
    word!("The page sees 1006, and in Firefox 1015 where TLS was what failed.");
const HAR_ERROR: &str = word!("The browser closed because of what the server sent: \"{error}\"");
const HAR_FAILED: &str = word!("The browser could not open the connection: {error}.");
const HAR_NO_ANSWER: &str =
    word!("The browser got no answer to the upgrade, and the file does not say why.");
const HAR_LASTED: &str =
    word!("It was there for {duration}, until it closed or the file was written.");
const HAR_SILENCE: &str = word!("No message came or went in about {silence} of that.");

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

/// The diagnosis of a connection in a HAR file.
pub fn diagnose_har(connection: &HarConnection) -> ConnectionDiagnosis {
    let mut diagnosis = ConnectionDiagnosis::default();
    let error = connection.error.as_deref().unwrap_or_default();
    let text = |text: &str| Value::Text(escape(text));
    if connection.status != 101 {
        let status = format!("{} {}", connection.status, escape(&connection.reason));
        let template = match connection.status {
            0 if error.contains("ERR_CERT") || error.contains("ERR_SSL") => {
                diagnosis.cause = Cause::TlsFailed;
                HAR_FAILED
            }
            0 if error.contains("CONNECTION_REFUSED") => {
                diagnosis.cause = Cause::Refused;
                HAR_FAILED
            }
            0 if error.is_empty() => HAR_NO_ANSWER,
            0 => HAR_FAILED,
            status => {
                diagnosis.cause = Cause::UpgradeRefused;
                diagnosis.cases = refusal_cases(Some(status)).iter().collect();
                say::UPGRADE_REFUSED
            }
        };
        let values = [
            ("status", Value::Text(status.trim_end().to_owned())),
            ("error", text(error)),
        ];
        diagnosis.evidence.push(fill(template, &values));
        let is_tls = connection.url.starts_with("wss:");
        if connection.status == 0 && diagnosis.cause == Cause::Unknown {
            let cases = HAR_UNANSWERED_CASES.iter();
            diagnosis.cases = cases.take(1 + usize::from(is_tls)).collect();
        }
        if is_tls && connection.status == 0 && error.is_empty() {
            diagnosis.sees.push(translated(HAR_SEES_EITHER).to_owned());
        } else {
            diagnosis.client_sees = Some(1006);
            diagnosis.sees.push(translated(say::SEES_NEVER).to_owned());
        }
    } else if let Some(error) = connection.errors.first() {
        let mut errors = ERRORS.iter();
        let rule = errors.find(|(text, _)| error.contains(text));
        let rule = rule.and_then(|(_, id)| rules::lookup(id));
        diagnosis
            .evidence
            .push(fill(HAR_ERROR, &[("error", text(error))]));
        if let Some(rule) = rule {
            diagnosis.cause = Cause::Violation;
            diagnosis.rule = Some(rule.id);
            diagnosis.topic = Some(rule.id.to_owned());
            diagnosis.cases = super::connection::without_options(rule.words.cases);
        }
        diagnosis.client_sees = Some(1006);
        let values = [("end", Value::Word("client"))];
        diagnosis.sees.push(fill(say::SEES_FAILED, &values));
    } else if !connection.has_messages {
        diagnosis.evidence.push(translated(HAR_ALONE).to_owned());
        diagnosis.cases = HAR_ALONE_CASES.iter().chain(&HAR_CASES).collect();
    } else {
        diagnosis.evidence.push(translated(HAR_NO_CODES).to_owned());
        if let Some(lasted) = connection.duration_s {
            let values = [("duration", Value::Text(duration(lasted)))];
            diagnosis.evidence.push(fill(HAR_LASTED, &values));
        }
        if let Some(silence) = connection.silence_s.filter(|silence| *silence >= 1.0) {
            let values = [("silence", Value::Text(duration(silence)))];
            diagnosis.evidence.push(fill(HAR_SILENCE, &values));
            if silence >= 5.0 {
                let sentence = fill(say::DECIDE_IDLE, &values);
                diagnosis.alternatives.push((Cause::IdleTimeout, sentence));
            }
        }
        diagnosis.cases = HAR_CASES.iter().collect();
    }
    if diagnosis.cases.is_empty() {
        // The row's own cases are about packets.
        diagnosis.cases = match diagnosis.cause {
            Cause::Unknown => HAR_CASES.iter().collect(),
            cause => cause.row().cases.iter().collect(),
        };
    }
    diagnosis
}
