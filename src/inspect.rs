//! One end of a connection: its frames in, findings out.
//!
//! An end knows what one end has sent so far: whether a message is open,
//! whether its text is UTF-8 up to here, whether it has closed. It asks the
//! [`rules`] about each frame and keeps the few facts that a
//! later Close may need to be explained. Both ends side by side are for
//! [`conversation`](crate::conversation).

use std::ops::Range;

use crate::extensions::Deflate;
use crate::frame::{CONTROL_PAYLOAD_MAX, Header, Opcode, Sender, Utf8Check, Utf8Fault};
use crate::inflate::{DeflateFault, Inflater, Window};
use crate::rules::{self, Context, Excerpt, Finding, Message, OpenMessage};
use crate::words::{Value, count, thousands};

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

/// A frame, with everything that was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Its place in the input, from 0.
    pub index: u64,
    /// Its header.
    pub header: Header,
    /// Who sent it; `None` where the header was cut before the mask bit and nobody said.
    pub sender: Option<Sender>,
    /// The first payload bytes, unmasked.
    pub head: Head,
    /// The payload bytes that are in the input.
    pub payload_present: u64,
    /// Whether the input ends inside the frame.
    pub is_truncated: bool,
    /// Text or binary, for a frame of a data message.
    pub message: Option<Opcode>,
    /// Whether a reserved bit says that an extension changed the payload, which nobody agreed on.
    pub is_changed: bool,
    /// What the payload inflates to, for a frame of a message that is compressed as agreed.
    pub inflated: Option<Inflated>,
    /// What a Close frame says.
    pub close: Option<Close>,
    /// The rules it breaks, lower offset first.
    pub findings: Vec<Finding>,
    /// What is odd about it and breaks nothing.
    pub hints: Vec<Hint>,
}

impl Frame {
    pub(crate) fn new(index: u64, header: Header, sender: Option<Sender>) -> Self {
        Frame {
            index,
            header,
            sender,
            head: Head::default(),
            payload_present: 0,
            is_truncated: false,
            message: None,
            is_changed: false,
            inflated: None,
            close: None,
            findings: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Becomes a new frame in place: a stream has millions, and most have nothing to say.
    pub(crate) fn reset(&mut self, index: u64, header: &Header, sender: Option<Sender>) {
        self.index = index;
        self.header = *header;
        self.sender = sender;
        self.head.count = 0;
        self.payload_present = 0;
        self.is_truncated = false;
        self.message = None;
        self.is_changed = false;
        self.inflated = None;
        self.close = None;
        self.findings.clear();
        self.hints.clear();
    }

    /// The bytes of the frame that are in the input.
    pub fn length(&self) -> u64 {
        self.header.size as u64 + self.payload_present
    }
}

/// What the payload of a compressed frame inflates to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inflated {
    /// The first bytes.
    pub head: Head,
    /// How many there are.
    pub length: u64,
}

/// What a Close frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code; `None` where the body has none, or where the input ends before it.
    pub code: Option<u16>,
    /// Whether the body is a single byte, which is no code.
    pub is_half: bool,
    /// The bytes after the code, at most 123.
    pub reason: Vec<u8>,
}

impl Close {
    /// The reason as text; each byte sequence that is not UTF-8 becomes U+FFFD.
    pub fn reason_lossy(&self) -> String {
        String::from_utf8_lossy(&self.reason).into_owned()
    }
}

/// The first bytes of a payload: all of a control frame that keeps its limit.
#[derive(Clone, Copy)]
pub struct Head {
    bytes: [u8; CONTROL_PAYLOAD_MAX],
    count: u8,
}

impl Head {
    /// The bytes, at most 125.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }

    fn extend(&mut self, bytes: &[u8]) {
        let count = usize::from(self.count);
        let taken = bytes.len().min(CONTROL_PAYLOAD_MAX - count);
        if let (Some(place), Some(bytes)) =
            (self.bytes.get_mut(count..count + taken), bytes.get(..taken))
        {
            place.copy_from_slice(bytes);
            // At most 125: it fits.
            self.count += taken as u8;
        }
    }
}

impl Default for Head {
    fn default() -> Self {
        Head {
            bytes: [0; CONTROL_PAYLOAD_MAX],
            count: 0,
        }
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.bytes()))
    }
}

/// Something odd that breaks nothing a receiver checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The masking key of the frame at this offset is used again.
    MaskingKeyReused {
        /// Where the earlier frame stands.
        earlier: u64,
    },
    /// The masking key is all zero: the payload travels as it is.
    MaskingKeyZero,
    /// 1010 is a client's code, and a server sent it.
    MandatoryExtensionFromServer,
    /// Masked and unmasked frames are mixed, and nobody said who sent them.
    BothDirections,
    /// RSV1 is set, and the payload inflates: the ends had probably agreed on compression.
    InflatesCleanly,
    /// A compressed message ends inside a block: receivers deliver what is there.
    DeflateCutShort,
    /// A compressed message inflates to very much.
    Expands {
        /// How many times its size.
        ratio: u64,
        /// To how many bytes.
        inflated: u64,
    },
}

impl Hint {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Hint::MaskingKeyReused { .. } => "masking-key-reused",
            Hint::MaskingKeyZero => "masking-key-zero",
            Hint::MandatoryExtensionFromServer => "mandatory-extension-from-server",
            Hint::BothDirections => "both-directions",
            Hint::InflatesCleanly => "inflates-cleanly",
            Hint::DeflateCutShort => "deflate-cut-short",
            Hint::Expands { .. } => "expands",
        }
    }

    /// What is odd, in one sentence.
    pub fn note(self) -> String {
        match self {
            Hint::MaskingKeyReused { earlier } => format!(
                "the masking key is that of the frame at {earlier}; each frame should have a fresh, unpredictable one (RFC 6455 section 5.3)"
            ),
            Hint::MaskingKeyZero => {
                "the masking key is all zero, so the payload travels as it is (RFC 6455 section 5.3 asks for an unpredictable key)".to_owned()
            }
            Hint::MandatoryExtensionFromServer => {
                "1010 is a client's code; a server that cannot do without an extension refuses the handshake (RFC 6455 section 7.4.1)".to_owned()
            }
            Hint::InflatesCleanly => {
                "the payload inflates cleanly, so permessage-deflate was probably agreed on; give the response's header with --extensions".to_owned()
            }
            Hint::DeflateCutShort => {
                "the compressed message ends inside a block; receivers deliver what is there and say nothing".to_owned()
            }
            Hint::Expands { ratio, inflated } => format!(
                "the message inflates to {}, {} times its size on the wire",
                count(inflated, "byte"),
                thousands(ratio)
            ),
            Hint::BothDirections => {
                "masked frames are read as the client's and unmasked ones as the server's; if all come from one end, say which with --from".to_owned()
            }
        }
    }
}

/// A message that has been seen, or one still open, as a later Close may point to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenMessage {
    /// Text or binary.
    pub opcode: Opcode,
    /// The offset of its first frame.
    pub at: u64,
    /// Its bytes, as announced by its headers so far.
    pub length: u64,
}

/// The few facts about what an end has sent that a Close of the other may need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The frames it has sent.
    pub frames: u64,
    /// The findings that a strict receiver would close for: the first and the last of each rule.
    pub faults: Vec<Fault>,
    /// The largest message.
    pub largest: Option<SeenMessage>,
    /// The last message.
    pub last: Option<SeenMessage>,
}

/// A rule that an end broke, once or more often.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where it was broken first.
    pub first: Finding,
    /// Where it was broken last.
    pub last: Finding,
    /// How often.
    pub count: u64,
}

impl History {
    fn note(&mut self, finding: &Finding) {
        if finding.rule.closes_with.is_none() {
            return;
        }
        let mut faults = self.faults.iter_mut();
        match faults.find(|fault| fault.last.rule.id == finding.rule.id) {
            Some(fault) => {
                fault.last = finding.clone();
                fault.count += 1;
            }
            None => self.faults.push(Fault {
                first: finding.clone(),
                last: finding.clone(),
                count: 1,
            }),
        }
    }

    fn see(&mut self, message: SeenMessage) {
        self.last = Some(message);
        if self
            .largest
            .is_none_or(|largest| message.length > largest.length)
        {
            self.largest = Some(message);
        }
    }
}

/// So many masking keys are remembered, to notice one that is used again.
const KEYS_REMEMBERED: usize = 256;
/// After so many frames keys are no longer compared: sooner or later two random keys are the same.
const FRAMES_COMPARED: u64 = 4096;

/// A message that inflates to at least so much, and so many times its size, is worth a word.
const LARGE: u64 = 1 << 20;
const MANY_TIMES: u64 = 100;

/// What one end has sent so far.
#[derive(Clone, Debug)]
pub(crate) struct End {
    declared: Option<Sender>,
    max_message_size: Option<u64>,
    message: Option<OpenMessage>,
    /// The check of the open message's text; `None` where there is nothing (more) to check.
    text: Option<Utf8Check>,
    /// Inflates compressed messages, where the ends agreed on compression.
    inflater: Option<Inflater>,
    window_bits: u8,
    /// Tries to inflate what nobody agreed on, to say whether it was probably agreed on.
    trial: Option<Inflater>,
    is_trying: bool,
    said_inflates: bool,
    /// Whether the open message was reported as too big.
    is_too_big: bool,
    /// The check of the reason of the Close frame that is being read.
    reason: Option<Utf8Check>,
    closed_at: Option<u64>,
    /// The last payload bytes of the frame that is being read.
    tail: Tail,
    keys: Vec<([u8; 4], u64)>,
    said_zero: bool,
    said_reused: bool,
    messages: u64,
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
            declared: options.from,
            max_message_size: options.max_message_size,
            message: None,
            text: None,
            inflater: window.map(Inflater::new),
            window_bits: window.map_or(15, |window| window.bits),
            trial: None,
            is_trying: false,
            said_inflates: false,
            is_too_big: false,
            reason: None,
            closed_at: None,
            tail: Tail::default(),
            keys: Vec::new(),
            said_zero: false,
            said_reused: false,
            messages: 0,
            history: History::default(),
        }
    }

    /// Takes note of a Close at `at`.
    pub(crate) fn close_at(&mut self, at: u64) {
        self.closed_at = Some(at);
    }

    /// The complete messages it has sent.
    pub(crate) fn messages(&self) -> u64 {
        self.messages
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
        self.tail.clear();
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
        frame.head.extend(bytes);
        let before = frame.payload_present;
        frame.payload_present += bytes.len() as u64;
        if self.closed_at.is_some() {
            return;
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
                    finding.excerpt = self.tail.excerpt(frame, bytes, at);
                    frame.findings.push(finding);
                }
                self.tail.extend(bytes);
            }
            opcode if is_data(opcode) && self.is_compressed() => {
                self.inflate(frame, Some(bytes));
            }
            opcode if is_data(opcode) && self.is_trying => {
                let trial = self.trial.as_mut();
                self.is_trying = trial.is_some_and(|trial| trial.feed(bytes, &mut |_| {}).is_ok());
            }
            opcode if is_data(opcode) && self.text.is_some() => {
                if let Some((offset, fault)) = feed(&mut self.text, bytes) {
                    let at = at + offset as u64;
                    let mut finding = rules::text_not_utf8(at, &fault);
                    finding.excerpt = self.tail.excerpt(frame, bytes, at);
                    frame.findings.push(finding);
                }
                self.tail.extend(bytes);
            }
            _ => {}
        }
    }

    /// Takes the end of the frame.
    pub(crate) fn leave(&mut self, frame: &mut Frame) {
        let header = frame.header;
        let was_closed = self.closed_at.is_some();
        match header.opcode {
            Opcode::Close => self.close(frame),
            opcode if is_data(opcode) && header.fin && !was_closed => {
                if self.is_compressed() {
                    self.inflate(frame, None);
                } else if self.is_trying {
                    self.end_trial(frame);
                }
                if self.message.take().is_some() {
                    self.messages += 1;
                }
                if let Some(fault) = self.text.take().and_then(|text| text.finish().err()) {
                    let finding = match &frame.inflated {
                        Some(_) => {
                            let length = self.inflater.as_ref().map_or(0, Inflater::inflated);
                            rules::inflated_text_not_utf8(first_payload_byte(frame), length, &fault)
                        }
                        None => self.ends_inside_character(frame, &fault, rules::text_not_utf8),
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
        } else if header.rsv1 && self.inflater.is_none() && !self.said_inflates {
            let trial = self.trial.get_or_insert_with(|| {
                Inflater::new(Window {
                    bits: 15,
                    takes_over: true,
                })
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
        if matches!(result, Some(Ok(true))) {
            self.said_inflates = true;
            self.trial = None;
            frame.hints.push(Hint::InflatesCleanly);
        }
    }

    /// Inflates payload of a compressed message, or its end, and judges what comes out.
    fn inflate(&mut self, frame: &mut Frame, payload: Option<&[u8]>) {
        let Some(mut inflater) = self.inflater.take() else {
            return;
        };
        let span = first_payload_byte(frame);
        let mut offset = inflater.inflated();
        let mut sink = |bytes: &[u8]| {
            let inflated = frame.inflated.get_or_insert_with(Inflated::default);
            inflated.head.extend(bytes);
            inflated.length += bytes.len() as u64;
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
                        .push(rules::inflated_too_big(span.clone(), limit));
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
        if frame.header.opcode == Opcode::Close {
            self.close(frame);
        }
        frame
            .findings
            .push(rules::truncated_frame(&frame.header, ends_at));
        self.settle(frame);
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
        if !frame.is_truncated {
            if let Some(fault) = self.reason.take().and_then(|reason| reason.finish().err()) {
                let finding = self.ends_inside_character(frame, &fault, rules::reason_not_utf8);
                frame.findings.push(finding);
            }
        }
        self.closed_at = Some(header.at);
    }

    /// The finding for text that ends inside a character: it points at what is there of
    /// the character in this frame.
    fn ends_inside_character(
        &self,
        frame: &Frame,
        fault: &Utf8Fault,
        finding: fn(u64, &Utf8Fault) -> Finding,
    ) -> Finding {
        let here = (fault.begun().len() as u64).min(frame.payload_present);
        let end = frame.header.payload_at() + frame.payload_present;
        let mut finding = finding(end - here, fault);
        finding.length = here;
        finding.excerpt = self.tail.excerpt(frame, &[], end - here.max(1) + 1);
        finding
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

/// The last payload bytes of a frame, for a fault that lies beyond its [`Head`].
#[derive(Clone, Copy, Debug, Default)]
struct Tail {
    bytes: [u8; Tail::KEPT],
    count: usize,
}

impl Tail {
    const KEPT: usize = 8;

    fn clear(&mut self) {
        self.count = 0;
    }

    fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() >= Tail::KEPT {
            self.bytes
                .copy_from_slice(&bytes[bytes.len() - Tail::KEPT..]);
            self.count = Tail::KEPT;
            return;
        }
        let kept = self.count.min(Tail::KEPT - bytes.len());
        self.bytes.copy_within(self.count - kept..self.count, 0);
        self.bytes[kept..kept + bytes.len()].copy_from_slice(bytes);
        self.count = kept + bytes.len();
    }

    /// The bytes up to and with the one at `at`, the newest of which are in `bytes`;
    /// `None` where the head of the payload holds them. The same however the payload arrived.
    fn excerpt(&self, frame: &Frame, bytes: &[u8], at: u64) -> Option<Excerpt> {
        let payload_at = frame.header.payload_at();
        if at - payload_at < CONTROL_PAYLOAD_MAX as u64 {
            return None;
        }
        let newest_at = payload_at + frame.payload_present - bytes.len() as u64;
        let upto = usize::try_from((at + 1).saturating_sub(newest_at)).unwrap_or(bytes.len());
        let mut all = self.bytes.get(..self.count).unwrap_or_default().to_vec();
        let from = upto.saturating_sub(Tail::KEPT);
        all.extend_from_slice(bytes.get(from..upto.min(bytes.len())).unwrap_or_default());
        let bytes = all.split_off(all.len().saturating_sub(Tail::KEPT));
        let end = (at + 1).min(payload_at + frame.payload_present);
        Some(Excerpt {
            at: end - bytes.len() as u64,
            bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_holds_the_last_bytes_however_they_came() {
        let bytes: Vec<u8> = (0..50).collect();
        for step in 1..30 {
            let mut tail = Tail::default();
            for chunk in bytes.chunks(step) {
                tail.extend(chunk);
            }
            assert_eq!(
                &tail.bytes[..tail.count],
                &bytes[42..],
                "in steps of {step}"
            );
        }
    }

    #[test]
    fn the_head_of_a_payload_stops_at_125_bytes() {
        let mut head = Head::default();
        head.extend(&[1; 100]);
        head.extend(&[2; 100]);
        assert_eq!(head.bytes().len(), 125);
        assert_eq!(head.bytes()[124], 2);
    }
}
