//! What stands around the bytes of a text in which a character stands for itself: quotes that no form knows,
//! brackets, a full stop, blanks. It is a byte each by the letter, and most likely none.
//!
//! Frames tell: if they are whole and break no rule without it, and only so, it is left out. If it does not
//! look like a part of frames and they do not tell either, the text is refused.

use super::Form;
use super::frames;
use super::text::{Mistake, printable};
use crate::words::{Message, say};

/// The longest text that is left out on one side.
const LONGEST: usize = 64;

/// What stands around the bytes.
#[derive(Debug, PartialEq)]
pub(super) enum Around {
    /// Nothing, as far as can be told.
    Nothing,
    /// Something that is left out: the bytes are these.
    LeftOut(std::ops::Range<usize>, Message),
    /// What may be bytes or not.
    Doubtful(String),
}

/// Looks at what `text` has before its first escape and behind its last one. `bytes` are those that it
/// stands for by the letter.
pub(super) fn around(text: &str, bytes: &[u8]) -> Around {
    let Some((before, behind)) = outside(text) else {
        return Around::Nothing;
    };
    let is_before = bytes.starts_with(before.as_bytes());
    if !is_before || bytes.starts_with(b"GET /") || bytes.starts_with(b"HTTP/") {
        return Around::Nothing;
    }
    let is_frame =
        before.len() > LONGEST || bytes.first().is_none_or(|&byte| frames::could_begin(byte));
    let begun = match is_frame || before.ends_with(char::is_alphanumeric) {
        true => 0,
        false => before.len(),
    };
    let before = before.get(..begun).unwrap_or_default();
    // Where something opens that closes again, that is where the bytes end.
    let end = match closing(before, behind) {
        Some(closing) => bytes.len() - closing.len(),
        None => begun + frames::whole(bytes.get(begun..).unwrap_or_default()),
    };
    let dropped = bytes.get(end..).unwrap_or_default();
    let is_behind = end > begun && dropped.len() <= LONGEST && behind.as_bytes().ends_with(dropped);
    let dropped = std::str::from_utf8(dropped).ok().filter(|_| is_behind);
    let dropped = dropped.filter(|text| !text.starts_with(char::is_alphanumeric));
    let shown = || printable(before) + "…" + &printable(dropped.unwrap_or_default());
    if begun == 0 && dropped.is_none_or(str::is_empty) {
        return Around::Nothing;
    }
    let is_sound = |range| bytes.get(range).is_some_and(frames::are_sound);
    if dropped.is_some() && is_sound(begun..end) {
        return Around::LeftOut(begun..end, say!(cli.left_out, what = shown()));
    }
    let is_odd = dropped.is_some_and(|text| !text.contains(char::is_alphanumeric));
    match begun > 0 || is_odd {
        true => Around::Doubtful(shown()),
        false => Around::Nothing,
    }
}

/// What closes the quote or bracket at the end of `before`, with all that stands behind it.
fn closing<'t>(before: &str, behind: &'t str) -> Option<&'t str> {
    const PAIRS: [(&str, &str); 11] = [
        ("&quot;", "&quot;"),
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("\u{201c}", "\u{201d}"),
        ("\u{2018}", "\u{2019}"),
        ("\u{2019}", "\u{2019}"),
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("<", ">"),
    ];
    let (opening, closing) = PAIRS
        .iter()
        .find(|(opening, _)| before.ends_with(opening))?;
    let at = match opening == closing {
        true => behind.find(closing)?,
        false => behind.rfind(closing)?,
    };
    behind.get(at..)
}

/// The mistake of a text of which that is in doubt.
pub(super) fn mistake(around: String, form: &Form) -> Mistake {
    Mistake::new(say!(form.around, around, form = form.id))
}

/// The text before the first escape and behind the last one, in the first line that has something.
fn outside(text: &str) -> Option<(&str, &str)> {
    let line = text.trim_start().lines().next()?;
    let sign = if line.contains('\\') { '\\' } else { '%' };
    let (before, _) = line.split_once(sign)?;
    let (_, last) = line.rsplit_once(sign)?;
    // What the sign escapes, and digits in braces, are no text.
    let mut letters = last.chars();
    letters.next()?;
    let behind = letters.as_str();
    let braced = behind
        .strip_prefix('{')
        .and_then(|digits| digits.split_once('}'));
    Some((before, braced.map_or(behind, |(_, behind)| behind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        match around(text, bytes) {
            Around::LeftOut(range, _) => bytes.get(range).map(<[u8]>::to_vec),
            _ => None,
        }
    }

    #[test]
    fn what_stands_around_whole_frames_is_left_out() {
        const CLOSE: &[u8] = b"\x88\x02\x03\xe8";
        for (before, behind) in [
            ("", "."),
            ("(", ")"),
            ("", "   "),
            ("", " (4 bytes)"),
            ("1:\"", "\""),
            ("b\u{2019}", "\u{2019}"),
            ("{:data=>\"", "\"}"),
        ] {
            for escapes in [
                "\\x88\\x02\\x03\\xe8",
                "\\210\\2\\3\\350",
                "\\x{88}\\x{e8}",
                "%88%02%03%e8",
            ] {
                let text = [before, escapes, behind].concat();
                let bytes = [before.as_bytes(), CLOSE, behind.as_bytes()].concat();
                assert_eq!(left(&text, &bytes).as_deref(), Some(CLOSE), "{text}");
            }
        }
    }

    #[test]
    fn what_may_be_of_the_frames_stays() {
        for (text, bytes) in [
            ("\\x81\\x06Hello.", &b"\x81\x06Hello."[..]),
            ("\\x81\\x09Hello.", b"\x81\x09Hello."),
            (
                "\\x88\\x02\\x03\\xe8HTTP/1.1 400",
                b"\x88\x02\x03\xe8HTTP/1.1 400",
            ),
            (
                "HTTP/1.1 101 (\\r\\n\\r\\n\\x88\\0",
                b"HTTP/1.1 101 (\r\n\r\n\x88\0",
            ),
            ("\"\\x88\\x00 \"", b"\x88\x00 "),
        ] {
            assert_eq!(around(text, bytes), Around::Nothing, "{text}");
        }
    }

    #[test]
    fn what_frames_do_not_tell_is_in_doubt() {
        for (text, bytes) in [
            ("{:a=>\"\\x81\\x05Hell\"}", &b"{:a=>\"\x81\x05Hell\"}"[..]),
            ("(\\x81\\x05Hell)", b"(\x81\x05Hell)"),
            ("\\x88\\x02\\x03\\xff.", b"\x88\x02\x03\xff."),
        ] {
            assert!(matches!(around(text, bytes), Around::Doubtful(_)), "{text}");
        }
    }
}
