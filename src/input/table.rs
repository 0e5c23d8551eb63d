//! The forms in which people write bytes down, one row for each.

use super::TextReader;
use super::base64::{self, Base64Reader};
use super::dump::{self, DumpReader, Kind};
use super::escaped::{self, Dialect, EscapedReader};
use super::hex::{self, HexReader};
use super::keyed::{self, KeyedReader};
use super::list::{self, ListReader, Numbers};
use super::log::LogReader;
use super::percent::{self, PercentReader};
use super::wrapped::{self, WrappedReader};
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
}

/// How a form is read.
#[derive(Debug)]
pub(super) enum Reading {
    /// The bytes are taken as they are.
    Bytes,
    /// The text is decoded.
    Text {
        /// Whether a sample of a text looks like this form. The sample is the beginning of the
        /// text; the flag says that it is the whole of it.
        looks: fn(sample: &str, whole: bool) -> bool,
        /// Makes a reader for one text.
        reader: fn() -> Box<dyn TextReader>,
    },
}

/// A row for a form of text that is announced.
macro_rules! form {
    ($id:literal, $what:expr, $looks:expr, $reader:expr) => {
        Form {
            id: $id,
            what: $what,
            announce: true,
            reading: Reading::Text {
                looks: $looks,
                reader: || Box::new($reader),
            },
        }
    };
}

/// A row for a kind of dump.
macro_rules! dump {
    ($id:literal, $what:expr, $kind:expr) => {
        form!(
            $id,
            $what,
            |sample, _| dump::looks($kind, sample),
            DumpReader::new($kind)
        )
    };
}

/// A row for a list of numbers.
macro_rules! list {
    ($id:literal, $what:expr, $numbers:expr) => {
        form!(
            $id,
            $what,
            |sample, _| list::looks($numbers, sample),
            ListReader::new($numbers)
        )
    };
}

/// Every form, in the order in which they are tried.
pub(super) static FORMS: [Form; 29] = [
    Form {
        id: "binary",
        what: text!(form.binary),
        announce: false,
        reading: Reading::Bytes,
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
    form!(
        "escaped",
        text!(form.escapes_hex),
        escaped::looks,
        EscapedReader::new(Dialect::C)
    ),
    form!(
        "escaped-octal",
        text!(form.escapes_octal),
        escaped::looks_octal,
        EscapedReader::new(Dialect::C)
    ),
    form!(
        "escaped-decimal",
        text!(form.escapes_decimal),
        escaped::looks_decimal,
        EscapedReader::new(Dialect::Decimal)
    ),
    form!(
        "escaped-latin1",
        text!(form.escapes_latin1),
        escaped::looks_latin1,
        EscapedReader::new(Dialect::Latin1)
    ),
    form!(
        "percent",
        text!(form.percent),
        percent::looks,
        PercentReader::new()
    ),
    form!(
        "indexed",
        text!(form.keyed),
        keyed::looks,
        KeyedReader::new()
    ),
    list!("hex-0x", text!(form.hex_0x), Numbers::Prefixed),
    list!("hex-h", text!(form.hex_h), Numbers::Suffixed),
    list!("decimal", text!(form.decimal_list), Numbers::Decimal),
    list!("hex-list", text!(form.hex_list), Numbers::Hex),
    list!("octal", text!(form.octal_list), Numbers::Octal),
    form!(
        "base64",
        text!(form.base64),
        base64::looks,
        WrappedReader::new(Box::new(Base64Reader::new()))
    ),
    form!(
        "hex-quoted",
        text!(form.quoted_hex),
        |sample, whole| {
            let head = wrapped::head(sample);
            let inner = head.inner(sample);
            head.quote.is_some() && !inner.trim().is_empty() && hex::looks(inner, whole)
        },
        WrappedReader::new(Box::new(HexReader::new()))
    ),
    // Tried only when no other form reads the text: see `choose`.
    form!("log", text!(form.log_line), |_, _| false, LogReader::new()),
    Form {
        id: "hex",
        what: text!(form.hex),
        announce: false,
        reading: Reading::Text {
            looks: hex::looks,
            reader: || Box::new(HexReader::new()),
        },
    },
];
