//! Numbers that are no code, and how they came about.
//!
//! People meet "invalid status code 22373" in a log. The number itself often
//! tells which mistake made it.

use super::{lookup, may_stand_in_close, name_of};
use crate::facts::rows::accident as advice;
use crate::words::{Advice, Message, Value, say};

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
    pub fn explain(self, number: u16) -> Message {
        match self {
            Accident::ByteSwapped(meant) => {
                let [high, low] = number.to_be_bytes();
                say!(
                    accident.byte_swapped,
                    number,
                    high = Value::Byte(high),
                    low = Value::Byte(low),
                    meant,
                    name = name_of(meant)
                )
            }
            Accident::Letters(letters) if is_digits(letters) => {
                let [first, second] = letters.map(char::from);
                say!(accident.digits, number, first, second)
            }
            Accident::Letters(HTTP) => say!(accident.http, number),
            Accident::Letters(letters) => {
                say!(accident.letters, number, text = letters_of(letters))
            }
            Accident::MinusOne => {
                say!(accident.minus_one)
            }
            Accident::Zero => say!(accident.zero),
            Accident::HttpStatus(status, name) => {
                say!(accident.http_status, status, name, code = status + 4000)
            }
            Accident::HttpPlus4000(status, name) => {
                say!(accident.http_plus_4000, number, status, name)
            }
        }
    }
}

impl Accident {
    /// What the number is, in a few words.
    pub fn gist(self) -> Message {
        match self {
            Accident::ByteSwapped(meant) => say!(accident.gist_byte_swapped, meant),
            Accident::Letters(letters) => {
                say!(accident.gist_letters, text = letters_of(letters))
            }
            Accident::MinusOne => say!(accident.gist_minus_one),
            Accident::Zero => say!(accident.gist_zero),
            Accident::HttpStatus(status, name) => {
                say!(accident.gist_http_status, status, name)
            }
            Accident::HttpPlus4000(status, name) => {
                say!(accident.gist_http_plus_4000, status, name)
            }
        }
    }

    /// What to check and what to do.
    pub fn advice(self) -> &'static [Advice] {
        match self {
            Accident::ByteSwapped(_) => advice::BYTE_SWAPPED,
            Accident::Letters(letters) if is_digits(letters) => advice::DIGITS,
            Accident::Letters(HTTP) => advice::HTTP,
            Accident::Letters(_) => advice::LETTERS,
            Accident::MinusOne => advice::MINUS_ONE,
            Accident::Zero => advice::ZERO,
            Accident::HttpStatus(..) => advice::HTTP_STATUS,
            Accident::HttpPlus4000(..) => advice::HTTP_STATUS_PLUS_4000,
        }
    }
}

/// What the first frame of an HTTP response has where a Close has its code: `HTTP`.
const HTTP: [u8; 2] = *b"TP";

fn is_digits(letters: [u8; 2]) -> bool {
    letters.iter().all(u8::is_ascii_digit)
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
        let digits = accident(12592).map(|found| found.explain(12592).to_string());
        assert!(digits.is_some_and(|said| said.contains("\"10\"") && said.contains("decimal")));
    }
}
