//! What holds for the vendors' registries: each can be read, has sources and words, and the index
//! for protocol codes says what the files say.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::run;
use wsclose::facts::codes::{CODES, Reconnect, SentBy, may_stand_in_close};
use wsclose::facts::names::slug;
use wsclose::facts::registry::{
    Owner, Registered, Registries, Registry, VENDORS, WITHOUT_CODES, read,
};
use wsclose::report::Status;
use wsclose::topic::{self, Topic};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/vendors")
}

/// The vendors' files: their names and what stands in them.
fn files() -> Vec<(String, String)> {
    let listed = std::fs::read_dir(folder()).expect("the folder is there");
    let mut files: Vec<(String, String)> = listed
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| {
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let text = std::fs::read_to_string(&path).expect("it is text");
            (name.expect("it has a name").to_owned(), text)
        })
        .collect();
    files.sort();
    files
}

/// What the build made of a vendor's file is what the program makes of it when a user gives it.
#[test]
fn each_file_is_a_registry_of_its_name() {
    let files = files();
    assert_eq!(files.len(), VENDORS.len());
    for (name, text) in files {
        let read = match read(text.as_bytes(), Owner::Vendor) {
            Ok(registry) => registry,
            Err(malformed) => panic!("{name}.toml: {malformed}"),
        };
        let built = VENDORS.iter().find(|registry| registry.vendor == name);
        let built = built.expect(&name);
        let told = |registry: &Registry| {
            let rows = registry.rows.iter();
            let rows: Vec<String> = rows
                .map(|row| {
                    let advice = row.words.advice.iter();
                    let advice: Vec<String> = advice
                        .map(|it| format!("{} > {}", it.cause, it.fix))
                        .collect();
                    format!(
                        "{}-{} {} {} {:?} {:?} {} {:?}",
                        row.from,
                        row.to,
                        row.name,
                        row.words.meaning,
                        advice,
                        row.reconnect,
                        row.is_vendors_advice,
                        row.sent_by
                    )
                })
                .collect();
            let head = (
                registry.title,
                registry.also,
                registry.checked,
                registry.sources,
            );
            let protocol = registry.protocol.map(|text| text.english());
            format!("{head:?} {protocol:?} {rows:#?}")
        };
        assert_eq!(told(read), told(built), "{name}");
    }
}

#[test]
fn the_example_that_explains_the_form_is_a_registry() {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("it is there");
    let (_, example) = readme.split_once("```toml\n").expect("it has an example");
    let (example, _) = example.split_once("```").expect("the example ends");
    let registry: &Registry = read(example.as_bytes(), Owner::User).expect("the example");
    assert_eq!(registry.counts(), (1, 1));
}

#[test]
fn those_that_people_ask_for_are_there() {
    for vendor in [
        "discord-gateway",
        "discord-voice",
        "discord-rpc",
        "graphql-transport-ws",
        "graphql-ws",
        "pusher",
        "twitch-eventsub",
        "obs-websocket",
        "centrifugo",
        "assemblyai-v2",
        "assemblyai-v3",
        "deepgram",
        "openai-realtime",
        "gemini-live",
        "azure-speech",
        "liveblocks",
        "hocuspocus",
        "colyseus",
        "jupyter",
        "sockjs",
        "spring",
    ] {
        assert!(VENDORS.iter().any(|file| file.vendor == vendor), "{vendor}");
    }
    for (other, vendor) in [
        ("soketi", "pusher"),
        ("Laravel Reverb", "pusher"),
        ("lavalink", "discord-voice"),
        ("Discord Gateway", "discord-gateway"),
    ] {
        let chosen = Registries::default().choosing(other).expect(other);
        assert_eq!(chosen.vendor(), Some(vendor));
    }
}

#[test]
fn every_registry_has_its_source() {
    for registry in &VENDORS {
        let vendor = registry.vendor;
        assert!(registry.protocol.is_some(), "{vendor}: protocol");
        for source in registry.sources {
            assert!(source.url().starts_with("https://"), "{vendor}: url");
        }
        assert!(!registry.sources.is_empty(), "{vendor}: url");
        let checked = registry.checked.expect(vendor);
        let is_date = checked.len() == 10
            && checked.char_indices().all(|(at, character)| {
                character == if matches!(at, 4 | 7) { '-' } else { character }
            })
            && checked.replace('-', "").parse::<u32>().is_ok();
        assert!(is_date, "{vendor}: {checked}");
    }
}

#[test]
fn no_name_of_a_vendor_means_two() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for registry in &VENDORS {
        let mut slugs: Vec<String> = registry.names().map(slug).collect();
        slugs.sort();
        slugs.dedup();
        for slug in slugs {
            // A library's page and its codes are both shown.
            let is_free = topic::find(&slug).map_or(true, |topics| {
                let mut topics = topics.iter();
                topics.all(|topic| matches!(topic, Topic::Implementation(_)))
            });
            assert!(is_free, "{slug} is a protocol name");
            assert!(known.insert(slug.clone()), "{slug}");
        }
    }
}

#[test]
fn every_row_has_words() {
    for entry in VENDORS.iter().flat_map(Registry::entries) {
        let (id, row) = (entry.id(), entry.row);
        let words = &row.words;
        assert!(!row.name.ends_with('.'), "{id}: {}", row.name);
        assert!(
            words.meaning.english().ends_with(['.', '"']),
            "{id}: {}",
            words.meaning
        );
        let gist = entry.gist().to_string();
        assert!(gist.ends_with('.'), "{id}: {gist}");
        assert!(gist.len() <= 160, "{id}: {gist}");
        assert!(!words.advice.is_empty(), "{id} has no advice");
        for advice in words.advice {
            for text in [advice.cause, advice.fix] {
                assert!(text.english().ends_with('.'), "{id}: {text}");
            }
        }
        let is_reported = row.name.ends_with("(reported)");
        assert_eq!(
            is_reported,
            words.meaning.english().starts_with("Reported:"),
            "{id}"
        );
        // What is in no Close frame is made up by a library.
        if !may_stand_in_close(row.from) {
            assert_eq!(row.sent_by, SentBy::Nobody, "{id}");
        }
    }
}

#[test]
fn a_band_lies_in_one_kind_of_codes() {
    for entry in VENDORS.iter().flat_map(Registry::entries) {
        let is_application = |number| (3000..=4999).contains(&number);
        let is_whole = is_application(entry.row.from) == is_application(entry.row.to);
        assert!(is_whole, "{} lies in two kinds of codes", entry.id());
        assert!(
            is_application(entry.row.from) || entry.number.is_some(),
            "{}: a band of protocol codes",
            entry.id()
        );
    }
}

#[test]
fn every_row_is_found_by_its_id_and_by_its_name() {
    for entry in VENDORS.iter().flat_map(Registry::entries) {
        let id = entry.id();
        let (status, answer, error) = run(&["explain", &id]);
        assert_eq!(status, Status::Fine, "{id}: {error}");
        assert!(answer.starts_with(&id), "{answer}");
        let is_narrow = |line: &str| line.chars().count() <= 80 || line.starts_with("  source ");
        assert!(answer.lines().all(is_narrow), "{answer}");
        let slug = format!("{}:{}", entry.registry.vendor, slug(entry.row.name));
        let found = topic::find_in(&slug, Registries::default()).expect(&slug);
        assert!(found.iter().any(|topic| topic.id() == id), "{slug}");
        let (status, _, error) = run(&["compare", &id, "1000"]);
        assert_eq!(status, Status::Fine, "{id}: {error}");
    }
}

#[test]
fn an_application_code_names_every_vendor_that_uses_it() {
    for number in 3000..=4999 {
        let expected: BTreeSet<&str> = VENDORS
            .iter()
            .filter(|registry| {
                let holds = |row: &Registered| (row.from..=row.to).contains(&number);
                registry.rows.iter().any(holds)
            })
            .map(|registry| registry.vendor)
            .collect();
        let uses = Registries::default().used_by(number);
        let named = uses.iter().map(|known| known.registry.vendor).collect();
        assert_eq!(expected, named, "{number}");
    }
    let (_, answer, _) = run(&["explain", "4004"]);
    for vendor in [
        "discord-gateway",
        "pusher",
        "obs-websocket",
        "twitch-eventsub",
    ] {
        assert!(
            answer.contains(&format!("\n  {vendor} ")),
            "{vendor}\n{answer}"
        );
    }
}

/// The vendors' own words on what a client should do, where the vendor has them.
#[test]
fn reconnecting_is_as_the_vendor_says() {
    for (vendor, number, reconnect) in [
        ("discord-gateway", 4000, Reconnect::Yes),
        ("discord-gateway", 4004, Reconnect::No),
        ("discord-gateway", 4014, Reconnect::No),
        ("discord-voice", 4014, Reconnect::No),
        ("discord-voice", 4015, Reconnect::Yes),
        ("pusher", 4050, Reconnect::AfterFix),
        ("pusher", 4150, Reconnect::Backoff),
        ("pusher", 4250, Reconnect::Yes),
        ("obs-websocket", 4011, Reconnect::No),
        ("centrifugo", 3012, Reconnect::Yes),
        ("centrifugo", 4600, Reconnect::No),
        ("liveblocks", 4999, Reconnect::No),
        ("discord-gateway", 4008, Reconnect::Yes),
    ] {
        let chosen = Registries::default().choosing(vendor).expect(vendor);
        let entry = chosen.definite(number).expect(vendor);
        assert_eq!(entry.row.reconnect, reconnect, "{vendor}:{number}");
        assert!(entry.row.is_vendors_advice, "{vendor}:{number}");
    }
    // Where the vendor says nothing the advice is ours, and said to be.
    for (vendor, number) in [
        ("discord-voice", 4002),
        ("discord-rpc", 4000),
        ("spring", 4500),
        ("twitch-eventsub", 4005),
        ("gemini-live", 1011),
    ] {
        let chosen = Registries::default().choosing(vendor).expect(vendor);
        let entry = chosen.definite(number).expect(vendor);
        assert!(!entry.row.is_vendors_advice, "{vendor}:{number}");
    }
}

/// A protocol's name for a code is never hidden by a vendor's.
#[test]
fn registries_change_nothing_about_protocol_names() {
    for topic in topic::all() {
        for name in topic::names(&topic) {
            let ids = |found: Vec<Topic>| found.iter().map(Topic::id).collect::<Vec<_>>();
            let alone = topic::find(name).expect(name);
            let among = topic::find_in(name, Registries::default()).expect(name);
            // A protocol's messages may have the name of what stands between the ends.
            let among = among.into_iter();
            let among = among.filter(|topic| !matches!(topic, Topic::Protocol(_)));
            assert_eq!(ids(alone), ids(among.collect()), "{name}");
        }
    }
}

/// Whatever a file holds, it is read or refused with one of its lines, and what is said of it can
/// be shown as it is.
#[test]
fn a_changed_file_is_read_or_refused_in_one_line() {
    let mut random = fastrand::Rng::with_seed(4004);
    let mut refused = 0;
    for (_, text) in files() {
        for _ in 0..40 {
            let mut bytes = text.as_bytes().to_vec();
            bytes.truncate(600);
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                match random.u8(..3) {
                    0 => bytes[at] = random.u8(..),
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b"[]{}\"'=\n.#\x1b9"[random.usize(..12)]),
                }
            }
            if let Err(malformed) = read(&bytes, Owner::User) {
                refused += 1;
                let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
                assert!((1..=lines).contains(&malformed.line), "{malformed}");
                let said = malformed.to_string();
                assert!(said.chars().all(wsclose::escape::is_plain), "{said:?}");
            }
        }
    }
    assert!(refused > 100, "only {refused} were refused");
}

#[test]
fn a_service_without_codes_is_said_to_have_none() {
    for service in &WITHOUT_CODES {
        assert!(service.source.starts_with("https://"), "{}", service.title);
        assert!(
            !service.instead.english().ends_with('.'),
            "{}",
            service.title
        );
        for name in [&service.title].into_iter().chain(service.also) {
            let (status, out, err) = run(&["explain", name]);
            let is_told = |text: &str| {
                let text = text.replace('\n', " ");
                let words: Vec<&str> = text.split_whitespace().collect();
                let text = words.join(" ");
                // Where the page of a library answers, it tells.
                text.contains("no close codes of its own")
                    || text.contains("no close codes of their own")
                    || text.contains("never sends a code")
            };
            assert!(
                is_told(&out) || (status == Status::NoAnswer && is_told(&err)),
                "{name}: {out}{err}"
            );
            let (status, _, err) = run(&["list", "--vendor", name]);
            assert!(status == Status::NoAnswer && is_told(&err), "{name}: {err}");
        }
    }
}

#[test]
fn what_a_registry_says_stays_as_it_is_in_every_language() {
    let ours = &CODES[1].words;
    let (meaning, advice) = (ours.meaning.english(), &ours.advice[0]);
    let (cause, fix) = (advice.cause.english(), advice.fix.english());
    let text = format!(
        "vendor = \"acme\"\ntitle = \"Acme\"\n[[code]]\ncode = 4001\nname = \"A\"\nmeaning = {meaning:?}\n\
         reconnect = \"no\"\ncauses = [{cause:?}]\nfixes = [{fix:?}]\n"
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("in-our-words.toml");
    std::fs::write(&path, text).expect("it can be written");
    let path = path.to_str().expect("it is text");
    for form in [&["--json"][..], &[]] {
        let asked = ["--lang", "fr", "explain", "acme:4001", "--registry", path];
        let (_, out, err) = run(&[&asked, form].concat());
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in [meaning, cause, fix] {
            assert!(words(&out).contains(&words(text)), "{text:?} in {out}{err}");
        }
    }
}
