//! A long answer at a terminal, page by page.
//!
//! As git and bat do it: an answer that is taller than the screen goes through `$WSCLOSE_PAGER`, `$PAGER`
//! or `less -FRX`. Nothing goes through it into a pipe or a file.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::process::{Child, Command, Stdio};

use unicode_width::UnicodeWidthStr;

use super::color::is_dumb;

/// What `less` does where neither LESS nor a pager of the user's says otherwise: end at once where all fits,
/// show colours, and leave the text on the screen.
const LESS: &str = "FRX";

/// The program that shows long answers, and how much the screen holds without it.
#[derive(Clone, Debug)]
pub struct Pager {
    rows: usize,
    columns: usize,
    /// The user's own; `less` without one.
    command: Option<String>,
    is_less_set: bool,
}

impl Pager {
    /// The pager for a screen of so many columns and rows, by what `variable` says of the environment.
    /// `None` where it is turned off: by an empty value, by `cat`, or by a terminal that cannot move.
    pub fn of(
        (columns, rows): (usize, usize),
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        if is_dumb(variable("TERM").as_deref()) || rows == 0 || columns == 0 {
            return None;
        }
        let command = variable("WSCLOSE_PAGER").or_else(|| variable("PAGER"));
        let command = command.map(|command| command.to_string_lossy().trim().to_owned());
        if command
            .as_deref()
            .is_some_and(|it| it.is_empty() || it == "cat")
        {
            return None;
        }
        Some(Pager {
            rows,
            columns,
            command,
            is_less_set: variable("LESS").is_some(),
        })
    }

    /// Whether a text is taller than the screen, on which the next prompt stands too.
    fn is_needed(&self, text: &str) -> bool {
        let mut rows = 1;
        text.lines().any(|line| {
            rows += line_width(line).div_ceil(self.columns).max(1);
            rows > self.rows
        })
    }

    fn start(&self) -> io::Result<Child> {
        let mut command = match &self.command {
            Some(command) => by_shell(command),
            None => Command::new("less"),
        };
        if !self.is_less_set {
            command.env("LESS", LESS);
        } else if self.command.is_none() {
            // The user's options lack it for the sake of other texts; this one has colours.
            command.arg("-R");
        }
        command.stdin(Stdio::piped()).spawn()
    }

    /// Shows a text, and waits until its reader has seen enough. Whether it was shown.
    fn show(&self, text: &[u8]) -> bool {
        leave_ctrl_c();
        let Ok(mut pager) = self.start() else {
            return false;
        };
        // A reader who leaves early has seen enough.
        let written = pager.stdin.take().map(|mut stdin| stdin.write_all(text));
        let is_read = !matches!(written, Some(Err(error)) if error.kind() != ErrorKind::BrokenPipe);
        // A shell says with 126 and 127 that there is no such program, or none that runs.
        let status = pager.wait();
        is_read && status.is_ok_and(|status| !matches!(status.code(), Some(126 | 127)))
    }
}

/// A command as a person writes it: with options it is for the shell to take apart.
#[cfg(unix)]
fn by_shell(text: &str) -> Command {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+".contains(letter);
    if text.chars().all(is_plain) {
        return Command::new(text);
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(text);
    command
}

/// A command as a person writes it: its words.
#[cfg(not(unix))]
fn by_shell(text: &str) -> Command {
    let mut words = text.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// The columns of a line, without the escapes that colour it.
fn line_width(line: &str) -> usize {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().map_or(0, |part| part.width());
    let behind = parts.map(|part| part.split_once('m').map_or(0, |(_, text)| text.width()));
    first + behind.sum::<usize>()
}

/// Holds an answer back until it is whole, then shows it: by the pager where it is taller than the screen.
pub(super) struct Paged<'a> {
    out: &'a mut dyn Write,
    pager: &'a Pager,
    held: Vec<u8>,
}

impl<'a> Paged<'a> {
    pub(super) fn new(out: &'a mut dyn Write, pager: &'a Pager) -> Self {
        let held = Vec::new();
        Paged { out, pager, held }
    }
}

impl Write for Paged<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Whoever flushes is at the end of the answer, or says something behind it.
    fn flush(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        if self.pager.is_needed(&String::from_utf8_lossy(&held)) {
            self.out.flush()?;
            if self.pager.show(&held) {
                return Ok(());
            }
        }
        // What no pager shows is shown all the same.
        self.out.write_all(&held)?;
        self.out.flush()
    }
}

/// Ctrl-C is for the pager. Who starts it must not end before it.
#[cfg(not(target_family = "wasm"))]
fn leave_ctrl_c() {
    let ignored = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, ignored);
}

/// In a browser there is neither.
#[cfg(target_family = "wasm")]
fn leave_ctrl_c() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> Option<Pager> {
        Pager::of((10, 4), |name| {
            let (_, value) = set.iter().find(|(known, _)| *known == name)?;
            Some(OsString::from(value))
        })
    }

    #[test]
    fn an_empty_value_and_cat_turn_it_off() {
        assert!(of(&[]).is_some());
        for off in ["", " ", "cat"] {
            assert!(of(&[("PAGER", off)]).is_none(), "{off:?}");
            assert!(of(&[("PAGER", "less"), ("WSCLOSE_PAGER", off)]).is_none());
        }
        let own = of(&[("PAGER", "cat"), ("WSCLOSE_PAGER", "most")]);
        assert_eq!(own.and_then(|it| it.command).as_deref(), Some("most"));
        assert!(of(&[("TERM", "dumb")]).is_none());
    }

    #[test]
    fn what_fits_needs_no_pager() {
        let pager = of(&[]).expect("it is on");
        assert!(!pager.is_needed("one\ntwo\nthree\n"));
        assert!(pager.is_needed("one\ntwo\nthree\nfour\n"));
        assert!(!pager.is_needed(&"\u{1b}[1m0123456789\u{1b}[0m\n".repeat(3)));
        assert!(pager.is_needed("0123456789a\ntwo\nthree\n"), "two rows");
        assert!(pager.is_needed("ที่ที่ที่ที่ที่ที่ที่ที่ที่ที่ที่\n\n\n"), "wide in columns");
    }

    #[test]
    fn a_pager_that_does_not_exist_loses_nothing() {
        for missing in ["/nonexistent/pager", "/nonexistent/pager -x 2>/dev/null"] {
            let pager = of(&[("PAGER", missing)]).expect("it is on");
            let mut out = Vec::new();
            let mut paged = Paged::new(&mut out, &pager);
            let text = b"line\n".repeat(1000);
            paged.write_all(&text).expect("it is held");
            paged.flush().expect("memory can be written to");
            assert_eq!(out, text, "{missing}");
        }
    }
}
