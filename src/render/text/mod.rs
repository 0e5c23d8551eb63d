//! Answers for people, at a terminal or in a pipe.
//!
//! The width follows the terminal. Colour marks what the layout already says:
//! everything reads the same without it.
//!
//! ```
//! use wsclose::facts::registry::Registries;
//! use wsclose::render::text::{Page, draw};
//! use wsclose::report::{Explained, Report};
//! use wsclose::topic::Topic;
//! use wsclose::words::ENGLISH;
//!
//! let explained = Explained::of(Topic::of_number(1007), Registries::default());
//! let mut out = Vec::new();
//! draw(&Report::Explain(vec![explained]), &mut Page::new(&mut out, 60, &ENGLISH))?;
//! let drawn = String::from_utf8(out).unwrap();
//! assert!(drawn.starts_with("1007  Invalid Frame Payload Data"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod bytes;
mod capture;
mod compare;
mod explain;
mod field;
mod intermediary;
pub mod log;
mod narrowed;
mod page;
mod payload;
#[cfg(feature = "probe")]
mod probe;
mod protocol;
mod quote;
mod registered;
mod stream;
mod timeline;
mod wrap;

pub use capture::CaptureView;
pub use page::{Page, WIDEST_PROSE};
#[cfg(feature = "probe")]
pub use probe::{ProbeView, layer_line};
pub use stream::StreamView;

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::report::Report;
use crate::topic::Topic;
use crate::words::{Message, Text, Value, named};

/// Draws the answer to a command.
///
/// # Errors
///
/// When writing fails, for instance into a closed pipe.
pub fn draw(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    match report {
        Report::Explain(answers) => {
            for (index, explained) in answers.iter().enumerate() {
                if index > 0 {
                    page.rule()?;
                }
                explain::draw(explained, page)?;
            }
            Ok(())
        }
        Report::Compare(comparison) => compare::draw(comparison, page),
        Report::List(topics) => list(topics, page),
        Report::Implementations(tables) => field::tables(tables, page),
        Report::ShownBy(implementation, values) => {
            field::traced_back(*implementation, values, page)
        }
        Report::After(after, found) => field::after(*after, found, page),
        Report::Narrowed(all) => narrowed::draw(all, page),
    }
}

/// One line for each topic.
fn list(topics: &[Topic], page: &mut Page<'_>) -> io::Result<()> {
    let ids: Vec<String> = topics.iter().map(Topic::id).collect();
    let widest = ids.iter().map(|id| id.width()).max().unwrap_or(0);
    for (topic, id) in topics.iter().zip(ids) {
        let says = match topic {
            Topic::Rule(rule) => match rule.closes_with {
                Some(code) => {
                    let values = vec![("title", Value::from(rule.title)), ("code", code.into())];
                    Message::new(Text::Given("{title} ({code})"), values)
                }
                None => rule.title.into(),
            },
            Topic::Entry(entry) => entry.brief(),
            Topic::Registry(registry) => named(registry.title, registered::counts(registry)),
            // Of a cause both are one sentence.
            _ if page.words(topic.title()) == page.words(topic.gist()) => topic.title().into(),
            _ => named(topic.title(), topic.gist()),
        };
        page.row(&id, widest, &says)?;
    }
    Ok(())
}
