//! From the bytes of a message to the trees of what is in it, by the layout of the protocol.

use super::ends::{Body, end_of_text};
use super::message_pack::message_pack;
use super::mqtt;
use super::nats::Lines;
use super::records::{batch, records};
use super::stomp::Owed;
use super::tree::{Node, json};
use super::xml::xml;
use crate::facts::protocols::{Layout, is_like};

/// So many parts of one message are read.
const MOST_PARTS: usize = 32;

/// What is remembered of one end between its messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    lines: Lines,
    pub(super) stomp: Owed,
    /// The beginning of a record of SignalR whose end has not come.
    record: Vec<u8>,
    pub(super) mqtt: mqtt::Packets,
}

impl Memory {
    /// Takes note that messages in between were not seen.
    pub(super) fn lose(&mut self) {
        self.lines.lose();
        self.stomp = Owed::default();
        self.record.clear();
        self.mqtt.lose();
    }
}

/// Hands each part of a message to `sink`. Gives whether its end was read, where a part of it was not kept or it stands
/// in a stream.
pub(super) fn parts(
    layout: Layout,
    is_text: bool,
    body: Body<'_>,
    memory: &mut Memory,
    sink: &mut dyn FnMut(&Node),
) -> bool {
    if !body.tail.is_empty() && !body.is_cut() {
        let whole = [body.bytes, body.tail].concat();
        return parts(layout, is_text, Body::whole(&whole), memory, sink);
    }
    let node = match layout {
        Layout::Json => return objects(is_text, body, sink),
        Layout::Records => return records(is_text, body, &mut memory.record, sink),
        Layout::Stomp => return memory.stomp.feed(body, sink),
        // Its packets are binary: a receiver closes for a text.
        Layout::Mqtt if is_text => None,
        Layout::Mqtt => return memory.mqtt.feed(body, sink),
        Layout::Lines => return memory.lines.feed(body, sink),
        // What is binary is an attachment, whatever digits it begins with, or all of a packet in MessagePack.
        Layout::Engine if !is_text => packed_packet(body.bytes),
        Layout::Engine => engine(body),
        Layout::Sockjs => {
            sockjs(body, sink);
            None
        }
        Layout::Channels => channel(is_text, body),
        Layout::Xml if body.is_cut() => xml(&[body.bytes, body.tail].concat()),
        Layout::Xml => xml(body.bytes),
    };
    node.iter().for_each(sink);
    true
}

/// JSON texts, or MessagePack.
fn objects(is_text: bool, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
    let mut nodes = body.json_texts();
    if nodes.is_empty() && !is_text {
        if body.bytes.first() == Some(&0) {
            return batch(body, sink);
        }
        nodes.extend(message_pack(body.bytes));
    }
    for node in &nodes {
        match node {
            // A batch: each of its messages counts.
            Node::List(items) if matches!(items.first(), Some(Node::Map(_))) => {
                items.iter().take(MOST_PARTS).for_each(&mut *sink);
            }
            node => sink(node),
        }
    }
    true
}

/// Engine.IO: a digit, and behind 4 what Socket.IO says: a digit, attachments, a namespace, a number, JSON.
fn engine(body: Body<'_>) -> Option<Node> {
    let bytes = body.bytes;
    let (packet, rest) = bytes.split_first()?;
    if !(b'0'..=b'6').contains(packet) {
        return None;
    }
    let text = |byte: u8| Node::text(char::from(byte));
    if *packet != b'4' {
        let data = match *packet {
            b'0' => json(rest)?,
            _ => Node::text(String::from_utf8_lossy(rest.get(..rest.len().min(16))?)),
        };
        return Some(Node::map([("packet", text(*packet)), ("data", data)]));
    }
    let Some((kind, rest)) = rest.split_first() else {
        return Some(Node::map([("packet", text(b'4'))]));
    };
    if !(b'0'..=b'6').contains(kind) {
        // Engine.IO alone, with a text of the application.
        return Some(Node::map([
            ("packet", text(b'4')),
            (
                "inside",
                Node::text(String::from_utf8_lossy(bytes.get(1..)?)),
            ),
            ("is_cut", Node::Bool(body.is_cut())),
            ("inside_end", Node::text(String::from_utf8_lossy(body.tail))),
        ]));
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = match rest.get(digits) {
        Some(b'-') => rest.get(digits + 1..)?,
        _ => rest,
    };
    let (namespace, rest) = match rest.first() {
        Some(b'/') => {
            let end = rest.iter().position(|byte| *byte == b',');
            let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
            (name, rest.get(1..).unwrap_or_default())
        }
        _ => (&b"/"[..], rest),
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = rest.get(digits..)?;
    // An event is a list that begins with its name.
    let is_event = matches!(kind, b'2' | b'5') && rest.starts_with(b"[\"");
    if matches!(kind, b'2' | b'5') && !rest.trim_ascii_start().starts_with(b"[") {
        return None;
    }
    let whole = body.behind(bytes.len() - rest.len());
    let data = match kind {
        b'0' | b'1' | b'4' => whole.json().unwrap_or(Node::Null),
        b'2' | b'5' if is_error_event(rest) => json(rest).unwrap_or(Node::Null),
        // Of any other event nobody wants to know what is in it.
        _ => Node::Null,
    };
    Some(Node::map([
        ("packet", text(b'4')),
        ("kind", text(*kind)),
        ("namespace", Node::text(String::from_utf8_lossy(namespace))),
        ("is_event", Node::Bool(is_event)),
        ("data", data),
    ]))
}

/// A packet of Socket.IO of which all is MessagePack, as another parser of it writes them.
fn packed_packet(bytes: &[u8]) -> Option<Node> {
    let packet = message_pack(bytes)?;
    let field = |name: &str| packet.get(name).map(|node| node.into_owned());
    let (kind, namespace) = (field("type")?, field("nsp")?);
    let is_one = kind.word().is_some_and(|kind| is_like(kind, "0..6"))
        && namespace.word().is_some_and(|name| name.starts_with('/'));
    is_one.then(|| {
        let kind = Node::text(kind.word().unwrap_or_default());
        Node::map([
            ("packet", Node::text("4")),
            (
                "is_event",
                Node::Bool(matches!(kind.word(), Some("2" | "5"))),
            ),
            ("kind", kind),
            ("namespace", namespace),
            ("data", field("data").unwrap_or(Node::Null)),
        ])
    })
}

/// Whether an event has the name of an error.
fn is_error_event(event: &[u8]) -> bool {
    let name = event.strip_prefix(b"[").unwrap_or_default();
    let name = name.trim_ascii_start();
    ["\"error\"", "\"exception\"", "\"unauthorized\""]
        .iter()
        .any(|known| name.starts_with(known.as_bytes()))
}

/// SockJS: `o`, `h`, `c[…]`, `a[…]`, `m…` of the server, an array of texts of the client; each text is a message.
fn sockjs(body: Body<'_>, sink: &mut dyn FnMut(&Node)) {
    let bytes = body.bytes;
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let (frame, data) = match first {
        b'o' | b'h' if rest.is_empty() || rest == b"\n" => (*first, Node::Null),
        b'c' | b'a' | b'm' => match json(rest) {
            Some(data) => (*first, data),
            None => return,
        },
        b'[' | b'"' => match json(bytes) {
            Some(data) => (b'a', data),
            None => return,
        },
        _ => return,
    };
    let frame = Node::text(char::from(frame));
    let is_message = frame.word() == Some("a") || frame.word() == Some("m");
    let inside = match &data {
        Node::List(items) if is_message => items.as_slice(),
        text @ (Node::Text(_) | Node::Piece(_)) if is_message => std::slice::from_ref(text),
        _ => &[],
    };
    if inside.is_empty() {
        sink(&Node::map([("frame", frame), ("data", data)]));
        return;
    }
    let last = match body.is_cut() {
        true => body.last_items(),
        false => Vec::new(),
    };
    let end = match last.is_empty() && body.is_cut() {
        true => end_of_text(body.tail),
        false => String::new(),
    };
    let cut = inside.len().min(MOST_PARTS);
    for (index, item) in inside.iter().take(MOST_PARTS).chain(&last).enumerate() {
        let is_cut = body.is_cut() && index + 1 == cut;
        let end = if is_cut { end.as_str() } else { "" };
        sink(&Node::map([
            ("frame", frame.clone()),
            ("inside", item.clone()),
            ("is_cut", Node::Bool(is_cut)),
            ("inside_end", Node::text(end)),
        ]));
    }
}

/// Kubernetes: the channel, then what is on it.
fn channel(is_text: bool, body: Body<'_>) -> Option<Node> {
    let (channel, rest) = body.bytes.split_first()?;
    let (front, end);
    let (channel, data) = match is_text {
        false => (u64::from(*channel), body.behind(1)),
        // base64.channel.k8s.io: the digit of the channel, then base64.
        true => {
            front = decoded(rest, 0)?;
            // Four digits are three bytes.
            let begins = (body.length - 1).saturating_sub(body.tail.len() as u64);
            end = decoded(body.tail, (4 - begins % 4) as usize % 4).unwrap_or_default();
            let unseen = u64::from(body.is_cut());
            let data = Body {
                bytes: &front,
                tail: &end,
                length: (front.len() + end.len()) as u64 + unseen,
            };
            (u64::from(channel.checked_sub(b'0')?), data)
        }
    };
    let bytes = data.bytes;
    let node = match channel {
        // Where ports are forwarded it is the second port's, and its number comes first.
        3 if bytes.len() <= 2 => Node::Null,
        3 if bytes.first() == Some(&b'{') => data.json().unwrap_or(Node::Null),
        // Where ports are forwarded each second channel is the error channel of the one before it.
        odd if odd % 2 == 1 && bytes.len() > 2 => Node::text(String::from_utf8_lossy(bytes)),
        _ => Node::Null,
    };
    Some(Node::map([
        ("channel", Node::Number(channel.to_string())),
        ("is_json", Node::Bool(matches!(node, Node::Map(_)))),
        ("data", node),
    ]))
}

/// What base64 stands for, but for its first digits; `None` where it is none.
fn decoded(digits: &[u8], skipped: usize) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let digits = digits.get(skipped..).unwrap_or_default();
    let whole = digits.get(..digits.len() / 4 * 4).unwrap_or_default();
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(whole).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tree::word_at as word;
    use super::*;

    fn read(layout: Layout, is_text: bool, bytes: &[u8]) -> Vec<Node> {
        let mut all = Vec::new();
        let mut memory = Memory::default();
        parts(
            layout,
            is_text,
            Body::whole(bytes),
            &mut memory,
            &mut |node| {
                all.push(node.clone());
            },
        );
        all
    }

    #[test]
    fn socket_io_is_taken_apart() {
        let refused = &read(Layout::Engine, true, br#"44/admin,{"message":"no"}"#)[0];
        assert_eq!(word(refused, "kind"), "4");
        assert_eq!(word(refused, "namespace"), "/admin");
        assert_eq!(word(refused, "data.message"), "no");
        let old = &read(Layout::Engine, true, br#"44"Not authorized""#)[0];
        assert_eq!(word(old, "data"), "Not authorized");
        assert!(read(Layout::Engine, true, b"hello").is_empty());
    }

    #[test]
    fn lines_of_nats_are_no_payload() {
        let bytes = b"MSG a 1 17\r\n-ERR 'not this'\r\n\r\nPING\r\n-ERR 'this'\r\n";
        let all = read(Layout::Lines, false, bytes);
        let ops: Vec<String> = all.iter().map(|node| word(node, "op")).collect();
        assert_eq!(ops, ["MSG", "PING", "-ERR"]);
        assert_eq!(word(&all[2], "data"), "this");
    }

    #[test]
    fn stomp_is_read_with_its_body() {
        let error = b"\nERROR\r\nmessage:Bad\r\n\r\nAccess refused\n\0\n";
        let all = read(Layout::Stomp, true, error);
        assert_eq!(all.len(), 1);
        assert_eq!(word(&all[0], "body"), "Access refused");
    }

    #[test]
    fn what_is_wrapped_is_handed_on_whole() {
        let inside = read(
            Layout::Sockjs,
            true,
            br#"a["ERROR\nmessage:x\n\n\u0000","y"]"#,
        );
        assert_eq!(word(&inside[0], "inside"), "ERROR\nmessage:x\n\n\0");
        assert_eq!(word(&inside[1], "inside"), "y");
        let alone = read(Layout::Engine, true, br#"4{"error":"no"}"#);
        assert_eq!(word(&alone[0], "inside"), r#"{"error":"no"}"#);
        assert_eq!(
            word(&read(Layout::Engine, true, b"42[\"a\"]")[0], "inside"),
            ""
        );
        assert_eq!(
            word(
                &read(Layout::Sockjs, true, br#"c[3000,"Go away!"]"#)[0],
                "data.0"
            ),
            "3000"
        );
    }
}
