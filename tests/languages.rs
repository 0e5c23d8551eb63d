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
use wsclose::field;
use wsclose::rules;
use wsclose::words::{Case, Language, Words, plural, speaking};

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

    /// A phrase of a table, where it has words in it: `20 s: idle_timeout` has none.
    fn phrase(&mut self, place: &str, phrase: &str) {
        let is_word = |part: &str| {
            let word = part.trim_matches([',', ';', ':', '.', '(', ')']);
            word.len() >= 2 && word.chars().all(|character| character.is_ascii_lowercase())
        };
        if phrase.split(' ').any(is_word) {
            self.add(place, phrase, None);
        }
    }

    /// Where something is known from, where that is a phrase: `read in several places`.
    fn source(&mut self, place: &str, source: &str) {
        for how in ["read in ", "documented in ", "reported in "] {
            // `read in source` is a sentence of its own.
            match source.strip_prefix(how) {
                Some("source") | None => {}
                Some(from) => self.phrase(place, from),
            }
        }
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
    for case in field::CASES {
        all.phrase(&format!("case {}", case.id), case.what);
    }
    for service in wsclose::registry::WITHOUT_CODES {
        all.add(service.title, service.instead, None);
    }
    for implementation in field::implementations() {
        let place = format!("implementation {}", implementation.id());
        for statement in implementation.surprises().chain(implementation.limits()) {
            all.phrase(&place, statement.text);
            all.source(&place, statement.source);
        }
        for row in implementation.rows() {
            all.phrase(&place, row.variant());
            all.source(&place, row.source());
        }
    }
    for timer in field::timers::timers() {
        let place = format!("timer of {}", timer.who);
        // One word is a name.
        if timer.who.contains(' ') {
            all.phrase(&place, timer.who);
        }
        all.source(&place, timer.source);
        all.phrase(&place, timer.setting);
        all.phrase(&place, timer.change);
    }
    for fingerprint in field::fingerprints::fingerprints() {
        let says = fingerprint.says().unwrap_or_default();
        all.phrase(&format!("reason {:?}", fingerprint.pattern()), says);
    }
    for code in 0..=u16::MAX {
        all.phrase(
            &format!("accident {code}"),
            field::fingerprints::accident(code).unwrap_or_default(),
        );
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

/// Collects what the macros mark, and the meanings, causes and fixes of all rows.
fn collect(tokens: TokenStream, place: &str, all: &mut Sentences) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for window in tokens.windows(3) {
        let [
            TokenTree::Ident(field),
            TokenTree::Punct(_),
            TokenTree::Literal(literal),
        ] = window
        else {
            continue;
        };
        if ["meaning", "cause", "fix"]
            .iter()
            .any(|known| field == known)
        {
            if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                all.add(place, &text.value(), None);
            }
        }
    }
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

/// Words that stand in nearly every English sentence, and in none of another language.
const ENGLISH: &[&str] = &[
    "the", "is", "and", "of", "not", "with", "that", "was", "were", "which", "from", "are", "this",
    "it", "its", "has", "have", "been", "be", "for", "by", "you", "your",
];

/// Answers with English words in them: titles of documents.
const ENGLISH_TITLES: &[&str] = &["TCP reset and idle timeout"];

/// The English words in what a language says, but for what it quotes.
fn english_in(answer: &str) -> Vec<String> {
    let mut answer = answer.replace(['«', '»', '“', '”'], "\"");
    for title in ENGLISH_TITLES {
        answer = answer.replace(title, "");
    }
    let unquoted = |text: &str, mark: char| -> String {
        let parts = text.split(mark).step_by(2);
        parts.collect::<Vec<_>>().join(" ")
    };
    let answer = placeholders_removed(&unquoted(&unquoted(&answer, '`'), '"'));
    let words =
        answer.split(|letter: char| !(letter.is_alphanumeric() || "-_./'’".contains(letter)));
    words
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| ENGLISH.iter().any(|known| word.eq_ignore_ascii_case(known)))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_answer_is_english() {
    let mut faults = Vec::new();
    for (language, catalogue) in languages() {
        for message in catalogue.messages() {
            let forms = match message.msgstr_plural() {
                Ok(forms) => forms.clone(),
                Err(_) => vec![message.msgstr().expect("it has one form").to_owned()],
            };
            for form in forms {
                let english = english_in(&form);
                if !english.is_empty() {
                    faults.push(format!("{language}: {english:?} in {form:?}"));
                }
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

#[test]
fn every_number_has_its_form() {
    let all = all();
    for (language, catalogue) in languages() {
        for sentence in &all.order {
            let Some(many) = &sentence.many else { continue };
            let message = catalogue.find_message(None, &sentence.one, Some(many));
            let message = message.expect("a law says that it is there");
            let forms = message.msgstr_plural().expect("it has forms");
            let (one, more): (&'static str, &'static str) =
                (sentence.one.clone().leak(), many.clone().leak());
            let said: BTreeSet<&str> = speaking(language, || {
                (0..=200).map(|n| plural(one, more, n)).collect()
            });
            let forms: BTreeSet<&str> = forms.iter().map(String::as_str).collect();
            assert_eq!(said, forms, "{language}: {one:?}");
        }
    }
}

/// Files whose unmarked strings are none of ours to translate, and what they are.
const NOT_OURS: &[(&str, &str)] = &[
    ("src/cli/completions.rs", "scripts for shells"),
    ("src/cli/usage.rs", "usage errors stay English"),
    ("src/capture/http.rs", "what servers write"),
    ("src/codes/numbers.rs", "names of HTTP statuses"),
    ("src/codes/rows.rs", "registered names"),
    (
        "src/diagnose/connection/opening.rs",
        "names of versions of TLS",
    ),
    ("src/diagnose/har.rs", "what Chromium writes"),
    ("src/field/cases.rs", "collected from the rows"),
    ("src/field/outcome.rs", "errors of the build"),
    ("src/input/list/", "what programs print"),
    ("src/input/samples/", "what programs print"),
    ("src/logline/events.rs", "where events were found"),
    ("src/logline/generic.rs", "what programs print"),
    ("src/logline/producers.rs", "names of programs"),
    ("src/logline/reasons.rs", "what programs print"),
    ("src/logline/scan.rs", "what programs print"),
    ("src/logline/shapes/", "what programs print"),
    ("src/logline/text.rs", "what programs print"),
    ("src/logline/time.rs", "forms of times"),
    ("src/registry/problem.rs", "examples of a registry"),
    (
        "src/registry/vendors.rs",
        "names of vendors and of their codes",
    ),
    ("src/registry/without.rs", "names of services"),
    ("src/source.rs", "names of documents"),
    ("src/words/language.rs", "names of languages"),
];

/// The string literals that look like words and that no mark collects, each with its line.
fn unmarked(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    let mut is_test = false;
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token {
            // Documentation, what clap says, and the tests at the foot of a file.
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let is_inner = matches!(tokens.get(index), Some(TokenTree::Punct(_)));
                index += usize::from(is_inner);
                if let Some(TokenTree::Group(group)) = tokens.get(index) {
                    is_test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
                    index += 1;
                }
            }
            TokenTree::Group(group) => {
                let before = tokens.get(..index - 1).unwrap_or_default();
                let is_marked = match before {
                    [.., TokenTree::Ident(name), TokenTree::Punct(mark)]
                        if mark.as_char() == '!' =>
                    {
                        let marks = ["say", "say_count", "word", "debug_assert", "unreachable"];
                        marks.iter().any(|known| name == known)
                    }
                    // What is only compared with is not printed.
                    [.., TokenTree::Ident(name)] => {
                        let compared = [
                            "expect",
                            "split",
                            "split_once",
                            "strip_prefix",
                            "strip_suffix",
                        ];
                        compared.iter().any(|known| name == known)
                    }
                    _ => false,
                };
                if std::mem::take(&mut is_test) || is_marked {
                    continue;
                }
                unmarked(group.stream(), found);
            }
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else {
                    continue;
                };
                let text = text.value();
                let is_word = |word: &&str| {
                    let word = word.trim_matches(['.', ',', ';', ':', '(', ')']);
                    word.len() >= 3 && word.chars().all(|letter| letter.is_ascii_lowercase())
                };
                let words = text.split(' ').filter(is_word).count();
                if words >= 1 && text.contains(' ') {
                    found.push((literal.span().start().line, text));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn no_sentence_goes_past_the_door() {
    let all = all();
    let marked: BTreeSet<&str> = all
        .order
        .iter()
        .flat_map(|sentence| [Some(sentence.one.as_str()), sentence.many.as_deref()])
        .flatten()
        .collect();
    let mut faults = Vec::new();
    for path in sources(&root().join("src")) {
        let place = path.strip_prefix(root()).expect("it lies below");
        let place = place.display().to_string();
        if place.ends_with("tests.rs") || NOT_OURS.iter().any(|(file, _)| place.starts_with(file)) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source can be read");
        let mut found = Vec::new();
        unmarked(
            text.parse().expect("a source is made of tokens"),
            &mut found,
        );
        // Commands and sections of standards are the same in all languages.
        let is_same = |text: &str| text.trim().starts_with("wsclose") || text.starts_with("RFC ");
        found.retain(|(_, text)| !marked.contains(text.as_str()) && !is_same(text));
        let shown = found
            .iter()
            .map(|(line, text)| format!("{place}:{line}: {text:?}"));
        faults.extend(shown);
    }
    assert!(
        faults.is_empty(),
        "{} texts are neither marked (say!, say_count!, word!) nor named as not ours:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
