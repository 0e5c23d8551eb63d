//! Bytes where a frame should begin that are something else: HTTP, TLS, plain text.
//!
//! A proxy that gives up writes its own answer into the stream, a server that refuses late writes one
//! behind its 101. Read as frames they are a Close with a code that nobody sent, or worse.

use crate::words::{Message, say};

use super::Frame;

/// So much of a line is kept.
const KEPT: usize = 60;
/// Text that is shorter proves nothing.
const SHORTEST_TEXT: usize = 12;
/// The first letters of requests.
const METHODS: [&[u8]; 6] = [
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"PUT ",
    b"OPTIONS ",
    b"CONNECT ",
];

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Response,
    Request,
    Tls,
    Text,
}

/// Bytes that are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    kind: Kind,
    line: [u8; KEPT],
    count: usize,
}

impl Foreign {
    /// What a frame is that breaks rules, if it is plainly something else.
    pub(super) fn of(frame: &Frame) -> Option<Self> {
        // Whoever masks writes frames, and what is none breaks a rule of the header.
        if frame.header.masked == Some(true) || !is_broken(frame) {
            return None;
        }
        let bytes = [frame.header.bytes(), frame.head.bytes()].concat();
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next();
        let line = line.unwrap_or_default();
        let kind = if line.starts_with(b"HTTP/1.") {
            Kind::Response
        } else if METHODS.iter().any(|method| line.starts_with(method)) && has_version(line) {
            Kind::Request
        } else if is_tls(&bytes) {
            Kind::Tls
        } else if is_text(&bytes) {
            Kind::Text
        } else {
            return None;
        };
        let mut kept = [0; KEPT];
        let count = line.len().min(KEPT);
        let room = kept.get_mut(..count)?;
        room.copy_from_slice(line.get(..count)?);
        Some(Foreign {
            kind,
            line: kept,
            count,
        })
    }

    /// The word for it in JSON: `http-response`, `http-request`, `tls`, `text`.
    pub fn id(self) -> &'static str {
        match self.kind {
            Kind::Response => "http-response",
            Kind::Request => "http-request",
            Kind::Tls => "tls",
            Kind::Text => "text",
        }
    }

    /// What it is, as a clause.
    pub fn message(self) -> Message {
        let line = self.line.get(..self.count).unwrap_or_default();
        let line = String::from_utf8_lossy(line).into_owned();
        let line = crate::escape::escape(&line);
        match self.kind {
            Kind::Response => say!(foreign.response, line),
            Kind::Request => say!(foreign.request, line),
            Kind::Tls => say!(foreign.tls),
            Kind::Text => say!(foreign.text, line),
        }
    }
}

/// Whether bytes are text, to their end or up to the frame that follows it.
fn is_text(bytes: &[u8]) -> bool {
    let count = bytes.iter().take_while(|byte| is_printable(byte)).count();
    let begins_frame = |byte: &u8| matches!(byte, 0x81 | 0x82 | 0x88..=0x8a);
    count >= SHORTEST_TEXT && bytes.get(count).is_none_or(begins_frame)
}

fn is_broken(frame: &Frame) -> bool {
    let header = &frame.header;
    let is_control = header.opcode.is_control();
    header.rsv2 || header.rsv3 || header.opcode.is_reserved() || is_control && !header.fin
}

fn has_version(line: &[u8]) -> bool {
    // The end of the line may not be there.
    line.windows(7).any(|part| part == b" HTTP/1") || line.len() > KEPT
}

/// Whether bytes begin like a record of TLS.
fn is_tls(bytes: &[u8]) -> bool {
    match bytes {
        [20..=23, 3, 0..=4, high, low, ..] => {
            let length = u16::from_be_bytes([*high, *low]);
            (1..=(1 << 14) + 2048).contains(&length)
        }
        _ => false,
    }
}

fn is_printable(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}
