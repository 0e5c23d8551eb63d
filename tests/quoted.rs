//! Messages of protocols inside WebSocket that stand in a text: told where they are certain, and only there.

#[path = "common/growth.rs"]
mod growth;

use wsclose::application::quoted;
use wsclose::explain::explain_line;
use wsclose::facts::protocols::{Layout, PROTOCOLS};
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::logline::read;

/// A text, and of its message: the protocol, the kind, the sender, and what it says.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    Option<Sender>,
    &'static str,
);

const CLIENT: Option<Sender> = Some(Sender::Client);
const SERVER: Option<Sender> = Some(Sender::Server);

const CASES: &[Case] = &[
    // As it travels, in the frame of a log.
    (
        r#"12:00:01 [chat] <= 44/orders,{"message":"jwt expired"}"#,
        "socket.io",
        "connect-error",
        SERVER,
        "jwt expired",
    ),
    (
        r#"engine.io-client:socket socket receive: type "message", data "44\"no such user\"""#,
        "socket.io",
        "connect-error",
        SERVER,
        "no such user",
    ),
    (
        r#"recv 42["exception",{"status":"error","message":"Forbidden resource"}]"#,
        "socket.io",
        "error-event",
        SERVER,
        "Forbidden resource",
    ),
    (
        r#"frame: {"type":7,"error":"Connection closed: token revoked.","allowReconnect":false}"#,
        "signalr",
        "close",
        SERVER,
        "Connection closed: token revoked.",
    ),
    (
        r#"{"type":3,"invocationId":"17","error":"Unknown hub method 'Sned'"}"#,
        "signalr",
        "completion-error",
        None,
        "Unknown hub method 'Sned'",
    ),
    // Inside a message of SockJS.
    (
        r#"<- a["{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no such method\"}}"]"#,
        "json-rpc",
        "error",
        None,
        "no such method",
    ),
    (
        r#"<<< a["ERROR\nmessage:Access denied\ncontent-length:0\n\n\u0000"]"#,
        "stomp",
        "error",
        SERVER,
        "Access denied",
    ),
    (
        r#"["4","9","room:7","phx_error",{}]"#,
        "phoenix",
        "channel-error",
        SERVER,
        "",
    ),
    (
        r#"data: c[4100,"Bye for now"]"#,
        "sockjs",
        "close",
        SERVER,
        "Bye for now",
    ),
    (
        "nats: -ERR 'Maximum Connections Exceeded'",
        "nats",
        "error",
        SERVER,
        "Maximum Connections Exceeded",
    ),
    (
        r#"xml< <failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><not-authorized/></failure>"#,
        "xmpp",
        "auth-failure",
        SERVER,
        "not-authorized",
    ),
    (
        r#"[4,"b1","FormationViolation","connectorId missing",{}]"#,
        "ocpp",
        "call-error",
        None,
        "connectorId missing",
    ),
    // As a program prints an object.
    (
        "onmessage { type: 'connection_error', payload: { message: 'it\\'s over' } }",
        "graphql-ws",
        "connection-error",
        SERVER,
        "it's over",
    ),
    (
        "DEBUG got {'type': 'disconnect', 'reason': 'remote', 'reconnect': False}",
        "actioncable",
        "disconnect",
        SERVER,
        "remote",
    ),
    (
        r#"level=warn msg="{\"event\":\"pusher:error\",\"data\":{\"code\":4004,\"message\":\"Over quota\"}}""#,
        "pusher",
        "error",
        SERVER,
        "Over quota",
    ),
    (
        r#"{"level":"error","frame":{"type":"disconnect","reason":"link_disabled","debug_info":{"host":"a"}}}"#,
        "slack-socket-mode",
        "disconnect",
        SERVER,
        "link_disabled",
    ),
    (
        "<<< ERROR\nmessage:Session closed\ncontent-length:0\n\n\0",
        "stomp",
        "error",
        SERVER,
        "Session closed",
    ),
    // By the name or the number of a reason.
    (
        "MQTT client: CONNACK 0x86",
        "mqtt",
        "connack",
        SERVER,
        "Bad User Name or Password (0x86)",
    ),
    (
        "paho: disconnected, reason code=142",
        "mqtt",
        "disconnect",
        SERVER,
        "Session taken over (0x8E)",
    ),
    (
        "c.h.mqtt DISCONNECT ADMINISTRATIVE_ACTION",
        "mqtt",
        "disconnect",
        SERVER,
        "Administrative action (0x98)",
    ),
    (
        "mqtt error: Connection refused: Server unavailable",
        "mqtt",
        "connack",
        SERVER,
        "Server unavailable",
    ),
    (
        "mqtt: Connection refused: Server unavailable (3)",
        "mqtt",
        "connack",
        SERVER,
        "server unavailable",
    ),
    (
        "mqtt: Connection refused: Banned",
        "mqtt",
        "connack",
        SERVER,
        "Banned (0x8A)",
    ),
    (
        "mqtt: Connection refused: Not authorized (code 5)",
        "mqtt",
        "connack",
        SERVER,
        "not authorized",
    ),
    (
        "ErrorWithReasonCode: Connection refused: Bad username or password code: 4",
        "mqtt",
        "connack",
        SERVER,
        "bad user name or password",
    ),
    (
        "xmpp.js StreamError: system-shutdown",
        "xmpp",
        "stream-error",
        None,
        "system shutdown",
    ),
    (
        "slack socket mode: disconnect reason: too_many_websockets",
        "slack-socket-mode",
        "disconnect",
        SERVER,
        "too many websockets",
    ),
    (
        "autobahn: onLeave: CloseDetails(reason=<wamp.error.no_such_realm>, message='x')",
        "wamp",
        "abort",
        SERVER,
        "",
    ),
    (
        "session left: ABORT wamp.error.authentication_failed",
        "wamp",
        "abort",
        SERVER,
        "",
    ),
    (
        "GOODBYE wamp.close.close_realm",
        "wamp",
        "goodbye",
        None,
        "",
    ),
    // Only where the protocol is named.
    (
        r#"discord: {"op":9,"d":false}"#,
        "discord-gateway",
        "invalid-session",
        SERVER,
        "",
    ),
    (
        r#"SignalR handshake: {"error":"Requested protocol 'messagepack' is not available."}"#,
        "signalr",
        "handshake-error",
        SERVER,
        "Requested protocol 'messagepack' is not available.",
    ),
    // Who sent it, by the text.
    (
        r#"SignalR, from client: {"type":7}"#,
        "signalr",
        "close",
        CLIENT,
        "",
    ),
];

#[test]
fn a_message_in_a_text_is_told() {
    for (text, protocol, kind, sender, says) in CASES {
        let reading = read(text).unwrap_or_else(|| panic!("{text}"));
        let quoted = reading.quoted.as_deref();
        let quoted = quoted.unwrap_or_else(|| panic!("no message in {text}"));
        assert_eq!(quoted.protocol.id, *protocol, "{text}");
        assert_eq!(quoted.row.kind, *kind, "{text}");
        assert_eq!(quoted.sender, *sender, "{text}");
        assert_eq!(quoted.text.as_deref().unwrap_or_default(), *says, "{text}");
        let explanation = explain_line(&reading, Registries::default());
        assert!(!explanation.statements.is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_message_for_certain_is_none() {
    for text in [
        // Ordinary messages, and words that are like those of a protocol.
        r#"42["chat","an error is no error"]"#,
        r#"{"type":7}"#,
        r#"{"type":7,"name":"order","error":"none"}"#,
        r#"{"type":"error","message":"bad"}"#,
        r#"{"type":"disconnect","user":"bo"}"#,
        r#"{"type":"disconnect","reason":"left the game"}"#,
        r#"{"op":9,"d":false}"#,
        r#"{"error":"not found"}"#,
        r#"{"status":"Failure","message":"pods not found","code":404}"#,
        r#"[4,"a","b","c",{}]"#,
        r#"[3,{},"done"]"#,
        r#"vec[3000,"x"] and abc[3000,"Go away!"]"#,
        "ERROR message: something failed",
        "ERROR\nmessage without a colon",
        "<error>no such page</error>",
        "-ERR unknown command 'FOO'",
        "Not authorized",
        "session taken over by the night shift",
        "exit with return code 5",
        "connected to mqtt with result code 0",
        "mqtt: 0x8e bytes read",
        "the GOODBYE of the wamp session",
        "44 messages, 42 errors",
        "at 0x87 in libmqtt",
    ] {
        let quoted = read(text).and_then(|reading| reading.quoted);
        let quoted = quoted.map(|quoted| (quoted.protocol.id, quoted.row.kind));
        assert_eq!(quoted, None, "{text}");
    }
}

#[test]
fn what_a_broker_refuses_is_no_refused_tcp_connection() {
    for (text, fix) in [
        (
            "mqtt error: Connection refused: Server unavailable",
            "Look at the broker's log",
        ),
        (
            "mqtt error: Connection refused: Identifier rejected",
            "Give a short identifier",
        ),
        (
            "mqtt error: Connection refused: Unacceptable protocol version",
            "Set the client's protocol version",
        ),
        (
            "mqtt.js Error: Connection refused: Bad username or password code: 4",
            "Try the same credentials",
        ),
        (
            "ErrorWithReasonCode: Connection refused: Not authorized",
            "Try the same credentials",
        ),
    ] {
        let reading = read(text).unwrap();
        let explanation = explain_line(&reading, Registries::default());
        assert_eq!(explanation.cause.id(), "application", "{text}");
        let first = explanation.advice[0].fix.english();
        assert!(first.starts_with(fix), "{text}: {first}");
        let all: Vec<&str> = explanation
            .statements
            .iter()
            .map(|said| said.text.english())
            .collect();
        assert!(
            !all.iter().any(|said| said.contains("nothing listens")),
            "{text}: {all:?}"
        );
    }
    // What has no reason of a broker is the system's.
    let reading = read("mqtt: connect failed: Connection refused").unwrap();
    assert_eq!(
        explain_line(&reading, Registries::default()).cause.id(),
        "refused"
    );
    // The number tells the version.
    let reading = read("mqtt: Connection refused: Not authorized (code 5)").unwrap();
    assert_eq!(reading.quoted.unwrap().code.as_deref(), Some("5"));
}

#[test]
fn the_code_of_a_close_and_the_message_before_it_are_one_story() {
    let text = r#"websocket closed: code=1000; last message {"type":7,"error":"Handler failed"}"#;
    let reading = read(text).unwrap();
    assert_eq!(reading.close.as_ref().map(|close| close.code), Some(1000));
    let explanation = explain_line(&reading, Registries::default());
    let first = explanation.statements[0].text.english();
    assert!(first.starts_with("SignalR"), "{first}");
    let all = explanation.statements.iter();
    assert!(
        all.clone()
            .all(|said| !said.text.english().contains("Nothing is wrong"))
    );
    assert!(
        all.clone()
            .all(|said| !said.text.english().contains("normal"))
    );
    // The words of a message are not those of the log.
    let text = r#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#;
    assert!(read(text).unwrap().status.is_none());
    // An error of one request is not blamed.
    let text = r#"closed with 4000, before: {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"bad"}}"#;
    let reading = read(text).unwrap();
    let explanation = explain_line(&reading, Registries::default());
    assert_eq!(reading.close.as_ref().map(|close| close.code), Some(4000));
    assert!(
        !explanation.statements[0]
            .text
            .english()
            .starts_with("JSON-RPC")
    );
}

#[test]
fn a_message_that_is_cut_or_hostile_is_no_harm() {
    for (text, ..) in CASES {
        for (at, _) in text.char_indices() {
            quoted(&text[..at]);
            quoted(&text[at..]);
        }
    }
    for part in [
        "{\"a\":[",
        "44[",
        "ERROR\na:b\n",
        "<error ",
        "\\\\\"{",
        "c[3000,",
        "0x8e mqtt ",
        "wamp.error.",
        "reason code ",
    ] {
        growth::is_in_proportion(part, 64 * 1024, |text| {
            quoted(text);
        });
    }
}

#[test]
fn what_is_certain_alone_has_an_error_in_its_layout() {
    for protocol in &PROTOCOLS {
        let has_words = !protocol.words.is_empty();
        assert!(has_words, "{} has no name in a text", protocol.id);
        for word in protocol.words {
            let is_small =
                !word.contains(|c: char| !(c.is_lowercase() || c.is_ascii_digit() || c == ' '));
            assert!(is_small, "{word} of {} is never found", protocol.id);
        }
        for row in protocol.messages {
            if row.alone.is_some() {
                assert!(row.means.is_some(), "{} {}", protocol.id, row.kind);
                let is_binary = matches!(protocol.form, Layout::Mqtt | Layout::Channels);
                assert!(!is_binary, "{} is no text", protocol.id);
            }
        }
    }
}
