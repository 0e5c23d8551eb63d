//! A net log's JSON taken apart while it comes: the constants, then one event after another.
//!
//! Chromium writes an event a line, other programs may have laid the same JSON out anew; so what is
//! looked for is where objects begin and end. Of a log only one event is held at a time. A log that
//! is cut ends inside the list of its events, which is no error: most browsers are killed.

/// The longest constants that are read.
const LONGEST_CONSTANTS: usize = 4 << 20;
/// The longest event that is read. Everything of a connection's bytes comes in reads of 64 KiB.
const LONGEST_EVENT: usize = 4 << 20;
/// So much of a key is looked at.
const LONGEST_KEY: usize = 32;

/// A part of a net log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// The constants, with which the numbers in the events are read.
    Constants(&'a [u8]),
    /// An event.
    Event(&'a [u8]),
    /// An event that could not be read: too long, or torn.
    Lost,
}

/// In what the reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    None,
    Constants,
    Events,
    Other,
}

/// Takes a net log apart.
#[derive(Debug, Default)]
pub(super) struct Objects {
    section: Section,
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    /// The last string of the outermost object: the key of what follows.
    key: Vec<u8>,
    is_key: bool,
    /// What was seen of the object that is read.
    held: Vec<u8>,
    is_held: bool,
    is_too_long: bool,
    has_events_ended: bool,
    has_ended: bool,
}

impl Objects {
    /// Whether the list of the events came to its end.
    pub(super) fn has_events_ended(&self) -> bool {
        self.has_events_ended
    }

    /// Whether the log goes on inside something that was not ended.
    pub(super) fn is_inside(&self) -> bool {
        !self.has_ended
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(Part<'_>)) {
        // Where in `bytes` the object that is read begins.
        let mut begins = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if self.has_ended {
                return;
            }
            if self.in_string {
                self.string(byte);
                if byte == b'\n' && self.section == Section::Events && self.depth > 2 {
                    // No string of JSON has a line break: what was being written was torn.
                    self.tear(&mut sink);
                }
                continue;
            }
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.is_key = self.depth == 1;
                    if self.is_key {
                        self.key.clear();
                    }
                }
                b'{' | b'[' => {
                    if self.depth == 1 {
                        self.section = self.begins(byte);
                    }
                    self.depth = self.depth.saturating_add(1);
                    if self.is_first(byte) {
                        begins = at;
                        self.is_held = true;
                    }
                }
                b'}' | b']' => {
                    let is_last = self.is_held && self.is_last();
                    if is_last {
                        self.hold(bytes.get(begins..=at).unwrap_or_default());
                        self.give(&mut sink);
                    }
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 1 {
                        self.has_events_ended |= self.section == Section::Events;
                        self.section = Section::None;
                    }
                    self.has_ended = self.depth == 0;
                }
                _ => {}
            }
        }
        if self.is_held {
            self.hold(bytes.get(begins..).unwrap_or_default());
        }
    }

    fn string(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            self.is_key = false;
            return;
        }
        if self.is_key && self.key.len() < LONGEST_KEY {
            self.key.push(byte);
        }
    }

    /// What a value of the outermost object is.
    fn begins(&self, byte: u8) -> Section {
        match (self.key.as_slice(), byte) {
            (b"constants", b'{') => Section::Constants,
            (b"events", b'[') => Section::Events,
            _ => Section::Other,
        }
    }

    /// Whether an object begins that is wanted; its own depth counts already.
    fn is_first(&self, byte: u8) -> bool {
        byte == b'{'
            && match self.section {
                Section::Constants => self.depth == 2,
                Section::Events => self.depth == 3,
                Section::None | Section::Other => false,
            }
    }

    /// Whether the object that is read ends.
    fn is_last(&self) -> bool {
        self.depth
            == if self.section == Section::Events {
                3
            } else {
                2
            }
    }

    fn hold(&mut self, bytes: &[u8]) {
        let longest = match self.section {
            Section::Events => LONGEST_EVENT,
            _ => LONGEST_CONSTANTS,
        };
        if self.held.len() + bytes.len() > longest {
            self.is_too_long = true;
            self.held = Vec::new();
        }
        if !self.is_too_long {
            self.held.extend_from_slice(bytes);
        }
    }

    fn give(&mut self, sink: &mut impl FnMut(Part<'_>)) {
        match (self.is_too_long, self.section) {
            (true, _) => sink(Part::Lost),
            (false, Section::Events) => sink(Part::Event(&self.held)),
            (false, _) => sink(Part::Constants(&self.held)),
        }
        self.let_go();
    }

    fn let_go(&mut self) {
        self.held.clear();
        self.is_held = false;
        self.is_too_long = false;
    }

    fn tear(&mut self, sink: &mut impl FnMut(Part<'_>)) {
        sink(Part::Lost);
        self.let_go();
        self.in_string = false;
        self.is_escaped = false;
        self.depth = 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(log: &[u8], step: usize) -> (Vec<String>, bool) {
        let mut objects = Objects::default();
        let mut parts = Vec::new();
        for piece in log.chunks(step) {
            objects.feed(piece, |part| {
                parts.push(match part {
                    Part::Constants(bytes) => format!("c {}", String::from_utf8_lossy(bytes)),
                    Part::Event(bytes) => format!("e {}", String::from_utf8_lossy(bytes)),
                    Part::Lost => "lost".to_owned(),
                });
            });
        }
        (parts, objects.has_events_ended())
    }

    #[test]
    fn a_log_comes_in_pieces_and_in_any_layout() {
        let log = br#"{"constants":{"a":{"}":[1]}},
"events": [
{"x":"]}\"","y":{"z":[]}},
{"x":2}],
"polledData": [{"events":[{"no":1}]}]
}
{"constants":{}}"#;
        let laid_out = b"{ \"constants\" : {\n \"a\": 1\n},\n \"events\": [\n {\n \"x\": 2 }\n ] }";
        for step in [1, 7, 4096] {
            let (seen, has_ended) = parts(log, step);
            let expected = [
                r#"c {"a":{"}":[1]}}"#,
                r#"e {"x":"]}\"","y":{"z":[]}}"#,
                r#"e {"x":2}"#,
            ];
            assert_eq!(seen, expected);
            assert!(has_ended);
            let (seen, _) = parts(laid_out, step);
            assert_eq!(seen, ["c {\n \"a\": 1\n}", "e {\n \"x\": 2 }"]);
        }
    }

    #[test]
    fn a_torn_event_costs_itself_alone() {
        let log = b"{\"constants\":{},\n\"events\": [\n{\"x\":\"torn\n{\"x\":2},\n{\"x\":3";
        assert_eq!(
            parts(log, 5),
            (
                vec![
                    "c {}".to_owned(),
                    "lost".to_owned(),
                    "e {\"x\":2}".to_owned()
                ],
                false
            )
        );
    }

    #[test]
    fn what_is_too_long_is_not_held() {
        let mut log = b"{\"constants\":{},\"events\":[{\"x\":\"".to_vec();
        log.resize(LONGEST_EVENT + 100, b'a');
        log.extend(b"\"},{\"x\":2}]}");
        let mut objects = Objects::default();
        let mut seen = Vec::new();
        for piece in log.chunks(1000) {
            objects.feed(piece, |part| seen.push(matches!(part, Part::Event(_))));
            assert!(objects.held.capacity() <= 2 * LONGEST_EVENT);
        }
        // The constants, what was lost, and the next.
        assert_eq!(seen, [false, false, true]);
    }
}
