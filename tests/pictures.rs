//! The pictures in README: what the program prints in colour about real traffic, as SVG.
//!
//! They are committed, and this keeps them true. `UPDATE=1 cargo test` draws them.

#![cfg(unix)]

mod common;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term};

/// The pictures: a file in `docs/`, and the capture in `tests/captures/` that it shows.
const PICTURES: [(&str, &str); 3] = [
    ("text-not-utf8", "b35_1007_badutf8text_raw_pyws"),
    ("close-reason-not-utf8", "b18_1007_badutf8reason_raw_ws"),
    ("cut-short", "c05_1006_fin_mid_frame_ws_raw"),
];

/// Of more bytes the command in the picture names a file.
const TYPED: usize = 100;

#[test]
fn pictures_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (name, capture) in PICTURES {
        let capture = root.join(format!("tests/captures/{capture}.json"));
        let drawn = draw(name, &bytes(&capture));
        let path = root.join(format!("docs/{name}.svg"));
        if env::var_os("UPDATE").is_some() {
            fs::create_dir_all(root.join("docs")).expect("it can be made");
            fs::write(&path, &drawn).expect("it can be written");
        }
        if !fs::read_to_string(&path).is_ok_and(|written| written == drawn) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; UPDATE=1 cargo test draws them"
    );
}

/// An image without words is nothing to those who do not see it.
#[test]
fn readme_shows_each_picture_and_says_what_is_in_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).expect("it is text");
    for (name, _) in PICTURES {
        let words = readme.split("![").skip(1).find_map(|image| {
            let (words, rest) = image.split_once("](")?;
            rest.starts_with(&format!("docs/{name}.svg)"))
                .then_some(words)
        });
        assert!(words.is_some_and(|words| words.len() > 60), "{name}.svg");
    }
}

/// All bytes of a capture, in the order in which they came.
fn bytes(path: &Path) -> Vec<u8> {
    let text = fs::read_to_string(path).expect("it is text");
    let capture: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let chunks = capture["chunks"].as_array().expect("there are chunks");
    let chunks = chunks.iter().map(|chunk| chunk[1].as_str().expect("hex"));
    hex::decode(chunks.collect::<String>()).expect("it is hex")
}

/// A screen with a command and what it prints.
fn draw(name: &str, bytes: &[u8]) -> String {
    let folder = env::temp_dir().join(format!("wsclose-pictures-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let (typed, arguments) = if bytes.len() <= TYPED {
        let hex = hex::encode(bytes);
        let pieces: Vec<&str> = (0..hex.len())
            .step_by(48)
            .map(|from| &hex[from..hex.len().min(from + 48)])
            .collect();
        (pieces.join(" \\\n    "), vec![hex])
    } else {
        let file = format!("{name}.bin");
        fs::write(folder.join(&file), bytes).expect("it can be written");
        (format!("--file {file}"), vec!["--file".to_owned(), file])
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    let output = common::bare(&mut command)
        .args(["--color", "always", "decode-frame"])
        .args(arguments)
        .current_dir(&folder)
        .env("COLUMNS", "80")
        .output()
        .expect("it runs");
    fs::remove_dir_all(folder).expect("it is there");
    let printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let screen = format!("$ \u{1b}[1mwsclose decode-frame {typed}\u{1b}[0m\n{printed}");
    scalable(&term().render_svg(screen.trim_end()))
}

/// Colours that are told apart on a dark ground, also by those who do not tell red from green.
fn term() -> Term {
    let rgb = |[red, green, blue]: [u8; 3]| RgbColor(red, green, blue);
    let colors = [
        [0x1b, 0x1f, 0x27],
        [0xff, 0x6b, 0x6b],
        [0x7e, 0xe0, 0x8a],
        [0xe9, 0xc4, 0x6a],
        [0x6c, 0xb6, 0xff],
        [0xd2, 0xa8, 0xff],
        [0x56, 0xd4, 0xdd],
        [0xd7, 0xdd, 0xe5],
    ];
    let colors = colors.map(rgb);
    let both = std::array::from_fn(|index| colors[index % 8]);
    Term::new()
        .palette(Palette(both))
        .fg_color(Color::Rgb(colors[7]))
        .bg_color(Color::Rgb(colors[0]))
        .min_width_px(0)
}

/// With the size as a view box too, so that a narrower page shows the picture smaller and not cut;
/// and with a quieter tone that browsers follow: inside a text they ignore `opacity`.
fn scalable(svg: &str) -> String {
    let number = |name: &str| {
        let (_, rest) = svg.split_once(&format!("{name}=\"")).expect("a size");
        rest.split_once("px\"").expect("in pixels").0
    };
    let view = format!("viewBox=\"0 0 {} {}\"", number("width"), number("height"));
    svg.replacen("<svg ", &format!("<svg {view} "), 1).replacen(
        "{ opacity: 0.4; }",
        "{ fill-opacity: 0.65; }",
        1,
    )
}
