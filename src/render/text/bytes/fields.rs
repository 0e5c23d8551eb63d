//! The fields of a frame, in lines of bytes with what they mean beside them.

use std::ops::Range;

use colored::Color;

use crate::facts::codes::name_of;
use crate::facts::registry::Registries;
use crate::frame::{Header, LengthForm, Opcode};
use crate::inspect::Frame;
use crate::render::text::payload::{self, PayloadText};
use crate::words::{Message, Say, Text, Voice, bytes, dotted, say, text};

/// What a field is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Kind,
    Length,
    Key,
    Code,
    Payload,
    /// Stands for bytes that are not shown, or for the end.
    Nothing,
}

impl Field {
    pub(super) fn color(self) -> Option<Color> {
        match self {
            Field::Kind => Some(Color::Cyan),
            Field::Length => Some(Color::Yellow),
            Field::Key => Some(Color::Magenta),
            Field::Code => Some(Color::Green),
            Field::Payload | Field::Nothing => None,
        }
    }
}

/// Some bytes and what they mean.
pub(super) struct Line {
    pub(super) at: u64,
    pub(super) wire: Vec<u8>,
    /// The same bytes unmasked, where they are masked.
    pub(super) plain: Option<Vec<u8>>,
    pub(super) field: Field,
    pub(super) meaning: Meaning,
}

/// What stands beside the bytes.
pub(super) enum Meaning {
    /// Words, broken between them.
    Words(String),
    /// Text of the payload, of which nothing is left away where it is broken.
    Text(String),
    /// The characters that the bytes are, which stand beside the bytes unmasked.
    Characters(String),
    /// So many bytes are not shown.
    Gap(String),
}

impl Line {
    fn gap(at: u64, missing: u64, voice: &Voice) -> Self {
        let size = say!(bytes.more, size = bytes(missing));
        Line {
            meaning: Meaning::Gap(voice.say(&size)),
            ..Line::end(at)
        }
    }

    pub(super) fn end(at: u64) -> Self {
        Line {
            at,
            wire: Vec::new(),
            plain: None,
            field: Field::Nothing,
            meaning: Meaning::Words(String::new()),
        }
    }

    pub(super) fn end_at(&self) -> u64 {
        self.at + self.wire.len() as u64
    }
}

/// The lines of a frame.
pub(super) fn lines(
    frame: &Frame,
    row_bytes: usize,
    registries: Registries,
    voice: &Voice,
) -> Vec<Line> {
    let header = &frame.header;
    let mut lines = Vec::new();
    let mut line = |span: Range<u64>, field, meaning: &dyn Say| {
        let bytes = header.bytes();
        let index = |at: u64| ((at - header.at) as usize).min(bytes.len());
        let wire = bytes.get(index(span.start)..index(span.end));
        let mut meaning = Some(meaning.words(voice).into_owned());
        // Only the length and the key are longer than a byte, and only the length than a row.
        for (row, wire) in wire.unwrap_or_default().chunks(row_bytes).enumerate() {
            lines.push(Line {
                at: span.start + (row * row_bytes) as u64,
                wire: wire.to_vec(),
                plain: None,
                field,
                meaning: Meaning::Words(meaning.take().unwrap_or_default()),
            });
        }
    };
    line(header.first_byte_span(), Field::Kind, &kind(header));
    if let (Some(masked), Some(form)) = (header.masked, header.length_form) {
        let masked = if masked {
            text!(bytes.masked)
        } else {
            text!(bytes.not_masked)
        };
        let payload = match header.length() {
            None => say!(bytes.length_cut),
            Some(0) => say!(bytes.no_payload),
            Some(length) => say!(bytes.payload_size, size = bytes(length)),
        };
        let extended = header.length_span().start + 1..header.length_span().end;
        let second = header.second_byte_span();
        match form {
            LengthForm::Seven => {
                let both = dotted([Message::from(masked), payload]);
                line(second, Field::Length, &both);
            }
            _ => {
                let follows = bytes(form.extended_bytes() as u64);
                let follows = say!(bytes.length_follows, masked, follows);
                line(second, Field::Length, &follows);
                if !extended.is_empty() {
                    line(extended, Field::Length, &payload);
                }
            }
        }
        if header.masked == Some(true) && !header.masking_key_span().is_empty() {
            let whole = if header.masking_key.is_some() {
                say!(bytes.masking_key)
            } else {
                say!(bytes.masking_key_cut)
            };
            line(header.masking_key_span(), Field::Key, &whole);
        }
    }
    payload_lines(frame, row_bytes, registries, voice, &mut lines);
    lines
}

/// What the first byte says.
fn kind(header: &Header) -> Message {
    let mut words = vec![if header.fin {
        say!(bytes.fin)
    } else {
        say!(bytes.not_fin)
    }];
    for (set, name) in [
        (header.rsv1, "RSV1"),
        (header.rsv2, "RSV2"),
        (header.rsv3, "RSV3"),
    ] {
        if set {
            words.push(Text::Given(name).into());
        }
    }
    words.push(match header.opcode {
        Opcode::Reserved(number) => say!(bytes.reserved_opcode, number),
        opcode => opcode.words().into(),
    });
    dotted(words)
}

/// The lines of the payload: the parts of it that are shown, with the gaps between them.
fn payload_lines(
    frame: &Frame,
    row_bytes: usize,
    registries: Registries,
    voice: &Voice,
    lines: &mut Vec<Line>,
) {
    let at = frame.header.payload_at();
    let row = row_bytes as u64;
    // The reason of a Close stands behind the two bytes of its code.
    let is_close = frame.header.opcode == Opcode::Close;
    let base = if is_close { 2 } else { 0 };
    let mut reached = 0;
    for part in payload::visible_parts(frame, base, row) {
        if part.from > reached {
            lines.push(Line::gap(at + reached, part.from - reached, voice));
        }
        let text = payload::payload_text(frame, &part, voice);
        let mut from = part.from;
        while from < part.end() {
            let whole = if from < base {
                base
            } else {
                from + row - (from - base) % row
            };
            let to = whole.min(part.end());
            let range = (from - part.from) as usize..(to - part.from) as usize;
            let mut wire = part.bytes.get(range).unwrap_or_default().to_vec();
            let meaning = match &text {
                _ if is_close => close_meaning(frame, from, registries, voice),
                PayloadText::Characters(name) if from == part.from => {
                    Meaning::Characters(format!("│{}│ {name}", payload::characters(&wire)))
                }
                PayloadText::Characters(_) => {
                    Meaning::Characters(format!("│{}│", payload::characters(&wire)))
                }
                PayloadText::Text(text) if from == part.from => Meaning::Text(text.clone()),
                PayloadText::Text(_) => Meaning::Text(String::new()),
            };
            let plain = frame.header.masking_key.map(|key| {
                let plain = wire.clone();
                crate::frame::unmask(&mut wire, key, from);
                plain
            });
            lines.push(Line {
                at: at + from,
                wire,
                plain,
                field: if from < base {
                    Field::Code
                } else {
                    Field::Payload
                },
                meaning,
            });
            from = to;
        }
        reached = part.end();
    }
    if frame.payload_present > reached {
        lines.push(Line::gap(
            at + reached,
            frame.payload_present - reached,
            voice,
        ));
    }
}

/// What stands beside the row of a Close body that begins with this byte.
fn close_meaning(frame: &Frame, from: u64, registries: Registries, voice: &Voice) -> Meaning {
    let code = frame.close.as_ref().and_then(|close| close.code);
    let words = |message: Message| Meaning::Words(voice.say(&message));
    match (from, code) {
        (0, Some(code)) => words(match registries.definite_from(code, frame.sender) {
            Some(entry) => say!(bytes.close_code, code = entry.id(), name = entry.row.name),
            None => say!(bytes.close_code, code, name = name_of(code)),
        }),
        (0, None) => words(say!(bytes.half_code)),
        (2, _) => {
            let head = frame.head.bytes();
            let is_whole = frame.payload_present <= head.len() as u64;
            let reason = payload::quoted(head.get(2..).unwrap_or_default(), is_whole);
            let mark = if is_whole { "" } else { " …" };
            Meaning::Text(voice.say(&say!(bytes.reason, reason, mark)))
        }
        _ => Meaning::Text(String::new()),
    }
}
