//! Which bytes of a payload are shown, and what they say.
//!
//! A long payload is shown by its first bytes, the bytes around each fault and
//! its last bytes; the rest is counted. Of what lies in between only so much is
//! known as was kept while it was read: see [`Frame`].

use std::ops::Range;

use crate::escape::{escape_bytes, is_plain};
use crate::frame::Opcode;
use crate::inspect::Frame;
use crate::words::{Text, Voice, bytes, say, text};

/// Payloads up to this many bytes are shown whole.
const SHOWN_WHOLE: u64 = 64;
/// Of longer ones so many rows are shown from the start, and at most so many from the end.
const SHOWN_ROWS: u64 = 4;
/// Of longer ones so many bytes are shown from the start and from the end, if rows are long.
const SHOWN_BYTES: u64 = 32;
/// So many bytes of a text are read out at its start.
const READ_OUT: usize = 64;

/// Neighbouring bytes of a payload.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Where they begin in the payload.
    pub(super) from: u64,
    /// The bytes, unmasked.
    pub(super) bytes: Vec<u8>,
}

impl Part {
    /// Where they end in the payload.
    pub(super) fn end(&self) -> u64 {
        self.from + self.bytes.len() as u64
    }

    /// Takes the bytes of `range` that are in it.
    fn cut(&self, range: &Range<u64>) -> Option<Part> {
        let (from, to) = (range.start.max(self.from), range.end.min(self.end()));
        let bytes = self
            .bytes
            .get((from.checked_sub(self.from)?) as usize..(to.checked_sub(self.from)?) as usize)?;
        (!bytes.is_empty()).then(|| Part {
            from,
            bytes: bytes.to_vec(),
        })
    }
}

/// The parts of a payload that are shown, in order, each in rows of `row` bytes that are counted
/// from `base`.
pub(super) fn visible_parts(frame: &Frame, base: u64, row: u64) -> Vec<Part> {
    let present = frame.payload_present;
    let kept = kept(frame);
    let mut wanted = Vec::new();
    let few = (SHOWN_ROWS * row).min(SHOWN_BYTES);
    if present <= SHOWN_WHOLE || frame.header.opcode == Opcode::Close {
        // The reason of a Close is its point: all that is kept of it is shown.
        wanted.push(0..frame.head.bytes().len() as u64);
    } else {
        wanted.push(0..few);
    }
    for finding in &frame.findings {
        let offset = finding.at.checked_sub(frame.header.payload_at());
        let Some(offset) = offset.filter(|offset| (base..present).contains(offset)) else {
            continue;
        };
        // The row before too: a broken character may begin there.
        let start = offset - (offset - base) % row;
        wanted.push(start.saturating_sub(row).max(base)..start + row);
    }
    let last = present.saturating_sub(few).max(base);
    wanted.push(base + (last - base).next_multiple_of(row)..present);
    wanted.sort_by_key(|range| range.start);
    let mut parts: Vec<Part> = Vec::new();
    for range in wanted {
        for part in &kept {
            let reached = parts.last().map_or(0, Part::end);
            // A gap of a row or less saves nothing, where its bytes are known.
            let is_near = range.start.saturating_sub(reached) <= row;
            let start = if is_near && reached >= part.from {
                reached
            } else {
                range.start.max(reached)
            };
            let Some(cut) = part.cut(&(start..range.end)) else {
                continue;
            };
            match parts.last_mut() {
                Some(last) if last.end() == cut.from => last.bytes.extend(cut.bytes),
                _ => parts.push(cut),
            }
        }
    }
    parts
}

/// The bytes of a payload that are known, in order.
fn kept(frame: &Frame) -> Vec<Part> {
    let part = |from, bytes: &[u8]| Part {
        from,
        bytes: bytes.to_vec(),
    };
    let tail = frame.tail();
    let mut found = vec![part(0, frame.head.bytes())];
    for excerpt in frame.findings.iter().filter_map(|f| f.excerpt.as_ref()) {
        let from = excerpt.at.saturating_sub(frame.header.payload_at());
        found.push(part(from, &excerpt.bytes));
    }
    found.push(part(frame.payload_present - tail.len() as u64, tail));
    found.sort_by_key(|part| part.from);
    let mut kept: Vec<Part> = Vec::new();
    for part in found {
        match kept.last_mut() {
            Some(last) if part.from <= last.end() => {
                let known = (last.end() - part.from) as usize;
                last.bytes
                    .extend(part.bytes.get(known..).unwrap_or_default());
            }
            _ => kept.push(part),
        }
    }
    kept
}

/// What a part of a payload says, for each of its rows.
pub(super) enum PayloadText {
    /// One text, beside the first row.
    Text(String),
    /// One word beside the first row, and beside each the characters that its bytes are.
    Characters(String),
}

/// What a part of the payload of a frame that is no Close says.
pub(super) fn payload_text(frame: &Frame, part: &Part, voice: &Voice) -> PayloadText {
    let is_first = part.from == 0;
    let is_data = !frame.header.opcode.is_control();
    // Only the first row has a word beside it.
    let word = |text: Text| match is_first {
        true => voice.text(text).to_owned(),
        false => String::new(),
    };
    if is_data && frame.inflated.is_some() {
        return PayloadText::Text(match is_first {
            true => inflated(frame, voice),
            false => String::new(),
        });
    }
    if frame.is_changed {
        return PayloadText::Text(word(text!(payload.perhaps_compressed)));
    }
    let is_control_text = !is_data && std::str::from_utf8(frame.head.bytes()).is_ok();
    if is_data && frame.message == Some(Opcode::Text) || is_control_text {
        let name = voice.text(if is_data {
            text!(opcode.text)
        } else {
            text!(payload.payload)
        });
        return PayloadText::Text(self::text(frame, part, name));
    }
    let name = word(match frame.message {
        Some(_) => text!(opcode.binary),
        None => text!(payload.payload),
    });
    // Bytes of which none is a letter are not made clearer by a row of dots.
    let has_letters = frame.head.bytes().iter().any(u8::is_ascii_graphic);
    if has_letters {
        PayloadText::Characters(name)
    } else {
        PayloadText::Text(name)
    }
}

/// A part of a text, with ellipses where it goes on.
fn text(frame: &Frame, part: &Part, name: &str) -> String {
    let present = frame.payload_present;
    if part.from > 0 {
        let is_last = part.end() == present;
        let mark = if is_last { "" } else { " …" };
        return format!("… \"{}\"{mark}", quoted_from_inside(&part.bytes, is_last));
    }
    let head = frame.head.bytes();
    // More is read out than is shown as bytes, but nothing that is read out with another part.
    let most = READ_OUT.max(part.bytes.len()).min(head.len());
    let read = head.get(..most).unwrap_or_default();
    let is_whole = present <= read.len() as u64;
    let mark = if is_whole { "" } else { " …" };
    format!("{name} \"{}\"{mark}", quoted(read, is_whole))
}

/// What a compressed payload inflates to.
fn inflated(frame: &Frame, voice: &Voice) -> String {
    let Some(inflated) = &frame.inflated else {
        return String::new();
    };
    let head = inflated.head.bytes();
    let kept = head.get(..READ_OUT.min(head.len())).unwrap_or_default();
    let is_whole = inflated.length <= kept.len() as u64;
    let mark = if is_whole { "" } else { " …" };
    let size = bytes(inflated.length);
    voice.say(&match frame.message {
        Some(Opcode::Text) => {
            let text = quoted(kept, is_whole);
            say!(payload.inflates_to_text, size, text, mark)
        }
        _ => say!(payload.inflates_to, size),
    })
}

/// Text for a preview; where it is only a part, a character cut at its end is left away.
pub(super) fn quoted(bytes: &[u8], is_whole: bool) -> String {
    if is_whole {
        return escape_bytes(bytes);
    }
    let end = bytes.utf8_chunks().last().map_or(0, |chunk| {
        // What a character lacks at the very end may stand behind it.
        match std::str::from_utf8(chunk.invalid()) {
            Err(error) if error.error_len().is_none() => chunk.invalid().len(),
            _ => 0,
        }
    });
    escape_bytes(bytes.get(..bytes.len() - end).unwrap_or_default())
}

/// The same for text from the middle, where a character may also be cut at its start.
fn quoted_from_inside(bytes: &[u8], is_end: bool) -> String {
    let cut = bytes
        .iter()
        .take(3)
        .take_while(|byte| (0x80..0xc0).contains(*byte))
        .count();
    quoted(bytes.get(cut..).unwrap_or_default(), is_end)
}

/// The characters that bytes are in ASCII, with a dot for each that is none.
pub(super) fn characters(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| {
            let character = char::from(*byte);
            if byte.is_ascii() && is_plain(character) {
                character
            } else {
                '·'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Conversation, Options};

    /// The only frame of a stream.
    fn frame(bytes: &[u8]) -> Frame {
        let mut conversation = Conversation::new(Options::default());
        let mut frames = Vec::new();
        conversation.feed(&mut bytes.to_vec(), |frame| frames.push(frame.clone()));
        conversation.finish(|frame| frames.push(frame.clone()));
        frames.remove(0)
    }

    fn text_frame(payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x81, 0x7e];
        bytes.extend((payload.len() as u16).to_be_bytes());
        bytes.extend(payload);
        bytes
    }

    #[test]
    fn what_is_shown_is_what_was_sent_at_that_place() {
        for length in 126..900usize {
            let mut payload: Vec<u8> = (0..length).map(|index| (index % 64) as u8 + 32).collect();
            for fault in [
                None,
                Some(5),
                Some(100),
                Some(124),
                Some(125),
                Some(length - 20),
            ] {
                if let Some(fault) = fault {
                    payload[fault] = 0xff;
                }
                let frame = frame(&text_frame(&payload));
                for row in [4, 8, 16] {
                    let parts = visible_parts(&frame, 0, row);
                    let mut reached = 0;
                    for part in &parts {
                        assert!(part.from >= reached, "{length} {fault:?} {parts:?}");
                        let from = part.from as usize;
                        assert_eq!(part.bytes, payload[from..from + part.bytes.len()]);
                        reached = part.end();
                    }
                    assert_eq!(parts[0].from, 0);
                    assert_eq!(reached, length as u64, "the last byte is shown");
                    if let Some(finding) = frame.findings.first() {
                        let at = finding.at - 4;
                        let is_shown = |part: &Part| (part.from..part.end()).contains(&at);
                        assert!(parts.iter().any(is_shown), "{length} {fault:?}");
                    }
                }
                if let Some(fault) = fault {
                    payload[fault] = b'a';
                }
            }
        }
    }

    #[test]
    fn a_character_that_is_cut_by_the_view_is_left_away() {
        assert_eq!(quoted("ab€".as_bytes().split_at(4).0, false), "ab");
        assert_eq!(quoted("ab€".as_bytes().split_at(4).0, true), "ab\\xe2\\x82");
        assert_eq!(quoted(b"\xffab\xe2", false), "\\xffab");
        assert_eq!(quoted_from_inside(&"€ab".as_bytes()[1..], true), "ab");
    }
}
