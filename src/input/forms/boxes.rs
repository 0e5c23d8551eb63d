//! What programs print between lines of their own, with a dump for each piece: Netty's
//! `LoggingHandler` (which Reactor Netty calls wiretap), and `ngrep -x`.

use super::super::ends::{By, Sent, by_ports};
use super::super::text::Mistake;
use super::cells::{self, lines, not_a_line, out_of_order, wrong_count};
use crate::words::{say, text};

/// What a line of Netty says of the box below it: whether this program wrote the bytes, and how many
/// they are.
fn event(line: &str) -> Option<(bool, u64)> {
    const EVENTS: [(&str, bool); 5] = [
        (" READ: ", false),
        (" RECEIVED: ", false),
        (" READ ", false),
        (" WRITE: ", true),
        (" WRITE ", true),
    ];
    EVENTS.into_iter().find_map(|(mark, is_written)| {
        let (_, rest) = line.rsplit_once(mark)?;
        let count = rest.trim_end().strip_suffix('B')?.parse().ok()?;
        Some((is_written, count))
    })
}

/// The ports behind `L:` and `R:` of a line of Netty.
fn ports(line: &str) -> Option<(u16, u16)> {
    let port = |mark| {
        let (_, rest) = line.split_once(mark)?;
        let address = rest.split([' ', ']', ',']).next()?;
        address.rsplit_once(':')?.1.parse().ok()
    };
    Some((port("L:")?, port("R:")?))
}

/// The parts of a row of a box: offset, cells and text.
fn row(line: &str) -> Option<(u64, &str, &str)> {
    let rest = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let (offset, rest) = cells::offset(rest)?;
    let rest = rest.strip_prefix('|')?;
    let (cells, text) = rest.split_at_checked(49)?;
    Some((offset, cells, text.strip_prefix('|')?))
}

/// Whether a line is of the frame of a box.
fn is_border(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("+-") || (line.starts_with('|') && line.contains(" 0  1  2  3 "))
}

/// Whether a text is a log of Netty.
pub(in super::super) fn may_be_netty(text: &str) -> bool {
    text.lines().any(|line| row(line).is_some()) && text.lines().any(is_border)
}

/// Reads a log of Netty: the boxes, each below the line that says who sent what is in it.
pub(in super::super) fn read_netty(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    // The line about the box that is read, and how many bytes it says.
    let mut open: Option<(usize, u64)> = None;
    let mut is_box = false;
    let close = |open: &mut Option<(usize, u64)>, sent: &[Sent]| {
        let count = sent.last().map_or(0, |sent| sent.bytes.len());
        match open.take() {
            Some((number, claimed)) if claimed != count as u64 => {
                Err(wrong_count(number, claimed, count))
            }
            _ => Ok(()),
        }
    };
    for (number, line) in lines(text) {
        if let Some((is_written, count)) = event(line) {
            close(&mut open, &sent)?;
            let sender = ports(line).and_then(|(local, remote)| by_ports(local, remote));
            let by = match sender {
                Some(local) if is_written => By::Likely(local),
                Some(local) => By::Likely(local.other()),
                None => By::End(is_written),
            };
            sent.push(Sent {
                by,
                bytes: Vec::new(),
            });
            open = Some((number, count));
            is_box = false;
        } else if let Some((offset, cells, shown)) = row(line) {
            if open.is_none() && !is_box {
                sent.push(Sent {
                    by: By::Nobody,
                    bytes: Vec::new(),
                });
            }
            is_box = true;
            let Some(latest) = sent.last_mut() else {
                continue;
            };
            if offset != latest.bytes.len() as u64 {
                return Err(out_of_order(number));
            }
            let line = format!("{} {shown}", cells.trim());
            latest.bytes.extend(cells::with_text(&line, number)?);
        } else if !is_border(line) {
            // A line of the program's own ends the box.
            is_box = false;
        }
    }
    close(&mut open, &sent)?;
    Ok(sent)
}

/// The ports in a line of ngrep about a packet, perhaps with a time: `T 10.0.0.1:80 -> 10.0.0.2:5000
/// [AP] #8`.
fn heading(line: &str) -> Option<(u16, u16)> {
    let line = line.trim_start_matches('#');
    let (from, to) = line.strip_prefix("T ")?.split_once(" -> ")?;
    let from = from.trim_end().rsplit_once(':')?.1;
    let to = to.split(' ').next()?.rsplit_once(':')?.1;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Whether a text is of `ngrep -x`.
pub(in super::super) fn may_be_ngrep(text: &str) -> bool {
    text.lines().any(|line| heading(line).is_some())
}

/// Reads what `ngrep -x` prints.
pub(in super::super) fn read_ngrep(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut first = None;
    for (number, line) in lines(text) {
        // A mark for each packet may stand before anything else.
        let line = line.trim_start_matches('#');
        let word = line.trim();
        let is_progress = word.is_empty();
        let starts = ["input: ", "interface: ", "filter: ", "match", "exit"];
        if is_progress || starts.into_iter().any(|start| word.starts_with(start)) {
            continue;
        }
        if let Some((from, to)) = heading(line) {
            let ports = *first.get_or_insert((from, to));
            if ports != (from, to) && ports != (to, from) {
                return Err(Mistake::new(say!(ends.several_connections)));
            }
            let by = by_ports(from, to).map_or(By::End(ports != (from, to)), By::Likely);
            sent.push(Sent {
                by,
                bytes: Vec::new(),
            });
            continue;
        }
        let wrong = || not_a_line(number, line, text!(form.ngrep));
        let rest = line.strip_prefix("  ").ok_or_else(wrong)?;
        let bytes = cells::with_text(rest, number)?;
        match sent.last_mut() {
            Some(sent) => sent.bytes.extend(bytes),
            None => return Err(wrong()),
        }
    }
    Ok(sent)
}
