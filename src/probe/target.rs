//! The URL that was asked for, taken apart as a browser does.

use url::{Host, Url};

use crate::escape::escape;
use crate::words::{Message, say};

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The host: a name in ASCII, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether TLS is spoken.
    pub is_secure: bool,
    /// Path and query.
    pub path: String,
    /// Whether it had no scheme.
    pub had_no_scheme: bool,
    /// The user and the password in it.
    pub login: Option<(String, String)>,
    /// The URL, without its secrets.
    pub redacted: String,
}

impl Target {
    /// Takes a URL apart. `host/path` and `host:port` count as wss.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn of(text: &str) -> Result<Self, Message> {
        let text = text.trim();
        let given = || escape(text);
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let whole = match scheme {
            None => format!("wss://{text}"),
            Some(scheme) => match scheme.to_ascii_lowercase().as_str() {
                "ws" | "wss" => text.to_owned(),
                "http" | "https" => format!("ws{}", text.get(4..).unwrap_or_default()),
                _ => {
                    let scheme = format!("{}://", escape(scheme));
                    return Err(say!(probe_usage.scheme, scheme, given = given()));
                }
            },
        };
        let url = Url::parse(&whole).map_err(|error| {
            let error = error.to_string();
            say!(probe_usage.url, given = given(), error)
        })?;
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(say!(probe_usage.no_host, given = given())),
        };
        let port = url.port_or_known_default().unwrap_or(443);
        if port == 0 {
            return Err(say!(probe_usage.port_zero, given = given()));
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let login = (!url.username().is_empty() || url.password().is_some()).then(|| {
            let password = url.password().unwrap_or_default();
            (decoded(url.username()), decoded(password))
        });
        Ok(Target {
            is_secure: url.scheme() == "wss",
            had_no_scheme: scheme.is_none(),
            redacted: escape(&redacted(&url)),
            host,
            port,
            path,
            login,
        })
    }

    /// The host as it stands in a URL or a header.
    pub fn bracketed(&self) -> String {
        bracketed(&self.host)
    }

    /// What the Host header says: the port only where it is not the usual one.
    pub fn authority(&self) -> String {
        let usual = if self.is_secure { 443 } else { 80 };
        match self.port == usual {
            true => self.bracketed(),
            false => format!("{}:{}", self.bracketed(), self.port),
        }
    }

    /// The origin of a page that lies beside the endpoint.
    pub fn origin(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }
}

/// A host as it stands in a URL.
pub(super) fn bracketed(host: &str) -> String {
    match host.contains(':') {
        true => format!("[{host}]"),
        false => host.to_owned(),
    }
}

/// A URL without user, password and the values of its query.
fn redacted(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    let mut text = shown.to_string();
    // A query without names may be a secret as a whole.
    if let Some(query) = url.query().filter(|query| !query.contains('=')) {
        text = text.replace(
            &format!("?{query}"),
            &format!("?{}", "*".repeat(query.len())),
        );
    }
    text
}

/// What percent signs in a login stand for.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart_as_browsers_do() {
        for (text, host, port, is_secure, path) in [
            ("ws://h.example/a?b=c", "h.example", 80, false, "/a?b=c"),
            ("wss://H.example", "h.example", 443, true, "/"),
            ("https://h.example:8443/x", "h.example", 8443, true, "/x"),
            ("ws://[::1]:9/ws", "::1", 9, false, "/ws"),
            ("ws://127.1/", "127.0.0.1", 80, false, "/"),
            ("localhost:8080", "localhost", 8080, true, "/"),
            ("h.example/ws", "h.example", 443, true, "/ws"),
            (
                "wss://bücher.example/",
                "xn--bcher-kva.example",
                443,
                true,
                "/",
            ),
        ] {
            let target = Target::of(text).expect(text);
            assert_eq!(
                (
                    target.host.as_str(),
                    target.port,
                    target.is_secure,
                    target.path.as_str()
                ),
                (host, port, is_secure, path),
                "{text}"
            );
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let target = Target::of("wss://me:pw@h.example/ws?token=abc").expect("a URL");
        assert_eq!(target.redacted, "wss://h.example/ws?token=***");
        assert_eq!(target.login, Some(("me".to_owned(), "pw".to_owned())));
        assert_eq!(
            Target::of("ws://h/?abc").expect("a URL").redacted,
            "ws://h/?***"
        );
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in ["ftp://h/", "ws://h:99999/", "ws://", "ws://a b/", ""] {
            assert!(Target::of(text).is_err(), "{text}");
        }
    }
}
