//! The short texts that decide whether a line is looked at.

use aho_corasick::{AhoCorasick, BuildError};

/// What a log is looked through for: each needle has one of these in it, which a law checks.
///
/// They are few, because more than 64 cannot be sought all at once with vector instructions, and
/// such as other programs seldom write.
pub const ANCHORS: &[&str] = &[
    "ocket",
    " frame",
    "andshake",
    " opcode",
    " reserved ",
    "(code",
    "; then ",
    "D-- ",
    "=SHUTDOWN,",
    "1006",
    "isconnect",
    "nclose",
    "nClose",
    "ode: 1",
    "ode: 4",
    "ode=1",
    "ode=4",
    "ode 1",
    "loseStatus",
    "loseReason",
    "loseEvent {",
    "loseFrame {",
    "loseCode",
    "losecode",
    "lose_",
    "lose code",
    "lose status",
    "losed with",
    "code = ",
    " must be ",
    "\"code\":",
    "tion closed (",
    "closed uncleanly",
    "work with closed",
    "remote ",
    " received after clo",
    "tion rejected (",
    "pgrade",
    "while the page was",
    "t establish a con",
    "tion establishment",
    "Frame cannot be",
    " be clear",
    "tatus code",
    "ERROR: HS",
    "xpected server res",
    "contact server. S",
    "ayload size exceed",
    "essage size ",
    "essage too l",
    "No PONG",
    "read limited at",
    "new message but pre",
    "to 4999: rec",
    "UT0020",
    "CLOSE",
    "{:local, ",
    "wss:/",
    "T /ws",
    "/ws ",
    "pong",
    "TP 101",
    "imeout (",
    "{:remote, ",
];
/// The most bytes that one of them has; a law holds them to it.
pub const LONGEST_ANCHOR: usize = 24;

/// Words of the end of something, or of a failure: without one a line that has an anchor tells of no close.
/// A shape's needle stands for them.
const ENDINGS: &[&str] = &[
    "clos",
    "disconnect",
    "lost",
    "reset",
    "timeout",
    "timed out",
    "time out",
    "elapsed",
    "abort",
    "terminat",
    "error",
    "fail",
    "refus",
    "reject",
    "exception",
    "eof",
    "1006",
    "broken",
    "dropp",
    "unexpected",
    "invalid",
    "gone",
    "hang up",
    "hung up",
    "kill",
    "expired",
    "exceed",
    "too big",
    "too large",
    "too long",
    "denied",
    "unauthorized",
    "forbidden",
    "not respond",
    "no pong",
    "end of file",
    "shutdown",
    "shutting",
    "leav",
    "ended",
    "unreach",
    "declin",
    "denied",
    "block",
    "violat",
    "missing",
    "not found",
    "not allow",
    "not authoriz",
    "unauthoriz",
    "unsupported",
    "unable",
    "not using",
    "no pong",
    "receive pong",
    "expected",
    "\" 4",
    "\" 5",
    "status=4",
    "status=5",
];
/// Words of a connection's beginning.
const OPENINGS: &[&str] = &[
    "connected",
    "open",
    "accept",
    "establish",
    "handshake",
    "upgrad",
    "joined",
    "101",
];
/// Words of what goes over it.
const TRAFFIC: &[&str] = &[
    "messag", "recv", "receiv", "sent", "send", "ping", "pong", "frame", "data", "text",
];

/// Sorts lines that have an anchor by the words in them, before anything slow looks at one.
#[derive(Clone)]
pub(super) struct Gate {
    words: AhoCorasick,
}

/// What a line has words of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) ending: bool,
    pub(super) opening: bool,
    pub(super) traffic: bool,
}

impl Gate {
    pub(super) fn new() -> Result<Self, BuildError> {
        let words = ENDINGS.iter().chain(OPENINGS).chain(TRAFFIC);
        Ok(Gate {
            words: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(words)?,
        })
    }

    pub(super) fn marks(&self, line: &str) -> Marks {
        let mut marks = Marks::default();
        for found in self.words.find_overlapping_iter(line) {
            let at = found.pattern().as_usize();
            if at < ENDINGS.len() {
                marks.ending = true;
                return marks;
            }
            let is_opening = at < ENDINGS.len() + OPENINGS.len();
            marks.opening |= is_opening;
            marks.traffic |= !is_opening;
        }
        marks
    }
}
