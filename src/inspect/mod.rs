//! One end of a connection: its frames in, findings out.
//!
//! An end knows what one end has sent so far: whether a message is open,
//! whether its text is UTF-8 up to here, whether it has closed. It asks the
//! [`rules`] about each frame and keeps the few facts that a
//! later Close may need to be explained. Both ends side by side are for
//! [`conversation`](crate::conversation).
//!
//! ```
//! use wsclose::conversation::{Conversation, Options};
//! use wsclose::frame::Sender;
//!
//! let options = Options { from: Some(Sender::Server), ..Options::default() };
//! let mut conversation = Conversation::new(options);
//! let mut reasons = Vec::new();
//! conversation.feed(&mut b"\x88\x05\x03\xe8bye".to_vec(), |frame| {
//!     reasons.extend(frame.close.as_ref().map(|close| close.reason_lossy()));
//! });
//! assert_eq!(reasons, ["bye"]);
//! ```

mod close;
mod compression;
mod foreign;
mod frame;
mod hint;
mod history;
mod masking_keys;
mod message;
mod tail;

use std::ops::Range;

use crate::extensions::Deflate;
use crate::frame::{Header, Opcode, Sender, Utf8Check, Utf8Fault, WholeMessage};
use crate::inflate::{Inflater, Window};
use crate::rules::{self, Context, Finding, Message, OpenMessage};
use crate::words::Value;

pub use foreign::Foreign;
pub use frame::{Close, Frame, Head, Inflated};
pub use hint::Hint;
pub use history::{Fault, History, SeenMessage};
use masking_keys::MaskingKeys;
use message::Gathered;
pub use message::{Heard, MESSAGE_KEPT, MESSAGE_TAIL};

/// How a stream is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Who sent all the frames. `None`: the mask bit tells, and no mask rule is judged.
    pub from: Option<Sender>,
    /// The largest message taken, in bytes: a larger one is a finding. Of a compressed message
    /// the inflated bytes count.
    pub max_message_size: Option<u64>,
    /// The compression that the ends agreed on.
    pub deflate: Option<Deflate>,
}

/// What was not seen of an end before its first frame: what rests on it is no finding.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unseen {
    /// Which extensions were agreed on, and so what a reserved bit means.
    pub(crate) agreement: bool,
    /// Whether a message was open.
    pub(crate) message: bool,
}

/// What one end has sent so far.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The message that is being read, where somebody hears messages.
    gathered: Option<Box<Gathered>>,
    sender: Option<Sender>,
    declared: Option<Sender>,
    max_message_size: Option<u64>,
    message: Option<OpenMessage>,
    /// The check of the open message's text; `None` where there is nothing (more) to check.
    text: Option<Utf8Check>,
    /// Inflates compressed messages, where the ends agreed on compression.
    inflater: Option<Box<Inflater>>,
    window_bits: u8,
    /// Tries to inflate what nobody agreed on, to say whether it was probably agreed on.
    trial: Option<Box<Inflater>>,
    is_trying: bool,
    /// Whether the answer is known: it inflated, or what comes after a fault cannot be.
    is_trial_over: bool,
    /// Whether there is memory to try it.
    may_try: bool,
    is_untried: bool,
    /// Whether the open message was reported as too big.
    is_too_big: bool,
    /// The check of the reason of the Close frame that is being read.
    reason: Option<Utf8Check>,
    closed_at: Option<u64>,
    keys: MaskingKeys,
    messages: u64,
    /// Whether it went on with something that is no frame.
    is_foreign: bool,
    unseen: Unseen,
    history: History,
}

impl End {
    /// An end that has sent nothing. `sender` is which one it is, where that is known.
    pub(crate) fn new(sender: Option<Sender>, options: &Options) -> Self {
        let agreed = options.deflate.zip(sender);
        let window = agreed.map(|(deflate, sender)| Window {
            bits: deflate.window_bits(sender),
            takes_over: deflate.takes_over(sender),
        });
        End {
            gathered: None,
            sender,
            declared: options.from,
            max_message_size: options.max_message_size,
            message: None,
            text: None,
            inflater: window.map(|window| Box::new(Inflater::new(window))),
            window_bits: window.map_or(15, |window| window.bits),
            trial: None,
            is_trying: false,
            is_trial_over: false,
            may_try: true,
            is_untried: false,
            is_too_big: false,
            reason: None,
            closed_at: None,
            keys: MaskingKeys::default(),
            messages: 0,
            is_foreign: false,
            unseen: Unseen::default(),
            history: History::default(),
        }
    }

    /// Says what was not seen before its first frame.
    pub(crate) fn begin_unseen(&mut self, unseen: Unseen) {
        self.unseen = unseen;
    }

    /// Whether a finding rests on what was not seen.
    fn excuses(&self, finding: &Finding) -> bool {
        match finding.rule.id {
            "reserved-bits" => self.unseen.agreement,
            // A message that begins ends the one that may have been open.
            "continuation-without-start" => self.unseen.message && self.history.last.is_none(),
            _ => false,
        }
    }

    /// Which end it is.
    pub(crate) fn sender(&self) -> Option<Sender> {
        self.sender
    }

    /// Says whether it is known from elsewhere that this end sent its frames.
    #[cfg(feature = "cli")]
    pub(crate) fn declare(&mut self, is_declared: bool) {
        self.declared = self.sender.filter(|_| is_declared);
    }

    /// Takes note of a Close at `at`.
    pub(crate) fn close_at(&mut self, at: u64) {
        self.closed_at = Some(at);
    }

    /// Keeps the beginning of each message for whoever hears it.
    pub(crate) fn hear(&mut self) {
        self.gathered.get_or_insert_default();
    }

    /// The message that has just become whole.
    pub(crate) fn heard(&mut self, sender: Sender) -> Option<Heard<'_>> {
        self.gathered.as_deref_mut()?.heard(sender)
    }

    /// The complete messages it has sent.
    pub(crate) fn messages(&self) -> u64 {
        self.messages
    }

    /// Whether what it sent last is no frame, and nothing behind it either.
    pub(crate) fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// What a Close of the other end may need to know.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// The message that is open, unless a Close ended it.
    pub(crate) fn unfinished(&self) -> Option<&OpenMessage> {
        match self.closed_at {
            Some(_) => None,
            None => self.message.as_ref(),
        }
    }

    /// Takes the whole messages at the front of `bytes` that come from this end and have nothing
    /// to tell: they break no rule, and their masking keys need not be compared with others.
    /// `at` is where `bytes` begin in the input. Gives how many frames and bytes it took; what
    /// they leave behind is what they would by pieces. Where not each of them is heard, the last is.
    pub(crate) fn pass(
        &mut self,
        at: u64,
        bytes: &mut [u8],
        is_masked: bool,
        hears_each: bool,
        hear: &mut dyn FnMut(Heard<'_>),
    ) -> (u64, usize) {
        let (mut frames, mut passed) = (0, 0);
        let are_keys_compared = self.keys.are_compared(self.history.frames);
        if self.message.is_some() || self.closed_at.is_some() || is_masked && are_keys_compared {
            return (frames, passed);
        }
        let most = self.max_message_size.unwrap_or(u64::MAX);
        let mut last = None;
        let mut largest = self.history.largest;
        loop {
            let rest = bytes.get_mut(passed..).unwrap_or_default();
            let Some(mut message) = WholeMessage::at_front(rest) else {
                break;
            };
            let is_new_zero = self.keys.is_first_zero(message.masking_key);
            if message.masking_key.is_some() != is_masked
                || is_new_zero
                || message.length() > most
                || message.is_text && !message.is_utf8(rest)
            {
                break;
            }
            let seen = SeenMessage {
                opcode: message.opcode(),
                at: at + passed as u64,
                length: message.length(),
            };
            if largest.is_none_or(|largest| seen.length > largest.length) {
                largest = Some(seen);
            }
            frames += 1;
            passed += message.size();
            last = Some((seen, message));
            if hears_each && self.gathered.is_some() {
                hear(Heard::of(
                    seen,
                    is_masked,
                    message.into_ends(rest, MESSAGE_KEPT, MESSAGE_TAIL),
                    0,
                ));
            }
        }
        if let Some((seen, message)) = last {
            let rest = bytes.get_mut(passed - message.size()..).unwrap_or_default();
            if !hears_each && self.gathered.is_some() {
                let ends = message.into_ends(rest, MESSAGE_KEPT, MESSAGE_TAIL);
                hear(Heard::of(seen, is_masked, ends, frames - 1));
            }
            self.history.last = Some(seen);
        }
        self.history.frames += frames;
        self.messages += frames;
        self.history.largest = largest;
        (frames, passed)
    }

    /// Takes a header: judges it and gets ready for the payload.
    pub(crate) fn enter(&mut self, frame: &mut Frame) {
        let header = frame.header;
        let context = Context {
            declared: self.declared,
            message: match (frame.sender, self.message) {
                (None, _) => Message::Unknown,
                (Some(_), None) => Message::None,
                (Some(_), Some(open)) => Message::Open(open),
            },
            closed_at: self.closed_at,
            max_message_size: self.max_message_size,
            is_deflate_agreed: self.inflater.is_some(),
        };
        rules::judge_header(&header, &context, &mut frame.findings);
        self.history.frames += 1;
        if self.closed_at.is_some() {
            frame.message = match header.opcode {
                Opcode::Text | Opcode::Binary => Some(header.opcode),
                _ => None,
            };
            frame.is_changed = header.has_reserved_bits();
            self.reason = None;
            return;
        }
        if let Some(key) = header.masking_key {
            if let Some(odd) = self.keys.take(key, header.at, self.history.frames) {
                // It stays with the connection until the next frame, and a capture has thousands.
                frame.hints.reserve_exact(1);
                frame.hints.push(odd);
            }
        }
        match header.opcode {
            Opcode::Text | Opcode::Binary => {
                self.message = Some(OpenMessage {
                    opcode: header.opcode,
                    began: header.at,
                    frames: 0,
                    bytes: 0,
                    is_compressed: header.rsv1 && self.inflater.is_some(),
                    is_changed: header.has_reserved_bits() && self.inflater.is_none()
                        || header.rsv2
                        || header.rsv3,
                });
                self.begin_message(&header);
            }
            Opcode::Close => self.reason = Some(Utf8Check::default()),
            _ => {}
        }
        if is_data(header.opcode) {
            if let Some(open) = &mut self.message {
                open.frames += 1;
                open.bytes = open.bytes.saturating_add(header.length_at_least);
                frame.message = Some(open.opcode);
                frame.is_changed = open.is_changed;
                self.history.see(SeenMessage {
                    opcode: open.opcode,
                    at: open.began,
                    length: open.bytes,
                });
            }
        }
    }

    /// Takes payload, unmasked.
    pub(crate) fn payload(&mut self, frame: &mut Frame, bytes: &[u8]) {
        self.judge_payload(frame, bytes);
        frame.keep(bytes);
    }

    fn judge_payload(&mut self, frame: &mut Frame, bytes: &[u8]) {
        let before = frame.payload_present;
        frame.payload_present += bytes.len() as u64;
        if self.closed_at.is_some() {
            return;
        }
        if is_data(frame.header.opcode) && !self.is_compressed() {
            if let Some(gathered) = &mut self.gathered {
                gathered.take(bytes);
            }
        }
        let at = frame.header.payload_at() + before;
        match frame.header.opcode {
            Opcode::Close => {
                // The reason begins after the two bytes of the code.
                let skipped = usize::try_from(2u64.saturating_sub(before)).unwrap_or(0);
                let text = bytes.get(skipped..).unwrap_or_default();
                if let Some((offset, fault)) = feed(&mut self.reason, text) {
                    let at = at + (skipped + offset) as u64;
                    let mut finding = rules::reason_not_utf8(at, &fault);
                    finding.excerpt = frame.excerpt(bytes, at);
                    frame.findings.push(finding);
                }
            }
            opcode if is_data(opcode) && self.is_compressed() => {
                self.inflate(frame, Some(bytes));
            }
            opcode if is_data(opcode) && self.is_trying => {
                self.try_inflating(bytes);
            }
            opcode if is_data(opcode) && self.text.is_some() => {
                if let Some((offset, fault)) = feed(&mut self.text, bytes) {
                    let at = at + offset as u64;
                    let mut finding = rules::text_not_utf8(at, &fault);
                    finding.excerpt = frame.excerpt(bytes, at);
                    frame.findings.push(finding);
                }
            }
            _ => {}
        }
    }

    /// Takes the end of the frame.
    pub(crate) fn leave(&mut self, frame: &mut Frame) {
        let header = frame.header;
        let was_closed = self.closed_at.is_some();
        self.notice_foreign(frame);
        match header.opcode {
            _ if self.is_foreign => {}
            Opcode::Close => self.close(frame),
            opcode if is_data(opcode) && header.fin && !was_closed => {
                if self.is_compressed() {
                    self.inflate(frame, None);
                } else if self.is_trying {
                    self.end_trial(frame);
                }
                if self.message.take().is_some() {
                    self.messages += 1;
                    if let Some(gathered) = &mut self.gathered {
                        gathered.is_whole = true;
                    }
                }
                if let Some(fault) = self.text.take().and_then(|text| text.finish().err()) {
                    let finding = match &frame.inflated {
                        Some(_) => {
                            let length = self
                                .inflater
                                .as_ref()
                                .map_or(0, |inflater| inflater.inflated());
                            rules::inflated_text_not_utf8(first_payload_byte(frame), length, &fault)
                        }
                        None => ends_inside_character(frame, &fault, rules::text_not_utf8),
                    };
                    frame.findings.push(finding);
                }
            }
            _ => {}
        }
        self.settle(frame);
    }

    /// Gets ready for the payload of a new message.
    fn begin_message(&mut self, header: &Header) {
        if let (Some(gathered), Some(open)) = (&mut self.gathered, self.message) {
            gathered.begin(header, !open.is_changed);
        }
        // A reserved bit that nobody agreed on changed the payload: it is no text as it stands.
        let is_text = header.opcode == Opcode::Text
            && !header.rsv2
            && !header.rsv3
            && (!header.rsv1 || self.is_compressed());
        self.text = is_text.then(Utf8Check::default);
        self.begin_inflating(header);
    }

    /// Takes the end of the input inside the frame: what is there is judged.
    pub(crate) fn cut(&mut self, frame: &mut Frame, ends_at: u64) {
        frame.is_truncated = true;
        self.notice_foreign(frame);
        if frame.header.opcode == Opcode::Close && !self.is_foreign {
            self.close(frame);
        }
        if !self.is_foreign {
            frame
                .findings
                .push(rules::truncated_frame(&frame.header, ends_at));
        }
        self.settle(frame);
    }

    /// Notices that the frame is none.
    fn notice_foreign(&mut self, frame: &mut Frame) {
        if let Some(foreign) = Foreign::of(frame) {
            self.is_foreign = true;
            frame.hints.push(Hint::Foreign(foreign));
        }
    }

    /// Brings the findings into stream order and remembers them.
    fn settle(&mut self, frame: &mut Frame) {
        frame.findings.retain(|finding| !self.excuses(finding));
        if frame.findings.is_empty() {
            return;
        }
        // What was found in inflated text stands at one offset; there its own offset decides.
        frame
            .findings
            .sort_by_key(|finding| (finding.at, inflated_offset(finding)));
        for finding in &frame.findings {
            self.history.note(finding);
        }
    }
}

/// Where a finding stands in the inflated message; a finding about the compressed data itself
/// comes behind those.
fn inflated_offset(finding: &Finding) -> u64 {
    let offset = finding.values.iter().find_map(|(name, value)| match value {
        Value::Number(offset) if *name == "inflated_offset" => Some(*offset),
        _ => None,
    });
    offset.unwrap_or(if finding.rule.id == "deflate-invalid" {
        u64::MAX
    } else {
        0
    })
}

/// The finding for text that ends inside a character: it points at what is there of
/// the character in this frame.
fn ends_inside_character(
    frame: &Frame,
    fault: &Utf8Fault,
    finding: fn(u64, &Utf8Fault) -> Finding,
) -> Finding {
    let here = (fault.begun().len() as u64).min(frame.payload_present);
    let end = frame.header.payload_at() + frame.payload_present;
    let mut finding = finding(end - here, fault);
    finding.length = here;
    finding
}

/// Where the first payload byte stands, as far as there is one.
fn first_payload_byte(frame: &Frame) -> Range<u64> {
    let at = frame.header.payload_at();
    at..at + frame.payload_present.min(1)
}

/// Whether frames with this opcode carry messages.
fn is_data(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Continuation | Opcode::Text | Opcode::Binary)
}

/// Feeds a check that is under way; after a fault it is over.
fn feed(check: &mut Option<Utf8Check>, bytes: &[u8]) -> Option<(usize, Utf8Fault)> {
    let fault = check.as_mut()?.feed(bytes).err();
    if fault.is_some() {
        *check = None;
    }
    fault
}
