//! A TLS connection between two ends in memory, and its keys.

use std::io::Write;
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
};

/// The lines of a key log.
#[derive(Debug, Default)]
struct Log(Mutex<String>);

impl rustls::KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let (random, secret) = (hex::encode(client_random), hex::encode(secret));
        let mut lines = self.0.lock().expect("it is whole");
        lines.push_str(&format!("{label} {random} {secret}\n"));
    }
}

/// The client and the server.
pub(crate) struct Tls {
    ends: [Connection; 2],
    log: Arc<Log>,
}

impl Tls {
    pub(crate) fn new() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let mut provider = ring::default_provider();
        provider.cipher_suites = vec![ring::cipher_suite::TLS13_AES_128_GCM_SHA256];
        let provider = Arc::new(provider);
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).expect("a root");
        let log = Arc::new(Log::default());
        let mut client = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("TLS 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.key_log = log.clone();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("TLS 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a server");
        let name = ServerName::try_from("localhost").expect("a name");
        let client = ClientConnection::new(Arc::new(client), name).expect("a client");
        let server = ServerConnection::new(Arc::new(server)).expect("a server");
        Tls {
            ends: [client.into(), server.into()],
            log,
        }
    }

    /// The next part of the handshake: who sends it, and what.
    pub(crate) fn shake_hands(&mut self) -> Option<(usize, Vec<u8>)> {
        let end = self.ends.iter().position(|end| end.wants_write())?;
        let sent = self.written(end);
        let other = &mut self.ends[1 - end];
        let mut rest = &sent[..];
        while !rest.is_empty() {
            other.read_tls(&mut rest).expect("it is read");
            other.process_new_packets().expect("it fits");
        }
        Some((end, sent))
    }

    /// The record in which an end sends these bytes.
    pub(crate) fn sealed(&mut self, end: usize, bytes: &[u8]) -> Vec<u8> {
        let all = self.ends[end].writer().write_all(bytes);
        all.expect("it is taken");
        self.written(end)
    }

    fn written(&mut self, end: usize) -> Vec<u8> {
        let mut sent = Vec::new();
        while self.ends[end].wants_write() {
            self.ends[end].write_tls(&mut sent).expect("it is memory");
        }
        sent
    }

    /// The key log.
    pub(crate) fn keys(&self) -> String {
        self.log.0.lock().expect("it is whole").clone()
    }
}
