use super::*;

/// What is said of a registry, which begins with `vendor` in line 1 and a code in line 2.
fn said(rest: &str) -> String {
    let text = format!("vendor = \"acme\"\n{rest}");
    match read(text.as_bytes(), Owner::User) {
        Ok(registry) => panic!("{registry:?} was read from {text}"),
        Err(malformed) => malformed.to_string(),
    }
}

const CODE: &str = "[[code]]\ncode = 4001\nname = \"A\"\nmeaning = \"B.\"\nreconnect = \"no\"\n";
const BAND: &str =
    "[[band]]\nfrom = 4100\nto = 4199\nname = \"A\"\nmeaning = \"B.\"\nreconnect = \"no\"\n";

#[test]
fn each_mistake_is_named_with_its_line() {
    let code = |from: &str, to: &str| {
        assert!(CODE.contains(from));
        said(&CODE.replace(from, to))
    };
    let band = |from: &str, to: &str| {
        assert!(BAND.contains(from));
        said(&BAND.replace(from, to))
    };
    for (said, expected) in [
        (
            said(""),
            "line 1: no code in it; add a [[code]] or a [[band]]",
        ),
        (
            said("titel = \"Acme\""),
            "line 2: the registry has no key `titel`; did you mean `title`?",
        ),
        (
            said(&CODE.replace("[[code]]", "[[codes]]")),
            "line 2: the registry has no key `codes`; did you mean `code`?",
        ),
        (
            said("colour = 1"),
            "line 2: the registry has no key `colour`; its keys are vendor, title, known, known_by, also, protocol, url, checked, code, band",
        ),
        (
            said("code = 4001"),
            "line 2: `code` is a whole number; write `[[code]]`, once for each code",
        ),
        (
            said("[code]\ncode = 4001"),
            "line 2: `code` is a table; write `[[code]]`, once for each code",
        ),
        (
            said("also = \"a\""),
            "line 2: `also` is a text; it should be a list of texts, such as [\"acme\"]",
        ),
        (
            said("checked = 12"),
            "line 2: `checked` is a whole number; it should be a date, such as 2026-11-21",
        ),
        (
            code("meaning", "meening"),
            "line 5: [[code]] has no key `meening`; did you mean `meaning`?",
        ),
        (
            code("name = \"A\"\n", ""),
            "line 2: [[code]] has no `name`; add `name = \"Session expired\"`",
        ),
        (
            code("code = 4001\n", ""),
            "line 2: [[code]] has no `code`; add `code = 4001`",
        ),
        (
            code("reconnect = \"no\"\n", ""),
            "line 2: [[code]] has no `reconnect`; add `reconnect = \"after-fix\"`",
        ),
        (
            code("\"A\"", "7"),
            "line 4: `name` is a whole number; it should be a text, such as \"Session expired\"",
        ),
        (
            code("\"A\"", "\" \""),
            "line 4: `name` is empty; write \"Session expired\"",
        ),
        (
            code("4001", "\"4001\""),
            "line 3: `code` is a text; it should be a whole number, such as 4001",
        ),
        (
            code("4001", "65536"),
            "line 3: `code` is 65536; close codes are 0 to 65535",
        ),
        (
            code("4001", "-1"),
            "line 3: `code` is -1; close codes are 0 to 65535",
        ),
        (
            code("\"no\"", "\"maybe\""),
            "line 6: `maybe` is not a value of `reconnect`: yes, no, backoff, after-fix",
        ),
        (
            code("reconnect", "sent_by = \"me\"\nreconnect"),
            "line 6: `me` is not a value of `sent_by`: client, server, either, nobody",
        ),
        (
            code(
                "reconnect",
                "causes = [\"A.\", \"B.\"]\nfixes = [\"C.\"]\nreconnect",
            ),
            "line 7: 2 causes and 1 fix; each cause has its fix at the same place",
        ),
        (
            code("reconnect", "causes = [\"A.\",\n 4]\nreconnect"),
            "line 7: `causes` is a whole number; it should be a list of texts, such as [\"The app was open over night.\"]",
        ),
        (
            said(&format!("{CODE}{CODE}")),
            "line 8: code 4001 is given twice, first in line 3; keep one of them",
        ),
        (
            band("to = 4199", "to = 4001"),
            "line 3: the band runs backwards, from 4100 to 4001; write `from = 4001` and `to = 4100`",
        ),
        (
            band("to = 4199", "to = 4100"),
            "line 3: the band 4100-4100 is one number; write it as a [[code]]",
        ),
        (
            said(&format!(
                "{BAND}{}",
                BAND.replace("4100", "4150").replace("4199", "4250")
            )),
            "line 9: the band 4150-4250 overlaps 4100-4199 in line 3; a number lies in one band at most",
        ),
        (
            said(&format!(
                "{}{BAND}",
                BAND.replace("4100", "4150").replace("4199", "4250")
            )),
            "line 9: the band 4100-4199 overlaps 4150-4250 in line 3; a number lies in one band at most",
        ),
        (
            said(&format!("{CODE}\n\n4 =")),
            "line 9: not TOML: string values must be quoted, expected literal string",
        ),
        (said("vendor = \"b\""), "line 2: not TOML: duplicate key"),
    ] {
        assert_eq!(said, expected);
    }
}

#[test]
fn an_id_is_small_letters_digits_and_hyphens() {
    for (vendor, right) in [
        ("Acme Chat", "`acme-chat`"),
        ("acme_chat", "`acme-chat`"),
        ("4004", "\"acme-chat\""),
        ("-", "\"acme-chat\""),
        ("acme\u{1b}", "`acme`"),
    ] {
        let text = format!("vendor = {vendor:?}").replace("\\u{1b}", "\\u001b");
        let malformed = read(text.as_bytes(), Owner::User).expect_err(vendor);
        assert_eq!(malformed.line, 1);
        let said = malformed.to_string();
        assert!(said.ends_with(right), "{said}");
        assert!(said.chars().all(is_plain), "{said}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let said = |bytes: &[u8]| read(bytes, Owner::User).expect_err("no text").to_string();
    assert_eq!(
        said(b"vendor = \"a\"\n# caf\xe9\n"),
        "line 2: `\\xe9` is not UTF-8; save the file as UTF-8"
    );
    assert_eq!(
        said(&vec![b'#'; LARGEST + 1]),
        "it is larger than 1 MiB; give a smaller file"
    );
    assert_eq!(
        said(b""),
        "line 1: the registry has no `vendor`; add `vendor = \"acme-chat\"`"
    );
    // Deep nesting ends in a message.
    let deep = format!("also = {}", "[".repeat(100_000));
    assert!(said(deep.as_bytes()).starts_with("line 1: not TOML"));
}

#[test]
fn what_is_read_can_be_shown_as_it_is() {
    let text = "\u{feff}vendor = \"acme\"\r\n[[code]]\r\ncode = 0x0f_a1\r\nname = \"A \\u001b[2J\"\r\n\
                meaning = \"\"\"\r\nTwo\r\n  lines.\"\"\"\r\nreconnect = \"no\"\r\n";
    let registry = read(text.as_bytes(), Owner::User).expect("it is a registry");
    let row = &registry.rows[0];
    assert_eq!((row.from, row.name), (4001, "A \\x1b[2J"));
    assert_eq!(row.words.meaning.english(), "Two lines.");
    assert_eq!(row.sent_by, SentBy::Server);
}

#[test]
fn a_code_may_lie_in_a_band() {
    let text = format!("vendor = \"acme\"\n{BAND}{}", CODE.replace("4001", "4100"));
    let registry = read(text.as_bytes(), Owner::User).expect("it is one");
    let ids = |number| registry.entry(number).map(|entry| entry.row.is_band());
    assert_eq!(ids(4100), Some(false));
    assert_eq!(ids(4101), Some(true));
    assert_eq!(ids(4200), None);
}

/// A program may read its file at each request.
#[test]
fn the_same_bytes_are_kept_once() {
    let text = format!("vendor = \"kept-once\"\n{CODE}");
    let first = read(text.as_bytes(), Owner::User).expect("it is a registry");
    let second = read(text.as_bytes(), Owner::User).expect("it is a registry");
    assert!(std::ptr::eq(first, second));
    let other = text.replace("4001", "4002");
    let other = read(other.as_bytes(), Owner::User).expect("it is a registry");
    assert!(!std::ptr::eq(first, other));
    assert_eq!(other.rows[0].from, 4002);
}
