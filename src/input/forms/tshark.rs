//! What `tshark` prints of packets as fields: `-T json`, where the payload of TCP is one of them, and
//! `-V`, where the fields of a frame may be all of it.

use serde_json::Value;

use super::super::ends::{By, Sent, by_ports};
use super::super::sequence::{Piece, in_order};
use super::super::text::Mistake;
use super::cells::{lines, not_a_line};
use crate::words::{say, text};

/// Whether a text is of `tshark -T json`.
pub(in super::super) fn may_be_json(text: &str) -> bool {
    text.trim_start().starts_with(['[', '{'])
        && text.contains("\"_source\"")
        && text.contains("\"layers\"")
}

/// Reads what `tshark -T json` prints: what TCP carried in the packets of one connection.
pub(in super::super) fn read_json(text: &str) -> Result<Vec<Sent>, Mistake> {
    let wrong = |line: usize| not_a_line(line, "", text!(form.tshark_json));
    let value: Value = serde_json::from_str(text.trim_end_matches([',', ' ', '\n', '\r']))
        .map_err(|error| wrong(error.line()))?;
    let packets = match value {
        Value::Array(packets) => packets,
        packet => vec![packet],
    };
    let mut bys = Vec::new();
    let mut pieces = Vec::new();
    let mut stream = None;
    for packet in &packets {
        let Some(tcp) = packet.pointer("/_source/layers/tcp") else {
            continue;
        };
        let Some(payload) = tcp.get("tcp.payload").and_then(Value::as_str) else {
            continue;
        };
        let number = |name: &str| -> Option<u32> { tcp.get(name)?.as_str()?.parse().ok() };
        let bytes = hex::decode(payload.replace(':', "")).map_err(|_| wrong(1))?;
        let (Some(from), Some(to)) = (number("tcp.srcport"), number("tcp.dstport")) else {
            return Err(wrong(1));
        };
        if *stream.get_or_insert(number("tcp.stream")) != number("tcp.stream") {
            return Err(Mistake::new(say!(ends.several_connections)));
        }
        let ports = u16::try_from(from).ok().zip(u16::try_from(to).ok());
        let sender = ports.and_then(|(from, to)| by_ports(from, to));
        bys.push(sender.map_or(By::End(from > to), By::Likely));
        pieces.push(Piece {
            number: packet_number(packet),
            way: (from, to),
            sequence: number("tcp.seq_raw")
                .or_else(|| number("tcp.seq"))
                .ok_or_else(|| wrong(1))?,
            bytes,
        });
    }
    let ordered = in_order(pieces).map_err(|number| Mistake::new(say!(ends.packet_gap, number)))?;
    let sent: Vec<Sent> = bys
        .into_iter()
        .zip(ordered)
        .map(|(by, bytes)| Sent { by, bytes })
        .collect();
    if sent.is_empty() && text.contains("\"tcp.payload_raw\"") {
        return Err(Mistake::new(say!(ends.json_raw)));
    }
    Ok(sent)
}

/// The number that a packet has in its capture.
fn packet_number(packet: &Value) -> usize {
    let number = packet.pointer("/_source/layers/frame/frame.number");
    number
        .and_then(Value::as_str)
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Whether a text is of `tshark -V`.
pub(in super::super) fn may_be_fields(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "WebSocket")
        && text.lines().any(|line| line.contains(" = Opcode: "))
}

/// The fields of one frame, as far as they were read.
#[derive(Default)]
struct Fields {
    /// The line of its title.
    number: usize,
    first: u8,
    mask: bool,
    length: u64,
    key: Option<[u8; 4]>,
    payload: Vec<u8>,
}

impl Fields {
    /// The frame, if all of its bytes were printed.
    fn frame(&self) -> Result<Vec<u8>, Mistake> {
        let count = self.length;
        if self.payload.len() as u64 != count || self.mask != self.key.is_some() {
            return Err(Mistake::new(say!(
                ends.no_bytes_printed,
                number = self.number,
                count
            )));
        }
        let mask = u8::from(self.mask) << 7;
        let mut bytes = vec![self.first];
        match count {
            0..=125 => bytes.push(mask | u8::try_from(count).unwrap_or_default()),
            126..=0xffff => {
                bytes.push(mask | 126);
                bytes.extend(u16::try_from(count).unwrap_or_default().to_be_bytes());
            }
            _ => {
                bytes.push(mask | 127);
                bytes.extend(count.to_be_bytes());
            }
        }
        let key = self.key.unwrap_or_default();
        bytes.extend(self.key.into_iter().flatten());
        let masked = self.payload.iter().zip(key.iter().cycle());
        bytes.extend(masked.map(|(byte, key)| byte ^ key));
        Ok(bytes)
    }
}

/// Reads what `tshark -V` prints of frames, where that is all of them: of Close frames and such
/// without payload always, of text where it is one line.
pub(in super::super) fn read_fields(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent = Vec::new();
    let mut ports = None;
    let mut open: Option<Fields> = None;
    for (number, line) in lines(text).chain(std::iter::once((0, "Frame"))) {
        let is_inside = line.starts_with(' ') && open.is_some();
        if !is_inside {
            if let Some(fields) = open.take() {
                let sender = ports.and_then(|(from, to)| by_ports(from, to));
                let by = sender.map_or(
                    ports.map_or(By::Nobody, |(from, to)| By::End(from > to)),
                    By::Likely,
                );
                sent.push(Sent {
                    by,
                    bytes: fields.frame()?,
                });
            }
        }
        if line.trim_end() == "WebSocket" {
            open = Some(Fields {
                number,
                ..Fields::default()
            });
        } else if let Some((_, rest)) = line.split_once("Src Port: ") {
            ports = ports_of(rest);
        } else if let (true, Some(fields)) = (is_inside, &mut open) {
            let wrong = || not_a_line(number, line, text!(form.tshark_fields));
            take(fields, line.trim()).ok_or_else(wrong)?;
        }
    }
    Ok(sent)
}

/// The ports of `36718, Dst Port: 8765, Seq: 1`, perhaps with names: `http (80)`.
fn ports_of(rest: &str) -> Option<(u16, u16)> {
    let port = |text: &str| -> Option<u16> {
        let text = text.split(',').next()?.trim();
        let number = text.rsplit_once('(').map_or(text, |(_, number)| number);
        number.trim_end_matches(')').parse().ok()
    };
    let (_, to) = rest.split_once("Dst Port: ")?;
    Some((port(rest)?, port(to)?))
}

/// Takes one field. Nothing if it cannot be read.
fn take(fields: &mut Fields, line: &str) -> Option<()> {
    let value = |name: &str| line.split_once(name).map(|(_, value)| value.trim());
    if let Some(fin) = value(" = Fin: ") {
        fields.first |= u8::from(matches!(fin, "True" | "1")) << 7;
    } else if let Some(reserved) = value(" = Reserved: 0x") {
        fields.first |= (u8::from_str_radix(reserved, 16).ok()? & 7) << 4;
    } else if let Some(opcode) = value(" = Opcode: ") {
        let number = opcode.rsplit_once('(')?.1.strip_suffix(')')?;
        fields.first |= number.parse::<u8>().ok()? & 0x0f;
    } else if let Some(mask) = value(" = Mask: ") {
        fields.mask = matches!(mask, "True" | "1");
    } else if let Some(length) = value("Payload length: ").filter(|_| fields.length == 0) {
        fields.length = length.split(' ').next()?.parse().ok()?;
    } else if let Some(length) = value("Extended Payload length (16 bits): ")
        .or(value("Extended Payload length (64 bits): "))
    {
        fields.length = length.parse().ok()?;
    } else if let Some(key) = value("Masking-Key: ") {
        fields.key = Some(hex::decode(key).ok()?.try_into().ok()?);
    } else if let Some(code) = value("Status code: ") {
        let number = code.rsplit_once('(').map_or(code, |(_, number)| number);
        let number: u16 = number.trim_end_matches(')').parse().ok()?;
        fields.payload.extend(number.to_be_bytes());
    } else if let Some(text) = value("Reason: ").or(value("Text: ")) {
        // A text that is cut or has signs of its own is told by the length.
        fields.payload.extend(text.bytes());
    }
    Some(())
}
