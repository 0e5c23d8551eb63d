//! Records opened.
//!
//! Every record proves itself by a tag or a MAC. It is opened beside what was sent, so that another
//! sequence number or key can be tried. The AEAD suites are ring's work, CBC, which it lacks, RustCrypto's.
//!
//! Source: RFC 8446 section 5.2, RFC 5246 section 6.2.3, RFC 5288, RFC 7905, RFC 7366.

use aes::cipher::consts::U16;
use aes::cipher::{BlockModeDecrypt, InnerIvInit, KeyInit};
use aes::{Aes128, Aes256};
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};

use super::keylog::Secret;
use super::schedule::{self, expand_label, prf};
use super::suite::{Hash, Protection, Suite};

const BLOCK: usize = 16;
const TAG: usize = 16;

/// Opens the records of one end, with one key.
pub(super) struct Opener {
    cipher: Cipher,
    /// What nonces are made with: 12 bytes, or the 4 that are not sent.
    fixed: [u8; 12],
    is_13: bool,
}

enum Cipher {
    /// With a key of AES-GCM, or of ChaCha20-Poly1305.
    Aead(Box<LessSafeKey>),
    Cbc(Box<Cbc>),
}

struct Cbc {
    key: Block,
    mac: Vec<u8>,
    hash: Hash,
    encrypts_then_macs: bool,
}

#[allow(clippy::large_enum_variant, reason = "there are two for a connection")]
enum Block {
    Aes128(Aes128),
    Aes256(Aes256),
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opener")
    }
}

impl Cipher {
    fn of(protection: Protection, key: &[u8]) -> Option<Self> {
        let algorithm = match protection {
            Protection::Gcm(16) => &AES_128_GCM,
            Protection::Gcm(_) => &AES_256_GCM,
            Protection::ChaCha20 => &CHACHA20_POLY1305,
            Protection::Cbc(..) => return None,
        };
        let key = UnboundKey::new(algorithm, key).ok()?;
        Some(Cipher::Aead(Box::new(LessSafeKey::new(key))))
    }

    fn is_chacha20(&self) -> bool {
        matches!(self, Cipher::Aead(key) if key.algorithm() == &CHACHA20_POLY1305)
    }
}

impl Opener {
    /// What opens records of TLS 1.3 under a traffic secret.
    pub(super) fn of_secret(suite: Suite, secret: &Secret) -> Option<Self> {
        let size = match suite.protection {
            Protection::Gcm(size) => size,
            Protection::ChaCha20 => 32,
            Protection::Cbc(..) => return None,
        };
        let mut key = [0; 32];
        let key = key.get_mut(..size)?;
        let mut fixed = [0; 12];
        expand_label(suite.hash, secret.bytes(), "key", key)?;
        expand_label(suite.hash, secret.bytes(), "iv", &mut fixed)?;
        Some(Opener {
            cipher: Cipher::of(suite.protection, key)?,
            fixed,
            is_13: true,
        })
    }

    /// What opens records of TLS 1.2: those of the client and those of the server.
    pub(super) fn of_master(
        suite: Suite,
        master: &Secret,
        randoms: [&[u8; 32]; 2],
        encrypts_then_macs: bool,
    ) -> Option<[Self; 2]> {
        let (mac, key, fixed) = match suite.protection {
            Protection::Gcm(size) => (0, size, 4),
            Protection::ChaCha20 => (0, 32, 12),
            Protection::Cbc(size, Hash::Sha1) => (20, size, 0),
            Protection::Cbc(size, Hash::Sha256) => (32, size, 0),
            Protection::Cbc(size, Hash::Sha384) => (48, size, 0),
        };
        let mut block = vec![0; 2 * (mac + key + fixed)];
        let [client, server] = randoms;
        let seed = [&server[..], client].concat();
        prf(
            suite.hash,
            master.bytes(),
            b"key expansion",
            &seed,
            &mut block,
        );
        let mut rest = block.as_slice();
        let mut pair = |length| {
            let (first, second);
            (first, rest) = rest.split_at_checked(length)?;
            (second, rest) = rest.split_at_checked(length)?;
            Some([first, second])
        };
        let (macs, keys, ivs) = (pair(mac)?, pair(key)?, pair(fixed)?);
        let of = |end: usize| {
            let (key, iv) = (*keys.get(end)?, *ivs.get(end)?);
            let mut fixed = [0; 12];
            fixed.get_mut(..iv.len())?.copy_from_slice(iv);
            let cipher = match suite.protection {
                Protection::Cbc(size, hash) => Cipher::Cbc(Box::new(Cbc {
                    key: match size {
                        16 => Block::Aes128(Aes128::new_from_slice(key).ok()?),
                        _ => Block::Aes256(Aes256::new_from_slice(key).ok()?),
                    },
                    mac: macs.get(end)?.to_vec(),
                    hash,
                    encrypts_then_macs,
                })),
                protection => Cipher::of(protection, key)?,
            };
            Some(Opener {
                cipher,
                fixed,
                is_13: false,
            })
        };
        Some([of(0)?, of(1)?])
    }

    /// The bytes by which a record is longer than what it carries, its header included; `None` where that
    /// is not known before.
    pub(super) fn overhead(&self) -> Option<u64> {
        match (&self.cipher, self.is_13) {
            // The type of what is inside, and the tag.
            (_, true) => Some(5 + 1 + 16),
            (Cipher::Cbc(_), false) => None,
            (cipher, false) if cipher.is_chacha20() => Some(5 + 16),
            (_, false) => Some(5 + 8 + 16),
        }
    }

    /// Opens a record with this sequence number into `plain`. Gives whether it proves itself.
    pub(super) fn open(
        &self,
        sequence: u64,
        header: [u8; 5],
        body: &[u8],
        plain: &mut Vec<u8>,
    ) -> bool {
        let key = match &self.cipher {
            Cipher::Cbc(cbc) => return cbc.open(sequence, header, body, plain),
            Cipher::Aead(key) => key,
        };
        let is_explicit = !self.is_13 && !self.cipher.is_chacha20();
        let front = if is_explicit { 8 } else { 0 };
        let Some(length) = body.len().checked_sub(front + TAG) else {
            return false;
        };
        let mut nonce = self.fixed;
        let (_, counter) = nonce.split_at_mut(4);
        match body.get(..8).filter(|_| is_explicit) {
            Some(explicit) => counter.copy_from_slice(explicit),
            None => {
                for (byte, part) in counter.iter_mut().zip(sequence.to_be_bytes()) {
                    *byte ^= part;
                }
            }
        }
        let about = about(sequence, header, length);
        let about = if self.is_13 { &header[..] } else { &about[..] };
        // ring opens in place.
        plain.clear();
        plain.extend_from_slice(body.get(front..).unwrap_or_default());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let is_open = key.open_in_place(nonce, Aad::from(about), plain).is_ok();
        plain.truncate(length);
        is_open
    }
}

#[cfg(test)]
impl Opener {
    /// A record of TLS 1.2, sealed with AES-GCM as its sender would.
    pub(super) fn seal(&self, sequence: u64, kind: u8, content: &[u8]) -> Vec<u8> {
        let Cipher::Aead(key) = &self.cipher else {
            panic!("no AEAD");
        };
        let mut nonce = self.fixed;
        nonce[4..].copy_from_slice(&sequence.to_be_bytes());
        let length = (content.len() + 8 + TAG) as u16;
        let [high, low] = length.to_be_bytes();
        let header = [kind, 3, 3, high, low];
        let about = about(sequence, header, content.len());
        let mut sealed = content.to_vec();
        let nonce_of = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce_of, Aad::from(about), &mut sealed)
            .unwrap();
        [&header[..], &sequence.to_be_bytes(), &sealed].concat()
    }
}

/// What a record of TLS 1.2 is authenticated with beside its content.
fn about(sequence: u64, header: [u8; 5], length: usize) -> [u8; 13] {
    let mut about = [0; 13];
    let (number, rest) = about.split_at_mut(8);
    number.copy_from_slice(&sequence.to_be_bytes());
    rest.copy_from_slice(&header);
    let [high, low] = (length as u16).to_be_bytes();
    (about[11], about[12]) = (high, low);
    about
}

impl Cbc {
    fn open(&self, sequence: u64, header: [u8; 5], body: &[u8], plain: &mut Vec<u8>) -> bool {
        self.opened(sequence, header, body)
            .map(|opened| *plain = opened)
            .is_some()
    }

    fn opened(&self, sequence: u64, header: [u8; 5], body: &[u8]) -> Option<Vec<u8>> {
        let mac_length = match self.hash {
            Hash::Sha1 => 20,
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
        };
        let is_right = |content: &[u8], mac: &[u8]| {
            let about = about(sequence, header, content.len());
            schedule::mac(self.hash, &self.mac, &[&about, content]) == mac
        };
        if self.encrypts_then_macs {
            let (sealed, mac) = body.split_at_checked(body.len().checked_sub(mac_length)?)?;
            if !is_right(sealed, mac) {
                return None;
            }
            return self.decrypt(sealed);
        }
        let mut plain = self.decrypt(body)?;
        let content = plain.len().checked_sub(mac_length)?;
        let (content, mac) = plain.split_at_checked(content)?;
        if !is_right(content, mac) {
            return None;
        }
        plain.truncate(content.len());
        Some(plain)
    }

    /// Behind its initialization vector, without its padding.
    fn decrypt(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (iv, sealed) = sealed.split_first_chunk::<BLOCK>()?;
        if sealed.is_empty() || sealed.len() % BLOCK != 0 {
            return None;
        }
        let mut plain = sealed.to_vec();
        match &self.key {
            Block::Aes128(key) => {
                unchain(cbc::Decryptor::inner_iv_init(key, iv.into()), &mut plain);
            }
            Block::Aes256(key) => {
                unchain(cbc::Decryptor::inner_iv_init(key, iv.into()), &mut plain);
            }
        }
        let padding = usize::from(*plain.last()?) + 1;
        let content = plain.len().checked_sub(padding)?;
        let is_padded = plain
            .get(content..)?
            .iter()
            .all(|byte| usize::from(*byte) + 1 == padding);
        plain.truncate(content);
        is_padded.then_some(plain)
    }
}

/// Decrypts block by block.
fn unchain(mut chain: impl BlockModeDecrypt<BlockSize = U16>, blocks: &mut [u8]) {
    for block in blocks.chunks_exact_mut(BLOCK) {
        if let Ok(block) = block.try_into() {
            chain.decrypt_block(block);
        }
    }
}
