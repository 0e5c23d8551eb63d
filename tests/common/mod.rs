//! How tests run the program: within this process, or as a process of its own, and in either way as
//! on a machine where nobody has set anything.

#![allow(dead_code, reason = "no test file uses all of it")]

use std::ffi::OsString;
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
