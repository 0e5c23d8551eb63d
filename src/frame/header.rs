//! The header of a frame: 2 to 14 bytes, every pattern of which is a header.

use std::fmt;
use std::ops::Range;

use crate::words::{Text, Value, text};

/// What a frame is for. RFC 6455 section 5.2 and 11.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// The next fragment of a message.
    Continuation,
    /// A text message, or its first fragment.
    Text,
    /// A binary message, or its first fragment.
    Binary,
    /// Starts or answers the closing handshake.
    Close,
    /// Asks for a pong.
    Ping,
    /// Answers a ping, or says that the end is alive.
    Pong,
    /// 3 to 7 and 11 to 15: no meaning yet.
    Reserved(u8),
}

impl Opcode {
    /// The opcode in the low four bits of a frame's first byte.
    pub fn of(first_byte: u8) -> Self {
        match first_byte & 0x0f {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            reserved => Opcode::Reserved(reserved),
        }
    }

    /// The number on the wire, 0 to 15.
    pub fn number(self) -> u8 {
        match self {
            Opcode::Continuation => 0,
            Opcode::Text => 1,
            Opcode::Binary => 2,
            Opcode::Close => 8,
            Opcode::Ping => 9,
            Opcode::Pong => 10,
            Opcode::Reserved(number) => number,
        }
    }

    /// Whether it is a control opcode (8 to 15), reserved ones included.
    pub fn is_control(self) -> bool {
        self.number() & 0x08 != 0
    }

    /// Whether nothing is defined for it.
    pub fn is_reserved(self) -> bool {
        matches!(self, Opcode::Reserved(_))
    }

    /// The word for it in JSON: `continuation`.
    pub fn id(self) -> &'static str {
        match self {
            Opcode::Continuation => "continuation",
            Opcode::Text => "text",
            Opcode::Binary => "binary",
            Opcode::Close => "close",
            Opcode::Ping => "ping",
            Opcode::Pong => "pong",
            Opcode::Reserved(_) => "reserved",
        }
    }

    /// The word for it in a sentence.
    pub fn words(self) -> Text {
        match self {
            Opcode::Continuation => text!(opcode.continuation),
            Opcode::Text => text!(opcode.text),
            Opcode::Binary => text!(opcode.binary),
            Opcode::Close => text!(opcode.close_frame),
            Opcode::Ping => text!(opcode.ping),
            Opcode::Pong => text!(opcode.pong),
            Opcode::Reserved(_) => text!(opcode.reserved),
        }
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl From<Opcode> for Value {
    fn from(opcode: Opcode) -> Self {
        Value::Text(opcode.words())
    }
}

/// How the payload length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LengthForm {
    /// In the seven bits of the second byte: up to 125.
    Seven,
    /// 126 in the seven bits, then two bytes.
    Sixteen,
    /// 127 in the seven bits, then eight bytes.
    SixtyFour,
}

impl LengthForm {
    /// The form that a second byte announces.
    pub fn of(second_byte: u8) -> Self {
        match second_byte & 0x7f {
            126 => LengthForm::Sixteen,
            127 => LengthForm::SixtyFour,
            _ => LengthForm::Seven,
        }
    }

    /// The bytes that follow the second byte: 0, 2 or 8.
    pub fn extended_bytes(self) -> usize {
        match self {
            LengthForm::Seven => 0,
            LengthForm::Sixteen => 2,
            LengthForm::SixtyFour => 8,
        }
    }

    /// The bits that hold the length: 7, 16 or 64.
    pub fn bits(self) -> u64 {
        match self {
            LengthForm::Seven => 7,
            LengthForm::Sixteen => 16,
            LengthForm::SixtyFour => 64,
        }
    }
}

/// The shortest form that can hold `length`.
pub fn minimal_form(length: u64) -> LengthForm {
    match length {
        0..=125 => LengthForm::Seven,
        126..=0xffff => LengthForm::Sixteen,
        _ => LengthForm::SixtyFour,
    }
}

/// A frame's header, as it stands in the bytes.
///
/// A header that the input cut short has what is there: the bounds of the
/// length enclose every length that it could still have become.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The offset of the first byte in the whole input.
    pub at: u64,
    /// Whether this frame ends its message.
    pub fin: bool,
    /// The first reserved bit: "compressed" where permessage-deflate was agreed on.
    pub rsv1: bool,
    /// The second reserved bit.
    pub rsv2: bool,
    /// The third reserved bit.
    pub rsv3: bool,
    /// What the frame is for.
    pub opcode: Opcode,
    /// The mask bit; `None` where the header was cut before it.
    pub masked: Option<bool>,
    /// How the length is written; `None` where the header was cut before it.
    pub length_form: Option<LengthForm>,
    /// The smallest payload length in bytes that the bytes present allow.
    pub length_at_least: u64,
    /// The largest payload length in bytes that the bytes present allow.
    pub length_at_most: u64,
    /// The masking key of a masked frame; `None` too where the header was cut before its end.
    pub masking_key: Option<[u8; 4]>,
    /// The bytes of the header that are present: 2 to 14 for a whole one.
    pub size: usize,
    /// Whether the header is whole.
    pub is_whole: bool,
    /// The bytes themselves; `size` of them count.
    raw: [u8; HEADER_MAX],
}

/// The most bytes a header has.
pub(super) const HEADER_MAX: usize = 14;

impl PartialEq for Header {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.is_whole, self.bytes()) == (other.at, other.is_whole, other.bytes())
    }
}

impl Eq for Header {}

impl Header {
    /// Reads one header from the front of `bytes`.
    ///
    /// `at` is the offset of `bytes[0]` in the whole input; spans in the result
    /// count from there. Bytes after the header are not looked at.
    ///
    /// Returns `None` while `bytes` is shorter than the header claims to be
    /// (2 to 14 bytes). Every bit pattern is a header; judging is for `rules`.
    ///
    /// Source: RFC 6455 section 5.2.
    pub fn parse(at: u64, bytes: &[u8]) -> Option<Header> {
        let (&first, &second) = (bytes.first()?, bytes.get(1)?);
        let form = LengthForm::of(second);
        let masked = second & 0x80 != 0;
        let length_end = 2 + form.extended_bytes();
        let length = match form {
            LengthForm::Seven => u64::from(second & 0x7f),
            LengthForm::Sixteen => {
                let field = bytes.get(2..4)?.try_into().ok()?;
                u64::from(u16::from_be_bytes(field))
            }
            LengthForm::SixtyFour => u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?),
        };
        let masking_key = if masked {
            Some(bytes.get(length_end..length_end + 4)?.try_into().ok()?)
        } else {
            None
        };
        Some(Header {
            masked: Some(masked),
            length_form: Some(form),
            length_at_least: length,
            length_at_most: length,
            masking_key,
            size: length_end + if masked { 4 } else { 0 },
            is_whole: true,
            ..Header::begin(at, first, bytes)
        })
    }

    /// Reads what is there of a header that the input cut short.
    ///
    /// `bytes` are all bytes from its first on. Returns `None` where there are
    /// none; a whole header comes back as [`parse`](Header::parse) reads it.
    pub fn parse_cut(at: u64, bytes: &[u8]) -> Option<Header> {
        if let Some(whole) = Header::parse(at, bytes) {
            return Some(whole);
        }
        let header = Header::begin(at, *bytes.first()?, bytes);
        let Some(&second) = bytes.get(1) else {
            return Some(header);
        };
        let form = LengthForm::of(second);
        let (length_at_least, length_at_most) = match form {
            LengthForm::Seven => {
                let length = u64::from(second & 0x7f);
                (length, length)
            }
            LengthForm::Sixteen | LengthForm::SixtyFour => {
                let wanted = form.extended_bytes();
                let present = bytes
                    .get(2..)
                    .unwrap_or_default()
                    .iter()
                    .take(wanted)
                    .map(|byte| u64::from(*byte));
                let count = present.len();
                let known = present.fold(0, |known, byte| known << 8 | byte);
                // The bytes that are missing may be all zero or all one.
                (count..wanted).fold((known, known), |(low, high), _| {
                    (low << 8, high << 8 | 0xff)
                })
            }
        };
        Some(Header {
            masked: Some(second & 0x80 != 0),
            length_form: Some(form),
            length_at_least,
            length_at_most,
            size: bytes.len(),
            ..header
        })
    }

    /// What the first byte says, with `raw` bytes of which it is the first.
    fn begin(at: u64, first: u8, raw: &[u8]) -> Header {
        let mut kept = [0; HEADER_MAX];
        let count = raw.len().min(HEADER_MAX);
        kept[..count].copy_from_slice(&raw[..count]);
        Header {
            raw: kept,
            at,
            fin: first & 0x80 != 0,
            rsv1: first & 0x40 != 0,
            rsv2: first & 0x20 != 0,
            rsv3: first & 0x10 != 0,
            opcode: Opcode::of(first),
            masked: None,
            length_form: None,
            length_at_least: 0,
            length_at_most: u64::MAX,
            masking_key: None,
            size: 1,
            is_whole: false,
        }
    }

    /// The payload length in bytes; `None` where the header was cut inside it.
    pub fn length(&self) -> Option<u64> {
        (self.length_at_least == self.length_at_most).then_some(self.length_at_least)
    }

    /// Whether any reserved bit is set.
    pub fn has_reserved_bits(&self) -> bool {
        self.rsv1 || self.rsv2 || self.rsv3
    }

    /// The bytes of the header that are present.
    pub fn bytes(&self) -> &[u8] {
        self.raw.get(..self.size).unwrap_or_default()
    }

    /// Where the first byte stands: FIN, the reserved bits and the opcode.
    pub fn first_byte_span(&self) -> Range<u64> {
        self.at..self.at + 1
    }

    /// Where the second byte stands: the mask bit and the seven bits of length.
    pub fn second_byte_span(&self) -> Range<u64> {
        self.at + 1..self.at + 2
    }

    /// Where the length stands: the second byte and what extends it.
    pub fn length_span(&self) -> Range<u64> {
        let extended = self.length_form.map_or(0, LengthForm::extended_bytes);
        let whole_end = 2 + extended;
        self.at + 1..self.at + whole_end.min(self.size).max(2) as u64
    }

    /// Where the masking key stands; empty where there is none.
    pub fn masking_key_span(&self) -> Range<u64> {
        self.length_span().end..self.at + self.size.max(2) as u64
    }

    /// The offset of the first payload byte.
    pub fn payload_at(&self) -> u64 {
        self.at + self.size as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_whole_or_not_at_all() {
        let bytes = [0x88, 0xfe, 0x00, 0x7e, 1, 2, 3, 4];
        for short in 0..bytes.len() {
            assert_eq!(Header::parse(0, &bytes[..short]), None, "{short} bytes");
        }
        let header = Header::parse(7, &bytes).expect("the header is whole");
        assert_eq!(header.length(), Some(126));
        assert_eq!(header.length_span(), 8..11);
        assert_eq!(header.masking_key_span(), 11..15);
        assert_eq!(header.payload_at(), 15);
    }

    #[test]
    fn a_cut_length_is_bounded_by_the_bytes_that_are_there() {
        let cut = Header::parse_cut(0, &[0x82, 0x7f, 0x80, 0x01]).expect("there are bytes");
        assert_eq!(cut.length_at_least, 0x8001_0000_0000_0000);
        assert_eq!(cut.length_at_most, 0x8001_ffff_ffff_ffff);
        assert_eq!(cut.length(), None);
        assert_eq!(cut.length_span(), 1..4);
    }

    #[test]
    fn a_cut_masking_key_leaves_the_length_known() {
        let cut = Header::parse_cut(0, &[0x88, 0x81, 0xaa]).expect("there are bytes");
        assert_eq!(cut.length(), Some(1));
        assert_eq!(cut.masked, Some(true));
        assert_eq!(cut.masking_key, None);
        assert_eq!(cut.masking_key_span(), 2..3);
    }

    #[test]
    fn an_extended_length_of_125_is_not_minimal() {
        assert_eq!(minimal_form(125), LengthForm::Seven);
        assert_eq!(minimal_form(126), LengthForm::Sixteen);
        assert_eq!(minimal_form(65_535), LengthForm::Sixteen);
        assert_eq!(minimal_form(65_536), LengthForm::SixtyFour);
    }
}
