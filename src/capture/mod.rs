//! From a packet capture to the WebSocket connections in it.
//!
//! Layer by layer, each sans-I/O and tested alone: [`gzip`], [`zip`] and [`mod@file`] to packets, [`packet`]
//! to TCP segments, [`tcp`] to the bytes of each end in order, which a [session](crate::session)
//! takes. [`tracker`] keeps all the connections of a capture apart and hands out a
//! [`Record`](crate::session::Record) of each as it ends. [`har`] does the same for a browser's file.

mod connection;
pub mod file;
pub mod gzip;
#[cfg(feature = "cli")]
pub mod har;
pub mod layers;
pub mod packet;
pub mod tcp;
pub mod tracker;
pub mod zip;
