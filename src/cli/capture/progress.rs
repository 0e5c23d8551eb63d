//! How far a file has been read, on a terminal, once that takes longer than a second.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Says on a terminal how far a file has been read, once that takes longer than a second.
pub(super) struct Progress {
    length: Option<u64>,
    read: u64,
    began: Instant,
    said: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    pub(super) fn new(length: Option<u64>) -> Self {
        Progress {
            length: length.filter(|length| *length > 0 && io::stderr().is_terminal()),
            read: 0,
            began: Instant::now(),
            said: None,
            is_shown: false,
        }
    }

    pub(super) fn pass(&mut self, count: usize, err: &mut dyn Write) {
        self.read += count as u64;
        let Some(length) = self.length else {
            return;
        };
        let is_due = self
            .said
            .is_none_or(|said| said.elapsed() > Duration::from_millis(200));
        if self.began.elapsed() < Duration::from_secs(1) || !is_due {
            return;
        }
        self.said = Some(Instant::now());
        self.is_shown = true;
        let percent = self.read.min(length) * 100 / length;
        let _ = write!(err, "\r{percent:>3} % read");
        let _ = err.flush();
    }

    pub(super) fn clear(&mut self, err: &mut dyn Write) {
        if self.is_shown {
            let _ = write!(err, "\r{:12}\r", "");
            let _ = err.flush();
        }
    }
}
