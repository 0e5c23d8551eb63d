//! Messages of one frame that lie whole in a buffer: nearly all traffic.
//!
//! [`Decoder`](super::Decoder) cuts any stream into headers and pieces of
//! payload. Where nobody wants to see those, a frame that has no surprise is
//! taken in one step here; every other one is left to the decoder.

use super::header::{LengthForm, Opcode};
use super::mask::{BLOCK, is_ascii_unmasked, is_block_ascii_unmasked, unmask};
use super::minimal_form;

/// A data message of one frame, all of which is there, with a header that breaks no rule by
/// itself: FIN set, no reserved bit, the length in its shortest form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WholeMessage {
    /// Text; else binary.
    pub(crate) is_text: bool,
    /// The masking key, as long as the payload is masked.
    pub(crate) masking_key: Option<[u8; 4]>,
    /// The bytes of the header.
    header: usize,
    /// The bytes of header and payload.
    size: usize,
}

impl WholeMessage {
    /// The message at the front of `bytes`, if one lies there as a whole.
    #[inline]
    pub(crate) fn at_front(bytes: &[u8]) -> Option<WholeMessage> {
        let (&[first, second], rest) = bytes.split_first_chunk()?;
        // FIN, no reserved bit, text or binary.
        if !matches!(first, 0x81 | 0x82) {
            return None;
        }
        let form = LengthForm::of(second);
        let length = match form {
            LengthForm::Seven => u64::from(second & 0x7f),
            LengthForm::Sixteen => u64::from(u16::from_be_bytes(*rest.first_chunk()?)),
            LengthForm::SixtyFour => u64::from_be_bytes(*rest.first_chunk()?),
        };
        if minimal_form(length) != form {
            return None;
        }
        let rest = rest.get(form.extended_bytes()..)?;
        let mut header = 2 + form.extended_bytes();
        let mut masking_key = None;
        if second & 0x80 != 0 {
            masking_key = Some(*rest.first_chunk()?);
            header += 4;
        }
        let size = header.checked_add(usize::try_from(length).ok()?)?;
        (size <= bytes.len()).then_some(WholeMessage {
            is_text: first == 0x81,
            masking_key,
            header,
            size,
        })
    }

    /// Text or binary.
    pub(crate) fn opcode(&self) -> Opcode {
        if self.is_text {
            Opcode::Text
        } else {
            Opcode::Binary
        }
    }

    /// The bytes of header and payload.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The bytes of payload.
    pub(crate) fn length(&self) -> u64 {
        (self.size - self.header) as u64
    }

    /// The first bytes of the payload, and the last of those behind them, unmasked where they lie: nobody can look at
    /// the others afterwards. `bytes` begin with the header.
    pub(crate) fn into_ends(self, bytes: &mut [u8], front: usize, tail: usize) -> (&[u8], &[u8]) {
        let payload = bytes.get_mut(self.header..self.size).unwrap_or_default();
        let (front, rest) = payload.split_at_mut(payload.len().min(front));
        let between = rest.len().saturating_sub(tail);
        let tail = rest.get_mut(between..).unwrap_or_default();
        if let Some(key) = self.masking_key {
            unmask(front, key, 0);
            unmask(tail, key, (front.len() + between) as u64);
        }
        (front, tail)
    }

    /// Whether the payload is UTF-8. `bytes` begin with the header. They may be unmasked by this;
    /// where it is not UTF-8 they are as they were.
    #[inline]
    pub(crate) fn is_utf8(&mut self, bytes: &mut [u8]) -> bool {
        let is_ascii = self.is_ascii_unmasked(bytes);
        let Some(payload) = bytes.get_mut(self.header..self.size) else {
            return false;
        };
        let Some(key) = self.masking_key else {
            return simdutf8::basic::from_utf8(payload).is_ok();
        };
        if is_ascii {
            return true;
        }
        unmask(payload, key, 0);
        let is_utf8 = simdutf8::basic::from_utf8(payload).is_ok();
        if is_utf8 {
            self.masking_key = None;
        } else {
            unmask(payload, key, 0);
        }
        is_utf8
    }

    /// Whether the payload is masked and ASCII below the mask: most text is, and this is seen
    /// without unmasking it.
    #[inline]
    fn is_ascii_unmasked(&self, bytes: &[u8]) -> bool {
        let (Some(key), Some(payload)) = (self.masking_key, bytes.get(self.header..)) else {
            return false;
        };
        let length = self.size - self.header;
        match payload.first_chunk() {
            Some(block) if length <= BLOCK => is_block_ascii_unmasked(block, length, key),
            _ => payload
                .get(..length)
                .is_some_and(|payload| is_ascii_unmasked(payload, key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Header;

    #[test]
    fn a_message_is_whole_where_its_header_says_so() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut bytes: Vec<u8> = (0..random.usize(..300)).map(|_| random.u8(..)).collect();
            for (byte, usual) in bytes
                .iter_mut()
                .zip([[0x81, 0x82], [0x85, 0x7e], [0, 0x90]])
            {
                if random.u8(..4) > 0 {
                    *byte = usual[random.usize(..2)];
                }
            }
            let header = Header::parse(0, &bytes).filter(|header| {
                let end = header.size as u64 + header.length_at_least;
                header.fin
                    && !header.has_reserved_bits()
                    && matches!(header.opcode.number(), 1 | 2)
                    && header.length_form == Some(minimal_form(header.length_at_least))
                    && end <= bytes.len() as u64
            });
            let whole = WholeMessage::at_front(&bytes);
            assert_eq!(whole.is_some(), header.is_some(), "{}", hex::encode(&bytes));
            let (Some(whole), Some(header)) = (whole, header) else {
                continue;
            };
            assert_eq!(whole.masking_key, header.masking_key);
            assert_eq!(whole.length(), header.length_at_least);
            assert_eq!(whole.size() as u64, header.payload_at() + whole.length());
        }
    }

    #[test]
    fn what_is_not_utf8_is_left_as_it_was() {
        for (text, is_utf8) in [
            (&b"caf\xc3\xa9"[..], true),
            (b"plain", true),
            (b"caf\xe9", false),
        ] {
            let mut bytes = vec![0x81, 0x80 | text.len() as u8, 1, 2, 3, 4];
            bytes.extend_from_slice(text);
            unmask(&mut bytes[6..], [1, 2, 3, 4], 0);
            let before = bytes.clone();
            let mut whole = WholeMessage::at_front(&bytes).expect("it is whole");
            assert_eq!(whole.is_utf8(&mut bytes), is_utf8, "{text:?}");
            assert!(is_utf8 || bytes == before);
            let ends = (&text[..2], &text[text.len() - 1..]);
            assert_eq!(whole.into_ends(&mut bytes, 2, 1), ends);
        }
    }
}
