//! One call for each question: what a text means, what is wrong with some bytes, how the connections of a
//! capture ended.
//!
//! [`explain_text`], [`decode`] and [`read_capture`] answer from what is at hand, whole, in memory. Behind
//! them stand the rooms that do the work, for programs that stream or want less:
//! [`logline`](crate::logline) and [`topic`](crate::topic), [`conversation`](crate::conversation),
//! [`capture::Reader`](crate::capture::Reader), and [`explain`](crate::explain) for all of them.
//!
//! An answer is data: causes, codes and rules are values to match on, sentences are
//! [`Message`](crate::words::Message)s with ids, which display in English. With the feature `serde` each answer serializes, as
//! the documents that the command line prints with `--json`.
//!
//! ```
//! use wsclose::{Answer, explain_text};
//!
//! // What somebody pasted.
//! match explain_text("4004") {
//!     Some(Answer::Topics(topics)) => println!("{}", topics[0].topic.id()),
//!     Some(Answer::Line(line)) => println!("{}", line.explanation.statements[0]),
//!     _ => println!("nothing in it is known"),
//! }
//! assert!(explain_text("the quick brown fox").is_none());
//! ```

mod capture;
mod frames;
mod text;

pub use capture::{CaptureError, Captured, Connection, read_capture, read_capture_with};
pub use frames::{Decoded, MOST_FRAMES, decode, decode_with};
pub use text::{Answer, Line, explain_text, explain_text_with};

#[cfg(feature = "serde")]
mod document;
