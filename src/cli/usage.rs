//! What is wrong with a command line, in one line.
//!
//! clap explains in several lines with the usage below; here an error is one
//! line that says what was given, what is wrong with it, and what would work.

use std::error::Error;
use std::net::AddrParseError;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command;
use crate::escape::escape;
use crate::facts::names::{self, did_you_mean};
use crate::words::{Message, clauses, say};

/// Values that take more than this are not listed.
const LONGEST_CHOICE: usize = 400;

/// The error in one line, without a full stop.
pub(super) fn message(error: &clap::Error) -> Message {
    let given = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let option = bare(&given).to_owned();
    match error.kind() {
        ErrorKind::UnknownArgument => match near(error, ContextKind::SuggestedArg) {
            Some(instead) => say!(usage.no_option, option = given, instead),
            None if given.starts_with('-') => {
                say!(usage.no_option, option = given, instead = say!(usage.all))
            }
            None => say!(usage.too_many, given),
        },
        ErrorKind::InvalidSubcommand => {
            let given = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let instead = near_command(&given).or_else(|| {
                is_topic(&given).then(|| say!(usage.explain_it, given = given.clone()))
            });
            let instead = instead.unwrap_or_else(|| say!(usage.all));
            say!(usage.no_command, given, instead)
        }
        ErrorKind::InvalidValue => not_a_value(error, option),
        ErrorKind::ValueValidation => {
            let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
            let number: Option<i128> = value.parse().ok();
            let is_address = error.source().is_some_and(|it| it.is::<AddrParseError>());
            match number {
                _ if is_address => say!(usage.not_an_address, value, option),
                Some(0) => say!(usage.zero, option),
                Some(1..) => say!(usage.too_large, value, option),
                _ => say!(usage.not_a_number, value, option),
            }
        }
        ErrorKind::TooManyValues => {
            let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
            say!(usage.takes_no_value, option, value)
        }
        ErrorKind::MissingRequiredArgument => {
            let command = command_of(error);
            match given.starts_with('-') {
                true => say!(usage.option_missing, option, command),
                false => say!(usage.none_given, name = name_of(&given), command),
            }
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say!(usage.no_command_given)
        }
        ErrorKind::ArgumentConflict => {
            let other = text(error, ContextKind::PriorArg).unwrap_or_default();
            let other = name_of(bare(&other));
            match option == other {
                true => say!(usage.twice, option),
                false => say!(usage.not_together, option, other),
            }
        }
        ErrorKind::InvalidUtf8 => say!(usage.not_utf8),
        // Nothing in the definition leads here today.
        _ => say!(usage.not_read, command = command_of(error)),
    }
}

/// An option without a value, or with one that is none of its own.
fn not_a_value(error: &clap::Error, option: String) -> Message {
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    let values = text(error, ContextKind::ValidValue);
    if value.is_empty() {
        return match values {
            Some(values) if !values.is_empty() && values.len() <= LONGEST_CHOICE => {
                say!(usage.needs_one_of, option, values)
            }
            _ if option == "--from-api" => say!(usage.needs_implementation, option),
            _ => say!(usage.needs_value, option),
        };
    }
    let wrong = match values {
        Some(values) => say!(usage.not_one_of, value, option, values),
        None => say!(usage.not_a_value, value, option),
    };
    match near(error, ContextKind::SuggestedValue) {
        Some(near) => clauses(wrong, near),
        None => wrong,
    }
}

/// The command that somebody meant whose finger slipped. The name of a thing (`frame`) is no slip.
pub(super) fn near_command(word: &str) -> Option<Message> {
    let definition = command();
    let commands = definition.get_subcommands().map(clap::Command::get_name);
    let near = names::near(word, 4, commands.map(|name| (name, name)));
    let meant = near
        .first()
        .filter(|name| word.len() > 3 && !name.contains(word));
    did_you_mean(&[*meant?])
}

/// What clap takes the user to have meant.
fn near(error: &clap::Error, kind: ContextKind) -> Option<Message> {
    let near = text(error, kind)?;
    did_you_mean(&[bare(&near)])
}

/// The name of an argument, as the help writes it, without its brackets.
fn name_of(argument: &str) -> String {
    argument.trim_matches(['<', '>', '.', '[', ']']).to_owned()
}

/// Help or version, with the colour that was asked for.
pub(super) fn styled(error: &clap::Error, color: clap::ColorChoice) -> String {
    let rendered = error.render();
    let is_colored = match color {
        clap::ColorChoice::Always => true,
        clap::ColorChoice::Never => false,
        clap::ColorChoice::Auto => colored::control::SHOULD_COLORIZE.should_colorize(),
    };
    if is_colored {
        rendered.ansi().to_string()
    } else {
        rendered.to_string()
    }
}

/// What clap says of a part of the error, made safe to show.
fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    Some(match error.get(kind)? {
        ContextValue::String(text) => escape(text),
        ContextValue::Strings(texts) => escape(&texts.join(", ")),
        ContextValue::StyledStr(text) => escape(&text.to_string()),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    })
}

/// An option without the name of its value: `--from <END>` becomes `--from`.
fn bare(option: &str) -> &str {
    option.split([' ', '=']).next().unwrap_or(option)
}

/// The command that was used: `wsclose compare`.
fn command_of(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words = usage
        .split_whitespace()
        .skip_while(|word| *word != "wsclose")
        .take_while(|word| word.starts_with(|first: char| first.is_ascii_lowercase()));
    match words.collect::<Vec<_>>() {
        words if words.is_empty() => "wsclose".to_owned(),
        words => words.join(" "),
    }
}

fn is_topic(given: &str) -> bool {
    crate::topic::find(given).is_ok()
}
