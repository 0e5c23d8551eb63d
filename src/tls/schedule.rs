//! Keys from secrets.
//!
//! Source: RFC 8446 section 7, RFC 5246 sections 5 and 6.3.

use ring::{hkdf, hmac};

use super::keylog::Secret;
use super::suite::Hash;

/// HKDF-Expand-Label with an empty context.
pub(super) fn expand_label(hash: Hash, secret: &[u8], label: &str, out: &mut [u8]) -> Option<()> {
    let mut info = (out.len() as u16).to_be_bytes().to_vec();
    info.push(6 + label.len() as u8);
    info.extend(b"tls13 ");
    info.extend(label.as_bytes());
    info.push(0);
    let algorithm = match hash {
        Hash::Sha384 => hkdf::HKDF_SHA384,
        _ => hkdf::HKDF_SHA256,
    };
    let secret = hkdf::Prk::new_less_safe(algorithm, secret);
    let info = [info.as_slice()];
    secret.expand(&info, Length(out.len())).ok()?.fill(out).ok()
}

/// So many bytes of key.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The secret behind a KeyUpdate.
pub(super) fn next_secret(hash: Hash, secret: &Secret) -> Option<Secret> {
    let mut next = [0; 48];
    let next = next.get_mut(..secret.bytes().len())?;
    expand_label(hash, secret.bytes(), "traffic upd", next)?;
    Secret::of(next)
}

/// The pseudorandom function of TLS 1.2.
pub(super) fn prf(hash: Hash, secret: &[u8], label: &[u8], seed: &[u8], out: &mut [u8]) {
    let seed = [label, seed].concat();
    let mut block = mac(hash, secret, &[&seed]);
    for part in out.chunks_mut(block.len()) {
        let output = mac(hash, secret, &[&block, &seed]);
        part.copy_from_slice(output.get(..part.len()).unwrap_or_default());
        block = mac(hash, secret, &[&block]);
    }
}

/// A MAC (RFC 2104) over some parts.
pub(super) fn mac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let algorithm = match hash {
        Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
    };
    let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
    for part in parts {
        context.update(part);
    }
    context.sign().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prf_gives_the_known_vector() {
        // The vector of the IETF's TLS list for P_SHA256, 2009.
        let secret = hex::decode("9bbe436ba940f017b17652849a71db35").unwrap();
        let seed = hex::decode("a0ba9f936cda311827a6f796ffd5198c").unwrap();
        let mut out = [0; 100];
        prf(Hash::Sha256, &secret, b"test label", &seed, &mut out);
        let expected = "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a\
            6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab\
            4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701\
            87347b66";
        assert_eq!(hex::encode(out), expected);
    }
}
