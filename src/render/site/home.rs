//! The first page of a language, the index by which it is searched, and the page where a language is chosen.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::frame::{Framed, POLICY};
use super::{Kind, Options, Subject, description, meaning, named, subjects};
use crate::render::Language;
use crate::render::html::escaped;
use crate::topic::{self, Topic};
use crate::words::{Advice, Message, Text, Voice, say, text};

/// The first page: by situation, then all there is.
pub fn home(language: Language, options: &Options) -> String {
    let voice = language.voice();
    let words = |text: Text| escaped(voice.text(text));
    let mut body = String::new();
    let _ = write!(
        body,
        "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n",
        words(text!(site.home)),
        words(text!(site.home_lead))
    );
    if options.has_playground {
        let play = words(text!(site.playground));
        let _ = writeln!(
            body,
            "<p><a class=\"play\" href=\"playground.html\">{play}</a></p>"
        );
    }
    let all = subjects();
    for kind in Kind::ALL {
        let folder = kind.folder();
        let class = match kind {
            Kind::Start => "starts",
            Kind::Cause => "situations",
            _ => "index",
        };
        let _ = write!(
            body,
            "<h2 id=\"{folder}\">{}</h2>\n<ul class=\"{class}\">\n",
            words(kind.name())
        );
        if kind == Kind::Start {
            // Its page is that of the code.
            let (title, gist) = (text!(start.code), text!(welcome.code));
            body.push_str(&start("code/1006.html", title, gist, voice));
        }
        for subject in all.iter().filter(|subject| subject.kind() == kind) {
            // A vendor's codes stand on the vendor's own page.
            if matches!(subject, Subject::Topic(Topic::Entry(_))) {
                continue;
            }
            let address = subject.address();
            if let Subject::Start(held) = subject {
                body.push_str(&start(&address, held.title, held.gist, voice));
                continue;
            }
            if let Subject::Topic(Topic::Cause(cause)) = subject {
                let title = escaped(&voice.say(&Message::from(cause.title).begun()));
                let _ = writeln!(body, "<li><a href=\"{address}\">{title}</a></li>");
                continue;
            }
            let (id, gist) = (escaped(&subject.id()), escaped(&voice.say(&name(subject))));
            let _ = writeln!(
                body,
                "<li><a href=\"{address}\"><b>{id}</b> {gist}</a></li>"
            );
        }
        body.push_str("</ul>\n");
    }
    let page = Framed {
        title: voice.say(&say!(site.home_title)),
        description: voice.text(text!(site.home_lead)).to_owned(),
        address: "index.html".to_owned(),
        kind: None,
        body,
        policy: POLICY,
        scripts: "",
    };
    page.frame(language, options)
}

/// An item of what somebody may hold.
fn start(address: &str, title: Text, gist: Text, voice: &Voice) -> String {
    let gist = voice.say(&Message::from(gist).begun());
    let (title, gist) = (escaped(voice.text(title)), escaped(&gist));
    format!("<li><a href=\"{address}\"><b>{title}</b> {gist}</a></li>\n")
}

/// What stands behind the id of a subject in the index.
fn name(subject: &Subject) -> Message {
    match subject {
        Subject::Topic(topic @ (Topic::Code(_) | Topic::Range(..))) => {
            say!(site.listed, name = topic.title(), gist = topic.gist())
        }
        Subject::Topic(
            topic @ (Topic::Implementation(_)
            | Topic::Registry(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_)),
        ) => topic.title().into(),
        Subject::Topic(topic) => topic.gist(),
        Subject::Pair([one, other]) => {
            let title = |number: u16| Topic::of_number(number).title();
            say!(site.both, one = title(*one), other = title(*other))
        }
        Subject::Start(start) => start.title.into(),
        Subject::Service(_) => Text::Given("").into(),
    }
}

/// The page at the top, where a language is chosen.
pub fn languages(options: &Options) -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>wsclose</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"style.css\">\n",
    );
    for language in Language::ALL {
        let id = language.id();
        let base = options.base.as_deref().unwrap_or_default();
        let _ = writeln!(
            page,
            "<link rel=\"alternate\" hreflang=\"{id}\" href=\"{base}{id}/index.html\">"
        );
    }
    page.push_str("</head>\n<body>\n<main id=\"main\">\n<h1>wsclose</h1>\n<ul class=\"choice\">\n");
    for language in Language::ALL {
        let (id, name) = named(*language);
        let home = escaped(language.voice().text(text!(site.home)));
        let _ = writeln!(
            page,
            "<li lang=\"{id}\"><a href=\"{id}/index.html\" hreflang=\"{id}\"><b>{name}</b> {home}</a></li>"
        );
    }
    page.push_str("</ul>\n</main>\n</body>\n</html>\n");
    page
}

/// The index of a language, as a script: of each page its address, its name, and the words by which it is
/// found, small and without accents.
pub fn search_index(language: Language) -> String {
    let voice = language.voice();
    let rows: Vec<serde_json::Value> = subjects()
        .iter()
        .map(|subject| {
            let shown = voice.say(&name(subject));
            json!([
                subject.address(),
                subject.id(),
                shown,
                words(subject, voice)
            ])
        })
        .collect();
    let rows = serde_json::Value::from(rows);
    // `</script` cannot end what is a file of its own; line separators may stand in a text of JSON.
    format!("window.wscloseIndex = {rows};\n")
}

/// The texts of a language for the page that answers, as a script: the program that runs there has only English.
pub fn texts(language: Language) -> String {
    let packed = serde_json::Value::from(language.voice().packed());
    format!("window.wscloseTexts = {packed};\n")
}

/// The words that a page is found by, each once.
fn words(subject: &Subject, voice: &Voice) -> String {
    let mut texts: Vec<String> = vec![subject.id(), voice.say(&subject.gist())];
    texts.push(voice.say(&description(subject)));
    texts.extend(meaning(subject).map(|text| voice.text(text).to_owned()));
    let advice: &[Advice] = match subject {
        Subject::Topic(Topic::Code(code)) => code.words.advice,
        Subject::Topic(Topic::Range(range, _)) => range.words.advice,
        Subject::Topic(Topic::Rule(rule)) => rule.words.advice,
        Subject::Topic(Topic::Cause(cause)) => cause.advice,
        _ => &[],
    };
    texts.extend(
        advice
            .iter()
            .map(|advice| voice.text(advice.cause).to_owned()),
    );
    if let Subject::Topic(topic) = subject {
        texts.extend(topic::names(topic).map(str::to_owned));
    }
    let mut seen = BTreeSet::new();
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        for word in plain(&text).split(|letter: char| !is_of_word(letter)) {
            if word.chars().count() > 1 && seen.insert(word.to_owned()) {
                kept.push(word.to_owned());
            }
        }
    }
    kept.join(" ")
}

/// Whether a letter belongs to a word; the signs of Thai are no letters to Unicode.
fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter) || matches!(letter, '.' | '_')
}

/// Small letters without accents; what is no accent stays.
fn plain(text: &str) -> String {
    let is_accent = |letter: &char| ('\u{300}'..'\u{370}').contains(letter);
    let bare = text.nfd().filter(|letter| !is_accent(letter));
    let bare = bare.map(|letter| match letter {
        'đ' | 'Đ' => 'd',
        letter => letter,
    });
    bare.flat_map(char::to_lowercase).collect()
}
