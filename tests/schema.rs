//! Real JSON output against the schema that the program prints, the shape that other programs rely on.

#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::run;
use serde_json::Value;
use wsclose::facts::codes::CODES;
use wsclose::facts::lines::SHAPES;
use wsclose::facts::protocols::{PROTOCOLS, Protocol};
use wsclose::facts::registry::VENDORS;
use wsclose::report::Status;
use wsclose::{rules, topic};

fn schema() -> Value {
    let (status, text, err) = run(&["schema"]);
    assert_eq!((status, err.as_str()), (Status::Fine, ""));
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn the_schema_that_is_printed_is_the_one_that_is_installed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/wsclose.json");
    let installed = std::fs::read_to_string(path).expect("it is there");
    let (_, printed, _) = run(&["schema"]);
    assert_eq!(printed, installed);
    // It is JSON already: asked for in JSON it is the same, in every language and character set.
    let (_, printed, _) = run(&["schema", "--json", "--lang", "th"]);
    assert_eq!(printed, installed);
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    let (_, out, err) = run(&[&["--json"], arguments].concat());
    assert!(!out.is_empty(), "{err}");
    out.lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .collect()
}

#[test]
fn output_has_the_shape_that_is_promised() {
    let validator = jsonschema::validator_for(&schema()).expect("it is a schema");
    let mut outputs: Vec<Vec<Value>> = vec![
        lines(&["list"]),
        lines(&["explain", "22373", "4401", "44xx", "1007"]),
        lines(&["compare", "1002", "1005"]),
        lines(&[
            "explain",
            "1006",
            "1014",
            "4404",
            "text-not-utf8",
            "--implementations",
        ]),
        lines(&["list", "--implementations"]),
        lines(&["explain", "0", "1006", "--from-api", "deno"]),
        lines(&["explain", "1006", "1011", "--after", "60s"]),
        lines(&["explain", "1006", "--after", "77s"]),
        lines(&["compare", "1000", "4001", "3000-3999"]),
        lines(&["explain", "4004", "3000", "4150", "1011", "discord-gateway"]),
        lines(&["explain", "pusher:4100-4199", "pusher:4150", "sockjs:2000"]),
        lines(&["list", "--vendor", "centrifugo"]),
        lines(&[
            "compare",
            "discord-gateway:4014",
            "discord-voice:4014",
            "pusher:4150",
        ]),
        lines(&["decode-frame", "88 02 0f a4", "--vendor", "discord-gateway"]),
        lines(&[
            "decode-capture",
            "tests/application/socketio4_connect_refused.pcap",
        ]),
        lines(&[
            "decode-capture",
            "tests/application/unknown_json_error_then_1000.pcap",
        ]),
        lines(&[
            "decode-capture",
            "tests/application/engineio4_eio_missing.pcap",
        ]),
        lines(&["list", "--registry", "tests/cli/registries/acme.toml"]),
        lines(&[
            "explain",
            "4401",
            "1008",
            "--registry",
            "tests/cli/registries/acme.toml",
        ]),
    ];
    for bytes in [
        "88 82 37 fa 21 3d 34 12",
        "88 00",
        "88",
        "88 81 aa",
        "82 7f 80",
        "01 02 68 69",
        "01 01 61 82 01 62 88 00 88 80 00 00 00 00",
        "88 02 e8 03 81 00",
        "8b 00",
    ] {
        outputs.push(lines(&["decode-frame", bytes]));
    }
    for rule in rules::all() {
        let command = rule.example.command();
        outputs.push(lines(&command.split(' ').skip(1).collect::<Vec<_>>()));
    }
    for shape in &SHAPES {
        outputs.push(lines(&["explain", shape.example]));
    }
    outputs.push(lines(&["explain", "close code 4404"]));
    let many = "closed with code 4404, then closed with code 4405, then closed with code 1008";
    outputs.push(lines(&["explain", many]));
    let registry = ["--registry", "tests/cli/registries/acme.toml"];
    for options in [&registry[..], &["--vendor", "discord-gateway"]] {
        for line in [
            "websocket: close 4004: x",
            "websocket: close 4401: x",
            "received 1008 (policy violation) x; then sent 1008 (policy violation) x",
            "websocket: close 1009 (message too big): Max frame length of 1 has been exceeded.",
        ] {
            outputs.push(lines(&[&["explain", line][..], options].concat()));
        }
    }
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/logs");
    for log in [
        "app.log",
        "nginx.log",
        "programs.log",
        "rhythm.log",
        "wrapped.log",
    ] {
        let path = logs.join(log).display().to_string();
        outputs.push(lines(&["scan-log", "--unread", &path]));
        outputs.push(lines(&["scan-log", &path, "--vendor", "discord-gateway"]));
    }
    for capture in captures() {
        outputs.push(lines(&["decode-capture", &capture]));
    }
    for value in outputs.iter().flatten() {
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{value}");
    }
    // The schema would be worth nothing if it took anything.
    let mut broken = lines(&["decode-frame", "88 00"]);
    broken[0]["opcode"] = Value::from("8");
    assert!(!validator.is_valid(&broken[0]));
    let mut broken = lines(&["explain", "1007"]);
    broken[0]["reconnect"] = Value::from("maybe");
    assert!(!validator.is_valid(&broken[0]));
}

/// The captures of real traffic.
fn captures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let paths = std::fs::read_dir(folder).expect("it is there");
    let paths = paths.map(|entry| entry.expect("it can be read").path());
    let paths = paths.map(|path| path.to_string_lossy().into_owned());
    let captures: Vec<String> = paths
        .filter(|path| path.contains(".pcap") || path.ends_with(".har"))
        .collect();
    assert!(captures.len() >= 62);
    captures
}

/// The shape that was promised for a connection, field by field.
#[test]
fn a_connection_has_the_promised_fields() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let capture = folder.join("a01_1000_client_ws_pyws.pcapng");
    let lines = lines(&["decode-capture", &capture.to_string_lossy()]);
    assert_eq!(lines.len(), 2);
    let connection = &lines[0];
    for (field, value) in [
        ("type", Value::from("connection")),
        ("index", Value::from(0)),
        ("client", Value::from("127.0.0.1:48972")),
        ("server", Value::from("127.0.0.1:8080")),
        ("tls", Value::from(false)),
        ("frames", serde_json::json!({"client": 2, "server": 2})),
        ("tcp_end", Value::from("fin")),
        ("tcp_end_by", Value::from("server")),
        ("client_sees", Value::from(1000)),
        ("server_sees", Value::from(1000)),
        ("cause", Value::from("application")),
    ] {
        assert_eq!(connection[field], value, "{field}");
    }
    assert_eq!(connection["upgrade"]["status"], 101);
    assert_eq!(connection["upgrade"]["seen"], true);
    let close = &connection["closes"][0];
    assert_eq!(
        (&close["sender"], &close["code"]),
        (&"client".into(), &1000.into())
    );
    assert_eq!(
        (&close["reason"], &close["packet"]),
        (&"done".into(), &10.into())
    );
    assert_eq!(lines[1]["type"], "summary");
    assert_eq!(lines[1]["causes"], serde_json::json!({"application": 1}));
}

#[test]
fn a_summary_is_always_the_last_line() {
    for bytes in ["88 00", "88", "81 05 68"] {
        let lines = lines(&["decode-frame", bytes]);
        let types: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["type"].as_str())
            .collect();
        assert_eq!(types, ["frame", "summary"], "{bytes}");
    }
}

#[test]
fn the_schema_names_every_rule() {
    let schema = schema();
    let named: BTreeSet<&str> = schema["$defs"]["rule_id"]["enum"]
        .as_array()
        .expect("an enum")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(named, rules::all().map(|rule| rule.id).collect());
}

/// The examples of the contract, field by field.
#[test]
fn the_promised_values_are_there() {
    let code = &lines(&["explain", "1007"])[0];
    assert_eq!(code["type"], "code");
    assert_eq!(code["name"], "Invalid Frame Payload Data");
    assert_eq!(code["registry"], "iana");
    assert_eq!(code["range"], "1000-2999");
    assert_eq!(code["on_wire"], true);
    assert_eq!(code["sent_by"], "either");
    assert_eq!(code["source"][0], "RFC 6455 section 7.4.1");
    assert_eq!(
        code["causes"].as_array().map(Vec::len),
        code["fixes"].as_array().map(Vec::len)
    );

    let lines = lines(&["decode-frame", "88 82 37 fa 21 3d 34 12"]);
    let frame = &lines[0];
    for (field, value) in [
        ("index", Value::from(0)),
        ("at", Value::from(0)),
        ("length", Value::from(8)),
        ("sender", Value::from("client")),
        ("fin", Value::from(true)),
        ("rsv1", Value::from(false)),
        ("opcode", Value::from(8)),
        ("opcode_name", Value::from("close")),
        ("masked", Value::from(true)),
        ("masking_key", Value::from("37fa213d")),
        ("payload_length", Value::from(2)),
        ("payload_hex", Value::from("03e8")),
    ] {
        assert_eq!(frame[field], value, "{field}");
    }
    assert_eq!(
        frame["close"],
        serde_json::json!({"code": 1000, "name": "Normal Closure", "reason": ""})
    );
    let summary = &lines[1];
    assert_eq!(summary["verdict"], "clean");
    assert_eq!(summary["closes_with"], Value::Null);
    assert_eq!(
        summary["close"],
        serde_json::json!({"at": 0, "sender": "client", "code": 1000, "reason": ""})
    );
}

/// What a vendor or the user says has the same fields as what a standard says.
#[test]
fn a_code_says_whose_it_is() {
    let code = &lines(&["explain", "4014", "--vendor", "discord-gateway"])[0];
    assert_eq!(code["type"], "code");
    assert_eq!(code["registry"], "vendor");
    assert_eq!(code["vendor"], "discord-gateway");
    assert_eq!(code["reconnect"], "no");
    let file = "tests/cli/registries/acme.toml";
    let code = &lines(&["explain", "4401", "--registry", file])[0];
    assert_eq!(code["registry"], "user");
    assert_eq!(code["vendor"], "acme");
    let frame = &lines(&["decode-frame", "88 02 11 31", "--registry", file])[0];
    assert_eq!(frame["close"]["name"], "Session expired");
    assert_eq!(frame["close"]["vendor"], "acme");
}

#[test]
fn all_topics_have_a_line() {
    let is_vendors = |protocol: &&Protocol| protocol.vendor == Some(protocol.id);
    let protocols = PROTOCOLS.len() - PROTOCOLS.iter().filter(is_vendors).count();
    assert_eq!(
        lines(&["list"]).len(),
        topic::all().count() + VENDORS.len() + protocols
    );
    for protocol in &PROTOCOLS {
        let line = lines(&["explain", protocol.id]).pop().expect("a line");
        assert_eq!(line["type"], "protocol", "{}", protocol.id);
        assert_eq!(line["id"], protocol.id);
        assert_eq!(line["measured"], protocol.is_measured());
    }
    assert!(CODES.len() + rules::all().count() < topic::all().count());
}

/// The exit status follows the Close, whatever else a cause says: `docs/exit-status.md`.
#[test]
fn the_exit_status_of_a_capture_is_that_of_its_closes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut seen = BTreeSet::new();
    for part in ["captures", "application/real"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            let name = path.to_str().expect("a name");
            if !name.ends_with(".pcapng") && !name.ends_with(".pcap") {
                continue;
            }
            let (status, out, _) = run(&["decode-capture", "--json", name]);
            let lines = out
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
            let is_fine = |connection: &Value| {
                let code = connection["closes"][0].get("code");
                let is_well = code.is_some_and(|code| {
                    code.is_null() || [1000, 1001].contains(&code.as_u64().unwrap_or(0))
                });
                let findings = connection["findings"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty());
                let is_answered = !["close-unanswered", "unknown"]
                    .contains(&connection["cause"].as_str().unwrap_or(""));
                connection["cause"] == "still-open" || is_well && is_answered && !findings
            };
            let is_all_fine = lines
                .filter(|line| line["type"] == "connection")
                .all(|line| is_fine(&line));
            let expected = if is_all_fine {
                Status::Fine
            } else {
                Status::Findings
            };
            assert_eq!(status, expected, "{name}");
            seen.insert(status.code());
        }
    }
    assert_eq!(seen.len(), 2, "both were seen");
}
