//! Which numbers a list has, going by its opening and its first ones.

use super::super::super::digits::digit;
use super::super::super::frames;
use super::super::super::layout;
use super::number::bare;
use super::openings::Opening;
use super::{Numbers, front};

/// Whether a text looks like a list of such numbers.
pub(in super::super::super) fn may_be(numbers: Numbers, sample: &str) -> bool {
    let opening = Opening::of(front(sample));
    let Some(rest) = sample
        .get(opening.length..)
        .filter(|_| opening.allows(numbers))
    else {
        return false;
    };
    let list = rest.split(|character| opening.tail.starts_with(character) && opening.tail != ")");
    let list = list.take(1).next().unwrap_or_default();
    let tokens = || {
        list.split(|character: char| character == ',' || character.is_whitespace())
            .filter(|token| !token.is_empty())
    };
    if opening.is_bare() {
        return match numbers {
            Numbers::Decimal => {
                is_decimal_without_brackets(tokens(), is_in_columns(list)) || is_padded(list)
            }
            Numbers::Octal => {
                tokens().all(|token| token.len() == 3 && is_digits(token, 8))
                    && !list.lines().any(|line| line.ends_with("    "))
                    && tokens().nth(1).is_some()
            }
            Numbers::Hex => false,
            Numbers::Prefixed => tokens().any(is_prefixed) && !layout::has_address(sample),
            Numbers::Suffixed => tokens().next().is_some_and(is_suffixed),
        };
    }
    // What is in brackets and of the wrong kind is told by its first numbers. Behind dots stand
    // words about what was left out, and another number: `... 214 more bytes`.
    let mut some = tokens().take(64);
    let first = some.next().unwrap_or_default();
    let some = some.take_while(|token| !token.starts_with("...") && !token.starts_with('…'));
    let mut some = std::iter::once(first).chain(some).map(bare);
    let begins_well = bare(first).starts_with(|character: char| digit(character).is_some())
        || first.starts_with(['-', '(', '.', '…']);
    match numbers {
        Numbers::Prefixed => tokens().any(is_prefixed),
        Numbers::Suffixed => is_suffixed(first),
        Numbers::Decimal => {
            begins_well && !is_prefixed(first) && !is_suffixed(first) && some.all(is_not_hex)
        }
        Numbers::Hex => {
            begins_well
                && !is_prefixed(first)
                && !is_suffixed(first)
                && some.all(|token| {
                    opening.is_packed
                        || !(token.starts_with('-') || (token.len() > 2 && is_digits(token, 10)))
                })
        }
        // Go prints octal so with `%o`; in decimal its first number is no frame's.
        Numbers::Octal => {
            let byte = |radix| u8::from_str_radix(first, radix).unwrap_or(0xff);
            first.len() == 3
                && !list.contains(',')
                && !frames::could_begin(byte(10))
                && frames::could_begin(byte(8))
                && tokens().all(|token| token.len() <= 3 && is_digits(token, 8))
        }
    }
}

/// Whether all numbers have three digits, as from `%03d`; the lines of `od -b` begin with a space.
pub(super) fn is_padded(list: &str) -> bool {
    let is_between = |c: char| c == ',' || c.is_whitespace();
    let tokens = || list.split(is_between).filter(|token| !token.is_empty());
    !list.starts_with(' ')
        && tokens().all(|token| token.len() == 3 && is_digits(token, 10))
        && tokens().nth(1).is_some()
}

fn is_digits(token: &str, base: u32) -> bool {
    !token.is_empty() && token.chars().all(|character| character.is_digit(base))
}

/// Whether a number has neither a hex letter nor a zero before it.
fn is_not_hex(token: &str) -> bool {
    !(is_digits(token, 16)
        && (!is_digits(token, 10) || (token.len() > 1 && token.starts_with('0'))))
}

fn is_prefixed(token: &str) -> bool {
    let token = bare(token).trim_start_matches(['{', '[', '(']);
    token.starts_with("0x") || token.starts_with("0X")
}

fn is_suffixed(token: &str) -> bool {
    bare(token)
        .strip_suffix(['h', 'H'])
        .is_some_and(|digits| is_digits(digits, 16))
}

/// Whether the numbers of every line stand at the right of columns of four or five characters, as
/// from `od -An`.
fn is_in_columns(list: &str) -> bool {
    [4, 5].into_iter().any(|width| {
        list.lines().all(|line| {
            let mut rest = line.trim_end();
            while let Some((cell, after)) = rest.split_at_checked(width) {
                let number = cell.trim_start();
                if number.len() == width || number.is_empty() || number.contains(' ') {
                    return false;
                }
                rest = after;
            }
            rest.is_empty()
        })
    })
}

/// Whether numbers without brackets are decimal and not hex: one at least is too long for hex or
/// negative, and it is not the only one that does not have two digits, which would be a mistype.
fn is_decimal_without_brackets<'a>(
    tokens: impl Iterator<Item = &'a str>,
    in_columns: bool,
) -> bool {
    let (mut count, mut odd, mut certain) = (0_usize, 0_usize, in_columns);
    for token in tokens {
        let digits = token.strip_prefix('-').unwrap_or(token);
        let zero = digits.len() > 1 && digits.starts_with('0');
        if digits.len() > 3 || zero || !is_digits(digits, 10) {
            return false;
        }
        count += 1;
        odd += usize::from(token.len() != 2);
        certain |= digits.len() == 3 || token.len() > digits.len();
    }
    certain && count > 1 && (odd > 1 || count == 2 || in_columns)
}
