//! Each protocol inside WebSocket, walked through from its specification: errors, goodbyes, ordinary talk
//! that speaks of errors, and messages that only look like the protocol's.
//!
//! The scenes are `tests/application/scenes/<protocol>.toml`. Each is told three times, its messages in one frame
//! each, cut into small ones, and compressed; each time the same has to be said.

#[path = "common/talk.rs"]
mod talk;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use wsclose::application::Application;
use wsclose::capture::har::HarFile;
use wsclose::decode;
use wsclose::explain::{Explanation, explain_connection};
use wsclose::facts::protocols::PROTOCOLS;
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::session::{Options, Record};

use Sender::{Client, Server};
use talk::{Talk, Way, said};

/// What a scene is an example of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The protocol says why the connection ends.
    Error,
    /// It ends as it should.
    Goodbye,
    /// Ordinary talk in which errors and codes are spoken of.
    Chat,
    /// An error of one request.
    Complaint,
    /// It may be the protocol, and nothing proves it.
    Unsure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    /// What happens, for the person who reads a failure.
    what: String,
    is: Kind,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    subprotocol: Option<String>,
    /// `C …` and `S …`: a text of the client, of the server. `Cx …`, `Sx …`: binary, in hexadecimal.
    /// `wait SECONDS`. `close client|server [CODE]`. `fin client|server`: the last, by default the server's.
    talk: Vec<String>,
    /// Words that have to be said.
    #[serde(default)]
    says: Vec<String>,
    /// Words that may not be said.
    #[serde(default)]
    never: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    url: String,
    #[serde(default)]
    subprotocol: Option<String>,
    scene: Vec<Scene>,
}

fn sender(word: &str) -> Sender {
    match word {
        "client" => Client,
        "server" => Server,
        other => panic!("`{other}` is no end"),
    }
}

/// The connection of a scene, and who ends TCP.
fn play(file: &File, scene: &Scene, way: Way) -> (Talk, Sender) {
    let url = scene.url.as_deref().unwrap_or(&file.url);
    let subprotocol = scene.subprotocol.as_deref().or(file.subprotocol.as_deref());
    let subprotocol = subprotocol.filter(|name| !name.is_empty());
    let mut talk = Talk::by(way, url, subprotocol);
    let mut last = Server;
    for step in &scene.talk {
        let (word, rest) = step.split_once(' ').expect("a step has two words");
        talk = match word {
            "C" => talk.text(Client, rest),
            "S" => talk.text(Server, rest),
            "Cx" | "Sx" => {
                let bytes = hex::decode(rest.replace(' ', "")).expect("it is hexadecimal");
                talk.binary(if word == "Cx" { Client } else { Server }, &bytes)
            }
            "wait" => talk.after(rest.parse().expect("it is a number")),
            "close" => {
                let (end, code) = rest.split_once(' ').unwrap_or((rest, ""));
                let code = (!code.is_empty()).then(|| code.parse().expect("it is a code"));
                talk.close(sender(end), code)
            }
            "fin" => {
                last = sender(rest);
                talk
            }
            other => panic!("`{other}` is no step"),
        };
    }
    (talk, last)
}

fn tell(file: &File, scene: &Scene, way: Way) -> (Record, Explanation) {
    let (talk, last) = play(file, scene, way);
    talk.fin(last)
}

/// What is said where nothing is known to be wrong.
const NORMAL: [&str; 2] = ["it had finished", "It is a normal close"];

/// What is wrong with what is said of a scene; nothing where all is right.
fn wrong(id: &str, scene: &Scene, told: &(Record, Explanation)) -> Vec<String> {
    let application = told.0.application.as_deref();
    let known = application
        .and_then(|heard| heard.protocol)
        .map(|known| known.id);
    let advice = told.1.advice.iter();
    let advice: Vec<String> = advice
        .map(|advice| format!("{} {}", advice.cause, advice.fix))
        .collect();
    let text = format!("{} | {}", said(&told.1), advice.join(" | "));
    let mut wrong = Vec::new();
    let wanted = (scene.is != Kind::Unsure).then_some(id);
    if known != wanted {
        wrong.push(format!("it is taken for {known:?}"));
    }
    let all = application.map_or(&[][..], |heard| &heard.said);
    let decisive = all
        .iter()
        .any(|said| said.role.is_decisive() && said.is_last);
    match scene.is {
        Kind::Error => {
            wrong.extend(
                NORMAL
                    .iter()
                    .filter(|words| text.contains(**words))
                    .map(|words| format!("`{words}`")),
            );
        }
        Kind::Goodbye | Kind::Complaint if decisive => wrong.push("an error is blamed".to_owned()),
        Kind::Chat
            if !all.is_empty()
                && all
                    .iter()
                    .any(|said| said.role != wsclose::facts::protocols::Role::Goodbye) =>
        {
            wrong.push(format!("ordinary talk is told: {all:?}"));
        }
        _ => {}
    }
    for words in scene
        .says
        .iter()
        .filter(|words| !text.contains(words.as_str()))
    {
        wrong.push(format!("`{words}` is not said"));
    }
    for words in scene
        .never
        .iter()
        .filter(|words| text.contains(words.as_str()))
    {
        wrong.push(format!("`{words}` is said"));
    }
    if !wrong.is_empty() {
        wrong.push(text);
    }
    wrong
}

fn file(id: &str) -> Option<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/application/scenes");
    let text = std::fs::read_to_string(folder.join(format!("{id}.toml"))).ok()?;
    let table = DeTable::parse(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
    let value = json(DeValue::Table(table.into_inner()));
    Some(serde_json::from_value(value).unwrap_or_else(|error| panic!("{id}: {error}")))
}

fn json(value: DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.into(),
        DeValue::Array(items) => items
            .into_iter()
            .map(|item| json(item.into_inner()))
            .collect(),
        DeValue::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key.into_inner().to_string(), json(value.into_inner())))
            .collect(),
        other => panic!("{other:?} stands in no scene"),
    }
}

#[test]
fn each_scene_is_told_as_its_protocol_means_it_however_it_travels() {
    let mut failures = Vec::new();
    for protocol in &PROTOCOLS {
        let Some(file) = file(protocol.id) else {
            continue;
        };
        for scene in &file.scene {
            for way in [Way::Whole, Way::Cut, Way::Compressed] {
                let told = tell(&file, scene, way);
                let wrong = wrong(protocol.id, scene, &told);
                if !wrong.is_empty() {
                    let lines = wrong.join("\n    ");
                    failures.push(format!(
                        "{}, {} ({way:?}):\n    {lines}",
                        protocol.id, scene.what
                    ));
                    break;
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} scenes\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn each_protocol_is_walked_through() {
    for protocol in &PROTOCOLS {
        let file = file(protocol.id).unwrap_or_else(|| panic!("{} has no scenes", protocol.id));
        let count = |kind: Kind| file.scene.iter().filter(|scene| scene.is == kind).count();
        assert!(
            count(Kind::Error) + count(Kind::Complaint) >= 2,
            "{}",
            protocol.id
        );
        for kind in [Kind::Goodbye, Kind::Chat, Kind::Unsure] {
            assert!(count(kind) >= 1, "{} has no {kind:?}", protocol.id);
        }
    }
}

/// The kinds of what was said.
fn kinds(application: Option<&Application>) -> Vec<&'static str> {
    let said = application.map_or(&[][..], |application| &application.said);
    said.iter()
        .map(|said| said.row.map_or("said", |row| row.kind))
        .collect()
}

fn id(application: Option<&Application>) -> Option<&'static str> {
    application
        .and_then(|heard| heard.protocol)
        .map(|known| known.id)
}

/// Each scene with what a capture of it tells.
fn scenes() -> Vec<(File, Vec<Record>)> {
    let files = PROTOCOLS.iter().filter_map(|protocol| file(protocol.id));
    files
        .map(|file| {
            let told = file
                .scene
                .iter()
                .map(|scene| tell(&file, scene, Way::Whole).0);
            let told = told.collect();
            (file, told)
        })
        .collect()
}

#[test]
fn bytes_without_times_say_the_same() {
    for (file, told) in scenes() {
        for (scene, record) in file.scene.iter().zip(&told) {
            let captured = record.application.as_deref();
            for way in [Way::Whole, Way::Cut, Way::Compressed] {
                let (talk, _) = play(&file, scene, way);
                let decoded = decode(&talk.stream).expect("it is a WebSocket");
                let heard = decoded.application.as_deref();
                assert_eq!(id(heard), id(captured), "{} ({way:?})", scene.what);
                assert_eq!(kinds(heard), kinds(captured), "{} ({way:?})", scene.what);
                let text = said(&decoded.explanation);
                // What only a clock tells is no error here.
                if scene.is == Kind::Error && !kinds(heard).is_empty() {
                    for words in NORMAL {
                        assert!(!text.contains(words), "{} ({way:?}): {text}", scene.what);
                    }
                }
            }
        }
    }
}

/// A scene as the browser keeps it in a HAR file: messages, and no Close.
fn har(file: &File, scene: &Scene) -> String {
    let (talk, _) = play(file, scene, Way::Whole);
    let url = scene.url.as_deref().unwrap_or(&file.url);
    let subprotocol = scene.subprotocol.as_deref().or(file.subprotocol.as_deref());
    let subprotocol = subprotocol.filter(|name| !name.is_empty());
    let headers: Vec<serde_json::Value> = subprotocol
        .into_iter()
        .map(|name| serde_json::json!({"name": "Sec-WebSocket-Protocol", "value": name}))
        .collect();
    let messages = talk.messages.iter().map(|(sender, opcode, payload, at)| {
        let data = match opcode {
            1 => String::from_utf8_lossy(payload).into_owned(),
            _ => STANDARD.encode(payload),
        };
        serde_json::json!({
            "type": if *sender == Client { "send" } else { "receive" },
            "time": *at as f64 / 1e9, "opcode": opcode, "data": data,
        })
    });
    let messages: Vec<serde_json::Value> = messages.collect();
    serde_json::json!({"log": {
        "version": "1.2", "creator": {"name": "WebInspector", "version": "1"},
        "entries": [{
            "startedDateTime": "1970-01-01T00:16:40.000Z", "time": 1_000_000,
            "request": {"method": "GET", "url": format!("wss://h{url}"), "headers": headers},
            "response": {"status": 101, "statusText": "", "headers": headers, "content": {}},
            "_webSocketMessages": messages,
        }],
    }})
    .to_string()
}

fn read_har(text: &str) -> Record {
    let mut records = Vec::new();
    let mut reader = HarFile::new(Options::default());
    reader.feed(text.as_bytes(), &mut |record| records.push(*record));
    assert_eq!(reader.finish().ok(), Some(true));
    records.remove(0)
}

#[test]
fn the_messages_of_a_har_file_say_the_same() {
    for (file, told) in scenes() {
        for (scene, record) in file.scene.iter().zip(&told) {
            let captured = record.application.as_deref();
            let read = read_har(&har(&file, scene));
            let heard = read.application.as_deref();
            assert_eq!(id(heard), id(captured), "{}", scene.what);
            assert_eq!(kinds(heard), kinds(captured), "{}", scene.what);
            let explanation = explain_connection(&read, Registries::default());
            let text = talk::said(&explanation);
            let all = heard.map_or(&[][..], |heard| &heard.said);
            let mut decisive = all
                .iter()
                .filter(|said| said.role.is_decisive() && said.is_last);
            let Some(decisive) = decisive.next() else {
                continue;
            };
            let means = decisive
                .row
                .and_then(|row| row.means)
                .expect("it has words");
            let begin = means.english().split('{').next().unwrap_or_default();
            assert!(text.contains(begin), "{}: {text}", scene.what);
        }
    }
}

#[test]
fn a_long_har_file_is_read_at_its_head_and_its_end() {
    let mut scene: Scene = serde_json::from_value(serde_json::json!({
        "what": "many pings, and a disconnect", "is": "error", "talk": ["S {\"type\":\"welcome\"}"],
    }))
    .expect("a scene");
    let cable = file("actioncable").expect("it is there");
    let ping = "S {\"type\":\"ping\",\"message\":1}".to_owned();
    scene.talk.extend(vec![ping; 200]);
    let last = "S {\"type\":\"disconnect\",\"reason\":\"remote\",\"reconnect\":false}";
    scene.talk.push(last.to_owned());
    let record = read_har(&har(&cable, &scene));
    let heard = record.application.as_deref().expect("it is known");
    assert_eq!(kinds(Some(heard)), ["disconnect"]);
    assert_eq!(heard.end(Server).messages, 202);

    // Of a stream of packets nothing is claimed behind what was given up.
    let mqtt = file("mqtt").expect("it is there");
    scene.talk = vec![
        "Cx 10 0d 00 04 4d 51 54 54 04 00 00 3c 00 01 61".to_owned(),
        "Sx 20 02 00 00".to_owned(),
    ];
    scene.talk.extend(vec!["Sx 30 03 00 01 61".to_owned(); 200]);
    // A payload that looks like packets, of a PUBLISH whose beginning is not among the last.
    scene.talk.push("Sx 30 ff 01".to_owned());
    scene.talk.extend(vec!["Sx 20 02 00 05".to_owned(); 60]);
    let record = read_har(&har(&mqtt, &scene));
    let heard = record.application.as_deref().expect("it is known");
    assert_eq!(id(Some(heard)), Some("mqtt"));
    assert_eq!(kinds(Some(heard)), Vec::<&str>::new());
}
