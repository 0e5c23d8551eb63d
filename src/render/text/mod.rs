//! Answers for people, at a terminal or in a pipe.
//!
//! The width follows the terminal. Colour marks what the layout already says:
//! everything reads the same without it.

mod bytes;
mod capture;
mod compare;
mod explain;
mod page;
mod stream;
mod timeline;

pub use capture::CaptureView;
pub use page::Page;
pub use stream::StreamView;

use std::io;

use crate::report::Report;
use crate::topic::Topic;

/// Draws the answer to a command.
///
/// # Errors
///
/// When writing fails, for instance into a closed pipe.
pub fn draw(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    match report {
        Report::Explain(topics) => {
            for (index, topic) in topics.iter().enumerate() {
                if index > 0 {
                    page.rule()?;
                }
                explain::draw(topic, page)?;
            }
            Ok(())
        }
        Report::Compare(comparison) => compare::draw(comparison, page),
        Report::List(topics) => list(topics, page),
    }
}

/// One line for each topic.
fn list(topics: &[Topic], page: &mut Page<'_>) -> io::Result<()> {
    let ids: Vec<String> = topics.iter().map(Topic::id).collect();
    let widest = ids.iter().map(String::len).max().unwrap_or(0);
    for (topic, id) in topics.iter().zip(ids) {
        let says = match topic {
            Topic::Rule(rule) => match rule.closes_with {
                Some(code) => format!("{} ({code})", rule.title),
                None => rule.title.to_owned(),
            },
            _ => format!("{}: {}", topic.title(), topic.gist()),
        };
        page.row(&id, widest, &says)?;
    }
    Ok(())
}
