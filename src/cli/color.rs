//! Whether an answer is coloured.

use std::ffi::{OsStr, OsString};

use super::Color;
use super::args;

/// Whether an answer is coloured: first as `--color` says, then NO_COLOR as <https://no-color.org> says,
/// then FORCE_COLOR and CLICOLOR_FORCE, then the terminal. `variable` gives the values of the environment.
pub fn is_colored(
    arguments: &[OsString],
    is_terminal: bool,
    variable: impl Fn(&str) -> Option<OsString>,
) -> bool {
    match args::color(arguments) {
        Color::Always => return true,
        Color::Never => return false,
        Color::Auto => {}
    }
    let is = |name: &str, value: &str| variable(name).is_some_and(|given| given == value);
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_on = |name: &str| is_set(name) && !is(name, "0");
    if is_set("NO_COLOR") {
        return false;
    }
    if is_on("FORCE_COLOR") || is_on("CLICOLOR_FORCE") {
        return true;
    }
    is_terminal && !is("CLICOLOR", "0") && !is_dumb(variable("TERM").as_deref())
}

/// Whether a terminal, by what TERM says of it, can do nothing but print.
pub(super) fn is_dumb(term: Option<&OsStr>) -> bool {
    term.is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(option: &[&str], is_terminal: bool, set: &[(&str, &str)]) -> bool {
        let arguments: Vec<OsString> = option.iter().map(OsString::from).collect();
        is_colored(&arguments, is_terminal, |name| {
            let (_, value) = set.iter().find(|(known, _)| *known == name)?;
            Some(OsString::from(value))
        })
    }

    #[test]
    fn the_terminal_decides_where_nobody_else_does() {
        assert!(of(&[], true, &[]));
        assert!(!of(&[], false, &[]));
        assert!(!of(&[], true, &[("TERM", "dumb")]));
        assert!(!of(&[], true, &[("CLICOLOR", "0")]));
    }

    #[test]
    fn what_is_empty_or_zero_is_not_set() {
        assert!(of(&[], true, &[("NO_COLOR", "")]));
        for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
            assert!(of(&[], false, &[(name, "1")]), "{name}");
            assert!(!of(&[], false, &[(name, "")]), "{name}");
            assert!(!of(&[], false, &[(name, "0")]), "{name}");
        }
        assert!(!of(&[], true, &[("NO_COLOR", "0")]), "not empty is set");
    }

    #[test]
    fn the_option_counts_most_then_no_color_then_force() {
        let both = [("NO_COLOR", "1"), ("FORCE_COLOR", "1")];
        assert!(!of(&[], true, &both));
        assert!(of(&["wsclose", "--color=always"], false, &both));
        let forced = [("CLICOLOR_FORCE", "1"), ("TERM", "dumb")];
        assert!(of(&[], false, &forced));
        assert!(!of(&["wsclose", "--colour", "never"], true, &forced));
    }
}
