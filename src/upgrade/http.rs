//! The HTTP heads of one end, and the bodies between them passed over.
//!
//! A [`HttpReader`] takes the bytes of one end and gives each head with what it says about an upgrade.
//! Which answer belongs to which request is for the session.

/// More than any server takes.
pub(super) const LONGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;
/// So much is kept of a text from a head.
const LONGEST_TEXT: usize = 1024;

/// What a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// `GET` and the like.
    pub method: String,
    /// The target.
    pub target: String,
    /// The host that it is for.
    pub host: Option<String>,
    /// Whether it says `Upgrade: websocket`.
    pub is_upgrade: bool,
    /// The Sec-WebSocket-Key, which a proxy may pass on that drops the upgrade itself.
    pub key: Option<String>,
    /// Whether it is of a draft, hixie-76: it has two keys of another kind in place of that one.
    pub is_draft: bool,
    /// The extensions that the client offers.
    pub extensions: Option<String>,
    /// The subprotocols that the client offers.
    pub subprotocols: Option<String>,
    body: Body,
}

/// What a response says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The words behind the status.
    pub reason: String,
    /// What `Server` names.
    pub server: Option<String>,
    /// Where to instead.
    pub location: Option<String>,
    /// What the server agreed to.
    pub extensions: Option<String>,
    /// The subprotocol that it chose.
    pub subprotocol: Option<String>,
    /// The Sec-WebSocket-Accept.
    pub accept: Option<String>,
    /// Whether it says `Upgrade: websocket`.
    pub is_upgrade: bool,
    /// Whether it says `Connection: Upgrade`.
    pub is_connection_upgraded: bool,
    /// Whether it opens a stream of HTTP/2 (RFC 8441) rather than switch protocols: its status is then not
    /// 101, and it has no Sec-WebSocket-Accept.
    pub opens_stream: bool,
    /// Whether it is of HTTP/1.0.
    pub is_old: bool,
    /// How the client is to say who it is.
    pub authenticate: Option<String>,
    /// When to try again.
    pub retry_after: Option<String>,
    /// The methods that the path takes.
    pub allow: Option<String>,
    /// The versions of WebSocket that the server speaks.
    pub versions: Option<String>,
    /// The proxies that the answer came through.
    pub via: Option<String>,
    /// What its body is.
    pub content_type: Option<String>,
    /// The field of a 101 that announces a body, which it has not.
    pub announces_body: Option<String>,
    /// Whether a line of its head ends without CR.
    pub has_bare_line_ends: bool,
    body: Body,
}

impl Request {
    /// A request with these header fields.
    pub fn of(method: &str, target: &str, headers: &[httparse::Header<'_>]) -> Self {
        let text = |name| value(headers, name).map(short);
        Request {
            method: short(method.to_owned()),
            target: short(target.to_owned()),
            host: text("host"),
            is_upgrade: has_token(headers, "upgrade", "websocket"),
            key: text("sec-websocket-key"),
            is_draft: ["sec-websocket-key1", "sec-websocket-key2"]
                .iter()
                .all(|name| value(headers, name).is_some())
                && value(headers, "sec-websocket-key").is_none(),
            extensions: text("sec-websocket-extensions"),
            subprotocols: text("sec-websocket-protocol"),
            body: body(headers),
        }
    }

    /// The bytes of the body behind its head, where it says how many.
    pub(crate) fn body_length(&self) -> u64 {
        match self.body {
            Body::Length(length) => length,
            _ => 0,
        }
    }
}

impl Response {
    /// A response with these header fields.
    pub fn of(status: u16, reason: &str, headers: &[httparse::Header<'_>]) -> Self {
        let text = |name| value(headers, name).map(short);
        Response {
            status,
            reason: short(reason.to_owned()),
            server: text("server"),
            location: text("location"),
            extensions: text("sec-websocket-extensions"),
            subprotocol: text("sec-websocket-protocol"),
            accept: text("sec-websocket-accept"),
            is_upgrade: has_token(headers, "upgrade", "websocket"),
            is_connection_upgraded: has_token(headers, "connection", "upgrade"),
            opens_stream: false,
            is_old: false,
            authenticate: text("www-authenticate").or_else(|| text("proxy-authenticate")),
            retry_after: text("retry-after"),
            allow: text("allow"),
            versions: text("sec-websocket-version"),
            via: text("via"),
            content_type: text("content-type"),
            announces_body: announced_by(headers).filter(|_| status == 101).map(short),
            has_bare_line_ends: false,
            body: match body(headers) {
                _ if matches!(status, 100..=199 | 204 | 304) => Body::None,
                Body::None if value(headers, "content-length").is_none() => Body::Rest,
                body => body,
            },
        }
    }
}

impl Response {
    /// The bytes of the body that a 101 announces, where it says how many.
    pub(crate) fn announced_length(&self) -> u64 {
        let field = self.announces_body.as_deref();
        let length = field.and_then(|field| field.strip_prefix("Content-Length: "));
        length.and_then(|length| length.parse().ok()).unwrap_or(0)
    }
}

/// How long a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Body {
    #[default]
    None,
    Length(u64),
    Chunked,
    /// Until the connection ends.
    Rest,
}

/// Where in its messages an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Head,
    /// So many bytes of a body, or of a chunk with its line break, are left.
    Body(u64),
    /// Inside a chunk, or before one.
    Chunk(u64),
    ChunkSize,
    Trailers,
    Rest,
}

/// A head that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// A request.
    Request(Box<Request>),
    /// A response.
    Response(Box<Response>),
}

/// What became of the bytes that were fed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// They are used up.
    Done,
    /// A head ends after so many of them.
    Head(Head, usize),
    /// They are no HTTP.
    Broken,
}

/// Reads the heads of one end, and the beginning of a body.
#[derive(Debug)]
pub struct HttpReader {
    held: Vec<u8>,
    place: Place,
    /// The first bytes of the body that is read.
    body: Vec<u8>,
}

/// So much of a body is looked at.
const BODY_KEPT: usize = 512;

/// What servers write where plain HTTP reaches a port on which they speak TLS: nginx, Apache httpd
/// and Go's net/http.
const TLS_WANTED: [&str; 3] = [
    "plain HTTP request was sent to HTTPS port",
    "speaking plain HTTP to an SSL-enabled server port",
    "Client sent an HTTP request to an HTTPS server",
];

impl Default for HttpReader {
    fn default() -> Self {
        HttpReader {
            held: Vec::new(),
            place: Place::Head,
            body: Vec::new(),
        }
    }
}

impl HttpReader {
    /// The bytes of a head that has begun, and of a body.
    pub fn held_bytes(&self) -> usize {
        self.held.len() + self.body.len()
    }

    /// The beginning of the body that is read.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body says that the port wants TLS.
    pub fn wants_tls(&self) -> bool {
        let has = |wanted: &str| {
            let mut parts = self.body.windows(wanted.len());
            parts.any(|part| part == wanted.as_bytes())
        };
        TLS_WANTED.into_iter().any(has)
    }

    /// Takes bytes up to the end of the next head. What stands behind it must be fed again.
    pub fn feed(&mut self, bytes: &[u8]) -> Step {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match self.place {
                Place::Head => {
                    // Line breaks may stand before a head.
                    if self.held.is_empty() && matches!(rest.first(), Some(b'\r' | b'\n')) {
                        at += 1;
                        continue;
                    }
                    let before = self.held.len();
                    self.held.extend_from_slice(rest);
                    let Some(parsed) = parse(&self.held) else {
                        return Step::Broken;
                    };
                    let Some((head, length)) = parsed else {
                        if self.held.len() > LONGEST_HEAD {
                            return Step::Broken;
                        }
                        return Step::Done;
                    };
                    self.held.clear();
                    return Step::Head(head, at + length.saturating_sub(before));
                }
                Place::Body(left) => at += self.pass(rest, left, 0, Place::Body, Place::Head),
                // The line break behind it is none of the body.
                Place::Chunk(left) => {
                    at += self.pass(rest, left, 2, Place::Chunk, Place::ChunkSize);
                }
                Place::ChunkSize | Place::Trailers => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    let line = rest.get(..end.map_or(rest.len(), |end| end + 1));
                    let line = line.unwrap_or_default();
                    self.held.extend_from_slice(line);
                    at += line.len();
                    if end.is_some() {
                        let line = std::mem::take(&mut self.held);
                        if !self.line(&line) {
                            return Step::Broken;
                        }
                    } else if self.held.len() > LONGEST_HEAD {
                        return Step::Broken;
                    }
                }
                Place::Rest => {
                    self.keep(rest);
                    return Step::Done;
                }
            }
        }
        Step::Done
    }

    /// Gets ready for the body of a head. `is_bodiless` where the answer to a request has none.
    pub fn expect_body(&mut self, head: &Head, is_bodiless: bool) {
        let body = match head {
            Head::Request(request) => request.body,
            Head::Response(response) => response.body,
        };
        self.body.clear();
        self.place = match body {
            _ if is_bodiless => Place::Head,
            Body::None | Body::Length(0) => Place::Head,
            Body::Length(length) => Place::Body(length),
            Body::Chunked => Place::ChunkSize,
            Body::Rest => Place::Rest,
        };
    }

    /// Passes over a gap, where it lies inside a body. Gives whether it does.
    pub fn skip(&mut self, count: u64) -> bool {
        match self.place {
            Place::Body(left) if count <= left => {
                self.place = match left - count {
                    0 => Place::Head,
                    left => Place::Body(left),
                };
                true
            }
            Place::Chunk(left) if count < left => {
                self.place = Place::Chunk(left - count);
                true
            }
            Place::Rest => true,
            _ => false,
        }
    }

    /// Passes over what is left of a part, the last `behind` bytes of which are not kept.
    fn pass(
        &mut self,
        rest: &[u8],
        left: u64,
        behind: u64,
        place: fn(u64) -> Place,
        then: Place,
    ) -> usize {
        let within = |left: u64| usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        let count = within(left);
        let kept = within(left.saturating_sub(behind));
        self.keep(rest.get(..kept).unwrap_or_default());
        self.place = match left - count as u64 {
            0 => then,
            left => place(left),
        };
        count
    }

    /// Keeps the beginning of a body.
    fn keep(&mut self, bytes: &[u8]) {
        let room = BODY_KEPT.saturating_sub(self.body.len()).min(bytes.len());
        self.body
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// Takes the line of a chunk's size, or one after the last chunk.
    fn line(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        if self.place == Place::Trailers {
            if line.is_empty() {
                self.place = Place::Head;
            }
            return true;
        }
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let digits = std::str::from_utf8(digits).ok();
        let size = digits.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
        self.place = match size {
            None => return false,
            Some(0) => Place::Trailers,
            // Its line break belongs to it.
            Some(size) => Place::Chunk(size.saturating_add(2)),
        };
        true
    }
}

/// Reads a head and gives its length; `None` inside while it is not whole, `None` where it is none.
pub(super) fn parse(bytes: &[u8]) -> Option<Option<(Head, usize)>> {
    if b"HTTP/".starts_with(bytes.get(..bytes.len().min(5))?) {
        return match parse_response(bytes) {
            // No client takes a 101 like that; what a refusal says is worth to be read.
            None => match parse_response(&readable(bytes)) {
                Some(Some((Head::Response(response), _))) if response.status == 101 => None,
                parsed => parsed,
            },
            parsed => parsed,
        };
    }
    with_headers(bytes, |headers| {
        let mut request = httparse::Request::new(headers);
        Ok(match request.parse(bytes)? {
            httparse::Status::Partial => None,
            httparse::Status::Complete(length) => {
                let method = request.method.unwrap_or_default();
                let target = request.path.unwrap_or_default();
                let head = Request::of(method, target, request.headers);
                Some((Head::Request(Box::new(head)), length))
            }
        })
    })
}

fn parse_response(bytes: &[u8]) -> Option<Option<(Head, usize)>> {
    with_headers(bytes, |headers| {
        let mut response = httparse::Response::new(headers);
        Ok(match response.parse(bytes)? {
            httparse::Status::Partial => None,
            httparse::Status::Complete(length) => {
                let status = response.code.unwrap_or_default();
                let reason = response.reason.unwrap_or_default();
                let mut head = Response::of(status, reason, response.headers);
                head.is_old = response.version == Some(0);
                head.has_bare_line_ends =
                    has_bare_line_ends(bytes.get(..length).unwrap_or_default());
                Some((Head::Response(Box::new(head)), length))
            }
        })
    })
}

/// A head, as far as it was read.
type Parsed = Option<(Head, usize)>;

/// Parses with room for the header fields that heads have, and where that is too little, for as many as the lines of a
/// head that is whole: before, it is one that is not whole.
fn with_headers<'b>(
    bytes: &'b [u8],
    mut parse: impl FnMut(&mut [httparse::Header<'b>]) -> Result<Parsed, httparse::Error>,
) -> Option<Parsed> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    match parse(&mut headers) {
        Err(httparse::Error::TooManyHeaders) => {}
        parsed => return parsed.ok(),
    }
    let ends = |end: &[u8]| bytes.windows(end.len()).any(|window| window == end);
    if !ends(b"\n\r\n") && !ends(b"\n\n") {
        return Some(None);
    }
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    parse(&mut vec![httparse::EMPTY_HEADER; lines]).ok()
}

/// Whether a line of a head ends without CR.
fn has_bare_line_ends(head: &[u8]) -> bool {
    let mut pairs = std::iter::once(&0).chain(head).zip(head);
    pairs.any(|(before, byte)| *byte == b'\n' && *before != b'\r')
}

/// A head with its control characters blotted out: clients differ in what they take, and a person
/// wants to know what the head says.
fn readable(bytes: &[u8]) -> Vec<u8> {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    let blotted = bytes.iter().map(|byte| match is_control(byte) {
        true => b'?',
        false => *byte,
    });
    blotted.collect()
}

/// The field that announces a body.
fn announced_by(headers: &[httparse::Header<'_>]) -> Option<String> {
    let named = |name: &str, shown: &str| Some(format!("{shown}: {}", value(headers, name)?));
    let length = named("content-length", "Content-Length");
    named("transfer-encoding", "Transfer-Encoding")
        .or(length.filter(|length| !length.ends_with(": 0")))
}

fn body(headers: &[httparse::Header<'_>]) -> Body {
    if has_token(headers, "transfer-encoding", "chunked") {
        return Body::Chunked;
    }
    let length = value(headers, "content-length");
    match length.and_then(|length| length.trim().parse().ok()) {
        Some(length) => Body::Length(length),
        None => Body::None,
    }
}

/// The values of all headers of a name, joined as HTTP joins them.
fn value(headers: &[httparse::Header<'_>], name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| String::from_utf8_lossy(header.value).trim().to_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn has_token(headers: &[httparse::Header<'_>], name: &str, token: &str) -> bool {
    value(headers, name).is_some_and(|value| {
        value
            .split(',')
            .any(|part| part.trim().eq_ignore_ascii_case(token))
    })
}

/// At most so much of a text as is kept.
fn short(mut text: String) -> String {
    if text.len() > LONGEST_TEXT {
        let mut end = LONGEST_TEXT;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], step: usize) -> (Vec<Head>, bool) {
        let mut reader = HttpReader::default();
        let mut seen = Vec::new();
        for piece in bytes.chunks(step) {
            let mut rest = piece;
            loop {
                match reader.feed(rest) {
                    Step::Done => break,
                    Step::Broken => return (seen, false),
                    Step::Head(head, length) => {
                        reader.expect_body(&head, false);
                        seen.push(head);
                        rest = &rest[length..];
                    }
                }
            }
        }
        (seen, true)
    }

    #[test]
    fn bodies_of_both_kinds_are_passed_over() {
        let stream = b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /\
            GET /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nGET \r\n0\r\nA: b\r\n\r\n\
            GET /c HTTP/1.1\r\nUpgrade: h2c, WebSocket\r\nHost: h\r\n\r\n";
        for step in [1, 3, 11, 4096] {
            let (seen, is_http) = read(stream, step);
            assert!(is_http);
            let targets: Vec<(&str, bool)> = seen
                .iter()
                .map(|head| match head {
                    Head::Request(request) => (request.target.as_str(), request.is_upgrade),
                    Head::Response(_) => panic!("none"),
                })
                .collect();
            assert_eq!(targets, [("/a", false), ("/b", false), ("/c", true)]);
        }
    }
}
