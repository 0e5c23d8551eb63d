//! What Wireshark and `tshark -z follow,tcp,…` print of a stream, of both ends: as a hex dump, as C
//! arrays, as YAML, and raw with the lines at its head.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::super::digits::digit;
use super::super::ends::{By, Sent};
use super::super::text::Mistake;
use super::cells::{self, lines, not_a_line, out_of_order};
use crate::words::text;

/// Whether a line is one of those at the head and the foot of what `tshark` prints.
fn is_frame_line(line: &str) -> bool {
    let line = line.trim();
    let starts = ["====", "Follow: ", "Filter: ", "Node 0: ", "Node 1: "];
    line.is_empty() || starts.into_iter().any(|start| line.starts_with(start))
}

/// Whether a line is of the end that is indented.
fn is_indented(line: &str) -> bool {
    line.starts_with(['\t', ' '])
}

/// Whether a text is a hex dump of both ends.
pub(in super::super) fn may_be_hex(text: &str) -> bool {
    let line = text.lines().find(|line| !is_frame_line(line));
    let line = line.unwrap_or_default().trim();
    let is_offset = line.find(' ') == Some(8) && cells::offset(line).is_some();
    is_offset
        && line.get(8..).is_some_and(|rest| rest.starts_with("  "))
        && !cells::cells(line.get(8..).unwrap_or_default()).0.is_empty()
        && !line.ends_with('|')
}

/// Reads a hex dump of both ends: one of them is indented, and each has offsets of its own.
pub(in super::super) fn read_hex(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent = Vec::new();
    let mut next = [None; 2];
    for (number, line) in lines(text).filter(|(_, line)| !is_frame_line(line)) {
        let end = is_indented(line);
        let wrong = || not_a_line(number, line, text!(form.follow_hex));
        let (offset, rest) = cells::offset(line.trim()).ok_or_else(wrong)?;
        let rest = rest.strip_prefix("  ").ok_or_else(wrong)?;
        let bytes = cells::with_text(rest, number)?;
        let expected = &mut next[usize::from(end)];
        if expected.is_some_and(|expected| expected != offset) {
            return Err(out_of_order(number));
        }
        *expected = offset.checked_add(bytes.len() as u64);
        sent.push(Sent {
            by: By::End(end),
            bytes,
        });
    }
    Ok(sent)
}

/// Whether a text is a raw stream with the lines at its head.
pub(in super::super) fn may_be_raw(text: &str) -> bool {
    let mut head = text.lines().filter(|line| is_frame_line(line)).take(8);
    head.any(|line| line.starts_with("Follow: ") && line.trim_end().ends_with(",raw"))
}

/// Reads a raw stream: a line of hex for each piece, and those of one end indented.
pub(in super::super) fn read_raw(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent = Vec::new();
    for (number, line) in lines(text).filter(|(_, line)| !is_frame_line(line)) {
        let wrong = |_| not_a_line(number, line, text!(form.follow_raw));
        sent.push(Sent {
            by: By::End(is_indented(line)),
            bytes: hex::decode(line.trim()).map_err(wrong)?,
        });
    }
    Ok(sent)
}

/// Whether a text is YAML of a stream.
pub(in super::super) fn may_be_yaml(text: &str) -> bool {
    let text = text.trim_start();
    let starts = ["peers:", "packets:", "peer0_", "peer1_", "# Packet "];
    starts.into_iter().any(|start| text.starts_with(start)) && text.contains("!!binary")
}

/// Reads YAML of a stream: for each packet its peer, and its bytes in base64. Older versions put both
/// into the key, `peer0_0: !!binary |`.
pub(in super::super) fn read_yaml(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut peer = None;
    // How far the key of the base64 is indented that is being read, and the base64.
    let mut open: Option<(usize, String)> = None;
    let mut data = |open: &mut Option<(usize, String)>, peer, number, line| match open.take() {
        Some((_, letters)) => {
            let wrong = not_a_line(number, line, text!(form.follow_yaml));
            let (Some(peer), Ok(bytes)) = (peer, BASE64_STANDARD.decode(letters)) else {
                return Err(wrong);
            };
            sent.push(Sent {
                by: By::End(peer),
                bytes,
            });
            Ok(())
        }
        None => Ok(()),
    };
    let mut latest = (0, "");
    for (number, line) in lines(text) {
        let word = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some((least, letters)) = &mut open {
            if indent > *least && !word.is_empty() {
                letters.push_str(word);
                latest = (number, line);
                continue;
            }
        }
        data(&mut open, peer, latest.0, latest.1)?;
        latest = (number, line);
        if word.ends_with("!!binary |") {
            peer = match word {
                _ if word.starts_with("peer0_") => Some(false),
                _ if word.starts_with("peer1_") => Some(true),
                _ => peer,
            };
            open = Some((indent, String::new()));
        } else if let Some(end) = word.strip_prefix("peer: ") {
            peer = match end {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            };
        } else if !is_yaml_key(word) {
            return Err(not_a_line(number, line, text!(form.follow_yaml)));
        }
    }
    data(&mut open, peer, latest.0, latest.1)?;
    Ok(sent)
}

/// Whether a line says something of a packet or a peer that is not needed.
fn is_yaml_key(word: &str) -> bool {
    let keys = [
        "peers:",
        "packets:",
        "- peer:",
        "host:",
        "port:",
        "- packet:",
        "timestamp:",
        "index:",
    ];
    word.is_empty() || word.starts_with('#') || keys.into_iter().any(|key| word.starts_with(key))
}

/// Whether a text is the C arrays of a stream.
pub(in super::super) fn may_be_arrays(text: &str) -> bool {
    array_of(
        text.lines()
            .find(|line| !is_frame_line(line))
            .unwrap_or_default(),
    )
    .is_some()
}

/// The end whose array begins in a line, `char peer0_12[] = {`, and what follows.
fn array_of(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("static const ").unwrap_or(line);
    let line = line.strip_prefix("unsigned ").unwrap_or(line);
    let rest = line.strip_prefix("char peer")?;
    let (end, rest) = rest.split_once('_')?;
    let end = match end {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let (index, rest) = rest.split_once("[] = {")?;
    index
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some((end, rest))
}

/// Reads the C arrays of a stream, one for each packet.
pub(in super::super) fn read_arrays(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut is_open = false;
    for (number, line) in lines(text).filter(|(_, line)| !is_frame_line(line)) {
        let wrong = || not_a_line(number, line, text!(form.follow_arrays));
        let mut rest = line;
        if !is_open {
            let (end, after) = array_of(line).ok_or_else(wrong)?;
            sent.push(Sent {
                by: By::End(end),
                bytes: Vec::new(),
            });
            (rest, is_open) = (after, true);
        }
        if let Some((before, comment)) = rest.split_once("/*") {
            if comment.trim_end().strip_suffix("*/").is_none() {
                return Err(wrong());
            }
            rest = before;
        }
        let numbers = match rest.trim_end().strip_suffix("};") {
            Some(numbers) => {
                is_open = false;
                numbers
            }
            None => rest,
        };
        for token in numbers
            .split([',', ' ', '\t'])
            .filter(|token| !token.is_empty())
        {
            let digits = token.strip_prefix("0x").ok_or_else(wrong)?;
            let is_byte = digits.len() == 2 && digits.chars().all(|c| digit(c).is_some());
            let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_byte);
            if let Some(sent) = sent.last_mut() {
                sent.bytes.push(byte.ok_or_else(wrong)?);
            }
        }
    }
    match is_open {
        true => Err(not_a_line(
            text.lines().count(),
            "",
            text!(form.follow_arrays),
        )),
        false => Ok(sent),
    }
}
