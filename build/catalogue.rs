//! A language's file, `src/render/languages/<id>.po`, and what it says for a text.
//!
//! An entry belongs to a text by its id, `msgctxt`; beside it stands the English that was translated.
//! Where that English is no longer the text's, the entry is stale, and serves until somebody has
//! looked at it: better than English. A row that moved, so that its id is another's now, is found by
//! its English first.

use std::collections::{HashMap, HashSet};
use std::path::Path;

/// What a language says for a text. Forms of a text that depends on a number have a zero between
/// them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The translation of the text.
    Fresh(String),
    /// The translation of what the text said before.
    Stale {
        /// The English that was translated.
        was: String,
        /// Its translation.
        answer: String,
    },
    /// None, or none that could be used: it lacks a value that the text names.
    Missing,
}

/// The entries of a file.
pub(crate) struct Catalogue {
    by_id: HashMap<String, (String, String)>,
    by_english: HashMap<String, String>,
    /// All texts of today, in English.
    current: HashSet<String>,
}

impl Catalogue {
    /// Reads a file. `current` are all texts of today, in English.
    pub(crate) fn read(path: &Path, current: HashSet<String>) -> Result<Self, String> {
        let failed = |error: String| format!("{}: {error}", path.display());
        let catalogue = polib::po_file::parse(path).map_err(|error| failed(error.to_string()))?;
        let (mut by_id, mut by_english) = (HashMap::new(), HashMap::new());
        for message in catalogue.messages() {
            let (english, answer) = match message.msgstr_plural() {
                Ok(forms) => {
                    let many = message
                        .msgid_plural()
                        .map_err(|error| failed(error.to_string()))?;
                    (format!("{}\0{many}", message.msgid()), forms.join("\0"))
                }
                Err(_) => {
                    let answer = message
                        .msgstr()
                        .map_err(|error| failed(error.to_string()))?;
                    (message.msgid().to_owned(), answer.to_owned())
                }
            };
            if answer.trim_matches('\0').is_empty() {
                continue;
            }
            // What a translator has still to look at says in a comment what it translates.
            let was = message
                .extracted_comments()
                .lines()
                .find_map(|line| line.strip_prefix(WAS));
            let english = was.map_or(english, |was| was.replace("\\0", "\0"));
            by_english.entry(english.clone()).or_insert(answer.clone());
            let id = message.msgctxt().unwrap_or_default();
            by_id.insert(id.to_owned(), (english, answer));
        }
        Ok(Catalogue {
            by_id,
            by_english,
            current,
        })
    }

    /// What the language says for the text with this id and these English forms.
    pub(crate) fn answer(&self, id: &str, english: &str) -> Answer {
        let own = self.by_id.get(id);
        if let Some((_, answer)) = own.filter(|(translated, _)| translated == english) {
            return Answer::Fresh(answer.clone());
        }
        if let Some(answer) = self.by_english.get(english) {
            return Answer::Fresh(answer.clone());
        }
        match own {
            Some((was, answer))
                if !self.current.contains(was) && names(answer) == names(english) =>
            {
                Answer::Stale {
                    was: was.clone(),
                    answer: answer.clone(),
                }
            }
            _ => Answer::Missing,
        }
    }

    /// The ids of all entries.
    #[allow(dead_code, reason = "for the test of the languages")]
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }
}

/// What stands before the old English in the comment of a stale entry.
pub(crate) const WAS: &str = "was: ";

/// Whether there is anything to translate in a text: words, or marks that languages set in their own
/// way. `{some} · {last}` and `RSV2` are the same in all.
#[allow(dead_code)] // The build has no use for it; the test of the languages does.
pub(crate) fn has_words(english: &str) -> bool {
    let mut depth = 0_u32;
    english.chars().any(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (character.is_lowercase() || ":;?!".contains(character))
    })
}

/// The names in braces, each once.
fn names(text: &str) -> HashSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}
