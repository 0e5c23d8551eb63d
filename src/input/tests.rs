//! Tests of reading from end to end: every form from every source.

use std::io::ErrorKind;

use super::samples::{Pieces, samples};
use super::stream::BUFFER;
use super::*;

/// What came of an input: the form that was announced, the bytes, and the result.
struct Outcome {
    form: Option<&'static str>,
    bytes: Vec<u8>,
    result: Result<u64, String>,
}

fn outcome(source: Source, forced: Option<&str>) -> Outcome {
    let forced = forced.map(|id| forms().iter().find(|form| form.id == id).unwrap());
    let mut form = None;
    let mut bytes = Vec::new();
    let known = Stated {
        form: forced,
        from: None,
    };
    let result = read(
        source,
        known,
        &mut |chosen| {
            assert_eq!(form.replace(chosen.form.id), None, "told twice");
            Ok(())
        },
        &mut |piece| {
            bytes.extend_from_slice(piece);
            piece.fill(0xee);
            Ok(())
        },
    );
    let result = result.map_err(|error| error.to_string());
    Outcome {
        form,
        bytes,
        result,
    }
}

fn stream(bytes: &[u8], size: usize) -> Source {
    Source::Reader(Box::new(Pieces::new(bytes, size)))
}

fn mistake(words: &str) -> String {
    outcome(Source::Arguments(vec![words.to_owned()]), None)
        .result
        .unwrap_err()
}

#[test]
fn every_form_is_read_from_arguments_and_from_streams() {
    for (form, text, bytes) in samples() {
        let words = Source::Arguments(vec![text.to_owned()]);
        let streams = [1, 2, 7, BUFFER].map(|size| stream(text.as_bytes(), size));
        let marked = stream(format!("\u{feff}{text}").as_bytes(), 1);
        for source in [words, marked].into_iter().chain(streams) {
            let outcome = outcome(source, None);
            assert_eq!(outcome.form, Some(form), "{text}");
            assert_eq!(outcome.result, Ok(bytes.len() as u64), "{text}");
            assert_eq!(outcome.bytes, bytes, "{text}");
        }
        let outcome = outcome(stream(text.as_bytes(), 3), Some(form));
        assert_eq!(outcome.form, Some(form));
        assert_eq!(outcome.bytes, bytes, "{text}");
    }
}

#[test]
fn words_are_one_text() {
    let words = ["88", "02", "03e8"].map(str::to_owned).to_vec();
    assert_eq!(
        outcome(Source::Arguments(words), None).bytes,
        [0x88, 2, 3, 0xe8]
    );
    let words = ["88", "0g"].map(str::to_owned).to_vec();
    assert_eq!(
        outcome(Source::Arguments(words), None).result.unwrap_err(),
        "`g` at character 5 is not a hex digit"
    );
}

#[test]
fn blank_input_is_empty() {
    for text in ["", " \n\t", "\u{feff}", "\u{feff}\r\n"] {
        for source in [
            Source::Arguments(vec![text.to_owned()]),
            stream(text.as_bytes(), 1),
        ] {
            let outcome = outcome(source, None);
            assert_eq!(outcome.result.unwrap_err(), "no bytes in the input");
            assert_eq!(outcome.form, None);
        }
    }
    assert_eq!(mistake("::"), "no bytes in the input");
    assert_eq!(outcome(stream(b"", 1), Some("binary")).form, None);
    assert_eq!(outcome(stream(b" \n", 1), Some("xxd")).form, None);
}

#[test]
fn bytes_that_are_not_text_are_given_out_at_once() {
    let mut pieces = 0;
    let result = read(
        stream(b"\x81\x02hi", 1),
        Stated::default(),
        &mut |chosen| {
            assert_eq!(chosen.form.id, "binary");
            Ok(())
        },
        &mut |bytes| {
            pieces += 1;
            assert_eq!(bytes.len(), 1);
            Ok(())
        },
    );
    assert_eq!(result.unwrap(), 4);
    assert_eq!(pieces, 4);
    assert_eq!(outcome(stream(b"ab\xe2\x82", 1), None).form, Some("binary"));
    assert_eq!(outcome(stream(b"ab\xc2\x9f", 1), None).form, Some("binary"));
    assert_eq!(outcome(stream(b"ab", 1), Some("binary")).bytes, b"ab");
}

#[test]
fn a_text_that_stops_being_text_is_a_mistake() {
    for end in [&b"\xff"[..], b"\0", b"\xc2\x80", b"\xe2\x82"] {
        let text = [&b"ab".repeat(BUFFER), &b"\n "[..], end].concat();
        let outcome = outcome(stream(&text, 1000), None);
        assert!(outcome.bytes.is_empty());
        assert_eq!(
            outcome.result.unwrap_err(),
            format!(
                "byte {:#04x} at line 2, character 2 is not text; to take the input as it is, \
                 say `--input binary`",
                end[0]
            )
        );
    }
}

#[test]
fn a_character_cut_by_the_sample_is_text() {
    let mut text = "\\x81".to_owned();
    text.push_str(&"€".repeat(BUFFER));
    let outcome = outcome(stream(text.as_bytes(), BUFFER), None);
    assert_eq!(outcome.form, Some("escaped"));
    assert_eq!(outcome.bytes.len(), 1 + 3 * BUFFER);
}

#[test]
fn a_long_text_is_picked_by_its_beginning() {
    let bytes: Vec<u8> = (0..=0xff).cycle().skip(0x81).take(100_000).collect();
    let base64 = ::base64::Engine::encode(&::base64::prelude::BASE64_STANDARD, &bytes);
    let hex = bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}:"));
    for (form, text) in [("base64", base64), ("hex", hex)] {
        let outcome = outcome(stream(text.as_bytes(), 4096), None);
        assert_eq!(outcome.form, Some(form));
        assert!(outcome.bytes == bytes);
    }
}

#[test]
fn a_dump_of_any_length_is_read_in_blocks() {
    use std::fmt::Write;
    let frame = [&[0x82, 0x7e, 0x03, 0xe8][..], &[0x61; 1000]].concat();
    let bytes = frame.repeat(600);
    let mut text = String::new();
    for (number, line) in bytes.chunks(16).enumerate() {
        let groups: Vec<String> = line.chunks(2).map(hex::encode).collect();
        let _ = writeln!(text, "{:08x}: {:<39}", 16 * number, groups.join(" "));
    }
    assert!(text.len() > HELD);
    for (text, form) in [(text, "xxd"), (hex::encode(&bytes), "hex")] {
        let found = outcome(stream(text.as_bytes(), 100_000), None);
        assert_eq!(found.result, Ok(bytes.len() as u64));
        assert_eq!(found.form, Some(form));
        assert!(found.bytes == bytes);
    }
    // What is in no such form is read as a whole.
    let list = format!("{bytes:?}");
    assert!(list.len() > HELD);
    let found = outcome(stream(list.as_bytes(), 100_000), None);
    assert_eq!(found.form, Some("decimal"));
    assert!(found.bytes == bytes);
}

#[test]
fn the_end_of_a_text_longer_than_any_head_counts_too() {
    let bytes = [0x88; 600];
    for (text, form) in [
        (format!("{bytes:?}"), "decimal"),
        (format!("b'{}'", "\\x88".repeat(600)), "escaped"),
        (format!("'{}'", "88".repeat(600)), "hex-quoted"),
    ] {
        let whole = outcome(Source::Arguments(vec![text.clone()]), None);
        assert_eq!((whole.form, whole.result), (Some(form), Ok(600)), "{text}");
        assert_eq!(whole.bytes, bytes);
        let end = text.len() - 1;
        assert!(mistake(&text[..end]).ends_with("is not closed"), "{form}");
    }
    let cut = format!("{}\\x8", "\\x88".repeat(600));
    assert!(mistake(&cut).contains("needs two hex digits"));
}

#[test]
fn mistyped_hex_stays_hex() {
    assert_eq!(
        mistake("8102686g"),
        "`g` at character 8 is not a hex digit; if this is base64, say `--input base64`"
    );
    assert_eq!(mistake("81 02 6g"), "`g` at character 8 is not a hex digit");
    assert_eq!(
        mistake("0x81 0xg2"),
        "`g` at character 8 is not a hex digit"
    );
    assert_eq!(
        mistake("\\xg1"),
        "`\\x` at character 1 needs two hex digits, as in `\\x08`"
    );
    assert_eq!(
        mistake("00000000: zz"),
        "`z` at character 11 is not a hex digit"
    );
}

#[test]
fn errors_of_both_ends_come_back_unchanged() {
    let broken = || io::Error::from(ErrorKind::BrokenPipe);
    for text in ["8802", "\u{1}", "iAA=", "0x8", "\\x88", "00000000: 88"] {
        let bytes = text.as_bytes();
        let result = read(
            stream(bytes, 1),
            Stated::default(),
            &mut |_| Ok(()),
            &mut |_| Err(broken()),
        );
        assert!(matches!(result, Err(Error::Sink(error)) if error.kind() == broken().kind()));
        let result = read(
            stream(bytes, 1),
            Stated::default(),
            &mut |_| Err(broken()),
            &mut |_| panic!("the sink was called after an error"),
        );
        assert!(matches!(result, Err(Error::Sink(error)) if error.kind() == broken().kind()));
    }
    let failing = Source::Reader(Box::new(Pieces::failing(b"8802")));
    let result = read(failing, Stated::default(), &mut |_| Ok(()), &mut |_| Ok(()));
    assert!(matches!(result, Err(Error::Read(error)) if error.kind() == ErrorKind::Other));
}

#[test]
fn text_in_utf16_is_read() {
    for text in ["88 02 03 e8\r\n", "00000000: 8802 03e8  ....\r\n"] {
        for (mark, high) in [([0xff, 0xfe], false), ([0xfe, 0xff], true)] {
            let units = text.encode_utf16().flat_map(|unit| {
                if high {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            });
            let bytes: Vec<u8> = mark.into_iter().chain(units).collect();
            for size in [1, 3, BUFFER] {
                let outcome = outcome(stream(&bytes, size), None);
                assert_eq!(outcome.result, Ok(4));
                assert_eq!(outcome.bytes, [0x88, 2, 3, 0xe8]);
            }
            let forced = outcome(stream(&bytes, 2), Some("binary"));
            assert_eq!(forced.bytes, bytes);
        }
    }
    assert_eq!(outcome(stream(b"\xff\xfe", 1), None).bytes, b"\xff\xfe");
    let odd = outcome(stream(b"\xff\xfe8\08", 1), None);
    assert!(odd.result.unwrap_err().contains("is not a hex digit"));
}
