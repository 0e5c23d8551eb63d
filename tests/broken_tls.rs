//! TLS that failed, was broken off or was not used: rustls talks to itself in memory, and what it sends is
//! captured, with all of its keys, some of them, or none.

#![cfg(all(feature = "tls", feature = "probe"))]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection,
    SupportedProtocolVersion, version,
};
use wsclose::capture::file::{Link, Packet};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::session::tls::KeysFound;
use wsclose::session::{EndKind, Options, Record};

const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS12, &version::TLS13];

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const CLIENT: usize = 0;
const SERVER: usize = 1;

/// A key log in memory.
#[derive(Debug, Default)]
struct Log(Mutex<String>);

impl rustls::KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        self.0.lock().expect("nobody panicked").push_str(&line);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn certificate(name: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let pair = rcgen::KeyPair::generate().expect("it is made");
    let mut parameters = rcgen::CertificateParams::new([name.to_owned()]).expect("a name");
    let names = &mut parameters.distinguished_name;
    names.push(rcgen::DnType::CommonName, name);
    let made = parameters.self_signed(&pair).expect("it is made");
    let key = PrivatePkcs8KeyDer::from(pair.serialize_der());
    (made.der().clone(), PrivateKeyDer::Pkcs8(key))
}

fn roots(certificate: &CertificateDer<'static>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).expect("it is one");
    roots
}

/// Whether the server wants a certificate of the client, and whether that shows one, which is not taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mutual {
    No,
    ShowsNone,
    ShowsUnknown,
}

/// A connection that is captured: the packets, each with its sender, its flags and its payload.
struct Talk {
    client: ClientConnection,
    server: ServerConnection,
    log: Arc<Log>,
    packets: Vec<(usize, u8, Vec<u8>, i64)>,
    now: i64,
}

impl Talk {
    fn new(version: &'static SupportedProtocolVersion, mutual: Mutual) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let log = Arc::new(Log::default());
        let (shown, key) = certificate("example.com");
        let (other, other_key) = certificate("client");
        let (trusted, _) = certificate("another client");
        let client = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[version])
            .expect("it is known")
            .with_root_certificates(roots(&shown));
        let mut client = match mutual {
            Mutual::ShowsUnknown => client
                .with_client_auth_cert(vec![other], other_key)
                .expect("they fit"),
            _ => client.with_no_client_auth(),
        };
        client.key_log = log.clone();
        let server = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[version])
            .expect("it is known");
        let roots = Arc::new(roots(&trusted));
        let server = match mutual {
            Mutual::No => server.with_no_client_auth(),
            _ => server.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(roots, provider)
                    .build()
                    .expect("it is built"),
            ),
        };
        let server = server.with_single_cert(vec![shown], key).expect("they fit");
        Talk::between(&Arc::new(client), &Arc::new(server), log, b"")
    }

    /// A client that says this before the server has answered, where it may.
    fn between(
        client: &Arc<ClientConfig>,
        server: &Arc<ServerConfig>,
        log: Arc<Log>,
        early: &[u8],
    ) -> Self {
        let name = ServerName::try_from("example.com").expect("a name");
        let mut talk = Talk {
            client: ClientConnection::new(client.clone(), name).expect("it begins"),
            server: ServerConnection::new(server.clone()).expect("it begins"),
            log,
            packets: Vec::new(),
            now: 1_700_000_000_000_000_000,
        };
        talk.packet(CLIENT, SYN, &[]);
        talk.packet(SERVER, SYN | ACK, &[]);
        talk.packet(CLIENT, ACK, &[]);
        if let Some(mut data) = talk.client.early_data() {
            data.write_all(early).expect("memory");
        }
        talk.pump();
        talk
    }

    fn packet(&mut self, side: usize, flags: u8, payload: &[u8]) {
        self.now += 1_000_000;
        self.packets.push((side, flags, payload.to_vec(), self.now));
    }

    fn wait(&mut self, seconds: i64) {
        self.now += seconds * 1_000_000_000;
    }

    /// Carries everything that an end has to say to the other one, until both are silent.
    fn pump(&mut self) {
        loop {
            let mut bytes = Vec::new();
            while self.client.wants_write() {
                self.client.write_tls(&mut bytes).expect("memory");
            }
            let has_asked = !bytes.is_empty();
            if has_asked {
                self.packet(CLIENT, ACK, &bytes);
                self.hear(SERVER, &bytes);
            }
            let mut bytes = Vec::new();
            while self.server.wants_write() {
                self.server.write_tls(&mut bytes).expect("memory");
            }
            if !bytes.is_empty() {
                self.packet(SERVER, ACK, &bytes);
                self.hear(CLIENT, &bytes);
            } else if !has_asked {
                return;
            }
        }
    }

    /// An end takes bytes. What is wrong with them it answers itself.
    fn hear(&mut self, side: usize, mut bytes: &[u8]) {
        let mut rest = Vec::new();
        while !bytes.is_empty() {
            let read = match side {
                CLIENT => self.client.read_tls(&mut bytes),
                _ => self.server.read_tls(&mut bytes),
            };
            let is_fine = match side {
                CLIENT => self.client.process_new_packets().is_ok(),
                _ => self.server.process_new_packets().is_ok(),
            };
            if read.is_err() || !is_fine {
                return;
            }
        }
        match side {
            CLIENT => self.client.reader().read_to_end(&mut rest).ok(),
            _ => self.server.reader().read_to_end(&mut rest).ok(),
        };
    }

    fn say(&mut self, side: usize, bytes: &[u8]) {
        match side {
            CLIENT => self.client.writer().write_all(bytes).expect("memory"),
            _ => self.server.writer().write_all(bytes).expect("memory"),
        }
        self.pump();
    }

    fn keys(&self) -> String {
        self.log.0.lock().expect("nobody panicked").clone()
    }

    /// What is told of the packets that `is_kept` keeps, with these keys.
    fn read_some(
        &self,
        keys: Option<&str>,
        is_kept: impl Fn(usize, usize, &[u8]) -> bool,
    ) -> (Record, Explanation) {
        let mut tracker = Tracker::new(Limits::default(), Options::default());
        tracker
            .secrets
            .log
            .feed(keys.unwrap_or_default().as_bytes());
        tracker.secrets.log.finish();
        tracker.secrets.is_given = keys.is_some();
        let mut records = Vec::new();
        let mut next = [1000u32, 5000];
        for (index, (side, flags, payload, time)) in self.packets.iter().enumerate() {
            let bytes = segment(*side, *flags, payload, next);
            next[*side] += payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
            if !is_kept(index, *side, payload) {
                continue;
            }
            let packet = Packet {
                number: index as u64 + 1,
                at: 0,
                time: Some(*time),
                link: Link::Ip,
                bytes: &bytes,
                original_length: bytes.len() as u32,
            };
            tracker.packet(&packet, &mut |record| records.push(*record));
        }
        tracker.finish(&mut |record| records.push(*record));
        assert_eq!(records.len(), 1);
        let record = records.remove(0);
        let explanation = explain_connection(&record, Registries::default());
        (record, explanation)
    }

    fn read(&self, keys: Option<&str>) -> (Record, Explanation) {
        self.read_some(keys, |_, _, _| true)
    }
}

fn segment(side: usize, flags: u8, payload: &[u8], next: [u32; 2]) -> Vec<u8> {
    let (addresses, ports) = ([[10, 0, 0, 1], [10, 0, 0, 2]], [40_000u16, 443]);
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

/// The lines of a key log whose labels begin with this.
fn only(keys: &str, label: &str) -> String {
    let lines = keys.lines().filter(|line| line.starts_with(label));
    lines.map(|line| format!("{line}\n")).collect()
}

fn said(explanation: &Explanation) -> String {
    let said = explanation.statements.iter().map(ToString::to_string);
    said.collect::<Vec<_>>().join("\n")
}

fn advised(explanation: &Explanation) -> String {
    let advice = explanation.advice.iter();
    let advice =
        advice.map(|advice| format!("{} {}", advice.cause.english(), advice.fix.english()));
    advice.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_upgrade_that_is_not_answered_in_tls_is_told_as_in_clear() {
    for version in BOTH {
        let endings: [(usize, u8, i64, &str); 3] = [
            (SERVER, FIN | ACK, 2, "upgrade-refused"),
            (SERVER, RST, 2, "upgrade-refused"),
            (CLIENT, FIN | ACK, 20, "no-answer"),
        ];
        for (by, flags, waited, cause) in endings {
            let mut talk = Talk::new(version, Mutual::No);
            // That another request was answered before is no answer to this one.
            if by == CLIENT {
                talk.say(CLIENT, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                talk.say(SERVER, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            }
            talk.say(CLIENT, REQUEST);
            let (record, explanation) = talk.read(Some(&talk.keys()));
            assert_eq!(record.has_answered(), Some(false));
            assert_eq!(explanation.cause.id(), "still-open");
            talk.wait(waited);
            talk.packet(by, flags, &[]);
            let (_, explanation) = talk.read(Some(&talk.keys()));
            assert_eq!(explanation.cause.id(), cause, "{}", said(&explanation));
            assert!(!said(&explanation).contains("no HTTP response"));
        }
    }
}

#[test]
fn an_answer_that_could_not_be_read_is_neither_claimed_nor_denied() {
    for answer in [
        &b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"[..],
        b"",
    ] {
        let mut talk = Talk::new(&version::TLS13, Mutual::No);
        talk.say(CLIENT, REQUEST);
        talk.say(SERVER, answer);
        talk.packet(SERVER, FIN | ACK, &[]);
        let (record, explanation) = talk.read(Some(&only(&talk.keys(), "CLIENT_")));
        assert_eq!(record.has_answered(), None);
        assert_eq!(explanation.cause.id(), "unknown", "{}", said(&explanation));
        assert!(said(&explanation).contains("could not be read"));
        assert_eq!(explanation.client_sees, None);
    }
}

#[test]
fn a_certificate_of_the_client_that_is_refused_is_not_the_servers() {
    for version in BOTH {
        for mutual in [Mutual::ShowsNone, Mutual::ShowsUnknown] {
            let mut talk = Talk::new(version, mutual);
            talk.packet(SERVER, FIN | ACK, &[]);
            let (_, explanation) = talk.read(Some(&talk.keys()));
            let said = said(&explanation);
            assert_eq!(explanation.cause.id(), "tls-failed", "{said}");
            assert!(said.contains("asks clients for a certificate"), "{said}");
            assert!(!said.contains("self-signed"), "{said}");
            assert!(advised(&explanation).contains("mutual TLS"));
            assert!(!advised(&explanation).contains("renew"));
        }
    }
}

#[test]
fn without_keys_no_more_is_said_of_the_end_than_is_known() {
    let mut talk = Talk::new(&version::TLS13, Mutual::ShowsNone);
    talk.packet(SERVER, FIN | ACK, &[]);
    let (_, explanation) = talk.read(None);
    let refused = said(&explanation);
    assert!(refused.contains("or one that refuses"), "{refused}");
    assert!(!refused.contains("in order"), "{refused}");

    let mut talk = Talk::new(&version::TLS13, Mutual::No);
    for text in ["one message", "and another", "and one more"] {
        talk.say(CLIENT, text.as_bytes());
        talk.say(SERVER, text.as_bytes());
    }
    talk.packet(SERVER, FIN | ACK, &[]);
    let (_, explanation) = talk.read(None);
    let silent = said(&explanation);
    assert!(silent.contains("some never do"), "{silent}");
    assert!(!silent.contains("its process ended"), "{silent}");
}

/// With the keys a Close is there, and it was no reset.
#[test]
fn a_rst_hides_no_less_than_a_fin_where_nothing_can_be_read() {
    let mut talk = Talk::new(&version::TLS13, Mutual::No);
    talk.say(CLIENT, REQUEST);
    talk.say(SERVER, RESPONSE);
    talk.say(SERVER, b"\x88\x02\x0f\xa1");
    talk.packet(SERVER, RST | ACK, &[]);
    let keys = talk.keys();
    let (_, read) = talk.read(Some(&keys));
    assert_eq!(read.cause.id(), "application", "{}", said(&read));
    let (_, unread) = talk.read(None);
    assert_eq!(unread.cause.id(), "unknown", "{}", said(&unread));
    let also: Vec<_> = unread.alternatives.iter().map(|also| also.0.id()).collect();
    assert!(also.contains(&"reset"), "{also:?}");
}

#[test]
fn keys_that_open_nothing_are_told_with_what_they_lack() {
    let mut talk = Talk::new(&version::TLS13, Mutual::No);
    talk.say(CLIENT, REQUEST);
    talk.say(SERVER, RESPONSE);
    talk.packet(SERVER, FIN | ACK, &[]);
    talk.packet(CLIENT, FIN | ACK, &[]);
    let keys = talk.keys();
    let handshake = [
        only(&keys, "CLIENT_HANDSHAKE"),
        only(&keys, "SERVER_HANDSHAKE"),
    ]
    .concat();
    let no_data = talk.read(Some(&handshake));
    let no_server = talk.read_some(Some(&keys), |_, side, _| side == CLIENT);
    let no_client = talk.read_some(Some(&keys), |_, side, _| side == SERVER);
    let late = talk.read_some(Some(&keys), |index, _, _| index > 5);
    let none = talk.read(Some("# a log without a key\n"));
    assert_eq!(no_client.0.tls.as_ref().unwrap().keys, KeysFound::NoHello);
    assert_eq!(none.0.tls.as_ref().unwrap().keys, KeysFound::NoneFits(0));
    for ((_, explanation), words) in [
        (&no_data, "none of its data"),
        (&no_server, "the server's hello"),
        (&no_client, "The client's hello"),
        (&late, "The client's hello"),
        (&none, "encrypted"),
    ] {
        let said = said(explanation);
        assert_eq!(explanation.cause.id(), "unknown", "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("0x"), "{said}");
        assert!(!advised(explanation).contains("Let the client write its keys"));
    }
}

#[test]
fn a_cipher_suite_that_is_not_read_is_named() {
    let mut talk = Talk::new(&version::TLS12, Mutual::No);
    talk.say(CLIENT, REQUEST);
    talk.packet(SERVER, FIN | ACK, &[]);
    // Behind the heads of record and message stand version, random, session and suite.
    let hello = talk
        .packets
        .iter_mut()
        .find(|(side, _, payload, _)| *side == SERVER && payload.first() == Some(&22));
    let (_, _, payload, _) = hello.expect("a ServerHello");
    let at = 44 + usize::from(payload[43]);
    payload[at..at + 2].copy_from_slice(&[0xc0, 0x76]);
    let (_, explanation) = talk.read(Some(&talk.keys()));
    assert!(said(&explanation).contains("cipher suite 0xc076"));
    assert!(advised(&explanation).contains("AES-GCM"));
}

#[test]
fn a_client_that_asks_for_nothing_is_told_from_one_that_hides_what_it_asks() {
    for version in BOTH {
        let mut talk = Talk::new(version, Mutual::No);
        talk.packet(CLIENT, FIN | ACK, &[]);
        let (_, explanation) = talk.read(Some(&talk.keys()));
        let left = said(&explanation);
        assert_eq!(explanation.cause.id(), "tls-failed", "{left}");
        assert!(left.contains("look at the certificate only then"), "{left}");

        // A connection to spare stands for a while, and goes when the browser does.
        let mut talk = Talk::new(version, Mutual::No);
        talk.wait(1);
        talk.packet(CLIENT, FIN | ACK, &[]);
        let (_, explanation) = talk.read(Some(&talk.keys()));
        assert_eq!(explanation.cause.id(), "unknown", "{}", said(&explanation));
        assert_eq!(explanation.client_sees, None);

        let mut talk = Talk::new(version, Mutual::No);
        talk.packet(SERVER, FIN | ACK, &[]);
        let (_, explanation) = talk.read(Some(&talk.keys()));
        let left = said(&explanation);
        assert_eq!(explanation.cause.id(), "unknown", "{left}");
        assert!(left.contains("before the client had asked"), "{left}");
        assert!(!advised(&explanation).contains("--keylog"));
    }
    // Without keys nobody knows.
    let mut talk = Talk::new(&version::TLS13, Mutual::No);
    talk.packet(CLIENT, FIN | ACK, &[]);
    let (_, explanation) = talk.read(None);
    assert_eq!(explanation.cause.id(), "unknown");
    assert!(advised(&explanation).contains("--keylog"));
}

#[test]
fn what_a_client_said_early_is_read_where_the_server_took_it() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let (shown, key) = certificate("example.com");
    let mut client = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&version::TLS13])
        .expect("it is known")
        .with_root_certificates(roots(&shown))
        .with_no_client_auth();
    client.enable_early_data = true;
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])
        .expect("it is known")
        .with_no_client_auth()
        .with_single_cert(vec![shown], key)
        .expect("they fit");
    server.max_early_data_size = 16 * 1024;
    let mut refusing = server.clone();
    refusing.max_early_data_size = 0;
    for (server_then, is_taken) in [(server.clone(), true), (refusing, false)] {
        let log = Arc::new(Log::default());
        let mut client = client.clone();
        client.key_log = log.clone();
        let client = Arc::new(client);
        // The first one leaves a ticket.
        Talk::between(&client, &Arc::new(server.clone()), log.clone(), b"");
        let server_then = Arc::new(server_then);
        let mut talk = Talk::between(&client, &server_then, log, REQUEST);
        assert_eq!(talk.client.is_early_data_accepted(), is_taken);
        if !is_taken {
            talk.say(CLIENT, REQUEST);
        }
        talk.say(SERVER, RESPONSE);
        talk.say(SERVER, b"\x88\x02\x03\xf3");
        talk.packet(SERVER, FIN | ACK, &[]);
        let (record, _) = talk.read(Some(&talk.keys()));
        assert!(record.handshake.upgrade.response.is_some(), "{is_taken}");
        assert_eq!(record.closes[0].close.code, Some(1011));
        let tls = record.tls.as_ref().expect("it is spoken");
        assert_eq!((tls.client.unread, tls.server.unread), (0, 0), "{is_taken}");
        assert!(tls.has_early_data);
    }
}

#[test]
fn an_alert_in_the_middle_of_the_connection_is_its_end() {
    for version in BOTH {
        let mut talk = Talk::new(version, Mutual::No);
        talk.say(CLIENT, REQUEST);
        talk.say(SERVER, RESPONSE);
        talk.say(SERVER, b"\x81\x02hi");
        let mut bytes = Vec::new();
        talk.client
            .writer()
            .write_all(b"\x81\x82\0\0\0\0hi")
            .expect("memory");
        talk.client.write_tls(&mut bytes).expect("memory");
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        talk.packet(CLIENT, ACK, &bytes);
        talk.hear(SERVER, &bytes);
        talk.pump();
        talk.packet(SERVER, FIN | ACK, &[]);
        let (record, explanation) = talk.read(Some(&talk.keys()));
        assert!(record.has_frames());
        let said = said(&explanation);
        assert_eq!(explanation.cause.id(), "tls-failed", "{said}");
        let first = explanation.statements[0].to_string();
        assert!(first.contains("bad_record_mac"), "{first}");
        assert_eq!(said.matches("bad_record_mac").count(), 1, "{said}");
        assert_eq!(explanation.client_sees, Some(1006));
        assert!(!advised(&explanation).contains("certificate"));
    }
}

/// Who says close_notify sends no more (RFC 8446 section 6.1), whichever end lets TCP go first.
#[test]
fn who_says_close_notify_first_has_ended_it() {
    for version in BOTH {
        let frame = &[&b"\x82\x7e\x03\xe8"[..], &[0; 100]].concat();
        let endings: [(&[&[u8]], &str); 3] = [
            (&[RESPONSE, b"\x81\x02hi"], "peer-gone"),
            (&[RESPONSE, frame], "cut-mid-frame"),
            (&[], "upgrade-refused"),
        ];
        for (answers, cause) in endings {
            for flags in [FIN | ACK, RST | ACK] {
                let mut talk = Talk::new(version, Mutual::No);
                talk.say(CLIENT, REQUEST);
                for answer in answers {
                    talk.say(SERVER, answer);
                }
                talk.server.send_close_notify();
                talk.pump();
                talk.packet(CLIENT, flags, &[]);
                if flags == FIN | ACK {
                    talk.packet(SERVER, FIN | ACK, &[]);
                }
                let (record, explanation) = talk.read(Some(&talk.keys()));
                let told = said(&explanation);
                assert_eq!(explanation.cause.id(), cause, "{told}");
                let end = record.end.expect("it ended");
                assert_eq!((end.kind, end.by), (EndKind::Notify, Sender::Server));
                assert_eq!(record.tcp_end.map(|end| end.by), Some(Sender::Client));
                assert!(!told.contains("no close_notify"), "{told}");
                assert_eq!(explanation.client_sees, Some(1006));
                assert_eq!(explanation.server_sees, None);
                // Before TLS 1.3 the type of a record is in clear.
                let (record, _) = talk.read(None);
                let is_clear = std::ptr::eq(version, &version::TLS12);
                let by = [Sender::Client, Sender::Server][usize::from(is_clear)];
                assert_eq!(record.end.map(|end| end.by), Some(by));
            }
        }
    }
}

/// Behind a Close of its own, and as an answer, close_notify tells nothing new.
#[test]
fn close_notify_behind_a_close_ends_nothing() {
    for version in BOTH {
        let mut talk = Talk::new(version, Mutual::No);
        talk.say(CLIENT, REQUEST);
        talk.say(SERVER, RESPONSE);
        talk.say(CLIENT, b"\x88\x82\0\0\0\0\x03\xe8");
        talk.client.send_close_notify();
        talk.pump();
        talk.say(SERVER, b"\x88\x02\x03\xe8");
        talk.server.send_close_notify();
        talk.pump();
        talk.packet(SERVER, FIN | ACK, &[]);
        talk.packet(CLIENT, FIN | ACK, &[]);
        let (record, explanation) = talk.read(Some(&talk.keys()));
        let end = record.end.expect("it ended");
        assert_eq!((end.kind, end.by), (EndKind::Fin, Sender::Server));
        assert_eq!(record.closed_by(), Some(Sender::Client));
        assert_eq!(explanation.client_sees, Some(1000));
        assert_eq!(explanation.server_sees, Some(1000));
    }
}

/// A close_notify is no word of the application's: before it was silence.
#[test]
fn close_notify_breaks_no_silence() {
    for version in BOTH {
        for is_notified in [false, true] {
            let mut talk = Talk::new(version, Mutual::No);
            talk.say(CLIENT, REQUEST);
            talk.say(SERVER, RESPONSE);
            talk.say(CLIENT, b"\x81\x82\0\0\0\0hi");
            talk.wait(60);
            if is_notified {
                talk.server.send_close_notify();
                talk.pump();
            }
            talk.packet(SERVER, FIN | ACK, &[]);
            talk.packet(CLIENT, FIN | ACK, &[]);
            let (_, explanation) = talk.read(Some(&talk.keys()));
            let told = said(&explanation);
            assert_eq!(explanation.cause.id(), "idle-timeout", "{told}");
            let (_, explanation) = talk.read(None);
            let told = said(&explanation);
            assert!(told.contains("Nothing had been sent for 60"), "{told}");
        }
    }
    // Without keys, what is as long as an alert is one only where the end follows.
    let mut talk = Talk::new(&version::TLS13, Mutual::No);
    talk.say(CLIENT, REQUEST);
    talk.say(SERVER, RESPONSE);
    talk.wait(30);
    talk.say(SERVER, b"\x89\0");
    talk.wait(30);
    talk.packet(CLIENT, FIN | ACK, &[]);
    let (record, _) = talk.read(None);
    let silence = record.silence().expect("it is known");
    assert!((29.9..30.1).contains(&silence), "{silence}");
}
