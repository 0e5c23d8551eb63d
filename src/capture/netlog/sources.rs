//! Which source belongs to which: sockets to requests, over what made and found them.
//!
//! Events name a second source where one depends on another. Followed from the socket upwards they lead
//! to the request that uses it. HTTP/2 sessions are used by many, and lead to none.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::event::SourceId;
use super::http2::DataFrames;
use super::names::Role;

/// So many sources are remembered; the oldest are forgotten first.
const MOST_SOURCES: usize = 65_536;
/// So many of the newest are looked through for what worked for a request.
const NEWEST: usize = 4096;
/// So many sources may stand between a socket and a request.
const DEEPEST: usize = 8;
/// So many certificates of a connection are kept, each of at most so many bytes.
const MOST_CERTIFICATES: usize = 8;
const LONGEST_CERTIFICATE: usize = 16 * 1024;

/// What is known of a source that is no request.
#[derive(Debug)]
pub(super) struct Source {
    parent: Option<(i64, Role)>,
    /// The addresses of a socket: its own, and the other's.
    pub(super) addresses: [Option<SocketAddr>; 2],
    /// When a socket was connected, in nanoseconds since 1970.
    pub(super) opened: Option<i64>,
    /// The certificates that came over it, as DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// Whether what answered the beginning of TLS was none.
    pub(super) is_no_tls: bool,
    /// What a proxy answered to a CONNECT.
    pub(super) tunnel_status: Option<u16>,
    /// Whether a CONNECT was sent to it that it has not answered.
    pub(super) is_tunnel_asked: bool,
    /// Whether bytes of the layer over TLS were seen.
    pub(super) has_spoken: bool,
    /// The HTTP/2 session on a socket, or the socket of a session.
    pub(super) session: Option<i64>,
    /// The data in an HTTP/2 session's bytes, where these are in the log from the first on.
    pub(super) data: Option<Box<[DataFrames; 2]>>,
    /// Which streams of a session are of which requests.
    pub(super) streams: BTreeMap<u32, i64>,
}

impl Source {
    fn new() -> Self {
        Source {
            parent: None,
            addresses: [None; 2],
            opened: None,
            certificates: Vec::new(),
            is_no_tls: false,
            tunnel_status: None,
            is_tunnel_asked: false,
            has_spoken: false,
            session: None,
            data: None,
            streams: BTreeMap::new(),
        }
    }

    /// Whether the data of each stream comes out of the bytes in the log.
    pub(super) fn has_data(&self) -> bool {
        self.data.is_some() && self.has_spoken
    }

    /// Keeps the chain of certificates that came.
    pub(super) fn keep_certificates(&mut self, chain: Vec<String>) {
        let chain = chain.iter().take(MOST_CERTIFICATES);
        let chain = chain.filter(|certificate| certificate.len() <= LONGEST_CERTIFICATE);
        self.certificates = chain.map(|certificate| der(certificate)).collect();
    }
}

/// The sources of a log.
#[derive(Debug, Default)]
pub(super) struct Sources {
    sources: HashMap<i64, Source>,
    order: VecDeque<i64>,
}

impl Sources {
    /// What is known of a source.
    pub(super) fn get(&self, id: i64) -> Option<&Source> {
        self.sources.get(&id)
    }

    /// What is known of a source, to be added to.
    pub(super) fn entry(&mut self, id: i64) -> &mut Source {
        if !self.sources.contains_key(&id) {
            if self.order.len() >= MOST_SOURCES {
                if let Some(oldest) = self.order.pop_front() {
                    self.sources.remove(&oldest);
                }
            }
            self.order.push_back(id);
        }
        self.sources.entry(id).or_insert_with(Source::new)
    }

    /// Takes note that one source named another.
    pub(super) fn join(&mut self, one: (SourceId, Role), other: (SourceId, Role)) {
        let ((upper, upper_role), (lower, lower_role)) = match one.1 <= other.1 {
            true => (one, other),
            false => (other, one),
        };
        let is_followed = upper_role < Role::Channel && lower_role < Role::Channel;
        // A session serves many; of two alike the one that tells of the other uses it.
        let is_shared = lower_role == Role::Session || lower_role == Role::Request;
        if !is_followed || is_shared || upper.id == lower.id {
            return;
        }
        let lower = self.entry(lower.id);
        // The job that took over what another source made counts more than that.
        let is_nearer = lower
            .parent
            .is_none_or(|(_, role)| upper_role <= role || role == Role::Session);
        if is_nearer || upper_role == Role::Session {
            lower.parent = Some((upper.id, upper_role));
        }
    }

    /// The request that a source works for; `is_request` knows them.
    pub(super) fn owner(&self, id: i64, is_request: impl Fn(i64) -> bool) -> Option<i64> {
        let mut id = id;
        for _ in 0..DEEPEST {
            if is_request(id) {
                return Some(id);
            }
            id = self.sources.get(&id)?.parent?.0;
        }
        None
    }

    /// The newest of the sources that work for a request and that a test takes.
    pub(super) fn newest_of(
        &self,
        request: i64,
        wanted: impl Fn(&Source) -> bool,
    ) -> Option<&Source> {
        let mut newest = self.order.iter().rev().take(NEWEST).filter_map(|id| {
            let source = self.sources.get(id).filter(|source| wanted(source))?;
            let owner = self.owner(*id, |id| id == request)?;
            (owner == request).then_some(source)
        });
        newest.next()
    }
}

/// A certificate out of its PEM; what is none gives what is none.
fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    STANDARD
        .decode(lines.collect::<String>().trim())
        .unwrap_or_default()
}
