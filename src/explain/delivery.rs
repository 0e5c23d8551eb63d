//! Whether what an end sent reached the other one, as far as that one's own packets tell.
//!
//! All that an end sends says how much it has of the other end's stream. So a Close behind that number had not come
//! when it was sent, however the file looks: a segment before it was lost, on the way and not in the capture.

use super::connection::Reasoning;
use crate::frame::Sender;
use crate::session::Source;
use crate::session::direction::TimedClose;

/// How long an end may take to answer where nothing tells, beside the way there and back, in nanoseconds.
const LONGEST_ANSWER: i64 = 1_000_000_000;

/// What became of the first Close of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The other end had it, or nothing speaks against that.
    Received,
    /// The other end had not said so when it was heard last, and could have.
    Unknown,
    /// The other end broke the connection off before it came.
    Never,
}

impl Reasoning<'_> {
    fn first_close_of(&self, sender: Sender) -> Option<&TimedClose> {
        let mut closes = self.record.closes.iter();
        closes.find(|close| close.sender == sender)
    }

    /// What became of the first Close of `sender`.
    pub(super) fn delivery(&self, sender: Sender) -> Delivery {
        let record = self.record;
        let Some(close) = self.first_close_of(sender) else {
            return Delivery::Received;
        };
        let (own, other) = (
            &record.side(sender).endpoint,
            &record.side(sender.other()).endpoint,
        );
        // What was sent again and again was not received, as far as anybody saw.
        if own.unacknowledged >= 2 && other.is_captured {
            return Delivery::Unknown;
        }
        if self.is_too_late(sender) {
            return Delivery::Never;
        }
        let acknowledged = own.acknowledged.as_ref();
        let Some(acknowledged) = acknowledged.filter(|_| other.is_captured) else {
            return Delivery::Received;
        };
        if acknowledged.bytes >= close.ends_at {
            return Delivery::Received;
        }
        match other.rst {
            // A RST that acknowledges nothing answers for an end that is gone.
            Some(_) if other.had_received.is_some() => return Delivery::Never,
            Some(_) => return Delivery::Unknown,
            None => {}
        }
        let trip = record.transport.trip.unwrap_or(LONGEST_ANSWER);
        let was_heard_later = acknowledged.heard.saturating_sub(close.origin.time) > trip;
        // Who had ended TCP may be gone, and what is behind a hole waits for what fills it.
        let had_ended = other.fin.is_some_and(|fin| fin.turn < close.origin.turn);
        match was_heard_later || had_ended || acknowledged.is_torn {
            true => Delivery::Unknown,
            false => Delivery::Received,
        }
    }

    /// Whether the first Close of `sender` is known or likely not to have come.
    pub(super) fn is_undelivered(&self, sender: Sender) -> bool {
        let own = &self.record.side(sender).endpoint;
        own.unacknowledged < 2 && self.delivery(sender) != Delivery::Received
    }

    /// Whether `end` broke the connection off, had by then received so much of the other one, and that was all seen
    /// and no Close.
    pub(super) fn had_no_close(&self, end: Sender) -> bool {
        let other = self.record.side(end.other());
        let had = other.endpoint.acknowledged.as_ref().map(|it| it.bytes);
        let is_seen = had.is_some_and(|had| other.hidden.is_none_or(|hidden| had <= hidden));
        let is_told = self.first_close_of(end.other()).is_some();
        is_told
            && self.delivery(end.other()) == Delivery::Never
            && is_seen
            && !other.is_headless
            && self.record.tls.is_none()
    }

    /// Whether nothing more can come of an end: it has said so, or the connection was broken off, or it would have come
    /// while the source went on. A FIN ends one direction only.
    pub(super) fn is_heard_out(&self, end: Sender) -> bool {
        let record = self.record;
        let transport = &record.transport;
        let endpoint = &record.side(end).endpoint;
        let has_ended =
            endpoint.fin.is_some() || endpoint.rst.is_some() || endpoint.unseen_fin.is_some();
        match transport.source {
            // It may end before an end has answered, while the other one has said already that it sends no more.
            Source::NetLog => transport.is_over || has_ended,
            Source::Packets | Source::Tls => {
                let is_broken_off = record.side(end.other()).endpoint.rst.is_some();
                has_ended || is_broken_off || self.had_time_to_answer(end)
            }
            _ => true,
        }
    }

    /// Whether an end could have answered to the end of the other one while the source went on.
    fn had_time_to_answer(&self, end: Sender) -> bool {
        let record = self.record;
        let close = self.first_close_of(end.other()).map(|close| close.origin);
        let ended = record.end.map(|ended| ended.origin);
        let since = close.into_iter().chain(ended).max_by_key(|at| at.time);
        let longest = record.transport.trip.unwrap_or_default() + LONGEST_ANSWER;
        since.is_none_or(|since| record.transport.watched_since(since) > longest)
    }
}
