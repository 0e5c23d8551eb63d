//! What stands around the digits or the text of a form: quotes, a call, an assignment, the head of a
//! data URL.

use std::borrow::Cow;

use super::text::{Mistake, Place, printable_character};
use crate::words::say;

/// How much text is looked at to find where the digits begin.
const LONGEST_HEAD: usize = 256;

/// A text whose one pair of curly quotes is made straight, where they stand as those of source code do: word
/// processors and chats bend them.
pub(super) fn straightened(text: &str) -> Cow<'_, str> {
    const PAIRS: [(char, char, &str); 2] = [
        ('\u{201c}', '\u{201d}', "\""),
        ('\u{2018}', '\u{2019}', "'"),
    ];
    let found = PAIRS.iter().find_map(|(opening, closing, straight)| {
        let (before, rest) = text.split_once(*opening)?;
        let (inner, behind) = rest.rsplit_once(*closing)?;
        let begins = before
            .chars()
            .all(|c| !matches!(c, '\\' | '"' | '\'' | '\n'))
            && (before.trim().is_empty() || before.trim_end().ends_with(['(', '=', 'b']));
        let ends = behind
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ')' | ';' | ','));
        let is_pair = !inner.contains([*opening, *closing]) && !inner.contains(*straight);
        (begins && ends && is_pair).then(|| [before, straight, inner, straight, behind].concat())
    });
    found.map_or(Cow::Borrowed(text), Cow::Owned)
}

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
    fn of(text: &str) -> Self {
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
        // The prefix of a string: `b`, `br`, `$`; `x` in SQL.
        let before = before.trim_end_matches(['b', 'B', 'r', 'R', 'u', 'U', '$', 'x', 'X']);
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

/// A text without what stands around it.
pub(super) struct Unquoted<'a> {
    /// Where the inner text begins.
    pub(super) at: usize,
    /// The inner text.
    pub(super) inner: &'a str,
    /// What is wrong with what stands around it.
    pub(super) end: Result<(), Mistake>,
}

/// Takes off what stands around a text.
pub(super) fn unquoted(text: &str) -> Unquoted<'_> {
    let head = head(text);
    let rest = text.get(head.length..).unwrap_or_default();
    let Some(quote) = head.quote else {
        return Unquoted {
            at: head.length,
            inner: rest,
            end: Ok(()),
        };
    };
    let (inner, end) = match rest.split_once(quote) {
        Some((inner, _)) => {
            let at = head.length + inner.len() + quote.len_utf8();
            (inner, check_tail(text, at, head.brackets))
        }
        None => {
            let opened = text.find(['"', '\'', '`']).unwrap_or_default();
            let opened = Place::of(text, opened);
            (
                rest,
                Err(Mistake::new(say!(wrapped.not_closed, quote, opened))),
            )
        }
    };
    Unquoted {
        at: head.length,
        inner,
        end,
    }
}

/// Checks that from `at` on, behind the quote, there is only what closes `brackets`.
fn check_tail(text: &str, at: usize, brackets: usize) -> Result<(), Mistake> {
    let mut open = brackets;
    for (offset, character) in text.get(at..).unwrap_or_default().char_indices() {
        match character {
            ')' if open > 0 => open -= 1,
            ';' | ',' | ']' | '}' => {}
            _ if character.is_whitespace() => {}
            _ => {
                return Err(Mistake::new(say!(
                    wrapped.after_quote,
                    character = printable_character(character),
                    place = Place::of(text, at + offset)
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::straightened;

    #[test]
    fn curly_quotes_around_a_text_are_quotes() {
        for (text, straight) in [
            ("\u{201c}\\x89\\x00\u{201d}\n", "\"\\x89\\x00\"\n"),
            (
                "frame = b\u{2018}\\x89\\x00\u{2019};",
                "frame = b'\\x89\\x00';",
            ),
        ] {
            assert_eq!(straightened(text), straight);
        }
        for text in [
            "\\x81\\x06\u{201c}\u{201d}",
            "\"\\x81\\x06\u{201c}\u{201d}\"",
            "\u{201c}a\u{201d} \u{201c}b\u{201d}",
            "\u{201c}a",
            "89 00",
        ] {
            assert_eq!(straightened(text), text);
        }
    }
}
