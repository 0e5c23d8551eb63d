//! MQTT: packets in a stream of bytes that runs through the messages.

use super::ends::Body;
use super::records::varint;
use super::tree::Node;

/// So many bytes of a packet are kept.
const KEPT: usize = 256;
/// The first byte of a CONNECT.
pub(super) const CONNECT: u8 = 0x10;

/// The packets of one end, as far as they have come.
#[derive(Clone, Debug, Default)]
pub(super) struct Packets {
    /// The packet that is being read: its first byte, its length, its beginning.
    held: Vec<u8>,
    /// How many of its bytes are still to come, once its length is known.
    left: Option<u64>,
    /// Whether what came is no MQTT.
    is_broken: bool,
    /// Whether bytes were not seen, so that nobody knows where a packet begins.
    is_lost: bool,
    /// The version that the client asked for.
    pub(super) version: Option<u8>,
}

impl Packets {
    /// Takes the next message. Gives whether its end was read.
    pub(super) fn feed(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        if self.is_broken {
            return true;
        }
        if self.is_lost {
            return self.find(body, sink);
        }
        self.bytes(body.bytes, sink);
        if !body.is_cut() || self.is_broken {
            return true;
        }
        if self.skip(body.gap(), sink) {
            self.bytes(body.tail, sink);
            return true;
        }
        self.lose();
        self.find_last(body.tail, sink)
    }

    /// Reads a message of which nobody knows where in the stream it stands: what is just one packet is hardly a piece of
    /// another.
    fn find(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        if body.is_cut() {
            return self.find_last(body.tail, sink);
        }
        let is_one = length_of(body.bytes) == Some(body.length);
        if is_one {
            let kept = body.bytes.len().min(KEPT);
            self.held = body.bytes.get(..kept).unwrap_or_default().to_vec();
            self.whole(sink);
        }
        is_one
    }

    /// Reads a DISCONNECT with a code of an error, the last of all packets, that ends where the message does.
    fn find_last(&mut self, tail: &[u8], sink: &mut dyn FnMut(&Node)) -> bool {
        let ends = (0..tail.len()).filter_map(|from| tail.get(from..));
        let mut last = ends.filter(|rest| {
            let is_error = rest.first() == Some(&0xe0) && is_disconnect_of_5(rest);
            is_error && length_of(rest) == Some(rest.len() as u64)
        });
        let last = last.next();
        if let Some(last) = last {
            self.held = last.to_vec();
            self.whole(sink);
        }
        last.is_some()
    }

    /// Takes bytes of the stream.
    fn bytes(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Node)) {
        let mut rest = bytes;
        while !self.is_broken {
            match self.left {
                None => {
                    let Some((byte, behind)) = rest.split_first() else {
                        return;
                    };
                    self.held.push(*byte);
                    rest = behind;
                    let lengths = self.held.get(1..).unwrap_or_default();
                    match varint(lengths) {
                        Some((length, _)) if byte & 0x80 == 0 && !lengths.is_empty() => {
                            self.left = Some(length);
                        }
                        _ if lengths.len() >= 4 => self.is_broken = true,
                        _ => {}
                    }
                }
                Some(left) => {
                    let taken = (rest.len() as u64).min(left);
                    let (front, behind) = rest.split_at(taken as usize);
                    let room = KEPT.saturating_sub(self.held.len());
                    self.held.extend_from_slice(&front[..front.len().min(room)]);
                    rest = behind;
                    self.left = Some(left - taken);
                    if left > taken {
                        return;
                    }
                    self.whole(sink);
                }
            }
        }
    }

    /// Passes over bytes that were not kept. Gives whether the place is known behind them.
    fn skip(&mut self, count: u64, sink: &mut dyn FnMut(&Node)) -> bool {
        let Some(left) = self.left else {
            return false;
        };
        self.left = Some(left.saturating_sub(count));
        // What follows does not stand behind what is held.
        self.held.resize(self.held.len().max(KEPT), 0);
        if left <= count {
            self.whole(sink);
        }
        left >= count
    }

    /// Whether what came is no MQTT.
    pub(super) fn are_broken(&self) -> bool {
        self.is_broken
    }

    /// Takes note that bytes were not seen.
    pub(super) fn lose(&mut self) {
        self.is_lost = true;
        self.held.clear();
        self.left = None;
    }

    /// Takes the packet that has become whole.
    fn whole(&mut self, sink: &mut dyn FnMut(&Node)) {
        self.left = None;
        let held = std::mem::take(&mut self.held);
        let Some((first, rest)) = held.split_first() else {
            return;
        };
        let Some((_, behind)) = varint(rest) else {
            return;
        };
        let body = rest.get(behind..).unwrap_or_default();
        let is_5 = self.version == Some(5);
        // What is no PUBLISH has these four bits fixed (MQTT 3.1.1, section 2.2.2).
        let fixed = match first >> 4 {
            3 => first & 15,
            6 | 8 | 10 => 2,
            _ => 0,
        };
        if first & 15 != fixed {
            self.is_broken = true;
            return;
        }
        let name = match first >> 4 {
            1 => "CONNECT",
            2 => "CONNACK",
            9 => "SUBACK",
            12 => "PINGREQ",
            13 => "PINGRESP",
            14 => "DISCONNECT",
            15 => "AUTH",
            0 => {
                self.is_broken = true;
                return;
            }
            _ => "OTHER",
        };
        let mut fields = vec![("packet".to_owned(), Node::text(name))];
        let mut field = |name: &str, value: String| {
            fields.push((name.to_owned(), Node::Number(value)));
        };
        match name {
            "CONNECT" => {
                let Some((protocol, rest)) = string(body) else {
                    self.is_broken = true;
                    return;
                };
                if !matches!(protocol, b"MQTT" | b"MQIsdp") {
                    self.is_broken = true;
                    return;
                }
                self.version = rest.first().copied();
                let level = rest.first().copied().unwrap_or_default();
                field("level", level.to_string());
                if let Some(&[high, low]) = rest.get(2..4) {
                    field("keepAlive", u16::from_be_bytes([high, low]).to_string());
                }
            }
            "CONNACK" => {
                if let Some(code) = body.get(1) {
                    field("code", code.to_string());
                }
                properties(body.get(2..).unwrap_or_default(), &mut fields);
            }
            "SUBACK" => {
                let codes = body.get(2..).unwrap_or_default();
                let front = varint(codes).filter(|_| is_5);
                let front =
                    front.map_or(0, |(length, front)| front.saturating_add(length as usize));
                let codes = codes.get(front..).unwrap_or_default();
                if let Some(code) = codes.iter().find(|code| **code >= 0x80) {
                    field("code", code.to_string());
                }
            }
            "DISCONNECT" => {
                // Of version 3.1.1 nothing stands in it, and only a client sends it.
                let code = body.first().copied().filter(|_| is_5 || !body.is_empty());
                field("code", code.unwrap_or(0).to_string());
                properties(body.get(1..).unwrap_or_default(), &mut fields);
            }
            _ => {}
        }
        if is_5 {
            fields.push(("is_5".to_owned(), Node::Bool(true)));
        }
        sink(&Node::Map(fields));
    }
}

/// How long the packet is that begins here.
pub(super) fn length_of(packet: &[u8]) -> Option<u64> {
    let (length, front) = varint(packet.get(1..)?)?;
    Some(length + front as u64 + 1)
}

/// Whether a DISCONNECT has a code of MQTT 5 for an error.
fn is_disconnect_of_5(packet: &[u8]) -> bool {
    let code = packet.get(1..).and_then(|rest| {
        let (_, front) = varint(rest)?;
        rest.get(front)
    });
    code.is_some_and(|code| (0x80..=0xa2).contains(code))
}

/// A text with its length before it.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// The properties of MQTT 5 that say something of the end.
fn properties(bytes: &[u8], fields: &mut Vec<(String, Node)>) {
    let Some((length, front)) = varint(bytes) else {
        return;
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let rest = bytes.get(front..).unwrap_or_default();
    let mut rest = rest.get(..length.min(rest.len())).unwrap_or_default();
    while let Some((id, value)) = rest.split_first() {
        let skipped = match id {
            0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28 | 0x29 | 0x2a => 1,
            0x13 | 0x21 | 0x22 | 0x23 => {
                if let (0x13, Some(&[high, low])) = (id, value.get(..2)) {
                    let seconds = u16::from_be_bytes([high, low]).to_string();
                    fields.push(("serverKeepAlive".to_owned(), Node::Number(seconds)));
                }
                2
            }
            0x02 | 0x11 | 0x18 | 0x27 => 4,
            0x0b => match varint(value) {
                Some((_, count)) => count,
                None => return,
            },
            0x03 | 0x08 | 0x09 | 0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => {
                let Some((text, _)) = string(value) else {
                    return;
                };
                let name = match id {
                    0x1f => Some("reason"),
                    0x1c => Some("reference"),
                    _ => None,
                };
                if let Some(name) = name {
                    let text = String::from_utf8_lossy(text).into_owned();
                    fields.push((name.to_owned(), Node::Text(text)));
                }
                2 + text.len()
            }
            0x26 => {
                let Some((name, behind)) = string(value) else {
                    return;
                };
                let Some((second, _)) = string(behind) else {
                    return;
                };
                4 + name.len() + second.len()
            }
            _ => return,
        };
        rest = value.get(skipped..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(messages: &[&[u8]], version: u8) -> Vec<Node> {
        let mut packets = Packets {
            version: Some(version),
            ..Packets::default()
        };
        let mut all = Vec::new();
        for message in messages {
            packets.feed(Body::whole(message), &mut |node| all.push(node.clone()));
        }
        all
    }

    #[test]
    fn packets_run_through_messages() {
        let all = packets(&[b"\x20", b"\x02", b"\x00", b"\x05\xd0\x00"], 4);
        assert_eq!(all.len(), 2);
        assert!(all[0].fits(&[("packet", "CONNACK"), ("code", "5")]));
        assert!(all[1].fits(&[("packet", "PINGRESP")]));
    }

    #[test]
    fn a_disconnect_says_why() {
        let all = packets(
            &[
                b"\xe0\x08\x98\x06\x1f\x00\x03bye",
                b"\xe0\x01\x81",
                b"\xe0\x00",
            ],
            5,
        );
        assert!(all[0].fits(&[("packet", "DISCONNECT"), ("code", "152"), ("reason", "bye")]));
        assert!(all[1].fits(&[("code", "129")]));
        assert!(all[2].fits(&[("code", "0")]));
    }

    #[test]
    fn behind_a_gap_only_whole_packets_count() {
        let mut packets = Packets::default();
        packets.lose();
        let mut all = Vec::new();
        for message in [
            &b"lo\x20\x02\x00\x05"[..],
            b"\x20\x02\x00\x05",
            b"\x20",
            b"\xff\xff\xff",
        ] {
            packets.feed(Body::whole(message), &mut |node| all.push(node.clone()));
        }
        assert_eq!(all.len(), 1);
        assert!(all[0].fits(&[("packet", "CONNACK"), ("code", "5")]));
    }

    #[test]
    fn a_suback_names_what_it_refuses() {
        let old = packets(&[b"\x90\x04\x00\x01\x01\x80"], 4);
        assert!(old[0].fits(&[("packet", "SUBACK"), ("code", "128")]));
        let new = packets(
            &[b"\x90\x04\x00\x01\x00\x87", b"\x90\x04\x00\x01\x00\x02"],
            5,
        );
        assert!(new[0].fits(&[("code", "135")]));
        assert!(new[1].fits(&[("packet", "SUBACK"), ("code", "!")]));
        let _ = packets(&[b"\x90\x06\x00\x01\xff\xff\xff\x7f"], 5);
    }

    #[test]
    fn what_is_not_kept_of_a_long_packet_is_passed_over() {
        let mut packets = Packets::default();
        let mut all = Vec::new();
        // A PUBLISH of 3,000 bytes and a PINGREQ, of which 1,024 bytes are kept.
        let mut long = vec![0x30, 0xb8, 0x17];
        long.resize(1024, b'x');
        let body = Body {
            bytes: &long,
            tail: &[],
            length: 3 + 3000,
        };
        packets.feed(body, &mut |node| all.push(node.clone()));
        packets.feed(Body::whole(b"\xc0\x00"), &mut |node| all.push(node.clone()));
        assert_eq!(all.len(), 2);
        assert!(all[1].fits(&[("packet", "PINGREQ")]));
    }
}
