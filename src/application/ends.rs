//! A message of which the beginning and the end are kept: the last fields of a long object of JSON.

use super::tree::{Node, json, json_texts};

/// A message, as far as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'a> {
    /// Its first bytes.
    pub(super) bytes: &'a [u8],
    /// The last of those behind them.
    pub(super) tail: &'a [u8],
    /// How many it has.
    pub(super) length: u64,
}

impl<'a> Body<'a> {
    /// A message that is there as a whole.
    pub(super) fn whole(bytes: &'a [u8]) -> Self {
        Body {
            bytes,
            tail: &[],
            length: bytes.len() as u64,
        }
    }

    /// Its last byte.
    pub(super) fn last(self) -> Option<u8> {
        self.tail.last().or(self.bytes.last()).copied()
    }

    /// The JSON texts in it. Fields that stand at its end come to the one object that it is.
    pub(super) fn json_texts(self) -> Vec<Node> {
        if self.tail.is_empty() {
            return json_texts(self.bytes);
        }
        if (self.bytes.len() + self.tail.len()) as u64 >= self.length {
            return json_texts(&[self.bytes, self.tail].concat());
        }
        let mut nodes = json_texts(self.bytes);
        let Some(last) = last_fields(self.tail) else {
            return nodes;
        };
        match nodes.as_mut_slice() {
            [] => {}
            [Node::Map(fields)] => fields.extend(last),
            // Of several texts the last is another one than the first.
            _ => nodes.push(Node::Map(last)),
        }
        nodes
    }
}

/// The fields of an object that ends where `tail` does, as far as they are whole. Read from the end: there no string
/// is open, whatever stands in what was not kept.
fn last_fields(tail: &[u8]) -> Option<Vec<(String, Node)>> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x18 | 0x1e);
    let end = tail.iter().rposition(|byte| !is_blank(byte))?;
    let tail = tail.get(..=end).filter(|tail| tail.ends_with(b"}"))?;
    let (mut from, mut depth, mut at) = (None, 0, tail.len());
    while let Some(before) = at.checked_sub(1) {
        at = before;
        match tail.get(at)? {
            b'"' => match opening_quote(tail.get(..at)?) {
                Some(quote) => at = quote,
                None => break,
            },
            b'}' | b']' => depth += 1,
            b'{' | b'[' => depth -= 1,
            b',' if depth == 1 => from = Some(at + 1),
            _ => {}
        }
        if depth == 0 {
            from = Some(at + 1);
            break;
        }
    }
    let fields = tail.get(from?..)?;
    match json(&[b"{", fields].concat())? {
        Node::Map(fields) => Some(fields),
        _ => None,
    }
}

/// Where the string begins that ends behind `bytes`. A quote inside of it has an odd number of backslashes before it.
fn opening_quote(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    loop {
        let quote = bytes.get(..end)?.iter().rposition(|byte| *byte == b'"')?;
        let before = bytes.get(..quote)?;
        let slashes = before
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        if slashes == before.len() && slashes > 0 {
            // There may be more of them in what was not kept.
            return None;
        }
        if slashes % 2 == 0 {
            return Some(quote);
        }
        end = quote;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::word_at as word;
    use super::*;

    fn read(text: &str, kept: usize, tail: usize) -> Vec<Node> {
        let bytes = text.as_bytes();
        let front = bytes.len().min(kept);
        let from = bytes.len().saturating_sub(tail).max(front);
        let body = Body {
            bytes: &bytes[..front],
            tail: &bytes[from..],
            length: bytes.len() as u64,
        };
        body.json_texts()
    }

    #[test]
    fn the_last_fields_of_a_long_object_are_read() {
        let long = "z\\\"},".repeat(200);
        let text = format!(
            r#"{{"op":"reply","data":"{long}","n":[1,{{"error":"not this"}}],"error":{{"message":"quota, \"used\" }}","code":7}},"ok":false}}"#
        );
        let needed = text.len() - text.find(r#","error":{"message""#).expect("it is there");
        for tail in 1..text.len() {
            for node in read(&text, 100, tail) {
                assert_eq!(word(&node, "op"), "reply");
                let message = word(&node, "error.message");
                let is_there = tail >= needed;
                assert!(
                    message.is_empty() || message == "quota, \"used\" }",
                    "{message}"
                );
                assert!(!is_there || !message.is_empty(), "{tail}");
                assert!(word(&node, "error").is_empty());
            }
        }
    }

    #[test]
    fn what_is_put_behind_each_other_stays_apart() {
        let long = "z".repeat(300);
        let text = format!("{{\"a\":1}}\n{{\"data\":\"{long}\",\"error\":\"no\"}}");
        let nodes = read(&text, 100, 50);
        assert_eq!(nodes.len(), 3);
        assert_eq!(word(&nodes[0], "error"), "");
        assert_eq!(word(&nodes[2], "error"), "no");
        // Neither a text nor a list ends in fields.
        assert!(read(&format!("hello {long} \"error\":\"no\"}}"), 100, 50).is_empty());
        let list = read(&format!("[\"{long}\",{{\"error\":\"no\"}}]"), 100, 50);
        assert_eq!(word(&list[0], "error"), "");
        for bytes in [
            &b"}"[..],
            b"\"}",
            b"\\\"}",
            b",}",
            b"]}",
            b"{}",
            b"\\\\\"a\":1}",
        ] {
            let _ = last_fields(bytes);
        }
    }
}
