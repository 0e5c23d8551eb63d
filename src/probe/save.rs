//! What travelled, as pcapng: packets as if it had been captured, and decrypted.
//!
//! Source: draft-ietf-opsawg-pcapng, with the link type RAW: each packet begins with its IP header.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::tape::{Mark, Reel, Side};

/// The most bytes of a segment.
const SEGMENT: usize = 16 * 1024;
const RAW: u16 = 101;
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const PSH: u8 = 8;
const ACK: u8 = 16;

impl Reel {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn save(&self, out: &mut dyn Write) -> io::Result<()> {
        section(out)?;
        let server = self
            .server
            .unwrap_or_else(|| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 1));
        let client = self.client.unwrap_or_else(|| {
            let ip: IpAddr = match server {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            };
            SocketAddr::new(ip, 49152)
        });
        let mut next = [1000_u32, 5000_u32];
        for entry in &self.entries {
            let (from, to, this, other) = match entry.side {
                Side::Client => (client, server, 0, 1),
                Side::Server => (server, client, 1, 0),
            };
            let mut packet = |flags: u8, bytes: &[u8], out: &mut dyn Write| {
                let segment = Segment {
                    from,
                    to,
                    sequence: next[this],
                    acknowledges: next[other],
                    flags,
                };
                next[this] = next[this].wrapping_add(bytes.len() as u32);
                if flags & (SYN | FIN) != 0 {
                    next[this] = next[this].wrapping_add(1);
                }
                enhanced(out, entry.time, &segment.bytes(bytes))
            };
            match &entry.mark {
                Mark::Syn => packet(SYN, &[], out)?,
                Mark::SynAck => packet(SYN | ACK, &[], out)?,
                Mark::Bytes(bytes) => {
                    for part in bytes.chunks(SEGMENT) {
                        packet(PSH | ACK, part, out)?;
                    }
                }
                Mark::Fin => packet(FIN | ACK, &[], out)?,
                Mark::Rst => packet(RST | ACK, &[], out)?,
            }
        }
        Ok(())
    }
}

struct Segment {
    from: SocketAddr,
    to: SocketAddr,
    sequence: u32,
    acknowledges: u32,
    flags: u8,
}

impl Segment {
    /// The IP packet of it. Checksums are left zero, as network cards that compute them leave them.
    fn bytes(&self, payload: &[u8]) -> Vec<u8> {
        let mut tcp = Vec::with_capacity(20 + payload.len());
        tcp.extend(self.from.port().to_be_bytes());
        tcp.extend(self.to.port().to_be_bytes());
        tcp.extend(self.sequence.to_be_bytes());
        let acknowledges = if self.flags & ACK == 0 {
            0
        } else {
            self.acknowledges
        };
        tcp.extend(acknowledges.to_be_bytes());
        tcp.extend([5 << 4, self.flags, 0xff, 0xff, 0, 0, 0, 0]);
        tcp.extend_from_slice(payload);
        let mut packet = Vec::with_capacity(40 + tcp.len());
        match (self.from.ip(), self.to.ip()) {
            (IpAddr::V4(from), IpAddr::V4(to)) => {
                packet.extend([0x45, 0]);
                packet.extend(((20 + tcp.len()) as u16).to_be_bytes());
                packet.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
                packet.extend(from.octets());
                packet.extend(to.octets());
            }
            (from, to) => {
                let six = |address: IpAddr| match address {
                    IpAddr::V6(address) => address,
                    IpAddr::V4(address) => address.to_ipv6_mapped(),
                };
                packet.extend([0x60, 0, 0, 0]);
                packet.extend((tcp.len() as u16).to_be_bytes());
                packet.extend([6, 64]);
                packet.extend(six(from).octets());
                packet.extend(six(to).octets());
            }
        }
        packet.extend(tcp);
        packet
    }
}

fn block(out: &mut dyn Write, kind: u32, body: &[u8]) -> io::Result<()> {
    let padding = (4 - body.len() % 4) % 4;
    let length = (12 + body.len() + padding) as u32;
    out.write_all(&kind.to_le_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(body)?;
    out.write_all(&[0; 3][..padding])?;
    out.write_all(&length.to_le_bytes())
}

/// The section, and the one interface of it, whose clock counts nanoseconds.
fn section(out: &mut dyn Write) -> io::Result<()> {
    let mut header = Vec::new();
    header.extend(0x1a2b_3c4d_u32.to_le_bytes());
    header.extend([1, 0, 0, 0]);
    header.extend((-1_i64).to_le_bytes());
    block(out, 0x0a0d_0d0a, &header)?;
    let mut interface = Vec::new();
    interface.extend(RAW.to_le_bytes());
    interface.extend([0, 0]);
    interface.extend(0_u32.to_le_bytes());
    // if_tsresol: 10^-9.
    interface.extend([9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
    block(out, 1, &interface)
}

fn enhanced(out: &mut dyn Write, time: i64, packet: &[u8]) -> io::Result<()> {
    let time = time.max(0) as u64;
    let mut body = Vec::with_capacity(20 + packet.len());
    body.extend(0_u32.to_le_bytes());
    body.extend(((time >> 32) as u32).to_le_bytes());
    body.extend((time as u32).to_le_bytes());
    body.extend((packet.len() as u32).to_le_bytes());
    body.extend((packet.len() as u32).to_le_bytes());
    body.extend_from_slice(packet);
    block(out, 6, &body)
}
