//! What the fuzz targets check, as plain functions: `tests/fuzz_seeds.rs` calls them too.
//!
//! Each takes the bytes of one input. The first few say how the rest is read.

use std::io::{self, Cursor, Read};
use std::sync::OnceLock;

use wsclose::capture::file::{CaptureFile, Damage, DamageKind, Link, Packet};
use wsclose::capture::flow::{self, Flows};
use wsclose::capture::gzip::{Gunzip, MAGIC};
use wsclose::capture::har::HarFile;
use wsclose::capture::netlog::{self, NetLog};
use wsclose::capture::packet::Unpacker;
use wsclose::capture::tcp::{Arrival, Stream};
use wsclose::capture::tracker::{Limits, Tracker};
use wsclose::conversation::{Conversation, Options, Summary};
use wsclose::escape::is_plain;
use wsclose::explain::{explain_connection, explain_line};
use wsclose::extensions::{Deflate, agreement};
use wsclose::facts::registry::Registries;
use wsclose::frame::Sender;
use wsclose::http2::Connection;
use wsclose::http2::hpack::Decoder;
use wsclose::inflate::{DeflateFault, Inflater, Window};
use wsclose::input::{self, Error, Source, Stated, forms};
use wsclose::inspect::Frame;
use wsclose::logline::read;
use wsclose::logline::scan::Scanner;
use wsclose::session::{self, Origin, Piece, Record, Session};
use wsclose::tls::{KeyLog, Out, Reader};

/// A conversation is the same fed at once and in pieces, and its frames are all of its bytes.
///
/// The first six bytes: who sends, the largest message (two; 0 for any), the compression agreed
/// on, its two windows, the size of the pieces.
pub fn frames(data: &[u8]) {
    let Some((&[from, high, low, deflate, windows, step], stream)) = data.split_first_chunk()
    else {
        return;
    };
    let limit = u16::from_be_bytes([high, low]);
    let options = Options {
        from: [None, Some(Sender::Client), Some(Sender::Server)][usize::from(from % 3)],
        max_message_size: (limit > 0).then_some(u64::from(limit)),
        deflate: (deflate & 1 == 1).then_some(Deflate {
            server_no_context_takeover: deflate & 2 != 0,
            client_no_context_takeover: deflate & 4 != 0,
            server_max_window_bits: 8 + (windows & 7),
            client_max_window_bits: 8 + (windows >> 4 & 7),
        }),
    };
    let (frames, summary) = converse(options, stream, stream.len());
    for step in [1, usize::from(step)] {
        let (pieces, sum) = converse(options, stream, step);
        assert_eq!(frames, pieces, "in pieces of {step}");
        assert_eq!(summary, sum, "in pieces of {step}");
    }
    let has_something_to_tell = |frame: &&Frame| {
        frame.close.is_some() || !frame.findings.is_empty() || !frame.hints.is_empty()
    };
    for step in [stream.len(), usize::from(step)] {
        let mut conversation = Conversation::new(options);
        let mut told = Vec::new();
        for piece in stream.to_vec().chunks_mut(step.max(1)) {
            conversation.skim(piece, |frame| told.push(frame.clone()));
        }
        let skimmed = conversation.finish(|frame| told.push(frame.clone()));
        assert_eq!(summary, skimmed, "skimmed in pieces of {step}");
        let told: Vec<&Frame> = told.iter().filter(has_something_to_tell).collect();
        let frames: Vec<&Frame> = frames.iter().filter(has_something_to_tell).collect();
        assert_eq!(told, frames, "skimmed in pieces of {step}");
    }
    let mut at = 0;
    for frame in &frames {
        assert_eq!(frame.header.at, at);
        at += frame.length();
        assert!(frame.findings.is_sorted_by_key(|finding| finding.at));
        for finding in &frame.findings {
            assert!(finding.at >= frame.header.at && finding.at + finding.length <= at);
            let note = finding.note().to_string();
            assert!(!note.contains('{'), "{note}");
        }
    }
    assert_eq!((at, summary.bytes), (summary.bytes, stream.len() as u64));
}

fn converse(options: Options, stream: &[u8], step: usize) -> (Vec<Frame>, Summary) {
    let mut conversation = Conversation::new(options);
    let mut frames = Vec::new();
    for piece in stream.to_vec().chunks_mut(step.max(1)) {
        conversation.feed(piece, |frame| frames.push(frame.clone()));
    }
    let summary = conversation.finish(|frame| frames.push(frame.clone()));
    (frames, summary)
}

/// An input gives the same bytes and the same mistake however it arrives.
///
/// The first two bytes: the form, 0 for the one that the content tells, and the size of the reads.
pub fn input(data: &[u8]) {
    let Some((&[form, step], content)) = data.split_first_chunk() else {
        return;
    };
    let forced = usize::from(form)
        .checked_sub(1)
        .and_then(|at| forms().get(at % forms().len()));
    let source = |step| {
        Source::Reader(Box::new(Slowly {
            content: Cursor::new(content.to_vec()),
            step,
        }))
    };
    let at_once = taken(source(usize::MAX), forced);
    assert_eq!(at_once, taken(source(usize::from(step).max(1)), forced));
    if let Ok(text) = std::str::from_utf8(content) {
        let words = text.split(' ').map(str::to_owned).collect();
        taken(Source::Arguments(words), forced);
    }
}

/// What came of reading an input: the form, as many bytes as are kept, and how it ended.
#[derive(Debug, PartialEq)]
struct Taken {
    form: Option<&'static str>,
    bytes: Vec<u8>,
    end: Result<u64, String>,
}

/// A dump's `*` may stand for 2^63 bytes: so many are taken.
const ENOUGH: usize = 1 << 20;

fn taken(source: Source, forced: Option<&'static input::Form>) -> Taken {
    let mut form = None;
    let mut bytes = Vec::new();
    let end = input::read(
        source,
        Stated {
            form: forced,
            from: None,
        },
        &mut |chosen| {
            assert!(form.replace(chosen.form.id).is_none(), "it is said once");
            Ok(())
        },
        &mut |piece| {
            let free = ENOUGH - bytes.len();
            bytes.extend_from_slice(&piece[..piece.len().min(free)]);
            if piece.len() > free {
                return Err(io::Error::other("enough"));
            }
            // The sink may change what it is given.
            piece.fill(0xff);
            Ok(())
        },
    );
    match &end {
        Ok(count) => assert_eq!(*count, bytes.len() as u64),
        Err(error) => assert!(!error.to_string().contains('\n'), "an error is one line"),
    }
    assert!(!matches!(end, Err(Error::Empty)) || bytes.is_empty());
    Taken {
        form,
        bytes,
        end: end.map_err(|error| error.to_string()),
    }
}

/// Gives no more than so many bytes at a time.
struct Slowly {
    content: Cursor<Vec<u8>>,
    step: usize,
}

impl Read for Slowly {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        let count = place.len().min(self.step);
        self.content.read(&mut place[..count])
    }
}

/// A header that is accepted is accepted again as it is shown, and means the same.
pub fn extensions(data: &[u8]) {
    let Ok(header) = std::str::from_utf8(data) else {
        return;
    };
    match agreement(header) {
        Ok(agreed) => {
            if let Some(deflate) = agreed.deflate {
                assert_eq!(agreement(&deflate.to_string()), Ok(agreed), "{header:?}");
            }
        }
        Err(refusal) => {
            let line = refusal.to_string();
            assert!(!line.is_empty() && !line.contains('\n'), "{line:?}");
        }
    }
}

/// Messages inflate to the same however they are split.
///
/// The first two bytes: the window, and the size of the pieces. Then messages, each behind its
/// length in one byte; 255 is all that is left.
pub fn inflate(data: &[u8]) {
    let Some((&[window, step], mut rest)) = data.split_first_chunk() else {
        return;
    };
    let window = Window {
        bits: 8 + (window & 7),
        takes_over: window & 8 != 0,
    };
    let mut at_once = Inflater::new(window);
    let mut slowly = Inflater::new(window);
    let mut in_pieces = Inflater::new(window);
    while let Some((&length, after)) = rest.split_first() {
        let length = match length {
            u8::MAX => after.len(),
            length => usize::from(length).min(after.len()),
        };
        let (message, after) = after.split_at(length);
        rest = after;
        let expected = inflated(&mut at_once, message, message.len());
        assert_eq!(expected, inflated(&mut slowly, message, 1));
        let step = usize::from(step);
        assert_eq!(expected, inflated(&mut in_pieces, message, step));
    }
}

/// What came of a message. Its output is counted and its beginning summed up, but not kept.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    count: u64,
    sum: u64,
    faults: Vec<DeflateFault>,
    is_whole: Option<Result<bool, DeflateFault>>,
}

fn inflated(inflater: &mut Inflater, message: &[u8], step: usize) -> Outcome {
    const SUMMED: u64 = 1 << 16;
    let mut outcome = Outcome::default();
    let Outcome {
        count, sum, faults, ..
    } = &mut outcome;
    let mut sink = |bytes: &[u8]| {
        let left = usize::try_from(SUMMED.saturating_sub(*count)).unwrap_or(usize::MAX);
        for byte in bytes.iter().take(left) {
            *sum = (*sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        *count += bytes.len() as u64;
    };
    inflater.begin();
    for piece in message.chunks(step.max(1)) {
        faults.extend(inflater.feed(piece, &mut sink).err());
    }
    let is_whole = inflater.finish(&mut sink);
    let said = faults.len() + usize::from(is_whole.is_err());
    assert!(said <= 1, "a fault is said once for each message");
    outcome.is_whole = Some(is_whole);
    assert_eq!(inflater.compressed(), message.len() as u64);
    assert_eq!(inflater.inflated(), outcome.count);
    outcome
}

/// A log says the same in one block and in pieces; a line says what can be shown.
///
/// The first byte: the size of the pieces.
pub fn logline(data: &[u8]) {
    let Some((&step, log)) = data.split_first() else {
        return;
    };
    let whole = scanned(log, log.len());
    assert_eq!(
        whole,
        scanned(log, usize::from(step)),
        "in pieces of {step}"
    );
    let text = String::from_utf8_lossy(log);
    for line in text.lines() {
        let Some(reading) = read(line) else {
            continue;
        };
        let explanation = explain_line(&reading, Registries::default());
        assert!(!explanation.statements.is_empty());
        for statement in &explanation.statements {
            assert!(statement.to_string().chars().all(is_plain), "{statement}");
        }
        for close in reading.close.iter().chain(&reading.answer) {
            assert!(close.reason.len() <= line.len() + 1);
        }
    }
}

fn scanned(log: &[u8], step: usize) -> String {
    static NEW: OnceLock<Scanner> = OnceLock::new();
    let mut scanner = NEW
        .get_or_init(|| Scanner::new(5).expect("it is built"))
        .clone();
    for piece in log.chunks(step.max(1)) {
        scanner.feed(piece);
    }
    format!("{:?}", scanner.finish())
}

/// A capture gives the same connections and the same damage however it arrives, and each has a
/// diagnosis that can be shown.
///
/// The first two bytes: the size of the pieces, and how many connections are followed.
pub fn capture(data: &[u8]) {
    let Some((&[step, connections], content)) = data.split_first_chunk() else {
        return;
    };
    let limits = Limits {
        connections: usize::from(connections).max(1),
        connection_bytes: 1 << 16,
        bytes: 1 << 18,
        ..Limits::default()
    };
    let at_once = captured(content, content.len(), limits);
    let in_pieces = captured(content, usize::from(step), limits);
    assert_eq!(at_once, in_pieces, "in pieces of {step}");
    for record in &at_once.0 {
        let explanation = explain_connection(record, Registries::default());
        assert!(!explanation.statements.is_empty());
        for sentence in explanation.statements.iter().chain(&explanation.reported) {
            let sentence = sentence.to_string();
            assert!(!sentence.chars().any(char::is_control), "{sentence:?}");
        }
        assert!(record.closes.is_sorted_by_key(|close| close.origin.packet));
    }
}

/// A HAR file in pieces is the file at once; no sentence does harm.
pub fn har(data: &[u8]) {
    let Some((&step, content)) = data.split_first() else {
        return;
    };
    let read = |step: usize| {
        let options = session::Options {
            keeps_events: true,
            ..session::Options::default()
        };
        let mut file = HarFile::new(options);
        let mut records = Vec::new();
        for piece in content.chunks(step.max(1)) {
            file.feed(piece, &mut |record| records.push(*record));
        }
        (records, file.finish().is_ok())
    };
    let at_once = read(content.len());
    assert_eq!(at_once, read(usize::from(step)), "in pieces of {step}");
    for record in &at_once.0 {
        let explanation = explain_connection(record, Registries::default());
        for sentence in explanation.statements.iter().chain(&explanation.reported) {
            let sentence = sentence.to_string();
            assert!(!sentence.chars().any(char::is_control), "{sentence:?}");
        }
    }
}

fn captured(content: &[u8], step: usize, limits: Limits) -> (Vec<Record>, Option<Damage>) {
    let options = session::Options {
        max_message_size: Some(1 << 16),
        keeps_events: true,
    };
    let mut tracker = Tracker::new(limits, options);
    let mut file = CaptureFile::new();
    let mut gunzip = content.starts_with(&MAGIC).then(Gunzip::default);
    let mut records = Vec::new();
    let mut damage = None;
    for piece in content.chunks(step.max(1)) {
        let mut feed = |bytes: &[u8]| {
            file.feed(bytes, |packet| {
                tracker.packet(&packet, &mut |record| records.push(*record));
            })
        };
        let fed = match &mut gunzip {
            Some(gunzip) => gunzip.feed(piece, feed),
            None => feed(piece),
        };
        if let Err(found) = fed {
            damage = Some(found);
            break;
        }
    }
    tracker.finish(&mut |record| records.push(*record));
    let mut damage = damage.or(file.finish().err());
    // Where compressed data stops making sense is known but roughly.
    if let Some(found) = &mut damage {
        if found.kind == DamageKind::Compression {
            found.at = 0;
        }
    }
    (records, damage)
}

/// A packet of any link is taken apart within its own bytes, fragments or not.
///
/// The first byte is the link; then come packets, each behind its length in two bytes.
pub fn packet(data: &[u8]) {
    let Some((&link, mut rest)) = data.split_first() else {
        return;
    };
    let link = [
        Link::Ethernet,
        Link::Cooked,
        Link::Cooked2,
        Link::Ip,
        Link::Loop,
        Link::Other(9),
    ][usize::from(link % 6)];
    let mut unpacker = Unpacker::default();
    let mut number = 0;
    while let Some((&[high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([high, low])).min(after.len());
        let (bytes, after) = after.split_at(length);
        rest = after;
        number += 1;
        let packet = Packet {
            number,
            at: 0,
            time: None,
            link,
            bytes,
            original_length: u32::from(low),
        };
        unpacker.unpack(&packet, |segment| {
            assert!(segment.payload.len() <= 65_535 && segment.missing <= 65_535);
        });
    }
}

/// What a stream hands out and what it says is lost follow each other without a break, and what
/// was handed out is what was sent first.
///
/// Three bytes for each segment: where it begins, its length, and what else it says.
pub fn reassembly(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let first = u32::from(first).wrapping_sub(128);
    let mut stream = Stream::default();
    stream.begin(first);
    let (mut at, mut lost, mut fins) = (0, 0, 0);
    let mut sink = |piece: Piece<'_>| {
        match piece {
            Piece::Bytes(offset, bytes, _) => {
                assert_eq!(offset, at);
                assert!(!bytes.is_empty());
                for (offset, byte) in (offset..).zip(bytes) {
                    assert_eq!(*byte, offset as u8);
                }
                at += bytes.len() as u64;
            }
            Piece::Gap(offset, count, _) => {
                assert_eq!(offset, at);
                assert!(count > 0);
                at += count;
                lost += count;
            }
            Piece::Fin(_) => fins += 1,
            Piece::Head(..) | Piece::Lost(..) => unreachable!("TCP knows neither"),
        }
        assert!(fins <= 1);
    };
    for (packet, segment) in rest.chunks_exact(3).enumerate() {
        let [begins, length, says] = [segment[0], segment[1], segment[2]];
        let begins = u32::from(begins) + u32::from(says & 3) * 256;
        let bytes: Vec<u8> = (begins..begins + u32::from(length))
            .map(|byte| byte as u8)
            .collect();
        let arrival = Arrival {
            sequence: first.wrapping_add(begins),
            bytes: &bytes,
            missing: u32::from(says >> 2 & 1) * 7,
            fin: says & 8 != 0,
            origin: Origin::new(packet as u64, 0),
        };
        stream.take(&arrival, &mut sink);
        if says & 16 != 0 {
            stream.acknowledge(first.wrapping_add(begins));
        }
        stream.pass(&mut sink);
        if says & 0xe0 == 0xe0 {
            stream.give_up(&mut sink);
        }
    }
    stream.give_up(&mut sink);
    assert_eq!(stream.waiting_bytes(), 0);
    assert_eq!((stream.offset(), stream.oddities().lost), (at, lost));
    assert_eq!(stream.oddities().disputed, 0);
}

/// A net log or a file of flows says the same at once and in pieces, and all of it can be shown.
///
/// The first byte is the size of the pieces.
pub fn recording(data: &[u8]) {
    let Some((&step, input)) = data.split_first() else {
        return;
    };
    let _ = (netlog::is_beginning(input), flow::is_beginning(input));
    let once = recorded(input, input.len());
    let pieces = recorded(input, usize::from(step));
    assert_eq!(once, pieces, "in pieces of {step}");
    for record in once {
        let explanation = explain_connection(&record, Registries::default());
        for message in explanation.said().chain(&explanation.reported) {
            let text = message.to_string();
            assert!(text.chars().all(is_plain), "{text}");
        }
    }
}

fn recorded(input: &[u8], step: usize) -> Vec<Record> {
    let options = session::Options {
        keeps_events: true,
        ..session::Options::default()
    };
    let mut records = Vec::new();
    let mut sink = |record: Box<Record>| records.push(*record);
    if flow::is_beginning(input) == Some(true) {
        let mut flows = Flows::new(options);
        for piece in input.chunks(step.max(1)) {
            flows.feed(piece, &mut sink);
        }
        flows.finish();
        return records;
    }
    let mut log = NetLog::new(options);
    for piece in input.chunks(step.max(1)) {
        log.feed(piece, &mut sink);
    }
    log.finish(&mut sink);
    records
}

/// A key log is the same at once and in pieces.
///
/// The first byte: the size of the pieces. What remains is the log.
pub fn keylog(data: &[u8]) {
    let Some((&step, text)) = data.split_first() else {
        return;
    };
    let read = |step: usize| {
        let mut log = KeyLog::new();
        for piece in text.chunks(step.max(1)) {
            log.feed(piece);
        }
        log.finish();
        log
    };
    let whole = read(text.len());
    let pieces = read(usize::from(step));
    assert_eq!(whole.connections(), pieces.connections());
    for word in text.split(|byte| byte.is_ascii_whitespace()) {
        let random = hex_of(word).and_then(|random| <[u8; 32]>::try_from(random).ok());
        if let Some(random) = random {
            assert_eq!(whole.of(&random), pieces.of(&random));
        }
    }
}

fn hex_of(text: &[u8]) -> Option<Vec<u8>> {
    let digits = std::str::from_utf8(text).ok()?;
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
        .collect()
}

/// Parts of two streams: each behind a byte that says which end's it is and whether it is a gap, and two
/// with its length.
fn parts(data: &[u8]) -> impl Iterator<Item = (usize, bool, &[u8])> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (&[kind, high, low], behind) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low])).min(behind.len());
        let (part, behind) = behind.split_at(length);
        rest = behind;
        Some((usize::from(kind & 1), kind & 2 != 0, part))
    })
}

/// TLS of any kind is read without a panic, what comes out is in order, and little is held.
///
/// Two bytes: the length of a key log, and then that; what remains are parts of the streams.
pub fn tls(data: &[u8]) {
    let Some((&[high, low], rest)) = data.split_first_chunk() else {
        return;
    };
    let length = usize::from(u16::from_be_bytes([high, low])).min(rest.len());
    let (keys, streams) = rest.split_at(length);
    let mut log = KeyLog::new();
    log.feed(keys);
    log.finish();
    let has_keys = !log.is_empty();
    let mut reader = Reader::default();
    let mut offsets = [0; 2];
    for (number, (side, is_gap, part)) in parts(streams).enumerate() {
        let origin = Origin::new(number as u64, number as i64);
        let sender = [Sender::Client, Sender::Server][side];
        let mut sink = |side: usize, out: Out<'_>, _: &mut KeyLog| match out {
            Out::Piece(Piece::Bytes(at, bytes, _)) => {
                assert!(has_keys || !bytes.is_empty());
                assert_eq!(at, offsets[side]);
                offsets[side] += bytes.len() as u64;
            }
            Out::Piece(Piece::Gap(at, count, _)) => {
                assert_eq!(at, offsets[side]);
                offsets[side] += count;
            }
            _ => {}
        };
        match is_gap {
            true => reader.gap(side, sender, part.len() as u64, origin, &mut log, &mut sink),
            false => reader.bytes(side, sender, part, origin, &mut log, &mut sink),
        }
        // A record and a part of each end, handshake messages, certificates.
        assert!(reader.held_bytes() < 2 << 20, "{}", reader.held_bytes());
    }
    reader.look_for_keys(&log, true);
}

/// Streams that begin in their middle are searched for frames: what is found rests on frames that were
/// seen, and all that is said of it can be shown.
///
/// Parts of the two streams.
pub fn finder(data: &[u8]) {
    let mut session = Session::new(session::Options {
        keeps_events: true,
        ..session::Options::default()
    });
    let mut offsets = [0; 2];
    for (number, (side, is_gap, part)) in parts(data).enumerate() {
        let origin = Origin::new(number as u64, number as i64 * 1_000_000);
        let (at, count) = (offsets[side], part.len() as u64);
        offsets[side] += count;
        if count == 0 {
            continue;
        }
        let piece = match is_gap {
            true => Piece::Gap(at, count, origin),
            false => Piece::Bytes(at, part, origin),
        };
        session.piece(side, piece, is_gap);
    }
    let Some(record) = session.finish(None) else {
        return;
    };
    let frames = record.client_end.frames + record.server_end.frames;
    assert!(frames * 2 <= offsets[0] + offsets[1], "{frames} frames");
    if let Some(proof) = record.found {
        // Behind a gap it may be less.
        let confidence = record.confidence.expect("what was found has one");
        assert!(confidence <= proof.confidence, "{record:?}");
        assert!(proof.masked + proof.unmasked > 0, "{proof:?}");
    }
    let explanation = explain_connection(&record, Registries::default());
    for message in explanation.said().chain(&explanation.reported) {
        let text = message.to_string();
        assert!(text.chars().all(is_plain), "{text}");
    }
}

/// Header blocks are read from a table that is known as from one that is not, as far as that goes.
///
/// Blocks, each behind its length in one byte.
pub fn hpack(data: &[u8]) {
    let mut known = Decoder::default();
    let mut unknown = Decoder::default();
    unknown.lose();
    let mut rest = data;
    while let Some((&length, behind)) = rest.split_first() {
        let (block, behind) = behind.split_at(usize::from(length).min(behind.len()));
        rest = behind;
        let read = known.decode(block);
        let guessed = unknown.decode(block);
        assert!(known.held_bytes() <= 64 * 1024);
        assert!(unknown.held_bytes() <= 64 * 1024);
        let (Some(read), Some(guessed)) = (read, guessed) else {
            return;
        };
        assert_eq!(read.len(), guessed.len());
        for (read, guessed) in read.iter().zip(&guessed) {
            assert!(guessed.name.is_none() || guessed.name == read.name);
            assert!(guessed.value.is_none() || guessed.value == read.value);
        }
    }
}

/// HTTP/2 of any kind is followed without a panic, and little is held.
///
/// The first byte: whether its beginning was seen; what remains are parts of the streams.
pub fn http2(data: &[u8]) {
    let Some((&kind, streams)) = data.split_first() else {
        return;
    };
    let mut connection = Connection::new(session::Options::default(), true, kind & 1 == 1);
    connection.know(Some(0), &Default::default(), Default::default());
    let mut offsets = [0; 2];
    for (number, (side, is_gap, part)) in parts(streams).enumerate() {
        let origin = Origin::new(number as u64, number as i64);
        let at = offsets[side];
        offsets[side] += part.len() as u64;
        let piece = match is_gap {
            true => Piece::Gap(at, part.len() as u64, origin),
            false => Piece::Bytes(at, part, origin),
        };
        connection.piece(side, &piece);
        while let Some(session) = connection.over(number as i64 - 3) {
            if let Some(record) = session.finish(None) {
                explain_connection(&record, Registries::default());
            }
        }
    }
    for session in connection.finish() {
        if let Some(record) = session.finish(None) {
            explain_connection(&record, Registries::default());
        }
    }
}
