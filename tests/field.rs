//! What holds for the tables of implementations, timers and fingerprints.

use std::collections::HashSet;

use wsclose::facts::field::{self, Api, Section, TRIALS, Wire, fingerprints, timers};
use wsclose::rules;
use wsclose::topic::{self, Topic};

#[test]
fn every_row_says_something() {
    for implementation in field::implementations() {
        let id = implementation.id();
        assert!(!implementation.name().is_empty(), "{id}");
        assert!(implementation.rows().count() > 0, "{id}");
        for row in implementation.rows() {
            assert!(row.outcomes().count() > 0, "{id} {}", row.version());
        }
        for surprise in implementation.surprises() {
            let text = surprise.text.english();
            assert!(
                text.ends_with(['.', ')']) && text.chars().count() > 20,
                "{id}: {text}"
            );
        }
    }
    for timer in timers::timers() {
        assert!(
            !timer.change.english().is_empty() && timer.seconds > 0,
            "{}",
            timer.who
        );
    }
    for fingerprint in fingerprints::fingerprints() {
        assert!(!fingerprint.senders.is_empty(), "{}", fingerprint.pattern);
    }
}

#[test]
fn every_name_names_one_implementation_and_nothing_else() {
    let mut seen = HashSet::new();
    for implementation in field::implementations() {
        let id = implementation.id();
        assert_eq!(id, id.to_lowercase());
        for name in std::iter::once(id).chain(implementation.aliases().iter().copied()) {
            assert!(seen.insert(name), "{name} stands there twice");
            let found = field::find(name).expect(name);
            assert_eq!(found.id(), id, "{name}");
        }
        assert_eq!(
            field::find(implementation.name()).map(|it| it.id()),
            Some(id)
        );
    }
    // What was measured of an intermediary stands behind the page of that name.
    let is_between = |topic: &Topic| matches!(topic, Topic::Intermediary(_));
    for topic in topic::all().filter(|topic| !is_between(topic)) {
        for name in topic::names(&topic) {
            assert!(field::find(name).is_none(), "{name}");
        }
    }
}

#[test]
fn timers_are_sorted() {
    let all: Vec<u32> = timers::timers().map(|timer| timer.seconds).collect();
    assert!(all.is_sorted());
}

#[test]
fn every_fault_that_breaks_a_rule_names_one() {
    for trial in &TRIALS {
        for rule in trial.rules {
            assert!(rules::lookup(rule).is_some(), "{rule}");
        }
        assert_eq!(trial.what.is_none(), trial.id.parse::<u16>().is_ok());
    }
}

/// What the tables must not lose when they are corrected: a sample of the surprises, as cells.
#[test]
fn the_cells_say_what_was_measured() {
    let outcome = |id: &str, variant: &str, section: Section, case: &str| {
        let implementation = field::find(id).expect(id);
        let row = implementation.rows().find(|row| {
            variant.is_empty() || row.variant().is_some_and(|it| it.english() == variant)
        });
        let place = TRIALS
            .iter()
            .position(|known| known.section == section && known.id == case)
            .expect(case);
        row.and_then(|row| row.outcome(place)).expect(case)
    };
    let of = |id: &str, section, case: &str| outcome(id, "", section, case);
    assert_eq!(of("deno", Section::End, "fin").api, Api::Code(0));
    assert_eq!(of("hypercorn", Section::Close, "1000").api, Api::Code(1006));
    assert_eq!(of("hypercorn", Section::Close, "1000").wire, Wire::Same);
    let vanished = outcome("uvicorn", "ws=\"websockets-sansio\"", Section::End, "reset");
    assert_eq!(vanished.api, Api::Code(1005));
    assert_eq!(of("qt", Section::End, "reset").api, Api::Code(1000));
    assert_eq!(of("undertow", Section::End, "fin").api, Api::Code(1001));
    assert_eq!(
        of("tungstenite", Section::Close, "1014").wire,
        Wire::Close(1002)
    );
    assert_eq!(
        of("chromium", Section::Fault, "text-not-utf8").wire,
        Wire::Close(1002)
    );
    assert_eq!(
        of("firefox", Section::Fault, "text-not-utf8").wire,
        Wire::Drop
    );
    assert_eq!(of("gobwas", Section::Close, "1014").wire, Wire::Garbled);
    // What the measuring programs did themselves stands in no row.
    assert_eq!(of("x-net", Section::Close, "1000").wire, Wire::Application);
    assert_eq!(of("poco", Section::Close, "1000").wire, Wire::Application);
    assert_eq!(of("okhttp", Section::Close, "1000").wire, Wire::Application);
    assert_eq!(of("lua-http", Section::End, "fin").wire, Wire::Unknown);
    // aiohttp as web.run_app runs it, which handles the signals itself.
    for signal in ["sigterm", "sigint"] {
        let outcome = of("aiohttp", Section::Life, signal);
        assert_eq!((outcome.wire, outcome.after), (Wire::Drop, Some(121)));
    }
    assert_eq!(of("gun", Section::Send, "reason-of-124").wire, Wire::Drop);
}

/// A number that nobody can change is of no use to a person whose message is larger.
#[test]
fn a_default_has_its_setting_beside_it() {
    for (implementation, limit) in field::message_limits() {
        let (id, text) = (implementation.id(), limit.text.english());
        assert!(limit.counts.is_some(), "{id}: {text}");
        let is_number = text.starts_with(|first: char| first.is_ascii_digit());
        assert!(!is_number || limit.setting.is_some(), "{id}: {text}");
    }
    for timer in timers::timers() {
        let is_reported = timer.source.to_string().starts_with("reported");
        assert!(timer.setting.is_some() || is_reported, "{}", timer.who);
    }
    let known = ["ws", "tomcat", "jetty", "bun", "faye", "axum", "hypercorn"];
    for id in known {
        let has_one =
            field::message_limits().any(|(it, limit)| it.id() == id && limit.setting.is_some());
        assert!(has_one, "{id}");
    }
}

/// What a timer says of its own application is what was measured of it.
#[test]
fn a_close_that_nobody_answers_ends_as_it_was_measured() {
    let trial = TRIALS
        .iter()
        .position(|trial| trial.id == "close-unanswered");
    let trial = trial.expect("it was tried");
    let mut compared = 0;
    for timer in timers::timers().filter(|timer| timer.from == timers::From::Close) {
        let rows = timer.page().into_iter().flat_map(|page| page.rows());
        for outcome in rows.filter_map(|row| row.outcome(trial)) {
            let (Api::Code(code), Some(after)) = (outcome.api, outcome.after) else {
                continue;
            };
            let shown = u16::try_from(code).expect("it is a code");
            assert!(timer.codes.contains(&shown), "{}: {shown}", timer.who);
            let runs = timer.seconds..=timer.most;
            assert!(runs.contains(&u32::from(after)), "{}: {after} s", timer.who);
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared}");
}

/// A script in a web page cannot send a ping, and who reads advice may have nothing else: it says who pings.
#[test]
fn nobody_is_told_to_ping_without_a_word_on_who_can() {
    const TOLD: [&str; 9] = [
        "= \"ping ",
        ". ping ",
        "; ping ",
        ": ping ",
        "| ping ",
        "   ping ",
        "send a ping",
        "send pings",
        " or ping ",
    ];
    let mut folders = vec![std::path::PathBuf::from("src/facts"), "src/words".into()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            match path.extension().and_then(|ending| ending.to_str()) {
                None => folders.push(path),
                Some("toml" | "txt") => files.push(path),
                Some(_) => {}
            }
        }
    }
    assert!(files.len() > 50, "{}", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        for line in text.lines().filter(|line| {
            // What is matched, and not said.
            !line.starts_with(['#', ' '])
                && ![
                    "words", "limit", "ping", "pong", "example", "needles", "patterns", "means",
                ]
                .iter()
                .any(|key| line.starts_with(key))
        }) {
            let small = line.to_lowercase();
            let told = TOLD.iter().find(|told| small.contains(*told));
            assert!(told.is_none(), "{}: {line}", path.display());
        }
    }
}

/// Who reads that a limit is on the other side wants to know how it is called there.
#[test]
fn a_reason_that_tells_of_a_limit_names_its_setting() {
    for fingerprint in fingerprints::fingerprints() {
        let says = fingerprint.meaning.map_or("", |says| says.english());
        let tells = says.starts_with("the limit is on that side");
        assert!(
            !tells || says.contains(": "),
            "{}: {says}",
            fingerprint.pattern
        );
    }
}
