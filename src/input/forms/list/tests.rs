//! Tests of the reader of lists.

use super::Numbers;

fn read(numbers: Numbers, text: &str) -> Vec<u8> {
    super::read(numbers, text).unwrap()
}

fn wrong(numbers: Numbers, text: &str) -> String {
    super::read(numbers, text).unwrap_err().to_string()
}

#[test]
fn one_digit_is_a_byte_and_four_are_two() {
    assert_eq!(read(Numbers::Prefixed, "0x8"), [8]);
    assert_eq!(
        read(Numbers::Prefixed, "0X8802,0x3 0xE8;"),
        [0x88, 2, 3, 0xe8]
    );
    assert_eq!(
        wrong(Numbers::Prefixed, "0x88, 0x802"),
        "3 hex digits from character 7 make one and a half bytes; is a digit missing?"
    );
    let long = format!("0x{}", "88".repeat(1000));
    assert_eq!(read(Numbers::Prefixed, &long), [0x88; 1000]);
    assert!(wrong(Numbers::Prefixed, &format!("{long}8")).contains("half"));
}

#[test]
fn brackets_enclose_everything() {
    assert_eq!(read(Numbers::Prefixed, "{0x88, 0x02};\n"), [0x88, 2]);
    assert_eq!(read(Numbers::Prefixed, " [\n 0x8,\n]"), [8]);
    assert_eq!(
        wrong(Numbers::Prefixed, "{0x88"),
        "`{` at character 1 is not closed"
    );
    assert_eq!(
        wrong(Numbers::Prefixed, "{0x88]"),
        "`]` at character 6 closes a bracket that was not opened"
    );
    assert_eq!(
        wrong(Numbers::Prefixed, "{0x88}\n0"),
        "the list ends at character 6, but `0` follows; give one list at a time"
    );
}

/// okio prints all bytes of a ByteString as one number.
#[test]
fn a_packed_list_is_as_long_as_it_is() {
    let bytes = "6f".repeat(90);
    let text = format!("[size=94 hex=827e005a{bytes}]");
    assert_eq!(
        super::read(Numbers::Hex, &text).map(|read| read.len()).ok(),
        Some(94)
    );
    assert!(super::may_be(Numbers::Hex, &text));
}

#[test]
fn every_number_needs_its_prefix() {
    let advice = "is no hex number with `0x`; write `0x` before every number";
    assert_eq!(
        wrong(Numbers::Prefixed, "0x88 10"),
        format!("`10` at character 6 {advice}")
    );
    assert_eq!(
        wrong(Numbers::Prefixed, "0x"),
        "`0x` at character 1 has no digits"
    );
}

#[test]
fn a_list_that_was_cut_off_is_refused() {
    for (numbers, text) in [
        (Numbers::Hex, "<Buffer 88 02 ... 18 more bytes>"),
        (
            Numbers::Decimal,
            "Uint8Array(119) [\n 136,\n  ... 19 more items\n]",
        ),
        (Numbers::Decimal, "[136, 2, …]"),
        (Numbers::Hex, "<Buffer 82 7e ... 214 more bytes>"),
        (Numbers::Hex, "[size=90 hex=827e005682…]"),
        (Numbers::Hex, "[hex=8802...]"),
    ] {
        assert!(
            wrong(numbers, text).starts_with("the list is cut off at "),
            "{text}"
        );
        assert!(super::may_be(numbers, text), "{text}");
    }
    assert_eq!(
        wrong(Numbers::Decimal, "Uint8Array(5) [ 136, 2 ]"),
        "the list says that it has 5 bytes, but 2 are here; is it cut off?"
    );
    assert_eq!(
        wrong(
            Numbers::Prefixed,
            "unsigned char f[] = {\n 0x88\n};\nunsigned int f_len = 4;\n"
        ),
        "the list says that it has 4 bytes, but 1 are here; is it cut off?"
    );
}

#[test]
fn signs_are_all_of_a_kind() {
    assert_eq!(read(Numbers::Decimal, "[-120, 2, 127]"), [0x88, 2, 0x7f]);
    assert_eq!(
        wrong(Numbers::Decimal, "[-120, 2, 232]"),
        "`232` at character 11 does not fit: a list with `-120` is of signed bytes, and `232` is \
         none"
    );
    assert_eq!(
        wrong(Numbers::Decimal, "[136, 256]"),
        "`256` at character 7 is no decimal byte, from -128 to 255"
    );
}
