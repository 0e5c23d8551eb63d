//! Several packet captures as one, in the order of time: files of a ring, or two interfaces.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::capture::file::{Block, CaptureFile, Damage, DamageKind, Link, Packet};
use crate::capture::recording;
use crate::capture::wrapping::Unwrapper;
use crate::cli::files;
use crate::escape::escape;
use crate::words::{Message, say};

/// So much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// Which of several files are read as one capture, and which each for itself.
pub(super) fn parted(files: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut seen = HashSet::new();
    // A packet counts once, however often its file is named.
    let is_new = |path: &&PathBuf| seen.insert(path.canonicalize().unwrap_or((*path).clone()));
    let all: Vec<PathBuf> = files.iter().filter(is_new).cloned().collect();
    let (joined, alone): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|path| is_packets(path));
    match joined.len() {
        2.. => (joined, alone),
        _ => (Vec::new(), all),
    }
}

/// Whether a file is a packet capture that can be read more than once.
fn is_packets(path: &Path) -> bool {
    let mut is_packets = false;
    let mut begun = Vec::new();
    if !path.is_file() {
        return false;
    }
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let mut unwrapper = Unwrapper::new();
    let mut chunk = vec![0; CHUNK];
    let count = file.read(&mut chunk).unwrap_or_default();
    let take = &mut |bytes: &[u8]| {
        begun.extend_from_slice(bytes);
        Ok(())
    };
    // What is wrong with it is said by who reads it.
    let _ = unwrapper.feed(chunk.get(..count).unwrap_or_default(), take);
    if recording::is_packets(&begun) {
        let mut capture = CaptureFile::new();
        is_packets = capture.feed(&begun, |_| {}).is_ok() && capture.is_known();
    }
    is_packets
}

/// A packet that waits for its turn.
struct Waiting {
    begins: usize,
    length: usize,
    at: u64,
    time: Option<i64>,
    link: Link,
    original_length: u32,
}

/// One of the files.
struct Source {
    path: PathBuf,
    open: Option<Open>,
    waiting: VecDeque<Waiting>,
    /// Their bytes.
    bytes: Vec<u8>,
    /// The time of the packet that came last.
    last: i64,
    fault: Option<Fault>,
    is_over: bool,
}

struct Open {
    file: File,
    unwrapper: Unwrapper,
    capture: CaptureFile,
}

/// What is wrong with a file.
pub(super) enum Fault {
    Damage(Damage),
    Unreadable(Message),
}

impl Source {
    fn new(path: PathBuf) -> Self {
        Source {
            path,
            open: None,
            waiting: VecDeque::new(),
            bytes: Vec::new(),
            last: i64::MIN,
            fault: None,
            is_over: false,
        }
    }

    /// The time of its next packet; `None` at its end.
    fn next_time(&mut self, read: &mut impl FnMut(u64)) -> Option<i64> {
        while self.waiting.is_empty() && !self.is_over {
            self.fill(read);
        }
        let first = self.waiting.front()?;
        self.last = first.time.unwrap_or(self.last);
        Some(self.last)
    }

    /// Lets go of the file until its turn comes: there may be more of them than can be open.
    fn close(&mut self) {
        self.open = None;
        self.waiting.clear();
        self.bytes = Vec::new();
        self.last = i64::MIN;
        self.is_over = false;
        self.fault = None;
    }

    fn fill(&mut self, read: &mut impl FnMut(u64)) {
        if let Err(error) = self.fill_from(read) {
            self.fault = Some(Fault::Unreadable(files::unreadable(&self.path, &error)));
            self.is_over = true;
        }
    }

    fn fill_from(&mut self, read: &mut impl FnMut(u64)) -> std::io::Result<()> {
        let open = match self.open.take() {
            Some(open) => open,
            None => Open {
                file: File::open(&self.path)?,
                unwrapper: Unwrapper::new(),
                capture: CaptureFile::new(),
            },
        };
        let Open {
            file,
            unwrapper,
            capture,
        } = self.open.insert(open);
        let (waiting, all) = (&mut self.waiting, &mut self.bytes);
        all.clear();
        let mut take = |bytes: &[u8]| {
            capture.blocks(bytes, |block| {
                let Block::Packet(packet) = block else {
                    return;
                };
                waiting.push_back(Waiting {
                    begins: all.len(),
                    length: packet.bytes.len(),
                    at: packet.at,
                    time: packet.time,
                    link: packet.link,
                    original_length: packet.original_length,
                });
                all.extend_from_slice(packet.bytes);
            })
        };
        let mut chunk = vec![0; CHUNK];
        let count = match file.read(&mut chunk) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            other => other?,
        };
        read(count as u64);
        let bytes = chunk.get(..count).unwrap_or_default();
        let mut result = match count {
            0 => {
                let (rest, end) = unwrapper.finish();
                take(&rest).and(end.map_or(Ok(()), Err))
            }
            _ => unwrapper.feed(bytes, &mut take),
        };
        if count == 0 {
            result = result.and_then(|()| capture.finish());
        }
        self.is_over = count == 0 || result.is_err();
        self.fault = result.err().map(Fault::Damage);
        if self.is_over {
            self.open = None;
        }
        Ok(())
    }
}

/// Reads files to `sink`, their packets in the order of time and numbered in it. `read` is told how much
/// was read. Gives what is wrong with which file.
///
/// # Errors
///
/// What `sink` says.
pub(super) fn read_all<E>(
    files: &[PathBuf],
    mut read: impl FnMut(u64),
    mut sink: impl FnMut(&Packet<'_>) -> Result<(), E>,
) -> Result<Vec<(PathBuf, Fault)>, E> {
    let mut sources: Vec<Source> = files.iter().cloned().map(Source::new).collect();
    let mut next = BinaryHeap::new();
    for (index, source) in sources.iter_mut().enumerate() {
        match source.next_time(&mut |_| {}) {
            Some(time) => {
                next.push(Reverse((time, index)));
                source.close();
            }
            None => read(0),
        }
    }
    let mut number = 0;
    while let Some(Reverse((_, index))) = next.pop() {
        let Some(source) = sources.get_mut(index) else {
            continue;
        };
        // It may have been closed, or changed, since it was looked at.
        if source.next_time(&mut read).is_none() {
            continue;
        }
        let Some(first) = source.waiting.pop_front() else {
            continue;
        };
        number += 1;
        let bytes = source.bytes.get(first.begins..first.begins + first.length);
        sink(&Packet {
            number,
            at: first.at,
            time: first.time,
            link: first.link,
            bytes: bytes.unwrap_or_default(),
            original_length: first.original_length,
        })?;
        if let Some(time) = source.next_time(&mut read) {
            next.push(Reverse((time, index)));
        }
    }
    let faults = sources.into_iter();
    Ok(faults
        .filter_map(|source| Some((source.path, source.fault?)))
        .collect())
}

/// Whether a file was cut, as whoever stops a live capture cuts its last packet.
pub(super) fn is_cut(fault: &Fault) -> bool {
    matches!(fault, Fault::Damage(damage) if damage.kind == DamageKind::Cut)
}

/// What is wrong with a file, in a line.
pub(super) fn said(path: &Path, fault: &Fault) -> Message {
    match fault {
        Fault::Unreadable(message) => message.clone(),
        Fault::Damage(damage) => {
            let file = escape(&path.to_string_lossy());
            say!(cli.of_file, file, what = damage.message())
        }
    }
}
