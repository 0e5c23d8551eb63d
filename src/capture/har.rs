//! HAR files of browsers: messages and errors of WebSocket connections, without their frames.
//!
//! Chrome and its kin write each message behind `_webSocketMessages`, what went wrong as one of
//! them, and as the time of the request how long the connection was there. Firefox writes the
//! request, its answer and how long the upgrade took, and nothing of why there was no answer.
//! Neither writes Close frames or codes.

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use crate::escape::escape;
use crate::words::{self, say};

/// So much of a text is kept.
const KEPT: usize = 400;

/// A WebSocket connection in a HAR file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HarConnection {
    /// The URL that was asked for.
    pub url: String,
    /// When, as the file says it.
    pub started: String,
    /// How long it was there, in seconds; `None` where the file does not say: the time of the
    /// upgrade alone is no such thing.
    pub duration_s: Option<f64>,
    /// The status of the answer; 0 where there was none.
    pub status: u16,
    /// The words behind the status.
    pub reason: String,
    /// Why there was no answer.
    pub error: Option<String>,
    /// What the server agreed to.
    pub extensions: Option<String>,
    /// The subprotocol that it chose.
    pub subprotocol: Option<String>,
    /// Whether the file holds its messages and errors.
    pub has_messages: bool,
    /// Messages of the browser.
    pub sent: u64,
    /// Messages of the server.
    pub received: u64,
    /// What the browser says went wrong.
    pub errors: Vec<String>,
    /// From the last message to the end, in seconds.
    pub silence_s: Option<f64>,
}

#[derive(Deserialize)]
struct File {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    started_date_time: String,
    time: Option<f64>,
    request: Request,
    response: Option<Response>,
    #[serde(rename = "_resourceType")]
    resource: Option<String>,
    #[serde(rename = "_webSocketMessages")]
    messages: Option<Vec<Message>>,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: Option<f64>,
    status_text: Option<String>,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(rename = "_error")]
    error: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Message {
    r#type: Option<String>,
    time: Option<f64>,
    #[serde(default)]
    data: Beginning,
}

/// The beginning of a text: a HAR may hold megabytes of messages.
#[derive(Default)]
struct Beginning(String);

impl<'de> Deserialize<'de> for Beginning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;
        impl Visitor<'_> for Taker {
            type Value = Beginning;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Beginning, E> {
                Ok(Beginning(text.chars().take(KEPT).collect()))
            }
            fn visit_unit<E: Error>(self) -> Result<Beginning, E> {
                Ok(Beginning::default())
            }
        }
        deserializer.deserialize_any(Taker)
    }
}

/// The WebSocket connections of a HAR file.
///
/// # Errors
///
/// What is wrong with the file, in one line.
pub fn read(bytes: &[u8]) -> Result<Vec<HarConnection>, words::Message> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| say!(har.not_a_har, error = escape(&error.to_string())))?;
    let mut connections = Vec::new();
    for entry in file.log.entries {
        let is_upgrade = header(&entry.request.headers, "upgrade")
            .is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"));
        let is_websocket = entry.resource.as_deref() == Some("websocket")
            || entry.request.url.starts_with("ws://")
            || entry.request.url.starts_with("wss://")
            || is_upgrade;
        if is_websocket {
            connections.push(connection(entry));
        }
    }
    Ok(connections)
}

fn header(headers: &[Header], name: &str) -> Option<String> {
    let mut headers = headers.iter();
    let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(header.value.chars().take(KEPT).collect())
}

fn connection(entry: Entry) -> HarConnection {
    let response = entry.response.as_ref();
    let headers = response.map_or(&[][..], |response| &response.headers);
    let status = response
        .and_then(|response| response.status)
        .unwrap_or_default();
    let mut connection = HarConnection {
        url: entry.request.url.chars().take(KEPT).collect(),
        started: entry.started_date_time.chars().take(64).collect(),
        duration_s: entry
            .time
            .filter(|time| *time > 0.0 && entry.messages.is_some())
            .map(|time| time / 1e3),
        status: if (0.0..1000.0).contains(&status) {
            status as u16
        } else {
            0
        },
        reason: response
            .and_then(|response| response.status_text.clone())
            .unwrap_or_default(),
        error: response.and_then(|response| response.error.clone()),
        extensions: header(headers, "sec-websocket-extensions"),
        subprotocol: header(headers, "sec-websocket-protocol"),
        has_messages: entry.messages.is_some(),
        ..HarConnection::default()
    };
    let mut times: Option<(f64, f64)> = None;
    for message in entry.messages.into_iter().flatten() {
        match message.r#type.as_deref() {
            Some("send") => connection.sent += 1,
            Some("receive") => connection.received += 1,
            Some("error") if connection.errors.len() < 16 => {
                connection.errors.push(message.data.0);
                continue;
            }
            _ => continue,
        }
        if let Some(time) = message.time {
            let (first, last) = times.unwrap_or((time, time));
            times = Some((first.min(time), last.max(time)));
        }
    }
    // The first message follows the answer at once, so the clock of the messages is good enough.
    connection.silence_s = times
        .zip(connection.duration_s)
        .map(|((first, last), duration)| (duration - (last - first)).max(0.0));
    connection
}
