//! Turns the languages' files into pools beside the English one.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::catalogue::{Answer, Catalogue};
use crate::texts::{Text, Texts, pool};

const LANGUAGES: &str = "src/render/languages";

/// Writes a pool for each language into `languages.rs` in `out`. A text without an answer is empty.
pub(crate) fn write(out: &Path, texts: &Texts) -> Result<(), String> {
    println!("cargo::rerun-if-changed={LANGUAGES}");
    let current: HashSet<String> = texts.all.iter().map(Text::joined).collect();
    let mut source = String::new();
    for entry in fs::read_dir(LANGUAGES).map_err(|error| format!("{LANGUAGES}: {error}"))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_none_or(|extension| extension != "po") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let catalogue = Catalogue::read(&path, current.clone())?;
        let answer = |text: &Text| match catalogue.answer(&text.id, &text.joined()) {
            Answer::Fresh(answer) | Answer::Stale { answer, .. } => answer,
            Answer::Missing => String::new(),
        };
        let id = path.file_stem().and_then(|stem| stem.to_str());
        let name = id.ok_or("a language has an id")?.to_ascii_uppercase();
        source += &pool(&name, texts.all.iter().map(answer));
    }
    fs::write(out.join("languages.rs"), source).map_err(|error| error.to_string())
}
