//! The sealed records of both ends: which key and which sequence number opens the next one.
//!
//! Normally that is known: numbers go up by one, and handshake messages say when keys change. Where records
//! were lost, or the messages that say so could not be read, what may come next is tried: later numbers,
//! later keys. A record proves itself, so a wrong try does no harm; how much is tried is bounded by what
//! came.

use super::cipher::Opener;
use super::keylog::{KeyLog, Random, Secret, Secrets};
use super::reader::UNKNOWN;
use super::schedule::next_secret;
use super::suite::{suite, suites_of_secret};
use crate::session::tls::Locked;

/// What may be tried at first, in bytes.
const BUDGET: u64 = 4 << 20;
/// What each byte that comes allows to be tried.
const PER_BYTE: u64 = 16;
/// What a try costs beside its bytes.
const TRY: u64 = 64;
/// The smallest record that carries something.
const SMALLEST: u64 = 22;
/// So many records may lie before the first that is opened behind a change of keys that was not seen.
const AHEAD: u64 = 4;

/// What was agreed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreed<'a> {
    pub(super) client: &'a Random,
    pub(super) server: Option<&'a Random>,
    pub(super) version: u16,
    pub(super) suite: u16,
    pub(super) encrypts_then_macs: bool,
    pub(super) has_early_data: bool,
    /// The master secret of the session that is resumed.
    pub(super) resumed: Option<Secret>,
}

/// What lies between a record that was opened and the last one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing.
    Nothing,
    /// So many bytes that were said.
    Bytes(u64),
    /// Nobody knows how much.
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Epoch {
    #[default]
    Clear,
    Early,
    Handshake,
    /// Data, of this generation of keys.
    Data(u32),
}

#[derive(Debug, Default)]
struct End {
    epoch: Epoch,
    opener: Option<Opener>,
    /// The secret of the opener, from which the next one is made.
    secret: Option<Secret>,
    sequence: u64,
    /// Bytes of records since the last that was opened.
    lost: u64,
    spent: u64,
    allowed: u64,
}

/// Opens the records of both ends; the client's are 0, the server's 1.
#[derive(Debug, Default)]
pub(super) struct Sealed {
    ends: [End; 2],
}

fn is_13(agreed: &Agreed<'_>) -> bool {
    agreed.version == 0x0304
}

/// Whether an older version was agreed on. Before the ServerHello none is.
fn is_12(agreed: &Agreed<'_>) -> bool {
    agreed.server.is_some() && !is_13(agreed)
}

fn secrets<'a>(agreed: &Agreed<'_>, keys: &'a KeyLog) -> Option<&'a Secrets> {
    keys.of(agreed.client)
}

impl Sealed {
    /// Whether there are keys.
    pub(super) fn has_keys(agreed: &Agreed<'_>, keys: &KeyLog) -> bool {
        agreed.resumed.is_some() || secrets(agreed, keys).is_some()
    }

    /// What keeps the keys that there are from opening data, where they open none.
    pub(super) fn locked(agreed: &Agreed<'_>, keys: &KeyLog) -> Locked {
        let secrets = secrets(agreed, keys);
        let has_data = secrets.is_some_and(|secrets| match is_13(agreed) {
            true => secrets.data.iter().any(|end| !end.is_empty()),
            false => secrets.master.is_some(),
        });
        if agreed.server.is_none() {
            Locked::NoHello
        } else if suite(agreed.suite).is_none() {
            Locked::Suite
        } else if !has_data && agreed.resumed.is_none() {
            Locked::NoDataKeys
        } else {
            Locked::WrongKey
        }
    }

    /// Whether an end has come to the keys of its data.
    pub(super) fn is_at_data(&self, end: usize) -> bool {
        let end = self.ends.get(end);
        end.is_some_and(|end| matches!(end.epoch, Epoch::Data(_)))
    }

    /// Whether what an end said last was early data.
    pub(super) fn is_early(&self, end: usize) -> bool {
        let end = self.ends.get(end);
        end.is_some_and(|end| end.epoch == Epoch::Early)
    }

    /// Whether something was lost since the last record that was opened.
    pub(super) fn has_lost(&self, end: usize) -> bool {
        self.ends.get(end).is_some_and(|end| end.lost > 0)
    }

    /// Takes ChangeCipherSpec: from here on an end of TLS 1.2 uses the keys that were agreed on last.
    /// In TLS 1.3, and before a ServerHello has told the version, it says nothing.
    pub(super) fn change(&mut self, end: usize, agreed: &Agreed<'_>, keys: &KeyLog) {
        if !is_12(agreed) {
            return;
        }
        if let Some(end) = self.ends.get_mut(end) {
            end.epoch = Epoch::Data(0);
            end.sequence = 0;
            end.lost = 0;
            end.opener = None;
        }
        self.open_12(end, agreed, keys);
    }

    fn open_12(&mut self, end: usize, agreed: &Agreed<'_>, keys: &KeyLog) -> Option<()> {
        let own = secrets(agreed, keys).and_then(|secrets| secrets.master);
        let master = own.or(agreed.resumed)?;
        let randoms = [agreed.client, agreed.server?];
        let suite = suite(agreed.suite)?;
        let both = Opener::of_master(suite, &master, randoms, agreed.encrypts_then_macs)?;
        self.ends.get_mut(end)?.opener = both.into_iter().nth(end);
        Some(())
    }

    /// Takes the ServerHello: from here on the ends of TLS 1.3 use the keys of the handshake. A client that
    /// sends early data goes on with it.
    pub(super) fn greet(&mut self, agreed: &Agreed<'_>, keys: &KeyLog) {
        if !is_13(agreed) {
            return;
        }
        for end in 0..2 {
            if end == 1 || !agreed.has_early_data {
                self.enter(end, Epoch::Handshake, agreed, keys);
            }
        }
    }

    /// Takes an end's Finished.
    pub(super) fn finished(&mut self, end: usize, agreed: &Agreed<'_>, keys: &KeyLog) {
        if is_13(agreed) {
            self.enter(end, Epoch::Data(0), agreed, keys);
        }
    }

    /// Takes EndOfEarlyData.
    pub(super) fn early_is_over(&mut self, agreed: &Agreed<'_>, keys: &KeyLog) {
        self.enter(0, Epoch::Handshake, agreed, keys);
    }

    /// Takes an end's KeyUpdate.
    pub(super) fn update(&mut self, end: usize, agreed: &Agreed<'_>) {
        let Some(end) = self.ends.get_mut(end) else {
            return;
        };
        let next = end.next_generation(agreed);
        if let (Epoch::Data(generation), Some((secret, opener))) = (end.epoch, next) {
            end.epoch = Epoch::Data(generation.saturating_add(1));
            end.secret = Some(secret);
            end.opener = Some(opener);
            end.sequence = 0;
        }
    }

    fn enter(&mut self, end: usize, epoch: Epoch, agreed: &Agreed<'_>, keys: &KeyLog) {
        let secret = secrets(agreed, keys).and_then(|secrets| match epoch {
            Epoch::Handshake => *secrets.handshake.get(end)?,
            Epoch::Data(wanted) => secrets
                .data
                .get(end)?
                .iter()
                .find(|(generation, _)| *generation == wanted)
                .map(|(_, secret)| *secret),
            _ => None,
        });
        let Some(end) = self.ends.get_mut(end) else {
            return;
        };
        end.epoch = epoch;
        end.secret = secret;
        end.opener = secret.and_then(|secret| Opener::of_secret(suite(agreed.suite)?, &secret));
        end.sequence = 0;
        end.lost = 0;
    }

    /// Takes note that bytes of an end's records were not seen, or not opened.
    pub(super) fn lose(&mut self, end: usize, count: u64) {
        if let Some(end) = self.ends.get_mut(end) {
            end.lost = end.lost.saturating_add(count);
        }
    }

    /// Opens a record into `plain`. `None` where nothing opens it.
    pub(super) fn open(
        &mut self,
        end: usize,
        header: [u8; 5],
        body: &[u8],
        plain: &mut Vec<u8>,
        agreed: &Agreed<'_>,
        keys: &KeyLog,
    ) -> Option<Before> {
        let index = end;
        // Secrets may have come since.
        let is_locked = self.ends.get(index)?.opener.is_none();
        if is_locked && is_12(agreed) {
            self.open_12(index, agreed, keys);
        }
        let end = self.ends.get_mut(index)?;
        if end.allowed == 0 {
            end.allowed = BUDGET;
        }
        end.allowed += PER_BYTE * body.len() as u64;
        let was_clear = end.epoch == Epoch::Clear;
        // Data before a ChangeCipherSpec: that was lost.
        let span = match end.lost {
            0 if was_clear && is_12(agreed) => AHEAD,
            0 => 1,
            lost => lost / SMALLEST + 2,
        };
        if let Some(found) = end.opener.take() {
            let ahead = end.attempt(&found, end.sequence, span, header, (body, plain));
            let overhead = found.overhead();
            end.opener = Some(found);
            if let Some(ahead) = ahead {
                return Some(end.opened(ahead, overhead));
            }
        }
        if is_12(agreed) {
            return None;
        }
        for (epoch, secret, opener) in end.later(index, agreed, keys) {
            if let Some(ahead) = end.attempt(&opener, 0, span, header, (body, plain)) {
                let was_data = matches!(end.epoch, Epoch::Data(_));
                *end = End {
                    epoch,
                    secret: Some(secret),
                    opener: Some(opener),
                    sequence: ahead + 1,
                    lost: 0,
                    ..*end
                };
                // What was lost before its first record was no data, or cannot be told from what was.
                let is_first = ahead == 0 && !was_data;
                return Some(match is_first {
                    true => Before::Nothing,
                    false => Before::Unknown,
                });
            }
        }
        None
    }
}

impl End {
    /// Tries numbers from `first` on. Gives how many were passed over.
    fn attempt(
        &mut self,
        opener: &Opener,
        first: u64,
        span: u64,
        header: [u8; 5],
        (body, plain): (&[u8], &mut Vec<u8>),
    ) -> Option<u64> {
        let cost = TRY + body.len() as u64;
        for ahead in 0..span {
            // The next in order is always tried.
            if ahead > 0 && self.spent + cost > self.allowed {
                return None;
            }
            if opener.open(first.checked_add(ahead)?, header, body, plain) {
                return Some(ahead);
            }
            self.spent += cost;
        }
        None
    }

    /// Takes note of a record that was opened behind so many others.
    fn opened(&mut self, ahead: u64, overhead: Option<u64>) -> Before {
        let lost = std::mem::take(&mut self.lost);
        self.sequence += ahead + 1;
        if self.epoch == Epoch::Clear {
            self.epoch = Epoch::Data(0);
        }
        if ahead == 0 || self.epoch == Epoch::Handshake {
            return Before::Nothing;
        }
        let lost = Some(lost).filter(|lost| *lost < UNKNOWN);
        let bytes = overhead.and_then(|overhead| lost?.checked_sub(overhead.checked_mul(ahead)?));
        bytes.map_or(Before::Unknown, Before::Bytes)
    }

    fn next_generation(&self, agreed: &Agreed<'_>) -> Option<(Secret, Opener)> {
        let suite = suite(agreed.suite)?;
        let secret = next_secret(suite.hash, self.secret.as_ref()?)?;
        Some((secret, Opener::of_secret(suite, &secret)?))
    }

    /// The keys that may follow those in use.
    fn later(
        &self,
        index: usize,
        agreed: &Agreed<'_>,
        keys: &KeyLog,
    ) -> Vec<(Epoch, Secret, Opener)> {
        let mut found = Vec::new();
        let Some(secrets) = secrets(agreed, keys) else {
            return found;
        };
        let mut add = |epoch, number, secret: &Secret| {
            let opener = suite(number).and_then(|suite| Opener::of_secret(suite, secret));
            found.extend(opener.map(|opener| (epoch, *secret, opener)));
        };
        // The suite of early data is that of the session before: its hash is known, and it proves itself.
        if let (Some(early), 0, true) = (&secrets.early, index, agreed.has_early_data) {
            if self.epoch < Epoch::Early {
                for number in suites_of_secret(early.bytes().len()) {
                    add(Epoch::Early, *number, early);
                }
            }
        }
        if agreed.suite == 0 {
            return found;
        }
        if self.epoch < Epoch::Handshake || self.epoch == Epoch::Handshake && self.opener.is_none()
        {
            if let Some(Some(secret)) = secrets.handshake.get(index) {
                add(Epoch::Handshake, agreed.suite, secret);
            }
        }
        let mut next = None;
        for (generation, secret) in secrets.data.get(index).into_iter().flatten() {
            let epoch = Epoch::Data(*generation);
            if epoch > self.epoch || epoch == self.epoch && self.opener.is_none() {
                add(epoch, agreed.suite, secret);
            }
        }
        if let (Epoch::Data(generation), true) = (self.epoch, self.lost > 0) {
            next = self.next_generation(agreed).map(|(secret, opener)| {
                (Epoch::Data(generation.saturating_add(1)), secret, opener)
            });
        }
        found.extend(next);
        found
    }
}
