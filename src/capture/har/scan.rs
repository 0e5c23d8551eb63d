//! The few values of a HAR file that tell of WebSocket, out of a file of any size.
//!
//! Sans-I/O and in bounded memory: of the JSON only the braces, brackets and quotes are followed, and
//! what nobody asks for is passed over. A value that is wanted is handed out as it stands, for serde_json
//! to read. Own, because serde_json reads a byte at a time from a reader, and a HAR is mostly the bodies
//! of responses; a search for the next quote is an order of magnitude faster.

use memchr::memchr2;

/// A longer value is cut: no message is that large.
const LONGEST_VALUE: usize = 16 << 20;
/// No key that is asked for is longer, even where each of its letters is written as an escape.
const LONGEST_KEY: usize = 160;
/// A file that nests deeper is none.
const DEEPEST: u32 = 10_000;

/// What a value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Creator,
    Started,
    Time,
    Resource,
    Url,
    RequestHeaders,
    Status,
    Version,
    StatusText,
    ResponseHeaders,
    Error,
    Message,
}

/// What was come upon.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An entry begins.
    Entry,
    /// The messages of the entry begin.
    Messages,
    /// A value; the bytes that were left out at its end.
    Value(Of, &'a [u8], u64),
    /// The entry ends.
    End,
}

/// A container whose values may be wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    File,
    Root,
    Log,
    Entries,
    Entry,
    Request,
    Response,
    Messages,
}

/// What the next value is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Container(Place),
    Wanted(Of),
    Unwanted,
}

/// Where in the text it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Text {
    #[default]
    Outside,
    /// In a key that is looked at.
    Key,
    /// In a text; `true` where it is in a wanted value or passed over alike.
    Inside,
}

/// Follows the JSON of a HAR file.
#[derive(Debug)]
pub(super) struct Scanner {
    places: Vec<Place>,
    /// How deep it is in a value that is wanted or passed over.
    depth: u32,
    /// The value that is being kept.
    keeps: Option<Of>,
    kept: Vec<u8>,
    left_out: u64,
    text: Text,
    is_escaped: bool,
    key: Vec<u8>,
    /// Whether a key is next, in an object.
    expects_key: bool,
    /// Whether a scalar is passed over.
    in_scalar: bool,
    /// The bytes read.
    pub(super) at: u64,
    /// Whether entries have begun.
    pub(super) has_entries: bool,
    /// What makes it no JSON.
    pub(super) is_broken: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Scanner {
            places: vec![Place::File],
            depth: 0,
            keeps: None,
            kept: Vec::new(),
            left_out: 0,
            text: Text::Outside,
            is_escaped: false,
            key: Vec::new(),
            expects_key: false,
            in_scalar: false,
            at: 0,
            has_entries: false,
            is_broken: false,
        }
    }
}

impl Scanner {
    /// Whether the file is whole.
    pub(super) fn is_whole(&self) -> bool {
        self.places == [Place::File] && self.depth == 0 && self.text == Text::Outside
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.kept.len()
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Event<'_>)) {
        let mut rest = bytes;
        while let (Some(&byte), false) = (rest.first(), self.is_broken) {
            let used = match self.text {
                Text::Outside => {
                    self.step(byte, sink);
                    1
                }
                _ => self.pass_text(rest, sink),
            };
            let (_, behind) = rest.split_at_checked(used).unwrap_or((rest, &[]));
            self.at += used as u64;
            rest = behind;
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST_VALUE.saturating_sub(self.kept.len());
        let (fits, more) = bytes.split_at(room.min(bytes.len()));
        self.kept.extend_from_slice(fits);
        self.left_out += more.len() as u64;
    }

    /// Passes what is in quotes, up to the second quote. Gives the bytes used.
    fn pass_text(&mut self, rest: &[u8], sink: &mut impl FnMut(Event<'_>)) -> usize {
        let skipped = match self.is_escaped {
            true => 1,
            false => memchr2(b'"', b'\\', rest).unwrap_or(rest.len()),
        };
        let was_escaped = std::mem::take(&mut self.is_escaped);
        let used = if was_escaped {
            1
        } else {
            (skipped + 1).min(rest.len())
        };
        let part = rest.get(..used).unwrap_or_default();
        if self.keeps.is_some() {
            self.keep(part);
        }
        if self.text == Text::Key {
            let room = LONGEST_KEY.saturating_sub(self.key.len());
            self.key
                .extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
        }
        match rest.get(skipped).filter(|_| !was_escaped) {
            Some(b'"') => {
                let was_key = self.text == Text::Key;
                self.text = Text::Outside;
                if was_key {
                    self.key.pop();
                    self.unescape_key();
                } else if self.depth == 0 {
                    self.end_value(sink);
                }
            }
            Some(b'\\') => self.is_escaped = true,
            _ => {}
        }
        used
    }

    /// A key may be written with escapes, as any text of JSON.
    fn unescape_key(&mut self) {
        if !self.key.contains(&b'\\') {
            return;
        }
        let quoted = [b"\"", self.key.as_slice(), b"\""].concat();
        if let Ok(key) = serde_json::from_slice::<String>(&quoted) {
            self.key = key.into_bytes();
        }
    }

    /// Takes a byte outside of quotes.
    fn step(&mut self, byte: u8, sink: &mut impl FnMut(Event<'_>)) {
        if self.depth > 0 {
            if self.keeps.is_some() {
                self.keep(&[byte]);
            }
            match byte {
                b'"' => self.text = Text::Inside,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.end_value(sink);
                    }
                }
                _ => {}
            }
            self.is_broken |= self.depth > DEEPEST;
            return;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b':' => self.end_scalar(sink),
            b',' => {
                self.end_scalar(sink);
                let place = self.places.last();
                self.expects_key = !matches!(place, Some(Place::Entries | Place::Messages));
            }
            b'}' | b']' => {
                self.end_scalar(sink);
                self.close(byte, sink);
            }
            b'"' if self.expects_key => {
                self.expects_key = false;
                self.key.clear();
                self.text = Text::Key;
            }
            b'"' => {
                self.begin_value(byte);
                self.text = Text::Inside;
            }
            b'{' | b'[' => self.open(byte, sink),
            _ if self.in_scalar => {
                if self.keeps.is_some() {
                    self.keep(&[byte]);
                }
            }
            _ => {
                self.begin_value(byte);
                self.in_scalar = true;
            }
        }
    }

    /// What the value is that begins here.
    fn next(&self) -> Next {
        let place = self.places.last().copied().unwrap_or(Place::File);
        // Writers name their own fields with underscores before them, or without.
        let key = self.key.strip_prefix(b"_").unwrap_or(&self.key);
        match (place, key) {
            (Place::File, _) => Next::Container(Place::Root),
            (Place::Root, b"log") => Next::Container(Place::Log),
            (Place::Log, b"creator") => Next::Wanted(Of::Creator),
            (Place::Log, b"entries") => Next::Container(Place::Entries),
            (Place::Entries, _) => Next::Container(Place::Entry),
            (Place::Entry, b"startedDateTime") => Next::Wanted(Of::Started),
            (Place::Entry, b"time") => Next::Wanted(Of::Time),
            (Place::Entry, b"resourceType") => Next::Wanted(Of::Resource),
            (Place::Entry, b"request") => Next::Container(Place::Request),
            (Place::Entry, b"response") => Next::Container(Place::Response),
            (Place::Entry, key) if key.eq_ignore_ascii_case(b"webSocketMessages") => {
                Next::Container(Place::Messages)
            }
            (Place::Request, b"url") => Next::Wanted(Of::Url),
            (Place::Request, b"headers") => Next::Wanted(Of::RequestHeaders),
            (Place::Response, b"status") => Next::Wanted(Of::Status),
            (Place::Response, b"httpVersion") => Next::Wanted(Of::Version),
            (Place::Response, b"statusText") => Next::Wanted(Of::StatusText),
            (Place::Response, b"headers") => Next::Wanted(Of::ResponseHeaders),
            (Place::Response, b"error") => Next::Wanted(Of::Error),
            (Place::Messages, _) => Next::Wanted(Of::Message),
            _ => Next::Unwanted,
        }
    }

    /// Begins a value that is no container, or none that is followed.
    fn begin_value(&mut self, byte: u8) {
        self.kept.clear();
        self.left_out = 0;
        self.keeps = match self.next() {
            Next::Wanted(of) => Some(of),
            _ => None,
        };
        if self.keeps.is_some() {
            self.keep(&[byte]);
        }
    }

    fn end_value(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        if let Some(of) = self.keeps.take() {
            sink(Event::Value(of, &self.kept, self.left_out));
            // One large message does not cost its memory for ever.
            self.kept.clear();
            self.kept.shrink_to(1 << 16);
        }
    }

    fn end_scalar(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        if std::mem::take(&mut self.in_scalar) {
            self.end_value(sink);
        }
    }

    /// Begins an object or a list.
    fn open(&mut self, byte: u8, sink: &mut impl FnMut(Event<'_>)) {
        let is_list = byte == b'[';
        match self.next() {
            Next::Container(place)
                if is_list == matches!(place, Place::Entries | Place::Messages) =>
            {
                self.places.push(place);
                self.expects_key = !is_list;
                self.key.clear();
                match place {
                    Place::Entries => self.has_entries = true,
                    Place::Entry => sink(Event::Entry),
                    Place::Messages => sink(Event::Messages),
                    _ => {}
                }
            }
            _ => {
                self.begin_value(byte);
                self.depth = 1;
            }
        }
    }

    fn close(&mut self, byte: u8, sink: &mut impl FnMut(Event<'_>)) {
        let is_list = byte == b']';
        match self.places.pop() {
            Some(Place::File) | None => {
                self.places.push(Place::File);
                self.is_broken = true;
            }
            Some(place) => {
                self.is_broken |= is_list != matches!(place, Place::Entries | Place::Messages);
                self.expects_key = false;
                if place == Place::Entry {
                    sink(Event::End);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#" {"log": {"version":"1.2","creator":{"name":"a\"}]"},"entries":[
        {"_resourceType":"websocket","time": 12.5 ,"timings":{"x":[1,{"y":"}"}]},
         "_webSocketMessages":[{"type":"send","data":"{\"a\":[1]}"},{"type":"receive"}],
         "request":{"url":"ws:\/\/h/","headers":[{"name":"n","value":"v"}],"postData":"\\"},
         "response":{"status":101,"content":{"text":"]}"}}},
        {"time":null,"request":7}], "comment":"\u0022"}}"#;

    fn events(step: usize) -> (Vec<String>, Scanner) {
        let mut scanner = Scanner::default();
        let mut seen = Vec::new();
        for piece in FILE.as_bytes().chunks(step) {
            scanner.feed(piece, &mut |event| {
                seen.push(match event {
                    Event::Value(of, value, 0) => {
                        format!("{of:?} {}", String::from_utf8_lossy(value))
                    }
                    other => format!("{other:?}"),
                });
            });
        }
        (seen, scanner)
    }

    #[test]
    fn what_is_wanted_is_handed_out_however_the_file_comes() {
        for step in [1, 2, 7, 4096] {
            let (seen, scanner) = events(step);
            assert_eq!(
                seen,
                [
                    r#"Creator {"name":"a\"}]"}"#,
                    "Entry",
                    r#"Resource "websocket""#,
                    "Time 12.5",
                    "Messages",
                    r#"Message {"type":"send","data":"{\"a\":[1]}"}"#,
                    r#"Message {"type":"receive"}"#,
                    r#"Url "ws:\/\/h/""#,
                    r#"RequestHeaders [{"name":"n","value":"v"}]"#,
                    "Status 101",
                    "End",
                    "Entry",
                    "Time null",
                    "End",
                ],
                "{step}"
            );
            assert!(scanner.is_whole() && !scanner.is_broken && scanner.has_entries);
        }
    }

    #[test]
    fn a_file_that_is_cut_is_not_whole() {
        let mut scanner = Scanner::default();
        scanner.feed(&FILE.as_bytes()[..FILE.len() - 1], &mut |_| {});
        assert!(!scanner.is_whole() && !scanner.is_broken);
        let mut scanner = Scanner::default();
        scanner.feed(b"{\"log\":{]", &mut |_| {});
        assert!(scanner.is_broken);
    }

    #[test]
    fn a_value_without_end_is_bounded() {
        let mut scanner = Scanner::default();
        let head = br#"{"log":{"entries":[{"_webSocketMessages":[{"data":""#;
        scanner.feed(head, &mut |_| {});
        for _ in 0..40 {
            scanner.feed(&[b'a'; 1 << 20], &mut |_| {});
        }
        assert!(scanner.held_bytes() <= LONGEST_VALUE);
    }
}
