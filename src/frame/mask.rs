//! Masking, which is its own inverse.

/// Masks or unmasks `bytes` in place with `key`.
///
/// `from` is the position of `bytes[0]` in the payload: the key is used from
/// its byte `from % 4` on.
///
/// Source: RFC 6455 section 5.3.
pub fn unmask(bytes: &mut [u8], key: [u8; 4], from: u64) {
    let mut turned = key;
    turned.rotate_left((from % 4) as usize);
    // Eight bytes at a time: a byte-wise loop costs three times as much.
    let word = word_of(turned);
    let (chunks, rest) = bytes.split_at_mut(bytes.len() - bytes.len() % 8);
    for chunk in chunks.chunks_exact_mut(8) {
        if let Ok(eight) = <[u8; 8]>::try_from(&*chunk) {
            chunk.copy_from_slice(&(u64::from_ne_bytes(eight) ^ word).to_ne_bytes());
        }
    }
    for (byte, key) in rest.iter_mut().zip(turned.iter().cycle()) {
        *byte ^= key;
    }
}

/// The key twice.
fn word_of([a, b, c, d]: [u8; 4]) -> u64 {
    u64::from_ne_bytes([a, b, c, d, a, b, c, d])
}

/// Whether `bytes`, unmasked with `key` from its first byte on, are ASCII.
#[inline]
pub(super) fn is_ascii_unmasked(bytes: &[u8], key: [u8; 4]) -> bool {
    let word = word_of(key);
    let mut chunks = bytes.chunks_exact(8);
    let mut seen = 0;
    for chunk in &mut chunks {
        if let Ok(eight) = <[u8; 8]>::try_from(chunk) {
            seen |= u64::from_ne_bytes(eight) ^ word;
        }
    }
    // The last bytes as one word more: what is missing in it counts as zeros, unmasked.
    let rest = chunks.remainder();
    let mut last = word.to_ne_bytes();
    if let Some(place) = last.get_mut(..rest.len()) {
        place.copy_from_slice(rest);
    }
    seen |= u64::from_ne_bytes(last) ^ word;
    seen & TOP_BITS == 0
}

/// The same for the first `length` bytes of a block, whatever stands behind them. At most all.
///
/// The same work whatever the length is: a loop that ends after a few rounds, each time after
/// others, costs more than all its rounds, because the processor guesses its end wrong.
#[inline]
pub(super) fn is_block_ascii_unmasked(block: &[u8; BLOCK], length: usize, key: [u8; 4]) -> bool {
    let word = word_of(key);
    let counted: &[u8; BLOCK] = COUNTED
        .get(BLOCK - length.min(BLOCK)..)
        .and_then(<[u8]>::first_chunk)
        .unwrap_or(&[0xff; BLOCK]);
    let mut seen = 0;
    for (bytes, counted) in block.chunks_exact(8).zip(counted.chunks_exact(8)) {
        if let (Ok(bytes), Ok(counted)) = (bytes.try_into(), counted.try_into()) {
            seen |= (u64::from_ne_bytes(bytes) ^ word) & u64::from_ne_bytes(counted);
        }
    }
    seen & TOP_BITS == 0
}

/// The bytes looked at in one step: more than the longest payload whose length is in the second
/// byte of a header.
pub(super) const BLOCK: usize = 128;

/// Only the top bit of each byte decides about ASCII.
const TOP_BITS: u64 = 0x8080_8080_8080_8080;

/// A window of [`BLOCK`] bytes into this has as many leading bytes set as it begins before the
/// middle.
static COUNTED: [u8; 2 * BLOCK] = {
    let mut all = [0; 2 * BLOCK];
    let mut index = 0;
    while index < BLOCK {
        all[index] = 0xff;
        index += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmasking_in_pieces_is_unmasking_at_once() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        let payload: Vec<u8> = (0..100).collect();
        let slowly: Vec<u8> = (0..100u8)
            .map(|index| index ^ key[usize::from(index % 4)])
            .collect();
        for cut in 0..payload.len() {
            let mut bytes = payload.clone();
            let (front, back) = bytes.split_at_mut(cut);
            unmask(front, key, 0);
            unmask(back, key, cut as u64);
            assert_eq!(bytes, slowly, "cut at {cut}");
        }
    }

    #[test]
    fn ascii_is_seen_under_every_mask() {
        let key = [0x37, 0xfa, 0x21, 0xbd];
        for length in 0..80 {
            let mut bytes: Vec<u8> = (0..length).collect();
            unmask(&mut bytes, key, 0);
            assert!(is_ascii_unmasked(&bytes, key), "{length} bytes");
            let mut block = [0x80; BLOCK];
            block[..bytes.len()].copy_from_slice(&bytes);
            assert!(
                is_block_ascii_unmasked(&block, bytes.len(), key),
                "{length} bytes"
            );
            for at in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x80;
                assert!(!is_ascii_unmasked(&bytes, key), "{length} bytes, at {at}");
                let mut block = block;
                block[at] ^= 0x80;
                assert!(
                    !is_block_ascii_unmasked(&block, bytes.len(), key),
                    "{length}, at {at}"
                );
            }
        }
    }
}
