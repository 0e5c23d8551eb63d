//! How a WebSocket of a net log ended: what its ends did, what the browser called it, and what the sources
//! that worked for it tell besides.

use super::{Mode, WebSocket, short, target_of};
use crate::capture::netlog::event::Params;
use crate::escape::hide;
use crate::session::{Endpoint, Forgotten, GoAway, Origin, Piece, Record};
use crate::upgrade::{Head, Request};

/// What the browser's numbers for errors mean where it matters here.
///
/// Source: read in chromium net/base/net_error_list.h
pub(in crate::capture::netlog) mod net_error {
    pub(in crate::capture::netlog) const ABORTED: i64 = -3;
    pub(in crate::capture::netlog) const CONNECTION_CLOSED: i64 = -100;
    pub(in crate::capture::netlog) const CONNECTION_RESET: i64 = -101;
    pub(in crate::capture::netlog) const WS_UPGRADE: i64 = -173;
    pub(in crate::capture::netlog) const EMPTY_RESPONSE: i64 = -324;

    /// Whether the other end of a connection ended it.
    pub(in crate::capture::netlog) fn is_cut_off(error: i64) -> bool {
        matches!(error, CONNECTION_CLOSED | CONNECTION_RESET | EMPTY_RESPONSE)
    }
}

/// What the browser calls a request that its page let go of.
const PAGE_CLOSED: &str = "net::ERR_ABORTED";

/// What the sources that worked for it tell beside its own events.
#[derive(Debug, Default)]
pub(in crate::capture::netlog) struct Surroundings {
    /// The browser's name of the error that ended the attempt.
    pub(in crate::capture::netlog) error: Option<String>,
    pub(in crate::capture::netlog) addresses: [Option<std::net::SocketAddr>; 2],
    /// When its socket was connected.
    pub(in crate::capture::netlog) opened: Option<i64>,
    pub(in crate::capture::netlog) certificates: Vec<Vec<u8>>,
    pub(in crate::capture::netlog) is_no_tls: bool,
    pub(in crate::capture::netlog) tunnel_status: Option<u16>,
    /// Whether a proxy ended the connection in the place of an answer to a CONNECT.
    pub(in crate::capture::netlog) is_tunnel_cut_off: bool,
}

impl WebSocket {
    /// Whether one of its ends has ended it.
    pub(in crate::capture::netlog) fn has_ended(&self) -> bool {
        let ends = self.session.transport.ends.iter();
        let is_over = |end: &Endpoint| end.fin.is_some() || end.rst.is_some();
        ends.filter(|end| is_over(end)).count() > 0 || self.session.transport.lost.is_some()
    }

    /// Takes the browser's own reason for failing.
    pub(in crate::capture::netlog) fn fail(&mut self, params: &Params, origin: Origin) {
        self.seen(origin);
        self.message = params.message.as_deref().map(short);
        if let Some(error) = params.net_error {
            self.net_error.get_or_insert(error);
        }
    }

    /// Takes note that the request was given up: with an error, or because its page closed it or is gone.
    pub(in crate::capture::netlog) fn cancelled(&mut self, error: Option<i64>) {
        let is_by_page = error.is_none_or(|error| matches!(error, 0 | net_error::ABORTED));
        self.is_cancelled |= is_by_page && !self.is_open;
    }

    /// Takes the end of the request. What became a WebSocket is no request any more.
    pub(in crate::capture::netlog) fn request_ended(&mut self, error: Option<i64>, origin: Origin) {
        if let Some(error) = error.filter(|error| *error != net_error::WS_UPGRADE) {
            if !self.is_open {
                self.net_error = Some(error);
            }
        }
        self.seen(origin);
    }

    /// The browser notes that it ends a stream before it writes what that ends with.
    pub(super) fn settle_end(&mut self) {
        if let Some(origin) = self.ended.take() {
            self.end(0, origin);
        }
    }

    /// Takes note that an end has nothing more to send.
    pub(in crate::capture::netlog) fn fin(&mut self, side: usize, origin: Origin) {
        match (side, self.mode) {
            (0, Mode::Stream) => self.ended = Some(origin),
            _ => self.end(side, origin),
        }
    }

    pub(super) fn end(&mut self, side: usize, origin: Origin) {
        if !self.is_asked() && !self.is_late || self.has_ended_at(side) {
            return;
        }
        self.seen(origin);
        self.session.piece(side, Piece::Fin(origin), false);
        if let Some(end) = self.session.transport.ends.get_mut(side) {
            end.fin = Some(origin);
        }
    }

    /// Takes note that an end broke the connection off.
    pub(in crate::capture::netlog) fn rst(&mut self, side: usize, origin: Origin) {
        self.settle_end();
        self.session.transport.is_over = true;
        if !self.is_asked() && !self.is_late || self.has_ended_at(side) {
            return;
        }
        self.seen(origin);
        if let Some(end) = self.session.transport.ends.get_mut(side) {
            end.rst = Some(origin);
        }
    }

    fn has_ended_at(&self, side: usize) -> bool {
        let end = self.session.transport.ends.get(side);
        end.is_none_or(|end| end.fin.is_some() || end.rst.is_some())
    }

    /// Takes note that an end broke its stream off, with this error code.
    pub(in crate::capture::netlog) fn reset(
        &mut self,
        side: usize,
        code: Option<u32>,
        origin: Origin,
    ) {
        let stream = self.session.transport.stream.as_mut();
        if let Some(place) = stream.and_then(|stream| stream.resets.get_mut(side)) {
            *place = place.or(code);
        }
        self.rst(side, origin);
    }

    /// Takes note that the server takes no new streams.
    pub(in crate::capture::netlog) fn go_away(&mut self, params: &Params, origin: Origin) {
        let debug = params.debug();
        if let Some(stream) = &mut self.session.transport.stream {
            stream.goaway = Some(GoAway {
                side: 1,
                code: params.error_code().unwrap_or_default(),
                // Where it does not say, nothing follows for any stream.
                last: params.last_accepted_stream_id.unwrap_or(u32::MAX),
                debug: short(debug).into_bytes(),
                origin,
            });
        }
        self.seen(origin);
    }

    /// Takes note that the connection broke, and of what the browser calls that.
    pub(in crate::capture::netlog) fn broke(&mut self, error: i64, name: String, origin: Origin) {
        match error {
            net_error::CONNECTION_RESET => self.rst(1, origin),
            net_error::CONNECTION_CLOSED => self.fin(1, origin),
            _ if self.is_open && !self.has_ended() => {
                self.seen(origin);
                self.session.transport.lost = Some(name);
            }
            _ => {}
        }
    }

    /// Takes note that its end, where it has one now, is that of the connection below it.
    pub(in crate::capture::netlog) fn note_shared_end(&mut self) {
        self.settle_end();
        let transport = &mut self.session.transport;
        let has_end = transport
            .ends
            .iter()
            .any(|end| end.fin.is_some() || end.rst.is_some());
        if let Some(stream) = transport.stream.as_mut().filter(|_| has_end) {
            stream.is_of_connection = true;
        }
    }

    /// Takes note that the browser has told the page that it is closed.
    pub(in crate::capture::netlog) fn closed(&mut self, origin: Origin) {
        self.settle_end();
        self.seen(origin);
        self.session.transport.is_over = true;
    }

    /// Takes note that the browser let go of the connection.
    pub(in crate::capture::netlog) fn let_go(&mut self, origin: Origin) {
        self.settle_end();
        self.session.transport.is_over = true;
        if !self.has_ended() && self.is_open {
            self.end(0, origin);
        }
    }

    /// The error with which the attempt ended, where it never opened.
    pub(in crate::capture::netlog) fn error(&self) -> Option<i64> {
        self.net_error.filter(|_| !self.is_open)
    }

    /// Ends it.
    pub(in crate::capture::netlog) fn finish(
        mut self,
        around: Surroundings,
        forgotten: Option<Forgotten>,
    ) -> Option<Box<Record>> {
        if self.is_dropped {
            self.settle_end();
        }
        self.by_headers();
        self.settle_request();
        let first = self.session.transport.first;
        let is_asked = self.is_asked();
        if !is_asked && !self.is_late {
            let mut request = Request::of("GET", target_of(&self.url), &[]);
            // What the browser calls a WebSocket asked for one.
            request.is_upgrade = true;
            let head = Head::Request(Box::new(request));
            self.session
                .piece(0, Piece::Head(head, false, first), false);
        }
        let status = self.message.as_deref().and_then(status_in);
        if let (Some(status), false, true) = (status, self.has_response, self.mode != Mode::Raw) {
            let last = self.session.transport.last;
            self.answer(status, "", &[], last);
        }
        if !self.is_open && !self.has_response {
            self.settle_failure(is_asked, &around);
        }
        let transport = &mut self.session.transport;
        let [client, server] = &mut transport.ends;
        [client.address, server.address] = around.addresses;
        transport.opened = around.opened;
        transport.url = (!self.url.is_empty()).then(|| hide(&self.url).into_owned());
        transport.proxy = self.proxy;
        transport.tunnel_status = around.tunnel_status;
        transport.is_tunnel_cut_off = around.is_tunnel_cut_off;
        transport.is_no_tls = around.is_no_tls;
        transport.certificates = around.certificates;
        transport.is_over |= self.is_dropped;
        self.session.finish(forgotten)
    }

    /// Why it never opened, where no answer tells.
    fn settle_failure(&mut self, is_asked: bool, around: &Surroundings) {
        let last = self.session.transport.last;
        let is_cut_off = self.net_error.is_some_and(net_error::is_cut_off);
        if is_asked && is_cut_off {
            if self.net_error == Some(net_error::EMPTY_RESPONSE) {
                // What came was of the proxy on the way, or of TLS: the server said nothing.
                let server = &mut self.session.transport.ends[1];
                (server.bytes, server.last_data) = (0, None);
            }
            // What the connection itself shows tells more than the browser's name for it.
            if !self.has_ended() {
                match self.net_error {
                    Some(net_error::CONNECTION_RESET) => self.rst(1, last),
                    _ => self.fin(1, last),
                }
            }
            return;
        }
        let has_bytes = self.mode == Mode::Raw && self.session.transport.ends[1].bytes > 0;
        // Bytes that are no answer are named by the browser alone.
        let has_answer = has_bytes && self.session.has_answer();
        let said = self
            .message
            .take()
            .filter(|said| !said.contains("net::ERR_"));
        // An answer that the browser refused is named by its status, or else by what was wrong with it.
        let is_judged = said
            .as_deref()
            .is_some_and(|said| status_in(said).is_none());
        if !has_answer || is_judged {
            self.session.transport.failure = said.or_else(|| around.error.clone());
        }
        let is_over = self.is_given_up || self.is_dropped;
        if is_over && !has_bytes && self.session.transport.failure.is_none() {
            let error = if self.is_cancelled { PAGE_CLOSED } else { "" };
            self.session.transport.failure = Some(error.to_owned());
        }
    }
}

/// The status in the browser's reason for refusing an answer.
fn status_in(message: &str) -> Option<u16> {
    let (_, status) = message.split_once("Unexpected response code: ")?;
    status.trim().parse().ok()
}
