//! From a URL to an open WebSocket, layer by layer.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use super::line::{Got, Line, connect};
use super::proxy::{Kind, Proxy, tunnel};
use super::request::request;
use super::resolve::resolve;
use super::tape::{Side, Tape};
use super::tls::{HandshakeRecord, Roots, fault};
use super::wait::Waiter;
use super::{Fact, Layer, Options, attempt_of, session_options};
use crate::escape::{escape, escape_bytes};
use crate::session::EndKind;
use crate::session::attempt::{Attempt, Failure, Missed, MissedWhy, NameFault, ProxyFault};
use crate::upgrade::Fault;
use crate::words::{Message, Value, say};

/// So long a connection may take.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// So long the answer to the upgrade may take.
const UPGRADE_PATIENCE: Duration = Duration::from_secs(5);
/// So long the page of a refusal is waited for.
const PAGE_PATIENCE: Duration = Duration::from_millis(500);
/// So many addresses are tried.
const MOST_ADDRESSES: usize = 3;
/// The head of an answer is not longer.
const LONGEST_HEAD: u64 = 64 * 1024;
/// TCP keep-alive after so long, where it is asked for.
const KEEPALIVE: Duration = Duration::from_secs(10);

/// An attempt while it is made.
pub(super) struct Opening<'a> {
    pub(super) options: &'a Options,
    pub(super) roots: Option<&'a Roots>,
    pub(super) waiter: &'a Waiter<'a>,
    tell: &'a mut dyn FnMut(&Layer),
    pub(super) has_keepalive: bool,
    pub(super) tape: Tape,
    pub(super) attempt: Attempt,
    pub(super) layers: Vec<Layer>,
    pub(super) sent: Vec<Message>,
    /// The layer of TLS, which is told when the server has shown that it was content.
    pub(super) held: Option<Layer>,
    /// The handshake of TLS, until the server's first byte shows that it was content.
    pub(super) handshake: HandshakeRecord,
}

impl<'a> Opening<'a> {
    pub(super) fn new(
        options: &'a Options,
        roots: Option<&'a Roots>,
        waiter: &'a Waiter<'a>,
        tell: &'a mut dyn FnMut(&Layer),
    ) -> Self {
        Opening {
            options,
            roots,
            waiter,
            tell,
            has_keepalive: false,
            tape: Tape::new(session_options(options)),
            attempt: attempt_of(options),
            layers: Vec::new(),
            sent: Vec::new(),
            held: None,
            handshake: HandshakeRecord::default(),
        }
    }

    pub(super) fn layer(&mut self, layer: Layer) {
        (self.tell)(&layer);
        self.layers.push(layer);
    }

    pub(super) fn failed(&mut self, failure: Failure) {
        self.attempt.failure = Some(failure);
    }

    /// The line to an open WebSocket; `None` where it did not open.
    pub(super) fn open(&mut self) -> Option<Line> {
        let (addresses, behind) = self.addresses()?;
        let mut line = self.connect(&addresses)?;
        if let Some(proxy) = &self.options.proxy {
            if !self.through(&mut line, proxy, behind) {
                line.end(self.waiter);
                return None;
            }
        }
        if self.options.target.is_secure && !self.secure(&mut line) {
            return None;
        }
        match self.upgrade(&mut line) {
            true => Some(line),
            false => {
                self.finish(&mut line);
                None
            }
        }
    }

    /// Ends a connection that did not become a WebSocket.
    fn finish(&mut self, line: &mut Line) {
        line.end(self.waiter);
        let now = self.tape.now();
        self.tape.end(Side::Client, EndKind::Fin, now);
    }

    /// The addresses to connect to, and where the proxy is not to look the name up, that of the target
    /// behind it.
    fn addresses(&mut self) -> Option<(Vec<SocketAddr>, Option<IpAddr>)> {
        let options = self.options;
        let target = &options.target;
        let Some(proxy) = &options.proxy else {
            if let Some(address) = options.address {
                return Some((vec![SocketAddr::new(address, target.port)], None));
            }
            let found = self.look_up(&target.host, target.port, false)?;
            return Some((found, None));
        };
        let found = self.look_up(&proxy.host, proxy.port, true)?;
        let behind = match (proxy.kind, options.address) {
            (_, Some(address)) => Some(address),
            (Kind::Socks(false), None) => {
                let found = self.look_up(&target.host, target.port, false)?;
                found.first().map(SocketAddr::ip)
            }
            _ => None,
        };
        Some((found, behind))
    }

    fn look_up(&mut self, host: &str, port: u16, is_proxy: bool) -> Option<Vec<SocketAddr>> {
        let began = Instant::now();
        // The family that is wanted is that of the server.
        let family = self.options.family.filter(|_| !is_proxy);
        let found = resolve(host, port, family, self.waiter);
        let seconds = began.elapsed().as_secs_f64();
        let is_name = host.parse::<IpAddr>().is_err();
        if is_name {
            self.sent
                .push(say!(probe.sent_look_up, name = escape(host)));
        }
        match found {
            Ok(found) => {
                let texts: Vec<String> = found.iter().map(|it| it.ip().to_string()).collect();
                let list = texts.iter().map(Value::from).collect();
                self.layer(Layer {
                    id: "resolve",
                    is_ok: true,
                    seconds,
                    statements: vec![say!(probe.one, it = Value::List(list, ", "))],
                    facts: vec![("addresses", Fact::Texts(texts))],
                });
                Some(found)
            }
            Err(fault) => {
                let fault = NameFault { is_proxy, ..fault };
                self.layer(Layer {
                    id: "resolve",
                    is_ok: false,
                    seconds,
                    statements: vec![say!(probe.no_address_found)],
                    facts: vec![("servers", Fact::Texts(fault.servers.clone()))],
                });
                self.failed(Failure::Name(fault));
                None
            }
        }
    }

    fn connect(&mut self, addresses: &[SocketAddr]) -> Option<Line> {
        let keepalive = self.has_keepalive.then_some(KEEPALIVE);
        for address in addresses.iter().take(MOST_ADDRESSES) {
            if self.waiter.is_stopped() {
                break;
            }
            let began = Instant::now();
            self.tape = Tape::new(session_options(self.options));
            self.tape.asked(*address);
            let connected = connect(*address, CONNECT_PATIENCE, keepalive, self.waiter);
            let seconds = began.elapsed().as_secs_f64();
            let name = address.to_string();
            self.sent
                .push(say!(probe.sent_connection, address = name.clone()));
            let facts = vec![("address", Fact::Text(name.clone()))];
            match connected {
                Ok((line, local)) => {
                    self.tape.opened(local);
                    self.layer(Layer {
                        id: "connect",
                        is_ok: true,
                        seconds,
                        statements: vec![say!(probe.one, it = name)],
                        facts,
                    });
                    return Some(line);
                }
                Err(why) => {
                    if matches!(why, MissedWhy::Refused | MissedWhy::Reset) {
                        self.tape.refused();
                    }
                    let missed_address = say!(probe.missed, address = name, why = missed(&why));
                    self.layer(Layer {
                        id: "connect",
                        is_ok: false,
                        seconds,
                        statements: vec![missed_address],
                        facts,
                    });
                    self.attempt.missed.push(Missed {
                        address: *address,
                        why,
                        seconds,
                    });
                }
            }
        }
        self.failed(match self.options.proxy {
            Some(_) => Failure::Proxy(ProxyFault::Connect),
            None => Failure::Connect,
        });
        None
    }

    fn through(&mut self, line: &mut Line, proxy: &Proxy, behind: Option<IpAddr>) -> bool {
        let began = Instant::now();
        let target = &self.options.target;
        let to = format!("{}:{}", target.bracketed(), target.port);
        self.sent.push(match proxy.kind {
            Kind::Http => say!(probe.sent_connect, to),
            Kind::Socks(_) => say!(probe.sent_socks, to),
        });
        let answer = tunnel(
            line,
            proxy,
            target,
            behind,
            UPGRADE_PATIENCE,
            self.waiter,
            &mut self.tape,
        );
        let mut facts = vec![("proxy", Fact::Text(proxy.redacted.clone()))];
        if let Err(ProxyFault::Answered(answer)) = &answer {
            facts.push(("status", Fact::Number(u64::from(answer.status))));
        }
        let is_ok = answer.is_ok();
        let mut statements = vec![say!(probe.one, it = proxy.redacted.clone())];
        statements.extend(proxy.from.map(|name| say!(probe.from_variable, name)));
        if !is_ok {
            statements.push(say!(probe.no_tunnel));
        }
        self.layer(Layer {
            id: "proxy",
            is_ok,
            seconds: began.elapsed().as_secs_f64(),
            statements,
            facts,
        });
        if let Err(fault) = answer {
            let now = self.tape.now();
            let (side, kind) = match fault {
                ProxyFault::Ended => (Side::Server, EndKind::Fin),
                _ => (Side::Client, EndKind::Fin),
            };
            self.tape.end(side, kind, now);
            self.failed(Failure::Proxy(fault));
        }
        is_ok
    }

    /// Asks for the upgrade. Gives whether the connection is a WebSocket then.
    fn upgrade(&mut self, line: &mut Line) -> bool {
        let began = Instant::now();
        let (bytes, shown) = request(&self.options.target, &self.options.wanted);
        self.sent.push(say!(
            probe.sent_get,
            path = escape(&super::request::without_values(&self.options.target.path))
        ));
        if let Some(origin) = &self.options.wanted.origin {
            self.sent
                .push(say!(probe.sent_origin, origin = escape(origin)));
        }
        let own = self.options.wanted.headers.iter();
        let own: Vec<Value> = own.map(|(name, _)| Value::from(escape(name))).collect();
        if !own.is_empty() {
            let names = Value::List(own, ", ");
            self.sent.push(say!(probe.sent_headers, names));
        }
        self.tape.ask_for(&self.options.target.path);
        let asked_at = self.tape.now();
        let until = self.waiter.until(UPGRADE_PATIENCE);
        let written = line.write(&bytes, until, self.waiter);
        let mut is_told = false;
        let mut ended = None;
        if let Err(got @ (Got::Nothing | Got::Broken)) = written {
            ended = Some(got);
        }
        let mut until = until;
        while ended.is_none() {
            let got = line.read(until, self.waiter);
            match &got {
                Got::Tls(error) if !is_told => {
                    // The server looked at the client's certificate only after the handshake.
                    let has_identity = !self.options.trust.certificate.is_empty();
                    let fault = fault(error, &self.handshake, has_identity);
                    if let Some(layer) = &mut self.held {
                        layer.is_ok = false;
                        layer.statements.push(say!(probe.refused_after));
                    }
                    self.release();
                    self.tls_failed(fault);
                    return false;
                }
                _ if !is_told => {
                    is_told = true;
                    self.release();
                    self.tape.bytes_at(Side::Client, &shown, asked_at);
                }
                _ => {}
            }
            let Got::Bytes(bytes) = got else {
                ended = Some(got);
                break;
            };
            self.tape.bytes(Side::Server, &bytes);
            let room = 64_usize
                .saturating_sub(self.attempt.begins.len())
                .min(bytes.len());
            self.attempt
                .begins
                .extend(bytes.get(..room).unwrap_or_default());
            let watch = self.tape.watch();
            match watch.response.map(|response| response.status) {
                Some(101) => break,
                Some(_) if self.tape.page().len() >= 512 => break,
                // The page of a refusal follows at once, or the connection is kept open.
                Some(_) => until = until.min(self.waiter.until(PAGE_PATIENCE)),
                None if watch.is_opaque => break,
                None => {}
            }
            if self.waiter.is_over(until) {
                break;
            }
        }
        if !is_told {
            self.release();
            self.tape.bytes_at(Side::Client, &shown, asked_at);
        }
        let now = self.tape.now();
        match ended {
            Some(Got::Fin) => self.tape.end(Side::Server, EndKind::Fin, now),
            Some(Got::Rst) => self.tape.end(Side::Server, EndKind::Rst, now),
            _ => {}
        }
        self.answered(began.elapsed().as_secs_f64())
    }

    pub(super) fn release(&mut self) {
        if let Some(layer) = self.held.take() {
            self.layer(layer);
        }
    }

    /// Tells of the answer to the upgrade.
    fn answered(&mut self, seconds: f64) -> bool {
        let received = self.tape.sent(Side::Server);
        let watch = self.tape.watch();
        let status = watch.response.map(|response| response.status);
        let is_opaque = watch.is_opaque;
        let is_http = self.attempt.begins.starts_with(b"HTTP/");
        let is_open = status == Some(101) && watch.faults.iter().all(Fault::is_passed_over);
        let mut facts = Vec::new();
        let mut statements = Vec::new();
        match watch.response {
            Some(response) => {
                facts.push(("status", Fact::Number(u64::from(response.status))));
                let said = format!("{} {}", response.status, escape(&response.reason));
                statements.push(say!(probe.one, it = said.trim_end()));
                for agreed in [
                    &response.extensions,
                    &response.subprotocol,
                    &response.server,
                ] {
                    statements.extend(agreed.iter().map(|it| say!(probe.one, it = escape(it))));
                }
                let keyed = [
                    ("extensions", &response.extensions),
                    ("subprotocol", &response.subprotocol),
                    ("server", &response.server),
                ];
                for (key, value) in keyed {
                    facts.extend(value.iter().map(|it| (key, Fact::Text(escape(it)))));
                }
                if response.status != 101 && !self.tape.page().is_empty() {
                    facts.push(("body", Fact::Text(escape_bytes(self.tape.page()))));
                }
            }
            None if received == 0 => statements.push(say!(view.no_answer)),
            None => statements.push(say!(view.unreadable_answer)),
        }
        if status.is_some() {
            self.attempt.begins.clear();
        } else if is_http && received > LONGEST_HEAD {
            self.attempt.is_head_too_long = true;
        } else if is_http && !is_opaque {
            self.attempt.is_head_unfinished = true;
        }
        self.layer(Layer {
            id: "upgrade",
            is_ok: is_open,
            seconds,
            statements,
            facts,
        });
        is_open
    }
}

/// What happened to an attempt to connect, in a few words.
pub(super) fn missed(why: &MissedWhy) -> Message {
    match why {
        MissedWhy::Refused => say!(probe.refused),
        MissedWhy::Reset => say!(probe.reset),
        MissedWhy::Unanswered => say!(probe.unanswered),
        MissedWhy::Unreachable => say!(probe.unreachable),
        MissedWhy::Forbidden => say!(probe.forbidden),
        MissedWhy::Other(error) => say!(probe.other, error = escape(error)),
    }
}
