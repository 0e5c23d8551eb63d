//! The opening handshake: which answer belongs to which request, and where frames begin.

use super::direction::Reading;
use super::transport::Origin;
use super::{Handshake, Held, Phase, Session, SocksRefusal, What};
use crate::frame::Sender;
use crate::upgrade::{Head, Request, Response, Step, Upgrade, is_interim};

/// So many requests may wait for their answers.
const MOST_ASKED: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Plain { is_head: bool },
    Upgrade,
    Connect,
}

impl Session {
    pub(super) fn http(
        &mut self,
        side: usize,
        at: u64,
        bytes: &[u8],
        origin: Origin,
        is_cut: bool,
    ) {
        let (mut at, mut rest) = (at, bytes);
        loop {
            let Some(Phase::Http(http)) = self.phases.get_mut(side) else {
                self.bytes(side, at, rest, origin, is_cut);
                return;
            };
            match http.feed(rest) {
                Step::Done => {
                    if self.handshake.upgrade.status().is_some_and(|it| it != 101) {
                        self.handshake.page = http.body().to_vec();
                    }
                    if self.handshake.upgrade.status() == Some(400) {
                        self.handshake.wants_tls |= http.wants_tls();
                    }
                    return;
                }
                Step::Broken => {
                    self.set(side, Phase::Opaque);
                    return;
                }
                Step::Head(head, length) => {
                    at += length as u64;
                    rest = rest.get(length..).unwrap_or_default();
                    self.head(side, head, at, origin);
                }
            }
        }
    }

    /// Takes note of a tunnel that a SOCKS5 proxy gave the client, or of how it refused.
    pub fn tunnel(&mut self, client: usize, given: Result<(), SocksRefusal>, origin: Origin) {
        self.client.get_or_insert(client);
        match given {
            Ok(()) => self.handshake.is_tunneled = true,
            Err(refusal) => {
                self.handshake.socks_refused = Some(refusal);
                self.handshake.answered = Some(origin);
            }
        }
    }

    /// Says that what comes is frames, from the first byte on: the source tells of the opening handshake
    /// apart, later.
    pub fn begin_watched_frames(&mut self) {
        let reading = Reading {
            is_watched: true,
            ..self.reading_unknown()
        };
        self.open([Some(0), Some(0)], reading);
        if let Some(directions) = &mut self.directions {
            directions.listener.await_upgrade();
        }
    }

    /// Takes the opening handshake from a source that tells of it apart; `is_whole`: no field is left out.
    pub fn handshake_apart(
        &mut self,
        request: Request,
        response: Option<Response>,
        is_whole: bool,
        origin: Origin,
    ) {
        self.is_judged &= is_whole;
        let asked = What::Request(format!("{} {}", request.method, request.target));
        let answered = response
            .as_ref()
            .map(|response| What::Response(response.status, response.reason.clone()));
        self.key = self.key.take().or_else(|| request.key.clone());
        self.handshake.upgrade.request = Some(request);
        self.handshake.asked = Some(origin);
        if let Some(response) = response {
            self.answer(response, origin);
        }
        if let Some(directions) = &mut self.directions {
            directions.listener.upgrade(&self.handshake.upgrade);
        }
        let senders = [Sender::Server, Sender::Client];
        for (sender, what) in senders.into_iter().zip([answered, Some(asked)]) {
            if let Some(what) = what {
                self.earlier_event(sender, origin, what);
            }
        }
    }

    /// Takes a head; `at` is the offset behind it.
    pub(super) fn head(&mut self, side: usize, head: Head, at: u64, origin: Origin) {
        match head {
            Head::Request(request) => self.request(side, *request, at, origin),
            Head::Response(response) => self.response(side, *response, at, origin),
        }
    }

    /// Takes a request; `at` is the offset behind its head.
    pub(super) fn request(&mut self, side: usize, request: Request, at: u64, origin: Origin) {
        self.client = Some(side);
        let line = format!("{} {}", request.method, request.target);
        self.event(side, origin, What::Request(line));
        let asked = match request.method.as_str() {
            _ if request.is_upgrade || request.key.is_some() => Asked::Upgrade,
            "CONNECT" => Asked::Connect,
            method => Asked::Plain {
                is_head: method == "HEAD",
            },
        };
        if self.asked.len() < MOST_ASKED {
            self.asked.push_back(asked);
        }
        match asked {
            Asked::Upgrade => {
                self.key = self.key.take().or_else(|| request.key.clone());
                let at = at.saturating_add(request.body_length());
                self.handshake = Handshake {
                    upgrade: Upgrade {
                        request: Some(request),
                        ..Upgrade::default()
                    },
                    asked: Some(origin),
                    is_tunneled: self.handshake.is_tunneled,
                    ..Handshake::default()
                };
                self.request_ends = Some(at);
                self.set(side, Phase::Waiting);
            }
            Asked::Connect => self.set(side, Phase::Waiting),
            Asked::Plain { .. } => {
                if let Some(Phase::Http(http)) = self.phases.get_mut(side) {
                    http.expect_body(&Head::Request(Box::new(request)), false);
                }
            }
        }
    }

    /// Takes a response; `at` is the offset behind its head.
    pub(super) fn response(&mut self, side: usize, response: Response, at: u64, origin: Origin) {
        let client = 1 - side;
        self.client = Some(client);
        let line = response.reason.clone();
        self.event(side, origin, What::Response(response.status, line));
        let is_interim = is_interim(response.status);
        let asked = match is_interim {
            true => None,
            false => self.asked.pop_front(),
        };
        let is_waiting = matches!(self.phases.get(client), Some(Phase::Waiting));
        let is_101 = response.status == 101;
        if response.opens_stream && asked == Some(Asked::Upgrade)
            || is_101 && (response.is_upgrade || asked == Some(Asked::Upgrade))
        {
            let body = response.announced_length();
            self.answer(response, origin);
            if self.handshake.upgrade.is_draft() {
                // Its frames are others.
                self.set(client, Phase::Opaque);
                self.set(side, Phase::Opaque);
                return;
            }
            let client_at = self.request_ends.filter(|_| is_waiting);
            let reading = self.reading();
            self.open([client_at, Some(at)], reading);
            if let Some(directions) = &mut self.directions {
                directions.server.body = body;
            }
            self.replay(client);
            return;
        }
        if asked == Some(Asked::Upgrade) && self.may_be_answered {
            self.asked.clear();
            self.open_unseen(client, origin);
            return;
        }
        if is_101 {
            // To something else: HTTP/2 (RFC 7540 section 3.2), or TLS (RFC 2817).
            self.asked.clear();
            self.pass_on(client, side);
            return;
        }
        let is_bodiless = is_interim || asked == Some(Asked::Plain { is_head: true });
        let status = response.status;
        let head = Head::Response(Box::new(response));
        if let Some(Phase::Http(http)) = self.phases.get_mut(side) {
            http.expect_body(&head, is_bodiless);
        }
        match asked {
            Some(Asked::Upgrade) => {
                if let Head::Response(response) = head {
                    self.answer(*response, origin);
                }
                self.set(client, Phase::Http(Box::default()));
                self.replay(client);
            }
            Some(Asked::Connect) if (200..300).contains(&status) => {
                self.handshake.is_tunneled = true;
                // It may have been refused before, until the client showed who it is.
                self.handshake.tunnel_refused = None;
                self.handshake.answered = None;
                self.pass_on(client, side);
            }
            Some(Asked::Connect) => {
                self.handshake.tunnel_refused = Some(status);
                self.handshake.answered = Some(origin);
                self.set(client, Phase::Http(Box::default()));
                self.replay(client);
            }
            _ => {}
        }
    }

    /// Whether an end waits for a tunnel and has said more: it was given one, and that was not seen in time.
    pub(super) fn has_tunnel_unanswered(&self, side: usize) -> bool {
        let is_waiting = matches!(self.phases.get(side), Some(Phase::Waiting));
        let has_more = self.held.get(side).is_some_and(|held| !held.is_empty());
        is_waiting && has_more && self.asked.back() == Some(&Asked::Connect)
    }

    /// Takes the end of a source: what a client said behind its request for a tunnel went through one, though its
    /// answer was not seen. Gives that.
    pub fn pass_unanswered(&mut self) -> Vec<(usize, Held)> {
        let waiting = (0..2).find(|side| self.has_tunnel_unanswered(*side));
        let Some(side) = waiting else {
            return Vec::new();
        };
        self.pass_on(side, 1 - side);
        self.take_passed()
    }

    /// What the ends say from here on may begin with anything.
    pub(super) fn pass_on(&mut self, client: usize, server: usize) {
        self.set(client, Phase::Passed);
        self.set(server, Phase::Passed);
    }

    /// Takes frames for what comes, though the request for the upgrade was not seen; its answer may have
    /// been, and then they come from their beginning on.
    pub fn open_late(&mut self, answer: Option<(Response, Origin)>) {
        let at = answer.is_some().then_some(0);
        let mut reading = self.reading_unknown();
        if let Some((response, origin)) = answer {
            self.is_judged = false;
            self.answer(response, origin);
            reading = self.reading();
        }
        self.open([at, at], reading);
    }

    /// Judges of the answer to the upgrade no more than whether it answers the key, where both were seen: other fields
    /// may have been left out.
    pub fn judge_accept(&mut self) {
        if !self.is_judged {
            self.handshake.upgrade.judge_accept();
        }
    }

    /// Takes the answer to the request for an upgrade.
    fn answer(&mut self, response: Response, origin: Origin) {
        self.handshake.upgrade.response = Some(response);
        if self.is_judged {
            self.handshake.upgrade.judge();
        }
        self.handshake.answered = Some(origin);
    }
}
