//! What a person sees, word for word.
//!
//! Every fenced `console` block in `tests/cli/*.md`, in README.md and in each page under
//! `docs/` is run: a line that begins with `$ ` is a command for the shell, the lines below it
//! are all it prints (standard error after standard output), and `? 1` below that is its exit
//! status where that is not 0. README and the pages are run where a reader pastes them: in the
//! root of the repository. `UPDATE=1 cargo test` writes what was printed.

#![cfg(unix)]

mod common;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

#[test]
fn transcripts_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cli = root.join("tests/cli");
    let transcripts = common::pages(&cli).into_iter().map(|path| (path, &*cli));
    let read = common::documents().into_iter().map(|path| (path, root));
    let mut wrong = Vec::new();
    let mut commands = 0;
    for (path, folder) in transcripts.chain(read) {
        let written = fs::read_to_string(&path).expect("it is text");
        let (printed, count) = rerun(&written, folder);
        commands += count;
        if printed == written {
            continue;
        }
        if env::var_os("UPDATE").is_some() {
            fs::write(&path, printed).expect("it can be written");
        } else {
            wrong.push(format!(
                "{}\n{}",
                path.display(),
                difference(&written, &printed)
            ));
        }
    }
    assert!(commands > 20, "only {commands} commands were found");
    assert!(
        wrong.is_empty(),
        "these are not what is printed (UPDATE=1 writes it):\n{}",
        wrong.join("\n")
    );
}

/// The file with the output of every command as it is printed now in a folder, and how many there
/// are.
fn rerun(written: &str, folder: &Path) -> (String, usize) {
    let mut printed = String::new();
    let mut count = 0;
    let mut in_console = false;
    let mut in_output = false;
    for line in written.lines() {
        // A longer fence inside is what a command printed.
        if line.starts_with("```") && !(in_console && line.starts_with("````")) {
            in_console = line == "```console";
            in_output = false;
        } else if in_console {
            if let Some(command) = line.strip_prefix("$ ") {
                printed.push_str(line);
                printed.push('\n');
                printed.push_str(&run(command, folder));
                count += 1;
                in_output = true;
                continue;
            }
            assert!(in_output, "a console block begins with a command: {line}");
            continue;
        }
        printed.push_str(line);
        printed.push('\n');
    }
    (printed, count)
}

/// What a command prints in a folder, with its exit status where that is not 0.
fn run(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_wsclose"));
    let beside = binary.parent().expect("it lies in a folder");
    let path = env::var("PATH").unwrap_or_default();
    let output = common::bare(&mut Command::new("sh"))
        .arg("-c")
        .arg(command)
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", beside.display()))
        .env("COLUMNS", "80")
        .env("TERM", "xterm")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("a shell is there");
    let mut printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    printed.push_str(&String::from_utf8(output.stderr).expect("it prints UTF-8"));
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(status) => printed.push_str(&format!("? {status}\n")),
        None => printed.push_str("? signal\n"),
    }
    printed
}

/// The first lines that differ.
fn difference(written: &str, printed: &str) -> String {
    let mut lines = written.lines().zip(printed.lines()).enumerate();
    match lines.find(|(_, (written, printed))| written != printed) {
        Some((index, (written, printed))) => {
            format!(
                "  line {}\n  written: {written}\n  printed: {printed}",
                index + 1
            )
        }
        None => "  one is longer than the other".to_owned(),
    }
}
