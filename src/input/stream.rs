//! A stream of bytes of any length, read through one buffer: as text or as it is. Text in UTF-16
//! is turned into UTF-8.
//!
//! What the text says is left to the readers of the forms.

use std::io::{ErrorKind, Read};

use super::plain::{self, Uncoloured};
use super::text::{Mistake, Place, Rest, split_text, without_mark};
use super::utf16::{self, Utf16Reader};
use super::{Error, Sink};
use crate::words::say;

/// How many bytes are read at once.
pub(super) const BUFFER: usize = 64 * 1024;

/// A stream, and the part of it that was read and not yet given away.
pub(super) struct Stream {
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    /// How much of the buffer holds bytes of the stream.
    filled: usize,
    ended: bool,
}

impl Stream {
    /// The stream of `reader`.
    pub(super) fn new(reader: Box<dyn Read>) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER],
            filled: 0,
            ended: false,
        }
    }

    /// Reads until the bytes are seen not to be text, there are `most` of them, or the stream ends.
    /// Gives the text, and whether it is all of the stream; or nothing if the bytes are not text.
    pub(super) fn text(&mut self, most: usize) -> Result<Option<(&str, bool)>, Error> {
        self.detect_utf16()?;
        self.detect_colours()?;
        let mut length = 0;
        loop {
            // Every byte is looked at once, however small the pieces are that come in.
            let unseen = self.held().get(length..).unwrap_or_default();
            let (text, rest) = split_text(unseen);
            length += text.len();
            match rest {
                // A text that is one for so long is none of other bytes.
                Rest::Nothing => {}
                Rest::CutCharacter if !self.ended => {}
                _ if length >= BUFFER => return Err(self.not_text()),
                _ => return Ok(None),
            }
            if self.ended || self.filled >= most {
                let (text, _) = split_text(self.held());
                return Ok(Some((without_mark(text), self.ended)));
            }
            if self.filled == self.buffer.len() {
                let grown = most.min(2 * self.buffer.len());
                self.buffer.resize(grown, 0);
            }
            self.read_more()?;
        }
    }

    /// Gives every byte of the stream to `sink`, in the buffer it was read into.
    pub(super) fn give_bytes(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        loop {
            let filled = std::mem::take(&mut self.filled);
            match self.buffer.get_mut(..filled) {
                Some(bytes) if !bytes.is_empty() => sink(bytes).map_err(Error::Sink)?,
                _ => {}
            }
            if self.ended {
                return Ok(());
            }
            self.read_more()?;
        }
    }

    /// Gives all of the stream to `take`, as text in blocks, each of which ends with a line or
    /// between two bytes of hex.
    pub(super) fn give_blocks(
        &mut self,
        mut take: impl FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut place = Place::START;
        let mut begun = false;
        if self.filled == 0 {
            self.detect_utf16()?;
        }
        loop {
            let (piece, rest) = split_text(self.held());
            let is_over = self.ended || rest == Rest::NotText;
            let is_full = self.filled == self.buffer.len();
            let length = match block(piece) {
                _ if is_over => piece.len(),
                0 if is_full => whole_pairs(piece),
                length => length,
            };
            let block = piece.get(..length).unwrap_or(piece);
            let block = if begun { block } else { without_mark(block) };
            if length > 0 {
                take(block)?;
            }
            begun |= length > 0;
            place = place.after(block);
            if rest == Rest::NotText || (rest == Rest::CutCharacter && self.ended) {
                let byte = self.held().get(length).copied().unwrap_or_default();
                return Err(not_text(byte, place));
            }
            if self.ended {
                return Ok(());
            }
            self.buffer.copy_within(length..self.filled, 0);
            self.filled -= length;
            self.read_more()?;
        }
    }

    /// What is wrong with a stream that [`text`](Self::text) did not find to be text.
    pub(super) fn not_text(&self) -> Error {
        let (text, _) = split_text(self.held());
        let byte = self.held().get(text.len()).copied().unwrap_or_default();
        not_text(byte, Place::START.after(without_mark(text)))
    }

    /// Turns a stream of UTF-16 into one of UTF-8.
    fn detect_utf16(&mut self) -> Result<(), Error> {
        while matches!(self.held(), [] | [0xff] | [0xfe]) && !self.ended {
            self.read_more()?;
        }
        let Some(order) = crate::utf16::mark(self.held()) else {
            return Ok(());
        };
        self.read_sample()?;
        if utf16::is_text(self.held(), order, self.ended) {
            self.turn(|reader, held| Box::new(Utf16Reader::new(reader, order, held)));
        }
        Ok(())
    }

    /// Takes the colours of a terminal off a text that has no other bytes that cannot be shown.
    fn detect_colours(&mut self) -> Result<(), Error> {
        while self.filled == 0 && !self.ended {
            self.read_more()?;
        }
        let next = |stream: &Self| {
            let (text, _) = split_text(stream.held());
            stream.held().get(text.len()).copied()
        };
        // A text may be coloured later than within its first bytes.
        while next(self).is_none() && !self.ended && self.filled < self.buffer.len() {
            self.read_more()?;
        }
        if next(self) != Some(plain::ESCAPE) {
            return Ok(());
        }
        self.read_sample()?;
        if plain::is_coloured_text(self.held()) {
            self.turn(|reader, held| Box::new(Uncoloured::new(reader, held)));
        }
        Ok(())
    }

    /// Reads until the buffer is full or the stream ends.
    pub(super) fn read_sample(&mut self) -> Result<(), Error> {
        while !self.ended && self.filled < self.buffer.len() {
            self.read_more()?;
        }
        Ok(())
    }

    /// Begins again with what `turned` makes of the bytes that are held and those that follow.
    fn turn(&mut self, turned: impl FnOnce(Box<dyn Read>, &[u8]) -> Box<dyn Read>) {
        let reader = std::mem::replace(&mut self.reader, Box::new(std::io::empty()));
        self.reader = turned(reader, self.held());
        self.filled = 0;
        self.ended = false;
    }

    /// What was read and not yet given away.
    pub(super) fn held(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Reads once into the free part of the buffer.
    fn read_more(&mut self) -> Result<(), Error> {
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        loop {
            match self.reader.read(room) {
                Ok(count) => {
                    self.ended = count == 0;
                    self.filled += count.min(room.len());
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::Read(error)),
            }
        }
    }
}

/// The mistake of a byte that is no text.
fn not_text(byte: u8, place: Place) -> Error {
    let byte = format!("{byte:#04x}");
    Mistake::new(say!(input.not_text, byte, place)).into()
}

/// How much of a piece of text is whole lines, or ends with a space where it has no lines.
pub(super) fn block(piece: &str) -> usize {
    let end = piece.rfind('\n').or_else(|| piece.rfind([' ', ',', ':']));
    end.map_or(0, |end| end + 1)
}

/// How much of a piece without any space is whole bytes of hex.
pub(super) fn whole_pairs(piece: &str) -> usize {
    let mut length = piece.len() - piece.len() % 2;
    while !piece.is_char_boundary(length) {
        length -= 1;
    }
    length
}
