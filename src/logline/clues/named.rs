//! Whether words in a text are said of the connection, or only name something: a function, a class, a setting, the
//! program that sent a request, another protocol's command.

use super::Evidence;
use super::letters::Found;
use super::numbers::floor;
use crate::facts::causes::Cause;
use crate::facts::vocabulary::{Kind, Means};

/// So far around the words it is looked at what they stand in: a line may be long, and have thousands of them.
const AROUND: usize = 512;
/// The row for Socket.IO's event of that name.
const CONNECT_ERROR: &str = "socketio-connect-error";
/// The rows for a connection that is used after its end.
const USED_AFTER_CLOSE: [&str; 2] = ["used-after-close", "closed-here"];
/// A word of so few letters is often a part of a name.
const SHORT: usize = 5;

/// Whether the words say what their row says.
pub(super) fn is_meant(evidence: &Evidence<'_>, found: &Found) -> bool {
    let text = evidence.letters.text;
    let from = floor(text, found.at.saturating_sub(AROUND));
    let to = floor(text, found.end.saturating_add(AROUND));
    let text = text.get(from..to).unwrap_or_default();
    let before = text.get(..found.at - from).unwrap_or_default();
    let behind = text.get(found.end - from..).unwrap_or_default();
    // Words that are apart may end in another line than they begin in.
    let said = text.get(..found.end - from).unwrap_or_default();
    // Where the beginning of the line is not in sight, nobody knows how it begins.
    let has_line = from == 0 || said.contains('\n') || said.contains("\\n");
    let is_in_frame = || has_line && is_in_frame(said, behind);
    match found.word.means {
        Means::Producer(_) => !is_user_agent(text, behind),
        Means::Cause(cause) => {
            let is_fault = found.word.kind == Kind::Fault && cause == Cause::Violation;
            let names = is_in_frame()
                || is_fault && found.word.is_weak && is_a_name(before, behind)
                || found.word.is_weak && found.letters <= SHORT && before.ends_with('_')
                || found.word.id == "tls-general" && before.ends_with('_')
                || is_timer(found) && is_setting(before, said, behind)
                || is_connect_error(found, said, before) != (found.word.id == CONNECT_ERROR)
                    && matches!(found.word.id, CONNECT_ERROR | "failed-to-open")
                || is_of_the_closing_handshake(evidence, found)
                || USED_AFTER_CLOSE.contains(&found.word.id) && is_told_on(said, before, behind)
                || is_anothers_exception(said, before);
            !names
        }
        Means::Rule(_) => !is_in_frame(),
        _ => true,
    }
}

/// Whether it is Socket.IO's event `connect_error`, which comes on open connections too.
fn is_connect_error(found: &Found, said: &str, before: &str) -> bool {
    let words = said.get(before.len()..).unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    found.letters == "connecterror".len() && words == "connect_error" && !before.ends_with(is_part)
}

/// Whether it is a product of a request's user agent, as in the lines of an access log: `Mozilla/5.0`.
fn is_user_agent(text: &str, behind: &str) -> bool {
    let name = behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let version = name.strip_prefix('/');
    let is_product =
        version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    let has_request = ["Mozilla/", " HTTP/1.", " HTTP/2", " HTTP/3"];
    is_product && has_request.iter().any(|part| text.contains(part))
}

/// Whether the words stand in a frame of a stack, where they are the name of a function or a file.
fn is_in_frame(before: &str, behind: &str) -> bool {
    let front = before.rsplit('\n').next().unwrap_or_default();
    let front = front.rsplit("\\n").next().unwrap_or_default().trim_start();
    let rest = behind.split('\n').next().unwrap_or_default();
    let rest = rest.split("\\n").next().unwrap_or_default();
    if front.starts_with("File \"") || front.starts_with("File \\\"") {
        return true;
    }
    // `at Timeout.heartbeat [as _onTimeout] (/app/ws.js:10:5)`, and no sentence that begins so.
    let Some(called) = front.strip_prefix("at ") else {
        return false;
    };
    let is_first = !called
        .trim_start_matches("async ")
        .trim_start_matches("new ")
        .contains(' ');
    let has_place = |text: &str| text.contains(" (") || text.contains("(") && text.contains(')');
    is_first && (has_place(rest) || rest.contains("[as "))
        || called.contains(" (")
        || called.contains("[as ")
}

/// Whether `protocol error` and the like is a part of a longer name (`LocalProtocolError`,
/// `ERR_HTTP2_PROTOCOL_ERROR`, `handle_read_frame error`), or is said of a command: `(Target.close)`.
fn is_a_name(before: &str, behind: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let command = behind
        .strip_prefix(" (")
        .and_then(|rest| rest.split_once(')'));
    let is_command = command.is_some_and(|(command, _)| {
        command.contains('.') && command.chars().all(|c| is_part(c) || c == '.')
    });
    before.ends_with(is_part) || behind.starts_with(is_part) || is_command
}

/// Whether the sentence that says that a connection is closed goes on with who closed it, why or when: `is closed by
/// peer`, `is closed too`, `is closed due to`. Then it tells of the end, and not of somebody who went on after it.
fn is_told_on(said: &str, before: &str, behind: &str) -> bool {
    const TOLD: [&str; 14] = [
        "by ", "due ", "too", "also", "because", "since ", "for ", "from ", "after ", "as ",
        "with ", "when ", "on ", "remotely",
    ];
    let words = said.get(before.len()..).unwrap_or_default();
    let last = words.rsplit(' ').next().unwrap_or_default();
    let is_end = last.eq_ignore_ascii_case("closed") || last.eq_ignore_ascii_case("closing");
    let behind = behind.strip_prefix(',').unwrap_or(behind);
    let Some(rest) = behind.strip_prefix(' ') else {
        return false;
    };
    let rest: String = rest
        .chars()
        .take(16)
        .collect::<String>()
        .to_ascii_lowercase();
    is_end && TOLD.iter().any(|told| rest.starts_with(told))
}

/// Whether `HandshakeException` is not Dart's, which is of TLS: the end of a longer name
/// (`WebSocketClientHandshakeException`), of a package's, or two words.
fn is_anothers_exception(said: &str, before: &str) -> bool {
    let words = said.get(before.len()..).unwrap_or_default();
    let is_it = words.len() <= "handshake exception".len()
        && words.to_ascii_lowercase().replace([' ', '_'], "") == "handshakeexception";
    let is_name = words.eq_ignore_ascii_case("handshakeexception");
    is_it && (!is_name || before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_')))
}

fn is_timer(found: &Found) -> bool {
    let is_timeout = matches!(found.word.means, Means::Cause(Cause::Timeout));
    found.word.kind == Kind::Timer || is_timeout
}

/// Whether a timer is set and did not run out: `ping timeout set to 30 s`, `Setting pingTimeout to 5000`,
/// `ping_timeout (90) cannot be longer than`.
fn is_setting(before: &str, said: &str, behind: &str) -> bool {
    const SET: [&str; 8] = [
        " setting ",
        " set ",
        " set the ",
        " configured ",
        " default ",
        " increase ",
        " increase the ",
        " using ",
    ];
    const IS_SET: [&str; 12] = [
        "set to",
        "is set to",
        "was set to",
        "configured",
        "is configured",
        "cannot be",
        "must be",
        "should be",
        "has to be",
        "needs to be",
        "must not be",
        "changed to",
    ];
    let begins = before.len();
    // The words may be the end of its name: `pingTimeout`.
    let before = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let front = before.get(floor(before, before.len().saturating_sub(16))..);
    let front = format!(" {}", front.unwrap_or_default().to_ascii_lowercase());
    let front = front.trim_end_matches(['`', '\'', '"']);
    let behind = behind.trim_start_matches(['`', '\'', '"', ' ']);
    // The value in parentheses.
    let inside = behind
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'));
    let behind = inside.map_or(behind, |(_, behind)| behind.trim_start());
    let rest: String = behind
        .chars()
        .take(16)
        .collect::<String>()
        .to_ascii_lowercase();
    // The phrase may begin before that word: `websocket: Setting pingTimeout to`.
    let words = said.get(begins..).unwrap_or_default();
    let is_inside = words.to_ascii_lowercase().contains(" setting ");
    is_inside
        || SET.iter().any(|set| front.ends_with(set))
        || IS_SET.iter().any(|set| rest.starts_with(set))
}

/// Whether the handshake that failed is the closing one.
fn is_of_the_closing_handshake(evidence: &Evidence<'_>, found: &Found) -> bool {
    let first = evidence.letters.word(found.from);
    let before = found
        .from
        .checked_sub(1)
        .map(|before| evidence.letters.word(before));
    first.eq_ignore_ascii_case("handshake")
        && before.is_some_and(|before| {
            before.eq_ignore_ascii_case("closing") || before.eq_ignore_ascii_case("close")
        })
}
