//! From a packet capture to the WebSocket connections in it.
//!
//! Layer by layer, each sans-I/O and tested alone: [`gzip`] and [`mod@file`] to packets, [`packet`]
//! to TCP segments, [`tcp`] to the bytes of each end in order.

pub mod clock;
pub mod file;
pub mod gzip;
pub mod packet;
pub mod tcp;
