//! Bytes that wait until it is known what they are.

use super::transport::{Origin, Piece};
use super::{Phase, Session, UNKNOWN};

/// A part of what an end sent, or a gap in it.
#[derive(Debug)]
pub struct Held {
    pub(super) at: u64,
    pub(super) bytes: Vec<u8>,
    /// A gap of so many bytes, and no bytes.
    pub(super) gap: u64,
    pub(super) origin: Origin,
    /// How much of the other end's stream its sender had received then, where that is known.
    pub(super) had_received: Option<u64>,
}

impl Held {
    /// As it came.
    pub fn piece(&self) -> Piece<'_> {
        match self.gap {
            0 => Piece::Bytes(self.at, &self.bytes, self.origin),
            UNKNOWN.. => Piece::Lost(self.at, self.origin),
            gap => Piece::Gap(self.at, gap, self.origin),
        }
    }
}

impl Session {
    /// The bytes of memory that wait until it is known what they are.
    pub(crate) fn held_bytes(&self) -> usize {
        let heads = self.phases.iter().map(|phase| match phase {
            Phase::Http(http) => http.held_bytes(),
            _ => 0,
        });
        self.held_bytes + heads.sum::<usize>()
    }

    /// Gives up what it holds, for memory: an upgrade that is not whole will not be read.
    pub(crate) fn give_up(&mut self) {
        for side in 0..2 {
            let holds = match self.phases.get(side) {
                Some(Phase::Http(http)) => http.held_bytes() > 0,
                Some(Phase::Waiting | Phase::Start) => {
                    self.held.get(side).is_some_and(|held| !held.is_empty())
                }
                _ => false,
            };
            if holds {
                self.take_held(side);
                self.set(side, Phase::Opaque);
            }
        }
    }

    pub(super) fn hold(&mut self, side: usize, held: Held) {
        if let Some(place) = self.held.get_mut(side) {
            self.held_bytes += held.bytes.len();
            place.push(held);
        }
    }

    pub(super) fn take_held(&mut self, side: usize) -> Vec<Held> {
        let held = self
            .held
            .get_mut(side)
            .map(std::mem::take)
            .unwrap_or_default();
        self.held_bytes -= held.iter().map(|held| held.bytes.len()).sum::<usize>();
        held
    }

    /// What went through a tunnel, the client's first. Each end may begin with anything from here on.
    pub(super) fn take_passed(&mut self) -> Vec<(usize, Held)> {
        let client = self.client_or_guess().min(1);
        let mut passed = Vec::new();
        for side in [client, 1 - client] {
            self.set(side, Phase::Start);
            let held = self.take_held(side).into_iter();
            passed.extend(held.map(|held| (side, held)));
        }
        passed
    }

    pub(super) fn replay(&mut self, side: usize) {
        for held in self.take_held(side) {
            if held.gap > 0 {
                self.gap(side, held.at, held.gap, held.origin);
            } else {
                self.bytes(side, held.at, &held.bytes, held.origin, false);
                self.had_received(side, held.origin, held.had_received);
            }
        }
    }
}
