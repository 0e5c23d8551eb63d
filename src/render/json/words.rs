//! Sentences in JSON, and beside each what names it whatever the language.

use serde::Serialize;

use crate::words::{Advice, Message, Voice};

/// What names a text, whatever the language; null for what is no text of the program.
pub(super) type Id = Option<&'static str>;

/// Causes, and at the same places their remedies.
#[derive(Serialize)]
pub(super) struct AdviceFields {
    causes: Vec<&'static str>,
    cause_ids: Vec<Id>,
    fixes: Vec<&'static str>,
    fix_ids: Vec<Id>,
}

impl AdviceFields {
    pub(super) fn of(
        advice: impl IntoIterator<Item = &'static Advice> + Clone,
        voice: &Voice,
    ) -> Self {
        let all = || advice.clone().into_iter();
        AdviceFields {
            causes: all().map(|it| voice.text(it.cause)).collect(),
            cause_ids: all().map(|it| it.cause.id()).collect(),
            fixes: all().map(|it| voice.text(it.fix)).collect(),
            fix_ids: all().map(|it| it.fix.id()).collect(),
        }
    }
}

/// Messages in the words of a language.
pub(super) fn said<'m>(
    messages: impl IntoIterator<Item = &'m Message>,
    voice: &Voice,
) -> Vec<String> {
    let messages = messages.into_iter();
    messages.map(|message| voice.say(message)).collect()
}

/// What names messages.
pub(super) fn ids<'m>(messages: impl IntoIterator<Item = &'m Message>) -> Vec<Id> {
    let messages = messages.into_iter();
    messages.map(|message| message.text.id()).collect()
}
