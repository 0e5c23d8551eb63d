//! Tunnels in UDP, known by their ports and by how they begin.

use super::{At, DEEPEST, Inside, Sealed, half, mpls, payload, sealed};

pub(super) fn udp(bytes: &[u8]) -> Option<Inside<'_>> {
    let ports = [half(bytes, 0)?, half(bytes, 2)?];
    let body = bytes.get(8..)?;
    let is = |port: u16| ports.contains(&port);
    match body {
        // VXLAN says with a bit that it has a number.
        [flags, ..] if (ports[1] == 4789 || ports[1] == 8472) && flags & 8 != 0 => {
            Some(Inside::At(At::Ethernet(body.get(8..)?)))
        }
        [first, ..] if ports[1] == 6081 && first >> 6 == 0 => {
            let options = usize::from(first & 0x3f) * 4;
            Some(Inside::At(At::Ether(
                half(body, 2)?,
                body.get(8 + options..)?,
            )))
        }
        // The next protocol has a bit of its own: IPv4, IPv6, Ethernet, NSH, MPLS.
        [flags, _, _, next, ..] if ports[1] == 4790 && flags & 4 != 0 => {
            next_protocol(*next, body.get(8..)?)
        }
        // A packet of a user (G-PDU). With any of three bits set there are four bytes more.
        [flags, 0xff, ..] if is(2152) && flags >> 4 == 3 => gtp(*flags, body),
        _ if ports[1] == 6635 => mpls(body),
        // A message of data, not of control.
        [flags, version, ..] if is(1701) && flags & 0x80 == 0 && matches!(version & 0xf, 2 | 3) => {
            sealed(Sealed::L2tp)
        }
        // P_DATA_V1 and P_DATA_V2.
        [kind, ..] if is(1194) && matches!(kind >> 3, 6 | 9) => sealed(Sealed::OpenVpn),
        // The kind of a message, and three zeros; a datagram of data is a multiple of 16 bytes long.
        [4, 0, 0, 0, ..] if body.len() >= 32 && (is(51820) || body.len() % 16 == 0) => {
            sealed(Sealed::WireGuard)
        }
        // Four zeros would be a message of IKE.
        [a, b, c, d, ..] if is(4500) && [*a, *b, *c, *d] != [0; 4] && body.len() > 8 => {
            sealed(Sealed::IpSec)
        }
        // Flags with a nonce or a map version, and locator bits: the datagram follows.
        [_, _, _, _, _, _, _, _, first, ..] if ports[1] == 4341 && matches!(first >> 4, 4 | 6) => {
            Some(Inside::At(At::Ip(body.get(8..)?)))
        }
        [1, 0 | 1, ..] if ports[1] == 37008 => tzsp(body),
        // A header of its own, or a datagram at once.
        [first, number, ..] if ports[1] == 6080 => match first >> 6 {
            0 if first & 0x20 != 0 => sealed(Sealed::Tunnel),
            0 => payload(*number, body.get(4 + usize::from(first & 0x1f) * 4..)?),
            1 => Some(Inside::At(At::Ip(body))),
            _ => sealed(Sealed::Tunnel),
        },
        _ if is(3544) => teredo(body),
        [0, a, b, c, ..] if is(5247) => capwap([*a, *b, *c], body),
        // DTLS.
        [1, ..] if is(5247) => sealed(Sealed::Tunnel),
        _ if is_quic(body) => sealed(Sealed::Quic),
        _ => None,
    }
}

/// A frame that was caught elsewhere, behind tags.
///
/// Source: the dissector of Wireshark, packet-tzsp.c.
fn tzsp(bytes: &[u8]) -> Option<Inside<'_>> {
    let mut rest = bytes.get(4..)?;
    for _ in 0..DEEPEST {
        let (tag, behind) = rest.split_first()?;
        rest = match tag {
            0 => behind,
            1 if half(bytes, 2)? == 1 => return Some(Inside::At(At::Ethernet(behind))),
            1 => break,
            _ => behind.get(1 + usize::from(*behind.first()?)..)?,
        };
    }
    sealed(Sealed::Tunnel)
}

/// IPv6, behind who asks for it and where from.
fn teredo(bytes: &[u8]) -> Option<Inside<'_>> {
    let mut rest = bytes;
    if let [0, 1, id, key, ..] = rest {
        rest = rest.get(13 + usize::from(*id) + usize::from(*key)..)?;
    }
    if rest.starts_with(&[0, 0]) {
        rest = rest.get(8..)?;
    }
    (rest.first()? >> 4 == 6).then_some(Inside::At(At::Ip(rest)))
}

/// What an access point hands on: a frame of Ethernet, of radio, or a piece of one.
fn capwap([length, kind, flags]: [u8; 3], bytes: &[u8]) -> Option<Inside<'_>> {
    let rest = bytes.get(usize::from(length >> 3) * 4..)?;
    match (kind & 1, flags & 0x80) {
        (0, 0) => Some(Inside::At(At::Ethernet(rest))),
        _ => sealed(Sealed::Tunnel),
    }
}

/// What a VXLAN-GPE or NSH header says comes next.
pub(super) fn next_protocol(number: u8, bytes: &[u8]) -> Option<Inside<'_>> {
    Some(Inside::At(match number {
        1 | 2 => At::Ip(bytes),
        3 => At::Ethernet(bytes),
        // NSH has its length in words of four bytes, and what follows it.
        4 => {
            let begins = usize::from(bytes.get(1)? & 0x3f) * 4;
            return match (bytes.get(3)?, bytes.get(begins..)?) {
                (next @ 1..=3, rest) => next_protocol(*next, rest),
                _ => sealed(Sealed::Tunnel),
            };
        }
        5 => return mpls(bytes),
        _ => return None,
    }))
}

fn gtp(flags: u8, bytes: &[u8]) -> Option<Inside<'_>> {
    let mut begins = 8;
    if flags & 7 != 0 {
        begins = 12;
        let mut next = *bytes.get(11)?;
        // Extension headers, with their length in words in front and the next one's type at their end.
        for _ in 0..DEEPEST {
            if next == 0 || flags & 4 == 0 {
                break;
            }
            begins += usize::from(*bytes.get(begins)?).max(1) * 4;
            next = *bytes.get(begins - 1)?;
        }
    }
    Some(Inside::At(At::Ip(bytes.get(begins..)?)))
}

/// Whether a datagram is one of those that begin a QUIC connection: a long header with a version that is
/// in use, and two connection IDs. Later ones, with a short header, look like anything.
///
/// Source: RFC 9000 sections 15 and 17.2, RFC 9369 section 3.1; drafts 29 and later.
fn is_quic(bytes: &[u8]) -> bool {
    let Some((&[first, a, b, c, d, length], rest)) = bytes.split_first_chunk() else {
        return false;
    };
    let is_known = matches!(
        [a, b, c, d],
        [0, 0, 0, 1] | [0x6b, 0x33, 0x43, 0xcf] | [0xff, 0, 0, 29..=34]
    );
    let other = rest.get(usize::from(length));
    first & 0xc0 == 0xc0 && is_known && length <= 20 && other.is_some_and(|length| *length <= 20)
}
