//! The lines of a block, as bytes: where one ends, how many there are, and the last ones that are kept for what
//! comes in the next block.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::LONGEST_ANCHOR;
use super::record::LOOK_BACK;

/// The last bytes, as many as one of the texts can have.
pub(super) fn last(bytes: &[u8]) -> &[u8] {
    bytes
        .get(bytes.len().saturating_sub(LONGEST_ANCHOR)..)
        .unwrap_or_default()
}

/// Where the line ends in which `at` lies.
pub(super) fn line_end(lines: &[u8], at: usize) -> usize {
    let behind = lines.get(at..).and_then(|behind| memchr(b'\n', behind));
    behind.map_or(lines.len(), |length| at + length)
}

pub(super) fn count_lines(lines: &[u8]) -> u64 {
    memchr_iter(b'\n', lines).count() as u64
}

/// The last whole lines of `earlier` and `lines` together.
pub(super) fn last_of(earlier: &[u8], lines: &[u8]) -> Vec<u8> {
    let from_lines = lines
        .get(lines.len().saturating_sub(LOOK_BACK)..)
        .unwrap_or_default();
    let room = LOOK_BACK - from_lines.len();
    let from_earlier = earlier
        .get(earlier.len().saturating_sub(room)..)
        .unwrap_or_default();
    let mut all = [from_earlier, from_lines].concat();
    if all.len() == LOOK_BACK {
        // The first line of it may be the end of one.
        let first = memchr(b'\n', &all).map_or(all.len(), |end| end + 1);
        all.drain(..first);
    }
    all
}

/// The lines of a text, the last one first, each read when it is asked for.
pub(super) fn backwards(lines: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
    let each = lines.rsplit(|byte| *byte == b'\n');
    each.map(|line| String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)))
}

/// Keeps the last lines that were read.
pub(super) fn remember(recent: &mut Vec<u8>, lines: &[u8]) {
    if lines.len() >= LOOK_BACK {
        recent.clear();
    }
    let from = lines.len().saturating_sub(LOOK_BACK);
    recent.extend_from_slice(lines.get(from..).unwrap_or_default());
    let surplus = recent.len().saturating_sub(LOOK_BACK);
    recent.drain(..surplus);
}
