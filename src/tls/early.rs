//! Early data: what a client says before the server has answered.
//!
//! The server takes it or not, and says which in its EncryptedExtensions, or by asking for another hello. What it
//! did not take was never said to it. Until that is known, what was opened is held.
//!
//! Source: RFC 8446 section 4.2.10.

use super::sealed::Before;
use crate::session::Origin;

/// So many bytes of it are held. Servers allow 16 KiB as a rule.
const MOST_HELD: usize = 64 * 1024;

/// A record of early data.
#[derive(Debug)]
pub(super) struct Record {
    /// What lies before it.
    pub(super) before: Before,
    pub(super) bytes: Vec<u8>,
    pub(super) origin: Origin,
}

/// The early data of a connection.
#[derive(Debug, Default)]
pub(super) struct Early {
    /// Whether the server takes it, once that is known.
    pub(super) is_taken: Option<bool>,
    held: Vec<Record>,
    held_bytes: usize,
    /// The records of which it is not known.
    records: u64,
}

impl Early {
    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Holds a record. Behind what there is room for it is known how much came, and not what.
    pub(super) fn hold(&mut self, before: Before, bytes: &[u8], origin: Origin) {
        self.records += 1;
        if self.held_bytes + bytes.len() <= MOST_HELD && self.is_whole() {
            self.held_bytes += bytes.len();
            self.held.push(Record {
                before,
                bytes: bytes.to_vec(),
                origin,
            });
            return;
        }
        let count = bytes.len() as u64;
        match self.held.last_mut() {
            Some(last) if last.bytes.is_empty() => {
                last.before = match (last.before, before) {
                    (Before::Bytes(lost), Before::Nothing) => Before::Bytes(lost + count),
                    _ => Before::Unknown,
                };
            }
            _ => self.held.push(Record {
                before: Before::Bytes(count),
                bytes: Vec::new(),
                origin,
            }),
        }
    }

    /// Whether there was room for all so far.
    fn is_whole(&self) -> bool {
        self.held.last().is_none_or(|last| !last.bytes.is_empty())
    }

    /// Takes note of what became of it. Gives what was held, and the number of its records.
    pub(super) fn settle(&mut self, is_taken: bool) -> (Vec<Record>, u64) {
        self.is_taken.get_or_insert(is_taken);
        self.held_bytes = 0;
        (
            std::mem::take(&mut self.held),
            std::mem::take(&mut self.records),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_no_room_for_is_known_by_its_length() {
        let mut early = Early::default();
        for _ in 0..6 {
            early.hold(Before::Nothing, &[7; 16 * 1024], Origin::default());
        }
        assert_eq!(early.held_bytes(), MOST_HELD);
        let (held, records) = early.settle(true);
        assert_eq!(records, 6);
        assert_eq!(held.len(), 5);
        assert_eq!(held.last().unwrap().before, Before::Bytes(32 * 1024));
    }
}
