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

mod foreign;
mod frame;
mod hint;
mod history;
mod tail;

use std::ops::Range;

use crate::extensions::Deflate;
use crate::facts::field::{Role, by_code, fingerprints};
use crate::frame::{Header, Opcode, Sender, Utf8Check, Utf8Fault, WholeMessage};
use crate::inflate::{DeflateFault, Inflater, Window};
use crate::rules::{self, Context, Finding, Message, OpenMessage};
use crate::words::Value;

pub use foreign::Foreign;
pub use frame::{Close, Frame, Head, Inflated};
pub use hint::Hint;
pub use history::{Fault, History, SeenMessage};

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

/// So many masking keys are remembered, to notice one that is used again.
const KEYS_REMEMBERED: usize = 256;
/// After so many frames keys are no longer compared: sooner or later two random keys are the same.
const FRAMES_COMPARED: u64 = 4096;

/// A message that inflates to at least so much, and so many times its size, is worth a word.
const LARGE: u64 = 1 << 20;
const MANY_TIMES: u64 = 100;

/// So many bytes of a message are kept for whoever hears messages.
pub const MESSAGE_KEPT: usize = 1024;

/// A whole message, as far as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// Who sent it.
    pub sender: Sender,
    /// Text or binary.
    pub opcode: Opcode,
    /// The offset of its first frame.
    pub at: u64,
    /// Its first bytes, unmasked and inflated: at most [`MESSAGE_KEPT`].
    pub bytes: &'a [u8],
    /// How many bytes it has.
    pub length: u64,
}

/// The message that is being read, for whoever hears messages.
#[derive(Clone, Debug, Default)]
struct Gathered {
    bytes: Vec<u8>,
    length: u64,
    at: u64,
    /// Whether all of it can be read.
    is_readable: bool,
    /// Whether it is whole and nobody has heard it.
    is_whole: bool,
    opcode: Option<Opcode>,
}

impl Gathered {
    fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let room = MESSAGE_KEPT.saturating_sub(self.bytes.len());
        let taken = bytes.get(..bytes.len().min(room)).unwrap_or_default();
        self.bytes.extend_from_slice(taken);
    }
}

/// What one end has sent so far.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The message that is being read, where somebody hears messages.
    gathered: Option<Box<Gathered>>,
    #[cfg(feature = "cli")]
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
    keys: Vec<([u8; 4], u64)>,
    said_zero: bool,
    said_reused: bool,
    messages: u64,
    /// Whether it went on with something that is no frame.
    is_foreign: bool,
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
            #[cfg(feature = "cli")]
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
            keys: Vec::new(),
            said_zero: false,
            said_reused: false,
            messages: 0,
            is_foreign: false,
            history: History::default(),
        }
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

    /// Says whether there is memory to try whether a message inflates that nobody said is
    /// compressed.
    pub(crate) fn allow_trial(&mut self, is_allowed: bool) {
        self.may_try = is_allowed;
    }

    /// Reads a little of what its next frame will need.
    pub(crate) fn fetch(&self) -> u64 {
        let gathered = self.gathered.as_deref();
        self.messages
            ^ self.history.frames
            ^ self.keys.len() as u64
            ^ gathered.map_or(0, |gathered| {
                gathered.length ^ gathered.bytes.first().map_or(0, |byte| u64::from(*byte))
            })
    }

    /// Keeps the beginning of each message for whoever hears it.
    pub(crate) fn hear(&mut self) {
        self.gathered.get_or_insert_default();
    }

    /// The message that has just become whole.
    pub(crate) fn heard(&mut self, sender: Sender) -> Option<Heard<'_>> {
        let gathered = self.gathered.as_deref_mut()?;
        if !std::mem::take(&mut gathered.is_whole) {
            return None;
        }
        Some(Heard {
            sender,
            opcode: gathered.opcode?,
            at: gathered.at,
            bytes: &gathered.bytes,
            length: gathered.length,
        })
    }

    /// Whether there was not when it was needed.
    pub(crate) fn is_untried(&self) -> bool {
        self.is_untried
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(crate) fn inflating_bytes(&self) -> usize {
        let both = [&self.inflater, &self.trial];
        let both = both.into_iter().flatten();
        both.map(|inflater| inflater.held_bytes()).sum()
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
    /// they leave behind is what they would by pieces.
    pub(crate) fn pass(
        &mut self,
        at: u64,
        bytes: &mut [u8],
        is_masked: bool,
        hear: &mut dyn FnMut(Heard<'_>),
    ) -> (u64, usize) {
        let (mut frames, mut passed) = (0, 0);
        let are_keys_compared = !self.said_reused && self.history.frames < FRAMES_COMPARED;
        if self.message.is_some() || self.closed_at.is_some() || is_masked && are_keys_compared {
            return (frames, passed);
        }
        let most = self.max_message_size.unwrap_or(u64::MAX);
        let mut last = None;
        let mut largest = self.history.largest;
        loop {
            let rest = bytes.get_mut(passed..).unwrap_or_default();
            let Some(message) = WholeMessage::at_front(rest) else {
                break;
            };
            // Before it is looked at, for that may unmask it.
            if let Some(gathered) = &mut self.gathered {
                gathered.bytes.clear();
                message.copy_into(rest, MESSAGE_KEPT, &mut gathered.bytes);
            }
            let is_new_zero = message.masking_key == Some([0; 4]) && !self.said_zero;
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
            if let Some(gathered) = &mut self.gathered {
                hear(Heard {
                    sender: Sender::by_mask(is_masked),
                    opcode: seen.opcode,
                    at: seen.at,
                    bytes: &gathered.bytes,
                    length: seen.length,
                });
            }
            last = Some(seen);
            frames += 1;
            passed += message.size();
        }
        self.history.frames += frames;
        self.messages += frames;
        self.history.largest = largest;
        self.history.last = last.or(self.history.last);
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
            self.compare_key(key, header.at, frame);
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
                let trial = self.trial.as_mut();
                let result = trial.map(|trial| trial.feed(bytes, &mut |_| {}));
                if !matches!(result, Some(Ok(()))) {
                    self.give_up_trial();
                }
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
                        gathered.is_whole = gathered.is_readable;
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
        self.is_too_big = false;
        self.is_trying = false;
        let is_compressed = self.is_compressed();
        if let (Some(gathered), Some(open)) = (&mut self.gathered, self.message) {
            gathered.bytes.clear();
            gathered.length = 0;
            gathered.at = header.at;
            gathered.opcode = Some(header.opcode);
            gathered.is_whole = false;
            gathered.is_readable = !open.is_changed;
        }
        // A reserved bit that nobody agreed on changed the payload: it is no text as it stands.
        let is_text = header.opcode == Opcode::Text
            && !header.rsv2
            && !header.rsv3
            && (!header.rsv1 || is_compressed);
        self.text = is_text.then(Utf8Check::default);
        if is_compressed {
            if let Some(inflater) = &mut self.inflater {
                inflater.begin();
            }
        } else if header.rsv1 && self.inflater.is_none() && !self.is_trial_over {
            if self.trial.is_none() && !self.may_try {
                self.is_untried = true;
                return;
            }
            let trial = self.trial.get_or_insert_with(|| {
                Box::new(Inflater::new(Window {
                    bits: 15,
                    takes_over: true,
                }))
            });
            trial.begin();
            self.is_trying = true;
        }
    }

    fn is_compressed(&self) -> bool {
        self.message.is_some_and(|open| open.is_compressed)
    }

    /// Says whether a message that nobody said is compressed inflates all the same.
    fn end_trial(&mut self, frame: &mut Frame) {
        self.is_trying = false;
        let result = self.trial.as_mut().map(|trial| trial.finish(&mut |_| {}));
        match result {
            Some(Ok(true)) => {
                self.give_up_trial();
                frame.hints.push(Hint::InflatesCleanly);
            }
            Some(Ok(false)) => {}
            Some(Err(_)) | None => self.give_up_trial(),
        }
    }

    /// Ends trying: later messages may refer to what cannot be inflated.
    fn give_up_trial(&mut self) {
        self.is_trying = false;
        self.is_trial_over = true;
        self.trial = None;
    }

    /// Inflates payload of a compressed message, or its end, and judges what comes out.
    fn inflate(&mut self, frame: &mut Frame, payload: Option<&[u8]>) {
        let Some(mut inflater) = self.inflater.take() else {
            return;
        };
        let span = first_payload_byte(frame);
        let mut offset = inflater.inflated();
        let mut sink = |bytes: &[u8]| {
            let inflated = frame.inflated.get_or_insert_default();
            inflated.head.extend(bytes);
            inflated.length += bytes.len() as u64;
            if let Some(gathered) = &mut self.gathered {
                gathered.take(bytes);
            }
            if let Some((bad, fault)) = feed(&mut self.text, bytes) {
                let bad = offset + bad as u64;
                frame
                    .findings
                    .push(rules::inflated_text_not_utf8(span.clone(), bad, &fault));
            }
            offset += bytes.len() as u64;
            if let Some(limit) = self.max_message_size.filter(|limit| offset > *limit) {
                if !self.is_too_big {
                    self.is_too_big = true;
                    frame
                        .findings
                        .extend(rules::inflated_too_big(span.clone(), limit));
                }
            }
        };
        let result = match payload {
            Some(payload) => inflater.feed(payload, &mut sink).map(|()| true),
            None => inflater.finish(&mut sink),
        };
        match result {
            Ok(true) => {}
            Ok(false) => frame.hints.push(Hint::DeflateCutShort),
            Err(fault) => {
                if fault == DeflateFault::Invalid {
                    if let Some(gathered) = &mut self.gathered {
                        gathered.is_readable = false;
                    }
                    // Nothing more comes out; whether the text would have ended well is not known.
                    self.text = None;
                }
                let finding = rules::deflate_invalid(span, &frame.header, fault, self.window_bits);
                frame.findings.push(finding);
            }
        }
        if let (None, Some(open)) = (payload, self.message) {
            let (compressed, inflated) = (inflater.compressed().max(1), inflater.inflated());
            let ratio = inflated / compressed;
            if inflated >= LARGE && ratio >= MANY_TIMES {
                frame.hints.push(Hint::Expands { ratio, inflated });
            }
            self.history.see(SeenMessage {
                opcode: open.opcode,
                at: open.began,
                length: inflated,
            });
        }
        self.inflater = Some(inflater);
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

    /// Reads the body of a Close frame, as far as it is there, and judges it.
    fn close(&mut self, frame: &mut Frame) {
        let header = frame.header;
        let head = frame.head.bytes();
        let body = rules::close_body(&header, head);
        frame.close = Some(Close {
            code: body.code,
            is_half: body.length == Some(1),
            reason: head.get(2..).unwrap_or_default().to_vec(),
        });
        if self.closed_at.is_some() {
            return;
        }
        rules::judge_close_body(&body, &mut frame.findings);
        if body.code == Some(1010) && frame.sender == Some(Sender::Server) {
            frame.hints.push(Hint::MandatoryExtensionFromServer);
        }
        if let Some(code) = body.code {
            tell_from_the_field(code, frame);
        }
        if !frame.is_truncated {
            if let Some(fault) = self.reason.take().and_then(|reason| reason.finish().err()) {
                let finding = ends_inside_character(frame, &fault, rules::reason_not_utf8);
                frame.findings.push(finding);
            }
        }
        self.closed_at = Some(header.at);
    }

    /// Brings the findings into stream order and remembers them.
    fn settle(&mut self, frame: &mut Frame) {
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

    /// Notices a masking key that is zero or was used shortly before. Each is said once.
    fn compare_key(&mut self, key: [u8; 4], at: u64, frame: &mut Frame) {
        if key == [0; 4] {
            if !self.said_zero {
                self.said_zero = true;
                frame.hints.push(Hint::MaskingKeyZero);
            }
            return;
        }
        if self.said_reused || self.history.frames > FRAMES_COMPARED {
            return;
        }
        if let Some(&(_, earlier)) = self.keys.iter().find(|(seen, _)| *seen == key) {
            self.said_reused = true;
            self.keys = Vec::new();
            frame.hints.push(Hint::MaskingKeyReused { earlier });
            return;
        }
        if self.keys.len() < KEYS_REMEMBERED {
            self.keys.push((key, at));
        } else if let Some(place) = self
            .keys
            .get_mut(self.history.frames as usize % KEYS_REMEMBERED)
        {
            *place = (key, at);
        }
    }
}

/// What is known in the field about a Close with this code and the reason that came with it.
fn tell_from_the_field(code: u16, frame: &mut Frame) {
    let receiver = match frame.sender {
        Some(Sender::Client) => Role::Server,
        Some(Sender::Server) => Role::Client,
        None => Role::Both,
    };
    if by_code::portability(code, receiver).is_some() {
        frame.hints.push(Hint::NotPortable { code, receiver });
    }
    if fingerprints::accident(code).is_some() {
        frame.hints.push(Hint::KnownAccident { code });
    }
    let reason = frame.close.as_ref().map(|close| close.reason.as_slice());
    if let Some(reason) = reason.filter(|_| !frame.is_truncated) {
        let whose = fingerprints::of_reason(code, reason);
        frame.hints.extend(whose.map(Hint::ReasonFingerprint));
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
