//! What may be hidden in packets that were not captured is never claimed.
//!
//! Connections of which the end is known are written down packet by packet, some packets are left out, and
//! what is said then has to be the truth or less.

use std::net::Ipv4Addr;

use fastrand::Rng;
use wsclose::capture::file::{Link, Packet};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::causes::Cause;
use wsclose::facts::registry::Registries;
use wsclose::frame::{Sender, unmask};
use wsclose::session::{Options, Record};

const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// Packets with their times.
#[derive(Default)]
struct Written {
    packets: Vec<(i64, Vec<u8>)>,
    now: i64,
    next: [u32; 2],
    random: u8,
}

/// How a connection ended in truth.
struct Truth {
    cause: Cause,
    closed_by: Option<Sender>,
    code: u16,
}

impl Written {
    fn packet(&mut self, from: Sender, flags: u8, payload: &[u8]) {
        let side = usize::from(from == Sender::Server);
        let ends = [
            (Ipv4Addr::new(10, 0, 0, 1), 40_000u16),
            (Ipv4Addr::new(10, 0, 0, 2), 8080),
        ];
        let ((source, source_port), (target, target_port)) = (ends[side], ends[1 - side]);
        let mut bytes = vec![0x45, 0];
        bytes.extend((40 + payload.len() as u16).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
        bytes.extend(source.octets());
        bytes.extend(target.octets());
        bytes.extend(source_port.to_be_bytes());
        bytes.extend(target_port.to_be_bytes());
        bytes.extend(self.next[side].to_be_bytes());
        let acknowledged = if flags & ACK == 0 {
            0
        } else {
            self.next[1 - side]
        };
        bytes.extend(acknowledged.to_be_bytes());
        bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        bytes.extend(payload);
        self.now += 1_000_000;
        self.packets.push((self.now, bytes));
        let length = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        self.next[side] = self.next[side].wrapping_add(length);
    }

    fn frame(&mut self, from: Sender, first: u8, payload: &[u8]) {
        let mut bytes = vec![first];
        match from {
            Sender::Server => {
                bytes.push(payload.len() as u8);
                bytes.extend(payload);
            }
            Sender::Client => {
                self.random = self.random.wrapping_mul(37).wrapping_add(11);
                let key = [self.random, 2, 3, 4];
                bytes.push(0x80 | payload.len() as u8);
                bytes.extend(key);
                let mut payload = payload.to_vec();
                unmask(&mut payload, key, 0);
                bytes.extend(payload);
            }
        }
        self.packet(from, ACK, &bytes);
        // Some stacks acknowledge at once.
        if self.random % 2 == 0 {
            self.packet(from.other(), ACK, b"");
        }
    }

    /// A connection that one end closes and the other one answers, as `random` has it.
    fn of(random: &mut Rng) -> (Self, Truth) {
        let mut written = Written {
            now: 1_700_000_000_000_000_000,
            next: [random.u32(..), random.u32(..)],
            random: random.u8(..),
            ..Written::default()
        };
        written.packet(Sender::Client, SYN, b"");
        written.packet(Sender::Server, SYN | ACK, b"");
        written.packet(Sender::Client, ACK, b"");
        written.packet(Sender::Client, ACK, REQUEST);
        written.packet(Sender::Server, ACK, RESPONSE);
        for _ in 0..random.usize(0..6) {
            let from = if random.bool() {
                Sender::Client
            } else {
                Sender::Server
            };
            match random.u8(..3) {
                0 => {
                    written.frame(from, 0x89, b"beat");
                    written.now += random.i64(1..40) * 1_000_000_000;
                    written.frame(from.other(), 0x8a, b"beat");
                }
                1 => written.frame(from, 0x81, b"some words"),
                _ => written.frame(from, 0x82, &[1, 2, 3, 4, 5]),
            }
        }
        written.now += random.i64(0..70) * 1_000_000_000;
        let closer = if random.bool() {
            Sender::Client
        } else {
            Sender::Server
        };
        let code = [1000u16, 1001, 1011, 3000, 4001][random.usize(..5)];
        let truth = match random.u8(..4) {
            // Nobody closes.
            0 => {
                let flags = if random.bool() { FIN | ACK } else { RST | ACK };
                written.packet(closer, flags, b"");
                if flags & FIN != 0 {
                    written.packet(closer.other(), FIN | ACK, b"");
                    written.packet(closer, ACK, b"");
                }
                let cause = if flags & FIN != 0 {
                    Cause::PeerGone
                } else {
                    Cause::Reset
                };
                Truth {
                    cause,
                    closed_by: None,
                    code: 0,
                }
            }
            _ => {
                written.frame(closer, 0x88, &code.to_be_bytes());
                written.frame(closer.other(), 0x88, &code.to_be_bytes());
                written.packet(Sender::Server, FIN | ACK, b"");
                written.packet(Sender::Client, FIN | ACK, b"");
                written.packet(Sender::Server, ACK, b"");
                Truth {
                    cause: Cause::Application,
                    closed_by: Some(closer),
                    code,
                }
            }
        };
        (written, truth)
    }

    /// Reads the packets but those that were lost.
    fn read(&self, is_lost: impl Fn(usize) -> bool) -> Vec<(Record, Explanation)> {
        let mut tracker = Tracker::new(Limits::default(), Options::default());
        let mut records = Vec::new();
        for (place, (time, bytes)) in self.packets.iter().enumerate() {
            if is_lost(place) {
                continue;
            }
            let packet = Packet {
                number: place as u64 + 1,
                at: 0,
                time: Some(*time),
                link: Link::Ip,
                bytes,
                original_length: bytes.len() as u32,
            };
            tracker.packet(&packet, &mut |record| records.push(*record));
        }
        tracker.finish(&mut |record| records.push(*record));
        let explained = records.into_iter().map(|record| {
            let explanation = explain_connection(&record, Registries::default());
            (record, explanation)
        });
        explained.collect()
    }
}

/// What is wrong with what is said; `None` where it is the truth or less.
fn wrong(record: &Record, explanation: &Explanation, truth: &Truth) -> Option<String> {
    let closed_by = record.closed_by();
    if closed_by.is_some() && closed_by != truth.closed_by {
        return Some(format!("closed by {closed_by:?}"));
    }
    for sees in [explanation.client_sees, explanation.server_sees]
        .into_iter()
        .flatten()
    {
        if sees != truth.code && !(truth.code == 0 && sees == 1006) {
            return Some(format!("sees {sees}"));
        }
    }
    // Who saw the end of TCP alone may suspect what ends TCP so.
    let may_be = match explanation.cause {
        Cause::Unknown => true,
        // The capture ended before the connection did.
        Cause::StillOpen => true,
        Cause::IdleTimeout => matches!(truth.cause, Cause::PeerGone | Cause::Reset),
        Cause::PeerGone | Cause::Reset => matches!(truth.cause, Cause::PeerGone | Cause::Reset),
        cause => cause == truth.cause,
    };
    (!may_be).then(|| format!("cause {:?}", explanation.cause))
}

#[test]
fn nothing_wrong_is_claimed_of_what_was_not_captured() {
    let mut known = 0;
    let mut wrongs = Vec::new();
    for seed in 0..20_000 {
        let mut random = Rng::with_seed(seed);
        let (written, truth) = Written::of(&mut random);
        let lost: Vec<usize> = (0..random.usize(1..6))
            .map(|_| random.usize(..written.packets.len()))
            .collect();
        let read = written.read(|place| lost.contains(&place));
        for (record, explanation) in &read {
            known += usize::from(explanation.cause == truth.cause);
            if let Some(wrong) = wrong(record, explanation, &truth) {
                wrongs.push(format!(
                    "{seed} without {lost:?}: {wrong} is not {:?} by {:?}",
                    truth.cause, truth.closed_by
                ));
            }
        }
    }
    let count = wrongs.len();
    wrongs.truncate(12);
    assert!(wrongs.is_empty(), "{count}:\n{}", wrongs.join("\n"));
    // It is not for want of answers.
    assert!(known > 9_000, "{known}");
}

#[test]
fn what_was_captured_whole_is_as_clear_as_ever() {
    for seed in 0..2000 {
        let (written, truth) = Written::of(&mut Rng::with_seed(seed));
        let read = written.read(|_| false);
        let [(record, explanation)] = read.as_slice() else {
            panic!("{seed}: {} connections", read.len());
        };
        assert_eq!(record.closed_by(), truth.closed_by, "{seed}");
        let is_same = explanation.cause == truth.cause
            || truth.closed_by.is_none() && explanation.cause == Cause::IdleTimeout;
        assert!(
            is_same,
            "{seed}: {:?} is not {:?}",
            explanation.cause, truth.cause
        );
        assert!(record.not_seen().is_empty(), "{seed}");
    }
}

/// How the messages of a protocol go, and what may not be said of it whatever was not captured.
struct Told {
    subprotocol: &'static str,
    target: &'static str,
    /// Who says what, and the seconds before it.
    talk: &'static [(u8, &'static [u8], i64)],
    closer: Sender,
    never: &'static [&'static str],
}

const TOLD: [Told; 5] = [
    // Healthy, and the client leaves.
    Told {
        subprotocol: "",
        target: "/socket.io/?EIO=4&transport=websocket",
        talk: &[
            (
                b'S',
                br#"0{"sid":"x","pingInterval":25000,"pingTimeout":20000}"#,
                0,
            ),
            (b'C', b"40", 0),
            (b'S', br#"40{"sid":"y"}"#, 0),
            (b'S', b"2", 25),
            (b'C', b"3", 0),
            (b'S', b"2", 25),
            (b'C', b"3", 0),
            (b'C', b"41", 21),
        ],
        closer: Sender::Client,
        never: &["ping timeout", "refused", "never sends a close code"],
    },
    // The server refuses.
    Told {
        subprotocol: "",
        target: "/socket.io/?EIO=4&transport=websocket",
        talk: &[
            (
                b'S',
                br#"0{"sid":"x","pingInterval":25000,"pingTimeout":20000}"#,
                0,
            ),
            (b'C', b"40", 0),
            (b'S', br#"44{"message":"no"}"#, 0),
            (b'S', b"2", 25),
            (b'C', b"3", 0),
        ],
        closer: Sender::Server,
        never: &["ping timeout", "said nothing before"],
    },
    // An ERROR, though heart-beats were agreed on.
    Told {
        subprotocol: "v12.stomp",
        target: "/ws",
        talk: &[
            (
                b'C',
                b"CONNECT\naccept-version:1.2\nheart-beat:10000,10000\n\n\0",
                0,
            ),
            (
                b'S',
                b"CONNECTED\nversion:1.2\nheart-beat:10000,10000\n\n\0",
                0,
            ),
            (b'C', b"\n", 9),
            (b'S', b"\n", 0),
            (b'C', b"\n", 9),
            (b'S', b"ERROR\nmessage:no\n\n\0", 0),
        ],
        closer: Sender::Server,
        never: &["heart-beats. Nothing", "sent no ERROR", "said goodbye"],
    },
    // Payloads of MQTT that run through messages and look like packets.
    Told {
        subprotocol: "mqtt",
        target: "/mqtt",
        talk: &[
            (b'C', b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a", 0),
            (b'S', b"\x20\x02\x00\x00", 0),
            (b'S', b"\x30\x12\x00\x01a_", 0),
            (b'S', b"_\x20\x02\x00\x05\xe0\x02\x8e\x00_", 0),
            (b'S', b"____", 0),
            (b'C', b"\xc0\x00", 30),
            (b'S', b"\xd0\x00", 0),
            (b'C', b"\xe0\x00", 5),
        ],
        closer: Sender::Client,
        never: &[
            "CONNACK",
            "timeout",
            "DISCONNECT; its reason",
            "the broker ended",
        ],
    },
    // Payloads of NATS that look like an error.
    Told {
        subprotocol: "",
        target: "/",
        talk: &[
            (b'S', b"INFO {\"server_id\":\"N\"}\r\n", 0),
            (b'C', b"CONNECT {\"lang\":\"x\"}\r\n", 0),
            (b'S', b"MSG a 1 40\r\n", 0),
            (b'S', b"so it said\r\n-ERR 'Stale Connection'\r\n", 0),
            (b'S', b"x\r\n", 0),
        ],
        closer: Sender::Client,
        never: &["Stale"],
    },
];

impl Told {
    fn write(&self, random: &mut Rng) -> Written {
        let mut written = Written {
            now: 1_700_000_000_000_000_000,
            next: [random.u32(..), random.u32(..)],
            random: random.u8(..),
            ..Written::default()
        };
        written.packet(Sender::Client, SYN, b"");
        written.packet(Sender::Server, SYN | ACK, b"");
        written.packet(Sender::Client, ACK, b"");
        let line = match self.subprotocol {
            "" => "\r\n".to_owned(),
            name => format!("Sec-WebSocket-Protocol: {name}\r\n\r\n"),
        };
        let with = |head: &[u8]| {
            let head = String::from_utf8_lossy(head).replace("/chat", self.target);
            head.strip_suffix("\r\n").unwrap_or(&head).to_owned() + &line
        };
        written.packet(Sender::Client, ACK, with(REQUEST).as_bytes());
        written.packet(Sender::Server, ACK, with(RESPONSE).as_bytes());
        let is_binary = self.subprotocol == "mqtt";
        for (from, payload, seconds) in self.talk {
            written.now += seconds * 1_000_000_000;
            let from = if *from == b'C' {
                Sender::Client
            } else {
                Sender::Server
            };
            written.frame(from, if is_binary { 0x82 } else { 0x81 }, payload);
        }
        written.frame(self.closer, 0x88, b"");
        written.frame(self.closer.other(), 0x88, b"");
        written.packet(Sender::Server, FIN | ACK, b"");
        written.packet(Sender::Client, FIN | ACK, b"");
        written.packet(Sender::Server, ACK, b"");
        written
    }
}

#[test]
fn what_the_application_said_is_not_made_up_from_what_was_not_captured() {
    let mut wrongs = Vec::new();
    let mut told = 0;
    for (index, protocol) in TOLD.iter().enumerate() {
        for seed in 0..1500 {
            let mut random = Rng::with_seed(seed);
            let written = protocol.write(&mut random);
            let lost: Vec<usize> = (0..random.usize(0..4))
                .map(|_| random.usize(3..written.packets.len()))
                .collect();
            for (record, explanation) in written.read(|place| lost.contains(&place)) {
                let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
                let said = said.join(" ");
                told += usize::from(record.application.is_some());
                let closed_by = record.closed_by();
                let is_other = closed_by.is_some_and(|end| end != protocol.closer);
                if is_other || protocol.never.iter().any(|words| said.contains(words)) {
                    wrongs.push(format!("{index}, {seed} without {lost:?}: {said}"));
                }
            }
        }
    }
    let count = wrongs.len();
    wrongs.truncate(8);
    assert!(wrongs.is_empty(), "{count}:\n{}", wrongs.join("\n"));
    assert!(told > 6_000, "{told}");
}

/// Reads packets of which each may be cut to its first bytes, as a small snapshot length does.
fn read_cut(packets: &[(i64, Vec<u8>)], longest: usize) -> Vec<(Record, Explanation)> {
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    let mut records = Vec::new();
    for (place, (time, bytes)) in packets.iter().enumerate() {
        let packet = Packet {
            number: place as u64 + 1,
            at: 0,
            time: Some(*time),
            link: Link::Ip,
            bytes: &bytes[..bytes.len().min(longest)],
            original_length: bytes.len() as u32,
        };
        tracker.packet(&packet, &mut |record| records.push(*record));
    }
    tracker.finish(&mut |record| records.push(*record));
    let explained = records.into_iter().map(|record| {
        let explanation = explain_connection(&record, Registries::default());
        (record, explanation)
    });
    explained.collect()
}

/// The same segment, its payload another one.
fn forged(packet: &(i64, Vec<u8>), after: i64) -> (i64, Vec<u8>) {
    let (time, mut bytes) = packet.clone();
    for (index, byte) in bytes.iter_mut().enumerate().skip(40) {
        *byte ^= (index as u8).wrapping_mul(37) | 1;
    }
    (time + after, bytes)
}

/// What was done to a capture, what is left of it, and how long a packet in it may be.
type Damaged = (String, Vec<(i64, Vec<u8>)>, usize);

/// All that is done to a capture.
fn damaged(written: &Written) -> Vec<Damaged> {
    let all = &written.packets;
    let whole = usize::MAX;
    let mut cases = Vec::new();
    for octet in [1, 2] {
        let of_one = all.iter().filter(|(_, bytes)| bytes[15] == octet);
        cases.push((format!("half, {octet}"), of_one.cloned().collect(), whole));
    }
    for count in 0..all.len() {
        cases.push((format!("begins at {count}"), all[count..].to_vec(), whole));
        cases.push((format!("ends at {count}"), all[..count].to_vec(), whole));
    }
    for longest in [41, 44, 46, 52, 60, 64, 96, 128] {
        cases.push((format!("cut to {longest}"), all.clone(), longest));
    }
    let twice = all
        .iter()
        .flat_map(|packet| [packet.clone(), packet.clone()]);
    cases.push(("each twice".to_owned(), twice.collect(), whole));
    let again = all.iter().chain(all.iter().skip(4));
    cases.push(("all again".to_owned(), again.cloned().collect(), whole));
    for place in 5..all.len() {
        // Whoever received the first keeps it.
        let mut other = all.clone();
        other.insert(place + 1, forged(&all[place], 1));
        cases.push((format!("{place} again, with other bytes"), other, whole));
    }
    let late = all
        .iter()
        .flat_map(|packet| [packet.clone(), forged(packet, 1)]);
    cases.push((
        "all again, with other bytes".to_owned(),
        late.skip(10).collect(),
        whole,
    ));
    for (from, target) in [(12, 1), (12, 2)] {
        // A reset that somebody made up: its sequence lies far outside of the window.
        for place in 6..all.len() - 5 {
            let mut other = all.clone();
            let at = all[..place]
                .iter()
                .rposition(|(_, bytes)| bytes[from + 3] == target);
            let Some(at) = at else { continue };
            let (time, mut bytes) = all[at].clone();
            bytes.truncate(40);
            bytes[2..4].copy_from_slice(&40u16.to_be_bytes());
            bytes[24] ^= 0x55;
            bytes[33] = RST;
            other.insert(place, (time.max(all[place - 1].0) + 1, bytes));
            cases.push((format!("a reset before {place} by {target}"), other, whole));
        }
    }
    cases
}

#[test]
fn what_was_said_is_not_made_up_from_a_capture_that_is_damaged() {
    let mut wrongs = Vec::new();
    let mut count = 0;
    for (index, protocol) in TOLD.iter().enumerate() {
        for seed in 0..12 {
            let written = protocol.write(&mut Rng::with_seed(seed));
            for (what, packets, longest) in damaged(&written) {
                for (record, explanation) in read_cut(&packets, longest) {
                    count += 1;
                    let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
                    let said = said.join(" ");
                    // What the server said is told, whether or not the other side was seen.
                    if (index, what.as_str()) == (2, "half, 2") {
                        assert!(said.contains("in its ERROR: \"no\""), "{said}");
                    }
                    let closed_by = record.closed_by();
                    let is_other = closed_by.is_some_and(|end| end != protocol.closer);
                    let is_made_up = what.contains("reset") && explanation.cause == Cause::Reset;
                    if is_other
                        || is_made_up
                        || protocol.never.iter().any(|words| said.contains(words))
                    {
                        wrongs.push(format!("{index}, {seed}, {what}: {said}"));
                    }
                }
            }
        }
    }
    let number = wrongs.len();
    wrongs.truncate(10);
    assert!(
        wrongs.is_empty(),
        "{number} of {count}:\n{}",
        wrongs.join("\n")
    );
}
