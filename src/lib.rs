//! Why did the WebSocket connection close?
//!
//! `wsclose` is a command line over this library. The house, from the ground up:
//!
//! - [`frame`]: bytes to headers and payload. Accepts every bit pattern, never judges.
//! - [`codes`]: close codes and ranges, typed facts with their words, one row each.
//! - [`rules`]: named checks, each with its section, its close code and an example.
//! - [`field`]: what real implementations do, as measured: codes, faults, limits, timers, reasons.
//! - [`extensions`]: what the two ends agreed on, from the header. [`inflate`]: compression undone.
//! - [`upgrade`]: the HTTP upgrade before the frames, or what the bytes are if they are none.
//! - [`inspect`]: one end of a connection: its frames, messages and findings.
//! - [`conversation`]: both ends side by side. Bytes in, frames with findings out.
//! - [`capture`]: a packet capture to the connections in it, each with its conversation.
//! - [`diagnose`]: a conversation or a connection to its cause, the evidence and the fix.
//! - [`registry`]: application codes, the vendors' and the user's own, from files of one form.
//! - [`logline`]: log lines and error messages to the close that they tell of.
//! - [`topic`]: what a person typed to the code, range, rule or vendor that is meant.
//! - `input`, `report`, `render`, `cli`: the command line, behind the feature `cli`.
//!
//! # Decoding a stream
//!
//! ```
//! use wsclose::conversation::{Conversation, Options};
//!
//! let mut bytes = hex_literal();
//! let mut conversation = Conversation::new(Options::default());
//! conversation.feed(&mut bytes, |frame| {
//!     for finding in &frame.findings {
//!         println!("{} at {}: {}", finding.rule.id, finding.at, finding.note());
//!     }
//! });
//! let summary = conversation.finish(|_| {});
//! assert_eq!(summary.closes_with, Some(1002));
//!
//! fn hex_literal() -> Vec<u8> {
//!     vec![0x83, 0x00] // opcode 3 has no meaning
//! }
//! ```
//!
//! Nothing grows with the input: payload is unmasked where it lies and handed
//! on, and no declared length allocates anything.

#![warn(clippy::print_stdout, clippy::print_stderr)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod capture;
pub mod codes;
pub mod conversation;
pub mod diagnose;
pub mod escape;
pub mod extensions;
pub mod field;
pub mod frame;
pub mod inflate;
pub mod inspect;
pub mod logline;
pub mod registry;
pub mod rules;
pub mod source;
pub mod topic;
pub mod upgrade;
pub mod words;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod input;
#[cfg(feature = "cli")]
pub mod render;
#[cfg(feature = "cli")]
pub mod report;
