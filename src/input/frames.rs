//! How well bytes fit as frames: what decides between two readings of one text.
//!
//! Only headers are looked at. What is wrong with frames is judged elsewhere, so that whatever does
//! not fit here may be read all the same.

use crate::conversation::{Conversation, Options, Verdict};

/// How well bytes fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// There is a header that no sender writes.
    Not,
    /// They end within a frame.
    Cut,
    /// They are frames to the last byte.
    Whole,
}

/// Whether a frame could begin with `byte`: a known opcode, and of the reserved bits only the one
/// that marks compressed messages.
pub(super) fn could_begin(byte: u8) -> bool {
    let (reserved, opcode) = (byte & 0x70, byte & 0x0f);
    match opcode {
        0x1 | 0x2 => reserved & 0x30 == 0,
        0x0 | 0x8..=0xa => reserved == 0,
        _ => false,
    }
}

/// How well `bytes` fit as frames.
pub(super) fn fit(bytes: &[u8]) -> Fit {
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        if !could_begin(first) {
            return Fit::Not;
        }
        let is_control = first & 0x08 != 0;
        let short = rest.get(1).map(|second| second & 0x7f);
        if is_control && (first & 0x80 == 0 || short.is_some_and(|short| short > 125)) {
            return Fit::Not;
        }
        match header(rest) {
            Some(Header { is_fit: false, .. }) => return Fit::Not,
            Some(Header { length, .. }) => match rest.get(length..) {
                Some(next) => rest = next,
                None => return Fit::Cut,
            },
            None => return Fit::Cut,
        }
    }
    Fit::Whole
}

/// The length of the frame that `bytes` begin with, whatever is in its header. Nothing if it is not
/// whole.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let length = header(bytes)?.length;
    (length <= bytes.len()).then_some(length)
}

/// How many bytes at the front are whole frames, of known opcodes.
pub(super) fn whole(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some(length) = rest
        .first()
        .filter(|&&byte| could_begin(byte))
        .and_then(|_| length(rest))
    {
        rest = rest.get(length..).unwrap_or_default();
    }
    bytes.len() - rest.len()
}

/// What a header says of the size of its frame.
struct Header {
    /// The length of the whole frame.
    length: usize,
    /// Whether the length of the payload is written as it has to be.
    is_fit: bool,
}

fn header(bytes: &[u8]) -> Option<Header> {
    let (second, after) = bytes.get(1..)?.split_first()?;
    let short = u64::from(second & 0x7f);
    let (digits, least) = match short {
        126 => (2, 126),
        127 => (8, 1 << 16),
        _ => (0, 0),
    };
    let long = after
        .get(..digits)?
        .iter()
        .fold(0, |length, &digit| length << 8 | u64::from(digit));
    let payload = if digits == 0 { short } else { long };
    let key = if second & 0x80 == 0 { 0 } else { 4 };
    let length = usize::try_from(payload).unwrap_or(usize::MAX);
    Some(Header {
        length: length.saturating_add(2 + digits + key),
        is_fit: (least..=u64::MAX >> 1).contains(&payload),
    })
}

/// Whether `bytes` are whole frames, and messages, that break no rule.
pub(super) fn are_sound(bytes: &[u8]) -> bool {
    if fit(bytes) != Fit::Whole || bytes.is_empty() {
        return false;
    }
    let mut conversation = Conversation::new(Options::default());
    conversation.feed(&mut bytes.to_vec(), |_| {});
    let summary = conversation.finish(|_| {});
    summary.findings == 0 && summary.verdict == Verdict::Clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_byte_of_a_frame_is_known() {
        let firsts: Vec<u8> = (0..=0xff).filter(|&byte| could_begin(byte)).collect();
        let known = [
            0x00, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x41, 0x42, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a,
            0xc1, 0xc2,
        ];
        assert_eq!(firsts, known);
    }

    #[test]
    fn only_headers_decide() {
        let long = [&[0x82, 0x7e, 0, 126][..], &[0xff; 126]].concat();
        for (bytes, expected) in [
            (&b"\x88\x02\x03\xe8\x89\0"[..], Fit::Whole),
            (b"\x88\x82\0\0\0\0\xff\xff", Fit::Whole),
            (&long, Fit::Whole),
            (b"\x88\x02\x03", Fit::Cut),
            (b"\x88\x82\0\0", Fit::Cut),
            (b"\x82\x7e\0", Fit::Cut),
            (b"\x88\x02\x03\xe8\x03", Fit::Not),
            (b"\x08\x02\x03\xe8", Fit::Not),
            (b"\x82\x7e\0\x05\0\0\0\0\0", Fit::Not),
            (b"\x82\x7f\xff\0\0\0\0\0\0\0", Fit::Not),
        ] {
            assert_eq!(fit(bytes), expected, "{bytes:02x?}");
        }
    }
}
