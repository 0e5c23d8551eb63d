//! Rust: tungstenite, and what is built on it (tokio-tungstenite, axum, warp).

use crate::logline::producers::TUNGSTENITE;
use crate::logline::{Answer, Origin, Says, Shape, Way, events};
use crate::words::word;

pub(super) static SHAPES: &[Shape] = &[
    Shape {
        id: "tungstenite-close-frame",
        producer: &TUNGSTENITE,
        needles: &["CloseFrame { code: "],
        patterns: &[
            r#"CloseFrame { code: <name>, reason: Utf8Bytes("<reason>")"#,
            r#"CloseFrame { code: <name>, reason: "<reason>""#,
            "CloseFrame { code: <name>, reason: <reason> }",
        ],
        says: Says::Close {
            way: Way::Received,
            answer: Answer::Untold,
        },
        note: word!(
            r#"1002 with "Protocol violation" is tungstenite's own: it shows that in place of a code that may not travel, and of 1014."#
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.29.0 src/protocol/frame/coding.rs"),
        example: r#"Close(Some(CloseFrame { code: Away, reason: Utf8Bytes("bye") }))"#,
    },
    Shape {
        id: "tungstenite-reset",
        producer: &TUNGSTENITE,
        needles: &[
            "Connection reset without closing handshake",
            "ResetWithoutClosingHandshake",
        ],
        patterns: &[
            "Connection reset without closing handshake",
            "ResetWithoutClosingHandshake",
        ],
        says: Says::Event {
            event: &events::ENDED,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("tungstenite 0.30.0"),
        example: "WebSocket protocol error: Connection reset without closing handshake",
    },
    Shape {
        id: "tungstenite-closed",
        producer: &TUNGSTENITE,
        needles: &["Connection closed normally"],
        patterns: &["Connection closed normally<end>"],
        says: Says::Event {
            event: &events::ENDED_NORMALLY,
            shows: None,
        },
        note: "",
        is_common: true,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "Connection closed normally",
    },
    Shape {
        id: "tungstenite-closed-already",
        producer: &TUNGSTENITE,
        needles: &[
            "Trying to work with closed connection",
            "WebSocket protocol error: ",
        ],
        patterns: &[
            "Trying to work with closed connection",
            "WebSocket protocol error: Sending after closing is not allowed",
        ],
        says: Says::Event {
            event: &events::USED_AFTER_CLOSE,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Sending after closing is not allowed",
    },
    Shape {
        id: "tungstenite-message-too-long",
        producer: &TUNGSTENITE,
        needles: &["Message too long: "],
        patterns: &["Message too long: <number> > <number>"],
        says: Says::Fault {
            rule: "message-too-big",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "Space limit exceeded: Message too long: 67108865 > 67108864",
    },
    Shape {
        id: "tungstenite-utf8",
        producer: &TUNGSTENITE,
        needles: &["UTF-8 encoding error: "],
        patterns: &["UTF-8 encoding error: <text>"],
        says: Says::Fault {
            rule: "text-not-utf8",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: true,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "UTF-8 encoding error: incomplete utf-8 byte sequence from index 0",
    },
    Shape {
        id: "tungstenite-refused",
        producer: &TUNGSTENITE,
        needles: &["HTTP error: "],
        patterns: &["HTTP error: <status> "],
        says: Says::Event {
            event: &events::HANDSHAKE_REFUSED,
            shows: None,
        },
        note: "",
        is_common: true,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "HTTP error: 403 Forbidden",
    },
    Shape {
        id: "tungstenite-reserved-bits",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Reserved bits are non-zero"],
        says: Says::Fault {
            rule: "reserved-bits",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Reserved bits are non-zero",
    },
    Shape {
        id: "tungstenite-unmasked",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Received an unmasked frame from client"],
        says: Says::Fault {
            rule: "unmasked-client-frame",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Received an unmasked frame from client",
    },
    Shape {
        id: "tungstenite-masked",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Received a masked frame from server"],
        says: Says::Fault {
            rule: "masked-server-frame",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Received a masked frame from server",
    },
    Shape {
        id: "tungstenite-fragmented-control",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Fragmented control frame"],
        says: Says::Fault {
            rule: "fragmented-control-frame",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Fragmented control frame",
    },
    Shape {
        id: "tungstenite-control-too-big",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Control frame too big"],
        says: Says::Fault {
            rule: "control-frame-too-long",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Control frame too big",
    },
    Shape {
        id: "tungstenite-continuation",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Continue frame but nothing to continue"],
        says: Says::Fault {
            rule: "continuation-without-start",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Continue frame but nothing to continue",
    },
    Shape {
        id: "tungstenite-data-inside",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: While waiting for more fragments received"],
        says: Says::Fault {
            rule: "data-frame-inside-message",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: While waiting for more fragments received: Text",
    },
    Shape {
        id: "tungstenite-opcode",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Encountered invalid opcode: "],
        says: Says::Fault {
            rule: "reserved-opcode",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Encountered invalid opcode: 3",
    },
    Shape {
        id: "tungstenite-after-close",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Remote sent after having closed"],
        says: Says::Fault {
            rule: "frame-after-close",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Remote sent after having closed",
    },
    Shape {
        id: "tungstenite-close-sequence",
        producer: &TUNGSTENITE,
        needles: &["WebSocket protocol error: "],
        patterns: &["WebSocket protocol error: Invalid close sequence"],
        says: Says::Fault {
            rule: "one-byte-close-body",
            sends: None,
            shows: None,
        },
        note: word!(
            "tungstenite sends no Close by itself: if the program drops the stream, the other end sees 1006."
        ),
        is_common: false,
        origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
        example: "WebSocket protocol error: Invalid close sequence",
    },
];
