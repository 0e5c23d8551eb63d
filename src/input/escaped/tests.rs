//! Tests of the reader of text with escapes.

use super::super::samples::{decoded, mistake};
use super::EscapedReader;

fn read(text: &str) -> Vec<u8> {
    decoded(Box::new(EscapedReader::new()), text)
}

fn wrong(text: &str) -> String {
    mistake(Box::new(EscapedReader::new()), text)
}

#[test]
fn a_character_without_escape_stands_for_itself() {
    assert_eq!(read("\\x81\\x05hello"), b"\x81\x05hello");
    assert_eq!(read("  b\\x88 é'\r\n"), b"b\x88 \xc3\xa9'");
    assert_eq!(read("\\x8802"), b"\x8802");
    assert_eq!(
        wrong("\\x81\ta"),
        "`\\t` at character 5 cannot stand for itself; write `\\x09`"
    );
}

#[test]
fn quotes_are_not_bytes() {
    assert_eq!(read("b\"\\x88'\\\"\"\n"), b"\x88'\"");
    assert_eq!(read("'\\x81'\n  b'\\x05' \"hello\""), b"\x81\x05hello");
    assert_eq!(
        wrong("\"\\x88"),
        "the quote `\"` at character 1 is not closed"
    );
    let advice = "comes after the end of the text; write a line break within it as `\\n`";
    assert_eq!(wrong("'\\x88'c"), format!("`c` at character 7 {advice}"));
    assert_eq!(
        wrong("\\x88\nc"),
        format!("`c` at line 2, character 1 {advice}")
    );
}

#[test]
fn every_escape_of_c_is_known() {
    assert_eq!(
        read(r#"\n\r\t\0\\\"\'\a\b\f\v\e\210\78\u0041\u00e9\u20ac"#),
        b"\n\r\t\0\\\"'\x07\x08\x0c\x0b\x1b\x88\x078A\xc3\xa9\xe2\x82\xac"
    );
}

#[test]
fn an_escape_that_is_no_byte_is_a_mistake() {
    for (text, message) in [
        (
            "\\x8",
            "`\\x` at character 1 needs two hex digits, as in `\\x08`",
        ),
        (
            "a\\x8g",
            "`\\x` at character 2 needs two hex digits, as in `\\x08`",
        ),
        (
            "\\u12 ",
            "`\\u` at character 1 needs four hex digits, as in `\\u00e9`",
        ),
        (
            "\\ud83d\\ude00",
            "`\\ud83d` at character 1 is half of a character; write the character itself",
        ),
        (
            "\\400",
            "`\\400` at character 1 is more than a byte; the greatest is `\\377`",
        ),
        (
            "\\q",
            "`\\q` at character 1 is not a known escape; write `\\\\` for a backslash",
        ),
        (
            "a\\",
            "nothing follows the `\\` at character 2; write `\\\\` for one",
        ),
    ] {
        assert_eq!(wrong(text), message);
    }
}
