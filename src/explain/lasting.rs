//! How long what was said lasts: whether the end may have come for a message that other messages, or time,
//! have followed; and what may have been said in what was not seen.

use super::application::{LONG_AGO, RECENT, Scene};
use crate::application::{Moment, Said};
use crate::facts::protocols::Role;
use crate::frame::Sender;
use crate::session::seconds;

/// An end that was announced for a time comes at most so much later: a part of that time, and seconds.
const LATE: (f64, f64) = (0.1, 5.0);

impl Scene<'_> {
    /// Whether an end may have said something behind a moment, or at any time, that was not seen.
    pub(super) fn may_hide(&self, sender: Sender, since: Option<Moment>) -> bool {
        let hidden = self.hidden[usize::from(sender == Sender::Server)];
        let since = since.map(|since| (since.time.unwrap_or(i64::MIN), since.packet));
        // What stands in the packet that the gap ended at came behind the gap.
        hidden.is_some_and(|hidden| since.is_none_or(|since| since < hidden))
    }

    pub(super) fn elapsed(&self, moment: Moment) -> Option<f64> {
        Some(seconds(moment.time?, self.ended?))
    }

    /// Whether the end may have come for a message: nothing ordinary followed, or the end that it announced was
    /// still to come; and its sender did not go on for long after it.
    pub(super) fn may_end_for(&self, said: &Said) -> bool {
        let Some(elapsed) = self.elapsed(said.moment) else {
            return said.is_last;
        };
        let announced = said.ahead.map(|ahead| ahead * (1.0 + LATE.0) + LATE.1);
        if !said.is_last {
            // A code that names a fault says more than what was announced before other messages.
            let names_fault = matches!(self.code, Some(Some(1002..=1011)));
            return !names_fault && announced.is_some_and(|announced| elapsed <= announced);
        }
        let grace = said.row.and_then(|row| row.grace);
        let grace = grace.map_or(0.0, |(seconds, _)| f64::from(seconds) + LATE.1);
        let limit = announced.unwrap_or_default().max(grace).max(LONG_AGO);
        !self.has_gone_on(said, self.application.end(said.sender).last, limit)
    }

    /// Whether something came more than so many seconds behind a message.
    fn has_gone_on(&self, said: &Said, came: Option<Moment>, limit: f64) -> bool {
        let times = said.moment.time.zip(came.and_then(|came| came.time));
        times.is_some_and(|(said, came)| seconds(said, came) > limit)
    }

    /// Whether a message is a goodbye that its sender did not go on after, as its signs of life would show.
    pub(super) fn is_goodbye(&self, said: &Said) -> bool {
        let beats = || {
            let layers = self.application.layers();
            layers.map(|layer| layer.end(said.sender).beat)
        };
        said.role == Role::Goodbye
            && said.is_last
            && !beats().any(|beat| self.has_gone_on(said, beat, RECENT))
    }

    /// The goodbye of the end that closed.
    pub(super) fn own_goodbye(&self) -> Option<&Said> {
        let closer = self.closer?;
        let mut said = self.application.said.iter().rev();
        said.find(|said| said.sender == closer && self.is_goodbye(said))
    }

    /// Whether an end is known to have sent nothing for so many tenths of a second before the end.
    pub(super) fn was_silent(&self, sender: Sender, least: u32) -> bool {
        let last = self.application.end(sender).last;
        let silence = last.and_then(|last| self.elapsed(last));
        silence.is_some_and(|silence| silence >= f64::from(least) / 10.0)
            && !self.may_hide(sender, last)
    }
}
