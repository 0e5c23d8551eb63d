//! What a text tells beside its error: who closed and why, how far the connection had come, which end was slow.
//! The sentence of an error gives way to it.

use wsclose::explain::{Explanation, explain_line};
use wsclose::facts::registry::Registries;
use wsclose::logline::{Reading, read};

fn explained(text: &str) -> (Reading, Explanation) {
    let reading = read(text).unwrap_or_else(|| panic!("{text}"));
    let explanation = explain_line(&reading, Registries::default());
    (reading, explanation)
}

/// The cause that is told, the row of the words that say so, and the rows that are said beside it.
fn told(text: &str) -> (&'static str, Option<&'static str>, Vec<&'static str>) {
    let (reading, explanation) = explained(text);
    let further = reading.further.iter().map(|word| word.id).collect();
    (
        explanation.cause.id(),
        reading.word.map(|word| word.id),
        further,
    )
}

fn cause(text: &str) -> &'static str {
    told(text).0
}

fn row(text: &str) -> Option<&'static str> {
    told(text).1
}

#[test]
fn who_closed_and_why_is_no_use_after_the_end() {
    for text in [
        "ws: the session is closed by the gateway",
        "websocket channel is closed due to maintenance",
        "room gone, so its websocket is closed too",
        "the websocket connection is closed because nobody listens",
        "WebSocket is closed, for a new one is there",
    ] {
        let (cause, _, further) = told(text);
        assert_ne!(cause, "used-after-close", "{text}");
        assert!(!further.contains(&"used-after-close"), "{text}");
    }
    for text in [
        "cannot publish: websocket is closed",
        "Error: the websocket connection is closed",
        "send: socket is closed.",
    ] {
        assert_eq!(cause(text), "used-after-close", "{text}");
    }
    let nginx = "*3 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed \
                 too (104: Connection reset by peer) while proxying upgraded connection, client: 192.0.2.9";
    let (cause, _, further) = told(nginx);
    assert_eq!(cause, "proxy-client-gone");
    assert!(!further.contains(&"used-after-close"), "{further:?}");
    let safari = "WebSocket connection to 'wss://a.example/x' failed: WebSocket is closed due to suspension.";
    assert_eq!(
        told(safari),
        ("closed-while-suspended", Some("page-suspended"), vec![])
    );
}

#[test]
fn the_operation_tells_how_far_the_connection_had_come() {
    for (text, id) in [
        (
            "pump: read tcp 192.0.2.1:443->192.0.2.77:40001: i/o timeout",
            "timed-out-open",
        ),
        (
            "ws write tcp [2001:db8::7]:443->[2001:db8::1:9]:40001: i/o timeout",
            "timed-out-open",
        ),
        (
            "failed to get reader: failed to read frame header: read tcp 192.0.2.1:1->192.0.2.2:2: i/o timeout",
            "timed-out-open",
        ),
        (
            "java.net.SocketTimeoutException: Read timed out",
            "timed-out-open",
        ),
        (
            "read tcp 192.0.2.1:40001->192.0.2.7:443: read: connection timed out",
            "timed-out-in-the-system",
        ),
        ("Error: read ETIMEDOUT", "timed-out-in-the-system"),
        (
            "dial tcp 192.0.2.7:443: i/o timeout",
            "timed-out-connecting",
        ),
        ("connect ETIMEDOUT 192.0.2.7:443", "timed-out-connecting"),
        ("websocket: i/o timeout", "timed-out"),
        (
            "(110: Connection timed out) while proxying upgraded connection",
            "timed-out-in-the-proxy",
        ),
    ] {
        assert_eq!(row(text), Some(id), "{text}");
    }
    let open = "SSL_write() failed (SSL: error:0A000126) while proxying upgraded connection";
    assert_eq!(
        told(open),
        ("proxy-peer-reset", Some("open-in-the-proxy"), vec![])
    );
}

#[test]
fn what_names_the_timer_silences_the_error_of_the_system() {
    for (text, cause) in [
        (
            "TimeoutException: websocket idle timeout expired: 45000/45000 ms",
            "idle-timeout",
        ),
        (
            "SocketTimeoutException: sent ping but didn't receive pong within 15000ms",
            "keepalive-timeout",
        ),
        (
            "request timed out: the connection was aborted because the server is shutting down",
            "application",
        ),
    ] {
        let (told, _, further) = told(text);
        assert_eq!(told, cause, "{text}");
        assert!(further.is_empty(), "{text}: {further:?}");
    }
}

#[test]
fn what_a_ping_waited_for_is_no_life_of_a_connection() {
    for text in [
        "ws: no pong received within 60 seconds",
        "WebSocket ping timeout after 60000 ms.",
        "websocket handshake timed out after 60 s",
    ] {
        assert_eq!(explained(text).0.lasted, None, "{text}");
    }
    assert!(
        explained("websocket closed 1006 after 60 s")
            .0
            .lasted
            .is_some()
    );
}

#[test]
fn a_handshake_exception_is_of_tls_only_where_it_stands_alone() {
    for (text, cause) in [
        (
            "a.b.websocketx.WebSocketClientHandshakeException: Invalid handshake response",
            "upgrade-invalid",
        ),
        (
            "WebSocketException: Handshake exception, expected status code 101 but was 502",
            "upgrade-refused",
        ),
        (
            "InvalidHandshakeException: draft 6455 refuses handshake",
            "upgrade-invalid",
        ),
        (
            "WebSocketServerHandshakeException: not a WebSocket request",
            "upgrade-refused",
        ),
        (
            "HandshakeException: Connection terminated during handshake",
            "tls-failed",
        ),
        (
            "wss: Unhandled Exception: HandshakeException: Handshake error in client",
            "tls-failed",
        ),
        ("javax.net.ssl.SSLHandshakeException: x", "tls-failed"),
    ] {
        assert_eq!(self::cause(text), cause, "{text}");
    }
    let (reading, _) = explained("Handshake exception, expected status code 101 but was 502");
    assert_eq!(reading.status, Some(502));
    assert_eq!(
        cause("Error: Unexpected server response: 101"),
        "upgrade-invalid"
    );
}

#[test]
fn the_slow_end_is_the_one_that_got_the_close() {
    for text in [
        "websocket: close 1008 (policy violation): consumer too slow",
        "failed to write msg: WebSocket closed: sent close frame: status = StatusPolicyViolation and reason = \"too slow\"",
    ] {
        let (reading, explanation) = explained(text);
        let about = reading.about.expect("its reason is about something");
        assert_eq!(about.id, "slow-consumer", "{text}");
        let said = about.as_reason.expect("it has a sentence for a reason");
        let is_said = |sentence: &&wsclose::words::Message| sentence.to_string() == said.english();
        assert!(
            explanation
                .statements
                .iter()
                .any(|sentence| is_said(&sentence)),
            "{text}"
        );
    }
}

#[test]
fn a_code_that_a_library_makes_of_the_end_of_tcp_came_from_nobody() {
    for text in [
        "WebSocket closed with code: 1001 reason:Stream end encountered wasClean:0",
        "Disconnected from Metro (1001: 'Stream end encountered')",
        "ws closed code=1001 reason=\"Stream end encountered\"",
    ] {
        let (reading, explanation) = explained(text);
        assert_eq!(explanation.cause.id(), "peer-gone", "{text}");
        assert_eq!(reading.wire_code(), None, "{text}");
        assert!(!reading.is_clean(), "{text}");
    }
    let unsent = "LocalProtocolError: Event CloseConnection(code=1001, reason='going away') cannot be sent in state CLOSED";
    let (reading, _) = explained(unsent);
    assert!(reading.close.is_none() && reading.about.is_none());
    assert_eq!(cause(unsent), "used-after-close");
}

#[test]
fn the_name_of_its_code_is_all_that_such_a_reason_says() {
    assert!(
        explained("close code: 1001, reason: 'Going away'")
            .0
            .about
            .is_none()
    );
    let deploy = explained("close code: 1001, reason: 'going down for a restart'").0;
    assert_eq!(deploy.about.map(|word| word.id), Some("reason-shutdown"));
    let front = explained("WebSocket disconnected: session expired. with code: 1001").0;
    let close = front.close.expect("it has a code");
    assert_eq!((close.code, &*close.reason), (1001, "session expired."));
}

#[test]
fn what_a_reason_is_about_is_said_once() {
    let text = "TimeoutException: Idle timeout expired: 45000/45000 ms\nSocket Closed: CloseReason[1001,Idle Timeout]";
    let (reading, explanation) = explained(text);
    assert_eq!(reading.about.map(|word| word.id), Some("idle"));
    let said: Vec<String> = explanation
        .statements
        .iter()
        .map(ToString::to_string)
        .collect();
    let once: std::collections::BTreeSet<&String> = said.iter().collect();
    assert_eq!(once.len(), said.len(), "{said:?}");
}

#[test]
fn a_handshake_inside_the_websocket_is_not_the_opening_one() {
    for text in [
        "The server disconnected before sending a handshake response.",
        "Failed to start the connection: Error: The connection was closed before the hub handshake could complete",
    ] {
        assert_eq!(told(text).1, Some("signalr-handshake"), "{text}");
        assert!(told(text).2.is_empty(), "{text}");
    }
    assert_eq!(
        cause(
            "failed to dial: WebSocket protocol violation: Connection header \"close\" does not contain Upgrade"
        ),
        "upgrade-invalid"
    );
    let asked =
        "websocket: the client is not using the websocket protocol: request method is not GET";
    assert_eq!(row(asked), Some("asked-wrongly"));
    let origin = "failed to accept WebSocket connection: request Origin \"https://a.example\" is not authorized";
    assert_eq!(row(origin), Some("origin"));
    assert_eq!(
        cause("a.PrematureCloseException: Connection prematurely closed BEFORE response"),
        "handshake-failed"
    );
}

#[test]
fn words_that_many_programs_have_are_no_vendors() {
    let transport = told("websocket transport closed");
    assert_eq!(transport.0, "closed-untold");
    assert_eq!(
        cause("unable to perform operation on <TCPTransport closed=True>; the handler is closed"),
        "used-after-close"
    );
    assert_eq!(
        row("CLEARTEXT communication to a.example not permitted"),
        Some("cleartext-in-an-app")
    );
    assert!(read("HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)").is_none());
}

#[test]
fn the_advice_is_about_the_error_that_is_named() {
    let advice = |name: &str| {
        let text = format!(
            "WebSocket connection to 'wss://a.example/' failed: Error in connection establishment: net::{name}"
        );
        let (_, explanation) = explained(&text);
        explanation
            .advice
            .first()
            .map(|advice| advice.cause.english())
    };
    for name in [
        "ERR_NETWORK_IO_SUSPENDED",
        "ERR_TIMED_OUT",
        "ERR_CONNECTION_REFUSED",
        "ERR_WINSOCK_UNEXPECTED",
    ] {
        let first = advice(name).expect("it has advice");
        let is_of_another = first.starts_with("ERR_") && !first.contains(name);
        assert!(!is_of_another, "{name}: {first}");
    }
}

#[test]
fn the_raw_value_of_a_code_is_one() {
    for (text, code) in [
        (
            "didCloseWith closeCode: NSURLSessionWebSocketCloseCode(rawValue: 1008)",
            1008,
        ),
        (
            "closed with URLSessionWebSocketTask.CloseCode(rawValue: 4409)",
            4409,
        ),
    ] {
        let close = explained(text).0.close.map(|close| close.code);
        assert_eq!(close, Some(code), "{text}");
    }
}
