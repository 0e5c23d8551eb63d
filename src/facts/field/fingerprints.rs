//! Whose words a reason is, and whose mistake a number.
//!
//! Libraries write the same words each time. They tell who closed even where a proxy hides it, and what to look at
//! where the code alone says little.
//!
//! ```
//! use wsclose::facts::field::fingerprints::{accident, of_reason};
//!
//! let whose = of_reason(1011, b"keepalive ping timeout").unwrap();
//! println!("{}", whose.note());
//! assert!(whose.senders.contains(&"python websockets"));
//! // A number that one program is known to send by mistake.
//! println!("{}", accident(12592).unwrap());
//! ```

use super::{ACCIDENTS, FINGERPRINTS};
use crate::facts::source::Source;
use crate::words::{Advice, Message, Text, Value, either, say};

/// A reason that gives away who sent it.
#[derive(Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The reason, where `*` stands for any text.
    pub pattern: &'static str,
    /// The codes that it comes with; with any where there is none.
    pub codes: &'static [u16],
    /// The names of those who are known to send it, most likely first.
    pub senders: &'static [&'static str],
    /// What it means for the person who received it, where there is something to say.
    pub meaning: Option<Text>,
    /// What to check first, where it knows better than the code: 1011 is mostly an exception, but not
    /// with "keepalive ping timeout".
    pub advice: Option<Advice>,
    /// How it is known.
    pub source: Source,
}

impl Fingerprint {
    /// Whose words the reason is, in a clause.
    pub fn note(&self) -> Message {
        let names = either(self.senders.iter().map(|name| Value::from(*name)));
        match self.meaning {
            Some(says) => say!(hint.fingerprint_says, names, says),
            None => say!(hint.fingerprint, names),
        }
    }
}

/// All fingerprints, in the order in which they are tried.
pub fn fingerprints() -> impl Iterator<Item = &'static Fingerprint> {
    FINGERPRINTS.iter()
}

/// The fingerprint of a reason that came with `code`.
pub fn of_reason(code: u16, reason: &[u8]) -> Option<&'static Fingerprint> {
    let reason = std::str::from_utf8(reason).ok()?;
    if reason.is_empty() {
        return None;
    }
    FINGERPRINTS
        .iter()
        .find(|it| (it.codes.is_empty() || it.codes.contains(&code)) && matches(it.pattern, reason))
}

/// Who is known to put `code` where a close code belongs by mistake.
pub fn accident(code: u16) -> Option<Text> {
    let mut accidents = ACCIDENTS.iter();
    let (_, says) = accidents.find(|(number, _)| *number == code)?;
    Some(*says)
}

/// Whether `pattern`, in which `*` stands for any text, is the whole of `reason`.
fn matches(pattern: &str, reason: &str) -> bool {
    let Some((head, mut rest)) = pattern.split_once('*') else {
        return pattern == reason;
    };
    let Some(mut reason) = reason.strip_prefix(head) else {
        return false;
    };
    while let Some((middle, tail)) = rest.split_once('*') {
        let Some(at) = reason.find(middle) else {
            return false;
        };
        reason = reason.get(at + middle.len()..).unwrap_or_default();
        rest = tail;
    }
    reason.ends_with(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_matches_whole_and_with_its_code() {
        let whose = |code, reason: &str| of_reason(code, reason.as_bytes()).map(|it| it.senders);
        assert_eq!(
            whose(1009, "Max frame length of 65536 has been exceeded."),
            Some(&["Netty"][..])
        );
        assert_eq!(
            whose(1000, "Max frame length of 1 has been exceeded."),
            None
        );
        assert_eq!(whose(1000, "Bye"), Some(&["Netty"][..]));
        assert_eq!(whose(1000, "Bye bye"), None);
        assert_eq!(
            whose(
                1009,
                "frame with 2000000 bytes exceeds limit of 1048576 bytes"
            ),
            whose(1009, "frame exceeds limit of 1048576 bytes"),
        );
        assert_eq!(whose(1002, ""), None);
    }

    #[test]
    fn stars_match_any_text_and_nothing() {
        assert!(matches("a*c", "ac"));
        assert!(matches("a*c*", "abbcd"));
        assert!(!matches("a*c", "ab"));
        assert!(!matches("ab*bc", "abc"));
    }
}
