//! Memory for as long as one call takes: for bytes that are opened or unmasked, which cannot be done where
//! they stand.
//!
//! A buffer for each connection would be one for each of ten thousand, and one that is made anew for each packet
//! costs as much time as what it is for. So those of a thread are used again.

use std::cell::RefCell;

/// So many are kept: uses stand inside of each other, opened bytes around unmasked ones.
const MOST_KEPT: usize = 4;
/// No larger one is kept, in bytes.
const LARGEST_KEPT: usize = 64 << 10;

thread_local! {
    static KEPT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Lends an empty buffer.
pub(crate) fn with<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let kept = KEPT.with_borrow_mut(Vec::pop);
    let mut buffer = kept.unwrap_or_default();
    let done = work(&mut buffer);
    buffer.clear();
    KEPT.with_borrow_mut(|kept| {
        if kept.len() < MOST_KEPT && buffer.capacity() <= LARGEST_KEPT {
            kept.push(buffer);
        }
    });
    done
}
