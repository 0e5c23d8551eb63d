//! The Huffman code of HPACK. It is canonical: how many codes each length has, and the symbols in the order
//! of their codes, are all there is to know.
//!
//! Source: RFC 7541 section 5.2 and appendix B.

/// How many codes have so many bits.
const COUNTS: [u32; 31] = [
    0, 0, 0, 0, 0, 10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19,
    29, 0, 4,
];

/// The symbols in the order of their codes. The last code of all, EOS, has none here.
#[rustfmt::skip]
const SYMBOLS: [u8; 256] = [
    48, 49, 50, 97, 99, 101, 105, 111, 115, 116, 32, 37, 45, 46, 47, 51, 52, 53,
    54, 55, 56, 57, 61, 65, 95, 98, 100, 102, 103, 104, 108, 109, 110, 112, 114, 117,
    58, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82,
    83, 84, 85, 86, 87, 89, 106, 107, 113, 118, 119, 120, 121, 122, 38, 42, 44, 59,
    88, 90, 33, 34, 40, 41, 63, 39, 43, 124, 35, 62, 0, 36, 64, 91, 93, 126,
    94, 125, 60, 96, 123, 92, 195, 208, 128, 130, 131, 162, 184, 194, 224, 226, 153, 161,
    167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230, 129, 132, 133, 134, 136, 146, 154,
    156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190, 196, 198, 228, 232,
    233, 1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165,
    166, 168, 174, 175, 180, 182, 183, 188, 191, 197, 231, 239, 9, 142, 144, 145, 148, 159,
    171, 206, 215, 225, 236, 237, 199, 207, 234, 235, 192, 193, 200, 201, 202, 205, 210, 213,
    218, 219, 238, 240, 242, 243, 255, 203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245,
    246, 247, 248, 250, 251, 252, 253, 254, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14,
    15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220,
    249, 10, 13, 22,
];

/// The bytes that are written in this code; `None` where they are not.
pub(super) fn decode(coded: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(coded.len() * 8 / 5);
    let mut code = Code::default();
    for byte in coded {
        for bit in (0..8).rev() {
            if let Some(symbol) = code.take(u32::from(byte >> bit & 1))? {
                decoded.push(symbol);
            }
        }
    }
    // "a padding strictly longer than 7 bits MUST be treated as a decoding error", as must one that is not
    // the beginning of EOS, which is all ones.
    (code.length < 8 && code.bits + 1 == 1 << code.length).then_some(decoded)
}

/// A code of which not all bits have come.
#[derive(Default)]
struct Code {
    bits: u32,
    length: usize,
    /// The first code of this length.
    first: u32,
    /// How many symbols have shorter codes.
    shorter: usize,
}

impl Code {
    /// Takes a bit. Gives the symbol that it completes; `None` outside where there is none.
    fn take(&mut self, bit: u32) -> Option<Option<u8>> {
        self.first = (self.first + COUNTS.get(self.length).copied()?) << 1;
        self.shorter += *COUNTS.get(self.length)? as usize;
        self.length += 1;
        self.bits = self.bits << 1 | bit;
        let count = *COUNTS.get(self.length)?;
        let Some(index) = self
            .bits
            .checked_sub(self.first)
            .filter(|index| *index < count)
        else {
            return Some(None);
        };
        let symbol = *SYMBOLS.get(self.shorter + index as usize)?;
        *self = Code::default();
        Some(Some(symbol))
    }
}
