//! The beginning of each message, for whoever hears what the application says.

use super::history::SeenMessage;
use crate::frame::{Header, Opcode, Sender};

/// So many bytes of a message are kept for whoever hears messages.
pub const MESSAGE_KEPT: usize = 1024;

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
    /// How many bytes it has.
    pub length: u64,
    /// How many messages of the same end came right before it and were not handed out.
    pub skipped: u64,
}

impl<'a> Heard<'a> {
    /// A message that stood in the input as a whole.
    pub(super) fn of(seen: SeenMessage, is_masked: bool, bytes: &'a [u8], skipped: u64) -> Self {
        Heard {
            sender: Sender::by_mask(is_masked),
            opcode: seen.opcode,
            at: seen.at,
            bytes,
            length: seen.length,
            skipped,
        }
    }
}

/// The message that is being read, for whoever hears messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) bytes: Vec<u8>,
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
        self.length = 0;
        self.at = header.at;
        self.opcode = Some(header.opcode);
        self.is_whole = false;
        self.is_readable = is_readable;
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let room = MESSAGE_KEPT.saturating_sub(self.bytes.len());
        let taken = bytes.get(..bytes.len().min(room)).unwrap_or_default();
        self.bytes.extend_from_slice(taken);
    }

    /// The message, where it has just become whole. It is given once.
    pub(super) fn heard(&mut self, sender: Sender) -> Option<Heard<'_>> {
        if !std::mem::take(&mut self.is_whole) {
            return None;
        }
        Some(Heard {
            sender,
            opcode: self.opcode?,
            at: self.at,
            bytes: &self.bytes,
            length: self.length,
            skipped: 0,
        })
    }
}
