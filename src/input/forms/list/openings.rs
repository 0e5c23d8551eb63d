//! What stands before the numbers of a list, and after them.

use super::Numbers;
use super::number::is_cast;

/// What numbers may follow an opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Allows {
    /// Numbers without brackets.
    #[default]
    Bare,
    /// Any way of writing them.
    Any,
    /// Decimal numbers, or hex with prefixes, as in source code.
    Code,
    /// Hex digits without prefixes.
    Hex,
    /// One hex number with a prefix.
    Prefixed,
}

/// Openings as they are without white space, with `#` for a number. What closes their brackets follows
/// the list.
const OPENINGS: [(&str, Allows); 63] = [
    ("[", Allows::Any),
    ("{", Allows::Any),
    ("(", Allows::Any),
    ("&[", Allows::Any),
    ("<", Allows::Hex),
    ("<Buffer", Allows::Hex),
    ("[hex=", Allows::Hex),
    ("[size=#hex=", Allows::Hex),
    ("ArrayBuffer{[Uint8Contents]:<", Allows::Hex),
    ("{length=#,bytes=", Allows::Prefixed),
    ("<<", Allows::Code),
    ("vec![", Allows::Code),
    ("@[", Allows::Code),
    ("[]byte{", Allows::Code),
    ("&[]byte{", Allows::Code),
    ("[#]byte{", Allows::Code),
    ("[...]byte{", Allows::Code),
    ("[]uint8{", Allows::Code),
    ("[#]uint8{", Allows::Code),
    ("[]int8{", Allows::Code),
    ("newbyte[]{", Allows::Code),
    ("newbyte[#]{", Allows::Code),
    ("newsbyte[]{", Allows::Code),
    ("newsbyte[#]{", Allows::Code),
    ("byte[]{", Allows::Code),
    ("byte[#]{", Allows::Code),
    ("(byte[]){", Allows::Code),
    ("(uint8_t[]){", Allows::Code),
    ("(unsignedchar[]){", Allows::Code),
    ("bytes([", Allows::Code),
    ("bytes((", Allows::Code),
    ("bytearray([", Allows::Code),
    ("array('B',[", Allows::Code),
    ("array('b',[", Allows::Code),
    ("array([", Allows::Code),
    ("tensor([", Allows::Code),
    ("ByteString(", Allows::Code),
    ("String.fromCharCode(", Allows::Code),
    ("CHAR(", Allows::Code),
    ("SELECTCHAR(", Allows::Code),
    ("#(", Allows::Code),
    ("#[", Allows::Code),
    ("array(", Allows::Code),
    ("pack('C*',", Allows::Code),
    ("pack(\"C*\",", Allows::Code),
    ("Uint8Array[", Allows::Code),
    ("Uint8Array(#)[", Allows::Code),
    ("Int8Array[", Allows::Code),
    ("Int8Array(#)[", Allows::Code),
    ("newUint8Array([", Allows::Code),
    ("newInt8Array([", Allows::Code),
    ("Uint8Array.from([", Allows::Code),
    ("Uint8Array.of(", Allows::Code),
    ("Buffer.from([", Allows::Code),
    ("{\"type\":\"Buffer\",\"data\":[", Allows::Code),
    ("{type:'Buffer',data:[", Allows::Code),
    ("byteArrayOf(", Allows::Code),
    ("ubyteArrayOf(", Allows::Code),
    ("List(", Allows::Code),
    ("Array(", Allows::Code),
    ("Data([", Allows::Code),
    ("[UInt8]([", Allows::Code),
    ("Binary([", Allows::Code),
];

/// The longest opening without white space, with what it is assigned to.
const LONGEST: usize = 160;

/// What stands before the numbers.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// How many bytes of the text it is.
    pub(super) length: usize,
    /// What follows the numbers, without white space, with `#` for their count.
    pub(super) tail: String,
    /// The last character of the opening.
    pub(super) last: char,
    /// How many bytes it says there are.
    pub(super) claimed: Option<u64>,
    /// Whether a hex number may be more than one byte.
    pub(super) is_packed: bool,
    /// Whether strings of bytes may stand between the numbers.
    pub(super) has_strings: bool,
    allows: Allows,
}

impl Opening {
    /// The longest opening at the front of `text`; an empty one if there is none.
    pub(super) fn of(text: &str) -> Self {
        let mut found = Self::default();
        // The brackets of a cast are those of one number.
        if is_cast(text.trim_start()) {
            return found;
        }
        let mut normal = String::new();
        let mut number = String::new();
        for (at, character) in text.char_indices() {
            if character.is_whitespace() {
                continue;
            }
            if character.is_ascii_digit() && !normal.ends_with(is_name) {
                if !normal.ends_with('#') {
                    normal.push('#');
                    number.clear();
                }
                number.push(character);
                continue;
            }
            normal.push(character);
            if normal.len() > LONGEST {
                break;
            }
            let opening = unassigned(&normal);
            let Some(&(opening, allows)) = OPENINGS.iter().find(|(row, _)| *row == opening) else {
                continue;
            };
            let gives_count = ["Array(#)", "length=#", "size=#"]
                .into_iter()
                .any(|count| opening.contains(count));
            found = Self {
                length: at + character.len_utf8(),
                tail: tail_of(opening),
                last: character,
                claimed: number.parse().ok().filter(|_| gives_count),
                is_packed: opening == "<" || opening.ends_with("hex="),
                has_strings: opening == "<<",
                allows,
            };
        }
        found
    }

    /// Whether there is no opening.
    pub(super) fn is_bare(&self) -> bool {
        self.allows == Allows::Bare
    }

    /// Whether such numbers may follow.
    pub(super) fn allows(&self, numbers: Numbers) -> bool {
        match self.allows {
            Allows::Bare => true,
            Allows::Any => true,
            Allows::Code => matches!(numbers, Numbers::Decimal | Numbers::Prefixed),
            Allows::Hex => numbers == Numbers::Hex,
            Allows::Prefixed => numbers == Numbers::Prefixed,
        }
    }

    /// Checks the text after the numbers. Gives the count that it claims, or what of it does not
    /// belong there.
    pub(super) fn check_tail<'a>(&self, text: &'a str) -> Result<Option<u64>, &'a str> {
        let mut claimed = None;
        let mut rest = text;
        for expected in self.tail.chars() {
            rest = rest.trim_start();
            if expected == '#' {
                let after = rest.trim_start_matches(|character: char| character.is_ascii_digit());
                claimed = rest.strip_suffix(after).unwrap_or(rest).parse().ok();
                rest = after;
            } else {
                // numpy and torch tell the type of the numbers.
                let typed = rest.strip_prefix(',').map(str::trim_start);
                if let Some(at) = typed
                    .filter(|after| after.starts_with("dtype="))
                    .and(rest.find(expected))
                {
                    rest = rest.get(at..).unwrap_or_default();
                }
                rest = rest.strip_prefix(expected).ok_or(rest)?;
            }
        }
        let rest = rest.trim();
        let after = rest.strip_prefix([';', ',', '.']).unwrap_or(rest).trim();
        if after.is_empty() {
            return Ok(claimed);
        }
        // `xxd -i` tells the length.
        let length = after
            .strip_prefix("unsigned int ")
            .and_then(|after| after.strip_suffix(';'))
            .and_then(|after| after.split_once("_len = ").or(after.split_once("_LEN = ")));
        match length {
            Some((_, length)) => length.parse().map(Some).map_err(|_| after),
            None => Err(after),
        }
    }
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// What follows the `=` in `let frame: [u8; 4] = [`, or all of it.
fn unassigned(text: &str) -> &str {
    let is_left = |left: &str| {
        left.starts_with(|character: char| is_name(character) || character == '$')
            && left
                .chars()
                .all(|character| is_name(character) || "[]:;*&<>.$#".contains(character))
    };
    match text.split_once('=') {
        Some((left, right)) if is_left(left) => right,
        _ => text,
    }
}

/// What closes the brackets of an opening.
fn tail_of(opening: &str) -> String {
    if opening.contains("Contents") {
        return ">,byteLength:#}".to_owned();
    }
    let mut closing = String::new();
    for character in opening.chars() {
        let closer = match character {
            '[' => ']',
            '(' => ')',
            '{' => '}',
            '<' => '>',
            ']' | ')' | '}' | '>' => {
                closing.remove(0);
                continue;
            }
            _ => continue,
        };
        closing.insert(0, closer);
    }
    closing
}
