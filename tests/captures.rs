//! Real traffic: what was recorded of it elsewhere is what the library finds in its bytes.
//!
//! The files in `tests/captures` hold the bytes of real connections between real
//! libraries, with what travelled and what each side reported, recorded when the
//! traffic was made (see the README there).

use std::fs;
use std::path::Path;

use serde_json::Value;
use wsclose::conversation::{Conversation, Options, Summary};
use wsclose::explain::explain_frames;
use wsclose::extensions::agreement;
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::inspect::Frame;

/// The rules that each capture breaks, by what its scenario did on purpose. Where both ends'
/// bytes are read without saying whose they are, a wrong mask cannot be seen.
const BROKEN: &[(&str, &str)] = &[
    ("b01_1002_unmasked_raw_ws", "unmasked-client-frame"),
    ("b03_1002_opcodeB_raw_ws", "reserved-opcode"),
    ("b04_1002_rsv1_raw_ws", "reserved-bits"),
    ("b07_1002_close999_raw_ws", "close-code-not-allowed"),
    ("b13_1002_close1byte_raw_ws", "one-byte-close-body"),
    ("b14_1002_contfirst_raw_ws", "continuation-without-start"),
    ("b18_1007_badutf8reason_raw_ws", "close-reason-not-utf8"),
    ("b24_1002_fragping_raw_pyws", "fragmented-control-frame"),
    ("b26_1002_close1006_raw_pyws", "close-code-not-allowed"),
    ("b35_1007_badutf8text_raw_pyws", "text-not-utf8"),
    ("b43_1007_badutf8text_raw_gorilla", "text-not-utf8"),
    ("b61_1002_masked_server_frame_ws_raw", "masked-server-frame"),
    ("b71_data_after_close_raw_ws", "frame-after-close"),
    ("c05_1006_fin_mid_frame_ws_raw", "truncated-frame"),
    ("e08_1007_badutf8_chromium_raw", "text-not-utf8"),
];

struct Capture {
    name: String,
    truth: Value,
}

fn captures() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let mut captures: Vec<Capture> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| Capture {
            name: path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("it has a name")
                .to_owned(),
            truth: serde_json::from_str(&fs::read_to_string(&path).expect("it is text"))
                .expect("it is JSON"),
        })
        .collect();
    captures.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(captures.len() >= 40, "only {} captures", captures.len());
    captures
}

impl Capture {
    /// The bytes of one end, or of both in the order in which they travelled.
    fn bytes(&self, of: Option<Sender>) -> Vec<u8> {
        let chunks = self.truth["chunks"].as_array().expect("chunks");
        chunks
            .iter()
            .filter(|chunk| of.is_none_or(|sender| chunk[0] == sender.id()))
            .flat_map(|chunk| hex::decode(chunk[1].as_str().expect("hex")).expect("a chunk is hex"))
            .collect()
    }

    /// The frames that travelled, one that was cut short included.
    fn frames(&self, sender: Sender) -> u64 {
        let whole = self.truth["frames"][sender.id()].as_u64().expect("a count");
        whole + u64::from(!self.truth["incomplete_frame"][sender.id()].is_null())
    }

    /// The Close frames that travelled: who, and with which code.
    fn closes(&self, of: Option<Sender>) -> Vec<(String, Option<u64>, String)> {
        let closes = self.truth["closes"].as_array().expect("closes");
        closes
            .iter()
            .map(|close| {
                let sender = close["sender"].as_str().expect("a sender").to_owned();
                let reason = close["reason"].as_str().map_or_else(
                    || {
                        let bytes = close["reason_hex"].as_str().unwrap_or_default();
                        let bytes = hex::decode(bytes).expect("a reason is hex");
                        String::from_utf8_lossy(&bytes).into_owned()
                    },
                    str::to_owned,
                );
                (sender, close["code"].as_u64(), reason)
            })
            .filter(|(sender, _, _)| of.is_none_or(|of| sender == of.id()))
            .collect()
    }

    fn broken(&self) -> Option<&'static str> {
        let row = BROKEN.iter().find(|(name, _)| *name == self.name)?;
        Some(row.1)
    }
}

fn read(capture: &Capture, of: Option<Sender>) -> (Vec<Frame>, Summary) {
    let bytes = capture.bytes(of);
    let header = capture.truth["extensions"].as_str().unwrap_or_default();
    let mut conversation = Conversation::new(Options {
        from: of,
        max_message_size: None,
        deflate: agreement(header).expect("a real header").deflate,
    });
    let mut frames = Vec::new();
    conversation.feed(&mut bytes.to_vec(), |frame| frames.push(frame.clone()));
    let summary = conversation.finish(|frame| frames.push(frame.clone()));
    (frames, summary)
}

fn closes(frames: &[Frame]) -> Vec<(String, Option<u64>, String)> {
    frames
        .iter()
        .filter_map(|frame| {
            let close = frame.close.as_ref()?;
            Some((
                frame.sender?.id().to_owned(),
                close.code.map(u64::from),
                close.reason_lossy(),
            ))
        })
        .collect()
}

/// The ids of the rules that are broken, but for RSV1 where compression may have been agreed on.
fn rules(frames: &[Frame], is_unknown: bool) -> Vec<&'static str> {
    let mut ids: Vec<&str> = frames
        .iter()
        .flat_map(|frame| &frame.findings)
        .map(|finding| finding.rule.id)
        .filter(|id| !(is_unknown && *id == "reserved-bits"))
        .collect();
    ids.dedup();
    ids
}

#[test]
fn each_end_says_what_was_recorded_of_it() {
    for capture in captures() {
        // The response of f38 was not captured, so what was agreed on is not known.
        let is_unknown = capture.name.starts_with("f38");
        for sender in [Sender::Client, Sender::Server] {
            let (frames, summary) = read(&capture, Some(sender));
            let name = format!("{} {sender}", capture.name);
            assert_eq!(summary.frames, capture.frames(sender), "{name}");
            assert_eq!(closes(&frames), capture.closes(Some(sender)), "{name}");
            let guilty = match capture.broken() {
                Some("masked-server-frame" | "truncated-frame") => Sender::Server,
                _ if capture.name.starts_with("e08") => Sender::Server,
                _ => Sender::Client,
            };
            let expected = capture.broken().filter(|_| sender == guilty);
            let expected: Vec<&str> = expected.into_iter().collect();
            assert_eq!(rules(&frames, is_unknown), expected, "{name}");
        }
    }
}

#[test]
fn both_ends_together_close_in_the_order_that_was_recorded() {
    for capture in captures() {
        let (frames, summary) = read(&capture, None);
        let expected = capture.frames(Sender::Client) + capture.frames(Sender::Server);
        assert_eq!(summary.frames, expected, "{}", capture.name);
        assert_eq!(closes(&frames), capture.closes(None), "{}", capture.name);
    }
}

/// The library that received the first Close, if it sent none of its own before, reports its code.
#[test]
fn the_code_that_the_other_library_reported_is_the_code_of_the_close() {
    let mut compared = 0;
    for capture in captures() {
        let (_, summary) = read(&capture, None);
        let Some(first) = summary.closes.first() else {
            continue;
        };
        let reported = &capture.truth[format!("{}_reported", first.sender.other())]["code"];
        let Some(reported) = reported.as_u64() else {
            continue;
        };
        // A library that refuses a Close, or finds the fault itself, reports 1006 or its own code.
        if capture.broken().is_some() || capture.name.starts_with('f') {
            continue;
        }
        let expected = u64::from(first.close.code.unwrap_or(1005));
        assert_eq!(reported, expected, "{}", capture.name);
        compared += 1;
    }
    assert!(compared >= 12, "only {compared} were compared");
}

#[test]
fn a_close_is_traced_to_the_bytes_that_caused_it() {
    for (name, statement) in [
        (
            "b03_1002_opcodeB_raw_ws",
            "at 0 in what the client sent: opcode 11 has no meaning",
        ),
        (
            "b14_1002_contfirst_raw_ws",
            "at 0 in what the client sent: a continuation",
        ),
        (
            "b24_1002_fragping_raw_pyws",
            "at 0 in what the client sent: a ping frame",
        ),
        (
            "b35_1007_badutf8text_raw_pyws",
            "at 18 in what the client sent: ed a0 is half",
        ),
        (
            "b07_1002_close999_raw_ws",
            "answered with 1002 because of what stands at 6: 999",
        ),
        (
            "b18_1007_badutf8reason_raw_ws",
            "answered with 1007 because of what stands at 12: ff",
        ),
        (
            "e08_1007_badutf8_chromium_raw",
            "closes with 1007 for that, and some close with 1002",
        ),
        (
            "a09_1009_too_big_ws_pyws",
            "a text message of 6000 bytes, at 28",
        ),
        ("b01_1002_unmasked_raw_ws", "their mask is the cause"),
        (
            "f38_no_server_direction",
            "probably agreed on permessage-deflate",
        ),
    ] {
        let captures = captures();
        let capture = captures.iter().find(|capture| capture.name == name);
        let (_, summary) = read(capture.expect(name), None);
        let statements = explain_frames(&summary, Registries::default()).statements;
        let statements: Vec<String> = statements.iter().map(ToString::to_string).collect();
        let statements = statements.join("\n");
        assert!(statements.contains(statement), "{name}: {statements}");
    }
}

/// What ws and python websockets compressed, with the window kept over twenty messages, is text again.
#[test]
fn compressed_messages_inflate_to_what_was_sent() {
    let captures = captures();
    let capture = captures
        .iter()
        .find(|capture| capture.name.starts_with("a26"))
        .expect("it is there");
    for sender in [Sender::Client, Sender::Server] {
        let (frames, _) = read(capture, Some(sender));
        let texts: Vec<String> = frames
            .iter()
            .filter_map(|frame| frame.inflated.as_ref())
            .map(|inflated| String::from_utf8_lossy(inflated.head.bytes()).into_owned())
            .collect();
        assert_eq!(texts.len(), 20, "{sender}");
        assert!(texts.iter().all(|text| text.starts_with('{')), "{texts:?}");
    }
}
