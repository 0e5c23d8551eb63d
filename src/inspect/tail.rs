//! The end of a payload, for what lies beyond what is kept of its start.

use crate::frame::CONTROL_PAYLOAD_MAX;
use crate::rules::Excerpt;

use super::frame::Frame;

/// The last so many of the bytes that were taken.
#[derive(Clone, Copy)]
pub(super) struct Tail<const KEPT: usize> {
    bytes: [u8; KEPT],
    count: usize,
}

impl<const KEPT: usize> Tail<KEPT> {
    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.count).unwrap_or_default()
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() >= KEPT {
            self.bytes.copy_from_slice(&bytes[bytes.len() - KEPT..]);
            self.count = KEPT;
            return;
        }
        let kept = self.count.min(KEPT - bytes.len());
        self.bytes.copy_within(self.count - kept..self.count, 0);
        self.bytes[kept..kept + bytes.len()].copy_from_slice(bytes);
        self.count = kept + bytes.len();
    }
}

impl<const KEPT: usize> Default for Tail<KEPT> {
    fn default() -> Self {
        Tail {
            bytes: [0; KEPT],
            count: 0,
        }
    }
}

impl<const KEPT: usize> PartialEq for Tail<KEPT> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl<const KEPT: usize> std::fmt::Debug for Tail<KEPT> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.bytes()))
    }
}

/// So many bytes are kept for a fault that lies beyond the head of its payload.
pub(super) const NEAR_FAULT: usize = 8;

impl Tail<NEAR_FAULT> {
    /// The bytes up to and with the one at `at`, the newest of which are in `bytes`;
    /// `None` where the head of the payload holds them. The same however the payload arrived.
    pub(super) fn excerpt(&self, frame: &Frame, bytes: &[u8], at: u64) -> Option<Excerpt> {
        let payload_at = frame.header.payload_at();
        if at - payload_at < CONTROL_PAYLOAD_MAX as u64 {
            return None;
        }
        let newest_at = payload_at + frame.payload_present - bytes.len() as u64;
        let upto = usize::try_from((at + 1).saturating_sub(newest_at)).unwrap_or(bytes.len());
        let mut all = self.bytes().to_vec();
        let from = upto.saturating_sub(NEAR_FAULT);
        all.extend_from_slice(bytes.get(from..upto.min(bytes.len())).unwrap_or_default());
        let bytes = all.split_off(all.len().saturating_sub(NEAR_FAULT));
        let end = (at + 1).min(payload_at + frame.payload_present);
        Some(Excerpt {
            at: end - bytes.len() as u64,
            bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_holds_the_last_bytes_however_they_came() {
        let bytes: Vec<u8> = (0..50).collect();
        for step in 1..30 {
            let mut tail = Tail::<8>::default();
            for chunk in bytes.chunks(step) {
                tail.extend(chunk);
            }
            assert_eq!(tail.bytes(), &bytes[42..], "in steps of {step}");
        }
    }
}
