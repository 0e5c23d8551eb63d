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
    let word = u64::from_ne_bytes(std::array::from_fn(|index| turned[index % 4]));
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
}
