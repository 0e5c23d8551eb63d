//! What a message means that stands in a text: what ends a connection is the answer, what is about one request
//! is told beside it.

use super::{End, Explanation};
use crate::application::Quoted;
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::Event;
use crate::facts::protocols::Role;
use crate::logline::Reading;
use crate::words::{Message, Value, say, text};

impl Reading {
    /// What the message says that stands in the text.
    pub(super) fn explain_quoted(&self, explanation: &mut Explanation) {
        let Some(quoted) = &self.quoted else { return };
        let mut statements = Vec::new();
        statements.extend(means(quoted));
        statements.extend(words(quoted));
        let is_alone = matches!(
            self.event,
            Event::Cause {
                cause: Cause::Application,
                ..
            }
        );
        let is_untold = matches!(
            self.event,
            Event::Cause {
                cause: Cause::ClosedUntold,
                ..
            }
        );
        // The code of the Close says more only where a registry knows it.
        let is_close = self.close.is_some() && explanation.entry.is_none();
        let is_answer = quoted.row.role.is_decisive() && (is_close || is_untold);
        if is_alone || is_answer {
            explanation.cause = Cause::Application;
            match quoted.row.role {
                _ if !is_alone => {}
                Role::Complaint => explanation.title = text!(quoted.about_a_request),
                Role::Goodbye => explanation.title = text!(quoted.goodbye),
                _ => {}
            }
            explanation.advice.clone_from(&quoted.advice);
            if quoted.row.role.is_decisive() {
                self.forget_that_all_was_well(explanation);
            }
            explanation.statements.splice(0..0, statements);
            return;
        }
        for statement in statements {
            explanation.say(statement);
        }
        if explanation.advice.is_empty() && quoted.row.role != Role::Goodbye {
            explanation.advice.clone_from(&quoted.advice);
        }
    }
}

impl Reading {
    /// Takes back what a code of a normal end means by itself: the message before it says otherwise.
    fn forget_that_all_was_well(&self, explanation: &mut Explanation) {
        let code = self.close.as_ref().map(|close| close.code);
        let normal = code.filter(|code| matches!(code, 1000 | 1001 | 1005));
        let Some(row) = normal.and_then(codes::lookup) else {
            return;
        };
        let own = [row.words.meaning, row.phrases.diagnosis];
        let statements = &mut explanation.statements;
        statements.retain(|statement| !own.contains(&statement.text));
    }
}

/// What such a message means.
fn means(quoted: &Quoted) -> Option<Message> {
    let end = |end| Value::from(End::Known(end));
    let (sender, other) = match quoted.sender {
        Some(sender) => (end(sender), end(sender.other())),
        None => (text!(end.sending).into(), text!(end.other).into()),
    };
    let means = quoted.row.means?;
    Some(Message::new(
        means,
        vec![("sender", sender), ("other", other)],
    ))
}

/// What stands in it.
fn words(quoted: &Quoted) -> Option<Message> {
    let name = quoted.row.name;
    let is_called = quoted.called.is_some() && quoted.called == quoted.text.as_deref();
    let (text, code) = (quoted.text.clone(), quoted.code.clone());
    // A condition that stands in the words already is said once.
    let is_said = |code: &String| {
        let text = text.as_deref();
        !is_called && text.is_some_and(|text| text.contains(code.as_str()))
    };
    let code = code.filter(|code| !is_said(code));
    Some(match (text, code) {
        (Some(text), Some(code)) if is_called => say!(quoted.words_called, name, code, text),
        (Some(text), Some(code)) => say!(quoted.words_code, name, text, code),
        (Some(text), None) if is_called => say!(quoted.called, name, text),
        (Some(text), None) => say!(quoted.words, name, text),
        (None, Some(code)) => say!(quoted.code, name, code),
        (None, None) => return None,
    })
}
