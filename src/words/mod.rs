//! What is said, before it is put into words: texts by their numbers, and messages with their values.
//!
//! Whatever finds something out says it as a [`Message`]: which sentence, and the values that it
//! names. The English sentences stand in `sentences.toml` beside this file and in the rows of
//! [`facts`](crate::facts); a [`Voice`] puts a message into the words of a language. What is
//! [`Display`](fmt::Display)ed here is English, for people who use the library; the program draws in `render`.
//!
//! ```
//! let explanation = wsclose::decode(b"\x88\x02\x03\xf3")?.explanation;
//! let message = &explanation.statements[0];
//! // The id stays, whatever the words are mended to.
//! println!("{}: {message}", message.id());
//! # Ok::<(), wsclose::upgrade::NotFrames>(())
//! ```

mod advice;
mod value;
mod voice;

use std::borrow::Cow;
use std::fmt;

pub use advice::{Advice, PointsTo, Setting, When, Words};
pub use value::Value;
pub use voice::{BREAK, ENGLISH, Manners, Marks, Pool, Voice};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A text: one of the program's own, which other languages have too, or one that was given to it,
/// such as a sentence of the user's registry, which is the same in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The text with this number.
    Ours(u16),
    /// A text that nobody translates.
    Given(&'static str),
}

impl Text {
    /// What names it in the languages' files, and stays when its words are mended:
    /// `code.1006.cause.2`. A text that was given has none.
    pub fn id(self) -> Option<&'static str> {
        match self {
            Text::Ours(number) => IDS.get(number),
            Text::Given(_) => None,
        }
    }

    /// Its English words; of one that depends on a number those for many.
    pub fn english(self) -> &'static str {
        ENGLISH.text(self)
    }

    /// All texts of the program, each with its English forms.
    pub fn all() -> impl Iterator<Item = (Text, Vec<&'static str>)> {
        (0..u16::MAX).map_while(|number| {
            let forms = ENGLISH_POOL.get(number)?;
            Some((Text::Ours(number), forms.split('\0').collect()))
        })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

/// A sentence of the program, and the values that it needs.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// Its words.
    pub text: Text,
    /// The names in braces that stand in it.
    pub names: &'static [&'static str],
}

impl Sentence {
    /// Stops the build where a sentence is not given just the values that it names. Used by `say!`.
    pub const fn needs(&self, given: &[&str]) {
        assert!(self.names.len() == given.len(), "another number of values");
        let mut index = 0;
        while index < given.len() {
            let (mut other, mut is_known) = (0, false);
            while other < self.names.len() {
                is_known |= same(self.names[other].as_bytes(), given[index].as_bytes());
                other += 1;
            }
            assert!(is_known, "a value that the sentence does not name");
            index += 1;
        }
    }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Something to be said: a text, and what its names in braces stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The text.
    pub text: Text,
    /// The values by their names.
    pub values: Vec<(&'static str, Value)>,
    /// How it stands beside others.
    pub form: Form,
}

/// How a message stands beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    AsItIs,
    /// As a clause that begins with a capital letter.
    Begun,
    /// As a clause with a full stop.
    Ended,
    /// As a sentence: with both.
    Sentence,
}

impl Message {
    /// A message of a text, which may be a row's.
    pub fn new(text: Text, values: Vec<(&'static str, Value)>) -> Self {
        Message {
            text,
            values,
            form: Form::AsItIs,
        }
    }

    /// A clause as a sentence of its own.
    pub fn sentence(mut self) -> Self {
        self.form = Form::Sentence;
        self
    }

    /// A clause with a capital letter.
    pub fn begun(mut self) -> Self {
        self.form = Form::Begun;
        self
    }

    /// A clause that stands behind a mark: with a full stop alone.
    pub fn ended(mut self) -> Self {
        self.form = Form::Ended;
        self
    }

    /// What names its text: `ending.peer-gone`. Empty where the text was given.
    pub fn id(&self) -> &'static str {
        self.text.id().unwrap_or_default()
    }

    /// The value of this name.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Message::new(text, Vec::new())
    }
}

/// In English.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ENGLISH.say(self))
    }
}

impl std::error::Error for Message {}

/// What can be put into the words of a language.
pub trait Say {
    /// The words.
    fn words(&self, voice: &Voice) -> Cow<'_, str>;

    /// The words with [`BREAK`] wherever a line may end, for whoever sets lines.
    fn breakable(&self, voice: &Voice) -> Cow<'_, str> {
        self.words(voice)
    }
}

impl Say for Message {
    fn words(&self, voice: &Voice) -> Cow<'_, str> {
        Cow::Owned(voice.say(self))
    }

    fn breakable(&self, voice: &Voice) -> Cow<'_, str> {
        Cow::Owned(voice.breakable(self))
    }
}

impl Say for Text {
    fn words(&self, voice: &Voice) -> Cow<'_, str> {
        Cow::Borrowed(voice.text(*self))
    }

    fn breakable(&self, voice: &Voice) -> Cow<'_, str> {
        voice.breakable_text(*self)
    }
}

impl Say for str {
    fn words(&self, _: &Voice) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Say for String {
    fn words(&self, _: &Voice) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn words(&self, voice: &Voice) -> Cow<'_, str> {
        (**self).words(voice)
    }

    fn breakable(&self, voice: &Voice) -> Cow<'_, str> {
        (**self).breakable(voice)
    }
}

impl Say for Value {
    fn words(&self, voice: &Voice) -> Cow<'_, str> {
        Cow::Owned(voice.value(self))
    }

    fn breakable(&self, voice: &Voice) -> Cow<'_, str> {
        Cow::Owned(voice.breakable_value(self))
    }
}

/// A message of one of the sentences in `sentences.toml`, by its table and name, with the values
/// that it names: `say!(ending.reset, by = end.by)`. A value that is missing, or one too many, does
/// not compile.
macro_rules! say {
    ($room:ident . $sentence:ident $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const SENTENCE: $crate::words::Sentence = $crate::words::sentence::$room::$sentence;
        const { SENTENCE.needs(&[$(stringify!($name)),*]) };
        $crate::words::Message::new(
            SENTENCE.text,
            vec![$((
                stringify!($name),
                $crate::words::Value::from($crate::words::say!(@ $name $($value)?)),
            )),*],
        )
    }};
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
}

/// One of the sentences in `sentences.toml` as a [`Text`], with the names of the values that it
/// is going to be given, if it needs some: `text!(ending.reset)`, `text!(cell.width, cell, place)`.
macro_rules! text {
    ($room:ident . $sentence:ident $(, $name:ident)*) => {{
        const { $crate::words::sentence::$room::$sentence.needs(&[$(stringify!($name)),*]) };
        $crate::words::sentence::$room::$sentence.text
    }};
}

pub(crate) use {say, text};

/// One of several: `one`, `one or two`, `one, two or three`.
pub(crate) fn either(choices: impl IntoIterator<Item = Value>) -> Value {
    joined(choices, |some, last| say!(join.or, some, last))
}

/// All of several: `one`, `one and two`, `one, two and three`.
pub(crate) fn all_of(parts: impl IntoIterator<Item = Value>) -> Value {
    joined(parts, |some, last| say!(join.and, some, last))
}

/// Facts side by side: `one · two`.
pub(crate) fn dotted(parts: impl IntoIterator<Item = Message>) -> Message {
    let parts = parts.into_iter();
    let joined = parts.reduce(|some, last| say!(join.dotted, some, last));
    joined.unwrap_or_else(|| Text::Given("").into())
}

fn joined(values: impl IntoIterator<Item = Value>, join: fn(Value, Value) -> Message) -> Value {
    let mut values: Vec<Value> = values.into_iter().collect();
    let Some(last) = values.pop() else {
        return Value::from("");
    };
    if values.is_empty() {
        return last;
    }
    Value::from(join(Value::List(values, ", "), last))
}

/// A count of bytes: `1 byte`, `2 bytes`, `1,048,576 bytes`.
pub(crate) fn bytes(number: u64) -> Message {
    say!(count.bytes, n = Value::Number(number))
}

/// Two clauses side by side: `that is no hex digit; if this is base64, say so`.
#[cfg(feature = "cli")]
pub(crate) fn clauses(one: impl Into<Value>, other: impl Into<Value>) -> Message {
    let (one, other) = (one.into(), other.into());
    say!(join.clauses, one, other)
}

/// A name and what is said of it: `1007: a message does not fit its type`.
pub(crate) fn named(name: impl Into<Value>, says: impl Into<Value>) -> Message {
    let (name, says) = (name.into(), says.into());
    say!(join.named, name, says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
        let message = Message::new(
            Text::Given("{code}: {reason}"),
            vec![
                ("code", Value::Plain(1007)),
                ("reason", Value::from("{code}")),
            ],
        );
        assert_eq!(message.to_string(), "1007: {code}");
    }

    #[test]
    fn an_unknown_name_and_a_lone_brace_stay() {
        let message = Message::from(Text::Given("{what} {"));
        assert_eq!(message.to_string(), "{what} {");
    }

    #[test]
    fn a_number_chooses_its_form() {
        let said = |number| bytes(number).to_string();
        assert_eq!((said(1), said(0)), ("1 byte".into(), "0 bytes".into()));
        assert_eq!(said(65_536), "65,536 bytes");
    }

    #[test]
    fn several_are_told_in_a_row() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| Value::from(*name))
                .collect::<Vec<_>>()
        };
        assert_eq!(ENGLISH.value(&either(names(&["a"]))), "a");
        assert_eq!(ENGLISH.value(&either(names(&["a", "b", "c"]))), "a, b or c");
        assert_eq!(ENGLISH.value(&all_of(names(&["a", "b"]))), "a and b");
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        let clause = Message::from(Text::Given("no code in it"));
        assert_eq!(clause.sentence().to_string(), "No code in it.");
    }
}
