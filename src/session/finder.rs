//! Frames in the middle of a stream: whether a segment begins with one.
//!
//! Nothing marks the beginning of a frame, so one byte sequence is never proof. Libraries write
//! whole frames, so a segment is tried where it begins; frames are taken to be found where they
//! fit the segment to its last byte, or where several follow each other without anything that a
//! receiver would refuse.

use crate::facts::codes;
use crate::frame::{Header, Opcode, Sender, minimal_form, unmask};

/// So many frames in a row convince where the segment ends inside the last.
const ENOUGH: usize = 3;

/// How sure it is that frames were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// One frame that fits exactly, of a kind that random bytes could be.
    Fair,
    /// A Close with a code, or several frames.
    High,
}

impl Confidence {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Confidence::Fair => "fair",
            Confidence::High => "high",
        }
    }
}

/// Whether `segment`, which `sender` sent, begins with a frame. `is_cut`: bytes that follow it on
/// the wire were not captured.
pub fn find(segment: &[u8], sender: Sender, is_cut: bool) -> Option<Confidence> {
    let mut at = 0usize;
    let mut frames = 0;
    let mut is_close = false;
    let mut is_telling = false;
    while at < segment.len() {
        let rest = segment.get(at..)?;
        let Some(header) = Header::parse(at as u64, rest) else {
            // The segment ends inside a header.
            return (frames >= ENOUGH).then_some(Confidence::High);
        };
        if is_close || !is_sound(&header, sender) {
            return None;
        }
        let payload_at = at + header.size;
        let length = header.length_at_least;
        let end = (payload_at as u64).checked_add(length)?;
        let present = segment.get(payload_at..).unwrap_or_default();
        let present = present.get(
            ..usize::try_from(length)
                .unwrap_or(usize::MAX)
                .min(present.len()),
        );
        let mut payload = present?.get(..present?.len().min(125))?.to_vec();
        if let Some(key) = header.masking_key {
            unmask(&mut payload, key, 0);
        }
        match header.opcode {
            Opcode::Close if length == 1 => return None,
            Opcode::Close => {
                if let Some(&code) = payload.first_chunk::<2>() {
                    is_close = codes::may_stand_in_close(u16::from_be_bytes(code));
                    if !is_close {
                        return None;
                    }
                } else {
                    is_close = length == 0;
                }
            }
            Opcode::Text if header.fin && !header.rsv1 => {
                let is_text = match std::str::from_utf8(&payload) {
                    Ok(_) => true,
                    // Cut inside a character.
                    Err(error) => error.error_len().is_none() && (payload.len() as u64) < length,
                };
                if !is_text {
                    return None;
                }
            }
            _ => {}
        }
        frames += 1;
        // Two bytes of any protocol could be the header of a binary message.
        is_telling = sender == Sender::Client
            || header.opcode.is_control()
            || header.opcode == Opcode::Text && !payload.is_empty();
        if end > segment.len() as u64 {
            let convinces = frames > ENOUGH || is_cut && is_close;
            return convinces.then_some(Confidence::High);
        }
        at = usize::try_from(end).ok()?;
    }
    match frames {
        0 => None,
        1 if !is_close => is_telling.then_some(Confidence::Fair),
        _ => Some(Confidence::High),
    }
}

/// Whether a header is one that a receiver takes.
fn is_sound(header: &Header, sender: Sender) -> bool {
    let is_masked = header.masked == Some(sender == Sender::Client);
    let is_control = header.opcode.is_control();
    is_masked
        && !header.opcode.is_reserved()
        && !header.rsv2
        && !header.rsv3
        && !(is_control && (!header.fin || header.rsv1 || header.length_at_least > 125))
        && header.length_form == Some(minimal_form(header.length_at_least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_frames_are_found_and_noise_is_not() {
        let close = [0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2];
        assert_eq!(find(&close, Sender::Client, false), Some(Confidence::High));
        assert_eq!(find(&close, Sender::Server, false), None);
        assert_eq!(
            find(b"\x81\x02hi", Sender::Server, false),
            Some(Confidence::Fair)
        );
        assert_eq!(
            find(b"\x81\x02hi\x89\x00", Sender::Server, false),
            Some(Confidence::High)
        );
        // A text that goes on in the next segment proves nothing.
        assert_eq!(find(b"\x81\x05hi", Sender::Server, false), None);
        assert_eq!(find(b"\x81\x02\xffi", Sender::Server, false), None);
        assert_eq!(find(b"\x88\x02\x03\xed", Sender::Server, false), None);
        assert_eq!(
            find(b"\x88\x02\x03\xe8", Sender::Server, false),
            Some(Confidence::High)
        );
        assert_eq!(find(b"GET / HTTP/1.1", Sender::Server, false), None);
        assert_eq!(find(b"", Sender::Server, false), None);
    }

    #[test]
    fn random_bytes_are_hardly_ever_frames() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut found = 0;
        for _ in 0..100_000 {
            let bytes: Vec<u8> = (0..random.usize(20..400)).map(|_| random.u8(..)).collect();
            for sender in [Sender::Client, Sender::Server] {
                found += usize::from(find(&bytes, sender, false) == Some(Confidence::High));
            }
        }
        assert!(found < 5, "{found}");
    }
}
