//! The door: what is typed without a command, taken for what it is.
//!
//! The rule is the table that `wsclose --help` prints, in `args`.

mod chosen;
mod content;
mod files;
mod kind;
mod pipe;
mod typed;

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;

use clap::{ArgMatches, Subcommand};

use super::args::{Command, RegistryOptions};
use super::topics::find_each;
use super::{command, reason, registries, usage};
use crate::escape::escape;
use crate::facts::registry::Registries;
use crate::logline;
use crate::render::{Language, Locale};
use crate::topic::NoTopic;
use crate::words::{Message, Value, say, text};
use chosen::{Chosen, GIVEN, options};
use content::FRONT;
pub(super) use content::{Content, begins_like_frames};
use kind::Kind;
pub(super) use pipe::Held;
use typed::{are_hex_pairs, is_hex, is_path, is_url, is_whole_frame};

/// One command line, and what its standard input is.
pub(super) struct Entered {
    pub(super) arguments: Vec<OsString>,
    pub(super) stdin: Option<Held>,
}

/// What the door makes of a command line.
pub(super) enum Opened {
    /// It has a command, or asks for help.
    Command,
    /// There is nothing, and somebody sits at the terminal.
    Welcome,
    /// These command lines, one after the other, and what is to be said before.
    Entered(Vec<Entered>, Vec<Message>),
    /// It cannot be answered.
    Refused(Message),
}

/// Whether a word asks for help or the version, alone or with other flags, as `-jV` does.
fn asks_about_itself(word: &OsString) -> bool {
    let word = word.to_string_lossy();
    let is_cluster = |flags: &str| {
        let mut flags = flags.bytes();
        flags.clone().all(|flag| b"jhV".contains(&flag)) && flags.any(|flag| flag != b'j')
    };
    matches!(&*word, "--help" | "--version") || word.strip_prefix('-').is_some_and(is_cluster)
}

/// Looks at a command line. Its options are known, its command is not.
pub(super) fn open(
    arguments: &[OsString],
    stdin_is_terminal: bool,
    own: fn() -> Option<registries::OwnRegistry>,
) -> Opened {
    let is_command = |text: &OsString| {
        let text = text.to_string_lossy();
        text == "help" || Command::has_subcommand(&text)
    };
    // Nothing is built where a command is named, for that costs as much as a short answer.
    let mut words = arguments.iter().skip(1);
    let first = words.find(|word| !word.to_string_lossy().starts_with('-'));
    if first.is_some_and(is_command) {
        return Opened::Command;
    }
    if arguments.iter().skip(1).any(asks_about_itself) {
        return Opened::Command;
    }
    let definition = command();
    let matches = match options(&definition).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return Opened::Refused(usage::message(&error)),
    };
    let given: Vec<OsString> = matches
        .get_many::<OsString>(GIVEN)
        .map(|given| given.cloned().collect())
        .unwrap_or_default();
    if given.first().is_some_and(is_command) {
        return Opened::Command;
    }
    let door = Door {
        arguments,
        given: &given,
        chosen: Chosen::of(&definition, &matches),
        matches: &matches,
        own,
    };
    door.enter(stdin_is_terminal)
}

/// A text that begins with a hyphen is none of the options: `- closed with 1006`.
pub(super) fn with_texts(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let is_text = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let name = text.split('=').next().unwrap_or_default();
        text.starts_with('-') && name.contains(char::is_whitespace)
    };
    let is_behind = |place: usize| {
        arguments
            .iter()
            .take(place)
            .any(|argument| argument == "--")
    };
    if let Some(place) = arguments.iter().position(is_text) {
        if place > 0 && !is_behind(place) {
            arguments.insert(place, "--".into());
        }
    }
    arguments
}

/// The language of an answer for which no command was found.
pub(super) fn language(arguments: &[OsString], locale: &Locale) -> Language {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next().map(|value| value.into_owned()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(language) = value.and_then(|value| Language::of(&value)) {
            return language;
        }
    }
    match locale.charset {
        Some(_) => Language::English,
        None => locale.language,
    }
}

struct Door<'a> {
    arguments: &'a [OsString],
    given: &'a [OsString],
    chosen: Chosen,
    matches: &'a ArgMatches,
    own: fn() -> Option<registries::OwnRegistry>,
}

impl Door<'_> {
    fn enter(&self, stdin_is_terminal: bool) -> Opened {
        match self.given {
            [] if self.chosen.option.is_some() && self.chosen.commands.len() == 1 => {
                let mut arguments = self.options();
                arguments.insert(1, self.chosen.commands.concat().into());
                let entered = Entered {
                    arguments,
                    stdin: None,
                };
                Opened::Entered(vec![entered], Vec::new())
            }
            [] if stdin_is_terminal => Opened::Welcome,
            [] => self.stream(Held::of_stdin(), None),
            [dash] if dash == "-" => self.stream(Held::of_stdin(), None),
            given => {
                let texts: Option<Vec<String>> = given
                    .iter()
                    .map(|text| text.to_str().map(str::to_owned))
                    .collect();
                match texts {
                    Some(texts) => self.words(&texts),
                    None => self.files(),
                }
            }
        }
    }

    /// What stands on the command line: an address, bytes, topics, files or a text.
    fn words(&self, given: &[String]) -> Opened {
        if let [only] = given {
            if is_url(only) {
                let has_probe = self
                    .chosen
                    .commands
                    .iter()
                    .any(|command| command == "probe");
                if !has_probe && self.chosen.option.is_none() {
                    return Opened::Refused(say!(door.no_probe, url = escape(only)));
                }
                return self.one(Kind::Url, Vec::new());
            }
        }
        if are_hex_pairs(given) {
            return self.one(Kind::Bytes, Vec::new());
        }
        let registries = match self.registries() {
            Ok(registries) => registries,
            Err(refusal) => return refusal,
        };
        let exists = |text: &String| !text.is_empty() && Path::new(text).exists();
        let found = find_each(given, registries);
        if found.iter().all(Result::is_ok) {
            let mut notes = Vec::new();
            for text in given.iter().filter(|text| exists(text)) {
                notes.push(say!(door.topic_and_file, text = escape(text)));
            }
            for text in given.iter().filter(|text| is_whole_frame(text)) {
                notes.push(say!(door.code_and_bytes, text = escape(text)));
            }
            return self.one(Kind::Topics, notes);
        }
        if given.iter().all(exists) {
            return self.files();
        }
        let text = given.join(" ");
        let is_word = !text.trim().contains(char::is_whitespace);
        // Hex in a run or behind `0x`, dumps and escapes are nothing that a person says.
        if is_hex(given) || content::reads_as_frames(&text) && !is_word {
            return self.one(Kind::Bytes, Vec::new());
        }
        if logline::read(&text).is_some() {
            return self.one(Kind::Text, Vec::new());
        }
        if content::reads_as_frames(&text) {
            return self.one(Kind::Bytes, vec![say!(door.taken_for_bytes)]);
        }
        let missing: Vec<&String> = given.iter().filter(|text| !exists(text)).collect();
        if let (true, Some(path)) = (given.iter().all(|text| is_path(text)), missing.first()) {
            if let Err(error) = File::open(path) {
                return Opened::Refused(super::files::unreadable(Path::new(path), &error));
            }
        }
        let is_unknown = |found: &Result<_, NoTopic>| matches!(found, Err(NoTopic::Unknown(..)));
        let are_numbers = given
            .iter()
            .all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if is_word && !found.iter().any(is_unknown) || are_numbers {
            return self.one(Kind::Topics, Vec::new());
        }
        if let Some((given, near)) = given
            .first()
            .and_then(|first| Some((first, usage::near_command(first)?)))
        {
            let given = escape(given);
            return Opened::Refused(say!(usage.no_command, given, instead = near));
        }
        self.one(Kind::Text, Vec::new())
    }

    fn registries(&self) -> Result<Registries, Opened> {
        let one = |name: &str| self.matches.try_get_one::<OsString>(name).ok().flatten();
        let options = RegistryOptions {
            vendor: one("vendor").map(|vendor| vendor.to_string_lossy().into_owned()),
            registry: one("registry").map(Into::into),
        };
        registries::load(&options, self.own).map_err(Opened::Refused)
    }

    /// One command line for all that was given, taken for one thing.
    fn one(&self, kind: Kind, notes: Vec<Message>) -> Opened {
        let command = match self.command(kind, self.given) {
            Ok(command) => command,
            Err(refusal) => return Opened::Refused(refusal),
        };
        let mut arguments = self.options();
        arguments.insert(1, command.into());
        arguments.push("--".into());
        arguments.extend(self.given.iter().cloned());
        let entered = Entered {
            arguments,
            stdin: None,
        };
        Opened::Entered(vec![entered], notes)
    }

    /// The command for a kind: the one that an option chose, if it can take it.
    fn command(&self, kind: Kind, given: &[OsString]) -> Result<String, Message> {
        let own = kind.command();
        let commands = &self.chosen.commands;
        if commands.iter().any(|command| command == own) {
            return Ok(own.to_owned());
        }
        if let Some(fitting) = commands.iter().find(|command| kind.suits(command)) {
            return Ok(fitting.clone());
        }
        let option = self.chosen.option.clone().unwrap_or_default();
        let shown: Vec<String> = given
            .iter()
            .map(|given| given.to_string_lossy().into_owned())
            .collect();
        let shown: String = escape(&shown.join(" ")).chars().take(60).collect();
        let kind = kind.words();
        Err(match commands.first() {
            Some(command) => say!(door.option_of_other, option, command, shown, kind, own),
            None => say!(door.options_of_none, option),
        })
    }

    /// The command line without what was given, but for options and their values.
    fn options(&self) -> Vec<OsString> {
        let mut arguments = self.arguments.to_vec();
        for given in self.given.iter().rev() {
            if let Some(place) = arguments.iter().rposition(|argument| argument == given) {
                if place > 0 {
                    arguments.remove(place);
                }
            }
        }
        arguments.retain(|argument| argument != "--");
        arguments
    }

    /// Standard input, or a file that is none: by its content.
    fn stream(&self, mut held: Held, name: Option<String>) -> Opened {
        let from = match name {
            Some(name) => Value::from(format!("`{name}`")),
            None => Value::from(text!(cli.standard_input)),
        };
        let whole = match held.look(FRONT) {
            Ok(whole) => whole,
            Err(error) => {
                return Opened::Refused(say!(cli.cannot_read, from, error = reason(&error)));
            }
        };
        let content = Content::of(held.front(), whole);
        if content == Content::Empty {
            return Opened::Refused(say!(door.empty_input));
        }
        if content == Content::PacketList {
            return Opened::Refused(say!(door.packet_list));
        }
        if content == Content::Registry {
            return Opened::Refused(say!(door.registry_from_pipe));
        }
        let kind = Kind::Content(content);
        let command = match self.command(kind, &[]) {
            Ok(command) => command,
            Err(refusal) => return Opened::Refused(refusal),
        };
        let mut arguments = self.options();
        arguments.retain(|argument| argument != "-");
        arguments.insert(1, command.clone().into());
        if command != "decode-frame" {
            arguments.push("-".into());
        }
        let notes = doubt(content, held.front(), &from).into_iter().collect();
        let entered = Entered {
            arguments,
            stdin: Some(held),
        };
        Opened::Entered(vec![entered], notes)
    }
}

/// How a text was taken: as a log or as one text.
fn doubt(content: Content, front: &[u8], from: &Value) -> Option<Message> {
    let lines = front.split(|byte| *byte == b'\n');
    let has_text = |line: &&[u8]| !line.trim_ascii().is_empty();
    if content == Content::Paste && lines.filter(has_text).count() <= 1 {
        return None;
    }
    let from = from.clone();
    match content {
        Content::Paste => Some(say!(door.taken_for_paste, from)),
        Content::Log => Some(say!(door.taken_for_log, from)),
        _ => None,
    }
}
