//! What a text means.

use std::fmt;

use crate::explain::{Explanation, explain_line};
use crate::facts::registry::Registries;
use crate::logline::{self, Reading};
use crate::report::Explained;
use crate::topic;

/// What a text means.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// It names something: a code, a range, a rule, a cause, a vendor, a library. Of a name that stands
    /// for several things there are several.
    Topics(Vec<Explained>),
    /// It is an error message or a line of a log, and tells of a close or of an event.
    Line(Box<Line>),
}

/// A line of a log, or an error message, taken apart and explained.
#[derive(Debug)]
#[non_exhaustive]
pub struct Line {
    /// The text as it was given.
    pub text: String,
    /// What stands in it: whose line it is, which code, which reason, who sent it.
    pub reading: Reading,
    /// Why, and what to do.
    pub explanation: Explanation,
    /// The registries that were asked.
    pub registries: Registries,
}

/// Says what a text means: a close code, a name, an error message, a line of a log, or several lines of
/// which one tells of a close.
///
/// `None` where nothing in it is recognised: that is no guess.
///
/// ```
/// use wsclose::facts::causes::Cause;
/// use wsclose::{Answer, explain_text};
///
/// let Some(Answer::Line(line)) = explain_text("read: connection reset by peer, websocket gone") else {
///     panic!("it is an error message");
/// };
/// assert_eq!(line.explanation.cause, Cause::Reset);
/// for advice in &line.explanation.advice {
///     println!("{}\n  {}", advice.cause, advice.fix);
/// }
///
/// // A number or a name is looked up.
/// let answer = explain_text("1006").unwrap();
/// assert_eq!(answer.to_string(), "1006 Abnormal Closure");
/// assert!(explain_text("the weather is fine").is_none());
/// ```
pub fn explain_text(text: &str) -> Option<Answer> {
    explain_text_with(text, Registries::default())
}

/// As [`explain_text`], with a registry of one's own, or for one vendor alone.
///
/// ```
/// use wsclose::facts::registry::Registries;
/// use wsclose::{Answer, explain_text_with};
///
/// let discord = Registries::default().choosing("discord-gateway").unwrap();
/// let Some(Answer::Line(line)) = explain_text_with("websocket closed, code=4014", discord) else {
///     panic!("it is a line of a log");
/// };
/// assert_eq!(line.explanation.entry.unwrap().row.name, "Disallowed intent(s)");
/// ```
pub fn explain_text_with(text: &str, registries: Registries) -> Option<Answer> {
    let given = text.trim();
    if let Ok(topics) = topic::find_in(given, registries) {
        let topics = topics.into_iter();
        let explained = topics.map(|topic| Explained::of(topic, registries));
        return Some(Answer::Topics(explained.collect()));
    }
    let reading = logline::read(text)?;
    let explanation = explain_line(&reading, registries);
    Some(Answer::Line(Box::new(Line {
        text: text.to_owned(),
        reading,
        explanation,
        registries,
    })))
}

/// In English, as far as one line holds it: of a topic what one types to get it, and its name; of a line
/// all that is said.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Topics(topics) => {
                for (index, explained) in topics.iter().enumerate() {
                    let topic = &explained.topic;
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{} {}", topic.id(), topic.title())?;
                }
                Ok(())
            }
            Answer::Line(line) => {
                for (index, message) in line.explanation.said().enumerate() {
                    let space = if index > 0 { " " } else { "" };
                    write!(f, "{space}{message}")?;
                }
                Ok(())
            }
        }
    }
}
