//! The bytes of a capture, from a file or a pipe, and what takes them apart.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use anyhow::bail;

use crate::capture::file::{Block, CaptureFile, Damage};
use crate::capture::gzip::{self, Gunzip};
use crate::capture::tracker::Tracker;
use crate::cli::args::DecodeCapture;
use crate::cli::{Console, reason};
use crate::escape::escape;
use crate::session::Record;
use crate::words::say;

/// So much is read at a time.
const CHUNK: usize = 256 * 1024;
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
    let shown = escape(&path.to_string_lossy());
    let file = File::open(path).map_err(|error| {
        say!(
            cli.cannot_read_file,
            shown = shown.as_str(),
            error = reason(&error)
        )
    })?;
    let metadata = file.metadata().ok();
    if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir) {
        bail!(say!(cli.is_a_directory, shown));
    }
    let is_file = metadata.as_ref().is_some_and(std::fs::Metadata::is_file);
    Ok(Input {
        reader: Box::new(file),
        is_live: !is_file,
        length: metadata.filter(|_| is_file).map(|metadata| metadata.len()),
    })
}

/// Why reading stopped.
pub(super) enum Stop {
    HarTooLong,
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
    if !input.is_live {
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
    // A thread reads, so that what has ended is reported while the capture is silent.
    let (sender, receiver) = sync_channel::<io::Result<Vec<u8>>>(4);
    std::thread::spawn(move || {
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match input.reader.read(&mut chunk) {
                Ok(0) => return,
                Ok(count) => Ok(chunk.get(..count).unwrap_or_default().to_vec()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let is_over = read.is_err();
            if sender.send(read).is_err() || is_over {
                return;
            }
        }
    });
    loop {
        match receiver.recv_timeout(QUIET) {
            Ok(Ok(bytes)) => sink(Some(&bytes))?,
            Ok(Err(error)) => return Err(Stop::Read(error)),
            Err(RecvTimeoutError::Timeout) => sink(None)?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// Undoes compression, where there is some, and takes the capture apart.
pub(super) struct Decoder {
    pub(super) tracker: Tracker,
    file: CaptureFile,
    gunzip: Option<Gunzip>,
    /// The first bytes, until it is known whether they are compressed.
    beginning: Vec<u8>,
    has_begun: bool,
    damage: Option<Damage>,
}

impl Decoder {
    pub(super) fn new(tracker: Tracker) -> Self {
        Decoder {
            tracker,
            file: CaptureFile::new(),
            gunzip: None,
            beginning: Vec::new(),
            has_begun: false,
            damage: None,
        }
    }

    pub(super) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<(), Damage> {
        if !self.has_begun {
            self.beginning
                .extend_from_slice(bytes.get(..bytes.len().min(512)).unwrap_or_default());
            if self.beginning.len() < gzip::MAGIC.len() && bytes.len() < 512 {
                return Ok(());
            }
            self.has_begun = true;
            self.gunzip = self
                .beginning
                .starts_with(&gzip::MAGIC)
                .then(Gunzip::default);
            let held = self.beginning.len().saturating_sub(bytes.len().min(512));
            let held = self.beginning.get(..held).unwrap_or_default().to_vec();
            if !held.is_empty() {
                self.pass(&held, sink)?;
            }
        }
        self.pass(bytes, sink)
    }

    fn pass(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let Decoder {
            tracker,
            file,
            gunzip,
            damage,
            ..
        } = self;
        let mut read = |bytes: &[u8]| {
            file.blocks(bytes, |block| match block {
                Block::Packet(packet) => tracker.packet(&packet, sink),
                Block::Secrets(secrets) => {
                    tracker.secrets.log.feed(secrets);
                    tracker.secrets.log.finish();
                }
            })
        };
        let result = match gunzip {
            Some(gunzip) => gunzip.feed(bytes, read),
            None => read(bytes),
        };
        *damage = damage.or(result.err());
        result
    }

    /// Whether the input ended where it should. `None` inside: it was empty.
    pub(super) fn end(&self) -> Result<(), Option<Damage>> {
        if let Some(damage) = self.damage {
            return Err(Some(damage));
        }
        if self.beginning.is_empty() {
            return Err(None);
        }
        let unzipped = self.gunzip.as_ref().map_or(Ok(()), Gunzip::finish);
        self.file.finish().and(unzipped).map_err(Some)
    }
}
