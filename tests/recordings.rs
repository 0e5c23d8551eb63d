//! Net logs of Chromium and flows of mitmproxy: recordings with what was known of them elsewhere, the
//! laws that hold for any of them, and scenes that nobody recorded.

#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use wsclose::capture::flow::{self, Flows};
use wsclose::capture::netlog::{self, NetLog};
use wsclose::explain::explain_connection;
use wsclose::facts::registry::Registries;
use wsclose::session::{Options, Record};

fn recording(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    fs::read(folder.join(name)).expect("the recording is there")
}

const RECORDINGS: [&str; 10] = [
    "ns01_default_4401_fin_403_refused.netlog.json",
    "ns02_default_masked_401_expired_badaccept.netlog.json",
    "ns03_default_utf8_nxdomain_tlsport_502.netlog.json",
    "ns04_everything_h1_4401_rst_masked.netlog.json",
    "ns05_everything_h2_4401_403.netlog.json",
    "ns06_default_cut_after_close_4401_403.netlog.json",
    "ns07_default_h2_1000_client_idle_403.netlog.json",
    "ns08_default_cut_before_close_403.netlog.json",
    "fs01_client_1000.flow",
    "fs02_server_4401_abort_403.flow",
];

fn records(bytes: &[u8], step: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let options = Options {
        keeps_events: true,
        ..Options::default()
    };
    let mut sink = |record: Box<Record>| records.push(*record);
    if netlog::is_beginning(bytes) == Some(true) {
        let mut log = NetLog::new(options);
        for piece in bytes.chunks(step) {
            log.feed(piece, &mut sink);
        }
        log.finish(&mut sink);
    } else if flow::is_beginning(bytes) == Some(true) {
        let mut flows = Flows::new(options);
        for piece in bytes.chunks(step) {
            flows.feed(piece, &mut sink);
        }
        flows.finish();
    }
    records
}

/// What is claimed of a connection.
#[derive(Clone, Debug, PartialEq)]
struct Claim {
    cause: &'static str,
    client_sees: Option<u16>,
    closes: Vec<(&'static str, Option<u16>)>,
}

fn claim(record: &Record) -> Claim {
    let explanation = explain_connection(record, Registries::default());
    let closes = record.closes.iter();
    Claim {
        cause: explanation.cause.id(),
        client_sees: explanation.client_sees,
        closes: closes
            .map(|close| (close.sender.id(), close.close.code))
            .collect(),
    }
}

fn claims(bytes: &[u8], step: usize) -> BTreeMap<String, Claim> {
    let records = records(bytes, step);
    let claims = records.iter().map(|record| {
        let url = record.url().unwrap_or_default();
        (url, claim(record))
    });
    claims.collect()
}

#[test]
fn recordings_say_what_the_ends_knew() {
    let all = |name: &str| {
        let claims = claims(&recording(name), 4096);
        let line = |(url, claim): (String, Claim)| {
            let path = url.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
            let closes: Vec<String> = claim
                .closes
                .iter()
                .map(|(sender, code)| {
                    let code = code.map_or("?".to_owned(), |code| code.to_string());
                    format!(" {sender} {code}")
                })
                .collect();
            let sees = claim
                .client_sees
                .map_or("?".to_owned(), |code| code.to_string());
            format!("{path}: {}, {sees}{}", claim.cause, closes.concat())
        };
        claims.into_iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        all(RECORDINGS[0]),
        [
            "c4401: application, ? server ? client ?",
            "fin: peer-gone, 1006",
            "403: upgrade-refused, 1006",
            "refused: refused, 1006",
        ]
    );
    assert_eq!(
        all(RECORDINGS[1]),
        [
            "masked: violation, 1006 client 1002",
            "401: upgrade-refused, 1006",
            "accept: upgrade-invalid, 1006",
            "expired: tls-failed, 1006",
        ]
    );
    assert_eq!(
        all(RECORDINGS[2]),
        [
            "utf8: violation, 1006 client 1002",
            "tls-port: wrong-scheme, 1006",
            "502: upgrade-refused, 1006",
            "chat: unresolved, 1006",
        ]
    );
    assert_eq!(
        all(RECORDINGS[3]),
        [
            "c4401: application, 4401 server 4401 client 4401",
            "rst: reset, 1006",
            "masked: violation, 1006 client 1002",
        ]
    );
    assert_eq!(
        all(RECORDINGS[4]),
        [
            "403: upgrade-refused, 1006",
            "close/4401/session_revoked: application, 4401 server 4401 client 4401",
        ]
    );
    assert_eq!(
        all(RECORDINGS[6]),
        [
            "403: upgrade-refused, 1006",
            "echo: application, ? client ? server ?",
            "idle: peer-gone, 1006",
        ]
    );
    assert_eq!(
        all(RECORDINGS[7]),
        ["c4401: still-open, ?", "403: upgrade-refused, 1006"]
    );
    assert_eq!(all(RECORDINGS[8]), ["echo: application, 1000 client 1000"]);
    assert_eq!(
        all(RECORDINGS[9]),
        [
            "403: upgrade-refused, 1006",
            "abort: peer-gone, ?",
            "close/4401/session_revoked: application, 4401 server 4401",
        ]
    );
}

#[test]
fn a_recording_that_is_cut_claims_nothing_that_the_whole_denies() {
    for name in RECORDINGS {
        let whole = recording(name);
        let truth = claims(&whole, 1 << 16);
        // The constants of a net log say nothing of connections.
        let begins = memchr::memmem::find(&whole, b"\"events\"").unwrap_or_default();
        let mut seen = 0;
        for part in 0..200 {
            let cut = begins + (whole.len() - begins) * part / 200;
            for (url, claim) in claims(&whole[..cut], 4096) {
                let Some(truth) = truth.get(&url) else {
                    panic!("{name} at {cut}: {url} is not there");
                };
                seen += 1;
                let place = format!("{name} at {cut}: {url}: {claim:?}, and not {truth:?}");
                let is_open = matches!(claim.cause, "still-open" | "unknown");
                assert!(is_open || claim.cause == truth.cause, "{place}");
                let is_same = claim.client_sees == truth.client_sees;
                assert!(claim.client_sees.is_none() || is_same, "{place}");
                assert!(truth.closes.starts_with(&claim.closes), "{place}");
            }
        }
        assert!(seen > 100 || !name.starts_with("ns"), "{name}: {seen}");
    }
}

#[test]
fn a_recording_comes_in_any_pieces() {
    for name in [RECORDINGS[4], RECORDINGS[6], RECORDINGS[9]] {
        let whole = recording(name);
        let once = claims(&whole, whole.len());
        for step in [1, 13, 1000] {
            assert_eq!(claims(&whole, step), once, "{name} by {step}");
        }
    }
}

#[test]
fn without_its_raw_bytes_a_log_tells_the_same_but_for_the_codes() {
    for name in [RECORDINGS[3], RECORDINGS[4]] {
        let whole = String::from_utf8(recording(name)).unwrap();
        let with = claims(whole.as_bytes(), 4096);
        let mut stripped = String::new();
        let mut rest = whole.as_str();
        while let Some(at) = rest.find(",\"bytes\":\"") {
            stripped.push_str(&rest[..at]);
            let behind = &rest[at + 10..];
            rest = &behind[behind.find('"').unwrap() + 1..];
        }
        stripped.push_str(rest);
        assert!(stripped.len() < whole.len());
        let without = claims(stripped.as_bytes(), 4096);
        assert_eq!(with.len(), without.len());
        for (url, with) in with {
            let without = &without[&url];
            assert_eq!(with.cause, without.cause, "{url}");
            let sees = without.client_sees;
            assert!(sees.is_none() || sees == with.client_sees, "{url}");
            assert_eq!(with.closes.len(), without.closes.len(), "{url}");
            for (one, other) in with.closes.iter().zip(&without.closes) {
                assert_eq!(one.0, other.0);
                assert!(other.1.is_none() || one.1 == other.1);
            }
        }
    }
}

/// A net log of somebody else's making: its numbers are not Chromium's.
#[derive(Default)]
struct Scene {
    kinds: BTreeMap<String, i64>,
    roles: BTreeMap<String, i64>,
    events: Vec<String>,
    time: i64,
}

impl Scene {
    fn new() -> Self {
        Scene::default()
    }

    fn number(names: &mut BTreeMap<String, i64>, name: &str) -> i64 {
        let next = 1000 - 7 * names.len() as i64;
        *names.entry(name.to_owned()).or_insert(next)
    }

    /// An event: `SOCKET#5`, its name with ` begin` or ` end`, what it holds, and on which it depends.
    fn event(mut self, source: &str, name: &str, mut params: Value, on: &str) -> Self {
        let mut id = |source: &str| {
            let (role, id) = source.split_once('#').unwrap();
            let role = Scene::number(&mut self.roles, role);
            json!({ "id": id.parse::<i64>().unwrap(), "type": role })
        };
        let source = id(source);
        if !on.is_empty() {
            params["source_dependency"] = id(on);
        }
        let (name, phase) = match name.split_once(' ') {
            Some((name, "begin")) => (name, 1),
            Some((name, _)) => (name, 2),
            None => (name, 0),
        };
        self.time += 10;
        let kind = Scene::number(&mut self.kinds, name);
        let event = json!({
            "params": params, "phase": phase, "source": source,
            "time": self.time.to_string(), "type": kind,
        });
        self.events.push(event.to_string());
        self
    }

    /// A page asks for a WebSocket, over a socket of its own: the channel 1, the request 2.
    fn asked(self, url: &str) -> Self {
        let state = json!({ "new_state": "CONNECTING", "old_state": "FRESHLY_CONSTRUCTED" });
        self.event(
            "WEBSOCKET_CHANNEL#1",
            "WEBSOCKET_ALIVE begin",
            json!({}),
            "",
        )
        .event(
            "URL_REQUEST#2",
            "REQUEST_ALIVE begin",
            json!({ "url": url }),
            "",
        )
        .event("WEBSOCKET_CHANNEL#1", "WEBSOCKET_STATE_CHANGED", state, "")
        .event(
            "HTTP_STREAM_JOB_CONTROLLER#3",
            "HTTP_STREAM_JOB_CONTROLLER_BOUND",
            json!({}),
            "URL_REQUEST#2",
        )
        .event(
            "HTTP_STREAM_JOB#4",
            "HTTP_STREAM_JOB begin",
            json!({}),
            "HTTP_STREAM_JOB_CONTROLLER#3",
        )
        .event(
            "SOCKET#5",
            "SOCKET_ALIVE begin",
            json!({}),
            "TRANSPORT_CONNECT_JOB#6",
        )
        .event(
            "HTTP_STREAM_JOB#4",
            "SOCKET_POOL_BOUND_TO_CONNECT_JOB",
            json!({}),
            "TRANSPORT_CONNECT_JOB#6",
        )
    }

    fn failed(self, error: i64) -> Self {
        let error = json!({ "net_error": error });
        self.event(
            "URL_REQUEST#2",
            "URL_REQUEST_START_JOB end",
            error.clone(),
            "",
        )
        .event("URL_REQUEST#2", "REQUEST_ALIVE end", error, "")
        .event(
            "WEBSOCKET_CHANNEL#1",
            "WEBSOCKET_STATE_CHANGED",
            json!({ "new_state": "CLOSED" }),
            "",
        )
        .event("WEBSOCKET_CHANNEL#1", "WEBSOCKET_ALIVE end", json!({}), "")
    }

    fn opened(self) -> Self {
        let request = json!({
            "line": "GET /chat HTTP/1.1\r\n",
            "headers": ["Host: h", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Cookie: [9 bytes were stripped]"],
        });
        let answer = json!({ "headers": ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="] });
        self.event(
            "SOCKET#5",
            "TCP_CONNECT end",
            json!({ "local_address": "10.0.0.1:5000", "remote_address": "10.0.0.2:80" }),
            "",
        )
        .event(
            "SOCKET#5",
            "SOCKET_IN_USE begin",
            json!({}),
            "HTTP_STREAM_JOB#4",
        )
        .event(
            "URL_REQUEST#2",
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            request,
            "",
        )
        .event(
            "SOCKET#5",
            "SOCKET_BYTES_SENT",
            json!({ "byte_count": 400 }),
            "",
        )
        .event(
            "SOCKET#5",
            "SOCKET_BYTES_RECEIVED",
            json!({ "byte_count": 129 }),
            "",
        )
        .event(
            "URL_REQUEST#2",
            "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
            answer,
            "",
        )
        .event(
            "WEBSOCKET_CHANNEL#1",
            "WEBSOCKET_STATE_CHANGED",
            json!({ "new_state": "CONNECTED" }),
            "",
        )
        .event(
            "URL_REQUEST#2",
            "CANCELLED",
            json!({ "net_error": -173 }),
            "",
        )
        .event(
            "URL_REQUEST#2",
            "REQUEST_ALIVE end",
            json!({ "net_error": -173 }),
            "",
        )
    }

    fn frame(self, is_sent: bool, opcode: u8, length: u64) -> Self {
        let name = if is_sent {
            "WEBSOCKET_SENT_FRAME_HEADER"
        } else {
            "WEBSOCKET_RECV_FRAME_HEADER"
        };
        let header = json!({
            "final": true, "masked": is_sent, "opcode": opcode, "payload_length": length,
            "reserved1": false, "reserved2": false, "reserved3": false,
        });
        self.event("URL_REQUEST#2", name, header, "")
    }

    fn log(&self) -> String {
        let errors = json!({
            "ERR_ABORTED": -3, "ERR_TIMED_OUT": -7, "ERR_BLOCKED_BY_CLIENT": -20, "ERR_NETWORK_CHANGED": -21,
            "ERR_CONNECTION_RESET": -101, "ERR_CONNECTION_REFUSED": -102, "ERR_NAME_NOT_RESOLVED": -105,
            "ERR_SSL_PROTOCOL_ERROR": -107, "ERR_ADDRESS_UNREACHABLE": -109, "ERR_TUNNEL_CONNECTION_FAILED": -111,
            "ERR_CONNECTION_TIMED_OUT": -118, "ERR_SOCKS_CONNECTION_FAILED": -120, "ERR_PROXY_CONNECTION_FAILED": -130,
            "ERR_CERT_DATE_INVALID": -201, "ERR_EMPTY_RESPONSE": -324, "ERR_INVALID_HTTP_RESPONSE": -370,
            "ERR_HTTP2_PING_FAILED": -352,
        });
        let constants = json!({
            "logEventTypes": self.kinds, "logSourceType": self.roles, "netError": errors,
            "timeTickOffset": "1700000000000", "logCaptureMode": "Default",
        });
        format!(
            "{{\"constants\":{constants},\n\"events\": [\n{}],\n\"polledData\": {{}}}}\n",
            self.events.join(",\n")
        )
    }

    /// The cause, what the page sees, and the Close frames.
    fn says(&self) -> (String, Option<u16>, String) {
        let records = records(self.log().as_bytes(), 100);
        let [record] = records.as_slice() else {
            panic!("{} connections", records.len());
        };
        let claim = claim(record);
        let closes = claim.closes.iter();
        let closes = closes.map(|(sender, code)| match code {
            Some(code) => format!("{sender} {code} "),
            None => format!("{sender} "),
        });
        (claim.cause.to_owned(), claim.client_sees, closes.collect())
    }
}

fn says(cause: &str, sees: Option<u16>, closes: &str) -> (String, Option<u16>, String) {
    (cause.to_owned(), sees, closes.to_owned())
}

#[test]
fn what_never_opened_is_called_by_what_stopped_it() {
    for (error, cause) in [
        (-102, "refused"),
        (-105, "unresolved"),
        (-109, "unreachable"),
        (-118, "timeout"),
        (-7, "timeout"),
        (-111, "proxy-refused"),
        (-120, "proxy-refused"),
        (-130, "proxy-refused"),
        (-107, "tls-failed"),
        (-201, "tls-failed"),
        (-20, "blocked"),
        (-3, "closed-while-connecting"),
        (-9999, "unknown"),
    ] {
        let scene = Scene::new().asked("wss://h/chat").failed(error);
        assert_eq!(scene.says(), says(cause, Some(1006), ""), "{error}");
    }
    // Nothing more came: the log ends there.
    assert_eq!(
        Scene::new().asked("ws://h/").says(),
        says("still-open", None, "")
    );
    let tunnel = json!({ "headers": ["HTTP/1.1 407 Proxy Authentication Required"] });
    let proxy = json!({ "proxy_chain": "[http://proxy:3128]" });
    let scene = Scene::new()
        .asked("wss://h/chat")
        .event(
            "HTTP_STREAM_JOB_CONTROLLER#3",
            "HTTP_STREAM_JOB_CONTROLLER_PROXY_SERVER_RESOLVED",
            proxy,
            "",
        )
        .event(
            "SOCKET#5",
            "HTTP_TRANSACTION_READ_TUNNEL_RESPONSE_HEADERS",
            tunnel,
            "",
        )
        .failed(-111);
    let records = records(scene.log().as_bytes(), 100);
    assert_eq!(records[0].transport.tunnel_status, Some(407));
    assert_eq!(
        records[0].transport.proxy.as_deref(),
        Some("http://proxy:3128")
    );
    // BoringSSL's word for bytes that are no TLS.
    let no_tls = json!({ "error_lib": 16, "error_reason": 247, "net_error": -107 });
    let scene = Scene::new()
        .asked("wss://h/chat")
        .event("SOCKET#5", "SSL_HANDSHAKE_ERROR", no_tls, "")
        .failed(-107);
    assert_eq!(scene.says(), says("wrong-scheme", Some(1006), ""));
    let late = json!({ "message": "WebSocket opening handshake timed out", "net_error": -7 });
    let scene = Scene::new()
        .asked("ws://h/chat")
        .event("URL_REQUEST#2", "WEBSOCKET_UPGRADE_FAILURE", late, "")
        .failed(-7);
    assert_eq!(scene.says(), says("no-answer", Some(1006), ""));
}

#[test]
fn what_opened_is_called_by_what_ended_it() {
    let opened = || Scene::new().asked("ws://h/chat").opened().frame(true, 1, 5);
    let received = |count: i64| json!({ "byte_count": count });
    assert_eq!(opened().says(), says("still-open", None, ""));
    let scene = opened().event("SOCKET#5", "SOCKET_BYTES_RECEIVED", received(0), "");
    assert_eq!(scene.says(), says("peer-gone", Some(1006), ""));
    let scene = opened().event(
        "SOCKET#5",
        "SOCKET_READ_ERROR",
        json!({ "net_error": -101 }),
        "",
    );
    assert_eq!(scene.says(), says("reset", Some(1006), ""));
    let scene = opened().event(
        "SOCKET#5",
        "SOCKET_READ_ERROR",
        json!({ "net_error": -21 }),
        "",
    );
    assert_eq!(scene.says(), says("unknown", Some(1006), ""));
    let scene = opened().event(
        "SOCKET#5",
        "SOCKET_READ_ERROR",
        json!({ "net_error": -118 }),
        "",
    );
    assert_eq!(scene.says(), says("timeout", Some(1006), ""));
    // An empty Close has no code, and that is known.
    let scene = opened().frame(false, 8, 0).frame(true, 8, 0);
    assert_eq!(
        scene.says(),
        says("application", Some(1005), "server client ")
    );
    // The browser's own Close, which nobody answers.
    let scene = opened()
        .frame(true, 8, 6)
        .event("SOCKET#5", "SOCKET_ALIVE end", json!({}), "");
    assert_eq!(
        scene.says(),
        says("close-unanswered", Some(1006), "client ")
    );
    // The page is left: its socket goes, and nothing tells what it said.
    let scene = opened().event("SOCKET#5", "SOCKET_ALIVE end", json!({}), "");
    assert_eq!(scene.says().1, None);
    let invalid = json!({ "code": 1002, "reason": "Invalid frame header", "internal_reason": "Unrecognized frame opcode: 3" });
    let scene = opened()
        .frame(false, 3, 0)
        .event("URL_REQUEST#2", "WEBSOCKET_INVALID_FRAME", invalid, "")
        .frame(true, 8, 22);
    assert_eq!(scene.says(), says("violation", Some(1006), "client 1002 "));
    // What stands behind a Close is refused, and the Close with it.
    let behind = json!({ "code": 1002, "internal_reason": "Data frame received after close" });
    let scene = opened()
        .frame(false, 8, 2)
        .frame(true, 8, 2)
        .frame(false, 1, 4)
        .event("URL_REQUEST#2", "WEBSOCKET_INVALID_FRAME", behind, "");
    assert_eq!(
        scene.says(),
        says("violation", Some(1006), "server client ")
    );
}

/// What Chromium writes of a request that was sent, with its bytes.
fn sent(scene: Scene) -> Scene {
    let request = json!({ "line": "GET /chat HTTP/1.1\r\n",
        "headers": ["Host: h", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] });
    let raw = "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let raw = json!({ "byte_count": raw.len(), "hex_encoded_bytes": hex::encode(raw) });
    scene
        .event(
            "SOCKET#5",
            "SOCKET_IN_USE begin",
            json!({}),
            "HTTP_STREAM_JOB#4",
        )
        .event(
            "URL_REQUEST#2",
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            request,
            "",
        )
        .event("SOCKET#5", "SOCKET_BYTES_SENT", raw, "")
}

#[test]
fn a_server_that_answered_nothing_behind_a_proxy_gave_no_answer() {
    // What the socket received is the proxy's word for the tunnel.
    let tunnel = b"HTTP/1.1 200 Connection established\r\n\r\n";
    let tunnel = json!({ "byte_count": tunnel.len() });
    let why = json!({ "message": "Connection closed before receiving a handshake response", "net_error": -324 });
    let scene = sent(Scene::new().asked("wss://h/chat"))
        .event("SOCKET#5", "SOCKET_BYTES_RECEIVED", tunnel, "")
        .event("URL_REQUEST#2", "WEBSOCKET_UPGRADE_FAILURE", why, "")
        .failed(-324);
    assert_eq!(scene.says(), says("upgrade-refused", Some(1006), ""));
}

#[test]
fn an_upgrade_that_the_browser_refused_or_left_is_told_in_either_mode() {
    // Bytes that are no answer.
    let raw = json!({ "byte_count": 5, "hex_encoded_bytes": "5353482d32" });
    let why = json!({ "message": "Error during WebSocket handshake: net::ERR_INVALID_HTTP_RESPONSE", "net_error": -370 });
    let scene = sent(Scene::new().asked("ws://h/chat"))
        .event("SOCKET#5", "SOCKET_BYTES_RECEIVED", raw, "")
        .event("URL_REQUEST#2", "WEBSOCKET_UPGRADE_FAILURE", why, "")
        .failed(-370);
    assert_eq!(scene.says(), says("upgrade-invalid", Some(1006), ""));
    // Any fault of the answer that Chromium names.
    let why = json!({ "message": "Error during WebSocket handshake: Response must not include 'Sec-WebSocket-Protocol' header if not present in request: x", "net_error": -2 });
    let scene = Scene::new()
        .asked("ws://h/chat")
        .event("URL_REQUEST#2", "WEBSOCKET_UPGRADE_FAILURE", why, "")
        .failed(-320);
    assert_eq!(scene.says(), says("upgrade-invalid", Some(1006), ""));
    // The page closed it, or was left: Chromium notes no error then.
    let left = |scene: Scene| {
        scene
            .event("URL_REQUEST#2", "CANCELLED", json!({}), "")
            .event("URL_REQUEST#2", "REQUEST_ALIVE end", json!({}), "")
            .event("WEBSOCKET_CHANNEL#1", "WEBSOCKET_ALIVE end", json!({}), "")
    };
    let scene = left(Scene::new().asked("ws://h/chat"));
    assert_eq!(
        scene.says(),
        says("closed-while-connecting", Some(1006), "")
    );
    // The same where the proxy wants a login, which a WebSocket cannot ask for.
    let tunnel = json!({ "headers": ["HTTP/1.1 407 Proxy Authentication Required"] });
    let asks = "HTTP_TRANSACTION_SEND_TUNNEL_HEADERS";
    let answers = "HTTP_TRANSACTION_READ_TUNNEL_RESPONSE_HEADERS";
    let asked = || {
        Scene::new()
            .asked("ws://h/chat")
            .event("SOCKET#5", asks, json!({}), "")
    };
    let scene = left(asked().event("SOCKET#5", answers, tunnel, ""));
    assert_eq!(scene.says(), says("proxy-refused", Some(1006), ""));
    // A proxy that resets in the place of an answer, and one that gave the tunnel.
    assert_eq!(
        asked().failed(-101).says(),
        says("proxy-refused", Some(1006), "")
    );
    let granted = json!({ "headers": ["HTTP/1.1 200 Connection established"] });
    let scene = asked().event("SOCKET#5", answers, granted, "").failed(-101);
    assert_eq!(scene.says(), says("unknown", Some(1006), ""));
    // BoringSSL's word for bytes that are no TLS, with the line of its source.
    let no_tls = json!({ "error_lib": 16, "error_reason": 247, "line": 127, "net_error": -107 });
    let scene = Scene::new()
        .asked("wss://h/chat")
        .event("SOCKET#5", "SSL_HANDSHAKE_ERROR", no_tls, "")
        .failed(-107);
    assert_eq!(scene.says(), says("wrong-scheme", Some(1006), ""));
    // Nobody was shown a certificate: no advice is about one.
    let scene = Scene::new().asked("wss://h/chat").failed(-107);
    let records = records(scene.log().as_bytes(), 100);
    let explanation = explain_connection(&records[0], Registries::default());
    let about = explanation
        .advice
        .iter()
        .map(|advice| advice.cause.to_string());
    assert!(!about.collect::<String>().contains("does not trust"));
    let first = explain_connection(
        &self::records(Scene::new().asked("wss://h/").log().as_bytes(), 100)[0],
        Registries::default(),
    );
    let first = first.statements[0].to_string();
    assert!(first.contains("not open yet"), "{first}");
}

#[test]
fn a_close_that_the_browser_refused_is_no_answer() {
    let opened = || Scene::new().asked("ws://h/chat").opened();
    let broken = json!({ "code": 1002, "reason": "", "internal_reason": "Received a broken close frame containing a reserved status code." });
    let scene = opened()
        .frame(false, 8, 2)
        .event("URL_REQUEST#2", "WEBSOCKET_INVALID_FRAME", broken, "")
        .frame(true, 8, 2)
        .event("SOCKET#5", "SOCKET_ALIVE end", json!({}), "");
    assert_eq!(
        scene.says(),
        says("violation", Some(1006), "server client 1002 ")
    );
    // The letters `HT` are read as a header, and are none.
    let letters = json!({ "final": false, "masked": false, "opcode": 8, "payload_length": 84,
        "reserved1": true, "reserved2": false, "reserved3": false });
    let invalid = json!({ "code": 1002, "reason": "WebSocket Protocol Error", "internal_reason": "Invalid frame header" });
    let scene = opened()
        .event("URL_REQUEST#2", "WEBSOCKET_RECV_FRAME_HEADER", letters, "")
        .event("URL_REQUEST#2", "WEBSOCKET_INVALID_FRAME", invalid, "")
        .frame(true, 8, 26);
    assert_eq!(scene.says(), says("violation", Some(1006), "client 1002 "));
}

#[test]
fn what_ends_an_http2_session_is_no_end_of_its_stream() {
    let opened = || {
        let request = json!({ "headers": [":method: CONNECT", ":protocol: websocket", ":path: /chat", ":authority: h"], "stream_id": 1 });
        let answer = json!({ "headers": [":status: 200"], "stream_id": 1 });
        Scene::new()
            .asked("wss://h/chat")
            .event(
                "HTTP2_SESSION#7",
                "HTTP2_SESSION_INITIALIZED",
                json!({}),
                "SOCKET#5",
            )
            .event(
                "HTTP2_SESSION#7",
                "HTTP2_SESSION_SEND_HEADERS",
                request,
                "URL_REQUEST#2",
            )
            .event("HTTP2_SESSION#7", "HTTP2_SESSION_RECV_HEADERS", answer, "")
            .event(
                "WEBSOCKET_CHANNEL#1",
                "WEBSOCKET_STATE_CHANGED",
                json!({ "new_state": "CONNECTED" }),
                "",
            )
            .frame(true, 1, 5)
    };
    let goaway = json!({ "error_code": "11 (ENHANCE_YOUR_CALM)", "last_accepted_stream_id": 1, "debug_data": "" });
    let closed = |error: i64| json!({ "net_error": error, "description": "" });
    for (error, has_goaway, cause, says) in [
        (-101, false, "reset", "The server reset the connection"),
        (-100, true, "peer-gone", "for an error, ENHANCE_YOUR_CALM"),
        (
            -352,
            false,
            "keepalive-timeout",
            "its ping on it was not answered",
        ),
    ] {
        let mut scene = opened();
        if has_goaway {
            scene = scene.event(
                "HTTP2_SESSION#7",
                "HTTP2_SESSION_RECV_GOAWAY",
                goaway.clone(),
                "",
            );
        }
        scene = scene.event("HTTP2_SESSION#7", "HTTP2_SESSION_CLOSE", closed(error), "");
        let records = records(scene.log().as_bytes(), 100);
        let explanation = explain_connection(&records[0], Registries::default());
        let all: Vec<String> = explanation.said().map(ToString::to_string).collect();
        let all = all.join("\n");
        assert_eq!(explanation.cause.id(), cause, "{all}");
        assert_eq!(explanation.client_sees, Some(1006));
        assert!(all.contains(says), "{all}");
        assert!(
            !all.contains("RST_STREAM") && !all.contains("END_STREAM"),
            "{all}"
        );
    }
}

#[test]
fn what_was_there_before_the_log_is_read_from_there_on() {
    let scene = Scene::new().frame(false, 1, 70_000).frame(true, 10, 0);
    assert_eq!(scene.says(), says("still-open", None, ""));
    let scene = scene.frame(false, 8, 2).frame(true, 8, 2);
    assert_eq!(scene.says(), says("application", None, "server client "));
}

#[test]
fn nothing_of_other_requests_and_no_secret_is_shown() {
    let secret = "s3cr3t";
    let folder = std::env::temp_dir();
    let path = folder.join(format!("wsclose-recordings-{}.json", std::process::id()));
    let url = format!("wss://user:{secret}@h.example/chat?token={secret}&room={secret}");
    let cookie = json!({
        "line": format!("GET /chat?token={secret}&room={secret} HTTP/1.1\r\n"),
        "headers": [format!("Cookie: {secret}"), format!("Authorization: Bearer {secret}"), "Upgrade: websocket"],
    });
    let other = json!({ "url": format!("https://bank.example/{secret}") });
    let log = Scene::new()
        .event("URL_REQUEST#90", "REQUEST_ALIVE begin", other, "")
        .asked(&url)
        .event(
            "URL_REQUEST#2",
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            cookie,
            "",
        )
        .failed(-102)
        .log();
    fs::write(&path, log).unwrap();
    let file = path.to_str().unwrap();
    for arguments in [
        vec!["decode-capture", file],
        vec!["decode-capture", file, "--timeline"],
        vec!["decode-capture", file, "--json"],
    ] {
        let (_, out, err) = common::run(&arguments);
        let said = format!("{out}{err}");
        assert!(said.contains("h.example"), "{said}");
        assert!(!said.contains(secret), "{said}");
        assert!(!said.contains("bank"), "{said}");
    }
    fs::remove_file(&path).unwrap();
}

fn net(value: &Value) -> Vec<u8> {
    let typed = |content: Vec<u8>, kind: char| {
        let mut bytes = format!("{}:", content.len()).into_bytes();
        bytes.extend(content);
        bytes.push(kind as u8);
        bytes
    };
    match value {
        Value::Null => typed(Vec::new(), '~'),
        Value::Bool(bool) => typed(bool.to_string().into(), '!'),
        Value::Number(number) if number.is_f64() => typed(number.to_string().into(), '^'),
        Value::Number(number) => typed(number.to_string().into(), '#'),
        Value::String(text) => typed(text.clone().into(), ';'),
        Value::Array(items) => typed(items.iter().flat_map(net).collect(), ']'),
        Value::Object(items) => {
            let pair = |(key, value): (&String, &Value)| {
                let mut pair = net(&json!(key));
                pair.extend(net(value));
                pair
            };
            typed(items.iter().flat_map(pair).collect(), '}')
        }
    }
}

#[test]
fn flows_of_any_version_are_read() {
    let request = json!({
        "scheme": "https", "host": "10.0.0.2", "port": 443, "method": "GET", "path": "/chat",
        "headers": [["Host", "h.example"], ["Upgrade", "websocket"]], "timestamp_start": 1.7e9,
    });
    let answer = json!({ "status_code": 101, "reason": "", "headers": [["Upgrade", "websocket"]] });
    let flow = |websocket: Value, response: Value, error: Value| {
        net(&json!({
            "type": "http", "version": 21, "request": request, "response": response,
            "websocket": websocket, "error": error,
            "server_conn": { "peername": ["10.0.0.2", 443] },
        }))
    };
    let closed = |by_client: bool, code: Value| {
        json!({ "messages": [[1, true, "hi", 1.7e9], [2, false, "\u{0}", 1.7e9]], "closed_by_client": by_client,
            "close_code": code, "close_reason": "bye" })
    };
    let none = Value::Null;
    let of = |bytes: &[u8]| {
        let records = records(bytes, 7);
        let [record] = records.as_slice() else {
            panic!("{} connections", records.len());
        };
        let claim = claim(record);
        (
            claim.cause,
            claim.client_sees,
            claim.closes.first().copied(),
        )
    };
    let at = |by_client, code| of(&flow(closed(by_client, code), answer.clone(), none.clone()));
    assert_eq!(
        at(true, json!(4000)),
        ("application", Some(4000), Some(("client", Some(4000))))
    );
    assert_eq!(
        at(false, json!(1001)),
        ("application", Some(1001), Some(("server", Some(1001))))
    );
    assert_eq!(
        at(false, json!(1005)),
        ("application", Some(1005), Some(("server", None)))
    );
    assert_eq!(at(false, json!(1006)), ("peer-gone", None, None));
    assert_eq!(at(false, none.clone()), ("still-open", None, None));
    // What mitmproxy refused itself the other end has not closed for.
    let by_itself = json!({ "messages": [], "closed_by_client": false, "close_code": 1002,
        "close_reason": "client received unexpected masked frame" });
    let by_itself = flow(by_itself, answer.clone(), none.clone());
    assert_eq!(of(&by_itself), ("violation", None, None));
    let wrong = json!({ "status_code": 101, "reason": "", "headers": [["Upgrade", "websocket"],
        ["Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]] });
    let key = json!([
        ["Host", "h.example"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="]
    ]);
    let mut asked = request.clone();
    asked["headers"] = key;
    let gone = json!({ "messages": [[2, false, "hi", 1.7e9]], "closed_by_client": true,
        "close_code": 1006, "close_reason": "" });
    let invalid = net(
        &json!({ "type": "http", "version": 21, "request": asked, "response": wrong,
        "websocket": gone, "error": none }),
    );
    assert_eq!(of(&invalid), ("upgrade-invalid", Some(1006), None));
    let dropped = json!({ "msg": "server closed connection", "timestamp": 1.7e9 });
    let dropped = flow(none.clone(), none.clone(), dropped);
    assert_eq!(of(&dropped), ("upgrade-refused", Some(1006), None));
    let refused = json!({ "msg": "[Errno 111] Connect call failed", "timestamp": 1.7e9 });
    let refused = flow(none.clone(), none.clone(), refused);
    assert_eq!(of(&refused), ("refused", Some(1006), None));
    // It was mitmproxy that could not open it, and no browser.
    let explanation = explain_connection(&records(&refused, 7)[0], Registries::default());
    let first = explanation.statements[0].to_string();
    assert!(
        first.contains("Errno 111") && !first.contains("browser"),
        "{first}"
    );
    // What a flow that is cut tells before its end.
    let whole = flow(closed(false, json!(4001)), answer.clone(), none.clone());
    let place = whole
        .windows(8)
        .position(|part| part == b"messages")
        .expect("it is there");
    for (end, count) in [(place + 12, 1), (60, 0)] {
        let mut flows = Flows::new(Options::default());
        let mut cut = Vec::new();
        flows.feed(&whole[..end], &mut |record| cut.push(*record));
        flows.rest(&mut |record| cut.push(*record));
        assert!(flows.finish().is_cut);
        assert_eq!(cut.len(), count);
        for record in cut {
            assert_eq!(record.url().as_deref(), Some("wss://h.example/chat"));
            assert_eq!(claim(&record).closes, [("server", Some(4001))]);
        }
    }
    // What tells of a WebSocket tells that it was open.
    assert_eq!(
        of(&flow(
            closed(false, json!(4001)),
            none.clone(),
            none.clone()
        )),
        ("application", Some(4001), Some(("server", Some(4001))))
    );
    // A connection as a flow of its own, as up to version 10.
    let old = net(&json!({
        "type": "websocket", "version": 7, "messages": [[1, false, "hi", 1.7e9]],
        "close_sender": "server", "close_code": 1011, "close_reason": "oops",
        "client_conn": { "address": ["10.0.0.1", 5000] },
    }));
    assert_eq!(
        of(&old),
        ("application", Some(1011), Some(("server", Some(1011))))
    );
    let other = net(&json!({ "type": "tcp", "version": 21, "messages": [] }));
    assert!(records(&other, 7).is_empty());
}
