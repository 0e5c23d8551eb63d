//! A forward proxy on the client's side: which one, and a tunnel through it.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::line::{Got, Line};
use super::tape::{Side, Tape};
use super::target::{Target, bracketed};
use super::wait::Waiter;
use crate::escape::escape;
use crate::session::attempt::{ProxyAnswer, ProxyFault};
use crate::upgrade::{Head, HttpReader, Step};
use crate::words::{Message, say};

/// So long the body of a refusal is waited for.
const BODY_PATIENCE: Duration = Duration::from_millis(500);

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HTTP CONNECT.
    Http,
    /// SOCKS5; `true` where the proxy looks the name up.
    Socks(bool),
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: Kind,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The login.
    pub login: Option<(String, String)>,
    /// What it is called, without its login.
    pub redacted: String,
    /// The variable that names it; `None` where it was given.
    pub from: Option<&'static str>,
}

impl Proxy {
    /// The proxy of a URL; without a scheme it is HTTP.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn of(text: &str, from: Option<&'static str>) -> Result<Self, Message> {
        let text = text.trim();
        let given = || escape(text);
        let whole = match text.contains("://") {
            true => text.to_owned(),
            false => format!("http://{text}"),
        };
        let scheme = whole
            .split("://")
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let kind = match scheme.as_str() {
            "http" => Kind::Http,
            "socks5" => Kind::Socks(false),
            "socks5h" | "socks" => Kind::Socks(true),
            _ => return Err(say!(probe_usage.proxy_scheme, given = given())),
        };
        // The parser keeps ports of schemes that it knows to itself.
        let plain = format!("ws{}", whole.get(scheme.len()..).unwrap_or_default());
        let url = Url::parse(&plain).map_err(|error| {
            let error = error.to_string();
            say!(probe_usage.url, given = given(), error)
        })?;
        let target = Target::of(&plain)?;
        let usual = if kind == Kind::Http { 80 } else { 1080 };
        let port = url.port().unwrap_or(usual);
        Ok(Proxy {
            kind,
            redacted: escape(&format!("{scheme}://{}:{port}", bracketed(&target.host))),
            host: target.host,
            port,
            login: target.login,
            from,
        })
    }

    /// The proxy that the environment names for a target.
    ///
    /// # Errors
    ///
    /// Where it names one that is none.
    pub fn from_environment(
        target: &Target,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Message> {
        let value = |name: &str| {
            let value = variable(&name.to_ascii_lowercase()).or_else(|| variable(name));
            value.filter(|value| !value.trim().is_empty())
        };
        if value("NO_PROXY").is_some_and(|list| is_exempt(target, &list)) {
            return Ok(None);
        }
        for name in ["HTTPS_PROXY", "ALL_PROXY"] {
            if let Some(url) = value(name) {
                return Proxy::of(&url, Some(name)).map(Some);
            }
        }
        Ok(None)
    }
}

/// Whether NO_PROXY names a host: itself, a domain that it is in, its address, a network, or `*`.
fn is_exempt(target: &Target, list: &str) -> bool {
    let host = target.host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    list.split([',', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .any(|part| {
            let part = part.to_ascii_lowercase();
            if part == "*" {
                return true;
            }
            if let (Some(address), Some((network, bits))) = (address, part.split_once('/')) {
                return is_in(address, network, bits);
            }
            let (name, port) = match part.rsplit_once(':') {
                Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
                    (name.to_owned(), port.parse::<u16>().ok())
                }
                _ => (part.clone(), None),
            };
            let name = name
                .trim_matches(['[', ']'])
                .trim_start_matches("*.")
                .trim_start_matches('.');
            let fits = host == name || address.is_none() && host.ends_with(&format!(".{name}"));
            fits && port.is_none_or(|port| port == target.port)
        })
}

fn is_in(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((one, width), (other, other_width)) = (number(address), number(network));
    let mask = match bits {
        0 => 0,
        1..=128 => u128::MAX << (128 - bits),
        _ => return false,
    };
    width == other_width && bits <= width && one & mask == other & mask
}

/// Asks a proxy for a tunnel to the target.
pub(super) fn tunnel(
    line: &mut Line,
    proxy: &Proxy,
    target: &Target,
    address: Option<IpAddr>,
    patience: Duration,
    waiter: &Waiter<'_>,
    tape: &mut Tape,
) -> Result<(), ProxyFault> {
    let until = waiter.until(patience);
    match proxy.kind {
        Kind::Http => connect(line, proxy, target, until, patience, waiter, tape),
        Kind::Socks(_) => socks(line, proxy, target, address, until, patience, waiter),
    }
}

fn lost(got: &Got, patience: Duration) -> ProxyFault {
    match got {
        Got::Nothing => ProxyFault::Silent(patience.as_secs_f64()),
        _ => ProxyFault::Ended,
    }
}

fn connect(
    line: &mut Line,
    proxy: &Proxy,
    target: &Target,
    until: Instant,
    patience: Duration,
    waiter: &Waiter<'_>,
    tape: &mut Tape,
) -> Result<(), ProxyFault> {
    let to = format!("{}:{}", target.bracketed(), target.port);
    let mut request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n");
    let mut shown = request.clone();
    if let Some((user, password)) = &proxy.login {
        let login = STANDARD.encode(format!("{user}:{password}"));
        request.push_str(&format!("Proxy-Authorization: Basic {login}\r\n"));
        let hidden = "*".repeat(login.len());
        shown.push_str(&format!("Proxy-Authorization: Basic {hidden}\r\n"));
    }
    request.push_str("\r\n");
    shown.push_str("\r\n");
    tape.bytes(Side::Client, shown.as_bytes());
    line.write(request.as_bytes(), until, waiter)
        .map_err(|got| lost(&got, patience))?;
    let mut http = HttpReader::default();
    let mut begins = Vec::new();
    loop {
        let bytes = match line.read(until, waiter) {
            Got::Bytes(bytes) => bytes,
            other => return Err(lost(&other, patience)),
        };
        if begins.len() < 64 {
            begins.extend(bytes.iter().take(64));
        }
        let step = http.feed(&bytes);
        // "any data received after the blank line … is from the server identified by the request target" (RFC 9110
        // section 9.3.6)
        if let Step::Head(Head::Response(response), length) = &step {
            if (200..300).contains(&response.status) {
                let (head, rest) = bytes.split_at((*length).min(bytes.len()));
                tape.bytes(Side::Server, head);
                line.put_back(rest);
                return Ok(());
            }
        }
        tape.bytes(Side::Server, &bytes);
        match step {
            Step::Done => {}
            Step::Broken => return Err(ProxyFault::NoProxy(begins)),
            Step::Head(head, length) => {
                let Head::Response(response) = &head else {
                    return Err(ProxyFault::NoProxy(begins));
                };
                let mut answer = ProxyAnswer {
                    status: response.status,
                    reason: response.reason.clone(),
                    authenticate: response.authenticate.clone(),
                    names: response.via.clone().or_else(|| response.server.clone()),
                    body: Vec::new(),
                };
                http.expect_body(&head, false);
                http.feed(bytes.get(length..).unwrap_or_default());
                let until = waiter.until(BODY_PATIENCE);
                while let (Got::Bytes(bytes), true) =
                    (line.read(until, waiter), http.body().len() < 512)
                {
                    tape.bytes(Side::Server, &bytes);
                    http.feed(&bytes);
                    if waiter.is_over(until) {
                        break;
                    }
                }
                answer.body = http.body().to_vec();
                return Err(ProxyFault::Answered(answer));
            }
        }
    }
}

/// RFC 1928, with the login of RFC 1929.
fn socks(
    line: &mut Line,
    proxy: &Proxy,
    target: &Target,
    address: Option<IpAddr>,
    until: Instant,
    patience: Duration,
    waiter: &Waiter<'_>,
) -> Result<(), ProxyFault> {
    let mut reader = Exactly {
        held: Vec::new(),
        until,
        patience,
    };
    let hello: &[u8] = match proxy.login {
        None => &[5, 1, 0],
        Some(_) => &[5, 2, 0, 2],
    };
    line.write(hello, until, waiter)
        .map_err(|got| lost(&got, patience))?;
    let chosen = reader.take(line, 2, waiter)?;
    match (chosen.as_slice(), &proxy.login) {
        ([5, 0], _) => {}
        ([5, 2], Some((user, password))) => {
            let mut login = vec![1];
            for part in [user, password] {
                let part = part
                    .as_bytes()
                    .get(..part.len().min(255))
                    .unwrap_or_default();
                login.push(u8::try_from(part.len()).unwrap_or(255));
                login.extend_from_slice(part);
            }
            line.write(&login, until, waiter)
                .map_err(|got| lost(&got, patience))?;
            if reader.take(line, 2, waiter)?.get(1) != Some(&0) {
                return Err(ProxyFault::SocksLogin);
            }
        }
        ([5, _], _) => return Err(ProxyFault::SocksLogin),
        _ => return Err(ProxyFault::NoProxy(chosen)),
    }
    let mut request = vec![5, 1, 0];
    match address.or_else(|| target.host.parse().ok()) {
        Some(IpAddr::V4(address)) => {
            request.push(1);
            request.extend(address.octets());
        }
        Some(IpAddr::V6(address)) => {
            request.push(4);
            request.extend(address.octets());
        }
        None => {
            let name = target.host.as_bytes();
            let name = name.get(..name.len().min(255)).unwrap_or_default();
            request.extend([3, u8::try_from(name.len()).unwrap_or(255)]);
            request.extend_from_slice(name);
        }
    }
    request.extend(target.port.to_be_bytes());
    line.write(&request, until, waiter)
        .map_err(|got| lost(&got, patience))?;
    let reply = reader.take(line, 4, waiter)?;
    match reply.as_slice() {
        [5, 0, ..] => {}
        [5, code, ..] => return Err(ProxyFault::Socks(*code)),
        _ => return Err(ProxyFault::NoProxy(reply)),
    }
    let length = match reply.get(3) {
        Some(1) => 4,
        Some(4) => 16,
        _ => usize::from(
            reader
                .take(line, 1, waiter)?
                .first()
                .copied()
                .unwrap_or_default(),
        ),
    };
    reader.take(line, length + 2, waiter)?;
    line.put_back(&reader.held);
    Ok(())
}

/// Reads so many bytes and no more that matter.
struct Exactly {
    held: Vec<u8>,
    until: Instant,
    patience: Duration,
}

impl Exactly {
    fn take(
        &mut self,
        line: &mut Line,
        count: usize,
        waiter: &Waiter<'_>,
    ) -> Result<Vec<u8>, ProxyFault> {
        while self.held.len() < count {
            match line.read(self.until, waiter) {
                Got::Bytes(bytes) => self.held.extend(bytes),
                other if self.held.is_empty() => return Err(lost(&other, self.patience)),
                _ => return Err(ProxyFault::NoProxy(self.held.clone())),
            }
        }
        let rest = self.held.split_off(count);
        Ok(std::mem::replace(&mut self.held, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let target = Target::of(url).expect("a URL");
        let variable = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxy::from_environment(&target, &variable).expect("it can be read");
        proxy.map(|proxy| proxy.redacted)
    }

    #[test]
    fn the_environment_names_a_proxy_and_its_exceptions() {
        let set = [
            ("HTTPS_PROXY", "http://me:pw@p.example:3128"),
            ("NO_PROXY", "a.example, .b.example,10.0.0.0/8,c.example:9"),
        ];
        let shown = Some("http://p.example:3128".to_owned());
        for (url, expected) in [
            ("wss://x.example/", &shown),
            ("wss://a.example/", &None),
            ("wss://z.b.example/", &None),
            ("wss://za.example/", &shown),
            ("wss://10.9.8.7/", &None),
            ("wss://11.9.8.7/", &shown),
            ("wss://c.example:9/", &None),
            ("wss://c.example/", &shown),
        ] {
            assert_eq!(named(url, &set), *expected, "{url}");
        }
        assert_eq!(
            named("wss://h/", &[("all_proxy", "socks5://h:1")]),
            Some("socks5://h:1".to_owned())
        );
        assert_eq!(named("wss://h/", &[("HTTP_PROXY", "http://h:1")]), None);
    }
}
