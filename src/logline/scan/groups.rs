//! What was found in a log: closes that are alike, counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::class::{Certainty, Doubt, Nameless, Told};
use super::rhythm::{Lasted, Rhythm};
use crate::escape::hide;
use crate::facts::lines::{Producer, Way};
use crate::logline::{Reading, Subject, Time};

/// How many kinds of lines are kept that look like a close and could not be read.
const MOST_UNREAD: usize = 100;
/// How much of a reason tells groups apart, and of a line is kept as an example, in characters.
const LONGEST_KEPT: usize = 200;

/// What tells groups apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    certainty: Certainty,
    producer: Option<&'static str>,
    subject: Subject,
    way: Option<Way>,
    answer: Option<u16>,
    status: Option<u16>,
    reason: String,
}

/// What a log says.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Findings {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many lines.
    pub lines: u64,
    /// How many closes are certain, those without a group of their own included.
    pub closes: u64,
    /// How many are probable, those without a group of their own included.
    pub probable: u64,
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
    /// How many lines tell of a connection that failed and name no WebSocket, where the path of a request or
    /// the rest of the log suggests one.
    pub nameless: u64,
    /// The first of each kind of these lines, most frequent first.
    pub nameless_lines: Vec<Unread>,
    /// How many lines are longer than what is read of a line, with something that looks like a
    /// close behind it.
    pub cut: u64,
    /// How many closes have no time that could be compared with the one that was asked for.
    pub untimed: u64,
    /// The first time in the logs.
    pub from: Option<Time>,
    /// The last.
    pub to: Option<Time>,
}

/// Closes that are alike.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// How many there are.
    pub count: u64,
    /// How certain they are.
    pub certainty: Certainty,
    /// What is uncertain about them.
    pub doubts: Vec<Doubt>,
    /// The first of them.
    pub reading: Reading,
    /// Their reason, with `N` for each number where it has numbers.
    pub reason: String,
    /// The time of the earliest, where its line has one.
    pub first: Option<Time>,
    /// The time of the latest.
    pub last: Option<Time>,
    /// The log in which the first of them stands; none for standard input.
    pub file: Option<Arc<str>>,
    /// The number of its line there.
    pub line: u64,
    /// The line, as far as it is kept, without its secrets.
    pub example: String,
    /// When they ended.
    pub rhythm: Rhythm,
}

/// Lines that look like a close and could not be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Unread {
    /// How many of this kind there are.
    pub count: u64,
    /// The log in which the first stands; none for standard input.
    pub file: Option<Arc<str>>,
    /// The number of its line there.
    pub at: u64,
    /// The first of them, as far as it is kept, without its secrets.
    pub line: String,
}

/// Where something stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) file: Option<Arc<str>>,
    pub(super) line: u64,
}

impl Findings {
    /// Whether nothing but clean closes was found, and nothing that could not be read.
    pub fn is_clean(&self) -> bool {
        let is_read = self.unread == 0 && self.nameless == 0 && self.cut == 0;
        is_read
            && self.overflow_unclean == 0
            && self.groups.iter().all(|group| group.reading.is_clean())
    }

    /// The groups of one certainty.
    pub fn groups_of(&self, certainty: Certainty) -> impl Iterator<Item = &Group> {
        self.groups
            .iter()
            .filter(move |group| group.certainty == certainty)
    }

    /// How long the logs lasted; `None` where they do not say.
    fn span(&self) -> Option<Duration> {
        self.to.as_ref()?.since(self.from.as_ref()?)
    }
}

/// The findings as they are counted.
#[derive(Clone)]
pub(super) struct Tally {
    pub(super) findings: Findings,
    most_groups: usize,
    places: HashMap<Key, usize>,
    unread: Kinds,
    /// Lines about connections that name no WebSocket: by their requests, and all others.
    nameless: [Kinds; 2],
    /// Whether any line of the logs names a WebSocket.
    pub(super) names_websocket: bool,
}

/// Lines of which no close is read, by their kinds.
#[derive(Clone, Default)]
struct Kinds {
    count: u64,
    lines: Vec<Unread>,
    places: HashMap<String, usize>,
}

impl Kinds {
    fn take(&mut self, line: &str, place: Place) {
        self.count += 1;
        let kind = numbers_as_n(line);
        match self.places.get(&kind) {
            Some(place) => {
                if let Some(known) = self.lines.get_mut(*place) {
                    known.count += 1;
                }
            }
            None if self.lines.len() < MOST_UNREAD => {
                self.places.insert(kind, self.lines.len());
                self.lines.push(Unread {
                    count: 1,
                    file: place.file,
                    at: place.line,
                    line: excerpt(line),
                });
            }
            None => {}
        }
    }

    /// How many there are, and the first of each kind, the most frequent first.
    fn finish(mut self) -> (u64, Vec<Unread>) {
        self.lines
            .sort_by_key(|unread| std::cmp::Reverse(unread.count));
        (self.count, self.lines)
    }
}

impl Tally {
    pub(super) fn new(most_groups: usize) -> Self {
        Tally {
            findings: Findings::default(),
            most_groups,
            places: HashMap::new(),
            unread: Kinds::default(),
            nameless: Default::default(),
            names_websocket: false,
        }
    }

    /// What all the logs say.
    pub(super) fn finish(mut self) -> Findings {
        let span = self.findings.span();
        let groups = &mut self.findings.groups;
        for group in groups.iter_mut() {
            group.rhythm.finish(span);
        }
        // Of groups that are as frequent as each other the one that was seen first comes first.
        groups.sort_by_key(|group| (group.certainty, std::cmp::Reverse(group.count)));
        (self.findings.unread, self.findings.unread_lines) = self.unread.finish();
        let [by_path, silent] = self.nameless.map(Kinds::finish);
        (self.findings.nameless, self.findings.nameless_lines) = by_path;
        // What says nothing of WebSockets counts where the rest of the log does.
        if self.names_websocket {
            self.findings.nameless += silent.0;
            self.findings.nameless_lines.extend(silent.1);
            self.findings.nameless_lines.truncate(MOST_UNREAD);
        }
        self.findings
    }

    /// Counts what a record told. `line` is the text that it was read from.
    pub(super) fn count(
        &mut self,
        told: Told,
        line: &str,
        time: Option<Time>,
        lasted: Lasted,
        place: Place,
    ) {
        let (reading, doubts, certainty) = match told {
            Told::Certain(reading) => (reading, Vec::new(), Certainty::Certain),
            Told::Probable(reading, doubts) => (reading, doubts, Certainty::Probable),
            Told::Unread => return self.unread.take(line, place),
            Told::Nameless(why) => {
                let [by_path, silent] = &mut self.nameless;
                let kinds = match why {
                    Nameless::Path => by_path,
                    Nameless::Silent => silent,
                };
                return kinds.take(line, place);
            }
        };
        match certainty {
            Certainty::Certain => self.findings.closes += 1,
            Certainty::Probable => self.findings.probable += 1,
        }
        let key = key(&reading, certainty);
        let group = match self.places.get(&key) {
            Some(place) => self.findings.groups.get_mut(*place),
            None if self.findings.groups.len() < self.most_groups => {
                self.places.insert(key.clone(), self.findings.groups.len());
                self.findings.groups.push(Group {
                    count: 0,
                    certainty,
                    doubts,
                    reason: key.reason,
                    first: None,
                    last: None,
                    file: place.file,
                    line: place.line,
                    example: excerpt(line),
                    reading,
                    rhythm: Rhythm::default(),
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
            group.rhythm.take(lasted, time.as_ref());
            if let Some(time) = time {
                Time::widen(&mut group.first, &mut group.last, time);
            }
        }
    }
}

fn key(reading: &Reading, certainty: Certainty) -> Key {
    let close = reading.close.as_ref();
    Key {
        certainty,
        producer: reading.producer.map(|producer: &Producer| producer.id),
        subject: reading.subject(),
        way: close.map(|close| close.way),
        answer: reading.answer.as_ref().map(|answer| answer.code),
        status: reading.status.or(reading.refused),
        reason: numbers_as_n(close.map_or(&reading.detail, |close| &close.reason)),
    }
}

/// The front of a line, as much as is kept, without its secrets.
fn excerpt(line: &str) -> String {
    let front: String = line.chars().take(4 * LONGEST_KEPT).collect();
    kept(&hide(&front))
}

/// The front of a text, as much as is kept.
fn kept(text: &str) -> String {
    text.chars().take(LONGEST_KEPT).collect()
}

/// The front of a text with `N` for each number, so that texts that differ only in their numbers
/// are the same. So is a word of hex digits that has digits in it.
pub(super) fn numbers_as_n(text: &str) -> String {
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
