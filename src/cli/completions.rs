//! Completion scripts.
//!
//! clap_complete writes them. For bash and zsh it also offers the values of
//! positional arguments; for fish, PowerShell and elvish it knows only options,
//! so the topics of `explain` and `compare` are put in here.

use std::fmt::Write;

use clap_complete::{Shell, generate};

use super::command;
use crate::facts::codes::name_of;
use crate::facts::field;
use crate::facts::intermediaries::INTERMEDIARIES;
use crate::facts::names::slug;
use crate::facts::registry::VENDORS;
use crate::rules;
use crate::topic::{self, Topic};

/// The commands whose arguments are topics.
const TAKES_TOPICS: [&str; 2] = ["explain", "compare"];

/// The completion script for a shell.
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command(), "wsclose", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    for taker in TAKES_TOPICS {
        match shell {
            Shell::Fish => add_to_fish(&mut script, taker),
            Shell::PowerShell => insert_behind(
                &mut script,
                taker,
                &format!("        'wsclose;{taker}' {{\n"),
                |id, says| {
                    let (id, says) = (doubled(id), doubled(says));
                    format!(
                        "            [CompletionResult]::new('{id}', '{id}', [CompletionResultType]::ParameterValue, '{says}')\n"
                    )
                },
            ),
            Shell::Elvish => insert_behind(
                &mut script,
                taker,
                &format!("        &'wsclose;{taker}'= {{\n"),
                |id, says| format!("            cand {id} '{}'\n", doubled(says)),
            ),
            _ => {}
        }
    }
    at_the_door(&mut script, shell);
    script
}

/// Without a command topics and files complete too.
fn at_the_door(script: &mut String, shell: Shell) {
    match shell {
        Shell::Bash => {
            let ids: Vec<String> = topics("explain").map(|(id, _)| id).collect();
            let ids = ids.join(" ");
            // What begins with a hyphen is an option; everything else may be a topic or a file.
            *script = script.replacen(
                "            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then\n",
                &format!(
                    "            if [[ ${{cur}} != -* && ${{COMP_CWORD}} -eq 1 ]] ; then\n                \
                     local topics=\"{ids}\"\n                \
                     COMPREPLY=( $(compgen -W \"${{opts}} ${{topics}}\" -- \"${{cur}}\") $(compgen -f -- \"${{cur}}\") )\n                \
                     return 0\n            fi\n            \
                     if [[ ${{cur}} == -* || ${{COMP_CWORD}} -eq 1 ]] ; then\n"
                ),
                1,
            );
        }
        Shell::Zsh => {
            let said = topics("explain").map(|(id, says)| {
                let says = says.replace('\'', "'\\''").replace(':', "\\:");
                format!("'{}:{says}' \\\n", id.replace(':', "\\:"))
            });
            let said: String = said.collect();
            let described = "    _describe -t commands 'wsclose commands' commands \"$@\"\n";
            *script = script.replacen(
                described,
                &format!(
                    "{described}    local topics; topics=(\n{said}    )\n    \
                     _describe -t topics 'topics' topics \"$@\"\n    _files\n"
                ),
                1,
            );
        }
        Shell::Fish => {
            for (id, says) in topics("explain") {
                let says = says.replace('\\', "\\\\").replace('\'', "\\'");
                // Writing to a `String` cannot fail.
                let _ = writeln!(
                    script,
                    "complete -c wsclose -n \"__fish_wsclose_needs_command\" -a \"{id}\" -d '{says}'"
                );
            }
            let _ = writeln!(
                script,
                "complete -c wsclose -n \"__fish_wsclose_needs_command\" -F"
            );
        }
        Shell::PowerShell => {
            insert_behind(script, "explain", "        'wsclose' {\n", |id, says| {
                let (id, says) = (doubled(id), doubled(says));
                format!(
                    "            [CompletionResult]::new('{id}', '{id}', [CompletionResultType]::ParameterValue, '{says}')\n"
                )
            })
        }
        Shell::Elvish => insert_behind(script, "explain", "        &'wsclose'= {\n", |id, says| {
            format!("            cand {id} '{}'\n", doubled(says))
        }),
        _ => {}
    }
}

/// Everything that completes as a topic of a command, with what it says in English. Implementations can only be
/// explained.
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
    topics.chain(implementations)
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

fn add_to_fish(script: &mut String, taker: &str) {
    for (id, says) in topics(taker) {
        let says = says.replace('\\', "\\\\").replace('\'', "\\'");
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            script,
            "complete -c wsclose -n \"__fish_wsclose_using_subcommand {taker}\" -f -a \"{id}\" -d '{says}'"
        );
    }
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
