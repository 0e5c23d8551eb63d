//! All the connections of a capture, kept apart and within bounds.
//!
//! A [`Tracker`] takes packets and hands out a [`Record`] of each connection that has to do with
//! WebSocket, a little after it ended, so that late packets still belong to it and the other leg
//! through a proxy is known.
//!
//! ```
//! use wsclose::capture::file::CaptureFile;
//! use wsclose::capture::tracker::{Limits, Tracker};
//! use wsclose::session::Options;
//!
//! let capture = std::fs::read("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng").unwrap();
//! let mut tracker = Tracker::new(Limits::default(), Options::default());
//! let mut records = Vec::new();
//! let mut file = CaptureFile::new();
//! file.feed(&capture, |packet| tracker.packet(&packet, &mut |record| records.push(record))).unwrap();
//! tracker.finish(&mut |record| records.push(record));
//! assert_eq!(records.len(), 1);
//! assert!(records[0].closes.is_empty(), "the process was killed before it could send one");
//! ```

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, SocketAddr};

use crate::session::{Forgotten, Leg, Options, Origin, Record, Source};

use super::connection::{Change, Connection};
use super::file::{Link, Packet};
use super::layers::Sealed;
use super::order::Reordered;
use super::packet::{Segment, Unpacker};
use super::stack::Keys;

/// So long after its end a connection is reported, in nanoseconds of the capture's clock.
const LINGER: i64 = 1_000_000_000;
/// After so long without a packet one that only one end has ended is reported.
const HALF: i64 = 60_000_000_000;
/// After so many packets it is reported too, for clocks that stand still or go back.
const LINGER_PACKETS: u64 = 10_000;
/// So many connections may have one key: a proxy makes two of one, and a chain of them a few more.
const MOST_WITH_KEY: usize = 8;
/// No proxy that connects at all takes longer to pass a request on, in nanoseconds.
const LONGEST_PASS: i64 = 30_000_000_000;
/// Of so many connections that were reported what comes late is known for that.
const MOST_REACHED: usize = 4096;
/// So many legs that were reported are remembered.
const MOST_LEGS: usize = 256;

/// How much is kept at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections followed at a time.
    pub connections: usize,
    /// Bytes that wait in one connection for others before them.
    pub connection_bytes: usize,
    /// Bytes that wait in all connections. Half of them may go to inflating messages.
    pub bytes: usize,
    /// After so long without a packet a connection is forgotten, in nanoseconds.
    pub idle: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 10_000,
            connection_bytes: 16 << 20,
            bytes: 256 << 20,
            idle: 2 * 3600 * 1_000_000_000,
        }
    }
}

/// What a whole capture came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Totals {
    /// What was read.
    pub source: Source,
    /// The packets.
    pub packets: u64,
    /// Those of a link type that is not read, and the last such type.
    pub unread: (u64, u16),
    /// Those that could not be opened, in the order of [`Sealed::ALL`](super::layers::Sealed::ALL).
    pub sealed: [u64; Sealed::ALL.len()],
    /// What was done to their order.
    pub reordered: Reordered,
    /// The TCP segments in them.
    pub segments: u64,
    /// The TCP connections.
    pub connections: u64,
    /// Those that were reported.
    pub reported: u64,
    /// Connections that were forgotten because there were too many.
    pub crowded_out: u64,
    /// Connections whose bytes had to be given up for memory.
    pub capped: u64,
    /// Connections of HTTP/2 with a stream whose request was lost: it may have been a WebSocket.
    pub unknown_streams: u64,
    /// Connections whose packets stand in the file from the last to the first.
    pub backwards: u64,
}

impl Totals {
    /// Whether a part of the capture was not looked into.
    pub fn is_partial(&self) -> bool {
        let mut sealed = Sealed::ALL.into_iter().zip(self.sealed);
        self.unread.0 > 0
            || self.backwards > 0
            || self.reported == 0 && self.unknown_streams > 0
            || sealed.any(|(sealed, n)| n > 0 && (!sealed.is_beside() || self.reported == 0))
    }
}

/// What tells the connection between two addresses from others, whoever sends: the lower address first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(SocketAddr, SocketAddr);

/// By hand, and at once: a derived one hashes each part of an address by itself, which took as long as all else
/// that is done to find a packet's connection.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut bytes = [0; 36];
        let (low, high) = bytes.split_at_mut(18);
        for (part, address) in [(low, self.0), (high, self.1)] {
            let (port, ip) = part.split_at_mut(2);
            port.copy_from_slice(&address.port().to_le_bytes());
            match address.ip() {
                IpAddr::V4(v4) => ip
                    .iter_mut()
                    .zip(v4.octets())
                    .for_each(|(to, from)| *to = from),
                IpAddr::V6(v6) => ip.copy_from_slice(&v6.octets()),
            }
        }
        state.write(&bytes);
    }
}

fn key(from: SocketAddr, to: SocketAddr) -> Key {
    match from <= to {
        true => Key(from, to),
        false => Key(to, from),
    }
}

/// The address of one end, and the sequence numbers behind all that it and the other sent.
type Reached = (Option<SocketAddr>, [Option<u32>; 2]);

/// Follows all connections.
#[derive(Debug)]
pub struct Tracker {
    limits: Limits,
    options: Options,
    unpacker: Unpacker,
    connections: HashMap<Key, Box<Connection>>,
    /// By when they were looked at last, oldest first.
    queue: VecDeque<(i64, Key)>,
    /// Those that are over, with when that was seen.
    over: VecDeque<(Origin, Key)>,
    /// Those that one end has ended, by when they were looked at last.
    halves: VecDeque<(i64, Key)>,
    held_bytes: usize,
    inflating_bytes: usize,
    /// The legs of proxied connections that were reported, by the key of their upgrade.
    legs: VecDeque<(String, i64, Leg)>,
    /// Of connections that were reported, how far their ends had got, oldest first.
    reached: HashMap<Key, Reached>,
    reached_order: VecDeque<Key>,
    /// Which connections have a key.
    keys: HashMap<String, Vec<Key>>,
    now: i64,
    totals: Totals,
    /// The keys that encrypted connections are read with.
    pub secrets: Keys,
}

impl Tracker {
    /// A tracker that has seen nothing.
    pub fn new(limits: Limits, options: Options) -> Self {
        Tracker {
            limits,
            options,
            unpacker: Unpacker::default(),
            connections: HashMap::new(),
            queue: VecDeque::new(),
            over: VecDeque::new(),
            halves: VecDeque::new(),
            held_bytes: 0,
            inflating_bytes: 0,
            legs: VecDeque::new(),
            reached: HashMap::new(),
            reached_order: VecDeque::new(),
            keys: HashMap::new(),
            now: 0,
            totals: Totals::default(),
            secrets: Keys::default(),
        }
    }

    /// What there was so far.
    pub fn totals(&self) -> Totals {
        Totals {
            sealed: self.unpacker.sealed(),
            ..self.totals
        }
    }

    /// The bytes of memory that it holds for what it has not read yet, and to inflate messages.
    pub fn held_bytes(&self) -> usize {
        self.held_bytes + self.inflating_bytes
    }

    /// Takes a packet and hands the connections that it shows to have ended to `sink`.
    pub fn packet(&mut self, packet: &Packet<'_>, sink: &mut impl FnMut(Box<Record>)) {
        self.totals.packets += 1;
        if let Link::Other(number) = packet.link {
            self.totals.unread = (self.totals.unread.0 + 1, number);
        }
        self.now = packet.time.unwrap_or(self.now);
        let origin = Origin {
            packet: packet.number,
            time: self.now,
            turn: self.totals.packets,
        };
        let mut unpacker = std::mem::take(&mut self.unpacker);
        unpacker.unpack(packet, |segment| self.segment(segment, origin, sink));
        self.unpacker = unpacker;
        self.settle(self.now.saturating_sub(LINGER), sink);
        self.settle_halves(sink);
        self.forget_idle(sink);
    }

    /// Reports the connections that are over, without waiting for late packets: nothing has come
    /// from a live capture for a while.
    pub fn pause(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        self.settle(i64::MAX, sink);
        for connection in self.connections.values_mut() {
            for record in connection.over(i64::MAX, &mut self.secrets) {
                self.totals.reported += 1;
                sink(record);
            }
        }
    }

    /// Takes the end of the capture.
    pub fn finish(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        self.settle(i64::MAX, sink);
        // In the order in which they began.
        let mut keys: Vec<(i64, Key)> = self
            .connections
            .iter()
            .map(|(key, connection)| (connection.first_time(), *key))
            .collect();
        keys.sort_unstable();
        self.settle_legs();
        for (_, key) in keys {
            self.report(key, None, sink);
        }
    }

    /// Says of connections with one key that nothing more comes of them: what is said of one rests on how another
    /// ended.
    fn settle_legs(&mut self) {
        let shared = self.keys.values().filter(|keys| keys.len() > 1);
        for key in shared.flatten() {
            let Some(connection) = self.connections.get_mut(key) else {
                continue;
            };
            let (held, inflating) = (connection.held_bytes(), connection.inflating_bytes());
            connection.settle(self.now, &mut self.secrets);
            self.held_bytes = self.held_bytes + connection.held_bytes() - held;
            self.inflating_bytes = self.inflating_bytes + connection.inflating_bytes() - inflating;
        }
    }

    fn segment(
        &mut self,
        segment: &Segment<'_>,
        origin: Origin,
        sink: &mut impl FnMut(Box<Record>),
    ) {
        self.totals.segments += 1;
        let key = key(segment.from, segment.to);
        let mut change = Change::New;
        let mut is_backwards = false;
        if let Some(connection) = self.connections.get_mut(&key) {
            let before = connection.held_bytes();
            let was_half_over = connection.is_half_over();
            let was_backwards = connection.is_backwards();
            let inflating = connection.inflating_bytes();
            connection.allow_inflating(self.inflating_bytes < self.limits.bytes / 2);
            change = connection.take(segment, origin, &mut self.secrets);
            if connection.held_bytes() > self.limits.connection_bytes
                || self.held_bytes + self.inflating_bytes > self.limits.bytes
                    && connection.held_bytes() > before
            {
                connection.give_up(&mut self.secrets);
                self.totals.capped += 1;
            }
            self.inflating_bytes = self.inflating_bytes + connection.inflating_bytes() - inflating;
            self.held_bytes = self.held_bytes + connection.held_bytes() - before;
            for record in connection.over(self.now.saturating_sub(LINGER), &mut self.secrets) {
                self.totals.reported += 1;
                sink(record);
            }
            if connection.is_half_over() && !was_half_over {
                self.halves.push_back((origin.time, key));
            }
            if change != Change::New && connection.is_backwards() && !was_backwards {
                self.totals.backwards += 1;
            }
            if let Some(upgrade) = connection.new_key() {
                remember(&mut self.keys, upgrade, key);
            }
            if change == Change::New {
                let is_over = connection.is_over();
                is_backwards = connection.is_backwards();
                self.report(key, (!is_over).then_some(Forgotten::Reused), sink);
            }
        }
        if change == Change::New && !segment.syn && self.is_late(key, segment) {
            return;
        }
        // Most that one end has ended are ended by the other at once.
        if self.halves.len() > self.connections.len() + 1024 {
            let Tracker {
                halves,
                connections,
                ..
            } = self;
            let mut seen = HashSet::new();
            halves.retain(|(_, key)| {
                let connection = connections.get(key);
                connection.is_some_and(|connection| connection.is_half_over()) && seen.insert(*key)
            });
        }
        match change {
            Change::None => {}
            Change::Over => self.end_of(key, origin),
            Change::New => self.open(key, segment, origin, sink),
        }
        if is_backwards {
            // What was reported was the rest of it.
            self.totals.backwards += 1;
            if let Some(connection) = self.connections.get_mut(&key) {
                connection.set_backwards();
            }
        }
    }

    fn open(
        &mut self,
        key: Key,
        segment: &Segment<'_>,
        origin: Origin,
        sink: &mut impl FnMut(Box<Record>),
    ) {
        // A stray answer opens nothing.
        if segment.rst {
            return;
        }
        if self.connections.len() >= self.limits.connections.max(1) {
            self.forget_oldest(sink);
        }
        self.totals.connections += 1;
        let mut connection = Box::new(Connection::new(segment, origin, self.options));
        let change = connection.take(segment, origin, &mut self.secrets);
        self.held_bytes += connection.held_bytes();
        self.inflating_bytes += connection.inflating_bytes();
        if let Some(upgrade) = connection.new_key() {
            remember(&mut self.keys, upgrade, key);
        }
        if change == Change::Over {
            self.end_of(key, origin);
        }
        self.connections.insert(key, connection);
        self.queue.push_back((origin.time, key));
        // Those that were reported are still in the queue.
        if self.queue.len() > 2 * self.connections.len() + 1024 {
            let mut seen = HashSet::new();
            let Tracker {
                queue, connections, ..
            } = self;
            queue.retain(|(_, key)| connections.contains_key(key) && seen.insert(*key));
        }
    }

    /// Takes note that a connection is over.
    fn end_of(&mut self, key: Key, origin: Origin) {
        self.over.push_back((origin, key));
    }

    /// Reports the connections that were over at `time`.
    fn settle(&mut self, time: i64, sink: &mut impl FnMut(Box<Record>)) {
        while let Some((since, key)) = self.over.front().copied() {
            let passed = self.totals.packets.saturating_sub(since.turn);
            if since.time > time && passed < LINGER_PACKETS {
                return;
            }
            self.over.pop_front();
            // The ports may have been used again since.
            if self
                .connections
                .get(&key)
                .is_some_and(|connection| connection.is_over())
            {
                self.report(key, None, sink);
            }
        }
    }

    /// Reports the connections that one end has ended, and of which nothing has come since.
    fn settle_halves(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let before = self.now.saturating_sub(HALF);
        while let Some((since, key)) = self.halves.front().copied() {
            if since > before {
                return;
            }
            self.halves.pop_front();
            let connection = self.connections.get(&key);
            let Some(connection) = connection.filter(|connection| connection.is_half_over()) else {
                continue;
            };
            match connection.last_time() {
                last if last > before => self.halves.push_back((last, key)),
                _ => self.report(key, None, sink),
            }
        }
    }

    fn forget_idle(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        let before = self.now.saturating_sub(self.limits.idle);
        while let Some((since, key)) = self.queue.front().copied() {
            if since > before {
                return;
            }
            self.queue.pop_front();
            let Some(connection) = self.connections.get(&key) else {
                continue;
            };
            match connection.last_time() {
                last if last > before => self.queue.push_back((last.max(since), key)),
                last => {
                    let waited = self.now.saturating_sub(last);
                    self.report(key, Some(Forgotten::Idle(waited)), sink);
                }
            }
        }
    }

    /// Makes room for one more connection.
    fn forget_oldest(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        for _ in 0..self.queue.len().min(64) {
            let Some((since, key)) = self.queue.pop_front() else {
                break;
            };
            let Some(connection) = self.connections.get(&key) else {
                continue;
            };
            let last = connection.last_time();
            if last > since && !connection.is_opaque() {
                self.queue.push_back((last, key));
                continue;
            }
            self.totals.crowded_out += u64::from(!connection.is_over());
            let forgotten = (!connection.is_over()).then_some(Forgotten::TooMany);
            self.report(key, forgotten, sink);
            return;
        }
        // All of the oldest have gone on since: the next one gives way all the same.
        while let Some((_, key)) = self.queue.pop_front() {
            if self.connections.contains_key(&key) {
                self.totals.crowded_out += 1;
                self.report(key, Some(Forgotten::TooMany), sink);
                return;
            }
        }
    }

    fn report(
        &mut self,
        key: Key,
        forgotten: Option<Forgotten>,
        sink: &mut impl FnMut(Box<Record>),
    ) {
        let Some(mut connection) = self.connections.remove(&key) else {
            return;
        };
        self.held_bytes -= connection.held_bytes();
        self.inflating_bytes -= connection.inflating_bytes();
        self.remember_reached(key, connection.reached());
        let upgrade = connection.key().map(str::to_owned);
        let first = connection.first_time();
        connection.settle(self.now, &mut self.secrets);
        let brief = connection.leg();
        let is_known = !connection.is_just_asked(self.now);
        let (mut records, may_hide) = connection.finish(forgotten, &mut self.secrets);
        self.totals.unknown_streams += u64::from(may_hide);
        records.retain(|_| is_known);
        let leg = upgrade.and_then(|upgrade| self.other_leg(upgrade, key, first, brief));
        for mut record in records {
            record.leg = leg;
            self.totals.reported += 1;
            sink(record);
        }
    }

    fn remember_reached(&mut self, key: Key, reached: Reached) {
        if self.reached.insert(key, reached).is_none() {
            self.reached_order.push_back(key);
        }
        if self.reached_order.len() > MOST_REACHED {
            if let Some(oldest) = self.reached_order.pop_front() {
                self.reached.remove(&oldest);
            }
        }
    }

    /// Whether a segment says nothing new of a connection that was reported: it was sent again, or answers.
    fn is_late(&self, key: Key, segment: &Segment<'_>) -> bool {
        let Some((first, reached)) = self.reached.get(&key) else {
            return false;
        };
        let side = usize::from(*first != Some(segment.from));
        let length = segment.payload.len() as u32 + segment.missing + u32::from(segment.fin);
        let end = segment.sequence.wrapping_add(length);
        reached[side].is_some_and(|reached| reached.wrapping_sub(end) < 1 << 30)
    }

    /// The other connection whose upgrade has the same key. Remembers this one for it.
    fn other_leg(&mut self, upgrade: String, key: Key, first: i64, brief: Leg) -> Option<Leg> {
        let mut found = None;
        if let Some(keys) = self.keys.get_mut(&upgrade) {
            keys.retain(|other| *other != key);
            for other in keys.iter() {
                let Some(other) = self.connections.get_mut(other) else {
                    continue;
                };
                let leg = other.leg();
                if is_other_leg(&leg, &brief) {
                    found = Some((other.first_time(), leg));
                    break;
                }
            }
            if keys.is_empty() {
                self.keys.remove(&upgrade);
            }
        }
        let mut earlier = self.legs.iter();
        let earlier =
            earlier.rfind(|(other, _, leg)| is_other_leg(leg, &brief) && *other == upgrade);
        let found = found.or(earlier.map(|(_, first, leg)| (*first, *leg)));
        if self.legs.len() == MOST_LEGS {
            self.legs.pop_front();
        }
        self.legs.push_back((upgrade, first, brief));
        let (other_first, leg) = found?;
        Some(Leg {
            is_client_side: other_first < first,
            ..leg
        })
    }
}

/// Whether two connections with one key are the legs of one: the proxy has an address on both, and asks
/// its server while its client waits. Clients may send one key all the time, but do neither.
fn is_other_leg(leg: &Leg, this: &Leg) -> bool {
    // Nearly all differ in this, and of those with one key each is compared with many.
    let is_behind = |front: &Leg, back: &Leg| are_of_one_host(&front.server, &back.client);
    if !is_behind(leg, this) && !is_behind(this, leg) {
        return false;
    }
    let is_later = |one: Option<Origin>, two: Option<Origin>| matches!((one, two), (Some(one), Some(two)) if one.turn > two.turn);
    let (front, back) = match is_later(leg.asked, this.asked) {
        true => (this, leg),
        false => (leg, this),
    };
    let is_shared = is_behind(front, back);
    let is_other = leg.client != this.client && leg.server != this.server;
    let is_nested = is_later(back.asked, front.asked)
        && !is_later(back.asked, front.answered)
        && !is_later(back.answered, front.answered);
    let waited = match (front.asked, back.asked) {
        (Some(front), Some(back)) => back.time.saturating_sub(front.time),
        _ => i64::MAX,
    };
    is_shared && is_other && is_nested && waited <= LONGEST_PASS
}

/// Whether both addresses are known, and of one host.
fn are_of_one_host(one: &Option<SocketAddr>, other: &Option<SocketAddr>) -> bool {
    match (one, other) {
        (Some(SocketAddr::V4(one)), Some(SocketAddr::V4(other))) => one.ip() == other.ip(),
        (Some(SocketAddr::V6(one)), Some(SocketAddr::V6(other))) => one.ip() == other.ip(),
        _ => false,
    }
}

/// Takes note that a connection has this key.
fn remember(keys: &mut HashMap<String, Vec<Key>>, upgrade: &str, key: Key) {
    let same = keys.entry(upgrade.to_owned()).or_default();
    if same.len() < MOST_WITH_KEY {
        same.push(key);
    }
}
