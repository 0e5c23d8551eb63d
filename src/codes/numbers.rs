//! Numbers that are no code, and how they came about.
//!
//! People meet "invalid status code 22373" in a log. The number itself often
//! tells which mistake made it.

use super::{lookup, may_stand_in_close, name_of};
use crate::words::{Case, say};

/// How a number that is no close code came to stand where one belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accident {
    /// The code was written low byte first; this is what was meant.
    ByteSwapped(u16),
    /// Two characters of text stand where the code belongs.
    Letters([u8; 2]),
    /// −1 cut to 16 bits.
    MinusOne,
    /// Two bytes of zero: a code that was never set.
    Zero,
    /// An HTTP status given as a close code.
    HttpStatus(u16, &'static str),
    /// By habit, an HTTP status plus 4000. The number is a legal private code.
    HttpPlus4000(u16, &'static str),
}

/// What `number` gives away about the mistake that made it, or `None` where it
/// gives away nothing. Codes with a row of their own are never accidents.
pub fn accident(number: u16) -> Option<Accident> {
    if lookup(number).is_some() {
        return None;
    }
    match number {
        0 => return Some(Accident::Zero),
        65535 => return Some(Accident::MinusOne),
        4400..=4599 => {
            let status = number - 4000;
            return http_status(status).map(|name| Accident::HttpPlus4000(status, name));
        }
        1000..=4999 => return None,
        _ => {}
    }
    if let Some(name) = http_status(number) {
        return Some(Accident::HttpStatus(number, name));
    }
    let bytes = number.to_be_bytes();
    if bytes.iter().all(|byte| (0x20..=0x7e).contains(byte)) {
        return Some(Accident::Letters(bytes));
    }
    let swapped = number.swap_bytes();
    // Codes that never travel are included: a program that writes them in the
    // wrong order did not know that either. No protocol code gives a number below
    // 1000, and there a private one would be a guess.
    if number > 4999 && (may_stand_in_close(swapped) || lookup(swapped).is_some()) {
        return Some(Accident::ByteSwapped(swapped));
    }
    None
}

impl Accident {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Accident::ByteSwapped(_) => "byte-swapped",
            Accident::Letters(_) => "text",
            Accident::MinusOne => "minus-one",
            Accident::Zero => "zero",
            Accident::HttpStatus(..) => "http-status",
            Accident::HttpPlus4000(..) => "http-status-plus-4000",
        }
    }

    /// The accident in words, for `number`.
    pub fn explain(self, number: u16) -> String {
        match self {
            Accident::ByteSwapped(meant) => {
                let [high, low] = number.to_be_bytes();
                say!(
                    "{number} is the bytes {high} {low}; swapped they are {meant} ({name}): the sender wrote the code little-endian",
                    number,
                    high = format_args!("{high:02x}"),
                    low = format_args!("{low:02x}"),
                    meant,
                    name = name_of(meant)
                )
            }
            Accident::Letters([first, second])
                if first.is_ascii_digit() && second.is_ascii_digit() =>
            {
                say!(
                    "{number} is the text \"{first}{second}\": the sender wrote the code as decimal digits where its two bytes belong",
                    number,
                    first = char::from(first),
                    second = char::from(second)
                )
            }
            Accident::Letters(letters) => say!(
                "{number} is the text \"{text}\": the sender put the reason where the code belongs",
                number,
                text = letters_of(letters)
            ),
            Accident::MinusOne => {
                say!("65535 is -1 cut to 16 bits: the sender had no code and sent its \"none\"")
            }
            Accident::Zero => say!(
                "0 is a code that was never set: two bytes of zero in a Close, or a library's word for \"no code\""
            ),
            Accident::HttpStatus(status, name) => {
                say!(
                    "{status} is the HTTP status \"{name}\", not a close code; by a common habit it is sent as {code}",
                    status,
                    name,
                    code = status + 4000
                )
            }
            Accident::HttpPlus4000(status, name) => {
                say!(
                    "by a common habit {number} is HTTP {status} \"{name}\" plus 4000; no standard says so",
                    number,
                    status,
                    name
                )
            }
        }
    }
}

impl Accident {
    /// What the number is, in a few words.
    pub fn gist(self) -> String {
        match self {
            Accident::ByteSwapped(meant) => say!("{meant} with its two bytes swapped", meant),
            Accident::Letters(letters) => {
                say!("the text \"{text}\"", text = letters_of(letters))
            }
            Accident::MinusOne => say!("-1 cut to 16 bits"),
            Accident::Zero => say!("a code that was never set"),
            Accident::HttpStatus(status, name) => {
                say!("HTTP {status} \"{name}\", no close code", status, name)
            }
            Accident::HttpPlus4000(status, name) => {
                say!("by habit HTTP {status} \"{name}\" plus 4000", status, name)
            }
        }
    }

    /// What to check and what to do.
    pub fn cases(self) -> &'static [Case] {
        match self {
            Accident::ByteSwapped(_) => &[Case {
                cause: "The sender writes the two bytes of the code in its processor's order, low byte first.",
                fix: "Sender: write them in network byte order, high byte first: 1000 is 03 e8.",
            }],
            Accident::Letters([first, second])
                if first.is_ascii_digit() && second.is_ascii_digit() =>
            {
                &[Case {
                    cause: "The sender wrote the code as text.",
                    fix: "Sender: write the code as two bytes, high byte first.",
                }]
            }
            Accident::Letters(_) => &[Case {
                cause: "The sender gives the reason as the whole body of the Close, as gevent-websocket does; its first two letters are read as the code.",
                fix: "Sender: put the two bytes of the code before the reason, or send an empty Close.",
            }],
            Accident::MinusOne => &[Case {
                cause: "The sender's library says -1 for \"no code\", and its program passed that on.",
                fix: "Sender: send an empty Close where there is no code.",
            }],
            Accident::Zero => &[
                Case {
                    cause: "The sender never set the code, or took 0 for success as an exit status has it.",
                    fix: "Sender: 1000 for a normal end, 1011 for a failure, an empty Close for none.",
                },
                Case {
                    cause: "No such bytes were sent: Deno shows 0 for every failed connection, libsoup when TCP ended; aiohttp's server and Boost.Beast show 0 for a Close without a code.",
                    fix: "Read Deno's and libsoup's 0 as 1006, the others' 0 as 1005.",
                },
            ],
            Accident::HttpStatus(..) => &[Case {
                cause: "The sender gave an HTTP status as the close code.",
                fix: "Sender: add 4000 by agreement with the other end, or use a protocol code: 1008 for a refusal, 1011 for a failure, 1013 for overload.",
            }],
            Accident::HttpPlus4000(..) => &[
                Case {
                    cause: "The application closed for the reason that this HTTP status names.",
                    fix: "Act as on that status: log in again on 4401, stop on 4403, slow down on 4429, come back later on 4503. Read the reason too.",
                },
                Case {
                    cause: "The service gives the number a meaning of its own: Spring says 4500 for a client that reads too slowly.",
                    fix: "Look it up in the service's list of close codes.",
                },
            ],
        }
    }
}

/// Two letters as they stand between quotes.
fn letters_of(letters: [u8; 2]) -> String {
    let quoted = letters.map(|letter| match letter {
        b'"' | b'\\' => format!("\\{}", char::from(letter)),
        _ => char::from(letter).to_string(),
    });
    quoted.concat()
}

/// The name of an HTTP status of the 4xx and 5xx classes that applications copy into close codes.
///
/// Source: RFC 9110 section 15.5 and 15.6, RFC 6585.
pub fn http_status(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_people_meet_are_recognised() {
        for (number, accident_expected) in [
            (59395, Accident::ByteSwapped(1000)),
            (61187, Accident::ByteSwapped(1007)),
            (60931, Accident::ByteSwapped(1006)),
            (40975, Accident::ByteSwapped(4000)),
            (22373, Accident::Letters(*b"We")),
            (25209, Accident::Letters(*b"by")),
            (65535, Accident::MinusOne),
            (0, Accident::Zero),
            (404, Accident::HttpStatus(404, "Not Found")),
            (4401, Accident::HttpPlus4000(401, "Unauthorized")),
            (4503, Accident::HttpPlus4000(503, "Service Unavailable")),
        ] {
            assert_eq!(accident(number), Some(accident_expected), "{number}");
        }
    }

    #[test]
    fn a_number_that_tells_nothing_is_no_accident() {
        for number in [
            1, 784, 999, 1016, 2000, 2999, 3001, 4000, 4999, 5000, 4450, 4599,
        ] {
            assert_eq!(accident(number), None, "{number}");
        }
    }

    #[test]
    fn text_of_digits_is_told_from_text_of_letters() {
        let digits = accident(12592).map(|found| found.explain(12592));
        assert!(digits.is_some_and(|said| said.contains("\"10\"") && said.contains("decimal")));
    }
}
