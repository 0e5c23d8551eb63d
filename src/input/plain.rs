//! A text as it was before a terminal, a browser or an old system laid it out: without colours, with
//! ordinary spaces and line ends.

use std::borrow::Cow;
use std::io::{self, Read};

/// What begins a sequence of a terminal.
pub(super) const ESCAPE: u8 = 0x1b;

/// The longest sequence that is taken off.
const LONGEST_SEQUENCE: usize = 32;

/// The text without colours; with spaces where they may not break, unless a character stands for itself in
/// it; and with line feeds where it ends its lines in another way.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let is_blank = |c: char| matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}');
    let is_literal = text.contains(['\\', '%', '"', '\'']);
    let has_blanks = !is_literal && text.contains(is_blank);
    let has_old_ends = text.trim_end().contains('\r') && !text.contains('\n');
    let has_colours = text.as_bytes().contains(&ESCAPE);
    if !has_blanks && !has_old_ends && !has_colours {
        return Cow::Borrowed(text);
    }
    let uncoloured = match has_colours {
        true => String::from_utf8_lossy(&without_colours(text.as_bytes()).0).into_owned(),
        false => text.to_owned(),
    };
    let character = |c: char| match c {
        _ if has_blanks && is_blank(c) => ' ',
        '\r' if has_old_ends => '\n',
        _ => c,
    };
    Cow::Owned(uncoloured.chars().map(character).collect())
}

/// Bytes without the sequences that only colour a text or clear the rest of a line: `ESC [ 1 ; 31 m`, `ESC [
/// K`. Gives how many bytes at the end may begin another one, and are not in it.
fn without_colours(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == ESCAPE) {
        let (before, sequence) = rest.split_at(at);
        plain.extend_from_slice(before);
        match sequence_length(sequence) {
            Some(0) => {
                plain.push(ESCAPE);
                rest = sequence.get(1..).unwrap_or_default();
            }
            Some(length) => rest = sequence.get(length..).unwrap_or_default(),
            None => return (plain, sequence.len()),
        }
    }
    plain.extend_from_slice(rest);
    (plain, 0)
}

/// How long the sequence at the front is: 0 if it is none of these. Nothing if it is cut.
fn sequence_length(bytes: &[u8]) -> Option<usize> {
    if *bytes.get(1)? != b'[' {
        return Some(0);
    }
    let is_parameter = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b';' | b':');
    let parameters = bytes
        .iter()
        .skip(2)
        .take_while(|byte| is_parameter(byte))
        .count();
    match bytes.get(2 + parameters) {
        _ if parameters > LONGEST_SEQUENCE => Some(0),
        Some(b'm' | b'K') => Some(3 + parameters),
        Some(_) => Some(0),
        None => None,
    }
}

/// Gives bytes without colours.
pub(super) struct Uncoloured {
    reader: Box<dyn Read>,
    /// Bytes that were read and not yet looked at.
    held: Vec<u8>,
    /// Bytes without colours that were not yet given.
    made: Vec<u8>,
    ended: bool,
}

impl Uncoloured {
    /// A reader of `held`, and then of `reader`.
    pub(super) fn new(reader: Box<dyn Read>, held: &[u8]) -> Self {
        Self {
            reader,
            held: held.to_vec(),
            made: Vec::new(),
            ended: false,
        }
    }

    fn turn(&mut self) {
        let (made, cut) = without_colours(&self.held);
        let kept = self.held.len() - cut;
        self.held.drain(..kept);
        self.made.extend(made);
        if self.ended {
            self.made.append(&mut self.held);
        }
    }
}

impl Read for Uncoloured {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.turn();
        while self.made.is_empty() && !self.ended {
            let mut buffer = [0; 4096];
            let count = self.reader.read(&mut buffer)?;
            self.ended = count == 0;
            self.held.extend(buffer.iter().take(count));
            self.turn();
        }
        let count = room.len().min(self.made.len());
        for (slot, byte) in room.iter_mut().zip(self.made.drain(..count)) {
            *slot = byte;
        }
        Ok(count)
    }
}

/// Whether bytes are a text but for its colours.
pub(super) fn is_coloured_text(bytes: &[u8]) -> bool {
    let (plain, _) = without_colours(bytes);
    let (text, rest) = super::text::split_text(&plain);
    plain.len() < bytes.len()
        && (text.len() == plain.len() || rest == super::text::Rest::CutCharacter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_no_part_of_a_text() {
        for (text, expected) in [
            ("\x1b[32m88 02\x1b[0m 03 e8\n", "88 02 03 e8\n"),
            ("\x1b[01;31m\x1b[K8\x1b[m\x1b[K8", "88"),
            ("\x1b[2J88", "\x1b[2J88"),
            ("88\u{a0}02\u{202f}03", "88 02 03"),
            ("\\x88\u{a0}", "\\x88\u{a0}"),
            ("array(1) {\r  [0]=>\r", "array(1) {\n  [0]=>\n"),
            ("88\r\n02\r\n", "88\r\n02\r\n"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_sequence_cut_by_the_reading_is_still_one() {
        struct Slow(Vec<u8>);
        impl Read for Slow {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                let count = usize::from(!self.0.is_empty() && !room.is_empty());
                for (slot, byte) in room.iter_mut().zip(self.0.drain(..count)) {
                    *slot = byte;
                }
                Ok(count)
            }
        }
        let slow = Slow(b"2m8\x1b[m8 02\x1b".to_vec());
        let mut text = Vec::new();
        let mut reader = Uncoloured::new(Box::new(slow), b"\x1b[3");
        reader.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"88 02\x1b");
    }
}
