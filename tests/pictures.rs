//! The pictures in README and under `docs/`: what the program prints in colour about real traffic, as SVG.
//!
//! They are committed, and this keeps them true. `UPDATE=1 cargo test` draws them.

#![cfg(unix)]

mod common;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term};

/// The pictures: a file in `docs/`, and what it shows.
const PICTURES: [(&str, Shown); 5] = [
    ("1006", Shown::Answer("1006", None)),
    (
        "capture",
        Shown::Answer(
            "trace.pcapng --connection 1",
            Some(("trace.pcapng", "d20_nginx_idle_timeout_undici_pyws.pcapng")),
        ),
    ),
    (
        "text-not-utf8",
        Shown::Frames("b35_1007_badutf8text_raw_pyws"),
    ),
    (
        "close-reason-not-utf8",
        Shown::Frames("b18_1007_badutf8reason_raw_ws"),
    ),
    ("cut-short", Shown::Frames("c05_1006_fin_mid_frame_ws_raw")),
];

/// What a picture shows.
enum Shown {
    /// All bytes of a capture in `tests/captures/`, decoded.
    Frames(&'static str),
    /// The answer to what is typed behind the program's name; and a file of `tests/captures/`
    /// under the name that it has there.
    Answer(&'static str, Option<(&'static str, &'static str)>),
}

/// Of more bytes the command in the picture names a file.
const TYPED: usize = 100;
/// Of a longer answer a picture shows the beginning, as a screen does.
const LINES: usize = 46;

#[test]
fn pictures_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (name, shown) in PICTURES {
        let drawn = draw(name, &shown);
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
fn each_picture_is_shown_and_said_in_words() {
    let pages = common::documents();
    let pages: Vec<String> = pages
        .iter()
        .map(|page| fs::read_to_string(page).expect("it is text"))
        .collect();
    for (name, _) in PICTURES {
        let mut shown = 0;
        for image in pages.iter().flat_map(|page| page.split("![").skip(1)) {
            let Some((words, rest)) = image.split_once("](") else {
                continue;
            };
            let (target, _) = rest.split_once(')').expect("a target ends");
            if target.rsplit('/').next() == Some(&format!("{name}.svg")) {
                assert!(words.chars().count() > 60, "{name}.svg: {words}");
                shown += 1;
            }
        }
        assert!(shown > 0, "no page shows {name}.svg");
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
fn draw(name: &str, shown: &Shown) -> String {
    let folder = env::temp_dir().join(format!("wsclose-pictures-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let (typed, arguments) = match shown {
        Shown::Frames(capture) => {
            let bytes = bytes(&captures.join(format!("{capture}.json")));
            frames(name, &bytes, &folder)
        }
        Shown::Answer(typed, file) => {
            if let Some((known_as, capture)) = file {
                fs::copy(captures.join(capture), folder.join(known_as)).expect("it is there");
            }
            let arguments = typed.split(' ').map(str::to_owned).collect();
            ((*typed).to_owned(), arguments)
        }
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    let output = common::bare(&mut command)
        .args(["--color", "always"])
        .args(arguments)
        .current_dir(&folder)
        .env("COLUMNS", "80")
        .output()
        .expect("it runs");
    fs::remove_dir_all(folder).expect("it is there");
    let printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let screen = format!(
        "$ \u{1b}[1mwsclose {typed}\u{1b}[0m\n{}",
        match shown {
            Shown::Frames(_) => printed,
            Shown::Answer(..) => beginning(&printed),
        }
    );
    scalable(&term().render_svg(screen.trim_end()))
}

/// What is typed to decode bytes, in short and in full: they stand there, or in a file.
fn frames(name: &str, bytes: &[u8], folder: &Path) -> (String, Vec<String>) {
    let mut arguments = vec!["decode-frame".to_owned()];
    let typed = if bytes.len() <= TYPED {
        let hex = hex::encode(bytes);
        let pieces: Vec<&str> = (0..hex.len())
            .step_by(48)
            .map(|from| &hex[from..hex.len().min(from + 48)])
            .collect();
        let typed = pieces.join(" \\\n    ");
        arguments.push(hex);
        typed
    } else {
        let file = format!("{name}.bin");
        fs::write(folder.join(&file), bytes).expect("it can be written");
        let typed = format!("--file {file}");
        arguments.extend(["--file".to_owned(), file]);
        typed
    };
    (format!("decode-frame {typed}"), arguments)
}

/// The first lines of an answer, whole paragraphs where that is possible.
fn beginning(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    if lines.len() <= LINES {
        return printed.to_owned();
    }
    let kept = &lines[..LINES];
    let end = kept.iter().rposition(|line| line.is_empty());
    let end = end.filter(|end| *end > LINES / 2).unwrap_or(LINES);
    format!("{}\n\n…", kept[..end].join("\n"))
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
