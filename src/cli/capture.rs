//! `decode-capture`: a packet capture to how each connection in it ended, and why.

#[cfg(feature = "tls")]
mod keys;
mod only;
mod reading;
mod recording;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Write};
#[cfg(feature = "tls")]
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

use super::args::DecodeCapture;
use super::progress::{Above, Place, Progress};
use super::{Console, reason, registries};
use crate::capture::file::DamageKind;
use crate::capture::tracker::{Limits, Totals, Tracker};
use crate::escape::escape;
use crate::explain::{Explanation, explain_connection};
use crate::facts::causes::Cause;
use crate::facts::registry::Registries;
use crate::render::text::{CaptureView, Page};
use crate::render::{Layout, json};
use crate::report::Status;
use crate::session::{Options, Record};
use crate::words::{Message, Value, Voice, say, text};
use only::Only;
use reading::{Decoder, Stop, Unwrapper, input, pump};
use recording::Recording;

/// So long it may turn out that the first connection of a live capture is its only one.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs the command.
pub(super) fn run(arguments: &DecodeCapture, console: &mut Console<'_>) -> anyhow::Result<Status> {
    let only = arguments.only.as_deref().map(Only::of).transpose()?;
    let registries = registries::load(&arguments.registries, console.own_registry)?;
    let input = input(arguments, console)?;
    let limits = Limits {
        connections: arguments.max_connections,
        connection_bytes: arguments.max_connection_bytes,
        bytes: arguments.max_bytes,
        idle: i64::from(arguments.forget_after) * 1_000_000_000,
    };
    let options = Options {
        max_message_size: arguments.max_message_size,
        keeps_events: arguments.timeline,
    };
    let read_bytes = Rc::new(Cell::new(0));
    let place = Place {
        err_width: console.err_width,
        out_is_file: console.out_is_file,
        // What a live pipe still has to say is not known.
        is_quiet: input.length.is_some(),
        voice: console.voice,
    };
    let progress = Progress::new(console.err, place, read_bytes.clone(), input.length);
    let progress = RefCell::new(progress);
    let mut out = Above {
        out: console.out,
        progress: &progress,
    };
    let mut view = View {
        as_json: console.as_json,
        registries,
        only,
        #[cfg(feature = "tls")]
        keylog: arguments.keylog.as_deref(),
        connection: arguments.connection,
        is_full: arguments.timeline || arguments.connection.is_some(),
        is_live: input.is_live,
        layout: console.layout,
        voice: console.voice,
        out: &mut out,
        next: 0,
        shown: 0,
        first: None,
        first_since: None,
        causes: BTreeMap::new(),
        is_fine: true,
        result: Ok(()),
    };
    #[cfg(not(feature = "tls"))]
    let tracker = Tracker::new(limits, options);
    #[cfg(feature = "tls")]
    let mut tracker = Tracker::new(limits, options);
    #[cfg(feature = "tls")]
    let mut keys = keys::Keys::open(arguments, &mut tracker.secrets)?;
    let mut decoder = Decoder::new(tracker);
    let mut recording = Recording::new(options);
    let mut unwrapper = Unwrapper::new();
    let read = pump(input, |bytes| {
        #[cfg(feature = "tls")]
        keys.grow(&mut decoder.tracker.secrets);
        match bytes {
            Some(bytes) => {
                read_bytes.set(read_bytes.get() + bytes.len() as u64);
                progress.borrow_mut().tick();
                unwrapper.feed(bytes, &mut |bytes| match recording
                    .feed(bytes, &mut |record| view.take(record))
                {
                    Some(packets) => decoder.feed(&packets, &mut |record| view.take(record)),
                    None => Ok(()),
                })?;
                view.release_late();
            }
            None => {
                decoder.tracker.pause(&mut |record| view.take(record));
                view.release();
            }
        }
        view.written().map_err(Stop::Write)
    });
    progress.borrow_mut().erase();
    let unread = match read {
        Err(Stop::Write(error)) => return Err(error.into()),
        Err(Stop::Read(error)) => {
            let from = named(arguments);
            Some(say!(cli.cannot_read, from, error = reason(&error)))
        }
        // The decoder knows of damage.
        Err(Stop::Damage) | Ok(()) => None,
    };
    let (rest, wrapping) = unwrapper.finish();
    let held = recording.feed(&rest, &mut |record| view.take(record));
    if let Some(source) = recording.source(&mut |record| view.take(record)) {
        let damage = recording.finish(&mut |record| view.take(record))?;
        let damage = damage.or(wrapping.map(|damage| (damage.at, damage.message())));
        let totals = Totals {
            source,
            reported: view.next,
            ..Totals::default()
        };
        let status = view.finish(&totals, damage.as_ref())?;
        return match (unread, damage) {
            (Some(message), _) => bail!(message),
            (None, Some((_, message))) => {
                out.flush()?;
                progress.borrow_mut().say(&message);
                Ok(Status::Findings)
            }
            (None, None) => Ok(status),
        };
    }
    let rest = [held.unwrap_or_default(), recording.undecided()].concat();
    if !rest.is_empty() {
        // What is wrong with it the decoder keeps.
        let _ = decoder.feed(&rest, &mut |record| view.take(record));
    }
    if let (Some(message), 0) = (&unread, decoder.tracker.totals().packets) {
        bail!(message.clone());
    }
    let damage = match decoder.end() {
        Ok(()) => wrapping,
        Err(None) if wrapping.is_some() => wrapping,
        Err(None) => bail!(say!(cli.capture_empty)),
        Err(Some(damage)) => wrapping.or(Some(damage)),
    };
    if damage.is_some_and(|damage| damage.kind == DamageKind::NoCapture) {
        bail!(not_a_capture(decoder.beginning(), arguments));
    }
    if let (Some(damage), 0) = (damage, decoder.tracker.totals().packets) {
        bail!(damage.message());
    }
    decoder.tracker.finish(&mut |record| view.take(record));
    let totals = decoder.tracker.totals();
    let (unread_packets, link) = totals.unread;
    if unread_packets > 0 {
        let sentence = say!(cli.link_not_read, link);
        ensure!(unread_packets < totals.packets, sentence);
        progress.borrow_mut().say(&sentence);
    }
    let shown = damage.map(|damage| (damage.at, damage.message()));
    let status = view.finish(&decoder.tracker.totals(), shown.as_ref())?;
    match (unread, damage) {
        (Some(message), _) => bail!(message),
        // Whoever stops a live capture cuts its last packet: what there was is an answer.
        (None, Some(damage)) if damage.kind == DamageKind::Cut => {
            out.flush()?;
            progress.borrow_mut().say(&damage.message());
            Ok(Status::Findings)
        }
        (None, Some(damage)) => bail!(damage.message()),
        (None, None) => Ok(status),
    }
}

fn named(arguments: &DecodeCapture) -> Value {
    match &arguments.file {
        Some(path) => format!("`{}`", escape(&path.to_string_lossy())).into(),
        None => text!(cli.standard_input).into(),
    }
}

/// What somebody gave who gave no capture.
fn not_a_capture(beginning: &[u8], arguments: &DecodeCapture) -> Message {
    let from = named(arguments);
    let is_text = std::str::from_utf8(beginning).is_ok_and(|text| !text.contains('\0'));
    if is_text {
        return say!(cli.text_is_no_capture, from);
    }
    say!(cli.bytes_are_no_capture, from)
}

/// That a connection is not there which was asked for, of so many in the capture.
fn no_connection(wanted: u64, is_only: bool, count: u64) -> Message {
    let last = count.saturating_sub(1);
    match (is_only, count) {
        (false, 0) => say!(cli.no_connection_none, wanted),
        (false, 1) => say!(cli.no_connection_one, wanted),
        (false, _) => say!(cli.no_connection, wanted, count, last),
        (true, 0) => say!(cli.no_connection_left_none, wanted),
        (true, 1) => say!(cli.no_connection_left_one, wanted),
        (true, _) => say!(cli.no_connection_left, wanted, count, last),
    }
}

/// What is printed, connection by connection.
struct View<'a> {
    as_json: bool,
    registries: Registries,
    only: Option<Only>,
    /// The key log that was given.
    #[cfg(feature = "tls")]
    keylog: Option<&'a Path>,
    connection: Option<u64>,
    /// Whether every connection is drawn in full.
    is_full: bool,
    is_live: bool,
    layout: Layout<'a>,
    voice: &'static Voice,
    out: &'a mut dyn Write,
    next: u64,
    shown: u64,
    /// The first connection, until it is known whether it is the only one.
    first: Option<(u64, Box<Record>, Explanation)>,
    first_since: Option<Instant>,
    causes: BTreeMap<Cause, u64>,
    is_fine: bool,
    result: io::Result<()>,
}

impl View<'_> {
    fn written(&mut self) -> io::Result<()> {
        std::mem::replace(&mut self.result, Ok(()))
    }

    fn take(&mut self, record: Box<Record>) {
        let index = self.next;
        self.next += 1;
        #[allow(unused_mut)]
        let mut explanation = explain_connection(&record, self.registries);
        #[cfg(feature = "tls")]
        if let Some(message) = keys::none_fits(&record, index, self.keylog) {
            let place = explanation.statements.len().min(1);
            explanation.statements.insert(place, message);
        }
        let is_wanted = self.connection.is_none_or(|wanted| wanted == index)
            && self
                .only
                .as_ref()
                .is_none_or(|only| only.holds(&record, &explanation));
        if !is_wanted {
            return;
        }
        *self.causes.entry(explanation.cause).or_default() += 1;
        self.is_fine &= explanation.cause == Cause::Application && record.finding_count == 0;
        if self.result.is_ok() {
            self.result = self.show(index, record, explanation);
        }
    }

    fn show(
        &mut self,
        index: u64,
        record: Box<Record>,
        explanation: Explanation,
    ) -> io::Result<()> {
        self.shown += 1;
        if self.as_json {
            json::connection(index, &record, &explanation, self.voice, self.out)?;
            return if self.is_live {
                self.out.flush()
            } else {
                Ok(())
            };
        }
        if self.is_full {
            let is_next = self.shown > 1;
            let mut page = Page::new(self.out, self.layout, self.voice);
            if is_next {
                page.rule()?;
            }
            CaptureView::full(index, &record, &explanation, &mut page)?;
        } else if self.shown == 1 {
            self.first = Some((index, record, explanation));
            self.first_since = Some(Instant::now());
        } else {
            self.line_of_first()?;
            self.line(index, &record, &explanation)?;
        }
        if self.is_live {
            self.out.flush()?;
        }
        Ok(())
    }

    /// Somebody who watches a live capture waits for the first connection too.
    fn release(&mut self) {
        if self.result.is_ok() && self.first.is_some() {
            self.result = self.line_of_first().and_then(|()| self.out.flush());
        }
    }

    /// The same, where other traffic never pauses.
    fn release_late(&mut self) {
        if self.is_live
            && self
                .first_since
                .is_some_and(|since| since.elapsed() > PATIENCE)
        {
            self.release();
        }
    }

    fn line_of_first(&mut self) -> io::Result<()> {
        let Some((index, record, explanation)) = self.first.take() else {
            return Ok(());
        };
        self.line(index, &record, &explanation)
    }

    fn line(&mut self, index: u64, record: &Record, explanation: &Explanation) -> io::Result<()> {
        let mut page = Page::new(self.out, self.layout, self.voice);
        CaptureView::line(index, record, explanation, &mut page)?;
        #[cfg(feature = "tls")]
        if let Some(message) = keys::none_fits(record, index, self.keylog) {
            page.aside(7, &message)?;
        }
        Ok(())
    }

    fn finish(
        mut self,
        totals: &Totals,
        damage: Option<&(u64, Message)>,
    ) -> anyhow::Result<Status> {
        self.written()?;
        if let (Some(wanted), 0) = (self.connection, self.shown) {
            bail!(no_connection(wanted, self.only.is_some(), self.next));
        }
        if self.as_json {
            json::capture_summary(totals, &self.causes, damage, self.voice, self.out)?;
        } else {
            let mut page = Page::new(self.out, self.layout, self.voice);
            if let Some((index, record, explanation)) = &self.first {
                CaptureView::full(*index, record, explanation, &mut page)?;
            }
            let shown = if self.is_full {
                self.shown.min(1)
            } else {
                self.shown
            };
            CaptureView::summary(totals, &self.causes, shown, &mut page)?;
        }
        Ok(if self.is_fine && !totals.is_partial() {
            Status::Fine
        } else {
            Status::Findings
        })
    }
}
