//! What a language says for each sentence of the rows.
//!
//! A language is a file of GNU gettext's form, `src/words/<id>.po`: the English sentence, and what
//! the language says for it. `build.rs` turns it into a table that is searched where it lies, so
//! that no file is read and nothing is built up when the program starts, in any language.

use super::language::{Language, spoken};

/// A language's sentences, sorted by the hash of the English ones.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// The hashes; `build.rs` refuses two sentences with the same.
    pub(super) hashes: &'static [u64],
    /// Where in `text` the answer to each begins, and at the end where the last one ends.
    pub(super) places: &'static [u32],
    /// The answers; the forms of one with plurals have a zero between them.
    pub(super) text: &'static str,
}

impl Catalogue {
    fn find(&self, hash: u64) -> Option<&'static str> {
        let index = self.hashes.binary_search(&hash).ok()?;
        let from = usize::try_from(*self.places.get(index)?).ok()?;
        let to = usize::try_from(*self.places.get(index + 1)?).ok()?;
        self.text.get(from..to)
    }
}

/// FNV-1a, 64 bits, as in `build.rs`: of a sentence, or of both of a pair with a zero between them, so
/// that no sentence alone is taken for one with forms.
fn hash(texts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for (index, text) in texts.iter().enumerate() {
        let between: &[u8] = if index > 0 { b"\0" } else { b"" };
        for byte in between.iter().copied().chain(text.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// What the language that is spoken says for an English sentence of our own. A sentence that it
/// lacks stays English; a test makes sure that there is none.
pub fn translated(english: &'static str) -> &'static str {
    in_language(spoken(), english).unwrap_or(english)
}

/// What a language says for an English sentence, where its file has it.
pub fn in_language(language: Language, english: &str) -> Option<&'static str> {
    language.catalogue()?.find(hash(&[english]))
}

/// The sentence that goes with so many, of an English pair for one and for more.
pub fn plural(one: &'static str, more: &'static str, number: u64) -> &'static str {
    let language = spoken();
    let english = if number == 1 { one } else { more };
    let forms = language
        .catalogue()
        .and_then(|catalogue| catalogue.find(hash(&[one, more])));
    let Some(forms) = forms else {
        return english;
    };
    forms
        .split('\0')
        .nth(language.plural(number))
        .unwrap_or(english)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, speaking};

    #[test]
    fn a_sentence_alone_is_none_with_forms() {
        // A registry may say `{n} frame`, and gets neither both forms nor the zero between them.
        speaking(Language::French, || {
            assert_eq!(translated("{n} frame"), "{n} frame");
            assert_eq!(plural("{n} frame", "{n} frames", 1), "{n} trame");
            assert_eq!(plural("{n} frame", "{n} frames", 2), "{n} trames");
        });
        for language in Language::ALL {
            assert_eq!(in_language(*language, "{n} frame"), None, "{language}");
        }
    }
}
