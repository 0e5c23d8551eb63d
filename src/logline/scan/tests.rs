use super::*;

fn scan(log: &[u8], step: usize, most_groups: usize) -> Findings {
    let mut scanner = Scanner::new(most_groups).expect("it is built");
    for block in log.chunks(step) {
        scanner.feed(block);
    }
    scanner.finish()
}

#[test]
fn how_a_log_is_cut_into_blocks_makes_no_difference() {
    let log = b"a\nx websocket: close 1006 (abnormal closure): unexpected EOF\n\nb\nsent 1000 (OK); then received 1000 (OK)\nx websocket: close 1006 (abnormal closure): unexpected EOF\nwebsocket closed";
    let whole = format!("{:?}", scan(log, log.len(), 10));
    assert!(
        whole.contains("lines: 7") && whole.contains("closes: 3"),
        "{whole}"
    );
    for step in 1..80 {
        assert_eq!(format!("{:?}", scan(log, step, 10)), whole, "{step}");
    }
}

#[test]
fn reasons_that_differ_in_numbers_are_one_group() {
    assert_eq!(
        groups::numbers_as_n("frame with 1049600 bytes"),
        "frame with N bytes"
    );
    assert_eq!(
        groups::numbers_as_n("session 4f2a99c1e7 of h2 é"),
        "session N of hN é"
    );
    let log: String = (0..50)
        .map(|n| format!("sent 1009 (message too big) frame with {n} bytes exceeds limit of 9 bytes; no close frame received\n"))
        .collect();
    let findings = scan(log.as_bytes(), 100, 10);
    assert_eq!(findings.groups.len(), 1);
    assert_eq!(findings.groups[0].count, 50);
}

#[test]
fn the_number_of_groups_is_bounded_and_the_rest_is_counted() {
    let log: String = (0..26)
        .flat_map(|n| [n, n])
        .map(|n| format!("websocket: close 4001: {}\n", char::from(b'a' + n)))
        .collect();
    let findings = scan(log.as_bytes(), 1000, 10);
    assert_eq!((findings.groups.len(), findings.overflow), (10, 32));
    assert_eq!(findings.closes, 52);
    assert!(!findings.is_clean());
}

#[test]
fn what_lies_behind_the_part_of_a_line_that_is_read_is_said() {
    let mut log = vec![b'x'; LONGEST_LINE];
    log.extend(b" websocket: close 1006 (abnormal closure)\n");
    for step in [1000, log.len()] {
        let findings = scan(&log, step, 10);
        assert_eq!((findings.closes, findings.cut), (0, 1), "{step}");
    }
}

/// What is found in lines, one record at most in each of a few blocks.
fn found(log: &str) -> Findings {
    let whole = scan(log.as_bytes(), log.len().max(1), 100);
    for step in [1, 7, 100] {
        let cut = scan(log.as_bytes(), step, 100);
        assert_eq!(format!("{cut:?}"), format!("{whole:?}"), "{step}");
    }
    whole
}

#[test]
fn the_lines_of_one_close_count_once() {
    for (log, what) in [
        (
            "2026-11-20T09:00:00.100Z ERROR [ws-4] read: websocket: close 1011 (internal error): x\n\
             2026-11-20T09:00:00.101Z WARN  [ws-4] session ended: websocket: close 1011 (internal error): x\n",
            "two statements about one connection",
        ),
        (
            "2026-11-20 17:39:02,001 DEBUG websockets.server < CLOSE 1001 (going away) [2 bytes]\n\
             2026-11-20 17:39:02,001 DEBUG websockets.server = connection is CLOSING\n\
             2026-11-20 17:39:02,002 DEBUG websockets.server > CLOSE 1001 (going away) [2 bytes]\n\
             2026-11-20 17:39:02,003 DEBUG websockets.server = connection is CLOSED\n",
            "a library's block with times",
        ),
        (
            "DEBUG:websockets.server:< CLOSE 1001 (going away) [2 bytes]\n\
             DEBUG:websockets.server:= connection is CLOSING\n\
             DEBUG:websockets.server:> CLOSE 1001 (going away) [2 bytes]\n",
            "a library's block without times",
        ),
        (
            "Traceback (most recent call last):\n  File \"/app/a.py\", line 1006, in f\n    await ws.recv()\n\
             websockets.exceptions.ConnectionClosedError: no close frame received or sent\n\n\
             During handling of the above exception, another exception occurred:\n\n\
             Traceback (most recent call last):\n  File \"/app/a.py\", line 1011, in g\n    raise\n\
             websockets.exceptions.ConnectionClosedError: no close frame received or sent\n",
            "an exception printed twice",
        ),
        (
            "INFO:     10.0.0.7:51001 - \"WebSocket /ws\" 403\nINFO:     connection rejected (403 Forbidden)\n",
            "a refused upgrade",
        ),
        (
            "ERROR websocket error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream:1006:20)\n",
            "an error with its stack",
        ),
        (
            "[2026-11-20T17:39:02Z] [WS => Shard 0] [CLOSE]\n    Event Code: 4004\n    Clean     : true\n",
            "an object over lines",
        ),
    ] {
        let findings = found(log);
        assert_eq!(
            findings.closes + findings.probable,
            1,
            "{what}: {findings:?}"
        );
        assert_eq!(findings.unread, 0, "{what}");
    }
}

#[test]
fn closes_of_several_connections_stay_apart() {
    for (log, count) in [
        // One statement, at once, of connections without ids: each line is a close.
        (
            "2026-11-20T09:00:00.100Z websocket: close 1006 (abnormal closure)\n\
          2026-11-20T09:00:00.101Z websocket: close 1006 (abnormal closure)\n\
          2026-11-20T09:00:00.102Z websocket: close 1006 (abnormal closure)\n",
            3,
        ),
        // Two statements about two connections.
        (
            "2026-11-20T09:00:00.100Z conn=1 websocket: close 1006 (abnormal closure)\n\
          2026-11-20T09:00:00.101Z conn=2 lost: websocket: close 1006 (abnormal closure)\n",
            2,
        ),
        // One client that comes back and is closed again.
        (
            "2026-11-20T09:00:00.100Z client=1 websocket: close 1006 (abnormal closure)\n\
          2026-11-20T09:00:01.200Z client=1 websocket: close 1006 (abnormal closure)\n",
            2,
        ),
        // Other codes.
        (
            "2026-11-20T09:00:00.100Z websocket: close 1001 (going away)\n\
          2026-11-20T09:00:00.101Z websocket gone: websocket: close 1011 (internal error)\n",
            2,
        ),
    ] {
        assert_eq!(found(log).closes, count, "{log}");
    }
}

#[test]
fn what_is_probable_says_what_is_uncertain() {
    for (line, doubts) in [
        (
            "Connection closed with code 1001",
            &[Doubt::NoWebsocket][..],
        ),
        (
            "Server disconnected (code: 1006)",
            &[Doubt::NoWebsocket, Doubt::WeakCode],
        ),
        ("websocket error: read ECONNRESET", &[Doubt::NoCode]),
        (
            "Socket closed unexpectedly, code 4001, reason: kicked",
            &[Doubt::NoWebsocket, Doubt::WeakCode],
        ),
    ] {
        let findings = found(line);
        let [group] = findings.groups.as_slice() else {
            panic!("{line}: {findings:?}");
        };
        assert_eq!(
            (group.certainty, group.doubts.as_slice()),
            (Certainty::Probable, doubts),
            "{line}"
        );
        assert_eq!(findings.is_clean(), group.reading.is_clean(), "{line}");
    }
    // Only that something ended: not read, and not clean.
    let findings = found("INFO websocket connection closed");
    assert_eq!((findings.groups.len(), findings.unread), (0, 1));
    assert!(!findings.is_clean());
}

/// A log of connections that end after so many seconds.
fn ending_after(seconds: impl Fn(u32) -> f64, opening: &str) -> String {
    let mut lines: Vec<(f64, String)> = Vec::new();
    for n in 0..20 {
        let opened = f64::from(n) * 7.0;
        lines.push((opened, opening.replace("{n}", &n.to_string())));
        let closed = format!("client={n} websocket: close 1006 (abnormal closure)");
        lines.push((opened + seconds(n), closed));
    }
    lines.sort_by(|one, other| one.0.total_cmp(&other.0));
    let lines = lines.iter().map(|(at, line)| {
        let (minutes, seconds) = ((at / 60.0) as u32, at % 60.0);
        format!("2026-11-20T09:{minutes:02}:{seconds:06.3}Z {line}\n")
    });
    lines.collect()
}

#[test]
fn the_time_at_which_most_connections_end_is_known_where_they_can_be_paired() {
    let peak = |log: &str| found(log).groups[0].rhythm.peak();
    let same = |_| 60.0;
    let opening = "websocket connected client={n}";
    let found_peak = peak(&ending_after(same, opening)).expect("there is one");
    assert_eq!(
        (found_peak.at.as_secs(), found_peak.count, found_peak.of),
        (60, 20, 20)
    );
    // Times that differ have no peak.
    assert_eq!(
        peak(&ending_after(|n| f64::from(n) * 13.0 + 5.0, opening)),
        None
    );
    // Without ids, with an id that all share, and without openings nothing is claimed.
    for opening in [
        "websocket connected",
        "websocket connected session=7",
        "client={n} x",
    ] {
        assert_eq!(peak(&ending_after(same, opening)), None, "{opening}");
    }
    let untimed: String = ending_after(same, opening)
        .lines()
        .map(|line| format!("{}\n", line.split_once(' ').expect("a time").1))
        .collect();
    assert_eq!(peak(&untimed), None);
}

#[test]
fn many_closes_at_once_are_a_burst_only_where_they_are_more_than_always() {
    let close = |seconds: f64| {
        let (minutes, seconds) = ((seconds / 60.0) as u32, seconds % 60.0);
        format!(
            "2026-11-20T09:{minutes:02}:{seconds:06.3}Z websocket: close 1012 (service restart)\n"
        )
    };
    let end = "2026-11-20T10:00:00.000Z bye\n";
    let at_once: String = (0..41)
        .map(|n| close(600.0 + f64::from(n) * 0.05))
        .collect();
    let findings = found(&(at_once.clone() + end));
    // The log must have gone on before or behind.
    let burst = findings.groups[0].rhythm.bursts();
    assert_eq!(burst.len(), 1);
    assert_eq!((burst[0].count, burst[0].took.as_millis()), (41, 2000));
    assert!(found(&at_once).groups[0].rhythm.bursts().is_empty());
    let always: String = (0..1000).map(|n| close(f64::from(n) * 0.9)).collect();
    assert!(
        scan(always.as_bytes(), 4096, 10).groups[0]
            .rhythm
            .bursts()
            .is_empty()
    );
}

#[test]
fn only_closes_of_the_given_time_count() {
    let log = "2026-11-20T17:00:00Z websocket: close 1001 (going away)\n\
               2026-11-20T19:30:00+02:00 websocket: close 1001 (going away)\n\
               2026/11/20 17:45:00 websocket: close 1001 (going away)\n\
               Nov 20 17:50:00 host app: websocket: close 1001 (going away)\n\
               websocket: close 1001 (going away)\n";
    for (since, until, closes, untimed) in [
        (Some("2026-11-20T17:15:00Z"), None, 4, 3),
        (Some("2026-11-20 17:40:00"), None, 4, 1),
        (None, Some("2026-11-20 17:47:00"), 3, 1),
        (Some("17:40:00"), Some("17:47:00"), 2, 1),
        (Some("2026-11-21 00:00:00"), None, 1, 1),
    ] {
        let mut scanner = Scanner::new(10).expect("it is built");
        scanner.only(Span {
            since: since.and_then(Time::of),
            until: until.and_then(Time::of),
        });
        scanner.feed(log.as_bytes());
        let findings = scanner.finish();
        assert_eq!(
            (findings.closes, findings.untimed),
            (closes, untimed),
            "{since:?} {until:?}"
        );
    }
}

/// How many lines of a log are probably closes, and how many are about connections and name no WebSocket.
fn probable_and_nameless(log: &str) -> (u64, u64, bool) {
    let findings = scan(log.as_bytes(), 1000, 10);
    (findings.probable, findings.nameless, findings.is_clean())
}

#[test]
fn what_a_request_asks_for_names_the_websocket() {
    for line in [
        "2026/11/20 10:00:00 [error] 7#7: *3 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.1, request: \"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\", upstream: \"http://127.0.0.1:8080/\"",
        "10.0.0.2 - - [20/Nov/2026:10:00:00 +0000] \"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\" 400 34 \"-\" \"Mozilla/5.0\"",
        "[2026-11-20T10:00:00.579Z] \"GET /ws HTTP/1.1\" 101 SI stream_idle_timeout - \"-\" 560 1200 300004 - \"-\" default",
        "Refused to connect to 'wss://a.example/live' because it violates the following Content Security Policy directive: \"connect-src 'self'\"",
    ] {
        assert_eq!(probable_and_nameless(line), (1, 0, false), "{line}");
    }
}

#[test]
fn words_of_websocket_libraries_name_the_websocket() {
    for line in [
        "[2026/11/20 00:21:00:1450] ERR: CLIENT_CONNECTION_ERROR: HS: UPGRADE missing",
        "java.net.SocketTimeoutException: sent ping but didn't receive pong within 30000ms (after 3 successful ping/pongs)",
        "Server timeout (30000.00ms) elapsed without receiving a message from the server.",
        "2026/11/20 10:00:00 upgrade: websocket: the client is not using the websocket protocol: 'upgrade' token not found in 'Connection' header",
        "handshake: The WebSocket handshake was declined by the remote peer",
    ] {
        assert_eq!(probable_and_nameless(line), (1, 0, false), "{line}");
    }
}

#[test]
fn a_log_whose_lines_name_no_websocket_is_not_said_to_be_clean() {
    // A path that WebSockets mostly have.
    for line in [
        "10.0.0.1 - - [20/Nov/2026:13:55:36 +0000] \"GET /ws HTTP/1.1\" 502 157 \"-\" \"Mozilla/5.0\"",
        "t=2026-11-20T21:28:10+0000 msg=\"Request Completed\" method=GET path=/api/live/ws status=403 size=10",
        "2026/11/20 10:00:02 [error] 7#7: *3 upstream timed out (110: Connection timed out) while reading upstream, client: 10.0.0.1, request: \"GET /ws HTTP/1.1\"",
    ] {
        assert_eq!(probable_and_nameless(line), (0, 1, false), "{line}");
    }
    // A connection of any kind counts only in a log that speaks of WebSockets elsewhere.
    let failed = "12:00:02 ERROR java.net.SocketException: Connection reset\n";
    assert_eq!(probable_and_nameless(failed), (0, 0, true));
    let opened = "12:00:01 INFO websocket server listens\n";
    let log = [failed, opened].concat();
    assert_eq!(probable_and_nameless(&log), (0, 1, false));
    // Other systems' connections do not.
    let other = "12:00:02 ERROR mysql: socket closed: Connection reset by peer\n";
    let log = [other, opened].concat();
    assert_eq!(probable_and_nameless(&log), (0, 0, true));
}
