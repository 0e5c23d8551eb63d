//! Outcomes in words. Each phrase stands for itself, so that they can be put side by side.

use super::{Case, Outcome, Section, Shown, Wire};

/// What the application saw or was told; `None` where that was not looked at.
pub fn sees(case: &Case, outcome: Outcome) -> Option<String> {
    Some(match (case.section, outcome.shown) {
        (_, Shown::Unknown) => return None,
        (_, Shown::Taken) => "the call is taken".to_owned(),
        (_, Shown::Refused) => "the call is refused".to_owned(),
        (_, Shown::Same) => "shows the code".to_owned(),
        (_, Shown::Code(code)) => format!("shows {code}"),
        (_, Shown::Nothing) => "shows no code".to_owned(),
        (_, Shown::Error) => "shows an error without a code".to_owned(),
    })
}

/// What went over the wire; `None` where that was not looked at.
pub fn does(case: &Case, outcome: Outcome) -> Option<String> {
    let is_answer = matches!(case.section, Section::Close | Section::Fault);
    let said = match (outcome.wire, outcome.after) {
        (Wire::Unknown, _) => return None,
        (Wire::Same, _) => match case.section {
            Section::Send if case.id == "reason-of-124" => "sends an illegal frame with it",
            Section::Send => "sends it",
            Section::Proxy => "passes the Close on",
            _ => "echoes it",
        },
        (Wire::Close(code), _) if is_answer => return Some(format!("answers {code}")),
        (Wire::Close(code), Some(seconds)) => {
            return Some(format!("closes with {code} after {seconds} s"));
        }
        (Wire::Close(code), None) if case.section == Section::Send => {
            return Some(format!("sends {code}"));
        }
        (Wire::Close(code), None) => return Some(format!("closes with {code}")),
        (Wire::Empty, _) if is_answer => "answers without a code",
        (Wire::Empty, Some(seconds)) => {
            return Some(format!("closes without a code after {seconds} s"));
        }
        (Wire::Empty, None) if case.section == Section::Send => "sends a Close without a code",
        (Wire::Empty, None) => "closes without a code",
        (Wire::Drop, Some(0)) if case.section == Section::Life => "ends TCP at once",
        (Wire::Drop, Some(seconds)) => {
            return Some(format!("ends TCP without a Close after {seconds} s"));
        }
        (Wire::Drop, None) => "ends TCP without a Close",
        (Wire::Reset, Some(seconds)) => {
            return Some(format!("resets TCP without a Close after {seconds} s"));
        }
        (Wire::Reset, None) => "resets TCP without a Close",
        (Wire::Silence, _) => "sends nothing, TCP stays open",
        (Wire::Accepted, _) if case.section == Section::Proxy => "passes it on",
        (Wire::Accepted, _) => "accepts it",
        (Wire::Waits, _) => "waits for more bytes",
        (Wire::Application, _) => "leaves the answer to the application",
        (Wire::Garbled, _) => "answers a random code",
        (Wire::CloseOrDrop, _) => "answers 1002 or ends TCP, as it happens",
        (Wire::NoClose, _) => "sends no Close",
        (Wire::Cut, _) => "cuts the reason to 123 bytes",
        (Wire::NoReason, _) => "sends no reason",
        (Wire::Open, Some(seconds)) => return Some(format!("still open after {seconds} s")),
        (Wire::Open, None) => "leaves it open",
        (Wire::Http(status), _) => return Some(format!("answers HTTP {status}")),
    };
    Some(said.to_owned())
}

/// What stands behind the name of a row that was not measured.
pub fn source_mark(source: &str) -> &'static str {
    if source.starts_with("measured") {
        ""
    } else {
        "*"
    }
}
