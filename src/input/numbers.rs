//! Numbers as source code of many languages has them, several kinds in one list: `{0x88, 2, 0350, 'H'}`,
//! `<<16#88>>`, `db 088h, "Hello"`. They are tried as the bytes that they are in the language they look like,
//! and frames decide: see `choice`.

use super::digits::digit;
use super::layout;
use super::variants::Variant;
use crate::words::text;

/// Where a number or a word of a list ends.
fn is_between(c: char) -> bool {
    c.is_whitespace() || ",;(){}[]".contains(c)
}

/// The text with each number as hex behind `0x`, where some are written so that no list of one kind has them.
pub(super) fn in_source(text: &str) -> Option<Variant> {
    if !text.contains([',', '(', '[', '{', '<']) || (text.contains('\\') && !text.contains('\'')) {
        return None;
    }
    if layout::has_address(text) {
        return None;
    }
    let mut plain = String::with_capacity(2 * text.len());
    let mut rest = text;
    let (mut is_special, mut is_plain, mut has_prefix) = (false, false, false);
    while let Some(next) = rest.chars().next() {
        if is_between(next) {
            plain.push(next);
            rest = rest.get(next.len_utf8()..)?;
            continue;
        }
        let length = token_length(rest);
        let (token, behind) = rest.split_at_checked(length)?;
        rest = behind;
        let inner = token.trim_start_matches('<').trim_end_matches('>');
        let inner = inner.strip_suffix("...").unwrap_or(inner);
        let edges = token.split_once(inner).unwrap_or_default();
        plain.push_str(edges.0);
        match number(inner) {
            Some((bytes, kind)) => {
                is_special |= kind == Kind::Special;
                is_plain |= kind == Kind::Decimal;
                has_prefix |= kind == Kind::Prefixed;
                let all: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
                plain.push_str(&all.join(", "));
            }
            None => plain.push_str(inner),
        }
        plain.push_str(edges.1);
    }
    (is_special || (is_plain && has_prefix)).then_some(Variant {
        text: plain
            .replace("#(", "(")
            .replace("#u8(", "(")
            .replace("#[", "["),
        is_meant: true,
        what: text!(variant.source),
        is_doubtful: true,
        is_foreign: false,
    })
}

/// How long the token at the front of a text is: to its closing quote, or to what stands between two.
fn token_length(text: &str) -> usize {
    let quote = match text.strip_prefix('b').unwrap_or(text).chars().next() {
        Some(quote @ ('\'' | '"')) => quote,
        _ => return text.find(is_between).unwrap_or(text.len()),
    };
    let begun = text.find(quote).unwrap_or_default() + 1;
    let mut is_escaped = false;
    let inner = text.get(begun..).unwrap_or_default();
    let end = inner.find(|c: char| {
        let is_end = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| begun + end + 1)
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Decimal,
    /// Characters in a string.
    Text,
    /// `0x88`.
    Prefixed,
    /// In a way that no list of one kind has.
    Special,
}

/// The bytes of a number, a character or a string.
fn number(token: &str) -> Option<(Vec<u8>, Kind)> {
    if let Some(bytes) = quoted(token) {
        let is_character = token.ends_with('\'');
        return Some((
            bytes,
            if is_character {
                Kind::Special
            } else {
                Kind::Text
            },
        ));
    }
    let of = |digits: &str, radix: u32| {
        let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        u8::from_str_radix(digits, radix).ok().filter(|_| is_number)
    };
    let special = |byte: Option<u8>| byte.map(|byte| (vec![byte], Kind::Special));
    if let Some(digits) = token.strip_prefix("0x").or(token.strip_prefix("0X")) {
        let byte = of(digits, 16).filter(|_| digits.len() <= 2)?;
        return Some((vec![byte], Kind::Prefixed));
    }
    const PREFIXES: [(&str, u32); 11] = [
        ("0b", 2),
        ("0B", 2),
        ("0o", 8),
        ("16#", 16),
        ("16r", 16),
        ("8'h", 16),
        ("#x", 16),
        ("&H", 16),
        ("$", 16),
        ("2#", 2),
        ("8#", 8),
    ];
    let based = PREFIXES.into_iter().find_map(|(prefix, radix)| {
        let digits = token.strip_prefix(prefix)?;
        of(digits.strip_suffix('#').unwrap_or(digits), radix)
    });
    if based.is_some() {
        return special(based);
    }
    let suffixed = token.strip_suffix(['h', 'H']);
    if let Some(digits) = suffixed.filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
    {
        return special(of(digits, 16));
    }
    let is_octal = token.len() > 2 && token.starts_with('0');
    match is_octal {
        true => special(of(token, 8)),
        false if token.len() == 2 && token.starts_with('0') => {
            Some((vec![of(token, 8)?], Kind::Decimal))
        }
        false => Some((vec![of(token, 10)?], Kind::Decimal)),
    }
}

/// The bytes of a character in quotes, or of a string without escapes.
fn quoted(token: &str) -> Option<Vec<u8>> {
    let token = token.strip_prefix('b').unwrap_or(token);
    if let Some(inner) = token
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    {
        return (inner.is_ascii() && !inner.contains('\\')).then(|| inner.as_bytes().to_vec());
    }
    let inner = token.strip_prefix('\'')?.strip_suffix('\'')?;
    let byte = match inner.strip_prefix('\\') {
        None => u8::try_from(inner.chars().next()?).ok()?,
        Some("n") => b'\n',
        Some("r") => b'\r',
        Some("t") => b'\t',
        Some("0") => 0,
        Some(hex) if hex.starts_with('x') => {
            let digits = hex.get(1..).filter(|hex| hex.len() == 2)?;
            let is_hex = digits.chars().all(|c| digit(c).is_some());
            u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?
        }
        Some(one) => u8::try_from(one.chars().next()?).ok()?,
    };
    let is_one = inner.chars().count() == 1 || inner.starts_with('\\');
    is_one.then(|| vec![byte])
}

#[cfg(test)]
mod tests {
    use super::super::choice::choose;

    #[test]
    fn numbers_of_several_kinds_are_bytes_where_frames_tell() {
        for text in [
            "{0x81, 5, 'H', 'e', 'l', 'l', 'o', 0x88, 2, 03, 0xe8}",
            "[129, 5, b'H', b'e', b'l', b'l', b'o', 136, 2, 3, 232]",
            "0201, 05, 0110, 0145, 0154, 0154, 0157, 0210, 02, 03, 0350\n",
            "<<16#81,16#05,16#48,16#65,16#6C,16#6C,16#6F,16#88,16#02,16#03,16#E8>>",
            "($81, $05, $48, $65, $6C, $6C, $6F, $88, $02, $03, $E8);",
            "#(129 5 72 101 108 108 111 #x88 #x02 #x03 #xe8)",
            "array([129, 5, 72, 101, 108, 108, 111, 136, 2, 3, 232], dtype=uint8)",
            "[081h, 05h, \"Hello\", 088h, 02h, 03h, 0e8h]\n",
        ] {
            let choice = choose(text, None).unwrap();
            assert_eq!(choice.reading.result, Ok(()), "{text}");
            let hello = b"\x81\x05Hello\x88\x02\x03\xe8";
            assert_eq!(choice.reading.bytes, hello, "{text}");
        }
    }

    #[test]
    fn numbers_of_several_kinds_are_refused_where_frames_do_not_tell() {
        for text in [
            "{0x88, 10, 0x03, 0xe8}",
            "0211, 0201, 01, 02, 03\n",
            "{0x88, 2, 3, 0xe7}",
        ] {
            let is_read = choose(text, None).is_ok_and(|choice| choice.reading.result.is_ok());
            assert!(!is_read, "{text}");
        }
    }
}
