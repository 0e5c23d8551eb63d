//! What a client knows of its own attempt to open a connection, beside the bytes that went over it.
//!
//! A client that tells of itself knows more than packets show: which name it looked up, which proxy it
//! asked, what it did not like about a certificate. A source that was such a client says so here.
//!
//! ```
//! # #[cfg(feature = "probe")] {
//! use std::sync::Arc;
//! use wsclose::probe::{Options, Target, run};
//! use wsclose::session::attempt::Failure;
//!
//! // A port on which nobody listens any more.
//! let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
//! let url = format!("ws://{}/", listener.local_addr().unwrap());
//! drop(listener);
//! let outcome = run(&Options::of(Target::of(&url).unwrap()), &Arc::default(), &mut |_| {});
//! let attempt = outcome.record.transport.attempt.as_deref().unwrap();
//! assert!(matches!(attempt.failure, Some(Failure::Connect)));
//! println!("tried in vain: {:?}", attempt.missed);
//! # }
//! ```

use std::net::SocketAddr;

use crate::words::{Advice, Message, Value};

/// An attempt to open a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// The host that was asked for, as in the URL.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether TLS was to be spoken.
    pub is_secure: bool,
    /// Whether the URL had no scheme.
    pub had_no_scheme: bool,
    /// Where it failed; `None` where it got as far as the upgrade, which its bytes tell of.
    pub failure: Option<Failure>,
    /// Addresses that were tried in vain, in their order.
    pub missed: Vec<Missed>,
    /// The proxy that was asked, without its login.
    pub proxy: Option<String>,
    /// What is wrong with the server's certificates.
    pub certificates: Vec<CertificateFault>,
    /// Whether faults of certificates were passed over, as was asked for.
    pub is_insecure: bool,
    /// The first bytes that the server sent, where they are no HTTP.
    pub begins: Vec<u8>,
    /// Whether the head of the answer is longer than any that is read.
    pub is_head_too_long: bool,
    /// Whether the answer had begun and its head was not whole when the client gave up.
    pub is_head_unfinished: bool,
    /// The Origin that was sent.
    pub sent_origin: Option<String>,
    /// What became of the other attempts that were made to compare.
    pub compared: Vec<Compared>,
    /// Connections that were left idle.
    pub idled: Vec<Idled>,
    /// How many bytes had come when the client stopped listening because of that.
    pub flooded: Option<u64>,
    /// What else the client has to tell.
    pub notes: Vec<Message>,
    /// Whether somebody stopped it before it was done.
    pub is_stopped: bool,
}

/// Where an attempt failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// The name led to no address.
    Name(NameFault),
    /// No address could be connected to; [`Attempt::missed`] has them.
    Connect,
    /// The proxy gave no tunnel.
    Proxy(ProxyFault),
    /// TLS.
    Tls(TlsFault),
}

/// Why a name led to no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFault {
    /// The name.
    pub name: String,
    /// Why.
    pub why: NameWhy,
    /// The name servers that the system asks, where they are known.
    pub servers: Vec<String>,
    /// Whether it is the name of the proxy.
    pub is_proxy: bool,
}

/// Why a name led to no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameWhy {
    /// There is no such name.
    Missing,
    /// The name is there and has no address.
    NoAddress,
    /// It has none of the family that was asked for: `IPv4`, `IPv6`.
    NoAddressOf(&'static str),
    /// The name server failed.
    ServerFailed,
    /// No name server answered.
    Unanswered,
    /// The system does not say.
    Unknown,
}

/// An address that was tried in vain.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// The address.
    pub address: SocketAddr,
    /// What happened.
    pub why: MissedWhy,
    /// How many seconds it took.
    pub seconds: f64,
}

/// What happened to an attempt to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissedWhy {
    /// It was refused.
    Refused,
    /// It was reset.
    Reset,
    /// Nothing answered.
    Unanswered,
    /// There is no way there.
    Unreachable,
    /// This machine does not allow it.
    Forbidden,
    /// Something else, in the words of the system.
    Other(String),
}

/// Why a proxy gave no tunnel.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ProxyFault {
    /// Its address could not be connected to.
    Connect,
    /// It answered something else than 2xx.
    Answered(ProxyAnswer),
    /// SOCKS5: the reply's number.
    Socks(u8),
    /// SOCKS5: it wants a login.
    SocksLogin,
    /// It did not answer for so many seconds.
    Silent(f64),
    /// It ended the connection.
    Ended,
    /// What it answered is not of its protocol.
    NoProxy(Vec<u8>),
}

/// The answer of a proxy to CONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyAnswer {
    /// The status.
    pub status: u16,
    /// Its words.
    pub reason: String,
    /// Which logins it takes.
    pub authenticate: Option<String>,
    /// Who it says it is.
    pub names: Option<String>,
    /// The beginning of its body.
    pub body: Vec<u8>,
}

/// Why TLS failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TlsFault {
    /// The certificates; [`Attempt::certificates`] tells what is wrong with them.
    Certificates,
    /// The server wants a certificate of the client, and none was given.
    ClientCertificate,
    /// It does not take the one that was given.
    ClientCertificateRefused,
    /// The server refused with this alert.
    Alert(String),
    /// The server did not answer for so many seconds.
    Silent(f64),
    /// The server ended TCP.
    Ended,
    /// The server reset TCP.
    Reset,
    /// What it answered is no TLS; [`Attempt::begins`] has it.
    NoTls,
    /// Something else, in the words of the library.
    Other(String),
}

/// Something wrong with a certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct CertificateFault {
    /// Its word in JSON.
    pub id: &'static str,
    /// What it is, as a clause.
    pub sentence: Message,
    /// What to do.
    pub advice: &'static [Advice],
}

/// Another attempt, with one thing changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its word in JSON.
    pub id: &'static str,
    /// What was changed.
    pub what: Message,
    /// Whether the connection opened.
    pub has_opened: bool,
    /// What came of it.
    pub outcome: Value,
    /// Whether the port answered as one that speaks TLS.
    pub has_tls: bool,
}

/// A connection that was left idle.
#[derive(Clone, Debug, PartialEq)]
pub struct Idled {
    /// Its word in JSON: `silent`, `pings`, `tcp-keepalive`.
    pub id: &'static str,
    /// What was sent over it.
    pub what: Message,
    /// When it ended, in seconds from its opening; `None` where it was still there.
    pub ended: Option<f64>,
    /// How long nothing had gone over it then, in seconds.
    pub silence: f64,
    /// How it ended.
    pub how: Option<Value>,
    /// Whether it was gone and nobody had said so.
    pub is_dead: bool,
}
