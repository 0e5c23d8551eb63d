//! The closes in a log of any size, counted by what happened.
//!
//! A log comes in blocks of any length. Each block is looked through for a few short texts
//! ([`ANCHORS`]), all at once, with the vector instructions of the processor; only a line with one
//! of them is looked at. What is kept is a bounded number of groups, so that memory does not grow
//! with the log.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use memchr::{memchr, memchr_iter, memrchr};

use super::time::Time;
use super::{LONGEST_LINE, Reading, Subject, clues, needles, read_among, text};
use crate::facts::lines::{Producer, SHAPES, Shape, Way};

/// How many groups are kept unless somebody asks for another number.
pub const MOST_GROUPS: usize = 1000;
/// What a log is looked through for: each needle has one of these in it, which a law checks.
///
/// They are few, because more than 64 cannot be sought all at once with vector instructions, and
/// such as other programs seldom write.
pub const ANCHORS: &[&str] = &[
    "ebSocket",
    "ebsocket",
    " frame",
    "handshake",
    "Handshake",
    " opcode",
    " reserved ",
    "(code",
    "; then ",
    " CLOSE ",
    "D-- ",
    "=SHUTDOWN,",
    "=NO_CLOSE,",
    "loseStatus",
    "loseReason",
    "loseEvent {",
    "loseFrame {",
    "loseCode",
    "losecode",
    "lose_code",
    "lose code",
    "lose status",
    "lose_status",
    "code = ",
    "ode must b",
    "First argument must",
    "\"code\":",
    "tion closed (",
    "ConnectionClosed: ",
    "closed uncleanly",
    "losed with status",
    "work with closed",
    "by remote peer",
    "remote host",
    " received after clo",
    "tion rejected (",
    "upgraded connection",
    "while the page was",
    "t establish a con",
    "tion establishment",
    "Frame cannot be",
    " be clear",
    "status code '101",
    "nvalid status code",
    "non-101 status",
    "set Upgrade header",
    "xpected server res",
    "contact server. S",
    "ayload size exceed",
    "essage size ",
    "essage too l",
    "No PONG",
    "read limited at",
    "new message but pre",
    "to 4999: rec",
    "UT0020",
    "WSMsgType.CLOSE",
    "{:local, ",
    "{:remote, ",
];
/// The most bytes that one of them has; a law holds them to it.
pub const LONGEST_ANCHOR: usize = 24;
/// How many kinds of lines are kept that look like a close and could not be read.
const MOST_UNREAD: usize = 100;
/// How much of a reason tells groups apart, and of a line is kept as an example, in characters.
const LONGEST_KEPT: usize = 200;

/// Reads a log in blocks. A clone of one that has read nothing costs little.
#[derive(Clone)]
pub struct Scanner {
    anchors: AhoCorasick,
    needles: AhoCorasick,
    /// For each of the needles, the shapes that have it.
    shapes_with: Vec<Vec<usize>>,
    shapes: Vec<&'static Shape>,
    most_groups: usize,
    /// The beginning of a line whose end has not come.
    held: Vec<u8>,
    /// Of a line that is longer than what is held of it, the last bytes that came.
    tail: Vec<u8>,
    /// Whether one of the texts stands in what is not held of the line.
    is_cut: bool,
    findings: Findings,
    places: HashMap<Key, usize>,
    unread_places: HashMap<String, usize>,
}

/// What tells groups apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    producer: Option<&'static str>,
    subject: Subject,
    way: Option<Way>,
    answer: Option<u16>,
    status: Option<u16>,
    reason: String,
}

/// What a log says.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many lines.
    pub lines: u64,
    /// How many closes were read, those without a group of their own included.
    pub closes: u64,
    /// The groups, most frequent first.
    pub groups: Vec<Group>,
    /// How many closes fell into further groups, which are not kept.
    pub overflow: u64,
    /// How many of those were no clean close.
    pub overflow_unclean: u64,
    /// How many lines look like a close and could not be read.
    pub unread: u64,
    /// The first of each kind of these lines, most frequent first.
    pub unread_lines: Vec<Unread>,
    /// How many lines are longer than what is read of a line, with something that looks like a
    /// close behind it.
    pub cut: u64,
}

/// Closes that are alike.
#[derive(Clone, Debug)]
pub struct Group {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub reading: Reading,
    /// Their reason, with `N` for each number where it has numbers.
    pub reason: String,
    /// The time of the earliest, where its line has one.
    pub first: Option<Time>,
    /// The time of the latest.
    pub last: Option<Time>,
    /// The line of the first of them, as far as it is kept.
    pub example: String,
}

/// Lines that look like a close and could not be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// How many of this kind there are.
    pub count: u64,
    /// The first of them, as far as it is kept.
    pub line: String,
}

impl Findings {
    /// Whether nothing but clean closes was found.
    pub fn is_clean(&self) -> bool {
        self.overflow_unclean == 0 && self.groups.iter().all(|group| group.reading.is_clean())
    }
}

impl Scanner {
    /// A scanner that keeps at most so many groups.
    ///
    /// # Errors
    ///
    /// Never, in fact: the tables would have to be larger than any that can be built.
    pub fn new(most_groups: usize) -> Result<Self, BuildError> {
        let shapes: Vec<&'static Shape> = SHAPES.iter().filter(|shape| !shape.is_common).collect();
        let needles = needles();
        let with = |needle: &&str| {
            let has = |shape: &&'static Shape| shape.needles.contains(needle);
            let found = shapes.iter().enumerate().filter(|(_, shape)| has(shape));
            found.map(|(index, _)| index).collect()
        };
        Ok(Scanner {
            anchors: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(ANCHORS)?,
            shapes_with: needles.iter().map(with).collect(),
            needles: AhoCorasick::new(needles)?,
            shapes,
            most_groups,
            held: Vec::new(),
            tail: Vec::new(),
            is_cut: false,
            findings: Findings::default(),
            places: HashMap::new(),
            unread_places: HashMap::new(),
        })
    }

    /// Takes the next block.
    pub fn feed(&mut self, block: &[u8]) {
        self.findings.bytes += block.len() as u64;
        let mut block = block;
        if !self.held.is_empty() {
            let Some(end) = memchr(b'\n', block) else {
                self.hold(block);
                return;
            };
            let (line, rest) = block.split_at(end);
            self.hold(line);
            self.take_held();
            self.findings.lines += 1;
            block = rest.get(1..).unwrap_or_default();
        }
        let whole = memrchr(b'\n', block).map_or(0, |end| end + 1);
        let (lines, rest) = block.split_at(whole);
        self.findings.lines += memchr_iter(b'\n', lines).count() as u64;
        self.take_lines(lines);
        self.hold(rest);
    }

    /// Takes the end of the log. Another may follow.
    pub fn end_log(&mut self) {
        if !self.held.is_empty() {
            self.take_held();
            self.findings.lines += 1;
        }
    }

    /// What all the logs say.
    pub fn finish(mut self) -> Findings {
        self.end_log();
        // Of groups that are as frequent as each other the one that was seen first comes first.
        self.findings
            .groups
            .sort_by_key(|group| std::cmp::Reverse(group.count));
        self.findings
            .unread_lines
            .sort_by_key(|unread| std::cmp::Reverse(unread.count));
        self.findings
    }

    /// Keeps the beginning of a line, as much of it as is read. What comes behind is only looked
    /// through.
    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.held.len());
        let (fitting, rest) = bytes.split_at(room.min(bytes.len()));
        self.held.extend_from_slice(fitting);
        if rest.is_empty() {
            return;
        }
        if self.tail.is_empty() {
            self.tail.extend_from_slice(last(&self.held));
        }
        if !self.is_cut {
            // A text may stand across two blocks.
            self.tail
                .extend_from_slice(rest.get(..LONGEST_ANCHOR).unwrap_or(rest));
            self.is_cut = self.anchors.is_match(&self.tail) || self.anchors.is_match(rest);
        }
        let joined = [last(&self.tail), last(rest)].concat();
        self.tail = last(&joined).to_vec();
    }

    fn take_held(&mut self) {
        let held = std::mem::take(&mut self.held);
        self.findings.cut += u64::from(std::mem::take(&mut self.is_cut));
        self.tail.clear();
        if self.anchors.is_match(&held) {
            self.take_line(&held);
        }
        self.held = held;
        self.held.clear();
    }

    /// Takes whole lines, each with its end.
    fn take_lines(&mut self, lines: &[u8]) {
        let mut from = 0;
        while let Some(rest) = lines.get(from..) {
            let Some(hit) = self.anchors.find(rest) else {
                return;
            };
            let at = from + hit.start();
            let start = lines
                .get(from..at)
                .and_then(|before| memrchr(b'\n', before));
            let start = start.map_or(from, |end| from + end + 1);
            let end = lines.get(at..).and_then(|behind| memchr(b'\n', behind));
            let end = end.map_or(lines.len(), |length| at + length);
            if let Some(line) = lines.get(start..end) {
                // Read as one that comes in blocks is read.
                let (front, rest) = line.split_at(line.len().min(LONGEST_LINE));
                if !rest.is_empty() {
                    let is_cut = self.anchors.is_match(&[last(front), rest].concat());
                    self.findings.cut += u64::from(is_cut);
                }
                self.take_line(front);
            }
            from = end + 1;
        }
    }

    /// Takes a line that has one of the texts.
    fn take_line(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let line = text::without_colors(line.trim_end_matches(['\n', '\r']));
        let candidates = self.candidates(&line);
        let judged = || clues::judge(&line).filter(Reading::is_counted);
        match read_among(candidates.into_iter(), &line).or_else(judged) {
            Some(reading) => self.count(reading, &line),
            None if clues::looks_like_a_close(&line) => self.count_unread(&line),
            None => {}
        }
    }

    /// The shapes that have one of their needles in the line, in the order of the table.
    fn candidates(&self, line: &str) -> Vec<&'static Shape> {
        let mut indexes: Vec<usize> = self
            .needles
            .find_overlapping_iter(line)
            .filter_map(|found| self.shapes_with.get(found.pattern().as_usize()))
            .flatten()
            .copied()
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        let shapes = indexes.iter().filter_map(|index| self.shapes.get(*index));
        shapes.copied().collect()
    }

    fn count(&mut self, reading: Reading, line: &str) {
        self.findings.closes += 1;
        let close = reading.close.as_ref();
        let key = Key {
            producer: reading.producer.map(|producer: &Producer| producer.id),
            subject: reading.subject(),
            way: close.map(|close| close.way),
            answer: reading.answer.as_ref().map(|answer| answer.code),
            status: reading.status.or(reading.refused),
            reason: numbers_as_n(close.map_or(&reading.detail, |close| &close.reason)),
        };
        let time = Time::of(line);
        let group = match self.places.get(&key) {
            Some(place) => self.findings.groups.get_mut(*place),
            None if self.findings.groups.len() < self.most_groups => {
                self.places.insert(key.clone(), self.findings.groups.len());
                self.findings.groups.push(Group {
                    count: 0,
                    reason: key.reason,
                    first: None,
                    last: None,
                    example: kept(line),
                    reading,
                });
                self.findings.groups.last_mut()
            }
            None => {
                self.findings.overflow += 1;
                self.findings.overflow_unclean += u64::from(!reading.is_clean());
                None
            }
        };
        if let Some(group) = group {
            group.count += 1;
            if let Some(time) = time {
                Time::widen(&mut group.first, &mut group.last, time);
            }
        }
    }

    fn count_unread(&mut self, line: &str) {
        self.findings.unread += 1;
        let kind = numbers_as_n(line);
        match self.unread_places.get(&kind) {
            Some(place) => {
                if let Some(unread) = self.findings.unread_lines.get_mut(*place) {
                    unread.count += 1;
                }
            }
            None if self.findings.unread_lines.len() < MOST_UNREAD => {
                self.unread_places
                    .insert(kind, self.findings.unread_lines.len());
                self.findings.unread_lines.push(Unread {
                    count: 1,
                    line: kept(line),
                });
            }
            None => {}
        }
    }
}

/// The last bytes, as many as one of the texts can have.
fn last(bytes: &[u8]) -> &[u8] {
    bytes
        .get(bytes.len().saturating_sub(LONGEST_ANCHOR)..)
        .unwrap_or_default()
}

/// The front of a text, as much as is kept.
fn kept(text: &str) -> String {
    text.chars().take(LONGEST_KEPT).collect()
}

/// The front of a text with `N` for each number, so that texts that differ only in their numbers
/// are the same. So is a word of hex digits that has digits in it.
fn numbers_as_n(text: &str) -> String {
    let text = kept(text);
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let length = rest.len() - rest.trim_start_matches(is_word).len();
        let (word, behind) = rest.split_at(length);
        if word.is_empty() {
            plain.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        let is_hex = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        if has_digit && is_hex {
            plain.push('N');
        } else if has_digit {
            let mut was_digit = false;
            for character in word.chars() {
                let is_digit = character.is_ascii_digit();
                if !is_digit {
                    plain.push(character);
                } else if !was_digit {
                    plain.push('N');
                }
                was_digit = is_digit;
            }
        } else {
            plain.push_str(word);
        }
        rest = behind;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(log: &[u8], step: usize, most_groups: usize) -> Findings {
        let mut scanner = Scanner::new(most_groups).expect("it is built");
        for block in log.chunks(step) {
            scanner.feed(block);
        }
        scanner.finish()
    }

    #[test]
    fn how_a_log_is_cut_into_blocks_makes_no_difference() {
        let log = b"a\nx websocket: close 1006 (abnormal closure): unexpected EOF\n\nb\nsent 1000 (OK); then received 1000 (OK)\nx websocket: close 1006 (abnormal closure): unexpected EOF\nwebsocket closed";
        let whole = format!("{:?}", scan(log, log.len(), 10));
        assert!(
            whole.contains("lines: 7") && whole.contains("closes: 3"),
            "{whole}"
        );
        for step in 1..80 {
            assert_eq!(format!("{:?}", scan(log, step, 10)), whole, "{step}");
        }
    }

    #[test]
    fn reasons_that_differ_in_numbers_are_one_group() {
        assert_eq!(
            numbers_as_n("frame with 1049600 bytes"),
            "frame with N bytes"
        );
        assert_eq!(
            numbers_as_n("session 4f2a99c1e7 of h2 é"),
            "session N of hN é"
        );
        let log: String = (0..50)
            .map(|n| format!("sent 1009 (message too big) frame with {n} bytes exceeds limit of 9 bytes; no close frame received\n"))
            .collect();
        let findings = scan(log.as_bytes(), 100, 10);
        assert_eq!(findings.groups.len(), 1);
        assert_eq!(findings.groups[0].count, 50);
    }

    #[test]
    fn the_number_of_groups_is_bounded_and_the_rest_is_counted() {
        let log: String = (0..26)
            .flat_map(|n| [n, n])
            .map(|n| format!("websocket: close 4001: {}\n", char::from(b'a' + n)))
            .collect();
        let findings = scan(log.as_bytes(), 1000, 10);
        assert_eq!((findings.groups.len(), findings.overflow), (10, 32));
        assert_eq!(findings.closes, 52);
        assert!(!findings.is_clean());
    }

    #[test]
    fn what_lies_behind_the_part_of_a_line_that_is_read_is_said() {
        let mut log = vec![b'x'; LONGEST_LINE];
        log.extend(b" websocket: close 1006 (abnormal closure)\n");
        for step in [1000, log.len()] {
            let findings = scan(&log, step, 10);
            assert_eq!((findings.closes, findings.cut), (0, 1), "{step}");
        }
    }
}
