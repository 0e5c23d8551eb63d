//! The languages are whole: no sentence and no placeholder is missing, and none is left in English.
//!
//! The English sentences are collected from the rows and from the source, where `say!`,
//! `say_count!` and `word!` mark them, into `src/words/wsclose.pot`, the template of the languages'
//! files: `UPDATE=1 cargo test --test languages` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use polib::catalog::Catalog;
use proc_macro2::{TokenStream, TokenTree};
use wsclose::codes::{CODES, PAIRS, RANGES, accident};
use wsclose::rules;
use wsclose::words::{Case, Language, Words};

/// An English sentence, with its form for many where it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sentence {
    one: String,
    many: Option<String>,
}

/// The sentences in the order in which they are met, each with the places where it stands.
#[derive(Default)]
struct Sentences {
    places: BTreeMap<Sentence, BTreeSet<String>>,
    order: Vec<Sentence>,
}

impl Sentences {
    fn add(&mut self, place: &str, one: &str, many: Option<&str>) {
        // Nothing to translate: `{fault}`.
        if !placeholders_removed(one).contains(char::is_alphabetic) {
            return;
        }
        let sentence = Sentence {
            one: one.to_owned(),
            many: many.map(str::to_owned),
        };
        if !self.places.contains_key(&sentence) {
            self.order.push(sentence.clone());
        }
        self.places
            .entry(sentence)
            .or_default()
            .insert(place.to_owned());
    }

    fn words(&mut self, place: &str, words: &Words) {
        self.add(place, words.meaning, None);
        self.cases(place, words.cases);
    }

    fn cases(&mut self, place: &str, cases: &[Case]) {
        for case in cases {
            self.add(&format!("{place}, cause"), case.cause, None);
            self.add(&format!("{place}, fix"), case.fix, None);
        }
    }
}

fn all() -> Sentences {
    let mut all = Sentences::default();
    for code in CODES {
        let place = format!("code {}", code.number);
        all.add(&place, code.phrases.gist, None);
        all.words(&place, &code.words);
        all.add(&format!("{place}, reconnect"), code.phrases.reconnect, None);
        all.add(&format!("{place}, look for"), code.phrases.look_for, None);
        all.add(&format!("{place}, when to send"), code.phrases.choose, None);
        all.add(&format!("{place}, diagnosis"), code.phrases.diagnosis, None);
    }
    for range in RANGES {
        let place = format!("range {}", range.id());
        all.add(&format!("{place}, name"), range.name, None);
        all.add(&place, range.gist, None);
        all.add(&format!("{place}, wire"), range.wire, None);
        all.words(&place, &range.words);
        all.add(&format!("{place}, look for"), range.look_for, None);
        all.add(&format!("{place}, when to send"), range.choose, None);
        all.add(&format!("{place}, diagnosis"), range.diagnosis, None);
    }
    for pair in PAIRS {
        let [first, second] = pair.codes;
        for sentence in pair.tell_apart {
            all.add(&format!("{first} and {second}"), sentence, None);
        }
    }
    for accident in (0..=u16::MAX).filter_map(accident) {
        all.cases(accident.id(), accident.cases());
    }
    for rule in rules::all() {
        let place = format!("rule {}", rule.id);
        all.add(&format!("{place}, title"), rule.title, None);
        all.add(&format!("{place}, note"), rule.note, None);
        all.words(&place, &rule.words);
    }
    for path in sources(&root().join("src")) {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let tokens: TokenStream = text.parse().expect("a source is made of tokens");
        let place = path.strip_prefix(root()).expect("it lies below");
        collect(tokens, &place.display().to_string(), &mut all);
    }
    all
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("the sources are there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Collects what the macros mark.
fn collect(tokens: TokenStream, place: &str, all: &mut Sentences) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        collect(group.stream(), place, all);
        let [.., TokenTree::Ident(name), TokenTree::Punct(mark)] = &tokens[..index] else {
            continue;
        };
        if mark.as_char() != '!' {
            continue;
        }
        let mut texts = group.stream().into_iter().filter_map(|token| match token {
            TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
            _ => None,
        });
        match name.to_string().as_str() {
            "say" | "word" => {
                if let Some(text) = texts.next() {
                    all.add(place, &text.value(), None);
                }
            }
            "say_count" => {
                if let (Some(one), Some(many)) = (texts.next(), texts.next()) {
                    all.add(place, &one.value(), Some(&many.value()));
                }
            }
            _ => {}
        }
    }
}

/// The names in braces, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    names.sort_unstable();
    names
}

fn placeholders_removed(text: &str) -> String {
    text.split('{')
        .enumerate()
        .map(|(index, part)| match part.split_once('}') {
            Some((_, rest)) if index > 0 => rest,
            _ => part,
        })
        .collect()
}

/// What stands between backticks, sorted: commands, options and bytes, the same in every language.
fn quoted(text: &str) -> Vec<&str> {
    let mut quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    quoted.sort_unstable();
    quoted
}

/// The numbers of three digits and more, sorted, without what groups them.
fn numbers(text: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let text: Vec<char> = text.chars().collect();
    let mut number = String::new();
    for (index, character) in text.iter().enumerate() {
        let is_between = matches!(character, ',' | '.' | '\u{202f}' | '\u{a0}')
            && index > 0
            && text[index - 1].is_ascii_digit()
            && text.get(index + 1).is_some_and(char::is_ascii_digit);
        if character.is_ascii_digit() {
            number.push(*character);
        } else if !is_between {
            numbers.push(std::mem::take(&mut number));
        }
    }
    numbers.push(number);
    numbers.retain(|number| number.len() >= 3);
    numbers.sort();
    numbers
}

fn template(all: &Sentences) -> String {
    let escaped = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    };
    let mut out = String::from(
        "# The sentences of wsclose. Made by `UPDATE=1 cargo test --test languages`.\n\
         msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n",
    );
    for sentence in &all.order {
        out.push('\n');
        for place in &all.places[sentence] {
            out.push_str(&format!("#: {place}\n"));
        }
        out.push_str(&format!("msgid \"{}\"\n", escaped(&sentence.one)));
        match &sentence.many {
            Some(many) => out.push_str(&format!(
                "msgid_plural \"{}\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n",
                escaped(many)
            )),
            None => out.push_str("msgstr \"\"\n"),
        }
    }
    out
}

#[test]
fn the_template_is_fresh() {
    let path = root().join("src/words/wsclose.pot");
    let fresh = template(&all());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).expect("the template is there");
    assert!(
        kept == fresh,
        "stale: UPDATE=1 cargo test --test languages writes it"
    );
}

fn languages() -> impl Iterator<Item = (Language, Catalog)> {
    let others = Language::ALL
        .iter()
        .filter(|language| **language != Language::English);
    others.map(|language| {
        let path = root().join(format!("src/words/{language}.po"));
        let catalogue = polib::po_file::parse(&path);
        (
            *language,
            catalogue.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        )
    })
}

#[test]
fn no_language_lacks_a_sentence_or_a_placeholder() {
    let all = all();
    let mut faults = Vec::new();
    for (language, catalogue) in languages() {
        for sentence in &all.order {
            let Some(message) =
                catalogue.find_message(None, &sentence.one, sentence.many.as_deref())
            else {
                faults.push(format!("{language}: lacks {:?}", sentence.one));
                continue;
            };
            let forms: Vec<&str> = match &sentence.many {
                Some(_) => message
                    .msgstr_plural()
                    .expect("it has forms")
                    .iter()
                    .map(String::as_str)
                    .collect(),
                None => vec![message.msgstr().expect("it has one form")],
            };
            let wanted = sentence.many.as_deref().unwrap_or(&sentence.one);
            for form in forms {
                if form.trim().is_empty() {
                    faults.push(format!("{language}: empty for {:?}", sentence.one));
                } else if placeholders(form) != placeholders(wanted) {
                    faults.push(format!("{language}: placeholders of {form:?}"));
                } else if quoted(form) != quoted(wanted) {
                    faults.push(format!("{language}: backticks of {form:?}"));
                } else if numbers(form) != numbers(wanted) {
                    faults.push(format!("{language}: numbers of {form:?}"));
                }
            }
        }
        for message in catalogue.messages() {
            let is_known = all
                .order
                .iter()
                .any(|sentence| sentence.one == message.msgid());
            if !is_known {
                faults.push(format!(
                    "{language}: no such sentence (any more): {:?}",
                    message.msgid()
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
