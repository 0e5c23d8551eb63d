//! HAR files of any size, of several writers, however they come.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use wsclose::capture::har::HarFile;
use wsclose::explain::explain_connection;
use wsclose::facts::causes::Cause;
use wsclose::facts::registry::Registries;
use wsclose::session::{Lasting, Options, Record};

mod common;

fn records(bytes: &[u8], step: usize) -> Vec<Record> {
    let options = Options {
        keeps_events: true,
        ..Options::default()
    };
    let mut har = HarFile::new(options);
    let mut records = Vec::new();
    for piece in bytes.chunks(step) {
        har.feed(piece, &mut |record| records.push(*record));
    }
    assert_eq!(har.finish().ok(), Some(true));
    records
}

/// A file of one writer, with what `fields` are of its entry.
fn file(writer: &str, fields: &str) -> String {
    format!(
        r#"{{"log":{{"version":"1.2","creator":{{"name":"{writer}","version":"1"}},"entries":[{{
            "startedDateTime":"2026-11-20T17:57:30.000Z",{fields},
            "request":{{"method":"GET","url":"wss://h/chat?token=abcdefgh","headers":[]}},
            "response":{{"status":101,"statusText":"Switching Protocols","headers":[],"content":{{"text":"}}"}}}}}}]}}}}"#
    )
}

/// Messages at these milliseconds; those of the client have odd places.
fn messages(times: &[u32]) -> String {
    let started = 1_795_197_450.0;
    let list = times.iter().enumerate().map(|(place, time)| {
        let kind = if place % 2 == 0 { "receive" } else { "send" };
        let at = started + f64::from(*time) / 1000.0;
        format!(r#"{{"type":"{kind}","time":{at:.6},"opcode":1,"data":"said at {time}"}}"#)
    });
    format!(
        "\"_webSocketMessages\":[{}]",
        list.collect::<Vec<_>>().join(",")
    )
}

fn only(text: &str) -> Record {
    let mut all = records(text.as_bytes(), 61);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn a_file_says_the_same_however_it_comes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_none_or(|extension| extension != "har") {
            continue;
        }
        let bytes = fs::read(&path).expect("it is there");
        let whole = records(&bytes, bytes.len());
        for step in [1, 7, 4096] {
            assert_eq!(records(&bytes, step), whole, "{}", path.display());
        }
        count += whole.len();
    }
    assert!(count >= 4);
}

#[test]
fn times_are_what_the_writer_means_by_them() {
    // Chrome's time goes on behind the last message where the connection was closed,
    let closed = only(&file(
        "WebInspector",
        &format!("\"time\":900.5,{}", messages(&[10, 20, 500])),
    ));
    assert_eq!(closed.transport.lasting, Lasting::Known);
    assert_eq!(closed.duration(), Some(0.9005));
    // and ends with it where it was open.
    let open = only(&file(
        "WebInspector",
        &format!("\"time\":499.9,{}", messages(&[10, 20, 500])),
    ));
    assert_eq!(open.transport.lasting, Lasting::UntilLast);
    let explanation = explain_connection(&open, Registries::default());
    assert_eq!(explanation.cause, Cause::StillOpen);
    // mitmproxy's is the upgrade's, whether it is shorter or longer.
    for time in [3, 900] {
        let fields = format!("\"time\":{time},{}", messages(&[10, 20, 500]));
        let at_least = only(&file("mitmproxy", &fields));
        assert_eq!(at_least.transport.lasting, Lasting::AtLeast);
        let lasted = at_least.duration().expect("it is known");
        assert!((lasted - 0.5).abs() < 0.001, "{lasted}");
    }
    // Without a time, with times in milliseconds, with fields in another order and other names.
    let other = file(
        "Proxy",
        &messages(&[10, 20, 500]).replace("_webSocketMessages", "webSocketMessages"),
    );
    assert_eq!(only(&other).transport.lasting, Lasting::AtLeast);
    assert_eq!(only(&other).server_end.messages, 2);
}

#[test]
fn messages_are_evidence_and_are_counted_whole() {
    let long = "x".repeat(70_000);
    let fields = format!(
        r#""time":900,"_resourceType":"websocket","_webSocketMessages":[
        {{"type":"send","time":1795197450.1,"opcode":2,"data":"AAECAw=="}},
        {{"type":"receive","time":1795197450.2,"opcode":1,"data":"{long}"}},
        {{"type":"receive","time":1795197450.3,"opcode":1,"data":"{{\"error\":\"no such room\"}}"}}]"#
    );
    let record = only(&file("WebInspector", &fields));
    assert_eq!(
        (record.client_end.messages, record.server_end.messages),
        (1, 2)
    );
    assert_eq!(
        record.server_end.history.largest.map(|it| it.length),
        Some(70_000)
    );
    // Who ended it is not known, so that nobody's last words are told.
    let explanation = explain_connection(&record, Registries::default());
    assert_eq!(explanation.cause, Cause::Unknown);
    assert_eq!(record.events.len(), 2 + 3);
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let mut har = HarFile::new(Options::default());
    let mut count = 0;
    har.feed(
        br#"{"log":{"entries":[{"request":{"url":"ws://h/"},"response":{"content":{"text":""#,
        &mut |_| {},
    );
    for _ in 0..64 {
        har.feed(&[b'a'; 1 << 20], &mut |_| {});
        assert!(har.held_bytes() < 1 << 16);
    }
    har.feed(br#""}},"_webSocketMessages":["#, &mut |_| {});
    let message = format!(
        r#"{{"type":"send","time":1,"data":"{}"}},"#,
        "b".repeat(1000)
    );
    for _ in 0..30_000 {
        har.feed(message.as_bytes(), &mut |_| {});
        assert!(har.held_bytes() < 1 << 17);
    }
    har.feed(br#"{"type":"error","data":"gone"}]}]}}"#, &mut |record| {
        assert_eq!(record.client_end.messages, 30_000);
        count += 1;
    });
    assert_eq!((count, har.finish().ok()), (1, Some(true)));
}

/// Runs the program on a pipe.
fn piped(bytes: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    let mut child = common::bare(&mut command)
        .args(["decode-capture", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    for piece in bytes.chunks(4000) {
        // Whoever refuses does not read to the end.
        if input.write_all(piece).is_err() {
            break;
        }
    }
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

/// `bytes` as deflate stores them.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let blocks = bytes.chunks(60_000);
    let last = blocks.len() - 1;
    for (place, block) in blocks.enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(place == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out
}

#[test]
fn large_files_come_from_a_pipe_compressed_or_not() {
    let times: Vec<u32> = (0..9000).collect();
    let plain = file(
        "WebInspector",
        &format!("\"time\":9500,{}", messages(&times)),
    )
    .into_bytes();
    assert!(plain.len() > 600_000);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&plain).expect("memory can be written to");
    let mut gzip = gzip.finish().expect("memory can be written to");
    gzip.extend([0; 512]);
    let mut zip = b"PK\x03\x04\x14\x00\x08\x00\x08\x00".to_vec();
    zip.extend([0; 16]);
    zip.extend([7, 0, 0, 0]);
    zip.extend(b"har.har");
    zip.extend(stored(&plain));
    zip.extend(b"PK\x07\x08");
    zip.extend([0; 12]);
    zip.extend(b"PK\x01\x02");
    for bytes in [plain, gzip, zip] {
        let (status, out, err) = piped(&bytes);
        assert_eq!((status, err.as_str()), (1, ""));
        assert!(
            out.contains(r#""messages":{"client":4500,"server":4500}"#),
            "{out}"
        );
        assert!(out.contains(r#""source":"har""#) && !out.contains("abcdefgh"));
    }
}

/// PowerShell writes JSON in UTF-16.
#[test]
fn a_file_in_utf16_says_the_same() {
    let fields = messages(&[31, 61]) + r#","time":61000"#;
    let text = file("WebInspector", fields.trim_start_matches(','));
    let (_, said, _) = piped(text.as_bytes());
    assert!(said.contains("chat"), "{said}");
    for (mark, to_bytes) in [
        (0xfeff_u16, u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (0xfeff, u16::to_be_bytes),
    ] {
        let units = std::iter::once(mark).chain(text.encode_utf16());
        let bytes: Vec<u8> = units.flat_map(to_bytes).collect();
        assert_eq!(piped(&bytes).1, said);
    }
}

#[test]
fn what_is_no_har_is_refused_and_what_is_cut_is_said() {
    let whole = file(
        "WebInspector",
        &format!("\"time\":900,{}", messages(&[1, 2])),
    );
    let (status, out, err) = piped(&whole.as_bytes()[..whole.len() - 3]);
    assert_eq!(status, 1, "{out}{err}");
    assert!(out.contains(r#""connections":1"#) && !err.is_empty());
    for text in [
        "{}",
        r#"{"log":{"pages":[]}}"#,
        r#"{"log":{"entries":[}]}}"#,
    ] {
        let (status, _, err) = piped(text.as_bytes());
        assert_eq!(status, 2, "{text}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}

#[test]
fn what_the_application_said_last_is_told_in_words_and_json() {
    let fields = concat!(
        r#""time":60000,"_resourceType":"websocket","_webSocketMessages":["#,
        r#"{"type":"receive","time":1795197450.1,"opcode":1,"data":"0{\"sid\":\"a\",\"pingInterval\":25000,\"pingTimeout\":20000}"},"#,
        r#"{"type":"send","time":1795197450.2,"opcode":1,"data":"40{\"token\":\"s3cret-1\"}"},"#,
        r#"{"type":"receive","time":1795197450.3,"opcode":1,"data":"44{\"message\":\"no seat is free\"}"}]"#
    );
    let text = file("WebInspector", fields);
    let (_, out, err) = piped(text.as_bytes());
    let line = out.lines().next().expect("a connection");
    let line: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
    let application = &line["application"];
    assert_eq!(application["protocol"], "socket.io", "{out}{err}");
    assert_eq!(application["said"][0]["kind"], "connect-error");
    assert_eq!(application["said"][0]["text"], "no seat is free");
    assert_eq!(application["said"][0]["at_s"], 0.3);
    assert_eq!(application["timers"]["pingTimeout"], 20.0);
    let evidence = line["evidence"].to_string();
    assert!(
        evidence.contains("CONNECT_ERROR") && evidence.contains("no seat is free"),
        "{evidence}"
    );
    assert!(!out.contains("s3cret-1"), "{out}");
    // In words, on a file.
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused.har");
    fs::write(&path, text).expect("it can be written");
    let (_, out, _) = common::run(&["decode-capture", &path.display().to_string()]);
    let words: Vec<&str> = out.split_whitespace().collect();
    let words = words.join(" ");
    for part in ["CONNECT_ERROR", "no seat is free", "get a new token"] {
        assert!(words.contains(part), "{words}");
    }
    assert!(!words.contains("s3cret-1"), "{words}");
}

/// What the browser says of the end names its cause as a line of a log does.
#[test]
fn an_error_of_the_browser_is_the_cause() {
    for (error, cause, rule) in [
        ("Invalid frame header", Cause::Violation, None),
        (
            "Could not decode a text frame as UTF-8.",
            Cause::Violation,
            Some("text-not-utf8"),
        ),
        ("Something that nobody knows", Cause::Unknown, None),
    ] {
        let fields = format!(
            r#""_webSocketMessages":[{{"type":"receive","time":1795197450.3,"opcode":1,"data":"a"}},
            {{"type":"error","time":1795197451.3,"opcode":-1,"data":"{error}"}}]"#
        );
        let record = only(&file("WebInspector", &fields));
        let explanation = explain_connection(&record, Registries::default());
        assert_eq!(
            (explanation.cause, explanation.rule),
            (cause, rule),
            "{error}"
        );
        let sees = (cause == Cause::Violation).then_some(1006);
        assert_eq!(explanation.client_sees, sees);
    }
}

/// A stream of HTTP/2 is accepted with 200; a 200 of HTTP/1.1 is a page.
#[test]
fn a_200_of_http2_opens_a_websocket() {
    let of = |version: &str| {
        let text = file(
            "WebInspector",
            &format!("\"time\":900.5,{}", messages(&[10, 20])),
        );
        let answer = format!(r#""response":{{"httpVersion":"{version}","status":200,"#);
        only(&text.replace(r#""response":{"status":101,"#, &answer))
    };
    for version in ["h2", "http/2.0", "HTTP/2"] {
        let record = of(version);
        let explanation = explain_connection(&record, Registries::default());
        assert!(record.is_upgraded(), "{version}");
        assert_eq!(explanation.cause, Cause::Unknown, "{version}");
    }
    let explanation = explain_connection(&of("HTTP/1.1"), Registries::default());
    assert_eq!(explanation.cause, Cause::UpgradeRefused);
}

#[test]
fn keys_may_be_written_with_escapes() {
    let text = file("WebInspector", &messages(&[10]));
    let escaped = text
        .replace("\"entries\"", r#""\u0065ntries""#)
        .replace("\"status\"", r#""s\u0074\u0061tus""#)
        .replace("\"_webSocketMessages\"", r#""\u005fwebSocketMessages""#);
    assert_ne!(text, escaped);
    assert_eq!(only(&escaped), only(&text));
}

#[test]
fn a_close_among_the_messages_is_one() {
    for (data, code) in [
        ("D6FieWU=", Some(Some(4001))),
        (r"\u000f\u00a1bye", Some(Some(4001))),
        ("", Some(None)),
        ("what nobody can read", None),
    ] {
        let fields = format!(
            r#""time":900,"_webSocketMessages":[{{"type":"receive","time":1795197450.3,"opcode":8,"data":"{data}"}}]"#
        );
        let record = only(&file("WebInspector", &fields));
        let first = record.closes.first().map(|close| close.close.code);
        assert_eq!(first, code, "{data}");
        let explanation = explain_connection(&record, Registries::default());
        let cause = code.map_or(Cause::Unknown, |_| Cause::Application);
        assert_eq!(explanation.cause, cause, "{data}");
    }
}

#[test]
fn the_entry_that_a_file_ends_in_is_told() {
    let text = file("WebInspector", "\"time\":900");
    let answer = text.find("\"content\"").expect("it is there");
    for (end, count) in [
        (answer, 1),
        (text.find("\"response\"").expect("it is there"), 0),
    ] {
        let mut har = HarFile::new(Options::default());
        let mut records = Vec::new();
        har.feed(&text.as_bytes()[..end], &mut |record| records.push(*record));
        har.rest(&mut |record| records.push(*record));
        assert_eq!(har.finish().ok(), Some(false));
        assert_eq!(records.len(), count);
        for record in records {
            assert_eq!(record.url().as_deref(), Some("wss://h/chat?token=********"));
            assert!(record.is_upgraded());
        }
    }
}

/// Only Firefox shows the code in its panel, and only a browser has a page.
#[test]
fn advice_is_that_of_what_wrote_the_file() {
    let advice = |writer: &str| {
        let record = only(&file(writer, r#""time":5,"_resourceType":"websocket""#));
        let explanation = explain_connection(&record, Registries::default());
        let advice = explanation.advice.iter();
        let all = advice.map(|advice| format!("{} {}", advice.cause, advice.fix));
        all.collect::<Vec<_>>().join("\n")
    };
    assert!(advice("Firefox").contains("Network panel"));
    assert!(advice("WebInspector").contains("page"));
    for writer in ["WebInspector", "Charles Proxy", "Another"] {
        assert!(!advice(writer).contains("Network panel"), "{writer}");
    }
    assert!(!advice("Charles Proxy").contains("page"));
}

/// Who says that it ends has not left it open.
#[test]
fn a_last_word_is_not_followed_by_an_open_connection() {
    let fields = concat!(
        r#""time":300,"_resourceType":"websocket","_webSocketMessages":["#,
        r#"{"type":"receive","time":1795197450.1,"opcode":1,"data":"0{\"sid\":\"a\",\"pingInterval\":25000,\"pingTimeout\":20000}"},"#,
        r#"{"type":"send","time":1795197450.2,"opcode":1,"data":"40"},"#,
        r#"{"type":"receive","time":1795197450.3,"opcode":1,"data":"44{\"message\":\"no seat is free\"}"}]"#
    );
    let record = only(&file("WebInspector", fields));
    assert_eq!(record.transport.lasting, Lasting::UntilLast);
    let explanation = explain_connection(&record, Registries::default());
    let said: Vec<String> = explanation.said().map(ToString::to_string).collect();
    let said = said.join("\n");
    assert!(said.contains("no seat is free"), "{said}");
    assert!(!said.contains("still open"), "{said}");
}

/// Some write the time since the machine was started: that tells nothing of when the connection was there.
#[test]
fn messages_of_another_clock_say_nothing_of_how_long_it_was_there() {
    let list = |first: f64| {
        format!(
            r#""time":60000,"_webSocketMessages":[{{"type":"send","time":{first},"opcode":1,"data":"a"}},{{"type":"receive","time":{},"opcode":1,"data":"b"}}]"#,
            first + 2.5
        )
    };
    for first in [12.5, 498_643.25, 1_795_197_450.0 - 3600.0] {
        let record = only(&file("Browsertime", &list(first)));
        assert_eq!(record.client_end.messages + record.server_end.messages, 2);
        assert_eq!(record.duration(), Some(60.0));
        assert_eq!(record.quiet(), None);
    }
    let record = only(&file("Browsertime", &list(1_795_197_450.1)));
    assert!(record.quiet().is_some_and(|quiet| quiet > 57.0));
}

#[test]
fn messages_in_other_forms_are_read() {
    let fields = r#""time":6000,"_webSocketMessages":[
        {"type":"send","time":1795197450.1,"opcode":"1","data":"a"},
        {"type":"send","time":1795197450.2,"opcode":"text","data":{"op":"sub"}},
        {"type":"receive","time":1795197450.3,"opcode":"binary","data":"AAEC"},
        {"type":"receive","time":1795197450.4,"opcode":1,"data":[1,2]}]"#;
    let record = only(&file("Some tool", fields));
    assert_eq!(
        (record.client_end.messages, record.server_end.messages),
        (2, 2)
    );
    assert!(record.findings.is_empty());
}

/// The writer's name may stand behind all that it wrote.
#[test]
fn a_writer_that_is_named_last_is_not_taken_for_a_browser() {
    let named = file(
        "mitmproxy",
        &format!(r#""time":20,{}"#, messages(&[100, 5000])),
    );
    let creator = r#""creator":{"name":"mitmproxy","version":"1"},"#;
    let last = named.replace(creator, "");
    let last = last.strip_suffix("}}").expect("it ends so").to_owned()
        + r#","creator":{"name":"mitmproxy","version":"1"}}}"#;
    for text in [named, last] {
        assert_eq!(only(&text).transport.lasting, Lasting::AtLeast);
    }
}
