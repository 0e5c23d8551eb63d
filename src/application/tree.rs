//! A message as a tree of fields, whatever its protocol writes it in.

use crate::facts::protocols::is_like;

/// So deep a message is looked into.
pub(super) const DEEPEST: usize = 8;
/// So many values of a message are kept.
pub(super) const MOST: usize = 400;

/// A value of a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    /// The beginning of a text or of a number whose end was not kept: what it is as a whole, nobody knows.
    Piece(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A map of texts.
    pub(super) fn map<const N: usize>(fields: [(&str, Node); N]) -> Node {
        let fields = fields.into_iter();
        Node::Map(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    pub(super) fn text(text: impl Into<String>) -> Node {
        Node::Text(text.into())
    }

    /// The value at a path such as `error.message` or `0`. A text that is JSON is looked into.
    pub(super) fn get(&self, path: &str) -> Option<std::borrow::Cow<'_, Node>> {
        use std::borrow::Cow;
        let mut node = Cow::Borrowed(self);
        if path.is_empty() {
            return Some(node);
        }
        for part in path.split('.') {
            if let Some(text) = node.text_so_far() {
                node = Cow::Owned(json(text.as_bytes())?);
            }
            node = match node {
                Cow::Borrowed(node) => Cow::Borrowed(node.child(part)?),
                Cow::Owned(node) => Cow::Owned(node.child(part)?.clone()),
            };
        }
        Some(node)
    }

    fn child(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Map(fields) => {
                let mut fields = fields.iter();
                fields
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value)
            }
            Node::List(items) => items.get(name.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// A text, or as much of it as was kept.
    pub(super) fn text_so_far(&self) -> Option<&str> {
        match self {
            Node::Text(text) | Node::Piece(text) => Some(text),
            _ => None,
        }
    }

    /// What may be shown of a value: all of it, or its beginning up to a blank, for what its last word would have become
    /// may be a secret.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Node::Piece(text) => {
                let (front, _) = text.trim_end().rsplit_once(char::is_whitespace)?;
                Some(format!("{}…", front.trim_end()))
            }
            _ => self.word().map(str::to_owned),
        }
    }

    /// A value as a word: a text, a number, `true` or `false`.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Node::Text(text) | Node::Number(text) => Some(text),
            Node::Bool(true) => Some("true"),
            Node::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// Whether something stands there.
    pub(super) fn is_something(&self) -> bool {
        match self {
            Node::Null | Node::Bool(false) => false,
            Node::Text(text) | Node::Piece(text) => !text.is_empty(),
            Node::List(items) => !items.is_empty(),
            Node::Map(fields) => !fields.is_empty(),
            Node::Bool(true) | Node::Number(_) => true,
        }
    }

    /// Whether the fields of a row stand in it.
    pub(super) fn fits(&self, when: &[(&str, &str)]) -> bool {
        self.fitness(when) == Fit::Yes
    }

    /// Whether they stand in it, or may in what was not kept of a value.
    pub(super) fn fitness(&self, when: &[(&str, &str)]) -> Fit {
        let mut fit = Fit::Yes;
        for field in when {
            fit = fit.min(self.fit(field));
            if fit == Fit::No {
                break;
            }
        }
        fit
    }

    fn fit(&self, (path, pattern): &(&str, &str)) -> Fit {
        let value = self.get(path);
        let value = value.as_deref();
        let is_there = value.is_some_and(Node::is_something);
        let is = match (*pattern, value) {
            (_, Some(Node::Piece(begun))) if begun.is_empty() => return Fit::Perhaps,
            ("*", _) => is_there,
            ("!", _) => !is_there,
            ("{}", value) => matches!(value, Some(Node::Map(_))),
            (pattern, Some(Node::Piece(begun))) => {
                let all = pattern.split('|').map(|one| begun_as(begun, one));
                return all.max().unwrap_or(Fit::No);
            }
            (pattern, value) => value
                .and_then(Node::word)
                .is_some_and(|word| pattern.split('|').any(|one| is_like(word, one))),
        };
        if is { Fit::Yes } else { Fit::No }
    }
}

/// Whether a value is what a row asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    /// It may become so in what was not kept of it.
    Perhaps,
    Yes,
}

/// Whether a value of which this is the beginning is what a pattern asks for.
fn begun_as(begun: &str, pattern: &str) -> Fit {
    let beginning = pattern.strip_suffix('*').unwrap_or(pattern);
    let is_open = beginning != pattern;
    if is_open && is_like(begun, pattern) {
        return Fit::Yes;
    }
    match pattern.contains("..") || beginning.starts_with(['*']) || beginning.starts_with(begun) {
        true => Fit::Perhaps,
        false => Fit::No,
    }
}

/// The JSON value at the front of `bytes`; one that is cut short is read as far as it goes.
pub(super) fn json(bytes: &[u8]) -> Option<Node> {
    let mut reader = Json {
        bytes,
        at: 0,
        left: MOST,
    };
    let node = reader.value(0)?;
    reader.space();
    let is_all = reader.at >= bytes.len();
    is_all.then_some(node)
}

/// The JSON values of a message: one, or several that were put behind each other, each on a line of its own or with a
/// byte between them that no JSON has. None where anything else is in it.
pub(super) fn json_texts(bytes: &[u8]) -> Vec<Node> {
    /// So many are read.
    const MOST_TEXTS: usize = 32;
    // A byte order mark is no part of it.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = Json {
        bytes,
        at: 0,
        left: MOST,
    };
    let mut all = Vec::new();
    while reader.at < bytes.len() {
        let Some(node) = reader.value(0) else {
            return Vec::new();
        };
        // What is put together are objects or lists: `1 2` is a text.
        let is_whole = matches!(node, Node::Map(_) | Node::List(_));
        all.push(node);
        reader.space();
        while matches!(reader.peek(), Some(0 | 0x18 | 0x1e)) {
            reader.at += 1;
            reader.space();
        }
        if reader.at < bytes.len() && !is_whole {
            return Vec::new();
        }
        if all.len() >= MOST_TEXTS {
            break;
        }
        reader.left = MOST;
    }
    all
}

struct Json<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl Json<'_> {
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes to the end: what follows cannot be read, or is not there.
    fn cut(&mut self) {
        self.at = self.bytes.len();
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.space();
        if self.left == 0 || depth > DEEPEST {
            self.cut();
            return Some(Node::Null);
        }
        self.left -= 1;
        match self.peek()? {
            b'{' => self.map(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(|(text, is_whole)| match is_whole {
                true => Node::Text(text),
                false => Node::Piece(text),
            }),
            b't' => self.literal("true", Node::Bool(true)),
            b'f' => self.literal("false", Node::Bool(false)),
            b'n' => self.literal("null", Node::Null),
            b'-' | b'0'..=b'9' => {
                let from = self.at;
                let is_part =
                    |byte: u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                while self.peek().is_some_and(is_part) {
                    self.at += 1;
                }
                let number = self.bytes.get(from..self.at)?;
                let number = String::from_utf8_lossy(number).into_owned();
                // A number that stands alone ends where its message does.
                Some(match depth > 0 && self.peek().is_none() {
                    true => Node::Piece(number),
                    false => Node::Number(number),
                })
            }
            _ => None,
        }
    }

    fn literal(&mut self, word: &str, node: Node) -> Option<Node> {
        let rest = self.bytes.get(self.at..)?;
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Some(node);
        }
        // Cut short inside it.
        word.as_bytes().starts_with(rest).then(|| {
            self.cut();
            node
        })
    }

    fn map(&mut self, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut fields = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') if !fields.is_empty() => self.at += 1,
                Some(b'"') => {
                    let (name, _) = self.string()?;
                    self.space();
                    match self.peek() {
                        None => break,
                        Some(b':') => self.at += 1,
                        Some(_) => return None,
                    }
                    self.space();
                    if self.peek().is_none() {
                        break;
                    }
                    let value = self.value(depth + 1)?;
                    fields.push((name, value));
                }
                Some(_) => return None,
            }
        }
        Some(Node::Map(fields))
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') if !items.is_empty() => {
                    self.at += 1;
                    self.space();
                    if matches!(self.peek(), Some(b']' | b',')) {
                        return None;
                    }
                }
                Some(_) => items.push(self.value(depth + 1)?),
            }
        }
        Some(Node::List(items))
    }

    /// A text, and whether its end is there.
    fn string(&mut self) -> Option<(String, bool)> {
        self.at += 1;
        let mut text = Vec::new();
        let is_whole = loop {
            match self.peek() {
                None => break false,
                Some(b'"') => {
                    self.at += 1;
                    break true;
                }
                Some(b'\\') => {
                    let Some(&escaped) = self.bytes.get(self.at + 1) else {
                        self.cut();
                        break false;
                    };
                    self.at += 2;
                    match escaped {
                        b'n' => text.push(b'\n'),
                        b't' => text.push(b'\t'),
                        b'r' => text.push(b'\r'),
                        b'b' => text.push(8),
                        b'f' => text.push(12),
                        b'u' => self.unicode(&mut text),
                        other => text.push(other),
                    }
                }
                Some(byte) => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        };
        Some((String::from_utf8_lossy(&text).into_owned(), is_whole))
    }

    /// The four digits behind `\u`, and those of the second half of a pair.
    fn unicode(&mut self, text: &mut Vec<u8>) {
        let mut units = Vec::new();
        loop {
            let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| {
                let digits = std::str::from_utf8(digits).ok()?;
                u16::from_str_radix(digits, 16).ok()
            });
            let Some(unit) = digits else {
                self.cut();
                break;
            };
            self.at += 4;
            units.push(unit);
            let is_first_half = (0xd800..0xdc00).contains(&unit) && units.len() == 1;
            let is_followed = self.bytes.get(self.at..self.at + 2) == Some(b"\\u");
            if !is_first_half || !is_followed {
                break;
            }
            self.at += 2;
        }
        text.extend_from_slice(String::from_utf16_lossy(&units).as_bytes());
    }
}

/// The word at a path, for tests; nothing where there is none.
#[cfg(test)]
pub(super) fn word_at(node: &Node, path: &str) -> String {
    let found = node.get(path);
    let word = found.as_ref().and_then(|node| node.word());
    word.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_far_as_it_goes() {
        let node = json(br#"{"a":{"b":[1,"x\u00e9\ud83d\ude00\n"]},"c":"cut sh"#).unwrap();
        assert_eq!(node.get("a.b.0").unwrap().word(), Some("1"));
        assert_eq!(
            node.get("a.b.1").unwrap().word(),
            Some("x\u{e9}\u{1f600}\n")
        );
        assert_eq!(node.get("c").unwrap().word(), None);
        assert_eq!(node.get("c").unwrap().shown().as_deref(), Some("cut…"));
        assert_eq!(node.get("d"), None);
        assert!(json(b"hello").is_none());
        assert!(json(b"{hello}").is_none());
        assert!(json(b"{} and more").is_none());
        assert_eq!(json_texts(b"{}\n[1]\x18{\"a\":1}\x18").len(), 3);
        assert_eq!(json_texts(b"\xef\xbb\xbf{\"a\":1}").len(), 1);
        assert_eq!(json_texts(b"\"a\"").len(), 1);
        for bytes in [&b"{} and more"[..], b"1 2", b"", b"hello", b"{}{"] {
            assert!(json_texts(bytes).len() != 1, "{bytes:?}");
        }
        let inside = json(br#"{"data":"{\"code\":4001}"}"#).unwrap();
        assert_eq!(inside.get("data.code").unwrap().word(), Some("4001"));
    }

    #[test]
    fn deep_and_long_json_ends() {
        assert!(json(&b"[".repeat(100_000)).is_some());
        let many = format!("[{}1]", "1,".repeat(100_000));
        assert!(json(many.as_bytes()).is_some());
    }

    #[test]
    fn what_runs_into_a_cut_is_no_value() {
        let node = json(br#"{"status":"Failure","code":40"#).unwrap();
        assert!(!node.fits(&[("code", "40")]));
        assert!(!node.fits(&[("code", "400..499")]));
        assert_eq!(
            node.fitness(&[("status", "Failure"), ("code", "400..499")]),
            Fit::Perhaps
        );
        assert_eq!(
            node.fitness(&[("status", "Success"), ("code", "400..499")]),
            Fit::No
        );
        assert_eq!(node.get("code").unwrap().shown(), None);
        let node = json(br#"{"reason":"NonZer"#).unwrap();
        assert_eq!(node.fitness(&[("reason", "NonZeroExitCode")]), Fit::Perhaps);
        assert!(node.fits(&[("reason", "Non*")]));
        for (pattern, fit) in [("Forbidden", Fit::No), ("*", Fit::Yes), ("!", Fit::No)] {
            assert_eq!(node.fitness(&[("reason", pattern)]), fit, "{pattern}");
        }
        assert_eq!(json(b"[1,\"a b").unwrap().get("1").unwrap().word(), None);
        assert_eq!(json(b"17").unwrap().word(), Some("17"));
    }

    #[test]
    fn patterns_fit() {
        let node = json(br#"{"code":4001,"type":"session.expired","gone":null}"#).unwrap();
        assert!(node.fits(&[
            ("code", "4000..4299"),
            ("type", "x|session.*"),
            ("gone", "!")
        ]));
        assert!(!node.fits(&[("code", "4100..4299")]));
        assert!(!node.fits(&[("gone", "*")]));
    }
}
