//! HAR files of any size: messages and errors of WebSocket connections, without their frames.
//!
//! Chrome and its kin write each message behind `_webSocketMessages`, what went wrong as one of
//! them, and as the time of the request how long the connection was there, which ends with the last
//! message where it was still open. mitmproxy writes the time of the upgrade alone there. Firefox
//! writes the request, its answer and how long the upgrade took, and nothing of why there was no answer.
//! None writes Close frames or codes, or what TCP did: that is said in what a
//! [`Transport`] lacks.
//!
//! ```
//! use wsclose::capture::har::HarFile;
//! use wsclose::session::Options;
//!
//! let har = br#"{"log": {"entries": [{
//!     "_resourceType": "websocket", "startedDateTime": "2026-11-21T13:46:10.388Z", "time": 61000,
//!     "request": {"method": "GET", "url": "wss://example.org/ws", "headers": []},
//!     "response": {"status": 101, "headers": []},
//!     "_webSocketMessages": [{"type": "receive", "time": 1795268771.0, "opcode": 1, "data": "hello"}]
//! }]}}"#;
//! let mut urls = Vec::new();
//! let mut file = HarFile::new(Options::default());
//! file.feed(har, &mut |record| urls.extend(record.transport.url.clone()));
//! assert!(file.finish().unwrap(), "it is whole");
//! assert_eq!(urls, ["wss://example.org/ws"]);
//! ```

mod messages;
mod scan;
mod writer;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::logline::Time;
use crate::session::{Endpoint, Lacks, Lasting, Options, Origin, Record, Source, Transport};
use crate::upgrade::{Request, Response};
use crate::words::{self, say};

use messages::Messages;
use scan::{Event, Of, Scanner};
use writer::Writer;

/// So much of a text is kept.
const KEPT: usize = 400;
/// A recorded time that ends so long behind the last message, or earlier, ends with it; in seconds.
const WITH_THE_LAST: f64 = 0.001;
/// Messages so long before their connection are of another clock, such as one that counts from the start of the
/// machine; in nanoseconds.
const ANOTHER_CLOCK: i64 = 1_000_000_000;

/// Reads a HAR file piece by piece.
#[derive(Debug)]
pub struct HarFile {
    options: Options,
    scanner: Scanner,
    writer: Writer,
    entry: Option<Box<Entry>>,
}

/// What is known of an entry while it is read.
#[derive(Debug, Default)]
struct Entry {
    started: String,
    time: Option<f64>,
    is_socket: bool,
    url: String,
    request_headers: Vec<Header>,
    status: Option<f64>,
    version: String,
    status_text: String,
    response_headers: Vec<Header>,
    error: Option<String>,
    messages: Option<Messages>,
}

#[derive(Debug, Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Creator {
    #[serde(default)]
    name: String,
}

impl HarFile {
    /// A file of which nothing was read.
    pub fn new(options: Options) -> Self {
        HarFile {
            options,
            scanner: Scanner::default(),
            writer: Writer::default(),
            entry: None,
        }
    }

    /// Takes the next bytes and hands the connections that they complete to `sink`.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
        let HarFile {
            options,
            scanner,
            writer,
            entry,
        } = self;
        scanner.feed(bytes, &mut |event| match event {
            Event::Entry => *entry = Some(Box::default()),
            Event::Value(Of::Creator, value, _) => {
                let creator: Option<Creator> = read(value);
                let name = creator.map(|creator| creator.name).unwrap_or_default();
                *writer = Writer::named(&name);
            }
            Event::Messages => {
                if let Some(entry) = entry {
                    entry
                        .messages
                        .get_or_insert_with(|| Messages::new(*options));
                }
            }
            Event::Value(of, value, left_out) => {
                if let Some(entry) = entry {
                    entry.take(of, value, left_out);
                }
            }
            Event::End => {
                let entry = entry.take().filter(|entry| entry.is_websocket());
                if let Some(record) = entry.and_then(|entry| entry.follow(*options, *writer)) {
                    sink(record);
                }
            }
        });
    }

    /// Hands the connection to `sink` inside whose entry the file ends, where its answer is there.
    pub fn rest(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let entry = self.entry.take();
        let entry = entry.filter(|entry| entry.is_websocket() && entry.response().is_some());
        if let Some(record) = entry.and_then(|entry| entry.follow(self.options, self.writer)) {
            sink(record);
        }
    }

    /// Takes the end of the file; `Ok(false)`: it ends in the middle.
    ///
    /// # Errors
    ///
    /// That it is no HAR file, in one line.
    pub fn finish(&self) -> Result<bool, words::Message> {
        let scanner = &self.scanner;
        match (scanner.is_broken, scanner.has_entries) {
            (true, _) => Err(say!(recorded.har_broken, at = scanner.at)),
            (false, false) => Err(say!(recorded.not_a_har)),
            (false, true) => Ok(scanner.is_whole()),
        }
    }

    /// How many bytes were read.
    pub fn at(&self) -> u64 {
        self.scanner.at
    }

    /// The bytes that wait for more.
    pub fn held_bytes(&self) -> usize {
        self.scanner.held_bytes()
    }
}

/// A value as it is expected; `None` where it is something else.
fn read<T: DeserializeOwned>(value: &[u8]) -> Option<T> {
    serde_json::from_slice(value).ok()
}

/// The beginning of a text.
fn beginning(text: String) -> String {
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// Header fields as a file has them.
fn headers(headers: &[Header]) -> Vec<httparse::Header<'_>> {
    let headers = headers.iter().map(|header| httparse::Header {
        name: &header.name,
        value: header.value.as_bytes(),
    });
    headers.collect()
}

fn nanoseconds(seconds: f64) -> i64 {
    (seconds * 1e9) as i64
}

impl Entry {
    fn take(&mut self, of: Of, value: &[u8], left_out: u64) {
        if of == Of::Message {
            if let Some(messages) = &mut self.messages {
                messages.take(value, left_out);
            }
            return;
        }
        match of {
            Of::Started => self.started = read(value).unwrap_or_default(),
            Of::Time => self.time = read(value),
            Of::Resource => {
                self.is_socket = read::<String>(value).is_some_and(|of| of == "websocket")
            }
            Of::Url => self.url = beginning(read(value).unwrap_or_default()),
            Of::RequestHeaders => self.request_headers = read(value).unwrap_or_default(),
            Of::Status => self.status = read(value),
            Of::Version => self.version = beginning(read(value).unwrap_or_default()),
            Of::StatusText => self.status_text = beginning(read(value).unwrap_or_default()),
            Of::ResponseHeaders => self.response_headers = read(value).unwrap_or_default(),
            Of::Error => self.error = read::<String>(value).map(beginning),
            Of::Creator | Of::Message => {}
        }
    }

    fn is_websocket(&self) -> bool {
        let asks = self.request_headers.iter().any(|header| {
            header.name.eq_ignore_ascii_case("upgrade")
                && header.value.eq_ignore_ascii_case("websocket")
        });
        self.is_socket
            || self.messages.is_some()
            || self.url.starts_with("ws://")
            || self.url.starts_with("wss://")
            || asks
    }

    /// What it holds of the connection, followed like any other: the client is the first end.
    fn follow(mut self, options: Options, writer: Writer) -> Option<Box<Record>> {
        let started = Time::of(&self.started).and_then(|time| time.nanoseconds());
        let messages = self.messages.take();
        let lacks_messages = messages.is_none();
        let messages = messages.unwrap_or_else(|| Messages::new(options));
        let is_stream = self.is_stream(messages.count > 0);
        let (mut session, times) = (messages.session, messages.times);
        let first = times.map(|(first, _)| nanoseconds(first));
        let is_of_clock = |first: i64| {
            started.is_none_or(|started| first.saturating_add(ANOTHER_CLOCK) >= started)
        };
        let times = times.filter(|_| first.is_some_and(is_of_clock));
        let origin = Origin::new(0, started.or(first).unwrap_or_default());
        let seen = || Endpoint {
            is_captured: true,
            ..Endpoint::default()
        };
        session.transport = Transport {
            source: Source::Har,
            recorder: writer.recorder,
            lacks: Lacks {
                closes: !messages.has_close,
                transport: true,
                messages: lacks_messages,
                ..Lacks::default()
            },
            ends: [seen(), seen()],
            url: Some(std::mem::take(&mut self.url)),
            first: origin,
            last: origin,
            errors: messages.errors,
            ..Transport::default()
        };
        if !lacks_messages {
            self.lasted(&mut session.transport, times, writer);
        }
        let mut request = self.request(session.transport.url.as_deref().unwrap_or_default());
        let mut response = self.response();
        if let Some(response) = response.as_mut().filter(|_| is_stream) {
            "CONNECT".clone_into(&mut request.method);
            response.opens_stream = true;
        }
        if response.is_none() {
            session.transport.failure = Some(self.error.take().unwrap_or_default());
        }
        let is_whole = response
            .as_ref()
            .is_none_or(|response| response.accept.is_some());
        session.handshake_apart(request, response, is_whole, origin);
        session.finish(None)
    }

    /// Whether it is a stream of HTTP/2 or HTTP/3 that was opened: a 2xx accepts there (RFC 8441 section 5).
    fn is_stream(&self, has_messages: bool) -> bool {
        let version = self.version.to_ascii_lowercase();
        let has_streams = ["h2", "h3", "http/2", "http/3"]
            .iter()
            .any(|name| version.starts_with(name));
        let mut fields = self.request_headers.iter();
        let is_extended = fields.any(|field| field.name == ":protocol");
        let is_accepted = self
            .status
            .is_some_and(|status| (200.0..300.0).contains(&status));
        has_streams && is_accepted && (has_messages || is_extended)
    }

    /// How long the connection was there, as far as the file tells.
    fn lasted(&self, transport: &mut Transport, times: Option<(f64, f64)>, writer: Writer) {
        let first = transport.first.time;
        let until_last = times.map(|(_, last)| (nanoseconds(last) - first) as f64 / 1e9);
        let recorded = self
            .time
            .map(|time| time.max(0.0) / 1e3)
            .filter(|_| !writer.is_upgrade_timed);
        // Who writes its name at the end of the file may be one that times the upgrade alone.
        let is_short =
            |recorded: f64| until_last.is_some_and(|last| recorded + WITH_THE_LAST < last);
        let recorded = recorded.filter(|recorded| writer.is_named || !is_short(*recorded));
        let (lasted, lasting) = match (recorded, until_last) {
            (Some(recorded), Some(last)) if recorded > last + WITH_THE_LAST => {
                (recorded, Lasting::Known)
            }
            (Some(_), Some(last)) => (last, Lasting::UntilLast),
            (None, Some(last)) => (last, Lasting::AtLeast),
            (Some(recorded), None) => (recorded, Lasting::Known),
            (None, None) => (0.0, Lasting::AtLeast),
        };
        transport.last.time = first.saturating_add(nanoseconds(lasted.max(0.0)));
        transport.lasting = lasting;
        transport.ends[0].last_data =
            until_last.map(|last| Origin::new(0, first.saturating_add(nanoseconds(last))));
    }

    fn request(&self, url: &str) -> Request {
        let target = url.splitn(4, '/').nth(3).unwrap_or_default();
        let mut request = Request::of(
            "GET",
            &format!("/{target}"),
            &headers(&self.request_headers),
        );
        // What the browser calls a WebSocket asked for one, whatever the file has left out.
        request.is_upgrade = true;
        request
    }

    fn response(&self) -> Option<Response> {
        let status = self
            .status
            .filter(|status| (100.0..1000.0).contains(status))?;
        let headers = headers(&self.response_headers);
        Some(Response::of(status as u16, &self.status_text, &headers))
    }
}
