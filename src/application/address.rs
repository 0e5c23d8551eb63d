//! What a URL says of the protocol: its host and its path.

use crate::facts::protocols::{Protocol, is_like};

/// Whether a path has this part in it, or at its end where `*` stands before the part.
pub(super) fn is_in_path(path: &str, part: &str) -> bool {
    match part.strip_prefix('*') {
        Some(end) => path.trim_end_matches('/').ends_with(end),
        None => path.contains(part),
    }
}

/// Whether a host has a name that anybody may look up: no address, and no name inside of a network.
pub(super) fn is_public(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether it is a host of the service whose protocol it is.
pub(super) fn is_own_host(protocol: &Protocol, host: &str) -> bool {
    // No service is known by an address alone, most protocols are nobody's, and there are thousands of connections.
    if protocol.hosts.is_empty() || !host.contains(|letter: char| letter.is_ascii_alphabetic()) {
        return false;
    }
    let name = host.split(':').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    protocol.hosts.iter().any(|known| is_like(&name, known))
}

/// Whether a path ends as those of sessions of SockJS do: `/server/session/websocket`, the server three digits as all
/// clients choose it. A plain WebSocket of such a server is at `/websocket` without these.
pub(super) fn is_sockjs_session(path: &str) -> bool {
    let mut parts = path.trim_end_matches('/').rsplit('/').skip(1);
    let is_session = parts.next().is_some_and(|part| !part.is_empty());
    let server = parts.next().unwrap_or_default();
    is_session && server.len() == 3 && server.bytes().all(|byte| byte.is_ascii_digit())
}
