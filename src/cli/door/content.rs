//! What a file or a pipe holds, by how it begins.

use crate::capture::gzip::Gunzip;
use crate::conversation::{Conversation, Options};
use crate::input::{self, Source, Stated};
use crate::logline::scan::Scanner;
use crate::logline::{self, Time};
use crate::upgrade::{Front, NotFrames};

/// So much of the front decides.
pub(super) const FRONT: usize = 64 * 1024;
/// A paste has at most so many lines that begin with a time.
const MOST_TIMES: usize = 2;
/// A log of so few lines may be a paste.
const MOST_LINES: usize = 48;

/// What a content is, and with it the command that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Content {
    /// Nothing at all, or only blanks.
    Empty,
    /// Packets, or what a browser or a proxy recorded of connections.
    Capture,
    /// A registry of application codes.
    Registry,
    /// Bytes of frames, as they are or as text.
    Frames,
    /// A text that is read as one.
    Paste,
    /// A log, whose closes are counted.
    Log,
}

impl Content {
    /// What the front of an input is. `whole` says that there is no more.
    pub(in crate::cli) fn of(front: &[u8], whole: bool) -> Self {
        match NotFrames::of(front) {
            Some(NotFrames::Capture | NotFrames::Recording | NotFrames::Zip) => {
                return Content::Capture;
            }
            // The reader of frames says what they are.
            Some(kind) if kind.is_file() => return Content::Frames,
            _ => {}
        }
        if front.starts_with(b"\x1f\x8b") {
            return match Content::of(&inflated(front), false) {
                Content::Capture => Content::Capture,
                _ => Content::Log,
            };
        }
        // Heads are text, and so is most of what stands in frames.
        if is_upgrade(front) {
            return Content::Frames;
        }
        if front.starts_with(b"\xff\xfe") || front.starts_with(b"\xfe\xff") {
            return Content::of_text(&utf16(front), whole);
        }
        let text = match std::str::from_utf8(front) {
            Ok(text) => text,
            // The front may end inside a character.
            Err(error) if !whole && error.error_len().is_none() => {
                let valid = front.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(valid).unwrap_or_default()
            }
            // A log may have bytes of another encoding in it, but no frame is mostly letters.
            Err(_) if is_mostly_text(front) => return Content::of_lines(front, whole),
            Err(_) => return Content::Frames,
        };
        if text.contains('\0') {
            return Content::Frames;
        }
        Content::of_text(text, whole)
    }

    fn of_text(text: &str, whole: bool) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let front = text.trim_start();
        if front.is_empty() {
            return Content::Empty;
        }
        // In UTF-16 it was not seen yet.
        if NotFrames::of(front.as_bytes()) == Some(NotFrames::Recording) {
            return Content::Capture;
        }
        if is_registry(front) {
            return Content::Registry;
        }
        // Up to five digits are a code, as they are on a command line.
        let word = front.trim_end();
        let is_code = word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code && reads_as_frames(text, whole) {
            return Content::Frames;
        }
        Content::of_lines(text.as_bytes(), whole)
    }

    /// A paste ends soon, and few of its lines begin with a time.
    fn of_lines(text: &[u8], whole: bool) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        let times = lines.filter(|line| begins_with_time(line)).count();
        if whole && (times <= MOST_TIMES || is_one_story(text)) {
            Content::Paste
        } else {
            Content::Log
        }
    }
}

/// Whether a short log tells of something, though none of its lines tells of a close by itself.
fn is_one_story(text: &[u8]) -> bool {
    let is_short = text.iter().filter(|byte| **byte == b'\n').count() <= MOST_LINES;
    let finds_nothing = || {
        Scanner::new(1).is_ok_and(|mut scanner| {
            scanner.feed(text);
            let findings = scanner.finish();
            findings.closes == 0 && findings.probable == 0
        })
    };
    is_short && finds_nothing() && logline::read(&String::from_utf8_lossy(text)).is_some()
}

/// Whether a line begins with a time, in brackets or not.
fn begins_with_time(line: &[u8]) -> bool {
    const LONGEST: usize = 40;
    let front = line.get(..line.len().min(LONGEST)).unwrap_or_default();
    let front = String::from_utf8_lossy(front);
    let front = front.trim_start_matches(['[', '(', '{', '"', ' ']);
    let is_first = front.starts_with(|first: char| first.is_ascii_alphanumeric());
    is_first && Time::of(front).is_some_and(|time| front.starts_with(&time.text))
}

/// Whether a text has the two things that each registry has.
fn is_registry(text: &str) -> bool {
    let lines = || text.lines().map(str::trim_start);
    let is_key = |line: &str| {
        let behind = line.strip_prefix("vendor").map(str::trim_start);
        behind.is_some_and(|behind| behind.starts_with('='))
    };
    lines().any(is_key)
        && lines().any(|line| line.starts_with("[[code]]") || line.starts_with("[[band]]"))
}

/// Whether a text is bytes of frames in one of the forms.
pub(super) fn reads_as_frames(text: &str, whole: bool) -> bool {
    // Of a longer text the last line is cut.
    let sample = match text.rfind('\n') {
        Some(end) if !whole => text.get(..end).unwrap_or(text),
        _ => text,
    };
    let source = Source::Reader(Box::new(std::io::Cursor::new(
        sample.to_owned().into_bytes(),
    )));
    let mut bytes = Vec::new();
    let mut form = None;
    let read = input::read(
        source,
        Stated::default(),
        &mut |chosen| {
            form = Some(chosen.form.id);
            Ok(())
        },
        &mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        },
    );
    read.is_ok() && form.is_some_and(|form| form != "binary") && begins_like_frames(&bytes)
}

/// Whether the first frame is one that a sender could have meant.
pub(in crate::cli) fn begins_like_frames(bytes: &[u8]) -> bool {
    let mut conversation = Conversation::new(Options::default());
    let mut first = None;
    conversation.feed(&mut bytes.to_vec(), |frame| {
        first.get_or_insert(frame.findings.is_empty());
    });
    let summary = conversation.finish(|frame| {
        first.get_or_insert(frame.findings.is_empty());
    });
    first == Some(true) && summary.frames > 0
}

/// Whether it is a stream of TCP that was saved raw: the heads of an upgrade or of its refusal, and behind
/// them frames, a body or nothing.
fn is_upgrade(front: &[u8]) -> bool {
    let mut stream = Front::default();
    let opened = match stream.feed(front) {
        Ok(Some(opened)) => Ok(opened),
        Ok(None) => stream.finish(),
        Err(kind) => Err(kind),
    };
    let Ok(opened) = opened else { return false };
    let is_asked = opened.upgrade.is_some_and(|upgrade| {
        let is_upgrade = upgrade.request.is_some_and(|request| request.is_upgrade);
        is_upgrade || upgrade.response.is_some()
    });
    let is_text = || std::str::from_utf8(&opened.rest).is_ok_and(|text| !text.contains('\0'));
    let is_behind = opened.rest.is_empty() || begins_like_frames(&opened.rest) || !is_text();
    is_asked && (is_behind || !opened.is_frames)
}

/// The beginning of what a gzip file holds.
fn inflated(front: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    // What is damaged is said by the command that reads all of it.
    let _ = Gunzip::default().feed(front, |bytes| {
        let room = FRONT.saturating_sub(inflated.len());
        inflated.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
        Ok(())
    });
    inflated
}

fn utf16(front: &[u8]) -> String {
    let (mark, rest) = front.split_at(front.len().min(2));
    let unit = if mark == b"\xff\xfe" {
        u16::from_le_bytes
    } else {
        u16::from_be_bytes
    };
    let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn is_mostly_text(front: &[u8]) -> bool {
    let is_text = |byte: &&u8| (b' '..0x7f).contains(*byte) || b"\t\n\r".contains(*byte);
    !front.contains(&0) && front.iter().filter(is_text).count() * 10 >= front.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_told_apart() {
        for (front, content) in [
            (&b""[..], Content::Empty),
            (b" \n", Content::Empty),
            (b"\xd4\xc3\xb2\xa1\x02\x00", Content::Capture),
            (b"\x0a\x0d\x0d\x0a", Content::Capture),
            (
                b"{\n  \"log\": {\"version\": \"1.2\", \"creator\": {}, \"entries\": []}}",
                Content::Capture,
            ),
            (b"{\"constants\":{", Content::Capture),
            (b"1846:9:websocket;", Content::Capture),
            (
                b"# ours\nvendor = \"acme\"\n[[code]]\ncode = 4000\n",
                Content::Registry,
            ),
            (b"\x88\x02\x03\xe8", Content::Frames),
            (b"88 02 03 e8\n", Content::Frames),
            (
                b"00000000: 8802 03e8                                ....\n",
                Content::Frames,
            ),
            (
                b"websocket: close 1006 (abnormal closure)\n",
                Content::Paste,
            ),
            (b"\xff\xfec\x00l\x00o\x00s\x00e\x00", Content::Paste),
            (b"1006\n", Content::Paste),
            (b"8800\n", Content::Paste),
            (b"8802 03e8\n", Content::Frames),
            (b"{\"code\":1006}\n", Content::Paste),
            // A stream of TCP, whole, cut behind the upgrade, and refused; a line of it; a log that quotes one.
            (
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello",
                Content::Frames,
            ),
            (
                b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                Content::Frames,
            ),
            (
                b"HTTP/1.1 403 Forbidden\r\nServer: nginx\r\n\r\n<html>no</html>",
                Content::Frames,
            ),
            (b"HTTP/1.1 101 Switching Protocols\n", Content::Paste),
            (
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nclosed with 1006\n",
                Content::Paste,
            ),
            (b"GET /ws HTTP/1.1\r\nHost: h\r\n\r\n", Content::Paste),
        ] {
            assert_eq!(
                Content::of(front, true),
                content,
                "{}",
                front.escape_ascii()
            );
        }
        assert_eq!(Content::of(b"some text that goes on", false), Content::Log);
    }

    #[test]
    fn three_lines_with_a_time_are_a_log() {
        let lines = |count: usize| "2026-11-20 17:39:02 websocket closed 1006\n".repeat(count);
        assert_eq!(Content::of(lines(2).as_bytes(), true), Content::Paste);
        assert_eq!(Content::of(lines(3).as_bytes(), true), Content::Log);
        let trace = "Traceback (most recent call last):\n  File \"a.py\", line 1\n".repeat(9);
        assert_eq!(Content::of(trace.as_bytes(), true), Content::Paste);
    }
}
