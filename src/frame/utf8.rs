//! UTF-8 checked as it arrives, to the first byte that cannot be right.
//!
//! `std` says how far text is valid; a diagnostic must also say which byte
//! breaks it and how, and must do so across the pieces in which a message comes.

use std::fmt;

use crate::words::{Message, say, text};

/// In what way bytes are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf8Class {
    /// A character written in more bytes than it needs.
    Overlong,
    /// Half of a UTF-16 pair, U+D800 to U+DFFF.
    Surrogate,
    /// A character above U+10FFFF.
    AboveRange,
    /// A continuation byte without a byte that begins a character.
    BareContinuation,
    /// A character that another byte, or the end, cuts short.
    CutShort,
    /// A byte that never stands in UTF-8: FE or FF.
    NeverUtf8,
}

impl Utf8Class {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Utf8Class::Overlong => "overlong",
            Utf8Class::Surrogate => "surrogate",
            Utf8Class::AboveRange => "above-u+10ffff",
            Utf8Class::BareContinuation => "bare-continuation",
            Utf8Class::CutShort => "cut-short",
            Utf8Class::NeverUtf8 => "never-utf-8",
        }
    }
}

/// The first byte of a text that cannot be right, or the end where it should go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utf8Fault {
    /// In what way it is wrong.
    pub class: Utf8Class,
    /// The byte that cannot be right; `None` where the text ends inside a character.
    pub bad: Option<u8>,
    begun: Begun,
}

impl Utf8Fault {
    /// The bytes of the character that came before the fault: 0 to 3.
    pub fn begun(&self) -> &[u8] {
        self.begun.bytes()
    }
}

impl Utf8Fault {
    /// What is wrong, in a clause.
    pub fn message(&self) -> Message {
        let hex = |byte: u8| format!("{byte:02x}");
        let begun: Vec<String> = self.begun().iter().copied().map(hex).collect();
        let begun = begun.join(" ");
        let wanted = match self.begun().first().map_or(0, |first| width(*first)) {
            2 => text!(number.two),
            3 => text!(number.three),
            _ => text!(number.four),
        };
        let Some(bad) = self.bad.map(hex) else {
            return say!(utf8.cut, begun, wanted);
        };
        let bytes = if begun.is_empty() {
            bad.clone()
        } else {
            format!("{begun} {bad}")
        };
        match self.class {
            Utf8Class::CutShort => say!(utf8.not_continued, begun, wanted, bad),
            Utf8Class::Overlong => say!(utf8.overlong, bytes),
            Utf8Class::Surrogate => say!(utf8.surrogate, bytes),
            Utf8Class::AboveRange => say!(utf8.too_large, bytes),
            Utf8Class::BareContinuation => say!(utf8.stray_continuation, bytes),
            Utf8Class::NeverUtf8 => say!(utf8.never, bytes),
        }
    }
}

/// In English.
impl fmt::Display for Utf8Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// The bytes of a character that has begun and not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Begun {
    bytes: [u8; 3],
    count: u8,
}

impl Begun {
    fn bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }

    /// Takes one more byte. A character of three bytes that want a fourth is the
    /// longest that can be unfinished.
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.count)) {
            *place = byte;
            self.count += 1;
        }
    }
}

/// Checks text piece by piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct Utf8Check {
    begun: Begun,
}

impl Utf8Check {
    /// Takes the next piece of the text.
    ///
    /// # Errors
    ///
    /// The first fault, and its position in `bytes`. After a fault the check has
    /// nothing more to say; feed it no more.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), (usize, Utf8Fault)> {
        let mut done = 0;
        // Finish the character that the piece before left open.
        while self.begun.count > 0 {
            let Some(&byte) = bytes.get(done) else {
                return Ok(());
            };
            self.step(byte).map_err(|fault| (done, fault))?;
            done += 1;
        }
        let rest = bytes.get(done..).unwrap_or_default();
        let Err(error) = simdutf8::compat::from_utf8(rest) else {
            return Ok(());
        };
        // Everything before is whole characters; walk from there to the byte that breaks.
        let good = error.valid_up_to();
        for (index, &byte) in rest.iter().enumerate().skip(good) {
            self.step(byte).map_err(|fault| (done + index, fault))?;
        }
        Ok(())
    }

    /// Says whether the text may end here.
    ///
    /// # Errors
    ///
    /// The fault, where a character has begun and not ended.
    pub fn finish(&self) -> Result<(), Utf8Fault> {
        if self.begun.count == 0 {
            return Ok(());
        }
        Err(Utf8Fault {
            class: Utf8Class::CutShort,
            bad: None,
            begun: self.begun,
        })
    }

    /// The bytes of a character that has begun and not ended: 0 to 3.
    pub fn unfinished(&self) -> usize {
        usize::from(self.begun.count)
    }

    /// Takes one byte.
    fn step(&mut self, byte: u8) -> Result<(), Utf8Fault> {
        if let Some(class) = class_of(self.begun.bytes(), byte) {
            return Err(Utf8Fault {
                class,
                bad: Some(byte),
                begun: self.begun,
            });
        }
        let wanted = width(self.begun.bytes().first().copied().unwrap_or(byte));
        if self.begun.bytes().len() + 1 == wanted {
            self.begun = Begun::default();
        } else {
            self.begun.push(byte);
        }
        Ok(())
    }
}

/// The bytes of a character that begins with `first`.
fn width(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
    }
}

/// In what way `byte` cannot stand after `begun`; `None` where it can.
///
/// Source: RFC 3629 section 4.
fn class_of(begun: &[u8], byte: u8) -> Option<Utf8Class> {
    let is_continuation = (0x80..=0xbf).contains(&byte);
    match (begun, byte) {
        ([], 0..=0x7f | 0xc2..=0xf4) => None,
        ([], 0x80..=0xbf) => Some(Utf8Class::BareContinuation),
        ([], 0xc0..=0xc1) => Some(Utf8Class::Overlong),
        ([], 0xf5..=0xfd) => Some(Utf8Class::AboveRange),
        ([], 0xfe..=0xff) => Some(Utf8Class::NeverUtf8),
        _ if !is_continuation => Some(Utf8Class::CutShort),
        ([0xe0], 0x80..=0x9f) | ([0xf0], 0x80..=0x8f) => Some(Utf8Class::Overlong),
        ([0xed], 0xa0..=0xbf) => Some(Utf8Class::Surrogate),
        ([0xf4], 0x90..=0xbf) => Some(Utf8Class::AboveRange),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The position and class of the first fault, fed at once; the end counts as a position.
    fn fault(bytes: &[u8]) -> Option<(usize, Utf8Class)> {
        let mut check = Utf8Check::default();
        match check.feed(bytes) {
            Err((at, fault)) => Some((at, fault.class)),
            Ok(()) => check.finish().err().map(|fault| (bytes.len(), fault.class)),
        }
    }

    #[test]
    fn the_first_byte_that_cannot_be_right_is_named_with_its_class() {
        use Utf8Class::{AboveRange, BareContinuation, CutShort, NeverUtf8, Overlong, Surrogate};
        for (bytes, expected) in [
            (&b"f\xc3\x28"[..], Some((2, CutShort))),
            (b"\xc0\xaf", Some((0, Overlong))),
            (b"\xe0\x80\xaf", Some((1, Overlong))),
            (b"\xf0\x80\x80\x80", Some((1, Overlong))),
            (b"\xed\xa0\x80", Some((1, Surrogate))),
            (b"\xf4\x90\x80\x80", Some((1, AboveRange))),
            (b"a\xf5", Some((1, AboveRange))),
            (b"a\x80", Some((1, BareContinuation))),
            (b"\xff", Some((0, NeverUtf8))),
            (b"\xe2\x82", Some((2, CutShort))),
            (b"\xe2\x82\xac\xf0\x9f\x94\x92", None),
            (b"", None),
        ] {
            assert_eq!(fault(bytes), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn it_agrees_with_std_on_every_string_of_three_bytes_and_at_every_split() {
        for number in 0..=0xff_ffff_u32 {
            let [_, bytes @ ..] = number.to_be_bytes();
            // The interesting bytes only: every border of every class.
            let borders = [
                0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0,
                0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xfd, 0xfe, 0xff,
            ];
            if !bytes.iter().all(|byte| borders.contains(byte)) {
                continue;
            }
            let at_once = fault(&bytes);
            assert_eq!(at_once.is_none(), std::str::from_utf8(&bytes).is_ok());
            let mut check = Utf8Check::default();
            let mut slowly = None;
            for (index, byte) in bytes.iter().enumerate() {
                if let Err((_, fault)) = check.feed(&[*byte]) {
                    slowly = Some((index, fault.class));
                    break;
                }
            }
            let slowly = slowly.or_else(|| check.finish().err().map(|fault| (3, fault.class)));
            assert_eq!(at_once, slowly, "{bytes:02x?}");
        }
    }

    #[test]
    fn the_words_name_the_bytes() {
        let (_, fault) = Utf8Check::default()
            .feed(b"\xc3\x28")
            .expect_err("it is broken");
        assert_eq!(
            fault.to_string(),
            "c3 begins a character of two bytes, 28 does not continue it"
        );
    }
}
