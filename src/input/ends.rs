//! What both ends of a connection sent, as a text that tells them apart has it, joined to one stream
//! of bytes in which no frame of one end stands inside a frame of the other.

use super::frames;
use super::text::Mistake;
use crate::frame::Sender;
use crate::words::say;

/// Who sent some bytes, as far as a text says that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// This end.
    Known(Sender),
    /// This end, going by the ports.
    Likely(Sender),
    /// One of two ends: false is the one and true the other.
    End(bool),
    /// The text does not say it.
    Nobody,
}

impl By {
    /// Whether it is the other of two ends, the first of which is the client where that is known.
    fn is_other(self) -> Option<bool> {
        match self {
            By::Known(sender) | By::Likely(sender) => Some(sender == Sender::Server),
            By::End(is_other) => Some(is_other),
            By::Nobody => None,
        }
    }
}

/// Bytes that were sent at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) by: By,
    pub(super) bytes: Vec<u8>,
}

/// Where in the joined bytes a sender begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The offset of the first byte.
    pub at: u64,
    /// Who sent what follows; nothing where only the mask bit tells.
    pub sender: Option<Sender>,
}

/// The bytes of both ends, joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) bytes: Vec<u8>,
    pub(super) turns: Vec<Turn>,
}

/// The port where a server listens, going by both: one that is given to clients by chance is none.
pub(super) fn by_ports(from: u16, to: u16) -> Option<Sender> {
    /// The least port that systems give to clients by themselves.
    const LEAST_GIVEN: u16 = 32_768;
    match (from < LEAST_GIVEN, to < LEAST_GIVEN) {
        (true, false) => Some(Sender::Server),
        (false, true) => Some(Sender::Client),
        _ => None,
    }
}

/// Joins what was sent. Of `only`, where that is given and both ends are known, the other end's bytes
/// are left out.
///
/// # Errors
///
/// A mistake where the bytes of both ends stop inside a frame, and where `only` sent nothing.
pub(super) fn joined(sent: Vec<Sent>, only: Option<Sender>) -> Result<Joined, Mistake> {
    let names = senders(&sent);
    let mut ends: [End; 3] = Default::default();
    let mut joined = Joined::default();
    let mut is_left_out = false;
    for Sent { by, bytes } in sent {
        let sender = names.of(by);
        if only.is_some() && sender.is_some() && sender != only {
            is_left_out = true;
            continue;
        }
        let [one, other, nobody] = &mut ends;
        let end = match by.is_other() {
            Some(false) => one,
            Some(true) => other,
            None => nobody,
        };
        end.sender = sender;
        end.waiting.extend(bytes);
        let whole = end.whole();
        let rest = end.waiting.split_off(whole);
        let units = std::mem::replace(&mut end.waiting, rest);
        joined.take(sender, &units);
    }
    let mut cut = ends.iter().filter(|end| !end.waiting.is_empty());
    let (last, another) = (cut.next(), cut.next());
    if another.is_some() {
        return Err(Mistake::new(say!(ends.both_cut)));
    }
    if let Some(last) = last {
        joined.take(last.sender, &last.waiting);
    }
    match only {
        Some(only) if is_left_out && joined.bytes.is_empty() => {
            Err(Mistake::new(say!(ends.nothing_sent, end = only.id())))
        }
        _ => Ok(joined),
    }
}

impl Joined {
    fn take(&mut self, sender: Option<Sender>, bytes: &[u8]) {
        let latest = self.turns.last().map(|turn| turn.sender);
        if !bytes.is_empty() && latest != Some(sender) {
            let at = self.bytes.len() as u64;
            self.turns.push(Turn { at, sender });
        }
        self.bytes.extend_from_slice(bytes);
    }
}

/// One end, as far as its bytes were joined.
#[derive(Debug, Default)]
struct End {
    sender: Option<Sender>,
    /// Whether its frames have begun.
    has_frames: bool,
    /// What is not whole yet.
    waiting: Vec<u8>,
}

impl End {
    /// How many of the bytes that wait are whole heads and frames.
    fn whole(&mut self) -> usize {
        let mut whole = 0;
        loop {
            let rest = self.waiting.get(whole..).unwrap_or_default();
            let length = match is_head(rest) && !self.has_frames {
                true => head_length(rest),
                false => {
                    self.has_frames |= !rest.is_empty();
                    frames::length(rest)
                }
            };
            match length {
                Some(length) => whole += length,
                None => return whole,
            }
        }
    }
}

/// Whether bytes begin like the head of an HTTP request or response.
fn is_head(bytes: &[u8]) -> bool {
    is_request(bytes) || is_response(bytes)
}

fn is_request(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GET ") || bytes.starts_with(b"CONNECT ")
}

fn is_response(bytes: &[u8]) -> bool {
    bytes.starts_with(b"HTTP/1.")
}

/// The length of the head that bytes begin with; nothing if it is not whole.
fn head_length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Which end is which.
struct Names {
    one: Option<Sender>,
}

impl Names {
    fn of(&self, by: By) -> Option<Sender> {
        match by {
            By::Known(sender) => Some(sender),
            _ if by.is_other()? => self.one.map(Sender::other),
            _ => self.one,
        }
    }
}

/// Finds out which of two ends is the client: who asks for the upgrade; else who masks where the
/// other does not; else who has a port for clients; else who masks.
fn senders(sent: &[Sent]) -> Names {
    let bytes_of = |end| -> Vec<u8> {
        let of_end = sent.iter().filter(|sent| sent.by.is_other() == Some(end));
        let bytes = of_end.flat_map(|sent| sent.bytes.iter().copied());
        bytes.take(8).collect()
    };
    let ends = [false, true].map(bytes_of);
    let [told, told_by_other] =
        ends.each_ref()
            .map(|bytes| match (is_request(bytes), is_response(bytes)) {
                (true, _) => Some(Sender::Client),
                (_, true) => Some(Sender::Server),
                _ => None,
            });
    let [one, other] = ends.each_ref().map(|bytes| {
        let fits = bytes.first().is_some_and(|&byte| frames::could_begin(byte));
        let second = bytes.get(1).filter(|_| fits);
        second.map(|second| Sender::by_mask(second & 0x80 != 0))
    });
    let has_ports = sent.iter().any(|sent| matches!(sent.by, By::Likely(_)));
    let by_masks = match (one, other) {
        (Some(one), Some(other)) => (one != other).then_some(one),
        (Some(one), None) => Some(one).filter(|_| !has_ports),
        (None, Some(other)) => Some(other.other()).filter(|_| !has_ports),
        (None, None) => None,
    };
    let by_ports = has_ports.then_some(Sender::Client);
    Names {
        one: told
            .or(told_by_other.map(Sender::other))
            .or(by_masks)
            .or(by_ports),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(by: By, bytes: &[u8]) -> Sent {
        Sent {
            by,
            bytes: bytes.to_vec(),
        }
    }

    fn turn(at: u64, sender: Sender) -> Turn {
        Turn {
            at,
            sender: Some(sender),
        }
    }

    #[test]
    fn a_frame_is_never_cut_by_one_of_the_other_end() {
        let (one, other) = (By::End(false), By::End(true));
        let joined = joined(
            vec![
                sent(one, b"GET / HTTP/1.1\r\n"),
                sent(one, b"\r\n"),
                sent(other, b"HTTP/1.1 101 A\r\n\r\n\x81\x02h"),
                sent(one, b"\x88\x80\x01"),
                sent(other, b"i"),
                sent(one, b"\x02\x03\x04"),
            ],
            None,
        )
        .unwrap();
        let expected =
            b"GET / HTTP/1.1\r\n\r\nHTTP/1.1 101 A\r\n\r\n\x81\x02hi\x88\x80\x01\x02\x03\x04";
        assert_eq!(joined.bytes, expected);
        assert_eq!(
            joined.turns,
            [
                turn(0, Sender::Client),
                turn(18, Sender::Server),
                turn(40, Sender::Client)
            ]
        );
    }

    #[test]
    fn the_mask_tells_two_ends_apart_and_only_then() {
        let (one, other) = (By::End(false), By::End(true));
        let close = b"\x88\x02\x03\xe8";
        let masked = b"\x88\x82\0\0\0\0\x03\xe8";
        let names = |sent: &[Sent]| senders(sent).one;
        assert_eq!(
            names(&[sent(one, close), sent(other, masked)]),
            Some(Sender::Server)
        );
        assert_eq!(names(&[sent(other, masked)]), Some(Sender::Server));
        assert_eq!(names(&[sent(one, close), sent(other, close)]), None);
    }

    #[test]
    fn ports_count_where_masks_do_not_tell() {
        let (client, server) = (By::Likely(Sender::Client), By::Likely(Sender::Server));
        let close = b"\x88\x02\x03\xe8";
        let masked = b"\x88\x82\0\0\0\0\x03\xe8";
        let by = |sent: &[Sent]| {
            sent.iter()
                .map(|one| senders(sent).of(one.by))
                .collect::<Vec<_>>()
        };
        let names = [Some(Sender::Server), Some(Sender::Client)];
        assert_eq!(by(&[sent(server, close), sent(client, close)]), names);
        assert_eq!(by(&[sent(server, masked)]), names[..1]);
        // The ports are those of two servers, perhaps.
        assert_eq!(by(&[sent(client, close), sent(server, masked)]), names);
        assert_eq!(by(&[sent(client, b"HTTP/1.1 101 A")]), names[..1]);
    }

    #[test]
    fn one_end_is_chosen_and_two_that_are_cut_are_refused() {
        let both = || {
            vec![
                sent(By::Known(Sender::Client), b"\x89\x80\0\0\0\0"),
                sent(By::Known(Sender::Server), b"\x8a\0"),
            ]
        };
        let only = joined(both(), Some(Sender::Server)).unwrap();
        assert_eq!(only.bytes, b"\x8a\0");
        let client = vec![sent(By::Known(Sender::Client), b"\x89\x80\0\0\0\0")];
        assert!(joined(client, Some(Sender::Server)).is_err());
        let mut cut = both();
        cut.push(sent(By::Known(Sender::Client), b"\x88"));
        assert!(joined(cut.clone(), None).is_ok());
        cut.push(sent(By::Known(Sender::Server), b"\x88"));
        assert!(joined(cut, None).is_err());
    }

    #[test]
    fn a_port_for_clients_tells_who_is_who() {
        assert_eq!(by_ports(8765, 40_000), Some(Sender::Server));
        assert_eq!(by_ports(50_000, 443), Some(Sender::Client));
        assert_eq!(by_ports(8080, 8081), None);
    }
}
