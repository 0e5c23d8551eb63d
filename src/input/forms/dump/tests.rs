//! Tests of the dump reader.

use super::super::super::samples::{fed, mistake_fed as mistake};
use super::*;

fn xxd(text: &str) -> Vec<u8> {
    fed(Box::new(DumpReader::new(Kind::Xxd)), text)
}

fn hexdump(text: &str) -> Vec<u8> {
    fed(Box::new(DumpReader::new(Kind::Hexdump)), text)
}

fn wrong_xxd(text: &str) -> String {
    mistake(Box::new(DumpReader::new(Kind::Xxd)), text)
}

fn wrong_hexdump(text: &str) -> String {
    mistake(Box::new(DumpReader::new(Kind::Hexdump)), text)
}

#[test]
fn the_text_beside_the_bytes_must_agree() {
    assert_eq!(xxd("00000000: 6162 63  abc"), b"abc");
    assert_eq!(hexdump("00000000  88 7c 62  |.|b|"), [0x88, 0x7c, b'b']);
    assert_eq!(xxd("  00000000: 88\r\n\n  00000001: 02  é\r\n"), [0x88, 2]);
    assert_eq!(
        wrong_xxd("00000000: 8802 03  ab cd"),
        "line 1 has the text `ab cd`, which does not agree with the bytes before it; is the dump \
         changed, or of another program?"
    );
    for text in ["ab", "..", "..b", "xab"] {
        assert!(wrong_xxd(&format!("00000000: 8861 62  {text}")).contains("does not agree"));
        assert!(wrong_hexdump(&format!("00000000  88 61 62  |{text}|")).contains("agree"));
    }
}

#[test]
fn a_star_is_refused_where_the_base_of_the_offsets_matters() {
    let od = |text| mistake(Box::new(DumpReader::new(Kind::OdHex)), text);
    assert!(od("0000000 00 00\n*\n0000100\n").contains("dump again with `-v`"));
    assert!(od("0000000 00 00\n0000003 00\n").ends_with("lines are missing"));
}

#[test]
fn the_byte_that_fills_up_a_word_is_no_data() {
    let words = |text| fed(Box::new(DumpReader::new(Kind::Words)), text);
    assert_eq!(words("0000000 0288 00e8\n0000003\n"), [0x88, 2, 0xe8]);
    assert_eq!(words("0000000 0288 00e8\n0000004\n"), [0x88, 2, 0xe8, 0]);
    let wrong = |text| mistake(Box::new(DumpReader::new(Kind::Words)), text);
    assert!(wrong("0000000 0288 00e8\n").starts_with("the last byte could be data"));
    assert!(wrong("0000000 0288 e800\n0000003\n").contains("is not zero"));
    assert!(wrong(" 0288 0003\n").starts_with("the last byte could be data"));
}

#[test]
fn a_space_is_a_dot_beside_the_bytes_of_tcpdump() {
    let text = "\t0x0000:  8105 6120 6220 6388 0203 e820 2020 2020  ..a.b.c.........\n\t0x0010:  2020                                     ..\n";
    let bytes = fed(Box::new(DumpReader::new(Kind::Tcpdump)), text);
    assert_eq!(bytes, b"\x81\x05a b c\x88\x02\x03\xe8       ");
    assert!(wrong_xxd("00000000: 6120 62  a.b").contains("does not agree"));
}

#[test]
fn an_end_that_two_bases_read_differently_names_no_star() {
    // od -tx4 of 14 bytes: 14 in octal, and 16 in decimal with the last word whole.
    let text = "0000000 65680581 886f6c6c 62e80305 00006579\n0000016\n";
    let wrong = mistake(Box::new(DumpReader::new(Kind::Words)), text);
    assert_eq!(
        wrong,
        "line 2 ends the dump at offset `0000016`, which could be octal, decimal or hex, and so \
         the last word could be whole or filled up; dump again with `-tx1`"
    );
}

#[test]
fn the_first_offset_may_be_anything_but_the_others_must_follow() {
    assert_eq!(xxd("00000010: 8802\n00000012: 03"), [0x88, 2, 3]);
    assert_eq!(
        wrong_xxd("00000010: 8802\n\n00000030: 03"),
        "line 3 starts at offset 0x30 but the lines before end at 0x12; lines are missing"
    );
    assert_eq!(
        wrong_xxd("00000010: 8802\n00000011: 03"),
        "line 2 starts at offset 0x11 but the lines before end at 0x12; lines are repeated or \
         out of order"
    );
    assert_eq!(
        wrong_xxd("ffffffffffffffff: 8802"),
        "line 1 goes beyond the greatest offset"
    );
}

#[test]
fn a_group_that_was_cut_is_told_from_one_that_is_not_full() {
    let full = "00000000: eb030288 78489c82 069329e5 7d25dbfe\n";
    let read = |end| {
        let text = format!("{full}{end}");
        (text, DumpReader::new(Kind::XxdSwapped))
    };
    let (text, reader) = read("00000010:     cef0\n");
    assert_eq!(fed(Box::new(reader), &text).len(), 18);
    // The beginning of `cef0b0ed`, whose first bytes are the last two digits.
    let (text, reader) = read("00000010: cef0");
    assert!(mistake(Box::new(reader), &text).contains("`cef0`"));
}

#[test]
fn a_star_repeats_the_line_before_it() {
    assert_eq!(
        xxd("00000000: 0000\n*\n00000006: 01"),
        [0, 0, 0, 0, 0, 0, 1]
    );
    assert_eq!(hexdump("00000000  01 02\n*\n00000005"), [1, 2, 1, 2, 1]);
    assert_eq!(
        wrong_hexdump("00000000  01 02\n*\n00000005  03"),
        "line 3 starts at offset 0x5 but the lines before end at 0x2; no number of repeated \
         lines leads there"
    );
    assert!(wrong_xxd("*").contains("there is none"));
    assert!(wrong_xxd("00000000: 0001\n*").contains("stands for zeros"));
    assert!(wrong_xxd("00000000: 0000\n*").starts_with("the dump ends with `*`"));
}

#[test]
fn the_end_offset_must_agree() {
    assert_eq!(hexdump("00000000  88 02\n00000002\n"), [0x88, 2]);
    assert_eq!(
        wrong_hexdump("00000000  88 02\n00000008\n"),
        "line 2 ends the dump at offset 0x8 but the lines before end at 0x2; lines are missing"
    );
    assert_eq!(
        wrong_hexdump("00000000  88\n00000001\n00000001  02"),
        "line 3 comes after the line that ends the dump; give one dump at a time"
    );
}

#[test]
fn a_line_of_a_star_is_never_held_at_its_claimed_size() {
    let mut given = 0_u64;
    let mut sink = |bytes: &mut [u8]| {
        given += bytes.len() as u64;
        // What a sink writes into its piece must not come back in the next one.
        assert!(bytes.iter().all(|&byte| byte == 7));
        bytes.fill(0xff);
        if given > 1 << 20 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    };
    let mut reader = DumpReader::new(Kind::Hexdump);
    let text = "00000000  07\n*\nffffffffffffffff\n";
    let result = reader.feed(text, &mut sink);
    assert!(matches!(result, Err(Error::Sink(_))));
}

#[test]
fn a_line_that_is_no_line_of_a_dump_is_a_mistake() {
    assert_eq!(
        wrong_xxd("00000000: 88\nhello"),
        "line 2 is `hello`, which does not begin with an offset such as `00000010: `"
    );
    assert_eq!(
        wrong_xxd("00000000: 88\n00000001: 8g"),
        "`g` at line 2, character 12 is not a hex digit"
    );
    assert_eq!(
        wrong_xxd("00000000: 880 02"),
        "`880` at character 11 is not a whole number of bytes; is a digit missing?"
    );
    assert!(wrong_hexdump("0000000 0288 e803").contains("without `-C` swaps the bytes"));
    let long = format!("00000000: 88  {}", ".".repeat(LONGEST_LINE));
    assert!(wrong_xxd(&long).starts_with("line 1 is longer than"));
}
