//! Tests of the reader of text with escapes.

use super::Dialect;

fn read(text: &str) -> Vec<u8> {
    super::read(Dialect::C, text).unwrap()
}

fn wrong(text: &str) -> String {
    super::read(Dialect::C, text).unwrap_err().to_string()
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
            "\\ud83dx",
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

#[test]
fn two_escapes_may_make_one_character() {
    assert_eq!(read("\\ud83d\\ude00"), "\u{1f600}".as_bytes());
    assert_eq!(read("\\u{1f600}\\x{88}\\U0001f600").len(), 9);
    let half = "`\\ud83d` at character 1 is half of a character; write the character itself";
    for text in ["\\ud83d", "\\ud83d\\n", "\"\\ud83d\"", "\\ud83d\\u0041"] {
        assert!(wrong(text).contains("is half of a character"), "{text}");
    }
    assert_eq!(wrong("\\ud83d"), half);
    assert!(wrong("\\x{88").contains("is not closed"));
}

#[test]
fn calls_and_assignments_around_the_quotes_are_no_bytes() {
    for text in [
        "bytearray(b'\\x88\\x02')",
        "$VAR1 = \"\\210\\2\";\n",
        "$'\\210\\002'",
        "frame = b\"\\x88\\x02\"",
    ] {
        assert_eq!(read(text), [0x88, 2], "{text}");
    }
    assert!(wrong("br'\\x88'").contains("has no escapes"));
}

#[test]
fn latin1_has_one_byte_to_a_character() {
    let read = |text| super::read(Dialect::Latin1, text).unwrap();
    assert_eq!(
        read("\"\\u0088\\u0002\\u0003\\u00e8\u{e8}\""),
        [0x88, 2, 3, 0xe8, 0xe8]
    );
    let wrong = |text| super::read(Dialect::Latin1, text).unwrap_err().to_string();
    assert!(wrong("\\u20ac").ends_with("is no byte in Latin-1"));
}

#[test]
fn decimal_escapes_and_names_are_those_of_lua_and_haskell() {
    let read = |text| super::read(Dialect::Decimal, text).unwrap();
    assert_eq!(
        read("\"\\136\\2\\003\\232\\1361\""),
        b"\x88\x02\x03\xe8\x881"
    );
    assert_eq!(
        read("\"\\136\\STX\\ETX\\232\\SO\\&H\\SOH\\SOX\\5\\&6\\DEL\""),
        b"\x88\x02\x03\xe8\x0eH\x01\x0eX\x056\x7f"
    );
    assert_eq!(read("\\STX\\ETX"), [2, 3]);
    let wrong = |text| super::read(Dialect::Decimal, text).unwrap_err().to_string();
    assert_eq!(
        wrong("a\\256"),
        "`\\256` at character 2 is more than a byte; the greatest is `\\255`"
    );
    for text in ["\\ST", "\\STx", "\\Q"] {
        assert!(wrong(text).contains("is not a known escape"), "{text}");
    }
}

#[test]
fn digits_tell_octal_from_decimal() {
    use super::{in_c, in_decimal, in_octal};
    for (text, expected) in [
        ("\\210\\002\\003\\350", [false, true, false]),
        ("\\129\\5hello", [false, false, true]),
        ("\\136\\2\\8", [false, false, true]),
        ("\\STX\\ETX", [false, false, true]),
        ("\\0\\5\\1", [true, false, false]),
        // Three octal digits or three decimal ones.
        ("\\210\\002", [false, true, true]),
        ("b'\\210\\002'", [false, true, false]),
        ("$'\\210\\002'", [false, true, false]),
        // An escaped backslash begins no escape.
        ("\\x88\\\\129", [true, false, false]),
        ("\\x88\\129", [false, false, true]),
    ] {
        let found = [in_c, in_octal, in_decimal].map(|may_be| may_be(text));
        assert_eq!(found, expected, "{text}");
    }
}
