//! The names that libraries print in place of a close code.

use crate::facts::codes::CODES;

/// Names that are too short, or mean something else elsewhere, to be aliases of a code.
const NAMES: &[(&str, u16)] = &[
    // tungstenite: the variants of `CloseCode`.
    ("Normal", 1000),
    ("Away", 1001),
    ("Protocol", 1002),
    ("Unsupported", 1003),
    ("Status", 1005),
    ("Abnormal", 1006),
    ("Invalid", 1007),
    ("Policy", 1008),
    ("Size", 1009),
    ("Extension", 1010),
    ("Error", 1011),
    ("Restart", 1012),
    ("Again", 1013),
    ("Tls", 1015),
    // coder/websocket has a name for the one that is reserved, too.
    ("statusReserved", 1004),
    // .NET: the members of `WebSocketCloseStatus`.
    ("Empty", 1005),
    ("EndpointUnavailable", 1001),
    ("InvalidMessageType", 1003),
];

/// The code of a name as a library prints it: `StatusGoingAway`, `Away`, `Library(4001)`, `1006`.
pub(super) fn code_named(name: &str) -> Option<u16> {
    if let Some((_, digits)) = name.split_once('(') {
        return digits.trim_end_matches(')').parse().ok();
    }
    if let Ok(number) = name.parse() {
        return Some(number);
    }
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*code);
    }
    let bare = name.strip_prefix("Status").unwrap_or(name);
    let same = |known: &str| {
        let known = known.bytes().filter(u8::is_ascii_alphanumeric);
        let bare = bare.bytes().filter(u8::is_ascii_alphanumeric);
        known
            .map(|byte| byte.to_ascii_lowercase())
            .eq(bare.map(|byte| byte.to_ascii_lowercase()))
    };
    CODES
        .iter()
        .find(|code| code.names().any(same))
        .map(|code| code.number)
}

#[cfg(test)]
mod tests {
    use super::code_named;

    #[test]
    fn libraries_names_are_their_codes() {
        for (name, code) in [
            ("StatusNormalClosure", 1000),
            ("StatusGoingAway", 1001),
            ("StatusNoStatusRcvd", 1005),
            ("StatusPolicyViolation", 1008),
            ("StatusTryAgainLater", 1013),
            ("StatusBadGateway", 1014),
            ("StatusTLSHandshake", 1015),
            ("StatusCode(4001)", 4001),
            ("Away", 1001),
            ("Iana(3000)", 3000),
            ("NormalClosure", 1000),
            ("InvalidPayloadData", 1007),
            ("MessageTooBig", 1009),
            ("InternalServerError", 1011),
        ] {
            assert_eq!(code_named(name), Some(code), "{name}");
        }
        assert_eq!(code_named("Cheese"), None);
        assert_eq!(code_named("StatusCode(99999)"), None);
    }
}
