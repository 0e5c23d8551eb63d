//! Rules about where the input ends.

use super::{Check, Example, Rule};
use crate::source::Source::Rfc6455;
use crate::words::{Case, Words};

/// The input ends inside a frame.
pub(super) static TRUNCATED_FRAME: Rule = Rule {
    id: "truncated-frame",
    title: "the input ends inside a frame",
    sources: &[Rfc6455("5.2"), Rfc6455("7.1.5")],
    closes_with: None,
    note: "the input ends {where}",
    example: Example::of("81 05 68 65"),
    words: Words {
        meaning: "The bytes stop before the frame does. If the connection really ended there, no Close frame came, and most libraries report 1006. \
                  No code stands for it.",
        cases: &[
            Case {
                cause: "Not all bytes were copied or captured.",
                fix: "Get the rest: a capture without a snap length, the whole paste.",
            },
            Case {
                cause: "The sender's process or connection ended in the middle of a message.",
                fix: "Look at that side's log for a crash or a kill at that time, and see `wsclose explain 1006`.",
            },
            Case {
                cause: "The length in the header is larger than what was written: a wrong count of bytes, often characters counted in place of bytes.",
                fix: "Sender: count the bytes of the encoded text.",
            },
        ],
    },
    check: Check::EndOfFrame,
};

/// The input ends inside a fragmented message.
pub(super) static UNFINISHED_MESSAGE: Rule = Rule {
    id: "unfinished-message",
    title: "the input ends inside a fragmented message",
    sources: &[Rfc6455("5.4")],
    closes_with: None,
    note: "the input ends inside the {sender}'s {opcode} message that began at {began} ({bytes} bytes so far)",
    example: Example::of("01 02 68 69"),
    words: Words {
        meaning: "A fragmented message has begun and its last frame, the one with FIN, is not in the input. The application of the receiver never sees such a message. \
                  A Close may stand inside a fragmented message; then nothing is missing, though python websockets answers it with 1002.",
        cases: &[
            Case {
                cause: "Not all bytes were copied or captured.",
                fix: "Get the rest of the stream.",
            },
            Case {
                cause: "The sender stopped in the middle: an error while it streamed, a crash.",
                fix: "Look at that side's log, and see `wsclose explain 1006`.",
            },
            Case {
                cause: "FIN is never set: a fault of the sender.",
                fix: "Sender: set FIN (80 hex in the first byte) on the last frame of each message.",
            },
        ],
    },
    check: Check::EndOfMessage,
};
