//! The forms in which people write bytes down. Each is a function from text to bytes, and which one a
//! text is in is decided elsewhere. A form may read a part of its text as a simpler one does.

pub(super) mod base64;
pub(super) mod beside;
pub(super) mod boxes;
mod cells;
pub(super) mod directed;
pub(super) mod dump;
pub(super) mod escaped;
pub(super) mod follow;
pub(super) mod headed;
pub(super) mod hex;
pub(super) mod json;
pub(super) mod keyed;
pub(super) mod list;
pub(super) mod memory;
pub(super) mod packets;
pub(super) mod percent;
pub(super) mod strace;
pub(super) mod trace;
pub(super) mod tshark;
