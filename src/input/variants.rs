//! Texts that may have something in them that is not of the bytes: numbers of lines, marks before lines, the
//! line breaks of a narrow terminal, signs before bytes, comments. Each is tried without it too, and frames
//! decide: see `choice`.

mod hex;

use super::digits::is_separator;
use super::{notations, numbers};
use crate::words::{Text, text};

/// A text without something that may be no part of the bytes, or with something as the bytes that it may stand
/// for.
pub(super) struct Variant {
    pub(super) text: String,
    /// What that is, to be put in a sentence.
    pub(super) what: Text,
    /// Whether it stands for bytes, and is not left out.
    pub(super) is_meant: bool,
    /// Whether it is not known if that is a part of the bytes, where frames do not tell.
    pub(super) is_doubtful: bool,
    /// Whether that is no part of any form: the variant is read where the text itself is not.
    pub(super) is_foreign: bool,
}

/// All that a text could be meant as, besides what it is by the letter.
pub(super) fn variants(text: &str) -> Vec<Variant> {
    let all = [
        numbered(text),
        marked(text),
        wrapped(text),
        signed(text),
        commented(text),
        hex::recorded(text),
        hex::repeated(text),
        hex::indexed(text),
        hex::in_threes(text),
        hex::aside(text),
        numbers::in_source(text),
    ];
    let all = all.into_iter().flatten().chain(notations::notations(text));
    all.chain(hex::behind_others(text)).collect()
}

fn filled(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

/// Joins what stands behind `width` bytes of each line.
fn behind(text: &str, width: impl Fn(&str) -> usize) -> String {
    let lines = filled(text).map(|line| line.get(width(line)..).unwrap_or_default());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The number at the front of a line, how wide it is with what stands around it, and what stands behind it.
fn number(line: &str) -> Option<(u32, usize, char)> {
    const MOST_DIGITS: usize = 6;
    let blank = line.len() - line.trim_start().len();
    let rest = line.get(blank..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (written, rest) = rest.split_at_checked(digits)?;
    if digits > MOST_DIGITS || (digits > 1 && written.starts_with('0')) {
        return None;
    }
    let mark = rest.chars().next()?;
    let width = match mark {
        '\t' | ' ' | ':' | '|' | '.' | ')' => 1,
        '│' => mark.len_utf8(),
        _ => return None,
    };
    Some((written.parse().ok()?, blank + digits + width, mark))
}

/// The text without the numbers of its lines, as from `cat -n`, `grep -n` or an editor.
fn numbered(text: &str) -> Option<Variant> {
    let mut expected = None;
    let mut count = 0_usize;
    for line in filled(text) {
        let (number, _, _) = number(line)?;
        if expected.is_some_and(|expected| expected != number) {
            return None;
        }
        expected = number.checked_add(1);
        count += 1;
    }
    let first = filled(text).next()?;
    let (begun, _, mark) = number(first)?;
    if count == 1 && !matches!(mark, '\t' | ':' | '|' | '│') {
        return None;
    }
    let is_column = first.starts_with("  ") && mark == '\t';
    Some(Variant {
        text: behind(text, |line| number(line).map_or(0, |(_, width, _)| width)),
        is_meant: false,
        what: text!(variant.numbers),
        is_doubtful: is_column || (begun <= 1 && (count > 1 || mark == '\t')),
        is_foreign: false,
    })
}

/// The text without the mark that each line begins with, as in a list, a quotation or a comparison.
fn marked(text: &str) -> Option<Variant> {
    const MARKS: [&str; 14] = [
        "- ", "+ ", "* ", "> ", "< ", "| ", "│ ", "• ", ".byte\t", ".byte ", ".ascii\t", ".ascii ",
        "db ", "DB ",
    ];
    let first = filled(text).next()?.trim_start();
    let mark = MARKS.into_iter().find(|mark| first.starts_with(mark))?;
    let has_mark = |line: &str| line.trim_start().starts_with(mark);
    filled(text).all(has_mark).then(|| Variant {
        text: behind(text, |line| {
            line.len() - line.trim_start().len() + mark.len()
        }),
        is_meant: false,
        what: text!(variant.marks),
        is_doubtful: true,
        is_foreign: false,
    })
}

/// The text without line breaks between two digits or letters, in a list with commas: a terminal or a mail
/// broke them, wherever its line was full.
fn wrapped(text: &str) -> Option<Variant> {
    if !text.contains(',') || text.contains(['"', '\'', '\\']) {
        return None;
    }
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut joined = lines.next()?.to_owned();
    let mut is_joined = false;
    for line in lines {
        let is_within = joined.ends_with(|c: char| c.is_ascii_alphanumeric())
            && line.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_within {
            joined.push('\n');
        }
        is_joined |= is_within;
        joined.push_str(line);
    }
    is_joined.then_some(Variant {
        text: joined,
        is_meant: false,
        what: text!(variant.breaks),
        is_doubtful: true,
        is_foreign: false,
    })
}

/// The text with each byte in two digits, where those above 7f have a sign: `ffffff88`, as C and Java print a
/// signed byte that became a word, or `-78`.
fn signed(text: &str) -> Option<Variant> {
    let is_between = |c: char| (is_separator(c) && c != '-') || "[](){}<>".contains(c);
    let is_list = text.contains([',', '[', '(', '{']);
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut has_signs) = (text, false);
    while let Some(next) = rest.chars().next() {
        if is_between(next) {
            plain.push(next);
            rest = rest.get(next.len_utf8()..)?;
            continue;
        }
        let end = rest.find(is_between).unwrap_or(rest.len());
        let (token, behind) = rest.split_at_checked(end)?;
        let (token, is_signed) = unsigned(token, is_list)?;
        plain.push_str(&token);
        has_signs |= is_signed;
        rest = behind;
    }
    has_signs.then_some(Variant {
        text: plain,
        is_meant: false,
        what: text!(variant.signs),
        is_doubtful: true,
        is_foreign: false,
    })
}

/// One group of hex digits without signs, and whether there was one. Nothing if it has something else, or a
/// byte above 7f without a sign.
fn unsigned(token: &str, is_list: bool) -> Option<(String, bool)> {
    if !token.is_ascii() {
        return None;
    }
    if let Some(digits) = token
        .strip_prefix('-')
        .filter(|digits| !is_list && digits.len() <= 2)
    {
        let byte = u8::from_str_radix(digits, 16)
            .ok()
            .filter(|byte| (1..=0x80).contains(byte))?;
        return Some((format!("{:02x}", byte.wrapping_neg()), true));
    }
    let prefix = ["0x", "0X", "\\x"]
        .into_iter()
        .find(|prefix| token.starts_with(prefix));
    let prefix = prefix.unwrap_or_default();
    let mut digits = token.get(prefix.len()..)?;
    let (mut plain, mut is_signed) = (prefix.to_owned(), false);
    while !digits.is_empty() {
        let filling = |wide: usize| {
            let word = digits
                .get(..wide)
                .filter(|word| word.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let (filling, byte) = word.split_at_checked(wide - 2)?;
            let byte = u8::from_str_radix(byte, 16)
                .ok()
                .filter(|byte| *byte >= 0x80)?;
            let is_filling = filling
                .bytes()
                .all(|digit| digit.eq_ignore_ascii_case(&b'f'));
            is_filling.then_some((byte, wide))
        };
        let (byte, width) = match filling(16).or_else(|| filling(8)) {
            Some(found) => found,
            None => {
                let pair = digits.get(..digits.len().min(2))?;
                let is_hex = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
                let byte = u8::from_str_radix(pair, 16)
                    .ok()
                    .filter(|byte| is_hex && *byte < 0x80)?;
                (byte, pair.len())
            }
        };
        is_signed |= width > 2;
        plain.push_str(&format!("{byte:02x}"));
        digits = digits.get(width..)?;
        // Escapes follow each other without a space.
        if let Some(rest) = digits.strip_prefix(prefix).filter(|_| prefix == "\\x") {
            plain.push_str(prefix);
            digits = rest;
        }
    }
    Some((plain, is_signed))
}

/// The text without comments: between `/*` and `*/`, and behind `//` or `#` to the end of the line.
fn commented(text: &str) -> Option<Variant> {
    if !["/*", "//", "#"]
        .into_iter()
        .any(|mark| text.contains(mark))
    {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut before, mut quote) = (text, ' ', None);
    let mut has_comments = false;
    while let Some(next) = rest.chars().next() {
        let begins = quote.is_none() && !before.is_alphanumeric() && !"\\:\"'".contains(before);
        let comment = if !begins {
            None
        } else if rest.starts_with("/*") {
            Some(rest.find("*/")? + 2)
        } else if before.is_whitespace() && (rest.starts_with("//") || next == '#') {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else {
            None
        };
        if let Some(length) = comment {
            has_comments = true;
            plain.push(' ');
            rest = rest.get(length..)?;
            before = ' ';
            continue;
        }
        match quote {
            Some(open) if open == next && before != '\\' => quote = None,
            None if matches!(next, '"' | '\'') => quote = Some(next),
            _ => {}
        }
        plain.push(next);
        before = next;
        rest = rest.get(next.len_utf8()..)?;
    }
    has_comments.then_some(Variant {
        text: plain,
        is_meant: false,
        what: text!(variant.comments),
        is_doubtful: false,
        is_foreign: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        variants(text)
            .into_iter()
            .map(|variant| variant.text)
            .collect()
    }

    #[test]
    fn what_is_not_of_the_bytes_is_taken_out() {
        for (text, expected) in [
            ("     1\t136,2\n     2\t3,232\n", "136,2\n3,232\n"),
            ("7:88 02\n8:03 e8", "88 02\n03 e8\n"),
            ("- 000000 88 02\n- 000002", "000000 88 02\n000002\n"),
            ("[136, 2, 23\n2]\n", "[136, 2, 232]\n"),
            ("ffffff88 02 3 FFFFFFE8\n", "88 02 03 e8\n"),
            ("0xffffff88, 0x2", "0x88, 0x02"),
            ("ffffff880203ffffffffffffffe8", "880203e8"),
            ("\\xffffff88\\x02\\x03\\xffffffe8", "\\x88\\x02\\x03\\xe8"),
            ("-78 02 03 -18", "88 02 03 e8"),
            ("# close\n88 02", " \n88 02"),
            ("0x88, 0x02, /* .. */\n", "0x88, 0x02,  \n"),
        ] {
            assert_eq!(of(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_of_the_bytes_is_nothing_else() {
        for text in [
            "88 02 03 e8",
            "88-02-03-e8",
            "-88 02 03 e8",
            "[-120, 2, 3, -24]",
            "ffffff88 88 02",
            "[136, 2,\n3, 232]\n",
            "0x88, 0x02,\n0x03",
            "\"\\x88 # //\"",
            "81fkJ//A+",
            "12 1\n14 2\n",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }
}
