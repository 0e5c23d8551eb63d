//! Silence that a protocol inside WebSocket does not allow, and pings of its own without an answer.

use super::application::{Scene, Story, entry};
use crate::application::Application;
use crate::facts::causes::Cause;
use crate::facts::protocols::{Limit, Since, Together};
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::words::{Message, Value, say};

impl Scene<'_> {
    /// An end that was silent for longer than its protocol allows.
    pub(super) fn silence(&self, registries: Registries) -> Option<Story> {
        let closer = self.closer?;
        // A number that nobody documents for this end may be its program's word for a ping without an answer.
        let is_private = matches!(self.code, Some(Some(3000..=4999)));
        let is_about_something_else = match self.code {
            Some(Some(code @ 3000..=4999)) => entry(registries, code, closer).is_some(),
            Some(Some(code)) => matches!(code, 1001 | 1003 | 1007 | 1009 | 1012 | 1013),
            _ => false,
        };
        if self.own_goodbye().is_some() {
            return None;
        }
        if let Some(story) = self.ping_as_the_reason_says(closer) {
            return Some(story);
        }
        if is_about_something_else {
            return None;
        }
        let layers = self.application.layers();
        let mut limits = layers.flat_map(|layer| {
            let limits = layer.protocol.map_or(&[][..], |protocol| protocol.limits);
            limits.iter().map(move |limit| (layer, limit))
        });
        limits.find_map(|(layer, limit)| {
            if is_private && limit.since != Since::Ping {
                return None;
            }
            let (after, allowed) = self.exceeded(layer, limit, closer)?;
            let values = vec![
                ("silent", Value::from(closer.other())),
                ("closer", Value::from(closer)),
                ("after", Value::Seconds(after)),
                ("limit", Value::Seconds(allowed)),
            ];
            Some(Story {
                cause: match limit.since {
                    Since::Ping | Since::Beat => Cause::KeepaliveTimeout,
                    Since::Message => Cause::IdleTimeout,
                },
                statements: vec![Message::new(limit.means, values)],
                advice: limit.advice.iter().collect(),
                is_answer: true,
                is_reason: false,
            })
        })
    }

    /// A ping of the protocol without an answer, where the reason of the Close speaks of one: its sender need
    /// not have waited as long as by default.
    fn ping_as_the_reason_says(&self, closer: Sender) -> Option<Story> {
        if !speaks_of_pings(self.reason) {
            return None;
        }
        let mut layers = self.application.layers();
        let (protocol, ping) =
            layers.find_map(|layer| Some((layer.protocol?, layer.end(closer).ping?)))?;
        if self.may_hide(closer.other(), Some(ping)) {
            return None;
        }
        let (other, title) = (closer.other(), protocol.title);
        let statement = match self.elapsed(ping).map(Value::Seconds) {
            Some(after) => say!(said.ping_unanswered_after, title, closer, other, after),
            None => say!(said.ping_unanswered, title, closer, other),
        };
        let mut limits = protocol.limits.iter();
        let limit = limits.find(|limit| limit.since == Since::Ping && limit.silent.is(other));
        Some(Story {
            cause: Cause::KeepaliveTimeout,
            statements: vec![statement],
            advice: limit.map_or(Vec::new(), |limit| limit.advice.iter().collect()),
            is_answer: true,
            is_reason: false,
        })
    }

    /// How long the silence was, and how long it may be, where it was longer.
    fn exceeded(&self, layer: &Application, limit: &Limit, closer: Sender) -> Option<(f64, f64)> {
        let is_meant = limit.silent.is(closer.other())
            && limit.query.is_none_or(|query| layer.has_query(query));
        if !is_meant {
            return None;
        }
        let timer = |name: &&str| {
            let mut timers = layer.timers.iter();
            timers
                .find(|(known, _, _)| known == name)
                .map(|(_, _, seconds)| *seconds)
        };
        let timers: Option<Vec<f64>> = limit.of.iter().map(timer).collect();
        let timers = timers?;
        let (seconds, is_announced) = match (timers.as_slice(), limit.together, limit.default) {
            ([], _, Some((default, _))) => (f64::from(default), false),
            ([], _, None) => return None,
            (all, Together::Sum, _) => (all.iter().sum(), true),
            (all, Together::Longest, _) if all.contains(&0.0) => return None,
            (all, Together::Longest, _) => (all.iter().copied().fold(0.0, f64::max), true),
        };
        let allowed = seconds * f64::from(limit.tenths) / 10.0;
        let from = match limit.since {
            Since::Message => layer.end(closer.other()).last?,
            Since::Ping => layer.end(closer).ping?,
            Since::Beat => layer.end(closer.other()).beat?,
        };
        // What may be hidden is neither silence nor a ping without an answer.
        let ends = [Sender::Client, Sender::Server];
        if ends.into_iter().any(|end| self.may_hide(end, Some(from))) {
            return None;
        }
        let after = self.elapsed(from)?;
        let (least, most) = match is_announced {
            true => (allowed * 0.93, allowed * 2.0 + 6.0),
            false => (allowed * 0.97, allowed * 1.15 + 1.0),
        };
        (allowed > 0.0 && (least..=most).contains(&after)).then_some((after, allowed))
    }
}

/// Whether the reason of a Close speaks of a ping, or of a sign of life.
pub(super) fn speaks_of_pings(reason: &[u8]) -> bool {
    let reason = String::from_utf8_lossy(reason).to_lowercase();
    let mut words = reason.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let known = ["ping", "pong", "keepalive", "alive", "heartbeat"];
        known.contains(&word.strip_suffix('s').unwrap_or(word))
    })
}
