//! A Close without an answer: whether its sender waited for one, and whether it deserved one.

use super::close;
use super::connection::{Reasoning, between, is_at_once};
use crate::conversation::SentClose;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::direction::Found;
use crate::session::{EndKind, seconds};
use crate::words::{Message, Value, say};

impl<'a> Reasoning<'a> {
    /// Whether the end that should have answered a Close is known not to have.
    pub(super) fn is_answer_missing(&self, first: &SentClose) -> bool {
        let other = self.record.side(first.sender.other());
        let is_complete = other.endpoint.is_captured_whole() && other.unread == 0;
        let other = first.sender.other();
        let is_over = self.record.end.is_some() && self.is_heard_out(other);
        let has_come = !self.is_undelivered(first.sender);
        is_complete && self.is_known_whole(other) && is_over && has_come && !first.is_truncated
    }

    /// The other end is known not to have answered.
    pub(super) fn unanswered(&mut self, first: &SentClose) {
        let (closer, other) = (first.sender, first.sender.other());
        let message = match first.close.code {
            Some(code) => say!(ending.close_unanswered, closer, code, other),
            None => say!(ending.close_empty_unanswered, closer, other),
        };
        self.answer(Cause::CloseUnanswered, message);
        if let Some(entry) = first.facts().entry(self.registries) {
            self.say(first.facts().said_by(entry));
            self.found.entry = Some(entry);
        }
        let record = self.record;
        let close = record.closes.first().map(|close| close.origin);
        if let (Some(close), Some(end)) = (close, record.end) {
            let is_hasty = is_at_once(close, end.origin);
            // Behind END_STREAM the other end may still answer.
            let is_half = self.is_of_stream() && end.kind == EndKind::Fin;
            if end.by == closer && is_hasty && !is_half && !end.is_forged {
                let after = between(close, end.origin);
                self.say(match self.is_of_stream() {
                    true => say!(stream_end.not_awaited, closer, after),
                    false => say!(ending.not_awaited, closer, after),
                });
            }
        }
        self.found.topic = Some(first.close.code.unwrap_or(1005).to_string());
    }

    /// The Close itself breaks a rule, and the other end has answered nothing: it may fail the connection for that
    /// (RFC 6455 section 7.4).
    pub(super) fn illegal_close(&mut self, first: &SentClose) -> bool {
        let Some(found) = self.fault_in_close(first.sender) else {
            return false;
        };
        let (guilty, receiver) = (first.sender, first.sender.other());
        let (packet, note, rule) = (
            found.origin.packet,
            found.finding.note(),
            found.finding.rule.id,
        );
        self.complains = Some(receiver);
        self.found.rule = Some(rule);
        self.found.topic = Some(rule.to_owned());
        self.found.advice = close::advice_for_rule(found.finding.rule, first.close.code, false);
        self.answer(
            Cause::Violation,
            say!(
                ending.violation_unanswered,
                guilty,
                packet,
                note,
                rule,
                receiver
            ),
        );
        true
    }

    /// What the first Close of an end breaks.
    pub(super) fn fault_in_close(&self, sender: Sender) -> Option<&'a Found> {
        let first = self.record.side(sender).first_close.as_ref()?;
        let (found, _) = self.fault_of(sender)?;
        (found.finding.at >= first.at).then_some(found)
    }

    /// That the closer ended TCP before an answer to its Close could come: it takes the way there and back, as long
    /// as that took when the connection opened.
    pub(super) fn not_awaited(&self, first: &SentClose) -> Option<Message> {
        let record = self.record;
        let closer = first.sender;
        let close = record.closes.first()?.origin;
        let end = record
            .end
            .filter(|end| end.by == closer && !end.is_forged)?;
        // Behind END_STREAM the other end may still answer.
        let is_half = self.is_of_stream() && end.kind == EndKind::Fin;
        let waited = end.origin.time.saturating_sub(close.time);
        let trip = record.transport.trip?;
        if is_half || !(0..trip).contains(&waited) {
            return None;
        }
        let trip = Value::Seconds(seconds(0, trip));
        let after = between(close, end.origin);
        Some(say!(ending.no_time_to_answer, closer, after, trip))
    }
}
