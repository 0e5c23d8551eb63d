//! The body of a Close, or a code alone, in the place of frames: what people copy out of a debugger.

use crate::cli::args::DecodeFrame;
use crate::cli::door;
use crate::escape::escape;
use crate::input::{self, Source, Stated};
use crate::words::{Message, say};

/// What was typed in place of frames: the body of a Close, or a bare close code, which has no reason.
pub(super) struct CloseBody {
    pub(super) code: u16,
    pub(super) reason: Option<String>,
}

impl CloseBody {
    pub(super) fn message(&self) -> Message {
        let code = self.code;
        match self.reason.as_deref() {
            None => say!(decode.bare_code, code),
            Some("") => say!(decode.body, code),
            Some(reason) => say!(decode.body_with_reason, code, reason = escape(reason)),
        }
    }
}

/// What was typed in place of frames, where it is none.
pub(super) fn close_body(arguments: &DecodeFrame) -> Option<CloseBody> {
    let is_plain = !arguments.to_hex && arguments.from.is_none() && arguments.input.is_none();
    if !is_plain || arguments.bytes.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let source = Source::Arguments(arguments.bytes.clone());
    let mut take = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    input::read(source, Stated::default(), &mut |_| Ok(()), &mut take).ok()?;
    if door::begins_like_frames(&bytes) {
        return None;
    }
    let is_code = |code: &u16| (1000..=4999).contains(code);
    let text = arguments.bytes.concat();
    if let Some(code) = text.parse().ok().filter(is_code) {
        return Some(CloseBody { code, reason: None });
    }
    let (code, reason) = bytes.split_first_chunk::<2>()?;
    let code = Some(u16::from_be_bytes(*code)).filter(is_code)?;
    let reason = std::str::from_utf8(reason).ok()?;
    let is_sound = bytes.len() <= 125 && !reason.contains(char::is_control);
    is_sound.then(|| CloseBody {
        code,
        reason: Some(reason.to_owned()),
    })
}
