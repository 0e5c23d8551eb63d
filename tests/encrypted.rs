//! Encrypted recordings and streams of HTTP/2, from the file to why their connections ended.

#![cfg(all(feature = "tls", feature = "cli"))]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wsclose::capture::file::{Block, CaptureFile, Link, Packet};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::session::tls::KeysFound;
use wsclose::session::{Options, Origin, Piece, Record};
use wsclose::tls::{KeyLog, Out, Reader};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/encrypted")
}

/// A packet that is kept.
#[derive(Clone)]
struct Kept {
    number: u64,
    time: Option<i64>,
    link: Link,
    bytes: Vec<u8>,
    original_length: u32,
}

/// A recording: its packets, and the keys that there are.
struct Recording {
    name: String,
    bytes: Vec<u8>,
    packets: Vec<Kept>,
    keys: Vec<u8>,
    truth: Value,
    /// The causes that the whole of it shows.
    whole: Vec<&'static str>,
}

fn recordings() -> Vec<Recording> {
    let text = fs::read_to_string(folder().join("expected.jsonl")).expect("it is there");
    let recordings = text.lines().map(|line| {
        let truth: Value = serde_json::from_str(line).expect("it is JSON");
        let name = truth["file"].as_str().expect("a name").to_owned();
        let bytes = fs::read(folder().join(&name)).expect("it is there");
        let mut keys = Vec::new();
        if let Some(keylog) = truth["keylog"].as_str() {
            keys = fs::read(folder().join(keylog)).expect("it is there");
        }
        let packets = packets(&bytes, &mut keys);
        let whole = read(&packets, &keys);
        let whole = whole.iter().map(|record| explain(record).cause.id());
        Recording {
            whole: whole.collect(),
            name,
            bytes,
            packets,
            keys,
            truth,
        }
    });
    let recordings: Vec<Recording> = recordings.collect();
    assert!(recordings.len() >= 57);
    recordings
}

fn packets(bytes: &[u8], keys: &mut Vec<u8>) -> Vec<Kept> {
    let mut packets = Vec::new();
    let mut file = CaptureFile::new();
    // What is cut is read as far as it goes.
    let _ = file.blocks(bytes, |block| match block {
        Block::Packet(packet) => packets.push(Kept {
            number: packet.number,
            time: packet.time,
            link: packet.link,
            bytes: packet.bytes.to_vec(),
            original_length: packet.original_length,
        }),
        Block::Secrets(secrets) => {
            keys.push(b'\n');
            keys.extend_from_slice(secrets);
        }
    });
    packets
}

fn read<'a>(packets: impl IntoIterator<Item = &'a Kept>, keys: &[u8]) -> Vec<Record> {
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    tracker.secrets.log.feed(keys);
    tracker.secrets.log.finish();
    tracker.secrets.is_given = !keys.is_empty();
    let mut records = Vec::new();
    let mut sink = |record: Box<Record>| records.push(*record);
    for packet in packets {
        let packet = Packet {
            number: packet.number,
            at: 0,
            time: packet.time,
            link: packet.link,
            bytes: &packet.bytes,
            original_length: packet.original_length,
        };
        tracker.packet(&packet, &mut sink);
    }
    tracker.finish(&mut sink);
    records
}

fn explain(record: &Record) -> Explanation {
    explain_connection(record, Registries::default())
}

type Close = (String, Option<u16>, String);

fn closes(record: &Record) -> Vec<Close> {
    let closes = record.closes.iter().map(|close| {
        let reason = close.close.reason_lossy();
        (close.sender.id().to_owned(), close.close.code, reason)
    });
    let mut closes: Vec<Close> = closes.collect();
    closes.sort();
    closes
}

fn closes_of(truth: &Value) -> Vec<Close> {
    let closes = truth["closes"].as_array().expect("an array").iter();
    let closes = closes.map(|close| {
        let text = |name: &str| close[name].as_str().unwrap_or_default().to_owned();
        let code = close["code"].as_u64().map(|code| code as u16);
        (text("sender"), code, text("reason"))
    });
    let mut closes: Vec<Close> = closes.collect();
    closes.sort();
    closes
}

/// The record that a truth is about: by its stream, its target, its closes, or its place.
fn of<'a>(records: &'a [Record], truth: &Value, place: usize) -> Option<&'a Record> {
    let stream = truth["stream"].as_u64();
    let target = truth["target"].as_str();
    let url = truth["url"].as_str();
    let mut all = records.iter();
    if let Some(stream) = stream {
        return all.find(|record| {
            let of = record.transport.stream.as_ref();
            of.is_some_and(|of| u64::from(of.id) == stream)
        });
    }
    if url.is_some() {
        let mut of_url = all.clone().filter(|record| record.url().as_deref() == url);
        if let Some(record) = of_url.next() {
            return Some(record);
        }
    }
    let wanted = closes_of(truth);
    let is_target = |record: &&Record| {
        let request = record.handshake.upgrade.request.as_ref();
        target.is_none() || request.map(|request| request.target.as_str()) == target
    };
    let by_closes = all.find(|record| is_target(record) && closes(record) == wanted);
    by_closes.or(records.get(place))
}

fn truths(recording: &Recording) -> &[Value] {
    recording.truth["connections"].as_array().expect("an array")
}

#[test]
fn closes_causes_and_what_the_client_saw_are_those_that_were_recorded() {
    let mut wrong = Vec::new();
    for recording in recordings() {
        let records = read(&recording.packets, &recording.keys);
        for (place, truth) in truths(&recording).iter().enumerate() {
            let name = format!("{} connection {place}", recording.name);
            let Some(record) = of(&records, truth, place) else {
                wrong.push(format!("{name}: not reported"));
                continue;
            };
            let explanation = explain(record);
            if closes(record) != closes_of(truth) {
                wrong.push(format!(
                    "{name}: {:?}, not {}",
                    closes(record),
                    truth["closes"]
                ));
            }
            let causes = truth["causes"].as_array().expect("an array");
            let cause = explanation.cause.id();
            if !causes.iter().any(|known| known.as_str() == Some(cause)) {
                wrong.push(format!("{name}: {cause}, not {causes:?}"));
            }
            let saw = truth["client_saw"].as_u64();
            if saw.is_some() && explanation.client_sees.map(u64::from) != saw {
                wrong.push(format!(
                    "{name}: {:?}, not {saw:?}",
                    explanation.client_sees
                ));
            }
            for sender in [Sender::Client, Sender::Server] {
                let frames = truth["frames"][sender.id()].as_u64();
                let is_whole = record.side(sender).endpoint.oddities.lost == 0;
                if is_whole && frames.is_some_and(|frames| frames != record.side(sender).frames) {
                    let seen = record.side(sender).frames;
                    wrong.push(format!(
                        "{name}: {seen} frames of the {sender}, not {frames:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a part of a recording may not claim: a Close that did not travel, or a fault that nobody made.
fn claims(recording: &Recording, records: &[Record], what: &str, wrong: &mut Vec<String>) {
    let truths = truths(recording);
    let known: Vec<Close> = truths.iter().flat_map(closes_of).collect();
    let mut causes: Vec<&str> = truths
        .iter()
        .flat_map(|truth| truth["causes"].as_array().expect("an array"))
        .filter_map(Value::as_str)
        .collect();
    // Browsers open connections beside, of which the truth does not tell.
    causes.extend(&recording.whole);
    let is_unanswered = |truth: &&Value| closes_of(truth).len() == 1;
    if truths.iter().any(|truth| is_unanswered(&truth)) {
        causes.push("close-unanswered");
    }
    for record in records {
        for close in &record.closes {
            let reason = close.close.reason_lossy();
            let is_known = known.iter().any(|(sender, code, whole)| {
                let is_code = close.close.code == *code || close.is_truncated;
                let is_reason =
                    *whole == reason || close.is_truncated && whole.starts_with(&reason);
                sender == close.sender.id() && is_code && is_reason
            });
            if !is_known {
                wrong.push(format!("{} {what}: {:?}", recording.name, close.close));
            }
        }
        let by = record.closed_by().map(Sender::id);
        let is_first = |truth: &Value| by == truth["closes"][0]["sender"].as_str();
        if by.is_some() && !truths.iter().any(is_first) {
            wrong.push(format!("{} {what}: closed by {by:?}", recording.name));
        }
        let cause = explain(record).cause.id();
        if by.is_none() && !record.closes.is_empty() && cause == "application" {
            wrong.push(format!("{} {what}: {cause} by nobody", recording.name));
        }
        let is_claim = matches!(
            cause,
            "violation"
                | "too-big"
                | "close-unanswered"
                | "keepalive-timeout"
                | "upgrade-refused"
                | "upgrade-invalid"
                | "tls-failed"
                | "wrong-scheme"
                | "cut-mid-frame"
        );
        // Where each was closed, and something was read, a Close is not denied.
        let is_denied = matches!(cause, "peer-gone" | "reset")
            && record.has_frames()
            && truths.iter().all(|truth| !closes_of(truth).is_empty());
        if (is_claim || is_denied) && !causes.contains(&cause) {
            wrong.push(format!("{} {what}: {cause}", recording.name));
        }
    }
}

#[test]
fn a_recording_that_is_cut_anywhere_claims_nothing_wrong() {
    let mut wrong = Vec::new();
    for recording in recordings() {
        for cut in 0..200 {
            let length = recording.bytes.len() * cut / 200;
            let part = recording.bytes.get(..length).unwrap_or_default();
            let mut keys = recording.keys.clone();
            let records = read(&packets(part, &mut keys), &keys);
            claims(
                &recording,
                &records,
                &format!("cut at {length}"),
                &mut wrong,
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_packet_that_is_missing_makes_no_wrong_claim() {
    let mut wrong = Vec::new();
    for recording in recordings() {
        for missing in 0..recording.packets.len() {
            let kept = recording.packets.iter().enumerate();
            let kept = kept.filter(|(place, _)| *place != missing);
            let records = read(kept.map(|(_, packet)| packet), &recording.keys);
            claims(
                &recording,
                &records,
                &format!("without packet {}", missing + 1),
                &mut wrong,
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What several lost packets may have held is not claimed either.
#[test]
fn packets_that_are_missing_make_no_wrong_claim() {
    let mut wrong = Vec::new();
    let mut random = fastrand::Rng::with_seed(7);
    for recording in recordings() {
        for _ in 0..100 {
            let count = recording.packets.len();
            let missing: Vec<usize> = (0..random.usize(2..5))
                .map(|_| random.usize(..count))
                .collect();
            let kept = recording.packets.iter().enumerate();
            let kept = kept.filter(|(place, _)| !missing.contains(place));
            let records = read(kept.map(|(_, packet)| packet), &recording.keys);
            let what = format!("without {missing:?}");
            claims(&recording, &records, &what, &mut wrong);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_capture_that_begins_late_makes_no_wrong_claim() {
    let mut wrong = Vec::new();
    for recording in recordings() {
        for first in 1..recording.packets.len() {
            let records = read(recording.packets.iter().skip(first), &recording.keys);
            let what = format!("from packet {} on", first + 1);
            claims(&recording, &records, &what, &mut wrong);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Keys of others, or none, give nothing and contradict nothing.
#[test]
fn without_its_keys_nothing_of_an_encrypted_connection_is_claimed() {
    for recording in recordings() {
        if recording.keys.is_empty() {
            continue;
        }
        let other = format!("CLIENT_RANDOM {} {}\n", "00".repeat(32), "11".repeat(48));
        for record in read(&recording.packets, other.as_bytes()) {
            assert!(record.closes.is_empty(), "{}", recording.name);
            assert!(!record.has_frames(), "{}", recording.name);
            let tls = record.tls.as_ref();
            if let Some(tls) = tls.filter(|tls| tls.client_random.is_some()) {
                assert_eq!(tls.keys, KeysFound::NoneFits(1), "{}", recording.name);
            }
        }
        // A secret with a digit that is wrong opens nothing.
        let mut keys = recording.keys.clone();
        for line in keys.split_mut(|byte| *byte == b'\n') {
            let length = line.trim_ascii_end().len();
            if let Some(last) = length.checked_sub(1).and_then(|last| line.get_mut(last)) {
                *last = if *last == b'0' { b'1' } else { b'0' };
            }
        }
        for record in read(&recording.packets, &keys) {
            assert!(record.closes.is_empty(), "{}", recording.name);
            assert!(!record.has_frames(), "{}", recording.name);
        }
    }
}

/// Keys never reach what is said.
#[test]
fn no_secret_is_in_what_is_said() {
    for recording in recordings() {
        let keys = String::from_utf8_lossy(&recording.keys).to_lowercase();
        let words = keys
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2));
        let secrets: Vec<&str> = words.filter(|word| word.len() >= 64).collect();
        for record in read(&recording.packets, &recording.keys) {
            let explanation = explain(&record);
            let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
            let printed = format!("{record:?}{}", said.join(" ")).to_lowercase();
            for secret in &secrets {
                assert!(!printed.contains(secret), "{}", recording.name);
            }
        }
    }
}

/// A packet of TCP over IP, taken apart: from the client or not, sequence number, flags, payload.
fn taken_apart(packet: &Kept, client_port: u16) -> Option<(bool, u32, u8, Vec<u8>)> {
    let ip = match packet.link {
        Link::Ethernet => packet.bytes.get(14..)?,
        Link::Ip => packet.bytes.as_slice(),
        _ => return None,
    };
    let total = usize::from(u16::from_be_bytes([*ip.get(2)?, *ip.get(3)?]));
    let tcp = ip.get(usize::from(ip.first()? & 15) * 4..total)?;
    let port = u16::from_be_bytes([*tcp.first()?, *tcp.get(1)?]);
    let sequence = u32::from_be_bytes(tcp.get(4..8)?.try_into().ok()?);
    let payload = tcp.get(usize::from(tcp.get(12)? >> 4) * 4..)?;
    Some((
        port == client_port,
        sequence,
        *tcp.get(13)?,
        payload.to_vec(),
    ))
}

/// The same traffic as it would be without TLS: what each packet of it completes, in the same packets.
fn without_tls(recording: &Recording) -> Option<Vec<Kept>> {
    let first = recording.packets.first()?;
    let ip = first.bytes.get(14..)?;
    let client_port = u16::from_be_bytes([*ip.get(20)?, *ip.get(21)?]);
    let mut log = KeyLog::new();
    log.feed(&recording.keys);
    log.finish();
    let mut reader = Reader::default();
    let mut next = [1000u32, 5000];
    let mut expected = [None, None];
    let mut plain = Vec::new();
    for packet in &recording.packets {
        let (is_client, sequence, flags, payload) = taken_apart(packet, client_port)?;
        let side = usize::from(!is_client);
        let is_syn = flags & 2 != 0;
        // Sent again, or out of order: that is another law's.
        let wanted = expected[side].unwrap_or(sequence);
        if sequence != wanted && !payload.is_empty() {
            return None;
        }
        expected[side] = Some(wanted.wrapping_add(payload.len() as u32 + u32::from(is_syn)));
        let sender = [Sender::Client, Sender::Server][side];
        let origin = Origin::new(packet.number, packet.time?);
        let mut said = Vec::new();
        let mut sink = |_: usize, out: Out<'_>, _: &mut KeyLog| {
            if let Out::Piece(Piece::Bytes(_, bytes, _)) = out {
                said.extend_from_slice(bytes);
            }
        };
        reader.bytes(side, sender, &payload, origin, &mut log, &mut sink);
        let mut bytes = vec![0x45, 0];
        bytes.extend((40 + said.len() as u16).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
        let (from, to) = match is_client {
            true => ([10, 0, 0, 1], [10, 0, 0, 2]),
            false => ([10, 0, 0, 2], [10, 0, 0, 1]),
        };
        bytes.extend(from);
        bytes.extend(to);
        let ports = [40_000u16, 8080];
        bytes.extend(ports[side].to_be_bytes());
        bytes.extend(ports[1 - side].to_be_bytes());
        bytes.extend(next[side].to_be_bytes());
        bytes.extend(next[1 - side].to_be_bytes());
        bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        bytes.extend(&said);
        next[side] += said.len() as u32 + u32::from(is_syn) + u32::from(flags & 1);
        plain.push(Kept {
            link: Link::Ip,
            original_length: bytes.len() as u32,
            bytes,
            ..packet.clone()
        });
    }
    Some(plain)
}

#[test]
fn the_same_traffic_in_clear_gives_the_same_closes_and_causes() {
    let mut compared = 0;
    for recording in recordings() {
        let records = read(&recording.packets, &recording.keys);
        let [record] = records.as_slice() else {
            continue;
        };
        let is_read = record.tls.as_ref().is_some_and(|tls| tls.is_read());
        if !is_read || record.transport.stream.is_some() {
            continue;
        }
        let Some(plain) = without_tls(&recording) else {
            continue;
        };
        let name = &recording.name;
        let plain = read(&plain, &[]);
        assert_eq!(plain.len(), 1, "{name}");
        assert_eq!(closes(&plain[0]), closes(record), "{name}");
        let (of_plain, of_tls) = (explain(&plain[0]), explain(record));
        // A fatal alert is all that tells why.
        let is_alert = of_tls.cause.id() == "tls-failed";
        assert!(is_alert || of_plain.cause == of_tls.cause, "{name}");
        assert!(
            is_alert || of_plain.client_sees == of_tls.client_sees,
            "{name}"
        );
        assert!(
            is_alert || of_plain.server_sees == of_tls.server_sees,
            "{name}"
        );
        for sender in [Sender::Client, Sender::Server] {
            let frames = record.side(sender).frames;
            assert_eq!(plain[0].side(sender).frames, frames, "{name}");
        }
        compared += 1;
    }
    assert!(compared >= 25, "{compared}");
}
