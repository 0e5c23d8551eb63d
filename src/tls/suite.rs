//! Cipher suites, as far as records are protected: what opens them, and the hash of their keys.
//!
//! Source: IANA's registry of TLS cipher suites.

/// What protects the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// AES in Galois/Counter Mode, with a key of so many bytes.
    Gcm(usize),
    /// ChaCha20 with Poly1305.
    ChaCha20,
    /// AES in cipher block chaining with a key of so many bytes, and a MAC.
    Cbc(usize, Hash),
}

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
}

/// A cipher suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) protection: Protection,
    /// The hash that keys are made with.
    pub(super) hash: Hash,
}

/// The suite with this number; `None` for those that are not read.
pub(super) fn suite(number: u16) -> Option<Suite> {
    use Hash::{Sha1, Sha256, Sha384};
    use Protection::{Cbc, ChaCha20, Gcm};
    let (protection, hash) = match number {
        0x1301 => (Gcm(16), Sha256),
        0x1302 => (Gcm(32), Sha384),
        0x1303 | 0xcca8..=0xccae => (ChaCha20, Sha256),
        // The even ones of each pair have the small key.
        0x009c..=0x00ad | 0xc02b..=0xc032 if is_small(number) => (Gcm(16), Sha256),
        0x009c..=0x00ad | 0xc02b..=0xc032 => (Gcm(32), Sha384),
        0xd001 => (Gcm(16), Sha256),
        0xd002 => (Gcm(32), Sha384),
        0x002f..=0x0034 | 0x008c | 0x0090 | 0x0094 => (Cbc(16, Sha1), Sha256),
        0x0035..=0x003a | 0x008d | 0x0091 | 0x0095 => (Cbc(32, Sha1), Sha256),
        0xc004 | 0xc009 | 0xc00e | 0xc013 | 0xc018 | 0xc035 => (Cbc(16, Sha1), Sha256),
        0xc005 | 0xc00a | 0xc00f | 0xc014 | 0xc019 | 0xc036 => (Cbc(32, Sha1), Sha256),
        0x003c | 0x003e..=0x0040 | 0x0067 | 0x006c => (Cbc(16, Sha256), Sha256),
        0x003d | 0x0068..=0x006b | 0x006d => (Cbc(32, Sha256), Sha256),
        0x00ae | 0x00b2 | 0x00b6 | 0xc037 => (Cbc(16, Sha256), Sha256),
        0x00af | 0x00b3 | 0x00b7 | 0xc038 => (Cbc(32, Sha384), Sha384),
        0xc023 | 0xc025 | 0xc027 | 0xc029 => (Cbc(16, Sha256), Sha256),
        0xc024 | 0xc026 | 0xc028 | 0xc02a => (Cbc(32, Sha384), Sha384),
        _ => return None,
    };
    Some(Suite { protection, hash })
}

/// Whether one of a pair of GCM suites is that with the key of 16 bytes.
fn is_small(number: u16) -> bool {
    match number {
        0xc02b..=0xc032 => number % 2 == 1,
        _ => number % 2 == 0,
    }
}

/// The suites of TLS 1.3 whose secrets have so many bytes.
pub(super) fn suites_of_secret(length: usize) -> &'static [u16] {
    match length {
        32 => &[0x1301, 0x1303],
        48 => &[0x1302],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_what_the_registry_says() {
        let gcm = |number, key| assert_eq!(suite(number).unwrap().protection, Protection::Gcm(key));
        gcm(0x009c, 16);
        gcm(0x009f, 32);
        gcm(0xc02b, 16);
        gcm(0xc02c, 32);
        gcm(0xc02f, 16);
        gcm(0xc030, 32);
        let cbc = |number, key, mac| {
            let suite = suite(number).unwrap();
            assert_eq!(suite.protection, Protection::Cbc(key, mac));
        };
        cbc(0x002f, 16, Hash::Sha1);
        cbc(0x0035, 32, Hash::Sha1);
        cbc(0x003c, 16, Hash::Sha256);
        cbc(0x006b, 32, Hash::Sha256);
        cbc(0xc014, 32, Hash::Sha1);
        cbc(0xc028, 32, Hash::Sha384);
        assert_eq!(suite(0x0005), None);
        assert_eq!(suite(0x000a), None);
    }
}
