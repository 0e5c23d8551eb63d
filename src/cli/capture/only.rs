//! `--only`: which connections are wanted.

use std::net::{IpAddr, SocketAddr};

use anyhow::bail;

use crate::capture::connection::Record;
use crate::capture::direction::CloseSeen;
use crate::capture::har::HarConnection;
use crate::escape::escape;
use crate::explain::Explanation;
use crate::facts::causes::{CAUSES, Cause};
use crate::words::say;

/// Which connections are wanted.
pub(super) enum Only {
    Cause(Cause),
    Code(u16),
    Address(IpAddr),
    End(SocketAddr),
    Port(u16),
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
        let ids: Vec<&str> = CAUSES.iter().map(|row| row.id).collect();
        bail!(say!(
            cli.not_a_filter,
            given = escape(text),
            causes = ids.join(", ")
        ))
    }

    pub(super) fn holds_har(&self, connection: &HarConnection, explanation: &Explanation) -> bool {
        match self {
            Only::Cause(cause) => explanation.cause == *cause,
            Only::Code(code) => explanation.client_sees == Some(*code),
            Only::Address(address) => connection.url.contains(&address.to_string()),
            Only::End(end) => connection.url.contains(&end.to_string()),
            Only::Port(port) => connection.url.contains(&format!(":{port}/")),
        }
    }

    pub(super) fn holds(&self, record: &Record, explanation: &Explanation) -> bool {
        let ends = [record.client, record.server];
        match self {
            Only::Cause(cause) => explanation.cause == *cause,
            Only::Code(code) => {
                let sent = |close: &CloseSeen| close.close.code.unwrap_or(1005) == *code;
                record.closes.iter().any(sent)
                    || [explanation.client_sees, explanation.server_sees].contains(&Some(*code))
            }
            Only::Address(address) => ends.iter().any(|end| end.ip() == *address),
            Only::End(wanted) => ends.contains(wanted),
            Only::Port(port) => ends.iter().any(|end| end.port() == *port),
        }
    }
}
