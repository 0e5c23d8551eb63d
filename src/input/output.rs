//! A small buffer between a reader, which makes bytes line by line, and the sink, which wants pieces.

use super::{Error, Sink};

/// How many bytes are gathered before they are given to the sink.
const SIZE: usize = 32 * 1024;

/// Decoded bytes on their way to the sink.
pub(super) struct Output {
    bytes: Vec<u8>,
    filled: usize,
}

impl Output {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; SIZE],
            filled: 0,
        }
    }

    /// Adds all of `bytes`.
    pub(super) fn extend(&mut self, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = self.room(sink)?;
            let count = room.len().min(rest.len());
            for (slot, &byte) in room.iter_mut().zip(rest) {
                *slot = byte;
            }
            self.advance(count);
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// The free part of the buffer, never empty. Bytes written at its front count once `advance`
    /// was told of them.
    pub(super) fn room(&mut self, sink: &mut Sink<'_>) -> Result<&mut [u8], Error> {
        if self.filled == self.bytes.len() {
            self.flush(sink)?;
        }
        Ok(self.bytes.get_mut(self.filled..).unwrap_or_default())
    }

    /// Takes the first `count` bytes of the room as added.
    pub(super) fn advance(&mut self, count: usize) {
        self.filled = self.bytes.len().min(self.filled + count);
    }

    /// Gives everything gathered to the sink.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let filled = std::mem::take(&mut self.filled);
        match self.bytes.get_mut(..filled) {
            Some(bytes) if !bytes.is_empty() => sink(bytes).map_err(Error::Sink),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_buffer_is_given_away_to_make_room() {
        let mut sizes = Vec::new();
        let mut sink = |bytes: &mut [u8]| {
            sizes.push(bytes.len());
            bytes.fill(0xff);
            Ok(())
        };
        let mut output = Output::new();
        output.extend(&vec![1; SIZE + 1], &mut sink).unwrap();
        output.flush(&mut sink).unwrap();
        output.flush(&mut sink).unwrap();
        assert_eq!(sizes, [SIZE, 1]);
    }
}
