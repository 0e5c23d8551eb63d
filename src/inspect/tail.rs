//! The end of a payload, for what lies beyond what is kept of its start.

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
