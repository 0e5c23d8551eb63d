//! The bytes of a capture, from a file or a pipe, and what takes them apart.

use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use anyhow::bail;

use crate::capture::file::{Block, CaptureFile, Damage, Packet};
use crate::capture::gzip::{self, Gunzip};
use crate::capture::order::Order;
use crate::capture::tracker::{Totals, Tracker};
use crate::capture::zip::{self, Unzip};
use crate::cli::args::DecodeCapture;
use crate::cli::{Console, beside, files};
use crate::session::Record;
use crate::words::say;

/// So much is read at a time.
const CHUNK: usize = 128 * 1024;
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
    // A thread reads, so that what has ended is reported while the capture is silent, and that a file is
    // read while what came before is looked at: to copy it takes as long as to read its frames.
    let receiver = beside::read(input.reader, CHUNK, 2);
    loop {
        match receiver.recv_timeout(QUIET) {
            Ok(Ok(bytes)) => sink(Some(&bytes))?,
            Ok(Err(error)) => return Err(Stop::Read(error)),
            Err(RecvTimeoutError::Timeout) if input.is_live => sink(None)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// How the input is wrapped.
enum Wrapper {
    Undecided(Vec<u8>),
    None,
    Gzip(Gunzip),
    Zip(Unzip),
}

/// Undoes compression, where there is some.
pub(super) struct Unwrapper {
    wrapper: Wrapper,
    damage: Option<Damage>,
}

impl Unwrapper {
    pub(super) fn new() -> Self {
        Unwrapper {
            wrapper: Wrapper::Undecided(Vec::new()),
            damage: None,
        }
    }

    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let begun;
        let mut bytes = bytes;
        if let Wrapper::Undecided(held) = &mut self.wrapper {
            held.extend_from_slice(bytes);
            if held.len() < zip::MAGIC.len() {
                return Ok(());
            }
            begun = std::mem::take(held);
            bytes = &begun;
            self.wrapper = if begun.starts_with(&gzip::MAGIC) {
                Wrapper::Gzip(Gunzip::default())
            } else if begun.starts_with(&zip::MAGIC) {
                Wrapper::Zip(Unzip::default())
            } else {
                Wrapper::None
            };
        }
        let result = match &mut self.wrapper {
            Wrapper::Gzip(gunzip) => gunzip.feed(bytes, sink),
            Wrapper::Zip(unzip) => unzip.feed(bytes, sink),
            Wrapper::Undecided(_) | Wrapper::None => sink(bytes),
        };
        self.damage = self.damage.or(result.err());
        result
    }

    /// Ends it. Gives the bytes of an input that was too short to tell, and what is wrong with it.
    pub(super) fn finish(&mut self) -> (Vec<u8>, Option<Damage>) {
        let (rest, end) = match &mut self.wrapper {
            Wrapper::Undecided(held) => (std::mem::take(held), Ok(())),
            Wrapper::None => (Vec::new(), Ok(())),
            Wrapper::Gzip(gunzip) => (Vec::new(), gunzip.finish()),
            Wrapper::Zip(unzip) => (Vec::new(), unzip.finish()),
        };
        (rest, self.damage.or(end.err()))
    }
}

/// Takes a packet capture apart.
pub(super) struct Decoder {
    pub(super) tracker: Tracker,
    file: CaptureFile,
    order: Order,
    /// The first bytes.
    beginning: Vec<u8>,
    damage: Option<Damage>,
}

impl Decoder {
    pub(super) fn new(tracker: Tracker) -> Self {
        Decoder {
            tracker,
            file: CaptureFile::new(),
            order: Order::default(),
            beginning: Vec::new(),
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
        let room = 512usize.saturating_sub(self.beginning.len());
        let first = bytes.get(..bytes.len().min(room));
        self.beginning.extend_from_slice(first.unwrap_or_default());
        let Decoder {
            tracker,
            file,
            order,
            damage,
            ..
        } = self;
        let result = file.blocks(bytes, |block| match block {
            Block::Packet(packet) => {
                order.take(&packet, &mut |packets| tracker.packets(packets, sink))
            }
            Block::Secrets(secrets) => {
                tracker.secrets.log.feed(secrets);
                tracker.secrets.log.finish();
            }
        });
        *damage = damage.or(result.err());
        result
    }

    /// Takes a packet of several files.
    pub(super) fn packet(&mut self, packet: &Packet<'_>, sink: &mut impl FnMut(Box<Record>)) {
        let Decoder { tracker, order, .. } = self;
        order.take(packet, &mut |packets| tracker.packets(packets, sink));
    }

    /// Nothing has come for a while: nothing is waited for.
    pub(super) fn pause(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let Decoder { tracker, order, .. } = self;
        order.flush(&mut |packets| tracker.packets(packets, sink));
        tracker.pause(sink);
    }

    /// Takes the end.
    pub(super) fn finish(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let Decoder { tracker, order, .. } = self;
        order.flush(&mut |packets| tracker.packets(packets, sink));
        tracker.finish(sink);
    }

    /// The packets that were read.
    pub(super) fn packets(&self) -> u64 {
        self.file.packets()
    }

    /// What it came to.
    pub(super) fn totals(&self) -> Totals {
        Totals {
            reordered: self.order.done(),
            ..self.tracker.totals()
        }
    }

    /// Whether the input ended where it should. `None` inside: it was empty.
    pub(super) fn end(&self) -> Result<(), Option<Damage>> {
        if let Some(damage) = self.damage {
            return Err(Some(damage));
        }
        if self.beginning.is_empty() {
            return Err(None);
        }
        self.file.finish().map_err(Some)
    }
}
