//! Files built byte by byte.

use super::format::{BYTE_ORDER, SECTION};
use super::*;

type Seen = Vec<(u64, Option<i64>, Link, Vec<u8>, u32)>;

fn read(file: &[u8], step: usize) -> (Seen, Result<(), Damage>) {
    let mut seen = Vec::new();
    let mut reader = CaptureFile::new();
    for piece in file.chunks(step) {
        let fed = reader.feed(piece, |packet| {
            seen.push((
                packet.number,
                packet.time,
                packet.link,
                packet.bytes.to_vec(),
                packet.original_length,
            ));
        });
        if fed.is_err() {
            return (seen, fed);
        }
    }
    let end = reader.finish();
    (seen, end)
}

fn pcap(magic: u32, is_big: bool, link: u32) -> Vec<u8> {
    let word = |word: u32| match is_big {
        true => word.to_be_bytes(),
        false => word.to_le_bytes(),
    };
    let mut file = word(magic).to_vec();
    for field in [0x0004_0002, 0, 0, 65535, link] {
        file.extend(word(field));
    }
    for field in [1_700_000_000, 250, 3, 9] {
        file.extend(word(field));
    }
    if magic == 0xa1b2_cd34 {
        file.extend([0; 8]);
    }
    file.extend([1, 2, 3]);
    file
}

#[test]
fn every_variant_of_pcap_gives_the_same_packet() {
    for is_big in [false, true] {
        for (magic, nanoseconds) in [
            (0xa1b2_c3d4, 250_000),
            (0xa1b2_3c4d, 250),
            (0xa1b2_cd34, 250_000),
        ] {
            let file = pcap(magic, is_big, 113);
            let time = Some(1_700_000_000_000_000_000 + nanoseconds);
            let packet = (1, time, Link::Cooked, vec![1, 2, 3], 9);
            for step in [1, 7, 4096] {
                assert_eq!(
                    read(&file, step),
                    (vec![packet.clone()], Ok(())),
                    "{magic:x}"
                );
            }
        }
    }
}

fn block(kind: u32, body: &[u8], is_big: bool) -> Vec<u8> {
    let word = |word: u32| match is_big {
        true => word.to_be_bytes(),
        false => word.to_le_bytes(),
    };
    let length = word(12 + body.len() as u32);
    [&word(kind), &length, body, &length].concat()
}

fn pcapng(is_big: bool) -> Vec<u8> {
    let word = |word: u32| match is_big {
        true => word.to_be_bytes(),
        false => word.to_le_bytes(),
    };
    let half = |half: u16| match is_big {
        true => half.to_be_bytes(),
        false => half.to_le_bytes(),
    };
    let words = |fields: &[u32]| {
        fields
            .iter()
            .flat_map(|field| word(*field))
            .collect::<Vec<u8>>()
    };
    let mut file = block(SECTION, &words(&[BYTE_ORDER, 1, 0, 0]), is_big);
    // The first interface: Ethernet, two bytes of each packet.
    let first = [&half(1)[..], &half(0), &word(2)].concat();
    file.extend(block(1, &first, is_big));
    // The second: SLL2, ticks of 2^-10 seconds, ten seconds later than it says.
    let offset = if is_big {
        10i64.to_be_bytes()
    } else {
        10i64.to_le_bytes()
    };
    let second = [
        &half(276)[..],
        &half(0),
        &word(0),
        &half(9),
        &half(1),
        &[0x8a, 0, 0, 0],
        &half(14),
        &half(8),
        &offset,
        &half(0),
        &half(0),
    ]
    .concat();
    file.extend(block(1, &second, is_big));
    file.extend(block(0x0bad, &[0; 8], is_big));
    let enhanced = [&words(&[1, 0, 512, 3, 7])[..], &[7, 8, 9, 0]].concat();
    file.extend(block(6, &enhanced, is_big));
    let simple = [&word(5)[..], &[1, 2, 0, 0]].concat();
    file.extend(block(3, &simple, is_big));
    file
}

#[test]
fn files_one_behind_the_other_are_read_as_one() {
    let one = pcap(0xa1b2_c3d4, false, 1);
    let two = pcap(0xa1b2_3c4d, false, 101);
    let files = [one.clone(), two, pcapng(false), one.clone(), one].concat();
    let (expected, _) = read(&pcapng(false), 4096);
    for step in [1, 7, 4096] {
        let (seen, end) = read(&files, step);
        assert_eq!(end, Ok(()));
        assert_eq!(seen.len(), 4 + expected.len());
        assert_eq!([seen[0].2, seen[1].2], [Link::Ethernet, Link::Ip]);
        let numbers = seen.iter().map(|packet| packet.0);
        assert!(numbers.eq(1..=seen.len() as u64));
    }
}

#[test]
fn interfaces_have_their_own_link_and_clock() {
    for is_big in [false, true] {
        let file = pcapng(is_big);
        let expected = vec![
            (1, Some(10_500_000_000), Link::Cooked2, vec![7, 8, 9], 7),
            (2, None, Link::Ethernet, vec![1, 2], 5),
        ];
        for step in [1, 13, 4096] {
            assert_eq!(read(&file, step), (expected.clone(), Ok(())));
        }
    }
}

#[test]
fn a_cut_file_gives_what_stands_before_the_cut_and_says_where() {
    for file in [pcap(0xa1b2_c3d4, false, 1), pcapng(true)] {
        let (whole, _) = read(&file, 4096);
        for length in 1..file.len() {
            let (seen, end) = read(&file[..length], 5);
            assert_eq!(seen, whole[..seen.len()]);
            // Where a record ends, nothing is missing.
            if let Err(damage) = end {
                assert!(damage.at < length as u64, "{damage}");
            }
        }
    }
}

#[test]
fn lengths_that_lie_are_damage_and_cost_nothing() {
    let mut file = pcap(0xa1b2_c3d4, true, 1);
    file[32..36].copy_from_slice(&[0xff; 4]);
    let damage = Damage {
        at: 24,
        kind: DamageKind::TooLong(u64::from(u32::MAX)),
    };
    assert_eq!(read(&file, 9), (vec![], Err(damage)));
    let mut file = pcapng(true);
    file[4..8].copy_from_slice(&[0, 0, 0, 8]);
    let damage = Damage {
        at: 0,
        kind: DamageKind::BadLength(8),
    };
    assert_eq!(read(&file, 9), (vec![], Err(damage)));
}
