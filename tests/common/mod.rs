//! How tests run the program: within this process, or as a process of its own, and in either way as
//! on a machine where nobody has set anything.

#![allow(dead_code, reason = "no test file uses all of it")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wsclose::cli::{self, Terminal};
use wsclose::render::Locale;
use wsclose::report::Status;

/// Runs a command line within this process, 80 columns wide: its status, and what it prints on
/// standard output and standard error.
pub(crate) fn run(arguments: &[&str]) -> (Status, String, String) {
    run_at(80, arguments)
}

/// As [`run`], at another width.
pub(crate) fn run_at(width: usize, arguments: &[&str]) -> (Status, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = std::iter::once("wsclose").chain(arguments.iter().copied());
    let status = cli::run(
        arguments.map(OsString::from),
        &mut Terminal {
            out: &mut out,
            err: &mut err,
            width,
            stdin_is_terminal: true,
            err_width: || None,
            out_is_file: false,
            pager: None,
            own_registry: || None,
            locale: Locale::default(),
        },
    )
    .expect("memory can be written to");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (status, text(out), text(err))
}

/// Command lines that cannot be taken apart, at least one for each way, and what is said of them in English.
pub(crate) const MISUSES: &[(&[&str], &str)] = &[
    (
        &["--jsn", "1006"],
        "no option `--jsn`; did you mean `--json`?",
    ),
    (
        &["list", "--nonsense"],
        "no option `--nonsense`; `wsclose --help` shows all there are",
    ),
    (
        &["completions", "bash", "zsh"],
        "`zsh` is one argument too many; see `wsclose --help`",
    ),
    (
        &["help", "explan"],
        "no command `explan`; did you mean `explain`?",
    ),
    (
        &["help", "1006"],
        "no command `1006`; did you mean `wsclose explain 1006`?",
    ),
    (
        &["explain", "1006", "--color", "pink"],
        "`pink` is not a value of `--color`: auto, always, never",
    ),
    (
        &["completions", "bsh"],
        "`bsh` is not a value of `<SHELL>`: bash, elvish, fish, powershell, zsh; did you mean `bash`?",
    ),
    (
        &["explain", "1006", "--color"],
        "`--color` needs a value: auto, always, never",
    ),
    (&["list", "--range"], "`--range` needs a value"),
    (
        &["explain", "1006", "--from-api"],
        "`--from-api` needs a value; `wsclose list --implementations` shows all there are",
    ),
    (
        &["decode-capture", "--forget-after", "0", "x"],
        "`0` is not a value of `--forget-after`: give 1 or more",
    ),
    (
        &["decode-capture", "--forget-after", "99999999999", "x"],
        "`99999999999` is too large for `--forget-after`; give a smaller number",
    ),
    (
        &["scan-log", "--max-groups", "many"],
        "`many` is not a value of `--max-groups`: give a whole number",
    ),
    (
        &["list", "--implementations=yes"],
        "`--implementations` takes no value; leave `yes` out",
    ),
    (&["compare"], "no CODE given; see `wsclose compare --help`"),
    (
        &["list", "--implementations", "--range", "4xxx"],
        "`--implementations` and `--range` cannot be given together",
    ),
    (
        &["list", "--range", "4xxx", "--range", "3xxx"],
        "`--range` is given twice; once is enough",
    ),
];

/// The same for the options of `probe`.
#[cfg(feature = "probe")]
pub(crate) const MISUSES_OF_PROBE: &[(&[&str], &str)] = &[
    (
        &["probe", "--resolve", "here", "ws://localhost"],
        "`here` is not a value of `--resolve`: give an IP address, such as 192.0.2.1",
    ),
    (
        &["probe", "--cert", "a.pem", "ws://localhost"],
        "`--key` is missing; see `wsclose probe --help`",
    ),
];

/// Takes from a command what a person's own machine would bring in: a registry, a language, colours.
pub(crate) fn bare(command: &mut Command) -> &mut Command {
    command
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("LANG", "C.UTF-8");
    for name in [
        "WSCLOSE_REGISTRY",
        "WSCLOSE_LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "LC_CTYPE",
        "LANGUAGE",
        "PAGER",
        "WSCLOSE_PAGER",
        "LESS",
        "FORCE_COLOR",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command
}

/// The pages that a person reads, in order: README.md, and all under `docs/`.
pub(crate) fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = pages(&root.join("docs"));
    found.insert(0, root.join("README.md"));
    found
}

/// The Markdown files in a folder and in the folders in it, in order.
pub(crate) fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}
