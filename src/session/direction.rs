//! The frames that one end sent, across gaps, with the packets that they came in.
//!
//! Judging is done by a [`Conversation`] of which the other end is silent. A gap ends it: where
//! the gap lies inside a payload, the next frame begins where that payload ends, and a new one
//! goes on there; else frames have to be found again.
//!
//! ```
//! use wsclose::capture::Reader;
//! use wsclose::session::direction::TimedClose;
//!
//! let capture = std::fs::read("tests/captures/a01_1000_client_ws_pyws.pcapng").unwrap();
//! let mut closes: Vec<TimedClose> = Vec::new();
//! let mut sink = |record: Box<wsclose::session::Record>| closes.extend(record.closes.clone());
//! let mut reader = Reader::default();
//! reader.feed(&capture, &mut sink).unwrap();
//! reader.finish(&mut sink).unwrap();
//! // The Close and its answer, each with the packet that it came in.
//! assert_eq!(closes.len(), 2);
//! assert!(closes[0].origin.packet < closes[1].origin.packet);
//! ```

use std::cell::Cell;
use std::collections::VecDeque;

use crate::application::late::LateReader;
use crate::application::{Label, Listener};
use crate::conversation::{self, Conversation, Options, SentClose, Unfinished};
use crate::extensions::Deflate;
use crate::frame::{Opcode, Sender};
use crate::inspect::{Close, Frame, Hint, History, Unseen};
use crate::rules::Finding;
use crate::scratch;

use super::finder::{Candidate, Confidence, find_at};
use super::transport::Origin;
use super::trial::Trial;

/// So many findings of an end are kept, its first and its last; the others are counted.
const FIRST_FINDINGS: usize = 16;
const LAST_FINDINGS: usize = 16;
/// So many Close frames of an end are kept.
const MOST_CLOSES: usize = 8;
/// So many hints of an end are kept.
const MOST_HINTS: usize = 8;
/// The bytes that the shortest frame of a client has, and of a server.
const LEAST_FRAME: [u64; 2] = [6, 2];
/// So many places are remembered, to tell the packet of a finding.
const MOST_PLACES: usize = 64;

/// A Close frame, and when it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedClose {
    /// Who sent it.
    pub sender: Sender,
    /// What it says.
    pub close: Close,
    /// Whether a part of it was not captured.
    pub is_truncated: bool,
    /// The length of its payload.
    pub length: u64,
    /// The packet in which it ends; of one that is cut, that in which it begins.
    pub origin: Origin,
    /// The offset behind it in its sender's stream.
    pub ends_at: u64,
    /// How much of the other end's stream its sender had acknowledged with it; `None` where
    /// that is not known.
    pub had_received: Option<u64>,
}

/// A finding and where it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Who broke the rule.
    pub sender: Sender,
    /// What was found. Its offset is in its sender's TCP stream.
    pub finding: Finding,
    /// The packet that it is in.
    pub origin: Origin,
}

/// A frame that the stream ends inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutFrame {
    /// What it was.
    pub opcode: Option<Opcode>,
    /// Where it begins.
    pub at: u64,
    /// The payload it announces, in bytes; `None` where its header is cut.
    pub length: Option<u64>,
    /// The payload bytes that were sent.
    pub present: u64,
}

/// A frame for a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameSeen {
    /// What it is.
    pub opcode: Opcode,
    /// Whether it ends its message.
    pub is_final: bool,
    /// Its payload in bytes.
    pub length: u64,
    /// What a Close says.
    pub close: Option<Close>,
    /// The rules that it breaks.
    pub rules: Vec<&'static str>,
    /// What the message is that it ends, where its protocol is known.
    pub label: Option<Label>,
}

/// What else came out of bytes that were fed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    Ping(Vec<u8>, Origin),
    Pong(Vec<u8>, Origin),
    Frame(FrameSeen, Origin),
    /// From here on nothing of it was so.
    Retracted(Origin),
}

/// Bytes of a frame that is under way: from where on, in which packet, and how much of the other end's stream their
/// sender had received then, where that is known.
#[derive(Clone, Copy, Debug)]
struct Place {
    begins: u64,
    origin: Origin,
    had_received: Option<u64>,
}

/// What one end sent.
#[derive(Debug)]
pub(super) struct Direction {
    sender: Sender,
    /// The compression agreed on; `None` inside where there is none, outside where nobody knows.
    pub(super) deflate: Option<Option<Deflate>>,
    max_message_size: Option<u64>,
    pub(super) conversation: Option<Box<Conversation>>,
    /// Where the next frame begins, behind the gap that a payload has.
    pub(super) resumes_at: Option<u64>,
    /// The bytes that may stand before its first frame: the body that a 101 announces.
    pub(super) body: u64,
    /// Whether they did.
    pub(super) has_body: bool,
    /// Whether the frames there were found, by what has not been walked here.
    is_found_there: bool,
    /// Frames that were found, until they are believed whatever follows.
    pub(super) trial: Option<Box<Trial>>,
    /// Whether there were some that turned out to be none.
    pub(super) is_retracted: bool,
    /// Whether a message may be open that nobody saw begin.
    pub(super) may_be_inside_message: bool,
    /// Whether the listener has not been told of a gap.
    pub(super) is_gap_untold: bool,
    /// How sure it is that these are frames, where they had to be found.
    pub(super) confidence: Option<Confidence>,
    /// Bytes that lie between a gap and the next frame that was found.
    pub(super) unread: u64,
    /// From where on nothing of it could be read.
    unread_from: Option<u64>,
    /// From where on a Close may be hidden in what was not seen; nothing that was seen later denies it.
    pub(super) hidden: Option<u64>,
    /// Whether that may be before the first byte that was seen.
    pub(super) is_headless: bool,
    /// Where frames were hidden last.
    pub(super) hidden_since: Option<Origin>,
    places: VecDeque<Place>,
    pub(super) earlier_frames: u64,
    pub(super) earlier_messages: u64,
    pub(super) history: History,
    pub(super) closes: Vec<TimedClose>,
    pub(super) first_close: Option<Box<SentClose>>,
    pub(super) findings: Vec<Found>,
    pub(super) finding_count: u64,
    pub(super) hints: Vec<Hint>,
    pub(super) pings: u64,
    pub(super) pongs: u64,
    pub(super) cut: Option<CutFrame>,
    /// Whether there is memory to inflate what is compressed.
    pub(super) may_inflate: bool,
    /// Whether there was not when it was needed.
    pub(super) is_not_inflated: bool,
    /// Whether every frame is to be told of.
    is_watched: bool,
    pub(super) heard: Vec<Heard>,
    /// HTTP in the place of frames, once that began.
    late: Option<Box<LateReader>>,
}

/// A Close, and what the other end had sent before it.
fn beside(closed: &SentClose, other: &History) -> Box<SentClose> {
    Box::new(SentClose {
        other: other.clone(),
        ..closed.clone()
    })
}

/// How the frames of an end are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    pub(super) deflate: Option<Option<Deflate>>,
    pub(super) max_message_size: Option<u64>,
    pub(super) is_watched: bool,
}

impl Direction {
    /// An end whose frames begin at `at`; `None`: they have to be found.
    pub(super) fn new(sender: Sender, at: Option<u64>, reading: Reading) -> Self {
        let mut direction = Direction {
            sender,
            deflate: reading.deflate,
            max_message_size: reading.max_message_size,
            conversation: None,
            resumes_at: None,
            body: 0,
            has_body: false,
            is_found_there: false,
            trial: None,
            is_retracted: false,
            may_be_inside_message: at.is_none(),
            is_gap_untold: false,
            confidence: None,
            unread: 0,
            unread_from: None,
            hidden: at.is_none().then_some(0),
            is_headless: at.is_none(),
            hidden_since: None,
            places: VecDeque::new(),
            earlier_frames: 0,
            earlier_messages: 0,
            history: History::default(),
            closes: Vec::new(),
            first_close: None,
            findings: Vec::new(),
            finding_count: 0,
            hints: Vec::new(),
            pings: 0,
            pongs: 0,
            cut: None,
            may_inflate: true,
            is_not_inflated: false,
            is_watched: reading.is_watched,
            heard: Vec::new(),
            late: None,
        };
        if let Some(at) = at {
            direction.begin(at);
        }
        direction
    }

    /// An end whose frames were found to begin at `at`; `None`: they have to be found yet.
    pub(super) fn found(sender: Sender, at: Option<u64>, reading: Reading) -> Self {
        Direction {
            resumes_at: at,
            is_found_there: at.is_some(),
            ..Direction::new(sender, None, reading)
        }
    }

    /// The frames, one that is cut included.
    pub(super) fn frames(&self) -> u64 {
        let current = self.conversation.as_ref();
        self.earlier_frames + current.map_or(0, |current| current.frames())
    }

    /// The complete messages.
    pub(super) fn messages(&self) -> u64 {
        let current = self.conversation.as_ref();
        self.earlier_messages + current.map_or(0, |current| current.messages())
    }

    /// What it has sent since the last gap.
    pub(super) fn history(&self) -> &History {
        match &self.conversation {
            Some(conversation) => conversation.history(self.sender),
            None => &self.history,
        }
    }

    /// The bytes of memory that it takes to inflate its messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        let current = self.conversation.as_ref();
        current.map_or(0, |current| current.inflating_bytes())
    }

    fn begin(&mut self, at: u64) {
        self.unread_from = None;
        let mut deflate = self.deflate.flatten();
        // Behind a gap nobody knows what compressed messages refer to.
        if self.may_be_inside_message {
            deflate = deflate.filter(|deflate| !deflate.takes_over(self.sender));
            if deflate.is_none() {
                self.deflate = self.deflate.filter(Option::is_none);
            }
        }
        if deflate.is_some() && !self.may_inflate {
            self.is_not_inflated = true;
            deflate = None;
            self.deflate = None;
        }
        let options = Options {
            from: Some(self.sender),
            max_message_size: self.max_message_size,
            deflate,
        };
        let mut conversation = Box::new(Conversation::starting_at(at, options));
        conversation.hear_messages();
        conversation.begin_unseen(Unseen {
            agreement: self.deflate.is_none(),
            message: self.may_be_inside_message,
        });
        self.conversation = Some(conversation);
    }

    /// The code for a fault of the frame that is read.
    pub(super) fn fault_so_far(&self) -> Option<u16> {
        self.conversation.as_ref()?.fault_so_far()
    }

    /// The message that is open.
    pub(super) fn open_message(&self, sender: Sender) -> Option<Unfinished> {
        self.conversation.as_ref()?.open_message(sender)
    }

    /// Takes bytes of the stream. `other` is what the other end has sent so far.
    pub(super) fn take(
        &mut self,
        at: u64,
        bytes: &[u8],
        origin: Origin,
        is_cut: bool,
        other: &Direction,
        listener: &mut Listener,
    ) {
        let (mut at, mut bytes) = (at, bytes);
        self.meet_body(at, bytes);
        if let Some(resumes_at) = self.resumes_at {
            let skipped = usize::try_from(resumes_at.saturating_sub(at)).unwrap_or(usize::MAX);
            let Some(rest) = bytes.get(skipped..).filter(|rest| !rest.is_empty()) else {
                return;
            };
            (at, bytes) = (resumes_at.max(at), rest);
            self.resumes_at = None;
            if std::mem::take(&mut self.is_found_there) {
                self.trial =
                    Trial::of(Candidate::new(self.sender, at), (at, origin), self.so_far());
            }
            self.begin(at);
        }
        if self.is_disproved(bytes) {
            self.retract(at, origin);
        }
        if self.conversation.is_none() {
            match find_at(at, bytes, self.sender, is_cut) {
                Some((found, candidate)) => {
                    self.trial = Trial::of(candidate, (at, origin), self.so_far());
                    let before = self.confidence.unwrap_or(found);
                    self.confidence = Some(before.min(found));
                    self.begin(at);
                }
                None => {
                    self.unread += bytes.len() as u64;
                    // Few bytes at a time hide as much as many at once.
                    let from = *self.unread_from.get_or_insert(at);
                    self.hide(from, at + bytes.len() as u64, origin);
                    return;
                }
            }
        }
        let Some(conversation) = self.conversation.take() else {
            return;
        };
        if std::mem::take(&mut self.is_gap_untold) {
            listener.miss(self.sender);
        }
        let may_be_late = self.sender == Sender::Server
            && self.closes.is_empty()
            && conversation.rest_of_frame() == Some(0);
        if self.late.is_some() || may_be_late && LateReader::begins(bytes) {
            let late = self.late.get_or_insert_with(|| Box::new(LateReader::new()));
            late.feed(bytes);
            listener.late(late.late());
            self.conversation = Some(conversation);
            return;
        }
        if self.places.len() == MOST_PLACES {
            self.places.pop_front();
        }
        // Most connections need one, and a deque of its own accord takes room for four.
        if self.places.capacity() == 0 {
            self.places.reserve_exact(1);
        }
        self.places.push_back(Place {
            begins: at,
            origin,
            had_received: None,
        });
        scratch::with(|copy| {
            copy.extend_from_slice(bytes);
            self.read(conversation, copy, origin, other, listener);
        });
        if self.first_close.is_some() {
            listener.close(origin.time);
        }
    }

    /// Reads bytes, whose payload is unmasked in place.
    fn read(
        &mut self,
        mut conversation: Box<Conversation>,
        bytes: &mut [u8],
        origin: Origin,
        other: &Direction,
        listener: &mut Listener,
    ) {
        if self.may_be_inside_message && conversation.history(self.sender).last.is_some() {
            self.may_be_inside_message = false;
        }
        conversation.allow_trial(self.may_inflate);
        conversation.hear_each(listener.hears_each());
        let label = Cell::new(None);
        let mut listen = |heard: conversation::Heard<'_>| {
            label.set(listener.hear(heard, origin.packet, Some(origin.time)));
        };
        if self.is_watched {
            let sink = |frame: &Frame| self.hear(frame, origin, label.take());
            conversation.feed_hearing(bytes, sink, &mut listen);
        } else {
            let sink = |frame: &Frame| self.hear(frame, origin, None);
            conversation.skim_hearing(bytes, sink, &mut listen);
        }
        // Who sends data had not closed before.
        if conversation.history(self.sender).last.is_some() {
            self.shows_open();
        }
        self.is_not_inflated |= conversation.is_untried();
        if conversation.rest_of_frame() == Some(0) {
            self.places.clear();
        }
        self.remember_close(&conversation, other);
        self.conversation = Some(conversation);
    }

    /// Takes a gap of `count` bytes at `at`.
    pub(super) fn gap(&mut self, at: u64, count: u64, origin: Origin, other: &Direction) {
        let end = at.saturating_add(count);
        self.is_gap_untold = true;
        self.skip_in_trial(count);
        if let Some(resumes_at) = self.resumes_at {
            if end > resumes_at {
                self.unread_from = Some(resumes_at);
                self.hide(resumes_at, end, origin);
                self.resumes_at = None;
            }
            return;
        }
        let Some(conversation) = self.conversation.take() else {
            let from = *self.unread_from.get_or_insert(at);
            self.hide(from, end, origin);
            return;
        };
        let rest = conversation.rest_of_frame();
        self.put_away(*conversation, origin, false, other);
        let frame_end = rest
            .filter(|rest| *rest > 0)
            .map(|rest| at.saturating_add(rest));
        self.resumes_at = frame_end.filter(|frame_end| *frame_end >= end);
        if self.resumes_at.is_none() {
            // The rest of a header may be all of a Close.
            let from = match rest {
                None => at.saturating_sub(LEAST_FRAME[1]),
                Some(_) => frame_end.unwrap_or(at),
            };
            self.unread_from = Some(from);
            self.hide(from, end, origin);
        }
        self.may_be_inside_message = true;
    }

    /// Takes note that what it sent before `origin` was not seen.
    pub(super) fn begins_unseen(&mut self, origin: Origin) {
        self.hidden = self.hidden.or(Some(0));
        self.is_headless = true;
        self.hidden_since = Some(origin);
    }

    /// Takes note that it had not closed before.
    fn shows_open(&mut self) {
        self.hidden = None;
        self.is_headless = false;
    }

    /// Takes note that frames may be hidden between two offsets.
    pub(super) fn hide(&mut self, from: u64, to: u64, origin: Origin) {
        let least = LEAST_FRAME[usize::from(self.sender == Sender::Server)];
        if to.saturating_sub(from) >= least {
            self.hidden_since = Some(origin);
            if self.closes.is_empty() {
                self.hidden.get_or_insert(from);
            }
        }
    }

    /// Takes the end of the stream; `has_ended`: its sender ended it, and not the capture.
    pub(super) fn finish(&mut self, origin: Origin, has_ended: bool, other: &Direction) {
        // Nothing is claimed of a frame that may be none.
        let is_believed = self.trial.take().is_none();
        if let Some(conversation) = self.conversation.take() {
            let cut = self.put_away(*conversation, origin, has_ended && is_believed, other);
            self.cut = cut.filter(|_| is_believed);
        }
    }

    /// Ends a conversation. What is cut is a fault only where its sender cut it.
    fn put_away(
        &mut self,
        conversation: Conversation,
        origin: Origin,
        has_ended: bool,
        other: &Direction,
    ) -> Option<CutFrame> {
        let mut cut = None;
        // What is no frame is not counted as one.
        let mut foreign = 0;
        self.remember_close(&conversation, other);
        let closes = conversation.closes().len();
        let messages = conversation.messages();
        let summary = conversation.finish(|frame| {
            let is_none = frame
                .hints
                .iter()
                .any(|hint| matches!(hint, Hint::Foreign(_)));
            if is_none {
                foreign = 1;
                self.keep_all(frame, origin, has_ended);
                self.hint(frame);
                return;
            }
            cut = Some(CutFrame {
                at: frame.header.at,
                opcode: frame.header.is_whole.then_some(frame.header.opcode),
                length: frame
                    .header
                    .is_whole
                    .then_some(frame.header.length_at_least),
                present: frame.payload_present,
            });
            self.hear_cut(frame, origin, has_ended, None);
        });
        if summary.closes.len() > closes && self.first_close.is_none() {
            self.first_close = summary
                .closes
                .last()
                .map(|closed| beside(closed, other.history()));
        }
        for finding in summary
            .unfinished
            .iter()
            .filter(|_| has_ended && cut.is_none())
        {
            self.keep(finding, origin);
        }
        self.history = summary.history(self.sender).clone();
        self.earlier_frames += summary.frames - foreign;
        self.earlier_messages += messages;
        cut
    }

    fn remember_close(&mut self, conversation: &Conversation, other: &Direction) {
        if self.first_close.is_none() {
            self.first_close = conversation
                .closes()
                .first()
                .map(|closed| beside(closed, other.history()));
        }
    }

    /// Takes note of a whole frame.
    fn hear(&mut self, frame: &Frame, origin: Origin, label: Option<Label>) {
        let payload = frame.head.bytes();
        match frame.header.opcode {
            Opcode::Ping => {
                self.pings += 1;
                self.heard.push(Heard::Ping(payload.to_vec(), origin));
            }
            Opcode::Pong => {
                self.pongs += 1;
                self.heard.push(Heard::Pong(payload.to_vec(), origin));
            }
            _ => {}
        }
        self.hear_cut(frame, origin, true, label);
    }

    /// Takes note of a frame that may be cut.
    fn hear_cut(&mut self, frame: &Frame, origin: Origin, has_ended: bool, label: Option<Label>) {
        if let Some(close) = &frame.close {
            // Nobody closes twice.
            self.shows_open();
            if self.closes.len() < MOST_CLOSES {
                // There is one as a rule, and a capture has thousands of connections.
                self.closes.reserve_exact(1);
                // The end of one that is cut came nobody knows when: its sender had decided at its beginning.
                let begins = self.place(frame.header.at).filter(|_| frame.is_truncated);
                self.closes.push(TimedClose {
                    sender: self.sender,
                    close: close.clone(),
                    is_truncated: frame.is_truncated,
                    length: frame.header.length_at_least,
                    origin: begins.map_or(origin, |place| place.origin),
                    ends_at: frame.header.at + frame.length(),
                    had_received: begins.and_then(|place| place.had_received),
                });
            }
        }
        let rules = self.keep_all(frame, origin, has_ended);
        self.hint(frame);
        if self.is_watched {
            let seen = FrameSeen {
                opcode: frame.header.opcode,
                is_final: frame.header.fin,
                length: frame.header.length_at_least,
                close: frame.close.clone(),
                rules,
                label,
            };
            self.heard.push(Heard::Frame(seen, origin));
        }
    }

    /// Keeps what a frame breaks: the rules.
    fn keep_all(&mut self, frame: &Frame, origin: Origin, has_ended: bool) -> Vec<&'static str> {
        let mut rules = Vec::new();
        for finding in &frame.findings {
            let is_about_end = matches!(finding.rule.id, "truncated-frame" | "unfinished-message");
            if is_about_end && !has_ended {
                continue;
            }
            let origin = if is_about_end {
                origin
            } else {
                self.place(finding.at).map_or(origin, |place| place.origin)
            };
            rules.push(finding.rule.id);
            self.keep(finding, origin);
        }
        rules
    }

    fn hint(&mut self, frame: &Frame) {
        for hint in &frame.hints {
            if self.hints.len() < MOST_HINTS {
                self.hints.reserve_exact(1);
                self.hints.push(*hint);
            }
        }
    }

    fn keep(&mut self, finding: &Finding, origin: Origin) {
        self.finding_count += 1;
        // A Close is for what came last.
        if self.findings.len() == FIRST_FINDINGS + LAST_FINDINGS {
            self.findings.remove(FIRST_FINDINGS);
        }
        self.findings.push(Found {
            sender: self.sender,
            finding: finding.clone(),
            origin,
        });
    }

    /// Where the byte at `at` came, of a frame that is under way.
    fn place(&self, at: u64) -> Option<Place> {
        let mut places = self.places.iter().rev();
        places.find(|place| place.begins <= at).copied()
    }

    /// Takes note that its sender, when it sent what was seen at `origin`, had received the other end's stream up to
    /// `received`.
    pub(super) fn had_received(&mut self, origin: Origin, received: Option<u64>) {
        let last = self.places.back_mut();
        for place in last.into_iter().filter(|place| place.origin == origin) {
            place.had_received = received;
        }
        for close in &mut self.closes {
            if close.origin == origin && close.had_received.is_none() {
                close.had_received = received;
            }
        }
    }
}
