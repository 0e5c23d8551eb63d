//! A frame with everything that was found in it.

use crate::frame::{CONTROL_PAYLOAD_MAX, Header, Opcode, Sender};
use crate::rules::{Excerpt, Finding};

use super::hint::Hint;
use super::tail::Tail;

/// So many bytes are kept of the end of a payload that is longer than its head.
const LAST_KEPT: usize = 32;

/// A frame, with everything that was found in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Frame {
    /// Its place in the input, from 0.
    pub index: u64,
    /// Its header.
    pub header: Header,
    /// Who sent it; `None` where the header was cut before the mask bit and nobody said.
    pub sender: Option<Sender>,
    /// The first payload bytes, unmasked.
    pub head: Head,
    /// The last payload bytes behind the head.
    tail: Tail<LAST_KEPT>,
    /// The payload bytes that are in the input.
    pub payload_present: u64,
    /// Whether the input ends inside the frame.
    pub is_truncated: bool,
    /// Text or binary, for a frame of a data message.
    pub message: Option<Opcode>,
    /// Whether a reserved bit says that an extension changed the payload, which nobody agreed on.
    pub is_changed: bool,
    /// What the payload inflates to, for a frame of a message that is compressed as agreed.
    pub inflated: Option<Box<Inflated>>,
    /// What a Close frame says.
    pub close: Option<Close>,
    /// The rules it breaks, lower offset first.
    pub findings: Vec<Finding>,
    /// What is odd about it and breaks nothing.
    pub hints: Vec<Hint>,
}

impl Frame {
    pub(crate) fn new(index: u64, header: Header, sender: Option<Sender>) -> Self {
        Frame {
            index,
            header,
            sender,
            head: Head::default(),
            tail: Tail::default(),
            payload_present: 0,
            is_truncated: false,
            message: None,
            is_changed: false,
            inflated: None,
            close: None,
            findings: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Becomes a new frame in place: a stream has millions, and most have nothing to say.
    pub(crate) fn reset(&mut self, index: u64, header: &Header, sender: Option<Sender>) {
        self.index = index;
        self.header = *header;
        self.sender = sender;
        self.head.count = 0;
        self.tail.clear();
        self.payload_present = 0;
        self.is_truncated = false;
        self.message = None;
        self.is_changed = false;
        self.inflated = None;
        self.close = None;
        self.findings.clear();
        self.hints.clear();
    }

    /// Keeps the first bytes of the payload, and the last of what is behind them.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        let behind = self.head.extend(bytes);
        if !behind.is_empty() {
            self.tail.extend(behind);
        }
    }

    /// The payload up to and with the byte at `at`, which is one of `bytes`, the newest and not
    /// yet kept; `None` where the head holds it. The same however the payload arrived.
    pub(super) fn excerpt(&self, bytes: &[u8], at: u64) -> Option<Excerpt> {
        let payload_at = self.header.payload_at();
        if at - payload_at < CONTROL_PAYLOAD_MAX as u64 {
            return None;
        }
        let new_at = payload_at + self.payload_present - bytes.len() as u64;
        let new = usize::try_from((at + 1).checked_sub(new_at)?).ok()?;
        let mut near = Tail::<LAST_KEPT>::default();
        // The tail follows the head as long as it is not full, and is all that counts when it is.
        for bytes in [self.head.bytes(), self.tail.bytes(), bytes.get(..new)?] {
            near.extend(bytes);
        }
        Some(Excerpt {
            at: at + 1 - near.bytes().len() as u64,
            bytes: near.bytes().to_vec(),
        })
    }

    /// The last payload bytes, unmasked, as far as they lie behind the head: at most 32, and
    /// none where the head is the whole payload.
    pub fn tail(&self) -> &[u8] {
        self.tail.bytes()
    }

    /// The bytes of the frame that are in the input.
    pub fn length(&self) -> u64 {
        self.header.size as u64 + self.payload_present
    }
}

/// What the payload of a compressed frame inflates to.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Inflated {
    /// The first bytes.
    pub head: Head,
    /// How many there are.
    pub length: u64,
}

/// What a Close frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Close {
    /// The code; `None` where the body has none, or where the input ends before it.
    pub code: Option<u16>,
    /// Whether the body is a single byte, which is no code.
    pub is_half: bool,
    /// The bytes after the code, at most 123.
    pub reason: Vec<u8>,
}

impl Close {
    /// The reason as text; each byte sequence that is not UTF-8 becomes U+FFFD.
    pub fn reason_lossy(&self) -> String {
        String::from_utf8_lossy(&self.reason).into_owned()
    }
}

/// The first bytes of a payload: all of a control frame that keeps its limit.
#[derive(Clone, Copy)]
pub struct Head {
    bytes: [u8; CONTROL_PAYLOAD_MAX],
    count: u8,
}

impl Head {
    /// The bytes, at most 125.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }

    /// Takes bytes until it is full, and gives back those that it did not take.
    pub(super) fn extend<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let count = usize::from(self.count);
        let taken = bytes.len().min(CONTROL_PAYLOAD_MAX - count);
        if let (Some(place), Some(bytes)) =
            (self.bytes.get_mut(count..count + taken), bytes.get(..taken))
        {
            place.copy_from_slice(bytes);
            // At most 125: it fits.
            self.count += taken as u8;
        }
        bytes.get(taken..).unwrap_or_default()
    }
}

impl Default for Head {
    fn default() -> Self {
        Head {
            bytes: [0; CONTROL_PAYLOAD_MAX],
            count: 0,
        }
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_payload_stops_at_125_bytes() {
        let mut head = Head::default();
        assert!(head.extend(&[1; 100]).is_empty());
        assert_eq!(head.extend(&[2; 100]), [2; 75]);
        assert_eq!(head.bytes().len(), 125);
        assert_eq!(head.bytes()[124], 2);
    }
}
