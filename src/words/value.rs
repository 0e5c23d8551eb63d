//! What a message names.

use std::time::Duration;

use super::{Message, Text};

/// A value that a message or a finding names.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A count, or a length in bytes: its digits are grouped.
    Number(u64),
    /// A code, an offset, a number of a packet or a line: its digits stay together.
    Plain(i64),
    /// A byte, shown as two hex digits.
    Byte(u8),
    /// A time that was measured, in seconds: `41 ms`, `60.0 s`.
    Seconds(f64),
    /// A time that somebody chose: `60 s`, `5 min`.
    Time(Duration),
    /// A text of ours.
    Text(Text),
    /// The first sentence of a text.
    FirstSentence(Text),
    /// A name, or a text from outside, escaped already: the same in every language.
    Given(String),
    /// What is a message of its own.
    Message(Box<Message>),
    /// Several, with what stands between them.
    List(Vec<Value>, &'static str),
}

/// A number alone is one whose digits stay together; a count is a [`Value::Number`].
macro_rules! from_number {
    ($($number:ty),*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Value::Plain(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }

        impl From<&$number> for Value {
            fn from(number: &$number) -> Self {
                Value::from(*number)
            }
        }
    )*};
}

from_number!(u8, u16, u32, u64, usize, i32);

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Value::Text(text)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Value::Message(Box::new(message))
    }
}

impl From<&Message> for Value {
    fn from(message: &Message) -> Self {
        Value::from(message.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Given(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Given(text.clone())
    }
}

impl From<char> for Value {
    fn from(character: char) -> Self {
        Value::Given(character.to_string())
    }
}

impl From<&char> for Value {
    fn from(character: &char) -> Self {
        Value::from(*character)
    }
}

impl From<&&str> for Value {
    fn from(text: &&str) -> Self {
        Value::from(*text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Given(text.to_owned())
    }
}

impl From<Duration> for Value {
    fn from(time: Duration) -> Self {
        Value::Time(time)
    }
}
