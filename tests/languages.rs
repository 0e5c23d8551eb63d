//! The languages: what waits for a translator is told, and what is translated fits.
//!
//! `UPDATE=1 cargo test --test languages` brings the files in `src/render/languages` up to date: a text
//! that is new stands there without an answer, one that was mended keeps its answer and is marked
//! `fuzzy` with what it said before, one that is gone goes. Until then, and until somebody has
//! translated it, the program answers in English there, or with what it said before. A release waits
//! for nothing: `cargo test --test languages -- --ignored` fails while the report is not empty.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use unicode_width::UnicodeWidthStr;
use wsclose::render::Language;
use wsclose::words::{BREAK, Message, Text, Value};

#[path = "../build/catalogue.rs"]
mod catalogue;

use catalogue::{Answer, Catalogue, WAS, has_words};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All texts that have words in them, with their ids and their English.
fn texts() -> Vec<(&'static str, Vec<&'static str>)> {
    let all = Text::all().filter_map(|(text, forms)| Some((text.id()?, forms)));
    all.filter(|(_, forms)| forms.iter().any(|form| has_words(form)))
        .collect()
}

fn path_of(language: Language) -> PathBuf {
    root().join(format!("src/render/languages/{language}.po"))
}

fn catalogue_of(language: Language) -> Catalogue {
    let current: HashSet<String> = Text::all().map(|(_, forms)| forms.join("\0")).collect();
    Catalogue::read(&path_of(language), current).unwrap_or_else(|error| panic!("{error}"))
}

/// All languages but English.
fn languages() -> impl Iterator<Item = Language> {
    let all = Language::ALL.iter().copied();
    all.filter(|language| *language != Language::English)
}

/// The texts of a language that wait for a translator, each in a line.
fn report(language: Language) -> Vec<String> {
    let catalogue = catalogue_of(language);
    let line = |(id, forms): &(&str, Vec<&str>)| match catalogue.answer(id, &forms.join("\0")) {
        Answer::Fresh(_) => None,
        Answer::Stale { .. } => Some(format!("{language}: stale: {id}: {}", forms.join(" | "))),
        Answer::Missing => Some(format!("{language}: missing: {id}: {}", forms.join(" | "))),
    };
    texts().iter().filter_map(line).collect()
}

#[test]
fn what_waits_for_a_translator_is_told() {
    for language in languages() {
        if std::env::var_os("UPDATE").is_some() {
            let path = path_of(language);
            let kept = fs::read_to_string(&path).expect("the file is there");
            let fresh = updated(&kept, &catalogue_of(language));
            fs::write(&path, fresh).expect("it can be written");
        }
        let waiting = report(language);
        if !waiting.is_empty() {
            // Past the test's own capture: whoever runs the tests is to see it.
            let _ = writeln!(
                std::io::stderr(),
                "{language}: {} texts wait for a translator; \
                 `cargo test --test languages -- --ignored` shows them",
                waiting.len()
            );
        }
    }
}

#[test]
#[ignore = "for a release: until then a text may wait for its translators"]
fn nothing_waits_for_a_translator() {
    let waiting: Vec<String> = languages().flat_map(report).collect();
    assert!(waiting.is_empty(), "{}", waiting.join("\n"));
}

/// How many forms the header of a language's file says that a plural has.
fn forms_of_plural(head: &str) -> usize {
    let forms = head.split_once("nplurals=").map(|(_, rest)| rest);
    let number = forms.and_then(|rest| rest.split(';').next());
    number
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(1)
}

/// A language's file with the texts of today: its head as it is, then an entry for each text.
fn updated(kept: &str, catalogue: &Catalogue) -> String {
    let quoted = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n"))
    };
    let (head, _) = kept.split_once("\n\n").unwrap_or((kept, ""));
    let head = head.trim_end();
    let mut out = format!("{head}\n");
    for (id, forms) in texts() {
        let (was, answer) = match catalogue.answer(id, &forms.join("\0")) {
            Answer::Fresh(answer) => (None, answer),
            Answer::Stale { was, answer } => (Some(was), answer),
            Answer::Missing => (None, String::new()),
        };
        out.push('\n');
        // Writing to a `String` cannot fail.
        if let Some(was) = was {
            let _ = writeln!(out, "#. {WAS}{}\n#, fuzzy", was.replace('\0', "\\0"));
        }
        let _ = writeln!(out, "msgctxt {}\nmsgid {}", quoted(id), quoted(forms[0]));
        match forms.get(1) {
            Some(many) => {
                let _ = writeln!(out, "msgid_plural {}", quoted(many));
                // One line for each form of the language, those without an answer empty.
                let mut answers = answer.split('\0');
                for index in 0..forms_of_plural(head).max(answer.split('\0').count()) {
                    let form = answers.next().unwrap_or_default();
                    let _ = writeln!(out, "msgstr[{index}] {}", quoted(form));
                }
            }
            None => {
                let _ = writeln!(out, "msgstr {}", quoted(&answer));
            }
        }
    }
    out
}

/// What a language says for each text that it has a fresh answer for: the id, the English for many,
/// and the forms.
fn answers(language: Language) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let catalogue = catalogue_of(language);
    let answer = |(id, forms): (&'static str, Vec<&'static str>)| {
        let english = *forms.last()?;
        match catalogue.answer(id, &forms.join("\0")) {
            Answer::Fresh(answer) => {
                let answer = answer.replace(BREAK, "");
                let forms = answer.split('\0').map(str::to_owned);
                Some((id, english, forms.collect()))
            }
            Answer::Stale { .. } | Answer::Missing => None,
        }
    };
    texts().into_iter().filter_map(answer).collect()
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

#[test]
fn what_is_translated_fits() {
    let mut faults = Vec::new();
    for language in languages() {
        for (id, english, forms) in answers(language) {
            for form in forms {
                let mut wrong =
                    |what: &str| faults.push(format!("{language}: {id}: {what}: {form}"));
                if form.trim().is_empty() {
                    wrong("an empty form");
                } else if placeholders(&form) != placeholders(english) {
                    wrong("other names in braces");
                } else if quoted(&form) != quoted(english) {
                    wrong("something else between backticks");
                } else if numbers(&form) != numbers(english) {
                    wrong("other numbers");
                }
                let left = english_in(&form);
                if !left.is_empty() {
                    wrong(&format!("in English: {left:?}"));
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

/// Words that stand in nearly every English sentence, and in none of another language.
const ENGLISH: &[&str] = &[
    "the", "is", "and", "of", "not", "with", "that", "were", "which", "from", "are", "this", "it",
    "its", "has", "have", "been", "be", "for", "by", "you", "your",
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

/// What stands before a place in the bytes, where English says "at" alone: a number there could be anything's.
const OFFSET: [(&str, &[&str]); 4] = [
    ("fr", &["offset ", "position "]),
    ("id", &["offset "]),
    ("th", &["offset "]),
    ("vi", &["offset "]),
];

#[test]
fn a_place_in_the_bytes_is_called_an_offset() {
    const PLACES: [&str; 4] = ["{at}", "{began}", "{close_at}", "{earlier}"];
    let mut faults = Vec::new();
    for language in languages() {
        let known = OFFSET.iter().find(|(id, _)| *id == language.id());
        let (_, words) = known.expect("each language has a word for it");
        for (id, english, forms) in answers(language) {
            let is_bare = |place: &&&str| {
                let before = english.split_once(**place).map(|(before, _)| before);
                before.is_some_and(|before| before.ends_with("at ") || before.ends_with("At "))
            };
            for place in PLACES.iter().filter(is_bare) {
                for form in &forms {
                    let (before, _) = form.split_once(*place).unwrap_or_default();
                    if !words
                        .iter()
                        .any(|word| before.to_lowercase().ends_with(word))
                    {
                        faults.push(format!("{language}: {id}: {form}"));
                    }
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
fn a_section_of_a_standard_has_the_word_of_the_language() {
    let mut faults = Vec::new();
    // It is French too.
    for language in languages().filter(|language| *language != Language::French) {
        for (id, _, forms) in answers(language) {
            for form in forms {
                let mut parts = form.split("ection ").skip(1);
                if parts
                    .any(|part| part.starts_with(|next: char| next.is_ascii_digit() || next == '{'))
                {
                    faults.push(format!("{language}: {id}: {form}"));
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

/// The marks before which French has a space that does not break, each with what stands before it there where it
/// has none, or one that breaks.
fn marks_set_in_english(french: &str) -> Vec<String> {
    // What is typed or printed by programs is no French.
    let unquoted = |text: &str, mark: char| -> String {
        let parts = text.split(mark).enumerate();
        let parts = parts.map(|(index, part)| if index % 2 == 0 { part } else { "x" });
        parts.collect()
    };
    let text = unquoted(&unquoted(&french.replace(['«', '»'], "\""), '`'), '"');
    let text = unquoted(&text, '\'');
    let letters: Vec<char> = text.chars().collect();
    let mut faults = Vec::new();
    for (index, mark) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|place| letters.get(place));
        let next = letters.get(index + 1);
        let is_end = next.is_none_or(|next| next.is_whitespace());
        let is_set = matches!(before, Some('\u{a0}' | '\u{202f}' | '(' | ':' | ';'));
        let word: String = letters[..index]
            .iter()
            .rev()
            .take_while(|letter| letter.is_alphanumeric())
            .collect();
        // `wss:` is the beginning of an address.
        let is_scheme = ["sw", "ssw", "ptth", "sptth"].contains(&word.as_str());
        if ":;!?".contains(*mark) && is_end && !is_set && !is_scheme {
            faults.push(letters[..=index].iter().rev().take(12).rev().collect());
        }
    }
    faults
}

#[test]
fn french_marks_have_their_space() {
    let mut faults = Vec::new();
    for (id, _, forms) in answers(Language::French) {
        for form in forms {
            for fault in marks_set_in_english(&form) {
                faults.push(format!("{id}: {fault:?} in {form}"));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(
        marks_set_in_english("1006 Abnormal Closure: \"x\"").len(),
        1
    );
    assert_eq!(
        marks_set_in_english("la cause : x").len(),
        1,
        "a space that breaks"
    );
    assert!(marks_set_in_english("la cause\u{a0}: `a: b` (ws: ou wss:)").is_empty());
}

#[test]
fn long_thai_messages_have_marks_where_a_line_may_end() {
    const LINE: usize = 60;
    const LONGEST_WORD: usize = 20;
    let is_thai = |letter: char| matches!(letter, '\u{e01}'..='\u{e7f}');
    let catalogue = catalogue_of(Language::Thai);
    let mut faults = Vec::new();
    for (id, forms) in texts() {
        let Answer::Fresh(answer) = catalogue.answer(id, &forms.join("\0")) else {
            continue;
        };
        let mut runs = answer.split(|letter| !is_thai(letter));
        if answer.width() > LINE && runs.any(|run| run.width() > LONGEST_WORD) {
            faults.push(format!("{id}: {answer}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{} messages have no marks; `harness/thai-words/run` puts them in:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Languages with marks that are not printed have them in no text, but for whoever sets lines.
#[test]
fn marks_stand_in_no_text() {
    for language in Language::ALL {
        for (text, _) in Text::all() {
            let said = language.voice().say(&Message::from(text));
            assert!(!said.contains(BREAK), "{language}: {said}");
        }
    }
}

#[test]
fn every_number_has_its_form() {
    for language in languages() {
        let voice = language.voice();
        let all = answers(language);
        for (text, english) in Text::all().filter(|(_, forms)| forms.len() > 1) {
            let said: BTreeSet<String> = (0..=200)
                .map(|n| {
                    // As it stands in the file: the number is put in as its name.
                    let said = voice.say(&Message::new(text, vec![("n", Value::Number(n))]));
                    said.replacen(&voice.thousands(n), "{n}", 1)
                })
                .collect();
            let wanted = all
                .iter()
                .find(|(id, ..)| Some(*id) == text.id())
                .map(|(_, _, forms)| forms.iter().cloned().collect::<BTreeSet<String>>());
            if let Some(wanted) = wanted {
                assert_eq!(said, wanted, "{language}: {english:?}");
            }
        }
    }
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

/// Files whose unmarked strings are none of ours to translate, and what they are.
const NOT_OURS: &[(&str, &str)] = &[
    ("src/application/last.rs", "what applications write"),
    ("src/application/quoted", "what programs print"),
    ("src/application/spans.rs", "what programs print"),
    ("src/ask/document.rs", "errors for the program that calls"),
    ("src/capture/har.rs", "what a file should have had"),
    ("src/capture/har/writer.rs", "names of browsers"),
    ("src/capture/flow.rs", "what mitmproxy writes"),
    ("src/capture/netlog/names.rs", "what Chromium writes"),
    ("src/certificate/inspectors.rs", "names of products"),
    ("src/cli/args.rs", "help, which stays English"),
    ("src/cli/completions.rs", "scripts for shells"),
    ("src/escape/secrets", "what headers and sentences hold"),
    ("src/explain/opening.rs", "names of versions of TLS"),
    ("src/explain/recorded.rs", "what Chromium writes"),
    ("src/explain/untold.rs", "what reasons speak of"),
    ("src/explain/connection.rs", "what advice is about"),
    (
        "src/explain/attempt/failed.rs",
        "what servers write, and commands",
    ),
    ("src/facts/codes/accidents.rs", "names of HTTP statuses"),
    ("src/facts/field/outcome.rs", "errors of the build"),
    ("src/facts/registry/problem.rs", "examples of a registry"),
    ("src/http2/hpack.rs", "headers of the protocol"),
    ("src/input/forms/", "what programs print"),
    ("src/input/variants.rs", "marks that lines begin with"),
    ("src/input/samples/", "what programs print"),
    ("src/logline/", "what programs print, and forms of times"),
    ("src/probe/talk.rs", "headers of the protocol"),
    ("src/render/language.rs", "names of languages"),
    ("src/render/html/inline.rs", "a command"),
    ("src/render/site/", "markup"),
    ("src/tls/schedule.rs", "labels of RFC 8446"),
    ("src/upgrade/", "what servers write"),
    ("src/words/mod.rs", "errors of the build"),
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
                        let marks = ["debug_assert", "unreachable"];
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
    let mut faults = Vec::new();
    for path in sources(&root().join("src")) {
        let place = path.strip_prefix(root()).expect("it lies below");
        let place = place.display().to_string();
        let is_test = place.ends_with("tests.rs") || place.contains("/tests/");
        if is_test || NOT_OURS.iter().any(|(file, _)| place.starts_with(file)) {
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
        found.retain(|(_, text)| !is_same(text));
        let shown = found
            .iter()
            .map(|(line, text)| format!("{place}:{line}: {text:?}"));
        faults.extend(shown);
    }
    assert!(
        faults.is_empty(),
        "{} texts stand in the source and not in sentences.toml, and are not named as not ours:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
