//! What holds for the tables of implementations, timers and fingerprints.

use std::collections::HashSet;

use wsclose::facts::field::{self, Section, Shown, TRIALS, Wire, fingerprints, timers};
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
    assert_eq!(of("deno", Section::End, "fin").shown, Shown::Code(0));
    assert_eq!(
        of("hypercorn", Section::Close, "1000").shown,
        Shown::Code(1006)
    );
    assert_eq!(of("hypercorn", Section::Close, "1000").wire, Wire::Same);
    let vanished = outcome("uvicorn", "ws=\"websockets-sansio\"", Section::End, "reset");
    assert_eq!(vanished.shown, Shown::Code(1005));
    assert_eq!(of("qt", Section::End, "reset").shown, Shown::Code(1000));
    assert_eq!(of("undertow", Section::End, "fin").shown, Shown::Code(1001));
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
}
