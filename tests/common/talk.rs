//! A connection that is written message by message, in the three ways in which messages travel.

#![allow(dead_code, reason = "no test file uses all of it")]

use flate2::{Compress, Compression, FlushCompress};
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::registry::Registries;
use wsclose::frame::{Sender, unmask};
use wsclose::session::{Beginning, Endpoint, Options, Origin, Piece, Record, Session};

use Sender::{Client, Server};

/// How its messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Each in one frame.
    Whole,
    /// Cut into frames of a few bytes.
    Cut,
    /// With permessage-deflate, each with the window of those before it.
    Compressed,
}

/// A connection that is being written.
pub(crate) struct Talk {
    session: Session,
    at: [u64; 2],
    now: i64,
    way: Way,
    windows: [Compress; 2],
    /// All bytes in the order of time, as a program may have printed them.
    pub(crate) stream: Vec<u8>,
    /// Its messages: who sent it, its opcode, what stands in it, when.
    pub(crate) messages: Vec<(Sender, u8, Vec<u8>, i64)>,
}

impl Talk {
    /// One with this URL and this subprotocol, where there is one.
    pub(crate) fn new(target: &str, subprotocol: Option<&str>) -> Self {
        Talk::by(Way::Whole, target, subprotocol)
    }

    /// The same, its messages travelling so.
    pub(crate) fn by(way: Way, target: &str, subprotocol: Option<&str>) -> Self {
        Talk::at(way, "x", target, [subprotocol; 2])
    }

    /// The same, at this host, with the subprotocol that the client offers and the one that the server chooses.
    pub(crate) fn at(
        way: Way,
        host: &str,
        target: &str,
        [offered, chosen]: [Option<&str>; 2],
    ) -> Self {
        let mut session = Session::new(Options::default());
        session.has_beginning = true;
        session.client = Some(0);
        session.transport.beginning = Beginning::Opened;
        for end in &mut session.transport.ends {
            *end = Endpoint {
                is_captured: true,
                ..Endpoint::default()
            };
        }
        let mut talk = Talk {
            session,
            at: [0; 2],
            now: 1_000_000_000_000,
            way,
            windows: [0, 1].map(|_| Compress::new(Compression::default(), false)),
            stream: Vec::new(),
            messages: Vec::new(),
        };
        talk.session.transport.first = talk.origin();
        let line = |subprotocol: Option<&str>| {
            let mut line = match subprotocol {
                Some(name) => format!("Sec-WebSocket-Protocol: {name}\r\n"),
                None => String::new(),
            };
            if way == Way::Compressed {
                line.push_str("Sec-WebSocket-Extensions: permessage-deflate\r\n");
            }
            line
        };
        let (offered, chosen) = (line(offered), line(chosen));
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{offered}\r\n"
        );
        let response = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{chosen}\r\n"
        );
        talk.bytes(Client, request.as_bytes());
        talk.bytes(Server, response.as_bytes());
        talk
    }

    fn origin(&self) -> Origin {
        Origin::new(self.now as u64 / 1000, self.now)
    }

    fn bytes(&mut self, sender: Sender, bytes: &[u8]) {
        self.now += 1_000;
        let side = usize::from(sender == Server);
        let origin = self.origin();
        let piece = Piece::Bytes(self.at[side], bytes, origin);
        self.session.piece(side, piece, false);
        self.at[side] += bytes.len() as u64;
        self.stream.extend_from_slice(bytes);
        self.session.transport.ends[side].last_data = Some(origin);
        self.session.transport.ends[side].bytes = self.at[side];
    }

    /// A message, in as many frames as its way asks for.
    fn message(&mut self, sender: Sender, opcode: u8, payload: &[u8]) {
        let told = (sender, opcode, payload.to_vec(), self.now);
        self.messages.push(told);
        match self.way {
            Way::Whole => self.frame(sender, 0x80 | opcode, payload),
            Way::Cut => {
                let pieces: Vec<&[u8]> = payload.chunks(7).collect();
                for (index, piece) in pieces.iter().enumerate() {
                    let first = if index == 0 { opcode } else { 0 };
                    let last = if index + 1 == pieces.len() { 0x80 } else { 0 };
                    self.frame(sender, last | first, piece);
                }
            }
            Way::Compressed => {
                let window = &mut self.windows[usize::from(sender == Server)];
                let mut packed = Vec::with_capacity(payload.len() * 2 + 64);
                window
                    .compress_vec(payload, &mut packed, FlushCompress::Sync)
                    .expect("it is compressed");
                let packed = packed
                    .strip_suffix(&[0, 0, 0xff, 0xff])
                    .expect("it was flushed");
                self.frame(sender, 0xc0 | opcode, packed);
            }
        }
    }

    fn frame(&mut self, sender: Sender, first: u8, payload: &[u8]) {
        let mask = if sender == Client { 0x80 } else { 0 };
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..=125 => frame.push(mask | length as u8),
            length => {
                frame.push(mask | 126);
                frame.extend((length as u16).to_be_bytes());
            }
        }
        let mut payload = payload.to_vec();
        if sender == Client {
            let key = (self.at[0] as u32 + 77).to_be_bytes();
            frame.extend(key);
            unmask(&mut payload, key, 0);
        }
        frame.extend(payload);
        self.bytes(sender, &frame);
    }

    pub(crate) fn after(mut self, seconds: f64) -> Self {
        self.now += (seconds * 1e9) as i64;
        self
    }

    pub(crate) fn text(mut self, sender: Sender, text: &str) -> Self {
        self.message(sender, 1, text.as_bytes());
        self
    }

    pub(crate) fn binary(mut self, sender: Sender, bytes: &[u8]) -> Self {
        self.message(sender, 2, bytes);
        self
    }

    /// A frame with this first byte.
    pub(crate) fn raw(mut self, sender: Sender, first: u8, payload: &[u8]) -> Self {
        self.frame(sender, first, payload);
        self
    }

    /// A Close, and the answer in kind.
    pub(crate) fn close(self, sender: Sender, code: Option<u16>) -> Self {
        self.close_for(sender, code, "")
    }

    /// The same, with a reason.
    pub(crate) fn close_for(mut self, sender: Sender, code: Option<u16>, reason: &str) -> Self {
        let mut body = code.map_or(Vec::new(), |code| code.to_be_bytes().to_vec());
        body.extend(reason.as_bytes());
        self.frame(sender, 0x88, &body);
        self.frame(sender.other(), 0x88, &body);
        self
    }

    /// Ends TCP and gives what is said of it.
    pub(crate) fn fin(mut self, sender: Sender) -> (Record, Explanation) {
        self.now += 1_000;
        let side = usize::from(sender == Server);
        let origin = self.origin();
        self.session.transport.ends[side].fin = Some(origin);
        self.session.transport.last = origin;
        self.session.piece(side, Piece::Fin(origin), false);
        let record = *self.session.finish(None).expect("it is a WebSocket");
        let explanation = explain_connection(&record, Registries::default());
        (record, explanation)
    }
}

/// All that is said of a connection, in one line.
pub(crate) fn said(explanation: &Explanation) -> String {
    let lines: Vec<String> = explanation.said().map(ToString::to_string).collect();
    lines.join(" ")
}
