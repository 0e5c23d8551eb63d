//! The house is built as its map says: `src/lib.rs` names the rooms from the ground up, and a room
//! knows only rooms that stand before it there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The rooms of the map, in its order.
fn rooms() -> Vec<String> {
    let map = fs::read_to_string(source().join("lib.rs")).expect("the map is there");
    let lines = map.lines().filter_map(|line| line.strip_prefix("//! - "));
    lines
        .flat_map(|line| {
            let names = line.split(": ").next().unwrap_or_default();
            let names = names.split('`').skip(1).step_by(2);
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

/// The files of a room, but for its tests.
fn files(room: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![source().join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("it can be listed").path();
            let is_test = |name: &str| name == "tests.rs" || name.starts_with("samples");
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if is_test(name) {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.push(source().join(format!("{room}.rs")));
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    found.retain(|path| path.exists());
    found
}

/// The rooms that a source names behind `crate::`, with the lines.
fn known_by(text: &str) -> Vec<(usize, String)> {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for after in code.split("crate::").skip(1) {
            // `crate::{one, other}` is two of them; rustfmt keeps rooms' own braces behind `::`.
            let (inside, _) = after.split_once('}').unwrap_or((after, ""));
            let names = match inside.strip_prefix('{') {
                Some(several) => several.split(',').collect::<Vec<_>>(),
                None => vec![after],
            };
            let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            for name in names {
                let letters = name.trim().chars();
                found.push((
                    number + 1,
                    letters.take_while(|letter| is_name(*letter)).collect(),
                ));
            }
        }
    }
    found
}

#[test]
fn every_room_is_on_the_map() {
    let rooms: BTreeSet<String> = rooms().into_iter().collect();
    let library = fs::read_to_string(source().join("lib.rs")).expect("it is there");
    let declared: BTreeSet<String> = library
        .lines()
        .map(|line| line.strip_prefix("pub ").unwrap_or(line))
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    assert_eq!(rooms, declared);
}

#[test]
fn a_room_knows_only_rooms_below_it() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for (place, room) in rooms.iter().enumerate() {
        let files = files(room);
        assert!(!files.is_empty(), "{room} has no files");
        for path in files {
            let text = fs::read_to_string(&path).expect("it is text");
            for (line, known) in known_by(&text) {
                let is_below = rooms.iter().take(place + 1).any(|below| *below == known);
                if !is_below && rooms.contains(&known) {
                    faults.push(format!(
                        "{}:{line}: `{room}` knows `{known}`",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A program that reads with the library takes on no command line: what it brings is counted.
#[test]
fn the_library_alone_brings_few_crates() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args(["--edges", "normal", "--no-default-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo is there");
    let said = String::from_utf8_lossy(&tree.stderr);
    assert!(tree.status.success(), "{said}");
    let tree = String::from_utf8(tree.stdout).expect("it is text");
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "wsclose")
        .collect();
    assert!(crates.len() > 3, "{crates:?}");
    assert!(crates.len() <= 15, "{}: {crates:?}", crates.len());
}
