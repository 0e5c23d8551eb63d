//! Outcomes, and the other cells of the tables, in words. Each phrase stands for itself, so that they can be
//! put side by side.

use super::{Api, Implementation, Outcome, Role, Section, Trial, Wire};
use crate::words::{Message, Text, Value, say, text};

/// What the application saw or was told; `None` where that was not looked at.
pub fn api_words(trial: &Trial, outcome: Outcome) -> Option<Message> {
    Some(match (trial.section, outcome.api) {
        (_, Api::Unknown) => return None,
        (_, Api::Taken) => say!(outcome.call_taken),
        (_, Api::Refused) => say!(outcome.call_refused),
        (_, Api::Same) => say!(outcome.shows_the_code),
        (_, Api::Code(code)) => say!(outcome.shows, code = Value::from(code)),
        (_, Api::Nothing) => say!(outcome.shows_no_code),
        (_, Api::Error) => say!(outcome.shows_error),
    })
}

/// What went over the wire; `None` where that was not looked at.
pub fn wire_words(trial: &Trial, outcome: Outcome) -> Option<Message> {
    let is_answer = matches!(trial.section, Section::Close | Section::Fault);
    Some(match (outcome.wire, outcome.after) {
        (Wire::Unknown, _) => return None,
        (Wire::Same, _) => match trial.section {
            Section::Send if trial.id == "reason-of-124" => say!(outcome.sends_illegal),
            Section::Send => say!(outcome.sends_it),
            Section::Proxy => say!(outcome.passes_close_on),
            _ => say!(outcome.echoes),
        },
        (Wire::Close(code), _) if is_answer => say!(outcome.answers, code),
        (Wire::Close(code), Some(seconds)) => {
            say!(outcome.closes_after, code, seconds)
        }
        (Wire::Close(code), None) if trial.section == Section::Send => say!(outcome.sends, code),
        (Wire::Close(code), None) => say!(outcome.closes, code),
        (Wire::Empty, _) if is_answer => say!(outcome.answers_empty),
        (Wire::Empty, Some(seconds)) => say!(outcome.closes_empty_after, seconds),
        (Wire::Empty, None) if trial.section == Section::Send => {
            say!(outcome.sends_empty)
        }
        (Wire::Empty, None) => say!(outcome.closes_empty),
        (Wire::Drop, Some(0)) if trial.section == Section::Life => say!(outcome.ends_at_once),
        (Wire::Drop, Some(seconds)) => {
            say!(outcome.ends_after, seconds)
        }
        (Wire::Drop, None) => say!(outcome.ends),
        (Wire::Reset, Some(seconds)) => {
            say!(outcome.resets_after, seconds)
        }
        (Wire::Reset, None) => say!(outcome.resets),
        (Wire::Silence, _) => say!(outcome.silent),
        (Wire::Accepted, _) if trial.section == Section::Proxy => say!(outcome.passes_on),
        (Wire::Accepted, _) => say!(outcome.accepts),
        (Wire::Waits, _) => say!(outcome.waits),
        (Wire::Application, _) => say!(outcome.left_to_application),
        (Wire::Garbled, _) => say!(outcome.random_code),
        (Wire::CloseOrDrop, _) => say!(outcome.answers_or_ends),
        (Wire::NoClose, _) => say!(outcome.no_close),
        (Wire::Cut, _) => say!(outcome.cuts_reason),
        (Wire::NoReason, _) => say!(outcome.no_reason),
        (Wire::Open, Some(seconds)) => say!(outcome.open_after, seconds),
        (Wire::Open, None) => say!(outcome.leaves_open),
        (Wire::Http(status), _) => say!(outcome.answers_http, status),
    })
}

impl Role {
    /// The role in which a row was measured.
    pub fn words(self) -> Text {
        match self {
            Role::Client => text!(end.client),
            Role::Server => text!(end.server),
            Role::Both => text!(end.both),
            Role::Proxy => text!(end.proxy),
        }
    }
}

impl Implementation {
    /// What it is: a browser, a proxy, or else the name of what it is written in.
    pub fn kind(self) -> Text {
        match self.language() {
            "browser" => text!(field.browser),
            "proxy" => text!(end.proxy),
            name => Text::Given(name),
        }
    }
}
