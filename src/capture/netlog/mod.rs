//! Net logs of Chromium and what is made of it (Chrome, Edge, Electron, WebView): to WebSockets.
//!
//! A log is a list of events, each of a source: a page's request, a job, a socket. What the numbers in
//! it stand for its own constants (`names`) say. `objects` takes the JSON apart as it comes,
//! `sources` joins sockets and sessions to requests, and a `websocket` makes of what
//! happened to a request what a [`Session`](crate::session::Session) takes.
//!
//! In the usual mode a log holds each frame's header and not what is in it: Close frames are there, and
//! their codes are not. In the mode with raw bytes it holds all that went over the connection. Requests
//! that are no WebSockets are never handed on.
//!
//! Source: read in chromium net/log/net_log_event_type_list.h and net/websockets; measured with Chromium 156.

mod event;
mod http2;
mod names;
mod objects;
mod sources;
mod websocket;

use std::collections::{BTreeSet, HashMap};

use crate::session::{Forgotten, Options, Origin, Record};
use event::{Event, Params, SourceId};
use http2::DataFrames;
use names::{Kind, Names, Role};
use objects::{Objects, Part};
use sources::Sources;
use websocket::{Surroundings, WebSocket};

/// So many WebSockets are followed at once.
const MOST_OPEN: usize = 16_384;
/// So many of the page's ends are remembered that have no request yet.
const MOST_CHANNELS: usize = 65_536;
/// So many events may still come of a connection that is over: other threads write late.
const LATE_EVENTS: u64 = 256;
/// The same, where its page has let go of it and the connection lives on.
const LATER_EVENTS: u64 = 65_536;

/// Whether bytes begin like a net log; `None` where that takes more of them.
pub fn is_beginning(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut wanted: &[u8] = b"{\"constants\"";
    let mut rest = bytes.trim_ascii_start();
    loop {
        match (wanted.split_first(), rest.split_first()) {
            (None, _) => return Some(true),
            (Some(_), None) => return None,
            (Some((one, after)), Some((byte, others))) if one == byte => {
                wanted = after;
                rest = match *byte {
                    b'{' => others.trim_ascii_start(),
                    _ => others,
                };
            }
            _ => return Some(false),
        }
    }
}

/// How a net log ended, and what of it was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it ends before the list of its events does: the browser was killed, or the file is cut.
    pub is_cut: bool,
    /// Whether it had constants that could be read. Without them nothing in it means anything.
    pub has_names: bool,
    /// Its events.
    pub events: u64,
    /// Events that could not be read.
    pub lost: u64,
    /// The bytes read.
    pub bytes: u64,
}

/// The WebSockets of a net log, as it comes.
#[derive(Debug)]
pub struct NetLog {
    options: Options,
    objects: Objects,
    reader: Reader,
    bytes: u64,
}

impl NetLog {
    /// A log of which nothing was read.
    pub fn new(options: Options) -> Self {
        NetLog {
            options,
            objects: Objects::default(),
            reader: Reader::new(options),
            bytes: 0,
        }
    }

    /// Takes the next bytes, and hands each WebSocket to `sink` when it is over.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
        self.bytes += bytes.len() as u64;
        let reader = &mut self.reader;
        self.objects.feed(bytes, |part| match part {
            Part::Constants(constants) => reader.names = Names::of(constants),
            Part::Event(event) => reader.event(event, sink),
            Part::Lost => reader.lost += 1,
        });
    }

    /// Ends the log, and hands on the WebSockets that were not over.
    pub fn finish(&mut self, sink: &mut impl FnMut(Box<Record>)) -> Outcome {
        let reader = std::mem::replace(&mut self.reader, Reader::new(self.options));
        let outcome = Outcome {
            is_cut: !self.objects.has_events_ended() && self.objects.is_inside(),
            has_names: reader.names.is_some(),
            events: reader.count,
            lost: reader.lost,
            bytes: self.bytes,
        };
        reader.finish(sink);
        outcome
    }
}

/// What the events come to.
#[derive(Debug)]
struct Reader {
    options: Options,
    names: Option<Names>,
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
    count: u64,
    lost: u64,
}

impl Reader {
    fn new(options: Options) -> Self {
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

    fn event(&mut self, bytes: &[u8], sink: &mut impl FnMut(Box<Record>)) {
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

    fn of_session(
        &mut self,
        kind: Kind,
        event: &Event<'_>,
        dependency: Option<(SourceId, Role)>,
        origin: Origin,
    ) {
        let id = event.source.id;
        match kind {
            Kind::SessionReady => {
                if let Some((socket, Role::Socket)) = dependency {
                    self.sources.entry(id).session = Some(socket.id);
                    let socket = self.sources.entry(socket.id);
                    socket.session = Some(id);
                    if !socket.has_spoken {
                        let readers = [DataFrames::of_client(), DataFrames::of_server()];
                        socket.data = Some(Box::new(readers));
                    }
                }
                return;
            }
            Kind::SessionClose => return self.session_closed(id, event, origin),
            Kind::SessionGoAway => {
                let params = event.params();
                let streams = self.sources.get(id).map(|session| session.streams.values());
                for request in streams.into_iter().flatten() {
                    if let Some(websocket) = self.open.get_mut(request) {
                        let code = params.error_code().unwrap_or_default();
                        websocket.go_away(code, params.debug(), origin);
                    }
                }
                return;
            }
            _ => {}
        }
        if !matches!(
            kind,
            Kind::SessionSendHeaders
                | Kind::SessionReceiveHeaders
                | Kind::SessionSendData
                | Kind::SessionReceiveData
                | Kind::SessionSendReset
                | Kind::SessionReceiveReset
        ) {
            return;
        }
        let params = event.params();
        let Some(stream) = params.stream_id else {
            return;
        };
        if let (Kind::SessionSendHeaders, Some((request, Role::Request))) = (kind, dependency) {
            if let Some(websocket) = self.open.get_mut(&request.id) {
                websocket.ask(&params, true, origin);
                let session = self.sources.entry(id);
                session.streams.insert(stream, request.id);
                websocket.socket = session.session;
                let socket = websocket.socket.and_then(|socket| self.sources.get(socket));
                websocket.set_stream(stream, socket.is_some_and(sources::Source::has_data));
            }
            return;
        }
        let session = self.sources.get(id);
        let Some(websocket) = session
            .and_then(|session| session.streams.get(&stream))
            .and_then(|request| self.open.get_mut(request))
        else {
            return;
        };
        let is_last = params.fin.unwrap_or_default();
        let size = params.size();
        match kind {
            Kind::SessionReceiveHeaders => {
                let fields = params.fields();
                let status = fields.iter().find(|(name, _)| name == ":status");
                let status = status.and_then(|(_, value)| value.parse().ok());
                if let Some(status) = status {
                    websocket.answer(status, "", &fields, origin);
                }
                if is_last && websocket.is_open() {
                    websocket.fin(1, origin);
                }
            }
            Kind::SessionSendData | Kind::SessionReceiveData => {
                let side = usize::from(kind == Kind::SessionReceiveData);
                websocket.count(side, size, origin);
                if is_last && websocket.is_open() {
                    websocket.fin(side, origin);
                }
            }
            Kind::SessionSendReset | Kind::SessionReceiveReset if websocket.is_open() => {
                let side = usize::from(kind == Kind::SessionReceiveReset);
                websocket.reset(side, params.error_code(), origin);
            }
            _ => {}
        }
    }

    /// What ends a session ends all that go over it.
    fn session_closed(&mut self, id: i64, event: &Event<'_>, origin: Origin) {
        let error = event.params().net_error.unwrap_or_default();
        let name = self.names.as_ref().map(|names| names.error(error));
        let Some(session) = self.sources.get(id) else {
            return;
        };
        for request in session.streams.values() {
            let Some(websocket) = self.open.get_mut(request) else {
                continue;
            };
            if websocket.has_ended() || !websocket.is_open() {
                continue;
            }
            match error {
                websocket::net_error::ABORTED | 0 => websocket.let_go(origin),
                error => websocket.broke(error, name.clone().unwrap_or_default(), origin),
            }
        }
    }

    fn of_socket(&mut self, kind: Kind, event: &Event<'_>, origin: Origin) {
        let id = event.source.id;
        match kind {
            Kind::SocketAlive => {
                let owner = self.owner(id);
                if let Some(websocket) = owner.and_then(|id| self.open.get_mut(&id)) {
                    if event.ends() && websocket.socket == Some(id) {
                        websocket.let_go(origin);
                        let is_over = websocket.has_ended();
                        if is_over {
                            self.expect_end(owner.unwrap_or_default(), LATE_EVENTS);
                        }
                    }
                }
            }
            Kind::TcpConnect if event.ends() => {
                let addresses = event.params().addresses();
                if addresses[1].is_some() {
                    let source = self.sources.entry(id);
                    source.addresses = addresses;
                    source.opened = Some(origin.time);
                }
            }
            Kind::Certificates => {
                if let Some(chain) = event.params().certificates {
                    self.sources.entry(id).keep_certificates(chain);
                }
            }
            Kind::TlsError => {
                let is_no_tls = event.params().is_no_tls();
                self.sources.entry(id).is_no_tls = is_no_tls;
            }
            Kind::TunnelResponse => self.of_attempt(kind, event),
            Kind::BytesSent | Kind::BytesReceived | Kind::TlsBytesSent | Kind::TlsBytesReceived => {
                self.of_bytes(kind, event, origin);
            }
            Kind::ReadError => {
                let Some(owner) = self.owner(id) else {
                    return;
                };
                let error = event.params().net_error.unwrap_or_default();
                let name = self.names.as_ref().map(|names| names.error(error));
                if let Some(websocket) = self.open.get_mut(&owner) {
                    websocket.broke(error, name.unwrap_or_default(), origin);
                }
            }
            _ => {}
        }
    }

    fn of_bytes(&mut self, kind: Kind, event: &Event<'_>, origin: Origin) {
        let id = event.source.id;
        let is_tls = matches!(kind, Kind::TlsBytesSent | Kind::TlsBytesReceived);
        let side = usize::from(matches!(kind, Kind::BytesReceived | Kind::TlsBytesReceived));
        if let (Some(Some(session)), true) =
            (self.sources.get(id).map(|source| source.session), is_tls)
        {
            return self.of_session_bytes(id, session, side, &event.params(), origin);
        }
        if is_tls {
            self.sources.entry(id).has_spoken = true;
        }
        let owner = self.owner(id);
        let Some(websocket) = owner.and_then(|owner| self.open.get_mut(&owner)) else {
            return;
        };
        websocket.socket = Some(id);
        let params = event.params();
        let count = params.byte_count.unwrap_or_default().max(0) as u64;
        match (count, websocket.is_secure() == is_tls) {
            (0, _) if side == 1 => websocket.fin(1, origin),
            (0, _) | (_, false) => {}
            (_, true) => {
                let raw = params.raw();
                let count = raw.as_ref().map_or(count, |raw| raw.len() as u64);
                websocket.bytes(side, raw.as_deref(), count, origin);
            }
        }
    }

    fn of_session_bytes(
        &mut self,
        socket: i64,
        session: i64,
        side: usize,
        params: &Params,
        origin: Origin,
    ) {
        let Some(raw) = params.raw() else {
            // Without one of its bytes the others cannot be placed.
            self.sources.entry(socket).data = None;
            return;
        };
        let data = self.sources.entry(socket).data.take();
        let (Some(mut data), Some(source)) = (data, self.sources.get(session)) else {
            return;
        };
        if let Some(reader) = data.get_mut(side) {
            reader.feed(&raw, |stream, bytes| {
                let request = source.streams.get(&stream);
                if let Some(websocket) = request.and_then(|id| self.open.get_mut(id)) {
                    websocket.data(side, bytes, origin);
                }
            });
        }
        let socket = self.sources.entry(socket);
        socket.data = Some(data);
        socket.has_spoken = true;
    }

    /// What jobs tell: the proxy that was chosen, and what it answered.
    fn of_attempt(&mut self, kind: Kind, event: &Event<'_>) {
        let id = event.source.id;
        match kind {
            Kind::ProxyResolved => {
                let owner = self.owner(id);
                let websocket = owner.and_then(|owner| self.open.get_mut(&owner));
                if let (Some(websocket), Some(proxy)) = (websocket, event.params().proxy()) {
                    websocket.proxy = Some(proxy);
                }
            }
            Kind::TunnelResponse => {
                if let Some((status, _)) = event.params().status() {
                    self.sources.entry(id).tunnel_status = Some(status);
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
        let newest = |wanted: fn(&sources::Source) -> bool| self.sources.newest_of(id, wanted);
        let error = websocket.error();
        let connected = match (socket, error) {
            (None, Some(_)) => newest(|source| source.addresses[1].is_some()),
            (socket, _) => socket,
        };
        let of_tls = error
            .and_then(|_| newest(|source| !source.certificates.is_empty() || source.is_no_tls));
        let of_tunnel = error.and_then(|_| newest(|source| source.tunnel_status.is_some()));
        let named = |error| self.names.as_ref().map(|names| names.error(error));
        Surroundings {
            error: error.and_then(named),
            addresses: connected.map_or([None; 2], |source| source.addresses),
            opened: connected.and_then(|source| source.opened),
            certificates: of_tls.map_or(Vec::new(), |source| source.certificates.clone()),
            is_no_tls: of_tls.is_some_and(|source| source.is_no_tls),
            tunnel_status: of_tunnel.and_then(|source| source.tunnel_status),
        }
    }

    fn finish(mut self, sink: &mut impl FnMut(Box<Record>)) {
        while let Some((_, id)) = self.order.first().copied() {
            self.give(id, None, sink);
        }
    }
}

fn is_websocket(url: &str) -> bool {
    url.starts_with("ws://") || url.starts_with("wss://")
}
