//! The same streams, read by Python's websockets, where python3 has it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use fastrand::Rng;
use wsclose::conversation::{Conversation, Options};
use wsclose::frame::{Opcode, Sender};
use wsclose::inspect::Frame;

use super::{End, Event, LIMIT, Reading, payload, stream};

/// What is known to differ, with the section that decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// RFC 6455 section 5.2, "the minimal number of bytes MUST be used to encode the length": a
    /// fault here; websockets takes the frame.
    NonMinimalLength,
    /// RFC 6455 section 5.4, "Control frames MAY be injected in the middle of a fragmented message",
    /// a Close among them: delivered here; to websockets a 1002.
    CloseInMessage,
    /// RFC 6455 section 7.1.7, "_Fail the WebSocket Connection_" has no moment: here a fault is
    /// told with the bytes that show it; websockets looks at nothing but opcode, mask and length
    /// before the frame is whole.
    CutFrame,
    /// RFC 6455 section 10.4, limits are the receiver's own: websockets compares every length, that
    /// of a control frame too, with what the message has left, and that before it looks at the
    /// reserved bits and at the order; here only messages are counted, and a frame that is wrong in
    /// itself is a 1002.
    SizeFirst,
}

const DIFFERENCES: [Difference; 4] = [
    Difference::NonMinimalLength,
    Difference::CloseInMessage,
    Difference::CutFrame,
    Difference::SizeFirst,
];

#[test]
fn websockets_agrees_but_for_the_table() {
    let mut random = Rng::with_seed(6455);
    let streams: Vec<(Sender, Vec<u8>)> = (0..10_000)
        .map(|number| {
            let sender = [Sender::Client, Sender::Server][number % 2];
            (sender, stream(sender, &mut random))
        })
        .collect();
    let Some(readings) = theirs(&streams) else {
        let is_needed = std::env::var_os("PEERS").is_some_and(|peers| peers == "needed");
        assert!(!is_needed, "python3 has no module `websockets`");
        // Past the test's own capture: whoever runs the tests is to see what was not compared.
        let _ = writeln!(
            std::io::stderr(),
            "skipped, nothing was compared: python3 has no module `websockets`"
        );
        return;
    };
    assert_eq!(readings.len(), streams.len());
    let mut seen: BTreeMap<Difference, u32> = BTreeMap::new();
    let mut ends = [0; 3];
    for ((sender, stream), theirs) in streams.iter().zip(&readings) {
        let (ours, differences) = ours(*sender, stream, theirs);
        assert!(
            super::agree(&ours, theirs),
            "{sender:?} sends {}\n  ours {ours:?}\ntheirs {theirs:?}",
            hex::encode(stream)
        );
        for difference in differences {
            *seen.entry(difference).or_default() += 1;
        }
        ends[match theirs.1 {
            End::Input => 0,
            End::Closed => 1,
            End::Fault(_) => 2,
        }] += 1;
    }
    println!("{seen:?}, ends {ends:?}");
    // A row that is never met is no longer true, or no longer tried.
    for difference in DIFFERENCES {
        assert!(seen.contains_key(&difference), "{difference:?} is not met");
    }
    assert!(ends.iter().all(|count| *count > 500), "{ends:?}");
}

/// What websockets makes of the streams: nothing if it cannot be had.
fn theirs(streams: &[(Sender, Vec<u8>)]) -> Option<Vec<Reading>> {
    const SCRIPT: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/differential/websockets_reader.py"
    );
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut child = Command::new(python)
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let mut output = BufReader::new(child.stdout.take()?).lines();
    let Some(Ok(version)) = output.next() else {
        let _ = child.wait();
        return None;
    };
    println!("{version}");
    let readings = std::thread::scope(|scope| {
        scope.spawn(move || {
            for (sender, stream) in streams {
                let role = match sender {
                    Sender::Client => "server",
                    Sender::Server => "client",
                };
                writeln!(input, "{role} {LIMIT} {}", hex::encode(stream)).expect("it reads all");
            }
        });
        output
            .map(|line| reading(&line.expect("it writes text")))
            .collect()
    });
    assert!(child.wait().expect("it ends").success());
    Some(readings)
}

/// What a line of the script says.
fn reading(line: &str) -> Reading {
    let bytes = |digits: &str| hex::decode(digits).expect("it writes hex");
    let mut words: Vec<&str> = line.split(' ').collect();
    let end = match words
        .pop()
        .and_then(|end| end.split_once(':').or(Some((end, ""))))
    {
        Some(("input", _)) => End::Input,
        Some(("closed", _)) => End::Closed,
        Some(("fault", code)) => End::Fault(vec![code.parse().expect("a close code")]),
        _ => panic!("{line}"),
    };
    let event = |word: &&str| {
        let (name, rest) = word.split_once(':').expect("a name and bytes");
        match name {
            "text" => Event::Text(bytes(rest)),
            "binary" => Event::Binary(bytes(rest)),
            "ping" => Event::Ping(bytes(rest)),
            "pong" => Event::Pong(bytes(rest)),
            "close" => {
                let (code, reason) = rest.split_once(':').expect("a code and a reason");
                let code = code.parse().ok();
                Event::Close(code.map(|code| (code, bytes(reason))))
            }
            _ => panic!("{line}"),
        }
    };
    (words.iter().map(event).collect(), end)
}

/// What this library makes of a stream, where a row of the table applies as websockets has it.
fn ours(sender: Sender, stream: &[u8], theirs: &Reading) -> (Reading, Vec<Difference>) {
    let mut conversation = Conversation::new(Options {
        from: Some(sender),
        max_message_size: Some(LIMIT as u64),
        deflate: None,
    });
    let mut frames: Vec<Frame> = Vec::new();
    conversation.feed(&mut stream.to_vec(), |frame| frames.push(frame.clone()));
    conversation.finish(|frame| frames.push(frame.clone()));

    let (mut events, mut differences) = (Vec::new(), Vec::new());
    // The message that is not over yet, if there is one.
    let mut message: Option<Vec<u8>> = None;
    for frame in &frames {
        let mut faults: Vec<(&str, u16)> = frame
            .findings
            .iter()
            .filter_map(|finding| Some((finding.rule.id, finding.rule.closes_with?)))
            .collect();
        let all = faults.len();
        faults.retain(|(id, _)| *id != "non-minimal-length");
        if faults.len() < all {
            differences.push(Difference::NonMinimalLength);
        }
        let left = LIMIT - message.as_ref().map_or(0, Vec::len);
        let is_too_big = frame
            .header
            .length()
            .is_some_and(|length| length > left as u64);
        let says_size = theirs.1 == End::Fault(vec![1009]) && theirs.0.len() == events.len();
        if is_too_big && says_size && !faults.iter().any(|(_, code)| *code == 1009) {
            differences.push(Difference::SizeFirst);
            return ((events, End::Fault(vec![1009])), differences);
        }
        if frame.is_truncated {
            if !faults.is_empty() && theirs.1 == End::Input {
                differences.push(Difference::CutFrame);
                faults.clear();
            }
            if faults.is_empty() {
                return ((events, End::Input), differences);
            }
        }
        if !faults.is_empty() {
            let codes = faults.into_iter().map(|(_, code)| code).collect();
            return ((events, End::Fault(codes)), differences);
        }
        let payload = payload(frame, stream);
        match frame.header.opcode {
            Opcode::Ping => events.push(Event::Ping(payload)),
            Opcode::Pong => events.push(Event::Pong(payload)),
            Opcode::Close => {
                if message.is_some() {
                    differences.push(Difference::CloseInMessage);
                    return ((events, End::Fault(vec![1002])), differences);
                }
                let close = frame.close.as_ref().expect("a Close says something");
                let body = close.code.map(|code| (code, close.reason.clone()));
                events.push(Event::Close(body));
                return ((events, End::Closed), differences);
            }
            _ => {
                let mut whole = message.take().unwrap_or_default();
                whole.extend(payload);
                if !frame.header.fin {
                    message = Some(whole);
                } else if frame.message == Some(Opcode::Text) {
                    events.push(Event::Text(whole));
                } else {
                    events.push(Event::Binary(whole));
                }
            }
        }
    }
    ((events, End::Input), differences)
}
