//! The completion scripts in real shells, at a terminal: a shell that is not installed is skipped with a word, or
//! fails with `PEERS=needed`.

#![cfg(unix)]

mod common;
#[path = "common/screen.rs"]
mod screen;

use std::path::{Path, PathBuf};
use std::process::Command;

use screen::Screen;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions")
}

/// A shell at a terminal in an empty folder; `None` where there is none.
fn shell(name: &str, arguments: &[&str]) -> Option<Screen> {
    if Command::new(name).arg("--version").output().is_err() {
        assert!(
            std::env::var_os("PEERS").is_none_or(|peers| peers != "needed"),
            "{name} is not installed"
        );
        eprintln!("{name} is not installed: skipped");
        return None;
    }
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shell-{name}"));
    std::fs::create_dir_all(&empty).expect("it can be made");
    let mut command = Command::new(name);
    common::bare(&mut command)
        .args(arguments)
        .current_dir(&empty)
        .env("HOME", &empty)
        .env("TERM", "dumb")
        .env("PS1", "> ")
        .env("XDG_CONFIG_HOME", &empty);
    Some(Screen::start(50, command))
}

/// What is typed, and what is then seen behind it.
const COMPLETED: [(&str, &str); 8] = [
    ("wsclose explain norm\t", "al-closure"),
    ("wsclose explain 1006 --fr\t", "om-api"),
    ("wsclose explain 1006 --from-api tungst\t", "enite"),
    ("wsclose explain herok\t", "u"),
    ("wsclose --color=alw\t", "ays"),
    ("wsclose help decode-fr\t", "ame"),
    ("wsclose twitch-eve\t", "ntsub"),
    ("wsclose explain discord-gateway:401\t\t", "4014"),
];

/// Types each line, and clears it again.
fn types(screen: &mut Screen, name: &str, lines: &[(&str, &str)]) {
    for (typed, behind) in lines {
        let begun = screen.seen.len();
        let (word, _) = typed.split_once('\t').unwrap_or_default();
        screen.press(typed);
        let is_list = typed.ends_with("\t\t");
        let wanted = match is_list {
            true => (*behind).to_owned(),
            false => format!("{}{behind}", word.rsplit(' ').next().unwrap_or_default()),
        };
        let is_seen = screen.waits(|seen| {
            seen.get(begun..)
                .is_some_and(|new| plain(new).contains(&wanted))
        });
        let new = plain(&screen.seen[begun..]);
        assert!(is_seen, "{name}: {typed:?}: {new:?}");
        if is_list {
            assert!(
                !new.contains("normal-closure"),
                "{name}: only the vendor's own: {new:?}"
            );
        }
        // Ctrl-U takes the line away.
        screen.press("\u{15}");
    }
}

/// What a terminal shows of it: without escapes, bells and what was drawn over.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                for next in letters.by_ref() {
                    if next.is_ascii_alphabetic() {
                        break;
                    }
                }
            }
            '\u{8}' => {
                out.pop();
            }
            '\u{7}' => {}
            letter => out.push(letter),
        }
    }
    out
}

#[test]
fn bash_completes() {
    let Some(mut screen) = shell("bash", &["--norc", "--noprofile", "-i"]) else {
        return;
    };
    let script = folder().join("wsclose.bash");
    screen.press(&format!(
        "bind 'set bell-style none'; source '{}'; echo 're''ady'\n",
        script.display()
    ));
    assert!(screen.shows("ready"), "{}", screen.seen);
    types(&mut screen, "bash", &COMPLETED);
}

#[test]
fn zsh_completes() {
    let Some(mut screen) = shell("zsh", &["-f", "-i"]) else {
        return;
    };
    let fpath = folder();
    screen.press(&format!(
        "unsetopt beep; PS1='> '; fpath=('{}' $fpath); autoload -U compinit; compinit -u -D; echo 're''ady'\n",
        fpath.display()
    ));
    assert!(screen.shows("ready"), "{}", screen.seen);
    types(&mut screen, "zsh", &COMPLETED);
}

#[test]
fn fish_completes() {
    let Some(mut screen) = shell("fish", &["--no-config", "-i"]) else {
        return;
    };
    let script = folder().join("wsclose.fish");
    screen.press(&format!("source '{}'; echo 're''ady'\n", script.display()));
    assert!(screen.shows("ready"), "{}", screen.seen);
    for (typed, behind) in COMPLETED {
        let line = typed.trim_end_matches('\t');
        let word = line.rsplit(' ').next().unwrap_or_default();
        let wanted = match typed.ends_with("\t\t") {
            true => format!("discord-gateway:{behind}"),
            false => format!("{word}{behind}"),
        };
        fish_offers(&mut screen, line, &wanted);
    }
    // What clap writes for fish offered files here.
    fish_offers(&mut screen, "wsclose --color ", "never");
    fish_offers(&mut screen, "wsclose 1006 --lang ", "fr");
    fish_offers(&mut screen, "wsclose completions ", "elvish");
}

/// Fish itself is asked for what it would offer: its screen is drawn over many times.
fn fish_offers(screen: &mut Screen, line: &str, wanted: &str) {
    let begun = screen.seen.len();
    // What is seen of one question may come while the next one is asked.
    screen.press(&format!("complete -C '{line}'; echo 'do''ne{begun}.'\n"));
    let last = format!("done{begun}.");
    let is_answered = screen.waits(|seen| {
        seen.get(begun..)
            .is_some_and(|new| plain(new).contains(&last))
    });
    let offered = plain(&screen.seen[begun..]);
    assert!(
        is_answered && offered.contains(wanted),
        "{line:?}: {offered:?}"
    );
}
