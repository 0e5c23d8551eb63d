//! What is wrong with a chain.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::names::is_for;
use super::read::{read, signed_by};
use super::{Certificate, Certificates, Fault, Issuer};

/// So many certificates of a chain are looked at.
const MOST: usize = 16;
/// So many bytes of a certificate are looked at.
const LONGEST: usize = 256 * 1024;

/// Judges a chain of certificates, each as DER, that of the server first, as they were sent.
///
/// `host` is the name or address that the client asked for; without one names are not judged. `at` is
/// the time of the judgement in seconds since 1970. Whether the last issuer is trusted is not judged;
/// that the issuer of the first certificate was not sent is a fault, which
/// [`Certificates::trust_unsent_issuer`] takes back.
pub fn judge(chain: &[Vec<u8>], host: Option<&str>, at: i64) -> Certificates {
    let mut found = Certificates::default();
    let mut kept: Vec<&[u8]> = Vec::new();
    for (place, der) in chain.iter().take(MOST).enumerate() {
        let der = der.get(..der.len().min(LONGEST)).unwrap_or_default();
        match read(der) {
            Some(certificate) => {
                found.sent.push(certificate);
                kept.push(der);
            }
            None => found.faults.push(Fault::Unreadable { place }),
        }
    }
    if chain.is_empty() {
        found.faults.push(Fault::NoCertificate);
    }
    let path = path(&kept, &found.sent, &mut found.faults);
    times(&found.sent, &path, at, &mut found.faults);
    if let (Some(leaf), Some(host)) = (found.sent.first(), host) {
        found.faults.extend(name(leaf, host));
    }
    if let Some(leaf) = found.sent.first() {
        if leaf.is_self_signed {
            let is_authority = leaf.is_authority;
            found.faults.push(Fault::SelfSigned { is_authority });
        }
        if !leaf.is_for_servers {
            found.faults.push(Fault::NotForServers);
        }
    }
    weak(&found.sent, &path, &mut found.faults);
    let last = path.last().and_then(|place| {
        let certificate = found.sent.get(*place)?;
        Some((*place, certificate)).filter(|(_, certificate)| !certificate.is_self_signed)
    });
    if let Some((of, certificate)) = last {
        let name = certificate.issuer_title().to_owned();
        if of == 0 {
            let issuer = name.clone();
            found.faults.push(Fault::IssuerNotSent { issuer });
        }
        let der = certificate.issuer_der.clone();
        found.unsent_issuer = Some(Issuer { of, name, der });
    }
    found.faults.sort_by_key(Fault::rank);
    found
}

/// The places of the certificates that lead from the first to the last known issuer, however they
/// were ordered.
fn path(kept: &[&[u8]], sent: &[Certificate], faults: &mut Vec<Fault>) -> Vec<usize> {
    let mut path = Vec::new();
    let mut next = (!sent.is_empty()).then_some(0);
    while let Some(place) = next.take() {
        path.push(place);
        let Some(certificate) = sent.get(place).filter(|it| !it.is_self_signed) else {
            break;
        };
        let named: Vec<usize> = (0..sent.len())
            .filter(|other| !path.contains(other))
            .filter(|other| {
                let subject = sent.get(*other).map(|other| &other.subject_der);
                subject == Some(&certificate.issuer_der)
            })
            .collect();
        let signs = |issuer: &usize| has_signed(kept, place, *issuer);
        next = named
            .iter()
            .copied()
            .find(|other| signs(other) != Some(false));
        match next {
            None if !named.is_empty() => faults.push(Fault::WrongIssuer {
                issuer: certificate.issuer_title().to_owned(),
            }),
            Some(issuer) if sent.get(issuer).is_some_and(|it| !it.is_authority) => {
                faults.push(Fault::IssuerNoAuthority {
                    issuer: certificate.issuer_title().to_owned(),
                });
            }
            _ => {}
        }
    }
    path
}

fn has_signed(kept: &[&[u8]], place: usize, issuer: usize) -> Option<bool> {
    let (_, one) = X509Certificate::from_der(kept.get(place)?).ok()?;
    let (_, issuer) = X509Certificate::from_der(kept.get(issuer)?).ok()?;
    signed_by(&one, &issuer)
}

fn times(sent: &[Certificate], path: &[usize], at: i64, faults: &mut Vec<Fault>) {
    for place in path.iter().copied() {
        let Some(certificate) = sent.get(place) else {
            continue;
        };
        let name = certificate.title().to_owned();
        if at > certificate.not_after {
            let (since, ago) = (certificate.not_after, at - certificate.not_after);
            faults.push(Fault::Expired {
                place,
                name,
                since,
                ago,
            });
        } else if at < certificate.not_before {
            let (from, ahead) = (certificate.not_before, certificate.not_before - at);
            faults.push(Fault::NotYetValid {
                place,
                name,
                from,
                ahead,
            });
        }
    }
}

/// "Clients MUST NOT … use the CN-ID" (RFC 9525 section 2).
fn name(leaf: &Certificate, host: &str) -> Option<Fault> {
    if leaf.names.iter().any(|name| is_for(name, host)) {
        return None;
    }
    let host = host.to_owned();
    let common = leaf.common_name.clone();
    let is_in_common = common.as_ref().is_some_and(|name| is_for(name, &host));
    Some(match leaf.names.is_empty() && is_in_common {
        true => Fault::NameInCommonNameOnly { host },
        false => Fault::WrongName {
            host,
            names: match leaf.names.is_empty() {
                true => common.into_iter().collect(),
                false => leaf.names.clone(),
            },
        },
    })
}

/// Keys and signatures that clients do not take any more. The signature of a root is not looked at by
/// anybody.
fn weak(sent: &[Certificate], path: &[usize], faults: &mut Vec<Fault>) {
    for place in path.iter().copied() {
        let Some(certificate) = sent.get(place) else {
            continue;
        };
        let name = certificate.title().to_owned();
        let least = match certificate.key.kind {
            "RSA" | "DSA" => 2048,
            "EC" => 224,
            _ => 0,
        };
        let bits = certificate.key.bits;
        if bits > 0 && bits < least {
            let kind = certificate.key.kind;
            let name = name.clone();
            faults.push(Fault::WeakKey {
                place,
                name,
                kind,
                bits,
            });
        }
        let signature = certificate.signature.to_ascii_lowercase();
        let hash = [("sha1", "SHA-1"), ("md5", "MD5"), ("md2", "MD2")]
            .into_iter()
            .find(|(word, _)| signature.contains(word));
        if let (Some((_, hash)), false) = (hash, certificate.is_self_signed && place > 0) {
            faults.push(Fault::WeakSignature { place, name, hash });
        }
    }
}
