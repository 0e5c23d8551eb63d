//! Frames in the middle of a connection of which nobody saw the upgrade.
//!
//! Both streams are tried at once, at each segment, until what one end sends, or what both send together,
//! is evidence enough; then both are read from where their frames begin. One end that masks proves the
//! other one too. What was held meanwhile is bounded, and what no trial needs is not held.

use std::collections::VecDeque;

use super::directions::Directions;
use super::finder::{Candidate, Confidence};
use super::held::Held;
use super::transport::Origin;
use super::{Phase, Session};
use crate::frame::Sender;

/// So many trials run at a time on one stream.
const MOST_TRIALS: usize = 16;
/// So many bytes of a stream are held for them.
const MOST_HELD: usize = 32 * 1024;
/// An end that masks nothing is believed only while the other one has sent no more than so many
/// segments that cannot be its client's.
const MOST_UNREADABLE: u32 = 1;

/// What was tried on the two streams so far.
#[derive(Debug, Default)]
pub(super) struct Search {
    sides: [Tried; 2],
    /// Places that were tried in vain, on either.
    misses: u32,
}

#[derive(Debug, Default)]
struct Tried {
    trials: Vec<Candidate>,
    /// Segments that cannot be a client's, as far as trials go.
    unmasked: u32,
}

/// What made the search succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How sure it is.
    pub confidence: Confidence,
    /// Frames of the client, which are masked, that show it.
    pub masked: u64,
    /// Frames of the server, which are not.
    pub unmasked: u64,
}

impl Tried {
    fn best(&self, sender: Sender) -> Option<&Candidate> {
        let of = self.trials.iter().filter(|trial| trial.sender == sender);
        of.max_by_key(|trial| trial.bits())
    }

    /// Takes a segment at `at`; `senders`: who may have sent it.
    fn take(&mut self, at: u64, bytes: &[u8], senders: &[Sender], misses: &mut u32) {
        let is_going_on = |trials: &[Candidate], sender| {
            let mut trials = trials.iter();
            trials.any(|trial: &Candidate| trial.sender == sender && trial.is_between())
        };
        let wanted: Vec<Sender> = senders
            .iter()
            .copied()
            .filter(|sender| !is_going_on(&self.trials, *sender))
            .collect();
        let before = self.trials.len();
        self.trials.retain_mut(|trial| trial.take(bytes));
        *misses = misses.saturating_add((before - self.trials.len()) as u32);
        let is_tried = !wanted.is_empty();
        let before = self.trials.len();
        for sender in wanted {
            let mut trial = Candidate::new(sender, at);
            if !trial.take(bytes) {
                continue;
            }
            if self.trials.len() >= MOST_TRIALS {
                let weakest = self.trials.iter().enumerate();
                let weakest = weakest.min_by_key(|(_, trial)| trial.bits());
                if let Some((place, _)) = weakest {
                    self.trials.remove(place);
                }
            }
            self.trials.push(trial);
        }
        // A mask that is there or not tells the ends apart: that counts for none.
        *misses = misses.saturating_add(u32::from(is_tried && self.trials.len() == before));
        if self.best(Sender::Client).is_none() {
            self.unmasked = self.unmasked.saturating_add(1);
        }
    }
}

impl Search {
    /// What the trials prove: which side is the client, with what certainty.
    fn verdict(&self, client: Option<usize>) -> Option<(usize, Proof)> {
        let sides = [0, 1].into_iter();
        let sides = sides.filter(|side| client.is_none_or(|client| client == *side));
        let found = sides.filter_map(|client| {
            let masked = self.sides[client].best(Sender::Client);
            let unmasked = self.sides[1 - client].best(Sender::Server);
            let bits = |trial: Option<&Candidate>| trial.map_or(0, Candidate::bits);
            let frames = |trial: Option<&Candidate>| trial.map_or(0, |trial| trial.frames);
            let is_alone = bits(masked) == 0;
            if is_alone && self.sides[client].unmasked > MOST_UNREADABLE {
                return None;
            }
            let bits = bits(masked) + bits(unmasked);
            let confidence = Confidence::of(bits, self.misses)?;
            let found = Proof {
                confidence,
                masked: frames(masked),
                unmasked: frames(unmasked),
            };
            Some((bits, client, found))
        });
        let (_, client, found) = found.max_by_key(|(bits, ..)| *bits)?;
        Some((client, found))
    }
}

impl Session {
    /// Tries a segment of a connection whose beginning was not seen.
    pub(super) fn search(&mut self, side: usize, at: u64, bytes: &[u8], origin: Origin) {
        let senders: &[Sender] = match self.client {
            Some(client) if client == side => &[Sender::Client],
            Some(_) => &[Sender::Server],
            None => &[Sender::Client, Sender::Server],
        };
        let search = self.search.get_or_insert_default();
        let Search { sides, misses } = search.as_mut();
        let Some(tried) = sides.get_mut(side) else {
            return;
        };
        tried.take(at, bytes, senders, misses);
        if !tried.trials.is_empty() {
            self.hold(
                side,
                Held {
                    at,
                    bytes: bytes.to_vec(),
                    gap: 0,
                    origin,
                    had_received: None,
                },
            );
        }
        self.trim(side);
        self.decide();
    }

    /// Takes the end of a stream that is searched.
    pub(super) fn search_end(&mut self, side: usize) {
        if let Some(search) = &mut self.search {
            search.sides[side]
                .trials
                .iter_mut()
                .for_each(Candidate::end);
            self.decide();
        }
    }

    /// Takes a gap in the middle of what is searched.
    pub(super) fn search_gap(&mut self, side: usize, at: u64, count: u64, origin: Origin) {
        let Some(search) = &mut self.search else {
            return;
        };
        let trials = &mut search.sides[side].trials;
        trials.retain_mut(|trial| trial.skip(count));
        if !trials.is_empty() {
            self.hold(
                side,
                Held {
                    at,
                    bytes: Vec::new(),
                    gap: count,
                    origin,
                    had_received: None,
                },
            );
        }
        self.trim(side);
        self.decide();
    }

    /// Lets go of all that is tried: it is known what is spoken.
    pub(super) fn search_no_more(&mut self) {
        if self.search.take().is_some() {
            self.take_held(0);
            self.take_held(1);
        }
    }

    /// Lets go of what no trial needs, and of what is too much.
    fn trim(&mut self, side: usize) {
        let Some(search) = &mut self.search else {
            return;
        };
        let trials = &mut search.sides[side].trials;
        let held: usize = self.held[side].iter().map(|held| held.bytes.len()).sum();
        let from = if held > MOST_HELD {
            trials.retain_mut(|trial| match trial.next() {
                Some(next) => {
                    trial.begins_at = next;
                    true
                }
                None => false,
            });
            u64::MAX
        } else {
            let begins = trials.iter().map(|trial| trial.begins_at);
            begins.min().unwrap_or(u64::MAX)
        };
        let needed = |held: &Held| held.at + held.bytes.len() as u64 + held.gap > from;
        let before = self.held[side].len();
        if from == u64::MAX || !self.held[side].first().is_none_or(needed) {
            let kept: Vec<Held> = self.take_held(side).into_iter().filter(needed).collect();
            for held in kept {
                self.hold(side, held);
            }
        }
        debug_assert!(self.held[side].len() <= before);
    }

    /// Opens the frames once there is evidence enough.
    fn decide(&mut self) {
        let Some(search) = &self.search else {
            return;
        };
        let Some((client, found)) = search.verdict(self.client) else {
            return;
        };
        let begins = [Sender::Client, Sender::Server].map(|sender| {
            let side = if sender == Sender::Client {
                client
            } else {
                1 - client
            };
            let best = search.sides[side].best(sender);
            // Frames that begin in vain may be a coincidence yet.
            best.filter(|trial| trial.bits() > 0 || trial.next().is_some())
                .map(|trial| trial.begins_at)
        });
        self.client = Some(client);
        self.search = None;
        self.found = Some(found);
        let reading = self.reading_unknown();
        self.directions = Some(Directions::found(begins, reading));
        for side in 0..2 {
            self.set(side, Phase::Frames);
        }
        let origin = self.transport.first;
        let both = self.directions.iter_mut().flat_map(|both| both.each_mut());
        both.for_each(|direction| direction.begins_unseen(origin));
        // In the order in which they came, so that each end's history is what it was; but of one end in the order of
        // its stream, where a packet may have overtaken another.
        let [mut one, mut other] = [0, 1].map(|side| VecDeque::from(self.take_held(side)));
        let turn = |held: &VecDeque<Held>| held.front().map_or(u64::MAX, |held| held.origin.turn);
        loop {
            let (side, next) = match turn(&one) <= turn(&other) {
                true => (0, one.pop_front()),
                false => (1, other.pop_front()),
            };
            let Some(held) = next else {
                return;
            };
            // That it is missing was told when it was found to be.
            if held.gap > 0 {
                self.lose(side, held.at, held.gap, held.origin);
            } else {
                self.bytes(side, held.at, &held.bytes, held.origin, false);
            }
        }
    }
}
