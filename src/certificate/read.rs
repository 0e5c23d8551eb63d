//! One certificate out of its bytes.

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Name;
use x509_parser::{certificate::X509Certificate, error::X509Error};

use super::{Certificate, Key};

/// So many names of a certificate are kept.
const MOST_NAMES: usize = 100;
/// So many certificates are taken out of a text.
const MOST_CERTIFICATES: usize = 16;

/// A certificate out of its DER. `None` where the bytes are none.
pub fn read(der: &[u8]) -> Option<Certificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    Some(of(&parsed))
}

/// The certificates in a PEM text, as DER, in their order; what stands between them is passed over.
pub fn from_pem(text: &[u8]) -> Vec<Vec<u8>> {
    let blocks = Pem::iter_from_buffer(text).take(MOST_CERTIFICATES * 4);
    let certificates = blocks
        .map_while(Result::ok)
        .filter(|block| matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE"));
    certificates
        .map(|block| block.contents)
        .take(MOST_CERTIFICATES)
        .collect()
}

fn of(parsed: &X509Certificate<'_>) -> Certificate {
    let (subject, issuer) = (parsed.subject(), parsed.issuer());
    let oid = &parsed.signature_algorithm.algorithm;
    let signature = oid_registry_name(oid);
    Certificate {
        subject: subject.to_string(),
        issuer: issuer.to_string(),
        common_name: common_name(subject),
        issuer_name: common_name(issuer).or_else(|| organization(issuer)),
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
        names: names(parsed),
        key: key(parsed),
        signature,
        is_authority: parsed.is_ca(),
        is_self_signed: subject.as_raw() == issuer.as_raw()
            && signed_by(parsed, parsed) != Some(false),
        is_for_servers: is_for_servers(parsed),
        issuer_der: issuer.as_raw().to_vec(),
        subject_der: subject.as_raw().to_vec(),
    }
}

/// Whether one certificate is signed with the key of another; `None` where that cannot be computed.
pub(super) fn signed_by(one: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Option<bool> {
    let key = issuer.public_key();
    // The library refuses the signatures of small keys as it refuses wrong ones.
    let is_small = matches!(key.parsed(), Ok(PublicKey::RSA(rsa)) if rsa.key_size() < 2048);
    match one.verify_signature(Some(key)) {
        Ok(()) => Some(true),
        Err(X509Error::SignatureVerificationError) if !is_small => Some(false),
        Err(_) => None,
    }
}

fn common_name(name: &X509Name<'_>) -> Option<String> {
    // The last one is the most specific.
    let attribute = name.iter_common_name().last()?;
    Some(String::from_utf8_lossy(attribute.as_slice()).into_owned())
}

fn organization(name: &X509Name<'_>) -> Option<String> {
    let attribute = name.iter_organization().next()?;
    Some(String::from_utf8_lossy(attribute.as_slice()).into_owned())
}

fn names(parsed: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = parsed.subject_alternative_name() else {
        return Vec::new();
    };
    let names = extension.value.general_names.iter();
    let names = names.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => super::names::address(bytes).map(|ip| ip.to_string()),
        _ => None,
    });
    names.take(MOST_NAMES).collect()
}

fn key(parsed: &X509Certificate<'_>) -> Key {
    let (kind, bits) = match parsed.public_key().parsed() {
        // The size of the modulus, whose first byte may be a zero.
        Ok(PublicKey::RSA(rsa)) => ("RSA", rsa.key_size()),
        Ok(PublicKey::EC(point)) => ("EC", point.key_size()),
        Ok(PublicKey::DSA(_)) => ("DSA", 0),
        Ok(PublicKey::GostR3410(_) | PublicKey::GostR3410_2012(_)) => ("GOST", 0),
        _ => ("", 0),
    };
    Key { kind, bits }
}

/// "If the extension is present, then the certificate MUST only be used for one of the purposes
/// indicated" (RFC 5280 section 4.2.1.12).
fn is_for_servers(parsed: &X509Certificate<'_>) -> bool {
    let mut usages =
        parsed
            .extensions()
            .iter()
            .filter_map(|extension| match extension.parsed_extension() {
                ParsedExtension::ExtendedKeyUsage(usage) => Some(usage),
                _ => None,
            });
    usages.all(|usage| usage.server_auth || usage.any)
}

fn oid_registry_name(oid: &x509_parser::der_parser::oid::Oid<'_>) -> String {
    let known = x509_parser::objects::oid2sn(oid, x509_parser::objects::oid_registry());
    known.map_or_else(|_| oid.to_id_string(), str::to_owned)
}
