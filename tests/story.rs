//! One report, one story: the captures and recordings are walked for reports that contradict themselves.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wsclose::capture::file::CaptureFile;
use wsclose::capture::gzip::{Gunzip, MAGIC};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::explain::explain_connection;
use wsclose::facts::registry::Registries;
use wsclose::session::{Options, Record};

mod common;
#[path = "common/story.rs"]
mod story;

/// The files of some directories of the tests.
fn files(directories: &[&str]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for directory in directories {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(directory);
        let entries = fs::read_dir(directory).expect("it is there");
        all.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    all.sort();
    all
}

fn is(path: &Path, kinds: &[&str]) -> bool {
    let name = path.to_string_lossy();
    kinds.iter().any(|kind| name.contains(kind))
}

/// The connections of a packet capture, with their events. Packets are left out of it as `keeps` says.
fn records(path: &Path, keeps: impl Fn(u64) -> bool) -> Vec<Record> {
    let mut bytes = fs::read(path).expect("it can be read");
    if bytes.starts_with(&MAGIC) {
        let mut whole = Vec::new();
        let fed = Gunzip::default().feed(&bytes, |piece| {
            whole.extend_from_slice(piece);
            Ok(())
        });
        fed.expect("it is gzip");
        bytes = whole;
    }
    let options = Options {
        keeps_events: true,
        ..Options::default()
    };
    let mut tracker = Tracker::new(Limits::default(), options);
    let mut records = Vec::new();
    let mut sink = |record: Box<Record>| records.push(*record);
    let read = CaptureFile::new().feed(&bytes, |packet| {
        if keeps(packet.number) {
            tracker.packet(&packet, &mut sink);
        }
    });
    read.expect("it is a capture");
    tracker.finish(&mut sink);
    records
}

#[test]
fn no_report_of_a_capture_contradicts_itself() {
    let mut wrong = Vec::new();
    let mut walked = 0;
    for path in files(&["captures", "encrypted"]) {
        if !is(&path, &[".pcap"]) {
            continue;
        }
        // Whole, begun late, cut, and with holes.
        let keeps: [Box<dyn Fn(u64) -> bool>; 5] = [
            Box::new(|_| true),
            Box::new(|number| number > 7),
            Box::new(|number| number < 12),
            Box::new(|number| number % 5 != 3),
            Box::new(|number| number % 7 != 2),
        ];
        for (place, keeps) in keeps.into_iter().enumerate() {
            for record in records(&path, keeps) {
                walked += 1;
                let explanation = explain_connection(&record, Registries::default());
                for contradiction in story::contradictions(&record, &explanation) {
                    wrong.push(format!("{} ({place}): {contradiction}", path.display()));
                }
            }
        }
    }
    assert!(walked > 250, "{walked} connections");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without white space: how a text is broken, long words too, says nothing.
fn flat(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn text_and_json_tell_the_same() {
    let mut told = 0;
    for path in files(&["captures", "recordings"]) {
        if !is(&path, &[".pcap", ".har", ".netlog", ".flow"]) {
            continue;
        }
        let path = path.to_string_lossy().into_owned();
        let (status, json, _) = common::run(&["decode-capture", "--json", &path]);
        let lines: Vec<Value> = json
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        for line in lines.iter().filter(|line| line["type"] == "connection") {
            told += 1;
            let index = line["index"].to_string();
            let (_, text, _) =
                common::run_at(4000, &["decode-capture", "--connection", &index, &path]);
            let text = flat(&text);
            let sentences = line["evidence"].as_array().expect("evidence");
            for sentence in sentences.iter().filter_map(Value::as_str) {
                assert!(
                    text.contains(&flat(sentence)),
                    "{path} {index}: {sentence}\n{text}"
                );
            }
            for end in ["client", "server"] {
                let sees = &line[format!("{end}_sees")];
                let words = flat(&format!("The {end} sees {sees}"));
                let says = ["1", "3", "4"]
                    .iter()
                    .any(|first| text.contains(&format!("The{end}sees{first}")));
                match sees.as_u64() {
                    Some(_) if says => {
                        assert!(text.contains(&words), "{path} {index}: {words}\n{text}")
                    }
                    Some(_) => {}
                    None => assert!(!says, "{path} {index}: the {end} sees nothing\n{text}"),
                }
            }
            for finding in line["findings"].as_array().into_iter().flatten() {
                let rule = finding["rule"].as_str().expect("a rule");
                assert!(text.contains(rule), "{path} {index}: {rule}\n{text}");
            }
        }
        let (of_text, _, _) = common::run(&["decode-capture", &path]);
        assert_eq!(of_text, status, "{path}");
    }
    assert!(told > 80, "{told} connections");
}
