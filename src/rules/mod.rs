//! Named checks: what a strict receiver does not accept, one row each.
//!
//! A row holds the id, the section, the close code that a strict receiver would
//! answer with, an example that makes the rule fire (a law tries each), the
//! sentence for a finding, the words for `explain`, and the check itself. A
//! check looks, measures and returns evidence: it prints nothing, keeps no
//! state and writes no sentence.
//!
//! ```
//! use wsclose::rules;
//!
//! let rule = rules::lookup("reserved-opcode").unwrap();
//! assert_eq!(rule.closes_with, Some(1002));
//! println!("{}: {}", rule.title, rule.sources[0]);
//! assert!(rules::all().count() > 10);
//! ```

mod close;
mod header;
mod input;
mod message;

use std::ops::Range;

pub(crate) use header::RSV1;

use crate::facts::rules::RuleFacts;
use crate::facts::source::Source;
use crate::frame::{
    CONTROL_PAYLOAD_MAX, Header, LengthForm, Opcode, Sender, Utf8Fault, minimal_form,
};
use crate::inflate::DeflateFault;
use crate::words::{self, Text, Value, Words, bytes, say, text};

/// A rule of RFC 6455, or of the input, that frames can break.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Names the fault: `reserved-opcode`.
    pub id: &'static str,
    /// The fault in a few words.
    pub title: Text,
    /// What settles it.
    pub sources: &'static [Source],
    /// The close code a strict receiver fails the connection with; `None` where it would not.
    pub closes_with: Option<u16>,
    /// The sentence of a finding, with `{name}` for each of its values.
    pub note: Text,
    /// Bytes that break it.
    pub example: Example,
    /// Meaning, causes and fixes.
    pub words: Words,
    /// How it is found.
    pub(crate) check: Check,
}

impl Rule {
    /// A rule of which this is said.
    const fn of(facts: RuleFacts, example: Example, check: Check) -> Self {
        Rule {
            id: facts.id,
            title: facts.title,
            sources: facts.sources,
            closes_with: facts.closes_with,
            note: facts.note,
            example,
            words: facts.words,
            check,
        }
    }
}

/// Bytes that break a rule, and how they must be read for it.
#[derive(Debug)]
pub struct Example {
    /// Bytes in hex, spaced.
    pub bytes: &'static str,
    /// Who sent them, where that matters.
    pub from: Option<Sender>,
    /// The largest message taken, where that matters.
    pub max_message_size: Option<u64>,
    /// The extensions that were agreed on, where that matters.
    pub extensions: Option<&'static str>,
}

impl Example {
    /// Bytes that break their rule whoever reads them.
    pub(crate) const fn of(bytes: &'static str) -> Self {
        Example {
            bytes,
            from: None,
            max_message_size: None,
            extensions: None,
        }
    }

    /// The command that shows it.
    pub fn command(&self) -> String {
        let mut command = "wsclose decode-frame".to_owned();
        if let Some(sender) = self.from {
            command.push_str(" --from ");
            command.push_str(sender.id());
        }
        if let Some(extensions) = self.extensions {
            command.push_str(&format!(" --extensions {extensions}"));
        }
        if let Some(limit) = self.max_message_size {
            command.push_str(&format!(" --max-message-size {limit}"));
        }
        command.push(' ');
        command.push_str(self.bytes);
        command
    }
}

/// How a rule is found.
pub(crate) enum Check {
    /// From a header and what came before it.
    Header(fn(&Header, &Context) -> Option<Evidence>),
    /// From the body of a Close frame.
    CloseBody(fn(&CloseBody) -> Option<Evidence>),
    /// Text that is not UTF-8, in a message.
    Text,
    /// Compressed data that cannot be inflated.
    Deflate,
    /// Text that is not UTF-8, in the reason of a Close frame.
    Reason,
    /// The input ends inside a frame.
    EndOfFrame,
    /// The input ends inside a fragmented message.
    EndOfMessage,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Check::Header(_) => "Header",
            Check::CloseBody(_) => "CloseBody",
            Check::Text => "Text",
            Check::Deflate => "Deflate",
            Check::Reason => "Reason",
            Check::EndOfFrame => "EndOfFrame",
            Check::EndOfMessage => "EndOfMessage",
        })
    }
}

/// What came before a header, as far as a rule needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// Who sent the frames, where that was said and not read from the mask.
    pub declared: Option<Sender>,
    /// The message of this end that has begun and not ended.
    pub message: Message,
    /// Where this end's Close frame stands, once it has sent one.
    pub closed_at: Option<u64>,
    /// The largest message taken, in bytes.
    pub max_message_size: Option<u64>,
    /// Whether the ends agreed on permessage-deflate.
    pub is_deflate_agreed: bool,
}

/// The message of one end that frames belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// It cannot be known: the header was cut before the mask bit.
    Unknown,
    /// None has begun.
    None,
    /// One has begun and not ended.
    Open(OpenMessage),
}

/// A message that has begun and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenMessage {
    /// Text or binary.
    pub opcode: Opcode,
    /// The offset of its first frame.
    pub began: u64,
    /// Its frames so far.
    pub frames: u64,
    /// Its bytes so far.
    pub bytes: u64,
    /// Whether it is compressed as the ends agreed on.
    pub is_compressed: bool,
    /// Whether a reserved bit says that an extension changed the payload, which nobody agreed on.
    pub is_changed: bool,
}

/// The body of a Close frame, as far as rules look at it before its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseBody {
    /// Where the first byte of the body stands, or the length that announces it where the input ends before.
    pub at: u64,
    /// The length that the header declares; `None` where the header was cut inside it.
    pub length: Option<u64>,
    /// The code, where two bytes are there.
    pub code: Option<u16>,
}

/// Where a rule was broken, and the values that its sentence names.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub span: Range<u64>,
    pub values: Vec<(&'static str, Value)>,
    /// What settles it, where that is not the first source of the rule.
    pub source: Option<Source>,
}

impl Evidence {
    pub(crate) fn at(span: Range<u64>) -> Self {
        Evidence {
            span,
            values: Vec::new(),
            source: None,
        }
    }

    pub(crate) fn by(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    pub(crate) fn value(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

/// A rule that bytes broke, and where.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What settles this case of it.
    pub source: Source,
    /// The offset of the first offending byte in the whole input.
    pub at: u64,
    /// The number of offending bytes; 0 where something is missing.
    pub length: u64,
    /// What the sentence names.
    pub values: Vec<(&'static str, Value)>,
    /// The payload up to and with the offending byte, for a fault deep in a long payload; unmasked.
    pub excerpt: Option<Excerpt>,
}

/// The last bytes of a payload up to and with an offending one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The offset of its first byte in the whole input.
    pub at: u64,
    /// The bytes, unmasked.
    pub bytes: Vec<u8>,
}

impl Finding {
    pub(crate) fn new(rule: &'static Rule, evidence: Evidence) -> Self {
        Finding {
            rule,
            source: evidence
                .source
                .or(rule.sources.first().copied())
                .unwrap_or(Source::Iana),
            at: evidence.span.start,
            length: evidence.span.end - evidence.span.start,
            values: evidence.values,
            excerpt: None,
        }
    }

    /// What is wrong, in one sentence.
    pub fn note(&self) -> words::Message {
        words::Message::new(self.rule.note, self.values.clone())
    }

    /// The value of this name.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.rule.id == other.rule.id
            && (self.at, self.length) == (other.at, other.length)
            && self.values == other.values
            && self.excerpt == other.excerpt
    }
}

/// All rules, in the order in which they are listed.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    header::RULES
        .iter()
        .chain(message::RULES)
        .chain([&message::TEXT_NOT_UTF8, &message::DEFLATE_INVALID])
        .chain(close::RULES)
        .chain([
            &close::REASON_NOT_UTF8,
            &message::FRAME_AFTER_CLOSE,
            &input::TRUNCATED_FRAME,
            &input::UNFINISHED_MESSAGE,
        ])
}

/// The rule with this id.
pub fn lookup(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// What the rules for headers find in one. `findings` is added to, in stream order.
pub(crate) fn judge_header(header: &Header, context: &Context, findings: &mut Vec<Finding>) {
    if context.closed_at.is_some() {
        if context.message == Message::Unknown {
            // It may be a control frame of either end, which breaks nothing.
            return;
        }
        // Nothing after a Close is judged by any other rule.
        let rule = &message::FRAME_AFTER_CLOSE;
        if let Check::Header(check) = rule.check {
            findings.extend(check(header, context).map(|evidence| Finding::new(rule, evidence)));
        }
        return;
    }
    if is_ordinary(header, context) {
        return;
    }
    for rule in header::RULES.iter().chain(message::RULES) {
        if let Check::Header(check) = rule.check {
            findings.extend(check(header, context).map(|evidence| Finding::new(rule, evidence)));
        }
    }
}

/// The body of the Close frame with this header, of which `kept` is there.
pub(crate) fn close_body(header: &Header, kept: &[u8]) -> CloseBody {
    CloseBody {
        at: if kept.is_empty() {
            header.second_byte_span().start
        } else {
            header.payload_at()
        },
        length: header.length(),
        code: kept
            .get(..2)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u16::from_be_bytes),
    }
}

/// Whether a header is one of those that make up nearly all traffic and break no rule, so that the
/// rules need not be asked one by one. A test holds it against them.
fn is_ordinary(header: &Header, context: &Context) -> bool {
    let follows = match (header.opcode, &context.message) {
        (Opcode::Text | Opcode::Binary, Message::None) => context.max_message_size.is_none(),
        (Opcode::Continuation, Message::Open(_)) => context.max_message_size.is_none(),
        (Opcode::Ping | Opcode::Pong | Opcode::Close, _) => {
            header.fin && header.length_at_most <= CONTROL_PAYLOAD_MAX as u64
        }
        _ => false,
    };
    follows
        && header.is_whole
        && !header.has_reserved_bits()
        && header.length_form == Some(minimal_form(header.length_at_most))
        && header.length_at_most < 1 << 63
        && context
            .declared
            .is_none_or(|sender| header.masked == Some(sender == Sender::Client))
}

/// What the rules find in the code of a Close frame.
pub(crate) fn judge_close_body(body: &CloseBody, findings: &mut Vec<Finding>) {
    for rule in close::RULES {
        if let Check::CloseBody(check) = rule.check {
            findings.extend(check(body).map(|evidence| Finding::new(rule, evidence)));
        }
    }
}

/// The finding for text of a message that is not UTF-8; `at` is the offset of the bad byte.
pub(crate) fn text_not_utf8(at: u64, fault: &Utf8Fault) -> Finding {
    Finding::new(&message::TEXT_NOT_UTF8, utf8_evidence(at, fault))
}

/// The finding for text that is not UTF-8 at `offset` of an inflated message; `span` is the first
/// payload byte of the frame that it came from.
pub(crate) fn inflated_text_not_utf8(span: Range<u64>, offset: u64, fault: &Utf8Fault) -> Finding {
    let evidence = Evidence::at(span)
        .value("class", fault.class.id())
        .value("inflated_offset", Value::Number(offset))
        .value(
            "fault",
            say!(
                utf8.inflated,
                fault = fault.message(),
                offset = Value::Number(offset)
            ),
        );
    Finding::new(&message::TEXT_NOT_UTF8, evidence)
}

/// The finding for a message that is larger than `limit` once inflated; `span` as above.
pub(crate) fn inflated_too_big(span: Range<u64>, limit: u64) -> Option<Finding> {
    let evidence = Evidence::at(span)
        .value(
            "length",
            say!(rule_value.more_than, limit = Value::Number(limit)),
        )
        .value("inflated_offset", Value::Number(limit))
        .value("limit", Value::Number(limit));
    Some(Finding::new(lookup("message-too-big")?, evidence))
}

/// The finding for compressed data that cannot be inflated; `span` as above.
pub(crate) fn deflate_invalid(
    span: Range<u64>,
    header: &Header,
    fault: DeflateFault,
    bits: u8,
) -> Finding {
    let why = match fault {
        DeflateFault::Invalid => say!(rule_value.not_deflate),
        DeflateFault::BeyondWindow => {
            say!(rule_value.beyond_window, bits)
        }
        DeflateFault::EarlierMessage => {
            say!(rule_value.earlier_message)
        }
    };
    let evidence = Evidence::at(span)
        .value("class", fault.id())
        .value("frame", Value::Number(header.at))
        .value("why", why);
    Finding::new(&message::DEFLATE_INVALID, evidence)
}

/// The finding for a reason that is not UTF-8; `at` is the offset of the bad byte.
pub(crate) fn reason_not_utf8(at: u64, fault: &Utf8Fault) -> Finding {
    Finding::new(&close::REASON_NOT_UTF8, utf8_evidence(at, fault))
}

fn utf8_evidence(at: u64, fault: &Utf8Fault) -> Evidence {
    // Where the text ends inside a character there is no bad byte to point at.
    let end = at + u64::from(fault.bad.is_some());
    Evidence::at(at..end)
        .value("class", fault.class.id())
        .value("begun", fault.begun().len())
        .value("fault", fault.message())
}

/// The finding for an input that ends inside a frame.
pub(crate) fn truncated_frame(header: &Header, ends_at: u64) -> Finding {
    let evidence = Evidence::at(ends_at..ends_at);
    let evidence = if header.is_whole {
        evidence
            .value("part", "payload")
            .value("present", Value::Number(ends_at - header.payload_at()))
            .value("length", Value::Number(header.length_at_least))
            .value(
                "where",
                match ends_at - header.payload_at() {
                    0 => say!(
                        rule_value.before_payload,
                        length = Value::Number(header.length_at_least)
                    ),
                    present => say!(
                        rule_value.into_payload,
                        size = bytes(present),
                        length = Value::Number(header.length_at_least)
                    ),
                },
            )
    } else {
        evidence
            .value("part", "header")
            .value("present", header.size)
            .value(
                "where",
                say!(rule_value.into_header, size = bytes(header.size as u64)),
            )
    };
    Finding::new(&input::TRUNCATED_FRAME, evidence)
}

/// The finding for an input that ends inside a fragmented message.
pub(crate) fn unfinished_message(message: &OpenMessage, sender: Sender, ends_at: u64) -> Finding {
    let evidence = Evidence::at(ends_at..ends_at)
        .value("sender", sender)
        .value("opcode", opcode_word(message.opcode))
        .value("began", Value::Number(message.began))
        .value("bytes", Value::Number(message.bytes));
    Finding::new(&input::UNFINISHED_MESSAGE, evidence)
}

/// The word for an opcode in a sentence.
fn opcode_word(opcode: Opcode) -> Text {
    match opcode {
        Opcode::Continuation => text!(opcode.continuation),
        Opcode::Text => text!(opcode.text),
        Opcode::Binary => text!(opcode.binary),
        Opcode::Close => text!(stream.close),
        Opcode::Ping => text!(opcode.ping),
        Opcode::Pong => text!(opcode.pong),
        Opcode::Reserved(8..) => text!(opcode.control),
        Opcode::Reserved(_) => text!(opcode.reserved),
    }
}

/// The largest length that `form` should not be used for, because a shorter one holds it.
fn too_short_for(form: LengthForm) -> Option<u64> {
    match form {
        LengthForm::Seven => None,
        LengthForm::Sixteen => Some(125),
        LengthForm::SixtyFour => Some(0xffff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every first and second byte, every border of the length, every context.
    #[test]
    fn an_ordinary_header_breaks_no_rule() {
        let open = OpenMessage {
            opcode: Opcode::Text,
            began: 0,
            frames: 1,
            bytes: 3,
            is_compressed: false,
            is_changed: false,
        };
        let messages = [Message::None, Message::Open(open), Message::Unknown];
        let declared = [None, Some(Sender::Client), Some(Sender::Server)];
        let lengths = [
            0u64,
            1,
            125,
            126,
            65_535,
            65_536,
            u64::MAX >> 1,
            1 << 63,
            u64::MAX,
        ];
        let mut ordinary = 0;
        for first_two in 0..=u16::MAX {
            for length in lengths {
                let mut bytes = first_two.to_be_bytes().to_vec();
                bytes.extend(length.to_be_bytes());
                bytes.extend([1, 2, 3, 4]);
                let header = Header::parse(0, &bytes).expect("it is whole");
                for message in messages {
                    for declared in declared {
                        let context = Context {
                            declared,
                            message,
                            closed_at: None,
                            max_message_size: None,
                            is_deflate_agreed: false,
                        };
                        if !is_ordinary(&header, &context) {
                            continue;
                        }
                        ordinary += 1;
                        for rule in header::RULES.iter().chain(message::RULES) {
                            if let Check::Header(check) = rule.check {
                                assert!(
                                    check(&header, &context).is_none(),
                                    "{}: {header:?}",
                                    rule.id
                                );
                            }
                        }
                    }
                }
            }
        }
        assert!(ordinary > 10_000);
    }
}
