//! Packets that stand in a file in another order than that of their times, clocks that are set, and several
//! files that are one capture: what is said is what is said of the packets in order.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fastrand::Rng;
use wsclose::capture::file::{CaptureFile, Link, Packet};
use wsclose::capture::gzip::{Gunzip, MAGIC};
use wsclose::capture::order::{Order, Reordered, SPAN};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::explain_connection;
use wsclose::facts::causes::Cause;
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::session::{EndKind, Options, Record};

const SECOND: i64 = 1_000_000_000;

/// A packet, with its place in the order of time.
#[derive(Clone)]
struct Seen {
    number: u64,
    time: i64,
    link: Link,
    bytes: Vec<u8>,
    original_length: u32,
}

/// The packet captures in `tests/captures`, each in the order of time, which no two packets share.
fn captures() -> Vec<(String, Vec<Seen>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("the captures are there") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if !name.contains(".pcap") {
            continue;
        }
        let mut bytes = fs::read(&path).expect("it can be read");
        if bytes.starts_with(&MAGIC) {
            let mut whole = Vec::new();
            let mut gunzip = Gunzip::default();
            let fed = gunzip.feed(&bytes, |bytes| {
                whole.extend_from_slice(bytes);
                Ok(())
            });
            fed.expect("it is gzip");
            bytes = whole;
        }
        let mut packets = Vec::new();
        let read = CaptureFile::new().feed(&bytes, |packet| {
            packets.push(Seen {
                number: 0,
                time: packet.time.unwrap_or_default(),
                link: packet.link,
                bytes: packet.bytes.to_vec(),
                original_length: packet.original_length,
            });
        });
        read.expect("it is a capture");
        packets.sort_by_key(|packet| packet.time);
        let mut last = i64::MIN;
        for (packet, number) in packets.iter_mut().zip(1..) {
            packet.number = number;
            packet.time = packet.time.max(last + 1);
            last = packet.time;
        }
        all.push((name, packets));
    }
    assert!(all.len() > 50, "{} captures", all.len());
    all
}

fn read(packets: &[Seen]) -> (Vec<Record>, Reordered) {
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    let mut order = Order::default();
    let mut records = Vec::new();
    let mut sink = |record: Box<Record>| records.push(*record);
    for packet in packets {
        let packet = Packet {
            number: packet.number,
            at: 0,
            time: Some(packet.time),
            link: packet.link,
            bytes: &packet.bytes,
            original_length: packet.original_length,
        };
        order.take(&packet, &mut |packet| tracker.packet(packet, &mut sink));
    }
    order.flush(&mut |packet| tracker.packet(packet, &mut sink));
    tracker.finish(&mut sink);
    (records, order.done())
}

/// What is claimed of connections, but for their times.
fn claims(records: &[Record]) -> Vec<String> {
    let claim = |record: &Record| {
        let explanation = explain_connection(record, Registries::default());
        let closes: Vec<_> = record
            .closes
            .iter()
            .map(|close| (close.sender, close.close.code))
            .collect();
        let end = record.end.map(|end| (end.kind, end.by));
        // How long it was silent is not known where the clock was set.
        let cause = match explanation.cause {
            Cause::IdleTimeout => Cause::PeerGone,
            other => other,
        };
        format!(
            "{:?} {:?} {closes:?} {:?} {end:?} {:?}",
            record.client_name(),
            cause,
            record.closed_by(),
            (explanation.client_sees, explanation.server_sees),
        )
    };
    let mut all: Vec<String> = records.iter().map(claim).collect();
    all.sort();
    all
}

#[test]
fn what_is_shuffled_within_a_second_is_read_as_what_is_sorted() {
    let mut random = Rng::with_seed(1);
    let mut moved = 0;
    for (name, packets) in captures() {
        let (sorted, done) = read(&packets);
        assert_eq!(done, Reordered::default(), "{name}");
        for bound in [1_000, 1_000_000, 50_000_000, SPAN] {
            let mut shuffled = packets.clone();
            shuffled.sort_by_cached_key(|packet| packet.time + random.i64(0..bound));
            let (records, done) = read(&shuffled);
            assert_eq!(done.steps, 0, "{name} {bound}");
            assert!(done.latest <= bound, "{name} {bound} {done:?}");
            moved += done.packets;
            assert!(records == sorted, "{name} shuffled within {bound} ns");
        }
    }
    assert!(moved > 2000, "{moved} packets were moved");
}

#[test]
fn a_clock_that_is_set_changes_no_claim() {
    let mut random = Rng::with_seed(2);
    let mut wrong = Vec::new();
    let mut runs = 0;
    for (name, packets) in captures() {
        let (sorted, _) = read(&packets);
        let sorted = claims(&sorted);
        for by in [
            SECOND / 100,
            SECOND / 3,
            SECOND,
            90 * SECOND,
            40 * 86_400 * SECOND,
        ] {
            for _ in 0..6 {
                let place = random.usize(1..packets.len());
                let mut set = packets.clone();
                for packet in &mut set[place..] {
                    packet.time -= by;
                }
                let (records, _) = read(&set);
                runs += 1;
                let claimed = claims(&records);
                if claimed != sorted {
                    wrong.push(format!(
                        "{name} back by {by} ns at {place}: {sorted:#?} {claimed:#?}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {runs}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_time_in_the_far_future_changes_no_claim() {
    let mut random = Rng::with_seed(3);
    for (name, packets) in captures() {
        let (sorted, _) = read(&packets);
        for count in [1, 2, 5] {
            if packets.len() <= count + 2 {
                continue;
            }
            let place = random.usize(1..packets.len() - count);
            // Those that are more than a second apart are not known to be wrong while they pass.
            if packets[place + count - 1].time - packets[place].time >= SPAN {
                continue;
            }
            let mut stray = packets.clone();
            for packet in &mut stray[place..place + count] {
                packet.time += 70 * 365 * 86_400 * SECOND;
            }
            let (records, done) = read(&stray);
            assert_eq!(done.steps, 1, "{name} {place}");
            assert_eq!(claims(&records), claims(&sorted), "{name} {place}");
        }
    }
}

/// Writes a file of packets and gives its path.
fn written(directory: &Path, name: &str, packets: &[&Seen]) -> PathBuf {
    let link: u32 = match packets[0].link {
        Link::Ethernet => 1,
        Link::Cooked => 113,
        Link::Cooked2 => 276,
        Link::Ip => 101,
        Link::Loop => 0,
        Link::Other(number) => number.into(),
        other => panic!("{other:?} is not written"),
    };
    let mut bytes = 0xa1b2_3c4d_u32.to_le_bytes().to_vec();
    bytes.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);
    bytes.extend(link.to_le_bytes());
    for packet in packets {
        let (seconds, rest) = (packet.time / SECOND, packet.time % SECOND);
        for word in [
            seconds as u32,
            rest as u32,
            packet.bytes.len() as u32,
            packet.original_length,
        ] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(&packet.bytes);
    }
    let path = directory.join(name);
    fs::write(&path, bytes).expect("it can be written");
    path
}

fn decoded(files: &[PathBuf]) -> (Vec<serde_json::Value>, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_wsclose"))
        .args(["decode-capture", "--json"])
        .args(files)
        .env("LC_ALL", "C")
        .output()
        .expect("it runs");
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (lines.collect(), output.status.code())
}

#[test]
fn files_of_a_ring_and_of_two_interfaces_are_one_capture() {
    let directory = std::env::temp_dir().join(format!("wsclose-order-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory");
    let mut random = Rng::with_seed(4);
    for (name, packets) in captures().iter().filter(|(_, packets)| packets.len() > 3) {
        let whole: Vec<&Seen> = packets.iter().collect();
        let (expected, status) = decoded(&[written(&directory, "whole.pcap", &whole)]);
        let place = random.usize(1..packets.len() - 1);
        let (first, second) = whole.split_at(place);
        let ring = [
            written(&directory, "ring2.pcap", second),
            written(&directory, "ring1.pcap", first),
        ];
        let (odd, even): (Vec<&Seen>, Vec<&Seen>) =
            whole.iter().partition(|packet| packet.number % 2 == 1);
        let queues = [
            written(&directory, "odd.pcap", &odd),
            written(&directory, "even.pcap", &even),
        ];
        for files in [ring, queues] {
            let (mut lines, joined) = decoded(&files);
            let summary = lines
                .last_mut()
                .and_then(|line| line.as_object_mut())
                .expect("a summary");
            let names = summary.remove("files").expect("the files are named");
            assert_eq!(names.as_array().map(Vec::len), Some(2));
            assert_eq!((&lines, joined), (&expected, status), "{name} in {files:?}");
        }
    }
    fs::remove_dir_all(&directory).ok();
}

/// The port that a packet was sent from, where it is TCP over IPv4.
fn port_of(packet: &Seen) -> Option<u16> {
    let ip = match packet.link {
        Link::Ethernet if packet.bytes.get(12..14)? == [8, 0] => packet.bytes.get(14..)?,
        Link::Ip => &packet.bytes[..],
        _ => return None,
    };
    let length = usize::from(ip.first()? & 15) * 4;
    let port = ip.get(length..length + 2)?;
    (ip.first()? >> 4 == 4 && ip.get(9) == Some(&6)).then(|| u16::from_be_bytes([port[0], port[1]]))
}

/// What one end sent stands behind what the other one did, by far more than packets are put in order by: who closed
/// first is told by what each had received, or not at all.
#[test]
fn what_each_end_sent_one_behind_the_other_exchanges_no_closer() {
    let (mut told, mut answered) = (0, 0);
    for (name, mut packets) in captures() {
        let Some(ports) = packets.iter().map(port_of).collect::<Option<Vec<u16>>>() else {
            continue;
        };
        let (first, last) = (packets[0].time, packets[packets.len() - 1].time);
        let by = 60 * SECOND / (last - first).max(1) + 1;
        for packet in &mut packets {
            packet.time = first + (packet.time - first) * by;
        }
        let (sorted, _) = read(&packets);
        let [record] = &sorted[..] else {
            continue;
        };
        if record.found.is_some()
            || record.tls.is_some()
            || ports.iter().min() == ports.iter().max()
        {
            continue;
        }
        for is_client_first in [true, false] {
            let mut appended: Vec<Seen> = packets.clone();
            appended.sort_by_key(|packet| (port_of(packet) == Some(ports[0])) != is_client_first);
            let (records, _) = read(&appended);
            let [appended] = &records[..] else {
                continue;
            };
            let by = appended.closed_by();
            assert!(
                by.is_none() || by == record.closed_by(),
                "{name} {is_client_first}"
            );
            told += usize::from(by.is_some());
            let explanation = explain_connection(appended, Registries::default());
            let is_sure = appended.closes.is_empty() || explanation.cause != Cause::Unknown;
            assert!(
                by.is_some() || !is_sure || appended.closes.is_empty(),
                "{name}"
            );
            // FINs that crossed have no order but that of their times.
            let has_answered = |by: Sender| {
                let [this, other] = [by.other(), by].map(|end| &record.side(end).endpoint);
                this.had_received
                    .is_some_and(|received| received > other.bytes)
            };
            let ends = [appended, record].map(|record| {
                let end = record.tcp_end.filter(|end| end.kind == EndKind::Fin)?;
                Some(end.by)
            });
            if let [Some(one), Some(two)] = ends {
                assert!(one == two || !has_answered(two), "{name} {is_client_first}");
                answered += usize::from(has_answered(two));
            }
        }
    }
    assert!(
        told > 20 && answered > 20,
        "{told} are told, {answered} answered"
    );
}

/// Newest first, as some programs export it: no all-clear.
#[test]
fn a_file_that_stands_from_the_last_packet_to_the_first_is_no_connection_that_is_open() {
    let mut seen = 0;
    for (name, mut packets) in captures() {
        if packets.len() < 10 || packets.iter().any(|packet| port_of(packet).is_none()) {
            continue;
        }
        let first = packets[0].time;
        for (packet, place) in packets.iter_mut().zip(0..) {
            packet.time = first + place * 2 * SECOND;
        }
        packets.reverse();
        let mut tracker = Tracker::new(Limits::default(), Options::default());
        let mut order = Order::default();
        let mut records: Vec<Record> = Vec::new();
        let mut sink = |record: Box<Record>| records.push(*record);
        for packet in &packets {
            let packet = Packet {
                number: packet.number,
                at: 0,
                time: Some(packet.time),
                link: packet.link,
                bytes: &packet.bytes,
                original_length: packet.original_length,
            };
            order.take(&packet, &mut |packet| tracker.packet(packet, &mut sink));
        }
        order.flush(&mut |packet| tracker.packet(packet, &mut sink));
        tracker.finish(&mut sink);
        for record in &records {
            assert_eq!(record.closed_by(), None, "{name}");
        }
        seen += usize::from(tracker.totals().backwards > 0);
    }
    assert!(seen > 20, "{seen} are seen");
}
