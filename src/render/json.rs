//! Answers for programs: JSON Lines, one compact object a line.
//!
//! This file owns the shape. Fields may be added; those that are here keep
//! their name, type and meaning as long as `"schema"` is 1. `schema/wsclose.json`
//! describes it, and a test holds real output against that.
//!
//! ```
//! use wsclose::facts::registry::Registries;
//! use wsclose::render::json;
//! use wsclose::report::{Explained, Report};
//! use wsclose::topic::Topic;
//! use wsclose::words::ENGLISH;
//!
//! let explained = Explained::of(Topic::of_number(1001), Registries::default());
//! let mut out = Vec::new();
//! json::draw(&Report::Explain(vec![explained]), &ENGLISH, &mut out)?;
//! let line: serde_json::Value = serde_json::from_slice(&out)?;
//! assert_eq!((&line["type"], &line["code"]), (&"code".into(), &1001.into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod application;
mod capture;
mod field;
pub mod log;
#[cfg(feature = "probe")]
mod probe;
mod protocol;
mod stream;
mod topics;
mod words;

use std::io::{self, Write};

use serde::Serialize;

use serde_json::ser::{CharEscape, Formatter};

use crate::escape::{hide, is_plain};
use crate::report::Report;
use crate::words::Voice;

pub use capture::{capture_summary, connection};
#[cfg(feature = "probe")]
pub use probe::{layer, probe};
pub use stream::{Beside, frame, summary};

use stream::{CloseFields, FindingFields, HintFields};
use topics::{ComparisonLine, explained_lines, topic_line};

/// The version of the shape.
const SCHEMA: u8 = 1;

/// The JSON schema of one line, which `wsclose schema` prints: a program that reads the answers finds it
/// wherever the program itself was installed from.
pub const JSON_SCHEMA: &str = include_str!("../../schema/wsclose.json");

/// Writes the answer to a command.
///
/// # Errors
///
/// When writing fails, for instance into a closed pipe.
pub fn draw(report: &Report, voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    match report {
        Report::Explain(answers) => answers
            .iter()
            .try_for_each(|explained| explained_lines(explained, voice, out)),
        Report::List(topics) => topics
            .iter()
            .try_for_each(|topic| topic_line(topic, voice, out)),
        Report::Compare(comparison) => line(&ComparisonLine::of(comparison, voice), voice, out),
        Report::Implementations(tables) => tables.iter().try_for_each(|(topic, table)| {
            line(&field::TableLine::of(topic, table, voice), voice, out)
        }),
        Report::ShownBy(implementation, values) => values.iter().try_for_each(|value| {
            line(&field::TracedLine::of(*implementation, *value), voice, out)
        }),
        Report::Narrowed(all) => all
            .iter()
            .try_for_each(|narrowed| line(&field::NarrowedLine::of(narrowed, voice), voice, out)),
        Report::After(after, found) => found.iter().try_for_each(|(code, found)| {
            line(
                &field::TimersLine::of(*code, *after, found, voice),
                voice,
                out,
            )
        }),
    }
}

/// One object and a line break. Characters that would not show as themselves are
/// written as `\u` escapes, so that a line can be printed as it is. An answer in another language
/// than English says so at its end, as `"lang"`.
fn line(value: &impl Serialize, voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Plain {
        language: voice.id,
        depth: 0,
        text: String::new(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, formatter);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct Plain {
    language: &'static str,
    /// How many objects are open.
    depth: usize,
    /// The text that is being written.
    text: String,
}

impl Formatter for Plain {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth == 0 && self.language != "en" {
            write!(writer, ",\"lang\":\"{}\"", self.language)?;
        }
        writer.write_all(b"}")
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.text.clear();
        writer.write_all(b"\"")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.text.push_str(fragment);
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        _: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.text.push(match escape {
            CharEscape::Quote => '"',
            CharEscape::ReverseSolidus => '\\',
            CharEscape::Solidus => '/',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::AsciiControl(byte) => char::from(byte),
        });
        Ok(())
    }

    /// Only the whole of a text tells what in it is a secret.
    fn end_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let fragment = hide(&self.text);
        let mut plain_from = 0;
        for (at, character) in fragment.char_indices() {
            // JSON itself escapes the other control characters.
            let mark = match character {
                '"' | '\\' => Some(character),
                '\u{8}' => Some('b'),
                '\u{c}' => Some('f'),
                '\n' => Some('n'),
                '\r' => Some('r'),
                '\t' => Some('t'),
                character if is_plain(character) => continue,
                _ => None,
            };
            writer.write_all(fragment.get(plain_from..at).unwrap_or_default().as_bytes())?;
            if let Some(mark) = mark {
                write!(writer, "\\{mark}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            plain_from = at + character.len_utf8();
        }
        writer.write_all(fragment.get(plain_from..).unwrap_or_default().as_bytes())?;
        writer.write_all(b"\"")
    }
}
