//! Each protocol inside WebSocket, walked through from its specification: errors, goodbyes, ordinary talk
//! that speaks of errors, and messages that only look like the protocol's.
//!
//! The scenes are `tests/application/scenes/<protocol>.toml`. Each is told three times, its messages in one frame
//! each, cut into small ones, and compressed; each time the same has to be said.

#[path = "common/talk.rs"]
mod talk;

use std::path::Path;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use wsclose::explain::Explanation;
use wsclose::facts::protocols::PROTOCOLS;
use wsclose::frame::Sender;
use wsclose::session::Record;

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

fn tell(file: &File, scene: &Scene, way: Way) -> (Record, Explanation) {
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
