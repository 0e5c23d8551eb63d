//! The frames of both ends: how they are read, and what is heard in them besides.

use crate::frame::Sender;
use crate::inspect::History;

use super::direction::{Heard, Reading};
use super::directions::Directions;
use super::finder::Confidence;
use super::transport::Origin;
use super::{Phase, Ping, Session, What};

/// So many pings may wait for their pongs.
const MOST_PINGS: usize = 32;

impl Session {
    /// Says what was asked for, where the request that is read hides a part of it: by that the protocol of the messages
    /// is known. Nothing of it is shown.
    #[cfg(feature = "probe")]
    pub(crate) fn ask_for(&mut self, target: &str) {
        self.target = Some(target.to_owned());
    }

    pub(crate) fn has_frames(&self) -> bool {
        let directions = self.directions.as_ref();
        directions.is_some_and(|both| {
            both.each()
                .into_iter()
                .any(|direction| direction.frames() > 0)
        })
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(crate) fn inflating_bytes(&self) -> usize {
        self.inflating.iter().sum()
    }

    /// Takes note of how many there are now; `side`: who alone has sent something.
    pub(super) fn weigh(&mut self, side: Option<usize>) {
        let Some(directions) = &self.directions else {
            return;
        };
        let only = side.map(|side| self.sender(side));
        let [client, server, heard] = &mut self.inflating;
        *heard = directions.listener.held_bytes();
        let ends = [(client, Sender::Client), (server, Sender::Server)];
        for (bytes, sender) in ends {
            if only.is_none_or(|only| only == sender) {
                *bytes = directions.of(sender).inflating_bytes();
            }
        }
    }

    /// Whether there was no memory for that when it was needed.
    pub(crate) fn is_not_inflated(&self) -> bool {
        let mut both = self.directions.iter().flat_map(|both| both.each());
        self.is_not_inflated || both.any(|direction| direction.is_not_inflated)
    }

    /// How the frames are to be read, as far as the answer to the upgrade tells.
    pub(super) fn reading(&mut self) -> Reading {
        let response = self.handshake.upgrade.response.as_ref();
        let mut deflate = response.map(|_| self.handshake.upgrade.agreement().deflate);
        if matches!(deflate, Some(Some(_))) && !self.may_inflate {
            self.is_not_inflated = true;
            deflate = None;
        }
        Reading {
            deflate,
            max_message_size: self.options.max_message_size,
            is_watched: self.options.keeps_events,
        }
    }

    /// How frames are to be read of which nobody knows what was agreed on.
    pub(super) fn reading_unknown(&self) -> Reading {
        Reading {
            deflate: None,
            max_message_size: self.options.max_message_size,
            is_watched: self.options.keeps_events,
        }
    }

    /// Begins with frames: those of the client and those of the server at their offsets, where
    /// these are known.
    pub(super) fn open(&mut self, at: [Option<u64>; 2], reading: Reading) {
        if self.directions.is_none() {
            self.directions = Some(Directions::new(
                at,
                reading,
                &self.handshake.upgrade,
                self.target.as_deref(),
            ));
        }
        for side in 0..2 {
            self.set(side, Phase::Frames);
        }
    }

    /// Says that frames are all that comes from here on, of the first end as the client: its beginning
    /// was not seen, and each piece begins with a frame.
    pub fn begin_frames(&mut self) {
        self.client = Some(0);
        self.open([Some(0), Some(0)], self.reading_unknown());
    }

    /// Takes what a client sent behind its request, whose answer is not in the capture, as frames.
    pub(super) fn open_unanswered(&mut self, side: usize) {
        self.open([self.request_ends, None], self.reading_unknown());
        self.replay(side);
    }

    pub(super) fn frames(
        &mut self,
        side: usize,
        at: u64,
        bytes: &[u8],
        origin: Origin,
        is_cut: bool,
    ) {
        let sender = self.sender(side);
        let Some(directions) = &mut self.directions else {
            return;
        };
        let (direction, other, listener) = directions.of_mut(sender);
        direction.may_inflate = self.may_inflate;
        direction.take(at, bytes, origin, is_cut, other, listener);
        self.listen(side);
    }

    /// Takes note of what was heard besides.
    pub(super) fn listen(&mut self, side: usize) {
        let sender = self.sender(side);
        let Some(directions) = &mut self.directions else {
            return;
        };
        let (direction, _, _) = directions.of_mut(sender);
        if direction.heard.is_empty() {
            return;
        }
        for heard in std::mem::take(&mut direction.heard) {
            match heard {
                Heard::Ping(payload, origin) => {
                    if self.is_answered_early(sender, &payload, origin) {
                        continue;
                    }
                    if self.unanswered.len() == MOST_PINGS {
                        self.unanswered.pop_front();
                    }
                    self.unanswered.push_back(Ping {
                        sender,
                        origin,
                        payload,
                    });
                }
                Heard::Pong(payload, origin) => {
                    // "MAY elect to send a Pong frame for only the most recently processed Ping" (5.5.3)
                    let mut pings = self.unanswered.iter();
                    let last =
                        pings.rposition(|ping| ping.sender != sender && ping.payload == payload);
                    if let Some(last) = last {
                        let mut place = 0;
                        self.unanswered.retain(|ping| {
                            place += 1;
                            ping.sender == sender || place > last + 1
                        });
                    }
                    if self.pongs.len() == MOST_PINGS {
                        self.pongs.pop_front();
                    }
                    self.pongs.push_back(Ping {
                        sender,
                        origin,
                        payload,
                    });
                }
                Heard::Retracted(from) => self.forget(sender, from),
                Heard::Frame(seen, origin) => self.event(side, origin, What::Frame(seen)),
            }
        }
    }

    /// Takes back the frames of an end that were none, from a place on.
    fn forget(&mut self, sender: Sender, from: Origin) {
        let is_kept = |of: Sender, at: Origin| of != sender || at.turn < from.turn;
        self.unanswered
            .retain(|ping| is_kept(ping.sender, ping.origin));
        self.pongs.retain(|pong| is_kept(pong.sender, pong.origin));
        self.correct_events();
        self.events.retain(|event| {
            !matches!(event.what, What::Frame(_)) || is_kept(event.sender, event.origin)
        });
    }

    /// Whether the pong for a ping has been read before it: behind a hole the streams are read one after
    /// the other.
    fn is_answered_early(&self, sender: Sender, payload: &[u8], origin: Origin) -> bool {
        let mut pongs = self.pongs.iter();
        pongs.any(|pong| {
            pong.sender != sender && pong.payload == payload && pong.origin.turn > origin.turn
        })
    }

    /// How sure it is that frames were found, where they had to be.
    pub(crate) fn confidence(&self) -> Option<Confidence> {
        let both = self.directions.as_ref()?;
        both.each()
            .into_iter()
            .filter_map(|direction| direction.confidence)
            .chain(self.found.map(|found| found.confidence))
            .min()
    }

    pub(crate) fn history(&self, sender: Sender) -> Option<&History> {
        Some(self.directions.as_ref()?.of(sender).history())
    }
}
