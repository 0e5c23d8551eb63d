//! The masking keys of one end. They have to be unpredictable (RFC 6455 section 5.3); two things show that they are
//! not, and each is said once.

use super::hint::Hint;

/// So many masking keys are remembered, to notice one that is used again.
const KEYS_REMEMBERED: usize = 256;
/// After so many frames keys are no longer compared: sooner or later two random keys are the same.
const FRAMES_COMPARED: u64 = 4096;

/// The masking keys that one end has used.
#[derive(Clone, Debug, Default)]
pub(super) struct MaskingKeys {
    used: Vec<[u8; 4]>,
    /// The offset of the frame of each. Apart from them: all keys are looked at for each frame.
    places: Vec<u64>,
    said_zero: bool,
    said_reused: bool,
}

impl MaskingKeys {
    /// Whether the key of the next frame is compared with those before it, after so many frames.
    pub(super) fn are_compared(&self, frames: u64) -> bool {
        !self.said_reused && frames < FRAMES_COMPARED
    }

    /// Whether a key is zero, and none was yet.
    pub(super) fn is_first_zero(&self, key: Option<[u8; 4]>) -> bool {
        key == Some([0; 4]) && !self.said_zero
    }

    /// Takes the key of the frame at `at`, the one with this number, counted from 1. Gives what is odd about it.
    pub(super) fn take(&mut self, key: [u8; 4], at: u64, number: u64) -> Option<Hint> {
        if key == [0; 4] {
            let is_first = !std::mem::replace(&mut self.said_zero, true);
            return is_first.then_some(Hint::MaskingKeyZero);
        }
        if self.said_reused || number > FRAMES_COMPARED {
            return None;
        }
        if let Some(same) = self.used.iter().position(|used| *used == key) {
            self.said_reused = true;
            let earlier = self.places.get(same).copied().unwrap_or(at);
            (self.used, self.places) = (Vec::new(), Vec::new());
            return Some(Hint::MaskingKeyReused { earlier });
        }
        if self.used.len() < KEYS_REMEMBERED {
            self.used.push(key);
            self.places.push(at);
            return None;
        }
        let oldest = number as usize % KEYS_REMEMBERED;
        if let (Some(used), Some(place)) = (self.used.get_mut(oldest), self.places.get_mut(oldest))
        {
            (*used, *place) = (key, at);
        }
        None
    }
}
