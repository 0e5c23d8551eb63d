//! Sentences in JSON, and beside each what names it whatever the language.

use serde::Serialize;

use crate::facts::intermediaries;
use crate::words::{Advice, Message, PointsTo, Voice};

/// What names a text, whatever the language; null for what is no text of the program.
pub(super) type Id = Option<&'static str>;

/// Causes, and at the same places their remedies.
#[derive(Serialize)]
pub(super) struct AdviceFields {
    causes: Vec<&'static str>,
    cause_ids: Vec<Id>,
    fixes: Vec<&'static str>,
    fix_ids: Vec<Id>,
    /// Where the fault is if a cause is the right one; null where it is where the whole points.
    cause_points_to: Vec<Option<&'static str>>,
    /// What is to be set where, as part of a fix.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    settings: Vec<SettingFields>,
}

/// A setting at a proxy that is part of a fix.
#[derive(Serialize)]
struct SettingFields {
    /// The place of the fix, and of its cause.
    fix: usize,
    /// The id of the intermediary, which `explain` has a page for.
    intermediary: &'static str,
    /// What to write there.
    set: &'static str,
}

impl AdviceFields {
    pub(super) fn of(
        advice: impl IntoIterator<Item = &'static Advice> + Clone,
        voice: &Voice,
    ) -> Self {
        let all = || advice.clone().into_iter();
        let settings = all().enumerate().flat_map(|(fix, it)| {
            let known = it.setting.into_iter().flat_map(intermediaries::settings);
            known.map(move |(intermediary, set)| SettingFields {
                fix,
                intermediary: intermediary.id,
                set,
            })
        });
        AdviceFields {
            causes: all().map(|it| voice.text(it.cause)).collect(),
            cause_ids: all().map(|it| it.cause.id()).collect(),
            fixes: all().map(|it| voice.text(it.fix)).collect(),
            fix_ids: all().map(|it| it.fix.id()).collect(),
            cause_points_to: all().map(|it| it.points_to.map(PointsTo::id)).collect(),
            settings: settings.collect(),
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
