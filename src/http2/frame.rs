//! The frames of one end of an HTTP/2 connection, in a stream that may have gaps.
//!
//! Payloads of DATA are handed on as they come, without their padding; of the others only those are kept
//! that are read, and only so much of them as makes sense.
//!
//! Source: RFC 9113 sections 4 and 6.
//!
//! ```
//! use wsclose::http2::frame::{PREFACE, are_frames};
//!
//! // A PING, twice: its length, its type, its flags, its stream, and eight bytes.
//! let ping = b"\0\0\x08\x06\0\0\0\0\0abcdefgh";
//! assert!(are_frames(&[&ping[..], ping, ping].concat()));
//! assert!(!are_frames(b"GET / HTTP/1.1\r\n\r\n"));
//! assert!(PREFACE.starts_with(b"PRI"));
//! ```

/// The bytes in front of each frame.
const HEADER: usize = 9;
/// The largest frame that an end takes unless it says otherwise (SETTINGS_MAX_FRAME_SIZE).
const USUAL_LARGEST: usize = 16_384;
/// So much is kept of a frame that is read whole.
const MOST_KEPT: usize = 128 * 1024;
/// So many frames in a row convince where the bytes end inside the last.
const ENOUGH: usize = 3;

/// What a client says first (RFC 9113 section 3.4).
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The kinds of frames that are read.
pub(super) mod kind {
    pub(in crate::http2) const DATA: u8 = 0;
    pub(in crate::http2) const HEADERS: u8 = 1;
    pub(in crate::http2) const RST_STREAM: u8 = 3;
    pub(in crate::http2) const SETTINGS: u8 = 4;
    pub(in crate::http2) const PUSH_PROMISE: u8 = 5;
    pub(in crate::http2) const PING: u8 = 6;
    pub(in crate::http2) const GOAWAY: u8 = 7;
    pub(in crate::http2) const WINDOW_UPDATE: u8 = 8;
    pub(in crate::http2) const CONTINUATION: u8 = 9;
}

/// The flags that are read.
pub(super) mod flag {
    pub(in crate::http2) const END_STREAM: u8 = 0x1;
    pub(in crate::http2) const ACK: u8 = 0x1;
    pub(in crate::http2) const END_HEADERS: u8 = 0x4;
    pub(in crate::http2) const PADDED: u8 = 0x8;
    pub(in crate::http2) const PRIORITY: u8 = 0x20;
}

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) length: usize,
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Self> {
        let &[a, b, c, kind, flags, d, e, f, g] = bytes.first_chunk::<HEADER>()?;
        Some(Header {
            length: u32::from_be_bytes([0, a, b, c]) as usize,
            kind,
            flags,
            stream: u32::from_be_bytes([d, e, f, g]) & 0x7fff_ffff,
        })
    }

    pub(super) fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it is one that an end sends which keeps the rules.
    fn is_sound(self) -> bool {
        let of_stream = self.stream != 0;
        let (is_right, flags) = match self.kind {
            kind::DATA => (of_stream, 0x9),
            kind::HEADERS => (of_stream, 0x2d),
            2 => (of_stream && self.length == 5, 0),
            kind::RST_STREAM => (of_stream && self.length == 4, 0),
            kind::SETTINGS => (!of_stream && self.length % 6 == 0 && self.length < 600, 1),
            kind::PUSH_PROMISE => (of_stream, 0xc),
            kind::PING => (!of_stream && self.length == 8, 1),
            kind::GOAWAY => (!of_stream && self.length >= 8, 0),
            kind::WINDOW_UPDATE => (self.length == 4, 0),
            kind::CONTINUATION => (of_stream, 4),
            _ => return false,
        };
        is_right && self.flags & !flags == 0 && self.length <= USUAL_LARGEST
    }
}

/// Whether bytes are frames from the first to the last, or begin with several.
pub fn are_frames(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut count = 0;
    while !rest.is_empty() {
        // The reserved bit is 0 in all that is sent.
        let header = Header::of(rest).filter(|header| header.is_sound());
        let is_reserved = rest.get(5).is_some_and(|byte| *byte >= 0x80);
        let Some(header) = header.filter(|_| !is_reserved) else {
            return count >= ENOUGH && rest.len() < HEADER;
        };
        let Some(behind) = rest.get(HEADER + header.length..) else {
            return count >= ENOUGH;
        };
        count += 1;
        rest = behind;
    }
    count > 0
}

/// What comes out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A part of the payload of DATA.
    Data(u32, &'a [u8]),
    /// So many bytes of the payload of DATA were not seen.
    Missing(u32, u64),
    /// DATA has come to its end.
    DataEnd(Header),
    /// Another frame, with its payload.
    Frame(Header, &'a [u8]),
    /// A frame that is not whole.
    Partial(Header),
    /// Frames may have begun and ended that were not seen.
    Lost,
}

/// Reads the frames of one end.
#[derive(Debug, Default)]
pub(super) struct Frames {
    held: Vec<u8>,
    current: Option<Current>,
    /// Whether it is not known where the next frame begins.
    is_searching: bool,
}

#[derive(Debug)]
struct Current {
    header: Header,
    /// Bytes of it that are still to come.
    left: usize,
    /// Of these, the padding of DATA; `None` while its length has not come.
    padding: Option<usize>,
}

impl Frames {
    /// The frames of a stream of which the beginning was not seen.
    pub(super) fn late() -> Self {
        Frames {
            is_searching: true,
            ..Frames::default()
        }
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.held.len()
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Item<'_>)) {
        if self.is_searching {
            if !are_frames(bytes) {
                return;
            }
            self.is_searching = false;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some(current) = &mut self.current else {
                let wanted = HEADER - self.held.len().min(HEADER);
                let (taken, behind) = rest.split_at(wanted.min(rest.len()));
                self.held.extend_from_slice(taken);
                rest = behind;
                if let Some(header) = Header::of(&self.held) {
                    self.held.clear();
                    self.begin(header, sink);
                }
                continue;
            };
            let (taken, behind) = rest.split_at(current.left.min(rest.len()));
            rest = behind;
            current.left -= taken.len();
            match current.header.kind {
                kind::DATA => data(current, taken, sink),
                _ if is_read(current.header) => self.held.extend_from_slice(taken),
                _ => {}
            }
            if current.left == 0 {
                self.end(sink);
            }
        }
    }

    fn begin(&mut self, header: Header, sink: &mut dyn FnMut(Item<'_>)) {
        let is_padded = header.kind == kind::DATA && header.has(flag::PADDED);
        self.current = Some(Current {
            header,
            left: header.length,
            padding: (!is_padded).then_some(0),
        });
        if header.length == 0 {
            self.end(sink);
        }
    }

    fn end(&mut self, sink: &mut dyn FnMut(Item<'_>)) {
        let held = std::mem::take(&mut self.held);
        let Some(current) = self.current.take() else {
            return;
        };
        match current.header.kind {
            kind::DATA => sink(Item::DataEnd(current.header)),
            _ if is_read(current.header) => sink(Item::Frame(current.header, &held)),
            _ => sink(Item::Partial(current.header)),
        }
    }

    /// Takes a gap; `None`: of a length that nobody knows.
    pub(super) fn gap(&mut self, count: Option<u64>, sink: &mut dyn FnMut(Item<'_>)) {
        let count = count.and_then(|count| usize::try_from(count).ok());
        self.held = Vec::new();
        let current = self.current.take();
        let inside = current.zip(count);
        let Some((mut current, count)) = inside.filter(|(current, count)| *count <= current.left)
        else {
            self.is_searching = true;
            sink(Item::Lost);
            return;
        };
        current.left -= count;
        match (current.header.kind, current.padding) {
            (kind::DATA, Some(padding)) => {
                let missing = count.saturating_sub(padding.saturating_sub(current.left));
                sink(Item::Missing(current.header.stream, missing as u64));
            }
            // Where its padding begins is lost.
            (kind::DATA, None) => {
                current.padding = Some(current.left);
                sink(Item::Missing(current.header.stream, u64::MAX));
            }
            _ => {
                sink(Item::Partial(current.header));
                // What is left of it is passed over.
                current.header.kind = u8::MAX;
            }
        }
        self.current = Some(current);
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.left == 0)
        {
            self.end(sink);
        }
    }
}

/// Whether the payload is kept.
fn is_read(header: Header) -> bool {
    let is_known = matches!(
        header.kind,
        kind::HEADERS
            | kind::RST_STREAM
            | kind::SETTINGS
            | kind::PUSH_PROMISE
            | kind::GOAWAY
            | kind::CONTINUATION
    );
    is_known && header.length <= MOST_KEPT
}

/// Takes a part of DATA; what is left of it was already lowered by that.
fn data(current: &mut Current, taken: &[u8], sink: &mut dyn FnMut(Item<'_>)) {
    let mut taken = taken;
    let padding = match current.padding {
        Some(padding) => padding,
        None => {
            let Some((first, behind)) = taken.split_first() else {
                return;
            };
            taken = behind;
            let padding = usize::from(*first);
            current.padding = Some(padding);
            padding
        }
    };
    // The padding stands last: of these bytes that many belong to it.
    let of_padding = padding.saturating_sub(current.left).min(taken.len());
    let content = taken.get(..taken.len() - of_padding).unwrap_or_default();
    if !content.is_empty() {
        sink(Item::Data(current.header.stream, content));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    }

    #[test]
    fn padding_is_left_out_however_it_comes() {
        let padded = [&[5][..], b"hello", &[0; 5]].concat();
        let bytes = [
            frame(kind::DATA, flag::PADDED, 3, &padded),
            frame(kind::PING, 0, 0, &[0; 8]),
            frame(kind::DATA, 1, 1, b"world"),
            frame(kind::RST_STREAM, 0, 1, &[0, 0, 0, 8]),
        ]
        .concat();
        for step in [1, 2, 11, 4096] {
            let mut frames = Frames::default();
            let mut data = [Vec::new(), Vec::new()];
            let mut others = Vec::new();
            for piece in bytes.chunks(step) {
                frames.feed(piece, &mut |item| match item {
                    Item::Data(stream, part) => data[stream as usize / 2].extend_from_slice(part),
                    Item::DataEnd(header) => others.push((header.kind, header.flags)),
                    Item::Frame(header, payload) => others.push((header.kind, payload[3])),
                    Item::Partial(header) => others.push((header.kind, 0)),
                    _ => panic!("nothing is lost"),
                });
            }
            assert_eq!(data, [b"world".to_vec(), b"hello".to_vec()]);
            assert_eq!(others, [(0, 8), (6, 0), (0, 1), (3, 8)]);
        }
    }

    #[test]
    fn frames_are_told_from_other_bytes() {
        let data = frame(kind::DATA, 0, 3, b"hello");
        let ping = frame(kind::PING, 0, 0, &[0; 8]);
        assert!(are_frames(&data));
        assert!(!are_frames(&data[..10]));
        assert!(are_frames(&[&data[..], &ping, &data, &data[..12]].concat()));
        assert!(!are_frames(b"GET / HTTP/1.1\r\n\r\n"));
        assert!(!are_frames(&frame(kind::DATA, 0, 0, b"hello")));
        assert!(!are_frames(&[]));
    }

    #[test]
    fn a_gap_inside_of_data_keeps_the_next_frame() {
        let bytes = [
            frame(kind::DATA, 0, 1, b"0123456789"),
            frame(kind::DATA, 1, 1, b"next"),
        ]
        .concat();
        let mut frames = Frames::default();
        let mut seen = String::new();
        let mut sink = |item: Item<'_>| match item {
            Item::Data(_, part) => seen.push_str(std::str::from_utf8(part).unwrap()),
            Item::Missing(_, count) => seen.push_str(&format!("[{count}]")),
            Item::DataEnd(_) => seen.push('.'),
            other => panic!("{other:?}"),
        };
        frames.feed(&bytes[..12], &mut sink);
        frames.gap(Some(5), &mut sink);
        frames.feed(&bytes[17..], &mut sink);
        assert_eq!(seen, "012[5]89.next.");
    }
}
