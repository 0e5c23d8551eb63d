//! The layer of TLS: the handshake, and what it tells of the certificates.

use std::time::{Duration, Instant};

use super::line::Line;
use super::open::Opening;
use super::tape::Side;
use super::tls::{Asked, HandshakeRecord, in_clear, shake_hands};
use super::{Fact, Layer};
use crate::certificate::{Certificates, Fault};
use crate::escape::{escape, escape_bytes};
use crate::facts::advice;
use crate::session::EndKind;
use crate::session::attempt::{CertificateFault, Failure, TlsFault};
use crate::words::{Advice, Message, say};

/// So long the handshake of TLS may take.
const TLS_PATIENCE: Duration = Duration::from_secs(5);

impl Opening<'_> {
    pub(super) fn secure(&mut self, line: &mut Line) -> bool {
        let began = Instant::now();
        let target = &self.options.target;
        let Some(roots) = self.roots else {
            return false;
        };
        let asked = Asked {
            name: self.options.server_name.as_deref().unwrap_or(&target.host),
            has_alpn: self.options.has_alpn,
            trust: &self.options.trust,
            roots,
        };
        self.sent.push(match self.options.has_alpn {
            true => say!(probe.sent_hello, name = escape(asked.name)),
            false => say!(probe.sent_hello_without_alpn, name = escape(asked.name)),
        });
        let tape = &self.tape;
        let (result, handshake) =
            shake_hands(line, &asked, TLS_PATIENCE, self.waiter, &|| tape.now());
        let seconds = began.elapsed().as_secs_f64();
        if let Some(judged) = &handshake.certificates {
            self.attempt.certificates = judged_faults(judged, &handshake);
        }
        self.handshake = handshake;
        let (is_ok, mut statements, mut facts) = match &result {
            Ok(tls) => {
                let version = match tls.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                    _ => "TLS 1.3",
                };
                let alpn = tls.alpn_protocol().map(escape_bytes);
                let mut facts = vec![("version", Fact::Text(version.to_owned()))];
                facts.extend(alpn.clone().map(|alpn| ("alpn", Fact::Text(alpn))));
                let mut statements = vec![say!(probe.one, it = version)];
                statements.extend(alpn.map(|it| say!(probe.one, it)));
                (true, statements, facts)
            }
            Err(_) => (false, vec![say!(probe.no_tls)], Vec::new()),
        };
        if let Some(judged) = &self.handshake.certificates {
            certificate_words(judged, &mut statements, &mut facts);
            statements.push(roots.from.clone());
        }
        let is_clean = self.attempt.certificates.is_empty();
        if is_ok && !is_clean {
            statements.push(say!(probe.not_verified));
        }
        let faults: Vec<String> = self
            .attempt
            .certificates
            .iter()
            .map(|it| it.id.to_owned())
            .collect();
        if !faults.is_empty() {
            facts.push(("faults", Fact::Texts(faults)));
        }
        self.held = Some(Layer {
            id: "tls",
            is_ok: is_ok && is_clean,
            seconds,
            statements,
            facts,
        });
        match result {
            Ok(tls) => {
                line.secure(tls);
                true
            }
            Err(fault) => {
                self.release();
                self.tls_failed(fault);
                false
            }
        }
    }

    /// Takes note that TLS failed, and of what of it went over in clear.
    pub(super) fn tls_failed(&mut self, fault: TlsFault) {
        for (is_client, bytes, time) in in_clear(&self.handshake, &fault) {
            let side = if is_client {
                Side::Client
            } else {
                Side::Server
            };
            self.tape.bytes_at(side, &bytes, time);
        }
        let now = self.tape.now();
        let (side, kind) = match fault {
            TlsFault::Reset => (Side::Server, EndKind::Rst),
            TlsFault::Ended
            | TlsFault::Alert(_)
            | TlsFault::ClientCertificate
            | TlsFault::ClientCertificateRefused => (Side::Server, EndKind::Fin),
            _ => (Side::Client, EndKind::Fin),
        };
        self.tape.end(side, kind, now);
        self.attempt.begins.clone_from(&self.handshake.begins);
        self.failed(Failure::Tls(fault));
    }
}

/// Tells of the certificates.
fn certificate_words(
    judged: &Certificates,
    statements: &mut Vec<Message>,
    facts: &mut Vec<(&'static str, Fact)>,
) {
    let Some(leaf) = judged.leaf() else {
        return;
    };
    let until = crate::certificate::date(leaf.not_after);
    let (name, issuer) = (escape(leaf.title()), escape(leaf.issuer_title()));
    statements.push(say!(probe.certificate, name, issuer, until = until.clone()));
    facts.push(("subject", Fact::Text(escape(&leaf.subject))));
    facts.push(("issuer", Fact::Text(escape(&leaf.issuer))));
    facts.push(("not_after", Fact::Text(until)));
    let names = leaf.names.iter().map(|name| escape(name)).collect();
    facts.push(("names", Fact::Texts(names)));
}

/// What is wrong with certificates, with what to do.
fn judged_faults(judged: &Certificates, handshake: &HandshakeRecord) -> Vec<CertificateFault> {
    // Where the verifier is content there is no fault: it found its way.
    let Some(refusal) = &handshake.refusal else {
        return Vec::new();
    };
    let fault = |fault: &Fault| CertificateFault {
        id: fault.id(),
        sentence: fault.message(),
        advice: advice_for(fault),
    };
    let mut faults: Vec<CertificateFault> = judged.faults.iter().map(fault).collect();
    if faults.is_empty() {
        faults.push(match &judged.unsent_issuer {
            // A constraint that is not judged here.
            _ if handshake.is_root_trusted => CertificateFault {
                id: "refused",
                sentence: say!(certificate.refused, error = refusal.as_str()),
                advice: advice::TLS_WRONG_ISSUER,
            },
            Some(issuer) => CertificateFault {
                id: "unknown-issuer",
                sentence: say!(certificate.unknown_root, issuer = escape(&issuer.name)),
                advice: advice::TLS_UNKNOWN_ISSUER,
            },
            None => {
                let root = judged.sent.last().map(|last| escape(last.title()));
                let root = root.unwrap_or_default();
                CertificateFault {
                    id: "untrusted-root",
                    sentence: say!(certificate.untrusted_root, root),
                    advice: advice::TLS_UNKNOWN_ISSUER,
                }
            }
        });
    }
    if let Some(product) = judged.inspector() {
        faults.push(CertificateFault {
            id: "inspected",
            sentence: say!(certificate.inspected, product),
            advice: advice::TLS_INSPECTED,
        });
    }
    faults
}

fn advice_for(fault: &Fault) -> &'static [Advice] {
    match fault {
        Fault::Expired { .. } => advice::TLS_EXPIRED,
        Fault::NotYetValid { .. } => advice::TLS_NOT_YET_VALID,
        Fault::WrongName { .. } => advice::TLS_WRONG_NAME,
        Fault::NameInCommonNameOnly { .. } => advice::TLS_NAME_IN_CN_ONLY,
        Fault::SelfSigned { .. } => advice::TLS_SELF_SIGNED,
        Fault::IssuerNotSent { .. } => advice::TLS_ISSUER_NOT_SENT,
        Fault::WrongIssuer { .. } | Fault::IssuerNoAuthority { .. } => advice::TLS_WRONG_ISSUER,
        Fault::NotForServers => advice::TLS_NOT_FOR_SERVERS,
        Fault::WeakKey { .. } | Fault::WeakSignature { .. } => advice::TLS_WEAK,
        Fault::NoCertificate | Fault::Unreadable { .. } => advice::TLS_WRONG_ISSUER,
    }
}
