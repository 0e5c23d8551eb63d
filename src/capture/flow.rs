//! Flows of mitmproxy: messages, times, and the one Close that mitmproxy passed on.
//!
//! A flow holds whole messages and no frames, who closed, with what, and what went wrong. It writes
//! 1005 for an empty Close and 1006 where an end was gone without one. It answers a Close itself, with
//! the same code, towards both ends.
//!
//! Source: read in mitmproxy mitmproxy/io/tnetstring.py, io/compat.py, websocket.py and
//! proxy/layers/websocket.py; measured with mitmproxy 11.0.2.
//!
//! ```
//! use wsclose::capture::flow::{Flows, is_beginning};
//! use wsclose::session::Options;
//!
//! // A flow is a netstring: its length, a colon, its content, and its type.
//! assert_eq!(is_beginning(b"2074:9:websocket;"), Some(true));
//! assert_eq!(is_beginning(b"{\"log\": {"), Some(false));
//! let mut flows = Flows::new(Options::default());
//! flows.feed(b"2074:", &mut |record| println!("{record:?}"));
//! assert!(flows.finish().is_cut);
//! ```

use std::net::SocketAddr;

use super::tnetstring::{Head as NetHead, Item, head};
use crate::escape::hide;
use crate::frame::{Sender, unmask};
use crate::session::{
    Beginning, Endpoint, Lacks, Options, Origin, Piece, Record, Recorder, Session, Source,
    Transport,
};
use crate::upgrade::{Head, Request, Response};

/// The largest flow that is read; what is larger is passed over.
const LARGEST: usize = 64 << 20;
/// So much of a text is kept.
const KEPT: usize = 400;

/// Whether bytes begin like a file of flows; `None` where that takes more of them.
pub fn is_beginning(bytes: &[u8]) -> Option<bool> {
    if bytes.is_empty() {
        return None;
    }
    let inner = match head(bytes) {
        NetHead::Broken => return Some(false),
        NetHead::Short => return None,
        NetHead::Whole(begins, _) => bytes.get(begins..).unwrap_or_default(),
    };
    // A flow is a dictionary: a key comes first.
    match head(inner) {
        NetHead::Broken => Some(false),
        NetHead::Short => None,
        NetHead::Whole(begins, length) => {
            let key = inner.get(begins..).unwrap_or_default();
            let shown = key.get(..length.min(key.len())).unwrap_or_default();
            let is_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
            let is_key = (1..=40).contains(&length) && shown.iter().all(is_name);
            match (is_key, key.get(length)) {
                (false, _) => Some(false),
                (true, None) => None,
                (true, Some(kind)) => Some(matches!(kind, b',' | b';')),
            }
        }
    }
}

/// How a file of flows ended, and what of it was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it ends inside a flow.
    pub is_cut: bool,
    /// Whether something in it is no flow; what follows was not read.
    pub is_broken: bool,
    /// The flows that were read, whatever they hold.
    pub flows: u64,
    /// Flows that were too large to be read.
    pub too_large: u64,
    /// The bytes read.
    pub bytes: u64,
}

/// The WebSockets of a file of flows, as it comes.
#[derive(Debug)]
pub struct Flows {
    options: Options,
    held: Vec<u8>,
    /// Bytes of a flow that is passed over.
    skip: usize,
    count: u64,
    outcome: Outcome,
}

impl Flows {
    /// A file of which nothing was read.
    pub fn new(options: Options) -> Self {
        Flows {
            options,
            held: Vec::new(),
            skip: 0,
            count: 0,
            outcome: Outcome::default(),
        }
    }

    /// Takes the next bytes, and hands on each WebSocket in them.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
        self.outcome.bytes += bytes.len() as u64;
        if self.outcome.is_broken {
            return;
        }
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        self.held
            .extend_from_slice(bytes.get(skipped..).unwrap_or_default());
        let mut at = 0;
        while let Some(rest) = self.held.get(at..).filter(|rest| !rest.is_empty()) {
            let (begins, length) = match head(rest) {
                NetHead::Whole(begins, length) => (begins, length),
                NetHead::Short => break,
                NetHead::Broken => {
                    self.outcome.is_broken = true;
                    self.held = Vec::new();
                    return;
                }
            };
            let whole = begins.saturating_add(length).saturating_add(1);
            if length > LARGEST {
                self.outcome.too_large += 1;
                self.skip = whole.saturating_sub(rest.len());
                at += whole.min(rest.len());
                continue;
            }
            let Some(flow) = rest.get(..whole) else {
                break;
            };
            self.count += 1;
            match Item::read(flow) {
                Some((flow @ Item::Dict(_), _)) => {
                    if let Some(record) = follow(flow, self.options, self.count) {
                        sink(record);
                    }
                }
                _ => self.outcome.is_broken = true,
            }
            at += whole;
        }
        self.held.drain(..at.min(self.held.len()));
    }

    /// Hands the WebSocket to `sink` inside whose flow the file ends, where it tells of an answer or a Close.
    pub fn rest(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let flow = Item::of_cut(&self.held).filter(|_| !self.outcome.is_broken);
        let Some(flow @ Item::Dict(_)) = flow else {
            return;
        };
        let is_closed = flow.get("websocket").get("close_code").number().is_some();
        let has_told =
            flow.get("request").is_some() && (is_closed || flow.get("response").is_some());
        if let (true, Some(record)) = (has_told, follow(flow, self.options, self.count + 1)) {
            sink(record);
        }
    }

    /// Ends the file.
    pub fn finish(&mut self) -> Outcome {
        Outcome {
            is_cut: !self.held.is_empty() || self.skip > 0,
            flows: self.count,
            ..self.outcome
        }
    }
}

/// What mitmproxy writes as the reason of a Close where it refused itself what an end sent: the errors of the library
/// that it reads frames with, by their beginnings, and the rules that they are about. What it passes on it has framed
/// anew, so the other end finds no such fault.
///
/// Source: read in wsproto 1.3, frame_protocol.py, and mitmproxy 11, proxy/layers/websocket.py
const REFUSALS: [(&str, &str); 16] = [
    (
        "client received unexpected masked frame",
        "masked-server-frame",
    ),
    (
        "server received unexpected unmasked frame",
        "unmasked-client-frame",
    ),
    ("Reserved bit set unexpectedly", "reserved-bits"),
    ("Invalid opcode 0x", "reserved-opcode"),
    (
        "Invalid attempt to fragment control frame",
        "fragmented-control-frame",
    ),
    (
        "Control frame with payload len > 125",
        "control-frame-too-long",
    ),
    ("Payload length used ", "non-minimal-length"),
    (
        "8-byte payload length with non-zero MSB",
        "length-top-bit-set",
    ),
    ("CLOSE with 1 byte payload", "one-byte-close-body"),
    ("CLOSE with invalid code", "close-code-not-allowed"),
    ("CLOSE with unknown reserved code", "close-code-not-allowed"),
    (
        "remote CLOSE with local-only reason",
        "close-code-not-allowed",
    ),
    ("Error decoding CLOSE reason: ", "close-reason-not-utf8"),
    ("unexpected CONTINUATION", "continuation-without-start"),
    ("expected CONTINUATION, got ", "data-frame-inside-message"),
    ("'utf-8' codec can't decode byte", "text-not-utf8"),
];

/// The rule for which mitmproxy refused what an end sent, where the code and the reason of a Close tell that.
fn refusal(code: u16, reason: &[u8]) -> Option<&'static str> {
    let reason = std::str::from_utf8(reason).ok()?;
    let is_meant = |row: &&(&str, &str)| reason.starts_with(row.0);
    let (_, rule) = REFUSALS.iter().find(is_meant)?;
    matches!(code, 1002 | 1007).then_some(rule)
}

/// Nanoseconds since 1970 of a time in seconds.
fn time(item: Item<'_>) -> Option<i64> {
    item.number().map(|seconds| (seconds * 1e9) as i64)
}

/// An address, which is a list of a host and a port; older versions wrap it.
fn address(connection: Item<'_>, keys: [&str; 2]) -> Option<SocketAddr> {
    let of = |key| {
        let item = connection.get(key);
        let mut parts = match item.get("address") {
            Item::Null => item.items(),
            inner => inner.items(),
        };
        let host = parts.next()?.text()?;
        let port = parts.next()?.number()?;
        Some(SocketAddr::new(host.parse().ok()?, port as u16))
    };
    keys.into_iter().find_map(of)
}

/// The header fields of a message.
fn fields(message: Item<'_>) -> Vec<(&str, &[u8])> {
    let fields = message.get("headers").items().filter_map(|field| {
        let mut parts = field.items();
        Some((parts.next()?.text()?, parts.next()?.bytes()?))
    });
    fields.take(128).collect()
}

fn headers<'a>(fields: &[(&'a str, &'a [u8])]) -> Vec<httparse::Header<'a>> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| httparse::Header { name, value })
        .collect()
}

fn field<'a>(fields: &[(&'a str, &'a [u8])], name: &str) -> Option<&'a str> {
    let mut fields = fields.iter();
    let (_, value) = fields.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(value).ok()
}

/// What a flow holds of a WebSocket, followed like any other: the client is the first end.
fn follow(flow: Item<'_>, options: Options, number: u64) -> Option<Box<Record>> {
    let request = flow.get("request");
    let asked = fields(request);
    let is_asked = field(&asked, "upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket"))
        || field(&asked, ":protocol").is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
    let websocket = flow.get("websocket");
    // Before its version 11 mitmproxy wrote the connection as a flow of its own.
    let is_old = flow.get("type").text() == Some("websocket");
    if !is_asked && !websocket.is_some() && !is_old {
        return None;
    }
    let first = time(request.get("timestamp_start"))
        .or_else(|| time(flow.get("client_conn").get("timestamp_start")))
        // Of one that is cut, the first time that is there.
        .or_else(|| time(flow.get("response").get("timestamp_start")))
        .or_else(|| time(websocket.get("timestamp_end")))
        .unwrap_or_default();
    let mut following = Following::new(options, first, number);
    if is_old {
        following.of_old(flow);
    } else {
        following.upgrade(flow, &asked);
        following.messages(websocket);
        let closer = websocket.get("closed_by_client").bool();
        let code = websocket.get("close_code").number();
        let reason = websocket.get("close_reason").bytes();
        following.close(closer, code, reason, time(websocket.get("timestamp_end")));
    }
    let transport = &mut following.session.transport;
    let [client, server] = &mut transport.ends;
    client.address = address(flow.get("client_conn"), ["peername", "address"]);
    server.address = address(flow.get("server_conn"), ["peername", "ip_address"])
        .or_else(|| address(flow.get("server_conn"), ["address", "address"]));
    let error = flow.get("error").get("msg").bytes();
    if let Some(error) = error.map(String::from_utf8_lossy) {
        let error = error.chars().take(KEPT).collect();
        match following.is_open {
            true => transport.lost = Some(error),
            false if !following.is_answered => transport.failure = Some(error),
            false => {}
        }
    }
    following.session.finish(None)
}

/// A WebSocket that is made of a flow.
struct Following {
    session: Session,
    number: u64,
    offsets: [u64; 2],
    frames: u64,
    is_open: bool,
    is_answered: bool,
}

impl Following {
    fn new(options: Options, first: i64, number: u64) -> Self {
        let origin = Origin::new(number, first);
        let seen = || Endpoint {
            is_captured: true,
            ..Endpoint::default()
        };
        let mut session = Session::new(options);
        session.client = Some(0);
        session.has_beginning = true;
        session.transport = Transport {
            source: Source::Flow,
            recorder: Recorder::Program,
            lacks: Lacks {
                transport: true,
                ..Lacks::default()
            },
            ends: [seen(), seen()],
            beginning: Beginning::Opened,
            first: origin,
            last: origin,
            ..Transport::default()
        };
        Following {
            session,
            number,
            offsets: [0; 2],
            frames: 0,
            is_open: false,
            is_answered: false,
        }
    }

    fn origin(&mut self, time: Option<i64>) -> Origin {
        let last = &mut self.session.transport.last;
        last.time = time.unwrap_or(last.time).max(last.time);
        Origin::new(self.number, time.unwrap_or(last.time))
    }

    fn upgrade(&mut self, flow: Item<'_>, asked: &[(&str, &[u8])]) {
        let request = flow.get("request");
        let path = request.get("path").bytes().map(String::from_utf8_lossy);
        let path = path.unwrap_or_default();
        let text = |key| request.get(key).text().unwrap_or_default();
        let authority = match (field(asked, "host"), text("authority")) {
            (Some(host), _) => host.to_owned(),
            (None, "") => {
                let port = request.get("port").number().unwrap_or_default();
                format!("{}:{port}", text("host"))
            }
            (None, authority) => authority.to_owned(),
        };
        let scheme = match text("scheme") {
            "https" | "wss" => "wss",
            _ => "ws",
        };
        let url: String = format!("{scheme}://{authority}{path}")
            .chars()
            .take(KEPT)
            .collect();
        // The end of a flow that is cut may be that of its host.
        if !authority.starts_with(':') {
            self.session.transport.url = Some(hide(&url).into_owned());
        }
        let origin = self.origin(time(request.get("timestamp_start")));
        let mut head = Request::of(text("method"), &path, &headers(asked));
        let is_stream = field(asked, ":protocol").is_some() || text("method") == "CONNECT";
        let is_websocket = flow.get("websocket").is_some();
        head.is_upgrade |= is_stream || is_websocket;
        let head = Head::Request(Box::new(head));
        // mitmproxy's own versions may have changed fields; what it passed on is not judged.
        self.session
            .piece(0, Piece::Head(head, false, origin), false);
        let response = flow.get("response");
        let Some(status) = response.get("status_code").number() else {
            if is_websocket {
                // It was open, whatever the flow holds of that.
                self.is_open = true;
                self.session.begin_frames();
            }
            return;
        };
        let status = status.clamp(0.0, 999.0) as u16;
        self.is_answered = true;
        self.is_open = status == 101 || is_stream && (200..300).contains(&status);
        let answered = fields(response);
        let reason = response.get("reason").text().unwrap_or_default();
        let origin = self.origin(time(response.get("timestamp_start")));
        if !self.is_open {
            let content = response.get("content").bytes();
            self.session.transport.body = content.map(|content| content.len() as u64);
        }
        let status = if self.is_open { 101 } else { status };
        let mut head = Response::of(status, reason, &headers(&answered));
        head.is_upgrade |= self.is_open;
        let head = Head::Response(Box::new(head));
        self.session
            .piece(1, Piece::Head(head, false, origin), false);
        self.session.judge_accept();
    }

    fn of_old(&mut self, flow: Item<'_>) {
        self.is_open = true;
        self.session.has_beginning = false;
        self.session.transport.beginning = Beginning::Before;
        self.session.begin_frames();
        self.messages(flow);
        let closer = flow.get("close_sender").text();
        let closer = closer.map(|closer| closer == "client");
        let code = flow.get("close_code");
        let code = code
            .number()
            .or_else(|| code.text().and_then(|code| code.parse().ok()));
        let reason = flow.get("close_reason").bytes();
        let reason = reason.filter(|reason| *reason != b"unknown status code");
        let end = time(flow.get("timestamp_end"));
        self.close(closer.filter(|_| code.is_some()), code, reason, end);
    }

    fn messages(&mut self, websocket: Item<'_>) {
        for message in websocket.get("messages").items() {
            let mut parts = message.items();
            let (Some(kind), Some(from_client), Some(content)) =
                (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let opcode = if kind.number() == Some(2.0) { 2 } else { 1 };
            let side = usize::from(from_client.bool() == Some(false));
            let origin = parts.next().and_then(time);
            let origin = self.origin(origin);
            self.frame(side, opcode, content.bytes().unwrap_or_default(), origin);
            if let Some(end) = self.session.transport.ends.get_mut(side) {
                end.last_data = Some(origin);
            }
        }
    }

    /// Hands on a frame as far as a flow tells: whole, and not compressed.
    fn frame(&mut self, side: usize, opcode: u8, content: &[u8], origin: Origin) {
        let is_masked = side == 0;
        let mask = u8::from(is_masked) << 7;
        let mut frame = vec![0x80 | opcode];
        match content.len() {
            length @ 0..=125 => frame.push(mask | length as u8),
            length @ 126..=0xffff => {
                frame.push(mask | 126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(mask | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        self.frames += 1;
        if is_masked {
            // Which key it was no flow tells.
            let key = (self.frames.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 | 1;
            frame.extend(key.to_be_bytes());
            let begins = frame.len();
            frame.extend(content);
            if let Some(content) = frame.get_mut(begins..) {
                unmask(content, key.to_be_bytes(), 0);
            }
        } else {
            frame.extend(content);
        }
        let Some(offset) = self.offsets.get_mut(side) else {
            return;
        };
        let at = *offset;
        *offset += frame.len() as u64;
        self.session
            .piece(side, Piece::Bytes(at, &frame, origin), false);
    }

    fn close(
        &mut self,
        by_client: Option<bool>,
        code: Option<f64>,
        reason: Option<&[u8]>,
        end: Option<i64>,
    ) {
        let (Some(by_client), Some(code)) = (by_client, code) else {
            return;
        };
        let (side, sender) = match by_client {
            true => (0, Sender::Client),
            false => (1, Sender::Server),
        };
        let origin = self.origin(end);
        let code = code.clamp(0.0, 65535.0) as u16;
        if code == 1006 {
            self.session.transport.gone = Some(sender);
            return;
        }
        let reason = reason.unwrap_or_default();
        if let Some(rule) = refusal(code, reason) {
            let transport = &mut self.session.transport;
            transport.refused = Some((sender, rule, code));
            let said = String::from_utf8_lossy(reason);
            transport.errors.push(said.chars().take(KEPT).collect());
            return;
        }
        let mut payload = Vec::new();
        if code != 1005 {
            payload.extend(code.to_be_bytes());
            payload.extend(reason.get(..reason.len().min(123)).unwrap_or_default());
        }
        self.frame(side, 8, &payload, origin);
    }
}
