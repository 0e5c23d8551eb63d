//! The values of options that are more than a text, a number or a path: how each is taken, and which are
//! offered by completions.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::frame::Sender;
use crate::input::{Form, forms};
use crate::render::Language;

/// An end of a connection.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum End {
    /// The end that opened the connection and masks its frames
    Client,
    /// The end that was connected to
    Server,
}

impl From<End> for Sender {
    fn from(end: End) -> Self {
        match end {
            End::Client => Sender::Client,
            End::Server => Sender::Server,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal, unless NO_COLOR is set; FORCE_COLOR is for pipes too
    #[default]
    Auto,
    /// Always, also into a pipe
    Always,
    /// Never
    Never,
}

impl Color {
    pub(in crate::cli) fn for_clap(self) -> clap::ColorChoice {
        match self {
            Color::Auto => clap::ColorChoice::Auto,
            Color::Always => clap::ColorChoice::Always,
            Color::Never => clap::ColorChoice::Never,
        }
    }
}

/// The value of `--color` among `arguments`, wherever it stands.
///
/// Help is drawn while arguments are still being read, so this looks ahead; what
/// is wrong with the value is said later.
pub(in crate::cli) fn color(arguments: &[OsString]) -> Color {
    let mut color = Color::Auto;
    let mut arguments = arguments.iter().map(OsString::as_os_str);
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        }
        let value = if argument == "--color" || argument == "--colour" {
            arguments.next().and_then(OsStr::to_str)
        } else {
            let text = argument.to_str().unwrap_or_default();
            text.strip_prefix("--color=")
                .or_else(|| text.strip_prefix("--colour="))
        };
        if let Some(value) = value.and_then(|value| Color::from_str(value, false).ok()) {
            color = value;
        }
    }
    color
}

/// Takes any text, and offers completion scripts what is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offering(pub(super) fn() -> Vec<(String, String)>);

impl TypedValueParser for Offering {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = (self.0)().into_iter();
        Some(Box::new(
            known.map(|(value, says)| PossibleValue::new(value).help(says)),
        ))
    }
}

/// Takes a language's code, and its regional forms.
#[derive(Clone, Debug)]
pub(super) struct LanguageParser;

impl TypedValueParser for LanguageParser {
    type Value = Language;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Language, clap::Error> {
        if let Some(language) = value.to_str().and_then(Language::of) {
            return Ok(language);
        }
        let ids = Language::ALL.iter().map(|language| language.id());
        let ids = clap::builder::PossibleValuesParser::new(ids);
        ids.parse_ref(command, argument, value)?;
        // What is no language's code is none of the possible values.
        Err(clap::Error::new(clap::error::ErrorKind::InvalidValue))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = Language::ALL
            .iter()
            .map(|language| PossibleValue::new(language.id()).help(language.name()));
        Some(Box::new(values))
    }
}

/// Takes the id of a form.
#[derive(Clone, Debug)]
pub(super) struct FormParser;

impl TypedValueParser for FormParser {
    type Value = &'static Form;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<&'static Form, clap::Error> {
        let ids = clap::builder::PossibleValuesParser::new(forms().iter().map(|form| form.id));
        let id = ids.parse_ref(command, argument, value)?;
        let form = forms().iter().find(|form| form.id == id);
        form.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = forms()
            .iter()
            .map(|form| PossibleValue::new(form.id).help(form.what.english()));
        Some(Box::new(values))
    }
}
