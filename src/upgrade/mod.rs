//! The HTTP upgrade: its heads, read by one reader and judged by one judge.
//!
//! [`HttpReader`] reads what one end sends before frames begin; [`Front`] takes heads off the front of a
//! stream that was saved raw, or says what its bytes are if they are no frames. What is wrong with an
//! upgrade is a [`Fault`], wherever the upgrade was seen.
//!
//! ```
//! use wsclose::upgrade::{Fault, Front};
//!
//! let mut front = Front::default();
//! let response = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
//! let opened = front.feed(response).unwrap().unwrap();
//! assert!(!opened.is_frames);
//! assert_eq!(opened.upgrade.unwrap().faults, [Fault::Refused(403, "Forbidden".to_owned())]);
//! ```

mod front;
mod http;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::escape::{escape, hide_subprotocol};
use crate::extensions::{Agreement, Refusal, agreement};
use crate::words::{Message, say};

pub use front::{Front, NotFrames, Opened};
pub use http::{Head, HttpReader, Request, Response, Step};

/// What follows the client's key before it is hashed. RFC 6455 section 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// An upgrade, as far as its heads were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upgrade {
    /// The request.
    pub request: Option<Request>,
    /// Its answer; a response that only announces another is none.
    pub response: Option<Response>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// What is wrong with an upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request does not ask for WebSocket.
    NotAsked,
    /// The answer has another status than 101: the status and its words.
    Refused(u16, String),
    /// Behind a response of this status, which announces another, none follows.
    InterimAlone(u16),
    /// The 101 is of HTTP/1.0, which has no upgrade.
    OldVersion,
    /// The 101 is of HTTP/2, which has none.
    NoSuchStatus,
    /// Both ends speak a draft of the protocol, hixie-76, whose frames are others.
    Draft,
    /// The 101 has no Sec-WebSocket-Accept.
    NoAccept,
    /// Its Sec-WebSocket-Accept is not this one, which answers the key.
    WrongAccept(String),
    /// It does not say `Upgrade: websocket`.
    NoUpgrade,
    /// It does not say `Connection: Upgrade`.
    NoConnection,
    /// It agrees to an extension that was not offered.
    Extension(String),
    /// Its extensions cannot be read.
    Extensions(Refusal),
    /// It chose a subprotocol that was not offered.
    Subprotocol(String),
    /// It announces a body, in this field.
    Body(String),
    /// A line of its head ends without CR.
    BareLineEnds,
}

impl Fault {
    /// What is wrong, in a sentence.
    pub fn message(&self) -> Message {
        match self {
            Fault::NotAsked => say!(upgrade.not_asked).sentence(),
            Fault::InterimAlone(status) => say!(upgrade.interim_alone, status).sentence(),
            Fault::Draft => say!(upgrade.draft).sentence(),
            Fault::Refused(status, reason) => {
                let said = format!("{status} {}", escape(reason));
                say!(opening.refused, status = said.trim_end())
            }
            Fault::Body(field) => say!(opening.body_of_101, field = escape(field)),
            Fault::BareLineEnds => say!(opening.fault, fault = self.clause()),
            of_101 => say!(opening.invalid, fault = of_101.clause()),
        }
    }

    /// What is wrong with a 101, for the middle of a sentence about it.
    pub fn clause(&self) -> Message {
        match self {
            Fault::OldVersion => say!(upgrade.old_version),
            Fault::NoSuchStatus => say!(upgrade.no_such_status),
            Fault::NoAccept => say!(upgrade.no_accept),
            Fault::WrongAccept(expected) => say!(upgrade.wrong_accept, expected),
            Fault::NoUpgrade => say!(upgrade.no_upgrade),
            Fault::NoConnection => say!(upgrade.no_connection),
            Fault::Extension(name) => say!(upgrade.extension, name = escape(name)),
            Fault::Extensions(refusal) => say!(upgrade.extensions, refusal = refusal.message()),
            Fault::Subprotocol(name) => {
                say!(upgrade.subprotocol, name = escape(&hide_subprotocol(name)))
            }
            Fault::BareLineEnds => say!(upgrade.bare_line_ends),
            whole => whole.message(),
        }
    }

    /// Whether clients take the 101 all the same, as a rule.
    pub fn is_passed_over(&self) -> bool {
        matches!(self, Fault::Body(_) | Fault::BareLineEnds)
    }
}

impl Upgrade {
    /// The status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// What the two ends agreed on; nothing where the answer's header cannot be read.
    pub fn agreement(&self) -> Agreement {
        let header = self.response.as_ref();
        let header = header.and_then(|response| response.extensions.as_deref());
        agreement(header.unwrap_or_default()).unwrap_or_default()
    }

    /// Whether frames may follow: no answer was seen, or it says 101.
    pub fn is_accepted(&self) -> bool {
        let response = self.response.as_ref();
        response.is_none_or(|response| response.status == 101 || response.opens_stream)
    }

    /// Whether a draft was asked for and agreed on.
    pub fn is_draft(&self) -> bool {
        let request = self.request.as_ref();
        let response = self.response.as_ref();
        request.is_some_and(|request| request.is_draft)
            && response.is_some_and(|response| response.status == 101 && response.accept.is_none())
    }

    /// Judges no more of it than whether the answer is that to the key.
    pub fn judge_accept(&mut self) {
        let key = self.request.as_ref();
        let key = key.and_then(|request| request.key.as_deref());
        let accept = self.response.as_ref().filter(|it| it.status == 101);
        let accept = accept.and_then(|response| response.accept.as_ref());
        if let (Some(accept), Some(expected)) = (accept, key.map(accept_for)) {
            if *accept != expected {
                self.faults.push(Fault::WrongAccept(expected));
            }
        }
    }

    /// Judges what was seen of it.
    pub fn judge(&mut self) {
        let is_asked = self
            .request
            .as_ref()
            .is_none_or(|request| request.is_upgrade);
        self.faults = (!is_asked).then_some(Fault::NotAsked).into_iter().collect();
        let Some(response) = &self.response else {
            return;
        };
        if self.is_draft() {
            self.faults = vec![Fault::Draft];
        } else if response.opens_stream {
            let faults = faults_of_choice(self.request.as_ref(), response);
            self.faults.extend(faults);
        } else if response.status == 101 {
            let faults = faults_of_101(self.request.as_ref(), response);
            self.faults.extend(faults);
        } else {
            let reason = response.reason.clone();
            self.faults.push(Fault::Refused(response.status, reason));
        }
    }
}

/// Whether a response of this status announces another: 100 Continue, 103 Early Hints.
///
/// Source: RFC 9110 section 15.2.
pub fn is_interim(status: u16) -> bool {
    status != 101 && (100..200).contains(&status)
}

/// For what a client must refuse a 101; `request` where that was seen.
///
/// Source: RFC 6455 section 4.1, the client's steps 2 to 6.
fn faults_of_101(request: Option<&Request>, response: &Response) -> Vec<Fault> {
    let mut faults = Vec::new();
    // An upgrade that is asked for with CONNECT is that of RFC 8441.
    if request.is_some_and(|request| request.method == "CONNECT") {
        return vec![Fault::NoSuchStatus];
    }
    if response.is_old {
        faults.push(Fault::OldVersion);
    }
    let key = request.and_then(|request| request.key.as_deref());
    match (&response.accept, key.map(accept_for)) {
        (None, _) => faults.push(Fault::NoAccept),
        (Some(accept), Some(expected)) if *accept != expected => {
            faults.push(Fault::WrongAccept(expected));
        }
        _ => {}
    }
    if !response.is_upgrade {
        faults.push(Fault::NoUpgrade);
    }
    if !response.is_connection_upgraded {
        faults.push(Fault::NoConnection);
    }
    faults.extend(faults_of_choice(request, response));
    faults.extend(response.announces_body.clone().map(Fault::Body));
    faults.extend(response.has_bare_line_ends.then_some(Fault::BareLineEnds));
    faults
}

/// What is wrong with what a server chose of that which was offered.
fn faults_of_choice(request: Option<&Request>, response: &Response) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(agreed) = &response.extensions {
        let offered = request.map(|request| names(request.extensions.as_deref()));
        let unexpected = names(Some(agreed)).into_iter().find(|name| {
            let offered = offered.as_ref();
            offered.is_some_and(|offered| !offered.contains(name))
        });
        if let Some(name) = unexpected {
            faults.push(Fault::Extension(name));
        } else if let Err(refusal) = agreement(agreed) {
            faults.push(Fault::Extensions(refusal));
        }
    }
    if let (Some(chosen), Some(request)) = (&response.subprotocol, request) {
        let offered = request.subprotocols.as_deref().unwrap_or_default();
        if !offered.split(',').any(|name| name.trim() == chosen) {
            faults.push(Fault::Subprotocol(chosen.clone()));
        }
    }
    faults
}

/// The names of extensions, without their parameters.
fn names(header: Option<&str>) -> Vec<String> {
    let header = header.unwrap_or_default();
    let names = header.split(',').map(|part| {
        let name = part.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The Sec-WebSocket-Accept that answers a key.
///
/// Source: RFC 6455 section 4.2.2.
fn accept_for(key: &str) -> String {
    let digest = sha1_smol::Sha1::from(format!("{key}{GUID}")).digest();
    STANDARD.encode(digest.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(fields: &[(&str, &str)]) -> Response {
        let headers: Vec<httparse::Header<'_>> = fields
            .iter()
            .map(|(name, value)| httparse::Header {
                name,
                value: value.as_bytes(),
            })
            .collect();
        Response::of(101, "Switching Protocols", &headers)
    }

    #[test]
    fn what_a_client_must_refuse_is_found() {
        let request = Request::of(
            "GET",
            "/",
            &[
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                (
                    "Sec-WebSocket-Extensions",
                    "permessage-deflate; client_max_window_bits",
                ),
                ("Sec-WebSocket-Protocol", "chat, superchat"),
            ]
            .map(|(name, value)| httparse::Header {
                name,
                value: value.as_bytes(),
            }),
        );
        let right = response(&[
            ("Upgrade", "websocket"),
            ("Connection", "keep-alive, Upgrade"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            ("Sec-WebSocket-Extensions", "permessage-deflate"),
            ("Sec-WebSocket-Protocol", "superchat"),
        ]);
        assert_eq!(faults_of_101(Some(&request), &right), []);
        assert_eq!(faults_of_101(None, &right), []);
        let wrong = response(&[
            ("Sec-WebSocket-Accept", "AAAA"),
            ("Sec-WebSocket-Extensions", "x-webkit-frame"),
            ("Sec-WebSocket-Protocol", "mqtt"),
        ]);
        assert_eq!(
            faults_of_101(Some(&request), &wrong),
            [
                Fault::WrongAccept("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned()),
                Fault::NoUpgrade,
                Fault::NoConnection,
                Fault::Extension("x-webkit-frame".to_owned()),
                Fault::Subprotocol("mqtt".to_owned()),
            ]
        );
        assert_eq!(faults_of_101(None, &response(&[]))[0], Fault::NoAccept);
    }
}
