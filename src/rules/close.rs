//! Rules about the body of a Close frame.

use super::{Check, Evidence, Example, Rule};
use crate::codes::{self, may_stand_in_close, range_of};
use crate::source::Source::Rfc6455;
use crate::words::{Case, Value, Words, word};

/// The rules, in the order of the body's fields.
pub(super) static RULES: &[Rule] = &[
    // "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer" (5.5.1)
    Rule {
        id: "one-byte-close-body",
        title: "a Close body of one byte",
        sources: &[Rfc6455("5.5.1")],
        closes_with: Some(1002),
        note: "a Close body is empty or begins with a code of two bytes; this one has one byte",
        example: Example::of("88 01 03"),
        words: Words {
            meaning: "The body of a Close frame has one byte. It is empty, or it begins with a code of two bytes. A strict receiver closes with 1002; \
                      some show it as 1005.",
            cases: &[
                Case {
                    cause: "The code was written as a single byte.",
                    fix: "Sender: write it as two bytes, high byte first: 1000 is 03 e8.",
                },
                Case {
                    cause: "A reason of one character was sent without a code.",
                    fix: "Sender: a reason needs a code before it; use 1000.",
                },
            ],
        },
        check: Check::CloseBody(|body| {
            (body.length == Some(1)).then(|| Evidence::at(body.at..body.at + 1))
        }),
    },
    // "is a reserved value and MUST NOT be set as a status code in a Close control frame" (7.4.1)
    Rule {
        id: "close-code-not-allowed",
        title: "a code that may not stand in a Close frame",
        sources: &[Rfc6455("7.4.1"), Rfc6455("7.4.2")],
        closes_with: Some(1002),
        note: "{code} may not stand in a Close frame: {why}",
        example: Example::of("88 02 03 ee"),
        words: Words {
            meaning: "The code in a Close frame is not one that may travel: 1000 to 1003, 1007 to 1014 and 3000 to 4999 may. RFC 6455 forbids senders 1005, 1006 and 1015; \
                      the other numbers are unassigned or outside every range. A strict receiver closes with 1002; Chromium and Firefox let many of them through.",
            cases: &[
                Case {
                    cause: "A program forwards the code that its own library reported: 1005, 1006 or 1015.",
                    fix: "Sender: for 1005 send an empty Close; for 1006 and 1015 send 1011, or 1014 from a gateway.",
                },
                Case {
                    cause: "The two bytes are in the wrong order: e8 03 is 1000 written little-endian.",
                    fix: "Sender: high byte first.",
                },
                Case {
                    cause: "The reason stands where the code belongs: 57 65 is \"We\".",
                    fix: "Sender: put the two bytes of the code before the reason.",
                },
                Case {
                    cause: "The code is unset (0), -1 (65535), an HTTP status, or a number that the application made up below 3000.",
                    fix: "Sender: use 1000 for a normal end, 1011 for a failure, 4000 to 4999 for your own.",
                },
            ],
        },
        check: Check::CloseBody(|body| {
            let code = body.code.filter(|code| !may_stand_in_close(*code))?;
            Some(
                Evidence::at(body.at..body.at + 2)
                    .by(Rfc6455(if codes::lookup(code).is_some() {
                        "7.4.1"
                    } else {
                        "7.4.2"
                    }))
                    .value("code", Value::Code(code))
                    .value("why", why_not_allowed(code)),
            )
        }),
    },
];

/// A reason that is not UTF-8.
// "the body MAY contain UTF-8-encoded data with value /reason/" (5.5.1)
pub(super) static REASON_NOT_UTF8: Rule = Rule {
    id: "close-reason-not-utf8",
    title: "the reason of a Close is not UTF-8",
    sources: &[Rfc6455("5.5.1"), Rfc6455("8.1")],
    closes_with: Some(1007),
    note: "{fault}",
    example: Example::of("88 05 03 e8 66 c3 28"),
    words: Words {
        meaning: "The text after the code in a Close frame is not UTF-8. A strict receiver closes with 1007; Chromium and gorilla close with 1002, \
                  and some do not look.",
        cases: &[
            Case {
                cause: "The reason was cut at 123 bytes in the middle of a character.",
                fix: "Sender: cut it between two characters.",
            },
            Case {
                cause: "The reason is an operating system's or library's message in another encoding.",
                fix: "Sender: convert it to UTF-8, or send a fixed English text.",
            },
        ],
    },
    check: Check::Reason,
};

/// Why `code` may not stand in a Close frame.
fn why_not_allowed(code: u16) -> &'static str {
    if codes::lookup(code).is_some() {
        return match code {
            1004 => word!("it is reserved and has no meaning"),
            1005 => word!("it is how a library reports a Close without a code"),
            1015 => word!("it stands for a TLS handshake that failed"),
            _ => word!("it is how a library reports that no Close came"),
        };
    }
    match range_of(code).from {
        0 => word!("numbers below 1000 are not used"),
        1000 => word!("nobody has assigned it"),
        _ => word!("it lies outside every range"),
    }
}
