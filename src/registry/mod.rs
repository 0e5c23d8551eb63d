//! Registries of application codes: the vendors' and the user's own, one form for both.
//!
//! A registry says what close codes mean in one protocol: mostly numbers from 3000
//! to 4999, and protocol codes that a vendor uses in its own way. The form is TOML
//! ([`read`]); `src/registries/README.md` explains it. The vendors' files are part
//! of the program and are read when one of them is asked for, never to explain a
//! protocol code.
//!
//! What a person typed is taken apart by [`topic`](crate::topic).

mod problem;
mod read;
mod vendors;
mod without;

use crate::codes::{Reconnect, SentBy};
use crate::frame::Sender;
use crate::source::Source;
use crate::words::Words;

pub use problem::{Kind, Malformed, Place, Problem};
pub use read::{LARGEST, read};
pub use vendors::{FILES, PROTOCOL_USES, ProtocolUse, VendorFile, vendors};
pub use without::{WITHOUT_CODES, WithoutCodes, without_codes};

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
/// It is kept as long as the process lives: a registry is read at most once in a run, and
/// topics point into it as they point into the tables of codes and rules.
#[derive(Debug)]
pub struct Registry {
    /// What one types to name it: `discord-gateway`.
    pub vendor: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Other names by which it is found.
    pub also: &'static [&'static str],
    /// The protocol or the software whose codes these are.
    pub protocol: Option<&'static str>,
    /// When it was last compared with its source: a date.
    pub checked: Option<&'static str>,
    /// Where it comes from.
    pub sources: &'static [Source],
    /// Whose it is.
    pub owner: Owner,
    /// Its codes by their numbers, and behind them its bands.
    pub rows: &'static [Row],
}

/// A code, or a band of codes, of a registry.
#[derive(Debug)]
pub struct Row {
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
    /// Who sends it.
    pub sent_by: SentBy,
}

impl Row {
    /// Whether it stands for more than one number.
    pub fn is_band(&self) -> bool {
        self.from != self.to
    }

    /// Its name and the first sentence of its meaning.
    pub fn brief(&self) -> String {
        let stop = if self.name.ends_with(['!', '?']) {
            ""
        } else {
            "."
        };
        format!("{}{stop} {}", self.name, self.gist())
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

    /// The first sentence of its meaning.
    pub fn gist(&self) -> &'static str {
        let meaning = self.words.meaning;
        match meaning.find(". ") {
            Some(end) => meaning.get(..=end).unwrap_or(meaning),
            None => meaning,
        }
    }
}

impl Registry {
    /// What it says of a number: the code, else the band that it lies in.
    pub fn entry(&'static self, number: u16) -> Option<Entry> {
        let holds = |row: &&Row| (row.from..=row.to).contains(&number);
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
    pub row: &'static Row,
    /// The number; `None` where a band itself is meant.
    pub number: Option<u16>,
}

impl Entry {
    /// What one types to get it: `discord-gateway:4004`, `pusher:4100-4199`.
    pub fn id(&self) -> String {
        let vendor = self.registry.vendor;
        match self.number {
            Some(number) => format!("{vendor}:{number}"),
            None => format!("{vendor}:{}-{}", self.row.from, self.row.to),
        }
    }
}

/// That a vendor uses a number, for a list.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The vendor.
    pub vendor: &'static str,
    /// What the vendor calls it.
    pub name: &'static str,
    /// What it says in full; `None` where no registry was read for the answer.
    pub entry: Option<Entry>,
}

impl Use {
    /// Whether the vendor has an application's code of this number, and no more than a band.
    pub fn is_a_code(&self) -> bool {
        self.entry.is_some_and(|entry| !entry.row.is_band())
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
        let name = crate::topic::key(given);
        let is_it = |known: &'static str| crate::topic::key(known) == name;
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
        self.user.into_iter().chain(vendors())
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
    ///
    /// For numbers outside of 3000 to 4999 an index answers, so that no file is read.
    pub fn used_by(self, number: u16) -> Vec<Use> {
        if !(3000..=4999).contains(&number) {
            let uses = PROTOCOL_USES.iter().filter(|known| known.code == number);
            return uses
                .map(|known| Use {
                    vendor: known.vendor,
                    name: known.name,
                    entry: None,
                })
                .collect();
        }
        let mut uses: Vec<Use> = vendors()
            .iter()
            .filter_map(|registry| registry.entry(number))
            .map(|entry| Use {
                vendor: entry.registry.vendor,
                name: entry.row.name,
                entry: Some(entry),
            })
            .collect();
        uses.sort_by_key(|known| known.entry.is_some_and(|entry| entry.row.is_band()));
        uses
    }
}
