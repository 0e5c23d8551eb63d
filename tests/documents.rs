//! What holds for README.md and the pages under `docs/`: they can be read, and lead somewhere.
//!
//! That their examples are true is for `transcripts.rs`, that their pictures are for `pictures.rs`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use wsclose::render::Language;
use wsclose::report::Status;

/// README is read in one sitting: what does not fit belongs on a page under `docs/`.
const README_BYTES: usize = 9 * 1024;

#[test]
fn readme_is_short_and_its_pages_are_found_from_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = read(&root.join("README.md"));
    assert!(readme.len() <= README_BYTES, "{} bytes", readme.len());
    // Each page is one link away from README, or two.
    let mut reached: Vec<PathBuf> = vec![root.join("README.md")];
    for _ in 0..2 {
        for page in reached.clone() {
            let folder = page.parent().expect("it lies in a folder").to_owned();
            for (link, _) in links(&read(&page))
                .into_iter()
                .filter_map(|link| parts(&link))
            {
                let target = clean(&folder.join(link));
                let is_page = target.extension().is_some_and(|name| name == "md");
                if is_page && !reached.contains(&target) {
                    reached.push(target);
                }
            }
        }
    }
    let lost: Vec<_> = common::documents()
        .into_iter()
        .filter(|page| !reached.contains(page))
        .collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
}

#[test]
fn each_language_has_a_readme_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = read(&root.join("README.md"));
    for language in Language::ALL {
        if *language == Language::English {
            continue;
        }
        let name = format!("docs/README.{}.md", language.id());
        assert!(
            readme.contains(&format!("]({name})")),
            "README has no link to {name}"
        );
        let translated = read(&root.join(&name));
        let asked = format!("--lang {}", language.id());
        let blocks = translated.matches("```console").count();
        assert!(blocks >= 3, "{name} has {blocks} examples");
        assert!(translated.contains(&asked), "{name} never says {asked}");
        assert!(translated.len() > 2_000, "{name} is no whole README");
    }
}

/// Links within the repository lead to a file that is there, and to a heading of it.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = common::documents();
    pages.push(root.join("CONTRIBUTING.md"));
    let mut broken = Vec::new();
    let mut count = 0;
    for page in pages {
        let folder = page.parent().expect("it lies in a folder").to_owned();
        for link in links(&read(&page)) {
            let Some((file, heading)) = parts(&link) else {
                continue;
            };
            count += 1;
            let target = match file.is_empty() {
                true => page.clone(),
                false => clean(&folder.join(&file)),
            };
            let is_there = target.exists()
                && heading.is_none_or(|heading| headings(&read(&target)).contains(&heading));
            if !is_there {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(count > 20, "only {count} links were found");
    assert!(
        broken.is_empty(),
        "these lead nowhere:\n{}",
        broken.join("\n")
    );
}

/// What is shown as printed by a command was printed by it: only blocks that are run hold both.
#[test]
fn a_command_with_its_output_stands_in_a_block_that_is_run() {
    for page in common::documents() {
        let mut fence = None;
        for line in read(&page).lines() {
            match line.strip_prefix("```") {
                Some(name) if fence.is_none() => fence = Some(name.to_owned()),
                Some(_) => fence = None,
                None => {}
            }
            let is_shown = line.starts_with("$ wsclose");
            let is_run = fence.as_deref() == Some("console");
            assert!(!is_shown || is_run, "{}: {line}", page.display());
        }
    }
}

/// A command that a page names in passing, `wsclose nginx`, gives an answer.
#[test]
fn commands_that_are_named_are_answered() {
    let mut count = 0;
    for page in common::documents() {
        for command in named_commands(&read(&page)) {
            count += 1;
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let (status, _, error) = common::run(&words);
            assert_ne!(
                status,
                Status::NoAnswer,
                "{}: {command}: {error}",
                page.display()
            );
        }
    }
    assert!(count > 10, "only {count} commands were found");
}

/// The commands between backticks in prose, of words that stand for themselves: no file, no placeholder.
fn named_commands(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2);
    let quoted = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let is_plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "- :".contains(letter)
    };
    quoted
        .filter(|text| text.starts_with("wsclose ") && text.chars().all(is_plain))
        .filter(|text| !text.ends_with(" -") && *text != "wsclose probe")
        .map(str::to_owned)
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The targets of all links and pictures outside of what is fenced.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        }
        if !is_fenced {
            for rest in line.split("](").skip(1) {
                if let Some((target, _)) = rest.split_once(')') {
                    found.push(target.to_owned());
                }
            }
        }
    }
    found
}

/// A link within the repository, as a file and a heading; `None` for an address.
fn parts(link: &str) -> Option<(String, Option<String>)> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    Some(match link.split_once('#') {
        Some((file, heading)) => (file.to_owned(), Some(heading.to_owned())),
        None => (link.to_owned(), None),
    })
}

/// A path without `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

/// What links to the headings of a page end in, as forges make it: in small letters, words joined
/// by `-`, without other signs.
fn headings(text: &str) -> Vec<String> {
    let mut is_fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        }
        let title = line.trim_start_matches('#');
        if !is_fenced && title.len() < line.len() {
            let is_kept = |sign: &char| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_');
            let title = title.trim().to_lowercase();
            found.push(
                title
                    .chars()
                    .filter(is_kept)
                    .collect::<String>()
                    .replace(' ', "-"),
            );
        }
    }
    found
}
