//! STOMP: frames that each end with a zero, which may run through messages, and line feeds as heart-beats.

use super::ends::Body;
use super::tree::Node;

/// So many frames of one message, and headers of one frame, are read.
const MOST_PARTS: usize = 32;
/// So much of the head of a frame is kept until the message comes in which it ends.
const HEAD_KEPT: usize = 2048;

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

/// What the next messages owe to a frame that has begun.
#[derive(Clone, Debug, Default)]
pub(super) enum Owed {
    /// Nothing: a frame begins.
    #[default]
    Nothing,
    /// So many bytes of its body, as its head says, and the zero.
    Bytes(u64),
    /// All up to a zero.
    Zero,
    /// The rest of its head, of which this is there.
    Head(Vec<u8>),
}

/// The head of a frame.
struct Head {
    fields: Vec<(String, Node)>,
    /// The bytes of its body, where it says so.
    length: Option<u64>,
    /// The bytes that it takes.
    size: usize,
    /// Whether its end is there.
    is_whole: bool,
}

impl Owed {
    /// Whether a frame begins with the next message.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Owed::Nothing)
    }

    /// Takes the next message. Gives whether its end was read.
    pub(super) fn feed(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        let is_read = self.take(body, sink);
        // Of what has no end here nobody knows what it owes.
        let has_end = !body.is_cut() || !body.tail.is_empty();
        if !has_end {
            *self = Owed::Nothing;
        }
        is_read && has_end
    }

    fn take(&mut self, body: Body<'_>, sink: &mut dyn FnMut(&Node)) -> bool {
        let bytes = body.bytes;
        match std::mem::take(self) {
            Owed::Nothing if !bytes.is_empty() && bytes.iter().all(is_line_end) => {
                sink(&Node::map([("command", Node::text("\n"))]));
                true
            }
            Owed::Nothing => self.frames(body, 0, sink),
            Owed::Bytes(count) => self.behind(body, count, sink),
            Owed::Zero => self.behind_zero(body, 0, sink),
            Owed::Head(mut head) => {
                let before = head.len() as u64;
                head.extend_from_slice(bytes);
                let body = Body {
                    bytes: &head,
                    length: before + body.length,
                    ..body
                };
                self.frames(body, 0, sink)
            }
        }
    }

    /// Goes on at `at`, where the zero of a frame stands.
    fn behind(&mut self, body: Body<'_>, at: u64, sink: &mut dyn FnMut(&Node)) -> bool {
        if at >= body.length {
            *self = Owed::Bytes(at - body.length);
            return true;
        }
        match body.from(at).and_then(<[u8]>::first) {
            Some(0) => self.frames(body, at + 1, sink),
            // The length counts something else than bytes.
            Some(_) => self.behind_zero(body, at, sink),
            None => self.find(body.tail, sink),
        }
    }

    /// Goes on behind the next zero: a body without a length has none in it.
    fn behind_zero(&mut self, body: Body<'_>, at: u64, sink: &mut dyn FnMut(&Node)) -> bool {
        let mut at = at;
        loop {
            if at == body.bytes.len() as u64 {
                at += body.gap();
            }
            let Some(rest) = body.from(at) else {
                *self = Owed::Zero;
                return true;
            };
            if let Some(zero) = rest.iter().position(|byte| *byte == 0) {
                return self.frames(body, at + zero as u64 + 1, sink);
            }
            at += rest.len() as u64;
        }
    }

    /// Reads frames from `at` on.
    fn frames(&mut self, body: Body<'_>, at: u64, sink: &mut dyn FnMut(&Node)) -> bool {
        let mut at = at;
        for _ in 0..MOST_PARTS {
            let Some(rest) = body.from(at) else {
                return at >= body.length || self.find(body.tail, sink);
            };
            let blank = rest.iter().take_while(|byte| is_line_end(byte)).count();
            let rest = rest.get(blank..).unwrap_or_default();
            if rest.is_empty() {
                at += blank as u64;
                continue;
            }
            let is_end = at + (blank + rest.len()) as u64 == body.length;
            let Some(head) = head(rest) else {
                if is_end && may_become_command(rest) {
                    *self = Owed::Head(rest.to_vec());
                }
                return is_end || self.find(body.tail, sink);
            };
            if !head.is_whole {
                return self.half(head, rest, is_end, body, sink);
            }
            let from = at + (blank + head.size) as u64;
            let behind = rest.get(head.size..).unwrap_or_default();
            let is_done = |end: u64| body.from(end).and_then(<[u8]>::first) == Some(&0);
            let announced = head.length.map(|length| from.saturating_add(length));
            // One that is longer than the message, which ends as a frame does, counts something else than bytes.
            let ends_whole = body.last() == Some(0);
            let announced = announced.filter(|end| *end < body.length || !ends_whole);
            let zero = behind.iter().position(|byte| *byte == 0);
            let zero = zero.map(|zero| from + zero as u64);
            let end = announced.or(zero);
            let kept = end.map_or(behind.len(), |end| {
                usize::try_from(end - from).map_or(behind.len(), |kept| kept.min(behind.len()))
            });
            emit(
                head,
                behind.get(..kept).unwrap_or_default(),
                end.is_some_and(is_done),
                sink,
            );
            match end {
                Some(end) if end < body.length && is_done(end) => at = end + 1,
                Some(end) => return self.behind(body, end, sink),
                None => return self.behind_zero(body, from + behind.len() as u64, sink),
            }
        }
        true
    }

    /// A frame whose head does not end in what is kept.
    fn half(
        &mut self,
        head: Head,
        bytes: &[u8],
        is_end: bool,
        body: Body<'_>,
        sink: &mut dyn FnMut(&Node),
    ) -> bool {
        if is_end && bytes.len() <= HEAD_KEPT {
            *self = Owed::Head(bytes.to_vec());
            // By its beginning the protocol may be known.
            if is_opening(&head) {
                sink(&Node::Map(head.fields));
            }
            return true;
        }
        // One that is longer has no body here: what is left is a piece of a header.
        sink(&Node::Map(head.fields));
        match is_end {
            true => {
                *self = Owed::Zero;
                true
            }
            false => self.behind_zero(body, body.bytes.len() as u64, sink),
        }
    }

    /// Looks for whole frames behind a zero, up to the end, where nobody knows in what that stands.
    fn find(&mut self, tail: &[u8], sink: &mut dyn FnMut(&Node)) -> bool {
        *self = Owed::Nothing;
        let ends = tail.iter().enumerate();
        let mut ends = ends.filter(|(_, byte)| **byte == 0);
        ends.any(|(end, _)| {
            let rest = tail.get(end + 1..).unwrap_or_default();
            let begins = rest.iter().position(|byte| !is_line_end(byte));
            let rest = begins
                .and_then(|begins| rest.get(begins..))
                .unwrap_or_default();
            if head(rest).is_none() {
                return false;
            }
            let (mut owed, mut nodes) = (Owed::Nothing, Vec::new());
            owed.frames(Body::whole(rest), 0, &mut |node| nodes.push(node.clone()));
            let are_whole = nodes.iter().all(|node| node.fits(&[("ends", "true")]));
            let is_all = matches!(owed, Owed::Nothing) && are_whole && !nodes.is_empty();
            if is_all {
                nodes.iter().for_each(&mut *sink);
            }
            is_all
        })
    }
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Whether this is the beginning of a frame of which not even the command is whole.
fn may_become_command(bytes: &[u8]) -> bool {
    let whole = bytes.strip_suffix(b"\r");
    let mut commands = COMMANDS.iter().map(|command| command.as_bytes());
    commands.any(|command| command.starts_with(bytes) || whole == Some(command))
}

fn is_opening(head: &Head) -> bool {
    let command = head.fields.first().and_then(|(_, value)| value.word());
    matches!(command, Some("CONNECT" | "STOMP" | "CONNECTED"))
}

/// The head of the frame that begins here; `None` where none does.
fn head(bytes: &[u8]) -> Option<Head> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let line = |bytes: &[u8]| {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        String::from_utf8_lossy(bytes).into_owned()
    };
    let first = bytes.get(..end)?;
    let first = first.strip_suffix(b"\r").unwrap_or(first);
    let mut commands = COMMANDS.iter();
    let command = commands.find(|command| command.as_bytes() == first)?;
    let mut head = Head {
        fields: vec![("command".to_owned(), Node::text(*command))],
        length: None,
        size: end + 1,
        is_whole: false,
    };
    let mut rest = bytes.get(head.size..).unwrap_or_default();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let header = line(rest.get(..end).unwrap_or_default());
        head.size += end + 1;
        rest = rest.get(end + 1..).unwrap_or_default();
        let Some((name, value)) = header.split_once(':') else {
            head.is_whole = true;
            break;
        };
        head.take(name, value);
    }
    Some(head)
}

impl Head {
    /// Takes a header.
    fn take(&mut self, name: &str, value: &str) {
        if name == "content-length" {
            self.length = value.trim().parse().ok();
        }
        if name == "heart-beat" {
            let (sends, wants) = value.split_once(',').unwrap_or((value, "0"));
            let number = |text: &str| Node::Number(text.trim().to_owned());
            self.fields.push(("sends".to_owned(), number(sends)));
            self.fields.push(("wants".to_owned(), number(wants)));
        }
        let is_new = !self.fields.iter().any(|(known, _)| known == name);
        if is_new && self.fields.len() < MOST_PARTS {
            self.fields
                .push((name.to_owned(), Node::Text(unescaped(value))));
        }
    }
}

/// The value of a header as it is meant (STOMP 1.2, "Value Encoding").
fn unescaped(value: &str) -> String {
    let mut meant = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(character) = rest.next() {
        let escaped = match character {
            '\\' => rest.clone().next(),
            _ => None,
        };
        let stands_for = match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('c') => ':',
            Some('\\') => '\\',
            // It is none of STOMP's.
            _ => {
                meant.push(character);
                continue;
            }
        };
        rest.next();
        meant.push(stands_for);
    }
    meant
}

/// Hands out a frame, with what is kept of its body.
fn emit(head: Head, body: &[u8], ends: bool, sink: &mut dyn FnMut(&Node)) {
    let mut fields = head.fields;
    fields.push(("ends".to_owned(), Node::Bool(ends)));
    let body = String::from_utf8_lossy(body);
    let body = body.trim_end_matches(['\n', '\r', '\0']);
    fields.push(("body".to_owned(), Node::text(body)));
    sink(&Node::Map(fields));
}
