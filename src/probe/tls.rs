//! TLS: the handshake, and our own judgement of the certificates that were shown.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConnection, ResolvesClientCert, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::line::{Got, Line};
use super::wait::Waiter;
use crate::certificate::{Certificates, Fault, judge};
use crate::escape::escape;
use crate::session::attempt::TlsFault;
use crate::words::{Message, say};

/// So many bytes of a handshake are kept.
const MOST_RAW: usize = 256 * 1024;

/// Whom the client trusts, and who it is.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Authorities that are trusted in place of the system's, as DER.
    pub authorities: Vec<Vec<u8>>,
    /// The client's own certificate and those that lead to its root, as DER.
    pub certificate: Vec<Vec<u8>>,
    /// The client's key, as PEM.
    pub key: Vec<u8>,
    /// Whether faults of certificates are passed over.
    pub is_insecure: bool,
}

/// The roots that are trusted, and where they are from.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    store: Arc<RootCertStore>,
    /// Where they are from.
    pub(super) from: Message,
}

impl Roots {
    /// Those that were given, or else the system's, or else Mozilla's.
    pub(super) fn load(trust: &Trust) -> Self {
        let mut store = RootCertStore::empty();
        if !trust.authorities.is_empty() {
            let given = trust.authorities.iter().cloned().map(CertificateDer::from);
            store.add_parsable_certificates(given);
            return Roots {
                store: Arc::new(store),
                from: say!(probe.trust_given),
            };
        }
        let native = rustls_native_certs::load_native_certs();
        let (added, _) = store.add_parsable_certificates(native.certs);
        let from = if added > 0 {
            say!(
                probe.trust_native,
                n = crate::words::Value::Number(added as u64)
            )
        } else {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            say!(probe.trust_mozilla)
        };
        Roots {
            store: Arc::new(store),
            from,
        }
    }

    /// Whether an authority of this name is trusted.
    fn knows(&self, name: &[u8]) -> bool {
        let inside = contents(name);
        let mut roots = self.store.roots.iter();
        roots.any(|root| root.subject.as_ref() == inside || root.subject.as_ref() == name)
    }
}

/// What is inside a DER sequence.
fn contents(der: &[u8]) -> &[u8] {
    let length = match der.get(1) {
        Some(length @ 0..=0x7f) => (2, usize::from(*length)),
        Some(0x81) => (3, usize::from(der.get(2).copied().unwrap_or_default())),
        Some(0x82) => match der.get(2..4) {
            Some(&[high, low]) => (4, usize::from(u16::from_be_bytes([high, low]))),
            _ => return der,
        },
        _ => return der,
    };
    der.get(length.0..length.0 + length.1).unwrap_or(der)
}

/// What TLS came to.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The certificates, judged.
    pub(super) certificates: Option<Certificates>,
    /// Whether the server asked for a certificate of the client.
    pub(super) is_client_asked: bool,
    /// Why the verifier refuses them, in its words; `None` where it is content.
    pub(super) refusal: Option<String>,
    /// Whether the chain leads to an authority whose name is trusted.
    pub(super) is_root_known: bool,
    /// What went over TCP in clear, with whose it was and when.
    pub(super) raw: Vec<(bool, Vec<u8>, i64)>,
    /// The first bytes of the server.
    pub(super) begins: Vec<u8>,
}

/// Records what is shown, and asks the usual verifier.
#[derive(Debug)]
struct Verifier {
    inner: Arc<WebPkiServerVerifier>,
    is_insecure: bool,
    /// What was given as trusted, which may be the server's own certificate.
    given: Vec<Vec<u8>>,
    name: String,
    chain: Mutex<Vec<Vec<u8>>>,
    refusal: Mutex<Option<Error>>,
}

impl Verifier {
    /// Whether a certificate was itself given as trusted, and nothing else is wrong with it: one for
    /// tests that calls itself an authority.
    fn is_given(&self, certificate: &CertificateDer<'_>) -> bool {
        let der = certificate.to_vec();
        self.given.contains(&der) && {
            let faults = judge(&[der], Some(&self.name), now()).faults;
            let is_own = |fault: &Fault| matches!(fault, Fault::SelfSigned { .. });
            faults.iter().all(is_own)
        }
    }
}

/// Now, in seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates);
        *locked(&self.chain) = chain.take(16).map(|der| der.to_vec()).collect();
        let verified = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            Err(_) if self.is_given(end_entity) => Ok(ServerCertVerified::assertion()),
            Err(error) => {
                *locked(&self.refusal) = Some(error.clone());
                match self.is_insecure {
                    true => Ok(ServerCertVerified::assertion()),
                    false => Err(error),
                }
            }
            fine => fine,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
) -> (Result<Box<ClientConnection>, TlsFault>, Shown) {
    let mut shown = Shown::default();
    let other = |text: String| TlsFault::Other(text);
    let provider = provider();
    let inner =
        WebPkiServerVerifier::builder_with_provider(asked.roots.store.clone(), provider.clone());
    let inner = match inner.build() {
        Ok(inner) => inner,
        Err(error) => return (Err(other(error.to_string())), shown),
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
        Err(error) => return (Err(other(error.to_string())), shown),
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
        Err(error) => return (Err(other(error)), shown),
    };
    let result = shake(line, &mut tls, patience, waiter, now, &mut shown);
    shown.is_client_asked = identity.is_asked.load(Ordering::Relaxed);
    let refusal = locked(&verifier.refusal).clone();
    shown.refusal = refusal.as_ref().map(|error| escape(&error.to_string()));
    let chain = locked(&verifier.chain).clone();
    if !chain.is_empty() {
        let mut judged = judge(&chain, Some(asked.name), self::now());
        let last = judged.sent.last().map(|last| &last.subject_der);
        let unsent = judged.unsent_issuer.as_ref().map(|issuer| &issuer.der);
        shown.is_root_known = unsent.or(last).is_some_and(|name| asked.roots.knows(name));
        if unsent.is_some() && shown.is_root_known {
            judged.trust_unsent_issuer();
        }
        shown.certificates = Some(judged);
    }
    let result = result.map_err(|failed| match failed {
        Failed::Got(Got::Nothing) => TlsFault::Silent(patience.as_secs_f64()),
        Failed::Got(Got::Rst) => TlsFault::Reset,
        Failed::Got(_) => TlsFault::Ended,
        Failed::Tls(Error::InvalidCertificate(_)) if refusal.is_some() => TlsFault::Certificates,
        Failed::Tls(error) => fault(&error, &shown, identity.key.is_some()),
    });
    (result.map(|()| tls), shown)
}

/// What an error of TLS means, in the handshake or behind it.
pub(super) fn fault(error: &Error, shown: &Shown, has_identity: bool) -> TlsFault {
    let wants_certificate = |fault: TlsFault| match (shown.is_client_asked, has_identity) {
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
        Error::InvalidMessage(_) if !looks_like_tls(&shown.begins) => TlsFault::NoTls,
        error => TlsFault::Other(escape(&error.to_string())),
    }
}

fn looks_like_tls(bytes: &[u8]) -> bool {
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
    shown: &mut Shown,
) -> Result<(), Failed> {
    let until = waiter.until(patience);
    let mut kept = 0;
    while tls.is_handshaking() {
        flush(line, tls, until, waiter, now, shown)?;
        if !tls.is_handshaking() {
            break;
        }
        let raw = match line.read_raw(until, waiter) {
            Got::Bytes(raw) => raw,
            Got::Fin if shown.begins.is_empty() => return Err(Failed::Got(Got::Fin)),
            other => return Err(Failed::Got(other)),
        };
        let room = 64_usize.saturating_sub(shown.begins.len()).min(raw.len());
        shown.begins.extend(raw.get(..room).unwrap_or_default());
        kept += raw.len();
        if kept <= MOST_RAW {
            shown.raw.push((false, raw.clone(), now()));
        }
        let mut rest = raw.as_slice();
        while !rest.is_empty() {
            if tls.read_tls(&mut rest).is_err() {
                return Err(Failed::Got(Got::Broken));
            }
            if let Err(error) = tls.process_new_packets() {
                let _ = flush(line, tls, until, waiter, now, shown);
                return Err(Failed::Tls(error));
            }
        }
        if waiter.is_over(until) {
            return Err(Failed::Got(Got::Nothing));
        }
    }
    flush(line, tls, until, waiter, now, shown)
}

fn flush(
    line: &mut Line,
    tls: &mut ClientConnection,
    until: std::time::Instant,
    waiter: &Waiter<'_>,
    now: &dyn Fn() -> i64,
    shown: &mut Shown,
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
    shown.raw.push((true, out, now()));
    written.map_err(Failed::Got)
}

/// What of a handshake that failed went over in clear, and the alert that ended it, as if that had
/// been in clear too.
pub(super) fn in_clear(shown: &Shown, fault: &TlsFault) -> Vec<(bool, Vec<u8>, i64)> {
    let mut clear = Vec::new();
    for is_client in [true, false] {
        let parts = shown
            .raw
            .iter()
            .filter(|(client, _, _)| *client == is_client);
        let mut whole: Vec<u8> = Vec::new();
        let mut first = None;
        for (_, bytes, time) in parts {
            first = first.or(Some(*time));
            whole.extend_from_slice(bytes);
        }
        let length = clear_length(&whole);
        whole.truncate(length);
        if let Some(time) = first.filter(|_| !whole.is_empty()) {
            clear.push((is_client, whole, time));
        }
    }
    clear.sort_by_key(|(_, _, time)| *time);
    let last = shown.raw.last().map_or(0, |(_, _, time)| *time);
    let (is_client, description) = match fault {
        TlsFault::Certificates => (true, certificate_alert(shown)),
        TlsFault::ClientCertificate => (false, 116),
        TlsFault::ClientCertificateRefused => (false, 42),
        TlsFault::Alert(name) => (false, alert_number(name)),
        _ => return clear,
    };
    let is_there = clear.iter().any(|(client, bytes, _)| {
        *client == is_client && bytes.windows(5).any(|head| head == [21, 3, 3, 0, 2])
    });
    if !is_there {
        clear.push((is_client, vec![21, 3, 3, 0, 2, 2, description], last));
    }
    clear
}

fn alert_number(name: &str) -> u8 {
    let named = |number: &u8| {
        let alert = crate::session::tls::Alert {
            is_fatal: true,
            description: *number,
        };
        alert.name() == Some(name)
    };
    (1..=u8::MAX)
        .find(named)
        .or_else(|| name.parse().ok())
        .unwrap_or(40)
}

fn certificate_alert(shown: &Shown) -> u8 {
    let faults = shown
        .certificates
        .as_ref()
        .map(|judged| judged.faults.as_slice());
    match faults.and_then(<[Fault]>::first) {
        Some(Fault::Expired { .. } | Fault::NotYetValid { .. }) => 45,
        Some(Fault::WrongName { .. } | Fault::NameInCommonNameOnly { .. }) => 42,
        _ => 48,
    }
}

/// How many bytes at the front are records in clear; all, where they are no records.
fn clear_length(bytes: &[u8]) -> usize {
    if !looks_like_tls(bytes) {
        return bytes.len();
    }
    let mut at = 0;
    while let Some(&[kind @ (21 | 22), 3, _, high, low]) = bytes
        .get(at..at + 5)
        .and_then(|head| <&[u8; 5]>::try_from(head).ok())
    {
        let _ = kind;
        let end = at + 5 + usize::from(u16::from_be_bytes([high, low]));
        if end > bytes.len() {
            break;
        }
        at = end;
    }
    at
}
