//! The messages of an entry, as its writers have them, and the frames that they were sent in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::{beginning, nanoseconds, read};
use crate::frame::unmask;
use crate::logline::Time;
use crate::session::{Options, Origin, Piece, Session, Source};

/// So many errors of a connection are kept.
const MOST_ERRORS: usize = 16;

/// The messages of an entry, followed as they come.
#[derive(Debug)]
pub(super) struct Messages {
    pub(super) session: Session,
    offsets: [u64; 2],
    pub(super) count: u64,
    pub(super) times: Option<(f64, f64)>,
    pub(super) errors: Vec<String>,
    /// Whether a Close was among them.
    pub(super) has_close: bool,
}

#[derive(Default, Deserialize)]
struct Message {
    r#type: Option<String>,
    time: Option<Clock>,
    opcode: Option<Opcode>,
    data: Option<Data>,
}

/// An opcode as writers have it: a number, one in quotes, or its name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Opcode {
    Number(f64),
    Name(String),
    Other(serde::de::IgnoredAny),
}

impl Opcode {
    fn number(&self) -> f64 {
        match self {
            Opcode::Number(number) => *number,
            Opcode::Name(name) => match name.to_ascii_lowercase().as_str() {
                "binary" => 2.0,
                "close" => 8.0,
                "ping" => 9.0,
                "pong" => 10.0,
                name => name.parse().unwrap_or(1.0),
            },
            Opcode::Other(_) => 1.0,
        }
    }
}

/// What a message says: a text, or the JSON in it, which a writer has read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Data {
    Text(String),
    Json(serde_json::Value),
}

impl Data {
    fn text(self) -> String {
        match self {
            Data::Text(text) => text,
            Data::Json(serde_json::Value::Null) => String::new(),
            Data::Json(value) => value.to_string(),
        }
    }
}

/// A time as writers have it: seconds or milliseconds since 1970, or a date.
#[derive(Deserialize)]
#[serde(untagged)]
enum Clock {
    Number(f64),
    Date(String),
    Other(serde::de::IgnoredAny),
}

impl Clock {
    /// Seconds since 1970.
    fn seconds(&self) -> Option<f64> {
        match self {
            // Nobody records the year 5138; three places more are milliseconds.
            Clock::Number(number) if *number >= 1e11 => Some(number / 1e3),
            Clock::Number(number) => Some(*number),
            Clock::Date(date) => Some(Time::of(date)?.nanoseconds()? as f64 / 1e9),
            Clock::Other(_) => None,
        }
    }
}

impl Messages {
    pub(super) fn new(options: Options) -> Self {
        let mut session = Session::new(options);
        session.client = Some(0);
        session.has_beginning = true;
        session.transport.source = Source::Har;
        session.begin_watched_frames();
        Messages {
            session,
            offsets: [0; 2],
            count: 0,
            times: None,
            errors: Vec::new(),
            has_close: false,
        }
    }

    /// Takes a message; `left_out`: so much of it was too much to keep.
    pub(super) fn take(&mut self, value: &[u8], left_out: u64) {
        let message = match left_out {
            0 => read(value).unwrap_or_default(),
            // Its end is missing, and its time with it; what comes first tells the direction.
            _ => Message {
                r#type: direction_of(value),
                opcode: Some(Opcode::Number(2.0)),
                ..Message::default()
            },
        };
        self.count += 1;
        let data = message.data.map_or(String::new(), Data::text);
        let side = match message.r#type.as_deref() {
            Some("send" | "sent" | "request" | "outgoing") => 0,
            Some("receive" | "received" | "response" | "incoming") => 1,
            Some("error") => {
                if self.errors.len() < MOST_ERRORS {
                    self.errors.push(beginning(data));
                }
                return;
            }
            _ => return,
        };
        let seconds = message.time.and_then(|time| time.seconds());
        if let Some(seconds) = seconds {
            let (first, last) = self.times.unwrap_or((seconds, seconds));
            self.times = Some((first.min(seconds), last.max(seconds)));
        }
        let origin = Origin::new(
            self.count,
            seconds.map_or(self.session.transport.last.time, nanoseconds),
        );
        self.session.transport.last.time = origin.time;
        let opcode = message.opcode.map_or(1.0, |opcode| opcode.number());
        let (opcode, payload) = match opcode {
            8.0 => {
                // How a writer puts its bytes into a text no specification says.
                let Some(payload) = close(&data) else {
                    return;
                };
                self.has_close = true;
                (8, payload)
            }
            9.0 => (9, data.into_bytes()),
            10.0 => (10, data.into_bytes()),
            2.0 => (
                2,
                STANDARD.decode(&data).unwrap_or_else(|_| data.into_bytes()),
            ),
            _ => (1, data.into_bytes()),
        };
        let length = payload.len() as u64 + left_out;
        let frame = frame(opcode, payload, length, side == 0, self.count);
        let at = self.offsets[side];
        let end = at + frame.len() as u64;
        self.session
            .piece(side, Piece::Bytes(at, &frame, origin), left_out > 0);
        if left_out > 0 {
            self.session
                .piece(side, Piece::Gap(end, left_out, origin), false);
        }
        self.offsets[side] = end + left_out;
    }
}

/// What a Close holds: its code and its reason, as base64, or each byte as a character; `None` where it is neither.
fn close(data: &str) -> Option<Vec<u8>> {
    let is_close = |payload: &Vec<u8>| match payload.split_first_chunk::<2>() {
        Some((code, reason)) => {
            (1000..5000).contains(&u16::from_be_bytes(*code))
                && reason.len() <= 123
                && std::str::from_utf8(reason).is_ok()
        }
        None => payload.is_empty(),
    };
    let bytes = data.chars().map(|letter| u8::try_from(u32::from(letter)));
    let letters = bytes.collect::<Result<Vec<u8>, _>>().ok();
    let decoded = || STANDARD.decode(data).ok();
    letters
        .filter(is_close)
        .or_else(|| decoded().filter(is_close))
}

/// The direction of a message of which only the beginning is there.
fn direction_of(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value.get(..64).unwrap_or(value));
    let words = ["send", "receive"].into_iter();
    let mut words = words.filter(|word| text.contains(&format!("\"{word}\"")));
    words.next().map(str::to_owned)
}

/// The frame that a message was sent in, as far as the file tells: whole, and not compressed. `seed`
/// makes the masking key of the client, which no file has.
fn frame(opcode: u8, mut payload: Vec<u8>, length: u64, is_masked: bool, seed: u64) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    let mask = u8::from(is_masked) << 7;
    match length {
        0..=125 => frame.push(mask | length as u8),
        126..=0xffff => {
            frame.push(mask | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        _ => {
            frame.push(mask | 127);
            frame.extend(length.to_be_bytes());
        }
    }
    if is_masked {
        let key = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 | 1;
        frame.extend(key.to_be_bytes());
        unmask(&mut payload, key.to_be_bytes(), 0);
    }
    frame.extend(payload);
    frame
}
