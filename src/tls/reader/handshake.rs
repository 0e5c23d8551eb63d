//! The messages of the handshake, and what they tell.

use super::{Context, Out, Reader};
use crate::frame::Sender;
use crate::tls::hello::{self, ClientHello, EncryptedExtensions, RETRY, ServerHello};

impl Reader {
    /// Takes the body of a record with handshake messages; `is_cut`: the rest of it was lost.
    pub(super) fn messages(&mut self, body: &[u8], is_cut: bool, context: &mut Context<'_>) {
        let Some(side) = self.sides.get_mut(context.side) else {
            return;
        };
        let mut messages = std::mem::take(&mut side.messages);
        if self.sealed.is_at_data(context.end()) {
            messages.go_on();
        }
        match is_cut {
            true => messages.lose(body, |kind, body| self.message(kind, body, context)),
            false => messages.feed(body, |kind, body| self.message(kind, body, context)),
        }
        if let Some(side) = self.sides.get_mut(context.side) {
            side.messages = messages;
        }
    }

    fn message(&mut self, kind: u8, body: &[u8], context: &mut Context<'_>) {
        let is_13 = self.facts.version == Some(0x0304);
        match (kind, context.sender) {
            (1, _) => self.client_hello(body, context),
            (2, _) => self.server_hello(body, context),
            (4, Sender::Server) if !is_13 => self.ticket(body, context),
            (5, Sender::Client) => {
                // Nobody ends what was not taken.
                self.settle_early(true, context);
                self.with_sealed(context, |sealed, _, agreed, keys| {
                    sealed.early_is_over(agreed, keys);
                });
            }
            (8, Sender::Server) if is_13 => {
                let said = EncryptedExtensions::of(body);
                self.settle_early(said.takes_early_data, context);
                self.facts.protocol = said.protocol;
                self.agree(context);
            }
            (11, Sender::Server) => {
                self.has_certificate = true;
                if self.facts.certificates.is_empty() {
                    self.facts.certificates = hello::certificates(body, is_13);
                }
            }
            (13, Sender::Server) => self.facts.asks_for_certificate = true,
            (20, _) if is_13 => {
                self.facts.end_mut(context.sender).finished = Some(context.origin);
                self.with_sealed(context, |sealed, end, agreed, keys| {
                    sealed.finished(end, agreed, keys);
                });
            }
            (24, _) if is_13 => {
                self.facts.key_updates += 1;
                self.with_sealed(context, |sealed, end, agreed, _| sealed.update(end, agreed));
            }
            _ => {}
        }
    }

    fn client_hello(&mut self, body: &[u8], context: &mut Context<'_>) {
        self.client.get_or_insert(context.side);
        context.sender = match self.client == Some(context.side) {
            true => Sender::Client,
            false => Sender::Server,
        };
        self.facts.client.has_greeted = true;
        (context.sink)(context.side, Out::Greeted(Sender::Client), context.keys);
        let Some(hello) = ClientHello::of(body) else {
            return;
        };
        let facts = &mut self.facts;
        facts.client_random.get_or_insert(hello.random);
        facts.has_early_data |= hello.has_early_data;
        if facts.server_name.is_none() {
            facts.server_name.clone_from(&hello.server_name);
        }
        // A second one, if it is no answer to a request for it, begins another handshake.
        let is_another = self.hello.as_ref().map(|before| before.random) != Some(hello.random);
        if is_another {
            self.answer = None;
            self.has_certificate = false;
        }
        self.hello = Some(Box::new(hello));
    }

    fn server_hello(&mut self, body: &[u8], context: &mut Context<'_>) {
        self.client.get_or_insert(1 - context.side.min(1));
        self.facts.server.has_greeted = true;
        (context.sink)(context.side, Out::Greeted(Sender::Server), context.keys);
        let Some(answer) = ServerHello::of(body) else {
            return;
        };
        self.facts.version = Some(answer.version);
        if answer.random == RETRY {
            self.facts.is_retried = true;
            self.settle_early(false, context);
            return;
        }
        self.facts.suite = Some(answer.suite);
        if answer.protocol.is_some() {
            self.facts.protocol.clone_from(&answer.protocol);
            self.agree(context);
        }
        self.answer = Some(Box::new(answer));
        if self.facts.version == Some(0x0304) {
            self.with_sealed(context, |sealed, _, agreed, keys| {
                sealed.greet(agreed, keys);
            });
        } else {
            self.may_resume(context, None);
        }
    }

    fn agree(&self, context: &mut Context<'_>) {
        if let Some(protocol) = &self.facts.protocol {
            (context.sink)(context.side, Out::Protocol(protocol), context.keys);
        }
    }

    /// Takes a ticket of TLS 1.2.
    fn ticket(&mut self, body: &[u8], context: &mut Context<'_>) {
        self.may_resume(context, hello::ticket(body));
    }

    /// Takes note of what this session can be resumed with: a ticket, or else its id.
    fn may_resume(&mut self, context: &mut Context<'_>, ticket: Option<&[u8]>) {
        let (Some(hello), Some(answer)) = (&self.hello, &self.answer) else {
            return;
        };
        let id = ticket.unwrap_or(&answer.session);
        context.keys.may_resume(id, hello.random);
        context
            .keys
            .may_resume_again(id, &hello.ticket, &hello.session);
    }
}
