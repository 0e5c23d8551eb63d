//! Text in lines of so many columns, in any script: where a line may end, and how wide it is.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::words::BREAK;

/// How many columns `text` takes: as Unicode says, and without asking where all is ASCII.
pub(super) fn columns(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        text.len()
    } else {
        text.width()
    }
}

/// `text` and spaces up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    format!("{text}{:gap$}", "")
}

/// `text` in lines of at most `width` columns, broken wherever a line is full. A letter and its
/// marks, or an emoji and what changes it, stay together.
pub(super) fn chop(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for character in text.chars() {
        line.push(character);
        // The width of a line is more than the sum of its characters', and asked for only where
        // the character has one: marks without end cost no time.
        let wider = match character.width() {
            Some(0) if character != EMOJI_FOLLOWS => columns,
            _ => line.width(),
        };
        if wider > width && columns > 0 && wider > columns && character != EMOJI_FOLLOWS {
            line.pop();
            lines.push(std::mem::take(&mut line));
            line.push(character);
            columns = line.width();
        } else {
            columns = wider;
        }
    }
    lines.push(line);
    lines
}

/// The same, broken behind a space or before an escape where one is near the end of a line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let full = chop(rest, width).first().map_or(0, String::len);
        let (line, after) = rest.split_at(soft_break(rest, full));
        lines.push(line.to_owned());
        if after.is_empty() {
            return lines;
        }
        rest = after;
    }
}

/// Where to break a text of which so many bytes fill a line.
fn soft_break(text: &str, full: usize) -> usize {
    let (line, after) = text.split_at(full);
    if after.is_empty() {
        return full;
    }
    if after.starts_with(' ') {
        return full + 1;
    }
    let mut before = ' ';
    let mut best = full;
    for (index, character) in text.char_indices() {
        let is_break = before == ' ' || character == '\\' && before != '\\';
        if is_break && (line.len() / 2..=full).contains(&index) {
            best = index;
        }
        before = character;
    }
    if best == 0 { full } else { best }
}

/// The variation selector that makes the character before it an emoji, which is wider.
const EMOJI_FOLLOWS: char = '\u{fe0f}';

/// `text` in lines of at most `width` columns, broken between words; a word that is longer is
/// broken inside. Marks where a line may end are taken out.
///
/// Done here and not by a library: it is most of what `explain` costs, and a dozen lines.
pub(super) fn fold(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut filled = 0;
    for (word, gap) in words(text) {
        let wide = columns(word);
        if filled > 0 && filled + gap + wide > width {
            lines.push(std::mem::take(&mut line));
            filled = 0;
        }
        if wide > width {
            let mut pieces = chop(word, width);
            line = pieces.pop().unwrap_or_default();
            lines.append(&mut pieces);
            filled = columns(&line);
            continue;
        }
        if filled > 0 && gap > 0 {
            line.push(' ');
            filled += gap;
        }
        line.push_str(word);
        filled += wide;
    }
    lines.push(line);
    lines
}

/// The words of a text, each with the number of spaces that stand before it unless it begins a
/// line: none where only a mark stands between two.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    between_spaces(text).flat_map(|part| {
        let words = part.split(BREAK).enumerate();
        words.map(|(index, word)| (word, usize::from(index == 0)))
    })
}

/// The parts of a text between spaces. A number and its unit are one, and so are the sign of
/// repetition of Thai and the word that is repeated.
fn between_spaces(text: &str) -> impl Iterator<Item = &str> {
    const UNITS: [&str; 11] = [
        "µs", "ms", "s", "min", "h", "KiB", "MiB", "GiB", "Kio", "Mio", "Gio",
    ];
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let from = rest?;
        let mut end = 0;
        loop {
            let Some(space) = from.get(end..).and_then(|text| text.find(' ')) else {
                rest = None;
                return Some(from);
            };
            end += space;
            let behind = from.get(end + 1..).unwrap_or_default();
            let before = from.get(..end).unwrap_or_default();
            let is_one = match before.as_bytes().last() {
                Some(b'0'..=b'9') => {
                    let next = behind.split(' ').next().unwrap_or_default();
                    UNITS.contains(&next.trim_end_matches([')', ',', '.', ';', ':']))
                }
                _ => behind.starts_with('ๆ'),
            };
            if !is_one {
                rest = Some(behind);
                return Some(before);
            }
            end += 1;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 6] = [
        "a word, 日本語 and averyveryverylongword at the end",
        "ภาษาไทยที่นี่ไม่มีช่องว่างระหว่างคำเลยแม้แต่น้อย",
        "👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽 👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽",
        "中文没有空格所以只能在任意字符处断行",
        "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
        "العربية لا لا لا لالالالالالالالالا",
    ];

    #[test]
    fn no_line_is_wider_than_asked_and_no_word_is_lost() {
        for text in TEXTS {
            for width in 8..60 {
                let lines = fold(text, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
                let letters = |text: &str| text.replace(' ', "");
                assert_eq!(letters(&lines.concat()), letters(text));
                let lines = chop(text, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
                assert_eq!(lines.concat(), text);
                let lines = wrap(text, width);
                let wide = |line: &String| line.trim_end().width() > width;
                assert!(!lines.iter().any(wide), "{lines:?}");
                assert_eq!(lines.concat(), text);
            }
        }
        assert_eq!(fold("", 10), [""]);
    }

    #[test]
    fn a_number_and_its_unit_stay_on_one_line() {
        let text = "after 29 ms, or 8 KiB (20 s) later";
        for width in 8..30 {
            let lines = fold(text, width);
            assert_eq!(lines.join(" "), text);
            let begins = |line: &String| line.starts_with(['m', 'K', 's']);
            assert!(!lines.iter().any(begins), "{lines:?}");
        }
        let text = "นานขึ้นเรื่อย ๆ";
        let lines = fold(text, 13);
        assert!(lines.iter().all(|line| !line.starts_with('ๆ')), "{lines:?}");
    }

    #[test]
    fn a_quoted_text_breaks_at_words_and_not_in_an_escape() {
        let text = r"4096 bytes more\x1b[31m and \u{202e}more";
        assert_eq!(
            wrap(text, 18),
            ["4096 bytes more", r"\x1b[31m and ", r"\u{202e}more"]
        );
    }

    #[test]
    fn a_line_begins_with_no_mark_of_the_line_before() {
        for text in TEXTS {
            for width in 2..40 {
                for line in chop(text, width).iter().skip(1) {
                    let first = line.chars().next().expect("a line is not empty");
                    assert_ne!(first.width(), Some(0), "{line:?}");
                    assert_ne!(first, '\u{1f3fd}', "a skin colour stays with its hand");
                }
            }
        }
    }

    #[test]
    fn columns_begin_below_each_other_behind_text_of_any_width() {
        for text in ["1007", "日本", "ที่", "👍🏽", "é", ""] {
            assert_eq!(padded(text, 6).width(), 6, "{text}");
        }
    }

    #[test]
    fn a_line_ends_at_marks_and_none_is_printed() {
        let text = "การเชื่อมต่อ\u{200b}ถูก\u{200b}ปิด\u{200b}โดย\u{200b}เซิร์ฟเวอร์ เพราะ\u{200b}ข้อความ\u{200b}ไม่ใช่ UTF-8";
        let plain = text.replace(BREAK, "");
        let pieces: Vec<&str> = text.split([BREAK, ' ']).collect();
        for width in 14..60 {
            let lines = fold(text, width);
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            assert!(!lines.concat().contains(BREAK), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), plain.replace(' ', ""));
            for line in &lines {
                assert!(
                    pieces.iter().any(|piece| line.starts_with(piece)),
                    "{lines:?}"
                );
            }
        }
        assert_eq!(fold(text, 100), [plain]);
    }
}
