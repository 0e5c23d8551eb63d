//! Frames of one end that had to be found, until enough of them came to be believed whatever follows.
//!
//! A few bytes may look like a frame by chance, and then those behind them break a rule that nobody broke. So
//! what follows is walked as it comes: what breaks a rule before there is evidence enough shows that there were no
//! frames, and all that was taken from them is given back.

use super::direction::{Direction, Heard};
use super::finder::{Candidate, Confidence};
use super::transport::Origin;
use crate::conversation::SentClose;
use crate::inspect::History;

/// A place where frames were found.
#[derive(Debug)]
pub(super) struct Trial {
    candidate: Candidate,
    begins_at: u64,
    /// Where that was seen.
    begins: Origin,
    before: Before,
}

/// What an end had come to before the place.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) closes: usize,
    pub(super) findings: usize,
    pub(super) finding_count: u64,
    pub(super) hints: usize,
    pub(super) pings: u64,
    pub(super) pongs: u64,
    pub(super) frames: u64,
    pub(super) messages: u64,
    pub(super) confidence: Option<Confidence>,
    pub(super) hidden: Option<u64>,
    pub(super) is_headless: bool,
    pub(super) first_close: Option<Box<SentClose>>,
    pub(super) history: History,
}

impl Trial {
    /// Frames from an offset on that was seen there, as far as they were walked; `None` where they need no trial any
    /// more.
    pub(super) fn of(
        candidate: Candidate,
        (begins_at, begins): (u64, Origin),
        before: Before,
    ) -> Option<Box<Self>> {
        let is_open = !candidate.is_proven();
        is_open.then(|| {
            Box::new(Trial {
                candidate,
                begins_at,
                begins,
                before,
            })
        })
    }
}

impl Direction {
    /// Whether what follows the place where frames were found shows that there were none.
    pub(super) fn is_disproved(&mut self, bytes: &[u8]) -> bool {
        let Some(trial) = &mut self.trial else {
            return false;
        };
        let is_sound = trial.candidate.take(bytes);
        if trial.candidate.is_proven() {
            self.trial = None;
            return false;
        }
        !is_sound
    }

    /// Walks a trial across bytes that were not captured, where that can be done.
    pub(super) fn skip_in_trial(&mut self, count: u64) {
        let mut trial = self.trial.take();
        self.trial = trial
            .take_if(|trial| trial.candidate.skip(count))
            .filter(|trial| !trial.candidate.is_proven());
    }

    /// Gives back what was taken for frames up to `at`.
    pub(super) fn retract(&mut self, at: u64, origin: Origin) {
        let Some(trial) = self.trial.take() else {
            return;
        };
        let before = trial.before;
        self.conversation = None;
        self.resumes_at = None;
        self.closes.truncate(before.closes);
        self.findings.truncate(before.findings);
        self.finding_count = before.finding_count;
        self.hints.truncate(before.hints);
        (self.pings, self.pongs) = (before.pings, before.pongs);
        (self.earlier_frames, self.earlier_messages) = (before.frames, before.messages);
        self.confidence = before.confidence;
        (self.hidden, self.is_headless) = (before.hidden, before.is_headless);
        self.first_close = before.first_close;
        self.history = before.history;
        self.may_be_inside_message = true;
        self.is_gap_untold = true;
        self.is_retracted = true;
        self.unread += at.saturating_sub(trial.begins_at);
        self.hide(trial.begins_at, at, origin);
        self.heard.push(Heard::Retracted(trial.begins));
    }

    /// What an end has come to.
    pub(super) fn so_far(&self) -> Before {
        Before {
            closes: self.closes.len(),
            findings: self.findings.len(),
            finding_count: self.finding_count,
            hints: self.hints.len(),
            pings: self.pings,
            pongs: self.pongs,
            frames: self.earlier_frames,
            messages: self.earlier_messages,
            confidence: self.confidence,
            hidden: self.hidden,
            is_headless: self.is_headless,
            first_close: self.first_close.clone(),
            history: self.history.clone(),
        }
    }
}
