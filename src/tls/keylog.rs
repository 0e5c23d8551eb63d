//! Key logs: which secret belongs to which connection.
//!
//! Lines of three words: a label, the client random of the connection, the secret. Line ends of any kind,
//! comments, labels that nobody knows and lines said twice are passed over; digits may be large or small.
//! The first secret of a kind counts. Nothing of a secret is ever shown.
//!
//! Source: RFC 9850, and NSS Key Log Format for the older labels.
//!
//! ```
//! use wsclose::tls::keylog::KeyLog;
//!
//! let mut log = KeyLog::new();
//! let random = [7; 32];
//! log.feed(format!("CLIENT_RANDOM {} {}\n", "07".repeat(32), "ab".repeat(48)).as_bytes());
//! log.finish();
//! assert_eq!(log.connections(), 1);
//! assert!(log.of(&random).unwrap().master.is_some());
//! ```

use std::collections::{HashMap, VecDeque};

/// So many connections are remembered of a log; more than a browser opens in months.
const MOST_CONNECTIONS: usize = 500_000;
/// So many sessions are remembered that a later connection may resume.
const MOST_TICKETS: usize = 4096;
/// So many later generations of a secret are kept of a connection.
const MOST_GENERATIONS: usize = 16;
/// The longest line that can be one: RSA secrets have 96 digits, encrypted ones none more.
const LONGEST_LINE: usize = 4096;

/// A client random.
pub type Random = [u8; 32];

/// A secret of at most 48 bytes. It is never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    bytes: [u8; 48],
    length: u8,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A secret of these bytes; `None` where there are too many.
    pub fn of(secret: &[u8]) -> Option<Self> {
        let mut bytes = [0; 48];
        bytes.get_mut(..secret.len())?.copy_from_slice(secret);
        Some(Secret {
            bytes,
            length: secret.len() as u8,
        })
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }
}

/// The secrets of one connection. Those of an end stand at 0 for the client, at 1 for the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The master secret, before TLS 1.3.
    pub master: Option<Secret>,
    /// For data before the handshake.
    pub early: Option<Secret>,
    /// For the handshake.
    pub handshake: [Option<Secret>; 2],
    /// For data: of generation 0, and of later ones where a log has these.
    pub data: [Vec<(u32, Secret)>; 2],
}

/// Everything that is known of keys.
#[derive(Debug, Default)]
pub struct KeyLog {
    by_random: HashMap<Random, Secrets>,
    /// Master secrets by session id.
    by_session: HashMap<Vec<u8>, Secret>,
    /// The client random under which a session began that may be resumed, by its ticket or id.
    tickets: HashMap<Vec<u8>, Random>,
    ticket_order: VecDeque<Vec<u8>>,
    /// The part of a line that has come.
    line: Vec<u8>,
    is_line_too_long: bool,
    has_foreign: bool,
}

impl KeyLog {
    /// A log without a line.
    pub fn new() -> Self {
        KeyLog::default()
    }

    /// Whether it has no secret.
    pub fn is_empty(&self) -> bool {
        self.by_random.is_empty() && self.by_session.is_empty()
    }

    /// Whether something in it is no line of a key log, comments and empty lines being such.
    pub fn has_foreign(&self) -> bool {
        self.has_foreign
    }

    /// For how many connections it has secrets.
    pub fn connections(&self) -> u64 {
        self.by_random.len() as u64
    }

    /// Takes the next bytes of a log.
    pub fn feed(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            if self.line.len() + part.len() > LONGEST_LINE {
                self.is_line_too_long = true;
                self.line.clear();
            } else if !self.is_line_too_long {
                self.line.extend_from_slice(part);
            }
            if part.ends_with(b"\n") || part.ends_with(b"\r") {
                self.finish();
            }
        }
    }

    /// Takes the end of a log: its last line may lack its end.
    pub fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        match std::mem::take(&mut self.is_line_too_long) {
            true => self.has_foreign = true,
            false => {
                let is_taken = self.take(&line).is_some();
                self.has_foreign |= !is_taken && is_foreign(&line);
            }
        }
    }

    /// Takes a line. One that is none gives nothing.
    fn take(&mut self, line: &[u8]) -> Option<()> {
        let text = std::str::from_utf8(line).ok()?.trim();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut words = text.split_ascii_whitespace();
        let (label, name, secret) = (words.next()?, words.next()?, words.next()?);
        if label.starts_with('#') {
            return None;
        }
        if label == "RSA" {
            let id = hex::decode(name.strip_prefix("Session-ID:")?).ok()?;
            let master = hex::decode(secret.strip_prefix("Master-Key:")?).ok()?;
            if self.by_session.len() < MOST_CONNECTIONS && !id.is_empty() {
                self.by_session.entry(id).or_insert(Secret::of(&master)?);
            }
            return Some(());
        }
        let random: Random = hex::decode(name).ok()?.try_into().ok()?;
        let secret = Secret::of(&hex::decode(secret).ok()?)?;
        let kind = Kind::of(label)?;
        if secret.length != 48 && (secret.length != 32 || kind == Kind::Master) {
            return None;
        }
        if self.by_random.len() >= MOST_CONNECTIONS && !self.by_random.contains_key(&random) {
            return None;
        }
        let secrets = self.by_random.entry(random).or_default();
        match kind {
            Kind::Master => secrets.master = secrets.master.or(Some(secret)),
            Kind::Early => secrets.early = secrets.early.or(Some(secret)),
            Kind::Handshake(end) => {
                let place = secrets.handshake.get_mut(end)?;
                *place = place.or(Some(secret));
            }
            Kind::Data(end, generation) => {
                let place = secrets.data.get_mut(end)?;
                let is_new = place.iter().all(|(known, _)| *known != generation);
                if is_new && place.len() < MOST_GENERATIONS {
                    place.push((generation, secret));
                    place.sort_by_key(|(generation, _)| *generation);
                }
            }
        }
        Some(())
    }

    /// The secrets of a connection.
    pub fn of(&self, random: &Random) -> Option<&Secrets> {
        self.by_random.get(random)
    }

    /// The master secret of a session that is resumed, by what the client showed of it.
    pub fn resumed(&self, ticket: &[u8], session: &[u8]) -> Option<Secret> {
        let known = [ticket, session].into_iter().filter(|id| !id.is_empty());
        let mut randoms = known.filter_map(|id| self.tickets.get(id));
        let master = randoms.find_map(|random| self.by_random.get(random)?.master);
        master.or_else(|| self.by_session.get(session).copied())
    }

    /// Takes note that a session, which began with this client random, may be resumed with a ticket or id.
    pub fn may_resume(&mut self, id: &[u8], random: Random) {
        let has_master = |random| {
            let secrets = self.by_random.get(random);
            secrets.is_some_and(|secrets| secrets.master.is_some())
        };
        if id.is_empty() || id.len() > LONGEST_LINE || !has_master(&random) {
            return;
        }
        if self.tickets.insert(id.to_vec(), random).is_none() {
            self.ticket_order.push_back(id.to_vec());
        }
        if self.ticket_order.len() > MOST_TICKETS {
            if let Some(oldest) = self.ticket_order.pop_front() {
                self.tickets.remove(&oldest);
            }
        }
    }

    /// Takes note that a session which was itself resumed may be resumed again with this ticket.
    pub fn may_resume_again(&mut self, id: &[u8], ticket: &[u8], session: &[u8]) {
        let mut known = [ticket, session].into_iter();
        let random = known.find_map(|id| self.tickets.get(id)).copied();
        if let Some(random) = random {
            self.may_resume(id, random);
        }
    }
}

/// Whether a line that gave no secret is none of a key log at all. One may be cut, as the last that a
/// program writes, or have a label that nobody knows.
fn is_foreign(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return true;
    };
    let text = text.trim();
    let mut words = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .split_ascii_whitespace();
    let Some(label) = words.next() else {
        return false;
    };
    let has_random = words
        .next()
        .is_some_and(|name| hex::decode(name).is_ok_and(|name| name.len() == 32));
    !label.starts_with('#') && label != "RSA" && Kind::of(label).is_none() && !has_random
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Master,
    Early,
    Handshake(usize),
    Data(usize, u32),
}

impl Kind {
    fn of(label: &str) -> Option<Self> {
        Some(match label {
            "CLIENT_RANDOM" => Kind::Master,
            "CLIENT_EARLY_TRAFFIC_SECRET" => Kind::Early,
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET" => Kind::Handshake(0),
            "SERVER_HANDSHAKE_TRAFFIC_SECRET" => Kind::Handshake(1),
            _ => {
                let generation = |prefix| label.strip_prefix(prefix)?.parse().ok();
                match generation("CLIENT_TRAFFIC_SECRET_") {
                    Some(generation) => Kind::Data(0, generation),
                    None => Kind::Data(1, generation("SERVER_TRAFFIC_SECRET_")?),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_however_it_is_written() {
        let random = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
        let (one, other) = ("ab".repeat(32), "cd".repeat(48));
        let text = format!(
            "# comment\r\n\r\n  # CLIENT_RANDOM {random} {other}\r\nSTRANGE {random} {one}\r\n\
             CLIENT_TRAFFIC_SECRET_0 {random} {one}\rCLIENT_TRAFFIC_SECRET_0 {random} {}\n\
             SERVER_TRAFFIC_SECRET_2 {random} {other} trailing\nCLIENT_RANDOM {random} {one}\n\
             CLIENT_RANDOM {} {other}\nSERVER_HANDSHAKE_TRAFFIC_SECRET {random} {}",
            "ef".repeat(32),
            "11".repeat(31),
            one.to_uppercase(),
        );
        for step in [1, 7, 4096] {
            let mut log = KeyLog::new();
            for part in text.as_bytes().chunks(step) {
                log.feed(part);
            }
            log.finish();
            assert_eq!(log.connections(), 1);
            let random = hex::decode(random).unwrap().try_into().unwrap();
            let secrets = log.of(&random).unwrap();
            let secret = Secret::of(&[0xab; 32]).unwrap();
            assert_eq!(secrets.data[0], [(0, secret)]);
            assert_eq!(secrets.data[1], [(2, Secret::of(&[0xcd; 48]).unwrap())]);
            assert_eq!(secrets.handshake, [None, Some(secret)]);
            // A master secret has 48 bytes.
            assert_eq!(secrets.master, None);
            assert_eq!(format!("{secret:?}"), "Secret");
        }
    }

    #[test]
    fn a_log_without_keys_is_told_from_what_is_no_log() {
        let has_foreign = |text: &[u8]| {
            let mut log = KeyLog::new();
            log.feed(text);
            log.finish();
            assert!(log.is_empty());
            log.has_foreign()
        };
        let random = "0a".repeat(32);
        assert!(!has_foreign(b""));
        assert!(!has_foreign(b"\r\n  \n"));
        assert!(!has_foreign(
            "\u{feff}# SSL/TLS secrets log file\n".as_bytes()
        ));
        assert!(!has_foreign(
            format!("EXPORTER_SECRET {random} {random}\n").as_bytes()
        ));
        assert!(!has_foreign(b"CLIENT_RANDOM 0a0b"));
        assert!(has_foreign(b"{\"log\": {}}\n"));
        assert!(has_foreign(b"# a comment\nGET / HTTP/1.1\n"));
        assert!(has_foreign(b"\xd4\xc3\xb2\xa1\x02\0\x04\0"));
        assert!(has_foreign(&[b'a'; 5000]));
    }

    #[test]
    fn a_line_without_an_end_takes_no_memory() {
        let mut log = KeyLog::new();
        for _ in 0..1000 {
            log.feed(&[b'a'; 4096]);
        }
        assert!(log.line.len() <= LONGEST_LINE);
        log.feed(format!("\nCLIENT_RANDOM {} {}\n", "00".repeat(32), "11".repeat(48)).as_bytes());
        assert_eq!(log.connections(), 1);
    }
}
