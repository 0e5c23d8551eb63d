//! The TLS records of one end, as far as they can be read without keys.
//!
//! Types and lengths of records are never encrypted, nor are the first messages and the alerts
//! before them. From TLS 1.3 on an encrypted alert looks like data; only its length gives it away.
//!
//! Source: RFC 8446 section 5.1 and 6, RFC 5246.

/// An alert that was sent in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whether it ends the connection.
    pub is_fatal: bool,
    /// The number of its description.
    pub description: u8,
}

impl Alert {
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

/// A record that was read, or what is said in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A ClientHello.
    ClientHello,
    /// A ServerHello, with the version that it chose.
    ServerHello(u16),
    /// An alert in clear.
    Alert(Alert),
    /// An encrypted alert: most often close_notify.
    EncryptedAlert,
    /// The rest of the messages will be encrypted.
    ChangeCipherSpec,
    /// Another handshake message, encrypted or not.
    Handshake,
    /// Data, with its length.
    Data(u16),
    /// The bytes are no records.
    Broken,
}

/// So much of a hello is looked at.
const KEPT: usize = 1024;

/// Reads the records of one end.
#[derive(Debug, Default)]
pub struct Records {
    held: Vec<u8>,
    /// Bytes of the record that are still to come and not needed.
    skip: usize,
    is_encrypted: bool,
    is_broken: bool,
}

/// Whether bytes begin like a record.
pub fn looks_like_record(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23, 3, 0..=4, ..])
}

impl Records {
    /// Takes the next bytes and hands what is in them to `sink`.
    pub fn feed(&mut self, bytes: &[u8], mut sink: impl FnMut(Event)) {
        let mut rest = bytes;
        while !rest.is_empty() && !self.is_broken {
            if self.skip > 0 {
                let count = self.skip.min(rest.len());
                self.skip -= count;
                rest = rest.get(count..).unwrap_or_default();
                continue;
            }
            let needed = self.needed();
            let count = needed.saturating_sub(self.held.len()).min(rest.len());
            self.held
                .extend_from_slice(rest.get(..count).unwrap_or_default());
            rest = rest.get(count..).unwrap_or_default();
            let is_ready = self.held.len() >= self.needed() || !looks_like_record(&self.held);
            if self.held.len() >= 5 && is_ready {
                self.record(&mut sink);
            }
        }
    }

    /// Takes a gap. Gives whether the records can be followed across it.
    pub fn skip(&mut self, count: u64) -> bool {
        let inside = usize::try_from(count).is_ok_and(|count| count <= self.skip);
        if inside {
            self.skip -= count as usize;
        } else {
            self.is_broken = true;
        }
        inside
    }

    fn length(&self) -> usize {
        match self.held.get(3..5) {
            Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])),
            _ => 0,
        }
    }

    /// How many bytes of the record are wanted.
    fn needed(&self) -> usize {
        5 + self.length().min(KEPT)
    }

    fn record(&mut self, sink: &mut impl FnMut(Event)) {
        let held = std::mem::take(&mut self.held);
        let length = match held.get(3..5) {
            Some(&[high, low]) => u16::from_be_bytes([high, low]),
            _ => 0,
        };
        // "The length MUST NOT exceed 2^14 + 256 bytes" (5.2); 2048 in TLS 1.2.
        if !looks_like_record(&held) || length > (1 << 14) + 2048 {
            self.is_broken = true;
            sink(Event::Broken);
            return;
        }
        let body = held.get(5..).unwrap_or_default();
        self.skip = usize::from(length) - body.len().min(usize::from(length));
        sink(match (held.first(), body) {
            (Some(20), _) => {
                self.is_encrypted = true;
                Event::ChangeCipherSpec
            }
            (Some(21), [level, description]) if !self.is_encrypted => Event::Alert(Alert {
                is_fatal: *level == 2 && *description != 0,
                description: *description,
            }),
            (Some(21), _) => Event::EncryptedAlert,
            (Some(22), [1, ..]) if !self.is_encrypted => Event::ClientHello,
            (Some(22), [2, ..]) if !self.is_encrypted => Event::ServerHello(chosen(body)),
            (Some(22), _) => Event::Handshake,
            _ => Event::Data(length),
        });
    }
}

/// The version that a ServerHello chose.
fn chosen(hello: &[u8]) -> u16 {
    let half = |at: usize| {
        let bytes = hello.get(at..at + 2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    };
    let legacy = half(4).unwrap_or_default();
    // Behind the random: session id, cipher suite, compression, extensions.
    let extended = || {
        let session = usize::from(*hello.get(38)?);
        let mut at = 39 + session + 2 + 1;
        let end = at + 2 + usize::from(half(at)?);
        at += 2;
        while at + 4 <= end {
            if half(at)? == 43 {
                return half(at + 4);
            }
            at += 4 + usize::from(half(at + 2)?);
        }
        None
    };
    extended().unwrap_or(legacy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(bytes: &[u8], step: usize) -> Vec<Event> {
        let mut records = Records::default();
        let mut seen = Vec::new();
        for piece in bytes.chunks(step) {
            records.feed(piece, |event| seen.push(event));
        }
        seen
    }

    #[test]
    fn records_are_told_apart_however_they_come() {
        let mut hello = vec![22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3];
        hello.extend([7; 32]);
        hello.extend([0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
        let stream = [
            &[22, 3, 1, 0, 2, 1, 0][..],
            &hello,
            &[21, 3, 3, 0, 2, 2, 48],
            &[20, 3, 3, 0, 1, 1],
            &[23, 3, 3, 0, 19],
            &[0; 19],
            &[21, 3, 3, 0, 26],
            &[0; 26],
            &[0x48, 0x54, 0x54, 0x50, 0x2f],
        ]
        .concat();
        for step in [1, 5, 4096] {
            assert_eq!(
                events(&stream, step),
                [
                    Event::ClientHello,
                    Event::ServerHello(0x0304),
                    Event::Alert(Alert {
                        is_fatal: true,
                        description: 48
                    }),
                    Event::ChangeCipherSpec,
                    Event::Data(19),
                    Event::EncryptedAlert,
                    Event::Broken,
                ]
            );
        }
    }

    #[test]
    fn a_large_record_is_not_kept() {
        let mut stream = vec![23, 3, 3, 0x40, 0];
        stream.extend(vec![0; 1 << 14]);
        stream.extend([23, 3, 3, 0, 1, 0]);
        for step in [1, 100, 1 << 20] {
            let seen = events(&stream, step);
            assert_eq!(seen, [Event::Data(1 << 14), Event::Data(1)]);
        }
    }
}
