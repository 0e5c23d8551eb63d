//! What stopped an attempt before HTTP: the name, the connection, a proxy, TLS.

use super::super::connection::Reasoning;
use crate::escape::{escape, escape_bytes};
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::session::attempt::{
    Attempt, Missed, MissedWhy, NameFault, NameWhy, ProxyAnswer, ProxyFault, TlsFault,
};
use crate::words::{Message, Value, all_of, say};

impl Reasoning<'_> {
    pub(super) fn no_address(&mut self, fault: &NameFault) -> bool {
        let name = escape(&fault.name);
        let message = match fault.why {
            NameWhy::Missing => say!(attempt.name_missing, name),
            NameWhy::NoAddress => say!(attempt.name_without_address, name),
            NameWhy::NoAddressOf(family) => say!(attempt.name_without_family, name, family),
            NameWhy::ServerFailed => say!(attempt.name_server_failed, name),
            NameWhy::Unanswered => say!(attempt.name_unanswered, name),
            NameWhy::Unknown => say!(attempt.name_unknown, name),
        };
        self.answer(Cause::Unresolved, message);
        if fault.is_proxy {
            self.say(say!(attempt.name_of_proxy));
        }
        if !fault.servers.is_empty() {
            let servers = all_of(fault.servers.iter().map(Value::from));
            self.say(say!(attempt.name_servers, servers));
        }
        true
    }

    /// No address could be connected to; `proxy` where they are the proxy's.
    pub(super) fn not_connected(&mut self, missed: &[Missed], proxy: Option<&str>) -> bool {
        let has = |why: &MissedWhy| missed.iter().find(|missed| missed.why == *why);
        let is_other = |missed: &&Missed| matches!(missed.why, MissedWhy::Other(_));
        let decides = has(&MissedWhy::Refused)
            .or_else(|| has(&MissedWhy::Reset))
            .or_else(|| has(&MissedWhy::Unanswered))
            .or_else(|| has(&MissedWhy::Unreachable))
            .or_else(|| has(&MissedWhy::Forbidden))
            .or_else(|| missed.iter().find(is_other));
        let Some(decides) = decides else {
            self.answer(Cause::Unknown, say!(attempt.stopped));
            return true;
        };
        let server = decides.address.to_string();
        let after = Value::Seconds(decides.seconds);
        let (cause, message) = match &decides.why {
            MissedWhy::Refused => (Cause::Refused, say!(opening.tcp_refused, server)),
            MissedWhy::Reset => (Cause::Reset, say!(attempt.connect_reset, server)),
            MissedWhy::Unanswered => (
                Cause::Timeout,
                say!(attempt.connect_unanswered, server, after),
            ),
            MissedWhy::Unreachable => (
                Cause::Unreachable,
                say!(attempt.connect_unreachable, server),
            ),
            MissedWhy::Forbidden => (Cause::Unreachable, say!(attempt.connect_forbidden, server)),
            MissedWhy::Other(error) => {
                let error = escape(error);
                (Cause::Unknown, say!(attempt.connect_failed, server, error))
            }
        };
        self.answer(cause, message);
        if let Some(proxy) = proxy {
            let proxy = escape(proxy);
            self.found.cause = Cause::ProxyRefused;
            self.found
                .statements
                .insert(0, say!(attempt.proxy_unreached, proxy));
        }
        if missed.len() > 1 {
            self.missed(missed);
        }
        let port = decides.address.port();
        if missed
            .iter()
            .all(|missed| missed.address.ip().is_loopback())
            && proxy.is_none()
        {
            self.say(say!(attempt.loopback, port));
        }
        true
    }

    /// Each address with what came of it.
    pub(super) fn missed(&mut self, missed: &[Missed]) {
        let each = missed.iter().map(|missed| {
            let address = missed.address.to_string();
            let why = match &missed.why {
                MissedWhy::Refused => say!(attempt.was_refused, address),
                MissedWhy::Reset => say!(attempt.was_reset, address),
                MissedWhy::Unanswered => say!(attempt.was_unanswered, address),
                MissedWhy::Unreachable | MissedWhy::Forbidden => {
                    say!(attempt.was_unreachable, address)
                }
                MissedWhy::Other(error) => {
                    let error = escape(error);
                    say!(attempt.was_other, address, error)
                }
            };
            Value::from(why)
        });
        let each = all_of(each);
        self.say(say!(attempt.missed, each).begun());
    }

    pub(super) fn no_tunnel(&mut self, attempt: &Attempt, fault: &ProxyFault) -> bool {
        let proxy = attempt.proxy.clone().unwrap_or_default();
        let message = match fault {
            ProxyFault::Connect => return self.not_connected(&attempt.missed, Some(&proxy)),
            ProxyFault::Answered(answer) => return self.proxy_answered(&proxy, answer),
            ProxyFault::Socks(5) => say!(attempt.socks_refused, proxy),
            ProxyFault::Socks(code) => {
                let says = socks_reply(*code);
                say!(attempt.socks, proxy, code, says)
            }
            ProxyFault::SocksLogin => say!(attempt.socks_login, proxy),
            ProxyFault::Silent(seconds) => {
                say!(
                    attempt.proxy_silent,
                    proxy,
                    after = Value::Seconds(*seconds)
                )
            }
            ProxyFault::Ended => say!(attempt.proxy_ended, proxy),
            ProxyFault::NoProxy(begins) => {
                let begins = escape_bytes(begins);
                say!(attempt.no_proxy, proxy, begins)
            }
        };
        self.answer(Cause::ProxyRefused, message);
        self.say(say!(attempt.never_reached));
        true
    }

    fn proxy_answered(&mut self, proxy: &str, answer: &ProxyAnswer) -> bool {
        let said = format!("{} {}", answer.status, escape(&answer.reason));
        let status = said.trim_end();
        self.answer(
            Cause::ProxyRefused,
            say!(attempt.proxy_answered, proxy, status),
        );
        self.say(say!(attempt.never_reached));
        if let Some(logins) = &answer.authenticate {
            self.say(say!(attempt.proxy_logins, logins = escape(logins)));
        }
        if let Some(server) = &answer.names {
            self.say(say!(opening.answered_by, server = escape(server)));
        }
        self.page(&answer.body);
        if matches!(answer.status, 502..=504) {
            self.say(say!(attempt.proxy_could_not));
        }
        true
    }

    pub(super) fn no_tls(&mut self, attempt: &Attempt, fault: &TlsFault) -> bool {
        let port = attempt.port;
        self.found.topic = Some("1015".to_owned());
        let message = match fault {
            TlsFault::Certificates => return self.certificates(attempt),
            // The bytes tell it.
            TlsFault::Alert(_) if !attempt.begins.is_empty() && self.is_alert_known() => {
                return self.tls() || self.tls_answer(say!(attempt.tls_refused));
            }
            TlsFault::Alert(alert) => say!(opening.tls_alert, by = Sender::Server, alert = alert),
            TlsFault::ClientCertificate => {
                self.answer(Cause::TlsFailed, say!(attempt.client_certificate));
                self.found.advice = advice::TLS_CLIENT_CERTIFICATE.iter().collect();
                return true;
            }
            TlsFault::ClientCertificateRefused => say!(attempt.client_certificate_refused),
            TlsFault::Silent(after) => {
                self.found.advice = advice::TLS_NO_ANSWER.iter().collect();
                say!(attempt.tls_silent, port, after = Value::Seconds(*after))
            }
            TlsFault::Ended | TlsFault::Reset => {
                self.found.advice = advice::TLS_NO_ANSWER.iter().collect();
                match fault {
                    TlsFault::Reset => say!(attempt.tls_reset, port),
                    _ => say!(attempt.tls_ended, port),
                }
            }
            TlsFault::NoTls => return self.not_tls(attempt),
            TlsFault::Other(error) => say!(attempt.tls_other, error),
        };
        self.tls_answer(message);
        if attempt.had_no_scheme {
            self.say(say!(attempt.no_scheme));
        }
        true
    }

    fn tls_answer(&mut self, message: Message) -> bool {
        self.answer(Cause::TlsFailed, message);
        true
    }

    fn is_alert_known(&self) -> bool {
        let tls = self.record.tls.as_ref();
        tls.is_some_and(|tls| tls.alerts.iter().any(|(_, alert, _)| alert.is_fatal))
    }

    /// Everything that is wrong with the certificates.
    fn certificates(&mut self, attempt: &Attempt) -> bool {
        let mut faults = attempt.certificates.iter();
        let Some(first) = faults.next() else {
            return self.tls_answer(say!(attempt.certificate_refused));
        };
        let fault = first.sentence.clone();
        self.answer(Cause::TlsFailed, say!(attempt.certificate, fault));
        self.found.advice = first.advice.iter().collect();
        for other in faults {
            self.say(other.sentence.clone().sentence());
            self.found.advice.extend(other.advice);
        }
        let has = |id: &str| attempt.certificates.iter().any(|fault| fault.id == id);
        if has("issuer-not-sent") {
            self.say(say!(attempt.missing_intermediate));
        }
        if has("issuer-not-sent") || has("unknown-issuer") || has("untrusted-root") {
            self.say(say!(attempt.trust_of_others));
        }
        true
    }

    /// The server answered the hello with something else.
    fn not_tls(&mut self, attempt: &Attempt) -> bool {
        let begins = escape_bytes(&attempt.begins);
        let port = attempt.port;
        if attempt.begins.starts_with(b"HTTP/") {
            self.answer(Cause::WrongScheme, say!(opening.tls_to_plain));
        } else {
            self.answer(Cause::TlsFailed, say!(attempt.not_tls, port));
        }
        self.say(say!(attempt.begins, begins));
        self.say(say!(attempt.use_plain));
        if attempt.had_no_scheme {
            self.say(say!(attempt.no_scheme));
        }
        true
    }
}

/// What a SOCKS5 proxy's reply means.
///
/// Source: RFC 1928 section 6.
pub(in crate::explain) fn socks_reply(code: u8) -> &'static str {
    match code {
        1 => "general SOCKS server failure",
        2 => "connection not allowed by ruleset",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unassigned",
    }
}
