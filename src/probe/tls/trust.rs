//! Whom the client trusts, and the verifier that records what a server sends and asks the usual one: a chain that
//! is refused is judged all the same, to say what is wrong with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::certificate::{Fault, judge};
use crate::words::{Message, say};

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
pub(in crate::probe) struct Roots {
    pub(super) store: Arc<RootCertStore>,
    /// Where they are from.
    pub(in crate::probe) from: Message,
}

impl Roots {
    /// Those that were given, or else the system's, or else Mozilla's.
    pub(in crate::probe) fn load(trust: &Trust) -> Self {
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
    pub(super) fn trusts(&self, name: &[u8]) -> bool {
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

/// Records what is handshake, and asks the usual verifier.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) inner: Arc<WebPkiServerVerifier>,
    pub(super) is_insecure: bool,
    /// What was given as trusted, which may be the server's own certificate.
    pub(super) given: Vec<Vec<u8>>,
    pub(super) name: String,
    pub(super) chain: Mutex<Vec<Vec<u8>>>,
    pub(super) refusal: Mutex<Option<Error>>,
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
pub(super) fn now() -> i64 {
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

pub(super) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
