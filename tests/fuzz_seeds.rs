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
