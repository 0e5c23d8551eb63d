//! Completion scripts and man pages are made from the definition of the command
//! line. They are committed so that packages can take them; this keeps them fresh.
//! `UPDATE=1 cargo test` writes them.

#[path = "common/manual.rs"]
mod manual;

use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::ValueEnum;
use clap_complete::{Generator, Shell};
use wsclose::cli::completion_script;

#[test]
fn completions_are_fresh() {
    let files = Shell::value_variants()
        .iter()
        .map(|shell| {
            let script = completion_script(*shell);
            (shell.file_name("wsclose"), script.into_bytes())
        })
        .collect();
    are_fresh("completions", files);
}

#[test]
fn man_pages_are_fresh() {
    are_fresh("man", pages());
}

/// All pages, each with the name of its file.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut command = wsclose::cli::command();
    command.build();
    let name = |sub: &clap::Command| format!("wsclose-{}", sub.get_name());
    let mut all = vec!["wsclose".to_owned()];
    all.extend(command.get_subcommands().map(name));
    let subs = command.get_subcommands().map(|sub| (name(sub), sub));
    let pages = std::iter::once(("wsclose".to_owned(), &command)).chain(subs);
    pages
        .map(|(name, sub)| {
            let page = manual::page(&command, sub, &name, &all);
            (format!("{name}.1"), page.into_bytes())
        })
        .collect()
}

#[test]
fn man_pages_have_the_sections_that_people_look_for() {
    for (name, page) in pages() {
        let page = String::from_utf8(page).expect("it is text");
        let headings: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .collect();
        let mut wanted = vec![
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "COMMANDS",
            "EXIT STATUS",
            "ENVIRONMENT",
            "FILES",
            "EXAMPLES",
            "SEE ALSO",
        ];
        wanted.retain(|heading| match *heading {
            "COMMANDS" => name == "wsclose.1",
            // `help` has none.
            "EXAMPLES" => name != "wsclose-help.1",
            _ => true,
        });
        assert_eq!(headings, wanted, "{name}");
    }
}

#[test]
fn mandoc_finds_nothing_wrong() {
    use std::process::Command;
    if Command::new("mandoc")
        .arg("-Tlint")
        .arg("/dev/null")
        .output()
        .is_err()
    {
        assert!(
            env::var_os("PEERS").is_none_or(|peers| peers != "needed"),
            "mandoc is not installed"
        );
        eprintln!("mandoc is not installed: skipped");
        return;
    }
    for (name, _) in pages() {
        let page = root().join("man").join(&name);
        let output = Command::new("mandoc")
            .arg("-Tlint")
            .arg(page)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        // Pages of other packages are not there to be found; a page is no fault of the base system.
        let faults: Vec<&str> = said
            .lines()
            .filter(|line| !line.contains("referenced manual not found"))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

#[test]
fn completions_offer_topics_with_their_descriptions() {
    for shell in Shell::value_variants() {
        let script = completion_script(*shell);
        for part in [
            "1007",
            "policy-violation",
            "reserved-opcode",
            "discord-gateway",
            "the opcode has no meaning",
            "tungstenite",
            "heroku",
            "twitch-eventsub",
        ] {
            // bash shows no descriptions.
            let is_shown = *shell != Shell::Bash || !part.contains(' ');
            assert!(!is_shown || script.contains(part), "{part} for {shell}");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Compares the files of a folder with what they should be, or writes them.
fn are_fresh(folder: &str, files: Vec<(String, Vec<u8>)>) {
    let folder = root().join(folder);
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(&folder).expect("it can be made");
        for (name, made) in &files {
            fs::write(folder.join(name), made).expect("it can be written");
        }
    }
    let mut expected: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    expected.sort();
    let mut present: Vec<String> = fs::read_dir(&folder)
        .expect("the folder is there (UPDATE=1 cargo test makes it)")
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    present.sort();
    assert_eq!(present, expected, "in {}", folder.display());
    for (name, made) in files {
        let written = fs::read(folder.join(&name)).expect("it can be read");
        assert!(
            written == made,
            "{name} is stale; UPDATE=1 cargo test writes it"
        );
    }
}
