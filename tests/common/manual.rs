//! Manual pages from the definition of the command line, in the sections that section 1 of the manual has.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

/// One page: `name` is that of its file without the ending; `all` are the names of all pages.
pub(crate) fn page(root: &Command, command: &Command, name: &str, all: &[String]) -> String {
    let typed = name.replacen('-', " ", 1);
    let mut out = String::new();
    let (date, version) = release();
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        out,
        ".TH {} 1 {date} \"wsclose {version}\" \"User Commands\"",
        name.to_uppercase()
    );
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let _ = writeln!(out, ".SH NAME\n{} \\- {}", escaped(name), escaped(&about));
    out += ".SH SYNOPSIS\n";
    synopsis(command, &typed, &mut out);
    let long = command
        .get_long_about()
        .map(ToString::to_string)
        .unwrap_or(about);
    let (story, own_status): (Vec<&str>, Vec<&str>) = long
        .split("\n\n")
        .partition(|paragraph| !paragraph.starts_with("Exit status: "));
    section("DESCRIPTION", &mut out);
    paragraphs(story.into_iter(), &mut out);
    let own_help = blocks(&help_behind(command));
    let of_root = blocks(&help_behind(root));
    let is_root = command.get_name() == root.get_name();
    if is_root {
        for (heading, lines) in &of_root {
            if !["Examples", "Environment", "Exit status"].contains(&heading.as_str()) {
                let _ = writeln!(out, ".PP\n{}:", escaped(heading));
                verbatim(lines, &mut out);
            }
        }
    }
    options(command, &mut out);
    if is_root {
        out += ".SH COMMANDS\n";
        for sub in command.get_subcommands() {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                out,
                ".TP\n\\fB{}\\fR\n{}",
                escaped(sub.get_name()),
                escaped(&about)
            );
        }
    }
    section("EXIT STATUS", &mut out);
    match own_status
        .first()
        .and_then(|status| status.strip_prefix("Exit status: "))
    {
        Some(status) => paragraphs(std::iter::once(status), &mut out),
        None => named(&of_root, "Exit status", &mut out),
    }
    section("ENVIRONMENT", &mut out);
    named(&of_root, "Environment", &mut out);
    section("FILES", &mut out);
    out += ".TP\n\\fI$XDG_CONFIG_HOME/wsclose/registry.toml\\fR, \\fI\\(ti/.config/wsclose/registry.toml\\fR\n\
            Application codes of your own, where neither \\-\\-registry nor WSCLOSE_REGISTRY names a file.\n";
    if own_help.iter().any(|(heading, _)| heading == "Examples") {
        section("EXAMPLES", &mut out);
        named(&own_help, "Examples", &mut out);
    }
    section("SEE ALSO", &mut out);
    let others = all.iter().filter(|other| *other != name);
    let others: Vec<String> = others
        .map(|other| format!("\\fB{}\\fR(1)", escaped(other)))
        .collect();
    out += &others.join(",\n");
    out += "\n";
    filled(&out)
}

/// The page with its prose in lines of at most 80 bytes; commands and what stands as it is keep theirs.
fn filled(page: &str) -> String {
    const LONGEST: usize = 78;
    // A reader of the page takes a letter that is not ASCII as an escape of eight.
    let bytes = |text: &str| -> usize {
        let letters = text
            .chars()
            .map(|letter| if letter.is_ascii() { 1 } else { 8 });
        letters.sum()
    };
    let (mut out, mut is_verbatim) = (String::new(), false);
    for line in page.lines() {
        is_verbatim = line == ".EX" || is_verbatim && line != ".EE";
        if is_verbatim || line.starts_with('.') || bytes(line) <= LONGEST {
            out += line;
            out.push('\n');
            continue;
        }
        let mut filled = 0;
        for word in line.split(' ') {
            if filled > 0 && filled + 1 + bytes(word) > LONGEST {
                out.push('\n');
                filled = 0;
            } else if filled > 0 {
                out.push(' ');
                filled += 1;
            }
            // A line that begins with a point would be a command.
            if filled == 0 && word.starts_with('.') {
                out += "\\&";
            }
            out += word;
            filled += bytes(word);
        }
        out.push('\n');
    }
    out
}

fn section(name: &str, out: &mut String) {
    let _ = writeln!(out, ".SH {name}");
}

/// The day that stands on the pages, and the version that it belongs to: a new version gets a new day.
const RELEASE: (&str, &str) = ("2026-11-30", "0.2.0");

fn release() -> (&'static str, &'static str) {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        version, RELEASE.1,
        "the pages of a new version have a new date"
    );
    RELEASE
}

fn help_behind(command: &Command) -> String {
    let help = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    help.map(ToString::to_string).unwrap_or_default()
}

/// The parts of a help text that have a heading, a line that ends with a colon, each with its lines.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_suffix(':'), blocks.last_mut()) {
            (Some(heading), _) if !line.starts_with(' ') => {
                blocks.push((heading.to_owned(), Vec::new()))
            }
            (_, Some((_, lines))) => lines.push(line.to_owned()),
            (_, None) => {}
        }
    }
    for (_, lines) in &mut blocks {
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
    }
    blocks
}

fn named(blocks: &[(String, Vec<String>)], heading: &str, out: &mut String) {
    if let Some((_, lines)) = blocks.iter().find(|(known, _)| known == heading) {
        verbatim(lines, out);
    }
}

/// Lines as they stand.
fn verbatim(lines: &[String], out: &mut String) {
    out.push_str(".EX\n");
    for line in lines {
        let line = line.strip_prefix("  ").unwrap_or(line);
        let _ = writeln!(out, "{}", escaped(line));
    }
    out.push_str(".EE\n");
}

fn paragraphs<'a>(texts: impl Iterator<Item = &'a str>, out: &mut String) {
    for (index, text) in texts.enumerate() {
        if index > 0 {
            out.push_str(".PP\n");
        }
        let _ = writeln!(out, "{}", escaped(&text.replace('\n', " ")));
    }
}

/// What is typed: all options with their values, then the arguments.
fn synopsis(command: &Command, typed: &str, out: &mut String) {
    if command.get_name() == "wsclose" {
        out.push_str("\\fBwsclose\\fR [\\fIOPTION\\fR ...] \\fIANYTHING\\fR ...\n.br\n");
        out.push_str(
            "\\fBwsclose\\fR [\\fIOPTION\\fR ...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]\n",
        );
        return;
    }
    let _ = writeln!(out, "\\fB{}\\fR", escaped(typed));
    for arg in shown(command).filter(|arg| !arg.is_positional()) {
        let _ = writeln!(out, "[{}]", spelled(arg, "|"));
    }
    for arg in shown(command).filter(|arg| arg.is_positional()) {
        let name = arg.get_value_names().and_then(|names| names.first());
        let name = name.map_or(arg.get_id().as_str(), |name| name.as_str());
        let dots = if is_repeated(arg) { " ..." } else { "" };
        let _ = match arg.is_required_set() {
            true => writeln!(out, "\\fI{}\\fR{dots}", escaped(name)),
            false => writeln!(out, "[\\fI{}\\fR{dots}]", escaped(name)),
        };
    }
}

fn is_repeated(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
        || arg
            .get_num_args()
            .is_some_and(|number| number.max_values() > 1)
}

fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_hide_set())
}

/// An option with its short form and its value.
fn spelled(arg: &Arg, between: &str) -> String {
    let short = arg.get_short().map(|short| format!("\\fB\\-{short}\\fR"));
    let long = arg
        .get_long()
        .map(|long| format!("\\fB\\-\\-{}\\fR", escaped(long)));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let names = names.join(between);
    let takes = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    match arg
        .get_value_names()
        .and_then(|names| names.first())
        .filter(|_| takes)
    {
        Some(value) => format!("{names} \\fI{}\\fR", escaped(value)),
        None => names,
    }
}

fn options(command: &Command, out: &mut String) {
    section("OPTIONS", out);
    for arg in shown(command) {
        let name = match arg.is_positional() {
            true => {
                let name = arg.get_value_names().and_then(|names| names.first());
                format!(
                    "\\fI{}\\fR",
                    escaped(name.map_or(arg.get_id().as_str(), |name| name.as_str()))
                )
            }
            false => spelled(arg, ", "),
        };
        let help = arg.get_long_help().or_else(|| arg.get_help());
        let help = help.map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(out, ".TP\n{name}");
        for (index, text) in help.split("\n\n").enumerate() {
            let _ = writeln!(
                out,
                "{}{}",
                if index > 0 { ".IP\n" } else { "" },
                escaped(&text.replace('\n', " "))
            );
        }
        let is_flag = !matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
        let values = arg.get_possible_values();
        let defaults = arg.get_default_values();
        if let (Some(default), false) = (defaults.first(), is_flag) {
            let _ = writeln!(out, ".IP\nDefault: {}", escaped(&default.to_string_lossy()));
        }
        if !values.is_empty() && !is_flag && !arg.is_hide_possible_values_set() {
            let listed: Vec<String> = values
                .iter()
                .map(|value| match value.get_help() {
                    Some(help) => format!("{} ({help})", value.get_name()),
                    None => value.get_name().to_owned(),
                })
                .collect();
            let _ = writeln!(out, ".IP\nValues: {}", escaped(&listed.join(", ")));
        }
    }
}

/// Text as roff takes it: no command, and signs that a reader can copy.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '~' => out.push_str("\\(ti"),
            '^' => out.push_str("\\(ha"),
            '.' if out.is_empty() => out.push_str("\\&."),
            letter => out.push(letter),
        }
    }
    out
}
