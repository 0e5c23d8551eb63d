//! A site of all that can be explained: which pages there are, where they lie, and what each is made of.
//!
//! A page is what the program prints, drawn as HTML, with a frame around it. Addresses are relative, so that
//! the site can be read from a folder as well as from a host; they are the same in every language.
//!
//! ```
//! use wsclose::render::site::{Kind, subjects};
//!
//! let codes: Vec<String> = subjects()
//!     .iter()
//!     .filter(|subject| subject.kind() == Kind::Code)
//!     .map(|subject| subject.address())
//!     .collect();
//! assert!(codes.iter().any(|address| address.contains("1006")));
//! ```

mod frame;
mod home;
mod play;
mod start;

use crate::facts::codes::PAIRS;
use crate::facts::field;
use crate::facts::names::slug;
use crate::facts::protocols::PROTOCOLS;
use crate::facts::registry::{Entry, Registries, Registry, VENDORS, WITHOUT_CODES, WithoutCodes};
use crate::render::Language;
use crate::topic::{self, Topic};
use crate::words::{Message, Text, Value, say, text};

pub use frame::page;
pub use home::{home, languages, search_index, texts};
pub use play::{SCRIPT as PLAY, playground};
pub use start::{STARTS, Start};

/// What all pages are set with.
pub const STYLE: &str = include_str!("site/style.css");
/// What searches the index, in the browser alone.
pub const SEARCH: &str = include_str!("site/search.js");

/// What a site is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where it is published, with a slash at the end; `None` where that is not known: then nothing on
    /// it says where it is.
    pub base: Option<String>,
    /// Whether there is a page that answers in the browser.
    pub has_playground: bool,
}

/// What a page is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A topic.
    Topic(Topic),
    /// Two codes that people confuse.
    Pair([u16; 2]),
    /// A service that has no close codes.
    Service(&'static WithoutCodes),
    /// What somebody holds who asks.
    Start(&'static Start),
}

/// The kinds of pages, in the order of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What somebody holds who asks.
    Start,
    /// A code or a range.
    Code,
    /// Two codes.
    Pair,
    /// Why a connection ends.
    Cause,
    /// A rule for frames.
    Rule,
    /// A proxy, or another thing between the ends.
    Proxy,
    /// A protocol inside WebSocket.
    Protocol,
    /// A service without codes.
    Service,
    /// A vendor's codes.
    Vendor,
    /// A library, a browser, a server.
    Implementation,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::Start,
        Kind::Cause,
        Kind::Code,
        Kind::Pair,
        Kind::Proxy,
        Kind::Rule,
        Kind::Protocol,
        Kind::Service,
        Kind::Vendor,
        Kind::Implementation,
    ];

    /// The folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Start => "start",
            Kind::Code => "code",
            Kind::Pair => "compare",
            Kind::Cause => "cause",
            Kind::Rule => "rule",
            Kind::Proxy => "proxy",
            Kind::Protocol => "protocol",
            Kind::Service => "service",
            Kind::Vendor => "vendor",
            Kind::Implementation => "implementation",
        }
    }

    /// What its pages are called.
    pub fn name(self) -> Text {
        match self {
            Kind::Start => text!(start.starts),
            Kind::Code => text!(site.codes),
            Kind::Pair => text!(site.pairs),
            Kind::Cause => text!(site.situations),
            Kind::Rule => text!(site.rules),
            Kind::Proxy => text!(site.proxies),
            Kind::Protocol => text!(site.protocols),
            Kind::Service => text!(site.services),
            Kind::Vendor => text!(site.vendors),
            Kind::Implementation => text!(site.implementations),
        }
    }
}

/// All that has a page.
pub fn subjects() -> Vec<Subject> {
    let vendors = VENDORS.iter().map(Topic::Registry);
    let entries = VENDORS.iter().flat_map(Registry::entries).map(Topic::Entry);
    let implementations = field::implementations().map(Topic::Implementation);
    let topics = topic::all()
        .chain(PROTOCOLS.iter().map(Topic::Protocol))
        .chain(vendors)
        .chain(entries)
        .chain(implementations);
    topics
        .map(Subject::Topic)
        .chain(PAIRS.iter().map(|pair| Subject::Pair(pair.codes)))
        .chain(WITHOUT_CODES.iter().map(Subject::Service))
        .chain(STARTS.iter().map(Subject::Start))
        .collect()
}

impl Subject {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Subject::Pair(_) => Kind::Pair,
            Subject::Service(_) => Kind::Service,
            Subject::Start(_) => Kind::Start,
            Subject::Topic(topic) => match topic {
                Topic::Code(_) | Topic::Number(..) | Topic::Range(..) => Kind::Code,
                Topic::Rule(_) => Kind::Rule,
                Topic::Entry(_) | Topic::Registry(_) => Kind::Vendor,
                Topic::Implementation(_) => Kind::Implementation,
                Topic::Cause(_) => Kind::Cause,
                Topic::Intermediary(_) => Kind::Proxy,
                Topic::Protocol(_) => Kind::Protocol,
            },
        }
    }

    /// What it is called on its page.
    pub fn id(&self) -> String {
        match self {
            Subject::Topic(topic) => topic.id(),
            Subject::Pair([one, other]) => format!("{one} · {other}"),
            Subject::Service(service) => service.title.to_owned(),
            Subject::Start(start) => start.id.to_owned(),
        }
    }

    /// Where its page lies below the folder of a language: `code/1006.html`.
    pub fn address(&self) -> String {
        let file = match self {
            // A number without a row of its own is answered with its range.
            Subject::Topic(Topic::Number(_, range)) => range.id(),
            // As is one in a band of a vendor's.
            Subject::Topic(Topic::Entry(entry)) if entry.row.is_band() => {
                let band = Entry {
                    number: None,
                    ..*entry
                };
                band.id().replace(':', "-")
            }
            Subject::Topic(topic) => topic.id().replace(':', "-"),
            Subject::Pair([one, other]) => format!("{one}-{other}"),
            Subject::Service(service) => slug(service.title),
            Subject::Start(start) => start.id.to_owned(),
        };
        format!("{}/{file}.html", self.kind().folder())
    }

    /// The command that prints it; none prints what leads to all commands.
    pub fn command(&self) -> Option<String> {
        Some(match self {
            Subject::Topic(topic) => format!("wsclose explain {}", topic.id()),
            Subject::Pair([one, other]) => format!("wsclose compare {one} {other}"),
            Subject::Service(service) => format!("wsclose explain \"{}\"", service.title),
            Subject::Start(_) => return None,
        })
    }

    /// What somebody typed who looks for it, and what the page holds.
    pub fn title(&self) -> Message {
        match self {
            Subject::Pair([one, other]) => {
                let name = |number: u16| Topic::of_number(number).title();
                say!(
                    site.title_pair,
                    one = *one,
                    other = *other,
                    one_name = name(*one),
                    other_name = name(*other)
                )
            }
            Subject::Service(service) => say!(site.title_service, name = service.title),
            Subject::Start(start) => say!(start.page_title, what = Value::from(start.title)),
            Subject::Topic(topic) => title_of(topic),
        }
    }

    /// What it is, in a few words.
    pub fn gist(&self) -> Message {
        match self {
            Subject::Topic(Topic::Registry(registry)) => registry
                .protocol
                .unwrap_or(Text::Given(registry.title))
                .into(),
            Subject::Topic(topic) => topic.gist(),
            Subject::Pair([one, other]) => {
                let name = |number: u16| Topic::of_number(number).gist();
                say!(site.both, one = name(*one), other = name(*other))
            }
            Subject::Service(service) => Message::from(service.instead),
            Subject::Start(start) => start.gist.into(),
        }
    }
}

fn title_of(topic: &Topic) -> Message {
    let (id, name) = (topic.id(), topic.title());
    match topic {
        Topic::Code(_) => say!(site.title_code, code = id, name, gist = topic.gist()),
        Topic::Number(..) | Topic::Range(..) => say!(site.title_range, id, name),
        Topic::Rule(rule) => match rule.closes_with {
            Some(code) => say!(site.title_rule, id, name, code),
            None => say!(site.title_rule_alone, id, name),
        },
        Topic::Entry(entry) => {
            let number = match entry.number {
                Some(number) => number.to_string(),
                None => format!("{}-{}", entry.row.from, entry.row.to),
            };
            let vendor = entry.registry.title;
            say!(site.title_entry, vendor, number, name)
        }
        Topic::Registry(_) => say!(site.title_vendor, name),
        Topic::Implementation(_) => say!(site.title_implementation, name),
        Topic::Cause(_) => say!(site.title_cause, name),
        Topic::Intermediary(_) => say!(site.title_proxy, name),
        Topic::Protocol(_) => say!(site.title_protocol, name),
    }
}

/// The page that answers a command, given without the program's name: `explain 1006`, `compare 1002 1007`,
/// `1006`. `None` where there is none.
pub fn page_of(arguments: &str) -> Option<String> {
    let arguments = arguments.trim();
    if arguments.contains(" -") {
        return None;
    }
    if let Some(codes) = arguments.strip_prefix("compare ") {
        let codes: Vec<u16> = codes
            .split(' ')
            .map(|code| code.parse().ok())
            .collect::<Option<_>>()?;
        let &[one, other] = codes.as_slice() else {
            return None;
        };
        let pair = PAIRS.iter().find(|pair| pair.is_of(one, other))?;
        return Some(Subject::Pair(pair.codes).address());
    }
    let name = arguments.strip_prefix("explain ").unwrap_or(arguments);
    let found = topic::find_in(name, Registries::default()).ok();
    let topic = found.and_then(|found| match found.as_slice() {
        [] => None,
        // A span of several has no page.
        [first, second, ..] if first.id() != second.id() && name.contains('-') => {
            let is_named = |topic: &Topic| matches!(topic, Topic::Code(_) | Topic::Range(..));
            (!is_named(first)).then_some(*first)
        }
        [first, ..] => Some(*first),
    });
    Some(Subject::Topic(topic?).address())
}

/// The part of a text that fits into so many characters, broken behind a word.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most).collect();
    if let Some(space) = short.rfind(' ').filter(|space| *space > most / 2) {
        short.truncate(space);
    }
    short.push('…');
    short
}

/// A language's own name for itself, with its code.
fn named(language: Language) -> (&'static str, &'static str) {
    (language.id(), language.name())
}

/// What is known of a subject beyond its name, for the description: its meaning.
fn meaning(subject: &Subject) -> Option<Text> {
    match subject {
        Subject::Topic(topic) => match topic {
            Topic::Code(code) => Some(code.words.meaning),
            Topic::Number(_, range) | Topic::Range(range, _) => Some(range.words.meaning),
            Topic::Rule(rule) => Some(rule.words.meaning),
            Topic::Entry(entry) => Some(entry.row.words.meaning),
            Topic::Cause(cause) => cause.meaning,
            Topic::Intermediary(intermediary) => Some(intermediary.passes),
            Topic::Implementation(implementation) => {
                implementation.surprises().first().map(|first| first.text)
            }
            Topic::Registry(registry) => registry.protocol,
            Topic::Protocol(protocol) => {
                let mut messages = protocol.messages.iter();
                messages.find_map(|message| message.means)
            }
        },
        Subject::Pair(codes) => crate::facts::codes::tell_apart(codes[0], codes[1])
            .and_then(|lines| lines.first().copied()),
        Subject::Start(start) => Some(start.how),
        Subject::Service(_) => None,
    }
}

/// What a description says.
fn description(subject: &Subject) -> Message {
    match (subject, meaning(subject)) {
        (Subject::Service(service), _) => without_codes(service),
        (_, Some(meaning)) => Message::from(meaning),
        (_, None) => subject.title(),
    }
}

/// How a service without codes says why it closes.
fn without_codes(service: &WithoutCodes) -> Message {
    let instead = Value::from(service.instead);
    say!(site.service, name = service.title, instead)
}
