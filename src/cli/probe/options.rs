//! What was typed, to what is asked for.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{bail, ensure};

use super::Probe;
use crate::certificate::from_pem;
use crate::cli::reason;
use crate::escape::escape;
use crate::facts::field::timers;
use crate::probe::{Family, Options, Proxy, Target, Trust, check_identity};
use crate::words::say;

/// No file that is read may be larger.
const LARGEST_FILE: u64 = 16 << 20;
/// The longest time that is taken.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

pub(super) fn of(given: &Probe) -> anyhow::Result<Options> {
    let target = Target::of(&given.url)?;
    let mut options = Options::of(target);
    if given.no_origin {
        options.wanted.origin = None;
    }
    if let Some(origin) = &given.origin {
        ensure!(
            is_value(origin),
            say!(probe_usage.origin, given = escape(origin))
        );
        options.wanted.origin = Some(origin.clone());
    }
    for header in &given.headers {
        match header.strip_prefix('@') {
            None => options.wanted.headers.push(self::header(header)?),
            Some(file) => {
                let text = read(Path::new(file))?;
                let text = String::from_utf8_lossy(&text).into_owned();
                for line in text.lines().filter(|line| !line.trim().is_empty()) {
                    options.wanted.headers.push(self::header(line)?);
                }
            }
        }
    }
    for name in &given.subprotocol {
        let name = name.trim();
        ensure!(
            is_token(name),
            say!(probe_usage.subprotocol, given = escape(name))
        );
        options.wanted.subprotocols.push(name.to_owned());
    }
    options.wanted.is_compressing = !given.no_compression;
    options.proxy = match (&given.proxy, given.no_proxy) {
        (_, true) => None,
        (Some(url), _) => Some(Proxy::of(url, None)?),
        (None, _) => Proxy::from_environment(&options.target, &|name| std::env::var(name).ok())?,
    };
    options.family = match (given.ipv4, given.ipv6) {
        (true, _) => Some(Family::Four),
        (_, true) => Some(Family::Six),
        _ => None,
    };
    options.address = given.resolve;
    options.trust = trust(given)?;
    options.server_name.clone_from(&given.sni);
    for message in &given.send {
        options.send.push(match message.strip_prefix('@') {
            Some(file) => read(Path::new(file))?,
            None => message.clone().into_bytes(),
        });
    }
    if let Some(time) = &given.listen {
        options.listen = self::time(time)?;
    }
    if let Some(idle) = &given.idle {
        let idle = self::time(idle)?;
        options.idle = Some(idle);
        options.ping = (idle / 5).min(Duration::from_secs(20));
    }
    if let Some(every) = &given.ping {
        options.ping = self::time(every)?;
    }
    options.ping = options.ping.max(Duration::from_millis(100));
    options.is_comparing = given.compare;
    options.keeps_events = given.timeline;
    Ok(options)
}

fn trust(given: &Probe) -> anyhow::Result<Trust> {
    let mut trust = Trust {
        is_insecure: given.insecure,
        ..Trust::default()
    };
    if let Some(path) = &given.cafile {
        trust.authorities = certificates(path)?;
    }
    if let (Some(certificate), Some(key)) = (&given.cert, &given.key) {
        trust.certificate = certificates(certificate)?;
        trust.key = read(key)?;
        check_identity(&trust)?;
    }
    Ok(trust)
}

fn certificates(path: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let found = from_pem(&read(path)?);
    if found.is_empty() {
        bail!(say!(probe_usage.no_certificate, file = printable(path)));
    }
    Ok(found)
}

fn printable(path: &Path) -> String {
    escape(&path.to_string_lossy())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = fs::metadata(path).map(|found| found.len());
    let read = match size {
        Ok(size) if size > LARGEST_FILE => {
            bail!(say!(probe_usage.large_file, file = printable(path)))
        }
        _ => fs::read(path),
    };
    match read {
        Ok(bytes) => Ok(bytes),
        Err(error) => {
            let from = format!("`{}`", printable(path));
            bail!(say!(cli.cannot_read, from, error = reason(&error)))
        }
    }
}

/// A header out of `Name: value`. What is wrong with it is said without its value, which may be a secret.
fn header(text: &str) -> anyhow::Result<(String, String)> {
    let (name, value) = text.split_once(':').unwrap_or_default();
    let (name, value) = (name.trim(), value.trim());
    if !is_token(name) || !is_value(value) {
        bail!(say!(probe_usage.header, given = escape(name)));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

fn is_value(text: &str) -> bool {
    !text
        .bytes()
        .any(|byte| byte < 32 && byte != b'\t' || byte == 127)
}

fn time(text: &str) -> anyhow::Result<Duration> {
    match timers::duration(text).filter(|time| !time.is_zero()) {
        Some(time) if time <= LONGEST => Ok(time),
        Some(_) => bail!(say!(probe_usage.long_time, given = escape(text))),
        None => bail!(say!(probe_usage.no_time, given = escape(text))),
    }
}
