//! Datagrams that IP cut into fragments, put together.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use etherparse::{IpNumber, LaxNetSlice};

use super::Datagram;

/// What tells the fragments of one datagram from those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    from: IpAddr,
    to: IpAddr,
    pub(super) number: IpNumber,
    identification: u32,
}

/// Where a fragment belongs: its datagram, its offset in bytes, whether it is the last.
pub(super) fn fragment(net: &LaxNetSlice<'_>) -> Option<(Key, usize, bool)> {
    let number = net.ip_payload_ref()?.ip_number;
    match net {
        LaxNetSlice::Ipv4(slice) => {
            let header = slice.header();
            let key = Key {
                from: IpAddr::V4(header.source_addr()),
                to: IpAddr::V4(header.destination_addr()),
                number,
                identification: u32::from(header.identification()),
            };
            let offset = usize::from(header.fragments_offset().value()) * 8;
            Some((key, offset, !header.more_fragments()))
        }
        LaxNetSlice::Ipv6(slice) => {
            let header = slice.header();
            let mut extensions = slice.extensions().clone().into_iter();
            let fragment = extensions.find_map(|extension| match extension {
                etherparse::Ipv6ExtensionSlice::Fragment(fragment) => Some(fragment),
                _ => None,
            })?;
            let key = Key {
                from: IpAddr::V6(header.source_addr()),
                to: IpAddr::V6(header.destination_addr()),
                number,
                identification: fragment.identification(),
            };
            let offset = usize::from(fragment.fragment_offset().value()) * 8;
            Some((key, offset, !fragment.more_fragments()))
        }
        LaxNetSlice::Arp(_) => None,
    }
}

/// So many datagrams are put together at a time; the oldest gives way.
pub const MOST_DATAGRAMS: usize = 64;
/// No datagram is longer.
const LONGEST_DATAGRAM: usize = 65_535;
/// A datagram of the smallest fragments has fewer.
const MOST_FRAGMENTS: usize = 8192;
/// So many datagrams that were put together are remembered: a copy of a fragment is none of another.
const MOST_DONE: usize = 64;

/// Datagrams of which some fragments have come, oldest first.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    pub(super) open: VecDeque<Partial>,
    done: VecDeque<Key>,
}

/// What became of a fragment.
#[derive(Debug)]
pub(super) enum Taken {
    /// Its datagram is not whole.
    Waits,
    /// So many will never be put together.
    Useless(u64),
    /// The payload of its datagram.
    Whole(Vec<u8>),
}

#[derive(Debug)]
pub(super) struct Partial {
    key: Key,
    /// The pieces by their offset. They do not overlap.
    pieces: BTreeMap<usize, Vec<u8>>,
    /// The length, once the last fragment has come.
    length: Option<usize>,
    /// Fragments overlapped and disagreed: nobody knows which of them the receiver took.
    is_disputed: bool,
    /// How many came.
    count: u64,
    /// Whether a datagram with this number was whole before.
    is_copy: bool,
}

impl Fragments {
    /// The fragments that wait for others.
    pub(super) fn left_over(&self) -> u64 {
        self.open.iter().map(Partial::useless).sum()
    }

    /// Takes a fragment.
    pub(super) fn take(
        &mut self,
        key: Key,
        offset: usize,
        is_last: bool,
        datagram: &Datagram<'_>,
    ) -> Taken {
        let end = offset + datagram.payload.len();
        if datagram.missing > 0 || end > LONGEST_DATAGRAM {
            return Taken::Useless(1);
        }
        let mut given_up = 0;
        let place = match self.open.iter().position(|open| open.key == key) {
            Some(place) => place,
            None => {
                if self.open.len() >= MOST_DATAGRAMS {
                    let oldest = self.open.pop_front();
                    given_up = oldest.map_or(0, |oldest| oldest.useless());
                }
                self.open.push_back(Partial {
                    is_copy: self.done.contains(&key),
                    count: 0,
                    key,
                    pieces: BTreeMap::new(),
                    length: None,
                    is_disputed: false,
                });
                self.open.len() - 1
            }
        };
        let Some(partial) = self.open.get_mut(place) else {
            return Taken::Useless(given_up);
        };
        partial.count += 1;
        if is_last {
            partial.is_disputed |= partial.length.is_some_and(|length| length != end);
            partial.length.get_or_insert(end);
        }
        partial.add(offset, datagram.payload);
        let is_whole = partial.is_whole();
        let partial = match is_whole {
            true => self.open.remove(place),
            false => None,
        };
        match partial {
            None if given_up > 0 => Taken::Useless(given_up),
            None => Taken::Waits,
            Some(partial) if partial.is_disputed => Taken::Useless(partial.count),
            Some(partial) => {
                if self.done.len() == MOST_DONE {
                    self.done.pop_front();
                }
                self.done.push_back(partial.key);
                Taken::Whole(partial.pieces.into_values().flatten().collect())
            }
        }
    }
}

impl Partial {
    /// How many fragments are of no use where no more come.
    fn useless(&self) -> u64 {
        if self.is_copy { 0 } else { self.count }
    }

    /// Adds what is new of a fragment; what is there already is compared.
    fn add(&mut self, offset: usize, bytes: &[u8]) {
        if self.pieces.len() >= MOST_FRAGMENTS {
            self.is_disputed = true;
            return;
        }
        let end = offset + bytes.len();
        let mut at = offset;
        let below = self.pieces.range(..=offset).next_back();
        let overlapping: Vec<(usize, usize)> = below
            .into_iter()
            .chain(self.pieces.range(offset + 1..end.max(offset + 1)))
            .map(|(start, piece)| (*start, start + piece.len()))
            .filter(|(start, stop)| *stop > offset && *start < end)
            .collect();
        for (start, stop) in overlapping {
            let part = |from: usize, to: usize| bytes.get(from - offset..to - offset);
            if start > at {
                if let Some(new) = part(at, start) {
                    self.pieces.insert(at, new.to_vec());
                }
            }
            let (from, to) = (start.max(offset), stop.min(end));
            let held = self.pieces.get(&start);
            let held = held.and_then(|piece| piece.get(from - start..to - start));
            self.is_disputed |= held != part(from, to);
            at = at.max(to);
        }
        if at < end {
            if let Some(new) = bytes.get(at - offset..) {
                self.pieces.insert(at, new.to_vec());
            }
        }
    }

    fn is_whole(&self) -> bool {
        let mut at = 0;
        for (start, piece) in &self.pieces {
            if *start != at {
                return false;
            }
            at += piece.len();
        }
        self.length == Some(at)
    }
}
