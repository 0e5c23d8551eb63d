//! What is said of a rule that frames can break: data, kept apart from the check, so that words change without code.
//! How a rule is found is in [`rules`](crate::rules), which has both together.
//!
//! ```
//! let rule = wsclose::rules::lookup("reserved-opcode").unwrap();
//! println!("{}: {}", rule.title, rule.words.meaning);
//! assert_eq!(rule.closes_with, Some(1002));
//! ```

use super::source::Source;
use crate::words::{Text, Words};

pub(crate) use super::rows::rule;

/// What a rule is, but for the check.
#[derive(Clone, Copy, Debug)]
pub struct RuleFacts {
    /// Names the fault: `reserved-opcode`.
    pub id: &'static str,
    /// The fault in a few words.
    pub title: Text,
    /// What settles it.
    pub sources: &'static [Source],
    /// The close code a strict receiver fails the connection with; `None` where it would not.
    pub closes_with: Option<u16>,
    /// The sentence of a finding, with `{name}` for each of its values.
    pub note: Text,
    /// Meaning, causes and fixes.
    pub words: Words,
}
