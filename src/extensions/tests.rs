mod generated;

use super::*;

/// The header's value in the form that is printed, or the refusal.
fn answer(header: &str) -> String {
    match agreement(header) {
        Ok(Agreement { deflate: None }) => String::new(),
        Ok(Agreement {
            deflate: Some(deflate),
        }) => deflate.to_string(),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn a_pasted_header_is_read_in_any_form() {
    const BARE: &str = "permessage-deflate";
    const TEN: &str = "permessage-deflate; server_max_window_bits=10";
    const BOTH: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    for (given, read) in [
        // Nothing agreed on.
        ("", ""),
        (" \t\r\n", ""),
        ("``", ""),
        ("\"\"", ""),
        (",, ,", ""),
        ("Sec-WebSocket-Extensions:", ""),
        ("Sec-WebSocket-Extensions: \r\n", ""),
        ("sec-websocket-extensions", ""),
        // The value alone.
        ("permessage-deflate", BARE),
        ("permessage-deflate\r\n", BARE),
        ("\tpermessage-deflate ", BARE),
        (",permessage-deflate, ,", BARE),
        ("permessage-deflate;server_max_window_bits=10", TEN),
        ("permessage-deflate ;\tserver_max_window_bits = 10 ", TEN),
        ("permessage-deflate; server_max_window_bits=\"10\"", TEN),
        (r#"permessage-deflate; server_max_window_bits="\1\0""#, TEN),
        (
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits=15",
            TEN,
        ),
        ("permessage-deflate; server_max_window_bits=15", BARE),
        (
            "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
            BOTH,
        ),
        (
            "permessage-deflate; client_max_window_bits=8",
            "permessage-deflate; client_max_window_bits=8",
        ),
        // The name in front.
        ("Sec-WebSocket-Extensions: permessage-deflate\r\n", BARE),
        ("sec-websocket-extensions:permessage-deflate", BARE),
        ("SEC-WEBSOCKET-EXTENSIONS : permessage-deflate", BARE),
        ("Sec-WebSocket-Extensions\tpermessage-deflate", BARE),
        ("sec-websocket-extensions\npermessage-deflate", BARE),
        ("< Sec-WebSocket-Extensions: permessage-deflate\r\n", BARE),
        // In quotes.
        ("\"permessage-deflate\"", BARE),
        ("'permessage-deflate'", BARE),
        ("`permessage-deflate`", BARE),
        ("```\npermessage-deflate\n```", BARE),
        ("“permessage-deflate”", BARE),
        ("\"permessage-deflate; server_max_window_bits=\"10\"\"", TEN),
        ("`Sec-WebSocket-Extensions: permessage-deflate`", BARE),
        ("Sec-WebSocket-Extensions: \"permessage-deflate\"", BARE),
        ("'Sec-WebSocket-Extensions: `permessage-deflate`'", BARE),
        // On several lines.
        (
            "Sec-WebSocket-Extensions:\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
            BARE,
        ),
        (
            "permessage-deflate;\r\n server_no_context_takeover;\r\n\tclient_no_context_takeover",
            BOTH,
        ),
        (
            "  Sec-WebSocket-Extensions: permessage-deflate\n  Sec-WebSocket-Extensions:",
            BARE,
        ),
    ] {
        assert_eq!(answer(given), read, "{given:?}");
    }
}

#[test]
fn what_is_refused_is_told_with_its_place_and_section() {
    for (given, said) in [
        (
            "permessage-deflate; client_max_window_bits",
            "`client_max_window_bits` at character 21 has no value: that is the request's offer, which enables nothing; give the header of the response (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits, permessage-deflate",
            "`client_max_window_bits` at character 21 has no value: that is the request's offer, which enables nothing; give the header of the response (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            "`permessage-deflate` at character 48 is an alternative to the one before: that is the request's offer, which enables nothing; give the header of the response (RFC 7692 section 5.1)",
        ),
        (
            "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
            "`permessage-deflate` at character 73 is an alternative to the one before: that is the request's offer, which enables nothing; give the header of the response (RFC 7692 section 5.1)",
        ),
        (
            "foo, permessage-deflate; client_max_window_bits",
            "`client_max_window_bits` at character 26 has no value: that is the request's offer, which enables nothing; give the header of the response (RFC 7692 section 7.1.2.2)",
        ),
        (
            "> Sec-WebSocket-Extensions: permessage-deflate",
            "`>` at character 1 is curl's mark of a request, whose offer enables nothing; give the response's line, marked `<` or not at all (RFC 6455 section 9.1)",
        ),
        (
            "x-webkit-deflate-frame",
            "`x-webkit-deflate-frame` at character 1 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "permessage-bzip2",
            "`permessage-bzip2` at character 1 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "bbf-usp-protocol",
            "`bbf-usp-protocol` at character 1 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "permessage-deflate, foo",
            "`foo` at character 21 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "Sec-WebSocket-Extensions: foo\nSec-WebSocket-Extensions: bar; baz=2",
            "`foo` at character 27 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "mux; max-channels=4; flow-control,\n deflate-stream",
            "`mux` at character 1 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "Permessage-Deflate",
            "`Permessage-Deflate` at character 1 is not the name that is defined; write it small: `permessage-deflate` (RFC 7692 section 7)",
        ),
        (
            "permessage_deflate",
            "`permessage_deflate` at character 1 is not the name that is defined; write `permessage-deflate` (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate, server_no_context_takeover",
            "`server_no_context_takeover` at character 21 is a parameter; write `permessage-deflate; server_no_context_takeover` (RFC 7692 section 7.1)",
        ),
        (
            "permessage-deflate; Server_No_Context_Takeover",
            "`Server_No_Context_Takeover` at character 21 is not the name that is defined; write it small: `server_no_context_takeover` (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate; server-max-window-bits=10",
            "`server-max-window-bits` at character 21 is not the name that is defined; write `server_max_window_bits` (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate; foo",
            "`foo` at character 21 is no parameter of permessage-deflate; those are `server_no_context_takeover`, `client_no_context_takeover`, `server_max_window_bits` and `client_max_window_bits` (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
            "`server_max_window_bits` at character 48 stands at 21 already; write it once (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "`client_no_context_takeover` at character 49 stands at 21 already; write it once (RFC 7692 section 7)",
        ),
        (
            "permessage-deflate; server_no_context_takeover=true",
            "`true` at character 48 is a value, and `server_no_context_takeover` has none; write the name alone (RFC 7692 section 7.1.1.1)",
        ),
        (
            "permessage-deflate; client_no_context_takeover=\"1\"",
            "`1` at character 48 is a value, and `client_no_context_takeover` has none; write the name alone (RFC 7692 section 7.1.1.2)",
        ),
        (
            "permessage-deflate; server_max_window_bits",
            "`server_max_window_bits` at character 21 has no value; write `server_max_window_bits=` and a number from 8 to 15 (RFC 7692 section 7.1.2.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=7",
            "`7` at character 44 is no value of `server_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=16",
            "`16` at character 44 is no value of `server_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.1)",
        ),
        (
            "permessage-deflate; client_max_window_bits=256",
            "`256` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=+9",
            "`+9` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=-9",
            "`-9` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits='9'",
            "`'9'` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=0x9",
            "`0x9` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=9.0",
            "`9.0` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=0",
            "`0` at character 44 is no value of `client_max_window_bits`; write a number from 8 to 15 (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; client_max_window_bits=09",
            "`09` at character 44 begins with a zero; write `client_max_window_bits=9` (RFC 7692 section 7.1.2.2)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"015\"",
            "`015` at character 44 begins with a zero; write `server_max_window_bits=15` (RFC 7692 section 7.1.2.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"1 0\"",
            "a space at character 46 cannot stand in a value, quoted or not; a value is letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"1\t0\"",
            "a tab at character 46 cannot stand in a value, quoted or not; a value is letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"\"",
            "`\"\"` at character 44 is an empty value; a value is one or more of letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"10",
            "`\"` at character 44 is never closed; close it, or write the value without quotes (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"10\\\"",
            "`\"` at character 44 is never closed; close it, or write the value without quotes (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"\\\"\"",
            "`\"` at character 46 cannot stand in a value, quoted or not; a value is letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"9,\"",
            "`,` at character 46 cannot stand in a value, quoted or not; a value is letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=",
            "`=` at character 43 has no value behind it; write one, or remove the `=` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=, foo",
            "`=` at character 43 has no value behind it; write one, or remove the `=` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits==10",
            "`=` at character 43 has no value behind it; write one, or remove the `=` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=10=10",
            "`=` at character 46 cannot stand there; only a parameter has a value, and only one (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=\"10\"1",
            "`1` at character 48 has no `;` before it; write `;` before a parameter, `,` before an extension (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; server_max_window_bits=1\"0\"",
            "`\"` at character 45 cannot stand there; only a value behind `=` can be quoted (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate=10",
            "`=` at character 19 cannot stand there; only a parameter has a value, and only one (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate;",
            "`;` at character 19 has no parameter behind it; name one, or remove the `;` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate;; client_no_context_takeover",
            "`;` at character 19 has no parameter behind it; name one, or remove the `;` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; =10",
            "`;` at character 19 has no parameter behind it; name one, or remove the `;` (RFC 6455 section 9.1)",
        ),
        (
            "; client_no_context_takeover",
            "`;` at character 1 has no extension before it; write `permessage-deflate;` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate,; client_no_context_takeover",
            "`;` at character 20 has no extension before it; write `permessage-deflate;` (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate client_no_context_takeover",
            "`client_no_context_takeover` at character 20 has no `;` before it; write `;` before a parameter, `,` before an extension (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; client_no_context_takeover server_no_context_takeover",
            "`server_no_context_takeover` at character 48 has no `;` before it; write `;` before a parameter, `,` before an extension (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate: client_no_context_takeover",
            "`permessage-deflate` at character 1 is the name of another header; only `Sec-WebSocket-Extensions:` can stand in front (RFC 6455 section 11.3.2)",
        ),
        (
            "permessage-deflate; \"client_no_context_takeover\"",
            "`\"` at character 21 cannot stand there; only a value behind `=` can be quoted (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; client_max_window_bits:10",
            "`:` at character 43 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; client_max_window_bits=\\10",
            "`\\\\` at character 44 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate;\u{a0}client_no_context_takeover",
            "`\\u{a0}` at character 20 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate; \u{1b}[2J",
            "`\\x1b` at character 21 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "é",
            "`é` at character 1 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "=",
            "`=` at character 1 cannot stand there; only a parameter has a value, and only one (RFC 6455 section 9.1)",
        ),
        (
            "\"permessage-deflate",
            "the \" at character 1 has no partner at the end; close it, or remove it (RFC 6455 section 9.1)",
        ),
        (
            "`permessage-deflate; client_no_context_takeover",
            "the ` at character 1 has no partner at the end; close it, or remove it (RFC 6455 section 9.1)",
        ),
        (
            "permessage-deflate\"",
            "`\"` at character 19 cannot stand there; only a value behind `=` can be quoted (RFC 6455 section 9.1)",
        ),
        (
            "Upgrade: websocket",
            "`Upgrade` at character 1 is the name of another header; only `Sec-WebSocket-Extensions:` can stand in front (RFC 6455 section 11.3.2)",
        ),
        (
            "Sec-WebSocket-Extensions: permessage-deflate\nSec-WebSocket-Protocol: chat",
            "`Sec-WebSocket-Protocol` at character 46 is the name of another header; only `Sec-WebSocket-Extensions:` can stand in front (RFC 6455 section 11.3.2)",
        ),
        (
            "HTTP/1.1 101 Switching Protocols",
            "`/` at character 5 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "< permessage-deflate",
            "`<` at character 1 cannot stand in a name or a value; those are letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 section 9.1)",
        ),
        (
            "  \"Sec-WebSocket-Extensions: permessage-deflate; foo\"",
            "`foo` at character 50 is no parameter of permessage-deflate; those are `server_no_context_takeover`, `client_no_context_takeover`, `server_max_window_bits` and `client_max_window_bits` (RFC 7692 section 7)",
        ),
        (
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee",
            "`aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd…` at character 1 is an unknown extension, and it may change how frames are read; only `permessage-deflate` is known (RFC 6455 section 5.8)",
        ),
        (
            "\"",
            "the \" at character 1 has no partner at the end; close it, or remove it (RFC 6455 section 9.1)",
        ),
        (
            "\"\"\"",
            "the \" at character 2 has no partner at the end; close it, or remove it (RFC 6455 section 9.1)",
        ),
        (
            "Sec-WebSocket-Extensions=permessage-deflate",
            "`=` at character 25 cannot stand there; only a parameter has a value, and only one (RFC 6455 section 9.1)",
        ),
    ] {
        let refusal = agreement(given).expect_err(given);
        assert_eq!(refusal.to_string(), said);
    }
}

#[test]
fn what_the_header_leaves_out_has_its_default() {
    let deflate = agreement("permessage-deflate").unwrap().deflate.unwrap();
    assert_eq!(deflate, Deflate::default());
    for sender in [Sender::Client, Sender::Server] {
        assert!(deflate.takes_over(sender));
        assert_eq!(deflate.window_bits(sender), 15);
    }
}

#[test]
fn each_end_has_its_own_parameters() {
    let header = "permessage-deflate; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=12";
    let deflate = agreement(header).unwrap().deflate.unwrap();
    assert!(!deflate.takes_over(Sender::Client));
    assert!(deflate.takes_over(Sender::Server));
    assert_eq!(deflate.window_bits(Sender::Client), 12);
    assert_eq!(deflate.window_bits(Sender::Server), 9);
}

/// Every number that three digits write, with and without zeros in front.
#[test]
fn window_bits_are_8_to_15_and_nothing_else() {
    for name in ["server_max_window_bits", "client_max_window_bits"] {
        for number in 0..=999 {
            for digits in [
                format!("{number}"),
                format!("{number:02}"),
                format!("{number:03}"),
                format!("{number:020}"),
            ] {
                let read = agreement(&format!("permessage-deflate; {name}={digits}"));
                let is_valid = (8..=15).contains(&number) && digits == number.to_string();
                assert_eq!(read.is_ok(), is_valid, "{name}={digits}");
            }
        }
    }
}
