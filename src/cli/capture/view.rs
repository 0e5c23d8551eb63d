//! What is printed of a capture, connection by connection as each ends.

use std::collections::BTreeMap;
use std::io::{self, Write};
#[cfg(feature = "tls")]
use std::path::Path;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::bail;

#[cfg(feature = "tls")]
use super::keys;
use super::only::Only;
use crate::capture::tracker::Totals;
use crate::cli::args::DecodeCapture;
use crate::explain::{Explanation, explain_connection};
use crate::facts::causes::Cause;
use crate::facts::registry::Registries;
use crate::frame::Sender;
use crate::render::text::{CaptureView, Page};
use crate::render::{Layout, json};
use crate::report::Status;
use crate::session::Record;
use crate::words::{Message, Voice, say};

/// So long it may turn out that the first connection of a live capture is its only one.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is printed, connection by connection.
pub(super) struct View<'a> {
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
    pub(super) next: u64,
    drawn: u64,
    /// The first connection, until it is known whether it is the only one.
    first: Option<(u64, Box<Record>, Explanation)>,
    first_since: Option<Instant>,
    causes: BTreeMap<Cause, u64>,
    is_fine: bool,
    result: io::Result<()>,
}

/// How it is printed.
pub(super) struct Drawn<'l> {
    pub(super) as_json: bool,
    pub(super) is_live: bool,
    pub(super) layout: Layout<'l>,
    pub(super) voice: &'static Voice,
}

impl<'a> View<'a> {
    pub(super) fn new(
        arguments: &'a DecodeCapture,
        registries: Registries,
        only: Option<Only>,
        drawn: Drawn<'a>,
        out: &'a mut dyn Write,
    ) -> Self {
        View {
            as_json: drawn.as_json,
            registries,
            only,
            #[cfg(feature = "tls")]
            keylog: arguments.keylog.as_deref(),
            connection: arguments.connection,
            is_full: arguments.timeline || arguments.connection.is_some(),
            is_live: drawn.is_live,
            layout: drawn.layout,
            voice: drawn.voice,
            out,
            next: 0,
            drawn: 0,
            first: None,
            first_since: None,
            causes: BTreeMap::new(),
            is_fine: true,
            result: Ok(()),
        }
    }

    pub(super) fn written(&mut self) -> io::Result<()> {
        std::mem::replace(&mut self.result, Ok(()))
    }

    pub(super) fn take(&mut self, record: Box<Record>) {
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
        self.is_fine &= is_fine(&record, &explanation);
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
        self.drawn += 1;
        if self.as_json {
            json::connection(index, &record, &explanation, self.voice, self.out)?;
            return if self.is_live {
                self.out.flush()
            } else {
                Ok(())
            };
        }
        if self.is_full {
            let is_next = self.drawn > 1;
            let mut page = Page::new(self.out, self.layout, self.voice);
            if is_next {
                page.rule()?;
            }
            CaptureView::full(index, &record, &explanation, &mut page)?;
        } else if self.drawn == 1 {
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
    pub(super) fn release(&mut self) {
        if self.result.is_ok() && self.first.is_some() {
            self.result = self.line_of_first().and_then(|()| self.out.flush());
        }
    }

    /// The same, where other traffic never pauses.
    pub(super) fn release_late(&mut self) {
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

    pub(super) fn finish(
        mut self,
        totals: &Totals,
        files: Option<&[PathBuf]>,
        damage: Option<&(u64, Message)>,
    ) -> anyhow::Result<Status> {
        self.written()?;
        if let (Some(wanted), 0) = (self.connection, self.drawn) {
            bail!(no_connection(wanted, self.only.is_some(), self.next));
        }
        if self.as_json {
            json::capture_summary(totals, &self.causes, files, damage, self.voice, self.out)?;
        } else {
            let mut page = Page::new(self.out, self.layout, self.voice);
            if let Some((index, record, explanation)) = &self.first {
                CaptureView::full(*index, record, explanation, &mut page)?;
            }
            let drawn = if self.is_full {
                self.drawn.min(1)
            } else {
                self.drawn
            };
            CaptureView::summary(totals, &self.causes, drawn, files.is_some(), &mut page)?;
        }
        Ok(if self.is_fine && !totals.is_partial() {
            Status::Fine
        } else {
            Status::Findings
        })
    }
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

/// Whether nothing is wrong with a connection, for the exit status: it was closed with 1000, 1001 or no code, or is open.
fn is_fine(record: &Record, explanation: &Explanation) -> bool {
    let lacks = record.transport.lacks;
    let is_closed_well = match record.closes.first() {
        Some(_) if lacks.codes => explanation.cause == Cause::Application,
        Some(first) => matches!(first.close.code, None | Some(1000 | 1001)),
        None => lacks.closes && explanation.cause == Cause::Application,
    };
    // Who closes and does not wait for the answer hears of no clean end.
    let sees = [explanation.client_sees, explanation.server_sees];
    // The first Close was received, as far as is known: who closes and is gone need not hear the answer.
    let is_received = record.closes.first().is_none_or(|first| {
        let sees = match first.sender {
            Sender::Client => explanation.server_sees,
            Sender::Server => explanation.client_sees,
        };
        sees.is_some() || first.is_truncated || lacks.codes
    });
    // What an end said last and could not be read may be the cause.
    let mut ends = record.application.iter().flat_map(|heard| &heard.ends);
    let is_heard = ends.all(|end| end.unheard.is_none());
    record.finding_count == 0
        && !sees.contains(&Some(1006))
        && is_heard
        && is_received
        && match explanation.cause {
            Cause::StillOpen => true,
            Cause::CloseUnanswered | Cause::Unknown => false,
            _ => is_closed_well,
        }
}
