//! `scan-log`.

mod decoder;
mod follow;
mod source;

use crate::cli::interrupt::Interrupt;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::bail;

use super::args::ScanLog;
use super::{Console, reason, registries};
use crate::escape::escape;
use crate::explain::{ExplainedGroup, explain_group, explain_line};
use crate::facts::field::timers;
use crate::facts::registry::Registries;
use crate::logline::Time;
use crate::logline::scan::{MOST_GROUPS, Scanner, Span};
use crate::render::{json, text};
use crate::report::Status;
use crate::words::say;

/// Runs `scan-log`.
pub(super) fn scan(arguments: &ScanLog, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let mut scanner = Scanner::new(arguments.max_groups.unwrap_or(MOST_GROUPS))?;
    scanner.only(span(arguments)?);
    let stdin = [Path::new("-").to_owned()];
    let files = match arguments.files.as_slice() {
        [] if console.stdin_is_terminal => bail!(say!(cli.no_log_given)),
        [] => &stdin,
        files => files,
    };
    let reads_stdin = files.iter().any(|path| path == Path::new("-"));
    let mut stdin = reads_stdin.then(|| console.stdin());
    let interrupt = Interrupt::watch();
    let mut news = News {
        registries,
        told: 0,
        is_wanted: arguments.follow,
    };
    let failures = match arguments.follow {
        true => follow::all(
            files,
            &mut stdin,
            &mut scanner,
            &interrupt,
            &mut |scanner: &mut Scanner| news.tell(scanner, console),
        )?,
        false => source::all(files, &mut stdin, &mut scanner, &interrupt),
    };
    let findings = scanner.finish();
    // Where nothing at all could be read there is nothing to say.
    if failures.len() < files.len() || findings.lines > 0 {
        let groups = findings.groups.iter();
        let explained: Vec<ExplainedGroup> = groups
            .map(|group| explain_group(group, registries))
            .collect();
        let unread = arguments.unread;
        if console.as_json {
            let voice = console.voice;
            json::log::scanned(&findings, &explained, unread, voice, console.out)?;
        } else {
            text::log::scanned(&findings, &explained, unread, &mut console.page())?;
        }
    }
    for error in &failures {
        console.refuse(error)?;
    }
    Ok(match (failures.is_empty(), findings.is_clean()) {
        (false, _) => Status::NoAnswer,
        (true, true) => Status::Fine,
        (true, false) => Status::Findings,
    })
}

/// The kinds of closes that were not told yet.
struct News {
    registries: Registries,
    told: usize,
    is_wanted: bool,
}

impl News {
    fn tell(&mut self, scanner: &mut Scanner, console: &mut Console<'_>) -> io::Result<()> {
        let groups = &scanner.so_far().groups;
        if !self.is_wanted || groups.len() == self.told {
            return Ok(());
        }
        for group in groups.iter().skip(self.told) {
            let explanation = explain_line(&group.reading, self.registries);
            if console.as_json {
                let voice = console.voice;
                json::log::appeared(group, &explanation, voice, console.out)?;
            } else {
                text::log::appeared(group, &explanation, &mut console.page())?;
            }
        }
        self.told = groups.len();
        console.out.flush()
    }
}

/// From when to when closes count.
fn span(arguments: &ScanLog) -> anyhow::Result<Span> {
    let bound = |option: &'static str, given: &Option<String>| match given {
        None => Ok(None),
        Some(given) => match moment(given) {
            Some(time) => Ok(Some(time)),
            None => bail!(say!(log.bad_time, given = escape(given), option)),
        },
    };
    Ok(Span {
        since: bound("--since", &arguments.since)?,
        until: bound("--until", &arguments.until)?,
    })
}

/// The time that somebody typed: of any form that logs have, shortened, or so long ago.
fn moment(given: &str) -> Option<Time> {
    let given = given.trim();
    let is_ago = given.ends_with(|last: char| last.is_ascii_alphabetic());
    if let Some(ago) = timers::duration(given).filter(|_| is_ago) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let seconds = i64::try_from(now.checked_sub(ago)?.as_secs()).ok()?;
        return Some(Time::at_seconds(seconds));
    }
    let whole = |text: &str| Time::of(text).filter(|time| time.text.len() == text.len());
    Time::of_number(given)
        .or_else(|| whole(given))
        .or_else(|| whole(&format!("{given}:00")))
        .or_else(|| whole(&format!("{given}T00:00:00")))
}
