//! Logs from files and from standard input, read once.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::decoder::{Decoder, Refusal};
use super::reason;
use crate::cli::beside;
use crate::cli::interrupt::Interrupt;
use crate::escape::escape;
use crate::logline::scan::Scanner;
use crate::words::{Message, Value, say, text as words};

/// Standard input, until somebody reads it.
pub(super) type Stdin = Option<Box<dyn Read + Send>>;

/// How much is read at once. Larger blocks are not faster, and fall out of the cache.
pub(super) const BLOCK: usize = 256 * 1024;
/// How long a silent pipe is waited for before Ctrl-C is looked at.
const PATIENCE: Duration = Duration::from_millis(100);

/// Reads all logs, until the end or until Ctrl-C, and says which could not be read.
pub(super) fn all(
    files: &[PathBuf],
    stdin: &mut Stdin,
    scanner: &mut Scanner,
    interrupt: &Interrupt,
) -> Vec<Message> {
    let mut failures = Vec::new();
    for path in files {
        if interrupt.is_asked() {
            break;
        }
        scanner.begin_log(name(path).as_deref());
        if let Err(error) = one(path, stdin, scanner, interrupt) {
            failures.push(error);
        }
        scanner.end_log();
    }
    failures
}

/// The name of a log in what is shown of it; none for standard input.
pub(super) fn name(path: &Path) -> Option<String> {
    (path != Path::new("-")).then(|| path.to_string_lossy().into_owned())
}

/// The name of a log in a message.
pub(super) fn quoted_name(path: &Path) -> Value {
    match name(path) {
        Some(name) => Value::from(format!("`{}`", escape(&name))),
        None => Value::from(words!(cli.standard_input)),
    }
}

/// Opens a file.
pub(super) fn open(path: &Path) -> Result<File, Message> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    // A directory opens well and fails only when it is read.
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(say!(cli.log_is_a_directory, shown = quoted_name(path)));
    }
    Ok(file)
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Message {
    say!(
        cli.cannot_read_log,
        shown = quoted_name(path),
        error = reason(error)
    )
}

/// Why a file is no log, and what to do with it.
pub(super) fn refused(path: &Path, refusal: Refusal) -> Message {
    let shown = quoted_name(path);
    match refusal {
        Refusal::Packed(program) => say!(cli.log_is_compressed, shown, program),
        Refusal::Capture => say!(cli.log_is_a_capture, shown),
        Refusal::Binary => say!(cli.log_is_binary, shown),
        Refusal::Damaged => say!(log.damaged, shown),
    }
}

fn one(
    path: &Path,
    stdin: &mut Stdin,
    scanner: &mut Scanner,
    interrupt: &Interrupt,
) -> Result<(), Message> {
    let mut decoder = Decoder::default();
    let refused = |refusal| refused(path, refusal);
    if path == Path::new("-") {
        let pipe = Pipe::open(stdin);
        while let Some(block) = pipe.next(interrupt) {
            let block = block.map_err(|error| unreadable(path, &error))?;
            let fed = decoder.feed(&block, &mut |text| scanner.feed(text));
            fed.map_err(refused)?;
        }
    } else {
        let mut file = open(path)?;
        let mut block = vec![0; BLOCK];
        while !interrupt.is_asked() {
            let length = match file.read(&mut block) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(path, &error)),
            };
            let read = block.get(..length).unwrap_or_default();
            let fed = decoder.feed(read, &mut |text| scanner.feed(text));
            fed.map_err(refused)?;
        }
    }
    let finished = decoder.finish(&mut |text| scanner.feed(text));
    // Where somebody stopped it, the end is missing for that.
    match interrupt.is_asked() {
        true => Ok(()),
        false => finished.map_err(refused),
    }
}

/// Standard input, read by a thread of its own, so that Ctrl-C is seen while it is silent.
pub(super) struct Pipe {
    blocks: beside::Blocks,
}

/// What came of a pipe.
pub(super) enum Came {
    Block(io::Result<beside::Block>),
    Nothing,
    End,
}

impl Pipe {
    /// Begins to read. Who names standard input twice finds nothing the second time.
    pub(super) fn open(stdin: &mut Stdin) -> Self {
        let stdin = stdin.take().unwrap_or_else(|| Box::new(io::empty()));
        let blocks = beside::read(stdin, BLOCK, 2);
        Pipe { blocks }
    }

    /// Waits a little for what comes.
    pub(super) fn wait(&self) -> Came {
        match self.blocks.recv_timeout(PATIENCE) {
            Ok(block) => Came::Block(block),
            Err(RecvTimeoutError::Timeout) => Came::Nothing,
            Err(RecvTimeoutError::Disconnected) => Came::End,
        }
    }

    /// The next block; `None` at the end, or on Ctrl-C.
    fn next(&self, interrupt: &Interrupt) -> Option<io::Result<beside::Block>> {
        while !interrupt.is_asked() {
            match self.wait() {
                Came::Block(block) => return Some(block),
                Came::Nothing => {}
                Came::End => return None,
            }
        }
        None
    }
}
