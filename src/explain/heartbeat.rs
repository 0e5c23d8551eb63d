//! Signs of life of a protocol that stopped, where no timer of it is known: a ping that nothing came behind, and beats
//! that came at even intervals and came no more. What somebody waited for is not known then; what is missing is.

use super::application::{Scene, Story, entry};
use crate::application::Rhythm;
use crate::facts::causes::Cause;
use crate::facts::protocols::{Limit, Protocol};
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::words::{Message, Value, say};

/// Whoever leaves sooner behind a ping did not wait for its answer, in seconds.
const SHORTEST_WAIT: f64 = 0.5;
/// Beats that come more often are no signs of life, in seconds.
const SHORTEST_INTERVAL: f64 = 0.5;
/// So many of their intervals beats are missing for, where they came evenly, and where one interval is all that is known.
const MISSING: (f64, f64) = (1.5, 2.5);

impl Scene<'_> {
    /// A ping of the protocol that nothing of the other end came behind, and its sender ended the connection.
    pub(super) fn ping_left(&self, registries: Registries) -> Option<Story> {
        let closer = self.closer?;
        let other = closer.other();
        if self.own_goodbye().is_some() || self.is_about_something_else(closer, registries) {
            return None;
        }
        let mut layers = self.application.layers();
        let (protocol, ping) =
            layers.find_map(|layer| Some((layer.protocol?, layer.end(closer).ping?)))?;
        let waited = self.elapsed(ping)?;
        if waited < SHORTEST_WAIT || self.may_hide(other, Some(ping)) {
            return None;
        }
        let (title, after) = (protocol.title, Value::Seconds(waited));
        let statement = say!(said.ping_left, title, closer, other, after);
        Some(self.of_silence(protocol, other, statement))
    }

    /// Beats of the other end that came at even intervals, and stopped before the end.
    pub(super) fn beats_missing(&self, registries: Registries) -> Option<Story> {
        let closer = self.closer?;
        let other = closer.other();
        if self.own_goodbye().is_some() || self.is_about_something_else(closer, registries) {
            return None;
        }
        let last = self.application.end(other).last?;
        let silence = self.elapsed(last)?;
        let mut layers = self.application.layers();
        let (protocol, every) = layers.find_map(|layer| {
            let every = interval(layer.end(other).rhythm, silence)?;
            Some((layer.protocol?, every))
        })?;
        if self.may_hide(other, Some(last)) {
            return None;
        }
        let (title, every, after) = (
            protocol.title,
            Value::Seconds(every),
            Value::Seconds(silence),
        );
        let statement = say!(said.beats_missing, title, other, every, after, closer);
        Some(self.of_silence(protocol, other, statement))
    }

    /// Whether the Close names something else than a silence.
    fn is_about_something_else(&self, closer: Sender, registries: Registries) -> bool {
        match self.code {
            Some(Some(code @ 3000..=4999)) => entry(registries, code, closer).is_some(),
            Some(Some(code)) => !matches!(code, 1000 | 1001 | 1006 | 1008 | 1011),
            _ => false,
        }
    }

    /// What is told of an end that was silent. Behind a code that names no cause it is the answer.
    fn of_silence(&self, protocol: &'static Protocol, silent: Sender, statement: Message) -> Story {
        let mut story = self.beside_code(statement, &[]);
        let is_private = matches!(self.code, Some(Some(3000..=4999)));
        story.is_answer |= is_private;
        if is_private || self.code == Some(None) {
            story.cause = Cause::KeepaliveTimeout;
        }
        let is_of_silent = |limit: &&Limit| limit.silent.is(silent) && !limit.advice.is_empty();
        let limit = protocol.limits.iter().find(is_of_silent);
        // Who ended TCP is said with what to do about it.
        if self.code.is_some() {
            story.advice = match limit {
                Some(limit) => limit.advice.iter().collect(),
                None => Cause::KeepaliveTimeout.row().advice.iter().collect(),
            };
        }
        story
    }
}

/// The interval of beats, in seconds, where so long a silence is longer than it allows.
fn interval(rhythm: Rhythm, silence: f64) -> Option<f64> {
    let seconds = |nanoseconds: i64| nanoseconds as f64 / 1e9;
    let longest = seconds(rhythm.longest);
    let is_even = rhythm.count >= 2 && seconds(rhythm.shortest) >= 0.8 * longest;
    let least = if is_even { MISSING.0 } else { MISSING.1 };
    let is_known = rhythm.count >= 1 && longest >= SHORTEST_INTERVAL;
    (is_known && silence >= least * longest).then_some(longest)
}
