//! What the two ends agreed on besides RFC 6455: `Sec-WebSocket-Extensions`.
//!
//! The header stands in the request as an offer and in the response as the
//! agreement; only the response's tells how frames are to be read. A header is
//! judged here as a strict client judges it: what RFC 7692 tells it to fail the
//! connection for is refused, with the place and the section. What depends on
//! the offer, such as a number of window bits above the offered one, is not seen.
//!
//! ```
//! use wsclose::extensions::agreement;
//! use wsclose::frame::Sender;
//!
//! let deflate = agreement("permessage-deflate; server_max_window_bits=10").unwrap().deflate.unwrap();
//! assert_eq!(deflate.window_bits(Sender::Server), 10);
//!
//! // What a client fails the connection for says why.
//! let refused = agreement("permessage-deflate; server_max_window_bits=16").unwrap_err();
//! println!("{}", refused.message());
//! ```

mod grammar;
mod refusal;

use std::fmt;

use crate::facts::source::Source;
use crate::frame::Sender;
use grammar::{Extension, Value};
pub use refusal::{Given, Refusal};

/// The one extension that is known, as IANA registered it.
const DEFLATE: &str = "permessage-deflate";

/// What the two ends agreed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Compression of messages; `None` where the header lists nothing.
    pub deflate: Option<Deflate>,
}

/// How messages are compressed, with the defaults for what the header leaves out.
///
/// Source: RFC 7692 section 7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deflate {
    /// The server begins every message with an empty window.
    pub server_no_context_takeover: bool,
    /// The client begins every message with an empty window.
    pub client_no_context_takeover: bool,
    /// The server's window is two to this power of bytes at most: 8 to 15.
    pub server_max_window_bits: u8,
    /// The client's window is two to this power of bytes at most: 8 to 15.
    pub client_max_window_bits: u8,
}

impl Default for Deflate {
    fn default() -> Self {
        Deflate {
            server_no_context_takeover: false,
            client_no_context_takeover: false,
            server_max_window_bits: 15,
            client_max_window_bits: 15,
        }
    }
}

impl Deflate {
    /// Whether a compressed message of `sender` may refer to the ones before it.
    pub fn takes_over(&self, sender: Sender) -> bool {
        !match sender {
            Sender::Client => self.client_no_context_takeover,
            Sender::Server => self.server_no_context_takeover,
        }
    }

    /// The base-2 logarithm of the window with which `sender` compresses, in
    /// bytes: 8 to 15.
    pub fn window_bits(&self, sender: Sender) -> u8 {
        match sender {
            Sender::Client => self.client_max_window_bits,
            Sender::Server => self.server_max_window_bits,
        }
    }
}

/// The header's value, without what says no more than the default.
impl fmt::Display for Deflate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DEFLATE)?;
        let alone = [
            (
                Parameter::ServerNoContextTakeover,
                self.server_no_context_takeover,
            ),
            (
                Parameter::ClientNoContextTakeover,
                self.client_no_context_takeover,
            ),
        ];
        for (parameter, _) in alone.into_iter().filter(|(_, is_given)| *is_given) {
            write!(f, "; {parameter}")?;
        }
        let with_bits = [
            (Parameter::ServerMaxWindowBits, self.server_max_window_bits),
            (Parameter::ClientMaxWindowBits, self.client_max_window_bits),
        ];
        for (parameter, bits) in with_bits.into_iter().filter(|(_, bits)| *bits != 15) {
            write!(f, "; {parameter}={bits}")?;
        }
        Ok(())
    }
}

/// A parameter of permessage-deflate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// The server begins every message with an empty window.
    ServerNoContextTakeover,
    /// The client begins every message with an empty window.
    ClientNoContextTakeover,
    /// How large the server's window is.
    ServerMaxWindowBits,
    /// How large the client's window is.
    ClientMaxWindowBits,
}

impl Parameter {
    /// All there are, in the order of their sections.
    pub const ALL: [Parameter; 4] = [
        Parameter::ServerNoContextTakeover,
        Parameter::ClientNoContextTakeover,
        Parameter::ServerMaxWindowBits,
        Parameter::ClientMaxWindowBits,
    ];

    /// Its name in the header.
    pub fn name(self) -> &'static str {
        match self {
            Parameter::ServerNoContextTakeover => "server_no_context_takeover",
            Parameter::ClientNoContextTakeover => "client_no_context_takeover",
            Parameter::ServerMaxWindowBits => "server_max_window_bits",
            Parameter::ClientMaxWindowBits => "client_max_window_bits",
        }
    }

    /// The section that defines it.
    pub fn section(self) -> Source {
        match self {
            Parameter::ServerNoContextTakeover => Source::Rfc(7692, "7.1.1.1"),
            Parameter::ClientNoContextTakeover => Source::Rfc(7692, "7.1.1.2"),
            Parameter::ServerMaxWindowBits => Source::Rfc(7692, "7.1.2.1"),
            Parameter::ClientMaxWindowBits => Source::Rfc(7692, "7.1.2.2"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Parameter::ALL
            .into_iter()
            .find(|parameter| parameter.name() == name)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What `header` says the two ends agreed on.
///
/// `header` is the response's `Sec-WebSocket-Extensions` as a person pastes it:
/// the value alone or with the name in front, in quotes or backticks, on several
/// lines. Where it lists nothing the agreement is empty: the grammar asks for one
/// element at least, but a server's list may be empty (RFC 6455 section 4.2.2).
///
/// # Errors
///
/// Where it breaks the grammar (as a whole, before any name is looked at), is
/// the request's offer, or names what is not known.
///
/// Source: RFC 6455 section 9.1, RFC 7692 section 7.
pub fn agreement(header: &str) -> Result<Agreement, Refusal> {
    let extensions = grammar::extensions(header)?;
    // An offer is an offer whatever else is wrong with it, and the remedy is another header.
    if let Some(offer) = offer(&extensions) {
        return Err(offer);
    }
    let mut agreement = Agreement::default();
    for extension in &extensions {
        if extension.name.text != DEFLATE {
            return Err(unknown_extension(extension));
        }
        agreement.deflate = Some(deflate(extension)?);
    }
    Ok(agreement)
}

/// What only a request says, where it stands first.
///
/// A client may list "multiple PMCEs with the same extension name" for a server
/// to choose from (RFC 7692 5.1), and may name `client_max_window_bits` without
/// a value to say that it understands it (7.1.2.2).
fn offer(extensions: &[Extension<'_>]) -> Option<Refusal> {
    let mut deflates = extensions
        .iter()
        .filter(|extension| extension.name.text == DEFLATE);
    let first = deflates.next()?;
    let hint = first.parameters.iter().find(|parameter| {
        parameter.value.is_none() && parameter.name.text == Parameter::ClientMaxWindowBits.name()
    });
    match hint {
        Some(hint) => Some(Refusal::Offer(hint.name.at)),
        None => deflates
            .next()
            .map(|second| Refusal::Alternatives(second.name.at)),
    }
}

fn unknown_extension(extension: &Extension<'_>) -> Refusal {
    let name = extension.name;
    if let Some(parameter) = Parameter::named(name.text) {
        return Refusal::NotAnExtension(parameter, name.at);
    }
    let given = Given::new(name.text, name.at);
    if is_spelling_of(DEFLATE, name.text) {
        Refusal::Misspelt(given, DEFLATE)
    } else {
        Refusal::UnknownExtension(given)
    }
}

/// What the parameters of a permessage-deflate say.
///
/// A client fails the connection for a parameter that is not defined, a value
/// that is not valid, and a name that stands twice (RFC 7692 section 7).
fn deflate(extension: &Extension<'_>) -> Result<Deflate, Refusal> {
    let mut deflate = Deflate::default();
    // Holds four at most: a fifth parameter is unknown or stands twice.
    let mut seen: Vec<(Parameter, usize)> = Vec::new();
    for given in &extension.parameters {
        let at = given.name.at;
        let Some(parameter) = Parameter::named(given.name.text) else {
            return Err(unknown_parameter(given.name.text, at));
        };
        if let Some((_, first)) = seen.iter().find(|(known, _)| *known == parameter) {
            return Err(Refusal::Twice(parameter, at, *first));
        }
        seen.push((parameter, at));
        match (parameter, &given.value) {
            (Parameter::ServerNoContextTakeover, None) => {
                deflate.server_no_context_takeover = true;
            }
            (Parameter::ClientNoContextTakeover, None) => {
                deflate.client_no_context_takeover = true;
            }
            (
                Parameter::ServerNoContextTakeover | Parameter::ClientNoContextTakeover,
                Some(value),
            ) => return Err(Refusal::Value(parameter, Given::new(&value.text, value.at))),
            (Parameter::ServerMaxWindowBits, Some(value)) => {
                deflate.server_max_window_bits = window_bits(parameter, value)?;
            }
            (Parameter::ClientMaxWindowBits, Some(value)) => {
                deflate.client_max_window_bits = window_bits(parameter, value)?;
            }
            (Parameter::ServerMaxWindowBits, None) => return Err(Refusal::NoWindowBits(at)),
            (Parameter::ClientMaxWindowBits, None) => return Err(Refusal::Offer(at)),
        }
    }
    Ok(deflate)
}

fn unknown_parameter(name: &str, at: usize) -> Refusal {
    let given = Given::new(name, at);
    match Parameter::ALL
        .into_iter()
        .find(|parameter| is_spelling_of(parameter.name(), name))
    {
        Some(parameter) => Refusal::Misspelt(given, parameter.name()),
        None => Refusal::UnknownParameter(given),
    }
}

/// "a decimal integer value without leading zeroes between 8 to 15 inclusive"
/// (RFC 7692 sections 7.1.2.1 and 7.1.2.2)
fn window_bits(parameter: Parameter, value: &Value<'_>) -> Result<u8, Refusal> {
    let given = || Given::new(&value.text, value.at);
    let digits = value.text.trim_start_matches('0');
    // `parse` alone would let a `+` pass.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(bits @ 8..=15) if is_number && digits.len() < value.text.len() => {
            Err(Refusal::LeadingZero(parameter, given(), bits))
        }
        Ok(bits @ 8..=15) if is_number => Ok(bits),
        _ => Err(Refusal::WindowBits(parameter, given())),
    }
}

/// Whether `given` is `known` but for case, hyphens and underscores.
///
/// It is refused all the same. RFC 6455 says of each comparison that ignores
/// case that it does (4.1, 4.2.1), and of extension names it does not; so a
/// strict end takes `Permessage-Deflate` for an extension that nobody offered.
fn is_spelling_of(known: &str, given: &str) -> bool {
    let plain = |character: char| match character {
        '_' => '-',
        other => other.to_ascii_lowercase(),
    };
    known.chars().map(plain).eq(given.chars().map(plain))
}

#[cfg(test)]
mod tests;
