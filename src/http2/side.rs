//! One end of an HTTP/2 connection: its frames, its table of fields, and what its SETTINGS say.

use super::frame::{Frames, Header};
use super::hpack::Decoder;

/// The setting with which a server offers WebSocket (RFC 8441 section 3).
const ENABLE_CONNECT_PROTOCOL: u16 = 8;

#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) frames: Frames,
    pub(super) decoder: Decoder,
    /// The header block that is being put together, with the frame that began it.
    pub(super) block: Option<(Header, Vec<u8>)>,
    /// How much of the preface has come.
    pub(super) preface: Option<usize>,
    /// The turn in which it was seen last.
    pub(super) last: u64,
    /// Whether a part was lost that may hold SETTINGS.
    pub(super) is_torn: bool,
    /// Whether its SETTINGS allow to ask for WebSocket, where they were seen.
    pub(super) is_offering: Option<bool>,
}

impl Side {
    /// Takes note that frames were lost.
    pub(super) fn lose(&mut self) {
        self.block = None;
        self.decoder.lose();
        self.is_torn = true;
        self.is_offering = self.is_offering.filter(|is_so| *is_so);
    }

    /// Takes the payload of SETTINGS.
    pub(super) fn settings(&mut self, payload: &[u8]) {
        let settings = payload.chunks_exact(6).filter_map(|setting| {
            let &[a, b, c, d, e, f] = setting.first_chunk::<6>()?;
            Some((u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f])))
        });
        for (_, value) in settings.filter(|(id, _)| *id == ENABLE_CONNECT_PROTOCOL) {
            self.is_offering = Some(value == 1);
        }
        if !self.is_torn {
            self.is_offering.get_or_insert(false);
        }
    }
}
