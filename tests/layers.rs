//! What lies between the link and TCP: a connection inside any tunnel is told as the one outside, and what
//! is not opened is counted.

use std::fs;
use std::path::Path;

use wsclose::capture::file::{CaptureFile, Link, Packet};
use wsclose::capture::layers::Sealed;
use wsclose::capture::tracker::{Limits, Totals, Tracker};
use wsclose::explain::explain_connection;
use wsclose::facts::registry::Registries;
use wsclose::session::{Options, Record};

/// What puts a datagram into a packet of a link.
type Wrap = fn(&[u8]) -> Vec<u8>;

/// The IP datagrams of a capture of Ethernet or cooked packets.
fn datagrams(name: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/captures")
        .join(name);
    let mut all = Vec::new();
    let read = CaptureFile::new().feed(&fs::read(path).expect("it can be read"), |packet| {
        let header = match packet.link {
            Link::Ethernet => 14,
            Link::Cooked => 16,
            Link::Cooked2 => 20,
            other => panic!("a link without a header: {other:?}"),
        };
        let datagram = &packet.bytes[header..];
        if matches!(datagram[0] >> 4, 4 | 6) {
            all.push(datagram.to_vec());
        }
    });
    read.expect("it is a capture");
    assert!(all.len() > 5, "{name}");
    all
}

fn read(link: Link, packets: impl Iterator<Item = Vec<u8>>) -> (Vec<Record>, Totals) {
    let mut tracker = Tracker::new(Limits::default(), Options::default());
    let mut records = Vec::new();
    for (bytes, number) in packets.zip(1..) {
        let packet = Packet {
            number,
            at: 0,
            time: Some(number as i64 * 1_000_000),
            link,
            bytes: &bytes,
            original_length: bytes.len() as u32,
        };
        tracker.packet(&packet, &mut |record| records.push(*record));
    }
    tracker.finish(&mut |record| records.push(*record));
    (records, tracker.totals())
}

fn claims(records: &[Record]) -> Vec<String> {
    let claim = |record: &Record| {
        let explanation = explain_connection(record, Registries::default());
        let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
        format!(
            "{:?} {said:?} {:?}",
            explanation.cause, explanation.reported
        )
    };
    records.iter().map(claim).collect()
}

fn behind(header: &[u8], inner: &[u8]) -> Vec<u8> {
    [header, inner].concat()
}

/// What an EtherType says of a datagram.
fn kind(inner: &[u8]) -> [u8; 2] {
    if inner[0] >> 4 == 6 {
        [0x86, 0xdd]
    } else {
        [8, 0]
    }
}

fn ethernet(kind: [u8; 2], inner: &[u8]) -> Vec<u8> {
    behind(&[&[2; 12][..], &kind].concat(), inner)
}

/// An IPv4 datagram from 192.0.2.1 to 192.0.2.2.
fn ipv4(protocol: u8, inner: &[u8]) -> Vec<u8> {
    let length = (20 + inner.len() as u16).to_be_bytes();
    let header = [
        &[
            0x45, 0, length[0], length[1], 0, 0, 0, 0, 64, protocol, 0, 0,
        ][..],
        &[192, 0, 2, 1, 192, 0, 2, 2],
    ];
    behind(&header.concat(), inner)
}

fn ipv6(protocol: u8, inner: &[u8]) -> Vec<u8> {
    let length = (inner.len() as u16).to_be_bytes();
    let header = [
        &[0x60, 0, 0, 0, length[0], length[1], protocol, 64][..],
        &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    ];
    behind(&header.concat(), inner)
}

fn udp(port: u16, inner: &[u8]) -> Vec<u8> {
    let (port, length) = (port.to_be_bytes(), (8 + inner.len() as u16).to_be_bytes());
    behind(
        &[0xc0, 0, port[0], port[1], length[0], length[1], 0, 0],
        inner,
    )
}

fn whole_frame(inner: &[u8]) -> Vec<u8> {
    ethernet(kind(inner), inner)
}

fn protocol(inner: &[u8]) -> u8 {
    if inner[0] >> 4 == 6 { 41 } else { 4 }
}

const WRAPS: &[(&str, Link, Wrap)] = &[
    ("NSH by its EtherType", Link::Ethernet, |ip| {
        let next = if protocol(ip) == 41 { 2 } else { 1 };
        let nsh = [0x0f, 0xc2, 1, next, 0, 0, 1, 0xff];
        ethernet([0x89, 0x4f], &behind(&nsh, ip))
    }),
    ("VN-Tag", Link::Ethernet, |ip| {
        ethernet(
            [0x89, 0x26],
            &behind(&[&[0, 1, 0, 2][..], &kind(ip)].concat(), ip),
        )
    }),
    ("Cisco MetaData", Link::Ethernet, |ip| {
        let tag = [&[1, 1, 0, 1, 0, 5][..], &kind(ip)].concat();
        ethernet([0x89, 9], &behind(&tag, ip))
    }),
    ("HSR", Link::Ethernet, |ip| {
        ethernet(
            [0x89, 0x2f],
            &behind(&[&[0, 60, 0, 2][..], &kind(ip)].concat(), ip),
        )
    }),
    ("PBB", Link::Ethernet, |ip| {
        ethernet([0x88, 0xe7], &behind(&[0, 0, 1, 0], &whole_frame(ip)))
    }),
    ("TRILL with an option", Link::Ethernet, |ip| {
        let header = [0, 0x41, 0, 1, 0, 2, 9, 9, 9, 9];
        ethernet([0x22, 0xf3], &behind(&header, &whole_frame(ip)))
    }),
    ("batman-adv", Link::Ethernet, |ip| {
        let header = [0x40, 15, 50, 0, 2, 2, 2, 2, 2, 2];
        ethernet([0x43, 5], &behind(&header, &whole_frame(ip)))
    }),
    ("SNAP behind a VLAN tag", Link::Ethernet, |ip| {
        let length = (ip.len() as u16 + 8).min(1500).to_be_bytes();
        let tag = [&[0, 5][..], &length, &[0xaa, 0xaa, 3, 0, 0, 0], &kind(ip)].concat();
        ethernet([0x81, 0], &behind(&tag, ip))
    }),
    ("MPLS in PPP", Link::Ethernet, |ip| {
        let ppp = [0x11, 0, 0, 1, 0, 0, 2, 0x81, 0, 6, 0x41, 64];
        ethernet([0x88, 0x64], &behind(&ppp, ip))
    }),
    (
        "a pseudowire without a control word",
        Link::Ethernet,
        |ip| ethernet([0x88, 0x47], &behind(&[0, 2, 1, 64], &whole_frame(ip))),
    ),
    ("one whose addresses look like IP", Link::Ethernet, |ip| {
        let mut frame = whole_frame(ip);
        frame[..4].copy_from_slice(&[0x48, 0x11, 0x22, 0x33]);
        ethernet([0x88, 0x47], &behind(&[0, 2, 1, 64], &frame))
    }),
    ("MPLS in IP", Link::Ip, |ip| {
        ipv4(137, &behind(&[0, 6, 0x41, 64], ip))
    }),
    ("EtherIP", Link::Ip, |ip| {
        ipv6(97, &behind(&[0x30, 0], &whole_frame(ip)))
    }),
    ("IP in IP of another kind", Link::Ip, |ip| ipv4(94, ip)),
    ("WCCP", Link::Ip, |ip| {
        ipv4(47, &behind(&[0, 0, 0x88, 0x3e, 0, 0, 0, 1], ip))
    }),
    ("LISP", Link::Ip, |ip| {
        ipv4(17, &udp(4341, &behind(&[0x80, 0, 0, 1, 0, 0, 0, 1], ip)))
    }),
    ("TZSP", Link::Ip, |ip| {
        ipv4(
            17,
            &udp(
                37008,
                &behind(&[1, 0, 0, 1, 10, 1, 5, 0, 1], &whole_frame(ip)),
            ),
        )
    }),
    ("GUE", Link::Ip, |ip| {
        ipv4(
            17,
            &udp(6080, &behind(&[1, protocol(ip), 0, 0, 7, 7, 7, 7], ip)),
        )
    }),
    ("GUE without a header", Link::Ip, |ip| {
        ipv4(17, &udp(6080, ip))
    }),
    ("CAPWAP", Link::Ip, |ip| {
        ipv4(
            17,
            &udp(
                5247,
                &behind(&[0, 0x10, 2, 0, 0, 1, 0, 0], &whole_frame(ip)),
            ),
        )
    }),
    ("Teredo", Link::Ip, |ip| {
        let inner = if protocol(ip) == 41 {
            ip.to_vec()
        } else {
            ipv6(4, ip)
        };
        ipv4(17, &udp(3544, &behind(&[0, 0, 1, 2, 3, 4, 5, 6], &inner)))
    }),
    ("Ethernet", Link::Ethernet, whole_frame),
    ("an IP header at once", Link::Ip, <[u8]>::to_vec),
    ("cooked", Link::Cooked, |ip| {
        behind(&[&[0; 14][..], &kind(ip)].concat(), ip)
    }),
    ("cooked 2", Link::Cooked2, |ip| {
        behind(&[&kind(ip)[..], &[0; 18]].concat(), ip)
    }),
    ("VLAN", Link::Ethernet, |ip| {
        ethernet([0x81, 0], &behind(&[&[0, 7][..], &kind(ip)].concat(), ip))
    }),
    ("QinQ", Link::Ethernet, |ip| {
        let tagged = behind(&[&[0, 7, 0x81, 0, 0, 9][..], &kind(ip)].concat(), ip);
        ethernet([0x88, 0xa8], &tagged)
    }),
    ("PPPoE", Link::Ethernet, |ip| {
        let ppp = if protocol(ip) == 41 { 0x57 } else { 0x21 };
        ethernet([0x88, 0x64], &behind(&[0x11, 0, 0, 1, 0, 0, 0, ppp], ip))
    }),
    ("MPLS, two labels", Link::Ethernet, |ip| {
        ethernet([0x88, 0x47], &behind(&[0, 1, 0, 64, 0, 2, 1, 64], ip))
    }),
    ("MPLS, a pseudowire", Link::Ethernet, |ip| {
        let wire = behind(&[0, 2, 1, 64, 0, 0, 0, 0], &whole_frame(ip));
        ethernet([0x88, 0x47], &wire)
    }),
    ("IP in IPv4", Link::Ethernet, |ip| {
        whole_frame(&ipv4(protocol(ip), ip))
    }),
    ("IP in IPv6", Link::Ethernet, |ip| {
        whole_frame(&ipv6(protocol(ip), ip))
    }),
    ("GRE", Link::Ip, |ip| {
        ipv4(47, &behind(&[&[0, 0][..], &kind(ip)].concat(), ip))
    }),
    ("GRE with a key and a number", Link::Ip, |ip| {
        let header = [&[0x30, 0][..], &kind(ip), &[0, 0, 0, 9, 0, 0, 0, 1]];
        ipv4(47, &behind(&header.concat(), ip))
    }),
    ("GRE over IPv6, a frame", Link::Ip, |ip| {
        ipv6(47, &behind(&[0, 0, 0x65, 0x58], &whole_frame(ip)))
    }),
    ("ERSPAN II", Link::Ip, |ip| {
        let header = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 1, 0, 0, 0, 2];
        ipv4(47, &behind(&header, &whole_frame(ip)))
    }),
    ("VXLAN", Link::Ethernet, |ip| {
        let inner = behind(&[8, 0, 0, 0, 0, 0, 5, 0], &whole_frame(ip));
        whole_frame(&ipv4(17, &udp(4789, &inner)))
    }),
    ("Geneve with an option, over IPv6", Link::Ethernet, |ip| {
        let inner = behind(
            &[1, 0, 0x65, 0x58, 0, 0, 5, 0, 1, 2, 3, 0],
            &whole_frame(ip),
        );
        whole_frame(&ipv6(17, &udp(6081, &inner)))
    }),
    ("VXLAN-GPE", Link::Ethernet, |ip| {
        let next = if protocol(ip) == 41 { 2 } else { 1 };
        let inner = behind(&[0x0c, 0, 0, next, 0, 0, 5, 0], ip);
        whole_frame(&ipv4(17, &udp(4790, &inner)))
    }),
    ("NSH in VXLAN-GPE", Link::Ethernet, |ip| {
        let header = [0x0c, 0, 0, 4, 0, 0, 5, 0, 0x0f, 0xc2, 2, 3, 0, 0, 1, 255];
        let inner = behind(&header, &whole_frame(ip));
        whole_frame(&ipv4(17, &udp(4790, &inner)))
    }),
    ("MPLS in UDP", Link::Ip, |ip| {
        ipv4(17, &udp(6635, &behind(&[0, 2, 1, 64], ip)))
    }),
    ("GTP-U", Link::Ip, |ip| {
        let inner = behind(&[0x30, 0xff, 0, 0, 0, 0, 0, 7], ip);
        ipv4(17, &udp(2152, &inner))
    }),
    ("GTP-U with a number and an extension", Link::Ip, |ip| {
        let header = [0x36, 0xff, 0, 0, 0, 0, 0, 7, 0, 1, 0, 0x85, 1, 0x10, 9, 0];
        ipv4(17, &udp(2152, &behind(&header, ip)))
    }),
    ("VLAN in VXLAN in GRE in VLAN", Link::Ethernet, |ip| {
        let tagged = ethernet([0x81, 0], &behind(&[&[0, 7][..], &kind(ip)].concat(), ip));
        let outer = ipv4(17, &udp(4789, &behind(&[8, 0, 0, 0, 0, 0, 5, 0], &tagged)));
        let gre = ipv4(47, &behind(&[0, 0, 8, 0], &outer));
        ethernet([0x81, 0], &behind(&[0, 9, 8, 0], &gre))
    }),
];

#[test]
fn what_is_in_a_tunnel_is_told_as_what_is_in_none() {
    for name in [
        "a07_1008_policy_pyws_gorilla.pcapng",
        "a12_1011_handler_exception_ws_pyws.pcapng",
    ] {
        let datagrams = datagrams(name);
        let (records, _) = read(Link::Ip, datagrams.iter().cloned());
        let expected = claims(&records);
        assert!(!expected.is_empty(), "{name}");
        for (what, link, wrap) in WRAPS {
            let (records, totals) = read(*link, datagrams.iter().map(|ip| wrap(ip)));
            assert_eq!(claims(&records), expected, "{name}: {what}");
            assert!(!totals.is_partial(), "{name}: {what}: {totals:?}");
            // Cut anywhere, it is no more than what is not there.
            for length in 0..120 {
                read(*link, datagrams.iter().map(|ip| cut(wrap(ip), length)));
            }
        }
    }
}

fn cut(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.truncate(length);
    bytes
}

/// The beginning of a QUIC connection of this version.
fn quic(version: [u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0xc3];
    bytes.extend(version);
    bytes.extend([8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, 0xb0]);
    bytes.resize(1200, 0x5a);
    bytes
}

#[test]
fn what_is_not_opened_is_counted_by_its_kind() {
    let cases: &[(Sealed, Vec<u8>)] = &[
        (
            Sealed::WireGuard,
            ipv4(17, &udp(51820, &behind(&[4, 0, 0, 0], &[7; 28]))),
        ),
        (Sealed::IpSec, ipv6(50, &[9; 64])),
        (Sealed::IpSec, ipv4(17, &udp(4500, &[9; 64]))),
        (Sealed::Tunnel, ipv4(47, &[0x40, 0, 8, 0, 0, 0, 0, 0, 1, 2])),
        (Sealed::Quic, ipv4(17, &udp(443, &quic([0, 0, 0, 1])))),
        (
            Sealed::Quic,
            ipv6(17, &udp(8443, &quic([0x6b, 0x33, 0x43, 0xcf]))),
        ),
        (Sealed::Quic, ipv4(17, &udp(443, &quic([0xff, 0, 0, 29])))),
        (
            Sealed::L2tp,
            ipv4(17, &udp(1701, &behind(&[0, 2, 0, 7, 0, 1], &[5; 40]))),
        ),
        (
            Sealed::OpenVpn,
            ipv4(17, &udp(1194, &behind(&[0x48, 0, 0, 1], &[5; 40]))),
        ),
    ];
    for (sealed, packet) in cases {
        let (records, totals) = read(Link::Ip, std::iter::once(packet.clone()));
        assert!(records.is_empty());
        let counted = Sealed::ALL.into_iter().zip(totals.sealed);
        let counted: Vec<_> = counted.filter(|(_, n)| *n > 0).collect();
        assert_eq!(counted, [(*sealed, 1)]);
        assert!(totals.is_partial());
    }
    let frames: &[(Sealed, Vec<u8>)] = &[
        (Sealed::Unknown, ethernet([0x7a, 0x7a], &[1; 60])),
        (
            Sealed::Tunnel,
            whole_frame(&ipv4(47, &[0, 0, 0x90, 0, 8, 1, 2, 3])),
        ),
        (Sealed::Tunnel, whole_frame(&ipv4(108, &[4, 0, 0, 2, 7, 7]))),
        (Sealed::L2tp, whole_frame(&ipv4(115, &[0, 0, 0, 5, 7, 7]))),
        (Sealed::Unknown, whole_frame(&ipv4(200, &[7; 20]))),
    ];
    for (sealed, packet) in frames {
        let (_, totals) = read(Link::Ethernet, std::iter::once(packet.clone()));
        assert_eq!(totals.sealed[*sealed as usize], 1, "{sealed:?}");
        assert!(totals.is_partial());
    }
    // What is no tunnel: ARP, LLDP, a spanning tree, a factory's frames, ICMP, OSPF.
    for frame in [
        ethernet([8, 6], &[0; 28]),
        ethernet([0x88, 0xcc], &[2; 40]),
        ethernet([0, 38], &[0x42, 0x42, 3, 0, 0, 0, 0, 0]),
        ethernet([0x88, 0x92], &[0; 40]),
        whole_frame(&ipv4(1, &[8; 40])),
        whole_frame(&ipv4(89, &[2; 40])),
        whole_frame(&ipv4(47, &[0; 4])),
    ] {
        let (_, totals) = read(Link::Ethernet, std::iter::once(frame));
        assert!(!totals.is_partial(), "{totals:?}");
    }
    // DNS, RTP and a QUIC version that nobody has.
    for other in [
        udp(53, b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\0\0\x01\0\x01"),
        udp(5004, &behind(&[0x80, 0, 0, 1], &[0; 160])),
        udp(443, &quic([0xc0, 1, 2, 3])),
    ] {
        let (_, totals) = read(Link::Ip, std::iter::once(ipv4(17, &other)));
        assert!(!totals.is_partial(), "{totals:?}");
    }
}

/// A browser's QUIC beside a WebSocket that was seen leaves no question.
#[test]
fn quic_beside_a_websocket_leaves_the_answer_whole() {
    let datagrams = datagrams("a07_1008_policy_pyws_gorilla.pcapng");
    let packets = std::iter::once(ipv4(17, &udp(443, &quic([0, 0, 0, 1]))));
    let (records, totals) = read(Link::Ip, packets.chain(datagrams));
    assert_eq!(records.len(), 1);
    assert_eq!(totals.sealed[Sealed::Quic as usize], 1);
    assert!(!totals.is_partial());
}

/// A capture of which the snap length left no payload does not say that nothing is in it.
#[test]
fn packets_that_were_cut_behind_their_headers_leave_a_question() {
    let datagrams = datagrams("a07_1008_policy_pyws_gorilla.pcapng");
    for length in [16, 30, 40] {
        let mut tracker = Tracker::new(Limits::default(), Options::default());
        let mut records = Vec::new();
        for (place, bytes) in datagrams.iter().enumerate() {
            let packet = Packet {
                number: place as u64 + 1,
                at: 0,
                time: Some(place as i64),
                link: Link::Ip,
                bytes: bytes.get(..length).unwrap_or(bytes),
                original_length: bytes.len() as u32,
            };
            tracker.packet(&packet, &mut |record| records.push(*record));
        }
        tracker.finish(&mut |record| records.push(*record));
        assert!(records.is_empty());
        let totals = tracker.totals();
        assert!(totals.sealed[Sealed::Cut as usize] >= 4, "{totals:?}");
        assert!(totals.is_partial());
    }
}

/// An IPv4 datagram in pieces of so many bytes.
fn fragments(whole: &[u8], size: usize, number: u16) -> Vec<Vec<u8>> {
    let (header, payload) = whole.split_at(20);
    let count = payload.len().div_ceil(size);
    let pieces = payload.chunks(size).enumerate().map(|(place, piece)| {
        let mut header = header.to_vec();
        header[2..4].copy_from_slice(&(20 + piece.len() as u16).to_be_bytes());
        header[4..6].copy_from_slice(&number.to_be_bytes());
        let more = u16::from(place + 1 < count) << 13;
        let place = (place * size / 8) as u16 | more;
        header[6..8].copy_from_slice(&place.to_be_bytes());
        behind(&header, piece)
    });
    pieces.collect()
}

/// A tunnel whose packets were too large for a link.
#[test]
fn a_tunnel_in_fragments_is_put_together_before_it_is_opened() {
    let datagrams = datagrams("a07_1008_policy_pyws_gorilla.pcapng");
    let (expected, _) = read(Link::Ip, datagrams.iter().cloned());
    let wraps: [Wrap; 4] = [
        |ip| {
            ipv4(
                17,
                &udp(4789, &behind(&[8, 0, 0, 0, 0, 0, 5, 0], &whole_frame(ip))),
            )
        },
        |ip| ipv4(47, &behind(&[&[0, 0][..], &kind(ip)].concat(), ip)),
        |ip| ipv4(protocol(ip), ip),
        |ip| {
            ipv4(
                protocol(ip),
                &ipv4(
                    17,
                    &udp(4789, &behind(&[8, 0, 0, 0, 0, 0, 5, 0], &whole_frame(ip))),
                ),
            )
        },
    ];
    for wrap in wraps {
        let pieces = |number: usize, ip: &Vec<u8>| fragments(&wrap(ip), 64, number as u16 + 1);
        let all = datagrams.iter().enumerate();
        let all: Vec<_> = all.flat_map(|(number, ip)| pieces(number, ip)).collect();
        let (records, totals) = read(Link::Ip, all.iter().cloned());
        // In other packets, and so at other times.
        let codes = |records: &[Record]| -> Vec<_> {
            let closes = records.iter().flat_map(|record| &record.closes);
            closes
                .map(|close| (close.sender, close.close.code))
                .collect()
        };
        assert_eq!(codes(&records), codes(&expected));
        assert_eq!(
            records[0].end.map(|end| end.by),
            expected[0].end.map(|end| end.by)
        );
        assert_eq!(totals.sealed, [0; Sealed::ALL.len()]);
        // Each of them captured twice.
        let twice = all.iter().flat_map(|piece| [piece.clone(), piece.clone()]);
        let (records, totals) = read(Link::Ip, twice);
        assert_eq!(records[0].closes.len(), expected[0].closes.len());
        assert_eq!(totals.sealed, [0; Sealed::ALL.len()]);
    }
}

/// A filter on a port lets only the first piece pass, which has the port.
#[test]
fn fragments_of_which_others_are_missing_leave_a_question() {
    let datagrams = datagrams("a07_1008_policy_pyws_gorilla.pcapng");
    for is_first in [true, false] {
        let all = datagrams.iter().enumerate().flat_map(|(number, ip)| {
            let mut pieces = fragments(ip, 24, number as u16 + 1);
            if pieces.len() > 1 && is_first {
                pieces.truncate(1);
            } else if pieces.len() > 1 {
                pieces.remove(0);
            }
            pieces
        });
        let (records, totals) = read(Link::Ip, all);
        assert!(records.is_empty());
        assert!(totals.sealed[Sealed::Fragment as usize] > 0);
        assert!(totals.is_partial());
    }
}
