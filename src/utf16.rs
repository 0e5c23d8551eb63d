//! Text in UTF-16 with a mark at its front, as PowerShell writes it with `>`, turned into UTF-8 piece by piece.

/// Which byte of two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Low,
    High,
}

/// The order that the mark at the front of a text says, if there is one.
pub(crate) const fn mark(bytes: &[u8]) -> Option<Order> {
    match bytes {
        [0xff, 0xfe, ..] => Some(Order::Low),
        [0xfe, 0xff, ..] => Some(Order::High),
        _ => None,
    }
}

/// Turns UTF-16 into UTF-8. Half of a character becomes U+FFFD.
#[derive(Debug)]
pub(crate) struct Decoder {
    order: Order,
    /// Bytes that do not make a whole character yet.
    held: Vec<u8>,
}

impl Decoder {
    /// A decoder of what stands behind the mark.
    pub(crate) fn new(order: Order) -> Self {
        Decoder {
            order,
            held: Vec::new(),
        }
    }

    /// Takes the next bytes, and gives the characters that are whole.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut units = units(&self.held, self.order);
        // The other half of the last one is still to come.
        let is_half = |unit: &u16| (0xd800..0xdc00).contains(unit);
        if units.last().is_some_and(is_half) {
            units.pop();
        }
        self.held.drain(..2 * units.len());
        String::from_utf16_lossy(&units)
    }

    /// Takes the end: what is left is half of a character.
    pub(crate) fn finish(&mut self) -> Option<char> {
        let has_half = !std::mem::take(&mut self.held).is_empty();
        has_half.then_some(char::REPLACEMENT_CHARACTER)
    }
}

/// All of a text, if a mark stands at its front.
#[cfg(feature = "cli")]
pub(crate) fn decoded(bytes: &[u8]) -> Option<String> {
    let mut decoder = Decoder::new(mark(bytes)?);
    let mut text = decoder.feed(bytes.get(2..).unwrap_or_default());
    text.extend(decoder.finish());
    Some(text)
}

/// The numbers of two bytes each.
pub(crate) fn units(bytes: &[u8], order: Order) -> Vec<u16> {
    let unit = |pair: &[u8]| {
        let pair = [0, 1].map(|at| pair.get(at).copied().unwrap_or_default());
        match order {
            Order::Low => u16::from_le_bytes(pair),
            Order::High => u16::from_be_bytes(pair),
        }
    };
    bytes.chunks_exact(2).map(unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_wherever_it_is_cut() {
        let text = "a\u{8fde}\u{1f600}\u{fffd}z";
        for (order, to_bytes) in [
            (Order::Low, u16::to_le_bytes as fn(u16) -> [u8; 2]),
            (Order::High, u16::to_be_bytes),
        ] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(to_bytes).collect();
            for step in 1..=bytes.len() {
                let mut decoder = Decoder::new(order);
                let mut read: String = bytes
                    .chunks(step)
                    .map(|piece| decoder.feed(piece))
                    .collect();
                read.extend(decoder.finish());
                assert_eq!(read, text, "{step}");
            }
        }
    }

    #[test]
    fn half_of_a_character_is_none() {
        for half in [&b"a\0\x3d\xd8"[..], b"a\0b", b"a\0\0\xdc"] {
            let mut decoder = Decoder::new(Order::Low);
            let mut read = decoder.feed(half);
            read.extend(decoder.finish());
            assert_eq!(read, "a\u{fffd}");
        }
    }
}
