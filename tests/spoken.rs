//! The program in each of its languages: nothing that it prints is left in English, and what other
//! programs read is the same in all.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use common::run_at;
use serde_json::Value;
use wsclose::facts::intermediaries::INTERMEDIARIES;
use wsclose::facts::lines::SHAPES;
use wsclose::facts::registry::VENDORS;
use wsclose::facts::vocabulary;
use wsclose::facts::{codes, field};
use wsclose::render::Language;
use wsclose::words::Text;
use wsclose::{rules, topic};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn others() -> impl Iterator<Item = Language> {
    let all = Language::ALL.iter().copied();
    all.filter(|language| *language != Language::English)
}

/// What is typed: something of everything that the program says.
fn command_lines() -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut add = |words: &[&str]| all.push(words.iter().map(|word| (*word).to_owned()).collect());
    for code in &codes::CODES {
        let number = code.number.to_string();
        add(&["explain", &number]);
        add(&["explain", &number, "--implementations"]);
        add(&["explain", &number, "--after", "60s"]);
        add(&["explain", &number, "--after", "10m"]);
    }
    for number in [
        "0",
        "1",
        "404",
        "999",
        "1016",
        "2999",
        "3999",
        "4404",
        "22373",
        "59395",
        "12592",
        "65535",
        "3000-3999",
        "4xxx",
        "44xx",
        "5000-65535",
    ] {
        add(&["explain", number]);
    }
    for rule in rules::all() {
        add(&["explain", rule.id]);
        add(&["explain", rule.id, "--implementations"]);
        let bytes: Vec<&str> = rule.example.bytes.split(' ').collect();
        for end in ["client", "server"] {
            add(&[&["decode-frame", "--from", end], bytes.as_slice()].concat());
            add(&[
                &["decode-frame", "--summary", "--from", end],
                bytes.as_slice(),
            ]
            .concat());
        }
    }
    for implementation in field::implementations() {
        add(&["explain", implementation.id()]);
        for value in ["1006", "1005", "0", "1002"] {
            add(&["explain", value, "--from-api", implementation.id()]);
        }
    }
    for topic in topic::all() {
        add(&["explain", &topic.id()]);
    }
    for intermediary in &INTERMEDIARIES {
        add(&[
            "explain",
            "1006",
            "--behind",
            intermediary.id,
            "--after",
            "61s",
        ]);
        add(&[
            "explain",
            "1006",
            "--behind",
            intermediary.id,
            "--never-opened",
        ]);
    }
    for pair in &codes::PAIRS {
        let [first, second] = pair.codes.map(|code| code.to_string());
        add(&["compare", &first, &second]);
    }
    for topics in [
        &["1000", "1001", "1006"][..],
        &["1000", "4xxx", "22373"],
        &["4404", "1008", "3999"],
        &["discord-gateway:4014", "discord-voice:4014", "1015", "1004"],
    ] {
        add(&[&["compare"], topics].concat());
    }
    for shape in &SHAPES {
        add(&["explain", shape.example]);
    }
    for word in &vocabulary::WORDS {
        add(&["explain", word.example]);
        // As the words of a reason, and as what a local number stands for.
        add(&["explain", &format!("received 1011 {}", word.example)]);
        add(&["explain", &format!("CloseEvent code=1006 {}", word.example)]);
    }
    for row in field::fingerprints::fingerprints() {
        let code = row.codes.first().copied().unwrap_or(1011);
        let reason = row.pattern.replace('*', "7");
        add(&[
            "explain",
            &format!("received {code} (x) {reason}; then sent {code} (x)"),
        ]);
        add(&[
            "explain",
            &format!("CloseEvent code={code} reason=\"{reason}\""),
        ]);
    }
    for words in [
        &["list"][..],
        &["list", "--implementations"],
        &["list", "--vendor", "discord-gateway"],
        &["explain", "discord-gateway"],
        &["explain", "discord-gateway:4014"],
        &["explain", "4014"],
    ] {
        add(words);
    }
    for vendor in &VENDORS {
        add(&["explain", vendor.vendor]);
        for entry in vendor.entries() {
            add(&["explain", &entry.id()]);
        }
    }
    // What is wrong, with what would work.
    for words in [
        &["explain", "70000"][..],
        &["explain", "-1"],
        &["explain", "-5"],
        &["explain", "3999-3000"],
        &["explain", "reserved-opcod"],
        &["explain", "xyzzy"],
        &["explain", "nobody:4001"],
        &["explain", "discord-gateway:9"],
        &["explain", "Socket.IO"],
        &["compare", "1006"],
        &["compare", "1006", "1006"],
        &["compare", "1006", "reserved-opcode"],
        &["compare", "1006", "tungstenite"],
        &["compare", "1006", "discord-gateway"],
        &["list", "xyzzy"],
        &["list", "--range", "5"],
        &["list", "--range", "x"],
        &["list", "--range", "4xxx", "xyzzy"],
        &["list", "--implementations", "xyzzy"],
        &["explain", "1006", "--after", "soon"],
        &["explain", "1006", "--from-api", "nobody"],
        &["explain", "discord-gateway", "--implementations"],
        &["decode-frame"],
        &["decode-frame", "8"],
        &["decode-frame", "8802 03e"],
        &["decode-frame", "zz"],
        &["decode-frame", "0x"],
        &["decode-frame", "--file", "/nonexistent"],
        &["decode-frame", "[136, 2, 3, 300]"],
        &["decode-frame", "[136, 2"],
        &["decode-frame", "'\\x88\\x0'"],
        &["decode-frame", "--input", "base64", "iAID*"],
        &["decode-frame", "--input", "base64", "iAI"],
        &["decode-frame", "--input", "hexdump", "00000000  88 02 0"],
        &[
            "decode-frame",
            "--extensions",
            "permessage-deflate; x",
            "8800",
        ],
        &["decode-frame", "iAIDCA=="],
        &["decode-frame", "136 2 3 232"],
        &["scan-log", "/nonexistent"],
        &["decode-capture", "/nonexistent"],
    ]
    .into_iter()
    .chain(common::MISUSES.iter().map(|(words, _)| *words))
    {
        add(words);
    }
    static FOLDER: OnceLock<Folder> = OnceLock::new();
    for path in FOLDER.get_or_init(Folder::new).files() {
        let path = path.as_str();
        add(&["scan-log", "--unread", path]);
        add(&["decode-capture", path]);
        add(&["decode-frame", "--file", path]);
        add(&["list", "--registry", path]);
    }
    let path = root().join("tests/captures/a01_1000_client_ws_pyws.pcapng");
    let path = path.to_str().expect("it is text");
    add(&["decode-capture", "--only", "nonsense", path]);
    add(&["decode-capture", "--only", "reset", path]);
    add(&["decode-capture", "--connection", "9", path]);
    add(&[
        "decode-capture",
        "--connection",
        "0",
        "--only",
        "reset",
        path,
    ]);
    for folder in ["application", "encrypted", "recordings"] {
        let listed = fs::read_dir(root().join("tests").join(folder)).expect("it is there");
        let mut paths: Vec<PathBuf> = listed
            .map(|entry| entry.expect("it can be listed").path())
            .filter(|path| {
                let ending = path.extension().unwrap_or_default();
                ["pcap", "pcapng", "json", "flow"]
                    .iter()
                    .any(|known| ending == *known)
            })
            .collect();
        paths.sort();
        for path in paths {
            let keys = path.with_extension("keys");
            let path = path.to_str().expect("it is text");
            add(&["decode-capture", path]);
            if keys.exists() {
                let keys = keys.to_str().expect("it is text");
                add(&["decode-capture", "--timeline", "--keylog", keys, path]);
            }
        }
    }
    for path in captures() {
        let path = path.to_str().expect("it is text");
        add(&["decode-capture", path]);
        add(&["decode-capture", "--timeline", "--connection", "0", path]);
        add(&["decode-frame", "--file", path]);
    }
    all
}

/// Files that no command reads without a word about them.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join("spoken"));
        fs::create_dir_all(&folder.0).expect("it can be made");
        let shapes: Vec<&str> = SHAPES.iter().map(|shape| shape.example).collect();
        let log = shapes.join("\n");
        let capture = fs::read(root().join("tests/captures/a01_1000_client_ws_pyws.pcapng"));
        let capture = capture.expect("it is there");
        let mut damaged = capture.clone();
        damaged.splice(200..204, [0xff; 4]);
        let head = "GET /chat HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
        let half = &capture[..capture.len() / 2];
        let files: [(&str, &[u8]); 20] = [
            ("log", log.as_bytes()),
            ("empty", b""),
            ("half.pcapng", half),
            ("damaged.pcapng", &damaged),
            ("tls", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
            ("http2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
            ("head", head.as_bytes()),
            ("half-head", b"GET /chat HTTP/1.1\r\nHost: a\r\n"),
            ("har", b"{\"log\":{\"entries\":[]}}"),
            ("no-har", b"{\"log\":{\"entries\":[{}]}}"),
            ("utf16", b"\xff\xfe8\x008\x00"),
            ("dump", b"00000000: 8802 03e8\n00000010: 8802\n"),
            ("od", b"0000000 104 002 003\n0000002\n"),
            ("cat-v", b"M-^HB^C^B hello"),
            ("percent", b"%88%02%03%e"),
            ("escapes", b"\\x88\\x02\\x03\\xe"),
            ("unknown-key.toml", b"vendor = \"a\"\ncolour = 1\n"),
            ("no-code.toml", b"vendor = \"acme\"\ntitle = \"Acme\"\n"),
            ("number.toml", b"vendor = \"acme\"\ntitle = 7\n"),
        ];
        for (name, bytes) in files {
            fs::write(folder.0.join(name), bytes).expect("it can be written");
        }
        folder
    }

    fn files(&self) -> Vec<String> {
        let listed = fs::read_dir(&self.0).expect("it is there");
        let paths = listed.map(|entry| entry.expect("it can be listed").path());
        let mut paths: Vec<String> = paths.map(|path| path.display().to_string()).collect();
        paths.sort();
        paths
    }
}

fn captures() -> Vec<PathBuf> {
    let listed = fs::read_dir(root().join("tests/captures")).expect("it is there");
    let paths = listed.map(|entry| entry.expect("it can be listed").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .collect();
    paths.sort();
    paths
}

/// What a command prints on both streams, each run of spaces and line breaks as one space.
fn said(language: Language, words: &[String]) -> String {
    let mut arguments = vec!["--lang", language.id()];
    arguments.extend(words.iter().map(String::as_str));
    // So narrow that `compare` does not set one sentence beside another.
    let (_, out, err) = run_at(if words[0] == "compare" { 50 } else { 100 }, &arguments);
    let all = out + &err;
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of a sentence around its placeholders that nobody writes by chance.
fn fragments(sentence: &str) -> Vec<&str> {
    let parts = sentence.split('{').enumerate().map(|(index, part)| {
        let behind = part.split_once('}').map_or(part, |(_, behind)| behind);
        if index == 0 { part } else { behind }.trim()
    });
    let is_long = |part: &&str| part.split(' ').filter(|word| word.len() >= 3).count() >= 3;
    parts.filter(is_long).collect()
}

#[test]
fn nothing_is_printed_in_english() {
    let lines = command_lines();
    let names: BTreeSet<&str> = VENDORS
        .iter()
        .flat_map(|vendor| vendor.rows.iter().map(|row| row.name))
        .collect();
    let parts: BTreeSet<&str> = Text::all()
        // The site is looked through by its own test; a log says "WebSocket close code" too.
        .filter(|(text, _)| !text.id().is_some_and(|id| id.starts_with("site.")))
        .flat_map(|(_, forms)| forms)
        .flat_map(fragments)
        .filter(|part| {
            let part = part.trim_end_matches('.');
            !names.iter().any(|name| name.contains(part))
        })
        .collect();
    let parts: Vec<&str> = parts.into_iter().collect();
    let search = AhoCorasick::new(&parts).expect("it is built");
    let standing_in = |text: &str| -> BTreeSet<&str> {
        let found = search.find_overlapping_iter(text);
        found
            .map(|found| parts[found.pattern().as_usize()])
            .collect()
    };
    let in_english: BTreeSet<&str> = lines
        .iter()
        .flat_map(|line| standing_in(&said(Language::English, line)))
        .collect();
    // The law is as strong as what is looked at.
    println!(
        "{} of {} sentences are looked for",
        in_english.len(),
        parts.len()
    );
    assert!(in_english.len() * 10 > parts.len() * 7);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let (lines, standing_in) = (&lines, &standing_in);
        let look = |language: Language| {
            // Some are the same in both: names, and what programs say.
            // What waits for its translator is said in English.
            let answers: Vec<&str> = Text::all()
                .flat_map(|(text, english)| {
                    let own: Vec<&str> = language.voice().forms_of(text).collect();
                    if own.is_empty() { english } else { own }
                })
                .collect();
            let same = standing_in(&answers.join("\n"));
            let faults = lines.iter().flat_map(|line| {
                let left = standing_in(&said(language, line));
                let left: Vec<&str> = left.difference(&same).copied().collect();
                left.into_iter()
                    .map(|part| format!("{language}: {part:?} in {line:?}"))
                    .collect::<Vec<_>>()
            });
            faults.collect::<Vec<_>>()
        };
        let all: Vec<_> = others()
            .map(|language| scope.spawn(move || look(language)))
            .collect();
        all.into_iter()
            .flat_map(|one| one.join().expect("it ends"))
            .collect()
    });
    assert!(
        faults.is_empty(),
        "{} sentences are left in English:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The fields of JSON that hold sentences and phrases of our own.
const WORDS: &[&str] = &[
    "lang",
    "meaning",
    "passes",
    "refuses",
    "because",
    "causes",
    "first",
    "means",
    "fixes",
    "title",
    "note",
    "reconnect_how",
    "tell_apart",
    "when",
    "statements",
    "in_the_field",
    "evidence",
    "text",
    "what",
    "change",
    "decides",
    "problems",
    "fix",
    "damage",
    "protocol",
];

/// A line of JSON without its sentences.
fn facts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields
                .get("field")
                .is_some_and(|field| field == "reconnect_how")
            {
                fields.remove("values");
            }
            // Of a connection the cause is an id.
            if fields.get("type").is_some_and(|kind| kind == "log-group") {
                fields.remove("cause");
            }
            // Of what is left out the cause is a sentence, and its id stands beside it.
            if fields.contains_key("because") {
                fields.remove("cause");
            }
            fields.retain(|name, _| !WORDS.contains(&name.as_str()));
            fields.values_mut().for_each(facts);
        }
        Value::Array(values) => values.iter_mut().for_each(facts),
        _ => {}
    }
}

fn json(language: Language, words: &[String]) -> Vec<Value> {
    let mut arguments = vec!["--json", "--lang", language.id()];
    arguments.extend(words.iter().map(String::as_str));
    let (_, out, _) = run_at(80, &arguments);
    let lines = out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .collect()
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    let mut faults = Vec::new();
    let schema = fs::read_to_string(root().join("schema/wsclose.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for line in command_lines() {
        let mut english = json(Language::English, &line);
        for answer in &mut english {
            assert_eq!(answer.get("lang"), None, "{line:?}");
            facts(answer);
        }
        for language in others() {
            let mut spoken = json(language, &line);
            for answer in &mut spoken {
                assert_eq!(answer["lang"], language.id(), "{line:?}");
                // One language stands for all: they differ in words alone.
                if language == Language::Thai && !validator.is_valid(answer) {
                    faults.push(format!("{line:?} is not of the schema"));
                }
                facts(answer);
            }
            let all = spoken.iter().zip(&english);
            let wrong = all.filter_map(|(one, other)| difference(one, other, ""));
            faults.extend(wrong.map(|wrong| format!("{language} {line:?}: {wrong}")));
            if spoken.len() != english.len() {
                faults.push(format!("{language} {line:?}: another number of lines"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Where two values differ first.
fn difference(one: &Value, other: &Value, path: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            one.iter().find_map(|(name, value)| {
                let path = format!("{path}/{name}");
                difference(value, other.get(name).unwrap_or(&Value::Null), &path)
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .find_map(|(one, other)| difference(one, other, path)),
        _ if one == other => None,
        _ => Some(format!("{path}: {one} and {other}")),
    }
}
