//! What `explain` shows of registries: a vendor's code, all of a vendor's codes, and who uses a number.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::explain::{fact, fact_width, first_lines, meaning, see_also, title};
use super::page::Page;
use super::wrap::padded;
use crate::facts::codes::{Reconnect, SentBy, lookup, may_stand_in_close};
use crate::facts::registry::{Entry, Registry};
use crate::report::{User, reconnect_words};
use crate::topic::Topic;
use crate::words::{Message, Text, Value, say, text};

/// Draws what a vendor or the user says of a code or a band.
pub(super) fn draw_entry(entry: &Entry, page: &mut Page<'_>) -> io::Result<()> {
    let (row, registry) = (entry.row, entry.registry);
    let above = match entry.number {
        Some(_) if row.is_band() => {
            let name = format!("{} ({}-{})", row.name, row.from, row.to);
            title(&entry.id(), &name, page)?
        }
        _ => title(&entry.id(), &Text::Given(row.name), page)?,
    };
    first_lines(above, &Topic::Entry(*entry), page)?;
    page.blank()?;
    meaning(row.words.meaning, page)?;
    let on_wire = match entry.number.map(|number| (number, number.to_be_bytes())) {
        _ if row.sent_by == SentBy::Nobody => say!(wire.never),
        Some((number, [high, low])) if may_stand_in_close(number) => {
            say!(
                wire.may_stand_as,
                high = Value::Byte(high),
                low = Value::Byte(low)
            )
        }
        None if may_stand_in_close(row.from) => say!(wire.may_stand),
        _ => say!(wire.may_not_stand),
    };
    fact(text!(fact.wire), &on_wire, page)?;
    fact(text!(fact.sent_by), &row.sent_by.words(), page)?;
    let how = reconnect_words(row.reconnect);
    let how = match row.is_vendors_advice {
        true => Message::from(how),
        false => say!(reconnect.our_reading, how, title = registry.title),
    };
    fact(text!(fact.reconnect), &how, page)?;
    source(registry, page)?;
    let everybody = entry.number.map(|number| match lookup(number) {
        Some(_) => format!("wsclose explain {number}"),
        None => {
            let command = format!("wsclose explain {number}");
            page.words(say!(registry.who_else, command))
        }
    });
    let vendor = format!("wsclose explain {}", registry.vendor);
    see_also([vendor].into_iter().chain(everybody), page)
}

/// Draws all that a vendor or the user says, one line for each code.
pub(super) fn draw_registry(registry: &'static Registry, page: &mut Page<'_>) -> io::Result<()> {
    title(registry.vendor, &Text::Given(registry.title), page)?;
    page.blank()?;
    source(registry, page)?;
    if !registry.also.is_empty() {
        fact(text!(fact.also), &registry.also.join(", "), page)?;
    }
    fact(text!(fact.codes), &counts(registry), page)?;
    page.blank()?;
    let rows = registry.entries();
    let rows = rows.map(|entry| page.words(in_a_word(entry.row.reconnect)).width());
    let widest = rows.max().unwrap_or(0);
    let (first, second) = (fact_width(page), fact_width(page).max(widest));
    let columns = |code: &str, reconnect: &str| {
        format!("{} {}", padded(code, first), padded(reconnect, second))
    };
    let [code, reconnect, meaning] =
        [text!(fact.code), text!(fact.reconnect), text!(fact.meaning)].map(|text| page.words(text));
    if page.has_tables() {
        let mut rows = vec![vec![code, reconnect, meaning]];
        rows.extend(registry.entries().map(|entry| {
            let reconnect = page.words(in_a_word(entry.row.reconnect));
            vec![entry.id(), reconnect, page.words(entry.brief())]
        }));
        return page.table(&rows);
    }
    page.aside(2, &format!("{} {meaning}", columns(&code, &reconnect)))?;
    for entry in registry.entries() {
        let reconnect = page.words(in_a_word(entry.row.reconnect));
        let mark = columns(&number(&entry), &reconnect);
        page.hanging(2, &mark, first + 1 + second, &entry.brief())?;
    }
    let first = registry.entries().next();
    see_also(
        first
            .map(|entry| format!("wsclose explain {}", entry.id()))
            .into_iter(),
        page,
    )
}

/// Draws the vendors that use a number, or that have codes in a range.
pub(super) fn used_by(uses: &[User], number: Option<u16>, page: &mut Page<'_>) -> io::Result<()> {
    let Some(first) = uses.first() else {
        return Ok(());
    };
    page.blank()?;
    page.heading(&match number {
        Some(number) if number < 3000 => say!(heading.used_in_another_sense),
        _ => say!(heading.used_by),
    })?;
    let widest = uses.iter().map(|known| known.vendor.len()).max();
    for known in uses {
        let says = match known.entry {
            Some(entry) => entry.brief(),
            None => Text::Given(known.name).into(),
        };
        page.hanging(2, known.vendor, widest.unwrap_or(0) + 1, &says)?;
    }
    let one = match number {
        Some(number) => format!("wsclose explain {}:{number}", first.vendor),
        None => format!("wsclose explain {}", first.vendor),
    };
    page.aside(2, &say!(view.one_with, command = one))
}

/// How many codes and bands there are: `14 codes`, `16 codes and 4 bands`.
pub(super) fn counts(registry: &Registry) -> Message {
    match registry.counts() {
        (codes, 0) => say!(count.codes, n = Value::Number(codes as u64)),
        (0, bands) => say!(count.bands, n = Value::Number(bands as u64)),
        (codes, bands) => {
            let codes = say!(count.codes, n = Value::Number(codes as u64));
            let bands = say!(count.bands, n = Value::Number(bands as u64));
            say!(registry.codes_and_bands, codes, bands)
        }
    }
}

/// Whether to connect again, in a word.
fn in_a_word(reconnect: Reconnect) -> Text {
    match reconnect {
        Reconnect::Yes => text!(word.yes),
        Reconnect::No => text!(word.no),
        Reconnect::Backoff => text!(word.backoff),
        Reconnect::AfterFix => text!(word.after_fix),
    }
}

/// Whose it is and where it can be read.
fn source(registry: &Registry, page: &mut Page<'_>) -> io::Result<()> {
    if let Some(protocol) = registry.protocol {
        fact(text!(fact.protocol), &protocol, page)?;
    }
    for source in registry.sources {
        let url = source.url();
        if !url.is_empty() {
            // A broken address cannot be followed.
            let width = fact_width(page);
            page.address(&page.words(text!(fact.source)), width, &url)?;
        }
    }
    match registry.checked {
        Some(checked) => fact(text!(fact.checked), checked, page),
        None => Ok(()),
    }
}

/// The number of an entry, or its band.
fn number(entry: &Entry) -> String {
    match entry.number {
        Some(number) => number.to_string(),
        None => format!("{}-{}", entry.row.from, entry.row.to),
    }
}
