//! What went through tunnels: TLS inside of TLS, streams of HTTP/2 that a proxy took for a tunnel, and HTTP/2 that
//! HTTP/1.1 switched to. rustls talks to itself in memory, level by level.

#![cfg(all(feature = "tls", feature = "probe"))]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
    SupportedProtocolVersion, version,
};
use wsclose::capture::file::{Link, Packet};
use wsclose::capture::tracker::{Limits, Totals, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::session::{Options, Record};

const CONNECT: &[u8] = b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n";
const CONNECTED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const LOGIN: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS12, &version::TLS13];
/// 1011, "boom", and the answer.
const CLOSE: &[u8] = b"\x88\x06\x03\xf3boom";
const ANSWER: &[u8] = b"\x88\x82\0\0\0\0\x03\xf3";

const FIN: u8 = 1;
const SYN: u8 = 2;
const ACK: u8 = 16;
const CLIENT: usize = 0;
const SERVER: usize = 1;

#[derive(Debug, Default)]
struct Log(Mutex<String>);

impl rustls::KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        self.0.lock().expect("nobody panicked").push_str(&line);
    }
}

fn pair(version: &'static SupportedProtocolVersion, log: &Arc<Log>) -> [Connection; 2] {
    let name = "example.com";
    let keys = rcgen::KeyPair::generate().expect("it is made");
    let parameters = rcgen::CertificateParams::new([name.to_owned()]).expect("a name");
    let shown = parameters.self_signed(&keys).expect("it is made");
    let shown: CertificateDer<'static> = shown.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(keys.serialize_der()));
    let mut roots = RootCertStore::empty();
    roots.add(shown.clone()).expect("it is one");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[version])
        .expect("it is known");
    let mut client = client.with_root_certificates(roots).with_no_client_auth();
    client.key_log = log.clone();
    let server = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("it is known");
    let server = server.with_no_client_auth();
    let server = server.with_single_cert(vec![shown], key).expect("they fit");
    let name = ServerName::try_from(name).expect("a name");
    let client = ClientConnection::new(Arc::new(client), name).expect("it begins");
    let server = ServerConnection::new(Arc::new(server)).expect("it begins");
    [client.into(), server.into()]
}

/// A connection that is captured, with as many levels as it has.
struct Wire {
    /// The ends of each TLS, the outermost first.
    levels: Vec<[Connection; 2]>,
    logs: Vec<Arc<Log>>,
    /// Whether all inside of so many levels is in DATA of the stream of a tunnel.
    tunnel: Option<usize>,
    packets: Vec<(usize, u8, Vec<u8>)>,
}

impl Wire {
    fn new() -> Self {
        let packets = vec![(CLIENT, SYN, vec![]), (SERVER, SYN | ACK, vec![])];
        Wire {
            levels: Vec::new(),
            logs: Vec::new(),
            tunnel: None,
            packets,
        }
    }

    /// An end sends bytes inside of so many levels.
    fn send(&mut self, side: usize, depth: usize, bytes: &[u8]) {
        if depth == 0 {
            self.packets.push((side, ACK, bytes.to_vec()));
            return;
        }
        let level = &mut self.levels[depth - 1];
        level[side].writer().write_all(bytes).expect("memory");
        self.pump(side, depth - 1);
    }

    /// Carries what an end of a level has to send to the other one.
    fn pump(&mut self, side: usize, place: usize) -> bool {
        let level = &mut self.levels[place];
        let mut sealed = Vec::new();
        while level[side].wants_write() {
            level[side].write_tls(&mut sealed).expect("memory");
        }
        let (other, mut rest) = (&mut level[1 - side], sealed.as_slice());
        while !rest.is_empty() {
            other.read_tls(&mut rest).expect("memory");
            other.process_new_packets().expect("it is sound");
        }
        let _ = other.reader().read_to_end(&mut Vec::new());
        if self.tunnel == Some(place) && !sealed.is_empty() {
            sealed = data(&sealed);
        }
        if !sealed.is_empty() {
            self.send(side, place, &sealed);
        }
        !sealed.is_empty()
    }

    /// Begins TLS inside of all that there is.
    fn seal(&mut self, version: &'static SupportedProtocolVersion) {
        self.logs.push(Arc::default());
        let log = &self.logs[self.logs.len() - 1];
        self.levels.push(pair(version, log));
        let place = self.levels.len() - 1;
        while self.pump(CLIENT, place) | self.pump(SERVER, place) {}
    }

    /// An end says something, inside of all that there is.
    fn say(&mut self, side: usize, bytes: &[u8]) {
        let depth = self.levels.len();
        match self.tunnel == Some(depth) {
            true => self.send(side, depth, &data(bytes)),
            false => self.send(side, depth, bytes),
        }
    }

    fn talk(&mut self) {
        self.say(CLIENT, REQUEST);
        self.say(SERVER, RESPONSE);
        self.say(SERVER, b"\x81\x02hi");
        self.say(SERVER, CLOSE);
        self.say(CLIENT, ANSWER);
    }

    fn end(&mut self) {
        self.packets.push((SERVER, FIN | ACK, vec![]));
        self.packets.push((CLIENT, FIN | ACK, vec![]));
    }

    /// What is told of the packets but for one, with the keys of these levels.
    fn read_without(&self, lost: Option<usize>, levels: &[usize]) -> (Vec<Record>, Totals) {
        let mut tracker = Tracker::new(Limits::default(), Options::default());
        for level in levels {
            let keys = self.logs[*level].0.lock().expect("nobody panicked");
            tracker.secrets.log.feed(keys.as_bytes());
        }
        tracker.secrets.log.finish();
        tracker.secrets.is_given = true;
        let mut records = Vec::new();
        let mut next = [1000u32, 5000];
        for (index, (side, flags, payload)) in self.packets.iter().enumerate() {
            let bytes = segment(*side, *flags, payload, next);
            next[*side] += payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
            if lost == Some(index) {
                continue;
            }
            let packet = Packet {
                number: index as u64 + 1,
                at: 0,
                time: Some(1_700_000_000_000_000_000 + index as i64 * 1_000_000),
                link: Link::Ip,
                bytes: &bytes,
                original_length: bytes.len() as u32,
            };
            tracker.packet(&packet, &mut |record| records.push(*record));
        }
        tracker.finish(&mut |record| records.push(*record));
        (records, tracker.totals())
    }

    fn read(&self, levels: &[usize]) -> Vec<Record> {
        self.read_without(None, levels).0
    }
}

fn segment(side: usize, flags: u8, payload: &[u8], next: [u32; 2]) -> Vec<u8> {
    let (addresses, ports) = ([[10, 0, 0, 1], [10, 0, 0, 2]], [40_000u16, 3128]);
    let mut bytes = vec![0x45, 0];
    bytes.extend((40 + payload.len() as u16).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
    for end in [side, 1 - side] {
        bytes.extend(addresses[end]);
    }
    for end in [side, 1 - side] {
        bytes.extend(ports[end].to_be_bytes());
    }
    bytes.extend(next[side].to_be_bytes());
    bytes.extend(next[1 - side].to_be_bytes());
    bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend(payload);
    bytes
}

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// DATA on the stream of the tunnel.
fn data(bytes: &[u8]) -> Vec<u8> {
    frame(0, 0, 1, bytes)
}

/// HEADERS with fields that are in no table.
fn head(stream: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.extend([0, name.len() as u8]);
        block.extend(name.as_bytes());
        block.push(value.len() as u8);
        block.extend(value.as_bytes());
    }
    frame(1, 4, stream, &block)
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn begin_http2(wire: &mut Wire, settings: &[u8]) {
    wire.say(CLIENT, &[PREFACE, &frame(4, 0, 0, &[])].concat());
    wire.say(SERVER, &frame(4, 0, 0, settings));
}

/// A proxy that speaks HTTP/2 is asked for a tunnel.
fn through_http2(version: Option<&'static SupportedProtocolVersion>, status: &str) -> Wire {
    let mut wire = Wire::new();
    if let Some(version) = version {
        wire.seal(version);
    }
    begin_http2(&mut wire, &[]);
    let asked = [(":method", "CONNECT"), (":authority", "example.com:443")];
    wire.say(CLIENT, &head(1, &asked));
    wire.say(SERVER, &head(1, &[(":status", status)]));
    wire.tunnel = Some(wire.levels.len());
    wire
}

/// A proxy that speaks HTTP/1.1 is asked for one.
fn through_proxy(version: Option<&'static SupportedProtocolVersion>) -> Wire {
    let mut wire = Wire::new();
    if let Some(version) = version {
        wire.seal(version);
    }
    // It wants to know who asks first.
    wire.say(CLIENT, CONNECT);
    wire.say(SERVER, LOGIN);
    wire.say(CLIENT, CONNECT);
    wire.say(SERVER, CONNECTED);
    wire
}

fn explain(record: &Record) -> Explanation {
    explain_connection(record, Registries::default())
}

fn said(record: &Record) -> String {
    let explanation = explain(record);
    let all = explanation.statements.iter().chain(&explanation.notes);
    all.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn is_1011(records: &[Record]) {
    let [record] = records else {
        panic!("{} connections", records.len());
    };
    let codes = record.closes.iter().map(|close| close.close.code);
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [Some(1011); 2],
        "{}",
        said(record)
    );
    assert_eq!(record.closed_by(), Some(Sender::Server));
    assert_eq!(explain(record).cause.id(), "application");
    assert_eq!(record.handshake.tunnel_refused, None);
}

#[test]
fn a_websocket_is_read_through_tls_inside_of_tls() {
    for outer in [None, Some(BOTH[0]), Some(BOTH[1])] {
        for inner in [None, Some(BOTH[0]), Some(BOTH[1])] {
            for begin in [through_proxy, |outer| through_http2(outer, "200")] {
                let mut wire = begin(outer);
                if let Some(inner) = inner {
                    wire.seal(inner);
                }
                wire.talk();
                wire.end();
                let all: Vec<usize> = (0..wire.levels.len()).collect();
                is_1011(&wire.read(&all));
            }
        }
    }
    // Through two proxies.
    let mut wire = through_proxy(Some(BOTH[1]));
    wire.seal(BOTH[1]);
    wire.say(CLIENT, CONNECT);
    wire.say(SERVER, CONNECTED);
    wire.seal(BOTH[0]);
    wire.talk();
    is_1011(&wire.read(&[0, 1, 2]));
}

#[test]
fn what_was_said_in_a_tunnel_without_its_key_is_not_passed_over() {
    for begin in [through_proxy, |outer| through_http2(outer, "200")] {
        let mut wire = begin(Some(BOTH[1]));
        wire.seal(BOTH[1]);
        wire.talk();
        wire.end();
        let records = wire.read(&[0]);
        assert_eq!(records.len(), 1);
        assert!(records[0].is_hidden());
        // The proxy asked for a login once, and opened the tunnel later.
        let explanation = explain(&records[0]);
        assert_ne!(explanation.cause.id(), "proxy-refused");
        assert!(
            said(&records[0]).contains("encrypted"),
            "{}",
            said(&records[0])
        );
    }
}

#[test]
fn a_tunnel_that_a_proxy_refuses_is_told() {
    let mut wire = through_http2(Some(BOTH[1]), "407");
    wire.end();
    let records = wire.read(&[0]);
    assert_eq!(records.len(), 1);
    assert_eq!(explain(&records[0]).cause.id(), "proxy-refused");
}

#[test]
fn who_ended_tls_in_a_tunnel_went_before_who_broke_the_tunnel_off() {
    let mut wire = through_http2(Some(BOTH[1]), "200");
    wire.seal(BOTH[1]);
    wire.say(CLIENT, REQUEST);
    wire.say(SERVER, RESPONSE);
    wire.levels[1][SERVER].send_close_notify();
    wire.pump(SERVER, 1);
    // CANCEL.
    wire.send(CLIENT, 1, &frame(3, 0, 1, &[0, 0, 0, 8]));
    let records = wire.read(&[0, 1]);
    assert_eq!(explain(&records[0]).cause.id(), "peer-gone");
    assert!(said(&records[0]).contains("The server ended TLS in the tunnel"));
    assert!(said(&records[0]).contains("by a tunnel in stream 1"));
}

#[test]
fn each_packet_of_a_tunnel_may_be_missing() {
    for begin in [through_proxy, |outer| through_http2(outer, "200")] {
        let mut wire = begin(Some(BOTH[1]));
        wire.seal(BOTH[1]);
        wire.talk();
        wire.end();
        for lost in 0..wire.packets.len() {
            let (records, totals) = wire.read_without(Some(lost), &[0, 1]);
            let is_silent = records.is_empty() && !totals.is_partial();
            assert!(!is_silent, "without packet {lost}");
            for close in records.iter().flat_map(|record| &record.closes) {
                assert_eq!(close.close.code, Some(1011), "without packet {lost}");
            }
            let causes = records.iter().map(|record| explain(record).cause.id());
            let is_wrong =
                |cause: &&str| matches!(*cause, "tls-failed" | "violation" | "proxy-refused");
            assert_eq!(causes.filter(is_wrong).count(), 0, "without packet {lost}");
        }
    }
}

#[test]
fn http2_that_http1_switched_to_is_read() {
    const ASKED: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
    const SWITCHED: &[u8] =
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    for is_in_one in [false, true] {
        let mut wire = Wire::new();
        wire.say(CLIENT, ASKED);
        let settings = frame(4, 0, 0, &[0, 8, 0, 0, 0, 1]);
        if is_in_one {
            wire.say(SERVER, &[SWITCHED, &settings].concat());
        } else {
            wire.say(SERVER, SWITCHED);
            wire.say(SERVER, &settings);
        }
        wire.say(CLIENT, &[PREFACE, &frame(4, 0, 0, &[])].concat());
        wire.say(SERVER, &head(1, &[(":status", "204")]));
        let asked = [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            (":scheme", "http"),
            (":path", "/chat"),
            (":authority", "h"),
            ("sec-websocket-version", "13"),
        ];
        wire.say(CLIENT, &head(3, &asked));
        wire.say(SERVER, &head(3, &[(":status", "200")]));
        wire.say(SERVER, &frame(0, 0, 3, CLOSE));
        wire.say(CLIENT, &frame(0, 1, 3, ANSWER));
        wire.end();
        is_1011(&wire.read(&[]));
    }
}
