//! The reader behind the shapes: each row of the vocabulary reads its own example, lines of our own of every
//! kind are read rightly, and what has nothing to do with a WebSocket is claimed by nobody.

use wsclose::explain::explain_line;
use wsclose::facts::causes::Cause;
use wsclose::facts::lines::{Event, Way};
use wsclose::facts::registry::Registries;
use wsclose::facts::vocabulary::{Kind, Means, WORDS};
use wsclose::logline::read;

/// Each row is found in its example, which is a text that somebody could hold.
#[test]
fn each_word_is_found_in_its_example() {
    let mut unread = Vec::new();
    for word in &WORDS {
        if word.kind.id().is_none() || matches!(word.means, Means::Key(_) | Means::Code(_)) {
            continue;
        }
        // The names of producers and vendors stand in their own rows.
        if word.example.is_empty() {
            let is_name = matches!(word.means, Means::Producer(_) | Means::Vendor(_));
            assert!(is_name, "{}", word.id);
            continue;
        }
        let Some(reading) = read(word.example) else {
            // Whose words they are, or which way a Close went, says nothing alone; nor do weak words.
            let is_companion = word.is_weak
                || matches!(
                    word.means,
                    Means::About(_) | Means::By(_) | Means::Producer(_) | Means::Vendor(_)
                )
                || word.kind == Kind::Reason;
            if !is_companion {
                unread.push(format!("{}: {:?}", word.id, word.example));
            }
            continue;
        };
        for clue in &reading.clues {
            let end = clue.at + clue.length;
            assert!(word.example.get(clue.at..end).is_some(), "{}", word.id);
        }
    }
    assert!(unread.is_empty(), "{unread:#?}");
}

fn code_of(text: &str) -> Option<u16> {
    read(text)?.close.map(|close| close.code)
}

#[test]
fn codes_are_found_wherever_people_write_them() {
    for (text, code) in [
        ("socket closed, code=1006 reason=''", 1006),
        ("[ws] disconnected (1011)", 1011),
        ("WebSocket closed with status `4401`", 4401),
        ("1006: websocket connection lost", 1006),
        ("CloseStatus[code=1001, reason=null]", 1001),
        ("{\"event\":\"ws_close\",\"close_code\":1008}", 1008),
        ("ws close code    :      1002", 1002),
        ("onClose code: 4003, remote: true", 4003),
        ("WebSocket disconnected with code 1012 by remote", 1012),
        ("Closing websocket. Code: 1000. Reason: bye", 1000),
        ("websocket went away code1012", 1012),
        ("wss 1015", 1015),
        ("the ws server closes with a 1003 status code", 1003),
        ("CloseRequest 1001 \"\"", 1001),
        ("WebSocket stopped: the reader threw. --- 1011", 1011),
        ("koneksi websocket ditutup server, kode 1008", 1008),
        ("Kết nối WebSocket đã đóng, mã 1013", 1013),
        ("การเชื่อมต่อ WebSocket ถูกปิด รหัส 1012", 1012),
        (
            "la connexion websocket a été fermée avec le code 1009",
            1009,
        ),
        ("La conexión WebSocket se cerró con el código 1011", 1011),
        ("соединение websocket закрыто с кодом 1001", 1001),
        ("WebSocket 连接已关闭，状态码 1009", 1009),
    ] {
        assert_eq!(code_of(text), Some(code), "{text}");
    }
}

#[test]
fn what_happened_is_found_in_the_words_of_any_system() {
    for (text, cause) in [
        ("ws: read ECONNRESET", Cause::Reset),
        (
            "websocket error: connect ECONNREFUSED 10.0.0.5:8080",
            Cause::Refused,
        ),
        (
            "websocket: dial tcp: lookup nohost.example: no such host",
            Cause::Unresolved,
        ),
        (
            "WebSocket handshake: certificate has expired",
            Cause::TlsFailed,
        ),
        (
            "websocket handshake failed with status 403",
            Cause::UpgradeRefused,
        ),
        ("WebSocket closed", Cause::ClosedUntold),
        ("WebSocket Closed by server", Cause::ClosedUntold),
        ("WebSocket closed (no code)", Cause::ClosedUntold),
        ("WebSocket closed: no code was given", Cause::ClosedUntold),
        (
            "dial: connection closed before the handshake",
            Cause::HandshakeFailed,
        ),
        ("koneksi websocket sering terputus", Cause::ClosedUntold),
        ("WebSocket error: [object Object]", Cause::ErrorUntold),
        (
            "handle_write_frame error: read: Connection reset by peer",
            Cause::Reset,
        ),
        (
            "websocket: write EPROTO 139:error:wrong length",
            Cause::TlsFailed,
        ),
        (
            "ws client: protocol error: Handshake not finished",
            Cause::HandshakeFailed,
        ),
        (
            "error upgrading connection: Forbidden",
            Cause::UpgradeRefused,
        ),
        (
            "websocket: the proxy gave a 502 http error",
            Cause::UpgradeRefused,
        ),
        ("[W ServerApp] 403 GET /ws/terminal", Cause::UpgradeRefused),
        ("gateway: websocket 503", Cause::UpgradeRefused),
        (
            "ws: Origin https://a.example is not authorized",
            Cause::UpgradeRefused,
        ),
    ] {
        let reading = read(text).unwrap_or_else(|| panic!("{text}"));
        let says = match reading.event {
            Event::Cause { cause, .. } => Some(cause),
            _ => None,
        };
        assert_eq!(says, Some(cause), "{text}");
        assert!(
            reading.shape.is_none() || !reading.clues.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn what_is_about_something_else_is_claimed_by_nobody() {
    for text in [
        "listening on port 1006",
        "parser.c line 1011: unused variable",
        "request took 4000 ms",
        "mysql error 1009: cannot drop database",
        "user 1001 logged in",
        "GET /items/1006 200 12ms",
        "pid 1011 exited with code 1",
        "order 4401 shipped",
        "1006 rows affected",
        "backup finished in 1012 seconds",
    ] {
        assert_eq!(code_of(text), None, "{text}");
    }
}

/// A name of a function, a class, a setting or a command says nothing of the connection, and the words of other
/// systems are theirs.
#[test]
fn the_length_of_a_packet_is_no_status() {
    for text in [
        "  4   0.000115    10.0.0.1 → 10.0.0.2    HTTP 224 GET /chat HTTP/1.1",
        "  4 0.000115 10.0.0.1 -> 10.0.0.2 HTTP/XML 503 GET /ws HTTP/1.1 websocket",
    ] {
        let status = read(text).and_then(|reading| reading.status);
        assert_eq!(status, None, "{text}");
    }
    let tornado = read("403 GET /api/kernels/websocket (10.0.0.1) 2.1ms");
    assert_eq!(tornado.and_then(|reading| reading.status), Some(403));
}

#[test]
fn what_only_names_something_is_no_cause() {
    let cause_of = |text: &str| match read(text).map(|reading| reading.event) {
        Some(Event::Cause { cause, .. }) => Some(cause),
        Some(Event::Fault { .. }) => Some(Cause::Violation),
        _ => None,
    };
    for (text, cause) in [
        ("h11.RemoteProtocolError in the websocket client", None),
        (
            "ws target: Protocol error (Page.navigate): it is not there",
            None,
        ),
        ("net::ERR_HTTP2_PROTOCOL_ERROR on wss://a.example", None),
        (
            "WebSocket error: boom\n    at Timeout.pingTimeout [as _onTimeout] (/a/b.js:1:2)",
            Some(Cause::ErrorUntold),
        ),
        ("websocket: Setting pingTimeout to 5000", None),
        (
            "websocket ping_timeout (90) must be shorter than ping_interval (30)",
            None,
        ),
        ("websocket: heartbeat timeout set to 45s", None),
        ("closing handshake failed", None),
        ("ssh: client_loop: send disconnect: Broken pipe", None),
        ("curl: (52) Empty reply from server", None),
        ("rpc error: code = Internal desc = stream is closed", None),
        ("Broken pipe", Some(Cause::PeerGone)),
        ("Connection reset by peer", Some(Cause::Reset)),
    ] {
        assert_eq!(cause_of(text), cause, "{text}");
    }
    assert_eq!(code_of("Process finished with exit code 1011"), None);
    let browser = "10.0.0.1 - - \"GET /ws HTTP/1.1\" 499 0 \"-\" \"Mozilla/5.0 Firefox/140.0\"";
    let reading = read(browser).expect("it has a status");
    assert_eq!(reading.status, Some(499));
    assert!(reading.producer.is_none(), "{:?}", reading.producer);
}

#[test]
fn two_closes_in_one_text_are_both_kept() {
    let reading =
        read("first: websocket closed 1001 going away\nthen: websocket closed 1011 internal error")
            .expect("it is read");
    let mut codes: Vec<u16> = reading
        .close
        .iter()
        .chain(&reading.answer)
        .chain(&reading.others)
        .map(|close| close.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [1001, 1011]);
}

/// Who says 1000 because no pong came closed for that.
#[test]
fn what_made_this_end_say_1000_is_the_cause() {
    let texts = [
        (
            "ws: no pong received in time\nws: sending close frame 1000",
            Cause::KeepaliveTimeout,
        ),
        (
            "ws: no pong received in time\nws: received close frame 1000",
            Cause::Application,
        ),
    ];
    for (text, cause) in texts {
        let reading = read(text).expect("it is read");
        let explanation = explain_line(&reading, Registries::default());
        assert_eq!(explanation.cause, cause, "{text}");
    }
}

/// A vendor is named by words that are its own: not by the protocol's name for a code, by one word that
/// everybody writes, or by a name that two vendors give it.
#[test]
fn a_vendor_is_named_only_by_its_own_words() {
    let vendor_of = |text: &str| read(text).and_then(|reading| reading.named.first().copied());
    for text in [
        "received 1009 (message too big)",
        "close 1001 (going away) bye",
        "websocket closed 1001: Going Away",
        "4401 (private use) unauthorized, websocket closed",
    ] {
        assert_eq!(vendor_of(text), None, "{text}");
    }
    for (text, vendor) in [
        (
            "websocket closed with 4014: disallowed intent(s).",
            "discord-gateway",
        ),
        (
            "ws close code 4004 Authentication failed.",
            "discord-gateway",
        ),
        (
            "discord.gateway: the socket was closed with 4013",
            "discord-gateway",
        ),
    ] {
        assert_eq!(vendor_of(text), Some(vendor), "{text}");
    }
}

/// The name of a code in parentheses behind it is no part of the reason, nor of the search for one.
#[test]
fn the_name_of_a_code_is_no_reason() {
    for (text, reason) in [
        (
            "received 1009 (message too big) Frame of 70000 bytes",
            "Frame of 70000 bytes",
        ),
        ("received 1009 (message too big)", ""),
        (
            "ws closed: 1011 (Internal Error) reason: worker died",
            "worker died",
        ),
        (
            "websocket closed with code 1008 (POLICY_VIOLATION) no session",
            "no session",
        ),
    ] {
        let close = read(text).and_then(|reading| reading.close);
        assert_eq!(
            close.map(|close| close.reason).as_deref(),
            Some(reason),
            "{text}"
        );
    }
}

/// What stands behind a code is a reason only where nothing says that it is something else: a name of its own, or
/// a sentence that goes on.
#[test]
fn the_next_pair_is_no_reason() {
    let reason_of = |text: &str| read(text).and_then(|reading| Some(reading.close?.reason));
    for text in [
        "{\"msg\":\"websocket closed\",\"code\":1001,\"account\":7}",
        "{\"event\":\"ws close\",\"code\": 4002, \"remote_addr\": \"192.0.2.9\"}",
        "{\"log\":\"{\\\"msg\\\":\\\"ws closed\\\",\\\"code\\\":1000,\\\"seat\\\":3}\"}",
        "{'event': 'websocket closed', 'code': 1000, 'tenant': 'north'}",
        "ws closed {:code=>1001, :member=>\"ann\"}",
        "websocket closed code=1008 tenant=north seat=3",
        "websocket closed code:1000 peer:192.0.2.9",
        "websocket closed { code: 1011, last_message: 'salary' }",
        "websocket closed code=1000 last_message=\"salary list\"",
        "websocket closed with 1001 then reopened",
        "websocket closed with code 1011 from 192.0.2.9:4000",
        "ws closed: 1001, after 30 s",
        "ws closed 1000 by the client",
        "ws closed with 1000 and 1006",
        "ws closed (1001): member=ann seat=3",
        "ws closed code=1000 reason= member=ann",
        "ws closed code: 1006, reason: , member: ann",
        "ws closed with 1006 on connection 5",
        "ws closed code=4000 last_error=\"salary list\"",
    ] {
        assert_eq!(reason_of(text).as_deref(), Some(""), "{text}");
    }
    for (text, reason) in [
        (
            "websocket closed code=1008 reason=late tenant=north",
            "late",
        ),
        (
            "websocket closed { code: 1008, reason: no ticket, seat: 3 }",
            "no ticket",
        ),
        (
            "{\"code\":4002,\"seat\":3,\"close_message\":\"no ticket\",\"what\":\"ws closed\"}",
            "no ticket",
        ),
        (
            "websocket closed code: 4002 - error: no ticket",
            "error: no ticket",
        ),
        ("websocket closed 4002 no ticket", "no ticket"),
        ("websocket closed 4002, \"no ticket\"", "no ticket"),
    ] {
        assert_eq!(reason_of(text).as_deref(), Some(reason), "{text}");
    }
}

/// What stands in quotes, behind a colon or in a sentence is the reason as it is, whatever marks and small words it
/// has.
#[test]
fn a_reason_is_whole() {
    let reason_of = |text: &str| read(text).and_then(|reading| Some(reading.close?.reason));
    for (text, reason) in [
        ("ws closed code=4002 details=\"no ticket\"", "no ticket"),
        ("ws closed code=4002, detail='no ticket'", "no ticket"),
        ("ws closed code=4002 desc=\"no ticket\"", "no ticket"),
        ("ws closed code=4002 error=\"no ticket\"", "no ticket"),
        (
            "ws closed code=4002 seat=3 detail=\"no ticket\"",
            "no ticket",
        ),
        (
            "{\"event\":\"ws closed\",\"code\":4002,\"details\":\"no ticket\"}",
            "no ticket",
        ),
        ("ws closed 4002 \"seat=3 is taken\"", "seat=3 is taken"),
        ("ws closed 4002 \"ticket=late\"", "ticket=late"),
        ("ws closed 1008 'seats=0 left'", "seats=0 left"),
        ("ws closed 4002 for silence", "for silence"),
        (
            "ws closed 4002 on entry from elsewhere",
            "on entry from elsewhere",
        ),
        (
            "ws closed 4002 by warden: thrown out",
            "by warden: thrown out",
        ),
        ("ws closed 1001 in repair", "in repair"),
        ("ws closed 4008 to many calls", "to many calls"),
        (
            "ws closed with code 4002 reason: bad seat no=7 in row",
            "bad seat no=7 in row",
        ),
        (
            "ws closed with code 4002 reason: bad seat, row: five",
            "bad seat, row: five",
        ),
        ("ws closed code=4002 reason=late tenant=north ws", "late"),
        (
            "ws closed code=4002 reason=no ticket tenant=north",
            "no ticket",
        ),
        (
            "ws close 1008 Policy violation: calls=5/s exceeded",
            "Policy violation: calls=5/s exceeded",
        ),
        (
            "ws close 4002 message size=9000 exceeds max=8192",
            "message size=9000 exceeds max=8192",
        ),
        (
            "websocket: close 1008 (policy violation): call limit=5 reached",
            "call limit=5 reached",
        ),
        (
            "ws closed 4002 {\"seat_error_msg\":\"no ticket\"}",
            "no ticket",
        ),
        (
            "ws closed 4002 {\"door_message\":\"no ticket\"}",
            "no ticket",
        ),
        (
            "ws closed 4002 {\"kick_reason\":\"no ticket\",\"by\":\"ann\"}",
            "no ticket",
        ),
    ] {
        assert_eq!(reason_of(text).as_deref(), Some(reason), "{text}");
    }
}

/// What another program answered, and what was never asked, in the words of their servers.
#[test]
fn openings_are_told_in_the_words_of_servers() {
    let said = |text: &str| {
        let reading = read(text).unwrap_or_else(|| panic!("{text}"));
        let explanation = explain_line(&reading, Registries::default());
        let fix = explanation
            .advice
            .first()
            .map(|advice| advice.fix.english());
        (reading.status, explanation.cause, fix.unwrap_or_default())
    };
    for (text, status, cause) in [
        (
            "level=debug msg=\"'502 Bad Gateway' caused by: EOF\"",
            Some(502),
            Cause::UpstreamClosedEarly,
        ),
        (
            "level=debug msg=\"'502 Bad Gateway' caused by: read tcp 192.0.2.1:50112->192.0.2.9:80: read: connection reset by peer\"",
            Some(502),
            Cause::UpstreamClosedEarly,
        ),
        (
            "level=debug msg=\"'502 Bad Gateway' caused by: context canceled\"",
            Some(502),
            Cause::UpgradeRefused,
        ),
        (
            "level=debug msg=\"'502 Bad Gateway' caused by: dial tcp 192.0.2.9:80: connect: connection refused\"",
            Some(502),
            Cause::UpgradeRefused,
        ),
        (
            "WebSocket connection is closed: no code, no reason.",
            None,
            Cause::ClosedUntold,
        ),
        (
            "lamp: connection is closed: no reason",
            None,
            Cause::ClosedUntold,
        ),
    ] {
        let (came, told, _) = said(text);
        assert_eq!((came, told), (status, cause), "{text}");
    }
    for (text, word) in [
        ("REFUSED CONNECTION TO SeatWeb.LiveSocket in 3ms", "token"),
        (
            "opening handshake failed\nEOFError: stream ends after 0 bytes, before end of line",
            "nothing is wrong",
        ),
        (
            "opening handshake failed\nTraceback (most recent call last):\n  File \"/srv/a.py\", line 3, in parse\nEOFError: stream ends after 0 bytes, before end of line\nEOFError: connection closed while reading HTTP request line",
            "nothing is wrong",
        ),
    ] {
        let (.., fix) = said(text);
        assert!(fix.contains(word), "{text}: {fix}");
    }
}

/// A CloseEvent that was written as JSON has no word for a WebSocket but its members.
#[test]
fn the_members_of_a_close_event_say_what_it_is() {
    for (text, code) in [
        (
            "{\"code\":1006,\"reason\":\"\",\"wasClean\":false}",
            Some(1006),
        ),
        (
            "{ \"wasClean\": true, \"reason\": \"\", \"code\": 1012 }",
            Some(1012),
        ),
        (
            "{\"isTrusted\":true,\"code\":1013,\"reason\":\"\"}",
            Some(1013),
        ),
        ("{\"code\":1011,\"reason\":\"a, b\"}", Some(1011)),
        ("{\"reason\":\"no seat\",\"code\":1008}", Some(1008)),
        ("{code:1006,reason:'',wasClean:false}", Some(1006)),
        ("{\"code\":1011,\"message\":\"no seat\"}", None),
        ("{\"code\":1011,\"reason\":\"\",\"order\":5}", None),
        ("{\"code\":4009,\"reason\":\"no seat\"}", None),
        ("{\"fault\":{\"code\":1011,\"reason\":\"\"}}", None),
        ("{\"code\":1011}", None),
        ("{\"code\":200,\"reason\":\"OK\"}", None),
    ] {
        assert_eq!(code_of(text), code, "{text}");
    }
}

/// Words that several systems print are said of the one that prints them.
#[test]
fn words_are_taken_for_whose_they_are() {
    let event_of = |text: &str| {
        let reading = read(text)?;
        match reading.event {
            Event::Cause { cause, .. } => Some(cause.id()),
            Event::Fault { rule, .. } => Some(rule),
            _ => Some("close"),
        }
    };
    for (text, event) in [
        // TLS only where TLS says so.
        ("unsupported protocol", None),
        (
            "{\"code\":5,\"message\":\"Unsupported protocol version\"}",
            Some("upgrade-refused"),
        ),
        (
            "ValueError: unsupported protocol; expected HTTP/1.1: +OK redis ready",
            Some("upgrade-invalid"),
        ),
        (
            "ssl.SSLError: [SSL: UNSUPPORTED_PROTOCOL] unsupported protocol",
            Some("tls-failed"),
        ),
        (
            "ws: SSL routines:tls_early_post_process_client_hello:unsupported protocol",
            Some("tls-failed"),
        ),
        // Nothing was open, and nothing was closed.
        (
            "send on WebSocket: InvalidStateError: still in CONNECTING state",
            Some("used-before-open"),
        ),
        (
            "ClientConnectionResetError: Cannot write to closing transport",
            Some("used-after-close"),
        ),
        (
            "websocket: ConnectionResetError: [Errno 104]",
            Some("reset"),
        ),
        // Socket.IO's event is of open connections too.
        (
            "connect_error Error: Invalid namespace",
            Some("application"),
        ),
        ("connect_error: xhr poll error", Some("could-not-connect")),
        ("socket.io connect_error: no seat", Some("error-untold")),
        ("websocket connect error: no seat", Some("handshake-failed")),
        ("SecurityError: The operation is insecure.", None),
        ("document.cookie: The operation is insecure.", None),
        (
            "opening wss://a.example: SecurityError: The operation is insecure.",
            Some("blocked"),
        ),
        // Who was silent.
        (
            "Client timeout (60000ms) elapsed without receiving a message from the client.",
            Some("idle-timeout"),
        ),
        (
            "Client lamp-3 has exceeded timeout, disconnecting.",
            Some("idle-timeout"),
        ),
        // A proxy that could not connect has seen nobody end anything.
        (
            "502 Bad Gateway: dial tcp 192.0.2.4:80: connect: connection refused",
            Some("upgrade-refused"),
        ),
        (
            "upstream_reset_before_response_started{delayed_connect_error:_111}",
            Some("refused"),
        ),
        (
            "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
            Some("upstream-closed-early"),
        ),
        (
            "\"GET /live HTTP/1.1\" 101 UC upstream_reset_after_response_started{x}",
            Some("peer-gone"),
        ),
        // Phones.
        (
            "websocket: NSPOSIXErrorDomain Code=57",
            Some("closed-untold"),
        ),
        (
            "websocket: transport endpoint is not connected",
            Some("used-after-close"),
        ),
        ("** (Mint.TransportError) socket closed", Some("peer-gone")),
        // The handshake failed, so no Close was to come.
        (
            "opening handshake failed\nEOFError: stream ends after 0 bytes",
            Some("handshake-failed"),
        ),
        (
            "closing handshake failed: ws unexpected EOF",
            Some("peer-gone"),
        ),
        (
            "onClose code=1002 reason=Invalid status code received: 403",
            Some("upgrade-refused"),
        ),
        (
            "REFUSED CONNECTION TO SeatWeb.LiveSocket in 3ms",
            Some("upgrade-refused"),
        ),
        (
            "ProtocolException: Control frames must be final.",
            Some("fragmented-control-frame"),
        ),
    ] {
        assert_eq!(event_of(text), event, "{text}");
    }
}

/// What a report says of one connection does not contradict itself.
#[test]
fn no_sentence_says_the_contrary_of_another() {
    let said = |text: &str| {
        let reading = read(text).expect("it is read");
        let explanation = explain_line(&reading, Registries::default());
        let ids: Vec<&str> = reading.further.iter().map(|word| word.id).collect();
        (reading.close.map(|close| close.way), ids, explanation.cause)
    };
    let closed =
        "{\"msg\":\"ws closed\",\"code\":1001,\"last_error\":\"read: connection reset by peer\"}";
    let (way, further, _) = said(closed);
    assert_eq!(way, Some(Way::Reported), "reset by peer is said of TCP");
    assert!(further.is_empty(), "{further:?}");
    let (_, further, _) = said("WebSocket is Still in CONNECTING state: InvalidStateError");
    assert!(further.is_empty(), "{further:?}");
    let safari =
        "WebSocket connection to 'wss://a.example/' failed: Software caused connection abort";
    let (_, further, _) = said(safari);
    assert!(further.is_empty(), "{further:?}");
    let (way, ..) =
        said("ws: sent close frame: status = StatusInternalError and reason = \"no seat\"");
    assert_eq!(way, Some(Way::Sent));
}

#[test]
fn a_text_that_tells_whether_it_was_open_decides_between_the_causes_of_1006() {
    let causes = |text: &str| {
        let reading = read(text).unwrap_or_else(|| panic!("{text}"));
        let explanation = explain_line(&reading, Registries::default());
        let causes = explanation.advice.iter();
        let causes: Vec<&str> = causes.map(|advice| advice.cause.english()).collect();
        (
            reading.opened,
            causes.join("\n"),
            explanation.first.is_none(),
        )
    };
    for text in [
        "WebSocket closed after 60002 ms with code 1006",
        "ws disconnected code=1006 reason= duration=3600s",
        "WebSocket connection closed: code=1006, was open for 120 seconds",
        "{\"code\":1006,\"reason\":\"\",\"wasClean\":false,\"opened\":true,\"durationMs\":60003}",
        "WebSocket.OnClose|1006 An exception has occurred while receiving.",
        "Error: WebSocket closed with status code: 1006 (no reason given).) called while in state Connected.",
    ] {
        let (opened, causes, is_decided) = causes(text);
        assert_eq!(opened, Some(true), "{text}");
        assert!(!causes.contains("It never opened"), "{text}: {causes}");
        assert!(is_decided, "{text}");
    }
    let (opened, of_404, is_decided) =
        causes("[Error: WebSocket error: ws://x 404 Not Found] code=1006 reason=");
    assert_eq!((opened, is_decided), (Some(false), true));
    assert!(of_404.starts_with("The path"), "{of_404}");
    for text in [
        "WebSocket closed: 1006",
        "websocket closed with code 1006, retry in 5 s",
        "WebSocket connect timeout after 20 s, code 1006",
    ] {
        assert_eq!(causes(text).0, None, "{text}");
    }
}

#[test]
fn what_a_program_does_next_is_no_reason() {
    let reading = read("The gateway closed with an unexpected code 1006, attempting to resume.");
    let close = reading.and_then(|reading| reading.close);
    let close = close.expect("a close");
    assert_eq!((close.code, close.reason.as_str()), (1006, ""));
}
