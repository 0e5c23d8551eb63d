//! Whether a stream is text in UTF-16, and a reader that gives it as UTF-8.

use std::io::{self, Read};

use crate::utf16::{Decoder, Order, units};

/// Whether a sample behind such a mark is text: whole characters, none of which is a control character or
/// of nobody's, and one of which is ASCII at least. Frames behind `ff fe` would be against the
/// standard, and are none of this soon.
pub(super) fn is_text(sample: &[u8], order: Order, is_whole: bool) -> bool {
    let units = units(sample.get(2..).unwrap_or_default(), order);
    let is_private =
        |c: char| matches!(u32::from(c), 0xe000..=0xf8ff | 0xf_0000.. | 0xfdd0..=0xfdef);
    let is_none = |c: char| u32::from(c) & 0xfffe == 0xfffe;
    let is_shown = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\x0c' | '\r' | '\x1b');
    let last = units.len().saturating_sub(1);
    let mut has_ascii = false;
    let mut at = 0;
    let are_characters = char::decode_utf16(units.iter().copied()).all(|character| {
        let is_cut = !is_whole && at == last;
        at += character.as_ref().map_or(1, |c| c.len_utf16());
        let Ok(character) = character else {
            return is_cut;
        };
        has_ascii |= character.is_ascii();
        is_shown(character) && !is_private(character) && !is_none(character)
    });
    are_characters && has_ascii
}

/// Gives UTF-16 as UTF-8. Half of a character becomes a character that no form has.
pub(super) struct Utf16Reader {
    reader: Box<dyn Read>,
    decoder: Decoder,
    /// UTF-8 that was not yet given.
    made: Vec<u8>,
    ended: bool,
}

impl Utf16Reader {
    /// A reader of `held` after its mark, and then of `reader`.
    pub(super) fn new(reader: Box<dyn Read>, order: Order, held: &[u8]) -> Self {
        let mut decoder = Decoder::new(order);
        let made = decoder.feed(held.get(2..).unwrap_or_default());
        Self {
            reader,
            decoder,
            made: made.into_bytes(),
            ended: false,
        }
    }
}

impl Read for Utf16Reader {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.made.is_empty() && !self.ended {
            let mut buffer = [0; 4096];
            let count = self.reader.read(&mut buffer)?;
            self.ended = count == 0;
            let mut text = self.decoder.feed(buffer.get(..count).unwrap_or_default());
            if self.ended {
                text.extend(self.decoder.finish());
            }
            self.made = text.into_bytes();
        }
        let count = room.len().min(self.made.len());
        for (slot, byte) in room.iter_mut().zip(self.made.drain(..count)) {
            *slot = byte;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_sample_tells_whether_it_is_text() {
        let low = |text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()
        };
        for text in [
            "\u{8fde}\u{63a5} 1006\r\n",
            "\u{2502}88\u{2502}\n",
            "\u{1f600} a",
            "\x1b[1m88",
        ] {
            let sample = low(text);
            assert!(is_text(&sample, Order::Low, true), "{text}");
        }
        // The sample may end within a character.
        assert!(is_text(b"\xff\xfea\0\x3d\xd8", Order::Low, false));
        for sample in [
            &b"\xff\xfe"[..],
            b"\xff\xfe\x88\x02\x03\xe8a\0",
            b"\xff\xfea\0\x01\0",
            b"\xff\xfea\0\0\xd8b\0",
            b"\xff\xfe\xde\x8f",
        ] {
            assert!(
                !is_text(sample, Order::Low, true),
                "{}",
                sample.escape_ascii()
            );
        }
    }
}
