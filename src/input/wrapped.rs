//! Hex or base64 with something around it: quotes, a call, an assignment, the head of a data URL.
//!
//! What surrounds the text is made blank before its reader sees it, so that every character stays
//! in its place.

use super::text::{Mistake, Place, shown};
use super::{Error, Sink, TextReader};
use crate::words::say;

/// How much text is looked at to find where the digits begin, and taken after their end.
pub(super) const LONGEST_HEAD: usize = 256;

/// What stands before the digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    /// How many bytes of the text it is.
    pub(super) length: usize,
    /// The quote at its end.
    pub(super) quote: Option<char>,
    /// How many brackets it opens.
    brackets: usize,
    /// Whether it is that of a data URL with base64.
    pub(super) is_data_url: bool,
}

impl Head {
    /// The head at the front of `text`: an assignment, calls and a quote, and the head of a data
    /// URL, each of which may be missing.
    pub(super) fn of(text: &str) -> Self {
        let found = Self::quoted(text).unwrap_or_default();
        let rest = text.get(found.length..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let is_url = rest
            .trim_start()
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("data:"));
        match rest.split_once(";base64,") {
            Some((before, _))
                if is_url
                    && !before
                        .get(blank..)
                        .unwrap_or_default()
                        .contains(char::is_whitespace) =>
            {
                Self {
                    length: found.length + before.len() + ";base64,".len(),
                    is_data_url: true,
                    ..found
                }
            }
            _ => found,
        }
    }

    /// The head that ends with the first quote, if there is one and nothing else before it.
    fn quoted(text: &str) -> Option<Self> {
        let at = text.find(['"', '\'', '`'])?;
        let quote = text.get(at..)?.chars().next()?;
        let before = text.get(..at)?.trim_start();
        // The prefix of a string: `b`, `br`, `$`.
        let before = before.trim_end_matches(['b', 'B', 'r', 'R', 'u', 'U', '$']);
        let before = before.trim_end();
        // `var_dump` in PHP tells the length of a string: `string(4) "`.
        let length = before
            .strip_prefix("string(")
            .and_then(|text| text.strip_suffix(')'));
        let is_php = length.is_some_and(|length| length.bytes().all(|byte| byte.is_ascii_digit()));
        let fits = before.is_empty() || before.ends_with(['(', '=', '[', '&']) || is_php;
        let is_code =
            |character: char| character.is_alphanumeric() || " ._$:<>[]*&(=;".contains(character);
        (fits && (is_php || before.chars().all(is_code))).then(|| Self {
            length: at + quote.len_utf8(),
            quote: Some(quote),
            brackets: if is_php {
                0
            } else {
                before.matches('(').count()
            },
            is_data_url: false,
        })
    }

    /// The text of a sample between its head and its end.
    pub(super) fn inner<'a>(&self, sample: &'a str) -> &'a str {
        let rest = sample.get(self.length..).unwrap_or_default();
        match self.quote {
            Some(quote) => rest.split(quote).next().unwrap_or_default(),
            None => rest,
        }
    }
}

/// The head of a sample.
pub(super) fn head(sample: &str) -> Head {
    let mut end = sample.len().min(LONGEST_HEAD);
    while !sample.is_char_boundary(end) {
        end += 1;
    }
    Head::of(sample.get(..end).unwrap_or(sample))
}

/// Where in the text the reader is.
enum State {
    /// Before the digits, whose beginning is looked for in this text.
    Head(String),
    /// Among the digits.
    Inner,
    /// After the quote that closes them.
    Tail,
}

/// Reads a text with something around it by the reader of the text.
pub(super) struct WrappedReader {
    inner: Box<dyn TextReader>,
    state: State,
    head: Head,
    /// Where the quote was opened.
    opened: Place,
    /// Where the next character stands.
    place: Place,
}

impl WrappedReader {
    pub(super) fn new(inner: Box<dyn TextReader>) -> Self {
        Self {
            inner,
            state: State::Head(String::new()),
            head: Head::default(),
            opened: Place::START,
            place: Place::START,
        }
    }

    /// Finds the end of the head, and reads what was held to find it.
    fn begin(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let State::Head(held) = &mut self.state else {
            return Ok(());
        };
        let held = std::mem::take(held);
        self.state = State::Inner;
        self.head = Head::of(&held);
        let (before, rest) = held
            .split_at_checked(self.head.length)
            .unwrap_or(("", &held));
        if before.is_empty() {
            return self.take(rest, sink);
        }
        let blank: String = before
            .chars()
            .map(|character| if character == '\n' { '\n' } else { ' ' })
            .collect();
        let quote = before.find(['"', '\'', '`']).unwrap_or_default();
        self.opened = self.place.after(before.get(..quote).unwrap_or_default());
        self.place = self.place.after(before);
        self.inner.feed(&blank, sink)?;
        self.take(rest, sink)
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let (digits, after) = match self.state {
            State::Tail => ("", text),
            _ => match self.head.quote {
                Some(quote) => text
                    .split_at_checked(text.find(quote).unwrap_or(text.len()))
                    .unwrap_or((text, "")),
                None => (text, ""),
            },
        };
        if !digits.is_empty() {
            self.place = self.place.after(digits);
            self.inner.feed(digits, sink)?;
        }
        for character in after.chars() {
            self.take_tail(character)?;
            self.place = self.place.after_character(character);
        }
        Ok(())
    }

    /// Takes a character of the end: the quote, or what closes the brackets.
    fn take_tail(&mut self, character: char) -> Result<(), Mistake> {
        match (&self.state, character) {
            (State::Tail, ')') if self.head.brackets > 0 => self.head.brackets -= 1,
            (State::Tail, ';' | ',' | ']' | '}') => {}
            (State::Tail, _) if character.is_whitespace() => {}
            (State::Tail, _) => {
                return Err(Mistake::new(say!(
                    wrapped.after_quote,
                    character = shown(character.encode_utf8(&mut [0; 4])),
                    place = self.place
                )));
            }
            _ => self.state = State::Tail,
        }
        Ok(())
    }
}

impl TextReader for WrappedReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let State::Head(held) = &mut self.state else {
            return self.take(text, sink);
        };
        let mut end = text.len().min(LONGEST_HEAD.saturating_sub(held.len()));
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let (now, later) = text.split_at_checked(end).unwrap_or((text, ""));
        held.push_str(now);
        if held.len() < LONGEST_HEAD {
            return Ok(());
        }
        self.begin(sink)?;
        self.take(later, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.begin(sink)?;
        self.inner.finish(sink)?;
        match (self.head.quote, &self.state) {
            (Some(quote), State::Inner) => {
                let message = say!(wrapped.not_closed, quote, opened = self.opened);
                Err(Mistake::new(message).into())
            }
            _ => Ok(()),
        }
    }
}
