//! A recording of any kind to the connections in it: what a program that reads captures begins with.

use super::Keys;
use super::file::{Damage, DamageKind};
use super::packets::PacketReader;
use super::recording::Recording;
use super::tracker::{Limits, Totals};
use super::wrapping::Unwrapper;
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
    unwrapper: Unwrapper,
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

/// What a recording was, known at its end. The connections of packets that are open are still to be handed out.
pub(crate) enum Ending {
    /// A file of a browser or of mitmproxy, with what is wrong with it, and where.
    Recorded(Source, Option<(u64, Message)>),
    /// Packets, with where they stop making sense.
    Packets(Option<Damage>),
    /// There was nothing.
    Empty,
}

/// What is in it.
struct Content {
    recording: Recording,
    packets: PacketReader,
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
            unwrapper: Unwrapper::new(),
            content: Content {
                recording: Recording::new(options),
                packets: PacketReader::new(limits, options),
                reported: 0,
            },
        }
    }

    /// The keys that encrypted connections are read with, to be given before the packets.
    pub fn keys(&mut self) -> &mut Keys {
        self.content.packets.keys()
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// Where the recording stops making sense: nothing behind it is read.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let content = &mut self.content;
        self.unwrapper
            .feed(bytes, &mut |bytes| content.feed(bytes, sink))
    }

    /// Nothing has come for a while: what has ended is handed out.
    #[cfg(feature = "cli")]
    pub(crate) fn pause(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        self.content.packets.pause(sink);
    }

    /// The packets that were read.
    pub(crate) fn packets(&self) -> u64 {
        self.content.packets.packets()
    }

    /// The first bytes of what may be packets.
    #[cfg(feature = "cli")]
    pub(crate) fn beginning(&self) -> &[u8] {
        self.content.packets.beginning()
    }

    /// Takes the end of the input.
    ///
    /// # Errors
    ///
    /// That it is no recording, in one line.
    pub(crate) fn end(&mut self, sink: &mut impl FnMut(Box<Record>)) -> Result<Ending, Message> {
        let (rest, wrapping) = self.unwrapper.finish();
        self.content.end(&rest, wrapping, sink)
    }

    /// Hands out the connections that are still open, of what was packets, and gives what all came to.
    pub(crate) fn close(mut self, sink: &mut impl FnMut(Box<Record>)) -> Totals {
        self.content.packets.finish(sink);
        Totals {
            source: Source::Packets,
            ..self.content.packets.totals()
        }
    }

    /// Takes the end, behind which the connections that are still open are handed out.
    ///
    /// # Errors
    ///
    /// That it is no recording, in one line.
    pub fn finish(mut self, sink: &mut impl FnMut(Box<Record>)) -> Result<End, Message> {
        let nothing = Damage {
            at: 0,
            kind: DamageKind::NoCapture,
        };
        match self.end(sink)? {
            Ending::Recorded(source, damage) => {
                let totals = Totals {
                    source,
                    reported: self.content.reported,
                    ..Totals::default()
                };
                Ok(End { totals, damage })
            }
            Ending::Empty => Err(nothing.message()),
            Ending::Packets(Some(damage)) if self.packets() == 0 => Err(damage.message()),
            Ending::Packets(damage) => Ok(End {
                totals: self.close(sink),
                damage: damage.map(|damage| (damage.at, damage.message())),
            }),
        }
    }
}

impl Content {
    fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) -> Result<(), Damage> {
        let reported = &mut self.reported;
        let mut sink = |record| {
            *reported += 1;
            sink(record);
        };
        match self.recording.feed(bytes, &mut sink) {
            Some(packets) => self.packets.feed(&packets, &mut sink),
            None => Ok(()),
        }
    }

    fn end(
        &mut self,
        rest: &[u8],
        wrapping: Option<Damage>,
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<Ending, Message> {
        let reported = &mut self.reported;
        let mut sink = |record| {
            *reported += 1;
            sink(record);
        };
        let held = self.recording.feed(rest, &mut sink);
        if let Some(source) = self.recording.source(&mut sink) {
            let damage = self.recording.finish(&mut sink)?;
            let damage = damage.or(wrapping.map(|damage| (damage.at, damage.message())));
            return Ok(Ending::Recorded(source, damage));
        }
        let rest = [&held.unwrap_or_default()[..], &self.recording.undecided()].concat();
        if !rest.is_empty() {
            // What is wrong with it is kept for the end.
            let _ = self.packets.feed(&rest, &mut sink);
        }
        Ok(match self.packets.end() {
            Ok(()) => Ending::Packets(wrapping),
            Err(None) if wrapping.is_none() => Ending::Empty,
            Err(damage) => Ending::Packets(wrapping.or(damage)),
        })
    }
}
