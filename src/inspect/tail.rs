//! The end of a payload, for a fault that lies beyond what is kept of its start.

use crate::frame::CONTROL_PAYLOAD_MAX;
use crate::rules::Excerpt;

use super::frame::Frame;

/// The last payload bytes of a frame, for a fault that lies beyond its head.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    bytes: [u8; Tail::KEPT],
    count: usize,
}

impl Tail {
    const KEPT: usize = 8;

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() >= Tail::KEPT {
            self.bytes
                .copy_from_slice(&bytes[bytes.len() - Tail::KEPT..]);
            self.count = Tail::KEPT;
            return;
        }
        let kept = self.count.min(Tail::KEPT - bytes.len());
        self.bytes.copy_within(self.count - kept..self.count, 0);
        self.bytes[kept..kept + bytes.len()].copy_from_slice(bytes);
        self.count = kept + bytes.len();
    }

    /// The bytes up to and with the one at `at`, the newest of which are in `bytes`;
    /// `None` where the head of the payload holds them. The same however the payload arrived.
    pub(super) fn excerpt(&self, frame: &Frame, bytes: &[u8], at: u64) -> Option<Excerpt> {
        let payload_at = frame.header.payload_at();
        if at - payload_at < CONTROL_PAYLOAD_MAX as u64 {
            return None;
        }
        let newest_at = payload_at + frame.payload_present - bytes.len() as u64;
        let upto = usize::try_from((at + 1).saturating_sub(newest_at)).unwrap_or(bytes.len());
        let mut all = self.bytes.get(..self.count).unwrap_or_default().to_vec();
        let from = upto.saturating_sub(Tail::KEPT);
        all.extend_from_slice(bytes.get(from..upto.min(bytes.len())).unwrap_or_default());
        let bytes = all.split_off(all.len().saturating_sub(Tail::KEPT));
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
            let mut tail = Tail::default();
            for chunk in bytes.chunks(step) {
                tail.extend(chunk);
            }
            assert_eq!(
                &tail.bytes[..tail.count],
                &bytes[42..],
                "in steps of {step}"
            );
        }
    }
}
