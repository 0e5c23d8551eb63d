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

mod format;

use std::fmt;

use format::{Format, HEAD, MOST_INTERFACES, is_head, is_section, open};

use crate::words::{Message, say};

/// The longest block or packet that is taken for one: more than any program writes.
pub const LARGEST_BLOCK: usize = 16 << 20;
/// So many bytes at least are put behind a block that was cut, at a time.
const LEAST_ADDED: usize = 2048;

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

#[cfg(test)]
mod tests;
