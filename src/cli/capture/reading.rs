//! The bytes of a capture, from a file or a pipe.

use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::capture::file::Damage;
use crate::cli::args::DecodeCapture;
use crate::cli::interrupt::Interrupt;
use crate::cli::{Console, beside, files};
use crate::words::say;

/// So much is read at a time: with less, the two threads wake each other too often.
const CHUNK: usize = 256 * 1024;
/// A thread is not worth its while for a file of so many bytes.
const SMALL: u64 = 1 << 20;
/// So long a live capture is silent before what has ended is reported.
const QUIET: Duration = Duration::from_millis(300);

/// Where the bytes come from.
pub(super) struct Input {
    reader: Box<dyn Read + Send>,
    /// Whether more may come later.
    pub(super) is_live: bool,
    pub(super) length: Option<u64>,
}

pub(super) fn input(arguments: &DecodeCapture, console: &mut Console<'_>) -> anyhow::Result<Input> {
    let path = arguments
        .file
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let Some(path) = path else {
        if console.stdin_is_terminal {
            bail!(say!(cli.no_capture_given));
        }
        return Ok(Input {
            reader: console.stdin(),
            is_live: true,
            length: None,
        });
    };
    let (file, length) = files::open(path)?;
    Ok(Input {
        reader: Box::new(file),
        is_live: length.is_none(),
        length,
    })
}

/// Why reading stopped.
pub(super) enum Stop {
    Read(io::Error),
    Write(io::Error),
    Damage,
}

impl From<Damage> for Stop {
    fn from(_: Damage) -> Self {
        Stop::Damage
    }
}

/// Reads the input to `sink`; `None` says that nothing has come for a while.
pub(super) fn pump(
    mut input: Input,
    mut sink: impl FnMut(Option<&[u8]>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let is_small =
        cfg!(target_family = "wasm") || input.length.is_some_and(|length| length <= SMALL);
    if is_small && !input.is_live {
        let mut chunk = vec![0; CHUNK];
        loop {
            match input.reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(count) => sink(chunk.get(..count))?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Read(error)),
            }
        }
    }
    let interrupt = input.is_live.then(Interrupt::watch);
    let mut asked = None;
    // A thread reads, so that what has ended is reported while the capture is silent, and that a file is
    // read while what came before is looked at: to copy it takes as long as to read its frames.
    let receiver = beside::read(input.reader, CHUNK, 2);
    loop {
        // Ctrl-C reaches what writes the pipe too: its last packets are waited for.
        if interrupt.as_ref().is_some_and(Interrupt::is_asked) {
            let since = *asked.get_or_insert_with(Instant::now);
            if since.elapsed() > QUIET {
                return Ok(());
            }
        }
        match receiver.recv_timeout(QUIET) {
            Ok(Ok(bytes)) => sink(Some(&bytes))?,
            Ok(Err(error)) => return Err(Stop::Read(error)),
            Err(RecvTimeoutError::Timeout) if input.is_live => sink(None)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}
