//! What debuggers and shells print of memory: gdb with `x/64xb`, PowerShell's `Format-Hex`.

use super::super::digits::digit;
use super::super::text::{Mistake, printable};
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
    rest.trim_start()
        .starts_with("0x")
        .then_some((digits, rest))
}

/// Whether a text is bytes as gdb prints them.
pub(in super::super) fn may_be_gdb(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| address(line).is_some() && line.contains('\t'))
}

/// Reads bytes as gdb prints them: an address that follows the one before, and a byte in each cell.
pub(in super::super) fn read_gdb(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    let mut next = None;
    for (number, line) in lines(text).filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || not_a_line(number, line, text!(form.gdb));
        let (address, rest) = address(line).ok_or_else(wrong)?;
        if next.is_some_and(|next| next != address) {
            return Err(out_of_order(number));
        }
        let before = bytes.len();
        for token in rest.split_whitespace() {
            let digits = token.strip_prefix("0x").ok_or_else(wrong)?;
            let is_byte = digits.len() == 2 && digits.chars().all(|c| digit(c).is_some());
            let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_byte);
            bytes.push(byte.ok_or_else(|| {
                let token = printable(token);
                Mistake::new(say!(ends.words_of_memory, token, number))
            })?);
        }
        next = address.checked_add((bytes.len() - before) as u64);
    }
    Ok(bytes)
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
