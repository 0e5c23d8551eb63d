//! The headers that stand in front of the payload of a captured packet.

use crate::words::{Text, text};

/// The headers at the front of `bytes`, if these are a TCP packet: for the middle of a sentence.
/// Nothing if they are anything else.
pub(super) fn headers(bytes: &[u8]) -> Option<Text> {
    if is_ip(bytes) {
        return Some(text!(packet.ip));
    }
    // An Ethernet header has the type at its end, a Linux one (`-i any`) has it later.
    let layers: [(usize, usize, Text); 4] = [
        (12, 14, text!(packet.ethernet)),
        (16, 18, text!(packet.ethernet)),
        (14, 16, text!(packet.linux)),
        (0, 20, text!(packet.linux)),
    ];
    layers.into_iter().find_map(|(kind, header, name)| {
        let kind = bytes.get(kind..)?.first_chunk()?;
        let known = matches!(kind, [0x08, 0x00] | [0x86, 0xdd]);
        (known && is_ip(bytes.get(header..)?)).then_some(name)
    })
}

/// Whether `bytes` begin with a header of IP that says TCP follows, and whose length is possible.
fn is_ip(bytes: &[u8]) -> bool {
    match bytes {
        [0x45..=0x4f, _, high, low, _, _, _, _, ttl, 6, ..] => {
            *ttl > 0 && u16::from_be_bytes([*high, *low]) >= 40
        }
        [0x60..=0x6f, _, _, _, high, low, 6, hops, ..] => {
            *hops > 0 && u16::from_be_bytes([*high, *low]) >= 20
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `10.1.1.1` port 80 to `10.2.2.2`, from text2pcap.
    const IP: &[u8] = b"\x45\0\0\x2c\x12\x34\0\0\xff\x06\x92\x92\x0a\x01\x01\x01\x0a\x02\x02\x02";

    fn said(bytes: &[u8]) -> &'static str {
        headers(bytes).map_or("", Text::english)
    }

    #[test]
    fn headers_of_every_layer_are_known() {
        let ethernet = [b" RECV\0 SEND\0\x08\0", IP].concat();
        assert_eq!(said(&ethernet), "Ethernet, IP and TCP headers");
        assert_eq!(said(IP), "IP and TCP headers");
        let linux = [&[0; 14][..], b"\x08\0", IP].concat();
        assert_eq!(said(&linux), "Linux, IP and TCP headers");
    }

    #[test]
    fn frames_are_no_packets() {
        assert_eq!(headers(b"\x88\x02\x03\xe8"), None);
        assert_eq!(headers(b"\x81\x7e\x08\0E E E E E E E E E E E"), None);
        assert_eq!(headers(b""), None);
    }
}
