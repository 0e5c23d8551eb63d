//! What stands in front, however it comes.

use super::*;

/// What the ends say, in turn.
type Pieces<'a> = &'a [(usize, &'a [u8])];

const GREETING: &[u8] = &[5, 2, 0, 2];
const REQUEST: &[u8] = b"\x05\x01\0\x03\x04host\x01\xbb";
const REPLY: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

/// What comes of pieces, each cut into parts of so many bytes: what was found, and what was handed on.
fn read(pieces: Pieces<'_>, step: usize) -> (Vec<Found>, [Vec<u8>; 2]) {
    let mut front = Front::default();
    let (mut found, mut said) = (Vec::new(), [Vec::new(), Vec::new()]);
    let mut at = [0; 2];
    let origin = Origin::default();
    for (side, piece) in pieces {
        for part in piece.chunks(step) {
            let offset = at[*side];
            at[*side] += part.len() as u64;
            if front.is_behind(*side, &Piece::Bytes(offset, part, origin), true) {
                assert_eq!(offset, at[*side] - part.len() as u64);
                said[*side].extend_from_slice(part);
                continue;
            }
            let (new, behind) = front.take(*side, offset, part, origin);
            found.extend(new);
            for (side, begins, bytes, _) in behind {
                assert_eq!(begins + bytes.len() as u64, at[side]);
                said[side].extend(bytes);
            }
        }
    }
    for (side, _, bytes, _) in front.close() {
        said[side].extend(bytes);
    }
    (found, said)
}

#[test]
fn a_proxy_header_is_taken_off_however_it_comes() {
    let four = b"PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n".to_vec();
    let six = b"PROXY TCP6 2001:db8::1 2001:db8::2 40000 443\r\n".to_vec();
    let unknown = b"PROXY UNKNOWN whatever\r\n".to_vec();
    let binary = |command: u8, family: u8, body: &[u8]| {
        let length = (body.len() as u16).to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, body].concat()
    };
    let short = [192, 0, 2, 1, 192, 0, 2, 2, 0x9c, 0x40, 1, 0xbb];
    let extra = [&short[..], &[4, 0, 1, 7]].concat();
    let cases = [
        (four, Some("192.0.2.1:40000")),
        (six, Some("[2001:db8::1]:40000")),
        (unknown, None),
        (binary(0x21, 0x11, &extra), Some("192.0.2.1:40000")),
        (binary(0x20, 0, &[]), None),
    ];
    for (bytes, client) in cases {
        let whole = [&bytes[..], b"GET / HTTP/1.1\r\n"].concat();
        for step in [1, 5, 4096] {
            let (found, said) = read(&[(0, &whole), (1, b"HTTP/1.1 ")], step);
            let client = client.map(|client| client.parse().unwrap());
            assert_eq!(found, [Found::Header(0, ProxyHeader { client })]);
            assert_eq!(
                said,
                [b"GET / HTTP/1.1\r\n".to_vec(), b"HTTP/1.1 ".to_vec()]
            );
        }
    }
}

#[test]
fn a_tunnel_of_socks_is_taken_off_however_it_comes() {
    let login: &[u8] = b"\x01\x04user\x06secret";
    let plain = [
        (0, GREETING),
        (1, &[5, 0][..]),
        (0, REQUEST),
        (1, REPLY),
        (0, b"GET "),
        (1, b"HTTP"),
    ];
    let named = [
        (0, GREETING),
        (1, &[5, 2][..]),
        (0, login),
        (1, &[1, 0]),
        (0, REQUEST),
        (1, REPLY),
        (0, b"GET "),
        (1, b"HTTP"),
    ];
    for step in [1, 3, 4096] {
        for pieces in [&plain[..], &named] {
            let (found, said) = read(pieces, step);
            assert_eq!(found, [Found::Tunnel(0, Ok(()))]);
            assert_eq!(said, [b"GET ".to_vec(), b"HTTP".to_vec()]);
        }
    }
}

#[test]
fn a_proxy_that_gives_no_tunnel_is_told() {
    let refusals: [(Pieces<'_>, SocksRefusal); 3] = [
        (&[(0, GREETING), (1, &[5, 0xff])], SocksRefusal::Login),
        (
            &[
                (0, GREETING),
                (1, &[5, 2]),
                (0, b"\x01\x01a\x01b"),
                (1, &[1, 1]),
            ],
            SocksRefusal::Login,
        ),
        (
            &[
                (0, GREETING),
                (1, &[5, 0]),
                (0, REQUEST),
                (1, &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]),
            ],
            SocksRefusal::Reply(2),
        ),
    ];
    for (pieces, refusal) in refusals {
        let (found, said) = read(pieces, 4096);
        assert_eq!(found, [Found::Tunnel(0, Err(refusal))]);
        assert_eq!(said, [Vec::<u8>::new(), Vec::new()]);
    }
}

#[test]
fn what_is_something_else_is_handed_on_as_it_came() {
    let cases: [Pieces<'_>; 10] = [
        // SSH.
        &[
            (0, GREETING),
            (1, &[5, 0]),
            (0, &[5, 1, 0, 1, 10, 0, 0, 9, 0, 22]),
            (1, &[5, 2]),
        ],
        &[(0, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), (1, &[0, 0, 0, 4])],
        &[(0, b"PUT / HTTP/1.1\r\n"), (1, b"HTTP/1.1 ")],
        &[(0, b"PROXY TCP4 here\r\nGET / HTTP/1.1"), (1, b"HTTP")],
        &[(0, b"PROXY UNKNOWN"), (1, b"HTTP")],
        &[(0, b"\r\n\r\nGET / HTTP/1.1\r\n"), (1, b"HTTP")],
        &[(0, &[5, 1, 0]), (1, &[6, 0]), (0, b"more")],
        &[(0, &[5, 1, 0, 0, 0, 0]), (1, &[5, 0])],
        &[(0, &[5, 1, 0]), (1, &[5, 1]), (0, b"sealed")],
        &[(1, b"220 hello"), (0, &[5, 1, 0]), (0, b"more")],
    ];
    for pieces in cases {
        for step in [1, 4096] {
            let (found, said) = read(pieces, step);
            assert_eq!(found, []);
            let all = |side: usize| {
                let of = pieces.iter().filter(|(whose, _)| *whose == side);
                of.flat_map(|(_, bytes)| bytes.to_vec()).collect::<Vec<_>>()
            };
            assert_eq!(said, [all(0), all(1)], "{pieces:?}");
        }
    }
}
