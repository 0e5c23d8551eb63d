//! Silence that a protocol inside WebSocket does not allow, and pings of its own without an answer.

use super::application::{Scene, Story, entry};
use crate::application::{Application, Moment, Said};
use crate::facts::causes::Cause;
use crate::facts::protocols::{Limit, Protocol, Since, Together, is_like};
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::words::{Advice, Message, Value, say};

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
        let is_about_pings = |silence: &Silence| is_ping(silence.limit);
        let silence = self
            .silences(closer)
            .into_iter()
            .find(|silence| silence.fit == Fit::Good && (!is_private || is_about_pings(silence)))?;
        Some(Story {
            cause: silence.cause(),
            statements: vec![silence.means(closer)],
            advice: silence.advice(),
            is_answer: true,
            is_reason: false,
        })
    }

    /// The silence for which an error was sent, where its words may stand for one and the other end was silent for as
    /// long as its protocol allows.
    pub(super) fn silence_that_is_said(&self, said: &Said) -> Option<Silence> {
        let text = said.text.as_deref()?;
        let is_meant = |silence: &Silence| {
            let mut words = silence.limit.words.iter();
            silence.fit == Fit::Good && words.any(|words| is_like(text, words))
        };
        self.silences(said.sender).into_iter().find(is_meant)
    }

    /// The silences of an end that are longer than its protocol allows.
    fn silences(&self, closer: Sender) -> Vec<Silence> {
        let layers = self.application.layers();
        let limits = layers.filter_map(|layer| {
            let protocol = layer.protocol?;
            let limits = protocol.limits.iter();
            Some(limits.filter_map(move |limit| self.exceeded(layer, protocol, limit, closer)))
        });
        limits.flatten().collect()
    }

    /// The limit that a silence fits, where that is not all that it fits: what else may have ended the connection
    /// is said beside it.
    pub(super) fn silence_besides(&self, registries: Registries) -> Option<Silence> {
        let closer = self.closer?;
        let is_told = self.own_goodbye().is_some() || self.decisive(registries).is_some();
        if is_told {
            return None;
        }
        let all = self.silences(closer);
        let mut good = all.iter().filter(|silence| silence.fit == Fit::Good);
        if let Some(good) = good.next() {
            let over = good.after - good.allowed;
            return (over > 0.5_f64.max(good.allowed * 0.03)).then_some(*good);
        }
        // A code names something else than a timer.
        let is_silent = !matches!(self.code, Some(Some(_)));
        all.into_iter().find(|_| is_silent)
    }

    /// A ping of the protocol without an answer, where the reason of the Close speaks of one: its sender need
    /// not have waited as long as by default.
    fn ping_as_the_reason_says(&self, closer: Sender) -> Option<Story> {
        if !speaks_of_pings(self.reason) {
            return None;
        }
        let mut layers = self.application.layers();
        let (protocol, ping) =
            layers.find_map(|layer| Some((layer.protocol?, unanswered_ping(layer, closer)?)))?;
        if self.may_hide(closer.other(), Some(ping)) {
            return None;
        }
        let (other, title) = (closer.other(), protocol.title);
        let statement = match self.elapsed(ping).map(Value::Seconds) {
            Some(after) => say!(said.ping_unanswered_after, title, closer, other, after),
            None => say!(said.ping_unanswered, title, closer, other),
        };
        let mut limits = protocol.limits.iter();
        let limit = limits.find(|limit| is_ping(limit) && limit.silent.is(other));
        Some(Story {
            cause: Cause::KeepaliveTimeout,
            statements: vec![statement],
            advice: limit.map_or(Vec::new(), |limit| limit.advice.iter().collect()),
            is_answer: true,
            is_reason: false,
        })
    }

    /// How long the silence was, and how long it may be, where it was longer.
    fn exceeded(
        &self,
        layer: &Application,
        protocol: &'static Protocol,
        limit: &'static Limit,
        closer: Sender,
    ) -> Option<Silence> {
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
        // What was not announced, or not where it was seen, may be what it is by default.
        let timers = timers.or(limit.default.map(|_| Vec::new()))?;
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
            Since::Pong => layer.end(closer).no_pong?,
            Since::Beat => layer.end(closer.other()).beat?,
        };
        // What may be hidden is neither silence nor a ping without an answer.
        let ends = [Sender::Client, Sender::Server];
        if ends.into_iter().any(|end| self.may_hide(end, Some(from))) {
            return None;
        }
        let after = self.elapsed(from)?;
        let least = allowed * if is_announced { 0.93 } else { 0.97 };
        let most = match limit.until {
            Some(tenths) => seconds * f64::from(tenths) / 10.0 + 1.0,
            None => allowed * 1.15 + 1.0,
        };
        // What was announced is no default that somebody may have changed.
        let latest = allowed * 2.0 + 6.0;
        let fit = match after {
            _ if allowed <= 0.0 || after < least => return None,
            _ if after <= most => Fit::Good,
            _ if is_announced && after <= latest => Fit::Late,
            _ => return None,
        };
        Some(Silence {
            protocol,
            limit,
            after,
            allowed,
            fit,
        })
    }
}

/// How well a silence fits a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It ended when the limit was reached, as far as its program looks at it.
    Good,
    /// It went on for longer than any program that is known would wait.
    Late,
}

/// A silence that is longer than a protocol allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silence {
    pub(super) protocol: &'static Protocol,
    limit: &'static Limit,
    pub(super) after: f64,
    pub(super) allowed: f64,
    pub(super) fit: Fit,
}

impl Silence {
    /// What it means that an end gave up for it.
    pub(super) fn means(&self, closer: Sender) -> Message {
        let values = vec![
            ("silent", Value::from(closer.other())),
            ("closer", Value::from(closer)),
            ("after", Value::Seconds(self.after)),
            ("limit", Value::Seconds(self.allowed)),
        ];
        Message::new(self.limit.means, values)
    }

    /// What to check, and what to do.
    pub(super) fn advice(&self) -> Vec<&'static Advice> {
        self.limit.advice.iter().collect()
    }

    pub(super) fn cause(&self) -> Cause {
        match self.limit.since {
            Since::Ping | Since::Pong | Since::Beat => Cause::KeepaliveTimeout,
            Since::Message => Cause::IdleTimeout,
        }
    }
}

/// A ping of an end without an answer. Where only a pong is one, it is the first that none came for.
fn unanswered_ping(layer: &Application, pinger: Sender) -> Option<Moment> {
    let mut limits = layer.protocol?.limits.iter();
    let is_by_pong =
        limits.any(|limit| limit.since == Since::Pong && limit.silent.is(pinger.other()));
    let end = layer.end(pinger);
    if is_by_pong { end.no_pong } else { end.ping }
}

fn is_ping(limit: &Limit) -> bool {
    matches!(limit.since, Since::Ping | Since::Pong)
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
