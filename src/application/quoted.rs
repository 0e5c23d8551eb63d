//! Messages of a protocol that stand in a text: a line of a log, or what somebody pasted.
//!
//! A message counts where its form alone is certain (its row says what that takes), or where the text names the
//! protocol. Of MQTT, whose packets are no text, programs print the name or the number of a reason; of WAMP
//! its URI. Who sent a message is said where only one end sends such, or where the text says it.

mod spans;

use super::ends::Body;
use super::fields::Words;
use super::layout::{Memory, parts};
use super::tree::Node;
use crate::facts::protocols::{By, Layout, PROTOCOLS, Protocol, Role, Telling};
use crate::frame::Sender;
use crate::words::Advice;
use spans::{Span, spans};

/// A message that stands in a text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quoted {
    /// Its protocol.
    pub protocol: &'static Protocol,
    /// What it is.
    pub row: &'static Telling,
    /// Who sent it; `None` where the text does not tell.
    pub sender: Option<Sender>,
    /// The code in it, escaped.
    pub code: Option<String>,
    /// What the protocol calls that code.
    pub called: Option<&'static str>,
    /// Its words, shortened and escaped.
    pub text: Option<String>,
    /// What to check and what to do.
    pub advice: Vec<&'static Advice>,
    /// Where it stands in the text, in bytes.
    pub at: usize,
    /// Its length in bytes.
    pub length: usize,
}

impl Quoted {
    /// Where several words stand that name the message: where each begins in the text, in bytes, and its length. They
    /// say nothing of the connection, as `Connection refused` of MQTT does.
    pub(crate) fn own_words(&self, text: &str) -> Vec<(usize, usize)> {
        let small = text.to_ascii_lowercase();
        let names = self.row.words.iter().filter(|word| word.contains(' '));
        let places = names.flat_map(|word| {
            let places = small.match_indices(*word);
            places.map(|(at, found)| (at, found.len()))
        });
        places.collect()
    }
}

/// The message of a protocol in a text that tells most of the end; `None` where none is certain.
pub fn quoted(text: &str) -> Option<Quoted> {
    let about = About::of(text);
    let spans = spans(text);
    let all = spans.iter().filter_map(|span| about.message(span));
    let mut best: Option<Quoted> = None;
    for quoted in all {
        let is_other = |best: &Quoted| best.protocol != quoted.protocol;
        let is_better = |best: &Quoted| weight(&quoted) >= weight(best);
        if best
            .as_ref()
            .is_none_or(|best| !is_other(best) && is_better(best))
        {
            best = Some(quoted);
        }
    }
    best.or_else(|| about.code())
}

/// How much a message tells of the end.
fn weight(quoted: &Quoted) -> u8 {
    match quoted.row.role {
        Role::Error | Role::Refusal => 3,
        Role::Dismissal => 2,
        Role::Complaint => 1,
        _ => 0,
    }
}

/// What a text says around its messages.
struct About<'t> {
    text: &'t str,
    /// Its words in small letters, with one blank before and behind each.
    words: String,
    named: Vec<&'static Protocol>,
    /// The end that sent something, by its words.
    sender: Option<Sender>,
}

impl<'t> About<'t> {
    fn of(text: &'t str) -> Self {
        let words = words(text);
        let is_named = |protocol: &&Protocol| protocol.words.iter().any(|word| has(&words, word));
        let named = PROTOCOLS.iter().filter(is_named).collect();
        let says = |all: &[&str]| all.iter().any(|one| has(&words, one));
        let is_client = says(&[
            "from client",
            "from the client",
            "client sent",
            "client says",
        ]);
        let is_server = says(&[
            "from server",
            "from the server",
            "server sent",
            "server says",
            "from router",
            "from the router",
            "from broker",
            "from the broker",
            "broker sent",
        ]);
        let sender = match (is_client, is_server) {
            (true, false) => Some(Sender::Client),
            (false, true) => Some(Sender::Server),
            _ => None,
        };
        About {
            text,
            words,
            named,
            sender,
        }
    }

    fn is_named(&self, protocol: &Protocol) -> bool {
        self.named.contains(&protocol)
    }

    /// The message at a place, where one protocol alone can be meant.
    fn message(&self, span: &Span) -> Option<Quoted> {
        // Most protocols are JSON, SignalR's but for the byte that ends it too: it is read once for all of them.
        let read = nodes(span.form, &span.message);
        let is_of = |form: Layout| {
            form == span.form || span.form == Layout::Json && form == Layout::Records
        };
        let mut alone = None;
        let mut named = None;
        for protocol in PROTOCOLS.iter().filter(|protocol| is_of(protocol.form)) {
            for node in &read {
                let Some((row, sender)) = self.row(protocol, node) else {
                    continue;
                };
                let is_alone = is_alone(row, node);
                if !is_alone && !self.is_named(protocol) {
                    continue;
                }
                let words = Words::of(row, node);
                let quoted = Quoted {
                    protocol,
                    row,
                    sender,
                    advice: protocol.advice_for(row, words.code.as_deref(), words.text.as_deref()),
                    code: words.code,
                    called: words.called,
                    text: words.text,
                    at: span.at,
                    length: span.length,
                };
                let place = if is_alone { &mut alone } else { &mut named };
                match place {
                    // Two protocols have such a message.
                    Some(Quoted {
                        protocol: other, ..
                    }) if *other != protocol => return None,
                    place => *place = Some(quoted),
                }
            }
        }
        alone.or(named)
    }

    /// The row of a message, and who sends it.
    fn row(
        &self,
        protocol: &'static Protocol,
        node: &Node,
    ) -> Option<(&'static Telling, Option<Sender>)> {
        let of = |sender: Sender| {
            protocol.messages.iter().find(|row| {
                row.sender.is(sender)
                    && row.query.is_none()
                    && row.path.is_none()
                    && node.fits(row.when)
            })
        };
        let (client, server) = (of(Sender::Client), of(Sender::Server));
        let (row, sender) = match (client, server, self.sender) {
            (Some(row), None, _) => (row, Some(Sender::Client)),
            (None, Some(row), _) => (row, Some(Sender::Server)),
            (Some(client), Some(server), None) if client == server => (server, None),
            (Some(client), _, Some(Sender::Client)) => (client, Some(Sender::Client)),
            (_, Some(server), Some(Sender::Server)) => (server, Some(Sender::Server)),
            // Both have an error like it: a client hardly ever sends one.
            (Some(client), Some(server), None) => {
                let is_error = client.role.is_decisive() && server.role.is_decisive();
                (is_error || client.role == server.role)
                    .then_some((server, Some(Sender::Server)))?
            }
            (None, None, _) => return None,
        };
        row.means.is_some().then_some((row, sender))
    }

    /// What a text says by the name, the number or the URI of a reason.
    fn code(&self) -> Option<Quoted> {
        PROTOCOLS.iter().find_map(|protocol| {
            if let Some(begin) = protocol.codes_begin {
                let (at, code) = self.token(begin)?;
                return self.coded(protocol, at, code, code);
            }
            if !self.is_named(protocol) {
                return None;
            }
            let number = self.number().filter(|(_, _, number)| *number != 0);
            let numbered = number.and_then(|(at, shown, number)| {
                self.coded(protocol, at, shown, &number.to_string())
            });
            numbered.or_else(|| self.called(protocol))
        })
    }

    /// A word of the text that begins so.
    fn token(&self, begin: &str) -> Option<(usize, &'t str)> {
        let at = self.text.find(begin)?;
        let rest = self.text.get(at..)?;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let code = rest.get(..end)?.trim_end_matches('.');
        (code.len() > begin.len()).then_some((at, code))
    }

    /// A reason code: `0x8e`, `reason code 142`, `rc=5`.
    fn number(&self) -> Option<(usize, &'t str, u8)> {
        /// So many characters may stand between the words and the number: ` code: `.
        const MOST_BETWEEN: usize = 3;
        let is_apart = |at: usize| {
            let before = self.text.get(..at).unwrap_or_default();
            !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        };
        let is_reason = [
            "reason",
            "code",
            "connack",
            "refused",
            "disconnect",
            "disconnected",
        ]
        .iter()
        .any(|word| has(&self.words, word));
        let hex = self.text.match_indices("0x").filter(|_| is_reason);
        for (at, _) in hex {
            let digits = self.text.get(at + 2..at + 4).unwrap_or_default();
            let behind = self.text.get(at + 4..).unwrap_or_default();
            let is_end = !behind.starts_with(|c: char| c.is_ascii_alphanumeric());
            if let Ok(number) = u8::from_str_radix(digits, 16) {
                if is_apart(at) && is_end {
                    return Some((at, self.text.get(at..at + 4)?, number));
                }
            }
        }
        let small = self.text.to_ascii_lowercase();
        let names = [
            "reason code",
            "reasoncode",
            "return code",
            "returncode",
            "result code",
            "rc",
        ];
        names.into_iter().find_map(|name| {
            small.match_indices(name).find_map(|(found, _)| {
                let rest = self.text.get(found + name.len()..)?;
                let between = rest.find(|c: char| c.is_ascii_alphanumeric())?;
                let rest = rest.get(between..)?;
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
                let digits = rest.get(..end.unwrap_or(rest.len()))?;
                let number = digits.parse().ok()?;
                (is_apart(found) && (1..=MOST_BETWEEN).contains(&between)).then_some((
                    found + name.len() + between,
                    digits,
                    number,
                ))
            })
        })
    }

    /// The name of a reason, in whatever spelling.
    fn called(&self, protocol: &'static Protocol) -> Option<Quoted> {
        let mut names: Vec<(&'static Telling, &'static str, &'static str)> = Vec::new();
        for row in protocol.messages.iter().filter(|row| !row.words.is_empty()) {
            names.extend(row.codes.iter().map(|(code, name)| (row, *code, *name)));
        }
        // What is a part of another name comes after it.
        names.sort_by_key(|(_, _, name)| std::cmp::Reverse(plain_name(name).len()));
        let (_, code, name) = *names
            .iter()
            .find(|(row, _, name)| self.has_name(row, name))?;
        // The versions of MQTT have other numbers for the same.
        let is_same =
            |other: &str| together(&words(plain_name(other))) == together(&words(plain_name(name)));
        let mut same: Vec<&str> = Vec::new();
        for (_, code, other) in &names {
            if is_same(other) && !same.contains(code) {
                same.push(code);
            }
        }
        let told = same.iter().find(|code| self.has_number(code)).copied();
        // Where it stands is not known: it may be spelled in another way.
        let quoted = self.coded(protocol, 0, "", told.unwrap_or(code))?;
        if told.is_some() || same.len() == 1 {
            return Some(quoted);
        }
        let plain = plain_name(name);
        Some(Quoted {
            code: None,
            called: Some(plain),
            text: Some(plain.to_owned()),
            ..quoted
        })
    }

    /// Whether the text has the name of a code. One of a single word counts only right behind words that name its message.
    fn has_name(&self, row: &Telling, name: &str) -> bool {
        let name = words(plain_name(name));
        match name.split_whitespace().count() {
            0 => false,
            1 => row
                .words
                .iter()
                .any(|word| self.words.contains(&format!(" {word}{name}"))),
            _ => together(&self.words).contains(&together(&name)),
        }
    }

    /// Whether a number stands by itself in the text, in decimals or as `0x8e`.
    fn has_number(&self, code: &str) -> bool {
        let hex = code.parse::<u8>().map(|code| format!("0x{code:02x}"));
        let is_it = |word: &str| {
            word == code || hex.as_ref().is_ok_and(|hex| word.eq_ignore_ascii_case(hex))
        };
        let mut words = self.text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(is_it)
    }

    /// The message with a code, by the words of the text where several have it.
    fn coded(
        &self,
        protocol: &'static Protocol,
        at: usize,
        shown: &str,
        code: &str,
    ) -> Option<Quoted> {
        let has_code = |row: &&'static Telling| {
            let patterns = row.code.iter().filter_map(|path| {
                let mut when = row.when.iter();
                when.find(|(known, _)| known == path)
            });
            let is_known = row.called(code).is_some();
            let node = |path: &str| Node::Map(vec![(path.to_owned(), Node::text(code))]);
            let mut patterns = patterns.peekable();
            let is_like = patterns.peek().is_none()
                || patterns.all(|pattern| node(pattern.0).fits(std::slice::from_ref(pattern)));
            match protocol.codes_begin {
                Some(_) => is_like,
                None => is_known,
            }
        };
        let rows = protocol.messages.iter();
        let rows = rows.filter(|row| !row.words.is_empty() && row.means.is_some());
        // A row's words stand in their order: what names the message by itself before what may be about it.
        let place =
            |row: &'static Telling| row.words.iter().position(|word| has(&self.words, word));
        let mut rows: Vec<&'static Telling> = rows.filter(has_code).collect();
        let first = rows.iter().copied().filter_map(place).min();
        rows.retain(|row| first.is_none() || place(row) == first);
        let name = rows.first()?.name;
        if rows.iter().any(|row| row.name != name) {
            return None;
        }
        let fits = |row: &&&Telling| self.sender.is_none_or(|sender| row.sender.is(sender));
        let rows: Vec<&'static Telling> = rows.iter().filter(fits).copied().collect();
        // Both ends have such an error: a client hardly ever sends it.
        let of_server = rows.iter().find(|row| row.sender == By::Server);
        let are_errors = rows.iter().all(|row| row.role.is_decisive());
        let row = match (rows.as_slice(), of_server) {
            ([row], _) => *row,
            // The first that fits, as among messages that are seen.
            ([row, ..], _) if protocol.codes_begin.is_some() => row,
            (_, Some(row)) if are_errors => row,
            _ => return None,
        };
        let sender = match row.sender {
            By::Client => Some(Sender::Client),
            By::Server => Some(Sender::Server),
            By::Either => self.sender,
        };
        let called = row.called(code);
        Some(Quoted {
            protocol,
            row,
            sender,
            advice: protocol.advice_for(row, Some(code), called),
            code: Some(super::excerpt(code)),
            called,
            text: called.map(str::to_owned),
            at,
            length: shown.len(),
        })
    }
}

/// Words without the blanks between them: `user name` is `username`.
fn together(words: &str) -> String {
    words.split_whitespace().collect()
}

/// The name of a code without its number.
fn plain_name(name: &str) -> &str {
    name.split(" (").next().unwrap_or_default()
}

fn nodes(form: Layout, message: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut memory = Memory::default();
    // A record of SignalR is shown without the byte that ends it.
    let whole = match form {
        Layout::Records => format!("{message}\u{1e}"),
        _ => message.to_owned(),
    };
    let body = Body::whole(whole.as_bytes());
    parts(form, true, body, &mut memory, &mut |node| {
        nodes.push(node.clone());
    });
    nodes
}

/// Whether a message is certain in a text that does not name its protocol.
pub(super) fn is_alone(row: &Telling, node: &Node) -> bool {
    let has_keys = match node {
        Node::Map(fields) if !row.keys.is_empty() => fields
            .iter()
            .all(|(name, _)| row.keys.contains(&name.as_str())),
        _ => true,
    };
    has_keys && row.alone.is_some_and(|alone| node.fits(alone))
}

/// The words of a text in small letters, each between two blanks; `SessionTakenOver` is three.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    let mut was_small = false;
    for character in text.chars() {
        let is_word = character.is_alphanumeric();
        let is_new = character.is_uppercase() && was_small;
        if (is_new || !is_word) && !words.ends_with(' ') {
            words.push(' ');
        }
        was_small = character.is_lowercase();
        if is_word {
            words.extend(character.to_lowercase());
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Whether words stand in others.
fn has(words: &str, these: &str) -> bool {
    words.match_indices(these).any(|(at, _)| {
        words.get(..at).is_some_and(|before| before.ends_with(' '))
            && words
                .get(at + these.len()..)
                .is_some_and(|behind| behind.starts_with(' '))
    })
}
