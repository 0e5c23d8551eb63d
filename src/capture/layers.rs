//! What lies between the link and TCP: tags, labels and tunnels, in any order.
//!
//! A packet is opened layer by layer until its innermost IP datagram, which etherparse reads. What
//! cannot be opened, because it is encrypted or in pieces, is named, so that it can be counted: a capture
//! that was not looked into says nothing of what is in it.
//!
//! Source: IEEE 802.1Q, RFC 2516 (PPPoE), RFC 3032 (MPLS), RFC 2784 and 2890 (GRE), RFC 7348 (VXLAN),
//! RFC 8926 (Geneve), RFC 2003 and 4213 (IP in IP), draft-foschiano-erspan, RFC 8999 and 9000 (QUIC),
//! 3GPP TS 29.281 (GTP-U), draft-ietf-nvo3-vxlan-gpe, RFC 7510 (MPLS in UDP), RFC 3931 (L2TP).
//!
//! ```
//! use wsclose::capture::layers::Sealed;
//!
//! // What a capture's totals count of packets that nobody can look into.
//! for sealed in Sealed::ALL {
//!     println!("{}: {}", sealed.id(), sealed.name());
//! }
//! assert_eq!(Sealed::WireGuard.id(), "wireguard");
//! ```

use etherparse::{LaxIpSlice, LaxNetSlice};

use super::file::Link;

/// More layers than any network stacks.
const DEEPEST: usize = 16;

/// What hides the rest of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// WireGuard.
    WireGuard,
    /// ESP of IPsec, in UDP or not.
    IpSec,
    /// MACsec.
    MacSec,
    /// A tunnel that is not known here, or a piece of one.
    Tunnel,
    /// The beginning of a QUIC connection, which mostly is HTTP/3: no tunnel, but a WebSocket may be in it.
    Quic,
    /// L2TP in UDP.
    L2tp,
    /// OpenVPN in UDP.
    OpenVpn,
    /// A packet of TCP, or of who knows what, of which nothing behind its headers was captured.
    Cut,
}

impl Sealed {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Sealed; 8] = [
        Sealed::WireGuard,
        Sealed::IpSec,
        Sealed::MacSec,
        Sealed::Tunnel,
        Sealed::Quic,
        Sealed::L2tp,
        Sealed::OpenVpn,
        Sealed::Cut,
    ];

    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Sealed::WireGuard => "wireguard",
            Sealed::IpSec => "ipsec",
            Sealed::MacSec => "macsec",
            Sealed::Tunnel => "tunnel",
            Sealed::Quic => "quic",
            Sealed::L2tp => "l2tp",
            Sealed::OpenVpn => "openvpn",
            Sealed::Cut => "cut",
        }
    }

    /// Whether a WebSocket may be in it only where none was found elsewhere: QUIC stands beside nearly every
    /// WebSocket of a browser, which opens them over TCP, and a packet of TCP that was cut is missed by the
    /// connection that it belongs to.
    pub fn is_beside(self) -> bool {
        matches!(self, Sealed::Quic | Sealed::Cut)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Sealed::WireGuard => "WireGuard",
            Sealed::IpSec => "IPsec",
            Sealed::MacSec => "MACsec",
            Sealed::Tunnel => "GRE/IP",
            Sealed::Quic => "QUIC (HTTP/3)",
            Sealed::L2tp => "L2TP",
            Sealed::OpenVpn => "OpenVPN",
            Sealed::Cut => "cut",
        }
    }
}

/// A packet, opened.
pub(super) enum Opened<'a> {
    /// The innermost IP datagram.
    Ip(LaxNetSlice<'a>),
    Sealed(Sealed),
    /// Nothing that can hold TCP.
    Other,
}

/// Where in a packet something begins, and what.
enum At<'a> {
    Ethernet(&'a [u8]),
    /// The payload of an EtherType.
    Ether(u16, &'a [u8]),
    Ip(&'a [u8]),
    Ppp(&'a [u8]),
}

/// What a layer holds.
enum Inside<'a> {
    At(At<'a>),
    Done(Opened<'a>),
}

/// Opens a packet.
pub(super) fn open(link: Link, bytes: &[u8]) -> Opened<'_> {
    let begins = match link {
        Link::Ethernet => Some(At::Ethernet(bytes)),
        // Linux cooked captures name the protocol in front (version 2) or at the end of their header.
        Link::Cooked => ether(bytes, 14, 16),
        Link::Cooked2 => ether(bytes, 0, 20),
        Link::Ip => Some(At::Ip(bytes)),
        // The family's number differs between systems; the version of IP is in its header.
        Link::Loop => bytes.get(4..).map(At::Ip),
        Link::Other(_) => None,
    };
    let Some(mut at) = begins else {
        return Opened::Other;
    };
    for _ in 0..DEEPEST {
        let inside = match at {
            At::Ethernet(bytes) => ethernet(bytes),
            At::Ether(kind, bytes) => ether_type(kind, bytes),
            At::Ppp(bytes) => ppp(bytes),
            At::Ip(bytes) => ip(bytes),
        };
        match inside {
            Some(Inside::At(next)) => at = next,
            Some(Inside::Done(opened)) => return opened,
            None => return Opened::Other,
        }
    }
    Opened::Sealed(Sealed::Tunnel)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// The payload at `begins`, whose EtherType is at `kind_at`.
fn ether(bytes: &[u8], kind_at: usize, begins: usize) -> Option<At<'_>> {
    Some(At::Ether(half(bytes, kind_at)?, bytes.get(begins..)?))
}

fn ethernet(bytes: &[u8]) -> Option<Inside<'_>> {
    // Below 1536 it is a length, and the type may stand behind a SNAP header.
    let is_length = half(bytes, 12)? < 1536;
    if !is_length {
        return ether(bytes, 12, 14).map(Inside::At);
    }
    let is_snap = bytes.get(14..20)? == [0xaa, 0xaa, 3, 0, 0, 0];
    is_snap.then(|| ether(bytes, 20, 22).map(Inside::At))?
}

fn ether_type(kind: u16, bytes: &[u8]) -> Option<Inside<'_>> {
    Some(Inside::At(match kind {
        0x0800 | 0x86dd => At::Ip(bytes),
        0x8100 | 0x88a8 | 0x9100 | 0x9200 => ether(bytes, 2, 4)?,
        0x8864 => At::Ppp(bytes.get(6..)?),
        0x8847 | 0x8848 => return mpls(bytes),
        0x6558 => At::Ethernet(bytes),
        // ERSPAN II and III.
        0x88be => At::Ethernet(bytes.get(8..)?),
        0x22eb => {
            let has_more = bytes.get(11)? & 1 != 0;
            At::Ethernet(bytes.get(if has_more { 20 } else { 12 }..)?)
        }
        0x88e5 => return Some(Inside::Done(Opened::Sealed(Sealed::MacSec))),
        _ => return None,
    }))
}

fn mpls(bytes: &[u8]) -> Option<Inside<'_>> {
    let mut rest = bytes;
    for _ in 0..DEEPEST {
        let (label, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        if label[2] & 1 != 0 {
            return Some(Inside::At(match rest.first()? >> 4 {
                4 | 6 => At::Ip(rest),
                // A control word before the frame of a pseudowire.
                0 => At::Ethernet(rest.get(4..)?),
                _ => At::Ethernet(rest),
            }));
        }
    }
    None
}

fn ppp(bytes: &[u8]) -> Option<Inside<'_>> {
    let bytes = bytes.strip_prefix(&[0xff, 3]).unwrap_or(bytes);
    // The protocol has one byte where that is odd.
    let (protocol, rest) = match bytes.first()? {
        first if first & 1 != 0 => (u16::from(*first), bytes.get(1..)?),
        _ => (half(bytes, 0)?, bytes.get(2..)?),
    };
    match protocol {
        0x21 | 0x57 => Some(Inside::At(At::Ip(rest))),
        // Multilink, compressed or encrypted.
        0x3d | 0xfd | 0x53 => Some(Inside::Done(Opened::Sealed(Sealed::Tunnel))),
        _ => None,
    }
}

fn ip(bytes: &[u8]) -> Option<Inside<'_>> {
    let (slice, _) = LaxIpSlice::from_slice(bytes).ok()?;
    let payload = slice.payload();
    let (number, inner) = (payload.ip_number.0, payload.payload);
    let is_fragment = payload.fragmented;
    let sealed = |sealed| Some(Inside::Done(Opened::Sealed(sealed)));
    match number {
        4 | 41 | 47 if is_fragment => sealed(Sealed::Tunnel),
        4 | 41 => Some(Inside::At(At::Ip(inner))),
        47 => gre(inner),
        50 => sealed(Sealed::IpSec),
        17 if !is_fragment => udp(inner),
        _ => Some(Inside::Done(Opened::Ip(slice.into()))),
    }
}

fn gre(bytes: &[u8]) -> Option<Inside<'_>> {
    let (flags, kind) = (half(bytes, 0)?, half(bytes, 2)?);
    let is_set = |flag: u16| usize::from(flags & flag != 0) * 4;
    match flags & 7 {
        0 if flags & 0x4000 == 0 => {
            let begins = 4 + is_set(0x8000) + is_set(0x2000) + is_set(0x1000);
            let rest = bytes.get(begins..)?;
            Some(Inside::At(match kind {
                // ERSPAN I has neither a number nor a header.
                0x88be if flags & 0x1000 == 0 => At::Ethernet(rest),
                _ => At::Ether(kind, rest),
            }))
        }
        // PPTP: PPP behind a key, which holds the length and the call.
        1 if kind == 0x880b => {
            let begins = 8 + is_set(0x1000) + is_set(0x0080);
            Some(Inside::At(At::Ppp(bytes.get(begins..)?)))
        }
        _ => Some(Inside::Done(Opened::Sealed(Sealed::Tunnel))),
    }
}

fn udp(bytes: &[u8]) -> Option<Inside<'_>> {
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
            Some(Inside::Done(Opened::Sealed(Sealed::L2tp)))
        }
        // P_DATA_V1 and P_DATA_V2.
        [kind, ..] if is(1194) && matches!(kind >> 3, 6 | 9) => {
            Some(Inside::Done(Opened::Sealed(Sealed::OpenVpn)))
        }
        // The kind of a message, and three zeros; a datagram of data is a multiple of 16 bytes long.
        [4, 0, 0, 0, ..] if body.len() >= 32 && (is(51820) || body.len() % 16 == 0) => {
            Some(Inside::Done(Opened::Sealed(Sealed::WireGuard)))
        }
        // Four zeros would be a message of IKE.
        [a, b, c, d, ..] if is(4500) && [*a, *b, *c, *d] != [0; 4] && body.len() > 8 => {
            Some(Inside::Done(Opened::Sealed(Sealed::IpSec)))
        }
        _ if is_quic(body) => Some(Inside::Done(Opened::Sealed(Sealed::Quic))),
        _ => None,
    }
}

/// What a VXLAN-GPE or NSH header says comes next.
fn next_protocol(number: u8, bytes: &[u8]) -> Option<Inside<'_>> {
    Some(Inside::At(match number {
        1 | 2 => At::Ip(bytes),
        3 => At::Ethernet(bytes),
        // NSH has its length in words of four bytes, and what follows it.
        4 => {
            let begins = usize::from(bytes.get(1)? & 0x3f) * 4;
            return match (bytes.get(3)?, bytes.get(begins..)?) {
                (next @ 1..=3, rest) => next_protocol(*next, rest),
                _ => Some(Inside::Done(Opened::Sealed(Sealed::Tunnel))),
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
