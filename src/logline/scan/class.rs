//! How certain it is that a record of a log tells of a close.

use super::request::{Asked, asked};
use crate::facts::causes::Cause;
use crate::facts::lines::Event;
use crate::facts::vocabulary::Kind;
use crate::logline::clues::{self, Context};
use crate::logline::{Clue, Reading, ReportedClose};

/// How much of a record is judged by its clues, in bytes.
const MOST_JUDGED: usize = 8 * 1024;

/// How certain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// It cannot be mistaken: a known program's line, or a close code in words about a WebSocket.
    Certain,
    /// A word of closing and a number that may be a code, or an event without a code.
    Probable,
}

impl Certainty {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Probable => "probable",
        }
    }
}

/// What is uncertain about a line that is probably a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It does not name a WebSocket.
    NoWebsocket,
    /// It has no code: its words alone say what happened.
    NoCode,
    /// Nothing but its place says that the number is a close code.
    WeakCode,
}

impl Doubt {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Doubt::NoWebsocket => "no-websocket",
            Doubt::NoCode => "no-code",
            Doubt::WeakCode => "weak-code",
        }
    }
}

/// What a record tells.
#[derive(Debug)]
pub(super) enum Told {
    /// A close that cannot be mistaken.
    Certain(Reading),
    /// What is probably one, and what is uncertain about it.
    Probable(Reading, Vec<Doubt>),
    /// Of a close, and nothing more can be read.
    Unread,
    /// Of a connection that failed, of which nothing says that it was a WebSocket's.
    Nameless(Nameless),
}

/// Why a line about a connection may be about a WebSocket, though it names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nameless {
    /// Its request has a path that WebSockets mostly have.
    Path,
    /// It says nothing of it: only the log that it stands in may.
    Silent,
}

impl Told {
    /// The order in which one of several lines about the same close is believed: the best first.
    pub(super) fn rank(&self) -> u8 {
        let has_code = |reading: &Reading| reading.close.is_some();
        match self {
            Told::Certain(reading) if has_code(reading) => 0,
            Told::Certain(_) => 1,
            Told::Probable(reading, _) if has_code(reading) => 2,
            Told::Probable(..) => 3,
            Told::Unread => 4,
            Told::Nameless(_) => 5,
        }
    }

    pub(super) fn reading(&self) -> Option<&Reading> {
        match self {
            Told::Certain(reading) | Told::Probable(reading, _) => Some(reading),
            Told::Unread | Told::Nameless(_) => None,
        }
    }
}

/// Judges a record of no known shape; `None` where it tells of no close.
pub(super) fn judge(text: &str) -> Option<Told> {
    // What judges looks at everything beside everything.
    let end = (0..=MOST_JUDGED.min(text.len())).rev();
    let mut end = end;
    let end = end.find(|end| text.is_char_boundary(*end));
    let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
    if is_metric(text) {
        return None;
    }
    let (reading, mut context) = clues::judge_in_context(text);
    // What a proxy calls a WebSocket once it has passed on the upgrade.
    let asked = asked(text);
    context.speaks_of_websocket |= asked == Asked::Surely || text.contains("upgraded connection");
    let mut is_told = false;
    let mut nameless = None;
    if let Some(reading) = reading {
        // What is answered to a request is no setting, whatever is called a default beside it.
        context.is_answer = asked == Asked::Surely && text.contains(" HTTP/");
        if reading.is_counted() {
            return Some(Told::Certain(reading));
        }
        if let Some(doubts) = doubts(&reading, context, text) {
            return Some(Told::Probable(reading, doubts));
        }
        is_told = matches!(
            reading.event,
            Event::Cause {
                cause: Cause::ClosedUntold,
                ..
            }
        );
        nameless = nameless_of(&reading, context, asked, text);
    }
    let is_unread = context.speaks_of_websocket && !context.is_elsewhere;
    if is_unread && (is_told || has_ended(text)) {
        return Some(Told::Unread);
    }
    nameless.map(Told::Nameless)
}

/// Whether a record that names no WebSocket tells of a connection that failed, such as one may be.
fn nameless_of(reading: &Reading, context: Context, asked: Asked, text: &str) -> Option<Nameless> {
    let is_elsewhere = context.is_elsewhere || context.speaks_of_websocket;
    if is_elsewhere || is_of_another_system(text) || !tells_of_an_event(reading, context, text) {
        return None;
    }
    match asked {
        Asked::Perhaps => Some(Nameless::Path),
        // The status of a request that asks for something else is no WebSocket's.
        _ => reading.status.is_none().then_some(Nameless::Silent),
    }
}

/// What is uncertain about a record that is probably a close; `None` where it is probably none.
fn doubts(reading: &Reading, context: Context, text: &str) -> Option<Vec<Doubt>> {
    if context.is_elsewhere {
        return None;
    }
    match &reading.close {
        Some(close) => doubts_of_code(reading, close, context, text),
        None => doubts_of_event(reading, context, text),
    }
}

fn doubts_of_code(
    reading: &Reading,
    close: &ReportedClose,
    context: Context,
    text: &str,
) -> Option<Vec<Doubt>> {
    let is_plausible = matches!(close.code, 1000..=1003 | 1005..=1015 | 3000..=4999);
    if !is_plausible || !context.is_close {
        return None;
    }
    let mut doubts = Vec::new();
    if !context.speaks_of_websocket {
        // Orders, tickets and accounts are closed too, and have codes.
        // What comes behind the code's line is about something else, or its cause.
        let code = reading.clues.iter().find(|clue| clue.kind == Kind::Code);
        let from = code.map_or(text.len(), Clue::end);
        let end = text.get(from..).and_then(|behind| behind.find('\n'));
        let front = end.and_then(|end| text.get(..from + end)).unwrap_or(text);
        if !names_a_connection(front) || is_of_another_system(text) {
            return None;
        }
        // Beside nothing else a number of an application may count anything.
        let has_reason = !close.reason.is_empty() && has_any(text, &["reason"]);
        if close.code >= 3000 && reading.weight < clues::SURE && !has_reason {
            return None;
        }
        doubts.push(Doubt::NoWebsocket);
    }
    if reading.weight < clues::SURE {
        doubts.push(Doubt::WeakCode);
    }
    Some(doubts)
}

fn doubts_of_event(reading: &Reading, context: Context, text: &str) -> Option<Vec<Doubt>> {
    let is_told = context.speaks_of_websocket && tells_of_an_event(reading, context, text);
    is_told.then(|| vec![Doubt::NoCode])
}

/// Whether a record without a code tells what happened to a connection, and does not only name what could.
fn tells_of_an_event(reading: &Reading, context: Context, text: &str) -> bool {
    let tells_more = match reading.event {
        Event::Cause { cause, .. } => !matches!(cause, Cause::ClosedUntold | Cause::ErrorUntold),
        Event::Fault { .. } => true,
        Event::Close { .. } => false,
    };
    let is_status = reading.status.is_some_and(|status| status >= 400) && reading.word.is_none();
    let is_setting = is_setting(text) && !context.is_answer;
    tells_more && (is_status || is_plain(reading) || !is_setting && has_failed(text))
}

/// Whether the words by themselves say that something failed: no setting and no count has such a name.
fn is_plain(reading: &Reading) -> bool {
    reading.word.is_some_and(|word| {
        let is_failure = matches!(word.kind, Kind::Handshake | Kind::Tls | Kind::Dns);
        is_failure && !word.is_weak && word.sentence.is_some()
    })
}

/// Whether a record names something that can be a connection of a WebSocket.
fn names_a_connection(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "connection",
        "socket",
        "peer",
        "client",
        "server",
        "gateway",
        "shard",
        "remote",
        "onclose",
        "closeevent",
        "closereason",
    ];
    // `Disconnected! Code: 1006 Reason: EOF`: both names of what an API shows of a close.
    let is_event = has_any(text, &["disconnect"])
        && has_any(text, &["reason"])
        && !has_any(text, &["reason code", "reason=code"]);
    has_any(text, &WORDS) || is_event
}

/// Whether a record is of a system that closes connections too, and numbers the reasons otherwise.
fn is_of_another_system(text: &str) -> bool {
    const WORDS: [&str; 40] = [
        "quic",
        "bluetooth",
        "mqtt",
        "mosquitto",
        "emqx",
        "webrtc",
        "wpa",
        "hostapd",
        "smpp",
        "sip",
        "asterisk",
        "chan",
        "irc",
        "xmpp",
        "diameter",
        "modem",
        "rtmp",
        "rtsp",
        "http2",
        "goaway",
        "snmp",
        "ppp",
        "vpn",
        "ikev2",
        "telnet",
        "nfs",
        "smb",
        "radius",
        "wifi",
        "wlan",
        "usb",
        "serial",
        "printer",
        "amqp",
        "pika",
        "sql",
        "grpc",
        "rpc",
        "ldap",
        "fix",
    ];
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a record is a figure of a monitoring system: `websocket_closes{code="1006"} 3`.
fn is_metric(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let name = text.len() - text.trim_start_matches(is_part).len();
    name > 0 && text.get(name..).is_some_and(|rest| rest.starts_with('{')) && text.contains("=\"")
}

/// Whether a record says that something ended.
fn has_ended(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "closed",
        "closing",
        "closure",
        "close frame",
        "closes",
        "onclose",
        "disconnect",
        "connection lost",
        "connection reset",
        "aborted",
        "terminated",
        "dropped",
        "close event",
        "close:",
    ];
    has_any(text, &WORDS)
}

/// Whether a record says that something ended or went wrong, and does not only name what could.
fn has_failed(text: &str) -> bool {
    const WORDS: [&str; 47] = [
        "close",
        "closing",
        "closure",
        "disconnect",
        "lost",
        "error",
        "fail",
        "exception",
        "fatal",
        "panic",
        "abort",
        "terminat",
        "drop",
        "refus",
        "reject",
        "expired",
        "exceeded",
        "elapsed",
        "no pong",
        "timed out",
        "timeout",
        "not respond",
        "unresponsive",
        "reset",
        "econn",
        "epipe",
        "broken pipe",
        "hang up",
        "hung up",
        "eof",
        "invalid",
        "unexpected",
        "too big",
        "too large",
        "unable",
        "cannot",
        "block",
        "violat",
        "not allow",
        "not authoriz",
        "unauthoriz",
        "denied",
        "declin",
        "missing",
        "not found",
        "not permit",
        "unsupported",
    ];
    has_any(text, &WORDS)
}

/// Whether a record tells of a setting: `ping timeout set to 20 s`.
fn is_setting(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "set to",
        "configured",
        "config",
        "enabled",
        "disabled",
        "settings",
        "option",
        "listening",
        "starting",
        "using",
        "default",
        "initialized",
    ];
    const FAILED: [&str; 8] = [
        "closed",
        "closing",
        "disconnect",
        "error",
        "fail",
        "exception",
        "reset",
        "abort",
    ];
    (has_any(text, &WORDS) || gives_a_timeout(text)) && !has_any(text, &FAILED)
}

/// Whether a number is given to a timeout: `close timeout = 3 s`, `timeout: 60`.
fn gives_a_timeout(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("timeout").any(|(at, word)| {
        let behind = lower.get(at + word.len()..).unwrap_or_default();
        let value = behind.trim_start_matches(['"', '\'', ' ', '=', ':']);
        let marks = behind.len() - value.len();
        marks > 0
            && behind
                .get(..marks)
                .is_some_and(|marks| marks.contains(['=', ':']))
            && value.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn has_any(text: &str, words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    words.iter().any(|word| lower.contains(word))
}
