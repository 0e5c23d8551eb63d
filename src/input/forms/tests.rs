//! Tests of the rule that picks a form.

use super::super::samples::samples;
use super::*;

fn ids(forms: &[&Form]) -> Vec<&'static str> {
    forms.iter().map(|form| form.id).collect()
}

fn reading_ids(sample: &str) -> Vec<&'static str> {
    let candidates = candidates(sample, true);
    ids(&readings(&candidates, sample, true))
}

#[test]
fn every_sample_is_taken_for_its_form() {
    for (form, text, _) in samples() {
        let choice = choose(text, true).map(|choice| choice.form.id);
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
            let Ok(choice) = choose(text, true) else {
                continue;
            };
            let read = |form: &Form| new_reader(form).map(|new| trial(new, text, true).bytes);
            let candidates = candidates(text, true);
            for other in readings(&candidates, text, true) {
                let fits = |form| frames::fit(&read(form).unwrap_or_default());
                let is_decided = ["xxd", "escaped"]
                    .into_iter()
                    .any(|start| choice.form.id.starts_with(start) && other.id.starts_with(start));
                if is_decided && fits(choice.form) > fits(other) {
                    continue;
                }
                assert_eq!(read(other), read(choice.form), "{text} {}", other.id);
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
        assert_eq!(choose(text, true).unwrap().form.id, form, "{text}");
    }
    assert!(choose("8102686g", true).unwrap().advice.is_some());
    assert!(choose("81 02 6g", true).unwrap().advice.is_none());
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
        ("000000 88 02 03 e8", "`--input od-x1` or `--input hex`"),
        (" 0288 e803", "`--input od-x` or `--input hex`"),
        (" 001210 164003", "`--input od` or `--input hex`"),
        (
            "00000000: 0288 e803  ....",
            "`--input xxd` or `--input xxd-e`",
        ),
        (
            "00000000: e8030288  ....",
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
        let mistake = choose(text, true).unwrap_err().to_string();
        assert!(mistake.ends_with(flags), "{text}: {mistake}");
    }
}

#[test]
fn frames_decide_between_two_orders_and_two_bases() {
    for (text, form) in [
        ("00000000: 8802 03e8  ....", "xxd"),
        ("\\201\\005hello", "escaped-octal"),
        ("\\130\\002\\001\\001", "escaped-decimal"),
    ] {
        match choose(text, true) {
            Ok(choice) => assert_eq!(choice.form.id, form, "{text}"),
            Err(mistake) => panic!("{text}: {mistake}"),
        }
    }
    // The high byte first has no flag.
    let big = "0000000 8802 03e8\n0000004\n";
    let mistake = choose(big, true).unwrap_err().to_string();
    assert!(mistake.ends_with("or say `--input od-x` for the low byte first"));
}

#[test]
fn what_begins_as_a_dump_is_never_hex() {
    let text = "000000 880203e803 02\n000006\n";
    let mistake = choose(text, true).unwrap_err().to_string();
    assert!(mistake.starts_with("these lines begin with offsets"));
}

#[test]
fn words_are_told_what_they_lack() {
    let advice = choose("hello world", true).unwrap().advice.unwrap();
    assert!(
        advice
            .english()
            .starts_with("text as it is shown lacks the bytes")
    );
    assert!(choose("88 zz", true).unwrap().advice.is_none());
}

#[test]
fn every_id_stands_for_one_form() {
    let mut ids: Vec<_> = forms().iter().map(|form| form.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), FORMS.len());
    assert_eq!(binary().id, "binary");
}

#[test]
fn a_whole_packet_is_refused() {
    // tshark -x of a close frame
    let text = "0000  20 52 45 43 56 00 20 53 45 4e 44 00 08 00 45 00    RECV. SEND...E.\n\
                0010  00 2c 12 34 00 00 ff 06 92 92 0a 01 01 01 0a 02   .,.4............\n\
                0020  02 02 00 50 04 d2 00 00 00 00 00 00 00 00 50 00   ...P..........P.\n\
                0030  20 00 e7 ce 00 00 88 02 03 e8 00 00                ...........\n";
    let mistake = choose(text, true).unwrap_err().to_string();
    assert!(mistake.starts_with("these are the bytes of a whole packet, with Ethernet, IP"));
    assert!(mistake.ends_with("`--input wireshark`"));
}

#[test]
fn a_packet_below_the_line_about_it_is_refused() {
    // tcpdump -X of a close frame
    let text = "00:00:01.000000 IP 10.0.0.1.http > 10.0.0.2.5000: Flags [P.], seq 1:5, ack 1, win 8192, length 4: HTTP\n\
                \t0x0000:  4500 002c 0001 0000 4006 66c9 0a00 0001  E..,....@.f.....\n\
                \t0x0010:  0a00 0002 0050 1388 0000 0001 0000 0001  .....P..........\n\
                \t0x0020:  5018 2000 0000 0000 8802 03e8            P...........\n";
    for text in [text.to_owned(), text.repeat(3)] {
        let mistake = choose(&text, true).unwrap_err().to_string();
        assert!(mistake.starts_with("these are the bytes of a whole packet, with IP and TCP"));
    }
}

#[test]
fn one_form_inside_another_is_refused() {
    let long = "10001000 00000010 ".repeat(8000);
    for (text, whole, flag) in [
        ("10001000", true, "hex"),
        ("recv: 1000100000000010", true, "hex"),
        (&long, true, "hex"),
        (long.get(..65_536).unwrap(), false, "hex"),
        (r#""\\x88\\x02\\x03\\xe8""#, true, "escaped"),
        (r"{'m': b'\\x88\\x02'}", true, "escaped"),
    ] {
        // A log line is none if its bytes are refused.
        match choose(text, whole) {
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
        let mistake = choose(text, true).unwrap_err().to_string();
        assert!(mistake.starts_with("`*` in line "), "{text}: {mistake}");
    }
}

#[test]
fn mistyped_hex_is_never_base64() {
    for text in ["CAFEBABG", "8102686g", "880203eo", "AAAAAAAg"] {
        assert_eq!(choose(text, true).unwrap().form.id, "hex", "{text}");
    }
}
