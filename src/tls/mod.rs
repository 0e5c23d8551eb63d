//! TLS between the bytes of TCP and what is said inside: records taken apart, and opened with the keys of
//! a key log.
//!
//! A [`Reader`] takes both streams of a connection and hands on what its ends said, with the packet in
//! which each record ended. Without keys it tells what is in clear: the hellos, the certificate before TLS
//! 1.3, alerts before encryption. It is passive: it never negotiates, and every record that it opens proves
//! itself by its tag, so a wrong key gives nothing and no wrong claim.
//!
//! - [`keylog`]: key logs, and the secrets blocks of pcapng.
//! - `record`: records in a stream, and behind a gap.
//! - `hello`: what handshake messages say.
//! - `early`: what a client says before the server has answered.
//! - `suite`, `schedule`, `cipher`: cipher suites, keys from secrets, records opened.
//!
//! Own, and not a library for TLS: those take part in a connection and hide what a witness needs (records
//! that were lost, sequence numbers that go on, keys that come late). The ciphers come from ring, CBC from RustCrypto.
//!
//! Source: RFC 8446, RFC 5246, RFC 5288, RFC 7366, RFC 7627, RFC 7905, RFC 9850.
//!
//! ```
//! use wsclose::tls::KeyLog;
//!
//! let mut keys = KeyLog::new();
//! keys.feed(b"CLIENT_RANDOM ");
//! keys.feed(&[b'0'; 64]);
//! keys.feed(b" ");
//! keys.feed(&[b'1'; 96]);
//! keys.feed(b"\n");
//! keys.finish();
//! assert_eq!(keys.connections(), 1);
//! ```

#[cfg(feature = "tls")]
mod cipher;
mod early;
mod hello;
pub mod keylog;
mod message;
mod reader;
mod record;
#[cfg(feature = "tls")]
mod schedule;
#[cfg_attr(not(feature = "tls"), path = "unsealed.rs")]
#[cfg_attr(not(feature = "tls"), allow(dead_code, reason = "nothing is opened"))]
mod sealed;
#[cfg(feature = "tls")]
mod suite;

pub use keylog::KeyLog;
pub use reader::{Out, Reader, Sink, UNKNOWN};
pub use record::is_record;
