//! Which connection a line is about: an id, the address of its peer, or an object.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, SocketAddr};

/// How many of a line are kept.
const MOST: usize = 4;
/// How much of a line is looked through.
const FRONT: usize = 2048;

/// Words before the id of a connection, and what they call it. The same id behind words of one kind is
/// one connection.
const KEYS: &[(&str, &str)] = &[
    ("id", "id"),
    ("cid", "client"),
    ("sid", "session"),
    ("conn", "connection"),
    ("connid", "connection"),
    ("connection", "connection"),
    ("connectionid", "connection"),
    ("client", "client"),
    ("clientid", "client"),
    ("session", "session"),
    ("sessionid", "session"),
    ("socket", "socket"),
    ("socketid", "socket"),
    ("sock", "socket"),
    ("ws", "socket"),
    ("wsid", "socket"),
    ("websocket", "socket"),
    ("peer", "peer"),
    ("peerid", "peer"),
    ("remote", "peer"),
    ("remoteaddr", "peer"),
    ("remoteaddress", "peer"),
    ("handle", "handle"),
    ("shard", "shard"),
];

/// An id, in as little room as it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id {
    kind: &'static str,
    value: u64,
}

/// Whether two lines are about one connection: they have an id in common, and none of one kind that differs.
pub(super) fn are_same(one: &[Id], other: &[Id]) -> bool {
    let is_other = |id: &Id| {
        let mut same_kind = other
            .iter()
            .filter(|known| known.kind == id.kind)
            .peekable();
        same_kind.peek().is_some() && same_kind.all(|known| known.value != id.value)
    };
    one.iter().any(|id| other.contains(id)) && !one.iter().any(is_other)
}

/// What tells connections apart in a line.
pub(super) fn ids(line: &str) -> Vec<Id> {
    let front = (0..=FRONT.min(line.len()))
        .rev()
        .find(|end| line.is_char_boundary(*end));
    let line = line.get(..front.unwrap_or(0)).unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '*' | '#');
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '*' | '#');
    let mut ids: Vec<Id> = Vec::new();
    // The address of a machine, which may have many connections, counts where there is nothing else.
    let mut machines: Vec<Id> = Vec::new();
    let mut key: Option<&'static str> = None;
    let mut rest = line;
    while let Some(from) = rest.find(begins).filter(|_| ids.len() < MOST) {
        // What stands between a key and its value is short, and ends no sentence.
        let is_near = rest
            .get(..from)
            .is_some_and(|gap| gap.len() <= 4 && !gap.contains(['.', ',', ';']));
        let behind = rest.get(from..).unwrap_or_default();
        let end = behind.find(|c: char| !is_part(c)).unwrap_or(behind.len());
        let (token, behind) = behind.split_at(end);
        let before = key.take().filter(|_| is_near);
        let id = of_token(token, before);
        if let Some((kind, value)) = id {
            let is_machine = value.parse::<IpAddr>().is_ok();
            let id = Id {
                kind,
                value: hash(&value),
            };
            let known = if is_machine { &mut machines } else { &mut ids };
            if !known.contains(&id) {
                known.push(id);
            }
        } else {
            key = key_of(token);
        }
        rest = behind;
    }
    if ids.is_empty() { machines } else { ids }
}

fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The kind of id that stands behind a word.
fn key_of(word: &str) -> Option<&'static str> {
    if word.len() > 20 {
        return None;
    }
    let plain: String = word
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    KEYS.iter()
        .find(|(known, _)| *known == plain)
        .map(|(_, kind)| *kind)
}

/// The id that a word is, behind a word for it or by its form.
fn of_token(token: &str, key: Option<&'static str>) -> Option<(&'static str, String)> {
    let token = token
        .trim_end_matches(['.', ':', '-'])
        .trim_start_matches(['#', '-', '.', ':']);
    let has_digit = token.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit {
        return None;
    }
    if let Ok(address) = token.parse::<SocketAddr>() {
        return Some(("peer", address.to_string()));
    }
    // nginx: `*7` is the connection.
    if let Some(number) = token.strip_prefix('*') {
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then(|| ("connection", number.to_owned()));
    }
    if let Some(pointer) = token.strip_prefix("0x") {
        let is_hex = pointer.len() >= 6 && pointer.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_hex.then(|| ("object", pointer.to_ascii_lowercase()));
    }
    // `ws-17`, `conn_4`, `client#3`.
    if let Some((head, tail)) = token.split_once(['-', '_', '#', ':']) {
        let is_tail = tail.starts_with(|c: char| c.is_ascii_digit()) || tail.len() >= 8;
        if let Some(kind) =
            key_of(head).filter(|_| is_tail && tail.bytes().any(|b| b.is_ascii_digit()))
        {
            return Some((kind, tail.to_owned()));
        }
    }
    let is_time = token.contains(':') && token.parse::<IpAddr>().is_err();
    if is_time {
        return None;
    }
    if let Some(kind) = key {
        return Some((kind, token.to_owned()));
    }
    // A UUID, or a long word of letters and digits.
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_word = token
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let is_date = token.starts_with("20") && letters <= 2;
    (is_word && token.len() >= 16 && letters >= 2 && !is_date).then(|| ("word", token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{are_same, ids};

    #[test]
    fn lines_of_one_connection_share_an_id() {
        for (one, other) in [
            (
                "ws connected client=17 from 10.0.0.7",
                "client 17 closed: 1006",
            ),
            (
                "accepted 10.0.0.7:51000",
                "read 10.0.0.7:51000: websocket: close 1006",
            ),
            ("[ws-17] open", "ERROR [ws-17] read: websocket: close 1006"),
            (
                "conn_id: \"a4\" opened",
                "{\"connId\":\"a4\",\"code\":1006}",
            ),
            (
                "<WebSocket at 0x7f3a99c1e7d0> open",
                "0x7f3a99c1e7d0 closed",
            ),
            ("*7 upgraded", "31#31: *7 upstream timed out"),
            (
                "open k9JX1c2vT0a_bQe7AAAB",
                "k9JX1c2vT0a_bQe7AAAB transport close",
            ),
        ] {
            let (one, other) = (ids(one), ids(other));
            assert!(are_same(&one, &other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn one_machine_may_have_many_connections() {
        let one = ids("31#31: *9 upstream timed out, client: 203.0.113.7, server: x");
        let other = ids("31#31: *11 recv() failed, client: 203.0.113.7, server: x");
        assert!(!are_same(&one, &other), "{one:?} {other:?}");
        let one = ids("client=17 conn=1");
        assert!(are_same(&one, &ids("client=17")));
        assert!(!are_same(&one, &ids("client=17 conn=2")));
    }

    #[test]
    fn times_counts_and_codes_are_no_ids() {
        for line in [
            "2026-11-20T17:39:02.004Z ERROR read: websocket: close 1006 (abnormal closure)",
            "17 clients connected",
            "2026/11/20 17:39:02 [info] 31#31: upstream timed out (110: Connection timed out)",
            "connection closed with code 1006",
            "connection closed, 1006",
        ] {
            assert_eq!(ids(line), Vec::new(), "{line}");
        }
    }
}
