//! A text of no known shape, read by what stands in it: close codes, statuses, errors, timers,
//! directions, as somebody reads it who never saw the log of that program.
//!
//! [`clues`] finds them; what they come to together is judged in [`judge`].

mod judge;
mod letters;
mod named;
mod numbers;
mod opened;

use std::ops::Range;
use std::time::Duration;

pub(super) use judge::judge;
#[cfg(feature = "logs")]
pub(super) use judge::judge_in_context;
use letters::{Found, Letters};

use super::LONGEST_TEXT;

use crate::facts::causes::Cause;
use crate::facts::lines::{Event, Shape};
use crate::facts::names;
use crate::facts::registry::VENDORS;
use crate::facts::vocabulary::{About, Kind, Means, Word};

/// Something in a text that says something about a connection.
#[derive(Clone, Copy, Debug)]
pub struct Clue {
    /// What kind it is.
    pub kind: Kind,
    /// Where it stands in the text, in bytes.
    pub at: usize,
    /// Its length in bytes.
    pub length: usize,
    /// The row that explains it; none for a number.
    pub word: Option<&'static Word>,
}

impl Clue {
    fn of(found: &Found) -> Self {
        Clue {
            kind: found.word.kind,
            at: found.at,
            length: found.end - found.at,
            word: Some(found.word),
        }
    }

    /// Where it ends.
    pub fn end(&self) -> usize {
        self.at + self.length
    }

    /// Whether it stands between two places.
    fn lies_in(&self, (from, to): (usize, usize)) -> bool {
        from <= self.at && self.end() <= to
    }
}

/// A close code that stands in a text.
#[derive(Clone, Copy, Debug)]
struct CodeClue {
    code: u16,
    at: usize,
    end: usize,
    /// How much says that it is one: see `numbers`.
    weight: i32,
    /// Whether something right before it says so, in words that cannot be mistaken.
    is_explicit: bool,
}

/// All that was found in a text.
struct Evidence<'t> {
    letters: Letters<'t>,
    /// All phrases, in the order in which they begin.
    found: Vec<Found>,
    /// What the text is about, and whose it is: asked for each of its numbers.
    about: Vec<About>,
    has_handshake: bool,
    says_who: bool,
    vendors: Vec<&'static str>,
    /// Those that say something about the connection; none lies over another.
    clues: Vec<Clue>,
    codes: Vec<CodeClue>,
    status: Option<(u16, Clue)>,
    /// A number that was refused as a close code.
    refused: Option<(u16, Clue)>,
    /// A time that passed, behind words such as `after`.
    lasted: Option<(Duration, Clue)>,
}

impl Evidence<'_> {
    /// Takes note of what the phrases say of the text as a whole.
    fn look_over(&mut self) {
        for found in &self.found {
            self.has_handshake |=
                found.word.kind == Kind::Handshake && matches!(found.word.means, Means::Cause(_));
            match found.word.means {
                Means::About(about) if !self.about.contains(&about) => self.about.push(about),
                Means::By(_) => self.says_who = true,
                Means::Vendor(vendor) if !self.vendors.contains(&vendor) => {
                    self.vendors.push(vendor);
                }
                _ => {}
            }
        }
    }

    fn is_about(&self, what: About) -> bool {
        self.about.contains(&what)
    }

    /// The phrases that begin with one of these words.
    fn beginning(&self, words: Range<usize>) -> &[Found] {
        let before = |end: usize| self.found.partition_point(|found| found.from < end);
        let all = before(words.start)..before(words.end);
        self.found.get(all).unwrap_or_default()
    }

    /// Whether the text speaks of a WebSocket.
    fn names_websocket(&self) -> bool {
        self.is_about(About::Websocket)
    }

    /// Whether the text says that the connection was being made.
    fn is_opening(&self) -> bool {
        self.is_about(About::Opening) || self.has_handshake
    }
}

/// What a text is about, as strictly as one asks of a line of a log that nobody asked about.
#[cfg(feature = "logs")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// Whether it speaks of a WebSocket, and not only names a path or a file that is called so.
    pub(super) speaks_of_websocket: bool,
    /// Whether it has a word of closing.
    pub(super) is_close: bool,
    /// Whether it is another system's.
    pub(super) is_elsewhere: bool,
    /// Whether it tells what was answered to a request.
    pub(super) is_answer: bool,
}

#[cfg(feature = "logs")]
impl Context {
    fn of(evidence: &Evidence<'_>) -> Self {
        let text = evidence.letters.text;
        let is_said = |found: &&Found| {
            let is_websocket = matches!(found.word.means, Means::About(About::Websocket));
            let before = text.get(..found.at).unwrap_or_default();
            // A package's name stands before what it says.
            let is_package = text
                .get(found.end..)
                .is_some_and(|behind| behind.starts_with(": "));
            let is_path = before.ends_with(['/', '?', '&', '=', '\\']) && !is_package;
            // A frame of a stack names a class or a file.
            let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
            let is_frame = line.starts_with("at ") || line.starts_with("File \"");
            // `o.s.w.s.Servlet` is no `ws`.
            let is_apart = found.letters < 4
                && text
                    .get(found.at..found.end)
                    .is_some_and(|words| words.contains(|c: char| !c.is_alphanumeric()));
            is_websocket && !is_path && !is_frame && !is_apart
        };
        Context {
            speaks_of_websocket: evidence.found.iter().any(|found| is_said(&found)),
            is_close: evidence.is_about(About::Close),
            is_elsewhere: evidence.is_about(About::Elsewhere),
            is_answer: false,
        }
    }
}

/// Whether a text tells that the connection had been open; `None` where it does not.
#[cfg(feature = "logs")]
pub(super) fn opened(text: &str) -> Option<bool> {
    opened::opened(&evidence(text))
}

/// Finds everything in a text.
fn evidence(text: &str) -> Evidence<'_> {
    let letters = Letters::of(text);
    let found = letters.phrases();
    let mut evidence = Evidence {
        letters,
        found,
        about: Vec::new(),
        has_handshake: false,
        says_who: false,
        vendors: Vec::new(),
        clues: Vec::new(),
        codes: Vec::new(),
        status: None,
        refused: None,
        lasted: None,
    };
    evidence.look_over();
    evidence.clues = clues_among(&evidence);
    numbers::read(&mut evidence);
    evidence
}

/// The clues among the phrases: of those that lie over each other the longest.
fn clues_among(evidence: &Evidence<'_>) -> Vec<Clue> {
    let has_subject = evidence.names_websocket() || evidence.is_opening();
    let has_context = has_subject || evidence.is_about(About::Close);
    let says_something = |found: &&Found| match found.word.means {
        Means::Cause(_) | Means::Rule(_) | Means::By(_) | Means::Producer(_) | Means::Vendor(_) => {
            let is_told = match found.word.means {
                Means::Cause(Cause::ClosedUntold | Cause::ErrorUntold) => has_subject,
                // What a browser refuses for many things.
                Means::Cause(Cause::Blocked) => evidence.names_websocket(),
                _ => has_context,
            };
            (!found.word.is_weak || is_told)
                && !is_negated(evidence, found)
                && named::is_meant(evidence, found)
        }
        Means::Nothing => found.word.kind == Kind::Reason,
        Means::About(_) | Means::Key(_) | Means::Code(_) => false,
    };
    let mut found: Vec<&Found> = evidence.found.iter().filter(says_something).collect();
    // What only says that something ended comes last, and of the others the longest first.
    found.sort_by_key(|found| {
        (
            found.word.is_weak,
            std::cmp::Reverse(found.letters),
            found.at,
        )
    });
    let mut clues: Vec<Clue> = Vec::new();
    // Taken places, so that the search does not cost the square of the number of clues.
    let mut taken = std::collections::BTreeMap::new();
    for found in found {
        let clue = Clue::of(found);
        // Who wrote it, for which service, who closed, what a reason is about and what happened may be said by
        // the same words.
        let layer = match clue.kind {
            Kind::Vendor => 4,
            Kind::Producer => 0_u8,
            Kind::Direction => 1,
            Kind::Reason => 2,
            _ => 3,
        };
        let spans: &mut std::collections::BTreeMap<usize, usize> = taken.entry(layer).or_default();
        let before = spans.range(..clue.end()).next_back();
        if before.is_some_and(|(_, end)| *end > clue.at) {
            continue;
        }
        spans.insert(clue.at, clue.end());
        clues.push(clue);
    }
    clues.sort_by_key(|clue| clue.at);
    clues
}

/// Whether words are the name of something that did not happen, or of a setting: `tls_error=0`,
/// `ping_timeout: None`, `idle_timeout=60`.
fn is_negated(evidence: &Evidence<'_>, found: &Found) -> bool {
    let behind = evidence.letters.text.get(found.end..).unwrap_or_default();
    let is_number = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    if evidence
        .letters
        .text
        .get(..found.end)
        .is_some_and(is_number)
    {
        return false;
    }
    let name = behind.len()
        - behind
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
            .len();
    let behind = behind.get(name.min(16)..).unwrap_or_default();
    let is_key = behind.starts_with(['"', '\'']);
    let behind = behind.trim_start_matches(['"', '\'', ')']);
    let Some(value) = behind.strip_prefix(['=', ':']) else {
        return false;
    };
    if behind.starts_with('=') && found.word.kind == Kind::Timer {
        return true;
    }
    let value = value.trim_start();
    let end = value
        .find([',', ';', ' ', ')', '}', '\n', '&'])
        .unwrap_or(value.len());
    let value = value.get(..end).unwrap_or_default().to_ascii_lowercase();
    // `SomeException: null` has no message, and happened.
    let is_nothing = matches!(value.as_str(), "null" | "none" | "nil" | "undefined");
    let is_value = is_key || behind.starts_with('=');
    // `closed: no code` goes on.
    let goes_on = behind.starts_with(": no ");
    matches!(value.as_str(), "0" | "false" | "no" | "ok") && !goes_on
        || is_nothing && is_value
        || value.ends_with("_ok")
}

/// The vendor whose name for a code stands in a text, in whatever spelling.
///
/// The protocol's own name for the code, a single word (`unauthorized`) and a name that two vendors give it
/// are in everybody's texts, and name nobody.
pub(super) fn named_row(text: &str, code: u16) -> Option<&'static str> {
    /// Shorter names stand in too many texts.
    const SHORTEST: usize = 8;
    let entries = VENDORS.iter().filter_map(|registry| registry.entry(code));
    let mut entries = entries.filter(|entry| !entry.row.is_band()).peekable();
    entries.peek()?;
    let text = names::key(super::first(text, LONGEST_TEXT));
    let protocols = crate::facts::codes::lookup(code).map(|row| names::key(row.name));
    let named: Vec<(String, &'static str)> = entries
        .filter(|entry| entry.row.name.trim().contains([' ', '_', '-']))
        .map(|entry| (names::key(entry.row.name), entry.registry.vendor))
        .filter(|(name, _)| name.len() >= SHORTEST && text.contains(name.as_str()))
        .filter(|(name, _)| protocols.as_ref() != Some(name))
        .collect();
    let longest = named.iter().map(|(name, _)| name.len()).max()?;
    let mut longest = named.iter().filter(|(name, _)| name.len() == longest);
    let family = |vendor: &str| vendor.split('-').next().map(str::to_owned);
    let (_, vendor) = longest.next()?;
    // `discord-gateway` and `discord-voice` are one service.
    longest
        .all(|(_, other)| family(other) == family(vendor))
        .then_some(*vendor)
}

/// The weight from which a close code is certain enough to be counted in a log.
pub(super) const SURE: i32 = 8;

/// Literal texts, one of which stands in each line that can be read here or looks like a close.
pub(super) const NEEDLES: &[&str] = &[
    "ebSocket",
    "ebsocket",
    "1006",
    "isconnect",
    "nclose",
    "nClose",
    "lose code",
    "lose_code",
    "loseCode",
    "losecode",
    "lose status",
    "lose_status",
    "loseStatus",
    "losed with",
    "ode: 1",
    "ode: 4",
    "ode=1",
    "ode=4",
    "ode 1",
    "\"code\":1",
    "\"code\":3",
    "\"code\":4",
    "\"code\": 1",
    "\"code\": 3",
    "\"code\": 4",
    // Requests and timers of connections whose lines do not name a WebSocket.
    "wss:/",
    "T /ws",
    "/ws ",
    "pong",
    "TP 101",
    "imeout (",
    "ERROR: HS",
];

/// The clues that a shape gives by itself: where its needle stands.
pub(super) fn of_shape(shape: &Shape, text: &str) -> Vec<Clue> {
    let found = shape
        .needles
        .iter()
        .find_map(|needle| Some((text.find(needle)?, needle.len())));
    let kind = match shape.event {
        Event::Close { .. } => Kind::Code,
        Event::Fault { .. } => Kind::Fault,
        Event::Cause { .. } => Kind::Protocol,
    };
    let clue = found.map(|(at, length)| Clue {
        kind,
        at,
        length,
        word: None,
    });
    clue.into_iter().collect()
}

/// The clues of a text that has a line of a shape: those of the shape where it has none of its own.
pub(super) fn with_shape(clues: Vec<Clue>, shape: Option<&'static Shape>, text: &str) -> Vec<Clue> {
    match (clues.is_empty(), shape) {
        (true, Some(shape)) => of_shape(shape, text),
        _ => clues,
    }
}
