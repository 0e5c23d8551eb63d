//! From a packet capture to the WebSocket connections in it.
//!
//! Layer by layer, each sans-I/O and tested alone: [`gzip`], [`zip`] and [`mod@file`] to packets, [`order`] puts them in the order of their times, [`packet`] takes them
//! to TCP segments, [`tcp`] to the bytes of each end in order, which a [session](crate::session)
//! takes. [`tracker`] keeps all the connections of a capture apart and hands out a
//! [`Record`](crate::session::Record) of each as it ends. [`har`] and [`netlog`] do the same for a
//! browser's files, [`flow`] for mitmproxy's.

mod connection;
pub mod file;
pub mod flow;
pub mod gzip;
#[cfg(feature = "serde")]
pub mod har;
pub mod layers;
#[cfg(feature = "serde")]
pub mod netlog;
pub mod order;
pub mod packet;
mod reader;
pub(crate) mod recording;
mod stack;
pub mod tcp;
mod tnetstring;
pub mod tracker;
pub mod zip;

pub use reader::{End, Reader};
pub use stack::Keys;
