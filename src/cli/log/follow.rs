//! Logs that grow, read on as `tail -F` does: also where one is rotated, or cut.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::decoder::Decoder;
use super::source::{BLOCK, Came, Pipe, Stdin, name, open, refused, unreadable};
use crate::cli::interrupt::Interrupt;
use crate::logline::scan::{Log, Scanner};
use crate::words::Message;

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// What is done when something new may have been found.
type Tell<'t> = &'t mut dyn FnMut(&mut Scanner) -> io::Result<()>;

/// Follows all logs until Ctrl-C, and says which could not be read.
///
/// # Errors
///
/// Where what was found cannot be written.
pub(super) fn all(
    files: &[PathBuf],
    stdin: &mut Stdin,
    scanner: &mut Scanner,
    interrupt: &Interrupt,
    tell: Tell<'_>,
) -> io::Result<Vec<Message>> {
    let mut failures = Vec::new();
    let mut tails = Vec::new();
    for path in files {
        match Tail::open(path, stdin) {
            Ok(tail) => tails.push(tail),
            Err(error) => failures.push(error),
        }
    }
    while !tails.is_empty() && !interrupt.is_asked() {
        let mut has_grown = false;
        let mut at = 0;
        while let Some(tail) = tails.get_mut(at) {
            match tail.read(scanner, interrupt) {
                Ok(State::Grew) => has_grown = true,
                Ok(State::Same) => {}
                Ok(State::Over) => {
                    tails.remove(at);
                    continue;
                }
                Err(error) => {
                    failures.push(error);
                    tails.remove(at);
                    continue;
                }
            }
            at += 1;
        }
        tell(scanner)?;
        // A pipe is waited for where it is read.
        let waits = tails
            .iter()
            .all(|tail| matches!(tail.source, Source::File { .. }));
        if !has_grown && waits && !tails.is_empty() {
            std::thread::sleep(PAUSE);
        }
    }
    for tail in &mut tails {
        tail.end(scanner);
    }
    tell(scanner)?;
    Ok(failures)
}

/// A log that is followed.
struct Tail {
    path: PathBuf,
    source: Source,
    decoder: Decoder,
    log: Log,
    /// Whether all was counted that was read.
    is_settled: bool,
}

enum Source {
    File { file: File, at: u64 },
    Pipe(Pipe),
}

/// What became of a log.
enum State {
    Grew,
    Same,
    /// A pipe has ended.
    Over,
}

impl Tail {
    fn open(path: &Path, stdin: &mut Stdin) -> Result<Self, Message> {
        let source = match path == Path::new("-") {
            true => Source::Pipe(Pipe::open(stdin)),
            false => Source::File {
                file: open(path)?,
                at: 0,
            },
        };
        Ok(Tail {
            path: path.to_owned(),
            source,
            decoder: Decoder::default(),
            log: Log::new(name(path).as_deref()),
            is_settled: true,
        })
    }

    /// Reads what has come.
    fn read(&mut self, scanner: &mut Scanner, interrupt: &Interrupt) -> Result<State, Message> {
        scanner.turn_to(&mut self.log);
        let state = match self.source {
            Source::Pipe(_) => self.read_pipe(scanner),
            Source::File { .. } => self.read_file(scanner, interrupt),
        };
        if let Ok(State::Grew) = state {
            self.is_settled = false;
        } else if !self.is_settled {
            // Nothing more comes that tells the same.
            self.is_settled = true;
            scanner.settle();
        }
        scanner.turn_to(&mut self.log);
        state
    }

    fn read_pipe(&mut self, scanner: &mut Scanner) -> Result<State, Message> {
        let Source::Pipe(pipe) = &self.source else {
            return Ok(State::Same);
        };
        match pipe.wait() {
            Came::Nothing => Ok(State::Same),
            Came::Block(block) => {
                let block = block.map_err(|error| unreadable(&self.path, &error))?;
                self.take(&block, scanner)?;
                Ok(State::Grew)
            }
            Came::End => {
                let finished = self.decoder.finish(&mut |text| scanner.feed(text));
                scanner.end_log();
                finished.map_err(|refusal| refused(&self.path, refusal))?;
                Ok(State::Over)
            }
        }
    }

    fn read_file(
        &mut self,
        scanner: &mut Scanner,
        interrupt: &Interrupt,
    ) -> Result<State, Message> {
        let mut block = vec![0; BLOCK];
        let mut state = State::Same;
        while !interrupt.is_asked() {
            let Source::File { file, at } = &mut self.source else {
                break;
            };
            let length = match file.read(&mut block) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(&self.path, &error)),
            };
            *at += length as u64;
            self.take(block.get(..length).unwrap_or_default(), scanner)?;
            state = State::Grew;
        }
        if matches!(state, State::Same) && self.is_replaced(scanner) {
            state = State::Grew;
        }
        Ok(state)
    }

    fn take(&mut self, bytes: &[u8], scanner: &mut Scanner) -> Result<(), Message> {
        let fed = self.decoder.feed(bytes, &mut |text| scanner.feed(text));
        fed.map_err(|refusal| refused(&self.path, refusal))
    }

    /// Whether the file was cut, or another has its name now: then that is read from its front.
    fn is_replaced(&mut self, scanner: &mut Scanner) -> bool {
        let Source::File { file, at } = &mut self.source else {
            return false;
        };
        let Ok(old) = file.metadata() else {
            return false;
        };
        let is_cut = old.is_file() && old.len() < *at;
        // While it is being rotated it may have no name.
        let is_other = std::fs::metadata(&self.path).is_ok_and(|new| !is_same(&old, &new));
        let replaced = if is_other {
            File::open(&self.path).map(|new| *file = new).is_ok()
        } else {
            is_cut && file.seek(SeekFrom::Start(0)).is_ok()
        };
        if replaced {
            *at = 0;
            let _ = self.decoder.finish(&mut |text| scanner.feed(text));
            self.decoder = Decoder::default();
            scanner.begin_log(name(&self.path).as_deref());
        }
        replaced
    }

    fn end(&mut self, scanner: &mut Scanner) {
        scanner.turn_to(&mut self.log);
        let _ = self.decoder.finish(&mut |text| scanner.feed(text));
        scanner.end_log();
        scanner.turn_to(&mut self.log);
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where files have no number, a log is read on; that it was cut is seen all the same.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
