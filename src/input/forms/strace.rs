//! What `strace` prints of the calls that move bytes: `sendto(3, "\210\2\3\350", 4, …) = 4`.

use super::super::ends::{self, By, Sent};
use super::super::frames;
use super::super::text::Mistake;
use super::cells::{lines, not_a_line, wrong_count};
use super::escaped::{self, Dialect};
use crate::words::{say, text};

/// The calls, and whether they write.
const CALLS: [(&str, bool); 12] = [
    ("sendto(", true),
    ("send(", true),
    ("write(", true),
    ("pwrite64(", true),
    ("writev(", true),
    ("sendmsg(", true),
    ("recvfrom(", false),
    ("recv(", false),
    ("read(", false),
    ("pread64(", false),
    ("readv(", false),
    ("recvmsg(", false),
];

/// A call, as a line has it.
struct Call<'a> {
    is_written: bool,
    file: &'a str,
    arguments: &'a str,
}

/// The call of a line, behind the number of a process and a time.
fn call(line: &str) -> Option<Call<'_>> {
    let (at, name, is_written) = CALLS.into_iter().find_map(|(name, is_written)| {
        let at = line.find(name)?;
        let before = line.get(..at)?;
        let is_plain = before.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, ' ' | '.' | ':' | '[' | ']' | 'p' | 'i' | 'd')
        });
        let is_apart = before.is_empty() || before.ends_with(' ');
        (is_plain && is_apart).then_some((at, name, is_written))
    })?;
    let (file, arguments) = line.get(at + name.len()..)?.split_once(", ")?;
    // `-y` tells what the file is: `3<socket:[123]>`.
    let number = file.split('<').next()?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // What is peeked at is read once more.
    let is_peeked = outside(arguments).any(|text| text.contains("MSG_PEEK"));
    (is_number && arguments.contains('"') && !is_peeked).then_some(Call {
        is_written,
        file: number,
        arguments,
    })
}

/// Whether a text is of `strace`.
pub(in super::super) fn may_be(text: &str) -> bool {
    text.lines().any(|line| call(line).is_some())
}

/// Reads what `strace` prints. Lines about other calls are passed over, and calls that failed moved
/// nothing. Of several files, that is taken which alone has frames.
pub(in super::super) fn read(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut files: Vec<(&str, Vec<Sent>)> = Vec::new();
    let mut cut = None;
    for (number, line) in lines(text) {
        let Some(Call {
            is_written,
            file,
            arguments,
        }) = call(line)
        else {
            continue;
        };
        let (bytes, is_cut) =
            strings(arguments).ok_or_else(|| not_a_line(number, line, text!(form.strace)))?;
        let result = arguments.rsplit_once(" = ").map(|(_, result)| result);
        let result = result.and_then(|result| result.split(' ').next()?.parse::<i64>().ok());
        let index = match files.iter().position(|(name, _)| *name == file) {
            Some(index) => index,
            None => {
                files.push((file, Vec::new()));
                files.len() - 1
            }
        };
        if is_cut {
            cut = cut.or(Some((number, index)));
        }
        let Some((_, sent)) = files.get_mut(index) else {
            continue;
        };
        // A call that failed or was not over moved nothing that is known.
        let Ok(count) = usize::try_from(result.unwrap_or(-1)) else {
            continue;
        };
        if bytes.len() < count && !is_cut {
            return Err(wrong_count(number, count as u64, bytes.len()));
        }
        let bytes = bytes.get(..count).unwrap_or(&bytes).to_vec();
        sent.push(Sent {
            by: By::End(is_written),
            bytes,
        });
    }
    let is_only = files.len() == 1;
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let fits = |(_, (_, sent)): &(usize, (&str, Vec<Sent>))| is_only || has_frames(sent);
    let mut fitting = files.into_iter().enumerate().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some((index, (_, sent))), None) => match cut {
            Some((number, of)) if of == index => Err(Mistake::new(say!(ends.strace_cut, number))),
            _ => Ok(sent),
        },
        _ => Err(Mistake::new(say!(ends.strace_files, files = names))),
    }
}

/// Whether what went through a file is an upgrade with frames, or frames alone.
fn has_frames(sent: &[Sent]) -> bool {
    let is_upgrade = |sent: &Sent| {
        let text = String::from_utf8_lossy(&sent.bytes).to_ascii_lowercase();
        text.contains("\r\nupgrade: websocket\r\n")
    };
    sent.iter().any(is_upgrade)
        || ends::joined(sent.to_vec(), None).is_ok_and(|joined| frames::are_sound(&joined.bytes))
}

/// What stands outside the strings in the arguments of a call.
fn outside(arguments: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(arguments);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((before, inner)) = text.split_once('"') else {
            return Some(text);
        };
        rest = end_of_string(inner).and_then(|end| inner.get(end + 1..));
        Some(before)
    })
}

/// Where the quote stands that ends a string.
fn end_of_string(inner: &str) -> Option<usize> {
    let mut is_escaped = false;
    let mut letters = inner.char_indices();
    letters
        .find(|(_, character)| {
            let is_end = *character == '"' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            is_end
        })
        .map(|(end, _)| end)
}

/// The bytes of the strings in the arguments of a call, one behind the other, and whether one of them
/// was cut.
fn strings(arguments: &str) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let mut is_cut = false;
    let mut rest = arguments;
    while let Some(at) = rest.find('"') {
        // An address is no data.
        let is_address = rest.get(..at)?.ends_with("inet_addr(");
        let inner = rest.get(at + 1..)?;
        let end = end_of_string(inner)?;
        let literal = rest.get(at..at + 1 + end + 1)?;
        rest = inner.get(end + 1..)?;
        if !is_address {
            bytes.extend(escaped::read(Dialect::C, literal).ok()?);
            is_cut |= rest.starts_with("...");
        }
    }
    Some((bytes, is_cut))
}
