//! What client programs print of what they send and receive: websocket-client with `enableTrace`,
//! and `curl --trace`.

use super::super::ends::{By, Sent};
use super::super::text::Mistake;
use super::cells::{self, lines, not_a_line, out_of_order, wrong_count};
use super::escaped::{self, Dialect};
use crate::frame::Sender;
use crate::words::{say, text};

/// The literal of Python at the end of a line of websocket-client about a frame, and who sent it.
fn literal(line: &str) -> Option<(Sender, &str)> {
    const MARKS: [(&str, Sender); 3] = [
        ("++Sent raw: ", Sender::Client),
        ("++Rcv raw: ", Sender::Server),
        ("send: ", Sender::Client),
    ];
    let (before, literal, sender) = MARKS.into_iter().find_map(|(mark, sender)| {
        let (before, literal) = line.split_once(mark)?;
        Some((before, literal, sender))
    })?;
    let quoted = literal.strip_prefix('b').unwrap_or(literal);
    // Before it may stand what a logger adds.
    let is_apart = before.is_empty() || before.ends_with([' ', ':', '\t', '-', ']']);
    (is_apart && quoted.starts_with(['"', '\'']) && !before.contains('\\'))
        .then_some((sender, literal))
}

/// Whether a text is a trace of websocket-client.
pub(in super::super) fn may_be_websocket_client(text: &str) -> bool {
    text.lines().any(|line| literal(line).is_some())
}

/// Reads a trace of websocket-client. What it prints of the upgrade and of what it made of the
/// frames is passed over, as are lines of others.
pub(in super::super) fn read_websocket_client(text: &str) -> Result<Vec<Sent>, Mistake> {
    lines(text)
        .filter_map(|(number, line)| Some((number, line, literal(line)?)))
        .map(|(number, line, (sender, literal))| {
            let wrong = |_| not_a_line(number, line, text!(form.websocket_client));
            let bytes = escaped::read(Dialect::C, literal).map_err(wrong)?;
            let by = By::Known(sender);
            Ok(Sent { by, bytes })
        })
        .collect()
}

/// What a line of curl says of the lines below it: who sent them, and how many bytes they have.
/// Nothing of that where they are none of the stream.
fn heading(line: &str) -> Option<Option<(Sender, u64)>> {
    let line = behind_time(line);
    if line.starts_with("== Info:") {
        return Some(None);
    }
    let (sender, what) = match line.strip_prefix("=> Send ") {
        Some(what) => (Sender::Client, what),
        None => (Sender::Server, line.strip_prefix("<= Recv ")?),
    };
    let (kind, count) = what.split_once(", ")?;
    let count = count.split_once(" bytes (0x")?.0.parse().ok()?;
    // What TLS itself sends is no part of the stream inside it.
    Some((kind != "SSL data").then_some((sender, count)))
}

/// A line without the time and the numbers of the connection before it.
fn behind_time(line: &str) -> &str {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start();
        let word = trimmed.split(' ').next().unwrap_or_default();
        let is_time = word.len() >= 8
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
        let is_number = word.starts_with('[') && word.ends_with(']') && word.contains('-');
        if !(is_time || is_number) {
            return trimmed;
        }
        rest = trimmed.get(word.len()..).unwrap_or_default();
    }
}

/// The offset of a line of curl, and what follows: `0010: 53 …`.
fn dumped(line: &str) -> Option<(u64, &str)> {
    let (offset, rest) = cells::offset(line)?;
    let digits = line.len() - rest.len();
    Some((offset, rest.strip_prefix(": ").filter(|_| digits >= 4)?))
}

/// Whether a text is of `curl --trace`.
pub(in super::super) fn may_be_curl(text: &str) -> bool {
    let has_heading = text
        .lines()
        .any(|line| matches!(heading(line), Some(Some(_))));
    let first = text.lines().find(|line| !line.trim().is_empty());
    let is_line = |line: &str| {
        let cells = dumped(line).map(|(_, rest)| cells::cells(rest).0.len());
        line.find(':') == Some(4) && cells.is_some_and(|count| count > 0)
    };
    has_heading || first.is_some_and(is_line)
}

/// Reads what `curl --trace` prints, or the lines of one dump of it.
pub(in super::super) fn read_curl(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    // What is open: the heading's line and count, and what follows it; none where it is passed over.
    let mut open: Option<(usize, Option<u64>)> = None;
    let mut is_passed = false;
    let close = |open: &mut Option<(usize, Option<u64>)>, sent: &[Sent]| {
        let count = sent.last().map_or(0, |sent| sent.bytes.len());
        match open.take() {
            Some((number, Some(claimed))) if claimed != count as u64 => {
                Err(wrong_count(number, claimed, count))
            }
            _ => Ok(()),
        }
    };
    for (number, line) in lines(text).filter(|(_, line)| !line.trim().is_empty()) {
        if let Some(heading) = heading(line) {
            close(&mut open, &sent)?;
            is_passed = heading.is_none();
            if let Some((sender, count)) = heading {
                open = Some((number, Some(count)));
                sent.push(Sent {
                    by: By::Known(sender),
                    bytes: Vec::new(),
                });
            }
            continue;
        }
        let wrong = || not_a_line(number, line, text!(form.curl));
        let (offset, rest) = dumped(line).ok_or_else(wrong)?;
        if is_passed {
            continue;
        }
        let bytes = match cells::with_text(rest, number) {
            Ok(bytes) => bytes,
            Err(_) if open.is_some_and(|(_, count)| count.is_some()) && is_ascii(rest) => {
                return Err(Mistake::new(say!(ends.trace_ascii)));
            }
            Err(mistake) => return Err(mistake),
        };
        if open.is_none() {
            open = Some((number, None));
            sent.push(Sent {
                by: By::Nobody,
                bytes: Vec::new(),
            });
        }
        let Some(latest) = sent.last_mut() else {
            continue;
        };
        if offset != latest.bytes.len() as u64 {
            return Err(out_of_order(number));
        }
        latest.bytes.extend(bytes);
    }
    close(&mut open, &sent)?;
    Ok(sent)
}

/// Whether the rest of a line is of `--trace-ascii`, which has no cells.
fn is_ascii(rest: &str) -> bool {
    cells::cells(rest).0.len() < 3
}
