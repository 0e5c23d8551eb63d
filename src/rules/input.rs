//! Rules about where the input ends.

use super::{Check, Example, Rule};
use crate::facts::rules::rule;

/// The input ends inside a frame.
pub(super) static TRUNCATED_FRAME: Rule = Rule::of(
    rule::TRUNCATED_FRAME,
    Example::of("81 05 68 65"),
    Check::EndOfFrame,
);

/// The input ends inside a fragmented message.
pub(super) static UNFINISHED_MESSAGE: Rule = Rule::of(
    rule::UNFINISHED_MESSAGE,
    Example::of("01 02 68 69"),
    Check::EndOfMessage,
);
