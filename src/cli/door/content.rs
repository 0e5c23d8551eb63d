//! What a file or a pipe holds, by how it begins.

use crate::capture::gzip::Gunzip;
use crate::conversation::{Conversation, Options};
use crate::input::{self, Beginning, Marks};
use crate::logline::scan::Scanner;
use crate::logline::{self, Time};
use crate::upgrade::{Front, NotFrames};
use crate::utf16;

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
    /// A list of packets, a line each, without their bytes.
    PacketList,
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
        if let Some(text) = utf16::decoded(front) {
            return match NotFrames::of(text.as_bytes()) {
                Some(NotFrames::Recording) => Content::Capture,
                _ => Content::of_text(&text, whole),
            };
        }
        let text = match std::str::from_utf8(front) {
            Ok(text) => text,
            // The front may end inside a character.
            Err(error) if !whole && error.error_len().is_none() => {
                let valid = front.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(valid).unwrap_or_default()
            }
            Err(_) if input::begins_with_frames(front, whole) => return Content::Frames,
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
        if is_packet_list(front) {
            return Content::PacketList;
        }
        // Up to five digits are a code, as they are on a command line.
        let word = front.trim_end();
        let is_code = word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code && is_of_frames(text, whole) {
            return Content::Frames;
        }
        // No log has so long a line that begins with nothing which one has.
        let is_long = text.len() >= FRONT / 2 && !text.contains('\n');
        if is_long && !begins_with_time(text.as_bytes()) && !front.starts_with(['{', '[']) {
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

/// Whether the first lines are of the list that tshark prints of packets, and Wireshark exports: a number, a
/// time, who sent to whom, the protocol, a length.
fn is_packet_list(text: &str) -> bool {
    const ENOUGH: usize = 3;
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = |word: &str| word.contains(['.', ':']);
    let is_packet = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().take(9).collect();
        let arrow = words.iter().position(|word| matches!(*word, "→" | "->"));
        let Some(at) = arrow.filter(|at| *at > 1) else {
            return false;
        };
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let is_protocol = word(at + 2).starts_with(|c: char| c.is_ascii_uppercase());
        is_number(word(0))
            && is_address(word(at - 1))
            && is_address(word(at + 1))
            && is_protocol
            && !word(at + 3).is_empty()
            && is_number(word(at + 3))
    };
    let lines = || {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .take(ENOUGH)
    };
    lines().count() > 0 && lines().all(is_packet)
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

/// Whether a text is bytes of frames in one of the forms, and its first frame one that a sender could have
/// meant.
pub(super) fn reads_as_frames(text: &str) -> bool {
    Beginning::of(text, true).is_some_and(|beginning| begins_like_frames(&beginning.bytes))
}

/// Whether a content is bytes of frames in one of the forms. A dump is one whatever is in it, and frames that
/// break a rule or are cut are frames, where nothing else is written so.
fn is_of_frames(text: &str, whole: bool) -> bool {
    let Some(beginning) = Beginning::of(text, whole) else {
        return false;
    };
    let bytes = &beginning.bytes;
    let is_number = || text.chars().all(|c| !c.is_ascii_alphabetic());
    let is_padded = || text.trim_end().ends_with('=');
    begins_like_frames(bytes)
        || is_upgrade(bytes)
        || match beginning.marks {
            Marks::Sure => true,
            Marks::Numbers => bytes.len() > 1 && beginning.are_plausible(),
            Marks::Letters if whole && !is_padded() => !is_number() && beginning.has_whole_frames(),
            Marks::Letters => !is_number() && beginning.are_plausible(),
            Marks::Words => false,
        }
}

/// Whether the first frame breaks no rule.
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
            (
                "  1 0.000115 10.0.0.1 \u{2192} 10.0.0.2 HTTP 224 GET /chat HTTP/1.1\n".as_bytes(),
                Content::PacketList,
            ),
            (
                b"  1 0.000115 10.0.0.1 -> 10.0.0.2 connection closed 1006\n",
                Content::Paste,
            ),
            // Frames that break a rule, are cut, or stand behind an upgrade.
            (b"8103 66c3 28\n", Content::Frames),
            (b"810366c328\n", Content::Frames),
            (b"gQNmwyg=\n", Content::Frames),
            (b"00000000: 8105 4865  ..He\n", Content::Frames),
            (b"[129, 5, 72]\n", Content::Frames),
            (b"\x1b[32m88 02 03 e8\x1b[0m\n", Content::Frames),
            (b"2026-11-20\n", Content::Paste),
            (b"deadbeef\n", Content::Paste),
            (b"gateway1\n", Content::Paste),
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
    fn the_beginning_of_long_frames_is_seen_in_each_form() {
        let length = u16::try_from(FRONT / 2).unwrap();
        let mut bytes = [&[0x82, 126][..], &length.to_be_bytes()].concat();
        bytes.extend((0..length).map(|at| at.to_le_bytes()[0] % 0x5b));
        let each =
            |print: fn(u8) -> String| bytes.iter().map(|byte| print(*byte)).collect::<String>();
        let decimal = each(|byte| format!("{byte}, "));
        for text in [
            each(|byte| format!("{byte:02x}")),
            each(|byte| format!("{byte:02x} ")),
            each(|byte| format!("0x{byte:02x}, ")),
            each(|byte| format!("\\x{byte:02x}")),
            format!("b'{}'", each(|byte| format!("\\x{byte:02x}"))),
            each(|byte| format!("%{byte:02X}")),
            format!("[{decimal}"),
            format!("{{\"type\":\"Buffer\",\"data\":[{decimal}"),
        ] {
            for cut in 0..4 {
                let front = text.get(..FRONT - cut).unwrap_or(&text);
                let front = &front[..front.len().min(FRONT)];
                assert_eq!(
                    Content::of(front.as_bytes(), false),
                    Content::Frames,
                    "{}",
                    &front[..40]
                );
            }
        }
        let json = "{\"name\": \"value\"}, ".repeat(99);
        let length = u16::try_from(json.len()).unwrap().to_be_bytes();
        let frame = [&[0x81, 126][..], &length, json.as_bytes()].concat();
        assert_eq!(Content::of(&frame.repeat(2), false), Content::Frames);
        assert_eq!(
            Content::of(&frame[..frame.len() - 1], true),
            Content::Frames
        );
        let latin1 = [&b"\xc1rv\xedz: the connection closed with 1006\n"[..]; 9].concat();
        assert_eq!(Content::of(&latin1, true), Content::Paste);
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
