//! The DATA of HTTP/2 in the bytes of a session, from its first byte on. What the header fields say the
//! log tells in events of its own, so that nothing of them is read here.
//!
//! Source: RFC 9113 sections 3.4, 4.1 and 6.1.

/// The length of what a client sends first.
const PREFACE: usize = 24;
/// The length of a frame header.
const HEADER: usize = 9;
const DATA: u8 = 0;
const PADDED: u8 = 0x08;

/// Reads what one end sends.
#[derive(Debug)]
pub(super) struct DataFrames {
    held: Vec<u8>,
    /// Bytes to pass over before the next header.
    skip: usize,
    stream: u32,
    /// Bytes of the DATA that are still to come, and of the padding behind them.
    data: usize,
    padding: usize,
    is_padded: bool,
}

impl DataFrames {
    pub(super) fn of_client() -> Self {
        DataFrames {
            skip: PREFACE,
            ..DataFrames::of_server()
        }
    }

    pub(super) fn of_server() -> Self {
        DataFrames {
            held: Vec::with_capacity(HEADER),
            skip: 0,
            stream: 0,
            data: 0,
            padding: 0,
            is_padded: false,
        }
    }

    /// Takes the next bytes, and hands the data of each stream to `sink`.
    pub(super) fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(u32, &[u8])) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.skip > 0 {
                let count = self.skip.min(rest.len());
                self.skip -= count;
                rest = rest.get(count..).unwrap_or_default();
            } else if self.is_padded {
                let (length, after) = rest.split_first().map_or((0, rest), |(a, b)| (*a, b));
                self.is_padded = false;
                self.data = self.data.saturating_sub(1);
                self.padding = usize::from(length).min(self.data);
                self.data -= self.padding;
                rest = after;
                self.end_data();
            } else if self.data > 0 {
                let count = self.data.min(rest.len());
                let (data, after) = rest.split_at(count);
                sink(self.stream, data);
                self.data -= count;
                rest = after;
                self.end_data();
            } else {
                let count = HEADER.saturating_sub(self.held.len()).min(rest.len());
                let (header, after) = rest.split_at(count);
                self.held.extend_from_slice(header);
                rest = after;
                self.header();
            }
        }
    }

    fn end_data(&mut self) {
        if self.data == 0 {
            self.skip = std::mem::take(&mut self.padding);
        }
    }

    fn header(&mut self) {
        let &[high, middle, low, kind, flags, a, b, c, d] = self.held.as_slice() else {
            return;
        };
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        self.held.clear();
        if kind != DATA {
            self.skip = length;
            return;
        }
        self.stream = u32::from_be_bytes([a & 0x7f, b, c, d]);
        self.data = length;
        self.is_padded = flags & PADDED != 0 && length > 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_told_from_the_rest_however_it_comes() {
        let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        sent.extend([0, 0, 2, 4, 0, 0, 0, 0, 0, 1, 1]);
        sent.extend([0, 0, 2, 0, 0, 0, 0, 0, 3, b'a', b'b']);
        // Padded: one byte of length, two of data, three of padding.
        sent.extend([0, 0, 6, 0, 8, 0, 0, 0, 5, 3, b'c', b'd', 0, 0, 0]);
        sent.extend([0, 0, 0, 0, 1, 0, 0, 0, 3]);
        sent.extend([0, 0, 1, 0, 0, 0, 0, 0, 3, b'e']);
        for step in [1, 3, 100] {
            let mut reader = DataFrames::of_client();
            let mut seen: [Vec<u8>; 2] = [Vec::new(), Vec::new()];
            for piece in sent.chunks(step) {
                reader.feed(piece, |stream, data| {
                    seen[usize::from(stream == 5)].extend_from_slice(data);
                });
            }
            assert_eq!(seen, [b"abe".to_vec(), b"cd".to_vec()]);
        }
    }
}
