//! The request for the upgrade, and the frames of a client.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::target::Target;
use crate::frame::unmask;

/// Headers whose values are not saved.
const SECRET: [&str; 8] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-api-key",
    "x-auth-token",
    "api-key",
    "apikey",
    "x-csrf-token",
];

/// What is asked for, beside the target.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Headers of one's own; one of these names replaces ours.
    pub headers: Vec<(String, String)>,
    /// The Origin; `None`: none is sent.
    pub origin: Option<String>,
    /// The subprotocols that are offered.
    pub subprotocols: Vec<String>,
    /// Whether compression is offered.
    pub is_compressing: bool,
}

/// Random bytes, which a server cannot foresee.
pub(super) fn random<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    let provider = super::tls::provider();
    if provider.secure_random.fill(&mut bytes).is_err() {
        // Only caches are fooled by a key that can be foreseen.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_nanos()).to_be_bytes();
        for (byte, from) in bytes.iter_mut().zip(now.iter().rev().cycle()) {
            *byte = *from;
        }
    }
    bytes
}

/// The request: as it is sent, and as it may be saved, which are of the same length.
pub(super) fn request(target: &Target, wanted: &Wanted) -> (Vec<u8>, Vec<u8>) {
    let key = STANDARD.encode(random::<16>());
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| {
        let own = wanted
            .headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name));
        if own.is_none() {
            fields.push((name.to_owned(), value));
        }
    };
    add("Host", target.authority());
    add("Upgrade", "websocket".to_owned());
    add("Connection", "Upgrade".to_owned());
    add("Sec-WebSocket-Key", key);
    add("Sec-WebSocket-Version", "13".to_owned());
    if let Some(origin) = &wanted.origin {
        add("Origin", origin.clone());
    }
    if !wanted.subprotocols.is_empty() {
        add("Sec-WebSocket-Protocol", wanted.subprotocols.join(", "));
    }
    if wanted.is_compressing {
        let offer = "permessage-deflate; client_max_window_bits".to_owned();
        add("Sec-WebSocket-Extensions", offer);
    }
    add(
        "User-Agent",
        concat!("wsclose/", env!("CARGO_PKG_VERSION")).to_owned(),
    );
    if let Some((user, password)) = &target.login {
        let login = STANDARD.encode(format!("{user}:{password}"));
        add("Authorization", format!("Basic {login}"));
    }
    fields.extend(wanted.headers.iter().cloned());
    let write = |path: &str, hide: bool| {
        let mut text = format!("GET {path} HTTP/1.1\r\n");
        for (name, value) in &fields {
            let is_secret = SECRET
                .iter()
                .any(|secret| name.eq_ignore_ascii_case(secret));
            let value = match hide && is_secret {
                true => "*".repeat(value.len()),
                false => value.clone(),
            };
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.into_bytes()
    };
    (
        write(&target.path, false),
        write(&without_values(&target.path), true),
    )
}

/// A path whose query has no values.
pub(super) fn without_values(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, value)) => format!("{name}={}", "*".repeat(value.len())),
        // A query without names may be a secret as a whole.
        None => "*".repeat(part.len()),
    });
    format!("{path}?{}", parts.collect::<Vec<_>>().join("&"))
}

/// A frame of a client: masked, of one piece.
pub(super) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    let key = random::<4>();
    frame.extend(key);
    let at = frame.len();
    frame.extend_from_slice(payload);
    if let Some(payload) = frame.get_mut(at..) {
        // Masking and its undoing are the same.
        unmask(payload, key, 0);
    }
    frame
}

/// The payload of a Close.
pub(super) fn close(code: Option<u16>, reason: &str) -> Vec<u8> {
    let mut payload = Vec::new();
    if let Some(code) = code {
        payload.extend(code.to_be_bytes());
        payload.extend_from_slice(reason.as_bytes());
    }
    payload
}
