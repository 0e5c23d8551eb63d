//! Who hears the messages of a connection: which protocol it is, and what is kept until that is known.

use super::ends::Body;
use super::last;
use super::late::LateHttp;
use super::layout;
use super::quoted::is_alone;
use super::reader::{Reader, is_sockjs_session, place};
use super::tree;
use super::waiting::Waiting;
use super::{Application, EndHeard, Label, Moment, Said, Unheard, excerpt};
use crate::conversation::Heard;
use crate::facts::protocols::{Layout, PROTOCOLS, Protocol, Role, Sign, is_like};
use crate::frame::{Opcode, Sender};
use crate::upgrade::Upgrade;

/// So many messages of an end are looked at to know the protocol.
pub(super) const MOST_FIRST: usize = 3;
/// So much of the beginning of a message, and of its end, is kept until the protocol is known, or that it is not.
const KEPT: usize = 512;

/// So much of the beginning of a binary message is kept, once the protocol is not known.
const KEPT_BINARY: usize = 128;

/// A message that is kept for later.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) sender: Sender,
    pub(super) is_text: bool,
    bytes: Vec<u8>,
    /// The last of what it has behind those.
    tail: Vec<u8>,
    length: u64,
    pub(super) moment: Moment,
}

impl Raw {
    fn of(heard: &Heard<'_>, moment: Moment) -> Self {
        let (bytes, tail) = ends_of(heard);
        Raw {
            sender: heard.sender,
            is_text: heard.opcode == Opcode::Text,
            bytes: bytes.to_vec(),
            tail: tail.to_vec(),
            length: heard.length,
            moment,
        }
    }

    pub(super) fn body(&self) -> Body<'_> {
        Body {
            bytes: &self.bytes,
            tail: &self.tail,
            length: self.length,
        }
    }

    /// The bytes of memory that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.bytes.len() + self.tail.len()
    }

    /// Whether it is a text, or may be one that was sent as binary.
    fn is_readable(&self) -> bool {
        self.is_text || begins_json(&self.bytes)
    }
}

/// The first bytes of a message, and the last of those behind them, as many as are kept of one for later.
fn ends_of<'a>(heard: &Heard<'a>) -> (&'a [u8], &'a [u8]) {
    let (front, rest) = heard.bytes.split_at(heard.bytes.len().min(KEPT));
    match heard.tail {
        [] => (front, rest),
        tail => (front, tail),
    }
}

/// Whether a path has this part in it, or at its end where `*` stands before the part.
pub(super) fn is_in_path(path: &str, part: &str) -> bool {
    match part.strip_prefix('*') {
        Some(end) => path.trim_end_matches('/').ends_with(end),
        None => path.contains(part),
    }
}

/// Whether a host has a name that anybody may look up: no address, and no name inside of a network.
fn is_public(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether it is a host of the service whose protocol it is.
fn is_own_host(protocol: &Protocol, host: &str) -> bool {
    // No service is known by an address alone, most protocols are nobody's, and there are thousands of connections.
    if protocol.hosts.is_empty() || !host.contains(|letter: char| letter.is_ascii_alphabetic()) {
        return false;
    }
    let name = host.split(':').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    protocol.hosts.iter().any(|known| is_like(&name, known))
}

/// Whether an object of JSON may begin here: some programs send JSON as binary.
fn begins_json(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'{')
}

/// Which protocol it is.
#[derive(Debug)]
enum Knowing {
    /// Nobody knows yet.
    Open(Vec<Raw>),
    Known(Box<Reader>),
    /// None that there are rows for.
    Unknown,
}

/// Hears the messages of a connection.
#[derive(Debug)]
pub struct Listener {
    knowing: Knowing,
    path: String,
    query: String,
    host: Option<String>,
    subprotocol: Option<String>,
    /// The last message of each end, for an unknown protocol. Here and not behind a pointer: what lies elsewhere is
    /// waited for, with ten thousand connections that take turns.
    lasts: [Option<Raw>; 2],
    /// How many messages of each end there were before it was known.
    counts: [usize; 2],
    ends: [EndHeard; 2],
    late: Option<LateHttp>,
    /// What came before the upgrade, where that comes last.
    waiting: Option<Box<Waiting>>,
}

impl Default for Listener {
    fn default() -> Self {
        Listener {
            knowing: Knowing::Open(Vec::new()),
            path: String::new(),
            query: String::new(),
            host: None,
            subprotocol: None,
            lasts: [None, None],
            counts: [0; 2],
            ends: Default::default(),
            late: None,
            waiting: None,
        }
    }
}

impl Listener {
    /// Keeps some of the messages until the upgrade comes, which it does behind them.
    pub(crate) fn await_upgrade(&mut self) {
        self.waiting = Some(Box::default());
    }

    /// Takes the upgrade: URL and subprotocol may name the protocol.
    pub fn upgrade(&mut self, upgrade: &Upgrade) {
        self.upgrade_to(upgrade, None);
    }

    /// The same, with what was asked for, where the request hides a part of it.
    pub(crate) fn upgrade_to(&mut self, upgrade: &Upgrade, target: Option<&str>) {
        if let Some(request) = &upgrade.request {
            let target = target.unwrap_or(&request.target);
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            self.path = path.chars().take(KEPT).collect();
            self.query = query.chars().take(KEPT).collect();
            let host = request.host.as_deref();
            self.host = host.map(|host| host.chars().take(KEPT).collect());
        }
        let response = upgrade.response.as_ref();
        let agreed = response.and_then(|response| response.subprotocol.as_deref());
        self.subprotocol = agreed.map(|name| name.trim().chars().take(KEPT).collect());
        let named = agreed.and_then(|name| {
            let mut protocols = PROTOCOLS.iter();
            protocols.find(|protocol| protocol.is_subprotocol(name.trim()))
        });
        let protocol = named.or_else(|| {
            let mut protocols = PROTOCOLS.iter();
            let host = self.host.as_deref().unwrap_or_default();
            protocols.find(|protocol| {
                let is_own = is_own_host(protocol, host) && self.fits_path(protocol);
                protocol.is_named_by_url && (is_own || self.fits_url(protocol))
            })
        });
        // Signs that count only where the URL fits were seen before it.
        let protocol = protocol.or_else(|| {
            let mut first = self.waiting.iter().flat_map(|waiting| waiting.first());
            first.find_map(|raw| recognise(Some(raw), false, |protocol| self.fits_url(protocol)))
        });
        let is_known = matches!(self.knowing, Knowing::Known(_));
        if let Some(protocol) = protocol.filter(|_| !is_known) {
            self.know(protocol);
        }
        self.waiting = None;
    }

    fn fits_path(&self, protocol: &Protocol) -> bool {
        let mut paths = protocol.paths.iter();
        paths.any(|part| is_in_path(&self.path, part))
    }

    fn fits_url(&self, protocol: &Protocol) -> bool {
        self.fits_path(protocol)
            && protocol
                .queries
                .iter()
                .all(|part| self.query.split('&').any(|pair| pair.starts_with(part)))
    }

    /// Takes the protocol for known, and lets it hear what was kept. Gives what the last of that tells.
    fn know(&mut self, protocol: &'static Protocol) -> Option<Label> {
        let reader = Box::new(Reader::new(protocol, &self.path, &self.query));
        let before = std::mem::replace(&mut self.knowing, Knowing::Known(reader));
        self.lasts = [None, None];
        if let (Some(waiting), Knowing::Known(reader)) = (self.waiting.take(), &mut self.knowing) {
            waiting.tell(reader);
            reader.count(&self.ends);
            return None;
        }
        let mut told = None;
        if let (Knowing::Open(raws), Knowing::Known(reader)) = (before, &mut self.knowing) {
            for raw in raws {
                told = reader.hear(raw.sender, raw.is_text, raw.body(), raw.moment);
            }
        }
        told
    }

    /// Whether each message matters. Of a protocol that is not known the last one of each end does.
    pub fn hears_each(&self) -> bool {
        !matches!(self.knowing, Knowing::Unknown) || self.waiting.is_some()
    }

    /// Takes the next message. Gives what it is, where that is known.
    pub fn hear(&mut self, heard: Heard<'_>, packet: u64, time: Option<i64>) -> Option<Label> {
        let sender = heard.sender;
        let is_text = heard.opcode == Opcode::Text;
        let moment = Moment {
            at: heard.at,
            packet,
            time,
        };
        if !heard.is_readable {
            self.hear_unreadable(sender, moment);
            return None;
        }
        let end = &mut self.ends[place(sender)];
        end.unheard = None;
        end.messages += heard.skipped + 1;
        end.last = Some(moment);
        end.last_word = Some(moment);
        if let Knowing::Known(reader) = &mut self.knowing {
            let body = Body {
                bytes: heard.bytes,
                tail: heard.tail,
                length: heard.length,
            };
            return reader.hear(sender, is_text, body, moment);
        }
        if let Some(waiting) = &mut self.waiting {
            waiting.keep(Raw::of(&heard, moment));
        }
        if let (Knowing::Unknown, Some(Some(last))) =
            (&self.knowing, self.lasts.get_mut(place(sender)))
        {
            // The memory of the one before: there are millions.
            last.bytes.clear();
            last.tail.clear();
            let (bytes, tail) = ends_of(&heard);
            if is_text || begins_json(bytes) {
                last.bytes.extend_from_slice(bytes);
                last.tail.extend_from_slice(tail);
            } else {
                // Of what else is binary only a short message may say which protocol it is of.
                let front = bytes.get(..bytes.len().min(KEPT_BINARY));
                last.bytes.extend_from_slice(front.unwrap_or_default());
            }
            (last.is_text, last.length, last.moment) = (is_text, heard.length, moment);
            return None;
        }
        let raw = Raw::of(&heard, moment);
        if let Knowing::Open(raws) = &mut self.knowing {
            raws.push(raw);
            let last = self.knowing_last();
            let protocol = recognise(last, false, |protocol| self.fits_url(protocol));
            if let Some(protocol) = protocol {
                return self.know(protocol);
            }
            self.give_up(sender);
            return None;
        }
        self.keep_last(raw);
        None
    }

    fn hear_unreadable(&mut self, sender: Sender, moment: Moment) {
        if let Knowing::Known(reader) = &mut self.knowing {
            return reader.hear_unreadable(sender, moment);
        }
        let end = &mut self.ends[place(sender)];
        end.last = Some(moment);
        end.unheard = Some((moment, Unheard::Compressed));
        // What was said before it is not the last any more.
        if let Some(last) = self.lasts.get_mut(place(sender)) {
            *last = None;
        }
    }

    fn knowing_last(&self) -> Option<&Raw> {
        match &self.knowing {
            Knowing::Open(raws) => raws.last(),
            _ => None,
        }
    }

    /// Stops looking when it would be known by now.
    fn give_up(&mut self, sender: Sender) {
        self.counts[place(sender)] += 1;
        if self.counts[place(sender)] < MOST_FIRST {
            return;
        }
        if let Knowing::Open(raws) = std::mem::replace(&mut self.knowing, Knowing::Unknown) {
            for raw in raws {
                self.keep_last(raw);
            }
        }
    }

    fn keep_last(&mut self, raw: Raw) {
        if let Some(place) = self.lasts.get_mut(place(raw.sender)) {
            *place = Some(raw);
        }
    }

    /// Takes note that messages of an end were not seen.
    pub(crate) fn miss(&mut self, sender: Sender) {
        if let Knowing::Known(reader) = &mut self.knowing {
            reader.miss(sender);
        }
    }

    /// Takes note that an end closed: what comes later did not make it close.
    pub(crate) fn close(&mut self, time: i64) {
        if let Knowing::Known(reader) = &mut self.knowing {
            reader.close(time);
        }
    }

    /// Whether the last message of an end was a word, and no sign of life.
    pub(super) fn is_word(&self, sender: Sender, moment: Moment) -> bool {
        let end = match &self.knowing {
            Knowing::Known(reader) => reader.end(sender),
            _ => &self.ends[place(sender)],
        };
        end.last_word == Some(moment)
    }

    /// Takes note that the server sent HTTP in the place of frames.
    pub(crate) fn late(&mut self, late: &LateHttp) {
        self.late = Some(late.clone());
    }

    /// The bytes of memory that it holds.
    pub(crate) fn held_bytes(&self) -> usize {
        let (raws, inside) = match &self.knowing {
            Knowing::Open(raws) => (raws.as_slice(), 0),
            Knowing::Known(reader) => (&[][..], reader.held_bytes()),
            Knowing::Unknown => (&[][..], 0),
        };
        let lasts = self.lasts.iter().flatten().map(Raw::held_bytes);
        let waiting = self.waiting.iter().map(|waiting| waiting.held_bytes());
        let raws = raws.iter().map(Raw::held_bytes);
        inside + raws.chain(lasts).chain(waiting).sum::<usize>()
    }

    /// Knows the protocol by the last messages, where all that is kept is of it. Gives whether others came before.
    fn know_late(&mut self) -> bool {
        let has_url = !self.path.is_empty();
        if let Knowing::Open(raws) = &self.knowing {
            if let Some(protocol) =
                recognise_late(raws, has_url).or_else(|| self.named_by_session())
            {
                self.know(protocol);
            }
            return false;
        }
        let lasts = self.lasts.iter().flatten();
        let protocol = match self.knowing {
            Knowing::Unknown => recognise_late(lasts, has_url),
            _ => None,
        };
        let Some(protocol) = protocol else {
            return false;
        };
        let mut reader = Reader::new(protocol, &self.path, &self.query);
        // Where in a stream of packets or lines these stand, nobody knows.
        reader.miss(Sender::Client);
        reader.miss(Sender::Server);
        let mut raws: Vec<Raw> = self.lasts.iter_mut().filter_map(Option::take).collect();
        raws.sort_by_key(|raw| (raw.moment.time, raw.moment.packet, raw.moment.at));
        for raw in raws {
            reader.hear(raw.sender, raw.is_text, raw.body(), raw.moment);
        }
        reader.count(&self.ends);
        self.knowing = Knowing::Known(Box::new(reader));
        true
    }

    /// The protocol that the path of a session names, where the server sent nothing that would say another.
    fn named_by_session(&self) -> Option<&'static Protocol> {
        let end = &self.ends[place(Sender::Server)];
        let is_silent = end.messages == 0 && end.unheard.is_none();
        let mut protocols = PROTOCOLS.iter();
        let sockjs = protocols.find(|protocol| protocol.form == Layout::Sockjs);
        sockjs.filter(|_| is_silent && self.subprotocol.is_none() && is_sockjs_session(&self.path))
    }

    /// Ends it. `None` where nothing was heard.
    pub fn finish(mut self) -> Option<Box<Application>> {
        let mut raws = Vec::new();
        let is_partial = self.know_late();
        let mut application = match std::mem::replace(&mut self.knowing, Knowing::Unknown) {
            Knowing::Known(reader) => reader.finish(),
            Knowing::Open(open) => {
                raws = open;
                Application::default()
            }
            Knowing::Unknown => {
                raws.extend(self.lasts.iter_mut().filter_map(Option::take));
                raws.sort_by_key(|raw| (raw.moment.time, raw.moment.packet, raw.moment.at));
                Application::default()
            }
        };
        if application.protocol.is_none() {
            application.ends = self.ends;
            application.query = self.query;
            application.said = last_words(&raws);
        }
        application.late = self.late;
        application.is_partial = is_partial;
        if let (Some(protocol), Some(host)) = (application.protocol, self.host) {
            let is_named = !protocol.hosts.is_empty() && is_public(&host);
            let is_elsewhere = is_named && !is_own_host(protocol, &host);
            application.elsewhere = Some(host).filter(|_| is_elsewhere);
        }
        application.subprotocol = self.subprotocol;
        let is_anything = application.protocol.is_some()
            || application.late.is_some()
            || !application.said.is_empty()
            || application.ends.iter().any(|end| end.unheard.is_some());
        is_anything.then(|| Box::new(application))
    }
}

/// The protocol that one of the last messages gives away, where all of them can be read as its.
fn recognise_late<'a>(
    raws: impl IntoIterator<Item = &'a Raw>,
    has_url: bool,
) -> Option<&'static Protocol> {
    let raws: Vec<&Raw> = raws.into_iter().collect();
    let is_its =
        |protocol: &&Protocol| raws.iter().all(|raw| !nodes(protocol.form, raw).is_empty());
    let mut found = raws
        .iter()
        .filter_map(|raw| recognise(Some(raw), true, |_| false));
    let known = found.find(is_its);
    if known.is_some() || has_url {
        return known;
    }
    // Where no URL says another, a message that no other protocol has gives its own away, too.
    let mut certain = PROTOCOLS
        .iter()
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
fn recognise(
    raw: Option<&Raw>,
    is_late: bool,
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
        if !is_possible || !signs.any(|sign| sign.sender.is(raw.sender)) {
            return false;
        }
        let own = match protocol.form {
            Layout::Json => None,
            form => Some(nodes(form, raw)),
        };
        own.as_ref().unwrap_or(&json).iter().any(|node| {
            let is_it = |sign: &Sign| {
                sign.sender.is(raw.sender)
                    && (is_late || !sign.is_late)
                    && node.fits(sign.when)
                    && (!sign.is_weak || fits_url(protocol))
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

/// What the last messages of both ends say, where the protocol is not known.
fn last_words(raws: &[Raw]) -> Vec<Said> {
    let mut said = Vec::new();
    for sender in [Sender::Client, Sender::Server] {
        let last = raws.iter().rev().find(|raw| raw.sender == sender);
        let Some(raw) = last.filter(|raw| raw.is_readable()) else {
            continue;
        };
        if let Some(words) = last::read(raw.body()) {
            said.push(Said {
                sender,
                moment: raw.moment,
                row: None,
                role: Role::Complaint,
                code: words.code.map(|code| excerpt(&code)),
                called: None,
                text: words.text.map(|text| excerpt(&text)),
                is_last: true,
                ahead: None,
                is_sentence: words.is_sentence,
                order: 0,
            });
        }
    }
    said
}
