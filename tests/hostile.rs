//! Text from the wire, from a file name and from the command line that tries to repaint, reverse
//! or empty the screen: none of it reaches a terminal or a line of JSON but as an escape.
//!
//! What may be shown is decided here by tables of another origin than the program's.

mod common;

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use common::run_at;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_width::UnicodeWidthStr;
use wsclose::escape::{escape, escape_bytes};

/// Characters of no width that count as letters, marks or symbols. With the categories below these
/// are all of the property `Default_Ignorable_Code_Point`, and the empty Braille pattern.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character may be printed as it is.
fn may_be_shown(character: char) -> bool {
    use GeneralCategory::{
        Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Surrogate,
        Unassigned,
    };
    let category = match character.general_category() {
        // A standard library newer than the tables here knows more characters.
        Unassigned if char::UNICODE_VERSION.0 as u64 > unicode_properties::UNICODE_VERSION.0 => {
            return !is_noncharacter(character);
        }
        category => category,
    };
    let is_ink = !matches!(
        category,
        Control
            | Format
            | LineSeparator
            | ParagraphSeparator
            | PrivateUse
            | SpaceSeparator
            | Surrogate
            | Unassigned
    );
    character == ' ' || is_ink && !is_unseen(character)
}

fn is_noncharacter(character: char) -> bool {
    matches!(u32::from(character), 0xfdd0..=0xfdef) || u32::from(character) & 0xfffe == 0xfffe
}

/// What a command prints, on both streams.
fn printed(arguments: &[&str], width: usize) -> String {
    let (_, out, err) = run_at(width, arguments);
    out + &err
}

/// Tells the files of tests apart that run at the same time.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// What `decode-frame` prints of a stream, in every way.
fn decoded(bytes: &[u8], width: usize) -> Vec<String> {
    let name = format!(
        "wsclose-{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Relaxed)
    );
    let path = std::env::temp_dir().join(name);
    fs::write(&path, bytes).expect("it can be written");
    let path_text = path.to_str().expect("it is text");
    let ways: [&[&str]; 3] = [&[], &["--summary"], &["--json"]];
    let all = ways.iter().map(|way| {
        let arguments = ["decode-frame", "--input", "binary", "--file", path_text];
        printed(&[&arguments[..], way].concat(), width)
    });
    let all = all.collect();
    fs::remove_file(path).expect("it is there");
    all
}

fn assert_harmless(printed: &str) {
    let wrong = |character: &char| *character != '\n' && !may_be_shown(*character);
    if let Some(character) = printed.chars().find(wrong) {
        let line = printed.lines().find(|line| line.contains(character));
        panic!("{character:?} in {line:?}");
    }
}

/// An unmasked frame.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(short as u8),
        long => {
            bytes.push(126);
            bytes.extend((long as u16).to_be_bytes());
        }
    }
    bytes.extend(payload);
    bytes
}

/// The sequences that do harm as they stand, and the characters that hide or turn others.
const HOSTILE: [&str; 14] = [
    "\u{1b}[2J\u{1b}[31mgone",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;http://example.com\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{9b}31m\u{9d}0;t\u{9c}\u{90}q\u{9c}",
    "over\rwrite\u{8}\u{8}\u{b}\u{c}\n\ttab",
    "\u{202e}live\u{202c}\u{2066}x\u{2069}\u{200f}\u{61c}",
    "a\u{200b}b\u{200d}c\u{2060}d\u{feff}e\u{ad}f",
    "\u{fff9}ruby\u{fffa}text\u{fffb}",
    "\u{e0001}\u{e0041}\u{e007f}",
    "\u{fe0e}\u{fe0f}\u{e0100}\u{180b}",
    "\u{e000}\u{f8ff}\u{f0000}\u{10fffd}",
    "\u{fdd0}\u{fffe}\u{1ffff}\u{10ffff}\u{378}",
    "\u{2028}\u{2029}\u{85}\u{a0}\u{3000}\u{3164}",
];

#[test]
fn every_character_is_shown_as_itself_or_escaped() {
    for character in '\0'..=char::MAX {
        let text = escape(&String::from(character));
        assert_harmless(&text);
        assert_eq!(text, escape_bytes(String::from(character).as_bytes()));
        let is_itself = text.chars().eq([character]);
        assert!(is_itself || text.starts_with('\\'), "{character:?}");
    }
}

#[test]
fn no_character_of_a_message_or_reason_reaches_the_output_raw() {
    let mut stream = Vec::new();
    // All of the first plane, and of the others the ends of each block of 256.
    let rare = |c: &char| {
        u32::from(*c) < 0x1_0000 || matches!(u32::from(*c) & 0xff, 0 | 1 | 0x7f | 0xfe | 0xff)
    };
    let all: Vec<char> = ('\0'..=char::MAX).filter(rare).collect();
    for characters in all.chunks(24) {
        let text: String = characters.iter().collect();
        for first in [0x81, 0x89] {
            stream.extend(frame(first, text.as_bytes()));
        }
    }
    for printed in decoded(&stream, 1000) {
        assert_harmless(&printed);
    }
}

#[test]
fn no_reason_preview_or_header_does_harm() {
    for text in HOSTILE {
        let mut reason = vec![0x03, 0xe8];
        reason.extend(text.as_bytes());
        let long = text.repeat(40).into_bytes();
        let streams = [
            frame(0x88, &reason),
            frame(0x81, text.as_bytes()),
            frame(0x81, &long),
            frame(0x82, &long),
            frame(0x81, &[text.as_bytes(), b"\xff"].concat()),
            frame(0x83, text.as_bytes()),
            frame(0xc1, &long),
            format!("HTTP/1.1 101 {text}\r\nSec-WebSocket-Protocol: {text}\r\nSec-WebSocket-Extensions: {text}\r\nUpgrade: {text}\r\n\r\n").into_bytes(),
            format!("GET /{text} HTTP/1.1\r\nHost: {text}\r\n\r\n").into_bytes(),
            text.as_bytes().to_vec(),
        ];
        for stream in streams {
            for width in [20, 44, 80, 120] {
                for printed in decoded(&stream, width) {
                    assert_harmless(&printed);
                }
            }
        }
    }
}

#[test]
fn nothing_that_was_typed_does_harm() {
    for text in HOSTILE {
        for arguments in [
            &["explain", text][..],
            &["compare", "1000", text],
            &["list", text],
            &["decode-frame", text],
            &["decode-frame", "--file", text],
            &["decode-frame", "--extensions", text, "8800"],
            &[
                "decode-frame",
                "--extensions",
                "permessage-deflate",
                "--from",
                text,
                "8800",
            ],
            &["decode-frame", "--max-message-size", text, "8800"],
            &["decode-frame", "--input", text, "8800"],
            &["completions", text],
            &[text],
        ] {
            assert_harmless(&printed(arguments, 80));
        }
    }
}

/// Texts whose columns are not their characters.
const WIDE: [&str; 8] = [
    "日本語のテキストは幅が二倍です。日本語のテキストは幅が二倍です。",
    "ภาษาไทยที่นี่ไม่มีช่องว่างระหว่างคำ",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦 a family, ❤\u{fe0f} a heart, 👍🏽 a hand, 🇹🇭 a flag",
    "한국어 텍스트는 너비가 두 배입니다",
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "नमस्ते दुनिया, यह एक परीक्षण है",
    "العربية لا تكتب من اليسار",
    "e\u{301}\u{302}\u{303}\u{304} marks upon marks",
];

#[test]
fn no_line_is_wider_than_the_terminal() {
    for text in WIDE {
        let long = text.repeat(6);
        let mut reason = vec![0x03, 0xe8];
        reason.extend(text.chars().take(30).collect::<String>().as_bytes());
        let message = frame(0x81, long.as_bytes());
        let mut stream = message.clone();
        stream.extend(frame(0x88, &reason));
        let lines = [frame(0x89, b"x").repeat(4), message].concat();
        for width in [44, 60, 80, 100, 120] {
            for stream in [&stream, &lines] {
                let text = &decoded(stream, width)[0];
                for line in text.lines() {
                    assert!(line.width() <= width, "{} of {width}: {line}", line.width());
                }
            }
        }
    }
}

#[test]
fn meanings_stand_below_each_other_whatever_the_text() {
    for text in WIDE {
        let printed = &decoded(&frame(0x81, text.as_bytes()), 80)[0];
        let meaning = |word: &str| {
            let line = printed.lines().find(|line| line.contains(word));
            let line = line.unwrap_or_else(|| panic!("no {word} in {printed}"));
            line.split(word).next().map(UnicodeWidthStr::width)
        };
        assert_eq!(meaning("final · text"), meaning("text \""));
        assert_eq!(meaning("final · text"), meaning("not masked"));
    }
}
