//! What a topic says to a person.
//!
//! Facts are types and live in the rows of [`codes`](crate::codes) and
//! [`rules`](crate::rules); sentences are [`Words`] and stand in the same rows,
//! in English. Another language is a file laid over them. This file holds the
//! shape of sentences, and the one place that fills values into one;
//! [`Language`] says in which they come.

mod catalogue;
mod language;

use std::fmt::{self, Display, Write};

pub use catalogue::{in_language, plural, translated};
pub use language::{Language, Locale, speaking, spoken};

/// A sentence of our own in the language that is spoken, as a `String`: `say!("{count} of {all}",
/// count = 1, all)`. The English one stands here, and its values have names, so that another
/// language can put them where it needs them.
macro_rules! say {
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::words::filled(
            $crate::words::translated($english),
            &[$((stringify!($name), &$crate::words::say!(@ $name $($value)?))),*],
        )
    };
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
}

/// As [`say`], for a sentence that depends on how many `{n}` there are: `say_count!(frames, "{n}
/// frame", "{n} frames")`. The number is grouped as people read it.
macro_rules! say_count {
    ($n:expr, $one:literal, $more:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let n: u64 = $n;
        $crate::words::filled(
            $crate::words::plural($one, $more, n),
            &[
                ("n", &$crate::words::thousands(n)),
                $((stringify!($name), &$crate::words::say!(@ $name $($value)?))),*
            ],
        )
    }};
}

/// Marks an English word or phrase that is translated where it is shown, as the value of a finding
/// or a cell of a table. It stays as it is.
macro_rules! word {
    ($english:literal) => {
        $english
    };
}

pub(crate) use {say, say_count, word};

/// What a code, a range or a rule says to a person.
#[derive(Debug)]
pub struct Words {
    /// What it means, in one or two sentences, worded for the person who received it.
    pub meaning: &'static str,
    /// When it is seen and what to do then, likeliest first.
    pub cases: &'static [Case],
}

/// One reason for which a code or a broken rule is seen, with its remedy.
#[derive(Debug)]
pub struct Case {
    /// Something a person can check.
    pub cause: &'static str,
    /// What to do when that is the cause.
    pub fix: &'static str,
}

/// A value that a sentence or a finding names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A count, a length in bytes or an offset.
    Number(u64),
    /// A close code.
    Code(u16),
    /// A byte, shown as two hex digits.
    Byte(u8),
    /// A word of our own, never one from the wire.
    Word(&'static str),
    /// Text put together for this finding, from our own words and numbers.
    Text(String),
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => f.write_str(&thousands(*number)),
            Value::Code(code) => write!(f, "{code}"),
            Value::Byte(byte) => write!(f, "{byte:02x}"),
            Value::Word(word) => f.write_str(translated(word)),
            Value::Text(text) => f.write_str(text),
        }
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(number)
    }
}

impl From<u8> for Value {
    fn from(byte: u8) -> Self {
        Value::Byte(byte)
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Value::Word(word)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

/// Fills `{name}` in what is spoken for an English `sentence` from `values`, in one pass: a value
/// that itself contains `{name}` stays as it is. A name without a value is left in place.
pub fn fill(sentence: &'static str, values: &[(&'static str, Value)]) -> String {
    fill_with(translated(sentence), |name| {
        let (_, value) = values.iter().find(|(key, _)| *key == name)?;
        Some(value as &dyn Display)
    })
}

/// As [`fill`], of anything that can be shown. Called by [`say`].
pub(crate) fn filled(sentence: &str, values: &[(&'static str, &dyn Display)]) -> String {
    fill_with(sentence, |name| {
        let (_, value) = values.iter().find(|(key, _)| *key == name)?;
        Some(*value)
    })
}

fn fill_with<'a>(sentence: &str, find: impl Fn(&str) -> Option<&'a dyn Display>) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match find(name) {
            // Writing to a `String` cannot fail.
            Some(value) => drop(write!(filled, "{value}")),
            None => drop(write!(filled, "{{{name}}}")),
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

/// A number as people read it: `1,048,576`. Numbers of four digits stay together,
/// so that a close code is never written `1,007`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() <= 4 {
        return digits;
    }
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(spoken().digit_separator());
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with so many digits behind the point, or behind what stands there in the language that
/// is spoken.
pub fn decimal(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    text.replace('.', spoken().decimal_separator())
}

/// A sentence with a capital letter at its start.
pub fn capitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A clause as a sentence of its own: with a capital letter, and with a full stop where the language
/// that is spoken has one.
pub fn sentence(clause: &str) -> String {
    capitalized(clause) + spoken().full_stop()
}

/// Two clauses side by side: `that is no hex digit; if this is base64, say so`.
pub fn clauses(one: &str, other: &str) -> String {
    [one, spoken().semicolon(), other].concat()
}

/// A name and what is said of it: `1007: a message does not fit its type`.
pub fn named(name: &str, says: &str) -> String {
    [name, spoken().colon(), says].concat()
}

/// A count of bytes: `1 byte`, `2 bytes`, `1,048,576 bytes`.
pub fn bytes(number: u64) -> String {
    say_count!(number, "{n} byte", "{n} bytes")
}

/// One of several, in words: `one`, `one or two`, `one, two or three`.
pub fn either(choices: &[impl Display]) -> String {
    let mut shown: Vec<String> = choices.iter().map(|choice| choice.to_string()).collect();
    let Some(last) = shown.pop() else {
        return String::new();
    };
    if shown.is_empty() {
        return last;
    }
    say!("{some} or {last}", some = shown.join(", "), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_language() {
        let said = |language| speaking(language, || (decimal(12.25, 1), decimal(7.0, 0)));
        let [english, french] = [Language::English, Language::French].map(said);
        assert_eq!(english, ("12.2".to_owned(), "7".to_owned()));
        assert_eq!(french, ("12,2".to_owned(), "7".to_owned()));
        // What parts thousands does not begin decimals too.
        for language in Language::ALL {
            assert_ne!(
                language.digit_separator().to_string(),
                language.decimal_separator(),
                "{language}"
            );
        }
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
        let values = [
            ("code", Value::Number(1007)),
            ("reason", Value::Text("{code}".into())),
        ];
        assert_eq!(fill("{code}: {reason}", &values), "1007: {code}");
    }

    #[test]
    fn an_unknown_name_and_a_lone_brace_stay() {
        assert_eq!(fill("{what} {", &[]), "{what} {");
    }

    #[test]
    fn numbers_are_grouped_from_five_digits_on() {
        assert_eq!(thousands(1007), "1007");
        assert_eq!(thousands(65_536), "65,536");
        assert_eq!(thousands(1_048_576), "1,048,576");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(65_536), "65,536 bytes");
    }
}
