//! A capture file to packets: pcap and pcapng, sans-I/O.
//!
//! Bytes are fed as they come, from a file or a live pipe; each packet that they complete is
//! handed out. What a packet holds is for [`packet`](super::packet). Lengths are believed only
//! up to [`LARGEST_BLOCK`], so that no file makes the reader hold more than that.
//!
//! Own, and not a crate: of those that are kept up, `pcap-parser` reads neither the modified
//! variant in big-endian order, nor time stamps in powers of two, nor the snap length of a simple
//! packet block, and waits for ever inside a block whose packet claims to be longer than it.
//!
//! Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
//!
//! ```
//! use wsclose::capture::file::CaptureFile;
//!
//! let capture = std::fs::read("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng").unwrap();
//! let mut file = CaptureFile::new();
//! let mut longest = 0;
//! for piece in capture.chunks(100) {
//!     file.feed(piece, |packet| longest = longest.max(packet.bytes.len())).unwrap();
//! }
//! assert_eq!(file.packets(), 13);
//! assert!(longest > 60 && file.finish().is_ok());
//! ```

use std::fmt;

use crate::words::{Message, say};

/// The longest block or packet that is taken for one: more than any program writes.
pub const LARGEST_BLOCK: usize = 16 << 20;
/// So many bytes at least are put behind a block that was cut, at a time.
const LEAST_ADDED: usize = 2048;
/// More interfaces than a capture has.
const MOST_INTERFACES: usize = 4096;

/// How the packets of an interface begin. The numbers are those of the LINKTYPE registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// Ethernet, with or without VLAN tags.
    Ethernet,
    /// Linux cooked capture, version 1.
    Cooked,
    /// Linux cooked capture, version 2.
    Cooked2,
    /// An IP header at once.
    Ip,
    /// A protocol family in four bytes of the capturing host's order, or of network order.
    Loop,
    /// Anything else.
    Other(u16),
}

impl Link {
    /// The link type with this number.
    pub fn of(number: u16) -> Self {
        match number {
            0 | 108 => Link::Loop,
            1 => Link::Ethernet,
            // Raw IP has had three numbers; two more are for one version each.
            12 | 14 | 101 | 228 | 229 => Link::Ip,
            113 => Link::Cooked,
            276 => Link::Cooked2,
            other => Link::Other(other),
        }
    }
}

/// One packet as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its number in the file, from 1, as other programs count.
    pub number: u64,
    /// The offset of its record in the file.
    pub at: u64,
    /// When it was seen, in nanoseconds since 1970; `None` where the file does not say.
    pub time: Option<i64>,
    /// How it begins.
    pub link: Link,
    /// Its bytes, as many as were captured.
    pub bytes: &'a [u8],
    /// How many there were on the wire.
    pub original_length: u32,
}

/// What a file consists of, as far as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// A packet.
    Packet(Packet<'a>),
    /// A part of a TLS key log (a Decryption Secrets Block of pcapng).
    Secrets(&'a [u8]),
}

/// Where a file stops making sense, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The offset of the block that makes no sense.
    pub at: u64,
    /// What is wrong with it.
    pub kind: DamageKind,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DamageKind {
    /// It does not begin like a capture.
    NoCapture,
    /// It ends inside a block.
    Cut,
    /// A length is larger than any that is believed.
    TooLong(u64),
    /// A length is too small for what it counts, or contradicts another.
    BadLength(u64),
    /// A packet names an interface that was not described.
    NoInterface(u32),
    /// A section does not say its byte order.
    NoByteOrder,
    /// More interfaces than a capture has.
    TooManyInterfaces,
    /// The compressed data is damaged.
    Compression,
}

impl Damage {
    /// What is wrong, and where.
    pub fn message(&self) -> Message {
        let at = self.at;
        match self.kind {
            DamageKind::NoCapture => say!(capture.not_a_capture),
            DamageKind::Cut => say!(capture.cut_short, at),
            DamageKind::TooLong(length) => say!(capture.record_too_long, at, length),
            DamageKind::BadLength(length) => say!(capture.length_contradicts, at, length),
            DamageKind::NoInterface(id) => say!(capture.unknown_interface, at, id),
            DamageKind::NoByteOrder => say!(capture.no_byte_order, at),
            DamageKind::TooManyInterfaces => {
                say!(capture.too_many_interfaces, at, most = MOST_INTERFACES)
            }
            DamageKind::Compression => say!(capture.bad_compression, at),
        }
    }
}

/// In English.
impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for Damage {}

/// Takes a capture in pieces of any size.
#[derive(Debug, Default)]
pub struct CaptureFile {
    /// The bytes that are not yet understood.
    held: Vec<u8>,
    /// The offset of the first of them.
    at: u64,
    packets: u64,
    format: Option<Format>,
    is_damaged: bool,
}

#[derive(Clone, Debug)]
enum Format {
    Pcap(Pcap),
    Pcapng(Section),
}

#[derive(Clone, Copy, Debug)]
struct Pcap {
    is_big: bool,
    is_nanoseconds: bool,
    /// The header of each packet: 16 bytes, or 24 in the modified variant.
    header: usize,
    link: Link,
}

#[derive(Clone, Debug, Default)]
struct Section {
    is_big: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: Link,
    snap_length: u32,
    resolution: Resolution,
    offset_seconds: i64,
}

/// How many ticks of a time stamp a second has.
#[derive(Clone, Copy, Debug)]
enum Resolution {
    Decimal(u32),
    Binary(u32),
}

impl Resolution {
    fn of(byte: u8) -> Self {
        let exponent = u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            Resolution::Decimal(exponent)
        } else {
            Resolution::Binary(exponent)
        }
    }

    fn nanoseconds(self, ticks: u64) -> i64 {
        let ticks = u128::from(ticks);
        let nanoseconds = match self {
            Resolution::Decimal(exponent @ 0..=9) => ticks * 10u128.pow(9 - exponent),
            Resolution::Decimal(exponent) => ticks / 10u128.pow((exponent - 9).min(30)),
            Resolution::Binary(exponent) => (ticks * 1_000_000_000) >> exponent.min(127),
        };
        i64::try_from(nanoseconds).unwrap_or(i64::MAX)
    }
}

impl CaptureFile {
    /// A file of which nothing has been read.
    pub fn new() -> Self {
        CaptureFile::default()
    }

    /// The packets read so far.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Takes the next bytes and hands each packet that they complete to `sink`.
    ///
    /// # Errors
    ///
    /// Where the file stops making sense. Nothing more is read after that.
    pub fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(Packet<'_>)) -> Result<(), Damage> {
        self.blocks(bytes, |block| {
            if let Block::Packet(packet) = block {
                sink(packet);
            }
        })
    }

    /// The same, with what else is read of it.
    ///
    /// # Errors
    ///
    /// Where the file stops making sense. Nothing more is read after that.
    pub fn blocks(&mut self, bytes: &[u8], mut sink: impl FnMut(Block<'_>)) -> Result<(), Damage> {
        if self.is_damaged {
            return Ok(());
        }
        if self.held.is_empty() {
            let used = self.read(bytes, &mut sink)?;
            self.held
                .extend_from_slice(bytes.get(used..).unwrap_or_default());
            return Ok(());
        }
        // The block that was cut is completed with little more than it lacks: to copy all that came behind
        // it would cost as much as to read it.
        let mut held = std::mem::take(&mut self.held);
        let mut rest = bytes;
        while !rest.is_empty() {
            let more = held.len().max(LEAST_ADDED).min(rest.len());
            let (added, behind) = rest.split_at_checked(more).unwrap_or((rest, &[]));
            held.extend_from_slice(added);
            rest = behind;
            let used = self.read(&held, &mut sink)?;
            if used > 0 {
                let unread = bytes.len() - rest.len() - (held.len() - used);
                rest = bytes.get(unread..).unwrap_or_default();
                held.clear();
                break;
            }
        }
        let used = match held.is_empty() {
            true => self.read(rest, &mut sink)?,
            false => 0,
        };
        held.extend_from_slice(rest.get(used..).unwrap_or_default());
        self.held = held;
        Ok(())
    }

    /// Whether its head has been read.
    pub fn is_known(&self) -> bool {
        self.format.is_some()
    }

    /// Whether it can hold keys; `None` while that is not known.
    pub fn may_hold_keys(&self) -> Option<bool> {
        let format = self.format.as_ref()?;
        Some(matches!(format, Format::Pcapng(_)))
    }

    /// Takes the end of the file.
    ///
    /// # Errors
    ///
    /// Where it ends inside a block.
    pub fn finish(&self) -> Result<(), Damage> {
        if self.is_damaged || self.held.is_empty() && self.format.is_some() {
            return Ok(());
        }
        let kind = match self.format {
            None => DamageKind::NoCapture,
            Some(_) => DamageKind::Cut,
        };
        Err(Damage { at: self.at, kind })
    }

    /// Reads whole blocks from the front of `bytes`. Gives how many bytes they have.
    fn read(&mut self, bytes: &[u8], sink: &mut impl FnMut(Block<'_>)) -> Result<usize, Damage> {
        let mut used = 0;
        loop {
            let rest = bytes.get(used..).unwrap_or_default();
            // A section of pcapng may follow another: that is read as a block.
            let is_section = matches!(self.format, Some(Format::Pcapng(_))) && is_section(rest);
            if self.format.is_some() && !is_section && is_head(rest) {
                if rest.len() < HEAD {
                    return Ok(used);
                }
                self.format = None;
            }
            let step = match &mut self.format {
                None => open(rest).map(|opened| {
                    opened.map(|(format, length)| {
                        self.format = Some(format);
                        length
                    })
                }),
                Some(Format::Pcap(pcap)) => pcap.packet(rest, self.at, &mut self.packets, sink),
                Some(Format::Pcapng(section)) => {
                    section.block(rest, self.at, &mut self.packets, sink)
                }
            };
            match step {
                Ok(Some(length)) => {
                    used += length;
                    self.at += length as u64;
                }
                Ok(None) => return Ok(used),
                Err(kind) => {
                    self.is_damaged = true;
                    return Err(Damage { at: self.at, kind });
                }
            }
        }
    }
}

const SECTION: u32 = 0x0a0d_0d0a;
/// The kind of secrets that is a TLS key log: "TLSK".
const TLS_KEY_LOG: u32 = 0x544c_534b;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// The head of a pcap file.
const HEAD: usize = 24;

/// Whether another file begins where a record may: several were written one behind the other. As that of a record its
/// head would be of a time that no packet has.
fn is_head(bytes: &[u8]) -> bool {
    match number(bytes, 0, true) {
        Some(0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34) => bytes.get(4..8) == Some(&[0, 2, 0, 4]),
        Some(0xd4c3_b2a1 | 0x4d3c_b2a1 | 0x34cd_b2a1) => bytes.get(4..8) == Some(&[2, 0, 4, 0]),
        Some(SECTION) => is_section(bytes),
        _ => false,
    }
}

/// Whether a section of pcapng begins.
fn is_section(bytes: &[u8]) -> bool {
    let order = number(bytes, 8, true);
    number(bytes, 0, true) == Some(SECTION)
        && order.is_some_and(|order| order == BYTE_ORDER || order == BYTE_ORDER.swap_bytes())
}

/// Reads the head of the file. `None` while it is not whole.
fn open(bytes: &[u8]) -> Result<Option<(Format, usize)>, DamageKind> {
    let Some(magic) = number(bytes, 0, true) else {
        return Ok(None);
    };
    if magic == SECTION {
        // The section header is read as a block.
        return Ok(Some((Format::Pcapng(Section::default()), 0)));
    }
    let (is_big, magic) = match magic {
        0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34 => (true, magic),
        _ => (false, magic.swap_bytes()),
    };
    if !matches!(magic, 0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34) {
        return Err(DamageKind::NoCapture);
    }
    let Some(link) = number(bytes, 20, is_big) else {
        return Ok(None);
    };
    let pcap = Pcap {
        is_big,
        is_nanoseconds: magic == 0xa1b2_3c4d,
        header: if magic == 0xa1b2_cd34 { 24 } else { 16 },
        // The upper bits say whether frames end with a checksum.
        link: Link::of(link as u16),
    };
    Ok(Some((Format::Pcap(pcap), HEAD)))
}

impl Pcap {
    /// Reads one packet. Gives its size in the file; `None` while it is not whole.
    fn packet(
        &self,
        bytes: &[u8],
        at: u64,
        packets: &mut u64,
        sink: &mut impl FnMut(Block<'_>),
    ) -> Result<Option<usize>, DamageKind> {
        let field = |offset| number(bytes, offset, self.is_big);
        let (Some(seconds), Some(fraction), Some(captured), Some(original_length)) =
            (field(0), field(4), field(8), field(12))
        else {
            return Ok(None);
        };
        let captured = believed(captured)?;
        let Some(data) = bytes.get(self.header..self.header + captured) else {
            return Ok(None);
        };
        let fraction = i64::from(fraction) * if self.is_nanoseconds { 1 } else { 1000 };
        *packets += 1;
        sink(Block::Packet(Packet {
            number: *packets,
            at,
            time: Some(i64::from(seconds) * 1_000_000_000 + fraction),
            link: self.link,
            bytes: data,
            original_length,
        }));
        Ok(Some(self.header + captured))
    }
}

impl Section {
    /// Reads one block. Gives its size; `None` while it is not whole.
    fn block(
        &mut self,
        bytes: &[u8],
        at: u64,
        packets: &mut u64,
        sink: &mut impl FnMut(Block<'_>),
    ) -> Result<Option<usize>, DamageKind> {
        let Some(kind) = number(bytes, 0, true) else {
            return Ok(None);
        };
        if kind == SECTION {
            let Some(order) = number(bytes, 8, true) else {
                return Ok(None);
            };
            self.is_big = match order {
                BYTE_ORDER => true,
                _ if order.swap_bytes() == BYTE_ORDER => false,
                _ => return Err(DamageKind::NoByteOrder),
            };
            self.interfaces.clear();
        }
        let kind = if self.is_big { kind } else { kind.swap_bytes() };
        let Some(length) = number(bytes, 4, self.is_big) else {
            return Ok(None);
        };
        let claimed = length;
        let length = believed(length)?;
        let bad = DamageKind::BadLength(u64::from(claimed));
        if length < 12 || length % 4 != 0 {
            return Err(bad);
        }
        let Some(block) = bytes.get(..length) else {
            return Ok(None);
        };
        if number(block, length - 4, self.is_big) != Some(claimed) {
            return Err(bad);
        }
        let body = block.get(8..length - 4).unwrap_or_default();
        let field = |offset| number(body, offset, self.is_big).ok_or(bad);
        let (interface, time, captured, original_length, data_at) = match kind {
            // Interface description.
            1 => {
                self.describe(body).ok_or(bad)?;
                if self.interfaces.len() > MOST_INTERFACES {
                    return Err(DamageKind::TooManyInterfaces);
                }
                return Ok(Some(length));
            }
            // Enhanced packet.
            6 => {
                let ticks = u64::from(field(4)?) << 32 | u64::from(field(8)?);
                (field(0)?, Some(ticks), field(12)?, field(16)?, 20)
            }
            // Packet, which is obsolete: two bytes each for the interface and the drops.
            2 => {
                let interface = match self.is_big {
                    true => field(0)? >> 16,
                    false => field(0)? & 0xffff,
                };
                let ticks = u64::from(field(4)?) << 32 | u64::from(field(8)?);
                (interface, Some(ticks), field(12)?, field(16)?, 20)
            }
            // Simple packet: of the first interface, without a time.
            3 => {
                let original = field(0)?;
                let snap = self.interfaces.first().map_or(0, |first| first.snap_length);
                let snap = if snap == 0 { u32::MAX } else { snap };
                let room = u32::try_from(body.len() - 4).unwrap_or(u32::MAX);
                (0, None, original.min(snap).min(room), original, 4)
            }
            // Decryption secrets: of the kinds that there are, those of TLS.
            10 => {
                if field(0)? == TLS_KEY_LOG {
                    let secrets = body.get(8..8 + believed(field(4)?)?).ok_or(bad)?;
                    sink(Block::Secrets(secrets));
                }
                return Ok(Some(length));
            }
            _ => return Ok(Some(length)),
        };
        let Some(interface) = self.interfaces.get(interface as usize) else {
            return Err(DamageKind::NoInterface(interface));
        };
        let data_end = data_at + believed(captured)?;
        let data = body.get(data_at..data_end).ok_or(bad)?;
        *packets += 1;
        sink(Block::Packet(Packet {
            number: *packets,
            at,
            time: time.map(|ticks| interface.time(ticks)),
            link: interface.link,
            bytes: data,
            original_length,
        }));
        Ok(Some(length))
    }

    /// Takes the description of an interface.
    fn describe(&mut self, body: &[u8]) -> Option<()> {
        let first = number(body, 0, self.is_big)?;
        let link = if self.is_big {
            first >> 16
        } else {
            first & 0xffff
        };
        let mut interface = Interface {
            link: Link::of(link as u16),
            snap_length: number(body, 4, self.is_big)?,
            resolution: Resolution::Decimal(6),
            offset_seconds: 0,
        };
        let mut options = body.get(8..).unwrap_or_default();
        while let Some(head) = number(options, 0, self.is_big) {
            let (code, length) = match self.is_big {
                true => (head >> 16, head & 0xffff),
                false => (head & 0xffff, head >> 16),
            };
            let length = length as usize;
            let Some(value) = options.get(4..4 + length) else {
                break;
            };
            match (code, value) {
                (0, _) => break,
                (9, [resolution, ..]) => interface.resolution = Resolution::of(*resolution),
                (14, _) => {
                    if let Ok(value) = <[u8; 8]>::try_from(value) {
                        interface.offset_seconds = match self.is_big {
                            true => i64::from_be_bytes(value),
                            false => i64::from_le_bytes(value),
                        };
                    }
                }
                _ => {}
            }
            options = options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
        }
        self.interfaces.push(interface);
        Some(())
    }
}

impl Interface {
    fn time(&self, ticks: u64) -> i64 {
        let offset = self.offset_seconds.saturating_mul(1_000_000_000);
        self.resolution.nanoseconds(ticks).saturating_add(offset)
    }
}

/// A length that a record may have.
fn believed(length: u32) -> Result<usize, DamageKind> {
    usize::try_from(length)
        .ok()
        .filter(|length| *length <= LARGEST_BLOCK)
        .ok_or(DamageKind::TooLong(u64::from(length)))
}

/// The four bytes at `at` as a number.
fn number(bytes: &[u8], at: usize, is_big: bool) -> Option<u32> {
    let field: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(match is_big {
        true => u32::from_be_bytes(field),
        false => u32::from_le_bytes(field),
    })
}

#[cfg(test)]
mod tests;
