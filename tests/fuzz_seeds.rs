//! The seeds of the fuzz targets, checked without a fuzzer.

use std::fs;
use std::path::Path;

// There it is a library, of which these functions are the outside.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Calls `target` with each of its seeds.
fn replay(name: &str, target: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    let mut count = 0;
    for entry in fs::read_dir(&seeds).expect("the seeds are there") {
        let path = entry.expect("it can be listed").path();
        // Seen where the target panics.
        println!("{}", path.display());
        target(&fs::read(&path).expect("it can be read"));
        count += 1;
    }
    assert!(count > 5, "{count} seeds for {name}");
}

#[test]
fn frames() {
    replay("frames", targets::frames);
}

#[test]
fn input() {
    replay("input", targets::input);
}

#[test]
fn extensions() {
    replay("extensions", targets::extensions);
}

#[test]
fn inflate() {
    replay("inflate", targets::inflate);
}

#[test]
fn logline() {
    replay("logline", targets::logline);
}

#[test]
fn capture() {
    replay("capture", targets::capture);
}

#[test]
fn har() {
    replay("har", targets::har);
}

#[test]
fn packet() {
    replay("packet", targets::packet);
}

#[test]
fn reassembly() {
    replay("reassembly", targets::reassembly);
}

#[test]
fn recording() {
    replay("recording", targets::recording);
}

#[test]
fn keylog() {
    replay("keylog", targets::keylog);
}

#[test]
fn tls() {
    replay("tls", targets::tls);
}

#[test]
fn hpack() {
    replay("hpack", targets::hpack);
}

#[test]
fn http2() {
    replay("http2", targets::http2);
}

/// What is near a seed is read too, whatever is wrong with it.
#[test]
fn seeds_that_are_damaged_are_read_without_a_panic() {
    type Target = (&'static str, fn(&[u8]));
    let all: [Target; 4] = [
        ("keylog", targets::keylog),
        ("tls", targets::tls),
        ("hpack", targets::hpack),
        ("http2", targets::http2),
    ];
    let mut random = fastrand::Rng::with_seed(15);
    for (name, target) in all {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/seeds")
            .join(name);
        for entry in fs::read_dir(&seeds).expect("the seeds are there") {
            let seed = fs::read(entry.expect("it can be listed").path()).expect("it can be read");
            for _ in 0..60 {
                let mut bytes = seed.clone();
                for _ in 0..random.usize(1..8) {
                    let at = random.usize(..bytes.len());
                    match random.u8(..4) {
                        0 => bytes[at] = random.u8(..),
                        1 => bytes[at] ^= 1 << random.u8(..8),
                        2 => drop(bytes.drain(at..bytes.len().min(at + random.usize(1..40)))),
                        _ => bytes.insert(at, random.u8(..)),
                    }
                    if bytes.is_empty() {
                        break;
                    }
                }
                target(&bytes);
            }
        }
    }
}

#[test]
fn finder() {
    replay("finder", targets::finder);
}
