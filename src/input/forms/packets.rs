//! Dumps of whole packets, as `tcpdump -X` and `tshark -x` print them, one below the other: what TCP
//! carried in them.

use super::super::digits::digit;
use super::super::ends::{By, Sent, by_ports};
use super::super::layout::Kind;
use super::super::packet;
use super::super::sequence::{Piece, in_order};
use super::super::text::Mistake;
use super::super::{Error, TextReader};
use super::dump::DumpReader;
use crate::words::say;

/// The kind of the dump that a line is of, and whether its offset is zero.
fn line_of(line: &str) -> Option<(Kind, bool)> {
    let trimmed = line.trim_start();
    let (kind, digits, rest) = match trimmed.strip_prefix("0x") {
        Some(rest) => {
            let (digits, rest) = rest.split_once(':')?;
            (Kind::Tcpdump, digits, rest)
        }
        None => {
            let (digits, rest) = trimmed.split_once("  ")?;
            (Kind::Wireshark, digits, rest)
        }
    };
    let is_offset = (4..=8).contains(&digits.len()) && digits.chars().all(|c| digit(c).is_some());
    let mut cell = rest.trim_start().chars();
    let is_cell = cell.next().and_then(digit).is_some() && cell.next().and_then(digit).is_some();
    (is_offset && is_cell).then(|| (kind, digits.bytes().all(|digit| digit == b'0')))
}

/// The dumps of a text: the number of the line where each ends, and its text.
fn dumps(text: &str) -> Vec<(usize, Kind, String)> {
    let mut dumps: Vec<(usize, Kind, String)> = Vec::new();
    let mut is_open = false;
    // `tshark` prints what it made of packets below them, with titles of their own.
    let mut is_made = false;
    for (index, line) in text.lines().enumerate() {
        match line_of(line) {
            Some((kind, is_first)) => {
                if !is_made && (is_first || !is_open) {
                    dumps.push((index + 1, kind, String::new()));
                }
                is_open = true;
                if let (false, Some((end, _, dump))) = (is_made, dumps.last_mut()) {
                    *end = index + 1;
                    dump.push_str(line);
                    dump.push('\n');
                }
            }
            None => {
                is_open = false;
                is_made = is_title_of_more(line);
            }
        }
    }
    dumps
}

/// Whether a line is the title of bytes that were put together from packets, and not of a packet.
fn is_title_of_more(line: &str) -> bool {
    line.trim_end().ends_with("):") && !line.starts_with("Frame (") && !line.contains(" > ")
}

/// Whether a text is dumps of packets: several, or one with a line about it.
pub(in super::super) fn may_be(text: &str) -> bool {
    let mut firsts = 0;
    let mut has_title = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match line_of(line) {
            Some((_, is_first)) => firsts += usize::from(is_first),
            None => has_title |= line.contains(" > ") || line.ends_with("):"),
        }
    }
    firsts > 1 || (firsts == 1 && has_title)
}

/// Reads dumps of packets of one connection.
pub(in super::super) fn read(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut bys = Vec::new();
    let mut pieces = Vec::new();
    let mut connection = None;
    for (number, kind, dump) in dumps(text) {
        let bytes = decoded(kind, &dump)?;
        let Some(segment) = packet::segment(&bytes) else {
            // Other protocols stand between those of TCP.
            if packet::is_other(&bytes) {
                continue;
            }
            return Err(Mistake::new(say!(ends.no_packet, number)));
        };
        if let Some((count, claimed)) = segment.cut {
            return Err(Mistake::new(say!(ends.packet_cut, number, count, claimed)));
        }
        let payload = bytes.get(segment.payload.clone()).unwrap_or_default();
        if payload.is_empty() && !segment.is_first {
            continue;
        }
        let way = (segment.from.clone(), segment.to.clone());
        bys.push(match payload.is_empty() {
            true => By::Nobody,
            false => {
                let (one, other) = connection.get_or_insert_with(|| way.clone());
                let is_one = way == (one.clone(), other.clone());
                if !is_one && way != (other.clone(), one.clone()) {
                    return Err(Mistake::new(say!(ends.several_connections)));
                }
                let (from, to) = segment.ports();
                by_ports(from, to).map_or(By::End(!is_one), By::Likely)
            }
        });
        pieces.push(Piece {
            number,
            way,
            sequence: segment.sequence.wrapping_add(u32::from(segment.is_first)),
            bytes: payload.to_vec(),
        });
    }
    let ordered = in_order(pieces).map_err(|number| Mistake::new(say!(ends.packet_gap, number)))?;
    let sent = bys.into_iter().zip(ordered);
    Ok(sent
        .filter(|(_, bytes)| !bytes.is_empty())
        .map(|(by, bytes)| Sent { by, bytes })
        .collect())
}

/// The bytes of one dump.
fn decoded(kind: Kind, dump: &str) -> Result<Vec<u8>, Mistake> {
    let mut bytes = Vec::new();
    let mut sink = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    let mut reader = DumpReader::new(kind);
    let read = reader
        .feed(dump, &mut sink)
        .and_then(|()| reader.finish(&mut sink));
    match read {
        Err(Error::Mistake(mistake)) => Err(mistake),
        _ => Ok(bytes),
    }
}
