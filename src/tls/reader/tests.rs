use super::*;
use crate::tls::cipher::Opener;
use crate::tls::keylog::Secret;
use crate::tls::suite::suite;

const SUITE: u16 = 0xc02f;

/// The random of a hello.
fn random(end: usize, round: u8) -> [u8; 32] {
    [round * 2 + end as u8 + 1; 32]
}

/// The hello of an end.
fn hello(end: usize, round: u8) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend(random(end, round));
    body.push(0);
    body.extend(match end {
        0 => &[0, 2, 0xc0, 0x2f, 1, 0, 0, 0][..],
        _ => &[0xc0, 0x2f, 0, 0, 0],
    });
    let mut message = vec![end as u8 + 1, 0, 0, body.len() as u8];
    message.extend(body);
    message
}

/// Two ends that speak TLS 1.2, with what was read of each.
struct Talk {
    reader: Reader,
    keys: KeyLog,
    sealers: [Option<(Opener, u64)>; 2],
    said: [Vec<u8>; 2],
}

impl Talk {
    fn record(&mut self, end: usize, kind: u8, content: &[u8]) {
        let bytes = match &mut self.sealers[end] {
            Some((sealer, sequence)) => {
                *sequence += 1;
                sealer.seal(*sequence - 1, kind, content)
            }
            None => [&[kind, 3, 3, 0, content.len() as u8], content].concat(),
        };
        let sender = [Sender::Client, Sender::Server][end];
        let said = &mut self.said;
        let mut sink = |side: usize, out: Out<'_>, _: &mut KeyLog| {
            if let Out::Piece(piece) = out {
                let Piece::Bytes(_, bytes, _) = piece else {
                    panic!("{piece:?}");
                };
                said[side].extend(bytes);
            }
        };
        let origin = Origin::default();
        self.reader
            .bytes(end, sender, &bytes, origin, &mut self.keys, &mut sink);
    }

    /// An end says from when on it uses the keys of a round, and that its handshake is over.
    fn change(&mut self, end: usize, round: u8) {
        self.record(end, CHANGE_CIPHER_SPEC, &[1]);
        let master = Secret::of(&[round + 40; 48]).unwrap();
        let randoms = [&random(0, round), &random(1, round)];
        let both = Opener::of_master(suite(SUITE).unwrap(), &master, randoms, false).unwrap();
        self.sealers[end] = both.into_iter().nth(end).map(|sealer| (sealer, 0));
        self.record(end, HANDSHAKE, &[20, 0, 0, 4, 1, 2, 3, 4]);
    }
}

/// RFC 5246 section 7.4.1.1: the ends may negotiate anew, inside of what they have.
#[test]
fn until_the_keys_change_a_new_handshake_changes_nothing() {
    let mut keys = KeyLog::new();
    for round in [0, 1] {
        let line = format!(
            "CLIENT_RANDOM {} {}\n",
            hex::encode(random(0, round)),
            hex::encode([round + 40; 48])
        );
        keys.feed(line.as_bytes());
    }
    keys.finish();
    let mut talk = Talk {
        reader: Reader::default(),
        keys,
        sealers: [None, None],
        said: [Vec::new(), Vec::new()],
    };
    talk.record(0, HANDSHAKE, &hello(0, 0));
    talk.record(1, HANDSHAKE, &hello(1, 0));
    talk.change(0, 0);
    talk.change(1, 0);
    talk.record(0, DATA, b"one ");
    talk.record(1, DATA, b"eins ");
    talk.record(0, HANDSHAKE, &hello(0, 1));
    // The server had said this before it saw that.
    talk.record(1, DATA, b"zwei ");
    talk.record(0, DATA, b"two ");
    talk.record(1, HANDSHAKE, &hello(1, 1));
    talk.record(1, DATA, b"drei ");
    talk.change(0, 1);
    talk.record(0, DATA, b"three");
    talk.record(1, DATA, b"vier ");
    talk.change(1, 1);
    talk.record(1, DATA, b"funf");
    assert_eq!(talk.said[0], b"one two three");
    assert_eq!(talk.said[1], b"eins zwei drei vier funf");
    let facts = &talk.reader.facts;
    assert_eq!((facts.client.unread, facts.server.unread), (0, 0));
}
