//! From a packet capture to the WebSocket connections in it.
//!
//! Layer by layer, each sans-I/O and tested alone: [`gzip`] and [`mod@file`] to packets, [`packet`]
//! to TCP segments, [`tcp`] to the bytes of each end in order, [`session`] to what is spoken,
//! with [`http`], [`tls`], [`finder`] and [`direction`] as its parts. [`tracker`] keeps all the
//! connections of a capture apart and hands out a [`Record`](connection::Record) of each as it
//! ends. Why it ended is for [`explain`](crate::explain).

pub mod clock;
pub mod connection;
pub mod direction;
pub mod file;
pub mod finder;
pub mod gzip;
#[cfg(feature = "cli")]
pub mod har;
pub mod http;
pub mod packet;
pub mod session;
pub mod tcp;
pub mod tls;
pub mod tracker;
