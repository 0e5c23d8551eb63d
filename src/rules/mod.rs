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
mod finding;
mod header;
mod input;
mod message;

pub(crate) use finding::{
    Evidence, deflate_invalid, inflated_text_not_utf8, inflated_too_big, reason_not_utf8,
    text_not_utf8, truncated_frame, unfinished_message,
};
pub use finding::{Excerpt, Finding};
pub(crate) use header::RSV1;

use crate::facts::rules::RuleFacts;
use crate::facts::source::Source;
use crate::frame::{CONTROL_PAYLOAD_MAX, Header, LengthForm, Opcode, Sender, minimal_form};
use crate::words::{Text, Words};

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
