//! The command line: what was typed to an answer and an exit status.
//!
//! [`run`] may be called more than once, by tests too: it prints to the writers
//! it is given and never exits. [`command`] is the definition from which the
//! completions and the man pages are made.

mod args;
mod ascii;
mod capture;
mod completions;
mod decode;
mod field;
mod log;
mod progress;
mod registries;
mod topics;
mod usage;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

use clap::{CommandFactory, FromArgMatches};

pub use args::Color;
use args::{Cli, Command, RegistryOptions};
use ascii::Ascii;
pub use completions::script as completion_script;
pub use registries::{OwnRegistry, own_registry};

use crate::escape::escape;
use crate::render::{json, text};
use crate::report::{Comparison, Explained, Report, Status};
use crate::words::{Language, Locale, say, speaking, translated, word};

/// Where a run reads and writes, and what it knows about that.
pub struct Terminal<'a> {
    /// Takes the answer.
    pub out: &'a mut dyn Write,
    /// Takes warnings and errors.
    pub err: &'a mut dyn Write,
    /// The width of the answer in columns.
    pub width: usize,
    /// Whether a person sits at standard input, so that reading it would wait for typing.
    pub stdin_is_terminal: bool,
    /// The columns of the screen behind `err`, where progress is shown; `None` where there is none.
    pub err_width: fn() -> Option<usize>,
    /// Whether `out` is a file, and so on no screen.
    pub out_is_file: bool,
    /// Where the user keeps a registry that no option names. [`own_registry`] asks the environment;
    /// a test has none.
    pub own_registry: fn() -> Option<OwnRegistry>,
    /// What the environment says about language.
    pub locale: Locale,
}

/// The definition of the command line.
pub fn command() -> clap::Command {
    Cli::command()
}

/// What the options say about colour, read before anything else so that help follows it too.
pub fn color(arguments: &[OsString]) -> Color {
    args::color(arguments)
}

/// Answers one command line; `arguments` begin with the program's name.
///
/// # Errors
///
/// Only when writing the answer fails, for instance into a closed pipe; the error says so in the
/// language of the answer. Everything else that goes wrong is said on `terminal.err`, with
/// [`Status::NoAnswer`].
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    terminal: &mut Terminal<'_>,
) -> io::Result<Status> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let color = color(&arguments).for_clap();
    let matches = command().color(color).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            // Help and version are answers.
            let help = usage::styled(&error, color);
            let written = terminal.out.write_all(help.as_bytes());
            let written = written.and_then(|()| terminal.out.flush());
            return written.map(|()| Status::Fine).map_err(not_written);
        }
        Err(error) => return refuse(terminal, &usage::line(&error)),
    };
    let language = language(&cli, terminal);
    // JSON and scripts are UTF-8 everywhere; another language than English was asked for.
    let is_utf8 = terminal.locale.charset.is_none()
        || language != Language::English
        || cli.json
        || matches!(cli.command, Command::Completions { .. });
    if is_utf8 {
        return speaking(language, || run_in(&cli, terminal));
    }
    let mut out = Ascii { out: terminal.out };
    let mut err = Ascii { out: terminal.err };
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        locale: std::mem::take(&mut terminal.locale),
        ..*terminal
    };
    speaking(language, || run_in(&cli, &mut terminal))
}

/// Answers in the language that is spoken.
fn run_in(cli: &Cli, terminal: &mut Terminal<'_>) -> io::Result<Status> {
    let answered = answer(cli, terminal).and_then(|status| {
        terminal.out.flush()?;
        Ok(status)
    });
    let error = match answered {
        Ok(status) => return Ok(status),
        Err(error) => error,
    };
    match error.downcast::<io::Error>() {
        // The answer could not be written: that is for the caller.
        Ok(error) => Err(not_written(error)),
        Err(error) => refuse(terminal, &format!("{error:#}")),
    }
}

/// The error of writing the answer, in words.
fn not_written(error: io::Error) -> io::Error {
    let reason = reason(&error);
    io::Error::new(
        error.kind(),
        say!("cannot write the answer: {reason}", reason),
    )
}

/// The language of the answer: the one that was asked for, or that of the environment.
///
/// All but English needs UTF-8. Where the locale has another character set, the environment's
/// language cannot be meant for it, and the answer is in English; one that was asked for comes all
/// the same. Either is said, for a reader of the terminal; JSON is UTF-8 everywhere. English comes
/// in [`Ascii`] there.
fn language(cli: &Cli, terminal: &mut Terminal<'_>) -> Language {
    let locale = &terminal.locale;
    let wanted = cli.lang.unwrap_or(locale.language);
    let (Some(charset), false) = (&locale.charset, wanted == Language::English || cli.json) else {
        return wanted;
    };
    let charset = escape(charset);
    let id = wanted.id();
    let is_asked_for = cli.lang.is_some() || locale.is_ours;
    let _ = if is_asked_for {
        writeln!(
            terminal.err,
            "wsclose: the answer is in UTF-8, and the locale's character set is {charset}: what is garbled is so for that"
        )
    } else {
        writeln!(
            terminal.err,
            "wsclose: the locale's character set is {charset}, which does not hold every answer: answered in English; `--lang {id}` answers in UTF-8"
        )
    };
    if is_asked_for {
        wanted
    } else {
        Language::English
    }
}

/// Why reading or writing failed, without the number of the error: `no space left on device`. What is
/// not met every day is in the words of the system.
pub fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        ErrorKind::NotFound => word!("no such file or directory"),
        ErrorKind::PermissionDenied => word!("permission denied"),
        ErrorKind::IsADirectory => word!("is a directory"),
        ErrorKind::StorageFull => word!("no space left on device"),
        _ => "",
    };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    if text.eq_ignore_ascii_case(known) {
        return translated(known).to_owned();
    }
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Says in one line why there is no answer.
fn refuse(terminal: &mut Terminal<'_>, message: &str) -> io::Result<Status> {
    // What was already answered comes first, also where both go to one screen.
    terminal.out.flush()?;
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(terminal.err, "wsclose: {message}");
    Ok(Status::NoAnswer)
}

fn answer(cli: &Cli, terminal: &mut Terminal<'_>) -> anyhow::Result<Status> {
    match &cli.command {
        Command::Explain(asked) => match asked.view() {
            Some(view) => {
                let registries = registries::load(&asked.registries, terminal.own_registry)?;
                let report = field::report(&view, &asked.topics, registries)?;
                draw(&report, cli.json, terminal)
            }
            None => explain(&asked.topics, &asked.registries, cli.json, terminal),
        },
        Command::Compare { registries, codes } => {
            let registries = registries::load(registries, terminal.own_registry)?;
            let comparison = Comparison::of(topics::to_compare(codes, registries)?);
            draw(&Report::Compare(comparison), cli.json, terminal)
        }
        Command::List {
            registries: options,
            range,
            implementations,
            words,
        } => {
            let registries = registries::load(options, terminal.own_registry)?;
            // A file that is named for the list is what is to be listed.
            let is_of_file = options.registry.is_some() && options.vendor.is_none();
            let topics = if *implementations {
                topics::implementations(words)?
            } else {
                topics::to_list(range.as_deref(), words, registries, is_of_file)?
            };
            draw(&Report::List(topics), cli.json, terminal)
        }
        Command::ScanLog(scan) => log::scan(scan, cli.json, terminal),
        Command::DecodeFrame(decode) => decode::run(decode, cli.json, terminal),
        Command::DecodeCapture(decode) => capture::run(decode, cli.json, terminal),
        Command::Completions { shell } => {
            terminal
                .out
                .write_all(completions::script(*shell).as_bytes())?;
            Ok(Status::Fine)
        }
    }
}

/// Explains what is known, and says of the rest that it is not.
fn explain(
    given: &[String],
    options: &RegistryOptions,
    as_json: bool,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Status> {
    let registries = registries::load(options, terminal.own_registry)?;
    let (lines, given) = log::lines_among(given);
    log::explain(&lines, registries, as_json, terminal)?;
    let mut known: Vec<Explained> = Vec::new();
    let mut unknown = Vec::new();
    for found in topics::find_each(&given, registries) {
        match found {
            Ok(topics) => known.extend(
                topics
                    .into_iter()
                    .map(|topic| Explained::of(topic, registries)),
            ),
            Err(error) => unknown.push(error),
        }
    }
    if !lines.is_empty() && !known.is_empty() {
        log::separate(as_json, terminal)?;
    }
    let status = draw(&Report::Explain(known), as_json, terminal)?;
    for error in &unknown {
        refuse(terminal, &error.to_string())?;
    }
    Ok(if unknown.is_empty() {
        status
    } else {
        Status::NoAnswer
    })
}

fn draw(report: &Report, as_json: bool, terminal: &mut Terminal<'_>) -> anyhow::Result<Status> {
    if as_json {
        json::draw(report, terminal.out)?;
    } else {
        let mut page = text::Page::new(terminal.out, terminal.width);
        text::draw(report, &mut page)?;
    }
    Ok(Status::Fine)
}
