//! argv to exit status. The only file that exits, locks standard output or sets the colour switch.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use wsclose::cli::{self, Pager, Terminal};
use wsclose::render::Locale;

/// The width of an answer that goes neither to a terminal nor where COLUMNS says how wide.
const DEFAULT_WIDTH: usize = 80;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let is_terminal = io::stdout().is_terminal();
    let is_colored = cli::is_colored(&arguments, is_terminal, |name| std::env::var_os(name));
    colored::control::set_override(is_colored);
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let answered = cli::run(
        arguments,
        &mut Terminal {
            out: &mut out,
            err: &mut io::stderr().lock(),
            width: width(),
            stdin_is_terminal: io::stdin().is_terminal(),
            err_width,
            out_is_file: is_file(&io::stdout()),
            pager: screen().and_then(|screen| Pager::of(screen, |name| std::env::var_os(name))),
            own_registry: cli::own_registry,
            // A value that is no UTF-8 is set all the same, and names no language.
            locale: Locale::of(
                |name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()),
                system_languages,
            ),
        },
    );
    match answered {
        Ok(status) => ExitCode::from(status.code()),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "wsclose: {error}");
            ExitCode::from(2)
        }
    }
}

/// The languages that the user has chosen in the system's own settings, the best first.
#[cfg(any(windows, target_os = "macos"))]
fn system_languages() -> Vec<String> {
    sys_locale::get_locales().collect()
}

/// Here the environment is all there is.
#[cfg(not(any(windows, target_os = "macos")))]
fn system_languages() -> Vec<String> {
    Vec::new()
}

/// The width of the terminal behind standard error, if it is one that can redraw a line.
fn err_width() -> Option<usize> {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
    (!is_dumb).then_some(usize::from(columns))
}

/// Whether a stream is a regular file.
#[cfg(unix)]
fn is_file(stream: &impl std::os::fd::AsFd) -> bool {
    let file = stream.as_fd().try_clone_to_owned().map(std::fs::File::from);
    file.and_then(|file| file.metadata())
        .is_ok_and(|metadata| metadata.is_file())
}

/// Not known here: then progress is shown with `--summary` only.
#[cfg(not(unix))]
fn is_file<T>(_: &T) -> bool {
    false
}

/// The columns and rows of the terminal that takes the answer.
fn screen() -> Option<(usize, usize)> {
    let (terminal_size::Width(columns), terminal_size::Height(rows)) =
        terminal_size::terminal_size_of(io::stdout())?;
    Some((usize::from(columns), usize::from(rows)))
}

/// The width of the terminal, or what COLUMNS says, or 80.
fn width() -> usize {
    if let Some((columns, _)) = screen() {
        return columns;
    }
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| (20..=1000).contains(columns))
        .unwrap_or(DEFAULT_WIDTH)
}
