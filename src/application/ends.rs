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

    /// Whether bytes between its beginning and its end were not kept.
    pub(super) fn is_cut(self) -> bool {
        self.gap() > 0
    }

    /// How many bytes were not kept.
    pub(super) fn gap(self) -> u64 {
        let kept = self.bytes.len() + self.tail.len();
        self.length.saturating_sub(kept as u64)
    }

    /// What is kept from this place on, up to what is not; `None` where that is not kept, or the end.
    pub(super) fn from(self, at: u64) -> Option<&'a [u8]> {
        let in_tail = at.checked_sub(self.length - (self.tail.len() as u64).min(self.length));
        let (piece, at) = match in_tail {
            Some(at) if !self.tail.is_empty() => (self.tail, at),
            _ => (self.bytes, at),
        };
        let rest = piece.get(usize::try_from(at).ok()?..)?;
        (!rest.is_empty()).then_some(rest)
    }

    /// What is behind its first bytes.
    pub(super) fn behind(self, count: usize) -> Self {
        Body {
            bytes: self.bytes.get(count..).unwrap_or_default(),
            tail: self.tail,
            length: self.length.saturating_sub(count as u64),
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
        if !self.is_cut() {
            return json_texts(&[self.bytes, self.tail].concat());
        }
        let mut nodes = json_texts(self.bytes);
        if nodes.is_empty() {
            return nodes;
        }
        let last = texts_behind_one(self.tail);
        if !last.is_empty() {
            nodes.extend(last);
            return nodes;
        }
        let Some((last, is_whole)) = last_fields(self.tail) else {
            return nodes;
        };
        match nodes.as_mut_slice() {
            [Node::Map(fields)] if !is_whole => fields.extend(last),
            // Of several texts the last is another one than the first.
            _ => nodes.push(Node::Map(last)),
        }
        nodes
    }

    /// The JSON value that it is, with the fields at its end.
    pub(super) fn json(self) -> Option<Node> {
        if self.tail.is_empty() {
            return json(self.bytes);
        }
        let mut nodes = self.json_texts().into_iter();
        nodes.next()
    }

    /// The texts of a list that ends where this does, as far as they are whole and stand in what was kept of its end.
    pub(super) fn last_items(self) -> Vec<Node> {
        let item = last_part(self.tail, b"]").and_then(|(items, _)| json(&[b"[", items].concat()));
        match item {
            Some(Node::List(items)) => items,
            _ => Vec::new(),
        }
    }
}

/// The JSON texts at the end of a message behind the end of another one: behind a byte or a line feed that no string
/// has in it, and of which nothing is open.
fn texts_behind_one(tail: &[u8]) -> Vec<Node> {
    let ends = tail.iter().enumerate();
    let mut ends = ends.filter(|(_, byte)| matches!(byte, 0 | 0x18 | 0x1e | b'\n'));
    let texts = ends.find_map(|(end, _)| {
        let rest = tail.get(end + 1..)?;
        let is_text = matches!(rest.trim_ascii_start().first(), Some(b'{' | b'['));
        let texts = json_texts(rest);
        let are_maps = texts
            .iter()
            .all(|text| matches!(text, Node::Map(_) | Node::List(_)));
        (is_text && are_maps && !texts.is_empty()).then_some(texts)
    });
    texts.unwrap_or_default()
}

/// The end of the text with which a list of JSON ends, where the text begins before `tail`.
pub(super) fn end_of_text(tail: &[u8]) -> String {
    let inside = |tail: &[u8]| {
        let list = tail.trim_ascii_end().strip_suffix(b"]")?;
        let text = list.trim_ascii_end().strip_suffix(b"\"")?;
        // What stands first may belong to an escape.
        let begins = text.iter().position(|byte| !matches!(byte, b'\\' | b'"'))?;
        let text = text.get(begins + 1..)?;
        match json(&[b"\"", text, b"\""].concat())? {
            Node::Text(text) => Some(text),
            _ => None,
        }
    };
    inside(tail).unwrap_or_default()
}

/// The fields of an object that ends where `tail` does, as far as they are whole, and whether all of it is there.
fn last_fields(tail: &[u8]) -> Option<(Vec<(String, Node)>, bool)> {
    let (fields, is_whole) = last_part(tail, b"}")?;
    match json(&[b"{", fields].concat())? {
        Node::Map(fields) => Some((fields, is_whole)),
        _ => None,
    }
}

/// The last parts of an object or a list that ends where `tail` does, with what closes it, and whether these are all.
/// Read from the end: there no string is open, whatever stands in what was not kept.
fn last_part<'a>(tail: &'a [u8], closes: &[u8]) -> Option<(&'a [u8], bool)> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x18 | 0x1e);
    let end = tail.iter().rposition(|byte| !is_blank(byte))?;
    let tail = tail.get(..=end).filter(|tail| tail.ends_with(closes))?;
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
            return Some((tail.get(at + 1..)?, true));
        }
    }
    Some((tail.get(from?..)?, false))
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
