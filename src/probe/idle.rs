//! Connections that are left idle, to find the timer that ends them and the traffic that resets it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::open::Opening;
use super::talk::{Manner, Talked, talk};
use super::tape::Tape;
use super::tls::Roots;
use super::wait::Waiter;
use super::{Fact, Layer, Options, WHOLE};
use crate::session::attempt::Idled;
use crate::words::{Message, Value, say};

/// Opens the connections that are not silent, each in a thread of its own.
pub(super) fn start(
    options: &Options,
    roots: Option<&Roots>,
    stop: &Arc<AtomicBool>,
) -> Vec<JoinHandle<Option<Idled>>> {
    let Some(wanted) = options.idle else {
        return Vec::new();
    };
    let mut threads = Vec::new();
    for id in ["pings", "tcp-keepalive"] {
        let (options, roots) = (options.clone(), roots.cloned());
        let stop = stop.clone();
        let work = move || one(id, &options, roots.as_ref(), wanted, &stop);
        threads.extend(std::thread::Builder::new().spawn(work).ok());
    }
    threads
}

/// Leaves one connection idle. `None` where it did not open.
fn one(
    id: &'static str,
    options: &Options,
    roots: Option<&Roots>,
    wanted: Duration,
    stop: &AtomicBool,
) -> Option<Idled> {
    let waiter = Waiter::new(stop, WHOLE.saturating_add(wanted));
    let mut quiet = |_: &Layer| {};
    let mut opening = Opening::new(options, roots, &waiter, &mut quiet);
    opening.has_keepalive = id == "tcp-keepalive";
    let mut line = opening.open()?;
    let manner = Manner {
        send: options.send.clone(),
        listen: wanted,
        ping_every: (id == "pings").then_some(options.ping),
        ping_once: true,
    };
    let began = Instant::now();
    let talked = talk(&mut line, &mut opening.tape, &manner, &waiter);
    Some(of_tape(id, &opening.tape, &talked, began, options.ping))
}

/// What became of a connection.
pub(super) fn of_tape(
    id: &'static str,
    tape: &Tape,
    talked: &Talked,
    began: Instant,
    ping: Duration,
) -> Idled {
    let close = tape.watch().closes.first().map(|close| close.close.code);
    let closed_first = talked
        .cut_after
        .map(|at| at.saturating_duration_since(began));
    let how = match (closed_first, close) {
        (None, _) => None,
        (Some(_), Some(Some(code))) => Some(say!(probe.idle_closed, code).into()),
        (Some(_), Some(None)) => Some(say!(probe.server_closed_empty).into()),
        (Some(_), None) => Some(say!(probe.idle_cut).into()),
    };
    Idled {
        id,
        what: what(id, ping),
        ended: closed_first.map(|after| after.as_secs_f64()),
        silence: talked.silence.as_secs_f64(),
        how,
        is_dead: closed_first.is_none() && talked.has_pinged && talked.is_ping_lost,
    }
}

fn what(id: &str, ping: Duration) -> Message {
    match id {
        "pings" => say!(probe.idle_pings, every = Value::Seconds(ping.as_secs_f64())),
        "tcp-keepalive" => say!(probe.idle_keepalive),
        _ => say!(probe.idle_silent),
    }
}

/// The layer of all of them.
pub(super) fn layer(idled: &[Idled], seconds: f64) -> Layer {
    let statements = idled.iter().map(|idled| {
        let what = Value::from(idled.what.clone());
        match (idled.ended, idled.is_dead) {
            (Some(after), _) => {
                let how = idled.how.clone().unwrap_or_else(|| Value::from(""));
                say!(probe.idle_ended, what, how, after = Value::Seconds(after))
            }
            (None, true) => say!(probe.idle_dead, what),
            (None, false) => say!(probe.idle_stayed, what),
        }
    });
    let statements: Vec<Message> = statements.collect();
    let facts = idled.iter().map(|idled| {
        let fact = match idled.ended {
            Some(after) => Fact::Number((after * 1e3) as u64),
            None => Fact::Is(!idled.is_dead),
        };
        (idled.id, fact)
    });
    Layer {
        id: "idle",
        is_ok: idled
            .iter()
            .all(|idled| idled.ended.is_none() && !idled.is_dead),
        seconds,
        statements,
        facts: facts.collect(),
    }
}
