//! The head of a stream: its header block, taken out of its frames and read field by field.

use super::frame::{Header, flag, kind};
use super::hpack::Field;

/// What a header block says, as far as it is known.
#[derive(Default)]
pub(super) struct Head {
    pub(super) method: Option<String>,
    pub(super) protocol: Option<String>,
    pub(super) path: Option<String>,
    pub(super) authority: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) status: Option<u16>,
    /// Whether it has fields of which the name is not known.
    pub(super) is_partial: bool,
    pub(super) others: Vec<(String, Vec<u8>)>,
}

impl Head {
    pub(super) fn of(fields: Vec<Field>) -> Self {
        let mut head = Head::default();
        for field in fields {
            let Some(name) = field.name else {
                head.is_partial = true;
                continue;
            };
            let Ok(name) = String::from_utf8(name) else {
                continue;
            };
            let Some(value) = field.value else {
                head.is_partial |= name.starts_with(':');
                continue;
            };
            let text = || String::from_utf8_lossy(&value).into_owned();
            match name.as_str() {
                ":method" => head.method = Some(text()),
                ":protocol" => head.protocol = Some(text()),
                ":path" => head.path = Some(text()),
                ":authority" => head.authority = Some(text()),
                ":scheme" => head.scheme = Some(text()),
                ":status" => head.status = text().parse().ok(),
                _ => head.others.push((name, value)),
            }
        }
        head
    }

    /// Whether it asks for a tunnel, and for certain: a field that is not known may be the protocol.
    pub(super) fn asks_for_tunnel(&self) -> bool {
        self.method.as_deref() == Some("CONNECT") && self.protocol.is_none() && !self.is_partial
    }

    pub(super) fn headers(&self) -> Vec<httparse::Header<'_>> {
        let others = self.others.iter();
        let headers = others.map(|(name, value)| httparse::Header { name, value });
        headers.collect()
    }
}

/// The part of a header block in a frame, without padding and priority.
pub(super) fn content(header: Header, payload: &[u8]) -> Option<&[u8]> {
    let mut rest = payload;
    let mut padding = 0;
    if header.has(flag::PADDED) {
        let (first, behind) = rest.split_first()?;
        (padding, rest) = (usize::from(*first), behind);
    }
    if header.kind == kind::HEADERS && header.has(flag::PRIORITY) {
        rest = rest.get(5..)?;
    }
    if header.kind == kind::PUSH_PROMISE {
        rest = rest.get(4..)?;
    }
    rest.get(..rest.len().checked_sub(padding)?)
}
