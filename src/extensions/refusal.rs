//! Why a header tells nothing about the connection's frames.

use std::fmt;

use super::Parameter;
use super::grammar::HEADER;
use crate::escape::escape;
use crate::words::say;

/// How much of a long word a refusal repeats, in characters.
const SHOWN: usize = 40;

/// Why a header is no agreement that frames can be read by. A number beside a
/// character, or alone, is where it stands in what was given, counted in
/// characters from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say!(
            "`{text}` at character {at}",
            text = escape(&self.text),
            at = self.at
        ))
    }
}

impl Refusal {
    /// The section that settles it.
    pub fn section(&self) -> &'static str {
        match self {
            Refusal::OtherHeader(_) => "RFC 6455 section 11.3.2",
            Refusal::OneQuote(..)
            | Refusal::SentLine(_)
            | Refusal::Stray(..)
            | Refusal::NoExtension(_)
            | Refusal::NoSeparator(_)
            | Refusal::NoParameter(_)
            | Refusal::NoValue(_)
            | Refusal::Unclosed(_)
            | Refusal::EmptyQuotes(_)
            | Refusal::InQuotes(..) => "RFC 6455 section 9.1",
            Refusal::UnknownExtension(_) => "RFC 6455 section 5.8",
            Refusal::Alternatives(_) => "RFC 7692 section 5.1",
            Refusal::Misspelt(..) | Refusal::UnknownParameter(_) | Refusal::Twice(..) => {
                "RFC 7692 section 7"
            }
            Refusal::NotAnExtension(..) => "RFC 7692 section 7.1",
            Refusal::Offer(_) => Parameter::ClientMaxWindowBits.section(),
            Refusal::NoWindowBits(_) => Parameter::ServerMaxWindowBits.section(),
            Refusal::Value(parameter, _)
            | Refusal::WindowBits(parameter, _)
            | Refusal::LeadingZero(parameter, ..) => parameter.section(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = say!("letters, digits and {marks}", marks = "!#$%&'*+-.^_`|~");
        match self {
            Refusal::OneQuote(quote, at) => f.write_str(&say!("the {quote} at character {at} has no partner at the end; close it, or remove it", quote, at)),
            Refusal::OtherHeader(name) => f.write_str(&say!("{name} is the name of another header; only `{header}:` can stand in front", name, header = HEADER)),
            Refusal::SentLine(at) => f.write_str(&say!("`>` at character {at} is curl's mark of a request, whose offer enables nothing; give the response's line, marked `<` or not at all", at)),
            Refusal::Stray('"', at) => f.write_str(&say!("`\"` at character {at} cannot stand there; only a value behind `=` can be quoted", at)),
            Refusal::Stray('=', at) => f.write_str(&say!("`=` at character {at} cannot stand there; only a parameter has a value, and only one", at)),
            Refusal::Stray(character, at) => f.write_str(&say!("{character} at character {at} cannot stand in a name or a value; those are {characters}", character = named(*character), at, characters)),
            Refusal::NoExtension(at) => f.write_str(&say!("`;` at character {at} has no extension before it; write `permessage-deflate;`", at)),
            Refusal::NoSeparator(word) => f.write_str(&say!("{word} has no `;` before it; write `;` before a parameter, `,` before an extension", word)),
            Refusal::NoParameter(at) => f.write_str(&say!("`;` at character {at} has no parameter behind it; name one, or remove the `;`", at)),
            Refusal::NoValue(at) => f.write_str(&say!("`=` at character {at} has no value behind it; write one, or remove the `=`", at)),
            Refusal::Unclosed(at) => f.write_str(&say!("`\"` at character {at} is never closed; close it, or write the value without quotes", at)),
            Refusal::EmptyQuotes(at) => f.write_str(&say!("`\"\"` at character {at} is an empty value; a value is one or more of {characters}", at, characters)),
            Refusal::InQuotes(character, at) => f.write_str(&say!("{character} at character {at} cannot stand in a value, quoted or not; a value is {characters}", character = named(*character), at, characters)),
            Refusal::Offer(at) => f.write_str(&say!("`{parameter}` at character {at} has no value: that is the request's offer, which enables nothing; give the header of the response", parameter = Parameter::ClientMaxWindowBits, at)),
            Refusal::Alternatives(at) => f.write_str(&say!("`permessage-deflate` at character {at} is an alternative to the one before: that is the request's offer, which enables nothing; give the header of the response", at)),
            Refusal::UnknownExtension(name) => f.write_str(&say!("{name} is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known", name)),
            Refusal::NotAnExtension(parameter, at) => f.write_str(&say!("`{parameter}` at character {at} is a parameter; write `permessage-deflate; {parameter}`", parameter, at)),
            Refusal::Misspelt(name, known) => {
                if name.text.eq_ignore_ascii_case(known) {
                    f.write_str(&say!("{name} is not the name that is defined; write it small: `{known}`", name, known))
                } else {
                    f.write_str(&say!("{name} is not the name that is defined; write `{known}`", name, known))
                }
            }
            Refusal::UnknownParameter(name) => {
                let [first, second, third, last] = Parameter::ALL;
                f.write_str(&say!("{name} is no parameter of permessage-deflate; those are `{first}`, `{second}`, `{third}` and `{last}`", name, first, second, third, last))
            }
            Refusal::Twice(parameter, at, first) => f.write_str(&say!("`{parameter}` at character {at} stands at {first} already; write it once", parameter, at, first)),
            Refusal::Value(parameter, value) => f.write_str(&say!("{value} is a value, and `{parameter}` has none; write the name alone", value, parameter)),
            Refusal::NoWindowBits(at) => f.write_str(&say!("`{parameter}` at character {at} has no value; write `{parameter}=` and a number from 8 to 15", parameter = Parameter::ServerMaxWindowBits, at)),
            Refusal::WindowBits(parameter, value) => f.write_str(&say!("{value} is no value of `{parameter}`; write a number from 8 to 15", value, parameter)),
            Refusal::LeadingZero(parameter, value, bits) => {
                f.write_str(&say!("{value} begins with a zero; write `{parameter}={bits}`", value, parameter, bits))
            }
        }?;
        write!(f, " ({})", self.section())
    }
}

impl std::error::Error for Refusal {}

/// A character as a sentence names it: blanks are not seen between backticks.
fn named(character: char) -> String {
    match character {
        ' ' => say!("a space"),
        '\t' => say!("a tab"),
        '\r' | '\n' => say!("a line break"),
        other => format!("`{}`", escape(other.encode_utf8(&mut [0; 4]))),
    }
}
