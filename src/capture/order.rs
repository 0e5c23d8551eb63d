//! Packets in the order of their times, though they may stand otherwise in the file.
//!
//! Network cards with several queues, rings of a kernel and programs that put captures together write
//! packets that are a little late. A few are held back here, [`SPAN`] of the capture's clock and at most
//! [`MOST_PACKETS`], and handed out by their times.
//!
//! Times may be wrong themselves. A clock that is set back shows in a step that is longer than what is held
//! back, or in a packet that acknowledges what, by the times, was sent behind it: what is held back is
//! then handed out as it stands in the file. A few packets whose times lie in the future of all others
//! count as of the time of those behind them.
//!
//! ```
//! use wsclose::capture::file::{Link, Packet};
//! use wsclose::capture::order::Order;
//!
//! let seen = |number, time| Packet {
//!     number, time: Some(time), at: 0, link: Link::Ip, bytes: &[], original_length: 0,
//! };
//! let mut order = Order::default();
//! let mut numbers = Vec::new();
//! let mut keep = |packet: &Packet<'_>| numbers.push(packet.number);
//! // Two queues of one network card: the second packet was seen first.
//! for packet in [seen(1, 2_000), seen(2, 1_000), seen(3, 3_000)] {
//!     order.take(&packet, &mut keep);
//! }
//! order.flush(&mut keep);
//! assert_eq!(numbers, [2, 1, 3]);
//! ```

use std::collections::VecDeque;

use super::file::{Link, Packet};
use super::packet::{Brief, brief};

/// So long packets are held back, in nanoseconds of the capture's clock.
pub const SPAN: i64 = 1_000_000_000;
/// So many packets are held back.
pub const MOST_PACKETS: usize = 4096;
/// So many of their bytes.
const MOST_BYTES: usize = 1 << 20;
/// Clocks of the queues of one card differ by less, in nanoseconds.
const JITTER: i64 = 1_000_000;
/// So many packets with a time in the future of all others may stand in a row.
const MOST_STRAY: usize = 8;
/// So many packets are looked at to tell whether a late one is behind them after all.
const MOST_COMPARED: usize = 256;
/// So many buffers are kept for later packets.
const MOST_SPARE: usize = 64;
/// No larger buffer is kept, in bytes.
const LARGEST_SPARE: usize = 64 << 10;

/// What was done to the order of packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reordered {
    /// Packets that stood behind ones of a later time, and were put before them.
    pub packets: u64,
    /// The most that one of them was late, in nanoseconds.
    pub latest: i64,
    /// How often the clock went back, so that the order in the file was kept.
    pub steps: u64,
    /// The most that it went back by, in nanoseconds.
    pub longest_step: i64,
}

/// Holds packets back.
#[derive(Debug, Default)]
pub struct Order {
    /// By the time that they count as of, then as they came. No time: none before it has one.
    held: VecDeque<(Option<i64>, Box<Held>)>,
    held_bytes: usize,
    /// The time of the packet that came last, for those without one.
    last: Option<i64>,
    /// The time of the packet that was handed out last.
    handed_out: Option<i64>,
    /// What is free again.
    #[expect(clippy::vec_box, reason = "a box that is used again is not moved")]
    spare: Vec<Box<Held>>,
    came: u64,
    done: Reordered,
}

#[derive(Debug)]
struct Held {
    /// Its place among all that came.
    came: u64,
    number: u64,
    at: u64,
    has_time: bool,
    link: Link,
    bytes: Vec<u8>,
    original_length: u32,
    /// What it says of TCP, once that was asked for.
    brief: Option<Option<Brief>>,
}

impl Default for Held {
    fn default() -> Self {
        Held {
            came: 0,
            number: 0,
            at: 0,
            has_time: false,
            link: Link::Ethernet,
            bytes: Vec::new(),
            original_length: 0,
            brief: None,
        }
    }
}

impl Held {
    fn packet(&self, time: Option<i64>) -> Packet<'_> {
        Packet {
            number: self.number,
            at: self.at,
            // A time that was mended is the one that counts.
            time: time.filter(|_| self.has_time),
            link: self.link,
            bytes: &self.bytes,
            original_length: self.original_length,
        }
    }
}

impl Order {
    /// What was done so far.
    pub fn done(&self) -> Reordered {
        self.done
    }

    /// Takes a packet and hands out those that no later one can precede.
    pub fn take(&mut self, packet: &Packet<'_>, sink: &mut impl FnMut(&Packet<'_>)) {
        let own = packet.time.or(self.last);
        self.last = own;
        let newest = self.newest().or(self.handed_out);
        let late = match (newest, own) {
            (Some(newest), Some(own)) => newest.saturating_sub(own).max(0),
            _ => 0,
        };
        let time = match own {
            Some(own) if late > 0 => Some(self.place(packet, own, late, sink)),
            own => own,
        };
        self.hold(packet, time);
        let newest = self.newest();
        while let Some((first, _)) = self.held.front() {
            let is_due = match (first, newest) {
                (Some(time), Some(newest)) => newest.saturating_sub(*time) > SPAN,
                _ => true,
            };
            if !is_due && self.held.len() <= MOST_PACKETS && self.held_bytes <= MOST_BYTES {
                return;
            }
            self.hand_out(sink);
        }
    }

    /// Hands out all that is held back.
    pub fn flush(&mut self, sink: &mut impl FnMut(&Packet<'_>)) {
        while !self.held.is_empty() {
            self.hand_out(sink);
        }
    }

    fn newest(&self) -> Option<i64> {
        self.held.back().and_then(|(time, _)| *time)
    }

    /// Decides of what time a packet counts that is late. Hands out what has to come before it.
    fn place(
        &mut self,
        packet: &Packet<'_>,
        own: i64,
        late: i64,
        sink: &mut impl FnMut(&Packet<'_>),
    ) -> i64 {
        if late > SPAN {
            match self.is_behind_strays(own) {
                true => self.mend_strays(own),
                false => self.step(late, sink),
            }
            return own;
        }
        let least = self.behind(packet, own).unwrap_or(own);
        if least.saturating_sub(own) > JITTER {
            self.step(late, sink);
            return own;
        }
        if self.handed_out.is_some_and(|handed_out| handed_out > least) {
            // Those before which it belongs have been handed out.
            self.note_step(late);
            return least;
        }
        self.done.packets += 1;
        self.done.latest = self.done.latest.max(late);
        least
    }

    /// The time of the latest packet that this one was sent behind, though its own time is earlier.
    fn behind(&mut self, packet: &Packet<'_>, own: i64) -> Option<i64> {
        let this = brief(packet)?;
        let (mut latest, mut received) = (None, None);
        for (time, held) in self.held.iter_mut().rev().take(MOST_COMPARED) {
            let bytes = held.packet(*time);
            let other = match held.brief {
                Some(known) => known,
                None => brief(&bytes),
            };
            held.brief = Some(other);
            let Some(other) = other.filter(|other| this.is_behind(other)) else {
                continue;
            };
            if *time > Some(own) {
                if received.is_none() {
                    (latest, received) = (*time, Some(other));
                }
            } else if received.is_some_and(|received| other.holds(&received)) {
                // It had been sent before: what came later is a copy.
                return None;
            }
        }
        latest
    }

    /// Whether the last few packets have times that lie in the future of all others.
    fn is_behind_strays(&self, own: i64) -> bool {
        let strays = self.held.iter().rev();
        let count = strays.take_while(|(time, _)| *time > Some(own)).count();
        let before = self.held.len().checked_sub(count + 1);
        let before = before.and_then(|place| self.held.get(place));
        let before = before.map_or(self.handed_out, |(time, _)| *time);
        (1..=MOST_STRAY).contains(&count) && before.is_some_and(|before| before <= own)
    }

    /// Gives the packets that lie in the future of this time this time.
    fn mend_strays(&mut self, own: i64) {
        let mut furthest = 0;
        for (time, _) in self.held.iter_mut().rev() {
            let Some(stray) = time.filter(|time| *time > own) else {
                break;
            };
            furthest = furthest.max(stray.saturating_sub(own));
            *time = Some(own);
        }
        self.note_step(furthest);
        let held = self.held.make_contiguous();
        held.sort_by_key(|(time, held)| (*time, held.came));
    }

    /// The clock went back: what is held is handed out as it stands in the file.
    fn step(&mut self, late: i64, sink: &mut impl FnMut(&Packet<'_>)) {
        self.note_step(late);
        let held = self.held.make_contiguous();
        held.sort_by_key(|(_, held)| held.came);
        self.flush(sink);
        self.handed_out = None;
    }

    fn note_step(&mut self, by: i64) {
        self.done.steps += 1;
        self.done.longest_step = self.done.longest_step.max(by);
    }

    fn hold(&mut self, packet: &Packet<'_>, time: Option<i64>) {
        self.came += 1;
        let mut held = self.spare.pop().unwrap_or_default();
        held.came = self.came;
        held.number = packet.number;
        held.at = packet.at;
        held.has_time = packet.time.is_some();
        held.link = packet.link;
        held.original_length = packet.original_length;
        held.brief = None;
        held.bytes.clear();
        held.bytes.extend_from_slice(packet.bytes);
        self.held_bytes += held.bytes.capacity();
        if self.held.back().is_none_or(|(last, _)| *last <= time) {
            self.held.push_back((time, held));
            return;
        }
        let place = self.held.partition_point(|(other, _)| *other <= time);
        self.held.insert(place, (time, held));
    }

    fn hand_out(&mut self, sink: &mut impl FnMut(&Packet<'_>)) {
        let Some((time, held)) = self.held.pop_front() else {
            return;
        };
        self.held_bytes -= held.bytes.capacity();
        self.handed_out = time;
        sink(&held.packet(time));
        if self.spare.len() < MOST_SPARE && held.bytes.capacity() <= LARGEST_SPARE {
            self.spare.push(held);
        }
    }
}
