//! MessagePack as a tree of fields.

use super::tree::{DEEPEST, MOST, Node};

/// The MessagePack value at the front of `bytes`, and how long it is; what is cut short is read as far
/// as it goes.
pub(super) fn message_pack(bytes: &[u8]) -> Option<Node> {
    let mut reader = Pack { bytes, left: MOST };
    reader.value(0)
}

struct Pack<'a> {
    bytes: &'a [u8],
    left: usize,
}

impl Pack<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self, count: usize) -> Option<u64> {
        let taken = self.take(count)?.iter();
        Some(taken.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn signed(&mut self, count: usize) -> Option<i64> {
        let bits = 64 - 8 * count as u32;
        Some((self.number(count)? << bits) as i64 >> bits)
    }

    fn string(&mut self, count: u64) -> Option<Node> {
        let count = usize::try_from(count).ok()?;
        let kept = count.min(self.bytes.len());
        let text = String::from_utf8_lossy(self.take(kept)?).into_owned();
        Some(match kept < count {
            true => Node::Piece(text),
            false => Node::Text(text),
        })
    }

    fn list(&mut self, count: u64, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        for _ in 0..count {
            match self.value(depth + 1) {
                Some(item) if self.left > 0 => items.push(item),
                _ => break,
            }
        }
        Some(Node::List(items))
    }

    fn map(&mut self, count: u64, depth: usize) -> Option<Node> {
        let mut fields = Vec::new();
        for _ in 0..count {
            let Some(Node::Text(name)) = self.value(depth + 1) else {
                break;
            };
            match self.value(depth + 1) {
                Some(value) if self.left > 0 => fields.push((name, value)),
                _ => break,
            }
        }
        Some(Node::Map(fields))
    }

    fn skip(&mut self, count: u64) -> Option<Node> {
        let count = usize::try_from(count).ok()?;
        self.take(count)?;
        Some(Node::Null)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let unsigned = |number: u64| Node::Number(number.to_string());
        let signed = |number: i64| Node::Number(number.to_string());
        let first = *self.take(1)?.first()?;
        match first {
            0x00..=0x7f => Some(unsigned(u64::from(first))),
            0x80..=0x8f => self.map(u64::from(first & 15), depth),
            0x90..=0x9f => self.list(u64::from(first & 15), depth),
            0xa0..=0xbf => self.string(u64::from(first & 31)),
            0xc2 => Some(Node::Bool(false)),
            0xc3 => Some(Node::Bool(true)),
            0xc4..=0xc6 => {
                let count = self.number(1 << (first - 0xc4))?;
                self.skip(count)
            }
            0xc7..=0xc9 => {
                let count = self.number(1 << (first - 0xc7))?;
                self.skip(count.checked_add(1)?)
            }
            0xca => self.skip(4),
            0xcb => self.skip(8),
            0xcc..=0xcf => self.number(1 << (first - 0xcc)).map(unsigned),
            0xd0..=0xd3 => self.signed(1 << (first - 0xd0)).map(signed),
            0xd4..=0xd8 => self.skip((1 << (first - 0xd4)) + 1),
            0xd9..=0xdb => {
                let count = self.number(1 << (first - 0xd9))?;
                self.string(count)
            }
            0xdc | 0xdd => {
                let count = self.number(2 << (first - 0xdc))?;
                self.list(count, depth)
            }
            0xde | 0xdf => {
                let count = self.number(2 << (first - 0xde))?;
                self.map(count, depth)
            }
            0xe0..=0xff => Some(signed(i64::from(first as i8))),
            0xc0 | 0xc1 => Some(Node::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_pack_is_read() {
        let node = message_pack(b"\x93\x07\xa5error\xc2").unwrap();
        assert!(node.fits(&[("0", "7"), ("1", "*"), ("2", "!")]));
        assert!(
            message_pack(b"\x92\x07\xc0")
                .unwrap()
                .fits(&[("0", "7"), ("1", "!")])
        );
        assert_eq!(message_pack(b"\xd0\xff").unwrap().word(), Some("-1"));
        assert_eq!(message_pack(b"\xa5erro").unwrap().word(), None);
        for length in 0..6 {
            let _ = message_pack(&b"\xdf\xff\xff\xff\xff\xa1"[..length]);
        }
    }
}
