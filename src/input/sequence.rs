//! The bytes of segments of TCP in the order in which they were sent, which is not always that in which they
//! stand in a text: some are sent again, and some overtake others.

use std::collections::BTreeMap;

/// The bytes of one segment.
#[derive(Clone, Debug)]
pub(super) struct Piece<K> {
    /// What tells it from others in a mistake.
    pub(super) number: usize,
    /// Who sent it to whom.
    pub(super) way: K,
    /// The number of its first byte.
    pub(super) sequence: u32,
    pub(super) bytes: Vec<u8>,
}

/// The bytes of each piece that were not there before, with those that waited for them. A piece without bytes
/// says where its way begins.
///
/// # Errors
///
/// The number of the first piece that has bytes before it which are in no other.
pub(super) fn in_order<K: Ord + Clone>(pieces: Vec<Piece<K>>) -> Result<Vec<Vec<u8>>, usize> {
    let mut ways: BTreeMap<K, Way> = BTreeMap::new();
    for piece in &pieces {
        let way = ways.entry(piece.way.clone());
        way.or_insert_with(|| Way::new(piece.sequence))
            .begin(piece.sequence);
    }
    let mut ordered = Vec::new();
    for piece in pieces {
        let way = ways.get_mut(&piece.way);
        ordered.extend(way.map(|way| way.take(piece.number, piece.sequence, piece.bytes)));
    }
    match ways.values().filter_map(Way::first_early).min() {
        Some(number) => Err(number),
        None => Ok(ordered),
    }
}

/// What one end sent to the other.
struct Way {
    /// A number from which all others are counted: half of all numbers are before it.
    origin: u32,
    /// Where the next byte stands.
    next: i64,
    /// What stands behind bytes that did not come yet, by its place.
    early: BTreeMap<i64, (usize, Vec<u8>)>,
}

impl Way {
    fn new(origin: u32) -> Self {
        Self {
            origin,
            next: 0,
            early: BTreeMap::new(),
        }
    }

    fn place(&self, sequence: u32) -> i64 {
        let distance = i64::from(sequence.wrapping_sub(self.origin));
        match distance > i64::from(i32::MAX) {
            true => distance - (1 << 32),
            false => distance,
        }
    }

    /// No piece stands before where the way begins.
    fn begin(&mut self, sequence: u32) {
        self.next = self.next.min(self.place(sequence));
    }

    fn take(&mut self, number: usize, sequence: u32, bytes: Vec<u8>) -> Vec<u8> {
        let place = self.place(sequence);
        let known = self.early.get(&place).map_or(0, |(_, known)| known.len());
        if bytes.len() > known {
            self.early.insert(place, (number, bytes));
        }
        let mut new = Vec::new();
        while let Some(first) = self.early.first_entry() {
            if *first.key() > self.next {
                break;
            }
            let (place, (_, bytes)) = first.remove_entry();
            let known = usize::try_from(self.next - place).unwrap_or(usize::MAX);
            let unknown = bytes.get(known..).unwrap_or_default();
            self.next = self.next.saturating_add(unknown.len() as i64);
            new.extend_from_slice(unknown);
        }
        new
    }

    fn first_early(&self) -> Option<usize> {
        let (number, _) = self.early.first_key_value()?.1;
        Some(*number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(pieces: &[(u32, &str)]) -> Result<String, usize> {
        let piece = |(index, (sequence, text)): (usize, &(u32, &str))| Piece {
            number: index + 1,
            way: (),
            sequence: *sequence,
            bytes: text.as_bytes().to_vec(),
        };
        let ordered = in_order(pieces.iter().enumerate().map(piece).collect())?;
        Ok(String::from_utf8(ordered.concat()).unwrap())
    }

    #[test]
    fn what_overtook_others_waits_for_them() {
        for pieces in [
            &[(5, "fgh"), (0, "abcde")][..],
            &[(0, "ab"), (4, "efgh"), (2, "cd")],
            &[(0, "abc"), (0, "abc"), (2, "cdefgh"), (3, "d")],
            &[(6, "gh"), (4, "ef"), (4, "e"), (2, "cd"), (0, "ab")],
            &[(1, ""), (4, "defgh"), (1, "abc")],
        ] {
            let begun: u32 = pieces.iter().map(|&(at, _)| at).min().unwrap();
            for origin in [0_u32, 7, u32::MAX - 3] {
                let moved: Vec<_> = pieces
                    .iter()
                    .map(|&(at, text)| (u32::wrapping_sub(at, begun).wrapping_add(origin), text))
                    .collect();
                assert_eq!(ordered(&moved).as_deref(), Ok("abcdefgh"), "{moved:?}");
            }
        }
    }

    #[test]
    fn bytes_that_never_came_are_missed() {
        assert_eq!(ordered(&[(0, "ab"), (4, "ef"), (3, "d")]), Err(3));
        assert_eq!(ordered(&[(0, ""), (1, "b")]), Err(2));
    }
}
