//! The packets of a capture file, put in the order of their times, to the connections in them.

use super::Keys;
use super::file::{Block, CaptureFile, Damage};
use super::order::Order;
use super::tracker::{Limits, Totals, Tracker};
use crate::session::{Options, Record};

/// So much of what was read is kept, to say what it is where it is no capture.
const BEGINNING: usize = 512;

/// Takes a packet capture apart.
pub(crate) struct PacketReader {
    tracker: Tracker,
    file: CaptureFile,
    order: Order,
    beginning: Vec<u8>,
    damage: Option<Damage>,
}

impl PacketReader {
    pub(crate) fn new(limits: Limits, options: Options) -> Self {
        PacketReader {
            tracker: Tracker::new(limits, options),
            file: CaptureFile::new(),
            order: Order::default(),
            beginning: Vec::new(),
            damage: None,
        }
    }

    /// The keys that encrypted connections are read with.
    pub(crate) fn keys(&mut self) -> &mut Keys {
        &mut self.tracker.secrets
    }

    /// The first bytes.
    #[cfg(feature = "cli")]
    pub(crate) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// Takes the next bytes of a file.
    pub(crate) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<(), Damage> {
        let room = BEGINNING.saturating_sub(self.beginning.len());
        let first = bytes.get(..bytes.len().min(room));
        self.beginning.extend_from_slice(first.unwrap_or_default());
        let PacketReader {
            tracker,
            file,
            order,
            damage,
            ..
        } = self;
        let result = file.blocks(bytes, |block| match block {
            Block::Packet(packet) => {
                order.take(&packet, &mut |packet| tracker.packet(packet, sink))
            }
            Block::Secrets(secrets) => {
                tracker.secrets.log.feed(secrets);
                tracker.secrets.log.finish();
            }
        });
        *damage = damage.or(result.err());
        result
    }

    /// Takes a packet of one of several files.
    #[cfg(feature = "cli")]
    pub(crate) fn packet(
        &mut self,
        packet: &super::file::Packet<'_>,
        sink: &mut impl FnMut(Box<Record>),
    ) {
        let PacketReader { tracker, order, .. } = self;
        order.take(packet, &mut |packet| tracker.packet(packet, sink));
    }

    /// Nothing has come for a while: nothing is waited for.
    #[cfg(feature = "cli")]
    pub(crate) fn pause(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let PacketReader { tracker, order, .. } = self;
        order.flush(&mut |packet| tracker.packet(packet, sink));
        tracker.pause(sink);
    }

    /// Whether a file ended where it should. `None` inside: it was empty.
    pub(crate) fn end(&self) -> Result<(), Option<Damage>> {
        if let Some(damage) = self.damage {
            return Err(Some(damage));
        }
        if self.beginning.is_empty() {
            return Err(None);
        }
        self.file.finish().map_err(Some)
    }

    /// Takes the end, and hands out the connections that are still open.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let PacketReader { tracker, order, .. } = self;
        order.flush(&mut |packet| tracker.packet(packet, sink));
        tracker.finish(sink);
    }

    /// The packets that were read of a file.
    pub(crate) fn packets(&self) -> u64 {
        self.file.packets()
    }

    /// What it came to.
    pub(crate) fn totals(&self) -> Totals {
        Totals {
            reordered: self.order.done(),
            ..self.tracker.totals()
        }
    }
}
