//! Samples of every form, and what the tests of this room share. The dumps, the hex and the base64
//! were made by the programs themselves.

use std::io::{self, ErrorKind, Read};

use super::table::Reading;
use super::{Error, TextReader, forms};

mod bytes;
mod dumps;
mod ends;
mod languages;
mod lists;
mod od;
mod plain;
mod strings;
mod words;

/// The form of a text, the text, and the bytes it stands for.
pub(super) type Sample = (&'static str, &'static str, &'static [u8]);

/// All samples.
pub(super) fn samples() -> impl Iterator<Item = Sample> {
    let tables = [
        plain::PLAIN,
        strings::STRINGS,
        lists::LISTS,
        dumps::DUMPS,
        od::OD,
        words::WORDS,
        languages::LANGUAGES,
        ends::ENDS,
    ];
    tables.into_iter().flatten().copied()
}

/// A source that gives its bytes in pieces of one size.
pub(super) struct Pieces {
    bytes: Vec<u8>,
    given: usize,
    size: usize,
    fails: bool,
}

impl Pieces {
    pub(super) fn new(bytes: &[u8], size: usize) -> Self {
        Self {
            bytes: bytes.to_vec(),
            given: 0,
            size,
            fails: false,
        }
    }

    /// A source that fails where its end should be.
    pub(super) fn failing(bytes: &[u8]) -> Self {
        Self {
            fails: true,
            ..Self::new(bytes, 1)
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.given..];
        if rest.is_empty() && self.fails {
            return Err(ErrorKind::Other.into());
        }
        let count = self.size.min(room.len()).min(rest.len());
        room[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

/// What a reader makes of a text in blocks: the bytes, and the mistake if there was one.
fn outcome<'a>(
    mut reader: Box<dyn TextReader>,
    blocks: impl IntoIterator<Item = &'a str>,
) -> (Vec<u8>, Option<String>) {
    let mut bytes = Vec::new();
    let mut sink = |piece: &mut [u8]| {
        assert!(!piece.is_empty());
        bytes.extend_from_slice(piece);
        piece.fill(0xee);
        Ok(())
    };
    let result = blocks
        .into_iter()
        .try_for_each(|block| reader.feed(block, &mut sink))
        .and_then(|()| reader.finish(&mut sink));
    let mistake = result.err().map(|error| match error {
        Error::Mistake(mistake) => mistake.to_string(),
        error => panic!("{error}"),
    });
    (bytes, mistake)
}

/// The bytes of a text without mistakes.
pub(super) fn fed(reader: Box<dyn TextReader>, text: &str) -> Vec<u8> {
    let (bytes, mistake) = outcome(reader, [text]);
    assert_eq!(mistake, None, "{text}");
    bytes
}

/// The mistake of a text that has one.
pub(super) fn mistake_fed(reader: Box<dyn TextReader>, text: &str) -> String {
    outcome(reader, [text]).1.unwrap()
}

/// Texts with mistakes, or with what is easily cut in the wrong place.
const AWKWARD: &[&str] = &[
    "",
    "8",
    "8g",
    "81 0 2",
    "810 26\n8",
    "88\r\n\n0é",
    "0",
    "0x",
    "0x8 0x802 0x88",
    "{0x88\n0x02",
    "[0x88] 1",
    "b",
    "b'\\x88' b c",
    "\\x8",
    "\\u20ac\\12\\400",
    "\\x88\n\nx",
    "iAID6A=",
    "iAID=",
    "iAID6A==\nA",
    "iAID6B",
    "00000000: 8802\n\n00000003: 03",
    "00000000: 0000\n*\n00000007: 00",
    "00000000: 00\n*",
    "00000000  01 02\n*\n00000007\n00",
    "00000000  8802 |..|",
    "00000000: 88 8é",
];

/// Every reader of blocks on `text`, whole and cut in two at the end of every line.
fn assert_cuts_do_not_matter(text: &str) {
    for form in forms() {
        // None panics, whatever it reads.
        let _ = super::trial(form, text, true, None);
        let Reading::Blocks(reader) = form.reading else {
            continue;
        };
        let whole = outcome(reader(), [text]);
        for (cut, _) in text.match_indices('\n') {
            let (front, back) = text.split_at(cut + 1);
            let (bytes, mistake) = outcome(reader(), [front, back]);
            assert_eq!(bytes, whole.0, "{} {front:?} {back:?}", form.id);
            assert_eq!(mistake.is_some(), whole.1.is_some(), "{} {text:?}", form.id);
        }
    }
}

#[test]
fn how_a_text_is_cut_makes_no_difference() {
    for (_, text, _) in samples() {
        assert_cuts_do_not_matter(text);
    }
    for text in AWKWARD {
        assert_cuts_do_not_matter(text);
    }
}

/// Numbers that look random and are the same in every run.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn no_text_makes_a_reader_panic() {
    const PARTS: &[&str] = &[
        "0",
        "8",
        "1f",
        "g",
        "x",
        "0x",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        ":",
        ",",
        "=",
        "iA",
        "\\",
        "\\x",
        "\\u",
        "\\7",
        "\"",
        "b'",
        "{",
        "}",
        "]",
        "*\n",
        "|",
        "00000000: ",
        "00000001  ",
        "\nffffffffffffffff",
        "é",
        "\u{202e}",
        "\u{feff}",
        "\u{9f}",
    ];
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    for _ in 0..3000 {
        let length = random.below(24);
        let text: String = (0..length)
            .map(|_| PARTS[random.below(PARTS.len())])
            .collect();
        // A star may stand for more bytes than can be gathered; `dump` tests that it is endless.
        if !text.contains('*') {
            assert_cuts_do_not_matter(&text);
        }
    }
}

#[test]
fn no_bytes_make_reading_panic() {
    let mut random = Xorshift(0x2545_f491_4f6c_dd1d);
    let forced: Vec<_> = forms().iter().map(Some).chain([None]).collect();
    for _ in 0..5000 {
        let length = random.below(40);
        let limit = [0x30, 0x80, 0x100][random.below(3)];
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(random.below(limit)).unwrap())
            .collect();
        let form = forced[random.below(forced.len())];
        let results = [1, 1 << 16].map(|size| {
            let source = super::Source::Reader(Box::new(Pieces::new(&bytes, size)));
            let mut given = Vec::new();
            let result = super::read(
                source,
                super::Stated { form, from: None },
                &mut |_| Ok(()),
                &mut |piece| {
                    given.extend_from_slice(piece);
                    Ok(())
                },
            );
            (given, result.map_err(|error| error.to_string()))
        });
        assert_eq!(results[0], results[1], "{bytes:?}");
    }
}
