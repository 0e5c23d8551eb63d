//! A screen with a program behind it, for what programs do only at a terminal.

#![allow(dead_code, reason = "no test file uses all of it")]

use std::io::{Read, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

/// Longer than any program here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program at a terminal, and what it has printed there.
pub(crate) struct Screen {
    pty: Pty,
    child: Child,
    pieces: Receiver<Vec<u8>>,
    /// All that was printed, with its escapes.
    pub(crate) seen: String,
}

impl Screen {
    /// Starts a program at a terminal of so many rows, 80 columns wide.
    pub(crate) fn start(rows: u16, command: std::process::Command) -> Self {
        let (pty, pts) = open().expect("there are pseudo-terminals");
        pty.resize(Size::new(rows, 80)).expect("it has a size");
        let child = Command::from(command).spawn(pts).expect("it starts");
        let reader = std::os::fd::AsFd::as_fd(&pty).try_clone_to_owned();
        let mut reader = std::fs::File::from(reader.expect("it can be read"));
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // Where the program has ended, reading fails.
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Screen {
            pty,
            child,
            pieces,
            seen: String::new(),
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).expect("it is read");
    }

    /// Waits until this is seen. Whether it was, in time.
    pub(crate) fn shows(&mut self, text: &str) -> bool {
        self.waits(|seen| seen.contains(text))
    }

    /// Waits until what is seen is as wished. Whether it was, in time.
    pub(crate) fn waits(&mut self, is_so: impl Fn(&str) -> bool) -> bool {
        self.waits_within(PATIENCE, is_so)
    }

    /// Presses keys until this is seen, again and again: a program may lose what is pressed while it
    /// minds a signal. Whether it was seen, in time.
    pub(crate) fn press_until(&mut self, keys: &str, text: &str) -> bool {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            self.press(keys);
            if self.waits_within(Duration::from_millis(500), |seen| seen.contains(text)) {
                return true;
            }
        }
        false
    }

    fn waits_within(&mut self, patience: Duration, is_so: impl Fn(&str) -> bool) -> bool {
        let until = Instant::now() + patience;
        while !is_so(&self.seen) {
            let left = until.saturating_duration_since(Instant::now());
            match self.pieces.recv_timeout(left) {
                Ok(piece) => self.seen += &String::from_utf8_lossy(&piece),
                Err(_) => return false,
            }
        }
        true
    }

    /// Waits until it ends: its exit status. All that it printed is then seen.
    pub(crate) fn ends(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("it was started") {
                Some(status) => break status.code(),
                None if Instant::now() > until => return None,
                // A terminal that nobody reads would stop it.
                None => self.take(Duration::from_millis(20)),
            }
        };
        self.take(Duration::from_millis(200));
        status
    }

    fn take(&mut self, patience: Duration) {
        while let Ok(piece) = self.pieces.recv_timeout(patience) {
            self.seen += &String::from_utf8_lossy(&piece);
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
