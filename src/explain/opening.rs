//! Connections that never became a WebSocket, and those that hide one: TCP, TLS, the upgrade.

use super::attempt::socks_reply;
use super::connection::{Reasoning, between, is_at_once};
use crate::escape::escape;
use crate::facts::advice;
use crate::facts::causes::{Cause, status};
use crate::frame::Sender;
use crate::session::{Beginning, EndKind, ProxyHeader, SocksRefusal, seconds};
use crate::upgrade::{Fault, Response};
use crate::words::{Message, Value, say};

/// What a connection stood before its request, in seconds and in the time from request to RST, where the
/// request is taken for the reason of the RST.
const STOOD_LEAST: f64 = 0.005;
const STOOD_TRIPS: f64 = 3.0;

impl Reasoning<'_> {
    /// The TCP connection never came to be.
    pub(super) fn unreached(&mut self) -> bool {
        let record = self.record;
        let server = record.server_name();
        match record.transport.beginning {
            Beginning::Refused => self.answer(Cause::Refused, say!(opening.tcp_refused, server)),
            Beginning::Asked
                if record.transport.packets == record.transport.asked
                    && !record.server_end.endpoint.is_captured =>
            {
                if record.transport.asked == 1 {
                    self.asked_once(server);
                    return true;
                }
                let count = Value::Number(record.transport.asked);
                let after = between(record.transport.first, record.transport.last);
                let message = say!(opening.unreached, server, count, after);
                self.answer(Cause::Timeout, message);
            }
            _ => return false,
        }
        true
    }

    /// One SYN, and nothing else: who is not answered asks again, so that this does not show that nothing answered.
    fn asked_once(&mut self, server: String) {
        let waited = self
            .record
            .transport
            .watched_since(self.record.transport.first);
        let after = Value::Seconds(seconds(0, waited));
        self.answer(Cause::Unknown, say!(opening.asked_once, server, after));
        self.found.advice = Cause::Unknown.advice_about("not seen");
        self.also(Cause::Timeout, say!(decide.not_seen));
    }

    /// One end spoke TLS and the other did not.
    pub(super) fn scheme(&mut self) -> bool {
        let record = self.record;
        let has_asked = record.handshake.upgrade.request.is_some();
        if record.is_http_on_tls {
            self.answer(Cause::WrongScheme, say!(opening.tls_to_plain));
            return true;
        }
        if record.handshake.wants_tls {
            self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
            self.say(say!(opening.page_says_so));
            return true;
        }
        let Some(tls) = &record.tls else {
            let address = record.server_end.endpoint.address;
            let port = address.map_or(0, |address| address.port());
            let server = &record.server_end.endpoint;
            // The server of a stream has spoken HTTP/2 before.
            let is_dumb = server.bytes == 0
                && server.is_captured
                && record.transport.stream.is_none()
                && record.handshake.upgrade.response.is_none();
            let by_server = record.end.is_some_and(|end| end.by == Sender::Server);
            if has_asked && is_dumb && by_server && matches!(port, 443 | 8443 | 9443 | 4433) {
                let message = say!(opening.plain_to_tls_perhaps, port);
                self.answer(Cause::WrongScheme, message);
                let server = record.server_name();
                self.also(Cause::UpgradeRefused, say!(decide.scheme, server));
                return true;
            }
            if has_asked && is_dumb && by_server && self.stopped_reading() {
                return true;
            }
            return false;
        };
        if has_asked && !tls.client.has_greeted && !tls.alerts.is_empty() {
            self.answer(Cause::WrongScheme, say!(opening.plain_to_tls));
            return true;
        }
        if tls.client.has_greeted && tls.server.is_broken && !tls.server.has_greeted {
            self.answer(Cause::WrongScheme, say!(opening.tls_to_plain));
            return true;
        }
        false
    }

    /// The server broke TCP off at once where a request in clear came. Who closes with something unread
    /// sends RST; a server that speaks HTTP reads a request to its end. That the request was the reason
    /// shows only where the connection had stood unharmed before it: a server that resets whoever comes
    /// does so within one round trip, and one trip cannot be longer than the request and its RST took.
    fn stopped_reading(&mut self) -> bool {
        let record = self.record;
        let (Some(end), Some(asked), Some(opened)) =
            (record.end, record.handshake.asked, record.transport.opened)
        else {
            return false;
        };
        let stood = seconds(opened, asked.time);
        let is_direct = !record.handshake.is_tunneled && record.transport.proxy.is_none();
        let took = seconds(asked.time, end.origin.time);
        if end.kind != EndKind::Rst
            || !is_at_once(asked, end.origin)
            || stood < STOOD_LEAST + STOOD_TRIPS * took
            || !is_direct
            || record.is_tls()
        {
            return false;
        }
        let after = between(asked, end.origin);
        self.answer(Cause::WrongScheme, say!(opening.plain_to_tls_reset, after));
        let server = record.server_name();
        self.also(Cause::UpgradeRefused, say!(decide.scheme, server));
        true
    }

    /// The upgrade was refused or answered wrongly.
    pub(super) fn upgrade(&mut self) -> bool {
        let record = self.record;
        let handshake = &record.handshake;
        let upgrade = &handshake.upgrade;
        if let Some(status) = handshake.tunnel_refused {
            self.answer(Cause::ProxyRefused, say!(opening.tunnel_refused, status));
            return true;
        }
        if let Some(refusal) = handshake.socks_refused {
            let message = match refusal {
                SocksRefusal::Login => say!(opening.socks_login),
                SocksRefusal::Reply(code) => {
                    let says = socks_reply(code);
                    say!(opening.socks_refused, code, says)
                }
            };
            self.answer(Cause::ProxyRefused, message);
            return true;
        }
        let is_stripped = upgrade
            .request
            .as_ref()
            .is_some_and(|request| !request.is_upgrade && request.key.is_some());
        match (&upgrade.response, record.end) {
            (Some(response), _) if !upgrade.is_accepted() => {
                if let Some(stream) = record.transport.websocket_stream() {
                    self.stream_refused(stream, response.status);
                } else {
                    let fault = Fault::Refused(response.status, response.reason.clone());
                    let answer = if is_stripped { 426 } else { response.status };
                    self.refused(fault.message(), Some(answer));
                }
                if is_stripped {
                    self.say(say!(opening.stripped));
                }
                if let Some(location) = &response.location {
                    self.say(say!(opening.redirect, location = escape(location)));
                }
                if let Some(server) = &response.server {
                    self.say(say!(opening.answered_by, server = escape(server)));
                }
                if let Some(length) = record.transport.body {
                    self.say(say!(recorded.body, n = Value::Number(length)));
                }
                self.headers(response);
                self.page(&handshake.page);
                let is_stream = record.transport.websocket_stream().is_some();
                let may_be_tls = !is_stream && !record.is_tls();
                if response.status == 400 && may_be_tls {
                    let server = record.server_name();
                    self.also(Cause::WrongScheme, say!(decide.tls_port, server));
                }
            }
            (None, Some(end)) if handshake.asked.is_some() && record.server_end.frames == 0 => {
                if !record.server_end.endpoint.is_captured
                    || record.server_end.is_headless && record.transport.stream.is_some()
                    || record.server_end.endpoint.oddities.lost > 0
                    || record.client_end.endpoint.oddities.lost > 0
                {
                    return false;
                }
                match record.has_answered() {
                    Some(false) => {}
                    Some(true) => {
                        self.no_response();
                        self.tcp_end();
                        return true;
                    }
                    // A client that goes on has had its answer.
                    None if record.has_frames() => return false,
                    None => {
                        self.answer(Cause::Unknown, say!(opening.unread));
                        self.tcp_end();
                        self.found.advice = advice::KEYS_LATE.iter().collect();
                        return true;
                    }
                }
                let asked = handshake.asked.unwrap_or(record.transport.first);
                if self.stream_unanswered(end, asked) {
                    return true;
                }
                let after = between(asked, end.origin);
                if end.by == Sender::Client {
                    self.answer(Cause::NoAnswer, say!(opening.given_up, after));
                    return true;
                }
                let message = say!(opening.unanswered, by = end.by, after);
                self.refused(message, None);
                if end.kind == EndKind::Rst {
                    self.tcp_end();
                }
            }
            _ => {
                let Some(fault) = upgrade.faults.first() else {
                    return false;
                };
                if *fault == Fault::Draft {
                    self.answer(Cause::Unknown, fault.message());
                    self.tcp_end();
                    self.found.advice = advice::DRAFT.iter().collect();
                    return true;
                }
                // A client that goes on has accepted it, and cannot read what is no frame.
                let is_accepted = record.client_end.frames > 0 || fault.is_passed_over();
                if is_accepted && !record.handshake.has_body {
                    return false;
                }
                self.answer(Cause::UpgradeInvalid, fault.message());
                if record.handshake.has_body {
                    self.first_close();
                }
                self.tcp_end();
            }
        }
        true
    }

    /// What a proxy before the server wrote in front of what the client says.
    pub(super) fn fronted(&mut self) {
        match &self.record.transport.proxy_header {
            Some(ProxyHeader {
                client: Some(client),
            }) => self.say(say!(opening.proxy_header_of, client = client.to_string())),
            Some(ProxyHeader { client: None }) => self.say(say!(opening.proxy_header)),
            None => {}
        }
    }

    /// What an answer says of what would be taken.
    fn headers(&mut self, response: &Response) {
        let said = [
            ("WWW-Authenticate", &response.authenticate),
            ("Retry-After", &response.retry_after),
            ("Allow", &response.allow),
            ("Sec-WebSocket-Version", &response.versions),
            ("Via", &response.via),
            ("Content-Type", &response.content_type),
        ];
        for (name, value) in said {
            if let Some(value) = value {
                self.say(say!(opening.header, name, value = escape(value)));
            }
        }
    }

    /// The Close that came first, where the upgrade was at fault.
    fn first_close(&mut self) {
        let close = self.record.closes.first();
        if let Some((close, code)) = close.and_then(|close| Some((close, close.close.code?))) {
            let (sender, packet) = (close.sender, close.origin.packet);
            self.say(say!(ending.saw_close, sender, code, packet));
        }
    }

    /// What came in answer to the upgrade is no HTTP. Who stands between may have sent it, unless it came through TLS.
    fn no_response(&mut self) {
        let record = self.record;
        let attempt = record.transport.attempt.as_ref();
        let is_proxied = attempt.is_some_and(|attempt| attempt.proxy.is_some());
        let is_tunneled = record.handshake.is_tunneled || is_proxied;
        let message = match is_tunneled && !record.is_tls() {
            true => say!(opening.unreadable_behind_proxy),
            false => say!(opening.unreadable),
        };
        self.answer(Cause::UpgradeInvalid, message);
    }

    fn refused(&mut self, message: Message, answer: Option<u16>) {
        self.answer(Cause::UpgradeRefused, message);
        if let Some(answer) = answer {
            self.found.advice = status(answer).advice.iter().collect();
        }
    }
}
