//! The HTTP request that a line of a proxy or a server is about, and whether it asks for a WebSocket.
//!
//! An access log names no protocol: what was asked for stands in the path and the query.

/// What a line says of a request for a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// It has none.
    Nothing,
    /// Its path has a name that mostly such requests have, and others may have too.
    Perhaps,
    /// Its scheme or its query says so.
    Surely,
}

/// Names before a path where a line is made of pairs.
const KEYS: [&str; 9] = [
    "path",
    "uri",
    "url",
    "target",
    "request_uri",
    "requesturi",
    "request_path",
    "requestpath",
    "cs-uri-stem",
];
/// The last part of a path that servers of WebSockets mostly have.
const NAMES: [&str; 6] = ["ws", "wss", "websocket", "websockets", "cable", "socket.io"];

/// What a line says of a request for a WebSocket: the most of what any of its words does.
pub(super) fn asked(line: &str) -> Asked {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`' | '<' | '>');
    let is_word = |word: &&str| !word.trim_start_matches([':', '=', '\\']).is_empty();
    let words = line.split(is_mark).filter(is_word);
    let mut before = "";
    let mut most = Asked::Nothing;
    let mut is_get = false;
    for word in words {
        most = most.max(asked_by(before, word));
        is_get |= before == "GET" && path_of(word).is_some();
        // Nobody answers 101 to a GET but who speaks WebSocket.
        if is_get && word == "101" && before.starts_with("HTTP/") {
            return Asked::Surely;
        }
        before = word;
    }
    most
}

/// Whether a line names a WebSocket, whatever it says of it.
pub(super) fn names_websocket(line: &str) -> bool {
    const NAMES: [&str; 3] = ["ebSocket", "ebsocket", "wss://"];
    NAMES.iter().any(|name| line.contains(name))
}

fn asked_by(before: &str, word: &str) -> Asked {
    let word = word.trim_start_matches(['(', '[', '{']);
    let pair = word
        .split_once(['=', ':'])
        .filter(|(name, _)| is_key(name.trim_matches(['"', '\\'])));
    let (is_named, target) = match pair {
        Some((_, target)) => (true, target),
        None => (false, word),
    };
    if let Some((scheme, _)) = target.split_once("://") {
        if ["ws", "wss"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            return Asked::Surely;
        }
    }
    let method = before.trim_start_matches(['(', '[', '\\']);
    let is_asked = is_named
        || matches!(method, "GET" | "CONNECT")
        || is_key(before.trim_end_matches([':', '=']));
    match (is_asked, path_of(target)) {
        (true, Some(path)) => by_path(path),
        _ => Asked::Nothing,
    }
}

fn is_key(name: &str) -> bool {
    KEYS.iter().any(|key| name.eq_ignore_ascii_case(key))
}

/// The path and the query of a request's target, which may be a whole URL.
fn path_of(target: &str) -> Option<&str> {
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)),
        None => Some(target).filter(|target| target.starts_with('/')),
    }
}

fn by_path(target: &str) -> Asked {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let has = |name: &str, value: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.any(|(known, given)| {
            known.eq_ignore_ascii_case(name) && given.to_ascii_lowercase().starts_with(value)
        })
    };
    // Engine.IO and SignalR say which transport they ask for, and begin with another one.
    if has("transport", "websocket") {
        return Asked::Surely;
    }
    if has("transport", "") {
        return Asked::Nothing;
    }
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default();
    let before = parts.next().unwrap_or_default();
    // `/ws/42`: a room, an id.
    let is_named = |part: &str| NAMES.iter().any(|name| part.eq_ignore_ascii_case(name));
    let is_room = before.eq_ignore_ascii_case("ws") || before.eq_ignore_ascii_case("wss");
    match is_named(last) || is_room || has("eio", "") {
        true => Asked::Perhaps,
        false => Asked::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_for_a_websocket_is_known_by_what_it_asks_for() {
        for (line, expected) in [
            (
                r#"client: 10.0.0.1, request: "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", host: "a""#,
                Asked::Surely,
            ),
            (
                r#""GET /signalr/connect?transport=webSockets&id=1 HTTP/1.1" 400"#,
                Asked::Surely,
            ),
            (
                r#"wss 2026-11-20T10:00:00Z app/lb - -1 502 "GET wss://10.0.0.30:443/chat HTTP/1.1""#,
                Asked::Surely,
            ),
            (
                r#""GET /socket.io/?EIO=4&transport=polling HTTP/1.1" 400"#,
                Asked::Nothing,
            ),
            (r#""GET /ws HTTP/1.1" 502 157 "-""#, Asked::Perhaps),
            (
                r#""GET /live HTTP/1.1" 101 SI stream_idle_timeout"#,
                Asked::Surely,
            ),
            (r#""GET /live HTTP/1.1" 200 101 "-""#, Asked::Nothing),
            (r#""GET /ws/17?v=1 HTTP/1.1" 502"#, Asked::Perhaps),
            (
                r#""GET https://a.example:443/live/ws HTTP/2.0" 502"#,
                Asked::Perhaps,
            ),
            ("method=GET path=/api/live/ws status=403", Asked::Perhaps),
            (
                r#"{"method":"GET","path":"/cable","status":404}"#,
                Asked::Perhaps,
            ),
            (r#""POST /ws HTTP/1.1" 502"#, Asked::Nothing),
            (
                r#""GET /api/websocket/status HTTP/2.0" 502"#,
                Asked::Nothing,
            ),
            (r#""GET /wsdl HTTP/1.1" 502"#, Asked::Nothing),
            (
                r#""GET /index.html HTTP/1.1" 502 "https://a.example/ws""#,
                Asked::Nothing,
            ),
            ("File /app/ws was not found", Asked::Nothing),
        ] {
            assert_eq!(asked(line), expected, "{line}");
        }
    }
}
