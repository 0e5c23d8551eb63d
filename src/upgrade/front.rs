//! What stands before the frames: the HTTP upgrade, or something that is no WebSocket at all.
//!
//! A TCP stream that was saved raw begins with the request, the response, or
//! both. [`Front`] takes them off, tells what was agreed on, and
//! gives what follows as frames. Bytes of another kind are named for what they are.

use std::fmt;

use super::http::{LONGEST_HEAD, parse};
use super::{Fault, Head, Upgrade, is_interim};
use crate::words::{Text, text};

/// Takes the front of a stream until it is known where frames begin.
#[derive(Debug, Default)]
pub struct Front {
    /// The bytes that are not yet understood.
    held: Vec<u8>,
    /// The bytes of the heads before them.
    passed: u64,
    upgrade: Option<Upgrade>,
    /// The status of a response that announces another, until that comes.
    interim: Option<u16>,
}

/// Where frames begin, and what was before.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub struct Opened {
    /// What the HTTP heads said, where there were any.
    pub upgrade: Option<Upgrade>,
    /// The offset in the whole input of the first byte of `rest`.
    pub at: u64,
    /// The bytes behind what was before.
    pub rest: Vec<u8>,
    /// Whether they are frames, and not the body of a refusal.
    pub is_frames: bool,
}

/// Bytes that are no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotFrames {
    /// A TLS record.
    Tls,
    /// The beginning of an HTTP/2 connection.
    Http2,
    /// A pcap or pcapng capture.
    Capture,
    /// What a browser or a proxy recorded: a HAR file, a net log, flows of mitmproxy.
    Recording,
    /// Data that gzip compressed.
    Gzip,
    /// Data that another program compressed.
    Compressed,
    /// A ZIP archive, which may hold a recording.
    Zip,
    /// A database of SQLite.
    Sqlite,
    /// A PDF document.
    Pdf,
    /// A picture.
    Picture,
    /// A program.
    Program,
    /// What Git keeps in the place of a large file.
    Pointer,
    /// An HTTP head that goes on for ever.
    LongHead,
    /// An HTTP head that is none.
    BrokenHead,
    /// The input ends inside an HTTP head.
    CutHead,
}

impl NotFrames {
    /// What bytes are by how they begin, if they are one of these: no frame begins so.
    pub fn of(front: &[u8]) -> Option<NotFrames> {
        let kind = KINDS.iter().find(|(prefix, _)| front.starts_with(prefix));
        let recording = || is_recording(front).then_some(NotFrames::Recording);
        kind.map(|(_, kind)| *kind).or_else(recording)
    }

    /// Whether it is a file of a kind that has nothing to do with connections.
    pub fn is_file(self) -> bool {
        matches!(
            self,
            NotFrames::Sqlite
                | NotFrames::Pdf
                | NotFrames::Picture
                | NotFrames::Program
                | NotFrames::Pointer
                | NotFrames::Compressed
        )
    }

    /// What the bytes are, and what would work.
    pub fn words(self) -> Text {
        match self {
            NotFrames::Tls => text!(not_frames.tls),
            NotFrames::Http2 => text!(not_frames.http2),
            NotFrames::Capture => text!(not_frames.capture),
            NotFrames::Recording => text!(not_frames.recording),
            NotFrames::Gzip => text!(not_frames.gzip),
            NotFrames::Compressed => text!(not_frames.compressed),
            NotFrames::Zip => text!(not_frames.zip),
            NotFrames::Sqlite => text!(not_frames.sqlite),
            NotFrames::Pdf => text!(not_frames.pdf),
            NotFrames::Picture => text!(not_frames.picture),
            NotFrames::Program => text!(not_frames.program),
            NotFrames::Pointer => text!(not_frames.pointer),
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
const KINDS: [(&[u8], NotFrames); 27] = [
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
    (b"\x28\xb5\x2f\xfd", NotFrames::Compressed),
    (b"\xfd7zXZ\0", NotFrames::Compressed),
    (b"BZh91AY&SY", NotFrames::Compressed),
    (b"PK\x03\x04", NotFrames::Zip),
    (b"SQLite format 3\0", NotFrames::Sqlite),
    (b"%PDF-", NotFrames::Pdf),
    (b"\x89PNG\r\n\x1a\n", NotFrames::Picture),
    (b"\xff\xd8\xff", NotFrames::Picture),
    (b"\x7fELF", NotFrames::Program),
    (b"version https://git-lfs.github.com/", NotFrames::Pointer),
];

/// Whether a text begins like a HAR file, a net log of Chromium or flows of mitmproxy.
fn is_recording(front: &[u8]) -> bool {
    let front = front
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(front)
        .trim_ascii_start();
    let contains = |part: &[u8]| front.windows(part.len()).any(|window| window == part);
    if let Some(object) = front.strip_prefix(b"{") {
        let object = object.trim_ascii_start();
        let is_log = object.starts_with(b"\"log\"");
        return object.starts_with(b"\"constants\"")
            || is_log && (contains(b"\"entries\"") || contains(b"\"creator\""));
    }
    // tnetstrings, as mitmproxy writes them: a length, then an element with its own.
    let length = |text: &[u8]| {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (1..=12).contains(&digits).then_some(digits)
    };
    let behind = |text: &'_ [u8]| -> Option<usize> {
        let digits = length(text)?;
        (text.get(digits) == Some(&b':')).then_some(digits + 1)
    };
    let Some(inner) = behind(front).and_then(|at| front.get(at..)) else {
        return false;
    };
    // The element is a name, and what is behind it ends with the mark of its type.
    behind(inner)
        .and_then(|at| inner.get(at))
        .is_some_and(u8::is_ascii_lowercase)
        && front
            .iter()
            .take(64)
            .any(|byte| matches!(byte, b';' | b'#' | b'!' | b'~'))
}

const REQUEST: &[u8] = b"GET ";
const RESPONSE: &[u8] = b"HTTP/1.";

/// What the held bytes are.
enum Kind {
    Frames,
    /// A request or a response.
    Head,
    NotFrames(NotFrames),
    /// Too few to tell.
    Unknown,
}

impl Front {
    /// Takes the next bytes. Gives where frames begin once that is known; after that
    /// it is of no further use.
    ///
    /// # Errors
    ///
    /// What the bytes are, where they are no frames.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Option<Opened>, NotFrames> {
        self.held.extend_from_slice(bytes);
        loop {
            match self.kind() {
                Kind::Unknown => return Ok(None),
                Kind::NotFrames(kind) => return Err(kind),
                Kind::Frames => return Ok(Some(self.open())),
                Kind::Head => {
                    let Some((head, length)) = self.head()? else {
                        return Ok(None);
                    };
                    self.pass(length);
                    if self.take(head) {
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
        match self.kind() {
            Kind::Head => Err(NotFrames::CutHead),
            Kind::NotFrames(kind) => Err(kind),
            Kind::Frames | Kind::Unknown => Ok(self.open()),
        }
    }

    fn open(&mut self) -> Opened {
        let mut upgrade = self.upgrade.take();
        if let Some(upgrade) = &mut upgrade {
            upgrade.judge();
            let interim = self.interim.filter(|_| upgrade.response.is_none());
            upgrade.faults.extend(interim.map(Fault::InterimAlone));
        }
        Opened {
            is_frames: self.interim.is_none() && upgrade.as_ref().is_none_or(Upgrade::is_accepted),
            upgrade,
            at: self.passed,
            rest: std::mem::take(&mut self.held),
        }
    }

    /// Takes a head. Gives whether what follows it is no head any more.
    fn take(&mut self, head: Head) -> bool {
        let upgrade = self.upgrade.get_or_insert_default();
        match head {
            Head::Request(request) => {
                upgrade.request = Some(*request);
                false
            }
            Head::Response(response) if is_interim(response.status) => {
                self.interim = Some(response.status);
                false
            }
            Head::Response(response) => {
                self.interim = None;
                upgrade.response = Some(*response);
                true
            }
        }
    }

    fn pass(&mut self, length: usize) {
        self.held.drain(..length.min(self.held.len()));
        self.passed += length as u64;
    }

    fn kind(&self) -> Kind {
        let held = self.held.as_slice();
        let is_first = self.upgrade.is_none();
        let mut heads = vec![(RESPONSE, Kind::Head)];
        if is_first && is_recording(held) {
            return Kind::NotFrames(NotFrames::Recording);
        }
        if is_first {
            heads.push((REQUEST, Kind::Head));
            for (prefix, kind) in KINDS {
                heads.push((prefix, Kind::NotFrames(kind)));
            }
        }
        let mut is_open = false;
        for (prefix, kind) in heads {
            if held.starts_with(prefix) {
                return kind;
            }
            is_open |= prefix.starts_with(held);
        }
        if is_open { Kind::Unknown } else { Kind::Frames }
    }

    /// Reads a head from the front. `None` while it is not whole.
    fn head(&self) -> Result<Option<(Head, usize)>, NotFrames> {
        match parse(&self.held) {
            None => Err(NotFrames::BrokenHead),
            Some(None) if self.held.len() > LONGEST_HEAD => Err(NotFrames::LongHead),
            Some(head) => Ok(head),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST_HEAD: &str = "GET /chat HTTP/1.1\r\nHost: example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    const RESPONSE_HEAD: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    fn open(bytes: &[u8], step: usize) -> Result<Opened, NotFrames> {
        let mut opening = Front::default();
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
    fn files_of_other_kinds_are_named() {
        for (front, kind) in [
            (&b"%PDF-1.7\n%\xe2"[..], NotFrames::Pdf),
            (b"PK\x03\x04\x14\0", NotFrames::Zip),
            (b"SQLite format 3\0\x10", NotFrames::Sqlite),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:12\n",
                NotFrames::Pointer,
            ),
            (b"1846:9:websocket;14:made", NotFrames::Recording),
            (b"{ \"log\": {\"creator\": {}}}", NotFrames::Recording),
            (b"{\"constants\":{}", NotFrames::Recording),
        ] {
            assert_eq!(NotFrames::of(front), Some(kind), "{}", front.escape_ascii());
            assert_eq!(open(front, 4096), Err(kind));
        }
        for front in [
            &b"88:02:03:e8"[..],
            b"8:ab",
            b"{\"log\":1}",
            b"version 2",
            b"12:3:45",
        ] {
            assert_eq!(NotFrames::of(front), None, "{}", front.escape_ascii());
        }
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
            assert_eq!(upgrade.status(), Some(101));
            assert_eq!(upgrade.faults, []);
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
        assert_eq!(upgrade.faults, []);
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
        let expected = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned();
        assert_eq!(upgrade.faults, [Fault::WrongAccept(expected)]);
        let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
        let opened = open(refused.as_bytes(), 9).expect("it is");
        assert!(!opened.is_frames);
        let faults = opened.upgrade.expect("it was there").faults;
        assert_eq!(faults, [Fault::Refused(403, "Forbidden".to_owned())]);
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
            assert_eq!(upgrade.status(), Some(101));
            assert_eq!(upgrade.faults, []);
        }
        let opened = open(hints.as_bytes(), 9).expect("it is");
        assert!(!opened.is_frames);
        let faults = opened.upgrade.expect("it was there").faults;
        assert_eq!(faults, [Fault::InterimAlone(103)]);
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
