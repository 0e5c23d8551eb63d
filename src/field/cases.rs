//! The cases: what was done to an implementation to see what it does.
//!
//! `build.rs` reads the tables with this file too, so it knows nothing of the rest of the crate.

/// The part of a row that a case belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// A Close frame is received.
    Close,
    /// Bytes that break a rule are received.
    Fault,
    /// The application closes.
    Send,
    /// TCP ends without a Close.
    End,
    /// Time, signals and errors of the application.
    Life,
    /// What a proxy does between two ends.
    Proxy,
}

impl Section {
    /// The word for it in the tables and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Section::Close => "close",
            Section::Fault => "fault",
            Section::Send => "send",
            Section::End => "end",
            Section::Life => "life",
            Section::Proxy => "proxy",
        }
    }
}

/// One thing that was done to every implementation.
#[derive(Debug)]
pub struct Case {
    /// The part of a row that it belongs to.
    pub section: Section,
    /// The word for it in the tables: a code, or a name.
    pub id: &'static str,
    /// The rule that it breaks, where it breaks one.
    pub rule: Option<&'static str>,
    /// What was done, in a few words.
    pub what: &'static str,
}

const fn case(section: Section, id: &'static str, what: &'static str) -> Case {
    Case {
        section,
        id,
        rule: None,
        what,
    }
}

const fn breaks(id: &'static str, rule: &'static str, what: &'static str) -> Case {
    Case {
        section: Section::Fault,
        id,
        rule: Some(rule),
        what,
    }
}

const fn code(section: Section, id: &'static str) -> Case {
    case(section, id, "")
}

use Section::{Close, End, Fault, Life, Proxy, Send};

/// All cases: the columns of the matrix, in this order.
pub static CASES: &[Case] = &[
    case(Close, "empty", "a Close without a code"),
    case(Close, "one-byte", "a Close with half a code"),
    code(Close, "0"),
    code(Close, "999"),
    code(Close, "1000"),
    code(Close, "1001"),
    code(Close, "1002"),
    code(Close, "1003"),
    code(Close, "1004"),
    code(Close, "1005"),
    code(Close, "1006"),
    code(Close, "1007"),
    code(Close, "1008"),
    code(Close, "1009"),
    code(Close, "1010"),
    code(Close, "1011"),
    code(Close, "1012"),
    code(Close, "1013"),
    code(Close, "1014"),
    code(Close, "1015"),
    code(Close, "1016"),
    code(Close, "1100"),
    code(Close, "2000"),
    code(Close, "2999"),
    code(Close, "3000"),
    code(Close, "3003"),
    code(Close, "3999"),
    code(Close, "4000"),
    code(Close, "4999"),
    code(Close, "5000"),
    code(Close, "65535"),
    case(
        Close,
        "bad-utf8-reason",
        "a Close with a reason that is not UTF-8",
    ),
    breaks(
        "text-not-utf8",
        "text-not-utf8",
        "a text message that is not UTF-8",
    ),
    breaks("reserved-data-opcode", "reserved-opcode", "opcode 3"),
    breaks("reserved-control-opcode", "reserved-opcode", "opcode 11"),
    breaks("rsv1", "reserved-bits", "RSV1 without an extension"),
    breaks("rsv2", "reserved-bits", "RSV2"),
    case(
        Fault,
        "wrong-masking",
        "wrong masking (none from a client, or one from a server)",
    ),
    breaks(
        "fragmented-ping",
        "fragmented-control-frame",
        "a fragmented ping",
    ),
    breaks(
        "ping-of-126",
        "control-frame-too-long",
        "a ping of 126 bytes",
    ),
    breaks(
        "continuation-without-start",
        "continuation-without-start",
        "a continuation without a start",
    ),
    breaks(
        "text-inside-fragments",
        "data-frame-inside-message",
        "a new message inside a fragmented one",
    ),
    breaks(
        "non-minimal-length",
        "non-minimal-length",
        "a length in more bytes than it needs",
    ),
    breaks(
        "length-top-bit",
        "length-top-bit-set",
        "a length with its top bit set",
    ),
    case(Fault, "length-2-40", "a frame that announces 2^40 bytes"),
    breaks(
        "message-too-big",
        "message-too-big",
        "a message above its limit",
    ),
    case(
        Fault,
        "close-inside-fragments",
        "a Close 1000 inside a fragmented message, which is legal",
    ),
    breaks(
        "data-after-close",
        "frame-after-close",
        "data behind a Close 1000",
    ),
    case(Send, "no-code", "close() without a code"),
    code(Send, "1000"),
    code(Send, "1001"),
    code(Send, "1002"),
    code(Send, "1005"),
    code(Send, "1006"),
    code(Send, "1011"),
    code(Send, "1012"),
    code(Send, "1014"),
    code(Send, "1015"),
    code(Send, "3000"),
    code(Send, "4000"),
    code(Send, "5000"),
    case(Send, "reason-of-124", "a reason of 124 bytes, one too many"),
    case(End, "fin", "TCP ends (FIN) without a Close"),
    case(End, "reset", "TCP is reset (RST)"),
    case(End, "fin-inside-frame", "TCP ends inside a frame"),
    case(
        Life,
        "handler-raises",
        "a handler of the application raises",
    ),
    case(Life, "sigterm", "the server gets SIGTERM"),
    case(Life, "sigint", "the server gets SIGINT"),
    case(
        Life,
        "ping-unanswered",
        "the other end is silent and answers no ping",
    ),
    case(
        Life,
        "ping-answered",
        "the other end is silent and answers pings",
    ),
    case(Life, "idle", "nothing is sent by either end"),
    case(Life, "close-unanswered", "its own Close is never answered"),
    case(Proxy, "backend-fin", "the backend ends TCP"),
    case(Proxy, "backend-reset", "the backend resets TCP"),
    case(Proxy, "backend-close-1012", "the backend closes with 1012"),
    case(
        Proxy,
        "idle-2s",
        "nothing is sent, and its timer is set to 2 s",
    ),
    case(
        Proxy,
        "idle-2s-client-pings",
        "only the client pings, and its timer is set to 2 s",
    ),
    case(
        Proxy,
        "bad-frame-from-client",
        "the client sends a broken frame",
    ),
    case(Proxy, "backend-403", "the backend refuses with 403"),
    case(
        Proxy,
        "backend-reset-before-101",
        "the backend resets before its answer",
    ),
    case(Proxy, "backend-silent", "the backend does not answer"),
    case(Proxy, "backend-down", "the backend cannot be reached"),
    case(Proxy, "reload", "the proxy is reloaded"),
    case(Proxy, "graceful-stop", "the proxy is stopped gracefully"),
    case(Proxy, "fast-stop", "the proxy is stopped"),
];
