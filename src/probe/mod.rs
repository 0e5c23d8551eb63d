//! A live endpoint, asked once: the name, the proxy, TCP, TLS, the upgrade, a few frames.
//!
//! [`run`] makes one look-up, one connection, one handshake and one upgrade, listens for a while, sends
//! a ping and closes. It judges nothing but the certificates: what travelled goes through a
//! [`Session`](crate::session::Session), as from any other source, and what only a client knows of its
//! attempt is said in an [`Attempt`]. Why it ended is for [`explain`](crate::explain).
//!
//! Threads and blocking sockets with short timeouts; no step takes longer than it is given, however the
//! server behaves.
//!
//! ```
//! use std::net::TcpListener;
//! use std::sync::{Arc, atomic::AtomicBool};
//! use wsclose::explain::explain_connection;
//! use wsclose::facts::registry::Registries;
//! use wsclose::probe::{Options, Target, run};
//!
//! // A port on which nobody listens any more.
//! let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
//! let target = Target::of(&format!("ws://127.0.0.1:{port}/")).unwrap();
//! let stop = Arc::new(AtomicBool::new(false));
//! let outcome = run(&Options::of(target), &stop, &mut |layer| println!("{}", layer.id));
//! let explanation = explain_connection(&outcome.record, Registries::default());
//! assert_eq!(explanation.cause.id(), "refused");
//! # Ok::<(), std::io::Error>(())
//! ```

mod compare;
mod idle;
mod line;
mod open;
mod proxy;
mod request;
mod resolve;
mod save;
mod secure;
mod talk;
mod tape;
mod target;
mod tls;
mod wait;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::session::attempt::Attempt;
use crate::session::{self, Record};
use crate::words::{Message, Value, say};

pub use proxy::{Kind, Proxy};
pub use request::Wanted;
pub use resolve::Family;
pub use tape::Reel;
pub use target::Target;
pub use tls::{Trust, check_identity};

use open::Opening;
use talk::{Manner, Talked, talk};
use tls::Roots;
use wait::Waiter;

/// So long everything but the listening may take.
const WHOLE: Duration = Duration::from_secs(12);
/// No message may be larger.
const LARGEST_MESSAGE: u64 = 64 << 20;

/// What is asked for, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where.
    pub target: Target,
    /// The request.
    pub wanted: Wanted,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// Which addresses are tried.
    pub family: Option<Family>,
    /// The address to use in place of a look-up.
    pub address: Option<IpAddr>,
    /// Whom to trust, and who the client is.
    pub trust: Trust,
    /// The name for TLS, where it is not the host.
    pub server_name: Option<String>,
    /// Whether HTTP/1.1 is offered in ALPN.
    pub has_alpn: bool,
    /// Messages to send first.
    pub send: Vec<Vec<u8>>,
    /// How long to listen.
    pub listen: Duration,
    /// How long to leave connections idle.
    pub idle: Option<Duration>,
    /// How often to ping one of those.
    pub ping: Duration,
    /// Whether to try again with one thing changed at a time.
    pub is_comparing: bool,
    /// Whether the last events are kept.
    pub keeps_events: bool,
}

impl Options {
    /// What a probe of a URL does when nobody says otherwise.
    pub fn of(target: Target) -> Self {
        let origin = Some(target.origin());
        Options {
            target,
            wanted: Wanted {
                origin,
                is_compressing: true,
                ..Wanted::default()
            },
            proxy: None,
            family: None,
            address: None,
            trust: Trust::default(),
            server_name: None,
            has_alpn: true,
            send: Vec::new(),
            listen: Duration::from_secs(3),
            idle: None,
            ping: Duration::from_secs(20),
            is_comparing: false,
            keeps_events: false,
        }
    }
}

/// A step of the way, when it is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its word in JSON: `resolve`, `proxy`, `connect`, `tls`, `upgrade`, `frames`, `close`, `idle`.
    pub id: &'static str,
    /// Whether it went well.
    pub is_ok: bool,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What came of it, in a few words.
    pub statements: Vec<Message>,
    /// The same for programs.
    pub facts: Vec<(&'static str, Fact)>,
}

/// A fact for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A text.
    Text(String),
    /// Several.
    Texts(Vec<String>),
    /// A number.
    Number(u64),
    /// Yes or no.
    Is(bool),
}

/// What a probe found out.
#[derive(Debug)]
pub struct Outcome {
    /// The steps, in their order.
    pub layers: Vec<Layer>,
    /// The connection.
    pub record: Box<Record>,
    /// What was sent, in a few words each.
    pub sent: Vec<Message>,
    /// What travelled.
    pub reel: Reel,
    /// How long all took, in seconds.
    pub seconds: f64,
}

/// Probes an endpoint. Each step is handed to `tell` when it is over; `stop` ends the probe at the next
/// occasion, with what was found so far.
pub fn run(options: &Options, stop: &Arc<AtomicBool>, tell: &mut dyn FnMut(&Layer)) -> Outcome {
    let began = Instant::now();
    let listening = options
        .listen
        .saturating_add(options.idle.unwrap_or_default());
    let waiter = Waiter::new(stop, WHOLE.saturating_add(listening));
    let roots =
        (options.target.is_secure || options.is_comparing).then(|| Roots::load(&options.trust));
    let mut opening = Opening::new(options, roots.as_ref(), &waiter, tell);
    let others = idle::start(options, roots.as_ref(), stop);
    let line = opening.open();
    let mut idled = Vec::new();
    if let Some(mut line) = line {
        let manner = Manner {
            send: options.send.clone(),
            listen: options.idle.unwrap_or(options.listen),
            ping_every: None,
            ping_once: true,
        };
        let open_at = Instant::now();
        let talked = talk(&mut line, &mut opening.tape, &manner, &waiter);
        frames(&mut opening, &talked, open_at.elapsed());
        if options.idle.is_some() {
            let of = idle::of_tape("silent", &opening.tape, &talked, open_at, options.ping);
            idled.push(of);
        }
    }
    for other in others {
        idled.extend(other.join().ok().flatten());
    }
    if let (Some(_), false) = (options.idle, idled.is_empty()) {
        opening.layer(idle::layer(&idled, began.elapsed().as_secs_f64()));
    }
    opening.attempt.idled = idled;
    if options.is_comparing && !waiter.is_stopped() {
        let failed = opening.attempt.failure.clone();
        opening.attempt.compared = compare::all(
            options,
            roots.as_ref(),
            &opening.tape,
            failed.as_ref(),
            stop,
        );
    }
    opening.attempt.is_stopped = waiter.is_stopped();
    let Opening {
        tape,
        attempt,
        layers,
        sent,
        ..
    } = opening;
    let (record, reel) = tape.finish(options.target.redacted.clone(), attempt);
    Outcome {
        layers,
        record,
        sent,
        reel,
        seconds: began.elapsed().as_secs_f64(),
    }
}

/// How a session is read.
fn session_options(options: &Options) -> session::Options {
    session::Options {
        max_message_size: Some(LARGEST_MESSAGE),
        keeps_events: options.keeps_events,
    }
}

/// Tells of the frames and of the closing handshake.
fn frames(opening: &mut Opening<'_>, talked: &Talked, took: Duration) {
    let watch = opening.tape.watch();
    let (messages, frames) = (watch.messages, watch.frames);
    let findings = watch.findings.len();
    let close = watch
        .closes
        .first()
        .map(|close| (close.close.code, close.close.reason.clone()));
    let mut statements = vec![
        say!(count.messages, n = Value::Number(messages)),
        say!(count.frames, n = Value::Number(frames)),
    ];
    let mut facts = vec![
        ("messages", Fact::Number(messages)),
        ("frames", Fact::Number(frames)),
    ];
    match talked.pong {
        Some(pong) => {
            let pong = pong.as_secs_f64();
            statements.push(say!(probe.pong, after = Value::Seconds(pong)));
            facts.push(("pong_ms", Fact::Number((pong * 1e3) as u64)));
        }
        None if talked.is_ping_lost && !talked.is_cut => statements.push(say!(probe.no_pong)),
        None => {}
    }
    let attempt = &mut opening.attempt;
    if let Some(open) = talked.open_message {
        let n = Value::Number(open.present);
        attempt.notes.push(match open.announced {
            None => say!(probe.open_message, n),
            Some(announced) => say!(probe.cut_message, n, announced = Value::Number(announced)),
        });
    }
    let heard = opening.tape.sent(tape::Side::Server);
    attempt.flooded = talked.is_flooded.then_some(heard);
    let closing = talked.closing.unwrap_or_default();
    opening.layer(Layer {
        id: "frames",
        is_ok: findings == 0 && !talked.is_ping_lost && !talked.is_cut,
        seconds: took.saturating_sub(closing).as_secs_f64(),
        statements,
        facts,
    });
    let mut facts = Vec::new();
    let statement = match &close {
        Some((Some(code), reason)) => {
            facts.push(("code", Fact::Number(u64::from(*code))));
            let reason = crate::escape::escape_bytes(reason);
            match reason.is_empty() {
                true => say!(probe.server_closed, code),
                false => say!(probe.server_closed_with, code, reason),
            }
        }
        Some((None, _)) => say!(probe.server_closed_empty),
        None => say!(probe.server_did_not_close),
    };
    opening.layer(Layer {
        id: "close",
        is_ok: close.is_some(),
        seconds: closing.as_secs_f64(),
        statements: vec![statement],
        facts,
    });
    let messages = opening.options.send.len() as u64;
    if messages > 0 {
        let n = Value::Number(messages);
        opening.sent.push(say!(probe.sent_messages, n));
    }
    opening.sent.push(match talked.has_pinged {
        true => say!(probe.sent_ping),
        false => say!(probe.sent_close),
    });
}

/// An attempt of which nothing is known yet.
fn attempt_of(options: &Options) -> Attempt {
    Attempt {
        host: options.target.host.clone(),
        port: options.target.port,
        is_secure: options.target.is_secure,
        had_no_scheme: options.target.had_no_scheme,
        proxy: options.proxy.as_ref().map(|proxy| proxy.redacted.clone()),
        is_insecure: options.trust.is_insecure,
        sent_origin: options.wanted.origin.clone(),
        ..Attempt::default()
    }
}
