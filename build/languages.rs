//! Turns the languages' files into pools beside the English one.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::catalogue::{Answer, Catalogue};
use crate::texts::{Text, Texts, pool};

const LANGUAGES: &str = "src/render/languages";

/// Writes a pool for each language into `languages.rs` in `out`. A text without an answer is empty, and so are all
/// where the program is built without the texts of other languages.
pub(crate) fn write(out: &Path, texts: &Texts) -> Result<(), String> {
    println!("cargo::rerun-if-changed={LANGUAGES}");
    let has_texts = std::env::var_os("CARGO_FEATURE_LANGUAGES").is_some();
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
        let texts = texts.all.iter().filter(|_| has_texts);
        let answers: Vec<String> = texts.map(answer).collect();
        let plain = answers.iter().map(|answer| answer.replace(BREAK, ""));
        source += &pool(&name, plain);
        source += &marks(&name, &answers);
    }
    fs::write(out.join("languages.rs"), source).map_err(|error| error.to_string())
}

/// Where a line may end within a text without spaces: U+200B, which is never printed.
const BREAK: char = '\u{200b}';

/// The places where lines may end, of all texts: for each text the bytes from one to the next, each number in as
/// many bytes as it needs, of which all but the last are 255.
fn marks(name: &str, answers: &[String]) -> String {
    let (mut gaps, mut places) = (Vec::new(), vec![0]);
    for answer in answers {
        let mut parts: Vec<&str> = answer.split(BREAK).collect();
        parts.pop();
        for part in parts {
            gaps.extend(std::iter::repeat_n(255, part.len() / 255));
            gaps.push(part.len() % 255);
        }
        places.push(gaps.len());
    }
    let marks = match gaps.is_empty() {
        true => "None".to_owned(),
        false => format!("Some(&Marks {{ gaps: &{gaps:?}, places: &{places:?} }})"),
    };
    format!("pub(crate) static {name}_MARKS: Option<&Marks> = {marks};\n")
}
