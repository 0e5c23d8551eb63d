//! The same again with one thing changed at a time, to see which one matters.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::open::{Opening, missed};
use super::resolve::Family;
use super::tape::{Side, Tape};
use super::tls::Roots;
use super::wait::Waiter;
use super::{Layer, Options};
use crate::escape::escape;
use crate::session::EndKind;
use crate::session::attempt::{Compared, Failure, TlsFault};
use crate::words::{Message, Value, say};

/// So many further connections are made.
const MOST: usize = 4;
/// So long all of one may take.
const WHOLE: Duration = Duration::from_secs(8);

/// Makes the further attempts that can tell something after what came of the first.
pub(super) fn all(
    options: &Options,
    roots: Option<&Roots>,
    tape: &Tape,
    failed: Option<&Failure>,
    stop: &AtomicBool,
) -> Vec<Compared> {
    let is_secure = options.target.is_secure;
    let has_answer = tape.watch().response.is_some();
    let mut wanted = Vec::new();
    // What has not got as far as HTTP does not depend on what stands in it.
    if has_answer {
        if options.wanted.is_compressing {
            wanted.push("without-compression");
        }
        if options.wanted.origin.is_some() {
            wanted.push("without-origin");
        }
    } else {
        wanted.push(if is_secure { "plain" } else { "tls" });
    }
    if is_secure && options.has_alpn && !matches!(failed, Some(Failure::Name(_) | Failure::Connect))
    {
        wanted.push("without-alpn");
    }
    if options.family.is_none() && options.address.is_none() && options.proxy.is_none() {
        wanted.push("other-family");
    }
    let wanted = wanted.into_iter().take(MOST);
    wanted
        .filter_map(|id| one(id, options, roots, tape, stop))
        .collect()
}

fn one(
    id: &'static str,
    options: &Options,
    roots: Option<&Roots>,
    tape: &Tape,
    stop: &AtomicBool,
) -> Option<Compared> {
    let mut options = options.clone();
    options.idle = None;
    let what = match id {
        "without-compression" => {
            options.wanted.is_compressing = false;
            say!(probe.compare_compression)
        }
        "without-origin" => {
            options.wanted.origin = None;
            say!(probe.compare_origin)
        }
        "without-alpn" => {
            options.has_alpn = false;
            say!(probe.compare_alpn)
        }
        "plain" => {
            options.target.is_secure = false;
            say!(probe.compare_plain)
        }
        "tls" => {
            options.target.is_secure = true;
            say!(probe.compare_tls)
        }
        _ => {
            let first = tape.server()?;
            let (family, name) = match first.is_ipv4() {
                true => (Family::Six, "IPv6"),
                false => (Family::Four, "IPv4"),
            };
            options.family = Some(family);
            say!(probe.compare_family, name)
        }
    };
    let waiter = Waiter::new(stop, WHOLE);
    let mut quiet = |_: &Layer| {};
    let mut opening = Opening::new(&options, roots, &waiter, &mut quiet);
    let line = opening.open();
    let has_opened = line.is_some();
    if let Some(mut line) = line {
        let close = super::request::frame(8, &super::request::close(Some(1000), ""));
        opening.tape.bytes(Side::Client, &close);
        let _ = line.write(&close, waiter.until(Duration::from_secs(1)), &waiter);
        line.read(waiter.until(Duration::from_millis(500)), &waiter);
        line.end(&waiter);
        let now = opening.tape.now();
        opening.tape.end(Side::Client, EndKind::Fin, now);
    }
    // A name without addresses of the other family is no news.
    if matches!(&opening.attempt.failure, Some(Failure::Name(_))) {
        return None;
    }
    let has_tls = has_tls(&opening);
    Some(Compared {
        id,
        what,
        has_opened,
        outcome: Value::from(came_of(&opening, has_opened)),
        has_tls,
    })
}

/// Whether the port answered a hello of TLS as one that speaks it.
fn has_tls(opening: &Opening<'_>) -> bool {
    let is_tls = opening
        .layers
        .iter()
        .any(|layer| layer.id == "tls" && layer.is_ok);
    let failure = opening.attempt.failure.as_ref();
    is_tls
        || matches!(
            failure,
            Some(Failure::Tls(
                TlsFault::Certificates
                    | TlsFault::ClientCertificate
                    | TlsFault::ClientCertificateRefused
                    | TlsFault::Alert(_)
            ))
        )
}

/// What came of an attempt, in a few words.
fn came_of(opening: &Opening<'_>, has_opened: bool) -> Message {
    let watch = opening.tape.watch();
    match (&opening.attempt.failure, watch.response) {
        (Some(Failure::Tls(TlsFault::Certificates)), _) => say!(probe.came_certificate),
        (Some(Failure::Tls(_)), _) => say!(probe.no_tls),
        (Some(Failure::Proxy(_)), _) => say!(probe.no_tunnel),
        (Some(Failure::Connect), _) => match opening.attempt.missed.last() {
            Some(last) => missed(&last.why),
            None => say!(probe.unanswered),
        },
        (Some(Failure::Name(_)), _) => say!(probe.no_address_found),
        (None, Some(response)) if has_opened => {
            say!(probe.came_open, status = response.status)
        }
        (None, Some(response)) => {
            let said = format!("{} {}", response.status, escape(&response.reason));
            say!(probe.one, it = said.trim_end())
        }
        (None, None) => say!(view.no_answer),
    }
}
