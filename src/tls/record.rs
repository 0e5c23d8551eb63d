//! The records of one end, in a stream that may have gaps.
//!
//! Types and lengths of records are never encrypted, so a record that is not wanted or not whole is passed
//! over and the next one is found. Where a gap hides where records begin, one is looked for again: what
//! looks like one has to prove itself.
//!
//! Source: RFC 8446 section 5.1, RFC 5246 section 6.2.

/// The bytes in front of each record: type, version, length.
pub(super) const HEADER: usize = 5;
/// "The length MUST NOT exceed 2^14 + 256 bytes" (RFC 8446 section 5.2); 2048 before.
const LONGEST: usize = (1 << 14) + 2048;

/// Whether bytes begin like a record. SSL 3.0 is no TLS any more (RFC 7568), and its version stands in other
/// protocols too: of it only a hello counts.
pub fn is_record(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23, 3, 1..=4, ..] | [22, 3, 0, _, _, 1 | 2, ..])
}

/// The header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) bytes: [u8; HEADER],
}

impl Header {
    /// The header at the front of bytes; `None` where there is none.
    fn of(bytes: &[u8]) -> Option<Self> {
        let header = Header {
            bytes: *bytes.first_chunk()?,
        };
        (is_record(bytes) && header.length() <= LONGEST).then_some(header)
    }

    pub(super) fn kind(self) -> u8 {
        self.bytes[0]
    }

    pub(super) fn length(self) -> usize {
        usize::from(u16::from_be_bytes([self.bytes[3], self.bytes[4]]))
    }
}

/// What comes out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A record. `true`: it was looked for behind a gap, and nothing but its look says that it is one.
    Whole(Header, &'a [u8], bool),
    /// A record of which nobody wants the body.
    Passed(Header),
    /// A record that is not whole: what came of it.
    Partial(Header, &'a [u8]),
    /// So many bytes in which records may have begun and ended.
    Lost(u64),
    /// The bytes are no records.
    Broken,
}

/// Reads the records of one end.
#[derive(Debug, Default)]
pub(super) struct Records {
    held: Vec<u8>,
    /// Bytes of the record that are still to come and not needed.
    skip: usize,
    /// Whether it is not known where the next record begins.
    is_searching: bool,
    is_broken: bool,
}

impl Records {
    /// Whether more is to come of a record that has begun, or it is not known where one begins.
    pub(super) fn is_inside(&self) -> bool {
        self.is_broken || self.is_searching || self.skip > 0 || !self.held.is_empty()
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.held.len()
    }

    /// Takes the next bytes. `wants` says of a header whether the body is wanted; `sink`, of what was looked
    /// for behind a gap, whether it is a record.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        wants: &dyn Fn(Header) -> bool,
        sink: &mut dyn FnMut(Item<'_>) -> bool,
    ) {
        let mut rest = bytes;
        while !rest.is_empty() && !self.is_broken {
            if self.skip > 0 {
                let count = self.skip.min(rest.len());
                self.skip -= count;
                rest = rest.get(count..).unwrap_or_default();
                continue;
            }
            if self.is_searching {
                self.held.extend_from_slice(rest);
                self.search(sink);
                return;
            }
            let needed = match Header::of(&self.held) {
                None => HEADER,
                Some(header) => HEADER + header.length(),
            };
            let whole = Header::of(rest).filter(|header| self.held.is_empty() && wants(*header));
            let whole = whole.and_then(|header| {
                let (record, left) = rest.split_at_checked(HEADER + header.length())?;
                Some((header, record.get(HEADER..)?, left))
            });
            if let Some((header, body, left)) = whole {
                sink(Item::Whole(header, body, false));
                rest = left;
                continue;
            }
            let missing = needed.saturating_sub(self.held.len());
            self.held.reserve_exact(missing);
            let count = missing.min(rest.len());
            let (taken, left) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.held.extend_from_slice(taken);
            rest = left;
            self.step(wants, sink);
        }
    }

    /// Looks whether what is held is a record.
    fn step(&mut self, wants: &dyn Fn(Header) -> bool, sink: &mut dyn FnMut(Item<'_>) -> bool) {
        if self.held.len() < HEADER {
            return;
        }
        let Some(header) = Header::of(&self.held) else {
            self.is_broken = true;
            self.held = Vec::new();
            sink(Item::Broken);
            return;
        };
        if self.held.len() == HEADER && !wants(header) {
            self.held.clear();
            self.skip = header.length();
            sink(Item::Passed(header));
        } else if self.held.len() >= HEADER + header.length() {
            // Kept for the next, it would be a record's worth for each connection.
            let record = std::mem::take(&mut self.held);
            let body = record.get(HEADER..).unwrap_or_default();
            sink(Item::Whole(header, body, false));
        }
    }

    /// Looks for a record in what is held.
    fn search(&mut self, sink: &mut dyn FnMut(Item<'_>) -> bool) {
        let mut at = 0;
        let mut lost = 0;
        while let Some(rest) = self.held.get(at..).filter(|rest| rest.len() >= HEADER) {
            let header = Header::of(rest).filter(|header| header.length() > 0);
            let Some(header) = header else {
                (at, lost) = (at + 1, lost + 1);
                continue;
            };
            let Some(body) = rest.get(HEADER..HEADER + header.length()) else {
                break;
            };
            if lost > 0 {
                sink(Item::Lost(lost));
                lost = 0;
            }
            if sink(Item::Whole(header, body, true)) {
                let behind = self.held.split_off(at + HEADER + header.length());
                self.held = Vec::new();
                self.is_searching = false;
                self.feed(&behind, &|_| true, sink);
                return;
            }
            (at, lost) = (at + 1, lost + 1);
        }
        if lost > 0 {
            sink(Item::Lost(lost));
        }
        self.held.drain(..at.min(self.held.len()));
    }

    /// Takes a gap. `may_search`: there is a way to tell records from what only looks like them.
    pub(super) fn gap(
        &mut self,
        count: u64,
        may_search: bool,
        sink: &mut dyn FnMut(Item<'_>) -> bool,
    ) {
        if self.is_broken {
            return;
        }
        if let Ok(count) = usize::try_from(count) {
            if count <= self.skip {
                self.skip -= count;
                return;
            }
            let header = Header::of(&self.held).filter(|_| !self.is_searching);
            if let Some(header) = header {
                let held = std::mem::take(&mut self.held);
                let missing = HEADER + header.length() - held.len();
                if count <= missing {
                    self.skip = missing - count;
                    sink(Item::Partial(
                        header,
                        held.get(HEADER..).unwrap_or_default(),
                    ));
                    return;
                }
                sink(Item::Partial(
                    header,
                    held.get(HEADER..).unwrap_or_default(),
                ));
                sink(Item::Lost((count - missing) as u64));
                self.lose(may_search);
                return;
            }
        }
        let lost = count - self.skip as u64 + self.held.len() as u64;
        self.skip = 0;
        self.held = Vec::new();
        sink(Item::Lost(lost));
        self.lose(may_search);
    }

    fn lose(&mut self, may_search: bool) {
        self.is_searching = may_search;
        self.is_broken = !may_search;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], step: usize, is_wanted: bool) -> Vec<(u8, usize)> {
        let mut records = Records::default();
        let mut seen = Vec::new();
        for piece in bytes.chunks(step) {
            records.feed(piece, &|_| is_wanted, &mut |item| {
                seen.push(match item {
                    Item::Whole(header, body, _) => (header.kind(), body.len()),
                    Item::Passed(header) => (header.kind(), header.length()),
                    _ => (0, 0),
                });
                true
            });
        }
        seen
    }

    #[test]
    fn records_are_told_apart_however_they_come() {
        let stream = [
            &[22, 3, 1, 0, 2, 1, 0][..],
            &[20, 3, 3, 0, 1, 1],
            &[23, 3, 3, 0, 19],
            &[0; 19],
            &[23, 3, 3, 0, 0],
            &[0x48, 0x54, 0x54, 0x50, 0x2f],
        ]
        .concat();
        for step in [1, 5, 4096] {
            for is_wanted in [false, true] {
                let seen = read(&stream, step, is_wanted);
                assert_eq!(seen, [(22, 2), (20, 1), (23, 19), (23, 0), (0, 0)]);
            }
        }
    }

    #[test]
    fn behind_a_gap_the_next_record_is_found() {
        let record = |kind: u8| [&[kind, 3, 3, 0, 30][..], &[kind; 30]].concat();
        let mut records = Records::default();
        let mut seen = Vec::new();
        let mut lost = 0;
        let mut sink = |item: Item<'_>| {
            let is_false = matches!(&item, Item::Whole(header, _, true) if header.kind() == 22);
            match item {
                Item::Whole(header, _, is_found) => seen.push((header.kind(), is_found)),
                Item::Partial(_, body) => seen.push((body.len() as u8, false)),
                Item::Lost(count) => lost += count,
                other => panic!("{other:?}"),
            }
            !is_false
        };
        // Inside of a record: the next begins where its length says.
        records.feed(&record(23)[..15], &|_| true, &mut sink);
        records.gap(10, true, &mut sink);
        records.feed(&record(23)[25..], &|_| true, &mut sink);
        records.feed(&record(23), &|_| true, &mut sink);
        // Over the end of one.
        records.gap(100, true, &mut sink);
        let noise = [&[9; 7][..], &record(22), &record(23), &record(21)].concat();
        for piece in noise.chunks(3) {
            records.feed(piece, &|_| true, &mut sink);
        }
        let expected = [
            (10, false),
            (23, false),
            (22, true),
            (23, true),
            (21, false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(lost, 100 + 7 + 35);
    }
}
