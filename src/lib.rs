//! Why did the WebSocket connection close?
//!
//! `wsclose` is a command line over this library. What the program knows and how it reasons is here as data, with
//! one call for each question:
//!
//! ```
//! use wsclose::{Answer, decode, explain_text, read_capture};
//!
//! // What does this text mean? A code, a name, an error message, a line of a log.
//! let text = "sent 1011 (internal error) keepalive ping timeout; no close frame received";
//! if let Some(Answer::Line(line)) = explain_text(text) {
//!     println!("{}", line.explanation.statements[0]);
//!     println!("{}", line.explanation.advice[0].fix);
//! }
//!
//! // What is wrong with these bytes?
//! let decoded = decode(&[0x83, 0x00])?;
//! assert_eq!(decoded.frames[0].findings[0].rule.id, "reserved-opcode");
//! assert_eq!(decoded.summary.closes_with, Some(1002));
//!
//! // How did the connections in this recording end?
//! let captured = read_capture(std::fs::File::open("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng")?)?;
//! assert_eq!(captured.connections[0].explanation.cause.id(), "peer-gone");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `examples/` has a program for each. Behind them stand the rooms below, for programs that stream: nothing in
//! them grows with the input, payload is unmasked where it lies and handed on, and no declared length
//! allocates anything.
//!
//! An answer names things by ids and values (causes, codes, rules, [`Message`](words::Message)s), and displays
//! in English. Structs and enums to which something may be added are `#[non_exhaustive]`.
//!
//! # Features
//!
//! | feature | gives | crates more |
//! | --- | --- | --- |
//! | none (`default-features = false`) | all rooms but the command line; at most 15 crates | |
//! | `tls` | encrypted captures are read with a key log; certificates are judged | ring, AES-CBC of RustCrypto, x509-parser |
//! | `logs` | [`logline::scan`]: logs of any size | aho-corasick, memchr, serde_json |
//! | `serde` | answers [`Serialize`](https://docs.rs/serde), as the documents of `--json`; HAR files and net logs are read | the same, serde |
//! | `registries` | [`facts::registry`] reads files of one's own | toml |
//! | `cli`, `probe` | the program; both by default | clap, rustls and others |
//! | `languages` | what the program says, in all its languages; by default | |
//!
//! # The house
//!
//! From the ground up; a room knows only rooms that stand above it in this list, which a test checks:
//!
//! - `scratch`: memory for as long as one call takes.
//! - `utf16`: text in UTF-16, turned into UTF-8 as it comes.
//! - [`escape`]: what comes from outside, made fit to be shown.
//! - [`words`]: what is said, as data: texts by their numbers, messages with their values.
//! - [`frame`]: bytes to headers and payload. Accepts every bit pattern, never judges.
//! - [`facts`]: what is known: codes, causes, rules, implementations, vendors, lines; rows of data.
//! - [`inflate`]: compression undone.
//! - [`extensions`]: what the two ends agreed on, from the header.
//! - [`certificate`]: a chain of certificates, and all that is wrong with it.
//! - [`rules`]: named checks, each with its section, its close code and an example.
//! - [`inspect`]: one end of a connection: its frames, messages and findings.
//! - [`conversation`]: both ends side by side. Bytes in, frames with findings out.
//! - [`upgrade`]: the HTTP upgrade before the frames, or what the bytes are if they are none.
//! - [`application`]: what the application said last: the messages of protocols inside WebSocket.
//! - [`logline`]: log lines and error messages to the close that they tell of.
//! - [`session`]: a connection as it is followed, wherever it was seen; the seam for all sources.
//! - [`tls`]: TLS records, opened with the keys of a key log.
//! - [`http2`]: the streams of an HTTP/2 connection that are WebSockets.
//! - [`capture`]: a packet capture, a browser's HAR or net log, or mitmproxy's flows, to the connections in it.
//! - [`probe`]: a live endpoint, asked once, as another source for a session.
//! - [`explain`]: frames, a connection, a line: to the cause, the evidence and the fix.
//! - [`topic`]: what a person typed to the code, range, rule or vendor that is meant.
//! - `report`: an answer before it is drawn, and what an exit status means.
//! - `input`: text of any form to bytes, behind the feature `cli`.
//! - `render`: answers drawn: as JSON behind the feature `serde`, else behind `cli`.
//! - [`ask`]: one call for each question.
//! - `cli`: the command line, behind the feature `cli`.

#![warn(clippy::print_stdout, clippy::print_stderr)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod application;
pub mod ask;
pub mod capture;
#[cfg(feature = "tls")]
pub mod certificate;
pub mod conversation;
pub mod escape;
pub mod explain;
pub mod extensions;
pub mod facts;
pub mod frame;
pub mod http2;
pub mod inflate;
pub mod inspect;
pub mod logline;
#[cfg(feature = "probe")]
pub mod probe;
pub mod rules;
mod scratch;
pub mod session;
pub mod tls;
pub mod topic;
pub mod upgrade;
mod utf16;
pub mod words;

pub use ask::{
    Answer, CaptureError, Captured, Connection, Decoded, Line, decode, decode_with, explain_text,
    explain_text_with, read_capture, read_capture_with,
};

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod input;
#[cfg(feature = "serde")]
pub mod render;
pub mod report;
