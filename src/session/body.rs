//! A 101 that announces a body, which it has not: bytes that stand where frames should begin.
//!
//! "Any response … with a 1xx … is always terminated by the first empty line after the header fields" (RFC 9112 section
//! 6.3), so a client reads the body as frames. What comes behind it may be frames.

use super::direction::Direction;
use crate::frame::Opcode;

impl Direction {
    /// Passes over the body that a 101 announced, if what comes first is no frame.
    pub(super) fn meet_body(&mut self, at: u64, bytes: &[u8]) {
        let body = std::mem::take(&mut self.body);
        if body > 0 && !self.may_begin_frame(bytes) {
            self.has_body = true;
            self.conversation = None;
            self.resumes_at = Some(at.saturating_add(body));
        }
    }

    /// Whether bytes begin as the first frame of a server may.
    fn may_begin_frame(&self, bytes: &[u8]) -> bool {
        let Some(&first) = bytes.first() else {
            return true;
        };
        let reserved = match self.deflate.flatten() {
            Some(_) => 0x30,
            None => 0x70,
        };
        let is_known = match Opcode::of(first) {
            Opcode::Continuation | Opcode::Reserved(_) => false,
            Opcode::Text | Opcode::Binary => true,
            _ => first & 0x80 != 0,
        };
        is_known && first & reserved == 0 && bytes.get(1).is_none_or(|second| second & 0x80 == 0)
    }
}
