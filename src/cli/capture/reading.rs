//! The bytes of a capture, from a file or a pipe, and what takes them apart.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use anyhow::bail;

use crate::capture::file::{CaptureFile, Damage, DamageKind};
use crate::capture::gzip::{self, Gunzip};
use crate::capture::har::HarFile;
use crate::capture::tracker::{Totals, Tracker};
use crate::capture::zip::{self, Unzip};
use crate::cli::args::DecodeCapture;
use crate::cli::{Console, reason};
use crate::escape::escape;
use crate::session::{Options, Record, Source};
use crate::words::{Message, say};

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

pub(super) fn input(arguments: &DecodeCapture, console: &Console<'_>) -> anyhow::Result<Input> {
    let path = arguments
        .file
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let Some(path) = path else {
        if console.stdin_is_terminal {
            bail!(say!(cli.no_capture_given));
        }
        return Ok(Input {
            reader: Box::new(io::stdin()),
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

/// How the input is wrapped.
enum Wrapper {
    None,
    Gzip(Gunzip),
    Zip(Unzip),
}

/// What the input is, once its first bytes have told.
enum Inner {
    Unknown(Vec<u8>),
    Packets(Box<CaptureFile>),
    Har(Box<HarFile>),
}

/// Undoes compression, where there is some, and takes the capture apart.
pub(super) struct Decoder {
    pub(super) tracker: Tracker,
    options: Options,
    wrapper: Wrapper,
    inner: Inner,
    /// The first bytes, until it is known how they are wrapped.
    beginning: Vec<u8>,
    has_begun: bool,
    har_connections: u64,
    damage: Option<Damage>,
}

impl Decoder {
    pub(super) fn new(tracker: Tracker, options: Options) -> Self {
        Decoder {
            tracker,
            options,
            wrapper: Wrapper::None,
            inner: Inner::Unknown(Vec::new()),
            beginning: Vec::new(),
            has_begun: false,
            har_connections: 0,
            damage: None,
        }
    }

    pub(super) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// What it came to so far.
    pub(super) fn totals(&self) -> Totals {
        match self.inner {
            Inner::Har(_) => Totals {
                source: Source::Har,
                reported: self.har_connections,
                ..Totals::default()
            },
            _ => self.tracker.totals(),
        }
    }

    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<(), Damage> {
        if !self.has_begun {
            self.beginning
                .extend_from_slice(bytes.get(..bytes.len().min(512)).unwrap_or_default());
            if self.beginning.len() < zip::MAGIC.len() && bytes.len() < 512 {
                return Ok(());
            }
            self.has_begun = true;
            if self.beginning.starts_with(&gzip::MAGIC) {
                self.wrapper = Wrapper::Gzip(Gunzip::default());
            } else if self.beginning.starts_with(&zip::MAGIC) {
                self.wrapper = Wrapper::Zip(Unzip::default());
            }
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
            options,
            wrapper,
            inner,
            har_connections,
            damage,
            ..
        } = self;
        let mut read = |bytes: &[u8]| {
            let begun;
            let mut bytes = bytes;
            if let Inner::Unknown(held) = inner {
                held.extend_from_slice(bytes);
                let Some(is_har) = is_har(held) else {
                    return Ok(());
                };
                begun = std::mem::take(held);
                bytes = &begun;
                *inner = match is_har {
                    true => Inner::Har(Box::new(HarFile::new(*options))),
                    false => Inner::Packets(Box::default()),
                };
            }
            match inner {
                Inner::Packets(file) => file.feed(bytes, |packet| tracker.packet(&packet, sink)),
                Inner::Har(har) => {
                    har.feed(bytes, &mut |record| {
                        *har_connections += 1;
                        sink(record);
                    });
                    Ok(())
                }
                Inner::Unknown(_) => Ok(()),
            }
        };
        let result = match wrapper {
            Wrapper::Gzip(gunzip) => gunzip.feed(bytes, read),
            Wrapper::Zip(unzip) => unzip.feed(bytes, read),
            Wrapper::None => read(bytes),
        };
        *damage = damage.or(result.err());
        result
    }

    /// Whether the input ended where it should. `None` inside: it was empty.
    ///
    /// # Errors
    ///
    /// That it begins like a HAR file and is none.
    pub(super) fn end(&self) -> Result<Result<(), Option<Damage>>, Message> {
        let cut = |at| Damage {
            at,
            kind: DamageKind::Cut,
        };
        if let Inner::Har(har) = &self.inner {
            let is_whole = har.finish()?;
            let damage = self.damage.or((!is_whole).then(|| cut(har.at())));
            return Ok(damage.map_or(Ok(()), |damage| Err(Some(damage))));
        }
        if let Some(damage) = self.damage {
            return Ok(Err(Some(damage)));
        }
        if self.beginning.is_empty() {
            return Ok(Err(None));
        }
        let unwrapped = match &self.wrapper {
            Wrapper::None => Ok(()),
            Wrapper::Gzip(gunzip) => gunzip.finish(),
            Wrapper::Zip(unzip) => unzip.finish(),
        };
        let read = match &self.inner {
            Inner::Packets(file) => file.finish(),
            Inner::Har(_) => Ok(()),
            Inner::Unknown(_) => CaptureFile::new().finish(),
        };
        Ok(read.and(unwrapped).map_err(Some))
    }
}

/// Whether the input is JSON, which among captures only HAR files are. `None` while nothing tells.
fn is_har(bytes: &[u8]) -> Option<bool> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if bytes.len() < MARK.len() && MARK.starts_with(bytes) {
        return None;
    }
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii_start();
    match text.first() {
        None if bytes.len() < 4096 => None,
        first => Some(first == Some(&b'{')),
    }
}
