//! The segments of one end of a TCP connection to the bytes that it sent, in order.
//!
//! No crate that does this is kept up, and the work is small. A [`Stream`] takes segments in the
//! order in which they were captured and hands out [`Piece`]s in the order of the stream:
//! bytes as soon as all before them are there, and a gap where they will never come. Of bytes
//! that came twice the first count, as most systems do; that the others differ is said.
//!
//! A hole is given up only when the other end has acknowledged it, so that the receiver had what
//! the capture has not, and some more packets have passed, in case the capture swapped two; or
//! when it is asked for by [`Stream::give_up`]. Nothing is guessed about what was in it.
//!
//! ```
//! use wsclose::capture::tcp::{Arrival, Stream};
//! use wsclose::session::{Origin, Piece};
//!
//! let mut stream = Stream::default();
//! stream.begin(1000);
//! let arrival = |sequence, bytes, packet| Arrival {
//!     sequence, bytes, missing: 0, fin: false, origin: Origin::new(packet, 0),
//! };
//! let mut sent = Vec::new();
//! let mut sink = |piece: Piece<'_>| {
//!     if let Piece::Bytes(_, bytes, _) = piece {
//!         sent.extend_from_slice(bytes);
//!     }
//! };
//! // The second half came first.
//! stream.take(&arrival(1003, b"lo", 1), &mut sink);
//! stream.take(&arrival(1000, b"hel", 2), &mut sink);
//! assert_eq!(sent, b"hello");
//! ```

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::session::{Oddities, Origin, Piece};

/// So many packets may pass between the acknowledgement of a hole and the bytes that fill it.
const PATIENCE: u32 = 3;
/// What a waiting segment costs beside its bytes.
const OVERHEAD: usize = 96;
/// So many segments that were handed out are remembered, to compare with a second copy.
const REMEMBERED: usize = 4;

/// What a segment says of the stream of its sender.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The sequence number of the first byte, that of a SYN not counted.
    pub sequence: u32,
    /// The bytes.
    pub bytes: &'a [u8],
    /// How many bytes more there were on the wire, which were not captured.
    pub missing: u32,
    /// Whether the stream ends with it.
    pub fin: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// One end's stream.
#[derive(Debug, Default)]
pub struct Stream {
    /// The sequence number and offset of the next byte that will be handed out.
    next: Option<(u32, u64)>,
    /// The parts beyond it, by their offset. They do not overlap.
    waiting: BTreeMap<u64, Waiting>,
    waiting_bytes: usize,
    /// Where the stream ends.
    ends_at: Option<(u64, Origin)>,
    has_ended: bool,
    /// The other end has everything before this offset.
    acknowledged: u64,
    /// It has sent everything before this offset, whoever has received it.
    sent: u64,
    /// The offset behind the last bytes that were given up.
    torn: u64,
    /// So many packets have passed since a hole was acknowledged.
    patience: u32,
    recent: [Recent; REMEMBERED],
    oddities: Oddities,
}

#[derive(Debug)]
struct Waiting {
    bytes: Vec<u8>,
    /// How many bytes behind these were not captured.
    missing: u64,
    origin: Origin,
}

impl Waiting {
    fn length(&self) -> u64 {
        self.bytes.len() as u64 + self.missing
    }
}

/// A segment that was handed out, as a checksum.
#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    at: u64,
    length: usize,
    sum: u64,
}

impl Stream {
    /// Says that the first byte will have this sequence number.
    pub fn begin(&mut self, sequence: u32) {
        if self.next.is_none() {
            self.next = Some((sequence, 0));
        }
    }

    /// Whether it is known where the stream is.
    pub fn has_begun(&self) -> bool {
        self.next.is_some()
    }

    /// The bytes of memory that wait for others before them.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// Whether the end has been handed out.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether a FIN has come, though bytes before it may be missing yet.
    pub fn fin(&self) -> Option<Origin> {
        self.ends_at.map(|(_, origin)| origin)
    }

    /// How many bytes have been handed out or given up.
    pub fn offset(&self) -> u64 {
        self.next.map_or(0, |(_, offset)| offset)
    }

    /// How many bytes the other end has acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// The offset behind the last bytes that were given up; 0 where there are none.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    /// Counts a segment that its receiver does not heed.
    pub fn note_astray(&mut self) {
        self.oddities.astray += 1;
    }

    /// Takes note that the sender has sent everything before `sequence`, as a RST tells. Whether anybody has received
    /// that it does not tell.
    pub fn reach(&mut self, sequence: u32) {
        self.sent = self.sent.max(self.offset_ahead(sequence).unwrap_or(0));
    }

    /// Gives up what was sent for certain behind the last byte that was seen: the other end has it, and the
    /// capture has not. One byte more may be the FIN.
    pub fn give_up_tail(&mut self, origin: Origin, mut sink: impl FnMut(Piece<'_>)) -> u64 {
        let is_known = self.has_ended || self.oddities.behind_end > 0;
        let tail = match is_known || self.next.is_none() {
            true => 0,
            false => self
                .acknowledged
                .max(self.sent)
                .saturating_sub(self.offset()),
        };
        if tail > 1 {
            self.lose(tail, origin, &mut sink);
        }
        tail
    }

    /// The sequence number behind all that is known to have been sent.
    pub fn reached(&self) -> Option<u32> {
        let (next, offset) = self.next?;
        let waiting = self.waiting.last_key_value();
        let waiting = waiting.map_or(0, |(at, waiting)| at + waiting.length());
        let end = self.ends_at.map_or(0, |(end, _)| end + 1);
        let known = self.acknowledged.max(self.sent);
        let furthest = waiting.max(end).max(known).max(offset);
        Some(next.wrapping_add((furthest - offset) as u32))
    }

    /// What was odd about its segments.
    pub fn oddities(&self) -> Oddities {
        self.oddities
    }

    /// The offset of a sequence number; `None` before the stream begins and far from it.
    pub fn offset_of(&self, sequence: u32) -> Option<u64> {
        let (next, offset) = self.next?;
        let distance = sequence.wrapping_sub(next) as i32;
        offset.checked_add_signed(i64::from(distance))
    }

    /// Takes a segment and hands out what it completes.
    pub fn take(&mut self, arrival: &Arrival<'_>, mut sink: impl FnMut(Piece<'_>)) {
        self.begin(arrival.sequence);
        let Some((next, offset)) = self.next else {
            return;
        };
        let distance = i64::from(arrival.sequence.wrapping_sub(next) as i32);
        let length = arrival.bytes.len() as u64 + u64::from(arrival.missing);
        // No window reaches farther.
        if distance.unsigned_abs() > 1 << 30 {
            self.oddities.astray += 1;
            return;
        }
        let Some(at) = offset.checked_add_signed(distance) else {
            // Before the first byte: a probe, or what came before the capture.
            self.oddities.probes += u64::from(length <= 1);
            return;
        };
        // An end that lies before what has come already is none: it is old, or somebody made it up.
        if arrival.fin && self.ends_at.is_none() && at + length >= offset {
            self.ends_at = Some((at + length, arrival.origin));
        }
        if length == 0 {
            self.oddities.probes += u64::from(distance == -1 && !arrival.fin);
            self.release(&mut sink);
            return;
        }
        // What lies behind the end was never sent.
        let end = self.ends_at.map_or(u64::MAX, |(end, _)| end);
        if at >= end {
            self.oddities.behind_end += u64::from(!arrival.bytes.is_empty());
            return;
        }
        if at == offset && self.waiting.is_empty() {
            self.hand_out(
                arrival.bytes,
                u64::from(arrival.missing),
                arrival.origin,
                &mut sink,
            );
        } else {
            self.keep(at, arrival);
        }
        self.release(&mut sink);
    }

    /// Takes note that the other end has everything before `sequence`.
    pub fn acknowledge(&mut self, sequence: u32) {
        self.acknowledged = self
            .acknowledged
            .max(self.offset_ahead(sequence).unwrap_or(0));
    }

    /// The offset of a sequence number up to which bytes may have been sent. What was never sent cannot be acknowledged;
    /// without this, one lie would open a hole.
    fn offset_ahead(&self, sequence: u32) -> Option<u64> {
        self.offset_of(sequence)
            .filter(|offset| *offset <= self.offset() + (1 << 30))
    }

    /// Takes note that a packet of the connection has passed: a hole that was acknowledged is
    /// given up after a few.
    pub fn pass(&mut self, sink: impl FnMut(Piece<'_>)) {
        let Some((_, offset)) = self.next else {
            return;
        };
        let is_stuck = self
            .waiting
            .first_key_value()
            .is_some_and(|(at, _)| *at > offset)
            || self.waiting.is_empty() && self.ends_at.is_some_and(|(end, _)| end > offset);
        if !is_stuck || self.acknowledged <= offset {
            self.patience = 0;
            return;
        }
        self.patience += 1;
        if self.patience > PATIENCE {
            self.patience = 0;
            self.skip_hole(sink);
        }
    }

    /// Gives up every hole: the capture has ended, or memory has.
    pub fn give_up(&mut self, mut sink: impl FnMut(Piece<'_>)) {
        while !self.waiting.is_empty() || self.ends_at.is_some() && !self.has_ended {
            let before = (self.waiting.len(), self.has_ended);
            self.skip_hole(&mut sink);
            if before == (self.waiting.len(), self.has_ended) {
                return;
            }
        }
    }

    /// Gives up the first hole.
    fn skip_hole(&mut self, mut sink: impl FnMut(Piece<'_>)) {
        let Some((_, offset)) = self.next else {
            return;
        };
        let beyond = self.waiting.first_key_value();
        let beyond = beyond.map(|(at, waiting)| (*at, waiting.origin));
        if let Some((at, origin)) = beyond.or(self.ends_at) {
            if at > offset {
                self.lose(at - offset, origin, &mut sink);
            }
            self.release(&mut sink);
        }
    }

    fn lose(&mut self, count: u64, origin: Origin, sink: &mut impl FnMut(Piece<'_>)) {
        let Some((next, offset)) = &mut self.next else {
            return;
        };
        sink(Piece::Gap(*offset, count, origin));
        *next = next.wrapping_add(count as u32);
        *offset += count;
        self.torn = *offset;
        self.oddities.lost += count;
    }

    /// Hands out bytes that are next, as far as the stream goes.
    fn hand_out(
        &mut self,
        bytes: &[u8],
        missing: u64,
        origin: Origin,
        sink: &mut impl FnMut(Piece<'_>),
    ) {
        let Some((next, offset)) = &mut self.next else {
            return;
        };
        let room = self
            .ends_at
            .map_or(u64::MAX, |(end, _)| end.saturating_sub(*offset));
        let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.get(..fits).unwrap_or_default();
        if !bytes.is_empty() {
            let place = (origin.turn % REMEMBERED as u64) as usize;
            if let Some(recent) = self.recent.get_mut(place) {
                *recent = Recent {
                    at: *offset,
                    length: bytes.len(),
                    sum: sum(bytes),
                };
            }
            sink(Piece::Bytes(*offset, bytes, origin));
            *next = next.wrapping_add(bytes.len() as u32);
            *offset += bytes.len() as u64;
        }
        let missing = missing.min(room - bytes.len() as u64);
        if missing > 0 {
            self.lose(missing, origin, sink);
        }
    }

    /// Hands out what waits and is next, and the end.
    fn release(&mut self, sink: &mut impl FnMut(Piece<'_>)) {
        loop {
            let offset = self.offset();
            let Some(first) = self
                .waiting
                .first_entry()
                .filter(|first| *first.key() <= offset)
            else {
                break;
            };
            let (at, waiting) = first.remove_entry();
            self.waiting_bytes -= waiting.bytes.len() + OVERHEAD;
            // A gap that was given up may have ended inside of it.
            let skipped = offset - at;
            let fits = usize::try_from(skipped).unwrap_or(usize::MAX);
            let bytes = waiting.bytes.get(fits..).unwrap_or_default();
            let missing = waiting.length().saturating_sub(skipped) - bytes.len() as u64;
            self.hand_out(bytes, missing, waiting.origin, sink);
        }
        if let Some((end, origin)) = self.ends_at {
            if !self.has_ended && self.offset() >= end {
                self.has_ended = true;
                self.waiting.clear();
                self.waiting_bytes = 0;
                sink(Piece::Fin(origin));
            }
        }
    }

    /// Keeps what is new of a segment that is not next, or not all of it.
    fn keep(&mut self, at: u64, arrival: &Arrival<'_>) {
        let bytes = arrival.bytes;
        let whole = at + bytes.len() as u64 + u64::from(arrival.missing);
        let offset = self.offset();
        let mut is_new = false;
        let mut from = at;
        if at < offset {
            self.compare_recent(at, bytes);
            from = offset;
        }
        let captured = at + bytes.len() as u64;
        // Bytes that were not captured are kept as a part of the segment before them, up to the next one that
        // is there: a length may lie, and what it covers is not worth a look.
        while from < whole {
            let below = self.waiting.range(..=from).next_back();
            if let Some((start, held)) = below {
                let stop = start + held.length();
                if stop > from {
                    self.oddities.disputed += u64::from(differs(*start, held, at, bytes, from));
                    from = stop;
                    if from >= captured {
                        break;
                    }
                    continue;
                }
            }
            let above = self.waiting.range(from..).next().map(|(start, _)| *start);
            let stop = above.unwrap_or(u64::MAX).min(whole);
            let part = |offset: u64| {
                let inside = usize::try_from(offset - at).unwrap_or(usize::MAX);
                inside.min(bytes.len())
            };
            let part = bytes
                .get(part(from)..part(stop))
                .unwrap_or_default()
                .to_vec();
            let missing = (stop - from) - part.len() as u64;
            is_new = true;
            self.waiting_bytes += part.len() + OVERHEAD;
            if let Entry::Vacant(place) = self.waiting.entry(from) {
                place.insert(Waiting {
                    bytes: part,
                    missing,
                    origin: arrival.origin,
                });
            }
            from = stop;
            if from >= captured {
                break;
            }
        }
        if !is_new {
            match bytes.len() {
                1 if at + 1 == offset => self.oddities.probes += 1,
                _ => self.oddities.repeated += 1,
            }
        }
    }

    /// Notices where a second copy of a segment differs from the first.
    fn compare_recent(&mut self, at: u64, bytes: &[u8]) {
        let mut recent = self.recent.iter();
        let same = recent.find(|recent| recent.at == at && recent.length == bytes.len());
        // A probe may hold any byte.
        if same.is_some_and(|recent| recent.sum != sum(bytes)) && bytes.len() > 1 {
            self.oddities.disputed += 1;
        }
    }
}

/// Whether a segment at `at` differs from a held one where they overlap, from `from` on.
fn differs(start: u64, held: &Waiting, at: u64, bytes: &[u8], from: u64) -> bool {
    let inside = |base: u64| usize::try_from(from - base).unwrap_or(usize::MAX);
    let held = held.bytes.get(inside(start)..).unwrap_or_default();
    let new = bytes.get(inside(at)..).unwrap_or_default();
    let both = held.len().min(new.len());
    held.get(..both) != new.get(..both)
}

/// A checksum that is quick and tells copies from others.
fn sum(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    let add = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    // A multiplication waits for the one before it: four sums do not wait for each other.
    let blocks = bytes.chunks_exact(32);
    let rest = blocks.remainder();
    let mut sums = [bytes.len() as u64, 1, 2, 3];
    for block in blocks {
        let words = block.chunks_exact(8).filter_map(|word| word.first_chunk());
        for (sum, word) in sums.iter_mut().zip(words) {
            *sum = add(*sum, u64::from_le_bytes(*word));
        }
    }
    let [first, others @ ..] = sums;
    let sum = others.into_iter().fold(first, add);
    rest.iter()
        .fold(sum, |sum, byte| add(sum, u64::from(*byte)))
}
