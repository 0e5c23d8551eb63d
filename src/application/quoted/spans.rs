//! Where messages may stand in a text: JSON with what is before it, as it is sent or as a program prints an
//! object; STOMP, XML and NATS by how they begin.

use crate::facts::protocols::Layout;

/// So much of a text is looked through, in bytes.
const MOST_TEXT: usize = 256 * 1024;
/// So long a message is looked at, in bytes.
const LONGEST: usize = 4096;
/// So many places are looked at.
const MOST: usize = 256;

/// A place of a text that may be a message.
#[derive(Debug)]
pub(super) struct Span {
    /// Where it stands, in bytes.
    pub(super) at: usize,
    pub(super) length: usize,
    /// How it is laid out. What is of [`Layout::Json`] may be of [`Layout::Records`] too.
    pub(super) form: Layout,
    /// The message, as it would be sent.
    pub(super) message: String,
}

/// All places of a text, in its order; where a message stands inside another, the outer one first.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let text = front(text, MOST_TEXT);
    let mut spans = plain(text);
    if text.contains("\\\"") || text.contains("\\n") {
        let (inside, places) = unescaped(text);
        spans.extend(plain(&inside).into_iter().map(|span| {
            let place = |at: usize| places.get(at).copied().unwrap_or(text.len());
            Span {
                at: place(span.at),
                length: place(span.at + span.length).saturating_sub(place(span.at)),
                ..span
            }
        }));
    }
    spans
}

/// The front of a text, cut between two characters.
fn front(text: &str, most: usize) -> &str {
    let mut ends = (0..=most.min(text.len())).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

fn plain(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    // What is looked at again, for it stands inside something, is bounded too.
    let mut left = 4 * text.len() + LONGEST;
    for (at, byte) in bytes.iter().enumerate() {
        if spans.len() >= MOST || left == 0 {
            break;
        }
        let rest = front(text.get(at..).unwrap_or_default(), LONGEST);
        let span = match byte {
            b'{' | b'[' => {
                let end = end_of_json(rest);
                left = left.saturating_sub(end);
                json(text, at, rest.get(..end).unwrap_or_default())
            }
            b'"' => bare(text, at, rest),
            b'<' if starts_element(rest) => Some(one(at, rest.len(), Layout::Xml, rest)),
            b'E' if is_apart(bytes, at) => stomp(at, rest),
            b'-' if rest.starts_with("-ERR '") => {
                let line = rest.lines().next().unwrap_or_default();
                let end = line.rfind('\'').map_or(line.len(), |quote| quote + 1);
                let line = line.get(..end).unwrap_or_default();
                Some(one(at, end, Layout::Lines, &format!("{line}\r\n")))
            }
            _ => None,
        };
        spans.extend(span);
    }
    spans
}

fn one(at: usize, length: usize, form: Layout, message: &str) -> Span {
    Span {
        at,
        length,
        form,
        message: message.to_owned(),
    }
}

/// Whether a word begins here.
fn is_apart(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

/// JSON, with the digits of Engine.IO or the letter of SockJS that stand right before it.
fn json(text: &str, at: usize, json: &str) -> Option<Span> {
    if json.len() < 3 {
        return None;
    }
    let message = read_back(json)?;
    let (prefix, form) = before(text, at);
    let length = json.len() + prefix.len();
    Some(Span {
        at: at - prefix.len(),
        length,
        form,
        message: format!("{prefix}{message}"),
    })
}

/// `44"Not authorized"`, as Socket.IO 2 refuses.
fn bare(text: &str, at: usize, rest: &str) -> Option<Span> {
    let (prefix, Layout::Engine) = before(text, at) else {
        return None;
    };
    let end = rest.get(1..)?.find('"')? + 2;
    let message = format!("{prefix}{}", rest.get(..end)?);
    Some(Span {
        at: at - prefix.len(),
        length: message.len(),
        form: Layout::Engine,
        message,
    })
}

/// What stands right before JSON and belongs to it.
fn before(text: &str, at: usize) -> (&str, Layout) {
    /// Namespace and number of an event are shorter.
    const MOST: usize = 64;
    let nothing = ("", Layout::Json);
    let from = (at.saturating_sub(MOST + 1)..at).find(|from| text.is_char_boundary(*from));
    let front = text.get(from.unwrap_or(at)..at).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ',' | '-' | '_');
    let part = front.trim_end_matches(is_part);
    let part = front.get(part.len()..).unwrap_or_default();
    if part.len() > MOST {
        return nothing;
    }
    if matches!(part, "c" | "a") && text.get(at..).is_some_and(|rest| rest.starts_with('[')) {
        return (part, Layout::Sockjs);
    }
    let mut digits = part.bytes();
    let is_packet = digits.next() == Some(b'4') && matches!(digits.next(), Some(b'0'..=b'6'));
    let behind = part.get(2..).unwrap_or_default();
    let number = match behind.split_once(',') {
        Some((namespace, number)) if namespace.starts_with('/') => number,
        Some(_) => return nothing,
        None => behind,
    };
    match is_packet && number.bytes().all(|byte| byte.is_ascii_digit()) {
        true => (part, Layout::Engine),
        false => nothing,
    }
}

/// Where the JSON, or the printed object, at the front ends: at its line's end where nothing closes it.
fn end_of_json(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut is_escaped = false;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match (quote, character) {
            (Some(_), '\\') => is_escaped = true,
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            // `it's` is no quote.
            (None, '"' | '\'' | '`') if !before.is_alphanumeric() => quote = Some(character),
            // Its own quotes are escaped: it is read where they are taken back.
            (None, '\\') => return 0,
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        before = character;
    }
    text.find('\n').unwrap_or(text.len())
}

/// JSON as it was sent, from what a program printed: JavaScript, Python and Ruby print names without quotes,
/// texts in single ones, and their own words for nothing.
fn read_back(text: &str) -> Option<String> {
    if super::super::tree::json(text.as_bytes()).is_some() {
        return Some(text.to_owned());
    }
    let mut json = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_name =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '+');
        let length = match first {
            '"' | '\'' | '`' => {
                let (length, inside) = quoted(rest, first);
                json.push_str(&inside);
                length
            }
            '=' if rest.starts_with("=>") => {
                json.push(':');
                2
            }
            // `:name` of Ruby, `%{` of Elixir.
            ':' if json.ends_with(['{', ',', ' ']) => 1,
            '%' | '#' => 1,
            first if is_name(first) => {
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                let name = rest.get(..length)?;
                match name {
                    "true" | "True" => json.push_str("true"),
                    "false" | "False" => json.push_str("false"),
                    "null" | "None" | "nil" | "undefined" => json.push_str("null"),
                    // `b'…'` of Python.
                    "b" | "u" if matches!(rest.as_bytes().get(1), Some(b'\'' | b'"')) => {}
                    name if first.is_ascii_digit() || first == '-' => json.push_str(name),
                    name => json.push_str(&format!("\"{name}\"")),
                }
                length
            }
            other => {
                json.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(length..)?;
    }
    Some(json)
}

/// A text in quotes of any kind at the front, as JSON, and how long it is.
fn quoted(text: &str, quote: char) -> (usize, String) {
    let mut json = String::from("\"");
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match (std::mem::take(&mut is_escaped), character) {
            (true, '\'' | '`') => json.push(character),
            (true, _) => json.extend(['\\', character]),
            (false, '\\') => is_escaped = true,
            (false, _) if character == quote => {
                json.push('"');
                return (at + 1, json);
            }
            (false, '"') => json.push_str("\\\""),
            (false, _) => json.push(character),
        }
    }
    (text.len(), json)
}

/// Whether an element stands at the front that ends a stream, or refuses a login.
fn starts_element(text: &str) -> bool {
    let name = text.get(1..).unwrap_or_default();
    let end = name.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    let local = name.rsplit(':').next().unwrap_or_default();
    matches!(local, "error" | "failure" | "close")
}

/// The ERROR frame of STOMP: the word on a line of its own, then headers.
fn stomp(at: usize, text: &str) -> Option<Span> {
    let headers = text.strip_prefix("ERROR")?.trim_start_matches('\r');
    let headers = headers.strip_prefix('\n')?;
    let first = headers.lines().next()?;
    let (name, _) = first.split_once(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let end = ["\0", "\\u0000", "\\x00", "^@", "␀", "\n\n\n"]
        .iter()
        .filter_map(|end| text.find(end))
        .min();
    let end = end.unwrap_or(text.len());
    Some(one(at, end, Layout::Stomp, text.get(..end)?))
}

/// A text with what is escaped in it put back once, and where each of its bytes came from.
fn unescaped(text: &str) -> (String, Vec<usize>) {
    let mut inside = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let escaped = match (character, characters.peek()) {
            ('\\', Some((_, next @ ('"' | '\\' | '/' | '\'')))) => Some(*next),
            ('\\', Some((_, 'n'))) => Some('\n'),
            ('\\', Some((_, 'r'))) => Some('\r'),
            _ => None,
        };
        if escaped.is_some() {
            characters.next();
        }
        let character = escaped.unwrap_or(character);
        inside.push(character);
        places.resize(inside.len(), at);
    }
    (inside, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let spans = spans(text);
        spans.into_iter().map(|span| span.message).collect()
    }

    #[test]
    fn an_object_is_read_as_programs_print_it() {
        let sent = r#"{"type":"disconnect","reason":null,"reconnect":false}"#;
        for text in [
            "got { type: 'disconnect', reason: undefined, reconnect: false } from it",
            "{'type': 'disconnect', 'reason': None, 'reconnect': False}",
            r#"{"type"=>"disconnect", "reason"=>nil, "reconnect"=>false}"#,
            r#"{:type=>"disconnect", :reason=>nil, :reconnect=>false}"#,
            r#"msg="{\"type\":\"disconnect\",\"reason\":null,\"reconnect\":false}""#,
        ] {
            let all = messages(text);
            let is_one = |message: &String| message.replace(' ', "") == sent;
            assert!(all.iter().any(is_one), "{text}: {all:?}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = r#"it's "<- 44/admin,{\"message\":\"no\"}""#;
        let spans = spans(text);
        let span = spans
            .iter()
            .find(|span| span.form == Layout::Engine)
            .unwrap();
        assert_eq!(span.message, r#"44/admin,{"message":"no"}"#);
        let place = text.get(span.at..span.at + span.length).unwrap();
        assert_eq!(place, r#"44/admin,{\"message\":\"no\"}"#);
    }

    #[test]
    fn many_brackets_cost_little() {
        let all = spans(&"{[".repeat(200_000));
        assert!(all.len() <= 2 * MOST);
    }
}
