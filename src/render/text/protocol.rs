//! The page of a protocol inside WebSocket: what its messages say of the end, and how long an end may be
//! silent.

use std::io;

use super::explain::{fact, title};
use super::page::Page;
use crate::facts::protocols::{By, Limit, Protocol, Telling};
use crate::facts::registry::without_codes;
use crate::facts::source::Source;
use crate::frame::Sender;
use crate::words::{Advice, Message, Text, Value, When, dotted, say, text};

/// Draws it: how it is known, then the messages that end a connection, then its silences.
///
/// # Errors
///
/// When writing fails.
pub(super) fn draw_protocol(protocol: &'static Protocol, page: &mut Page<'_>) -> io::Result<()> {
    title(protocol.id, &Text::Given(protocol.title), page)?;
    if !protocol.subprotocols.is_empty() {
        let names = protocol.subprotocols.join(", ");
        page.paragraph(2, &say!(protocol.subprotocols, names))?;
    }
    if let Some(vendor) = protocol.vendor {
        let command = format!("wsclose explain {vendor}");
        page.paragraph(2, &say!(protocol.codes, command))?;
    }
    if let Some(service) = without_codes(protocol.title).filter(|_| protocol.vendor.is_none()) {
        let instead = Value::from(service.instead);
        let said = say!(site.service, name = service.title, instead);
        page.paragraph(2, &said.ended())?;
    }
    if protocol.wraps.is_some() {
        page.paragraph(2, &say!(protocol.carries))?;
    }
    fact(text!(fact.source), &Source::join(protocol.sources), page)?;
    let telling = protocol.messages.iter();
    let telling: Vec<&Telling> = telling.filter(|message| message.means.is_some()).collect();
    if !telling.is_empty() {
        page.blank()?;
        page.heading(&say!(heading.says_of_the_end))?;
    }
    for message in telling {
        self::message(message, page)?;
    }
    let untold = [
        (protocol.untold_server, By::Server),
        (protocol.untold_client, By::Client),
    ];
    for (said, by) in untold {
        let Some(said) = said else { continue };
        let [sender, _] = ends(by);
        page.topic(2, &page.words(say!(protocol.untold, sender).begun()))?;
        page.paragraph(4, &filled(said, by))?;
    }
    if !protocol.limits.is_empty() {
        page.blank()?;
        page.heading(&say!(heading.silence))?;
    }
    for limit in protocol.limits {
        self::limit(limit, page)?;
    }
    Ok(())
}

fn message(message: &'static Telling, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.topic(2, message.name)?;
    if let Some(means) = message.means {
        page.paragraph(4, &filled(means, message.sender))?;
    }
    advice(message.advice, message.codes, page)
}

fn limit(limit: &'static Limit, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    let [who, _] = ends(limit.silent);
    let who = say!(protocol.silent, who).begun();
    let of = limit.of.join(" + ");
    let time = limit.default.map(|(seconds, called)| {
        let time = std::time::Duration::from_secs(u64::from(seconds));
        say!(protocol.by_default, time = Value::Time(time), called)
    });
    let announced = (!of.is_empty()).then(|| say!(protocol.announced, of));
    let all = std::iter::once(who).chain(announced).chain(time);
    page.topic(2, &page.words(dotted(all)))?;
    advice(limit.advice, &[], page)
}

/// What to check, with the codes that it is about, and what to do.
fn advice(
    advice: &'static [Advice],
    codes: &[(&str, &str)],
    page: &mut Page<'_>,
) -> io::Result<()> {
    for (index, advice) in advice.iter().enumerate() {
        let mark = format!("{}.", index + 1);
        match advice.when {
            When::About(about) => {
                let all: Vec<String> = about.iter().map(|code| called(code, codes)).collect();
                let values = vec![
                    ("cause", Value::from(advice.cause)),
                    ("codes", Value::from(all.join(" · "))),
                ];
                let cause = Message::new(Text::Given("{cause} ({codes})"), values);
                page.hanging(4, &mark, 2, &cause)?;
            }
            _ => page.hanging(4, &mark, 2, &advice.cause)?,
        }
        page.hanging(7, "→", 1, &advice.fix)?;
    }
    Ok(())
}

/// A code as a person reads it, with what the protocol calls it: `5 not authorized`, `4000–4099`, `Stale…`.
fn called(code: &str, codes: &[(&str, &str)]) -> String {
    let shown = code.replace("..", "–").replace('*', "…");
    // A code that is a word is called so.
    let is_word = |called: &str| code.replace(['-', '_'], " ") == called;
    match codes.iter().find(|(known, _)| *known == code) {
        Some((_, called)) if !is_word(called) => format!("{shown} {called}"),
        _ => shown,
    }
}

/// What the one end and the other are called.
fn ends(by: By) -> [Value; 2] {
    match by {
        By::Client => [Sender::Client, Sender::Server].map(Value::from),
        By::Server => [Sender::Server, Sender::Client].map(Value::from),
        By::Either => [text!(protocol.one_end), text!(protocol.other_end)].map(Value::from),
    }
}

/// A sentence that names the ends.
fn filled(means: Text, sender: By) -> Message {
    let [one, other] = ends(sender);
    Message::new(means, vec![("sender", one), ("other", other)]).begun()
}
