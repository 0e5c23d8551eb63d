//! Why a header tells nothing about the connection's frames.

use std::fmt;

use super::Parameter;
use super::grammar::HEADER;
use crate::escape::escape;
use crate::facts::source::Source;
use crate::words::{Message, Value, say, text};

/// How much of a long word a refusal repeats, in characters.
const SHOWN: usize = 40;

/// Why a header is no agreement that frames can be read by. A number beside a
/// character, or alone, is where it stands in what was given, counted in
/// characters from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A quote at the front that the end does not close.
    OneQuote(char, usize),
    /// A line of another header.
    OtherHeader(Given),
    /// A line behind `>`, with which `curl -v` marks what it sent.
    SentLine(usize),
    /// A character that may not stand where it does.
    Stray(char, usize),
    /// A `;` with no extension before it.
    NoExtension(usize),
    /// A word with neither `;` nor `,` before it.
    NoSeparator(Given),
    /// A `;` with no parameter behind it.
    NoParameter(usize),
    /// A `=` with no value behind it.
    NoValue(usize),
    /// A `"` around a value that nothing closes.
    Unclosed(usize),
    /// Quotes around nothing: where they open.
    EmptyQuotes(usize),
    /// A character in a quoted value that no value may hold.
    InQuotes(char, usize),
    /// `client_max_window_bits` without a value: the request's offer.
    Offer(usize),
    /// A second `permessage-deflate`: the request's offer of alternatives.
    Alternatives(usize),
    /// An extension that is not known.
    UnknownExtension(Given),
    /// A parameter where an extension belongs.
    NotAnExtension(Parameter, usize),
    /// A known name in another spelling, and its own.
    Misspelt(Given, &'static str),
    /// A parameter that permessage-deflate does not have.
    UnknownParameter(Given),
    /// A parameter a second time, and where it stands first.
    Twice(Parameter, usize, usize),
    /// A value of a parameter that has none.
    Value(Parameter, Given),
    /// `server_max_window_bits` without a value.
    NoWindowBits(usize),
    /// A value that is no number of window bits.
    WindowBits(Parameter, Given),
    /// A number of window bits behind zeros, and the number.
    LeadingZero(Parameter, Given, u8),
}

/// A word of the header, cut where it is long, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    text: String,
    at: usize,
}

impl Given {
    pub(super) fn new(word: &str, at: usize) -> Self {
        let mut text: String = word.chars().take(SHOWN).collect();
        if text.len() < word.len() {
            text.push('…');
        }
        Given { text, at }
    }
}

impl From<&Given> for Value {
    fn from(given: &Given) -> Self {
        let text = escape(&given.text);
        say!(extensions.given, text, at = given.at).into()
    }
}

impl Refusal {
    /// The section that settles it.
    pub fn section(&self) -> Source {
        match self {
            Refusal::OtherHeader(_) => Source::Rfc(6455, "11.3.2"),
            Refusal::OneQuote(..)
            | Refusal::SentLine(_)
            | Refusal::Stray(..)
            | Refusal::NoExtension(_)
            | Refusal::NoSeparator(_)
            | Refusal::NoParameter(_)
            | Refusal::NoValue(_)
            | Refusal::Unclosed(_)
            | Refusal::EmptyQuotes(_)
            | Refusal::InQuotes(..) => Source::Rfc(6455, "9.1"),
            Refusal::UnknownExtension(_) => Source::Rfc(6455, "5.8"),
            Refusal::Alternatives(_) => Source::Rfc(7692, "5.1"),
            Refusal::Misspelt(..) | Refusal::UnknownParameter(_) | Refusal::Twice(..) => {
                Source::Rfc(7692, "7")
            }
            Refusal::NotAnExtension(..) => Source::Rfc(7692, "7.1"),
            Refusal::Offer(_) => Parameter::ClientMaxWindowBits.section(),
            Refusal::NoWindowBits(_) => Parameter::ServerMaxWindowBits.section(),
            Refusal::Value(parameter, _)
            | Refusal::WindowBits(parameter, _)
            | Refusal::LeadingZero(parameter, ..) => parameter.section(),
        }
    }
}

impl Refusal {
    /// What is wrong, and what would work, with the section that settles it.
    pub fn message(&self) -> Message {
        say!(
            extensions.with_section,
            refusal = self.reason(),
            section = self.section().message()
        )
    }

    fn reason(&self) -> Message {
        let characters = &say!(extensions.characters, marks = "!#$%&'*+-.^_`|~");
        match self {
            Refusal::OneQuote(quote, at) => say!(extensions.one_quote, quote, at),
            Refusal::OtherHeader(name) => say!(extensions.other_header, name, header = HEADER),
            Refusal::SentLine(at) => say!(extensions.sent_line, at),
            Refusal::Stray('"', at) => say!(extensions.stray_quote, at),
            Refusal::Stray('=', at) => say!(extensions.stray_equals, at),
            Refusal::Stray(character, at) => say!(
                extensions.stray,
                character = named(*character),
                at,
                characters
            ),
            Refusal::NoExtension(at) => say!(extensions.no_extension, at),
            Refusal::NoSeparator(word) => say!(extensions.no_separator, word),
            Refusal::NoParameter(at) => say!(extensions.no_parameter, at),
            Refusal::NoValue(at) => say!(extensions.no_value, at),
            Refusal::Unclosed(at) => say!(extensions.unclosed, at),
            Refusal::EmptyQuotes(at) => say!(extensions.empty_quotes, at, characters),
            Refusal::InQuotes(character, at) => say!(
                extensions.in_quotes,
                character = named(*character),
                at,
                characters
            ),
            Refusal::Offer(at) => say!(
                extensions.offer,
                parameter = Parameter::ClientMaxWindowBits.name(),
                at
            ),
            Refusal::Alternatives(at) => say!(extensions.alternatives, at),
            Refusal::UnknownExtension(name) => say!(extensions.unknown_extension, name),
            Refusal::NotAnExtension(parameter, at) => say!(
                extensions.not_an_extension,
                parameter = parameter.name(),
                at
            ),
            Refusal::Misspelt(name, known) => {
                if name.text.eq_ignore_ascii_case(known) {
                    say!(extensions.misspelt_case, name, known)
                } else {
                    say!(extensions.misspelt, name, known)
                }
            }
            Refusal::UnknownParameter(name) => {
                let [first, second, third, last] = Parameter::ALL.map(Parameter::name);
                say!(
                    extensions.unknown_parameter,
                    name,
                    first,
                    second,
                    third,
                    last
                )
            }
            Refusal::Twice(parameter, at, first) => {
                say!(extensions.twice, parameter = parameter.name(), at, first)
            }
            Refusal::Value(parameter, value) => {
                say!(extensions.value, value, parameter = parameter.name())
            }
            Refusal::NoWindowBits(at) => say!(
                extensions.no_window_bits,
                parameter = Parameter::ServerMaxWindowBits.name(),
                at
            ),
            Refusal::WindowBits(parameter, value) => {
                say!(extensions.window_bits, value, parameter = parameter.name())
            }
            Refusal::LeadingZero(parameter, value, bits) => {
                say!(
                    extensions.leading_zero,
                    value,
                    parameter = parameter.name(),
                    bits
                )
            }
        }
    }
}

/// In English.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for Refusal {}

/// A character as a sentence names it: blanks are not seen between backticks.
fn named(character: char) -> Value {
    match character {
        ' ' => text!(extensions.a_space).into(),
        '\t' => text!(extensions.a_tab).into(),
        '\r' | '\n' => text!(extensions.a_line_break).into(),
        other => format!("`{}`", escape(other.encode_utf8(&mut [0; 4]))).into(),
    }
}
