//! Messages that stand behind each other in one: SignalR's records, MessagePack with lengths.

use super::ends::Body;
use super::message_pack::message_pack;
use super::tree::{Node, json};

/// So many parts of one message are read.
const MOST_PARTS: usize = 32;
/// The byte behind each record of SignalR that is a text.
const SEPARATOR: u8 = 0x1e;
/// So much of a record is kept until the message comes in which it ends.
const RECORD_KEPT: usize = 2048;

/// SignalR: JSON texts that each end with the byte 1e, or MessagePack with its length before it. Gives whether the end
/// was read, of a message of which a part was not kept, or whose last record goes on in the next.
pub(super) fn records(
    is_text: bool,
    body: Body<'_>,
    begun: &mut Vec<u8>,
    sink: &mut dyn FnMut(&Node),
) -> bool {
    if is_text && !begun.is_empty() {
        let before = std::mem::take(begun);
        let joined = [before.as_slice(), body.bytes].concat();
        let body = Body {
            bytes: &joined,
            length: before.len() as u64 + body.length,
            ..body
        };
        // Behind what was no beginning of a record one may begin all the same.
        let first = joined.split(|byte| *byte == SEPARATOR).next();
        if first.and_then(json).is_some() {
            return texts(body, begun, sink);
        }
    }
    if is_text {
        return texts(body, begun, sink);
    }
    let mut at = 0;
    // The handshake is JSON there too, and what follows may stand in the same message; 7b is also a length.
    let bytes = body.bytes;
    let end = bytes.iter().position(|byte| *byte == SEPARATOR);
    let front = end.and_then(|end| bytes.get(..end)).unwrap_or(bytes);
    if let Some(node) = json(front).filter(|_| bytes.first() == Some(&b'{')) {
        sink(&node);
        at = end.map_or(body.length, |end| end as u64 + 1);
    }
    let length = |bytes: &[u8]| varint(bytes);
    let is_record = |node: &Node| matches!(node.get("0").as_deref(), Some(Node::Number(_)));
    units(body, at, &length, &is_record, &mut |node| {
        if is_record(node) {
            sink(&named(node));
        }
    })
}

/// Records that are texts. What does not end with the byte is none yet: some receivers give up for it, others wait for
/// the rest.
fn texts(body: Body<'_>, begun: &mut Vec<u8>, sink: &mut dyn FnMut(&Node)) -> bool {
    let is_cut = body.is_cut();
    let end = body.bytes.iter().rposition(|byte| *byte == SEPARATOR);
    let whole = match is_cut {
        true => body.bytes.len(),
        false => end.unwrap_or(0),
    };
    let front = body.bytes.get(..whole).unwrap_or_default();
    // No string has such a byte in it: behind one that was kept a record begins.
    let mut tail = body.tail.splitn(2, |byte| *byte == SEPARATOR);
    let is_found = tail.next().is_some_and(|rest| rest.len() < body.tail.len());
    let tail = tail.next().unwrap_or_default();
    for part in [front, tail] {
        let records = part.split(|byte| *byte == SEPARATOR);
        let records = records.filter(|record| !record.is_empty());
        for node in records.take(MOST_PARTS).filter_map(json) {
            sink(&node);
        }
    }
    if is_cut {
        return is_found;
    }
    let rest = body.bytes.get(end.map_or(0, |end| end + 1)..);
    let rest = rest.unwrap_or_default();
    if rest.len() <= RECORD_KEPT {
        begun.extend_from_slice(rest);
    }
    rest.is_empty()
}

/// The fields of a record by their names in JSON.
fn named(record: &Node) -> Node {
    let field = |place: &str| {
        record
            .get(place)
            .map_or(Node::Null, |node| node.into_owned())
    };
    match field("0").word() {
        Some("7") => Node::map([
            ("type", field("0")),
            ("error", field("1")),
            ("allowReconnect", field("2")),
        ]),
        // A completion: what failed stands behind the kind of its result, 1.
        Some("3") if field("3").word() == Some("1") => {
            Node::map([("type", field("0")), ("error", field("4"))])
        }
        _ => Node::map([("type", field("0"))]),
    }
}

/// WAMP in batches: each message with its length in four bytes before it. None else begins with a zero.
pub(super) fn batch(body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
    let length = |bytes: &[u8]| {
        let length = bytes.first_chunk::<4>()?;
        Some((u64::from(u32::from_be_bytes(*length)), 4))
    };
    let is_list = |node: &Node| matches!(node, Node::List(_));
    units(body, 0, &length, &is_list, sink)
}

/// The length of what follows, and how many bytes it stands in.
type Length<'a> = &'a dyn Fn(&[u8]) -> Option<(u64, usize)>;

/// Values of MessagePack from `at` on, each with its length before it. Where one begins in what was not kept, the last
/// counts, which ends where the message does.
fn units(
    body: Body<'_>,
    at: u64,
    length: Length<'_>,
    is_unit: &dyn Fn(&Node) -> bool,
    sink: &mut dyn FnMut(&Node),
) -> bool {
    let mut at = at;
    for _ in 0..MOST_PARTS {
        if at >= body.length {
            return true;
        }
        let Some((front, (bytes, behind))) =
            body.from(at).and_then(|rest| Some((rest, length(rest)?)))
        else {
            break;
        };
        let unit = front.get(behind..).unwrap_or_default();
        let end = at.saturating_add(behind as u64).saturating_add(bytes);
        if end > body.length {
            return true;
        }
        let kept = usize::try_from(bytes).unwrap_or(usize::MAX).min(unit.len());
        if let Some(node) = unit.get(..kept).and_then(message_pack) {
            sink(&node);
        }
        at = end;
    }
    if !body.is_cut() {
        return true;
    }
    let tail = body.tail;
    let last = (0..tail.len()).find_map(|from| {
        let rest = tail.get(from..)?;
        let (bytes, behind) = length(rest)?;
        let unit = rest
            .get(behind..)
            .filter(|unit| unit.len() as u64 == bytes)?;
        message_pack(unit).filter(|node| is_unit(node))
    });
    last.iter().for_each(sink);
    last.is_some()
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
