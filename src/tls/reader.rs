//! Both ends of a connection that speaks TLS: its streams in, what its ends said out.

mod handshake;

use super::early::Early;
use super::hello::{ClientHello, ServerHello};
use super::keylog::KeyLog;
use super::message::Messages;
use super::record::{Header, Item, Records};
use super::sealed::{Agreed, Before, Sealed};
use crate::frame::Sender;
use crate::scratch;
use crate::session::tls::{Alert, KeysFound, Tls};
use crate::session::{Origin, Piece};

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const DATA: u8 = 23;
/// An alert of TLS 1.3: two bytes, the type, and a tag of 16 bytes.
const ALERT_LENGTH: usize = 19;

/// So many bytes and more that were lost are of a number that nobody knows.
pub const UNKNOWN: u64 = 1 << 48;

/// So many alerts are kept.
const MOST_ALERTS: usize = 8;

/// What comes out of TLS.
#[derive(Debug)]
pub enum Out<'a> {
    /// The next part of what an end said.
    Piece(Piece<'a>),
    /// An alert that could be read.
    Alert(Alert, Origin),
    /// The client or the server has said its hello.
    Greeted(Sender),
    /// The protocol that the ends agreed on.
    Protocol(&'a str),
}

/// Takes what comes out, of which end. It is lent the keys: what comes out of TLS may be TLS again.
pub type Sink<'a> = &'a mut dyn FnMut(usize, Out<'_>, &mut KeyLog);

/// Reads both streams of a connection. Its ends are 0 and 1, whichever is the client.
#[derive(Debug, Default)]
pub struct Reader {
    /// What is known beside what was said.
    pub facts: Tls,
    client: Option<usize>,
    hello: Option<Box<ClientHello>>,
    answer: Option<Box<ServerHello>>,
    has_certificate: bool,
    sealed: Sealed,
    early: Early,
    sides: [Side; 2],
}

#[derive(Debug, Default)]
struct Side {
    records: Records,
    messages: Messages,
    /// The offset of what it says next.
    at: u64,
    is_sealed: bool,
}

/// What is used while a stream is read.
struct Context<'a> {
    side: usize,
    sender: Sender,
    origin: Origin,
    keys: &'a mut KeyLog,
    sink: Sink<'a>,
}

impl Context<'_> {
    fn end(&self) -> usize {
        usize::from(self.sender == Sender::Server)
    }
}

impl Reader {
    /// The bytes that it holds.
    pub fn held_bytes(&self) -> usize {
        let sides = self.sides.iter();
        let held = sides.map(|side| side.records.held_bytes() + side.messages.held_bytes());
        let certificates = self.facts.certificates.iter().map(Vec::len);
        let early = self.early.held_bytes();
        held.chain(certificates).sum::<usize>() + early
    }

    /// Gives up what it can do without, for memory.
    pub fn give_up(&mut self) {
        self.facts.certificates = Vec::new();
        for side in &mut self.sides {
            side.messages.lose(&[], |_, _| {});
        }
    }

    /// Which end is the client, where a hello told it.
    pub fn client(&self) -> Option<usize> {
        self.client
    }

    /// The offset of what an end says next.
    pub fn offset(&self, side: usize) -> u64 {
        self.sides.get(side).map_or(0, |side| side.at)
    }

    /// Whether the last that an end said may have been lost: nothing that came later tells how much.
    pub fn may_lack_the_last(&self, sender: Sender) -> bool {
        let end = usize::from(sender == Sender::Server);
        self.facts.end(sender).read_from.is_some() && self.sealed.has_lost(end)
    }

    /// Whether there is a key in the log, once it is known whose it has to be.
    pub fn look_for_keys(&mut self, keys: &KeyLog, is_given: bool) {
        let Some(agreed) = self.agreed(keys) else {
            if is_given {
                self.facts.keys = KeysFound::NoHello;
            }
            return;
        };
        let has_keys = Sealed::has_keys(&agreed, keys);
        let locked = Sealed::locked(&agreed, keys);
        self.facts.keys = match has_keys {
            true => KeysFound::Fits,
            false if is_given => KeysFound::NoneFits(keys.connections()),
            false => KeysFound::NoLog,
        };
        let unread = self.facts.client.unread + self.facts.server.unread;
        self.facts.locked = (has_keys && unread > 0 && !self.facts.is_read()).then_some(locked);
    }

    /// Takes bytes of the stream of an end, which is the client's or the server's as far as is known.
    pub fn bytes(
        &mut self,
        side: usize,
        sender: Sender,
        bytes: &[u8],
        origin: Origin,
        keys: &mut KeyLog,
        sink: Sink<'_>,
    ) {
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        let mut records = std::mem::take(&mut place.records);
        let has_keys = self.has_keys(keys);
        let mut context = Context {
            side,
            sender,
            origin,
            keys,
            sink,
        };
        // What is sealed is wanted where there is a key for it, and what is in clear always.
        // Before its hello, a client may say anything in the same breath.
        let is_open = self.hello.is_none() && !context.keys.is_empty();
        let wants = |header: Header| header.kind() != DATA || has_keys || is_open;
        records.feed(bytes, &wants, &mut |item| self.item(item, &mut context));
        if records.is_inside() {
            // What a record says that is under way is not known.
            self.facts.end_mut(sender).said = Some(origin);
        }
        if let Some(place) = self.sides.get_mut(side) {
            place.records = records;
        }
    }

    /// Takes a gap in the stream of an end; [`UNKNOWN`] and more: of a length that nobody knows.
    pub fn gap(
        &mut self,
        side: usize,
        sender: Sender,
        count: u64,
        origin: Origin,
        keys: &mut KeyLog,
        sink: Sink<'_>,
    ) {
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        let mut records = std::mem::take(&mut place.records);
        let may_search = self.has_keys(keys);
        let mut context = Context {
            side,
            sender,
            origin,
            keys,
            sink,
        };
        records.gap(count, may_search, &mut |item| self.item(item, &mut context));
        if let Some(place) = self.sides.get_mut(side) {
            place.records = records;
        }
    }

    fn has_keys(&self, keys: &KeyLog) -> bool {
        // Where the ends negotiate anew, the keys in use are none of those that will be.
        self.facts.is_read()
            || self
                .agreed(keys)
                .is_some_and(|agreed| Sealed::has_keys(&agreed, keys))
    }

    fn agreed(&self, keys: &KeyLog) -> Option<Agreed<'_>> {
        let hello = self.hello.as_ref()?;
        let answer = self.answer.as_ref();
        let is_resumed = answer.is_some() && !self.has_certificate;
        Some(Agreed {
            client: &hello.random,
            server: answer.map(|answer| &answer.random),
            version: answer.map_or(0, |answer| answer.version),
            suite: answer.map_or(0, |answer| answer.suite),
            encrypts_then_macs: answer.is_some_and(|answer| answer.encrypts_then_macs),
            has_early_data: hello.has_early_data,
            resumed: match is_resumed {
                true => keys.resumed(&hello.ticket, &hello.session),
                false => None,
            },
        })
    }

    /// Takes what came out of a stream. Gives whether it is a record, where that was asked.
    fn item(&mut self, item: Item<'_>, context: &mut Context<'_>) -> bool {
        match item {
            Item::Whole(header, body, is_found) => self.record(header, body, is_found, context),
            Item::Passed(header) => {
                self.count(header, context);
                self.note_sealed(header, context);
                true
            }
            Item::Partial(header, body) => {
                self.count(header, context);
                self.note_sealed(header, context);
                self.sealed
                    .lose(context.end(), (5 + header.length()) as u64);
                if header.kind() == HANDSHAKE && !self.is_sealed(header, context.side) {
                    self.messages(body, true, context);
                } else if let Some(side) = self.sides.get_mut(context.side) {
                    side.messages.lose(&[], |_, _| {});
                }
                true
            }
            Item::Lost(count) => {
                self.sealed.lose(context.end(), count);
                if let Some(side) = self.sides.get_mut(context.side) {
                    side.messages.lose(&[], |_, _| {});
                }
                true
            }
            Item::Broken => {
                self.facts.end_mut(context.sender).is_broken = true;
                true
            }
        }
    }

    /// Whether a record is encrypted.
    fn is_sealed(&self, header: Header, side: usize) -> bool {
        let has_changed = self.sides.get(side).is_some_and(|side| side.is_sealed);
        header.kind() == DATA || has_changed && self.facts.version != Some(0x0304)
    }

    /// Takes note of a record by its header.
    fn count(&mut self, header: Header, context: &Context<'_>) {
        let is_sealed = self.is_sealed(header, context.side);
        let end = self.facts.end_mut(context.sender);
        match header.kind() {
            DATA => {
                end.data_records += 1;
                end.last_length = header.length() as u16;
            }
            ALERT if is_sealed => end.has_alerted = true,
            _ => {}
        }
    }

    /// Takes note of a record that nothing opened: whether it may be an alert.
    fn note_sealed(&mut self, header: Header, context: &Context<'_>) {
        let may_be_alert = header.kind() == DATA
            && header.length() == ALERT_LENGTH
            && matches!(self.facts.version, Some(0x0304) | None);
        let end = self.facts.end_mut(context.sender);
        let origin = Some(context.origin);
        // Who goes on has not ended it.
        (end.alerted, end.perhaps_alerted) = match header.kind() {
            ALERT => (origin, None),
            _ if may_be_alert => (None, origin),
            _ => (None, None),
        };
        if header.kind() != ALERT && !may_be_alert {
            end.said = origin;
        }
    }

    fn record(
        &mut self,
        header: Header,
        body: &[u8],
        is_found: bool,
        context: &mut Context<'_>,
    ) -> bool {
        if !self.is_sealed(header, context.side) {
            if is_found {
                // Nothing proves it.
                return false;
            }
            self.count(header, context);
            self.inner(header.kind(), body, context);
            return true;
        }
        scratch::with(|plain| self.sealed_record(header, body, plain, is_found, context))
    }

    /// Takes a record that is encrypted, which is opened into `plain`.
    fn sealed_record(
        &mut self,
        header: Header,
        body: &[u8],
        plain: &mut Vec<u8>,
        is_found: bool,
        context: &mut Context<'_>,
    ) -> bool {
        let mut before = None;
        self.with_sealed(context, |sealed, end, agreed, keys| {
            before = sealed.open(end, header.bytes, body, plain, agreed, keys);
        });
        let Some(before) = before else {
            if !is_found {
                self.count(header, context);
                self.unread(header, context);
                self.note_sealed(header, context);
            }
            return false;
        };
        self.count(header, context);
        let mut kind = header.kind();
        // The version is that of the keys in use: where the ends negotiate anew, the old ones are until they change.
        if self.facts.version.is_none_or(|version| version == 0x0304) {
            // The type stands behind what it is the type of, and zeros may follow.
            let length = plain.iter().rposition(|byte| *byte != 0);
            let Some(length) = length else {
                return true;
            };
            kind = plain.get(length).copied().unwrap_or_default();
            plain.truncate(length);
        }
        if kind == DATA && self.sealed.is_early(context.end()) {
            self.early_data(before, plain, context);
            return true;
        }
        self.lose_before(before, context);
        self.inner(kind, plain, context);
        true
    }

    /// Takes early data: of what the server does not take nothing was said.
    fn early_data(&mut self, before: Before, plain: &[u8], context: &mut Context<'_>) {
        match self.early.is_taken {
            Some(true) => {
                self.lose_before(before, context);
                self.data(plain, context);
            }
            Some(false) => {}
            None => {
                self.facts.client.unread += 1;
                self.early.hold(before, plain, context.origin);
            }
        }
    }

    /// Takes note of whether the server takes early data, and hands on what was held of it.
    fn settle_early(&mut self, is_taken: bool, context: &mut Context<'_>) {
        let (held, records) = self.early.settle(is_taken);
        let unread = &mut self.facts.client.unread;
        *unread = unread.saturating_sub(records);
        let Some(side) = self.client.filter(|_| is_taken) else {
            return;
        };
        for record in held {
            let mut context = Context {
                side,
                sender: Sender::Client,
                origin: record.origin,
                keys: &mut *context.keys,
                sink: &mut *context.sink,
            };
            self.lose_before(record.before, &mut context);
            self.data(&record.bytes, &mut context);
        }
    }

    /// Takes note of a record that nothing opens.
    fn unread(&mut self, header: Header, context: &Context<'_>) {
        self.sealed
            .lose(context.end(), (5 + header.length()) as u64);
        if header.kind() == DATA {
            self.facts.end_mut(context.sender).unread += 1;
        }
    }

    /// Hands on that something was said that could not be read.
    fn lose_before(&mut self, before: Before, context: &mut Context<'_>) {
        let Some(side) = self.sides.get_mut(context.side) else {
            return;
        };
        let piece = match before {
            Before::Nothing | Before::Bytes(0) => return,
            Before::Bytes(count) => {
                side.at += count;
                Piece::Gap(side.at - count, count, context.origin)
            }
            Before::Unknown => Piece::Lost(side.at, context.origin),
        };
        (context.sink)(context.side, Out::Piece(piece), context.keys);
    }

    /// Takes what a record carries.
    fn inner(&mut self, kind: u8, body: &[u8], context: &mut Context<'_>) {
        // A ticket and a change of keys come behind the handshake.
        let is_said = match kind {
            HANDSHAKE => !self.sealed.is_at_data(context.end()),
            kind => kind == DATA && !body.is_empty(),
        };
        let end = self.facts.end_mut(context.sender);
        if is_said {
            end.said = Some(context.origin);
        }
        (end.alerted, end.perhaps_alerted) = (None, None);
        match kind {
            CHANGE_CIPHER_SPEC => self.change(context),
            ALERT => self.alert(body, context),
            HANDSHAKE => self.messages(body, false, context),
            DATA => self.data(body, context),
            _ => {}
        }
    }

    fn data(&mut self, body: &[u8], context: &mut Context<'_>) {
        let end = self.facts.end_mut(context.sender);
        if end.read_from.is_none() {
            end.read_from = Some(context.origin);
            end.unread_before = end.unread;
        }
        end.read_last = Some(context.origin);
        let Some(side) = self.sides.get_mut(context.side) else {
            return;
        };
        let at = side.at;
        side.at += body.len() as u64;
        if !body.is_empty() {
            let piece = Piece::Bytes(at, body, context.origin);
            (context.sink)(context.side, Out::Piece(piece), context.keys);
        }
    }

    fn change(&mut self, context: &mut Context<'_>) {
        // Finished follows at once.
        let end = self.facts.end_mut(context.sender);
        end.has_changed_cipher = true;
        end.finished = end.finished.or(Some(context.origin));
        if let Some(side) = self.sides.get_mut(context.side) {
            side.is_sealed = true;
        }
        self.with_sealed(context, |sealed, end, agreed, keys| {
            sealed.change(end, agreed, keys);
        });
    }

    /// Tells what opens records of something that was agreed on.
    fn with_sealed(
        &mut self,
        context: &Context<'_>,
        tell: impl FnOnce(&mut Sealed, usize, &Agreed<'_>, &KeyLog),
    ) {
        let mut sealed = std::mem::take(&mut self.sealed);
        if let Some(agreed) = self.agreed(context.keys) {
            tell(&mut sealed, context.end(), &agreed, context.keys);
        }
        self.sealed = sealed;
    }

    fn alert(&mut self, body: &[u8], context: &mut Context<'_>) {
        let &[level, description] = body else {
            return;
        };
        // In TLS 1.3 the level says nothing: all but two kinds end the connection.
        let is_13 = self.facts.version == Some(0x0304);
        let is_fatal = description != 0 && (level == 2 || is_13 && description != 90);
        let alert = Alert {
            is_fatal,
            description,
        };
        if description == 0 {
            let end = self.facts.end_mut(context.sender);
            end.has_alerted = true;
            end.closed = end.closed.or(Some(context.origin));
        } else if self.facts.alerts.len() < MOST_ALERTS {
            self.facts
                .alerts
                .push((context.sender, alert, context.origin));
        }
        let out = Out::Alert(alert, context.origin);
        (context.sink)(context.side, out, context.keys);
    }
}

#[cfg(all(test, feature = "tls"))]
mod tests;
