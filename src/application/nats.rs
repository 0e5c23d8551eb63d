//! NATS: lines, and behind some of them a payload of so many bytes, which may run through messages.

use super::ends::Body;
use super::tree::{Node, json};

/// The bytes of `CONNECT`, the longest word that a line of NATS begins with.
const LONGEST_OP: usize = 7;
/// So much of a line is kept until the message comes in which it ends.
const LINE_KEPT: usize = 512;

/// The place in the stream of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// Bytes of the next messages that belong to a payload.
    owed: u64,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// Whether that is not known any more.
    is_lost: bool,
}

impl Lines {
    /// Takes note that messages in between were not seen.
    pub(super) fn lose(&mut self) {
        *self = Lines {
            is_lost: true,
            ..Lines::default()
        };
    }

    /// Takes the next message. Gives whether its end was read.
    pub(super) fn feed(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        if self.is_lost {
            return self.find(body, sink);
        }
        let mut at = self.owed;
        self.owed = 0;
        while at < body.length {
            let Some(rest) = body.from(at) else {
                self.is_lost = true;
                break;
            };
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line = rest.get(..end).unwrap_or_default();
                at += end as u64 + 1;
                let payload = match self.line.is_empty() {
                    true => line_of_nats(line, sink),
                    false => {
                        self.keep(line);
                        line_of_nats(&std::mem::take(&mut self.line), sink)
                    }
                };
                at = at.saturating_add(payload);
                continue;
            }
            let is_end = at + rest.len() as u64 == body.length;
            self.keep(rest);
            // An INFO may be longer than what is kept.
            let is_long = self.line.starts_with(b"INFO") || self.line.starts_with(b"CONNECT");
            let is_error = is_end && is_quoted_error(&self.line);
            if is_long || is_error {
                line_of_nats(&self.line, sink);
            }
            if is_error || !is_end {
                self.line.clear();
            }
            if is_end {
                break;
            }
            match body.tail.iter().position(|byte| *byte == b'\n') {
                Some(end) if is_long => at = body.length - (body.tail.len() - end) as u64 + 1,
                _ => {
                    self.is_lost = true;
                    break;
                }
            }
        }
        if self.is_lost {
            // Lines behind a payload that were not kept may have one of their own.
            self.lose();
            return self.find_in_tail(body.tail, sink);
        }
        self.owed = at.saturating_sub(body.length);
        true
    }

    fn keep(&mut self, line: &[u8]) {
        let room = LINE_KEPT.max(line.len()).saturating_sub(self.line.len());
        let line = line.get(..line.len().min(room)).unwrap_or_default();
        self.line.extend_from_slice(line);
    }

    /// Reads a message of which nobody knows where in the stream it stands.
    fn find(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        let bytes = body.bytes;
        if body.is_cut() {
            return self.find_in_tail(body.tail, sink);
        }
        // What is no more than one line of the protocol is no piece of a payload.
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        if lines == 1 && bytes.ends_with(b"\r\n") {
            let mut is_any = false;
            line_of_nats(bytes, &mut |node| {
                is_any = true;
                sink(node);
            });
            return is_any;
        }
        self.resume(bytes, sink)
    }

    /// Goes on behind a payload that was not kept: at a line that announces one, from which on all fits.
    fn find_in_tail(&mut self, tail: &[u8], sink: &mut dyn FnMut(&Node)) -> bool {
        let ends = tail.iter().enumerate();
        let mut ends = ends.filter(|(_, byte)| **byte == b'\n');
        ends.any(|(end, _)| self.resume(tail.get(end + 1..).unwrap_or_default(), sink))
    }

    /// Takes bytes that begin with a line that announces a payload and end where one does, or a line. Nothing that is a
    /// piece of a payload does.
    fn resume(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Node)) -> bool {
        let begins = [&b"MSG "[..], b"HMSG ", b"PUB ", b"HPUB "];
        if !begins.iter().any(|begin| bytes.starts_with(begin)) || !bytes.ends_with(b"\r\n") {
            return false;
        }
        let mut lines = Lines::default();
        let mut nodes = Vec::new();
        lines.feed(Body::whole(bytes), &mut |node| nodes.push(node.clone()));
        if lines.owed > 0 || !lines.line.is_empty() {
            return false;
        }
        nodes.iter().for_each(sink);
        *self = lines;
        true
    }
}

/// Whether an error is there with all its words, though the end of its line has not come.
fn is_quoted_error(line: &[u8]) -> bool {
    let words = line.strip_prefix(b"-ERR '").map(<[u8]>::trim_ascii_end);
    words.is_some_and(|words| words.ends_with(b"'"))
}

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
