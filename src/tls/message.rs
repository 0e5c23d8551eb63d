//! Handshake messages out of the records that carry them: one may be spread over many records.
//!
//! Source: RFC 8446 section 4, RFC 5246 section 7.4.

/// A certificate chain is the largest, and smaller than this.
const LONGEST: usize = 256 * 1024;

/// Puts the messages of one end together.
#[derive(Debug, Default)]
pub(super) struct Messages {
    held: Vec<u8>,
    /// Bytes of a message that is too long to be kept.
    skip: usize,
    /// Whether a part of them was lost, so that nobody knows where the next begins.
    is_lost: bool,
}

impl Messages {
    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.held.len()
    }

    /// Takes the body of a record and hands on each message that it completes: type and body.
    pub(super) fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(u8, &[u8])) {
        if self.is_lost {
            return;
        }
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        self.held
            .extend_from_slice(bytes.get(skipped..).unwrap_or_default());
        let mut at = 0;
        while let Some(&[kind, high, middle, low]) = self.held.get(at..at + 4) {
            let length = u32::from_be_bytes([0, high, middle, low]) as usize;
            let Some(body) = self.held.get(at + 4..at + 4 + length) else {
                if length > LONGEST {
                    self.skip = at + 4 + length - self.held.len();
                    at = self.held.len();
                }
                break;
            };
            sink(kind, body);
            at += 4 + length;
        }
        self.held.drain(..at);
    }

    /// Takes note that a record of them was lost. What had come of a message is handed on.
    pub(super) fn lose(&mut self, partial: &[u8], mut sink: impl FnMut(u8, &[u8])) {
        if !self.is_lost {
            self.held.extend_from_slice(partial);
            if let Some((&[kind, ..], body)) = self.held.split_first_chunk::<4>() {
                sink(kind, body);
            }
        }
        self.held = Vec::new();
        self.is_lost = true;
    }

    /// Begins anew behind what was lost: the next record begins with a message.
    pub(super) fn go_on(&mut self) {
        if self.is_lost {
            *self = Messages::default();
        }
    }
}
