//! Turns the vocabulary of log lines in `src/facts/vocabulary` into rows, and its phrases into one
//! sorted list that a text is walked along.
//!
//! A phrase is kept as its letters and digits alone, small: `ping timeout`, `PingTimeout` and
//! `ping_timeout` are one. `{class}` stands for each of the words of a class, and `…` for up to a few
//! words of any kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::rows::{FACTS, Row, files, list, parse};
use crate::texts::Texts;

/// The rows and the phrases as they are read.
#[derive(Default)]
pub(crate) struct Vocabulary {
    classes: BTreeMap<String, Vec<String>>,
    rows: Vec<String>,
    /// The letters of a phrase, and the row that it belongs to.
    phrases: BTreeSet<(String, usize)>,
    ids: BTreeSet<String>,
    /// The letters of what stands before a number of an error, and whose numbers those are.
    number_keys: BTreeSet<(String, &'static str)>,
}

/// Whose numbers of errors a row may name: the key of the row, and the variant.
const SPACES: [(&str, &str); 6] = [
    ("errno", "Errno"),
    ("apple", "Apple"),
    ("winsock", "Winsock"),
    ("nsurl", "NsUrl"),
    ("osstatus", "OsStatus"),
    ("wininet", "WinInet"),
];

impl Vocabulary {
    /// Reads the files of the folder.
    pub(crate) fn read(texts: &mut Texts) -> Result<Self, String> {
        let mut vocabulary = Vocabulary::default();
        let folder = format!("{FACTS}/vocabulary");
        let classes = Path::new(&folder).join("classes.toml");
        let table = parse(&classes)?;
        let known = table.get("classes").and_then(toml::Value::as_table);
        for (name, words) in known.ok_or("classes.toml: `[classes]` is missing")? {
            let words = words.as_array().map(|words| {
                let words = words.iter().map(|word| word.as_str().map(str::to_owned));
                words.collect::<Option<Vec<String>>>()
            });
            let words = words.flatten();
            let words = words.ok_or_else(|| format!("classes.toml: `{name}` is no list"))?;
            vocabulary.classes.insert(name.clone(), words);
        }
        for path in files(&folder, "toml")? {
            if path == classes {
                continue;
            }
            let table = parse(&path)?;
            let top = Row::new(&table, path.display().to_string());
            for row in top.below("number")? {
                let space = row.str("of")?;
                let space = SPACES.iter().find(|(key, _)| *key == space);
                let (_, variant) = space.ok_or_else(|| row.error("`of` is no space of numbers"))?;
                for phrase in row.strs("words")? {
                    for key in vocabulary.expand(phrase, &row)? {
                        vocabulary.number_keys.insert((key, variant));
                    }
                }
                row.is_whole()?;
            }
            for row in top.below("word")? {
                vocabulary.word(&row, texts)?;
                row.is_whole()?;
            }
            top.is_whole()?;
        }
        Ok(vocabulary)
    }

    fn word(&mut self, row: &Row<'_>, texts: &mut Texts) -> Result<(), String> {
        let id = row.str("id")?;
        if !self.ids.insert(id.to_owned()) {
            return Err(row.error("stands there twice"));
        }
        let text_id = format!("word.{id}");
        let means = if row.get("cause").is_some() {
            format!("Means::Cause({})", row.variant("cause", "Cause")?)
        } else if row.get("rule").is_some() {
            format!("Means::Rule({:?})", row.str("rule")?)
        } else if row.get("end").is_some() {
            format!("Means::By({})", row.variant("end", "By")?)
        } else if row.get("about").is_some() {
            format!("Means::About({})", row.variant("about", "About")?)
        } else if row.get("weight").is_some() {
            format!("Means::Key({})", row.number("weight")?)
        } else {
            "Means::Nothing".to_owned()
        };
        let mut numbers = Vec::new();
        for (key, variant) in SPACES {
            for number in row.numbers(key)? {
                numbers.push(format!("(Space::{variant}, {number})"));
            }
        }
        let phrases: Vec<&str> = row.strs("words")?;
        if phrases.is_empty() {
            return Err(row.error("`words` is missing"));
        }
        let place = self.rows.len();
        for phrase in phrases {
            for key in self.expand(phrase, row)? {
                self.phrases.insert((key, place));
            }
        }
        self.rows.push(format!(
            "Word {{ id: {id:?}, kind: {}, means: {means}, is_weak: {}, sentence: {}, as_reason: {}, advice: {}, \
             numbers: &[{}], source: {}, example: {:?} }}",
            row.variant("kind", "Kind")?,
            row.is("weak")?,
            row.optional_text("says", &text_id, texts)?,
            row.optional_text("as_reason", &text_id, texts)?,
            row.advice(&text_id, texts)?,
            numbers.join(", "),
            row.source(texts)?,
            row.str("example")?
        ));
        Ok(())
    }

    /// Adds a row that another file speaks of: a producer, a vendor, a code.
    pub(crate) fn add(
        &mut self,
        id: &str,
        kind: &str,
        means: &str,
        names: impl IntoIterator<Item = impl AsRef<str>>,
    ) {
        let place = self.rows.len();
        for name in names {
            let key = letters(name.as_ref());
            // `WebSocket++` is no name by its letters.
            if key.len() > 1 && key != "websocket" {
                self.phrases.insert((key, place));
            }
        }
        self.rows.push(format!(
            "Word {{ id: {id:?}, kind: Kind::{kind}, means: {means}, is_weak: false, sentence: None, as_reason: None, advice: &[], numbers: &[], \
             source: Source::Measured(None), example: \"\" }}"
        ));
    }

    /// The letters of each phrase that `phrase` stands for.
    fn expand(&self, phrase: &str, row: &Row<'_>) -> Result<Vec<String>, String> {
        let mut all = vec![String::new()];
        let mut rest = phrase;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, behind) = behind
                .split_once('}')
                .ok_or_else(|| row.error(&format!("`{phrase}` lacks a brace")))?;
            let class = self
                .classes
                .get(name)
                .ok_or_else(|| row.error(&format!("no such class: `{name}`")))?;
            let heads = all.iter();
            all = heads
                .flat_map(|head| {
                    class
                        .iter()
                        .map(move |word| format!("{head}{before}{word}"))
                })
                .collect();
            rest = behind;
        }
        let all = all.iter().map(|head| letters(&format!("{head}{rest}")));
        let all: Vec<String> = all.collect();
        let is_wrong = |key: &String| key.is_empty() || key.starts_with('…') || key.ends_with('…');
        match all.iter().find(|key| is_wrong(key)) {
            Some(_) => Err(row.error(&format!("`{phrase}` has to begin and end with a word"))),
            None => Ok(all),
        }
    }

    /// Writes the rows and the phrases.
    pub(crate) fn write(&self, out: &mut String) {
        list(out, "The words of log lines.", "WORDS", "Word", &self.rows);
        let (mut pool, mut phrases) = (String::new(), String::new());
        for (key, place) in &self.phrases {
            let _ = write!(phrases, "({}, {place}), ", pool.len());
            pool.push_str(key);
        }
        let _ = writeln!(
            out,
            "/// The letters of all phrases, one behind the other.\n\
             pub static PHRASE_LETTERS: &str = {pool:?};\n\
             /// Where each begins there, and the row that it belongs to; in the order of their letters.\n\
             pub static PHRASES: [(u32, u16); {}] = [{phrases}];",
            self.phrases.len()
        );
        let keys: Vec<String> = self
            .number_keys
            .iter()
            .map(|(key, space)| format!("({key:?}, Space::{space})"))
            .collect();
        list(
            out,
            "What stands before a number of an error, in letters, and whose numbers those are.",
            "NUMBER_KEYS",
            "(&str, Space)",
            &keys,
        );
    }
}

/// The letters and digits of a phrase, small; `…` stays.
fn letters(phrase: &str) -> String {
    let kept = phrase
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '…');
    kept.flat_map(char::to_lowercase).collect()
}
