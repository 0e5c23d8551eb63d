//! Generated streams, read by this library, by tungstenite and by Python's websockets: they agree on
//! what is delivered before the first fault and on whether there is one, but for the rows of a table
//! for each.

#[path = "differential/streams.rs"]
mod streams;
#[path = "differential/websockets.rs"]
mod websockets;

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};

use fastrand::Rng;
use streams::stream;
use tungstenite::error::ProtocolError;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tungstenite::{Error, Message};
use wsclose::conversation::{Conversation, Options};
use wsclose::frame::{Opcode, Sender, unmask};
use wsclose::inspect::Frame;

/// The largest message that either takes.
const LIMIT: usize = 400;

/// What is known to differ, with the section that decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// RFC 6455 section 5.2, "the minimal number of bytes MUST be used to encode the length": a
    /// fault here; tungstenite takes the frame.
    NonMinimalLength,
    /// RFC 6455 section 7.4.1 and 7.4.2, numbers that may not stand in a Close: a fault here;
    /// tungstenite delivers a Close of 1002 in its place, and answers with that.
    CloseCodeReplaced,
    /// RFC 6455 section 7.4.2, the registry of codes, which has had 1014 since 2016: a Close as
    /// any other here; tungstenite does not know it and delivers a Close of 1002 in its place.
    BadGatewayReplaced,
    /// RFC 6455 section 7.1.7, "_Fail the WebSocket Connection_" has no moment: here a fault
    /// is told with the bytes that show it; tungstenite looks at nothing but opcode and length
    /// before the frame is whole.
    CutFrame,
    /// RFC 6455 section 10.4, limits are the receiver's own: a length above the limit is a 1009
    /// to tungstenite before it looks at the rest; here a control frame, a set top bit (both
    /// section 5.2 and 5.5) and a continuation of nothing (5.4) are what they are, a 1002.
    SizeFirst,
}

const DIFFERENCES: [Difference; 5] = [
    Difference::NonMinimalLength,
    Difference::CloseCodeReplaced,
    Difference::BadGatewayReplaced,
    Difference::CutFrame,
    Difference::SizeFirst,
];

/// What a reader delivers.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, Vec<u8>)>),
}

/// Why a reader stops.
#[derive(Clone, Debug, PartialEq)]
enum End {
    /// The input is over, perhaps inside a frame or a message.
    Input,
    /// A Close came. What follows it is not compared: a client of tungstenite takes more data
    /// for a fault, its server ends, and RFC 6455 section 1.4 has it discarded.
    Closed,
    /// A fault, for which a receiver closes with one of these.
    Fault(Vec<u16>),
}

type Reading = (Vec<Event>, End);

#[test]
fn tungstenite_agrees_but_for_the_table() {
    let mut seen: BTreeMap<Difference, u32> = BTreeMap::new();
    let mut ends = [0; 3];
    for sender in [Sender::Client, Sender::Server] {
        let mut random = Rng::with_seed(6455);
        for _ in 0..20_000 {
            let stream = stream(sender, &mut random);
            let theirs = theirs(sender, &stream);
            let (ours, differences) = ours(sender, &stream, &theirs);
            assert!(
                agree(&ours, &theirs),
                "{sender:?} sends {}\n  ours {ours:?}\ntheirs {theirs:?}",
                hex::encode(&stream)
            );
            for difference in differences {
                *seen.entry(difference).or_default() += 1;
            }
            ends[match ours.1 {
                End::Input => 0,
                End::Closed => 1,
                End::Fault(_) => 2,
            }] += 1;
        }
    }
    println!("{seen:?}, ends {ends:?}");
    // A row that is never met is no longer true, or no longer tried.
    for difference in DIFFERENCES {
        assert!(seen.contains_key(&difference), "{difference:?} is not met");
    }
    assert!(ends.iter().all(|count| *count > 1000), "{ends:?}");
}

/// The same events, and the same end; of a frame with several faults either may be told.
fn agree(ours: &Reading, theirs: &Reading) -> bool {
    ours.0 == theirs.0
        && match (&ours.1, &theirs.1) {
            (End::Fault(ours), End::Fault(theirs)) => theirs.iter().all(|code| ours.contains(code)),
            (ours, theirs) => ours == theirs,
        }
}

/// What this library makes of a stream, where a row of the table applies as tungstenite has it.
fn ours(sender: Sender, stream: &[u8], theirs: &Reading) -> (Reading, Vec<Difference>) {
    let mut conversation = Conversation::new(Options {
        from: Some(sender),
        max_message_size: Some(LIMIT as u64),
        deflate: None,
    });
    let mut frames = Vec::new();
    conversation.feed(&mut stream.to_vec(), |frame| frames.push(frame.clone()));
    conversation.finish(|frame| frames.push(frame.clone()));

    let (mut events, mut differences) = (Vec::new(), Vec::new());
    let mut message = Vec::new();
    for frame in &frames {
        let mut faults: Vec<(&str, u16)> = frame
            .findings
            .iter()
            .filter_map(|finding| Some((finding.rule.id, finding.rule.closes_with?)))
            .collect();
        let all = faults.len();
        faults.retain(|(id, _)| *id != "non-minimal-length");
        if faults.len() < all {
            differences.push(Difference::NonMinimalLength);
        }
        // Cut frames first: nothing of them is delivered.
        if frame.is_truncated {
            if !faults.is_empty() && theirs.1 == End::Input {
                differences.push(Difference::CutFrame);
                faults.clear();
            }
            if faults.is_empty() {
                return ((events, End::Input), differences);
            }
        }
        if is_replaced(&faults) {
            differences.push(Difference::CloseCodeReplaced);
            events.push(Event::Close(Some((1002, b"Protocol violation".to_vec()))));
            return ((events, End::Closed), differences);
        }
        if !faults.is_empty() {
            let mut codes: Vec<u16> = faults.into_iter().map(|(_, code)| code).collect();
            let length = frame.header.length().unwrap_or(0);
            let is_other = !codes.contains(&1009) && theirs.1 == End::Fault(vec![1009]);
            if length > LIMIT as u64 && is_other {
                differences.push(Difference::SizeFirst);
                codes = vec![1009];
            }
            return ((events, End::Fault(codes)), differences);
        }
        let payload = payload(frame, stream);
        match frame.header.opcode {
            Opcode::Ping => events.push(Event::Ping(payload)),
            Opcode::Pong => events.push(Event::Pong(payload)),
            Opcode::Close => {
                let close = frame.close.as_ref().expect("a Close says something");
                let mut body = close.code.map(|code| (code, close.reason.clone()));
                if close.code == Some(1014) {
                    differences.push(Difference::BadGatewayReplaced);
                    body = Some((1002, b"Protocol violation".to_vec()));
                }
                events.push(Event::Close(body));
                return ((events, End::Closed), differences);
            }
            _ => {
                message.extend(payload);
                if frame.header.fin {
                    let whole = std::mem::take(&mut message);
                    events.push(match frame.message {
                        Some(Opcode::Text) => Event::Text(whole),
                        _ => Event::Binary(whole),
                    });
                }
            }
        }
    }
    ((events, End::Input), differences)
}

/// Whether all that is wrong is the code in a Close.
fn is_replaced(faults: &[(&str, u16)]) -> bool {
    matches!(faults, [("close-code-not-allowed", _)])
}

/// The payload of a frame, which it keeps only the beginning of.
fn payload(frame: &Frame, stream: &[u8]) -> Vec<u8> {
    let from = frame.header.payload_at() as usize;
    let mut payload = stream[from..from + frame.payload_present as usize].to_vec();
    if let Some(key) = frame.header.masking_key {
        unmask(&mut payload, key, 0);
    }
    payload
}

fn theirs(sender: Sender, stream: &[u8]) -> Reading {
    let role = match sender {
        Sender::Client => Role::Server,
        Sender::Server => Role::Client,
    };
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    let socket = ReadOnly(Cursor::new(stream.to_vec()));
    let mut socket = WebSocket::from_raw_socket(socket, role, Some(config));
    let mut events = Vec::new();
    let end = loop {
        match socket.read() {
            Ok(Message::Text(text)) => events.push(Event::Text(text.as_bytes().to_vec())),
            Ok(Message::Binary(bytes)) => events.push(Event::Binary(bytes.to_vec())),
            Ok(Message::Ping(bytes)) => events.push(Event::Ping(bytes.to_vec())),
            Ok(Message::Pong(bytes)) => events.push(Event::Pong(bytes.to_vec())),
            Ok(Message::Close(close)) => {
                let body = close.map(|close| {
                    let reason = close.reason.as_bytes().to_vec();
                    (u16::from(close.code), reason)
                });
                events.push(Event::Close(body));
                break End::Closed;
            }
            Ok(Message::Frame(_)) => unreachable!("it is never read"),
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => break End::Input,
            Err(Error::Protocol(_)) => break End::Fault(vec![1002]),
            Err(Error::Utf8(_)) => break End::Fault(vec![1007]),
            Err(Error::Capacity(_)) => break End::Fault(vec![1009]),
            Err(error) => panic!("{error} of {}", hex::encode(stream)),
        }
    };
    (events, end)
}

/// A stream where a socket is asked for. What is answered goes nowhere.
struct ReadOnly(Cursor<Vec<u8>>);

impl Read for ReadOnly {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        self.0.read(place)
    }
}

impl Write for ReadOnly {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
