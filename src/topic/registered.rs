//! What was typed, with the registries in mind: `discord-gateway:4004`, a vendor's
//! name for a code, a number that the user has a word for.
//!
//! Protocol names come first, so that nothing a vendor or the user calls a code can
//! hide one.

use super::{NoTopic, Topic, find, is_around, is_number, number, span};
use crate::facts::names::{is, key, near};
use crate::facts::protocols::{PROTOCOLS, Protocol};
use crate::facts::registry::{Registries, Registry, VENDORS, without_codes};

/// The topics that `given` names, those of the registries too.
///
/// A number is answered by what the vendor that was chosen says; without one, by what the user
/// says and then by what everybody knows.
///
/// # Errors
///
/// Why it names none, with suggestions.
pub fn find_in(given: &str, registries: Registries) -> Result<Vec<Topic>, NoTopic> {
    let text = given.trim().trim_matches(is_around);
    let pair = text
        .split_once(':')
        .map(|(vendor, code)| (vendor.trim(), code.trim()))
        .filter(|(vendor, code)| !vendor.is_empty() && !code.is_empty() && !is_number(vendor));
    if let Some((vendor, code)) = pair {
        if let Some(chosen) = registries.choosing(vendor) {
            return of_vendor(code, chosen);
        }
    }
    if registries.vendor().is_some() {
        return of_vendor(text, registries);
    }
    let error = match find(given) {
        Ok(topics) => {
            // A library may have codes of its own too (websocketpp): then both are meant.
            let is_named = |topic: &Topic| matches!(topic, Topic::Implementation(_));
            let name = key(text);
            let is_library = topics.iter().any(is_named)
                && VENDORS.iter().any(|registry| is(registry.vendor, &name));
            let codes = registries
                .all()
                .find(|registry| is_library && registry.names().any(|known| is(known, &name)))
                .map(Topic::Registry);
            // A library may have the name of the protocol that it speaks (Socket.IO).
            let is_software =
                |topic: &Topic| is_named(topic) || matches!(topic, Topic::Intermediary(_));
            let spoken = topics.iter().all(is_software).then(|| protocols(text));
            return Ok(topics
                .into_iter()
                .flat_map(|topic| with_user(topic, registries))
                .chain(codes)
                .chain(spoken.into_iter().flatten())
                .collect());
        }
        Err(error) => error,
    };
    let spoken = match &error {
        NoTopic::Unknown(..) => protocols(text),
        NoTopic::WithoutCodes(service) => protocols(service.title),
        _ => Vec::new(),
    };
    if !matches!(error, NoTopic::Unknown(..)) {
        return if spoken.is_empty() {
            Err(error)
        } else {
            Ok(spoken)
        };
    }
    let named = named(text, registries.all());
    if !named.is_empty() {
        return Ok(with_messages(named));
    }
    if !spoken.is_empty() {
        return Ok(spoken);
    }
    // `discord` begins the names of three.
    let family = family(text, registries);
    if family.len() > 1 {
        return Ok(family);
    }
    let called = called(text, registries);
    if !called.is_empty() {
        return Ok(called);
    }
    if let Some((vendor, code)) = pair {
        if matches!(number(code), Ok(Some(_))) {
            return Err(no_vendor(vendor, registries));
        }
    }
    Err(NoTopic::Unknown(given.to_owned(), registries))
}

/// That there is no vendor of this name.
pub(crate) fn no_vendor(given: &str, registries: Registries) -> NoTopic {
    if let Some(service) = without_codes(given) {
        return NoTopic::WithoutCodes(service);
    }
    let name = key(given);
    // `discord` begins the names of three; of a slip of the finger the nearest.
    let mut near: Vec<String> = ids(registries)
        .filter(|id| !name.is_empty() && key(id).starts_with(&name))
        .map(str::to_owned)
        .collect();
    if near.is_empty() {
        near = nearest(given, ids(registries).map(|id| (id, id.to_owned())));
    }
    near.truncate(4);
    NoTopic::NoVendor(given.to_owned(), near)
}

/// The names of all vendors.
fn ids(registries: Registries) -> impl Iterator<Item = &'static str> {
    registries.all().map(|registry| registry.vendor)
}

/// A number with what the user says of it before it.
fn with_user(topic: Topic, registries: Registries) -> Vec<Topic> {
    let number = match topic {
        Topic::Code(code) => Some(code.number),
        Topic::Number(number, _) => Some(number),
        _ => None,
    };
    let user = registries.user();
    let entry = user
        .zip(number)
        .and_then(|(user, number)| user.entry(number));
    entry.map(Topic::Entry).into_iter().chain([topic]).collect()
}

/// What the chosen vendor says of a number, a span or a name.
fn of_vendor(text: &str, chosen: Registries) -> Result<Vec<Topic>, NoTopic> {
    let number = number(text)?;
    let topics: Vec<Topic> = match (number, span(text)?) {
        (Some(number), _) => chosen
            .chosen()
            .filter_map(|registry| registry.entry(number))
            .map(Topic::Entry)
            .collect(),
        (None, Some(span)) => in_span(span, chosen),
        (None, None) => named(text, chosen.chosen()),
    };
    if !topics.is_empty() {
        return Ok(topics);
    }
    let mut others: Vec<String> = Vec::new();
    if let Some(number) = number {
        let everybody = Topic::of_number(number);
        if matches!(everybody, Topic::Code(_)) {
            others.push(number.to_string());
        }
        let codes = chosen
            .all()
            .filter_map(|registry| registry.entry(number))
            .filter(|entry| !entry.row.is_band());
        others.extend(codes.map(|entry| entry.id()).take(4));
    } else {
        let rows = chosen.chosen().flat_map(Registry::entries);
        others = nearest(text, rows.map(|entry| (entry.row.name, entry.id())));
    }
    Err(NoTopic::NotInVendor {
        vendor: chosen.vendor().unwrap_or_default(),
        given: text.to_owned(),
        others,
    })
}

/// The band of just these numbers; without one all codes and bands that share a number with them.
fn in_span((from, to): (u16, u16), chosen: Registries) -> Vec<Topic> {
    let entries = || chosen.chosen().flat_map(Registry::entries);
    let band: Vec<Topic> = entries()
        .filter(|entry| (entry.row.from, entry.row.to) == (from, to))
        .map(Topic::Entry)
        .collect();
    if !band.is_empty() {
        return band;
    }
    entries()
        .filter(|entry| entry.row.from <= to && from <= entry.row.to)
        .map(Topic::Entry)
        .collect()
}

/// Registries of this name; without one, the codes of this name in any of them.
fn named(text: &str, registries: impl Iterator<Item = &'static Registry>) -> Vec<Topic> {
    let name = key(text);
    if name.is_empty() {
        return Vec::new();
    }
    let registries: Vec<&'static Registry> = registries.collect();
    let is_it = |known: &str| is(known, &name);
    let whole: Vec<Topic> = registries
        .iter()
        .filter(|registry| registry.names().any(is_it))
        .map(|registry| Topic::Registry(registry))
        .collect();
    if !whole.is_empty() {
        return whole;
    }
    registries
        .into_iter()
        .flat_map(Registry::entries)
        .filter(|entry| is_it(entry.row.name))
        .map(Topic::Entry)
        .collect()
}

/// Registries, with the protocols behind them whose codes they have: the messages say what the codes do not.
fn with_messages(mut named: Vec<Topic>) -> Vec<Topic> {
    let is_named = |protocol: &&'static Protocol| {
        let mut named = named.iter();
        named.any(|topic| {
            matches!(topic, Topic::Registry(registry) if protocol.vendor == Some(registry.vendor))
        })
    };
    let spoken: Vec<Topic> = PROTOCOLS
        .iter()
        .filter(is_named)
        .map(Topic::Protocol)
        .collect();
    named.extend(spoken);
    named
}

/// The protocols of this name.
fn protocols(text: &str) -> Vec<Topic> {
    let name = key(text);
    let is_it = |known: &str| !name.is_empty() && is(known, &name);
    let all = PROTOCOLS.iter();
    all.filter(|protocol| is_it(protocol.id) || is_it(protocol.title))
        .map(Topic::Protocol)
        .collect()
}

/// The protocols that this word names in a text, each behind its codes.
fn called(text: &str, registries: Registries) -> Vec<Topic> {
    let name = key(text);
    let is_called = |protocol: &&'static Protocol| {
        let mut words = protocol.words.iter();
        !name.is_empty() && words.any(|word| is(word, &name))
    };
    let all = PROTOCOLS.iter().filter(is_called);
    all.flat_map(|protocol| {
        let mut codes = registries.all();
        let codes = codes.find(|registry| protocol.vendor == Some(registry.vendor));
        let codes = codes.map(Topic::Registry);
        codes.into_iter().chain([Topic::Protocol(protocol)])
    })
    .collect()
}

/// The registries whose names begin with this word.
fn family(text: &str, registries: Registries) -> Vec<Topic> {
    const SHORTEST: usize = 4;
    let name = key(text);
    let is_of_it = |registry: &&'static Registry| {
        let word = registry.vendor.split('-').next().unwrap_or_default();
        name.len() >= SHORTEST && key(word) == name
    };
    registries
        .all()
        .filter(is_of_it)
        .map(Topic::Registry)
        .collect()
}

/// The vendors and vendors' codes whose names come nearest, at most three.
pub(super) fn nearest_registered(text: &str, registries: Registries) -> Vec<String> {
    let vendors = ids(registries).map(|id| (id, id.to_owned()));
    let rows = registries
        .all()
        .flat_map(Registry::entries)
        .map(|entry| (entry.row.name, entry.id()));
    let protocols = PROTOCOLS.iter();
    let protocols = protocols.map(|protocol| (protocol.id, protocol.id.to_owned()));
    nearest(text, vendors.chain(protocols).chain(rows))
}

/// At most three of the names that come nearest. There are many, so that less may be wrong than with the
/// protocol's.
fn nearest(text: &str, known: impl Iterator<Item = (&'static str, String)>) -> Vec<String> {
    let mut near = near(text, 6, known);
    near.truncate(3);
    near
}
