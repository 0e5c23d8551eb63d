//! TLS: the handshake, and our own judgement of the certificates that were handshake.

mod clear;
mod trust;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::client::{ClientConnection, ResolvesClientCert, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, ClientConfig, Error, SignatureScheme};

use super::line::{Got, Line};
use super::wait::Waiter;
use crate::certificate::{Certificates, judge};
use crate::escape::escape;
use crate::session::attempt::TlsFault;
use crate::words::{Message, say};
pub(super) use clear::in_clear;
pub(super) use trust::Roots;
pub use trust::Trust;
use trust::{Verifier, locked};

/// So many bytes of a handshake are kept.
const MOST_RAW: usize = 256 * 1024;

/// What TLS came to.
#[derive(Debug, Default)]
pub(super) struct HandshakeRecord {
    /// The certificates, judged.
    pub(super) certificates: Option<Certificates>,
    /// Whether the server asked for a certificate of the client.
    pub(super) is_client_asked: bool,
    /// Why the verifier refuses them, in its words; `None` where it is content.
    pub(super) refusal: Option<String>,
    /// Whether the chain leads to an authority whose name is trusted.
    pub(super) is_root_trusted: bool,
    /// What went over TCP in clear, with whose it was and when.
    pub(super) raw: Vec<(bool, Vec<u8>, i64)>,
    /// The first bytes of the server.
    pub(super) begins: Vec<u8>,
}

/// Gives the client's certificate, and notes that it was asked for.
#[derive(Debug)]
struct Identity {
    key: Option<Arc<CertifiedKey>>,
    is_asked: AtomicBool,
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.is_asked.store(true, Ordering::Relaxed);
        self.key.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// What a handshake needs.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) has_alpn: bool,
    pub(super) trust: &'a Trust,
    pub(super) roots: &'a Roots,
}

/// The provider of cryptography.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Whether a certificate and a key of the client can be used.
///
/// # Errors
///
/// What is wrong with them.
pub fn check_identity(trust: &Trust) -> Result<(), Message> {
    identity(trust).map(|_| ())
}

fn identity(trust: &Trust) -> Result<Option<Arc<CertifiedKey>>, Message> {
    if trust.certificate.is_empty() {
        return Ok(None);
    }
    let chain = trust.certificate.iter().cloned().map(CertificateDer::from);
    let key = PrivateKeyDer::from_pem_slice(&trust.key).map_err(|_| say!(probe_usage.no_key))?;
    let known = CertifiedKey::from_der(chain.collect(), key, &provider());
    let known = known.map_err(|error| {
        let error = error.to_string();
        say!(probe_usage.bad_key, error)
    })?;
    Ok(Some(Arc::new(known)))
}

/// Makes the handshake. `now` gives the time for what is recorded.
pub(super) fn shake_hands(
    line: &mut Line,
    asked: &Asked<'_>,
    patience: Duration,
    waiter: &Waiter<'_>,
    now: &dyn Fn() -> i64,
) -> (Result<Box<ClientConnection>, TlsFault>, HandshakeRecord) {
    let mut handshake = HandshakeRecord::default();
    let other = |text: String| TlsFault::Other(text);
    let provider = provider();
    let inner =
        WebPkiServerVerifier::builder_with_provider(asked.roots.store.clone(), provider.clone());
    let inner = match inner.build() {
        Ok(inner) => inner,
        Err(error) => return (Err(other(error.to_string())), handshake),
    };
    let verifier = Arc::new(Verifier {
        inner,
        is_insecure: asked.trust.is_insecure,
        given: asked.trust.authorities.clone(),
        name: asked.name.to_owned(),
        chain: Mutex::default(),
        refusal: Mutex::default(),
    });
    let identity = Arc::new(Identity {
        key: identity(asked.trust).ok().flatten(),
        is_asked: AtomicBool::new(false),
    });
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = match config {
        Ok(config) => config
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_client_cert_resolver(identity.clone()),
        Err(error) => return (Err(other(error.to_string())), handshake),
    };
    if asked.has_alpn {
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
    }
    let made = ServerName::try_from(asked.name.to_owned())
        .map_err(|error| error.to_string())
        .and_then(|name| {
            ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())
        });
    let mut tls = match made {
        Ok(tls) => Box::new(tls),
        Err(error) => return (Err(other(error)), handshake),
    };
    let result = shake(line, &mut tls, patience, waiter, now, &mut handshake);
    handshake.is_client_asked = identity.is_asked.load(Ordering::Relaxed);
    let refusal = locked(&verifier.refusal).clone();
    handshake.refusal = refusal.as_ref().map(|error| escape(&error.to_string()));
    let chain = locked(&verifier.chain).clone();
    if !chain.is_empty() {
        let mut judged = judge(&chain, Some(asked.name), trust::now());
        let last = judged.sent.last().map(|last| &last.subject_der);
        let unsent = judged.unsent_issuer.as_ref().map(|issuer| &issuer.der);
        handshake.is_root_trusted = unsent.or(last).is_some_and(|name| asked.roots.trusts(name));
        if unsent.is_some() && handshake.is_root_trusted {
            judged.trust_unsent_issuer();
        }
        handshake.certificates = Some(judged);
    }
    let result = result.map_err(|failed| match failed {
        Failed::Got(Got::Nothing) => TlsFault::Silent(patience.as_secs_f64()),
        Failed::Got(Got::Rst) => TlsFault::Reset,
        Failed::Got(_) => TlsFault::Ended,
        Failed::Tls(Error::InvalidCertificate(_)) if refusal.is_some() => TlsFault::Certificates,
        Failed::Tls(error) => fault(&error, &handshake, identity.key.is_some()),
    });
    (result.map(|()| tls), handshake)
}

/// What an error of TLS means, in the handshake or behind it.
pub(super) fn fault(error: &Error, handshake: &HandshakeRecord, has_identity: bool) -> TlsFault {
    let wants_certificate = |fault: TlsFault| match (handshake.is_client_asked, has_identity) {
        (true, false) => TlsFault::ClientCertificate,
        (true, true) => TlsFault::ClientCertificateRefused,
        (false, _) => fault,
    };
    match error {
        Error::AlertReceived(alert) => {
            let told = TlsFault::Alert(alert_name(*alert));
            match alert {
                AlertDescription::CertificateRequired => TlsFault::ClientCertificate,
                AlertDescription::HandshakeFailure
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRevoked
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::AccessDenied
                | AlertDescription::NoCertificate => wants_certificate(told),
                _ => told,
            }
        }
        Error::InvalidMessage(_) if !is_record(&handshake.begins) => TlsFault::NoTls,
        error => TlsFault::Other(escape(&error.to_string())),
    }
}

fn is_record(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23, 3, 0..=4, ..])
}

/// The name of an alert in the registry.
fn alert_name(alert: AlertDescription) -> String {
    let known = crate::session::tls::Alert {
        is_fatal: true,
        description: u8::from(alert),
    };
    known
        .name()
        .map_or_else(|| u8::from(alert).to_string(), str::to_owned)
}

enum Failed {
    Got(Got),
    Tls(Error),
}

fn shake(
    line: &mut Line,
    tls: &mut ClientConnection,
    patience: Duration,
    waiter: &Waiter<'_>,
    now: &dyn Fn() -> i64,
    handshake: &mut HandshakeRecord,
) -> Result<(), Failed> {
    let until = waiter.until(patience);
    let mut kept = 0;
    while tls.is_handshaking() {
        flush(line, tls, until, waiter, now, handshake)?;
        if !tls.is_handshaking() {
            break;
        }
        let raw = match line.read_raw(until, waiter) {
            Got::Bytes(raw) => raw,
            Got::Fin if handshake.begins.is_empty() => return Err(Failed::Got(Got::Fin)),
            other => return Err(Failed::Got(other)),
        };
        let room = 64_usize
            .saturating_sub(handshake.begins.len())
            .min(raw.len());
        handshake.begins.extend(raw.get(..room).unwrap_or_default());
        kept += raw.len();
        if kept <= MOST_RAW {
            handshake.raw.push((false, raw.clone(), now()));
        }
        let mut rest = raw.as_slice();
        while !rest.is_empty() {
            if tls.read_tls(&mut rest).is_err() {
                return Err(Failed::Got(Got::Broken));
            }
            if let Err(error) = tls.process_new_packets() {
                let _ = flush(line, tls, until, waiter, now, handshake);
                return Err(Failed::Tls(error));
            }
        }
        if waiter.is_over(until) {
            return Err(Failed::Got(Got::Nothing));
        }
    }
    flush(line, tls, until, waiter, now, handshake)
}

fn flush(
    line: &mut Line,
    tls: &mut ClientConnection,
    until: std::time::Instant,
    waiter: &Waiter<'_>,
    now: &dyn Fn() -> i64,
    handshake: &mut HandshakeRecord,
) -> Result<(), Failed> {
    let mut out = Vec::new();
    while tls.wants_write() {
        if tls.write_tls(&mut out).is_err() {
            return Err(Failed::Got(Got::Broken));
        }
    }
    if out.is_empty() {
        return Ok(());
    }
    let written = line.write_raw(&out, until, waiter);
    handshake.raw.push((true, out, now()));
    written.map_err(Failed::Got)
}
