//! The bytes that the samples stand for.

/// Three frames: the text `hello`, a ping that holds an escape as text, a close with 1000.
pub(super) const FRAMES: &[u8] = b"\x81\x05hello\x89\x04\\x41\x88\x02\x03\xe8";

/// `FRAMES` without its first two bytes.
pub(super) const AFTER_TWO: &[u8] = b"hello\x89\x04\\x41\x88\x02\x03\xe8";

/// The first three bytes of `FRAMES`.
pub(super) const START: &[u8] = b"\x81\x05h";

/// A close with 1000.
pub(super) const CLOSE: &[u8] = b"\x88\x02\x03\xe8";

/// A text of odd length.
pub(super) const SHORT: &[u8] = b"\x81\x03abc";

/// A frame of what looks like hex when it is shown as text, of spaces, and of a zero at the end.
pub(super) const TEXT: &[u8] = b"\x82\x0cabcdef 12 \t\n\0";

/// A frame of 80 zeros, which the programs leave out in part.
pub(super) const ZEROS: &[u8] = &{
    let mut bytes = [0; 82];
    bytes[0] = 0x82;
    bytes[1] = 0x50;
    bytes
};

/// A part of a text, in characters of ASCII.
pub(super) const PLAIN_TEXT: &[u8] = b"\x01\x03abc";
