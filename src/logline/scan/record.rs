//! What belongs together in a log: a line with the lines of its stack, its causes, or its object.

use crate::logline::Time;

use super::lines::backwards;
use super::view::View;

/// How many lines of a record are kept, and how many bytes.
const MOST_LINES: usize = 64;
const MOST_BYTES: usize = 16 * 1024;
/// How far before a line its head is sought.
pub(super) const LOOK_BACK: usize = 4096;
/// How many lines before a line its head is sought.
const MOST_BEFORE: usize = 40;

/// How lines begin that only go on with what stands before them.
const GOES_ON: [&str; 14] = [
    "Traceback (most",
    "Emitted '",
    "at ",
    "... ",
    "}",
    "]",
    ")",
    "--- End of",
    "stack backtrace:",
    "Stack backtrace:",
    "goroutine ",
    "note: run with",
    "Stacktrace:",
    "Stack trace:",
];

/// How lines begin that go on with what stands before them where that is an exception.
const GOES_ON_FROM_AN_EXCEPTION: [&str; 5] = [
    "Caused by",
    "caused by",
    "During handling of the above",
    "The above exception was",
    "Suppressed:",
];

/// A record that may go on.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) lines: Vec<String>,
    bytes: usize,
    /// The line that was found, among them.
    pub(super) found: usize,
    pub(super) time: Option<Time>,
    /// The number of the first line.
    pub(super) line: u64,
    indent: usize,
    is_stamped: bool,
    /// Whether a line of a stack has come.
    has_stack: bool,
}

impl Record {
    /// A record that begins with a line.
    pub(super) fn of(view: &View<'_>, line: u64) -> Self {
        Record {
            lines: vec![view.text.to_string()],
            bytes: view.text.len(),
            found: 0,
            time: view.time(),
            line,
            indent: view.indent(),
            is_stamped: view.is_stamped(),
            has_stack: false,
        }
    }

    /// Whether the next line belongs to it.
    pub(super) fn goes_on(&self, view: &View<'_>) -> bool {
        let text = view.text.trim();
        if text.is_empty() {
            return self.has_stack;
        }
        if self.is_stamped && view.is_stamped() {
            return false;
        }
        let has_failed = self.lines.first().is_some_and(|line| is_failure(line));
        let of_exception = GOES_ON_FROM_AN_EXCEPTION
            .iter()
            .any(|front| text.starts_with(front));
        let is_named = self.has_stack && !view.is_stamped() && names_an_exception(text);
        view.indent() > self.indent || begins_so(text) || has_failed && (of_exception || is_named)
    }

    /// Takes the next line. Of a long record the end is only passed over.
    pub(super) fn take(&mut self, view: &View<'_>) {
        self.has_stack |= view.indent() > self.indent || begins_so(view.text.trim());
        // A frame names places of a program, and nothing that happened.
        if is_frame(&view.text) {
            return;
        }
        if self.lines.len() < MOST_LINES && self.bytes < MOST_BYTES {
            self.bytes += view.text.len();
            self.lines.push(view.text.to_string());
        }
    }

    /// Puts what belongs before it in front of it: of an indented line the line that is less so, of the
    /// end of a stack the time of its beginning.
    pub(super) fn look_back(&mut self, before: &[u8]) {
        let is_end_of_stack = backwards(before)
            .next()
            .is_some_and(|line| View::of(&line).indent() > self.indent);
        if self.indent == 0 && !is_end_of_stack {
            return;
        }
        self.has_stack |= is_end_of_stack;
        let mut front = Vec::new();
        let mut lines = 0;
        for line in backwards(before).take(MOST_BEFORE) {
            let view = View::of(&line);
            if view.text.trim().is_empty() {
                break;
            }
            let is_head =
                view.indent() < self.indent || is_end_of_stack && view.indent() <= self.indent;
            let is_head = is_head && !begins_so(view.text.trim());
            if is_head {
                self.time = self.time.take().or_else(|| view.time());
                self.is_stamped |= view.is_stamped();
            }
            if !is_frame(&view.text) {
                front.push(view.text.into_owned());
            }
            lines += 1;
            if is_head {
                self.has_stack = true;
                break;
            }
        }
        // What the lines of a stack before it say is not what it says.
        if is_end_of_stack {
            return;
        }
        front.reverse();
        self.found = front.len();
        self.line = self.line.saturating_sub(lines).max(1);
        self.bytes += front.iter().map(String::len).sum::<usize>();
        self.indent = front
            .first()
            .map_or(self.indent, |line| line.len() - line.trim_start().len());
        front.append(&mut self.lines);
        self.lines = front;
    }

    /// All of it as one line.
    pub(super) fn joined(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.trim()).collect();
        lines.join(" ")
    }
}

/// Whether a line says that something failed, so that causes may follow it.
fn is_failure(line: &str) -> bool {
    const WORDS: [&str; 9] = [
        "xception",
        "Traceback",
        "panic",
        "Unhandled",
        "ERROR",
        "Error",
        "error:",
        "failed",
        "FATAL",
    ];
    WORDS.iter().any(|word| line.contains(word))
}

/// Whether a line is a frame of a stack.
pub(super) fn is_frame(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("at ") || text.starts_with("File \"") || text.starts_with("... ")
}

fn begins_so(text: &str) -> bool {
    GOES_ON.iter().any(|front| text.starts_with(front))
}

/// Whether a line begins with the name of an exception: `websockets.exceptions.ConnectionClosedError: …`.
fn names_an_exception(text: &str) -> bool {
    const WORDS: [&str; 5] = ["Error", "Exception", "Closed", "Disconnect", "Timeout"];
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$' | ':');
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let name = text.get(..end).unwrap_or_default();
    (name.ends_with(':') || end == text.len()) && WORDS.iter().any(|word| name.contains(word))
}
