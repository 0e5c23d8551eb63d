//! What lies between the link and TCP: tags, labels and tunnels, in any order.
//!
//! A packet is opened layer by layer until its innermost IP datagram, which etherparse reads. What
//! cannot be opened, because it is encrypted or in pieces, is named, so that it can be counted: a capture
//! that was not looked into says nothing of what is in it.
//!
//! Source: IEEE 802.1Q, RFC 2516 (PPPoE), RFC 3032 (MPLS), RFC 2784 and 2890 (GRE), RFC 7348 (VXLAN),
//! RFC 8926 (Geneve), RFC 2003 and 4213 (IP in IP), draft-foschiano-erspan, RFC 8999 and 9000 (QUIC),
//! 3GPP TS 29.281 (GTP-U), draft-ietf-nvo3-vxlan-gpe, RFC 7510 (MPLS in UDP), RFC 3931 (L2TP), RFC 8300 (NSH),
//! RFC 6325 (TRILL), IEEE 802.1ah, RFC 3378 (EtherIP), RFC 4023 (MPLS in IP), RFC 9300 (LISP), RFC 4380 (Teredo),
//! RFC 5415 (CAPWAP), draft-ietf-intarea-gue, the IEEE's EtherTypes, IANA's protocol numbers and PPP protocols.
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

mod ordinary;
mod udp;

use etherparse::{LaxIpSlice, LaxNetSlice};

use super::file::Link;
use ordinary::{is_ordinary_ether, is_ordinary_gre, is_ordinary_ip, is_ordinary_ppp};
use udp::{next_protocol, udp};

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
    /// A piece of a datagram whose other pieces are not in the capture.
    Fragment,
    /// A protocol that is not known here, and may be a tunnel.
    Unknown,
}

impl Sealed {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Sealed; 10] = [
        Sealed::WireGuard,
        Sealed::IpSec,
        Sealed::MacSec,
        Sealed::Tunnel,
        Sealed::Quic,
        Sealed::L2tp,
        Sealed::OpenVpn,
        Sealed::Cut,
        Sealed::Fragment,
        Sealed::Unknown,
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
            Sealed::Fragment => "fragment",
            Sealed::Unknown => "unknown",
        }
    }

    /// Whether a WebSocket may be in it only where none was found elsewhere: QUIC stands beside nearly every
    /// WebSocket of a browser, which opens them over TCP, a packet of TCP that was cut or is in pieces is missed
    /// by the connection that it belongs to, and most of what is not known is no tunnel.
    pub fn is_beside(self) -> bool {
        matches!(
            self,
            Sealed::Quic | Sealed::Cut | Sealed::Fragment | Sealed::Unknown
        )
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
            Sealed::Fragment => "fragment",
            Sealed::Unknown => "unknown",
        }
    }
}

/// A packet, opened.
pub(super) enum Opened<'a> {
    /// The innermost IP datagram: TCP, or a fragment of what may be opened once it is whole.
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
    begin(link, bytes).map_or(Opened::Other, |at| walk(Inside::At(at)))
}

/// Opens what a datagram carries that was put together from its fragments: no TCP.
pub(super) fn open_payload(number: u8, bytes: &[u8]) -> Opened<'_> {
    payload(number, bytes).map_or(Opened::Other, walk)
}

fn begin(link: Link, bytes: &[u8]) -> Option<At<'_>> {
    match link {
        Link::Ethernet => Some(At::Ethernet(bytes)),
        // Linux cooked captures name the protocol in front (version 2) or at the end of their header.
        Link::Cooked => ether(bytes, 14, 16),
        Link::Cooked2 => ether(bytes, 0, 20),
        Link::Ip => Some(At::Ip(bytes)),
        // The family's number differs between systems; the version of IP is in its header.
        Link::Loop => bytes.get(4..).map(At::Ip),
        Link::Other(_) => None,
    }
}

fn walk(mut inside: Inside<'_>) -> Opened<'_> {
    for _ in 0..=DEEPEST {
        let at = match inside {
            Inside::At(at) => at,
            Inside::Done(opened) => return opened,
        };
        let next = match at {
            At::Ethernet(bytes) => ethernet(bytes),
            At::Ether(kind, bytes) => ether_type(kind, bytes),
            At::Ppp(bytes) => ppp(bytes),
            At::Ip(bytes) => ip(bytes),
        };
        let Some(next) = next else {
            return Opened::Other;
        };
        inside = next;
    }
    Opened::Sealed(Sealed::Tunnel)
}

fn sealed(sealed: Sealed) -> Option<Inside<'static>> {
    Some(Inside::Done(Opened::Sealed(sealed)))
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
    ether(bytes, 12, 14).map(Inside::At)
}

/// What stands behind a length in the place of an EtherType: that may follow in a SNAP header.
fn snap(bytes: &[u8]) -> Option<Inside<'_>> {
    let is_snap = matches!(bytes.get(..6)?, [0xaa, 0xaa, 3, 0, 0, 0 | 0xf8]);
    is_snap.then(|| ether(bytes, 6, 8).map(Inside::At))?
}

fn ether_type(kind: u16, bytes: &[u8]) -> Option<Inside<'_>> {
    Some(Inside::At(match kind {
        // Below 1536 it is a length.
        0..0x600 => return snap(bytes),
        0x0800 | 0x86dd => At::Ip(bytes),
        0x8100 | 0x88a8 | 0x9100 | 0x9200 => ether(bytes, 2, 4)?,
        0x8864 => At::Ppp(bytes.get(6..)?),
        0x8847 | 0x8848 => return mpls(bytes),
        0x6558 => At::Ethernet(bytes),
        0x880b => At::Ppp(bytes),
        // ERSPAN II and III.
        0x88be => At::Ethernet(bytes.get(8..)?),
        0x22eb => {
            let has_more = bytes.get(11)? & 1 != 0;
            At::Ethernet(bytes.get(if has_more { 20 } else { 12 }..)?)
        }
        0x88e5 => return sealed(Sealed::MacSec),
        0x894f => return next_protocol(4, bytes),
        // Cisco's VN-Tag and MetaData, HSR: tags of four and six bytes.
        0x8926 | 0x892f => ether(bytes, 4, 6)?,
        0x8909 => ether(bytes, 6, 8)?,
        // A frame behind the number of its service, or behind the header of TRILL and its options.
        0x88e7 => At::Ethernet(bytes.get(4..)?),
        0x22f3 => {
            let options = usize::from(half(bytes, 0)? >> 6 & 0x1f) * 4;
            At::Ethernet(bytes.get(6 + options..)?)
        }
        0x4305 => return batman(bytes),
        kind if is_ordinary_ether(kind) => return None,
        _ => return sealed(Sealed::Unknown),
    }))
}

/// A packet of batman-adv: a frame for one end, or what the mesh tells itself.
///
/// Source: the kernel's include/uapi/linux/batadv_packet.h.
fn batman(bytes: &[u8]) -> Option<Inside<'_>> {
    match bytes.first()? {
        0x01 => bytes.get(14..).map(|rest| Inside::At(At::Ethernet(rest))),
        0x40 => bytes.get(10..).map(|rest| Inside::At(At::Ethernet(rest))),
        0x42 => bytes.get(18..).map(|rest| Inside::At(At::Ethernet(rest))),
        // Coded together with another, or in pieces.
        0x02 | 0x41 => sealed(Sealed::Tunnel),
        _ => None,
    }
}

/// Whether bytes are a frame of Ethernet, as far as its type tells.
fn is_frame(bytes: &[u8]) -> bool {
    let (kind, first) = (half(bytes, 12), bytes.get(14).map(|first| first >> 4));
    match kind {
        Some(0x0800) => first == Some(4),
        Some(0x86dd) => first == Some(6),
        Some(0x0806 | 0x8100 | 0x88a8 | 0x8847 | 0x8848 | 0x8863 | 0x8864 | 0x88cc) => true,
        _ => false,
    }
}

/// Whether bytes are a whole datagram of IP, as far as its lengths tell.
fn is_ip(bytes: &[u8]) -> bool {
    let length = match bytes.first() {
        Some(0x45..=0x4f) => half(bytes, 2).map(usize::from),
        Some(0x60..=0x6f) => half(bytes, 4).map(|length| 40 + usize::from(length)),
        _ => None,
    };
    length.is_some_and(|length| length <= bytes.len())
}

fn mpls(bytes: &[u8]) -> Option<Inside<'_>> {
    let mut rest = bytes;
    for _ in 0..DEEPEST {
        let (label, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        if label[2] & 1 != 0 {
            // Nothing says what follows: the first bits of an address may be those of anything else.
            return Some(Inside::At(match rest.first()? >> 4 {
                4 | 6 if is_frame(rest) && !is_ip(rest) => At::Ethernet(rest),
                4 | 6 => At::Ip(rest),
                // A control word before the frame of a pseudowire.
                0 if is_frame(rest) && !is_frame(rest.get(4..)?) => At::Ethernet(rest),
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
        0x0281 | 0x0283 => mpls(rest),
        // Multilink, compressed or encrypted; TCP whose headers are compressed.
        0x3d | 0xfd | 0x53 | 0x2d | 0x2f => sealed(Sealed::Tunnel),
        protocol if is_ordinary_ppp(protocol) => None,
        _ => sealed(Sealed::Unknown),
    }
}

fn ip(bytes: &[u8]) -> Option<Inside<'_>> {
    let (slice, _) = LaxIpSlice::from_slice(bytes).ok()?;
    let payload = slice.payload();
    let (number, inner) = (payload.ip_number.0, payload.payload);
    match number {
        6 => Some(Inside::Done(Opened::Ip(slice.into()))),
        // What is encrypted needs not be whole.
        50 => sealed(Sealed::IpSec),
        _ if payload.fragmented => may_hold(number).then(|| Inside::Done(Opened::Ip(slice.into()))),
        _ => self::payload(number, inner),
    }
}

/// Whether a datagram of this protocol may hold TCP.
fn may_hold(number: u8) -> bool {
    !is_ordinary_ip(number) || number == 17
}

/// What a datagram carries that is no TCP.
fn payload(number: u8, bytes: &[u8]) -> Option<Inside<'_>> {
    match number {
        4 | 41 | 94 => Some(Inside::At(At::Ip(bytes))),
        17 => udp(bytes),
        47 => gre(bytes),
        50 => sealed(Sealed::IpSec),
        // EtherIP: a version, and zeros.
        97 => bytes.get(2..).map(|rest| Inside::At(At::Ethernet(rest))),
        115 => sealed(Sealed::L2tp),
        137 => mpls(bytes),
        // Headers that are shortened, or compressed.
        55 | 108 => sealed(Sealed::Tunnel),
        number if is_ordinary_ip(number) => None,
        _ => sealed(Sealed::Unknown),
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
                // WCCP, whose second version has four bytes of its own.
                0x883e if is_ip(rest) => At::Ip(rest),
                0x883e => At::Ip(rest.get(4..)?),
                kind if is_ordinary_gre(kind) => return None,
                kind if kind < 0x600 || is_ordinary_ether(kind) => {
                    return sealed(Sealed::Tunnel);
                }
                _ => At::Ether(kind, rest),
            }))
        }
        // PPTP: PPP behind a key, which holds the length and the call.
        1 if kind == 0x880b => {
            let begins = 8 + is_set(0x1000) + is_set(0x0080);
            Some(Inside::At(At::Ppp(bytes.get(begins..)?)))
        }
        _ => sealed(Sealed::Tunnel),
    }
}
