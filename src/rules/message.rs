//! Rules about the order of frames and about the messages they make.

use super::{Check, Evidence, Example, Message, Rule, header::has_top_bit, opcode_word};
use crate::frame::Opcode;
use crate::source::Source::{Rfc6455, Rfc7692};
use crate::words::{Case, Words};

/// The rules that a header breaks by where it stands.
pub(super) static RULES: &[Rule] = &[
    // "A fragmented message consists of a single frame with the FIN bit clear and an opcode other than 0" (5.4)
    Rule {
        id: "continuation-without-start",
        title: "a continuation of nothing",
        sources: &[Rfc6455("5.4")],
        closes_with: Some(1002),
        note: "a continuation, and this end has no message open",
        example: Example::of("80 02 68 69"),
        words: Words {
            meaning: "A continuation frame (opcode 0) came though its end has no message open: none was begun, or the last one was already ended by a frame with FIN.",
            cases: &[
                Case {
                    cause: "The sender sets FIN on the first fragment, or opcode 0 on a frame that stands alone.",
                    fix: "Sender: first fragment with opcode 1 or 2 and without FIN, then opcode 0, FIN on the last.",
                },
                Case {
                    cause: "Two threads write messages to one connection and their fragments mix.",
                    fix: "Sender: let one writer send a whole message before the next begins.",
                },
                Case {
                    cause: "The input does not begin at the start of the connection.",
                    fix: "Decode from the first byte after the upgrade.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            (header.opcode == Opcode::Continuation && context.message == Message::None)
                .then(|| Evidence::at(header.first_byte_span()))
        }),
    },
    // "The fragments of one message MUST NOT be interleaved between the fragments of another message" (5.4)
    Rule {
        id: "data-frame-inside-message",
        title: "a new message inside a fragmented one",
        sources: &[Rfc6455("5.4")],
        closes_with: Some(1002),
        note: "a new {opcode} message begins inside the {open} message that began at {began}",
        example: Example::of("01 01 61 82 01 62"),
        words: Words {
            meaning: "A text or binary frame came while a fragmented message of the same end was still open. Only control frames may stand between fragments.",
            cases: &[
                Case {
                    cause: "Two threads or tasks send at the same time, and one sends in fragments.",
                    fix: "Sender: use one queue or lock for whole messages.",
                },
                Case {
                    cause: "The last fragment was never sent: an error in the middle of a streamed message.",
                    fix: "Sender: end the message with a continuation that has FIN, or close the connection.",
                },
                Case {
                    cause: "The fragments after the first carry opcode 1 or 2 again.",
                    fix: "Sender: opcode 0 on every fragment but the first.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            let Message::Open(open) = context.message else {
                return None;
            };
            matches!(header.opcode, Opcode::Text | Opcode::Binary).then(|| {
                Evidence::at(header.first_byte_span())
                    .value("opcode", opcode_word(header.opcode))
                    .value("open", opcode_word(open.opcode))
                    .value("began", open.began)
            })
        }),
    },
    // 1009: "it has received a message that is too big for it to process" (7.4.1)
    Rule {
        id: "message-too-big",
        title: "a message above the limit that was given",
        sources: &[Rfc6455("7.4.1")],
        closes_with: Some(1009),
        note: "the message has {length} bytes with this frame, and the limit is {limit}",
        example: Example {
            bytes: "82 05 01 02 03 04 05",
            from: None,
            max_message_size: Some(4),
            extensions: None,
        },
        words: Words {
            meaning: "A message has more bytes than `--max-message-size` allows. The size of all its fragments counts. A receiver with that limit closes with 1009, \
                      as soon as a header announces too much.",
            cases: &[
                Case {
                    cause: "The message is meant to be that large.",
                    fix: "Receiver: raise the limit. Sender: split the data into several messages.",
                },
                Case {
                    cause: "The length in the header is not meant: the bytes are out of step.",
                    fix: "Look at the frame before this one.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            let limit = context.max_message_size?;
            let before = match (header.opcode, context.message) {
                // A compressed message is measured once it is inflated.
                (Opcode::Text | Opcode::Binary, _) if header.rsv1 && context.is_deflate_agreed => {
                    return None;
                }
                (Opcode::Continuation, Message::Open(open)) if open.is_compressed => return None,
                (Opcode::Text | Opcode::Binary, _) => 0,
                (Opcode::Continuation, Message::Open(open)) => open.bytes,
                _ => return None,
            };
            let length = before.saturating_add(header.length_at_least);
            // It is reported once, at the frame that crosses the limit.
            (length > limit && before <= limit && !has_top_bit(header)).then(|| {
                Evidence::at(header.length_span())
                    .value("length", length)
                    .value("limit", limit)
            })
        }),
    },
];

/// Text of a message that is not UTF-8.
// "the endpoint MUST _Fail the WebSocket Connection_" (8.1)
pub(super) static TEXT_NOT_UTF8: Rule = Rule {
    id: "text-not-utf8",
    title: "a text message is not UTF-8",
    sources: &[Rfc6455("8.1"), Rfc6455("5.6")],
    closes_with: Some(1007),
    note: "{fault}",
    example: Example::of("81 03 66 c3 28"),
    words: Words {
        meaning: "The bytes of a text message are not UTF-8. The whole message counts, across its frames: a fragment may end inside a character, a message may not. \
                  RFC 6455 says to fail the connection; 1007 is the code for it, though Chromium sends 1002 and some libraries never check.",
        cases: &[
            Case {
                cause: "Binary data was sent as text.",
                fix: "Sender: send it as a binary message (opcode 2).",
            },
            Case {
                cause: "A character was cut in two, at a chunk or at a length limit.",
                fix: "Sender: cut between characters, or keep the unfinished bytes for the next chunk.",
            },
            Case {
                cause: "Text in another encoding: a lone e9 is Latin-1's é, ff fe at the start is UTF-16.",
                fix: "Sender: convert to UTF-8 first.",
            },
        ],
    },
    check: Check::Text,
};

/// Compressed data that cannot be inflated.
// "decompress ... using DEFLATE" (RFC 7692 section 7.2.2)
pub(super) static DEFLATE_INVALID: Rule = Rule {
    id: "deflate-invalid",
    title: "a compressed message cannot be inflated",
    sources: &[Rfc7692("7.2.2")],
    closes_with: Some(1007),
    note: "the payload cannot be inflated: {why} (ws and Bandit close with 1007 then, websockets and libsoup with 1002)",
    example: Example {
        bytes: "c1 02 ff ff",
        from: None,
        max_message_size: None,
        extensions: Some("permessage-deflate"),
    },
    words: Words {
        meaning: "The payload of a compressed message is not what permessage-deflate and its agreed parameters allow: no deflate data at all, or a reference to bytes \
                  that the receiver need not have kept. RFC 7692 names no close code; libraries are split between 1007 and 1002, and most never notice a reference that is too far.",
        cases: &[
            Case {
                cause: "The sender keeps its window across messages though no_context_takeover was agreed on, or uses a larger window than agreed.",
                fix: "Sender: begin each message with an empty window, or limit the window to the agreed bits. To be sure, agree on permessage-deflate without parameters.",
            },
            Case {
                cause: "Frames were lost or reordered, or the input does not begin at the start of the connection: the window is not what the sender had.",
                fix: "Decode from the first byte after the upgrade, of one connection.",
            },
            Case {
                cause: "RSV1 is set on a message that is not compressed.",
                fix: "Sender: set RSV1 only on messages that were compressed.",
            },
        ],
    },
    check: Check::Deflate,
};

/// A data frame after the Close of the same end.
// "The application MUST NOT send any more data frames after sending a Close frame." (5.5.1)
pub(super) static FRAME_AFTER_CLOSE: Rule = Rule {
    id: "frame-after-close",
    title: "a data frame after the Close",
    sources: &[Rfc6455("5.5.1")],
    closes_with: None,
    note: "a {opcode} frame after this end's Close at {close_at}",
    example: Example::of("88 02 03 e8 81 02 68 69"),
    words: Words {
        meaning: "An end sent data after its own Close frame. A sender must not. Most receivers drop what comes then; Chromium shows the page 1006 for it, and Undertow delivers it. \
                  Pings, pongs and further Closes after a Close break no rule.",
        cases: &[
            Case {
                cause: "The application goes on sending after it called close.",
                fix: "Sender: stop at the call to close; send what must arrive before it.",
            },
            Case {
                cause: "Something other than WebSocket follows on the same connection, such as an HTTP response.",
                fix: "Look at the bytes: `48 54 54 50` is \"HTTP\".",
            },
        ],
    },
    check: Check::Header(|header, context| {
        let close_at = context.closed_at?;
        (!header.opcode.is_control()).then(|| {
            Evidence::at(header.first_byte_span())
                .value("opcode", opcode_word(header.opcode))
                .value("close_at", close_at)
        })
    }),
};
