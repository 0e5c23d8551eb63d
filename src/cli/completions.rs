//! Completion scripts.
//!
//! clap_complete writes them, for commands, options and the values of options. Topics it cannot know: those that a
//! command takes are put in here, in each shell's own way. A vendor's codes (`discord-gateway:4014`) are offered
//! behind the colon alone, for they are many.

#![cfg_attr(
    target_family = "wasm",
    allow(dead_code, unused_imports, reason = "a browser has no shell")
)]

use std::fmt::Write;

#[cfg(not(target_family = "wasm"))]
use clap::ValueEnum;
#[cfg(not(target_family = "wasm"))]
use clap_complete::{Shell, generate};

use super::command;
use crate::facts::codes::name_of;
use crate::facts::field;
use crate::facts::intermediaries::INTERMEDIARIES;
use crate::facts::names::slug;
use crate::facts::protocols::PROTOCOLS;
use crate::facts::registry::{Registry, VENDORS};
use crate::rules;
use crate::topic::{self, Topic};

/// The commands whose arguments are topics.
const TAKES_TOPICS: [&str; 2] = ["explain", "compare"];

/// The completion script for a shell.
#[cfg(not(target_family = "wasm"))]
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command(), "wsclose", &mut script);
    let mut script = without_hidden(&String::from_utf8_lossy(&script));
    match shell {
        Shell::Bash => add_to_bash(&mut script),
        Shell::Zsh => add_to_zsh(&mut script),
        Shell::Fish => add_to_fish(&mut script),
        Shell::PowerShell => {
            let line = |id: &str, says: &str| {
                let (id, says) = (doubled(id), doubled(says));
                format!(
                    "            [CompletionResult]::new('{id}', '{id}', [CompletionResultType]::ParameterValue, '{says}')\n"
                )
            };
            for taker in TAKES_TOPICS {
                let opening = format!("        'wsclose;{taker}' {{\n");
                insert_behind(&mut script, taker, &opening, line);
            }
            // Without a command topics complete too.
            insert_behind(&mut script, "explain", "        'wsclose' {\n", line);
        }
        Shell::Elvish => {
            let line =
                |id: &str, says: &str| format!("            cand {id} '{}'\n", doubled(says));
            for taker in TAKES_TOPICS {
                let opening = format!("        &'wsclose;{taker}'= {{\n");
                insert_behind(&mut script, taker, &opening, line);
            }
            insert_behind(&mut script, "explain", "        &'wsclose'= {\n", line);
        }
        _ => {}
    }
    script
}

/// The script without the options that the help does not show, which clap_complete offers all the same: in a line of
/// their own, in bash in a list and a branch.
#[cfg(not(target_family = "wasm"))]
fn without_hidden(script: &str) -> String {
    let command = command();
    let hidden = command
        .get_arguments()
        .filter(|argument| argument.is_hide_set());
    // fish names them without the dashes; where it takes a line apart it has to know them all.
    let hidden: Vec<String> = hidden
        .filter_map(|argument| argument.get_long())
        .flat_map(|name| [format!("--{name}"), format!(" -l {name} ")])
        .collect();
    let mut kept = String::with_capacity(script.len());
    let mut is_in_branch = false;
    for line in script.lines() {
        let text = line.trim();
        let named = hidden.iter().find(|option| line.contains(option.as_str()));
        match named {
            Some(option) if text.starts_with("opts=") => {
                kept.push_str(&line.replace(&format!(" {option} "), " "));
                kept.push('\n');
            }
            Some(_) => is_in_branch |= text.ends_with(')') && !text.contains(' '),
            None if is_in_branch => is_in_branch = text != ";;",
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    kept
}

/// A function of the script offers topics, and behind a vendor's colon its codes. bash takes `:` for the end of a
/// word, so that the word is read from the line, and what stands before the colon is taken from the offers.
fn add_to_bash(script: &mut String) {
    // `=` ends a word too: what stands before it is the option, and behind it a value begins.
    let previous = "    prev=\"$3\"\n";
    let behind_equals = format!(
        "{previous}    if [[ \"${{cur}}\" == = ]]; then\n        cur=\"\"\n    \
         elif [[ \"${{prev}}\" == = ]]; then\n        prev=\"${{COMP_WORDS[COMP_CWORD-2]}}\"\n    fi\n"
    );
    *script = script.replacen(previous, &behind_equals, 1);
    let mut function = String::from(
        r#"_wsclose_topics() {
    local word="${COMP_LINE:0:COMP_POINT}" before="" offers
    word="${word##*[[:space:]]}"
    if [[ "${word}" == *:* ]]; then
        offers="${_wsclose_codes_of_vendors}"
        [[ "${COMP_WORDBREAKS}" == *:* ]] && before="${word%"${word##*:}"}"
    else
        offers="$1"
    fi
    COMPREPLY=( $(compgen -W "${offers}" -- "${word}") )
    COMPREPLY=( "${COMPREPLY[@]#"${before}"}" )
}

"#,
    );
    let joined = |all: Vec<(String, String)>| {
        let ids: Vec<String> = all.into_iter().map(|(id, _)| id).collect();
        ids.join(" ")
    };
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        function,
        "_wsclose_codes_of_vendors=\"{}\"",
        joined(codes_of_vendors())
    );
    for taker in TAKES_TOPICS {
        let ids = joined(topics(taker).collect());
        let _ = writeln!(function, "_wsclose_topics_of_{taker}=\"{ids}\"");
        // In the block of the command: what is no option and no option's value is a topic.
        let block = format!("        wsclose__subcmd__{taker})\n");
        offer_in_bash(
            script,
            &block,
            &format!("_wsclose_topics \"${{_wsclose_topics_of_{taker}}}\""),
        );
    }
    let offer = "_wsclose_topics \"${opts} ${_wsclose_topics_of_explain}\"\n            \
                 [[ \"${COMP_LINE:0:COMP_POINT}\" == *:* ]] || COMPREPLY+=( $(compgen -f -- \"${cur}\") )";
    offer_in_bash(script, "        wsclose)\n", offer);
    function.push('\n');
    script.insert_str(0, &function);
}

/// Puts what offers topics into the block of a command: behind its options and their values.
fn offer_in_bash(script: &mut String, block: &str, offer: &str) {
    let Some(from) = script.find(block) else {
        return;
    };
    let rest = script.split_off(from);
    // A block ends with two semicolons at the depth of its name.
    let end = rest.find("\n            ;;\n").unwrap_or(rest.len());
    let (own, behind) = rest.split_at(end);
    let own = own.replacen("${cur} == -* || ${COMP_CWORD} -eq 1 ", "${cur} == -* ", 1);
    let own = own.replacen("${cur} == -* || ${COMP_CWORD} -eq 2 ", "${cur} == -* ", 1);
    let last = "COMPREPLY=( $(compgen -W \"${opts}\" -- \"${cur}\") )\n            return 0";
    let own = match own.rsplit_once(last) {
        Some((before, tail)) => format!("{before}{offer}\n            return 0{tail}"),
        None => own,
    };
    script.push_str(&own);
    script.push_str(behind);
}

/// A function of the script offers topics; the rest arguments of the commands, for which clap writes an action that
/// ends the options, call it.
fn add_to_zsh(script: &mut String) {
    let described = |all: Vec<(String, String)>| -> String {
        let line = |(id, says): (String, String)| {
            let says = says.replace('\'', "'\\''").replace(':', "\\:");
            format!("'{}:{says}'\n", id.replace(':', "\\:"))
        };
        all.into_iter().map(line).collect()
    };
    // With two colons all words behind the first one would be arguments, options too.
    *script = script.replace("\n'*::", "\n'*:");
    let mut functions = String::new();
    for taker in TAKES_TOPICS {
        let (ids, codes) = (
            described(topics(taker).collect()),
            described(codes_of_vendors()),
        );
        let _ = write!(
            functions,
            "(( $+functions[_wsclose_topics_of_{taker}] )) ||\n_wsclose_topics_of_{taker}() {{\n    \
             local -a topics\n    if [[ $PREFIX == *:* ]]; then\n        topics=(\n{codes}        )\n    \
             else\n        topics=(\n{ids}        )\n    fi\n    \
             _describe -t topics 'topics' topics\n}}\n\n"
        );
    }
    for (argument, taker) in [
        ("\n'*:topics -- ", "explain"),
        ("\n'*:codes -- ", "compare"),
    ] {
        let Some(from) = script.find(argument) else {
            continue;
        };
        let rest = script.split_off(from);
        // The action stands behind the last colon of the line that no backslash is before.
        let end = rest
            .get(1..)
            .and_then(|rest| rest.find('\n'))
            .map_or(rest.len(), |end| end + 1);
        let (line, behind) = rest.split_at(end);
        let action = line.rfind(":_default").or_else(|| line.rfind(":( )"));
        let line = match action {
            Some(action) => {
                let (before, tail) = line.split_at(action);
                let tail = tail.rsplit_once('\'').map_or("", |(_, tail)| tail);
                format!("{before}:_wsclose_topics_of_{taker}'{tail}")
            }
            None => line.to_owned(),
        };
        script.push_str(&line);
        script.push_str(behind);
    }
    // Without a command topics and files complete too.
    let commands = "    _describe -t commands 'wsclose commands' commands \"$@\"\n";
    let with_topics = format!("{commands}    _wsclose_topics_of_explain\n    _files\n");
    *script = script.replacen(commands, &with_topics, 1);
    let place = script
        .find("(( $+functions[_wsclose_commands] ))")
        .unwrap_or(script.len());
    script.insert_str(place, &functions);
}

/// A line for each topic; fish takes `:` for a letter like any other.
#[cfg(not(target_family = "wasm"))]
fn add_to_fish(script: &mut String) {
    // An option whose value is still to be typed cannot be parsed: no command stands before it.
    *script = script.replacen(
        "2>/dev/null\n    or return\n",
        "2>/dev/null\n    or return 0\n",
        1,
    );
    // Without a command the words are topics or files, and options go on.
    let cli = command();
    let commands: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    let is_command = format!(
        "    if contains -- \"$argv[1]\" {} help\n",
        commands.join(" ")
    );
    *script = script.replacen("    if set -q argv[1]\n", &is_command, 1);
    // The command behind `help` is still to come as long as nothing but `help` has been said.
    *script = script.replace(" completions help\" -f -a", " completions\" -f -a");
    let quoted = |says: &str| says.replace('\\', "\\\\").replace('\'', "\\'");
    let mut add = |condition: &str, all: Vec<(String, String)>| {
        for (id, says) in all {
            // Writing to a `String` cannot fail.
            let _ = writeln!(
                script,
                "complete -c wsclose -n \"{condition}\" -f -a \"{id}\" -d '{}'",
                quoted(&says)
            );
        }
    };
    let is_behind_colon = "string match -q '*:*' -- (commandline -ct)";
    for taker in TAKES_TOPICS {
        let condition = format!("__fish_wsclose_using_subcommand {taker}");
        add(&condition, topics(taker).collect());
        add(
            &format!("{condition}; and {is_behind_colon}"),
            codes_of_vendors(),
        );
    }
    let shells = Shell::value_variants().iter();
    let shells = shells.map(|shell| (shell.to_string(), String::new()));
    add(
        "__fish_wsclose_using_subcommand completions",
        shells.collect(),
    );
    add("__fish_wsclose_needs_command", topics("explain").collect());
    add(
        &format!("__fish_wsclose_needs_command; and {is_behind_colon}"),
        codes_of_vendors(),
    );
    let _ = writeln!(
        script,
        "complete -c wsclose -n \"__fish_wsclose_needs_command\" -F"
    );
}

/// The codes of all vendors, as one types them, with what they say.
fn codes_of_vendors() -> Vec<(String, String)> {
    let entries = VENDORS.iter().flat_map(Registry::entries);
    let codes = entries.map(|entry| (entry.id(), entry.brief().to_string()));
    codes.filter(|(id, _)| !id.contains(' ')).collect()
}

/// Everything that completes as a topic of a command, with what it says in English. Implementations and
/// vendors as a whole can only be explained.
pub(super) fn topics(command: &str) -> impl Iterator<Item = (String, String)> {
    let implementations = implementations()
        .into_iter()
        .filter(move |_| command == "explain");
    let can_be = move |topic: &Topic| {
        command == "explain" || !matches!(topic, Topic::Cause(_) | Topic::Intermediary(_))
    };
    let topics = topic::all().filter(can_be).flat_map(|topic| {
        let id = topic.id();
        let title = topic.title();
        let by_name = match topic {
            // A name that a rule has too stands there once, as the rule's id.
            Topic::Code(code) => Some(slug(title.english()))
                .filter(|slug| rules::lookup(slug).is_none())
                .map(|slug| (slug, format!("{id}: {}", code.phrases.gist))),
            _ => None,
        };
        let says = match topic {
            Topic::Rule(rule) => match rule.closes_with {
                Some(code) => format!("{title}: {code} {}", name_of(code)),
                None => title.to_string(),
            },
            _ => format!("{title}: {}", topic.gist()),
        };
        std::iter::once((id, says)).chain(by_name)
    });
    let vendors = vendors().into_iter().filter(move |_| command == "explain");
    let protocols = protocols()
        .into_iter()
        .filter(move |_| command == "explain");
    topics
        .chain(implementations)
        .chain(vendors)
        .chain(protocols)
}

/// The protocols inside WebSocket that no implementation and no vendor has the id of, with their names.
fn protocols() -> Vec<(String, String)> {
    let is_taken = |id: &str| {
        field::implementations().any(|it| it.id() == id)
            || VENDORS.iter().any(|registry| registry.vendor == id)
    };
    let all = PROTOCOLS.iter().filter(|it| !is_taken(it.id));
    all.map(|it| (it.id.to_owned(), it.title.to_owned()))
        .collect()
}

/// The implementations with a page, with their names.
pub(super) fn implementations() -> Vec<(String, String)> {
    field::implementations()
        .map(|it| (it.id().to_owned(), it.name().to_owned()))
        .collect()
}

/// The intermediaries with a page, with their names.
pub(super) fn intermediaries() -> Vec<(String, String)> {
    let all = INTERMEDIARIES.iter();
    all.map(|it| (it.id.to_owned(), it.title.to_owned()))
        .collect()
}

/// The vendors whose codes are known, with their titles.
pub(super) fn vendors() -> Vec<(String, String)> {
    let vendors = VENDORS.iter();
    vendors
        .map(|it| (it.vendor.to_owned(), it.title.to_owned()))
        .collect()
}

/// Puts a line for each topic behind `opening`, which begins a command's block.
fn insert_behind(
    script: &mut String,
    taker: &str,
    opening: &str,
    line: impl Fn(&str, &str) -> String,
) {
    if let Some(at) = script.find(opening) {
        let lines: String = topics(taker).map(|(id, says)| line(&id, &says)).collect();
        script.insert_str(at + opening.len(), &lines);
    }
}

/// Text between single quotes, where a quote is written twice.
fn doubled(text: &str) -> String {
    text.replace('\'', "''")
}
