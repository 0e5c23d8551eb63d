//! A message that is kept until the protocol is known, or that it is not: its beginning and its end.

use super::Moment;
use super::ends::Body;
use super::mqtt::{CONNECT, length_of};
use crate::conversation::Heard;
use crate::frame::{Opcode, Sender};

/// So much of the beginning of a message, and of its end, is kept until the protocol is known, or that it is not.
pub(super) const KEPT: usize = 512;

/// So much of the beginning of a binary message is kept, once the protocol is not known.
const KEPT_BINARY: usize = 128;

/// A message that is kept for later.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) sender: Sender,
    pub(super) is_text: bool,
    bytes: Vec<u8>,
    /// The last of what it has behind those.
    tail: Vec<u8>,
    length: u64,
    pub(super) moment: Moment,
}

impl Raw {
    pub(super) fn of(heard: &Heard<'_>, moment: Moment) -> Self {
        let (bytes, tail) = ends_of(heard);
        Raw {
            sender: heard.sender,
            is_text: heard.opcode == Opcode::Text,
            bytes: bytes.to_vec(),
            tail: tail.to_vec(),
            length: heard.length,
            moment,
        }
    }

    /// Becomes this message, in the memory of the one before: there are millions.
    pub(super) fn become_one_of(&mut self, heard: &Heard<'_>, moment: Moment) {
        self.is_text = heard.opcode == Opcode::Text;
        self.bytes.clear();
        self.tail.clear();
        let (bytes, tail) = ends_of(heard);
        if self.is_text || may_tell(bytes) {
            self.bytes.extend_from_slice(bytes);
            self.tail.extend_from_slice(tail);
        } else {
            // Of what else is binary only a short message may say which protocol it is of.
            let front = bytes.get(..bytes.len().min(KEPT_BINARY));
            self.bytes.extend_from_slice(front.unwrap_or_default());
        }
        (self.length, self.moment) = (heard.length, moment);
    }

    pub(super) fn body(&self) -> Body<'_> {
        Body {
            bytes: &self.bytes,
            tail: &self.tail,
            length: self.length,
        }
    }

    /// What messages of an end make together, where all of them are binary, and short; `None` where the first is all.
    pub(super) fn joined<'a>(raws: impl Iterator<Item = &'a Raw>) -> Option<Raw> {
        let mut raws = raws.peekable();
        let first = raws.next()?;
        raws.peek()?;
        let mut joined = Raw {
            bytes: first.bytes.clone(),
            tail: Vec::new(),
            ..*first
        };
        for raw in raws {
            joined.bytes.extend_from_slice(&raw.bytes);
            joined.length += raw.length;
            joined.is_text |= raw.is_text;
        }
        (!joined.is_text && joined.length <= KEPT as u64).then_some(joined)
    }

    /// Whether it may begin the packet that opens MQTT, and does not have all of it.
    pub(super) fn may_begin_packet(&self) -> bool {
        !self.is_text && self.bytes.first() == Some(&CONNECT) && !self.is_packet()
    }

    /// Whether the packet that begins it ends in it.
    pub(super) fn is_packet(&self) -> bool {
        length_of(&self.bytes).is_some_and(|length| length <= self.length)
    }

    /// The bytes of memory that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.bytes.len() + self.tail.len()
    }

    /// Whether it is a text, or may be one that was sent as binary.
    pub(super) fn is_readable(&self) -> bool {
        self.is_text || begins_json(&self.bytes)
    }
}

/// The first bytes of a message, and the last of those behind them, as many as are kept of one for later.
fn ends_of<'a>(heard: &Heard<'a>) -> (&'a [u8], &'a [u8]) {
    let (front, rest) = heard.bytes.split_at(heard.bytes.len().min(KEPT));
    match heard.tail {
        [] => (front, rest),
        tail => (front, tail),
    }
}

/// Whether a binary message may say which protocol it is of, by its first bytes.
fn may_tell(bytes: &[u8]) -> bool {
    match bytes {
        // The Status of Kubernetes on its error channel.
        [3, b'{', ..] => true,
        // MQTT's DISCONNECT, and SignalR's Close message in MessagePack with its length before it.
        [0xe0, ..] | [_, 0x92..=0x94, 7, ..] | [_, _, 0x92..=0x94, 7, ..] => true,
        _ => begins_json(bytes),
    }
}

/// Whether an object of JSON may begin here: some programs send JSON as binary.
fn begins_json(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'{')
}
