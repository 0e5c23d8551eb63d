//! The command line: what was typed to an answer and an exit status.
//!
//! [`run`] may be called more than once, by tests too: it prints to the writers
//! it is given and never exits. [`command`] is the definition from which the
//! completions and the man pages are made.
//!
//! ```
//! use wsclose::cli::{Terminal, run};
//! use wsclose::render::Locale;
//! use wsclose::report::Status;
//!
//! let (mut out, mut err) = (Vec::new(), Vec::new());
//! let mut terminal = Terminal {
//!     out: &mut out,
//!     err: &mut err,
//!     width: 80,
//!     stdin_is_terminal: true,
//!     err_width: || None,
//!     out_is_file: false,
//!     pager: None,
//!     own_registry: || None,
//!     locale: Locale::default(),
//! };
//! let typed = ["wsclose", "1006"].map(Into::into);
//! assert_eq!(run(typed, &mut terminal)?, Status::Fine);
//! assert!(out.starts_with(b"1006  Abnormal Closure"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod args;
mod ascii;
mod beside;
mod capture;
mod color;
mod completions;
mod decode;
mod door;
mod field;
mod files;
mod interrupt;
mod log;
mod pager;
#[cfg(feature = "probe")]
mod probe;
mod progress;
mod registries;
mod text;
mod topics;
mod usage;
mod welcome;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::bail;
use clap::{ArgMatches, CommandFactory, FromArgMatches};

pub use args::Color;
use args::{Cli, Command, RegistryOptions};
use ascii::Ascii;
pub use color::is_colored;
#[cfg(not(target_family = "wasm"))]
pub use completions::script as completion_script;
pub use pager::Pager;
pub use registries::{OwnRegistry, own_registry};

use crate::escape::escape;
use crate::facts::registry::Registries;
use crate::render::html::Html;
use crate::render::markdown::Markdown;
use crate::render::text::{Page, WIDEST_PROSE};
use crate::render::{Language, Layout, Locale, Pen, json, site, text as drawn};
use crate::report::{Comparison, Explained, Report, Status};
use crate::topic::{NoTopic, search};
use crate::words::{Message, Value, Voice, say, text};
use door::{Held, Opened};
use pager::Paged;
use text::Asked;

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
    /// What shows an answer that is taller than the screen; `None` where `out` is no screen.
    pub pager: Option<Pager>,
    /// Where the user keeps a registry that no option names. [`own_registry`] asks the environment;
    /// a test has none.
    pub own_registry: fn() -> Option<OwnRegistry>,
    /// What the environment says about language.
    pub locale: Locale,
}

/// Where an answer goes, and how it is put: what the commands know of a [`Terminal`] and of the
/// options that are for all of them.
struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// What the answer is drawn as, and how wide.
    layout: Layout<'a>,
    stdin_is_terminal: bool,
    /// Standard input, where it was looked at already.
    held: Option<Held>,
    err_width: fn() -> Option<usize>,
    out_is_file: bool,
    own_registry: fn() -> Option<OwnRegistry>,
    voice: &'static Voice,
    as_json: bool,
}

impl Console<'_> {
    /// The page on which an answer for people is drawn.
    fn page(&mut self) -> Page<'_> {
        Page::new(self.out, self.layout, self.voice)
    }

    /// Standard input, from its beginning.
    fn stdin(&mut self) -> Box<dyn Read + Send> {
        match self.held.take() {
            Some(held) => held.reader(),
            None => Box::new(io::stdin()),
        }
    }

    /// Says something beside the answer.
    fn remark(&mut self, message: &Message) {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(self.err, "wsclose: {}", self.voice.say(message));
    }

    /// Says in one line why there is no answer.
    fn refuse(&mut self, message: &Message) -> io::Result<Status> {
        refuse(self.out, self.err, &self.voice.say(message))
    }

    fn draw(&mut self, report: &Report) -> anyhow::Result<Status> {
        if self.as_json {
            json::draw(report, self.voice, self.out)?;
        } else {
            drawn::draw(report, &mut self.page())?;
        }
        Ok(Status::Fine)
    }
}

/// The definition of the command line.
pub fn command() -> clap::Command {
    Cli::command()
}

/// What was typed, taken apart.
fn matches(
    arguments: Vec<OsString>,
    color: clap::ColorChoice,
    width: usize,
) -> Result<ArgMatches, clap::Error> {
    // It is never taken down again: that would cost a tenth of a short run.
    static DEFINITION: Mutex<Option<clap::Command>> = Mutex::new(None);
    let mut definition = DEFINITION.lock().unwrap_or_else(PoisonError::into_inner);
    let command = definition.take().unwrap_or_else(command);
    let mut command = command.color(color).term_width(width.min(WIDEST_PROSE));
    let matches = command.try_get_matches_from_mut(arguments);
    *definition = Some(command);
    matches
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
    let arguments = door::with_texts(arguments);
    let stdin_is_terminal = terminal.stdin_is_terminal;
    match door::open(&arguments, stdin_is_terminal, terminal.own_registry) {
        Opened::Command => answer_one(arguments, None, &[], terminal),
        Opened::Welcome => welcome::greet(&arguments, terminal),
        Opened::Entered(all, notes) => {
            let mut status = Status::Fine;
            for (index, entered) in all.into_iter().enumerate() {
                let notes = if index == 0 { notes.as_slice() } else { &[] };
                let answered = answer_one(entered.arguments, entered.stdin, notes, terminal)?;
                if answered.code() > status.code() {
                    status = answered;
                }
            }
            Ok(status)
        }
        Opened::Refused(message) => {
            let language = door::language(&arguments, &terminal.locale);
            let message = language.voice().say(&message);
            refuse(terminal.out, terminal.err, &message)
        }
    }
}

/// Answers a command line that has a command, and says before what is to be noted.
fn answer_one(
    arguments: Vec<OsString>,
    held: Option<Held>,
    notes: &[Message],
    terminal: &mut Terminal<'_>,
) -> io::Result<Status> {
    let color = args::color(&arguments).for_clap();
    let voice = door::language(&arguments, &terminal.locale).voice();
    let cli = match matches(arguments, color, terminal.width)
        .and_then(|matches| Cli::from_arg_matches(&matches))
    {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            // Help and version are answers.
            let help = usage::styled(&error, color);
            let written = terminal.out.write_all(help.as_bytes());
            let written = written.and_then(|()| terminal.out.flush());
            let voice = Language::English.voice();
            return written
                .map(|()| Status::Fine)
                .map_err(|error| not_written(error, voice));
        }
        Err(error) => {
            let message = voice.say(&usage::message(&error));
            return refuse(terminal.out, terminal.err, &message);
        }
    };
    let language = language(&cli, terminal);
    // JSON and scripts are UTF-8 everywhere; another language than English was asked for.
    let is_utf8 = terminal.locale.charset.is_none()
        || language != Language::English
        || cli.json
        || cli.command.is_script();
    let pager = terminal.pager.as_ref().filter(|_| cli.is_paged());
    let mut paged = pager.map(|pager| Paged::new(&mut *terminal.out, pager));
    let out: &mut dyn Write = match &mut paged {
        Some(paged) => paged,
        None => terminal.out,
    };
    let (mut ascii_out, mut ascii_err);
    let (out, err): (&mut dyn Write, &mut dyn Write) = if is_utf8 {
        (out, terminal.err)
    } else {
        ascii_out = Ascii { out };
        ascii_err = Ascii { out: terminal.err };
        (&mut ascii_out, &mut ascii_err)
    };
    let pen = pen(&cli).map(RefCell::new);
    let mut console = Console {
        out,
        err,
        layout: Layout {
            width: terminal.width,
            pen: pen.as_ref(),
        },
        stdin_is_terminal: terminal.stdin_is_terminal && held.is_none(),
        held,
        err_width: terminal.err_width,
        out_is_file: terminal.out_is_file,
        own_registry: terminal.own_registry,
        voice: language.voice(),
        as_json: cli.json,
    };
    for note in notes {
        console.remark(note);
    }
    let answered = answer(&cli.command, &mut console).and_then(|status| {
        console.layout.end(console.out)?;
        console.out.flush()?;
        Ok(status)
    });
    if answered.is_err() {
        // What was drawn before is closed all the same; that writing fails is told by the error below.
        let _ = console.layout.end(console.out);
    }
    let error = match answered {
        Ok(status) => return Ok(status),
        Err(error) => error,
    };
    match error.downcast::<io::Error>() {
        // The answer could not be written: that is for the caller.
        Ok(error) => Err(not_written(error, console.voice)),
        Err(error) => match error.downcast::<Message>() {
            Ok(message) => console.refuse(&message),
            Err(error) => refuse(console.out, console.err, &format!("{error:#}")),
        },
    }
}

/// What draws the answer, where that is not text.
fn pen(cli: &Cli) -> Option<Pen> {
    if cli.markdown {
        return Some(Pen::Markdown(Markdown::default()));
    }
    let base = cli.html.clone()?;
    Some(Pen::Html(Html::new(site::page_of, base, false)))
}

/// The error of writing the answer, in words.
fn not_written(error: io::Error, voice: &Voice) -> io::Error {
    let message = say!(cli.cannot_write, reason = reason(&error));
    io::Error::new(error.kind(), voice.say(&message))
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
    if cli.lang.is_some() || locale.is_ours {
        let message = wanted.voice().say(&say!(cli.in_utf8, charset));
        let _ = writeln!(terminal.err, "wsclose: {message}");
        return wanted;
    }
    let message = say!(cli.in_english, charset, id = wanted.id());
    let _ = writeln!(terminal.err, "wsclose: {message}");
    Language::English
}

/// Why reading or writing failed, without the number of the error: `no space left on device`. What is
/// not met every day is in the words of the system.
pub fn reason(error: &io::Error) -> Value {
    let known = match error.kind() {
        ErrorKind::NotFound => Some(text!(system.not_found)),
        ErrorKind::PermissionDenied => Some(text!(system.permission_denied)),
        ErrorKind::IsADirectory => Some(text!(system.a_directory)),
        ErrorKind::StorageFull => Some(text!(system.no_space)),
        _ => None,
    };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    match known.filter(|known| text.eq_ignore_ascii_case(known.english())) {
        Some(known) => known.into(),
        None => uncapitalized(text).into(),
    }
}

fn uncapitalized(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Says in one line why there is no answer.
fn refuse(out: &mut dyn Write, err: &mut dyn Write, message: &str) -> io::Result<Status> {
    // What was already answered comes first, also where both go to one screen.
    out.flush()?;
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(err, "wsclose: {message}");
    Ok(Status::NoAnswer)
}

/// Answers a command, or says in a [`Message`] why not.
fn answer(command: &Command, console: &mut Console<'_>) -> anyhow::Result<Status> {
    match command {
        Command::Explain(asked) => {
            let given = asked_of_explain(&asked.topics, &asked.registries, console)?;
            match asked.view() {
                Some(view) => {
                    let registries = registries::load(&asked.registries, console.own_registry)?;
                    console.draw(&field::report(&view, &given, registries)?)
                }
                None => explain(&given, &asked.registries, console),
            }
        }
        Command::Compare {
            short,
            registries,
            codes,
        } => {
            let registries = registries::load(registries, console.own_registry)?;
            let comparison = Comparison {
                is_short: *short,
                ..Comparison::of(topics::to_compare(codes, registries)?)
            };
            console.draw(&Report::Compare(comparison))
        }
        Command::List {
            registries: options,
            range,
            implementations,
            words,
        } => {
            let registries = registries::load(options, console.own_registry)?;
            let voice = console.voice;
            // A file that is named for the list is what is to be listed.
            let is_of_file = options.registry.is_some() && options.vendor.is_none();
            let topics = if *implementations {
                topics::implementations(words, voice)?
            } else {
                topics::to_list(range.as_deref(), words, registries, is_of_file, voice)?
            };
            console.draw(&Report::List(topics))
        }
        Command::ScanLog(scan) => log::scan(scan, console),
        Command::DecodeFrame(decode) => decode::run(decode, console),
        Command::DecodeCapture(decode) => capture::run(decode, console),
        #[cfg(feature = "probe")]
        Command::Probe(asked) => probe::run(asked, console),
        #[cfg(not(target_family = "wasm"))]
        Command::Schema => {
            console.out.write_all(json::JSON_SCHEMA.as_bytes())?;
            Ok(Status::Fine)
        }
        #[cfg(not(target_family = "wasm"))]
        Command::Completions { shell } => {
            let script = completions::script(*shell);
            console.out.write_all(script.as_bytes())?;
            Ok(Status::Fine)
        }
    }
}

/// Shows the topics that mention a word which is none, a line each.
fn mentioned(given: &str, registries: Registries, console: &mut Console<'_>) {
    const MOST: usize = 5;
    let found = search(given, registries, console.voice);
    let rows: Vec<(String, String)> = found
        .iter()
        .take(MOST)
        .map(|topic| (topic.id(), console.voice.say(&topic.gist())))
        .collect();
    let widest = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
    for (id, gist) in rows {
        let gist: String = gist.chars().take(console.layout.width.max(60)).collect();
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(console.err, "  {id:widest$}  {gist}");
    }
}

/// What `explain` is asked: the arguments, or what standard input holds where `-` stands for it or nothing is
/// given.
fn asked_of_explain(
    given: &[String],
    options: &RegistryOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Vec<String>> {
    let is_dash = given == ["-"];
    if !given.is_empty() && !is_dash {
        return Ok(given.to_vec());
    }
    if console.stdin_is_terminal && !is_dash {
        bail!(say!(paste.no_topic));
    }
    let registries = registries::load(options, console.own_registry)?;
    let read = text::read(&mut *console.stdin());
    let (text, is_cut) = read.map_err(|error| {
        let from = text!(cli.standard_input);
        say!(cli.cannot_read, from, error = reason(&error))
    })?;
    if is_cut {
        console.remark(&say!(paste.cut));
    }
    if text.trim().is_empty() {
        bail!(say!(door.empty_input));
    }
    Ok(text::pasted(&text, registries))
}

/// Explains what is known, and says of the rest that it is not.
fn explain(
    given: &[String],
    options: &RegistryOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Status> {
    let registries = registries::load(options, console.own_registry)?;
    let given = match text::asked(given, registries) {
        Asked::Topics(given) => given,
        Asked::Text(text) => return text::explain(&text, registries, console),
    };
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
    let status = console.draw(&Report::Explain(known))?;
    for error in &unknown {
        match error {
            NoTopic::Unknown(given, _) if Path::new(given).is_file() => {
                console.refuse(&say!(paste.is_a_file, given = escape(given)))?;
            }
            NoTopic::Unknown(given, registries) => {
                console.refuse(&error.message_for(console.voice))?;
                mentioned(given, *registries, console);
            }
            _ => {
                console.refuse(&error.message())?;
            }
        }
    }
    Ok(if unknown.is_empty() {
        status
    } else {
        Status::NoAnswer
    })
}
