//! How the lines of dumps are laid out: which kinds there are, and what a text is going by its first
//! line.

use super::digits::{digit, is_separator};
use super::number::{decimal, decimal_word};

/// How the lines of a dump are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `00000000: 8802 03e8  ....`
    Xxd,
    /// `00000000: e8030288  ....`, the bytes of every group in reverse.
    XxdSwapped,
    /// `00000000: 10001000 00000010  ..`
    XxdBits,
    /// `00000000  88 02 03 e8  |....|`
    Hexdump,
    /// `0000   88 02 03 e8   ....`
    Wireshark,
    /// `0x0000:  8802 03e8  ....`
    Tcpdump,
    /// `0000000 88 02 03 e8`
    OdHex,
    /// `0000000 0288 e803`: hex words, the low byte first.
    Words,
    /// `0000000 001210 164003`: octal words, the low byte first.
    OctalWords,
    /// `0000000 210 002 003 350`
    OctalBytes,
    /// `0000000 136   2   3 232`, or with signs.
    Decimal,
    /// `0000000   648  59395`, or with signs: decimal words of two, four or eight bytes, the low
    /// byte first.
    DecimalWords,
    /// `0000000 210 002 003 350   h   i  \n`
    Characters,
}

impl Kind {
    /// Whether the dump ends with a line that has nothing but an offset.
    pub(super) const fn has_end(self) -> bool {
        !matches!(
            self,
            Self::Xxd | Self::XxdSwapped | Self::XxdBits | Self::Tcpdump
        )
    }

    /// Whether the offsets may be in octal or decimal too.
    pub(super) const fn has_any_base(self) -> bool {
        self.is_words()
            || matches!(
                self,
                Self::OdHex | Self::OctalBytes | Self::Decimal | Self::Characters
            )
    }

    /// Whether the last word may have bytes that only fill it up.
    pub(super) const fn is_words(self) -> bool {
        matches!(self, Self::Words | Self::OctalWords | Self::DecimalWords)
    }

    /// What fills up the last line.
    pub(super) const fn filling(self) -> u8 {
        if matches!(self, Self::Characters) {
            b' '
        } else {
            0
        }
    }

    /// Whether the lines may come without offsets, behind a space, as from `od -An`.
    pub(super) const fn may_be_bare(self) -> bool {
        self.is_words() || matches!(self, Self::Characters)
    }
}

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

/// Whether the first line of a text begins with an address of memory, which is no byte.
pub(super) fn has_address(text: &str) -> bool {
    let line = first_line(text).trim_start();
    let Some(line) = line.strip_prefix("0x") else {
        return false;
    };
    let (digits, rest) = split_offset(line, Kind::Xxd);
    // Debuggers print no zeros before an address, and a symbol or a tab behind it.
    let is_address = digits.len() > 4 || rest.contains(">:\t") || rest.starts_with(":\t");
    is_address && rest.trim_start().starts_with([':', '<'])
}

/// Whether the first line of a text has no offset, or the offset zero: so that no line above it is
/// one that was lost.
pub(super) fn begins_at_zero(text: &str) -> bool {
    let line = first_line(text).trim_start();
    let line = line.strip_prefix("0x").unwrap_or(line);
    let (digits, rest) = split_offset(line, Kind::Xxd);
    digits.len() < LEAST_DIGITS
        || !rest.starts_with([':', ' ', '\t'])
        || digits.bytes().all(|digit| digit == b'0')
}

/// Whether `text` is so many digits of the base.
fn is_number(text: &str, base: u32, widths: &[usize]) -> bool {
    widths.contains(&text.len()) && text.chars().all(|character| character.is_digit(base))
}

/// Whether the first line of the sample looks like one of a dump of this kind.
pub(super) fn is_line_of(kind: Kind, sample: &str) -> bool {
    let line = first_line(sample);
    if kind.may_be_bare() && line.starts_with(' ') {
        return is_bare_line_of(kind, line);
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
        Kind::DecimalWords => digits.len() >= 6 && apart && are_words(rest),
        Kind::Characters => digits.len() >= 6 && apart && are_characters(rest),
    }
}

/// Whether a token could be a cell of another dump than one of hex bytes.
fn is_cell(token: &str) -> bool {
    is_number(token, 16, &[1, 3, 4, 5, 6, 8, 16])
}

/// Whether the first cells are of `od -c`: four characters each.
fn are_characters(rest: &str) -> bool {
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
fn are_words(rest: &str) -> bool {
    let cell = rest.trim_start_matches(' ');
    let token = cell.split([' ', '\t', '\r']).next().unwrap_or_default();
    decimal_word(token, rest.len() - cell.len() + token.len()).is_some()
}

/// Whether a line without an offset is one of `od -An`.
fn is_bare_line_of(kind: Kind, line: &str) -> bool {
    let widths: &[usize] = match kind {
        Kind::Words => &[4],
        Kind::OctalWords => &[6],
        Kind::DecimalWords => return are_words(line),
        _ => {
            return are_characters(line)
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
pub(super) fn is_dump(sample: &str) -> bool {
    let kinds = [
        Kind::Xxd,
        Kind::Hexdump,
        Kind::Wireshark,
        Kind::Tcpdump,
        Kind::OdHex,
        Kind::Characters,
    ];
    kinds.into_iter().any(|kind| is_line_of(kind, sample))
}

/// Whether a text of hex digits is certainly a dump, so that its offsets are no bytes: its first
/// line is one of a dump with two spaces or a colon behind the offset, or every line begins with
/// such an offset, and the first is zero.
pub(super) fn has_offsets(sample: &str) -> bool {
    let line = first_line(sample).trim_start();
    let (digits, rest) = split_offset(line, Kind::Xxd);
    let is_byte = |text: &str| {
        let mut characters = text.chars();
        let mut next_is_digit = || characters.next().and_then(digit).is_some();
        next_is_digit() && next_is_digit()
    };
    let sure = [Kind::Xxd, Kind::XxdBits, Kind::Wireshark];
    if sure.into_iter().any(|kind| is_line_of(kind, sample)) {
        return true;
    }
    let width = digits.len();
    let is_zero = digits.bytes().all(|byte| byte == b'0');
    // `BIO_dump` of OpenSSL.
    if width >= LEAST_DIGITS && is_zero && rest.starts_with(" - ") {
        return true;
    }
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
