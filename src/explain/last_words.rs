//! What was said last in a protocol that is not known, or in another one than was agreed on: told as just that.

use super::application::{Scene, Story};
use crate::application::Said;
use crate::facts::causes::Cause;
use crate::facts::protocols::PROTOCOLS;
use crate::frame::Sender;
use crate::words::{Message, say};

/// What was said in an unknown protocol is told only so shortly before the end, in seconds.
const AT_ONCE: f64 = 5.0;

impl Scene<'_> {
    /// That a Close with 1002 is about the protocol inside, where no frame breaks a rule. Many a broker says so what it
    /// thinks of a login, and a server that another protocol was spoken than was agreed on.
    pub(super) fn about_protocol(&self) -> Option<Message> {
        let sender = self.closer?;
        if self.code != Some(Some(1002)) || self.has_fault {
            return None;
        }
        let agreed = || {
            let name = self.application.subprotocol.as_deref()?;
            let mut protocols = PROTOCOLS.iter();
            protocols.find(|protocol| protocol.is_subprotocol(name))
        };
        let protocol = self.application.protocol.or_else(agreed)?.title;
        Some(say!(said.closed_for_protocol, sender, protocol))
    }

    /// What an end said right before the end in a protocol that is not known.
    pub(super) fn last_word(&self, sender: Sender) -> Option<&Said> {
        let mut said = self.application.said.iter().rev();
        said.find(|said| {
            let elapsed = self.elapsed(said.moment);
            let is_recent = elapsed.is_none_or(|elapsed| elapsed <= AT_ONCE);
            // A sentence of the end that did not close is what somebody there wrote.
            let is_of_program = !said.is_sentence || self.closer == Some(sender);
            said.row.is_none() && said.sender == sender && is_recent && is_of_program
        })
    }

    /// What was said last in a protocol that is not known.
    pub(super) fn last_words(&self) -> Option<Story> {
        let closer = self.closer?;
        let of_client = || self.last_word(closer).filter(|_| closer == Sender::Client);
        let said = of_client().or_else(|| self.last_word(Sender::Server))?;
        let about = self.neutral(said.sender).or_else(|| self.about_protocol());
        let mut statements: Vec<Message> = about.into_iter().collect();
        let is_answer = !statements.is_empty();
        statements.push(last_word(said)?);
        statements.push(say!(said.last_resort));
        Some(Story {
            cause: Cause::Application,
            statements,
            advice: Vec::new(),
            is_answer,
            is_reason: false,
        })
    }
}

/// The words of a message of an unknown protocol.
pub(super) fn last_word(said: &Said) -> Option<Message> {
    let sender = said.sender;
    Some(match (said.text.clone(), said.code.clone()) {
        (Some(text), None) => say!(said.last_words, sender, text),
        (Some(text), Some(code)) => say!(said.last_words_code, sender, text, code),
        (None, Some(code)) => say!(said.last_code, sender, code),
        (None, None) => return None,
    })
}
