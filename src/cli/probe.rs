//! `probe`: a live endpoint, asked once, and why it closes or never opens.

mod arguments;
mod layers;
mod options;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::bail;

pub(super) use arguments::Probe;

use super::{Console, reason, registries};
use crate::escape::escape;
use crate::explain::{Explanation, explain_connection};
use crate::facts::causes::Cause;
use crate::frame::Sender;
use crate::probe::{self, Layer, Outcome};
use crate::render::json;
use crate::render::text::ProbeView;
use crate::report::Status;
use crate::session::Record;
use crate::words::say;
use layers::LayerLines;

/// Runs the command.
pub(super) fn run(arguments: &Probe, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let options = options::of(arguments)?;
    let mut file = match &arguments.save {
        None => None,
        Some(path) => match File::create(path) {
            Ok(file) => Some(file),
            Err(error) => {
                let file = escape(&path.to_string_lossy());
                bail!(say!(probe_usage.save, file, error = reason(&error)))
            }
        },
    };
    let stop = stop();
    let voice = console.voice;
    let mut written: io::Result<()> = Ok(());
    let outcome = if console.as_json {
        let out = &mut *console.out;
        let mut tell = |layer: &Layer| {
            if written.is_ok() {
                written = json::layer(layer, voice, out).and_then(|()| out.flush());
            }
            // Nobody is left to listen.
            if written.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        };
        probe::run(&options, &stop, &mut tell)
    } else {
        let mut lines = LayerLines::new(&mut *console.err, console.err_width, voice);
        let outcome = probe::run(&options, &stop, &mut |layer| lines.layer(layer));
        lines.erase();
        outcome
    };
    written?;
    if let Some(file) = &mut file {
        let mut out = BufWriter::new(file);
        let saved = outcome.reel.save(&mut out).and_then(|()| out.flush());
        if let (Err(error), Some(path)) = (saved, &arguments.save) {
            let file = escape(&path.to_string_lossy());
            bail!(say!(probe_usage.save, file, error = reason(&error)));
        }
    }
    let explanation = explain_connection(&outcome.record, registries);
    if console.as_json {
        json::probe(&outcome, &explanation, voice, console.out)?;
    } else {
        ProbeView::draw(&outcome, &explanation, &mut console.page())?;
    }
    Ok(match is_fine(&outcome, &explanation) {
        true => Status::Fine,
        false => Status::Findings,
    })
}

/// Whether nothing is wrong.
fn is_fine(outcome: &Outcome, explanation: &Explanation) -> bool {
    let record = &outcome.record;
    let attempt = record.transport.attempt.as_ref();
    let is_trusted = attempt.is_none_or(|attempt| attempt.certificates.is_empty());
    let is_lasting = attempt.is_none_or(|attempt| {
        attempt
            .idled
            .iter()
            .all(|idled| idled.ended.is_none() && !idled.is_dead)
    });
    let is_normal = match explanation.cause {
        Cause::Healthy => true,
        Cause::StillOpen => attempt.is_none_or(|attempt| attempt.flooded.is_none()),
        Cause::Application => is_closed_normally(record),
        _ => false,
    };
    is_normal && is_trusted && is_lasting && record.finding_count == 0
}

/// Whether the server closed, and for nothing that is wrong.
fn is_closed_normally(record: &Record) -> bool {
    record.closes.first().is_some_and(|close| {
        close.sender == Sender::Server && matches!(close.close.code, None | Some(1000 | 1001))
    })
}

/// What Ctrl-C sets.
fn stop() -> Arc<AtomicBool> {
    static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let stop = STOP.get_or_init(|| {
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        // Where it cannot be had, Ctrl-C ends the program.
        let _ = ctrlc::set_handler(move || told.store(true, Ordering::Relaxed));
        stop
    });
    stop.clone()
}
