//! The events of a net log, handed to the WebSockets that they are about.
//!
//! Each event is of a source, and the source's role says who reads it: what concerns the request and the page's
//! end of it is here, what concerns the connection below is in `connection`.

mod connection;

use std::collections::{BTreeSet, HashMap};

use super::event::Event;
use super::names::{Kind, Names, Role};
use super::sources::{Source, Sources};
use super::websocket::{Surroundings, WebSocket, net_error};
use crate::session::{Forgotten, Options, Origin, Record};

/// So many WebSockets are followed at once.
const MOST_OPEN: usize = 16_384;
/// So many of the page's ends are remembered that have no request yet.
const MOST_CHANNELS: usize = 65_536;
/// So many events may still come of a connection that is over: other threads write late.
const LATE_EVENTS: u64 = 256;
/// The same, where its page has let go of it and the connection lives on.
const LATER_EVENTS: u64 = 65_536;

/// What the events come to.
#[derive(Debug)]
pub(super) struct Reader {
    options: Options,
    pub(super) names: Option<Names>,
    sources: Sources,
    /// By the source of the request.
    open: HashMap<i64, Box<WebSocket>>,
    /// In the order in which they began.
    order: BTreeSet<(u64, i64)>,
    begun: HashMap<i64, u64>,
    /// Of which request each page's end is, once that is known.
    channels: HashMap<i64, Option<i64>>,
    /// The newest of the pages' ends, until its request begins.
    fresh: Option<i64>,
    due: BTreeSet<(u64, i64)>,
    pub(super) count: u64,
    pub(super) lost: u64,
}

impl Reader {
    pub(super) fn new(options: Options) -> Self {
        Reader {
            options,
            names: None,
            sources: Sources::default(),
            open: HashMap::new(),
            order: BTreeSet::new(),
            begun: HashMap::new(),
            channels: HashMap::new(),
            fresh: None,
            due: BTreeSet::new(),
            count: 0,
            lost: 0,
        }
    }

    pub(super) fn event(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
        self.count += 1;
        let Some(names) = &self.names else {
            return;
        };
        let Some(event) = Event::of(bytes) else {
            self.lost += 1;
            return;
        };
        let origin = Origin::new(
            self.count,
            event
                .time()
                .saturating_add(names.offset)
                .saturating_mul(1_000_000),
        );
        let kind = names.kind(event.kind);
        let role = names.role(event.source.role);
        let dependency = event
            .dependency()
            .map(|other| (other, names.role(other.role)));
        if let Some(other) = dependency {
            self.sources.join((event.source, role), other);
        }
        match role {
            Role::Request => self.of_request(kind, &event, origin, sink),
            Role::Channel => self.of_channel(kind, &event, origin),
            Role::Session => self.of_session(kind, &event, dependency, origin),
            Role::Socket => self.of_socket(kind, &event, origin),
            Role::Controller | Role::Job | Role::Connecting => self.of_attempt(kind, &event),
            Role::Other => {}
        }
        self.give_what_is_due(sink);
    }

    fn of_request(
        &mut self,
        kind: Kind,
        event: &Event<'_>,
        origin: Origin,
        sink: &mut impl FnMut(Box<Record>),
    ) {
        let id = event.source.id;
        match kind {
            Kind::RequestAlive | Kind::StartJob if event.begins() => {
                if let Some(url) = event.params().url.filter(|url| is_websocket(url)) {
                    self.begin(id, &url, origin, sink);
                }
            }
            Kind::ReceivedHeader | Kind::SentHeader => {
                let Some(header) = event.params().frame() else {
                    self.lost += 1;
                    return;
                };
                if !self.open.contains_key(&id) {
                    let late = WebSocket::late(self.options, origin);
                    self.insert(id, late, sink);
                }
                let side = usize::from(kind == Kind::ReceivedHeader);
                if let Some(websocket) = self.open.get_mut(&id) {
                    websocket.frame(side, header, origin);
                }
            }
            _ => {
                let Some(websocket) = self.open.get_mut(&id) else {
                    return;
                };
                match kind {
                    Kind::SendRequestHeaders => websocket.ask(&event.params(), false, origin),
                    Kind::SendStreamHeaders => websocket.ask(&event.params(), true, origin),
                    Kind::CloseTimeout => websocket.closed(origin),
                    Kind::ReadResponseHeaders => {
                        let params = event.params();
                        if let Some((status, reason)) = params.status() {
                            let fields = params.fields();
                            websocket.answer(status, &reason, &fields, origin);
                        }
                    }
                    Kind::UpgradeFailure => websocket.fail(&event.params(), origin),
                    Kind::Cancelled => websocket.cancelled(event.params().net_error),
                    Kind::InvalidFrame => websocket.refuse(&event.params(), origin),
                    Kind::RequestAlive | Kind::StartJob if event.ends() => {
                        websocket.request_ended(event.params().net_error, origin);
                        if kind == Kind::RequestAlive && !websocket.is_open() {
                            websocket.give_up();
                            self.expect_end(id, LATE_EVENTS);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Follows a request for a WebSocket, which may be a page's second try of the same.
    fn begin(&mut self, id: i64, url: &str, origin: Origin, sink: &mut impl FnMut(Box<Record>)) {
        if let Some(websocket) = self.open.get_mut(&id) {
            // HSTS makes wss: of ws: before anything is sent.
            url.clone_into(&mut websocket.url);
            return;
        }
        let websocket = WebSocket::new(url, self.options, origin);
        self.insert(id, websocket, sink);
        // A page's end makes its request at once; nothing in the log says which is whose.
        if let Some(channel) = self.fresh.take() {
            self.channels.insert(channel, Some(id));
        }
    }

    fn insert(&mut self, id: i64, websocket: WebSocket, sink: &mut impl FnMut(Box<Record>)) {
        if self.open.len() >= MOST_OPEN {
            if let Some((_, oldest)) = self.order.first().copied() {
                self.give(oldest, Some(Forgotten::TooMany), sink);
            }
        }
        self.order.insert((self.count, id));
        self.begun.insert(id, self.count);
        self.open.insert(id, Box::new(websocket));
    }

    fn of_channel(&mut self, kind: Kind, event: &Event<'_>, origin: Origin) {
        let id = event.source.id;
        match kind {
            Kind::Alive if event.begins() && self.channels.len() < MOST_CHANNELS => {
                self.channels.insert(id, None);
                self.fresh = Some(id);
            }
            Kind::Alive if event.ends() => {
                let request = self.channels.remove(&id).flatten();
                self.fresh = self.fresh.filter(|fresh| *fresh != id);
                if let Some(websocket) = request.and_then(|id| self.open.get_mut(&id)) {
                    websocket.is_dropped = true;
                    let is_over = websocket.has_ended() || !websocket.is_open();
                    let wait = if is_over { LATE_EVENTS } else { LATER_EVENTS };
                    self.expect_end(request.unwrap_or_default(), wait);
                }
            }
            Kind::StateChanged => {
                self.fresh = self.fresh.filter(|fresh| *fresh != id);
                let request = self.channels.get(&id).copied().flatten();
                let Some(websocket) = request.and_then(|id| self.open.get_mut(&id)) else {
                    return;
                };
                match event.params().new_state.as_deref() {
                    Some("CONNECTED") => websocket.open(),
                    Some("CLOSED") if websocket.is_open() => websocket.closed(origin),
                    Some("CLOSED") => websocket.give_up(),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn owner(&self, id: i64) -> Option<i64> {
        self.sources.owner(id, |id| self.open.contains_key(&id))
    }

    /// Takes note that little more is expected of a connection.
    fn expect_end(&mut self, id: i64, wait: u64) {
        let due = self.count + wait;
        let Some(websocket) = self.open.get_mut(&id) else {
            return;
        };
        let earlier = websocket.due.filter(|before| *before <= due);
        if earlier.is_none() {
            if let Some(before) = websocket.due.replace(due) {
                self.due.remove(&(before, id));
            }
            self.due.insert((due, id));
        }
    }

    fn give_what_is_due(&mut self, sink: &mut impl FnMut(Box<Record>)) {
        while let Some((due, id)) = self.due.first().copied() {
            if due > self.count {
                return;
            }
            self.give(id, None, sink);
        }
    }

    fn give(&mut self, id: i64, forgotten: Option<Forgotten>, sink: &mut impl FnMut(Box<Record>)) {
        if let Some(begun) = self.begun.remove(&id) {
            self.order.remove(&(begun, id));
        }
        let Some(websocket) = self.open.remove(&id) else {
            return;
        };
        if let Some(due) = websocket.due {
            self.due.remove(&(due, id));
        }
        let around = self.surroundings(id, &websocket);
        if let Some(record) = websocket.finish(around, forgotten) {
            sink(record);
        }
    }

    /// What the sources that worked for a request tell.
    fn surroundings(&self, id: i64, websocket: &WebSocket) -> Surroundings {
        let socket = websocket.socket.and_then(|socket| self.sources.get(socket));
        let newest = |wanted: fn(&Source) -> bool| self.sources.newest_of(id, wanted);
        let error = websocket.error();
        let connected = match (socket, error) {
            (None, Some(_)) => newest(|source| source.addresses[1].is_some()),
            (socket, _) => socket,
        };
        let of_tls = error
            .and_then(|_| newest(|source| !source.certificates.is_empty() || source.is_no_tls));
        let of_tunnel = match websocket.is_open() {
            true => None,
            false => newest(|source| source.tunnel_status.is_some() || source.is_tunnel_asked),
        };
        let is_cut_off = error.is_some_and(net_error::is_cut_off);
        let named = |error| self.names.as_ref().map(|names| names.error(error));
        Surroundings {
            error: error.and_then(named),
            addresses: connected.map_or([None; 2], |source| source.addresses),
            opened: connected.and_then(|source| source.opened),
            certificates: of_tls.map_or(Vec::new(), |source| source.certificates.clone()),
            is_no_tls: of_tls.is_some_and(|source| source.is_no_tls),
            tunnel_status: of_tunnel.and_then(|source| source.tunnel_status),
            is_tunnel_cut_off: is_cut_off && of_tunnel.is_some_and(|source| source.is_tunnel_asked),
        }
    }

    pub(super) fn finish(mut self, sink: &mut impl FnMut(Box<Record>)) {
        while let Some((_, id)) = self.order.first().copied() {
            self.give(id, None, sink);
        }
    }
}

fn is_websocket(url: &str) -> bool {
    url.starts_with("ws://") || url.starts_with("wss://")
}
