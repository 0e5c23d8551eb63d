//! Standard input that is looked at before anybody reads it.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::cli::beside;

/// So long a pipe that goes on is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// So much is read at a time.
const BLOCK: usize = 64 * 1024;

/// An input, and what was read of it already.
pub(in crate::cli) struct Held {
    front: Vec<u8>,
    rest: Blocks,
}

impl Held {
    /// Standard input.
    pub(super) fn of_stdin() -> Self {
        Held::of(Box::new(io::stdin()))
    }

    /// An input that can be read once.
    pub(super) fn of(reader: Box<dyn Read + Send>) -> Self {
        Held {
            front: Vec::new(),
            rest: Blocks::of(reader),
        }
    }

    /// Reads until there are more than so many bytes, the input ends, or it was waited for long enough. Gives
    /// whether it has ended.
    pub(super) fn look(&mut self, most: usize) -> io::Result<bool> {
        let since = Instant::now();
        while self.front.len() <= most {
            let left = PATIENCE.saturating_sub(since.elapsed());
            match self.rest.next(Some(left)) {
                Next::Block(block) => self.front.extend_from_slice(&block?),
                Next::End => return Ok(true),
                Next::Waiting => return Ok(false),
            }
        }
        Ok(false)
    }

    /// What was read of it.
    pub(super) fn front(&self) -> &[u8] {
        &self.front
    }

    /// All of it, from the beginning.
    pub(in crate::cli) fn reader(self) -> Box<dyn Read + Send> {
        Box::new(Cursor::new(self.front).chain(self.rest))
    }
}

/// The blocks of an input, which are read beside.
struct Blocks {
    blocks: beside::Blocks,
    /// A block that is being given out.
    current: Cursor<beside::Block>,
}

enum Next {
    Block(io::Result<beside::Block>),
    End,
    Waiting,
}

impl Blocks {
    fn of(reader: Box<dyn Read + Send>) -> Self {
        Blocks {
            blocks: beside::read(reader, BLOCK, 4),
            current: Cursor::default(),
        }
    }

    /// The next block, waited for no longer than that.
    fn next(&mut self, wait: Option<Duration>) -> Next {
        let received = match wait {
            Some(wait) => self.blocks.recv_timeout(wait),
            None => self
                .blocks
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(block) => Next::Block(block),
            Err(RecvTimeoutError::Disconnected) => Next::End,
            Err(RecvTimeoutError::Timeout) => Next::Waiting,
        }
    }
}

impl Read for Blocks {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.current.read(room)?;
            if count > 0 || room.is_empty() {
                return Ok(count);
            }
            match self.next(None) {
                Next::Block(block) => self.current = Cursor::new(block?),
                Next::End | Next::Waiting => return Ok(0),
            }
        }
    }
}
