//! Connections that no recorded capture has, built packet by packet.

use std::net::{Ipv4Addr, SocketAddrV4};

use wsclose::capture::file::{Link, Packet};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::causes::Cause;
use wsclose::facts::registry::Registries;
use wsclose::frame::{Sender, unmask};
use wsclose::inspect::Hint;
use wsclose::session::Options;
use wsclose::session::{EndKind, Event, Forgotten, Record, What};

#[path = "common/story.rs"]
mod story;

const SECOND: i64 = 1_000_000_000;

/// A capture that is being written, and read at once.
struct Scene {
    tracker: Tracker,
    records: Vec<Record>,
    packets: u64,
    now: i64,
    has_times: bool,
    /// Whether the senders take nothing for now.
    full: bool,
}

/// A TCP connection in it, with the next sequence number of each end.
#[derive(Clone)]
struct Tcp {
    client: SocketAddrV4,
    server: SocketAddrV4,
    next: [u32; 2],
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

impl Scene {
    fn new() -> Self {
        Scene::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        Scene {
            tracker: Tracker::new(
                limits,
                Options {
                    keeps_events: true,
                    ..Options::default()
                },
            ),
            records: Vec::new(),
            packets: 0,
            now: 1_700_000_000 * SECOND,
            has_times: true,
            full: false,
        }
    }

    fn wait(&mut self, milliseconds: i64) {
        self.now += milliseconds * 1_000_000;
    }

    fn packet(&mut self, tcp: &Tcp, from: Sender, sequence: u32, flags: u8, payload: &[u8]) {
        let (source, target, acknowledged) = match from {
            Sender::Client => (tcp.client, tcp.server, tcp.next[1]),
            Sender::Server => (tcp.server, tcp.client, tcp.next[0]),
        };
        let mut bytes = vec![0x45, 0];
        bytes.extend((40 + payload.len() as u16).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
        bytes.extend(source.ip().octets());
        bytes.extend(target.ip().octets());
        bytes.extend(source.port().to_be_bytes());
        bytes.extend(target.port().to_be_bytes());
        bytes.extend(sequence.to_be_bytes());
        bytes.extend(acknowledged.to_be_bytes());
        let window: u16 = if self.full { 0 } else { 0xffff };
        bytes.extend([0x50, flags]);
        bytes.extend(window.to_be_bytes());
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(payload);
        self.packets += 1;
        self.now += 10_000;
        let packet = Packet {
            number: self.packets,
            at: 0,
            time: self.has_times.then_some(self.now),
            link: Link::Ip,
            bytes: &bytes,
            original_length: bytes.len() as u32,
        };
        let records = &mut self.records;
        self.tracker
            .packet(&packet, &mut |record| records.push(*record));
    }

    /// Opens a connection from `port`.
    fn open(&mut self, port: u16, server_port: u16) -> Tcp {
        let mut tcp = self.asked(port, server_port);
        self.packet(&tcp, Sender::Server, 9000, SYN | ACK, b"");
        tcp.next = [5001, 9001];
        self.packet(&tcp, Sender::Client, 5001, ACK, b"");
        tcp
    }

    fn asked(&mut self, port: u16, server_port: u16) -> Tcp {
        let tcp = Tcp {
            client: SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), port),
            server: SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), server_port),
            next: [5001, 9001],
        };
        self.packet(&tcp, Sender::Client, 5000, SYN, b"");
        tcp
    }

    fn send(&mut self, tcp: &mut Tcp, from: Sender, payload: &[u8]) {
        let place = usize::from(from == Sender::Server);
        let sequence = tcp.next[place];
        tcp.next[place] = sequence.wrapping_add(payload.len() as u32);
        self.packet(tcp, from, sequence, ACK, payload);
    }

    /// Sends what the capture will not have.
    fn lose(&mut self, tcp: &mut Tcp, from: Sender, count: u32) {
        let place = usize::from(from == Sender::Server);
        tcp.next[place] = tcp.next[place].wrapping_add(count);
    }

    fn fin(&mut self, tcp: &mut Tcp, from: Sender) {
        let place = usize::from(from == Sender::Server);
        let sequence = tcp.next[place];
        tcp.next[place] = sequence.wrapping_add(1);
        self.packet(tcp, from, sequence, FIN | ACK, b"");
    }

    fn end(mut self) -> Vec<(Record, Explanation)> {
        let records = &mut self.records;
        self.tracker.finish(&mut |record| records.push(*record));
        let explained = self.records.into_iter().map(|record| {
            let explanation = explain_connection(&record, Registries::default());
            let wrong = story::contradictions(&record, &explanation);
            assert!(wrong.is_empty(), "{wrong:#?}");
            (record, explanation)
        });
        explained.collect()
    }

    fn only(self) -> (Record, Explanation) {
        let mut all = self.end();
        assert_eq!(all.len(), 1, "one connection");
        all.remove(0)
    }
}

const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// A frame of a client.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let key = [1, 2, 3, 4];
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    frame.extend(key);
    let mut payload = payload.to_vec();
    unmask(&mut payload, key, 0);
    frame.extend(payload);
    frame
}

/// All that is said of a connection, in English.
fn said(explanation: &Explanation) -> String {
    let statements = explanation.statements.iter();
    let said: Vec<String> = statements.map(ToString::to_string).collect();
    said.join("\n")
}

fn upgraded(scene: &mut Scene, port: u16) -> Tcp {
    let mut tcp = scene.open(port, 8080);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, RESPONSE);
    tcp
}

/// A connection through a proxy that was captured on both of its sides.
fn proxied(scene: &mut Scene) -> (Tcp, Tcp) {
    let mut front = scene.open(40001, 8080);
    scene.send(&mut front, Sender::Client, REQUEST);
    let mut back = front.clone();
    back.client = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 50_000);
    back.server = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 3), 8082);
    back.next = [5001, 9001];
    scene.packet(&back, Sender::Client, 5000, SYN, b"");
    scene.packet(&back, Sender::Server, 9000, SYN | ACK, b"");
    scene.send(&mut back, Sender::Client, REQUEST);
    scene.send(&mut back, Sender::Server, RESPONSE);
    scene.send(&mut front, Sender::Server, RESPONSE);
    (front, back)
}

fn close_both(scene: &mut Scene, tcp: &mut Tcp) {
    scene.send(tcp, Sender::Server, b"\x88\x02\x03\xe9");
    scene.send(tcp, Sender::Client, &masked(0x88, &[3, 0xe9]));
    scene.fin(tcp, Sender::Server);
    scene.fin(tcp, Sender::Client);
}

#[test]
fn a_plain_request_may_come_before_the_upgrade() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    scene.send(
        &mut tcp,
        Sender::Client,
        b"POST /login HTTP/1.1\r\nContent-Length: 4\r\n\r\nGET ",
    );
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/",
    );
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, RESPONSE);
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert_eq!(
        record
            .handshake
            .upgrade
            .response
            .map(|response| response.status),
        Some(101)
    );
    assert_eq!(explanation.cause.id(), "application");
    assert_eq!(
        (explanation.client_sees, explanation.server_sees),
        (Some(1001), Some(1001))
    );
}

#[test]
fn frames_may_stand_in_the_segment_of_the_request() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    let both = [REQUEST, &masked(0x81, b"early")].concat();
    scene.send(&mut tcp, Sender::Client, &both);
    scene.send(
        &mut tcp,
        Sender::Server,
        &[RESPONSE, b"\x81\x02hi"].concat(),
    );
    close_both(&mut scene, &mut tcp);
    let (record, _) = scene.only();
    assert_eq!((record.client_end.frames, record.server_end.frames), (2, 2));
    assert_eq!(record.findings, []);
}

#[test]
fn an_upgrade_through_connect_is_followed() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 3128);
    scene.send(
        &mut tcp,
        Sender::Client,
        b"CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n",
    );
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 200 Connection established\r\n\r\n",
    );
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, RESPONSE);
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert!(record.handshake.is_tunneled);
    assert_eq!(explanation.cause.id(), "application");

    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 3128);
    scene.send(
        &mut tcp,
        Sender::Client,
        b"CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n",
    );
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
    );
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "proxy-refused");
    assert!(
        explanation.statements[0].to_string().contains("407"),
        "{:?}",
        explanation.statements
    );
    // It is the proxy that lets nobody in, and not the server.
    assert_eq!(
        explanation.advice[0].cause.english(),
        Cause::ProxyRefused.row().advice[0].cause.english()
    );
}

#[test]
fn a_proxy_header_stands_before_the_request_and_before_tls() {
    let line = b"PROXY TCP4 192.0.2.7 192.0.2.8 40000 80\r\n";
    let binary = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x08\x9c\x40\0\x50";
    for header in [&line[..], binary] {
        // In the same segment as the request, and in one of its own.
        for is_apart in [false, true] {
            let mut scene = Scene::new();
            let mut tcp = scene.open(40001, 8080);
            let (first, second) = match is_apart {
                true => (header.to_vec(), REQUEST),
                false => ([header, REQUEST].concat(), &b""[..]),
            };
            scene.send(&mut tcp, Sender::Client, &first);
            if is_apart {
                scene.send(&mut tcp, Sender::Client, second);
            }
            scene.send(&mut tcp, Sender::Server, RESPONSE);
            close_both(&mut scene, &mut tcp);
            let (record, explanation) = scene.only();
            assert!(record.is_upgraded());
            assert_eq!(record.confidence, None);
            assert_eq!(record.closed_by(), Some(Sender::Server));
            assert!(said(&explanation).contains("192.0.2.7:40000"));
        }
    }

    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 443);
    let hello = [22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3];
    scene.send(
        &mut tcp,
        Sender::Client,
        &[&b"PROXY UNKNOWN\r\n"[..], &hello].concat(),
    );
    scene.send(&mut tcp, Sender::Server, &[21, 3, 3, 0, 2, 2, 70]);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert!(record.tls.is_some_and(|tls| tls.client.has_greeted));
    assert_eq!(explanation.cause.id(), "tls-failed");
}

#[test]
fn an_upgrade_through_socks_is_followed() {
    let request = b"\x05\x01\0\x03\x01h\0\x50";
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 1080);
    scene.send(&mut tcp, Sender::Client, &[5, 1, 0]);
    scene.send(&mut tcp, Sender::Server, &[5, 0]);
    scene.send(&mut tcp, Sender::Client, request);
    scene.send(&mut tcp, Sender::Server, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, RESPONSE);
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert!(record.handshake.is_tunneled && record.is_upgraded());
    assert_eq!(record.closed_by(), Some(Sender::Server));
    assert_eq!(explanation.cause.id(), "application");

    for (reply, words) in [
        (&[5, 0xff][..], "wants a login"),
        (&[5, 0], "reply 5, connection refused"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 1080);
        scene.send(&mut tcp, Sender::Client, &[5, 1, 0]);
        scene.send(&mut tcp, Sender::Server, reply);
        if reply[1] == 0 {
            scene.send(&mut tcp, Sender::Client, request);
            scene.send(&mut tcp, Sender::Server, &[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
        }
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "proxy-refused");
        assert!(said(&explanation).contains(words), "{}", said(&explanation));
    }

    // What only begins like it is none, and nothing is said of it.
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 1080);
    scene.send(&mut tcp, Sender::Client, &[5, 1, 0]);
    scene.send(&mut tcp, Sender::Server, &[4, 0]);
    scene.fin(&mut tcp, Sender::Server);
    assert!(scene.end().is_empty());
}

#[test]
fn a_server_that_is_silent_at_the_hello_showed_no_certificate() {
    for flags in [FIN | ACK, RST] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 443);
        scene.send(
            &mut tcp,
            Sender::Client,
            &[22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3],
        );
        scene.packet(&tcp, Sender::Server, tcp.next[1], flags, b"");
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "tls-failed");
        let mut advice = explanation.advice.iter();
        assert!(advice.all(|advice| !advice.cause.english().contains("certificate")));
    }
}

#[test]
fn a_handshake_failure_behind_the_hello_is_no_lack_of_a_common_cipher() {
    let message = |kind: u8, body: &[u8]| {
        let length = body.len() as u16;
        let mut record = vec![22, 3, 3];
        record.extend((length + 4).to_be_bytes());
        record.extend([kind, 0]);
        record.extend(length.to_be_bytes());
        record.extend(body);
        record
    };
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 443);
    let hello = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0xc0, 0x2f, 1, 0]].concat();
    scene.send(&mut tcp, Sender::Client, &message(1, &hello));
    let chosen = [&[3, 3][..], &[8; 32], &[0, 0xc0, 0x2f, 0]].concat();
    let asks = message(13, &[1, 1, 0, 2, 4, 1, 0, 0]);
    let flight = [message(2, &chosen), asks, message(14, &[])].concat();
    scene.send(&mut tcp, Sender::Server, &flight);
    scene.send(&mut tcp, Sender::Client, &message(11, &[0, 0, 0]));
    scene.send(&mut tcp, Sender::Server, &[21, 3, 3, 0, 2, 2, 40]);
    scene.fin(&mut tcp, Sender::Server);
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "tls-failed");
    assert!(said(&explanation).contains("asks clients for a certificate"));
    let mut advice = explanation.advice.iter();
    assert!(advice.all(|advice| !advice.cause.english().contains("cipher")));
}

#[test]
fn refusals_say_their_status_and_where_they_point() {
    for (status, words) in [
        ("403 Forbidden", "403 Forbidden"),
        ("426 Upgrade Required", "426"),
        ("200 OK", "200 OK"),
        ("302 Found", "https://example/login"),
        ("502 Bad Gateway", "502 Bad Gateway"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        let response = format!(
            "HTTP/1.1 {status}\r\nLocation: https://example/login\r\nContent-Length: 0\r\n\r\n"
        );
        scene.send(&mut tcp, Sender::Server, response.as_bytes());
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "upgrade-refused");
        let evidence = said(&explanation);
        assert!(evidence.contains(words), "{evidence}");
        assert!(!explanation.advice.is_empty());
        assert_eq!(explanation.client_sees, Some(1006));
    }
}

#[test]
fn a_proxy_that_drops_the_upgrade_header_is_noticed() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    scene.send(
        &mut tcp,
        Sender::Client,
        b"GET /chat HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    );
    let (_, explanation) = scene.only();
    assert!(said(&explanation).contains("removed it"));
}

#[test]
fn an_answer_that_agrees_to_too_much_is_invalid() {
    for (header, words) in [
        (
            "Sec-WebSocket-Extensions: permessage-deflate",
            "permessage-deflate",
        ),
        ("Sec-WebSocket-Protocol: mqtt", "mqtt"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        let response = String::from_utf8_lossy(RESPONSE)
            .replace("Connection:", &format!("{header}\r\nConnection:"));
        scene.send(&mut tcp, Sender::Server, response.as_bytes());
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "upgrade-invalid");
        assert!(
            explanation.statements[0].to_string().contains(words),
            "{:?}",
            explanation.statements
        );
    }
}

#[test]
fn a_refused_and_an_unanswered_connection_are_told_apart() {
    let mut scene = Scene::new();
    let tcp = scene.asked(40001, 8080);
    scene.packet(&tcp, Sender::Server, 0, RST | ACK, b"");
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "refused");
    assert!(
        explanation.statements[0].to_string().contains("refused"),
        "{:?}",
        explanation.statements
    );

    let mut scene = Scene::new();
    let tcp = scene.asked(40001, 8080);
    for _ in 0..3 {
        scene.wait(1000);
        scene.packet(&tcp, Sender::Client, 5000, SYN, b"");
    }
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "timeout");
    assert!(
        explanation.statements[0]
            .to_string()
            .contains("4 SYN in 3.0 s"),
        "{:?}",
        explanation.statements
    );
}

/// A reset proves no TLS: a server that resets whoever comes looks like one that does not speak HTTP,
/// unless the connection had stood before the request.
#[test]
fn a_reset_is_blamed_on_the_scheme_only_where_the_request_brought_it() {
    for (stood, took, cause) in [
        (0, 0, "upgrade-refused"),
        (2, 0, "upgrade-refused"),
        (20, 15, "upgrade-refused"),
        (20, 1, "wrong-scheme"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 7777);
        scene.wait(stood);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        scene.wait(took);
        let next = tcp.next[1];
        scene.packet(&tcp, Sender::Server, next, RST | ACK, b"");
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), cause, "{stood} ms, {took} ms");
    }
    // It did not stand while its SYN was asked again.
    let mut scene = Scene::new();
    let mut tcp = scene.asked(40001, 7777);
    scene.wait(1000);
    scene.packet(&tcp, Sender::Client, 5000, SYN, b"");
    scene.packet(&tcp, Sender::Server, 9000, SYN | ACK, b"");
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.packet(&tcp, Sender::Server, 9001, RST | ACK, b"");
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "upgrade-refused");
}

#[test]
fn both_wrong_schemes_are_named() {
    let hello = [&[22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3][..]].concat();
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    scene.send(&mut tcp, Sender::Client, &hello);
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    );
    scene.fin(&mut tcp, Sender::Server);
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "wrong-scheme");
    assert!(explanation.statements[0].to_string().contains("plain HTTP"));

    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 7777);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, &[21, 3, 1, 0, 2, 2, 70]);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "wrong-scheme");
    assert!(
        explanation.statements[0]
            .to_string()
            .contains("plain ws://")
    );
    assert_eq!(record.url().as_deref(), Some("ws://h/chat"));
}

#[test]
fn a_tls_alert_names_its_sender_and_its_reason() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 443);
    scene.send(
        &mut tcp,
        Sender::Client,
        &[22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3],
    );
    scene.send(&mut tcp, Sender::Server, &[21, 3, 3, 0, 2, 2, 70]);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert!(record.tls.is_some());
    assert_eq!(explanation.cause.id(), "tls-failed");
    assert!(
        explanation.statements[0]
            .to_string()
            .contains("server refused with the alert protocol_version")
    );
    assert!(explanation.advice[0].cause.english().contains("version"));
}

#[test]
fn closes_that_cross_answer_nobody() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    let before = tcp.clone();
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe9");
    // The client has not seen it yet.
    let close = masked(0x88, &[3, 0xe8]);
    scene.packet(&before, Sender::Client, before.next[0], ACK, &close);
    tcp.next[0] += close.len() as u32;
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (_, explanation) = scene.only();
    assert!(
        said(&explanation).contains("at once"),
        "{:?}",
        explanation.statements
    );
    assert_eq!(
        (explanation.client_sees, explanation.server_sees),
        (Some(1001), Some(1000))
    );
}

#[test]
fn a_gap_inside_a_payload_costs_one_message() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    let frame = masked(0x81, &[b'a'; 1000]);
    scene.send(&mut tcp, Sender::Client, &frame[..300]);
    scene.lose(&mut tcp, Sender::Client, 400);
    scene.send(&mut tcp, Sender::Client, &frame[700..]);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02ok");
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"next"));
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert_eq!(record.client_end.frames, 3);
    assert_eq!(record.client_end.endpoint.oddities.lost, 400);
    assert_eq!(record.findings, []);
    assert_eq!(record.confidence, None);
    assert_eq!(explanation.cause.id(), "application");
    assert!(said(&explanation).contains("400 bytes of the client are not in the capture"));
}

#[test]
fn the_same_ports_make_another_connection_after_a_new_syn() {
    let mut scene = Scene::new();
    for _ in 0..3 {
        let mut tcp = upgraded(&mut scene, 40001);
        close_both(&mut scene, &mut tcp);
        // A port is used again with another first number; this scene's is moved by hand.
        let again = Tcp {
            next: [778, 1],
            ..tcp
        };
        scene.packet(&again, Sender::Client, 777, SYN, b"");
        scene.packet(&again, Sender::Server, 0, RST | ACK, b"");
        scene.wait(2000);
    }
    let causes: Vec<&str> = scene
        .end()
        .iter()
        .map(|(_, explanation)| explanation.cause.id())
        .collect();
    assert_eq!(
        causes
            .iter()
            .filter(|cause| **cause == "application")
            .count(),
        3
    );
    assert_eq!(
        causes.iter().filter(|cause| **cause == "refused").count(),
        3
    );
}

#[test]
fn one_direction_alone_is_read_and_said() {
    for captured in [Sender::Client, Sender::Server] {
        let mut scene = Scene::new();
        let mut whole = Scene::new();
        // Written into one scene, of which the other gets one direction.
        let mut tcp = whole.open(40001, 8080);
        let mut half = tcp.clone();
        let (mine, first, close): (&[u8], Vec<u8>, Vec<u8>) = match captured {
            Sender::Client => (REQUEST, masked(0x81, b"hello"), masked(0x88, &[0x0f, 0xa0])),
            Sender::Server => (
                RESPONSE,
                b"\x81\x05hello".to_vec(),
                b"\x88\x02\x0f\xa0".to_vec(),
            ),
        };
        for payload in [mine, &first, &close] {
            scene.send(&mut half, captured, payload);
        }
        scene.fin(&mut half, captured);
        whole.fin(&mut tcp, captured);
        let (record, explanation) = scene.only();
        assert_eq!(record.side(captured).frames, 2, "{captured}");
        // The other end may have closed first.
        assert_eq!(explanation.cause.id(), "unknown");
        assert_eq!(explanation.alternatives[0].0.id(), "application");
        assert_eq!(record.closed_by(), None);
        let other = captured.other();
        let sentence = format!("Nothing of the {other} is in the capture");
        assert!(
            said(&explanation).contains(&sentence),
            "{:?}",
            explanation.statements
        );
        let sees = [explanation.client_sees, explanation.server_sees];
        assert!(
            sees.contains(&Some(4000)) && sees.contains(&None),
            "{sees:?}"
        );
    }
}

#[test]
fn a_ping_without_a_pong_before_the_end_is_a_keepalive() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x89\x02p1");
    scene.send(&mut tcp, Sender::Client, &masked(0x8a, b"p1"));
    scene.wait(20_000);
    scene.send(&mut tcp, Sender::Server, b"\x89\x02p2");
    scene.wait(20_000);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(record.unanswered.len(), 1);
    assert_eq!(explanation.cause.id(), "keepalive-timeout");
    assert_eq!(
        (explanation.client_sees, explanation.server_sees),
        (Some(1006), Some(1006))
    );
}

#[test]
fn a_silence_before_the_end_is_said_to_fit_a_timer() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    scene.wait(60_000);
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (_, explanation) = scene.only();
    let fits: Vec<&str> = explanation
        .alternatives
        .iter()
        .map(|(cause, _)| cause.id())
        .collect();
    let all = [&[explanation.cause.id()][..], &fits].concat();
    assert!(
        all.contains(&"peer-gone") && all.contains(&"idle-timeout"),
        "{all:?}"
    );
    assert!(said(&explanation).contains("60.0 s"));
}

#[test]
fn ten_thousand_interleaved_connections_are_followed() {
    let mut scene = Scene::new();
    let mut all: Vec<Tcp> = (0..10_000)
        .map(|index| upgraded(&mut scene, 20_000 + index))
        .collect();
    for tcp in &mut all {
        scene.send(tcp, Sender::Client, &masked(0x81, b"hello"));
    }
    for tcp in &mut all {
        close_both(&mut scene, tcp);
    }
    let ended = scene.end();
    assert_eq!(ended.len(), 10_000);
    for (record, explanation) in &ended {
        assert_eq!(explanation.cause.id(), "application");
        assert_eq!(record.client_end.frames, 2);
    }
}

#[test]
fn too_many_connections_give_way_and_say_so() {
    let mut scene = Scene::with(Limits {
        connections: 10,
        ..Limits::default()
    });
    for port in 0..50 {
        upgraded(&mut scene, 20_000 + port);
    }
    assert_eq!(scene.tracker.totals().crowded_out, 40);
    let ended = scene.end();
    assert_eq!(ended.len(), 50);
    let forgotten = ended
        .iter()
        .filter(|(record, _)| record.forgotten == Some(Forgotten::TooMany));
    assert_eq!(forgotten.count(), 40);
}

#[test]
fn a_silent_connection_is_forgotten() {
    let mut scene = Scene::with(Limits {
        idle: 60 * SECOND,
        ..Limits::default()
    });
    upgraded(&mut scene, 20_000);
    scene.wait(61_000);
    upgraded(&mut scene, 20_001);
    assert_eq!(scene.records.len(), 1);
    let forgotten = scene.records[0].forgotten;
    assert!(
        matches!(forgotten, Some(Forgotten::Idle(waited)) if waited >= 61 * SECOND),
        "{forgotten:?}"
    );
    let explanation = explain_connection(&scene.records[0], Registries::default());
    let evidence = said(&explanation);
    assert!(evidence.contains("nothing came for 61.0 s"), "{evidence}");
    // The capture went on: it did not end while the connection was open.
    assert!(!evidence.contains("capture ended"), "{evidence}");
}

/// The end of one side, never answered, is the end once nothing more comes.
#[test]
fn a_connection_that_only_one_end_ended_is_reported_after_a_minute() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 20_000);
    scene.fin(&mut tcp, Sender::Server);
    scene.wait(30_000);
    // The other end still has something to say.
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"late"));
    scene.wait(50_000);
    upgraded(&mut scene, 20_001);
    assert_eq!(scene.records.len(), 0);
    scene.wait(11_000);
    upgraded(&mut scene, 20_002);
    assert_eq!(scene.records.len(), 1);
    assert_eq!(scene.records[0].end.map(|end| end.by), Some(Sender::Server));
}

/// An end that sends only what lies behind a hole cannot make the reader hold it all.
#[test]
fn bytes_that_wait_for_others_are_given_up_at_the_limit() {
    let limits = Limits {
        connection_bytes: 100_000,
        ..Limits::default()
    };
    let mut scene = Scene::with(limits);
    let mut tcp = upgraded(&mut scene, 20_000);
    scene.lose(&mut tcp, Sender::Client, 10);
    for _ in 0..1000 {
        let place = tcp.next[0];
        tcp.next[0] += 1000;
        scene.packet(&tcp, Sender::Client, place, ACK, &[0; 1000]);
    }
    assert!(scene.tracker.totals().capped > 0);
    let (record, _) = scene.only();
    assert!(record.transport.is_capped);
}

/// Inflating takes a window for each end: where there is no memory for more, that is said.
#[test]
fn without_memory_messages_are_not_inflated() {
    let response = String::from_utf8_lossy(RESPONSE).replace(
        "Connection:",
        "Sec-WebSocket-Extensions: permessage-deflate\r\nConnection:",
    );
    let request = String::from_utf8_lossy(REQUEST).replace(
        "Connection:",
        "Sec-WebSocket-Extensions: permessage-deflate\r\nConnection:",
    );
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    let mut scene = Scene::with(limits);
    let mut all = Vec::new();
    for port in 0..20 {
        let mut tcp = scene.open(20_000 + port, 8080);
        scene.send(&mut tcp, Sender::Client, request.as_bytes());
        scene.send(&mut tcp, Sender::Server, response.as_bytes());
        scene.send(
            &mut tcp,
            Sender::Server,
            b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
        );
        all.push(tcp);
    }
    for tcp in &mut all {
        close_both(&mut scene, tcp);
    }
    let ended = scene.end();
    let not: Vec<_> = ended
        .iter()
        .filter(|(record, _)| record.is_not_inflated)
        .collect();
    // An end that has sent nothing has no window, so that there is memory for more.
    assert!((5..15).contains(&not.len()), "{}", not.len());
    for (record, explanation) in &ended {
        assert_eq!(record.findings, []);
        assert_eq!(explanation.cause.id(), "application");
        let says_so = said(explanation).contains("not inflated");
        assert_eq!(says_so, record.is_not_inflated);
    }
}

/// Nobody agreed on compression here, and yet each message is tried: that takes a window too.
#[test]
fn trying_to_inflate_takes_no_more_memory_than_there_is() {
    const OPEN: &[u8] = b"\x41\x03\xf2\x48\xcd";
    const REST: &[u8] = b"\x80\x04\xc9\xc9\x07\x00";
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    let mut scene = Scene::with(limits);
    for round in 0..2 {
        let mut all: Vec<Tcp> = (0..40)
            .map(|index| upgraded(&mut scene, 20_000 + 100 * round + index))
            .collect();
        for tcp in &mut all {
            scene.send(tcp, Sender::Server, OPEN);
            assert!(scene.tracker.held_bytes() < limits.bytes);
        }
        for tcp in &mut all {
            scene.send(tcp, Sender::Server, REST);
            close_both(&mut scene, tcp);
        }
        // What was taken is given back.
        scene.wait(2000);
        scene.asked(19_000 + round, 8080);
        let ended = std::mem::take(&mut scene.records);
        assert_eq!(ended.len(), 40);
        assert_eq!(scene.tracker.held_bytes(), 0);
        let tried = ended.iter().filter(|record| {
            let mut hints = record.hints.iter();
            hints.any(|(_, hint)| *hint == Hint::InflatesCleanly)
        });
        let tried = tried.count();
        assert!((8..16).contains(&tried), "{tried}");
        for record in &ended {
            assert!(
                record
                    .findings
                    .iter()
                    .any(|found| found.finding.rule.id == "reserved-bits")
            );
            assert_eq!(record.is_not_inflated, record.hints.is_empty());
        }
    }
}

/// An answer that was only read when its hole was given up takes memory like any other.
#[test]
fn an_upgrade_behind_a_hole_is_counted() {
    let agreed = |text: &[u8]| {
        String::from_utf8_lossy(text).replace(
            "Connection:",
            "Sec-WebSocket-Extensions: permessage-deflate\r\nConnection:",
        )
    };
    let limits = Limits {
        connection_bytes: 400,
        ..Limits::default()
    };
    let mut scene = Scene::with(limits);
    let mut tcp = scene.open(20_000, 8080);
    scene.send(&mut tcp, Sender::Client, agreed(REQUEST).as_bytes());
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    );
    scene.lose(&mut tcp, Sender::Server, 1000);
    scene.send(&mut tcp, Sender::Client, agreed(REQUEST).as_bytes());
    scene.send(&mut tcp, Sender::Server, agreed(RESPONSE).as_bytes());
    scene.send(
        &mut tcp,
        Sender::Server,
        b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
    );
    scene.send(
        &mut tcp,
        Sender::Server,
        &[b"\x82\x7e\x01\x90", &[0; 400][..]].concat(),
    );
    close_both(&mut scene, &mut tcp);
    let (record, _) = scene.only();
    assert!(record.transport.is_capped);
    assert_eq!(record.findings, []);
    assert_eq!(record.server_end.messages, 2);
}

/// Clients with a key that never changes are no legs of a proxy.
#[test]
fn connections_to_one_server_are_no_legs_of_each_other() {
    let mut scene = Scene::new();
    for port in 0..3 {
        let mut tcp = upgraded(&mut scene, 40_000 + port);
        scene.fin(&mut tcp, Sender::Server);
        scene.fin(&mut tcp, Sender::Client);
    }
    for (record, _) in scene.end() {
        assert_eq!(record.leg, None);
    }
}

#[test]
fn bytes_that_nobody_acknowledges_are_told() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    let at = tcp.next[1];
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    for _ in 0..4 {
        scene.wait(1000);
        scene.packet(&tcp, Sender::Server, at, ACK, b"\x81\x02hi");
    }
    let (record, explanation) = scene.only();
    assert_eq!(record.server_end.endpoint.unacknowledged, 4);
    let evidence = said(&explanation);
    assert!(evidence.contains("never acknowledged"), "{evidence}");
    assert!(evidence.contains("4 more times"), "{evidence}");
}

#[test]
fn what_fits_too_is_listed() {
    let fits = |explanation: &Explanation| -> Vec<(&str, String)> {
        let alternatives = explanation.alternatives.iter();
        alternatives
            .map(|(cause, decides)| (cause.id(), decides.to_string()))
            .collect()
    };
    // A reset after a silence that a known timer has.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    scene.wait(60_000);
    scene.packet(&tcp, Sender::Server, tcp.next[1], RST, b"");
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "reset");
    let (cause, decides) = &fits(&explanation)[0];
    assert_eq!(*cause, "idle-timeout");
    assert!(decides.contains("proxy_read_timeout"), "{decides}");

    // An end that goes while a large message is on its way to it.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(
        &mut tcp,
        Sender::Client,
        &masked(0x82, &[0; 60_000])[..1400],
    );
    scene.fin(&mut tcp, Sender::Server);
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "peer-gone");
    assert_eq!(fits(&explanation)[0].0, "too-big");
    let evidence = said(&explanation);
    assert!(evidence.contains("1392 of its 60,000 bytes"), "{evidence}");

    // nginx, Apache and Go answer plain HTTP on a TLS port with 400.
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 443);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    );
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "upgrade-refused");
    assert_eq!(fits(&explanation)[0].0, "wrong-scheme");
}

/// Whoever goes right behind its Close gives no time for an answer.
#[test]
fn a_close_that_is_not_waited_for_is_told_from_one_that_is() {
    for (waited, is_hasty) in [(1, true), (5000, false)] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe9");
        scene.wait(waited);
        scene.fin(&mut tcp, Sender::Server);
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "close-unanswered");
        let evidence = said(&explanation);
        assert_eq!(evidence.contains("waited only"), is_hasty, "{evidence}");
    }
}

#[test]
fn an_upgrade_that_waits_for_its_answer_is_told() {
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.wait(30_000);
    scene.packet(&tcp, Sender::Server, tcp.next[1], ACK, b"");
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "still-open");
    let evidence = said(&explanation);
    assert!(evidence.contains("no answer yet, 30.0 s"), "{evidence}");
}

#[test]
fn packets_without_times_are_said_to_have_none() {
    let mut scene = Scene::new();
    scene.has_times = false;
    let mut tcp = upgraded(&mut scene, 40001);
    close_both(&mut scene, &mut tcp);
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert!(evidence.contains("carry no times"), "{evidence}");
}

#[test]
fn two_legs_with_one_key_belong_together() {
    let mut scene = Scene::new();
    let (mut front, mut back) = proxied(&mut scene);
    scene.wait(60_000);
    scene.fin(&mut front, Sender::Server);
    scene.fin(&mut back, Sender::Client);
    scene.fin(&mut front, Sender::Client);
    scene.fin(&mut back, Sender::Server);
    let ended = scene.end();
    assert_eq!(ended.len(), 2);
    for (record, explanation) in &ended {
        let leg = record.leg.expect("there is another leg");
        assert_ne!(leg.client, record.client_end.endpoint.address);
        assert_eq!(explanation.cause.id(), "idle-timeout");
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_an_answer() {
    for answer in [
        &b"hello there"[..],
        b"HTTP/1.1 101 Switching Protocols\r\nX: \x01\r\n\r\n",
    ] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        scene.send(&mut tcp, Sender::Server, answer);
        // What the client sends all the same does not make of it what was not captured.
        if answer.starts_with(b"HTTP") {
            scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
        }
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), "upgrade-invalid");
        let evidence = said(&explanation);
        assert!(evidence.contains("no HTTP response"), "{evidence}");
        assert!(!evidence.contains("without an answer"), "{evidence}");
    }
}

#[test]
fn packets_of_a_link_type_that_is_not_read_are_counted() {
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    tracker.packet(
        &Packet {
            number: 1,
            at: 24,
            time: Some(0),
            link: Link::of(105),
            bytes: &[0; 60],
            original_length: 60,
        },
        &mut |_| {},
    );
    assert_eq!(tracker.totals().unread, (1, 105));
}

/// A client that finds a fault may end TCP at once and say nothing. One that goes on for a while has
/// another reason.
#[test]
fn tcp_that_ends_at_once_behind_a_fault_ends_for_it() {
    for (waited, cause) in [(20, "violation"), (900, "violation"), (3000, "peer-gone")] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        // Opcode 3 is reserved.
        scene.send(&mut tcp, Sender::Server, b"\x83\x00");
        scene.wait(waited);
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), cause, "after {waited} ms");
        let fits = explanation.alternatives.iter();
        let fits: Vec<&str> = fits.map(|(cause, _)| cause.id()).collect();
        assert!(
            cause == "violation" || fits.contains(&"violation"),
            "{fits:?}"
        );
    }
}

/// Two legs of a proxy end together, or for different reasons.
#[test]
fn legs_that_end_far_apart_ended_for_different_reasons() {
    for (apart, is_together) in [(200, true), (5000, false)] {
        let mut scene = Scene::new();
        let (mut front, mut back) = proxied(&mut scene);
        scene.fin(&mut back, Sender::Server);
        scene.wait(apart);
        scene.fin(&mut front, Sender::Server);
        scene.fin(&mut front, Sender::Client);
        scene.fin(&mut back, Sender::Client);
        let ended = scene.end();
        let of_front = ended
            .iter()
            .find(|(record, _)| record.leg.is_some_and(|leg| !leg.is_client_side));
        let (_, explanation) = of_front.expect("the front leg knows the other");
        let says_so = said(explanation).contains("the backend");
        assert_eq!(says_so, is_together, "{apart} ms: {}", said(explanation));
    }
}

/// A pong that has not come half a second later is late; one that is on its way is not.
#[test]
fn a_pong_is_late_after_half_a_second() {
    for (waited, cause) in [(300, "peer-gone"), (700, "keepalive-timeout")] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        scene.send(&mut tcp, Sender::Server, b"\x89\x02p1");
        scene.wait(waited);
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause.id(), cause, "after {waited} ms");
    }
}

#[test]
fn what_is_no_frame_is_named_for_what_it_is() {
    let http: &[u8] = b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\nConnection: close\r\nServer: a proxy with a long name\r\n\r\n";
    let short: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    let tls: &[u8] = &[0x15, 3, 3, 0, 2, 2, 40];
    let text: &[u8] = b"upstream connect error or disconnect/reset before headers";
    for (bytes, named) in [
        (http, "504 Gateway Timeout"),
        (short, "400 Bad Request"),
        (tls, "TLS"),
        (text, "upstream connect error"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40_000);
        scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hello"));
        scene.send(&mut tcp, Sender::Server, b"\x81\x05hello");
        scene.send(&mut tcp, Sender::Server, bytes);
        scene.fin(&mut tcp, Sender::Server);
        scene.fin(&mut tcp, Sender::Client);
        let (record, explanation) = scene.only();
        assert!(record.closes.is_empty(), "{:?}", record.closes);
        assert_ne!(explanation.client_sees, Some(21584));
        let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
        assert!(said.iter().any(|line| line.contains(named)), "{said:?}");
    }
    // Behind a Close too, where it breaks nothing.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_000);
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
    scene.send(
        &mut tcp,
        Sender::Server,
        &[&[0x88, 2, 3, 0xe8][..], short].concat(),
    );
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(record.closes.len(), 2);
    assert_eq!(record.finding_count, 0, "{:?}", record.findings);
    let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|line| line.contains("400 Bad Request")),
        "{said:?}"
    );
}

/// A FIN takes one sequence number: who acknowledges one more than was seen, with a FIN of its own, had it.
#[test]
fn a_fin_that_is_not_in_the_capture_was_the_first_all_the_same() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    scene.lose(&mut tcp, Sender::Client, 1);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    let end = record.end.expect("it ended");
    assert_eq!((end.by, end.is_seen), (Sender::Client, false));
    let evidence = said(&explanation);
    assert!(
        evidence.contains("The client ended TCP first: its FIN is not"),
        "{evidence}"
    );
    assert_eq!(explanation.server_sees, Some(1006));

    // A hole that still waits when the other FIN comes changes nothing of that.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.lose(&mut tcp, Sender::Client, 8);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    scene.lose(&mut tcp, Sender::Client, 1);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    let end = record.end.expect("it ended");
    assert_eq!((end.by, end.is_seen), (Sender::Client, false));
    assert_eq!(explanation.client_sees, None);

    // It came late, and had only been captured behind the other one.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    let at = tcp.next[0];
    scene.lose(&mut tcp, Sender::Client, 1);
    scene.fin(&mut tcp, Sender::Server);
    scene.packet(&tcp, Sender::Client, at, FIN | ACK, b"");
    let end = scene.only().0.end.expect("it ended");
    assert!(end.is_seen);
}

/// What waits behind a hole was sent all the same.
#[test]
fn what_comes_behind_a_lost_segment_ends_a_silence() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    scene.wait(56_000);
    scene.lose(&mut tcp, Sender::Server, 4);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02ho");
    scene.wait(4000);
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    let silence = record.silence().expect("it is known");
    assert!((3.9..4.1).contains(&silence), "{silence}");
    assert_eq!(
        explanation.cause.id(),
        "peer-gone",
        "{}",
        said(&explanation)
    );
}

/// A RST tells what its sender had sent, not that anybody received it.
#[test]
fn what_a_reset_tells_is_no_acknowledgement() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    let at = tcp.next[1];
    let close = b"\x88\x02\x03\xe9";
    scene.send(&mut tcp, Sender::Server, close);
    for _ in 0..4 {
        scene.wait(3000);
        scene.packet(&tcp, Sender::Server, at, ACK, close);
    }
    scene.packet(&tcp, Sender::Server, tcp.next[1], RST, b"");
    let (record, explanation) = scene.only();
    assert_eq!(record.server_end.endpoint.unacknowledged, 4);
    assert_eq!(explanation.client_sees, None, "{}", said(&explanation));
}

#[test]
fn who_has_reset_the_connection_receives_no_close_any_more() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
    scene.packet(&tcp, Sender::Client, tcp.next[0], RST, b"");
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert!(
        evidence.contains("had reset the connection before"),
        "{evidence}"
    );
    assert!(!evidence.contains("complete"), "{evidence}");
    assert_eq!(explanation.client_sees, Some(1006));
    assert_eq!(explanation.server_sees, Some(1000));
}

/// A Close of an end that knew that the other one had ended TCP is no end of the connection.
#[test]
fn a_close_behind_the_fin_of_the_other_end_comes_second() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    scene.fin(&mut tcp, Sender::Client);
    scene.wait(500);
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
    scene.fin(&mut tcp, Sender::Server);
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "peer-gone");
    let evidence = said(&explanation);
    assert!(
        evidence.starts_with("The client ended TCP without a Close"),
        "{evidence}"
    );
    assert!(
        evidence.contains("when the client had ended TCP"),
        "{evidence}"
    );
}

#[test]
fn a_close_behind_the_reset_of_the_other_end_comes_second() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    scene.packet(&tcp, Sender::Server, tcp.next[1], RST, b"");
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause.id(), "reset");
    let evidence = said(&explanation);
    assert!(
        evidence.contains("when the server had ended TCP"),
        "{evidence}"
    );
    assert_eq!(explanation.client_sees, Some(1006));
}

/// The window of an end that has had one falls to 0: its program does not read.
#[test]
fn an_end_that_takes_nothing_is_named() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    scene.full = true;
    scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
    scene.full = false;
    let at = tcp.next[1];
    scene.send(&mut tcp, Sender::Server, b"\x81\x02ho");
    for _ in 0..4 {
        scene.wait(5000);
        scene.packet(&tcp, Sender::Server, at, ACK, b"\x81\x02ho");
    }
    scene.packet(&tcp, Sender::Server, tcp.next[1], RST, b"");
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert!(
        evidence.contains("The client took nothing in the last 20"),
        "{evidence}"
    );
    assert!(!evidence.contains("path to the client"), "{evidence}");
}

/// A fault of the Close itself, for which the other end answers with the code for it: told once, and of the right end.
#[test]
fn a_close_that_breaks_a_rule_is_the_first_all_the_same() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x88\x06\x0f\xa1caf\xe9");
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xef]));
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(record.closed_by(), Some(Sender::Server));
    let evidence = said(&explanation);
    assert!(
        evidence.starts_with("The client answered with 1007 because of the Close"),
        "{evidence}"
    );
    assert_eq!(evidence.matches("answered").count(), 1, "{evidence}");
}

/// A gap hides what may stand in it, and nothing of what comes behind it.
#[test]
fn a_gap_before_the_last_sign_of_life_hides_no_silence() {
    let beat = b"{\"type\":\"ping\",\"message\":1700000000}";
    let frame = [&[0x81, beat.len() as u8], &beat[..]].concat();
    for is_behind in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40_001, 8080);
        let named = |head: &[u8]| {
            let head = String::from_utf8_lossy(head).replace("/chat", "/cable");
            let line = "\r\nSec-WebSocket-Protocol: actioncable-v1-json\r\n\r\n";
            head.replace("\r\n\r\n", line)
        };
        scene.send(&mut tcp, Sender::Client, named(REQUEST).as_bytes());
        scene.send(&mut tcp, Sender::Server, named(RESPONSE).as_bytes());
        scene.send(&mut tcp, Sender::Server, b"\x81\x12{\"type\":\"welcome\"}");
        for _ in 0..3 {
            scene.wait(3000);
            scene.send(&mut tcp, Sender::Server, &frame);
        }
        scene.wait(3000);
        scene.lose(&mut tcp, Sender::Server, frame.len() as u32);
        if !is_behind {
            scene.wait(3000);
            scene.send(&mut tcp, Sender::Server, &frame);
        }
        scene.wait(7000);
        scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
        scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        let said = said(&explanation);
        assert_eq!(
            said.contains("took the connection for stale"),
            !is_behind,
            "{said}"
        );
    }
}

/// What follows a gap in which the 101 may have been is no answer to the upgrade.
#[test]
fn a_504_behind_a_gap_is_not_said_to_refuse_the_upgrade() {
    let page = b"HTTP/1.1 504 Gateway Time-out\r\nContent-Length: 5\r\n\r\nhello";
    for is_lost in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40_001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        if is_lost {
            scene.lose(&mut tcp, Sender::Server, RESPONSE.len() as u32);
            scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
        }
        scene.wait(60_000);
        scene.send(&mut tcp, Sender::Server, page);
        scene.fin(&mut tcp, Sender::Server);
        let (record, explanation) = scene.only();
        let said = said(&explanation);
        assert_eq!(said.contains("never was a WebSocket"), !is_lost, "{said}");
        assert_eq!(record.client_end.frames, u64::from(is_lost));
        let is_shown = |event: &Event| matches!(event.what, What::Response(504, _));
        assert!(record.events.iter().any(is_shown));
        let cause = match is_lost {
            true => Cause::Unknown,
            false => Cause::UpgradeRefused,
        };
        assert_eq!(explanation.cause, cause);
    }
}

/// A client that closes at once for what the 101 says closed for that.
#[test]
fn a_close_that_refuses_the_101_is_told_with_what_is_wrong_with_it() {
    let agreed = b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    let head = RESPONSE.strip_suffix(b"\r\n\r\n").expect("it is whole");
    for (code, has_said) in [(1010, false), (1000, false), (1010, true)] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40_001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        scene.send(&mut tcp, Sender::Server, &[head, agreed].concat());
        if has_said {
            scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
        }
        let close = u16::to_be_bytes(code);
        scene.send(&mut tcp, Sender::Client, &masked(0x88, &close));
        scene.send(&mut tcp, Sender::Server, &[&[0x88, 2], &close[..]].concat());
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        let is_refusal = code == 1010 && !has_said;
        assert_eq!(
            explanation.cause == Cause::UpgradeInvalid,
            is_refusal,
            "{code}"
        );
        assert_eq!(explanation.server_sees, Some(code));
    }
}

/// HTTP behind a finished closing handshake changes nothing of it.
#[test]
fn http_behind_the_close_refuses_nothing() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_001);
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
    scene.send(
        &mut tcp,
        Sender::Server,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    );
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(explanation.cause, Cause::Application);
    assert_eq!(
        (explanation.client_sees, explanation.server_sees),
        (Some(1000), Some(1000))
    );
    assert_eq!((record.server_end.frames, record.findings.len()), (1, 0));
    let evidence = said(&explanation);
    assert!(
        evidence.contains("an HTTP response, \"HTTP/1.1 400 Bad Request\""),
        "{evidence}"
    );
}

/// A frame of HTTP/2.
fn h2(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The extended CONNECT for a stream, each field as a literal without a table.
fn h2_connect(stream: u32) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", "http"),
        (":path", "/chat"),
        (":authority", "h"),
        ("sec-websocket-version", "13"),
    ] {
        block.extend([0, name.len() as u8]);
        block.extend(name.as_bytes());
        block.push(value.len() as u8);
        block.extend(value.as_bytes());
    }
    h2(1, 4, stream, &block)
}

const H2_SETTINGS_ACK: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];
/// `:status: 200`.
const H2_OK: &[u8] = &[0x88];

/// A connection of HTTP/2 on which a server that offers WebSocket, or not, was asked for nothing yet.
fn h2_opened(scene: &mut Scene, is_offering: bool) -> Tcp {
    h2_opened_at(scene, 8080, is_offering)
}

fn h2_opened_at(scene: &mut Scene, port: u16, is_offering: bool) -> Tcp {
    let mut tcp = scene.open(40001, port);
    let preface = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        h2(4, 0, 0, &[]),
    ]
    .concat();
    scene.send(&mut tcp, Sender::Client, &preface);
    let offer: &[u8] = if is_offering {
        &[0, 8, 0, 0, 0, 1]
    } else {
        &[0, 3, 0, 0, 0, 100]
    };
    scene.send(&mut tcp, Sender::Server, &h2(4, 0, 0, offer));
    tcp
}

/// A stream that is a WebSocket, on which each end has said something.
fn h2_talk(scene: &mut Scene) -> Tcp {
    let mut tcp = h2_opened(scene, true);
    scene.send(&mut tcp, Sender::Client, &h2_connect(1));
    scene.send(&mut tcp, Sender::Server, &h2(1, 4, 1, H2_OK));
    let hello = h2(0, 0, 1, &masked(0x81, b"hello"));
    scene.send(&mut tcp, Sender::Client, &hello);
    scene.send(&mut tcp, Sender::Server, &h2(0, 0, 1, b"\x81\x02hi"));
    tcp
}

fn advice(explanation: &Explanation) -> String {
    let advice = explanation.advice.iter();
    let all: Vec<String> = advice
        .map(|advice| format!("{} {}", advice.cause, advice.fix))
        .collect();
    all.join("\n")
}

#[test]
fn a_stream_that_is_broken_off_before_its_answer_says_what_its_code_says() {
    for (code, says, does) in [
        (7u32, "REFUSED_STREAM: the server did nothing", "Ask again"),
        (13, "wants HTTP/1.1", "http/1.1"),
        (1, "PROTOCOL_ERROR", "enableConnectProtocol"),
        (2, "INTERNAL_ERROR", "failed"),
        (11, "ENHANCE_YOUR_CALM", "too many pings"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = h2_opened(&mut scene, true);
        scene.send(&mut tcp, Sender::Client, &h2_connect(1));
        scene.send(&mut tcp, Sender::Server, &h2(3, 0, 1, &code.to_be_bytes()));
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, Cause::UpgradeRefused);
        let (said, advice) = (said(&explanation), advice(&explanation));
        assert!(said.contains(says) && !said.contains("ended TCP"), "{said}");
        assert!(!said.contains("do not offer"), "{said}");
        assert!(advice.contains(does), "{advice}");
        assert!(!advice.contains("proxy_set_header"), "{advice}");
    }
}

#[test]
fn a_stream_that_is_broken_off_is_no_socket() {
    for (by, code, does) in [
        (Sender::Server, 3u32, "fault in the other's HTTP/2"),
        (Sender::Client, 8, "dropped the WebSocket"),
        (Sender::Server, 10, "behind the proxy"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = h2_talk(&mut scene);
        scene.send(&mut tcp, by, &h2(3, 0, 1, &code.to_be_bytes()));
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, Cause::Reset);
        let advice = advice(&explanation);
        assert!(
            advice.contains(does) && !advice.contains("SO_LINGER"),
            "{advice}"
        );
    }
    // Behind END_STREAM the answer may still come: nobody was in a hurry.
    let mut scene = Scene::new();
    let mut tcp = h2_talk(&mut scene);
    scene.send(&mut tcp, Sender::Server, &h2(0, 1, 1, b"\x88\x02\x0f\xa3"));
    scene.send(&mut tcp, Sender::Client, &h2(3, 0, 1, &[0, 0, 0, 8]));
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause, Cause::CloseUnanswered);
    assert!(
        !said(&explanation).contains("waited only"),
        "{}",
        said(&explanation)
    );
}

#[test]
fn a_goaway_tells_of_the_streams_that_nobody_looked_at_and_of_the_end() {
    let goaway = |last: u32, code: u32| {
        let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
        h2(7, 0, 0, &payload)
    };
    for (last, cause) in [(1, Cause::NoAnswer), (3, Cause::UpgradeRefused)] {
        let mut scene = Scene::new();
        let mut tcp = h2_opened(&mut scene, true);
        scene.send(&mut tcp, Sender::Client, &h2_connect(3));
        scene.send(&mut tcp, Sender::Server, &goaway(last, 0));
        scene.fin(&mut tcp, Sender::Server);
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, cause);
        assert_eq!(said(&explanation).contains("safe to ask again"), last == 1);
    }
    for (code, says, does) in [
        (11, "for an error, ENHANCE_YOUR_CALM", "too many pings"),
        (0, "as the server had said", "stops or reloads"),
    ] {
        let mut scene = Scene::new();
        let mut tcp = h2_talk(&mut scene);
        scene.send(&mut tcp, Sender::Server, &goaway(1, code));
        scene.fin(&mut tcp, Sender::Server);
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, Cause::PeerGone);
        assert!(said(&explanation).contains(says), "{}", said(&explanation));
        let advice = advice(&explanation);
        assert!(
            advice.contains(does) && !advice.contains("uvicorn"),
            "{advice}"
        );
    }
}

#[test]
fn what_http2_has_not_is_not_asked_of_it() {
    // `:status: 400`, and 101 as a literal.
    let literal = [&[0, 7][..], b":status", &[3], b"101"].concat();
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, true);
    scene.send(&mut tcp, Sender::Client, &h2_connect(1));
    scene.send(&mut tcp, Sender::Server, &h2(1, 4, 1, &literal));
    scene.send(&mut tcp, Sender::Client, &h2(3, 0, 1, &[0, 0, 0, 1]));
    let (_, explanation) = scene.only();
    assert_eq!(explanation.cause, Cause::UpgradeInvalid);
    assert!(
        said(&explanation).contains("HTTP/2 has no 101"),
        "{}",
        said(&explanation)
    );
    for is_offering in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = h2_opened(&mut scene, is_offering);
        scene.send(&mut tcp, Sender::Client, &h2_connect(1));
        scene.send(&mut tcp, Sender::Server, &h2(1, 5, 1, &[0x8c]));
        scene.fin(&mut tcp, Sender::Client);
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, Cause::UpgradeRefused);
        assert_eq!(explanation.alternatives, []);
        let says_so = said(&explanation).contains("SETTINGS_ENABLE_CONNECT_PROTOCOL");
        assert_eq!(says_so, !is_offering);
        assert!(!advice(&explanation).contains("proxy_set_header"));
    }
    // Where a part was lost, the offer may have been in it.
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, false);
    scene.lose(&mut tcp, Sender::Server, 15);
    scene.send(&mut tcp, Sender::Client, &h2_connect(1));
    scene.send(&mut tcp, Sender::Server, &h2(1, 5, 1, &[0x8c]));
    for _ in 0..4 {
        scene.send(&mut tcp, Sender::Client, &H2_SETTINGS_ACK);
    }
    let (_, explanation) = scene.only();
    assert!(
        !said(&explanation).contains("SETTINGS"),
        "{}",
        said(&explanation)
    );
}

#[test]
fn a_request_that_a_gap_holds_up_meets_its_answer() {
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, true);
    scene.lose(&mut tcp, Sender::Client, 9);
    scene.send(&mut tcp, Sender::Client, &h2_connect(1));
    scene.send(&mut tcp, Sender::Server, &h2(1, 5, 1, &[0x8c]));
    scene.fin(&mut tcp, Sender::Client);
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(explanation.cause, Cause::UpgradeRefused);
    assert_eq!(record.url().as_deref(), Some("ws://h/chat"));
    // The same, and all of a short talk before the gap is given up.
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, true);
    scene.lose(&mut tcp, Sender::Client, 9);
    scene.send(&mut tcp, Sender::Client, &h2_connect(1));
    scene.send(&mut tcp, Sender::Server, &h2(1, 4, 1, H2_OK));
    scene.send(&mut tcp, Sender::Server, &h2(0, 1, 1, b"\x88\x02\x0f\xa3"));
    let (record, _) = scene.only();
    assert!(record.is_upgraded());
    assert_eq!(record.closes[0].close.code, Some(4003));
    // Where the request itself is lost, nobody knows what was asked for, and that is said.
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, true);
    scene.lose(&mut tcp, Sender::Client, 80);
    scene.send(&mut tcp, Sender::Server, &h2(1, 5, 1, &[0x8c]));
    scene.fin(&mut tcp, Sender::Client);
    scene.fin(&mut tcp, Sender::Server);
    scene.tracker.finish(&mut |_| panic!("nothing is known"));
    assert_eq!(scene.tracker.totals().unknown_streams, 1);
    assert!(scene.tracker.totals().is_partial());
}

/// The stream spoke HTTP/2 before, whatever the port is.
#[test]
fn a_stream_of_http2_that_is_broken_off_is_no_tls_server_that_is_spoken_to_in_clear() {
    for port in [443, 8443, 8080] {
        let mut scene = Scene::new();
        let mut tcp = h2_opened_at(&mut scene, port, true);
        scene.send(&mut tcp, Sender::Client, &h2_connect(1));
        scene.send(&mut tcp, Sender::Server, &h2(1, 4, 1, H2_OK));
        let hello = h2(0, 0, 1, &masked(0x81, b"hello"));
        scene.send(&mut tcp, Sender::Client, &hello);
        scene.send(&mut tcp, Sender::Server, &h2(3, 0, 1, &[0, 0, 0, 2]));
        let (_, explanation) = scene.only();
        assert_eq!(explanation.cause, Cause::Reset, "{port}");
    }
}

/// The end of a Close is lost; its sender had decided before, and the other end answers.
#[test]
fn a_close_that_is_cut_counts_from_its_first_byte() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    let cut = [&b"\x82\x02hi\x88\x09\x0f\xa1"[..], b"repl"].concat();
    scene.send(&mut tcp, Sender::Server, &cut);
    let begins = scene.packets;
    scene.lose(&mut tcp, Sender::Server, 3);
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[0x0f, 0xa1]));
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    assert_eq!(record.closed_by(), Some(Sender::Server));
    assert!(record.closes[0].is_truncated);
    assert_eq!(record.closes[0].origin.packet, begins);
    let said = said(&explanation);
    assert!(said.contains("The server closed with 4001"), "{said}");
    assert!(!said.contains("at once"), "{said}");
}

/// Behind one lost byte the frames come byte by byte: what could not be read may be a Close all the same.
#[test]
fn few_bytes_at_a_time_hide_a_close_as_many_do() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Server, b"\x89\x02hi");
    scene.lose(&mut tcp, Sender::Client, 1);
    let lost = [masked(0x8a, b"hi"), masked(0x88, &[3, 0xe9])].concat();
    for byte in &lost[1..] {
        scene.send(&mut tcp, Sender::Client, &[*byte]);
    }
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe9");
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    assert!(record.client_end.unread > 0);
    assert_eq!(record.closed_by(), None);
    assert_eq!(explanation.cause, Cause::Unknown, "{}", said(&explanation));
}

/// A connection whose way there and back takes 30 ms.
fn upgraded_far(scene: &mut Scene) -> Tcp {
    let mut tcp = scene.asked(40001, 8080);
    scene.wait(15);
    scene.packet(&tcp, Sender::Server, 9000, SYN | ACK, b"");
    scene.wait(15);
    scene.packet(&tcp, Sender::Client, 5001, ACK, b"");
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, RESPONSE);
    tcp
}

#[test]
fn who_ends_tcp_before_an_answer_can_come_is_not_the_one_that_was_not_answered() {
    for (waits, cause) in [(0, Cause::Application), (500, Cause::CloseUnanswered)] {
        let mut scene = Scene::new();
        let mut tcp = upgraded_far(&mut scene);
        scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
        let close = [&b"\x88\x0f\x11\x31"[..], b"token expired"].concat();
        scene.send(&mut tcp, Sender::Server, &close);
        scene.wait(waits);
        scene.fin(&mut tcp, Sender::Server);
        scene.wait(15);
        scene.fin(&mut tcp, Sender::Client);
        let (_, explanation) = scene.only();
        let said = said(&explanation);
        assert_eq!(explanation.cause, cause, "{said}");
        assert_eq!(explanation.client_sees, Some(4401));
        assert_eq!(explanation.server_sees, Some(1006));
        let is_told = said.contains("no answer could come in time");
        assert_eq!(is_told, waits == 0, "{said}");
        assert_eq!(said.contains("never answered"), waits > 0, "{said}");
    }
}

/// Whether its sender waits or not, nobody is told a code that no Close may carry.
#[test]
fn a_close_that_no_end_may_send_is_not_the_fault_of_who_does_not_answer_it() {
    for waits in [0, 5000] {
        let mut scene = Scene::new();
        let mut tcp = upgraded_far(&mut scene);
        scene.send(&mut tcp, Sender::Server, b"\x88\x05\x13\x88why");
        scene.wait(waits);
        scene.fin(&mut tcp, Sender::Server);
        scene.wait(15);
        scene.fin(&mut tcp, Sender::Client);
        let (record, explanation) = scene.only();
        assert_eq!(record.closed_by(), Some(Sender::Server));
        assert_eq!(
            explanation.cause,
            Cause::Violation,
            "{}",
            said(&explanation)
        );
        assert_eq!(explanation.rule, Some("close-code-not-allowed"));
        assert_eq!(explanation.client_sees, Some(1006));
    }
    // Who answers with the same code has taken it.
    let mut scene = Scene::new();
    let mut tcp = upgraded_far(&mut scene);
    scene.send(&mut tcp, Sender::Server, b"\x88\x05\x13\x88why");
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[0x13, 0x88]));
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    assert_eq!(scene.only().1.client_sees, Some(5000));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heeds {
    /// It says nothing more.
    InSilence,
    /// Its system knows of no connection any more.
    WithRst,
    /// It goes on.
    Not,
}

/// A RST that an end did not send ended the connection for the other one, where that heeded it.
#[test]
fn a_forged_rst_is_an_end_where_its_receiver_heeds_it() {
    for heeds in [Heeds::InSilence, Heeds::WithRst, Heeds::Not] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
        scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
        scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
        scene.wait(3000);
        scene.packet(&tcp, Sender::Server, tcp.next[1], RST, b"");
        let forged = scene.packets;
        let (at, acknowledged) = (tcp.next[1], tcp.clone());
        scene.send(&mut tcp, Sender::Server, b"\x81\x02ho");
        match heeds {
            Heeds::InSilence => {
                for _ in 0..3 {
                    scene.wait(1000);
                    scene.packet(&tcp, Sender::Server, at, ACK, b"\x81\x02ho");
                }
            }
            Heeds::WithRst => scene.packet(&acknowledged, Sender::Client, tcp.next[0], RST, b""),
            Heeds::Not => scene.send(&mut tcp, Sender::Client, &masked(0x81, b"ho")),
        }
        let (record, explanation) = scene.only();
        let said = said(&explanation);
        if heeds == Heeds::Not {
            assert_eq!(explanation.cause, Cause::StillOpen, "{said}");
            continue;
        }
        assert_eq!(explanation.cause, Cause::Reset, "{heeds:?} {said}");
        let end = record.end.expect("it ended");
        assert!(end.is_forged, "{heeds:?} {end:?}");
        assert_eq!((end.kind, end.origin.packet), (EndKind::Rst, forged));
        assert!(
            said.contains("something between the ends sent it"),
            "{said}"
        );
        assert_eq!(explanation.client_sees, Some(1006));
        let is_told = (heeds == Heeds::WithRst).then_some(1006);
        assert_eq!(explanation.server_sees, is_told, "{heeds:?}");
    }
}

#[test]
fn keepalive_probes_without_an_answer_are_told_of() {
    for is_answered in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
        scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
        for _ in 0..9 {
            scene.wait(75_000);
            scene.packet(&tcp, Sender::Server, tcp.next[1] - 1, ACK, b"");
            if is_answered {
                scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
            }
        }
        scene.packet(&tcp, Sender::Server, tcp.next[1], RST | ACK, b"");
        let (_, explanation) = scene.only();
        let said = said(&explanation);
        assert_eq!(said.contains("9 keepalive probes"), !is_answered, "{said}");
    }
}

#[test]
fn a_close_for_bytes_that_are_no_frame_names_them() {
    let json = b"{\"type\":\"hello\",\"from\":\"a client\"}";
    for (bytes, from, named) in [
        (
            &b"hello world, how are you"[..],
            Sender::Client,
            "plain text",
        ),
        (
            b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
            Sender::Client,
            "HTTP request",
        ),
        (json, Sender::Client, "plain text"),
        (b"Error: backend died", Sender::Server, "plain text"),
    ] {
        for is_answered in [false, true] {
            let mut scene = Scene::new();
            let mut tcp = upgraded(&mut scene, 40_000);
            scene.send(&mut tcp, from, bytes);
            let (code, answer) = match from {
                Sender::Client => (b"\x88\x02\x03\xea".to_vec(), masked(0x88, &[3, 0xea])),
                Sender::Server => (masked(0x88, &[3, 0xea]), b"\x88\x02\x03\xea".to_vec()),
            };
            scene.send(&mut tcp, from.other(), &code);
            if is_answered {
                scene.send(&mut tcp, from, &answer);
            }
            scene.fin(&mut tcp, from.other());
            scene.fin(&mut tcp, from);
            let (_, explanation) = scene.only();
            let said = said(&explanation);
            assert_eq!(explanation.cause, Cause::Violation, "{said}");
            assert!(said.contains(named), "{said}");
        }
    }
}

#[test]
fn compression_that_cannot_be_undone_is_what_was_closed_for() {
    let agreed = [
        &RESPONSE[..RESPONSE.len() - 2],
        b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    ]
    .concat();
    let request = [
        &REQUEST[..REQUEST.len() - 2],
        b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    ]
    .concat();
    for code in [[3, 0xea], [3, 0xef]] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40_000, 8080);
        scene.send(&mut tcp, Sender::Client, &request);
        scene.send(&mut tcp, Sender::Server, &agreed);
        scene.send(&mut tcp, Sender::Server, b"\xc1\x04\xff\xff\xff\xff");
        scene.send(&mut tcp, Sender::Client, &masked(0x88, &code));
        scene.fin(&mut tcp, Sender::Client);
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(
            explanation.cause,
            Cause::Violation,
            "{}",
            said(&explanation)
        );
        assert_eq!(explanation.rule, Some("deflate-invalid"));
    }
}

#[test]
fn what_looks_like_a_frame_behind_bytes_that_went_astray_is_none() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_000);
    // Two writers on one socket: the second message lies in the middle of the first.
    scene.send(&mut tcp, Sender::Server, b"\x81\x10half of\x81\x08a messag");
    scene.send(&mut tcp, Sender::Server, b"\x7a\x7ethe rest");
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    assert!(record.server_end.cut.is_some());
    assert_eq!(
        explanation.cause,
        Cause::Violation,
        "{}",
        said(&explanation)
    );
    assert_eq!(explanation.rule, Some("text-not-utf8"));
}

#[test]
fn data_behind_a_close_leaves_open_what_the_client_sees() {
    for is_late in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40_000);
        scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
        if is_late {
            scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
        }
        scene.send(&mut tcp, Sender::Server, b"\x81\x04late");
        if !is_late {
            scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
        }
        scene.fin(&mut tcp, Sender::Client);
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        assert_eq!(explanation.client_sees, is_late.then_some(1000));
        assert_eq!(explanation.server_sees, Some(1000));
    }
}

#[test]
fn frames_that_were_found_on_little_evidence_break_no_rule() {
    // The rest of a text looks like the beginning of a message, and the next text then stands inside of it.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_000);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    scene.lose(&mut tcp, Sender::Server, 3);
    scene.send(&mut tcp, Sender::Server, b"\x01\x00");
    scene.send(&mut tcp, Sender::Server, b"\x81\x07a text.");
    scene.send(&mut tcp, Sender::Server, b"\x81\x07another");
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert_eq!(record.findings, [], "{}", said(&explanation));
    assert_eq!(record.server_end.messages, 2);
    assert_eq!(record.server_end.unread, 2);
    assert_eq!(record.closes.len(), 2);

    // With enough behind them, a rule that is broken is broken.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_000);
    scene.lose(&mut tcp, Sender::Server, 3);
    for _ in 0..3 {
        scene.send(&mut tcp, Sender::Server, b"\x81\x0a{\"id\":123}");
        // Who acknowledges what is not in the capture makes it known as lost.
        scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
        scene.wait(10_000);
    }
    scene.send(&mut tcp, Sender::Server, b"\x83\x00");
    scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xea]));
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    assert_eq!(record.findings.len(), 1, "{}", said(&explanation));
    assert_eq!(explanation.rule, Some("reserved-opcode"));
}

#[test]
fn a_frame_whose_last_byte_was_only_not_captured_is_not_cut() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40_000);
    scene.send(&mut tcp, Sender::Server, b"\x89\x02h");
    scene.lose(&mut tcp, Sender::Server, 1);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
    let sequence = tcp.next[0];
    scene.packet(&tcp, Sender::Client, sequence, RST, b"");
    let (record, explanation) = scene.only();
    assert_eq!(record.findings, [], "{}", said(&explanation));
}

#[test]
fn a_draft_of_the_protocol_is_named_and_not_read() {
    let request = b"GET /demo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nOrigin: http://h\r\n\r\n^n:ds[4U";
    let answer = b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Location: ws://h/demo\r\n\r\n8jKS'y:G*Co,Wxa-";
    let mut scene = Scene::new();
    let mut tcp = scene.open(40_000, 8080);
    scene.send(&mut tcp, Sender::Client, request);
    scene.send(&mut tcp, Sender::Server, answer);
    scene.send(&mut tcp, Sender::Server, b"\x00hi\xff");
    scene.send(&mut tcp, Sender::Server, b"\xff\x00");
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (record, explanation) = scene.only();
    assert_eq!(record.findings, []);
    assert_eq!(record.closes, []);
    assert!(
        said(&explanation).contains("hixie-76"),
        "{}",
        said(&explanation)
    );
    assert_eq!(explanation.client_sees, None);
}

/// A Close is for the last of many faults, however many are kept.
#[test]
fn the_last_of_many_faults_has_its_packet() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    for _ in 0..60 {
        scene.send(&mut tcp, Sender::Client, b"\x81\xfe\0\x02\0\0\0\0hi");
    }
    let last = scene.packets;
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xea");
    scene.fin(&mut tcp, Sender::Server);
    let (record, explanation) = scene.only();
    assert_eq!(record.finding_count, 60);
    assert!(record.findings.len() < 60);
    let said = said(&explanation);
    assert!(said.contains(&format!("in packet {last}: ")), "{said}");
}

/// A 101 that announces a body has none: what stands there is no Close with a code of letters, and frames may follow.
#[test]
fn the_body_of_a_101_is_passed_over() {
    let announced = String::from_utf8_lossy(RESPONSE)
        .replace("Connection:", "Content-Length: 5\r\nConnection:");
    for pieces in [&[&b"hello"[..]][..], &[&b"he"[..], b"llo"]] {
        let mut scene = Scene::new();
        let mut tcp = scene.open(40001, 8080);
        scene.send(&mut tcp, Sender::Client, REQUEST);
        scene.send(&mut tcp, Sender::Server, announced.as_bytes());
        for piece in pieces {
            scene.send(&mut tcp, Sender::Server, piece);
        }
        scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
        scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xea]));
        scene.fin(&mut tcp, Sender::Client);
        let (record, explanation) = scene.only();
        assert_eq!((record.closes.len(), record.findings.len()), (1, 0));
        assert_eq!(record.server_end.messages, 1);
        assert_eq!(explanation.cause, Cause::UpgradeInvalid);
        let said = said(&explanation);
        assert!(said.contains("Content-Length: 5"), "{said}");
        assert!(said.contains("A Close of the client with 1002"), "{said}");
    }
    // Where frames follow at once, it is a fault and no cause.
    let mut scene = Scene::new();
    let mut tcp = scene.open(40001, 8080);
    scene.send(&mut tcp, Sender::Client, REQUEST);
    scene.send(&mut tcp, Sender::Server, announced.as_bytes());
    scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
    close_both(&mut scene, &mut tcp);
    let (record, explanation) = scene.only();
    assert_eq!(record.server_end.messages, 1);
    assert_eq!(explanation.cause, Cause::Application);
    assert!(said(&explanation).contains("Content-Length: 5"));
}

/// All that an end sends says how much it has: a Close behind that number had not come.
#[test]
fn a_close_that_no_acknowledgement_covers_was_not_received() {
    // The answer got stuck behind what was lost on the way, and the closer broke off.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hello"));
    let has = tcp.next[0];
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
    scene.lose(&mut tcp, Sender::Client, 21);
    scene.send(&mut tcp, Sender::Client, &masked(0x88, &[3, 0xe8]));
    tcp.next[0] = has;
    for _ in 0..4 {
        scene.packet(&tcp, Sender::Server, tcp.next[1], ACK, b"");
        scene.wait(400);
    }
    scene.packet(&tcp, Sender::Server, tcp.next[1], RST | ACK, b"");
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert!(!evidence.contains("complete"), "{evidence}");
    assert!(evidence.contains("acknowledged only"), "{evidence}");
    assert_eq!(explanation.client_sees, Some(1000));
    assert_eq!(explanation.server_sees, Some(1006));

    // The Close itself got stuck: who never had it is not the one that did not answer.
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    let has = tcp.next[1];
    scene.lose(&mut tcp, Sender::Server, 17);
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
    let reached = std::mem::replace(&mut tcp.next[1], has);
    for _ in 0..4 {
        scene.packet(&tcp, Sender::Client, tcp.next[0], ACK, b"");
        scene.wait(400);
    }
    scene.packet(&tcp, Sender::Server, reached, RST | ACK, b"");
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert_ne!(explanation.cause, Cause::CloseUnanswered, "{evidence}");
    assert!(evidence.contains("had not received it"), "{evidence}");
    assert_eq!(explanation.client_sees, None);
}

/// A FIN ends one direction: the answer may be on its way when the capture stops.
#[test]
fn an_answer_that_may_be_on_its_way_is_not_missing() {
    for (waits, is_known) in [(10, false), (2000, true)] {
        let mut scene = Scene::new();
        let mut tcp = upgraded_far(&mut scene);
        scene.send(&mut tcp, Sender::Client, &masked(0x81, b"hi"));
        scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xe8");
        scene.fin(&mut tcp, Sender::Server);
        scene.wait(waits);
        // Others in the capture tell that it went on.
        upgraded(&mut scene, 40002);
        let (_, explanation) = scene.end().remove(0);
        let sees = is_known.then_some(1006);
        assert_eq!(explanation.server_sees, sees, "{}", said(&explanation));
        assert_eq!(explanation.client_sees, Some(1000));
    }
}

#[test]
fn a_syn_that_was_captured_twice_was_sent_once() {
    let mut scene = Scene::new();
    let tcp = scene.asked(40001, 8080);
    scene.packet(&tcp, Sender::Client, 5000, SYN, b"");
    scene
        .tracker
        .finish(&mut |_| panic!("nobody has waited for an answer"));

    // Who is not answered asks again: where it did not, the capture lacks something.
    let mut scene = Scene::new();
    scene.asked(40001, 8080);
    scene.wait(6000);
    upgraded(&mut scene, 40002);
    let (record, explanation) = scene.end().remove(0);
    assert_eq!(record.transport.asked, 1);
    assert_eq!(explanation.cause, Cause::Unknown, "{}", said(&explanation));
    assert_eq!(explanation.client_sees, None);
    let evidence = said(&explanation);
    assert!(evidence.contains("in 6.0 s"), "{evidence}");
}

/// Both legs of a proxy tell of one end, also where a FIN is not in the capture.
#[test]
fn two_legs_agree_on_a_fin_that_is_not_in_the_capture() {
    // The backend's FIN is known by the acknowledgement alone, which came before the proxy ended the other leg.
    let mut scene = Scene::new();
    let (mut front, mut back) = proxied(&mut scene);
    scene.lose(&mut back, Sender::Server, 1);
    scene.packet(&back, Sender::Client, back.next[0], ACK, b"");
    let acknowledged = scene.packets;
    scene.fin(&mut front, Sender::Server);
    scene.fin(&mut back, Sender::Client);
    scene.fin(&mut front, Sender::Client);
    let all = scene.end();
    let ends: Vec<_> = all.iter().map(|(record, _)| record.end.unwrap()).collect();
    assert_eq!((ends[1].by, ends[1].is_seen), (Sender::Server, false));
    assert_eq!(ends[1].origin.packet, acknowledged);
    assert_eq!(all[0].0.leg.unwrap().end, Some(ends[1]));
    assert_eq!(all[1].0.leg.unwrap().end, Some(ends[0]));
    let evidence = said(&all[0].1);
    assert!(
        evidence.contains("there the backend ended TCP"),
        "{evidence}"
    );

    // The proxy's FIN is missing on both: what acknowledged it first tells no order.
    let mut scene = Scene::new();
    let (mut front, mut back) = proxied(&mut scene);
    scene.wait(60_000);
    scene.lose(&mut back, Sender::Client, 1);
    scene.packet(&back, Sender::Server, back.next[1], ACK, b"");
    scene.lose(&mut front, Sender::Server, 1);
    scene.fin(&mut front, Sender::Client);
    scene.fin(&mut back, Sender::Server);
    for (_, explanation) in scene.end() {
        let evidence = said(&explanation);
        assert_eq!(explanation.cause, Cause::IdleTimeout, "{evidence}");
        assert!(evidence.contains("ended both legs"), "{evidence}");
        assert!(
            evidence.contains("Which ended first is not known"),
            "{evidence}"
        );
    }
}

/// What proves a stream of HTTP/2 may be read behind the reset that came after it.
#[test]
fn a_reset_before_the_proof_of_a_stream_counts() {
    let mut scene = Scene::new();
    let mut tcp = h2_opened(&mut scene, true);
    scene.lose(&mut tcp, Sender::Client, 80);
    scene.send(&mut tcp, Sender::Server, &h2(1, 4, 1, H2_OK));
    let hello = h2(0, 0, 1, &masked(0x81, b"hello"));
    scene.send(&mut tcp, Sender::Client, &hello);
    scene.send(&mut tcp, Sender::Server, &h2(3, 0, 1, &[0, 0, 0, 8]));
    let bye = h2(0, 0, 1, &masked(0x81, b"hello, once more"));
    scene.send(&mut tcp, Sender::Client, &bye);
    for _ in 0..4 {
        scene.send(&mut tcp, Sender::Server, &h2(6, 0, 0, &[0; 8]));
    }
    let (record, explanation) = scene.only();
    let end = record.end.expect("it ended");
    assert_eq!((end.by, end.kind), (Sender::Server, EndKind::Rst));
    assert_eq!(explanation.cause, Cause::Reset, "{}", said(&explanation));
}

/// What was lost right before a stream of HTTP/2 is broken off may have been its Close.
#[test]
fn a_gap_before_the_reset_of_a_stream_may_hide_its_close() {
    for (is_behind, cause) in [(false, Cause::Unknown), (true, Cause::Reset)] {
        let mut scene = Scene::new();
        let mut tcp = h2_talk(&mut scene);
        let lose = |scene: &mut Scene, tcp: &mut Tcp| {
            scene.lose(tcp, Sender::Server, 44);
            scene.packet(tcp, Sender::Client, tcp.next[0], ACK, b"");
        };
        if !is_behind {
            lose(&mut scene, &mut tcp);
        }
        scene.send(&mut tcp, Sender::Client, &h2(3, 0, 1, &[0, 0, 0, 8]));
        if is_behind {
            scene.send(&mut tcp, Sender::Server, &h2(6, 0, 0, &[0; 8]));
            lose(&mut scene, &mut tcp);
        }
        // It is reported while the connection goes on.
        scene.wait(3000);
        scene.send(&mut tcp, Sender::Client, &h2(6, 0, 0, &[0; 8]));
        let (_, explanation) = scene.end().remove(0);
        assert_eq!(explanation.cause, cause, "{}", said(&explanation));
    }
}

/// A gap holds a frame up until the Close for it has been read.
#[test]
fn a_fault_behind_a_gap_is_what_the_close_is_for() {
    let mut scene = Scene::new();
    let mut tcp = upgraded(&mut scene, 40001);
    scene.lose(&mut tcp, Sender::Client, 30);
    scene.send(&mut tcp, Sender::Client, &masked(0xc1, b"hello there"));
    scene.send(&mut tcp, Sender::Server, b"\x88\x02\x03\xea");
    scene.fin(&mut tcp, Sender::Server);
    scene.fin(&mut tcp, Sender::Client);
    let (_, explanation) = scene.only();
    let evidence = said(&explanation);
    assert_eq!(explanation.cause, Cause::Violation, "{evidence}");
    assert!(!evidence.contains("nothing shows"), "{evidence}");
}

/// A ping that was not answered is named where no later one may have been lost.
#[test]
fn which_ping_was_not_answered_is_known_where_all_were_seen() {
    for is_lost in [false, true] {
        let mut scene = Scene::new();
        let mut tcp = upgraded(&mut scene, 40001);
        scene.send(&mut tcp, Sender::Client, &masked(0x89, b"1"));
        scene.wait(11_000);
        if is_lost {
            scene.lose(&mut tcp, Sender::Client, 7);
        }
        scene.send(&mut tcp, Sender::Server, b"\x81\x02hi");
        scene.wait(20_000);
        let reason = [&[3, 0xf3][..], b"keepalive ping timeout"].concat();
        scene.send(&mut tcp, Sender::Client, &masked(0x88, &reason));
        scene.fin(&mut tcp, Sender::Client);
        scene.fin(&mut tcp, Sender::Server);
        let (_, explanation) = scene.only();
        let evidence = said(&explanation);
        assert_eq!(explanation.cause, Cause::KeepaliveTimeout, "{evidence}");
        assert_eq!(
            evidence.contains("its ping in packet"),
            !is_lost,
            "{evidence}"
        );
    }
}
