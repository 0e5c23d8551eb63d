//! The grammar of the header: what was pasted to extensions and parameters.
//!
//! Knows quotes, lines and tokens, and no extension by name; what the names
//! mean is for the module above. One pass over the text, which is looked at
//! once for the lines and once for what stands in them.

use std::borrow::Cow;

use super::refusal::{Given, Refusal};

/// The name of the header, which HTTP compares without regard to case.
pub(super) const HEADER: &str = "Sec-WebSocket-Extensions";

/// Quotes that people put around what they paste.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];

/// A piece of the text, and the character at which it begins, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// One element of the list: a name with its parameters in their order.
#[derive(Debug)]
pub(super) struct Extension<'a> {
    pub(super) name: Span<'a>,
    pub(super) parameters: Vec<Parameter<'a>>,
}

/// A parameter, and its value where there is one.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: Span<'a>,
    pub(super) value: Option<Value<'a>>,
}

/// A value without its quotes, never empty, and where it begins, quote included.
#[derive(Debug)]
pub(super) struct Value<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) at: usize,
}

/// The extensions that `pasted` lists, in their order; none where it is empty.
///
/// Several lines combine as if commas stood between them (9.1), and elements
/// without anything in them do not count ("null elements are allowed", RFC 2616
/// section 2.1, whose list rule 9.1 uses).
///
/// Source: RFC 6455 section 9.1.
pub(super) fn extensions(pasted: &str) -> Result<Vec<Extension<'_>>, Refusal> {
    let whole = Span {
        text: pasted,
        at: 1,
    };
    let mut rest = whole.without_quotes()?;
    let mut extensions = Vec::new();
    while !rest.text.is_empty() {
        let line = rest.split_off(line_end(rest.text));
        rest.split_off(usize::from(!rest.text.is_empty()));
        read_list(line.value()?.without_quotes()?, &mut extensions)?;
    }
    Ok(extensions)
}

/// Whether `character` may stand in a token.
///
/// Source: RFC 2616 section 2.2.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

/// What the "implied *LWS rule" (9.1) lets stand between any two words. A line
/// break is left only where the line goes on behind it.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Where the first header line of `text` ends, in bytes: before a line break
/// that no blank follows, or that a line with a header's name follows.
fn line_end(text: &str) -> usize {
    let goes_on = |end: usize| {
        let behind = text.get(end + 1..).unwrap_or_default();
        let word = behind.trim_start_matches([' ', '\t']);
        word.len() < behind.len() && !starts_with_header(word)
    };
    text.match_indices('\n')
        .map(|(end, _)| end)
        .find(|&end| !goes_on(end))
        .unwrap_or(text.len())
}

/// Whether `text` begins with the header's name.
fn starts_with_header(text: &str) -> bool {
    text.get(..HEADER.len())
        .is_some_and(|name| name.eq_ignore_ascii_case(HEADER))
}

/// Appends the elements of one line's value.
fn read_list<'a>(mut rest: Span<'a>, list: &mut Vec<Extension<'a>>) -> Result<(), Refusal> {
    loop {
        rest.skip_blanks();
        let name = match rest.first() {
            None => return Ok(()),
            Some(',') => {
                rest.split_first();
                continue;
            }
            Some(';') => return Err(Refusal::NoExtension(rest.at)),
            Some(_) => rest.token()?,
        };
        let mut extension = Extension {
            name,
            parameters: Vec::new(),
        };
        rest.skip_blanks();
        while rest.first() == Some(';') {
            extension.parameters.push(read_parameter(&mut rest)?);
            rest.skip_blanks();
        }
        if !matches!(rest.first(), None | Some(',')) {
            let word = rest.token()?;
            return Err(Refusal::NoSeparator(Given::new(word.text, word.at)));
        }
        list.push(extension);
    }
}

/// Takes a parameter from the front of `rest`, which begins with its `;`.
fn read_parameter<'a>(rest: &mut Span<'a>) -> Result<Parameter<'a>, Refusal> {
    let semicolon = rest.split_first().at;
    rest.skip_blanks();
    let name = match rest.first() {
        None | Some(',' | ';' | '=') => return Err(Refusal::NoParameter(semicolon)),
        Some(_) => rest.token()?,
    };
    rest.skip_blanks();
    let value = if rest.first() == Some('=') {
        Some(read_value(rest)?)
    } else {
        None
    };
    Ok(Parameter { name, value })
}

/// Takes a value from the front of `rest`, which begins with its `=`.
fn read_value<'a>(rest: &mut Span<'a>) -> Result<Value<'a>, Refusal> {
    let equals = rest.split_first().at;
    rest.skip_blanks();
    match rest.first() {
        None | Some(',' | ';' | '=') => Err(Refusal::NoValue(equals)),
        Some('"') => read_quoted(rest),
        Some(_) => rest.token().map(|token| Value {
            text: Cow::Borrowed(token.text),
            at: token.at,
        }),
    }
}

/// Takes a quoted value from the front of `rest`, which begins with its quote.
///
/// "the value after quoted-string unescaping MUST conform to the 'token' ABNF" (9.1)
fn read_quoted<'a>(rest: &mut Span<'a>) -> Result<Value<'a>, Refusal> {
    let at = rest.split_first().at;
    let mut text = String::new();
    let mut stray = None;
    loop {
        let mut here = rest.at;
        let character = match rest.split_first().text.chars().next() {
            Some('"') => break,
            Some('\\') => {
                here = rest.at;
                rest.split_first().text.chars().next()
            }
            other => other,
        };
        let Some(character) = character else {
            return Err(Refusal::Unclosed(at));
        };
        if !is_token(character) {
            stray = stray.or(Some(Refusal::InQuotes(character, here)));
        }
        text.push(character);
    }
    match stray {
        Some(stray) => Err(stray),
        None if text.is_empty() => Err(Refusal::EmptyQuotes(at)),
        None => Ok(Value {
            text: Cow::Owned(text),
            at,
        }),
    }
}

impl<'a> Span<'a> {
    /// The character at its front.
    fn first(self) -> Option<char> {
        self.text.chars().next()
    }

    /// Takes `length` bytes from the front; all there is, where they would end
    /// inside a character or behind the end.
    fn split_off(&mut self, length: usize) -> Span<'a> {
        let (text, rest) = self
            .text
            .split_at_checked(length)
            .unwrap_or((self.text, ""));
        let taken = Span { text, at: self.at };
        self.text = rest;
        self.at += text.chars().count();
        taken
    }

    /// Takes one character from the front; nothing at the end.
    fn split_first(&mut self) -> Span<'a> {
        self.split_off(self.first().map_or(0, char::len_utf8))
    }

    /// Takes what `belongs` from the front.
    fn split_while(&mut self, belongs: fn(char) -> bool) -> Span<'a> {
        let length = self.text.find(|character| !belongs(character));
        self.split_off(length.unwrap_or(self.text.len()))
    }

    fn skip_blanks(&mut self) {
        self.split_while(is_blank);
    }

    /// Takes a token from the front, of one character or more.
    fn token(&mut self) -> Result<Span<'a>, Refusal> {
        let token = self.split_while(is_token);
        match self.first() {
            Some(character) if token.text.is_empty() => Err(Refusal::Stray(character, self.at)),
            _ => Ok(token),
        }
    }

    /// It without the blanks and the pairs of quotes around it. No value begins
    /// with a quote, nor has a registered name one, so none is lost.
    fn without_quotes(mut self) -> Result<Span<'a>, Refusal> {
        loop {
            self.skip_blanks();
            self.text = self.text.trim_end_matches(is_blank);
            let Some((open, close)) = QUOTES
                .into_iter()
                .find(|(open, _)| self.first() == Some(*open))
            else {
                return Ok(self);
            };
            let at = self.split_first().at;
            self.text = self
                .text
                .strip_suffix(close)
                .ok_or(Refusal::OneQuote(open, at))?;
        }
    }

    /// It without the header's name, and without the `<` with which `curl -v`
    /// marks a line that it received.
    fn value(mut self) -> Result<Span<'a>, Refusal> {
        self.skip_blanks();
        let direction = matches!(self.first(), Some('<' | '>')).then(|| self.split_first());
        self.skip_blanks();
        let mut rest = self;
        let name = rest.split_while(is_token);
        let is_header = name.text.eq_ignore_ascii_case(HEADER);
        let is_word = rest.first().is_none_or(is_blank);
        rest.skip_blanks();
        let has_colon = rest.first() == Some(':');
        if has_colon && !is_header && !name.text.is_empty() {
            return Err(Refusal::OtherHeader(Given::new(name.text, name.at)));
        }
        match direction {
            Some(mark) if mark.text == ">" && is_header => Err(Refusal::SentLine(mark.at)),
            Some(mark) if !is_header => {
                Err(Refusal::Stray(mark.first().unwrap_or_default(), mark.at))
            }
            // Copied from a table, name and value stand side by side without the colon.
            _ if is_header && (has_colon || is_word) => {
                rest.split_off(usize::from(has_colon));
                Ok(rest)
            }
            _ => Ok(self),
        }
    }
}
