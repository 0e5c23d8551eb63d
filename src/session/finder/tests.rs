//! Trials on single segments.

use super::*;

#[test]
fn whole_frames_are_found_and_noise_is_not() {
    let close = [0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2];
    assert_eq!(find(&close, Sender::Client, false), Some(Confidence::High));
    assert_eq!(find(&close, Sender::Server, false), None);
    let found = |bytes: &[u8]| find(bytes, Sender::Server, false);
    assert_eq!(found(b"\x81\x02hi"), Some(Confidence::Fair));
    assert_eq!(found(b"\x81\x02hi\x89\x00"), Some(Confidence::Fair));
    // A text that goes on in the next segment proves nothing.
    assert_eq!(found(b"\x81\x05hi"), None);
    assert_eq!(found(b"\x81\x02\xffi"), None);
    // 1005 may not be sent, and is sent all the same; 60000 is nobody's code.
    assert_eq!(found(b"\x88\x02\x03\xed"), Some(Confidence::Fair));
    assert_eq!(found(b"\x88\x02\xea\x60"), None);
    assert_eq!(found(b"\x88\x02\x03\xe8"), Some(Confidence::High));
    assert_eq!(found(b"GET / HTTP/1.1"), None);
    assert_eq!(found(b""), None);
    assert_eq!(found(&[0; 400]), None);
}

#[test]
fn random_bytes_are_hardly_ever_frames() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut found = 0;
    for _ in 0..100_000 {
        let bytes: Vec<u8> = (0..random.usize(20..400)).map(|_| random.u8(..)).collect();
        for sender in [Sender::Client, Sender::Server] {
            found += usize::from(find(&bytes, sender, false) == Some(Confidence::High));
        }
    }
    assert!(found < 5, "{found}");
}

/// Walks segments; the bits of evidence, or `None` where a rule is broken.
fn walked(segments: &[&[u8]], sender: Sender) -> Option<u32> {
    let mut candidate = Candidate::new(sender, 0);
    segments
        .iter()
        .all(|segment| candidate.take(segment))
        .then(|| candidate.bits())
}

#[test]
fn what_other_protocols_give_for_nothing_counts_nothing() {
    // Zeros, and records behind a length of four bytes, are continuations without end.
    assert_eq!(walked(&[&[0; 100], &[0; 100]], Sender::Server), Some(0));
    let record = [&[0, 0, 0, 20][..], &[7; 20]].concat();
    assert_eq!(walked(&[&record[..]; 9], Sender::Server), Some(0));
    // Two numbers behind each other: a continuation where no message is open.
    assert_eq!(walked(&[&[0x81, 0, 0, 0, 0, 0]], Sender::Server), None);
    // A kind and a length of its own, never masked.
    let record = [0x82, 5, 1, 2, 3, 4, 5];
    let bits = walked(&[&record[..]; 50], Sender::Server).unwrap();
    assert!(Confidence::of(bits, 0).is_none());
    // The same masked bytes again and again.
    let record = [0x82, 0x81, 9, 9, 9, 9, 5];
    let bits = walked(&[&record[..]; 50], Sender::Client).unwrap();
    assert!(Confidence::of(bits, 0).is_none());
}

#[test]
fn masks_that_change_and_text_behind_them_convince() {
    let text = |key: u8| {
        let mut payload = *b"hello there";
        unmask(&mut payload, [key; 4], 0);
        [&[0x81, 0x8b, key, key, key, key][..], &payload].concat()
    };
    let bits = walked(&[&text(1), &text(2)], Sender::Client).unwrap();
    assert_eq!(Confidence::of(bits, 0), Some(Confidence::High));
    assert_eq!(Confidence::of(bits, 1 << 20), Some(Confidence::Fair));
}

/// Nobody closes twice: what says so again and again is something else.
#[test]
fn a_close_that_is_said_again_proves_nothing_more() {
    let once = walked(&[b"\x88\x00"], Sender::Server);
    let close: &[u8] = b"\x88\x00";
    assert_eq!(walked(&[close; 50], Sender::Server), once);
    assert!(once.is_some_and(|bits| bits < ENOUGH));
}
