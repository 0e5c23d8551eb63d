//! `scan-log`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::bail;

use super::args::ScanLog;
use super::{Console, door, reason, registries};
use crate::escape::escape;
use crate::explain::{Explanation, explain_line};
use crate::logline::scan::{MOST_GROUPS, Scanner};
use crate::render::{json, text};
use crate::report::Status;
use crate::words::{Message, Value, say, text as words};

/// How much is read at once. Larger blocks are not faster, and fall out of the cache.
const BLOCK: usize = 256 * 1024;

/// Runs `scan-log`.
pub(super) fn scan(arguments: &ScanLog, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let mut scanner = Scanner::new(arguments.max_groups.unwrap_or(MOST_GROUPS))?;
    let mut failures = Vec::new();
    let stdin = [Path::new("-").to_owned()];
    let files = match arguments.files.as_slice() {
        [] if console.stdin_is_terminal => bail!(say!(cli.no_log_given)),
        [] => &stdin,
        files => files,
    };
    for path in files {
        let stdin = (path == Path::new("-")).then(|| console.stdin());
        if let Err(error) = scan_one(path, stdin, &mut scanner) {
            failures.push(error);
        }
        scanner.end_log();
    }
    let findings = scanner.finish();
    // Where nothing at all could be read there is nothing to say.
    if failures.len() < files.len() {
        let groups = findings.groups.iter();
        let explanations: Vec<Explanation> = groups
            .map(|group| explain_line(&group.reading, registries))
            .collect();
        let unread = arguments.unread;
        if console.as_json {
            let voice = console.voice;
            json::log::scanned(&findings, &explanations, unread, voice, console.out)?;
        } else {
            text::log::scanned(&findings, &explanations, unread, &mut console.page())?;
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

fn scan_one(
    path: &Path,
    stdin: Option<Box<dyn Read + Send>>,
    scanner: &mut Scanner,
) -> Result<(), Message> {
    let shown = if stdin.is_some() {
        Value::from(words!(cli.standard_input))
    } else {
        Value::from(format!("`{}`", escape(&path.to_string_lossy())))
    };
    let unreadable = |error: &io::Error| {
        say!(
            cli.cannot_read_log,
            shown = shown.clone(),
            error = reason(error)
        )
    };
    let mut log: Box<dyn Read> = if let Some(stdin) = stdin {
        stdin
    } else {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        // A directory opens well and fails only when it is read.
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(say!(cli.log_is_a_directory, shown));
        }
        Box::new(file)
    };
    let mut block = vec![0; BLOCK];
    let mut is_front = true;
    loop {
        let length = match fill(&mut *log, &mut block) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) => return Err(unreadable(&error)),
        };
        let read = block.get(..length).unwrap_or_default();
        if std::mem::take(&mut is_front) {
            if let Some(refusal) = not_text(read, &shown).or_else(|| of_another(read, &shown)) {
                return Err(refusal);
            }
        }
        scanner.feed(read);
    }
}

/// Fills a block as far as the input goes. A pipe gives little at a time.
fn fill(log: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = block.get_mut(filled..).filter(|room| !room.is_empty()) {
        match log.read(room) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What a file is that another command reads.
fn of_another(front: &[u8], shown: &Value) -> Option<Message> {
    let shown = shown.clone();
    match door::Content::of(front, false) {
        door::Content::Capture => Some(say!(cli.log_is_a_capture, shown)),
        door::Content::Frames if front.contains(&0) => Some(say!(cli.log_is_binary, shown)),
        _ => None,
    }
}

/// What a file is that is no text, and what makes one of it.
fn not_text(front: &[u8], shown: &Value) -> Option<Message> {
    const PACKED: [(&[u8], &str); 4] = [
        (b"\x1f\x8b", "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"BZh", "bzip2"),
    ];
    const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
    if UTF_16.iter().any(|mark| front.starts_with(mark)) {
        return Some(say!(cli.log_is_utf16, shown = shown.clone()));
    }
    let packed = PACKED.iter().find(|(magic, _)| front.starts_with(magic));
    packed.map(|(_, program)| say!(cli.log_is_compressed, shown = shown.clone(), program))
}
