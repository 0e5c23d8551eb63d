//! For which hosts a certificate is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a name in a certificate, which may begin with `*.`, is that of a host. An address is for
/// that address alone. "the wildcard … matches only the left-most label" (RFC 9525 section 6.3).
pub fn is_for(name: &str, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    let name = name.trim_end_matches('.');
    if let Ok(address) = host.parse::<IpAddr>() {
        return name.parse::<IpAddr>() == Ok(address);
    }
    match name.strip_prefix("*.") {
        None => name.eq_ignore_ascii_case(host),
        Some(parent) => host.split_once('.').is_some_and(|(first, rest)| {
            !first.is_empty() && parent.contains('.') && rest.eq_ignore_ascii_case(parent)
        }),
    }
}

/// The address in a subjectAltName.
pub(super) fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(four).into());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(Ipv6Addr::from(sixteen).into())
}
