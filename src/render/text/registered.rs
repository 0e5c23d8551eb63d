//! What `explain` shows of registries: a vendor's code, all of a vendor's codes, and who uses a number.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::explain::{cases_in, fact, fact_width, meaning, see_also, title};
use super::page::{Page, padded};
use crate::codes::{Reconnect, SentBy, lookup, may_stand_in_close};
use crate::registry::{Entry, Registry, Use};
use crate::report::reconnect_words;
use crate::words::{say, say_count, translated, word};

/// Draws what a vendor or the user says of a code or a band.
pub(super) fn draw_entry(entry: &Entry, page: &mut Page<'_>) -> io::Result<()> {
    let (row, registry) = (entry.row, entry.registry);
    match entry.number {
        Some(_) if row.is_band() => {
            let name = format!("{} ({}-{})", row.name, row.from, row.to);
            title(&entry.id(), &name, page)?;
        }
        _ => title(&entry.id(), row.name, page)?,
    }
    meaning(row.words.meaning, page)?;
    let on_wire = match entry.number.map(|number| (number, number.to_be_bytes())) {
        _ if row.sent_by == SentBy::Nobody => say!("never stands in a Close frame"),
        Some((number, [high, low])) if may_stand_in_close(number) => {
            say!(
                "may stand in a Close frame: {high} {low}",
                high = format_args!("{high:02x}"),
                low = format_args!("{low:02x}")
            )
        }
        None if may_stand_in_close(row.from) => say!("may stand in a Close frame"),
        _ => say!("may not stand in a Close frame; a strict receiver answers with 1002"),
    };
    fact("wire", &on_wire, page)?;
    fact("sent by", &row.sent_by.to_string(), page)?;
    let reconnect = translated(reconnect_words(row.reconnect));
    fact("reconnect", reconnect, page)?;
    source(registry, page)?;
    cases_in(row.words.cases, |text| text, page)?;
    let everybody = entry.number.map(|number| match lookup(number) {
        Some(_) => format!("wsclose explain {number}"),
        None => {
            let command = format!("wsclose explain {number}");
            say!("{command}    (who else uses it)", command)
        }
    });
    let vendor = format!("wsclose explain {}", registry.vendor);
    see_also([vendor].into_iter().chain(everybody), page)
}

/// Draws all that a vendor or the user says, one line for each code.
pub(super) fn draw_registry(registry: &'static Registry, page: &mut Page<'_>) -> io::Result<()> {
    title(registry.vendor, registry.title, page)?;
    source(registry, page)?;
    if !registry.also.is_empty() {
        fact("also", &registry.also.join(", "), page)?;
    }
    fact("codes", &counts(registry), page)?;
    page.blank()?;
    let rows = registry.entries().map(|entry| advice(entry.row.reconnect));
    let widest = rows.map(UnicodeWidthStr::width).max().unwrap_or(0);
    let (first, second) = (fact_width(), fact_width().max(widest));
    let columns = |code: &str, reconnect: &str| {
        format!("{} {}", padded(code, first), padded(reconnect, second))
    };
    let heads = columns(translated(word!("code")), translated(word!("reconnect")));
    page.aside(2, &format!("{heads} {}", translated(word!("meaning"))))?;
    for entry in registry.entries() {
        let mark = columns(&number(&entry), advice(entry.row.reconnect));
        page.hanging(2, &mark, first + 1 + second, &entry.row.brief())?;
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
pub(super) fn used_by(uses: &[Use], number: Option<u16>, page: &mut Page<'_>) -> io::Result<()> {
    let Some(first) = uses.first() else {
        return Ok(());
    };
    page.blank()?;
    page.heading(&match number {
        Some(number) if number < 3000 => say!("Used in a sense of their own by"),
        _ => say!("Used by"),
    })?;
    let widest = uses.iter().map(|known| known.vendor.len()).max();
    for known in uses {
        let says = match known.entry {
            Some(entry) => entry.row.brief(),
            None => known.name.to_owned(),
        };
        page.hanging(2, known.vendor, widest.unwrap_or(0) + 1, &says)?;
    }
    let one = match number {
        Some(number) => format!("wsclose explain {}:{number}", first.vendor),
        None => format!("wsclose explain {}", first.vendor),
    };
    page.aside(2, &say!("One in full: {command}", command = one))
}

/// How many codes and bands there are: `14 codes`, `16 codes and 4 bands`.
pub(super) fn counts(registry: &Registry) -> String {
    match registry.counts() {
        (codes, 0) => say_count!(codes as u64, "{n} code", "{n} codes"),
        (0, bands) => say_count!(bands as u64, "{n} band", "{n} bands"),
        (codes, bands) => say!(
            "{codes} and {bands}",
            codes = say_count!(codes as u64, "{n} code", "{n} codes"),
            bands = say_count!(bands as u64, "{n} band", "{n} bands")
        ),
    }
}

/// Whether to connect again, in a word.
fn advice(reconnect: Reconnect) -> &'static str {
    translated(match reconnect {
        Reconnect::Yes => word!("yes"),
        Reconnect::No => word!("no"),
        Reconnect::Backoff => word!("backoff"),
        Reconnect::AfterFix => word!("after-fix"),
    })
}

/// Whose it is and where it can be read.
fn source(registry: &Registry, page: &mut Page<'_>) -> io::Result<()> {
    if let Some(protocol) = registry.protocol {
        fact("protocol", protocol, page)?;
    }
    for source in registry.sources {
        let url = source.url();
        if !url.is_empty() {
            // A broken address cannot be followed.
            let label = padded(translated(word!("source")), fact_width());
            page.line(&format!("  {label} {url}"))?;
        }
    }
    match registry.checked {
        Some(checked) => fact("checked", checked, page),
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
