//! The bytes of a file to the text of a log: out of gzip, and out of UTF-16.

use crate::capture::gzip::{self, Gunzip};
use crate::cli::door::Content;

/// What a file is that is no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Compressed, in a way that is not undone here.
    Packed(&'static str),
    /// A packet capture.
    Capture,
    /// No text.
    Binary,
    /// Compression that is damaged, or cut off.
    Damaged,
}

/// How much of the front of a text is looked at.
const FRONT: usize = 512;
/// How few bytes may tell what a file is, where it has more.
const FEWEST: usize = 4;

/// Undoes what a log is wrapped in, piece by piece.
#[derive(Default)]
pub(super) struct Decoder {
    /// The first bytes, until they are enough to tell what they are.
    front: Vec<u8>,
    has_begun: bool,
    gunzip: Option<Gunzip>,
    text: Text,
}

impl Decoder {
    /// Takes the next bytes, and hands their text to `sink`.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Refusal> {
        if self.has_begun {
            return self.pass(bytes, sink);
        }
        self.front.extend_from_slice(bytes);
        if self.front.len() < FEWEST {
            return Ok(());
        }
        self.begin(sink)
    }

    /// Takes the end of the file.
    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        if !self.has_begun && !self.front.is_empty() {
            self.begin(sink)?;
        }
        let whole = self.gunzip.as_mut().map_or(Ok(()), Gunzip::finish);
        self.text.finish(sink)?;
        whole.map_err(|_| Refusal::Damaged)
    }

    fn begin(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        self.has_begun = true;
        let front = std::mem::take(&mut self.front);
        self.gunzip = front.starts_with(&gzip::MAGIC).then(Gunzip::default);
        self.pass(&front, sink)
    }

    fn pass(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        let Decoder { gunzip, text, .. } = self;
        let Some(gunzip) = gunzip else {
            return text.feed(bytes, sink);
        };
        let mut refusal = None;
        let unpacked = gunzip.feed(bytes, |bytes| {
            if refusal.is_none() {
                refusal = text.feed(bytes, sink).err();
            }
            Ok(())
        });
        match (refusal, unpacked) {
            (Some(refusal), _) => Err(refusal),
            (None, Err(_)) => Err(Refusal::Damaged),
            (None, Ok(())) => Ok(()),
        }
    }
}

/// Text in UTF-8, or in UTF-16.
#[derive(Default)]
struct Text {
    front: Vec<u8>,
    has_begun: bool,
    order: Option<Order>,
    /// The first byte of a unit whose second has not come.
    half: Option<u8>,
    /// The first unit of a pair whose second has not come.
    high: Option<u16>,
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Text {
    fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        if self.has_begun {
            self.pass(bytes, sink);
            return Ok(());
        }
        if !self.front.is_empty() || bytes.len() < FEWEST {
            self.front.extend_from_slice(bytes);
            if self.front.len() < FEWEST {
                return Ok(());
            }
            let front = std::mem::take(&mut self.front);
            return self.begin(&front, sink);
        }
        self.begin(bytes, sink)
    }

    fn begin(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        self.has_begun = true;
        let (order, mark) = order(bytes);
        self.order = order;
        if order.is_none() {
            if let Some(refusal) = refusal(bytes) {
                return Err(refusal);
            }
        }
        self.pass(bytes.get(mark..).unwrap_or_default(), sink);
        Ok(())
    }

    fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        if self.has_begun || self.front.is_empty() {
            return Ok(());
        }
        let front = std::mem::take(&mut self.front);
        self.begin(&front, sink)
    }

    fn pass(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) {
        let Some(order) = self.order else {
            return sink(bytes);
        };
        let mut text = String::with_capacity(bytes.len() / 2 + 4);
        for byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match order {
                Order::Little => u16::from_le_bytes([first, *byte]),
                Order::Big => u16::from_be_bytes([first, *byte]),
            };
            self.push(unit, &mut text);
        }
        sink(text.as_bytes());
    }

    fn push(&mut self, unit: u16, text: &mut String) {
        let is_high = (0xd800..0xdc00).contains(&unit);
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        if is_high && units.len() == 1 {
            self.high = Some(unit);
            return;
        }
        for character in char::decode_utf16(units) {
            text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
}

/// The order of bytes of a text in UTF-16, and how long its mark is; PowerShell writes one, others do not.
fn order(bytes: &[u8]) -> (Option<Order>, usize) {
    if bytes.starts_with(b"\xff\xfe") {
        return (Some(Order::Little), 2);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return (Some(Order::Big), 2);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return (None, 3);
    }
    // Without a mark each other byte of a plain text is zero.
    let front = bytes.get(..bytes.len().min(FRONT)).unwrap_or_default();
    let zeros = |first: usize| {
        let every = front.iter().skip(first).step_by(2);
        let (count, zeros) = every.fold((0, 0), |(count, zeros), byte| {
            (count + 1, zeros + usize::from(*byte == 0))
        });
        (count > 0, zeros * 10 >= count * 9, zeros * 10 <= count)
    };
    match (zeros(0), zeros(1)) {
        ((_, _, true), (true, true, _)) => (Some(Order::Little), 0),
        ((true, true, _), (_, _, true)) => (Some(Order::Big), 0),
        _ => (None, 0),
    }
}

/// What is no text.
fn refusal(bytes: &[u8]) -> Option<Refusal> {
    const PACKED: [(&[u8], &str); 3] = [
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"BZh", "bzip2"),
    ];
    const CAPTURES: [&[u8]; 5] = [
        b"\xd4\xc3\xb2\xa1",
        b"\xa1\xb2\xc3\xd4",
        b"\x4d\x3c\xb2\xa1",
        b"\xa1\xb2\x3c\x4d",
        b"\x0a\x0d\x0d\x0a",
    ];
    if let Some((_, program)) = PACKED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(Refusal::Packed(program));
    }
    let is_capture = matches!(Content::of(bytes, false), Content::Capture);
    if is_capture || CAPTURES.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(Refusal::Capture);
    }
    // A log that was cut off by a crash may have a hole of zeros, but not at its front.
    let front = bytes.get(..bytes.len().min(FRONT)).unwrap_or_default();
    let zeros = front.iter().filter(|byte| **byte == 0).count();
    (zeros * 20 > front.len()).then_some(Refusal::Binary)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn decoded(bytes: &[u8], step: usize) -> Result<String, Refusal> {
        let mut decoder = Decoder::default();
        let mut text = Vec::new();
        for piece in bytes.chunks(step) {
            decoder.feed(piece, &mut |bytes| text.extend_from_slice(bytes))?;
        }
        decoder.finish(&mut |bytes| text.extend_from_slice(bytes))?;
        Ok(String::from_utf8(text).expect("it is UTF-8"))
    }

    #[test]
    fn text_comes_out_however_it_is_wrapped_and_cut() {
        let text = "ws closed: 1006 café 😀\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let marked = [b"\xff\xfe".to_vec(), little.clone()].concat();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&marked).expect("memory takes all");
        let packed = packed.finish().expect("memory takes all");
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            marked,
            [b"\xfe\xff".to_vec(), big.clone()].concat(),
            packed.clone(),
        ] {
            for step in [1, 3, 1000] {
                assert_eq!(decoded(&bytes, step).as_deref(), Ok(text));
            }
        }
        assert_eq!(decoded(&little, 1000).as_deref(), Ok(text));
        assert_eq!(decoded(&big, 1000).as_deref(), Ok(text));
        let cut = packed.get(..packed.len() - 12).expect("it is longer");
        assert_eq!(decoded(cut, 1000), Err(Refusal::Damaged));
    }

    #[test]
    fn what_is_no_log_is_named() {
        for (bytes, refusal) in [
            (&b"\x28\xb5\x2f\xfd rest"[..], Refusal::Packed("zstd")),
            (b"\x0a\x0d\x0d\x0a rest", Refusal::Capture),
            (
                b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00",
                Refusal::Binary,
            ),
        ] {
            assert_eq!(decoded(bytes, 1000), Err(refusal));
        }
        assert_eq!(decoded(b"a", 1).as_deref(), Ok("a"));
        assert_eq!(decoded(b"", 1).as_deref(), Ok(""));
    }
}
