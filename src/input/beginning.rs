//! What the beginning of an input is: whether a text that may go on is of one of the forms.

use super::frames::{self, Fit};
use super::table::{self, Form, Reading};
use super::{Source, Stated, layout, read, stream};

/// How sure it is that a text is of its form, by the form alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Nothing else looks like it: a dump whose offsets fit, the trace of a program.
    Sure,
    /// Numbers and escapes, which are bytes of something.
    Numbers,
    /// Letters and digits that may be a word or a name.
    Letters,
    /// Bytes behind words.
    Words,
}

/// The beginning of a text that is of a form.
pub(crate) struct Beginning {
    pub(crate) marks: Marks,
    /// The bytes that it stands for; none if the form is known by its marks alone.
    pub(crate) bytes: Vec<u8>,
}

impl Beginning {
    /// Reads the beginning of a text; `whole` says that there is no more of it.
    pub(crate) fn of(text: &str, whole: bool) -> Option<Self> {
        let found = match whole {
            true => Self::read(text),
            false => cut(text).find_map(|sample| Self::read(&sample)),
        };
        found.or_else(|| {
            // A record of many lines is cut somewhere; what else it lacks is said by its reader.
            table::is_trace(text).then_some(Self {
                marks: Marks::Sure,
                bytes: Vec::new(),
            })
        })
    }

    fn read(text: &str) -> Option<Self> {
        let source = Source::Reader(Box::new(std::io::Cursor::new(text.to_owned().into_bytes())));
        let mut bytes = Vec::new();
        let mut form = None;
        let mut hear = |chosen: super::Chosen| {
            form = Some(chosen.form);
            Ok(())
        };
        let mut sink = |piece: &mut [u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        read(source, Stated::default(), &mut hear, &mut sink).ok()?;
        let marks = marks(form?, text)?;
        Some(Self { marks, bytes })
    }

    /// Whether the bytes could be meant as frames, even such that break a rule or are cut: there is a known
    /// opcode, and the end of the message where it nearly always is.
    pub(crate) fn are_plausible(&self) -> bool {
        let is_usual = |&first: &u8| first & 0x80 != 0 && frames::could_begin(first & 0x8f);
        frames::fit(&self.bytes) != Fit::Not || self.bytes.first().is_some_and(is_usual)
    }

    /// Whether the lengths in the headers fit to the last byte, whatever else is in them.
    pub(crate) fn has_whole_frames(&self) -> bool {
        let mut rest = self.bytes.as_slice();
        while let Some(length) = frames::length(rest) {
            rest = rest.get(length..).unwrap_or_default();
        }
        rest.is_empty() && self.are_plausible()
    }
}

/// Whether bytes that are no text begin with a frame behind which another one or nothing follows. Most of what
/// is in it may be letters.
pub(crate) fn begins_with_frames(bytes: &[u8], whole: bool) -> bool {
    // In old encodings a word may begin with the byte of a compressed message.
    let is_first = |&byte: &u8| byte & 0x80 != 0 && frames::could_begin(byte);
    let is_letter = |&byte: &u8| byte >= 0xc0;
    let Some(first) = bytes.first().filter(|first| is_first(first)) else {
        return false;
    };
    match frames::length(bytes).and_then(|length| bytes.get(length)) {
        // A line feed would be a fragment of a Pong, which nobody sends.
        Some(&next) => frames::could_begin(next) && !matches!(next, b'\t'..=0x7f),
        None => !whole || !is_letter(first) || frames::length(bytes).is_some(),
    }
}

fn marks(form: &Form, text: &str) -> Option<Marks> {
    Some(match form.reading {
        Reading::Bytes => return None,
        Reading::Ends(_) => Marks::Sure,
        Reading::BehindWords => Marks::Words,
        Reading::Blocks(_) if form.is_dump() && layout::begins_at_zero(text) => Marks::Sure,
        _ if matches!(form.id, "hex" | "base64" | "percent" | "hex-quoted") => Marks::Letters,
        _ => Marks::Numbers,
    })
}

/// A text that is cut anywhere, cut so that it may be read: behind a line, behind a number, within a string;
/// with the brackets closed that are open.
fn cut(text: &str) -> impl Iterator<Item = String> {
    let line = text.rfind('\n').map(|end| end + 1);
    let number = Some(stream::block(text)).filter(|end| *end > 0);
    let escape = text.rfind(['\\', '%']);
    let letters = text.len() - text.len() % 4;
    let ends = [
        line,
        number,
        escape,
        Some(letters).filter(|_| line.is_none()),
    ];
    let samples = ends.into_iter().flatten().filter_map(|end| text.get(..end));
    samples.flat_map(|sample| {
        let closed = closing(sample);
        let other =
            (!closed.is_empty()).then(|| sample.trim_end_matches([',', ' ']).to_owned() + &closed);
        std::iter::once(sample.to_owned()).chain(other)
    })
}

/// What closes the quotes and brackets that are open at the end of a text.
fn closing(text: &str) -> String {
    const DEEPEST: usize = 8;
    let mut open: Vec<char> = Vec::new();
    let mut is_escaped = false;
    for character in text.chars() {
        let last = open.last().copied();
        let in_quotes = last.is_some_and(|last| matches!(last, '"' | '\''));
        let closer = match character {
            _ if is_escaped || (in_quotes && last != Some(character)) => None,
            '[' => Some(']'),
            '(' => Some(')'),
            '{' => Some('}'),
            '<' => Some('>'),
            '"' | '\'' if last != Some(character) => Some(character),
            _ => None,
        };
        is_escaped = character == '\\' && !is_escaped;
        match closer {
            Some(closer) => open.push(closer),
            None if last == Some(character) => drop(open.pop()),
            None => {}
        }
        if open.len() > DEEPEST {
            return String::new();
        }
    }
    open.iter().rev().collect()
}
