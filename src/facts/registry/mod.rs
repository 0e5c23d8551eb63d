//! Registries of application codes: the vendors' and the user's own, one form for both.
//!
//! A registry says what close codes mean in one protocol: mostly numbers from 3000
//! to 4999, and protocol codes that a vendor uses in its own way. The form is TOML
//! ([`read`]); `src/facts/vendors/README.md` explains it. The vendors' files are rows of the program
//! when it is built; the user's is read when it runs.
//!
//! What a person typed is taken apart by [`topic`](crate::topic).
//!
//! ```
//! use wsclose::facts::registry::Registries;
//!
//! // Vendors use the same numbers for different things.
//! let all = Registries::default();
//! assert!(all.used_by(4004).len() > 1);
//! // Where it is known which vendor is meant, a number means one thing.
//! let discord = all.choosing("discord-gateway").unwrap();
//! let entry = discord.definite(4004).unwrap();
//! println!("{}: {}", entry.id(), entry.gist());
//! assert_eq!(entry.row.name, "Authentication failed");
//! ```

mod problem;
#[cfg(feature = "registries")]
mod read;
mod without;

use crate::facts::codes::{Reconnect, SentBy};
use crate::facts::names::{is, key};
use crate::facts::source::Source;
use crate::frame::Sender;
use crate::words::{Message, Text, Value, Words};

pub use super::rows::{VENDORS, WITHOUT_CODES};
pub use problem::{Kind, Malformed, Place, Problem};
#[cfg(feature = "registries")]
pub use read::{LARGEST, read};
pub use without::{WithoutCodes, without_codes};

/// Whose a registry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// It is part of this program.
    Vendor,
    /// The user gave it.
    User,
}

impl Owner {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Owner::Vendor => "vendor",
            Owner::User => "user",
        }
    }
}

/// What the close codes of one protocol mean.
///
/// It is kept as long as the process lives: topics point into it as they point into the tables of
/// codes and rules. The user's is kept once, however often it is read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Registry {
    /// What one types to name it: `discord-gateway`.
    pub vendor: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Other names by which it is found.
    pub also: &'static [&'static str],
    /// The protocol or the software whose codes these are.
    pub protocol: Option<Text>,
    /// When it was last compared with its source: a date.
    pub checked: Option<&'static str>,
    /// Where it comes from.
    pub sources: &'static [Source],
    /// Whose it is.
    pub owner: Owner,
    /// Its codes by their numbers, and behind them its bands.
    pub rows: &'static [Registered],
}

/// A code, or a band of codes, of a registry.
#[derive(Debug)]
#[non_exhaustive]
pub struct Registered {
    /// The number, or the first of the band.
    pub from: u16,
    /// The same number, or the last of the band.
    pub to: u16,
    /// What the vendor calls it.
    pub name: &'static str,
    /// Meaning, causes and fixes.
    pub words: Words,
    /// Whether a client that received it should connect again.
    pub reconnect: Reconnect,
    /// Whether the vendor says so; else it is our reading of what the code means.
    pub is_vendors_advice: bool,
    /// Who sends it.
    pub sent_by: SentBy,
}

impl Registered {
    /// Whether it stands for more than one number.
    pub fn is_band(&self) -> bool {
        self.from != self.to
    }

    /// Whether this end sends it. An application's number may come back from the other end as an
    /// answer; of a protocol code a vendor's meaning holds only for the end that gives it one.
    fn is_from(&self, sender: Sender) -> bool {
        (3000..=4999).contains(&self.from)
            || match self.sent_by {
                SentBy::Client => sender == Sender::Client,
                SentBy::Server => sender == Sender::Server,
                SentBy::Either => true,
                SentBy::Nobody => false,
            }
    }
}

impl Registry {
    /// What it says of a number: the code, else the band that it lies in.
    pub fn entry(&'static self, number: u16) -> Option<Entry> {
        let holds = |row: &&Registered| (row.from..=row.to).contains(&number);
        // A code stands before the band that it lies in.
        let row = self.rows.iter().find(holds)?;
        Some(Entry {
            registry: self,
            row,
            number: Some(number),
        })
    }

    /// All that it says.
    pub fn entries(&'static self) -> impl Iterator<Item = Entry> {
        self.rows.iter().map(move |row| Entry {
            registry: self,
            row,
            number: (!row.is_band()).then_some(row.from),
        })
    }

    /// How many codes and how many bands it has.
    pub fn counts(&self) -> (usize, usize) {
        let bands = self.rows.iter().filter(|row| row.is_band()).count();
        (self.rows.len() - bands, bands)
    }

    /// The names that stand for it.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.vendor, self.title]
            .into_iter()
            .chain(self.also.iter().copied())
    }
}

/// A row of a registry, and the number that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The registry.
    pub registry: &'static Registry,
    /// The row.
    pub row: &'static Registered,
    /// The number; `None` where a band itself is meant.
    pub number: Option<u16>,
}

impl Entry {
    /// The first sentence of its meaning.
    pub fn gist(&self) -> Message {
        let says = vec![("says", Value::FirstSentence(self.row.words.meaning))];
        Message::new(Text::Given("{says}"), says)
    }

    /// Its name and the first sentence of its meaning.
    pub fn brief(&self) -> Message {
        let name = self.row.name;
        let text = match name.ends_with(['!', '?']) {
            true => "{name} {says}",
            false => "{name}. {says}",
        };
        let says = Value::FirstSentence(self.row.words.meaning);
        Message::new(
            Text::Given(text),
            vec![("name", Value::from(name)), ("says", says)],
        )
    }

    /// What one types to get it: `discord-gateway:4004`, `pusher:4100-4199`.
    pub fn id(&self) -> String {
        let vendor = self.registry.vendor;
        match self.number {
            Some(number) => format!("{vendor}:{number}"),
            None => format!("{vendor}:{}-{}", self.row.from, self.row.to),
        }
    }
}

/// The registries of a run: the vendors', the user's, and the one that was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registries {
    user: Option<&'static Registry>,
    /// The vendor that was named.
    chosen: Option<&'static str>,
}

impl Registries {
    /// The vendors' registries, and the user's, if there is one.
    pub fn new(user: Option<&'static Registry>) -> Self {
        Registries { user, chosen: None }
    }

    /// The user's registry.
    pub fn user(self) -> Option<&'static Registry> {
        self.user
    }

    /// The vendor that alone is asked for.
    pub fn vendor(self) -> Option<&'static str> {
        self.chosen
    }

    /// Only what the vendor of this name says, if there is one.
    pub fn choosing(self, given: &str) -> Option<Self> {
        let name = key(given);
        let is_it = |known: &'static str| is(known, &name);
        let found = self
            .all()
            .find(|registry| is_it(registry.vendor))
            .or_else(|| self.all().find(|registry| registry.names().any(is_it)))?;
        Some(Registries {
            chosen: Some(found.vendor),
            ..self
        })
    }

    /// All registries, the user's first.
    pub fn all(self) -> impl Iterator<Item = &'static Registry> {
        self.user.into_iter().chain(&VENDORS)
    }

    /// The registries of the vendor that alone is asked for: of the user's and a vendor's of the
    /// same name both, the user's first.
    pub fn chosen(self) -> impl Iterator<Item = &'static Registry> {
        let chosen = self.chosen;
        // Nothing is read where nothing was chosen.
        let all = chosen.map(|_| self.all()).into_iter().flatten();
        all.filter(move |registry| Some(registry.vendor) == chosen)
    }

    /// What a number means for certain: what the vendor that was asked for says, or the user.
    pub fn definite(self, number: u16) -> Option<Entry> {
        match self.chosen {
            Some(_) => self.chosen().find_map(|registry| registry.entry(number)),
            None => self.user?.entry(number),
        }
    }

    /// What the code of a Close means for certain that this end sent.
    pub fn definite_from(self, number: u16, sender: Option<Sender>) -> Option<Entry> {
        self.definite(number)
            .filter(|entry| sender.is_none_or(|sender| entry.row.is_from(sender)))
    }

    /// The vendors that use a number, those with a code of their own before those with a band.
    pub fn used_by(self, number: u16) -> Vec<Entry> {
        let mut uses: Vec<Entry> = VENDORS
            .iter()
            .filter_map(|registry| registry.entry(number))
            .collect();
        uses.sort_by_key(|entry| entry.row.is_band());
        uses
    }
}
