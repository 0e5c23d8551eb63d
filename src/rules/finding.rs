//! What a broken rule comes to: where, and with which values. The findings that no check of a header gives are
//! made here, from what whoever read the payload measured.

use std::ops::Range;

use super::{OpenMessage, Rule, close, input, lookup, message};
use crate::facts::source::Source;
use crate::frame::{Header, Opcode, Sender, Utf8Fault};
use crate::inflate::DeflateFault;
use crate::words::{self, Text, Value, bytes, say, text};

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
pub(super) fn opcode_word(opcode: Opcode) -> Text {
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
