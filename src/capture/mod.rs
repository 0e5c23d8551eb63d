//! From a packet capture to the WebSocket connections in it.
//!
//! Layer by layer, each sans-I/O and tested alone: [`gzip`] and [`zip`] undo compression, [`mod@file`] finds the
//! packets, [`order`] puts them in the order of their times, [`packet`] takes them to TCP segments (through
//! what [`layers`] lie between), [`tcp`] to the bytes of each end in order, which a [session](crate::session)
//! takes. [`tracker`] keeps all the connections of a capture apart and hands out a
//! [`Record`](crate::session::Record) of each as it ends. [`har`] and [`netlog`] do the same for a
//! browser's files, [`flow`] for mitmproxy's.
//!
//! [`Reader`] puts them together, and tells by the first bytes which it has:
//!
//! ```
//! use wsclose::capture::Reader;
//! use wsclose::explain::explain_connection;
//! use wsclose::facts::registry::Registries;
//!
//! let capture = std::fs::read("tests/captures/c05_1006_fin_mid_frame_ws_raw.pcapng").unwrap();
//! let mut reader = Reader::default();
//! let mut causes = Vec::new();
//! let mut sink = |record: Box<_>| {
//!     causes.push(explain_connection(&record, Registries::default()).cause.id());
//! };
//! reader.feed(&capture, &mut sink).unwrap();
//! reader.finish(&mut sink).unwrap();
//! assert_eq!(causes, ["cut-mid-frame"]);
//! ```

mod connection;
pub mod file;
pub mod flow;
mod front;
pub mod gzip;
#[cfg(feature = "serde")]
pub mod har;
pub mod layers;
mod level;
#[cfg(feature = "serde")]
pub mod netlog;
pub mod order;
pub mod packet;
pub(crate) mod packets;
pub(crate) mod reader;
pub(crate) mod recording;
mod stack;
pub mod tcp;
mod tnetstring;
pub mod tracker;
mod tunnels;
pub(crate) mod wrapping;
pub mod zip;

pub use reader::{End, Reader};
pub use stack::Keys;
