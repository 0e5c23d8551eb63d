//! Rules that a header breaks by itself.

use super::{Check, Evidence, Example, Rule, opcode_word, too_short_for};
use crate::frame::{CONTROL_PAYLOAD_MAX, Header, LengthForm, Opcode, Sender, minimal_form};
use crate::source::Source::{Rfc6455, Rfc7692};
use crate::words::{Case, Value, Words, say, thousands, word};

const TOP_BIT: u64 = 1 << 63;

/// How `reserved-bits` says that RSV1 alone is set: what compression looks like.
pub(crate) const RSV1: &str = word!("RSV1 is");

/// The rules, in the order of the header's fields.
pub(super) static RULES: &[Rule] = &[
    // "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values" (5.2)
    Rule {
        id: "reserved-bits",
        title: "a reserved bit is set",
        sources: &[Rfc6455("5.2")],
        closes_with: Some(1002),
        note: "{bits} set, and {why}",
        example: Example::of("c1 02 68 69"),
        words: Words {
            meaning: "One of the three bits RSV1, RSV2, RSV3 is set. They are 0 unless both ends agreed on an extension that uses them; \
                      RSV1 on text and binary frames is permessage-deflate's mark for a compressed message.",
            cases: &[
                Case {
                    cause: "RSV1 on a text or binary frame: the message is compressed, and the receiver did not agree to permessage-deflate.",
                    fix: "Compare Sec-WebSocket-Extensions in the request and in the 101 response: compress only if the response names it.",
                },
                Case {
                    cause: "The ends did agree on it, and wsclose was not told.",
                    fix: "Give the response's header: `--extensions \"permessage-deflate; …\"`.",
                },
                Case {
                    cause: "RSV1 on a continuation or control frame: the sender marks frames that are never marked.",
                    fix: "Sender: set RSV1 only on the first frame of a compressed message.",
                },
                Case {
                    cause: "The bytes are out of step: an earlier length was wrong, or something else was written into the stream.",
                    fix: "Look at the frame before this one; if its length does not fit its content, the fault is there.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            let is_first_of_data = matches!(header.opcode, Opcode::Text | Opcode::Binary);
            let is_legal = context.is_deflate_agreed && is_first_of_data;
            let bits = match (header.rsv1 && !is_legal, header.rsv2, header.rsv3) {
                (false, false, false) => return None,
                (true, false, false) => RSV1,
                (false, true, false) => word!("RSV2 is"),
                (false, false, true) => word!("RSV3 is"),
                (true, true, false) => word!("RSV1 and RSV2 are"),
                (true, false, true) => word!("RSV1 and RSV3 are"),
                (false, true, true) => word!("RSV2 and RSV3 are"),
                (true, true, true) => word!("RSV1, RSV2 and RSV3 are"),
            };
            let evidence = Evidence::at(header.first_byte_span()).value("bits", bits);
            if bits == RSV1 && context.is_deflate_agreed {
                // "MUST NOT set the 'Per-Message Compressed' bit" (RFC 7692 section 6)
                let why = word!("permessage-deflate marks only the first frame of a message");
                return Some(evidence.by(Rfc7692("6")).value("why", why));
            }
            Some(evidence.value(
                "why",
                word!("no extension was named that gives a meaning to it"),
            ))
        }),
    },
    // "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_" (5.2)
    Rule {
        id: "reserved-opcode",
        title: "the opcode has no meaning",
        sources: &[Rfc6455("5.2")],
        closes_with: Some(1002),
        note: "opcode {opcode} has no meaning",
        example: Example::of("83 00"),
        words: Words {
            meaning: "The opcode is 3 to 7 or 11 to 15, and nothing is defined for these. A strict receiver fails the connection, and closes with 1002.",
            cases: &[
                Case {
                    cause: "The bytes are out of step: what is read as a header is the middle of something else.",
                    fix: "Look at the frame before this one; a wrong length there moves everything after it.",
                },
                Case {
                    cause: "A hand-written sender mixed up the low four bits of the first byte.",
                    fix: "Sender: 1 text, 2 binary, 0 continuation, 8 close, 9 ping, 10 pong.",
                },
            ],
        },
        check: Check::Header(|header, _| {
            header.opcode.is_reserved().then(|| {
                Evidence::at(header.first_byte_span())
                    .value("opcode", u64::from(header.opcode.number()))
            })
        }),
    },
    // "All control frames ... MUST NOT be fragmented" (5.5)
    Rule {
        id: "fragmented-control-frame",
        title: "a control frame is a fragment",
        sources: &[Rfc6455("5.5")],
        closes_with: Some(1002),
        note: "a {opcode} frame may not be a fragment, and FIN is not set",
        example: Example::of("09 00"),
        words: Words {
            meaning: "A close, ping or pong frame came without FIN. Control frames are always whole: they may stand between the fragments of a message, \
                      but are never fragments themselves.",
            cases: &[
                Case {
                    cause: "A sender that writes every frame with FIN clear while a fragmented message is open.",
                    fix: "Sender: set FIN (80 hex) on every control frame: 88, 89, 8a.",
                },
                Case {
                    cause: "The bytes are out of step.",
                    fix: "Look at the length of the frame before this one.",
                },
            ],
        },
        check: Check::Header(|header, _| {
            (header.opcode.is_control() && !header.fin).then(|| {
                Evidence::at(header.first_byte_span()).value("opcode", opcode_word(header.opcode))
            })
        }),
    },
    // "The server MUST close the connection upon receiving a frame that is not masked." (5.1)
    Rule {
        id: "unmasked-client-frame",
        title: "a client frame is not masked",
        sources: &[Rfc6455("5.1")],
        closes_with: Some(1002),
        note: "this frame is not masked, and a client masks every frame",
        example: Example {
            bytes: "81 02 68 69",
            from: Some(Sender::Client),
            max_message_size: None,
            extensions: None,
        },
        words: Words {
            meaning: "A frame from the client came without a mask. A server must close the connection then; RFC 6455 lets it choose 1002 for that.",
            cases: &[
                Case {
                    cause: "A hand-written or embedded client that does not mask.",
                    fix: "Client: set the mask bit, add four random bytes, and XOR the payload with them. A WebSocket library does it by itself.",
                },
                Case {
                    cause: "The frame is the server's, and was decoded as the client's.",
                    fix: "Leave `--from` out, or say `--from server`.",
                },
                Case {
                    cause: "Caddy 2.6 at a reload: the 1001 that it sends to the server behind it has no mask.",
                    fix: "Read the 1002 in that server's log as the reload.",
                },
                Case {
                    cause: "It went unnoticed so far: several servers take unmasked frames (aiohttp, tornado, Deno), others close (ws, gorilla, python websockets).",
                    fix: "Client: mask; do not rely on a lenient server.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            (context.declared == Some(Sender::Client) && header.masked == Some(false))
                .then(|| Evidence::at(header.second_byte_span()))
        }),
    },
    // "A client MUST close a connection if it detects a masked frame." (5.1)
    Rule {
        id: "masked-server-frame",
        title: "a server frame is masked",
        sources: &[Rfc6455("5.1")],
        closes_with: Some(1002),
        note: "this frame is masked, and a server masks none",
        example: Example {
            bytes: "81 82 37 fa 21 3d 5f 93",
            from: Some(Sender::Server),
            max_message_size: None,
            extensions: None,
        },
        words: Words {
            meaning: "A frame from the server came with a mask. A client must close the connection then; RFC 6455 lets it choose 1002 for that.",
            cases: &[
                Case {
                    cause: "A server that builds frames with the client's half of a library.",
                    fix: "Server: send frames without a mask; look for a \"client\" or \"mask\" option of the library.",
                },
                Case {
                    cause: "A proxy passes a client's frames back, or the two directions of a capture were mixed up.",
                    fix: "Check which direction the bytes are from; leave `--from` out to let the mask decide.",
                },
            ],
        },
        check: Check::Header(|header, context| {
            (context.declared == Some(Sender::Server) && header.masked == Some(true))
                .then(|| Evidence::at(header.second_byte_span()))
        }),
    },
    // "the minimal number of bytes MUST be used to encode the length" (5.2)
    Rule {
        id: "non-minimal-length",
        title: "the length is written in too many bytes",
        sources: &[Rfc6455("5.2")],
        closes_with: Some(1002),
        note: "a length of {length} fits in {needed} bits and was written in {used}",
        example: Example::of("82 7e 00 05 01 02 03 04 05"),
        words: Words {
            meaning: "The payload length is written in 16 or 64 bits though fewer would do. RFC 6455 demands the shortest form; it names no close code, \
                      and most receivers accept it. A strict receiver closes with 1002.",
            cases: &[
                Case {
                    cause: "A sender that always writes the 16-bit or 64-bit form.",
                    fix: "Sender: up to 125 in the second byte, up to 65,535 as 126 and two bytes, above that as 127 and eight bytes.",
                },
                Case {
                    cause: "It worked until a receiver that checks: Chromium, wsproto, autobahn and tokio-websockets refuse it.",
                    fix: "Sender: as above; the lenient receivers take the short form too.",
                },
            ],
        },
        check: Check::Header(|header, _| {
            let form = header.length_form?;
            let bound = too_short_for(form)?;
            (header.length_at_most <= bound).then(|| {
                let length = match header.length() {
                    Some(length) => Value::Number(length),
                    None => Value::Text(say!(
                        "at most {length}",
                        length = thousands(header.length_at_most)
                    )),
                };
                Evidence::at(header.length_span())
                    .value("length", length)
                    .value("needed", minimal_form(header.length_at_most).bits())
                    .value("used", form.bits())
            })
        }),
    },
    // "the most significant bit MUST be 0" (5.2)
    Rule {
        id: "length-top-bit-set",
        title: "the top bit of the 64-bit length is set",
        sources: &[Rfc6455("5.2")],
        closes_with: Some(1002),
        note: "the top bit of the 64-bit length is set; it must be 0",
        example: Example::of("82 7f 80 00 00 00 00 00 00 00"),
        words: Words {
            meaning: "The 64-bit length begins with a byte of 80 hex or more: 2^63 bytes and up, which no frame has. RFC 6455 forbids it and names no close \
                      code; strict receivers close with 1002, others with 1009, because they see only a size above their limit.",
            cases: &[
                Case {
                    cause: "The bytes are out of step: text or compressed data is read as a length.",
                    fix: "Look at the frame before this one, and at what was written between the two.",
                },
                Case {
                    cause: "The length is written low byte first.",
                    fix: "Sender: lengths are in network byte order, high byte first.",
                },
                Case {
                    cause: "A negative length was cast to 64 bits.",
                    fix: "Sender: check the length before it is written.",
                },
            ],
        },
        check: Check::Header(|header, _| {
            (header.length_form == Some(LengthForm::SixtyFour) && header.length_at_least >= TOP_BIT)
                .then(|| Evidence::at(header.length_span()))
        }),
    },
    // "All control frames MUST have a payload length of 125 bytes or less" (5.5)
    Rule {
        id: "control-frame-too-long",
        title: "a control frame has more than 125 bytes",
        sources: &[Rfc6455("5.5")],
        closes_with: Some(1002),
        note: "a {opcode} frame may have at most 125 bytes of payload; this one has {length}",
        example: Example::of("8a 7e 00 7e"),
        words: Words {
            meaning: "A close, ping or pong frame announces more than 125 bytes of payload. In a Close two of them are the code, so the reason has at most 123 bytes.",
            cases: &[
                Case {
                    cause: "The reason of a Close is longer than 123 bytes. Several libraries send it as it is.",
                    fix: "Sender: cut the reason at 123 bytes, at the end of a character; put long texts into a message before the Close.",
                },
                Case {
                    cause: "Data is sent in a ping.",
                    fix: "Sender: send it as a message.",
                },
                Case {
                    cause: "The bytes are out of step.",
                    fix: "Look at the length of the frame before this one.",
                },
            ],
        },
        check: Check::Header(|header, _| {
            (header.opcode.is_control() && header.length_at_least > CONTROL_PAYLOAD_MAX as u64)
                .then(|| {
                    let length = match header.length() {
                        Some(length) => Value::Number(length),
                        None => Value::Text(say!(
                            "at least {length}",
                            length = thousands(header.length_at_least)
                        )),
                    };
                    Evidence::at(header.length_span())
                        .value("opcode", opcode_word(header.opcode))
                        .value("length", length)
                })
        }),
    },
];

/// Whether the top bit of a 64-bit length is set.
pub(super) fn has_top_bit(header: &Header) -> bool {
    header.length_at_least >= TOP_BIT
}
