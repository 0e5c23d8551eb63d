//! .NET, Elixir and PHP.

use crate::logline::producers::{DOTNET, PAWL, WEBSOCKEX};
use crate::logline::{Answer, Origin, Says, Shape, Way, events};
use crate::words::word;

pub(super) static SHAPES: &[Shape] = &[
    Shape {
        id: "dotnet-ended",
        producer: &DOTNET,
        needles: &["closed the WebSocket connection without completing the close handshake"],
        patterns: &[
            "The remote party closed the WebSocket connection without completing the close handshake",
        ],
        says: Says::Event {
            event: &events::ENDED,
            shows: None,
        },
        note: word!("It is WebSocketError.ConnectionClosedPrematurely; CloseStatus stays null."),
        is_common: false,
        origin: Origin::Read("dotnet/runtime System.Net.WebSockets.WebSocketException"),
        example: "System.Net.WebSockets.WebSocketException (0x80004005): The remote party closed the WebSocket connection without completing the close handshake.",
    },
    Shape {
        id: "dotnet-refused",
        producer: &DOTNET,
        needles: &["when status code '101' was expected"],
        patterns: &[
            "The server returned status code '<status>' when status code '101' was expected",
        ],
        says: Says::Event {
            event: &events::HANDSHAKE_REFUSED,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Read(
            "dotnet/runtime System.Net.WebSockets.Client resources, net_WebSockets_Connect101Expected",
        ),
        example: "System.Net.WebSockets.WebSocketException (0x80004005): The server returned status code '403' when status code '101' was expected.",
    },
    Shape {
        id: "dotnet-close-status",
        producer: &DOTNET,
        needles: &["CloseStatus: ", "CloseStatus = "],
        patterns: &["CloseStatus: <name>", "CloseStatus = <name>"],
        says: Says::Close {
            way: Way::Reported,
            answer: Answer::Untold,
        },
        note: word!(".NET shows NormalClosure also for a Close without a code."),
        is_common: false,
        origin: Origin::Read("dotnet/runtime System.Net.WebSockets.WebSocketCloseStatus"),
        example: "CloseStatus: EndpointUnavailable",
    },
    Shape {
        id: "websockex-remote",
        producer: &WEBSOCKEX,
        needles: &["{:remote, "],
        patterns: &[
            r#"{:remote, <code>, "<reason>"}"#,
            "{:remote, <code>, <reason>}",
        ],
        says: Says::Close {
            way: Way::Received,
            answer: Answer::Untold,
        },
        note: "",
        is_common: false,
        origin: Origin::Read("Azolo/websockex 4a94f68 lib/websockex.ex"),
        example: r#"** (EXIT) {:remote, 1001, "going away"}"#,
    },
    Shape {
        id: "websockex-local",
        producer: &WEBSOCKEX,
        needles: &["{:local, "],
        patterns: &[
            r#"{:local, <code>, "<reason>"}"#,
            "{:local, <code>, <reason>}",
        ],
        says: Says::Close {
            way: Way::Sent,
            answer: Answer::Untold,
        },
        note: "",
        is_common: false,
        origin: Origin::Read("Azolo/websockex 4a94f68 lib/websockex.ex"),
        example: r#"{:local, 1002, "invalid frame"}"#,
    },
    Shape {
        id: "websockex-ended",
        producer: &WEBSOCKEX,
        needles: &["{:remote, "],
        patterns: &["{:remote, :closed}"],
        says: Says::Event {
            event: &events::ENDED,
            shows: None,
        },
        note: "",
        is_common: false,
        origin: Origin::Read("Azolo/websockex 4a94f68 lib/websockex.ex"),
        example: "** (EXIT) {:remote, :closed}",
    },
    Shape {
        id: "pawl-closed",
        producer: &PAWL,
        needles: &["Connection closed ("],
        patterns: &[
            "Connection closed (<code> - <reason>)",
            "Connection closed (<code> -",
        ],
        says: Says::Close {
            way: Way::Reported,
            answer: Answer::Untold,
        },
        note: "",
        is_common: false,
        origin: Origin::Read("ratchetphp/Pawl examples"),
        example: "Connection closed (1006 - Underlying connection closed)",
    },
];
