//! What the program does only at a terminal: long answers go through a pager.

#![cfg(unix)]

mod common;
#[path = "common/screen.rs"]
mod screen;

use std::process::Command;

use screen::Screen;

/// The program at a terminal of so many rows.
fn at_rows(rows: u16, set: &[(&str, &str)], arguments: &[&str]) -> Screen {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    common::bare(&mut command)
        .env("TERM", "xterm")
        .envs(set.iter().copied())
        .args(arguments);
    Screen::start(rows, command)
}

/// A pager that says what it was given in one line: how many lines, and the value of LESS.
const COUNTS: &str = "sh -c 'echo \"[paged $(wc -l | tr -d \" \") LESS=$LESS]\"'";

#[test]
fn an_answer_taller_than_the_screen_goes_through_the_pager() {
    for arguments in [
        &["explain", "1006"][..],
        &["1006"],
        &["compare", "1000", "1001"],
        &["list"],
    ] {
        let mut screen = at_rows(8, &[("PAGER", COUNTS)], arguments);
        assert_eq!(screen.ends(), Some(0), "{arguments:?}: {}", screen.seen);
        assert!(
            screen.seen.contains("[paged "),
            "{arguments:?}: {}",
            screen.seen
        );
        assert!(screen.seen.contains("LESS=FRX]"), "{}", screen.seen);
        assert!(!screen.seen.contains("1006 Abnormal"), "{}", screen.seen);
    }
}

#[test]
fn an_answer_that_fits_or_is_for_programs_does_not() {
    for (rows, arguments) in [
        (500, &["explain", "1006"][..]),
        (8, &["--no-pager", "1006"]),
        (8, &["explain", "1006", "--no-pager"]),
        (8, &["--json", "list"]),
        (8, &["--help"]),
        (8, &["completions", "bash"]),
    ] {
        let mut screen = at_rows(rows, &[("PAGER", COUNTS)], arguments);
        assert_eq!(screen.ends(), Some(0), "{arguments:?}");
        assert!(
            !screen.seen.contains("[paged "),
            "{arguments:?}: {}",
            screen.seen
        );
        assert!(screen.seen.len() > 500, "{arguments:?}: {}", screen.seen);
    }
}

#[test]
fn the_users_own_pager_counts_most_and_can_be_turned_off() {
    let own = [("WSCLOSE_PAGER", COUNTS), ("PAGER", "cat"), ("LESS", "-i")];
    let mut screen = at_rows(8, &own, &["1006"]);
    assert_eq!(screen.ends(), Some(0));
    assert!(screen.seen.contains("LESS=-i]"), "{}", screen.seen);
    for off in ["", "cat"] {
        let own = [("WSCLOSE_PAGER", off), ("PAGER", COUNTS)];
        let mut screen = at_rows(8, &own, &["1006"]);
        assert_eq!(screen.ends(), Some(0));
        assert!(screen.seen.contains("wsclose explain"), "{}", screen.seen);
        assert!(!screen.seen.contains("[paged "), "{}", screen.seen);
    }
}

#[test]
fn a_pager_that_cannot_run_loses_nothing() {
    let mut whole = at_rows(8, &[("PAGER", "")], &["1006"]);
    assert_eq!(whole.ends(), Some(0));
    for missing in ["/nonexistent/pager", "/nonexistent/pager -R 2>/dev/null"] {
        let mut screen = at_rows(8, &[("PAGER", missing)], &["1006"]);
        assert_eq!(screen.ends(), Some(0), "{missing}");
        assert_eq!(screen.seen, whole.seen, "{missing}");
    }
    // Neither is there a `less`.
    let mut screen = at_rows(8, &[("PATH", "/nonexistent")], &["1006"]);
    assert_eq!(screen.ends(), Some(0));
    assert_eq!(screen.seen, whole.seen);
}

#[test]
fn the_status_is_that_of_the_answer_whatever_the_pager_says() {
    // A reader who leaves after the first line, before all was written.
    let mut screen = at_rows(4, &[("PAGER", "sh -c 'head -n 1; exit 7'")], &["list"]);
    assert_eq!(screen.ends(), Some(0), "{}", screen.seen);
    let unknown = &["explain", "1006", "70000"];
    let mut screen = at_rows(4, &[("PAGER", "sh -c 'head -n 1'")], unknown);
    assert_eq!(screen.ends(), Some(2), "{}", screen.seen);
    let (answer, error) = (screen.seen.find("1006"), screen.seen.find("wsclose: 70000"));
    assert!(answer.is_some() && answer < error, "{}", screen.seen);
}

#[test]
fn q_leaves_less() {
    if Command::new("less").arg("--version").output().is_err() {
        eprintln!("less is not installed: skipped");
        return;
    }
    let mut screen = at_rows(10, &[], &["explain", "1006"]);
    assert!(screen.shows("1006"), "{}", screen.seen);
    // It waits at the end of the first screen; Ctrl-C is for `less`, and ends nothing.
    assert!(screen.shows(":\u{1b}[K"), "{}", screen.seen);
    screen.press("\u{3}");
    assert!(screen.press_until("G", "(END)"), "{}", screen.seen);
    screen.press("q");
    assert_eq!(screen.ends(), Some(0), "{}", screen.seen);
}

#[test]
fn colours_follow_the_environment_at_a_terminal() {
    let is_colored = |set: &[(&str, &str)]| {
        let mut screen = at_rows(500, set, &["explain", "1000"]);
        assert_eq!(screen.ends(), Some(0));
        screen.seen.contains("\u{1b}[1m")
    };
    assert!(is_colored(&[]));
    assert!(is_colored(&[("NO_COLOR", "")]));
    assert!(!is_colored(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]));
    assert!(!is_colored(&[("TERM", "dumb")]));
    assert!(is_colored(&[("TERM", "dumb"), ("FORCE_COLOR", "3")]));
    assert!(!is_colored(&[("TERM", "dumb"), ("CLICOLOR_FORCE", "0")]));
}
