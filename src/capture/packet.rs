//! A packet to the TCP segment in it, if there is one.
//!
//! IP is etherparse's work, which reads what there is of a packet that a snap
//! length cut; what may lie below it is for `layers`. Datagrams that IP cut into fragments are put together here, as many at a time as
//! [`MOST_DATAGRAMS`]. Nothing is checked against its checksum: captures on the sending host
//! hold packets whose checksums the network card had yet to fill in.
//!
//! ```
//! use wsclose::capture::file::{Link, Packet};
//! use wsclose::capture::packet::Unpacker;
//!
//! // An IP header, a TCP header that says FIN, and nothing in it.
//! let bytes = b"\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x02\
//!               \x1f\x90\xc0\0\0\0\0\x01\0\0\0\x02\x50\x11\0\0\0\0\0\0";
//! let packet = Packet { number: 1, at: 0, time: None, link: Link::Ip, bytes, original_length: 40 };
//! let mut seen = None;
//! Unpacker::default().unpack(&packet, |segment| seen = Some((segment.from, segment.fin)));
//! assert_eq!(seen, Some(("127.0.0.1:8080".parse().unwrap(), true)));
//! ```

mod fragments;

use std::net::{IpAddr, SocketAddr};

use etherparse::{IpNumber, LaxNetSlice};

use super::file::Packet;
use super::layers::{self, Opened, Sealed};
use fragments::{Fragments, Taken, fragment};

pub use fragments::MOST_DATAGRAMS;

/// So many datagrams in pieces are opened inside of each other.
const MOST_NESTED: usize = 4;

/// A TCP segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Who sent it.
    pub from: SocketAddr,
    /// Who is to have it.
    pub to: SocketAddr,
    /// The sequence number of its first byte, or of its SYN.
    pub sequence: u32,
    /// The next byte that its sender expects; `None` without ACK.
    pub acknowledges: Option<u32>,
    /// Whether it opens the connection.
    pub syn: bool,
    /// Whether its sender has nothing more to send.
    pub fin: bool,
    /// Whether it breaks the connection off.
    pub rst: bool,
    /// Whether its sender takes nothing for now: its receive window is 0 (RFC 9293 section 3.8.6).
    pub is_full: bool,
    /// Its payload, as much as was captured.
    pub payload: &'a [u8],
    /// How many bytes of payload were on the wire and not captured.
    pub missing: u32,
}

/// What IP says of the datagram that a segment came in.
#[derive(Clone, Copy, Debug)]
struct Datagram<'a> {
    from: IpAddr,
    to: IpAddr,
    payload: &'a [u8],
    missing: u32,
}

/// Takes packets apart.
#[derive(Debug, Default)]
pub struct Unpacker {
    fragments: Fragments,
    sealed: [u64; Sealed::ALL.len()],
}

impl Unpacker {
    /// Hands the TCP segment in `packet` to `sink`, if there is one. A fragment is kept until its
    /// datagram is whole.
    pub fn unpack(&mut self, packet: &Packet<'_>, sink: impl FnOnce(&Segment<'_>)) {
        let is_cut = packet.bytes.len() < packet.original_length as usize;
        let opened = layers::open(packet.link, packet.bytes);
        self.take(opened, is_cut, 0, sink);
    }

    /// The packets that could not be opened, in the order of [`Sealed::ALL`](layers::Sealed::ALL), with the
    /// fragments of datagrams that are not whole so far.
    pub fn sealed(&self) -> [u64; Sealed::ALL.len()] {
        let mut sealed = self.sealed;
        sealed[Sealed::Fragment as usize] += self.fragments.left_over();
        sealed
    }

    /// Takes what was opened, inside of so many datagrams that were put together.
    fn take(
        &mut self,
        opened: Opened<'_>,
        is_cut: bool,
        depth: usize,
        sink: impl FnOnce(&Segment<'_>),
    ) {
        let net = match opened {
            Opened::Ip(net) => net,
            Opened::Sealed(sealed) => return self.count(sealed),
            Opened::Other if is_cut => return self.count(Sealed::Cut),
            Opened::Other => return,
        };
        let (Some(datagram), Some(payload)) = (datagram(&net), net.ip_payload_ref()) else {
            return;
        };
        if payload.fragmented {
            return self.fragment(&net, &datagram, depth, sink);
        }
        let segment = segment(&datagram);
        let is_empty = segment
            .as_ref()
            .is_none_or(|segment| segment.payload.is_empty() && segment.missing > 0);
        self.sealed[Sealed::Cut as usize] += u64::from(is_cut && is_empty);
        if let Some(segment) = segment {
            sink(&segment);
        }
    }

    /// Takes a fragment, and opens its datagram where that is whole by now.
    fn fragment(
        &mut self,
        net: &LaxNetSlice<'_>,
        datagram: &Datagram<'_>,
        depth: usize,
        sink: impl FnOnce(&Segment<'_>),
    ) {
        let Some((key, offset, is_last)) = fragment(net) else {
            return;
        };
        let number = key.number;
        let whole = match self.fragments.take(key, offset, is_last, datagram) {
            Taken::Waits => return,
            Taken::Useless(count) => {
                self.sealed[Sealed::Fragment as usize] += count;
                return;
            }
            Taken::Whole(whole) => whole,
        };
        if number == IpNumber::TCP {
            let datagram = Datagram {
                payload: &whole,
                missing: 0,
                ..*datagram
            };
            if let Some(segment) = segment(&datagram) {
                sink(&segment);
            }
        } else if depth < MOST_NESTED {
            let opened = layers::open_payload(number.0, &whole);
            self.take(opened, false, depth + 1, sink);
        } else {
            self.count(Sealed::Tunnel);
        }
    }

    fn count(&mut self, sealed: Sealed) {
        self.sealed[sealed as usize] += 1;
    }
}

fn datagram<'a>(net: &LaxNetSlice<'a>) -> Option<Datagram<'a>> {
    let (from, to, declared, payload) = match net {
        LaxNetSlice::Ipv4(slice) => {
            let header = slice.header();
            let extensions = slice.extensions().auth.map_or(0, |auth| auth.slice().len());
            let declared = usize::from(header.total_len());
            let declared = declared.checked_sub(header.slice().len() + extensions);
            (
                IpAddr::V4(header.source_addr()),
                IpAddr::V4(header.destination_addr()),
                declared,
                slice.payload(),
            )
        }
        LaxNetSlice::Ipv6(slice) => {
            let header = slice.header();
            let declared = usize::from(header.payload_length());
            let declared = declared.checked_sub(slice.extensions().slice().len());
            (
                IpAddr::V6(header.source_addr()),
                IpAddr::V6(header.destination_addr()),
                declared,
                slice.payload(),
            )
        }
        LaxNetSlice::Arp(_) => return None,
    };
    // A length of 0 is that of a packet which the network card was to cut.
    let missing = match declared {
        Some(declared) if payload.incomplete => declared.saturating_sub(payload.payload.len()),
        _ => 0,
    };
    Some(Datagram {
        from,
        to,
        payload: payload.payload,
        missing: missing as u32,
    })
}

/// Reads the TCP header. `None` where not even its fixed part is there.
fn segment<'a>(datagram: &Datagram<'a>) -> Option<Segment<'a>> {
    let bytes = datagram.payload;
    let header: &[u8; 20] = bytes.first_chunk()?;
    let half = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    let word = |at: usize| u32::from(half(at)) << 16 | u32::from(half(at + 2));
    let length = usize::from(header[12] >> 4) * 4;
    if length < 20 {
        return None;
    }
    let flags = header[13];
    // A snap length may cut the options too.
    let options_missing = length.saturating_sub(bytes.len()) as u32;
    Some(Segment {
        from: SocketAddr::new(datagram.from, half(0)),
        to: SocketAddr::new(datagram.to, half(2)),
        sequence: word(4),
        acknowledges: (flags & 0x10 != 0).then(|| word(8)),
        fin: flags & 0x01 != 0,
        syn: flags & 0x02 != 0,
        rst: flags & 0x04 != 0,
        is_full: half(14) == 0,
        payload: bytes.get(length..).unwrap_or_default(),
        missing: datagram.missing.saturating_sub(options_missing),
    })
}

/// What a segment tells of the order of packets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brief {
    from: SocketAddr,
    to: SocketAddr,
    sequence: u32,
    acknowledges: Option<u32>,
    /// The sequence numbers that it takes.
    length: u32,
    is_syn: bool,
    is_fin: bool,
}

impl Brief {
    /// Whether it was sent behind the other segment, or a copy of it: its sender had received that one, or
    /// had opened the connection with it.
    pub(super) fn is_behind(&self, other: &Brief) -> bool {
        if (self.from, self.to) == (other.from, other.to) {
            return other.is_syn && !self.is_syn && self.acknowledges.is_some();
        }
        // One byte may be a probe, which was sent before.
        let is_new = other.length > 1 || other.is_syn || other.is_fin;
        let behind = |acknowledged: u32| acknowledged.wrapping_sub(other.sequence) as i32 > 0;
        is_new
            && (self.from, self.to) == (other.to, other.from)
            && self.acknowledges.is_some_and(behind)
    }

    /// Whether the bytes of another segment of the same stream begin in it.
    pub(super) fn holds(&self, other: &Brief) -> bool {
        (self.from, self.to) == (other.from, other.to)
            && other.sequence.wrapping_sub(self.sequence) < self.length
    }
}

/// What the segment in a packet tells of the order of packets, where there is a whole one.
pub(super) fn brief(packet: &Packet<'_>) -> Option<Brief> {
    let Opened::Ip(net) = layers::open(packet.link, packet.bytes) else {
        return None;
    };
    let payload = net.ip_payload_ref()?;
    // The first fragment has the head.
    let has_head = !payload.fragmented || fragment(&net).is_some_and(|(_, offset, _)| offset == 0);
    if payload.ip_number != IpNumber::TCP || !has_head {
        return None;
    }
    let segment = segment(&datagram(&net)?)?;
    let flags = u32::from(segment.syn) + u32::from(segment.fin);
    Some(Brief {
        from: segment.from,
        to: segment.to,
        sequence: segment.sequence,
        acknowledges: segment.acknowledges,
        is_syn: segment.syn,
        is_fin: segment.fin,
        length: segment.payload.len() as u32 + segment.missing + flags,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::file::Link;

    const TCP: [u8; 22] = [
        0x1f, 0x90, 0xc0, 0x00, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x18, 0, 0, 0, 0, 0, 0, 0x88, 0x00,
    ];

    fn ipv4(payload: &[u8], offset: u16, more: bool) -> Vec<u8> {
        let total = (20 + payload.len()) as u16;
        let fragment = (offset / 8) | (u16::from(more) << 13);
        let mut bytes = vec![0x45, 0];
        bytes.extend(total.to_be_bytes());
        bytes.extend([0, 5]);
        bytes.extend(fragment.to_be_bytes());
        bytes.extend([64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2]);
        bytes.extend(payload);
        bytes
    }

    fn ipv6(payload: &[u8], fragment: Option<(u16, bool)>) -> Vec<u8> {
        let mut bytes = vec![0x60, 0, 0, 0];
        // Destination options of eight bytes come first.
        let extensions = 8 + if fragment.is_some() { 8 } else { 0 };
        bytes.extend(((extensions + payload.len()) as u16).to_be_bytes());
        bytes.extend([60, 64]);
        bytes.extend([0; 15]);
        bytes.push(1);
        bytes.extend([0; 15]);
        bytes.push(2);
        bytes.extend([if fragment.is_some() { 44 } else { 6 }, 0, 1, 4, 0, 0, 0, 0]);
        if let Some((offset, more)) = fragment {
            bytes.extend([6, 0]);
            bytes.extend((offset | u16::from(more)).to_be_bytes());
            bytes.extend([0, 0, 0, 77]);
        }
        bytes.extend(payload);
        bytes
    }

    fn unpacked(unpacker: &mut Unpacker, link: Link, bytes: &[u8]) -> Option<(Vec<u8>, u32)> {
        let mut seen = None;
        let packet = Packet {
            number: 1,
            at: 0,
            time: None,
            link,
            bytes,
            original_length: bytes.len() as u32,
        };
        unpacker.unpack(&packet, |segment| {
            assert_eq!((segment.from.port(), segment.to.port()), (8080, 49152));
            assert_eq!((segment.sequence, segment.acknowledges), (7, Some(9)));
            seen = Some((segment.payload.to_vec(), segment.missing));
        });
        seen
    }

    #[test]
    fn every_link_leads_to_the_segment() {
        let ethernet = |tags: &[u8]| [&[0; 12], tags, &ipv4(&TCP, 0, false)].concat();
        let cooked = [&[0; 14][..], &[0x08, 0x00], &ipv4(&TCP, 0, false)].concat();
        let cooked2 = [&[0x86, 0xdd][..], &[0; 18], &ipv6(&TCP, None)].concat();
        for (link, bytes) in [
            (Link::Ethernet, ethernet(&[0x08, 0x00])),
            (Link::Ethernet, ethernet(&[0x81, 0x00, 0, 42, 0x08, 0x00])),
            (
                Link::Ethernet,
                ethernet(&[0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 42, 0x08, 0x00]),
            ),
            (Link::Cooked, cooked),
            (Link::Cooked2, cooked2),
            (Link::Ip, ipv4(&TCP, 0, false)),
            (Link::Ip, ipv6(&TCP, None)),
            (
                Link::Loop,
                [&[2, 0, 0, 0][..], &ipv4(&TCP, 0, false)].concat(),
            ),
            (Link::Loop, [&[0, 0, 0, 30][..], &ipv6(&TCP, None)].concat()),
        ] {
            let seen = unpacked(&mut Unpacker::default(), link, &bytes);
            assert_eq!(seen, Some((vec![0x88, 0x00], 0)), "{link:?}");
            // A cut packet says how much of it is missing, and padding is no payload.
            let seen = unpacked(&mut Unpacker::default(), link, &bytes[..bytes.len() - 1]);
            assert_eq!(seen, Some((vec![0x88], 1)), "{link:?}");
            let padded = [&bytes[..], &[0; 9]].concat();
            let seen = unpacked(&mut Unpacker::default(), link, &padded);
            assert_eq!(seen, Some((vec![0x88, 0x00], 0)), "{link:?}");
            for length in 0..bytes.len() {
                unpacked(&mut Unpacker::default(), link, &bytes[..length]);
            }
        }
    }

    #[test]
    fn fragments_in_any_order_make_the_datagram() {
        let v4 = [
            ipv4(&TCP[..8], 0, true),
            ipv4(&TCP[8..16], 8, true),
            ipv4(&TCP[16..], 16, false),
        ];
        let v6 = [
            ipv6(&TCP[..8], Some((0, true))),
            ipv6(&TCP[8..16], Some((8, true))),
            ipv6(&TCP[16..], Some((16, false))),
        ];
        for pieces in [v4, v6] {
            for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
                let mut unpacker = Unpacker::default();
                let mut seen = None;
                for index in order {
                    seen = unpacked(&mut unpacker, Link::Ip, &pieces[index]);
                    // A duplicate changes nothing.
                    if seen.is_none() {
                        assert_eq!(unpacked(&mut unpacker, Link::Ip, &pieces[index]), None);
                    }
                }
                assert_eq!(seen, Some((vec![0x88, 0x00], 0)), "{order:?}");
            }
        }
    }

    #[test]
    fn fragments_that_disagree_make_nothing() {
        let mut unpacker = Unpacker::default();
        let mut other = TCP;
        other[9] = 0xee;
        assert_eq!(
            unpacked(&mut unpacker, Link::Ip, &ipv4(&other[..16], 0, true)),
            None
        );
        assert_eq!(
            unpacked(&mut unpacker, Link::Ip, &ipv4(&TCP[8..16], 8, true)),
            None
        );
        assert_eq!(
            unpacked(&mut unpacker, Link::Ip, &ipv4(&TCP[16..], 16, false)),
            None
        );
        assert!(unpacker.fragments.open.is_empty());
    }

    #[test]
    fn datagrams_that_never_end_give_way() {
        let mut unpacker = Unpacker::default();
        for identification in 0..1000u16 {
            let mut bytes = ipv4(&TCP[..8], 0, true);
            bytes[4..6].copy_from_slice(&identification.to_be_bytes());
            unpacked(&mut unpacker, Link::Ip, &bytes);
        }
        assert_eq!(unpacker.fragments.open.len(), MOST_DATAGRAMS);
    }
}
