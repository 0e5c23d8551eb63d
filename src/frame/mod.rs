//! Bytes to frames, without I/O and without judging.
//!
//! Implementations stop at the first fault; a diagnostic must not. Everything
//! here accepts every bit pattern: [`Header::parse`] turns any bytes into a
//! header, [`Decoder`] cuts a stream into headers and payload. What is wrong
//! with them is for [`rules`](crate::rules) to say.
//!
//! Source of the layout: RFC 6455 section 5.2.
//!
//! ```
//! use wsclose::frame::{Header, Opcode};
//!
//! let header = Header::parse(0, &[0x88, 0x02]).unwrap();
//! assert_eq!(header.opcode, Opcode::Close);
//! assert_eq!(header.payload_at(), 2);
//! // One byte is no header yet; it is not wrong either.
//! assert!(Header::parse(0, &[0x88]).is_none());
//! ```

mod decoder;
mod header;
mod mask;
mod utf8;
mod whole;

use std::fmt;

use crate::words::{Text, Value, text};

pub use decoder::{Decoder, Piece};
pub use header::{Header, LengthForm, Opcode, minimal_form};
pub use mask::unmask;
pub use utf8::{Utf8Check, Utf8Class, Utf8Fault};
pub(crate) use whole::WholeMessage;

/// The most payload a control frame may have, in bytes. RFC 6455 section 5.5.
pub const CONTROL_PAYLOAD_MAX: usize = 125;

/// The end of a connection that sent a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// The end that opened the connection. It masks every frame.
    Client,
    /// The end that was connected to. It masks none.
    Server,
}

impl Sender {
    /// The end that frames with this mask bit come from. RFC 6455 section 5.1.
    pub fn by_mask(masked: bool) -> Self {
        if masked {
            Sender::Client
        } else {
            Sender::Server
        }
    }

    /// The end that receives what this one sends.
    pub fn other(self) -> Self {
        match self {
            Sender::Client => Sender::Server,
            Sender::Server => Sender::Client,
        }
    }

    /// `client` or `server`.
    pub fn id(self) -> &'static str {
        match self {
            Sender::Client => "client",
            Sender::Server => "server",
        }
    }
}

impl Sender {
    /// The word for it in a sentence.
    pub fn words(self) -> Text {
        match self {
            Sender::Client => text!(end.client),
            Sender::Server => text!(end.server),
        }
    }
}

impl From<Sender> for Value {
    fn from(sender: Sender) -> Self {
        Value::Text(sender.words())
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
