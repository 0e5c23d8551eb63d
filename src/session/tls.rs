//! What is known of a connection's TLS beside what is said inside.
//!
//! Source: RFC 8446 section 6, RFC 5246 section 7.2.
//!
//! ```
//! use wsclose::session::tls::Alert;
//!
//! // A record that says: alert, TLS 1.2, two bytes, fatal, 40.
//! let alert = Alert::in_clear(&[21, 3, 3, 0, 2, 2, 40]).unwrap();
//! assert_eq!(alert.name(), Some("handshake_failure"));
//! ```

use super::transport::Origin;
use crate::frame::Sender;

/// An alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whether it ends the connection.
    pub is_fatal: bool,
    /// The number of its description.
    pub description: u8,
}

impl Alert {
    /// The alert that bytes begin with, where they are a whole record of one that is not encrypted.
    pub fn in_clear(bytes: &[u8]) -> Option<Self> {
        match *bytes {
            [21, 3, 0..=4, 0, 2, level @ 1..=2, description, ..] => Some(Alert {
                is_fatal: level == 2,
                description,
            }),
            _ => None,
        }
    }

    /// The name in the registry, with underscores.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.description {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            22 => "record_overflow",
            40 => "handshake_failure",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            109 => "missing_extension",
            110 => "unsupported_extension",
            112 => "unrecognized_name",
            113 => "bad_certificate_status_response",
            115 => "unknown_psk_identity",
            116 => "certificate_required",
            120 => "no_application_protocol",
            _ => return None,
        })
    }
}

/// Whether there was a key for a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeysFound {
    /// No key log was given.
    #[default]
    NoLog,
    /// None in the log; it has keys for so many others.
    NoneFits(u64),
    /// The ClientHello, by which a key is found, was not seen whole.
    NoHello,
    /// There was one.
    Fits,
}

/// Why a key that fits opens no record of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// The ServerHello was not seen: nobody knows what was agreed on.
    NoHello,
    /// The cipher suite is none that is read.
    Suite,
    /// The log has keys of the handshake alone.
    NoDataKeys,
    /// The key should open them, and does not.
    WrongKey,
}

/// What is known of TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The version that the server chose.
    pub version: Option<u16>,
    /// The number of the cipher suite that it chose.
    pub suite: Option<u16>,
    /// The name of the server that the client asked for.
    pub server_name: Option<String>,
    /// The protocol that the ends agreed on (ALPN).
    pub protocol: Option<String>,
    /// The client random, by which key logs name a connection.
    pub client_random: Option<[u8; 32]>,
    /// The alerts that could be read: who sent them and where. No close_notify is among them.
    pub alerts: Vec<(Sender, Alert, Origin)>,
    /// The server's certificates, in DER, its own first.
    pub certificates: Vec<Vec<u8>>,
    /// Whether the server asked for a certificate of the client.
    pub asks_for_certificate: bool,
    /// Whether the server asked for another ClientHello.
    pub is_retried: bool,
    /// Whether the client sent data before the handshake.
    pub has_early_data: bool,
    /// How often the ends changed their keys.
    pub key_updates: u64,
    /// Whether there was a key.
    pub keys: KeysFound,
    /// What keeps it from opening anything, where that is so.
    pub locked: Option<Locked>,
    /// What the client sent.
    pub client: TlsEnd,
    /// What the server sent.
    pub server: TlsEnd,
}

/// What is known of one end's TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsEnd {
    /// Whether its hello came.
    pub has_greeted: bool,
    /// Records of data, those with handshake messages of TLS 1.3 included.
    pub data_records: u64,
    /// The length of the last of them.
    pub last_length: u16,
    /// Whether an encrypted alert came, most often close_notify.
    pub has_alerted: bool,
    /// Whether it said from when on it encrypts.
    pub has_changed_cipher: bool,
    /// Whether it sent something that is no TLS.
    pub is_broken: bool,
    /// Where its part of the handshake was over, as far as that could be read.
    pub finished: Option<Origin>,
    /// Where it said close_notify, as far as that could be read.
    pub closed: Option<Origin>,
    /// Where an encrypted alert came that nothing opened, and nothing of it came behind.
    pub alerted: Option<Origin>,
    /// Where it said something last: an alert, a ticket or a change of keys says nothing.
    pub said: Option<Origin>,
    /// Where its last record came, if that is as long as an alert and nothing opened it.
    pub perhaps_alerted: Option<Origin>,
    /// Where data could be read first.
    pub read_from: Option<Origin>,
    /// Where data could be read last.
    pub read_last: Option<Origin>,
    /// Records of data that could not be read, though there are keys.
    pub unread: u64,
    /// Those of them that came before the first that could.
    pub unread_before: u64,
}

impl Tls {
    /// What an end sent.
    pub fn end(&self, sender: Sender) -> &TlsEnd {
        match sender {
            Sender::Client => &self.client,
            Sender::Server => &self.server,
        }
    }

    /// The same, to be written.
    pub fn end_mut(&mut self, sender: Sender) -> &mut TlsEnd {
        match sender {
            Sender::Client => &mut self.client,
            Sender::Server => &mut self.server,
        }
    }

    /// Whether what its ends said could be read, in part at least.
    pub fn is_read(&self) -> bool {
        self.client.read_from.is_some() || self.server.read_from.is_some()
    }

    /// Where an end said that it will send no more (RFC 8446 section 6.1), as far as that can be told.
    pub fn ended(&self, sender: Sender) -> Option<Origin> {
        let end = self.end(sender);
        end.closed.or(end.alerted)
    }

    /// Whether the client has got as far as sending encrypted records: it was content with the
    /// server's certificate.
    pub fn is_established(&self) -> bool {
        self.client.data_records > 0 && self.server.data_records > 0
            || self.client.has_changed_cipher
                && self.server.has_changed_cipher
                && self.version < Some(0x0304)
    }
}
