//! The two formats of captures, block by block.

use super::{Block, DamageKind, LARGEST_BLOCK, Link, Packet};

/// More interfaces than a capture has.
pub(super) const MOST_INTERFACES: usize = 4096;

#[derive(Clone, Debug)]
pub(super) enum Format {
    Pcap(Pcap),
    Pcapng(Section),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pcap {
    is_big: bool,
    is_nanoseconds: bool,
    /// The header of each packet: 16 bytes, or 24 in the modified variant.
    header: usize,
    link: Link,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Section {
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

pub(super) const SECTION: u32 = 0x0a0d_0d0a;
/// The kind of secrets that is a TLS key log: "TLSK".
const TLS_KEY_LOG: u32 = 0x544c_534b;
pub(super) const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// The head of a pcap file.
pub(super) const HEAD: usize = 24;

/// Whether another file begins where a record may: several were written one behind the other. As that of a record its
/// head would be of a time that no packet has.
pub(super) fn is_head(bytes: &[u8]) -> bool {
    match number(bytes, 0, true) {
        Some(0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34) => bytes.get(4..8) == Some(&[0, 2, 0, 4]),
        Some(0xd4c3_b2a1 | 0x4d3c_b2a1 | 0x34cd_b2a1) => bytes.get(4..8) == Some(&[2, 0, 4, 0]),
        Some(SECTION) => is_section(bytes),
        _ => false,
    }
}

/// Whether a section of pcapng begins.
pub(super) fn is_section(bytes: &[u8]) -> bool {
    let order = number(bytes, 8, true);
    number(bytes, 0, true) == Some(SECTION)
        && order.is_some_and(|order| order == BYTE_ORDER || order == BYTE_ORDER.swap_bytes())
}

/// Reads the head of the file. `None` while it is not whole.
pub(super) fn open(bytes: &[u8]) -> Result<Option<(Format, usize)>, DamageKind> {
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
    pub(super) fn packet(
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
    pub(super) fn block(
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
