//! What the times at which connections ended say.

use std::time::Duration;

use super::{Explanation, explain_line};
use crate::facts::field::timers::{self, From, Timer};
use crate::facts::registry::Registries;
use crate::logline::Reading;
use crate::logline::scan::{Group, Peak};

/// How many timers are named.
const MOST_TIMERS: usize = 3;

/// A group of closes of a log, explained.
#[derive(Clone, Debug)]
pub struct ExplainedGroup {
    /// What its lines mean.
    pub explanation: Explanation,
    /// The time at which most of its connections ended.
    pub peak: Option<Peak>,
    /// The timers of known programs that run as long.
    pub timers: Vec<&'static Timer>,
}

/// Explains the closes of a log that are alike.
pub fn explain_group(group: &Group, registries: Registries) -> ExplainedGroup {
    let peak = group.rhythm.peak();
    let mut reading = group.reading.clone();
    // Where the log has the opening too, it was open.
    if reading.opened.is_none() && !group.rhythm.lasted().is_empty() {
        reading.opened = Some(true);
        reading.lasted = reading.lasted.or(peak.map(|peak| peak.at));
    }
    ExplainedGroup {
        explanation: explain_line(&reading, registries),
        timers: peak.map_or_else(Vec::new, |peak| fitting(&group.reading, peak)),
        peak,
    }
}

/// The timers that run as long as most of the connections lasted, and end them in such a way. Where the
/// program that wrote the lines has one of its own, that is meant.
fn fitting(reading: &Reading, peak: Peak) -> Vec<&'static Timer> {
    let code = reading.close.as_ref().map_or(1006, |close| close.code);
    let tolerance = Duration::from_secs(1).max(peak.at / 50);
    let from = |timer: &&Timer| match timer.from {
        From::Traffic => true,
        From::Open => !peak.is_pause,
        From::Reload | From::Close => false,
    };
    let mut fitting: Vec<&'static Timer> = timers::timers()
        .filter(from)
        .filter(|timer| timer.ends_with(code))
        .filter(|timer| timer.duration().abs_diff(peak.at) <= tolerance)
        .collect();
    let writer = reading.implementation().map(|known| known.id());
    let is_own = |timer: &&Timer| {
        let page = timer.page().map(|known| known.id());
        writer.is_some() && page == writer
    };
    if fitting.iter().any(&is_own) {
        fitting.retain(is_own);
    }
    fitting.truncate(MOST_TIMERS);
    fitting
}
