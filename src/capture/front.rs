//! What may stand in front of what the ends of a connection say: a header of the PROXY protocol, which a
//! proxy writes for the server behind it, or the talk of a client with a SOCKS5 proxy.
//!
//! Each is taken off where it is whole and to the letter. What is anything else is handed on as it came.
//!
//! Source: the PROXY protocol, versions 1 and 2 (HAProxy doc/proxy-protocol.txt); RFC 1928, RFC 1929.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::session::{Origin, Piece, ProxyHeader, SocksRefusal};

/// "107 chars" are the longest line of version 1, its end included.
const LONGEST_LINE: usize = 107;
/// How version 2 begins.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// How version 1 begins.
const WORD: &[u8] = b"PROXY ";
/// So much is held of an end until it is known what it is.
const MOST_HELD: usize = 4096;

/// What stood in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A header in the stream of this end, the client.
    Header(usize, ProxyHeader),
    /// What a SOCKS5 proxy answered to this end, the client.
    Tunnel(usize, Result<(), SocksRefusal>),
}

/// What an end said behind it: the end, the offset, the bytes, and where they came.
pub(super) type Behind = (usize, u64, Vec<u8>, Origin);

/// Looks for it at the beginning of both streams.
#[derive(Debug, Default)]
pub(super) struct Front {
    is_past: [bool; 2],
    held: Option<Box<Held>>,
}

/// What is not whole yet.
#[derive(Debug, Default)]
struct Held {
    client: usize,
    stage: Stage,
    said: [Vec<u8>; 2],
    /// How much of that is read.
    read: [usize; 2],
    origins: [Origin; 2],
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// The first words of the client.
    #[default]
    First,
    Method,
    Login,
    LoginAnswer,
    Request,
    Reply,
}

/// A part of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<T> {
    /// It is not whole.
    Short,
    /// It is something else.
    Other,
    /// Whole: so many bytes, and what they say.
    Whole(usize, T),
}

impl Front {
    /// One that looks for nothing any more.
    pub(super) fn past() -> Self {
        Front {
            is_past: [true; 2],
            held: None,
        }
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let held = self.held.iter().flat_map(|held| &held.said);
        held.map(Vec::len).sum()
    }

    /// Whether a piece of an end stands behind whatever stood in front.
    pub(super) fn is_behind(
        &mut self,
        side: usize,
        piece: &Piece<'_>,
        has_beginning: bool,
    ) -> bool {
        let Some(is_past) = self.is_past.get_mut(side) else {
            return true;
        };
        if *is_past {
            return true;
        }
        // An end waits for the other one's first words, and for nothing else.
        *is_past = match &self.held {
            Some(held) => held.stage == Stage::First && held.client != side,
            None => !matches!(piece, Piece::Bytes(0, bytes, _) if may_begin(bytes, has_beginning)),
        };
        *is_past
    }

    /// Takes bytes of an end. Gives what is known by them, and what the ends said behind it.
    pub(super) fn take(
        &mut self,
        side: usize,
        at: u64,
        bytes: &[u8],
        origin: Origin,
    ) -> (Option<Found>, Vec<Behind>) {
        let mut held = self.held.take().unwrap_or_else(|| {
            Box::new(Held {
                client: side,
                ..Held::default()
            })
        });
        let (Some(said), Some(place)) = (held.said.get_mut(side), held.origins.get_mut(side))
        else {
            return (None, Vec::new());
        };
        let is_next = said.len() as u64 == at;
        said.extend_from_slice(bytes);
        *place = origin;
        let is_long = said.len() > MOST_HELD;
        match held.step() {
            Part::Short if is_next && !is_long => {
                self.held = Some(held);
                (None, Vec::new())
            }
            Part::Whole(_, found) if is_next => {
                if let Found::Tunnel(..) = found {
                    self.is_past = [true; 2];
                }
                if let Some(is_past) = self.is_past.get_mut(side) {
                    *is_past = true;
                }
                (Some(found), held.rest())
            }
            _ => {
                *self = Front::past();
                held.read = [0; 2];
                (None, held.rest())
            }
        }
    }

    /// Gives up: nothing stands in front. Gives what was held.
    pub(super) fn close(&mut self) -> Vec<Behind> {
        let held = self.held.take();
        *self = Front::past();
        held.map_or(Vec::new(), |mut held| {
            held.read = [0; 2];
            held.rest()
        })
    }
}

impl Held {
    /// What was said and is not read, the client's first.
    fn rest(&mut self) -> Vec<Behind> {
        let ends = [self.client, 1 - self.client.min(1)];
        let mut rest = Vec::new();
        for side in ends {
            let (Some(said), Some(read), Some(origin)) = (
                self.said.get_mut(side),
                self.read.get(side),
                self.origins.get(side),
            ) else {
                continue;
            };
            let bytes = said.split_off((*read).min(said.len()));
            if !bytes.is_empty() {
                rest.push((side, *read as u64, bytes, *origin));
            }
        }
        rest
    }

    /// Reads on, as far as what was said goes.
    fn step(&mut self) -> Part<Found> {
        loop {
            let side = match self.stage {
                Stage::First | Stage::Login | Stage::Request => self.client,
                Stage::Method | Stage::LoginAnswer | Stage::Reply => 1 - self.client.min(1),
            };
            let read = self.read.get(side).copied().unwrap_or_default();
            let said = self.said.get(side).and_then(|said| said.get(read..));
            let said = said.unwrap_or_default();
            let refused = |length, refusal| (length, Err(refusal));
            let next = match self.stage {
                Stage::First => match header(said) {
                    Part::Whole(length, header) => {
                        if let Some(read) = self.read.get_mut(side) {
                            *read += length;
                        }
                        return Part::Whole(length, Found::Header(self.client, header));
                    }
                    Part::Short => return Part::Short,
                    Part::Other => greeting(said).map(|()| Ok(Some(Stage::Method))),
                },
                Stage::Method => answer(said, 5).map(|method| match method {
                    0 => Ok(Some(Stage::Request)),
                    2 => Ok(Some(Stage::Login)),
                    _ => Err(SocksRefusal::Login),
                }),
                Stage::Login => login(said).map(|()| Ok(Some(Stage::LoginAnswer))),
                Stage::LoginAnswer => answer(said, 1).map(|status| match status {
                    0 => Ok(Some(Stage::Request)),
                    _ => Err(SocksRefusal::Login),
                }),
                Stage::Request => match address(said) {
                    Part::Whole(length, _) if is_elsewhere(said, length) => return Part::Other,
                    request => request.map(|_| Ok(Some(Stage::Reply))),
                },
                Stage::Reply => address(said).map(|reply| match reply {
                    0 => Ok(None),
                    code => Err(SocksRefusal::Reply(code)),
                }),
            };
            let (length, next) = match next {
                Part::Short => return Part::Short,
                Part::Other => return Part::Other,
                Part::Whole(length, Ok(next)) => (length, Ok(next)),
                Part::Whole(length, Err(refusal)) => refused(length, refusal),
            };
            if let Some(read) = self.read.get_mut(side) {
                *read += length;
            }
            match next {
                Ok(Some(stage)) => self.stage = stage,
                Ok(None) => return Part::Whole(length, Found::Tunnel(self.client, Ok(()))),
                Err(refusal) => {
                    return Part::Whole(length, Found::Tunnel(self.client, Err(refusal)));
                }
            }
        }
    }
}

impl<T> Part<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Part<U> {
        match self {
            Part::Short => Part::Short,
            Part::Other => Part::Other,
            Part::Whole(length, value) => Part::Whole(length, with(value)),
        }
    }
}

/// Whether the first bytes of an end may be the beginning of it.
fn may_begin(bytes: &[u8], has_beginning: bool) -> bool {
    header(bytes) != Part::Other || has_beginning && greeting(bytes) != Part::Other
}

/// A header of the PROXY protocol.
fn header(said: &[u8]) -> Part<ProxyHeader> {
    if said.starts_with(WORD) {
        return line(said);
    }
    if said.starts_with(&SIGNATURE) {
        return binary(said);
    }
    match WORD.starts_with(said) || SIGNATURE.starts_with(said) {
        true => Part::Short,
        false => Part::Other,
    }
}

/// Version 1: a line of words.
fn line(said: &[u8]) -> Part<ProxyHeader> {
    let most = said.get(..LONGEST_LINE).unwrap_or(said);
    let Some(length) = most.windows(2).position(|end| end == b"\r\n") else {
        return match most.len() < LONGEST_LINE {
            true => Part::Short,
            false => Part::Other,
        };
    };
    let text = std::str::from_utf8(most.get(..length).unwrap_or_default());
    let mut words = text.unwrap_or_default().split(' ').skip(1);
    let client = match words.next() {
        Some("UNKNOWN") => None,
        Some("TCP4" | "TCP6") => {
            let address = words.next().and_then(|word| word.parse::<IpAddr>().ok());
            let port = words.nth(1).and_then(|word| word.parse().ok());
            let Some((address, port)) = address.zip(port) else {
                return Part::Other;
            };
            Some(SocketAddr::new(address, port))
        }
        _ => return Part::Other,
    };
    Part::Whole(length + 2, ProxyHeader { client })
}

/// Version 2: bytes behind a signature.
fn binary(said: &[u8]) -> Part<ProxyHeader> {
    let Some(&[command, family, high, low]) = said.get(SIGNATURE.len()..SIGNATURE.len() + 4) else {
        return Part::Short;
    };
    if !matches!(command, 0x20 | 0x21) {
        return Part::Other;
    }
    let begins = SIGNATURE.len() + 4;
    let length = begins + usize::from(u16::from_be_bytes([high, low]));
    let Some(body) = said.get(begins..length) else {
        return Part::Short;
    };
    let port = |at| Some(u16::from_be_bytes([*body.get(at)?, *body.get(at + 1)?]));
    let address = match (command, family) {
        (0x21, 0x11) => body
            .first_chunk::<4>()
            .map(|bytes| IpAddr::from(Ipv4Addr::from(*bytes)))
            .zip(port(8)),
        (0x21, 0x21) => body
            .first_chunk::<16>()
            .map(|bytes| IpAddr::from(Ipv6Addr::from(*bytes)))
            .zip(port(32)),
        // The proxy speaks for itself, or of something that has no such address.
        _ => None,
    };
    let client = address.map(|(address, port)| SocketAddr::new(address, port));
    Part::Whole(length, ProxyHeader { client })
}

/// A client's first words to a SOCKS5 proxy, behind which it waits.
fn greeting(said: &[u8]) -> Part<()> {
    match *said {
        [] | [5] => Part::Short,
        [5, count, ref methods @ ..] if count > 0 => match methods.len().cmp(&usize::from(count)) {
            std::cmp::Ordering::Less => Part::Short,
            std::cmp::Ordering::Equal => Part::Whole(said.len(), ()),
            std::cmp::Ordering::Greater => Part::Other,
        },
        _ => Part::Other,
    }
}

/// A version, and what was chosen.
fn answer(said: &[u8], version: u8) -> Part<u8> {
    match *said {
        [] => Part::Short,
        [first, ..] if first != version => Part::Other,
        [_] => Part::Short,
        // One of its own, which is not read, and may seal what follows.
        [5, method, ..] if !matches!(method, 0 | 2 | 0xff) => Part::Other,
        [_, chosen, ..] => Part::Whole(2, chosen),
    }
}

/// A user's name and password, of which nothing is kept.
fn login(said: &[u8]) -> Part<()> {
    if said.first().is_some_and(|version| *version != 1) {
        return Part::Other;
    }
    let name = said.get(1).map(|length| 2 + usize::from(*length));
    let whole = name.and_then(|at| Some(at + 1 + usize::from(*said.get(at)?)));
    match whole.filter(|length| *length <= said.len()) {
        Some(length) => Part::Whole(length, ()),
        None => Part::Short,
    }
}

/// A request to connect, or the reply to it: version, command or reply, 0, and an address. Gives the second.
fn address(said: &[u8]) -> Part<u8> {
    let length = match *said {
        [] => return Part::Short,
        [5, _, 0, 1, ..] => 10,
        [5, _, 0, 3, length, ..] => 7 + usize::from(length),
        [5, _, 0, 4, ..] => 22,
        [5] | [5, _] | [5, _, 0] | [5, _, 0, 3] => return Part::Short,
        _ => return Part::Other,
    };
    match (said.get(1), length <= said.len()) {
        (Some(value), true) => Part::Whole(length, *value),
        _ => Part::Short,
    }
}

/// Whether a request, which has so many bytes, asks for the port of a service that is none of the web.
fn is_elsewhere(request: &[u8], length: usize) -> bool {
    let port = length.checked_sub(2).and_then(|at| request.get(at..length));
    let port = port.and_then(|port| <[u8; 2]>::try_from(port).ok());
    port.map(u16::from_be_bytes)
        .is_some_and(|port| port < 1024 && !matches!(port, 80 | 443))
}

#[cfg(test)]
mod tests;
