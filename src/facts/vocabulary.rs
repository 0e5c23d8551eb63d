//! The words by which a line of a program that nobody knows is read: what each means, whose it is, and
//! where that is known from.
//!
//! A phrase is compared by its letters and digits alone, so that `ping timeout`, `PingTimeout` and
//! `ping_timeout` are one.
//!
//! ```
//! use wsclose::facts::causes::Cause;
//! use wsclose::facts::vocabulary::{Means, Space, of_number};
//!
//! // `read: errno 104` in the log of a program on Linux.
//! let word = of_number(Space::Errno, 104).unwrap();
//! assert!(matches!(word.means, Means::Cause(Cause::Reset)));
//! println!("{:?}", word.sentence);
//! ```

use super::causes::Cause;
use super::lines::Producer;
use super::source::Source;
use crate::words::{Advice, Text};

pub use super::rows::{NUMBER_KEYS, PHRASE_LETTERS, PHRASES, WORDS};

/// A row: words that mean the same.
#[derive(Debug)]
pub struct Word {
    /// Its name.
    pub id: &'static str,
    /// What kind of clue it is.
    pub kind: Kind,
    /// What it means.
    pub means: Means,
    /// Whether it counts only in a text that speaks of a WebSocket or of a close.
    pub is_weak: bool,
    /// What it says about the connection, in a sentence.
    pub sentence: Option<Text>,
    /// The same where the words are the reason of a Close: then it holds whichever end sent that.
    pub as_reason: Option<Text>,
    /// What to check and what to do; where there is none, the cause's own is meant.
    pub advice: &'static [Advice],
    /// The numbers of errors that mean the same.
    pub numbers: &'static [(Space, i32)],
    /// Where that is known from.
    pub source: Source,
    /// A text with one of its words.
    pub example: &'static str,
}

/// What kind of clue a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A close code, or what stands before one.
    Code,
    /// The HTTP status of a handshake.
    Status,
    /// An error of the operating system, or of what stands on it.
    OsError,
    /// TLS or a certificate.
    Tls,
    /// A name that could not be resolved.
    Dns,
    /// A timer that ran out.
    Timer,
    /// Who closed, or which way a Close went.
    Direction,
    /// A frame that breaks a rule.
    Fault,
    /// A connection that is used after its end, or before it is open.
    Use,
    /// An opening handshake that failed.
    Handshake,
    /// A word of a protocol over WebSocket, or of WebSocket itself.
    Protocol,
    /// The program that wrote the text.
    Producer,
    /// A service.
    Vendor,
    /// What a reason is about.
    Reason,
    /// What the text is about; no clue by itself.
    Context,
    /// What the number before it counts; no clue by itself.
    Unit,
}

impl Kind {
    /// Its word in JSON; none for what is no clue by itself.
    pub fn id(self) -> Option<&'static str> {
        Some(match self {
            Kind::Code => "code",
            Kind::Status => "status",
            Kind::OsError => "os-error",
            Kind::Tls => "tls",
            Kind::Dns => "dns",
            Kind::Timer => "timer",
            Kind::Direction => "direction",
            Kind::Fault => "fault",
            Kind::Use => "use",
            Kind::Handshake => "handshake",
            Kind::Protocol => "protocol",
            Kind::Producer => "producer",
            Kind::Vendor => "vendor",
            Kind::Reason => "reason",
            Kind::Context | Kind::Unit => return None,
        })
    }
}

/// What words mean.
#[derive(Clone, Copy, Debug)]
pub enum Means {
    /// Nothing more than their row says.
    Nothing,
    /// Why the connection ended, or never was.
    Cause(Cause),
    /// The rule that was broken.
    Rule(&'static str),
    /// Who closed, or sent the Close.
    By(By),
    /// What the text is about.
    About(About),
    /// That the number behind them is a close code or a status: how much that says.
    Key(i8),
    /// The name of a close code.
    Code(u16),
    /// Who wrote the text.
    Producer(&'static Producer),
    /// A vendor of application codes.
    Vendor(&'static str),
}

/// Who closed, seen from the program that wrote the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The other end.
    Other,
    /// The program itself.
    Local,
    /// The server.
    Server,
    /// The client.
    Client,
}

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A WebSocket.
    Websocket,
    /// The end of a connection.
    Close,
    /// A connection that is being made.
    Opening,
    /// Another system.
    Elsewhere,
}

/// Whose numbers of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// POSIX, as on Linux.
    Errno,
    /// POSIX, as on Apple's systems and the BSDs.
    Apple,
    /// Windows Sockets.
    Winsock,
    /// Apple's URL loading system.
    NsUrl,
    /// Apple's OSStatus, Windows' HRESULT: the codes of TLS.
    OsStatus,
    /// Windows' WinINet.
    WinInet,
}

/// The row of an error's number.
pub fn of_number(space: Space, number: i32) -> Option<&'static Word> {
    WORDS
        .iter()
        .find(|word| word.numbers.contains(&(space, number)))
}
