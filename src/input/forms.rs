//! The forms in which people write bytes down, and the rule that picks one for a text.
//!
//! The rule: forms are tried in the order of the table, and the first that recognises the text is
//! taken. If none does, the first form that the text resembles is taken, so that its reader tells
//! the mistake; every text resembles hex, the last form.
//!
//! No text is recognised by two forms. A dump is known by the first line alone, and the others
//! leave every text that begins like one; only text with escapes may have a backslash;
//! only numbers with prefixes begin with `0x`, which is base64 that no frame begins with; and base64
//! has a character that is not of hex.
//! Bytes that are not text at all are binary, which is found out before any text is looked at.

use super::TextReader;
use super::base64::{self, Base64Reader};
use super::dump::{self, DumpReader, Program};
use super::escaped::{self, EscapedReader};
use super::hex::{self, HexReader};
use super::prefixed::{self, PrefixedReader};

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
    /// The text is recognised and decoded.
    Text {
        /// Whether a sample of a text is in this form. The sample is the beginning of the text; the
        /// flag says that it is the whole of it.
        recognise: fn(sample: &str, whole: bool) -> bool,
        /// Whether the sample looks as if meant in this form, though it is in none.
        resembles: fn(sample: &str) -> bool,
        /// Makes a reader for one text.
        reader: fn() -> Box<dyn TextReader>,
    },
}

/// Every form, in the order in which they are tried.
static FORMS: [Form; 7] = [
    Form {
        id: "binary",
        what: "bytes as they are",
        announce: false,
        reading: Reading::Bytes,
    },
    Form {
        id: "xxd",
        what: "an xxd dump",
        announce: true,
        reading: Reading::Text {
            recognise: dump::recognise_xxd,
            resembles: dump::resembles_xxd,
            reader: || Box::new(DumpReader::new(Program::Xxd)),
        },
    },
    Form {
        id: "hexdump",
        what: "a hexdump -C dump",
        announce: true,
        reading: Reading::Text {
            recognise: dump::recognise_hexdump,
            resembles: dump::resembles_hexdump,
            reader: || Box::new(DumpReader::new(Program::Hexdump)),
        },
    },
    Form {
        id: "escaped",
        what: "text with escapes such as \\x88",
        announce: true,
        reading: Reading::Text {
            recognise: escaped::recognise,
            resembles: escaped::resembles,
            reader: || Box::new(EscapedReader::new()),
        },
    },
    Form {
        id: "hex-0x",
        what: "hex with 0x prefixes",
        announce: true,
        reading: Reading::Text {
            recognise: prefixed::recognise,
            resembles: prefixed::resembles,
            reader: || Box::new(PrefixedReader::new()),
        },
    },
    Form {
        id: "base64",
        what: "base64",
        announce: true,
        reading: Reading::Text {
            recognise: base64::recognise,
            resembles: |_| false,
            reader: || Box::new(Base64Reader::new()),
        },
    },
    Form {
        id: "hex",
        what: "hex digits",
        announce: false,
        reading: Reading::Text {
            recognise: hex::recognise,
            resembles: |_| true,
            reader: || Box::new(HexReader::new()),
        },
    },
];

/// All forms, in the order in which they are tried.
#[must_use]
pub fn forms() -> &'static [Form] {
    &FORMS
}

/// The form for bytes that are not text.
pub(super) fn binary() -> &'static Form {
    let [binary, ..] = &FORMS;
    binary
}

/// The form picked for a text.
pub(super) struct Choice {
    pub(super) form: &'static Form,
    /// What else to try when the text turns out to have a mistake.
    pub(super) advice: Option<&'static str>,
}

impl Choice {
    /// The choice of a form that is known without a look at the text.
    pub(super) fn of(form: &'static Form) -> Self {
        Self { form, advice: None }
    }
}

/// Picks the form for a text by a sample: the beginning of the text, or the whole of it.
pub(super) fn choose(sample: &str, whole: bool) -> Choice {
    // A saved stream that ends with its HTTP head, or before its first frame, is text to the last byte.
    let is_http = |start| sample.starts_with(start);
    if ["HTTP/1.", "GET /", "PRI * HTTP/2.0"]
        .into_iter()
        .any(is_http)
    {
        return Choice::of(binary());
    }
    let recognises = |form: &&Form| match form.reading {
        Reading::Text { recognise, .. } => recognise(sample, whole),
        Reading::Bytes => false,
    };
    let is_resembled = |form: &&Form| match form.reading {
        Reading::Text { resembles, .. } => resembles(sample),
        Reading::Bytes => false,
    };
    let [.., hex] = &FORMS;
    if let Some(form) = FORMS.iter().find(recognises) {
        return Choice::of(form);
    }
    Choice {
        form: FORMS.iter().find(is_resembled).unwrap_or(hex),
        advice: base64::could_be(sample, whole)
            .then_some("if this is base64, say `--input base64`"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::SAMPLES;
    use super::*;

    fn recognisers(sample: &str, whole: bool) -> Vec<&'static str> {
        let recognises = |form: &&Form| match form.reading {
            Reading::Text { recognise, .. } => recognise(sample, whole),
            Reading::Bytes => false,
        };
        FORMS
            .iter()
            .filter(recognises)
            .map(|form| form.id)
            .collect()
    }

    #[test]
    fn every_sample_is_recognised_by_its_form_alone() {
        for &(form, text, _) in SAMPLES {
            assert_eq!(recognisers(text, true), [form], "{text}");
        }
    }

    #[test]
    fn no_text_is_recognised_by_two_forms() {
        // Short texts of the characters that matter to a recogniser, in every order.
        let parts = [
            "0000000", "8", "i", "A", "0x", "\\x41", ": ", "  ", "|", "=", "{", "\n",
        ];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = |text: &String| parts.map(|part| format!("{text}{part}"));
            texts = texts.iter().flat_map(longer).collect();
            for text in &texts {
                assert!(recognisers(text, true).len() < 2, "{text}");
                assert!(recognisers(text, false).len() < 2, "{text}");
            }
        }
    }

    #[test]
    fn the_nearest_form_explains_a_mistake() {
        for (text, form) in [
            ("\\xzz", "escaped"),
            ("00000000: \\xzz", "xxd"),
            ("00000000  zz", "hexdump"),
            ("88 0x88", "hex-0x"),
            ("hello world", "hex"),
        ] {
            assert_eq!(recognisers(text, true), [""; 0], "{text}");
            assert_eq!(choose(text, true).form.id, form, "{text}");
        }
        assert!(choose("8102686g", true).advice.is_some());
        assert!(choose("81 02 6g", true).advice.is_none());
    }

    #[test]
    fn every_id_stands_for_one_form() {
        let mut ids: Vec<_> = forms().iter().map(|form| form.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), FORMS.len());
        assert_eq!(binary().id, "binary");
    }
}
