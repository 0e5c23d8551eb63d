//! Input: turns what a person holds (arguments, a file, standard input) into bytes.
//!
//! `stream` tells text from other bytes; a text that is short enough to be held is read by the forms
//! that it may be of (`table`, `forms`), and `choice` takes one of them. A longer one is hex or a
//! dump, which are read block by block. What the bytes mean is left to the sink. Nothing is printed
//! here.
//!
//! ```
//! use wsclose::input::{Source, Stated, read};
//!
//! // What a terminal printed, with spaces and prefixes as they come.
//! let words = vec!["0x88".to_owned(), "0x02".to_owned(), "0x03e8".to_owned()];
//! let mut bytes = Vec::new();
//! let mut form = "";
//! read(
//!     Source::Arguments(words),
//!     Stated::default(),
//!     &mut |chosen| { form = chosen.form.id; Ok(()) },
//!     &mut |piece| { bytes.extend_from_slice(piece); Ok(()) },
//! )?;
//! assert_eq!(bytes, b"\x88\x02\x03\xe8");
//! println!("read as {form}");
//! # Ok::<(), wsclose::input::Error>(())
//! ```

mod around;
mod beginning;
mod behind;
mod choice;
mod digits;
mod ends;
mod forms;
mod frames;
mod layout;
mod lossy;
mod nested;
mod notations;
mod number;
mod numbers;
mod output;
mod packet;
mod plain;
mod quotes;
#[cfg(test)]
mod samples;
mod sequence;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod utf16;
mod variants;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

pub(crate) use beginning::{Beginning, Marks, begins_with_frames};
pub use ends::Turn;
pub use table::Form;
pub use text::Mistake;

use choice::{Choice, choose, of_beginning, trial};
use stream::Stream;
use table::{FORMS, Reading, binary};
use text::without_mark;

use crate::frame::Sender;
use crate::words::{Message, Text, say, text};

/// So much of a text is held before a form is picked by all of it.
const HELD: usize = 1 << 20;

/// The longest text of a form that is read as a whole.
const LONGEST: usize = 16 << 20;

/// Where the bytes come from.
pub enum Source {
    /// Words of a command line, which make one text: with a space between them, or without where
    /// they have escapes, in which a space is a byte.
    Arguments(Vec<String>),
    /// A file, standard input or anything else that is read to its end.
    Reader(Box<dyn Read>),
}

/// Receives decoded bytes in pieces, which it may change in place. An error stops the reading and
/// comes back as [`Error::Sink`].
pub type Sink<'a> = dyn FnMut(&mut [u8]) -> io::Result<()> + 'a;

/// Reads a text of any length in blocks, each of which ends with a line or between two bytes.
///
/// After an error a reader is of no further use.
trait TextReader {
    /// Takes the next block of the text and gives out its bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Mistake`] when the text cannot be read, after the bytes before the mistake were
    /// given out; [`Error::Sink`] when the sink fails.
    fn feed(&mut self, block: &str, sink: &mut Sink<'_>) -> Result<(), Error>;

    /// Takes the end of the text.
    ///
    /// # Errors
    ///
    /// [`Error::Mistake`] when the text cannot end here; [`Error::Sink`] when the sink fails.
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error>;
}

/// All forms, in the order in which they are tried.
#[must_use]
pub fn forms() -> &'static [Form] {
    &FORMS
}

/// Why an input could not be read to its end.
#[derive(Debug)]
pub enum Error {
    /// There is not one byte in the input: it is empty, or blank, or only layout.
    Empty,
    /// The text is not what its form says.
    Mistake(Mistake),
    /// The source failed.
    Read(io::Error),
    /// The sink failed, with this error.
    Sink(io::Error),
}

/// One line without a full stop.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => text!(input.empty).fmt(formatter),
            Self::Mistake(mistake) => mistake.fmt(formatter),
            Self::Read(error) => say!(input.cannot_read, error = error.to_string()).fmt(formatter),
            Self::Sink(error) => {
                say!(input.cannot_pass_on, error = error.to_string()).fmt(formatter)
            }
        }
    }
}

// No sources are given: the line already has the words of the error below.
impl std::error::Error for Error {}

impl From<Mistake> for Error {
    fn from(mistake: Mistake) -> Self {
        Self::Mistake(mistake)
    }
}

/// What is said of an input from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated {
    /// The form that it is in.
    pub form: Option<&'static Form>,
    /// Whose bytes to take from a form that says who sent what.
    pub from: Option<Sender>,
}

/// How an input is read.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The form that it is in.
    pub form: &'static Form,
    /// Whether it could be in another form too, and is in this one because only that makes whole
    /// frames of it that break no rule.
    pub is_by_frames: bool,
    /// Who sent the bytes, where the form says that: in the order of the bytes.
    pub turns: Vec<Turn>,
    /// The headers of a packet that stood before the bytes, and how many bytes they are.
    pub taken_off: Option<(Text, u64)>,
    /// What of the text was left out, because it is no part of the bytes: a whole sentence.
    pub left_out: Option<Message>,
}

impl Chosen {
    fn of(form: &'static Form) -> Self {
        Self {
            form,
            is_by_frames: false,
            turns: Vec::new(),
            taken_off: None,
            left_out: None,
        }
    }
}

/// Hears how the input is read.
type Hear<'a> = dyn FnMut(Chosen) -> io::Result<()> + 'a;

/// Reads all of `source` and gives its bytes to `sink`, in order. Gives the number of bytes.
///
/// The form is that of `stated`, or else picked by the content. `hear` hears of it once, before the first
/// byte goes to the sink, unless the input is blank. A text is held before anything of it is given
/// out; bytes that are not text, and texts of hex and dumps that are longer than 1 MiB, are given out
/// as they are read. Other texts are read up to 16 MiB.
///
/// # Errors
///
/// [`Error::Empty`] when there are no bytes; [`Error::Mistake`] when a text cannot be read;
/// [`Error::Read`] when the source fails; [`Error::Sink`] when `sink` or `hear` fails.
pub fn read(
    source: Source,
    stated: Stated,
    hear: &mut Hear<'_>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut total = 0;
    let mut counted = |bytes: &mut [u8]| {
        total += bytes.len() as u64;
        sink(bytes)
    };
    match source {
        Source::Arguments(words) => read_words(&words, stated, hear, &mut counted)?,
        Source::Reader(reader) => {
            read_stream(Stream::new(reader), stated, hear, &mut counted)?;
        }
    }
    if total == 0 {
        Err(Error::Empty)
    } else {
        Ok(total)
    }
}

/// Reads the words of a command line, which are text even when they hold control characters.
fn read_words(
    words: &[String],
    stated: Stated,
    hear: &mut Hear<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let has_escapes = words.iter().any(|word| word.contains("\\x"));
    let text = words.join(if has_escapes { "" } else { " " });
    match stated.form {
        Some(form) if form.id == binary().id => {
            let mut bytes = text.into_bytes();
            if bytes.is_empty() {
                return Ok(());
            }
            hear(Chosen::of(form)).map_err(Error::Sink)?;
            sink(&mut bytes).map_err(Error::Sink)
        }
        _ => read_text(without_mark(&text), stated, hear, sink),
    }
}

/// Reads a stream to its end.
fn read_stream(
    mut stream: Stream,
    stated: Stated,
    hear: &mut Hear<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    if stated
        .form
        .is_some_and(|form| matches!(form.reading, Reading::Bytes))
    {
        return give_bytes(&mut stream, hear, sink);
    }
    let Some((text, is_whole)) = stream.text(HELD)? else {
        if lossy::may_be_raw_string(stream.held()) {
            stream.read_sample()?;
        }
        return match (stated.form, lossy::raw_string(stream.held())) {
            (Some(form), _) => {
                hear(Chosen::of(form)).map_err(Error::Sink)?;
                Err(stream.not_text())
            }
            (None, Some(mistake)) => Err(mistake.into()),
            (None, None) => give_bytes(&mut stream, hear, sink),
        };
    };
    if is_whole {
        return read_text(text, stated, hear, sink);
    }
    let choice = match stated.form {
        Some(form) => Some((form, false)),
        None => {
            let length = match stream::block(text) {
                0 => stream::whole_pairs(text),
                length => length,
            };
            let choice = of_beginning(text.get(..length).unwrap_or(text))?;
            choice.map(|choice| (choice.form, choice.is_by_frames))
        }
    };
    match choice.map(|(form, is_by_frames)| (form, is_by_frames, &form.reading)) {
        Some((_, _, Reading::Bytes)) => return give_bytes(&mut stream, hear, sink),
        Some((form, is_by_frames, Reading::Blocks(reader))) => {
            let chosen = Chosen {
                is_by_frames,
                ..Chosen::of(form)
            };
            hear(chosen).map_err(Error::Sink)?;
            let mut reader = reader();
            stream.give_blocks(|block| reader.feed(block, sink))?;
            return reader.finish(sink);
        }
        _ => {}
    }
    match stream.text(LONGEST)? {
        Some((text, true)) => read_text(text, stated, hear, sink),
        Some((_, false)) => Err(Mistake::new(say!(input.too_long, most = LONGEST >> 20)).into()),
        None => Err(stream.not_text()),
    }
}

/// Gives the bytes of a stream out as they are.
fn give_bytes(stream: &mut Stream, hear: &mut Hear<'_>, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut hear = Some(hear);
    stream.give_bytes(&mut |bytes| {
        if let Some(hear) = hear.take() {
            hear(Chosen::of(binary()))?;
        }
        sink(bytes)
    })
}

/// Reads a text that is held as a whole.
fn read_text(
    text: &str,
    stated: Stated,
    hear: &mut Hear<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let is_binary = stated.form.is_some_and(|form| form.id == binary().id);
    let plain = match is_binary {
        true => Cow::Borrowed(text),
        false => plain::plain(text),
    };
    let straight = match is_binary {
        true => Cow::Borrowed(text),
        false => quotes::straightened(&plain),
    };
    let text = &*straight;
    let Choice {
        form,
        reading,
        is_by_frames,
        taken_off,
        left_out,
    } = match stated.form {
        Some(form) => Choice::of(form, trial(form, text, true, stated.from)),
        None => choose(text, stated.from)?,
    };
    let chosen = Chosen {
        form,
        is_by_frames,
        turns: reading.turns,
        taken_off,
        left_out,
    };
    hear(chosen).map_err(Error::Sink)?;
    reading.result?;
    if let (true, Reading::Blocks(reader)) = (reading.is_long, &form.reading) {
        let mut reader = reader();
        reader.feed(text, sink)?;
        return reader.finish(sink);
    }
    let mut bytes = reading.bytes;
    if bytes.is_empty() {
        return Ok(());
    }
    sink(&mut bytes).map_err(Error::Sink)
}
