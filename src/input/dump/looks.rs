//! What a dump looks like, going by its first line.

use super::super::hex::{digit, is_separator};
use super::super::list::decimal;
use super::Kind;
use super::cells::decimal_word;

/// With fewer digits, only an offset of zero is one: `8802: ` is more likely two bytes.
const SURE_DIGITS: usize = 7;

/// With fewer digits, nothing is an offset.
const LEAST_DIGITS: usize = 4;

/// The digits of the offset at the front of a line, and what follows.
pub(super) fn split_offset(line: &str, kind: Kind) -> (&str, &str) {
    let line = match kind {
        Kind::Tcpdump => line.strip_prefix("0x").unwrap_or_default(),
        _ => line,
    };
    let end = line.find(|character| digit(character).is_none());
    line.split_at_checked(end.unwrap_or(line.len()))
        .unwrap_or((line, ""))
}

/// The first line that is not blank.
fn first_line(sample: &str) -> &str {
    let mut lines = sample.lines().filter(|line| !line.trim().is_empty());
    lines.next().unwrap_or_default()
}

/// The dump of a packet that `tcpdump -X` printed below a line about it.
pub(in super::super) fn packet_below_title(sample: &str) -> Option<&str> {
    let (title, below) = sample.trim_start().split_once('\n')?;
    let is_title = title.contains(" > ") && !looks(Kind::Tcpdump, title);
    (is_title && first_line(below).trim_start().starts_with("0x0000:")).then_some(below)
}

/// Whether `text` is so many digits of the base.
fn is_number(text: &str, base: u32, widths: &[usize]) -> bool {
    widths.contains(&text.len()) && text.chars().all(|character| character.is_digit(base))
}

/// Whether the first line of the sample looks like one of a dump of this kind.
pub(in super::super) fn looks(kind: Kind, sample: &str) -> bool {
    let line = first_line(sample);
    if kind.may_be_bare() && line.starts_with(' ') {
        return looks_bare(kind, line);
    }
    let (digits, rest) = split_offset(line.trim_start(), kind);
    let is_zero = digits.bytes().all(|byte| byte == b'0');
    let sure = digits.len() >= SURE_DIGITS || (digits.len() >= LEAST_DIGITS && is_zero);
    let mut tokens = rest
        .split([' ', '\t', ':'])
        .filter(|token| !token.is_empty());
    let first = tokens.next().unwrap_or_default();
    let is_byte = is_number(first, 16, &[2]);
    let apart = rest.starts_with([' ', '\t']);
    let far = rest.starts_with("  ") || rest.starts_with('\t');
    let is_xxd = sure && (rest.starts_with(": ") || rest == ":");
    // The only group of `xxd -e`, when it is not full, stands at the right of its column.
    let spaces = rest.len() - rest.trim_start_matches([':', ' ']).len();
    let at_the_right = spaces > 2 && matches!(spaces + first.len(), 6 | 10 | 18);
    match kind {
        Kind::Xxd => is_xxd && !at_the_right && !are_cut_bits(rest),
        Kind::XxdSwapped => {
            let width = first.len();
            let is_hex = first.chars().all(|character| digit(character).is_some());
            let is_wide = matches!(width, 8 | 16);
            is_xxd && is_hex && (is_wide || at_the_right || width == 4) && !are_cut_bits(rest)
        }
        Kind::XxdBits => is_xxd && !at_the_right && is_number(first, 2, &[8]),
        Kind::Hexdump => {
            let is_near = !rest.starts_with("   ");
            digits.len() >= SURE_DIGITS && far && if is_byte { is_near } else { !is_cell(first) }
        }
        Kind::Wireshark => {
            let is_near = !rest.starts_with("    ");
            (LEAST_DIGITS..SURE_DIGITS).contains(&digits.len())
                && is_zero
                && far
                && is_near
                && is_byte
        }
        Kind::Tcpdump => digits.len() >= LEAST_DIGITS && rest.starts_with(':'),
        Kind::OdHex => digits.len() >= 6 && apart && !far && is_byte,
        Kind::Words => digits.len() >= 6 && apart && is_number(first, 16, &[4, 8, 16]),
        Kind::OctalWords => {
            digits.len() >= SURE_DIGITS && apart && is_number(first, 8, &[6, 11, 22])
        }
        Kind::OctalBytes => digits.len() >= 6 && apart && is_number(first, 8, &[3]),
        Kind::Decimal => {
            digits.len() >= 6 && apart && decimal(first).is_some() && (far || first.len() >= 3)
        }
        Kind::DecimalWords => digits.len() >= 6 && apart && looks_like_words(rest),
        Kind::Characters => digits.len() >= 6 && apart && looks_like_characters(rest),
    }
}

/// Whether a token could be a cell of another dump than one of hex bytes.
fn is_cell(token: &str) -> bool {
    is_number(token, 16, &[1, 3, 4, 5, 6, 8, 16])
}

/// Whether the first cells are of `od -c`: four characters each.
fn looks_like_characters(rest: &str) -> bool {
    let is_cell =
        |cell: &str| cell.len() == 4 && (is_number(cell.trim(), 8, &[3]) || cell.starts_with("  "));
    rest.get(..4).is_some_and(is_cell)
        && rest
            .get(4..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether the groups behind an offset are of binary digits, eight at first but not always.
fn are_cut_bits(rest: &str) -> bool {
    let rest = rest.trim_start_matches([':', ' ']);
    let groups = rest.split("  ").next().unwrap_or_default().trim_end();
    let is_bits = |group: &str| {
        group
            .chars()
            .all(|character| matches!(character, '0' | '1'))
    };
    let mut groups = groups.split(' ');
    groups.next().is_some_and(|first| is_number(first, 2, &[8]))
        && groups.clone().all(is_bits)
        && groups.any(|group| group.len() != 8)
}

/// Whether the first cell is a decimal word.
fn looks_like_words(rest: &str) -> bool {
    let cell = rest.trim_start_matches(' ');
    let token = cell.split([' ', '\t', '\r']).next().unwrap_or_default();
    decimal_word(token, rest.len() - cell.len() + token.len()).is_some()
}

/// Whether a line without an offset is one of `od -An`.
fn looks_bare(kind: Kind, line: &str) -> bool {
    let widths: &[usize] = match kind {
        Kind::Words => &[4],
        Kind::OctalWords => &[6],
        Kind::DecimalWords => return looks_like_words(line),
        _ => {
            return looks_like_characters(line)
                && (line.ends_with("    ")
                    || !line.split_whitespace().all(|token| token.len() == 3));
        }
    };
    let base = if kind == Kind::Words { 16 } else { 8 };
    line.split_whitespace()
        .all(|token| is_number(token, base, widths))
}

/// Whether the sample looks like a dump that has text beside its bytes, which may be anything, or
/// escapes in its cells.
pub(in super::super) fn looks_any(sample: &str) -> bool {
    let kinds = [
        Kind::Xxd,
        Kind::Hexdump,
        Kind::Wireshark,
        Kind::Tcpdump,
        Kind::OdHex,
        Kind::Characters,
    ];
    kinds.into_iter().any(|kind| looks(kind, sample))
}

/// Whether a text of hex digits is certainly a dump, so that its offsets are no bytes: its first
/// line is one of a dump with two spaces or a colon behind the offset, or every line begins with
/// such an offset, and the first is zero.
pub(in super::super) fn certain(sample: &str) -> bool {
    let line = first_line(sample).trim_start();
    let (digits, rest) = split_offset(line, Kind::Xxd);
    let is_byte = |text: &str| {
        let mut characters = text.chars();
        let mut next_is_digit = || characters.next().and_then(digit).is_some();
        next_is_digit() && next_is_digit()
    };
    let sure = [Kind::Xxd, Kind::XxdBits, Kind::Wireshark];
    if sure.into_iter().any(|kind| looks(kind, sample)) {
        return true;
    }
    let width = digits.len();
    let is_zero = digits.bytes().all(|byte| byte == b'0');
    let is_sure = width >= SURE_DIGITS || (width >= 6 && is_zero);
    if is_sure && rest.starts_with("  ") && is_byte(rest.trim_start()) {
        return true;
    }
    let begins = |line: &str| {
        let mut tokens = line.split(is_separator).filter(|token| !token.is_empty());
        tokens.next().is_some_and(|token| token.len() == width)
            && tokens.all(|token| token.len() != width)
    };
    let mut lines = sample.lines().filter(|line| !line.trim().is_empty());
    width >= 6
        && is_zero
        && rest.starts_with(' ')
        && lines.clone().count() > 1
        && (are_offsets(sample) || lines.all(|line| line.trim() == "*" || begins(line)))
}

/// Whether every line begins with a number that could be the offset after that of the line before:
/// of as many digits, and greater by no more than a line can be long.
fn are_offsets(sample: &str) -> bool {
    const LONGEST: u64 = 256;
    let mut before: Option<(usize, u64)> = None;
    let mut starred = false;
    for line in sample.lines().filter(|line| !line.trim().is_empty()) {
        if line.trim() == "*" {
            starred = true;
            continue;
        }
        let (digits, _) = split_offset(line.trim_start(), Kind::Xxd);
        let Ok(offset) = u64::from_str_radix(digits, 16) else {
            return false;
        };
        let follows = before.is_none_or(|(width, before)| {
            let step = offset.saturating_sub(before);
            width == digits.len() && step > 0 && (starred || step <= LONGEST)
        });
        if !follows {
            return false;
        }
        before = Some((digits.len(), offset));
        starred = false;
    }
    true
}
