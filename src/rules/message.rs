//! Rules about the order of frames and about the messages they make.

use super::finding::opcode_word;
use super::header::has_top_bit;
use super::{Check, Evidence, Example, Message, Rule};
use crate::facts::rules::rule;
use crate::frame::Opcode;
use crate::words::Value;

/// The rules that a header breaks by where it stands.
pub(super) static RULES: &[Rule] = &[
    // "A fragmented message consists of a single frame with the FIN bit clear and an opcode other than 0" (5.4)
    Rule::of(
        rule::CONTINUATION_WITHOUT_START,
        Example::of("80 02 68 69"),
        Check::Header(|header, context| {
            (header.opcode == Opcode::Continuation && context.message == Message::None)
                .then(|| Evidence::at(header.first_byte_span()))
        }),
    ),
    // "The fragments of one message MUST NOT be interleaved between the fragments of another message" (5.4)
    Rule::of(
        rule::DATA_FRAME_INSIDE_MESSAGE,
        Example::of("01 01 61 82 01 62"),
        Check::Header(|header, context| {
            let Message::Open(open) = context.message else {
                return None;
            };
            matches!(header.opcode, Opcode::Text | Opcode::Binary).then(|| {
                Evidence::at(header.first_byte_span())
                    .value("opcode", opcode_word(header.opcode))
                    .value("open", opcode_word(open.opcode))
                    .value("began", Value::Number(open.began))
            })
        }),
    ),
    // 1009: "it has received a message that is too big for it to process" (7.4.1)
    Rule::of(
        rule::MESSAGE_TOO_BIG,
        Example {
            bytes: "82 05 01 02 03 04 05",
            from: None,
            max_message_size: Some(4),
            extensions: None,
        },
        Check::Header(|header, context| {
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
                    .value("length", Value::Number(length))
                    .value("limit", Value::Number(limit))
            })
        }),
    ),
];

/// Text of a message that is not UTF-8.
// "the endpoint MUST _Fail the WebSocket Connection_" (8.1)
pub(super) static TEXT_NOT_UTF8: Rule = Rule::of(
    rule::TEXT_NOT_UTF8,
    Example::of("81 03 66 c3 28"),
    Check::Text,
);

/// Compressed data that cannot be inflated.
// "decompress ... using DEFLATE" (RFC 7692 section 7.2.2)
pub(super) static DEFLATE_INVALID: Rule = Rule::of(
    rule::DEFLATE_INVALID,
    Example {
        bytes: "c1 02 ff ff",
        from: None,
        max_message_size: None,
        extensions: Some("permessage-deflate"),
    },
    Check::Deflate,
);

/// A data frame after the Close of the same end.
// "The application MUST NOT send any more data frames after sending a Close frame." (5.5.1)
pub(super) static FRAME_AFTER_CLOSE: Rule = Rule::of(
    rule::FRAME_AFTER_CLOSE,
    Example::of("88 02 03 e8 81 02 68 69"),
    Check::Header(|header, context| {
        let close_at = context.closed_at?;
        (!header.opcode.is_control()).then(|| {
            Evidence::at(header.first_byte_span())
                .value("opcode", opcode_word(header.opcode))
                .value("close_at", Value::Number(close_at))
        })
    }),
);
