//! What holds for all rows and for all bytes.

mod common;

use std::collections::HashSet;

use common::run;
use wsclose::conversation::{Conversation, Options, Summary, Verdict};
use wsclose::escape::is_plain;
use wsclose::explain::explain_frames;
use wsclose::extensions::{Deflate, agreement};
use wsclose::facts::codes::{self, CODES, PAIRS, RANGES, Reconnect, SentBy};
use wsclose::facts::names::slug;
use wsclose::facts::protocols::{PROTOCOLS, Protocol};
use wsclose::facts::registry::{Registries, VENDORS};
use wsclose::frame::Sender;
use wsclose::inspect::Frame;
use wsclose::report::Status;
use wsclose::rules;
use wsclose::topic::{self, Topic};
use wsclose::words::Words;

fn read(bytes: &[u8], options: Options, step: usize) -> (Vec<Frame>, Summary) {
    let mut conversation = Conversation::new(options);
    let mut frames = Vec::new();
    for piece in bytes.to_vec().chunks_mut(step.max(1)) {
        conversation.feed(piece, |frame| frames.push(frame.clone()));
    }
    let summary = conversation.finish(|frame| frames.push(frame.clone()));
    (frames, summary)
}

#[test]
fn codes_are_sorted_and_unique() {
    assert!(CODES.windows(2).all(|pair| pair[0].number < pair[1].number));
    let is_missing = |number: &u16| codes::lookup(*number).is_none();
    // All that IANA has registered.
    let registered = (1000..=1015).chain([3000, 3003, 3008]);
    let missing: Vec<u16> = registered.filter(is_missing).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_number_lies_in_one_range() {
    assert_eq!((RANGES[0].from, RANGES[RANGES.len() - 1].to), (0, u16::MAX));
    assert!(RANGES.windows(2).all(|pair| pair[0].to + 1 == pair[1].from));
    for number in 0..=u16::MAX {
        assert!(codes::range_of(number).contains(number), "{number}");
    }
}

#[test]
fn the_codes_that_may_travel_are_those_of_the_contract() {
    for number in 0..=u16::MAX {
        let expected = matches!(number, 1000..=1003 | 1007..=1014 | 3000..=4999);
        assert_eq!(codes::may_stand_in_close(number), expected, "{number}");
    }
}

#[test]
fn what_never_travels_is_sent_by_nobody() {
    for code in &CODES {
        assert_eq!(
            code.on_wire,
            code.sent_by != SentBy::Nobody,
            "{}",
            code.number
        );
    }
    let client: Vec<u16> = CODES
        .iter()
        .filter(|code| code.sent_by == SentBy::Client)
        .map(|code| code.number)
        .collect();
    assert_eq!(client, [1010]);
}

#[test]
fn codes_outside_rfc_6455_do_not_cite_it() {
    for number in [1012, 1013, 1014, 3000, 3003, 3008] {
        let code = codes::lookup(number).expect("it has a row");
        for source in code.sources {
            assert!(
                !source.to_string().contains("6455"),
                "{number} cites {source}"
            );
        }
    }
    let internal_error = codes::lookup(1011).expect("it has a row");
    let sources: Vec<String> = internal_error
        .sources
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(sources.contains(&"RFC 6455 erratum 3227".to_owned()));
}

#[test]
fn a_code_that_points_to_what_was_sent_is_not_met_by_reconnecting() {
    for number in [1002, 1003, 1007, 1008, 1009] {
        let code = codes::lookup(number).expect("it has a row");
        assert_eq!(code.reconnect, Reconnect::AfterFix, "{number}");
    }
}

#[test]
fn related_codes_have_rows() {
    for code in &CODES {
        assert!(!code.related.is_empty(), "{}", code.number);
        for other in code.related {
            assert!(
                *other != code.number && codes::lookup(*other).is_some(),
                "{other}"
            );
        }
    }
}

fn words_are_sentences(id: &str, words: &Words) {
    let meaning = words.meaning.english();
    assert!(meaning.ends_with('.'), "{id}: {meaning}");
    assert!(words.advice.len() >= 2, "{id} has too little advice");
    for advice in words.advice {
        for text in [advice.cause.english(), advice.fix.english()] {
            assert!(text.ends_with('.') || text.ends_with('?'), "{id}: {text}");
            assert!(!text.contains("  "), "{id}: {text}");
        }
    }
    assert!(!meaning.contains("  "), "{id}: {meaning}");
}

#[test]
fn every_topic_has_words_and_a_source() {
    for code in &CODES {
        let id = code.number.to_string();
        words_are_sentences(&id, &code.words);
        assert!(!code.sources.is_empty(), "{id}");
        let phrases = &code.phrases;
        for phrase in [
            phrases.gist,
            phrases.reconnect,
            phrases.look_for,
            phrases.choose,
        ] {
            let phrase = phrase.english();
            assert!(
                !phrase.is_empty() && !phrase.ends_with('.'),
                "{id}: {phrase}"
            );
        }
        assert!(phrases.diagnosis.english().contains("{sender}"), "{id}");
    }
    for range in &RANGES {
        words_are_sentences(&range.id(), &range.words);
        assert!(!range.sources.is_empty(), "{}", range.id());
        let diagnosis = range.diagnosis.english();
        assert!(diagnosis.contains("{code}"), "{}", range.id());
    }
    for rule in rules::all() {
        words_are_sentences(rule.id, &rule.words);
        assert!(!rule.sources.is_empty(), "{}", rule.id);
        assert!(!rule.title.english().ends_with('.'), "{}", rule.title);
    }
}

/// RFC 6455 names a close code for few faults; elsewhere the words speak of strict receivers.
#[test]
fn no_rule_claims_that_the_rfc_requires_a_code() {
    for rule in rules::all() {
        let advice = rule.words.advice.iter();
        let texts = advice.flat_map(|it| [it.cause, it.fix]);
        for text in texts.chain([rule.words.meaning, rule.note]) {
            assert!(
                !text.english().contains("RFC requires"),
                "{}: {text}",
                rule.id
            );
        }
    }
}

/// A row of a kind is found by its place in the enum.
#[test]
fn rows_stand_in_the_order_of_their_kinds() {
    use wsclose::facts::causes::{CAUSES, STATUSES, status};
    for row in &CAUSES {
        assert_eq!(row.cause.id(), row.id);
    }
    for number in 0..=u16::MAX {
        let row = status(number);
        let holds = |(from, to): &(u16, u16)| (*from..=*to).contains(&number);
        assert!(row.of.iter().any(holds), "{number}");
    }
    assert!(!STATUSES.is_empty());
}

#[test]
fn no_name_means_two_codes() {
    let mut known: HashSet<String> = HashSet::new();
    for topic in topic::all() {
        let id = topic.id();
        let found = topic::find(&id).expect("an id finds its topic");
        assert!(found.iter().any(|topic| topic.id() == id), "{id}");
        let mut slugs: Vec<String> = topic::names(&topic).map(slug).collect();
        slugs.sort();
        // The registry's spelling may be the name but for its capitals.
        slugs.dedup();
        for slug in slugs {
            let found = topic::find(&slug).expect("a name finds its topic");
            assert!(found.iter().any(|topic| topic.id() == id), "{slug}");
            // Only a code and a rule may share a name, and are both answered.
            assert!(known.insert(slug.clone()) || found.len() == 2, "{slug}");
        }
    }
}

#[test]
fn the_pairs_that_people_confuse_have_sentences() {
    let expected = [
        [1000, 1001],
        [1000, 1005],
        [1001, 1006],
        [1001, 1012],
        [1002, 1003],
        [1002, 1005],
        [1002, 1007],
        [1003, 1007],
        [1005, 1006],
        [1006, 1015],
        [1007, 1008],
        [1007, 1015],
        [1008, 1009],
        [1008, 3000],
        [1008, 3003],
        [1011, 1006],
        [1011, 1014],
        [1012, 1013],
        [1013, 1008],
        [1000, 4000],
    ];
    for [one, other] in expected {
        let pairs = PAIRS.iter().filter(|pair| pair.is_of(one, other));
        assert_eq!(pairs.count(), 1, "{one}/{other}");
    }
    assert_eq!(PAIRS.len(), expected.len());
}

#[test]
fn every_pair_of_codes_can_be_compared() {
    let topics: Vec<Topic> = topic::all()
        .filter(|topic| matches!(topic, Topic::Code(_) | Topic::Range(..)))
        .collect();
    for one in &topics {
        for other in &topics {
            let (one, other) = (one.id(), other.id());
            let (status, answer, error) = run(&["compare", &one, &other]);
            if one == other {
                assert_eq!(status, Status::NoAnswer);
            } else {
                assert_eq!(status, Status::Fine, "{one} {other}: {error}");
                assert!(answer.contains("How to tell them apart"), "{one} {other}");
            }
        }
    }
}

#[test]
fn each_rule_fires_on_its_own_example() {
    for rule in rules::all() {
        let bytes = hex::decode(rule.example.bytes.replace(' ', "")).expect(rule.id);
        let options = Options {
            from: rule.example.from,
            max_message_size: rule.example.max_message_size,
            deflate: rule.example.extensions.and_then(deflate),
        };
        let (frames, summary) = read(&bytes, options, usize::MAX);
        let findings = frames.iter().flat_map(|frame| &frame.findings);
        let fired: Vec<&str> = findings
            .chain(&summary.unfinished)
            .map(|finding| finding.rule.id)
            .collect();
        assert!(fired.contains(&rule.id), "{} gives {fired:?}", rule.id);
        assert_eq!(summary.closes_with, rule.closes_with, "{}", rule.id);
        let (status, _, error) = run(&rule
            .example
            .command()
            .split(' ')
            .skip(1)
            .collect::<Vec<_>>());
        assert_eq!(status, Status::Findings, "{}: {error}", rule.id);
    }
}

#[test]
fn notes_leave_no_placeholder_open() {
    for rule in rules::all() {
        let bytes = hex::decode(rule.example.bytes.replace(' ', "")).expect(rule.id);
        let options = Options {
            from: rule.example.from,
            max_message_size: rule.example.max_message_size,
            deflate: rule.example.extensions.and_then(deflate),
        };
        let (frames, summary) = read(&bytes, options, usize::MAX);
        for finding in frames
            .iter()
            .flat_map(|frame| &frame.findings)
            .chain(&summary.unfinished)
        {
            let note = finding.note().to_string();
            assert!(!note.contains('{'), "{note}");
        }
    }
}

/// The rules that bytes break, in the order of the stream.
fn broken(bytes: &[u8]) -> Vec<&'static str> {
    let (frames, _) = read(bytes, Options::default(), usize::MAX);
    let findings = frames.iter().flat_map(|frame| &frame.findings);
    findings.map(|finding| finding.rule.id).collect()
}

/// RFC 6455 section 5.2: "the minimal number of bytes MUST be used to encode the length".
#[test]
fn each_form_of_a_length_has_its_own_lengths() {
    let sixteen = |length: u16| {
        let mut bytes = vec![0x82, 126];
        bytes.extend(length.to_be_bytes());
        bytes.resize(4 + usize::from(length), 0);
        broken(&bytes)
    };
    let sixty_four = |length: u64| {
        let mut bytes = vec![0x82, 127];
        bytes.extend(length.to_be_bytes());
        bytes.resize(10 + length as usize, 0);
        broken(&bytes)
    };
    assert_eq!(sixteen(124), ["non-minimal-length"]);
    assert_eq!(sixteen(125), ["non-minimal-length"]);
    assert!(sixteen(126).is_empty() && sixteen(u16::MAX).is_empty());
    assert_eq!(sixty_four(65_535), ["non-minimal-length"]);
    assert!(sixty_four(65_536).is_empty());
}

/// Of a header that is cut behind a Close nobody knows whether it is one of a data frame.
#[test]
fn a_cut_header_behind_a_close_breaks_nothing() {
    for cut in [&b""[..], b"\x81", b"\x83", b"\x89"] {
        let bytes = [&b"\x88\x00"[..], cut].concat();
        let rules = broken(&bytes);
        let is_judged = rules.iter().any(|rule| *rule != "truncated-frame");
        assert!(!is_judged, "{cut:02x?}: {rules:?}");
    }
    assert_eq!(broken(b"\x88\x00\x81\x00"), ["frame-after-close"]);
}

/// A Close complains of what is plainly wrong before it complains of RSV1, which both ends may have
/// agreed on.
#[test]
fn rsv1_is_complained_of_last() {
    // Opcode 3, then RSV1 set on a text, then the other end's 1002.
    for frames in [["83 00", "c1 00"], ["c1 00", "83 00"]] {
        let bytes = hex::decode(frames.concat().replace(' ', "") + "88820000000003ea");
        let (_, summary) = read(&bytes.expect("it is hex"), Options::default(), usize::MAX);
        let explanation = explain_frames(&summary, Registries::default());
        assert_eq!(explanation.rule, Some("reserved-opcode"), "{frames:?}");
    }
}

/// RSV1 that both ends set was agreed on; of one end alone it may be what the other closed for.
#[test]
fn rsv1_of_both_ends_is_not_complained_of() {
    let of_client = "c185000000000000000a00";
    for (of_server, rule) in [("c1050000000a00", None), ("8100", Some("reserved-bits"))] {
        let bytes = hex::decode([of_server, of_client, "880203ea"].concat());
        let (_, summary) = read(&bytes.expect("it is hex"), Options::default(), usize::MAX);
        let explanation = explain_frames(&summary, Registries::default());
        assert_eq!(explanation.rule, rule, "{of_server}");
    }
}

/// What a header agrees on.
fn deflate(header: &str) -> Option<Deflate> {
    agreement(header).expect("it is a header").deflate
}

const SENDERS: [Option<Sender>; 3] = [None, Some(Sender::Client), Some(Sender::Server)];

#[test]
fn feeding_byte_by_byte_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(6455);
    for header in 0..=u16::MAX {
        for from in SENDERS {
            let mut bytes = header.to_be_bytes().to_vec();
            let tail = random.usize(..24);
            bytes.extend(std::iter::repeat_with(|| random.u8(..)).take(tail));
            same_however_split(&bytes, from, &[1]);
        }
    }
}

/// Streams that look like WebSocket, so that messages, closes and their order are reached.
#[test]
fn feeding_likely_streams_in_pieces_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(7692);
    for _ in 0..4000 {
        let mut bytes = Vec::new();
        for _ in 0..random.usize(1..8) {
            bytes.extend(likely_frame(&mut random));
        }
        bytes.truncate(random.usize(1..=bytes.len()));
        let from = SENDERS[random.usize(..3)];
        same_however_split(&bytes, from, &[1, 2, 3, 7, 16, 64]);
    }
}

#[test]
fn feeding_64_kib_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(8441);
    for from in SENDERS {
        let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
            .take(65_536)
            .collect();
        same_however_split(&noise, from, &[1, 4096]);
        let mut text = vec![0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0xff, 0xf0];
        text.extend("é€🔒".bytes().cycle().take(65_520));
        text.extend(b"\xff tail");
        same_however_split(&text, from, &[1, 4096]);
    }
}

fn same_however_split(bytes: &[u8], from: Option<Sender>, steps: &[usize]) {
    // With compression agreed on and without; a small window makes more of it reachable.
    for header in [
        "",
        "permessage-deflate; client_no_context_takeover; server_max_window_bits=9",
    ] {
        same_with(deflate(header), bytes, from, steps);
    }
}

fn same_with(deflate: Option<Deflate>, bytes: &[u8], from: Option<Sender>, steps: &[usize]) {
    let options = Options {
        from,
        max_message_size: Some(300),
        deflate,
    };
    let at_once = read(bytes, options, usize::MAX);
    for step in steps {
        let pieces = read(bytes, options, *step);
        assert_eq!(
            at_once,
            pieces,
            "{} in pieces of {step}",
            hex::encode(bytes)
        );
    }
    for step in steps.iter().copied().chain([usize::MAX]) {
        same_when_skimmed(bytes, options, step, &at_once);
    }
    let (frames, summary) = at_once;
    assert_eq!(summary.bytes, bytes.len() as u64);
    assert_eq!(frames.iter().map(Frame::length).sum::<u64>(), summary.bytes);
    let mut at = 0;
    let mut findings = 0;
    for frame in &frames {
        assert_eq!(frame.header.at, at);
        at += frame.length();
        findings += frame.findings.len();
        let offsets: Vec<u64> = frame.findings.iter().map(|finding| finding.at).collect();
        assert!(offsets.is_sorted(), "findings stand in stream order");
        for finding in &frame.findings {
            assert!(finding.at >= frame.header.at && finding.at + finding.length <= at);
        }
    }
    assert_eq!(
        summary.findings as usize,
        findings + summary.unfinished.len()
    );
}

/// Skimming gives the same summary, and every frame that has something to tell.
fn same_when_skimmed(
    bytes: &[u8],
    options: Options,
    step: usize,
    (frames, summary): &(Vec<Frame>, Summary),
) {
    let has_something_to_tell = |frame: &&Frame| {
        frame.close.is_some() || !frame.findings.is_empty() || !frame.hints.is_empty()
    };
    let mut conversation = Conversation::new(options);
    let mut told = Vec::new();
    for piece in bytes.to_vec().chunks_mut(step.max(1)) {
        conversation.skim(piece, |frame| told.push(frame.clone()));
    }
    let skimmed = conversation.finish(|frame| told.push(frame.clone()));
    assert_eq!(
        &skimmed,
        summary,
        "{} in pieces of {step}",
        hex::encode(bytes)
    );
    let told: Vec<&Frame> = told.iter().filter(has_something_to_tell).collect();
    let frames: Vec<&Frame> = frames.iter().filter(has_something_to_tell).collect();
    assert_eq!(told, frames);
}

/// After so many frames of a client its masking keys are no longer compared, and whole messages
/// are passed over.
#[test]
fn skimming_a_long_stream_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(2011);
    let mut plain = Vec::new();
    for index in 0..4100u32 {
        let [_, a, b, c] = index.to_be_bytes();
        plain.extend([0x81, 0x82, 1, a, b, c, b'h' ^ 1, b'i' ^ a]);
    }
    for _ in 0..40 {
        let mut bytes = plain.clone();
        for _ in 0..random.usize(1..40) {
            bytes.extend(likely_frame(&mut random));
        }
        let options = Options {
            from: SENDERS[random.usize(..2)],
            max_message_size: [None, Some(100)][random.usize(..2)],
            deflate: None,
        };
        let whole = read(&bytes, options, usize::MAX);
        for step in [usize::MAX, 65_536, 1000] {
            same_when_skimmed(&bytes, options, step, &whole);
        }
    }
}

fn likely_frame(random: &mut fastrand::Rng) -> Vec<u8> {
    const OPCODES: [u8; 10] = [0, 0, 1, 1, 2, 8, 9, 10, 3, 11];
    let fin = if random.u8(..4) == 0 { 0 } else { 0x80 };
    let rsv = if random.u8(..12) == 0 { 0x40 } else { 0 };
    let first = fin | rsv | OPCODES[random.usize(..OPCODES.len())];
    let texts: [&[u8]; 10] = [
        b"",
        b"hi",
        b"\x03\xe8bye",
        b"\xe2\x82\xac",
        b"\xe2\x82",
        b"\xc3\x28",
        b"\x03",
        b"\xf2\x48\xcd\xc9\xc9\x07\x00",
        b"\xf2\x00\x11\x00\x00",
        &[b'x'; 200],
    ];
    let mut payload = texts[random.usize(..texts.len())].to_vec();
    let is_masked = random.bool();
    let mask = if is_masked { 0x80 } else { 0 };
    let mut frame = match payload.len() {
        length @ 0..=125 if random.u8(..10) > 0 => vec![first, mask | length as u8],
        length => vec![first, mask | 126, (length >> 8) as u8, length as u8],
    };
    if is_masked {
        let key = [random.u8(..), 0, random.u8(..), 1];
        frame.extend(key);
        wsclose::frame::unmask(&mut payload, key, 0);
    }
    frame.extend(payload);
    frame
}

#[test]
fn whatever_the_bytes_are_the_answer_is_plain_text_and_the_json_is_json() {
    let mut random = fastrand::Rng::with_seed(3629);
    let hostile = [
        "\u{1b}]0;title\u{7}",
        "\u{202e}",
        "\u{200b}",
        "\r\n",
        "\u{9b}31m",
        "\u{feff}",
        "\u{2028}",
        "\\",
        "\"",
        "\u{e0001}",
        "日本",
        "\u{0}",
        "\u{7f}",
        "ok",
    ];
    for _ in 0..600 {
        let mut bytes = Vec::new();
        for _ in 0..random.usize(1..6) {
            let text: String = (0..random.usize(..6))
                .map(|_| hostile[random.usize(..hostile.len())])
                .collect();
            let mut payload = [0x0f, 0xa0].to_vec();
            payload.extend(text.bytes());
            if random.u8(..4) == 0 {
                payload.push(random.u8(..));
            }
            payload.truncate(125);
            bytes.extend([if random.bool() { 0x88 } else { 0x81 }, payload.len() as u8]);
            bytes.extend(payload);
        }
        let hex = hex::encode(&bytes);
        let (_, text, error) = run(&["decode-frame", &hex]);
        assert_eq!(error, "");
        for character in text.chars() {
            assert!(
                character == '\n' || is_plain(character),
                "{character:?} of {hex}"
            );
        }
        let (_, json, _) = run(&["decode-frame", "--json", &hex]);
        for line in json.lines() {
            assert!(line.chars().all(is_plain), "{line}");
            let value: serde_json::Value = serde_json::from_str(line).expect(line);
            assert_eq!(value["schema"], 1);
        }
    }
}

#[test]
fn whatever_is_asked_for_the_answer_is_one_line_or_a_topic() {
    let mut random = fastrand::Rng::with_seed(1006);
    let parts = [
        "1006", "4xxx", "-", "..", "x", " ", "\u{1b}", "close", "reserved", "0x", "99999", "é",
        "\n", ":", "pusher", "4100",
    ];
    for _ in 0..3000 {
        let given: String = (0..random.usize(..5))
            .map(|_| parts[random.usize(..parts.len())])
            .collect();
        let (status, _, error) = run(&["explain", "--", &given]);
        match status {
            Status::Fine => assert_eq!(error, ""),
            // What is taken for a text has what else to try below it.
            _ if error.starts_with("wsclose: taken for a line") => {
                assert!(
                    (2..=5).contains(&error.lines().count()),
                    "{given:?}: {error}"
                );
            }
            // The topics that mention the word stand below.
            _ if error.starts_with("wsclose: no topic") => {
                let mut below = error.lines().skip(1);
                assert!(below.clone().count() <= 5, "{given:?}: {error}");
                assert!(below.all(|line| line.starts_with("  ")), "{error}");
            }
            _ => assert_eq!(error.lines().count(), 1, "{given:?}: {error}"),
        }
    }
}

#[test]
fn every_topic_is_listed_and_explained() {
    let (_, listed, _) = run(&["list"]);
    // Vendors have a line each, and protocols that no vendor's line stands for.
    let is_vendors = |protocol: &&Protocol| protocol.vendor == Some(protocol.id);
    let protocols = PROTOCOLS.len() - PROTOCOLS.iter().filter(is_vendors).count();
    let expected = topic::all().count() + VENDORS.len() + protocols;
    assert_eq!(listed.lines().count(), expected);
    for topic in topic::all() {
        let id = topic.id();
        assert!(
            listed
                .lines()
                .any(|line| line.split_whitespace().next() == Some(&id)),
            "{id}"
        );
        let (status, text, error) = run(&["explain", &id]);
        assert_eq!((status, error.as_str()), (Status::Fine, ""), "{id}");
        // Of a rule or a cause the pairs stand first, below its name.
        let is_code = matches!(topic, Topic::Code(_));
        assert!(
            !is_code || text.contains("When you see it") && text.contains("How to fix it"),
            "{id}"
        );
        // A setting is copied as it stands, however long it is.
        let is_setting = |line: &str| match topic {
            Topic::Intermediary(it) => {
                it.config.contains(&line.trim_start()) || it.config.contains(&&line[2..])
            }
            _ => false,
        };
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= 80 || is_setting(line)),
            "{id} is too wide"
        );
    }
}

/// Masking with any key changes nothing but the key.
#[test]
fn masking_with_any_key_changes_nothing_but_the_key() {
    let mut random = fastrand::Rng::with_seed(53);
    for _ in 0..2000 {
        let length = random.usize(..=125);
        let payload: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
            .take(length)
            .collect();
        let first = [0x81, 0x82, 0x88, 0x89, 0xc1][random.usize(..5)];
        let masked = |key: [u8; 4]| {
            let mut bytes = vec![first, 0x80 | length as u8];
            bytes.extend(key);
            let mut payload = payload.clone();
            wsclose::frame::unmask(&mut payload, key, 0);
            bytes.extend(payload);
            let (mut frames, summary) = read(&bytes, Options::default(), usize::MAX);
            for frame in &mut frames {
                frame.hints.clear();
                assert_eq!(frame.header.masking_key, Some(key));
            }
            let findings: Vec<(&str, u64)> = frames
                .iter()
                .flat_map(|frame| &frame.findings)
                .map(|finding| (finding.rule.id, finding.at))
                .collect();
            let heads: Vec<Vec<u8>> = frames
                .iter()
                .map(|frame| frame.head.bytes().to_vec())
                .collect();
            (findings, heads, summary.verdict, summary.closes_with)
        };
        let key = [random.u8(..), random.u8(..), random.u8(..), random.u8(1..)];
        assert_eq!(masked(key), masked([1, 2, 3, 4]));
    }
}

/// Two streams one after the other give the frames of both, where the first leaves nothing open.
#[test]
fn a_stream_behind_another_gives_the_frames_of_both() {
    let mut random = fastrand::Rng::with_seed(54);
    let mut compared = 0;
    while compared < 1000 {
        let mut stream = || {
            let mut bytes = Vec::new();
            for _ in 0..random.usize(1..4) {
                bytes.extend(likely_frame(&mut random));
            }
            bytes
        };
        let (one, other) = (stream(), stream());
        let alone = |bytes: &[u8]| read(bytes, Options::default(), usize::MAX);
        let ((first, summary), (second, _)) = (alone(&one), alone(&other));
        if summary.verdict != Verdict::Clean || !summary.closes.is_empty() {
            continue;
        }
        compared += 1;
        let (both, _) = alone(&[one, other].concat());
        let kinds = |frames: &[Frame]| -> Vec<(u64, bool, Vec<u8>, Vec<&str>)> {
            frames
                .iter()
                .map(|frame| {
                    let rules = frame.findings.iter().map(|finding| finding.rule.id);
                    (
                        frame.length(),
                        frame.is_truncated,
                        frame.head.bytes().to_vec(),
                        rules.collect(),
                    )
                })
                .collect()
        };
        assert_eq!(kinds(&both), [kinds(&first), kinds(&second)].concat());
    }
}
