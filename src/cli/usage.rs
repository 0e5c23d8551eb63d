//! What is wrong with a command line, in one line.
//!
//! clap explains in several lines with the usage below; here an error is one
//! line that says what was given, what is wrong with it, and what would work.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::escape::escape;

/// Values that take more than this are not listed.
const LONGEST_CHOICE: usize = 400;

/// The error in one line, without a full stop.
pub(super) fn line(error: &clap::Error) -> String {
    let given = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let option = given.as_deref().map(bare);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let option = given.unwrap_or_default();
            match text(error, ContextKind::SuggestedArg) {
                Some(near) => format!("no option `{option}`; did you mean `{}`?", bare(&near)),
                None if option.starts_with('-') => {
                    format!("no option `{option}`; `wsclose --help` shows all there are")
                }
                None => format!("`{option}` is one argument too many; see `wsclose --help`"),
            }
        }
        ErrorKind::InvalidSubcommand => {
            let given = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            match text(error, ContextKind::SuggestedSubcommand) {
                Some(near) => format!("no command `{given}`; did you mean `{near}`?"),
                None if is_topic(&given) => {
                    format!("no command `{given}`; did you mean `wsclose explain {given}`?")
                }
                None => format!("no command `{given}`; `wsclose --help` shows all there are"),
            }
        }
        ErrorKind::InvalidValue if value.as_deref().is_none_or(str::is_empty) => {
            let option = option.unwrap_or_default();
            match text(error, ContextKind::ValidValue) {
                Some(valid) if !valid.is_empty() && valid.len() <= LONGEST_CHOICE => {
                    format!("`{option}` needs a value: {valid}")
                }
                _ if option == "--from-api" => format!(
                    "`{option}` needs a value; `wsclose list --implementations` shows all there are"
                ),
                _ => format!("`{option}` needs a value"),
            }
        }
        ErrorKind::InvalidValue => {
            let (value, option) = (value.unwrap_or_default(), option.unwrap_or_default());
            let near = text(error, ContextKind::SuggestedValue)
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            match text(error, ContextKind::ValidValue) {
                Some(valid) => format!("`{value}` is not a value of `{option}`: {valid}{near}"),
                None => format!("`{value}` is not a value of `{option}`{near}"),
            }
        }
        ErrorKind::ValueValidation if value.as_deref() == Some("0") => format!(
            "`0` is not a value of `{}`: give 1 or more",
            option.unwrap_or_default()
        ),
        ErrorKind::ValueValidation => format!(
            "`{}` is not a value of `{}`: give a whole number",
            value.unwrap_or_default(),
            option.unwrap_or_default()
        ),
        ErrorKind::MissingRequiredArgument => format!(
            "no {} given; see `{} --help`",
            given
                .unwrap_or_default()
                .trim_matches(['<', '>', '.', '[', ']']),
            command_of(error)
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "no command given; try `wsclose explain 1006`, or `wsclose --help`".to_owned()
        }
        ErrorKind::ArgumentConflict => {
            let other = text(error, ContextKind::PriorArg).unwrap_or_default();
            let option = option.unwrap_or_default();
            if option == bare(&other) {
                return format!("`{option}` is given twice; once is enough");
            }
            format!(
                "`{}` and `{}` cannot be given together",
                option,
                bare(&other).trim_matches(['<', '>', '.', '[', ']'])
            )
        }
        ErrorKind::InvalidUtf8 => {
            "an argument is not UTF-8; for bytes use --file or standard input".to_owned()
        }
        _ => first_line(error),
    }
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

/// clap's own first line, for what is not worded here.
fn first_line(error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let first = rendered.lines().next().unwrap_or_default();
    escape(first.strip_prefix("error: ").unwrap_or(first))
}
