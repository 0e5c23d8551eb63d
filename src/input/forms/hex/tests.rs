//! Tests of the reader of plain hex.

use super::super::super::samples::{fed, mistake_fed as mistake};
use super::{HexReader, TextReader};

fn read(text: &str) -> Vec<u8> {
    fed(Box::new(HexReader::new()), text)
}

fn wrong(text: &str) -> String {
    mistake(Box::new(HexReader::new()), text)
}

#[test]
fn any_separator_may_stand_between_bytes() {
    assert_eq!(read("8802 03:E8"), [0x88, 0x02, 0x03, 0xe8]);
    assert_eq!(
        read(" 88,02;\t03-e8_0A\r\n0b\n"),
        [0x88, 2, 3, 0xe8, 10, 11]
    );
}

#[test]
fn a_character_that_is_no_digit_is_told_with_its_place() {
    assert_eq!(wrong("8g"), "`g` at character 2 is not a hex digit");
    assert_eq!(
        wrong("8102\n88\n03 é"),
        "`é` at line 3, character 4 is not a hex digit"
    );
    assert_eq!(
        wrong("81\u{202e}"),
        "`\\u{202e}` at character 3 is not a hex digit"
    );
}

#[test]
fn a_lone_digit_is_half_a_byte() {
    let message = "`8` at character 1 is half a byte; write `08`";
    assert_eq!(wrong("8"), message);
    assert_eq!(wrong("8 02"), message);
    assert_eq!(
        wrong("81:2:68"),
        "`2` at character 4 is half a byte; write `02`"
    );
    assert_eq!(
        wrong("81 2"),
        "`2` at character 4 is half a byte; write `02`"
    );
}

#[test]
fn an_odd_number_of_digits_lacks_one() {
    let alone = "3 hex digits make one and a half bytes; is a digit missing at the end?";
    assert_eq!(wrong("810"), alone);
    assert_eq!(wrong("810\r\n"), alone);
    let first = "3 hex digits from character 1 make one and a half bytes; is a digit missing?";
    assert_eq!(wrong("810 26"), first);
    assert_eq!(wrong("810 g"), first);
    assert_eq!(
        wrong("88\n810 "),
        "3 hex digits from line 2, character 1 make one and a half bytes; is a digit missing?"
    );
    assert!(wrong(&"1".repeat(21)).contains("make 10 and a half bytes"));
}

#[test]
fn bytes_before_a_mistake_are_given_out() {
    let mut bytes = Vec::new();
    let mut sink = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    let mut reader = HexReader::new();
    TextReader::feed(&mut reader, "8102g", &mut sink).unwrap_err();
    assert_eq!(bytes, [0x81, 0x02]);
}
