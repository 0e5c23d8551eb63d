//! Which protocol a message is of, where only messages say it.

use super::kept::Raw;
use super::layout;
use super::quoted::is_alone;
use super::tree::{self, Fit};
use crate::facts::protocols::{Layout, PROTOCOLS, Protocol, Sign};
use crate::frame::Sender;

/// What is known of a connection when a message is tried.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Whether it was heard to its end.
    pub(super) is_late: bool,
    /// Whether all messages from the first on were seen.
    pub(super) is_whole: bool,
    /// Whether it is carried by a protocol that is known. None that carries another is carried itself.
    pub(super) is_inside: bool,
    /// The messages that came before, as far as they are kept.
    pub(super) before: &'a [Raw],
}

impl Seen<'_> {
    /// Whether what a sign comes behind may have come: what was not seen may have been it.
    fn may_stand_behind(self, sign: &Sign, form: Layout, sender: Sender) -> bool {
        let Some(behind) = sign.behind.filter(|_| self.is_whole) else {
            return true;
        };
        let mut others = self.before.iter().filter(|raw| raw.sender != sender);
        others.any(|raw| {
            nodes(form, raw)
                .iter()
                .any(|node| node.fitness(behind) != Fit::No)
        })
    }

    fn may_be(self, protocol: &Protocol) -> bool {
        !self.is_inside || protocol.wraps.is_none()
    }
}

/// The protocol that one of the last messages gives away, where all of them can be read as its.
pub(super) fn recognise_late<'a>(
    raws: impl IntoIterator<Item = &'a Raw>,
    seen: Seen<'_>,
    has_url: bool,
) -> Option<&'static Protocol> {
    let raws: Vec<&Raw> = raws.into_iter().collect();
    let is_its =
        |protocol: &&Protocol| raws.iter().all(|raw| !nodes(protocol.form, raw).is_empty());
    let mut found = raws
        .iter()
        .filter_map(|raw| recognise(Some(raw), seen, |_| false));
    let known = found.find(is_its);
    if known.is_some() || has_url {
        return known;
    }
    // Where no URL says another, a message that no other protocol has gives its own away, too.
    let mut certain = PROTOCOLS
        .iter()
        .filter(|protocol| seen.may_be(protocol))
        .filter(|protocol| raws.iter().any(|raw| has_certain(protocol, raw)) && is_its(protocol));
    let first = certain.next()?;
    certain.next().is_none().then_some(first)
}

/// Whether a message is one that can be of this protocol alone, by what its row says.
fn has_certain(protocol: &Protocol, raw: &Raw) -> bool {
    let mut rows = protocol.messages.iter().filter(|row| row.alone.is_some());
    if !rows.clone().any(|row| row.sender.is(raw.sender)) || !raw.is_readable() {
        return false;
    }
    let nodes = nodes(protocol.form, raw);
    rows.any(|row| {
        let is_it = |node: &tree::Node| node.fits(row.when) && is_alone(row, node);
        row.sender.is(raw.sender) && row.means.is_some() && nodes.iter().any(is_it)
    })
}

/// The protocol that a message gives away.
pub(super) fn recognise(
    raw: Option<&Raw>,
    seen: Seen<'_>,
    fits_url: impl Fn(&Protocol) -> bool,
) -> Option<&'static Protocol> {
    let raw = raw?;
    // Most protocols are JSON: it is read once for all of them.
    let json = nodes(Layout::Json, raw);
    PROTOCOLS.iter().find(|protocol| {
        let is_possible = match protocol.form {
            Layout::Json => raw.is_readable() && !json.is_empty(),
            Layout::Xml | Layout::Sockjs => raw.is_text,
            _ => true,
        };
        let mut signs = protocol.signs.iter();
        if !is_possible || !seen.may_be(protocol) || !signs.any(|sign| sign.sender.is(raw.sender)) {
            return false;
        }
        let own = match protocol.form {
            Layout::Json => None,
            form => Some(nodes(form, raw)),
        };
        own.as_ref().unwrap_or(&json).iter().any(|node| {
            let is_it = |sign: &Sign| {
                sign.sender.is(raw.sender)
                    && (seen.is_late || !sign.is_late)
                    && node.fits(sign.when)
                    && (!sign.is_weak || fits_url(protocol))
                    && seen.may_stand_behind(sign, protocol.form, raw.sender)
            };
            protocol.signs.iter().any(is_it)
        })
    })
}

/// The parts of a message, read in this layout.
fn nodes(layout: Layout, raw: &Raw) -> Vec<tree::Node> {
    let mut nodes = Vec::new();
    let mut memory = layout::Memory::default();
    let mut keep = |node: &tree::Node| nodes.push(node.clone());
    layout::parts(layout, raw.is_text, raw.body(), &mut memory, &mut keep);
    nodes
}
