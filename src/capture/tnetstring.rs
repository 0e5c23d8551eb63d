//! Typed netstrings, in which mitmproxy writes its flows: a length, a colon, so many bytes, and a
//! letter for what they are.
//!
//! What a string holds is read when it is asked for, so that nothing is built of what nobody wants.

/// The longest length, in digits.
const DIGITS: usize = 10;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item<'a> {
    /// Bytes, or a text.
    Text(&'a [u8]),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Null,
    /// Values, one behind the other.
    List(Items<'a>),
    /// Keys, each with its value behind it.
    Dict(Items<'a>),
}

/// Values that stand one behind the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Items<'a>(&'a [u8]);

/// The head of a netstring at the beginning of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// So many bytes of head, so many of content; a letter follows.
    Whole(usize, usize),
    /// More bytes are needed to tell.
    Short,
    /// It is none.
    Broken,
}

/// Reads the length at the beginning of bytes.
pub(super) fn head(bytes: &[u8]) -> Head {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let length = bytes.get(..digits).and_then(|digits| {
        let text = std::str::from_utf8(digits).ok()?;
        text.parse().ok()
    });
    match (bytes.get(digits), length) {
        _ if digits > DIGITS => Head::Broken,
        (None, _) => Head::Short,
        (Some(b':'), Some(length)) => Head::Whole(digits + 1, length),
        (Some(_), _) => Head::Broken,
    }
}

impl<'a> Item<'a> {
    /// The value at the beginning of bytes, and what stands behind it.
    pub(super) fn read(bytes: &'a [u8]) -> Option<(Item<'a>, &'a [u8])> {
        let Head::Whole(begins, length) = head(bytes) else {
            return None;
        };
        let ends = begins.checked_add(length)?;
        let content = bytes.get(begins..ends)?;
        let kind = bytes.get(ends)?;
        let rest = bytes.get(ends + 1..)?;
        let text = || std::str::from_utf8(content).ok();
        let item = match kind {
            b',' | b';' => Item::Text(content),
            b'#' | b'^' => Item::Number(text()?.parse().ok()?),
            b'!' => Item::Bool(content == b"true"),
            b'~' if content.is_empty() => Item::Null,
            b']' => Item::List(Items(content)),
            b'}' => Item::Dict(Items(content)),
            _ => return None,
        };
        Some((item, rest))
    }

    /// What bytes hold that end inside a value, taken for a dictionary: what is none has no keys.
    pub(super) fn of_cut(bytes: &'a [u8]) -> Option<Item<'a>> {
        let Head::Whole(begins, length) = head(bytes) else {
            return None;
        };
        let content = bytes.get(begins..)?;
        (length >= content.len()).then_some(Item::Dict(Items(content)))
    }

    /// The value behind a key; nothing where there is none.
    pub(super) fn get(self, key: &str) -> Item<'a> {
        let Item::Dict(mut items) = self else {
            return Item::Null;
        };
        while let Some(name) = items.next() {
            let rest = items.0;
            let value = items.next();
            if name == Item::Text(key.as_bytes()) {
                return value.or_else(|| Item::of_cut(rest)).unwrap_or(Item::Null);
            }
        }
        Item::Null
    }

    /// The values of a list.
    pub(super) fn items(self) -> Items<'a> {
        match self {
            Item::List(items) => items,
            _ => Items(&[]),
        }
    }

    /// Bytes.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Item::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A text.
    pub(super) fn text(self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A number.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Item::Number(number) => Some(number).filter(|number| number.is_finite()),
            _ => None,
        }
    }

    /// Yes or no.
    pub(super) fn bool(self) -> Option<bool> {
        match self {
            Item::Bool(bool) => Some(bool),
            _ => None,
        }
    }

    /// Whether there is something.
    pub(super) fn is_some(self) -> bool {
        self != Item::Null
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (item, rest) = Item::read(self.0)?;
        self.0 = rest;
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_when_they_are_asked_for() {
        let text = b"51:1:a;2:12#1:b,3:x:y;1:c,4:true!1:d;12:3:1.5^0:~!]}rest";
        let (dict, rest) =
            Item::read(b"43:1:a;2:12#1:b,3:x:y;1:c,4:true!1:d;6:3:1.5^]}rest").unwrap();
        assert_eq!(rest, b"rest");
        assert_eq!(dict.get("a").number(), Some(12.0));
        assert_eq!(dict.get("b").text(), Some("x:y"));
        assert_eq!(dict.get("c").bool(), Some(true));
        assert_eq!(
            dict.get("d").items().collect::<Vec<_>>(),
            [Item::Number(1.5)]
        );
        assert!(!dict.get("e").is_some());
        for cut in 0..text.len() {
            let _ = Item::read(&text[..cut]);
        }
        assert_eq!(head(b"12"), Head::Short);
        assert_eq!(head(b"12345678901:"), Head::Broken);
        assert_eq!(head(b"x"), Head::Broken);
        assert_eq!(Item::read(b"99999999999999:x;"), None);
    }
}
