//! The ranges that every number from 0 to 65535 lies in.

use super::Code;
use super::rows::CODES;
use crate::source::Source::{self, Registry, Rfc6455};
use crate::words::{Case, Words};

/// A range of numbers with one owner.
#[derive(Debug)]
pub struct Range {
    /// The first number.
    pub from: u16,
    /// The last number.
    pub to: u16,
    /// What the range is, in a few words.
    pub name: &'static str,
    /// Whether a number of this range that has no row of its own may stand in a Close frame.
    pub on_wire: bool,
    /// Which numbers of it may stand in a Close frame.
    pub wire: &'static str,
    /// What settles this.
    pub sources: &'static [Source],
    /// Meaning, causes and fixes.
    pub words: Words,
    /// What such a number says, in a few words.
    pub gist: &'static str,
    /// What to look for in a capture or a log.
    pub look_for: &'static str,
    /// When to send such a number.
    pub choose: &'static str,
    /// What it means when `{sender}` closed with `{code}` and `{other}` received it.
    pub diagnosis: &'static str,
}

impl Range {
    /// The range as people write it: `4000-4999`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.from, self.to)
    }

    /// What to check for a number of it, or for all of it. What speaks of HTTP statuses, the last
    /// case of the private numbers, is left out where the number cannot be one.
    pub fn cases(&self, number: Option<u16>) -> &'static [Case] {
        match number {
            Some(4000..=4399 | 4600..=4999) => self.words.cases.get(..1).unwrap_or_default(),
            _ => self.words.cases,
        }
    }

    /// Whether `number` lies in it.
    pub fn contains(&self, number: u16) -> bool {
        (self.from..=self.to).contains(&number)
    }

    /// The rows of codes that lie in it.
    pub fn codes(&self) -> impl Iterator<Item = &'static Code> {
        let (from, to) = (self.from, self.to);
        CODES
            .iter()
            .filter(move |code| (from..=to).contains(&code.number))
    }
}

/// The range that `number` lies in. Every number lies in one; a law checks it.
pub fn range_of(number: u16) -> &'static Range {
    match number {
        0..=999 => &RANGES[0],
        1000..=2999 => &RANGES[1],
        3000..=3999 => &RANGES[2],
        4000..=4999 => &RANGES[3],
        5000..=65535 => &RANGES[4],
    }
}

/// All ranges, in order, without a gap.
pub static RANGES: &[Range; 5] = &[
    Range {
        from: 0,
        to: 999,
        name: "Not Used",
        on_wire: false,
        wire: "none may stand in a Close frame; a strict receiver answers with 1002",
        sources: &[Rfc6455("7.4.2")],
        words: Words {
            meaning: "No close code: numbers below 1000 are not used. HTTP statuses such as 404 live here, and they are not close codes; \
                      a strict receiver answers such a Close with 1002.",
            cases: &[
                Case {
                    cause: "An HTTP status was given as a close code (`close(404)`).",
                    fix: "Sender: add 4000 (4404) by agreement with the other end, or use a protocol code.",
                },
                Case {
                    cause: "A variable that was never set, or an exit status: 0, 1.",
                    fix: "Sender: name a code; 1000 for a normal end, 1011 for a failure.",
                },
            ],
        },
        gist: "no close code",
        look_for: "a Close frame whose first two body bytes are below 03 e8; a strict receiver answers it with 1002",
        choose: "never",
        diagnosis: "The {sender} put {code} into a Close frame, where it may not stand: numbers below 1000 are not used.",
    },
    Range {
        from: 1000,
        to: 2999,
        name: "Protocol, Unassigned",
        on_wire: false,
        wire: "1000 to 1003 and 1007 to 1014 may stand in a Close frame; a strict receiver answers the others with 1002",
        sources: &[Rfc6455("7.4.2"), Registry],
        words: Words {
            meaning: "1000 to 2999 belong to the WebSocket protocol, its future versions and extensions with a public specification. 1000 to 1015 are taken (1004 without a meaning); \
                      1016 to 2999 mean nothing yet, and a strict receiver answers them with 1002.",
            cases: &[
                Case {
                    cause: "An application counts on from the protocol's codes (1016, 1100, 2000).",
                    fix: "Sender: use 4000 to 4999 for codes of your own.",
                },
                Case {
                    cause: "A library uses the number only inside itself, such as SockJS with 2000 and 2007: it never travels.",
                    fix: "Look it up in that library's documentation.",
                },
            ],
        },
        gist: "no meaning yet",
        look_for: "a Close frame with a number above 1015; a strict receiver answers it with 1002",
        choose: "never: IANA has not assigned it",
        diagnosis: "The {sender} closed with {code}, which nobody has assigned; what was meant only the {sender}'s author knows.",
    },
    Range {
        from: 3000,
        to: 3999,
        name: "Libraries and Frameworks",
        on_wire: true,
        wire: "may stand in a Close frame",
        sources: &[Rfc6455("7.4.2"), Registry],
        words: Words {
            meaning: "For libraries, frameworks and applications that register their number with IANA, first come first served. Three are registered \
                      (3000, 3003, 3008); many more are in use without. The protocol gives them no meaning: the software that sent it does.",
            cases: &[
                Case {
                    cause: "The service or library on the other end uses the number in its own way.",
                    fix: "Read the reason first, then that software's list of close codes.",
                },
                Case {
                    cause: "Your log says 1006 though the other end sent 3xxx: uWebSockets refuses this range, and the sender gets an empty Close. Bun accepts it.",
                    fix: "Sender: use 4000 to 4999.",
                },
            ],
        },
        gist: "a library's or framework's own code",
        look_for: "a Close frame with this number and a reason; the meaning is in that software's documentation",
        choose: "you publish a library or framework and have registered the number with IANA",
        diagnosis: "The {sender} closed with {code}, a code of its library or framework. The protocol gives it no meaning: read the reason and that software's list of codes.",
    },
    Range {
        from: 4000,
        to: 4999,
        name: "Private Use",
        on_wire: true,
        wire: "may stand in a Close frame",
        sources: &[Rfc6455("7.4.2")],
        words: Words {
            meaning: "For use between two ends that agreed on it; it cannot be registered. The same number means different things at different services: \
                      4004 is a failed login at one and a used-up quota at another.",
            cases: &[
                Case {
                    cause: "The application on the other end closed for a reason of its own.",
                    fix: "Read the reason first, then the service's list of close codes.",
                },
                Case {
                    cause: "The number is 4400 to 4599: by a common habit that is an HTTP status plus 4000 (4401 is 401 Unauthorized).",
                    fix: "Act as on that HTTP status: log in again on 4401, stop on 4403, slow down on 4429, come back later on 4503.",
                },
            ],
        },
        gist: "a private code of this application",
        look_for: "a Close frame with this number and a reason; the meaning is in the service's documentation",
        choose: "you own both ends, or have written down what the number means",
        diagnosis: "The {sender} closed with {code}, a private code of its application. The reason and the service's documentation say what it means.",
    },
    Range {
        from: 5000,
        to: 65535,
        name: "Outside Every Range",
        on_wire: false,
        wire: "none may stand in a Close frame; a strict receiver answers with 1002",
        sources: &[Rfc6455("7.4.2"), Registry],
        words: Words {
            meaning: "Outside every range that RFC 6455 describes, and IANA registers nothing above 4999. Such a number is a mistake in the program that \
                      wrote it: two bytes in the wrong order, text where the code belongs, or a value that never was a code. A strict receiver answers it with 1002.",
            cases: &[
                Case {
                    cause: "The code was written with its two bytes in the wrong order (little-endian): 59395 is 1000.",
                    fix: "Sender: write the code in network byte order, high byte first.",
                },
                Case {
                    cause: "The reason was written where the code belongs: 22373 is the letters \"We\".",
                    fix: "Sender: put the two bytes of the code before the reason.",
                },
                Case {
                    cause: "-1, or another value that does not fit, was cut to 16 bits: 65535.",
                    fix: "Sender: give a code; to send none, send an empty Close.",
                },
            ],
        },
        gist: "no close code",
        look_for: "a Close frame whose two body bytes make no sense as a code; a strict receiver answers it with 1002",
        choose: "never",
        diagnosis: "The {sender} put {code} into a Close frame, where it may not stand: it lies outside every range.",
    },
];
