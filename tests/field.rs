//! What holds for the tables of implementations, timers and fingerprints.

use std::collections::HashSet;

use wsclose::field::{self, CASES, Section, Shown, Wire, fingerprints, timers};
use wsclose::{rules, topic};

#[test]
fn every_statement_has_a_source() {
    let is_source = |source: &str| {
        ["measured", "read in ", "documented in ", "reported in "]
            .iter()
            .any(|start| source.starts_with(start))
    };
    for implementation in field::implementations() {
        let id = implementation.id();
        assert!(!implementation.name().is_empty(), "{id}");
        assert!(implementation.rows().count() > 0, "{id}");
        for row in implementation.rows() {
            assert!(is_source(row.source()), "{id}: {}", row.source());
            assert!(row.outcomes().count() > 0, "{id} {}", row.version());
        }
        for statement in implementation.surprises().chain(implementation.limits()) {
            assert!(is_source(statement.source), "{id}: {}", statement.text);
        }
        for surprise in implementation.surprises() {
            assert!(
                surprise.text.ends_with(['.', ')']) && surprise.text.chars().count() > 20,
                "{id}: {}",
                surprise.text
            );
        }
    }
    for timer in timers::timers() {
        assert!(is_source(timer.source), "{}: {}", timer.who, timer.source);
        assert!(
            !timer.change.is_empty() && timer.seconds > 0,
            "{}",
            timer.who
        );
    }
    for fingerprint in fingerprints::fingerprints() {
        assert!(is_source(fingerprint.source()), "{}", fingerprint.pattern());
        assert!(!fingerprint.senders().is_empty());
    }
}

#[test]
fn every_name_names_one_implementation_and_nothing_else() {
    let mut seen = HashSet::new();
    for implementation in field::implementations() {
        let id = implementation.id();
        assert_eq!(id, id.to_lowercase());
        for name in std::iter::once(id).chain(implementation.aliases()) {
            assert!(seen.insert(name), "{name} stands there twice");
            let found = field::find(name).expect(name);
            assert_eq!(found.id(), id, "{name}");
        }
        assert_eq!(
            field::find(implementation.name()).map(|it| it.id()),
            Some(id)
        );
    }
    for topic in topic::all() {
        for name in topic::names(&topic) {
            assert!(field::find(name).is_none(), "{name}");
        }
    }
}

#[test]
fn every_id_that_a_timer_names_exists_and_timers_are_sorted() {
    let all: Vec<timers::Timer> = timers::timers().collect();
    assert!(
        all.windows(2)
            .all(|pair| pair[0].seconds <= pair[1].seconds)
    );
    for timer in all {
        assert!(
            timer.implementation.is_empty() || timer.page().is_some(),
            "{}",
            timer.who
        );
    }
}

#[test]
fn every_fault_that_breaks_a_rule_names_one() {
    for case in CASES {
        if let Some(rule) = case.rule {
            assert!(rules::lookup(rule).is_some(), "{rule}");
        }
        assert_eq!(case.what.is_empty(), case.id.parse::<u16>().is_ok());
    }
}

/// What the tables must not lose when they are corrected: a sample of the surprises, as cells.
#[test]
fn the_cells_say_what_was_measured() {
    let outcome = |id: &str, variant: &str, section: Section, case: &str| {
        let implementation = field::find(id).expect(id);
        let row = implementation
            .rows()
            .find(|row| variant.is_empty() || row.variant() == variant);
        let place = CASES
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
