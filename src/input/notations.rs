//! Texts in which something else than a backslash marks the bytes that cannot be shown: carets, pictures of
//! control characters, digits in angle brackets. Each is tried as what it stands for, and frames decide: see
//! `choice`. A reader that does not know a mark takes it for the bytes of its characters.

use super::digits::digit;
use super::variants::Variant;
use crate::words::{Text, text};

/// One way to mark bytes.
struct Notation {
    /// What the marks are, to be put in a sentence.
    what: Text,
    /// The byte that a mark at the front of a text stands for, and how long the mark is.
    mark: fn(&str) -> Option<(u8, usize)>,
    /// Whether escapes and quotes of source code are in it too.
    has_escapes: bool,
}

/// The ways that are known.
const NOTATIONS: [Notation; 8] = [
    Notation {
        what: text!(notation.pictures),
        mark: picture,
        has_escapes: true,
    },
    Notation {
        what: text!(notation.carets),
        mark: caret,
        has_escapes: true,
    },
    Notation {
        what: text!(notation.angles),
        mark: |text| angle(text).or_else(|| caret(text)),
        has_escapes: false,
    },
    Notation {
        what: text!(notation.backslashes),
        mark: |text| pair(text.strip_prefix('\\')?).map(|byte| (byte, 3)),
        has_escapes: false,
    },
    Notation {
        what: text!(notation.hashes),
        mark: hash,
        has_escapes: false,
    },
    Notation {
        what: text!(notation.brackets),
        mark: bracket,
        has_escapes: false,
    },
    Notation {
        what: text!(notation.references),
        mark: reference,
        has_escapes: false,
    },
    Notation {
        what: text!(notation.equals),
        mark: |text| pair(text.strip_prefix('=')?).map(|byte| (byte, 3)),
        has_escapes: false,
    },
];

/// All that a text could be meant as, where its marks are not those of escapes.
pub(super) fn notations(text: &str) -> Vec<Variant> {
    let variant = |notation: &Notation| {
        Some(Variant {
            text: written_out(notation, text)?,
            what: notation.what,
            is_meant: true,
            is_doubtful: true,
            is_foreign: false,
        })
    };
    NOTATIONS.iter().filter_map(variant).collect()
}

/// The text with escapes in the place of marks. Nothing where it cannot be of this notation.
fn written_out(notation: &Notation, text: &str) -> Option<String> {
    let trimmed = text.trim();
    let inner = match notation.has_escapes {
        true => trimmed,
        false => quoted(trimmed),
    };
    // A frame begins with a byte that cannot be shown.
    let begins = match notation.has_escapes {
        true => inner.contains('\\'),
        false => (notation.mark)(inner).is_some_and(|(byte, _)| byte >= 0x80),
    };
    if !begins || (notation.has_escapes && has_control_escapes(inner)) || is_octal(notation, inner)
    {
        return None;
    }
    let mut plain = String::with_capacity(inner.len() + 2);
    let (mut rest, mut has_marks) = (inner, false);
    while let Some(next) = rest.chars().next() {
        if let Some((byte, length)) = (notation.mark)(rest) {
            plain.push_str(&format!("\\x{{{byte:02x}}}"));
            rest = rest.get(length..)?;
            has_marks = true;
            continue;
        }
        let is_escape = next == '\\' && notation.has_escapes;
        if matches!(next, '\\' | '"') && !notation.has_escapes {
            plain.push('\\');
        }
        plain.push(next);
        rest = rest.get(next.len_utf8()..)?;
        // What is escaped is no mark.
        if let Some(escaped) = rest.chars().next().filter(|_| is_escape) {
            plain.push(escaped);
            rest = rest.get(escaped.len_utf8()..)?;
        }
    }
    let plain = match notation.has_escapes {
        true => plain,
        false => format!("\"{plain}\""),
    };
    has_marks.then_some(plain)
}

/// What stands between the first quote of a text and the one at its end, or all of it.
fn quoted(text: &str) -> &str {
    let inner = text.strip_suffix('"').and_then(|text| text.split_once('"'));
    inner.map_or(text, |(_, inner)| inner)
}

/// Whether control characters have escapes, so that no other mark stands for one: `\x05`, `\5` or `\005`.
fn has_control_escapes(text: &str) -> bool {
    let text = text.replace("\\\\", "");
    text.split('\\')
        .skip(1)
        .any(|after| match after.strip_prefix('x') {
            Some(digits) => pair(digits).is_some_and(|byte| byte < 0x20),
            None => {
                let is_digit = |byte: &u8| matches!(byte, b'0'..=b'7');
                let digits = after.bytes().take(3).take_while(is_digit).count();
                (1..3).contains(&digits) || (digits == 3 && after.starts_with('0'))
            }
        })
}

/// Whether escapes of two hex digits are octal ones of three.
fn is_octal(notation: &Notation, text: &str) -> bool {
    let is_octal = |after: &str| {
        let digits = after.get(..3);
        digits.is_some_and(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'7')))
    };
    let is_pair = |after: &str| pair(after).is_some();
    let mut escapes = text.split('\\').skip(1);
    let starts_with_escape = text.starts_with('\\') && !notation.has_escapes;
    starts_with_escape && (escapes.clone().all(is_octal) || !escapes.all(is_pair))
}

/// The byte of two hex digits.
fn pair(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    let is_hex = digits.chars().all(|c| digit(c).is_some());
    u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// `␅`, and `·` for a space.
fn picture(text: &str) -> Option<(u8, usize)> {
    let sign = text.chars().next()?;
    let byte = match sign {
        '\u{2400}'..='\u{2420}' => u8::try_from(u32::from(sign) - 0x2400).ok()?,
        '\u{2421}' => 0x7f,
        '\u{2424}' => b'\n',
        '\u{b7}' => b' ',
        _ => return None,
    };
    Some((byte, sign.len_utf8()))
}

/// `^E`.
fn caret(text: &str) -> Option<(u8, usize)> {
    let letter = text.strip_prefix('^')?.bytes().next()?;
    // A backslash may be of an escape.
    let is_letter = matches!(letter, b'?'..=b'_') && letter != b'\\';
    is_letter.then_some((letter ^ 0x40, 2))
}

/// `<81>`, as `less` and `vim` show it.
fn angle(text: &str) -> Option<(u8, usize)> {
    let rest = text.strip_prefix('<')?;
    let byte = pair(rest).filter(|byte| *byte >= 0x80)?;
    rest.get(2..)?.starts_with('>').then_some((byte, 4))
}

/// `#201`, as `rsyslog` writes control characters.
fn hash(text: &str) -> Option<(u8, usize)> {
    let digits = text.strip_prefix('#')?.get(..3)?;
    let is_octal = digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    let byte = u8::from_str_radix(digits, 8).ok().filter(|_| is_octal)?;
    (!matches!(byte, b' '..=b'~')).then_some((byte, 4))
}

/// `[0x81]` and `[\r]`, as in the wire log of Apache HttpClient.
fn bracket(text: &str) -> Option<(u8, usize)> {
    let (inner, _) = text.strip_prefix('[')?.split_once(']')?;
    let byte = match inner {
        "\\r" => b'\r',
        "\\n" => b'\n',
        _ => {
            let digits = inner.strip_prefix("0x")?;
            let is_hex = digits.chars().all(|c| digit(c).is_some());
            u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?
        }
    };
    Some((byte, inner.len() + 2))
}

/// `&#x81;` and `&#129;`.
fn reference(text: &str) -> Option<(u8, usize)> {
    let (inner, _) = text.strip_prefix("&#")?.split_once(';')?;
    let (digits, radix) = match inner.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (inner, 10),
    };
    let is_number = digits.chars().all(|c| c.is_digit(radix));
    let byte = u8::from_str_radix(digits, radix).ok();
    Some((byte.filter(|_| is_number)?, inner.len() + 3))
}

#[cfg(test)]
mod tests {
    use super::super::choice::choose;

    /// The bytes that are read of a text. Nothing if it is refused.
    fn read(text: &str) -> Option<Vec<u8>> {
        let choice = choose(text, None).ok()?;
        choice.reading.result.ok().map(|()| choice.reading.bytes)
    }

    #[test]
    fn marks_are_the_bytes_they_stand_for_where_frames_tell() {
        for text in [
            "\\x81␅Hello\\x88␂␃\\xE8\n",
            "\"\\201^EHello\\210^B^C\\350\"\n",
            "<81>^EHello<88>^B^C<E8>\n",
            "\\81\\05Hello\\88\\02\\03\\e8\n",
            "#201#005Hello#210#002#003#350\n",
            "\"[0x81][0x5]Hello[0x88][0x2][0x3][0xe8]\"\n",
            "12:00:00 [DEBUG] wire - out-0 << \"[0x81][0x5]Hello[0x88][0x2][0x3][0xe8]\"\n",
            "&#x81;&#x5;Hello&#136;&#2;&#3;&#232;\n",
            "=81=05Hello=88=02=03=E8\n",
        ] {
            let hello = b"\x81\x05Hello\x88\x02\x03\xe8";
            assert_eq!(read(text).as_deref(), Some(&hello[..]), "{text}");
        }
    }

    #[test]
    fn marks_are_no_characters_where_frames_do_not_tell() {
        for text in [
            "\\x81␅Hell\n",
            "\"\\201^EHell\\210^B\"\n",
            "<81>^E\\x48ello\n",
            "\\88\\02\\03\\e7\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_escaped_otherwise_has_no_marks() {
        for (text, bytes) in [
            ("\"\\x81\\x02^B\"", &b"\x81\x02^B"[..]),
            ("\"\\x81\\x04^B\"", b"\x81\x04^B"),
            ("\\210\\002\\003\\347", b"\x88\x02\x03\xe7"),
        ] {
            assert_eq!(read(text).as_deref(), Some(bytes), "{text}");
        }
    }
}
