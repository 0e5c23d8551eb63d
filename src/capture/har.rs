//! HAR files of browsers: messages and errors of WebSocket connections, without their frames.
//!
//! Chrome and its kin write each message behind `_webSocketMessages`, what went wrong as one of
//! them, and as the time of the request how long the connection was there. Firefox writes the
//! request, its answer and how long the upgrade took, and nothing of why there was no answer.
//! Neither writes Close frames or codes, or what TCP did: that is said in what a
//! [`Transport`] lacks.

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use crate::escape::escape;
use crate::frame::unmask;
use crate::logline::Time;
use crate::session::{Endpoint, Lacks, Options, Origin, Piece, Record, Session, Source, Transport};
use crate::upgrade::{Head, Request, Response};
use crate::words::{self, say};

/// So much of a text is kept.
const KEPT: usize = 400;
/// So many errors of a connection are kept.
const MOST_ERRORS: usize = 16;

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
    request: Asked,
    response: Option<Answer>,
    #[serde(rename = "_resourceType")]
    resource: Option<String>,
    #[serde(rename = "_webSocketMessages")]
    messages: Option<Vec<Message>>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
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
    opcode: Option<f64>,
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
pub fn read(bytes: &[u8], options: Options) -> Result<Vec<Box<Record>>, words::Message> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| say!(recorded.not_a_har, error = escape(&error.to_string())))?;
    let entries = file.log.entries.into_iter();
    let connections = entries.filter(Entry::is_websocket);
    Ok(connections
        .filter_map(|entry| entry.follow(options))
        .collect())
}

/// Header fields as a file has them.
fn headers(headers: &[Header]) -> Vec<httparse::Header<'_>> {
    let headers = headers.iter().map(|header| httparse::Header {
        name: &header.name,
        value: header.value.as_bytes(),
    });
    headers.collect()
}

impl Entry {
    fn is_websocket(&self) -> bool {
        let asks = self.request.headers.iter().any(|header| {
            header.name.eq_ignore_ascii_case("upgrade")
                && header.value.eq_ignore_ascii_case("websocket")
        });
        self.resource.as_deref() == Some("websocket")
            || self.request.url.starts_with("ws://")
            || self.request.url.starts_with("wss://")
            || asks
    }

    /// What it holds of the connection, followed like any other: the client is the first end.
    fn follow(self, options: Options) -> Option<Box<Record>> {
        let started = Time::of(&self.started_date_time).and_then(|time| time.nanoseconds());
        let origin = Origin {
            packet: 0,
            time: started.unwrap_or_default(),
        };
        let seen = || Endpoint {
            is_captured: true,
            ..Endpoint::default()
        };
        let mut session = Session::new(options);
        session.client = Some(0);
        session.has_beginning = true;
        session.transport = Transport {
            source: Source::Har,
            lacks: Lacks {
                closes: true,
                transport: true,
                messages: self.messages.is_none(),
                ..Lacks::default()
            },
            ends: [seen(), seen()],
            url: Some(self.request.url.chars().take(KEPT).collect()),
            first: origin,
            last: origin,
            ..Transport::default()
        };
        let target = self.request.url.splitn(4, '/').nth(3).unwrap_or_default();
        let mut request = Request::of(
            "GET",
            &format!("/{target}"),
            &headers(&self.request.headers),
        );
        // What the browser calls a WebSocket asked for one, whatever the file has left out.
        request.is_upgrade = true;
        let request = Head::Request(Box::new(request));
        session.piece(0, Piece::Head(request, false, origin), false);
        let response = self.response.unwrap_or_default();
        let status = response
            .status
            .filter(|status| (100.0..1000.0).contains(status));
        match status {
            Some(status) => {
                let reason = response.status_text.unwrap_or_default();
                let response = Response::of(status as u16, &reason, &headers(&response.headers));
                let is_whole = response.accept.is_some();
                let response = Head::Response(Box::new(response));
                session.piece(1, Piece::Head(response, is_whole, origin), false);
            }
            None => session.transport.failure = Some(response.error.unwrap_or_default()),
        }
        let mut offsets = [0; 2];
        let mut times: Option<(f64, f64)> = None;
        for (index, message) in self.messages.into_iter().flatten().enumerate() {
            let side = match message.r#type.as_deref() {
                Some("send") => 0,
                Some("receive") => 1,
                Some("error") => {
                    let errors = &mut session.transport.errors;
                    if errors.len() < MOST_ERRORS {
                        errors.push(message.data.0);
                    }
                    continue;
                }
                _ => continue,
            };
            let packet = index as u64 + 1;
            let time = message.time.map_or(origin.time, |time| (time * 1e9) as i64);
            if let Some(time) = message.time {
                let (first, last) = times.unwrap_or((time, time));
                times = Some((first.min(time), last.max(time)));
            }
            let frame = frame(message.opcode, &message.data.0, side == 0, packet);
            let at = offsets[side];
            offsets[side] += frame.len() as u64;
            let origin = Origin { packet, time };
            session.piece(side, Piece::Bytes(at, &frame, origin), false);
        }
        if let (Some(lasted), false) = (self.time, session.transport.lacks.messages) {
            session.transport.last.time += (lasted.max(0.0) * 1e6) as i64;
            // The first message follows the answer at once, so the clock of the messages is good enough.
            let last = times.map(|(first, last)| Origin {
                packet: 0,
                time: origin.time + ((last - first) * 1e9) as i64,
            });
            session.transport.ends[0].last_data = last;
        }
        session.finish(None)
    }
}

/// The frame that a message was sent in, as far as the file tells: whole, and not compressed. `seed`
/// makes the masking key of the client, which no file has.
fn frame(opcode: Option<f64>, data: &str, is_masked: bool, seed: u64) -> Vec<u8> {
    let opcode = if opcode == Some(2.0) { 2 } else { 1 };
    let mut frame = vec![0x80 | opcode];
    let mask = u8::from(is_masked) << 7;
    match data.len() {
        length @ 0..=125 => frame.push(mask | length as u8),
        length => {
            frame.push(mask | 126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    let payload = frame.len();
    if is_masked {
        let key = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 | 1;
        frame.extend(key.to_be_bytes());
        let payload = payload + 4;
        frame.extend(data.as_bytes());
        if let Some(payload) = frame.get_mut(payload..) {
            unmask(payload, key.to_be_bytes(), 0);
        }
    } else {
        frame.extend(data.as_bytes());
    }
    frame
}
