//! Browsers: the close event as consoles print it, and the console's own texts.

use crate::logline::producers::{BROWSER, CHROMIUM, FIREFOX};
use crate::logline::{Answer, Origin, Says, Shape, Way, events};
use crate::words::word;

pub(super) static SHAPES: &[Shape] = &[
    Shape {
        id: "close-event",
        producer: &BROWSER,
        needles: &["CloseEvent {"],
        patterns: &[
            "CloseEvent {<text>code: <code>, reason: '<reason>'",
            r#"CloseEvent {<text>code: <code>, reason: "<reason>""#,
            "CloseEvent {<text>reason: '<reason>', code: <code>",
            "CloseEvent {<text>code: <code>",
        ],
        says: Says::Close {
            way: Way::Reported,
            answer: Answer::Untold,
        },
        note: "",
        is_common: false,
        origin: Origin::Reported(word!("pasted consoles")),
        example: "CloseEvent {isTrusted: true, wasClean: false, code: 1006, reason: '', type: 'close', target: WebSocket}",
    },
    Shape {
        id: "firefox-close-event",
        producer: &FIREFOX,
        needles: &["close { target: WebSocket"],
        patterns: &[
            r#"close { target: WebSocket<text>code: <code>, reason: "<reason>""#,
            "close { target: WebSocket<text>code: <code>",
        ],
        says: Says::Close {
            way: Way::Reported,
            answer: Answer::Untold,
        },
        note: "",
        is_common: false,
        origin: Origin::Reported(word!("pasted consoles")),
        example: r#"close { target: WebSocket, isTrusted: true, wasClean: false, code: 1006, reason: "", srcElement: WebSocket }"#,
    },
    Shape {
        id: "chromium-frame-header",
        producer: &CHROMIUM,
        needles: &["Invalid frame header"],
        patterns: &[
            "WebSocket connection to '<text>' failed: Invalid frame header",
            "Invalid frame header<end>",
        ],
        says: Says::Event {
            event: &events::INVALID_FRAME_HEADER,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Invalid frame header",
    },
    Shape {
        id: "chromium-utf8",
        producer: &CHROMIUM,
        needles: &["Could not decode a text frame as UTF-8."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Could not decode a text frame as UTF-8.",
            "Could not decode a text frame as UTF-8.",
        ],
        says: Says::Fault {
            rule: "text-not-utf8",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: word!("Chromium sends 1002 for it, not 1007."),
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Could not decode a text frame as UTF-8.",
    },
    Shape {
        id: "chromium-continuation",
        producer: &CHROMIUM,
        needles: &["Received unexpected continuation frame."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Received unexpected continuation frame.",
            "Received unexpected continuation frame.",
        ],
        says: Says::Fault {
            rule: "continuation-without-start",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Received unexpected continuation frame.",
    },
    Shape {
        id: "chromium-data-inside",
        producer: &CHROMIUM,
        needles: &["Received start of new message but previous message is unfinished."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Received start of new message but previous message is unfinished.",
            "Received start of new message but previous message is unfinished.",
        ],
        says: Says::Fault {
            rule: "data-frame-inside-message",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Received start of new message but previous message is unfinished.",
    },
    Shape {
        id: "chromium-masked",
        producer: &CHROMIUM,
        needles: &["A server must not mask any frames that it sends to the client."],
        patterns: &[
            "WebSocket connection to '<text>' failed: A server must not mask any frames that it sends to the client.",
            "A server must not mask any frames that it sends to the client.",
        ],
        says: Says::Fault {
            rule: "masked-server-frame",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: A server must not mask any frames that it sends to the client.",
    },
    Shape {
        id: "chromium-reserved-bits",
        producer: &CHROMIUM,
        needles: &["One or more reserved bits are on: "],
        patterns: &[
            "WebSocket connection to '<text>' failed: One or more reserved bits are on: ",
            "One or more reserved bits are on: ",
        ],
        says: Says::Fault {
            rule: "reserved-bits",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: word!(
            "Reserved bit 1 means compression: the server compressed what it had not agreed to compress."
        ),
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 0",
    },
    Shape {
        id: "chromium-opcode",
        producer: &CHROMIUM,
        needles: &["Unrecognized frame opcode: "],
        patterns: &[
            "WebSocket connection to '<text>' failed: Unrecognized frame opcode: ",
            "Unrecognized frame opcode: ",
        ],
        says: Says::Fault {
            rule: "reserved-opcode",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Unrecognized frame opcode: 3",
    },
    Shape {
        id: "chromium-close-code",
        producer: &CHROMIUM,
        needles: &["Received a broken close frame containing a reserved status code."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Received a broken close frame containing a reserved status code.",
            "Received a broken close frame containing a reserved status code.",
        ],
        says: Says::Fault {
            rule: "close-code-not-allowed",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: word!(
            "Chromium refuses 1005, 1006 and 1015 and passes every other number on to the page."
        ),
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Received a broken close frame containing a reserved status code.",
    },
    Shape {
        id: "chromium-close-size",
        producer: &CHROMIUM,
        needles: &[
            "Received a broken close frame with",
            "Received a broken close frame containing an invalid size",
        ],
        patterns: &[
            "WebSocket connection to '<text>' failed: Received a broken close frame with an invalid size of 1 byte.",
            "Received a broken close frame with an invalid size of 1 byte.",
            "Received a broken close frame containing an invalid size body.",
        ],
        says: Says::Fault {
            rule: "one-byte-close-body",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Received a broken close frame with an invalid size of 1 byte.",
    },
    Shape {
        id: "chromium-close-utf8",
        producer: &CHROMIUM,
        needles: &["Received a broken close frame containing invalid UTF-8."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Received a broken close frame containing invalid UTF-8.",
            "Received a broken close frame containing invalid UTF-8.",
        ],
        says: Says::Fault {
            rule: "close-reason-not-utf8",
            sends: Some(1002),
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Received a broken close frame containing invalid UTF-8.",
    },
    Shape {
        id: "chromium-too-big",
        producer: &CHROMIUM,
        needles: &["Message size is too large."],
        patterns: &[
            "WebSocket connection to '<text>' failed: Message size is too large.",
            "Message size is too large.<end>",
        ],
        says: Says::Fault {
            rule: "message-too-big",
            sends: None,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Message size is too large.",
    },
    Shape {
        id: "chromium-after-close",
        producer: &CHROMIUM,
        needles: &[" received after close"],
        patterns: &[
            "WebSocket connection to '<text>' failed: Data frame received after close",
            "WebSocket connection to '<text>' failed: Close received after close",
            "WebSocket connection to '<text>' failed: Ping received after close",
            "WebSocket connection to '<text>' failed: Pong received after close",
        ],
        says: Says::Fault {
            rule: "frame-after-close",
            sends: None,
            shows: Some(1006),
        },
        note: word!("The page sees 1006, although a Close with another code came before."),
        is_common: false,
        origin: Origin::Measured("Chromium 156"),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Data frame received after close",
    },
    Shape {
        id: "chromium-closed-while-connecting",
        producer: &CHROMIUM,
        needles: &["WebSocket is closed before the connection is established."],
        patterns: &["WebSocket is closed before the connection is established."],
        says: Says::Event {
            event: &events::CLOSED_WHILE_CONNECTING,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "WebSocket connection to 'wss://example.com/ws' failed: WebSocket is closed before the connection is established.",
    },
    Shape {
        id: "chromium-used-after-close",
        producer: &CHROMIUM,
        needles: &["WebSocket is already in CLOSING or CLOSED state"],
        patterns: &["WebSocket is already in CLOSING or CLOSED state"],
        says: Says::Event {
            event: &events::USED_AFTER_CLOSE,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Reported(word!("pasted consoles of Chromium")),
        example: "WebSocket is already in CLOSING or CLOSED state.",
    },
    Shape {
        id: "chromium-refused",
        producer: &CHROMIUM,
        needles: &["Error during WebSocket handshake: Unexpected response code: "],
        patterns: &["Error during WebSocket handshake: Unexpected response code: <status>"],
        says: Says::Event {
            event: &events::HANDSHAKE_REFUSED,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Error during WebSocket handshake: Unexpected response code: 403",
    },
    Shape {
        id: "chromium-subprotocol",
        producer: &CHROMIUM,
        needles: &["Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received"],
        patterns: &["Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received"],
        says: Says::Event {
            event: &events::SUBPROTOCOL_NOT_CHOSEN,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Reported(word!("pasted consoles of Chromium")),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Error during WebSocket handshake: Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
    },
    Shape {
        id: "chromium-could-not-connect",
        producer: &CHROMIUM,
        needles: &["Error in connection establishment: net::"],
        patterns: &["Error in connection establishment: net::<reason>"],
        says: Says::Event {
            event: &events::COULD_NOT_CONNECT,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "WebSocket connection to 'wss://example.com/ws' failed: Error in connection establishment: net::ERR_CONNECTION_REFUSED",
    },
    Shape {
        id: "chromium-failed",
        producer: &CHROMIUM,
        needles: &["WebSocket connection to '"],
        patterns: &["WebSocket connection to '<text>' failed:<end>"],
        says: Says::Event {
            event: &events::HANDSHAKE_FAILED,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "WebSocket connection to 'wss://example.com/ws' failed: ",
    },
    Shape {
        id: "chromium-code-not-sendable",
        producer: &CHROMIUM,
        needles: &["code must be either 1000, or between 3000 and 4999. "],
        patterns: &[
            "Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. <code> is neither.",
            "Failed to execute 'close' on 'WebSocket': The code must be either 1000, or between 3000 and 4999. <code> is neither.",
        ],
        says: Says::Event {
            event: &events::CODE_NOT_SENDABLE,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Read(word!(
            "chromium 156, net/websockets and blink/modules/websockets"
        )),
        example: "InvalidAccessError: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. 1001 is neither.",
    },
    Shape {
        id: "firefox-could-not-connect",
        producer: &FIREFOX,
        needles: &["t establish a connection to the server at ws"],
        patterns: &[
            "Firefox can’t establish a connection to the server at ws",
            "Firefox can't establish a connection to the server at ws",
        ],
        says: Says::Event {
            event: &events::HANDSHAKE_FAILED,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Reported(word!("pasted consoles")),
        example: "Firefox can’t establish a connection to the server at wss://example.com/ws.",
    },
    Shape {
        id: "firefox-interrupted",
        producer: &FIREFOX,
        needles: &["was interrupted while the page was loading"],
        patterns: &["The connection to ws<text> was interrupted while the page was loading"],
        says: Says::Event {
            event: &events::INTERRUPTED_WHILE_LOADING,
            shows: Some(1006),
        },
        note: "",
        is_common: false,
        origin: Origin::Measured("Firefox ESR 153.7"),
        example: "The connection to wss://example.com/ws was interrupted while the page was loading.",
    },
];
