//! The beginning of each message, for whoever hears what the application says.

use super::history::SeenMessage;
use crate::frame::{Header, Opcode, Sender};

/// So many bytes of a message are kept for whoever hears messages.
pub const MESSAGE_KEPT: usize = 1024;
/// So many bytes of the end of a longer message are kept as well.
pub const MESSAGE_TAIL: usize = 512;

/// A whole message, as far as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// Who sent it.
    pub sender: Sender,
    /// Text or binary.
    pub opcode: Opcode,
    /// The offset of its first frame.
    pub at: u64,
    /// Its first bytes, unmasked and inflated: at most [`MESSAGE_KEPT`].
    pub bytes: &'a [u8],
    /// Its last bytes, where it has more than those: at most [`MESSAGE_TAIL`].
    pub tail: &'a [u8],
    /// How many bytes it has.
    pub length: u64,
    /// How many messages of the same end came right before it and were not handed out.
    pub skipped: u64,
    /// Whether it could be read; else it is compressed in a way that nobody was seen to agree on, or against messages
    /// that were not seen, and has no bytes here.
    pub is_readable: bool,
}

impl<'a> Heard<'a> {
    /// A message that stood in the input as a whole.
    pub(super) fn of(
        seen: SeenMessage,
        is_masked: bool,
        (bytes, tail): (&'a [u8], &'a [u8]),
        skipped: u64,
    ) -> Self {
        Heard {
            sender: Sender::by_mask(is_masked),
            opcode: seen.opcode,
            at: seen.at,
            bytes,
            tail,
            length: seen.length,
            skipped,
            is_readable: true,
        }
    }
}

/// The message that is being read, for whoever hears messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) bytes: Vec<u8>,
    /// What came behind those, but no more than some of the last.
    tail: Vec<u8>,
    length: u64,
    at: u64,
    /// Whether all of it can be read.
    pub(super) is_readable: bool,
    /// Whether it is whole and nobody has heard it.
    pub(super) is_whole: bool,
    opcode: Option<Opcode>,
}

impl Gathered {
    /// Begins with a message. What an extension changed that nobody agreed on cannot be read.
    pub(super) fn begin(&mut self, header: &Header, is_readable: bool) {
        self.bytes.clear();
        self.tail.clear();
        self.length = 0;
        self.at = header.at;
        self.opcode = Some(header.opcode);
        self.is_whole = false;
        self.is_readable = is_readable;
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let room = MESSAGE_KEPT.saturating_sub(self.bytes.len());
        let (front, rest) = bytes.split_at(bytes.len().min(room));
        self.bytes.extend_from_slice(front);
        self.tail.extend_from_slice(last(rest));
        // Not each time: there may be many small pieces.
        if self.tail.len() > 4 * MESSAGE_TAIL {
            self.tail.drain(..self.tail.len() - MESSAGE_TAIL);
        }
    }

    /// The message, where it has just become whole. It is given once.
    pub(super) fn heard(&mut self, sender: Sender) -> Option<Heard<'_>> {
        if !std::mem::take(&mut self.is_whole) {
            return None;
        }
        let (bytes, tail, length) = match self.is_readable {
            true => (self.bytes.as_slice(), last(&self.tail), self.length),
            false => (&[][..], &[][..], 0),
        };
        Some(Heard {
            sender,
            opcode: self.opcode?,
            at: self.at,
            bytes,
            tail,
            length,
            skipped: 0,
            is_readable: self.is_readable,
        })
    }
}

/// The last of some bytes, as many as are kept.
fn last(bytes: &[u8]) -> &[u8] {
    let from = bytes.len().saturating_sub(MESSAGE_TAIL);
    bytes.get(from..).unwrap_or_default()
}
