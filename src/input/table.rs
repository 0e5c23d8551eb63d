//! The forms in which people write bytes down, one row for each.

use super::ends::Sent;
use super::forms::dump::DumpReader;
use super::forms::escaped::{self, Dialect};
use super::forms::hex::{self, HexReader};
use super::forms::list::{self, Numbers};
use super::forms::{
    base64, beside, boxes, directed, follow, headed, json, keyed, memory, packets, percent, strace,
    trace, tshark,
};
use super::frames::{self, Fit};
use super::layout::{self, Kind};
use super::text::Mistake;
use super::{TextReader, lossy, nested, quotes};
use crate::words::{Text, text};

/// One way in which people write bytes down.
#[derive(Debug)]
pub struct Form {
    /// The name that stands for the form on the command line: `xxd`.
    pub id: &'static str,
    /// What an input in this form is, to be put in a sentence: "an xxd dump".
    pub what: Text,
    /// Whether to say that this form was chosen, because a reader could have expected another.
    pub announce: bool,
    /// How the form is read.
    pub(super) reading: Reading,
    /// Whether a text may be of this form: what it has, and not whether it has a mistake.
    pub(super) may_be: fn(&str) -> bool,
    /// Whether a character in it stands for itself, so that what stands around the bytes would be bytes.
    pub(super) is_literal: bool,
    /// What a text is more likely, though it reads as this form: a sentence that calls it `form`.
    pub(super) rather: fn(&str, &[u8]) -> Option<Text>,
    /// How bytes of this form are told from words, where they stand behind words.
    pub(super) behind_words: BehindWords,
    /// Whether it is of any dump, so that one which is known better goes before it.
    pub(super) gives_way: bool,
}

impl Form {
    /// Whether it has offsets that have to fit, or cells that do.
    pub(super) fn is_dump(&self) -> bool {
        matches!(self.reading, Reading::Blocks(_)) && self.id != plain().id
    }
}

/// How a form is read.
#[derive(Debug)]
pub(super) enum Reading {
    /// The bytes are taken as they are.
    Bytes,
    /// A text of any length, block by block.
    Blocks(fn() -> Box<dyn TextReader>),
    /// A text that is held as a whole.
    Whole(fn(&str) -> Result<Vec<u8>, Mistake>),
    /// A text that is held as a whole, and says who sent what.
    Ends(fn(&str) -> Result<Vec<Sent>, Mistake>),
    /// What stands behind words, in any other form.
    BehindWords,
}

/// How bytes are told from the words before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BehindWords {
    /// They have marks of their own.
    Marked,
    /// Hex digits: in groups of one size.
    Digits,
    /// Numbers that may be words: more than one, and a digit among them.
    Numbers,
    /// Letters: behind a mark such as `:`.
    Letters,
}

/// A row of a form that is read as a whole.
const fn whole(
    id: &'static str,
    what: Text,
    may_be: fn(&str) -> bool,
    read: fn(&str) -> Result<Vec<u8>, Mistake>,
) -> Form {
    Form {
        id,
        what,
        announce: true,
        reading: Reading::Whole(read),
        may_be,
        is_literal: false,
        rather: |_, _| None,
        behind_words: BehindWords::Marked,
        gives_way: false,
    }
}

/// A row of a form that says who sent what.
const fn ends(
    id: &'static str,
    what: Text,
    may_be: fn(&str) -> bool,
    read: fn(&str) -> Result<Vec<Sent>, Mistake>,
) -> Form {
    Form {
        reading: Reading::Ends(read),
        ..whole(id, what, may_be, |_| Ok(Vec::new()))
    }
}

/// A row for text with escapes.
const fn escapes(
    id: &'static str,
    what: Text,
    may_be: fn(&str) -> bool,
    read: fn(&str) -> Result<Vec<u8>, Mistake>,
) -> Form {
    Form {
        is_literal: true,
        rather: |_, bytes| nested::is_escaped(bytes).then_some(text!(form.double_escapes, form)),
        ..whole(id, what, may_be, read)
    }
}

/// A row for a kind of dump.
macro_rules! dump {
    ($id:literal, $what:expr, $kind:expr) => {
        Form {
            reading: Reading::Blocks(|| Box::new(DumpReader::new($kind))),
            rather: |_, bytes| {
                ($kind.is_words() && is_swapped(bytes)).then_some(text!(form.high_byte_first, form))
            },
            ..whole(
                $id,
                $what,
                |text| layout::is_line_of($kind, text),
                |_| Ok(Vec::new()),
            )
        }
    };
}

/// A row for a list of numbers.
macro_rules! list {
    ($id:literal, $what:expr, $numbers:expr) => {
        whole(
            $id,
            $what,
            |text| list::may_be($numbers, text),
            |text| list::read($numbers, text),
        )
    };
}

/// Every form, in the order in which they are tried.
pub(super) static FORMS: [Form; 50] = [
    Form {
        announce: false,
        reading: Reading::Bytes,
        ..whole("binary", text!(form.binary), |_| false, |_| Ok(Vec::new()))
    },
    dump!("xxd", text!(form.xxd), Kind::Xxd),
    dump!("xxd-e", text!(form.xxd_e), Kind::XxdSwapped),
    dump!("xxd-b", text!(form.xxd_b), Kind::XxdBits),
    dump!("hexdump", text!(form.hexdump), Kind::Hexdump),
    dump!("wireshark", text!(form.wireshark), Kind::Wireshark),
    dump!("tcpdump", text!(form.tcpdump), Kind::Tcpdump),
    dump!("od-x1", text!(form.od_hex), Kind::OdHex),
    dump!("od-x", text!(form.swapped_words), Kind::Words),
    dump!("od", text!(form.od_octal_words), Kind::OctalWords),
    dump!("od-b", text!(form.od_octal), Kind::OctalBytes),
    dump!("od-c", text!(form.od_c), Kind::Characters),
    dump!("od-d1", text!(form.od_decimal), Kind::Decimal),
    dump!("od-d", text!(form.decimal_words), Kind::DecimalWords),
    escapes("escaped", text!(form.escapes_hex), escaped::in_c, |text| {
        escaped::read(Dialect::C, text)
    }),
    escapes(
        "escaped-octal",
        text!(form.escapes_octal),
        escaped::in_octal,
        |text| escaped::read(Dialect::C, text),
    ),
    escapes(
        "escaped-decimal",
        text!(form.escapes_decimal),
        escaped::in_decimal,
        |text| escaped::read(Dialect::Decimal, text),
    ),
    escapes(
        "escaped-latin1",
        text!(form.escapes_latin1),
        escaped::in_latin1,
        |text| escaped::read(Dialect::Latin1, text),
    ),
    Form {
        rather: |text, bytes| {
            (!escaped::in_four(text) && !frames::are_sound(bytes))
                .then_some(text!(form.short_escapes, form))
        },
        ..escapes(
            "escaped-wide",
            text!(form.escapes_wide),
            escaped::in_wide,
            |text| escaped::read(Dialect::Wide, text),
        )
    },
    Form {
        is_literal: true,
        behind_words: BehindWords::Letters,
        ..whole(
            "percent",
            text!(form.percent),
            percent::may_be,
            percent::read,
        )
    },
    whole("indexed", text!(form.keyed), keyed::may_be, keyed::read),
    list!("hex-0x", text!(form.hex_0x), Numbers::Prefixed),
    Form {
        behind_words: BehindWords::Numbers,
        ..list!("hex-h", text!(form.hex_h), Numbers::Suffixed)
    },
    whole(
        "memory-words",
        text!(form.memory_words),
        memory::may_be_words,
        memory::read_words,
    ),
    list!("decimal", text!(form.decimal_list), Numbers::Decimal),
    list!("hex-list", text!(form.hex_list), Numbers::Hex),
    list!("octal", text!(form.octal_list), Numbers::Octal),
    Form {
        behind_words: BehindWords::Letters,
        ..whole("base64", text!(form.base64), base64::may_be, base64::read)
    },
    whole(
        "hex-quoted",
        text!(form.quoted_hex),
        |text| {
            let head = quotes::head(text);
            let inner = head.inner(text);
            head.quote.is_some() && !inner.trim().is_empty() && hex::may_be(inner)
        },
        hex::read_quoted,
    ),
    whole(
        "bytea",
        text!(form.bytea),
        hex::may_be_bytea,
        hex::read_bytea,
    ),
    ends(
        "follow-hex",
        text!(form.follow_hex),
        follow::may_be_hex,
        follow::read_hex,
    ),
    ends(
        "follow-raw",
        text!(form.follow_raw),
        follow::may_be_raw,
        follow::read_raw,
    ),
    ends(
        "follow-yaml",
        text!(form.follow_yaml),
        follow::may_be_yaml,
        follow::read_yaml,
    ),
    ends(
        "follow-c",
        text!(form.follow_arrays),
        follow::may_be_arrays,
        follow::read_arrays,
    ),
    ends(
        "tshark-json",
        text!(form.tshark_json),
        tshark::may_be_json,
        tshark::read_json,
    ),
    ends(
        "tshark-v",
        text!(form.tshark_fields),
        tshark::may_be_fields,
        tshark::read_fields,
    ),
    ends(
        "websocket-client",
        text!(form.websocket_client),
        trace::may_be_websocket_client,
        trace::read_websocket_client,
    ),
    ends(
        "curl",
        text!(form.curl),
        trace::may_be_curl,
        trace::read_curl,
    ),
    ends(
        "netty",
        text!(form.netty),
        boxes::may_be_netty,
        boxes::read_netty,
    ),
    ends(
        "ngrep",
        text!(form.ngrep),
        boxes::may_be_ngrep,
        boxes::read_ngrep,
    ),
    ends("strace", text!(form.strace), strace::may_be, strace::read),
    ends(
        "packets",
        text!(form.packets),
        packets::may_be,
        packets::read,
    ),
    ends("headed", text!(form.headed), headed::may_be, headed::read),
    ends(
        "directed",
        text!(form.directed),
        directed::may_be,
        directed::read,
    ),
    whole("gdb", text!(form.gdb), memory::may_be_gdb, memory::read_gdb),
    whole(
        "format-hex",
        text!(form.format_hex),
        memory::may_be_format_hex,
        memory::read_format_hex,
    ),
    Form {
        gives_way: true,
        ..whole("beside", text!(form.beside), beside::may_be, beside::read)
    },
    whole("json", text!(form.json), json::may_be, json::read),
    // Tried only when no other form reads the text: see `choice`.
    Form {
        reading: Reading::BehindWords,
        ..whole("log", text!(form.log_line), |_| false, |_| Ok(Vec::new()))
    },
    Form {
        announce: false,
        reading: Reading::Blocks(|| Box::new(HexReader::new())),
        rather: |text, bytes| {
            (nested::is_binary(text) || nested::are_bits(text, bytes))
                .then_some(text!(form.binary_digits, form))
        },
        behind_words: BehindWords::Digits,
        ..whole("hex", text!(form.hex), hex::may_be, |_| Ok(Vec::new()))
    },
];

/// The form for bytes that are not text.
pub(super) fn binary() -> &'static Form {
    let [binary, ..] = &FORMS;
    binary
}

/// The form that a text is in if it is in no other.
pub(super) fn plain() -> &'static Form {
    let [.., hex] = &FORMS;
    hex
}

/// Whether a text has the marks of a program that traces connections, which say who sent what. Headings of
/// people are none, and a log of Netty may be of a program that logs more.
pub(super) fn is_trace(text: &str) -> bool {
    let is_trace = |form: &&Form| {
        matches!(form.reading, Reading::Ends(_)) && !matches!(form.id, "headed" | "netty")
    };
    FORMS
        .iter()
        .filter(is_trace)
        .any(|form| (form.may_be)(text))
}

/// What a text that no form reads could be.
pub(super) fn advice(text: &str) -> Option<Text> {
    if base64::fits_alphabet(text) {
        Some(text!(form.if_base64))
    } else if lossy::is_words(text) {
        Some(text!(form.lossy_text))
    } else {
        None
    }
}

/// Whether the bytes of words of two bytes are frames only the other way round.
fn is_swapped(bytes: &[u8]) -> bool {
    let other: Vec<u8> = bytes
        .chunks(2)
        .flat_map(|word| word.iter().rev().copied())
        .collect();
    frames::fit(bytes) < Fit::Whole && frames::fit(&other) == Fit::Whole
}
