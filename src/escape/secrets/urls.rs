//! Secrets in URLs and paths: a login before the host, values of a query, keys.

use std::ops::Range;

use super::{ends_value, until};

/// The user and the password before the host of a URL, which may lack its scheme.
pub(super) fn logins(text: &str, _: &str, spans: &mut Vec<Range<usize>>) {
    for (at, mark) in text.match_indices("//") {
        let from = at + mark.len();
        let rest = text.get(from..).unwrap_or_default();
        let authority = until(rest, |c| ends_value(c) || matches!(c, '/' | '?' | '#'));
        let host = rest
            .get(..authority)
            .and_then(|authority| authority.rfind('@'));
        if let Some(host) = host {
            spans.push(from..from + host);
        }
    }
}

/// The words of a text that have a `/` in them: where each begins, and where its first `/` stands in it.
fn paths(text: &str) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut behind = 0;
    text.split_inclusive(ends_value).filter_map(move |piece| {
        let begins = behind;
        behind += piece.len();
        let word = piece.trim_end_matches(ends_value);
        Some((begins, word, word.find('/')?))
    })
}

/// The values in the query, or behind the `#`, of a URL or a path.
pub(super) fn queries(text: &str, _: &str, spans: &mut Vec<Range<usize>>) {
    for (begins, word, slash) in paths(text) {
        let path = word.get(slash..).unwrap_or_default();
        let Some((path, query)) = path.split_once(['?', '#']) else {
            continue;
        };
        let mut at = begins + slash + path.len() + 1;
        for pair in query.split(['&', ';', '#']) {
            if let Some(equals) = pair.find('=') {
                spans.push(at + equals + 1..at + pair.len());
            }
            at += pair.len() + 1;
        }
    }
}

/// The same, where what stands for the signs of a query is written as `%3D`, once or twice over.
pub(super) fn encoded(text: &str, lower: &str, spans: &mut Vec<Range<usize>>) {
    const MARKS: [&str; 2] = ["%3d", "%253d"];
    const ENDS: [&str; 9] = [
        "%26", "%3b", "%23", "%2526", "%253b", "%2523", "&", ";", "#",
    ];
    for (begins, word, slash) in paths(text) {
        let end = begins + word.len();
        let mut open = None;
        let signs = word.match_indices(['%', '&', ';', '#']);
        for (at, _) in signs.skip_while(|(at, _)| *at < slash) {
            let at = begins + at;
            let rest = lower.get(at..end).unwrap_or_default();
            let stands = |sign: &&&str| rest.starts_with(**sign);
            if let Some(mark) = MARKS.iter().find(stands) {
                open.get_or_insert(at + mark.len());
            } else if ENDS.iter().any(|sign| stands(&sign)) {
                spans.extend(open.take().map(|from| from..at));
            }
        }
        spans.extend(open.map(|from| from..end));
    }
}

/// The digits of a key in hexadecimal have at least this length: 16 bytes.
const KEY: usize = 32;

/// Whether a part of a path begins here that is a key: nothing but digits in hexadecimal.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let length = digits.count();
    let behind = bytes.get(length);
    length >= KEY && behind.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.')
}

/// Keys in a path.
pub(super) fn keys(text: &str, _: &str, spans: &mut Vec<Range<usize>>) {
    for (at, mark) in text.match_indices('/') {
        let from = at + mark.len();
        let rest = text.get(from..).unwrap_or_default();
        if is_key(rest.as_bytes()) {
            spans.push(from..from + until(rest, |c| !c.is_ascii_hexdigit()));
        }
    }
}
