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
use crate::words::word;

/// One way in which people write bytes down.
#[derive(Debug)]
pub struct Form {
    /// The name that stands for the form on the command line: `xxd`.
    pub id: &'static str,
    /// What an input in this form is, to be put in a sentence: "an xxd dump".
    pub what: &'static str,
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
        what: word!("bytes as they are"),
        announce: false,
        reading: Reading::Bytes,
    },
    dump!("xxd", word!("an xxd dump"), Kind::Xxd),
    dump!("xxd-e", word!("an xxd -e dump"), Kind::XxdSwapped),
    dump!("xxd-b", word!("an xxd -b dump"), Kind::XxdBits),
    dump!("hexdump", word!("a hexdump -C dump"), Kind::Hexdump),
    dump!(
        "wireshark",
        word!("a hex dump from Wireshark"),
        Kind::Wireshark
    ),
    dump!("tcpdump", word!("a tcpdump -X dump"), Kind::Tcpdump),
    dump!("od-x1", word!("an od dump of hex bytes"), Kind::OdHex),
    dump!(
        "od-x",
        word!("a hexdump or od -x dump of swapped words"),
        Kind::Words
    ),
    dump!("od", word!("an od dump of octal words"), Kind::OctalWords),
    dump!(
        "od-b",
        word!("an od -b dump of octal bytes"),
        Kind::OctalBytes
    ),
    dump!(
        "od-c",
        word!("an od -c dump of characters"),
        Kind::Characters
    ),
    dump!("od-d1", word!("an od dump of decimal bytes"), Kind::Decimal),
    dump!(
        "od-d",
        word!("a hexdump -d or od -d dump of decimal words"),
        Kind::DecimalWords
    ),
    form!(
        "escaped",
        word!("text with escapes such as \\x88"),
        escaped::looks,
        EscapedReader::new(Dialect::C)
    ),
    form!(
        "escaped-octal",
        word!("text with octal escapes such as \\210"),
        escaped::looks_octal,
        EscapedReader::new(Dialect::C)
    ),
    form!(
        "escaped-decimal",
        word!("text with decimal escapes such as \\136"),
        escaped::looks_decimal,
        EscapedReader::new(Dialect::Decimal)
    ),
    form!(
        "escaped-latin1",
        word!("text with escapes in Latin-1, one byte to a character"),
        escaped::looks_latin1,
        EscapedReader::new(Dialect::Latin1)
    ),
    form!(
        "percent",
        word!("percent-encoding"),
        percent::looks,
        PercentReader::new()
    ),
    form!(
        "indexed",
        word!("a list of bytes with their indexes"),
        keyed::looks,
        KeyedReader::new()
    ),
    list!("hex-0x", word!("hex with 0x prefixes"), Numbers::Prefixed),
    list!("hex-h", word!("hex with h suffixes"), Numbers::Suffixed),
    list!(
        "decimal",
        word!("a list of decimal bytes"),
        Numbers::Decimal
    ),
    list!("hex-list", word!("a list of hex bytes"), Numbers::Hex),
    list!("octal", word!("a list of octal bytes"), Numbers::Octal),
    form!(
        "base64",
        word!("base64"),
        base64::looks,
        WrappedReader::new(Box::new(Base64Reader::new()))
    ),
    form!(
        "hex-quoted",
        word!("hex digits in quotes"),
        |sample, whole| {
            let head = wrapped::head(sample);
            let inner = head.inner(sample);
            head.quote.is_some() && !inner.trim().is_empty() && hex::looks(inner, whole)
        },
        WrappedReader::new(Box::new(HexReader::new()))
    ),
    // Tried only when no other form reads the text: see `choose`.
    form!(
        "log",
        word!("a log line with bytes at its end"),
        |_, _| false,
        LogReader::new()
    ),
    Form {
        id: "hex",
        what: word!("hex digits"),
        announce: false,
        reading: Reading::Text {
            looks: hex::looks,
            reader: || Box::new(HexReader::new()),
        },
    },
];
