//! Outcomes, and the other cells of the tables, in words. Each phrase stands for itself, so that they can be
//! put side by side.

use super::{Case, Implementation, Outcome, Role, Section, Shown, Wire};
use crate::words::{say, translated, word};

/// What the application saw or was told; `None` where that was not looked at.
pub fn sees(case: &Case, outcome: Outcome) -> Option<String> {
    Some(match (case.section, outcome.shown) {
        (_, Shown::Unknown) => return None,
        (_, Shown::Taken) => say!("the call is taken"),
        (_, Shown::Refused) => say!("the call is refused"),
        (_, Shown::Same) => say!("shows the code"),
        (_, Shown::Code(code)) => say!("shows {code}", code),
        (_, Shown::Nothing) => say!("shows no code"),
        (_, Shown::Error) => say!("shows an error without a code"),
    })
}

/// What went over the wire; `None` where that was not looked at.
pub fn does(case: &Case, outcome: Outcome) -> Option<String> {
    let is_answer = matches!(case.section, Section::Close | Section::Fault);
    Some(match (outcome.wire, outcome.after) {
        (Wire::Unknown, _) => return None,
        (Wire::Same, _) => match case.section {
            Section::Send if case.id == "reason-of-124" => say!("sends an illegal frame with it"),
            Section::Send => say!("sends it"),
            Section::Proxy => say!("passes the Close on"),
            _ => say!("echoes it"),
        },
        (Wire::Close(code), _) if is_answer => say!("answers {code}", code),
        (Wire::Close(code), Some(seconds)) => {
            say!("closes with {code} after {seconds} s", code, seconds)
        }
        (Wire::Close(code), None) if case.section == Section::Send => say!("sends {code}", code),
        (Wire::Close(code), None) => say!("closes with {code}", code),
        (Wire::Empty, _) if is_answer => say!("answers without a code"),
        (Wire::Empty, Some(seconds)) => say!("closes without a code after {seconds} s", seconds),
        (Wire::Empty, None) if case.section == Section::Send => {
            say!("sends a Close without a code")
        }
        (Wire::Empty, None) => say!("closes without a code"),
        (Wire::Drop, Some(0)) if case.section == Section::Life => say!("ends TCP at once"),
        (Wire::Drop, Some(seconds)) => {
            say!("ends TCP without a Close after {seconds} s", seconds)
        }
        (Wire::Drop, None) => say!("ends TCP without a Close"),
        (Wire::Reset, Some(seconds)) => {
            say!("resets TCP without a Close after {seconds} s", seconds)
        }
        (Wire::Reset, None) => say!("resets TCP without a Close"),
        (Wire::Silence, _) => say!("sends nothing, TCP stays open"),
        (Wire::Accepted, _) if case.section == Section::Proxy => say!("passes it on"),
        (Wire::Accepted, _) => say!("accepts it"),
        (Wire::Waits, _) => say!("waits for more bytes"),
        (Wire::Application, _) => say!("leaves the answer to the application"),
        (Wire::Garbled, _) => say!("answers a random code"),
        (Wire::CloseOrDrop, _) => say!("answers 1002 or ends TCP, as it happens"),
        (Wire::NoClose, _) => say!("sends no Close"),
        (Wire::Cut, _) => say!("cuts the reason to 123 bytes"),
        (Wire::NoReason, _) => say!("sends no reason"),
        (Wire::Open, Some(seconds)) => say!("still open after {seconds} s", seconds),
        (Wire::Open, None) => say!("leaves it open"),
        (Wire::Http(status), _) => say!("answers HTTP {status}", status),
    })
}

/// The role in which a row was measured.
pub fn role(role: Role) -> &'static str {
    translated(match role {
        Role::Client => word!("client"),
        Role::Server => word!("server"),
        Role::Both => word!("client and server"),
        Role::Proxy => word!("proxy"),
    })
}

/// What an implementation is: a browser, a proxy, or else the name of what it is written in.
pub fn language(implementation: Implementation) -> &'static str {
    match implementation.language() {
        "browser" => translated(word!("browser")),
        "proxy" => translated(word!("proxy")),
        name => name,
    }
}

/// A version of the tables, of which some are said in words.
pub fn version(version: &str) -> String {
    if version == "current" {
        say!("current")
    } else if version == "before 1012 to 1014 were taken" {
        say!("before 1012 to 1014 were taken")
    } else if let Some(first) = version.strip_suffix(" and later") {
        say!("{version} and later", version = first)
    } else if let Some((version, library)) = version.split_once(" on ") {
        say!("{version} on {library}", version, library)
    } else {
        version.to_owned()
    }
}

/// A source of the tables: how something is known, and from where.
pub fn source(source: &'static str) -> String {
    if source == "measured" {
        say!("measured")
    } else if let Some(date) = source.strip_prefix("measured ") {
        say!("measured {date}", date)
    } else if source == "read in source" {
        // By itself `source` is the name of a fact.
        say!("read in source")
    } else if let Some(place) = source.strip_prefix("read in ") {
        say!("read in {place}", place = translated(place))
    } else if let Some(place) = source.strip_prefix("documented in ") {
        say!("documented in {place}", place = translated(place))
    } else if let Some(place) = source.strip_prefix("reported in ") {
        say!("reported in {place}", place = translated(place))
    } else {
        source.to_owned()
    }
}

/// What stands behind the name of a row that was not measured.
pub fn source_mark(source: &str) -> &'static str {
    if source.starts_with("measured") {
        ""
    } else {
        "*"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{implementations, rows, timers};

    #[test]
    fn a_table_is_said_as_it_stands_there() {
        for row in rows() {
            assert_eq!(version(row.version()), row.version());
            assert_eq!(source(row.source()), row.source());
        }
        let statements = implementations().flat_map(|it| it.surprises().chain(it.limits()));
        let sources = statements.map(|statement| statement.source);
        for text in sources.chain(timers::timers().map(|timer| timer.source)) {
            assert_eq!(source(text), text);
        }
    }

    #[test]
    fn no_version_keeps_words_that_are_not_said() {
        for row in rows() {
            let (text, _) = row
                .version()
                .split_once(" (")
                .unwrap_or((row.version(), ""));
            let is_said = ["current", "before 1012 to 1014 were taken"].contains(&text)
                || text.ends_with(" and later")
                || text.contains(" on ");
            assert!(is_said || !text.contains(' '), "{text}");
        }
    }
}
