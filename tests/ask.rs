//! One call for each question gives what the command line answers, as the same documents.

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::Value;
use wsclose::{decode, explain_text, read_capture};

/// What the command line prints with `--json`.
fn printed(arguments: &[&str]) -> Vec<Value> {
    let arguments: Vec<&str> = ["--json"].iter().chain(arguments).copied().collect();
    let (_, out, err) = common::run(&arguments);
    assert!(!out.is_empty(), "{arguments:?}: {err}");
    let lines = out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect()
}

#[test]
fn a_text_is_explained_as_by_the_command_line() {
    for text in [
        "1006",
        "4014",
        "4xxx",
        "policy violation",
        "reserved-opcode",
        "discord-gateway",
        "tungstenite",
        "nginx",
        "idle-timeout",
        "websocket: close 1006 (abnormal closure): unexpected EOF",
        "sent 1011 (internal error) keepalive ping timeout; no close frame received",
        "WebSocket connection to 'wss://example.org/ws?token=abc' failed: Error during WebSocket \
         handshake: Unexpected response code: 403",
        "stream lost, errno ECONNRESET",
    ] {
        let answer = explain_text(text).unwrap_or_else(|| panic!("{text} was not recognised"));
        let documents = answer.documents();
        assert_eq!(documents, printed(&["explain", text]), "{text}");
        let serialized = serde_json::to_value(&answer).expect("it serializes");
        assert_eq!(serialized, Value::Array(documents), "{text}");
        assert!(!answer.to_string().is_empty());
    }
    assert!(explain_text("the weather is fine today").is_none());
    assert!(explain_text("").is_none());
}

#[test]
fn bytes_are_decoded_as_by_the_command_line() {
    for hex in [
        "880203e8",
        "8300",
        "810366c328888237fa213d3415",
        "827e00050102030405",
        "8105",
        "474554202f206874",
    ] {
        let bytes = hex::decode(hex).expect("it is hex");
        match decode(&bytes) {
            Ok(decoded) => assert_eq!(
                decoded.documents(),
                printed(&["decode-frame", hex]),
                "{hex}"
            ),
            Err(refused) => {
                let (_, out, err) = common::run(&["decode-frame", hex]);
                assert!(
                    out.is_empty() && err.contains(&refused.to_string()),
                    "{err}"
                );
            }
        }
    }
}

/// More frames than are kept are read and counted all the same.
#[test]
fn the_frames_that_are_kept_are_bounded() {
    let mut bytes = b"\x89\x00".repeat(wsclose::ask::MOST_FRAMES + 10);
    bytes.extend(b"\x88\x02\x03\xe8");
    let decoded = decode(&bytes).expect("they are frames");
    assert_eq!(decoded.frames.len(), wsclose::ask::MOST_FRAMES);
    assert_eq!(
        decoded.summary.frames,
        wsclose::ask::MOST_FRAMES as u64 + 11
    );
    assert_eq!(decoded.summary.closes[0].close.code, Some(1000));
}

#[test]
fn recordings_are_read_as_by_the_command_line() {
    let mut count = 0;
    for folder in ["tests/captures", "tests/recordings", "tests/application"] {
        for path in recordings(folder) {
            let shown = path.to_string_lossy().into_owned();
            let captured = read_capture(File::open(&path).expect("it is there"));
            let captured = captured.unwrap_or_else(|error| panic!("{shown}: {error}"));
            assert_eq!(
                captured.documents(),
                printed(&["decode-capture", &shown]),
                "{shown}"
            );
            count += 1;
        }
    }
    assert!(count > 60, "only {count} recordings");
}

#[test]
fn what_is_no_recording_is_refused_in_one_line() {
    for bytes in [
        &b""[..],
        b"hello, this is a text",
        b"\x1f\x8b\x08",
        b"{\"a\":1}",
    ] {
        let error = read_capture(bytes).expect_err("it is none").to_string();
        assert!(!error.is_empty() && !error.contains('\n'), "{error}");
    }
}

fn recordings(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join(folder)).expect("the folder is there");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| {
            let name = path.to_string_lossy();
            let kinds = [".pcap", ".pcapng", ".gz", ".har", ".netlog.json", ".flow"];
            kinds.iter().any(|kind| name.ends_with(kind))
        })
        .collect();
    found.sort();
    found
}
