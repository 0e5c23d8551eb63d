//! Events of the connection below a WebSocket: of its socket, of the HTTP/2 session whose stream it is, and of
//! the jobs that made them.

use super::{LATE_EVENTS, Reader};
use crate::capture::netlog::event::{Event, Params, SourceId};
use crate::capture::netlog::http2::DataFrames;
use crate::capture::netlog::names::{Kind, Role};
use crate::capture::netlog::sources::Source;
use crate::capture::netlog::websocket::net_error;
use crate::session::Origin;

impl Reader {
    pub(super) fn of_session(
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
                        websocket.go_away(&params, origin);
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
                websocket.set_stream(stream, socket.is_some_and(Source::has_data));
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
                net_error::ABORTED | 0 => websocket.let_go(origin),
                error => websocket.broke(error, name.clone().unwrap_or_default(), origin),
            }
            websocket.note_shared_end();
        }
    }

    pub(super) fn of_socket(&mut self, kind: Kind, event: &Event<'_>, origin: Origin) {
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
            Kind::TunnelRequest | Kind::TunnelResponse => self.of_attempt(kind, event),
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
    pub(super) fn of_attempt(&mut self, kind: Kind, event: &Event<'_>) {
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
                    let source = self.sources.entry(id);
                    source.tunnel_status = Some(status).filter(|status| *status >= 300);
                    source.is_tunnel_asked = false;
                }
            }
            Kind::TunnelRequest => self.sources.entry(id).is_tunnel_asked = true,
            _ => {}
        }
    }
}
