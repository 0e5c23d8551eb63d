//! Words that a person looks for, and the topics in which they stand.

use super::{Topic, all, names};
use crate::facts::field;
use crate::facts::registry::{Registries, Registry};
use crate::words::{Advice, Text, Voice};

/// Words that are looked for together.
#[derive(Clone, Debug)]
pub struct Wanted(Vec<String>);

impl Wanted {
    /// These words; case, hyphens and accents do not matter.
    pub fn of<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        Wanted(words.into_iter().map(|word| plain(word.as_ref())).collect())
    }

    /// Whether all of them stand anywhere in a topic, each in English or in the language of `voice`.
    pub fn is_in(&self, topic: &Topic, voice: &Voice) -> bool {
        self.0.iter().all(|word| mentions(topic, word, voice))
    }

    /// Whether all of them stand in a text.
    fn is_in_text(&self, text: &str) -> bool {
        let text = plain(text);
        self.0.iter().all(|word| text.contains(word))
    }
}

/// Whether a word, made [`plain`], stands in a topic.
fn mentions(topic: &Topic, word: &str, voice: &Voice) -> bool {
    let names = |text: &str| plain(text).contains(word);
    let says = |text: Text| {
        let spoken = voice.text(text);
        names(text.english()) || spoken != text.english() && names(spoken)
    };
    let says_any = |advice: &[Advice]| {
        let mut advice = advice.iter();
        advice.any(|advice| says(advice.cause) || says(advice.fix))
    };
    let words = match topic {
        Topic::Code(code) => {
            if code.names().any(names) {
                return true;
            }
            &code.words
        }
        Topic::Number(_, range) | Topic::Range(range, _) => &range.words,
        Topic::Rule(rule) => &rule.words,
        Topic::Entry(entry) => {
            if names(entry.registry.title) {
                return true;
            }
            &entry.row.words
        }
        Topic::Registry(registry) => {
            return registry.names().any(names) || registry.protocol.is_some_and(says);
        }
        Topic::Implementation(implementation) => {
            let mut surprises = implementation.surprises().iter();
            return names(implementation.id())
                || names(implementation.name())
                || surprises.any(|surprise| says(surprise.text));
        }
        Topic::Cause(cause) => {
            return names(cause.id)
                || says(cause.title)
                || cause.meaning.is_some_and(says)
                || says_any(cause.advice);
        }
        Topic::Intermediary(intermediary) => {
            return intermediary.names().any(names)
                || says(intermediary.passes)
                || intermediary.refuses.is_some_and(says)
                || intermediary.config.iter().any(|line| names(line));
        }
        Topic::Protocol(protocol) => {
            let mut messages = protocol.messages.iter();
            return names(protocol.id)
                || names(protocol.title)
                || protocol.words.iter().any(|word| names(word))
                || messages.any(|message| {
                    names(message.name)
                        || message.means.is_some_and(says)
                        || says_any(message.advice)
                });
        }
    };
    names(&topic.id())
        || says(topic.gist().text)
        || says(topic.title())
        || says(words.meaning)
        || says_any(words.advice)
}

/// The topics that mention all words of a text, the best first: those whose names hold it, then those whose
/// titles do, then the rest.
pub fn search(text: &str, registries: Registries, voice: &Voice) -> Vec<Topic> {
    let words = || text.split_whitespace();
    if words().next().is_none() || words().any(|word| word.chars().count() < 3) {
        return Vec::new();
    }
    let wanted = Wanted::of(words());
    let measured = field::implementations().map(Topic::Implementation);
    let vendors = || registries.all();
    let entries = vendors().flat_map(Registry::entries).map(Topic::Entry);
    let topics = all()
        .chain(measured)
        .chain(vendors().map(Topic::Registry))
        .chain(entries);
    let rank = |topic: &Topic| {
        let holds = |text: &str| wanted.is_in_text(text);
        if holds(&topic.id()) || names(topic).any(holds) {
            0
        } else if holds(topic.title().english()) || holds(voice.text(topic.title())) {
            1
        } else {
            2
        }
    };
    let mut found: Vec<(u8, Topic)> = topics
        .filter(|topic| wanted.is_in(topic, voice))
        .map(|topic| (rank(&topic), topic))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, topic)| topic).collect()
}

/// Text as it is searched: small, without hyphens, underscores, places where a line may end, and the accents of
/// its letters, tones and vowels that stand above or below a letter included.
fn plain(text: &str) -> String {
    let is_kept = |character: &char| !matches!(character, '-' | '_' | '\u{200b}');
    #[cfg(feature = "cli")]
    if !text.is_ascii() {
        use unicode_normalization::UnicodeNormalization;
        let bare = text.nfkd().filter(|letter| !is_mark(*letter));
        let bare = bare.map(|letter| match letter {
            // Its bar is part of the letter.
            'đ' | 'Đ' => 'd',
            letter => letter,
        });
        return bare.filter(is_kept).flat_map(char::to_lowercase).collect();
    }
    text.chars()
        .filter(is_kept)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether it is an accent, a tone or a vowel that belongs to the letter before it.
pub(super) fn is_mark(character: char) -> bool {
    #[cfg(feature = "cli")]
    return unicode_normalization::char::is_combining_mark(character);
    // The library alone has no tables of Unicode, and no other language than English.
    #[cfg(not(feature = "cli"))]
    return matches!(character, '\u{300}'..='\u{36f}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_their_accents() {
        for (word, text) in [
            ("FERMEE", "la connexion a été fermée"),
            ("ket noi", "đóng kết nối TCP"),
            ("dong", "đóng kết nối"),
            ("kết nối", "KẾT NỐI"),
            ("เชือมตอ", "การเชื่อมต่อ"),
            ("เชื่อมต่อ", "การ\u{200b}เชื่อม\u{200b}ต่อ"),
            ("utf8", "text-not-utf-8"),
        ] {
            assert!(Wanted::of([word]).is_in_text(text), "{word} in {text}");
        }
        assert!(!Wanted::of(["fermée"]).is_in_text("ouverte"));
    }
}
