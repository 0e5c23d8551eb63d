//! A recording of any kind to the connections in it: what a program that reads captures begins with.

use super::Keys;
use super::file::{Block, CaptureFile, Damage, DamageKind};
use super::gzip::{self, Gunzip};
use super::order::Order;
use super::recording::Recording;
use super::tracker::{Limits, Totals, Tracker};
use super::zip::{self, Unzip};
use crate::session::{Options, Record, Source};
use crate::words::Message;

/// Takes a recording in pieces of any size, and hands out a [`Record`] of each connection as it ends.
///
/// What it is, and how it is compressed, its first bytes tell: pcap or pcapng, flows of mitmproxy, and
/// with the feature `serde` HAR files and net logs, each also in gzip or zip. Memory is bounded by
/// the [`Limits`].
///
/// ```
/// use wsclose::capture::Reader;
///
/// let capture = std::fs::read("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng").unwrap();
/// let mut reader = Reader::default();
/// let mut connections = Vec::new();
/// // A file comes in pieces.
/// for piece in capture.chunks(4096) {
///     reader.feed(piece, &mut |record| connections.push(record)).unwrap();
/// }
/// let end = reader.finish(&mut |record| connections.push(record)).unwrap();
/// assert_eq!(connections.len(), 1);
/// assert_eq!(end.totals.packets, 13);
/// ```
pub struct Reader {
    wrapping: Wrapping,
    content: Content,
}

/// What a recording came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct End {
    /// How much there was; of what are no packets only the source and the connections are counted.
    pub totals: Totals,
    /// What is wrong with it, and at which byte; what was read before is an answer all the same.
    pub damage: Option<(u64, Message)>,
}

/// How it is compressed.
enum Wrapping {
    /// The first bytes, which are too few to tell.
    Unknown(Vec<u8>),
    None,
    Gzip(Gunzip),
    Zip(Unzip),
}

/// What is in it.
struct Content {
    recording: Recording,
    file: CaptureFile,
    /// Puts packets in the order of their times.
    order: Order,
    tracker: Tracker,
    has_packets: bool,
    /// Where the packets stop making sense.
    damage: Option<Damage>,
    reported: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Reader::new(Limits::default(), Options::default())
    }
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new(limits: Limits, options: Options) -> Self {
        Reader {
            wrapping: Wrapping::Unknown(Vec::new()),
            content: Content {
                recording: Recording::new(options),
                file: CaptureFile::new(),
                order: Order::default(),
                tracker: Tracker::new(limits, options),
                has_packets: false,
                damage: None,
                reported: 0,
            },
        }
    }

    /// The keys that encrypted connections are read with, to be given before the packets.
    pub fn keys(&mut self) -> &mut Keys {
        &mut self.content.tracker.secrets
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// Where the recording stops making sense: nothing behind it is read.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let begun;
        let mut bytes = bytes;
        if let Wrapping::Unknown(held) = &mut self.wrapping {
            held.extend_from_slice(bytes);
            if held.len() < zip::MAGIC.len() {
                return Ok(());
            }
            begun = std::mem::take(held);
            bytes = &begun;
            self.wrapping = match &begun {
                bytes if bytes.starts_with(&gzip::MAGIC) => Wrapping::Gzip(Gunzip::default()),
                bytes if bytes.starts_with(&zip::MAGIC) => Wrapping::Zip(Unzip::default()),
                _ => Wrapping::None,
            };
        }
        let content = &mut self.content;
        let mut sink = |bytes: &[u8]| content.feed(bytes, sink);
        match &mut self.wrapping {
            Wrapping::Gzip(gunzip) => gunzip.feed(bytes, &mut sink),
            Wrapping::Zip(unzip) => unzip.feed(bytes, &mut sink),
            Wrapping::Unknown(_) | Wrapping::None => sink(bytes),
        }
    }

    /// Takes the end, behind which the connections that are still open are handed out.
    ///
    /// # Errors
    ///
    /// That it is no recording, in one line.
    pub fn finish(mut self, sink: &mut impl FnMut(Box<Record>)) -> Result<End, Message> {
        let wrapping = match &mut self.wrapping {
            Wrapping::Unknown(held) => {
                let held = std::mem::take(held);
                self.content.feed(&held, sink)
            }
            Wrapping::None => Ok(()),
            Wrapping::Gzip(gunzip) => gunzip.finish(),
            Wrapping::Zip(unzip) => unzip.finish(),
        };
        self.content.finish(wrapping.err(), sink)
    }
}

impl Content {
    fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let mut reported = self.reported;
        let mut sink = |record| {
            reported += 1;
            sink(record);
        };
        let read = match self.recording.feed(bytes, &mut sink) {
            Some(packets) => {
                self.has_packets = true;
                let read = self.packets(&packets, &mut sink);
                self.damage = self.damage.or(read.err());
                read
            }
            None => Ok(()),
        };
        self.reported = reported;
        read
    }

    fn finish(
        mut self,
        wrapping: Option<Damage>,
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<End, Message> {
        let mut reported = self.reported;
        let mut sink = |record| {
            reported += 1;
            sink(record);
        };
        if let Some(source) = self.recording.source(&mut sink) {
            let damage = self.recording.finish(&mut sink)?;
            let damage = damage.or(wrapping.map(|damage| (damage.at, damage.message())));
            let totals = Totals {
                source,
                reported,
                ..Totals::default()
            };
            return Ok(End { totals, damage });
        }
        let rest = self.recording.undecided();
        if rest.is_empty() && !self.has_packets {
            let nothing = Damage {
                at: 0,
                kind: DamageKind::NoCapture,
            };
            return Err(wrapping.unwrap_or(nothing).message());
        }
        let read = self.packets(&rest, &mut sink);
        let damage = self.damage.or(read.err());
        let damage = damage.or(self.file.finish().err()).or(wrapping);
        let Content { order, tracker, .. } = &mut self;
        order.flush(&mut |packets| tracker.packets(packets, &mut sink));
        tracker.finish(&mut sink);
        let totals = tracker.totals();
        match damage {
            Some(damage) if totals.packets == 0 => Err(damage.message()),
            damage => Ok(End {
                totals: Totals {
                    source: Source::Packets,
                    reordered: self.order.done(),
                    ..totals
                },
                damage: damage.map(|damage| (damage.at, damage.message())),
            }),
        }
    }

    /// Takes the packets of a file, and the keys that it carries.
    fn packets(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let Content {
            file,
            order,
            tracker,
            ..
        } = self;
        file.blocks(bytes, |block| match block {
            Block::Packet(packet) => {
                order.take(&packet, &mut |packets| tracker.packets(packets, sink))
            }
            Block::Secrets(secrets) => {
                tracker.secrets.log.feed(secrets);
                tracker.secrets.log.finish();
            }
        })
    }
}
