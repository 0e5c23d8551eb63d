//! Streams of frames, mostly right.

use fastrand::Rng;
use wsclose::frame::{Sender, unmask};

/// A few frames of an end, mostly right.
pub(super) fn stream(sender: Sender, random: &mut Rng) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut is_open = false;
    for _ in 0..random.usize(1..10) {
        stream.extend(frame(sender, &mut is_open, random));
    }
    if one_in(6, random) {
        stream.truncate(random.usize(1..=stream.len()));
    }
    if one_in(8, random) {
        let at = random.usize(..stream.len());
        stream[at] ^= 1 << random.u8(..8);
    }
    stream
}

fn one_in(count: u32, random: &mut Rng) -> bool {
    random.u32(..count) == 0
}

fn frame(sender: Sender, is_open: &mut bool, random: &mut Rng) -> Vec<u8> {
    let mut opcode = match random.u8(..10) {
        0 => 8,
        1 => 9,
        2 => 10,
        _ if *is_open => 0,
        number => 1 + number % 2,
    };
    if one_in(40, random) {
        opcode = random.u8(..16);
    }
    let is_control = opcode >= 8;
    let mut is_final = is_control || random.bool();
    if one_in(40, random) {
        is_final = !is_final;
    }
    if !is_control {
        *is_open = !is_final;
    }
    let mut first = opcode | if is_final { 0x80 } else { 0 };
    if one_in(60, random) {
        first |= 0x10 << random.u8(..3);
    }
    let mut payload = match opcode {
        8 => close_body(random),
        _ => text(random),
    };
    if is_control && !one_in(40, random) {
        payload.truncate(125);
    }
    let is_masked = (sender == Sender::Client) != one_in(60, random);
    let mask = if is_masked { 0x80 } else { 0 };
    let length = payload.len();
    let mut frame = match random.u8(..60) {
        0 => vec![
            first,
            mask | 127,
            0,
            0,
            0,
            0,
            0,
            0,
            (length >> 8) as u8,
            length as u8,
        ],
        1 => vec![first, mask | 126, (length >> 8) as u8, length as u8],
        2 => {
            let mut frame = vec![first, mask | 127];
            // Any size up to all bits, the top one included.
            frame.extend((u64::MAX >> random.u8(..64)).to_be_bytes());
            frame
        }
        _ if length <= 125 => vec![first, mask | length as u8],
        _ => vec![first, mask | 126, (length >> 8) as u8, length as u8],
    };
    if is_masked {
        let key = random.u32(..).to_ne_bytes();
        frame.extend(key);
        unmask(&mut payload, key, 0);
    }
    frame.extend(payload);
    frame
}

fn close_body(random: &mut Rng) -> Vec<u8> {
    let code = match random.u8(..8) {
        0 => random.u16(..),
        1 => random.u16(995..1020),
        2 => [1014, 2999, 3000, 4999, 5000, 0, 999][random.usize(..7)],
        3 => return vec![3; random.usize(..2)],
        _ => 1000,
    };
    let mut body = code.to_be_bytes().to_vec();
    if random.bool() {
        body.extend(text(random));
    }
    body
}

/// Text, now and then broken, or the end of a character that an earlier fragment began.
fn text(random: &mut Rng) -> Vec<u8> {
    const PARTS: [&str; 6] = ["hi", "é", "€", "🔒", "a longer text of ASCII, ", "関"];
    const BROKEN: [&[u8]; 8] = [
        b"\xff",
        b"\xc3\x28",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\x80",
        b"\x80",
        b"\xf0\x9f",
    ];
    let mut text = Vec::new();
    match random.u8(..32) {
        0 => text.extend(b"\xac"),
        1 => text.extend(b"\x94\x92"),
        _ => {}
    }
    let count = match random.u8(..20) {
        0 => 80,
        _ => random.usize(..8),
    };
    for _ in 0..count {
        text.extend(PARTS[random.usize(..PARTS.len())].bytes());
    }
    if one_in(16, random) {
        text.extend(BROKEN[random.usize(..BROKEN.len())]);
    }
    if one_in(16, random) {
        text.extend(b"tail");
    }
    text
}
