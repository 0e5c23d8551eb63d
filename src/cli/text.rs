//! Texts that `explain` is given: a line of a log, an error message, a paste of several lines.

use std::io::{self, Read};

use super::Console;
use super::topics::find_each;
use crate::escape::escape;
use crate::explain::explain_line;
use crate::facts::codes;
use crate::facts::registry::Registries;
use crate::logline::{self, LONGEST_TEXT};
use crate::render::{json, text};
use crate::report::Status;
use crate::topic::{self, NoTopic};
use crate::utf16;
use crate::words::{Message, say};

/// So much of the end of a text that is too long is kept; of its front the rest.
const LONGEST_END: usize = LONGEST_TEXT / 4;
/// So many characters of a text are shown in which nothing was found.
const SHOWN: usize = 60;
/// So many words are looked up as topics, where they are not all numbers: more are a text.
const MOST_TOPICS: usize = 64;
/// No topic has a longer name.
const LONGEST_NAME: usize = 40;

/// What is to be explained.
pub(super) enum Asked {
    /// Topics, each of which is a word or several.
    Topics(Vec<String>),
    /// One text.
    Text(String),
}

/// Topics where every argument is one, alone or with its neighbours; else all of them are one text.
pub(super) fn asked(given: &[String], registries: Registries) -> Asked {
    let is_number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
    if given.iter().all(is_number) {
        return Asked::Topics(given.to_vec());
    }
    if given.len() > MOST_TOPICS {
        return Asked::Text(given.join(" "));
    }
    let found = find_each(given, registries);
    // Of what is nearly a topic it is said why it is none.
    let is_topic = |found: &Result<_, NoTopic>| !matches!(found, Err(NoTopic::Unknown(..)));
    let is_word = |text: &str| !text.trim().contains(char::is_whitespace);
    let text = given.join(" ");
    let are_topics = match found.as_slice() {
        [Ok(_)] => true,
        [only] if is_word(&text) => is_topic(only) || logline::read(&text).is_none(),
        [Err(NoTopic::NotACode(_) | NoTopic::Backwards(..))] => true,
        [Err(NoTopic::WithoutCodes(_))] => logline::read(&text).is_none(),
        // The vendor is there, and the name may have a slip of the finger in it.
        [Err(NoTopic::NotInVendor { .. })] => logline::read(&text).is_none(),
        [_] => false,
        all => all.iter().all(Result::is_ok),
    };
    if are_topics {
        Asked::Topics(given.to_vec())
    } else {
        Asked::Text(text)
    }
}

fn is_topic(line: &String, registries: Registries) -> bool {
    let found = find_each(std::slice::from_ref(line), registries);
    found.iter().all(Result::is_ok)
}

/// What standard input holds for `explain`: topics where every line is one, else a text.
pub(super) fn pasted(text: &str, registries: Registries) -> Vec<String> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [_] => lines,
        // One that is none ends it: a log has thousands.
        [_, ..] if lines.iter().all(|line| is_topic(line, registries)) => lines,
        _ => vec![text.to_owned()],
    }
}

/// Reads a text to its end. Of one that is longer than 1 MiB the front and the end are kept, and the flag is
/// set.
pub(super) fn read(reader: &mut dyn Read) -> io::Result<(String, bool)> {
    let mut front = Vec::new();
    reader
        .take((LONGEST_TEXT + 1) as u64)
        .read_to_end(&mut front)?;
    if front.len() <= LONGEST_TEXT {
        return Ok((decoded(&front), false));
    }
    let mut end = front.split_off(LONGEST_TEXT - LONGEST_END);
    let mut block = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut block) {
            Ok(0) => break,
            Ok(count) => end.extend_from_slice(block.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if end.len() > 4 * LONGEST_END {
            end.drain(..end.len() - LONGEST_END);
        }
    }
    end.drain(..end.len().saturating_sub(LONGEST_END));
    Ok((decoded(&front) + "\n" + &decoded(&end), true))
}

/// Bytes as text, whose encoding a mark at the front may say.
fn decoded(bytes: &[u8]) -> String {
    utf16::decoded(bytes).unwrap_or_else(|| {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        String::from_utf8_lossy(bytes).into_owned()
    })
}

/// Explains a text, or says that nothing in it was recognised.
pub(super) fn explain(
    text: &str,
    registries: Registries,
    console: &mut Console<'_>,
) -> anyhow::Result<Status> {
    let Some(reading) = logline::read(text) else {
        return Ok(not_recognised(text, console)?);
    };
    let explanation = explain_line(&reading, registries);
    if console.as_json {
        let voice = console.voice;
        json::log::line(text, &reading, &explanation, registries, voice, console.out)?;
    } else {
        let page = &mut console.page();
        text::log::line(text, &reading, &explanation, registries, page)?;
    }
    Ok(Status::Fine)
}

/// Says how a text was taken in which nothing was found, and what would be read.
fn not_recognised(text: &str, console: &mut Console<'_>) -> io::Result<Status> {
    const MOST_NUMBERS: usize = 2;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    let status = console.refuse(&say!(paste.nothing, text = escape(&shown)))?;
    let words: Vec<&str> = line.split(' ').collect();
    let word = |place: usize| words.get(place).copied().unwrap_or_default();
    let mut codes: Vec<u16> = (0..words.len())
        .filter_map(|place| {
            let before = place.checked_sub(1).map(word);
            number_alone(before.unwrap_or_default(), word(place), word(place + 1))
        })
        .filter(|code| codes::lookup(*code).is_some() || (3000..=4999).contains(code))
        .collect();
    codes.dedup();
    let numbers = codes.into_iter().take(MOST_NUMBERS);
    // A name with a slip of the finger in it.
    let near = Some(&line).filter(|line| line.len() <= LONGEST_NAME);
    let near = near
        .map(|line| topic::suggestions(line))
        .unwrap_or_default();
    let near = near.first().map(|near| say!(paste.near, near));
    let numbers = numbers.map(|code| say!(paste.number, code));
    let rest: [Message; 2] = [say!(paste.more), say!(paste.files)];
    for line in near.into_iter().chain(numbers).chain(rest).take(4) {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(console.err, "  {}", console.voice.say(&line));
    }
    Ok(status)
}

/// A number of four digits that may be a close code: it stands alone, and is no part of an address, a place in a file,
/// the fields of a request, nor a count (`4096 worker_connections`).
fn number_alone(before: &str, word: &str, behind: &str) -> Option<u16> {
    let is_around = |c: char| c.is_ascii_punctuation();
    let inside = word.trim_matches(is_around);
    let (name, value) = inside.rsplit_once([':', '=']).unwrap_or_default();
    let name = name.trim_matches(is_around).to_ascii_lowercase();
    let is_named = ["code", "status"].iter().any(|key| name.ends_with(key));
    let digits = if is_named {
        value.trim_matches(is_around)
    } else {
        inside
    };
    let is_counted = word.ends_with(|c: char| c.is_ascii_digit())
        && behind.starts_with(|c: char| c.is_lowercase())
        && behind.ends_with('s');
    let is_field = !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !is_counted && !is_field).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(words: &[&str]) -> bool {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        matches!(asked(&words, Registries::default()), Asked::Text(_))
    }

    #[test]
    fn texts_are_told_from_topics() {
        for topics in [
            &["1006"][..],
            &["going", "away"],
            &["policy violation"],
            &["close 1006"],
            &["1006", "1011"],
            &["1006", "70000"],
            &["1002", "policy", "violation"],
            &["xyzzy"],
        ] {
            assert!(!is_text(topics), "{topics:?}");
        }
        for text in [
            &["websocket: close 1006 (abnormal closure)"][..],
            &["no", "close", "frame", "received", "or", "sent"],
            &["Unexpected", "server", "response:", "403"],
            &["1006", "websocket: close sent", "nothing like it"],
            &["ECONNRESET"],
            &["1006", "xyzzy"],
            &["nothing like it"],
        ] {
            assert!(is_text(text), "{text:?}");
        }
    }

    #[test]
    fn a_long_text_keeps_its_front_and_its_end() {
        let text = "a".repeat(LONGEST_TEXT);
        let (kept, is_cut) = read(&mut text.as_bytes()).unwrap();
        assert_eq!((kept.len(), is_cut), (LONGEST_TEXT, false));
        let text = format!("front{}end", "a".repeat(9 * LONGEST_TEXT));
        let (kept, is_cut) = read(&mut text.as_bytes()).unwrap();
        assert!(is_cut && kept.starts_with("front") && kept.ends_with("end"));
        assert_eq!(kept.len(), LONGEST_TEXT + 1);
    }

    #[test]
    fn a_port_a_line_and_a_count_are_no_codes() {
        for (before, word, behind) in [
            ("upstream", "\"localhost:4001\"", ""),
            ("from", "10.0.0.1:1006", ""),
            ("at", "(/app/live.js:1006:12)", ""),
            ("101", "1006", "\"-\""),
            ("", "4096", "worker_connections"),
        ] {
            assert_eq!(number_alone(before, word, behind), None, "{word}");
        }
        for (word, behind) in [
            ("1006", "ended"),
            ("[1006]", ""),
            ("\"code\":1006,", ""),
            ("1011.", ""),
        ] {
            let code = number_alone("at", word, behind);
            assert!(code.is_some(), "{word}");
        }
    }

    #[test]
    fn utf_16_is_read() {
        let (text, _) = read(&mut &b"\xff\xfe1\x000\x000\x006\x00"[..]).unwrap();
        assert_eq!(text, "1006");
    }
}
