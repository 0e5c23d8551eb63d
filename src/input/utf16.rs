//! Text in UTF-16 with a mark at its front, as PowerShell writes it with `>`, turned into UTF-8.

use std::io::{self, Read};

/// Which byte of two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Low,
    High,
}

/// What the first bytes of a stream say about UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is not UTF-16.
    None,
    /// More bytes are needed.
    Cut,
    /// It is, behind a mark of two bytes.
    Text(Order),
}

/// Looks for the mark at the front of a stream, and a first character that is ASCII: no WebSocket
/// frame that follows the standard begins like that.
pub(super) const fn mark(bytes: &[u8]) -> Mark {
    match bytes {
        [0xff, 0xfe, 1..=0x7f, 0, ..] => Mark::Text(Order::Low),
        [0xfe, 0xff, 0, 1..=0x7f, ..] => Mark::Text(Order::High),
        [0xff]
        | [0xff, 0xfe]
        | [0xff, 0xfe, 1..=0x7f]
        | [0xfe]
        | [0xfe, 0xff]
        | [0xfe, 0xff, 0] => Mark::Cut,
        _ => Mark::None,
    }
}

/// Gives UTF-16 as UTF-8. Half of a character becomes a character that no form has.
pub(super) struct Utf16Reader {
    reader: Box<dyn Read>,
    order: Order,
    /// Bytes that were read and not yet turned.
    held: Vec<u8>,
    /// UTF-8 that was not yet given.
    made: Vec<u8>,
    ended: bool,
}

impl Utf16Reader {
    /// A reader of `held` after its mark, and then of `reader`.
    pub(super) fn new(reader: Box<dyn Read>, order: Order, held: &[u8]) -> Self {
        Self {
            reader,
            order,
            held: held.get(2..).unwrap_or_default().to_vec(),
            made: Vec::new(),
            ended: false,
        }
    }

    /// Turns all held bytes that make whole characters.
    fn turn(&mut self) {
        let order = self.order;
        let mut units: Vec<u16> = self
            .held
            .chunks_exact(2)
            .map(|pair| {
                let pair = [0, 1].map(|at| pair.get(at).copied().unwrap_or_default());
                match order {
                    Order::Low => u16::from_le_bytes(pair),
                    Order::High => u16::from_be_bytes(pair),
                }
            })
            .collect();
        if !self.ended
            && units
                .last()
                .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
        {
            units.pop();
        }
        self.held.drain(..2 * units.len());
        let mut text = String::from_utf16_lossy(&units);
        if self.ended && !self.held.is_empty() {
            self.held.clear();
            text.push(char::REPLACEMENT_CHARACTER);
        }
        self.made.extend_from_slice(text.as_bytes());
    }
}

impl Read for Utf16Reader {
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
