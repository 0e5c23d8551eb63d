//! All texts of the program, each with an id that stays when its words are mended.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const SENTENCES: &str = "src/words/sentences.toml";

/// A text: its id, and its English forms, of which there are two where it depends on a number.
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) forms: Vec<String>,
}

impl Text {
    /// The forms as they lie in a pool, with a zero between them.
    pub(crate) fn joined(&self) -> String {
        self.forms.join("\0")
    }
}

/// The texts in the order of their numbers.
#[derive(Default)]
pub(crate) struct Texts {
    pub(crate) all: Vec<Text>,
    places: HashMap<String, usize>,
    /// The sentences of the program by room and name: their numbers.
    sentences: BTreeMap<String, BTreeMap<String, usize>>,
    /// So many texts have two forms: the first ones.
    plurals: usize,
}

impl Texts {
    /// Adds a text and gives the expression that names it in the source that is generated.
    pub(crate) fn add(&mut self, id: &str, forms: Vec<String>) -> Result<String, String> {
        if let Some(place) = self.places.get(id) {
            return if self.all[*place].forms == forms {
                Ok(expression(*place))
            } else {
                Err(format!("two texts with the id `{id}`"))
            };
        }
        let place = self.all.len();
        self.places.insert(id.to_owned(), place);
        self.all.push(Text {
            id: id.to_owned(),
            forms,
        });
        Ok(expression(place))
    }

    /// As [`add`](Texts::add), for a cell of a table: a phrase is a text of ours, whose id comes from
    /// its words, for it stands in many rows; `20 s: idle_timeout` has no words and is given as it is.
    pub(crate) fn phrase(&mut self, phrase: &str) -> Result<String, String> {
        let is_word = |part: &str| {
            let word = part.trim_matches([',', ';', ':', '.', '(', ')']);
            word.len() >= 2 && word.chars().all(|character| character.is_ascii_lowercase())
        };
        if !phrase.split(' ').any(is_word) {
            return Ok(format!("Text::Given({phrase:?})"));
        }
        let words = phrase.split(|character: char| !character.is_ascii_alphanumeric());
        let slug: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let mut id = format!("phrase.{}", slug.join("-").to_ascii_lowercase());
        // Phrases that differ in their marks alone.
        while self
            .places
            .get(&id)
            .is_some_and(|place| self.all[*place].forms != [phrase])
        {
            id.push('-');
        }
        self.add(&id, vec![phrase.to_owned()])
    }

    /// Reads the sentences that are no row's. Those with two forms get the first numbers of all, so that
    /// a number tells them.
    pub(crate) fn read_sentences(&mut self) -> Result<(), String> {
        let rooms = crate::rows::parse(Path::new(SENTENCES))?;
        let mut sentences = Vec::new();
        for (room, names) in &rooms {
            let names = names
                .as_table()
                .ok_or_else(|| format!("{SENTENCES}: `{room}` is no table"))?;
            for (name, forms) in names {
                let strings = |value: &toml::Value| value.as_str().map(str::to_owned);
                let forms: Option<Vec<String>> = match forms {
                    toml::Value::Array(forms) if forms.len() == 2 => {
                        forms.iter().map(strings).collect()
                    }
                    form => strings(form).map(|form| vec![form]),
                };
                let forms = forms.ok_or_else(|| {
                    format!("{SENTENCES}: `{room}.{name}` is neither a sentence nor its two forms")
                })?;
                sentences.push((room, name, forms));
            }
        }
        sentences.sort_by_key(|(_, _, forms)| forms.len() == 1);
        self.plurals = sentences.partition_point(|(_, _, forms)| forms.len() > 1);
        for (room, name, forms) in sentences {
            self.add(&format!("{room}.{}", name.replace('_', "-")), forms)?;
            let place = self.all.len() - 1;
            let room = self.sentences.entry(room.clone()).or_default();
            room.insert(name.clone(), place);
        }
        Ok(())
    }

    /// Writes the English pool, the ids, and a constant for each sentence of the program.
    pub(crate) fn write(&self, out: &Path) -> Result<(), String> {
        let mut source = pool("ENGLISH_POOL", self.all.iter().map(Text::joined));
        source += &pool("IDS", self.all.iter().map(|text| text.id.clone()));
        let _ = writeln!(
            source,
            "/// The texts below this number have a form for one and one for many.\n\
             pub(crate) const PLURALS: u16 = {};",
            self.plurals
        );
        source.push_str(
            "/// The sentences of the program, by room and name.\n\
             #[allow(missing_docs, non_upper_case_globals, unreachable_pub)]\n\
             pub mod sentence {\n",
        );
        for (room, names) in &self.sentences {
            let _ = writeln!(
                source,
                "pub mod {room} {{ use crate::words::{{Sentence, Text}};"
            );
            for (name, place) in names {
                let forms = self.all[*place].forms.join("");
                let _ = writeln!(
                    source,
                    "pub const {name}: Sentence = Sentence {{ text: {}, names: &{:?} }};",
                    expression(*place),
                    placeholders(&forms)
                );
            }
            source.push_str("}\n");
        }
        source.push_str("}\n");
        fs::write(out.join("texts.rs"), source).map_err(|error| error.to_string())
    }
}

fn expression(place: usize) -> String {
    format!("Text::Ours({place})")
}

/// The names in braces, each once, in the order in which they are met.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}') {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Texts as one string, and where each begins.
pub(crate) fn pool(name: &str, texts: impl Iterator<Item = String>) -> String {
    let (mut pool, mut places) = (String::new(), vec![0]);
    for text in texts {
        pool.push_str(&text);
        places.push(pool.len());
    }
    format!("pub(crate) static {name}: Pool = Pool {{ text: {pool:?}, places: &{places:?} }};\n")
}
