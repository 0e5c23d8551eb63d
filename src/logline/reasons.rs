//! Reasons that say why: what to check first where a Close carries one of them.
//!
//! The causes of a code come in the order of how often they are met. A reason can know better: 1011
//! is mostly an exception, but not with "keepalive ping timeout".

use super::Origin;
use crate::words::Case;

/// A reason, and what it comes from.
#[derive(Debug)]
pub struct ReasonRow {
    /// The codes with which it is sent; with any where there is none.
    pub codes: &'static [u16],
    /// What the reason has in it.
    pub has: &'static str,
    /// A reason of this kind.
    pub example: &'static str,
    /// What to check, and what to do.
    pub case: Case,
    /// Where the text was found.
    pub origin: Origin,
}

/// What a reason says of the cause; `None` where it is not known.
pub(super) fn case_of(code: u16, reason: &str) -> Option<&'static Case> {
    REASONS
        .iter()
        .find(|row| (row.codes.is_empty() || row.codes.contains(&code)) && reason.contains(row.has))
        .map(|row| &row.case)
}

/// All reasons that are known; the first that fits counts.
pub static REASONS: &[ReasonRow] = &[
    ReasonRow {
        codes: &[1011],
        has: "keepalive ping timeout",
        example: "keepalive ping timeout",
        case: Case {
            cause: "A keepalive ping was not answered: python websockets and uvicorn ping every 20 seconds and give up 20 seconds later.",
            fix: "Look at the end that did not answer: a blocked event loop, a slow handler, a full buffer, a dead network. Raise ping_timeout only if the work must take that long.",
        },
        origin: Origin::Measured("websockets 17.4, uvicorn 0.54.0"),
    },
    ReasonRow {
        codes: &[1001],
        has: "idle timeout expired",
        example: "The WebSocket session [1f] idle timeout expired",
        case: Case {
            cause: "Tomcat's idle timer for the session ran out: nothing came, or nothing was sent, for that long.",
            fix: "Ping at less than half of the timer, or raise it with setMaxIdleTimeout.",
        },
        origin: Origin::Read("apache/tomcat 84ac9af org.apache.tomcat.websocket.WsSession"),
    },
    ReasonRow {
        codes: &[1001],
        has: "Idle Timeout",
        example: "Connection Idle Timeout",
        case: Case {
            cause: "Jetty's idle timer ran out: nothing came and nothing was sent for that long.",
            fix: "Ping at less than half of the timer, or raise the idle timeout of the session.",
        },
        origin: Origin::Read("jetty acf3325 CloseStatus"),
    },
    ReasonRow {
        codes: &[1001],
        has: "No response from ping frame",
        example: "No response from ping frame.",
        case: Case {
            cause: "The client did not answer a ping: Deno pings after 15 seconds of silence and closes 15 seconds later.",
            fix: "Look at why the client was silent; raise idleTimeout of Deno.upgradeWebSocket if it must be.",
        },
        origin: Origin::Measured("Deno 2.9.6"),
    },
    ReasonRow {
        codes: &[1001],
        has: "maximum duration",
        example: "Your session hit the maximum duration of 60 minutes.",
        case: Case {
            cause: "The service limits the life of a session; OpenAI's Realtime API is reported to say this.",
            fix: "Open a new session before the limit, and carry over what has to stay.",
        },
        origin: Origin::Reported("reachy_mini#134"),
    },
    ReasonRow {
        codes: &[1001],
        has: "CloudFlare WebSocket proxy restarting",
        example: "CloudFlare WebSocket proxy restarting",
        case: Case {
            cause: "Cloudflare restarted the proxy that carried the connection.",
            fix: "Reconnect after a random delay: nothing is to mend at either end.",
        },
        origin: Origin::Reported("websocket-client#873"),
    },
    ReasonRow {
        codes: &[1001],
        has: "peer went away",
        example: "UT002046: Closing WebSocket, peer went away.",
        case: Case {
            cause: "No Close came: Undertow makes up this 1001 when the other end has vanished.",
            fix: "Read it as 1006: look at the other end and at what lies between.",
        },
        origin: Origin::Measured("Undertow 2.3.18"),
    },
    ReasonRow {
        codes: &[1001],
        has: "Endpoint going away",
        example: "Endpoint going away",
        case: Case {
            cause: "No Close came: Tcl's websocket package makes up this 1001 when the other end has vanished.",
            fix: "Read it as 1006: look at the other end and at what lies between.",
        },
        origin: Origin::Measured("tcllib 1.21"),
    },
    ReasonRow {
        codes: &[1006],
        has: "unexpected EOF",
        example: "unexpected EOF",
        case: Case {
            cause: "TCP was ended by the other end, or by a proxy between, and no Close had come: this is how gorilla reports it.",
            fix: "If it comes when users leave, it is harmless: check for it with IsUnexpectedCloseError. If it comes at a fixed time, a timer on the way cut it; else read the other end's log.",
        },
        origin: Origin::Measured("gorilla 1.5.3"),
    },
    ReasonRow {
        codes: &[1006],
        has: "No PONG received",
        example: "No PONG received after 5.0 seconds",
        case: Case {
            cause: "aiohttp's heartbeat was not answered in time.",
            fix: "Look at the end that did not answer; raise heartbeat only if the work must take that long.",
        },
        origin: Origin::Read("aio-libs/aiohttp 495e777"),
    },
    ReasonRow {
        codes: &[1006],
        has: "timed out from inactivity",
        example: "WebSocket timed out from inactivity",
        case: Case {
            cause: "uWebSockets' or Bun's idle timer ran out: nothing came for 120 seconds, the default.",
            fix: "Answer pings, or send something, at less than half of idleTimeout.",
        },
        origin: Origin::Measured("Bun 1.4.5, socketify 0.0.31"),
    },
    ReasonRow {
        codes: &[1006],
        has: "Peer not responding.",
        example: "Peer not responding.",
        case: Case {
            cause: "WebSocket-Node's keepalive ping was not answered within 10 seconds.",
            fix: "Look at the end that did not answer; raise keepaliveGracePeriod only if it must be.",
        },
        origin: Origin::Measured("websocket 1.0.35"),
    },
    ReasonRow {
        codes: &[1009],
        has: "read limited at ",
        example: "read limited at 32769 bytes",
        case: Case {
            cause: "A message is larger than the read limit of coder/websocket, which is 32,768 bytes unless it is set.",
            fix: "Receiver: raise it with SetReadLimit. Sender: send less at a time.",
        },
        origin: Origin::Measured("coder/websocket 1.8.15"),
    },
    ReasonRow {
        codes: &[1009],
        has: "Max frame length of ",
        example: "Max frame length of 65536 has been exceeded.",
        case: Case {
            cause: "A frame is larger than Netty's limit, which is 65,536 bytes unless it is set.",
            fix: "Receiver: raise maxFramePayloadLength (Spring WebFlux: maxFramePayloadLength of the request upgrade strategy). Sender: send less at a time, or in fragments.",
        },
        origin: Origin::Measured("Netty 4.1.118"),
    },
    ReasonRow {
        codes: &[1009],
        has: "exceeds limit of ",
        example: "frame with 1049600 bytes exceeds limit of 1048576 bytes",
        case: Case {
            cause: "A message is larger than max_size of python websockets, which is 1 MiB unless it is set.",
            fix: "Receiver: raise max_size. Sender: send less at a time. The limit is that of the end that closed.",
        },
        origin: Origin::Measured("websockets 17.4"),
    },
    ReasonRow {
        codes: &[1009],
        has: "decoded text message was too big",
        example: "The decoded text message was too big for the output buffer and the endpoint does not support partial messages",
        case: Case {
            cause: "A text message is larger than Tomcat's buffer, which is 8,192 bytes unless it is set.",
            fix: "Receiver: raise it with setMaxTextMessageBufferSize, or with the context parameter org.apache.tomcat.websocket.textBufferSize. Sender: send less at a time.",
        },
        origin: Origin::Measured("Tomcat 10.1.60"),
    },
    ReasonRow {
        codes: &[1009],
        has: "message too large: ",
        example: "Text message too large: 70,000 > 65,536",
        case: Case {
            cause: "A message is larger than Jetty's limit, which is 65,536 bytes unless it is set.",
            fix: "Receiver: raise setMaxTextMessageSize or setMaxBinaryMessageSize. Sender: send less at a time.",
        },
        origin: Origin::Read("jetty acf3325"),
    },
    ReasonRow {
        codes: &[1009],
        has: "Message size ",
        example: "Message size 4194305 exceeds limit 4194304",
        case: Case {
            cause: "A message is larger than aiohttp's max_msg_size, which is 4 MiB unless it is set.",
            fix: "Receiver: raise max_msg_size. Sender: send less at a time.",
        },
        origin: Origin::Measured("aiohttp 3.14.5"),
    },
    ReasonRow {
        codes: &[1002],
        has: "incomplete fragmented message",
        example: "incomplete fragmented message",
        case: Case {
            cause: "A Close came inside a fragmented message. That is legal, and python websockets refuses it.",
            fix: "Sender: finish the message before you close. The connection was being closed anyway.",
        },
        origin: Origin::Measured("websockets 17.4"),
    },
    ReasonRow {
        codes: &[1000],
        has: "please reconnect",
        example: "please reconnect",
        case: Case {
            cause: "uWebSockets' maxLifetime ended the connection.",
            fix: "Reconnect at once; raise maxLifetime if it comes too often.",
        },
        origin: Origin::Read("uWebSockets 66dcff3"),
    },
];
