//! The keys that a capture is read with: a key log that was named, and what a pcapng file holds itself.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::capture::Keys as Secrets;
use crate::capture::file::{Block, CaptureFile};
use crate::capture::gzip::{self, Gunzip};
use crate::cli::args::DecodeCapture;
use crate::cli::files;
use crate::escape::escape;
use crate::session::Record;
use crate::session::tls::KeysFound;
use crate::words::{Message, Value, say};

/// No key log is longer; one of a browser that ran for months is smaller.
const LONGEST: u64 = 1 << 30;
/// So much is read at a time.
const CHUNK: usize = 256 * 1024;

/// A key log that may grow while a live capture is read.
pub(super) struct Keys {
    log: Option<File>,
    is_live: bool,
}

impl Keys {
    /// Reads the key log that was given, and the keys that stand in the capture, wherever they do.
    pub(super) fn open(
        arguments: &DecodeCapture,
        files: &[PathBuf],
        secrets: &mut Secrets,
    ) -> anyhow::Result<Self> {
        let is_file = |path: &&PathBuf| path.as_path() != Path::new("-") && path.is_file();
        let files: Vec<&PathBuf> = files.iter().filter(is_file).collect();
        let mut keys = Keys {
            log: None,
            is_live: files.is_empty(),
        };
        if let Some(path) = &arguments.keylog {
            let (log, _) = files::open(path)?;
            keys.log = Some(log);
            keys.read(secrets)
                .map_err(|error| files::unreadable(path, &error))?;
            secrets.log.finish();
            secrets.is_given = true;
            if secrets.log.is_empty() && secrets.log.has_foreign() && !keys.is_live {
                let shown = escape(&path.to_string_lossy());
                bail!(say!(keylog.holds_none, shown));
            }
        }
        for path in files {
            // Whatever is wrong with the capture is said by who reads it.
            look_through(path, secrets).ok();
        }
        Ok(keys)
    }

    /// Reads what was written to the log since.
    pub(super) fn grow(&mut self, secrets: &mut Secrets) {
        if self.is_live {
            self.read(secrets).ok();
        }
    }

    fn read(&mut self, secrets: &mut Secrets) -> std::io::Result<()> {
        let Some(log) = &mut self.log else {
            return Ok(());
        };
        let mut chunk = vec![0; CHUNK];
        let mut left = LONGEST;
        loop {
            let count = log.read(&mut chunk)?;
            secrets.log.feed(chunk.get(..count).unwrap_or_default());
            left = left.saturating_sub(count as u64);
            if count == 0 || left == 0 {
                return Ok(());
            }
        }
    }
}

/// Looks for the keys in a capture: they may stand behind all packets.
fn look_through(path: &Path, secrets: &mut Secrets) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(path)?);
    let mut capture = CaptureFile::new();
    let mut gunzip = reader
        .fill_buf()?
        .starts_with(&gzip::MAGIC)
        .then(Gunzip::default);
    loop {
        let bytes = reader.fill_buf()?;
        let count = bytes.len();
        let mut read = |bytes: &[u8]| {
            capture.blocks(bytes, |block| {
                if let Block::Secrets(keys) = block {
                    secrets.log.feed(keys);
                    secrets.log.finish();
                }
            })
        };
        let result = match &mut gunzip {
            Some(gunzip) => gunzip.feed(bytes, read),
            None => read(bytes),
        };
        if count == 0 || result.is_err() || capture.may_hold_keys() == Some(false) {
            return Ok(());
        }
        reader.consume(count);
    }
}

/// That no key fits a connection that is encrypted.
pub(super) fn none_fits(record: &Record, index: u64, keylog: Option<&Path>) -> Option<Message> {
    let tls = record.tls.as_ref()?;
    let KeysFound::NoneFits(others) = tls.keys else {
        return None;
    };
    let file = escape(&keylog?.to_string_lossy());
    let random = hex::encode(tls.client_random?);
    let n = Value::Number(others);
    Some(say!(keylog.none_fits, n, file, index, random))
}
