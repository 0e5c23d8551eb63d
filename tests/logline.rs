//! What holds for log lines: every shape, and everything that is none.

mod common;
#[path = "common/growth.rs"]
mod growth;

use std::collections::HashSet;

use common::run;
use wsclose::explain::{Explanation, explain_line};
use wsclose::facts::causes::CAUSES;
use wsclose::facts::codes;
use wsclose::facts::field::fingerprints::fingerprints;
use wsclose::facts::lines::{Event, SHAPES};
use wsclose::facts::registry::Registries;
use wsclose::facts::source::Source;
use wsclose::logline::scan::{ANCHORS, LONGEST_ANCHOR, Scanner};
use wsclose::logline::{self, Reading, is_of, needles, read};
use wsclose::report::Status;
use wsclose::rules;

fn explain(reading: &Reading) -> Explanation {
    explain_line(reading, Registries::default())
}

#[test]
fn each_example_is_of_its_own_shape_and_of_no_other() {
    let mut ids = HashSet::new();
    for shape in &SHAPES {
        assert!(ids.insert(shape.id), "{} is there twice", shape.id);
        let of: Vec<&str> = SHAPES
            .iter()
            .filter(|other| is_of(other, shape.example))
            .map(|other| other.id)
            .collect();
        assert_eq!(of, [shape.id], "{}", shape.example);
        let reading = read(shape.example).expect("it is read");
        assert_eq!(reading.shape.map(|shape| shape.id), Some(shape.id));
    }
    assert!(ids.len() > 100);
}

#[test]
fn each_pattern_has_one_of_its_needles() {
    for shape in &SHAPES {
        for pattern in shape.patterns {
            let has = shape.needles.iter().any(|needle| pattern.contains(needle));
            assert!(has, "{}: {pattern}", shape.id);
        }
        for needle in shape.needles {
            let has = shape
                .patterns
                .iter()
                .any(|pattern| pattern.contains(needle))
                || shape.example.contains(needle);
            assert!(has, "{}: {needle} stands in no pattern", shape.id);
            assert!(
                !needle.contains("<text>") && !needle.contains("<code>"),
                "{needle}"
            );
        }
    }
    for needle in needles() {
        assert!(
            ANCHORS.iter().any(|anchor| needle.contains(anchor)),
            "no anchor of src/logline/scan/anchors.rs stands in {needle:?}: add one"
        );
    }
    assert!(
        ANCHORS.len() <= 64,
        "{} anchors: shorten two to what they share",
        ANCHORS.len()
    );
    for anchor in ANCHORS {
        assert!((4..=LONGEST_ANCHOR).contains(&anchor.len()), "{anchor}");
        assert!(
            needles().iter().any(|needle| needle.contains(anchor)),
            "{anchor}"
        );
    }
}

#[test]
fn each_shape_has_a_source_and_explains() {
    for shape in &SHAPES {
        let is_found = matches!(
            shape.source,
            Source::Read(Some(_))
                | Source::Measured(Some(_))
                | Source::Documented(_)
                | Source::Reported(_)
                | Source::Rfc(..)
        );
        assert!(is_found, "{}: {}", shape.id, shape.source);
        if let Event::Fault { rule, .. } = shape.event {
            assert!(rules::lookup(rule).is_some(), "{}: {rule}", shape.id);
        }
        let reading = read(shape.example).expect("it is read");
        let explanation = explain(&reading);
        assert!(!explanation.statements.is_empty(), "{}", shape.id);
        assert!(explanation.source.is_some(), "{}", shape.id);
        let clean = reading.is_clean();
        assert!(clean || !explanation.advice.is_empty(), "{}", shape.id);
        for statement in &explanation.statements {
            let statement = statement.to_string();
            let is_sentence = statement.ends_with(['.', '?']);
            assert!(
                is_sentence && !statement.contains("  "),
                "{}: {statement}",
                shape.id
            );
            assert!(!statement.contains('{'), "{}: {statement}", shape.id);
        }
        if let Some(topic) = &explanation.topic {
            let (status, out, err) = run(&["explain", topic]);
            assert_eq!(
                (status, err.as_str()),
                (Status::Fine, ""),
                "{}: {topic}",
                shape.id
            );
            assert!(!out.is_empty());
        }
        for close in reading.close.iter().chain(&reading.answer) {
            assert!(codes::range_of(close.code).contains(close.code));
        }
    }
}

/// Programs that write lines and have no page: nobody measured them, or they are several.
const WITHOUT_A_PAGE: &[&str] = &[
    "azure-speech",
    "browser",
    "discord-py",
    "ktor",
    "phoenix",
    "ratchet-pawl",
    "signalr",
    "slack-node",
    "spring",
    "workerd",
    "wscat",
];

#[test]
fn each_producer_has_a_page_or_is_known_to_have_none() {
    let mut without = HashSet::new();
    for shape in &SHAPES {
        let reading = read(shape.example).expect("it is read");
        let explanation = explain(&reading);
        let id = shape.producer.id;
        let Some(implementation) = reading.implementation() else {
            without.insert(id);
            continue;
        };
        assert_eq!(implementation.id(), id);
        assert!(
            explanation.see_also.iter().any(|topic| topic == id),
            "{}",
            shape.id
        );
        for topic in &explanation.see_also {
            let arguments: Vec<&str> = ["explain"].into_iter().chain(topic.split(' ')).collect();
            let (status, out, err) = run(&arguments);
            assert_eq!((status, err.as_str()), (Status::Fine, ""), "{topic}");
            // What the line shows, the table must know too.
            assert!(
                !out.contains("in no case that was tried"),
                "{}: {topic}",
                shape.id
            );
        }
    }
    assert_eq!(without, WITHOUT_A_PAGE.iter().copied().collect());
}

#[test]
fn a_vendor_answers_for_the_end_that_sends_its_code() {
    let named = |line: &str, vendor: &str| {
        let registries = Registries::new(None).choosing(vendor).expect("it is there");
        let explanation = explain_line(&read(line).expect("it is read"), registries);
        explanation.entry.map(|entry| entry.id())
    };
    let id = |id: &str| Some(id.to_owned());
    let received = "websocket: close 4004: x";
    assert_eq!(named(received, "pusher"), id("pusher:4004"));
    assert_eq!(
        named(received, "twitch-eventsub"),
        id("twitch-eventsub:4004")
    );
    assert_eq!(named("websocket: close 4999: x", "discord-gateway"), None);
    // A service's meaning of a protocol code is not that of the client's own Close.
    let received = "received 1011 (internal error) x; then sent 1011 (internal error) x";
    let sent = "sent 1011 (internal error) x; no close frame received";
    assert_eq!(named(received, "deepgram"), id("deepgram:1011"));
    assert_eq!(named(sent, "deepgram"), None);
}

#[test]
fn each_cause_that_a_line_tells_has_words() {
    for shape in &SHAPES {
        let Event::Cause { cause, .. } = shape.event else {
            continue;
        };
        let row = cause.row();
        let meaning = row.meaning.expect(row.id);
        assert!(meaning.english().ends_with('.'), "{}", row.id);
        assert!(row.source.is_some(), "{}", row.id);
        assert!(row.is_clean || !row.advice.is_empty(), "{}", row.id);
    }
    let mut ids = HashSet::new();
    for row in &CAUSES {
        assert!(!row.title.english().ends_with('.'), "{}", row.title);
        for name in row.aliases.iter().chain([&row.id]) {
            assert!(ids.insert(*name), "{name} is there twice");
        }
        for advice in row.advice {
            let ends = |text: &str| text.ends_with('.');
            assert!(
                ends(advice.cause.english()) && ends(advice.fix.english()),
                "{}",
                row.id
            );
        }
    }
}

#[test]
fn what_a_reason_knows_better_than_its_code_is_said() {
    let mut known = 0;
    for row in fingerprints() {
        let Some(advice) = row.advice else { continue };
        known += 1;
        let reason = row.pattern.replace('*', "7");
        for code in row.codes {
            let line = format!("websocket: close {code} (x): {reason}");
            let explanation = explain(&read(&line).expect("it is read"));
            let causes: Vec<&str> = explanation
                .advice
                .iter()
                .map(|it| it.cause.english())
                .collect();
            assert_eq!(causes, [advice.cause.english()], "{line}");
        }
    }
    assert!(known > 10, "{known}");
}

/// What people put around a message.
#[test]
fn a_message_is_found_inside_of_what_loggers_write_around_it() {
    let quoted = |text: &str| serde_json::to_string(text).expect("it is text");
    let wrappers: [&dyn Fn(&str) -> String; 5] = [
        &|text| format!("2026-11-20T17:39:02.123Z ERROR [ws-1] {text}"),
        &|text| format!("Nov 20 17:39:02 host app[812]: {text}"),
        &|text| {
            format!(
                "{{\"ts\":1795196342.1,\"msg\":{},\"peer\":\"10.0.0.1:3000\"}}",
                quoted(text)
            )
        },
        &|text| {
            format!(
                "time=2026-11-20T17:39:02Z msg={} peer=10.0.0.1:3000",
                quoted(text)
            )
        },
        &|text| format!("\u{1b}[31mERROR\u{1b}[0m {text}"),
    ];
    for wrapper in wrappers {
        let mut scanner = Scanner::new(1000).expect("it is built");
        let mut expected = HashSet::new();
        for shape in SHAPES.iter().filter(|shape| !shape.is_common) {
            let line = wrapper(shape.example);
            let reading = read(&line).unwrap_or_else(|| panic!("{line}"));
            let alone = read(shape.example).expect("it is read");
            assert_eq!(
                reading.shape.map(|shape| shape.id),
                Some(shape.id),
                "{line}"
            );
            assert_eq!(reading.close, alone.close, "{line}");
            let numbers = (reading.status, reading.refused);
            assert_eq!(numbers, (alone.status, alone.refused), "{line}");
            scanner.feed(line.as_bytes());
            scanner.feed(b"\n");
            // Else lines of the same time about the same peer would be one close.
            scanner.settle();
            expected.insert(shape.id);
        }
        let findings = scanner.finish();
        assert_eq!(findings.closes, expected.len() as u64);
        let groups = findings.groups.iter();
        let found: HashSet<&str> = groups
            .filter_map(|group| Some(group.reading.shape?.id))
            .collect();
        // Of shapes that say the same of the same program only the first has a group.
        assert!(
            found.is_subset(&expected) && found.len() > 100,
            "{}",
            found.len()
        );
    }
}

#[test]
fn the_way_of_a_close_decides_the_words() {
    let said = |line: &str| {
        let statements = explain(&read(line).expect("it is read")).statements;
        let said: Vec<String> = statements.iter().map(ToString::to_string).collect();
        said.join(" ")
    };
    let received = said("received 1011 (internal error) x; then sent 1011 (internal error) x");
    assert!(
        received.starts_with("The other end closed with 1011"),
        "{received}"
    );
    assert!(
        received.contains("The local end answered with the same code"),
        "{received}"
    );
    let sent = said("sent 1011 (internal error) keepalive ping timeout; no close frame received");
    assert!(sent.starts_with("The local end closed with 1011"), "{sent}");
    assert!(sent.contains("why the other end was silent"), "{sent}");
    assert!(
        sent.contains("No Close from the other end came back"),
        "{sent}"
    );
    let made_up = said("websocket: close 1006 (abnormal closure): unexpected EOF");
    assert!(made_up.contains("Nobody sent 1006"), "{made_up}");
}

#[test]
fn nothing_of_a_line_reaches_the_terminal_raw() {
    let line = "websocket: close 4001: \u{1b}[2J\u{202e}evil\u{7}";
    for arguments in [&["explain", line][..], &["explain", "--json", line]] {
        let (_, out, _) = run(arguments);
        let is_raw = |c: char| matches!(c, '\u{1b}' | '\u{202e}' | '\u{7}');
        assert!(out.contains("evil") && !out.contains(is_raw), "{out:?}");
    }
}

#[test]
fn what_is_no_line_is_still_no_topic() {
    for given in [
        "policy violatoin",
        "hello world",
        "it closed",
        "error 1006 somewhere",
    ] {
        let (status, out, err) = run(&["explain", given]);
        assert_eq!(status, Status::NoAnswer, "{given}");
        assert_eq!(out, "", "{given}");
        assert!(err.starts_with("wsclose: taken for a line"), "{err}");
        assert!((3..=5).contains(&err.lines().count()), "{err}");
    }
}

#[test]
fn a_text_of_several_lines_is_read() {
    let dump =
        "CloseEvent {\n  type: 'close',\n  wasClean: false,\n  code: 1006,\n  reason: 'x'\n}";
    assert_eq!(
        read(dump)
            .and_then(|reading| reading.close)
            .map(|close| close.code),
        Some(1006)
    );
    let trace = "Traceback (most recent call last):\n  File \"a.py\", line 1011\nwebsockets.exceptions.ConnectionClosedError: no close frame received or sent\n";
    let shape = read(trace)
        .and_then(|reading| reading.shape)
        .map(|shape| shape.id);
    assert_eq!(shape, Some("python-websockets-no-close"));
}

#[test]
fn a_line_costs_in_proportion_whatever_it_holds() {
    for part in [
        "websocket: close 1006 (",
        "received 1000 (",
        "{\"code\":1006,\"reason\":\"",
        "CloseEvent {",
        "close code ",
        "websocket status 503 bad gateway ",
        "\\\"",
        "WebSocket closed ",
    ] {
        growth::is_in_proportion(part, logline::LONGEST_LINE, |line| {
            let _ = read(line);
        });
    }
}
