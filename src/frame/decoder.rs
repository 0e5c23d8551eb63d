//! A stream of bytes cut into headers and payload.

use super::header::{HEADER_MAX, Header};
use super::mask::unmask;

/// A piece of the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A whole header.
    Header(&'a Header),
    /// The next bytes of the payload of the header before, unmasked; never empty.
    Payload(&'a [u8]),
    /// The payload of the header before is complete.
    End,
}

/// Cuts a stream into frames.
///
/// It holds at most one header: payload is unmasked where it lies and handed on
/// at once, and nothing is allocated by a declared length, so that a frame of
/// 4 GiB costs what a frame of 4 bytes costs.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// The offset of the next byte that will be fed.
    at: u64,
    /// The bytes of a header that has begun and not ended.
    begun: [u8; HEADER_MAX],
    begun_count: usize,
    /// The frame whose payload is being read.
    current: Option<Current>,
}

#[derive(Clone, Copy, Debug)]
struct Current {
    masking_key: Option<[u8; 4]>,
    /// Bytes of payload read so far.
    read: u64,
    length: u64,
}

impl Decoder {
    /// A decoder for frames that begin at `at` in the whole input.
    pub fn starting_at(at: u64) -> Self {
        Decoder {
            at,
            ..Decoder::default()
        }
    }

    /// The offset of the next byte that will be fed.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Takes the next bytes of the stream and hands the pieces in them to `sink`.
    ///
    /// `bytes` are changed: payload is unmasked in place. Where the stream is
    /// split makes no difference but to the lengths of the payload pieces.
    pub fn feed(&mut self, bytes: &mut [u8], mut sink: impl FnMut(Piece<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = self.step(rest, &mut sink);
        }
    }

    /// Takes a header, or a part of one, or all the payload there is of a frame from the front of
    /// `bytes`, which are not empty. Gives the bytes after it.
    pub(crate) fn step<'a>(
        &mut self,
        bytes: &'a mut [u8],
        sink: &mut impl FnMut(Piece<'_>),
    ) -> &'a mut [u8] {
        match self.current.take() {
            Some(current) => self.take_payload(current, bytes, sink),
            None => self.take_header(bytes, sink),
        }
    }

    /// Whether the next byte is the first of a frame.
    pub(crate) fn is_between_frames(&self) -> bool {
        self.current.is_none() && self.begun_count == 0
    }

    /// How many bytes of the frame that is being read are still to come: 0 between two frames,
    /// `None` inside a header.
    pub fn rest_of_frame(&self) -> Option<u64> {
        match self.current {
            Some(current) => Some(current.length - current.read),
            None => (self.begun_count == 0).then_some(0),
        }
    }

    /// Takes note of `count` bytes of whole frames that somebody else has read.
    pub(crate) fn pass(&mut self, count: usize) {
        self.at += count as u64;
    }

    /// What is there of a header that has begun and not ended.
    pub fn cut_header(&self) -> Option<Header> {
        let begun = self.begun.get(..self.begun_count).unwrap_or_default();
        Header::parse_cut(self.at - begun.len() as u64, begun)
    }

    fn take_header<'a>(
        &mut self,
        bytes: &'a mut [u8],
        sink: &mut impl FnMut(Piece<'_>),
    ) -> &'a mut [u8] {
        let already = self.begun_count;
        let header = if already == 0 {
            Header::parse(self.at, bytes)
        } else {
            None
        };
        let header = match header {
            Some(header) => header,
            None => {
                // One byte at a time is enough: a header has at most 14.
                let Some(place) = self.begun.get_mut(already) else {
                    return &mut [];
                };
                *place = bytes[0];
                self.begun_count += 1;
                self.at += 1;
                let start = self.at - self.begun_count as u64;
                let rest = &mut bytes[1..];
                if let Some(header) = Header::parse(start, &self.begun[..self.begun_count]) {
                    self.begun_count = 0;
                    self.enter(&header, sink);
                }
                return rest;
            }
        };
        self.at += header.size as u64;
        self.enter(&header, sink);
        &mut bytes[header.size..]
    }

    fn enter(&mut self, header: &Header, sink: &mut impl FnMut(Piece<'_>)) {
        sink(Piece::Header(header));
        if header.length_at_least == 0 {
            sink(Piece::End);
        } else {
            self.current = Some(Current {
                masking_key: header.masking_key,
                read: 0,
                length: header.length_at_least,
            });
        }
    }

    fn take_payload<'a>(
        &mut self,
        mut current: Current,
        bytes: &'a mut [u8],
        sink: &mut impl FnMut(Piece<'_>),
    ) -> &'a mut [u8] {
        let missing = current.length - current.read;
        let count =
            usize::try_from(missing).map_or(bytes.len(), |missing| missing.min(bytes.len()));
        let (payload, rest) = bytes.split_at_mut(count);
        if let Some(key) = current.masking_key {
            unmask(payload, key, current.read);
        }
        sink(Piece::Payload(payload));
        self.at += count as u64;
        current.read += count as u64;
        if current.read == current.length {
            sink(Piece::End);
        } else {
            self.current = Some(current);
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payloads(bytes: &[u8], split: usize) -> (Vec<Header>, Vec<u8>, usize) {
        let mut decoder = Decoder::default();
        let (mut headers, mut payload, mut ends) = (Vec::new(), Vec::new(), 0);
        let mut bytes = bytes.to_vec();
        for chunk in bytes.chunks_mut(split) {
            decoder.feed(chunk, |piece| match piece {
                Piece::Header(header) => headers.push(*header),
                Piece::Payload(bytes) => payload.extend_from_slice(bytes),
                Piece::End => ends += 1,
            });
        }
        (headers, payload, ends)
    }

    #[test]
    fn a_stream_is_cut_alike_however_it_arrives() {
        let bytes = hex::decode("810568656c6c6f888237fa213d341289003f").expect("it is hex");
        let at_once = payloads(&bytes, bytes.len());
        assert_eq!(at_once.0.len(), 3);
        assert_eq!(at_once.1, b"hello\x03\xe8");
        for split in 1..bytes.len() {
            assert_eq!(payloads(&bytes, split), at_once, "in pieces of {split}");
        }
    }

    #[test]
    fn a_declared_length_of_2_to_the_63_costs_nothing() {
        let mut bytes = *b"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00ab";
        let mut decoder = Decoder::default();
        decoder.feed(&mut bytes, |_| {});
        assert_eq!(decoder.cut_header(), None);
        assert_eq!(decoder.at(), 12);
    }
}
