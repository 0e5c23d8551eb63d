//! Whose words a reason is, and whose mistake a number.

use super::{ACCIDENTS, FINGERPRINTS, find, text};

/// A reason that gives away who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u16);

impl Fingerprint {
    fn field(self, index: usize) -> &'static str {
        FINGERPRINTS
            .get(usize::from(self.0))
            .and_then(|row| row.get(index))
            .map_or("", |id| text(*id))
    }

    /// The reason, where `*` stands for any text.
    pub fn pattern(self) -> &'static str {
        self.field(0)
    }

    /// The names of those who are known to send it, most likely first.
    pub fn senders(self) -> Vec<&'static str> {
        self.field(2)
            .split(", ")
            .map(|id| match id.strip_prefix('=') {
                Some(name) => name,
                None => find(id).map_or(id, |implementation| implementation.name()),
            })
            .collect()
    }

    /// What it means for the person who received it, where there is something to say.
    pub fn says(self) -> Option<&'static str> {
        Some(self.field(3)).filter(|says| *says != "-")
    }

    /// Where this was read.
    pub fn source(self) -> &'static str {
        self.field(4)
    }

    fn comes_with(self, code: u16) -> bool {
        let codes = self.field(1);
        codes == "-" || codes.split(' ').any(|known| known.parse() == Ok(code))
    }
}

/// All fingerprints, in the order in which they are tried.
pub fn fingerprints() -> impl Iterator<Item = Fingerprint> {
    (0..FINGERPRINTS.len() as u16).map(Fingerprint)
}

/// The fingerprint of a reason that came with `code`.
pub fn of_reason(code: u16, reason: &[u8]) -> Option<Fingerprint> {
    let reason = std::str::from_utf8(reason).ok()?;
    if reason.is_empty() {
        return None;
    }
    fingerprints().find(|it| it.comes_with(code) && matches(it.pattern(), reason))
}

/// Who is known to put `code` where a close code belongs by mistake.
pub fn accident(code: u16) -> Option<&'static str> {
    ACCIDENTS
        .iter()
        .find(|[number, ..]| text(*number).parse() == Ok(code))
        .map(|[_, says, _]| text(*says))
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
        let whose = |code, reason: &str| of_reason(code, reason.as_bytes()).map(|it| it.senders());
        assert_eq!(
            whose(1009, "Max frame length of 65536 has been exceeded."),
            Some(vec!["Netty"])
        );
        assert_eq!(
            whose(1000, "Max frame length of 1 has been exceeded."),
            None
        );
        assert_eq!(whose(1000, "Bye"), Some(vec!["Netty"]));
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
