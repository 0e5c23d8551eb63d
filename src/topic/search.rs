//! What is known of a word that names no topic: the topics in which it stands.

use super::{Topic, all, names, plain};
use crate::facts::field;
use crate::facts::registry::{Registries, Registry};
use crate::words::Voice;

/// The topics that mention all words of a text, the best first: those whose names hold it, then those whose
/// titles do, then the rest.
pub fn search(text: &str, registries: Registries, voice: &Voice) -> Vec<Topic> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.iter().any(|word| word.chars().count() < 3) {
        return Vec::new();
    }
    let measured = field::implementations().map(Topic::Implementation);
    let vendors = || registries.all();
    let entries = vendors().flat_map(Registry::entries).map(Topic::Entry);
    let topics = all()
        .chain(measured)
        .chain(vendors().map(Topic::Registry))
        .chain(entries);
    let rank = |topic: &Topic| {
        let holds = |text: &str| {
            let text = plain(text);
            words.iter().all(|word| text.contains(&plain(word)))
        };
        if holds(&topic.id()) || names(topic).any(holds) {
            0
        } else if holds(topic.title().english()) || holds(voice.text(topic.title())) {
            1
        } else {
            2
        }
    };
    let mut found: Vec<(u8, Topic)> = topics
        .filter(|topic| words.iter().all(|word| topic.mentions(word, voice)))
        .map(|topic| (rank(&topic), topic))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, topic)| topic).collect()
}
