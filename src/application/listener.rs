//! Who hears the messages of a connection: which protocol it is, and what is kept until that is known.

use super::address::{is_in_path, is_own_host, is_public, is_sockjs_session};
use super::ends::Body;
use super::kept::{KEPT, Raw};
use super::last;
use super::late::LateHttp;
use super::reader::{Reader, place};
use super::recognition::{Seen, recognise, recognise_late};
use super::waiting::Waiting;
use super::{Application, EndHeard, Label, Moment, Said, Unheard, excerpt};
use crate::conversation::Heard;
use crate::facts::protocols::{Layout, PROTOCOLS, Protocol, Role};
use crate::frame::{Opcode, Sender};
use crate::upgrade::Upgrade;

/// So many messages of an end are looked at to know the protocol.
pub(super) const MOST_FIRST: usize = 3;
/// So many may be pieces of its first packet.
const MOST_PIECES: usize = 64;

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
    /// Whether all messages from the first on were seen.
    is_whole: bool,
    /// Whether another protocol carries these messages.
    is_inside: bool,
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
            is_whole: false,
            is_inside: false,
            waiting: None,
        }
    }
}

impl Listener {
    /// One for messages that another protocol carries, of which all were seen or some may not have been.
    pub(super) fn within(is_whole: bool) -> Self {
        Listener {
            is_whole,
            is_inside: true,
            ..Listener::default()
        }
    }

    /// Keeps some of the messages until the upgrade comes, which it does behind them.
    pub(crate) fn await_upgrade(&mut self) {
        self.waiting = Some(Box::default());
        self.is_whole = true;
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
            self.is_whole = true;
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
            first.find_map(|raw| {
                recognise(Some(raw), self.seen(false), |protocol| {
                    self.fits_url(protocol)
                })
            })
        });
        let is_known = matches!(self.knowing, Knowing::Known(_));
        if let Some(protocol) = protocol.filter(|_| !is_known) {
            self.know(protocol);
        }
        self.waiting = None;
    }

    /// What is known now, where a message is tried.
    fn seen(&self, is_late: bool) -> Seen<'_> {
        Seen {
            is_late,
            is_whole: self.is_whole,
            is_inside: self.is_inside,
            before: match &self.knowing {
                Knowing::Open(raws) => raws,
                _ => &[],
            },
        }
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
            let told = reader.hear(sender, is_text, body, moment);
            if !reader.is_told() {
                self.keep(&heard, moment);
            } else if self.lasts.iter().any(Option::is_some) {
                self.lasts = [None, None];
            }
            return told;
        }
        if let Some(waiting) = &mut self.waiting {
            waiting.keep(Raw::of(&heard, moment));
        }
        if let Knowing::Open(raws) = &mut self.knowing {
            raws.push(Raw::of(&heard, moment));
            let last = self.knowing_last();
            let seen = self.seen(false);
            let protocol = recognise(last, seen, |protocol| self.fits_url(protocol));
            let pieces = self.pieces(sender);
            if protocol.is_none() && pieces.as_ref().is_some_and(|pieces| !pieces.is_packet()) {
                return None;
            }
            let protocol =
                protocol.or_else(|| recognise(pieces.as_ref(), self.seen(false), |_| false));
            if let Some(protocol) = protocol {
                let told = self.know(protocol);
                if let Knowing::Known(reader) = &mut self.knowing {
                    reader.give_away();
                }
                return told;
            }
            self.give_up(sender);
            return None;
        }
        self.keep(&heard, moment);
        None
    }

    /// Keeps a message as the last of its end.
    fn keep(&mut self, heard: &Heard<'_>, moment: Moment) {
        match self.lasts.get_mut(place(heard.sender)) {
            Some(Some(last)) => last.become_one_of(heard, moment),
            _ => self.keep_last(Raw::of(heard, moment)),
        }
    }

    fn hear_unreadable(&mut self, sender: Sender, moment: Moment) {
        self.is_whole = false;
        // What was said before it is not the last any more.
        if let Some(last) = self.lasts.get_mut(place(sender)) {
            *last = None;
        }
        if let Knowing::Known(reader) = &mut self.knowing {
            return reader.hear_unreadable(sender, moment);
        }
        let end = &mut self.ends[place(sender)];
        end.last = Some(moment);
        end.unheard = Some((moment, Unheard::Compressed));
    }

    /// What the first messages of an end make together, where they may be pieces of a packet that opens MQTT.
    fn pieces(&self, sender: Sender) -> Option<Raw> {
        let Knowing::Open(raws) = &self.knowing else {
            return None;
        };
        let own = || raws.iter().filter(|raw| raw.sender == sender);
        let is_one = own().next()?.may_begin_packet() && own().count() <= MOST_PIECES;
        is_one.then(|| Raw::joined(own())).flatten()
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
        self.is_whole = false;
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
        let has_url = !self.path.is_empty() || self.is_inside && self.is_whole;
        let seen = self.seen(true);
        if let Knowing::Open(raws) = &self.knowing {
            if let Some(protocol) =
                recognise_late(raws, seen, has_url).or_else(|| self.named_by_session())
            {
                self.know(protocol);
            }
            return false;
        }
        let lasts = self.lasts.iter().flatten();
        let protocol = match self.knowing {
            Knowing::Unknown => recognise_late(lasts, seen, has_url),
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
        reader.give_away();
        reader.is_of_last();
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
            Knowing::Known(reader) => {
                // What no row names may be of another protocol than the one that was agreed on.
                if !reader.is_told() {
                    raws.extend(self.lasts.iter_mut().filter_map(Option::take));
                }
                reader.finish()
            }
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
        }
        if application.said.is_empty() {
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
