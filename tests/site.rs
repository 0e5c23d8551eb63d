//! The site as it is written: five pages word for word, and what holds for all of them: every link leads to
//! something that is there, every element is closed where it was opened, no page is large, nothing is left in
//! English, and no host is named that does not exist.
//!
//! `tests/site/*.html` are pages of the pairs that people read of elsewhere; `UPDATE=1` writes them. That each
//! element stands where HTML allows it is checked by html-validate, and how it looks and is used by
//! `tests/site/browser.mjs`: both need npm, and `.ci/run` has them.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs};

use aho_corasick::AhoCorasick;
use wsclose::facts::registry::VENDORS;
use wsclose::render::Language;
use wsclose::render::site::{self, Options, Subject};
use wsclose::words::Text;

/// Larger than this no page may be.
const LARGEST: usize = 60 * 1000;

/// All that is written, by its path.
fn files() -> &'static BTreeMap<String, String> {
    static FILES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    FILES.get_or_init(|| {
        written(&Options {
            has_playground: true,
            ..Options::default()
        })
    })
}

fn written(options: &Options) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert("style.css".to_owned(), site::STYLE.to_owned());
    files.insert("search.js".to_owned(), site::SEARCH.to_owned());
    files.insert("index.html".to_owned(), site::languages(options));
    if options.has_playground {
        files.insert("play.js".to_owned(), site::PLAY.to_owned());
    }
    for language in Language::ALL {
        let mut add = |path: &str, text: String| {
            let is_new = files.insert(format!("{language}/{path}"), text).is_none();
            assert!(is_new, "{language}/{path} is written twice");
        };
        add("index.html", site::home(*language, options));
        add("index.js", site::search_index(*language));
        if options.has_playground {
            add("playground.html", site::playground(*language, options));
            add("texts.js", site::texts(*language));
        }
        for subject in site::subjects() {
            let page = site::page(&subject, *language, options).expect("memory can be written to");
            add(&subject.address(), page);
        }
    }
    files
}

/// The pages among them.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = files().iter();
    let pages = files.filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, page)| (path.as_str(), page.as_str()))
}

/// What stands in one kind of attribute.
fn attributes<'p>(page: &'p str, name: &'static str) -> impl Iterator<Item = &'p str> {
    let before = format!(" {name}=\"");
    let found = page.match_indices(name).filter_map(move |(at, _)| {
        let behind = page.get(at.checked_sub(1)?..)?.strip_prefix(&before)?;
        behind.split('"').next()
    });
    found.collect::<Vec<_>>().into_iter()
}

#[test]
fn pages_of_five_pairs_are_as_they_stand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site");
    let mut wrong = Vec::new();
    for (language, pair) in [
        ("id", "1002-1007"),
        ("th", "1007-1008"),
        ("fr", "1002-1003"),
        ("vi", "1002-1005"),
        ("fr", "1007-1015"),
    ] {
        let page = &files()[&format!("{language}/compare/{pair}.html")];
        let path = folder.join(format!("{language}-{pair}.html"));
        if env::var_os("UPDATE").is_some() {
            fs::write(&path, page).expect("it can be written");
        } else if fs::read_to_string(&path).unwrap_or_default() != *page {
            wrong.push(path.display().to_string());
        }
    }
    assert!(
        wrong.is_empty(),
        "not as written (UPDATE=1 writes): {wrong:?}"
    );
}

#[test]
fn every_link_leads_to_what_is_there() {
    let mut faults = BTreeSet::new();
    let mut links = 0;
    for (path, page) in pages() {
        let targets = attributes(page, "href").chain(attributes(page, "src"));
        for target in targets.filter(|target| !target.starts_with("data:")) {
            links += 1;
            if let Some(host) = target.strip_prefix("https://") {
                if host.is_empty() || !host.split('/').next().unwrap_or_default().contains('.') {
                    faults.insert(format!("{path}: {target}"));
                }
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let found = match file {
                "" => path.to_owned(),
                file => resolved(path, file),
            };
            let Some(text) = files().get(&found) else {
                faults.insert(format!("{path}: {target}"));
                continue;
            };
            if !anchor.is_empty() && !attributes(text, "id").any(|id| id == anchor) {
                faults.insert(format!("{path}: no {anchor} in {found}"));
            }
        }
    }
    assert!(links > 40_000, "only {links} links were found");
    assert!(
        faults.is_empty(),
        "{} links lead nowhere: {faults:#?}",
        faults.len()
    );
}

/// The path of a file that is named on a page.
fn resolved(page: &str, file: &str) -> String {
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    for part in file.split('/') {
        match part {
            ".." => {
                folders.pop();
            }
            part => folders.push(part),
        }
    }
    folders.join("/")
}

#[test]
fn every_element_is_closed_where_it_was_opened() {
    const EMPTY: [&str; 5] = ["meta", "link", "hr", "input", "br"];
    for (path, page) in pages() {
        assert!(page.starts_with("<!DOCTYPE html>\n"), "{path}");
        let mut open: Vec<&str> = Vec::new();
        let mut ids = BTreeSet::new();
        for tag in page.split('<').skip(2) {
            let (tag, _) = tag
                .split_once('>')
                .unwrap_or_else(|| panic!("{path}: {tag:.60}"));
            let name = tag.split([' ', '\n']).next().unwrap_or_default();
            match name.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{path}: {open:?}"),
                None if EMPTY.contains(&name) => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{path}: {open:?} are open at the end");
        for id in attributes(page, "id") {
            assert!(ids.insert(id), "{path}: {id} stands there twice");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.matches("<main").count(), 1, "{path}");
        // Ampersands stand for a letter, or for themselves.
        for behind in page.split('&').skip(1) {
            let is_letter = ["amp;", "lt;", "gt;", "quot;", "#39;"];
            assert!(
                is_letter.iter().any(|known| behind.starts_with(known)),
                "{path}: &{behind:.20}"
            );
        }
    }
}

#[test]
fn no_page_is_large_and_all_are_told_apart() {
    for language in Language::ALL {
        let mut titles = BTreeMap::new();
        let prefix = format!("{language}/");
        for (path, page) in pages().filter(|(path, _)| path.starts_with(&prefix)) {
            assert!(page.len() < LARGEST, "{path} has {} bytes", page.len());
            let title = between(page, "<title>", "</title>");
            let description = between(page, "name=\"description\" content=\"", "\">");
            assert!(!title.is_empty() && !description.is_empty(), "{path}");
            if let Some(other) = titles.insert(title, path) {
                panic!("{path} and {other} have one title: {title}");
            }
        }
    }
    let index = &files()["en/index.js"];
    assert!(index.len() < 300_000, "{}", index.len());
}

fn between<'p>(page: &'p str, before: &str, behind: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_default();
    rest.split_once(behind).unwrap_or_default().0
}

#[test]
fn each_page_shows_the_command_that_prints_it() {
    for subject in site::subjects() {
        let page = &files()[&format!("en/{}", subject.address())];
        let Some(command) = subject.command() else {
            assert!(matches!(subject, Subject::Start(_)));
            continue;
        };
        let command = command.replace('"', "&quot;");
        assert!(
            page.contains(&format!("<code>{command}</code>")),
            "{command}"
        );
    }
    // What a command explains is what its page is about.
    for (command, address) in [
        ("explain 1006", "code/1006.html"),
        ("1006", "code/1006.html"),
        ("explain 4444", "code/4000-4999.html"),
        ("compare 1007 1002", "compare/1002-1007.html"),
        (
            "explain discord-gateway:4004",
            "vendor/discord-gateway-4004.html",
        ),
        (
            "explain centrifugo:3003",
            "vendor/centrifugo-3000-3499.html",
        ),
        ("explain nginx", "proxy/nginx.html"),
        ("explain mqtt", "protocol/mqtt.html"),
    ] {
        assert_eq!(
            site::page_of(command).as_deref(),
            Some(address),
            "{command}"
        );
    }
    for none in [
        "explain xyzzy",
        "compare 1003 1013",
        "explain 1006 --after 60s",
        "decode-frame",
    ] {
        assert_eq!(site::page_of(none), None, "{none}");
    }
}

#[test]
fn the_first_page_begins_with_what_somebody_holds() {
    let addresses = [
        "code/1006",
        "start/log",
        "start/bytes",
        "start/capture",
        "start/browser",
        "start/url",
    ];
    for language in Language::ALL {
        let home = &files()[&format!("{language}/index.html")];
        let list = between(home, "<ul class=\"starts\">", "</ul>");
        let links: Vec<&str> = attributes(list, "href").collect();
        assert_eq!(
            links,
            addresses.map(|address| format!("{address}.html")),
            "{language}"
        );
        for start in site::STARTS {
            let page = &files()[&format!("{language}/start/{}.html", start.id)];
            let plays = page.matches("href=\"../playground.html\"").count();
            assert_eq!(
                plays,
                1 + usize::from(start.is_for_pages),
                "beside the one below each page"
            );
            let links = attributes(between(page, "<h2", "</main>"), "href").count();
            assert!(
                links >= 2,
                "{language}: {} leads to {links} pages",
                start.id
            );
        }
    }
}

#[test]
fn the_commands_that_are_shown_are_commands() {
    for start in site::STARTS {
        for command in start.commands {
            let Some(arguments) = command.strip_prefix("wsclose ") else {
                assert!(command.starts_with("sudo tcpdump "), "{command}");
                continue;
            };
            // No file of theirs is here, and nothing is asked over the network: an option that there is not is told first.
            let mut arguments: Vec<&str> = arguments.split(' ').collect();
            arguments.push("--no-such-option");
            let (_, _, error) = common::run(&arguments);
            assert!(
                error.contains("no option `--no-such-option`"),
                "{command}: {error}"
            );
        }
        for command in start.further {
            let explained = command.strip_prefix("wsclose ").unwrap_or_default();
            assert!(site::page_of(explained).is_some(), "{command}");
        }
    }
}

#[test]
fn where_it_is_published_is_said_only_where_that_is_known() {
    for (path, page) in pages() {
        assert!(!page.contains("canonical"), "{path}");
    }
    let subject = site::subjects()
        .into_iter()
        .find(|subject| subject.id() == "1006");
    let subject: Subject = subject.expect("it is there");
    let options = Options {
        base: Some("https://docs.example/w/".to_owned()),
        ..Options::default()
    };
    let page = site::page(&subject, Language::French, &options).expect("it is drawn");
    assert!(page.contains("rel=\"canonical\" href=\"https://docs.example/w/fr/code/1006.html\""));
    assert!(page.contains("hreflang=\"th\" href=\"https://docs.example/w/th/code/1006.html\""));
}

#[test]
fn a_search_finds_numbers_words_and_words_without_accents() {
    for (language, word) in [
        ("en", "policy"),
        ("fr", "reseau"),
        ("vi", "ket"),
        ("id", "koneksi"),
        ("th", "1007"),
    ] {
        let index = &files()[&format!("{language}/index.js")];
        assert!(index.contains(word), "{language}: {word}");
    }
    assert!(
        !files()["fr/index.js"].contains("réseau "),
        "words lose their accents"
    );
}

/// The parts of a sentence around its placeholders that nobody writes by chance.
fn fragments(sentence: &str) -> Vec<String> {
    let parts = sentence.split('{').enumerate().map(|(index, part)| {
        let behind = part.split_once('}').map_or(part, |(_, behind)| behind);
        if index == 0 { part } else { behind }.trim()
    });
    let is_long = |part: &&str| part.split(' ').filter(|word| word.len() >= 3).count() >= 3;
    // As they stand in HTML, where code is marked.
    let parts = parts.flat_map(|part| part.split(['`', '<', '>', '&', '"', '\'']));
    parts
        .map(str::trim)
        .filter(is_long)
        .map(str::to_owned)
        .collect()
}

#[test]
fn nothing_is_left_in_english() {
    let names: BTreeSet<&str> = VENDORS
        .iter()
        .flat_map(|vendor| vendor.rows.iter().map(|row| row.name))
        .collect();
    let parts: BTreeSet<String> = Text::all()
        .flat_map(|(_, forms)| forms)
        .flat_map(fragments)
        .filter(|part| {
            !names
                .iter()
                .any(|name| name.contains(part.trim_end_matches('.')))
        })
        .collect();
    let parts: Vec<String> = parts.into_iter().collect();
    let search = AhoCorasick::new(&parts).expect("it is built");
    let standing_in = |text: &str| -> BTreeSet<usize> {
        let found = search.find_overlapping_iter(text);
        found.map(|found| found.pattern().as_usize()).collect()
    };
    let mut faults = Vec::new();
    for language in Language::ALL
        .iter()
        .filter(|one| **one != Language::English)
    {
        // Some are the same in both; what waits for its translator is said in English.
        let own: Vec<&str> = Text::all()
            .flat_map(|(text, english)| {
                let own: Vec<&str> = language.voice().forms_of(text).collect();
                if own.is_empty() { english } else { own }
            })
            .collect();
        let same = standing_in(&own.join("\n"));
        let prefix = format!("{language}/");
        for (path, page) in pages().filter(|(path, _)| path.starts_with(&prefix)) {
            let left = standing_in(page);
            let left = left.difference(&same).map(|index| parts[*index].as_str());
            faults.extend(left.map(|part| format!("{path}: {part}")));
        }
    }
    assert!(
        faults.is_empty(),
        "{} are left in English: {:#?}",
        faults.len(),
        faults.iter().take(40).collect::<Vec<_>>()
    );
}

#[test]
fn it_is_written_in_less_than_ten_seconds() {
    let since = Instant::now();
    let files = written(&Options::default());
    let took = since.elapsed();
    println!("{} files in {took:.1?}", files.len());
    // Tests are built without optimization, and others run beside: the budget is for one that is not.
    assert!(took < Duration::from_secs(60), "{took:?}");
}
