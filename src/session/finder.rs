//! Frames in the middle of a stream: whether what a segment begins with is frames.
//!
//! Nothing marks the beginning of a frame, and a byte sequence alone is never proof: two bytes of any
//! protocol may be a header, and zeros are continuations without end. Libraries write whole frames, so
//! a segment is tried where it begins. What follows is walked frame by frame, and one broken rule, one
//! piece of a message where none may stand, ends the trial. Until then evidence is counted in bits: how
//! unlikely it is that bytes which are no frames look so. What other protocols give for nothing counts
//! nothing: continuations, the same masking key again, frames of one end that are never masked.
//!
//! ```
//! use wsclose::frame::Sender;
//! use wsclose::session::finder::{Confidence, find};
//!
//! // A Close with 1000, and two bytes of text that might be something else.
//! assert_eq!(find(b"\x88\x02\x03\xe8", Sender::Server, false), Some(Confidence::High));
//! assert_eq!(find(b"\x81\x02hi", Sender::Server, false), Some(Confidence::Fair));
//! assert_eq!(find(b"HTTP/1.1 200 OK\r\n\r\n", Sender::Server, false), None);
//! ```

use crate::facts::codes;
use crate::frame::{Header, Opcode, Sender, Utf8Check, minimal_form, unmask};

/// Bits of evidence from which on bytes are taken for frames.
const ENOUGH: u32 = 24;
/// Bits of evidence from which on that is as good as certain.
const CERTAIN: u32 = 40;
/// Bits that it takes behind an upgrade, where only the place of the next frame is unknown.
const ENOUGH_BEHIND_GAP: u32 = 12;
/// A frame that ends where its segment ends.
const FITS: u32 = 6;
/// At most so much counts what an end without masks sends: many protocols have a kind and a length.
const MOST_UNMASKED: u32 = 20;
/// A text that is an object or a list of JSON, from its first byte to its last.
const IS_JSON: u32 = 6;
/// The largest number that anybody takes for a close code.
const LAST_CODE: u16 = 4999;
/// A Close that is the last of its stream.
const ENDS: u32 = 6;

/// How sure it is that frames were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Other bytes look so once in some millions.
    Fair,
    /// Other bytes do not look so.
    High,
}

impl Confidence {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Confidence::Fair => "fair",
            Confidence::High => "high",
        }
    }

    /// What so many bits of evidence give, where so many places were tried in vain.
    pub(super) fn of(bits: u32, misses: u32) -> Option<Self> {
        let bits = bits.saturating_sub(misses.checked_ilog2().map_or(0, |log| log + 1));
        match bits {
            CERTAIN.. => Some(Confidence::High),
            ENOUGH.. => Some(Confidence::Fair),
            _ => None,
        }
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    /// One may be open that nobody saw begin.
    Unknown,
    /// None is open.
    None,
    /// One is open; whether its text can be read.
    Open { is_text: bool },
}

/// What a Close says.
enum Said {
    /// What it may say, and the bits of evidence that this is.
    Allowed(u32),
    /// A code that may not be sent, which is evidence of nothing.
    Forbidden,
}

/// A frame that is being walked.
#[derive(Debug)]
struct Walked {
    header: Header,
    passed: u64,
    /// The beginning of its payload, unmasked, where that is looked at.
    kept: Vec<u8>,
    is_text: bool,
    /// Whether a part of it was not captured.
    is_cut: bool,
    printable: u64,
    odd: u64,
    /// The first byte and the last of its text.
    ends: Option<(u8, u8)>,
}

/// Frames as they may be, from one place on.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) sender: Sender,
    /// Where the first of its frames begins whose bytes are still there.
    pub(super) begins_at: u64,
    at: u64,
    head: Vec<u8>,
    frame: Option<Box<Walked>>,
    message: Message,
    text: Utf8Check,
    last_key: Option<[u8; 4]>,
    is_closed: bool,
    /// Frames that were walked to their end.
    pub(super) frames: u64,
    bits: Bits,
}

/// Evidence by what gave it.
#[derive(Clone, Copy, Debug, Default)]
struct Bits {
    text: u32,
    json: u32,
    binary: u32,
    ping: u32,
    close: u32,
}

impl Candidate {
    /// Frames of `sender` from `at` on.
    pub(super) fn new(sender: Sender, at: u64) -> Self {
        Candidate {
            sender,
            begins_at: at,
            at,
            head: Vec::new(),
            frame: None,
            message: Message::Unknown,
            text: Utf8Check::default(),
            last_key: None,
            is_closed: false,
            frames: 0,
            bits: Bits::default(),
        }
    }

    /// Whether the next byte begins a frame.
    pub(super) fn is_between(&self) -> bool {
        self.head.is_empty() && self.frame.is_none()
    }

    /// Where the next frame begins, as far as that is known.
    pub(super) fn next(&self) -> Option<u64> {
        match &self.frame {
            Some(frame) => {
                let rest = frame.header.length_at_least.saturating_sub(frame.passed);
                self.at.checked_add(rest)
            }
            None => self.head.is_empty().then_some(self.at),
        }
    }

    /// The evidence, in bits.
    pub(super) fn bits(&self) -> u32 {
        let Bits {
            text,
            json,
            binary,
            ping,
            close,
        } = self.bits;
        if self.sender == Sender::Client {
            return text + json + binary + ping + close;
        }
        (text + binary + ping).min(MOST_UNMASKED) + json + close
    }

    /// Whether they are believed whatever follows. What an end without masks may give at most to the finding of a
    /// connection, more and more frames do give here: that there are frames somewhere is known.
    pub(super) fn is_proven(&self) -> bool {
        let Bits {
            text,
            json,
            binary,
            ping,
            close,
        } = self.bits;
        let enough = match self.sender {
            Sender::Client => ENOUGH,
            Sender::Server => CERTAIN,
        };
        text + json + binary + ping + close >= enough
    }

    /// Takes the end of the stream into account.
    pub(super) fn end(&mut self) {
        if self.bits.close > 0 && self.is_between() {
            self.bits.close += ENDS;
        }
    }

    /// Takes a segment. Gives whether all of it may be frames.
    pub(super) fn take(&mut self, segment: &[u8]) -> bool {
        let mut rest = segment;
        let mut last = None;
        while !rest.is_empty() {
            if self.frame.is_none() {
                let wanted = self.head.len();
                let Some((first, behind)) = rest.split_first() else {
                    break;
                };
                self.head.push(*first);
                self.at += 1;
                rest = behind;
                if !self.is_header_sound(wanted) {
                    return false;
                }
            }
            let Some(frame) = &mut self.frame else {
                continue;
            };
            let left = frame.header.length_at_least - frame.passed;
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
            let (part, behind) = rest.split_at(count);
            if frame.wants(part) && !frame.look(part, &mut self.text) {
                return false;
            }
            frame.passed += count as u64;
            self.at += count as u64;
            rest = behind;
            if frame.passed == frame.header.length_at_least {
                last = self.end_frame();
                if last.is_none() {
                    return false;
                }
            }
        }
        if let (Some(opcode), true) = (last, self.is_between()) {
            self.fit(opcode);
        }
        true
    }

    /// Takes bytes that were not captured. Gives whether frames can be followed across them.
    pub(super) fn skip(&mut self, count: u64) -> bool {
        let Some(frame) = self.frame.as_mut().filter(|_| count > 0) else {
            return count == 0;
        };
        let left = frame.header.length_at_least - frame.passed;
        if count > left {
            return false;
        }
        frame.is_cut = true;
        frame.is_text = false;
        frame.passed += count;
        self.at += count;
        if count == left {
            match self.end_frame() {
                Some(opcode) => self.fit(opcode),
                None => return false,
            }
        }
        true
    }

    /// A frame ends where its segment does.
    fn fit(&mut self, opcode: Opcode) {
        match opcode {
            Opcode::Text => self.bits.text += FITS,
            Opcode::Binary => self.bits.binary += FITS,
            Opcode::Close if self.bits.close > 0 => self.bits.close += FITS,
            Opcode::Close => self.bits.ping += FITS,
            Opcode::Ping | Opcode::Pong => self.bits.ping += FITS,
            _ => {}
        }
    }

    /// Takes another byte of a header into account. Begins the frame once the header is whole.
    fn is_header_sound(&mut self, place: usize) -> bool {
        let Some(&first) = self.head.first() else {
            return true;
        };
        let opcode = Opcode::of(first);
        let is_final = first & 0x80 != 0;
        let is_compressed = first & 0x40 != 0;
        if place == 0 {
            let may_stand = match opcode {
                Opcode::Continuation => !is_compressed && self.message != Message::None,
                Opcode::Text | Opcode::Binary => !matches!(self.message, Message::Open { .. }),
                Opcode::Reserved(_) => false,
                _ => is_final && !is_compressed,
            };
            return may_stand && first & 0x30 == 0 && (!self.is_closed || opcode.is_control());
        }
        if place == 1 {
            let second = self.head.get(1).copied().unwrap_or_default();
            let is_masked = (second & 0x80 != 0) == (self.sender == Sender::Client);
            let is_short = second & 0x7f <= 125 || !opcode.is_control();
            let is_half_code = opcode == Opcode::Close && second & 0x7f == 1;
            if !is_masked || !is_short || is_half_code {
                return false;
            }
        }
        let begins_at = self.at.saturating_sub(self.head.len() as u64);
        let Some(header) = Header::parse(begins_at, &self.head) else {
            return true;
        };
        if header.length_form != Some(minimal_form(header.length_at_least))
            || header.length_at_least >> 48 != 0
        {
            return false;
        }
        self.head.clear();
        let is_text = match (opcode, self.message) {
            (Opcode::Text, _) => !is_compressed,
            (Opcode::Continuation, Message::Open { is_text }) => is_text,
            _ => false,
        };
        if opcode == Opcode::Text {
            self.text = Utf8Check::default();
        }
        self.frame = Some(Box::new(Walked::of(header, is_text)));
        true
    }

    /// A frame is whole: what it proves. `None` where it breaks a rule.
    fn end_frame(&mut self) -> Option<Opcode> {
        let frame = self.frame.take()?;
        let header = &frame.header;
        let opcode = header.opcode;
        let is_masked = self.sender == Sender::Client;
        let is_again =
            is_masked && self.last_key == header.masking_key && header.length_at_least > 0;
        self.last_key = header.masking_key;
        self.frames += 1;
        let was = self.message;
        // Nobody closes twice.
        let is_second_close = opcode == Opcode::Close && self.is_closed;
        match opcode {
            Opcode::Text | Opcode::Binary if !header.fin => {
                self.message = Message::Open {
                    is_text: frame.is_text,
                };
            }
            Opcode::Text | Opcode::Binary | Opcode::Continuation if header.fin => {
                self.message = Message::None;
            }
            _ => {}
        }
        if frame.is_text && header.fin && self.text.finish().is_err() {
            return None;
        }
        let of_text = match frame.odd > frame.printable / 8 {
            true => 0,
            false => frame.printable.min(if is_masked { 24 } else { 10 }) as u32,
        };
        let of_header = 1 + match opcode {
            Opcode::Continuation => 0,
            Opcode::Text | Opcode::Binary if header.fin => 7,
            _ => 6,
        };
        match opcode {
            // Who sends one key all the time may send anything all the time.
            _ if is_again && opcode != Opcode::Close || is_second_close => {}
            Opcode::Continuation => {
                if let (true, Message::Open { is_text: true }) = (is_masked, was) {
                    self.bits.text += of_text;
                }
            }
            Opcode::Text => {
                self.bits.text += of_header + of_text;
                if header.fin && frame.is_json() {
                    self.bits.json = IS_JSON;
                }
            }
            Opcode::Binary => self.bits.binary += of_header,
            Opcode::Close => match self.close(&frame)? {
                Said::Allowed(bits) => self.bits.close += of_header + bits,
                Said::Forbidden => self.bits.ping += of_header,
            },
            _ => self.bits.ping += of_header,
        }
        let counts = opcode != Opcode::Continuation && !is_again || opcode == Opcode::Close;
        Some(if counts && !is_second_close {
            opcode
        } else {
            Opcode::Continuation
        })
    }

    /// What a Close says. `None` where no Close says that.
    fn close(&mut self, frame: &Walked) -> Option<Said> {
        let is_evident = self.bits() >= ENOUGH_BEHIND_GAP;
        self.is_closed = true;
        let Some((code, reason)) = frame.kept.split_first_chunk::<2>() else {
            return Some(Said::Allowed(0));
        };
        let code = u16::from_be_bytes(*code);
        let reason = match std::str::from_utf8(reason) {
            Ok(reason) => reason,
            Err(_) if frame.is_cut => "",
            Err(_) => return None,
        };
        // Programs send 1006 and other numbers that they may not send: that is a fault of theirs, in a frame that is
        // whole. What is no code at all needs frames before it.
        if !codes::may_stand_in_close(code) {
            return (code <= LAST_CODE || is_evident).then_some(Said::Forbidden);
        }
        let of_code = match code {
            1000 | 1001 => 14,
            0..=2999 => 12,
            _ => 5,
        };
        let most = if self.sender == Sender::Client {
            16
        } else {
            10
        };
        let is_text = !reason.chars().any(char::is_control);
        let of_reason = match is_text {
            true => (reason.len() as u32).min(most),
            false => 0,
        };
        Some(Said::Allowed(of_code + of_reason))
    }
}

impl Walked {
    fn of(header: Header, is_text: bool) -> Self {
        Walked {
            header,
            passed: 0,
            kept: Vec::new(),
            is_text,
            is_cut: false,
            printable: 0,
            odd: 0,
            ends: None,
        }
    }

    /// Whether it is a Close that is cut behind a code.
    fn is_code(&self) -> bool {
        let code = self.kept.first_chunk::<2>();
        self.header.opcode == Opcode::Close
            && code.is_some_and(|code| codes::may_stand_in_close(u16::from_be_bytes(*code)))
    }

    /// Whether its text begins and ends as an object or a list of JSON does.
    fn is_json(&self) -> bool {
        let is_long = self.printable > 6 && self.odd == 0;
        is_long && matches!(self.ends, Some((b'{', b'}') | (b'[', b']')))
    }

    /// Whether its payload is looked at.
    fn wants(&self, part: &[u8]) -> bool {
        !part.is_empty() && (self.is_text || self.header.opcode == Opcode::Close)
    }

    /// Looks at a part of the payload. Gives whether it may stand there.
    fn look(&mut self, part: &[u8], text: &mut Utf8Check) -> bool {
        let mut part = part.to_vec();
        if let Some(key) = self.header.masking_key {
            unmask(&mut part, key, self.passed);
        }
        if !self.is_text {
            self.kept.extend_from_slice(&part);
            return true;
        }
        if let (Some(first), Some(last)) = (part.first(), part.last()) {
            let (first, _) = self.ends.unwrap_or((*first, 0));
            self.ends = Some((first, *last));
        }
        let odd = |byte: &&u8| {
            **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r') || **byte == 0x7f
        };
        let odd = part.iter().filter(odd).count() as u64;
        self.odd += odd;
        self.printable += part.len() as u64 - odd;
        text.feed(&part).is_ok()
    }
}

/// Whether `segment`, which `sender` sent behind an upgrade, begins with a frame. `is_cut`: bytes that
/// follow it on the wire were not captured.
pub fn find(segment: &[u8], sender: Sender, is_cut: bool) -> Option<Confidence> {
    Some(find_at(0, segment, sender, is_cut)?.0)
}

/// The same of a segment at `at`, with what was found.
pub(super) fn find_at(
    at: u64,
    segment: &[u8],
    sender: Sender,
    is_cut: bool,
) -> Option<(Confidence, Candidate)> {
    let mut candidate = Candidate::new(sender, at);
    if segment.is_empty() || !candidate.take(segment) {
        return None;
    }
    let bits = candidate.bits();
    // What was cut off would have ended the frame, or begun the next one.
    let is_telling =
        candidate.frames > 0 && (candidate.is_between() || is_cut || candidate.frames > 2);
    let is_code = candidate
        .frame
        .as_ref()
        .is_some_and(|frame| frame.is_code());
    let confidence = match bits {
        _ if is_cut && is_code => Confidence::Fair,
        _ if !is_telling => return None,
        CERTAIN.. => Confidence::High,
        _ if candidate.is_closed && bits > MOST_UNMASKED => Confidence::High,
        ENOUGH_BEHIND_GAP.. => Confidence::Fair,
        _ => return None,
    };
    Some((confidence, candidate))
}

#[cfg(test)]
mod tests;
