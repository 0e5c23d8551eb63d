//! `--only`: which connections are wanted.

use std::net::{IpAddr, SocketAddr};

use anyhow::bail;

use crate::escape::escape;
use crate::explain::Explanation;
use crate::facts::causes::{CAUSES, Cause};
use crate::session::Record;
use crate::session::direction::TimedClose;
use crate::words::say;

/// Which connections are wanted.
pub(super) enum Only {
    Cause(Cause),
    Code(u16),
    Address(IpAddr),
    End(SocketAddr),
    Port(u16),
    /// A part of the URL, in lower case.
    Url(String),
}

/// A URL as it is compared: the schemes of HTTP and of WebSocket are one.
fn comparable(url: &str) -> String {
    let url = url.to_lowercase();
    let mapped = [("https://", "wss://"), ("http://", "ws://")]
        .into_iter()
        .find_map(|(http, ws)| url.strip_prefix(http).map(|rest| format!("{ws}{rest}")));
    mapped.unwrap_or(url)
}

impl Only {
    pub(super) fn of(text: &str) -> anyhow::Result<Self> {
        if let Some(cause) = Cause::named(text) {
            return Ok(Only::Cause(cause));
        }
        if let Some(port) = text.strip_prefix(':').and_then(|port| port.parse().ok()) {
            return Ok(Only::Port(port));
        }
        if let Ok(code) = text.parse() {
            return Ok(Only::Code(code));
        }
        if let Ok(end) = text.parse() {
            return Ok(Only::End(end));
        }
        if let Ok(address) = text.trim_matches(['[', ']']).parse() {
            return Ok(Only::Address(address));
        }
        // No cause has any of these: what was mistyped is told from what is a part of a URL.
        if text.contains(['/', '.', ':', '?', '=']) || text.eq_ignore_ascii_case("localhost") {
            return Ok(Only::Url(comparable(text)));
        }
        let ids: Vec<&str> = CAUSES.iter().map(|row| row.id).collect();
        bail!(say!(
            cli.not_a_filter,
            given = escape(text),
            causes = ids.join(", ")
        ))
    }

    pub(super) fn holds(&self, record: &Record, explanation: &Explanation) -> bool {
        let ends = [&record.client_end, &record.server_end];
        let mut ends = ends.into_iter().filter_map(|end| end.endpoint.address);
        let is_in_url = |part: &str| {
            let url = record.transport.url.as_deref();
            url.is_some_and(|url| url.contains(part))
        };
        match self {
            Only::Cause(cause) => explanation.cause == *cause,
            Only::Code(code) => {
                let sent = |close: &TimedClose| close.close.code.unwrap_or(1005) == *code;
                record.closes.iter().any(sent)
                    || [explanation.client_sees, explanation.server_sees].contains(&Some(*code))
            }
            Only::Address(address) => {
                ends.any(|end| end.ip() == *address) || is_in_url(&address.to_string())
            }
            Only::End(wanted) => ends.any(|end| end == *wanted) || is_in_url(&wanted.to_string()),
            Only::Url(part) => {
                let url = record.url();
                url.is_some_and(|url| comparable(&url).contains(part.as_str()))
            }
            Only::Port(port) => {
                ends.any(|end| end.port() == *port) || is_in_url(&format!(":{port}/"))
            }
        }
    }
}
