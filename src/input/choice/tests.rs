//! Tests of the rule that picks a form.

use super::super::samples::samples;
use super::*;

fn ids(forms: &[&Form]) -> Vec<&'static str> {
    forms.iter().map(|form| form.id).collect()
}

/// The forms that read a text.
fn readings(text: &str) -> Vec<&'static Form> {
    candidates(text)
        .filter(|form| attempt(form, text, None).may_count())
        .collect()
}

fn reading_ids(text: &str) -> Vec<&'static str> {
    ids(&readings(text))
}

#[test]
fn every_sample_is_taken_for_its_form() {
    for (form, text, _) in samples() {
        let choice = choose(text, None).map(|choice| choice.form.id);
        assert_eq!(choice, Ok(form), "{text} {:?}", reading_ids(text));
    }
}

#[test]
fn whatever_is_taken_is_the_only_reading() {
    // Short texts of the characters that matter to a form, in every order.
    let parts = [
        "0000000", "8", "i", "A", "0x", "\\x41", ": ", "  ", "|", "=", "{", "\n",
    ];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        let longer = |text: &String| parts.map(|part| format!("{text}{part}"));
        texts = texts.iter().flat_map(longer).collect();
        for text in &texts {
            let Ok(choice) = choose(text, None) else {
                continue;
            };
            if choice.reading.result.is_err() {
                continue;
            }
            for other in readings(text) {
                let bytes = attempt(other, text, None).bytes;
                match choice.is_by_frames {
                    true if other.id == choice.form.id => {}
                    true => assert!(!frames::are_sound(&bytes), "{text} {}", other.id),
                    false => assert_eq!(bytes, choice.reading.bytes, "{text} {}", other.id),
                }
            }
        }
    }
}

#[test]
fn the_first_candidate_explains_a_mistake() {
    for (text, form) in [
        ("\\xzz", "escaped"),
        ("00000000: \\xzz", "xxd"),
        ("00000000  zz", "hexdump"),
        ("88 0x88", "hex-0x"),
        ("hello world", "hex"),
    ] {
        let choice = choose(text, None).unwrap();
        assert_eq!(choice.form.id, form, "{text}");
        assert!(choice.reading.result.is_err());
    }
}

#[test]
fn different_readings_are_refused_with_the_flags() {
    for (text, flags) in [
        ("[10, 20]", "`--input decimal` or `--input hex-list`"),
        (
            "\"\\u0088\\u0002\"",
            "`--input escaped` or `--input escaped-latin1`",
        ),
        ("210 100 150", "`--input decimal` or `--input octal`"),
        ("000000 88 02 03", "`--input od-x1` or `--input hex`"),
        (" 0288 e804", "`--input od-x` or `--input hex`"),
        (" 001210 164005", "`--input od` or `--input hex`"),
        (
            "00000000: 0288 e703  ....",
            "`--input xxd` or `--input xxd-e`",
        ),
        (
            "00000000: e7030288  ....",
            "`--input xxd` or `--input xxd-e`",
        ),
        (
            "\\210\\002\\003",
            "`--input escaped-octal` or `--input escaped-decimal`",
        ),
        (
            "00000000: 10000001 00000101",
            "`--input xxd`, `--input xxd-e` or `--input xxd-b`",
        ),
    ] {
        let mistake = choose(text, None).unwrap_err().to_string();
        assert!(mistake.ends_with(flags), "{text}: {mistake}");
    }
}

#[test]
fn frames_decide_where_they_are_whole_in_one_reading() {
    for (text, form) in [
        ("00000000: 8802 03e8  ....", "xxd"),
        ("00000000: e8030288  ....", "xxd-e"),
        ("\\201\\005hello", "escaped-octal"),
        ("\"\\u0088\\u0002\\u0003\\u00e8\"", "escaped-latin1"),
        ("000000 88 02 03 e8", "od-x1"),
        (" 0288 e803", "od-x"),
    ] {
        let choice = choose(text, None).unwrap();
        assert_eq!(
            (choice.form.id, choice.is_by_frames),
            (form, true),
            "{text}"
        );
    }
    // The high byte first has no flag.
    let big = "0000000 8802 03e8\n0000004\n";
    let mistake = choose(big, None).unwrap_err().to_string();
    assert!(mistake.ends_with("or say `--input od-x` for the low byte first"));
}

#[test]
fn words_of_memory_are_read_low_byte_first_or_not_at_all() {
    for prompt in ["", "(gdb) "] {
        let words = format!("{prompt}0x7ffe0010 <f>:\t0xe8030288\n");
        let words = choose(&words, None).unwrap();
        assert_eq!(words.reading.bytes, b"\x88\x02\x03\xe8");
    }
    for text in [
        "0x7ffe0010 <f>:\t0x880203e8\n",
        "0x7ffe0010 <f>:\t0x88\t2\t3\t232\n",
        "0x7ffe0010:\t0x65680581\t0x886f6c6c\n",
        "0x7ffe0010:\t0x88\t0x02\n0x7ffe0014:\t0x03\t0xe8\n",
        "(gdb) 0x7ffe0010 <f>:\t0x880203e8\n",
        "0x7ffe0010 <f>:\t0",
    ] {
        let is_read = choose(text, None).is_ok_and(|choice| choice.reading.result.is_ok());
        assert!(!is_read, "{text}");
    }
}

#[test]
fn what_begins_as_a_dump_is_never_hex() {
    let text = "000000 880203e803 02\n000006\n";
    let mistake = choose(text, None).unwrap_err().to_string();
    assert!(mistake.starts_with("these lines begin with offsets"));
}

#[test]
fn words_are_told_what_they_lack() {
    let wrong = |text| {
        choose(text, None)
            .unwrap()
            .reading
            .result
            .unwrap_err()
            .to_string()
    };
    assert!(wrong("hello world").contains("text as it is shown lacks the bytes"));
    assert!(!wrong("88 zz").contains("lacks"));
    assert!(wrong("8102686g").ends_with("say `--input base64`"));
    assert!(!wrong("81 02 6g").contains("base64"));
}

#[test]
fn every_id_stands_for_one_form() {
    let mut ids: Vec<_> = FORMS.iter().map(|form| form.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), FORMS.len());
    assert_eq!(table::binary().id, "binary");
    assert_eq!(table::plain().id, "hex");
}

#[test]
fn the_headers_of_a_packet_are_taken_off() {
    // tshark -x of a close frame
    let text = "0000  20 52 45 43 56 00 20 53 45 4e 44 00 08 00 45 00    RECV. SEND...E.\n\
                0010  00 2c 12 34 00 00 ff 06 92 92 0a 01 01 01 0a 02   .,.4............\n\
                0020  02 02 00 50 04 d2 00 00 00 00 00 00 00 00 50 00   ...P..........P.\n\
                0030  20 00 e7 ce 00 00 88 02 03 e8 00 00                ...........\n";
    let choice = choose(text, None).unwrap();
    assert_eq!(choice.reading.bytes, b"\x88\x02\x03\xe8");
    assert_eq!(choice.taken_off.unwrap().1, 54);
    let cut = text.replace(
        "88 02 03 e8 00 00                ...........",
        "88 02 03                         ........",
    );
    let mistake = choose(&cut, None).unwrap_err().to_string();
    assert!(mistake.starts_with("these are the bytes of a whole packet, with Ethernet, IP"));
    assert!(mistake.ends_with("`--input wireshark`"));
}

#[test]
fn one_form_inside_another_is_refused() {
    let long = "10001000 00000010 ".repeat(8000);
    for (text, flag) in [
        ("10001000", "hex"),
        ("recv: 1000100000000010", "hex"),
        (&long, "hex"),
        (r#""\\x88\\x02\\x03\\xe8""#, "escaped"),
        (r"{'m': b'\\x88\\x02'}", "escaped"),
    ] {
        // A log line is none if its bytes are refused.
        match choose(text, None) {
            Err(mistake) => {
                let advice = format!("say `--input {flag}` if it is meant so");
                assert!(mistake.to_string().ends_with(&advice), "{text}: {mistake}");
            }
            Ok(choice) => assert_eq!(choice.form.id, "hex", "{text}"),
        }
    }
}

#[test]
fn lines_left_out_without_offsets_are_refused() {
    for text in [
        " 82 64 00 00\n 00 00 00 00\n*\n 88\n",
        " 130 100   0\n   0   0   0\n*\n 136\n",
        " -126  100    0\n   0   0   0\n*\n",
        "82\r\n00\r\n*\r\n",
    ] {
        let mistake = choose(text, None).unwrap_err().to_string();
        assert!(mistake.starts_with("`*` in line "), "{text}: {mistake}");
    }
}

#[test]
fn mistyped_hex_is_never_base64() {
    for text in ["CAFEBABG", "8102686g", "880203eo", "AAAAAAAg"] {
        assert_eq!(choose(text, None).unwrap().form.id, "hex", "{text}");
    }
}

/// The bytes that are read of a text, or what is wrong.
fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let choice = choose(text, None).map_err(|mistake| mistake.to_string())?;
    let result = choice.reading.result;
    result
        .map(|()| choice.reading.bytes)
        .map_err(|mistake| mistake.to_string())
}

#[test]
fn what_is_no_part_of_the_bytes_is_left_out_where_frames_tell() {
    const HELLO_AND_CLOSE: &[u8] = b"\x81\x05Hello\x88\x02\x03\xe8";
    for text in [
        "[129, 5, 72, 101, 108, 108, 11\n1, 136, 2, 3, 232]\n",
        "0x81, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0\nx88, 0x2, 0x3\n, 0xe8\n",
        "     1\t129,5,72,101,108\n     2\t108,111,136,2,3,232\n",
        "1:81 05 48 65 6c 6c\n2:6f 88 02 03 e8\n",
        "- 000000 81 05 48 65 6c 6c\n- 000006 6f 88 02 03 e8\n- 00000b\n",
        "ffffff81 5 48 65 6c 6c 6f ffffff88 2 3 ffffffe8\n",
        "-7f 05 48 65 6c 6c 6f -78 02 03 -18\n",
        "# sent\n81 05 48 65 6c 6c 6f # and\n88 02 03 e8\n",
        "unsigned char sent[] = {\n0x81, 0x05, 0x48, 0x65, 0x6c, /* ..Hel */\n\
         0x6c, 0x6f, 0x88, 0x02, 0x03, 0xe8 /* lo.... */\n};\n",
        "{:data=>\"\\x81\\x05Hello\\x88\\x02\\x03\\xe8\"}\n",
        "2026-11-20 DEBUG sent: (\\x81\\x05Hello\\x88\\x02\\x03\\xe8).\n",
        "\\201\\005Hello\\210\\002\\003\\350$\n",
    ] {
        assert_eq!(bytes(text).as_deref(), Ok(HELLO_AND_CLOSE), "{text}");
        let choice = choose(text, None).unwrap();
        assert!(choice.left_out.is_some(), "{text}");
    }
    assert_eq!(
        bytes("[201 5 110 145 154 154 157]").unwrap(),
        b"\x81\x05Hello"
    );
    assert_eq!(bytes("x'880203e8'").unwrap(), b"\x88\x02\x03\xe8");
    // A list whose lines end without a comma is whole as it is.
    assert_eq!(
        bytes("129, 5, 72, 101\n108, 108, 111\n").unwrap(),
        b"\x81\x05Hello"
    );
}

#[test]
fn what_may_be_a_part_of_the_bytes_is_refused_where_frames_do_not_tell() {
    for text in [
        "[129, 9, 72, 101, 108, 108, 11\n1, 136, 2, 3, 232]\n",
        "     1\t129,5,72\n     2\t108\n",
        "0xffffff81 0x06 0x48 0x65\n",
        "-78 02 03 -19\n",
        "- 000000 88 02 03 e7\n- 000004\n",
        "{:data=>\"\\x81\\x05Hell\"}x\n",
        "\\x88\\x02\\x03\\xe7.\n",
    ] {
        let mistake = bytes(text).unwrap_err();
        assert!(mistake.contains("frames do not tell"), "{text}: {mistake}");
    }
}

#[test]
fn raw_fields_of_tshark_are_named() {
    let text = "[{\"_source\": {\"layers\": {\"tcp\": {\"tcp.payload_raw\": [\"880203e8\", 66, 4, 0, 30]}}}}]";
    assert!(
        bytes(text)
            .unwrap_err()
            .starts_with("this is of `tshark -T jsonraw`")
    );
}

/// What is peeked at is read once more.
#[test]
fn what_strace_shows_of_a_peek_was_not_taken() {
    let text = "recvfrom(3, \"\\210\\2\", 2, MSG_PEEK|MSG_DONTWAIT, NULL, NULL) = 2\n\
                recvfrom(3, \"\\210\\2\\3\\350\", 4096, 0, NULL, NULL) = 4\n";
    assert_eq!(bytes(text).unwrap(), b"\x88\x02\x03\xe8");
    let text = text
        .replace("\\210\\2\\3\\350", "\\201\\10MSG_PEEK")
        .replace(") = 4", ") = 10");
    assert_eq!(bytes(&text).unwrap(), b"\x81\x08MSG_PEEK");
}

#[test]
fn what_is_no_byte_before_the_bytes_is_left_out_where_frames_tell() {
    for text in [
        "123e4567-e89b-12d3-a456-426614174000 88 02 03 e8\n",
        "00:11:22:33:44:55 88 02 03 e8\n",
        "2024 05 01 88 02 03 e8\n",
        ":04001000880203E87A\n:00000001FF\n",
        "[1] 88 02 03 e8\n",
        "88 02 03 e8  dead\n",
        "\t.byte\t0x88, 0x2\n\t.byte\t0x3, 0xe8\n",
        "136002003232\n",
        "$1 = \"\\210\\002\", '\\003' <repeats 1 times>, \"\\350\"\n",
        "{0x88, 0x02, 0x03 <repeats 1 times>, 0xe8}\n",
    ] {
        assert_eq!(
            bytes(text).as_deref(),
            Ok(&b"\x88\x02\x03\xe8"[..]),
            "{text}"
        );
        assert!(choose(text, None).unwrap().left_out.is_some(), "{text}");
    }
    for (text, expected) in [
        ("83 00 8802 03e7\n", &b"\x83\0\x88\x02\x03\xe7"[..]),
        ("83 00 88 02 03 e8\n", b"\x83\0\x88\x02\x03\xe8"),
        ("88 02 03 e8  8900\n", b"\x88\x02\x03\xe8\x89\0"),
        ("8900 880203e8\n", b"\x89\0\x88\x02\x03\xe8"),
    ] {
        assert_eq!(bytes(text).as_deref(), Ok(expected), "{text}");
    }
    for text in [":04001000880203E77B\n", "1000 1000 0000 0010\n"] {
        assert!(bytes(text).is_err(), "{text}");
    }
}

#[test]
fn a_number_of_the_words_is_no_byte() {
    for text in [
        "read 10 88 02 03 e8\n",
        "conn 12 frame 03 88 02 03 e8\n",
        "bad frame 88 02 03 e8\n",
        "recv: 88 02 03 e8\n",
    ] {
        assert_eq!(
            bytes(text).as_deref(),
            Ok(&b"\x88\x02\x03\xe8"[..]),
            "{text}"
        );
    }
    assert!(bytes("read 10 88 02 03 e7\n").is_err());
    assert_eq!(
        bytes("recv: 10 88 02 03 e8\n").unwrap(),
        b"\x10\x88\x02\x03\xe8"
    );
    assert!(bytes("offset,byte\n0,136\n1,2\n2,3\n3,232\n").is_err());
}

#[test]
fn four_digits_of_an_escape_are_one_byte_where_frames_tell() {
    let choice = choose("\"\\x0081\\x0002ab\"", None).unwrap();
    assert_eq!(choice.reading.bytes, b"\x81\x02ab");
    assert!(choice.is_by_frames);
    for text in ["\"\\x0081\\x0003ab\"", "\"\\x81\\x5Hell\""] {
        assert!(bytes(text).is_err(), "{text}");
    }
    assert_eq!(
        bytes("\"\\x88\\x2\\x3\\xe8\"").unwrap(),
        b"\x88\x02\x03\xe8"
    );
    assert_eq!(bytes("b'\\x82\\x09\\x00ab'").unwrap(), b"\x82\x09\0ab");
}
