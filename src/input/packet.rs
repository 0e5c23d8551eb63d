//! The headers that stand in front of the payload of a captured packet.

use std::ops::Range;

use crate::words::{Text, text};

/// A segment of TCP in a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// What headers stand before its payload: for the middle of a sentence.
    pub(super) headers: Text,
    /// The address and the port that it is from, and that it is to.
    pub(super) from: Vec<u8>,
    pub(super) to: Vec<u8>,
    pub(super) sequence: u32,
    /// Whether it opens the connection, which takes a number.
    pub(super) is_first: bool,
    /// Where the payload stands.
    pub(super) payload: Range<usize>,
    /// How many bytes there are of how many, where some are missing.
    pub(super) cut: Option<(usize, usize)>,
}

impl Segment {
    /// The port that it is from, and the port that it is to.
    pub(super) fn ports(&self) -> (u16, u16) {
        let port = |end: &[u8]| end.last_chunk().map_or(0, |port| u16::from_be_bytes(*port));
        (port(&self.from), port(&self.to))
    }
}

/// Where IP may begin in a packet, by what stands before it: where its type stands, where it begins
/// and what that is called.
fn layers() -> [(usize, usize, Text); 6] {
    // An Ethernet header has the type at its end, a Linux one (`-i any`) has it later or first.
    [
        (12, 14, text!(packet.ethernet)),
        (16, 18, text!(packet.ethernet)),
        (20, 22, text!(packet.ethernet)),
        (14, 16, text!(packet.linux)),
        (0, 20, text!(packet.linux)),
        (2, 4, text!(packet.linux)),
    ]
}

/// Where IP begins in a packet with TCP, and what stands before the payload.
fn ip_of(bytes: &[u8]) -> Option<(usize, Text)> {
    if is_ip(bytes) {
        return Some((0, text!(packet.ip)));
    }
    layers().into_iter().find_map(|(kind, header, name)| {
        let kind = bytes.get(kind..)?.first_chunk()?;
        let known = matches!(kind, [0x08, 0x00] | [0x86, 0xdd]);
        (known && is_ip(bytes.get(header..)?)).then_some((header, name))
    })
}

/// The headers at the front of `bytes`, if these are a TCP packet: for the middle of a sentence.
/// Nothing if they are anything else.
pub(super) fn headers(bytes: &[u8]) -> Option<Text> {
    ip_of(bytes).map(|(_, name)| name)
}

/// Whether bytes are a packet of another protocol than TCP, or with a part of a datagram.
pub(super) fn is_other(bytes: &[u8]) -> bool {
    let is_version = |at: usize| matches!(bytes.get(at), Some(0x45..=0x4f | 0x60..=0x6f));
    let is_kind = |at: usize| {
        let kind = bytes.get(at..).and_then(<[u8]>::first_chunk);
        matches!(kind, Some([0x08, 0x00] | [0x08, 0x06] | [0x86, 0xdd]))
    };
    bytes.len() >= 28 && (is_version(0) || is_kind(12) || is_kind(14) || is_kind(0))
}

/// The segment in a packet of TCP. Nothing if it is none.
pub(super) fn segment(bytes: &[u8]) -> Option<Segment> {
    let (start, headers) = ip_of(bytes)?;
    let ip = bytes.get(start..)?;
    let half = |at: usize| {
        Some(usize::from(u16::from_be_bytes(
            *ip.get(at..)?.first_chunk()?,
        )))
    };
    let is_v4 = ip.first()? >> 4 == 4;
    let (header, total, addresses) = match is_v4 {
        true => (usize::from(ip.first()? & 0x0f) * 4, half(2)?, 12..20),
        false => (40, 40 + half(4)?, 8..40),
    };
    // A part of a datagram has no header of TCP, or not all behind it.
    if is_v4 && half(6)? & 0x3fff != 0 {
        return None;
    }
    let tcp = ip.get(header..)?;
    let behind = usize::from(tcp.get(12)? >> 4) * 4;
    let addresses = ip.get(addresses)?;
    let (from, to) = addresses.split_at(addresses.len() / 2);
    let end = |address: &[u8], port: Option<&[u8]>| Some([address, port?].concat());
    let count = ip.len().min(total);
    if behind < 20 || header < 20 || header + behind > total {
        return None;
    }
    Some(Segment {
        headers,
        from: end(from, tcp.get(..2))?,
        to: end(to, tcp.get(2..4))?,
        sequence: u32::from_be_bytes(*tcp.get(4..)?.first_chunk()?),
        is_first: tcp.get(13)? & 0x02 != 0,
        payload: start + (header + behind).min(count)..start + count,
        cut: (count < total).then_some((ip.len(), total)),
    })
}

/// Whether `bytes` begin with a header of IP that says TCP follows, and whose length is possible.
fn is_ip(bytes: &[u8]) -> bool {
    match bytes {
        [0x45..=0x4f, _, high, low, _, _, _, _, ttl, 6, ..] => {
            *ttl > 0 && u16::from_be_bytes([*high, *low]) >= 40
        }
        [0x60..=0x6f, _, _, _, high, low, 6, hops, ..] => {
            *hops > 0 && u16::from_be_bytes([*high, *low]) >= 20
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `10.1.1.1` port 80 to `10.2.2.2`, from text2pcap.
    const IP: &[u8] = b"\x45\0\0\x2c\x12\x34\0\0\xff\x06\x92\x92\x0a\x01\x01\x01\x0a\x02\x02\x02";

    fn said(bytes: &[u8]) -> &'static str {
        headers(bytes).map_or("", Text::english)
    }

    #[test]
    fn headers_of_every_layer_are_known() {
        let ethernet = [b" RECV\0 SEND\0\x08\0", IP].concat();
        assert_eq!(said(&ethernet), "Ethernet, IP and TCP headers");
        assert_eq!(said(IP), "IP and TCP headers");
        let linux = [&[0; 14][..], b"\x08\0", IP].concat();
        assert_eq!(said(&linux), "Linux, IP and TCP headers");
    }

    #[test]
    fn the_payload_stands_behind_the_headers() {
        let packet = hex::decode(
            "4500002c00010000400666c90a0000010a000002005013880000000100000001501820000000\
             00008802 03e8"
                .replace(' ', ""),
        )
        .unwrap();
        for padding in [0, 6] {
            let padded = [&packet[..], &vec![0; padding]].concat();
            let segment = segment(&padded).unwrap();
            assert_eq!(&padded[segment.payload.clone()], b"\x88\x02\x03\xe8");
            assert_eq!((segment.ports(), segment.sequence), ((80, 5000), 1));
            assert_eq!(segment.cut, None);
        }
        let cut = segment(&packet[..42]).unwrap().cut;
        assert_eq!(cut, Some((42, 44)));
    }

    #[test]
    fn frames_are_no_packets() {
        assert_eq!(headers(b"\x88\x02\x03\xe8"), None);
        assert_eq!(headers(b"\x81\x7e\x08\0E E E E E E E E E E E"), None);
        assert_eq!(headers(b""), None);
    }
}
