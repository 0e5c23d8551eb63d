//! Input: turns what a person holds (arguments, a file, standard input) into bytes.
//!
//! This file joins the parts: `stream` tells text from other bytes, `forms` picks the form of a
//! text, and the reader of that form decodes it. What the bytes mean is left to the sink. Nothing
//! is printed here. Memory is the same for an input of any size.

mod base64;
mod disguise;
mod dump;
mod escaped;
mod forms;
mod frames;
mod hex;
mod keyed;
mod list;
mod log;
mod lossy;
mod output;
mod packet;
mod percent;
#[cfg(test)]
mod samples;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod utf16;
mod wrapped;

use std::fmt;
use std::io::{self, Read};

pub use forms::forms;
pub use table::Form;
pub use text::Mistake;

use forms::{Choice, binary, choose};
use stream::Stream;
use table::Reading;
use text::without_mark;

use crate::words::{say, text};

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

/// Decodes a text that is taken in pieces, and gives bytes out in pieces. Holds no more than a
/// line at any time. How the text is cut makes no difference to the bytes or to the mistake.
///
/// After an error a reader is of no further use.
pub trait TextReader {
    /// Takes the next piece of the text and gives out the bytes that are complete with it.
    ///
    /// # Errors
    ///
    /// [`Error::Mistake`] when the text cannot be read, after the bytes before the mistake were
    /// given out; [`Error::Sink`] when the sink fails.
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error>;

    /// Takes the end of the text.
    ///
    /// # Errors
    ///
    /// [`Error::Mistake`] when the text cannot end here; [`Error::Sink`] when the sink fails.
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error>;
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

/// Reads all of `source` and gives its bytes to `sink`, in order. Gives the number of bytes.
///
/// The form is `forced`, or else picked by the content. `chosen` hears of it once, before the first
/// byte goes to the sink, unless the input is blank. The form of a text is picked by its first 64
/// KiB, or all of it if shorter; bytes that are not text are given out as soon as they are read.
///
/// # Errors
///
/// [`Error::Empty`] when there are no bytes; [`Error::Mistake`] when a text cannot be read, after
/// the bytes before the mistake were given out; [`Error::Read`] when the source fails;
/// [`Error::Sink`] when `sink` or `chosen` fails.
pub fn read(
    source: Source,
    forced: Option<&'static Form>,
    chosen: &mut dyn FnMut(&'static Form) -> io::Result<()>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut total = 0;
    let mut counted = |bytes: &mut [u8]| {
        total += bytes.len() as u64;
        sink(bytes)
    };
    match source {
        Source::Arguments(words) => read_words(&words, forced, chosen, &mut counted)?,
        Source::Reader(reader) => {
            read_stream(Stream::new(reader), forced, chosen, &mut counted)?;
        }
    }
    if total == 0 {
        Err(Error::Empty)
    } else {
        Ok(total)
    }
}

/// Hears which form was chosen.
type Chosen<'a> = dyn FnMut(&'static Form) -> io::Result<()> + 'a;

/// Reads the words of a command line, which are text even when they hold control characters.
fn read_words(
    words: &[String],
    forced: Option<&'static Form>,
    chosen: &mut Chosen<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let has_escapes = words.iter().any(|word| word.contains("\\x"));
    let text = words.join(if has_escapes { "" } else { " " });
    let sample = without_mark(&text);
    let choice = forced.map_or_else(|| choose(sample, true), |form| Ok(Choice::of(form)))?;
    match choice.form.reading {
        Reading::Bytes if text.is_empty() => Ok(()),
        Reading::Bytes => {
            chosen(choice.form).map_err(Error::Sink)?;
            sink(&mut text.into_bytes()).map_err(Error::Sink)
        }
        Reading::Text { reader, .. } => {
            let mut decoding = Decoding::new(&choice, reader(), chosen);
            decoding.feed(sample, sink)?;
            decoding.finish(sink)
        }
    }
}

/// Reads a stream to its end.
fn read_stream(
    mut stream: Stream,
    forced: Option<&'static Form>,
    chosen: &mut Chosen<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let choice = match forced {
        Some(form) => Choice::of(form),
        None => match stream.sample()? {
            Some((sample, whole)) => choose(sample, whole)?,
            None => match lossy::raw_string(stream.held()) {
                Some(mistake) => return Err(mistake.into()),
                None => Choice::of(binary()),
            },
        },
    };
    match choice.form.reading {
        Reading::Bytes => {
            let mut chosen = Some(chosen);
            stream.give_bytes(&mut |bytes| {
                if let Some(chosen) = chosen.take() {
                    chosen(choice.form)?;
                }
                sink(bytes)
            })
        }
        Reading::Text { reader, .. } => {
            let mut decoding = Decoding::new(&choice, reader(), chosen);
            stream.give_text(|text| decoding.feed(text, sink))?;
            decoding.finish(sink)
        }
    }
}

/// A text on its way through the reader of its form.
struct Decoding<'a> {
    choice: &'a Choice,
    reader: Box<dyn TextReader>,
    /// Still has to hear of the form.
    chosen: Option<&'a mut Chosen<'a>>,
}

impl<'a> Decoding<'a> {
    fn new(choice: &'a Choice, reader: Box<dyn TextReader>, chosen: &'a mut Chosen<'a>) -> Self {
        Self {
            choice,
            reader,
            chosen: Some(chosen),
        }
    }

    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        if !text.trim().is_empty() {
            self.tell()?;
        }
        let result = self.reader.feed(text, sink);
        if matches!(result, Err(Error::Mistake(_))) {
            // The mistake is one of this form, however little of the text was seen.
            self.tell()?;
        }
        result.map_err(|error| self.advised(error))
    }

    /// Says once which form was chosen.
    fn tell(&mut self) -> Result<(), Error> {
        match self.chosen.take() {
            Some(chosen) => chosen(self.choice.form).map_err(Error::Sink),
            None => Ok(()),
        }
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.reader.finish(sink);
        result.map_err(|error| self.advised(error))
    }

    /// The error, with what else to try if it is a mistake.
    fn advised(&self, error: Error) -> Error {
        match (error, self.choice.advice) {
            (Error::Mistake(mistake), Some(advice)) => mistake.with_advice(advice).into(),
            (error, _) => error,
        }
    }
}
