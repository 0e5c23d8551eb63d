//! The options of all commands at once, and the command that the given ones choose: an option stands where
//! somebody typed it, before it is known which command it is for.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches};

/// The name of the positional arguments.
pub(super) const GIVEN: &str = "given";

/// All options of all commands, and any arguments.
pub(super) fn options(definition: &clap::Command) -> clap::Command {
    let mut all = clap::Command::new("wsclose")
        .disable_help_flag(true)
        .disable_version_flag(true);
    let mut known = BTreeSet::new();
    let commands = definition
        .get_subcommands()
        .map(clap::Command::get_arguments);
    for arg in definition.get_arguments().chain(commands.flatten()) {
        let Some(long) = arg.get_long() else { continue };
        if arg.get_id() == "help" || arg.get_id() == "version" || !known.insert(long) {
            continue;
        }
        let action = match arg.get_action() {
            ArgAction::SetTrue => ArgAction::SetTrue,
            // Whether it may be given twice is for its command to say.
            _ => ArgAction::Append,
        };
        let mut own = Arg::new(long.to_owned())
            .long(long.to_owned())
            .allow_hyphen_values(arg.is_allow_hyphen_values_set())
            .action(action);
        if !matches!(arg.get_action(), ArgAction::SetTrue) {
            own = own.value_parser(clap::value_parser!(OsString));
        }
        if let Some(short) = arg.get_short() {
            own = own.short(short);
        }
        for alias in arg.get_all_aliases().unwrap_or_default() {
            own = own.alias(alias.to_owned());
        }
        all = all.arg(own);
    }
    all.arg(
        Arg::new(GIVEN)
            .num_args(0..)
            .allow_negative_numbers(true)
            .value_parser(clap::value_parser!(OsString)),
    )
}

/// The commands that have all the options that were given.
pub(super) struct Chosen {
    /// An option, where one is given that not every command has.
    pub(super) option: Option<String>,
    pub(super) commands: Vec<String>,
}

impl Chosen {
    pub(super) fn of(definition: &clap::Command, matches: &ArgMatches) -> Self {
        let is_given =
            |long: &str| matches.value_source(long) == Some(clap::parser::ValueSource::CommandLine);
        let is_global = |long: &str| {
            definition
                .get_arguments()
                .any(|arg| arg.get_long() == Some(long))
        };
        let has = |sub: &clap::Command, long: &str| {
            sub.get_arguments().any(|arg| arg.get_long() == Some(long))
        };
        let mut chosen = Chosen {
            option: None,
            commands: definition
                .get_subcommands()
                .map(|sub| sub.get_name().to_owned())
                .collect(),
        };
        let options: BTreeSet<String> = matches
            .ids()
            .map(|id| id.as_str().to_owned())
            .filter(|id| id != GIVEN && is_given(id) && !is_global(id))
            .collect();
        for option in options {
            chosen.commands.retain(|name| {
                let sub = definition.find_subcommand(name);
                sub.is_some_and(|sub| has(sub, &option))
            });
            chosen.option = Some(option);
        }
        chosen
    }
}
