//! A name to its addresses, and why there are none.
//!
//! The system looks the name up, as it does for every program. Where that fails it gives only a text,
//! in other words on each system; so the name servers themselves are asked why.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};

use super::wait::Waiter;
use crate::session::attempt::{NameFault, NameWhy};

/// So long the system may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long a name server may take.
const SERVER_PATIENCE: Duration = Duration::from_millis(1200);
/// So many of them are asked.
const MOST_SERVERS: usize = 2;

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4 alone.
    Four,
    /// IPv6 alone.
    Six,
}

impl Family {
    pub(super) fn holds(self, address: IpAddr) -> bool {
        match self {
            Family::Four => address.is_ipv4(),
            Family::Six => address.is_ipv6(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Family::Four => "IPv4",
            Family::Six => "IPv6",
        }
    }
}

/// The addresses of a host, in the order in which the system would try them.
pub(super) fn resolve(
    host: &str,
    port: u16,
    family: Option<Family>,
    waiter: &Waiter<'_>,
) -> Result<Vec<SocketAddr>, NameFault> {
    let fault = |why| NameFault {
        name: host.to_owned(),
        why,
        servers: servers().iter().map(IpAddr::to_string).collect(),
        is_proxy: false,
    };
    let all = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => {
            let name = host.to_owned();
            let found = waiter.call(PATIENCE, move || {
                let found = (name.as_str(), port).to_socket_addrs();
                found.map(Iterator::collect::<Vec<_>>)
            });
            match found {
                None if waiter.is_stopped() => return Err(fault(NameWhy::Unknown)),
                None => return Err(fault(NameWhy::Unanswered)),
                Some(Err(_)) => return Err(fault(why(host, waiter))),
                Some(Ok(found)) => found,
            }
        }
    };
    if all.is_empty() {
        return Err(fault(NameWhy::NoAddress));
    }
    let mut wanted: Vec<SocketAddr> = Vec::new();
    for address in all {
        let fits = family.is_none_or(|family| family.holds(address.ip()));
        if fits && !wanted.contains(&address) {
            wanted.push(address);
        }
    }
    match family {
        Some(family) if wanted.is_empty() => Err(fault(NameWhy::NoAddressOf(family.name()))),
        _ => Ok(wanted),
    }
}

/// Why the system found no address.
fn why(host: &str, waiter: &Waiter<'_>) -> NameWhy {
    // "users … must expect NXDOMAIN" (RFC 6761 section 6.4).
    let name = host.trim_end_matches('.');
    if name == "invalid" || name.ends_with(".invalid") {
        return NameWhy::Missing;
    }
    let Some(questions) = [1, 28]
        .map(|kind| question(name, kind))
        .into_iter()
        .collect()
    else {
        return NameWhy::Missing;
    };
    let questions: Vec<Vec<u8>> = questions;
    let mut worst = None;
    for server in servers().into_iter().take(MOST_SERVERS) {
        if waiter.is_stopped() {
            return NameWhy::Unknown;
        }
        let replies: Vec<Reply> = questions
            .iter()
            .map(|question| ask(server, question))
            .collect();
        match replies.as_slice() {
            [Reply::Missing, ..] | [_, Reply::Missing] => return NameWhy::Missing,
            [Reply::Empty, Reply::Empty] => return NameWhy::NoAddress,
            _ if replies.contains(&Reply::Failed) => worst = Some(NameWhy::ServerFailed),
            _ if replies.contains(&Reply::None) => {
                worst = worst.or(Some(NameWhy::Unanswered));
            }
            // The name servers know the name, and the system did not find it: it may next time.
            _ => worst = Some(NameWhy::Unknown),
        }
    }
    worst.unwrap_or(NameWhy::Unknown)
}

/// The name servers that the system asks.
fn servers() -> Vec<IpAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let lines = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"));
    // A zone may stand behind an address.
    let servers = lines.filter_map(|rest| rest.trim().split('%').next()?.parse().ok());
    servers.take(3).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Missing,
    Empty,
    Some,
    Failed,
    None,
}

/// A question for a name's addresses. `None` where no name server could be asked for such a name.
///
/// Source: RFC 1035 section 4.1.
fn question(name: &str, kind: u8) -> Option<Vec<u8>> {
    let mut question = vec![0x77, kind, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok()?;
        if !(1..=63).contains(&length) {
            return None;
        }
        question.push(length);
        question.extend_from_slice(label.as_bytes());
    }
    (question.len() <= 12 + 254).then(|| {
        question.extend([0, 0, kind, 0, 1]);
        question
    })
}

fn ask(server: IpAddr, question: &[u8]) -> Reply {
    let local = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let asked = || -> std::io::Result<Reply> {
        let socket = UdpSocket::bind(local)?;
        socket.connect((server, 53))?;
        socket.send(question)?;
        let end = Instant::now() + SERVER_PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Reply::None);
            }
            socket.set_read_timeout(Some(left))?;
            let mut reply = [0; 2048];
            let length = socket.recv(&mut reply)?;
            let reply = reply.get(..length).unwrap_or_default();
            if let (Some(head), true) = (reply.get(..8), reply.get(..2) == question.get(..2)) {
                let answers = u16::from_be_bytes([head[6], head[7]]);
                return Ok(match (head[3] & 15, answers) {
                    (3, _) => Reply::Missing,
                    (0, 0) => Reply::Empty,
                    (0, _) => Reply::Some,
                    _ => Reply::Failed,
                });
            }
        }
    };
    asked().unwrap_or(Reply::None)
}
