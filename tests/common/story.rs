//! One report, one story: what contradicts itself in what is said of a connection.

use wsclose::explain::Explanation;
use wsclose::facts::causes::Cause;
use wsclose::frame::Sender;
use wsclose::session::{Record, What};
use wsclose::words::Message;

/// The contradictions in what is said of a connection, a line each.
pub(crate) fn contradictions(record: &Record, explanation: &Explanation) -> Vec<String> {
    let mut found = Vec::new();
    let said: Vec<String> = explanation
        .statements
        .iter()
        .map(Message::to_string)
        .collect();
    for end in [Sender::Client, Sender::Server] {
        for sentence in &said {
            let is_end = |word: &str| sentence.contains(&format!("The {} {word}", end.id()));
            let first = record.end.map(|first| first.by);
            if is_end("ended TCP first") && first != Some(end) {
                found.push(format!("\"{sentence}\", and {first:?} ended it"));
            }
            let number = number_behind(sentence, &format!("the {} reports ", end.id()));
            if number.is_some() && number != seen(explanation, end) {
                found.push(format!(
                    "\"{sentence}\", and it sees {:?}",
                    seen(explanation, end)
                ));
            }
        }
        let words = explanation.reported.iter().map(Message::to_string);
        let words: Vec<String> = words
            .filter(|words| words.starts_with(&format!("The {} sees ", end.id())))
            .collect();
        let told = words.first();
        let told = told.and_then(|words| number_behind(words, " sees "));
        if words.len() > 1 || told != seen(explanation, end) {
            found.push(format!(
                "{words:?}, and it sees {:?}",
                seen(explanation, end)
            ));
        }
        went_on(record, end, &said, &mut found);
        fault_before_close(record, explanation, end, &mut found);
    }
    if record.finding_count as usize == record.findings.len() {
        starred(record, &mut found);
    }
    let first = record.closes.first().map(|close| close.sender);
    if record.closed_by().is_some() && record.closed_by() != first {
        found.push(format!(
            "closed by {:?}, and the first Close is of {first:?}",
            record.closed_by()
        ));
    }
    if let Some(leg) = record.leg {
        let ends = [&record.client_end, &record.server_end].map(|end| end.endpoint.address);
        let hosts = |one: Option<std::net::SocketAddr>, two: Option<std::net::SocketAddr>| {
            one.is_some() && one.map(|one| one.ip()) == two.map(|two| two.ip())
        };
        let is_shared = match leg.is_client_side {
            true => hosts(leg.server, ends[0]),
            false => hosts(ends[1], leg.client),
        };
        if !is_shared {
            found.push(format!("{leg:?} shares no address"));
        }
    }
    found
}

fn seen(explanation: &Explanation, end: Sender) -> Option<u16> {
    match end {
        Sender::Client => explanation.client_sees,
        Sender::Server => explanation.server_sees,
    }
}

fn number_behind(sentence: &str, words: &str) -> Option<u16> {
    let (_, rest) = sentence.split_once(words)?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// "The connection went on" behind a fault of an end, where the other end's next act was to end it.
fn went_on(record: &Record, guilty: Sender, said: &[String], found: &mut Vec<String>) {
    let begins = format!("The {} broke a rule in packet ", guilty.id());
    for sentence in said
        .iter()
        .filter(|sentence| sentence.contains("here the connection went on"))
    {
        let Some(packet) = sentence.strip_prefix(&begins) else {
            continue;
        };
        let packet = packet
            .split(':')
            .next()
            .and_then(|packet| packet.parse::<u64>().ok());
        let mut events = record.events.iter();
        let Some(fault) = events.find(|event| Some(event.origin.packet) == packet) else {
            continue;
        };
        let mut behind = record
            .events
            .iter()
            .filter(|event| event.sender != guilty && event.origin.turn > fault.origin.turn);
        if behind
            .next()
            .is_some_and(|next| matches!(next.what, What::Fin | What::Rst))
        {
            found.push(format!(
                "\"{sentence}\", and the next that came was its end"
            ));
        }
    }
}

/// A Close for a fault that its sender had, called the application's will.
fn fault_before_close(
    record: &Record,
    explanation: &Explanation,
    guilty: Sender,
    found: &mut Vec<String>,
) {
    let Some(close) = record.closes.first().filter(|close| close.sender != guilty) else {
        return;
    };
    let fault = record.findings.iter().find(|fault| {
        let has_arrived = close
            .had_received
            .is_none_or(|received| received > fault.finding.at);
        fault.sender == guilty
            && fault.origin.turn < close.origin.turn
            && has_arrived
            && matches!(close.close.code, Some(1002 | 1007))
            && fault.finding.rule.closes_with == close.close.code
    });
    if let (Some(fault), Cause::Application) = (fault, explanation.cause) {
        found.push(format!(
            "{} behind {}, and the application is the cause",
            1002, fault.finding.rule.id
        ));
    }
}

/// A rule that the timeline stars and that is no finding.
fn starred(record: &Record, found: &mut Vec<String>) {
    for event in &record.events {
        let What::Frame(frame) = &event.what else {
            continue;
        };
        for rule in &frame.rules {
            let mut findings = record.findings.iter();
            if !findings
                .any(|finding| finding.sender == event.sender && finding.finding.rule.id == *rule)
            {
                found.push(format!(
                    "packet {}: {rule} is starred and no finding",
                    event.origin.packet
                ));
            }
        }
    }
}
