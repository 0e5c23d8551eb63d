//! Captures that begin in the middle of connections: what is WebSocket is found, and nothing else is.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use fastrand::Rng;
use wsclose::capture::file::{CaptureFile, Link, Packet};
use wsclose::capture::gzip::{Gunzip, MAGIC};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::explain_connection;
use wsclose::facts::causes::Cause;
use wsclose::facts::registry::Registries;
use wsclose::frame::unmask;
use wsclose::session::finder::Confidence;
use wsclose::session::{Options, Record, What};

/// Segments of a connection that began before the capture: who sent them, and what.
type Talk = Vec<(bool, Vec<u8>)>;

/// Reads a talk of which the first `skipped` bytes were not captured; ends with FIN.
fn read(talk: &Talk, skipped: usize) -> Vec<Record> {
    read_packets(&packets(talk, skipped))
}

/// The packets of a talk of which the first `skipped` bytes were not captured.
fn packets(talk: &Talk, skipped: usize) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    let mut next = [1000u32, 9000];
    let mut skip = skipped;
    let end = [(true, Vec::new()), (false, Vec::new())];
    for (place, (is_client, bytes)) in talk.iter().chain(&end).enumerate() {
        let side = usize::from(!is_client);
        let count = skip.min(bytes.len());
        skip -= count;
        next[side] = next[side].wrapping_add(count as u32);
        let is_end = place >= talk.len();
        let Some(bytes) = bytes.get(count..).filter(|rest| !rest.is_empty() || is_end) else {
            continue;
        };
        packets.push(packet(*is_client, next, bytes, is_end));
        next[side] = next[side].wrapping_add(bytes.len() as u32);
    }
    packets
}

/// Reads packets, a millisecond apart.
fn read_packets(packets: &[Vec<u8>]) -> Vec<Record> {
    let options = Options {
        keeps_events: true,
        ..Options::default()
    };
    let mut tracker = Tracker::new(Limits::default(), options);
    let mut records = Vec::new();
    for (number, bytes) in (1..).zip(packets) {
        let packet = Packet {
            number,
            at: 0,
            time: Some(number as i64 * 1_000_000),
            link: Link::Ip,
            bytes,
            original_length: bytes.len() as u32,
        };
        tracker.packet(&packet, &mut |record| records.push(*record));
    }
    tracker.finish(&mut |record| records.push(*record));
    records
}

fn packet(is_client: bool, next: [u32; 2], payload: &[u8], fin: bool) -> Vec<u8> {
    let (client, server) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
    let mut bytes = vec![0x45, 0];
    bytes.extend((40 + payload.len() as u16).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
    let ends = [(client, 50_000u16, next[0]), (server, 7_000, next[1])];
    let [(from, source, sequence), (to, target, acknowledged)] = match is_client {
        true => ends,
        false => [ends[1], ends[0]],
    };
    bytes.extend(from.octets());
    bytes.extend(to.octets());
    bytes.extend(source.to_be_bytes());
    bytes.extend(target.to_be_bytes());
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(acknowledged.to_be_bytes());
    bytes.extend([0x50, 0x18 | u8::from(fin), 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend(payload);
    bytes
}

fn words(random: &mut Rng) -> Vec<u8> {
    let count = random.usize(3..40);
    (0..count)
        .map(|_| b"abc def ghi 0123"[random.usize(..16)])
        .collect()
}

fn noise(random: &mut Rng, from: usize, to: usize) -> Vec<u8> {
    (0..random.usize(from..to)).map(|_| random.u8(..)).collect()
}

/// A value as BER writes it.
fn ber(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match value.len() {
        length @ 0..=127 => bytes.push(length as u8),
        length => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(value);
    bytes
}

fn counted(width: usize, is_little: bool, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_be_bytes();
    let mut bytes = length[4 - width..].to_vec();
    if is_little {
        bytes.reverse();
    }
    bytes.extend(body);
    bytes
}

/// What is no WebSocket: the next message of one end, by the name of the protocol.
type Speaker = fn(&mut Rng, u32, bool) -> Vec<u8>;

const PROTOCOLS: &[(&str, Speaker)] = &[
    ("zeros", |random, _, _| vec![0; random.usize(1..300)]),
    ("SMB", |random, count, is_client| {
        let flags = if is_client { 0 } else { 0x81 };
        let body = [
            &[
                0xfe, b'S', b'M', b'B', 64, 0, 0, 0, 0, 0, 0, 0, 8, 0, flags, 0,
            ][..],
            &count.to_le_bytes(),
            &[0; 40],
            &noise(random, 0, 90),
        ]
        .concat();
        counted(4, false, &body)
    }),
    ("Kafka", |random, count, _| {
        let body = [
            &[0, 1, 0, 11][..],
            &count.to_be_bytes(),
            &counted(2, false, &words(random)),
            &[0; 24],
            &noise(random, 0, 60),
        ]
        .concat();
        counted(4, false, &body)
    }),
    ("LDAP", |random, count, is_client| {
        let id = ber(2, &[count as u8]);
        let body = match is_client {
            true => ber(
                0x60,
                &[
                    ber(2, &[3]),
                    ber(4, &words(random)),
                    ber(0x80, &words(random)),
                ]
                .concat(),
            ),
            false => ber(
                0x64,
                &[
                    ber(4, &words(random)),
                    ber(0x81, &words(random)),
                    ber(0x82, &words(random)),
                    ber(0x8a, &[1, 2]),
                ]
                .concat(),
            ),
        };
        ber(0x30, &[id, body].concat())
    }),
    ("MMS", |random, count, _| {
        let body: Vec<u8> = (0..random.usize(1..6))
            .flat_map(|place| ber(0x80 + place as u8, &words(random)))
            .collect();
        let body = [
            &[2, 0xf0, 0x80][..],
            &ber(
                0xa0,
                &[
                    ber(2, &[count as u8]),
                    body,
                    ber(0x81, b"x"),
                    ber(0x82, &[0, 1]),
                ]
                .concat(),
            ),
        ]
        .concat();
        [&[3, 0][..], &counted(2, false, &body)].concat()
    }),
    ("Modbus", |random, count, is_client| {
        let body = match is_client {
            true => vec![1, 3, 0, random.u8(..), 0, 8],
            false => [&[1, 3, 16][..], &noise(random, 16, 17)].concat(),
        };
        [
            &(count as u16).to_be_bytes()[..],
            &[0, 0],
            &counted(2, false, &body),
        ]
        .concat()
    }),
    ("TPKT", |random, _, _| {
        let body = [&[2, 0xf0, 0x80, 0x32, 1, 0, 0][..], &noise(random, 8, 60)].concat();
        [&[3, 0, 0, body.len() as u8 + 4][..], &body].concat()
    }),
    ("AMQP", |random, count, _| {
        let body = [
            &[0, 60, 0, 40][..],
            &counted(1, false, &words(random)),
            &[0, 0],
        ]
        .concat();
        [
            &[1 + (count % 3) as u8, 0, 1][..],
            &counted(4, false, &body),
            &[0xce],
        ]
        .concat()
    }),
    ("MQTT", |random, count, is_client| {
        match (is_client, count % 4) {
            (_, 0) => vec![if is_client { 0xc0 } else { 0xd0 }, 0],
            (true, 1) => {
                let body = [
                    &(count as u16).to_be_bytes()[..],
                    &counted(2, false, &words(random)),
                    &[1],
                ]
                .concat();
                [&[0x82][..], &counted(1, false, &body)].concat()
            }
            (true, _) => {
                let body = [counted(2, false, &words(random)), words(random)].concat();
                [&[0x30][..], &counted(1, false, &body)].concat()
            }
            (false, _) => vec![0x90, 3, 0, count as u8, 1],
        }
    }),
    (
        "MQTT subscriptions alone",
        |random, count, is_client| match is_client {
            true => {
                let body = [
                    &(count as u16).to_be_bytes()[..],
                    &counted(2, false, &words(random)),
                    &[1],
                ]
                .concat();
                [&[0x82][..], &counted(1, false, &body)].concat()
            }
            false => Vec::new(),
        },
    ),
    ("gRPC", |random, count, _| {
        let body = [
            &[0][..],
            &counted(
                4,
                false,
                &[&[0x0a][..], &counted(1, false, &words(random))].concat(),
            ),
        ]
        .concat();
        [
            &counted(3, false, &[])[..2],
            &[body.len() as u8, 0, u8::from(count % 9 == 0)],
            &(1 + 2 * count).to_be_bytes(),
            &body,
        ]
        .concat()
    }),
    ("RTP over TCP", |random, count, _| {
        let body = [
            &[0x80, 0x60][..],
            &(count as u16).to_be_bytes(),
            &(160 * count).to_be_bytes(),
            &[1, 2, 3, 4],
            &noise(random, 100, 161),
        ]
        .concat();
        counted(2, false, &body)
    }),
    ("RTP in RTSP", |random, count, _| {
        let body = [
            &[0x80, 0x00][..],
            &(count as u16).to_be_bytes(),
            &noise(random, 60, 160),
        ]
        .concat();
        [&[0x24, 0][..], &counted(2, false, &body)].concat()
    }),
    ("SSH", |random, _, _| noise(random, 36, 200)),
    ("BitTorrent", |random, count, _| match count % 3 {
        0 => vec![0, 0, 0, 0],
        1 => [
            &[0, 0, 0, 13, 6][..],
            &count.to_be_bytes(),
            &[0, 0, 0, 0, 0, 0, 0x40, 0],
        ]
        .concat(),
        _ => counted(
            4,
            false,
            &[&[7][..], &count.to_be_bytes(), &noise(random, 100, 300)].concat(),
        ),
    }),
    ("Redis", |random, count, is_client| match is_client {
        true => format!("*2\r\n$3\r\nGET\r\n$5\r\nk{count:04}\r\n").into_bytes(),
        false => [b"$".as_slice(), b"16\r\n", &noise(random, 16, 17), b"\r\n"].concat(),
    }),
    ("PostgreSQL", |random, _, is_client| {
        let text = words(random);
        let kind: &[u8] = if is_client { b"Q" } else { b"D" };
        let length = (text.len() as u32 + 5).to_be_bytes();
        [
            kind,
            &length,
            &text,
            &[0],
            if is_client { b"" } else { b"Z\0\0\0\x05I" },
        ]
        .concat()
    }),
    ("MySQL", |random, count, is_client| {
        let body = [&[if is_client { 3 } else { 0 }][..], &words(random)].concat();
        [&counted(3, true, &body)[..3], &[(count % 4) as u8], &body].concat()
    }),
    ("SMTP", |random, _, is_client| {
        let text = String::from_utf8(words(random)).expect("it is text");
        if is_client {
            format!("RCPT TO:<{text}>\r\n")
        } else {
            format!("250 {text}\r\n")
        }
        .into_bytes()
    }),
    (
        "HTTP, one direction",
        |_, count, is_client| match is_client {
            true => format!("GET /{count} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
            false => Vec::new(),
        },
    ),
    ("a kind and a length", |random, count, is_client| {
        let kind = 1 + (count % 12) as u8 + if is_client { 0 } else { 0x80 };
        [&[kind][..], &counted(1, false, &noise(random, 0, 90))].concat()
    }),
    ("a kind that is text's, and a length", |random, _, _| {
        [&[0x81][..], &counted(1, false, &words(random))].concat()
    }),
    ("a length and a kind", |random, count, _| {
        counted(
            2,
            false,
            &[&[(count % 5) as u8][..], &noise(random, 3, 90)].concat(),
        )
    }),
    ("a length of two bytes", |random, _, _| {
        counted(2, false, &words(random))
    }),
    ("a length of one byte", |random, _, _| {
        counted(1, false, &noise(random, 1, 200))
    }),
    ("little lengths", |random, _, _| {
        counted(4, true, &noise(random, 1, 200))
    }),
    ("DNS over TCP", |random, count, is_client| {
        let flags = if is_client { [1, 0] } else { [0x81, 0x80] };
        let name = counted(1, false, &words(random));
        let body = [
            &(count as u16).to_be_bytes()[..],
            &flags,
            &[0, 1, 0, 1, 0, 0, 0, 0],
            &name,
            &[0, 0, 1, 0, 1],
            &[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4],
            &noise(random, 4, 5),
        ]
        .concat();
        counted(2, false, &body)
    }),
    ("Diameter", |random, count, is_client| {
        let body = [
            &[if is_client { 0xc0 } else { 0x40 }, 0, 1, 24][..],
            &count.to_be_bytes(),
            &[0, 0, 1, 7, 0x40],
            &counted(3, false, &words(random)),
        ]
        .concat();
        [&[1][..], &counted(3, false, &body)].concat()
    }),
    ("Thrift", |random, count, is_client| {
        let body = [
            &[0x80, 1, 0, if is_client { 1 } else { 2 }][..],
            &counted(4, false, &words(random)),
            &count.to_be_bytes(),
            &[0],
        ]
        .concat();
        counted(4, false, &body)
    }),
    ("memcached", |random, count, is_client| {
        let text = words(random);
        [
            &[
                if is_client { 0x80 } else { 0x81 },
                0,
                0,
                text.len() as u8,
                0,
                0,
                0,
                0,
            ][..],
            &counted(4, false, &[])[..3],
            &[text.len() as u8],
            &count.to_be_bytes(),
            &[0; 8],
            &text,
        ]
        .concat()
    }),
    ("Cassandra", |random, count, is_client| {
        let first = if is_client { 2 } else { 0x82 };
        [
            &[first, 0, count as u8, 8][..],
            &counted(4, false, &words(random)),
        ]
        .concat()
    }),
    ("RTMP", |random, count, _| {
        [
            &[0xc0 + (count % 8) as u8, 0, 0, count as u8][..],
            &counted(3, false, &noise(random, 20, 128)),
        ]
        .concat()
    }),
];

fn talk(speaker: Speaker, seed: u64, length: usize) -> Talk {
    let mut random = Rng::with_seed(seed);
    let mut talk = Talk::new();
    let mut bytes = 0;
    for count in 0.. {
        if bytes > length || count > 4 * length {
            break;
        }
        // Requests and answers, and sometimes several of one end.
        let is_client = random.u8(..) % 8 != 0 && count % 2 == 0;
        let message = speaker(&mut random, count as u32 + 1, is_client);
        bytes += message.len();
        match talk.last_mut() {
            Some((was_client, last)) if *was_client == is_client && random.bool() => {
                last.extend(message)
            }
            _ => talk.push((is_client, message)),
        }
    }
    talk
}

#[test]
fn nothing_is_called_websocket_that_is_not() {
    for (name, speaker) in PROTOCOLS {
        for seed in 0..2 {
            let talk = talk(*speaker, seed, 700);
            let length: usize = talk.iter().map(|(_, bytes)| bytes.len()).sum();
            for skipped in 0..length {
                let records = read(&talk, skipped);
                let seen = records.iter().map(|record| {
                    (
                        record.confidence,
                        record.client_end.frames,
                        record.server_end.frames,
                    )
                });
                let seen: Vec<_> = seen.collect();
                assert!(records.is_empty(), "{name} {seed} from {skipped}: {seen:?}");
            }
        }
    }
}

#[test]
fn encrypted_traffic_is_not_called_websocket_however_much_there_is() {
    for seed in 0..40 {
        let mut random = Rng::with_seed(seed);
        let talk: Talk = (0..2000)
            .map(|_| (random.bool(), noise(&mut random, 1, 200)))
            .collect();
        assert!(read(&talk, 0).is_empty(), "{seed}");
    }
}

/// The packets of a capture, read from one on.
struct Packets(Vec<(i64, Link, Vec<u8>)>);

impl Packets {
    fn of(path: &Path) -> Self {
        let mut bytes = fs::read(path).expect("it is there");
        if bytes.starts_with(&MAGIC) {
            let mut plain = Vec::new();
            let fed = Gunzip::default().feed(&bytes, |piece| {
                plain.extend_from_slice(piece);
                Ok(())
            });
            fed.expect("it is gzip");
            bytes = plain;
        }
        let mut packets = Vec::new();
        let _ = CaptureFile::new().feed(&bytes, |packet| {
            packets.push((
                packet.time.unwrap_or_default(),
                packet.link,
                packet.bytes.to_vec(),
            ));
        });
        Packets(packets)
    }

    fn from(&self, first: usize) -> Vec<Record> {
        let options = Options {
            keeps_events: true,
            ..Options::default()
        };
        let mut tracker = Tracker::new(Limits::default(), options);
        let mut records = Vec::new();
        for (place, (time, link, bytes)) in self.0.iter().enumerate().skip(first) {
            let packet = Packet {
                number: place as u64 + 1,
                at: 0,
                time: Some(*time),
                link: *link,
                bytes,
                original_length: bytes.len() as u32,
            };
            tracker.packet(&packet, &mut |record| records.push(*record));
        }
        tracker.finish(&mut |record| records.push(*record));
        records
    }
}

#[test]
fn captures_begun_behind_the_upgrade_are_still_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.to_string_lossy().contains(".pcap"))
        .collect();
    files.sort();
    let (mut wanted, mut found, mut sure) = (0, 0, 0);
    for path in files {
        let packets = Packets::of(&path);
        let whole = packets.from(0);
        for record in whole.iter().filter(|record| record.tls.is_none()) {
            let (Some(answered), true) = (record.handshake.answered, record.has_frames()) else {
                continue;
            };
            let last = record.events.iter().filter_map(|event| match event.what {
                wsclose::session::What::Frame(_) => Some(event.origin.packet as usize),
                _ => None,
            });
            let Some(last) = last.max() else {
                continue;
            };
            // Of a frame with a segment for each byte nothing can be told from its middle.
            let is_in_pieces = path.to_string_lossy().contains("one_byte_segments");
            let last = if is_in_pieces {
                last.saturating_sub(60)
            } else {
                last
            };
            for first in answered.packet as usize..last {
                let begun = packets.from(first);
                let same = begun.iter().find(|begun| {
                    let ends = [
                        begun.client_end.endpoint.address,
                        begun.server_end.endpoint.address,
                    ];
                    ends == [
                        record.client_end.endpoint.address,
                        record.server_end.endpoint.address,
                    ] && begun.has_frames()
                });
                wanted += 1;
                found += usize::from(same.is_some());
                sure +=
                    usize::from(same.is_some_and(|same| same.confidence == Some(Confidence::High)));
                if same.is_none() {
                    println!("{} from {}: not found", path.display(), first + 1);
                }
            }
        }
    }
    println!("{found} of {wanted}, {sure} surely");
    assert!(wanted > 200, "{wanted}");
    assert!(found * 100 >= wanted * 95, "{found} of {wanted}");
}

/// A frame; that of the client is masked with one key all the time.
fn frame(is_client: bool, first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u8;
    match is_client {
        false => [&[first, length][..], payload].concat(),
        true => {
            let key = [0x5a, 0x13, 0xc4, 0x77];
            let mut payload = payload.to_vec();
            unmask(&mut payload, key, 0);
            [&[first, 0x80 | length][..], &key, &payload].concat()
        }
    }
}

/// Some libraries send what they report themselves: that is a fault, in a stream of frames that are sound.
#[test]
fn a_code_that_may_not_be_sent_does_not_outweigh_frames_that_are_sound() {
    for code in [999u16, 1005, 1006, 1015] {
        for of_client in [0, 1, 6] {
            let mut talk = Talk::new();
            for count in 0..6 {
                talk.push((false, frame(false, 0x82, b"PING\r\n")));
                if count < of_client {
                    talk.push((true, frame(true, 0x82, b"PONG\r\n")));
                }
            }
            let payload = code.to_be_bytes();
            talk.push((false, frame(false, 0x88, &payload)));
            talk.push((true, frame(true, 0x88, &payload)));
            let records = read(&talk, 0);
            let [record] = records.as_slice() else {
                // What has no mask may be many things.
                assert!(of_client == 0 && records.is_empty(), "{code} {of_client}");
                continue;
            };
            let codes: Vec<_> = record.closes.iter().map(|close| close.close.code).collect();
            assert_eq!(codes, [Some(code); 2], "{of_client}");
            let rules = record.findings.iter().map(|found| found.finding.rule.id);
            assert!(
                rules.eq(["close-code-not-allowed"; 2]),
                "{code} {of_client}"
            );
            assert_eq!(record.client_end.frames, of_client + 1, "{code}");
        }
    }
}

/// What an extension means that was agreed on before, and what a message goes on that was begun before, is no fault.
#[test]
fn what_was_before_the_capture_is_no_fault() {
    let text = |is_client, text: &str| (is_client, frame(is_client, 0x81, text.as_bytes()));
    let packed = [0xca, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let close = 1002u16.to_be_bytes();
    let end = [
        (false, frame(false, 0x88, &close)),
        (true, frame(true, 0x88, &close)),
    ];
    let compressed = [
        (false, frame(false, 0xc1, &packed)),
        (true, frame(true, 0xc1, &packed)),
        (false, frame(false, 0xc1, &packed)),
    ];
    let continued = [
        (true, frame(true, 0x80, b"the end of it")),
        text(false, "and now to another matter"),
        text(false, "which is as long"),
    ];
    for talk in [compressed, continued] {
        let talk = [&talk[..], &end].concat();
        let records = read(&talk, 0);
        assert_eq!(records.len(), 1);
        assert!(records[0].findings.is_empty(), "{:?}", records[0].findings);
        let explanation = explain_connection(&records[0], Registries::default());
        assert_eq!(explanation.cause, Cause::Application);
        assert_eq!(explanation.rule, None);
    }
}

/// A conversation whose frames come in segments of a few bytes, with a Close at its end.
fn in_small_segments(random: &mut Rng) -> Talk {
    let mut talk = Talk::new();
    for _ in 0..random.usize(2..6) {
        for is_client in [true, false] {
            let said = words(random);
            let said = said.get(..said.len().min(60)).unwrap_or_default();
            talk.push((is_client, frame(is_client, 0x81, said)));
        }
    }
    let close = [&1011u16.to_be_bytes()[..], b"the database is gone"].concat();
    talk.push((false, frame(false, 0x88, &close)));
    talk.push((true, frame(true, 0x88, &close[..2])));
    let cut = |(is_client, bytes): (bool, Vec<u8>)| {
        let pieces = bytes.chunks(7).map(<[u8]>::to_vec);
        pieces
            .map(move |piece| (is_client, piece))
            .collect::<Vec<_>>()
    };
    talk.into_iter().flat_map(cut).collect()
}

/// What a packet overtook is put in its place, also while it is not known that these are frames.
#[test]
fn packets_that_overtook_others_change_nothing() {
    let mut random = Rng::with_seed(41);
    let mut swapped = 0;
    for _ in 0..300 {
        let talk = in_small_segments(&mut random);
        let mut packets = packets(&talk, 0);
        let in_order = read_packets(&packets);
        let [whole] = in_order.as_slice() else {
            continue;
        };
        for _ in 0..3 {
            let place = random.usize(1..packets.len() - 3);
            // Who sent a packet stands in its source port.
            if packets[place][20..22] == packets[place + 1][20..22] {
                packets.swap(place, place + 1);
                swapped += 1;
            }
        }
        let records = read_packets(&packets);
        let [record] = records.as_slice() else {
            panic!("{} connections", records.len());
        };
        let closes = |record: &Record| {
            let closes = record.closes.iter();
            closes
                .map(|close| (close.sender, close.close.reason.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(closes(record), closes(whole));
        assert!(record.findings.is_empty(), "{:?}", record.findings);
        assert_eq!(record.client_end.frames, whole.client_end.frames);
    }
    assert!(swapped > 200, "{swapped}");
}

/// A gap is told once, though what waits for a verdict is read anew.
#[test]
fn a_gap_while_frames_are_searched_is_told_once() {
    let mut random = Rng::with_seed(43);
    let mut told = 0;
    for _ in 0..200 {
        let talk = in_small_segments(&mut random);
        let mut packets = packets(&talk, 0);
        packets.remove(random.usize(1..12));
        for record in read_packets(&packets) {
            let gaps = record.events.iter();
            let gaps = gaps
                .filter(|event| matches!(event.what, What::Gap(_)))
                .count();
            assert!(gaps <= 1, "{gaps}");
            told += gaps;
        }
    }
    assert!(told > 50, "{told}");
}
