//! Protocols that hold no TCP: what is of one of them was not passed over.
//!
//! Source: the registries of the IEEE (EtherTypes) and of IANA (protocol numbers, PPP).

/// Whether an EtherType is that of a protocol of a link, of a factory or of a store, and no tunnel.
pub(super) fn is_ordinary_ether(kind: u16) -> bool {
    matches!(
        kind,
        // ARP and RARP, wake-on-LAN, DECnet, AppleTalk, IPX.
        0x0806 | 0x8035 | 0x0842 | 0x6000..=0x6009 | 0x809b | 0x80f3 | 0x8137 | 0x8138
            // Spanning trees and streams: SRP, AVTP, MVRP, MMRP, PTP, CFM, LLDP, LLTD, 1905.1, loops.
            | 0x22ea | 0x22f0 | 0x88f5 | 0x88f6 | 0x88f7 | 0x8902 | 0x88cc | 0x88d9 | 0x893a | 0x8899 | 0x9000
            // Pause, link aggregation, PPPoE discovery, 802.1X, fast roaming.
            | 0x8808 | 0x8809 | 0x8863 | 0x888e | 0x88c7 | 0x890d | 0x8917 | 0x8940
            // Power lines, factories and stations.
            | 0x887b | 0x88e1 | 0x8892 | 0x88a4 | 0x88ab | 0x88b8..=0x88ba | 0x88cd | 0x88e3 | 0x88fb
            // Stores.
            | 0x8906 | 0x8914 | 0x8915 | 0x88a2
            // TIPC, cars, BPQ.
            | 0x88ca | 0x88dc | 0x8947 | 0x08ff
    )
}

/// Whether what GRE carries speaks of the tunnel or of the routers: an empty keep-alive, IS-IS, ARP, CDP, NHRP.
pub(super) fn is_ordinary_gre(kind: u16) -> bool {
    matches!(kind, 0 | 0x00fe | 0x0806 | 0x2000 | 0x2001 | 0x88cc)
}

/// Whether a protocol of IP is no tunnel.
pub(super) fn is_ordinary_ip(number: u8) -> bool {
    matches!(
        number,
        // Hop by hop, ICMP, IGMP, GGP, ST, TCP, CBT, EGP, IGP, UDP.
        0..=3 | 5..=9 | 17
            // DCCP, RSVP, headers of IPv6, AH, ICMPv6, nothing.
            | 33 | 43 | 44 | 46 | 51 | 58..=60
            // EIGRP, OSPF, PIM, VRRP, PGM, IS-IS, SCTP, mobility, UDP-Lite, HIP, shim6.
            | 88 | 89 | 103 | 112 | 113 | 124 | 132 | 135 | 136 | 139 | 140
    )
}

/// Whether a protocol of PPP sets up the link or a network, or is a network of its own.
pub(super) fn is_ordinary_ppp(protocol: u16) -> bool {
    matches!(protocol, 0x23 | 0x25 | 0x27 | 0x29 | 0x2b | 0x4000..)
}
