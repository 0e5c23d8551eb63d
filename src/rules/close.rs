//! Rules about the body of a Close frame.

use super::{Check, Evidence, Example, Rule};
use crate::facts::codes::{self, may_stand_in_close, range_of};
use crate::facts::rules::rule;
use crate::facts::source::Source;
use crate::words::{Text, text};

/// The rules, in the order of the body's fields.
pub(super) static RULES: &[Rule] = &[
    // "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer" (5.5.1)
    Rule::of(
        rule::ONE_BYTE_CLOSE_BODY,
        Example::of("88 01 03"),
        Check::CloseBody(|body| {
            (body.length == Some(1)).then(|| Evidence::at(body.at..body.at + 1))
        }),
    ),
    // "is a reserved value and MUST NOT be set as a status code in a Close control frame" (7.4.1)
    Rule::of(
        rule::CLOSE_CODE_NOT_ALLOWED,
        Example::of("88 02 03 ee"),
        Check::CloseBody(|body| {
            let code = body.code.filter(|code| !may_stand_in_close(*code))?;
            Some(
                Evidence::at(body.at..body.at + 2)
                    .by(Source::Rfc(
                        6455,
                        if codes::lookup(code).is_some() {
                            "7.4.1"
                        } else {
                            "7.4.2"
                        },
                    ))
                    .value("code", code)
                    .value("why", why_not_allowed(code)),
            )
        }),
    ),
];

/// A reason that is not UTF-8.
// "the body MAY contain UTF-8-encoded data with value /reason/" (5.5.1)
pub(super) static REASON_NOT_UTF8: Rule = Rule::of(
    rule::CLOSE_REASON_NOT_UTF8,
    Example::of("88 05 03 e8 66 c3 28"),
    Check::Reason,
);

/// Why `code` may not stand in a Close frame.
fn why_not_allowed(code: u16) -> Text {
    if codes::lookup(code).is_some() {
        return match code {
            1004 => text!(close_code.reserved),
            1005 => text!(close_code.made_up_1005),
            1015 => text!(close_code.made_up_1015),
            _ => text!(close_code.made_up_1006),
        };
    }
    match range_of(code).from {
        0 => text!(close_code.below_1000),
        1000 => text!(close_code.unassigned),
        _ => text!(close_code.above),
    }
}
