//! From the bytes of a message to the trees of what is in it, by the layout of the protocol.

use super::ends::Body;
use super::mqtt;
use super::tree::{Node, json, message_pack};
use super::xml::xml;
use crate::facts::protocols::Layout;

/// So many parts of one message are read.
const MOST_PARTS: usize = 32;

/// What is remembered of one end between its messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Bytes of the next messages that belong to a payload: NATS.
    owed: u64,
    /// Whether that is not known any more.
    is_lost: bool,
    pub(super) mqtt: mqtt::Packets,
}

impl Memory {
    /// Takes note that messages in between were not seen.
    pub(super) fn lose(&mut self) {
        self.is_lost = true;
        self.mqtt.lose();
    }
}

/// Hands each part of a message to `sink`.
pub(super) fn parts(
    layout: Layout,
    is_text: bool,
    body: Body<'_>,
    memory: &mut Memory,
    sink: &mut dyn FnMut(&Node),
) {
    let Body { bytes, length, .. } = body;
    match layout {
        Layout::Json => {
            let mut nodes = body.json_texts();
            if nodes.is_empty() && !is_text {
                nodes.extend(message_pack(bytes));
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
        }
        Layout::Records => records(is_text, bytes, length > bytes.len() as u64, sink),
        // What is binary is an attachment, whatever digits it begins with.
        Layout::Engine if !is_text => {}
        Layout::Engine => {
            if let Some(node) = engine(bytes) {
                sink(&node);
            }
        }
        Layout::Sockjs => sockjs(bytes, sink),
        Layout::Stomp => stomp(bytes, sink),
        // Its packets are binary: a receiver closes for a text.
        Layout::Mqtt if is_text => {}
        Layout::Mqtt => memory.mqtt.feed(bytes, length, sink),
        Layout::Lines => lines(bytes, length, memory, sink),
        Layout::Channels => {
            if let Some(node) = channel(is_text, bytes) {
                sink(&node);
            }
        }
        Layout::Xml => {
            if let Some(node) = xml(bytes) {
                sink(&node);
            }
        }
    }
}

/// SignalR: JSON texts that each end with the byte 1e, or MessagePack with its length before it.
fn records(is_text: bool, bytes: &[u8], is_cut: bool, sink: &mut dyn FnMut(&Node)) {
    if is_text {
        // What does not end with the byte is no record; a receiver gives up for it.
        let end = bytes.iter().rposition(|byte| *byte == 0x1e);
        let whole = if is_cut {
            bytes.len()
        } else {
            end.unwrap_or(0)
        };
        let records = bytes.get(..whole).unwrap_or_default();
        let records = records.split(|byte| *byte == 0x1e);
        let records = records.filter(|record| !record.is_empty());
        for node in records.take(MOST_PARTS).filter_map(json) {
            sink(&node);
        }
        return;
    }
    let mut rest = bytes;
    // The handshake is JSON there too, and what follows may stand in the same message; 7b is also a length.
    let end = bytes.iter().position(|byte| *byte == 0x1e);
    let front = end.and_then(|end| bytes.get(..end)).unwrap_or(bytes);
    if let Some(node) = json(front).filter(|_| bytes.first() == Some(&b'{')) {
        sink(&node);
        rest = end.and_then(|end| bytes.get(end + 1..)).unwrap_or_default();
    }
    for _ in 0..MOST_PARTS {
        let Some((length, front)) = varint(rest) else {
            return;
        };
        let body = rest.get(front..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > body.len() && !is_cut {
            return;
        }
        let (record, behind) = body.split_at(length.min(body.len()));
        if let Some(Node::List(items)) = message_pack(record) {
            let field = |place: usize| items.get(place).cloned().unwrap_or(Node::Null);
            // The same names as in JSON.
            let node = match field(0).word() {
                Some("7") => Node::map([
                    ("type", field(0)),
                    ("error", field(1)),
                    ("allowReconnect", field(2)),
                ]),
                // A completion: what failed stands behind the kind of its result, 1.
                Some("3") if field(3).word() == Some("1") => {
                    Node::map([("type", field(0)), ("error", field(4))])
                }
                _ => Node::map([("type", field(0))]),
            };
            sink(&node);
        }
        rest = behind;
    }
}

/// A number of seven bits a byte, the lowest first, and the bytes that it takes.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

/// Engine.IO: a digit, and behind 4 what Socket.IO says: a digit, attachments, a namespace, a number, JSON.
fn engine(bytes: &[u8]) -> Option<Node> {
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
        let inside = Node::text(String::from_utf8_lossy(bytes.get(1..)?));
        return Some(Node::map([("packet", text(b'4')), ("inside", inside)]));
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
    let data = match kind {
        b'0' | b'1' | b'4' => json(rest).unwrap_or(Node::Null),
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

/// Whether an event has the name of an error.
fn is_error_event(event: &[u8]) -> bool {
    let name = event.strip_prefix(b"[").unwrap_or_default();
    let name = name.trim_ascii_start();
    ["\"error\"", "\"exception\"", "\"unauthorized\""]
        .iter()
        .any(|known| name.starts_with(known.as_bytes()))
}

/// SockJS: `o`, `h`, `c[…]`, `a[…]`, `m…` of the server, an array of texts of the client; each text is a message.
fn sockjs(bytes: &[u8], sink: &mut dyn FnMut(&Node)) {
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
        text @ Node::Text(_) if is_message => std::slice::from_ref(text),
        _ => &[],
    };
    if inside.is_empty() {
        sink(&Node::map([("frame", frame), ("data", data)]));
        return;
    }
    for item in inside.iter().take(MOST_PARTS) {
        sink(&Node::map([
            ("frame", frame.clone()),
            ("inside", item.clone()),
        ]));
    }
}

/// The commands of STOMP.
const COMMANDS: [&str; 15] = [
    "CONNECT",
    "STOMP",
    "CONNECTED",
    "SEND",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "ACK",
    "NACK",
    "BEGIN",
    "COMMIT",
    "ABORT",
    "DISCONNECT",
    "MESSAGE",
    "RECEIPT",
    "ERROR",
];

/// STOMP: frames that each end with a zero, and line feeds as heart-beats.
fn stomp(bytes: &[u8], sink: &mut dyn FnMut(&Node)) {
    if !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b'\n' | b'\r')) {
        sink(&Node::map([("command", Node::text("\n"))]));
        return;
    }
    let mut rest = bytes;
    for _ in 0..MOST_PARTS {
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        rest = rest.get(blank.count()..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n');
        let Some(end) = end else {
            return;
        };
        let line = |bytes: &[u8]| {
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            String::from_utf8_lossy(bytes).into_owned()
        };
        let command = line(rest.get(..end).unwrap_or_default());
        if !COMMANDS.contains(&command.as_str()) {
            return;
        }
        rest = rest.get(end + 1..).unwrap_or_default();
        let mut fields = vec![("command".to_owned(), Node::Text(command))];
        let mut length = None;
        let mut is_head_whole = false;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let header = line(rest.get(..end).unwrap_or_default());
            rest = rest.get(end + 1..).unwrap_or_default();
            let Some((name, value)) = header.split_once(':') else {
                is_head_whole = true;
                break;
            };
            if name == "content-length" {
                length = value.trim().parse::<usize>().ok();
            }
            if name == "heart-beat" {
                let (sends, wants) = value.split_once(',').unwrap_or((value, "0"));
                let number = |text: &str| Node::Number(text.trim().to_owned());
                fields.push(("sends".to_owned(), number(sends)));
                fields.push(("wants".to_owned(), number(wants)));
            }
            let is_new = !fields.iter().any(|(known, _)| known == name);
            if is_new && fields.len() < MOST_PARTS {
                let value = value.replace("\\n", "\n").replace("\\c", ":");
                fields.push((name.to_owned(), Node::Text(value)));
            }
        }
        // A head that is longer than what is kept has no body here: what is left is a piece of a header.
        if !is_head_whole {
            sink(&Node::Map(fields));
            return;
        }
        let to_zero = || {
            rest.iter()
                .position(|byte| *byte == 0)
                .unwrap_or(rest.len())
        };
        let end = length.unwrap_or_else(to_zero).min(rest.len());
        let body = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned();
        let ends_so = rest.get(end) == Some(&0);
        fields.push(("ends".to_owned(), Node::Bool(ends_so)));
        fields.push((
            "body".to_owned(),
            Node::text(body.trim_end_matches(['\n', '\r', '\0'])),
        ));
        sink(&Node::Map(fields));
        rest = rest.get(end..).unwrap_or_default();
        rest = rest.strip_prefix(b"\0").unwrap_or(rest);
    }
}

/// NATS: lines, and behind some of them a payload of so many bytes, which may run through messages.
fn lines(bytes: &[u8], length: u64, memory: &mut Memory, sink: &mut dyn FnMut(&Node)) {
    if memory.is_lost {
        // What is no more than one line of the protocol is no piece of a payload.
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        if lines == 1 && bytes.ends_with(b"\r\n") && bytes.len() as u64 == length {
            line_of_nats(bytes, sink);
        }
        return;
    }
    let mut at = memory.owed;
    while let Some(rest) = usize::try_from(at).ok().and_then(|at| bytes.get(at..)) {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            // What is cut is the last of what is kept; an INFO is as long as this.
            if !rest.is_empty() {
                line_of_nats(rest, sink);
            }
            let is_long_line = rest.starts_with(b"INFO") || rest.starts_with(b"CONNECT");
            memory.is_lost = (bytes.len() as u64) < length && !is_long_line;
            at = length;
            break;
        };
        let line = rest.get(..end).unwrap_or_default();
        at += end as u64 + 1;
        at = at.saturating_add(line_of_nats(line, sink));
    }
    // Lines behind a payload that were not kept may have one of their own.
    memory.is_lost |= at < length;
    memory.owed = at.saturating_sub(length);
}

/// The bytes of `CONNECT`, the longest word that a line of NATS begins with.
const LONGEST_OP: usize = 7;

/// One line of NATS. Gives the bytes of the payload behind it.
fn line_of_nats(line: &[u8], sink: &mut dyn FnMut(&Node)) -> u64 {
    // Most of what is tried is no NATS, and is not made text for it.
    let line = line.trim_ascii();
    let space = line.iter().take(LONGEST_OP + 1);
    let space = space.take_while(|byte| !matches!(byte, b' ' | b'\t'));
    if space.count() > LONGEST_OP {
        return 0;
    }
    let line = String::from_utf8_lossy(line);
    let (op, rest) = line.split_once([' ', '\t']).unwrap_or((&line, ""));
    let op = op.to_ascii_uppercase();
    let data = match op.as_str() {
        "INFO" | "CONNECT" => json(rest.trim().as_bytes()).unwrap_or(Node::Null),
        "-ERR" => {
            let words = rest.trim();
            let is_quoted = words.len() > 2 && words.starts_with('\'') && words.ends_with('\'');
            sink(&Node::map([
                ("op", Node::Text(op)),
                ("data", Node::text(words.trim_matches('\''))),
                ("is_quoted", Node::Bool(is_quoted)),
            ]));
            return 0;
        }
        "MSG" | "HMSG" | "PUB" | "HPUB" => {
            let count = rest
                .rsplit([' ', '\t'])
                .next()
                .and_then(|count| count.parse::<u64>().ok());
            sink(&Node::map([("op", Node::Text(op))]));
            return count.map_or(0, |count| count.saturating_add(2));
        }
        "PING" | "PONG" | "+OK" | "SUB" | "UNSUB" => Node::Null,
        _ => return 0,
    };
    sink(&Node::map([("op", Node::Text(op)), ("data", data)]));
    0
}

/// Kubernetes: the channel, then what is on it.
fn channel(is_text: bool, bytes: &[u8]) -> Option<Node> {
    let (channel, rest) = bytes.split_first()?;
    let decoded;
    let (channel, data) = match is_text {
        false => (u64::from(*channel), rest),
        // base64.channel.k8s.io: the digit of the channel, then base64.
        true => {
            use base64::Engine as _;
            let whole = rest.get(..rest.len() / 4 * 4)?;
            let engine = base64::engine::general_purpose::STANDARD;
            decoded = engine.decode(whole).unwrap_or_default();
            (u64::from(channel.checked_sub(b'0')?), decoded.as_slice())
        }
    };
    let node = match channel {
        // Where ports are forwarded it is the second port's, and its number comes first.
        3 if data.len() <= 2 => Node::Null,
        3 if data.first() == Some(&b'{') => json(data).unwrap_or(Node::Null),
        // Where ports are forwarded each second channel is the error channel of the one before it.
        odd if odd % 2 == 1 && data.len() > 2 => Node::text(String::from_utf8_lossy(data)),
        _ => Node::Null,
    };
    Some(Node::map([
        ("channel", Node::Number(channel.to_string())),
        ("is_json", Node::Bool(matches!(node, Node::Map(_)))),
        ("data", node),
    ]))
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
