//! What debuggers and shells print of memory: gdb with `x/64xb`, PowerShell's `Format-Hex`.

use super::super::digits::{decode_pairs, digit};
use super::super::frames;
use super::super::number::{Signs, decimal};
use super::super::text::{Mistake, Place, printable};
use super::cells::{self, lines, not_a_line, out_of_order};
use crate::words::{say, text};

/// The address at the front of a line of gdb, and what follows: `0x7ffe0 <frame+8>:\t0x88 …`.
fn address(line: &str) -> Option<(u64, &str)> {
    let (digits, rest) = cells::offset(line.trim_start().strip_prefix("0x")?)?;
    let rest = match rest.trim_start().strip_prefix('<') {
        Some(symbol) => symbol.split_once('>')?.1,
        None => rest,
    };
    let rest = rest.strip_prefix(':')?;
    let is_cell = |c: char| c.is_ascii_digit() || c == '-';
    let begins = rest.trim_start().starts_with("0x")
        || rest
            .strip_prefix('\t')
            .is_some_and(|rest| rest.starts_with(is_cell));
    begins.then_some((digits, rest))
}

/// Whether a text is bytes as gdb prints them.
pub(in super::super) fn may_be_gdb(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| address(line).is_some() && line.contains('\t'))
}

/// Reads bytes as gdb prints them: an address that follows the one before, and a byte in each cell, in hex or in
/// decimal; or words, where only the low byte first makes frames of them.
pub(in super::super) fn read_gdb(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    let mut high_first = Vec::new();
    let (mut of_words, mut are_hex) = (None, None);
    let mut signs = Signs::default();
    let mut next = None;
    for (number, line) in lines(text).filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || not_a_line(number, line, text!(form.gdb));
        let (address, rest) = address(line).ok_or_else(wrong)?;
        if next.is_some_and(|next| next != address) {
            return Err(out_of_order(number));
        }
        let before = bytes.len();
        for token in rest.split_whitespace() {
            let no_byte = || {
                let token = printable(token);
                Mistake::new(say!(ends.words_of_memory, token, number))
            };
            // A number in hex that was cut off behind its first digit is none in decimal.
            let is_hex = token.starts_with("0x");
            if token == "0" && text.ends_with(token) {
                return Err(no_byte());
            }
            if *are_hex.get_or_insert(is_hex) != is_hex {
                return Err(wrong());
            }
            if !is_hex {
                let byte = decimal(token).ok_or_else(wrong)?;
                signs.check(token, byte, Place::in_line(number as u64, 1))?;
                bytes.push(byte);
                high_first.push(byte);
                continue;
            }
            let word = word(token).ok_or_else(no_byte)?;
            if word.len() > 1 {
                of_words.get_or_insert_with(no_byte);
            }
            bytes.extend(word.iter().rev());
            high_first.extend(word);
        }
        next = address.checked_add((bytes.len() - before) as u64);
    }
    let is_clear = frames::are_sound(&bytes) && !frames::are_sound(&high_first);
    match of_words.filter(|_| !is_clear) {
        Some(mistake) => Err(mistake),
        None => Ok(bytes),
    }
}

/// The bytes of a number behind `0x` that has as many digits as one, two, four or eight bytes, as they stand
/// there.
fn word(token: &str) -> Option<Vec<u8>> {
    let digits = token.strip_prefix("0x").or(token.strip_prefix("0X"))?;
    let is_word =
        matches!(digits.len(), 2 | 4 | 8 | 16) && digits.chars().all(|c| digit(c).is_some());
    let mut bytes = vec![0; digits.len() / 2];
    decode_pairs(digits.as_bytes(), &mut bytes);
    is_word.then_some(bytes)
}

/// The numbers of a list of words: more than one, all as long, and longer than a byte.
fn words(text: &str) -> Option<Vec<Vec<u8>>> {
    let is_between = |c: char| c == ',' || c.is_whitespace();
    let tokens = text.split(is_between).filter(|token| !token.is_empty());
    let words: Option<Vec<Vec<u8>>> = tokens.map(word).collect();
    let words = words.filter(|words| words.len() > 1)?;
    let length = words.first().map_or(0, Vec::len);
    (length > 1 && words.iter().all(|word| word.len() == length)).then_some(words)
}

/// Whether a text is words of memory, which most machines keep with the low byte first.
pub(in super::super) fn may_be_words(text: &str) -> bool {
    text.trim_start().starts_with("0x") && words(text).is_some()
}

/// Reads words of memory with the low byte first.
pub(in super::super) fn read_words(text: &str) -> Result<Vec<u8>, Mistake> {
    let words = words(text).ok_or_else(|| Mistake::new(say!(form.no_words)))?;
    Ok(words
        .iter()
        .flat_map(|word| word.iter().rev())
        .copied()
        .collect())
}

/// Whether a line is of the head of `Format-Hex`.
fn is_head(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with("00 01 02 03 04 05")
        || line.starts_with("Offset Bytes")
        || line.starts_with("------")
        || line.starts_with("Path:")
        || line.starts_with("Label:")
}

/// Whether a text is of `Format-Hex`.
pub(in super::super) fn may_be_format_hex(text: &str) -> bool {
    let mut heads = text.lines().take_while(|line| is_head(line));
    heads.any(|line| line.trim().starts_with("00 01 02 03 04 05"))
}

/// Reads what `Format-Hex` prints.
pub(in super::super) fn read_format_hex(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut begun = None;
    let mut is_over = false;
    for (number, line) in lines(text).filter(|(_, line)| !is_head(line)) {
        let wrong = || not_a_line(number, line, text!(form.format_hex));
        let (offset, rest) = cells::offset(line.trim_start()).ok_or_else(wrong)?;
        let digits = line.trim_start().len() - rest.len();
        if !matches!(digits, 8 | 16) || !rest.starts_with(' ') {
            return Err(wrong());
        }
        let begun = *begun.get_or_insert(offset);
        // Only the last line may be shorter.
        if is_over || offset.checked_sub(begun) != Some(bytes.len() as u64) {
            return Err(out_of_order(number));
        }
        let found = cells::with_text(rest, number)?;
        is_over = found.len() < 16;
        bytes.extend(found);
    }
    Ok(bytes)
}
