//! Completion scripts and man pages are made from the definition of the command
//! line. They are committed so that packages can take them; this keeps them fresh.
//! `UPDATE=1 cargo test` writes them.

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
    let mut command = wsclose::cli::command();
    command.build();
    let mut files = vec![("wsclose.1".to_owned(), page(&command, "wsclose"))];
    for subcommand in command.get_subcommands() {
        let name = format!("wsclose-{}", subcommand.get_name());
        files.push((format!("{name}.1"), page(subcommand, &name)));
    }
    are_fresh("man", files);
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
        ] {
            // bash shows no descriptions.
            let is_shown = *shell != Shell::Bash || !part.contains(' ');
            assert!(!is_shown || script.contains(part), "{part} for {shell}");
        }
    }
}

fn page(command: &clap::Command, name: &str) -> Vec<u8> {
    let mut page = Vec::new();
    let command = command
        .clone()
        .name(name.to_owned())
        .bin_name(name.replacen('-', " ", 1));
    clap_mangen::Man::new(command)
        .date("")
        .render(&mut page)
        .expect("memory can be written to");
    // clap_mangen calls what stands after the help EXTRA; here that is examples first.
    String::from_utf8(page)
        .expect("it is text")
        .replace(".SH EXTRA", ".SH EXAMPLES")
        .into_bytes()
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
