//! What stands before the frames: the HTTP upgrade, or something that is no WebSocket at all.
//!
//! A TCP stream that was saved raw begins with the request, the response, or
//! both. [`Opening`] takes them off the front, tells what was agreed on, and
//! gives what follows as frames. Bytes of another kind are named for what they are.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::escape::escape;
use crate::extensions::{Agreement, agreement};
use crate::words::{Message, Text, say, text};

/// What follows the client's key before it is hashed. RFC 6455 section 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// More than any server takes.
const LONGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;

/// Takes the front of a stream until it is known where frames begin.
#[derive(Debug, Default)]
pub struct Opening {
    /// The bytes that are not yet understood.
    held: Vec<u8>,
    /// The bytes of the heads before them.
    passed: u64,
    upgrade: Option<Upgrade>,
}

/// What the HTTP heads before the frames say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upgrade {
    /// The target of the request, where the request was there.
    pub target: Option<String>,
    /// The status of the response, where the response was there.
    pub status: Option<u16>,
    /// What the response agreed on, as its header says it.
    pub extensions: Option<String>,
    /// The subprotocol that the response chose.
    pub subprotocol: Option<String>,
    /// What is wrong with the upgrade, in sentences without a full stop.
    pub problems: Vec<Message>,
    key: Option<String>,
}

impl Upgrade {
    /// What the two ends agreed on; nothing where the response's header cannot be read.
    pub fn agreement(&self) -> Agreement {
        let header = self.extensions.as_deref().unwrap_or_default();
        agreement(header).unwrap_or_default()
    }

    /// Whether frames may follow: the response was not there, or said 101.
    pub fn is_accepted(&self) -> bool {
        self.status.is_none_or(|status| status == 101)
    }
}

/// Where frames begin, and what was before.
#[derive(Debug, PartialEq)]
pub struct Opened {
    /// What the HTTP heads said, where there were any.
    pub upgrade: Option<Upgrade>,
    /// The offset in the whole input of the first byte of `rest`.
    pub at: u64,
    /// The first bytes that are frames.
    pub rest: Vec<u8>,
}

/// Bytes that are no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFrames {
    /// A TLS record.
    Tls,
    /// The beginning of an HTTP/2 connection.
    Http2,
    /// A pcap or pcapng capture.
    Capture,
    /// Data that gzip compressed.
    Gzip,
    /// An HTTP head that goes on for ever.
    LongHead,
    /// An HTTP head that is none.
    BrokenHead,
    /// The input ends inside an HTTP head.
    CutHead,
}

impl NotFrames {
    /// What the bytes are, and what would work.
    pub fn words(self) -> Text {
        match self {
            NotFrames::Tls => text!(not_frames.tls),
            NotFrames::Http2 => text!(not_frames.http2),
            NotFrames::Capture => text!(not_frames.capture),
            NotFrames::Gzip => text!(not_frames.gzip),
            NotFrames::LongHead => text!(not_frames.long_head),
            NotFrames::BrokenHead => text!(not_frames.broken_head),
            NotFrames::CutHead => text!(not_frames.cut_head),
        }
    }
}

/// In English.
impl fmt::Display for NotFrames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

impl std::error::Error for NotFrames {}

/// How other kinds of data begin.
const KINDS: [(&[u8], NotFrames); 17] = [
    (b"\x16\x03\x00", NotFrames::Tls),
    (b"\x16\x03\x01", NotFrames::Tls),
    (b"\x16\x03\x02", NotFrames::Tls),
    (b"\x16\x03\x03", NotFrames::Tls),
    // A capture that begins later has other records first.
    (b"\x14\x03\x01", NotFrames::Tls),
    (b"\x14\x03\x03", NotFrames::Tls),
    (b"\x15\x03\x01", NotFrames::Tls),
    (b"\x15\x03\x03", NotFrames::Tls),
    (b"\x17\x03\x01", NotFrames::Tls),
    (b"\x17\x03\x03", NotFrames::Tls),
    (b"PRI * HTTP/2.0\r\n", NotFrames::Http2),
    (b"\xd4\xc3\xb2\xa1", NotFrames::Capture),
    (b"\xa1\xb2\xc3\xd4", NotFrames::Capture),
    (b"\x4d\x3c\xb2\xa1", NotFrames::Capture),
    (b"\xa1\xb2\x3c\x4d", NotFrames::Capture),
    (b"\x0a\x0d\x0d\x0a", NotFrames::Capture),
    (b"\x1f\x8b\x08", NotFrames::Gzip),
];

const REQUEST: &[u8] = b"GET ";
const RESPONSE: &[u8] = b"HTTP/1.";

/// What the held bytes are.
enum Front {
    Frames,
    Request,
    Response,
    NotFrames(NotFrames),
    /// Too few to tell.
    Unknown,
}

impl Opening {
    /// Takes the next bytes. Gives where frames begin once that is known; after that
    /// it is of no further use.
    ///
    /// # Errors
    ///
    /// What the bytes are, where they are no frames.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Option<Opened>, NotFrames> {
        self.held.extend_from_slice(bytes);
        loop {
            match self.front() {
                Front::Unknown => return Ok(None),
                Front::NotFrames(kind) => return Err(kind),
                Front::Frames => return Ok(Some(self.open())),
                Front::Request => {
                    let Some(length) = self.request()? else {
                        return Ok(None);
                    };
                    self.pass(length);
                }
                Front::Response => {
                    let Some(length) = self.response()? else {
                        return Ok(None);
                    };
                    self.pass(length);
                    if !self.is_interim() {
                        return Ok(Some(self.open()));
                    }
                }
            }
        }
    }

    /// Takes the end of the input: what could still have become a head is frames.
    ///
    /// # Errors
    ///
    /// Where the input ends inside a head.
    pub fn finish(&mut self) -> Result<Opened, NotFrames> {
        match self.front() {
            Front::Request | Front::Response => Err(NotFrames::CutHead),
            Front::NotFrames(kind) => Err(kind),
            Front::Frames | Front::Unknown => Ok(self.open()),
        }
    }

    fn open(&mut self) -> Opened {
        let mut upgrade = self.upgrade.take();
        if let Some(upgrade) = &mut upgrade {
            if let Some(status) = upgrade.status.filter(|&status| is_interim(status)) {
                upgrade.problems.push(say!(upgrade.interim_alone, status));
            }
        }
        Opened {
            upgrade,
            at: self.passed,
            rest: std::mem::take(&mut self.held),
        }
    }

    /// Whether the latest response announces another.
    fn is_interim(&self) -> bool {
        let status = self.upgrade.as_ref().and_then(|upgrade| upgrade.status);
        status.is_some_and(is_interim)
    }

    fn pass(&mut self, length: usize) {
        self.held.drain(..length.min(self.held.len()));
        self.passed += length as u64;
    }

    fn front(&self) -> Front {
        let held = self.held.as_slice();
        let is_first = self.upgrade.is_none();
        let mut heads = vec![(RESPONSE, Front::Response)];
        if is_first {
            heads.push((REQUEST, Front::Request));
            for (prefix, kind) in KINDS {
                heads.push((prefix, Front::NotFrames(kind)));
            }
        }
        let mut is_open = false;
        for (prefix, front) in heads {
            if held.starts_with(prefix) {
                return front;
            }
            is_open |= prefix.starts_with(held);
        }
        if is_open {
            Front::Unknown
        } else {
            Front::Frames
        }
    }

    /// Reads a request from the front. `None` while it is not whole.
    fn request(&mut self) -> Result<Option<usize>, NotFrames> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let Some(length) = whole(request.parse(&self.held), self.held.len())? else {
            return Ok(None);
        };
        let mut upgrade = Upgrade {
            target: request.path.map(str::to_owned),
            key: value(request.headers, "sec-websocket-key"),
            ..Upgrade::default()
        };
        if !has_token(request.headers, "upgrade", "websocket") {
            upgrade.problems.push(say!(upgrade.not_asked));
        }
        self.upgrade = Some(upgrade);
        Ok(Some(length))
    }

    /// Reads a response from the front. `None` while it is not whole.
    fn response(&mut self) -> Result<Option<usize>, NotFrames> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let Some(length) = whole(response.parse(&self.held), self.held.len())? else {
            return Ok(None);
        };
        let mut upgrade = self.upgrade.take().unwrap_or_default();
        upgrade.status = response.code;
        upgrade.extensions = value(response.headers, "sec-websocket-extensions");
        upgrade.subprotocol = value(response.headers, "sec-websocket-protocol");
        if upgrade.is_accepted() {
            let accept = value(response.headers, "sec-websocket-accept");
            upgrade
                .problems
                .extend(accept_problem(upgrade.key.as_deref(), accept.as_deref()));
            if !has_token(response.headers, "upgrade", "websocket") {
                upgrade.problems.push(say!(upgrade.response_no_upgrade));
            }
            let header = upgrade.extensions.as_deref().unwrap_or_default();
            if let Err(refusal) = agreement(header) {
                upgrade.problems.push(say!(
                    upgrade.response_extensions,
                    refusal = refusal.message()
                ));
            }
        } else if response.code.is_some_and(is_interim) {
            // The answer comes after it.
        } else {
            let code = response.code.unwrap_or_default();
            let reason = escape(response.reason.unwrap_or_default());
            upgrade.problems.push(say!(
                upgrade.answered_not_101,
                status = format!("{code} {reason}").trim_end()
            ));
        }
        self.upgrade = Some(upgrade);
        Ok(Some(length))
    }
}

/// Whether a response of this status announces another: 100 Continue, 103 Early Hints.
///
/// Source: RFC 9110 section 15.2.
fn is_interim(status: u16) -> bool {
    status != 101 && (100..200).contains(&status)
}

/// The length of a head that was read; `None` while it is not whole.
fn whole(parsed: httparse::Result<usize>, held: usize) -> Result<Option<usize>, NotFrames> {
    match parsed {
        Ok(httparse::Status::Complete(length)) => Ok(Some(length)),
        Ok(httparse::Status::Partial) if held > LONGEST_HEAD => Err(NotFrames::LongHead),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(NotFrames::BrokenHead),
    }
}

/// The values of all headers of a name, joined as HTTP joins them.
pub(crate) fn value(headers: &[httparse::Header<'_>], name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| String::from_utf8_lossy(header.value).trim().to_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

pub(crate) fn has_token(headers: &[httparse::Header<'_>], name: &str, token: &str) -> bool {
    value(headers, name).is_some_and(|value| {
        value
            .split(',')
            .any(|part| part.trim().eq_ignore_ascii_case(token))
    })
}

/// What is wrong with the server's answer to the key.
///
/// Source: RFC 6455 section 4.2.2.
fn accept_problem(key: Option<&str>, accept: Option<&str>) -> Option<Message> {
    let Some(accept) = accept else {
        return Some(say!(upgrade.response_no_accept));
    };
    let expected = accept_for(key?);
    (accept != expected).then(|| say!(upgrade.response_wrong_accept, expected))
}

/// The Sec-WebSocket-Accept that answers a key.
///
/// Source: RFC 6455 section 4.2.2.
pub(crate) fn accept_for(key: &str) -> String {
    let digest = sha1_smol::Sha1::from(format!("{key}{GUID}")).digest();
    STANDARD.encode(digest.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST_HEAD: &str = "GET /chat HTTP/1.1\r\nHost: example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    const RESPONSE_HEAD: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    fn open(bytes: &[u8], step: usize) -> Result<Opened, NotFrames> {
        let mut opening = Opening::default();
        let mut pieces = bytes.chunks(step);
        while let Some(piece) = pieces.next() {
            if let Some(mut opened) = opening.feed(piece)? {
                opened.rest.extend(pieces.flatten());
                return Ok(opened);
            }
        }
        opening.finish()
    }

    #[test]
    fn frames_alone_are_frames() {
        for bytes in [&b"\x88\x00"[..], b"\x81\x02hi", b"\x48", b"G", b"\x16\x03"] {
            for step in [1, 64] {
                let opened = open(bytes, step).expect("they are frames");
                assert_eq!((opened.at, opened.rest.as_slice()), (0, bytes));
                assert_eq!(opened.upgrade, None);
            }
        }
    }

    /// The key and its answer are those of RFC 6455 section 1.3.
    #[test]
    fn an_upgrade_is_read_past_and_checked() {
        let both = [
            REQUEST_HEAD.as_bytes(),
            RESPONSE_HEAD.as_bytes(),
            b"\x88\x00",
        ]
        .concat();
        for step in [1, 7, 4096] {
            let opened = open(&both, step).expect("it is an upgrade");
            assert_eq!(opened.at as usize, both.len() - 2);
            assert_eq!(opened.rest, b"\x88\x00");
            let upgrade = opened.upgrade.expect("it was there");
            assert_eq!(upgrade.status, Some(101));
            assert!(upgrade.problems.is_empty());
            assert!(upgrade.agreement().deflate.is_some());
        }
    }

    #[test]
    fn one_end_alone_is_enough() {
        let response = [RESPONSE_HEAD.as_bytes(), b"\x88\x00"].concat();
        let upgrade = open(&response, 5)
            .expect("it is")
            .upgrade
            .expect("it was there");
        assert!(upgrade.problems.is_empty());
        let request = [REQUEST_HEAD.as_bytes(), b"\x88\x80\x01\x02\x03\x04"].concat();
        assert_eq!(
            open(&request, 5).expect("it is").rest,
            b"\x88\x80\x01\x02\x03\x04"
        );
    }

    #[test]
    fn what_is_wrong_with_an_upgrade_is_said() {
        let wrong = RESPONSE_HEAD.replace("s3pP", "AAAA");
        let both = [REQUEST_HEAD, &wrong].concat();
        let upgrade = open(both.as_bytes(), 9)
            .expect("it is")
            .upgrade
            .expect("it was there");
        assert!(
            upgrade.problems[0]
                .to_string()
                .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        );
        let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
        let upgrade = open(refused.as_bytes(), 9)
            .expect("it is")
            .upgrade
            .expect("it was there");
        assert!(!upgrade.is_accepted());
        assert!(upgrade.problems[0].to_string().contains("403 Forbidden"));
    }

    #[test]
    fn an_interim_response_is_no_refusal() {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        let all = [REQUEST_HEAD, hints, RESPONSE_HEAD].concat();
        let both = [all.as_bytes(), b"\x88\x00"].concat();
        for step in [1, 64, 4096] {
            let opened = open(&both, step).expect("it is");
            assert_eq!(opened.rest, b"\x88\x00");
            let upgrade = opened.upgrade.expect("it was there");
            assert_eq!(upgrade.status, Some(101));
            assert!(upgrade.problems.is_empty());
        }
        let upgrade = open(hints.as_bytes(), 9).expect("it is").upgrade;
        let upgrade = upgrade.expect("it was there");
        assert!(!upgrade.is_accepted());
        assert!(upgrade.problems[0].to_string().contains("103"));
    }

    #[test]
    fn other_kinds_of_data_are_named() {
        for (bytes, kind) in [
            (&b"\x16\x03\x01\x02\x00\x01"[..], NotFrames::Tls),
            (b"\x17\x03\x03\x00\x20", NotFrames::Tls),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NotFrames::Http2),
            (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", NotFrames::Capture),
            (b"\x0a\x0d\x0d\x0a\x1c\x00\x00\x00", NotFrames::Capture),
            (b"\x1f\x8b\x08\x00", NotFrames::Gzip),
            (b"GET /chat HTTP/1.1\r\nHost: ex", NotFrames::CutHead),
            (b"HTTP/1.1 abc\r\n\r\n", NotFrames::BrokenHead),
        ] {
            for step in [1, 64] {
                assert_eq!(open(bytes, step), Err(kind), "{bytes:02x?}");
            }
        }
    }
}
