//! What the messages show without a word: a request that opens a session and got no answer, a message that is none of
//! the protocol, one that came twice, and messages that cannot be read here.

use super::application::{RECENT, Scene, Story};
use crate::application::{Moment, Unheard};
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::facts::protocols::{Protocol, is_like};
use crate::frame::Sender;
use crate::session::seconds;
use crate::words::{Advice, Message, Value, say};

/// An end that leaves before so many seconds did not wait for an answer.
const SHORTEST_WAIT: f64 = 0.3;
/// The first message of a server, which nobody asked for, is not missed before so many seconds.
const SHORTEST_GREETING: f64 = 1.0;
/// A request that is refused by a Close, and not answered, is refused sooner than this, in seconds.
const SHORTEST_REFUSAL: f64 = 1.0;
/// A message that cannot be read is the cause only where the end follows within so many seconds.
const IN_ONE_BREATH: f64 = 0.5;

impl Scene<'_> {
    /// A story that is told in the place of the code where that names no cause.
    pub(super) fn beside_code(&self, statement: Message, advice: &'static [Advice]) -> Story {
        let neutral = self.closer.and_then(|closer| match self.code {
            Some(Some(1001)) => None,
            _ => self.neutral(closer),
        });
        let is_answer = neutral.is_some();
        Story {
            cause: Cause::Application,
            statements: neutral.into_iter().chain([statement]).collect(),
            advice: advice.iter().collect(),
            is_answer,
            is_reason: false,
        }
    }

    /// A request that opens a session, and what opens it unasked: neither answer nor greeting came.
    pub(super) fn unanswered(&self) -> Option<Story> {
        let closer = self.closer?;
        if self.application.is_partial {
            return None;
        }
        let mut layers = self.application.layers();
        let asked = layers.find_map(|layer| Some((layer.protocol?, layer.asked?)));
        let Some((protocol, asked)) = asked else {
            return self.without_greeting(closer);
        };
        let (title, name, asker) = (protocol.title, asked.name, asked.sender);
        let (other, answer) = (asker.other(), asked.answer);
        if self.may_hide(other, Some(asked.moment)) {
            return None;
        }
        let elapsed = self.elapsed(asked.moment);
        if closer == asker && elapsed.is_some_and(|elapsed| elapsed < SHORTEST_WAIT) {
            return None;
        }
        // A code that says more came in the place of the answer.
        let is_answer = matches!(self.code, Some(Some(1002..))) && closer == other;
        if is_answer && elapsed.is_none_or(|elapsed| elapsed < SHORTEST_REFUSAL) {
            return None;
        }
        let statement = match elapsed.map(Value::Seconds) {
            Some(after) => say!(
                said.unanswered_after,
                title,
                name,
                asker,
                other,
                after,
                answer
            ),
            None => say!(said.unanswered, title, name, asker, other, answer),
        };
        // What to look at is on the server: of a client that does not answer the statement is all that is known.
        let advice: &[Advice] = match asker {
            Sender::Client => advice::UNANSWERED_OPENING,
            Sender::Server => &[],
        };
        let mut story = self.beside_code(statement, advice);
        // Who asked and then left gave up.
        story.is_answer |= self.code.is_none() && closer == asker;
        if self.code.is_none() && !story.is_answer {
            story.advice.clear();
            story
                .statements
                .extend(protocol.untold_server.map(Message::from));
        }
        Some(story)
    }

    /// A server that sends the first message by itself, and did not.
    fn without_greeting(&self, closer: Sender) -> Option<Story> {
        let protocol = self.application.protocol?;
        let name = protocol.greets?;
        if self.application.is_continued {
            return None;
        }
        let is_silent = self.application.end(Sender::Server).messages == 0;
        if !is_silent || self.may_hide(Sender::Server, None) {
            return None;
        }
        let waited = self.ended.map(|ended| seconds(self.began, ended));
        if closer == Sender::Client && waited.is_none_or(|waited| waited < SHORTEST_GREETING) {
            return None;
        }
        let title = protocol.title;
        let statement = match waited.map(Value::Seconds) {
            Some(after) => say!(said.no_greeting_after, title, name, after),
            None => say!(said.no_greeting, title, name),
        };
        let mut story = self.beside_code(statement, advice::UNANSWERED_OPENING);
        story.advice.retain(|_| self.code.is_some());
        Some(story)
    }

    /// The last message of the other end is none of the protocol, and the end follows at once.
    pub(super) fn unread_message(&self) -> Option<Story> {
        let closer = self.closer?;
        if self.own_goodbye().is_some() {
            return None;
        }
        let other = closer.other();
        let mut layers = self.application.layers();
        let (protocol, came): (&Protocol, Moment) =
            layers.find_map(|layer| Some((layer.protocol?, layer.end(other).unread?)))?;
        let after = self.elapsed(came).filter(|after| *after <= IN_ONE_BREATH)?;
        let is_about_form = match self.code {
            None | Some(None | Some(1000 | 1002)) => true,
            Some(Some(_)) => speaks_of_form(self.reason),
        };
        if !is_about_form || self.may_hide(other, Some(came)) {
            return None;
        }
        let (title, after) = (protocol.title, Value::Seconds(after));
        let statement = say!(said.unread_message, title, other, closer, after);
        let mut story = self.beside_code(statement, advice::UNREAD_MESSAGE);
        story.is_answer = true;
        Some(story)
    }

    /// A message that may come only once came again.
    pub(super) fn again(&self) -> Option<Story> {
        let protocol = self.application.protocol?;
        let (sender, moment, row) = self.application.again?;
        let is_other = self.closer == Some(sender.other());
        let is_recent = self.elapsed(moment).is_none_or(|elapsed| elapsed <= RECENT);
        if !is_other || !is_recent {
            return None;
        }
        let (title, name, closer) = (protocol.title, row.name, sender.other());
        let statement = say!(said.again, title, sender, name, closer);
        let mut story = self.beside_code(statement, advice::SENT_AGAIN);
        story.is_answer |= self.code.is_none();
        Some(story)
    }

    /// The last message of the end that closed, or the end of that message, could not be read: what it said of the end is
    /// not known.
    pub(super) fn unheard(&self) -> Option<Story> {
        let sender = self.closer?;
        let (moment, why) = self.application.end(sender).unheard?;
        let is_recent = self.elapsed(moment).is_none_or(|elapsed| elapsed <= RECENT);
        if !is_recent || self.own_goodbye().is_some() {
            return None;
        }
        let statement = match why {
            Unheard::Long => say!(said.unheard_long, sender),
            Unheard::Piece => say!(said.unheard_piece, sender),
            _ => say!(said.unheard_compressed, sender),
        };
        Some(self.beside_code(statement, &[]))
    }

    /// Messages that cannot be read here, or a subprotocol that stands for none.
    pub(super) fn unread(&self) -> Option<Story> {
        let protocol = self.application.protocol?;
        let agreed = self.application.subprotocol.as_deref();
        let mut all = protocol.unread.iter();
        let is_agreed = |name: Option<&str>| {
            name.zip(agreed)
                .is_some_and(|(name, agreed)| is_like(agreed, name))
        };
        let unread = all.find(|unread| {
            let is_asked = |query| self.application.has_query(query);
            unread.query.is_some_and(is_asked) || is_agreed(unread.subprotocol)
        })?;
        Some(self.beside_code(Message::from(unread.means), &[]))
    }

    /// Whether the server had sent a ping of a protocol that could have been left without an answer.
    pub(super) fn has_pinged(&self, protocol: &Protocol) -> bool {
        let mut layers = self.application.layers();
        let layer = layers.find(|layer| layer.protocol == Some(protocol));
        layer.is_none_or(|layer| layer.ends.iter().any(|end| end.has_pinged))
    }
}

/// Whether the reason of a Close speaks of the form of a message.
fn speaks_of_form(reason: &[u8]) -> bool {
    let reason = String::from_utf8_lossy(reason).to_lowercase();
    let known = [
        "framing",
        "pars",
        "malformed",
        "invalid message",
        "json",
        "decod",
    ];
    known.iter().any(|word| reason.contains(word))
}
